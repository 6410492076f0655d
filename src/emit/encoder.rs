//! The only way a template prints anything: one encoder for each output format or unit, never for a cloud.

use std::fmt::Write as _;

use super::{encode_hcl, encode_yaml};
use crate::base::{ByteSize, Duration, Value, is_identifier};

/// Prints one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoder {
    /// An expression of HCL.
    Hcl,
    /// A text that is an identifier, as it is.
    Ident,
    /// JSON.
    Json,
    /// A scalar of YAML, or lists and maps in flow style.
    Yaml,
    /// The UTF-8 of a text in base64.
    Base64,
    /// A text within one line of a comment.
    Comment,
    /// A length of time in seconds, rounded up.
    Seconds,
    /// In minutes, rounded up.
    Minutes,
    /// In days, rounded up.
    Days,
    /// In milliseconds.
    Milliseconds,
    /// As ISO 8601 writes it, `PT1M30S`.
    Iso8601,
    /// As Go writes it, `1m30s`.
    GoDuration,
    /// A size in mebibytes, rounded up.
    Mebibytes,
    /// In bytes.
    Bytes,
    /// A whole number, or a text of digits as one.
    Integer,
}

/// Why a value cannot be printed by an encoder; a clause that follows the name of the field.
pub(super) type Unprintable = String;

impl Encoder {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::Hcl,
        Self::Ident,
        Self::Json,
        Self::Yaml,
        Self::Base64,
        Self::Comment,
        Self::Seconds,
        Self::Minutes,
        Self::Days,
        Self::Milliseconds,
        Self::Iso8601,
        Self::GoDuration,
        Self::Mebibytes,
        Self::Bytes,
        Self::Integer,
    ];

    /// Its name in a template.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hcl => "hcl",
            Self::Ident => "ident",
            Self::Json => "json",
            Self::Yaml => "yaml",
            Self::Base64 => "base64",
            Self::Comment => "comment",
            Self::Seconds => "seconds",
            Self::Minutes => "minutes",
            Self::Days => "days",
            Self::Milliseconds => "milliseconds",
            Self::Iso8601 => "iso8601",
            Self::GoDuration => "go-duration",
            Self::Mebibytes => "mebibytes",
            Self::Bytes => "bytes",
            Self::Integer => "integer",
        }
    }

    /// By its name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|encoder| encoder.name() == name)
    }

    /// Prints `value` behind `out`.
    pub(super) fn write(self, value: &Value, out: &mut String) -> Result<(), Unprintable> {
        match self {
            Self::Hcl => encode_hcl::write(value, out),
            Self::Yaml => encode_yaml::write(value, out),
            Self::Json => write_json(value, out),
            Self::Ident => {
                let text = text_of(value, "`ident`")?;
                if !is_identifier(text) {
                    return Err(format!("is {text:?}, which is no identifier ([A-Za-z_][A-Za-z0-9_-]*)"));
                }
                out.push_str(text);
                Ok(())
            }
            Self::Base64 => {
                data_encoding::BASE64.encode_append(text_of(value, "`base64`")?.as_bytes(), out);
                Ok(())
            }
            Self::Comment => {
                write_comment(value, out);
                Ok(())
            }
            Self::Seconds => write_number(duration(value)?.as_secs_ceil(), out),
            Self::Minutes => write_number(duration(value)?.as_millis().div_ceil(60_000), out),
            Self::Days => write_number(duration(value)?.as_days_ceil(), out),
            Self::Milliseconds => write_number(duration(value)?.as_millis(), out),
            Self::Iso8601 => write_duration(duration(value)?, true, out),
            Self::GoDuration => write_duration(duration(value)?, false, out),
            Self::Mebibytes => write_number(size(value)?.as_mebibytes_ceil(), out),
            Self::Bytes => write_number(size(value)?.as_bytes(), out),
            Self::Integer => {
                let number = if let Value::Number(number) = value { number.as_u64() } else { None };
                let number = number.or_else(|| value.as_str()?.parse().ok());
                write_number(number.ok_or_else(|| "is no whole number".to_owned())?, out)
            }
        }
    }
}

/// What a value is, for a message.
pub(super) const fn describe(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::Text(_) => "a text",
        Value::List(_) => "a list",
        Value::Map(_) => "a map",
        Value::Reference(_) => "a reference",
        Value::Concat(_) => "a concatenation with references",
        Value::Duration(_) => "a duration",
        Value::Size(_) => "a size",
        Value::End(_) => "a node",
    }
}

