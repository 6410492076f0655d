//! Numbers and variants that a platform would reject are found before it does, without planning.

use isobar::base::{MemoryFiles, Sources};
use isobar::plan;

use crate::support::{read, target};

const BASE: &str = "\
isobar: 1
app: limits
targets: { aws: { region: eu-central-1 }, kubernetes: { namespace: limits } }
events:
  made: { schema: { type: object, properties: { id: { type: string } }, required: [id] }, key: /id }
resources:
  mesh: { type: bus, default: true }
  news: { type: topic }
  files: { type: bucket }
  jobs: { type: queue }
  line: { type: queue, ordered: true, carries: made }
  failed: { type: queue, manual: true }
  failed-line: { type: queue, ordered: true, carries: made, manual: true }
";

/// What a target says of a spec, other than that it does something less well: the smallest text, and what of it.
fn said(spec: &str, id: &str, is_note: bool) -> Vec<String> {
    let mut files = MemoryFiles::default();
    files.insert("isobar.yaml", spec);
    let mut sources = Sources::default();
    let (application, findings) = read(&files, &mut sources);
    let application = application.unwrap_or_else(|| panic!("{findings:?}"));
    let target = target(id, &mut sources);
    let found = plan::check(application.model(), &target).sorted();
    let shown = |f: &isobar::diag::Finding| {
        let at = f.primary.span.start as usize..f.primary.span.end as usize;
        format!("{}: {}", spec.get(at).unwrap_or_default(), f.message)
    };
    found.iter().filter(|f| (f.id == "degraded") == is_note).map(shown).collect()
}

/// Errors for an application with one more resource.
fn queue(fields: &str) -> Vec<String> {
    said(&format!("{BASE}  waiting: {{ type: queue, manual: true, {fields} }}\n"), "aws", false)
}

fn function(fields: &str) -> String {
    format!("{BASE}functions:\n  work: {{ runtime: python3.13, handler: app.handler, code: code, {fields} }}\n")
}

/// Errors for a function with these triggers.
fn on(triggers: &str) -> Vec<String> {
    said(&function(&format!("on: [{triggers}]")), "aws", false)
}

/// Notes at a text of a function.
fn notes_at(fields: &str, id: &str, text: &str) -> Vec<String> {
    let mut notes = said(&function(fields), id, true);
    notes.retain(|note| note.starts_with(&format!("{text}: ")));
    notes
}

/// Notes about a function.
fn notes(fields: &str, id: &str, about: &str) -> Vec<String> {
    let mut notes = said(&function(fields), id, true);
    notes.retain(|note| note.contains(about));
    notes
}

#[test]
fn times_of_queues_stay_within_the_platform() {
    assert_eq!(queue("retention: 15d"), ["15d: `15d` is over the longest retention of a queue, 14d"]);
    assert_eq!(queue("retention: 30s"), ["30s: `30s` is under the shortest retention of a queue, 1m"]);
    let visible = queue("retention: 14d, visibility: 13h");
    assert_eq!(visible, ["13h: `13h` is over the longest visibility of a queue, 12h"]);
    assert_eq!(queue("delay: 1h"), ["1h: `1h` is over the longest delay of a queue, 15m"]);
    assert_eq!(queue("retention: 14d, delay: 15m"), [] as [&str; 0]);
}

#[test]
fn times_between_two_steps_of_the_platform() {
    let becomes = |text: &str, above: &str, below: &str| {
        format!("{text}: `{text}` becomes {above}: the platform knows nothing between {below} and that")
    };
    assert_eq!(queue("retention: 90500ms"), [becomes("90500ms", "91s", "90s")]);
    assert_eq!(queue("visibility: 1500ms, delay: 2s"), [becomes("1500ms", "2s", "1s")]);
    assert_eq!(on("{ queue: { from: jobs, window: 1500ms } }"), [becomes("1500ms", "2s", "1s")]);
    let of = |fields: &str, id: &str| said(&function(fields), id, false);
    assert_eq!(of("timeout: 1500ms", "aws"), [becomes("1500ms", "2s", "1s")]);
    assert_eq!(of("timeout: 1500ms", "kubernetes"), [] as [&str; 0]);
    assert_eq!(of("observe: { logs: 36d }", "aws"), [becomes("36d", "60d", "30d")]);
    assert_eq!(of("observe: { logs: 60d }", "aws"), [] as [&str; 0]);
    // What is over a limit is that alone.
    assert_eq!(of("timeout: 1000500ms", "aws"), ["1000500ms: `1000500ms` is over the longest timeout, 15m"]);
    let bucket = BASE.replace("files: { type: bucket }", "files: { type: bucket, expire: { after: 36h } }");
    assert_eq!(said(&bucket, "aws", false), [becomes("36h", "2d", "1d")]);
}

