//! Data that fits the producer's schema and not the consumer's: without it nothing is called incompatible. Candidates
//! are made of what the producer's schema names, at its bounds and at the numbers that the consumer's schema holds, and
//! each is judged by both.

use serde_json::{Map, Number, Value};

use super::given::Given;
use super::judge::{Breach, Judge};
use super::prove::Doubt;
use super::text;
use super::types::{Exact, Types};

/// Deepest data that is made.
const DEPTH: usize = 10;
/// Values that are made for one pair of schemas.
const VALUES: usize = 1_500;
/// Most candidates at one place.
const AT_ONE_PLACE: usize = 32;
/// Most elements and characters that are made.
const ELEMENTS: usize = 64;
const CHARACTERS: usize = 2_048;

/// A witness, and where and why it does not fit.
pub(super) struct Witness {
    pub(super) doubt: Doubt,
    pub(super) value: Value,
}

/// Looks for a witness of one of the doubts.
pub(super) fn find(producer: &Value, consumer: &Value, doubts: &[Doubt]) -> Option<Witness> {
    let (sender, taker) = (Judge::new(producer), Judge::new(consumer));
    let mut numbers = Vec::new();
    collect(consumer, 0, &mut numbers);
    let given = Given::of(producer, &[producer]);
    let mut maker = Maker { sender: &sender, root: producer, numbers, left: VALUES };
    for doubt in doubts {
        for value in maker.values(&given, &doubt.path, 0) {
            let Some(Breach { path, key }) = taker.breach(&value) else { continue };
            if sender.fits(producer, &value) != Some(true) {
                continue;
            }
            let same = doubts.iter().find(|doubt| doubt.path == path && doubt.key == key);
            let why = same.map_or_else(|| format!("it may break the consumer's `{key}`"), |doubt| doubt.why.clone());
            return Some(Witness { doubt: Doubt { path, key, why }, value });
        }
    }
    None
}

