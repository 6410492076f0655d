//! Tests of assembling as a whole, each with its files beside what comes out.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::format_push_string, clippy::format_collect)]

mod environments;
mod files;
mod variables;

use proptest::prelude::*;

use super::*;
use crate::base::MemoryFiles;
use crate::diag::Finding;
use crate::yaml::Kind;

struct Run {
    out: Option<Assembled>,
    findings: Findings,
    sources: Sources,
}

fn run_with(files: &[(&str, &str)], request: &Request) -> Run {
    let mut memory = MemoryFiles::new();
    for (path, text) in files {
        assert!(memory.insert(path, *text));
    }
    let mut sources = Sources::default();
    let root = RelPath::resolve("", "isobar.yaml").unwrap();
    let (out, findings) = assemble(&memory, &root, request, &mut sources);
    Run { out, findings, sources }
}

fn run(files: &[(&str, &str)]) -> Run {
    run_with(files, &Request::default())
}

fn with_env(text: &str, environment: &str) -> Run {
    run_with(&[("isobar.yaml", text)], &Request { environment: Some(environment.into()), vars: Vec::new() })
}

fn with_vars(text: &str, vars: &[(&str, &str)]) -> Run {
    let vars = vars.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    run_with(&[("isobar.yaml", text)], &Request { environment: None, vars })
}

/// A tree as flow YAML; quotes around what is no plain scalar.
fn flow(node: &Node) -> String {
    match &node.kind {
        Kind::Scalar(s) if s.plain => s.text.to_string(),
        Kind::Scalar(s) => format!("{:?}", s.text),
        Kind::Seq(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Kind::Map(entries) => {
            let entry = |e: &crate::yaml::Entry| format!("{}: {}", e.key.value, flow(&e.value));
            format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
    }
}

impl Run {
    fn tree(&self) -> String {
        assert!(self.findings.is_empty(), "{:#?}", self.lines());
        flow(&self.out.as_ref().unwrap().tree)
    }

    /// `path:line <text> id: message; <related text> label; help`
    fn lines(&self) -> Vec<String> {
        let line = |f: &Finding| {
            let place = |span| format!("{} <{}>", self.sources.place(span), self.sources.text(span));
            let mut out = format!("{} {}: {}", place(f.primary.span), f.id, f.message);
            for label in &f.related {
                out += &format!("; {} {}", place(label.span), label.text);
            }
            out + &f.help.as_ref().map_or(String::new(), |help| format!("; {help}"))
        };
        self.findings.iter().map(line).collect()
    }
}

#[track_caller]
fn fails(run: &Run, expected: &[&str]) {
    assert_eq!(run.lines(), expected);
}

#[test]
fn one_file_is_itself() {
    let run = run(&[("isobar.yaml", "isobar: 1\napp: shop\nfunctions: { a: { on: no } }\n")]);
    assert_eq!(run.tree(), "{isobar: 1, app: shop, functions: {a: {on: no}}}");
    let out = run.out.unwrap();
    assert_eq!((out.environment.as_str(), out.protected, out.complete), ("default", false, true));
    assert_eq!(run.sources.place(out.tree.at(&["functions", "a", "on"]).unwrap().span), "isobar.yaml:3");
}

proptest! {
    #[test]
    fn nothing_makes_it_panic(
        root in "(app: a\n|include: [x.yaml, '\\*']\n|vars: \\{ v: '[$\\{\\}a-z.]{0,8}' \\}\n|x: '[$\\{\\}var.]{0,12}'\n|environments: \\{ e: \\{ x: null, y: [1] \\} \\}\n|y: \\{ z: 1 \\}\n){0,6}",
        fragment in "\\PC{0,40}",
        environment in proptest::option::of("[a-z]{0,3}"),
    ) {
        let request = Request { environment, vars: vec![("v".into(), "$${".into())] };
        let run = run_with(&[("isobar.yaml", &root), ("x.yaml", &fragment)], &request);
        for finding in run.findings.iter() {
            let span = finding.primary.span;
            prop_assert!(run.sources.get(span.file).is_some_and(|f| f.text().get(span.start as usize..span.end as usize).is_some()));
        }
    }
}