#[test]
fn what_is_done_less_well_is_said_once_at_its_own_text() {
    let shop = BASE.replace("  jobs:", "  shop: { type: api, throttle: { rate: 5 } }\n  jobs:");
    let routes = "on: [{ http: { api: shop, route: GET /a } }, { http: { api: shop, route: GET /b } }]";
    let mut notes = said(&function(routes).replace(BASE, &shop), "kubernetes", true);
    notes.retain(|note| note.starts_with("5:"));
    assert_eq!(notes.len(), 1, "{notes:#?}");
    let retry = "on: [{ topic: { from: news, retry: { attempts: 3, delay: 2s, backoff: exponential } } }]";
    for id in ["aws", "kubernetes"] {
        assert!(notes_at(retry, id, "2s").len() < 2 && notes_at(retry, id, "exponential").len() < 2);
    }
    assert_eq!(
        said(&function("placement: edge"), "aws", false).iter().filter(|text| text.starts_with("edge: ")).count(),
        1
    );
}

#[test]
fn batches_stay_within_the_platform() {
    assert_eq!(
        on("{ queue: { from: line, batch: 11 } }"),
        ["11: `11` is over the largest batch of an ordered queue, 10"]
    );
    assert_eq!(on("{ queue: { from: jobs, batch: 11 } }"), ["11: `11` is over the largest batch without a window, 10"]);
    assert_eq!(
        on("{ queue: { from: jobs, batch: 11, window: 301s } }"),
        ["301s: `301s` is over the longest window of a batch, 5m"]
    );
    assert_eq!(on("{ queue: { from: jobs, batch: 10000, window: 5m } }, { queue: line }"), [] as [&str; 0]);
    assert_eq!(
        on("{ queue: { from: jobs, concurrency: 1 } }"),
        ["1: `1` is under the fewest consumers of a queue at a time, 2"]
    );
    assert_eq!(
        on("{ queue: { from: jobs, concurrency: 1001 } }"),
        ["1001: `1001` is over the most consumers of a queue at a time, 1000"]
    );
}

#[test]
fn retries_stay_within_the_platform() {
    assert_eq!(
        on("{ topic: { from: news, retry: { attempts: 4 } } }"),
        ["4: `4` is over the most attempts of topic triggers, 3"]
    );
    assert_eq!(
        on("{ event: { type: made, retry: { for: 59s } } }"),
        ["59s: `59s` is under the shortest time that event triggers are tried for, 1m"]
    );
    assert_eq!(
        on("{ schedule: { every: 5m, flexible: 25h, retry: { for: 7h } } }"),
        [
            "25h: `25h` is over the longest flexible window of a schedule, 1d",
            "7h: `7h` is over the longest time that schedule triggers are tried for, 6h"
        ]
    );
    assert_eq!(on("{ object: { bucket: files, created: {}, retry: { attempts: 3, for: 6h } } }"), [] as [&str; 0]);
    let each =
        on("{ topic: { from: news, retry: { attempts: 2 } } }, { event: { type: made, retry: { attempts: 3 } } }");
    assert_eq!(each.len(), 1, "{each:?}");
    assert!(each[0].starts_with("3: a retry of its own for each trigger of a function is impossible: "), "{each:?}");
    let same =
        on("{ topic: { from: news, retry: { attempts: 2 } } }, { event: { type: made, retry: { attempts: 2 } } }");
    assert_eq!(same, [] as [&str; 0]);
}

#[test]
fn functions_stay_within_the_platform() {
    let errors = |fields: &str, id: &str| said(&function(fields), id, false);
    assert_eq!(
        errors("observe: { logs: 3654d }", "aws"),
        ["3654d: `3654d` is over the longest retention of logs, 3653d"]
    );
    assert_eq!(
        errors("env: { AWS_REGION: here }", "aws"),
        ["here: the variable `AWS_REGION` cannot be set: the name is set by the platform itself"]
    );
    assert_eq!(
        errors("env: { A: one }", "aws"),
        ["one: the variable `A` cannot be set: the name is shorter than 2 characters"]
    );
    assert_eq!(
        errors("env: { PORT: '80' }", "kubernetes"),
        ["'80': the variable `PORT` cannot be set: the name is set by the platform itself"]
    );
    let long = format!("env: {{ LONG: {} }}", "x".repeat(4093));
    assert_eq!(errors(&long, "aws"), ["work: the variables of `work` have 4097 bytes, and 4096 is the most"]);
    assert_eq!(errors(&long, "kubernetes"), [] as [&str; 0]);
    assert_eq!(
        errors("scaling: { concurrency: 1001 }", "kubernetes"),
        ["1001: `1001` is over the most requests of an instance at a time, 1000"]
    );
}

