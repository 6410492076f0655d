//! Reads YAML, and JSON with it: the documents of a file as trees. Anchors and aliases are refused: nothing that is
//! emitted has them, and a bomb is made of them.

use std::borrow::Cow;

use saphyr_parser::{Event, Parser, ScalarStyle};

use super::hcl::Unreadable;
use super::tree::{Node, Value};

/// How deep values may stand in each other.
const DEEPEST: usize = 64;

enum Open<'a> {
    List(u32, Vec<Node<'a>>),
    Map(u32, Vec<(Cow<'a, str>, Node<'a>)>, Option<Cow<'a, str>>),
}

/// All documents of a file; empty ones are left out.
pub(super) fn documents(text: &str) -> Result<Vec<Node<'_>>, Unreadable> {
    let line = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let mut parser = Parser::new_from_str(text);
    let (mut found, mut open): (Vec<Node<'_>>, Vec<Open<'_>>) = (Vec::new(), Vec::new());
    while let Some(event) = parser.next_event() {
        let (event, span) =
            event.map_err(|e| Unreadable { line: line(e.marker().line()), message: e.info().to_owned() })?;
        let at = line(span.start.line());
        let refuse = |message: &str| Err(Unreadable { line: at, message: message.to_owned() });
        if open.len() > DEEPEST {
            return refuse("values stand too deep in each other");
        }
        let node = match event {
            Event::Scalar(text, style, 0, tag) => {
                if tag.is_some() {
                    return refuse("a tag is not understood");
                }
                Node { line: at, value: scalar(text, style) }
            }
            Event::SequenceStart(0, None) => {
                open.push(Open::List(at, Vec::new()));
                continue;
            }
            Event::MappingStart(0, None) => {
                open.push(Open::Map(at, Vec::new(), None));
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => match open.pop() {
                Some(Open::List(line, items)) => Node { line, value: Value::List(items) },
                Some(Open::Map(line, entries, _)) => Node { line, value: Value::Map(entries) },
                None => return refuse("a collection ends that never began"),
            },
            Event::Alias(_) | Event::Scalar(..) | Event::SequenceStart(..) | Event::MappingStart(..) => {
                return refuse("anchors, aliases and tags are not understood");
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) | Event::DocumentEnd => {
                continue;
            }
        };
        match open.last_mut() {
            None if node.value == Value::Null => {}
            None => found.push(node),
            Some(Open::List(_, items)) => items.push(node),
            Some(Open::Map(_, entries, key)) => {
                if let Some(name) = key.take() {
                    entries.push((name, node));
                    continue;
                }
                let name = node.text().or((node.value == Value::Null).then_some(Cow::Borrowed("null")));
                let Some(name) = name else { return refuse("a key has to be a text") };
                if entries.iter().any(|(other, _)| *other == name) {
                    return refuse(&format!("the key `{name}` stands twice"));
                }
                *key = Some(name);
            }
        }
    }
    Ok(found)
}

fn scalar(text: Cow<'_, str>, style: ScalarStyle) -> Value<'_> {
    if style != ScalarStyle::Plain {
        return Value::Text(text);
    }
    match &*text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        other
            if other.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'))
                && other.parse::<f64>().is_ok() =>
        {
            Value::Number(text)
        }
        _ => Value::Text(text),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use super::super::tree::path;
    use super::*;

    #[test]
    fn documents_become_trees() {
        let text = "# c\na:\n  b: [x, 1, true, ~]\n  c: {d: \"1\"}\n---\n---\nkind: K\nlist:\n- e: |\n    two\n    lines\n- e: '${x}'\n";
        let found = documents(text).unwrap();
        assert_eq!(found.len(), 2);
        let texts = |node: &Node<'_>, at: &str| {
            node.at(&path(at)).iter().map(|n| (n.line, n.text().unwrap().into_owned())).collect::<Vec<_>>()
        };
        assert_eq!(texts(&found[0], "a.b"), [(3, "x".to_owned()), (3, "1".to_owned()), (3, "true".to_owned())]);
        assert_eq!(found[0].at(&path("a.c.d"))[0].value, Value::Text("1".into()));
        assert_eq!(texts(&found[1], "list[].e"), [(10, "two\nlines\n".to_owned()), (12, "$${x}".to_owned())]);
        assert_eq!(documents("{\"a\": [1]}").unwrap()[0].at(&path("a"))[0].value, Value::Number("1".into()));
    }

    #[test]
    fn bombs_and_twins_are_refused() {
        for text in ["a: &x 1\nb: *x\n", "a: !t 1\n", "a: 1\na: 2\n", "a: [", "[a]: 1\n"] {
            assert!(documents(text).is_err(), "{text}");
        }
        assert!(documents(&"[".repeat(500)).is_err());
    }
}
