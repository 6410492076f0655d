//! Comments that speak to the program: `# isobar: <word> <rest>`. Behind a line such a comment holds for that line; on
//! lines of its own it holds for the line below and all that is indented under it. Who asks does not know YAML, so
//! comments are found in the lines of the text; quoted text and block scalars are stepped over.

use std::ops::RangeInclusive;

use super::{FileId, SourceFile, Span};

/// One comment of a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// From `#` to the end of the line.
    pub comment: Span,
    /// What stands behind the word, without the blanks around it.
    pub rest: String,
    /// Where that stands; the end of the comment when there is nothing.
    pub rest_span: Span,
    /// The lines it holds for, from 0.
    pub lines: RangeInclusive<usize>,
    /// It stands behind something.
    pub trails: bool,
}

/// All comments of a word in a file, in order.
pub fn remarks(id: FileId, file: &SourceFile, word: &str) -> Vec<Remark> {
    let text = file.text();
    let mut out = Vec::new();
    // Most files have none, and nearly all lines of the others.
    if !text.contains("isobar:") || !text.contains(word) {
        return out;
    }
    let lines: Vec<&str> = text.split('\n').collect();
    let mut start = 0;
    // The indentation of the line that opened a block scalar; what is indented deeper is text.
    let mut block_scalar: Option<usize> = None;
    for (number, line) in lines.iter().enumerate() {
        let offset = start;
        start += line.len() + 1;
        if line.trim().is_empty() {
            continue;
        }
        match block_scalar {
            Some(opened) if indent(line) > opened => continue,
            Some(_) | None => block_scalar = None,
        }
        let comment = comment_start(line);
        let code = line.get(..comment.unwrap_or(line.len())).unwrap_or("").trim_end();
        if opens_block_scalar(code) {
            block_scalar = Some(indent(line));
        }
        let Some(at) = comment else { continue };
        let Some((rest, rest_at)) = read(line.get(at..).unwrap_or(""), word) else { continue };
        let place = |from: usize, len: usize| {
            let from = offset + from;
            let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
            Span::new(id, number(from), number(from + len))
        };
        let trails = !code.is_empty();
        out.push(Remark {
            comment: place(at, line.trim_end().len() - at),
            rest: rest.to_owned(),
            rest_span: place(at + rest_at, rest.len()),
            lines: if trails { number..=number } else { block(&lines, number) },
            trails,
        });
    }
    out
}

/// What stands behind the word, and its offset in the comment. `None` for any other comment.
fn read<'c>(comment: &'c str, word: &str) -> Option<(&'c str, usize)> {
    let rest = comment.strip_prefix('#')?.trim_start().strip_prefix("isobar:")?.trim_start();
    let rest = rest.strip_prefix(word)?;
    if !(rest.is_empty() || rest.starts_with([' ', '\t'])) {
        return None;
    }
    let rest = rest.trim();
    let at = comment.trim_end().len() - rest.len();
    Some((rest, at))
}

/// Where the comment of a line starts: at a `#` outside of quotes that nothing or a blank precedes.
fn comment_start(line: &str) -> Option<usize> {
    let mut quote: Option<char> = None;
    let mut before = ' ';
    let mut escaped = false;
    for (at, c) in line.char_indices() {
        match quote {
            Some('"') if escaped => escaped = false,
            Some('"') if c == '\\' => escaped = true,
            Some(open) if c == open => quote = None,
            None if c == '#' && before.is_whitespace() => return Some(at),
            // A quote opens a scalar only at its start; the apostrophe in `don't` is a letter.
            None if matches!(c, '"' | '\'') && !before.is_alphanumeric() => quote = Some(c),
            Some(_) | None => {}
        }
        before = c;
    }
    None
}

/// Whether a line ends with the header of a block scalar: `|`, `>-`, `|2+`, after a key or a dash.
fn opens_block_scalar(code: &str) -> bool {
    let Some(header) = code.rsplit([' ', '\t']).next() else { return false };
    let mut characters = header.chars();
    matches!(characters.next(), Some('|' | '>')) && characters.all(|c| matches!(c, '+' | '-' | '1'..='9'))
}

/// The lines that a comment on a line of its own holds for: the next line that is no comment, and all under it.
fn block(lines: &[&str], comment: usize) -> std::ops::RangeInclusive<usize> {
    let is_comment = |line: &&str| line.trim_start().starts_with('#');
    let below = lines.iter().enumerate().skip(comment + 1);
    let Some((first, head)) = below.clone().find(|(_, line)| !is_comment(line)) else { return comment..=comment };
    // A blank line ends what the comment is about.
    if head.trim().is_empty() {
        return comment..=comment;
    }
    let depth = indent(head);
    let is_item = |line: &str| line.trim_start().starts_with("- ");
    let belongs = |line: &str| {
        indent(line) > depth
            // A list may stand at the indentation of its key.
            || (indent(line) == depth && is_item(line) && !is_item(head))
    };
    let last = below
        .skip_while(|(number, _)| *number <= first)
        .take_while(|(_, line)| line.trim().is_empty() || belongs(line))
        .map(|(number, _)| number)
        .last();
    first..=last.unwrap_or(first)
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}
