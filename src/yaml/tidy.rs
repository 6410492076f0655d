//! Canonical spacing of a YAML text: two spaces of indentation, one blank line between long sections, no trailing
//! blanks, one line break at the end, no byte order mark. Moves nothing but blanks, and proves it: the result is read again, and where
//! the tree is not the same, a more careful attempt is made, in the end none. Comments stay where they are.

use super::{BYTE_ORDER_MARK, Caps, Kind, Node, parse};
use crate::base::{FileId, Sources};
use crate::diag::Findings;

/// What tidying came to.
#[derive(Debug, Clone, PartialEq)]
pub enum Tidied {
    /// The text with canonical spacing; equal to the old one where there was nothing to do.
    Text(String),
    /// Nothing could be done that surely keeps the meaning.
    Unsure,
    /// It cannot be read.
    Invalid(Findings),
}

/// Tidies a file of `sources`.
pub fn tidy(file: FileId, sources: &Sources, caps: &Caps) -> Tidied {
    let Some(source) = sources.get(file) else { return Tidied::Unsure };
    let text = source.text();
    let (tree, findings) = parse(file, text, caps);
    let Some(mut tree) = tree.filter(|_| !findings.has_errors()) else { return Tidied::Invalid(findings) };
    let bare = text.strip_prefix(BYTE_ORDER_MARK);
    if let Some(again) = bare.and_then(|bare| parse(file, bare, caps).0) {
        tree = again;
    }
    let text = bare.unwrap_or(text);
    for (reindent, space) in [(true, true), (false, true), (false, false)] {
        let attempt = Layout::new(text).run(&tree, reindent, space);
        let (again, found) = parse(file, &attempt, caps);
        if again.is_some_and(|again| same(&tree, &again)) && found.len() <= findings.len() {
            return Tidied::Text(attempt);
        }
    }
    Tidied::Unsure
}

/// Equal but for places.
fn same(a: &Node, b: &Node) -> bool {
    match (&a.kind, &b.kind) {
        (Kind::Scalar(a), Kind::Scalar(b)) => a == b,
        (Kind::Seq(a), Kind::Seq(b)) => a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| same(a, b)),
        (Kind::Map(a), Kind::Map(b)) => {
            let equal = |(a, b): (&super::Entry, &super::Entry)| a.key.value == b.key.value && same(&a.value, &b.value);
            a.len() == b.len() && a.iter().zip(b.iter()).all(equal)
        }
        (Kind::Scalar(_) | Kind::Seq(_) | Kind::Map(_), _) => false,
    }
}

struct Line<'a> {
    text: &'a str,
    /// Offset of its first byte.
    start: usize,
    /// Inside of a scalar of several lines: its blanks may be text.
    frozen: bool,
    /// Blanks that are text of a block scalar: they go beyond its indentation.
    kept: bool,
    /// The indentation that the tree gives it.
    indent: Option<usize>,
    /// A blank line goes before it.
    spaced: bool,
}

impl Line<'_> {
    fn old_indent(&self) -> usize {
        self.text.len() - self.text.trim_start_matches(' ').len()
    }

    fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    fn is_comment(&self) -> bool {
        !self.frozen && self.text.trim_start().starts_with('#')
    }
}

struct Layout<'a> {
    text: &'a str,
    lines: Vec<Line<'a>>,
}

impl<'a> Layout<'a> {
    fn new(text: &'a str) -> Self {
        let mut start = 0;
        let mut lines = Vec::new();
        for line in text.split_terminator('\n') {
            let shown = line.strip_suffix('\r').unwrap_or(line);
            lines.push(Line { text: shown, start, frozen: false, kept: false, indent: None, spaced: false });
            start += line.len() + 1;
        }
        Self { text, lines }
    }

    fn run(mut self, tree: &Node, reindent: bool, space: bool) -> String {
        self.freeze(tree);
        if reindent {
            self.indent(tree, 0);
            self.place_comments();
        }
        if space {
            self.space(tree);
        }
        self.print()
    }

