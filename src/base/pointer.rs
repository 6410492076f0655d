//! JSON Pointers (RFC 6901).

use std::fmt;
use std::sync::Arc;

/// A JSON Pointer (RFC 6901) into the data of an event.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pointer {
    text: Arc<str>,
}

impl Pointer {
    /// Checks the text: it starts with `/`, and `~` is followed by `0` or `1`.
    pub fn parse(text: &str) -> Option<Self> {
        let escapes = text.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']));
        (text.starts_with('/') && escapes && text.len() <= 1024).then(|| Self { text: text.into() })
    }

    /// Of steps, each escaped; empty for the data itself.
    pub fn text<S: AsRef<str>>(steps: &[S]) -> String {
        let mut text = String::new();
        for step in steps {
            text.push('/');
            text.push_str(&step.as_ref().replace('~', "~0").replace('/', "~1"));
        }
        text
    }

    /// As written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Its unescaped steps.
    pub fn steps(&self) -> impl Iterator<Item = String> {
        self.text.split('/').skip(1).map(|s| s.replace("~1", "/").replace("~0", "~"))
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
