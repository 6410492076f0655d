//! Whether two parts of one resource have something in common.

/// Whether an object can have a name with both prefixes and both suffixes: of two prefixes one begins with the other, and of
/// two suffixes one ends with the other.
pub(super) fn names_meet(one: (&str, &str), other: (&str, &str)) -> bool {
    let ((p, s), (q, t)) = (one, other);
    (p.starts_with(q) || q.starts_with(p)) && (s.ends_with(t) || t.ends_with(s))
}

/// Whether a topic fits both of two MQTT filters: `+` is a whole level, `#` the rest.
pub(super) fn topics_meet(one: &str, other: &str) -> bool {
    let (mut one, mut other) = (one.split('/'), other.split('/'));
    loop {
        match (one.next(), other.next()) {
            (Some("#"), _) | (_, Some("#")) | (None, None) => return true,
            (Some(a), Some(b)) if a == b || a == "+" || b == "+" => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_of_topics_meet_level_by_level() {
        for (a, b, meets) in [
            ("a/b", "a/b", true),
            ("a/+", "a/b", true),
            ("a/#", "a/b/c", true),
            ("#", "x", true),
            ("a/b", "a/c", false),
            ("a", "a/b", false),
            ("+/b", "a/+", true),
        ] {
            assert_eq!(topics_meet(a, b), meets, "{a} {b}");
        }
    }
}
