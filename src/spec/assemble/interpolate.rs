//! `${var.x}`, `${app}` and `${environment}` in scalar values. `$${` prints `${`. Nothing else is ever inserted,
//! least of all a secret, for which there is no syntax.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::is_consumed;
use super::limited::Limited;
use super::variables::{self, COMPARED, State, Variables};
use crate::base::{Sources, Span, nearest};
use crate::diag::{Finding, Findings};
use crate::yaml::{Entry, Kind, Node, Scalar};

/// Bytes of one scalar after replacing.
const MAX_TEXT: usize = 64 << 10;
/// Bytes of all scalars that had something to replace.
const MAX_TOTAL: usize = 16 << 20;
/// Variables that refer to each other in a row.
const MAX_CHAIN: usize = 64;

/// Replaces everywhere but in what assembling uses up. With the places of the scalars in which it could not.
pub(super) fn apply(
    tree: &Node,
    environment: &str,
    given: &[(String, String)],
    sources: &Sources,
    findings: &mut Findings,
) -> (Node, BTreeSet<Span>) {
    let mut findings = Limited::new(findings);
    let variables = variables::declared(tree, environment, given, &mut findings);
    let names: Vec<String> = variables.keys().cloned().collect();
    let (shared, unfilled) = (HashMap::new(), BTreeSet::new());
    let mut interpolation = Interpolation { variables, sources, findings, total: 0, shared, unfilled };
    // All of them, so that a defect in one that is not used is found too.
    for name in names {
        interpolation.resolve(&name, tree.span, 0);
    }
    let entries = tree.entries().filter(|e| !is_consumed(&e.key.value)).map(|e| interpolation.entry(e));
    (Node::map(entries.collect(), tree.span), interpolation.unfilled)
}

struct Interpolation<'a> {
    variables: Variables,
    sources: &'a Sources,
    findings: Limited<'a>,
    total: usize,
    /// What came out of collections that stand in several places, by their address; `None` if nothing changed.
    shared: HashMap<usize, Option<Kind>>,
    unfilled: BTreeSet<Span>,
}

/// What became of a scalar.
enum Outcome {
    Unchanged,
    Replaced(Scalar),
    /// A finding says why.
    Failed,
}

