//! What the parser says about text that is no YAML → one finding that says what to do.

use saphyr_parser::ScanError;

use super::properties::Properties;
use crate::base::{FileId, Span};
use crate::diag::{Applicability, Finding};

/// The parser has read an alias without an anchor; it is the one error after which it can go on.
pub(super) fn is_undefined_alias(error: &ScanError) -> bool {
    error.info().contains("unknown anchor")
}

/// Message and help by a part of what the parser says. Where nothing fits, its own words are shown.
const KNOWN: &[(&str, &str, &str)] = &[
    ("in quoted scalar", "this quote is not closed", "close it on the same line"),
    (
        "mapping values are not allowed",
        "a `:` stands where no key can be",
        "put the key on a line of its own, or write the text that holds `: ` in double quotes",
    ),
    ("did not find expected key", "this line fits no mapping above it", "indent it like the keys that it belongs to"),
    (
        "did not find expected '-' indicator",
        "this line is no item of the list above it",
        "start it with `- `, or indent it like the key that it belongs to",
    ),
    (
        "did not find expected <document start>",
        "something follows behind the end of the value",
        "indent the lines of one mapping alike; a file holds one value",
    ),
    (
        "block sequence entries are not allowed",
        "a list item stands where none can be",
        "start the list on the next line",
    ),
    (
        "\"-\" is only valid inside a block",
        "a list item with `-` stands between brackets",
        "separate items by commas: `[a, b]`",
    ),
    (
        "mapping keys are not allowed",
        "a `?` stands where no key can be",
        "write the text that starts with `?` in double quotes",
    ),
    ("expected ',' or '}'", "a `,` or `}` is missing", "close the bracket, or put a comma between two entries"),
    ("expected ',' or ']'", "a `,` or `]` is missing", "close the bracket, or put a comma between two items"),
    (
        "misplaced bracket",
        "a bracket is closed that was not opened",
        "remove it, or write the text that holds it in double quotes",
    ),
    ("unexpected end of stream", "this quote is not closed", "close it on the same line"),
    ("unexpected document indicator", "this quote is not closed", "close it on the same line"),
    (
        "invalid trailing content after double-quoted",
        "something follows behind the closing quote",
        "write the whole text in quotes: `\"…\"` with `\\\"` inside, or `'…'` with `''` inside",
    ),
    (
        "unknown escape character",
        "an unknown escape in double quotes",
        "write `\\\\` for a backslash, or use single quotes, in which it is a plain character",
    ),
    ("hexadecimal number", "an escape in double quotes lacks digits", "write `\\x41`, `\\u0041` or `\\U00000041`"),
    ("Unicode character escape", "an escape in double quotes is no character", "write the character itself"),
    (
        "comment intercepting",
        "a comment stands inside of a text of several lines",
        "move the comment away, or indent the next line like the key that it belongs to",
    ),
    ("byte order mark", "a byte order mark stands inside of the text", "remove it"),
    (
        "alphabetic or numeric character",
        "`&` or `*` without a name",
        "write the text that starts with it in double quotes",
    ),
    ("must be followed by a valid YAML whitespace", "a tab stands where a blank must be", "write a blank"),
    (
        "comments must be separated",
        "a comment needs a blank before its `#`",
        "put a blank before it, or quotes around the text",
    ),
    ("may not precede any of", "a `:` needs a blank behind it", "put a blank behind it"),
    ("illegal placement of ':'", "a key and its `:` stand on different lines", "put them on one line"),
    ("wrongly indented line in block scalar", "the text block is indented unevenly", "indent its first line least"),
    ("indentation indicator equal to 0", "a text block cannot be indented by 0", "leave the number out"),
    ("found unprintable", "a null character is no part of YAML", "remove it"),
    ("plain scalar cannot start with '-'", "a text starts with `-` before a bracket", "write it in double quotes"),
    ("expected comment or line break", "something follows behind `|` or `>`", "start the text block on the next line"),
    ("invalid indentation", "this line is indented less than what it belongs to", "indent it further"),
    ("unexpected end of plain scalar", "a text stands where none can be", "write it in double quotes"),
    ("expected node content", "a value is missing", "write the value, or close the bracket before this place"),
];

/// Where the parser is when it fails.
pub(super) struct Place<'a> {
    pub(super) file: FileId,
    pub(super) text: &'a str,
    /// The byte that it complains about.
    pub(super) at: usize,
    /// The innermost open collection if it is between brackets: where the bracket stands.
    pub(super) bracket: Option<usize>,
}

