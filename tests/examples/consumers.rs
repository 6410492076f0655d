//! Several functions on one queue: each message goes to one of them, on every target.

use isobar::base::{MemoryFiles, Sources};
use isobar::pipeline;

use crate::support::{read, target};

const SPEC: &str = r"
isobar: 1
app: shop
targets: { kubernetes: { namespace: shop, registry: registry.example.com } }
resources:
  work: { type: queue }
  news: { type: topic }
functions:
  fast: { runtime: python3.13, handler: app.handler, code: code, on: [{ queue: work }, { topic: news }] }
  slow: { runtime: python3.13, handler: app.handler, code: code, on: [{ queue: work }, { topic: news }] }
";

#[test]
fn those_who_take_from_a_queue_are_one_group_and_subscribers_are_not() {
    let files =
        MemoryFiles::new().with("isobar.yaml", SPEC).with("code/app.py", "def handler(events, context): pass\n");
    let mut sources = Sources::default();
    let (application, findings) = read(&files, &mut sources);
    let application = application.unwrap_or_else(|| panic!("{findings:?}"));
    let (compiled, findings) = pipeline::compile(&application, &target("kubernetes", &mut sources), &files, &sources);
    let artifacts = compiled.unwrap_or_else(|| panic!("{findings:?}")).artifacts;
    let mut groups: Vec<String> = Vec::new();
    for artifact in artifacts.iter().filter(|a| a.path.starts_with("functions/")) {
        let text = String::from_utf8_lossy(&artifact.bytes).into_owned();
        groups.extend(text.lines().filter_map(|line| line.trim().strip_prefix("consumerGroup: ")).map(str::to_owned));
    }
    groups.sort();
    assert_eq!(groups, ["shop-fast.topic-news", "shop-slow.topic-news", "shop-work.consumers", "shop-work.consumers"]);
}
