//! A place in a text of HCL, and the ways past words, spaces, comments, texts and whole expressions.

use std::borrow::Cow;

use super::hcl::Unreadable;
use super::tree::Value;

pub(super) type Read<T> = Result<T, Unreadable>;

/// A place in a text.
pub(super) struct Cursor<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    /// The last place whose line is known, and that line.
    known: (usize, u32),
}

impl<'a> Cursor<'a> {
    pub(super) fn at(text: &'a str, at: usize, line: u32) -> Self {
        Self { text, at, known: (at, line) }
    }

    pub(super) fn offset(&self) -> usize {
        self.at
    }

    pub(super) fn ended(&self) -> bool {
        self.at >= self.text.len()
    }

    #[expect(clippy::naive_bytecount, reason = "the compiler makes vector code of it; a crate would not be faster")]
    pub(super) fn line(&mut self) -> u32 {
        let (from, line) = self.known;
        let passed = self.text.as_bytes().get(from..self.at).unwrap_or_default();
        let breaks = passed.iter().filter(|b| **b == b'\n').count();
        self.known = (self.at.max(from), line.saturating_add(u32::try_from(breaks).unwrap_or(u32::MAX)));
        self.known.1
    }

    pub(super) fn unreadable(&mut self, message: &str) -> Unreadable {
        Unreadable { line: self.line(), message: message.to_owned() }
    }

    pub(super) fn byte(&self, offset: usize) -> u8 {
        self.text.as_bytes().get(self.at + offset).copied().unwrap_or(0)
    }

    pub(super) fn slice(&self, from: usize, to: usize) -> &'a str {
        self.text.get(from..to).unwrap_or_default()
    }

    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn eat(&mut self, byte: u8) -> bool {
        let found = self.byte(0) == byte && !self.ended();
        self.at += usize::from(found);
        found
    }

    /// Blanks and block comments of a line.
    pub(super) fn skip_blanks(&mut self) {
        loop {
            match self.byte(0) {
                b' ' | b'\t' | b'\r' => self.at += 1,
                b'/' if self.byte(1) == b'*' => {
                    self.at += self.rest().find("*/").map_or(self.rest().len(), |n| n + 2);
                }
                _ => return,
            }
        }
    }

    /// Blanks, comments and line breaks.
    pub(super) fn skip_space(&mut self) {
        loop {
            self.skip_blanks();
            match (self.byte(0), self.byte(1)) {
                (b'\n', _) => self.at += 1,
                (b'#', _) | (b'/', b'/') => self.skip_line(),
                _ => return,
            }
        }
    }

    pub(super) fn skip_line(&mut self) {
        self.at += self.rest().bytes().position(|b| b == b'\n').unwrap_or(self.rest().len());
    }

    pub(super) fn identifier(&mut self) -> Read<&'a str> {
        let start = self.at;
        let first = self.byte(0);
        if !(first.is_ascii_alphabetic() || first == b'_' || first >= 0x80) {
            return Err(self.unreadable("expected a name"));
        }
        let is_part = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | 0x80..);
        self.at += self.rest().bytes().take_while(|b| is_part(*b)).count();
        Ok(self.slice(start, self.at))
    }

    /// Labels up to a brace.
    pub(super) fn labels(&mut self) -> Read<Vec<Cow<'a, str>>> {
        let mut labels = Vec::new();
        loop {
            self.skip_blanks();
            match self.byte(0) {
                b'"' => {
                    let Value::Text(text) = self.quoted()? else {
                        return Err(self.unreadable("expected a label without a template"));
                    };
                    labels.push(text);
                }
                b'{' | b'=' => return Ok(labels),
                _ => labels.push(Cow::Borrowed(self.identifier()?)),
            }
        }
    }

    /// Skips up to the brace that closes what is open.
    pub(super) fn skip_body(&mut self) -> Read<()> {
        self.skip_balanced(b'}')
    }

    pub(super) fn skip_balanced(&mut self, close: u8) -> Read<()> {
        let start = self.at;
        let mut open = vec![close];
        while let Some(byte) = self.text.as_bytes().get(self.at) {
            match byte {
                b'{' => open.push(b'}'),
                b'[' => open.push(b']'),
                b'(' => open.push(b')'),
                b'}' | b']' | b')' => {
                    if open.pop() != Some(*byte) {
                        return Err(self.unreadable("a bracket closes what another opened"));
                    }
                    if open.is_empty() {
                        self.at += 1;
                        return Ok(());
                    }
                }
                _ => {
                    self.skip_opaque()?;
                    continue;
                }
            }
            self.at += 1;
        }
        self.at = start;
        Err(self.unreadable("a bracket is never closed"))
    }

    /// Moves behind one text, heredoc, comment or byte.
    pub(super) fn skip_opaque(&mut self) -> Read<()> {
        match (self.byte(0), self.byte(1)) {
            (b'"', _) => return self.skip_quoted(),
            (b'<', b'<') if self.heredoc_start().is_some() => return self.heredoc().map(|_| ()),
            (b'#', _) | (b'/', b'/') => self.skip_line(),
            (b'/', b'*') => self.skip_blanks(),
            _ => self.at += 1,
        }
        Ok(())
    }

    /// Skips to the end of an expression: the end of its line, or what closes the brackets around it.
    pub(super) fn skip_expression(&mut self) -> Read<()> {
        while let Some(byte) = self.text.as_bytes().get(self.at) {
            match byte {
                b'\n' | b'}' | b']' | b')' | b',' => return Ok(()),
                b'{' | b'[' | b'(' => {
                    let close = match byte {
                        b'{' => b'}',
                        b'[' => b']',
                        _ => b')',
                    };
                    self.at += 1;
                    self.skip_balanced(close)?;
                }
                _ => self.skip_opaque()?,
            }
        }
        Ok(())
    }

    pub(super) fn skip_quoted(&mut self) -> Read<()> {
        let start = self.at;
        self.at += 1;
        while let Some(byte) = self.text.as_bytes().get(self.at) {
            match byte {
                b'"' => {
                    self.at += 1;
                    return Ok(());
                }
                b'\n' => break,
                b'\\' => self.at += 2,
                b'$' | b'%' => self.skip_dollar()?,
                _ => self.at += 1,
            }
        }
        self.at = start;
        Err(self.unreadable("a quote is never closed"))
    }

    /// Moves behind `${…}`, `$${`, or the one sign.
    pub(super) fn skip_dollar(&mut self) -> Read<()> {
        let sign = self.byte(0);
        if self.byte(1) == b'{' {
            self.at += 2;
            return self.skip_balanced(b'}');
        }
        self.at += if self.byte(1) == sign && self.byte(2) == b'{' { 3 } else { 1 };
        Ok(())
    }
}
