//! Scalars, with their quotes and tags, and aliases.

use std::sync::Arc;

use saphyr_parser::{ScalarStyle, Tag};

use super::build::{Builder, Measured, Stop};
use super::properties::{Properties, end_of_quoted};
use super::{Kind, Node, Scalar};
use crate::base::{Span, Spanned, nearest};
use crate::diag::{Applicability, Finding};

/// Aliases may stand for this many values whatever the size of the file.
const FREE_ALIASED: usize = 100_000;

/// An unknown name is compared with no more of the last names than this.
const COMPARED: usize = 10_000;

impl Builder<'_> {
    pub(super) fn properties(&mut self, anchor: usize, tag: Option<&Tag>, start: u32) -> Properties {
        if anchor == 0 && tag.is_none() {
            return Properties { value: start as usize, ..Properties::default() };
        }
        let found = Properties::read(self.text, start as usize);
        if anchor > 0 {
            self.anchors.resize(self.anchors.len().max(anchor), None);
            self.anchor_names.extend(found.anchor.map(|range| self.slice(range)));
        }
        found
    }

    /// Judges a tag; gives the name of one of the core schema, `""` for the bare `!`.
    pub(super) fn core_tag<'t>(&mut self, tag: Option<&'t Tag>, at: &Properties, allowed: &[&str]) -> Option<&'t str> {
        let tag = tag?;
        let name = if tag.suffix == "!" && tag.handle.is_empty() { "" } else { tag.suffix.as_str() };
        if name.is_empty() || (tag.is_yaml_core_schema() && allowed.contains(&name)) {
            return Some(name);
        }
        let range = at.tag.unwrap_or((at.value, at.value));
        let written = self.slice(range);
        let message =
            if tag.is_yaml_core_schema() && ["str", "int", "float", "bool", "null", "map", "seq"].contains(&name) {
                format!("the tag `{written}` does not fit the value behind it")
            } else {
                format!("the tag `{written}` is not known")
            };
        let blanks = self.text.get(range.1..).map_or(0, |rest| rest.len() - rest.trim_start_matches(' ').len());
        self.findings.push(
            Finding::error("unknown-tag", self.span(range.0, range.1), message)
                .help("remove the tag; of the core schema, `!!str` is the one that is ever needed")
                .fix("remove the tag", self.span(range.0, range.1 + blanks), "", Applicability::Unsafe),
        );
        None
    }

    pub(super) fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        start: u32,
        end: u32,
    ) -> Result<(), Stop> {
        let properties = self.properties(anchor, tag, start);
        let span = self.scalar_span(text, style, &properties, start, end);
        let is_key = self.expects_key();
        if !is_key {
            self.count(span)?;
        }
        let core = self.core_tag(tag, &properties, &["str", "int", "float", "bool", "null"]);
        let plain = match core {
            Some("" | "str") => false,
            Some(_) => true,
            None => style == ScalarStyle::Plain,
        };
        let text: Arc<str> = self.texts.share(text);
        let node = Node { kind: Kind::Scalar(Scalar { text: text.clone(), plain }), span };
        let measured = Measured { node, size: 1, height: 0 };
        if let Some(slot) = anchor.checked_sub(1).and_then(|i| self.anchors.get_mut(i)) {
            *slot = Some(measured.clone());
        }
        if is_key {
            self.key(Spanned::new(text, span), plain);
        } else {
            self.add(measured);
        }
        Ok(())
    }

    pub(super) fn scalar_span(
        &self,
        text: &str,
        style: ScalarStyle,
        properties: &Properties,
        start: u32,
        end: u32,
    ) -> Span {
        let value = properties.value.min(end as usize);
        match style {
            // Nothing written: the place where it would stand.
            ScalarStyle::Plain if text.is_empty() => {
                let at = if properties.anchor.is_none() && properties.tag.is_none() {
                    start as usize + usize::from(self.byte(start) == b':')
                } else {
                    properties.tag.max(properties.anchor).map_or(start as usize, |(_, end)| end)
                };
                self.span(at, at)
            }
            ScalarStyle::Plain => self.span(value, end as usize),
            // The scanner counts blanks and a comment behind the quote as part of the text.
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                self.span(value, end_of_quoted(self.text, value).unwrap_or(end as usize))
            }
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let length = self.slice((value, end as usize)).trim_end().len();
                self.span(value, value + length)
            }
        }
    }

    pub(super) fn alias(&mut self, id: usize, start: u32, end: u32) -> Result<(), Stop> {
        let span = Span::new(self.file, start, end);
        let name = self.slice((start as usize + 1, end as usize));
        let Some(target) = id.checked_sub(1).and_then(|i| self.anchors.get(i)).cloned().flatten() else {
            let message = format!("`*{name}` stands inside of what it stands for");
            self.findings.push(
                Finding::error("recursive-anchor", span, message)
                    .help("write the value out; a tree cannot hold itself"),
            );
            self.add_nothing();
            return Ok(());
        };
        if self.expects_key() {
            self.refuse_key(span, "an alias");
            return Ok(());
        }
        if self.frames.len() + target.height > self.caps.depth {
            return Err(self.too_deep(span));
        }
        self.written += 1;
        self.aliased += target.size;
        if self.written + self.aliased > self.caps.nodes {
            return Err(self.too_many(span));
        }
        if self.aliased > FREE_ALIASED.max(self.written.saturating_mul(self.caps.alias_factor)) {
            let message =
                format!("the aliases up to here stand for {} values in a file of {}", self.aliased, self.written);
            return Err(
                self.fatal(Finding::error("alias-expansion", span, message).help("use fewer aliases inside anchors"))
            );
        }
        // Its own place is here; what is inside it keeps the place where it is written.
        self.add(Measured { node: Node { kind: target.node.kind, span }, ..target });
        Ok(())
    }

    pub(super) fn undefined_alias(&mut self, at: usize) -> Result<(), Stop> {
        let start = self.offsets.byte(at) as usize;
        let rest = self.text.get(start..).unwrap_or_default();
        let length = rest.find([' ', '\t', '\r', '\n', ',', '[', ']', '{', '}']).unwrap_or(rest.len());
        let name = self.slice((start + 1, start + length));
        let span = self.span(start, start + length);
        let finding = Finding::error("undefined-alias", span, format!("no anchor `&{name}` stands before this alias"));
        let finding = match nearest(name, self.anchor_names.iter().rev().copied().take(COMPARED)) {
            Some(known) => finding.did_you_mean(&format!("*{known}")),
            None => {
                finding.help("mark the value with the anchor first, or write the text in quotes if no alias is meant")
            }
        };
        self.findings.push(finding);
        self.count(span)?;
        self.add_nothing();
        Ok(())
    }
}
