//! Checks where encoders stand. An encoder writes a whole value with its own quotes, or one line of comment; printed
//! inside a quoted text, glued to a word, or as a comment outside of one, a text of a spec could become code. The
//! state of the current line is followed through every branch and around every loop.

use super::Encoder;
use super::check::TemplateDefect;
use super::program::{From, Program, Step};

/// What is known of the line so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line {
    /// Nothing but blanks.
    Blank,
    /// It is a comment.
    Comment,
    /// Code, and whether a quote is open.
    Code(Option<u8>),
    /// Branches disagree.
    Unknown,
}

/// The state behind the last byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct State {
    line: Line,
    /// The last byte, when it is one that a value may not be glued to.
    glued: bool,
    /// A value was just written, so a delimiter has to follow.
    value: bool,
}

const START: State = State { line: Line::Blank, glued: false, value: false };

impl State {
    fn join(self, other: Self) -> Self {
        Self {
            line: if self.line == other.line { self.line } else { Line::Unknown },
            glued: self.glued || other.glued,
            value: self.value || other.value,
        }
    }
}

/// Everything wrong with the positions of one program.
pub(super) fn check(program: &Program, is_partial: bool) -> Vec<TemplateDefect> {
    let mut flow = Flow { template: &program.name, defects: Vec::new(), mute: 0, round: None };
    let end = flow.steps(&program.steps, START);
    if is_partial && end.line != Line::Blank {
        let last = program.steps.iter().rev().find_map(line_of).unwrap_or(1);
        flow.refuse(last, "a partial ends with a line break, so that what follows it starts on a line of its own");
    }
    flow.defects.sort();
    flow.defects.dedup();
    flow.defects
}

fn line_of(step: &Step) -> Option<u32> {
    match step {
        Step::Text(_) => None,
        Step::Encode { line, .. } | Step::Each { line, .. } | Step::If { line, .. } | Step::Include { line, .. } => {
            Some(*line)
        }
    }
}

struct Flow<'a> {
    template: &'a str,
    defects: Vec<TemplateDefect>,
    /// Above zero while a loop is walked only to learn how it ends.
    mute: usize,
    /// Which element of the innermost loop is being walked.
    round: Option<Round>,
}

#[derive(Clone, Copy)]
struct Round {
    first: bool,
    last: bool,
}

impl Flow<'_> {
    fn refuse(&mut self, line: u32, message: impl Into<String>) {
        if self.mute == 0 {
            self.defects.push(TemplateDefect { template: self.template.to_owned(), line, message: message.into() });
        }
    }

    fn steps(&mut self, steps: &[Step], mut state: State) -> State {
        let mut last = 1;
        for step in steps {
            state = match step {
                Step::Text(text) => self.text(text, state, last),
                Step::Encode { encoder, field, line } => self.encode(*encoder, &field.text, *line, state),
                Step::Each { body, otherwise, .. } => self.each(body, state).join(self.steps(otherwise, state)),
                Step::If { field, wanted, body, otherwise, .. } => {
                    let known = match field.from {
                        From::First => self.round.map(|round| round.first),
                        From::Last => self.round.map(|round| round.last),
                        From::Here | From::Outside | From::Index => None,
                    };
                    match known {
                        Some(flag) => self.steps(if flag == *wanted { body } else { otherwise }, state),
                        None => self.steps(body, state).join(self.steps(otherwise, state)),
                    }
                }
                Step::Include { line, .. } => {
                    if state.line != Line::Blank {
                        self.refuse(*line, "a partial stands on a line of its own");
                    }
                    START
                }
            };
            last = line_of(step).unwrap_or(last);
        }
        state
    }

    /// Walks a loop for its first, middle and last element apart, so that `, ` between elements is understood.
    fn each(&mut self, body: &[Step], state: State) -> State {
        let outer = self.round;
        let walk = |flow: &mut Self, first, last, state| {
            flow.round = Some(Round { first, last });
            flow.steps(body, state)
        };
        self.mute += 1;
        // A state can only become less known, and does so at once: two rounds reach the fixpoint.
        let once = walk(self, true, false, state);
        let again = once.join(walk(self, false, false, once));
        self.mute -= 1;
        walk(self, true, false, state);
        walk(self, false, false, again);
        let after = walk(self, true, true, state).join(walk(self, false, true, again));
        self.round = outer;
        after
    }

    fn encode(&mut self, encoder: Encoder, field: &str, line: u32, state: State) -> State {
        let name = encoder.name();
        if encoder == Encoder::Comment {
            if state.line != Line::Comment {
                self.refuse(
                    line,
                    format!("`{{{{comment {field}}}}}` stands outside of a comment; begin its line with `#`"),
                );
            }
            return state;
        }
        // The others write letters, digits, hyphens and the like only, which end nothing.
        let value = matches!(encoder, Encoder::Hcl | Encoder::Json | Encoder::Yaml);
        if value {
            let glued = state.glued || state.value;
            let wrong = match state.line {
                Line::Comment => {
                    Some(format!("`{name}` may write several lines; in a comment write `{{{{comment {field}}}}}`"))
                }
                Line::Code(Some(_)) => {
                    Some(format!("`{name}` writes its own quotes; remove those around `{{{{{name} {field}}}}}`"))
                }
                Line::Unknown => Some(format!(
                    "what stands before `{{{{{name} {field}}}}}` on its line depends on a branch; begin a line in each"
                )),
                Line::Blank | Line::Code(None) => glued.then(|| {
                    format!(
                        "`{{{{{name} {field}}}}}` writes a whole value and is glued to what stands before it; \
                         join texts by a `concat` in the view"
                    )
                }),
            };
            if let Some(message) = wrong {
                self.refuse(line, message);
            }
        }
        let line = if state.line == Line::Blank { Line::Code(None) } else { state.line };
        State { line, glued: true, value }
    }

    fn text(&mut self, text: &str, mut state: State, line: u32) -> State {
        let bytes = text.as_bytes();
        if state.value
            && bytes
                .first()
                .is_some_and(|b| !matches!(b, b' ' | b'\t' | b'\r' | b'\n' | b',' | b']' | b'}' | b')' | b':' | b';'))
        {
            self.refuse(line, "a value is glued to the text behind it; join texts by a `concat` in the view");
        }
        let mut before = if state.glued { b'x' } else { b' ' };
        for (index, byte) in bytes.iter().enumerate() {
            state.line = match (state.line, byte) {
                (_, b'\n') | (Line::Blank, b' ' | b'\t' | b'\r') => Line::Blank,
                (Line::Blank, b'#') => Line::Comment,
                (Line::Blank, b'/') if bytes.get(index + 1) == Some(&b'/') => Line::Comment,
                (Line::Blank | Line::Code(None), b'"') => Line::Code(Some(b'"')),
                // An apostrophe within a word opens nothing.
                (Line::Blank | Line::Code(None), b'\'') if !before.is_ascii_alphanumeric() => Line::Code(Some(b'\'')),
                (Line::Code(Some(quote)), b) if *b == quote && before != b'\\' => Line::Code(None),
                (Line::Blank, _) => Line::Code(None),
                (line, _) => line,
            };
            before = *byte;
        }
        if !bytes.is_empty() {
            state.value = false;
            state.glued =
                !matches!(before, b' ' | b'\t' | b'\r' | b'\n' | b'[' | b'(' | b'{' | b',' | b':' | b'=' | b'!');
        }
        state
    }
}
