//! What tidying makes of texts, and what it leaves alone.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
use super::*;

fn tidied(text: &str) -> Tidied {
    let mut sources = Sources::default();
    let file = sources.add("isobar.yaml", text);
    tidy(file, &sources, &Caps::default())
}

fn becomes(text: &str, expected: &str) {
    assert_eq!(tidied(text), Tidied::Text(expected.to_owned()), "{text}");
    assert_eq!(tidied(expected), Tidied::Text(expected.to_owned()), "not idempotent");
}

#[test]
fn blanks_and_line_breaks() {
    becomes("\n\na: 1  \nb: 2\t\n\n\n\nc: 3", "a: 1\nb: 2\n\nc: 3\n");
    becomes("a: 1\r\nb: 2\r\n", "a: 1\nb: 2\n");
    becomes("", "");
    becomes("# only a comment  ", "# only a comment\n");
}

#[test]
fn indentation_becomes_two_spaces() {
    becomes(
        "a:\n    b:\n          c: 1\n          d:\n           - x\n           - y: 1\n             z: 2\n    e: 1\n",
        "a:\n  b:\n    c: 1\n    d:\n      - x\n      - y: 1\n        z: 2\n  e: 1\n",
    );
    becomes("a:\n- b: 1\n  c:\n      d: 1\n- e\n", "a:\n- b: 1\n  c:\n    d: 1\n- e\n");
}

#[test]
fn comments_move_with_what_they_are_about() {
    becomes(
        "a:\n     # about b\n     b: 1 # behind b\n     # isobar: allow x: y\n     c:\n       # deep\n       d: 1\n     # end\n",
        "a:\n  # about b\n  b: 1 # behind b\n  # isobar: allow x: y\n  c:\n    # deep\n    d: 1\n  # end\n",
    );
}

#[test]
fn sections_are_set_apart_and_short_ones_are_not() {
    becomes(
        "isobar: 1\napp: x\n# the rest\nresources:\n  a: {}\nfunctions:\n  b: {}\nlint: {}\nvars: {}\n",
        "isobar: 1\napp: x\n\n# the rest\nresources:\n  a: {}\n\nfunctions:\n  b: {}\n\nlint: {}\nvars: {}\n",
    );
}

#[test]
fn text_of_several_lines_keeps_its_blanks() {
    becomes(
        "a:\n    t: |\n        one  \n\n\n          two\n    u: 1\n",
        "a:\n  t: |\n      one  \n\n\n        two\n  u: 1\n",
    );
    becomes("a: \"x\n\n\n  y\"\nb:   1  \n", "a: \"x\n\n\n  y\"\n\nb:   1\n");
    becomes(
        "a:\n    d: |\n       keep\n        \n   \n       more\n    e: >+\n      x\n         \n\nb: 1  \n",
        "a:\n  d: |\n     keep\n      \n\n     more\n  e: >+\n    x\n       \n\nb: 1\n",
    );
}

#[test]
fn brackets_over_several_lines_move_as_a_whole() {
    becomes(
        "a:\n    b: { c: 1,\n         d: [1,\n             2] }\n    e: 1\n",
        "a:\n  b: { c: 1,\n       d: [1,\n           2] }\n  e: 1\n",
    );
}

#[test]
fn anchors_and_nested_lists_keep_their_meaning() {
    for text in [
        "a: &x\n     b: 1\nc: *x\nd:\n   - - 1\n     - 2\n   - *x\n",
        "a:\n   -\n     b: 1\n   -\n     - c\n   - !!str 1\n",
        "a:\n   - |\n     x\n   - >+\n     y\n\n\nb: 1\n",
        "? a\n: 1\n",
        "'q k':    1\n\"b\":\n        - x\n",
        "a: |2\n    two more\n   one more\n",
    ] {
        let Tidied::Text(once) = tidied(text) else { panic!("{text}") };
        assert_eq!(tidied(&once), Tidied::Text(once.clone()), "{text}\n{once}");
    }
}

#[test]
fn what_cannot_be_read_is_left_alone() {
    assert!(matches!(tidied("a: [1\nb: }"), Tidied::Invalid(_)));
    assert!(matches!(tidied("a: 1\na: 2\n"), Tidied::Invalid(_)));
}

proptest::proptest! {
    #[test]
    fn tidying_keeps_the_tree_and_is_idempotent(text in "([a-c]: |- |  |\n|\n  |\n    |x|#c|[{}\\[\\],\"'|>&*]|\t|\r\n| ){0,40}") {
        if let Tidied::Text(once) = tidied(&text) {
            let Tidied::Text(twice) = tidied(&once) else { panic!("{text:?} → {once:?}") };
            proptest::prop_assert_eq!(once, twice);
        }
    }
}
