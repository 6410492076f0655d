//! Schemas of events: from files, in place, with references, and their mistakes.

use std::collections::BTreeSet;

use super::{Memory, lines, read, whole};

fn messages(events: &str, files: &[(&str, &str)]) -> Vec<String> {
    let text = format!("isobar: 1\napp: shop\nevents: {events}\n");
    let (_, findings, sources) = read(&text, &Memory::of(files));
    lines(&findings, &sources)
}

#[test]
fn schemas_are_read_from_json_and_yaml_and_joined() {
    let files = Memory::of(&[
        (
            "s/a.json",
            r#"{"$id": "https://x/", "properties": {"b": {"$ref": "../b.yaml#/$defs/id"}, "c": {"$ref": "c.json"}}, "required": ["b"]}"#,
        ),
        ("b.yaml", "$defs:\n  id: { type: string }\n"),
        ("s/c.json", r##"{"properties": {"a": {"$ref": "a.json"}, "self": {"$ref": "#/properties/a"}}}"##),
    ]);
    let model = whole("isobar: 1\napp: shop\nevents: { e: { schema: s/a.json, key: /b } }\n", &files);
    let event = &model.events.values()[0];
    let schema = event.schema.as_ref().unwrap();
    assert_eq!(schema.file.as_deref(), Some("s/a.json"));
    let reference = |path: &str| schema.json.pointer(path).and_then(|v| v.as_str()).unwrap().to_owned();
    let b = reference("/properties/b/$ref");
    assert_eq!(schema.json.pointer(&b[1..]).unwrap()["type"], "string");
    // A file that refers back to the first one finds it in the bundle as well.
    let c = reference("/properties/c/$ref");
    assert!(schema.json.pointer(&c[1..]).is_some());
    let inner = reference(&format!("{}/properties/self/$ref", &c[1..]));
    assert!(schema.json.pointer(&inner[1..]).is_some());
    assert!(schema.json.get("$id").is_none());
}

/// A spec, the files beside it, and what is found.
type Case<'a> = (String, &'a [(&'a str, &'a str)], &'a str);

#[test]
fn mistakes_of_schemas() {
    let inline = |schema: &str| format!("{{ e: {{ schema: {schema} }} }}");
    let cases: &[Case<'_>] = &[
        (
            inline("missing.json"),
            &[],
            "missing-file: there is no file `missing.json` @ missing.json | write the path relative to the file it stands in",
        ),
        (
            inline("../x.json"),
            &[],
            "invalid-path: `../x.json` leads outside of the folder of `isobar.yaml` @ ../x.json | write a path below that folder, relative to the file it stands in, with `/` between its parts",
        ),
        (
            inline("a.json"),
            &[("a.json", "{")],
            "invalid-schema: `a.json` is not JSON: EOF while parsing an object at line 1 column 1 @ a.json | correct the file",
        ),
        (inline("a.yaml"), &[("a.yaml", "a: [")], "invalid-schema: `a.yaml` is not YAML"),
        (
            inline("a.json"),
            &[("a.json", "[]")],
            "invalid-schema: `a.json` is not a JSON Schema: it is no mapping @ a.json | write a mapping such as `{ \"type\": \"object\", … }`",
        ),
        (inline("{ type: strin }"), &[], "invalid-schema: the schema is not a JSON Schema at `/type`"),
        (
            inline("{ $schema: \"http://json-schema.org/draft-07/schema#\" }"),
            &[],
            "schema-dialect: the schema is written in `http://json-schema.org/draft-07/schema#`",
        ),
        (
            inline("{ $ref: \"https://example.com/x.json\" }"),
            &[],
            "remote-schema-reference: the schema refers to `https://example.com/x.json` on the network",
        ),
        (
            inline("{ $ref: \"#/$defs/x\" }"),
            &[],
            "unresolved-schema-reference: the schema refers to `#/$defs/x`, which is not there",
        ),
        (
            inline("{ $ref: \"../x.json\" }"),
            &[],
            "invalid-path: the schema refers to `../x.json`, outside of the folder of `isobar.yaml`",
        ),
        (
            "{ e: { schema: { properties: { id: {} } }, key: /id } }".to_owned(),
            &[],
            "key-not-required: `/id` may be missing by the schema of `e` @ /id | add it to `required` in the schema of `e`, or take a path that is always there",
        ),
        (
            "{ e: { schema: { properties: { orderId: {} }, required: [orderId] }, key: /orderID } }".to_owned(),
            &[],
            "key-not-in-schema: `/orderID` is not in the schema of `e` @ /orderID | did you mean `/orderId`?",
        ),
    ];
    for (events, files, expected) in cases {
        let found = messages(events, files);
        assert_eq!(found.len(), 1, "{events}: {found:?}");
        assert!(found[0].starts_with(expected), "{events}: {found:?}");
    }
}

#[test]
fn a_file_that_is_too_large_is_refused_and_a_shared_one_reported_once() {
    let large = format!("{{\"description\": \"{}\"}}", "x".repeat(1 << 20));
    let found = messages("{ e: { schema: a.json }, f: { schema: a.json } }", &[("a.json", &large)]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("file-too-large: `a.json` has"), "{found:?}");
}

#[test]
fn the_key_of_a_function_is_looked_for_in_what_comes() {
    let body = "isobar: 1\napp: shop\nevents: { e: { schema: { properties: { id: {} }, required: [id] } } }\nresources: { q: { type: queue, carries: e }, t: { type: table, key: { partition: { id: string } } } }\nfunctions: { f: { runtime: go, code: f, on: [{ queue: q }], idempotency: { key: KEY, store: t, window: 1d } } }\n";
    let found = |key: &str| {
        let (_, findings, sources) = read(&body.replace("KEY", key), &Memory::default());
        lines(&findings, &sources)
    };
    assert_eq!(found("/id"), Vec::<String>::new());
    assert_eq!(found("/ids").len(), 1);
    assert!(
        found("/ids")[0]
            .starts_with("key-not-in-schema: `/ids` is not in the schema of `e` @ /ids | did you mean `/id`?")
    );
}

#[test]
fn paths_are_relative_to_their_file_and_stay_below_the_spec() {
    let mut sources = crate::base::Sources::default();
    let text = "isobar: 1\napp: shop\nfunctions:\n  f: { runtime: go, code: ../lib/f }\n  g: { runtime: go, code: ../../other }\n";
    let file = sources.add("apps/shop/functions/f.yaml", text);
    let (tree, _) = crate::yaml::parse(file, text, &crate::yaml::Caps::default());
    let (spec, _) = crate::spec::parse(&tree.unwrap(), &BTreeSet::new());
    let environment = crate::model::Environment {
        name: crate::base::Name::parse("default").unwrap(),
        protected: false,
        declared: Vec::new(),
    };
    let (_, findings) = crate::model::resolve(&spec.unwrap(), environment, "apps/shop", &Memory::default(), &sources);
    let found = lines(&findings, &sources);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("invalid-path: `../../other` leads outside"), "{found:?}");
}
