//! `# isobar: allow <id>: <reason>`: a finding that is meant, on the lines that the comment holds for.

use std::collections::HashMap;

use super::{levels::Levels, style};
use crate::base::{FileId, Remark, Sources, Span, remarks};
use crate::diag::{Finding, Findings};

/// One comment.
struct Allow {
    remark: Remark,
    /// The id as written.
    id: String,
    /// Where the id stands.
    id_span: Span,
    has_reason: bool,
}

/// Takes out the findings that comments allow, and adds those about the comments themselves.
pub(super) fn apply(findings: Findings, sources: &Sources, levels: &Levels) -> Findings {
    let remarks = sources.iter().flat_map(|(id, file)| remarks(id, file, "allow"));
    let allows: Vec<Allow> = remarks.map(read).collect();
    if allows.is_empty() {
        return findings;
    }
    let mut by_place: HashMap<(FileId, &str), Vec<usize>> = HashMap::new();
    for (number, allow) in allows.iter().enumerate() {
        by_place.entry((allow.remark.comment.file, &allow.id)).or_default().push(number);
    }
    let mut used = vec![false; allows.len()];
    let mut kept = Findings::default();
    for finding in findings {
        let span = finding.primary.span;
        let line = sources.get(span.file).map_or(0, |file| file.position(span.start).line as usize - 1);
        let candidates = by_place.get(&(span.file, finding.id)).map(Vec::as_slice).unwrap_or_default();
        let mut allowed = false;
        for number in candidates {
            if let (Some(allow), Some(used)) = (allows.get(*number), used.get_mut(*number))
                && allow.remark.lines.contains(&line)
            {
                *used = true;
                allowed = true;
            }
        }
        if !allowed {
            kept.push(finding);
        }
    }
    for (allow, used) in allows.iter().zip(used) {
        if let Some(finding) = about(allow, used, sources, levels) {
            kept.push(finding);
        }
    }
    kept
}

/// What is wrong with a comment: at most one thing.
fn about(allow: &Allow, used: bool, sources: &Sources, levels: &Levels) -> Option<Finding> {
    let Some(rule) = super::find(&allow.id) else {
        let level = levels.of(&style::unknown_rule::RULE)?;
        return Some(style::unknown_rule::report(&allow.id, allow.id_span, level));
    };
    if !allow.has_reason {
        let level = levels.of(&style::allow_without_reason::RULE)?;
        return Some(style::allow_without_reason::report(rule.id, allow.id_span, level));
    }
    // A rule that is off finds nothing, and a rule that depends on targets may find something on another one.
    if used || rule.by_target || levels.of(rule).is_none() {
        return None;
    }
    let level = levels.of(&style::unused_allow::RULE)?;
    let removed = whole(allow, sources);
    Some(style::unused_allow::report(rule.id, allow.remark.comment, removed, level))
}

/// What is deleted with a comment: the blanks before it, or the line when nothing else is on it.
fn whole(allow: &Allow, sources: &Sources) -> Span {
    let Span { file, start, end } = allow.remark.comment;
    let Some(source) = sources.get(file) else { return allow.remark.comment };
    let text = source.text();
    let before = text.get(..start as usize).unwrap_or("");
    let blanks = before.len() - before.trim_end_matches([' ', '\t']).len();
    let start = start.saturating_sub(u32::try_from(blanks).unwrap_or(0));
    let line_break = match text.get(end as usize..) {
        Some(rest) if allow.remark.trails || rest.is_empty() => 0,
        Some(rest) if rest.starts_with("\r\n") => 2,
        Some(_) => 1,
        None => 0,
    };
    Span::new(file, start, end + line_break)
}

