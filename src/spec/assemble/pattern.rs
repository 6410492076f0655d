//! One path or glob of `include:`, resolved against the folder of the file that it is written in.

use globset::{GlobBuilder, GlobMatcher};

use crate::base::{RelPath, Span};
use crate::diag::Finding;

/// A path or glob is no longer than this.
const MAX_GLOB: usize = 1_024;

/// Nothing but a finding.
pub(super) fn refused<T>(finding: Finding) -> Result<T, Box<Finding>> {
    Err(Box::new(finding))
}

/// A path, or a folder and what to match below it.
pub(super) struct Pattern {
    /// The path, or the folder that is listed.
    pub(super) prefix: RelPath,
    /// What to match in the folder, against whole paths.
    pub(super) matcher: Option<GlobMatcher>,
}

impl Pattern {
    /// What stands behind the folder in the text of a glob, with the slash between them.
    pub(super) fn rest<'t>(&self, text: &'t str) -> &'t str {
        let wild = text.find(['*', '?', '[', '{']).unwrap_or(text.len());
        let slash = text.get(..wild).and_then(|fixed| fixed.rfind('/')).unwrap_or(0);
        text.get(slash..).filter(|_| self.matcher.is_some()).unwrap_or_default()
    }

    /// Reads what is written at `span` in a file of `folder`.
    pub(super) fn read(folder: &str, text: &str, span: Span, root: &RelPath) -> Result<Self, Box<Finding>> {
        let refuse = |message: String, help: String| refused(Finding::error("include-path", span, message).help(help));
        if text.len() > MAX_GLOB {
            return refuse(format!("the path is longer than {MAX_GLOB} characters"), "name a folder nearer by".into());
        }
        if text.contains('\\') {
            let help = format!("write `{}`", text.replace('\\', "/"));
            return refuse(format!("`{text}` has a backslash"), help);
        }
        if text.contains("${") {
            let help = "write the path out; files are read before variables are known";
            return refuse(format!("`{text}` has a variable in a path"), help.into());
        }
        let wild = |part: &str| part.contains(['*', '?', '[', '{']);
        let parts: Vec<&str> = text.split('/').collect();
        let literal = parts.iter().take_while(|part| !wild(part)).count();
        let (fixed, rest) = parts.split_at_checked(literal).unwrap_or((&parts, &[]));
        let fixed = fixed.join("/");
        let outside = || {
            let message = format!("`{text}` leads outside of the folder of `{root}`");
            Finding::error("include-outside", span, message)
                .help("move the file into the folder and name it from there")
        };
        // A path that starts with a slash has an empty first part, which joining keeps only with what follows.
        if text.starts_with('/') || rest.contains(&"..") {
            return refused(outside());
        }
        let prefix = RelPath::resolve(folder, &fixed).ok_or_else(|| Box::new(outside()))?;
        if rest.is_empty() {
            return Ok(Self { prefix, matcher: None });
        }
        let start = globset::escape(prefix.as_str());
        let glob = if start.is_empty() { rest.join("/") } else { format!("{start}/{}", rest.join("/")) };
        match GlobBuilder::new(&glob).literal_separator(true).build() {
            Ok(glob) => Ok(Self { prefix, matcher: Some(glob.compile_matcher()) }),
            Err(error) => refuse(
                format!("`{text}` is no glob: {}", error.kind()),
                "use `*`, `**`, `?`, `[ab]` and `{a,b}`".into(),
            ),
        }
    }
}
