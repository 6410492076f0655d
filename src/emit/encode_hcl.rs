//! Values as expressions of HCL. Lines within are not indented: the formatter does that.

use std::fmt::Write as _;

use super::encoder::{Unprintable, unsayable};
use crate::base::{Piece, Value, is_identifier};

/// A list longer than this is written one element a line.
const LIST_WIDTH: usize = 100;

/// Functions that a reference may call: pure, and reading neither file nor clock.
const FUNCTIONS: [&str; 30] = [
    "abs",
    "base64encode",
    "ceil",
    "coalesce",
    "compact",
    "concat",
    "distinct",
    "element",
    "flatten",
    "floor",
    "format",
    "join",
    "jsonencode",
    "keys",
    "length",
    "lookup",
    "lower",
    "max",
    "merge",
    "min",
    "one",
    "replace",
    "sha256",
    "split",
    "substr",
    "tolist",
    "toset",
    "trimprefix",
    "trimsuffix",
    "upper",
];

/// Writes `value` behind `out`.
pub(super) fn write(value: &Value, out: &mut String) -> Result<(), Unprintable> {
    match value {
        Value::Reference(text) => out.push_str(reference(text)?),
        Value::Concat(pieces) => write_concat(pieces, out)?,
        Value::Text(text) => {
            out.push('"');
            write_escaped(text, false, out);
            out.push('"');
        }
        Value::List(items) => write_list(items, out)?,
        Value::Map(map) => {
            if map.is_empty() {
                out.push_str("{}");
                return Ok(());
            }
            out.push_str("{\n");
            for (key, item) in map {
                // `for` would begin an expression; the other words read better quoted than as keywords.
                if is_identifier(key) && !matches!(&**key, "for" | "null" | "true" | "false") {
                    out.push_str(key);
                } else {
                    out.push('"');
                    write_escaped(key, false, out);
                    out.push('"');
                }
                out.push_str(" = ");
                write(item, out)?;
                out.push('\n');
            }
            out.push('}');
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {
            // Writing to a String cannot fail.
            let _ = write!(out, "{value}");
        }
        Value::Duration(_) | Value::Size(_) | Value::End(_) => return Err(unsayable(value, "HCL")),
    }
    Ok(())
}

fn write_list(items: &[Value], out: &mut String) -> Result<(), Unprintable> {
    let start = out.len();
    out.push('[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        write(item, out)?;
    }
    out.push(']');
    let written = out.get(start..).unwrap_or_default();
    if items.len() < 2 || (written.len() <= LIST_WIDTH && !written.contains('\n')) {
        return Ok(());
    }
    out.truncate(start);
    out.push_str("[\n");
    for item in items {
        write(item, out)?;
        out.push_str(",\n");
    }
    out.push(']');
    Ok(())
}

/// One reference alone stays bare, because `"${x}"` is a deprecated way to write `x`.
fn write_concat(pieces: &[Piece], out: &mut String) -> Result<(), Unprintable> {
    if let [Piece::Reference(text)] = pieces {
        out.push_str(reference(text)?);
        return Ok(());
    }
    out.push('"');
    for (index, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Reference(text) => {
                out.push_str("${");
                out.push_str(reference(text)?);
                out.push('}');
            }
            Piece::Text(text) => write_escaped(text, index + 1 < pieces.len(), out),
        }
    }
    out.push('"');
    Ok(())
}

/// The inside of a quoted template. `joined` says that another piece follows: a `$` or `%` at the end would otherwise
/// meet the `{` that follows, or turn the `${` of a reference into an escape.
fn write_escaped(text: &str, joined: bool, out: &mut String) {
    let bytes = text.as_bytes();
    let mut copied = 0;
    for (index, byte) in bytes.iter().enumerate() {
        let next = bytes.get(index + 1).copied();
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            b'$' if next == Some(b'{') => "$$",
            b'%' if next == Some(b'{') => "%%",
            b'$' if joined && next.is_none() => "\\u0024",
            b'%' if joined && next.is_none() => "\\u0025",
            0..=0x1f | 0x7f => "",
            _ => continue,
        };
        out.push_str(text.get(copied..index).unwrap_or_default());
        if escape.is_empty() {
            let _ = write!(out, "\\u{byte:04x}");
        } else {
            out.push_str(escape);
        }
        copied = index + 1;
    }
    out.push_str(text.get(copied..).unwrap_or_default());
}

