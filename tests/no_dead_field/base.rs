//! The base application, one toggle a field, and the fields that wait for their construct.

/// What most toggles start from.
pub(crate) const BASE: &str = r#"
isobar: 1
app: base
vars: { kept: 30d }
environments: { default: {} }
alarms: { notify: alerts }
events:
  made: { schema: { type: object, properties: { id: { type: string }, other: { type: string } }, required: [id, other] }, key: /id }
  done: { schema: { type: object, properties: { id: { type: string } }, required: [id] }, key: /id }
resources:
  web: { type: api }
  mesh: { type: bus, default: true }
  side: { type: bus }
  rows: { type: table, key: { partition: { id: string } } }
  seen: { type: table, key: { partition: { id: string } }, expires: ttl }
  memory: { type: table, key: { partition: { id: string } }, expires: ttl }
  files: { type: bucket }
  jobs: { type: queue }
  later: { type: queue, manual: true }
  news: { type: topic }
  alerts: { type: topic, external-subscribers: true }
  pager: { type: topic, external-subscribers: true }
  key: { type: secret }
  psp: { type: external, host: api.example.com }
functions:
  front: { code: code, handler: app.handler, runtime: python3.13, on: [{ http: { api: web, route: POST /x, auth: public } }] }
  work: { code: code, handler: app.handler, runtime: python3.13, on: [{ queue: { from: jobs } }], idempotency: natural }
  heard: { code: code, handler: app.handler, runtime: python3.13, on: [{ topic: { from: news } }], idempotency: natural, dead-letter: { to: later } }
  told: { code: code, handler: app.handler, runtime: python3.13, on: [{ event: { type: made } }], idempotency: natural }
  filed: { code: code, handler: app.handler, runtime: python3.13, on: [{ object: { bucket: files, created: {} } }], idempotency: natural }
  daily: { code: code, handler: app.handler, runtime: python3.13, on: [{ schedule: { cron: "0 2 * * *", zone: Europe/Berlin } }], idempotency: natural }
  plain: { code: code, handler: app.handler, runtime: python3.13 }
targets: { aws: { region: eu-central-1 }, kubernetes: { namespace: base } }
"#;

/// Findings that say that a toggle is no valid spec.
pub(crate) const UNREADABLE: [&str; 6] =
    ["unknown-field", "unknown-key", "wrong-type", "missing-field", "unknown-reference", "bad-value"];

