//! Where something comes in from outside of the application, and what is asked of who sends it.

use std::sync::Arc;

use crate::base::Span;
use crate::graph::TriggerRef;
use crate::model::{Auth, Event, Id, Model, TriggerSource};

/// A way in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Door {
    /// A route of an API.
    Route(TriggerRef),
    /// A message of a WebSocket.
    Socket(TriggerRef),
    /// A message of devices.
    Device(TriggerRef),
    /// Something that a user did with an account.
    User(TriggerRef),
    /// An event that another application sends.
    Event(Id<Event>),
}

/// What is asked of who comes in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asks {
    /// Nothing: anybody may.
    Nothing,
    /// A token of this issuer.
    Token(Arc<str>),
    /// The credentials of a device of this broker.
    Device(String),
    /// To have, or to open, an account in this pool.
    Account(String),
    /// To be the application that is called so.
    Sender(String),
}

impl Door {
    /// The door that a trigger is, when events of its kind come from outside.
    pub(super) const fn of(at: TriggerRef, source: &TriggerSource) -> Option<Self> {
        match source {
            TriggerSource::Http(_) => Some(Self::Route(at)),
            TriggerSource::Socket { .. } => Some(Self::Socket(at)),
            TriggerSource::Message { .. } => Some(Self::Device(at)),
            TriggerSource::User { .. } => Some(Self::User(at)),
            TriggerSource::Queue { .. }
            | TriggerSource::Stream { .. }
            | TriggerSource::Change { .. }
            | TriggerSource::Topic { .. }
            | TriggerSource::Event { .. }
            | TriggerSource::Object { .. }
            | TriggerSource::Schedule { .. }
            | TriggerSource::Log { .. }
            | TriggerSource::Rotation { .. } => None,
        }
    }

    /// The trigger; `None` for an event, which may have several.
    pub const fn trigger(self) -> Option<TriggerRef> {
        match self {
            Self::Route(at) | Self::Socket(at) | Self::Device(at) | Self::User(at) => Some(at),
            Self::Event(_) => None,
        }
    }

    /// Whether it is open to the internet, be it with a lock.
    pub const fn is_internet(self) -> bool {
        match self {
            Self::Route(_) | Self::Socket(_) | Self::Device(_) | Self::User(_) => true,
            Self::Event(_) => false,
        }
    }

    /// What is asked of who comes in. A route whose authentication nobody stated asks nothing.
    pub fn asks(self, model: &Model) -> Asks {
        let auth = |auth: &Auth| match auth {
            Auth::Unstated | Auth::Public(_) => Asks::Nothing,
            Auth::Jwt(jwt) => Asks::Token(Arc::clone(&jwt.issuer.value)),
        };
        if let Self::Event(id) = self {
            let source = model.events[id].source.as_ref();
            return source.map_or(Asks::Nothing, |source| Asks::Sender(source.value.to_string()));
        }
        let trigger = self.trigger().and_then(|at| at.get(model));
        match trigger.map(|trigger| &trigger.source) {
            Some(TriggerSource::Http(http)) => auth(&http.auth),
            Some(TriggerSource::Socket { api, .. }) => auth(&model.sockets[api.value].auth),
            Some(TriggerSource::Message { devices, .. }) => {
                Asks::Device(model.devices[devices.value].head.name().to_owned())
            }
            Some(TriggerSource::User { identity, .. }) => {
                Asks::Account(model.identities[identity.value].head.name().to_owned())
            }
            Some(
                TriggerSource::Queue { .. }
                | TriggerSource::Stream { .. }
                | TriggerSource::Change { .. }
                | TriggerSource::Topic { .. }
                | TriggerSource::Event { .. }
                | TriggerSource::Object { .. }
                | TriggerSource::Schedule { .. }
                | TriggerSource::Log { .. }
                | TriggerSource::Rotation { .. },
            )
            | None => Asks::Nothing,
        }
    }

    /// Whether anybody on the internet may come in.
    pub fn is_public(self, model: &Model) -> bool {
        self.is_internet() && self.asks(model) == Asks::Nothing
    }

    /// The text that makes it.
    pub fn span(self, model: &Model) -> Option<Span> {
        match self {
            Self::Event(id) => model.events[id].source.as_ref().map(|source| source.span),
            Self::Route(at) | Self::Socket(at) | Self::Device(at) | Self::User(at) => {
                at.get(model).map(|trigger| trigger.http().map_or(trigger.span, |http| http.route.span))
            }
        }
    }
}
