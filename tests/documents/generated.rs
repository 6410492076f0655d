//! The files of `schema/` and the marked parts of the README are what the program prints, and the commands in the
//! documents are commands that it has.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use isobar::diff::Class;
use isobar::rules::{ALL, Category};

use crate::applications::{examples, root};

/// The schemas that `isobar schema` prints.
const SCHEMAS: &[&str] = &["access", "actions", "diff", "findings", "graph", "permissions", "spec", "target", "view"];

/// What the program prints in the folder of the repository.
fn isobar(args: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_isobar"));
    let output = command.args(args).current_dir(root()).env("NO_COLOR", "1").output().unwrap();
    assert!(output.status.success(), "isobar {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn is_updating() -> bool {
    std::env::var_os("UPDATE").is_some_and(|value| value == "1")
}

#[test]
fn schemas_are_what_the_program_prints() {
    fs::create_dir_all(root().join("schema")).unwrap();
    let mut stale = Vec::new();
    for name in SCHEMAS {
        let path = root().join(format!("schema/{name}.json"));
        let fresh = isobar(&["schema", name]);
        jsonschema::meta::validate(&serde_json::from_str(&fresh).unwrap()).unwrap_or_else(|e| panic!("{name}: {e}"));
        if fs::read_to_string(&path).unwrap_or_default() != fresh {
            if is_updating() {
                fs::write(&path, fresh).unwrap();
            } else {
                stale.push(path);
            }
        }
    }
    assert!(stale.is_empty(), "stale, write them with UPDATE=1: {stale:?}");
    let files = fs::read_dir(root().join("schema")).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
    let known: BTreeSet<String> = SCHEMAS.iter().map(|name| format!("{name}.json")).collect();
    assert_eq!(files.collect::<BTreeSet<_>>(), known);
    for name in SCHEMAS {
        assert!(isobar(&["schema", "--help"]).contains(&format!("- {name}:")), "{name}");
    }
}

/// Editors see an example as it is written, before its variables are filled in.
#[test]
fn examples_are_valid_as_they_stand() {
    let validator = jsonschema::draft202012::new(&isobar::spec::schema()).unwrap();
    let errors = |text: &str| -> Vec<String> {
        let value = isobar::spec::document(text).unwrap();
        validator.iter_errors(&value).map(|e| format!("{}: {e}", e.instance_path())).collect()
    };
    let folders = examples().into_iter().map(|name| format!("examples/{name}"));
    for folder in folders.chain(["tests/documents/everything".to_owned()]) {
        let text = fs::read_to_string(root().join(&folder).join("isobar.yaml")).unwrap();
        assert_eq!(errors(&text), Vec::<String>::new(), "{folder}");
    }
    let variables = "\
isobar: 1
app: shop
resources:
  shop: { type: api, auth: { jwt: { issuer: \"${var.x}\", audience: \"${var.x}\" } }, throttle: { rate: \"${var.x}\" } }
  orders: { type: table, key: { partition: { id: \"${var.x}\" } }, recovery: \"${var.x}\" }
  jobs: { type: queue, retention: \"${var.x}\", ordered: \"${var.x}\", carries: \"${var.x}.done\" }
  psp: { type: external, host: \"psp.${environment}.example.com\" }
functions:
  f:
    runtime: \"${var.x}\"
    memory: \"${var.x}\"
    timeout: \"${var.x}s\"
    network: \"${var.x}\"
    scaling: { max: \"${var.x}\" }
    observe: { trace: \"${var.x}\" }
    idempotency: { key: \"${var.x}\", store: \"${var.x}\", window: \"${var.x}\" }
    uses: { orders: \"${var.x}\" }
    on:
      - http: { api: shop, route: \"GET ${var.x}\" }
      - schedule: { cron: \"${app}\", zone: \"${var.x}\" }
      - event: { type: \"${var.x}\", where: { /total: { gt: \"${var.x}\" } } }
lint:
  missing-trace: \"${var.x}\"
";
    assert_eq!(errors(variables), Vec::<String>::new());
    // What is no variable is as wrong as before.
    assert_eq!(errors(&variables.replace("${var.x}", "{var.x}")).len(), 13);
}

/// The rules as a table, by category.
fn rules() -> String {
    let mut out = String::from("| rule | category | level | finds |\n| --- | --- | --- | --- |\n");
    for category in Category::ALL {
        for rule in ALL.iter().filter(|rule| rule.category == *category) {
            let file = format!("src/rules/{}/{}.md", category.as_str(), rule.id).replace('-', "_");
            writeln!(
                out,
                "| [`{}`]({file}) | {} | {} | {} |",
                rule.id,
                category.as_str(),
                rule.level.as_str(),
                rule.summary
            )
            .unwrap();
        }
    }
    out
}

fn commands() -> String {
    let help = isobar(&["--help"]);
    let list = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let mut out = String::from("| command | does |\n| --- | --- |\n");
    for line in list.lines() {
        let (name, does) = line.trim().split_once(' ').unwrap();
        writeln!(out, "| `isobar {name}` | {} |", does.trim()).unwrap();
    }
    out
}

fn classes() -> String {
    let mut out = String::from("| class | level | means | `--ci` denies it |\n| --- | --- | --- | --- |\n");
    for class in Class::ALL {
        let (level, ci) = (class.level().title().to_lowercase(), if class.is_denied_in_ci() { "yes" } else { "" });
        writeln!(out, "| `{class}` | {level} | {} | {ci} |", class.summary()).unwrap();
    }
    out
}

/// The parts of the README between `<!-- generated: NAME -->` and `<!-- end -->`.
fn parts() -> Vec<(&'static str, String)> {
    let graph = isobar(&["graph", "examples/storefront", "--format", "mermaid"]);
    let access = isobar(&["access", "examples/storefront", "--what", "pay-key"]);
    vec![
        ("access", format!("```text\n{access}```\n")),
        ("graph", format!("```mermaid\n{graph}```\n")),
        ("classes", classes()),
        ("commands", commands()),
        ("rules", rules()),
        ("matrix", isobar(&["targets", "--matrix"])),
    ]
}

#[test]
fn the_readme_is_fresh() {
    let path = root().join("README.md");
    let old = fs::read_to_string(&path).unwrap();
    let mut new = old.clone();
    for (name, text) in parts() {
        let begin = format!("<!-- generated: {name} -->\n");
        let (before, rest) = new.split_once(&begin).unwrap_or_else(|| panic!("the README has no part `{name}`"));
        let (_, after) = rest.split_once("<!-- end -->").unwrap();
        new = format!("{before}{begin}{text}<!-- end -->{after}");
    }
    if is_updating() && new != old {
        fs::write(&path, &new).unwrap();
    } else {
        assert!(new == old, "the README is stale, write it with UPDATE=1");
    }
}

/// Commands in blocks of a document: words behind `isobar`, or behind `cargo run … --`.
fn commands_in(document: &str) -> Vec<Vec<String>> {
    let mut out = Vec::new();
    for block in document.split("```").skip(1).step_by(2) {
        let Some((language, block)) = block.split_once('\n') else { continue };
        if !matches!(language, "" | "sh") {
            continue;
        }
        for line in block.lines() {
            let line = line.split(" #").next().unwrap();
            let line = line.replace("cargo run --release --", "isobar");
            let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
            if words.first().is_some_and(|word| word == "isobar") && words.len() > 1 {
                out.push(words[1..].to_vec());
            }
        }
    }
    out
}

#[test]
fn documents_name_commands_and_options_that_there_are() {
    let mut documents = vec!["README.md".to_owned(), "CONTRIBUTING.md".to_owned()];
    for folder in ["examples", "targets"] {
        for entry in fs::read_dir(root().join(folder)).unwrap() {
            documents.push(format!("{folder}/{}/README.md", entry.unwrap().file_name().to_string_lossy()));
        }
    }
    let mut seen = 0;
    for document in documents {
        for words in commands_in(&fs::read_to_string(root().join(&document)).unwrap()) {
            seen += 1;
            let help = isobar(&[words[0].as_str(), "--help"]);
            for option in words.iter().filter(|word| word.starts_with("--")) {
                let option = option.split('=').next().unwrap();
                let has = help.split(|c: char| c.is_whitespace() || c == ',').any(|word| word == option);
                assert!(has, "{document}: `isobar {}` has no {option}", words[0]);
            }
        }
    }
    assert!(seen > 10, "only {seen} commands were found");
}

#[test]
fn links_lead_somewhere() {
    for document in ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"] {
        let text = fs::read_to_string(root().join(document)).unwrap();
        for link in text.split("](").skip(1).map(|rest| rest.split(')').next().unwrap()) {
            let file = link.split('#').next().unwrap();
            let is_there = file.is_empty() || file.starts_with("https://") || root().join(file).exists();
            assert!(is_there, "{document}: `{link}` leads nowhere");
        }
    }
}

/// `<!-- from: path -->` before a block: the block stands in that file, word for word.
#[test]
fn quotations_are_exact() {
    let text = fs::read_to_string(root().join("CONTRIBUTING.md")).unwrap();
    let quotations: Vec<&str> = text.split("<!-- from: ").skip(1).collect();
    assert!(quotations.len() >= 3);
    for quotation in quotations {
        let (path, rest) = quotation.split_once(" -->\n```").unwrap();
        let block = rest.split_once('\n').unwrap().1.split("```").next().unwrap();
        assert!(fs::read_to_string(root().join(path)).unwrap().contains(block), "CONTRIBUTING.md misquotes {path}");
    }
}

/// The first block of YAML in the README is a whole application.
#[test]
fn the_application_of_the_readme_is_clean() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let spec = readme.split("```yaml\n").nth(1).unwrap().split("```").next().unwrap();
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("functions")).unwrap();
    fs::create_dir_all(folder.path().join("schemas")).unwrap();
    fs::write(folder.path().join("isobar.yaml"), spec).unwrap();
    fs::write(folder.path().join("functions/app.py"), "").unwrap();
    let schema = r#"{ "type": "object", "properties": { "orderId": { "type": "string" } }, "required": ["orderId"] }"#;
    fs::write(folder.path().join("schemas/order-placed.json"), schema).unwrap();
    let (path, out) = (folder.path().to_str().unwrap().to_owned(), folder.path().join("out"));
    let found = isobar(&["lint", &path, "--fail-on", "warning", "--format", "concise"]);
    assert!(found.lines().filter(|line| !line.is_empty()).all(|line| line.contains("note[degraded]")), "{found}");
    isobar(&["compile", &path, "--out", out.to_str().unwrap()]);
    assert!(out.join("aws/queues.tf").is_file() && out.join("kubernetes/kustomization.yaml").is_file());
}
