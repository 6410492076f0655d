//! Changes that a gate denies, as findings, and the comments that accept them:
//! `# isobar: accept <class>: <reason> until <date>`. Such a comment holds where one that allows a finding would, and until
//! the end of its day, so that nothing is accepted for good by forgetting it.

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
    class: Class,
    reason: String,
    until: Date,
}

/// Judges changes. `start` is a place in the new state for what no longer has one there: the name of the application.
pub fn judge(changes: &[Change], denied: &BTreeSet<Class>, sources: &Sources, start: Span, today: Date) -> Verdict {
    let (accepts, mut findings) = accepts(sources);
    let mut by_class: HashMap<(FileId, Class), Vec<&Accept>> = HashMap::new();
    for accept in &accepts {
        by_class.entry((accept.remark.comment.file, accept.class)).or_default().push(accept);
    }
    let mut decisions = Vec::with_capacity(changes.len());
    for change in changes {
        if !denied.contains(&change.class) {
            decisions.push(Decision::Free);
            continue;
        }
        let span = match change.place {
            Some(Place { which: Which::New, span }) => span,
            Some(Place { which: Which::Old, .. }) | None => start,
        };
        let line = sources.get(span.file).map_or(0, |file| file.position(span.start).line as usize - 1);
        let comments = by_class.get(&(span.file, change.class)).map(Vec::as_slice).unwrap_or_default();
        let mut comments = comments.iter().filter(|accept| accept.remark.lines.contains(&line));
        let over = comments.clone().find(|accept| accept.until < today);
        if let Some(accept) = comments.find(|accept| accept.until >= today) {
            decisions.push(Decision::Accepted { reason: accept.reason.clone(), until: accept.until });
            continue;
        }
        decisions.push(Decision::Denied);
        findings.push(finding(change, span, over.copied()));
    }
    Verdict { findings, decisions }
}

fn finding(change: &Change, span: Span, over: Option<&Accept>) -> Finding {
    let class = change.class;
    let mut finding = Finding::error(class.as_str(), span, change.message.clone());
    finding.targets.clone_from(&change.targets);
    let is_gone = !matches!(change.place, Some(Place { which: Which::New, .. }));
    let place = if is_gone { "what did it is not in the spec any more; a comment here accepts it" } else { "" };
    let finding = finding.label(place);
    match over {
        Some(accept) => finding
            .related(accept.remark.comment, format!("it was accepted until {}", accept.until))
            .help("if it still holds, write another day"),
        None => finding.help(format!(
            "take it back, or say why it is meant and for how long: `# isobar: accept {class}: <reason> until <YYYY-MM-DD>`"
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

/// Class, reason and day of a comment: `<class>: <reason> until <day>`.
fn read(remark: Remark) -> Result<Accept, Box<Finding>> {
    let (name, rest) = remark.rest.split_once(':').unwrap_or((&remark.rest, ""));
    let name = name.trim_end();
    let Span { file, start, .. } = remark.rest_span;
    let Some(class) = Class::parse(name) else {
        let span = Span::new(file, start, start + u32::try_from(name.len()).unwrap_or(u32::MAX));
        let finding = Finding::error("invalid-accept", span, format!("there is no class of changes `{name}`"));
        return Err(Box::new(match nearest(name, Class::ALL.iter().map(|class| class.as_str())) {
            Some(near) => finding.did_you_mean(near),
            None => finding.help("`isobar diff --help` lists the classes"),
        }));
    };
    let wrong = |message: &str| {
        let help = format!("write `# isobar: accept {class}: <reason> until <YYYY-MM-DD>`");
        Box::new(Finding::error("invalid-accept", remark.comment, message).help(help))
    };
    let (reason, day) =
        rest.rsplit_once(" until ").ok_or_else(|| wrong("a comment that accepts a change says until when"))?;
    let until = Date::parse(day.trim()).ok_or_else(|| wrong(&format!("`{}` is no day", day.trim())))?;
    if reason.trim().is_empty() {
        return Err(wrong("a comment that accepts a change says why"));
    }
    let reason = reason.trim().to_owned();
    Ok(Accept { remark, class, reason, until })
}
