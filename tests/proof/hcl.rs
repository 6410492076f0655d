//! Mutations of Terraform: line by line in the statements of policies and in Lambda permissions, which the formatter
//! puts on lines of their own.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::Mutation;

/// A block `resource "kind" "name" {`, its lines from and to, both included.
struct Block<'t> {
    kind: &'t str,
    name: &'t str,
    from: usize,
    to: usize,
}

const POLICIES: [&str; 4] =
    ["aws_iam_role_policy", "aws_sqs_queue_policy", "aws_sns_topic_policy", "aws_s3_bucket_policy"];

/// What would grant beside the statements. `ROLE`, `FUNCTION` and such stand for names of the output.
const SLIPPED_IN: [&str; 11] = [
    "resource \"aws_iam_role_policy_attachment\" \"more\" {\n  role       = aws_iam_role.ROLE.name\n  policy_arn = \"arn:aws:iam::aws:policy/AdministratorAccess\"\n}\n",
    "resource \"aws_iam_policy_attachment\" \"more\" {\n  name       = \"more\"\n  roles      = [aws_iam_role.ROLE.name]\n  policy_arn = \"arn:aws:iam::aws:policy/AdministratorAccess\"\n}\n",
    "resource \"aws_iam_role_policy\" \"more\" {\n  role   = aws_iam_role.ROLE.name\n  policy = jsonencode({ Statement = [{ Effect = \"Allow\", Action = \"*\", Resource = \"*\" }] })\n}\n",
    "resource \"aws_iam_role_policy\" \"more\" {\n  role   = aws_iam_role.ROLE.name\n  policy = data.aws_iam_policy_document.more.json\n}\n",
    "resource \"aws_lambda_permission\" \"more\" {\n  action        = \"lambda:InvokeFunction\"\n  function_name = aws_lambda_function.FUNCTION.arn\n  principal     = \"*\"\n}\n",
    "resource \"aws_lambda_function_url\" \"more\" {\n  function_name      = aws_lambda_function.FUNCTION.function_name\n  authorization_type = \"NONE\"\n}\n",
    "resource \"aws_sqs_queue_policy\" \"more\" {\n  queue_url = aws_sqs_queue.QUEUE.url\n  policy    = jsonencode({ Statement = [{ Effect = \"Allow\", Principal = \"*\", Action = \"sqs:*\", Resource = \"*\" }] })\n}\n",
    "resource \"aws_secretsmanager_secret_policy\" \"more\" {\n  secret_arn = \"x\"\n  policy     = jsonencode({ Statement = [{ Effect = \"Allow\", Principal = \"*\", Action = \"*\", Resource = \"*\" }] })\n}\n",
    "resource \"aws_dynamodb_resource_policy\" \"more\" {\n  resource_arn = \"x\"\n  policy       = jsonencode({ Statement = [{ Effect = \"Allow\", Principal = \"*\", Action = \"*\", Resource = \"*\" }] })\n}\n",
    "resource \"aws_cloudwatch_event_bus_policy\" \"more\" {\n  policy = jsonencode({ Statement = [{ Effect = \"Allow\", Principal = \"*\", Action = \"*\", Resource = \"*\" }] })\n}\n",
    "resource \"aws_iam_role\" \"more\" {\n  managed_policy_arns = [\"arn:aws:iam::aws:policy/AdministratorAccess\"]\n}\n",
];

/// Attributes that grant, put behind the first line of a block of a type.
const ATTRIBUTES: [(&str, &str); 5] = [
    ("aws_iam_role", "  managed_policy_arns = [\"arn:aws:iam::aws:policy/AdministratorAccess\"]"),
    ("aws_iam_role", "  inline_policy {\n    name   = \"more\"\n    policy = \"{}\"\n  }"),
    (
        "aws_sqs_queue",
        "  policy = jsonencode({ Statement = [{ Effect = \"Allow\", Principal = \"*\", Action = \"*\" }] })",
    ),
    (
        "aws_sns_topic",
        "  policy = jsonencode({ Statement = [{ Effect = \"Allow\", Principal = \"*\", Action = \"*\" }] })",
    ),
    (
        "aws_secretsmanager_secret",
        "  policy = jsonencode({ Statement = [{ Effect = \"Allow\", Principal = \"*\", Action = \"*\" }] })",
    ),
];

