//! Changes that a gate denies, as findings, and the comments that accept them:
//! `# isobar: accept <class>: <reason> until <date>`. Such a comment holds where one that allows a finding would, or at the
//! node, and until the end of its day, so that nothing is accepted for good by forgetting it. What is gone is named by
//! `accept <class> of <node>`, at the name of the application.

use std::collections::{BTreeSet, HashMap};

use super::{Change, Class, Place, Which};
use crate::base::{Date, FileId, Remark, Sources, Span, nearest, remarks};
use crate::diag::{Finding, Findings};

/// What a gate says.
#[derive(Debug, Clone, Default)]
pub struct Verdict {
    /// One for each change that is denied, and one for each comment that is wrong; in the sources of the new state.
    pub findings: Findings,
    /// For each change, in order: what was decided.
    pub decisions: Vec<Decision>,
}

/// What was decided of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Nobody asked.
    Free,
    /// It is denied.
    Denied,
    /// It would be denied, and a comment accepts it.
    Accepted {
        /// Why.
        reason: String,
        /// The last day.
        until: Date,
    },
}

/// A comment.
struct Accept {
    remark: Remark,
    classes: Vec<Class>,
    /// The one node or subject that is meant.
    of: Option<String>,
    reason: String,
    until: Date,
}

impl Accept {
    /// Whether it speaks of a change. What is gone has to be named: its comment stands where any other could.
    fn is_about(&self, change: &Change, is_gone: bool) -> bool {
        self.classes.contains(&change.class)
            && self.of.as_ref().map_or(!is_gone, |of| change.node.as_ref() == Some(of) || change.subject == *of)
    }
}

/// What a gate knows of the new state.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'a> {
    /// Its files.
    pub sources: &'a Sources,
    /// Where each node is declared, by path.
    pub nodes: &'a HashMap<String, Span>,
    /// A place for what no longer has one: the name of the application.
    pub start: Span,
    /// Today.
    pub today: Date,
}

/// Judges changes.
pub fn judge(changes: &[Change], denied: &BTreeSet<Class>, ground: Ground<'_>) -> Verdict {
    let (accepts, mut findings) = accepts(ground.sources);
    let mut by_file: HashMap<FileId, Vec<&Accept>> = HashMap::new();
    for accept in &accepts {
        by_file.entry(accept.remark.comment.file).or_default().push(accept);
    }
    let mut decisions = Vec::with_capacity(changes.len());
    for change in changes {
        if !denied.contains(&change.class) {
            decisions.push(Decision::Free);
            continue;
        }
        let node = change.node.as_deref().map(|node| node.split(".on.").next().unwrap_or(node));
        let declared = node.and_then(|node| ground.nodes.get(node)).copied();
        let own = match change.place {
            Some(Place { which: Which::New, span }) => Some(span),
            Some(Place { which: Which::Old, .. }) | None => None,
        };
        let is_gone = own.is_none() && declared.is_none();
        let span = own.or(declared).unwrap_or(ground.start);
        let line = |span: Span| {
            let file = ground.sources.get(span.file);
            (span.file, file.map_or(0, |file| file.position(span.start).line as usize - 1))
        };
        // A comment at the node holds for all of it.
        let places = [Some(span), declared].map(|span| span.map(line));
        let comments = places.into_iter().flatten().flat_map(|(file, line)| {
            let all = by_file.get(&file).map(Vec::as_slice).unwrap_or_default();
            all.iter().filter(move |accept| accept.remark.lines.contains(&line)).copied()
        });
        let comments: Vec<&Accept> = comments.filter(|accept| accept.is_about(change, is_gone)).collect();
        if let Some(accept) = comments.iter().find(|accept| accept.until >= ground.today) {
            decisions.push(Decision::Accepted { reason: accept.reason.clone(), until: accept.until });
            continue;
        }
        decisions.push(Decision::Denied);
        findings.push(finding(change, span, is_gone, comments.first().copied()));
    }
    Verdict { findings, decisions }
}

fn finding(change: &Change, span: Span, is_gone: bool, over: Option<&Accept>) -> Finding {
    let class = change.class;
    let mut finding = Finding::error(class.as_str(), span, change.message.clone());
    finding.targets.clone_from(&change.targets);
    let of = if is_gone { format!(" of {}", change.node.as_ref().unwrap_or(&change.subject)) } else { String::new() };
    let finding = finding.label(if is_gone { "what it is about is gone; a comment here accepts that" } else { "" });
    match over {
        Some(accept) => finding
            .related(accept.remark.comment, format!("it was accepted until {}", accept.until))
            .help("if it still holds, write another day"),
        None => finding.help(format!(
            "take it back, or say why it is meant and for how long: \
             `# isobar: accept {class}{of}: <reason> until <YYYY-MM-DD>`"
        )),
    }
}

/// All comments, and what is wrong with some.
fn accepts(sources: &Sources) -> (Vec<Accept>, Findings) {
    let (mut accepts, mut findings) = (Vec::new(), Findings::default());
    for remark in sources.iter().flat_map(|(id, file)| remarks(id, file, "accept")) {
        match read(remark) {
            Ok(accept) => accepts.push(accept),
            Err(finding) => findings.push(*finding),
        }
    }
    (accepts, findings)
}

/// Classes, node, reason and day of a comment: `<class>, <class> of <node>: <reason> until <day>`.
fn read(remark: Remark) -> Result<Accept, Box<Finding>> {
    let (head, rest) = head(&remark.rest);
    let (names, of) = head.split_once(" of ").map_or((head, None), |(names, of)| (names, Some(of.trim().to_owned())));
    let Span { file, start, .. } = remark.rest_span;
    let mut classes = Vec::new();
    for name in names.split(',').map(str::trim) {
        let Some(class) = Class::parse(name) else {
            let at = start + offset(&remark.rest, name);
            let span = Span::new(file, at, at + u32::try_from(name.len()).unwrap_or(u32::MAX));
            let finding = Finding::error("invalid-accept", span, format!("there is no class of changes `{name}`"));
            return Err(Box::new(match nearest(name, Class::ALL.iter().map(|class| class.as_str())) {
                Some(near) => finding.did_you_mean(near),
                None => finding.help("`isobar diff --help` lists the classes"),
            }));
        };
        classes.push(class);
    }
    let wrong = |message: &str| {
        let help = format!("write `# isobar: accept {head}: <reason> until <YYYY-MM-DD>`");
        Box::new(Finding::error("invalid-accept", remark.comment, message).help(help))
    };
    let (reason, day) =
        rest.rsplit_once(" until ").ok_or_else(|| wrong("a comment that accepts a change says until when"))?;
    let until = Date::parse(day.trim()).ok_or_else(|| wrong(&format!("`{}` is no day", day.trim())))?;
    if reason.trim().is_empty() {
        return Err(wrong("a comment that accepts a change says why"));
    }
    let reason = reason.trim().to_owned();
    Ok(Accept { remark, classes, of, reason, until })
}

/// What stands before the colon that ends the head, and what stands behind it. A subject may hold a colon of its own.
fn head(text: &str) -> (&str, &str) {
    let end = text.find(": ").or_else(|| text.strip_suffix(':').map(str::len));
    end.map_or((text.trim_end(), ""), |end| {
        let (head, rest) = text.split_at(end);
        (head.trim_end(), rest.get(1..).unwrap_or_default())
    })
}

fn offset(text: &str, part: &str) -> u32 {
    text.find(part).and_then(|at| u32::try_from(at).ok()).unwrap_or_default()
}
