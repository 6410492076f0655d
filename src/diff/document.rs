//! The report of a comparison as one document: printed as text, Markdown or JSON.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::{Change, Class, Decision, Detail, Level, Which};
use crate::base::Sources;
use crate::graph::render::PlaceDocument;

/// Version of the document: a larger number is a change that old readers would misread.
pub const VERSION: u32 = 1;

/// What `isobar diff --format json` prints.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(title = "Changes of an application")]
pub struct DiffDocument {
    /// Version of this format.
    pub version: u32,
    /// The state before as it was named, or the file of a plan.
    pub old: String,
    /// The state after.
    pub new: String,
    /// The targets whose output and promises were compared, sorted.
    pub targets: Vec<String>,
    /// What could not be compared, and why.
    pub notes: Vec<String>,
    /// All changes, by class and subject.
    pub changes: Vec<ChangeDocument>,
    /// How many there are of each class that there is.
    pub summary: BTreeMap<&'static str, usize>,
}

/// A change.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ChangeDocument {
    /// What kind.
    pub class: Class,
    /// Where it shows.
    pub level: Level,
    /// The targets it holds for; empty where it holds whatever the target.
    pub targets: Vec<String>,
    /// The node of the spec that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node: Option<String>,
    /// What changed: an address of the output, an identity, an edge, an event type, a route.
    pub subject: String,
    /// What happens, as one clause.
    pub message: String,
    /// Its parts.
    pub details: Vec<DetailDocument>,
    /// Where the spec says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceDocument>,
    /// What a gate decided.
    pub decision: DecisionDocument,
}

/// A part of a change.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum DetailDocument {
    /// A value that was, and the one that is.
    Value {
        /// What.
        path: String,
        /// Before; absent where there was none.
        #[serde(skip_serializing_if = "Option::is_none")]
        before: Option<String>,
        /// After; absent where there is none.
        #[serde(skip_serializing_if = "Option::is_none")]
        after: Option<String>,
        /// Why this matters.
        #[serde(skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    /// Why it is so.
    Reason {
        /// A clause.
        reason: String,
    },
}

/// A place in the spec of one state.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SourceDocument {
    /// Of which state.
    pub state: StateName,
    /// Where; the file as it is reached from the working folder.
    #[serde(flatten)]
    pub place: PlaceDocument,
}

/// One of the two states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StateName {
    /// The state before.
    Old,
    /// The state after.
    New,
}

/// What was decided of a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum DecisionDocument {
    /// Nobody asked.
    Free,
    /// A gate denies it.
    Denied,
    /// A gate would deny it, and a comment accepts it.
    Accepted {
        /// Why.
        reason: String,
        /// The last day.
        until: String,
    },
}

/// What a report is made of.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// The states as they were named.
    pub named: (&'a str, &'a str),
    /// The targets that were compared.
    pub targets: &'a [String],
    /// What could not be compared.
    pub notes: &'a [String],
    /// The changes, in order.
    pub changes: &'a [Change],
    /// For each, what was decided; none where nothing was asked.
    pub decisions: &'a [Decision],
    /// The files of both states, and the folders of their specs from where the user stands.
    pub sources: [(&'a Sources, &'a str); 2],
}

impl DiffDocument {
    /// The document of a report.
    pub fn of(report: Report<'_>) -> Self {
        let Report { named: (old, new), targets, notes, changes, decisions, .. } = report;
        let decided = decisions.iter().map(Some).chain(std::iter::repeat(None));
        let mut summary = BTreeMap::new();
        for change in changes {
            *summary.entry(change.class.as_str()).or_default() += 1;
        }
        let one = |(change, decision): (&Change, Option<&Decision>)| one(change, decision, report.sources);
        Self {
            version: VERSION,
            old: old.to_owned(),
            new: new.to_owned(),
            targets: targets.to_vec(),
            notes: notes.to_vec(),
            changes: changes.iter().zip(decided).map(one).collect(),
            summary,
        }
    }

    /// The changes of a level.
    pub(super) fn of_level(&self, level: Level) -> impl Iterator<Item = &ChangeDocument> {
        self.changes.iter().filter(move |change| change.level == level)
    }

    /// How many changes are denied.
    pub fn denied(&self) -> usize {
        self.changes.iter().filter(|change| change.decision == DecisionDocument::Denied).count()
    }

    /// As JSON with a line break at its end.
    pub fn json(&self) -> String {
        // The document holds text, numbers and lists only, which serialise without fail.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }
}

fn one(change: &Change, decision: Option<&Decision>, [old, new]: [(&Sources, &str); 2]) -> ChangeDocument {
    let detail = |detail: &Detail| match detail.clone() {
        Detail::Value { path, before, after, note } => DetailDocument::Value { path, before, after, note },
        Detail::Reason(reason) => DetailDocument::Reason { reason },
    };
    let source = change.place.map(|place| {
        let (state, (sources, base)) = match place.which {
            Which::Old => (StateName::Old, old),
            Which::New => (StateName::New, new),
        };
        let mut place = PlaceDocument::of(sources, place.span);
        if !base.is_empty() {
            place.file = format!("{base}/{}", place.file);
        }
        SourceDocument { state, place }
    });
    ChangeDocument {
        class: change.class,
        level: change.class.level(),
        targets: change.targets.clone(),
        node: change.node.clone(),
        subject: change.subject.clone(),
        message: change.message.clone(),
        details: change.details.iter().map(detail).collect(),
        source,
        decision: match decision {
            None | Some(Decision::Free) => DecisionDocument::Free,
            Some(Decision::Denied) => DecisionDocument::Denied,
            Some(Decision::Accepted { reason, until }) => {
                DecisionDocument::Accepted { reason: reason.clone(), until: until.to_string() }
            }
        },
    }
}
