//! Bytes → text that may be parsed: UTF-8, without control characters, within the cap.

use std::fmt;

use super::Caps;
use crate::base::{FileId, Span};
use crate::diag::Finding;

/// Why bytes are no text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodeError {
    /// The text with a replacement character for each byte that is none.
    pub lossy: String,
    /// Where the first replacement character stands in `lossy`.
    pub at: u32,
    /// The first byte that is no UTF-8.
    pub byte: u8,
    /// The file starts like UTF-16.
    pub utf16: bool,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.utf16 {
            f.write_str("it is UTF-16, not UTF-8")
        } else {
            write!(f, "it is not UTF-8: the byte 0x{:02X} starts no character", self.byte)
        }
    }
}

/// Reads bytes as UTF-8.
pub fn decode(bytes: Vec<u8>) -> Result<String, DecodeError> {
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let bytes = error.as_bytes();
        DecodeError {
            lossy: String::from_utf8_lossy(bytes).into_owned(),
            at: u32::try_from(at).unwrap_or(u32::MAX),
            byte: bytes.get(at).copied().unwrap_or(0),
            utf16: bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]),
        }
    })
}

/// Refuses a text that is too large or holds a control character. YAML allows none but tab, line feed and carriage
/// return; the scanner would take a null for the end, and others could steer a terminal from inside a message.
pub(super) fn check(file: FileId, text: &str, caps: &Caps) -> Result<(), Box<Finding>> {
    let cap = caps.file_bytes.min(u32::MAX as usize);
    if text.len() > cap {
        let message = format!("the file has {} bytes, more than the {cap} that are read", text.len());
        return Err(Box::new(
            Finding::error("too-large", Span::start_of(file), message).help("split the file and join it by `include:`"),
        ));
    }
    let Some((at, c)) = first_control(text) else { return Ok(()) };
    let name =
        if c == '\0' { "a null character".to_owned() } else { format!("the control character U+{:04X}", u32::from(c)) };
    let help = format!("remove it, or write it inside double quotes as `\\x{:02x}`", u32::from(c));
    let start = u32::try_from(at).unwrap_or(u32::MAX);
    let span = Span::new(file, start, start + u32::try_from(c.len_utf8()).unwrap_or(0));
    Err(Box::new(Finding::error("control-character", span, format!("{name} is no part of YAML")).help(help)))
}

/// Looks at bytes, because texts are long: the controls above U+007F all start with 0xC2.
fn first_control(text: &str) -> Option<(usize, char)> {
    let bytes = text.as_bytes();
    let suspicious = |b: u8| (b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r')) || b == 0x7F || b == 0xC2;
    let mut from = 0;
    loop {
        let at = from + bytes.get(from..)?.iter().position(|b| suspicious(*b))?;
        let c = text.get(at..)?.chars().next()?;
        // U+0085 is a line break of old, and printable for YAML.
        if c.is_control() && c != '\u{85}' {
            return Some((at, c));
        }
        from = at + 1;
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_utf8_are_placed() {
        let error = decode(b"app: caf\xE9\n".to_vec()).unwrap_err();
        assert_eq!((error.at, error.byte, error.utf16), (8, 0xE9, false));
        assert_eq!(error.lossy, "app: caf\u{FFFD}\n");
        assert_eq!(error.to_string(), "it is not UTF-8: the byte 0xE9 starts no character");
    }

    #[test]
    fn utf16_is_named() {
        let error = decode(b"\xFF\xFEa\0p\0".to_vec()).unwrap_err();
        assert_eq!(error.to_string(), "it is UTF-16, not UTF-8");
    }

    #[test]
    fn control_characters_are_refused_where_they_stand() {
        let refused = |text: &str| *check(FileId(0), text, &Caps::default()).unwrap_err();
        let finding = refused("app: a\0b\n");
        assert_eq!(finding.message, "a null character is no part of YAML");
        assert_eq!((finding.primary.span.start, finding.primary.span.end), (6, 7));
        let finding = refused("app: \u{1b}[31m\n");
        assert_eq!(finding.message, "the control character U+001B is no part of YAML");
        assert_eq!(finding.help.as_deref(), Some("remove it, or write it inside double quotes as `\\x1b`"));
        let finding = refused("ab: £\u{9b}31m\n");
        assert_eq!(finding.message, "the control character U+009B is no part of YAML");
        assert_eq!((finding.primary.span.start, finding.primary.span.end), (6, 8));
        assert_eq!(refused("a: \u{7f}").message, "the control character U+007F is no part of YAML");
        assert_eq!(check(FileId(0), "a:\tb\r\nc: ü£©\u{85}\n", &Caps::default()), Ok(()));
    }
}
