//! Mistakes in what is meant: triggers, access, keys, resources.

/// What follows the head of an application, and its findings.
pub(super) const CASES: &[(&str, &[&str])] = &[
    (
        concat!(
            "functions: { f: { runtime: python3.13, handler: a.b, code: f, on: [{ que: q }] } }",
            "\n",
            "resources: { q: { type: queue } }",
            "\n"
        ),
        &[
            "unknown-key: a trigger has no key `que` @ que | did you mean `queue`? known keys: `http`, `queue`, `stream`, `change`, `topic`, `event`, `object`, `schedule`, `socket`, `message`, `log`, `user`",
        ],
    ),
    (
        "functions: { f: { runtime: python3.13, handler: a.b, code: f, on: [{ queue: q, stream: s }] } }",
        &["conflicting-keys: a trigger has both `queue` and `stream` @ stream | make each an entry of the list"],
    ),
    (
        concat!(
            "functions: { f: { runtime: python3.13, handler: a.b, code: f, on: [{ queue: ledgr }] } }",
            "\n",
            "resources: { ledger: { type: queue } }",
            "\n"
        ),
        &["unknown-reference: there is no queue `ledgr` @ ledgr | did you mean `ledger`?"],
    ),
    (
        concat!(
            "functions: { f: { runtime: python3.13, handler: a.b, code: f, on: [{ queue: t }] } }",
            "\n",
            "resources: { t: { type: topic } }",
            "\n"
        ),
        &["wrong-kind: `t` is a topic, not a queue @ t | name a queue of `resources`"],
    ),
    (
        concat!(
            "functions: { f: { runtime: python3.13, handler: a.b, code: f, on: [{ queue: { from: q, retry: { attempts: 3 } } }] } }",
            "\n",
            "resources: { q: { type: queue } }",
            "\n"
        ),
        &[
            "unknown-key: a queue trigger has no key `retry` @ retry | attempts of a queue are set on the queue: `dead-letter: { after: 5 }`",
        ],
    ),
    (
        concat!(
            "functions: { f: { runtime: python3.13, handler: a.b, code: f, on: [{ queue: q }, { queue: { from: q, batch: 5 } }] } }",
            "\n",
            "resources: { q: { type: queue } }",
            "\n"
        ),
        &["duplicate-trigger: the queue trigger is there twice @ queue | remove one of them"],
    ),
    (
        concat!(
            "functions: { f: { runtime: python3.13, handler: a.b, code: f, on: [{ http: { api: a, route: get /x } }] } }",
            "\n",
            "resources: { a: { type: api } }",
            "\n"
        ),
        &["invalid-route: `get /x` is not a route: `get` is no method @ get /x | write `GET /x`"],
    ),
    (
        concat!(
            r#"functions: { f: { runtime: python3.13, handler: a.b, code: f, on: [{ http: { api: a, route: "GET /a/{x}" } }, { http: { api: a, route: "GET /a/{y}" } }] } }"#,
            "\n",
            "resources: { a: { type: api } }",
            "\n"
        ),
        &[
            r#"duplicate-route: the route `GET /a/{y}` is there twice @ "GET /a/{y}" | give it another method or path, or remove one"#,
        ],
    ),
    (
        r#"functions: { f: { runtime: python3.13, handler: a.b, code: f, on: [{ schedule: { cron: "0 25 * * *" } }] } }"#,
        &[
            r#"invalid-cron: `0 25 * * *` is not a cron expression: `25` is no hour (0 to 23, lists, ranges and steps) @ "0 25 * * *" | write five fields: minute, hour, day, month, weekday, such as `0 2 * * *`"#,
        ],
    ),
    (
        r#"functions: { f: { runtime: python3.13, handler: a.b, code: f, on: [{ schedule: { cron: "0 2 * * *", zone: Europe/Berlinn } }] } }"#,
        &["unknown-zone: `Europe/Berlinn` is not a time zone @ Europe/Berlinn | did you mean `Europe/Berlin`?"],
    ),
    (
        "functions: { f: { runtime: python3.13, handler: a.b, code: f, on: [{ schedule: {} }] } }",
        &[r#"missing-key: a schedule needs `cron` or `every` @ schedule | add `cron: "0 2 * * *"` or `every: 5m`"#],
    ),
    (
        "functions: { f: { runtime: python3.13, handler: a.b, code: f, on: [{ schedule: { every: 5m, zone: UTC } }] } }",
        &["conflicting-keys: an interval has no `zone` @ UTC | remove `zone`, or write `cron`"],
    ),
    (
        "functions: { f: { runtime: python3.13, handler: a.b, code: f, on: [{ schedule: 5 minutes }] } }",
        &["invalid-duration: `5 minutes` is not a duration @ 5 minutes | write `5m`"],
    ),
    (
        concat!(
            "functions: { f: { runtime: python3.13, handler: a.b, code: f, on: [{ object: { bucket: b } }] } }",
            "\n",
            "resources: { b: { type: bucket } }",
            "\n"
        ),
        &[
            "missing-key: an object trigger needs `created` or `deleted` @ object | add `created: {}`, or `created: { prefix: incoming/ }`",
        ],
    ),
    (
        concat!(
            "functions: { f: { runtime: python3.13, handler: a.b, code: f, on: [{ event: order.placd }] } }",
            "\n",
            "resources: { m: { type: bus } }",
            "\n",
            "events: { order.placed: {} }",
            "\n"
        ),
        &["unknown-reference: there is no event `order.placd` @ order.placd | did you mean `order.placed`?"],
    ),
    (
        concat!(
            "functions: { f: { runtime: python3.13, handler: a.b, code: f, on: [{ event: order.placed }] } }",
            "\n",
            "events: { order.placed: {} }",
            "\n"
        ),
        &[
            "no-default-bus: there is no bus for this event @ event | add one under `resources`: `mesh: { type: bus, default: true }`",
        ],
    ),
    (
        concat!(
            "functions: { f: { runtime: python3.13, handler: a.b, code: f, on: [{ event: [order.placed, order.placed] }] } }",
            "\n",
            "resources: { m: { type: bus } }",
            "\n",
            "events: { order.placed: {} }",
            "\n"
        ),
        &["duplicate-entry: `order.placed` is in the list twice @ order.placed | remove one of them"],
    ),
    (
        concat!(
            "functions: { f: { runtime: python3.13, handler: a.b, code: f, on: [{ event: { type: order.placed, where: { total: 5, /a: { like: x } } } }] } }",
            "\n",
            "resources: { m: { type: bus } }",
            "\n",
            "events: { order.placed: {} }",
            "\n"
        ),
        &[
            "invalid-pointer: `total` is not a path into the data: it does not start with `/` @ total | write `/total`",
            "unknown-key: a test has no key `like` @ like | known keys: `eq`, `ne`, `gt`, `ge`, `lt`, `le`, `in`, `prefix`, `suffix`, `exists`",
        ],
    ),
    (
        concat!(
            "functions: { f: { runtime: python3.13, handler: a.b, code: f, on: [{ event: { type: order.placed, where: { /a: { in: [] }, /b: {}, /c: { gt: x } } } }] } }",
            "\n",
            "resources: { m: { type: bus } }",
            "\n",
            "events: { order.placed: {} }",
            "\n"
        ),
        &[
            "empty: `in` has no values @ [] | write `[a, b]`",
            "empty: `/b` has no test @ {} | write one of `eq`, `ne`, `gt`, `ge`, `lt`, `le`, `in`, `prefix`, `suffix`, `exists`, such as `{ gt: 0 }`",
            "wrong-type: `gt` is the text `x`, not a number @ x | write a number such as `5`",
        ],
    ),
    (
        "resources: { w: { type: api, throttle: { rate: 0.5, burst: x } } }\n",
        &[
            "wrong-type: `rate` is the number `0.5`, not a whole number @ 0.5 | write a whole number such as `5`",
            "wrong-type: `burst` is the text `x`, not a whole number @ x | write a whole number such as `5`",
        ],
    ),
    (
        concat!(
            "functions: { f: { runtime: python3.13, handler: a.b, code: f, on: [{ message: { devices: d, topic: cars/x+/y } }] } }",
            "\n",
            "resources: { d: { type: devices } }",
            "\n"
        ),
        &[
            "invalid-topic-filter: `cars/x+/y` is not a topic filter: `x+` is no level @ cars/x+/y | `+` stands for one whole level, `#` for the rest and stands last",
        ],
    ),
    (
        concat!(
            "functions: { f: { runtime: python3.13, handler: a.b, code: f, uses: { t: [get, puts] } } }",
            "\n",
            "resources: { t: { type: table, key: { partition: { id: string } } } }",
            "\n"
        ),
        &[
            "unknown-verb: a table has no verb `puts` @ puts | did you mean `put`? its verbs are `get`, `put`, `update`, `delete`, `query`, `scan`, `batch-get`, `batch-write`, `check`, `read`, `write`",
        ],
    ),
    (
        concat!(
            "functions: { f: { runtime: python3.13, handler: a.b, code: f, uses: { q: receive } } }",
            "\n",
            "resources: { q: { type: queue } }",
            "\n"
        ),
        &[
            "unknown-verb: a queue has no verb `receive` @ receive | a `queue` trigger receives by itself; remove the verb",
        ],
    ),
    (
        "functions: { f: { runtime: python3.13, handler: a.b, code: f, uses: { g: get } } }",
        &["unknown-reference: there is no resource `g` @ g | declare it under `resources`, or name one that is there"],
    ),
    (
        "functions: { f: { runtime: python3.13, handler: a.b, code: f, uses: { f: get } } }",
        &["wrong-kind: `f` is a function, not a resource @ f | write `calls: [f]`"],
    ),
    (
        concat!(
            "functions: { f: { runtime: python3.13, handler: a.b, code: f, uses: { t: { get: { index: i } } } } }",
            "\n",
            "resources: { t: { type: table, key: { partition: { id: string } } } }",
            "\n"
        ),
        &[
            "unknown-scope: `get` of a table has no scope `index` @ i | its scopes are `leading`; `null` is the whole resource",
        ],
    ),
    (
        concat!(
            "functions: { f: { runtime: python3.13, handler: a.b, code: f, uses: { t: { query: { index: by-custmer } } } } }",
            "\n",
            "resources: { t: { type: table, key: { partition: { id: string } }, indexes: { by-customer: { partition: { c: string } } } } }",
            "\n"
        ),
        &["unknown-reference: `t` has no index `by-custmer` @ by-custmer | did you mean `by-customer`?"],
    ),
    (
        concat!(
            "functions: { f: { runtime: python3.13, handler: a.b, code: f, uses: { b: { get: {} } } } }",
            "\n",
            "resources: { b: { type: bucket } }",
            "\n"
        ),
        &["empty: the scope of `get` is empty @ {} | write `get: null` for the whole resource"],
    ),
    (
        concat!(
            "functions: { f: { runtime: python3.13, handler: a.b, code: f, uses: { t: [get, get] } } }",
            "\n",
            "resources: { t: { type: table, key: { partition: { id: string } } } }",
            "\n"
        ),
        &["duplicate-entry: `get` is written twice @ get | remove one of them"],
    ),
    (
        concat!(
            "functions: { f: { runtime: python3.13, handler: a.b, code: f, emits: [order.placed] } }",
            "\n",
            "events: { order.placed: {} }",
            "\n"
        ),
        &[
            "no-default-bus: there is no bus for this event @ order.placed | add one under `resources`: `mesh: { type: bus, default: true }`",
        ],
    ),
    (
        concat!(
            "functions: { f: { runtime: python3.13, handler: a.b, code: f, emits: [order.placed] } }",
            "\n",
            "events: { order.placed: {} }",
            "\n",
            "resources: { a: { type: bus, default: true }, b: { type: bus, default: true } }",
            "\n"
        ),
        &["two-default-buses: two buses are the default @ true | remove `default: true` from one"],
    ),
    (
        "functions: { f: { runtime: python3.13, handler: a.b, code: f, calls: [f] } }",
        &["calls-itself: `f` waits for itself @ f | write `calls: { f: async }`"],
    ),
    (
        concat!(
            "functions: { f: { runtime: python3.13, handler: a.b, code: f, calls: { w: sync } } }",
            "\n",
            "workflows: { w: { do: [{ a: { wait: 5s } }] } }",
            "\n"
        ),
        &["sync-workflow: `w` is a workflow, which is started and not waited for @ sync | write `w: null`"],
    ),
    (
        concat!(
            "functions: { f: { runtime: python3.13, handler: a.b, code: f, calls: [q] } }",
            "\n",
            "resources: { q: { type: queue } }",
            "\n"
        ),
        &["wrong-kind: `q` is a queue, not a function or workflow @ q | write `uses: { q: … }`"],
    ),
    (
        concat!(
            "functions: { f: { runtime: python3.13, handler: a.b, code: f, emits: [order.placed], uses: { order-placed: send } } }",
            "\n",
            "events: { order.placed: {} }",
            "\n",
            "resources: { m: { type: bus }, order-placed: { type: queue } }",
            "\n"
        ),
        &[
            "binding-clash: `order-placed` and `order.placed` are both given as `ISOBAR_ORDER_PLACED_…` @ order-placed | rename one of them",
        ],
    ),
    (
        concat!(
            r#"functions: { f: { runtime: python3.13, handler: a.b, code: f, on: [{ http: { api: a, route: "GET /carts/{cartId}" } }], state: { entity: { key: "path:cartID", store: t } } } }"#,
            "\n",
            "resources: { a: { type: api }, t: { type: table, key: { partition: { id: string } } } }",
            "\n"
        ),
        &[
            r#"key-not-in-request: `GET /carts/{cartId}` has no parameter `cartID` @ "path:cartID" | did you mean `path:cartId`?"#,
        ],
    ),
    (
        concat!(
            r#"functions: { f: { runtime: python3.13, handler: a.b, code: f, on: [{ queue: q }], idempotency: { key: "header:x", store: t, window: 1d } } }"#,
            "\n",
            "resources: { q: { type: queue }, t: { type: table, key: { partition: { id: string } } } }",
            "\n"
        ),
        &[
            r#"key-not-in-request: `header:x` is in requests alone, and a queue trigger brings none @ "header:x" | take a path into the data such as `/orderId`, or `event:id`"#,
        ],
    ),
    (
        concat!(
            "functions: { f: { runtime: python3.13, handler: a.b, code: f, idempotency: { key: /a, store: q, window: 1d } } }",
            "\n",
            "resources: { q: { type: queue } }",
            "\n"
        ),
        &[
            "wrong-kind: `q` is a queue, not a table or cache @ q | name a table with `expires`: `seen: { type: table, key: { partition: { id: string } }, expires: ttl }`",
        ],
    ),
    (
        concat!(
            "resources: { f: { type: queue } }",
            "\n",
            "functions: { f: { runtime: python3.13, handler: a.b, code: f, timeout: 5s } }",
            "\n"
        ),
        &[
            "name-clash: `f` is both a queue and a function @ f | resources, functions and workflows share their names; rename one",
        ],
    ),
    (
        "resources: { q: { type: queue, ordered: true } }",
        &[
            "order-without-key: `q` is ordered, but carries no event that has a key @ true | add `carries: <event>`, an event with a `key`: the order is kept per key",
        ],
    ),
    (
        concat!("resources: { q: { type: queue, ordered: true, carries: e } }", "\n", "events: { e: {} }", "\n"),
        &[
            "order-without-key: `q` is ordered, but `e` has no key @ true | add `key: /…` to `e`: the order is kept per key",
        ],
    ),
    (
        concat!(
            "resources: { q: { type: queue, ordered: strict, carries: e, dead-letter: {} } }",
            "\n",
            "events: { e: { key: /id } }",
            "\n"
        ),
        &[
            "strict-with-dead-letter: `q` is `ordered: strict` and has a dead letter @ {} | write `ordered: true`, which sets a failing message aside, or remove `dead-letter`",
        ],
    ),
    (
        "resources: { q: { type: queue, dead-letter: { to: q } } }",
        &[
            "own-dead-letter: `q` is its own dead letter @ q | name another queue, or leave `to` out: one is made beside it",
        ],
    ),
    (
        "resources: { q: { type: queue, dead-letter: {} }, q-failed: { type: topic } }",
        &[
            "name-clash: `q-failed` is both a topic and the dead letter that is made for `q` @ {} | rename one; a dead letter of `q` that is made is called so, unless `to` names another",
        ],
    ),
    (
        "resources: { q: { type: queue, renamed-from: p }, p: { type: queue } }",
        &[
            "former-name-in-use: `renamed-from` names `p`, which is still there @ p | remove `renamed-from`, or rename the other one",
        ],
    ),
    (
        "resources: { q: { type: queue, renamed-from: x }, p: { type: queue, renamed-from: x } }",
        &["former-name-in-use: two nodes were renamed from `x` @ x | keep one of them"],
    ),
    (
        "native: { x: { t: { n: {} } }, grants: [{ who: g, verbs: a, what: b }] }",
        &["unknown-reference: there is no function `g` @ g | declare it under `functions`, or name one that is there"],
    ),
];
