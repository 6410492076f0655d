//! Answers about a small application, as data, text and Markdown.

use std::fmt::Write as _;
use std::sync::Arc;

use super::{AccessDocument, Asked, By, Exposure, answer, find_what, find_who, markdown, text};
use crate::analysis::Reach;
use crate::base::{MemoryFiles, RelPath, Sources};
use crate::pipeline::{self, Request};

const SHOP: &str = r#"
isobar: 1
app: shop
alarms: { notify: alerts }
events:
  paid: { source: payments }
resources:
  web: { type: api, auth: public }
  main: { type: bus, default: true }
  jobs: { type: queue, dead-letter: { after: 3, to: failed } }
  failed: { type: queue, manual: true }
  files: { type: bucket, public: true }
  alerts: { type: topic, external-subscribers: true }
  key: { type: secret }
functions:
  open: { runtime: container, image: "a:1", on: [{ http: { api: web, route: POST /a } }], uses: { jobs: send } }
  work: { runtime: container, image: "a:1", on: [{ queue: { from: jobs } }], uses: { key: get, files: { put: { prefix: "a|b_/" } } } }
  timer: { runtime: container, image: "a:1", on: [{ schedule: 5m }, { event: { type: paid } }], uses: { key: get } }
native:
  mars: { rover: { spirit: {} } }
  grants: [{ who: timer, verbs: [rover:Drive], what: rover, target: mars }]
"#;

struct App {
    application: pipeline::Application,
    reach: Reach,
    sources: Sources,
}

fn app(spec: &str) -> App {
    let files = MemoryFiles::new().with("isobar.yaml", spec);
    let mut sources = Sources::default();
    let root = RelPath::resolve("", "isobar.yaml").unwrap();
    let (application, findings) = pipeline::read(&files, &root, &Request::default(), &mut sources);
    let application = application.unwrap_or_else(|| panic!("{:#?}", findings.iter().collect::<Vec<_>>()));
    let reach = Reach::new(Arc::clone(&application.graph), Arc::clone(&application.access));
    App { application, reach, sources }
}

impl App {
    fn ask(&self, asked: Asked) -> AccessDocument {
        answer(&self.reach, &self.application.access, &self.sources, asked)
    }

    fn who(&self, name: &str) -> AccessDocument {
        self.ask(Asked::Who(find_who(&self.reach, name).unwrap()))
    }

    fn what(&self, name: &str) -> AccessDocument {
        self.ask(Asked::What(find_what(&self.application.graph, name).unwrap()))
    }
}

#[test]
fn all_identities_are_told_apart() {
    let document = app(SHOP).ask(Asked::All);
    let found: Vec<_> = document.identities.iter().map(|i| (i.name.as_str(), i.kind.as_str(), i.may.len())).collect();
    assert_eq!(
        found,
        [
            ("functions.open", "function", 2),
            ("functions.timer", "function", 2),
            ("functions.work", "function", 3),
            ("delivery of functions.open.on.http-post-a", "trigger", 2),
            ("delivery of functions.timer.on.schedule-every-5m", "trigger", 1),
            ("delivery of functions.timer.on.event-paid", "trigger", 2),
            ("delivery of functions.work.on.queue-jobs", "trigger", 2),
            ("dead-lettering of resources.jobs", "platform", 1),
            ("alarms", "platform", 1),
        ]
    );
    let exposed: Vec<_> = document.identities.iter().map(|i| i.exposed).take(3).collect();
    assert_eq!(exposed, [Some(Exposure::Public), None, Some(Exposure::Public)]);
    // What follows of a native grant nobody knows.
    let open: Vec<_> = document.identities.iter().filter(|i| !i.complete).map(|i| i.name.as_str()).collect();
    assert_eq!(open, ["functions.timer"]);
    assert_eq!(document.native[0].grant, "rover:Drive on mars");
}

#[test]
fn paths_share_their_steps() {
    let document = app(SHOP).who("open");
    let reaches = &document.identities[0].reaches;
    let to: Vec<_> = reaches.iter().map(|r| document.steps[*r.path.last().unwrap()].on.as_str()).collect();
    assert_eq!(to, ["resources.failed", "functions.work", "resources.files", "resources.key"]);
    assert!(reaches.iter().all(|r| r.path[0] == reaches[0].path[0]));
    assert_eq!(document.steps.len(), 8, "own rights, what delivers, what is reached, once each");
    let [entry] = document.entries.as_slice() else { panic!() };
    assert_eq!((entry.title.as_str(), entry.public, entry.asks.as_str()), ("POST /a", true, "nothing"));
}

#[test]
fn what_delivers_to_an_identity_counts_with_it() {
    let document = app(SHOP).who("work");
    let delivers: Vec<_> = document.identities[0].delivers.iter().map(|step| &document.steps[*step]).collect();
    let [receive] = delivers.as_slice() else { panic!() };
    assert_eq!((receive.right.as_str(), receive.on.as_str()), ("receive", "resources.jobs"));
    assert!(
        text(&document, By::Identity).contains("\n  receive  resources.jobs  trigger queue-jobs (isobar.yaml:17)\n")
    );
}

