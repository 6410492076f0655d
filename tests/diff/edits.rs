//! Edits of deployed applications.

/// An edit: its name, the example, and texts that become others, by file.
pub(crate) type Edit = (&'static str, &'static str, &'static [(&'static str, &'static str, &'static str)]);

pub(crate) const SHOP: &str = "storefront";
pub(crate) const RELAY: &str = "webhook-relay";
pub(crate) const SPEC: &str = "isobar.yaml";
pub(crate) const ORDERS: &str = "functions/orders.yaml";
pub(crate) const PAYMENTS: &str = "functions/payments.yaml";
pub(crate) const CARTS: &str = "functions/shop.yaml";
const SCHEMA: &str = "schemas/order-placed.json";

pub(crate) const EDITS: &[Edit] = &[
    (
        "a table gets another name",
        SHOP,
        &[(SPEC, "  carts:    {", "  baskets:  {"), (CARTS, "uses: { carts:", "uses: { baskets:")],
    ),
    (
        "a table gets another name and says so",
        SHOP,
        &[
            (SPEC, "  carts:    { type: table,", "  baskets:  { type: table, renamed-from: carts,"),
            (CARTS, "uses: { carts:", "uses: { baskets:"),
        ],
    ),
    ("a verb more", SHOP, &[(ORDERS, "orders: [get, put]", "orders: [get, put, delete]")]),
    (
        "messages are kept for less time",
        SHOP,
        &[(SPEC, "carries: payment.received, retention: 4d", "carries: payment.received, retention: 2d")],
    ),
    (
        "a queue loses its dead letter",
        RELAY,
        &[(
            SPEC,
            "shipping:        { type: queue, carries: hook.received, retention: 4d, dead-letter: { after: 5, to: shipping-failed } }",
            "shipping:        { type: queue, carries: hook.received, retention: 4d }",
        )],
    ),
    (
        "one more queue",
        SHOP,
        &[
            (SPEC, "  alerts:   {", "  audit:    { type: queue, manual: true }\n  alerts:   {"),
            (PAYMENTS, "ledger: send }", "ledger: send, audit: send }"),
        ],
    ),
    (
        "queues become ordered",
        RELAY,
        &[
            (SPEC, "shipping:        { type: queue, carries", "shipping:        { type: queue, ordered: true, carries"),
            (SPEC, "shipping-failed: { type: queue, carries", "shipping-failed: { type: queue, ordered: true, carries"),
            (SPEC, "partial-failures: true, concurrency: 5", "partial-failures: true, concurrency: 5"),
        ],
    ),
    ("a function may take longer", SHOP, &[(ORDERS, "timeout: 5m", "timeout: 10m")]),
    (
        "a consumer may take longer",
        RELAY,
        &[(
            SPEC,
            "    handler: deliver.handler\n    env: { PARTNER: billing-host }",
            "    handler: deliver.handler\n    timeout: 1m\n    env: { PARTNER: billing-host }",
        )],
    ),
    ("a table gets another key", SHOP, &[(SPEC, "partition: { cartId: string }", "partition: { basketId: string }")]),
    (
        "a table gets an index",
        SHOP,
        &[(
            SPEC,
            "key: { partition: { cartId: string } } }",
            "key: { partition: { cartId: string } }, indexes: { by-day: { partition: { day: string } } } }",
        )],
    ),
    (
        "a function is gone",
        SHOP,
        &[(
            ORDERS,
            "  get-order:\n    handler: orders.get\n    code: python\n    on:\n      - http: { api: shop, route: \"GET /orders/{orderId}\" }\n    uses:\n      orders: { get: null, query: { index: by-customer } }   # a verb can carry a scope; null is the whole resource\n",
            "",
        )],
    ),
    ("a function gets more memory", SHOP, &[(CARTS, "memory: 1GiB", "memory: 2GiB")]),
    ("a function gets another name", SHOP, &[(ORDERS, "  report:\n", "  nightly-report:\n")]),
    (
        "a function gets another name and says so",
        SHOP,
        &[(ORDERS, "  report:\n", "  nightly-report:\n    renamed-from: report\n")],
    ),
    (
        "one more route",
        SHOP,
        &[(
            CARTS,
            "route: \"ANY /carts/{cartId}\" }",
            "route: \"ANY /carts/{cartId}\" }\n      - http: { api: shop, route: GET /carts }",
        )],
    ),
    ("another route", SHOP, &[(CARTS, "ANY /carts/{cartId}", "ANY /baskets/{cartId}")]),
    ("a variable", RELAY, &[(SPEC, "env: { PARTNER: billing-host }", "env: { PARTNER: billing-host, LEVEL: debug }")]),
    ("warm instances of changed code", SHOP, &[("functions/python/orders.py", "import", "import math\nimport")]),
    (
        "one more consumer of an event",
        RELAY,
        &[(
            SPEC,
            "  to-desk:\n",
            "  to-archive:\n    code: functions\n    handler: forward.to_desk\n    on:\n      - event: { type: hook.received }\n    uses: { large: publish }\n    idempotency: { natural: \"again\" }\n    dead-letter: { to: relay-failed }\n\n  to-desk:\n",
        )],
    ),
    ("objects go later", SHOP, &[(SPEC, "after: 30d }", "after: 60d }")]),
    (
        "a topic gets another name",
        RELAY,
        &[
            (SPEC, "  large:           {", "  big:             {"),
            (SPEC, "uses: { large: publish }", "uses: { big: publish }"),
            (SPEC, "- topic: { from: large }", "- topic: { from: big }"),
        ],
    ),
    ("the application gets another name", RELAY, &[(SPEC, "app: webhook-relay", "app: hook-relay")]),
    (
        "a bucket gets another name",
        SHOP,
        &[
            (SPEC, "  uploads:  {", "  pictures: {"),
            (CARTS, "bucket: uploads", "bucket: pictures"),
            (CARTS, "      uploads:", "      pictures:"),
        ],
    ),
    (
        "a bucket gets another name and says so",
        SHOP,
        &[
            (SPEC, "  uploads:  {", "  pictures: { renamed-from: uploads,"),
            (CARTS, "bucket: uploads", "bucket: pictures"),
            (CARTS, "      uploads:", "      pictures:"),
        ],
    ),
    (
        "a queue gets another name and says so",
        SHOP,
        &[
            (SPEC, "  ledger:   {", "  books:    { renamed-from: ledger,"),
            (ORDERS, "ledger: send", "books: send"),
            (PAYMENTS, "ledger: send", "books: send"),
            (PAYMENTS, "queue: { from: ledger,", "queue: { from: books,"),
        ],
    ),
    (
        "an API gets another name and says so",
        SHOP,
        &[
            (SPEC, "  shop:     {", "  store:    { renamed-from: shop,"),
            (ORDERS, "api: shop,", "api: store,"),
            (ORDERS, "api: shop,", "api: store,"),
            (CARTS, "api: shop,", "api: store,"),
        ],
    ),
    (
        "a bus gets another name and says so",
        RELAY,
        &[(SPEC, "  relay:           {", "  conveyor:        { renamed-from: relay,")],
    ),
    (
        "a secret gets another name and says so",
        RELAY,
        &[
            (SPEC, "  signing-key:     {", "  sealing-key:     { renamed-from: signing-key,"),
            (SPEC, "{ signing-key: get }", "{ sealing-key: get }"),
        ],
    ),
    (
        "a topic and who takes from it get other names and say so",
        RELAY,
        &[
            (SPEC, "  large:           {", "  big:             { renamed-from: large,"),
            (SPEC, "uses: { large: publish }", "uses: { big: publish }"),
            (SPEC, "- topic: { from: large }", "- topic: { from: big }"),
            (SPEC, "  deliver-desk:\n", "  hand-over:\n    renamed-from: deliver-desk\n"),
        ],
    ),
    (
        "a queue, its dead letter and who takes from it get other names and say so",
        RELAY,
        &[
            (SPEC, "  billing:         {", "  invoices:        { renamed-from: billing,"),
            (SPEC, "to: billing-failed }", "to: lost-invoices }"),
            (SPEC, "  billing-failed:  {", "  lost-invoices:   { renamed-from: billing-failed,"),
            (SPEC, "uses: { billing: send }", "uses: { invoices: send }"),
            (SPEC, "queue: { from: billing,", "queue: { from: invoices,"),
            (SPEC, "  deliver-billing:\n", "  charge:\n    renamed-from: deliver-billing\n"),
        ],
    ),
    (
        "what routes and events run gets other names and says so",
        RELAY,
        &[
            (SPEC, "  receive:\n", "  accept:\n    renamed-from: receive\n"),
            (SPEC, "  to-desk:\n", "  hand-to-desk:\n    renamed-from: to-desk\n"),
        ],
    ),
    ("no more warm instances", SHOP, &[(ORDERS, "scaling: { max: 50, warm: 2 }", "scaling: { max: 50 }")]),
    (
        "a resource of its own, and an attribute",
        SHOP,
        &[
            (
                SPEC,
                "resources:\n",
                "native: { aws: { aws_ssm_parameter: { seen: { name: /seen, type: String, value: \"$${aws_dynamodb_table.seen.arn}\" } } } }\nresources:\n",
            ),
            (
                SPEC,
                "carts:    { type: table,",
                "carts:    { type: table, override: { aws: { aws_dynamodb_table: { billing_mode: PROVISIONED, read_capacity: 5, write_capacity: 5 } } },",
            ),
        ],
    ),
];

