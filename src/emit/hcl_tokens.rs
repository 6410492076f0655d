//! The tokens of HCL as far as their spacing is concerned. Anything goes in; what is no HCL becomes single tokens, so
//! the formatter never fails and never loses a byte that is not a blank.

/// What a token is. Texts in quotes without a template are one token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    Newline,
    /// With its line break, where it is one of `#` or `//`.
    Comment,
    Ident,
    /// The identifier `in`, which may be a keyword.
    In,
    Number,
    Equal,
    Dot,
    Comma,
    Ellipsis,
    DoubleColon,
    Colon,
    Question,
    Bang,
    Minus,
    /// An operator after which a minus is a sign.
    Operator,
    OpenBrace,
    CloseBrace,
    OpenBracket,
    CloseBracket,
    OpenParen,
    CloseParen,
    /// A whole text in quotes.
    Quoted,
    OpenQuote,
    CloseQuote,
    /// Text of a template, in quotes or in a heredoc.
    Literal,
    /// `<<EOT` with its line break.
    OpenHeredoc,
    /// The line with the marker, without its line break.
    CloseHeredoc,
    /// `${` or `%{`.
    OpenTemplate,
    /// The `}` of a template.
    CloseTemplate,
    /// Anything else.
    Other,
}

impl Token {
    /// How many brackets it opens, negative when it closes one.
    pub(super) fn brackets(self) -> i32 {
        if matches!(self, Self::OpenBrace | Self::OpenBracket | Self::OpenParen | Self::OpenTemplate) {
            1
        } else {
            -i32::from(self.closes())
        }
    }

    /// It closes a bracket.
    pub(super) fn closes(self) -> bool {
        matches!(self, Self::CloseBrace | Self::CloseBracket | Self::CloseParen | Self::CloseTemplate)
    }
}

enum Mode<'a> {
    Quote,
    Heredoc(&'a str),
    /// Within `${…}`; the number of braces open in it.
    Template(u32),
}

