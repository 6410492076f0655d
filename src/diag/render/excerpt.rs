//! A source file as `miette` wants to read it, without its cost: the lines around a span are found by the index
//! of lines, and of a line that is far too long only the part around the span is shown.

use std::borrow::Cow;

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use crate::base::{SourceFile, Span};

use super::printable::printable_same_length;

/// The bytes of a line that are shown on each side of a span.
const REACH: usize = 160;

/// A file with a safe copy of its text.
pub(super) struct Excerpt<'a> {
    file: &'a SourceFile,
    text: Cow<'a, str>,
    path: String,
}

impl<'a> Excerpt<'a> {
    pub(super) fn new(file: &'a SourceFile, path: String) -> Self {
        Self { file, text: printable_same_length(file.text()), path }
    }

    /// The part of a span that is underlined: all of it on one line, otherwise its first line; on character
    /// boundaries, within the file, and at most [`REACH`] bytes of it.
    pub(super) fn underlined(&self, span: Span) -> (usize, usize) {
        let start = self.floor((span.start as usize).min(self.text.len()));
        let end = self.ceil((span.end as usize).clamp(start, self.text.len()));
        let line_end = self.line(start).1;
        let end = end.min(line_end.max(start)).min(self.ceil((start + REACH).min(self.text.len())));
        (start, end - start)
    }

    /// Byte range of the line that an offset stands on, without its break.
    fn line(&self, offset: usize) -> (usize, usize) {
        let line = self.file.position(u32::try_from(offset).unwrap_or(u32::MAX)).line;
        self.range_of(line).unwrap_or((0, self.text.len()))
    }

    fn range_of(&self, line: u32) -> Option<(usize, usize)> {
        self.file.line_range(line).map(|(start, end)| (start as usize, end as usize))
    }

    fn floor(&self, mut offset: usize) -> usize {
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    }

    fn ceil(&self, mut offset: usize) -> usize {
        while !self.text.is_char_boundary(offset) {
            offset += 1;
        }
        offset
    }
}

impl SourceCode for Excerpt<'_> {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (from, to) = (span.offset(), span.offset() + span.len());
        let position = |offset: usize| self.file.position(u32::try_from(offset).unwrap_or(u32::MAX));
        let (first, last) = (position(from), position(to));
        let lines = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let top = first.line.saturating_sub(lines(before)).max(1);
        let bottom = last.line.saturating_add(lines(after));
        let start = self.range_of(top).map_or(0, |(start, _)| start);
        let end = (last.line..=bottom).rev().find_map(|l| self.range_of(l)).map_or(self.text.len(), |(_, end)| end);

        // Lines that nobody can read are cut around the span.
        let long = self.floor(from.saturating_sub(REACH)).max(start);
        let (start, top) = if from - start > 4 * REACH { (long, position(long).line) } else { (start, top) };
        let end = if end - to.min(end) > 4 * REACH { self.ceil((to + REACH).min(end)) } else { end.max(to) };

        let data = self.text.get(start..end).ok_or(MietteError::OutOfBounds)?;
        let column = if before == 0 && after == 0 { first.column as usize - 1 } else { 0 };
        let line = if before == 0 && after == 0 { first.line } else { top };
        Ok(Box::new(MietteSpanContents::new_named(
            self.path.clone(),
            data.as_bytes(),
            (start, end - start).into(),
            line as usize - 1,
            column,
            data.lines().count().max(1),
        )))
    }
}
