//! The texts of HCL: escapes, `${…}`, and the lines of heredocs.

use std::borrow::Cow;

use super::hcl_cursor::Cursor;
use super::tree::{Piece, Value};

/// Removes the blanks that all lines, the one with the marker included, begin with.
pub(super) fn dedent<'a>(text: &'a str, marker: &str) -> Cow<'a, str> {
    let blanks = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let lines = || text.split_inclusive('\n').filter(|line| !line.trim().is_empty());
    let shared = lines().map(blanks).chain([blanks(marker)]).min().unwrap_or(0);
    if shared == 0 {
        return Cow::Borrowed(text);
    }
    Cow::Owned(
        text.split_inclusive('\n').map(|line| line.get(shared.min(blanks(line))..).unwrap_or_default()).collect(),
    )
}

pub(super) fn own<'a>(value: Value<'_>) -> Value<'a> {
    let owned = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
    match value {
        Value::Text(text) => Value::Text(owned(text)),
        Value::Reference(text) => Value::Reference(owned(text)),
        Value::Concat(pieces) => Value::Concat(
            pieces
                .into_iter()
                .map(|piece| match piece {
                    Piece::Text(text) => Piece::Text(owned(text)),
                    Piece::Reference(text) => Piece::Reference(owned(text)),
                })
                .collect(),
        ),
        Value::Raw(text) => Value::Raw(owned(text)),
        // A template is one of the above.
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::List(_) | Value::Map(_) => Value::Null,
    }
}

/// The inside of a template; `escapes` where backslashes mean something. `%{…}` makes it raw.
pub(super) fn template(text: &str, escapes: bool) -> Option<Value<'_>> {
    let bytes = text.as_bytes();
    if !bytes.iter().any(|b| matches!(b, b'$' | b'%') || (escapes && *b == b'\\')) {
        return Some(Value::Text(Cow::Borrowed(text)));
    }
    let (mut pieces, mut literal, mut at) = (Vec::new(), String::new(), 0);
    while let Some(byte) = bytes.get(at) {
        let next = bytes.get(at + 1).copied();
        match byte {
            b'%' if next == Some(b'{') => return Some(Value::Raw(Cow::Borrowed(text))),
            b'$' if next == Some(b'{') => {
                let mut cursor = Cursor::at(text, at + 2, 1);
                cursor.skip_body().ok()?;
                let inner = text.get(at + 2..cursor.offset() - 1)?.trim_start_matches('~').trim_end_matches('~').trim();
                if !literal.is_empty() {
                    pieces.push(Piece::Text(Cow::Owned(std::mem::take(&mut literal))));
                }
                pieces.push(Piece::Reference(Cow::Borrowed(inner)));
                at = cursor.offset();
            }
            b'$' | b'%' if next == Some(*byte) && bytes.get(at + 2) == Some(&b'{') => {
                literal.push(char::from(*byte));
                literal.push('{');
                at += 3;
            }
            b'\\' if escapes => at += unescape(text.get(at + 1..)?, &mut literal)? + 1,
            _ => {
                let rest = bytes.get(at + 1..).unwrap_or_default();
                let length = rest.iter().take_while(|b| !matches!(b, b'$' | b'%' | b'\\')).count();
                literal.push_str(text.get(at..at + 1 + length)?);
                at += 1 + length;
            }
        }
    }
    if pieces.is_empty() {
        return Some(Value::Text(Cow::Owned(literal)));
    }
    if !literal.is_empty() {
        pieces.push(Piece::Text(Cow::Owned(literal)));
    }
    Some(match pieces.as_slice() {
        [Piece::Reference(only)] => Value::Reference(only.clone()),
        _ => Value::Concat(pieces),
    })
}

/// Reads what stands behind a backslash and gives its length.
fn unescape(rest: &str, out: &mut String) -> Option<usize> {
    let first = rest.chars().next()?;
    let digits = match first {
        'n' => {
            out.push('\n');
            return Some(1);
        }
        'r' => {
            out.push('\r');
            return Some(1);
        }
        't' => {
            out.push('\t');
            return Some(1);
        }
        '"' | '\\' => {
            out.push(first);
            return Some(1);
        }
        'u' => 4,
        'U' => 8,
        _ => return None,
    };
    let code = u32::from_str_radix(rest.get(1..=digits)?, 16).ok()?;
    out.push(char::from_u32(code)?);
    Some(digits + 1)
}
