//! Secrets that stand in the spec.

mod random;

use crate::analysis::Facts;
use crate::diag::{Findings, Severity};
use crate::model::{Function, Id};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "secret-in-env",
    category: Category::LeastPrivilege,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "A variable of a function holds what looks like a secret.",
    doc: include_str!("secret_in_env.md"),
    by_target: false,
    checks: &[Check::Function(check)],
};

fn check(facts: &Facts, id: Id<Function>, out: &mut Findings) {
    let function = &facts.model().functions[id];
    for (name, value) in &function.env {
        let is_called_so = is_secret_name(name.as_str()) && is_secret_value(&value.value);
        let is_form = is_key(&value.value) || has_password(&value.value);
        if !(is_form || is_called_so || random::looks_random(name.as_str(), &value.value)) {
            continue;
        }
        let (name, who) = (name.as_str(), function.head.name());
        // The value stays out of the message: findings end in logs.
        out.push(
            RULE.finding(value.span, format!("the variable `{name}` of `{who}` looks like a secret"))
                .label("anybody who reads the spec reads it")
                .help("declare it with `type: secret` in `resources`, and use it with `get`"),
        );
    }
}

/// Forms that well-known issuers give their keys, and nothing else has.
const FORMS: [&str; 12] =
    ["AKIA", "ASIA", "ghp_", "gho_", "ghs_", "github_pat_", "glpat-", "sk_live_", "rk_live_", "xoxb-", "xoxp-", "AIza"];

fn is_key(value: &str) -> bool {
    if value.contains("-----BEGIN") && value.contains("PRIVATE KEY") {
        return true;
    }
    let is_plain = value.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    value.len() >= 20 && is_plain && FORMS.iter().any(|form| value.starts_with(form))
}

/// An address with a password in it: `postgres://shop:4f9a83bc01@db.example.com/orders`.
fn has_password(value: &str) -> bool {
    let Some((_, rest)) = value.split_once("://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or("");
    let Some((user, _)) = authority.rsplit_once('@') else { return false };
    user.split_once(':').is_some_and(|(_, password)| is_secret_value(password))
}

/// Names whose last words mean a secret: `DB_PASSWORD`, `API_KEY`, but neither `PASSWORD_POLICY` nor `TOKEN_URL`.
fn is_secret_name(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    ["PASSWORD", "PASSWD", "SECRET", "TOKEN", "API_KEY", "APIKEY", "PRIVATE_KEY", "ACCESS_KEY", "CREDENTIALS"]
        .iter()
        .any(|end| name.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with('_')))
}

/// Text that may be a secret: not a flag or number, not an address, not a path, not a name of something.
fn is_secret_value(value: &str) -> bool {
    let is_word = value.chars().all(|c| c.is_ascii_lowercase() || c == '-' || c == '_');
    value.len() >= 8
        && !is_word
        && value.parse::<f64>().is_err()
        && !value.contains([' ', '/'])
        && !value.contains("${")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_known_issuers_are_secrets_whatever_their_name() {
        assert!(is_key("AKIAIOSFODNN7EXAMPLE"));
        assert!(is_key("-----BEGIN RSA PRIVATE KEY-----\nabc"));
        assert!(!is_key("AKIA is a prefix of keys"));
        assert!(!is_key("ghp_short"));
    }

    #[test]
    fn addresses_may_hold_passwords() {
        assert!(has_password("postgres://shop:4f9a83bc01@db.example.com:5432/orders"));
        assert!(has_password("amqps://shop:Hunter2-hunter2@mq.example.com"));
        assert!(!has_password("postgres://shop@db.example.com:5432/orders"), "a user");
        assert!(!has_password("amqp://guest:guest@localhost"), "what everybody knows");
        assert!(!has_password("postgres://shop:${PASSWORD-2}@db.example.com"), "a template");
        assert!(!has_password("https://api.example.com/a:4f9a83bc01@b"), "a path");
        assert!(!has_password("shop:4f9a83bc01@db.example.com"), "no address");
    }

    #[test]
    fn names_and_values_have_to_agree() {
        let judge = |name: &str, value: &str| is_secret_name(name) && is_secret_value(value);
        assert!(judge("DB_PASSWORD", "hunter2-hunter2"));
        assert!(judge("API_KEY", "4f9a83bc01"));
        assert!(!judge("TOKEN_URL", "4f9a83bc01"));
        assert!(!judge("DB_PASSWORD", "pay-key"), "a name of a resource");
        assert!(!judge("SECRET", "/run/secrets/key"), "a path");
        assert!(!judge("MAX_TOKEN", "100000000"), "a number");
        assert!(!judge("NOTOKEN", "4f9a83bc01"));
    }
}
