//! Finds what an expression refers to.

use std::ops::Range;

/// A name with its attributes inside of an expression: `type.name.attribute`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reference<'a> {
    /// Where it stands.
    pub(super) at: Range<usize>,
    /// `type.name`.
    pub(super) key: &'a str,
    /// What stands behind: `attribute`, `attribute[0].other`; empty for the whole.
    pub(super) rest: &'a str,
}

/// All references of an expression, from left to right. What is no type of a resource, such as `var.x` or `f(…)`, is left
/// out.
pub(super) fn references(expression: &str) -> Vec<Reference<'_>> {
    let bytes = expression.as_bytes();
    let is_word = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(byte) = bytes.get(at) {
        if !(byte.is_ascii_alphabetic() || *byte == b'_') {
            at += 1 + usize::from(byte.is_ascii_digit()) * digits(bytes.get(at + 1..));
            continue;
        }
        let start = at;
        let mut dots = Vec::new();
        loop {
            at += bytes.get(at..).unwrap_or_default().iter().take_while(|b| is_word(b)).count();
            at += index(bytes.get(at..).unwrap_or_default());
            match (bytes.get(at), bytes.get(at + 1)) {
                (Some(b'.'), Some(next)) if is_word(next) => {
                    dots.push(at);
                    at += 1;
                }
                _ => break,
            }
        }
        let Some(first) = dots.first() else { continue };
        let end = dots.get(1).copied().unwrap_or(at);
        let kind = expression.get(start..*first).unwrap_or_default();
        // Types of resources carry the name of their provider; what else may stand first is one word.
        if kind.contains('_') {
            let key = expression.get(start..end).unwrap_or_default();
            let key = key.split('[').next().unwrap_or(key);
            let rest = expression.get(end..at).unwrap_or_default();
            found.push(Reference { at: start..at, key, rest: rest.strip_prefix('.').unwrap_or(rest) });
        }
    }
    found
}

fn digits(bytes: Option<&[u8]>) -> usize {
    bytes.unwrap_or_default().iter().take_while(|b| b.is_ascii_alphanumeric()).count()
}

/// The length of `[…]` at the start, several in a row included.
fn index(bytes: &[u8]) -> usize {
    let mut length = 0;
    while bytes.get(length) == Some(&b'[') {
        let Some(end) = bytes.get(length..).and_then(|rest| rest.iter().position(|b| *b == b']')) else { break };
        length += end + 1;
    }
    length
}

/// The parts of a text in which other values stand as `${…}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part<'a> {
    /// A text, with `$${` for `${`.
    Text(&'a str),
    /// The inside of `${…}`.
    Expression(&'a str),
}

/// Takes a text apart.
pub(super) fn parts(text: &str) -> Vec<Part<'_>> {
    let (mut out, mut start, mut from) = (Vec::new(), 0, 0);
    while let Some(found) = text.get(from..).and_then(|rest| rest.find("${")).map(|at| from + at) {
        if text.get(..found).is_some_and(|before| before.ends_with('$')) {
            from = found + 2;
            continue;
        }
        let inside = text.get(found + 2..).unwrap_or_default();
        let length = closing(inside);
        if found > start {
            out.extend(text.get(start..found).map(Part::Text));
        }
        out.extend(inside.get(..length).map(Part::Expression));
        start = (found + 3 + length).min(text.len());
        from = start;
    }
    out.extend(text.get(start..).filter(|rest| !rest.is_empty()).map(Part::Text));
    out
}

/// Where the brace closes that is open at the start.
fn closing(text: &str) -> usize {
    let (mut depth, mut is_quoted, mut is_escaped) = (1_usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_quoted => is_escaped = true,
            b'"' => is_quoted = !is_quoted,
            b'{' if !is_quoted => depth += 1,
            b'}' if !is_quoted => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

/// How deep calls may stand in each other.
const DEEPEST: usize = 16;

/// The value of sums and products of whole numbers, `min` and `max`; `None` for anything else.
pub(super) fn number(expression: &str) -> Option<i64> {
    let (value, rest) = sum(expression, 0)?;
    rest.trim().is_empty().then_some(value)
}

fn sum(text: &str, depth: usize) -> Option<(i64, &str)> {
    let (mut value, mut rest) = product(text, depth)?;
    loop {
        let text = rest.trim_start();
        if let Some(after) = text.strip_prefix('+') {
            let (other, after) = product(after, depth)?;
            (value, rest) = (value.checked_add(other)?, after);
        } else if let Some(after) = text.strip_prefix('-') {
            let (other, after) = product(after, depth)?;
            (value, rest) = (value.checked_sub(other)?, after);
        } else {
            return Some((value, rest));
        }
    }
}

fn product(text: &str, depth: usize) -> Option<(i64, &str)> {
    let (mut value, mut rest) = factor(text, depth)?;
    while let Some(after) = rest.trim_start().strip_prefix('*') {
        let (other, after) = factor(after, depth)?;
        (value, rest) = (value.checked_mul(other)?, after);
    }
    Some((value, rest))
}

fn factor(text: &str, depth: usize) -> Option<(i64, &str)> {
    if depth > DEEPEST {
        return None;
    }
    let text = text.trim_start();
    for (call, choose) in [("min(", i64::min as fn(i64, i64) -> i64), ("max(", i64::max)] {
        let Some(mut rest) = text.strip_prefix(call) else { continue };
        let mut chosen: Option<i64> = None;
        loop {
            let (value, after) = sum(rest, depth + 1)?;
            chosen = Some(chosen.map_or(value, |before| choose(before, value)));
            let after = after.trim_start();
            match after.strip_prefix(',') {
                Some(next) => rest = next,
                None => return Some((chosen?, after.strip_prefix(')')?)),
            }
        }
    }
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at_checked(length)?;
    Some((digits.parse().ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_found_in_expressions() {
        let found = |text| references(text).into_iter().map(|r| format!("{}|{}", r.key, r.rest)).collect::<Vec<_>>();
        assert_eq!(found("aws_x.a.arn"), ["aws_x.a|arn"]);
        assert_eq!(found("aws_x.a[0].b[\"k\"].c"), ["aws_x.a|b[\"k\"].c"]);
        assert_eq!(found("f(aws_x.a.arn, var.b_c.d, data.aws_x.y.z) + aws_y.b"), ["aws_x.a|arn", "aws_y.b|"]);
        assert_eq!(found("10 * 3"), Vec::<String>::new());
    }

    #[test]
    fn texts_are_taken_apart() {
        use Part::{Expression, Text};
        assert_eq!(
            parts("a${b}c$${d}${f(\"}\")}"),
            [Text("a"), Expression("b"), Text("c$${d}"), Expression("f(\"}\")")]
        );
        assert_eq!(parts("${a}"), [Expression("a")]);
        assert_eq!(parts("${a"), [Expression("a")]);
    }

    #[test]
    fn numbers_are_computed() {
        assert_eq!(number("max(600, 10 * 30)"), Some(600));
        assert_eq!(number("min(7200, 2 * 3 + 4)"), Some(10));
        assert_eq!(number("max(aws_x.a.b, 1)"), None);
        assert_eq!(number("1 2"), None);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_survived(text in "[a-z_.${}\\[\\]()\"0-9,*+ -]{0,60}|\\PC{0,40}") {
            let _ = (references(&text), number(&text), number(&"min(".repeat(text.len() * 100)));
            let whole: String = parts(&text)
                .into_iter()
                .map(|part| match part {
                    Part::Text(text) | Part::Expression(text) => text,
                })
                .collect();
            assert!(whole.len() <= text.len());
        }
    }
}
