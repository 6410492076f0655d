//! Workflows: what tasks may say, where a switch goes, and which results are there.

use super::findings;

const HEAD: &str = "functions: { f: { runtime: go, code: f } }\nevents: { e: {} }\nresources: { m: { type: bus } }\n";

fn of(tasks: &str) -> Vec<String> {
    findings(&format!("{HEAD}workflows:\n  w:\n    do:\n{tasks}"))
}

fn check(cases: &[(&str, &[&str])]) {
    for (tasks, expected) in cases {
        let indented: String = tasks.lines().flat_map(|line| ["      ", line, "\n"]).collect();
        assert_eq!(of(&indented), *expected, "{tasks}");
    }
}

#[test]
fn results_are_there_where_every_way_leads_through_the_task() {
    check(&[
        ("- a: { call: f }\n- b: { call: f, with: { x: tasks.a.id } }", &[]),
        (
            "- a: { call: f, with: { x: tasks.b.id } }\n- b: { call: f }",
            &[
                "task-may-not-have-run: `b` has not always run here @ tasks.b.id | name a task that runs on every way to here, or move this one behind it",
            ],
        ),
        (
            "- s: { switch: [{ when: input.x > 1, then: b }] }\n- a: { call: f }\n- b: { call: f, with: { x: tasks.a.id } }",
            &[
                "task-may-not-have-run: `a` has not always run here @ tasks.a.id | name a task that runs on every way to here, or move this one behind it",
            ],
        ),
        // Both ways lead through `a`, whatever the switch does behind it.
        (
            "- a: { call: f }\n- s: { switch: [{ when: input.x > 1, then: c }] }\n- b: { call: f }\n- c: { call: f, with: { x: tasks.a.id } }",
            &[],
        ),
        // A way that ends the workflow does not count.
        (
            "- s: { switch: [{ when: input.x > 1, then: a }], else: end }\n- a: { call: f }\n- b: { call: f, with: { x: tasks.a.id } }",
            &[],
        ),
        (
            "- s: { switch: [{ when: input.x > 1, then: b }] }\n- a: { raise: no }\n- b: { call: f, with: { x: tasks.s } }",
            &[],
        ),
        (
            "- p: { fork: { branches: { l: [{ a: { call: f } }], r: { call: f } } } }\n- b: { call: f, with: { x: tasks.a.id, y: tasks.r.id } }",
            &[],
        ),
        (
            "- p: { fork: { until: first, branches: { l: [{ a: { call: f } }], r: { call: f } } } }\n- b: { call: f, with: { x: tasks.a.id } }",
            &[
                "task-may-not-have-run: `a` has not always run here @ tasks.a.id | name a task that runs on every way to here, or move this one behind it",
            ],
        ),
        (
            "- t: { try: [{ a: { call: f } }], catch: [{ c: { call: f, with: { m: error.message } } }] }\n- b: { call: f, with: { x: tasks.a.id } }",
            &[
                "task-may-not-have-run: `a` has not always run here @ tasks.a.id | name a task that runs on every way to here, or move this one behind it",
            ],
        ),
        (
            "- t: { try: [{ a: { call: f } }], catch: [{ c: { raise: no } }] }\n- b: { call: f, with: { x: tasks.a.id } }",
            &[],
        ),
        (
            "- l: { for: { each: item, in: input.items, at-most: 9, do: [{ a: { call: f, with: { x: item.id } } }] } }\n- b: { call: f, with: { x: tasks.a.id } }",
            &[
                "task-may-not-have-run: `a` has not always run here @ tasks.a.id | name a task that runs on every way to here, or move this one behind it",
            ],
        ),
        // Going back does not take away what ran before.
        (
            "- a: { call: f }\n- b: { call: f, with: { x: tasks.a.id } }\n- s: { switch: [{ when: input.x > 1, then: b }], at-most: 3 }",
            &[],
        ),
    ]);
}

