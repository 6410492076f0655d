//! Grants that native resources bring: stated by the spec, written into the policy of the function, and proven. Overrides
//! that would change what somebody may do.

use isobar::base::{MemoryFiles, Sources};
use isobar::catalog::Target;
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
  kubernetes: { ConfigMap: { log: { apiVersion: v1, kind: ConfigMap, metadata: { name: log } } } }
  grants: [{ target: TARGET, who: put, verbs: VERBS, what: WHAT, conditions: CONDITIONS }]
functions:
  put: { runtime: python3.13, handler: app.handler, code: code, uses: { rows: get } }
";

/// `functions.tf`, or the findings.
fn compile(id: &str, verbs: &str, what: &str) -> Result<String, Vec<String>> {
    conditioned(&target(id, &mut Sources::default()), verbs, what, "{}")
}

/// The same with conditions.
fn conditioned(target: &Target, verbs: &str, what: &str, conditions: &str) -> Result<String, Vec<String>> {
    let mut files = MemoryFiles::default();
    let spec = SPEC
        .replace("TARGET", &target.manifest.id)
        .replace("VERBS", verbs)
        .replace("WHAT", what)
        .replace("CONDITIONS", conditions);
    files.insert("isobar.yaml", spec);
    files.insert("code/app.py", "def handler(events, context):\n    return []\n");
    let mut sources = Sources::default();
    let (application, findings) = read(&files, &mut sources);
    let application = application.unwrap_or_else(|| panic!("{findings:?}"));
    let (compiled, findings) = pipeline::compile(&application, target, &files, &sources);
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
    assert!(findings.iter().any(|f| f.contains("that is not in the output")), "{findings:?}");
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

const STREAM: &str = "'$${aws_kinesis_firehose_delivery_stream.log.arn}'";

#[test]
fn conditions_of_a_native_grant_are_written_and_proven() {
    let aws = target("aws", &mut Sources::default());
    let conditions = "{ StringLike: { 'aws:SourceVpce': [vpce-1, vpce-2] }, Bool: { 'aws:SecureTransport': true }, \
                      ArnLike: { 'aws:SourceArn': '$${aws_kinesis_firehose_delivery_stream.log.arn}' } }";
    let text = conditioned(&aws, "[firehose:PutRecord]", STREAM, conditions).unwrap();
    for line in [
        r#"Bool = { "aws:SecureTransport" = ["true"] }"#,
        r#"StringLike = { "aws:SourceVpce" = ["vpce-1", "vpce-2"] }"#,
        r#"ArnLike = { "aws:SourceArn" = [aws_kinesis_firehose_delivery_stream.log.arn] }"#,
    ] {
        let plain = |text: &str| text.split_whitespace().collect::<String>().replace('"', "");
        assert!(plain(&text).contains(&plain(line)), "{line}: {text}");
    }
}

#[test]
fn conditions_that_would_be_lost_are_refused() {
    let mut aws = target("aws", &mut Sources::default());
    let conditions = "{ Bool: { 'aws:SecureTransport': true } }";
    let strange = "{ StringLike: { 'aws:userid': '$${aws:PrincipalTag/x}' } }";
    let refused =
        |target: &Target, conditions| conditioned(target, "[firehose:PutRecord]", STREAM, conditions).unwrap_err();
    assert_eq!(
        refused(&aws, strange),
        ["`aws:userid` cannot be compared with `${aws:PrincipalTag/x}`: a reference is names with dots between them"]
    );
    // Read back without its conditions, the grant is another than the one demanded.
    for form in aws.manifest.readback.iter_mut().flat_map(|readback| &mut readback.grants) {
        form.conditions = None;
    }
    assert_eq!(refused(&aws, conditions), ["target `aws` cannot state conditions of native grants"]);
    let kubernetes = target("kubernetes", &mut Sources::default());
    assert_eq!(refused(&kubernetes, conditions), ["target `kubernetes` has no place for native grants"]);
}

#[test]
fn the_way_through_a_door_is_not_overridden() {
    let findings = |written: &str| {
        let spec = "isobar: 1\napp: doors\ntargets: { kubernetes: { namespace: n } }\nfunctions:\n  \
            work: { runtime: python3.13, handler: app.handler, code: code, override: { kubernetes: WRITTEN } }\n";
        let mut files = MemoryFiles::default();
        files.insert("isobar.yaml", spec.replace("WRITTEN", written));
        files.insert("code/app.py", "def handler(events, context):\n    return []\n");
        let mut sources = Sources::default();
        let (application, findings) = read(&files, &mut sources);
        let application = application.unwrap_or_else(|| panic!("{findings:?}"));
        let kubernetes = target("kubernetes", &mut sources);
        let (_, findings) = pipeline::compile(&application, &kubernetes, &files, &sources);
        findings.iter().filter(|f| f.id == "override-permissions").map(|f| f.message.clone()).collect::<Vec<_>>()
    };
    for (kind, body) in [
        ("HTTPRoute", "{ rules: [] }"),
        ("HTTPRoute", "{ spec: { parentRefs: [{ name: elsewhere }] } }"),
        ("SecurityPolicy", "{ jwt: {} }"),
    ] {
        let message = "could change permissions, which are derived from the graph";
        assert_eq!(findings(&format!("{{ {kind}: {body} }}")), [format!("an override of `{kind}` {message}")]);
    }
    assert_eq!(findings("{ HTTPRoute: { hostnames: [shop.example.com] } }"), [] as [&str; 0]);
}
