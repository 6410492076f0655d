//! Grants that stand in one resource and are attached by another, and conditions of which one value is enough.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::borrow::Cow;

use super::*;
use crate::catalog::Readback;

const HCL: &str = r#"
resource "aws_iam_role" "settle" {
  tags = { isobar-node = "functions.settle" }
}

resource "aws_iam_role" "other" {
  tags = { isobar-node = "functions.other" }
}

resource "aws_iam_policy" "settle_1" {
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Action    = ["sqs:SendMessage"]
      Resource  = ["arn:q"]
      Condition = { ArnEquals = { "aws:SourceArn" = ["arn:a", "arn:b"] }, Bool = { x = ["true", "false"] } }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "settle_1" {
  role       = aws_iam_role.settle.name
  policy_arn = aws_iam_policy.settle_1.arn
}
"#;

fn readback() -> Readback {
    serde_yaml::from_str(
        r"
node: tags.isobar-node
alternatives: [ArnEquals]
grants:
  - type: aws_iam_role_policy_attachment
    system: iam
    via: policy_arn
    each: policy.Statement
    where: { Effect: Allow }
    identity: role
    actions: .Action
    objects: .Resource
    conditions: .Condition
",
    )
    .unwrap()
}

fn prove_hcl(text: &str) -> Vec<DiscrepancyKind> {
    let expected = ["arn:a", "arn:b"].map(|source| Expected {
        grant: NativeGrant {
            system: Cow::Borrowed("iam"),
            identity: Cow::Borrowed("functions.settle"),
            principal: Cow::Borrowed(""),
            action: Cow::Borrowed("sqs:SendMessage"),
            object: Cow::Borrowed("arn:q"),
            conditions: Cow::Owned(format!("ArnEquals aws:SourceArn = [\"{source}\"]; Bool x = [\"false\", \"true\"]")),
        },
        object_node: None,
        because: Cow::Borrowed("it"),
    });
    let mut kinds: Vec<_> =
        prove(&expected, &[File { path: "main.tf", text }], &readback()).iter().map(|d| d.kind).collect();
    kinds.dedup();
    kinds
}

#[test]
fn an_attached_policy_grants_what_it_says_to_who_it_is_attached_to() {
    use DiscrepancyKind::{Excess, Missing, Unreadable};
    assert_eq!(prove_hcl(HCL), []);
    let cases = [
        ("aws_iam_role.settle.name", "aws_iam_role.other.name", vec![Missing, Excess]),
        ("aws_iam_policy.settle_1.arn", "\"arn:aws:iam::aws:policy/AdministratorAccess\"", vec![Missing, Excess]),
        ("aws_iam_policy.settle_1.arn", "var.policy", vec![Missing, Excess]),
        ("aws_iam_policy.settle_1.arn", "aws_iam_policy.settle_2.arn", vec![Missing, Excess]),
        ("  policy_arn = aws_iam_policy.settle_1.arn\n", "", vec![Missing, Excess]),
        ("resource \"aws_iam_role_policy_attachment\"", "resource \"aws_iam_role_attached\"", vec![Missing]),
        ("[\"sqs:SendMessage\"]", "[\"sqs:SendMessage\", \"sqs:PurgeQueue\"]", vec![Excess]),
        ("jsonencode(", "file(", vec![Missing, Unreadable]),
    ];
    for (from, to, kinds) in cases {
        assert!(HCL.contains(from), "{from}");
        assert_eq!(prove_hcl(&HCL.replacen(from, to, 1)), kinds, "{from} → {to}");
    }
}

#[test]
fn one_of_several_values_is_a_grant_of_its_own_where_one_is_enough() {
    use DiscrepancyKind::{Excess, Missing};
    assert_eq!(prove_hcl(&HCL.replace("[\"arn:a\", \"arn:b\"]", "[\"arn:b\", \"arn:a\"]")), []);
    assert_eq!(prove_hcl(&HCL.replace(", \"arn:b\"", "")), [Missing]);
    assert_eq!(prove_hcl(&HCL.replace("\"arn:b\"", "\"arn:b\", \"arn:c\"")), [Excess]);
    // All values of another test count together.
    assert_eq!(prove_hcl(&HCL.replace("[\"true\", \"false\"]", "[\"true\"]")), [Missing, Excess]);
}
