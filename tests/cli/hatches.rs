//! `native` and `override`: what a spec says in the words of one target.

use super::program::{Folder, Ran};

const APP: &str = "\
isobar: 1
app: shop
targets:
  aws: { region: eu-central-1 }
  kubernetes: { namespace: shop, registry: registry.example.com }
resources:
  jobs: { type: queue, manual: true, retention: 14d }
functions:
  work:
    runtime: python3.13
    handler: app.handler
    code: code
    uses: { jobs: send }
    override: { }
";

fn with(target: &str, command: &str, from: &str, to: &str) -> (Folder, Ran) {
    let folder = Folder::empty();
    folder.put("isobar.yaml", format!("{APP}{}", if from.is_empty() { to } else { "" }));
    folder.put("code/app.py", "def handler(events, context):\n    pass\n");
    if !from.is_empty() {
        folder.edit("isobar.yaml", from, to);
    }
    let ran = folder.run(&[command, "--target", target, "--format", "concise"]);
    (folder, ran)
}

/// Below `native:`, for a target.
fn native(target: &str, command: &str, resources: &str) -> Ran {
    with(target, command, "", &format!("native: {{ {target}: {resources} }}\n")).1
}

fn overriding(command: &str, types: &str) -> (Folder, Ran) {
    with("aws", command, "override: { }", &format!("override: {{ aws: {types} }}"))
}

#[test]
fn an_override_of_a_part_leaves_the_rest_of_a_block() {
    let (folder, ran) = overriding(
        "compile",
        "{ aws_lambda_function: { environment: { variables: { EXTRA: y } }, description: own } }",
    );
    ran.is(0);
    let text = folder.get("out/aws/isobar_override.tf.json");
    for kept in ["\"EXTRA\": \"y\"", "\"ISOBAR_JOBS_URL\": \"${aws_sqs_queue.jobs.", "\"description\": \"own\""] {
        assert!(text.contains(kept), "{kept} in {text}");
    }
    let again = folder.run(&["compile", "--target", "aws", "--check"]);
    again.is(0);
}

#[test]
fn an_override_names_types_and_attributes() {
    for value in ["5", "[5]", "null"] {
        let (_, ran) = overriding("validate", &format!("{{ aws_lambda_function: {value} }}"));
        ran.is(1).out_has("not a mapping of attributes");
    }
    overriding("validate", "{ aws_iam_role: { inline_policy: {} } }").1.is(1).out_has("override-permissions");
}

#[test]
fn a_native_resource_is_what_it_is_called() {
    let ran = native("kubernetes", "validate", "{ ConfigMap: { cm: { data: { a: b } } } }").is(1);
    ran.out_has("the native `ConfigMap` `cm` has no `kind`, no `metadata.name`, no `apiVersion`");
    let secret = "{ ConfigMap: { cm: { apiVersion: v1, kind: Secret, metadata: { name: cm } } } }";
    native("kubernetes", "validate", secret).is(1).out_has("says that its `kind` is \"Secret\"");
    let fine = "{ ConfigMap: { cm: { apiVersion: v1, kind: ConfigMap, metadata: { name: cm } } } }";
    native("kubernetes", "compile", fine).is(0);
    native("aws", "validate", "{ aws_kms_key: { \"a b\": {} } }").is(1).out_has("a name that is no identifier");
}

#[test]
fn a_native_resource_takes_no_name_of_ours() {
    let ran = native("aws", "compile", "{ aws_sqs_queue: { jobs: { name: other } } }").is(1);
    ran.err_has("isobar.yaml:").err_has("native-resource").err_has("`aws_sqs_queue` `jobs` stands in ");
}

/// Whoever applies a list applies what is in it.
#[test]
fn a_list_hides_no_grant() {
    let binding = "apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: { name: x }, \
        roleRef: { kind: ClusterRole, name: cluster-admin }, subjects: [{ kind: ServiceAccount, name: work }]";
    for kind in ["List", "ClusterRoleBindingList"] {
        let list = format!(
            "{{ {kind}: {{ x: {{ apiVersion: v1, kind: {kind}, metadata: {{ name: x }}, items: [{{ {binding} }}] }} }} }}"
        );
        let ran = native("kubernetes", "compile", &list).is(1);
        ran.err_has("isobar.yaml:").err_has("native-grant").err_has("ClusterRoleBinding");
    }
}

#[test]
fn what_attaches_rights_is_refused() {
    let policy = "policy_arns: [\"arn:aws:iam::aws:policy/AdministratorAccess\"]";
    let exclusive =
        format!("{{ aws_iam_role_policy_attachments_exclusive: {{ x: {{ role_name: shop-work, {policy} }} }} }}");
    native("aws", "validate", &exclusive).is(1).out_has("grants by itself");
}
