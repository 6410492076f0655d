//! Blast radii of small applications.

use std::fmt::Write as _;
use std::sync::Arc;

use super::{Asks, Door, Hop, Reach};
use crate::analysis::{Actor, Object};
use crate::base::{MemoryFiles, RelPath, Sources};
use crate::graph::{NodeRef, Runner};
use crate::pipeline::{self, Application, Request};

const NO_BUDGET: usize = usize::MAX;

struct App {
    application: Application,
    reach: Reach,
}

/// Functions have nothing but what is said of them.
fn app(resources: &str, functions: &[(&str, &str)], rest: &str) -> App {
    let mut text = format!("isobar: 1\napp: shop\nresources:\n{resources}\nfunctions:\n");
    for (name, says) in functions {
        let all = "runtime: container, image: \"a:1\", idempotency: { natural: yes }, observe: { trace: false }";
        writeln!(text, "  {name}: {{ {all}, {says} }}").unwrap();
    }
    let files = MemoryFiles::new().with("isobar.yaml", text + rest);
    let mut sources = Sources::default();
    let root = RelPath::resolve("", "isobar.yaml").unwrap();
    let (application, findings) = pipeline::read(&files, &root, &Request::default(), &mut sources);
    let application = application.unwrap_or_else(|| panic!("{:#?}", findings.iter().collect::<Vec<_>>()));
    let reach = Reach::new(Arc::clone(&application.graph), Arc::clone(&application.access));
    App { application, reach }
}

impl App {
    fn runner(&self, name: &str) -> Runner {
        let graph = &self.application.graph;
        graph.runner(graph.find_text(name).unwrap()).unwrap()
    }

    fn name(&self, of: impl Into<NodeRef>) -> String {
        of.into().head(self.application.model()).unwrap().name().to_owned()
    }

    fn step(&self, hop: &Hop<'_>) -> String {
        match hop {
            Hop::Right(tuple) => match tuple.by {
                Actor::Runner(runner) => format!("{}: {} {}", self.name(runner), tuple.verb, self.name(tuple.on)),
                Actor::Delivery(_) | Actor::Redrive(_) | Actor::AsyncCall(_) | Actor::Alarms => {
                    format!("{} {}", tuple.verb, self.name(tuple.on))
                }
            },
            Hop::Resumes(resume) => format!("resume {}", self.name(Runner::Workflow(resume.workflow))),
        }
    }

