//! What each format prints, and that no text of a spec reaches a terminal raw.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use super::*;
use crate::base::{FileId, Sources, Span};
use crate::diag::{Applicability, Finding};

const SPEC: &str = "isobar: 1\napp: shop\nresources:\n  orders: { type: tabel }\n";

pub(super) fn span_of(sources: &Sources, file: FileId, word: &str) -> Span {
    let at = sources.get(file).unwrap().text().find(word).unwrap();
    Span::new(file, u32::try_from(at).unwrap(), u32::try_from(at + word.len()).unwrap())
}

pub(super) fn example() -> (Findings, Sources) {
    let mut sources = Sources::default();
    let main = sources.add("isobar.yaml", SPEC);
    let part = sources.add("parts/a.yaml", "functions:\n  orders: {}\n");
    let typo = span_of(&sources, main, "tabel");
    let mut findings = Findings::default();
    findings.push(
        Finding::error("unknown-value", typo, "`tabel` is no type of a resource")
            .label("not a type")
            .related(span_of(&sources, main, "orders"), "of this resource")
            .help("write `table`")
            .fix("write `table`", typo, "table", Applicability::Safe),
    );
    findings.push(
        Finding::warning("duplicate-name", span_of(&sources, main, "orders"), "`orders` is declared twice")
            .related(span_of(&sources, part, "orders"), "also declared here")
            .on("aws")
            .on("gcp"),
    );
    (findings, sources)
}

#[test]
fn concise_is_one_line_per_finding() {
    let (findings, sources) = example();
    assert_eq!(
        render(&findings, &sources, Format::Concise, &Style::default()),
        "isobar.yaml:4:19: error[unknown-value]: `tabel` is no type of a resource\n\
         isobar.yaml:4:3: warning[duplicate-name]: `orders` is declared twice (on aws, gcp)\n"
    );
}

