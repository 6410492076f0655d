//! What the tests need to know of an example: its resources and functions, read without the compiler, so that the two
//! readings check each other.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

/// An example.
pub(crate) struct Example {
    /// `app:`
    pub(crate) app: String,
    /// `resources:`
    pub(crate) resources: Map<String, Value>,
    /// `functions:`
    pub(crate) functions: Vec<Function>,
}

/// A function of an example.
pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) runtime: String,
    pub(crate) handler: String,
    /// The folder of its code; none for an image.
    pub(crate) code: Option<PathBuf>,
    pub(crate) json: Value,
}

impl Function {
    /// `python`, `nodejs`, or the word for an image.
    pub(crate) fn language(&self) -> &str {
        self.runtime.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.')
    }
}

impl Example {
    /// Reads `isobar.yaml` and what it includes.
    pub(crate) fn read(folder: &Path) -> Self {
        let mut documents = vec![(yaml(&folder.join("isobar.yaml")), folder.to_path_buf())];
        for pattern in documents[0].0["include"].as_array().cloned().unwrap_or_default() {
            let below = folder.join(pattern.as_str().unwrap().strip_suffix("/*.yaml").unwrap());
            let mut paths: Vec<PathBuf> = fs::read_dir(below).unwrap().map(|e| e.unwrap().path()).collect();
            paths.retain(|path| path.extension().is_some_and(|e| e == "yaml"));
            paths.sort();
            documents.extend(paths.iter().map(|path| (yaml(path), path.parent().unwrap().to_path_buf())));
        }
        let mut resources = Map::new();
        let mut functions = Vec::new();
        let default = documents[0].0["defaults"]["function"]["runtime"].as_str().unwrap_or_default().to_owned();
        for (document, folder) in &documents {
            resources.extend(document["resources"].as_object().cloned().unwrap_or_default());
            for (name, json) in document["functions"].as_object().cloned().unwrap_or_default() {
                functions.push(Function {
                    runtime: json["runtime"].as_str().unwrap_or(&default).to_owned(),
                    handler: json["handler"].as_str().unwrap_or_default().to_owned(),
                    code: json["code"].as_str().map(|code| folder.join(code)),
                    name,
                    json,
                });
            }
        }
        Self { app: documents[0].0["app"].as_str().unwrap().to_owned(), resources, functions }
    }

    /// A function by name.
    pub(crate) fn function(&self, name: &str) -> &Function {
        self.functions.iter().find(|f| f.name == name).unwrap_or_else(|| panic!("there is no function `{name}`"))
    }

    /// The bus of `emits`.
    pub(crate) fn default_bus(&self) -> Option<&str> {
        self.resources.iter().find(|(_, r)| r["type"] == "bus" && r["default"] == true).map(|(name, _)| name.as_str())
    }

    /// The resources that a function is told about, the bus of what it emits included.
    pub(crate) fn told<'a>(&'a self, function: &'a Function) -> Vec<&'a str> {
        let mut out: Vec<&str> =
            function.json["uses"].as_object().into_iter().flatten().map(|(k, _)| k.as_str()).collect();
        if function.json["emits"].as_array().is_some_and(|e| !e.is_empty()) {
            out.extend(self.default_bus());
        }
        out
    }

    /// The environment of a function on a target; `sink` is the address that stands for everything behind HTTP.
    pub(crate) fn environment(&self, function: &Function, target: &str, sink: &str) -> Vec<(String, String)> {
        let mut out = Vec::new();
        for name in self.told(function) {
            let resource = &self.resources[name];
            for (key, value) in self.binding(name, resource, target, sink) {
                out.push((format!("ISOBAR_{}_{key}", name.to_uppercase().replace('-', "_")), value));
            }
        }
        let idempotency = &function.json["idempotency"];
        if let (Some(store), Some(key)) = (idempotency["store"].as_str(), idempotency["key"].as_str()) {
            for (attribute, value) in self.binding(store, &self.resources[store], target, sink) {
                out.push((format!("ISOBAR_IDEMPOTENCY_{attribute}"), value));
            }
            let window = idempotency["window"].as_str().unwrap();
            let (number, unit) = window.split_at(window.len() - 1);
            let seconds = number.parse::<u64>().unwrap()
                * match unit {
                    "d" => 86400,
                    "h" => 3600,
                    _ => 60,
                };
            out.push(("ISOBAR_IDEMPOTENCY_KEY".to_owned(), key.to_owned()));
            out.push(("ISOBAR_IDEMPOTENCY_WINDOW".to_owned(), seconds.to_string()));
            out.push(("ISOBAR_IDEMPOTENCY_PREFIX".to_owned(), format!("{}#", function.name)));
        }
        out
    }

