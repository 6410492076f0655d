//! Defects of an own target, several in one run: those of its manifest and catalogue together, those of its templates
//! together, each with its file and line where it has one.

use crate::Folder;

fn says(folder: &Folder, all: &[&str]) {
    let ran = folder.compile();
    assert_eq!(ran.code, 1, "{}", ran.text);
    for one in all {
        assert!(ran.text.contains(one), "{one} is not said:\n{}", ran.text);
    }
    assert!(!folder.path("out").exists(), "nothing is written");
}

#[test]
fn of_a_manifest() {
    let folder = Folder::new();
    folder.edit("compose/target.yaml", "  api: native\n", "  api: native\n  trigger.htp: native\n");
    folder.edit("compose/target.yaml", "template: minio.yaml", "template: mino.yaml");
    folder.edit("compose/target.yaml", "./{code.folder}:/app:ro", "${code.{id}}:/app:ro");
    folder.edit("compose/permissions.yaml", "actions: [join]", "actions: ['join:*']");
    says(
        &folder,
        &[
            "./compose/target.yaml:87:3: error[target-manifest]: capability `trigger.htp` is unknown; did you mean `trigger.http`?",
            "./compose/target.yaml:14:30: error[target-manifest]: unit `bucket` names templates/mino.yaml.hbs, which is not there; did you mean `minio.yaml`?",
            "makes a reference, which this format does not have",
            "./compose/permissions.yaml:4:42: error[target-manifest]: permission `table get, put, update, scan` grants the wildcard action `join:*`",
        ],
    );
}

#[test]
fn of_a_kind_that_nothing_renders() {
    let folder = Folder::new();
    folder.edit(
        "compose/target.yaml",
        "  - { for: queue, template: redis.yaml, file: \"services/{name}.yaml\" }\n",
        "",
    );
    says(
        &folder,
        &["error[target-manifest]: capability `queue` is native, and no unit renders a `queue`; one whose \
             template is an empty file says that it needs nothing of its own"],
    );
    folder.edit(
        "compose/target.yaml",
        "  - { for: output,",
        "  - { for: queue, template: nothing, file: nothing }\n  - { for: output,",
    );
    std::fs::write(folder.path("compose/templates/nothing.hbs"), "").unwrap();
    let ran = folder.compile();
    assert!(!ran.text.contains("target-manifest"), "{}", ran.text);
}

#[test]
fn of_a_manifests_fields() {
    for (written, wrong, said) in [
        (
            "title: Docker Compose",
            "titel: Docker Compose",
            "./compose/target.yaml:4:1: error[target-manifest]: unknown field `titel`",
        ),
        ("id: compose\n", "id: ../compose\n", "`../compose` is no id"),
        ("  queue: native\n", "  queue: nativ\n", "what is expected is a level (`native`, "),
        ("max: 63", "max: x", "expected a whole number"),
    ] {
        let folder = Folder::new();
        folder.edit("compose/target.yaml", written, wrong);
        says(&folder, &[said]);
    }
}

/// What the author of a target left out, in the words that go into its files.
#[test]
fn of_what_is_left_out() {
    for (file, written, wrong, help) in [
        (
            "compose/target.yaml",
            "  bucket.expire: { level: degraded, reason: \"nothing expires\" }\n",
            "",
            "`bucket.expire: native`",
        ),
        (
            "compose/permissions.yaml",
            "verb: log",
            "verb: invoke",
            "`- { on: function, verb: log, grants: [ … ], source: … }`",
        ),
    ] {
        let folder = Folder::new();
        folder.edit(file, written, wrong);
        let text = folder.compile_showing("human").text;
        let words = |text: &str| text.replace(['│', '\n'], " ").split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words(&text).contains(help), "{help} is not said:\n{text}");
    }
}

