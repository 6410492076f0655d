//! Reads the manifests of the built-in targets while the program is built, and keeps them as JSON: reading YAML would be
//! half of the time of a short run. Their text is still the only source: what the program is given at run time is compared
//! with it, byte by byte, before the JSON is used.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// The files of a target that are data.
const FILES: [&str; 3] = ["target.yaml", "permissions.yaml", "actions.yaml"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=targets");
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("there is no OUT_DIR")?);
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or("there is no CARGO_MANIFEST_DIR")?);
    let mut targets: Vec<PathBuf> = fs::read_dir(root.join("targets"))?.flatten().map(|entry| entry.path()).collect();
    targets.retain(|path| path.is_dir());
    targets.sort();
    let mut table = String::from("&[\n");
    for (number, file) in targets.iter().flat_map(|target| FILES.map(|file| target.join(file))).enumerate() {
        if let Some(json) = json(&file) {
            let path = out.join(format!("{number}.json"));
            fs::write(&path, json)?;
            // Quoted as text of Rust, whatever stands in the path.
            let [file, path] = [&file, &path].map(|path| path.display().to_string());
            writeln!(table, "    (include_str!({file:?}), include_str!({path:?})),")?;
        }
    }
    table.push_str("]\n");
    fs::write(out.join("manifests.rs"), table)?;
    Ok(())
}

/// The file as JSON; none where it is not there, or where it is broken, which is told when the target is loaded.
fn json(file: &Path) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let value: serde_yaml::Value = serde_yaml::from_str(&text).ok()?;
    serde_json::to_string(&value).ok()
}
