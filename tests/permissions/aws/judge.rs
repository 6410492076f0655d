//! Whether statements allow a call: the published rules, for the part of the language that is emitted. Whatever else
//! stands in a statement fails the test.

use std::collections::BTreeMap;

use serde_json::Value;

/// What a condition looks at, by key; a key that a call does not have is missing.
pub(crate) type Context = BTreeMap<&'static str, Vec<String>>;

/// A call as a platform judges it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Request {
    /// A service of the platform; `None` for who has the policy.
    pub(crate) service: Option<&'static str>,
    pub(crate) action: String,
    pub(crate) resource: String,
    pub(crate) context: Context,
}

/// Whether a pattern with `*` fits the whole text.
pub(crate) fn fits(pattern: &str, text: &str) -> bool {
    let Some((head, mut rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(head) else { return false };
    while let Some((part, more)) = rest.split_once('*') {
        let Some(at) = text.find(part) else { return false };
        text = &text[at + part.len()..];
        rest = more;
    }
    text.ends_with(rest)
}

/// Patterns of names match within the parts between colons; the last part holds colons too.
fn fits_name(pattern: &str, name: &str) -> bool {
    let (parts, of): (Vec<&str>, Vec<&str>) = (pattern.splitn(6, ':').collect(), name.splitn(6, ':').collect());
    pattern == "*" || parts.len() == of.len() && parts.iter().zip(of).all(|(part, of)| fits(part, of))
}

fn texts(value: &Value) -> Vec<&str> {
    let one = std::slice::from_ref(value);
    let all = value.as_array().map_or(one, Vec::as_slice);
    all.iter().map(|text| text.as_str().expect("a text")).collect()
}

fn holds(test: &str, patterns: &[&str], values: Option<&Vec<String>>) -> bool {
    let (of_set, test) = test.strip_prefix("ForAllValues:").map_or((false, test), |test| (true, test));
    let any = |value: &String| {
        patterns.iter().any(|pattern| match test {
            "StringEquals" | "Bool" => *pattern == value,
            "StringLike" => fits(pattern, value),
            "ArnEquals" | "ArnLike" => fits_name(pattern, value),
            other => panic!("no statement is expected to have the test `{other}`"),
        })
    };
    match values {
        // A set without elements passes.
        None => of_set,
        Some(values) if of_set => values.iter().all(any),
        Some(values) => values.len() == 1 && values.iter().all(any),
    }
}

fn applies(statement: &Value, request: &Request) -> bool {
    let known = ["Sid", "Effect", "Principal", "Action", "Resource", "Condition"];
    let keys = statement.as_object().expect("a statement").keys();
    keys.for_each(|key| assert!(known.contains(&key.as_str()), "a statement has `{key}`"));
    let by = match (&statement["Principal"], request.service) {
        (Value::Null, None) => true,
        (Value::String(anyone), _) => anyone == "*",
        (who, Some(service)) => who.get("Service").is_some_and(|all| texts(all).contains(&service)),
        (_, None) => false,
    };
    let action = texts(&statement["Action"]).iter().any(|a| fits(&a.to_lowercase(), &request.action.to_lowercase()));
    let resource = texts(&statement["Resource"]).iter().any(|r| fits_name(r, &request.resource));
    let tests = statement.get("Condition").and_then(Value::as_object).into_iter().flatten();
    let mut conditions = tests.flat_map(|(test, keys)| {
        let keys = keys.as_object().expect("keys");
        keys.iter().map(move |(key, patterns)| (test.as_str(), key.as_str(), texts(patterns)))
    });
    let value = |key: &str| request.context.iter().find(|(k, _)| k.eq_ignore_ascii_case(key)).map(|(_, values)| values);
    by && action && resource && conditions.all(|(test, key, patterns)| holds(test, &patterns, value(key)))
}

/// Whether statements allow a request: one that denies goes before all that allow.
pub(crate) fn allows<'s>(statements: impl IntoIterator<Item = &'s Value>, request: &Request) -> bool {
    let applying: Vec<&str> = statements
        .into_iter()
        .filter(|statement| applies(statement, request))
        .map(|statement| statement["Effect"].as_str().expect("an effect"))
        .collect();
    applying.iter().all(|effect| *effect == "Allow") && !applying.is_empty()
}

#[test]
fn the_judge_knows_the_rules() {
    use serde_json::json;
    assert!(fits("a*c", "abc") && fits("*", "") && fits("a*", "a") && !fits("a*c", "abd") && !fits("ab*ba", "aba"));
    let statement = |more: Value| {
        let mut all = json!({ "Effect": "Allow", "Action": ["x:Get"], "Resource": ["arn:aws:x:::a/*"] });
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        all
    };
    let request = |resource: &str, keys: Option<&[&str]>| Request {
        service: None,
        action: "x:get".to_owned(),
        resource: resource.to_owned(),
        context: keys.map(|keys| ("k", keys.iter().map(|k| (*k).to_owned()).collect())).into_iter().collect(),
    };
    let judged = |more: Value, request: Request| allows(&[statement(more)], &request);
    assert!(judged(json!({}), request("arn:aws:x:::a/b", None)));
    assert!(!judged(json!({}), request("arn:aws:x:::ab", None)));
    assert!(!judged(json!({ "Effect": "Deny" }), request("arn:aws:x:::a/b", None)));
    assert!(!judged(json!({ "Principal": { "Service": "s" } }), request("arn:aws:x:::a/b", None)));
    let set = json!({ "Condition": { "ForAllValues:StringLike": { "k": ["a#*"] } } });
    assert!(judged(set.clone(), request("arn:aws:x:::a/b", Some(&["a#1", "a#2"]))));
    assert!(!judged(set.clone(), request("arn:aws:x:::a/b", Some(&["a#1", "b#2"]))));
    assert!(judged(set, request("arn:aws:x:::a/b", None)));
    let one = json!({ "Condition": { "StringEquals": { "k": ["a"] } } });
    assert!(!judged(one.clone(), request("arn:aws:x:::a/b", None)));
    assert!(judged(one, request("arn:aws:x:::a/b", Some(&["a"]))));
    let deny = statement(json!({ "Effect": "Deny" }));
    assert!(!allows(&[statement(json!({})), deny], &request("arn:aws:x:::a/b", None)));
}
