//! Formats HCL as `terraform fmt` does, in one pass: indentation by brackets, spaces between tokens, `=` and trailing
//! comments aligned over runs of lines. Heredocs and the literal parts of templates stay as they are. On top of that
//! blank lines are collapsed and removed at the edges of blocks, which `terraform fmt` leaves alone and what templates
//! with flags produce.
//!
//! Three rewrites of `terraform fmt` are left out, because templates need not write what they repair: `"${x}"` alone
//! is not unwrapped, labels without quotes get none, and old type constraints stay.

use super::hcl_tokens::{Token, Tokens};

/// The formatted text.
pub fn format_hcl(text: &str) -> String {
    let mut format = Format { out: String::with_capacity(text.len() + text.len() / 4), ..Format::default() };
    for (token, text) in Tokens::new(text) {
        format.token(token, text);
    }
    format.finish()
}

/// The line that is being read, without its indentation.
#[derive(Default)]
struct Line {
    text: String,
    tokens: usize,
    first: Option<Token>,
    before: Option<Token>,
    last: Option<Token>,
    /// Brackets opened less brackets closed, up to a heredoc, which decides the indentation.
    net: i32,
    heredoc: bool,
    /// End of what stands before the first `=`, and where that `=` stands.
    assign: Option<(usize, usize)>,
    /// Brackets from that `=` on.
    assign_net: i32,
    /// End of what stands before the trailing comment, and where that stands.
    comment: Option<(usize, usize)>,
    /// The last token that is no comment.
    code: Option<Token>,
}

/// A finished line of a run whose alignment is open; offsets into the text of the run.
struct Aligned {
    start: usize,
    /// End of the lead, start of the `=`.
    assign: Option<(usize, usize)>,
    comment: Option<(usize, usize)>,
    end: usize,
    lead_columns: usize,
    assign_columns: usize,
    /// Blanks before the `=`.
    assign_gap: usize,
    /// Blanks before the comment.
    comment_gap: usize,
}

#[derive(Default)]
struct Format {
    out: String,
    line: Line,
    /// For each open level, how many brackets its line opened.
    levels: Vec<i32>,
    /// The lines of the current run and their text.
    run: Vec<Aligned>,
    run_text: String,
    assign_start: Option<usize>,
    comment_start: Option<usize>,
    /// Runs of lines with comments within the run.
    comment_runs: Vec<(usize, usize)>,
    /// A blank line was read and not yet written.
    blank: bool,
    /// The last line written opened a bracket at its end, or there is none.
    opened: bool,
    started: bool,
}

impl Format {
    fn token(&mut self, token: Token, text: &str) {
        let ends = token == Token::Newline || (token == Token::Comment && text.ends_with('\n'));
        let line = &mut self.line;
        if token == Token::Newline {
            if line.tokens == 0 {
                self.blank = true;
                return;
            }
            return self.end_line();
        }
        let end = line.text.len();
        if let Some(last) = line.last
            && (space_between(line.before, last, token) || token == Token::Comment)
        {
            line.text.push(' ');
        }
        let start = line.text.len();
        // The line break of a comment is written with every line.
        line.text.push_str(if ends { text.trim_end_matches(['\n', '\r']) } else { text });
        if token == Token::Equal && line.tokens > 0 && line.assign.is_none() {
            line.assign = Some((end, start));
        }
        line.comment = (token == Token::Comment && line.tokens > 0).then_some((end, start));
        let brackets = token.brackets();
        if !line.heredoc {
            line.net += brackets;
        }
        if line.assign.is_some() {
            line.assign_net += brackets;
        }
        line.heredoc |= token == Token::OpenHeredoc;
        line.tokens += 1;
        line.first = line.first.or(Some(token));
        line.before = line.last.replace(token);
        if token != Token::Comment {
            line.code = Some(token);
        }
        if ends {
            self.end_line();
        }
    }

    /// The indentation of the line, as `terraform fmt` remembers levels: a line that opens three brackets indents once,
    /// and whatever closes those three goes back once.
    fn indent(&mut self, net: i32) -> usize {
        if net > 0 {
            self.levels.push(net);
            return 2 * (self.levels.len() - 1);
        }
        let mut closed = -net;
        while closed > 0 {
            let Some(level) = self.levels.last_mut() else { break };
            if closed < *level {
                *level -= closed;
                break;
            }
            closed -= *level;
            self.levels.pop();
        }
        2 * self.levels.len()
    }

    fn end_line(&mut self) {
        let mut line = std::mem::take(&mut self.line);
        if self.blank {
            let closes = line.first.is_some_and(Token::closes);
            if self.started && !self.opened && !closes {
                self.close_assign();
                self.close_comment();
                self.flush();
                self.out.push('\n');
            }
            self.blank = false;
        }
        let indent = self.indent(line.net);
        if line.assign_net != 0 {
            line.assign = None;
        }
        self.opened = line.code.is_some_and(|t| t.brackets() > 0) && line.code != Some(Token::OpenTemplate);
        self.started = true;

        if line.assign.is_none() {
            self.close_assign();
        }
        if line.comment.is_none() {
            self.close_comment();
        }
        if self.assign_start.is_none() && self.comment_start.is_none() {
            self.flush();
        }
        if line.assign.is_none() && line.comment.is_none() && self.run.is_empty() {
            push_blanks(&mut self.out, indent);
            self.out.push_str(&line.text);
            self.out.push('\n');
        } else {
            self.push_aligned(&line, indent);
        }
        line.text.clear();
        self.line.text = line.text;
    }

