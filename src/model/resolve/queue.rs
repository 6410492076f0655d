//! Queues: the dead letters that are made for them, and how long a message is hidden while it is handled.

use std::sync::Arc;

use super::names::{Names, QueueEntry};
use super::{Resolver, given, stated};
use crate::base::{Duration, Name, NodePath, Section, Span, Spanned};
use crate::diag::Finding;
use crate::model::{Arena, Event, Function, Given, Head, Id, Ordered, Queue, QueueDeadLetter, TriggerSource, Workflow};
use crate::spec;

const DAY: u64 = 86_400;
/// Retention of a queue that says nothing.
const RETENTION: Duration = Duration::from_secs(4 * DAY);
/// Retention of a dead letter that is made.
const DEAD_RETENTION: Duration = Duration::from_secs(14 * DAY);
/// Shortest derived visibility.
const VISIBILITY: Duration = Duration::from_secs(30);
/// Attempts of a dead letter that does not say.
const ATTEMPTS: u32 = 5;

/// The longest-running consumer of a queue.
struct Consumer {
    name: Arc<str>,
    timeout: Duration,
    window: Option<Duration>,
    hidden: Duration,
}

/// What the queue is called that is made beside one.
pub(super) fn name_of_failed(name: &Name) -> String {
    format!("{name}-failed")
}

impl<'s> Resolver<'s> {
    /// Adds the queues that take what fails where `to` was left out.
    pub(super) fn make_dead_letters(&mut self, names: &mut Names<'s>) {
        let mut made = Vec::new();
        for entry in &names.queues {
            let QueueEntry::Written(name, queue) = entry else { continue };
            let Some(dead_letter) = &queue.dead_letter else { continue };
            if dead_letter.to.is_some() || dead_letter.broken {
                continue;
            }
            let text = name_of_failed(&name.value);
            match Name::parse(&text) {
                Ok(made_name) => made.push(QueueEntry::Made {
                    name: made_name,
                    of: name.value.as_str().into(),
                    queue,
                    span: dead_letter.span,
                }),
                Err(why) => {
                    let message = format!("`{text}`, the dead letter of `{}`, is not a name: {why}", name.value);
                    let help = "declare a queue for it and name it in `to`";
                    self.report(Finding::error("invalid-name", dead_letter.span, message).help(help));
                }
            }
        }
        names.queues.extend(made);
    }

    pub(super) fn resolve_queues(
        &mut self,
        functions: &[Option<Function>],
        workflows: &[Option<Workflow>],
    ) -> Arena<Queue> {
        let consumers = consumers(self.names.queues.len(), functions, workflows);
        let entries = std::mem::take(&mut self.names.queues);
        let mut queues: Vec<Queue> = Vec::with_capacity(entries.len());
        for (entry, consumer) in entries.iter().zip(&consumers) {
            let queue = match entry {
                QueueEntry::Written(name, queue) => self.written_queue(name, queue, consumer.as_ref()),
                QueueEntry::Made { name, of, queue, span } => {
                    self.made_queue(name, of, queue, *span, consumer.as_ref())
                }
            };
            queues.push(queue);
        }
        let failing: Vec<(usize, usize)> = queues
            .iter()
            .enumerate()
            .filter_map(|(i, queue)| Some((i, queue.dead_letter.as_ref()?.to.value.index())))
            .collect();
        for (from, to) in failing {
            if let Some(queue) = queues.get_mut(to) {
                queue.dead_letter_of.push(Arena::<Queue>::id_at(from));
            }
        }
        self.names.queues = entries;
        let mut arena = Arena::default();
        for queue in queues {
            arena.push(queue);
        }
        arena
    }

