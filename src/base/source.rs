//! Source files: their texts, line numbers, and the door through which the pure core asks for them.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::Span;

/// The number of a file in [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A path below the folder of `isobar.yaml`: parts joined by `/`, never absolute, never with `..`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RelPath(Arc<str>);

impl RelPath {
    /// Joins `path`, as written in a file of folder `base`, to that folder and resolves `.` and `..`.
    /// `None` when it is absolute or leads outside of the root.
    pub fn resolve(base: &str, path: &str) -> Option<Self> {
        if path.starts_with('/') || path.contains('\\') || path.contains('\0') {
            return None;
        }
        let mut parts: Vec<&str> = base.split('/').filter(|p| !p.is_empty() && *p != ".").collect();
        for part in path.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop()?;
                }
                other => parts.push(other),
            }
        }
        Some(Self(parts.join("/").into()))
    }

    /// The path as text; empty for the root itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it stands in `folder` or in a folder of it; everything stands in the root.
    pub fn is_below(&self, folder: &Self) -> bool {
        folder.0.is_empty() || self.0.strip_prefix(&*folder.0).is_some_and(|rest| rest.starts_with('/'))
    }

    /// The path as it is written in a file of `folder`.
    pub fn seen_from(&self, folder: &str) -> String {
        let mut parts = self.0.split('/').filter(|part| !part.is_empty()).peekable();
        let mut from = folder.split('/').filter(|part| !part.is_empty()).peekable();
        while parts.peek().is_some() && parts.peek() == from.peek() {
            parts.next();
            from.next();
        }
        let seen: Vec<&str> = from.map(|_| "..").chain(parts).collect();
        if seen.is_empty() { ".".to_owned() } else { seen.join("/") }
    }

    /// The folder the path stands in; empty for the root.
    pub fn folder(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(folder, _)| folder)
    }
}

impl fmt::Display for RelPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a file could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadError {
    /// There is none.
    Missing,
    /// It is a folder.
    Folder,
    /// It leads outside of the root, by a symbolic link.
    Outside,
    /// It is larger than the cap, in bytes.
    TooLarge {
        /// Its size.
        size: u64,
        /// The largest size that is read.
        cap: u64,
    },
    /// The operating system refused; its message.
    Io(String),
}

/// What the core asks the host for. Implemented on the disk by `host`, in memory by tests.
pub trait Files: Sync {
    /// The bytes of a file, at most `cap` of them.
    fn read(&self, path: &RelPath, cap: u64) -> Result<Vec<u8>, ReadError>;
    /// All files below a folder (the empty path is the root), sorted, links to the outside left out,
    /// at most `cap` of them.
    fn list(&self, folder: &RelPath, cap: usize) -> Result<Vec<RelPath>, ReadError>;
    /// The links below a folder that [`Files::list`] leaves out, since they lead outside of the root or nowhere; sorted.
    /// Where there are no links, none.
    fn strays(&self, _folder: &RelPath) -> Vec<RelPath> {
        Vec::new()
    }
}

/// Files in memory, for tests and for programs that embed the compiler.
#[derive(Debug, Clone, Default)]
pub struct MemoryFiles {
    files: BTreeMap<RelPath, Vec<u8>>,
}

impl MemoryFiles {
    /// No files.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file; one that leads outside of the root is left out.
    #[must_use]
    pub fn with(mut self, path: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.insert(path, bytes);
        self
    }

    /// Adds or replaces a file. `false` when the path leads outside of the root.
    pub fn insert(&mut self, path: &str, bytes: impl Into<Vec<u8>>) -> bool {
        RelPath::resolve("", path).map(|path| self.files.insert(path, bytes.into())).is_some()
    }
}

impl Files for MemoryFiles {
    fn read(&self, path: &RelPath, cap: u64) -> Result<Vec<u8>, ReadError> {
        match self.files.get(path) {
            Some(bytes) if bytes.len() as u64 > cap => Err(ReadError::TooLarge { size: bytes.len() as u64, cap }),
            Some(bytes) => Ok(bytes.clone()),
            None if self.files.keys().any(|file| file.is_below(path)) => Err(ReadError::Folder),
            None => Err(ReadError::Missing),
        }
    }

