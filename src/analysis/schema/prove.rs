//! Tries to prove that everything that fits one schema fits another: keyword by keyword of the consumer, against what
//! is known of the producer's data there. Where it cannot, it says where and why, which is a doubt and no verdict.
//!
//! Schemas may refer to themselves. A pair that is met again further down in the data is taken as proven, which is an
//! induction over the size of values: every step down the data makes them smaller.

use serde_json::{Map, Value};

use super::disjoint::are_disjoint;
use super::given::Given;
use super::judge::{Judge, is_annotation};
use super::keyword::list;
use super::types::Types;
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
    pub(super) sender: Judge<'s>,
    taker: Judge<'s>,
    open: Vec<Goal>,
    pub(super) path: Vec<String>,
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

    pub(super) fn doubt(&mut self, why: impl Into<String>) -> bool {
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
    pub(super) fn descend(&mut self, raw: &[&'s Value], wanted: &'s Value, step: String) -> bool {
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
        if given.schemas().contains(&keywords) && is_whole(wanted) {
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
            "allOf" => list(wanted).iter().all(|schema| self.fits(given, schema)),
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

/// Whether a schema means the same wherever it stands: it refers to nothing.
fn is_whole(schema: &Value) -> bool {
    match schema {
        Value::Object(map) => map.iter().all(|(key, value)| key != "$ref" && key != "$dynamicRef" && is_whole(value)),
        Value::Array(items) => items.iter().all(is_whole),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
    }
}
