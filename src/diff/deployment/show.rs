//! Values and paths as people read them.

use crate::artifact::Plain;

/// Most characters of a value.
pub(super) const LONGEST: usize = 160;

/// A step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// A key.
    Key(String),
    /// An element of a list, by what names it.
    Element(String),
}

/// `a.b[c].d`; a key with a dot stands in quotes.
pub(super) fn path(steps: &[Step]) -> String {
    let mut out = String::new();
    for step in steps {
        match step {
            Step::Element(name) => out.extend(["[", name.as_str(), "]"]),
            Step::Key(key) => {
                if !out.is_empty() {
                    out.push('.');
                }
                if key.contains('.') {
                    out.extend(["\"", key.as_str(), "\""]);
                } else {
                    out.push_str(key);
                }
            }
        }
    }
    out
}

/// A value in one line.
pub(super) fn value(value: &Plain<'_>) -> String {
    let mut out = String::new();
    write(value, &mut out);
    cut(&out, LONGEST)
}

fn write(value: &Plain<'_>, out: &mut String) {
    if out.len() > 4 * LONGEST {
        return;
    }
    match value {
        Plain::Text(text) => out.push_str(text),
        Plain::Expression(text) => {
            let only = text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
            out.push_str(only.filter(|inside| !inside.contains("${")).unwrap_or(text));
        }
        Plain::List(items) | Plain::Blocks(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { ", " });
                write(item, out);
            }
            out.push(']');
        }
        Plain::Map(entries) => {
            out.push('{');
            for (at, (key, value)) in entries.iter().enumerate() {
                out.push_str(if at == 0 { " " } else { ", " });
                out.push_str(key);
                out.push_str(": ");
                write(value, out);
            }
            out.push_str(if entries.is_empty() { "}" } else { " }" });
        }
    }
}

/// At most so many characters, without line breaks.
pub(super) fn cut(text: &str, most: usize) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if line.chars().count() <= most {
        return line;
    }
    let mut short: String = line.chars().take(most.saturating_sub(1)).collect();
    short.push('…');
    short
}
