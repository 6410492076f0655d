//! The proof holds on what is right, and fails on each way in which a text can be wrong.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::borrow::Cow;

use super::*;
use crate::catalog::Readback;

const HCL: &str = r#"
resource "aws_iam_role" "settle" {
  name = "shop-settle"
  assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow" }] })
  tags = {
    app         = "shop"
    isobar-node = "functions.settle"
  }
}

resource "aws_iam_role_policy" "settle" {
  role = aws_iam_role.settle.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "S1"
        Effect   = "Allow"
        Action   = ["dynamodb:GetItem", "dynamodb:Query"]
        Resource = [aws_dynamodb_table.orders.arn, "${aws_dynamodb_table.orders.arn}/index/by-day"]
      },
      {
        Effect    = "Allow"
        Action    = "dynamodb:PutItem"
        Resource  = aws_dynamodb_table.orders.arn
        Condition = { "ForAllValues:StringLike" = { "dynamodb:LeadingKeys" = ["settle#*"] } }
      },
    ]
  })
}

resource "aws_dynamodb_table" "orders" {
  name = "shop-orders"
  tags = { isobar-node = "resources.orders" }
}

resource "aws_dynamodb_table" "other" {
  name = "shop-other"
  tags = { isobar-node = "resources.other" }
}

resource "aws_lambda_permission" "settle_api" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.settle.function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.web.execution_arn}/*/*"
}

resource "aws_lambda_function" "settle" {
  tags = { isobar-node = "functions.settle" }
}

resource "aws_apigatewayv2_api" "web" {
  tags = { isobar-node = "resources.web" }
}
"#;

fn readback() -> Readback {
    serde_yaml::from_str(
        r#"
node: tags.isobar-node
refused: [aws_iam_role_policy_attachment, aws_iam_role.inline_policy]
grants:
  - type: aws_iam_role_policy
    system: iam
    each: policy.Statement
    where: { Effect: Allow }
    except: { Effect: Deny }
    identity: role
    actions: .Action
    objects: .Resource
    conditions: .Condition
    ignore: [Sid]
  - type: aws_lambda_permission
    system: invoke
    principal: principal
    actions: action
    objects: function_name
    condition: [{ test: ArnLike, key: "AWS:SourceArn", values: source_arn }]
"#,
    )
    .unwrap()
}

fn expected(parts: [&'static str; 6], node: &'static str) -> Expected<'static> {
    let [system, identity, principal, action, object, conditions] = parts.map(Cow::Borrowed);
    let grant = NativeGrant { system, identity, principal, action, object, conditions };
    Expected { grant, object_node: Some(node.into()), because: "`uses orders` (isobar.yaml:9)".into() }
}

fn demanded() -> Vec<Expected<'static>> {
    let (settle, orders, index) =
        ("functions.settle", "${aws_dynamodb_table.orders.arn}", "${aws_dynamodb_table.orders.arn}/index/by-day");
    let leading = "ForAllValues:StringLike dynamodb:LeadingKeys = [\"settle#*\"]";
    let source = "ArnLike AWS:SourceArn = [\"${aws_apigatewayv2_api.web.execution_arn}/*/*\"]";
    let function = "${aws_lambda_function.settle.function_name}";
    vec![
        expected(["iam", settle, "", "dynamodb:GetItem", orders, ""], "resources.orders"),
        expected(["iam", settle, "", "dynamodb:GetItem", index, ""], "resources.orders"),
        expected(["iam", settle, "", "dynamodb:Query", orders, ""], "resources.orders"),
        expected(["iam", settle, "", "dynamodb:Query", index, ""], "resources.orders"),
        expected(["iam", settle, "", "dynamodb:PutItem", orders, leading], "resources.orders"),
        expected(["invoke", "", "apigateway.amazonaws.com", "lambda:InvokeFunction", function, source], settle),
    ]
}

fn prove_hcl(text: &str) -> Vec<Discrepancy> {
    prove(&demanded(), &[File { path: "main.tf", text }], &readback())
}

