//! Tests of templates: what is refused and in which words, what is printed, and that it is what handlebars prints.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use serde_json::{Value, json};

use super::{Encoder, Engine};
use crate::base::written;

fn engine(text: &str, partials: &[(&str, &str)]) -> Engine {
    Engine::new([("t", text)], partials.iter().copied()).unwrap_or_else(|defects| panic!("{defects:#?}"))
}

fn render(text: &str, view: &Value) -> Result<String, String> {
    engine(text, &[]).render("t", &written(view)).map_err(|e| e.to_string())
}

fn refused(text: &str) -> Vec<String> {
    let partials = [("p", "# p\n"), ("statements", "x\n")];
    match Engine::new([("t", text)], partials) {
        Ok(_) => Vec::new(),
        Err(defects) => defects.iter().map(|d| format!("{}: {}", d.line, d.message)).collect(),
    }
}

#[test]
fn forms_beyond_the_contract_are_refused() {
    let cases = [
        ("\n{{x}}", "2: `{{x}}` prints without an encoder"),
        ("{{hcl}}", "1: `{{hcl}}` names no field"),
        ("a = {{{x}}}", "1: a triple or ampersand tag"),
        ("a = {{&x}}", "1: a triple or ampersand tag"),
        ("a = {{lookup x y}}", "1: `lookup` computes a path"),
        ("{{log x}}", "1: `log` is not allowed"),
        ("{{#with x}}{{hcl y}}{{/with}}", "1: `with` is not allowed"),
        ("{{*inline x}}", "1: decorators"),
        ("{{#*inline x}}y{{/inline}}", "1: decorators"),
        ("{{hcl (lower x)}}", "1: a tag takes one plain path"),
        ("{{hcl \"x\"}}", "1: a tag takes one plain path"),
        ("{{hcl 5}}", "1: `hcl` takes exactly one plain path"),
        ("{{hcl a b}}", "1: `hcl` takes exactly one plain path"),
        ("{{hcl a b=c}}", "1: `hcl` takes exactly one plain path"),
        (
            "{{#each xs}}\n{{#each ys}}\n{{hcl ../../a}}\n{{/each}}\n{{/each}}",
            "3: `../../a` climbs more than one level",
        ),
        ("{{hcl ../a}}", "1: `../a` has no `{{#each}}` around it"),
        ("{{hcl @root.a}}", "1: `@root.a` is no field"),
        ("{{hcl a/b}}", "1: `a/b` is no plain path"),
        ("{{hcl a.[b]}}", "1: a tag takes one plain path"),
        ("{{#each xs as |x|}}{{hcl x}}{{/each}}", "1: `each` takes exactly one plain path"),
        ("{{#if name}}x{{/if}}", "1: `name` is no flag"),
        ("{{#each xs}}{{#if @index}}x{{/if}}{{/each}}", "1: `@index` is no flag"),
        ("{{#each xs}}{{hcl @first}}{{/each}}", "1: `@first` is a flag"),
        ("{{#unless a.name}}x{{/unless}}", "1: `a.name` is no flag"),
        ("{{> (lookup a b)}}", "1: a tag takes one plain path"),
        ("{{> q}}", "1: there is no templates/partials/q.hbs"),
        ("{{> statement}}", "did you mean `statements`?"),
        ("{{> p x}}", "1: a partial takes no argument"),
        ("{{#> p}}x{{/p}}", "1: a partial takes no block"),
        ("{{#repeat xs}}x{{/repeat}}", "1: `{{#repeat}}` is not known"),
        ("{{{{raw}}}} {{x}} {{{{/raw}}}}", "1: `{{#raw}}` is not known"),
        ("{{hcll x}}", "1: there is no encoder `hcll`: did you mean `hcl`?"),
        ("\n{{#if has_x}}", "handlebars cannot read it"),
        ("\n\n{{else}}{{#if is_a}}{{/each}}", "handlebars cannot read it"),
    ];
    for (text, expected) in cases {
        let found = refused(text);
        assert!(found.iter().any(|m| m.contains(expected)), "{text}\n  expected {expected}\n  found {found:#?}");
    }
}