#[test]
fn of_what_becomes_of_resources() {
    let folder = Folder::new();
    let rows = "{ type: Service, fact: nowhere }, { type: Service, replaced-by: [''], fixed: [{ path: a, reason: r, fact: elsewhere }], fact: \"https://a.example/b\" }";
    let moved = "{ block: provider.x, path: region, moves: x_, fact: somewhere }";
    let lifecycle = format!("\nlifecycle: {{ relocations: [{moved}], resources: [{rows}] }}\nreadback:");
    folder.edit("compose/target.yaml", "\nreadback:", &lifecycle);
    says(
        &folder,
        &[
            "`lifecycle` has several rows for `Service`",
            "error[target-manifest]: `nowhere` is no address that says how `Service` changes",
            "`elsewhere` is no address that says what of `Service` is fixed",
            "the row of `Service` in `lifecycle` has an empty path",
            "`somewhere` is no address that says what `provider.x` moves",
        ],
    );
}

#[test]
fn of_templates() {
    let folder = Folder::new();
    folder.edit("compose/templates/function.yaml.hbs", "{{yaml handler}}", "{{handler}}");
    folder.edit("compose/templates/function.yaml.hbs", "{{yaml runtime.image}}", "{{{runtime.image}}}");
    folder.edit("compose/templates/redis.yaml.hbs", "{{> labels}}", "{{> label}}");
    folder.edit("compose/templates/proxy.yaml.hbs", "{{integer option.port}}", "{{lookup option port}}");
    says(
        &folder,
        &[
            "./compose/templates/function.yaml.hbs:4:1: error[target-template]: a triple or ampersand tag",
            "./compose/templates/function.yaml.hbs:8:1: error[target-template]: `{{handler}}` prints without an encoder",
            "./compose/templates/redis.yaml.hbs:5:1: error[target-template]: there is no templates/partials/label.hbs; did you mean `labels`?",
            "./compose/templates/proxy.yaml.hbs:5:1: error[target-template]: `lookup`",
        ],
    );
}

#[test]
fn of_what_a_template_asks_for() {
    let folder = Folder::new();
    folder.edit("compose/templates/function.yaml.hbs", "{{yaml handler}}", "{{yaml handlr}}");
    says(
        &folder,
        &["template `function.yaml` line 8: `handlr`: the view here has no `handlr`; did you mean `handler`?"],
    );
}

#[test]
fn of_paths_that_lead_out() {
    let folder = Folder::new();
    folder.edit("compose/target.yaml", "file: compose.yaml", "file: ../compose.yaml");
    says(&folder, &["is no path below the output"]);
    assert!(!folder.path("compose.yaml").exists());
}

#[test]
fn of_a_list_of_actions() {
    const ACTIONS: &str = r#"
document: { statements: s, effect: e, allow: a, actions: a, not-actions: n, resources: r, not-resources: n, conditions: c, principals: [p] }
everything: ["*"]
identities: [{ title: role, named: [], used-by: [role] }]
escalations: [{ actions: [net:Rule], reason: it rules, source: "https://a.example/b" }]
services:
  net: { source: "https://a.example/b", actions: [{ on: [network], names: [Join, "L*"] }] }
"#;
    let folder = Folder::new();
    std::fs::write(folder.path("compose/actions.yaml"), ACTIONS).unwrap();
    assert!(!folder.compile().text.contains("actions.yaml"), "what nobody asks for is not read");
    std::fs::remove_dir_all(folder.path("out")).unwrap();
    folder.edit("app/isobar.yaml", "\nresources:", "\nnative: { compose: {} }\nresources:");
    says(
        &folder,
        &[
            "./compose/actions.yaml:7:58: error[target-manifest]: actions of `net` apply to `network`, which is not in its `resources`",
            "`L*` of `net` is no name of one action",
            "`net:Rule` of an escalation is not among the actions",
            "`role` is no attribute; write `type.attribute`",
        ],
    );
    folder.edit("compose/actions.yaml", "everything", "all");
    says(&folder, &["./compose/actions.yaml:3:1: error[target-manifest]: unknown field `all`"]);
}
