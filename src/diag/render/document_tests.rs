//! What the formats for CI systems and pull requests print, and that no text of a spec breaks out of its place in them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use serde_json::{Value, json};

use super::tests::{example, span_of};
use super::*;
use crate::base::{FileId, Sources, Span};
use crate::diag::{Applicability, Finding};

/// Text that means something to each of the formats.
const HOSTILE: &str =
    "`</details>` ::error::x %0A @all #1 ]]> <b a='\"'> | [a](https://b) {0} \u{1b}[31m \u{ffff} ${{ x }} --> ä𝄞";

fn hostile() -> (Findings, Sources) {
    let mut sources = Sources::default();
    let file = sources.add(format!("a b/{HOSTILE}.yaml"), format!("ä𝄞: \"{HOSTILE}\"\nnext: 1\n"));
    let value = span_of(&sources, file, HOSTILE);
    let finding = Finding::warning("unknown-word", value, format!("`{HOSTILE}` is bad\n::error::y\n</details>"))
        .label(HOSTILE)
        .related(Span::new(file, 0, 0), format!("{HOSTILE}\n- x"))
        .help(format!("write `x`, not `{HOSTILE}`\n::error::z"))
        .on(HOSTILE)
        .fix(HOSTILE, value, HOSTILE, Applicability::Unsafe);
    (Findings::from_iter([finding.clone(), finding]), sources)
}

fn page(id: &str) -> Option<Page> {
    (id == "duplicate-name").then_some(Page {
        summary: "A name is there twice.",
        text: "# duplicate-name\n\n## What it does\n\nFinds\nnames.\n\n## Why is this bad\n\nOne is lost.\n\n## Example\n\n```yaml\na: b\n```\n",
        category: "correctness",
        level: Some(Severity::Error),
    })
}

fn printed(of: &(Findings, Sources), format: Format) -> String {
    let style = Style { base: "shop".to_owned(), ..Style::default() };
    Listing { pages: page, ..Listing::new(&of.0, &of.1) }.render(format, &style)
}

fn log(of: &(Findings, Sources)) -> Value {
    serde_json::from_str(&printed(of, Format::Sarif)).unwrap()
}

fn empty() -> (Findings, Sources) {
    (Findings::default(), Sources::default())
}

#[test]
fn sarif_without_findings_is_a_run_without_results() {
    let log = log(&empty());
    assert_eq!(log["version"], "2.1.0");
    assert_eq!(log["runs"].as_array().unwrap().len(), 1);
    assert_eq!(log["runs"][0]["results"], json!([]));
    assert_eq!(log["runs"][0]["tool"]["driver"]["rules"], json!([]));
}

