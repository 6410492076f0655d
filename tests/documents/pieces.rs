//! The pieces for CI do what they say, as far as that goes without a network: the steps of the action, the hooks of
//! pre-commit, and the snippets of the README run with the built program in the place of the installed one.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::applications::root;

/// A repository with the application that `isobar init` writes.
fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    assert!(bash("isobar init", folder.path(), &BTreeMap::new()).status.success());
    folder
}

fn edit(folder: &Path, from: &str, to: &str) {
    let path = folder.join("isobar.yaml");
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "no {from:?} in {text}");
    fs::write(path, text.replacen(from, to, 1)).unwrap();
}

/// Runs a script as GitHub does, with the program in the path.
fn bash(script: &str, folder: &Path, env: &BTreeMap<String, String>) -> Output {
    let program = Path::new(env!("CARGO_BIN_EXE_isobar")).parent().unwrap().to_path_buf();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths([program].into_iter().chain(std::env::split_paths(&path))).unwrap();
    let mut command = Command::new("bash");
    command.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script]);
    command.current_dir(folder).env("PATH", path).envs(env).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn yaml(text: &str) -> Value {
    serde_yaml::from_str(text).unwrap_or_else(|e| panic!("{e}\n{text}"))
}

fn action() -> Value {
    yaml(&fs::read_to_string(root().join("action.yml")).unwrap())
}

/// An expression of a workflow, without its braces.
fn value_of(expression: &str, inputs: &BTreeMap<String, String>) -> String {
    match expression.trim() {
        "github.server_url" => "https://github.com".to_owned(),
        "github.repository" => "me/shop".to_owned(),
        "github.sha" => "0a1b2c".to_owned(),
        other => inputs[other.strip_prefix("inputs.").unwrap()].clone(),
    }
}

fn filled(text: &str, inputs: &BTreeMap<String, String>) -> String {
    let mut parts = text.split("${{");
    let mut out = parts.next().unwrap().to_owned();
    for part in parts {
        let (expression, rest) = part.split_once("}}").unwrap();
        out += &(value_of(expression, inputs) + rest);
    }
    out
}

/// Whether a step runs: all that its `if` may be is joined by `&&`.
fn is_due(step: &Value, has_failed: bool, inputs: &BTreeMap<String, String>) -> bool {
    let Some(condition) = step["if"].as_str() else { return !has_failed };
    let condition = condition.trim_start_matches("${{").trim_end_matches("}}");
    let holds = |term: &str| match term.trim() {
        "!cancelled()" => true,
        other => !value_of(other.strip_suffix("!= ''").unwrap(), inputs).is_empty(),
    };
    condition.split("&&").all(holds) && (!has_failed || condition.contains("!cancelled()"))
}

/// What came of the action.
struct Run {
    steps: Vec<(String, i32)>,
    log: String,
    summary: String,
}

fn run_action(folder: &Path, with: &[(&str, &str)]) -> Run {
    run_action_behind("", folder, with)
}

/// With a line before the script of each step.
fn run_action_behind(line: &str, folder: &Path, with: &[(&str, &str)]) -> Run {
    let action = action();
    let declared = action["inputs"].as_object().unwrap();
    let mut inputs: BTreeMap<String, String> =
        declared.iter().map(|(name, input)| (name.clone(), input["default"].as_str().unwrap().to_owned())).collect();
    for (name, value) in with {
        assert!(inputs.insert((*name).to_owned(), (*value).to_owned()).is_some(), "the action has no input {name}");
    }
    let temp = tempfile::tempdir().unwrap();
    let summary = temp.path().join("summary");
    let mut run = Run { steps: Vec::new(), log: String::new(), summary: String::new() };
    for step in action["runs"]["steps"].as_array().unwrap() {
        assert_eq!(step["shell"], "bash");
        let has_failed = run.steps.iter().any(|(_, code)| *code != 0);
        if !is_due(step, has_failed, &inputs) {
            continue;
        }
        let own = step["env"].as_object().into_iter().flatten();
        let mut env: BTreeMap<String, String> =
            own.map(|(name, value)| (name.clone(), filled(value.as_str().unwrap(), &inputs))).collect();
        env.insert("GITHUB_STEP_SUMMARY".to_owned(), summary.display().to_string());
        let output = bash(&format!("{line}\n{}", step["run"].as_str().unwrap()), folder, &env);
        run.steps.push((step["name"].as_str().unwrap().to_owned(), output.status.code().unwrap()));
        run.log += &(text(&output.stdout) + &text(&output.stderr));
    }
    run.summary = fs::read_to_string(summary).unwrap_or_default();
    run
}

#[test]
fn the_action_passes_a_clean_application() {
    let folder = repository();
    let run = run_action(folder.path(), &[("target", "aws")]);
    assert_eq!(run.steps, [("Install".to_owned(), 0), ("Findings".to_owned(), 0)], "{}", run.log);
    assert!(run.summary.starts_with("<!-- isobar:findings -->\n### Isobar: "), "{}", run.summary);
    assert!(!run.log.contains("::error"), "{}", run.log);
}

