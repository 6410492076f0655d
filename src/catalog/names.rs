//! Names of products: derived once, within charset and length, unique after truncation.

use sha2::{Digest as _, Sha256};

use super::NameRule;
use super::manifest::When;
use crate::base::Value;

/// Digits of the hash that replaces what was cut.
const HASH: usize = 6;

impl NameRule {
    /// Cuts `name` to the length, a hash of the whole in place of what is lost, and adds the suffix. What joins them is a
    /// hyphen, or an underscore where the platform knows no hyphen. A length that leaves no room for the hash yields the hash
    /// alone.
    pub fn fit(&self, name: &str) -> String {
        let room = self.max.map_or(usize::MAX, |max| max.saturating_sub(self.suffix.len()));
        if name.chars().count() <= room {
            return format!("{name}{}", self.suffix);
        }
        let digest = Sha256::digest(name.as_bytes());
        let hash: String = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]).take(HASH).map(digit).collect();
        let kept: String = name.chars().take(room.saturating_sub(HASH + 1)).collect();
        let kept = kept.trim_end_matches(['-', '_', '.']);
        let join = if self.stranger("-").is_some() { '_' } else { '-' };
        if kept.is_empty() { format!("{hash}{}", self.suffix) } else { format!("{kept}{join}{hash}{}", self.suffix) }
    }

    /// The first character that the charset does not hold.
    pub fn stranger(&self, name: &str) -> Option<char> {
        let set = self.charset.as_deref()?;
        name.chars().find(|c| !in_set(set, *c))
    }
}

fn digit(value: u8) -> char {
    char::from_digit(u32::from(value), 16).unwrap_or('0')
}

/// Whether a bracket expression without its brackets holds `c`.
pub(super) fn in_set(set: &str, c: char) -> bool {
    let mut rest = set.chars().peekable();
    while let Some(from) = rest.next() {
        let mut ahead = rest.clone();
        if ahead.next() == Some('-')
            && let Some(to) = ahead.next()
        {
            if (from..=to).contains(&c) {
                return true;
            }
            rest = ahead;
        } else if from == c {
            return true;
        }
    }
    false
}

/// Whether all equalities hold on the fields of a view.
pub(crate) fn holds<'v>(when: &When, field: impl Fn(&str) -> Option<&'v Value>) -> bool {
    when.iter().all(|(path, wanted)| field(path).is_some_and(|value| value.is(wanted)))
}

/// A field of a view by its dotted path.
pub(crate) fn at<'v>(view: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.').try_fold(view, |value, step| value.get(step))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn rule(max: usize, suffix: &str) -> NameRule {
        serde_json::from_value(serde_json::json!({
            "for": "queue", "product": "queue", "pattern": "{name}", "max": max, "suffix": suffix, "charset": "a-z0-9-_."
        }))
        .unwrap()
    }

    #[test]
    fn long_names_are_cut_and_stay_different() {
        let rule = rule(20, ".fifo");
        assert_eq!(rule.fit("short"), "short.fifo");
        let (a, b) = (rule.fit("a-rather-long-name-one"), rule.fit("a-rather-long-name-two"));
        assert!(a.len() <= 20 && b.len() <= 20, "{a} {b}");
        assert_eq!(a.rsplit_once('.').unwrap().1, "fifo");
        assert_ne!(a, b);
        assert_eq!(a, rule.fit("a-rather-long-name-one"));
    }

    #[test]
    fn what_is_cut_at_a_separator_has_one_all_the_same() {
        let mut rule = rule(20, "");
        assert!(rule.fit("a-dozen-more.and-what-follows").starts_with("a-dozen-more-"));
        rule.charset = Some("a-z0-9_".to_owned());
        let name = rule.fit("a_dozen_more__and_what_follows");
        assert!(name.starts_with("a_dozen_more_") && rule.stranger(&name).is_none(), "{name}");
    }

    #[test]
    fn strangers_are_found() {
        let rule = rule(20, "");
        assert_eq!(rule.stranger("abc-9_x.y"), None);
        assert_eq!(rule.stranger("abC"), Some('C'));
    }
}