pub(crate) fn mutations(files: &BTreeMap<String, String>, seen: &mut BTreeSet<String>) -> Vec<Mutation> {
    let names = names(files);
    let mut out = Vec::new();
    for (file, text) in
        files.iter().filter(|(path, _)| Path::new(path).extension().is_some_and(|ending| ending == "tf"))
    {
        let lines: Vec<&str> = text.lines().collect();
        let mut all = Edits { file, lines: &lines, names: &names, seen: &mut *seen, out: &mut out };
        for block in blocks(&lines) {
            all.block(&block);
        }
    }
    let first = |kind: &str| names.get(kind).and_then(|all| all.first()).map_or("x", |name| name);
    for more in SLIPPED_IN {
        let more = more.replace("ROLE", first("aws_iam_role"));
        let more = more.replace("FUNCTION", first("aws_lambda_function")).replace("QUEUE", first("aws_sqs_queue"));
        out.push(Mutation { file: "more.tf".to_owned(), what: format!("slips in {more}"), text: more });
    }
    out
}

fn blocks<'t>(lines: &[&'t str]) -> Vec<Block<'t>> {
    let mut out = Vec::new();
    for (from, line) in lines.iter().enumerate() {
        let Some(rest) = line.strip_prefix("resource \"") else { continue };
        let mut parts = rest.split('"');
        let (kind, name) = (parts.next().unwrap(), parts.nth(1).unwrap());
        let to = from + lines[from..].iter().position(|line| *line == "}").expect("a block ends");
        out.push(Block { kind, name, from, to });
    }
    out
}

/// Names of the resources by type.
fn names(files: &BTreeMap<String, String>) -> BTreeMap<String, BTreeSet<String>> {
    let mut out: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for text in files
        .iter()
        .filter(|(path, _)| Path::new(path).extension().is_some_and(|ending| ending == "tf"))
        .map(|(_, text)| text)
    {
        for block in blocks(&text.lines().collect::<Vec<_>>()) {
            out.entry(block.kind.to_owned()).or_default().insert(block.name.to_owned());
        }
    }
    out
}

struct Edits<'a> {
    file: &'a str,
    lines: &'a [&'a str],
    names: &'a BTreeMap<String, BTreeSet<String>>,
    /// What had all its mutations already; the like of it gets the plain ones.
    seen: &'a mut BTreeSet<String>,
    out: &'a mut Vec<Mutation>,
}

