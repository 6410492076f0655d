//! The templates of one target, checked and ready to render. Rendering walks the steps against the view without
//! copying any of it, and stops at a missing field, a value of the wrong kind or too much output.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use super::check::{self, TemplateDefect};
use super::flow;
use super::program::{Field, From, Program, Step};
use crate::base::Value;
use rayon::prelude::*;

/// The most that one template may write, in bytes.
const OUTPUT_CAP: usize = 64 << 20;
/// The most steps that one rendering may take: loops in partials in loops multiply.
const STEP_CAP: u64 = 50_000_000;

/// What a template sees. A view under a plan is put together only as far as a template asks for it.
pub trait View {
    /// A field of the view itself.
    fn field(&self, key: &str) -> Option<&Value>;
    /// What a value stands for: itself, or what is kept in one place for all that name it.
    fn follow<'v>(&'v self, value: &'v Value) -> &'v Value;
    /// A value with everything in it followed, to be printed as a whole.
    fn whole<'v>(&self, value: &'v Value) -> Cow<'v, Value>;
    /// The names of all fields, to say what was meant.
    fn names(&self) -> Vec<&str>;
}

impl View for Value {
    fn field(&self, key: &str) -> Option<&Value> {
        self.get(key)
    }

    fn follow<'v>(&'v self, value: &'v Value) -> &'v Value {
        value
    }

    fn whole<'v>(&self, value: &'v Value) -> Cow<'v, Value> {
        Cow::Borrowed(value)
    }

    fn names(&self) -> Vec<&str> {
        self.as_map().map(|map| map.keys().collect()).unwrap_or_default()
    }
}

/// Checked templates.
#[derive(Debug, Clone)]
pub struct Engine {
    templates: BTreeMap<String, Program>,
    partials: Vec<Program>,
    output_cap: usize,
}

/// A template that could not be rendered with its view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderError {
    /// The template or partial; empty when none was reached.
    pub template: String,
    /// The line, from 1.
    pub line: u32,
    /// What is wrong there.
    pub message: String,
}

impl fmt::Display for RenderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "template `{}` line {}: {}", self.template, self.line, self.message)
    }
}

impl std::error::Error for RenderError {}

impl Engine {
    /// Compiles and checks all templates and partials, given by name and text. Every defect is found in one run.
    pub fn new<N: Into<String>, T: AsRef<str> + Sync>(
        templates: impl IntoIterator<Item = (N, T)>,
        partials: impl IntoIterator<Item = (N, T)>,
    ) -> Result<Self, Vec<TemplateDefect>> {
        let partials: BTreeMap<String, T> = partials.into_iter().map(|(name, text)| (name.into(), text)).collect();
        let templates: BTreeMap<String, T> = templates.into_iter().map(|(name, text)| (name.into(), text)).collect();
        let names: Vec<String> = partials.keys().cloned().collect();
        // Reading them is half of what a small compile does.
        let compile = |texts: &BTreeMap<String, T>, is_partial: bool| -> Vec<(Option<Program>, Vec<TemplateDefect>)> {
            let one = |(name, text): (&String, &T)| match check::compile(name, text.as_ref(), &names) {
                Ok(program) => {
                    let defects = flow::check(&program, is_partial);
                    (Some(program), defects)
                }
                Err(defects) => (None, defects),
            };
            texts.par_iter().map(one).collect()
        };
        let (mut defects, mut compiled, mut by_name) = (Vec::new(), Vec::new(), BTreeMap::new());
        for (program, found) in compile(&partials, true) {
            compiled.extend(program);
            defects.extend(found);
        }
        if defects.is_empty() {
            defects.extend(cycles(&compiled));
        }
        for (program, found) in compile(&templates, false) {
            by_name.extend(program.map(|program| (program.name.to_string(), program)));
            defects.extend(found);
        }
        if defects.is_empty() {
            return Ok(Self { templates: by_name, partials: compiled, output_cap: OUTPUT_CAP });
        }
        defects.sort();
        Err(defects)
    }

    /// Limits the output of one rendering, in bytes.
    #[must_use]
    pub fn with_output_cap(mut self, bytes: usize) -> Self {
        self.output_cap = bytes;
        self
    }

    /// Whether there is a template of this name.
    pub fn has(&self, template: &str) -> bool {
        self.templates.contains_key(template)
    }

