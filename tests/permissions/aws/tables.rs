//! Calls on tables. A condition sees the leading keys of all rows that a call names.

use isobar::analysis::{Object, Tuple};
use isobar::model::{AnyResource, Function, Id, Scope, Verb};
use serde_json::{Value, json};

use super::names::Names;
use super::rights::{Part, Right, part, siblings};

/// What a condition sees: a set.
pub(super) const KEYS: &str = "dynamodb:LeadingKeys";

/// The operations that are a verb.
fn operations(verb: Verb) -> &'static [&'static str] {
    match verb {
        Verb::Get => &["GetItem"],
        Verb::Put => &["PutItem"],
        Verb::Update => &["UpdateItem"],
        Verb::Delete => &["DeleteItem"],
        Verb::Query => &["Query"],
        Verb::Scan => &["Scan"],
        Verb::BatchGet => &["BatchGetItem"],
        Verb::BatchWrite => &["BatchWriteItem"],
        Verb::Check => &["TransactWriteItems"],
        // Taken, finished, given back.
        Verb::Remember => &["PutItem", "UpdateItem", "DeleteItem"],
        other => panic!("a table has no `{other}`"),
    }
}

fn parameters(operation: &str, table: &str, key: &str, index: Option<&str>) -> Value {
    let row = json!({ "id": { "S": key } });
    match operation {
        "BatchGetItem" => json!({ "RequestItems": { table: { "Keys": [row] } } }),
        "BatchWriteItem" => json!({ "RequestItems": { table: [{ "PutRequest": { "Item": row } }] } }),
        "TransactWriteItems" => json!({ "TransactItems": [{ "ConditionCheck": { "TableName": table, "Key": row } }] }),
        "PutItem" => json!({ "TableName": table, "Item": row }),
        "Query" | "Scan" => index
            .map_or_else(|| json!({ "TableName": table }), |index| json!({ "TableName": table, "IndexName": index })),
        _ => json!({ "TableName": table, "Key": row }),
    }
}

pub(super) fn rights(names: Names<'_>, by: Id<Function>, tuple: &Tuple) -> Vec<Right> {
    let Object::Resource(to @ AnyResource::Table(id)) = tuple.on else { panic!("{tuple:?} is on no table") };
    let arn = names.arn(to);
    let index = match &tuple.scope {
        Scope::Index(name) => Some(&**name),
        Scope::Whole | Scope::Leading(_) | Scope::Own => None,
        Scope::Prefix { .. } | Scope::Type(_) | Scope::Topic(_) => panic!("{tuple:?} is no scope of a table"),
    };
    let rows = match &tuple.scope {
        Scope::Leading(key) => Some(Part::Just(key.to_string())),
        // Keys of a function's own rows begin with its name.
        Scope::Own => Some(Part::Between(format!("{}#", names.model.functions[by].head.name()), String::new())),
        _ => None,
    };
    let key = rows.as_ref().map_or_else(|| "a".to_owned(), Part::example);
    let right = |operation: &&'static str| {
        let on = Part::Just(index.map_or_else(|| arn.clone(), |index| format!("{arn}/index/{index}")));
        let parameters = parameters(operation, &names.of(to), &key, index);
        let mut right = part(tuple.verb, ("dynamodb", operation), on, parameters);
        right.siblings = siblings(names, to);
        let indexes = names.model.tables[id].indexes.iter().map(|i| i.name.value.as_str());
        right.siblings.extend(indexes.chain(["elsewhere"]).map(|name| format!("{arn}/index/{name}")));
        right.siblings.extend([arn.clone(), format!("{arn}/stream/s")]);
        right.siblings.retain(|sibling| right.resource != Part::Just(sibling.clone()));
        // A scan names no rows.
        if *operation == "Scan" {
            right.seen_of_others.insert(KEYS, vec![key.clone()]);
        } else {
            right.seen.insert(KEYS, vec![key.clone()]);
            right.demands.extend(rows.clone().map(|rows| (KEYS, vec![rows])));
        }
        right
    };
    operations(tuple.verb).iter().map(right).collect()
}