    /// Adds the line to the run. A run lasts as long as either column is open, since comments depend on both.
    fn push_aligned(&mut self, line: &Line, indent: usize) {
        let start = self.run_text.len();
        push_blanks(&mut self.run_text, indent);
        let base = self.run_text.len();
        self.run_text.push_str(&line.text);
        let shift = |pair: Option<(usize, usize)>| pair.map(|(end, at)| (base + end, base + at));
        let (assign, comment, end) = (shift(line.assign), shift(line.comment), self.run_text.len());
        let code_end = comment.map_or(end, |(end, _)| end);
        let columns = |from: usize, to: usize| columns(self.run_text.get(from..to).unwrap_or_default());
        let lead_columns = columns(start, assign.map_or(code_end, |(end, _)| end));
        let assign_columns = assign.map_or(0, |(_, at)| columns(at, code_end));
        let index = self.run.len();
        if assign.is_some() {
            self.assign_start.get_or_insert(index);
        }
        if comment.is_some() {
            self.comment_start.get_or_insert(index);
        }
        self.run.push(Aligned {
            start,
            assign,
            comment,
            end,
            lead_columns,
            assign_columns,
            assign_gap: usize::from(assign.is_some()),
            comment_gap: 1,
        });
    }

    fn close_assign(&mut self) {
        let Some(start) = self.assign_start.take() else { return };
        let lines = self.run.get_mut(start..).unwrap_or_default();
        let widest = lines.iter().map(|line| line.lead_columns).max().unwrap_or(0);
        for line in lines {
            line.assign_gap = widest - line.lead_columns + 1;
        }
    }

    /// Marks where a run of comments ends. Their place is known once every `=` of the run has its own.
    fn close_comment(&mut self) {
        if let Some(start) = self.comment_start.take() {
            self.comment_runs.push((start, self.run.len()));
        }
    }

    /// Writes the run, whose columns are all closed.
    fn flush(&mut self) {
        for (start, end) in self.comment_runs.drain(..) {
            let lines = self.run.get_mut(start..end).unwrap_or_default();
            let width = |line: &Aligned| line.lead_columns + line.assign_gap + line.assign_columns;
            let widest = lines.iter().map(width).max().unwrap_or(0);
            for line in lines {
                line.comment_gap = widest - width(line) + 1;
            }
        }
        for line in self.run.drain(..) {
            let mut at = line.start;
            for (cell, gap) in [(line.assign, line.assign_gap), (line.comment, line.comment_gap)] {
                if let Some((end, next)) = cell {
                    self.out.push_str(self.run_text.get(at..end).unwrap_or_default());
                    push_blanks(&mut self.out, gap);
                    at = next;
                }
            }
            self.out.push_str(self.run_text.get(at..line.end).unwrap_or_default());
            self.out.push('\n');
        }
        self.run_text.clear();
    }

    fn finish(mut self) -> String {
        if self.line.tokens > 0 {
            self.end_line();
        }
        self.close_assign();
        self.close_comment();
        self.flush();
        self.out
    }
}

fn push_blanks(out: &mut String, mut count: usize) {
    const BLANKS: &str = "                                                                ";
    while count > 0 {
        let part = count.min(BLANKS.len());
        out.push_str(BLANKS.get(..part).unwrap_or_default());
        count -= part;
    }
}

/// Columns as Terraform counts them: one for each character that a reader sees. Marks that combine with the character
/// before them count nothing; sequences of emoji are not looked into.
fn columns(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    let combines = |c: &char| matches!(c, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{200c}' | '\u{200d}' | '\u{20d0}'..='\u{20ff}' | '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}');
    text.chars().filter(|c| !combines(c)).count()
}

/// Whether a blank stands between `token` and `after`, where `before` stands before both. The cases and their order
/// are those of `spaceAfterToken` in HCL's own formatter.
#[expect(clippy::match_same_arms, reason = "the order of the cases decides")]
fn space_between(before: Option<Token>, token: Token, after: Token) -> bool {
    use Token as T;
    match (token, after) {
        (T::Ident | T::In, T::OpenParen | T::DoubleColon) | (T::DoubleColon, T::Ident | T::In) => false,
        (T::Dot, _) | (_, T::Dot | T::Comma | T::Ellipsis) => false,
        (T::Comma, _) => true,
        (T::Literal | T::OpenQuote | T::OpenHeredoc, _) | (_, T::Literal | T::CloseQuote | T::CloseHeredoc) => false,
        (T::In, _) if matches!(before, Some(T::Ident | T::In)) => true,
        (T::Ident | T::In | T::Number, T::OpenBracket) => false,
        (_, T::OpenBracket) if token.closes() => false,
        (T::Bang, _) => false,
        (T::Minus, _) => !is_sign(before),
        (T::OpenBrace, T::CloseBrace) => false,
        (T::OpenBrace, _) | (_, T::CloseBrace) => true,
        (T::OpenTemplate, T::OpenBrace) | (T::CloseBrace, T::CloseTemplate) => true,
        (T::CloseTemplate, T::OpenTemplate) => false,
        _ => token.brackets() <= 0 && !after.closes(),
    }
}

/// Whether a minus behind this token is a sign and no subtraction.
fn is_sign(before: Option<Token>) -> bool {
    use Token as T;
    matches!(
        before,
        None | Some(
            T::OpenParen
                | T::OpenBrace
                | T::OpenBracket
                | T::Equal
                | T::Colon
                | T::Comma
                | T::Question
                | T::Operator
                | T::Minus
                | T::Bang
        )
    )
}
