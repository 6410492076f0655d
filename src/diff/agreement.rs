//! Whether data by the schema of one state fit that of the other, in both directions.

use serde_json::Value;

use super::Class;
use super::change::Detail;
use crate::analysis::schema::Compatibility::{self, Compatible, Incompatible, Unknown};
use crate::analysis::schema::compatibility;
use crate::model::Event;

/// What may be sent of an event; without a schema, or an event, anything.
pub(super) fn schema(event: Option<&Event>) -> Value {
    let schema = event.and_then(|event| event.schema.as_ref());
    schema.map_or(Value::Bool(true), |schema| (*schema.json).clone())
}

/// Both directions.
#[derive(Debug)]
pub(super) struct Agreement {
    /// Old data in the new schema.
    backward: Compatibility,
    /// New data in the old schema.
    forward: Compatibility,
}

/// Who relies on a direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relies {
    /// Clients that go on sending what they sent.
    Sends,
    /// Clients that go on reading what they read.
    Reads,
}

impl Agreement {
    /// Of two schemas.
    pub(super) fn between(old: &Value, new: &Value) -> Self {
        Self { backward: compatibility(old, new), forward: compatibility(new, old) }
    }

    /// What kind of change it is to those who are parts of the application.
    pub(super) const fn class(&self) -> Class {
        match (&self.backward, &self.forward) {
            (Compatible, Compatible) => Class::ContractFull,
            (Compatible, Incompatible { .. } | Unknown { .. }) => Class::ContractBackward,
            (Incompatible { .. } | Unknown { .. }, Compatible) => Class::ContractForward,
            (Unknown { .. }, _) | (_, Unknown { .. }) => Class::ContractUnknown,
            (Incompatible { .. }, Incompatible { .. }) => Class::ContractBreaking,
        }
    }

    /// The same to clients, who do not change with the application and rely on one direction.
    pub(super) const fn class_for(&self, who: Relies) -> Class {
        match self.direction(who) {
            Compatible => self.class(),
            Incompatible { .. } => Class::ContractBreaking,
            Unknown { .. } => Class::ContractUnknown,
        }
    }

    const fn direction(&self, who: Relies) -> &Compatibility {
        match who {
            Relies::Sends => &self.backward,
            Relies::Reads => &self.forward,
        }
    }

    /// As a clause.
    pub(super) const fn words(&self) -> &'static str {
        match (&self.backward, &self.forward) {
            (Compatible, Compatible) => "old and new data fit both schemas",
            (Compatible, Incompatible { .. } | Unknown { .. }) => {
                "old data fit the new schema, and new data may not fit the old one"
            }
            (Incompatible { .. } | Unknown { .. }, Compatible) => {
                "new data fit the old schema, and old data may not fit the new one"
            }
            (Unknown { .. }, _) | (_, Unknown { .. }) => "its schema changed in a way that cannot be judged",
            (Incompatible { .. }, Incompatible { .. }) => "neither old nor new data fit the other schema",
        }
    }

    /// Where data of one schema do not fit the other, and who may fail then.
    pub(super) fn reasons(&self) -> Vec<Detail> {
        let mut out = self.misfit(Relies::Sends);
        out.extend(self.misfit(Relies::Reads));
        if self.backward != Compatible {
            let who = "what is still in queues, or sent by the old schema, may fail where the new one is read";
            out.push(Detail::Reason(who.to_owned()));
        }
        if self.forward != Compatible {
            out.push(Detail::Reason("who still reads by the old schema may fail on new data".to_owned()));
        }
        out
    }

    /// Where data do not fit in the direction on which somebody relies.
    pub(super) fn misfit(&self, who: Relies) -> Vec<Detail> {
        let direction = match who {
            Relies::Sends => "old data in the new schema",
            Relies::Reads => "new data in the old schema",
        };
        let reason = match self.direction(who) {
            Compatible => None,
            Incompatible { path, why, witness } => {
                Some(format!("{direction}: at `{}` {why}; such as `{witness}`", shown(path)))
            }
            Unknown { path, why } => Some(format!("{direction}: not known at `{}`: {why}", shown(path))),
        };
        reason.map(Detail::Reason).into_iter().collect()
    }
}

const fn shown(pointer: &str) -> &str {
    if pointer.is_empty() { "/" } else { pointer }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn clients_rely_on_one_direction() {
        let at_most = |n: u32| json!({ "type": "string", "maxLength": n });
        let tighter = Agreement::between(&at_most(9), &at_most(5));
        assert_eq!(tighter.class(), Class::ContractForward);
        assert_eq!(tighter.class_for(Relies::Sends), Class::ContractBreaking);
        assert_eq!(tighter.class_for(Relies::Reads), Class::ContractForward);
        let looser = Agreement::between(&at_most(5), &at_most(9));
        assert_eq!(looser.class_for(Relies::Sends), Class::ContractBackward);
        assert_eq!(looser.class_for(Relies::Reads), Class::ContractBreaking);
    }

    #[test]
    fn reasons_say_who_may_fail() {
        let agreement = Agreement::between(&json!({ "type": "string", "maxLength": 9 }), &json!({ "type": "string" }));
        let texts: Vec<Detail> = agreement.reasons();
        assert_eq!(texts.len(), 2, "{texts:?}");
        assert_eq!(
            texts.last(),
            Some(&Detail::Reason("who still reads by the old schema may fail on new data".to_owned()))
        );
    }
}
