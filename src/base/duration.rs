//! Lengths of time as written (`90s 15m 24h 30d`), exact to the millisecond.

use std::fmt;

/// A length of time in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Duration(u64);

const UNITS: [(&str, u64); 5] = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

impl Duration {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// The longest that can be written: 100 years.
    pub const MAX: Self = Self(100 * 365 * 86_400_000);

    /// From milliseconds.
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// From seconds.
    pub const fn from_secs(secs: u64) -> Self {
        Self(secs.saturating_mul(1_000))
    }

    /// In milliseconds.
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    /// In seconds, rounded up: a limit that is given in seconds may not become shorter.
    pub const fn as_secs_ceil(self) -> u64 {
        self.0.div_ceil(1_000)
    }

    /// In days, rounded up.
    pub const fn as_days_ceil(self) -> u64 {
        self.0.div_ceil(86_400_000)
    }

    /// The nearest multiples of `step` that are not longer, and not shorter.
    pub fn between(self, step: Self) -> (Self, Self) {
        let below = self.0.checked_div(step.0).map_or(self.0, |times| times * step.0);
        (Self(below), Self(if below == self.0 { below } else { below.saturating_add(step.0) }))
    }

    /// Sum, at most [`u64::MAX`] milliseconds.
    #[must_use]
    pub const fn saturating_add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// Multiple, at most [`u64::MAX`] milliseconds.
    #[must_use]
    pub const fn saturating_mul(self, factor: u64) -> Self {
        Self(self.0.saturating_mul(factor))
    }

    /// Both in the largest unit that is exact for both, so that they are compared at a glance.
    pub fn alike(self, other: Self) -> (String, String) {
        let is_exact = |scale: u64| self.0.is_multiple_of(scale) && other.0.is_multiple_of(scale);
        let (unit, scale) = UNITS.into_iter().find(|(_, scale)| is_exact(*scale)).unwrap_or(("ms", 1));
        (format!("{}{unit}", self.0 / scale), format!("{}{unit}", other.0 / scale))
    }

    /// Reads one number and one unit: `ms s m h d`. `None` when the text is anything else or over [`Self::MAX`].
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = text.split_at_checked(digits)?;
        let (_, scale) = UNITS.iter().find(|(name, _)| *name == unit)?;
        let millis = number.parse::<u64>().ok()?.checked_mul(*scale)?;
        (millis <= Self::MAX.0).then_some(Self(millis))
    }
}

impl fmt::Display for Duration {
    /// The largest unit that is exact; `Duration::parse` reads it back.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 {
            return f.write_str("0s");
        }
        for (unit, scale) in UNITS {
            if self.0.is_multiple_of(scale) {
                return write!(f, "{}{unit}", self.0 / scale);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_number_and_one_unit() {
        for (text, millis) in
            [("500ms", 500), ("90s", 90_000), ("15m", 900_000), ("24h", 86_400_000), ("30d", 2_592_000_000), ("0s", 0)]
        {
            assert_eq!(Duration::parse(text).map(Duration::as_millis), Some(millis), "{text}");
        }
        for text in
            ["", "5", "s", "1.5h", "-1s", "+1s", "1 s", "1S", "1h30m", "٣s", "1w", "99999999999999999999s", "36501d"]
        {
            assert_eq!(Duration::parse(text), None, "{text}");
        }
        assert_eq!(Duration::parse("36500d"), Some(Duration::MAX));
    }

    #[test]
    fn printed_in_the_largest_exact_unit() {
        for (millis, text) in
            [(0, "0s"), (1, "1ms"), (90_000, "90s"), (3_600_000, "1h"), (172_800_000, "2d"), (90_500, "90500ms")]
        {
            assert_eq!(Duration::from_millis(millis).to_string(), text);
        }
    }

    #[test]
    fn two_in_one_unit() {
        for (one, other, texts) in
            [("18d", "337h", ("432h", "337h")), ("4d", "48h", ("4d", "2d")), ("0s", "90s", ("0s", "90s"))]
        {
            let (one, other) = (Duration::parse(one).unwrap(), Duration::parse(other).unwrap());
            assert_eq!(one.alike(other), (texts.0.to_owned(), texts.1.to_owned()));
        }
    }

    #[test]
    fn coarser_units_round_up() {
        let just_over = Duration::from_millis(86_400_001);
        assert_eq!((just_over.as_secs_ceil(), just_over.as_days_ceil()), (86_401, 2));
        assert_eq!(Duration::from_secs(60).as_secs_ceil(), 60);
    }

    #[test]
    fn steps_around_a_length() {
        let of = |millis, step| {
            let (below, above) = Duration::from_millis(millis).between(Duration::from_millis(step));
            (below.as_millis(), above.as_millis())
        };
        assert_eq!(
            [of(1_500, 1_000), of(2_000, 1_000), of(1, 1_000), of(5, 0)],
            [(1_000, 2_000), (2_000, 2_000), (0, 1_000), (5, 5)]
        );
    }

    #[test]
    fn sums_stop_at_the_end() {
        let end = Duration::from_millis(u64::MAX);
        assert_eq!(end.saturating_add(Duration::from_secs(1)), end);
        assert_eq!(Duration::from_secs(u64::MAX), end);
        assert_eq!(Duration::from_secs(2).saturating_mul(3), Duration::from_secs(6));
        assert_eq!(end.saturating_mul(2), end);
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_back(millis in 0..=Duration::MAX.as_millis()) {
            let duration = Duration::from_millis(millis);
            prop_assert_eq!(Duration::parse(&duration.to_string()), Some(duration));
        }

        #[test]
        fn round_durations_are_read_back(number in 0u64..36_500, scale in 0usize..5) {
            let duration = Duration::from_millis(number * UNITS[scale].1);
            prop_assert_eq!(Duration::parse(&duration.to_string()), Some(duration));
        }

        #[test]
        fn any_text_is_read_or_refused(text in any::<String>(), number in any::<u128>(), unit in "(ms|s|m|h|d|w|)") {
            let _ = Duration::parse(&text);
            let read = Duration::parse(&format!("{number}{unit}"));
            prop_assert!(read.is_none_or(|d| d <= Duration::MAX));
        }
    }
}
