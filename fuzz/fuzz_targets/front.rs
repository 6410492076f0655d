//! Any bytes as `isobar.yaml`, and behind a line of dashes as a fragment, through everything up to the rules.
#![no_main]

use isobar::base::{MemoryFiles, RelPath, Sources};
use isobar::pipeline::{Request, judge, read};
use libfuzzer_sys::fuzz_target;

const CUT: &[u8] = b"\n-----\n";

fuzz_target!(|bytes: &[u8]| {
    let cut = bytes.windows(CUT.len()).position(|window| window == CUT);
    let (root, fragment) = cut.map_or((bytes, &b""[..]), |at| (&bytes[..at], &bytes[at + CUT.len()..]));
    let files = MemoryFiles::new().with("isobar.yaml", root).with("x.yaml", fragment).with("f/y.yaml", fragment);
    let Some(path) = RelPath::resolve("", "isobar.yaml") else { return };
    let environment = (bytes.len() % 2 == 1).then(|| "prod".to_owned());
    let request = Request { environment, vars: vec![("v".to_owned(), "${app}".to_owned())] };
    let mut sources = Sources::default();
    let (application, mut findings) = read(&files, &path, &request, &mut sources);
    assert!(application.is_some() || findings.has_errors());
    if let Some(application) = application {
        findings.append(judge(&application, &[], &sources));
    }
    for finding in findings.iter() {
        let spans = finding.related.iter().map(|label| label.span).chain([finding.primary.span]);
        let edits = finding.fix.iter().flat_map(|fix| fix.edits.iter().map(|edit| edit.span));
        for span in spans.chain(edits) {
            let file = sources.get(span.file);
            assert!(
                file.is_some_and(|f| f.text().get(span.start as usize..span.end as usize).is_some()),
                "{finding:?}"
            );
        }
    }
});
