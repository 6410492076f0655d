//! Secrets that stand in the spec.

mod form;
mod name;
mod random;

use serde_json::Value;

use crate::analysis::Facts;
use crate::base::Span;
use crate::diag::{Finding, Findings, Severity};
use crate::model::{Function, Id, TriggerSource};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "secret-in-env",
    category: Category::LeastPrivilege,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "A variable of a function, or other text of the spec, holds what looks like a secret.",
    doc: include_str!("secret_in_env.md"),
    by_target: false,
    checks: &[Check::Function(check), Check::Application(natives)],
};

fn check(facts: &Facts, id: Id<Function>, out: &mut Findings) {
    let function = &facts.model().functions[id];
    let who = function.head.name();
    for (name, value) in &function.env {
        let (name, text) = (name.as_str(), &*value.value);
        if is_secret(name, text) || random::looks_random(name, text) {
            out.push(about(value.span, format!("the variable `{name}` of `{who}` looks like a secret")));
        }
    }
    for trigger in &function.triggers {
        if let TriggerSource::Schedule { input: Some(input), .. } = &trigger.source
            && let Some(member) = first_secret("", input)
        {
            let what = if member.is_empty() { "it".to_owned() } else { format!("`{member}`") };
            let message = format!("a schedule hands `{who}` an input in which {what} looks like a secret");
            out.push(about(trigger.span, message));
        }
    }
}

/// Text for the platform: chance is no sign there, where every other text is an id.
fn natives(facts: &Facts, out: &mut Findings) {
    for text in facts.all_native_texts() {
        if is_secret(&text.member, &text.text.value) {
            let owner = text.owner.title(facts.model());
            out.push(about(text.text.span, format!("`{}` of {owner} looks like a secret", text.member)));
        }
    }
}

/// The value stays out of the message: findings end in logs.
fn about(span: Span, message: String) -> Finding {
    RULE.finding(span, message)
        .label("anybody who reads the spec reads it")
        .help("declare it with `type: secret` in `resources`, and use it with `get`")
}

/// Whether a text is a secret by its form, or by its name.
fn is_secret(name: &str, value: &str) -> bool {
    form::is_secret(value)
        || name::is_secret(name) && form::may_be_secret(value)
        || serde_json::from_str(value)
            .is_ok_and(|inner: Value| !inner.is_string() && first_secret("", &inner).is_some())
}

/// The name of the first member that is a secret.
fn first_secret<'v>(name: &'v str, value: &'v Value) -> Option<&'v str> {
    match value {
        Value::String(text) => {
            (form::is_secret(text) || name::is_secret(name) && form::may_be_secret(text)).then_some(name)
        }
        Value::Array(items) => items.iter().find_map(|item| first_secret(name, item)),
        Value::Object(map) => map.iter().find_map(|(key, value)| first_secret(key, value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values_have_to_agree() {
        assert!(is_secret("DB_PASSWORD", "hunter2-hunter2"));
        assert!(is_secret("API_KEY", "4f9a83bc01"));
        assert!(is_secret("API_KEY", "2fd4e1c67a2d28fced849ee1bb76e7391b93eb12"), "40 digits are a commit elsewhere");
        assert!(!is_secret("TOKEN_URL", "4f9a83bc01"));
        assert!(!is_secret("DB_PASSWORD", "pay-key"), "a name of a resource");
        assert!(!is_secret("SECRET", "/run/secrets/key"), "a path");
        assert!(!is_secret("MAX_TOKEN", "100000000"), "a number");
        assert!(!is_secret("NOTOKEN", "4f9a83bc01"));
        assert!(!is_secret("RECAPTCHA_SITE_KEY", "6LeIxAcTAAAAAJcZVRqyHh71UMIEGNQ_MXjiZKhI"), "public");
    }

    #[test]
    fn members_of_json_are_secrets_as_variables_are() {
        assert!(is_secret("CONFIG", r#"{ "host": "db", "password": "Hunter2-hunter2" }"#));
        assert!(is_secret("CONFIG", r#"[{ "db": { "dbPassword": "4f9a83bc01" } }]"#));
        assert!(is_secret("CONFIG", r#"{ "account": "AKIAIOSFODNN7EXAMPLE" }"#));
        assert!(!is_secret("CONFIG", r#"{ "host": "db", "password": "${db.password}" }"#));
        assert!(!is_secret("CONFIG", r#"{ "password": { "minLength": 8 } }"#));
    }
}
