//! Calls on buckets: objects are resources of their own, and a condition sees which names are asked for.

use isobar::analysis::{Object, Tuple};
use isobar::model::{AnyResource, Scope, Verb};
use serde_json::json;

use super::names::Names;
use super::rights::{Part, Right, part, siblings};

const PREFIX: &str = "s3:prefix";

pub(super) fn rights(names: Names<'_>, tuple: &Tuple) -> Vec<Right> {
    let Object::Resource(to @ AnyResource::Bucket(_)) = tuple.on else { panic!("{tuple:?} is on no bucket") };
    let (arn, bucket) = (names.arn(to), names.of(to));
    let (start, end) = match &tuple.scope {
        Scope::Whole => ("", ""),
        Scope::Prefix { prefix, suffix } => (&**prefix, &**suffix),
        Scope::Index(_) | Scope::Leading(_) | Scope::Type(_) | Scope::Topic(_) | Scope::Own => {
            panic!("{tuple:?} is no scope of a bucket")
        }
    };
    let object = |name| {
        let on = Part::Between(format!("{arn}/{start}"), end.to_owned());
        let key = format!("{start}k1{end}");
        let mut right = part(tuple.verb, ("s3", name), on, json!({ "Bucket": bucket, "Key": key }));
        right.siblings = siblings(names, to).iter().map(|other| format!("{other}/{key}")).collect();
        right.siblings.push(arn.clone());
        right
    };
    let right = match tuple.verb {
        Verb::Get => object("GetObject"),
        Verb::Put => object("PutObject"),
        Verb::Delete => object("DeleteObject"),
        Verb::List => {
            let call = ("s3", "ListObjectsV2");
            let parameters = json!({ "Bucket": bucket, "Prefix": start });
            let mut right = part(tuple.verb, call, Part::Just(arn.clone()), parameters);
            right.siblings = siblings(names, to);
            right.seen.insert(PREFIX, vec![start.to_owned()]);
            if tuple.scope != Scope::Whole {
                right.demands = vec![(PREFIX, vec![Part::Between(start.to_owned(), String::new())])];
            }
            right
        }
        other => panic!("a bucket has no `{other}`"),
    };
    vec![right]
}
