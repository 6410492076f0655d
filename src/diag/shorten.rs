//! User text as part of a message.

/// Text cut to what fits a message, without control characters.
pub(crate) fn shorten(text: &str) -> String {
    shorten_to(text, 60)
}

/// The same, cut to a length.
pub(crate) fn shorten_to(text: &str, length: usize) -> String {
    let mut out: String = text.chars().take(length).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(length).is_some() {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_and_control_characters_fit_a_line() {
        assert_eq!(shorten("a\nb"), "a b");
        assert_eq!(shorten_to("äöü", 3), "äöü");
        assert_eq!(shorten_to("äöüß", 3), "äöü…");
    }
}
