//! Mistakes in what is written, each with all that is said about it.

/// What follows the head of an application, and its findings.
pub(super) const CASES: &[(&str, &[&str])] = &[
    (
        "function: {}",
        &[
            "unknown-key: an application has no key `function` @ function | did you mean `functions`? known keys: `isobar`, `app`, `description`, `include`, `vars`, `environments`, `defaults`, `alarms`, `events`, `resources`, `functions`, `workflows`, `targets`, `native`, `lint`",
        ],
    ),
    (
        concat!(
            "resources: [a]",
            "\n",
            "functions: { f: { runtime: python3.13, handler: a.b, code: f, uses: { orders: get } } }",
            "\n"
        ),
        &["wrong-type: `resources` is a list, not a mapping @ [a] | write a mapping such as `{ … }`"],
    ),
    (
        "resources: { q: { type: queue, retension: 4d } }",
        &[
            "unknown-key: a queue has no key `retension` @ retension | did you mean `retention`? known keys: `carries`, `ordered`, `retention`, `visibility`, `delay`, `dead-letter`, `manual`, `renamed-from`, `override`",
        ],
    ),
    (
        concat!(
            "resources: { q: { typo: queue } }",
            "\n",
            "functions: { f: { runtime: go, code: f, on: [{ queue: q }] } }",
            "\n"
        ),
        &["unknown-key: a resource has no key `typo` @ typo | did you mean `type`?"],
    ),
    (
        "resources: { q: { type: que } }",
        &[
            "unknown-word: `type` cannot be `que` @ que | did you mean `queue`? it is one of `table`, `bucket`, `queue`, `topic`, `stream`, `bus`, `secret`, `cache`, `api`, `socket`, `identity`, `devices`, `database`, `external`",
        ],
    ),
    (
        "resources: { q: { type: queue, fifo: true } }",
        &["unknown-key: a queue has no key `fifo` @ fifo | write `ordered: true`"],
    ),
    (
        "resources: { t: { type: table } }",
        &["missing-key: a table needs `key` @ t | add `key: { partition: { id: string } }`"],
    ),
    (
        "resources: { t: { type: table, key: { partition: { a: text } } } }",
        &["unknown-word: `a` cannot be `text` @ text | it is one of `string`, `number`, `binary`"],
    ),
    (
        "resources: { t: { type: table, key: { partition: { a: string, b: string } } } }",
        &["wrong-type: `partition` has 2 attributes, not one @ { a: string, b: string } | write `{ orderId: string }`"],
    ),
    (
        "resources: { t: { type: table, key: { partition: { a: string }, sort: { a: string } } } }",
        &["attribute-clash: `a` is both the partition key and the sort key @ a | take another attribute"],
    ),
    (
        "resources: { t: { type: table, key: { partition: { a: string } }, indexes: { i: { partition: { a: number } } } } }",
        &["attribute-clash: `a` is a number here and a string elsewhere @ a | give it the same type in all keys"],
    ),
    (
        "resources: { q: { type: queue, retention: 4 days } }",
        &["invalid-duration: `4 days` is not a duration @ 4 days | write `4d`"],
    ),
    (
        "resources: { q: { type: queue, retention: 30 } }",
        &["wrong-type: `retention` is the number `30`, not a duration @ 30 | write `30s`"],
    ),
    (
        "resources: { q: { type: queue, retention: 0s } }",
        &["out-of-range: `retention` is no time at all @ 0s | write a duration such as `90s`"],
    ),
    (
        "resources: { q: { type: queue, manual: yes } }",
        &["wrong-type: `manual` is the text `yes`, not a boolean @ yes | write `true`"],
    ),
    (
        "resources: { q: { type: queue, dead-letter: { after: 0 } } }",
        &["out-of-range: `after` is 0, outside of 1 to 1000 @ 0 | write `1` at the nearest"],
    ),
    (
        concat!(
            "resources: { Orders: { type: bus } }",
            "\n",
            "functions: { f: { runtime: go, code: f, uses: { Orders: get } } }",
            "\n"
        ),
        &[
            "invalid-name: `Orders` is not a name: 'O' is not a lower-case letter, digit or hyphen @ Orders | write `orders`",
        ],
    ),
    (
        "resources: { c: { type: cache, memory: 512MB } }",
        &["invalid-size: `512MB` is not a size @ 512MB | write `512MiB`"],
    ),
    (
        r#"resources: { h: { type: external, host: "https://api.example.com/v1" } }"#,
        &[
            r#"invalid-host: `https://api.example.com/v1` is not a host name @ "https://api.example.com/v1" | write `api.example.com`; a port stands under `port`"#,
        ],
    ),
    (
        r#"resources: { a: { type: api, auth: { jwt: { issuer: "http://id.example.com", audience: shop } } } }"#,
        &[
            r#"invalid-address: `http://id.example.com` is not an https address @ "http://id.example.com" | write `https://id.example.com`"#,
        ],
    ),
    (
        "resources: { a: { type: api, auth: none } }",
        &["unknown-word: `auth` cannot be `none` @ none | it is one of `public`, `jwt`"],
    ),
    (
        "isobar2: 1",
        &[
            "unknown-key: an application has no key `isobar2` @ isobar2 | did you mean `isobar`? known keys: `isobar`, `app`, `description`, `include`, `vars`, `environments`, `defaults`, `alarms`, `events`, `resources`, `functions`, `workflows`, `targets`, `native`, `lint`",
        ],
    ),
    (
        "environments: { prod: { protected: yes, fuctions: {} } }",
        &[
            "wrong-type: `protected` is the text `yes`, not a boolean @ yes | write `true`",
            "unknown-key: an environment has no key `fuctions` @ fuctions | did you mean `functions`? known keys: `protected`, `description`, `vars`, `defaults`, `alarms`, `events`, `resources`, `functions`, `workflows`, `targets`, `native`, `lint`",
        ],
    ),
    (
        "targets: { x: 5 }",
        &[
            "wrong-type: `x` is the number `5`, not a mapping of options @ 5 | write a mapping of options such as `{ region: eu-central-1 }`",
        ],
    ),
    (
        "lint: { some-rule: loud }",
        &["unknown-word: `some-rule` cannot be `loud` @ loud | it is one of `error`, `warning`, `note`, `off`"],
    ),
    (
        "events: { order.placed: { version: 1.2 } }",
        &["wrong-type: `version` is the number `1.2`, not a version @ 1.2 | write a version such as `1.0.0`"],
    ),
    (
        "events: { order.placed: { key: orderId } }",
        &[
            "invalid-pointer: `orderId` is not a path into the data: it does not start with `/` @ orderId | write `/orderId`",
        ],
    ),
    (
        "events: { Order.placed: {} }",
        &[
            "invalid-name: `Order.placed` is not an event type: 'O' is not a lower-case letter, digit or hyphen @ Order.placed | write `order.placed`",
        ],
    ),
    (
        "functions: { f: { runtime: python3.13, handler: a.b, code: f, memorySize: 512 } }",
        &["unknown-key: a function has no key `memorySize` @ memorySize | write `memory: 512MiB`"],
    ),
    (
        "functions: { f: { runtime: python3.13, handler: a.b, code: f, env: { 9x: a } } }",
        &["invalid-name: `9x` is not a name of a variable: it starts with a digit @ 9x | write `_9x`"],
    ),
    (
        "functions: { f: { runtime: python3.13, handler: a.b, code: f, env: { ISOBAR_X: a } } }",
        &[
            "reserved-variable: `ISOBAR_X` belongs to the compiler @ ISOBAR_X | variables that start with `ISOBAR_` come from `uses`, `emits` and `calls`; choose another name",
        ],
    ),
    (
        "functions: { f: { runtime: python3.13, handler: a.b, code: f, state: stateful } }",
        &["unknown-word: `state` cannot be `stateful` @ stateful | it is one of `none`, `durable`, `entity`"],
    ),
    (
        "functions: { f: { runtime: python3.13, handler: a.b, code: f, idempotency: { key: orderId, store: seen, window: 1d } } }",
        &[
            "invalid-key: `orderId` is not a key @ orderId | write a path into the payload such as `/orderId`, or `header:<name>`, `path:<parameter>`, `event:id`",
        ],
    ),
    (
        "functions: { f: { runtime: python3.13, handler: a.b, code: f, idempotency: { natural: because, key: /a } } }",
        &["conflicting-keys: an idempotency has both `natural` and `key` @ key | keep one of them"],
    ),
    (
        "functions: { f: { runtime: python3.13, handler: a.b, code: f, scaling: { min: 5, max: 2 } } }",
        &["out-of-range: `min` is 5, more than `max`, which is 2 @ 5 | raise `max` to 5, or lower `min`"],
    ),
    (
        "functions: { f: { handler: a.b, code: f } }",
        &[
            "missing-key: `f` has no runtime @ f | add `runtime: python3.13`, an `image`, or `defaults: { function: { runtime: … } }`",
        ],
    ),
    (
        "functions: { f: { runtime: nodejs22.x, handler: a.b, code: f } }",
        &["invalid-runtime: `nodejs22.x` is not a runtime @ nodejs22.x | did you mean `nodejs22`?"],
    ),
    (
        "functions: { f: { runtime: python3.13, code: f } }",
        &["missing-key: `f` has no `handler` @ f | add `handler: app.handler`"],
    ),
    (
        "functions: { f: { runtime: python3.13, handler: a.b, code: ../f } }",
        &[
            "invalid-path: `../f` leads outside of the folder of `isobar.yaml` @ ../f | write a path below that folder, relative to the file it stands in, with `/` between its parts",
        ],
    ),
    (
        "functions: { f: { runtime: container, code: f } }",
        &["conflicting-keys: a container takes no `code` @ f | write `image: …`, or another `runtime`"],
    ),
    (
        "functions: { f: { runtime: java21, handler: a, code: f, envelope: portable } }",
        &[
            "no-adapter: `f` cannot have a portable envelope: there is no adapter for java @ portable | write `envelope: native`; adapters are there for python and nodejs",
        ],
    ),
];