#[test]
fn what_is_right_is_proven() {
    assert_eq!(prove_hcl(HCL), []);
}

#[test]
fn every_mutation_of_the_text_is_seen() {
    use DiscrepancyKind::{Dangling, Excess, Missing, Retargeted, Unreadable};
    let cases = [
        // Dropped.
        ("[\"dynamodb:GetItem\", \"dynamodb:Query\"]", "[\"dynamodb:Query\"]", vec![Missing]),
        ("[aws_dynamodb_table.orders.arn, \"${", "[\"${", vec![Missing]),
        (
            "Effect    = \"Allow\"\n        Action    = \"dynamodb:PutItem\"",
            "Effect = \"Deny\"\nAction = \"dynamodb:PutItem\"",
            vec![Missing],
        ),
        ("resource \"aws_lambda_permission\"", "resource \"aws_lambda_alias\"", vec![Missing]),
        // Widened.
        ("\"dynamodb:Query\"]", "\"dynamodb:Query\", \"dynamodb:Scan\"]", vec![Excess]),
        ("\"dynamodb:PutItem\"", "\"dynamodb:*\"", vec![Missing, Excess]),
        ("/index/by-day", "/index/*", vec![Missing, Excess]),
        ("        Resource  = aws_dynamodb_table.orders.arn", "Resource = \"*\"", vec![Missing, Excess]),
        (
            "        Condition = { \"ForAllValues:StringLike\" = { \"dynamodb:LeadingKeys\" = [\"settle#*\"] } }\n",
            "",
            vec![Missing, Excess],
        ),
        ("settle#*", "*", vec![Missing, Excess]),
        ("  source_arn    = \"${aws_apigatewayv2_api.web.execution_arn}/*/*\"\n", "", vec![Missing, Excess]),
        ("\"apigateway.amazonaws.com\"", "\"*\"", vec![Missing, Excess]),
        ("Action    = \"dynamodb:PutItem\"", "NotAction = \"dynamodb:PutItem\"", vec![Missing, Unreadable]),
        (
            "Resource  = aws_dynamodb_table.orders.arn",
            "NotResource = aws_dynamodb_table.orders.arn",
            vec![Missing, Unreadable],
        ),
        ("Sid      = \"S1\"", "Principal = \"*\"", vec![Missing, Unreadable]),
        ("Effect    = \"Allow\"", "Effect = var.effect", vec![Missing, Unreadable]),
        // Retargeted.
        ("Resource  = aws_dynamodb_table.orders.arn", "Resource = aws_dynamodb_table.other.arn", vec![Missing, Excess]),
        ("isobar-node = \"resources.orders\"", "isobar-node = \"resources.other\"", vec![Retargeted]),
        ("isobar-node = \"functions.settle\"\n  }", "isobar-node = \"functions.other\"\n  }", vec![Missing, Excess]),
        ("    isobar-node = \"functions.settle\"\n", "", vec![Missing, Dangling]),
        ("role = aws_iam_role.settle.id", "role = aws_iam_role.gone.id", vec![Missing, Dangling]),
        (
            "Resource  = aws_dynamodb_table.orders.arn",
            "Resource = aws_dynamodb_table.gone.arn",
            vec![Missing, Dangling],
        ),
        ("role = aws_iam_role.settle.id", "role = \"shop-admin\"", vec![Missing, Excess]),
        // Beside.
        (
            "resource \"aws_dynamodb_table\" \"other\"",
            "resource \"aws_iam_role_policy_attachment\" \"x\"",
            vec![Excess],
        ),
        ("name = \"shop-settle\"", "inline_policy {\n name = \"x\" }", vec![Excess]),
        ("resource \"aws_dynamodb_table\" \"other\"", "resource \"aws_dynamodb_table\" \"orders\"", vec![Unreadable]),
        ("policy = jsonencode({\n", "policy = file(\"x\")\n rest = jsonencode({\n", vec![Missing, Unreadable]),
        ("Statement = [\n", "Statement = [\n ]\n x = [\n", vec![Missing]),
        (
            "resource \"aws_dynamodb_table\" \"other\" {",
            "resource \"aws_dynamodb_table\" \"other\" {{",
            vec![Missing, Unreadable],
        ),
    ];
    for (from, to, kinds) in cases {
        assert!(HCL.contains(from), "{from}");
        let found = prove_hcl(&HCL.replacen(from, to, 1));
        let mut seen: Vec<_> = found.iter().map(|d| d.kind).collect();
        seen.dedup();
        assert_eq!(seen, kinds, "{from} → {to}: {found:#?}");
    }
}

