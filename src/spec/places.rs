//! Where the parts of a native value stand: JSON keeps no places, and a finding about one action of a policy has to point
//! at that action.

use std::collections::BTreeMap;

use crate::base::Span;
use crate::yaml::{Kind, Node};

/// The place of a value and of the parts in it. What has no place of its own has that of the value around it.
#[derive(Debug, Clone)]
pub struct Places {
    /// The value.
    pub span: Span,
    below: Below,
}

#[derive(Debug, Clone)]
enum Below {
    Nothing,
    List(Vec<Places>),
    Map(BTreeMap<String, (Span, Places)>),
}

impl Places {
    /// A value without parts, or one whose parts were not written in YAML.
    pub const fn at(span: Span) -> Self {
        Self { span, below: Below::Nothing }
    }

    /// Those of a tree. Its depth is capped where it was read.
    pub(crate) fn of(node: &Node) -> Self {
        let below = match &node.kind {
            Kind::Scalar(_) => Below::Nothing,
            Kind::Seq(items) => Below::List(items.iter().map(Self::of).collect()),
            Kind::Map(entries) => {
                let part = |e: &crate::yaml::Entry| (e.key.value.to_string(), (e.key.span, Self::of(&e.value)));
                Below::Map(entries.iter().map(part).collect())
            }
        };
        Self { span: node.span, below }
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> &Self {
        self.entry(key).map_or(self, |(_, value)| value)
    }

    /// An item of a list, from 0.
    #[must_use]
    pub fn item(&self, index: usize) -> &Self {
        match &self.below {
            Below::List(items) => items.get(index).unwrap_or(self),
            Below::Nothing | Below::Map(_) => self,
        }
    }

    /// The value at a JSON Pointer, or the nearest around it.
    #[must_use]
    pub fn at_pointer(&self, pointer: &str) -> &Self {
        pointer.split('/').skip(1).fold(self, |place, token| match &place.below {
            Below::Map(_) => place.get(&token.replace("~1", "/").replace("~0", "~")),
            Below::List(_) => token.parse().map_or(place, |index| place.item(index)),
            Below::Nothing => place,
        })
    }

    /// Where a key itself stands.
    pub fn key(&self, key: &str) -> Span {
        self.entry(key).map_or(self.span, |(span, _)| *span)
    }

    fn entry(&self, key: &str) -> Option<&(Span, Self)> {
        match &self.below {
            Below::Map(entries) => entries.get(key),
            Below::Nothing | Below::List(_) => None,
        }
    }
}
