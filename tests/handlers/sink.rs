//! A server on the loopback that stands for everything a function speaks to over HTTP: it writes requests down and gives
//! the replies of a test case.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

/// A running server; it ends with the process.
pub(crate) struct Sink {
    /// `http://127.0.0.1:40000`
    pub(crate) address: String,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    replies: BTreeMap<String, Vec<Value>>,
    requests: Vec<Value>,
}

impl Sink {
    /// Starts it; `replies` are by method and path, given in order, then 204.
    pub(crate) fn start(replies: &Value) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let by_place = replies.as_object().into_iter().flatten();
        let replies = by_place.map(|(k, v)| (k.clone(), v.as_array().unwrap().clone())).collect();
        let state = Arc::new(Mutex::new(State { replies, requests: Vec::new() }));
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // A client that goes away early is not this server's concern.
                let _ = answer(stream, &shared);
            }
        });
        Self { address, state }
    }

    /// What was asked for, and the place of a reply that nobody asked for.
    pub(crate) fn finish(self) -> (Vec<Value>, Option<String>) {
        let mut state = self.state.lock().unwrap();
        let unused = state.replies.iter().find(|(_, left)| !left.is_empty()).map(|(place, _)| place.clone());
        (std::mem::take(&mut state.requests), unused)
    }
}

fn answer(stream: TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut words = line.split_whitespace();
    let (method, path) = (words.next().unwrap_or_default().to_owned(), words.next().unwrap_or_default().to_owned());
    let mut headers = BTreeMap::new();
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.insert(name.to_lowercase(), value.trim().to_owned());
    }
    let length = headers.get("content-length").and_then(|n| n.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;

    let kept: BTreeMap<_, _> = headers.into_iter().filter(|(name, _)| is_told(name)).collect();
    let text = String::from_utf8_lossy(&body).into_owned();
    let body = serde_json::from_str(&text).unwrap_or(if text.is_empty() { Value::Null } else { Value::String(text) });
    let reply = {
        let mut state = state.lock().unwrap();
        state.requests.push(json!({ "method": method, "path": path, "headers": kept, "body": body }));
        let replies = state.replies.get_mut(&format!("{method} {path}"));
        replies.filter(|left| !left.is_empty()).map_or_else(|| json!({ "status": 204 }), |left| left.remove(0))
    };
    let content = if reply["body"].is_null() { String::new() } else { reply["body"].to_string() };
    let mut head = format!("HTTP/1.1 {} Reply\r\nconnection: close\r\n", reply["status"]);
    for (name, value) in reply["headers"].as_object().into_iter().flatten() {
        write!(head, "{name}: {}\r\n", value.as_str().unwrap()).unwrap();
    }
    if reply["status"] != 204 {
        write!(head, "content-length: {}\r\n", content.len()).unwrap();
    }
    reader.get_mut().write_all(format!("{head}\r\n{content}").as_bytes())
}

/// Headers that mean something to who receives them; the others differ between versions of a language.
fn is_told(name: &str) -> bool {
    name.starts_with("ce-")
        || name.starts_with("x-")
        || ["content-type", "authorization", "idempotency-key", "if-match"].contains(&name)
}
