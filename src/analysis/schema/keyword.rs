//! One keyword of the consumer at one place: what numbers, texts, lists and objects may be there.

use serde_json::{Map, Value};

use super::given::{End, Given, inside};
use super::prove::Proof;
use super::types::{Exact, Types, count, equal};
use crate::diag::shorten_to;

impl<'s> Proof<'s> {
    pub(super) fn one_value(&mut self, given: &Given<'s>, taken: &[Value]) -> bool {
        let known = given.values().map(|values| values.into_iter().cloned().collect::<Vec<_>>());
        let known = known.or_else(|| by_type(given.types()));
        let shown = |value: &Value| shorten_to(&value.to_string(), 40);
        match known {
            Some(values) => {
                let refuses = |value: &&Value| {
                    given.schemas().iter().any(|schema| self.sender.fits_all(schema, value) == Some(false))
                };
                let other = values.iter().filter(|value| !refuses(value));
                let other = other.filter(|value| !taken.iter().any(|known| equal(known, value))).map(shown).next();
                other.is_none_or(|other| self.doubt(format!("it may be `{other}`, which is not listed")))
            }
            None => self.doubt(match taken {
                [one] => format!("it may be something else than `{}`", shown(one)),
                _ => format!("it may be something else than one of {} values", taken.len()),
            }),
        }
    }

    pub(super) fn number(&mut self, given: &Given<'s>, key: &str, wanted: &Value) -> bool {
        let Value::Number(number) = wanted else { return self.doubt(format!("`{key}` is no number")) };
        let (low, high) = given.range();
        let end = End { value: Exact::of(number), open: key.starts_with("exclusive") };
        match key {
            "minimum" | "exclusiveMinimum" => {
                low.is_some_and(|low| inside(low, end, true)) || self.doubt(beyond(key, wanted, low.is_some()))
            }
            "maximum" | "exclusiveMaximum" => {
                high.is_some_and(|high| inside(high, end, false)) || self.doubt(beyond(key, wanted, high.is_some()))
            }
            _ => {
                let step = |other: &Value| match (other, Exact::of(number)) {
                    (Value::Number(other), Exact::Whole(step)) if step > 0 => {
                        matches!(Exact::of(other), Exact::Whole(other) if other % step == 0)
                    }
                    _ => other == wanted,
                };
                let known = given.schemas().iter().filter_map(|schema| schema.get("multipleOf")).any(step);
                let one = end.value == Exact::Whole(1) && !given.types().has(Types::FRACTION);
                known || one || self.doubt(format!("it may be no multiple of {wanted}"))
            }
        }
    }

    pub(super) fn text(&mut self, given: &Given<'s>, key: &str, wanted: &Value) -> bool {
        if given.says(key, wanted) {
            return true;
        }
        match (key, count(wanted)) {
            ("minLength", Some(least)) => {
                given.least("minLength") >= least || self.doubt(format!("it may be shorter than {least} characters"))
            }
            ("maxLength", Some(most)) => {
                given.most("maxLength").is_some_and(|known| known <= most)
                    || self.doubt(format!("it may be longer than {most} characters"))
            }
            ("format", _) => self.doubt(format!("it may be a text that is no {}", wanted.as_str().unwrap_or_default())),
            ("pattern", _) => self.doubt("it may be a text that does not match the consumer's pattern"),
            _ => self.doubt(format!("`{key}` is no number")),
        }
    }

    pub(super) fn array(
        &mut self,
        given: &Given<'s>,
        keywords: &'s Map<String, Value>,
        key: &str,
        wanted: &'s Value,
    ) -> bool {
        let most = given.most_elements();
        let may_have = |index: usize| most.is_none_or(|most| u64::try_from(index).is_ok_and(|index| index < most));
        match (key, count(wanted)) {
            ("minItems", Some(least)) => {
                given.least("minItems") >= least || self.doubt(format!("it may have fewer than {least} elements"))
            }
            ("maxItems", Some(known)) => {
                most.is_some_and(|most| most <= known) || self.doubt(format!("it may have more than {known} elements"))
            }
            ("uniqueItems", _) => {
                let is_free = wanted != &Value::Bool(true) || most.is_some_and(|most| most < 2);
                is_free || given.says("uniqueItems", wanted) || self.doubt("it may have the same element twice")
            }
            ("prefixItems", _) => {
                let mut fits = true;
                for (index, schema) in list(wanted).iter().enumerate().filter(|(index, _)| may_have(*index)) {
                    fits &= self.descend(&given.element(index), schema, index.to_string());
                }
                fits
            }
            ("items", _) => {
                let start = keywords.get("prefixItems").map_or(0, |prefix| list(prefix).len());
                let mut fits = true;
                // Those with schemas of their own, and one for all the rest.
                for index in (start..=given.prefix().max(start)).filter(|index| may_have(*index)) {
                    fits &= self.descend(&given.element(index), wanted, index.to_string());
                }
                fits
            }
            _ => self.doubt(format!("`{key}` is no number")),
        }
    }

