//! Trees as JSON: event schemas written inline, native attributes, inputs of schedules.

use serde_json::{Map, Number, Value};

use super::context::{Context, Key};
use crate::yaml::{Kind, Node, Scalar};

/// The node as a JSON value. `None` when it is nested too deep, which is reported.
pub(crate) fn value(node: &Node, cx: &mut Context) -> Option<Value> {
    match &node.kind {
        Kind::Scalar(s) => Some(scalar(s)),
        Kind::Seq(items) => {
            let key = Key::Written(cx.key().into());
            cx.within(key, node.span, |cx| {
                items.iter().map(|item| value(item, cx)).collect::<Option<_>>().map(Value::Array)
            })
        }
        Kind::Map(entries) => {
            let mut map = Map::new();
            for entry in entries.iter() {
                let key = Key::Written(entry.key.value.clone());
                let value = cx.within(key, entry.key.span, |cx| value(&entry.value, cx))?;
                map.insert(entry.key.value.to_string(), value);
            }
            Some(Value::Object(map))
        }
    }
}

/// The scalar as its core schema type.
pub(crate) fn scalar(scalar: &Scalar) -> Value {
    if scalar.is_null() {
        return Value::Null;
    }
    if let Some(b) = scalar.as_bool() {
        return Value::Bool(b);
    }
    if let Some(n) = scalar.as_int() {
        return Value::Number(n.into());
    }
    scalar.as_float().and_then(Number::from_f64).map_or_else(|| Value::String(scalar.text.to_string()), Value::Number)
}

/// A YAML text as JSON, for schemas that are written in YAML. The first defect as a clause when it is none.
pub fn document(text: &str) -> Result<Value, String> {
    use crate::base::FileId;
    let (tree, findings) = crate::yaml::parse(FileId(0), text, &crate::yaml::Caps::default());
    let mut cx = Context::new();
    let value = tree.and_then(|tree| value(&tree, &mut cx));
    let mut findings = findings.into_iter().chain(cx.finish());
    match (findings.find(|f| f.severity == crate::diag::Severity::Error), value) {
        (None, Some(value)) => Ok(value),
        (Some(finding), _) => {
            let line = text.get(..finding.primary.span.start as usize).map_or(1, |t| t.matches('\n').count() + 1);
            Err(format!("{} (line {line})", finding.message))
        }
        (None, None) => Err("it is empty".to_owned()),
    }
}