/// Why a format cannot say what JSON lacks: a unit has to be chosen, or the format knows no references.
pub(super) fn unsayable(value: &Value, format: &str) -> Unprintable {
    match value {
        Value::Size(_) => "is a size; print it by `mebibytes` or `bytes`".to_owned(),
        Value::Duration(_) => "is a duration; print it by `seconds`, `minutes`, `days`, `milliseconds`, `iso8601` or \
            `go-duration`"
            .to_owned(),
        Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::Text(_)
        | Value::List(_)
        | Value::Map(_)
        | Value::Reference(_)
        | Value::Concat(_)
        | Value::End(_) => format!("holds {}, which {format} cannot express", describe(value)),
    }
}

fn text_of<'v>(value: &'v Value, encoder: &str) -> Result<&'v str, Unprintable> {
    value.as_str().ok_or_else(|| format!("is {}; {encoder} prints texts only", describe(value)))
}

fn duration(value: &Value) -> Result<Duration, Unprintable> {
    if let Value::Duration(duration) = value {
        return Ok(*duration);
    }
    Err(format!("is {}, not a duration", describe(value)))
}

fn size(value: &Value) -> Result<ByteSize, Unprintable> {
    if let Value::Size(size) = value {
        return Ok(*size);
    }
    Err(format!("is {}, not a size", describe(value)))
}

#[expect(clippy::unnecessary_wraps, reason = "it is the tail of arms that can fail")]
fn write_number(number: u64, out: &mut String) -> Result<(), Unprintable> {
    // Writing to a String cannot fail.
    let _ = write!(out, "{number}");
    Ok(())
}

/// Hours, minutes, seconds and a fraction; days stay hours, because some readers of either form know no days.
#[expect(clippy::unnecessary_wraps, reason = "it is the tail of arms that can fail")]
fn write_duration(duration: Duration, iso: bool, out: &mut String) -> Result<(), Unprintable> {
    let millis = duration.as_millis();
    let [h, m, s] = if iso { ['H', 'M', 'S'] } else { ['h', 'm', 's'] };
    if iso {
        out.push_str("PT");
    }
    if millis == 0 {
        out.push('0');
        out.push(s);
        return Ok(());
    }
    let (hours, minutes, seconds, rest) =
        (millis / 3_600_000, millis / 60_000 % 60, millis / 1_000 % 60, millis % 1_000);
    // Writing to a String cannot fail.
    if hours > 0 {
        let _ = write!(out, "{hours}{h}");
    }
    if minutes > 0 {
        let _ = write!(out, "{minutes}{m}");
    }
    match (seconds, rest) {
        (0, 0) => {}
        (_, 0) => {
            let _ = write!(out, "{seconds}{s}");
        }
        _ => {
            let fraction = format!("{rest:03}");
            let _ = write!(out, "{seconds}.{}{s}", fraction.trim_end_matches('0'));
        }
    }
    Ok(())
}

/// JSON in one line. What JSON lacks is refused wherever it stands.
fn write_json(value: &Value, out: &mut String) -> Result<(), Unprintable> {
    match value {
        Value::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_json(item, out)?;
            }
            out.push(']');
        }
        Value::Map(map) => {
            out.push('{');
            for (index, (key, item)) in map.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_json_text(key, out);
                out.push(':');
                write_json(item, out)?;
            }
            out.push('}');
        }
        Value::Text(text) => write_json_text(text, out),
        Value::Null | Value::Bool(_) | Value::Number(_) => {
            // Writing to a String cannot fail.
            let _ = write!(out, "{value}");
        }
        Value::Reference(_) | Value::Concat(_) | Value::Duration(_) | Value::Size(_) | Value::End(_) => {
            return Err(unsayable(value, "JSON"));
        }
    }
    Ok(())
}

/// A text of JSON. Line separators are escaped too: YAML, of which JSON is a part, takes them for line breaks.
pub(super) fn write_json_text(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            _ => out.push(c),
        }
    }
    out.push('"');
}

/// One line, whatever the text holds; a block comment cannot be ended either.
fn write_comment(value: &Value, out: &mut String) {
    let shown;
    let text = if let Value::Text(text) = value {
        &**text
    } else {
        shown = value.to_string();
        &shown
    };
    let mut before = ' ';
    for c in text.chars() {
        let c = if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') { ' ' } else { c };
        if before == '*' && c == '/' {
            out.push(' ');
        }
        out.push(c);
        before = c;
    }
}
