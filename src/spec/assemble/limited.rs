//! A file can be made to have a million defects of one sort; nobody reads them, and keeping them costs memory.

use crate::diag::{Finding, Findings};

/// Findings of one stage.
pub(super) struct Limited<'a> {
    findings: &'a mut Findings,
    left: usize,
}

/// A stage reports so many defects.
const MOST: usize = 100;

impl<'a> Limited<'a> {
    pub(super) fn new(findings: &'a mut Findings) -> Self {
        Self { findings, left: MOST }
    }

    /// Whether there is room for more; a stage that has none may stop looking.
    pub(super) fn has_room(&self) -> bool {
        self.left > 0
    }

    /// Adds a finding; instead of the first that has no room one that says so, and then none.
    pub(super) fn push(&mut self, finding: Finding) {
        match self.left {
            0 => {}
            1 => {
                let message = format!("there are more than {} defects of this sort; the rest is not shown", MOST - 1);
                self.findings.push(Finding::error("too-many-findings", finding.primary.span, message));
                self.left = 0;
            }
            _ => {
                self.findings.push(finding);
                self.left -= 1;
            }
        }
    }

    /// Adds those of another stage, which limits its own.
    pub(super) fn append(&mut self, findings: Findings) {
        self.findings.append(findings);
    }
}
