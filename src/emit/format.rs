//! The last touch on YAML and JSON: what templates cannot see to, and a check that the text is what it says. YAML that the
//! proof reads is not parsed here as well: it is the larger part of the work, and the proof refuses what it cannot read.

use serde::Deserialize as _;
use serde::de::IgnoredAny;

/// YAML documents without trailing blanks and runs of empty lines, with one line break at the end.
pub(super) fn format_yaml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut empty = true;
    for line in text.lines().map(str::trim_end) {
        if line.is_empty() && empty {
            continue;
        }
        empty = line.is_empty();
        out.push_str(line);
        out.push('\n');
    }
    let kept = out.trim_end().len();
    out.truncate(kept);
    if !out.is_empty() {
        out.push('\n');
    }
    out
}

/// Why a text is no YAML.
pub(super) fn check_yaml(text: &str) -> Result<(), String> {
    for document in serde_yaml::Deserializer::from_str(text) {
        IgnoredAny::deserialize(document).map_err(|e| e.to_string())?;
    }
    Ok(())
}

/// JSON with two blanks a level. Fails where the text is no JSON.
pub(super) fn format_json(text: &str) -> Result<String, String> {
    let value: serde_json::Value = serde_json::from_str(text).map_err(|e| e.to_string())?;
    serde_json::to_string_pretty(&value).map(|s| s + "\n").map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn yaml_is_tidied_and_checked() {
        assert_eq!(format_yaml("\na: 1  \n\n\nb: 2\n\n"), "a: 1\n\nb: 2\n");
        assert!(check_yaml("a: 1\n---\nb: 2\n").is_ok());
        assert!(check_yaml("a: [").is_err());
    }

    #[test]
    fn json_is_tidied_and_checked() {
        assert_eq!(format_json("{\"a\":[1]}").unwrap(), "{\n  \"a\": [\n    1\n  ]\n}\n");
        assert!(format_json("{,}").is_err());
    }
}