/// Edits of what is promised, allowed and agreed; and those that change nothing.
pub(crate) const MORE: &[Edit] = &[
    (
        "keys stand in another order",
        SHOP,
        &[(
            SPEC,
            "retention: 4d, dead-letter: { after: 5, to: ledger-failed }",
            "dead-letter: { to: ledger-failed, after: 5 }, retention: 4d",
        )],
    ),
    ("another comment", SHOP, &[(SPEC, "# the idempotency store", "# where keys are kept")]),
    ("a mapping over lines", SHOP, &[(SPEC, "  pay-key:  { type: secret }", "  pay-key:\n    type: secret")]),
    ("verbs in another order", SHOP, &[(CARTS, "carts: [get, put, delete]", "carts: [delete, get, put]")]),
    (
        "declarations in another order",
        SHOP,
        &[
            (SPEC, "  pay-key:  { type: secret }\n", ""),
            (SPEC, "  shop:     { type: api", "  pay-key:  { type: secret }\n  shop:     { type: api"),
        ],
    ),
    ("another duration of the same length", SHOP, &[(SPEC, "retention: 4d", "retention: 96h")]),
    (
        "a route for anybody",
        SHOP,
        &[(
            CARTS,
            "ANY /carts/{cartId}\" }",
            "ANY /carts/{cartId}\" }\n      - http: { api: shop, route: GET /carts, auth: public }",
        )],
    ),
    (
        "a route opens",
        SHOP,
        &[(ORDERS, "route: \"GET /orders/{orderId}\" }", "route: \"GET /orders/{orderId}\", auth: public }")],
    ),
    ("another issuer", SHOP, &[(SPEC, "https://id.example.com/", "https://login.example.com/")]),
    (
        "a route closes",
        RELAY,
        &[(
            SPEC,
            "auth: public }   # the signature is the authentication",
            "auth: { jwt: { issuer: \"https://id.example.com/\", audience: [hooks] } } }",
        )],
    ),
    ("a wider prefix", SHOP, &[(CARTS, "put: { prefix: thumbs/ }", "put: null")]),
    ("a narrower prefix", SHOP, &[(CARTS, "put: { prefix: thumbs/ }", "put: { prefix: thumbs/small/ }")]),
    ("another prefix", SHOP, &[(CARTS, "put: { prefix: thumbs/ }", "put: { prefix: pictures/ }")]),
    ("a secret for one more", SHOP, &[(ORDERS, "uses: { orders: scan }", "uses: { orders: scan, pay-key: get }")]),
    (
        "a host for one more",
        RELAY,
        &[(SPEC, "uses: { desk-host: connect }", "uses: { desk-host: connect, shipping-host: connect }")],
    ),
    ("a looser schema", SHOP, &[(SCHEMA, "\"maximum\": 100000000", "\"maximum\": 200000000")]),
    ("a tighter schema", SHOP, &[(SCHEMA, "\"maxLength\": 128", "\"maxLength\": 100")]),
    (
        "a schema in other words",
        SHOP,
        &[(SCHEMA, "\"title\": \"An order was placed\"", "\"title\": \"Somebody ordered\"")],
    ),
    (
        "a field of another type",
        SHOP,
        &[(
            SCHEMA,
            "\"count\": { \"type\": \"integer\", \"minimum\": 1, \"maximum\": 1000 }",
            "\"count\": { \"type\": \"string\" }",
        )],
    ),
    ("one more event", RELAY, &[(SPEC, "events:\n", "events:\n  hook.refused: { source: partner }\n")]),
    (
        "another key of events",
        RELAY,
        &[(
            SPEC,
            "schema: schemas/hook-received.json, key: /account",
            "schema: schemas/hook-received.json, key: /kind",
        )],
    ),
    (
        "a queue loses its order",
        RELAY,
        &[
            (SPEC, "billing:         { type: queue, ordered: true,", "billing:         { type: queue,"),
            (SPEC, "billing-failed:  { type: queue, ordered: true,", "billing-failed:  { type: queue,"),
        ],
    ),
    (
        "fewer tries",
        SHOP,
        &[(SPEC, "dead-letter: { after: 5, to: ledger-failed }", "dead-letter: { after: 3, to: ledger-failed }")],
    ),
    (
        "more tries",
        SHOP,
        &[(SPEC, "dead-letter: { after: 5, to: ledger-failed }", "dead-letter: { after: 9, to: ledger-failed }")],
    ),
    (
        "repetitions are passed on",
        RELAY,
        &[(
            SPEC,
            "    uses: { large: publish }\n    idempotency: { natural: \"a hook that is published twice keeps its id, and who delivers it remembers ids\" }\n",
            "    uses: { large: publish }\n",
        )],
    ),
    (
        "one more call",
        SHOP,
        &[(
            PAYMENTS,
            "    dead-letter: { to: job-failures }\n\n  settle:",
            "    dead-letter: { to: job-failures }\n    calls: [report]\n\n  settle:",
        )],
    ),
    ("another region", SHOP, &[(SPEC, "aws: { region: eu-central-1", "aws: { region: eu-west-1")]),
    ("a key of another type", SHOP, &[(SPEC, "sort: { line: number }", "sort: { line: string }")]),
    ("the key of an index of another type", SHOP, &[(SPEC, "customerId: string", "customerId: number")]),
    ("no more backups", SHOP, &[(SPEC, ", recovery: true", "")]),
    ("former versions are no longer kept", SHOP, &[(SPEC, "versioned: true, ", "")]),
    ("objects go sooner", SHOP, &[(SPEC, "after: 30d }", "after: 7d }")]),
    ("another runtime", SHOP, &[(SPEC, "runtime: python3.13", "runtime: python3.12")]),
];
