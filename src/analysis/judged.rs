//! The targets that an application is judged for: their numbers and promises, each with the fact it rests on.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::base::{ByteSize, Duration};
use crate::catalog::{
    Actions, DeadLetterRule, DeadLetters, Duplicates, Exposing, Guarantee, Limit, LimitValue, Manifest, Quantity,
};
use crate::model::{Model, Ordered, Runtime, Trigger, TriggerSource};

/// Name of the baseline that is judged when a spec names no target.
pub const PORTABLE: &str = "portable";

/// One target, or the baseline.
#[derive(Debug, Clone)]
pub struct Judged {
    id: String,
    limits: BTreeMap<Limit, LimitValue>,
    guarantees: BTreeMap<String, Guarantee>,
    dead_letters: DeadLetters,
    /// Runtimes whose instances take long to start.
    slow: BTreeSet<String>,
    /// Whether `rotate` of a secret is emitted.
    rotates: bool,
    /// What lets somebody in, where native text says it.
    exposing: Vec<Exposing>,
    actions: Option<Arc<Actions>>,
}

/// A value with the id of the fact, or the address, that it is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known<'a, T> {
    /// The value.
    pub value: T,
    /// Where it is from.
    pub fact: &'a str,
}

impl Judged {
    /// A target by its manifest.
    pub fn of(manifest: &Manifest) -> Self {
        let (limits, guarantees) = (manifest.limits.clone(), manifest.guarantees.clone());
        let dead_letters = manifest.dead_letters.clone();
        let is_slow = |fields: &BTreeMap<String, serde_json::Value>| fields.get("start").is_some_and(|v| v == "slow");
        let slow = manifest.runtimes.iter().filter(|(_, fields)| is_slow(fields)).map(|(name, _)| name.clone());
        Self {
            id: manifest.id.clone(),
            limits,
            guarantees,
            dead_letters,
            slow: slow.collect(),
            rotates: manifest.capabilities.get("secret.rotate").is_some_and(|c| c.level.is_emitted()),
            exposing: manifest.readback.iter().flat_map(|readback| readback.exposing.clone()).collect(),
            actions: None,
        }
    }

    /// The same with its list of actions, which is read only where an application speaks to the target natively.
    #[must_use]
    pub fn knowing(self, actions: Option<Actions>) -> Self {
        Self { actions: actions.map(Arc::new), ..self }
    }

    /// The baseline: channels deliver at least once and without order, and no number of any platform is known.
    pub fn portable() -> Self {
        Self {
            id: PORTABLE.to_owned(),
            limits: BTreeMap::new(),
            guarantees: BTreeMap::new(),
            dead_letters: DeadLetters::default(),
            slow: BTreeSet::new(),
            rotates: true,
            exposing: Vec::new(),
            actions: None,
        }
    }

    /// The name of the target.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What it knows of its actions; `None` where nothing is judged by it.
    pub fn actions(&self) -> Option<&Actions> {
        self.actions.as_deref()
    }

    /// Whether it renews secrets by the calendar, or at least reminds somebody; the baseline does.
    pub const fn rotates(&self) -> bool {
        self.rotates
    }

    /// What of native text lets somebody in.
    pub(super) fn exposing(&self) -> &[Exposing] {
        &self.exposing
    }

    /// Whether it is the baseline, of which limits cannot be checked.
    pub fn is_baseline(&self) -> bool {
        self.id == PORTABLE
    }

    /// Whether an instance of a runtime takes long to start there, so that who comes first waits.
    pub fn starts_slowly(&self, runtime: &Runtime) -> bool {
        self.slow.contains(&runtime.key())
    }

