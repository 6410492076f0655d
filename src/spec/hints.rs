//! Keys of other tools and of other places, and what to write here instead. A habit deserves a better answer than
//! the nearest spelling.

/// What to do about `key` in `what`, where it is no typo.
pub(super) fn moved(what: &str, key: &str) -> Option<String> {
    let text = match (what, key) {
        ("a queue trigger", "retry") => "attempts of a queue are set on the queue: `dead-letter: { after: 5 }`",
        ("a queue trigger" | "a workflow trigger", "dead-letter") => {
            "move it to the queue: `dead-letter: { after: 5, to: … }`"
        }
        ("a queue trigger", "visibility" | "retention" | "ordered") => "move it to the queue in `resources`",
        ("a function", "events" | "triggers") => "triggers stand under `on`",
        ("a function", "environment" | "variables") => "variables stand under `env`",
        ("a function", "memorySize" | "memory-size") => "write `memory: 512MiB`",
        ("a function", "role" | "iamRoleStatements" | "policies" | "permissions") => {
            "access is derived: say what the code does under `uses`, `emits` and `calls`"
        }
        ("a function", "dlq" | "onError" | "dead-letter-queue" | "deadLetter") => "write `dead-letter: { to: … }`",
        ("a function", "reservedConcurrency" | "concurrency" | "max-concurrency") => "write `scaling: { max: 50 }`",
        ("a function", "provisionedConcurrency" | "warm") => "write `scaling: { warm: 2 }`",
        ("a function", "vpc") => "write `network: private`",
        ("a function", "tracing" | "trace") => "write `observe: { trace: true }`",
        ("a function", "logRetentionInDays" | "logs") => "write `observe: { logs: 30d }`",
        ("a function", "uri" | "codeUri" | "package" | "artifact") => "write `code: path/to/folder`",
        ("an application", "service" | "name") => "write `app: …`",
        ("an application", "provider") => "options of a cloud stand under `targets`",
        ("an application", "custom" | "params" | "variables") => "values for interpolation stand under `vars`",
        ("an application", "version") => "write `isobar: 1`",
        ("a queue", "fifo") => "write `ordered: true`",
        ("a queue", "dlq" | "redrive" | "deadLetter") => "write `dead-letter: { after: 5, to: … }`",
        ("a table", "ttl") => "write `expires: <attribute>`",
        ("a table", "stream" | "streams") => "a `change` trigger is enough: it switches changes on",
        ("a bucket", "lifecycle") => "write `expire: [{ prefix: …, after: 30d }]`",
        _ => return None,
    };
    Some(text.to_owned())
}
