//! Variables and what they are inserted into.

use super::*;

#[test]
fn variables_are_replaced_in_values() {
    let text = "\
app: shop
vars: { days: 30d, n: 5, name: '7', on: true, both: '${app}-${var.days}' }
a: ${var.days}
b: { max: \"${var.n}\", text: \"${var.name}\", flag: '${var.on}', mixed: \"x-${var.n}\" }
c: [\"${ app }/${environment}\", '$${app}', '$$${app}', '$${var.x}${app}', $5, '}{']
d: '${var.both}!'
${app}: key
";
    assert_eq!(
        run(&[("isobar.yaml", text)]).tree(),
        "{app: shop, a: 30d, b: {max: 5, text: \"7\", flag: true, mixed: \"x-5\"}, \
         c: [\"shop/default\", \"${app}\", \"$${app}\", \"${var.x}shop\", $5, \"}{\"], d: \"shop-30d!\", ${app}: key}"
    );
    assert!(with_vars(text, &[("days", "1d"), ("n", "true"), ("days", "7d")]).tree().contains("a: 7d, b: {max: true,"));
    assert!(with_vars(text, &[("days", "${app}")]).tree().contains("a: ${app}"));
}

#[test]
fn environments_change_variables_and_are_replaced_in() {
    let text = "app: a\nvars: { d: 30d }\nx: ${var.d}\nenvironments: { prod: { vars: { d: 90d }, description: '${environment}-${var.d}' } }\n";
    assert_eq!(with_env(text, "prod").tree(), "{app: a, x: 90d, description: \"prod-90d\"}");
    assert_eq!(run(&[("isobar.yaml", text)]).tree(), "{app: a, x: 30d}");
}

#[test]
fn unknown_variables_are_corrected() {
    let text = "app: a\nvars: { log-days: 30d }\nx: 'a ${var.log-day} b ${log-days} ${secret.key}'\ny: \"\\t${var.other}\"\nz: ${env}\n";
    fails(
        &run(&[("isobar.yaml", text)]),
        &[
            "isobar.yaml:3 <${var.log-day}> unknown-variable: `var.log-day` is no variable; did you mean `${var.log-days}`?",
            "isobar.yaml:3 <${log-days}> unknown-variable: `log-days` is no variable; did you mean `${var.log-days}`?",
            "isobar.yaml:3 <${secret.key}> unknown-variable: `secret.key` is no variable; there are `${app}`, `${environment}` and `${var.name}`; write `$${` if the text is meant to have `${`",
            "isobar.yaml:4 <${var.other}> unknown-variable: `var.other` is no variable; declare it: `vars: { other: … }`",
            "isobar.yaml:5 <${env}> unknown-variable: `env` is no variable; there are `${app}`, `${environment}` and `${var.name}`; write `$${` if the text is meant to have `${`",
        ],
    );
}

#[test]
fn fixes_of_variables_replace_the_reference_alone() {
    let run = run(&[("isobar.yaml", "x: 'a ${environmant} b'\n")]);
    let fix = run.findings.iter().next().unwrap().fix.clone().unwrap();
    assert_eq!((run.sources.text(fix.edits[0].span), fix.edits[0].text.as_str()), ("${environmant}", "${environment}"));
}

#[test]
fn broken_references_are_errors() {
    fails(
        &run(&[("isobar.yaml", "app: a\nx: \"$${ok} ${app\"\ny: '${a${app}}'\nz: ${}\n")]),
        &[
            "isobar.yaml:2 <${> unterminated-variable: `${` has no `}` behind a name; write `${var.name}`, or `$${` if the text is meant to have `${`",
            "isobar.yaml:3 <${> unterminated-variable: `${` has no `}` behind a name; write `${var.name}`, or `$${` if the text is meant to have `${`",
            "isobar.yaml:4 <${}> unknown-variable: `` is no variable; there are `${app}`, `${environment}` and `${var.name}`; write `$${` if the text is meant to have `${`",
        ],
    );
}

#[test]
fn cycles_of_variables_are_one_finding() {
    let text = "app: '${var.a}'\nvars: { a: 'x${var.b}', b: 'y${app}', c: '${var.c}' }\nx: ${var.a}\n";
    fails(
        &run(&[("isobar.yaml", text)]),
        &[
            "isobar.yaml:2 <${app}> variable-cycle: `app` refers to itself; write the value of one of them without the others",
            "isobar.yaml:2 <${var.c}> variable-cycle: `var.c` refers to itself; write the value of one of them without the others",
        ],
    );
}

#[test]
fn variables_have_a_name_and_one_value() {
    let text = "vars: { Days: 1, list: [1], none: , ok: 1 }\nx: [\"${var.list}\", \"${var.none}\", \"${var.Days}\"]\n";
    fails(
        &run(&[("isobar.yaml", text)]),
        &[
            "isobar.yaml:1 <Days> invalid-name: `Days` is no name of a variable: 'D' is not a lower-case letter, digit or hyphen; write a name such as `log-days`",
            "isobar.yaml:1 <[1]> variable-value: the variable `list` is a list; it holds one text, number or boolean; write the value in its place, or use an anchor to repeat it",
            "isobar.yaml:1 <none> variable-without-value: the variable `none` has no value; give it one here, or with `--var none=…`",
        ],
    );
    assert_eq!(with_vars("vars: { none: }\nx: ${var.none}\n", &[("none", "1")]).tree(), "{x: 1}");
    fails(
        &run(&[("isobar.yaml", "vars: 5\n")]),
        &["isobar.yaml:1 <5> variable-value: `vars` is a number, not a mapping; write `vars: { log-days: 30d }`"],
    );
}

#[test]
fn variables_of_the_command_line_must_be_declared() {
    fails(
        &with_vars("app: a\nvars: { log-days: 1d }\n", &[("log-day", "2d"), ("zzz", "1")]),
        &[
            "isobar.yaml:2 <vars> unknown-variable: `--var log-day` sets a variable that is not declared; did you mean `log-days`?",
            "isobar.yaml:2 <vars> unknown-variable: `--var zzz` sets a variable that is not declared; declare it with its default: `vars: { zzz: … }`",
        ],
    );
}

#[test]
fn variables_cannot_blow_up() {
    let mut text = "app: a\nvars:\n  v0: xxxxxxxxxxxxxxxx\n".to_owned();
    for i in 1..40 {
        text += &format!("  v{i}: '${{var.v{0}}}${{var.v{0}}}'\n", i - 1);
    }
    let run = run(&[("isobar.yaml", text.as_str())]);
    let lines = run.lines();
    assert_eq!(lines.len(), 1, "{lines:#?}");
    assert!(lines[0].contains("too-large: with its variables this text has more than 65536 bytes"), "{lines:#?}");

    let mut text = format!("app: a\nvars: {{ v: {} }}\nx:\n", "y".repeat(60_000));
    text += &"  - ${var.v}\n".repeat(1_000);
    let run = with_vars(&text, &[]);
    assert_eq!(
        run.findings.iter().map(|f| f.message.as_str()).collect::<Vec<_>>(),
        ["the variables insert more than 16777216 bytes"]
    );

    let chain: String = (0..200).map(|i| format!("  v{i:03}: '${{var.v{:03}}}'\n", i + 1)).collect();
    let run = with_vars(&format!("app: a\nvars:\n{chain}  v200: x\n"), &[]);
    assert!(
        run.lines()[0].starts_with(
            "isobar.yaml:67 <'${var.v065}'> too-deep: more than 64 variables refer to each other in a row"
        ),
        "{:#?}",
        run.lines()
    );
}

#[test]
fn shared_values_stay_shared_after_replacing() {
    let text =
        "app: a\nbase: &base { x: '${app}', y: { z: 1 } }\ntwice: [*base, *base]\nplain: &p { q: 1 }\nagain: *p\n";
    let run = run(&[("isobar.yaml", text)]);
    let out = run.out.unwrap();
    let items = out.tree.get("twice").unwrap().as_seq().unwrap();
    let (Kind::Map(one), Kind::Map(two)) = (&items[0].kind, &items[1].kind) else { panic!("no mappings") };
    assert!(std::sync::Arc::ptr_eq(one, two));
    assert_eq!(flow(&items[0]), "{x: a, y: {z: 1}}");
    assert_eq!(run.sources.text(items[1].span), "*base");
}

#[test]
fn a_million_defects_are_reported_a_hundred_times() {
    let unknown = run(&[("isobar.yaml", &format!("x:\n{}", "  - ${y}\n".repeat(5_000)))]);
    let vars: String = (0..5_000).map(|i| format!("  V{i}: 1\n")).collect();
    let misnamed = run(&[("isobar.yaml", &format!("vars:\n{vars}"))]);
    let functions: String = (0..5_000).map(|i| format!("  f{i}: 1\n")).collect();
    let functions = format!("functions:\n{functions}");
    let twice = run(&[("isobar.yaml", &format!("include: x.yaml\n{functions}")), ("x.yaml", &functions)]);
    let missing: String = (0..5_000).map(|i| format!("  - f{i}.yaml\n  - /f{i}\n")).collect();
    let missing = run(&[("isobar.yaml", &format!("include:\n{missing}"))]);
    for run in [unknown, misnamed, twice, missing] {
        assert_eq!(run.findings.len(), 100);
        let last = run.lines().pop().unwrap();
        assert!(last.contains("too-many-findings: there are more than 99 defects of this sort"), "{last}");
    }
}
