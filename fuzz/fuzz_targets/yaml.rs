//! Any bytes through the YAML reader: no panic, every span inside the text, no error without a finding.
#![no_main]

use isobar::base::{FileId, Span};
use isobar::diag::Finding;
use isobar::yaml::{Caps, Node, decode, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let text = match decode(bytes.to_vec()) {
        Ok(text) => text,
        Err(error) => {
            assert!(error.lossy.get(error.at as usize..).is_some());
            return;
        }
    };
    let (tree, findings) = parse(FileId(0), &text, &Caps::default());
    assert!(tree.is_some() || findings.has_errors());
    findings.iter().flat_map(spans).for_each(|span| inside(&text, span));
    let mut open: Vec<&Node> = tree.iter().collect();
    while let Some(node) = open.pop() {
        inside(&text, node.span);
        open.extend(node.items());
        for entry in node.entries() {
            inside(&text, entry.key.span);
            open.push(&entry.value);
        }
    }
});

fn spans(finding: &Finding) -> Vec<Span> {
    let edits = finding.fix.iter().flat_map(|fix| fix.edits.iter().map(|edit| edit.span));
    finding.related.iter().map(|label| label.span).chain([finding.primary.span]).chain(edits).collect()
}

fn inside(text: &str, span: Span) {
    assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?} is outside of the text");
}