/// Id and reason of a comment: `<id>: <reason>`.
fn read(remark: Remark) -> Allow {
    let (name, reason) = remark.rest.split_once(':').unwrap_or((&remark.rest, ""));
    let (id, has_reason) = (name.trim_end().to_owned(), !reason.trim().is_empty());
    let Span { file, start, .. } = remark.rest_span;
    let id_span = Span::new(file, start, start + u32::try_from(id.len()).unwrap_or(u32::MAX));
    Allow { remark, id, id_span, has_reason }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;
    use crate::diag::Severity;
    use crate::rules::delivery::queue_without_consumer::RULE;

    /// Applies the comments of a text in which the rule has a finding on each line with `!`.
    fn judge(text: &str) -> Vec<String> {
        let mut sources = Sources::default();
        let file = sources.add("isobar.yaml", text);
        let findings = text
            .match_indices('!')
            .map(|(at, _)| {
                RULE.finding(Span::new(file, u32::try_from(at).unwrap(), u32::try_from(at).unwrap() + 1), "x")
            })
            .collect();
        let levels = super::super::levels::none();
        let left = apply(findings, &sources, &levels).sorted();
        left.iter()
            .map(|f| format!("{}:{}", f.id, sources.get(file).unwrap().position(f.primary.span.start).line))
            .collect()
    }

    #[test]
    fn a_comment_behind_a_line_holds_for_it_alone() {
        let text = "a: !  # isobar: allow queue-without-consumer: meant\nb: !\n";
        assert_eq!(judge(text), ["queue-without-consumer:2"]);
    }

    #[test]
    fn a_comment_above_holds_for_the_block() {
        let text =
            "# isobar: allow queue-without-consumer: meant\n# another comment\na:\n  b: !\n\n  c:\n  - !\nd: !\n";
        assert_eq!(judge(text), ["queue-without-consumer:8"]);
        let list = "# isobar: allow queue-without-consumer: meant\na:\n- !\n- x: !\nb: !\n";
        assert_eq!(judge(list), ["queue-without-consumer:5"]);
        let item = "a:\n  # isobar: allow queue-without-consumer: meant\n  - x: !\n    y: !\n  - z: !\n";
        assert_eq!(judge(item), ["queue-without-consumer:5"]);
    }

    #[test]
    fn a_blank_line_ends_what_a_comment_is_about() {
        let text = "# isobar: allow queue-without-consumer: meant\n\na: !\n";
        assert_eq!(judge(text), ["unused-allow:1", "queue-without-consumer:3"]);
    }

    #[test]
    fn a_comment_without_a_reason_still_allows() {
        assert_eq!(judge("a: !  # isobar: allow queue-without-consumer\n"), ["allow-without-reason:1"]);
        assert_eq!(judge("a: !  # isobar: allow queue-without-consumer:  \n"), ["allow-without-reason:1"]);
    }

    #[test]
    fn a_comment_for_nothing_or_for_no_rule_is_found() {
        assert_eq!(judge("a: 1  # isobar: allow queue-without-consumer: meant\n"), ["unused-allow:1"]);
        assert_eq!(judge("a: 1  # isobar: allow queue-without-consumers: meant\n"), ["unknown-rule:1"]);
        assert_eq!(judge("a: 1  # isobar: allow\n"), ["unknown-rule:1"]);
        // What depends on targets may be needed by another one.
        assert_eq!(judge("a: 1  # isobar: allow timeout-beyond-api: meant\n"), Vec::<String>::new());
        assert_eq!(judge("a: 1  # isobar: allowed things\n# isobar is nice, allow it\n"), Vec::<String>::new());
    }

    #[test]
    fn text_is_no_comment() {
        let quoted = "a: \"! # isobar: allow queue-without-consumer: x\"\n";
        assert_eq!(judge(quoted), ["queue-without-consumer:1"]);
        let single = "a: '! # isobar: allow queue-without-consumer: x'\n";
        assert_eq!(judge(single), ["queue-without-consumer:1"]);
        let block = "a: |-\n  ! # isobar: allow queue-without-consumer: x\n\n  more\nb: !\n";
        assert_eq!(judge(block), ["queue-without-consumer:2", "queue-without-consumer:5"]);
        let glued = "a: !#isobar: allow queue-without-consumer: x\n";
        assert_eq!(judge(glued), ["queue-without-consumer:1"]);
        let apostrophe = "a: don't ! # isobar: allow queue-without-consumer: x\n";
        assert_eq!(judge(apostrophe), Vec::<String>::new());
    }

    #[test]
    fn removing_a_comment_leaves_clean_lines() {
        let fixed = |text: &str| {
            let mut sources = Sources::default();
            sources.add("isobar.yaml", text);
            let found = apply(Findings::default(), &sources, &super::super::levels::none());
            let edit = found.iter().next().unwrap().fix.clone().unwrap().edits.remove(0);
            let mut text = text.to_owned();
            text.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
            text
        };
        assert_eq!(fixed("a: 1   # isobar: allow queue-without-consumer: x\nb: 2\n"), "a: 1\nb: 2\n");
        assert_eq!(fixed("a:\n  # isobar: allow queue-without-consumer: x\n  b: 2\n"), "a:\n  b: 2\n");
        assert_eq!(fixed("a: 1\r\n# isobar: allow queue-without-consumer: x\r\nb: 2\r\n"), "a: 1\r\nb: 2\r\n");
        assert_eq!(fixed("a: 1\n# isobar: allow queue-without-consumer: x"), "a: 1\n");
    }

    #[test]
    fn the_span_of_an_id_is_the_id() {
        let text = "é: 1 # isobar:  allow   queue-without-consumers : x  \n";
        let mut sources = Sources::default();
        sources.add("isobar.yaml", text);
        let found = apply(Findings::default(), &sources, &super::super::levels::none());
        let finding = found.iter().next().unwrap();
        assert_eq!(sources.text(finding.primary.span), "queue-without-consumers");
        assert_eq!(finding.severity, Severity::Warning);
    }
}