#[test]
fn names_in_workflows() {
    check(&[
        ("- a: { call: g }", &["unknown-reference: there is no function `g` @ g | did you mean `f`?"]),
        ("- a: { call: m }", &["wrong-kind: `m` is a bus, not a function @ m | did you mean `f`?"]),
        (
            "- pay: { call: f }\n- b: { call: f, with: { x: tasks.pey.id } }",
            &["unknown-reference: there is no task `pey` @ tasks.pey.id | did you mean `tasks.pay`?"],
        ),
        (
            "- a: { call: f, with: { x: inpt.id } }",
            &["unknown-reference: `inpt` is not known here @ inpt.id | did you mean `input`?"],
        ),
        (
            "- a: { call: f, with: { x: error.message } }",
            &[
                "unknown-reference: `error` is there inside of `catch` alone @ error.message | move the task into the `catch` of a `try`",
            ],
        ),
        (
            "- a: { switch: [{ when: true, then: bee }] }\n- be: { call: f }",
            &["unknown-reference: there is no task `bee` in this list @ bee | did you mean `be`?"],
        ),
        (
            "- a: { call: f }\n- a: { call: f }",
            &["name-clash: two tasks are called `a` @ a | rename one; nested tasks count too"],
        ),
        (
            "- a: { call: f }\n- b: { switch: [{ when: true, then: a }] }",
            &["endless-loop: `a` points back without a number of rounds @ a | add `at-most: 10` to the switch"],
        ),
        (
            "- end: { call: f }",
            &["invalid-name: `end` is no name of a task: it ends the workflow @ end | choose another name"],
        ),
    ]);
}

#[test]
fn shapes_of_tasks() {
    let kinds = "`call`, `emit`, `set`, `wait`, `listen`, `switch`, `for`, `fork`, `try`, `raise`";
    check(&[
        ("- a: {}", &[&format!("missing-key: `a` says nothing to do @ a | add one of {kinds}")]),
        (
            "- a: { call: f, wait: 5s }",
            &["conflicting-keys: `a` has both `call` and `wait` @ a | make each a task of its own"],
        ),
        (
            "- a: { wait: 5s, compensate: f }",
            &[
                "conflicting-keys: `compensate` does nothing in `a`, a `wait` task @ f | remove it; it belongs to `call`, `for`, `fork`, `try`",
            ],
        ),
        (
            "- a: { listen: { event: e, match: { /id: input.id } } }",
            &["missing-key: `a` needs `timeout` @ a | add `timeout: 3d`"],
        ),
        (
            "- a: { listen: { event: e, match: {} }, timeout: 3d }",
            &[
                "empty: `a` waits for any event @ { event: e, match: {} } | add `match: { /orderId: input.orderId }`, so that it waits for its own",
            ],
        ),
        ("- a: { try: [{ b: { call: f } }] }", &["missing-key: `a` needs `catch` @ a | add `catch: [ … ]`"]),
        (
            "- a: { call: f, with: { x: \"input.a && input.b\" } }",
            &["invalid-expression: `input.a && input.b` is not an expression: `&&` is not known @ && | write `and`"],
        ),
        (
            "- a: { call: f, with: { x: { y: input.z } } }",
            &[
                "wrong-type: `x` is a mapping, not an expression @ { y: input.z } | write an expression such as `input.orderId`",
            ],
        ),
        (
            "- call: f\n  with: {}",
            &[
                "wrong-type: a task has 2 keys, not its name alone @ with | indent what it does under its name: `- pay: { call: charge }`",
            ],
        ),
        ("- a: { emit: e, with: { x: input.x } }\n- b: { set: { y: 5 } }\n- c: { wait: 0s }", &[]),
    ]);
}

#[test]
fn many_nested_tasks_are_checked_in_no_time() {
    // Each level would double the work if what a list adds were computed anew for each way into it.
    let mut tasks = "[{ last: { call: f } }]".to_owned();
    for level in 0..15 {
        tasks = format!("[{{ t{level}: {{ try: {tasks}, catch: [{{ c{level}: {{ raise: no }} }}] }} }}]");
    }
    let started = std::time::Instant::now();
    assert_eq!(findings(&format!("{HEAD}workflows: {{ w: {{ do: {tasks} }} }}\n")), Vec::<String>::new());
    assert!(started.elapsed().as_secs() < 5);
}
