//! Cron expressions with five fields, parsed into sets so that each target can print its own dialect.

use std::fmt;

/// One field: which of its values match, in the order of a bit set, and whether it was a bare `*`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CronField {
    /// Bit `n` is set when value `n` matches.
    pub values: u64,
    /// Written as `*`: no restriction.
    pub any: bool,
}

impl CronField {
    /// The matching values, ascending.
    pub fn iter(self) -> impl Iterator<Item = u32> {
        (0..64).filter(move |n| self.values >> n & 1 == 1)
    }
}

/// Minute, hour, day of month, month, day of week (0 is Sunday).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Cron {
    /// 0–59.
    pub minute: CronField,
    /// 0–23.
    pub hour: CronField,
    /// 1–31.
    pub day: CronField,
    /// 1–12.
    pub month: CronField,
    /// 0–6, Sunday is 0.
    pub weekday: CronField,
}

/// Which field is wrong, and how; the text of the field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CronError {
    /// Not five fields.
    Fields(usize),
    /// A field that is no list of values, ranges and steps within its bounds.
    Field {
        /// The name of the field.
        name: &'static str,
        /// What was written.
        text: String,
        /// Lowest value.
        low: u32,
        /// Highest value.
        high: u32,
    },
}

impl fmt::Display for CronError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fields(n) => write!(f, "it has {n} fields, not five (minute hour day month weekday)"),
            Self::Field { name, text, low, high } => {
                write!(f, "`{text}` is no {name} ({low} to {high}, lists, ranges and steps)")
            }
        }
    }
}

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

impl Cron {
    /// Reads five fields separated by blanks.
    pub fn parse(text: &str) -> Result<Self, CronError> {
        let fields: Vec<&str> = text.split_ascii_whitespace().collect();
        let [minute, hour, day, month, weekday] = fields.as_slice() else {
            return Err(CronError::Fields(fields.len()));
        };
        let mut weekday = field("weekday", weekday, 0, 7, 0, &DAYS)?;
        // 7 is Sunday too.
        if weekday.values >> 7 & 1 == 1 {
            weekday.values = weekday.values & 0x7f | 1;
        }
        Ok(Self {
            minute: field("minute", minute, 0, 59, 0, &[])?,
            hour: field("hour", hour, 0, 23, 0, &[])?,
            day: field("day", day, 1, 31, 0, &[])?,
            month: field("month", month, 1, 12, 1, &MONTHS)?,
            weekday,
        })
    }

    /// Whether it never comes: none of its months has one of its days. With days of the week too, either is enough.
    pub fn is_never(self) -> bool {
        let longest = |month: u32| match month {
            2 => 29,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        let first = self.day.iter().next().unwrap_or_default();
        self.weekday.any && self.month.iter().all(|month| first > longest(month))
    }
}

fn field(
    name: &'static str,
    text: &str,
    low: u32,
    high: u32,
    base: u32,
    words: &[&str],
) -> Result<CronField, CronError> {
    let wrong = || CronError::Field { name, text: text.to_owned(), low, high };
    let value = |s: &str| -> Option<u32> {
        let lower = s.to_ascii_lowercase();
        let by_word = words.iter().position(|w| *w == lower).and_then(|i| u32::try_from(i).ok()).map(|i| i + base);
        by_word.or_else(|| number(s)).filter(|n| (low..=high).contains(n))
    };
    let mut values = 0u64;
    for part in text.split(',') {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, number(step).filter(|s| *s > 0 && *s <= high).ok_or_else(wrong)?),
            None => (part, 1),
        };
        let (from, to) = match range.split_once('-') {
            _ if range == "*" => (low, high.min(if words.len() == 7 { 6 } else { high })),
            Some((a, b)) => (value(a).ok_or_else(wrong)?, value(b).ok_or_else(wrong)?),
            None if part.contains('/') => (value(range).ok_or_else(wrong)?, high),
            None => value(range).map(|v| (v, v)).ok_or_else(wrong)?,
        };
        if from > to {
            return Err(wrong());
        }
        let mut n = from;
        while n <= to {
            values |= 1 << n;
            n += step;
        }
    }
    Ok(CronField { values, any: text == "*" })
}

