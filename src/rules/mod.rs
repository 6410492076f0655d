//! Rules: each one file and one page, judging facts and nothing else. `run` walks the application once for each check,
//! sets the levels of `lint:` and takes out what a comment allows.
//!
//! A rule is a `static` with its checks; a check returns early wherever nothing is wrong. To add one, write
//! `<category>/<name>.rs`, `<name>.md` and `tests/ui/<id>/`, and name it in [`ALL`].

mod correctness;
mod cost;
mod delivery;
mod exposure;
mod idempotency;
mod least_privilege;
mod levels;
mod observability;
mod resilience;
mod style;
mod suppress;

use crate::analysis::Facts;
use crate::base::{Sources, Span};
use crate::diag::{Finding, Findings, Severity};
use crate::graph::Runner;
use crate::model::{Api, Bucket, Event, Function, Id, Queue, Secret, Socket, Topic, Workflow};

/// What a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    /// It does not work.
    Correctness,
    /// Somebody may do more than the application needs.
    LeastPrivilege,
    /// Somebody outside gets in.
    Exposure,
    /// Something done twice has two effects.
    Idempotency,
    /// Something is lost, late or out of order.
    Delivery,
    /// A failure spreads.
    Resilience,
    /// Nobody sees it.
    Observability,
    /// It costs more than it has to.
    Cost,
    /// It ties the application to a platform.
    Portability,
    /// It reads badly.
    Style,
}

impl Category {
    /// All of them, in the order of the documentation.
    pub const ALL: &[Self] = &[
        Self::Correctness,
        Self::LeastPrivilege,
        Self::Exposure,
        Self::Idempotency,
        Self::Delivery,
        Self::Resilience,
        Self::Observability,
        Self::Cost,
        Self::Portability,
        Self::Style,
    ];

    /// As written on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Correctness => "correctness",
            Self::LeastPrivilege => "least-privilege",
            Self::Exposure => "exposure",
            Self::Idempotency => "idempotency",
            Self::Delivery => "delivery",
            Self::Resilience => "resilience",
            Self::Observability => "observability",
            Self::Cost => "cost",
            Self::Portability => "portability",
            Self::Style => "style",
        }
    }

    /// The one with this name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|category| category.as_str() == text)
    }
}

/// What a check is asked about, each in turn.
#[derive(Debug, Clone, Copy)]
pub enum Check {
    /// The application, once.
    Application(fn(&Facts, &mut Findings)),
    /// Each event.
    Event(fn(&Facts, Id<Event>, &mut Findings)),
    /// Each topic.
    Topic(fn(&Facts, Id<Topic>, &mut Findings)),
    /// Each queue.
    Queue(fn(&Facts, Id<Queue>, &mut Findings)),
    /// Each function.
    Function(fn(&Facts, Id<Function>, &mut Findings)),
    /// Each workflow.
    Workflow(fn(&Facts, Id<Workflow>, &mut Findings)),
    /// Each function and each workflow.
    Runner(fn(&Facts, Runner, &mut Findings)),
    /// Each API.
    Api(fn(&Facts, Id<Api>, &mut Findings)),
    /// Each WebSocket API.
    Socket(fn(&Facts, Id<Socket>, &mut Findings)),
    /// Each bucket.
    Bucket(fn(&Facts, Id<Bucket>, &mut Findings)),
    /// Each secret.
    Secret(fn(&Facts, Id<Secret>, &mut Findings)),
    /// Nothing: the rule is about `lint:` and the comments that allow findings, and is reported where these are read.
    Lint,
}

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// Kebab-case name of the defect.
    pub id: &'static str,
    /// What it is about.
    pub category: Category,
    /// How bad, unless `lint:` says otherwise.
    pub level: Severity,
    /// The version that brought it.
    pub since: &'static str,
    /// One sentence, for lists.
    pub summary: &'static str,
    /// Its page, in Markdown.
    pub doc: &'static str,
    /// Whether the answer depends on the judged targets. An allowance of such a rule may be needed by a target that
    /// is not judged now, so it is never called unused.
    pub by_target: bool,
    /// What it checks.
    pub checks: &'static [Check],
}

