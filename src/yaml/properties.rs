//! What may stand before a value: an anchor and a tag. The parser says that they are there, but not where.

/// Byte ranges of the properties of a node, and where its value starts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Properties {
    /// `&name`, without the ampersand.
    pub(super) anchor: Option<(usize, usize)>,
    /// `!tag`, whole.
    pub(super) tag: Option<(usize, usize)>,
    /// The first byte behind properties, blanks and comments.
    pub(super) value: usize,
}

impl Properties {
    /// Reads at most one anchor and one tag, starting at a node that has one of them.
    pub(super) fn read(text: &str, start: usize) -> Self {
        let bytes = text.as_bytes();
        let mut found = Self { value: start, ..Self::default() };
        loop {
            let end = |from: usize, stop: &[u8]| {
                let length = bytes.get(from..).and_then(|rest| rest.iter().position(|b| stop.contains(b)));
                length.map_or(bytes.len(), |length| from + length)
            };
            match bytes.get(found.value) {
                Some(b'&') if found.anchor.is_none() => {
                    let stop = end(found.value, b" \t\r\n,[]{}");
                    found.anchor = Some((found.value + 1, stop));
                    found.value = stop;
                }
                Some(b'!') if found.tag.is_none() => {
                    let verbatim = bytes.get(found.value + 1) == Some(&b'<');
                    let stop = if verbatim {
                        (end(found.value, b">\r\n") + 1).min(bytes.len())
                    } else {
                        end(found.value, b" \t\r\n,[]{}")
                    };
                    found.tag = Some((found.value, stop));
                    found.value = stop;
                }
                Some(b' ' | b'\t' | b'\r' | b'\n') => found.value += 1,
                Some(b'#') if found.value > start => found.value = end(found.value, b"\r\n"),
                _ => return found,
            }
        }
    }
}

/// The end of a quoted text that starts at `start`, behind its closing quote.
pub(super) fn end_of_quoted(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let quote = *bytes.get(start)?;
    let mut at = start + 1;
    loop {
        match *bytes.get(at)? {
            b'\\' if quote == b'"' => at += 2,
            b'\'' if quote == b'\'' && bytes.get(at + 1) == Some(&b'\'') => at += 2,
            b if b == quote => return Some(at + 1),
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchor_and_tag_in_either_order() {
        let text = "&a !!str # why\n  x";
        let found = Properties::read(text, 0);
        assert_eq!((found.anchor, found.tag, found.value), (Some((1, 2)), Some((3, 8)), 17));
        let found = Properties::read("!<tag:x> &b [1]", 0);
        assert_eq!((found.anchor, found.tag, found.value), (Some((10, 11)), Some((0, 8)), 12));
    }

    #[test]
    fn quotes_inside_quotes() {
        assert_eq!(end_of_quoted("'it''s' # 'x'", 0), Some(7));
        assert_eq!(end_of_quoted(r#""a\"b\\" , "c""#, 0), Some(8));
        assert_eq!(end_of_quoted("'open", 0), None);
        assert_eq!(end_of_quoted("\"open\\", 0), None);
    }
}