    /// The number of the line that an offset stands on.
    fn line_of(&self, offset: u32) -> usize {
        self.lines.partition_point(|line| line.start <= offset as usize).saturating_sub(1)
    }

    /// The number of characters before an offset on its line. Columns are compared with one another alone.
    fn column(&self, offset: u32) -> usize {
        let start = self.lines.get(self.line_of(offset)).map_or(0, |l| l.start);
        offset as usize - start
    }

    /// Whether only blanks stand before an offset on its line.
    fn is_first(&self, offset: u32) -> bool {
        let start = self.lines.get(self.line_of(offset)).map_or(0, |l| l.start);
        self.text.get(start..offset as usize).is_some_and(|before| before.bytes().all(|b| b == b' '))
    }

    fn freeze(&mut self, node: &Node) {
        match &node.kind {
            Kind::Scalar(_) => {
                let last = self.line_of(node.span.end.max(node.span.start + 1) - 1);
                let block = self.block_header(node);
                let first = block.unwrap_or_else(|| self.line_of(node.span.start));
                for (number, line) in self.lines.iter_mut().enumerate().skip(first + 1) {
                    // Blank lines behind a block may be kept by it.
                    if number > last && (block.is_none() || !line.is_blank()) {
                        break;
                    }
                    line.frozen = true;
                }
                if let Some(header) = block {
                    self.keep_blanks(header);
                }
            }
            Kind::Seq(items) => items.iter().for_each(|item| self.freeze(item)),
            Kind::Map(entries) => entries.iter().for_each(|entry| self.freeze(&entry.value)),
        }
    }

    /// Marks lines of blanks alone that are deeper than the text of a block scalar.
    fn keep_blanks(&mut self, header: usize) {
        let lines = self.lines.iter_mut().skip(header + 1).take_while(|line| line.frozen);
        let mut lines = lines.skip_while(|line| line.is_blank());
        let Some(indent) = lines.next().map(|line| line.old_indent()) else { return };
        for line in lines.filter(|line| line.is_blank()) {
            line.kept = line.old_indent() > indent;
        }
    }

