//! The inverse question: who can ever reach something, and how. One walk back from it answers for all.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};

use super::{Door, Hop, Reach, entry};
use crate::analysis::{Actor, Tuple};
use crate::graph::Runner;

/// The shortest ways to some rights, or to where something runs.
#[derive(Debug, Clone)]
pub struct Ways<'a> {
    reach: &'a Reach,
    /// By hop: the next one, and how many there are to the end, this one included.
    next: HashMap<u32, (Option<u32>, usize)>,
    /// By spot: its hop with the shortest way.
    nearest: HashMap<u32, u32>,
}

impl Reach {
    /// The ways to the rights for which `is_end` holds.
    pub fn ways_to(&self, is_end: impl Fn(&Tuple) -> bool) -> Ways<'_> {
        let numbered = (0u32..).zip(self.access.iter());
        self.back(numbered.filter(|(_, tuple)| is_end(tuple)).map(|(hop, _)| hop).collect())
    }

    /// The ways to where a function or workflow runs.
    pub fn ways_to_run(&self, runner: Runner) -> Ways<'_> {
        let spot = self.actors.get(&Actor::Runner(runner));
        self.back(spot.map(|spot| entry(&self.leaders, *spot).iter().copied().collect()).unwrap_or_default())
    }

    fn back(&self, mut open: VecDeque<u32>) -> Ways<'_> {
        let mut ways = Ways { reach: self, next: HashMap::new(), nearest: HashMap::new() };
        ways.next.extend(open.iter().map(|hop| (*hop, (None, 1))));
        while let Some(hop) = open.pop_front() {
            let length = ways.next.get(&hop).map_or(0, |(_, length)| *length);
            for &spot in entry(&self.spots, hop) {
                if ways.nearest.contains_key(&spot) {
                    continue;
                }
                ways.nearest.insert(spot, hop);
                for &before in entry(&self.leaders, spot) {
                    if let Entry::Vacant(way) = ways.next.entry(before) {
                        way.insert((Some(hop), length + 1));
                        open.push_back(before);
                    }
                }
            }
        }
        ways
    }
}

impl<'a> Ways<'a> {
    /// The way of a thief of an identity: rights from one of its own to the end. One hop when it holds the end itself.
    pub fn from(&self, actor: Actor) -> Option<Vec<Hop<'a>>> {
        let spot = self.reach.actors.get(&actor)?;
        self.nearest.get(spot).map(|hop| self.path(*hop))
    }

    /// The way of somebody outside who comes in by a door.
    pub fn through(&self, door: Door) -> Option<Vec<Hop<'a>>> {
        let starts = self.reach.starts(door).iter();
        let known = starts.filter_map(|hop| self.next.get(hop).map(|(_, length)| (*length, *hop)));
        known.min().map(|(_, hop)| self.path(hop))
    }

    fn path(&self, start: u32) -> Vec<Hop<'a>> {
        let mut path = Vec::new();
        let mut at = Some(start);
        while let Some(hop) = at {
            path.extend(self.reach.hop(hop));
            at = self.next.get(&hop).and_then(|(next, _)| *next);
        }
        path
    }
}