#[test]
fn sarif_carries_everything() {
    let log = log(&example());
    let run = &log["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let rules = &run["tool"]["driver"]["rules"];
    assert_eq!(
        rules[0],
        json!({
            "id": "duplicate-name", "shortDescription": { "text": "A name is there twice." },
            "fullDescription": { "text": "Finds names." },
            "help": {
                "text": "What it does\n\nFinds\nnames.\n\nWhy is this bad\n\nOne is lost.",
                "markdown": page("duplicate-name").unwrap().text,
            },
            "defaultConfiguration": { "level": "error" }, "properties": { "tags": ["correctness"] },
        })
    );
    // An id that nobody knows has at least its name.
    assert_eq!(rules[1]["shortDescription"]["text"], "unknown-value");
    let at = |line: u32, column: u32, end: u32| json!({ "startLine": line, "startColumn": column, "endLine": line, "endColumn": end });
    let file = json!({ "uri": "shop/isobar.yaml", "uriBaseId": "%SRCROOT%" });
    let mut result = run["results"][0].clone();
    let fingerprints = result.as_object_mut().unwrap().remove("partialFingerprints").unwrap();
    assert!(fingerprints["isobarFinding/v1"].as_str().unwrap().ends_with(":1"));
    assert_eq!(
        result,
        json!({
            "ruleId": "unknown-value", "ruleIndex": 1, "level": "error",
            "message": { "text": "`tabel` is no type of a resource\nhelp: write `table`" },
            "locations": [{
                "physicalLocation": { "artifactLocation": file, "region": at(4, 19, 24) },
                "message": { "text": "not a type" },
            }],
            "relatedLocations": [{
                "id": 1, "physicalLocation": { "artifactLocation": file, "region": at(4, 3, 9) },
                "message": { "text": "of this resource" },
            }],
            "fixes": [{
                "description": { "text": "write `table`" },
                "artifactChanges": [{
                    "artifactLocation": file,
                    "replacements": [{ "deletedRegion": at(4, 19, 24), "insertedContent": { "text": "table" } }],
                }],
            }],
        })
    );
    assert_eq!(run["results"][1]["message"]["text"], "`orders` is declared twice (on aws, gcp)");
    assert_eq!(run["results"][1]["level"], "warning");
}

#[test]
fn sarif_counts_code_points_and_encodes_paths() {
    let log = log(&hostile());
    let result = &log["runs"][0]["results"][0];
    let region = &result["locations"][0]["physicalLocation"]["region"];
    // `ä`, `𝄞`, a colon, a space and a quote stand before it.
    assert_eq!(region["startColumn"], 6);
    assert_eq!(region["endColumn"], 6 + HOSTILE.chars().count());
    let uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap();
    assert!(uri.starts_with("shop/a%20b/%60%3C/details%3E%60%20%3A%3Aerror"), "{uri}");
    assert!(uri.ends_with("%C3%A4%F0%9D%84%9E.yaml"), "{uri}");
    // No placeholder for an argument and no link are left in a message; what is to be inserted stays as it is.
    let message = result["message"]["text"].as_str().unwrap();
    assert!(message.contains("{{0}}") && message.contains("[a\\](https"), "{message}");
    let inserted = &result["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"];
    assert_eq!(inserted, HOSTILE);
}

#[test]
fn sarif_places_outside_of_the_folder_have_no_base() {
    let (findings, sources) = example();
    for (base, uri) in [("/srv/a b", "file:///srv/a%20b/isobar.yaml"), ("../other", "../other/isobar.yaml")] {
        let style = Style { base: base.to_owned(), ..Style::default() };
        let log: Value = serde_json::from_str(&render(&findings, &sources, Format::Sarif, &style)).unwrap();
        let location = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"];
        assert_eq!(*location, json!({ "uri": uri }));
    }
}

#[test]
fn fingerprints_outlive_shifted_lines_and_new_spacing() {
    let prints = |path: &str, text: &str, words: &[&str]| -> Vec<String> {
        let mut sources = Sources::default();
        let file = sources.add(path, text);
        let finding = |word: &&str| Finding::warning("bad", span_of(&sources, file, word), "it is bad");
        let findings: Findings = words.iter().map(finding).collect();
        let log = log(&(findings, sources));
        let results = log["runs"][0]["results"].as_array().unwrap();
        results.iter().map(|r| r["partialFingerprints"]["isobarFinding/v1"].as_str().unwrap().to_owned()).collect()
    };
    let before = prints("a.yaml", "a: {x: 1}\nb: 2\n", &["{x: 1}", "b"]);
    let after = prints("parts/b.yaml", "# more\n\na: { x: 1 }\nb: 2\n", &["{ x: 1 }", "b"]);
    assert_eq!(before, after);
    assert_ne!(before[0], before[1]);
    let twice = prints("a.yaml", "b: 2\n", &["b", "b"]);
    assert_ne!(twice[0], twice[1]);
    assert_eq!(twice[0], before[1]);
}

#[test]
fn junit_passes_when_nothing_is_found() {
    assert_eq!(
        printed(&empty(), Format::Junit),
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuites name=\"isobar\" tests=\"1\" failures=\"0\" errors=\"0\" time=\"0\">\n  \
         <testsuite name=\"isobar.specification\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\" time=\"0\">\n    \
         <testcase classname=\"isobar.specification\" name=\"no findings\" time=\"0\"/>\n  \
         </testsuite>\n</testsuites>\n"
    );
}

#[test]
fn junit_has_a_case_for_each_finding() {
    let (mut findings, sources) = example();
    findings.push(Finding::note("degraded", Span::new(FileId(9), 0, 0), "it is weaker"));
    insta::assert_snapshot!(printed(&(findings, sources), Format::Junit), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="isobar" tests="3" failures="2" errors="0" time="0">
      <testsuite name="isobar.correctness" tests="1" failures="1" errors="0" skipped="0" time="0">
        <testcase classname="isobar.correctness" name="duplicate-name: `orders` is declared twice (on aws, gcp)" file="shop/isobar.yaml" line="4" time="0">
          <failure type="warning" message="`orders` is declared twice">shop/isobar.yaml:4:3: warning[duplicate-name]: `orders` is declared twice (on aws, gcp)
    shop/parts/a.yaml:2:3: also declared here</failure>
        </testcase>
      </testsuite>
      <testsuite name="isobar.specification" tests="2" failures="1" errors="0" skipped="0" time="0">
        <testcase classname="isobar.specification" name="unknown-value: `tabel` is no type of a resource" file="shop/isobar.yaml" line="4" time="0">
          <failure type="error" message="`tabel` is no type of a resource">shop/isobar.yaml:4:19: error[unknown-value]: `tabel` is no type of a resource
    shop/isobar.yaml:4:19: not a type
    shop/isobar.yaml:4:3: of this resource
    help: write `table`</failure>
        </testcase>
        <testcase classname="isobar.specification" name="degraded: it is weaker" time="0">
          <system-out>note[degraded]: it is weaker</system-out>
        </testcase>
      </testsuite>
    </testsuites>
    "#);
}

#[test]
fn junit_holds_any_text() {
    let text = printed(&hostile(), Format::Junit);
    assert!(!text.contains("]]>") && !text.contains("</details>") && !text.contains('\u{ffff}'), "{text}");
    // Two cases of one name would be one to most readers.
    assert_eq!(text.matches("(2)\" file=").count(), 1, "{text}");
    let lines = text.lines().filter(|line| line.trim_start().starts_with("<testcase"));
    assert!(lines.clone().count() == 2 && lines.clone().all(|line| line.matches('"').count() == 10), "{text}");
}

#[test]
fn github_gets_a_command_for_each_finding() {
    assert_eq!(printed(&empty(), Format::Github), "");
    let (mut findings, sources) = example();
    findings.push(Finding::note("several", Span::new(FileId(0), 0, 20), "over lines"));
    findings.push(Finding::note("nowhere", Span::new(FileId(9), 0, 0), "in no file"));
    assert_eq!(
        printed(&(findings, sources), Format::Github),
        "::error file=shop/isobar.yaml,line=4,endLine=4,col=19,endColumn=24,title=unknown-value::`tabel` is no type of a \
         resource%0Ahelp: write `table`\n\
         ::warning file=shop/isobar.yaml,line=4,endLine=4,col=3,endColumn=9,title=duplicate-name::`orders` is declared \
         twice (on aws, gcp)\n\
         ::notice file=shop/isobar.yaml,line=1,endLine=3,title=several::over lines\n\
         ::notice title=nowhere::in no file\n"
    );
}

#[test]
fn github_commands_hold_any_text() {
    let text = printed(&hostile(), Format::Github);
    assert_eq!(text.lines().count(), 2, "{text}");
    for line in text.lines() {
        let properties = line.strip_prefix("::warning ").unwrap().split("::").next().unwrap();
        assert_eq!(properties.matches(',').count(), 5, "{properties}");
        assert!(properties.ends_with("title=unknown-word"), "{properties}");
        assert!(line.contains("%250A") && line.contains("is bad%0A"), "{line}");
    }
}

#[test]
fn markdown_says_that_nothing_was_found() {
    assert_eq!(printed(&empty(), Format::Markdown), "<!-- isobar:findings -->\n### Isobar: no findings\n");
}

#[test]
fn markdown_has_the_worst_first_and_folds_the_rest() {
    let (mut findings, sources) = example();
    findings.push(Finding::note("degraded", Span::new(FileId(1), 0, 9), "it is weaker"));
    let hidden = Findings::from_iter([Finding::note("degraded", Span::new(FileId(1), 0, 9), "it is weaker")]);
    let style = Style { link_base: "https://example.com/a b/(blob)/main/".to_owned(), ..Style::default() };
    let listing = Listing { hidden: &hidden, ..Listing::new(&findings, &sources) };
    insta::assert_snapshot!(listing.render(Format::Markdown, &style), @r#"
    <!-- isobar:findings -->
    ### Isobar: 1 error, 1 warning, 1 note

    #### Errors

    - [`isobar.yaml:4`](https://example.com/ab/blob/main/isobar.yaml#L4): `tabel` is no type of a resource (`unknown-value`)

    #### Warnings

    - [`isobar.yaml:4`](https://example.com/ab/blob/main/isobar.yaml#L4): `orders` is declared twice (on aws, gcp) (`duplicate-name`)

    <details>
    <summary>Notes</summary>

    - [`parts/a.yaml:1`](https://example.com/ab/blob/main/parts/a.yaml#L1): it is weaker (`degraded`)

    </details>

    <details>
    <summary>Details</summary>

    - [`isobar.yaml:4`](https://example.com/ab/blob/main/isobar.yaml#L4): `tabel` is no type of a resource (`unknown-value`)
      - [`isobar.yaml:4`](https://example.com/ab/blob/main/isobar.yaml#L4): not a type
      - [`isobar.yaml:4`](https://example.com/ab/blob/main/isobar.yaml#L4): of this resource
      - help: write `table`
    - [`isobar.yaml:4`](https://example.com/ab/blob/main/isobar.yaml#L4): `orders` is declared twice (on aws, gcp) (`duplicate-name`)
      - [`parts/a.yaml:2`](https://example.com/ab/blob/main/parts/a.yaml#L2): also declared here

    </details>

    1 warning or note is not shown; `isobar lint` shows it.

    `isobar explain ID` says why something is found.
    "#);
}

#[test]
fn markdown_holds_any_text() {
    let text = printed(&hostile(), Format::Markdown);
    for line in text.lines() {
        let is_ours =
            line.is_empty() || ["<", "#", "- ", "  - ", "`isobar explain ID`"].iter().any(|s| line.starts_with(s));
        assert!(is_ours, "{line}");
    }
    // What opens is ours, and so is what closes.
    assert_eq!((text.matches("\n<details>\n").count(), text.matches("\n</details>\n").count()), (1, 1), "{text}");
    for line in text.lines().filter(|line| line.trim_start().starts_with("- ")) {
        let read = outside_of_code(line);
        assert!(!read.contains(['<', '>', '|']) && !read.contains("://") && !read.contains("@all"), "{read}");
        assert!(!read.contains("[a]") && !read.contains("#1"), "{read}");
    }
}

/// A line as a reader of Markdown takes it: without spans of code and without what is escaped.
fn outside_of_code(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        let fence = &rest[..rest.len() - rest.trim_start_matches('`').len()];
        if c == '\\' {
            rest = rest[1..].strip_prefix(|_: char| true).unwrap_or("");
        } else if fence.is_empty() {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        } else {
            let mut inside = &rest[fence.len()..];
            loop {
                let start = inside.find('`').expect("a span of code is closed");
                inside = &inside[start..];
                let run = inside.len() - inside.trim_start_matches('`').len();
                inside = &inside[run..];
                if run == fence.len() {
                    break;
                }
            }
            rest = inside;
        }
    }
    out
}

#[test]
fn markdown_stays_short() {
    let mut sources = Sources::default();
    let file = sources.add("isobar.yaml", "k: v\n".repeat(3_000));
    let long = "x".repeat(5_000);
    let finding = |i: u32| {
        let span = Span::new(file, i * 5, i * 5 + 1);
        let message = format!("`{i}` is {}", if i.is_multiple_of(7) { &long } else { "bad" });
        let finding =
            if i < 2_990 { Finding::warning("dull", span, message) } else { Finding::error("worst", span, message) };
        finding.label(&*long).help(&*long)
    };
    let findings: Findings = (0..3_000).map(finding).collect();
    let text = printed(&(findings, sources), Format::Markdown);
    assert!(text.len() < 60_000, "{} bytes", text.len());
    assert_eq!(text.split("#### Warnings").next().unwrap().matches("`worst`").count(), 10);
    let listed = text.split("<details>").next().unwrap().matches("\n- ").count();
    assert!(listed > 100, "{listed}");
    assert!(text.contains(&format!("\n{} more findings are left out here", 3_000 - listed)), "{listed}");
}
