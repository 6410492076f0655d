//! The largest JSON that fits a schema, in bytes without spaces: four bytes a character, as many members and elements as
//! there can be. Most schemas set no bound, because they leave some text, some list or some object open.

use std::collections::BTreeSet;

use serde_json::Value;

use super::given::Given;
use super::types::Types;
use crate::base::ByteSize;

/// Deepest nesting of data; a schema that refers to itself sets no bound.
const DEPTH: usize = 24;
/// Steps after which a schema counts as one without bounds.
const STEPS: usize = 20_000;
/// The longest number: seventeen digits, a sign, a point and an exponent.
const NUMBER: u64 = 24;

/// The upper bound of the size of data that fits a schema; `None` where it sets none.
pub fn largest(schema: &Value) -> Option<ByteSize> {
    let mut sizer = Sizer { root: schema, steps: 0 };
    sizer.of(&Given::of(schema, &[schema]), 0).map(ByteSize::from_bytes)
}

struct Sizer<'s> {
    root: &'s Value,
    steps: usize,
}

impl<'s> Sizer<'s> {
    fn of(&mut self, given: &Given<'s>, depth: usize) -> Option<u64> {
        self.steps += 1;
        if depth > DEPTH || self.steps > STEPS {
            return None;
        }
        if let Some(values) = given.values() {
            let sizes = values.into_iter().map(|value| u64::try_from(value.to_string().len()).ok());
            return sizes.collect::<Option<Vec<_>>>()?.into_iter().max().or(Some(0));
        }
        if let Some(cases) = given.branches() {
            let mut most = 0;
            for case in cases {
                most = most.max(self.of(&case, depth)?);
            }
            return Some(most);
        }
        let mut most = 0;
        for kind in given.types().kinds() {
            most = most.max(match kind {
                Types::NULL => 4,
                Types::BOOLEAN => 5,
                Types::STRING => text(given)?,
                Types::ARRAY => self.array(given, depth)?,
                Types::OBJECT => self.object(given, depth)?,
                _ => NUMBER,
            });
        }
        Some(most)
    }

    /// Brackets, elements and the commas between them.
    fn array(&mut self, given: &Given<'s>, depth: usize) -> Option<u64> {
        let most = given.most_elements()?;
        let prefix = u64::try_from(given.prefix()).ok()?.min(most);
        let mut sum = 2u64.saturating_add(most);
        for index in 0..usize::try_from(prefix).ok()? {
            sum = sum.saturating_add(self.inner(&given.element(index), depth)?);
        }
        if most > prefix {
            let one = self.inner(&given.element(given.prefix()), depth)?;
            sum = sum.saturating_add(one.saturating_mul(most - prefix));
        }
        Some(sum)
    }

    /// Braces, names with their quotes and colons, members and the commas between them.
    fn object(&mut self, given: &Given<'s>, depth: usize) -> Option<u64> {
        if !given.others().contains(&&Value::Bool(false)) {
            return None;
        }
        let names: BTreeSet<&str> = given.names();
        let mut sum = 2u64;
        for name in names {
            let key = u64::try_from(Value::from(name).to_string().len()).ok()?;
            let member = given.member(name);
            if member.contains(&&Value::Bool(false)) {
                continue;
            }
            sum = sum.saturating_add(key).saturating_add(2).saturating_add(self.inner(&member, depth)?);
        }
        Some(sum)
    }

    fn inner(&mut self, raw: &[&'s Value], depth: usize) -> Option<u64> {
        self.of(&Given::of(self.root, raw), depth + 1)
    }
}

/// Quotes and characters; some formats have a length of their own.
fn text(given: &Given<'_>) -> Option<u64> {
    let formats = given.schemas().iter().filter_map(|schema| schema.get("format")?.as_str());
    let by_format = formats.filter_map(|format| match format {
        "uuid" => Some(36),
        "date" => Some(10),
        // To the nanosecond, with an offset.
        "date-time" => Some(35),
        "ipv4" => Some(15),
        "ipv6" => Some(45),
        _ => None,
    });
    let by_length = given.most("maxLength").map(|most| most.saturating_mul(4));
    by_format.chain(by_length).min().map(|bytes| bytes.saturating_add(2))
}