    pub(super) fn object(
        &mut self,
        given: &Given<'s>,
        keywords: &'s Map<String, Value>,
        key: &str,
        wanted: &'s Value,
    ) -> bool {
        match (key, count(wanted)) {
            ("required", _) => {
                let mut fits = true;
                for name in list(wanted).iter().filter_map(Value::as_str).filter(|name| !given.requires(name)) {
                    self.path.push(name.to_owned());
                    let is_known = given.names().contains(name);
                    fits = self.doubt(if is_known { "it may be missing" } else { "the producer does not name it" });
                    self.path.pop();
                }
                fits
            }
            ("properties", _) => {
                let mut fits = true;
                for (name, schema) in wanted.as_object().into_iter().flatten() {
                    fits &= self.descend(&given.member(name), schema, name.clone());
                }
                fits
            }
            ("additionalProperties", _) if keywords.contains_key("patternProperties") => {
                self.doubt("the consumer's `patternProperties` is not understood")
            }
            ("additionalProperties", _) => self.others(given, keywords.get("properties"), wanted),
            ("minProperties", Some(least)) => {
                let known = u64::try_from(given.required().len()).unwrap_or(0).max(given.least("minProperties"));
                known >= least || self.doubt(format!("it may have fewer than {least} members"))
            }
            ("maxProperties", Some(most)) => {
                let closed = given.others().contains(&&Value::Bool(false));
                let named = u64::try_from(given.names().len()).ok().filter(|_| closed);
                let known = named.into_iter().chain(given.most("maxProperties")).min();
                known.is_some_and(|known| known <= most) || self.doubt(format!("it may have more than {most} members"))
            }
            ("dependentRequired", _) => {
                let lists = wanted.as_object().into_iter().flat_map(|map| map.values()).flat_map(list);
                let mut names = lists.filter_map(Value::as_str);
                names.all(|name| given.requires(name)) || self.doubt("a member that goes with another may be missing")
            }
            _ => self.doubt(format!("`{key}` is no number")),
        }
    }

    /// The members that the consumer does not name.
    fn others(&mut self, given: &Given<'s>, named: Option<&'s Value>, wanted: &'s Value) -> bool {
        let is_named = |name: &str| named.is_some_and(|named| named.get(name).is_some());
        let mut fits = true;
        for name in given.names().into_iter().filter(|name| !is_named(name)) {
            fits &= self.descend(&given.member(name), wanted, name.to_owned());
        }
        let others = given.others();
        if wanted == &Value::Bool(false) && !others.contains(&&Value::Bool(false)) {
            return self.doubt("it may have members that the producer does not name");
        }
        self.descend(&others, wanted, "*".to_owned()) && fits
    }
}

/// All values of types that have few.
fn by_type(types: Types) -> Option<Vec<Value>> {
    let few = Types::NULL.or(Types::BOOLEAN);
    if !types.without(few).is_empty() {
        return None;
    }
    let null = types.has(Types::NULL).then_some(Value::Null);
    let both = types.has(Types::BOOLEAN).then_some([Value::Bool(false), Value::Bool(true)]);
    Some(null.into_iter().chain(both.into_iter().flatten()).collect())
}

pub(super) fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn beyond(key: &str, wanted: &Value, is_bounded: bool) -> String {
    let way = if key.ends_with("inimum") { "less" } else { "more" };
    let than = if key.starts_with("exclusive") { format!("{way} than or equal to") } else { format!("{way} than") };
    if is_bounded {
        format!("it may be {than} {wanted}")
    } else {
        format!("it may be {than} {wanted}, without a bound")
    }
}
