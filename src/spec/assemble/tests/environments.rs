//! Environments and what they lay over the tree.

use super::*;

const OVERLAID: &str = "\
app: shop
resources:
  orders: { type: table, key: { partition: { id: string } }, recovery: true }
functions:
  f: { scaling: { max: 50 }, uses: { orders: [get, put] }, timeout: 10s }
  g: { timeout: 5s }
environments:
  prod:
    protected: true
    functions:
      f: { scaling: { warm: 5 }, uses: { orders: { get: null } }, timeout: 20s }
      g: null
      h: { uses: { orders: { scan: null } } }
    resources:
      orders: { type: table, recovery: null }
      audit: { type: bucket }
  test: {}
";

const ODD: &str = "  odd:
    isobar: 2
    include: [x]
    environments: {}
    resources: { orders: { type: bucket } }
";

#[test]
fn overlays_merge_mappings_replace_the_rest_and_remove_by_null() {
    let prod = with_env(OVERLAID, "prod");
    assert_eq!(
        prod.tree(),
        "{app: shop, resources: {orders: {type: table, key: {partition: {id: string}}}, audit: {type: bucket}}, \
         functions: {f: {scaling: {max: 50, warm: 5}, uses: {orders: {get: null}}, timeout: 20s}, \
         h: {uses: {orders: {scan: null}}}}}"
    );
    let out = prod.out.unwrap();
    assert!(out.protected);
    let line = |path: &[&str]| prod.sources.place(out.tree.at(path).unwrap().span);
    assert_eq!(line(&["functions", "f", "timeout"]), "isobar.yaml:11");
    assert_eq!(line(&["functions", "f", "scaling", "max"]), "isobar.yaml:5");
    assert_eq!(line(&["functions", "f", "scaling", "warm"]), "isobar.yaml:11");
    let test = with_env(OVERLAID, "test");
    assert!(test.tree().contains("g: {timeout: 5s}"));
    assert!(!test.out.unwrap().protected);
    assert_eq!(run(&[("isobar.yaml", OVERLAID)]).out.unwrap().environment.as_str(), "default");
}

#[test]
fn overlays_change_no_type_and_not_how_files_are_read() {
    // Whether it is asked for or not.
    for asked in ["odd", "prod"] {
        fails(
            &with_env(&format!("{OVERLAID}{ODD}"), asked),
            &[
                "isobar.yaml:19 <isobar> overlay-key: `isobar` cannot differ in the environment `odd`; write it at the top level",
                "isobar.yaml:20 <include> overlay-key: `include` cannot differ in the environment `odd`; write it at the top level",
                "isobar.yaml:21 <environments> overlay-key: `environments` cannot differ in the environment `odd`; write it at the top level",
                "isobar.yaml:22 <bucket> overlay-type: an environment turns `orders` from `table` into `bucket`; isobar.yaml:3 <table> its type; give the resource of the other type a name of its own",
            ],
        );
    }
}

#[test]
fn what_is_removed_and_not_there_is_absent() {
    let text = "\
app: shop
isobar: 1
resources:
  orders: { type: table, key: { partition: { id: string } } }
  jobs: { type: queue }
functions:
  f: { handler: a.b, code: c, env: { B: x } }
environments:
  prod:
    alarms: null
    defaults: { function: { memory: null } }
    resources: { jobs: { dead-letter: null }, gone: null }
    functions:
      f: { memory: null, timuot: null, env: { A: null }, scaling: { max: null }, uses: { orders: { get: null } } }
";
    let found = |asked: &str| {
        let out = with_env(text, asked).out.unwrap();
        let (_, mut findings) = crate::spec::parse(&out.tree, &out.removed);
        out.elsewhere.iter().for_each(|other| findings.append(crate::spec::parse_elsewhere(other)));
        findings.sorted().iter().map(|f| f.message.clone()).collect::<Vec<_>>()
    };
    // A name that is not there is a slip.
    let expected = ["`gone` is empty, not a mapping", "a function has no key `timuot`"];
    assert_eq!(found("prod"), expected);
    assert_eq!(found("default"), expected);
}

#[test]
fn the_default_environment_may_be_declared() {
    let text = "app: a\nenvironments: { default: { protected: true, lint: 2 } }\nlint: 1\n";
    let run = run(&[("isobar.yaml", text)]);
    assert_eq!(run.tree(), "{app: a, lint: 2}");
    assert!(run.out.unwrap().protected);
    assert_eq!(with_env("app: a\n", "default").tree(), "{app: a}");
}

#[test]
fn unknown_environments_are_corrected_and_the_rest_is_read() {
    let text = "app: a\nenvironments: { prod: , staging: {} }\n";
    let run = with_env(text, "pord");
    fails(
        &run,
        &[
            "isobar.yaml:2 <environments> unknown-environment: there is no environment `pord`; did you mean `prod`? there are `prod`, `staging`",
        ],
    );
    assert_eq!(run.out.unwrap().environment.as_str(), "default");
    fails(
        &with_env(text, "x"),
        &["isobar.yaml:2 <environments> unknown-environment: there is no environment `x`; there are `prod`, `staging`"],
    );
    fails(
        &with_env("app: a\n", "prod"),
        &[
            "isobar.yaml:1 <> unknown-environment: there is no environment `prod`; declare it under `environments:`, or leave `--env` out",
        ],
    );
}

#[test]
fn environments_have_a_shape() {
    fails(
        &with_env("environments: { Prod: {}, x: 1, test: { protected: maybe } }\n", "test"),
        &[
            "isobar.yaml:1 <Prod> invalid-name: `Prod` is no name of an environment: 'P' is not a lower-case letter, digit or hyphen; write a name such as `prod`",
            "isobar.yaml:1 <1> environment-shape: the environment `x` is a number, not a mapping; write what differs in it, such as `{ protected: true }`",
            "isobar.yaml:1 <maybe> environment-shape: `protected` is text, not `true` or `false`; write `protected: true`",
        ],
    );
    fails(
        &run(&[("isobar.yaml", "environments: [prod]\n")]),
        &[
            "isobar.yaml:1 <[prod]> environment-shape: `environments` is a list, not a mapping; write `environments: { prod: { protected: true } }`",
        ],
    );
}
