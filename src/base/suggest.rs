//! Did you mean: the known word nearest to an unknown one.

/// The candidate that differs from `word` by at most a third of its characters, the nearest first, and among equally near
/// ones that with the same characters in another order, then the first in the alphabet.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // A word longer than any identifier is no typo, and the distance is quadratic in its length.
    if word.len() > 256 {
        return None;
    }
    let cap = (word.chars().count() / 3).max(1);
    let letters = sorted(word);
    candidates
        .into_iter()
        .filter(|c| c.len().abs_diff(word.len()) <= cap * 4)
        .map(|c| (strsim::damerau_levenshtein(word, c), c))
        .filter(|(distance, _)| *distance <= cap)
        .map(|(distance, c)| (distance, sorted(c) != letters, c))
        .min()
        .map(|(.., c)| c)
}

fn sorted(word: &str) -> Vec<char> {
    let mut letters: Vec<char> = word.chars().collect();
    letters.sort_unstable();
    letters
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_nearest_known_word() {
        let known = ["orders", "order", "carts", "ledger"];
        for (word, found) in [
            ("oders", Some("orders")),
            ("ordres", Some("orders")),
            ("ordr", Some("order")),
            ("Ledger", Some("ledger")),
            ("uploads", None),
            ("", None),
            ("x", None),
        ] {
            assert_eq!(nearest(word, known), found, "{word}");
        }
    }

    #[test]
    fn ties_are_settled_by_the_alphabet() {
        assert_eq!(nearest("get", ["set", "let", "pet"]), Some("let"));
        assert_eq!(nearest("get", ["pet", "set", "let"]), Some("let"));
    }

    #[test]
    fn swapped_characters_are_nearer_than_another_one() {
        assert_eq!(nearest("python3.31", ["python3.11", "python3.12", "python3.13"]), Some("python3.13"));
        assert_eq!(nearest("python3.41", ["python3.11", "python3.12"]), Some("python3.11"));
    }

    #[test]
    fn long_words_cost_nothing() {
        let long = "x".repeat(1_000_000);
        assert_eq!(nearest(&long, [long.as_str()]), None);
        assert_eq!(nearest("orders", [long.as_str()]), None);
    }

    proptest! {
        #[test]
        fn a_known_word_is_its_own_nearest(word in "[a-z]{1,20}", others in proptest::collection::vec("[a-z]{1,20}", 0..5)) {
            let known = others.iter().map(String::as_str).chain([word.as_str()]);
            prop_assert_eq!(nearest(&word, known), Some(word.as_str()));
        }

        #[test]
        fn one_slip_is_mended(word in "[a-m]{3,20}", at in 0usize..20) {
            let mut slip = word.clone();
            slip.insert(at % word.len(), 'z');
            prop_assert_eq!(nearest(&slip, [word.as_str()]), Some(word.as_str()));
        }
    }
}