    /// Renders `template` with `view`.
    pub fn render(&self, template: &str, view: &impl View) -> Result<String, RenderError> {
        let mut out = String::with_capacity(1024);
        self.render_into(template, view, &mut out)?;
        Ok(out)
    }

    /// Renders behind what `out` holds; on an error, what was written of this template is left in place.
    pub fn render_into(&self, template: &str, view: &impl View, out: &mut String) -> Result<(), RenderError> {
        let Some(program) = self.templates.get(template) else {
            let message = "there is no template of this name".to_owned();
            return Err(RenderError { template: template.to_owned(), line: 1, message });
        };
        let cap = out.len().saturating_add(self.output_cap);
        let mut run = Run { engine: self, view, program, steps: 0, cap };
        run.steps(&program.steps, &Scope { value: None, outside: None, index: 0, count: 0 }, out)
    }
}

/// Partials that include themselves, directly or not.
fn cycles(partials: &[Program]) -> Vec<TemplateDefect> {
    fn includes(steps: &[Step], found: &mut Vec<(usize, u32)>) {
        for step in steps {
            match step {
                Step::Include { partial, line, .. } => found.push((*partial, *line)),
                Step::Each { body, otherwise, .. } | Step::If { body, otherwise, .. } => {
                    includes(body, found);
                    includes(otherwise, found);
                }
                Step::Text(_) | Step::Encode { .. } => {}
            }
        }
    }
    let edges: Vec<Vec<(usize, u32)>> = partials
        .iter()
        .map(|program| {
            let mut found = Vec::new();
            includes(&program.steps, &mut found);
            found
        })
        .collect();
    let reaches = |from: usize, to: usize| {
        let (mut seen, mut open) = (vec![false; edges.len()], vec![from]);
        while let Some(at) = open.pop() {
            if at == to {
                return true;
            }
            if seen.get(at) == Some(&false) {
                if let Some(mark) = seen.get_mut(at) {
                    *mark = true;
                }
                open.extend(edges.get(at).into_iter().flatten().map(|(next, _)| *next));
            }
        }
        false
    };
    let mut defects = Vec::new();
    for (at, (program, edges)) in partials.iter().zip(&edges).enumerate() {
        for (next, line) in edges.iter().filter(|(next, _)| reaches(*next, at)) {
            let name = partials.get(*next).map_or("", |p| &p.name);
            let message = format!("the partial includes itself by `{{{{> {name}}}}}`");
            defects.push(TemplateDefect { template: program.name.to_string(), line: *line, message });
        }
    }
    defects
}

/// The element that a path starts from, on the stack of the walk.
#[derive(Clone, Copy)]
struct Scope<'s> {
    /// `None` for the view.
    value: Option<&'s Value>,
    outside: Option<&'s Scope<'s>>,
    index: usize,
    count: usize,
}

/// What a field holds.
enum Found<'v> {
    Value(&'v Value),
    Flag(bool),
    Number(usize),
}

struct Run<'e, V> {
    engine: &'e Engine,
    view: &'e V,
    program: &'e Program,
    steps: u64,
    cap: usize,
}

impl<'e, V: View> Run<'e, V> {
    fn error(&self, line: u32, message: impl Into<String>) -> RenderError {
        RenderError { template: self.program.name.to_string(), line, message: message.into() }
    }

    fn steps<'v>(&mut self, steps: &'e [Step], scope: &Scope<'v>, out: &mut String) -> Result<(), RenderError>
    where
        'e: 'v,
    {
        for step in steps {
            self.steps += 1;
            match step {
                Step::Text(text) => out.push_str(text),
                Step::Encode { encoder, field, line } => {
                    let value = match self.find(field, scope, *line)? {
                        Found::Value(value) => self.view.whole(value),
                        Found::Number(index) => Cow::Owned(Value::from(index)),
                        Found::Flag(_) => return Err(self.error(*line, format!("`{}` is a flag", field.text))),
                    };
                    encoder.write(&value, out).map_err(|why| self.error(*line, format!("`{}` {why}", field.text)))?;
                }
                Step::Each { field, body, otherwise, line } => {
                    self.each(field, (body, otherwise), *line, scope, out)?;
                }
                Step::If { field, wanted, body, otherwise, line } => {
                    let (Found::Flag(flag) | Found::Value(&Value::Bool(flag))) = self.find(field, scope, *line)? else {
                        return Err(self.error(*line, format!("`{}` is no boolean", field.text)));
                    };
                    self.steps(if flag == *wanted { body } else { otherwise }, scope, out)?;
                }
                Step::Include { partial, indent, line } => self.include(*partial, indent, *line, scope, out)?,
            }
            if out.len() > self.cap || self.steps > STEP_CAP {
                let line = match step {
                    Step::Text(_) => 1,
                    Step::Encode { line, .. }
                    | Step::Each { line, .. }
                    | Step::If { line, .. }
                    | Step::Include { line, .. } => *line,
                };
                return Err(self.error(
                    line,
                    format!("it writes more than {} bytes or takes more than {STEP_CAP} steps", self.engine.output_cap),
                ));
            }
        }
        Ok(())
    }