/// Fields, edits that come before, and the edit that has to change something. Edits are `path = value`, joined by ` && `.
pub(crate) const TOGGLES: &[(&str, &str, &str)] = &[
    (".app", "", "app = other"),
    (".include", "", "include = [more.yaml]"),
    (".vars", "functions/plain/env = { KEPT: '${var.kept}' }", "vars/kept = 7d"),
    (".environments", "", "environments/default = { protected: true }"),
    (".defaults Defaults.function", "", "defaults = { function: { memory: 1GiB } }"),
    (".alarms Alarms.notify", "", "alarms/notify = pager"),
    (".events", "", "events/more = { schema: { type: object } } && functions/plain/emits = [more]"),
    (".resources", "", "resources/more = { type: table, key: { partition: { id: string } } }"),
    (
        ".functions Function.handler Function.code Function.runtime",
        "",
        "functions/more = { code: code, handler: app.handler, runtime: python3.13 }",
    ),
    (".workflows", "", "workflows = { flow: { do: [{ a: { call: plain } }] } }"),
    (".targets", "", "targets/aws/region = us-east-1"),
    (".native", "", "native = { aws: { aws_sns_topic: { more: { name: more } } } }"),
    (
        "NativeGrant.who NativeGrant.verbs NativeGrant.what",
        "native = { aws: {} }",
        "native/grants = [{ who: plain, verbs: [x:Do], what: 'x:y' }]",
    ),
    (
        "NativeGrant.conditions",
        "native = { aws: {}, grants: [{ who: plain, verbs: [x:Do], what: 'x:y' }] }",
        "native/grants/0/conditions = { Bool: { x:Safe: true } }",
    ),
    (
        "NativeGrant.target",
        "native = { aws: {}, kubernetes: {}, grants: [{ who: plain, verbs: [x:Do], what: 'x:y' }] }",
        "native/grants/0/target = aws",
    ),
    (".lint", "", "lint = { missing-trace: { level: 'off', reason: a test } }"),
    (
        "LintEntry.level",
        "lint = { missing-trace: { level: 'off', reason: a test } }",
        "lint/missing-trace/level = note",
    ),
    (".isobar", "", "isobar = 2"),
    // Defaults.
    (
        "FunctionDefaults.runtime",
        "functions/plain/runtime = null && defaults = { function: { runtime: python3.13 } }",
        "defaults/function/runtime = python3.12",
    ),
    ("FunctionDefaults.envelope", "", "defaults = { function: { envelope: native } }"),
    ("FunctionDefaults.placement", "", "defaults = { function: { placement: edge } }"),
    ("FunctionDefaults.memory", "", "defaults = { function: { memory: 1GiB } }"),
    ("FunctionDefaults.timeout", "", "defaults = { function: { timeout: 17s } }"),
    ("FunctionDefaults.env", "", "defaults = { function: { env: { MODE: b } } }"),
    ("FunctionDefaults.network", "", "defaults = { function: { network: private } }"),
    ("FunctionDefaults.scaling", "", "defaults = { function: { scaling: { max: 3 } } }"),
    ("FunctionDefaults.observe", "", "defaults = { function: { observe: { trace: true } } }"),
    ("FunctionDefaults.dead-letter", "", "defaults = { function: { dead-letter: { to: later } } }"),
    ("Defaults.table TableDefaults.recovery", "", "defaults = { table: { recovery: true } }"),
    ("Defaults.bucket BucketDefaults.versioned", "", "defaults = { bucket: { versioned: true } }"),
    ("Defaults.queue QueueDefaults.retention", "", "defaults = { queue: { retention: 3d } }"),
    ("Defaults.api ApiDefaults.throttle", "", "defaults = { api: { throttle: { rate: 3, burst: 7 } } }"),
    (
        "ApiDefaults.auth",
        "functions/front/on/0/http/auth = null",
        "defaults = { api: { auth: { jwt: { issuer: 'https://id.example.com/', audience: [a] } } } }",
    ),
    ("ApiDefaults.cors", "", "defaults = { api: { cors: { origins: ['https://a.example.com'] } } }"),
    // Events.
    ("Event.schema", "functions/plain/emits = [made]", "events/made/schema = { type: string }"),
    ("Event.key", "functions/plain/emits = [made]", "events/made/key = /nowhere"),
    ("Event.id", "functions/plain/emits = [made]", "events/made/id = /nowhere"),
    // Resources.
    ("Resource.table.type", "", "resources/more = { type: table, key: { partition: { id: string } } }"),
    ("Resource.bucket.type", "", "resources/more = { type: bucket }"),
    ("Resource.queue.type", "", "resources/more = { type: queue }"),
    ("Resource.topic.type", "", "resources/more = { type: topic }"),
    ("Resource.stream.type", "", "resources/more = { type: stream }"),
    ("Resource.bus.type", "", "resources/more = { type: bus }"),
    ("Resource.secret.type", "", "resources/more = { type: secret }"),
    ("Resource.cache.type", "", "resources/more = { type: cache }"),
    ("Resource.api.type", "", "resources/more = { type: api }"),
    ("Resource.socket.type", "", "resources/more = { type: socket }"),
    ("Resource.identity.type", "", "resources/more = { type: identity }"),
    ("Resource.devices.type", "", "resources/more = { type: devices }"),
    ("Resource.database.type", "", "resources/more = { type: database, engine: postgres }"),
    (
        "Resource.external.type",
        "",
        "functions/plain/uses = { psp: connect } && resources/psp = { type: external, host: b.example.com }",
    ),
    ("Resource.table.key TableKey.partition", "", "resources/rows/key = { partition: { other: string } }"),
    ("TableKey.sort", "", "resources/rows/key/sort = { line: number }"),
    ("Resource.table.indexes", "", "resources/rows/indexes = { by-x: { partition: { x: string } } }"),
    ("Resource.table.expires", "", "resources/rows/expires = gone"),
    ("Resource.table.recovery", "", "resources/rows/recovery = true"),
    ("Resource.table.renamed-from", "functions/plain/uses = { rows: get }", "resources/rows/renamed-from = old"),
    (
        "Resource.table.override",
        "",
        "resources/rows/override = { aws: { aws_dynamodb_table: { table_class: STANDARD_INFREQUENT_ACCESS } } }",
    ),
    ("Resource.bucket.versioned", "", "resources/files/versioned = true"),
    ("Resource.bucket.expire Expiry.after", "", "resources/files/expire = [{ after: 3d }]"),
    (
        "Expiry.prefix",
        "resources/files/expire = [{ after: 3d }]",
        "resources/files/expire = [{ prefix: a/, after: 3d }]",
    ),
    ("Resource.bucket.cors", "", "resources/files/cors = { origins: ['https://a.example.com'] }"),
    ("Resource.bucket.public", "", "resources/files/public = true"),
    ("Resource.bucket.renamed-from", "", "resources/files/renamed-from = old"),
    ("Resource.bucket.override", "", "resources/files/override = { aws: { aws_s3_bucket: { force_destroy: true } } }"),
    ("Resource.queue.ordered", "resources/jobs/carries = made", "resources/jobs/ordered = true"),
    (
        "Resource.queue.carries",
        "resources/jobs/ordered = true && resources/jobs/carries = made && events/thing = { schema: { type: object } }",
        "resources/jobs/carries = thing",
    ),
    ("Resource.queue.retention", "", "resources/jobs/retention = 3d"),
    ("Resource.queue.visibility", "", "resources/jobs/visibility = 10m"),
    ("Resource.queue.delay", "", "resources/jobs/delay = 5s"),
    ("Resource.queue.dead-letter QueueDeadLetter.to", "", "resources/jobs/dead-letter = { after: 3, to: later }"),
    (
        "QueueDeadLetter.after",
        "resources/jobs/dead-letter = { after: 3, to: later }",
        "resources/jobs/dead-letter/after = 4",
    ),
    ("Resource.queue.manual", "", "resources/later/manual = false"),
    ("Resource.queue.renamed-from", "", "resources/jobs/renamed-from = old"),
    ("Resource.queue.override", "", "resources/jobs/override = { aws: { aws_sqs_queue: { max_message_size: 1024 } } }"),
    (
        "Resource.topic.ordered Resource.topic.carries",
        "",
        "resources/news/carries = made && resources/news/ordered = true",
    ),
    ("Resource.topic.external-subscribers", "", "resources/news/external-subscribers = true"),
    ("Resource.topic.renamed-from", "", "resources/news/renamed-from = old"),
    ("Resource.topic.override", "", "resources/news/override = { aws: { aws_sns_topic: { display_name: a } } }"),
    ("Resource.bus.default", "", "resources/mesh/default = false && resources/side/default = true"),
    ("Resource.bus.renamed-from", "", "resources/mesh/renamed-from = old"),
    (
        "Resource.bus.override",
        "",
        "resources/mesh/override = { aws: { aws_cloudwatch_event_bus: { description: a } } }",
    ),
    ("Resource.secret.rotate Rotate.every", "", "resources/key/rotate = { every: 30d }"),
    ("Rotate.by", "resources/key/rotate = { every: 30d }", "resources/key/rotate/by = plain"),
    ("Resource.secret.renamed-from", "", "resources/key/renamed-from = old"),
    (
        "Resource.secret.override",
        "",
        "resources/key/override = { aws: { aws_secretsmanager_secret: { description: a } } }",
    ),
    (
        "Resource.api.auth Auth.jwt Jwt.issuer Jwt.audience",
        "functions/front/on/0/http/auth = null",
        "resources/web/auth = { jwt: { issuer: 'https://id.example.com/', audience: [a] } }",
    ),
    ("Resource.api.cors Cors.origins", "", "resources/web/cors = { origins: ['https://a.example.com'] }"),
    (
        "Cors.methods",
        "resources/web/cors = { origins: ['https://a.example.com'] }",
        "resources/web/cors/methods = [PUT]",
    ),
    (
        "Cors.headers",
        "resources/web/cors = { origins: ['https://a.example.com'] }",
        "resources/web/cors/headers = [x-a]",
    ),
    (
        "Cors.credentials",
        "resources/web/cors = { origins: ['https://a.example.com'] }",
        "resources/web/cors/credentials = true",
    ),
    (
        "Cors.methods",
        "resources/files/cors = { origins: ['https://a.example.com'] }",
        "resources/files/cors/methods = [PUT]",
    ),
    (
        "Cors.headers",
        "resources/files/cors = { origins: ['https://a.example.com'] }",
        "resources/files/cors/headers = [x-a]",
    ),
    (
        "Cors.credentials",
        "resources/files/cors = { origins: ['https://a.example.com'] }",
        "resources/files/cors/credentials = true",
    ),
    ("Resource.api.throttle Throttle.rate Throttle.burst", "", "resources/web/throttle = { rate: 3, burst: 7 }"),
    ("Resource.api.renamed-from", "", "resources/web/renamed-from = old"),
    ("Resource.api.override", "", "resources/web/override = { aws: { aws_apigatewayv2_api: { description: a } } }"),
    ("Resource.external.host", "functions/plain/uses = { psp: connect }", "resources/psp/host = b.example.com"),
    ("Resource.external.port", "functions/plain/uses = { psp: connect }", "resources/psp/port = 8443"),
    // Functions.
    ("Function.image", "functions/plain = { runtime: container, image: 'a:1' }", "functions/plain/image = b:1"),
    ("Function.model", "", "functions/plain = { runtime: model, model: hosted-1 }"),
    ("Function.envelope", "", "functions/plain/envelope = native"),
    ("Function.placement", "", "functions/plain/placement = edge"),
    (
        "Function.state Entity.key Entity.store",
        "",
        "functions/front/state = { entity: { key: 'header:a', store: rows } }",
    ),
    ("Function.memory", "", "functions/plain/memory = 1GiB"),
    ("Function.timeout", "", "functions/plain/timeout = 17s"),
    ("Function.env", "", "functions/plain/env = { MODE: b }"),
    ("Function.network", "", "functions/plain/network = private"),
    ("Function.scaling Scaling.max", "", "functions/plain/scaling = { max: 3 }"),
    ("Scaling.min", "", "functions/plain/scaling = { min: 1 }"),
    ("Scaling.min", "functions/plain/scaling = { warm: 1 }", "functions/plain/scaling = { warm: 1, min: 2 }"),
    ("Scaling.warm", "", "functions/plain/scaling = { warm: 1 }"),
    ("Scaling.concurrency", "", "functions/plain/scaling = { concurrency: 5 }"),
    (
        "Scaling.schedule WarmTime.cron WarmTime.zone WarmTime.warm",
        "",
        "functions/plain/scaling = { schedule: [{ cron: '0 8 * * *', zone: Europe/Berlin, warm: 2 }] }",
    ),
    ("Function.observe Observe.trace", "", "functions/plain/observe = { trace: true }"),
    ("Observe.logs", "", "functions/plain/observe = { logs: 7d }"),
    ("Observe.alarms", "", "functions/plain/observe = { alarms: false }"),
    (
        "Function.idempotency Remembered.store Remembered.key",
        "",
        "functions/work/idempotency = { key: 'event:id', store: seen, window: 20d }",
    ),
    (
        "Remembered.window",
        "functions/work/idempotency = { key: 'event:id', store: seen, window: 20d }",
        "functions/work/idempotency/window = 30d",
    ),
    (
        "Idempotency.natural",
        "functions/work/uses = { rows: update }",
        "functions/work/idempotency = { natural: it is }",
    ),
    ("Function.dead-letter", "", "functions/work/dead-letter = { to: later }"),
    ("Function.dead-letter DeadLetter.to", "", "functions/told/dead-letter = { to: later }"),
    (
        "Function.on Trigger.http HttpTrigger.api HttpTrigger.route",
        "",
        "functions/plain/on = [{ http: { api: web, route: GET /y, auth: public } }]",
    ),
    ("Function.uses", "", "functions/plain/uses = { rows: get }"),
    ("ScopeSpec.prefix", "", "functions/plain/uses = { files: { get: { prefix: a/ } } }"),
    ("ScopeSpec.suffix", "", "functions/plain/uses = { files: { put: { prefix: a/, suffix: .b } } }"),
    (
        "ScopeSpec.index",
        "resources/rows/indexes = { by-x: { partition: { x: string } } }",
        "functions/plain/uses = { rows: { query: { index: by-x } } }",
    ),
    (
        "ScopeSpec.leading",
        "functions/plain/uses = { rows: get }",
        "functions/plain/uses = { rows: { get: { leading: a } } }",
    ),
    (
        "ScopeSpec.type",
        "functions/plain/emits = [made]",
        "functions/plain/emits = null && functions/plain/uses = { mesh: { emit: { type: done } } }",
    ),
    ("Function.emits", "", "functions/plain/emits = [done]"),
    ("Function.calls", "", "functions/plain/calls = [told]"),
    ("Function.renamed-from", "", "functions/plain/renamed-from = old"),
    ("Function.override", "", "functions/plain/override = { aws: { aws_lambda_function: { description: a } } }"),
    // Triggers.
    ("HttpTrigger.auth", "", "functions/front/on/0/http/auth = null"),
    ("HttpTrigger.throttle", "", "functions/front/on/0/http/throttle = { rate: 3, burst: 7 }"),
    ("Trigger.queue QueueFields.from", "", "functions/work/on/0/queue/from = later"),
    ("QueueFields.batch", "", "functions/work/on/0/queue/batch = 3"),
    ("QueueFields.window", "", "functions/work/on/0/queue/window = 5s"),
    ("QueueFields.partial-failures", "", "functions/work/on/0/queue/partial-failures = false"),
    ("QueueFields.concurrency", "", "functions/work/on/0/queue/concurrency = 5"),
    ("QueueFields.where", "resources/jobs/carries = made", "functions/work/on/0/queue/where = { /id: a }"),
    ("Trigger.topic TopicFields.from", "", "functions/heard/on/0/topic/from = pager"),
    ("TopicFields.where", "resources/news/carries = made", "functions/heard/on/0/topic/where = { /id: a }"),
    ("TopicFields.retry Retry.attempts", "", "functions/heard/on/0/topic/retry = { attempts: 2 }"),
    ("Trigger.event EventFields.type", "", "functions/told/on/0/event/type = done"),
    ("EventFields.bus", "", "functions/told/on/0/event/bus = side"),
    ("EventFields.where", "", "functions/told/on/0/event/where = { /id: a }"),
    ("EventFields.retry Retry.for", "", "functions/told/on/0/event/retry = { for: 2h }"),
    (
        "Retry.delay",
        "functions/told/on/0/event/retry = { attempts: 2 }",
        "functions/told/on/0/event/retry = { attempts: 2, delay: 7s }",
    ),
    (
        "Retry.for",
        "functions/heard/on/0/topic/retry = { attempts: 2 }",
        "functions/heard/on/0/topic/retry = { attempts: 2, for: 2h }",
    ),
    (
        "Retry.delay",
        "functions/heard/on/0/topic/retry = { attempts: 2 }",
        "functions/heard/on/0/topic/retry = { attempts: 2, delay: 7s }",
    ),
    (
        "Retry.backoff",
        "functions/heard/on/0/topic/retry = { attempts: 2, delay: 7s }",
        "functions/heard/on/0/topic/retry = { attempts: 2, delay: 7s, backoff: exponential }",
    ),
    (
        "Retry.for",
        "functions/filed/on/0/object/retry = { attempts: 2 }",
        "functions/filed/on/0/object/retry = { attempts: 2, for: 2h }",
    ),
    (
        "Retry.delay",
        "functions/filed/on/0/object/retry = { attempts: 2 }",
        "functions/filed/on/0/object/retry = { attempts: 2, delay: 7s }",
    ),
    (
        "Retry.backoff",
        "functions/filed/on/0/object/retry = { attempts: 2, delay: 7s }",
        "functions/filed/on/0/object/retry = { attempts: 2, delay: 7s, backoff: exponential }",
    ),
    (
        "Retry.for",
        "functions/daily/on/0/schedule/retry = { attempts: 2 }",
        "functions/daily/on/0/schedule/retry = { attempts: 2, for: 2h }",
    ),
    (
        "Retry.delay",
        "functions/daily/on/0/schedule/retry = { attempts: 2 }",
        "functions/daily/on/0/schedule/retry = { attempts: 2, delay: 7s }",
    ),
    (
        "Retry.backoff",
        "functions/daily/on/0/schedule/retry = { attempts: 2, delay: 7s }",
        "functions/daily/on/0/schedule/retry = { attempts: 2, delay: 7s, backoff: exponential }",
    ),
    (
        "Retry.backoff",
        "functions/told/on/0/event/retry = { attempts: 2, delay: 7s }",
        "functions/told/on/0/event/retry = { attempts: 2, delay: 7s, backoff: exponential }",
    ),
    (
        "Trigger.object ObjectTrigger.bucket",
        "resources/more = { type: bucket }",
        "functions/filed/on/0/object/bucket = more",
    ),
    ("ObjectTrigger.created ObjectFilter.prefix", "", "functions/filed/on/0/object/created = { prefix: a/ }"),
    ("ObjectFilter.suffix", "", "functions/filed/on/0/object/created = { suffix: .a }"),
    ("ObjectTrigger.deleted", "", "functions/filed/on/0/object = { bucket: files, deleted: {} }"),
    ("ObjectTrigger.retry", "", "functions/filed/on/0/object/retry = { attempts: 2 }"),
    ("Trigger.schedule ScheduleFields.cron", "", "functions/daily/on/0/schedule/cron = '0 3 * * *'"),
    ("ScheduleFields.zone", "", "functions/daily/on/0/schedule/zone = UTC"),
    ("ScheduleFields.every", "", "functions/daily/on/0/schedule = { every: 5m }"),
    ("ScheduleFields.input", "", "functions/daily/on/0/schedule/input = { a: 1 }"),
    ("ScheduleFields.flexible", "", "functions/daily/on/0/schedule/flexible = 5m"),
    ("ScheduleFields.retry", "", "functions/daily/on/0/schedule/retry = { attempts: 2 }"),
    (
        "EventFields.allow-loop",
        "functions/told/emits = [made]",
        "functions/told/on/0/event/allow-loop = { hops: 3, reason: a test }",
    ),
    (
        "ObjectTrigger.allow-loop",
        "functions/filed/uses = { files: put }",
        "functions/filed/on/0/object/allow-loop = { hops: 3, reason: a test }",
    ),
    (
        "QueueFields.allow-loop",
        "functions/work/uses = { jobs: send }",
        "functions/work/on/0/queue/allow-loop = { hops: 3, reason: a test }",
    ),
    (
        "TopicFields.allow-loop",
        "functions/heard/uses = { news: publish }",
        "functions/heard/on/0/topic/allow-loop = { hops: 3, reason: a test }",
    ),
    ("Event.max-size", "resources/news/carries = made", "events/made/max-size = 2MiB"),
];

