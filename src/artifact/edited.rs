//! Values that a plan sets to something else than the output says: somebody edited what was written, or told the tool to
//! leave a value alone. What an output leaves to the platform is not compared, nor what is told as a grant.

use std::collections::{BTreeMap, BTreeSet};

use super::deployed::{Output, leaves};
use super::form::Form;
use super::planned::{Planned, PlannedResource};
use super::resolved::{is_open, resolve, tree};
use super::tree::{self as paths, Node};

/// A value that is another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edited {
    /// Its path, without the places in lists.
    pub path: String,
    /// What the output says.
    pub wanted: String,
    /// What the plan says; `None` where it says nothing.
    pub found: Option<String>,
    /// Whether the plan's value is secret.
    pub is_secret: bool,
}

/// Arguments that speak to the tool, and make nothing.
const META: [&str; 7] = ["connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioner"];

/// All of them, by address.
pub(super) fn edited(output: &Output<'_>, plan: &Planned, forms: &[Form<'_>]) -> BTreeMap<String, Vec<Edited>> {
    let mut out = BTreeMap::new();
    for (address, one) in plan.resources.iter().filter(|(_, one)| one.is_root) {
        let overridden = output.is_native(one);
        let body = output.bodies.get(&one.block()).filter(|_| !overridden && one.after.is_some());
        let Some(body) = body else { continue };
        let skipped = skipped(output, one, forms, body);
        let wanted = by_path(&resolve(body.clone(), plan));
        let found = one.values().map(|values| by_path(&tree(&values))).unwrap_or_default();
        let differs = |(path, wanted): (&String, &Vec<String>)| {
            let first = path.split('.').next().unwrap_or_default();
            let found = found.get(path).map(Vec::as_slice).unwrap_or_default();
            let is_open = wanted.iter().any(|text| is_open(text) || is_hash(text));
            if is_open
                || skipped.contains(first)
                || one.unknown.contains(first)
                || is_same(wanted, found, path.contains('.'))
            {
                return None;
            }
            let found = (!found.is_empty()).then(|| found.join(", "));
            let (path, wanted) = (path.clone(), wanted.join(", "));
            Some(Edited { path, wanted, found, is_secret: one.is_secret(first) })
        };
        let all: Vec<Edited> = wanted.iter().filter_map(differs).collect();
        if !all.is_empty() {
            out.insert(address.clone(), all);
        }
    }
    out
}

/// Attributes that are not compared.
fn skipped(output: &Output<'_>, one: &PlannedResource, forms: &[Form<'_>], body: &Node<'_>) -> BTreeSet<String> {
    let mine = forms.iter().filter(|form| form.reader.kind == one.kind);
    let granting = mine.filter_map(|form| form.each.as_ref()?.first().cloned());
    let guarded = output.readback.guarded.iter().filter_map(|guarded| guarded.split_once('.'));
    let guarded =
        guarded.filter(|(kind, _)| *kind == one.kind).filter_map(|(_, path)| paths::path(path).into_iter().next());
    let ignored = body.at(&["lifecycle".to_owned(), "ignore_changes".to_owned()]);
    let ignored = ignored.into_iter().filter_map(|node| {
        let text = node.text()?;
        let name = text.trim_start_matches("${").trim_end_matches('}').split(['.', '[']).next()?.to_owned();
        Some(name)
    });
    granting.chain(guarded).chain(ignored).chain(META.map(str::to_owned)).collect()
}

/// All texts of a body, by the keys that lead there, each sorted.
fn by_path(body: &Node<'_>) -> BTreeMap<String, Vec<String>> {
    let mut out: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (path, text) in leaves(vec![body]) {
        out.entry(path.trim_start_matches('.').to_owned()).or_default().push(text);
    }
    out
}

/// Whether texts mean the same: providers leave out what is the default, and print numbers in their own way. In one block
/// of several they fill in what stands in another, so that there may be more.
fn is_same(wanted: &[String], found: &[String], is_nested: bool) -> bool {
    if found.is_empty() {
        return wanted.iter().all(|text| matches!(text.as_str(), "" | "false" | "0"));
    }
    let number = |text: &str| text.parse::<f64>().ok();
    let means = |one: &str, other: &str| one == other || number(one).is_some() && number(one) == number(other);
    let mut left: Vec<&str> = found.iter().map(String::as_str).collect();
    let all_there = wanted.iter().all(|one| {
        let at = left.iter().position(|other| means(one, other));
        at.map(|at| left.swap_remove(at)).is_some()
    });
    all_there && (is_nested || left.is_empty())
}

/// Whether a text is the hash of code, in base64 or hexadecimal: it is another one whenever the code is built anew.
fn is_hash(text: &str) -> bool {
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    match text.strip_suffix('=') {
        Some(inside) => inside.len() == 43 && inside.bytes().all(is_base64),
        None => text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notation_makes_no_difference() {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        assert!(is_same(&texts(&["1.0", "a"]), &texts(&["a", "1"]), false));
        assert!(is_same(&texts(&["false"]), &[], false));
        assert!(!is_same(&texts(&["true"]), &[], false));
        assert!(!is_same(&texts(&["1"]), &texts(&["2"]), false));
        assert!(!is_same(&texts(&["1"]), &texts(&["1", "2"]), false));
        assert!(is_same(&texts(&["1"]), &texts(&["1", "2"]), true));
        assert!(!is_same(&texts(&["1", "1"]), &texts(&["1", "2"]), true));
        assert!(is_hash("bBF4gpMXhiGezhVAyqSBtufSJWBhJJ1wJAe8dsIPO4k="));
        assert!(!is_hash("bBF4gpMXhiGezhVAyqSBtufSJWBhJJ1wJAe8dsIPO4k"));
    }
}
