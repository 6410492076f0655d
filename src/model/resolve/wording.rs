//! Words of findings: kinds of nodes and others with their articles.

use crate::model::ResourceKind;

/// A kind of resource with its article.
pub(super) fn with_article(kind: ResourceKind) -> String {
    match kind {
        ResourceKind::Api => "an api".to_owned(),
        ResourceKind::Identity => "an identity".to_owned(),
        ResourceKind::External => "an external host".to_owned(),
        ResourceKind::Devices => "a broker of devices".to_owned(),
        ResourceKind::Table
        | ResourceKind::Bucket
        | ResourceKind::Queue
        | ResourceKind::Topic
        | ResourceKind::Stream
        | ResourceKind::Bus
        | ResourceKind::Secret
        | ResourceKind::Cache
        | ResourceKind::Socket
        | ResourceKind::Database => format!("a {kind}"),
    }
}

/// A word with its article.
pub(super) fn article(what: &str) -> String {
    let vowel = what.starts_with(['a', 'e', 'i', 'o']);
    format!("{} {what}", if vowel { "an" } else { "a" })
}