#[test]
fn one_dead_letter_takes_from_so_many_queues() {
    let many = |count: usize| {
        let queues = (0..count).map(|n| format!("  q{n}: {{ type: queue, dead-letter: {{ to: failed }} }}\n"));
        said(&format!("{BASE}{}", queues.collect::<String>()), "aws", false)
    };
    assert_eq!(many(11), ["failed: `failed` is the dead letter of 11 queues, and 10 is the most"]);
    assert_eq!(many(10), [] as [&str; 0]);
}

#[test]
fn variants_are_refused_with_their_reason() {
    let is_impossible = |found: Vec<String>, start: &str| {
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with(start), "{found:?}");
    };
    is_impossible(
        on("{ schedule: { cron: \"0 0 1 * 1\" } }"),
        "\"0 0 1 * 1\": this schedule is impossible: EventBridge Scheduler knows days of the month or",
    );
    is_impossible(on("{ schedule: { every: 90s } }"), "90s: this schedule is impossible: ");
    is_impossible(on("{ queue: { from: line, window: 5s } }"), "5s: this window is impossible: ");
    for trigger in ["topic: news", "event: made", "object: { bucket: files, created: {} }", "schedule: { every: 5m }"] {
        let fields = format!("on: [{{ {trigger} }}], dead-letter: {{ to: failed-line }}");
        is_impossible(
            said(&function(&fields), "aws", false),
            "failed-line: this dead letter is impossible: an ordered queue takes nothing that Lambda",
        );
    }
    is_impossible(queue("dead-letter: { to: failed-line }"), "failed-line: this dead letter is impossible: ");
    let failing = "on: [{ topic: news }], dead-letter: { to: failed } }";
    let handled = "handled: { runtime: python3.13, handler: app.handler, code: code, on: [{ queue: { from: failed, where: { /a: 1 } } }]";
    let spec = function(&format!("{failing}\n  {handled}"));
    is_impossible(said(&spec, "aws", false), "queue: this queue trigger is impossible: ");
    assert_eq!(said(&spec.replace(", where: { /a: 1 }", ""), "aws", false), [] as [&str; 0]);
    let ordered = queue("ordered: true, carries: made, dead-letter: { to: failed }");
    is_impossible(ordered, "failed: this dead letter is impossible: ");
    for runtime in ["python3.13", "nodejs22"] {
        let native = function("envelope: native").replace("python3.13", runtime);
        is_impossible(
            said(&native, "kubernetes", false),
            "native: this envelope is impossible: an image runs a program",
        );
        assert_eq!(said(&native, "aws", false), [] as [&str; 0]);
    }
    assert_eq!(said(&function("on: [{ schedule: { cron: \"0 0 1 * 1\" } }]"), "kubernetes", false), [] as [&str; 0]);
}

#[test]
fn what_a_platform_leaves_out_is_said() {
    let retry = "on: [{ topic: { from: news, retry: { attempts: 2, for: 1h, delay: 3s, backoff: exponential } } }]";
    for about in ["1h: age at which", "3s: time between attempts", "exponential: growing time between attempts"] {
        assert_eq!(notes(retry, "aws", about).len(), 1, "{about}: {:?}", notes(retry, "aws", ""));
    }
    let batch = "on: [{ queue: { from: jobs, batch: 5, window: 1s, partial-failures: false } }]";
    for about in ["5: batches of messages", "1s: batch window", "false: batches that fail as a whole"] {
        assert_eq!(notes(batch, "kubernetes", about).len(), 1, "{about}: {:?}", notes(batch, "kubernetes", ""));
        assert_eq!(notes(batch, "aws", about), [] as [&str; 0]);
    }
    let consumers = "on: [{ queue: { from: jobs, concurrency: 5 } }]";
    let about = notes(consumers, "kubernetes", "consumers at a time");
    assert!(about.len() == 1 && about[0].contains("several messages on their way at once"), "{about:?}");
}
