//! Numbers that a platform would reject are found before it does.

use isobar::base::{MemoryFiles, Sources};
use isobar::pipeline;

use crate::support::{read, target};

/// Messages of errors for a queue with these fields.
fn errors(fields: &str) -> Vec<String> {
    let mut files = MemoryFiles::default();
    let spec = format!(
        "isobar: 1\napp: limits\ntargets: {{ aws: {{ region: eu-central-1 }} }}\n\
         resources:\n  waiting: {{ type: queue, manual: true, {fields} }}\n"
    );
    files.insert("isobar.yaml", spec);
    let mut sources = Sources::default();
    let (application, findings) = read(&files, &mut sources);
    let application = application.unwrap_or_else(|| panic!("{findings:?}"));
    let target = target("aws", &mut sources);
    let (_, findings) = pipeline::compile(&application, &target, &files, &sources);
    findings.iter().map(|f| format!("{}: {}", f.id, f.message)).collect()
}

#[test]
fn times_of_queues_stay_within_the_platform() {
    assert_eq!(errors("retention: 15d"), ["over-limit: `15d` is over the longest retention of a queue, 14d"]);
    assert_eq!(errors("retention: 1s"), ["over-limit: `1s` is under the shortest retention of a queue, 1m"]);
    assert_eq!(errors("visibility: 13h"), ["over-limit: `13h` is over the longest visibility of a queue, 12h"]);
    assert_eq!(errors("delay: 1h"), ["over-limit: `1h` is over the longest delay of a queue, 15m"]);
    assert_eq!(errors("retention: 14d, delay: 15m"), [] as [&str; 0]);
}
