//! Buckets that anybody reads.

use crate::analysis::Facts;
use crate::diag::{Applicability, Findings, Severity};
use crate::model::{Bucket, Id};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "public-bucket",
    category: Category::Exposure,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "Anybody may read every object of a bucket.",
    doc: include_str!("public_bucket.md"),
    by_target: false,
    checks: &[Check::Bucket(check)],
};

fn check(facts: &Facts, id: Id<Bucket>, out: &mut Findings) {
    let bucket = &facts.model().buckets[id];
    if !bucket.public.value {
        return;
    }
    let name = bucket.head.name();
    out.push(
        RULE.finding(bucket.public.span, format!("anybody may read every object of `{name}`"))
            .label("open to the world")
            .help(
                "write `public: false` and hand objects out by a route, or say why they are for anybody: \
                 `# isobar: allow public-bucket: <reason>`",
            )
            .fix("close the bucket", bucket.public.span, "false", Applicability::Unsafe),
    );
}
