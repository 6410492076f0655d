//! What real Terraform plans, over the state that the old output left, for the same edits: which resources are made,
//! changed, made anew, moved and destroyed. Without `ISOBAR_ORACLES` the test says what it left out.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use isobar::catalog::{Lifecycle, Target};
use isobar::diff::{Change, Class, Detail, Level};
use isobar::emit::Artifact;

use crate::edits::{EDITS, Edit};
use crate::support::{changes, compile, edited, example, root, target};

/// Attributes that the oracle takes for keys, whatever the type.
const KEYS: [&str; 5] = ["bucket", "function_name", "hash_key", "name", "range_key"];

/// What becomes of a resource, by address: the actions of a plan, and where it was.
type Fates = BTreeMap<String, (String, Option<String>)>;

/// Terraform with the oracle's providers.
struct Terraform {
    home: PathBuf,
}

impl Terraform {
    fn new() -> Option<Self> {
        let program = root().join(std::env::var_os("ISOBAR_ORACLES")?).join("oracle");
        let ran = Command::new(&program).args(["setup", "terraform"]).status().expect("the oracle runs");
        assert!(ran.success(), "{} setup terraform", program.display());
        let home = std::env::var_os("ISOBAR_ORACLES_HOME").map_or_else(
            || PathBuf::from(std::env::var_os("HOME").expect("a home")).join(".cache/isobar-oracles"),
            PathBuf::from,
        );
        Some(Self { home: home.join("tf") })
    }

    fn run(&self, folder: &Path, data: &Path, arguments: &[&str]) -> String {
        let output = Command::new("terraform")
            .args(arguments)
            .current_dir(folder)
            .env("TF_CLI_CONFIG_FILE", self.home.join("terraform.rc"))
            .env("TF_DATA_DIR", data)
            .envs([("TF_IN_AUTOMATION", "1"), ("TF_INPUT", "0"), ("CHECKPOINT_DISABLE", "1")])
            .envs([("TF_DISABLE_PLUGIN_TLS", "1"), ("AWS_REGION", "us-east-1")])
            .output()
            .expect("terraform runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert!(output.status.success(), "terraform {arguments:?}:\n{}{}", text(&output.stdout), text(&output.stderr));
        text(&output.stdout)
    }
}

/// Writes an output, with its state beside it instead of far away.
fn write(artifacts: &[Artifact], folder: &Path) {
    for artifact in artifacts {
        let path = folder.join(&artifact.path);
        fs::create_dir_all(path.parent().expect("below a folder")).expect("creatable");
        fs::write(path, &artifact.bytes).expect("writable");
    }
    fs::write(folder.join("zz_state_override.tf"), "terraform {\n  backend \"local\" {}\n}\n").expect("writable");
}

/// An example that was applied.
struct Applied {
    folder: tempfile::TempDir,
    artifacts: Vec<Artifact>,
}

impl Applied {
    fn new(terraform: &Terraform, aws: &Target, name: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let artifacts = compile(&example(name), aws);
        write(&artifacts, folder.path());
        let data = folder.path().join(".terraform");
        terraform.run(folder.path(), &data, &["init", "-no-color"]);
        terraform.run(folder.path(), &data, &["apply", "-no-color", "-auto-approve"]);
        Self { folder, artifacts }
    }