    fn written_queue(&mut self, name: &'s Spanned<Name>, queue: &'s spec::Queue, consumer: Option<&Consumer>) -> Queue {
        let defaults = self.spec.defaults.as_ref().and_then(|d| d.queue.as_ref());
        let carries = queue.carries.as_ref().and_then(|event| self.find_event(event));
        let ordered = given(queue.ordered.as_ref(), None, name.span, Ordered::No, "order was not asked for");
        if let Some(span) = queue.ordered.as_ref().map(|o| o.span) {
            self.check_order(ordered.value, span, name, carries.as_ref(), queue.carries.is_some() || queue.broken);
        }
        let dead_letter = queue.dead_letter.as_ref().and_then(|dead| self.dead_letter(name, queue, dead));
        let retention = given(
            queue.retention.as_ref(),
            defaults.and_then(|d| d.retention.as_ref()),
            name.span,
            RETENTION,
            "a queue keeps messages for 4 days unless it says otherwise",
        );
        let visibility = stated(queue.visibility.as_ref(), None).unwrap_or_else(|| visibility(consumer, name.span));
        self.check_visibility(name, &retention, &visibility);
        Queue {
            head: Self::head(Section::Resources, name, queue.renamed_from.as_ref(), queue.overrides.as_ref()),
            carries,
            ordered,
            retention,
            visibility,
            delay: queue.delay,
            dead_letter,
            dead_letter_of: Vec::new(),
            manual: given(queue.manual.as_ref(), None, name.span, false, "nobody was said to read it by hand"),
        }
    }

    /// A message that is hidden for longer than it is kept is never tried again, and never set aside. A visibility that
    /// was derived is a proposal, which not every platform needs.
    fn check_visibility(&mut self, name: &Spanned<Name>, retention: &Given<Duration>, visibility: &Given<Duration>) {
        if retention.value >= visibility.value {
            return;
        }
        let message = format!(
            "`{}` keeps messages for {}, and hides those that were taken for {}",
            name.value, retention.value, visibility.value
        );
        let finding = match &visibility.derived {
            None => Finding::error("retention-below-visibility", retention.span, message)
                .related(visibility.span, "hidden for as long"),
            Some(why) => Finding::warning("retention-below-visibility", retention.span, message)
                .label(format!("the visibility is {why}")),
        };
        self.report(finding.help(format!("write `retention: {}` or more; a day is little", visibility.value)));
    }

    /// Where failing messages go.
    fn dead_letter(
        &mut self,
        name: &Spanned<Name>,
        queue: &spec::Queue,
        dead: &spec::QueueDeadLetter,
    ) -> Option<QueueDeadLetter> {
        if let Some(ordered) = queue.ordered.as_ref().filter(|o| o.value == Ordered::Strict) {
            let message = format!("`{}` is `ordered: strict` and has a dead letter", name.value);
            let finding = Finding::error("strict-with-dead-letter", dead.span, message)
                .related(ordered.span, "a failing message blocks its key")
                .help("write `ordered: true`, which sets a failing message aside, or remove `dead-letter`");
            self.report(finding);
        }
        let after = dead.after.as_ref().map(|n| (*n).map(|n| n.0));
        let why = "five attempts unless it says otherwise";
        let after = given(after.as_ref(), None, dead.span, ATTEMPTS, why);
        let to = match &dead.to {
            Some(to) if *to.text == *name.value.as_str() => {
                let message = format!("`{}` is its own dead letter", name.value);
                let help = "name another queue, or leave `to` out: one is made beside it";
                self.report(Finding::error("own-dead-letter", to.span, message).help(help));
                return None;
            }
            Some(to) => Given::stated(self.find(to)?),
            None => {
                // A name that clashes or is too long was reported, and there is no such queue then.
                let index = self.queue_index(&name_of_failed(&name.value))?;
                Given::derived(Arena::id_at(index), dead.span, "made beside it, because `to` was left out")
            }
        };
        Some(QueueDeadLetter { after, to })
    }

    fn queue_index(&self, name: &str) -> Option<usize> {
        let (node, _) = self.names.get(name)?;
        <Queue as super::names::Target>::of(node).map(Id::index)
    }

