//! The fields of views, kind by kind: what a template may rely on. `schema/view.json` is generated from these tables,
//! and a test compares them with views of every kind, in both directions.

use Shape::{Any, End, Ends, Flag, Map, Number, Object, Objects, Printed};
use Shape::{Documents, Statements, Text, Texts};

use super::shape::{
    Field, Kinds, Shape, field, flag_per_resource, flag_per_trigger, list, list_of, maybe, of, sometimes,
};
use super::view::{Attribute, CorsView, CronView, Duration, JwtView, Pair, Segment, Size, ThrottleView};

/// A group that stands in the schema where it is used, for it is used once or is small.
const OWN: &str = "";

/// Groups of fields, those that many kinds share with the name of their definition; a view has the fields of every
/// group that has its kind.
pub(super) const GROUPS: &[(&str, Kinds, &[Field])] = &[
    ("every", Kinds::All, EVERY),
    ("names", Kinds::Named, NAMES),
    ("node", Kinds::Nodes, NODE),
    ("holder", Kinds::NodesAndTriggers, HOLDER),
    ("trigger", Kinds::Triggers, TRIGGER),
    ("application", Kinds::Only(&["application", "output"]), APPLICATION),
    (OWN, Kinds::Only(&["output"]), OUTPUT),
    ("built", Kinds::Only(&["function", "package"]), BUILT),
    (OWN, Kinds::Only(&["function"]), FUNCTION),
    (OWN, Kinds::Only(&["package"]), &[field("code", Object(CODE), "What was packed.")]),
    (OWN, Kinds::Only(&["native"]), &[list("list", Objects(NATIVE), "The same, one by one.")]),
    (OWN, Kinds::Only(&["override"]), &[list("list", Objects(OVERRIDE), "The same, one by one.")]),
    (OWN, Kinds::Only(&["native", "override"]), &[field("resources", Map, "Type → name → attributes, as written.")]),
    (OWN, Kinds::Only(&["table"]), TABLE),
    (OWN, Kinds::Only(&["bucket"]), BUCKET),
    ("channel", Kinds::Only(&["queue", "topic"]), CHANNEL),
    (OWN, Kinds::Only(&["queue"]), QUEUE),
    (OWN, Kinds::Only(&["topic"]), TOPIC),
    (OWN, Kinds::Only(&["bus"]), &[field("is_default", Flag, "Events go here that name no bus.")]),
    (OWN, Kinds::Only(&["secret"]), SECRET),
    (OWN, Kinds::Only(&["api"]), API),
    (OWN, Kinds::Only(&["external"]), EXTERNAL),
    (OWN, Kinds::Only(&["stream"]), STREAM),
    (OWN, Kinds::Only(&["cache"]), &[maybe("memory", of::<Size>(), "How much it holds.")]),
    (OWN, Kinds::Only(&["trigger.http"]), HTTP),
    (OWN, Kinds::Only(&["trigger.queue"]), FROM_QUEUE),
    (
        OWN,
        Kinds::Only(&["trigger.topic", "trigger.queue"]),
        &[field("is_ordered", Flag, "What it takes from keeps an order.")],
    ),
    ("reading", Kinds::Only(&["trigger.stream", "trigger.change"]), READING),
    (OWN, Kinds::Only(&["trigger.event"]), &[field("types", Texts, "The types that are taken.")]),
    (OWN, Kinds::Only(&["trigger.object"]), OBJECT),
    (OWN, Kinds::Only(&["trigger.schedule"]), SCHEDULE),
    (OWN, Kinds::Only(&["trigger.message"]), &[field("topic", Text, "MQTT filter.")]),
    (OWN, Kinds::Only(&["trigger.log"]), LOG),
    (OWN, Kinds::Only(&["trigger.user"]), &[field("on", Texts, "What has to happen to a user.")]),
];