    /// The line with the `|` or `>` of a block scalar, whose span holds its text alone.
    fn block_header(&self, scalar: &Node) -> Option<usize> {
        if !self.is_first(scalar.span.start) {
            return None;
        }
        let own = self.line_of(scalar.span.start);
        let number = (0..own).rev().find(|n| self.lines.get(*n).is_some_and(|l| !l.is_blank()))?;
        let header = self.lines.get(number)?.text;
        let header = header.split_once(" #").map_or(header, |(before, _)| before).trim_end();
        let header = header.trim_end_matches(['+', '-', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
        header.ends_with(['|', '>']).then_some(number)
    }

    /// Gives the lines of a block their indentation. Lines that an alias leads to have theirs already.
    fn indent(&mut self, node: &Node, indent: usize) {
        match &node.kind {
            Kind::Map(_) | Kind::Seq(_) if self.is_flow(node) => {}
            Kind::Scalar(_) => {}
            Kind::Map(entries) => {
                for entry in entries.iter() {
                    self.assign(entry.key.span.start, indent);
                    let compact = matches!(entry.value.kind, Kind::Seq(_))
                        && self.dash(&entry.value).is_some_and(|dash| dash <= self.column(entry.key.span.start));
                    let below = self.line_of(entry.value.span.start) > self.line_of(entry.key.span.start);
                    if below {
                        self.indent(&entry.value, if compact { indent } else { indent + 2 });
                    }
                }
            }
            Kind::Seq(items) => {
                for item in items.iter() {
                    let line = self.lines.get(self.line_of(item.span.start));
                    let Some(dash) = line.map(Line::old_indent).filter(|_| self.dash_before(item)) else { continue };
                    let start = self.lines.get(self.line_of(item.span.start)).map_or(0, |l| l.start + dash);
                    self.assign(u32::try_from(start).unwrap_or(u32::MAX), indent);
                    let gap = self.column(item.span.start).saturating_sub(dash);
                    self.indent(item, indent + gap);
                }
            }
        }
    }

    /// Whether a collection is written in brackets, behind an anchor or a tag perhaps.
    fn is_flow(&self, node: &Node) -> bool {
        let first = match &node.kind {
            Kind::Map(entries) => entries.first().map(|e| e.key.span.start),
            Kind::Seq(items) => items.first().map(|i| i.span.start),
            Kind::Scalar(_) => None,
        };
        let start = node.span.start as usize;
        let before = self.text.get(start..first.map_or(start + 1, |f| f as usize).max(start)).unwrap_or("{");
        self.text.get(start..).is_none_or(|t| t.starts_with(['{', '['])) || before.contains(['{', '['])
    }

    /// Column of the dash of a list's first item, when that stands on the item's line.
    fn dash(&self, list: &Node) -> Option<usize> {
        let item = list.items().next()?;
        let line = self.lines.get(self.line_of(item.span.start))?;
        line.text.trim_start().starts_with('-').then(|| line.old_indent())
    }

    fn dash_before(&self, item: &Node) -> bool {
        let line = self.lines.get(self.line_of(item.span.start));
        line.is_some_and(|l| l.text.trim_start().starts_with('-') && l.old_indent() < self.column(item.span.start))
    }

    fn assign(&mut self, offset: u32, indent: usize) {
        let number = self.line_of(offset);
        if self.is_first(offset)
            && let Some(line) = self.lines.get_mut(number)
            && line.indent.is_none()
        {
            line.indent = Some(indent);
        }
    }

    /// Puts a blank line around each top-level entry that has several lines.
    fn space(&mut self, tree: &Node) {
        let mut was_long = false;
        for (index, entry) in tree.entries().enumerate() {
            let first = self.line_of(entry.key.span.start);
            let last = self.line_of(entry.value.span.end.saturating_sub(1).max(entry.key.span.end));
            let is_long = last > first;
            let mut top = first;
            // Comments right above belong to the entry.
            while top > 0 && self.lines.get(top - 1).is_some_and(Line::is_comment) {
                top -= 1;
            }
            if index > 0
                && (is_long || was_long)
                && let Some(line) = self.lines.get_mut(top)
            {
                line.spaced = true;
            }
            was_long = is_long;
        }
    }

    fn print(&self) -> String {
        let mut out = String::with_capacity(self.text.len() + 16);
        let mut blanks = 0;
        // How far the last line that the tree placed has moved: what hangs on it moves along.
        let mut shift: isize = 0;
        for line in &self.lines {
            if line.is_blank() && !line.frozen {
                blanks += 1;
                continue;
            }
            if !out.is_empty() && !out.ends_with("\n\n") && (blanks > 0 || line.spaced) {
                out.push('\n');
            }
            blanks = 0;
            let old = line.old_indent();
            let new = line.indent.unwrap_or_else(|| old.saturating_add_signed(shift));
            if !line.is_comment() && line.indent.is_some() {
                shift = new.cast_signed() - old.cast_signed();
            }
            let content = line.text.get(old..).unwrap_or("");
            let content = if line.frozen { content } else { content.trim_end_matches([' ', '\t']) };
            if !content.is_empty() || line.kept {
                out.extend(std::iter::repeat_n(' ', new));
            }
            out.push_str(content);
            out.push('\n');
        }
        out
    }

    /// A comment stands as deep as the next line of the tree, when it did before. Otherwise it hangs on what is
    /// above it.
    fn place_comments(&mut self) {
        let mut next: Option<(usize, usize)> = None;
        for line in self.lines.iter_mut().rev().filter(|l| !l.is_blank()) {
            if line.is_comment() {
                line.indent = next.filter(|(old, _)| *old == line.old_indent()).map(|(_, new)| new);
            } else {
                next = line.indent.map(|new| (line.old_indent(), new));
            }
        }
    }
}

#[cfg(test)]
#[path = "tidy_tests.rs"]
mod tests;
