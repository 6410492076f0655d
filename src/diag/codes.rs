//! What the ids of findings mean, for `isobar explain ID`. Those of rules have pages of their own.

/// Every id that a stage before or behind the rules may report, with what it means; sorted.
pub const CODES: &[(&str, &str)] = &[
    ("alias-expansion", "Aliases inside of anchors inside of anchors grow to more values than any application has."),
    (
        "attribute-clash",
        "An attribute has one type in all keys of a table, and is either the partition key or the sort key.",
    ),
    (
        "binding-clash",
        "Two nodes that a function touches would get the same `ISOBAR_…` variables; one of them needs another name.",
    ),
    (
        "built-archive",
        "A portable handler needs its adapter in the package, which cannot be put into an archive that is built already.",
    ),
    ("byte-order-mark", "A file starts with bytes that editors add and hide; YAML in UTF-8 does without."),
    (
        "calls-itself",
        "A function that calls itself and waits holds two instances at a time until it runs out of them or of time.",
    ),
    ("complex-key", "A key of a mapping is a plain text, not a list or a mapping."),
    ("conflicting-keys", "Two keys exclude each other, or a key does nothing where it stands."),
    ("control-character", "A file holds a character that YAML does not allow."),
    ("degraded", "A target does something less well than the application asks; the message says what is weaker."),
    ("duplicate-entry", "The same thing stands in a list twice."),
    ("duplicate-key", "A mapping has the same key twice; one of them would be lost without a word."),
    ("duplicate-name", "A name is declared twice, in one file or in two."),
    ("duplicate-route", "An API answers one method and path once; the names of parameters make no difference."),
    ("duplicate-trigger", "A function has the same trigger twice, and would do the work twice or take it from itself."),
    ("empty", "A value is there, but says nothing."),
    ("empty-key", "A mapping has a value without a key."),
    ("empty-spec", "The file has nothing in it, or nothing but comments."),
    ("endless-loop", "A switch that goes back needs `at-most`, so that a workflow ends."),
    ("environment-shape", "`environments` holds names, and each of them what is other there."),
    ("file-too-large", "A schema file has more than 1 MiB, or refers to more than 100 files."),
    ("former-name-in-use", "`renamed-from` names a node that is still there, or that another node was renamed from."),
    (
        "idle-dead-letter",
        "Somebody waits for everything that runs a function, or a queue sets it aside, so that its own dead letter gets nothing.",
    ),
    ("ignore-file", "`.isobarignore` cannot be read, or has a line that is no glob."),
    (
        "impossible",
        "A target cannot do what the application asks, in any version of this program; the message says why.",
    ),
    ("include-cycle", "Files include each other in a circle."),
    ("include-missing", "`include` names a file that is not there, or a glob that matches none."),
    ("include-outside", "`include` leads out of the folder of `isobar.yaml`."),
    ("include-path", "`include` holds something that is no relative path and no glob."),
    ("invalid-accept", "A comment that accepts a change names its class, says why, and until which day."),
    ("invalid-address", "An address has to begin with `https://` and a host."),
    ("invalid-cron", "A cron expression has five fields: minute, hour, day, month, weekday; and some day has to fit."),
    ("invalid-duration", "A duration is a number and a unit: `ms`, `s`, `m`, `h` or `d`."),
    (
        "invalid-expression",
        "An expression has paths, literals, comparisons, `and or not`, arithmetic and parentheses, and no functions.",
    ),
    ("invalid-handler", "A handler is no entry point that its language can have."),
    ("invalid-header", "A name of a header has characters that none can have."),
    ("invalid-host", "A host is a DNS name, without scheme, path or port."),
    (
        "invalid-image",
        "The name of an image has a path, and may have a registry before it and a tag or a digest behind it.",
    ),
    ("invalid-key", "A key is a path into the payload, `header:<name>`, `path:<parameter>` or `event:id`."),
    (
        "invalid-name",
        "A name has lower-case letters, digits and hyphens, begins with a letter and has at most 63 characters.",
    ),
    ("invalid-origin", "An origin is scheme, host and port, as browsers send it, or `*`."),
    ("invalid-path", "A path is relative to the file it stands in and stays below the folder of `isobar.yaml`."),
    ("invalid-pointer", "A path into the data is a JSON Pointer: it begins with `/`."),
    ("invalid-route", "A route is a method and a path whose segments are plain text or `{parameters}`."),
    ("invalid-runtime", "A runtime is a language with its version, `container` or `model`."),
    ("invalid-schema", "A file or mapping is not a JSON Schema of the dialect 2020-12."),
    ("invalid-size", "A size is a number and a unit: `B`, `KiB`, `MiB` or `GiB`."),
    ("invalid-topic-filter", "In an MQTT filter `+` stands for one whole level and `#` for the rest."),
    ("invalid-version", "The version of an event has three numbers."),
    (
        "key-not-in-request",
        "A key is taken from a request that does not have it: the trigger is no request, or the route has no such parameter.",
    ),
    ("key-not-in-schema", "A key points to something that the schema of the event does not have."),
    ("key-not-required", "A key points to something that the schema of the event allows to be missing."),
    (
        "merge-key",
        "`<<` was part of YAML 1.1 and is read as a plain key since; write the entries out, or use `defaults`.",
    ),
    (
        "missing-code",
        "The code of a function cannot be packed: the folder or archive is not there, is empty or cannot be read.",
    ),
    ("missing-file", "A file that the spec names is not there or cannot be read."),
    ("missing-key", "A key that is needed is not there."),
    ("name-clash", "Resources, functions and workflows share their names, and so do the tasks of a workflow."),
    (
        "native-grant",
        "A grant of a native resource is no permission that can be stated: its actions have to be named one by one.",
    ),
    (
        "native-resource",
        "A native resource does not say what it is, or has a type or a name that the target's tools refuse.",
    ),
    ("no-adapter", "A portable handler needs an adapter for its language, and there is none yet."),
    ("no-default-bus", "An event goes to the default bus unless it names one, and there is no default bus."),
    ("not-a-file", "A path names a folder where a file is needed."),
    ("not-a-mapping", "A spec is a mapping of keys and values at its top."),
    ("not-utf8", "A file is not UTF-8."),
    ("not-yet", "A target does not emit this construct in this version."),
    (
        "order-without-key",
        "Order is kept per key of the carried event, so an ordered channel needs an event that has one.",
    ),
    ("out-of-range", "A number or duration is outside of what it can be."),
    ("over-limit", "A number is beyond what a target accepts; the help names the limit and its fact."),
    ("overlay-key", "An environment may change what exists in the application, and this key cannot be changed there."),
    ("overlay-type", "An environment may not make a resource of one type into one of another."),
    (
        "override-permissions",
        "An override touches a native resource that carries permissions; these are derived from the graph alone.",
    ),
    ("override-type", "An override changes a native type that its node does not become on that target."),
    ("own-dead-letter", "A queue cannot take its own failing messages: they would go round for ever."),
    (
        "packed-secret",
        "A package of code holds a file that looks like a secret, which everybody has who may read the code.",
    ),
    ("path-not-in-schema", "A `where` looks at something that the schema of the event does not have."),
    ("path-not-required", "A `where` looks at something that the schema of the event allows to be missing."),
    (
        "pattern-in-scope",
        "A scope holds a character that a platform would read as a pattern or a variable, so it would be wider than it says.",
    ),
    (
        "policy-size",
        "The permissions of one identity, or of one thing that is reached, are more than the platform keeps.",
    ),
    ("recursive-anchor", "An alias stands inside of the anchor that it names."),
    ("remote-schema-reference", "A schema refers to the network; a compile reads nothing but the folder of the spec."),
    (
        "reserved-variable",
        "Variables that start with `ISOBAR_` are given by the compiler, and a platform has names that it sets itself.",
    ),
    (
        "retention-below-visibility",
        "A message that failed would be gone before it is seen again: a queue keeps messages for longer than it hides them.",
    ),
    ("root-only", "A key may stand in `isobar.yaml` alone, not in a file that it includes."),
    (
        "rounded-time",
        "A platform counts a time in steps and gets the next longer one, which is not what the spec says.",
    ),
    ("schema-dialect", "A schema is written in another dialect than 2020-12."),
    ("several-documents", "A file holds one YAML document."),
    (
        "shared-option",
        "An option of a target is the same in every environment, and what two environments share, each takes for its own.",
    ),
    ("spec-missing", "The file that was to be read is not there."),
    (
        "stray-link",
        "A folder of code has a symbolic link that leads nowhere or out of the folder of the spec; it is not packed.",
    ),
    (
        "strict-with-dead-letter",
        "A strict queue blocks its key on a failure, which setting a message aside would break.",
    ),
    ("sync-workflow", "A workflow is started; its end is not waited for."),
    ("target-file", "The folder of a target lacks a file, or a file of it is not UTF-8."),
    (
        "target-manifest",
        "`target.yaml`, `permissions.yaml` or `actions.yaml` of a target is wrong; the defect is in the target, not in the spec.",
    ),
    (
        "target-option",
        "`targets.<id>` lacks an option that the target needs, or has one that it does not know or accept.",
    ),
    ("target-template", "A template of a target uses a form that is not allowed, or cannot be rendered."),
    ("task-may-not-have-run", "`tasks.<name>` may be named where every way leads through that task."),
    ("too-deep", "A value is nested deeper than the parser goes."),
    ("too-large", "A file, or the whole of an application, has more bytes than are read."),
    ("too-many-files", "An application includes more files than are read."),
    ("too-many-findings", "There are more findings than are shown; fix some and run again."),
    ("two-default-buses", "One bus is the default."),
    (
        "unchecked-limits",
        "No target is named, by the spec or by `--target`, so that no limit of a platform could be compared.",
    ),
    ("undefined-alias", "An alias names an anchor that does not stand before it."),
    ("ungrantable", "A target has no permission for this verb on this kind of resource; nothing is granted by guess."),
    ("unknown-environment", "`--env` names an environment that `environments` does not have."),
    ("unknown-key", "A mapping has a key that nobody knows."),
    ("unknown-reference", "A name refers to something that is not declared."),
    ("unknown-runtime", "A target does not have this runtime."),
    ("unknown-scope", "A scope does not fit the verb and the kind of the resource."),
    ("unknown-tag", "A value has a YAML tag; the language has none."),
    (
        "unknown-target",
        "`targets`, `override`, `native` or `--target` names a target that is not built in; one of your own is named by its folder.",
    ),
    ("unknown-variable", "A variable is used or set that `vars` does not declare."),
    ("unknown-verb", "A verb does not fit the kind of the resource."),
    ("unknown-word", "A value is not one of the words that are possible there."),
    ("unknown-zone", "A time zone is not in the IANA database."),
    (
        "unproven",
        "The text of the output grants something else than the graph demands, or cannot be read back; nothing is written where that is an error.",
    ),
    ("unreadable-file", "A file is there, but the system does not let it be read."),
    ("unresolved-schema-reference", "A `$ref` of a schema leads nowhere."),
    ("unsupported", "A target has templates for this kind of node, but none for this variant."),
    ("unsupported-version", "The spec is written in a version of the language that this program does not know."),
    ("unterminated-variable", "`${` has no closing brace."),
    ("untranslatable-filter", "A `where` cannot be said in the filter language of a target."),
    ("value-not-in-schema", "A `where` compares with a value of a type that the schema of the event excludes."),
    ("variable-cycle", "Variables refer to each other in a circle."),
    ("variable-value", "The value of a variable is a text, a number, a boolean or null."),
    ("variable-without-value", "A variable is declared without a value and gets none from `--var`."),
    ("workflow-too-large", "A workflow has more tasks than are analysed."),
    ("wrong-kind", "A name refers to something of another kind than is needed there."),
    ("wrong-type", "A value is of another type than is needed there."),
    ("yaml-syntax", "The file is not YAML; the label says where reading stopped."),
];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::CODES;
    use std::collections::BTreeSet;
    use std::path::{Path, PathBuf};

    fn sources(folder: &Path, out: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() && name != "tests" {
                sources(&path, out);
            } else if path.extension().is_some_and(|e| e == "rs") && !name.ends_with("tests.rs") {
                out.push(path);
            }
        }
    }

    /// The ids behind the functions that make findings, tests left out: those stand at the end of their file.
    fn used() -> BTreeSet<String> {
        let mut files = Vec::new();
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
        let mut ids = BTreeSet::new();
        for file in files {
            let text: String = std::fs::read_to_string(file).unwrap().split_whitespace().collect();
            let code = text.split("modtests{").next().unwrap();
            let makers = ["error(", "warning(", "note("].map(|maker| format!("Finding::{maker}\""));
            let others =
                ["Fault::new(\"", "invalid(cx,\"", "mistaken(cx,\"", "constID:&'staticstr=\""].map(str::to_owned);
            for maker in makers.iter().chain(&others) {
                ids.extend(code.split(maker.as_str()).skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()));
            }
        }
        ids
    }

    #[test]
    fn every_id_is_explained_and_every_explanation_is_of_an_id() {
        let known: BTreeSet<String> = CODES.iter().map(|(id, _)| (*id).to_owned()).collect();
        let used = used();
        let unexplained: Vec<_> = used.difference(&known).collect();
        let unused: Vec<_> = known.difference(&used).collect();
        assert!(unexplained.is_empty() && unused.is_empty(), "unexplained {unexplained:?}, of nothing {unused:?}");
        assert!(CODES.iter().map(|(id, _)| id).is_sorted());
        assert!(CODES.iter().all(|(_, text)| text.ends_with('.')));
    }
}
