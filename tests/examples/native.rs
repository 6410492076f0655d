//! Grants that native resources bring: stated by the spec, written into the policy of the function, and proven.

use isobar::base::{MemoryFiles, Sources};
use isobar::diag::Severity;
use isobar::pipeline;

use crate::support::{read, target};

const SPEC: &str = r"
isobar: 1
app: native
targets: { aws: { region: eu-central-1 }, kubernetes: { namespace: n, registry: r.example.com } }
resources: { rows: { type: table, key: { partition: { id: string } } } }
native:
  aws: { aws_kinesis_firehose_delivery_stream: { log: { name: log, destination: extended_s3 } } }
  kubernetes: { v1: { log: { kind: ConfigMap } } }
  grants: [{ who: put, verbs: VERBS, what: WHAT }]
functions:
  put: { runtime: python3.13, handler: app.handler, code: code, uses: { rows: get } }
";

/// `functions.tf`, or the findings.
fn compile(id: &str, verbs: &str, what: &str) -> Result<String, Vec<String>> {
    let mut files = MemoryFiles::default();
    files.insert("isobar.yaml", SPEC.replace("VERBS", verbs).replace("WHAT", what));
    files.insert("code/app.py", "def handler(events, context):\n    return []\n");
    let mut sources = Sources::default();
    let (application, findings) = read(&files, &mut sources);
    let application = application.unwrap_or_else(|| panic!("{findings:?}"));
    let target = target(id, &mut sources);
    let (compiled, findings) = pipeline::compile(&application, &target, &files, &sources);
    let messages =
        || findings.iter().filter(|f| f.severity == Severity::Error).map(|f| f.message.clone()).collect::<Vec<_>>();
    let artifacts = compiled.ok_or_else(messages)?.artifacts;
    let file = artifacts.into_iter().find(|a| a.path == "functions.tf").ok_or_else(messages)?;
    Ok(String::from_utf8(file.bytes).unwrap())
}

#[test]
fn a_native_grant_is_a_statement_of_the_function() {
    let what = "'$${aws_kinesis_firehose_delivery_stream.log.arn}'";
    let text = compile("aws", "[firehose:PutRecord]", what).unwrap();
    assert!(text.contains("[\"firehose:PutRecord\"]"), "{text}");
    assert!(text.contains("[aws_kinesis_firehose_delivery_stream.log.arn]"), "{text}");
}

#[test]
fn a_reference_to_nothing_is_not_proven() {
    let what = "'$${aws_kinesis_firehose_delivery_stream.other.arn}'";
    let findings = compile("aws", "[firehose:PutRecord]", what).unwrap_err();
    assert!(findings.iter().any(|f| f.contains("which is not in the output")), "{findings:?}");
}

#[test]
fn what_could_be_more_than_it_seems_is_refused() {
    let refused = |id, verbs, what| compile(id, verbs, what).unwrap_err();
    assert_eq!(refused("aws", "['firehose:Put*']", "'arn:x'"), ["the action `firehose:Put*` stands for more than one"]);
    assert_eq!(
        refused("aws", "[dynamodb:Scan]", "resources.rows"),
        ["`resources.rows` is a resource of the application, and no native one"]
    );
    assert_eq!(
        refused("aws", "[x:Y]", "'$${file(a)}'"),
        ["`${file(a)}` cannot be granted: a reference is names with dots between them"]
    );
    assert_eq!(refused("kubernetes", "[get]", "pods"), ["target `kubernetes` has no place for native grants"]);
}
