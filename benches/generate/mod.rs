//! Applications of any size for benchmarks: functions that each take from a queue of their own, with its dead
//! letter, and write into a table of their own; and the same in one piece.

use std::fmt::Write as _;

use isobar::base::MemoryFiles;

/// The spec of an application with `functions` functions.
pub(crate) fn spec(functions: usize) -> String {
    let mut out = String::from(
        "isobar: 1\napp: bench\ntargets:\n  aws: { region: eu-central-1 }\n  kubernetes: { namespace: bench, registry: registry.example.com }\n",
    );
    out.push_str("resources:\n");
    for n in 0..functions {
        let _ = writeln!(out, "  in-{n}: {{ type: queue, dead-letter: {{ after: 5, to: failed-{n} }} }}");
        let _ = writeln!(out, "  failed-{n}: {{ type: queue, retention: 14d, manual: true }}");
        let _ = writeln!(out, "  rows-{n}: {{ type: table, key: {{ partition: {{ id: string }} }} }}");
    }
    out.push_str("functions:\n");
    for n in 0..functions {
        let _ = write!(
            out,
            "  work-{n}:\n    runtime: python3.13\n    handler: app.handler\n    code: code\n    on:\n      - queue: {{ from: in-{n} }}\n    uses:\n      rows-{n}: [get, put]\n    idempotency: {{ key: \"event:id\", store: rows-{n}, window: 20d }}\n"
        );
    }
    out
}

/// The spec of an application whose functions are all connected: each sends to the queue of the next, the last to that of
/// the first, and all emit to one bus, which runs every tenth of them.
pub(crate) fn connected(functions: usize) -> String {
    let mut out = String::from("isobar: 1\napp: bench\nresources:\n  all: { type: bus }\n");
    for n in 0..functions {
        let _ = writeln!(out, "  in-{n}: {{ type: queue, dead-letter: {{ after: 5, to: failed-{n} }} }}");
        let _ = writeln!(out, "  failed-{n}: {{ type: queue, retention: 14d, manual: true }}");
    }
    out.push_str("events:\n  work.done: { schema: { type: object } }\nfunctions:\n");
    for n in 0..functions {
        let next = (n + 1) % functions;
        let _ = write!(
            out,
            "  work-{n}:\n    runtime: python3.13\n    handler: app.handler\n    code: code\n    on:\n      - queue: {{ from: in-{n} }}\n"
        );
        if n % 10 == 0 {
            out.push_str("      - event: { type: work.done }\n");
        }
        let _ = write!(out, "    uses:\n      in-{next}: [send]\n    emits: [work.done]\n");
    }
    out
}

/// The files of an application with `functions` functions.
pub(crate) fn files(functions: usize) -> MemoryFiles {
    let mut files = MemoryFiles::default();
    files.insert("isobar.yaml", spec(functions));
    files.insert("code/app.py", "def handler(events, context):\n    return []\n");
    files
}