    fn binding(&self, name: &str, resource: &Value, target: &str, sink: &str) -> Vec<(&'static str, String)> {
        let own = format!("{}-{name}", self.app);
        let is_aws = target == "aws";
        let fifo = if is_aws && resource["ordered"] != Value::Null { ".fifo" } else { "" };
        let arn = |service: &str, rest: &str| format!("arn:aws:{service}:eu-central-1:123456789012:{rest}");
        match (resource["type"].as_str().unwrap(), is_aws) {
            ("table", true) => vec![("KIND", "dynamodb".to_owned()), ("NAME", own)],
            ("table", false) => vec![("KIND", "dapr".to_owned()), ("NAME", own), ("URL", sink.to_owned())],
            ("queue", true) => vec![
                ("KIND", "sqs".to_owned()),
                ("URL", format!("https://sqs.eu-central-1.amazonaws.com/123456789012/{own}{fifo}")),
            ],
            ("topic", true) => vec![("KIND", "sns".to_owned()), ("ID", arn("sns", &own))],
            ("queue" | "topic", false) => vec![
                ("KIND", "kafka".to_owned()),
                ("NAME", own),
                ("URL", "kafka.example:9093".to_owned()),
                ("PATH", "kafka".to_owned()),
            ],
            ("bus", true) => vec![("KIND", "eventbridge".to_owned()), ("NAME", own)],
            ("bus", false) => vec![("KIND", "knative-broker".to_owned()), ("URL", format!("{sink}/{own}"))],
            ("bucket", true) => vec![("KIND", "s3".to_owned()), ("NAME", own)],
            ("bucket", false) => vec![
                ("KIND", "s3".to_owned()),
                ("NAME", own),
                ("URL", "http://store.example".to_owned()),
                ("PATH", "bucket".to_owned()),
            ],
            ("secret", true) => {
                vec![("KIND", "secretsmanager".to_owned()), ("ID", arn("secretsmanager", &format!("secret:{own}")))]
            }
            ("secret", false) => vec![("KIND", "file".to_owned()), ("PATH", "secret.txt".to_owned())],
            ("external", is_aws) => {
                let (host, port) = sink.strip_prefix("http://").and_then(|rest| rest.split_once(':')).unwrap();
                vec![
                    ("KIND", if is_aws { "https" } else { "http" }.to_owned()),
                    ("HOST", host.to_owned()),
                    ("PORT", port.to_owned()),
                    ("URL", sink.to_owned()),
                ]
            }
            (kind, _) => panic!("no binding of a {kind}"),
        }
    }

    /// The routes of a function as the adapter of a cluster reads them.
    pub(crate) fn routes(&self, function: &Function) -> Value {
        let mut out = Vec::new();
        for http in function.json["on"].as_array().into_iter().flatten().filter_map(|t| t.get("http")) {
            let (method, path) = http["route"].as_str().unwrap().split_once(' ').unwrap();
            let api = &self.resources[http["api"].as_str().unwrap()];
            let is_public = http["auth"] == "public";
            let jwt = !is_public && (http["auth"]["jwt"].is_object() || api["auth"]["jwt"].is_object());
            let words: Vec<String> = format!("http {method} {path}")
                .split(|c: char| !c.is_ascii_alphanumeric())
                .filter(|word| !word.is_empty())
                .map(str::to_ascii_lowercase)
                .collect();
            let trigger = words.join("-");
            out.push(serde_json::json!({ "trigger": trigger, "method": method, "path": path, "jwt": jwt }));
        }
        Value::Array(out)
    }
}

fn yaml(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_yaml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}
