//! Nodes of one kind in a row, and typed numbers into it.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

/// The number of a `T` in its [`Arena`]. Made by the arena alone, so it always resolves there.
pub struct Id<T> {
    index: u32,
    of: PhantomData<fn() -> T>,
}

impl<T> Id<T> {
    /// The number, for tables beside the arena.
    pub const fn index(self) -> usize {
        self.index as usize
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.index.cmp(&other.index)
    }
}
impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.index.hash(state);
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.index)
    }
}

/// All nodes of one kind.
#[derive(Debug, Clone)]
pub struct Arena<T> {
    items: Vec<T>,
}

impl<T> Default for Arena<T> {
    fn default() -> Self {
        Self { items: Vec::new() }
    }
}

impl<T> Arena<T> {
    /// Adds a node.
    pub fn push(&mut self, item: T) -> Id<T> {
        let index = u32::try_from(self.items.len()).unwrap_or(u32::MAX);
        self.items.push(item);
        Id { index, of: PhantomData }
    }

    /// The id that the next `push` will give; lets cyclic references be resolved before the nodes exist.
    pub fn id_at(index: usize) -> Id<T> {
        Id { index: u32::try_from(index).unwrap_or(u32::MAX), of: PhantomData }
    }

    /// Nodes with their ids, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (Id<T>, &T)> {
        self.items.iter().enumerate().map(|(i, item)| (Self::id_at(i), item))
    }

    /// The nodes.
    pub fn values(&self) -> &[T] {
        &self.items
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// None.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

impl<T> std::ops::Index<Id<T>> for Arena<T> {
    type Output = T;

    #[expect(
        clippy::indexing_slicing,
        reason = "ids are made by the arena or by id_at for nodes that the resolver then pushes"
    )]
    fn index(&self, id: Id<T>) -> &T {
        &self.items[id.index()]
    }
}
