//! Functions that may read a whole table to answer for one key.

use crate::analysis::Facts;
use crate::diag::{Applicability, Findings, Severity};
use crate::model::{AnyResource, Function, Http, Id, RouteSegment, Scope, Table, TableKey, Use, Verb};
use crate::rules::{Category, Check, RELATED, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "scan-for-one-row",
    category: Category::LeastPrivilege,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "A function that answers for one key may scan the table.",
    doc: include_str!("scan_for_one_row.md"),
    by_target: false,
    checks: &[Check::Function(check)],
};

fn check(facts: &Facts, id: Id<Function>, out: &mut Findings) {
    let function = &facts.model().functions[id];
    let mut scans = function.uses.iter().filter_map(|entry| Some((entry, scanned(entry)?))).peekable();
    if scans.peek().is_none() {
        return;
    }
    let Some(routes) = facts.only_routes(id) else { return };
    for (entry, table) in scans {
        let table = &facts.model().tables[table];
        let Some(way) = narrower(table, &entry.scope, &routes) else { continue };
        let (name, on, verb) = (function.head.name(), table.head.name(), way.verb);
        let key = &way.key.partition.name.value;
        let message = format!("`{name}` may scan `{on}`, but only answers requests for one `{key}`");
        let mut finding = RULE.finding(entry.verb.span, message).label("all rows").help(match way.index {
            Some(index) => format!("write `{on}: {{ {verb}: {{ index: {index} }} }}`"),
            None => format!("write `{on}: {verb}`"),
        });
        for http in routes.iter().take(RELATED) {
            finding = finding.related(http.route.span, "the key is in the path");
        }
        // The word alone changes, unless that would write a verb twice or leave the scope behind.
        let is_there = function.uses.iter().any(|e| e.resource.value == entry.resource.value && e.verb.value == verb);
        if !is_there && (way.index.is_none() || entry.scope != Scope::Whole) {
            let title = format!("write `{verb}`");
            finding = finding.fix(title, entry.verb.span, verb.as_str(), Applicability::Unsafe);
        }
        out.push(finding);
    }
}

const fn scanned(entry: &Use) -> Option<Id<Table>> {
    match (entry.resource.value, entry.verb.value) {
        (AnyResource::Table(table), Verb::Scan) => Some(table),
        _ => None,
    }
}

/// What would serve instead of a scan.
struct Way<'t> {
    verb: Verb,
    key: &'t TableKey,
    index: Option<&'t str>,
}

/// The first key of what is scanned whose partition is in every path: that of the table, then those of its indexes.
fn narrower<'t>(table: &'t Table, scope: &Scope, routes: &[&Http]) -> Option<Way<'t>> {
    let in_all = |name: &str| routes.iter().all(|http| has_parameter(http, name));
    let is_asked = |key: &TableKey| routes.iter().all(|http| ends_in(http, table, key));
    let is_one = |key: &TableKey| in_all(&key.partition.name.value) && is_asked(key);
    let is_row = |key: &TableKey| key.sort.as_ref().is_none_or(|sort| in_all(&sort.name.value));
    let own = (*scope == Scope::Whole && is_one(&table.key)).then(|| {
        let verb = if is_row(&table.key) { Verb::Get } else { Verb::Query };
        Way { verb, key: &table.key, index: None }
    });
    let of_scope = |name: &str| match scope {
        Scope::Whole => true,
        Scope::Index(index) => **index == *name,
        Scope::Prefix { .. } | Scope::Leading(_) | Scope::Type(_) | Scope::Topic(_) | Scope::Own => false,
    };
    own.or_else(|| {
        let mut indexes = table.indexes.iter().filter(|index| of_scope(index.name.value.as_str()));
        let index = indexes.find(|index| is_one(&index.key))?;
        Some(Way { verb: Verb::Query, key: &index.key, index: Some(index.name.value.as_str()) })
    })
}

/// Whether a path asks for rows of the table by a key: its last segment is a parameter of that key, or the name of the
/// table. `/products/{sku}/related` asks for something else, though it says which product.
fn ends_in(http: &Http, table: &Table, key: &TableKey) -> bool {
    let names = || std::iter::once(&key.partition).chain(key.sort.as_ref()).map(|part| bare(&part.name.value));
    match http.route.value.segments.last() {
        Some(RouteSegment::Literal(text)) => bare(text) == bare(table.head.name()),
        Some(RouteSegment::Parameter(name) | RouteSegment::Rest(name)) => names().any(|known| known == bare(name)),
        None => false,
    }
}

/// Whether a path has a parameter of that name.
fn has_parameter(http: &Http, name: &str) -> bool {
    let parameters = http.route.value.segments.iter().filter_map(RouteSegment::parameter);
    parameters.map(bare).any(|parameter| parameter == bare(name))
}

/// A name however it is spelled: `{orderId}`, `{order-id}`, `{order_id}`.
fn bare(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase()
}
