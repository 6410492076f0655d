//! The house holds itself: who may import whom, how files look, that every rule is complete, that no cloud is named in
//! the core. Each failure names file and line.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr
)]

mod source;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use source::{Source, rust_files};

/// architecture.md §2. A module may import itself, and what is listed. Modules that are not listed stand at the top and
/// import what they need: commands, host, pipeline, main, lib, and what stands on the pipeline.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("base", &[]),
    ("diag", &["base"]),
    ("yaml", &["base", "diag"]),
    ("spec", &["base", "diag", "yaml"]),
    ("model", &["base", "diag", "spec"]),
    ("graph", &["base", "diag", "model"]),
    ("catalog", &["base", "diag", "yaml", "model"]),
    ("analysis", &["base", "diag", "model", "graph", "catalog"]),
    ("rules", &["base", "diag", "model", "graph", "analysis"]),
    ("plan", &["base", "diag", "model", "graph", "analysis", "catalog"]),
    ("emit", &["base", "diag", "plan", "catalog"]),
    ("artifact", &["base", "diag", "catalog", "analysis"]),
    ("access", &["base", "diag", "model", "graph", "analysis", "plan"]),
];

/// Where a module may use only some names of another: of the model, a catalogue knows kinds and verbs; of the analysis,
/// the reader of artifacts knows the access relation.
const ONLY: &[(&str, &str, &[&str])] = &[
    ("catalog", "model", &["FunctionKind", "NodeKind", "ResourceKind", "ScopeKind", "TriggerKind", "Verb"]),
    ("artifact", "analysis", &["Access", "Actor", "Object", "Tuple"]),
];

/// What stands at the top.
const TOP: &[&str] = &["commands", "diff", "host", "import", "lib", "main", "overriding", "pipeline", "proof"];

/// Names of platforms and of their products.
const CLOUDS: &[&str] = &[
    "aws",
    "amazon",
    "lambda",
    "sqs",
    "sns",
    "dynamodb",
    "eventbridge",
    "kinesis",
    "cloudwatch",
    "gcp",
    "google",
    "pubsub",
    "eventarc",
    "azure",
    "cosmos",
    "kubernetes",
    "k8s",
    "knative",
    "keda",
    "strimzi",
    "cloudflare",
    "workerd",
];

