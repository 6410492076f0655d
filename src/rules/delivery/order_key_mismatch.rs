//! An order by one key that is handed on to an order by another.

use super::ordering_key;
use crate::analysis::Facts;
use crate::base::{Pointer, Span};
use crate::diag::{Findings, Severity};
use crate::graph::{Edge, EdgeKind, NodeRef, Runner};
use crate::model::{AnyResource, Function, Id, IdempotencyKey, Model, State, Verb};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "order-key-mismatch",
    category: Category::Delivery,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "What comes in order by one key goes on to where order is kept by another.",
    doc: include_str!("order_key_mismatch.md"),
    by_target: false,
    checks: &[Check::Function(check)],
};

/// An order by a key.
struct Keyed<'m> {
    key: &'m Pointer,
    /// The text that says so.
    span: Span,
    name: &'m str,
}

fn check(facts: &Facts, id: Id<Function>, out: &mut Findings) {
    let (model, graph) = (facts.model(), facts.graph());
    let function = &model.functions[id];
    let mut incoming =
        graph.triggers(Runner::Function(id)).filter_map(|(_, trigger)| keyed(model, trigger.resource()?));
    let Some(from) = incoming.next() else { return };
    let outgoing = graph.id(id).into_iter().flat_map(|node| graph.outgoing(node));
    let sends =
        |edge: &&Edge| matches!(edge.kind, EdgeKind::Accesses { verb: Verb::Send | Verb::Publish | Verb::Put, .. });
    let sent = outgoing.filter(sends).filter_map(|edge| match graph.node(edge.to).of {
        NodeRef::Resource(channel) => keyed(model, channel).map(|to| (to, edge.span)),
        NodeRef::Event(_)
        | NodeRef::Function(_)
        | NodeRef::Workflow(_)
        | NodeRef::Route(_)
        | NodeRef::Schedule(_)
        | NodeRef::Native(_) => None,
    });
    let state = match &function.state {
        State::Entity { key, store } => match &key.value {
            IdempotencyKey::Pointer(pointer) => {
                let name = model.tables[store.value].head.name();
                Some((Keyed { key: pointer, span: key.span, name }, key.span))
            }
            IdempotencyKey::Header(_) | IdempotencyKey::Path(_) | IdempotencyKey::EventId => None,
        },
        State::None | State::Durable(_) => None,
    };
    for (to, place) in sent.chain(state).filter(|(to, _)| !is_same(from.key, to.key)) {
        let (name, before, behind) = (function.head.name(), from.name, to.name);
        let message =
            format!("`{name}` gets `{before}` in the order of `{}`, but `{behind}` goes by `{}`", from.key, to.key);
        let mut finding = RULE
            .finding(place, message)
            .label(format!("goes by `{}`", to.key))
            .related(from.span, format!("`{before}` is in order by this"))
            .help("give both the same key, or remove `ordered` where nobody needs it");
        if to.span != place {
            finding = finding.related(to.span, format!("`{behind}` is in order by this"));
        }
        out.push(finding);
    }
}

fn keyed(model: &Model, channel: AnyResource) -> Option<Keyed<'_>> {
    let (_, key) = ordering_key(model, channel)?;
    Some(Keyed { key: &key.value, span: key.span, name: crate::model::resource_head(model, channel).name() })
}

/// Whether two paths name the same value, as far as names tell: `/orderId`, `/order/id` and `/data/order_id` do.
fn is_same(a: &Pointer, b: &Pointer) -> bool {
    let plain = |pointer: &Pointer| {
        let letters = pointer.as_str().chars().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect::<String>()
    };
    let (a, b) = (plain(a), plain(b));
    a.ends_with(&b) || b.ends_with(&a)
}