impl Edits<'_> {
    /// Puts other lines in the place of some.
    fn replace(&mut self, from: usize, to: usize, new: &[String], what: impl Into<String>) {
        let mut lines: Vec<&str> = self.lines[..from].to_vec();
        lines.extend(new.iter().map(String::as_str));
        lines.extend(&self.lines[to + 1..]);
        let text = lines.join("\n") + "\n";
        assert!(lines != self.lines, "{}:{} does not change", self.file, from + 1);
        self.out.push(Mutation {
            file: self.file.to_owned(),
            text,
            what: format!("line {}, {}", from + 1, what.into()),
        });
    }

    fn line(&mut self, at: usize, new: String, what: &str) {
        self.replace(at, at, &[new], what);
    }

    fn block(&mut self, block: &Block<'_>) {
        let is_new = self.seen.insert(block.kind.to_owned());
        for (_, attribute) in ATTRIBUTES.iter().filter(|(kind, _)| is_new && *kind == block.kind) {
            let header = self.lines[block.from].to_owned();
            self.replace(block.from, block.from, &[header, (*attribute).to_owned()], format!("adds {attribute}"));
        }
        let statements = if POLICIES.contains(&block.kind) { self.statements(block) } else { Vec::new() };
        let is_permission = block.kind == "aws_lambda_permission";
        if statements.is_empty() && !is_permission {
            return;
        }
        self.replace(block.from, block.to, &[], "drops the block");
        for at in block.from..=block.to {
            let line = self.lines[at];
            let Some((key, value)) = line.split_once(" = ").map(|(key, value)| (key.trim(), value)) else { continue };
            match key {
                "role" | "queue_url" | "arn" | "bucket" | "function_name" => self.retarget(at),
                "action" => {
                    self.line(at, line.replace(value, "\"lambda:*\""), "widens the action");
                    self.line(at, line.replace(value, "\"lambda:GetFunction\""), "changes the action");
                }
                "principal" => {
                    self.line(at, line.replace(value, "\"*\""), "widens the principal");
                    self.line(at, line.replace(value, "\"123456789012\""), "changes the principal");
                }
                "source_arn" => {
                    self.replace(at, at, &[], "drops the source");
                    self.line(at, line.replace(value, "\"*\""), "widens the source");
                    self.retarget(at);
                }
                "policy" if is_permission => unreachable!("a permission has no policy"),
                _ => {}
            }
        }
        for (from, to) in statements {
            self.statement(from, to);
        }
    }

    /// The statements that allow, as lines from and to.
    fn statements(&self, block: &Block<'_>) -> Vec<(usize, usize)> {
        let allows = |at: &usize| {
            self.lines[*at].trim() == "{"
                && self.lines[at + 1].trim_start().starts_with("Effect")
                && self.lines[at + 1].contains("Allow")
        };
        let indent = |line: &str| line.len() - line.trim_start().len();
        (block.from..block.to)
            .filter(allows)
            .map(|from| {
                let ends = |line: &&str| indent(line) == indent(self.lines[from]) && line.trim_start().starts_with('}');
                (from, from + self.lines[from..].iter().position(ends).unwrap())
            })
            .collect()
    }

    fn statement(&mut self, from: usize, to: usize) {
        self.replace(from, to, &[], "drops the statement");
        let action = (from..to).find(|at| self.lines[*at].trim_start().starts_with("Action")).expect("actions");
        let is_new = self.seen.insert(self.lines[action].trim().to_owned());
        for at in from + 1..to {
            let line = self.lines[at];
            let Some((key, value)) = line.split_once(" = ").map(|(key, value)| (key.trim(), value)) else { continue };
            match key {
                "Action" => self.line(at, line.replace(value, "[\"*\"]"), "widens the actions"),
                "Resource" if value != "[\"*\"]" => {
                    self.line(at, line.replace(value, "\"*\""), "widens the resources");
                    self.retarget(at);
                }
                "Condition" => {
                    let end = at + self.lines[at..].iter().position(|l| l.trim() == "}").unwrap();
                    self.replace(at, end, &[], "drops the condition");
                    for inner in at + 1..end {
                        self.condition(inner, is_new);
                    }
                }
                _ => {}
            }
            if is_new {
                self.odd(at, key, value);
            }
        }
    }

    /// Less plain mutations of a statement's line.
    fn odd(&mut self, at: usize, key: &str, value: &str) {
        let line = self.lines[at];
        match key {
            "Effect" => self.line(at, line.replace("Allow", "Deny"), "denies"),
            "Principal" => {
                self.line(at, line.replace(value, "\"*\""), "widens the principal");
                self.line(at, line.replace("Service", "AWS"), "changes the kind of principal");
                self.line(at, line.replace(".amazonaws.com", ".example.com"), "changes the principal");
            }
            "Action" => {
                self.line(at, line.replacen('[', "[\"sts:AssumeRole\", ", 1), "adds an action");
                self.line(at, line.replacen("Action", "NotAction", 1), "inverts the actions");
                let service = value.trim_start_matches("[\"").split(':').next().unwrap();
                let all = format!("[\"{service}:*\"]");
                self.line(at, line.replace(value, &all), "widens the actions in their service");
                if let Some((first, rest)) = value.split_once(", ") {
                    self.line(at, line.replace(value, &format!("[{rest}")), &format!("drops {first}"));
                }
            }
            "Resource" => {
                self.line(at, line.replacen("Resource", "NotResource", 1), "inverts the resources");
                self.line(at, line.replacen('[', "[\"arn:aws:s3:::elsewhere\", ", 1), "adds a resource");
            }
            _ => {}
        }
    }

    /// A line of conditions: a test with its values, or one value of a list that stands on lines of its own.
    fn condition(&mut self, at: usize, is_new: bool) {
        let line = self.lines[at];
        self.retarget(at);
        let Some((head, values)) = line.split_once('[').filter(|_| line.contains(" = ")) else {
            if line.ends_with(',') {
                self.replace(at, at, &[], "drops a value of the condition");
            }
            return;
        };
        if !is_new {
            return;
        }
        let end = at + self.lines[at..].iter().position(|line| line.ends_with("] }")).expect("the list ends");
        self.replace(at, end, &[format!("{head}[\"*\"] }}")], "widens the condition");
        let more = if end == at { format!("{head}[\"*\", {values}") } else { format!("{head}[\n\"*\",") };
        self.line(at, more, "adds a value to the condition");
        self.line(at, line.replacen("Equals", "NotEquals", 1).replacen("Like", "NotLike", 1), "inverts the condition");
    }

    /// Turns each reference of a line to another resource of its type, and to one that is not there.
    fn retarget(&mut self, at: usize) {
        let line = self.lines[at];
        for (kind, names) in self.names {
            for name in names {
                let reference = format!("{kind}.{name}.");
                if !line.contains(&reference) {
                    continue;
                }
                if let Some(other) = names.iter().find(|other| *other != name) {
                    self.line(
                        at,
                        line.replace(&reference, &format!("{kind}.{other}.")),
                        &format!("turns {name} into {other}"),
                    );
                }
                self.line(
                    at,
                    line.replace(&reference, &format!("{kind}.elsewhere.")),
                    &format!("turns {name} into nothing"),
                );
            }
        }
    }
}
