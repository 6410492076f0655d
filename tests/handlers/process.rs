//! Runs one handler behind its adapter, as a process of its own.

use std::fmt::Write as _;
use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::sink::Sink;
use super::spec::{Example, Function};

/// What a run did.
pub(crate) struct Outcome {
    pub(crate) answer: Value,
    /// Operations of SDKs.
    pub(crate) calls: Vec<Value>,
    /// Requests over HTTP.
    pub(crate) requests: Vec<Value>,
    pub(crate) logs: Vec<Value>,
    /// A reply of the case that nothing asked for: then the case does not test what it says.
    pub(crate) unused_reply: Option<String>,
}

impl Outcome {
    pub(crate) fn to_json(&self) -> Value {
        let mut out = json!({ "answer": self.answer });
        for (name, list) in [("calls", &self.calls), ("requests", &self.requests), ("logs", &self.logs)] {
            if !list.is_empty() {
                out[name] = Value::Array(list.clone());
            }
        }
        out
    }
}

/// Packs the code with the adapter of a target, starts it and delivers what the case holds.
pub(crate) fn run(root: &Path, example: &Example, function: &Function, target: &str, case: &Value) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    let package = folder.path().join("package");
    let fakes = root.join("tests/handlers/fakes");
    let language = function.language();
    copy(function.code.as_ref().unwrap(), &package);
    copy(&root.join(format!("targets/{target}/adapters/{language}")), &package);
    fs::write(package.join("secret.txt"), case["secret"].as_str().unwrap_or_default()).unwrap();
    fs::create_dir(package.join("kafka")).unwrap();
    fs::create_dir(package.join("bucket")).unwrap();
    for name in ["kafka/ca.crt", "kafka/user.crt", "kafka/user.key"] {
        fs::write(package.join(name), "").unwrap();
    }
    for name in ["bucket/AWS_ACCESS_KEY_ID", "bucket/AWS_SECRET_ACCESS_KEY"] {
        fs::write(package.join(name), "test").unwrap();
    }
    if language == "nodejs" {
        copy(&fakes.join("nodejs"), &folder.path().join("node_modules"));
    }
    let sink = Sink::start(&case["requests"]);
    let calls = folder.path().join("calls.jsonl");
    fs::write(&calls, "").unwrap();

    let mut command = program(language, target, root, &fakes);
    command.current_dir(&package).env("ISOBAR_HANDLER", &function.handler);
    command.env("TEST_CALLS", &calls).envs(case.get("replies").map(|r| ("TEST_REPLIES", r.to_string())));
    command.env("TEST_FUNCTION", format!("{}-{}", example.app, function.name));
    command.env("TEST_ANSWER", folder.path().join("answer.json"));
    command.envs(example.environment(function, target, &sink.address));
    command.envs(function.json["env"].as_object().into_iter().flatten().map(|(k, v)| (k, v.as_str().unwrap())));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());

    let (answer, output) = if target == "aws" {
        command.env("ISOBAR_PARTIAL_FAILURES", partial_failures(example, function));
        command.env("_X_AMZN_TRACE_ID", "Root=1-67891233-abcdef012345678912345678;Parent=53995c3f42cd8ad8;Sampled=1");
        invoke(command, &case["input"], &folder.path().join("answer.json"))
    } else {
        command.env("ISOBAR_ROUTES", example.routes(function).to_string());
        command.env("ISOBAR_WHERE", case["where"].as_array().map_or_else(String::new, |_| case["where"].to_string()));
        command.env("K_SERVICE", format!("{}-{}", example.app, function.name));
        serve(command, &case["input"])
    };
    // The sink's port differs from run to run.
    let output = output.replace(&sink.address, "http://sink");
    let calls: Vec<Value> = lines(&fs::read_to_string(calls).unwrap());
    let (requests, unused) = sink.finish();
    let unused_reply = unused.or_else(|| {
        let given = case["replies"].as_object().into_iter().flatten();
        let taken = |name: &str| calls.iter().filter(|c| c["call"] == *name).count();
        given.filter(|(name, list)| list.as_array().unwrap().len() > taken(name)).map(|(name, _)| name.clone()).next()
    });
    let unused_reply = unused_reply.map(|place| format!("nothing asked for a reply of `{place}`"));
    Outcome { answer, calls, requests, logs: lines(&output), unused_reply }
}

/// The names of the queues whose failed messages go back alone, as a compile gives them to the adapter of AWS.
fn partial_failures(example: &Example, function: &Function) -> String {
    let triggers = function.json["on"].as_array().into_iter().flatten().map(|trigger| &trigger["queue"]);
    let partial = triggers.filter(|queue| queue["partial-failures"] == true);
    let name = |queue: &Value| {
        let from = queue["from"].as_str().unwrap();
        let end = if example.resources[from]["ordered"].is_null() { "" } else { ".fifo" };
        format!("{}-{from}{end}", example.app)
    };
    partial.map(name).collect::<Vec<_>>().join(",")
}

