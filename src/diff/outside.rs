//! What resources let others do from outside: read objects, subscribe, call from pages of other origins, and as often as
//! they like.

use std::collections::BTreeMap;

use super::change::{Change, Which};
use super::names::Names;
use super::{Class, Spec};
use crate::base::Span;
use crate::model::{Cors, Head, Throttle};

/// All of it.
pub(super) fn changes(old: Spec<'_>, new: Spec<'_>, names: &Names, out: &mut Vec<Change>) {
    buckets(old, new, names, out);
    topics(old, new, names, out);
    pages(old, new, names, out);
    throttles(old, new, names, out);
}

fn called(head: &Head, names: &Names) -> String {
    names.after(&head.path.to_string()).into_owned()
}

/// Buckets that anybody reads.
fn buckets(old: Spec<'_>, new: Spec<'_>, names: &Names, out: &mut Vec<Change>) {
    let public = |of: Spec<'_>, names: &Names| -> BTreeMap<String, Span> {
        let buckets = of.facts.model().buckets.values().iter().filter(|bucket| bucket.public.value);
        buckets.map(|bucket| (called(&bucket.head, names), bucket.public.span)).collect()
    };
    let opens = |path: &str| format!("anybody can now read every object of `{path}`");
    let closes = |path: &str| format!("nobody outside can read the objects of `{path}` any more");
    opened(&public(old, names), &public(new, &Names::default()), (opens, closes), out);
}

/// Topics to which others subscribe.
fn topics(old: Spec<'_>, new: Spec<'_>, names: &Names, out: &mut Vec<Change>) {
    let external = |of: Spec<'_>, names: &Names| -> BTreeMap<String, Span> {
        let topics = of.facts.model().topics.values().iter().filter(|topic| topic.external_subscribers.value);
        topics.map(|topic| (called(&topic.head, names), topic.external_subscribers.span)).collect()
    };
    let opens = |path: &str| format!("subscribers from outside may now get every message of `{path}`");
    let closes = |path: &str| format!("nobody outside is said to subscribe to `{path}` any more");
    opened(&external(old, names), &external(new, &Names::default()), (opens, closes), out);
}

/// What is open in one of the two states.
fn opened(
    before: &BTreeMap<String, Span>,
    after: &BTreeMap<String, Span>,
    (opens, closes): (impl Fn(&str) -> String, impl Fn(&str) -> String),
    out: &mut Vec<Change>,
) {
    for (path, span) in after.iter().filter(|(path, _)| !before.contains_key(*path)) {
        out.push(Change::new(Class::Exposure, path, opens(path)).of(path).at(Which::New, *span));
    }
    for (path, span) in before.iter().filter(|(path, _)| !after.contains_key(*path)) {
        out.push(Change::new(Class::ExposureReduced, path, closes(path)).of(path).at(Which::Old, *span));
    }
}

/// The pages that may call something.
#[derive(Default)]
struct Pages {
    origins: BTreeMap<String, Span>,
    /// With the cookies of who looks at them.
    credentials: bool,
}

impl Pages {
    fn of(cors: Option<&Cors>) -> Self {
        let Some(cors) = cors else { return Self::default() };
        let origins = cors.origins.iter().map(|origin| (origin.value.to_string(), origin.span));
        Self { origins: origins.collect(), credentials: cors.credentials }
    }

    /// Origins that another does not let call.
    fn beyond(&self, other: &Self) -> BTreeMap<&str, Span> {
        let is_new = |origin: &str| !other.origins.contains_key("*") && !other.origins.contains_key(origin);
        let origins = self.origins.iter().map(|(origin, span)| (origin.as_str(), *span));
        origins.filter(|(origin, _)| is_new(origin)).collect()
    }
}

/// Origins whose pages may call APIs and read buckets that both states have.
fn pages(old: Spec<'_>, new: Spec<'_>, names: &Names, out: &mut Vec<Change>) {
    let all = |of: Spec<'_>, names: &Names| -> BTreeMap<String, (Pages, Span)> {
        let model = of.facts.model();
        let apis = model.apis.values().iter().map(|api| (&api.head, api.cors.as_ref()));
        let buckets = model.buckets.values().iter().map(|bucket| (&bucket.head, bucket.cors.as_ref()));
        apis.chain(buckets).map(|(head, cors)| (called(head, names), (Pages::of(cors), head.span))).collect()
    };
    let (before, after) = (all(old, names), all(new, &Names::default()));
    for (path, (is, span)) in &after {
        let Some((was, _)) = before.get(path) else { continue };
        let (more, less) = (is.beyond(was), was.beyond(is));
        let subject = format!("pages that call {path}");
        if let Some(first) = more.values().next() {
            let message = format!("pages of {} may now call `{path}`", origins(&more));
            out.push(Change::new(Class::Exposure, &subject, message).of(path).at(Which::New, *first));
        } else if is.credentials && !was.credentials {
            let message = format!("pages may now call `{path}` with cookies");
            out.push(Change::new(Class::Exposure, &subject, message).of(path).at(Which::New, *span));
        }
        if let Some(first) = less.values().next() {
            let message = format!("pages of {} may no longer call `{path}`", origins(&less));
            out.push(Change::new(Class::ExposureReduced, &subject, message).of(path).at(Which::Old, *first));
        } else if was.credentials && !is.credentials {
            let message = format!("pages may no longer call `{path}` with cookies");
            out.push(Change::new(Class::ExposureReduced, &subject, message).of(path).at(Which::New, *span));
        }
    }
}

fn origins(all: &BTreeMap<&str, Span>) -> String {
    if all.contains_key("*") {
        return "any origin".to_owned();
    }
    all.keys().map(|origin| format!("`{origin}`")).collect::<Vec<_>>().join(" and ")
}

/// How often anybody may call the APIs that both states have.
fn throttles(old: Spec<'_>, new: Spec<'_>, names: &Names, out: &mut Vec<Change>) {
    let all = |of: Spec<'_>, names: &Names| -> BTreeMap<String, (Option<Throttle>, Span)> {
        let apis = of.facts.model().apis.values().iter();
        apis.map(|api| (called(&api.head, names), (api.throttle, api.head.span))).collect()
    };
    let (before, after) = (all(old, names), all(new, &Names::default()));
    for (path, (is, span)) in &after {
        let subject = format!("throttle of {path}");
        match (before.get(path).map(|(was, _)| was), is) {
            (Some(Some(_)), None) => {
                let message = format!("`{path}` may now be called as often as anybody likes");
                out.push(Change::new(Class::Exposure, subject, message).of(path).at(Which::New, *span));
            }
            (Some(None), Some(is)) => {
                let message = format!("`{path}` may be called at most {} times a second now", is.rate.value);
                out.push(Change::new(Class::ExposureReduced, subject, message).of(path).at(Which::New, is.rate.span));
            }
            (Some(Some(_)), Some(_)) | (Some(None), None) | (None, _) => {}
        }
    }
}