const EVERY: &[Field] = &[
    field("kind", Text, "The kind of the view."),
    field("node", Text, "Path of the node, such as `resources.ledger`; of a trigger that of its function."),
    field("name", Text, "Its name, unique in its kind."),
    field("id", Text, "The name as an identifier: letters, digits and underscores."),
    field("source", Text, "File and line of the declaration; empty where there is none."),
    field("comment", Text, "A line that says what this is and where it comes from."),
    field("app", Text, "Name of the application."),
    field("prefix", Text, "`app`, or `app-environment` where the environment is not `default`."),
    field("environment", Text, "The environment."),
    field("is_protected", Flag, "Data must outlive a mistake."),
    field("option", Map, "Options of the target, defaults filled in, with `has_<option>` and `is_<option>_<value>`."),
    field("tags", list_of::<Pair>(), "Tags that a resource should have; the proof reads `isobar-node` back."),
    field("values", Map, "Derived values, as `values` of the manifest makes them."),
];

const NAMES: &[Field] = &[field("names", Map, "Names of products, as `names` of the manifest makes them.")];

const NODE: &[Field] = &[
    maybe("renamed_from", Text, "The name that it had before."),
    maybe("renamed_from_id", Text, "That name as an identifier."),
    maybe("derived", Text, "Why it is there, where the spec does not declare it."),
];

const HOLDER: &[Field] = &[
    field("attr", Map, "Attributes, as `attributes` of the manifest makes them; others see them in their ends."),
    field("statements", Statements, "What the identity of this node may do."),
    field("policy", Statements, "What the platform may do with this node, or for it."),
    field("documents", Documents, "`statements` of a system cut in parts, where they are too many for one document."),
    list("users", Ends, "Functions and workflows that may do something with this node."),
];

const APPLICATION: &[Field] = &[
    maybe("description", Text, "What it is."),
    field("is_traced", Flag, "Some function is traced."),
    maybe("alarm_topic", End, "Where alarms go."),
    list("overrides", Objects(OVERRIDE), "Attributes of `override`."),
    flag_per_resource("has_", "There is a resource of this kind."),
    field("has_function", Flag, "There is a function."),
    field("has_workflow", Flag, "There is a workflow."),
    flag_per_trigger("has_trigger_", "There is a trigger of this kind."),
];

const OUTPUT: &[Field] = &[
    field("files", Texts, "Paths of all files that were rendered before, sorted."),
    field("files_alike", Texts, "Those of them in the syntax of this file."),
];

const NATIVE: &[Field] = &[
    field("type", Text, "Type of the resource, in the platform's words."),
    field("name", Text, "Its name."),
    field("attributes", Any, "As written."),
];

const OVERRIDE: &[Field] = &[
    field("type", Text, "Type of the resource, in the platform's words."),
    field("id", Text, "The node as an identifier."),
    field("node", Text, "Path of the node."),
    field("names", Map, "Names of its products."),
    field("attributes", Any, "As written."),
];

const BUILT: &[Field] = &[
    field("runtime", Map, "`name`, `language` and `version` of it, and the fields that the manifest gives it."),
    field("language", Text, "The language; empty for images and models."),
    maybe("entry", Text, "What the platform calls: the adapter's entry where there is one, else the handler."),
    field("has_adapter", Flag, "An adapter is packed with the code."),
];

const CODE: &[Field] = &[
    field("path", Text, "Path of the archive or folder in the output."),
    field("archive", Text, "The same, for platforms that take archives."),
    field("folder", Text, "The same, for platforms that take folders."),
    field("slug", Text, "The last part of it, without ending."),
    field("hash_hex", Text, "SHA-256 of its bytes."),
    field("hash_base64", Text, "The same in base64."),
];

