//! The evaluator of policies that `ISOBAR_ORACLES` names: it judges the same calls by the actions and resources that it
//! knows them to need, lints the statements, and says what is granted and not needed.

use std::path::PathBuf;
use std::process::Command;

use rayon::prelude::*;
use serde_json::{Map, Value, json};

use super::cases::{Actions, Case};
use super::names::{ACCOUNT, REGION};
use super::read::Policies;
use crate::application::Compiled;
use crate::support::root;

/// So many applications are judged by one run: it looks through all calls for each role.
const BATCH: usize = 8;

pub(crate) struct Oracle {
    folder: PathBuf,
}

impl Oracle {
    /// Where the environment names it.
    pub(crate) fn find() -> Option<Self> {
        let folder = root().join(std::env::var_os("ISOBAR_ORACLES")?);
        let program = folder.join("oracle");
        assert!(program.is_file(), "ISOBAR_ORACLES is set, but {} is no program", program.display());
        Some(Self { folder })
    }

    /// All actions that it knows, by service.
    pub(crate) fn actions(&self) -> Actions {
        let text = std::fs::read(self.folder.join("iam/data/aws.json")).expect("readable");
        let data: Value = serde_json::from_slice(&text).expect("JSON");
        let services = data["services"].as_object().expect("services");
        let names = |service: &Value| service["actions"].as_object().expect("actions").keys().cloned().collect();
        services.iter().map(|(prefix, service)| (prefix.clone(), names(service))).collect()
    }

    /// Fails where it judges otherwise.
    pub(crate) fn judge(&self, all: &[(&Compiled, &Policies, Vec<Case>)]) {
        // The first run may have to install it.
        self.run(&all[..1]);
        let runs: Vec<(usize, Vec<String>)> = all.par_chunks(BATCH).map(|batch| self.run(batch)).collect();
        let count: usize = runs.iter().map(|(count, _)| count).sum();
        let wrong: Vec<&String> = runs.iter().flat_map(|(_, wrong)| wrong).collect();
        let shown: Vec<&str> = wrong.iter().take(40).map(|line| line.as_str()).collect();
        assert!(
            wrong.is_empty(),
            "{} of {count} calls and more are judged otherwise:\n{}",
            wrong.len(),
            shown.join("\n")
        );
        eprintln!("`oracle iam`: {count} calls of {} applications, all judged as the graph says", all.len());
    }

    /// How many calls, and what is wrong with them.
    fn run(&self, batch: &[(&Compiled, &Policies, Vec<Case>)]) -> (usize, Vec<String>) {
        let mut roles = Map::new();
        let mut cases = Vec::new();
        for (compiled, policies, of) in batch {
            for (node, role) in &policies.roles {
                let document = json!({ "Version": "2012-10-17", "Statement": role.statements });
                roles.insert(format!("{}/{node}", compiled.name), json!({ "policies": [document] }));
            }
            cases.extend(of.iter().map(|case| case.json(&compiled.name)));
        }
        let count = cases.len();
        let input = json!({ "account": ACCOUNT, "region": REGION, "roles": roles, "cases": cases });
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("cases.json");
        std::fs::write(&file, input.to_string()).expect("writable");
        let output = Command::new(self.folder.join("oracle")).arg("iam").arg(&file).output().expect("it runs");
        let (text, said) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(said.contains(&format!("{count} cases, ")), "{said}");
        // A note is about what the oracle does not know.
        let is_wrong = |line: &&str| !line.starts_with("lint note");
        (count, text.lines().filter(is_wrong).map(str::to_owned).collect())
    }
}