impl Rule {
    /// A finding of this rule.
    fn finding(&self, span: Span, message: impl Into<String>) -> Finding {
        Finding::at(self.id, self.level, span, message)
    }
}

/// All rules, by id.
pub static ALL: &[&Rule] = &[
    &style::allow_without_reason::RULE,
    &resilience::batch_without_partial_failures::RULE,
    &idempotency::brief_deduplication::RULE,
    &idempotency::broad_idempotency_key::RULE,
    &resilience::chain_beyond_caller::RULE,
    &resilience::chatty_chain::RULE,
    &least_privilege::coarse_verb::RULE,
    &resilience::cold_start::RULE,
    &delivery::competing_consumers::RULE,
    &delivery::dead_letter_breaks_order::RULE,
    &delivery::dead_letter_loop::RULE,
    &resilience::deadline_below_timeout::RULE,
    &idempotency::distant_idempotency_store::RULE,
    &delivery::endless_stream_retry::RULE,
    &least_privilege::escalating_grants::RULE,
    &correctness::event_loop::RULE,
    &exposure::exposed_secret::RULE,
    &exposure::exposing_attribute::RULE,
    &resilience::express_overrun::RULE,
    &correctness::express_wait::RULE,
    &cost::fan_out::RULE,
    &correctness::filtered_loop::RULE,
    &least_privilege::idle_grant::RULE,
    &least_privilege::inapplicable_native_action::RULE,
    &correctness::incompatible_event::RULE,
    &delivery::large_batch::RULE,
    &resilience::large_package::RULE,
    &delivery::lost_order::RULE,
    &delivery::mismatched_dead_letter::RULE,
    &observability::missing_alarm::RULE,
    &correctness::missing_compensation::RULE,
    &delivery::missing_dead_letter::RULE,
    &idempotency::missing_idempotency::RULE,
    &idempotency::missing_key_in_call::RULE,
    &least_privilege::missing_scope::RULE,
    &observability::missing_trace::RULE,
    &least_privilege::mixed_environments::RULE,
    &correctness::narrow_cors::RULE,
    &idempotency::natural_without_reason::RULE,
    &correctness::optional_path::RULE,
    &delivery::order_given_up::RULE,
    &delivery::order_key_mismatch::RULE,
    &resilience::overlapping_schedule::RULE,
    &delivery::oversized_event::RULE,
    &delivery::parallel_breaks_order::RULE,
    &exposure::public_bucket::RULE,
    &exposure::public_route_without_throttle::RULE,
    &idempotency::publisher_duplicates::RULE,
    &delivery::queue_without_consumer::RULE,
    &delivery::queue_without_producer::RULE,
    &delivery::retention_below_outage::RULE,
    &delivery::retry_reorders::RULE,
    &resilience::retry_storm::RULE,
    &exposure::route_without_authentication::RULE,
    &least_privilege::scan_for_one_row::RULE,
    &least_privilege::secret_in_env::RULE,
    &exposure::secret_without_rotation::RULE,
    &least_privilege::shared_identity::RULE,
    &delivery::short_dead_letter_retention::RULE,
    &idempotency::short_idempotency_window::RULE,
    &delivery::shrinking_size::RULE,
    &resilience::throttled_consumer::RULE,
    &resilience::tight_visibility::RULE,
    &resilience::timeout_beyond_api::RULE,
    &delivery::topic_without_subscriber::RULE,
    &delivery::unemitted_event::RULE,
    &idempotency::unfit_idempotency_store::RULE,
    &delivery::unhandled_event::RULE,
    &correctness::unknown_compatibility::RULE,
    &least_privilege::unknown_condition_key::RULE,
    &least_privilege::unknown_native_action::RULE,
    &correctness::unknown_path::RULE,
    &style::unknown_rule::RULE,
    &idempotency::unsafe_compensation::RULE,
    &idempotency::unsafe_retry::RULE,
    &least_privilege::unscoped_object_access::RULE,
    &least_privilege::unstated_grant::RULE,
    &style::unused_allow::RULE,
    &resilience::visibility_below_timeout::RULE,
    &exposure::wildcard_cors_with_credentials::RULE,
    &least_privilege::wildcard_in_native_policy::RULE,
    &correctness::workflow_history::RULE,
    &least_privilege::write_on_read_path::RULE,
];