#[test]
fn human_shows_excerpts_labels_and_help() {
    let (findings, sources) = example();
    let text = render(&findings, &sources, Format::Human, &Style::default());
    insta::assert_snapshot!(text, @r"
    error[unknown-value]: `tabel` is no type of a resource
       ,-[isobar.yaml:4:19]
     3 | resources:
     4 |   orders: { type: tabel }
       :   ^^^|^^          ^^|^^
       :      |              `-- not a type
       :      `-- of this resource
       `----
      help: write `table`

    warning[duplicate-name]: `orders` is declared twice (on aws, gcp)
       ,-[isobar.yaml:4:3]
     3 | resources:
     4 |   orders: { type: tabel }
       :   ^^^^^^
       `----
    note: also declared here
       ,-[parts/a.yaml:2:3]
     1 | functions:
     2 |   orders: {}
       :   ^^^^^^
       `----
");
}

#[test]
fn paths_lead_to_the_file_from_where_the_user_stands() {
    let (findings, sources) = example();
    let style = Style { base: "examples/shop".to_owned(), ..Style::default() };
    for format in Format::ALL {
        let text = render(&findings, &sources, *format, &style);
        assert!(text.contains("examples/shop/isobar.yaml"), "{text}");
    }
}

#[test]
fn json_is_one_document_even_when_empty() {
    let text = render(&Findings::default(), &Sources::default(), Format::Json, &Style::default());
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        value,
        serde_json::json!({ "version": 1, "findings": [], "summary": { "errors": 0, "warnings": 0, "notes": 0, "hidden": 0 } })
    );
}

#[test]
fn json_carries_everything() {
    let (findings, sources) = example();
    let text = render(&findings, &sources, Format::Json, &Style::default());
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["summary"], serde_json::json!({ "errors": 1, "warnings": 1, "notes": 0, "hidden": 0 }));
    assert_eq!(
        value["findings"][0],
        serde_json::json!({
            "id": "unknown-value", "severity": "error", "message": "`tabel` is no type of a resource",
            "path": "isobar.yaml", "line": 4, "column": 19, "end_line": 4, "end_column": 24, "label": "not a type",
            "help": "write `table`",
            "related": [{ "path": "isobar.yaml", "line": 4, "column": 3, "end_line": 4, "end_column": 9, "label": "of this resource" }],
            "fix": { "title": "write `table`", "applicability": "safe",
                "edits": [{ "path": "isobar.yaml", "line": 4, "column": 19, "end_line": 4, "end_column": 24, "text": "table" }] },
            "targets": [],
        })
    );
    assert_eq!(value["findings"][1]["targets"], serde_json::json!(["aws", "gcp"]));
    assert_eq!(value["findings"][1]["related"][0]["path"], "parts/a.yaml");
}

#[test]
fn concise_proposes_what_was_meant_and_json_counts_what_is_hidden() {
    let (_, sources) = example();
    let typo = span_of(&sources, FileId(0), "tabel");
    let finding = Finding::error("unknown-word", typo, "`type` cannot be `tabel`").did_you_mean("table");
    let findings = Findings::from_iter([finding.and_help("it is one of `table`, `queue`")]);
    let text = render(&findings, &sources, Format::Concise, &Style::default());
    assert_eq!(text, "isobar.yaml:4:19: error[unknown-word]: `type` cannot be `tabel`; did you mean `table`?\n");
    let hidden = Findings::from_iter([Finding::note("missing-alarm", typo, "nobody is told")]);
    let listing = Listing { hidden: &hidden, ..Listing::new(&findings, &sources) };
    let text = listing.render(Format::Json, &Style::default());
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["summary"], serde_json::json!({ "errors": 1, "warnings": 0, "notes": 1, "hidden": 1 }));
    assert_eq!(value["findings"][0]["fix"]["edits"][0]["text"], "table");
}

#[test]
fn the_document_fits_its_schema() {
    let (findings, sources) = example();
    let schema = serde_json::to_value(schemars::schema_for!(Document)).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let text = render(&findings, &sources, Format::Json, &Style::default());
    let value = serde_json::from_str(&text).unwrap();
    assert!(validator.is_valid(&value));
    let mut broken: serde_json::Value = value;
    broken["findings"][0]["severity"] = "fatal".into();
    assert!(!validator.is_valid(&broken));
}

#[test]
fn nothing_that_a_terminal_obeys_is_printed() {
    let nasty = "a\u{1b}[31m\u{9b}2J\u{202e}\u{7}\r";
    let mut sources = Sources::default();
    let file = sources.add(format!("x{nasty}.yaml"), format!("k: \"{nasty}\" # end\r\nnext: 1\r\n"));
    let mut findings = Findings::default();
    findings.push(
        Finding::error("bad", Span::new(file, 3, 12), format!("`{nasty}\n` is bad"))
            .label(nasty)
            .related(Span::new(file, 0, 1), nasty)
            .help(nasty)
            .on(nasty),
    );
    for format in Format::ALL {
        let text = render(&findings, &sources, *format, &Style { unicode: true, ..Style::default() });
        let bad = text.chars().find(|c| printable::is_unsafe(*c));
        assert_eq!(bad, None, "{format:?}: {text}");
        assert!(text.contains("is bad"), "{format:?}: {text}");
    }
}

#[test]
fn colours_only_when_asked() {
    let (findings, sources) = example();
    for (unicode, color) in [(false, false), (true, false), (false, true), (true, true)] {
        let style = Style { color, unicode, ..Style::default() };
        let text = render(&findings, &sources, Format::Human, &style);
        assert_eq!(text.contains('\u{1b}'), color);
        assert_eq!(text.is_ascii(), !unicode);
    }
}

#[test]
fn spans_at_every_edge_of_a_file_render() {
    let texts = ["", "a", "ä", "a\n", "a: |\n  ü\n\n\nb: 1", "\r\n\r\n", "\u{feff}a"];
    for text in texts {
        for (start, end) in (0..=9).flat_map(|s| (0..=12).map(move |e| (s, e))) {
            let mut sources = Sources::default();
            let file = sources.add("f.yaml", text);
            let mut findings = Findings::default();
            findings.push(
                Finding::error("edge", Span::new(file, start, end), "m")
                    .label("here")
                    .related(Span::new(file, end, start), "there")
                    .related(Span::new(FileId(9), 0, 4), "nowhere"),
            );
            for format in Format::ALL {
                let out = render(&findings, &sources, *format, &Style::default());
                assert!(!out.contains("Failed to read"), "{text:?} {start}..{end}: {out}");
                assert!(out.contains("edge"));
            }
        }
    }
}

#[test]
fn a_long_line_and_a_long_span_stay_short() {
    let mut sources = Sources::default();
    let line = format!("a: [{}]", "xyz, ".repeat(100_000));
    let file = sources.add("f.yaml", format!("{line}\nb: 1\n{}", "- line\n".repeat(1000)));
    let mut findings = Findings::default();
    findings.push(Finding::error("long", Span::new(file, 250_000, 250_003), "in the middle"));
    findings.push(Finding::error("long", Span::new(file, 3, 500_400), "over all lines"));
    let text = render(&findings, &sources, Format::Human, &Style::default());
    assert!(text.len() < 6_000, "{} bytes", text.len());
    assert!(text.contains("f.yaml:1:250001"), "{text}");
    assert!(text.contains("xyz"));
}

#[test]
fn many_findings_are_counted_and_the_worst_are_shown() {
    let mut sources = Sources::default();
    let file = sources.add("isobar.yaml", "k: v\n".repeat(10_000));
    let findings: Findings = (0..10_000)
        .map(|i| {
            let span = Span::new(file, i * 5, i * 5 + 1);
            if i == 9_999 { Finding::error("worst", span, "bad") } else { Finding::note("dull", span, "fine") }
        })
        .collect();
    let started = std::time::Instant::now();
    let human = render(&findings, &sources, Format::Human, &Style::default());
    assert!(human.contains("error[worst]"));
    assert_eq!(human.matches("note[dull]").count(), 99);
    assert!(human.contains("... and 9900 more findings"), "{human}");
    let concise = render(&findings, &sources, Format::Concise, &Style::default());
    assert_eq!(concise.lines().count(), 10_000);
    for format in [Format::Json, Format::Sarif, Format::Junit, Format::Github, Format::Markdown] {
        render(&findings, &sources, format, &Style::default());
    }
    // Quadratic work would take minutes; a debug build on a busy machine needs well under a second.
    assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
}

#[test]
fn the_summary_counts() {
    let (findings, _) = example();
    assert_eq!(summary(&findings), "1 error, 1 warning");
    assert_eq!(summary(&Findings::default()), "no findings");
}