#[test]
fn the_action_shows_what_is_wrong_and_fails() {
    let folder = repository();
    edit(folder.path(), "type: queue", "type: quoue");
    let run = run_action(folder.path(), &[("command", "validate"), ("sarif-file", "found.sarif")]);
    assert_eq!(run.steps, [("Install".to_owned(), 0), ("Findings".to_owned(), 1)], "{}", run.log);
    assert!(run.log.contains("::error file=isobar.yaml,line=16,"), "{}", run.log);
    assert!(run.summary.contains("(https://github.com/me/shop/blob/0a1b2c/isobar.yaml#L16)"), "{}", run.summary);
    let log: Value = serde_json::from_str(&fs::read_to_string(folder.path().join("found.sarif")).unwrap()).unwrap();
    assert_eq!(log["runs"][0]["results"][0]["ruleId"], "unknown-word");
}

#[test]
fn the_action_fails_where_it_cannot_run_and_takes_its_inputs_as_they_are() {
    let folder = repository();
    let steps = |with: &[(&str, &str)]| run_action(folder.path(), with).steps.pop().unwrap();
    assert_eq!(steps(&[("spec", "nowhere")]), ("Findings".to_owned(), 2));
    assert_eq!(steps(&[("spec", "--help")]), ("Findings".to_owned(), 2));
    assert_eq!(steps(&[("spec", "$(touch found)")]), ("Findings".to_owned(), 2));
    assert_eq!(steps(&[("target", "aws kubernetes")]), ("Findings".to_owned(), 0));
    assert_eq!(steps(&[("target", "*")]), ("Findings".to_owned(), 2));
    assert_eq!(steps(&[("target", "kubernetes"), ("fail-on", "warning")]), ("Findings".to_owned(), 0));
    assert!(!folder.path().join("found").exists());
}

#[test]
fn the_action_asks_for_changes_where_there_is_a_base() {
    let folder = repository();
    let with = [("diff-base", "origin/main"), ("target", "aws kubernetes"), ("deny", "exposure,data-loss")];
    let run = run_action_behind("isobar() { echo \"isobar $*\"; }", folder.path(), &with);
    assert!(run.steps.iter().all(|(_, code)| *code == 0), "{:?}: {}", run.steps, run.log);
    let asked = |format: &str| {
        format!(
            "isobar diff --ci --target aws --target kubernetes --deny exposure,data-loss --format {format} -- \
             git:origin/main...:isobar.yaml isobar.yaml\n"
        )
    };
    assert!(run.log.ends_with(&asked("github")), "{}", run.log);
    assert!(run.summary.ends_with(&asked("markdown")), "{}", run.summary);
    // Findings that fail do not hide the changes.
    let fails = "isobar() { echo \"isobar $*\"; [ $1 = diff ]; }";
    let run = run_action_behind(fails, folder.path(), &[("diff-base", "HEAD")]);
    let codes: Vec<i32> = run.steps.iter().map(|(_, code)| *code).collect();
    assert_eq!(codes, [0, 1, 0], "{}", run.log);
    assert!(
        run.log.ends_with("isobar diff --ci --format github -- git:HEAD...:isobar.yaml isobar.yaml\n"),
        "{}",
        run.log
    );
}

/// The step of changes needs a command that a program of this version may not have yet.
#[test]
fn the_action_compares_with_a_revision() {
    let folder = repository();
    let none = BTreeMap::new();
    if !bash("isobar diff --help", folder.path(), &none).status.success() {
        return;
    }
    let commit =
        "git init -q . && git add . && git -c user.name=a -c user.email=a@b -c commit.gpgsign=false commit -qm a";
    assert!(bash(commit, folder.path(), &none).status.success());
    let run = run_action(folder.path(), &[("diff-base", "HEAD")]);
    assert_eq!(run.steps.last().unwrap(), &("Changes".to_owned(), 0), "{}", run.log);
}

#[test]
fn the_action_uses_what_it_declares() {
    let text = fs::read_to_string(root().join("action.yml")).unwrap();
    let action = action();
    let declared: BTreeSet<&str> = action["inputs"].as_object().unwrap().keys().map(String::as_str).collect();
    let used = text.split("inputs.").skip(1).map(|rest| rest.split([' ', '}']).next().unwrap());
    assert_eq!(used.collect::<BTreeSet<_>>(), declared);
    let steps = action["runs"]["steps"].as_array().unwrap();
    // What a workflow is given must not become part of a script.
    assert!(steps.iter().all(|step| !step["run"].as_str().unwrap().contains("${{")));
    let install = steps[0]["run"].as_str().unwrap();
    assert!(install.contains("cargo install --locked --quiet --path \"$GITHUB_ACTION_PATH\""), "{install}");
}

fn hooks() -> Vec<Value> {
    let hooks = yaml(&fs::read_to_string(root().join(".pre-commit-hooks.yaml")).unwrap());
    hooks.as_array().unwrap().clone()
}

