//! Edits of what is promised, allowed and agreed, part by part. Each is judged both ways: done, and undone.

use crate::edits::{CARTS, Edit, ORDERS, PAYMENTS, RELAY, SHOP, SPEC};

const ORIGINS: &str = "[\"https://shop.example.com\"]";

pub(crate) const FINER: &[Edit] = &[
    ("a filter lets less pass", SHOP, &[(PAYMENTS, "/total: { gt: 0 }", "/total: { gt: 100 }")]),
    (
        "a filter is gone",
        SHOP,
        &[(PAYMENTS, "{ type: order.placed, where: { /total: { gt: 0 } } }", "{ type: order.placed }")],
    ),
    ("a filter in other words", RELAY, &[(SPEC, "[parcel.sent, parcel.lost]", "[parcel.lost, parcel.sent]")]),
    ("fewer objects", SHOP, &[(CARTS, "created: { prefix: incoming/,", "created: { prefix: incoming/new/,")]),
    ("objects that went", SHOP, &[(CARTS, "created: { prefix: incoming/,", "deleted: { prefix: incoming/,")]),
    (
        "a second trigger of the same source",
        SHOP,
        &[(
            CARTS,
            "suffix: .png } }\n",
            "suffix: .png } }\n      - object: { bucket: uploads, created: { prefix: incoming/, suffix: .jpg } }\n",
        )],
    ),
    ("keys are remembered for less time", SHOP, &[(PAYMENTS, "window: 20d }   # a day", "window: 15d }   # a day")]),
    (
        "another key of repetitions",
        SHOP,
        &[(
            PAYMENTS,
            "{ key: /orderId, store: seen, window: 20d }   # a day",
            "{ key: \"event:id\", store: seen, window: 20d }   # a day",
        )],
    ),
    (
        "keys are no longer remembered",
        SHOP,
        &[(
            PAYMENTS,
            "{ key: /orderId, store: seen, window: 20d }   # a day",
            "{ natural: \"it pays once\" }   # a day",
        )],
    ),
    (
        "nothing is said of repetitions",
        SHOP,
        &[(
            CARTS,
            "    idempotency: { natural: \"the same picture gives the same thumbnail: overwriting is harmless\" }\n",
            "",
        )],
    ),
    (
        "keys are remembered elsewhere",
        SHOP,
        &[
            (
                SPEC,
                "  uploads:  {",
                "  known:    { type: table, key: { partition: { id: string } }, expires: ttl }\n  uploads:  {",
            ),
            (PAYMENTS, "store: seen, window: 20d }   # 4 d", "store: known, window: 20d }   # 4 d"),
        ],
    ),
    ("tokens for more", SHOP, &[(SPEC, "audience: [shop]", "audience: [shop, desk]")]),
    ("tokens for others", SHOP, &[(SPEC, "audience: [shop]", "audience: [desk]")]),
    (
        "pages of one more origin",
        SHOP,
        &[(SPEC, ORIGINS, "[\"https://shop.example.com\", \"https://desk.example.com\"]")],
    ),
    ("pages of any origin", SHOP, &[(SPEC, ORIGINS, "[\"*\"]")]),
    ("calls without a bound", SHOP, &[(SPEC, ", throttle: { rate: 100, burst: 200 }", "")]),
    (
        "no subscribers outside",
        SHOP,
        &[(SPEC, "alerts:   { type: topic, external-subscribers: true }", "alerts:   { type: topic }")],
    ),
    ("another host", SHOP, &[(SPEC, "api.psp.example.com", "api.other.example.com")]),
    ("another port of a host", SHOP, &[(SPEC, "api.psp.example.com }", "api.psp.example.com, port: 8443 }")]),
    ("a right that is still reached", SHOP, &[(ORDERS, "      ledger: send\n", "")]),
    ("a body of another event", SHOP, &[(ORDERS, "body: order.placed", "body: payment.received")]),
    ("a body of any kind", SHOP, &[(ORDERS, ", body: order.placed", "")]),
    (
        "a queue with other events",
        SHOP,
        &[
            (SPEC, "carries: payment.received, retention: 4d", "carries: order.placed, retention: 4d"),
            (SPEC, "carries: payment.received, retention: 14d", "carries: order.placed, retention: 14d"),
        ],
    ),
    ("a topic of which nothing is said", RELAY, &[(SPEC, "type: topic, carries: hook.received", "type: topic")]),
    ("another version of an event", SHOP, &[(SPEC, "version: 1.2.0", "version: 1.3.0")]),
];