    fn made_queue(
        &self,
        name: &Name,
        of: &Arc<str>,
        source: &'s spec::Queue,
        span: Span,
        consumer: Option<&Consumer>,
    ) -> Queue {
        let why = format!("`{of}` has a dead letter without `to`");
        // The source reports an event that is unknown.
        let carries =
            source.carries.as_ref().and_then(|event| self.event_id(event).map(|id| Spanned::new(id, event.span)));
        let ordered = source.ordered.as_ref().map_or(Ordered::No, |o| o.value);
        Queue {
            head: Head {
                path: NodePath::new(Section::Resources, name.as_str()),
                span,
                renamed_from: self.former.get(name.as_str()).cloned(),
                overrides: std::collections::BTreeMap::new(),
                derived: Some(why),
            },
            carries,
            ordered: Given::derived(ordered, span, format!("`{of}` has the same")),
            retention: Given::derived(DEAD_RETENTION, span, "what failed waits 14 days for people"),
            visibility: visibility(consumer, span),
            delay: None,
            dead_letter: None,
            dead_letter_of: Vec::new(),
            manual: Given::derived(true, span, "it was made, so people read it"),
        }
    }

    /// Order is kept per key of what is carried, so both are needed.
    pub(super) fn check_order(
        &mut self,
        ordered: Ordered,
        span: Span,
        name: &Spanned<Name>,
        carries: Option<&Spanned<Id<Event>>>,
        said: bool,
    ) {
        if ordered == Ordered::No {
            return;
        }
        let Some(event) = carries else {
            if !said {
                let message = format!("`{}` is ordered, but carries no event that has a key", name.value);
                let help = "add `carries: <event>`, an event with a `key`: the order is kept per key";
                self.report(Finding::error("order-without-key", span, message).help(help));
            }
            return;
        };
        let broken = self.names.events.get(event.value.index()).is_some_and(|(_, e)| e.broken);
        let event = &self.events[event.value];
        let keyless = (event.key.is_none() && !broken).then(|| (event.event_type.clone(), event.head.span));
        if let Some((event_type, place)) = keyless {
            let message = format!("`{}` is ordered, but `{event_type}` has no key", name.value);
            let finding = Finding::error("order-without-key", span, message).related(place, "the event it carries");
            self.report(finding.help(format!("add `key: /…` to `{event_type}`: the order is kept per key")));
        }
    }
}

/// The longest-running consumer of each queue.
fn consumers(count: usize, functions: &[Option<Function>], workflows: &[Option<Workflow>]) -> Vec<Option<Consumer>> {
    let mut longest: Vec<Option<Consumer>> = Vec::new();
    longest.resize_with(count, || None);
    let functions = functions.iter().flatten().map(|f| (&f.head, Some(f.timeout.value), &f.triggers));
    // A workflow takes its message and goes on by itself.
    let workflows = workflows.iter().flatten().map(|w| (&w.head, None, &w.triggers));
    for (head, timeout, triggers) in functions.chain(workflows) {
        for trigger in triggers {
            let TriggerSource::Queue { from, window, .. } = &trigger.source else { continue };
            let window = window.as_ref().map(|w| w.value);
            let timeout = timeout.unwrap_or(Duration::from_secs(0));
            let hidden = timeout.saturating_mul(6).saturating_add(window.unwrap_or_default());
            let Some(slot) = longest.get_mut(from.value.index()) else { continue };
            if slot.as_ref().is_none_or(|known| known.hidden < hidden) {
                *slot = Some(Consumer { name: head.path.name.clone(), timeout, window, hidden });
            }
        }
    }
    longest
}

fn visibility(consumer: Option<&Consumer>, span: Span) -> Given<Duration> {
    let Some(consumer) = consumer else {
        return Given::derived(VISIBILITY, span, "no function consumes it");
    };
    if consumer.hidden < VISIBILITY {
        return Given::derived(VISIBILITY, span, format!("30s is the least; `{}` runs shorter", consumer.name));
    }
    let window = consumer.window.map_or_else(String::new, |w| format!(", plus its window of {w}"));
    let why = format!("six times the timeout of `{}` ({}){window}", consumer.name, consumer.timeout);
    Given::derived(consumer.hidden, span, why)
}
