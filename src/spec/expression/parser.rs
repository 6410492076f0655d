//! Words to a tree, by the strength of operators. Size and nesting are capped, so that no later walk over the tree can
//! run out of stack.

use serde_json::Value;

use super::lexer::{Token, Word, words};
use super::{Expr, Fault, Operator, PathRoot};
use crate::base::{Name, Span};

/// Most nested parentheses and `not`.
const DEPTH: usize = 64;
/// Most words.
const WORDS: usize = 400;

/// Reads an expression; `place` turns a range of the text into its place.
pub(super) fn parse(text: &str, place: impl Fn(usize, usize) -> Span) -> Result<Expr, Fault> {
    let words = words(text)?;
    if words.len() > WORDS {
        let what = format!("it has more than {WORDS} words");
        let help = "split it with a `set` task, or compute it in a function".to_owned();
        return Err(Fault { start: 0, end: text.len(), what, help });
    }
    let mut parser = Parser { words: &words, at: 0, depth: 0, end: text.len(), place: &place };
    let expr = parser.expression(0)?;
    match parser.peek() {
        None => Ok(expr),
        Some(word) => {
            let what = match word.token {
                Token::Close => "a parenthesis is closed that was not opened",
                Token::Literal(_) | Token::Path(_) | Token::Not | Token::Open | Token::Operator(_) => {
                    "an operator is missing"
                }
            };
            let help = "texts stand in quotes (`'text'`), and there are no functions".to_owned();
            Err(Fault { start: word.start, end: word.end, what: what.to_owned(), help })
        }
    }
}

struct Parser<'w, P> {
    words: &'w [Word],
    at: usize,
    depth: usize,
    end: usize,
    place: &'w P,
}

impl<'w, P: Fn(usize, usize) -> Span> Parser<'w, P> {
    fn peek(&self) -> Option<&'w Word> {
        self.words.get(self.at)
    }

    fn next(&mut self) -> Option<&'w Word> {
        let word = self.words.get(self.at);
        self.at += 1;
        word
    }

    fn expression(&mut self, least: u8) -> Result<Expr, Fault> {
        self.depth += 1;
        if self.depth > DEPTH {
            let help = "split it with a `set` task".to_owned();
            let what = format!("it is nested more than {DEPTH} levels deep");
            return Err(Fault { start: 0, end: self.end, what, help });
        }
        let mut left = self.operand()?;
        while let Some(Word { token: Token::Operator(operator), start, end }) = self.peek() {
            let strength = operator.strength();
            if strength <= least {
                break;
            }
            if compares(*operator)
                && matches!(&left, Expr::Binary { operator, .. } if compares(*operator))
                && !self.closed()
            {
                let help = "join two comparisons with `and`: `a < b and b < c`".to_owned();
                return Err(Fault { start: *start, end: *end, what: "two comparisons in a row".to_owned(), help });
            }
            self.at += 1;
            let right = self.expression(strength)?;
            left = Expr::Binary { operator: *operator, left: Box::new(left), right: Box::new(right) };
        }
        self.depth -= 1;
        Ok(left)
    }

    /// Whether what stands before is in parentheses.
    fn closed(&self) -> bool {
        let before = self.at.checked_sub(1).and_then(|at| self.words.get(at));
        matches!(before, Some(Word { token: Token::Close, .. }))
    }

    fn operand(&mut self) -> Result<Expr, Fault> {
        let Some(word) = self.next() else {
            let help = "write a path such as `input.orderId`, or a literal".to_owned();
            return Err(Fault { start: self.end, end: self.end, what: "it ends too early".to_owned(), help });
        };
        match &word.token {
            Token::Literal(value) => Ok(Expr::Literal(value.clone())),
            Token::Path(steps) => self.path(word, steps),
            Token::Not => self.expression(3).map(|inner| Expr::Not(Box::new(inner))),
            Token::Operator(Operator::Sub) => self.negative(word),
            Token::Open => {
                let inner = self.expression(0)?;
                match self.next() {
                    Some(Word { token: Token::Close, .. }) => Ok(inner),
                    _ => Err(Fault {
                        start: word.start,
                        end: word.end,
                        what: "a parenthesis is not closed".to_owned(),
                        help: "add `)`".to_owned(),
                    }),
                }
            }
            Token::Operator(_) | Token::Close => Err(Fault {
                start: word.start,
                end: word.end,
                what: "a value is missing".to_owned(),
                help: "write a path such as `input.orderId`, or a literal".to_owned(),
            }),
        }
    }

    /// A minus before a number is part of it; before anything else it is `0 - x`.
    fn negative(&mut self, minus: &Word) -> Result<Expr, Fault> {
        if let Some(Word { token: Token::Literal(Value::Number(number)), .. }) = self.peek() {
            self.at += 1;
            let value = match number.as_i64() {
                Some(n) => Value::from(-n),
                None => Value::from(-number.as_f64().unwrap_or_default()),
            };
            return Ok(Expr::Literal(value));
        }
        if self.peek().is_none() {
            let help = "write a number or a path behind `-`".to_owned();
            return Err(Fault { start: minus.start, end: minus.end, what: "it ends too early".to_owned(), help });
        }
        let right = self.expression(6)?;
        Ok(Expr::Binary { operator: Operator::Sub, left: Box::new(Expr::Literal(0.into())), right: Box::new(right) })
    }

    fn path(&self, word: &Word, steps: &[String]) -> Result<Expr, Fault> {
        let fault = |what: String, help: &str| Fault { start: word.start, end: word.end, what, help: help.to_owned() };
        let (first, rest) = steps.split_first().map_or(("", steps), |(first, rest)| (first.as_str(), rest));
        let (root, rest) = match (first, rest.split_first()) {
            ("input", _) => (PathRoot::Input, rest),
            ("error", _) => (PathRoot::Error, rest),
            ("tasks", Some((task, rest))) => {
                let name = Name::parse(task).map_err(|why| {
                    fault(format!("`{task}` is not the name of a task: {why}"), "write `tasks.<name>`")
                })?;
                (PathRoot::Task(name), rest)
            }
            ("tasks", None) => return Err(fault("`tasks` has no value of its own".to_owned(), "write `tasks.<name>`")),
            (other, _) => {
                let name = Name::parse(other).map_err(|_| {
                    fault(
                        format!("`{other}` is not known"),
                        "paths start with `input`, `tasks`, or the name of the `each` of a `for`; a text stands in quotes: `'text'`",
                    )
                })?;
                (PathRoot::Each(name), rest)
            }
        };
        let steps = rest.iter().map(|step| step.as_str().into()).collect();
        Ok(Expr::Path { root, steps, span: (self.place)(word.start, word.end) })
    }
}