/// Edits that a target neither shows in its output nor says anything about, by how they begin, with the reason.
pub(crate) const SILENT: &[(&str, &str, &str)] = &[
    ("targets/aws/", "kubernetes", OTHER),
    ("native = { aws", "kubernetes", OTHER),
    ("native/grants/0/conditions", "kubernetes", OTHER),
    ("resources/rows/override", "kubernetes", OTHER),
    ("resources/files/override", "kubernetes", OTHER),
    ("resources/jobs/override", "kubernetes", OTHER),
    ("resources/news/override", "kubernetes", OTHER),
    ("resources/mesh/override", "kubernetes", OTHER),
    ("resources/key/override", "kubernetes", OTHER),
    ("resources/web/override", "kubernetes", OTHER),
    ("functions/plain/override", "kubernetes", OTHER),
    ("resources/rows/key", "kubernetes", "a row of a state store has one key, a text, which the code makes"),
    ("resources/files/cors/credentials", "aws", "S3 always lets browsers send them, unless every origin may call"),
    (
        "resources/files/cors/credentials",
        "kubernetes",
        "S3 always lets browsers send them, unless every origin may call",
    ),
    ("functions/plain/network = private", "kubernetes", "every function has its network policy, whatever is written"),
    ("defaults = { function: { network: private } }", "kubernetes", "every function has its network policy anyway"),
    ("functions/plain/observe = { logs: 7d }", "kubernetes", "that logs are not kept is said of every function"),
];

