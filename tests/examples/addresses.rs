//! No two things of an output share an address, whatever the names of a spec are: what hangs on a node is parted from its
//! name by two underscores, which no name becomes.

use std::collections::BTreeMap;
use std::fs;

use isobar::base::{MemoryFiles, Sources};

use crate::support::{compile_files, root};

/// What an address begins with: the id of a node, or that of a trigger, which has two underscores in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Owner {
    Node,
    Trigger,
    Application,
}

/// An address in a template: what owns it, and what follows the owner's id. `*` stands for what is put in there.
type Address = (Owner, String);

/// The addresses of each type that the templates of AWS write.
fn addresses() -> BTreeMap<String, Vec<Address>> {
    let folder = root().join("targets/aws");
    let manifest = fs::read_to_string(folder.join("target.yaml")).expect("readable");
    let manifest: serde_yaml::Value = serde_yaml::from_str(&manifest).expect("YAML");
    let mut out: BTreeMap<String, Vec<Address>> = BTreeMap::new();
    for unit in manifest["units"].as_sequence().expect("a list") {
        let owner = match unit["for"].as_str().expect("a kind") {
            "application" => Owner::Application,
            kind if kind.starts_with("trigger.") => Owner::Trigger,
            _ => Owner::Node,
        };
        let template = unit["template"].as_str().expect("a template");
        for (kind, label) in labels(&template_text(template)) {
            let known = out.entry(kind).or_default();
            let address = (owner.clone(), after_owner(&label));
            if !known.contains(&address) {
                known.push(address);
            }
        }
    }
    out
}

/// A template with its partials, but for that of alarms, which is in two branches.
fn template_text(name: &str) -> String {
    let templates = root().join("targets/aws/templates");
    let mut text = fs::read_to_string(templates.join(format!("{name}.hbs"))).expect("readable");
    for entry in fs::read_dir(templates.join("partials")).expect("readable") {
        let path = entry.expect("readable").path();
        let call = format!("{{{{> {}}}}}", path.file_stem().expect("a name").to_string_lossy());
        if text.contains(&call) {
            text.push_str(&fs::read_to_string(path).expect("readable"));
        }
    }
    text
}

/// Type and label of each block; those of outputs have the type `output`.
fn labels(text: &str) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for line in text.lines() {
        let block = line.strip_prefix("resource \"").and_then(|rest| rest.split_once("\" "));
        let block = block.or_else(|| line.strip_prefix("output ").map(|label| ("output", label)));
        if let Some((kind, label)) = block {
            out.push((kind.to_owned(), label.trim_end_matches(" {").trim_matches('"').to_owned()));
        }
    }
    out
}

/// What follows the first thing that is put in; all of a label that has nothing to put in.
fn after_owner(label: &str) -> String {
    let Some((first, rest)) = label.split_once("}}") else { return label.to_owned() };
    assert!(first.starts_with("{{ident ") || first.starts_with("{{hcl "), "{label}");
    let mut out = String::new();
    for part in rest.split("{{") {
        out.push_str(part.split_once("}}").map_or(part, |(_, text)| text));
        if rest.contains("{{") && out.ends_with('_') {
            out.push('*');
        }
    }
    out
}

/// Whether some names make two addresses one.
fn can_meet(one: &Address, other: &Address) -> bool {
    let ((a, after), (b, behind)) = (one, other);
    if *a == Owner::Application || *b == Owner::Application {
        return a != b && (after.is_empty() || behind.is_empty());
    }
    let parts = |(owner, after): &Address| usize::from(*owner == Owner::Trigger) + after.matches("__").count();
    if parts(one) != parts(other) {
        return false;
    }
    if a != b && (*a == Owner::Trigger || *b == Owner::Trigger) {
        // `<node>__<word>` and `<function>__<trigger>`: names of triggers begin with their kind.
        let word = if *a == Owner::Trigger { behind } else { after };
        let kinds = ["__http", "__queue", "__topic", "__event", "__object", "__schedule"];
        return word.contains('*') || kinds.iter().any(|kind| word.starts_with(kind));
    }
    // Functions, resources and workflows share their names, and no two of them have the same.
    after != behind && (after.ends_with(behind.as_str()) || behind.ends_with(after.as_str()))
}

