//! `where`: that what is compared is in what the trigger brings, and can have the value that it is compared with.

use serde_json::Value;

use super::Resolver;
use super::event::member_help;
use crate::base::{Span, Spanned};
use crate::diag::{Finding, shorten};
use crate::model::{Compare, Condition, Presence, Schema, Trigger};

impl Resolver<'_> {
    /// Judges the conditions of a trigger by the schema of every event that it brings.
    pub(super) fn check_conditions(&mut self, trigger: &Trigger) {
        if trigger.conditions.is_empty() {
            return;
        }
        for event in self.payloads(std::slice::from_ref(trigger)) {
            let Some(schema) = self.events[event].schema.clone() else { continue };
            let whose = format!("the schema of `{}`", self.events[event].event_type);
            for condition in &trigger.conditions {
                self.check_condition(&schema, condition, &whose);
            }
        }
    }

    fn check_condition(&mut self, schema: &Schema, condition: &Condition, whose: &str) {
        let Spanned { value: path, span } = &condition.path;
        let asks = condition.tests.iter().any(|test| matches!(test, Compare::Exists(_)));
        match schema.presence(path) {
            Presence::Required | Presence::Unknown => {}
            Presence::Optional if asks => {}
            Presence::Optional => {
                let finding =
                    Finding::warning("path-not-required", *span, format!("`{path}` may be missing by {whose}"));
                let help = format!("an event without it never fits; add it to `required` in {whose}");
                self.report(finding.related(schema.span, "the schema").help(help));
            }
            Presence::Absent => {
                let finding = Finding::error("path-not-in-schema", *span, format!("`{path}` is not in {whose}"));
                self.report(member_help(finding, schema, path).related(schema.span, "the schema"));
                return;
            }
        }
        let Some(types) = schema.types(path) else { return };
        for (test, place) in condition.tests.iter().zip(&condition.places) {
            if let Some(value) = compared(test).into_iter().find(|value| !types.iter().any(|t| is_of(value, t))) {
                let finding = excluded(condition, &types, whose, &value, *place);
                self.report(finding.related(schema.span, "the schema"));
            }
        }
    }
}

fn excluded(condition: &Condition, types: &[&str], whose: &str, value: &Value, place: Span) -> Finding {
    let list: Vec<String> = types.iter().map(|t| format!("`{t}`")).collect();
    let (path, list) = (&condition.path.value, list.join(" or "));
    let what = match value {
        Value::String(text) => format!("the text `{}`", shorten(text)),
        Value::Number(number) => format!("the number `{number}`"),
        Value::Bool(_) | Value::Null | Value::Array(_) | Value::Object(_) => format!("`{value}`"),
    };
    let message = format!("`{path}` is compared with {what}, and is {list} by {whose}");
    let finding = Finding::error("value-not-in-schema", place, message);
    if types.contains(&"string") {
        return finding.help(format!("write `\"{value}\"`"));
    }
    finding.help(format!("compare with a value of type {list}, or correct {whose}"))
}

/// The values that a test compares with; one of the type that it needs, where any of them would do.
fn compared(test: &Compare) -> Vec<Value> {
    match test {
        Compare::Eq(value) | Compare::Ne(value) => vec![value.clone()],
        Compare::In(values) => values.clone(),
        Compare::Gt(n) | Compare::Ge(n) | Compare::Lt(n) | Compare::Le(n) => vec![Value::from(*n)],
        Compare::Prefix(part) | Compare::Suffix(part) => vec![Value::from(&**part)],
        Compare::Exists(_) => Vec::new(),
    }
}

/// Whether a value has a type of JSON Schema. Between integers there are others, so that a size may be compared with any
/// number.
fn is_of(value: &Value, of: &str) -> bool {
    match value {
        Value::String(_) => of == "string",
        Value::Bool(_) => of == "boolean",
        Value::Number(_) => matches!(of, "number" | "integer"),
        Value::Null => of == "null",
        Value::Array(_) => of == "array",
        Value::Object(_) => of == "object",
    }
}
