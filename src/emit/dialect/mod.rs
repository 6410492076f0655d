//! What needs an algorithm and differs between formats: conditions on the data of an event, in the language of the
//! channel that is asked. Named by format, chosen in the manifest.

mod event_pattern;

use crate::base::{Map, Value};
use crate::catalog::FilterDialect;

/// The conditions of a trigger's view (`where`) in a dialect: the value that stands for the data of the event.
/// `None` without conditions; otherwise what cannot be said, as the end of a sentence.
pub(super) fn filter(dialect: FilterDialect, view: &Map) -> Result<Option<Value>, String> {
    let conditions = view.get("where").and_then(Value::as_list).unwrap_or_default();
    if conditions.is_empty() {
        return Ok(None);
    }
    match dialect {
        FilterDialect::EventPattern => event_pattern::pattern(conditions).map(Some),
        FilterDialect::Attributes => Err("it filters by the attributes of an event, never by its data".to_owned()),
    }
}
