//! What options of a target bring with them: a private network, and a key of the account's own.

use isobar::base::{MemoryFiles, Sources};
use isobar::emit::Artifact;
use isobar::pipeline;

use crate::support::{read, target};

const SPEC: &str = r"
isobar: 1
app: closed
targets: { aws: { region: eu-central-1, OPTIONS } }
resources:
  work: { type: queue, dead-letter: { after: 5 } }
  files: { type: bucket }
  news: { type: topic, external-subscribers: true }
  token: { type: secret }
functions:
  inside:
    runtime: python3.13
    handler: app.handler
    code: code
    network: private
    on: [{ queue: { from: work } }]
    uses: { files: [get, put], news: publish, token: get, work: send }
";

const NETWORK: &str = "subnets: [subnet-0123456789abcdef0], security-groups: [sg-0123456789abcdef0]";
const KEY: &str = "key: \"arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab\"";

pub(crate) fn compile(options: &str) -> Result<Vec<Artifact>, Vec<String>> {
    let mut files = MemoryFiles::default();
    files.insert("isobar.yaml", SPEC.replace("OPTIONS", options));
    files.insert("code/app.py", "def handler(events, context):\n    return []\n");
    let mut sources = Sources::default();
    let (application, findings) = read(&files, &mut sources);
    let application = application.unwrap_or_else(|| panic!("{findings:?}"));
    let target = target("aws", &mut sources);
    let (compiled, findings) = pipeline::compile(&application, &target, &files, &sources);
    let messages = || findings.iter().map(|f| f.message.clone()).collect();
    compiled.map(|compiled| compiled.artifacts).ok_or_else(messages)
}

/// Both options, for those who judge the output.
pub(crate) fn closed() -> Vec<Artifact> {
    compile(&format!("{NETWORK}, {KEY}")).expect("it compiles, and is proven")
}

fn text<'a>(artifacts: &'a [Artifact], path: &str) -> &'a str {
    let artifact = artifacts.iter().find(|artifact| artifact.path == path).expect("it is emitted");
    std::str::from_utf8(&artifact.bytes).expect("UTF-8")
}

#[test]
fn a_private_function_needs_a_network() {
    let messages = compile("").expect_err("there is no network");
    assert_eq!(
        messages,
        [
            "private network on aws needs the option `security-groups` of the target",
            "private network on aws needs the option `subnets` of the target"
        ]
    );
    let messages = compile("subnets: [subnet-1], security-groups: []").expect_err("they are none");
    assert_eq!(messages.len(), 2, "{messages:?}");
}

#[test]
fn network_interfaces_are_granted_for_the_network_alone() {
    let artifacts = compile(NETWORK).expect("it compiles, and is proven");
    let functions = text(&artifacts, "functions.tf");
    assert!(functions.contains("subnet_ids         = [\"subnet-0123456789abcdef0\"]"), "{functions}");
    assert!(functions.contains("# network: private (isobar.yaml:15)"), "{functions}");
    // What Lambda may do, the code of the function may not.
    let denied = functions.split("= \"Deny\"").nth(1).expect("a statement that denies");
    assert!(denied.contains("lambda:SourceFunctionArn"), "{denied}");
    assert!(!functions.contains("kms:"), "{functions}");
}

#[test]
fn a_key_is_used_through_the_service_alone() {
    let artifacts = closed();
    let functions = text(&artifacts, "functions.tf");
    for service in ["s3", "sqs", "sns", "secretsmanager"] {
        assert!(functions.contains(&format!("\"{service}.eu-central-1.amazonaws.com\"")), "{service}: {functions}");
    }
    let keyed = |path: &str, line: &str| assert!(text(&artifacts, path).contains(line), "{path}: {line}");
    keyed("queues.tf", "kms_master_key_id");
    keyed("topics.tf", "kms_master_key_id = \"arn:");
    keyed("buckets.tf", "sse_algorithm     = \"aws:kms\"");
    keyed("secrets.tf", "kms_key_id");
}