/// Modules in which no platform is named.
const NEUTRAL: &[&str] = &["spec", "model", "graph", "analysis", "rules", "plan", "emit", "artifact", "diff"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files of `src`, those for tests alone marked throughout.
fn sources() -> Vec<Source> {
    let src = root().join("src");
    let mut sources: Vec<Source> = rust_files(&src).iter().map(|file| Source::read(&src, file)).collect();
    let test_files: Vec<String> = sources.iter().flat_map(|source| source.test_files.clone()).collect();
    for source in &mut sources {
        let is_test = |test: &String| source.path == *test || test.ends_with('/') && source.path.starts_with(test);
        if test_files.iter().any(is_test) {
            source.is_test.fill(true);
        }
    }
    assert!(sources.len() > 40, "the walk over src found {} files", sources.len());
    sources
}

fn report(failures: &[String]) {
    assert!(failures.is_empty(), "\n{}\n", failures.join("\n"));
}

/// What is wrong with the imports of one file.
fn forbidden(source: &Source) -> Vec<String> {
    let module = source.module();
    let Some((_, allowed)) = MAY_IMPORT.iter().find(|(name, _)| *name == module) else { return Vec::new() };
    let judge = |import: source::Import| {
        let [to, rest @ ..] = import.path.as_slice() else { return None };
        let place = format!("src/{}:{}", source.path, import.line);
        if to == module {
            return None;
        }
        if !allowed.contains(&to.as_str()) {
            return Some(format!("{place}: {module} may not import {to}"));
        }
        let (_, _, names) = ONLY.iter().find(|(from, of, _)| *from == module && of == to)?;
        match rest {
            [name, ..] if names.contains(&name.as_str()) => None,
            _ => Some(format!("{place}: {module} may not import {to}::{}", rest.join("::"))),
        }
    };
    source.imports().into_iter().filter_map(judge).collect()
}

#[test]
fn modules_import_what_the_table_allows() {
    report(&sources().iter().flat_map(forbidden).collect::<Vec<_>>());
}

#[test]
fn every_module_is_in_the_table_or_at_the_top() {
    let known: BTreeSet<&str> = MAY_IMPORT.iter().map(|(name, _)| *name).chain(TOP.iter().copied()).collect();
    let sources = sources();
    let unknown: BTreeSet<&str> =
        sources.iter().map(Source::module).filter(|module| !module.is_empty() && !known.contains(module)).collect();
    assert!(unknown.is_empty(), "modules that the import table does not know: {unknown:?}");
}

#[test]
fn no_command_imports_another() {
    let mut failures = Vec::new();
    for source in sources() {
        let Some(own) = source.path.strip_prefix("commands/").map(|rest| rest.trim_end_matches(".rs")) else {
            continue;
        };
        let own = own.split('/').next().unwrap();
        let commands: BTreeSet<String> = std::fs::read_dir(root().join("src/commands"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().trim_end_matches(".rs").to_owned())
            .collect();
        for import in source.imports() {
            match import.path.as_slice() {
                [module, command]
                    if module == "commands" && command != own && commands.contains(command) && own != "mod" =>
                {
                    failures.push(format!("src/{}:{}: {own} imports the command {command}", source.path, import.line));
                }
                _ => {}
            }
        }
    }
    report(&failures);
}

#[test]
fn files_open_with_what_they_are_for_and_stay_short() {
    let mut failures = Vec::new();
    for source in sources() {
        if !source.text.starts_with("//! ") {
            failures.push(format!("src/{}:1: the file does not open with `//!`", source.path));
        }
        let lines = source.text.lines().count();
        if lines > 600 {
            failures.push(format!("src/{}:601: the file has {lines} lines", source.path));
        }
    }
    report(&failures);
}

#[test]
fn no_test_is_switched_off() {
    let attribute = concat!("#[", "ignore");
    let mut failures = Vec::new();
    for file in ["src", "tests"].iter().flat_map(|folder| rust_files(&root().join(folder))) {
        for (number, line) in std::fs::read_to_string(&file).unwrap().lines().enumerate() {
            if line.trim_start().starts_with(attribute) {
                failures.push(format!("{}:{}: a test is switched off", file.display(), number + 1));
            }
        }
    }
    report(&failures);
}

/// What names a platform in one file: words in code, text and comments outside of tests.
fn clouds_in(source: &Source) -> Vec<String> {
    let mut failures = Vec::new();
    for (number, (line, is_test)) in source.text.lines().zip(&source.is_test).enumerate() {
        let lower = line.to_ascii_lowercase();
        let named = lower.split(|c: char| !c.is_ascii_alphanumeric()).find(|word| CLOUDS.contains(word));
        if let (Some(word), false) = (named, is_test) {
            failures.push(format!("src/{}:{}: `{word}` is named in the core", source.path, number + 1));
        }
    }
    failures
}

#[test]
fn the_core_names_no_cloud() {
    let sources = sources();
    let neutral = sources.iter().filter(|source| NEUTRAL.contains(&source.module()));
    // A dialect is named by the format that it writes, and a format may be a platform's own.
    let core = neutral.filter(|source| !source.path.starts_with("emit/dialect/"));
    report(&core.flat_map(clouds_in).collect::<Vec<_>>());
}

#[test]
fn every_rule_is_complete() {
    let folder = root().join("src/rules");
    let registry = std::fs::read_to_string(folder.join("mod.rs")).unwrap();
    let mut failures = Vec::new();
    let mut files = 0;
    for file in rust_files(&folder) {
        let below: Vec<String> =
            file.strip_prefix(&folder).unwrap().iter().map(|part| part.to_string_lossy().into_owned()).collect();
        let [category, name] = below.as_slice() else { continue };
        let Some(name) = name.strip_suffix(".rs").filter(|name| *name != "mod") else { continue };
        files += 1;
        let id = name.replace('_', "-");
        let mut fail = |what: &str| failures.push(format!("{}:1: {what}", file.display()));
        match isobar::rules::find(&id) {
            None => fail(&format!("no rule has the id `{id}`")),
            Some(rule) if rule.category.as_str().replace('-', "_") != *category => {
                fail(&format!("the rule is in the category {}", rule.category.as_str()));
            }
            Some(_) => {}
        }
        if registry.matches(&format!("&{category}::{name}::RULE,")).count() != 1 {
            fail("the rule is not named once in `ALL`");
        }
        if !file.with_extension("md").is_file() {
            fail("its page is missing");
        }
        for twin in ["invalid_", "valid_"] {
            if fixtures(&id, twin).is_empty() {
                fail(&format!("no tests/ui/{id}/{twin}*.yaml"));
            }
        }
        if !root().join(format!("tests/ui/{id}/storefront.edit.yaml")).is_file() {
            fail(&format!("no tests/ui/{id}/storefront.edit.yaml"));
        }
    }
    assert_eq!(files, isobar::rules::ALL.len(), "files of rules and entries of `ALL`");
    report(&failures);
}

fn fixtures(id: &str, prefix: &str) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(root().join("tests/ui").join(id)) else { return Vec::new() };
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.filter(|path| path.file_name().unwrap().to_string_lossy().starts_with(prefix)).collect()
}

/// The checks above are checked on files made for it: what they must find, and what they must leave alone.
mod of_the_checks {
    use super::*;

    fn judge(path: &str, text: &str) -> Vec<String> {
        forbidden(&Source::new(path.to_owned(), text.to_owned()))
    }

    #[test]
    fn imports_are_seen_in_every_form() {
        assert_eq!(judge("rules/a.rs", "use crate::plan::View;\n"), ["src/rules/a.rs:1: rules may not import plan"]);
        let group = "use crate::{\n    base::Span,\n    emit::{self, Artifact},\n};\n";
        assert_eq!(judge("rules/a/b.rs", group).len(), 2);
        assert_eq!(judge("graph/a.rs", "fn f() -> crate::yaml::Node { todo }\n").len(), 1);
        assert_eq!(
            judge("graph/a.rs", "\n\nuse super::super::plan::View;\n"),
            ["src/graph/a.rs:3: graph may not import plan"]
        );
        assert_eq!(judge("base/mod.rs", "use super::diag::Finding;\n").len(), 1);
        assert_eq!(judge("graph/mod.rs", "mod inner {\n    use super::super::plan::X;\n}\n").len(), 1);
    }

    #[test]
    fn what_is_allowed_is_left_alone() {
        assert!(judge("rules/a.rs", "use crate::{analysis::Facts, base::Span};\nuse crate::rules::Rule;\n").is_empty());
        assert!(judge("graph/a.rs", "use super::plan::View;\nmod inner { use super::super::x; }\n").is_empty());
        assert!(
            judge("graph/a.rs", "// crate::plan\nconst A: &str = \"crate::plan\"; const B: char = '\"';\n").is_empty()
        );
        let test = "#[cfg(test)]\nmod tests {\n    use crate::plan::View;\n}\n";
        assert!(judge("graph/a.rs", test).is_empty());
        assert_eq!(judge("graph/a.rs", &format!("{test}use crate::plan::View;\n")).len(), 1);
        assert!(judge("commands/a.rs", "use crate::plan::View;\n").is_empty());
    }

    #[test]
    fn some_names_of_a_module_are_kept_back() {
        assert!(judge("catalog/a.rs", "use crate::model::{Verb, TriggerKind};\n").is_empty());
        assert_eq!(
            judge("catalog/a.rs", "use crate::model::{Verb, Model};\n"),
            ["src/catalog/a.rs:1: catalog may not import model::Model"]
        );
        assert_eq!(judge("artifact/a.rs", "use crate::analysis::Facts;\n").len(), 1);
        assert_eq!(judge("catalog/a.rs", "use crate::model;\n").len(), 1);
    }

    #[test]
    fn clouds_are_seen_as_words() {
        let judge = |text: &str| clouds_in(&Source::new("graph/a.rs".to_owned(), text.to_owned()));
        assert_eq!(judge("// like AWS does\nlet x = \"my-sqs-queue\";\n").len(), 2);
        assert!(judge("let flaws = laws;\n#[cfg(test)]\nmod tests {\n    // aws\n}\n").is_empty());
    }
}
