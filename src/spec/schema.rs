//! The JSON Schema of a spec, for editors.

use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::Spec;

/// The JSON Schema (2020-12) of `isobar.yaml`, made from the declarations that the parser is made from.
pub fn schema() -> Value {
    let mut schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Spec>();
    schema.insert("title".to_owned(), "isobar.yaml".into());
    schema.to_value()
}