/// Digits alone; the standard library would take a sign too.
fn number(text: &str) -> Option<u32> {
    if text.bytes().all(|b| b.is_ascii_digit()) { text.parse().ok() } else { None }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn values(field: CronField) -> Vec<u32> {
        field.iter().collect()
    }

    #[test]
    fn five_fields_become_sets() {
        let cron = Cron::parse(" 0,30  2-4 1 jan-mar/2 mon,FRI ").unwrap();
        assert_eq!(values(cron.minute), [0, 30]);
        assert_eq!(values(cron.hour), [2, 3, 4]);
        assert_eq!(values(cron.day), [1]);
        assert_eq!(values(cron.month), [1, 3]);
        assert_eq!(values(cron.weekday), [1, 5]);
        assert!(!cron.minute.any && !cron.weekday.any);
    }

    #[test]
    fn stars_and_steps() {
        let cron = Cron::parse("*/20 5/10 * * *").unwrap();
        assert_eq!(values(cron.minute), [0, 20, 40]);
        assert_eq!(values(cron.hour), [5, 15]);
        assert_eq!((values(cron.day).len(), values(cron.month).len(), values(cron.weekday).len()), (31, 12, 7));
        assert!(cron.day.any && cron.month.any && cron.weekday.any);
        assert!(!cron.minute.any, "a step restricts");
    }

    #[test]
    fn seven_is_sunday() {
        for text in ["0 0 * * 7", "0 0 * * 0", "0 0 * * sun"] {
            assert_eq!(values(Cron::parse(text).unwrap().weekday), [0], "{text}");
        }
        assert_eq!(values(Cron::parse("0 0 * * 5-7").unwrap().weekday), [0, 5, 6]);
        assert_eq!(values(Cron::parse("0 0 * * 0-7").unwrap().weekday), [0, 1, 2, 3, 4, 5, 6]);
    }

    #[test]
    fn a_day_that_no_month_has_never_comes() {
        for text in ["0 0 30 2 *", "0 0 31 2,4,6,9,11 *", "0 0 30,31 feb *"] {
            assert!(Cron::parse(text).unwrap().is_never(), "{text}");
        }
        for text in ["0 0 29 2 *", "0 0 31 * *", "0 0 31 4,5 *", "0 0 30 2 1", "* * * * *", "0 0 28-31 2 *"] {
            assert!(!Cron::parse(text).unwrap().is_never(), "{text}");
        }
    }

    #[test]
    fn wrong_fields_are_named_with_their_bounds() {
        for (text, message) in [
            ("* * * *", "it has 4 fields, not five (minute hour day month weekday)"),
            ("", "it has 0 fields, not five (minute hour day month weekday)"),
            ("0 0 2 * * *", "it has 6 fields, not five (minute hour day month weekday)"),
            ("60 * * * *", "`60` is no minute (0 to 59, lists, ranges and steps)"),
            ("* 24 * * *", "`24` is no hour (0 to 23, lists, ranges and steps)"),
            ("* * 0 * *", "`0` is no day (1 to 31, lists, ranges and steps)"),
            ("* * * 13 *", "`13` is no month (1 to 12, lists, ranges and steps)"),
            ("* * * * 8", "`8` is no weekday (0 to 7, lists, ranges and steps)"),
            ("5-1 * * * *", "`5-1` is no minute (0 to 59, lists, ranges and steps)"),
            ("*/0 * * * *", "`*/0` is no minute (0 to 59, lists, ranges and steps)"),
            ("*/60 * * * *", "`*/60` is no minute (0 to 59, lists, ranges and steps)"),
            ("+5 * * * *", "`+5` is no minute (0 to 59, lists, ranges and steps)"),
            ("1, * * * *", "`1,` is no minute (0 to 59, lists, ranges and steps)"),
            ("jan * * * *", "`jan` is no minute (0 to 59, lists, ranges and steps)"),
            ("* * L * *", "`L` is no day (1 to 31, lists, ranges and steps)"),
            ("@daily * * * *", "`@daily` is no minute (0 to 59, lists, ranges and steps)"),
        ] {
            assert_eq!(Cron::parse(text).unwrap_err().to_string(), message, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in any::<String>()) {
            let _ = Cron::parse(&text);
        }

        #[test]
        fn what_looks_like_cron_stays_in_bounds(text in "([0-9*,/-]{1,6} ){4}[0-9a-z*,/-]{1,6}") {
            if let Ok(cron) = Cron::parse(&text) {
                for (field, low, high) in
                    [(cron.minute, 0, 59), (cron.hour, 0, 23), (cron.day, 1, 31), (cron.month, 1, 12), (cron.weekday, 0, 6)]
                {
                    prop_assert!(field.values != 0, "{}", text);
                    prop_assert!(field.iter().all(|v| (low..=high).contains(&v)), "{}", text);
                }
            }
        }

        #[test]
        fn a_list_of_minutes_is_its_set(minutes in proptest::collection::btree_set(0u32..60, 1..20)) {
            let list: Vec<String> = minutes.iter().map(u32::to_string).collect();
            let cron = Cron::parse(&format!("{} * * * *", list.join(","))).unwrap();
            prop_assert_eq!(values(cron.minute), minutes.into_iter().collect::<Vec<_>>());
        }
    }
}
