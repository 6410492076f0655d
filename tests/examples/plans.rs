//! What `isobar diff --plan` tells of plans that real Terraform makes of the examples: nothing, before the first apply and
//! after it; and what somebody did by hand, no more and no less. Without `ISOBAR_ORACLES` the test says what it left out.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use isobar::artifact::{File, Planned};
use isobar::base::Sources;
use isobar::diff::{self, Change, Detail};
use isobar::emit::Artifact;
use serde_json::{Value, json};

use crate::support::{compile, examples, root, target};

/// Terraform with the oracle's providers, in a folder.
struct Terraform {
    home: PathBuf,
    folder: tempfile::TempDir,
    artifacts: Vec<Artifact>,
}

impl Terraform {
    /// An example that is not applied yet, with its state beside it.
    fn of(program: &Path, example: &str) -> Self {
        let ran = Command::new(program).args(["setup", "terraform"]).status().expect("the oracle runs");
        assert!(ran.success(), "{} setup terraform", program.display());
        let home = std::env::var_os("ISOBAR_ORACLES_HOME").map_or_else(
            || PathBuf::from(std::env::var_os("HOME").expect("a home")).join(".cache/isobar-oracles"),
            PathBuf::from,
        );
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut sources = Sources::default();
        let (artifacts, findings) = compile(&root().join("examples").join(example), "aws", &mut sources);
        let artifacts = artifacts.unwrap_or_else(|| panic!("{example}: {:?}", findings.iter().next()));
        let terraform = Self { home: home.join("tf"), folder, artifacts };
        for artifact in &terraform.artifacts {
            terraform.put(&artifact.path, &artifact.bytes);
        }
        terraform.put("zz_state_override.tf", b"terraform {\n  backend \"local\" {}\n}\n");
        terraform.run(&["init", "-no-color"]);
        terraform
    }

    fn put(&self, path: &str, bytes: &[u8]) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().expect("below a folder")).expect("creatable");
        fs::write(path, bytes).expect("writable");
    }

    fn get(&self, path: &str) -> String {
        fs::read_to_string(self.folder.path().join(path)).expect("readable")
    }

    fn run(&self, arguments: &[&str]) -> Vec<u8> {
        let output = Command::new("terraform")
            .args(arguments)
            .current_dir(self.folder.path())
            .env("TF_CLI_CONFIG_FILE", self.home.join("terraform.rc"))
            .envs([("TF_IN_AUTOMATION", "1"), ("TF_INPUT", "0"), ("CHECKPOINT_DISABLE", "1")])
            .envs([("TF_DISABLE_PLUGIN_TLS", "1"), ("AWS_REGION", "us-east-1")])
            .output()
            .expect("terraform runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert!(output.status.success(), "terraform {arguments:?}:\n{}{}", text(&output.stdout), text(&output.stderr));
        output.stdout
    }

    fn plan(&self) -> Value {
        self.run(&["plan", "-no-color", "-out", "saved.plan"]);
        serde_json::from_slice(&self.run(&["show", "-json", "saved.plan"])).expect("JSON")
    }

    /// What is told of a plan.
    fn told(&self, plan: &Value) -> Vec<Change> {
        let text = |artifact: &'_ Artifact| std::str::from_utf8(&artifact.bytes).ok().map(str::to_owned);
        let texts: Vec<(&str, String)> =
            self.artifacts.iter().filter_map(|one| Some((one.path.as_str(), text(one)?))).collect();
        let files: Vec<File<'_>> = texts.iter().map(|(path, text)| File { path, text }).collect();
        let plan = Planned::read(plan.to_string().as_bytes()).expect("a plan");
        let changes = diff::cloud(&files, &target("aws", &mut Sources::default()), &plan).0;
        diff::sorted(changes, None, None)
    }
}

/// Class, subject and node of each change.
fn short(changes: &[Change]) -> Vec<String> {
    let one =
        |change: &Change| format!("{} {} {}", change.class, change.subject, change.node.as_deref().unwrap_or("-"));
    changes.iter().map(one).collect()
}

fn oracle() -> Option<PathBuf> {
    let Some(folder) = std::env::var_os("ISOBAR_ORACLES") else {
        eprintln!("left out: plans of Terraform (ISOBAR_ORACLES is not set)");
        return None;
    };
    Some(root().join(folder).join("oracle"))
}

#[test]
fn of_plans_of_the_examples_nothing_is_told() {
    let Some(program) = oracle() else { return };
    for example in examples() {
        let terraform = Terraform::of(&program, &example);
        assert_eq!(short(&terraform.told(&terraform.plan())), [""; 0], "{example}, before the first apply");
        terraform.run(&["apply", "-no-color", "-auto-approve"]);
        assert_eq!(short(&terraform.told(&terraform.plan())), [""; 0], "{example}, after it");
    }
}