fn program(language: &str, target: &str, root: &Path, fakes: &Path) -> Command {
    let end = if language == "python" { "py" } else { "mjs" };
    let mut command = if language == "python" { Command::new(python()) } else { Command::new("node") };
    if language == "nodejs" {
        command.arg("--import").arg(fakes.join("nodejs/clock.mjs"));
    }
    command.env("PYTHONPATH", fakes.join("python")).env("PYTHONDONTWRITEBYTECODE", "1");
    if target == "aws" {
        command.arg(root.join(format!("tests/handlers/drive/invoke.{end}")));
    } else {
        command.arg(format!("isobar_adapter.{end}"));
    }
    command
}

/// The interpreter itself: what stands on the path may be a script that looks for it, which takes longer than a case.
pub(crate) fn python() -> &'static str {
    static FOUND: OnceLock<String> = OnceLock::new();
    FOUND.get_or_init(|| {
        let output = Command::new("python3").args(["-c", "import sys; print(sys.executable)"]).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    })
}

/// Gives one event on standard input; what the adapter answered, and what was logged.
pub(crate) fn invoke(mut command: Command, input: &Value, answer: &Path) -> (Value, String) {
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    let answer = fs::read_to_string(answer).unwrap_or_else(|e| panic!("no answer ({e}): {text}"));
    let mut answer: Value = serde_json::from_str(&answer).unwrap();
    // The body of a response is text here; as JSON it can be read.
    if let Some(body) = answer["answer"]["body"].as_str().and_then(|text| serde_json::from_str(text).ok()) {
        answer["answer"]["body"] = body;
    }
    (answer, text)
}

/// Starts a server, sends it one request, and ends it politely.
fn serve(mut command: Command, input: &Value) -> (Value, String) {
    let port = free_port();
    let mut child = command.env("PORT", port.to_string()).spawn().unwrap();
    let end = Instant::now() + Duration::from_secs(60);
    while exchange(port, &json!({ "method": "GET", "path": "/_isobar/health" })).is_none_or(|r| r["status"] != 200) {
        if Instant::now() > end || child.try_wait().unwrap().is_some() {
            // Its log says why.
            let _ = child.kill();
            panic!("the adapter does not serve: {}", read(&mut child));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let answer = exchange(port, input).expect("an answer");
    Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    let log = read(&mut child);
    let status = child.wait().unwrap();
    assert!(status.success(), "the adapter did not end well: {status}: {log}");
    (answer, log)
}

/// A port that no other case gets, below those that systems hand out by themselves: one of these could be taken again
/// before the adapter listens.
fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let start = 10_000 + u16::try_from(std::process::id() % 16).unwrap() * 1_000;
    let ports = (0..1_000).map(|_| start + NEXT.fetch_add(1, Ordering::Relaxed) % 1_000);
    let mut free = ports.filter(|port| TcpListener::bind(("0.0.0.0", *port)).is_ok());
    free.next().expect("a free port")
}

fn read(child: &mut Child) -> String {
    let mut text = String::new();
    child.stdout.take().unwrap().read_to_string(&mut text).unwrap();
    child.stderr.take().unwrap().read_to_string(&mut text).unwrap();
    text
}

/// One request over HTTP; none while nobody listens.
fn exchange(port: u16, input: &Value) -> Option<Value> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    let body = input["text"].as_str().map_or_else(
        || if input["body"].is_null() { String::new() } else { input["body"].to_string() },
        ToOwned::to_owned,
    );
    let mut head = format!("{} {} HTTP/1.1\r\n", input["method"].as_str().unwrap(), input["path"].as_str().unwrap());
    for (name, value) in input["headers"].as_object().into_iter().flatten() {
        write!(head, "{name}: {}\r\n", value.as_str().unwrap()).unwrap();
    }
    write!(head, "host: function\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}", body.len()).unwrap();
    stream.write_all(head.as_bytes()).ok()?;
    let mut text = String::new();
    stream.read_to_string(&mut text).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    let status: u16 = head.split_whitespace().nth(1)?.parse().ok()?;
    let content_type =
        head.lines().find_map(|l| l.to_lowercase().strip_prefix("content-type: ").map(ToOwned::to_owned));
    let body = serde_json::from_str(body).unwrap_or_else(|_| json!(body));
    Some(json!({ "status": status, "content-type": content_type, "body": body }))
}

/// Lines of JSON as they are, without the stack of an error, which differs between versions; other lines as text.
fn lines(text: &str) -> Vec<Value> {
    let parse = |line: &str| {
        let mut value = serde_json::from_str(line).unwrap_or_else(|_| json!(line));
        if let Some(map) = value.as_object_mut() {
            map.remove("stack");
        }
        value
    };
    text.lines().filter(|line| !line.trim().is_empty()).map(parse).collect()
}

pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap_or_else(|e| panic!("{}: {e}", from.display())) {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            if entry.file_name() != "__pycache__" {
                copy(&entry.path(), &target);
            }
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
