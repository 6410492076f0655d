//! Handlebars text → [`Program`]. The parser is handlebars' own; this walks what it read and refuses everything but
//! encoder calls, loops, flags, partials and comments, saying for each what to write instead.

use std::fmt;

use handlebars::template::{DecoratorTemplate, HelperTemplate, Parameter, Template, TemplateElement};

use super::Encoder;
use super::program::{Field, From, Program, Step};
use crate::base::nearest;

/// The longest template, in bytes.
const LONGEST: usize = 1 << 20;
/// How deep blocks may stand in each other: the parser recurses.
const DEEPEST: usize = 24;
/// How deep loops may: the check of positions walks each several times.
const DEEPEST_LOOP: usize = 4;

/// A place of a template that breaks the contract.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TemplateDefect {
    /// The template or partial.
    pub template: String,
    /// The line, from 1.
    pub line: u32,
    /// What is wrong there and what to write instead.
    pub message: String,
}

impl fmt::Display for TemplateDefect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "template `{}` line {}: {}", self.template, self.line, self.message)
    }
}

/// Compiles one template. `partials` are the names that may be included, in the order of their numbers.
pub(super) fn compile(name: &str, text: &str, partials: &[String]) -> Result<Program, Vec<TemplateDefect>> {
    let mut check = Check { template: name, partials, defects: Vec::new() };
    if let Some((line, message)) = too_large(text) {
        check.refuse(line, message);
        return Err(check.defects);
    }
    let steps = match Template::compile(text) {
        Ok(template) => check.steps(&template, 1, 0),
        Err(error) => {
            let (line, _) = error.pos().unwrap_or((1, 1));
            let reason = error.reason().to_string();
            let reason = reason.lines().next().unwrap_or_default();
            check.refuse(to_line(line), format!("handlebars cannot read it: {reason}"));
            return Err(check.defects);
        }
    };
    if check.defects.is_empty() { Ok(Program { name: name.into(), steps }) } else { Err(check.defects) }
}

/// What the parser, which recurses and trusts its input, is not asked to read.
fn too_large(text: &str) -> Option<(u32, String)> {
    if text.len() > LONGEST {
        return Some((1, format!("it is larger than {LONGEST} bytes; split it")));
    }
    for (index, line) in text.lines().enumerate() {
        // Subexpressions and literals are refused anyway, and are the only forms that nest within a tag.
        if line.split("{{").skip(1).any(|tag| {
            let tag = tag.split("}}").next().unwrap_or_default();
            !tag.trim_start_matches('~').starts_with('!') && tag.contains(['(', '[', '"', '\''])
        }) {
            let message = "a tag takes one plain path: no subexpression, literal or computed name".to_owned();
            return Some((to_line(index + 1), message));
        }
    }
    let mut depth = 0usize;
    for (offset, _) in text.match_indices("{{") {
        let tag = text.get(offset + 2..).unwrap_or_default().trim_start_matches('~').trim_start();
        match tag.as_bytes().first() {
            Some(b'#') => depth += 1,
            Some(b'/') => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            let line = text.get(..offset).unwrap_or_default().matches('\n').count() + 1;
            return Some((to_line(line), format!("blocks stand more than {DEEPEST} deep; move parts into a partial")));
        }
    }
    None
}

fn to_line(line: usize) -> u32 {
    u32::try_from(line).unwrap_or(u32::MAX)
}

struct Check<'a> {
    template: &'a str,
    partials: &'a [String],
    defects: Vec<TemplateDefect>,
}

