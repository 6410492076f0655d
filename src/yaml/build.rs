//! Events → tree. Keeps the open collections on a stack of its own, shares what an alias stands for, and counts
//! what the tree would be if it were not shared.

use std::sync::Arc;

use saphyr_parser::{Event, Parser, Tag};

use super::input::{Cap, Guard, GuardedInput};
use super::intern::Texts;
use super::mapping::{Mapping, Pending};
use super::offsets::Offsets;
use super::{Caps, Kind, Node, syntax};
use crate::base::{FileId, Span, Spanned};
use crate::diag::{Finding, Findings};

/// A file with more defects than this is not worth reading on.
const MAX_FINDINGS: usize = 100;

/// Reads the text, which holds no null character.
pub(super) fn build(file: FileId, text: &str, caps: &Caps) -> (Option<Node>, Findings) {
    let guard = Guard::default();
    let mut parser = Parser::new(GuardedInput::new(text, caps.depth, caps.nodes, &guard));
    let mut builder = Builder::new(file, text, *caps);
    loop {
        let event = parser.next_event();
        if let Some((cap, at)) = guard.tripped.get() {
            let place = builder.character(at);
            let _ = match cap {
                Cap::Depth => builder.too_deep(place),
                Cap::Pieces => builder.too_many(place),
            };
            return (None, builder.findings);
        }
        let step = match event {
            None => Ok(()),
            Some(Ok((Event::StreamEnd, _))) => return builder.finish(),
            Some(Ok((event, span))) => builder.event(event, span.start.index(), span.end.index()),
            // The parser has consumed the alias as a value and can go on behind it.
            Some(Err(error)) if syntax::is_undefined_alias(&error) => builder.undefined_alias(error.marker().index()),
            Some(Err(error)) => {
                let place = builder.place(error.marker().index());
                Err(builder.fatal(syntax::finding(&place, &error)))
            }
        };
        match step.and_then(|()| builder.few_findings()) {
            Ok(()) => {}
            Err(Stop::Fatal) => return (None, builder.findings),
            Err(Stop::SecondDocument) => return (builder.root, builder.findings),
        }
    }
}

/// Reading ends here, with a finding that says why.
pub(super) enum Stop {
    /// Nothing of the file is kept.
    Fatal,
    /// What was read is whole.
    SecondDocument,
}

pub(super) enum Collection {
    Seq(Vec<Node>),
    Map(Mapping),
}

/// A collection that is still open.
pub(super) struct Frame {
    collection: Collection,
    anchor: usize,
    /// It stands where a key should.
    is_key: bool,
    start: u32,
    /// The end of its last key or value so far.
    end: u32,
    size: usize,
    height: usize,
}

/// A value with what it counts: values in it, collections inside each other.
#[derive(Clone)]
pub(super) struct Measured {
    pub(super) node: Node,
    pub(super) size: usize,
    pub(super) height: usize,
}

pub(super) struct Builder<'a> {
    pub(super) file: FileId,
    pub(super) text: &'a str,
    pub(super) caps: Caps,
    pub(super) offsets: Offsets<'a>,
    pub(super) findings: Findings,
    pub(super) texts: Texts,
    pub(super) frames: Vec<Frame>,
    /// By the parser's number less one; `None` while the anchored collection is open.
    pub(super) anchors: Vec<Option<Measured>>,
    pub(super) anchor_names: Vec<&'a str>,
    pub(super) root: Option<Node>,
    pub(super) documents: usize,
    pub(super) written: usize,
    pub(super) aliased: usize,
}

