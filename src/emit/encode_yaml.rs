//! Values as YAML in one line: scalars plain where every reader agrees on them, quoted elsewhere; lists and maps in
//! flow style.

use std::fmt::Write as _;

use super::encoder::{Unprintable, unsayable, write_json_text};
use crate::base::Value;

/// Writes `value` behind `out`.
pub(super) fn write(value: &Value, out: &mut String) -> Result<(), Unprintable> {
    match value {
        Value::Text(text) => write_text(text, out),
        Value::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                write(item, out)?;
            }
            out.push(']');
        }
        Value::Map(map) => {
            out.push('{');
            for (index, (key, item)) in map.iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                write_text(key, out);
                out.push_str(": ");
                write(item, out)?;
            }
            out.push('}');
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {
            // Writing to a String cannot fail.
            let _ = write!(out, "{value}");
        }
        Value::Reference(_) | Value::Concat(_) | Value::Duration(_) | Value::Size(_) | Value::End(_) => {
            return Err(unsayable(value, "YAML"));
        }
    }
    Ok(())
}

fn write_text(text: &str, out: &mut String) {
    if is_plain(text) {
        out.push_str(text);
    } else {
        write_json_text(text, out);
    }
}

/// A text that YAML 1.1 and 1.2 both read as itself, in block and in flow style.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let Some((first, rest)) = bytes.split_first() else { return false };
    if !(first.is_ascii_alphabetic() || *first == b'/' || *first == b'_') {
        return false;
    }
    let fits = rest.iter().enumerate().all(|(index, byte)| match byte {
        b'_' | b'.' | b'/' | b'-' | b'@' | b'+' => true,
        // A colon is safe only where it cannot end a key.
        b':' => rest.get(index + 1).is_some_and(|next| next.is_ascii_alphanumeric() || *next == b'/'),
        _ => byte.is_ascii_alphanumeric(),
    });
    let is_word = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"]
        .iter()
        .any(|word| text.eq_ignore_ascii_case(word));
    fits && !is_word
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;
    use serde_json::{Value, json};

    use crate::base::written;

    fn yaml(value: &Value) -> Result<String, String> {
        let mut out = String::new();
        super::write(&written(value), &mut out).map(|()| out)
    }

    #[test]
    fn plain_where_every_reader_agrees() {
        let cases = [
            ("ledger", "ledger"),
            ("/orders", "/orders"),
            ("ghcr.io/x/y:1.2@sha256", "ghcr.io/x/y:1.2@sha256"),
            ("no", "\"no\""),
            ("1e3", "\"1e3\""),
            ("", "\"\""),
            ("a: b", "\"a: b\""),
            ("a:", "\"a:\""),
            ("a b", "\"a b\""),
            ("- x", "\"- x\""),
            ("a\u{85}b", "\"a\\u0085b\""),
            ("*a", "\"*a\""),
        ];
        for (text, expected) in cases {
            assert_eq!(yaml(&json!(text)).unwrap(), expected);
        }
    }

    #[test]
    fn references_and_units_are_refused() {
        assert!(yaml(&json!([{"ref": "a.b"}])).unwrap_err().contains("reference"));
        assert!(yaml(&json!({"ms": 5})).unwrap_err().contains("`seconds`"));
    }

    fn json_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
            "[a-z:/. #-]{0,8}".prop_map(Value::from)
        ];
        leaf.prop_recursive(3, 16, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map("[a-z: #~-]{0,6}", inner, 0..4)
                    .prop_map(|m| Value::Object(m.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(value in json_value()) {
            let mut text = "key: ".to_owned();
            super::write(&crate::base::Value::from(&value), &mut text).unwrap();
            text.push('\n');
            let read: Value = serde_yaml::from_str(&text).unwrap();
            prop_assert_eq!(read, json!({"key": value}));
        }
    }
}
