//! The terminal: two streams, what each can show, and how the program ends when one of them breaks.

use std::io::{self, IsTerminal as _, Write as _};

/// The two streams of the program.
#[derive(Debug, Clone, Copy)]
pub struct Console {
    /// Results and findings.
    pub out: Stream,
    /// Messages.
    pub err: Stream,
}

/// What a stream can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stream {
    /// Escape sequences for colours.
    pub color: bool,
    /// Characters that draw boxes.
    pub unicode: bool,
}

impl Console {
    /// Looks at the streams and the environment.
    pub fn detect() -> Self {
        let variable = |name: &str| std::env::var(name).ok();
        Self {
            out: Stream::of(io::stdout().is_terminal(), &variable),
            err: Stream::of(io::stderr().is_terminal(), &variable),
        }
    }

    /// Writes to standard output. A reader that went away is no failure: it has what it wanted.
    pub fn print(&self, text: &str) -> anyhow::Result<()> {
        let mut stream = io::stdout().lock();
        match stream.write_all(text.as_bytes()).and_then(|()| stream.flush()) {
            Err(e) if e.kind() != io::ErrorKind::BrokenPipe => {
                Err(anyhow::anyhow!("cannot write to standard output: {e}"))
            }
            _ => Ok(()),
        }
    }

    /// Writes to standard error. There is nowhere left to say that this failed.
    pub fn say(&self, text: &str) {
        let mut stream = io::stderr().lock();
        let _ = stream.write_all(text.as_bytes()).and_then(|()| stream.flush());
    }

    /// A message of the program itself: `error: …`.
    pub fn say_error(&self, message: &str) {
        let (on, off) = if self.err.color { ("\u{1b}[1;31m", "\u{1b}[0m") } else { ("", "") };
        self.say(&format!("{on}error{off}: {}\n", crate::diag::render::printable(message)));
    }
}

impl Stream {
    fn of(is_terminal: bool, variable: &impl Fn(&str) -> Option<String>) -> Self {
        // https://no-color.org: present and not empty, whatever its value.
        let refused = variable("NO_COLOR").is_some_and(|v| !v.is_empty());
        let dumb = variable("TERM").is_some_and(|v| v == "dumb");
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(|n| variable(n).filter(|v| !v.is_empty()));
        let utf8 = locale.is_none_or(|l| {
            let l = l.to_ascii_lowercase();
            l.contains("utf-8") || l.contains("utf8")
        });
        Self { color: is_terminal && !refused && !dumb, unicode: is_terminal && !dumb && utf8 }
    }
}

/// A panic is a defect of this program, never of its input: says so, and ends with the code for "cannot run".
pub fn install_panic_hook() {
    std::panic::set_hook(Box::new(|info| {
        let message = bug_report(&info.to_string());
        let _ = io::stderr().lock().write_all(message.as_bytes());
        std::process::exit(2);
    }));
}

fn bug_report(what: &str) -> String {
    format!(
        "error: isobar itself failed; this is a bug in isobar, not in your input\n  {}\n  please report it with the \
         command and, if you can, the spec: {}/issues\n",
        crate::diag::render::printable(what).replace('\n', "\n  "),
        env!("CARGO_PKG_REPOSITORY")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream(is_terminal: bool, variables: &[(&str, &str)]) -> Stream {
        Stream::of(is_terminal, &|name| variables.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned()))
    }

    #[test]
    fn colour_needs_a_terminal_and_no_objection() {
        assert_eq!(stream(true, &[]), Stream { color: true, unicode: true });
        assert_eq!(stream(false, &[("LANG", "en_US.UTF-8")]), Stream { color: false, unicode: false });
        assert_eq!(stream(true, &[("NO_COLOR", "1")]), Stream { color: false, unicode: true });
        assert_eq!(stream(true, &[("NO_COLOR", "")]), Stream { color: true, unicode: true });
        assert_eq!(stream(true, &[("TERM", "dumb")]), Stream { color: false, unicode: false });
        assert_eq!(stream(true, &[("LANG", "C")]), Stream { color: true, unicode: false });
        assert_eq!(stream(true, &[("LC_ALL", "C"), ("LANG", "de_DE.utf8")]), Stream { color: true, unicode: false });
    }

    #[test]
    fn a_panic_says_whose_fault_it_is() {
        let text = bug_report("panicked at src/x.rs:1:1:\nboom \u{1b}[31m");
        assert!(text.contains("bug in isobar, not in your input") && text.contains("boom"), "{text}");
        assert!(text.contains("/issues") && !text.contains('\u{1b}'), "{text}");
    }
}
