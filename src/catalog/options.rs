//! The options of a target: `targets.<id>:` of a spec.

use serde::Deserialize;
use serde_json::Value;

/// Type of an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum OptionType {
    /// Text.
    String,
    /// A whole number.
    Integer,
    /// True or false.
    Boolean,
    /// Anything below it is passed on.
    Map,
    /// Texts, at least one; `pattern` and `values` hold for each.
    List,
}

/// One option.
#[derive(Debug, Clone, PartialEq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct OptionRule {
    /// Type.
    #[serde(rename = "type")]
    pub kind: OptionType,
    /// Has to be given.
    #[serde(default)]
    pub required: bool,
    /// Has to be given where the application asks for this feature.
    #[serde(default)]
    pub required_for: Option<String>,
    /// Environments must not share it: some text of it has to hold the name of the environment.
    #[serde(default)]
    pub per_environment: bool,
    /// Value when left out.
    #[serde(default)]
    pub default: Option<Value>,
    /// Regular expression of the whole text.
    #[serde(default)]
    pub pattern: Option<String>,
    /// The texts that are allowed.
    #[serde(default)]
    pub values: Vec<String>,
    /// One sentence.
    pub doc: String,
}

impl OptionRule {
    /// What is wrong with a value, as the rest of a sentence, or nothing.
    pub fn defect(&self, value: &Value) -> Option<String> {
        let fits = match self.kind {
            OptionType::String => value.is_string(),
            OptionType::Integer => value.is_u64(),
            OptionType::Boolean => value.is_boolean(),
            OptionType::Map => value.is_object(),
            OptionType::List => value.as_array().is_some_and(|l| !l.is_empty() && l.iter().all(Value::is_string)),
        };
        if !fits {
            return Some(format!(
                "it has to be a {}",
                match self.kind {
                    OptionType::String => "text",
                    OptionType::Integer => "whole number",
                    OptionType::Boolean => "`true` or `false`",
                    OptionType::Map => "mapping",
                    OptionType::List => "list of texts",
                }
            ));
        }
        match value.as_array() {
            Some(list) => list.iter().find_map(|value| self.text_defect(value)),
            None => self.text_defect(value),
        }
    }

    /// Whether no text of a value holds the name of the environment, where no two may have the same.
    pub fn is_shared(&self, value: &Value, environment: &str) -> bool {
        fn says(value: &Value, name: &str) -> bool {
            match value {
                Value::String(text) => text.contains(name),
                Value::Array(list) => list.iter().any(|value| says(value, name)),
                Value::Object(map) => map.values().any(|value| says(value, name)),
                Value::Null | Value::Bool(_) | Value::Number(_) => false,
            }
        }
        self.per_environment && !says(value, environment)
    }

    fn text_defect(&self, value: &Value) -> Option<String> {
        let text = value.as_str()?;
        if !self.values.is_empty() && !self.values.iter().any(|v| v == text) {
            return Some(format!("it has to be one of {}", self.values.join(", ")));
        }
        let pattern = self.pattern.as_ref()?;
        let matches = jsonschema::is_valid(&serde_json::json!({ "pattern": pattern }), value);
        (!matches).then(|| format!("it has to match `{pattern}`"))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_no_two_environments_may_share_names_the_environment() {
        let rule = |per_environment: bool| -> OptionRule {
            let rule = json!({ "type": "map", "per-environment": per_environment, "doc": "State." });
            serde_json::from_value(rule).unwrap()
        };
        let of = |key: &str| json!({ "s3": { "bucket": "state", "key": key } });
        assert!(rule(true).is_shared(&of("shop"), "prod"));
        assert!(!rule(true).is_shared(&of("shop/prod"), "prod"));
        assert!(rule(true).is_shared(&of("shop/prod"), "default"));
        assert!(!rule(false).is_shared(&of("shop"), "prod"));
    }
}
