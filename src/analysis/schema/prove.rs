//! Tries to prove that everything that fits one schema fits another: keyword by keyword of the consumer, against what
//! is known of the producer's data there. Where it cannot, it says where and why, which is a doubt and no verdict.
//!
//! Schemas may refer to themselves. A pair that is met again further down in the data is taken as proven, which is an
//! induction over the size of values: every step down the data makes them smaller.

use serde_json::{Map, Value};

use super::disjoint::are_disjoint;
use super::given::{End, Given, inside};
use super::judge::{Judge, is_annotation};
use super::types::{Exact, Types, count, equal};
use crate::diag::shorten_to;
use crate::model::referred;

/// Steps after which two schemas are too large to compare.
const STEPS: usize = 20_000;
/// Deepest nesting of schemas, references included.
const DEPTH: usize = 80;
/// Most doubts that are looked at.
const DOUBTS: usize = 24;

/// A place of the consumer's schema that something of the producer may break.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Doubt {
    /// Steps into the data.
    pub(super) path: Vec<String>,
    /// The keyword of the consumer.
    pub(super) key: String,
    /// What may be there, as a clause.
    pub(super) why: String,
}

/// Schemas of the producer that hold at a place, and one of the consumer, by their addresses.
type Goal = (Vec<*const Value>, *const Value);

/// One attempt.
pub(super) struct Proof<'s> {
    producer: &'s Value,
    consumer: &'s Value,
    sender: Judge<'s>,
    taker: Judge<'s>,
    open: Vec<Goal>,
    path: Vec<String>,
    keys: Vec<&'s str>,
    depth: usize,
    steps: usize,
    /// Inside of a choice a failure is no doubt yet.
    quiet: usize,
    doubts: Vec<Doubt>,
}

impl<'s> Proof<'s> {
    pub(super) fn new(producer: &'s Value, consumer: &'s Value) -> Self {
        Self {
            producer,
            consumer,
            sender: Judge::new(producer),
            taker: Judge::new(consumer),
            open: Vec::new(),
            path: Vec::new(),
            keys: Vec::new(),
            depth: 0,
            steps: 0,
            quiet: 0,
            doubts: Vec::new(),
        }
    }

    /// Whether it succeeds, and the doubts where it does not.
    pub(super) fn run(mut self) -> Result<(), Vec<Doubt>> {
        let given = Given::of(self.producer, &[self.producer]);
        if self.fits(&given, self.consumer) { Ok(()) } else { Err(self.doubts) }
    }

    fn doubt(&mut self, why: impl Into<String>) -> bool {
        if self.quiet == 0 && self.doubts.len() < DOUBTS {
            let key = self.keys.last().copied().unwrap_or_default().to_owned();
            self.doubts.push(Doubt { path: self.path.clone(), key, why: why.into() });
        }
        false
    }

    fn quietly<T>(&mut self, attempt: impl FnOnce(&mut Self) -> T) -> T {
        self.quiet += 1;
        let out = attempt(self);
        self.quiet -= 1;
        out
    }

