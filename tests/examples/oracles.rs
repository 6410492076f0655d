//! What independent tools say of every example. Without `ISOBAR_ORACLES` the tests say what they left out; where it
//! is set, a tool that cannot run fails them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use isobar::base::Sources;
use isobar::emit::Artifact;
use serde_json::{Value, json};

use crate::support::{compile, examples, root, targets_of};

/// The program, when the environment names it.
fn oracle() -> Option<PathBuf> {
    let folder = std::env::var_os("ISOBAR_ORACLES")?;
    let program = root().join(folder).join("oracle");
    assert!(program.is_file(), "ISOBAR_ORACLES is set, but {} is no program", program.display());
    Some(program)
}

fn left_out(what: &str) {
    eprintln!("left out: {what} (ISOBAR_ORACLES is not set)");
}

/// Writes artifacts into a folder that goes with the value.
fn written(artifacts: Vec<Artifact>) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for artifact in artifacts {
        let path = folder.path().join(&artifact.path);
        fs::create_dir_all(path.parent().expect("below a folder")).expect("creatable");
        fs::write(path, artifact.bytes).expect("writable");
    }
    folder
}

fn run(oracle: &Path, name: &str, argument: &Path) -> Result<String, String> {
    let output = Command::new(oracle).arg(name).arg(argument).output().map_err(|e| e.to_string())?;
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    if output.status.success() { Ok(text) } else { Err(text) }
}

fn judge(name: &str, target: &str) {
    let Some(oracle) = oracle() else { return left_out(&format!("`oracle {name}` on every example")) };
    let mut failed = Vec::new();
    for example in examples() {
        if targets_of(&example).iter().any(|t| t == target) {
            let mut sources = Sources::default();
            let (artifacts, findings) = compile(&root().join("examples").join(&example), target, &mut sources);
            let artifacts = artifacts.unwrap_or_else(|| panic!("{example} on {target}: {:?}", findings.iter().next()));
            let folder = written(artifacts);
            if let Err(text) = run(&oracle, name, folder.path()) {
                failed.push(format!("{example}:\n{text}"));
            }
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn terraform_plans_applies_and_destroys_every_example() {
    judge("terraform", "aws");
}

#[test]
fn terraform_takes_what_no_example_needs() {
    let Some(oracle) = oracle() else { return left_out("`oracle terraform` on policies, networks and keys") };
    let large = crate::sizes::compile(&crate::sizes::reader(100)).expect("it compiles");
    for artifacts in [large, crate::network::closed()] {
        let folder = written(artifacts);
        run(&oracle, "terraform", folder.path()).unwrap_or_else(|text| panic!("{text}"));
    }
}

#[test]
fn every_manifest_is_valid() {
    judge("kubernetes", "kubernetes");
}

/// References as the names that the cloud would give.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(map) => match (map.get("ref"), map.get("concat")) {
            (Some(Value::String(reference)), _) => arn(reference),
            (_, Some(Value::Array(parts))) => parts.iter().map(text).collect(),
            _ => panic!("no value: {value}"),
        },
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => panic!("no value: {value}"),
    }
}

fn arn(reference: &str) -> String {
    let parts: Vec<&str> = reference.split('.').collect();
    let name = parts.get(1).copied().unwrap_or_default();
    let (service, rest) = match parts.first().copied().unwrap_or_default() {
        "aws_dynamodb_table" => ("dynamodb", format!("table/{name}")),
        "aws_sqs_queue" => ("sqs", name.to_owned()),
        "aws_sns_topic" => ("sns", name.to_owned()),
        "aws_s3_bucket" => return format!("arn:aws:s3:::{name}"),
        "aws_cloudwatch_event_bus" => ("events", format!("event-bus/{name}")),
        "aws_cloudwatch_event_rule" => ("events", format!("rule/bus/{name}")),
        "aws_secretsmanager_secret" => ("secretsmanager", format!("secret:{name}-Ab1Cd2")),
        "aws_cloudwatch_log_group" => ("logs", format!("log-group:/aws/lambda/{name}")),
        "aws_lambda_function" | "aws_lambda_alias" => ("lambda", format!("function:{name}")),
        "aws_scheduler_schedule" => ("scheduler", format!("schedule/default/{name}")),
        "data" => return "123456789012".to_owned(),
        _ => return name.to_owned(),
    };
    format!("arn:aws:{service}:eu-central-1:123456789012:{rest}")
}