#[test]
fn who_reaches_a_secret() {
    let text = text(&app(SHOP).what("key"), By::Identity);
    let expected = "\
resources.key

directly
  functions.timer  get  uses key: get (isobar.yaml:18)
  functions.work   get  uses key: get (isobar.yaml:17)

through events: a thief of
  functions.open  get
    functions.open                            send    resources.jobs  uses jobs: send (isobar.yaml:16)
    delivery of functions.work.on.queue-jobs  invoke  functions.work  trigger queue-jobs (isobar.yaml:17)
    functions.work                            get     resources.key   uses key: get (isobar.yaml:17)

entry points that lead to it
  POST /a  internet, public  isobar.yaml:16
    delivery of functions.open.on.http-post-a  invoke  functions.open  trigger http-post-a (isobar.yaml:16)
    functions.open                             send    resources.jobs  uses jobs: send (isobar.yaml:16)
    delivery of functions.work.on.queue-jobs   invoke  functions.work  trigger queue-jobs (isobar.yaml:17)
    functions.work                             get     resources.key   uses key: get (isobar.yaml:17)
  paid  sent by payments  isobar.yaml:6
    delivery of functions.timer.on.event-paid  invoke  functions.timer  trigger event-paid (isobar.yaml:18)
    functions.timer                            get     resources.key    uses key: get (isobar.yaml:18)

native grants are not followed; on this too where they mean it, which `--target` tells
  functions.timer  rover:Drive on mars  native.mars.rover  isobar.yaml:21
";
    assert_eq!(text, expected);
}

#[test]
fn who_outside_reaches_a_node_by_what_it_is() {
    let app = app(SHOP);
    let outside = |name: &str| app.what(name).object.unwrap().outside.into_iter().map(|o| o.who).collect::<Vec<_>>();
    assert_eq!(outside("files"), ["anybody on the internet may read it"]);
    assert_eq!(outside("failed"), ["people take messages from it"]);
    assert_eq!(outside("alerts"), ["subscribers outside of the application get its messages"]);
    assert_eq!(outside("jobs"), Vec::<String>::new());
}

#[test]
fn names_are_short_or_whole() {
    let app = app(SHOP);
    for name in ["open", "functions.open"] {
        assert_eq!(app.who(name).who.as_deref(), Some("functions.open"));
    }
    assert_eq!(app.who("functions.timer.on.event-paid").identities[0].kind.as_str(), "trigger");
    assert_eq!(app.who("jobs").who.as_deref(), Some("dead-lettering of resources.jobs"));
    assert_eq!(app.who("alarms").entries.len(), 0);
    assert_eq!(app.what("events.paid").what.as_deref(), Some("events.paid"));
    let who = |name: &str| find_who(&app.reach, name).unwrap_err().to_string();
    assert_eq!(who("opne"), "`opne` is no identity; did you mean `open`?");
    assert_eq!(who("functions.wrok"), "`functions.wrok` is no identity; did you mean `functions.work`?");
    assert_eq!(who("key"), "`key` is no identity; it acts for nobody; ask `--what key` who reaches it");
    let what = |name: &str| find_what(&app.application.graph, name).unwrap_err().to_string();
    assert_eq!(what("kee"), "`kee` is no node that can be reached; did you mean `key`?");
    assert!(what("functions.open.on.http-post-a").ends_with("name a resource, function, workflow or event"));
}

#[test]
fn text_of_a_spec_stays_in_its_cell() {
    let all = app(SHOP).ask(Asked::All);
    let page = markdown(&all, By::Resource);
    assert!(page.contains("| `resources.files` | `functions.work` | put (prefix a\\|b\\_/) |"), "{page}");
    assert!(
        page.contains("| `functions.open` (from the internet, public) | get | `resources.key` | send jobs -> work |")
    );
    let is_table = |line: &&str| line.starts_with('|');
    for line in page.lines().filter(is_table) {
        let bars = line.replace("\\|", "").matches('|').count();
        assert!(bars == 5 || bars == 4, "{line}");
    }
}

#[test]
fn a_long_blast_radius_is_cut_where_people_read() {
    let mut spec = String::from("isobar: 1\napp: big\nresources:\n  t: { type: topic }\n");
    for n in 0..30 {
        writeln!(spec, "  k{n}: {{ type: secret }}").unwrap();
    }
    spec += "functions:\n  say: { runtime: container, image: \"a:1\", uses: { t: publish } }\n";
    for n in 0..30 {
        let on = "on: [{ topic: { from: t } }]";
        writeln!(spec, "  f{n}: {{ runtime: container, image: \"a:1\", {on}, uses: {{ k{n}: get }} }}").unwrap();
    }
    let app = app(&spec);
    let all = app.ask(Asked::All);
    assert_eq!(all.identities.iter().map(|i| i.reaches.len()).max(), Some(60));
    let table = text(&all, By::Identity);
    assert!(table.contains("\n    and 40 more: `isobar access --who functions.say`\n"), "{table}");
    assert!(!text(&app.who("say"), By::Identity).contains("more"));
}

#[test]
fn a_long_way_is_cut_in_the_middle() {
    let mut spec = String::from("isobar: 1\napp: long\nresources:\n  k: { type: secret }\n");
    for n in 0..9 {
        writeln!(spec, "  q{n}: {{ type: queue }}").unwrap();
    }
    spec += "functions:\n";
    for n in 0..9 {
        let on = if n == 0 { String::new() } else { format!("on: [{{ queue: {{ from: q{} }} }}],", n - 1) };
        writeln!(spec, "  f{n}: {{ runtime: container, image: \"a:1\", {on} uses: {{ q{n}: send }} }}").unwrap();
    }
    spec += "  last: { runtime: container, image: \"a:1\", on: [{ queue: { from: q8 } }], uses: { k: get } }\n";
    let table = text(&app(&spec).ask(Asked::All), By::Identity);
    let way = "by send q0 -> f1 -> send q1 -> f2 -> … 10 more … -> send q7 -> f8 -> send q8 -> last\n";
    assert!(table.contains(way), "{table}");
}
