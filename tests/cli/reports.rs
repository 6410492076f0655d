//! Findings in the formats of CI systems: one document each on standard output, whatever is found, and SARIF that its
//! schema accepts.
//!
//! `sarif-2.1.0.schema.json` is the schema of SARIF 2.1.0 that OASIS publishes
//! (<https://github.com/oasis-tcs/sarif-spec>, `Schemata/sarif-schema-2.1.0.json`), as the crate `serde-sarif` 0.8.0 holds
//! it under the MIT licence, without its spaces.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use isobar::base::{Sources, Span};
use isobar::diag::render::{Format, Style, render};
use isobar::diag::{Applicability, Finding, Findings};
use serde_json::Value;

use super::program::Folder;

/// The formats that are one document.
const DOCUMENTS: &[&str] = &["json", "sarif", "junit", "markdown"];

static VALIDATOR: LazyLock<jsonschema::Validator> = LazyLock::new(|| {
    // The first edition closes a bracket that it never opened, in the pattern of languages; Errata 01 has this one.
    let text = include_str!("sarif-2.1.0.schema.json");
    let text = text.replace("^[a-zA-Z]{2}|^[a-zA-Z]{2}-[a-zA-Z]{2}]?$", "^[a-zA-Z]{2}(-[a-zA-Z]{2})?$");
    let schema = serde_json::from_str(&text).unwrap();
    jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
});

/// The log, after the schema and what it cannot say were checked.
#[track_caller]
fn valid(text: &str) -> Value {
    let log: Value = serde_json::from_str(text).unwrap();
    let errors: Vec<String> = VALIDATOR.iter_errors(&log).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}\n{text}");
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for result in run["results"].as_array().unwrap() {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
    }
    log
}

#[test]
fn every_format_is_one_document_also_when_empty() {
    let folder = Folder::with_app();
    for format in DOCUMENTS {
        for command in ["validate", "lint"] {
            let ran = folder.run(&[command, "--target", "aws", "--format", format]).is(0);
            assert_eq!(ran.err, "", "{format}");
            assert!(!ran.out.is_empty(), "{format}");
        }
    }
    let log = valid(&folder.run(&["validate", "--format", "sarif"]).is(0).out);
    assert_eq!(log["runs"][0]["results"].as_array().unwrap().len(), 0);
    folder.run(&["validate", "--format", "junit"]).is(0).out_has("name=\"no findings\"").out_has("failures=\"0\"");
    folder
        .run(&["validate", "--format", "markdown"])
        .is(0)
        .out_has("<!-- isobar:findings -->\n### Isobar: no findings\n");
    let ran = folder.run(&["validate", "--format", "github"]).is(0).err_has("no errors");
    assert_eq!(ran.out, "");
}

#[test]
fn every_format_tells_of_an_invalid_spec() {
    let folder = Folder::with_app();
    folder.edit("isobar.yaml", "type: queue", "type: quoue");
    let log = valid(&folder.run(&["validate", "--format", "sarif"]).is(1).out);
    let result = &log["runs"][0]["results"][0];
    assert_eq!(result["ruleId"], "unknown-word");
    assert_eq!(result["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"], "queue");
    folder
        .run(&["lint", "--format", "junit"])
        .is(1)
        .out_has("<failure type=\"error\" message=\"`type` cannot be `quoue`\">");
    folder
        .run(&["lint", "--format", "github"])
        .is(1)
        .out_has("::error file=isobar.yaml,line=16,endLine=16,col=25,endColumn=30,title=unknown-word::`type` cannot be")
        .err_has("error");
    folder
        .run(&["lint", "--format", "markdown", "--link-base", "https://example.com/main"])
        .is(1)
        .out_has("- [`isobar.yaml:16`](https://example.com/main/isobar.yaml#L16): `type` cannot be `quoue`");
    let ran = folder.run(&["compile", "--format", "sarif"]).is(1);
    assert_eq!(ran.out, "");
    valid(&ran.err);
}

#[test]
fn a_run_that_cannot_be_has_no_document() {
    let folder = Folder::empty();
    for format in DOCUMENTS.iter().chain(&["github"]) {
        let ran = folder.run(&["validate", "--format", format]).is(2).err_has("there is no `isobar.yaml`");
        assert_eq!(ran.out, "", "{format}");
    }
}

