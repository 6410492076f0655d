//! The parser counts characters; spans count bytes. Converts the one into the other.

/// Byte offsets of every 64th character, so that a lookup walks at most 64 characters whatever the order of
/// lookups, and building it costs one pass. A text of ASCII alone needs no table.
pub(super) struct Offsets<'a> {
    text: &'a str,
    marks: Option<Vec<u32>>,
}

const STEP: usize = 64;

impl<'a> Offsets<'a> {
    /// Reads the text once.
    pub(super) fn new(text: &'a str) -> Self {
        let marks = (!text.is_ascii())
            .then(|| text.char_indices().step_by(STEP).map(|(at, _)| u32::try_from(at).unwrap_or(u32::MAX)).collect());
        Self { text, marks }
    }

    /// The byte offset of a character; the length of the text for one behind the end.
    pub(super) fn byte(&self, character: usize) -> u32 {
        let end = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        let Some(marks) = &self.marks else {
            return u32::try_from(character).unwrap_or(u32::MAX).min(end);
        };
        let Some(start) = marks.get(character / STEP) else { return end };
        let rest = self.text.get(*start as usize..).unwrap_or_default();
        let walked = rest.char_indices().nth(character % STEP).map(|(at, _)| u32::try_from(at).unwrap_or(u32::MAX));
        walked.map_or(end, |walked| start.saturating_add(walked))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_of_a_mixed_text_is_found() {
        let text: String =
            (0..500).map(|i| ['a', 'ä', '€', '𝄞', '\n'].into_iter().cycle().nth(i).unwrap_or('x')).collect();
        let offsets = Offsets::new(&text);
        for (n, (at, _)) in text.char_indices().enumerate() {
            assert_eq!(offsets.byte(n) as usize, at);
        }
        assert_eq!(offsets.byte(500) as usize, text.len());
        assert_eq!(offsets.byte(5_000_000) as usize, text.len());
    }

    #[test]
    fn ascii_is_its_own_offset() {
        let offsets = Offsets::new("abc");
        assert_eq!((offsets.byte(0), offsets.byte(2), offsets.byte(3), offsets.byte(9)), (0, 2, 3, 3));
    }
}
