//! Untrusted text inside Markdown, as GitHub and GitLab read it: it stays text, on one line, and notifies nobody.

use super::printable_line;

/// A code span, whatever the text holds.
pub fn markdown_code(text: &str) -> String {
    let text = printable_line(text);
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    // A space that is taken away again where the text begins or ends with what would be read with the fence.
    let space =
        if text.trim().is_empty() || text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

/// Text whose parts in backticks are code; the others are text without meaning for Markdown.
pub fn markdown_text(text: &str) -> String {
    let text = printable_line(text);
    let parts: Vec<&str> = text.split('`').collect();
    let mut out = String::with_capacity(text.len() + 16);
    for (index, part) in parts.iter().enumerate() {
        let is_last = index + 1 == parts.len();
        if index % 2 == 0 {
            plain(part, &mut out);
        } else if is_last || part.is_empty() {
            // Backticks without a pair or with nothing between them.
            out.push_str("\\`");
            plain(part, &mut out);
            out.push_str(if is_last { "" } else { "\\`" });
        } else {
            out.push_str(&markdown_code(part));
        }
    }
    out
}

fn plain(text: &str, out: &mut String) {
    let mut before = ' ';
    for c in text.chars() {
        match c {
            '\\' | '*' | '_' | '[' | ']' | '~' | '|' | '^' | '{' | '}' => out.extend(['\\', c]),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '$' => out.push_str("&#36;"),
            // People, issues and addresses are looked for in the text that was made of the Markdown; what has no width
            // hides them.
            '@' | '#' => {
                out.push(c);
                out.push_str("&#8203;");
            }
            '/' if before == ':' => out.push_str("&#8203;/"),
            '.' if before.eq_ignore_ascii_case(&'w') => out.push_str("&#8203;."),
            c => out.push(c),
        }
        before = c;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_holds_any_text() {
        assert_eq!(markdown_code("a"), "`a`");
        assert_eq!(markdown_code("a`b``c"), "```a`b``c```");
        assert_eq!(markdown_code("`a"), "`` `a ``");
        assert_eq!(markdown_code("a\nb\u{1b}"), "`a\\nb\\u{1b}`");
    }

    #[test]
    fn text_keeps_its_code_and_nothing_else() {
        assert_eq!(markdown_text("`a|b</details>` is bad"), "`a|b</details>` is bad");
        assert_eq!(markdown_text("</details> [x](y) *z*"), "&lt;/details&gt; \\[x\\](y) \\*z\\*");
        assert_eq!(markdown_text("a `b"), "a \\`b");
        assert_eq!(markdown_text("a `` b"), "a \\`\\` b");
        assert_eq!(markdown_text("ask @all of #1"), "ask @&#8203;all of #&#8203;1");
        assert_eq!(markdown_text("https://x www.y"), "https:&#8203;//x www&#8203;.y");
    }
}