#[test]
fn a_spec_in_another_folder_and_one_that_cannot_be_read() {
    let folder = Folder::empty();
    folder.run(&["init", "deep/app"]).is(0);
    folder.edit("deep/app/isobar.yaml", "type: queue", "type: quoue");
    let log = valid(&folder.run(&["validate", "deep/app", "--format", "sarif"]).is(1).out);
    let location = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"];
    assert_eq!(location["uri"], "deep/app/isobar.yaml");
    let log = valid(&folder.run(&["validate", "/dev/zero", "--format", "sarif"]).is(1).out);
    let location = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"];
    assert_eq!(*location, serde_json::json!({ "uri": "file:///dev/zero" }));
    for format in DOCUMENTS.iter().chain(&["github"]) {
        folder.run(&["validate", "/dev/zero", "--format", format]).is(1).out_has("unreadable-file");
    }
}

#[test]
fn a_rule_comes_with_its_page() {
    let folder = Folder::with_app();
    folder.edit("isobar.yaml", "    idempotency: { natural: \"putting the same note again changes nothing\" }\n", "");
    let log = valid(&folder.run(&["lint", "--target", "aws", "--format", "sarif"]).is(0).out);
    let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    let rule = rules.iter().find(|rule| rule["id"] == "missing-idempotency").unwrap();
    assert_eq!(rule["properties"]["tags"][0], "idempotency");
    assert_eq!(rule["defaultConfiguration"]["level"], "warning");
    assert!(rule["help"]["markdown"].as_str().unwrap().contains("## Why is this bad"));
    folder.run(&["lint", "--format", "junit"]).is(0).out_has("<testsuite name=\"isobar.idempotency\"");
    folder.run(&["validate", "--format", "markdown"]).is(0).out_has("not shown; `isobar lint` shows");
}

/// Every fixture of a rule or of an error, and so nearly every id, message and fix that there is.
#[test]
fn sarif_of_every_fixture_is_valid() {
    let ui = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui");
    let (mut results, mut fixed) = (0, 0);
    for entry in walkdir::WalkDir::new(ui).sort_by_file_name().into_iter().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.starts_with("invalid") || entry.path().extension().is_none_or(|e| e != "yaml") {
            continue;
        }
        let mut sources = Sources::default();
        let path = isobar::base::RelPath::resolve("", &name).unwrap();
        let files = isobar::base::MemoryFiles::new().with(&name, fs::read(entry.path()).unwrap());
        let request = isobar::pipeline::Request::default();
        let (application, mut findings) = isobar::pipeline::read(&files, &path, &request, &mut sources);
        if let Some(application) = &application {
            findings.append(isobar::pipeline::judge(application, &[], &sources));
        }
        let log = valid(&render(&findings.sorted(), &sources, Format::Sarif, &Style::default()));
        let found = log["runs"][0]["results"].as_array().unwrap();
        results += found.len();
        fixed += found.iter().filter(|result| result.get("fixes").is_some()).count();
    }
    assert!(results > 100 && fixed > 15, "{results} results, {fixed} with fixes");
}

#[test]
fn sarif_of_hostile_text_is_valid() {
    let hostile = "`</details>` ::error::x %0A ]]> <b> | [a](https://b) {0} }} \u{1b}[31m \u{202e} \u{0} ä𝄞 \\ \" #?&";
    let mut sources = Sources::default();
    let file = sources.add(format!("a:b c/{hostile}"), format!("ä: {hostile}\r\nb: 1\r\n"));
    let span = Span::new(file, 4, 20);
    let findings: Findings = [hostile, "", " ", "{", "\u{feff}"]
        .into_iter()
        .map(|text| {
            Finding::error("unknown-word", span, text)
                .label(text)
                .related(span, text)
                .related(span, text)
                .help(text)
                .on(text)
                .fix(text, span, text, Applicability::Safe)
        })
        .collect();
    for base in ["", "/srv/a b", "../x", "./y"] {
        let style = Style { base: base.to_owned(), ..Style::default() };
        let log = valid(&render(&findings, &sources, Format::Sarif, &style));
        assert_eq!(log["runs"][0]["results"].as_array().unwrap().len(), 5);
    }
    let empty = render(&Findings::default(), &sources, Format::Sarif, &Style::default());
    let mut broken = valid(&empty);
    broken["runs"][0]["columnKind"] = "bytes".into();
    assert!(!VALIDATOR.is_valid(&broken));
}