const OTHER: &str = "it speaks to another target";

/// Fields and whole declarations whose effect arrives with a later construct.
pub(crate) const PENDING: &[(&str, &str)] = &[
    (".description", "text for people"),
    ("Function.description", "text for people"),
    ("LintEntry.reason", "text for people"),
    ("AllowLoop", "text for people: that it is there is what counts"),
    ("HttpTrigger.allow-loop", "no loop leads through a route or a moment"),
    ("ScheduleFields.allow-loop", "no loop leads through a route or a moment"),
    ("Event.source", "events without a sender are found by the analysis of schemas"),
    ("Event.version", "versions are compared by `diff`"),
    ("Function.needs", "order is followed by the analysis of deliveries"),
    ("Function.outage", "what a source bridges is known to the analysis of deliveries"),
    ("FunctionDefaults.outage", "what a source bridges is known to the analysis of deliveries"),
    ("Function.returns", "types of results are checked with workflows"),
    ("HttpTrigger.body", "types of requests are checked by the analysis of schemas"),
    ("HttpTrigger.returns", "types of results are checked by the analysis of schemas"),
    ("Case", "workflows"),
    ("Defaults.workflow", "workflows"),
    ("ForTask", "workflows"),
    ("ForkTask", "workflows"),
    ("Listen", "workflows"),
    ("TaskBody", "workflows"),
    ("Workflow", "workflows"),
    ("WorkflowDefaults", "workflows"),
    ("Defaults.stream", "streams"),
    ("ReadingFields", "streams"),
    ("Resource.stream.carries", "streams"),
    ("Resource.stream.override", "streams"),
    ("Resource.stream.renamed-from", "streams"),
    ("Resource.stream.retention", "streams"),
    ("Resource.stream.shards", "streams"),
    ("StreamDefaults", "streams"),
    ("Trigger.change", "streams"),
    ("Trigger.stream", "streams"),
    ("Resource.cache.memory", "caches"),
    ("Resource.cache.override", "caches"),
    ("Resource.cache.renamed-from", "caches"),
    ("Resource.database.engine", "databases"),
    ("Resource.database.override", "databases"),
    ("Resource.database.renamed-from", "databases"),
    ("MessageTrigger", "devices"),
    ("Resource.devices.override", "devices"),
    ("Resource.devices.renamed-from", "devices"),
    ("ScopeSpec.topic", "devices"),
    ("Trigger.message", "devices"),
    ("Resource.identity.override", "identities"),
    ("Resource.identity.renamed-from", "identities"),
    ("Trigger.user", "identities"),
    ("UserTrigger", "identities"),
    ("Resource.socket.auth", "sockets"),
    ("Resource.socket.override", "sockets"),
    ("Resource.socket.renamed-from", "sockets"),
    ("SocketTrigger", "sockets"),
    ("Trigger.socket", "sockets"),
    ("LogTrigger", "subscriptions of logs"),
    ("Trigger.log", "subscriptions of logs"),
    ("Resource.external.override", "no built-in target makes a resource for a host outside"),
    ("Resource.external.renamed-from", "no built-in target makes a resource for a host outside"),
];
