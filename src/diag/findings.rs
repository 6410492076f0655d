//! The findings of a run: collected in any order, shown in one.

use super::{Finding, Severity};

/// A collection of findings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    list: Vec<Finding>,
}

impl Findings {
    /// None, as a constant.
    pub(super) const fn none() -> Self {
        Self { list: Vec::new() }
    }

    /// Adds one.
    pub fn push(&mut self, finding: Finding) {
        self.list.push(finding);
    }

    /// Adds those of another stage.
    pub fn append(&mut self, mut other: Self) {
        self.list.append(&mut other.list);
    }

    /// In the order they were found or sorted.
    pub fn iter(&self) -> impl Iterator<Item = &Finding> {
        self.list.iter()
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// None at all.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// How many of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.list.iter().filter(|f| f.severity == severity).count()
    }

    /// Whether anything is at least as bad as `level`.
    pub fn any_at_least(&self, level: Severity) -> bool {
        self.list.iter().any(|f| f.severity >= level)
    }

    /// Whether there is an error.
    pub fn has_errors(&self) -> bool {
        self.any_at_least(Severity::Error)
    }

    /// Keeps those that `keep` holds for.
    pub fn retain(&mut self, keep: impl FnMut(&Finding) -> bool) {
        self.list.retain(keep);
    }

    /// Sorts by place, then id and message, joins findings that differ in their target alone, and leaves out what a rule
    /// says as well.
    #[must_use]
    pub fn sorted(mut self) -> Self {
        self.leave_to_rules();
        self.list.sort_by(|a, b| {
            (a.primary.span, a.id, &a.message, a.severity, &a.help).cmp(&(
                b.primary.span,
                b.id,
                &b.message,
                b.severity,
                &b.help,
            ))
        });
        let same =
            |a: &Finding, b: &Finding| a.primary.span == b.primary.span && a.id == b.id && a.message == b.message;
        Self { list: self.list.chunk_by(same).filter_map(joined).collect() }
    }

    /// One defect is one finding: what names a rule that says the same gives way to it. A rule that is allowed, or that is
    /// no error here, does not take its place, since it would not keep anybody from what is impossible.
    fn leave_to_rules(&mut self) {
        let is_said = |of: &Finding| {
            self.list.iter().any(|other| {
                of.unless.as_deref() == Some(other.id)
                    && other.severity >= of.severity
                    && other.primary.span == of.primary.span
                    && of.targets.iter().all(|target| other.targets.contains(target))
            })
        };
        let said: Vec<bool> = self.list.iter().map(|of| of.unless.is_some() && is_said(of)).collect();
        let mut said = said.into_iter();
        self.list.retain(|_| said.next() != Some(true));
    }
}

impl IntoIterator for Findings {
    type Item = Finding;
    type IntoIter = std::vec::IntoIter<Finding>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}

impl FromIterator<Finding> for Findings {
    fn from_iter<I: IntoIterator<Item = Finding>>(iter: I) -> Self {
        Self { list: iter.into_iter().collect() }
    }
}

/// One finding out of several that differ in their target alone. What is to be done may be another thing on each.
fn joined(same: &[Finding]) -> Option<Finding> {
    let mut joined = same.first()?.clone();
    joined.targets = same.iter().flat_map(|finding| finding.targets.iter().cloned()).collect();
    joined.targets.sort();
    joined.targets.dedup();
    let by_help = same.chunk_by(|a, b| a.help == b.help);
    let helps = by_help.filter_map(|group| {
        let on: Vec<&str> = group.iter().flat_map(|finding| &finding.targets).map(String::as_str).collect();
        Some(format!("on {}: {}", on.join(", "), group.first()?.help.as_ref()?))
    });
    let helps: Vec<String> = helps.collect();
    if helps.len() > 1 && same.iter().all(|finding| !finding.targets.is_empty()) {
        joined.help = Some(helps.join("\n"));
    }
    Some(joined)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{FileId, Span};

    fn left(rule: Severity, at: u32, on: &[&str]) -> Vec<&'static str> {
        let place = |start| Span::new(FileId(0), start, start + 1);
        let said = Finding::at("rule", rule, place(at), "the rule says so");
        let said = on.iter().fold(said, |said, target| said.on(*target));
        let refused = Finding::error("impossible", place(0), "the target refuses it").on("far");
        let all: Findings = [refused.unless(Some("rule".to_owned())), said].into_iter().collect();
        all.sorted().iter().map(|finding| finding.id).collect()
    }

    #[test]
    fn a_finding_gives_way_to_the_rule_that_says_the_same() {
        assert_eq!(left(Severity::Error, 0, &["far", "near"]), ["rule"]);
        assert_eq!(left(Severity::Warning, 0, &["far"]), ["impossible", "rule"]);
        assert_eq!(left(Severity::Error, 0, &["near"]), ["impossible", "rule"]);
        assert_eq!(left(Severity::Error, 5, &["far"]), ["impossible", "rule"]);
    }
}
