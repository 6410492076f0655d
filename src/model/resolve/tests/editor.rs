//! The JSON Schema for editors comes from the declarations that the parser is made from; here their verdicts are
//! compared on what is right and on every mistake.

use std::collections::BTreeSet;

use serde_json::Value;

use super::cases::cases;
use crate::spec;

/// What the shape alone shows, so that the schema has to refuse it too.
const SHAPE: [&str; 5] = ["unknown-key", "missing-key", "wrong-type", "unknown-word", "unsupported-version"];

fn validator() -> jsonschema::Validator {
    jsonschema::draft202012::new(&spec::schema()).expect("the schema is one")
}

fn ids(text: &str) -> Vec<&'static str> {
    let (tree, _) = crate::yaml::parse(crate::base::FileId(0), text, &crate::yaml::Caps::default());
    spec::parse(&tree.unwrap(), &BTreeSet::new()).1.iter().map(|f| f.id).collect()
}

#[test]
fn the_schema_is_a_schema_with_descriptions() {
    let schema = spec::schema();
    assert!(jsonschema::draft202012::meta::is_valid(&schema));
    let text = |path: &str| schema.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned();
    assert_eq!(text("/title"), "isobar.yaml");
    assert_eq!(
        text("/$defs/Function/properties/dead-letter/description"),
        "Where failed asynchronous invocations go. For a queue it stands on the queue."
    );
    assert_eq!(schema.pointer("/required"), Some(&serde_json::json!(["isobar", "app"])));
}

#[test]
fn the_tour_is_right_for_both() {
    let text = include_str!("storefront.yaml");
    let value = spec::document(text).unwrap();
    let errors: Vec<String> = validator().iter_errors(&value).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert_eq!(errors, Vec::<String>::new());
    assert_eq!(ids(text), Vec::<&str>::new());
}

#[test]
fn verdicts_agree_on_every_mistake() {
    let validator = validator();
    for (body, all) in cases() {
        let text = format!("isobar: 1\napp: shop\n{body}");
        let found = ids(&text);
        let right = validator.is_valid(&spec::document(&text).unwrap());
        // Which verbs fit is told by the kind of the resource, so the parser leaves all of them to the resolver.
        if found.is_empty() && !all.iter().any(|line| line.starts_with("unknown-verb")) {
            assert!(right, "the schema alone refuses: {body}");
        }
        if found.iter().any(|id| SHAPE.contains(id)) {
            assert!(!right, "the schema accepts: {body}");
        }
    }
}
