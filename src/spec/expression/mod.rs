//! Expressions of workflows: paths, literals, comparisons, `and or not`, arithmetic and parentheses; no functions.
//! A bare scalar in a field that is an expression by type is read here, and every path keeps its place.

mod lexer;
mod parser;

use std::fmt;
use std::sync::Arc;

use schemars::{Schema, SchemaGenerator, json_schema};
use serde_json::Value;

use super::context::Context;
use super::parse::Parse;
use crate::base::{Name, Span};
use crate::diag::{Finding, shorten};
use crate::yaml::{Kind, Node, Scalar};

/// Root of a path in an expression.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PathRoot {
    /// The input of the workflow.
    Input,
    /// The result of a task.
    Task(Name),
    /// The variable of an enclosing `for`.
    Each(Name),
    /// The error of an enclosing `catch`.
    Error,
}

/// Operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operator {
    /// `==`
    Eq,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
    /// `and`
    And,
    /// `or`
    Or,
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
}

impl Operator {
    /// As written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Eq => "==",
            Self::Ne => "!=",
            Self::Lt => "<",
            Self::Le => "<=",
            Self::Gt => ">",
            Self::Ge => ">=",
            Self::And => "and",
            Self::Or => "or",
            Self::Add => "+",
            Self::Sub => "-",
            Self::Mul => "*",
            Self::Div => "/",
        }
    }

    /// How strongly it binds its sides.
    const fn strength(self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And => 2,
            Self::Eq | Self::Ne | Self::Lt | Self::Le | Self::Gt | Self::Ge => 4,
            Self::Add | Self::Sub => 5,
            Self::Mul | Self::Div => 6,
        }
    }
}

/// A parsed expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// A literal.
    Literal(Value),
    /// `input.a.b`, `tasks.x.y`.
    Path {
        /// Where it starts.
        root: PathRoot,
        /// Steps.
        steps: Vec<Arc<str>>,
        /// Where it was written.
        span: Span,
    },
    /// `not x`
    Not(Box<Expr>),
    /// Both sides.
    Binary {
        /// What is done.
        operator: Operator,
        /// Left.
        left: Box<Expr>,
        /// Right.
        right: Box<Expr>,
    },
}

impl Expr {
    /// Calls `visit` for every path with its place.
    pub fn paths(&self, visit: &mut impl FnMut(&PathRoot, &[Arc<str>], Span)) {
        match self {
            Self::Literal(_) => {}
            Self::Path { root, steps, span } => visit(root, steps, *span),
            Self::Not(inner) => inner.paths(visit),
            Self::Binary { left, right, .. } => {
                left.paths(visit);
                right.paths(visit);
            }
        }
    }
}

impl fmt::Display for Expr {
    /// Fully parenthesised where one operator stands in another; reading it gives the same expression.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = |f: &mut fmt::Formatter<'_>, expr: &Self| match expr {
            Self::Literal(_) | Self::Path { .. } => write!(f, "{expr}"),
            Self::Not(_) | Self::Binary { .. } => write!(f, "({expr})"),
        };
        match self {
            Self::Literal(Value::String(text)) => {
                write!(f, "'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
            }
            Self::Literal(value) => write!(f, "{value}"),
            Self::Path { root, steps, .. } => {
                match root {
                    PathRoot::Input => f.write_str("input")?,
                    PathRoot::Task(name) => write!(f, "tasks.{name}")?,
                    PathRoot::Each(name) => write!(f, "{name}")?,
                    PathRoot::Error => f.write_str("error")?,
                }
                steps.iter().try_for_each(|step| write!(f, ".{step}"))
            }
            Self::Not(inner) => {
                f.write_str("not ")?;
                side(f, inner)
            }
            Self::Binary { operator, left, right } => {
                side(f, left)?;
                write!(f, " {} ", operator.as_str())?;
                side(f, right)
            }
        }
    }
}

/// What is wrong with an expression: where in its text, and what to do.
#[derive(Debug, PartialEq, Eq)]
struct Fault {
    start: usize,
    end: usize,
    what: String,
    help: String,
}

impl Parse for Expr {
    const WHAT: &'static str = "an expression";
    const EXAMPLE: &'static str = "input.orderId";

    fn parse(node: &Node, cx: &mut Context) -> Option<Self> {
        let Kind::Scalar(scalar) = &node.kind else {
            cx.wrong_type(node, Self::WHAT, Self::EXAMPLE);
            return None;
        };
        if scalar.text.is_empty() {
            cx.wrong_type(node, Self::WHAT, Self::EXAMPLE);
            return None;
        }
        let place = Place::of(scalar, node.span);
        match parser::parse(&scalar.text, |start, end| place.span(start, end)) {
            Ok(expr) => Some(expr),
            Err(fault) => {
                let message = format!("`{}` is not an expression: {}", shorten(&scalar.text), fault.what);
                let span = place.span(fault.start, fault.end);
                cx.report(Finding::error("invalid-expression", span, message).help(fault.help));
                None
            }
        }
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": ["string", "number", "boolean", "null"],
            "description": "An expression: paths (`input.a`, `tasks.name.a`), literals (`'text'`, `5`, `true`, `null`), == != < <= > >=, and or not, + - * /, parentheses."
        })
    }
}

/// Where the text of a scalar stands. Escapes, folding and interpolation move it; then the whole scalar is the place.
struct Place {
    whole: Span,
    offset: Option<u32>,
}

impl Place {
    fn of(scalar: &Scalar, whole: Span) -> Self {
        let written = whole.end.saturating_sub(whole.start);
        let length = u32::try_from(scalar.text.len()).unwrap_or(u32::MAX);
        let offset = match written.checked_sub(length) {
            Some(0) if scalar.plain => Some(0),
            Some(2) if !scalar.plain => Some(1),
            _ => None,
        };
        Self { whole, offset }
    }

    fn span(&self, start: usize, end: usize) -> Span {
        let (Some(offset), Ok(start), Ok(end)) = (self.offset, u32::try_from(start), u32::try_from(end)) else {
            return self.whole;
        };
        let base = self.whole.start + offset;
        Span::new(self.whole.file, base.saturating_add(start), base.saturating_add(end))
    }
}