    fn list(&self, folder: &RelPath, cap: usize) -> Result<Vec<RelPath>, ReadError> {
        let found: Vec<RelPath> = self.files.keys().filter(|file| file.is_below(folder)).take(cap).cloned().collect();
        if found.is_empty() && !folder.as_str().is_empty() { Err(ReadError::Missing) } else { Ok(found) }
    }
}

/// A line and a column, both from 1; the column counts characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
}

/// One file that was read.
#[derive(Debug, Clone)]
pub struct SourceFile {
    path: Arc<str>,
    text: Arc<str>,
    line_starts: Vec<u32>,
}

impl SourceFile {
    /// The path as shown to the user.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The text.
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// Line and column of a byte offset; offsets past the end are the end.
    pub fn position(&self, offset: u32) -> Position {
        let line = self.line_starts.partition_point(|start| *start <= offset).saturating_sub(1);
        let start = self.line_starts.get(line).copied().unwrap_or(0) as usize;
        let end = (offset as usize).min(self.text.len());
        let column = self.text.get(start..end).map_or(0, |s| s.chars().count());
        Position {
            line: u32::try_from(line).unwrap_or(u32::MAX).saturating_add(1),
            column: u32::try_from(column).unwrap_or(u32::MAX).saturating_add(1),
        }
    }

    /// Byte range of a line (from 1), without its line break.
    pub fn line_range(&self, line: u32) -> Option<(u32, u32)> {
        let index = line.checked_sub(1)? as usize;
        let start = *self.line_starts.get(index)?;
        let end = self.line_starts.get(index + 1).map_or(self.text.len(), |next| *next as usize);
        let text = self.text.get(start as usize..end)?;
        let trimmed = text.trim_end_matches(['\n', '\r']);
        Some((start, start + u32::try_from(trimmed.len()).ok()?))
    }
}