/// Splits a text into tokens, blanks left out.
pub(super) struct Tokens<'a> {
    text: &'a str,
    at: usize,
    modes: Vec<Mode<'a>>,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0, modes: Vec::new() }
    }

    fn byte(&self, offset: usize) -> u8 {
        self.text.as_bytes().get(self.at + offset).copied().unwrap_or(0)
    }

    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn take(&mut self, token: Token, length: usize) -> Option<(Token, &'a str)> {
        let mut end = (self.at + length).min(self.text.len());
        // Only ASCII is told apart, so a length ends within a character only for a lone `Other`.
        while !self.text.is_char_boundary(end) {
            end += 1;
        }
        let text = self.text.get(self.at..end)?;
        self.at = end;
        Some((token, text))
    }

    fn normal(&mut self) -> Option<(Token, &'a str)> {
        let blanks = self.rest().iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
        self.at += blanks;
        let (first, second) = (*self.rest().first()?, self.byte(1));
        match first {
            b'\n' => self.take(Token::Newline, 1),
            b'\r' if second == b'\n' => self.take(Token::Newline, 2),
            b'#' => self.line_comment(),
            b'/' if second == b'/' => self.line_comment(),
            b'/' if second == b'*' => {
                let length = self.text.get(self.at + 2..).and_then(|t| t.find("*/")).map_or(usize::MAX >> 1, |n| n + 4);
                self.take(Token::Comment, length)
            }
            b'A'..=b'Z' | b'a'..=b'z' | b'_' | 0x80.. => {
                let is_part = |b: &&u8| b.is_ascii_alphanumeric() || matches!(**b, b'_' | b'-' | 0x80..);
                let length = self.rest().iter().take_while(is_part).count();
                let token = if self.rest().get(..length) == Some(b"in") { Token::In } else { Token::Ident };
                self.take(token, length)
            }
            b'0'..=b'9' => {
                let length = number(self.rest());
                self.take(Token::Number, length)
            }
            b'"' => self.quote(),
            b'<' if second == b'<' => self.heredoc(),
            b'{' => {
                if let Some(Mode::Template(depth)) = self.modes.last_mut() {
                    *depth += 1;
                }
                self.take(Token::OpenBrace, 1)
            }
            b'}' => self.close_brace(1),
            b'~' if second == b'}' && matches!(self.modes.last(), Some(Mode::Template(0))) => self.close_brace(2),
            _ => self.symbol(first, second),
        }
    }

    fn symbol(&mut self, first: u8, second: u8) -> Option<(Token, &'a str)> {
        let (token, length) = match (first, second) {
            (b'=' | b'!' | b'<' | b'>', b'=') | (b'&', b'&') | (b'|', b'|') => (Token::Operator, 2),
            (b'=', b'>') => (Token::Other, 2),
            (b'=', _) => (Token::Equal, 1),
            (b'!', _) => (Token::Bang, 1),
            (b'<' | b'>' | b'+' | b'*' | b'/' | b'%', _) => (Token::Operator, 1),
            (b'-', _) => (Token::Minus, 1),
            (b'[', _) => (Token::OpenBracket, 1),
            (b']', _) => (Token::CloseBracket, 1),
            (b'(', _) => (Token::OpenParen, 1),
            (b')', _) => (Token::CloseParen, 1),
            (b'.', b'.') if self.byte(2) == b'.' => (Token::Ellipsis, 3),
            (b'.', _) => (Token::Dot, 1),
            (b',', _) => (Token::Comma, 1),
            (b':', b':') => (Token::DoubleColon, 2),
            (b':', _) => (Token::Colon, 1),
            (b'?', _) => (Token::Question, 1),
            _ => (Token::Other, 1),
        };
        self.take(token, length)
    }

    fn line_comment(&mut self) -> Option<(Token, &'a str)> {
        let length = self.rest().iter().position(|b| *b == b'\n').map_or(usize::MAX >> 1, |n| n + 1);
        self.take(Token::Comment, length)
    }

    fn close_brace(&mut self, length: usize) -> Option<(Token, &'a str)> {
        match self.modes.last_mut() {
            Some(Mode::Template(0)) => {
                self.modes.pop();
                return self.take(Token::CloseTemplate, length);
            }
            Some(Mode::Template(depth)) => *depth -= 1,
            _ => {}
        }
        self.take(Token::CloseBrace, length)
    }

    fn quote(&mut self) -> Option<(Token, &'a str)> {
        match literal(self.rest().get(1..).unwrap_or_default()) {
            (length, b'"') => self.take(Token::Quoted, length + 2),
            (_, b'$') => {
                self.modes.push(Mode::Quote);
                self.take(Token::OpenQuote, 1)
            }
            // It is not closed on its line, so it is no text.
            _ => self.take(Token::Other, 1),
        }
    }

    fn heredoc(&mut self) -> Option<(Token, &'a str)> {
        let dash = usize::from(self.byte(2) == b'-');
        let line = self.text.get(self.at + 2 + dash..)?;
        let Some((marker, _)) = line.split_once('\n') else { return self.take(Token::Operator, 1) };
        let name = marker.trim_end_matches('\r');
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | 0x80..)) {
            return self.take(Token::Operator, 1);
        }
        self.modes.push(Mode::Heredoc(name));
        self.take(Token::OpenHeredoc, 2 + dash + marker.len() + 1)
    }

    fn open_template(&mut self) -> Option<(Token, &'a str)> {
        self.modes.push(Mode::Template(0));
        let length = if self.byte(2) == b'~' { 3 } else { 2 };
        self.take(Token::OpenTemplate, length)
    }

    fn in_quote(&mut self) -> Option<(Token, &'a str)> {
        match literal(self.rest()) {
            (0, b'$') => self.open_template(),
            (0, b'"') => {
                self.modes.pop();
                self.take(Token::CloseQuote, 1)
            }
            (0, _) => {
                self.modes.pop();
                self.normal()
            }
            (length, _) => self.take(Token::Literal, length),
        }
    }

    fn in_heredoc(&mut self, marker: &str) -> Option<(Token, &'a str)> {
        let rest = self.text.get(self.at..)?;
        let at_start = self.at == 0 || self.text.as_bytes().get(self.at - 1) == Some(&b'\n');
        let mut offset = 0;
        for (index, line) in rest.split_inclusive('\n').enumerate() {
            if (index > 0 || at_start) && line.trim() == marker {
                if offset > 0 {
                    return self.take(Token::Literal, offset);
                }
                self.modes.pop();
                return self.take(Token::CloseHeredoc, line.trim_end_matches(['\r', '\n']).len());
            }
            if let Some(found) = template_start(line.as_bytes()) {
                return if offset + found == 0 {
                    self.open_template()
                } else {
                    self.take(Token::Literal, offset + found)
                };
            }
            offset += line.len();
        }
        if offset == 0 { None } else { self.take(Token::Literal, offset) }
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = (Token, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        match self.modes.last() {
            None | Some(Mode::Template(_)) => self.normal(),
            Some(Mode::Quote) => self.in_quote(),
            Some(Mode::Heredoc(marker)) => self.in_heredoc(marker),
        }
    }
}

/// Digits, with a fraction and an exponent where they are complete.
fn number(bytes: &[u8]) -> usize {
    let digits = |from: usize| bytes.get(from..).map_or(0, |b| b.iter().take_while(|b| b.is_ascii_digit()).count());
    let mut length = digits(0);
    if bytes.get(length) == Some(&b'.') && digits(length + 1) > 0 {
        length += 1 + digits(length + 1);
    }
    if matches!(bytes.get(length), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(length + 1), Some(b'+' | b'-')));
        if digits(length + 1 + sign) > 0 {
            length += 1 + sign + digits(length + 1 + sign);
        }
    }
    length
}

/// The length of the literal text of a quoted template, and what ends it: `"`, `$` for a template, or 0 for the end of
/// the line.
fn literal(bytes: &[u8]) -> (usize, u8) {
    let mut index = 0;
    while let Some(byte) = bytes.get(index) {
        match byte {
            b'"' => return (index, b'"'),
            b'\n' => return (index, 0),
            b'\\' => index += 1,
            b'$' | b'%' if bytes.get(index + 1) == Some(&b'{') => return (index, b'$'),
            b'$' | b'%' if bytes.get(index + 1) == Some(byte) && bytes.get(index + 2) == Some(&b'{') => index += 2,
            _ => {}
        }
        index += 1;
    }
    (bytes.len(), 0)
}

/// Where a template begins in a line of a heredoc.
fn template_start(line: &[u8]) -> Option<usize> {
    let mut index = 0;
    while let Some(byte) = line.get(index) {
        if matches!(byte, b'$' | b'%') {
            if line.get(index + 1) == Some(&b'{') {
                return Some(index);
            }
            if line.get(index + 1) == Some(byte) && line.get(index + 2) == Some(&b'{') {
                index += 2;
            }
        }
        index += 1;
    }
    None
}
