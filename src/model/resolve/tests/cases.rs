//! Mistakes, each with all that is said about it: `id: message @ text of the place | help`.

use super::{findings, meant, written};

/// What follows the head of an application, and its findings.
pub(super) fn cases() -> impl Iterator<Item = (&'static str, &'static [&'static str])> {
    written::CASES.iter().chain(meant::CASES).copied()
}

#[test]
fn each_mistake_is_answered_at_its_place() {
    for (body, expected) in cases() {
        assert_eq!(findings(body), *expected, "{body}");
    }
}

/// A mistake in one place does not hide the others, and is not repeated by what refers to it.
#[test]
fn all_mistakes_come_in_one_run() {
    let body = "resources:\n  q: { type: queue, retension: 4d }\n  t: { type: table, key: { partition: { id: strin } } }\nfunctions:\n  f: { runtime: python3.13, handler: a.b, code: f, on: [{ queue: qq }], uses: { t: get, q: sned } }\n";
    let found = findings(body);
    let ids: Vec<&str> = found.iter().map(|line| line.split(':').next().unwrap()).collect();
    assert_eq!(ids, ["unknown-key", "unknown-word", "unknown-reference", "unknown-verb"]);
}