#[test]
fn encoders_stand_where_their_output_is_whole() {
    let cases = [
        ("a = \"{{hcl x}}\"\n", "`hcl` writes its own quotes"),
        ("a: '{{json x}}'\n", "`json` writes its own quotes"),
        ("a = \"x-{{hcl x}}\"\n", "`hcl` writes its own quotes"),
        ("a: x-{{yaml x}}\n", "glued to what stands before it"),
        ("a: {{yaml x}}{{yaml y}}\n", "glued to what stands before it"),
        ("a: {{yaml x}}-y\n", "glued to the text behind it"),
        ("# {{hcl x}}\n", "in a comment write `{{comment x}}`"),
        ("a = {{comment x}}\n", "stands outside of a comment"),
        ("a = 1 # \"{{comment x}}\n", "stands outside of a comment"),
        ("# {{#each xs}}{{comment this}}\n{{/each}}\n", "stands outside of a comment"),
        ("# {{#if is_x}}\n{{/if}}{{comment x}}\n", "stands outside of a comment"),
        ("a = {{> p}}\n", "a partial stands on a line of its own"),
        ("{{#if is_x}}#{{else}}b = {{/if}}{{hcl x}}\n", "depends on a branch"),
    ];
    for (text, expected) in cases {
        let found = refused(text);
        assert!(found.iter().any(|m| m.contains(expected)), "{text}\n  expected {expected}\n  found {found:#?}");
    }
    let fine = [
        "a = \"${aws_iam_role.{{ident id}}.arn}\"\n",
        "# {{comment x}}\n",
        "  // {{comment x}} and {{comment y}}\n",
        "a = [{{#each xs}}{{hcl this}}{{#unless @last}}, {{/unless}}{{/each}}]\n",
        "a: {{#if has_x}}{{yaml x}}{{else}}null{{/if}}\n",
        "a = jsonencode({{hcl x}})\n",
        "a: \"{{iso8601 x}}\"\n",
        "# it's fine\na = {{hcl x}}\n",
        "{{#each xs}}\n# {{comment this}}\n{{> p}}\n{{/each}}\n",
    ];
    for text in fine {
        assert_eq!(refused(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn partials_end_their_line_and_include_no_circle() {
    let defects =
        Engine::new([("t", "")], [("a", "{{> b}}\n"), ("b", "{{#if is_x}}\n{{> a}}\n{{/if}}\n"), ("c", "x\n")])
            .unwrap_err();
    let messages: Vec<String> = defects.iter().map(ToString::to_string).collect();
    assert_eq!(
        messages,
        [
            "template `a` line 1: the partial includes itself by `{{> b}}`",
            "template `b` line 2: the partial includes itself by `{{> a}}`",
        ]
    );
    let defects = Engine::new([("t", "")], [("a", "x = 1")]).unwrap_err();
    assert!(defects[0].message.contains("ends with a line break"), "{defects:?}");
}

#[test]
fn missing_fields_are_named_with_template_and_line() {
    let view = json!({"name": "a", "from": {"arn": "x", "has_url": false}, "has_retry": 3});
    let cases = [
        ("\n{{hcl nam}}", "template `t` line 2: `nam`: the view here has no `nam`; did you mean `name`?"),
        ("{{hcl from.url}}", "template `t` line 1: `from.url`: `from` has no `url`; test `has_url` first"),
        ("{{hcl name.x}}", "template `t` line 1: `name.x`: `name` is no map and has no `x`"),
        ("{{#if is_gone}}{{/if}}", "template `t` line 1: `is_gone`: the view here has no `is_gone`"),
        ("{{#if has_retry}}{{/if}}", "template `t` line 1: `has_retry` is no boolean"),
        ("{{#each name}}{{/each}}", "template `t` line 1: `name` is no list"),
        ("{{seconds name}}", "template `t` line 1: `name` is a text, not a duration"),
        ("{{ident from}}", "template `t` line 1: `from` is a map; `ident` prints texts only"),
    ];
    for (text, expected) in cases {
        assert_eq!(render(text, &view).unwrap_err(), expected);
    }
}

#[test]
fn units() {
    let view = json!({"t": {"ms": 90_500}, "h": {"ms": 86_400_000}, "z": {"ms": 0}, "m": {"bytes": 1_048_577}, "c": "a\n*/ b\u{2028}c", "i": "a_b-c"});
    let text = "{{seconds t}} {{minutes t}} {{days t}} {{milliseconds t}} {{iso8601 t}} {{go-duration t}} {{iso8601 h}} {{go-duration h}} {{iso8601 z}} {{mebibytes m}} {{bytes m}} {{ident i}} {{base64 i}}\n# {{comment c}}\n";
    assert_eq!(
        render(text, &view).unwrap(),
        "91 2 1 90500 PT1M30.5S 1m30.5s PT24H 24h PT0S 2 1048577 a_b-c YV9iLWM=\n# a * / b c\n"
    );
    assert!(render("{{ident c}}", &view).unwrap_err().contains("no identifier"));
}

#[test]
fn output_is_capped() {
    let view = json!({"xs": vec![0; 100]});
    let engine = engine("{{#each xs}}0123456789{{/each}}", &[]).with_output_cap(100);
    assert!(engine.render("t", &written(&view)).unwrap_err().message.contains("more than 100 bytes"));
}

/// Renders with handlebars itself, strict, with the same encoders as helpers.
fn by_handlebars(text: &str, partials: &[(&str, &str)], view: &Value) -> String {
    let mut registry = handlebars::Handlebars::new();
    registry.set_strict_mode(true);
    registry.register_escape_fn(handlebars::no_escape);
    for encoder in Encoder::ALL {
        let helper = move |h: &handlebars::Helper<'_>,
                           _: &handlebars::Handlebars<'_>,
                           _: &handlebars::Context,
                           _: &mut handlebars::RenderContext<'_, '_>,
                           out: &mut dyn handlebars::Output| {
            let mut text = String::new();
            encoder.write(&written(h.param(0).unwrap().value()), &mut text).unwrap();
            out.write(&text).map_err(Into::into)
        };
        registry.register_helper(encoder.name(), Box::new(helper));
    }
    for (name, text) in partials {
        registry.register_partial(name, text).unwrap();
    }
    registry.render_template(text, view).unwrap()
}

#[test]
fn it_prints_what_handlebars_prints() {
    let view = json!({
        "id": "a", "has_x": true, "is_y": false, "empty": [],
        "xs": [{"n": 1, "is_odd": true, "ys": ["a", "b"]}, {"n": 2, "is_odd": false, "ys": []}, {"n": 3, "is_odd": true, "ys": ["c"]}],
    });
    let partials = [
        ("p", "p: {{yaml id}}\n{{#if has_x}}\n  q: 1\n{{/if}}\n"),
        ("item", "- {{yaml n}}\n{{#each ys}}\n  - {{yaml this}}\n{{/each}}\n"),
    ];
    let templates = [
        "a\n{{#if has_x}}\n  b = {{hcl id}}\n{{else}}\n  c\n{{/if}}\nd\n",
        "a\n  {{#unless has_x}}\n  b\n  {{else}}\n  c\n  {{/unless}}\nd",
        "{{#if is_y}}1{{else if has_x}}2{{else}}3{{/if}}\n",
        "{{#if is_y}}\n1\n{{else if is_y}}\n2\n{{else}}\n3\n{{/if}}\n",
        "[{{#each xs}}{{hcl n}}{{#unless @last}}, {{/unless}}{{/each}}]\n",
        "{{#each xs}}\n{{#if is_odd}}\nn{{@x}} = {{hcl n}}\n{{/if}}\n{{/each}}\n".replace("{{@x}}", "").leak(),
        "{{#each xs}}\n{{#each ys}}\n{{hcl this}} {{hcl ../n}} {{hcl @index}}\n{{else}}\nnone {{hcl n}}\n{{/each}}\n{{/each}}\n",
        "{{#each empty}}x{{else}}nothing {{hcl id}}{{/each}}\n",
        "a: 1\n{{> p}}\nb: 2\n",
        "a:\n  {{> p}}\nb:\n{{#each xs}}\n  {{> item}}\n{{/each}}\n",
        "a {{~#if has_x~}}   b   {{~/if~}} c\n",
        "a\n{{!-- note --}}\nb {{! note }} c\n",
        "\\{{x}} {{hcl id}}\n",
        "x = \"${y.{{ident id}}.z}\"\n",
        "  {{#each xs}}\n  # {{comment n}}\n  {{/each}}\n",
    ];
    for text in templates {
        let ours = engine(text, &partials).render("t", &written(&view)).unwrap();
        assert_eq!(ours, by_handlebars(text, &partials, &view), "{text}");
    }
}