/// A reference is a traversal, or a call of a pure function over such: names, dots, indices, quoted texts without
/// templates. So even a manifest that makes a reference of a user's text could name what exists, and do nothing.
fn reference(text: &str) -> Result<&str, Unprintable> {
    let refuse =
        |why: &str| Err(format!("is the reference `{text}`, which {why}; name a `locals` entry of a template instead"));
    let bytes = text.as_bytes();
    if !bytes.first().is_some_and(u8::is_ascii_alphabetic) {
        return refuse("begins with no name");
    }
    let (mut index, mut open): (usize, Vec<u8>) = (0, Vec::new());
    while let Some(byte) = bytes.get(index) {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'_' => {
                let rest = bytes.get(index..).unwrap_or_default();
                let length = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-')).count();
                let name = text.get(index..index + length).unwrap_or_default();
                if bytes.get(index + length) == Some(&b'(') && !FUNCTIONS.contains(&name) {
                    return refuse(&format!("calls `{name}`"));
                }
                index += length;
                continue;
            }
            b'"' => {
                let rest = bytes.get(index + 1..).unwrap_or_default();
                let Some(length) = rest.iter().position(|b| *b == b'"') else { return refuse("leaves a quote open") };
                let inside = rest.get(..length).unwrap_or_default();
                if inside.iter().any(|b| b.is_ascii_control() || matches!(b, b'\\' | b'$' | b'%')) {
                    return refuse("holds a template or an escape in quotes");
                }
                index += length + 2;
                continue;
            }
            b'[' | b'(' => open.push(*byte),
            b']' if open.pop() != Some(b'[') => return refuse("does not balance its brackets"),
            b')' if open.pop() != Some(b'(') => return refuse("does not balance its brackets"),
            b',' | b' ' if open.is_empty() => return refuse("is more than one expression"),
            b'0'..=b'9' | b'.' | b'*' | b',' | b' ' | b']' | b')' => {}
            _ => return refuse("is no name, index or call of a pure function"),
        }
        index += 1;
    }
    if open.is_empty() { Ok(text) } else { refuse("does not balance its brackets") }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

    use serde_json::{Value, json};

    use crate::base::written;

    fn hcl(value: &Value) -> Result<String, String> {
        let mut out = String::new();
        super::write(&written(value), &mut out).map(|()| out)
    }

    #[test]
    fn texts_are_escaped_as_terraform_reads_them() {
        // Each pair was read back by `terraform console`.
        let cases = [
            (r#"a"b\c"#, r#""a\"b\\c""#),
            ("a\nb\t\u{1b}\u{0}", r#""a\nb\t\u001b\u0000""#),
            ("${x}", r#""$${x}""#),
            ("$${x}", r#""$$${x}""#),
            ("%{if}", r#""%%{if}""#),
            ("100% $5 é", r#""100% $5 é""#),
        ];
        for (text, expected) in cases {
            assert_eq!(hcl(&json!(text)).unwrap(), expected);
        }
    }

    #[test]
    fn a_dollar_before_a_reference_stays_a_dollar() {
        let value = json!({"concat": ["cost$", {"ref": "a.b"}, "%", "{x}"]});
        assert_eq!(hcl(&value).unwrap(), r#""cost\u0024${a.b}\u0025{x}""#);
    }

    #[test]
    fn references_are_bare_and_joined_in_quotes() {
        assert_eq!(hcl(&json!({"ref": "aws_x.y[0].arn"})).unwrap(), "aws_x.y[0].arn");
        assert_eq!(hcl(&json!({"concat": [{"ref": "a.b"}]})).unwrap(), "a.b");
        assert_eq!(hcl(&json!({"concat": ["x-", {"ref": "a.b"}, "/index/3"]})).unwrap(), r#""x-${a.b}/index/3""#);
        assert_eq!(hcl(&json!({"ref": r#"replace(a.b, "https://", "")"#})).unwrap(), r#"replace(a.b, "https://", "")"#);
    }

    #[test]
    fn a_reference_cannot_carry_code() {
        let cases = [
            "file(\"/etc/passwd\")",
            "a.b\n}",
            "a.b}",
            "a.b ? 1 : 2",
            "a[\"${b}\"]",
            "a.b # x",
            "a]",
            "a[",
            "\"a\"",
            "",
            "a.b c",
        ];
        for text in cases {
            assert!(hcl(&json!({"ref": text})).is_err(), "{text}");
        }
    }

    #[test]
    fn lists_and_maps() {
        assert_eq!(hcl(&json!([])).unwrap(), "[]");
        assert_eq!(hcl(&json!(["a", 1, true, null])).unwrap(), r#"["a", 1, true, null]"#);
        let long = "x".repeat(60);
        assert_eq!(hcl(&json!([long, long])).unwrap(), format!("[\n\"{long}\",\n\"{long}\",\n]"));
        assert_eq!(hcl(&json!({})).unwrap(), "{}");
        assert_eq!(
            hcl(&json!({"a-b": 1, "for": 2, "x y${z}": {"c": 3}})).unwrap(),
            "{\na-b = 1\n\"for\" = 2\n\"x y$${z}\" = {\nc = 3\n}\n}"
        );
    }

    #[test]
    fn durations_and_sizes_ask_for_a_unit() {
        assert!(hcl(&json!({"ms": 1})).unwrap_err().contains("`seconds`"));
        assert!(hcl(&json!([{"bytes": 1}])).unwrap_err().contains("`mebibytes`"));
    }
}
