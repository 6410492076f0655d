//! Texts that match a pattern or a format, for data that shows a breach. A pattern is read as far as most are written:
//! characters, classes, groups and repetitions. What comes out is a guess, and is judged by the pattern itself.

/// A text of a format.
pub(super) fn of_format(format: &str) -> Option<&'static str> {
    Some(match format {
        "date-time" => "2026-01-31T12:00:00Z",
        "date" => "2026-01-31",
        "time" => "12:00:00Z",
        "duration" => "P1D",
        "email" | "idn-email" => "a@example.com",
        "hostname" | "idn-hostname" => "example.com",
        "ipv4" => "192.0.2.1",
        "ipv6" => "2001:db8::1",
        "uri" | "iri" | "uri-reference" | "iri-reference" => "https://example.com/a",
        "uuid" => "01234567-89ab-4cde-8f01-23456789abcd",
        "json-pointer" => "/a",
        "regex" => "a",
        _ => return None,
    })
}

/// Texts that a pattern should match, one for each length that is wanted and can be had by repeating.
pub(super) fn matching(pattern: &str, lengths: &[usize]) -> Vec<String> {
    let body = pattern.strip_prefix('^').unwrap_or(pattern);
    let body = body.strip_suffix('$').filter(|rest| !rest.ends_with('\\')).unwrap_or(body);
    let mut out = Vec::new();
    for length in std::iter::once(0).chain(lengths.iter().copied()) {
        let mut reader = Reader { rest: body.chars().collect::<Vec<_>>().into_iter().peekable(), length, depth: 0 };
        if let Some(text) = reader.alternatives().filter(|_| reader.rest.peek().is_none())
            && !out.contains(&text)
        {
            out.push(text);
        }
    }
    out
}

struct Reader {
    rest: std::iter::Peekable<std::vec::IntoIter<char>>,
    /// How long the text should become, where a repetition leaves it open.
    length: usize,
    depth: usize,
}

impl Reader {
    /// The first one.
    fn alternatives(&mut self) -> Option<String> {
        self.depth += 1;
        if self.depth > 16 {
            return None;
        }
        let first = self.sequence()?;
        while self.rest.next_if_eq(&'|').is_some() {
            self.sequence()?;
        }
        self.depth -= 1;
        Some(first)
    }

    fn sequence(&mut self) -> Option<String> {
        let mut out = String::new();
        while let Some(c) = self.rest.next_if(|c| !matches!(c, '|' | ')')) {
            let one = match c {
                '(' => {
                    if self.rest.next_if_eq(&'?').is_some() {
                        self.rest.next_if_eq(&':')?;
                    }
                    let inner = self.alternatives()?;
                    self.rest.next_if_eq(&')')?;
                    inner
                }
                '[' => self.class()?.to_string(),
                '.' => "a".to_owned(),
                '\\' => escaped(self.rest.next()?)?.to_string(),
                '^' | '$' => continue,
                '*' | '+' | '?' | '{' => return None,
                c => c.to_string(),
            };
            let (least, most) = self.repetition()?;
            let missing = self.length.saturating_sub(out.chars().count());
            let times = missing.clamp(least, most.unwrap_or(usize::MAX).max(least));
            if times.saturating_mul(one.len()) > 4_096 {
                return None;
            }
            out.push_str(&one.repeat(if self.length == 0 { least } else { times }));
        }
        Some(out)
    }

    /// A character of a class, its first by preference.
    fn class(&mut self) -> Option<char> {
        let is_negated = self.rest.next_if_eq(&'^').is_some();
        let mut first = None;
        let mut members = Vec::new();
        loop {
            let c = match self.rest.next()? {
                ']' => break,
                '\\' => escaped(self.rest.next()?)?,
                c => c,
            };
            first.get_or_insert(c);
            members.push(c);
        }
        if is_negated { ['a', '0', ' ', '#'].into_iter().find(|c| !members.contains(c)) } else { first }
    }

    /// How often the last thing comes: at least, at most.
    fn repetition(&mut self) -> Option<(usize, Option<usize>)> {
        let times = match self.rest.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => {
                self.rest.next();
                let mut text = String::new();
                while let Some(c) = self.rest.next_if(|c| *c != '}') {
                    text.push(c);
                }
                match text.split_once(',') {
                    Some((least, "")) => (least.parse().ok()?, None),
                    Some((least, most)) => (least.parse().ok()?, Some(most.parse().ok()?)),
                    None => (text.parse().ok()?, Some(text.parse().ok()?)),
                }
            }
            _ => return Some((1, Some(1))),
        };
        self.rest.next();
        self.rest.next_if_eq(&'?');
        Some(times)
    }
}

fn escaped(c: char) -> Option<char> {
    match c {
        'd' => Some('0'),
        'w' | 'D' | 'S' => Some('a'),
        's' => Some(' '),
        'W' => Some('-'),
        't' => Some('\t'),
        'n' => Some('\n'),
        c if c.is_alphanumeric() => None,
        c => Some(c),
    }
}