const FUNCTION: &[Field] = &[
    field("is_code", Flag, "Built from code."),
    field("is_container", Flag, "An image."),
    field("is_model", Flag, "A model."),
    field("is_portable", Flag, "The handler takes the same events on every target."),
    field("is_native", Flag, "The handler takes the platform's own events."),
    field("is_pythonic", Flag, "The language is Python."),
    maybe("handler", Text, "As written."),
    maybe("code", Object(CODE), "What was packed."),
    maybe("image", Text, "The image, with the registry before it."),
    field("is_pinned", Flag, "The image is named by its digest."),
    field("memory", of::<Size>(), "Memory."),
    field("timeout", of::<Duration>(), "Longest run."),
    field("deadline", of::<Duration>(), "The same, with what the target allows for the start of an instance."),
    field("is_private", Flag, "In a private network."),
    field("is_traced", Flag, "Traced."),
    field("log_retention", of::<Duration>(), "How long logs are kept."),
    field("log_retention_days", Number, "The same in days, as far as the platform has such a number."),
    field("has_alarms", Flag, "Alarms are wanted."),
    sometimes("alarm_topic", End, "Where they go; there where `has_alarms`."),
    field("scaling", Object(SCALING), "How many instances."),
    maybe("dead_letter", End, "The queue for what failed for good."),
    field("has_ordered_dead_letter", Flag, "That queue keeps an order."),
    maybe("retry", Object(RETRY), "The strictest retry of its asynchronous triggers."),
    field("is_async", Flag, "Something runs it without waiting for its answer."),
    list("triggers", Ends, "Its triggers."),
    list("routes", Objects(ROUTE), "Its routes."),
    list("sifted", Objects(SIFTED), "Conditions of its triggers, for adapters that test them."),
    list("partial_failures", Ends, "What it takes batches from of which it may name the messages that failed."),
    flag_per_trigger("has_trigger_", "It has a trigger of this kind."),
    maybe("idempotency", Object(IDEMPOTENCY), "Where keys of what was done are kept."),
    list("env", list_of::<Pair>(), "Environment variables, bindings among them, sorted."),
];

const SCALING: &[Field] = &[
    maybe("min", Number, "Fewest instances."),
    maybe("ready", Number, "The larger of `min` and `warm`, for platforms where they are one."),
    maybe("max", Number, "Most instances."),
    maybe("warm", Number, "Instances that are kept ready."),
    maybe("concurrency", Number, "Requests that one instance takes at a time."),
    list("schedule", Objects(WARMING), "Warm instances by time."),
];

const WARMING: &[Field] = &[
    field("name", Text, "A word for it."),
    field("cron", of::<CronView>(), "When."),
    field("zone", Text, "In which time zone."),
    field("warm", Number, "How many."),
];

const RETRY: &[Field] = &[
    field("attempts", Number, "Deliveries in all."),
    field("retries", Number, "Deliveries after the first."),
    field("is_exponential", Flag, "The delay doubles."),
    maybe("age", of::<Duration>(), "Tried for as long."),
    maybe("delay", of::<Duration>(), "Wait before the next attempt."),
];

const ROUTE: &[Field] = &[
    field("trigger", Text, "Name of the trigger."),
    field("method", Text, "The method, or `ANY`."),
    field("path", Text, "The path with its parameters."),
    field("jwt", Flag, "A token is asked for."),
];

const SIFTED: &[Field] =
    &[field("trigger", Text, "Name of the trigger."), field("where", Objects(CONDITION), "All hold.")];

const CONDITION: &[Field] =
    &[field("steps", Texts, "The way into the data of the event."), field("tests", Objects(TEST), "All hold.")];

const TEST: &[Field] =
    &[field("op", Text, "`eq ne gt ge lt le in prefix suffix exists`."), field("value", Any, "What is compared with.")];

const IDEMPOTENCY: &[Field] = &[
    field("key", Text, "Where the key is: a pointer, `header:<name>`, `path:<name>` or `event:id`."),
    field("store", End, "The table or cache."),
    field("window", of::<Duration>(), "How long a key is kept."),
    field("window_seconds", Number, "The same in seconds."),
    field("row_prefix", Text, "What every key of this function begins with."),
];

const TABLE: &[Field] = &[
    field("key", Object(KEY), "Its key."),
    field("attributes", list_of::<Attribute>(), "All attributes of keys, unique and sorted."),
    list("indexes", Objects(INDEX), "Other keys."),
    maybe("expires", Text, "The attribute with the time at which a row may go."),
    field("is_recovered", Flag, "It can be put back to a moment."),
    field("has_changes", Flag, "Somebody reads its changes."),
];

