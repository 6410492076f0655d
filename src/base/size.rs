//! Amounts of memory and data as written (`512MiB`, `100KiB`), exact to the byte.

use std::fmt;

/// A number of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ByteSize(u64);

const UNITS: [(&str, u64); 4] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1)];

impl ByteSize {
    /// From bytes.
    pub const fn from_bytes(bytes: u64) -> Self {
        Self(bytes)
    }

    /// In bytes.
    pub const fn as_bytes(self) -> u64 {
        self.0
    }

    /// In mebibytes, rounded up.
    pub const fn as_mebibytes_ceil(self) -> u64 {
        self.0.div_ceil(1 << 20)
    }

    /// Reads one number and one unit: `B KiB MiB GiB`. `None` when the text is anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = text.split_at_checked(digits)?;
        let (_, scale) = UNITS.iter().find(|(name, _)| *name == unit)?;
        number.parse::<u64>().ok()?.checked_mul(*scale).map(Self)
    }
}

impl fmt::Display for ByteSize {
    /// The largest unit that is exact; `ByteSize::parse` reads it back.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit, scale) =
            UNITS.into_iter().find(|(_, scale)| self.0 != 0 && self.0.is_multiple_of(*scale)).unwrap_or(("B", 1));
        write!(f, "{}{unit}", self.0 / scale)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_number_and_one_unit() {
        for (text, bytes) in [("0B", 0), ("100B", 100), ("100KiB", 102_400), ("512MiB", 536_870_912), ("1GiB", 1 << 30)]
        {
            assert_eq!(ByteSize::parse(text).map(ByteSize::as_bytes), Some(bytes), "{text}");
        }
        for text in ["", "5", "KiB", "5KB", "5kib", "5 MiB", "-5B", "1.5GiB", "99999999999GiB", "99999999999999999999B"]
        {
            assert_eq!(ByteSize::parse(text), None, "{text}");
        }
    }

    #[test]
    fn printed_in_the_largest_exact_unit() {
        for (bytes, text) in [(0, "0B"), (1_000, "1000B"), (1 << 20, "1MiB"), (3 << 29, "1536MiB"), (1 << 32, "4GiB")] {
            assert_eq!(ByteSize::from_bytes(bytes).to_string(), text);
        }
    }

    #[test]
    fn mebibytes_round_up() {
        assert_eq!(ByteSize::from_bytes(1).as_mebibytes_ceil(), 1);
        assert_eq!(ByteSize::from_bytes(128 << 20).as_mebibytes_ceil(), 128);
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_back(bytes in any::<u64>(), shift in 0u32..40) {
            for bytes in [bytes, bytes >> shift << shift] {
                let size = ByteSize::from_bytes(bytes);
                prop_assert_eq!(ByteSize::parse(&size.to_string()), Some(size));
            }
        }

        #[test]
        fn any_text_is_read_or_refused(text in any::<String>()) {
            let _ = ByteSize::parse(&text);
        }
    }
}
