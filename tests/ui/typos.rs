//! One typo, one finding: every key of the storefront example is misspelt in turn.

use std::collections::BTreeMap;

use isobar::base::{FileId, Sources, Span};
use isobar::catalog::{Target, builtin};
use isobar::diag::{Finding, Severity};
use isobar::yaml::{Caps, Node, parse};
use isobar::{pipeline, plan};

use super::{Memory, folder, report, short};

/// Names that the user gives: each of the other places that refer to one is wrong then, and is found.
const NAMES: &[&str] = &["environments", "events", "functions", "resources", "vars"];

/// What is found about a name that is another one.
const REFERENCES: &[&str] = &["unknown-reference", "unknown-variable"];

/// Two slips of a hand: two letters swapped, and one left out.
fn misspelt(key: &str) -> Vec<String> {
    let letters: Vec<char> = key.chars().collect();
    let at = (1..letters.len().saturating_sub(1)).find(|at| letters[*at] != letters[at + 1] && letters[*at] != '-');
    let swapped = at.map(|at| {
        let mut letters = letters.clone();
        letters.swap(at, at + 1);
        letters
    });
    let shorter = (letters.len() > 2).then(|| {
        let mut letters = letters.clone();
        letters.remove(letters.len() / 2);
        letters
    });
    swapped.into_iter().chain(shorter).map(|letters| letters.into_iter().collect()).collect()
}

/// Every key of a tree with its place, and whether it is a name that the user gives.
fn keys(node: &Node, path: &mut Vec<String>, out: &mut Vec<(String, Span, bool)>) {
    for entry in node.entries() {
        let is_name = match path.as_slice() {
            [section] => NAMES.contains(&section.as_str()),
            // Attributes of tables, names that are referred to, variables, and what belongs to another tool.
            _ => path.last().is_some_and(|last| {
                matches!(last.as_str(), "indexes" | "partition" | "sort" | "uses" | "env" | "calls" | "s3")
            }),
        };
        let in_environment = path.len() == 3 && path[0] == "environments";
        out.push((entry.key.value.to_string(), entry.key.span, is_name || in_environment));
        path.push(entry.key.value.to_string());
        keys(&entry.value, path, out);
        path.pop();
    }
    for item in node.items() {
        keys(item, path, out);
    }
}

/// What `validate` shows of an application.
fn validate(files: &Memory, targets: &[Target]) -> Vec<Finding> {
    let mut sources = Sources::default();
    let root = isobar::base::RelPath::resolve("", "isobar.yaml").unwrap();
    let (application, mut findings) = pipeline::read(files, &root, &pipeline::Request::default(), &mut sources);
    if let Some(application) = application {
        findings.append(pipeline::judge(&application, targets, &sources));
        for target in targets {
            findings.append(plan::check(application.model(), target));
        }
    }
    findings.sorted().into_iter().filter(|finding| finding.severity > Severity::Note).collect()
}

#[test]
fn a_misspelt_key_is_one_finding() {
    let storefront = Memory::folder(&folder().join("../../examples/storefront"));
    let mut sources = Sources::default();
    let targets: Vec<Target> = ["aws", "kubernetes"]
        .map(|id| pipeline::load(builtin(id).unwrap(), id, &mut sources).0.unwrap())
        .into_iter()
        .collect();
    assert_eq!(validate(&storefront, &targets), []);
    let (mut failures, mut tried, mut silent) = (Vec::new(), 0, BTreeMap::new());
    let specs: Vec<String> = storefront.files.keys().filter(|path| super::is_yaml(path)).cloned().collect();
    for path in specs {
        let text = storefront.text(&path);
        let (tree, _) = parse(FileId(0), &text, &Caps::default());
        let mut all = Vec::new();
        keys(&tree.unwrap(), &mut Vec::new(), &mut all);
        for (key, span, is_name) in all {
            for wrong in misspelt(&key) {
                let mut changed = text.clone();
                changed.replace_range(span.start as usize..span.end as usize, &wrong);
                let mut files = storefront.clone();
                files.add(&path, &changed);
                let found = validate(&files, &targets);
                tried += 1;
                let list = || format!("\n    {}", found.iter().map(short).collect::<Vec<_>>().join("\n    "));
                // A name that is another one is missing where it is referred to, and is not used where it stands.
                let of_name = |f: &Finding| REFERENCES.contains(&f.id);
                if is_name && !found.iter().all(of_name) {
                    failures.push(format!("{path}: `{wrong}` for the name `{key}`{}", list()));
                } else if found.len() > 1 && !is_name {
                    failures.push(format!("{path}: `{wrong}` for `{key}`: {} findings{}", found.len(), list()));
                } else if found.is_empty() && !is_name {
                    *silent.entry(key.clone()).or_insert(0) += 1;
                } else if found.iter().any(|f| f.id == "unknown-key" && f.fix.is_none()) {
                    failures.push(format!("{path}: `{wrong}` for `{key}`: nothing is proposed{}", list()));
                }
            }
        }
    }
    assert!(tried > 250, "{tried} typos");
    assert_eq!(silent, BTreeMap::new(), "nothing is found");
    report(&failures);
}
