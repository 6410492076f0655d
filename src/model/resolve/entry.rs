//! What a function starts with, as far as its text tells: an entry point that its language can have, and an image that a
//! registry can have.

use std::sync::Arc;

use super::Resolver;
use crate::base::Spanned;
use crate::diag::{Finding, shorten};

impl Resolver<'_> {
    /// Refuses what no module and no function of the language is called.
    pub(super) fn check_handler(&mut self, language: &str, handler: &Spanned<Arc<str>>) {
        let text = &*handler.value;
        // The others name classes, packages and files in ways of their own.
        let has_modules = matches!(language, "python" | "nodejs");
        if let Some(c) =
            text.chars().find(|c| !is_part(*c) && (has_modules || !"./:-,+`<>".contains(*c)) && !"./-".contains(*c))
        {
            let message = format!("`{}` is not a handler: {c:?} stands in no name", shorten(text));
            let finding = Finding::error("invalid-handler", handler.span, message);
            self.report(finding.help(format!("write {}", example(language))));
            return;
        }
        let (module, name) = text.rsplit_once('.').unwrap_or((text, ""));
        let is_path = |module: &str| module.split(['/', '.']).all(|part| !part.is_empty());
        if !has_modules || (is_path(module.trim_start_matches("./")) && is_name(name)) {
            return;
        }
        let message = format!("`{}` is not a handler: it names no function of a module", shorten(text));
        let near = format!("{text}.handler");
        let help = if name.is_empty() && is_path(text) {
            format!("write `{near}`, the file and the function in it")
        } else {
            format!("write {}", example(language))
        };
        self.report(Finding::error("invalid-handler", handler.span, message).help(help));
    }

    /// Refuses what names no image.
    pub(super) fn check_image(&mut self, image: &Spanned<Arc<str>>) {
        if is_image(&image.value) {
            return;
        }
        let message = format!("`{}` is not a name of an image", shorten(&image.value));
        let lower = image.value.to_lowercase();
        let help = if is_image(&lower) {
            format!("write `{lower}`")
        } else {
            "write a name with a tag or a digest, such as `thumbs:1.4.2`".to_owned()
        };
        self.report(Finding::error("invalid-image", image.span, message).help(help));
    }
}

fn example(language: &str) -> &'static str {
    match language {
        "java" => "`com.example.Settle::handle`",
        "dotnet" => "`Assembly::Namespace.Class::Method`",
        _ => "`app.handler`, the file and the function in it",
    }
}

fn is_part(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| is_part(c) && !c.is_numeric()) && text.chars().all(is_part)
}

/// `host:5000/path/name:tag@sha256:…`, where the host, the tag and the digest may be left out.
fn is_image(text: &str) -> bool {
    let (name, digest) = text.split_once('@').map_or((text, None), |(name, digest)| (name, Some(digest)));
    let is_hex =
        |(kind, hex): (&str, &str)| !kind.is_empty() && hex.len() >= 32 && hex.bytes().all(|b| b.is_ascii_hexdigit());
    let (path, tag) = match name.rsplit_once(':') {
        Some((path, tag)) if !tag.contains('/') => (path, Some(tag)),
        Some(_) | None => (name, None),
    };
    let is_tag = |tag: &str| {
        tag.len() <= 128
            && tag.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
            && tag.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.-".contains(&b))
    };
    let is_component = |part: &str| {
        let is_end = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        part.starts_with(is_end) && part.ends_with(is_end) && part.chars().all(|c| is_end(c) || "._-".contains(c))
    };
    let is_host = |part: &str| {
        let (host, port) = part.split_once(':').unwrap_or((part, "0"));
        !host.is_empty()
            && host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-".contains(&b))
            && !port.is_empty()
            && port.bytes().all(|b| b.is_ascii_digit())
    };
    let (first, rest) = path.split_once('/').map_or((path, None), |(first, rest)| (first, Some(rest)));
    let is_path = rest.map_or_else(|| is_component(first), |rest| is_host(first) && rest.split('/').all(is_component));
    is_path && tag.is_none_or(is_tag) && digest.is_none_or(|digest| digest.split_once(':').is_some_and(is_hex))
}

#[cfg(test)]
mod tests {
    use super::is_image;

    #[test]
    fn images() {
        let digest = format!("thumbs@sha256:{}", "0a".repeat(32));
        let good = ["thumbs", "thumbs:1.4.2", "shop/thumbs_x:v1", "Registry.example.com:5000/shop/thumbs", &digest];
        let bad =
            ["", "a b", "Thumbs:1", "thumbs:", "thumbs:1 2", "/thumbs", "a//b", "thumbs@sha256:1", "a;b", "a:b:c"];
        assert_eq!(good.iter().filter(|text| !is_image(text)).collect::<Vec<_>>(), Vec::<&&str>::new());
        assert_eq!(bad.iter().filter(|text| is_image(text)).collect::<Vec<_>>(), Vec::<&&str>::new());
    }
}
