//! Which files of a folder of code go into its package, and which of them nobody would want in there.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use crate::base::{Files, RelPath};

/// Left out of every package.
const ALWAYS: [&str; 6] = ["**/__pycache__/**", "**/*.pyc", "**/.git", "**/.git/**", "**/.DS_Store", ".isobarignore"];

/// The name of the file that says what else is left out.
pub(super) const FILE: &str = ".isobarignore";

/// What a folder of code leaves out of its package.
pub(super) struct Sift {
    out: GlobSet,
    /// What is packed on purpose.
    wanted: GlobSet,
}

impl Sift {
    /// Reads `.isobarignore`: a glob a line, relative to the folder; a line that ends with `/` is a folder, and one that
    /// begins with `!` is packed whatever it looks like. The error says which line is no glob, as a clause.
    pub(super) fn of(root: &RelPath, files: &dyn Files) -> Result<Self, String> {
        let (mut out, mut wanted) = (GlobSetBuilder::new(), GlobSetBuilder::new());
        for text in ALWAYS {
            add(&mut out, text)?;
        }
        let path = RelPath::resolve(root.as_str(), FILE).unwrap_or_else(|| root.clone());
        if let Ok(bytes) = files.read(&path, 1 << 20) {
            let text = String::from_utf8_lossy(&bytes);
            for line in text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')) {
                let (set, glob) = line.strip_prefix('!').map_or((&mut out, line), |rest| (&mut wanted, rest));
                add(set, &below(glob)).map_err(|why| format!("`{path}` has a line that is no glob: {why}"))?;
            }
        }
        let build = |set: GlobSetBuilder| set.build().map_err(|error| error.to_string());
        Ok(Self { out: build(out)?, wanted: build(wanted)? })
    }

    /// Whether a file goes in, by its path below the folder.
    pub(super) fn packs(&self, name: &str) -> bool {
        self.wanted.is_match(name) || !self.out.is_match(name)
    }

    /// Whether a file that goes in looks like a secret, and nobody said that it belongs there.
    pub(super) fn is_suspect(&self, name: &str, bytes: &[u8]) -> bool {
        !self.wanted.is_match(name) && is_secret(name, bytes)
    }
}

fn add(set: &mut GlobSetBuilder, text: &str) -> Result<(), String> {
    set.add(GlobBuilder::new(text).literal_separator(true).build().map_err(|error| error.to_string())?);
    Ok(())
}

/// A line as a glob from the folder on: one without a `/` holds at every depth.
fn below(line: &str) -> String {
    let anchored = line.trim_start_matches('/');
    let body = anchored.strip_suffix('/').map_or_else(|| anchored.to_owned(), |folder| format!("{folder}/**"));
    if line.starts_with('/') || body.contains('/') { body } else { format!("**/{body}") }
}

/// By its name; what may hold a key or a certificate, by what stands in it.
fn is_secret(path: &str, bytes: &[u8]) -> bool {
    const NAMES: [&str; 9] =
        [".env", ".git-credentials", ".htpasswd", ".netrc", ".pgpass", "id_dsa", "id_ecdsa", "id_ed25519", "id_rsa"];
    const ENDINGS: [&str; 6] = ["jks", "kdbx", "p12", "pfx", "ppk", "tfstate"];
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name).to_ascii_lowercase();
    let name = name.as_str();
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    // Those that show which variables there are hold no values.
    let is_shown = matches!(ending, "dist" | "example" | "sample" | "template");
    let holds = |text: &[u8]| bytes.windows(text.len()).any(|window| window == text);
    match ending {
        "pem" => holds(b"PRIVATE KEY-----") || !(holds(b"BEGIN CERTIFICATE") || holds(b"BEGIN PUBLIC KEY")),
        "key" => holds(b"PRIVATE KEY-----"),
        _ => NAMES.contains(&name) || ENDINGS.contains(&ending) || (name.starts_with(".env.") && !is_shown),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::base::MemoryFiles;

    fn sift(ignore: &str) -> Sift {
        let files = MemoryFiles::new().with("code/.isobarignore", ignore);
        Sift::of(&RelPath::resolve("", "code").unwrap(), &files).unwrap()
    }

    #[test]
    fn lines_are_globs_below_the_folder() {
        let sift = sift("# tests\ntests/\n/*.md\n*.log\n");
        for name in ["tests/a.py", "README.md", "a/b.log", ".git/config", "lib/.git/HEAD", "a/__pycache__/x.pyc"] {
            assert!(!sift.packs(name), "{name}");
        }
        for name in ["app.py", "a/README.md", "tests.py", ".gitignore"] {
            assert!(sift.packs(name), "{name}");
        }
    }

    #[test]
    fn secrets_are_known_by_name_or_content() {
        let sift = sift("!.env.defaults\n");
        let key = b"-----BEGIN RSA PRIVATE KEY-----\nMII\n";
        let certificate = b"-----BEGIN CERTIFICATE-----\nMII\n";
        for (name, bytes) in [
            (".env", &b"A=1\n"[..]),
            ("app/.ENV.production", b"A=1\n"),
            ("ssh/id_rsa", b""),
            ("tls/server.pem", key),
            ("tls/unknown.pem", b"\0"),
            ("tls/server.key", key),
            ("state/terraform.tfstate", b"{}"),
        ] {
            assert!(sift.is_suspect(name, bytes), "{name}");
        }
        for (name, bytes) in [
            (".env.example", &b"A=\n"[..]),
            (".env.defaults", b"A=1\n"),
            ("certifi/cacert.pem", certificate),
            ("slides.key", b"PK"),
            ("id_rsa.pub", b"ssh-rsa AAAA"),
            ("environment.py", b""),
        ] {
            assert!(!sift.is_suspect(name, bytes), "{name}");
        }
    }

    #[test]
    fn what_is_wanted_is_packed() {
        let sift = sift("*.pem\n!keys/public.pem\n");
        assert!(!sift.packs("keys/server.pem"));
        assert!(sift.packs("keys/public.pem"));
    }
}