    /// A limit that is a length of time; `None` where the target states none.
    pub fn time(&self, limit: Limit) -> Option<Known<'_, Duration>> {
        let stated = self.limits.get(&limit)?;
        as_time(&stated.value).map(|value| Known { value, fact: &stated.fact })
    }

    /// A limit that is an amount of data.
    pub fn size(&self, limit: Limit) -> Option<Known<'_, ByteSize>> {
        let stated = self.limits.get(&limit)?;
        match &stated.value {
            Quantity::Size(value) => Some(Known { value: *value, fact: &stated.fact }),
            Quantity::Number(_) | Quantity::Time(_) | Quantity::OneOf(_) => None,
        }
    }

    /// A limit that is a bare number.
    pub fn number(&self, limit: Limit) -> Option<Known<'_, u64>> {
        let stated = self.limits.get(&limit)?;
        match &stated.value {
            Quantity::Number(value) => Some(Known { value: *value, fact: &stated.fact }),
            Quantity::Size(_) | Quantity::Time(_) | Quantity::OneOf(_) => None,
        }
    }

    /// What the target promises of a channel; `None` where it says nothing.
    pub fn guarantee(&self, channel: Channel) -> Option<&Guarantee> {
        self.guarantees.get(channel.as_str())
    }

    /// What it demands of the dead letter of a queue; `None` where any does.
    pub const fn dead_letter_of_queue(&self) -> Option<&DeadLetterRule> {
        self.dead_letters.queue.as_ref()
    }

    /// What it demands of the dead letter of a function; `None` where any does.
    pub const fn dead_letter_of_function(&self) -> Option<&DeadLetterRule> {
        self.dead_letters.function.as_ref()
    }

    /// Whether what comes by a channel may come twice. What a target says nothing of may, unless somebody waits for the answer:
    /// then nothing but the caller repeats it.
    pub fn repeats(&self, channel: Channel) -> bool {
        let promise = self.guarantee(channel).map(|guarantee| guarantee.duplicates);
        promise.map_or(!channel.is_waited_for(), |duplicates| duplicates == Duplicates::Possible)
    }

    /// How long a function may be at work on what a channel delivers until it is delivered again.
    pub fn deadline(&self, channel: Channel) -> Option<Known<'_, Duration>> {
        let stated = self.guarantee(channel)?.deadline.as_ref()?;
        as_time(&stated.value).map(|value| Known { value, fact: &stated.fact })
    }

    /// How old a message of a channel may be at its last attempt, unless the spec says otherwise.
    pub fn retry_age(&self, channel: Channel) -> Option<Known<'_, Duration>> {
        let stated = self.guarantee(channel)?.retry_age.as_ref()?;
        as_time(&stated.value).map(|value| Known { value, fact: &stated.fact })
    }
}

const fn as_time(quantity: &Quantity) -> Option<Duration> {
    match quantity {
        Quantity::Time(value) => Some(*value),
        Quantity::Number(_) | Quantity::Size(_) | Quantity::OneOf(_) => None,
    }
}

macro_rules! channels {
    ($($(#[$meta:meta])* $variant:ident = $text:literal),+ $(,)?) => {
        /// The ways by which something reaches a function, as far as their guarantees differ.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Channel { $($(#[$meta])* $variant),+ }

        impl Channel {
            /// As written in a manifest.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }
    };
}

channels! {
    /// A queue without order.
    Queue = "queue",
    /// An ordered queue.
    QueueOrdered = "queue.ordered",
    /// A topic without order.
    Topic = "topic",
    /// An ordered topic.
    TopicOrdered = "topic.ordered",
    /// A bus.
    Bus = "bus",
    /// A stream.
    Stream = "stream",
    /// Changes of a table.
    Change = "change",
    /// Objects of a bucket.
    Object = "object",
    /// Time.
    Schedule = "schedule",
    /// Requests.
    Http = "http",
    /// Messages of a WebSocket.
    Socket = "socket",
    /// Messages of devices.
    Message = "message",
    /// Lines of a log.
    Log = "log",
    /// Events of users.
    User = "user",
    /// Rotation of a secret.
    Rotation = "rotation",
    /// Calls whose caller waits.
    CallSync = "call.sync",
    /// Calls that the platform queues.
    CallAsync = "call.async",
}

impl Channel {
    /// The way by which a trigger is reached.
    pub fn of(model: &Model, trigger: &Trigger) -> Self {
        match &trigger.source {
            TriggerSource::Http(_) => Self::Http,
            TriggerSource::Queue { from, .. } => match model.queues[from.value].ordered.value {
                Ordered::No => Self::Queue,
                Ordered::PerKey | Ordered::Strict => Self::QueueOrdered,
            },
            TriggerSource::Topic { from } => match model.topics[from.value].ordered.value {
                Ordered::No => Self::Topic,
                Ordered::PerKey | Ordered::Strict => Self::TopicOrdered,
            },
            TriggerSource::Stream { .. } => Self::Stream,
            TriggerSource::Change { .. } => Self::Change,
            TriggerSource::Event { .. } => Self::Bus,
            TriggerSource::Object { .. } => Self::Object,
            TriggerSource::Schedule { .. } => Self::Schedule,
            TriggerSource::Socket { .. } => Self::Socket,
            TriggerSource::Message { .. } => Self::Message,
            TriggerSource::Log { .. } => Self::Log,
            TriggerSource::User { .. } => Self::User,
            TriggerSource::Rotation { .. } => Self::Rotation,
        }
    }

    /// Whether somebody waits for the answer, so that nothing but they repeats it.
    pub const fn is_waited_for(self) -> bool {
        matches!(self, Self::Http | Self::Socket | Self::CallSync)
    }
}