const KEY: &[Field] =
    &[field("partition", of::<Attribute>(), "Partition key."), maybe("sort", of::<Attribute>(), "Sort key.")];

const INDEX: &[Field] = &[
    field("name", Text, "Its name."),
    field("id", Text, "The name as an identifier."),
    field("partition", of::<Attribute>(), "Partition key."),
    maybe("sort", of::<Attribute>(), "Sort key."),
];

const BUCKET: &[Field] = &[
    field("is_versioned", Flag, "Old versions are kept."),
    field("is_public", Flag, "Anybody may read."),
    list("expire", Objects(EXPIRE), "Objects that go after a time."),
    maybe("cors", of::<CorsView>(), "Pages that may call."),
    list("notifications", Ends, "Triggers that hear of objects."),
];

const EXPIRE: &[Field] = &[
    field("id", Text, "A word for it."),
    field("prefix", Text, "Which objects; empty for all."),
    field("has_prefix", Flag, "Only some objects."),
    field("after", of::<Duration>(), "How old."),
];

const CHANNEL: &[Field] = &[
    field("is_ordered", Flag, "Messages of one key keep their order."),
    field("is_strict", Flag, "A failure blocks its key."),
    maybe("carries", Text, "Type of its events."),
];

const QUEUE: &[Field] = &[
    field("retention", of::<Duration>(), "How long a message is kept."),
    field("visibility", of::<Duration>(), "How long a message that was taken is hidden."),
    maybe("visibility_reason", Text, "What it was derived from."),
    maybe("delay", of::<Duration>(), "Wait before a message is shown."),
    maybe("dead_letter", End, "The queue for what failed for good."),
    field("has_ordered_dead_letter", Flag, "That queue keeps an order."),
    maybe("attempts", Number, "Deliveries in all before that."),
    maybe("retries", Number, "Deliveries after the first."),
    list("dead_letter_of", Ends, "The queues that set aside into this one."),
    field("is_dead_letter", Flag, "There is such a queue."),
    field("is_manual", Flag, "People read it."),
    field("has_alarms", Flag, "Alarms are wanted."),
    sometimes("alarm_topic", End, "Where they go; there where `has_alarms`."),
];

const TOPIC: &[Field] = &[
    field("is_external", Flag, "Others than this application may subscribe."),
    list("subscribers", Ends, "Triggers that take from it."),
];

const SECRET: &[Field] = &[
    maybe("rotate_every", of::<Duration>(), "How often it has to change."),
    maybe("rotate_by", End, "The function that changes it."),
];

const API: &[Field] = &[
    maybe("jwt", of::<JwtView>(), "Tokens that are accepted unless a route says otherwise."),
    list("issuers", list_of::<JwtView>(), "All that routes accept, unique and sorted."),
    maybe("cors", of::<CorsView>(), "Pages that may call."),
    maybe("throttle", of::<ThrottleView>(), "Requests a second."),
    list("routes", Ends, "Triggers that answer."),
    field("log_retention", of::<Duration>(), "How long its log is kept."),
];

const EXTERNAL: &[Field] = &[field("host", Text, "Its name."), field("port", Number, "Its port.")];

const STREAM: &[Field] =
    &[field("retention", of::<Duration>(), "How long a record is kept."), maybe("shards", Number, "Partitions.")];

const TRIGGER: &[Field] = &[
    field("trigger", Text, "Its name, unique in its function."),
    field("function", End, "The function that it runs."),
    list(
        "function_documents",
        list_of::<usize>(),
        "Numbers of the documents of the function's identity, where it has several.",
    ),
    maybe("from", End, "The resource that it takes from."),
    maybe("dead_letter", End, "The queue for what failed for good."),
    field("has_ordered_dead_letter", Flag, "That queue keeps an order."),
    maybe("retry", Object(RETRY), "How often it tries."),
    maybe("renamed_from", Text, "The name that it had before its function, or what it takes from, was renamed."),
    maybe("renamed_from_id", Text, "That name as an identifier."),
    sometimes("function_before", Text, "What its function was called then; there where `has_renamed_from`."),
    sometimes("trigger_before", Text, "What `trigger` was then; there where `has_renamed_from`."),
    field("is_traced", Flag, "The function is traced."),
    field("is_portable", Flag, "The handler takes the same events on every target."),
    list("where", Objects(CONDITION), "Conditions on the data, as they are written."),
    maybe("filter", Printed, "The same in the `filter` dialect of the target, where it has one."),
];