#[test]
fn no_names_make_two_addresses_one() {
    let all = addresses();
    assert!(all.len() > 35, "{all:?}");
    for (kind, addresses) in &all {
        for (index, one) in addresses.iter().enumerate() {
            for other in addresses.iter().skip(index + 1) {
                assert!(!can_meet(one, other), "{kind}: {one:?} and {other:?}");
            }
        }
    }
}

#[test]
fn addresses_that_can_meet_are_told() {
    let at = |owner, text: &str| (owner, text.to_owned());
    for (one, other) in [
        (at(Owner::Node, ""), at(Owner::Node, "_access")),
        (at(Owner::Node, "__schedule"), at(Owner::Trigger, "")),
        (at(Owner::Application, "app"), at(Owner::Node, "")),
    ] {
        assert!(can_meet(&one, &other), "{one:?} and {other:?}");
    }
}

const SPEC: &str = r#"
isobar: 1
app: shop
targets: { aws: { region: eu-central-1, subnets: [subnet-0123456789abcdef0], security-groups: [sg-0123456789abcdef0] } }
defaults: { function: { runtime: python3.13, network: private } }
alarms: { notify: alerts }
resources:
  alerts: { type: topic, external-subscribers: true }
  web: { type: api, auth: { jwt: { issuer: "https://id.example.com/realms/a", audience: [web] } } }
  web-id: { type: api, auth: { jwt: { issuer: "https://id.example.com/realms/b", audience: [web] } } }
  b: { type: queue, dead-letter: { after: 5 } }
  queue-b: { type: queue, dead-letter: { after: 5 } }
  c: { type: queue, dead-letter: { after: 5 } }
functions:
  web-access: { handler: app.handler, code: code, on: [{ http: { api: web, route: GET /a } }, { http: { api: web-id, route: GET /a } }] }
  web--access: { handler: app.handler, code: code, on: [{ http: { api: web, route: GET /b, auth: { jwt: { issuer: "https://id.example.com/realms/b", audience: [web] } } } }] }
  report: { handler: app.handler, code: code, on: [{ schedule: { cron: "0 2 * * *" } }] }
  report-schedule-0-2: { handler: app.handler, code: code, on: [{ schedule: { cron: "0 3 * * *" } }] }
  report--schedule-0-2: { handler: app.handler, code: code, on: [{ schedule: { cron: "0 4 * * *" } }] }
  report-network: { handler: app.handler, code: code, on: [] }
  report--network: { handler: app.handler, code: code, on: [] }
  a: { handler: app.handler, code: code, on: [{ queue: { from: queue-b } }] }
  a-queue: { handler: app.handler, code: code, on: [{ queue: { from: b } }] }
  a--queue: { handler: app.handler, code: code, on: [{ queue: { from: c } }] }
"#;

#[test]
fn names_that_are_alike_stay_apart() {
    let mut files = MemoryFiles::default();
    files.insert("isobar.yaml", SPEC);
    files.insert("code/app.py", "def handler(events, context):\n    return None\n");
    let (artifacts, findings) = compile_files(&files, "aws", &mut Sources::default());
    // The proof refuses an address that is there twice.
    let artifacts = artifacts.unwrap_or_else(|| panic!("{findings:?}"));
    let mut seen: BTreeMap<(String, String), usize> = BTreeMap::new();
    for artifact in artifacts.iter().filter(|artifact| artifact.path.contains(".tf")) {
        let text = String::from_utf8_lossy(&artifact.bytes);
        for block in text.split("\nresource \"").skip(1) {
            let (kind, rest) = block.split_once('"').expect("a type");
            let fields = rest.lines().take_while(|line| *line != "}").filter_map(|line| line.split_once(" = "));
            let named =
                fields.filter(|(key, _)| matches!(key.trim_end(), "  name" | "  function_name" | "  alarm_name"));
            // What has the application in its name is unique in the account.
            for (_, name) in named.filter(|(_, name)| name.contains("shop")) {
                *seen.entry((kind.to_owned(), name.to_owned())).or_default() += 1;
            }
        }
    }
    assert!(seen.len() > 40, "{seen:?}");
    seen.retain(|_, count| *count > 1);
    assert!(seen.is_empty(), "{seen:?}");
}
