//! The words of an expression.

use serde_json::Value;

use super::{Fault, Operator};

/// One word.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// A literal.
    Literal(Value),
    /// `a.b-c.d`: steps between dots. A hyphen inside of a word belongs to it; minus has blanks around it.
    Path(Vec<String>),
    /// `not`
    Not,
    /// An operator.
    Operator(Operator),
    /// `(`
    Open,
    /// `)`
    Close,
}

/// A word and its range in the text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Word {
    pub(super) token: Token,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Splits a text into words.
pub(super) fn words(text: &str) -> Result<Vec<Word>, Fault> {
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(c) = rest(text, at).chars().next() {
        if c.is_whitespace() {
            at += c.len_utf8();
            continue;
        }
        let (token, length) = match c {
            '(' => (Token::Open, 1),
            ')' => (Token::Close, 1),
            '\'' | '"' => string(text, at, c)?,
            '0'..='9' => number(text, at)?,
            'a'..='z' | 'A'..='Z' | '_' => path(text, at)?,
            _ => operator(text, at)?,
        };
        words.push(Word { token, start: at, end: at + length });
        at += length;
    }
    Ok(words)
}

fn rest(text: &str, at: usize) -> &str {
    text.get(at..).unwrap_or_default()
}

fn operator(text: &str, at: usize) -> Result<(Token, usize), Fault> {
    const OPERATORS: [(&str, Operator); 10] = [
        ("==", Operator::Eq),
        ("!=", Operator::Ne),
        ("<=", Operator::Le),
        (">=", Operator::Ge),
        ("<", Operator::Lt),
        (">", Operator::Gt),
        ("+", Operator::Add),
        ("-", Operator::Sub),
        ("*", Operator::Mul),
        ("/", Operator::Div),
    ];
    const OTHERS: [(&str, &str); 5] = [("&&", "and"), ("||", "or"), ("!", "not"), ("=", "=="), ("$", "")];
    let rest = rest(text, at);
    if let Some((word, operator)) = OPERATORS.iter().find(|(word, _)| rest.starts_with(word)) {
        return Ok((Token::Operator(*operator), word.len()));
    }
    let length = rest.chars().next().map_or(1, char::len_utf8);
    let fault = |end, help: String| Fault {
        start: at,
        end,
        what: format!("`{}` is not known", text.get(at..end).unwrap_or_default()),
        help,
    };
    Err(match OTHERS.iter().find(|(word, _)| rest.starts_with(word)) {
        Some(("$", _)) => {
            fault(at + 1, "paths start with `input`, `tasks`, or the name of the `each` of a `for`".to_owned())
        }
        Some((word, ours)) => fault(at + word.len(), format!("write `{ours}`")),
        None => fault(at + length, "operators are == != < <= > >= and or not + - * /".to_owned()),
    })
}

fn string(text: &str, at: usize, quote: char) -> Result<(Token, usize), Fault> {
    let mut value = String::new();
    let mut chars = rest(text, at).char_indices().skip(1);
    while let Some((index, c)) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some((_, escaped @ ('\\' | '\'' | '"'))) => value.push(escaped),
                Some((_, 'n')) => value.push('\n'),
                Some((_, 't')) => value.push('\t'),
                _ => {
                    let help = "known escapes are \\\\, \\', \\\", \\n and \\t".to_owned();
                    return Err(Fault {
                        start: at + index,
                        end: at + index + 1,
                        what: "unknown escape".to_owned(),
                        help,
                    });
                }
            },
            c if c == quote => return Ok((Token::Literal(Value::String(value)), index + 1)),
            c => value.push(c),
        }
    }
    let help = format!("close the text with {quote}");
    Err(Fault { start: at, end: text.len(), what: "a text without an end".to_owned(), help })
}

fn number(text: &str, at: usize) -> Result<(Token, usize), Fault> {
    let length = rest(text, at).bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'.').count();
    let digits = text.get(at..at + length).unwrap_or_default();
    let integer = digits.parse::<i64>().ok().map(Value::from);
    let float = || digits.parse::<f64>().ok().filter(|n| n.is_finite()).and_then(serde_json::Number::from_f64);
    match integer.or_else(|| float().map(Value::Number)) {
        Some(value) => Ok((Token::Literal(value), length)),
        None => Err(Fault {
            start: at,
            end: at + length,
            what: format!("`{digits}` is not a number"),
            help: "a text stands in quotes: `'text'`".to_owned(),
        }),
    }
}

fn path(text: &str, at: usize) -> Result<(Token, usize), Fault> {
    let mut end = at;
    let mut steps = Vec::new();
    loop {
        let length = step(rest(text, end));
        if length == 0 {
            let what = "a path ends with a dot".to_owned();
            return Err(Fault {
                start: at,
                end,
                what,
                help: "write a name behind the dot, such as `input.orderId`".to_owned(),
            });
        }
        steps.push(text.get(end..end + length).unwrap_or_default().to_owned());
        end += length;
        if !rest(text, end).starts_with('.') {
            break;
        }
        end += 1;
    }
    let token = match steps.as_slice() {
        [word] => match word.as_str() {
            "and" => Token::Operator(Operator::And),
            "or" => Token::Operator(Operator::Or),
            "not" => Token::Not,
            "true" => Token::Literal(Value::Bool(true)),
            "false" => Token::Literal(Value::Bool(false)),
            "null" => Token::Literal(Value::Null),
            _ => Token::Path(steps),
        },
        _ => Token::Path(steps),
    };
    Ok((token, end - at))
}

/// The length of one step: letters, digits, underscores, and hyphens between them.
fn step(text: &str) -> usize {
    let bytes = text.as_bytes();
    let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    let mut length = 0;
    while let Some(b) = bytes.get(length) {
        let inner = *b == b'-' && length > 0 && bytes.get(length + 1).is_some_and(|next| word(*next));
        if !word(*b) && !inner {
            break;
        }
        length += 1;
    }
    length
}