const HTTP: &[Field] = &[
    field("route", Text, "Method and path: `GET /orders/{orderId}`."),
    field("method", Text, "The method, or `ANY`."),
    field("is_any", Flag, "Every method."),
    field("path", Text, "The path with its parameters."),
    field("is_root", Flag, "The path is `/`."),
    field("has_parameters", Flag, "The path has parameters."),
    field("path_pattern", Text, "The path as a regular expression (RE2)."),
    list("segments", list_of::<Segment>(), "The path, piece by piece."),
    field("is_public", Flag, "No token is asked for."),
    maybe("jwt", of::<JwtView>(), "Tokens that are accepted."),
    field("has_own_jwt", Flag, "They are the route's own, not those of its API."),
    field("has_other_issuer", Flag, "Its API accepts tokens of another issuer."),
    maybe("throttle", of::<ThrottleView>(), "Requests a second."),
    field("has_own_throttle", Flag, "It is the route's own, not that of its API."),
    list(
        "methods",
        Objects(METHOD),
        "What `ANY` stands for beside other routes of its path, without `OPTIONS`; empty for any other method.",
    ),
];

const METHOD: &[Field] = &[
    field("id", Text, "The method in lower case."),
    field("route", Text, "It and the path: `GET /orders/{orderId}`."),
];

const FROM_QUEUE: &[Field] = &[
    field("batch", Number, "Most messages at a time."),
    maybe("window", of::<Duration>(), "Longest wait for a full batch."),
    field("is_partial_failures", Flag, "The function names the messages that failed."),
    maybe("concurrency", Number, "Most consumers at a time."),
    maybe(
        "share",
        Number,
        "The same, or else its part of the function's `scaling.max`, within the limits of the target.",
    ),
    field("has_sifted_failures", Flag, "It has conditions, and takes from the dead letter of a function."),
];

const READING: &[Field] = &[
    field("batch", Number, "Most records at a time."),
    maybe("window", of::<Duration>(), "Longest wait for a full batch."),
    field("is_latest", Flag, "It begins with what comes after its making."),
    field("parallel", Number, "Batches of one partition at a time."),
    field("is_partial_failures", Flag, "The function names the records that failed."),
    field("is_bisect", Flag, "A batch that failed is halved."),
];

const OBJECT: &[Field] = &[
    field("is_created", Flag, "It hears of objects that came."),
    field("is_deleted", Flag, "It hears of objects that went."),
    field(
        "key_pattern",
        Text,
        "The keys that it hears of: `*` is anything, and `\\` takes the meaning from what follows.",
    ),
    maybe("key_prefix", Text, "Only keys that begin so."),
    maybe("key_suffix", Text, "Only keys that end so."),
];

const SCHEDULE: &[Field] = &[
    field("is_cron", Flag, "By cron."),
    field("is_every", Flag, "By a fixed interval."),
    sometimes("cron", of::<CronView>(), "Both forms; there where `is_cron`."),
    sometimes("every", of::<Duration>(), "The interval; there where `is_every`."),
    maybe("cron_text", Text, "Five fields; an interval has them where it divides an hour or a day."),
    field("zone", Text, "Time zone; `UTC` for intervals."),
    field("is_quartz", Flag, "Six fields can say it."),
    field("is_whole_minutes", Flag, "No part of a minute is left over."),
    maybe("input", Any, "What the function gets."),
    maybe("flexible", of::<Duration>(), "It may come as much later."),
];

const LOG: &[Field] =
    &[field("of", End, "The function whose log is read."), field("pattern", Text, "The lines that are taken.")];
