//! The characters that the YAML scanner reads, with a guard in front of it.
//!
//! The scanner keeps every token of a flow collection that could still turn out to be a key, and visits all open
//! brackets for each of them: a megabyte of `[` would cost hours before the first event comes out. So depth and
//! number of pieces are capped here, where characters are handed over, and behind the cap the text just ends.
//! An opening bracket is told from one inside a text by the scanner's own behaviour: only behind a structural
//! character does it skip blanks directly after skipping that character. If that ever changes, the guard sees
//! nothing and the tests with hostile input become slow, but no correct file is refused.

use std::cell::Cell;

use saphyr_parser::Input;
use saphyr_parser::input::SkipTabs;

/// Which cap ended the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cap {
    /// Brackets open at once.
    Depth,
    /// Brackets and commas in all.
    Pieces,
}

/// What the guard saw; shared with the builder, because the parser owns the input.
#[derive(Debug, Default)]
pub(super) struct Guard {
    /// The cap that was passed, and the byte offset where.
    pub(super) tripped: Cell<Option<(Cap, usize)>>,
}

/// A text, read from front to back.
pub(super) struct GuardedInput<'a> {
    text: &'a str,
    at: usize,
    /// Where the last single character that was skipped ends.
    skipped_to: usize,
    looked_ahead: usize,
    open: usize,
    pieces: usize,
    max_open: usize,
    max_pieces: usize,
    guard: &'a Guard,
}

impl<'a> GuardedInput<'a> {
    pub(super) fn new(text: &'a str, max_open: usize, max_pieces: usize, guard: &'a Guard) -> Self {
        Self { text, at: 0, skipped_to: usize::MAX, looked_ahead: 0, open: 0, pieces: 0, max_open, max_pieces, guard }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn byte(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    fn watch(&mut self) {
        if self.skipped_to != self.at {
            return;
        }
        match self.at.checked_sub(1).and_then(|last| self.text.as_bytes().get(last)) {
            Some(b'[' | b'{') => {
                self.open += 1;
                self.pieces += 1;
            }
            Some(b']' | b'}') => self.open = self.open.saturating_sub(1),
            Some(b',') => self.pieces += 1,
            _ => return,
        }
        let cap = if self.open > self.max_open {
            Cap::Depth
        } else if self.pieces > self.max_pieces {
            Cap::Pieces
        } else {
            return;
        };
        self.guard.tripped.set(Some((cap, self.at.saturating_sub(1))));
        self.text = self.text.get(..self.at).unwrap_or_default();
    }

    fn skip_bytes_while(&mut self, keep: impl Fn(u8) -> bool) -> usize {
        let start = self.at;
        while self.at < self.text.len() && keep(self.byte()) {
            self.at += 1;
        }
        self.at - start
    }

    /// Moves to the next character that fails `keep` and counts those passed.
    fn skip_chars_while(&mut self, keep: impl Fn(char) -> bool) -> usize {
        let rest = self.rest();
        let length = rest.find(|c| !keep(c)).unwrap_or(rest.len());
        self.at += length;
        let passed = rest.get(..length).unwrap_or_default();
        if passed.is_ascii() { length } else { passed.chars().count() }
    }
}

/// A character of a line that is neither a line break nor the end. A byte order mark is left for the scanner to refuse.
fn is_line_content(c: char) -> bool {
    !matches!(c, '\n' | '\r' | '\0' | '\u{FEFF}')
}

impl Input for GuardedInput<'_> {
    #[inline]
    fn lookahead(&mut self, count: usize) {
        self.looked_ahead = self.looked_ahead.max(count);
    }

    #[inline]
    fn buflen(&self) -> usize {
        self.looked_ahead
    }

    #[inline]
    fn bufmaxlen(&self) -> usize {
        // The number of characters the scanner may assume to be there at once; the text is in memory.
        128
    }

    #[inline]
    fn raw_read_ch(&mut self) -> char {
        let c = self.peek();
        self.skip();
        c
    }

    #[inline]
    fn raw_read_non_breakz_ch(&mut self) -> Option<char> {
        let c = self.peek_opt().filter(|c| is_line_content(*c))?;
        self.at += c.len_utf8();
        Some(c)
    }

    #[inline]
    fn skip(&mut self) {
        match self.byte() {
            0 if self.at >= self.text.len() => return,
            b if b < 0x80 => self.at += 1,
            _ => self.at += self.peek().len_utf8(),
        }
        self.skipped_to = self.at;
    }

    #[inline]
    fn skip_n(&mut self, count: usize) {
        for _ in 0..count {
            self.skip();
        }
        self.skipped_to = usize::MAX;
    }

    #[inline]
    fn peek(&self) -> char {
        match self.byte() {
            b if b < 0x80 => b as char,
            _ => self.rest().chars().next().unwrap_or('\0'),
        }
    }

    #[inline]
    fn peek_nth(&self, n: usize) -> char {
        self.rest().chars().nth(n).unwrap_or('\0')
    }

    #[inline]
    fn peek_opt(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn skip_ws_to_eol(&mut self, skip_tabs: SkipTabs) -> (usize, Result<SkipTabs, &'static str>) {
        self.watch();
        let tabs = skip_tabs != SkipTabs::No;
        let (mut spaces, mut found_tab) = (0, false);
        let mut count = 0;
        loop {
            match self.byte() {
                b' ' => spaces += 1,
                b'\t' if tabs => found_tab = true,
                _ => break,
            }
            self.at += 1;
            count += 1;
        }
        if self.byte() == b'#' {
            if spaces == 0 && !found_tab {
                return (count, Err("comments must be separated from other tokens by whitespace"));
            }
            count += self.skip_chars_while(is_line_content);
        }
        (count, Ok(SkipTabs::Result(found_tab, spaces > 0)))
    }

    #[inline]
    fn next_2_are(&self, c1: char, c2: char) -> bool {
        let mut chars = self.rest().chars();
        chars.next() == Some(c1) && chars.next() == Some(c2)
    }

    #[inline]
    fn next_3_are(&self, c1: char, c2: char, c3: char) -> bool {
        let mut chars = self.rest().chars();
        chars.next() == Some(c1) && chars.next() == Some(c2) && chars.next() == Some(c3)
    }

    #[inline]
    fn next_is_document_start(&self) -> bool {
        self.rest().strip_prefix("---").is_some_and(starts_blank)
    }

    #[inline]
    fn next_is_document_end(&self) -> bool {
        self.rest().strip_prefix("...").is_some_and(starts_blank)
    }

    #[inline]
    fn next_is_document_indicator(&self) -> bool {
        self.next_is_document_start() || self.next_is_document_end()
    }

    fn skip_while_non_breakz(&mut self) -> usize {
        self.skip_chars_while(is_line_content)
    }

    fn skip_while_blank(&mut self) -> usize {
        self.skip_bytes_while(|b| matches!(b, b' ' | b'\t'))
    }
}

fn starts_blank(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with([' ', '\t', '\n', '\r', '\0'])
}
