//! Permissions of more text than one document takes: cut where the platform has a place for the rest, refused where not.

use std::fmt::Write as _;

use isobar::base::{MemoryFiles, Sources};
use isobar::emit::Artifact;
use isobar::pipeline;

use crate::support::{read, target};

/// What all have in common.
const HEAD: &str = "isobar: 1\napp: sizes\ntargets: { aws: { region: eu-central-1 } }\n";

pub(crate) fn compile(spec: &str) -> Result<Vec<Artifact>, Vec<String>> {
    let mut files = MemoryFiles::default();
    files.insert("isobar.yaml", spec);
    files.insert("code/app.py", "def handler(events, context):\n    return []\n");
    let mut sources = Sources::default();
    let (application, findings) = read(&files, &mut sources);
    let application = application.unwrap_or_else(|| panic!("{findings:?}"));
    let target = target("aws", &mut sources);
    let (compiled, findings) = pipeline::compile(&application, &target, &files, &sources);
    compiled
        .map(|compiled| compiled.artifacts)
        .ok_or_else(|| findings.iter().filter(|f| f.id != "degraded").map(|f| f.message.clone()).collect())
}

fn text<'a>(artifacts: &'a [Artifact], path: &str) -> &'a str {
    let artifact = artifacts.iter().find(|artifact| artifact.path == path).expect("it is emitted");
    std::str::from_utf8(&artifact.bytes).expect("UTF-8")
}

/// A function behind a queue that reads so many tables.
pub(crate) fn reader(tables: usize) -> String {
    let mut spec = format!("{HEAD}resources:\n  work: {{ type: queue, dead-letter: {{ after: 5 }} }}\n");
    for table in 0..tables {
        writeln!(spec, "  table-{table}: {{ type: table, key: {{ partition: {{ id: string }} }} }}").expect("a text");
    }
    spec.push_str("functions:\n  all:\n    runtime: python3.13\n    handler: app.handler\n    code: code\n");
    spec.push_str("    on: [{ queue: { from: work } }]\n    uses:\n");
    for table in 0..tables {
        writeln!(spec, "      table-{table}: [get, query]").expect("a text");
    }
    spec
}

#[test]
fn a_role_with_little_holds_its_policy_itself() {
    let artifacts = compile(&reader(10)).expect("it fits");
    let functions = text(&artifacts, "functions.tf");
    assert!(functions.contains("resource \"aws_iam_role_policy\" \"all\""));
    assert!(!functions.contains("aws_iam_policy"));
}

#[test]
fn a_role_with_much_gets_policies_of_its_own() {
    let artifacts = compile(&reader(80)).expect("it is cut, and proven");
    let functions = text(&artifacts, "functions.tf");
    assert!(!functions.contains("resource \"aws_iam_role_policy\""));
    for number in 1..=4 {
        assert!(functions.contains(&format!("resource \"aws_iam_policy\" \"all_{number}\"")), "{number}");
        let attached = format!("policy_arn = aws_iam_policy.all_{number}.arn");
        assert!(functions.contains(&attached), "{number}");
        let queues = text(&artifacts, "queues.tf");
        assert!(queues.contains(&format!("aws_iam_role_policy_attachment.all_{number},")), "{queues}");
    }
    // What the platform counts, with an account and names as long as they are: none is over 6,144.
    let policies: Vec<&str> = functions.split("resource \"aws_iam_policy\"").skip(1).collect();
    for policy in policies {
        let policy = policy.split("tags = {").next().expect("the policy").lines();
        let solid: String = policy
            .filter(|line| !line.trim_start().starts_with('#'))
            .map(|line| line.split_whitespace().collect::<String>())
            .collect();
        let arns = solid.matches("aws_dynamodb_table.").count();
        // A reference is replaced by an ARN of about 72 characters.
        assert!(solid.len() - arns * 30 + arns * 72 < 6_144, "{}", solid.len());
    }
}

#[test]
fn more_than_all_policies_take_is_refused() {
    let messages = compile(&reader(400)).expect_err("it fits nowhere");
    let [message, variables] = messages.as_slice() else { panic!("{messages:?}") };
    assert!(variables.starts_with("the variables of `all` have "), "{variables}");
    assert!(message.starts_with("the permissions of `functions.all` have "), "{message}");
    assert!(message.ends_with(" characters, and 61440 is the most"), "{message}");
}

/// Functions that set aside in one queue what their events failed at.
fn failing(functions: usize) -> String {
    let mut spec = format!(
        "{HEAD}resources:\n  bus: {{ type: bus, default: true }}\n  failures: {{ type: queue, manual: true }}\n"
    );
    spec.push_str("events: { made: { source: elsewhere, schema: { type: object } } }\nfunctions:\n");
    for function in 0..functions {
        writeln!(
            spec,
            "  f{function}: {{ runtime: python3.13, handler: app.handler, code: code, on: [{{ event: made }}], dead-letter: {{ to: failures }} }}"
        )
        .expect("a text");
    }
    spec
}

#[test]
fn senders_to_one_queue_share_a_statement() {
    let artifacts = compile(&failing(40)).expect("it fits, and is proven");
    let queues = text(&artifacts, "queues.tf");
    assert_eq!(queues.matches("Effect    = \"Allow\"").count(), 1, "{queues}");
    assert_eq!(queues.matches("# dead letter of trigger").count(), 40);
}

#[test]
fn more_senders_than_a_policy_takes_are_refused() {
    let messages = compile(&failing(120)).expect_err("they fit nowhere");
    let [message] = messages.as_slice() else { panic!("{messages:?}") };
    assert!(message.starts_with("the permissions of `resources.failures` have "), "{message}");
    assert!(message.ends_with(" characters, and 8192 is the most"), "{message}");
}

/// A function behind so many routes.
fn routed(routes: usize) -> String {
    let mut spec = format!(
        "{HEAD}resources:\n  web: {{ type: api, auth: {{ jwt: {{ issuer: \"https://id.example.com/\", audience: [web] }} }} }}\n"
    );
    spec.push_str("functions:\n  all:\n    runtime: python3.13\n    handler: app.handler\n    code: code\n    on:\n");
    for route in 0..routes {
        writeln!(spec, "      - http: {{ api: web, route: GET /resources/{route} }}").expect("a text");
    }
    spec
}

#[test]
fn each_route_is_a_statement_in_the_policy_of_its_function() {
    assert!(compile(&routed(30)).is_ok());
    let messages = compile(&routed(60)).expect_err("the policy is full");
    let [message] = messages.as_slice() else { panic!("{messages:?}") };
    assert!(message.ends_with(" characters, and 20480 is the most"), "{message}");
}

/// Whoever writes the spec learns of it before there is any code to pack.
#[test]
fn what_is_too_large_is_known_without_code() {
    for (spec, help) in [
        (reader(400), "split the function, or use fewer resources in one (P02)"),
        (failing(120), "use another queue, or another dead letter, for some of those that send to it (Q26)"),
    ] {
        let mut files = MemoryFiles::default();
        files.insert("isobar.yaml", spec.as_str());
        let mut sources = Sources::default();
        let (application, findings) = read(&files, &mut sources);
        let application = application.unwrap_or_else(|| panic!("{findings:?}"));
        let target = target("aws", &mut sources);
        let findings = pipeline::unplannable(&application, &target, &sources);
        let helps: Vec<&str> = findings.iter().filter_map(|finding| finding.help.as_deref()).collect();
        assert!(helps.contains(&help), "{helps:?}");
    }
}