const fn compares(operator: Operator) -> bool {
    operator.strength() == 4
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::base::FileId;

    fn read(text: &str) -> Result<Expr, Fault> {
        parse(text, |start, end| Span::new(FileId(0), u32::try_from(start).unwrap(), u32::try_from(end).unwrap()))
    }

    #[test]
    fn strength_and_shape() {
        let cases = [
            ("input.total > 500", "input.total > 500"),
            ("not input.a and input.b or input.c", "((not input.a) and input.b) or input.c"),
            ("1 + 2 * 3 - 4", "(1 + (2 * 3)) - 4"),
            ("(1 + 2) * 3", "(1 + 2) * 3"),
            ("not a == b", "not (a == b)"),
            ("tasks.reserve-stock.id == 'a\\'b'", "tasks.reserve-stock.id == 'a\\'b'"),
            ("input.a-b - 1", "input.a-b - 1"),
            ("-5 + input.x", "-5 + input.x"),
            ("-input.x * 2", "(0 - input.x) * 2"),
            ("(a < b) == (c < d)", "(a < b) == (c < d)"),
            ("error.message != null", "error.message != null"),
        ];
        for (text, shape) in cases {
            let expr = read(text).unwrap();
            assert_eq!(expr.to_string(), shape, "{text}");
            assert_eq!(read(&expr.to_string()).unwrap().to_string(), shape);
        }
    }

    #[test]
    fn faults_say_where_and_what() {
        let cases = [
            ("input.a && input.b", "`&&` is not known", 8, "write `and`"),
            ("input.a = 1", "`=` is not known", 8, "write `==`"),
            ("input.", "a path ends with a dot", 0, "write a name behind the dot, such as `input.orderId`"),
            ("(input.a", "a parenthesis is not closed", 0, "add `)`"),
            (
                "input.a)",
                "a parenthesis is closed that was not opened",
                7,
                "texts stand in quotes (`'text'`), and there are no functions",
            ),
            ("1 < 2 < 3", "two comparisons in a row", 6, "join two comparisons with `and`: `a < b and b < c`"),
            (
                "length(input.a)",
                "an operator is missing",
                6,
                "texts stand in quotes (`'text'`), and there are no functions",
            ),
            ("1 +", "it ends too early", 3, "write a path such as `input.orderId`, or a literal"),
            ("'abc", "a text without an end", 0, "close the text with '"),
            ("10x", "`10x` is not a number", 0, "a text stands in quotes: `'text'`"),
            ("tasks", "`tasks` has no value of its own", 0, "write `tasks.<name>`"),
        ];
        for (text, what, start, help) in cases {
            let fault = read(text).unwrap_err();
            assert_eq!((fault.what.as_str(), fault.start, fault.help.as_str()), (what, start, help), "{text}");
        }
    }

    #[test]
    fn nesting_and_length_are_capped() {
        let deep = format!("{}1{}", "(".repeat(100_000), ")".repeat(100_000));
        assert!(read(&deep).unwrap_err().what.contains("more than 400 words"));
        let deep = format!("{}1{}", "(".repeat(100), ")".repeat(100));
        assert!(read(&deep).unwrap_err().what.contains("nested more than 64"));
        let long = vec!["1"; 1000].join(" + ");
        assert!(read(&long).unwrap_err().what.contains("more than 400 words"));
        let nots = format!("{} true", "not ".repeat(100));
        assert!(read(&nots).is_err());
    }
}
