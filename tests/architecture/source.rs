//! One source file, read as far as the rules of the house need it: which lines are tests, which modules it names.

use std::path::{Path, PathBuf};

/// A name of the crate that a line uses: `crate::model::Verb` is `["model", "Verb"]`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Import {
    pub(crate) line: usize,
    pub(crate) path: Vec<String>,
}

pub(crate) struct Source {
    /// Below `src`, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
    /// The text with comments and literals blanked.
    code: String,
    /// Modules from the root: `src/a/b.rs` is `["a", "b"]`, `src/a/mod.rs` is `["a"]`.
    modules: Vec<String>,
    /// For each line, whether it stands in a module for tests.
    pub(crate) is_test: Vec<bool>,
    /// Files that this one declares as modules for tests.
    pub(crate) test_files: Vec<String>,
}

impl Source {
    pub(crate) fn read(root: &Path, file: &Path) -> Self {
        let text = std::fs::read_to_string(file).unwrap();
        let path = file.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
        Self::new(path, text)
    }

    pub(crate) fn new(path: String, text: String) -> Self {
        let code = blank(&text);
        let mut modules: Vec<String> = path.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
        modules.pop_if(|last| matches!(last.as_str(), "mod" | "lib" | "main"));
        let mut source = Self { path, text, code, modules, is_test: Vec::new(), test_files: Vec::new() };
        source.find_tests();
        source
    }

    /// The top-level module the file is in.
    pub(crate) fn module(&self) -> &str {
        self.modules.first().map_or("", String::as_str)
    }

    /// Marks what follows `#[cfg(test)]`: a module with a body by its lines, one without as a file.
    fn find_tests(&mut self) {
        self.is_test = vec![false; self.text.lines().count()];
        for (at, _) in self.code.match_indices("#[cfg(test)]") {
            let rest = &self.code[at..];
            let Some(body) = rest.find(['{', ';']) else { continue };
            let first = line_of(&self.code, at);
            if rest.as_bytes()[body] == b';' {
                let words: Vec<&str> = rest[..body].split_whitespace().collect();
                if let [.., "mod", name] = words.as_slice() {
                    let folder = self.modules.join("/");
                    let folder = if folder.is_empty() { folder } else { folder + "/" };
                    self.test_files.push(format!("{folder}{name}.rs"));
                    self.test_files.push(format!("{folder}{name}/"));
                }
                continue;
            }
            let last = line_of(&self.code, at + closing(rest, body));
            for flag in &mut self.is_test[first..=last] {
                *flag = true;
            }
        }
    }

    /// Names of the crate outside of tests: by `crate::` and by `super::` as far as it leads out of the module.
    pub(crate) fn imports(&self) -> Vec<Import> {
        let mut found = Vec::new();
        for (at, _) in self.code.match_indices("crate::") {
            let before = self.code[..at].chars().next_back().unwrap_or(' ');
            // `$crate::` in a macro is the crate too; `my_crate::` is not.
            if before.is_alphanumeric() || before == '_' {
                continue;
            }
            self.add(at, &self.code[at + "crate::".len()..], &mut found);
        }
        let mut at = 0;
        while let Some(next) = self.code[at..].find("super::").map(|n| at + n) {
            let mut rest = &self.code[next..];
            let mut steps = 0;
            while let Some(after) = rest.strip_prefix("super::") {
                steps += 1;
                rest = after;
            }
            // From the top-level module itself, one step leads to the root of the crate.
            if steps >= self.modules.len() + self.nesting(next) {
                self.add(next, rest, &mut found);
            }
            at = self.code.len() - rest.len();
        }
        found
    }

    fn add(&self, at: usize, tree: &str, found: &mut Vec<Import>) {
        let line = line_of(&self.code, at);
        if self.is_test[line] {
            return;
        }
        found.extend(expand(tree).into_iter().map(|path| Import { line: line + 1, path }));
    }

    /// How many modules with bodies enclose an offset.
    fn nesting(&self, offset: usize) -> usize {
        let opened = self.code.match_indices("mod ").filter(|(at, _)| {
            let rest = &self.code[*at..];
            let starts_word = !self.code[..*at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_');
            let body = rest.find(['{', ';']).filter(|body| rest.as_bytes()[*body] == b'{');
            starts_word && body.is_some_and(|body| at + body < offset && offset < at + closing(rest, body))
        });
        opened.count()
    }
}

/// The first two segments of each path of a use tree: `model::{A, b::C}` is `model::A` and `model::b`.
fn expand(tree: &str) -> Vec<Vec<String>> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == '*';
    let tree = tree.trim_start();
    if tree.starts_with('{') {
        let inner = &tree[1..closing(tree, 0)];
        return parts(inner).into_iter().flat_map(expand).collect();
    }
    let name: String = tree.chars().take_while(|c| is_name(*c)).collect();
    if name.is_empty() {
        return Vec::new();
    }
    let Some(rest) = tree[name.len()..].strip_prefix("::") else { return vec![vec![name]] };
    let rest = expand(rest);
    if rest.is_empty() {
        return vec![vec![name]];
    }
    rest.into_iter().map(|path| [vec![name.clone()], path].concat().into_iter().take(2).collect()).collect()
}

/// Splits at the commas outside of braces.
fn parts(text: &str) -> Vec<&str> {
    let mut depth = 0;
    let mut out = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                out.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    out.push(&text[start..]);
    out
}

/// The offset of the brace that closes the one at `open`.
fn closing(text: &str, open: usize) -> usize {
    let mut depth = 0;
    for (at, c) in text.char_indices().skip_while(|(at, _)| *at < open) {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

/// The line of an offset, from 0.
fn line_of(text: &str, offset: usize) -> usize {
    text[..offset.min(text.len())].matches('\n').count()
}

/// Replaces comments, strings and characters by blanks, byte by byte, and keeps line breaks.
fn blank(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let end = match bytes[at] {
            b'/' if bytes[at..].starts_with(b"//") => at + text[at..].find('\n').unwrap_or(text.len() - at),
            b'/' if bytes[at..].starts_with(b"/*") => at + text[at..].find("*/").map_or(text.len() - at, |n| n + 2),
            b'r' if raw_string(&text[at..]).is_some() && !follows_word(bytes, at) => {
                at + raw_string(&text[at..]).unwrap()
            }
            b'"' => at + string(&bytes[at..]),
            b'\'' => at + character(&text[at..]),
            _ => at,
        };
        for byte in &mut out[at..end] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
        at = end.max(at + 1);
    }
    String::from_utf8(out).unwrap()
}

fn follows_word(bytes: &[u8], at: usize) -> bool {
    at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_')
}

fn raw_string(text: &str) -> Option<usize> {
    let hashes = text[1..].bytes().take_while(|b| *b == b'#').count();
    let body = text[1 + hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    Some(1 + hashes + 1 + body.find(&end)? + end.len())
}

fn string(bytes: &[u8]) -> usize {
    let mut at = 1;
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(bytes.len())
}

/// The length of a character literal; 0 for a lifetime.
fn character(text: &str) -> usize {
    let mut chars = text.char_indices().skip(1);
    match chars.next() {
        Some((_, '\\')) => text[2..].char_indices().skip(1).find(|(_, c)| *c == '\'').map_or(0, |(at, _)| at + 3),
        Some(_) => chars.next().filter(|(_, c)| *c == '\'').map_or(0, |(at, _)| at + 1),
        None => 0,
    }
}

/// All Rust files below a folder, sorted.
pub(crate) fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = walkdir::WalkDir::new(folder)
        .into_iter()
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect();
    files.sort();
    files
}