/// The rule with an id.
pub fn find(id: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.id == id)
}

/// Runs all rules at the levels of the spec and applies the comments in its sources. Sorted.
pub fn run(facts: &Facts, sources: &Sources) -> Findings {
    let (levels, mut out) = levels::read(facts.model());
    let mut found = Findings::default();
    for rule in ALL {
        let Some(level) = levels.of(rule) else { continue };
        let mut mine = Findings::default();
        for check in rule.checks {
            ask(*check, facts, &mut mine);
        }
        found.append(mine.into_iter().map(|finding| Finding { severity: level, ..finding }).collect());
    }
    out.append(suppress::apply(found, sources, &levels));
    out.sorted()
}

fn ask(check: Check, facts: &Facts, out: &mut Findings) {
    let model = facts.model();
    match check {
        Check::Application(check) => check(facts, out),
        Check::Event(check) => model.events.iter().for_each(|(id, _)| check(facts, id, out)),
        Check::Topic(check) => model.topics.iter().for_each(|(id, _)| check(facts, id, out)),
        Check::Queue(check) => model.queues.iter().for_each(|(id, _)| check(facts, id, out)),
        Check::Function(check) => model.functions.iter().for_each(|(id, _)| check(facts, id, out)),
        Check::Workflow(check) => model.workflows.iter().for_each(|(id, _)| check(facts, id, out)),
        Check::Runner(check) => {
            model.functions.iter().for_each(|(id, _)| check(facts, Runner::Function(id), out));
            model.workflows.iter().for_each(|(id, _)| check(facts, Runner::Workflow(id), out));
        }
        Check::Api(check) => model.apis.iter().for_each(|(id, _)| check(facts, id, out)),
        Check::Socket(check) => model.sockets.iter().for_each(|(id, _)| check(facts, id, out)),
        Check::Bucket(check) => model.buckets.iter().for_each(|(id, _)| check(facts, id, out)),
        Check::Secret(check) => model.secrets.iter().for_each(|(id, _)| check(facts, id, out)),
        Check::Lint => {}
    }
}

/// How many related places a finding shows: a picture of hundred arrows says less than one of three.
const RELATED: usize = 3;

/// Words in a sentence: `get`, `query` and `batch-get`.
fn listed<T: std::fmt::Display>(words: &[T]) -> String {
    let quoted = |word: &T| format!("`{word}`");
    match words {
        [] => String::new(),
        [one] => quoted(one),
        [first @ .., last] => {
            let first: Vec<String> = first.iter().map(quoted).collect();
            format!("{} and {}", first.join(", "), quoted(last))
        }
    }
}

#[cfg(test)]
#[allow(clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_sorted_and_unique() {
        let ids: Vec<_> = ALL.iter().map(|rule| rule.id).collect();
        let mut sorted = ids.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(ids, sorted);
        for rule in ALL {
            assert!(find(rule.id).is_some_and(|found| std::ptr::eq(found, *rule)));
        }
    }

    #[test]
    fn every_page_has_the_sections_in_order() {
        let sections =
            ["## What it does", "## Why is this bad", "## Example", "## Use instead", "## Exceptions", "## Source"];
        for rule in ALL {
            assert!(rule.doc.starts_with(&format!("# {}\n", rule.id)), "{}: the title is the id", rule.id);
            let mut at = 0;
            for section in sections {
                let place = rule.doc.get(at..).and_then(|rest| rest.find(section));
                let Some(place) = place else { panic!("{}: no `{section}` after the one before", rule.id) };
                at += place;
            }
            assert!(rule.summary.ends_with('.') && !rule.summary.contains('\n'), "{}: one sentence", rule.id);
            let is_error_on_doubt = rule.level == Severity::Error && rule.doc.contains('†');
            assert!(!is_error_on_doubt, "{}: an error may not rest on an unverified fact", rule.id);
        }
    }

    #[test]
    fn categories_have_names() {
        for category in Category::ALL {
            assert_eq!(Category::parse(category.as_str()), Some(*category));
        }
    }
}