impl<'a> Builder<'a> {
    pub(super) fn new(file: FileId, text: &'a str, caps: Caps) -> Self {
        Self {
            file,
            text,
            caps,
            offsets: Offsets::new(text),
            findings: Findings::default(),
            texts: Texts::new(),
            frames: Vec::new(),
            anchors: Vec::new(),
            anchor_names: Vec::new(),
            root: None,
            documents: 0,
            written: 0,
            aliased: 0,
        }
    }

    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        let clamp = |at: usize| u32::try_from(at.min(self.text.len())).unwrap_or(u32::MAX);
        Span::new(self.file, clamp(start), clamp(end.max(start)))
    }

    /// One character.
    fn character(&self, at: usize) -> Span {
        let length = self.text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        self.span(at, at + length)
    }

    pub(super) fn slice(&self, range: (usize, usize)) -> &'a str {
        self.text.get(range.0..range.1).unwrap_or_default()
    }

    pub(super) fn fatal(&mut self, finding: Finding) -> Stop {
        self.findings.push(finding);
        Stop::Fatal
    }

    fn few_findings(&mut self) -> Result<(), Stop> {
        if self.findings.len() < MAX_FINDINGS {
            return Ok(());
        }
        let message = format!("the file has {MAX_FINDINGS} defects; the rest of it was not read");
        Err(self.fatal(Finding::error("too-many-findings", Span::start_of(self.file), message)))
    }

    /// At the end of the text: nothing but comments is a null; a value that was refused is nothing.
    fn finish(self) -> (Option<Node>, Findings) {
        let empty = (self.documents == 0).then(|| Node::null(Span::start_of(self.file)));
        (self.root.or(empty), self.findings)
    }

    fn place(&self, at: usize) -> syntax::Place<'a> {
        let start = self.frames.last().map(|f| f.start).filter(|at| matches!(self.byte(*at), b'[' | b'{'));
        let at = self.offsets.byte(at) as usize;
        syntax::Place { file: self.file, text: self.text, at, bracket: start.map(|at| at as usize) }
    }

    pub(super) fn byte(&self, at: u32) -> u8 {
        self.text.as_bytes().get(at as usize).copied().unwrap_or(0)
    }

    fn event(&mut self, event: Event<'_>, start: usize, end: usize) -> Result<(), Stop> {
        let (start, end) = (self.offsets.byte(start), self.offsets.byte(end));
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
            Event::DocumentStart(_) => self.document(start),
            Event::Alias(id) => self.alias(id, start, end),
            Event::Scalar(text, style, anchor, tag) => self.scalar(&text, style, anchor, tag.as_deref(), start, end),
            Event::SequenceStart(anchor, tag) => {
                self.open(Collection::Seq(Vec::new()), anchor, tag.as_deref(), "seq", start)
            }
            Event::MappingStart(anchor, tag) => {
                self.open(Collection::Map(Mapping::new()), anchor, tag.as_deref(), "map", start)
            }
            Event::SequenceEnd | Event::MappingEnd => {
                self.close(start, end);
                Ok(())
            }
        }
    }

    fn document(&mut self, start: u32) -> Result<(), Stop> {
        self.documents += 1;
        if self.documents == 1 {
            return Ok(());
        }
        let start = start as usize;
        let dashes = self.text.get(start..).is_some_and(|rest| rest.starts_with("---"));
        let span = if dashes { self.span(start, start + 3) } else { self.character(start) };
        self.findings.push(
            Finding::error("several-documents", span, "a second document starts here; one file holds one")
                .help("remove the `---`, or move what follows into a file of its own"),
        );
        Err(Stop::SecondDocument)
    }

    /// Whether the next node is a key.
    pub(super) fn expects_key(&self) -> bool {
        matches!(
            self.frames.last(),
            Some(Frame { collection: Collection::Map(Mapping { pending: Pending::None, .. }), .. })
        )
    }

    pub(super) fn count(&mut self, span: Span) -> Result<(), Stop> {
        self.written += 1;
        if self.written + self.aliased > self.caps.nodes { Err(self.too_many(span)) } else { Ok(()) }
    }

    pub(super) fn too_deep(&mut self, span: Span) -> Stop {
        self.fatal(
            Finding::error("too-deep", span, format!("more than {} levels are nested", self.caps.depth))
                .help("write it flatter"),
        )
    }

    pub(super) fn too_many(&mut self, span: Span) -> Stop {
        let message = format!("the file has more than {} values, those behind aliases included", self.caps.nodes);
        self.fatal(Finding::error("too-large", span, message).help("split the file, or use fewer aliases"))
    }

    pub(super) fn key(&mut self, key: Spanned<Arc<str>>, plain: bool) {
        let Some(Frame { collection: Collection::Map(mapping), end, .. }) = self.frames.last_mut() else { return };
        *end = key.span.end;
        if let Some(finding) = mapping.key(key, plain) {
            self.findings.push(finding);
        }
    }

    /// Gives a value to the open collection, or makes it the root.
    pub(super) fn add(&mut self, value: Measured) {
        let Some(frame) = self.frames.last_mut() else {
            self.root.get_or_insert(value.node);
            return;
        };
        frame.end = value.node.span.end;
        frame.size += value.size;
        frame.height = frame.height.max(value.height);
        match &mut frame.collection {
            Collection::Seq(items) => items.push(value.node),
            Collection::Map(mapping) => mapping.value(value.node),
        }
    }

    /// Puts nothing in the place of a value that was refused, so that it gives no second finding.
    pub(super) fn add_nothing(&mut self) {
        if let Some(Frame { collection: Collection::Map(mapping), .. }) = self.frames.last_mut() {
            mapping.pending = match mapping.pending {
                Pending::None => Pending::Drop,
                Pending::Key(_) | Pending::Merge(_) | Pending::Drop => Pending::None,
            };
        }
    }

    fn open(
        &mut self,
        collection: Collection,
        anchor: usize,
        tag: Option<&Tag>,
        kind: &str,
        start: u32,
    ) -> Result<(), Stop> {
        let properties = self.properties(anchor, tag, start);
        let span = self.character(properties.value);
        self.count(span)?;
        if self.frames.len() >= self.caps.depth {
            return Err(self.too_deep(span));
        }
        self.core_tag(tag, &properties, &[kind]);
        let is_key = self.expects_key();
        let (start, end) = (span.start, span.start);
        self.frames.push(Frame { collection, anchor, is_key, start, end, size: 1, height: 0 });
        Ok(())
    }

    fn close(&mut self, start: u32, end: u32) {
        let Some(frame) = self.frames.pop() else { return };
        // A closing bracket has a length; a block ends where something else starts, far behind its last value.
        let flow =
            end > start && matches!(self.byte(start), b']' | b'}') && matches!(self.byte(frame.start), b'[' | b'{');
        let begin = match &frame.collection {
            Collection::Seq(_) if !flow => self.dash_before(frame.start),
            Collection::Seq(_) | Collection::Map(_) => frame.start,
        };
        let span = Span::new(self.file, begin, if flow { start + 1 } else { frame.end.max(begin) });
        let kind = match frame.collection {
            Collection::Seq(items) => Kind::Seq(Arc::new(items)),
            Collection::Map(mapping) => {
                let (entries, findings) = mapping.close(self.text, flow);
                self.findings.append(findings.into_iter().collect());
                Kind::Map(Arc::new(entries))
            }
        };
        let measured = Measured { node: Node { kind, span }, size: frame.size, height: frame.height + 1 };
        if let Some(slot) = frame.anchor.checked_sub(1).and_then(|i| self.anchors.get_mut(i)) {
            *slot = Some(measured.clone());
        }
        if frame.is_key {
            self.refuse_key(span, measured.node.describe());
        } else {
            self.add(measured);
        }
    }

    /// A list that is not indented is reported behind its first dash.
    fn dash_before(&self, start: u32) -> u32 {
        let before = self.slice((0, start as usize)).trim_end_matches([' ', '\t']);
        let at = before.strip_suffix('-').map_or(start as usize, str::len);
        u32::try_from(at).unwrap_or(start)
    }

    pub(super) fn refuse_key(&mut self, span: Span, what: &str) {
        let message = format!("{what} is used as a key; a key is a text");
        let help = if self.byte(span.start) == b'{' {
            "if the braces are part of a text, write it in double quotes"
        } else {
            "write the key as text, in double quotes where it has special characters"
        };
        // A key inside of this one may have been refused already: one slip, one finding.
        let inside = |f: &Finding| f.id == "complex-key" && f.primary.span.start >= span.start;
        if !self.findings.iter().last().is_some_and(inside) {
            self.findings.push(Finding::error("complex-key", span, message).help(help));
        }
        self.add_nothing();
    }
}
