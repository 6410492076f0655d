//! `isobar init`: a small application to start from. Its files stand beside this one and are compiled for every
//! built-in target by a test.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use isobar::base::Name;
use isobar::diag::render::printable_line;
use isobar::host::{Console, create_files};

use super::Outcome;

/// The files: path and text.
const FILES: &[(&str, &str)] = &[
    ("isobar.yaml", include_str!("files/isobar.yaml")),
    ("schemas/note.json", include_str!("files/schemas/note.json")),
    ("functions/app.py", include_str!("files/functions/app.py")),
    ("functions/ports.py", include_str!("files/functions/ports.py")),
    ("functions/requirements.txt", include_str!("files/functions/requirements.txt")),
];

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The folder, made when it does not exist; files that are there are never written over
    #[arg(value_name = "DIR", default_value = ".")]
    folder: PathBuf,
}

pub(super) fn run(args: &Args, console: Console) -> anyhow::Result<Outcome> {
    let app = app_name(&args.folder);
    let spec = |path: &str, text: &str| match &app {
        Some(app) if path == "isobar.yaml" => text.replacen("app: notes", &format!("app: {app}"), 1),
        _ => text.to_owned(),
    };
    let files: Vec<(&str, Vec<u8>)> = FILES.iter().map(|(path, text)| (*path, spec(path, text).into_bytes())).collect();
    create_files(&args.folder, &files)?;

    let mut text = String::new();
    for (path, _) in &files {
        // Writing to a string does not fail, here and below.
        let _ = writeln!(text, "wrote {}", printable_line(&shown(&args.folder.join(path))));
    }
    let folder = shown(&args.folder);
    let to = if folder == "." { String::new() } else { format!("cd {} && ", printable_line(&folder)) };
    let _ = writeln!(text, "\nnext: {to}isobar lint && isobar compile");
    console.print(&text)?;
    Ok(Outcome::Clean)
}

/// The application is called as its folder, where that is a name.
fn app_name(folder: &Path) -> Option<Name> {
    folder.file_name().and_then(|n| n.to_str()).and_then(|n| Name::parse(n).ok())
}

fn shown(path: &Path) -> String {
    let path: PathBuf = path.components().collect();
    if path.as_os_str().is_empty() { ".".to_owned() } else { path.display().to_string() }
}
