//! SARIF 2.1.0, for code scanning and editors: one run, with a descriptor of every id that occurs, places, fixes, and
//! fingerprints by which a later run knows a finding again.

mod log;

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest as _, Sha256};

use crate::base::Span;
use crate::diag::{Applicability, Edit, Finding, Findings, Fix, Label, Severity};

use log::{
    ArtifactChange, ArtifactLocation, BaseLocation, Configuration, Content, Descriptor, Driver, FixObject, Location,
    Log, PhysicalLocation, Region, Replacement, Run, RunResult, Tags, Text, Tool,
};

use super::uri::encoded;
use super::{Listing, Place, Style, json, on_targets, place};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The name of the folder that relative addresses start from; that of GitHub and of most tools.
const ROOT: &str = "%SRCROOT%";

/// Names the way a fingerprint is made: when that changes, so does the name, and no two ways are compared.
const FINGERPRINT: &str = "isobarFinding/v1";

pub(super) fn render(listing: &Listing<'_>, style: &Style) -> String {
    let ids: BTreeSet<&'static str> = listing.findings.iter().map(|finding| finding.id).collect();
    let ids: Vec<&'static str> = ids.into_iter().collect();
    let view = View { listing, style };
    let base = BaseLocation { description: plain("The folder that isobar was run in.") };
    let log = Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: "Isobar",
                    version: env!("CARGO_PKG_VERSION"),
                    semantic_version: env!("CARGO_PKG_VERSION"),
                    information_uri: env!("CARGO_PKG_REPOSITORY"),
                    rules: ids.iter().map(|id| view.descriptor(id)).collect(),
                },
            },
            // As `Position` counts them.
            column_kind: "unicodeCodePoints",
            original_uri_base_ids: BTreeMap::from([(ROOT, base)]),
            results: view.results(listing.findings, &ids),
        }],
    };
    json::text(&log)
}

struct View<'a> {
    listing: &'a Listing<'a>,
    style: &'a Style,
}

impl View<'_> {
    fn descriptor(&self, id: &'static str) -> Descriptor {
        let worst = self.listing.findings.iter().filter(|finding| finding.id == id).map(|f| f.severity).max();
        let page = self.listing.page(id);
        let help = if page.text.is_empty() {
            plain(page.summary)
        } else {
            Text { markdown: Some(page.text.to_owned()), ..plain(&page.prose()) }
        };
        Descriptor {
            id,
            short_description: plain(page.summary),
            full_description: plain(&page.purpose()),
            help,
            default_configuration: Configuration { level: page.level.or(worst).unwrap_or(Severity::Warning).as_str() },
            properties: Tags { tags: [page.category] },
        }
    }

    fn results(&self, findings: &Findings, ids: &[&'static str]) -> Vec<RunResult> {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        let result = |finding: &Finding| {
            let likeness = self.likeness(finding);
            let count = seen.entry(likeness.clone()).or_default();
            *count += 1;
            RunResult {
                rule_id: finding.id,
                rule_index: ids.binary_search(&finding.id).unwrap_or_default(),
                level: finding.severity.as_str(),
                message: message(finding),
                locations: self.location(&finding.primary, None).into_iter().collect(),
                related_locations: self.related(&finding.related),
                fixes: finding.fix.iter().filter_map(|fix| self.fix(fix)).collect(),
                partial_fingerprints: BTreeMap::from([(FINGERPRINT, format!("{likeness}:{count}"))]),
            }
        };
        findings.iter().map(result).collect()
    }

    /// What a finding is known by whatever stands above it, in whichever file it stands and however it is spaced: id,
    /// message, and the first line of the text that it points at. Neither the line nor the judged targets are part of it.
    fn likeness(&self, finding: &Finding) -> String {
        let mut hash = Sha256::new();
        hash.update(finding.id);
        hash.update([0]);
        hash.update(&finding.message);
        hash.update([0]);
        let text = self.listing.sources.text(finding.primary.span);
        for word in text.lines().next().unwrap_or_default().split_whitespace() {
            hash.update(word);
        }
        data_encoding::HEXLOWER.encode(&hash.finalize()).chars().take(32).collect()
    }

    fn related(&self, labels: &[Label]) -> Vec<Location> {
        labels.iter().enumerate().filter_map(|(index, label)| self.location(label, Some(index + 1))).collect()
    }

    /// Nothing where no file could be read.
    fn location(&self, label: &Label, id: Option<usize>) -> Option<Location> {
        let (artifact_location, region) = self.region(label.span)?;
        let message = (!label.text.is_empty()).then(|| plain(&label.text));
        Some(Location { id, physical: PhysicalLocation { artifact_location, region }, message })
    }

    fn region(&self, span: Span) -> Option<(ArtifactLocation, Region)> {
        let Place { path, line, column, end_line, end_column } = place(span, self.listing.sources, self.style);
        let region = Region { start_line: line, start_column: column, end_line, end_column };
        (!path.is_empty()).then(|| (artifact(&path), region))
    }

    fn fix(&self, fix: &Fix) -> Option<FixObject> {
        let mut artifact_changes: Vec<ArtifactChange> = Vec::new();
        for Edit { span, text } in &fix.edits {
            let (artifact_location, deleted_region) = self.region(*span)?;
            let replacement = Replacement { deleted_region, inserted_content: Content { text: text.clone() } };
            match artifact_changes.iter_mut().find(|change| change.artifact_location == artifact_location) {
                Some(change) => change.replacements.push(replacement),
                None => artifact_changes.push(ArtifactChange { artifact_location, replacements: vec![replacement] }),
            }
        }
        let warning = match fix.applicability {
            Applicability::Safe => "",
            Applicability::Unsafe => " (it may change what the application does)",
        };
        let description = plain(&format!("{}{warning}", fix.title));
        (!artifact_changes.is_empty()).then_some(FixObject { description, artifact_changes })
    }
}

/// What is wrong, and in a second paragraph what to do.
fn message(finding: &Finding) -> Text {
    let help = finding.help.as_ref().map_or_else(String::new, |help| format!("\nhelp: {help}"));
    plain(&format!("{}{}{help}", finding.message, on_targets(&finding.targets)))
}

/// Relative to the folder that the program was run in, as long as it stays below it.
fn artifact(path: &str) -> ArtifactLocation {
    if path.starts_with('/') {
        return ArtifactLocation { uri: format!("file://{}", encoded(path)), uri_base_id: None };
    }
    let path = path.trim_start_matches("./");
    let is_below = !path.split('/').any(|part| part == "..");
    ArtifactLocation { uri: encoded(path), uri_base_id: is_below.then_some(ROOT) }
}

/// A message. `{0}` in it would be a place for an argument and `[…](…)` a link; text of a spec is neither.
fn plain(text: &str) -> Text {
    let text = text.replace("](", "\\](");
    let has_digit = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit());
    let is_ambiguous = text.contains("{{") || text.contains("}}") || text.split('{').skip(1).any(has_digit);
    // Many readers do not undo the doubling, so that it is done only where something would be misread without.
    let text = if is_ambiguous { text.replace('{', "{{").replace('}', "}}") } else { text };
    Text { text, markdown: None }
}