/// All files of one run. Findings point into it.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    /// Adds a file and gives it a number.
    pub fn add(&mut self, path: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> FileId {
        let text = text.into();
        let line_starts = std::iter::once(0)
            .chain(text.match_indices('\n').map(|(i, _)| u32::try_from(i + 1).unwrap_or(u32::MAX)))
            .collect();
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(SourceFile { path: path.into(), text, line_starts });
        id
    }

    /// A file by its number.
    pub fn get(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize)
    }

    /// The files in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files.iter().enumerate().map(|(i, f)| (FileId(u32::try_from(i).unwrap_or(u32::MAX)), f))
    }

    /// `path:line`, the form in which output names a place.
    pub fn place(&self, span: Span) -> String {
        self.get(span.file)
            .map_or_else(String::new, |file| format!("{}:{}", file.path(), file.position(span.start).line))
    }

    /// The folder of the file that a span stands in, which paths in it start from.
    pub fn folder(&self, span: Span) -> &str {
        self.get(span.file).and_then(|file| file.path().rsplit_once('/')).map_or("", |(folder, _)| folder)
    }

    /// The text of a span, empty where it does not fit its file.
    pub fn text(&self, span: Span) -> &str {
        self.get(span.file).and_then(|f| f.text.get(span.start as usize..span.end as usize)).unwrap_or("")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn path(text: &str) -> RelPath {
        RelPath::resolve("", text).unwrap()
    }

    #[test]
    fn paths_are_resolved_inside_of_the_root() {
        for (base, text, resolved) in [
            ("", "a/b.yaml", Some("a/b.yaml")),
            ("a", "./b//c", Some("a/b/c")),
            ("a/b", "../c", Some("a/c")),
            ("a", "..", Some("")),
            ("", "", Some("")),
            ("a", "../..", None),
            ("", "..", None),
            ("a", "b/../../../a", None),
            ("", "/etc/passwd", None),
            ("", "a\\b", None),
            ("", "a\0b", None),
        ] {
            assert_eq!(RelPath::resolve(base, text).as_ref().map(RelPath::as_str), resolved, "{base:?} {text:?}");
        }
        assert_eq!((path("a/b/c").folder(), path("c").folder()), ("a/b", ""));
        assert!(path("a/b").is_below(&path("a")) && path("a/b").is_below(&path("")));
        assert!(!path("ab/c").is_below(&path("a")) && !path("a").is_below(&path("a")));
    }

    #[test]
    fn positions_count_lines_and_characters() {
        let mut sources = Sources::default();
        let id = sources.add("x.yaml", "ä: €\r\n\nlast");
        let file = sources.get(id).unwrap();
        for (offset, line, column) in
            [(0, 1, 1), (2, 1, 2), (4, 1, 4), (7, 1, 5), (9, 2, 1), (10, 3, 1), (13, 3, 4), (14, 3, 5), (999, 3, 5)]
        {
            assert_eq!(file.position(offset), Position { line, column }, "{offset}");
        }
        let lines: Vec<_> = (0..=4).map(|n| file.line_range(n)).collect();
        assert_eq!(lines, [None, Some((0, 7)), Some((9, 9)), Some((10, 14)), None]);
        assert_eq!(sources.place(Span::new(id, 10, 12)), "x.yaml:3");
        assert_eq!(sources.text(Span::new(id, 4, 7)), "€");
    }

    #[test]
    fn places_that_do_not_exist_are_empty() {
        let mut sources = Sources::default();
        let id = sources.add("x", "ä");
        assert_eq!(sources.text(Span::new(id, 1, 2)), "", "inside of a character");
        assert_eq!(sources.text(Span::new(id, 0, 9)), "");
        assert_eq!(
            (sources.text(Span::start_of(FileId(7))), sources.place(Span::start_of(FileId(7)))),
            ("", String::new())
        );
        assert_eq!(sources.iter().map(|(id, f)| (id, f.path())).collect::<Vec<_>>(), [(FileId(0), "x")]);
        assert_eq!(sources.get(sources.iter().next().unwrap().0).unwrap().position(5), Position { line: 1, column: 2 });
    }

    #[test]
    fn memory_answers_like_a_disk() {
        let files = MemoryFiles::new().with("b/c", "22").with("a", "1").with("b/d/e", "333").with("../x", "");
        assert_eq!(files.read(&path("b/c"), 2), Ok(b"22".to_vec()));
        assert_eq!(files.read(&path("b/c"), 1), Err(ReadError::TooLarge { size: 2, cap: 1 }));
        assert_eq!(files.read(&path("b"), 9), Err(ReadError::Folder));
        assert_eq!(files.read(&path("x"), 9), Err(ReadError::Missing));
        let list = |folder: &str, cap| {
            files.list(&path(folder), cap).map(|l| l.iter().map(RelPath::to_string).collect::<Vec<_>>())
        };
        assert_eq!(list("", 9), Ok(vec!["a".into(), "b/c".into(), "b/d/e".into()]));
        assert_eq!(list("b", 1), Ok(vec!["b/c".into()]));
        assert_eq!(list("none", 9), Err(ReadError::Missing));
    }

    proptest! {
        #[test]
        fn no_path_leads_outside(base in "([a-z.]{1,3}/?){0,3}", text in "[a-z./]{0,12}") {
            let base = RelPath::resolve("", &base);
            if let Some(found) = base.and_then(|base| RelPath::resolve(base.as_str(), &text)) {
                prop_assert!(found.as_str().split('/').all(|part| part != ".." && part != "."));
                prop_assert!(!found.as_str().starts_with('/') && !found.as_str().contains("//"));
                prop_assert_eq!(RelPath::resolve("", found.as_str()), Some(found));
            }
        }

        #[test]
        fn every_offset_has_a_position_in_its_line(text in "[aä€\\n]{0,40}") {
            let mut sources = Sources::default();
            let id = sources.add("x", text.as_str());
            let file = sources.get(id).unwrap();
            for (at, _) in text.char_indices() {
                let at = u32::try_from(at).unwrap();
                let position = file.position(at);
                let (start, end) = file.line_range(position.line).unwrap();
                prop_assert!((start..=end).contains(&at));
                prop_assert_eq!(sources.text(Span::new(id, start, at)).chars().count() + 1, position.column as usize);
            }
        }
    }
}