#[test]
fn the_hooks_judge_an_application() {
    let folder = repository();
    let none = BTreeMap::new();
    let code = |hook: &Value, folder: &Path, args: &str| {
        let entry = hook["entry"].as_str().unwrap();
        assert!(entry.starts_with("isobar ") && hook["language"] == "rust" && hook["pass_filenames"] == false);
        bash(&format!("{entry} {args}"), folder, &none).status.code().unwrap()
    };
    for hook in hooks() {
        assert_eq!(code(&hook, folder.path(), ""), 0, "{hook}");
        assert_eq!(code(&hook, &root(), "examples/storefront"), 0, "{hook}");
    }
    // One that changes a file makes the commit fail by that, whatever its exit code.
    let tidy = fs::read(folder.path().join("isobar.yaml")).unwrap();
    edit(folder.path(), "\nresources:", "\n\n\n\nresources:   ");
    let fmt = hooks().into_iter().find(|hook| hook["id"] == "isobar-fmt").unwrap();
    assert_eq!(code(&fmt, folder.path(), ""), 0);
    assert_eq!(fs::read(folder.path().join("isobar.yaml")).unwrap(), tidy);
    edit(folder.path(), "type: queue", "type: quoue");
    for hook in hooks().iter().filter(|hook| hook["id"] != "isobar-fmt") {
        assert_eq!(code(hook, folder.path(), ""), 1, "{hook}");
    }
}

/// A snippet of the README by a word in it.
fn snippet(word: &str) -> Value {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let section = readme.split("\n## In CI\n").nth(1).unwrap().split("\n## ").next().unwrap();
    let blocks: Vec<&str> = section.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    yaml(blocks.iter().find(|block| block.contains(word)).unwrap())
}

#[test]
fn the_workflow_of_the_readme_runs() {
    let workflow = snippet("runs-on");
    let steps = workflow["jobs"]["isobar"]["steps"].as_array().unwrap();
    let version = concat!("isobar-dev/isobar@v", env!("CARGO_PKG_VERSION"));
    let step = steps.iter().find(|step| step["uses"] == version).unwrap();
    let with: Vec<(&str, &str)> = step["with"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str().unwrap()))
        .collect();
    let folder = repository();
    let run = run_action(folder.path(), &with);
    assert!(run.steps.iter().all(|(_, code)| *code == 0), "{:?}: {}", run.steps, run.log);
    let upload = steps.iter().find(|step| step["with"].get("sarif_file").is_some()).unwrap();
    assert!(folder.path().join(upload["with"]["sarif_file"].as_str().unwrap()).is_file());
}

#[test]
fn the_hooks_of_the_readme_are_there() {
    let known: BTreeSet<String> = hooks().iter().map(|hook| hook["id"].as_str().unwrap().to_owned()).collect();
    let repository = &snippet("hooks:")["repos"][0];
    assert_eq!(repository["rev"], concat!("v", env!("CARGO_PKG_VERSION")));
    for hook in repository["hooks"].as_array().unwrap() {
        assert!(known.contains(hook["id"].as_str().unwrap()), "{hook}");
    }
}

/// All but what installs the program, and but what needs `jq` where there is none.
#[test]
fn the_job_for_gitlab_runs() {
    let job = &snippet("before_script")["isobar"];
    let none = BTreeMap::new();
    let folder = repository();
    edit(folder.path(), "type: queue", "type: quoue");
    let has_jq = bash("command -v jq", folder.path(), &none).status.success();
    let mut codes = Vec::new();
    for line in job["script"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()) {
        if has_jq || !line.contains("jq ") {
            let output = bash(line, folder.path(), &none);
            codes.push(output.status.code().unwrap());
        }
    }
    assert_eq!(codes.last(), Some(&1));
    assert!(codes.iter().rev().skip(1).all(|code| *code == 0), "{codes:?}");
    let report = |kind: &str| folder.path().join(job["artifacts"]["reports"][kind].as_str().unwrap());
    assert!(fs::read_to_string(report("junit")).unwrap().contains("<failure type=\"error\""));
    if has_jq {
        let quality: Value = serde_json::from_str(&fs::read_to_string(report("codequality")).unwrap()).unwrap();
        let first = &quality[0];
        assert_eq!((&first["check_name"], &first["severity"]), (&"unknown-word".into(), &"critical".into()));
        assert_eq!(first["location"], serde_json::json!({ "path": "isobar.yaml", "lines": { "begin": 16 } }));
        assert!(first["fingerprint"].is_string() && first["description"].is_string(), "{first}");
    }
}

#[test]
fn the_readme_lists_every_format() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let help = bash("isobar lint --format nothing", &root(), &BTreeMap::new());
    let help = text(&help.stderr);
    let values = help.split("[possible values: ").nth(1).unwrap().split(']').next().unwrap();
    assert!(values.split(", ").count() >= 7);
    for value in values.split(", ") {
        assert!(readme.contains(&format!("| `{value}` |")), "the README does not list the format {value}");
    }
}