    /// What Terraform would do with another output.
    fn plan(&self, terraform: &Terraform, artifacts: &[Artifact]) -> Fates {
        let folder = tempfile::tempdir().expect("a temporary folder");
        write(artifacts, folder.path());
        for file in ["terraform.tfstate", ".terraform.lock.hcl"] {
            fs::copy(self.folder.path().join(file), folder.path().join(file)).expect("it was applied");
        }
        let data = self.folder.path().join(".terraform");
        let lines = terraform.run(folder.path(), &data, &["plan", "-json", "-refresh=false"]);
        lines.lines().filter_map(planned).collect()
    }
}

/// What a line of a plan says of a resource.
fn planned(line: &str) -> Option<(String, (String, Option<String>))> {
    let line: serde_json::Value = serde_json::from_str(line).expect("JSON");
    let change = line.get("change").filter(|_| line["type"] == "planned_change")?;
    let address = |at: &str| change.get(at).and_then(|resource| resource["addr"].as_str()).map(str::to_owned);
    let action = change["action"].as_str().expect("a text").to_owned();
    Some((address("resource").expect("an address"), (action, address("previous_resource"))))
}

/// Our changes in the words of a plan.
fn fates(changes: &[Change]) -> Fates {
    let quoted = |text: &str| text.split('`').nth(1).map(str::to_owned);
    let fate = |change: &Change| {
        let class = change.class;
        assert_eq!(class.level(), Level::Deployment);
        if class == Class::Moved {
            let fate = if change.details.is_empty() { "move" } else { "update" };
            return (fate.to_owned(), change.message.split("what was ").nth(1).and_then(quoted));
        }
        let fate = if class == Class::Added {
            "create"
        } else if class == Class::Changed {
            "update"
        } else if change.message.contains("made anew") {
            "replace"
        } else {
            "delete"
        };
        let from = change.details.iter().find_map(|detail| match detail {
            Detail::Reason(text) => text.strip_prefix("it was ").and_then(quoted),
            Detail::Value { .. } => None,
        });
        (fate.to_owned(), from)
    };
    // What protects stands beside what becomes of a resource.
    let told = changes.iter().filter(|change| change.class != Class::ProtectionRemoved);
    told.map(|change| (change.subject.clone(), fate(change))).collect()
}

/// The manifest as the oracle sees the world: it guesses by name what makes a resource anew, knows of no attribute that is
/// renewed, and takes a policy for a text.
fn guessed(lifecycle: &Lifecycle) -> Lifecycle {
    let mut guessed = lifecycle.clone();
    for row in &mut guessed.resources {
        // Here it is an ARN; what is not known yet makes nothing anew for the oracle.
        let is_reference = ["aws_lambda_event_source_mapping", "aws_lambda_permission"].contains(&row.kind.as_str());
        let keys = KEYS.iter().filter(|key| !(is_reference && **key == "function_name"));
        row.replaced_by = keys.map(|key| (*key).to_owned()).collect();
        row.renews.attributes.clear();
        row.unordered.clear();
    }
    guessed
}

/// Where the oracle's guess and the provider's source part, and what is told follows the provider: the type, what the oracle
/// plans, what is told, how many of all edits, and why.
const BEYOND: &[(&str, &str, &str, usize, &str)] = &[
    ("aws_apigatewayv2_api", "replace", "update", 1, "`name` is changed in place"),
    ("aws_apigatewayv2_route", "update", "none", 1, "it refers to an API that stays"),
    ("aws_cloudwatch_event_target", "update", "replace", 3, "`rule` forces a new resource"),
    ("aws_cloudwatch_metric_alarm", "update", "replace", 19, "its name is `alarm_name`"),
    ("aws_iam_role_policy", "update", "none", 1, "the order in a policy says nothing"),
    ("aws_iam_role_policy", "update", "replace", 7, "`role` forces a new resource"),
    ("aws_lambda_alias", "none", "update", 2, "code that is published gets another version"),
    ("aws_lambda_event_source_mapping", "update", "replace", 3, "`event_source_arn` forces a new resource"),
    ("aws_lambda_permission", "update", "replace", 6, "all of its attributes force a new resource"),
    ("aws_sns_topic_policy", "update", "replace", 2, "`arn` forces a new resource"),
    ("aws_sns_topic_subscription", "update", "replace", 1, "`topic_arn` forces a new resource"),
    ("aws_sqs_queue_policy", "update", "none", 1, "the order in a policy says nothing"),
    ("aws_sqs_queue_policy", "update", "replace", 7, "`queue_url` forces a new resource"),
    ("aws_sqs_queue_redrive_allow_policy", "update", "replace", 3, "`queue_url` forces a new resource"),
    ("aws_sqs_queue_redrive_policy", "update", "replace", 3, "`queue_url` forces a new resource"),
];

struct Judged {
    name: &'static str,
    wrong: Vec<String>,
    counts: BTreeMap<&'static str, usize>,
    /// Type, plan and what is told, where these differ.
    others: Vec<(String, String, String)>,
    /// Resources that both make anew.
    agreed: usize,
}

fn judge(terraform: &Terraform, aws: &Target, applied: &Applied, edit: &Edit) -> Judged {
    let (name, example_name, edits) = *edit;
    let artifacts = compile(&edited(&example(example_name), edits), aws);
    let planned = applied.plan(terraform, &artifacts);
    let lifecycle = &aws.manifest.lifecycle;
    let ours = fates(&changes(&applied.artifacts, &artifacts, aws, &guessed(lifecycle)));
    let told = fates(&changes(&applied.artifacts, &artifacts, aws, lifecycle));
    let all: BTreeSet<&String> = planned.keys().chain(ours.keys()).collect();
    let differ = all.into_iter().filter(|address| planned.get(*address) != ours.get(*address));
    let wrong = differ.map(|a| format!("{name}: {a}: planned {:?}, told {:?}", planned.get(a), ours.get(a))).collect();
    let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
    for (fate, _) in planned.values() {
        let kind = ["create", "delete", "move", "replace", "update"].into_iter().find(|kind| kind == fate);
        *counts.entry(kind.expect("known")).or_default() += 1;
    }
    let all: BTreeSet<&String> = planned.keys().chain(told.keys()).collect();
    let others = all.into_iter().filter_map(|address| {
        let fate = |fates: &Fates| fates.get(address).map_or("none".to_owned(), |(fate, _)| fate.clone());
        let (plan, we) = (fate(&planned), fate(&told));
        let kind = address.split('.').next().expect("a type").to_owned();
        (plan != we).then_some((kind, plan, we))
    });
    let others = others.collect();
    let agreed =
        told.iter().filter(|(at, (fate, _))| fate == "replace" && planned.get(*at).is_some_and(|p| p.0 == "replace"));
    let agreed = agreed.count();
    Judged { name, wrong, counts, others, agreed }
}

#[test]
fn what_is_told_is_what_terraform_plans() {
    let Some(terraform) = Terraform::new() else {
        eprintln!("left out: plans of {} edits (ISOBAR_ORACLES is not set)", EDITS.len());
        return;
    };
    let started = std::time::Instant::now();
    let aws = target("aws");
    let names: BTreeSet<&str> = EDITS.iter().map(|(_, example, _)| *example).collect();
    let applied: BTreeMap<&str, Applied> = std::thread::scope(|scope| {
        let (terraform, aws) = (&terraform, &aws);
        let all: Vec<_> =
            names.iter().map(|name| (*name, scope.spawn(move || Applied::new(terraform, aws, name)))).collect();
        all.into_iter().map(|(name, thread)| (name, thread.join().expect("it is applied"))).collect()
    });
    let (left, judged) = (Mutex::new(EDITS.iter()), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let Some(edit) = left.lock().expect("sound").next() else { break };
                    let one = judge(&terraform, &aws, &applied[edit.1], edit);
                    judged.lock().expect("sound").push(one);
                }
            });
        }
    });
    let mut judged = judged.into_inner().expect("sound");
    judged.sort_by_key(|one| EDITS.iter().position(|edit| edit.0 == one.name));
    let wrong: Vec<&String> = judged.iter().flat_map(|one| &one.wrong).collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (fate, count) in judged.iter().flat_map(|one| &one.counts) {
        *counts.entry(fate).or_default() += count;
    }
    let mut others: BTreeMap<(&str, &str, &str), usize> = BTreeMap::new();
    for (kind, plan, told) in judged.iter().flat_map(|one| &one.others) {
        *others.entry((kind, plan, told)).or_default() += 1;
    }
    println!(
        "{} edits in {:?}; planned {counts:?}; made anew for both {}, otherwise than the oracle guesses {}",
        judged.len(),
        started.elapsed(),
        judged.iter().map(|one| one.agreed).sum::<usize>(),
        others.values().sum::<usize>(),
    );
    assert!(wrong.is_empty(), "{}", wrong.iter().map(|w| w.as_str()).collect::<Vec<_>>().join("\n"));
    let beyond: BTreeMap<(&str, &str, &str), usize> =
        BEYOND.iter().map(|(kind, plan, told, count, _)| ((*kind, *plan, *told), *count)).collect();
    assert_eq!(others, beyond);
}