    fn each<'v>(
        &mut self,
        field: &Field,
        (body, otherwise): (&'e [Step], &'e [Step]),
        line: u32,
        scope: &Scope<'v>,
        out: &mut String,
    ) -> Result<(), RenderError>
    where
        'e: 'v,
    {
        let Found::Value(Value::List(items)) = self.find(field, scope, line)? else {
            return Err(self.error(line, format!("`{}` is no list", field.text)));
        };
        if items.is_empty() {
            return self.steps(otherwise, scope, out);
        }
        let count = items.len();
        for (index, value) in items.iter().enumerate() {
            let value = Some(self.view.follow(value));
            self.steps(body, &Scope { value, outside: Some(scope), index, count }, out)?;
        }
        Ok(())
    }

    fn include<'v>(
        &mut self,
        partial: usize,
        indent: &str,
        line: u32,
        scope: &Scope<'v>,
        out: &mut String,
    ) -> Result<(), RenderError>
    where
        'e: 'v,
    {
        let Some(program) = self.engine.partials.get(partial) else {
            return Err(self.error(line, "the partial is gone"));
        };
        let outer = std::mem::replace(&mut self.program, program);
        if indent.is_empty() {
            self.steps(&program.steps, scope, out)?;
        } else {
            let mut text = String::new();
            let cap = self.cap;
            self.cap = cap.saturating_sub(out.len());
            self.steps(&program.steps, scope, &mut text)?;
            self.cap = cap;
            for line in text.split_inclusive('\n') {
                if line != "\n" {
                    out.push_str(indent);
                }
                out.push_str(line);
            }
        }
        self.program = outer;
        Ok(())
    }

    fn find<'v>(&self, field: &Field, scope: &Scope<'v>, line: u32) -> Result<Found<'v>, RenderError>
    where
        'e: 'v,
    {
        let start = match field.from {
            From::Here => scope.value,
            From::Outside => scope.outside.map_or(scope.value, |outside| outside.value),
            From::Index => return Ok(Found::Number(scope.index)),
            From::First => return Ok(Found::Flag(scope.index == 0)),
            From::Last => return Ok(Found::Flag(scope.index + 1 == scope.count)),
        };
        let mut at = start;
        for (depth, key) in field.keys.iter().enumerate() {
            let next = at.map_or_else(|| self.view.field(key), |value| value.get(key.as_ref()));
            let Some(next) = next else { return Err(self.missing(field, depth, at, line)) };
            at = Some(self.view.follow(next));
        }
        let found = at.ok_or_else(|| self.error(line, "the view as a whole is no value"));
        found.map(Found::Value)
    }

    fn missing(&self, field: &Field, depth: usize, at: Option<&Value>, line: u32) -> RenderError {
        let key = field.keys.get(depth).map_or("", AsRef::as_ref);
        let place = if depth == 0 {
            "the view here".to_owned()
        } else {
            format!("`{}`", field.keys.get(..depth).unwrap_or_default().join("."))
        };
        let names = match at {
            None => self.view.names(),
            Some(Value::Map(map)) => map.keys().collect(),
            Some(_) => return self.error(line, format!("`{}`: {place} is no map and has no `{key}`", field.text)),
        };
        let guard = if names.contains(&format!("has_{key}").as_str()) {
            format!("; test `has_{key}` first")
        } else {
            let near = crate::base::nearest(key, names);
            near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"))
        };
        self.error(line, format!("`{}`: {place} has no `{key}`{guard}", field.text))
    }
}