impl Check<'_> {
    fn refuse(&mut self, line: u32, message: impl Into<String>) {
        self.defects.push(TemplateDefect { template: self.template.to_owned(), line, message: message.into() });
    }

    fn steps(&mut self, template: &Template, around: u32, loops: usize) -> Vec<Step> {
        let mut steps = Vec::with_capacity(template.elements.len());
        for (index, element) in template.elements.iter().enumerate() {
            // Branches of `{{else if}}` carry no line of their own.
            let line = template.mapping.get(index).map_or(around, |place| to_line(place.0));
            let step = match element {
                TemplateElement::RawString(text) if text.is_empty() => None,
                TemplateElement::RawString(text) => Some(Step::Text(text.as_str().into())),
                TemplateElement::Comment(_) => None,
                TemplateElement::Expression(call) => self.encode(call, line, loops),
                TemplateElement::HelperBlock(call) => self.block(call, line, loops),
                TemplateElement::PartialExpression(call) => self.include(call, line),
                TemplateElement::HtmlExpression(_) => {
                    self.refuse(
                        line,
                        "a triple or ampersand tag prints text as it is; write `{{hcl path}}` or another encoder",
                    );
                    None
                }
                TemplateElement::DecoratorExpression(_) | TemplateElement::DecoratorBlock(_) => {
                    self.refuse(
                        line,
                        "decorators and inline partials are not allowed; put the text into templates/partials",
                    );
                    None
                }
                TemplateElement::PartialBlock(_) => {
                    self.refuse(line, "a partial takes no block; write `{{> name}}`");
                    None
                }
                _ => {
                    self.refuse(line, "this form of tag is not known here");
                    None
                }
            };
            steps.extend(step);
        }
        steps
    }

    fn encode(&mut self, call: &HelperTemplate, line: u32, loops: usize) -> Option<Step> {
        let Some(name) = call.name.as_name() else {
            self.refuse(line, "a tag takes one encoder and one plain path, such as `{{hcl name}}`");
            return None;
        };
        if call.params.is_empty() && call.hash.is_empty() {
            self.refuse(line, bare(name));
            return None;
        }
        let Some(encoder) = Encoder::parse(name) else {
            self.refuse(line, unknown(name));
            return None;
        };
        let field = self.argument(call, line, loops)?;
        if matches!(field.from, From::First | From::Last) {
            self.refuse(line, format!("`{}` is a flag; test it with `{{{{#if {}}}}}`", field.text, field.text));
            return None;
        }
        Some(Step::Encode { encoder, field, line })
    }

    /// The one plain path that a call takes.
    fn argument(&mut self, call: &HelperTemplate, line: u32, loops: usize) -> Option<Field> {
        let name = call.name.as_name().unwrap_or_default();
        let text = match call.params.as_slice() {
            [Parameter::Path(_)] if call.hash.is_empty() && call.block_param.is_none() => {
                call.params.first().and_then(Parameter::as_name).unwrap_or_default()
            }
            _ => {
                self.refuse(
                    line,
                    format!("`{name}` takes exactly one plain path: no literal, option, subexpression or `as |x|`"),
                );
                return None;
            }
        };
        match Field::parse(text) {
            Ok(field) if field.from != From::Here && loops == 0 => {
                self.refuse(line, format!("`{text}` has no `{{{{#each}}}}` around it in this file"));
                None
            }
            Ok(field) => Some(field),
            Err(message) => {
                self.refuse(line, message);
                None
            }
        }
    }

    fn block(&mut self, call: &HelperTemplate, line: u32, loops: usize) -> Option<Step> {
        let name = call.name.as_name().unwrap_or_default();
        let is_loop = match name {
            "each" => true,
            "if" | "unless" => false,
            "with" => {
                self.refuse(line, "`with` is not allowed; write the whole path, such as `{{hcl dead_letter.id}}`");
                return None;
            }
            _ => {
                self.refuse(line, format!("`{{{{#{name}}}}}` is not known; the blocks are `each`, `if` and `unless`"));
                return None;
            }
        };
        if is_loop && loops == DEEPEST_LOOP {
            self.refuse(line, format!("loops stand more than {DEEPEST_LOOP} deep; move parts into a partial"));
            return None;
        }
        let field = self.argument(call, line, loops);
        let inner = if is_loop { loops + 1 } else { loops };
        let body = call.template.as_ref().map_or_else(Vec::new, |t| self.steps(t, line, inner));
        let otherwise = call.inverse.as_ref().map_or_else(Vec::new, |t| self.steps(t, line, loops));
        let field = field?;
        if is_loop {
            if matches!(field.from, From::Here | From::Outside) {
                return Some(Step::Each { field, body, otherwise, line });
            }
            self.refuse(line, format!("`{}` is no list", field.text));
            return None;
        }
        let is_flag = match field.from {
            From::First | From::Last => true,
            From::Index => false,
            From::Here | From::Outside => field.last().starts_with("has_") || field.last().starts_with("is_"),
        };
        if is_flag {
            return Some(Step::If { field, wanted: name == "if", body, otherwise, line });
        }
        self.refuse(
            line,
            format!(
                "`{}` is no flag; test a field whose last key starts with `has_` or `is_`, or `@first`, `@last`",
                field.text
            ),
        );
        None
    }

    fn include(&mut self, call: &DecoratorTemplate, line: u32) -> Option<Step> {
        let Some(name) = call.name.as_name() else {
            self.refuse(line, "the name of a partial is written out: `{{> name}}`");
            return None;
        };
        if !call.params.is_empty() || !call.hash.is_empty() {
            self.refuse(
                line,
                format!("a partial takes no argument; write `{{{{> {name}}}}}`, it sees the fields of its place"),
            );
            return None;
        }
        let Some(partial) = self.partials.iter().position(|p| p == name) else {
            let hint = nearest(name, self.partials.iter().map(String::as_str))
                .map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
            self.refuse(line, format!("there is no templates/partials/{name}.hbs{hint}"));
            return None;
        };
        Some(Step::Include { partial, indent: call.indent.as_deref().unwrap_or_default().into(), line })
    }
}

fn bare(name: &str) -> String {
    if Encoder::parse(name).is_some() {
        return format!("`{{{{{name}}}}}` names no field; write `{{{{{name} path}}}}`");
    }
    format!(
        "`{{{{{name}}}}}` prints without an encoder; write `{{{{hcl {name}}}}}`, `{{{{yaml {name}}}}}` or another encoder"
    )
}

fn unknown(name: &str) -> String {
    match name {
        "lookup" => "`lookup` computes a path; let the view carry the field".to_owned(),
        "log" => "`log` is not allowed in a template".to_owned(),
        _ => {
            let names = || Encoder::ALL.iter().map(|e| e.name());
            let near = nearest(name, names())
                .map_or_else(|| names().collect::<Vec<_>>().join(", "), |near| format!("did you mean `{near}`?"));
            format!("there is no encoder `{name}`: {near}")
        }
    }
}