#[test]
fn policies_are_clean_and_without_wildcards() {
    let mut roles: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for example in examples() {
        for (holder, statement) in statements(&example) {
            for action in statement["Action"].as_array().expect("a list") {
                assert!(!action.as_str().expect("a text").contains('*'), "{example}: {holder} may {action}");
            }
            roles.entry(format!("{example}/{holder}")).or_default().push(statement);
        }
    }
    assert!(roles.len() > 10, "only {} identities have statements", roles.len());
    let Some(oracle) = oracle() else { return left_out("`oracle iam` on the policies of every example") };
    let documents: serde_json::Map<String, Value> = roles
        .into_iter()
        .map(|(role, list)| (role, json!({ "policies": [{ "Version": "2012-10-17", "Statement": list }] })))
        .collect();
    let cases = json!({ "account": "123456789012", "region": "eu-central-1", "roles": documents, "cases": [] });
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("cases.json");
    fs::write(&file, cases.to_string()).expect("writable");
    // Without cases everything granted counts as not needed; only what the lint says matters here.
    let output = Command::new(oracle).arg("iam").arg(&file).output().expect("it runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let bad: Vec<&str> = text.lines().filter(|l| l.starts_with("lint ")).collect();
    assert!(text.contains(" is needed by no allow-case"), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

/// What the smallest example needs, counted by hand from its README: two logs each for six functions, and twelve more.
/// The trigger of the schedule has a role of its own; what sets failures aside is counted apart.
#[test]
fn the_smallest_example_needs_24_pairs() {
    let of_functions = |(holder, _): &(String, Value)| !holder.contains(".on.");
    let pairs: std::collections::BTreeSet<(String, String)> = statements("orders-minimal")
        .into_iter()
        .filter(of_functions)
        .flat_map(|(holder, statement)| {
            let actions = statement["Action"].as_array().expect("a list").clone();
            assert_ne!(statement["Resource"], json!(["*"]), "{holder}");
            let is_aside = statement["Resource"].to_string().contains(":failures");
            actions.into_iter().filter(move |_| !is_aside).map(move |a| (holder.clone(), a.to_string()))
        })
        .collect();
    assert_eq!(pairs.len(), 24, "{pairs:#?}");
}

/// IAM statements of an example by the identity that holds them.
fn statements(example: &str) -> Vec<(String, Value)> {
    use isobar::{pipeline, plan};
    let files = crate::support::memory(&root().join("examples").join(example));
    let mut sources = Sources::default();
    let (application, _) = crate::support::read(&files, &mut sources);
    let application = application.expect("an example is valid");
    let target = crate::support::target("aws", &mut sources);
    let (compiled, _) = pipeline::compile(&application, &target, &files, &sources);
    let plan: plan::Plan = compiled.expect("an example compiles").plan;
    let iam = plan.grants.into_iter().filter(|g| g.grant.system == "iam");
    iam.map(|g| {
        let resources: Vec<String> = g.grant.resources.iter().map(text).collect();
        let mut conditions = serde_json::Map::new();
        for c in &g.grant.conditions {
            let values: Vec<String> = c.values.iter().map(text).collect();
            let test = conditions.entry(c.test.clone()).or_insert_with(|| json!({}));
            test[&c.key] = json!(values);
        }
        let mut statement = json!({ "Effect": "Allow", "Action": g.grant.actions, "Resource": resources });
        if !conditions.is_empty() {
            statement["Condition"] = Value::Object(conditions);
        }
        (g.holder, statement)
    })
    .collect()
}

/// Actions of `actions.yaml` that another list of the platform's actions does not have. Lists are of different days, so
/// that a few may differ.
#[test]
fn the_platform_has_our_actions() {
    let Some(oracle) = oracle() else { return left_out("`actions.yaml` against another list of actions") };
    let file = oracle.parent().expect("in a folder").join("iam/data/aws.json");
    let known: Value = serde_json::from_slice(&fs::read(file).expect("readable")).expect("JSON");
    let target = crate::support::target("aws", &mut Sources::default());
    let ours = target.actions().0.expect("a target without defects");
    let (mut missing, mut seen) = (Vec::new(), 0);
    for (prefix, service) in &ours.services {
        for name in service.actions.iter().flat_map(|group| &group.names) {
            seen += 1;
            if known["services"][prefix]["actions"].get(name).is_none() {
                missing.push(format!("{prefix}:{name}"));
            }
        }
    }
    println!("{} of {seen} actions are not in the other list: {}", missing.len(), missing.join(", "));
    assert!(seen > 1500 && missing.len() * 50 < seen, "{} of {seen}: {missing:?}", missing.len());
    let granted = target.permissions.rows().iter().flat_map(|row| &row.grants).filter(|grant| grant.system == "iam");
    let strange: Vec<&String> = granted.flat_map(|grant| &grant.actions).filter(|a| ours.is_unknown(a)).collect();
    assert!(strange.is_empty(), "permissions.yaml grants what actions.yaml does not have: {strange:?}");
}
