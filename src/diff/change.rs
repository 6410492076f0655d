//! One change, whatever its level.

use super::Class;
use crate::base::Span;

/// Which of the two states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Which {
    /// The state before.
    Old,
    /// The state after.
    New,
}

/// A place in the spec of one state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Of which.
    pub which: Which,
    /// Where, in the sources of that state.
    pub span: Span,
}

/// A part of a change.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// A value that was, and the one that is.
    Value {
        /// What: the path of an attribute, the name of a promise.
        path: String,
        /// Before; `None` where there was none.
        before: Option<String>,
        /// After; `None` where there is none.
        after: Option<String>,
        /// Why this matters, as a clause: that it forces a replacement, with the source.
        note: Option<String>,
    },
    /// Why it is so, as a clause.
    Reason(String),
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What kind.
    pub class: Class,
    /// The targets it holds for, sorted; empty where it holds whatever the target.
    pub targets: Vec<String>,
    /// The node of the spec that it is about: its path, in the state after, or before where it is gone.
    pub node: Option<String>,
    /// What changed, in the words of its level: an address of the output, an identity, an edge, an event type. With class
    /// and targets it names the change.
    pub subject: String,
    /// What happens, as one clause, user text in backticks.
    pub message: String,
    /// Its parts, in the order to be read.
    pub details: Vec<Detail>,
    /// The smallest text that made it.
    pub place: Option<Place>,
}

impl Change {
    /// A change without details.
    pub fn new(class: Class, subject: impl Into<String>, message: impl Into<String>) -> Self {
        let (subject, message) = (subject.into(), message.into());
        Self { class, targets: Vec::new(), node: None, subject, message, details: Vec::new(), place: None }
    }

    /// On one target.
    #[must_use]
    pub fn on(mut self, target: &str) -> Self {
        self.targets.push(target.to_owned());
        self
    }

    /// About a node.
    #[must_use]
    pub fn of(mut self, node: impl Into<String>) -> Self {
        self.node = Some(node.into());
        self
    }

    /// About a node, where there is one.
    #[must_use]
    pub fn about(mut self, node: Option<String>) -> Self {
        self.node = node.or(self.node);
        self
    }

    /// At a place.
    #[must_use]
    pub fn at(mut self, which: Which, span: Span) -> Self {
        self.place = Some(Place { which, span });
        self
    }

    /// With a reason.
    #[must_use]
    pub fn because(mut self, why: impl Into<String>) -> Self {
        self.details.push(Detail::Reason(why.into()));
        self
    }
}