impl Place<'_> {
    fn span(&self, start: usize, end: usize) -> Span {
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Span::new(self.file, offset(start), offset(end.max(start)))
    }

    fn slice(&self, start: usize, end: usize) -> &str {
        self.text.get(start..end).unwrap_or_default()
    }

    fn line_start(&self) -> usize {
        self.slice(0, self.at).rfind('\n').map_or(0, |before| before + 1)
    }

    /// The last line before `end` that is not blank, without its indentation and trailing blanks.
    fn line_above(&self, end: usize) -> (usize, usize) {
        let above = self.slice(0, end).trim_end();
        let start = above.rfind('\n').map_or(0, |before| before + 1);
        let indent = above.len() - start - self.slice(start, above.len()).trim_start().len();
        (start + indent, above.len())
    }

    /// The end of an unquoted text that starts at `start`.
    fn end_of_plain(&self, start: usize) -> usize {
        let rest = self.text.get(start..).unwrap_or_default();
        let line = rest.split(['\n', '\r']).next().unwrap_or_default();
        let line = line.find(" #").map_or(line, |comment| line.get(..comment).unwrap_or(line));
        let stop = if self.bracket.is_some() { line.find([',', ']', '}']) } else { None };
        start + stop.map_or(line, |stop| line.get(..stop).unwrap_or(line)).trim_end().len()
    }

    /// A text in double quotes, if it can stand in them as it is.
    fn quoted(&self, start: usize, end: usize) -> Option<String> {
        let text = self.slice(start, end);
        (!text.is_empty() && !text.contains(['"', '\\'])).then(|| format!("\"{text}\""))
    }

    fn error(&self, start: usize, end: usize, message: impl Into<String>) -> Finding {
        Finding::error("yaml-syntax", self.span(start, end), message)
    }

    /// Proposes double quotes around a text.
    fn quote(&self, finding: Finding, start: usize, end: usize) -> Finding {
        match self.quoted(start, end) {
            Some(quoted) => finding.help(format!("write the text in double quotes: `{quoted}`")).fix(
                "put the text in double quotes",
                self.span(start, end),
                quoted,
                Applicability::Unsafe,
            ),
            None => finding.help("write the text in double quotes, with `\\\"` for a quote inside"),
        }
    }
}

/// The finding of a syntax error.
pub(super) fn finding(place: &Place<'_>, error: &ScanError) -> Finding {
    let info = error.info();
    let special = if info.contains("expected ',' or") {
        unquoted_bracket(place)
    } else if info.contains("mapping values are not allowed") {
        colon(place)
    } else if info.contains("simple key expect") {
        let (start, end) = place.line_above(place.at);
        Some(missing_colon(place, start, end))
    } else if info.contains("unknown escape") {
        escape(place)
    } else if info.contains("handle wasn't declared") {
        tag(place)
    } else {
        None
    };
    tab(place, info).or(special).or_else(|| unclosed(place)).unwrap_or_else(|| general(place, info))
}

fn general(place: &Place<'_>, info: &str) -> Finding {
    if let Some(c) = info.strip_prefix("unexpected character: `").and_then(|rest| rest.chars().next()) {
        let finding =
            place.error(place.at, place.at + c.len_utf8(), format!("no text starts with {c:?} unless it is quoted"));
        return place.quote(finding, place.at, place.end_of_plain(place.at));
    }
    let span = character(place.file, place.text, place.at);
    let finding = match KNOWN.iter().find(|(part, _, _)| info.contains(part)) {
        Some((_, message, help)) => Finding::error("yaml-syntax", span, *message).help(*help),
        None => Finding::error("yaml-syntax", span, format!("this is not YAML: {info}")),
    };
    match place.bracket {
        Some(open) => finding.related(place.span(open, open + 1), "opened here"),
        None => finding,
    }
}

/// The text ends inside of brackets.
fn unclosed(place: &Place<'_>) -> Option<Finding> {
    let open = place.bracket?;
    if !place.text.get(place.at..)?.trim().is_empty() {
        return None;
    }
    let bracket = place.text.get(open..)?.chars().next()?;
    let closing = if bracket == '{' { '}' } else { ']' };
    Some(
        place
            .error(open, open + 1, format!("`{bracket}` is not closed"))
            .help(format!("write `{closing}` behind the last entry")),
    )
}

/// A `: ` behind what cannot be a key: a second one in a line, or a key that continues the text above it.
fn colon(place: &Place<'_>) -> Option<Finding> {
    let line = place.line_start();
    let before = place.slice(line, place.at);
    let start = line + before.len() - before.trim_start_matches([' ', '-']).len();
    if let Some(first) = before.find(": ") {
        let value = line + first + 2;
        let value = value + place.slice(value, place.at).len() - place.slice(value, place.at).trim_start().len();
        let finding = place.error(place.at, place.at + 1, "a second `: ` stands in this line");
        return Some(place.quote(finding, value, place.end_of_plain(value)));
    }
    let (above, end) = place.line_above(line);
    let text = place.slice(above, end);
    if text.is_empty() {
        return None;
    }
    if text.contains(": ") || text.ends_with(':') {
        return Some(
            place
                .error(
                    start,
                    place.at,
                    format!("the key `{}` is indented deeper than the one above", place.slice(start, place.at)),
                )
                .related(place.span(above, end), "this line has a value already")
                .help("indent it like the key that it belongs to"),
        );
    }
    Some(missing_colon(place, above, end))
}