    /// One step down the data.
    fn descend(&mut self, raw: &[&'s Value], wanted: &'s Value, step: String) -> bool {
        let goal: Goal = (raw.iter().map(|schema| std::ptr::from_ref(*schema)).collect(), wanted);
        if self.open.contains(&goal) {
            return true;
        }
        self.open.push(goal);
        self.path.push(step);
        let fits = self.fits(&Given::of(self.producer, raw), wanted);
        self.path.pop();
        self.open.pop();
        fits
    }

    fn fits(&mut self, given: &Given<'s>, wanted: &'s Value) -> bool {
        self.steps += 1;
        if self.steps > STEPS || self.depth >= DEPTH {
            return self.doubt("the schemas are too large to compare");
        }
        if given.is_impossible() {
            return true;
        }
        let keywords = match wanted {
            Value::Bool(true) => return true,
            Value::Bool(false) => return self.doubt("nothing may be there"),
            Value::Object(keywords) => keywords,
            Value::Null | Value::Number(_) | Value::String(_) | Value::Array(_) => {
                return self.doubt("the schema is none");
            }
        };
        if given.schemas().iter().any(|known| *known == keywords) && is_whole(wanted) {
            return true;
        }
        self.depth += 1;
        let fits = self.by_cases(given, keywords);
        self.depth -= 1;
        fits
    }

    /// All at once where that is enough, else each case of the producer on its own.
    fn by_cases(&mut self, given: &Given<'s>, wanted: &'s Map<String, Value>) -> bool {
        let Some(cases) = cases(given, wanted) else { return self.keywords(given, wanted) };
        if self.quietly(|proof| proof.keywords(given, wanted)) {
            return true;
        }
        let mut fits = true;
        for case in &cases {
            if case.is_impossible() {
                continue;
            }
            self.steps += 1;
            if self.steps > STEPS {
                return self.doubt("the schemas are too large to compare");
            }
            fits &= self.by_cases(case, wanted);
            if !fits && self.quiet > 0 {
                return false;
            }
        }
        fits
    }

    fn keywords(&mut self, given: &Given<'s>, wanted: &'s Map<String, Value>) -> bool {
        if let Some(values) = given.values() {
            let refuses = |value: &&Value| {
                given.schemas().iter().any(|schema| self.sender.fits_all(schema, value) == Some(false))
            };
            let mut possible = values.iter().filter(|value| !refuses(value));
            if possible.all(|value| self.taker.fits_all(wanted, value) == Some(true)) {
                return true;
            }
        }
        let mut fits = true;
        for (key, value) in wanted {
            self.keys.push(key);
            fits &= self.keyword(given, wanted, key, value);
            self.keys.pop();
            if !fits && self.quiet > 0 {
                return false;
            }
        }
        fits
    }

    fn keyword(
        &mut self,
        given: &Given<'s>,
        keywords: &'s Map<String, Value>,
        key: &'s str,
        wanted: &'s Value,
    ) -> bool {
        let types = given.types();
        match key {
            "$ref" => match referred(self.consumer, wanted) {
                Some(target) => self.fits(given, target),
                None => self.doubt("the consumer refers to what is not understood"),
            },
            "allOf" => list(wanted).iter().fold(true, |fits, schema| self.fits(given, schema) && fits),
            "anyOf" => self.any_of(given, list(wanted)),
            "oneOf" => self.one_of(given, list(wanted)),
            "not" if are_disjoint(given, &self.sender, &self.taker, self.consumer, wanted) => true,
            "not" => self.doubt("the consumer excludes something that may be there"),
            "type" => {
                let other = types.without(Types::named(wanted));
                let taken = Types::named(wanted).words();
                other.is_empty() || self.doubt(format!("it may be {}, and {taken} is taken", other.words()))
            }
            "const" | "enum" => {
                self.one_value(given, if key == "enum" { list(wanted) } else { std::slice::from_ref(wanted) })
            }
            "minimum" | "exclusiveMinimum" | "maximum" | "exclusiveMaximum" | "multipleOf" => {
                !types.has(Types::NUMBER) || self.number(given, key, wanted)
            }
            "minLength" | "maxLength" | "pattern" | "format" => {
                !types.has(Types::STRING) || self.text(given, key, wanted)
            }
            "items" | "prefixItems" | "minItems" | "maxItems" | "uniqueItems" => {
                !types.has(Types::ARRAY) || self.array(given, keywords, key, wanted)
            }
            "properties"
            | "required"
            | "additionalProperties"
            | "minProperties"
            | "maxProperties"
            | "dependentRequired" => !types.has(Types::OBJECT) || self.object(given, keywords, key, wanted),
            _ if is_annotation(key) => true,
            _ => self.doubt(format!("the consumer's `{}` is not understood", crate::diag::shorten(key))),
        }
    }

    fn any_of(&mut self, given: &Given<'s>, branches: &'s [Value]) -> bool {
        if self.quietly(|proof| branches.iter().any(|branch| proof.fits(given, branch))) {
            return true;
        }
        self.no_branch(given, branches)
    }

    /// Exactly one takes it: what one takes, the others must refuse.
    fn one_of(&mut self, given: &Given<'s>, branches: &'s [Value]) -> bool {
        let (consumer, sender) = (self.consumer, &self.sender);
        let refused: Vec<bool> =
            branches.iter().map(|branch| are_disjoint(given, sender, &self.taker, consumer, branch)).collect();
        let mut left = branches.iter().zip(&refused).filter(|(_, refused)| !**refused).map(|(branch, _)| branch);
        match (left.next(), left.next()) {
            (Some(only), None) => self.fits(given, only),
            _ => self.no_branch(given, branches),
        }
    }

    /// Where all branches but one are out of the question, that one tells more.
    fn no_branch(&mut self, given: &Given<'s>, branches: &'s [Value]) -> bool {
        let (consumer, sender) = (self.consumer, &self.sender);
        let possible = |branch: &&Value| !are_disjoint(given, sender, &self.taker, consumer, branch);
        let mut left = branches.iter().filter(possible);
        match (left.next(), left.next()) {
            (Some(only), None) if self.quiet == 0 => {
                let before = self.doubts.len();
                if !self.fits(given, only) && self.doubts.len() == before {
                    return self.doubt("the consumer's only alternative does not take it");
                }
                false
            }
            _ => self.doubt("the consumer's alternatives are not known to take it"),
        }
    }

    fn one_value(&mut self, given: &Given<'s>, taken: &[Value]) -> bool {
        let known = given.values().map(|values| values.into_iter().cloned().collect::<Vec<_>>());
        let known = known.or_else(|| by_type(given.types()));
        let shown = |value: &Value| shorten_to(&value.to_string(), 40);
        match known {
            Some(values) => {
                let refuses = |value: &&Value| {
                    given.schemas().iter().any(|schema| self.sender.fits_all(schema, value) == Some(false))
                };
                let other = values.iter().filter(|value| !refuses(value));
                let other = other.filter(|value| !taken.iter().any(|known| equal(known, value))).map(shown).next();
                other.is_none_or(|other| self.doubt(format!("it may be `{other}`, which is not listed")))
            }
            None => self.doubt(match taken {
                [one] => format!("it may be something else than `{}`", shown(one)),
                _ => format!("it may be something else than one of {} values", taken.len()),
            }),
        }
    }

    fn number(&mut self, given: &Given<'s>, key: &str, wanted: &Value) -> bool {
        let Value::Number(number) = wanted else { return self.doubt(format!("`{key}` is no number")) };
        let (low, high) = given.range();
        let end = End { value: Exact::of(number), open: key.starts_with("exclusive") };
        match key {
            "minimum" | "exclusiveMinimum" => {
                low.is_some_and(|low| inside(low, end, true)) || self.doubt(beyond(key, wanted, low.is_some()))
            }
            "maximum" | "exclusiveMaximum" => {
                high.is_some_and(|high| inside(high, end, false)) || self.doubt(beyond(key, wanted, high.is_some()))
            }
            _ => {
                let step = |other: &Value| match (other, Exact::of(number)) {
                    (Value::Number(other), Exact::Whole(step)) if step > 0 => {
                        matches!(Exact::of(other), Exact::Whole(other) if other % step == 0)
                    }
                    _ => other == wanted,
                };
                let known = given.schemas().iter().filter_map(|schema| schema.get("multipleOf")).any(step);
                let one = end.value == Exact::Whole(1) && !given.types().has(Types::FRACTION);
                known || one || self.doubt(format!("it may be no multiple of {wanted}"))
            }
        }
    }

    fn text(&mut self, given: &Given<'s>, key: &str, wanted: &Value) -> bool {
        if given.says(key, wanted) {
            return true;
        }
        match (key, count(wanted)) {
            ("minLength", Some(least)) => {
                given.least("minLength") >= least || self.doubt(format!("it may be shorter than {least} characters"))
            }
            ("maxLength", Some(most)) => {
                given.most("maxLength").is_some_and(|known| known <= most)
                    || self.doubt(format!("it may be longer than {most} characters"))
            }
            ("format", _) => self.doubt(format!("it may be a text that is no {}", wanted.as_str().unwrap_or_default())),
            ("pattern", _) => self.doubt("it may be a text that does not match the consumer's pattern"),
            _ => self.doubt(format!("`{key}` is no number")),
        }
    }

    fn array(&mut self, given: &Given<'s>, keywords: &'s Map<String, Value>, key: &str, wanted: &'s Value) -> bool {
        let most = given.most_elements();
        let may_have = |index: usize| most.is_none_or(|most| u64::try_from(index).is_ok_and(|index| index < most));
        match (key, count(wanted)) {
            ("minItems", Some(least)) => {
                given.least("minItems") >= least || self.doubt(format!("it may have fewer than {least} elements"))
            }
            ("maxItems", Some(known)) => {
                most.is_some_and(|most| most <= known) || self.doubt(format!("it may have more than {known} elements"))
            }
            ("uniqueItems", _) => {
                let is_free = wanted != &Value::Bool(true) || most.is_some_and(|most| most < 2);
                is_free || given.says("uniqueItems", wanted) || self.doubt("it may have the same element twice")
            }
            ("prefixItems", _) => {
                let mut fits = true;
                for (index, schema) in list(wanted).iter().enumerate().filter(|(index, _)| may_have(*index)) {
                    fits &= self.descend(&given.element(index), schema, index.to_string());
                }
                fits
            }
            ("items", _) => {
                let start = keywords.get("prefixItems").map_or(0, |prefix| list(prefix).len());
                let mut fits = true;
                // Those with schemas of their own, and one for all the rest.
                for index in (start..=given.prefix().max(start)).filter(|index| may_have(*index)) {
                    fits &= self.descend(&given.element(index), wanted, index.to_string());
                }
                fits
            }
            _ => self.doubt(format!("`{key}` is no number")),
        }
    }

    fn object(&mut self, given: &Given<'s>, keywords: &'s Map<String, Value>, key: &str, wanted: &'s Value) -> bool {
        match (key, count(wanted)) {
            ("required", _) => {
                let mut fits = true;
                for name in list(wanted).iter().filter_map(Value::as_str).filter(|name| !given.requires(name)) {
                    self.path.push(name.to_owned());
                    let is_known = given.names().contains(name);
                    fits = self.doubt(if is_known { "it may be missing" } else { "the producer does not name it" });
                    self.path.pop();
                }
                fits
            }
            ("properties", _) => {
                let mut fits = true;
                for (name, schema) in wanted.as_object().into_iter().flatten() {
                    fits &= self.descend(&given.member(name), schema, name.clone());
                }
                fits
            }
            ("additionalProperties", _) if keywords.contains_key("patternProperties") => {
                self.doubt("the consumer's `patternProperties` is not understood")
            }
            ("additionalProperties", _) => self.others(given, keywords.get("properties"), wanted),
            ("minProperties", Some(least)) => {
                let known = u64::try_from(given.required().len()).unwrap_or(0).max(given.least("minProperties"));
                known >= least || self.doubt(format!("it may have fewer than {least} members"))
            }
            ("maxProperties", Some(most)) => {
                let closed = given.others().contains(&&Value::Bool(false));
                let named = u64::try_from(given.names().len()).ok().filter(|_| closed);
                let known = named.into_iter().chain(given.most("maxProperties")).min();
                known.is_some_and(|known| known <= most) || self.doubt(format!("it may have more than {most} members"))
            }
            ("dependentRequired", _) => {
                let lists = wanted.as_object().into_iter().flat_map(|map| map.values()).flat_map(list);
                let mut names = lists.filter_map(Value::as_str);
                names.all(|name| given.requires(name)) || self.doubt("a member that goes with another may be missing")
            }
            _ => self.doubt(format!("`{key}` is no number")),
        }
    }

    /// The members that the consumer does not name.
    fn others(&mut self, given: &Given<'s>, named: Option<&'s Value>, wanted: &'s Value) -> bool {
        let is_named = |name: &str| named.is_some_and(|named| named.get(name).is_some());
        let mut fits = true;
        for name in given.names().into_iter().filter(|name| !is_named(name)) {
            fits &= self.descend(&given.member(name), wanted, name.to_owned());
        }
        let others = given.others();
        if wanted == &Value::Bool(false) && !others.contains(&&Value::Bool(false)) {
            return self.doubt("it may have members that the producer does not name");
        }
        self.descend(&others, wanted, "*".to_owned()) && fits
    }
}

/// The cases to look at one by one: branches of a choice, and types where the consumer has alternatives.
fn cases<'s>(given: &Given<'s>, wanted: &Map<String, Value>) -> Option<Vec<Given<'s>>> {
    if let Some(branches) = given.branches() {
        return Some(branches);
    }
    let has_alternatives = ["anyOf", "oneOf", "not"].iter().any(|key| wanted.contains_key(*key));
    let kinds: Vec<Types> = given.types().kinds().collect();
    (has_alternatives && kinds.len() > 1).then(|| kinds.into_iter().map(|kind| given.only(kind)).collect())
}

/// All values of types that have few.
fn by_type(types: Types) -> Option<Vec<Value>> {
    let few = Types::NULL.or(Types::BOOLEAN);
    if !types.without(few).is_empty() {
        return None;
    }
    let null = types.has(Types::NULL).then_some(Value::Null);
    let both = types.has(Types::BOOLEAN).then_some([Value::Bool(false), Value::Bool(true)]);
    Some(null.into_iter().chain(both.into_iter().flatten()).collect())
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn beyond(key: &str, wanted: &Value, is_bounded: bool) -> String {
    let way = if key.ends_with("inimum") { "less" } else { "more" };
    let than = if key.starts_with("exclusive") { format!("{way} than or equal to") } else { format!("{way} than") };
    if is_bounded {
        format!("it may be {than} {wanted}")
    } else {
        format!("it may be {than} {wanted}, without a bound")
    }
}

/// Whether a schema means the same wherever it stands: it refers to nothing.
fn is_whole(schema: &Value) -> bool {
    match schema {
        Value::Object(map) => map.iter().all(|(key, value)| key != "$ref" && key != "$dynamicRef" && is_whole(value)),
        Value::Array(items) => items.iter().all(is_whole),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
    }
}