    fn path(&self, path: &[Hop<'_>]) -> String {
        path.iter().map(|hop| self.step(hop)).collect::<Vec<_>>().join(", ")
    }

    /// Right and object of all that a thief reaches.
    fn reached(&self, name: &str) -> Vec<String> {
        let radius = self.reach.radius(Actor::Runner(self.runner(name)), NO_BUDGET);
        assert!(radius.is_complete);
        radius.rights().map(|(tuple, _)| format!("{} {}", tuple.verb, self.name(tuple.on))).collect()
    }

    /// The path to one right.
    fn way(&self, name: &str, verb: &str, on: &str) -> Option<String> {
        let radius = self.reach.radius(Actor::Runner(self.runner(name)), NO_BUDGET);
        let found = radius.rights().find(|(tuple, _)| tuple.verb.as_str() == verb && self.name(tuple.on) == on);
        found.map(|(_, path)| self.path(&path))
    }
}

const TABLE: &str = "  rows: { type: table, key: { partition: { id: string } } }\n";

#[test]
fn rights_of_consumers_are_reached_with_the_shortest_path() {
    let app = app(
        &format!("{TABLE}  a: {{ type: queue }}\n  b: {{ type: queue }}"),
        &[
            ("first", "uses: { a: send }"),
            ("second", "on: [{ queue: { from: a } }], uses: { b: send, rows: get }"),
            ("third", "on: [{ queue: { from: b } }], uses: { rows: [get, put] }"),
            ("alone", "uses: { rows: delete }"),
        ],
        "",
    );
    assert_eq!(app.reached("first"), ["invoke second", "get rows", "send b", "invoke third", "put rows"]);
    assert_eq!(app.way("first", "get", "rows").unwrap(), "first: send a, invoke second, second: get rows");
    assert_eq!(
        app.way("first", "put", "rows").unwrap(),
        "first: send a, invoke second, second: send b, invoke third, third: put rows"
    );
    assert_eq!(app.reached("third"), Vec::<String>::new());
    assert_eq!(app.reached("alone"), Vec::<String>::new());
    assert_eq!(app.reached("second"), ["invoke third", "put rows"], "what it holds itself is nothing new");
}

#[test]
fn a_cycle_ends() {
    let app = app(
        &format!("{TABLE}  a: {{ type: queue }}\n  b: {{ type: queue }}"),
        &[
            ("ping", "on: [{ queue: { from: a, allow-loop: { hops: 3, reason: test } } }], uses: { b: send }"),
            ("pong", "on: [{ queue: { from: b } }], uses: { a: send, rows: get }"),
        ],
        "",
    );
    assert_eq!(app.reached("ping"), ["invoke pong", "get rows", "send a"]);
    assert_eq!(app.reached("pong"), ["invoke ping", "send b"]);
}

#[test]
fn a_budget_keeps_the_nearest() {
    let app = app(
        &format!("{TABLE}  a: {{ type: queue }}"),
        &[("first", "uses: { a: send }"), ("second", "on: [{ queue: { from: a } }], uses: { rows: [get, put] }")],
        "",
    );
    let count = |budget| {
        let radius = app.reach.radius(Actor::Runner(app.runner("first")), budget);
        (radius.len(), radius.is_complete)
    };
    assert_eq!(
        [count(1), count(2), count(4), count(5), count(8)],
        [(0, false), (1, false), (1, false), (2, false), (3, true)]
    );
}

#[test]
fn objects_have_to_overlap_in_prefix_suffix_and_change() {
    let app = app(
        "  files: { type: bucket }",
        &[
            ("below", "uses: { files: { put: { prefix: in/a/ } } }"),
            ("above", "uses: { files: { put: { prefix: i } } }"),
            ("beside", "uses: { files: { put: { prefix: out/ } } }"),
            ("ending", "uses: { files: { put: { prefix: in/, suffix: .csv } } }"),
            ("whole", "uses: { files: put }"),
            ("remover", "uses: { files: { delete: { prefix: in/ } } }"),
            ("reader", "uses: { files: { get: { prefix: in/ } } }"),
            ("shrink", "on: [{ object: { bucket: files, created: { prefix: in/, suffix: .png } } }]"),
            ("forget", "on: [{ object: { bucket: files, deleted: { prefix: in/a } } }]"),
        ],
        "",
    );
    for (name, runs) in [
        ("below", &["invoke shrink"][..]),
        ("above", &["invoke shrink"]),
        ("beside", &[]),
        ("ending", &[]),
        ("whole", &["invoke shrink"]),
        ("remover", &["invoke forget"]),
        ("reader", &[]),
    ] {
        assert_eq!(app.reached(name), runs, "{name}");
    }
}

#[test]
fn dead_letters_that_are_consumed_are_reached() {
    let app = app(
        &format!(
            "{TABLE}  a: {{ type: queue, dead-letter: {{ after: 3, to: bad }} }}\n  bad: {{ type: queue }}\n  lost: {{ type: queue }}\n  note: {{ type: topic }}"
        ),
        &[
            ("first", "uses: { a: send }"),
            ("second", "on: [{ queue: { from: a } }]"),
            ("repair", "on: [{ queue: { from: bad } }], uses: { rows: update, note: publish }"),
            ("hear", "on: [{ topic: { from: note } }], dead-letter: { to: lost }"),
            ("salvage", "on: [{ queue: { from: lost } }], uses: { rows: delete, bad: redrive }"),
        ],
        "",
    );
    assert_eq!(
        app.way("first", "update", "rows").unwrap(),
        "first: send a, set-aside bad, invoke repair, repair: update rows"
    );
    assert_eq!(
        app.way("repair", "delete", "rows").unwrap(),
        "repair: publish note, invoke hear, set-aside lost, invoke salvage, salvage: delete rows"
    );
    assert_eq!(app.way("salvage", "invoke", "second").unwrap(), "salvage: redrive bad, invoke second");
}

#[test]
fn an_event_goes_to_who_takes_its_type_from_its_bus() {
    let app = app(
        "  main: { type: bus, default: true }\n  side: { type: bus }\n  key: { type: secret }",
        &[
            ("place", "emits: [order.placed]"),
            ("cancel", "emits: [order.cancelled]"),
            ("aside", "emits: { order.placed: side }"),
            (
                "charge",
                "on: [{ event: { type: order.placed, bus: main, where: { /total: { gt: 0 } } } }], uses: { key: get }",
            ),
        ],
        "events: { order.placed: {}, order.cancelled: {} }\n",
    );
    assert_eq!(app.reached("place"), ["invoke charge", "get key"], "a filter on data stops nobody");
    assert_eq!(app.reached("cancel"), Vec::<String>::new());
    assert_eq!(app.reached("aside"), Vec::<String>::new());
}

#[test]
fn workflows_call_undo_and_wait() {
    let app = app(
        &format!("{TABLE}  main: {{ type: bus, default: true }}"),
        &[
            ("starter", "calls: [order]"),
            ("payer", "emits: [paid]"),
            ("charge", "uses: { rows: put }"),
            ("refund", "uses: { rows: delete }"),
        ],
        "events: { paid: {} }\nworkflows:\n  order:\n    idempotency: { natural: yes }\n    do:\n      \
         - charge: { call: charge, compensate: refund }\n      - wait: { listen: { event: paid, match: { /id: input.id } }, timeout: 1d }\n",
    );
    assert_eq!(app.reached("order"), ["put rows", "delete rows"]);
    assert_eq!(
        app.way("starter", "delete", "rows").unwrap(),
        "starter: start order, order: invoke refund, refund: delete rows"
    );
    assert_eq!(
        app.way("payer", "put", "rows").unwrap(),
        "payer: emit main, resume order, order: invoke charge, charge: put rows"
    );
}

#[test]
fn tables_streams_devices_and_logs_are_channels() {
    let app = app(
        &format!(
            "{TABLE}  log: {{ type: stream }}\n  fleet: {{ type: devices }}\n  ws: {{ type: socket, auth: public }}"
        ),
        &[
            ("write", "uses: { rows: { update: { leading: x } } }"),
            ("read", "uses: { rows: get }"),
            ("record", "uses: { log: put }"),
            ("steer", "uses: { fleet: { publish: { topic: cars/1/go } } }"),
            ("halt", "uses: { fleet: { publish: { topic: cars/1/stop } } }"),
            ("tell", "uses: { ws: send }"),
            ("changed", "on: [{ change: { from: rows } }]"),
            ("streamed", "on: [{ stream: { from: log } }]"),
            ("driven", "on: [{ message: { devices: fleet, topic: cars/+/go } }]"),
            ("said", "on: [{ socket: { api: ws, route: default } }]"),
            ("watch", "on: [{ log: { of: read, pattern: ERROR } }]"),
        ],
        "",
    );
    assert_eq!(app.reached("write"), ["invoke changed"]);
    assert_eq!(app.reached("read"), ["invoke watch"]);
    assert_eq!(app.reached("record"), ["invoke streamed"]);
    assert_eq!(app.reached("steer"), ["invoke driven"]);
    assert_eq!(app.reached("halt"), Vec::<String>::new());
    assert_eq!(app.reached("tell"), Vec::<String>::new(), "a client is told, and nothing runs here");
}

const DOORS: &[(&str, &str)] = &[
    ("open", "on: [{ http: { api: web, route: POST /a, auth: public } }], uses: { jobs: send }"),
    ("shut", "on: [{ http: { api: web, route: POST /b } }]"),
    ("heard", "on: [{ event: { type: paid } }], uses: { jobs: send }"),
    ("work", "on: [{ queue: { from: jobs } }], uses: { key: get }"),
    ("timer", "on: [{ schedule: 5m }], uses: { key: get }"),
];

fn doors() -> App {
    app(
        "  web: { type: api, auth: { jwt: { issuer: \"https://id.example.com/\", audience: [a] } } }\n  \
         main: { type: bus, default: true }\n  jobs: { type: queue }\n  key: { type: secret }",
        DOORS,
        "events: { paid: { source: payments } }\n",
    )
}

#[test]
fn doors_say_what_they_ask() {
    let app = doors();
    let model = app.application.model();
    let found: Vec<_> =
        app.reach.doors().map(|door| (door.is_internet(), door.is_public(model), door.asks(model))).collect();
    assert_eq!(
        found,
        [
            (true, true, Asks::Nothing),
            (true, false, Asks::Token("https://id.example.com/".into())),
            (false, false, Asks::Sender("payments".to_owned())),
        ]
    );
    let names =
        |runners: std::collections::BTreeSet<Runner>| runners.into_iter().map(|r| app.name(r)).collect::<Vec<_>>();
    assert_eq!(names(app.reach.behind(|door| door.is_public(model))), ["open", "work"]);
    assert_eq!(names(app.reach.behind(|door| door.is_internet())), ["open", "shut", "work"]);
    assert_eq!(names(app.reach.behind(|_| true)), ["heard", "open", "shut", "work"]);
    let first = app.reach.doors().next().unwrap();
    assert!(matches!(first, Door::Route(_)));
    assert_eq!(names(app.reach.runs_at(first)), ["open"]);
}

#[test]
fn the_way_back_is_the_way_there() {
    let app = doors();
    let graph = &app.application.graph;
    let NodeRef::Resource(key) = graph.node(graph.find_text("key").unwrap()).of else { panic!() };
    let ways = app.reach.ways_to(|tuple| tuple.on == Object::Resource(key));
    let from = |name: &str| ways.from(Actor::Runner(app.runner(name))).map(|path| app.path(&path));
    assert_eq!(from("work").unwrap(), "work: get key");
    assert_eq!(from("open").unwrap(), app.way("open", "get", "key").unwrap());
    assert_eq!(from("shut"), None);
    let through: Vec<_> = app.reach.doors().map(|door| ways.through(door).map(|path| app.path(&path))).collect();
    assert_eq!(
        through,
        [
            Some("invoke open, open: send jobs, invoke work, work: get key".to_owned()),
            None,
            Some("invoke heard, heard: send jobs, invoke work, work: get key".to_owned()),
        ]
    );
    let runs = app.reach.ways_to_run(app.runner("work"));
    assert_eq!(runs.through(app.reach.doors().next().unwrap()).map(|path| path.len()), Some(3));
    assert!(app.reach.ways_to_run(app.runner("timer")).through(app.reach.doors().next().unwrap()).is_none());
}

#[test]
fn a_trigger_reaches_what_it_runs() {
    let app = doors();
    let at = app.reach.doors().next().unwrap().trigger().unwrap();
    let actor = Actor::Delivery(at);
    assert_eq!(app.reach.direct(actor).count(), 2);
    let radius = app.reach.radius(actor, NO_BUDGET);
    let verbs: Vec<_> = radius.rights().map(|(tuple, path)| (tuple.verb.as_str(), path.len())).collect();
    assert_eq!(verbs, [("send", 2), ("invoke", 3), ("get", 4)]);
}
