//! What workflows give to events, judged by their schemas.

use std::sync::Arc;

use crate::analysis::schema::Compatibility;
use crate::analysis::{Access, Facts};
use crate::base::{MemoryFiles, RelPath, Sources};
use crate::pipeline;

fn meetings(do_with: &str) -> Vec<String> {
    let spec = format!(
        "isobar: 1\napp: shop\nevents:\n  placed: {{ schema: {{ type: object, required: [id], properties: {{ id: {{ type: string }}, total: {{ type: integer, minimum: 0 }} }} }} }}\n  sent: {{ schema: {{ type: object, additionalProperties: false, required: [id, count], properties: {{ id: {{ type: string }}, count: {{ type: number, minimum: 0 }} }} }} }}\nresources:\n  mesh: {{ type: bus, default: true }}\nfunctions:\n  count: {{ runtime: go, code: x, returns: {{ type: object, required: [n], properties: {{ n: {{ type: integer, minimum: 1 }}, all: {{ $ref: \"#/$defs/x\" }} }}, $defs: {{ x: {{ type: boolean }} }} }} }}\nworkflows:\n  flow:\n    on: [{{ event: {{ type: placed }} }}]\n    do:\n      - first: {{ call: count }}\n      - named: {{ set: {{ n: tasks.first.n, text: \"'a'\" }} }}\n      - tell: {{ emit: sent, with: {{ {do_with} }} }}\n"
    );
    let mut files = MemoryFiles::default();
    files.insert("isobar.yaml", spec.as_bytes());
    let mut sources = Sources::default();
    let root = RelPath::resolve("", "isobar.yaml").unwrap();
    let (application, findings) = pipeline::read(&files, &root, &pipeline::Request::default(), &mut sources);
    let application = application.unwrap_or_else(|| panic!("{findings:?}"));
    let access = Access::derive(&application.graph);
    let facts = Facts::new(Arc::clone(&application.graph), Arc::new(access), Vec::new());
    let shown = |answer: &Compatibility| match answer {
        Compatibility::Compatible => "compatible".to_owned(),
        Compatibility::Incompatible { path, why, .. } => format!("{path}: {why}"),
        Compatibility::Unknown { path, why } => format!("unknown {path}: {why}"),
    };
    facts.meetings().iter().map(|meeting| shown(&meeting.answer)).collect()
}

#[test]
fn what_a_workflow_emits_is_typed_by_its_expressions() {
    let cases = [
        ("id: input.id, count: tasks.first.n", "compatible"),
        ("id: input.id, count: tasks.named.n", "compatible"),
        ("id: tasks.named.text, count: 5", "compatible"),
        ("id: input.id", "/count: the producer does not name it"),
        ("id: input.id, count: input.total", "/count: it may be missing"),
        ("id: tasks.first.n, count: 5", "/id: it may be an integer, and a string is taken"),
        ("id: input.id, count: tasks.first.all", "/count: it may be missing"),
        ("id: input.id, count: 5, more: 1", "/more: nothing may be there"),
        ("id: input.id, count: input.total - 1", "unknown /count: no schema says what `input.total - 1` is"),
        ("id: input.id, count: tasks.first.other", "unknown /count: no schema says what `tasks.first.other` is"),
        ("id: tasks.first.other", "/count: the producer does not name it"),
    ];
    for (with, expected) in cases {
        assert_eq!(meetings(with), [expected], "{with}");
    }
}