/// The numbers in a schema: bounds, mostly.
fn collect(schema: &Value, depth: usize, out: &mut Vec<i64>) {
    if out.len() >= 24 || depth > 24 {
        return;
    }
    match schema {
        Value::Number(number) => {
            if let Exact::Whole(whole) = Exact::of(number).rounded(true)
                && let Ok(whole) = i64::try_from(whole)
                && !out.contains(&whole)
            {
                out.push(whole);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, depth + 1, out)),
        Value::Object(map) => map.values().for_each(|value| collect(value, depth + 1, out)),
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}

struct Maker<'s, 'j> {
    sender: &'j Judge<'s>,
    root: &'s Value,
    /// Of the consumer's schema.
    numbers: Vec<i64>,
    left: usize,
}

impl<'s> Maker<'s, '_> {
    /// Candidates for one place, the plainest first; `focus` is where they should differ.
    fn values(&mut self, given: &Given<'s>, focus: &[String], depth: usize) -> Vec<Value> {
        if depth > DEPTH || self.left == 0 || given.is_impossible() {
            return Vec::new();
        }
        self.left -= 1;
        let mut values = Vec::new();
        if let Some(listed) = given.values() {
            values.extend(listed.into_iter().cloned());
        } else if let Some(cases) = given.branches() {
            for case in cases {
                values.extend(self.values(&case, focus, depth + 1));
            }
        } else {
            for kind in given.types().kinds() {
                self.of_kind(given, kind, focus, depth, &mut values);
            }
        }
        let refuses =
            |value: &Value| given.schemas().iter().any(|schema| self.sender.fits_all(schema, value) == Some(false));
        values.retain(|value| !refuses(value));
        values.truncate(AT_ONE_PLACE);
        values
    }

    fn of_kind(&mut self, given: &Given<'s>, kind: Types, focus: &[String], depth: usize, out: &mut Vec<Value>) {
        match kind {
            Types::NULL => out.push(Value::Null),
            Types::BOOLEAN => out.extend([Value::Bool(true), Value::Bool(false)]),
            Types::STRING => out.extend(self.texts(given)),
            Types::ARRAY => out.extend(self.arrays(given, focus, depth)),
            Types::OBJECT => out.extend(self.objects(given, focus, depth)),
            _ => out.extend(self.numbers(given, kind)),
        }
    }

    fn first(&mut self, raw: &[&'s Value], depth: usize) -> Option<Value> {
        let given = Given::of(self.root, raw);
        self.values(&given, &[], depth + 1).into_iter().next()
    }

    fn numbers(&self, given: &Given<'s>, kind: Types) -> Vec<Value> {
        let (low, high) = given.range();
        let ends = [(low, 1.0), (high, -1.0)].into_iter().filter_map(|(end, way)| end.map(|end| (end.value, way)));
        let mut numbers: Vec<Number> = Vec::new();
        for (end, way) in ends {
            numbers.extend(end.to_number());
            let step = end.to_f64() + way;
            numbers.extend(if step.fract() == 0.0 { whole(step) } else { Number::from_f64(step) });
            if kind.has(Types::FRACTION) {
                numbers.extend(Number::from_f64(end.to_f64() + way / 2.0));
            }
        }
        numbers.extend([0, 1, -1].map(Number::from));
        for number in &self.numbers {
            numbers.extend([0, 1, -1].map(|by| Number::from(number.saturating_add(by))));
        }
        let steps = given.schemas().iter().filter_map(|schema| schema.get("multipleOf")?.as_i64());
        numbers.extend(steps.flat_map(|step| [step, -step, step.saturating_mul(1_000)]).map(Number::from));
        if kind.has(Types::FRACTION) {
            numbers.extend([0.5, -0.5, 1e9 + 0.5].into_iter().filter_map(Number::from_f64));
        }
        numbers.into_iter().map(Value::Number).collect()
    }

    /// Lengths between two bounds, at them and at the numbers of the consumer.
    fn lengths(&self, least: u64, most: Option<u64>, cap: usize) -> Vec<usize> {
        let near = self.numbers.iter().flat_map(|n| [n.saturating_sub(1), *n, n.saturating_add(1)]);
        let near = near.filter_map(|n| u64::try_from(n).ok());
        let mut lengths: Vec<usize> = [least, 1, 2, least.saturating_add(1)]
            .into_iter()
            .chain(most)
            .chain(near)
            .filter(|n| *n >= least && most.is_none_or(|most| *n <= most))
            .filter_map(|n| usize::try_from(n).ok())
            .filter(|n| *n <= cap)
            .collect();
        let mut seen = Vec::new();
        lengths.retain(|n| {
            !seen.contains(n) && {
                seen.push(*n);
                true
            }
        });
        lengths
    }

    fn texts(&self, given: &Given<'s>) -> Vec<Value> {
        let (least, most) = (given.least("minLength"), given.most("maxLength"));
        let said = |key: &'static str| given.schemas().iter().find_map(|schema| schema.get(key)?.as_str());
        let mut texts: Vec<String> = Vec::new();
        let lengths = self.lengths(least, most, CHARACTERS);
        if let Some(pattern) = said("pattern") {
            texts.extend(text::matching(pattern, &lengths));
        }
        texts.extend(said("format").and_then(text::of_format).map(str::to_owned));
        texts.extend(lengths.into_iter().map(|length| "a".repeat(length)));
        texts.into_iter().map(Value::String).collect()
    }

    fn arrays(&mut self, given: &Given<'s>, focus: &[String], depth: usize) -> Vec<Value> {
        let (least, most) = (given.least("minItems"), given.most_elements());
        let mut out = Vec::new();
        if let Some((step, rest)) = focus.split_first() {
            let Ok(index) = step.parse::<usize>() else { return out };
            let length = index.saturating_add(1).max(usize::try_from(least).unwrap_or(usize::MAX));
            let is_long = length > ELEMENTS || most.is_some_and(|most| u64::try_from(length).is_ok_and(|n| n > most));
            let elements = if is_long { None } else { self.elements(given, length, depth) };
            if let Some(elements) = elements {
                let at = Given::of(self.root, &given.element(index));
                for value in self.values(&at, rest, depth + 1) {
                    let mut elements = elements.clone();
                    elements.iter_mut().skip(index).take(1).for_each(|slot| *slot = value.clone());
                    out.push(Value::Array(elements));
                }
            }
        }
        for length in self.lengths(least, most, ELEMENTS).into_iter().take(if focus.is_empty() { 12 } else { 1 }) {
            out.extend(self.elements(given, length, depth).map(Value::Array));
        }
        out
    }

    fn elements(&mut self, given: &Given<'s>, length: usize, depth: usize) -> Option<Vec<Value>> {
        let is_unique = given.says("uniqueItems", &Value::Bool(true));
        let mut out: Vec<Value> = Vec::new();
        for index in 0..length {
            let same = index > given.prefix() && !is_unique;
            let value = if let Some(last) = out.last().filter(|_| same) {
                last.clone()
            } else {
                let at = Given::of(self.root, &given.element(index));
                let values = self.values(&at, &[], depth + 1);
                values.into_iter().find(|value| !is_unique || !out.contains(value))?
            };
            out.push(value);
        }
        Some(out)
    }

    fn objects(&mut self, given: &Given<'s>, focus: &[String], depth: usize) -> Vec<Value> {
        let mut least = Map::new();
        for name in given.required() {
            let Some(value) = self.first(&given.member(name), depth) else { return Vec::new() };
            least.insert(name.to_owned(), value);
        }
        let names = given.names();
        let mut out = vec![Value::Object(least.clone())];
        if let Some((step, rest)) = focus.split_first() {
            if names.contains(step.as_str()) || least.contains_key(step) {
                let at = given.of_member(step);
                for value in self.values(&at, rest, depth + 1) {
                    let mut members = least.clone();
                    members.insert(step.clone(), value);
                    out.push(Value::Object(members));
                }
            }
        } else if depth < 4 {
            let mut members = least;
            for name in names {
                if !members.contains_key(name)
                    && let Some(value) = self.first(&given.member(name), depth)
                {
                    members.insert(name.to_owned(), value);
                    out.push(Value::Object(members.clone()));
                }
            }
        }
        out
    }
}

fn whole(number: f64) -> Option<Number> {
    Exact::Float(number).rounded(true).to_number()
}
