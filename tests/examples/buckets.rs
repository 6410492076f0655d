//! The job that applies settings of buckets on a cluster: what stands in the spec, and the end of what no longer does.

use std::fs;
use std::process::Command;

use isobar::base::{MemoryFiles, Sources};
use serde_yaml::Value;

use crate::support::{compile_files, documents};

/// Stands in for the command line of the store: it writes down what it is asked for, and says what it is told to.
const STORE: &str = r#"#!/bin/sh
echo "$1 $2" >> "$LOG"
case "$2" in
  create-topic) echo arn:topic ;;
  delete-*) if [ -n "$SAYS" ]; then echo "An error occurred ($SAYS) when calling" >&2; exit 254; fi ;;
esac
"#;

/// The settings of an application's only bucket: files by name.
fn settings(bucket: &str, trigger: &str) -> Value {
    let spec = format!(
        "isobar: 1\napp: shop\ntargets: {{ kubernetes: {{ namespace: shop }} }}\nresources:\n  files: {{ type: bucket{bucket} }}\n\
         functions:\n  work: {{ runtime: python3.13, handler: app.handler, code: code, uses: {{ files: get }}{trigger} }}\n"
    );
    let files = MemoryFiles::new()
        .with("isobar.yaml", spec.as_str())
        .with("code/app.py", "def handler(events, context):\n    return None\n");
    let (artifacts, findings) = compile_files(&files, "kubernetes", &mut Sources::default());
    let artifacts = artifacts.unwrap_or_else(|| panic!("{findings:?}"));
    let documents = documents(&artifacts);
    documents.iter().find(|one| one["kind"] == "ConfigMap").expect("settings")["data"].clone()
}

/// What the job asks of a store that says so of what is to be taken back, and whether it was content.
fn applied(settings: &Value, says: &str) -> (Vec<String>, bool) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = |name: &str| folder.path().join(name);
    fs::write(path("aws"), STORE).expect("writable");
    let script = settings["apply.sh"].as_str().expect("a script");
    let script = script.replace("/settings/", &format!("{}/", folder.path().display()));
    fs::write(path("apply.sh"), script.replace("/tmp/notifications.json", &path("sent.json").display().to_string()))
        .expect("writable");
    if let Some(text) = settings["notifications.json"].as_str() {
        fs::write(path("notifications.json"), text).expect("writable");
    }
    let made = Command::new("chmod").arg("+x").arg(path("aws")).status().expect("there");
    assert!(made.success());
    let found = std::env::var("PATH").unwrap_or_default();
    let status = Command::new("sh")
        .arg(path("apply.sh"))
        .env("PATH", format!("{}:{found}", folder.path().display()))
        .env("LOG", path("log"))
        .env("SAYS", says)
        .env("BUCKET_NAME", "shop-files")
        .stderr(std::process::Stdio::null())
        .status()
        .expect("a shell");
    let log = fs::read_to_string(path("log")).expect("something was asked for");
    (log.lines().map(str::to_owned).collect(), status.success())
}

const ALL: &str = ", versioned: true, public: true, expire: [{ prefix: in/, after: 30d }], cors: { origins: [\"https://a.example\"] }";
const TRIGGER: &str = ", on: [{ object: { bucket: files, created: {} } }]";

#[test]
fn what_stands_in_the_spec_is_applied() {
    let (asked, is_content) = applied(&settings(ALL, TRIGGER), "");
    assert!(is_content);
    assert_eq!(
        asked,
        [
            "s3api put-bucket-versioning",
            "s3api put-bucket-lifecycle-configuration",
            "s3api put-bucket-cors",
            "s3api put-bucket-policy",
            "sns create-topic",
            "s3api put-bucket-notification-configuration",
        ]
    );
}

#[test]
fn what_left_the_spec_is_taken_back() {
    let settings = settings("", "");
    let taken_back = [
        "s3api put-bucket-versioning",
        "s3api delete-bucket-lifecycle",
        "s3api delete-bucket-cors",
        "s3api delete-bucket-policy",
        "s3api put-bucket-notification-configuration",
    ];
    // A store that has nothing to take back says so in one way or another.
    for says in ["", "NoSuchBucketPolicy", "NoSuchCORSConfiguration", "NoSuchKey", "NotImplemented"] {
        let (asked, is_content) = applied(&settings, says);
        assert!(is_content, "{says}");
        assert_eq!(asked, taken_back, "{says}");
    }
    for says in ["AccessDenied", "NoSuchBucket"] {
        let (asked, is_content) = applied(&settings, says);
        assert!(!is_content, "{says}");
        assert_eq!(asked, taken_back[..2], "{says}");
    }
}

#[test]
fn pages_read_where_no_method_is_given() {
    let settings = settings(", cors: { origins: [\"https://a.example\"] }", "");
    let cors: serde_json::Value = serde_json::from_str(settings["cors.json"].as_str().expect("CORS")).expect("JSON");
    assert_eq!(cors["CORSRules"][0]["AllowedMethods"], serde_json::json!(["GET", "HEAD"]));
}

#[test]
fn old_versions_expire_as_well() {
    let rules = |bucket: &str| {
        let settings = settings(bucket, "");
        let text = settings["lifecycle.json"].as_str().expect("rules").to_owned();
        serde_json::from_str::<serde_json::Value>(&text).expect("JSON")["Rules"].clone()
    };
    let old = serde_json::json!({ "NoncurrentDays": 30 });
    assert_eq!(rules(ALL)[0]["NoncurrentVersionExpiration"], old);
    assert!(rules(", expire: [{ after: 30d }]")[0].get("NoncurrentVersionExpiration").is_none());
}