fn missing_colon(place: &Place<'_>, start: usize, end: usize) -> Finding {
    let text = place.slice(start, end);
    let finding = place.error(start, end, "this line is no `key: value`");
    match text.split_once(':') {
        Some((key, value)) if !key.is_empty() && !value.is_empty() && !key.contains(' ') => {
            finding.help(format!("write a blank behind the colon: `{key}: {value}`")).fix(
                "put a blank behind the colon",
                place.span(start, end),
                format!("{key}: {value}"),
                Applicability::Unsafe,
            )
        }
        _ => finding.help("put a `:` behind the key, or indent the line if it belongs to the text above"),
    }
}

/// The first escape that double quotes do not know.
fn escape(place: &Place<'_>) -> Option<Finding> {
    let bytes = place.text.as_bytes();
    let mut at = place.at;
    loop {
        at += place.text.get(at..)?.find('\\')?;
        let c = place.text.get(at + 1..)?.chars().next()?;
        if !"0abt\tnvfre\"/\\N_LPxuU \r\n".contains(c) {
            let end = at + 1 + c.len_utf8();
            let help = format!("write `\\\\{c}`, or use single quotes, in which a backslash is a plain character");
            return Some(place.error(at, end, format!("`\\{c}` is no escape of double quotes")).help(help));
        }
        at += if bytes.get(at + 1) == Some(&b'\\') { 2 } else { 1 };
    }
}

fn tag(place: &Place<'_>) -> Option<Finding> {
    let (start, end) = Properties::read(place.text, place.at).tag?;
    let message = format!("the tag `{}` is not known", place.slice(start, end));
    Some(Finding::error("unknown-tag", place.span(start, end), message).help("remove the tag"))
}

/// The character at an offset; at the end of the text what stands last in it.
fn character(file: FileId, text: &str, at: usize) -> Span {
    let span = |start: usize, length: usize| {
        let start = u32::try_from(start).unwrap_or(u32::MAX);
        Span::new(file, start, start + u32::try_from(length).unwrap_or(0))
    };
    match text.get(at..).and_then(|rest| rest.chars().next()) {
        Some(c) if !c.is_whitespace() => span(at, c.len_utf8()),
        Some(_) => span(at, 0),
        None => {
            let trimmed = text.trim_end();
            let last = trimmed.chars().next_back().map_or(0, char::len_utf8);
            span(trimmed.len() - last, last)
        }
    }
}

/// A tab in the indentation of the line, which is what the parser complains about or what upset it.
fn tab(place: &Place<'_>, info: &str) -> Option<Finding> {
    let line = place.line_start();
    let rest = place.text.get(line..)?;
    let indentation = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    let inside = rest.get(..indentation)?.find('\t');
    let offset = if info.contains("tab") { inside.or_else(|| rest.find('\t')) } else { inside }?;
    Some(
        place
            .error(line + offset, line + offset + 1, "a tab is used for indentation")
            .help("indent with blanks: YAML counts columns, and a tab has no width"),
    )
}

/// `GET /orders/{id}` between brackets: the brace ends the text unless it is quoted.
fn unquoted_bracket(place: &Place<'_>) -> Option<Finding> {
    let at = place.at;
    let bracket = place.text.get(at..)?.chars().next().filter(|c| matches!(c, '{' | '['))?;
    let before = place.text.get(..at)?;
    let line = place.line_start();
    let start = [": ", ", ", "[", "{", "- ", ","]
        .iter()
        .filter_map(|mark| before.get(line..)?.rfind(mark).map(|n| line + n + mark.len()))
        .max()?;
    let head = place.slice(start, at);
    let start = start + head.len() - head.trim_start().len();
    if head.trim().is_empty() || head.trim_start().starts_with(['"', '\'', '*', '&', '!']) {
        return None;
    }
    let mut depth = 0usize;
    let mut end = at;
    for (n, c) in place.text.get(at..)?.char_indices() {
        match c {
            '{' | '[' => depth += 1,
            '}' | ']' if depth > 0 => depth -= 1,
            '\n' | '\r' | '"' | '\'' => break,
            ',' | '}' | ']' if depth == 0 => break,
            _ => {}
        }
        end = at + n + c.len_utf8();
    }
    let end = start + place.slice(start, end).trim_end().len();
    if depth > 0 {
        return None;
    }
    Some(place.quote(place.error(at, at + 1, format!("`{bracket}` ends a text that has no quotes")), start, end))
}