#[test]
fn discrepancies_say_where_and_what() {
    let found = prove_hcl(&HCL.replace("\"dynamodb:Query\"]", "\"dynamodb:Scan\"]"));
    let shown: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert_eq!(shown.len(), 4);
    assert_eq!(
        shown[1],
        "nothing lets `functions.settle` `dynamodb:Query` on `${aws_dynamodb_table.orders.arn}` by iam, which `uses orders` (isobar.yaml:9) needs"
    );
    assert_eq!(
        shown[3],
        "main.tf:19: lets `functions.settle` `dynamodb:Scan` on `${aws_dynamodb_table.orders.arn}` by iam, which no edge needs"
    );
}

const YAML: &str = r#"
apiVersion: kafka.strimzi.io/v1
kind: KafkaUser
metadata:
  name: settle
  namespace: shop
  annotations: { isobar.dev/node: functions.settle }
spec:
  authorization:
    type: simple
    acls:
      - resource: { type: topic, name: ledger, patternType: literal }
        operations: [Read, Describe]
        host: "*"
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: settle
  namespace: shop
  annotations: { isobar.dev/node: functions.settle }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: settle, namespace: shop }
subjects: [{ kind: ServiceAccount, name: settle }]
roleRef: { kind: Role, name: settle-secrets }
"#;

#[test]
fn yaml_is_proven_and_mutated_too() {
    use DiscrepancyKind::{Dangling, Excess, Missing, Unreadable};
    let readback: Readback = serde_yaml::from_str(
        r#"
node: metadata.annotations."isobar.dev/node"
grants:
  - type: kafka.strimzi.io/v1/KafkaUser
    system: kafka
    each: spec.authorization.acls
    identity: metadata.annotations."isobar.dev/node"
    actions: .operations
    objects: .resource.name
    conditions: .none
    condition: [{ test: pattern, key: type, values: .resource.patternType }]
    ignore: [host, resource.type]
  - type: RoleBinding
    system: rbac
    identity: subjects.name
    identity-type: ServiceAccount
    action: bind
    objects: roleRef.name
"#,
    )
    .unwrap();
    let pattern = "pattern type = [\"literal\"]";
    let mut wanted = vec![
        expected(["kafka", "functions.settle", "", "Read", "ledger", pattern], ""),
        expected(["kafka", "functions.settle", "", "Describe", "ledger", pattern], ""),
        expected(["rbac", "functions.settle", "", "bind", "settle-secrets", ""], ""),
    ];
    for one in &mut wanted {
        one.object_node = None;
    }
    let run =
        |text: &str| prove(&wanted, &[File { path: "a.yaml", text }, File { path: "a.sh", text: "{{" }], &readback);
    assert_eq!(run(YAML), []);
    let cases = [
        ("[Read, Describe]", "[Describe]", vec![Missing]),
        ("[Read, Describe]", "[Read, Describe, Write]", vec![Excess]),
        ("name: ledger", "name: \"*\"", vec![Missing, Excess]),
        ("patternType: literal", "patternType: prefix", vec![Missing, Excess]),
        ("host: \"*\"", "type: deny", vec![Missing, Unreadable]),
        ("name: settle }]", "name: other }]", vec![Missing, Dangling]),
        ("subjects: [{", "subjects: [{ name: x }, {", vec![Missing, Unreadable]),
        ("name: settle-secrets", "name: admin", vec![Missing, Excess]),
        ("kind: KafkaUser", "kind: KafkaTopic", vec![Missing]),
    ];
    for (from, to, kinds) in cases {
        assert!(YAML.contains(from), "{from}");
        let found = run(&YAML.replacen(from, to, 1));
        let mut seen: Vec<_> = found.iter().map(|d| d.kind).collect();
        seen.dedup();
        assert_eq!(seen, kinds, "{from} → {to}: {found:#?}");
    }
}

