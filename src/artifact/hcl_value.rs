//! The expressions and bodies of HCL as values.

use std::borrow::Cow;

use super::hcl_cursor::{Cursor, Read};
use super::hcl_template::{dedent, own, template};
use super::tree::{Node, Value};

/// How deep values may stand in each other.
const DEEPEST: usize = 64;

type Entries<'a> = Vec<(Cow<'a, str>, Node<'a>)>;

impl<'a> Cursor<'a> {
    /// The entries of a body, whose brace is open; the closing one is consumed.
    pub(super) fn body(&mut self, depth: usize) -> Read<Entries<'a>> {
        if depth > DEEPEST {
            return Err(self.unreadable("blocks stand too deep in each other"));
        }
        let mut entries = Vec::new();
        loop {
            self.skip_space();
            if self.eat(b'}') {
                return Ok(entries);
            }
            let line = self.line();
            let name = self.identifier()?;
            let labels = self.labels()?;
            let mut node = if self.eat(b'=') {
                self.expression(depth + 1)?
            } else {
                self.at += 1;
                Node { line, value: Value::Map(self.body(depth + 1)?) }
            };
            for label in labels.into_iter().rev() {
                node = Node { line, value: Value::Map(vec![(label, node)]) };
            }
            entries.push((Cow::Borrowed(name), node));
        }
    }

    /// Skips a body up to its closing brace, and gives what stands at `path` in it.
    pub(super) fn find(&mut self, path: &[String]) -> Read<Option<Node<'a>>> {
        let mut found = None;
        loop {
            self.skip_space();
            if self.eat(b'}') {
                return Ok(found);
            }
            let name = self.identifier()?;
            self.skip_blanks();
            if self.eat(b'=') {
                match path.split_first() {
                    Some((first, rest)) if name == first => {
                        let node = self.expression(0)?;
                        found = node.at(rest).first().map(|n| (*n).clone());
                    }
                    _ => self.skip_expression()?,
                }
            } else {
                self.labels()?;
                self.at += 1;
                self.skip_body()?;
            }
        }
    }

    /// Reads an expression up to the end of its line or the bracket, comma or comment behind it.
    pub(super) fn expression(&mut self, depth: usize) -> Read<Node<'a>> {
        if depth > DEEPEST {
            return Err(self.unreadable("values stand too deep in each other"));
        }
        self.skip_blanks();
        let (start, line) = (self.at, self.line());
        let value = self.operand(depth)?;
        self.skip_blanks();
        match (self.byte(0), self.byte(1)) {
            (b'\n' | b'}' | b']' | b')' | b',' | b'#', _) | (b'/', b'/') => Ok(Node { line, value }),
            _ if self.ended() => Ok(Node { line, value }),
            _ => {
                self.at = start;
                self.raw().map(|value| Node { line, value })
            }
        }
    }

    fn raw(&mut self) -> Read<Value<'a>> {
        let start = self.at;
        self.skip_expression()?;
        let text = self.slice(start, self.at).trim_end();
        if text.is_empty() {
            return Err(self.unreadable("expected a value"));
        }
        Ok(Value::Raw(Cow::Borrowed(text)))
    }

    fn operand(&mut self, depth: usize) -> Read<Value<'a>> {
        match self.byte(0) {
            b'"' => self.quoted(),
            b'[' => self.list(depth),
            b'{' => self.object(depth),
            b'(' => {
                self.at += 1;
                self.skip_space();
                let inner = self.expression(depth + 1)?;
                self.skip_space();
                if self.eat(b')') { Ok(inner.value) } else { Err(self.unreadable("expected `)`")) }
            }
            b'<' if self.byte(1) == b'<' => self.heredoc(),
            b'-' | b'0'..=b'9' => {
                let start = self.at;
                self.at += 1;
                let is_part = |b: &u8| b.is_ascii_alphanumeric() || *b == b'.';
                while is_part(&self.byte(0))
                    || (matches!(self.byte(0), b'+' | b'-') && matches!(self.slice(self.at - 1, self.at), "e" | "E"))
                {
                    self.at += 1;
                }
                let text = self.slice(start, self.at);
                let is_number = text.parse::<f64>().is_ok();
                Ok(if is_number { Value::Number(Cow::Borrowed(text)) } else { Value::Raw(Cow::Borrowed(text)) })
            }
            first if first.is_ascii_alphabetic() || first == b'_' || first >= 0x80 => self.named(depth),
            _ => self.raw(),
        }
    }

    /// A keyword, a call or a traversal.
    fn named(&mut self, depth: usize) -> Read<Value<'a>> {
        let start = self.at;
        let name = self.identifier()?;
        if name == "jsonencode" && self.byte(0) == b'(' {
            self.at += 1;
            self.skip_space();
            let inner = self.expression(depth + 1)?;
            self.skip_space();
            self.eat(b',');
            self.skip_space();
            return if self.eat(b')') { Ok(inner.value) } else { Err(self.unreadable("expected `)`")) };
        }
        match (name, self.byte(0)) {
            (_, b'.' | b'[' | b'(') => {}
            ("true", _) => return Ok(Value::Bool(true)),
            ("false", _) => return Ok(Value::Bool(false)),
            ("null", _) => return Ok(Value::Null),
            _ => {}
        }
        loop {
            match self.byte(0) {
                b'.' if self.byte(1) == b'*' => self.at += 2,
                b'.' => {
                    self.at += 1;
                    let is_part = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | 0x80..);
                    self.at += self.rest().bytes().take_while(|b| is_part(*b)).count();
                }
                b'[' | b'(' => {
                    let close = if self.byte(0) == b'[' { b']' } else { b')' };
                    self.at += 1;
                    self.skip_balanced(close)?;
                }
                _ => return Ok(Value::Reference(Cow::Borrowed(self.slice(start, self.at)))),
            }
        }
    }

    /// Whether `for` stands behind the bracket here.
    fn is_comprehension(&mut self) -> bool {
        let start = self.at;
        self.at += 1;
        self.skip_space();
        let found = self.identifier().is_ok_and(|name| name == "for") && matches!(self.byte(0), b' ' | b'\t' | b'\n');
        self.at = start;
        found
    }

    fn list(&mut self, depth: usize) -> Read<Value<'a>> {
        if self.is_comprehension() {
            return self.raw();
        }
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.skip_space();
            if self.eat(b']') {
                return Ok(Value::List(items));
            }
            items.push(self.expression(depth + 1)?);
            self.skip_space();
            if !self.eat(b',') && self.byte(0) != b']' {
                return Err(self.unreadable("expected `,` or `]`"));
            }
        }
    }

    fn object(&mut self, depth: usize) -> Read<Value<'a>> {
        if self.is_comprehension() {
            return self.raw();
        }
        self.at += 1;
        let mut entries = Vec::new();
        loop {
            self.skip_space();
            if self.eat(b'}') {
                return Ok(Value::Map(entries));
            }
            let start = self.at;
            let key = match self.byte(0) {
                b'"' => {
                    let quoted = self.quoted()?;
                    if let Value::Text(text) = quoted { text } else { Cow::Borrowed(self.slice(start, self.at)) }
                }
                b'(' => {
                    self.at += 1;
                    self.skip_balanced(b')')?;
                    Cow::Borrowed(self.slice(start, self.at))
                }
                b'0'..=b'9' => {
                    self.at += self.rest().bytes().take_while(u8::is_ascii_digit).count();
                    Cow::Borrowed(self.slice(start, self.at))
                }
                _ => Cow::Borrowed(self.identifier()?),
            };
            self.skip_blanks();
            if !self.eat(b'=') && !self.eat(b':') {
                return Err(self.unreadable("expected `=` after a key"));
            }
            entries.push((key, self.expression(depth + 1)?));
            self.skip_blanks();
            self.eat(b',');
        }
    }

    /// A text in quotes.
    pub(super) fn quoted(&mut self) -> Read<Value<'a>> {
        let start = self.at + 1;
        self.skip_quoted()?;
        template(self.slice(start, self.at - 1), true).ok_or_else(|| self.unreadable("a template is not understood"))
    }

    /// The marker behind `<<`, whether it is indented, and where the text begins.
    pub(super) fn heredoc_start(&self) -> Option<(&'a str, bool, usize)> {
        let dash = self.byte(2) == b'-';
        let from = self.at + 2 + usize::from(dash);
        let (marker, _) = self.text.get(from..)?.split_once('\n')?;
        let name = marker.trim_end_matches('\r');
        let is_name =
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | 0x80..));
        is_name.then_some((name, dash, from + marker.len() + 1))
    }

    /// A heredoc; the cursor stays at the end of the line with its marker.
    pub(super) fn heredoc(&mut self) -> Read<Value<'a>> {
        let Some((marker, indented, from)) = self.heredoc_start() else {
            return Err(self.unreadable("expected the marker of a heredoc"));
        };
        let mut end = from;
        for line in self.slice(from, self.text.len()).split_inclusive('\n') {
            if line.trim() == marker {
                let text = self.slice(from, end);
                self.at = end + line.trim_end_matches(['\r', '\n']).len();
                let shifted = if indented { dedent(text, line) } else { Cow::Borrowed(text) };
                let value = match shifted {
                    Cow::Borrowed(text) => template(text, false),
                    Cow::Owned(text) => template(&text, false).map(own),
                };
                return value.ok_or_else(|| self.unreadable("a template is not understood"));
            }
            end += line.len();
        }
        Err(self.unreadable("a heredoc is never closed"))
    }
}