/// By hand: a queue, a right of a role of ours, and a wider policy.
const EXTRA: &str = r#"
resource "aws_sqs_queue" "extra" {
  name = "extra"
}

resource "aws_iam_role_policy" "extra" {
  name   = "extra"
  role   = aws_iam_role.get.name
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }] })
}
"#;

#[test]
fn what_was_done_by_hand_is_told_and_nothing_else() {
    let Some(program) = oracle() else { return };
    let terraform = Terraform::of(&program, "orders-minimal");
    terraform.run(&["apply", "-no-color", "-auto-approve"]);
    let clean = terraform.plan();

    // In the state: a wider policy that the plan takes back.
    let kept = terraform.get("terraform.tfstate");
    let mut state: Value = serde_json::from_str(&kept).expect("JSON");
    for resource in state["resources"].as_array_mut().expect("a list") {
        let attributes = &mut resource["instances"][0]["attributes"];
        let policy = attributes["policy"].as_str().map(str::to_owned);
        if resource["type"] == "aws_iam_role_policy" && resource["name"] == "get" {
            let policy = policy.expect("a policy").replace("dynamodb:GetItem", "dynamodb:*");
            resource["instances"][0]["attributes"]["policy"] = json!(policy);
        } else if resource["type"] == "aws_sqs_queue" && resource["name"] == "work" {
            resource["instances"][0]["attributes"]["visibility_timeout_seconds"] = json!(7);
        }
    }
    terraform.put("terraform.tfstate", state.to_string().as_bytes());
    let mut edited = terraform.plan();
    // That a value of the state is older than the spec is what the plan is for.
    assert_eq!(short(&terraform.told(&edited)), ["lingering-grant aws_iam_role_policy.get functions.get"]);

    // The oracle's cloud never changes by itself: what a provider would have found is written into the plan.
    edited["resource_drift"] = drifts(&clean, &edited, &["aws_iam_role_policy.get", "aws_sqs_queue.work"]);
    let told = terraform.told(&edited);
    let expected = ["cloud-wider aws_iam_role_policy.get functions.get", "drifted aws_sqs_queue.work resources.work"];
    assert_eq!(short(&told), expected);
    let value = |path: &str, before: &str, after: &str| Detail::Value {
        path: path.to_owned(),
        before: Some(before.to_owned()),
        after: Some(after.to_owned()),
        note: Some("the plan puts it back".to_owned()),
    };
    assert_eq!(told[1].details, [value("visibility_timeout_seconds", "180", "7")]);
    terraform.put("terraform.tfstate", kept.as_bytes());

    // In the configuration.
    terraform.put("extra.tf", EXTRA.as_bytes());
    let wide =
        terraform.get("functions.tf").replace("\"dynamodb:GetItem\"", "\"dynamodb:GetItem\", \"dynamodb:DeleteItem\"");
    terraform.put("functions.tf", wide.as_bytes());
    let queues = terraform.get("queues.tf").replace("= 345600", "= 60");
    terraform.put("queues.tf", queues.as_bytes());
    let told = terraform.told(&terraform.plan());
    assert_eq!(
        short(&told),
        [
            "cloud-wider aws_iam_role_policy.extra functions.get",
            "cloud-wider aws_iam_role_policy.get functions.get",
            "unknown-resource aws_iam_role_policy.extra functions.get",
            "unknown-resource aws_sqs_queue.extra -",
            "edited aws_sqs_queue.work resources.work",
        ]
    );
    let table = "arn:aws:dynamodb:eu-central-1:123456789012:table/orders-minimal-orders";
    let reason = format!("lets `functions.get` `dynamodb:DeleteItem` on `{table}` by iam");
    assert_eq!(told[1].details, [Detail::Reason(reason)]);
}

/// The resources of a plan as changed outside, from what they were in another one.
fn drifts(clean: &Value, edited: &Value, addresses: &[&str]) -> Value {
    let find = |plan: &Value, address: &str| {
        let all = plan["resource_changes"].as_array().expect("a list");
        all.iter().find(|one| one["address"] == address).expect("there").clone()
    };
    let one = |address: &&str| {
        let mut one = find(edited, address);
        let (before, after) = (find(clean, address)["change"]["before"].clone(), one["change"]["before"].clone());
        one["change"] = json!({"actions": ["update"], "before": before, "after": after});
        one
    };
    addresses.iter().map(one).collect()
}