#[test]
fn forms_that_share_elements_leave_none_unread() {
    use DiscrepancyKind::{Excess, Missing, Unreadable};
    const POLICY: &str = "kind: NetworkPolicy\nmetadata: { name: a, labels: { part: function }, node: functions.a }\nspec:\n  egress:\n    - to: [{ space: db, operator: In, pod: x }]\n      ports: [{ protocol: TCP, port: 5432 }]\n    - to: [{ block: 0.0.0.0/0 }]\n      ports: [{ protocol: TCP, port: 443 }]\n";
    let readback: Readback = serde_yaml::from_str(
        r#"
node: metadata.node
grants:
  - type: NetworkPolicy
    system: network
    of: { metadata.labels.part: function }
    each: spec.egress
    where: { ports.protocol: TCP, to.space: "*" }
    require: { to.operator: In }
    identity: metadata.node
    actions: .ports.port
    objects: .to.space
    condition: [{ test: pod, key: label, values: .to.pod }]
  - type: NetworkPolicy
    system: internet
    of: { metadata.labels.part: function }
    each: spec.egress
    where: { to.block: "*" }
    except: { to.name: dns }
    identity: metadata.node
    action: connect
    objects: .to.block
    ignore: [ports]
"#,
    )
    .unwrap();
    let mut wanted = vec![
        expected(["network", "functions.a", "", "5432", "db", "pod label = [\"x\"]"], ""),
        expected(["internet", "functions.a", "", "connect", "0.0.0.0/0", ""], ""),
    ];
    for one in &mut wanted {
        one.object_node = None;
    }
    let run = |text: &str| prove(&wanted, &[File { path: "a.yaml", text }], &readback);
    assert_eq!(run(POLICY), []);
    let cases = [
        ("operator: In", "operator: NotIn", vec![Missing, Unreadable]),
        ("operator: In, ", "", vec![]),
        ("protocol: TCP, port: 5432", "protocol: SCTP, port: 5432", vec![Missing, Unreadable]),
        // Each port is an element of its own: the first is what is demanded, the second is in no form.
        ("port: 5432 }", "port: 5432 }, { protocol: UDP, port: 5432 }", vec![Unreadable]),
        ("port: 5432 }", "port: 5432 }, { protocol: TCP }", vec![Unreadable]),
        (
            "to: [{ space: db, operator: In, pod: x }]",
            "to: [{ space: db, operator: In, pod: x }, {}]",
            vec![Unreadable],
        ),
        (
            "to: [{ space: db, operator: In, pod: x }]",
            "to: [{ space: db, operator: In, pod: x }, { space: db }]",
            vec![Excess],
        ),
        ("port: 5432 }", "port: 5432 }, { protocol: TCP, port: 22 }", vec![Excess]),
        ("to: [{ space: db, operator: In, pod: x }]", "to: []", vec![Missing, Unreadable]),
        ("{ block: 0.0.0.0/0 }", "{ block: 0.0.0.0/0, space: db }", vec![Missing, Unreadable]),
        ("{ block: 0.0.0.0/0 }", "{ name: dns }", vec![Missing]),
        ("  egress:\n", "  egress: all\n  other:\n", vec![Missing, Unreadable]),
        ("part: function", "part: table", vec![Missing]),
    ];
    for (from, to, kinds) in cases {
        assert!(POLICY.contains(from), "{from}");
        let found = run(&POLICY.replacen(from, to, 1));
        let mut seen: Vec<_> = found.iter().map(|d| d.kind).collect();
        seen.dedup();
        assert_eq!(seen, kinds, "{from} → {to}: {found:#?}");
    }
}