impl Interpolation<'_> {
    fn entry(&mut self, entry: &Entry) -> Entry {
        Entry { key: entry.key.clone(), value: self.node(&entry.value) }
    }

    fn node(&mut self, node: &Node) -> Node {
        self.kind(&node.kind, node.span).map_or_else(|| node.clone(), |kind| Node { kind, span: node.span })
    }

    /// The new value, or `None` where nothing changed, so that most of a tree is shared and not copied.
    fn kind(&mut self, kind: &Kind, span: Span) -> Option<Kind> {
        let (address, users) = match kind {
            Kind::Scalar(scalar) => {
                return match self.scalar(scalar, span, 0) {
                    Outcome::Replaced(scalar) => Some(Kind::Scalar(scalar)),
                    Outcome::Unchanged => None,
                    Outcome::Failed => {
                        self.unfilled.insert(span);
                        None
                    }
                };
            }
            Kind::Seq(items) => (Arc::as_ptr(items).addr(), Arc::strong_count(items)),
            Kind::Map(entries) => (Arc::as_ptr(entries).addr(), Arc::strong_count(entries)),
        };
        if users > 1
            && let Some(done) = self.shared.get(&address)
        {
            return done.clone();
        }
        let changed = match kind {
            Kind::Scalar(_) => None,
            Kind::Seq(items) => self.each(items, |item| item, |_, value| value).map(|items| Kind::Seq(Arc::new(items))),
            Kind::Map(entries) => self
                .each(entries, |entry| &entry.value, |entry, value| Entry { key: entry.key.clone(), value })
                .map(|entries| Kind::Map(Arc::new(entries))),
        };
        if users > 1 {
            self.shared.insert(address, changed.clone());
        }
        changed
    }

    /// A copy of a list in which the changed values are replaced; `None` if there are none.
    fn each<T: Clone>(&mut self, list: &[T], value: fn(&T) -> &Node, with: fn(&T, Node) -> T) -> Option<Vec<T>> {
        let mut copy: Option<Vec<T>> = None;
        for (at, item) in list.iter().enumerate() {
            let node = value(item);
            let Some(kind) = self.kind(&node.kind, node.span) else { continue };
            if let Some(slot) = copy.get_or_insert_with(|| list.to_vec()).get_mut(at) {
                *slot = with(item, Node { kind, span: node.span });
            }
        }
        copy
    }

    /// Replaces what is in one scalar. If that is one reference and nothing else, the value keeps its own kind:
    /// `"${var.max}"` is the number 5, quotes or not, because between brackets it has to be quoted.
    fn scalar(&mut self, scalar: &Scalar, span: Span, chain: usize) -> Outcome {
        let text = &*scalar.text;
        if !text.contains("${") || self.total > MAX_TOTAL || !self.findings.has_room() {
            return Outcome::Unchanged;
        }
        let (mut out, mut plain, mut failed) = (String::new(), scalar.plain, false);
        let (mut rest, mut seen) = (text, 0);
        while let Some((before, behind)) = rest.split_once("${") {
            if let Some(literal) = before.strip_suffix('$') {
                out.push_str(literal);
                out.push_str("${");
                self.place(span, "$${", &mut seen);
                rest = behind;
                continue;
            }
            out.push_str(before);
            let Some((name, after)) = behind.split_once('}').filter(|(name, _)| !name.contains(['$', '{', '\n']))
            else {
                let place = self.place(span, "${", &mut seen);
                self.unterminated(place);
                return Outcome::Failed;
            };
            let place = self.place(span, &format!("${{{name}}}"), &mut seen);
            match self.resolve(name.trim(), place, chain) {
                Some(value) => {
                    if before.is_empty() && after.is_empty() && rest.len() == text.len() {
                        plain = value.plain;
                    }
                    out.push_str(&value.text);
                }
                None => failed = true,
            }
            if out.len() > MAX_TEXT || self.total + out.len() > MAX_TOTAL {
                self.too_large(span, out.len());
                return Outcome::Failed;
            }
            rest = after;
        }
        out.push_str(rest);
        self.total += out.len();
        if failed { Outcome::Failed } else { Outcome::Replaced(Scalar { text: out.into(), plain }) }
    }

    /// The value of a name; `None` after a finding about it.
    fn resolve(&mut self, name: &str, place: Span, chain: usize) -> Option<Scalar> {
        let Some(state) = self.variables.get_mut(name) else {
            self.unknown(name, place);
            return None;
        };
        let (scalar, span) = match state {
            State::Known(scalar) => return Some(scalar.clone()),
            State::Failed => return None,
            State::Open => {
                let message = format!("`{name}` refers to itself");
                let help = "write the value of one of them without the others";
                self.findings.push(Finding::error("variable-cycle", place, message).help(help));
                return None;
            }
            State::Written(scalar, span) => (scalar.clone(), *span),
        };
        *state = State::Open;
        let outcome = if chain < MAX_CHAIN {
            self.scalar(&scalar, span, chain + 1)
        } else {
            let message = format!("more than {MAX_CHAIN} variables refer to each other in a row");
            self.findings
                .push(Finding::error("too-deep", span, message).help("write the value instead of a reference"));
            Outcome::Failed
        };
        let value = match outcome {
            Outcome::Unchanged => Some(scalar),
            Outcome::Replaced(replaced) => Some(replaced),
            Outcome::Failed => None,
        };
        self.variables.insert(name.to_owned(), value.clone().map_or(State::Failed, State::Known));
        value
    }

    /// Where a part of a scalar is written, looking behind the parts seen before; the whole scalar if it is folded
    /// or escaped there.
    fn place(&self, span: Span, part: &str, seen: &mut usize) -> Span {
        let source = self.sources.text(span);
        let Some(at) = source.get(*seen..).and_then(|rest| rest.find(part)).map(|at| *seen + at) else { return span };
        *seen = at + part.len();
        let offset = |at: usize| span.start.saturating_add(u32::try_from(at).unwrap_or(u32::MAX));
        Span::new(span.file, offset(at), offset(*seen))
    }

    fn unterminated(&mut self, place: Span) {
        self.findings.push(
            Finding::error("unterminated-variable", place, "`${` has no `}` behind a name")
                .help("write `${var.name}`, or `$${` if the text is meant to have `${`"),
        );
    }

    fn too_large(&mut self, span: Span, length: usize) {
        let message = if length > MAX_TEXT {
            format!("with its variables this text has more than {MAX_TEXT} bytes")
        } else {
            self.total = MAX_TOTAL + 1;
            format!("the variables insert more than {MAX_TOTAL} bytes")
        };
        self.findings.push(Finding::error("too-large", span, message).help("use shorter variables"));
    }

    fn unknown(&mut self, name: &str, place: Span) {
        let finding = Finding::error("unknown-variable", place, format!("`{name}` is no variable"));
        let prefixed = format!("var.{name}");
        let known = if self.variables.contains_key(&prefixed) {
            Some(prefixed.as_str())
        } else {
            nearest(name, self.variables.keys().map(String::as_str).take(COMPARED))
        };
        let finding = match (known, name.strip_prefix("var.")) {
            (Some(known), _) => finding.did_you_mean(&format!("${{{known}}}")),
            (None, Some(variable)) => finding.help(format!("declare it: `vars: {{ {variable}: … }}`")),
            (None, None) => finding.help(
                "there are `${app}`, `${environment}` and `${var.name}`; write `$${` if the text is meant to have `${`",
            ),
        };
        self.findings.push(finding);
    }
}
