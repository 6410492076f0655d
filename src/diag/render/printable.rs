//! Text of a spec is untrusted: a terminal obeys escape sequences, and characters that turn the direction of
//! writing make a reader see another text than the program did. Both are shown instead of sent.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether a character acts on a terminal or on the order of the text instead of standing for itself.
/// Line breaks and tabs are left to the caller.
pub(super) fn is_unsafe(c: char) -> bool {
    c.is_control() && c != '\n' && c != '\t'
        // Marks and embeddings of direction, line and paragraph separators, the byte order mark.
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}' | '\u{feff}')
}

/// The text with every unsafe character written as `\u{1b}`. Line breaks and tabs stay.
pub fn printable(text: &str) -> Cow<'_, str> {
    escape(text, is_unsafe)
}

/// As [`printable`], on one line: line breaks and tabs are written as escapes too.
pub fn printable_line(text: &str) -> Cow<'_, str> {
    escape(text, |c| is_unsafe(c) || c == '\n' || c == '\t')
}

fn escape(text: &str, refuse: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&refuse) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\n' if refuse(c) => out.push_str("\\n"),
            '\t' if refuse(c) => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if refuse(c) => {
                // Writing to a string does not fail.
                let _ = write!(out, "\\u{{{:x}}}", c as u32);
            }
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// The text with unsafe characters replaced by as many question marks as they have bytes, so that every offset
/// keeps its meaning. For excerpts, under which labels are drawn by offset.
pub(super) fn printable_same_length(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        // A carriage return before a line break is part of that break.
        if !is_unsafe(c) || c == '\r' && chars.peek() == Some(&'\n') {
            out.push(c);
        } else {
            out.extend(std::iter::repeat_n('?', c.len_utf8()));
        }
    }
    Cow::Owned(out)
}
