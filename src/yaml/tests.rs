//! Tests of the reader as a whole: what it reads, what it refuses and in which words, and hostile input.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::format_push_string, clippy::format_collect)]

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;

const FILE: FileId = FileId(0);

fn slice(text: &str, span: Span) -> &str {
    &text[span.start as usize..span.end as usize]
}

/// The tree in one line; `~` before plain scalars, `<…>` the text of each span.
fn show(node: &Node, text: &str) -> String {
    let place = |span: Span| format!("<{}>", slice(text, span)).replace('\n', "⏎");
    match &node.kind {
        Kind::Scalar(s) => format!("{}{}{}", if s.plain { "~" } else { "" }, s.text, place(node.span)),
        Kind::Seq(items) => {
            format!("[{}]{}", items.iter().map(|n| show(n, text)).collect::<Vec<_>>().join(", "), place(node.span))
        }
        Kind::Map(entries) => {
            let entry = |e: &Entry| format!("{}{}: {}", e.key.value, place(e.key.span), show(&e.value, text));
            format!("{{{}}}{}", entries.iter().map(entry).collect::<Vec<_>>().join(", "), place(node.span))
        }
    }
}

fn read(text: &str) -> Node {
    let (tree, findings) = parse(FILE, text, &Caps::default());
    assert!(findings.is_empty(), "{text:?}: {findings:?}");
    tree.unwrap()
}

/// Findings as `id <primary> message; help; = fix`.
fn findings(text: &str) -> (Option<Node>, Vec<String>) {
    let (tree, findings) = parse(FILE, text, &Caps::default());
    let line = |f: &Finding| {
        let mut out = format!("{} <{}> {}", f.id, slice(text, f.primary.span), f.message);
        for label in &f.related {
            out += &format!("; <{}> {}", slice(text, label.span), label.text);
        }
        out += &f.help.as_ref().map_or(String::new(), |h| format!("; {h}"));
        out
    };
    (tree, findings.iter().map(line).collect())
}

/// The text after all fixes.
fn mended(text: &str) -> String {
    let (_, findings) = parse(FILE, text, &Caps::default());
    let mut edits: Vec<_> = findings.iter().flat_map(|f| f.fix.iter().flat_map(|fix| fix.edits.clone())).collect();
    edits.sort();
    let mut out = text.to_owned();
    for edit in edits.into_iter().rev() {
        out.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
    }
    out
}

#[test]
fn every_scalar_key_and_collection_knows_its_place() {
    for (text, tree) in [
        ("a: b # c\n", "{a<a>: ~b<b>}<a: b>"),
        ("on: no\n", "{on<on>: ~no<no>}<on: no>"),
        ("a: 'x''y' # 'c'\n", "{a<a>: x'y<'x''y'>}<a: 'x''y'>"),
        ("a: \"x\\\"y\" # \"c\"\n", "{a<a>: x\"y<\"x\\\"y\">}<a: \"x\\\"y\">"),
        ("a: {b: 1} # c\nd: 2\n", "{a<a>: {b<b>: ~1<1>}<{b: 1}>, d<d>: ~2<2>}<a: {b: 1} # c⏎d: 2>"),
        ("a:\n  b: 1\n\n# c\nd: 2\n", "{a<a>: {b<b>: ~1<1>}<b: 1>, d<d>: ~2<2>}<a:⏎  b: 1⏎⏎# c⏎d: 2>"),
        ("a:\n- b\n- c\nd: 1\n", "{a<a>: [~b<b>, ~c<c>]<- b⏎- c>, d<d>: ~1<1>}<a:⏎- b⏎- c⏎d: 1>"),
        ("a:\n  - b\n  - c: 1\n", "{a<a>: [~b<b>, {c<c>: ~1<1>}<c: 1>]<- b⏎  - c: 1>}<a:⏎  - b⏎  - c: 1>"),
        ("a:\nb: ~\n", "{a<a>: ~<>, b<b>: ~~<~>}<a:⏎b: ~>"),
        ("a: |\n  x\n  y\n\nb: 1\n", "{a<a>: x\ny\n<x⏎  y>, b<b>: ~1<1>}<a: |⏎  x⏎  y⏎⏎b: 1>"),
        ("ä: €\nb: 𝄞x\n", "{ä<ä>: ~€<€>, b<b>: ~𝄞x<𝄞x>}<ä: €⏎b: 𝄞x>"),
        ("a: &x # c\n  b: 1\nc: *x\n", "{a<a>: {b<b>: ~1<1>}<b: 1>, c<c>: {b<b>: ~1<1>}<*x>}<a: &x # c⏎  b: 1⏎c: *x>"),
        (
            "a: !!str 5\nb: ! 6\nc: !!int \"7\"\n",
            "{a<a>: 5<5>, b<b>: 6<6>, c<c>: ~7<\"7\">}<a: !!str 5⏎b: ! 6⏎c: !!int \"7\">",
        ),
        ("[a: 1, b]", "[{a<a>: ~1<1>}<a: 1>, ~b<b>]<[a: 1, b]>"),
        ("{\"a\":1,'b':[]}", "{a<\"a\">: ~1<1>, b<'b'>: []<[]>}<{\"a\":1,'b':[]}>"),
        ("%YAML 1.2\n---\na: 1\n...\n", "{a<a>: ~1<1>}<a: 1>"),
        ("a:\r\n  b: 1\r\n", "{a<a>: {b<b>: ~1<1>}<b: 1>}<a:\r⏎  b: 1>"),
        ("# nothing\n", "~<>"),
        ("", "~<>"),
    ] {
        assert_eq!(show(&read(text), text), tree, "{text:?}");
    }
}

#[test]
fn defects_are_reported_together_and_the_rest_is_kept() {
    let text = "a: &x 1\na: 2\nb: *y\nc: !Sub d\n? [e]\n: f\n: g\nh: [1, *nope]\ni: &i [*i]\n";
    let (tree, found) = findings(text);
    assert_eq!(
        found,
        [
            "duplicate-key <a> the key `a` is written twice; <a> the first; keep one of the two, or give one of them another name",
            "undefined-alias <*y> no anchor `&y` stands before this alias; did you mean `*x`?",
            "unknown-tag <!Sub> the tag `!Sub` is not known; remove the tag; of the core schema, `!!str` is the one that is ever needed",
            "complex-key <[e]> a list is used as a key; a key is a text; write the key as text, in double quotes where it has special characters",
            "empty-key <> a key is missing before `:`; write the key, or `\"\"` if the empty text is meant",
            "undefined-alias <*nope> no anchor `&nope` stands before this alias; mark the value with the anchor first, or write the text in quotes if no alias is meant",
            "recursive-anchor <*i> `*i` stands inside of what it stands for; write the value out; a tree cannot hold itself",
        ]
    );
    let tree = tree.unwrap();
    let keys: Vec<&str> = tree.entries().map(|e| &*e.key.value).collect();
    assert_eq!(keys, ["a", "c", "h", "i"]);
    assert_eq!(tree.get("a").unwrap().as_str(), Some("1"));
    assert_eq!(tree.get("h").unwrap().items().len(), 1);
}

#[test]
fn tags_of_the_core_schema_must_fit() {
    let help = "remove the tag; of the core schema, `!!str` is the one that is ever needed";
    let (tree, found) = findings("a: !!seq b\nc: !!map [d]\ne: !!seq [f]\ng: !!binary aGk=\n");
    assert_eq!(
        found,
        [
            format!("unknown-tag <!!seq> the tag `!!seq` does not fit the value behind it; {help}"),
            format!("unknown-tag <!!map> the tag `!!map` does not fit the value behind it; {help}"),
            format!("unknown-tag <!!binary> the tag `!!binary` is not known; {help}"),
        ]
    );
    assert_eq!(tree.unwrap().entries().len(), 4);
}

#[test]
fn control_characters_end_the_reading() {
    let (tree, found) = findings("a: 1\nb: \0\nc: [\n");
    assert_eq!(
        found,
        [
            "control-character <\0> a null character is no part of YAML; remove it, or write it inside double quotes as `\\x00`"
        ]
    );
    assert!(tree.is_none());
    assert_eq!(read("a: \"\\x00\\x1b\"\n").get("a").unwrap().as_str(), Some("\0\u{1b}"));
}

#[test]
fn keys_do_not_count_against_the_cap() {
    let text: String = (0..100).map(|i| format!("k{i}: 1\n")).collect();
    let caps = Caps { nodes: 101, ..Caps::default() };
    assert!(parse(FILE, &text, &caps).1.is_empty());
    let (tree, found) = parse(FILE, &text, &Caps { nodes: 100, ..caps });
    assert!(tree.is_none());
    let finding = found.iter().next().unwrap();
    assert_eq!((finding.id, slice(&text, finding.primary.span), finding.primary.span.start), ("too-large", "1", 688));
}

#[test]
fn one_slip_is_one_finding() {
    let (_, found) = findings("{{ x }}: 1\nb: {{ y }}\n");
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].starts_with("complex-key <{ x }> a mapping is used as a key; a key is a text; if the braces"));
    let (tree, found) = findings("*x : 1\nb: 2\n");
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(tree.unwrap().entries().len(), 1);
}

#[test]
fn duplicate_keys_are_found_in_large_mappings_too() {
    let text: String = (0..40).map(|i| format!("k{}: {i}\n", i % 39)).collect();
    let (tree, found) = findings(&text);
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("duplicate-key <k0> the key `k0` is written twice; <k0> the first"), "{found:?}");
    assert_eq!(tree.unwrap().entries().len(), 39);
}

#[test]
fn merge_keys_are_refused_with_what_they_would_bring() {
    let text = "b: &b {m: 1, n: [1, 2], o: x y}\nf:\n  <<: *b\n  n: 2\ng: {<<: *b}\nh: {\"<<\": 1}\n";
    let (tree, found) = findings(text);
    assert_eq!(
        found,
        [
            "merge-key <<<> the merge key `<<` is not part of YAML 1.2; write the keys out: `m: 1, o: x y`",
            "merge-key <<<> the merge key `<<` is not part of YAML 1.2; write the keys out: `m: 1, n: [1, 2], o: x y`",
        ]
    );
    let tree = tree.unwrap();
    assert_eq!(tree.at(&["f", "n"]).unwrap().as_str(), Some("2"));
    assert_eq!(tree.at(&["f", "o"]).unwrap().as_str(), Some("x y"));
    assert_eq!(tree.at(&["h", "<<"]).unwrap().as_str(), Some("1"));
    let mended = mended(text);
    assert_eq!(
        mended,
        "b: &b {m: 1, n: [1, 2], o: x y}\nf:\n  m: 1\n  o: x y\n  n: 2\ng: {m: 1, n: [1, 2], o: x y}\nh: {\"<<\": 1}\n"
    );
    read(&mended);
}

#[test]
fn merge_keys_without_a_short_form_are_named() {
    let (_, found) = findings("b: &b\n  m:\n    deep: 1\nc: &c {x: 1}\nf:\n  <<: [*b, *c]\ng:\n  <<: 1\n");
    assert_eq!(found[0], "merge-key <<<> the merge key `<<` is not part of YAML 1.2; write the keys out: `m`, `x`");
    assert_eq!(found[1], "merge-key <<<> the merge key `<<` is not part of YAML 1.2; remove it");
}

#[test]
fn syntax_errors_say_what_to_do() {
    for (text, expected) in [
        ("a: b: c\n", "<:> a second `: ` stands in this line; write the text in double quotes: `\"b: c\"`"),
        (
            "a:\n\tb: c\n",
            "<\t> a tab is used for indentation; indent with blanks: YAML counts columns, and a tab has no width",
        ),
        (
            "a: 1\n  b: 2\n",
            "<b> the key `b` is indented deeper than the one above; <a: 1> this line has a value already; indent it like the key that it belongs to",
        ),
        (
            "a: 1\nfoo\nb: 2\n",
            "<foo> this line is no `key: value`; put a `:` behind the key, or indent the line if it belongs to the text above",
        ),
        ("a:b\nc: 1\n", "<a:b> this line is no `key: value`; write a blank behind the colon: `a: b`"),
        (
            "a:\n  - x\n  y: 1\n",
            "<y> this line is no item of the list above it; start it with `- `, or indent it like the key that it belongs to",
        ),
        ("a: - b\n", "<-> a list item stands where none can be; start the list on the next line"),
        (
            "a: {b: 1\nc: 2}\n",
            "<:> a `,` or `}` is missing; <{> opened here; close the bracket, or put a comma between two entries",
        ),
        ("a: [1, 2\n", "<[> `[` is not closed; write `]` behind the last entry"),
        ("a: {b: 1", "<{> `{` is not closed; write `}` behind the last entry"),
        (
            "a: }\n",
            "<}> a bracket is closed that was not opened; remove it, or write the text that holds it in double quotes",
        ),
        ("a: \"foo\nb: 1\n", "<\"> this quote is not closed; close it on the same line"),
        (
            "a: 'it's'\n",
            "<s> something follows behind the closing quote; write the whole text in quotes: `\"…\"` with `\\\"` inside, or `'…'` with `''` inside",
        ),
        (
            "a: \"x\\n\\d\"\n",
            "<\\d> `\\d` is no escape of double quotes; write `\\\\d`, or use single quotes, in which a backslash is a plain character",
        ),
        ("a: @x # c\n", "<@> no text starts with '@' unless it is quoted; write the text in double quotes: `\"@x\"`"),
        (
            "a: { r: GET /o/{id}, b: 1 }\n",
            "<{> `{` ends a text that has no quotes; write the text in double quotes: `\"GET /o/{id}\"`",
        ),
        (
            "a: { r: ${var.x} }\n",
            "<{> `{` ends a text that has no quotes; write the text in double quotes: `\"${var.x}\"`",
        ),
        (
            "a: foo # c\n  bar\n",
            "<#> a comment stands inside of a text of several lines; move the comment away, or indent the next line like the key that it belongs to",
        ),
        ("a: 1\n\u{feff}b: 2\n", "<\u{feff}> a byte order mark stands inside of the text; remove it"),
        ("a: |\n  foo\n bar\n", "<b> this line fits no mapping above it; indent it like the keys that it belongs to"),
        ("a: &\n", "<&> `&` or `*` without a name; write the text that starts with it in double quotes"),
        ("a: [\nb\n]\n", "<b> this line is indented less than what it belongs to; <[> opened here; indent it further"),
    ] {
        let (tree, found) = findings(text);
        assert_eq!(found, [format!("yaml-syntax {expected}")], "{text:?}");
        assert!(tree.is_none());
    }
    let (_, found) = findings("a: !foo!bar x\n");
    assert_eq!(found, ["unknown-tag <!foo!bar> the tag `!foo!bar` is not known; remove the tag"]);
}

#[test]
fn fixes_give_what_was_meant() {
    for (text, expected) in [
        ("a: b: c # d\n", "a: \"b: c\" # d\n"),
        ("a:b\nc: 1\n", "a: b\nc: 1\n"),
        ("a: %x\n", "a: \"%x\"\n"),
        ("a: { r: GET /o/{id}, b: 1 }\n", "a: { r: \"GET /o/{id}\", b: 1 }\n"),
        ("a: [${app}, x]\n", "a: [\"${app}\", x]\n"),
        ("a: !Sub foo\n", "a: foo\n"),
        ("long-name: &long-name 1\nb: *long-nam\n", "long-name: &long-name 1\nb: *long-name\n"),
        ("\u{feff}a: 1\n", "a: 1\n"),
    ] {
        assert_eq!(mended(text), expected, "{text:?}");
        read(expected);
    }
}

#[test]
fn a_leading_byte_order_mark_is_a_warning() {
    let text = "\u{feff}a: 1\nb: 2\n";
    let (tree, found) = parse(FILE, text, &Caps::default());
    assert_eq!((found.len(), found.has_errors()), (1, false));
    assert_eq!(show(&tree.unwrap(), text), "{a<a>: ~1<1>, b<b>: ~2<2>}<a: 1⏎b: 2>");
}

#[test]
fn a_second_document_is_refused_and_the_first_kept() {
    for (text, place) in [("a: 1\n---\nb: 2\n", "<--->"), ("a: 1\n...\nb: 2\n", "<b>"), ("---\n---\n", "<--->")] {
        let (tree, found) = findings(text);
        assert_eq!(
            found,
            [format!(
                "several-documents {place} a second document starts here; one file holds one; remove the `---`, or move what follows into a file of its own"
            )]
        );
        assert!(tree.is_some());
    }
}

#[test]
fn depth_is_capped_in_every_form() {
    let nested = |n: usize| format!("{}1{}", "[".repeat(n), "]".repeat(n));
    assert!(parse(FILE, &nested(64), &Caps::default()).1.is_empty());
    let blocks: String = (0..65).map(|i| format!("{}a:\n", " ".repeat(i))).collect();
    let aliased = format!("a: &a {}\nb: {}*a{}\n", nested(40), "[".repeat(40), "]".repeat(40));
    for text in [nested(65), blocks, "- ".repeat(66) + "x", aliased, "? ".repeat(66) + "x"] {
        let (tree, found) = findings(&text);
        assert!(tree.is_none());
        assert_eq!(found.len(), 1, "{text:.80}: {found:?}");
        assert!(
            found[0].starts_with("too-deep <") && found[0].contains("more than 64 levels are nested; write it flatter")
        );
    }
}

#[test]
fn brackets_inside_texts_and_comments_are_no_depth() {
    let many = "[{".repeat(200);
    let text = format!("a: \"{many}\" # {many}\nb: '{many}'\nc: x{many}\nd: |\n  {many}\n# {many}\n- x\n")
        .replace("- x\n", "e:\n  - # [\n    x\n");
    assert_eq!(read(&text).entries().len(), 5);
    let lists: String = (0..500).map(|_| "- {a: [1], b: []} # [\n").collect();
    assert_eq!(read(&lists).items().len(), 500);
}

#[test]
fn hostile_files_are_refused_at_once() {
    let laughs = |levels: usize| {
        let mut text = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n".to_owned();
        for i in 1..levels {
            let refs = vec![format!("*a{}", i - 1); 10].join(", ");
            text += &format!("a{i}: &a{i} [{refs}]\n");
        }
        text
    };
    let started = Instant::now();
    for (text, id) in [
        ("[".repeat(100_000), "too-deep"),
        ("{a: ".repeat(100_000), "too-deep"),
        ("- [".to_owned() + &"[".repeat(1_000_000), "too-deep"),
        ("a: [{".repeat(200_000), "too-deep"),
        ("[".to_owned() + &"a,".repeat(60_000), "too-large"),
        ("- x\n".repeat(60_000), "too-large"),
        (laughs(9), "alias-expansion"),
        ("x".repeat((16 << 20) + 1), "too-large"),
        ("? ".repeat(100_000), "too-deep"),
        ("&a ".repeat(100_000), "yaml-syntax"),
        ("*a ".repeat(100_000), "undefined-alias"),
        ("a: 1\n".repeat(100_000), "too-many-findings"),
        ("\"".to_owned() + &"\\\n".repeat(100_000), "yaml-syntax"),
        ("a: |\n".to_owned() + &" \n".repeat(100_000) + "b", "yaml-syntax"),
    ] {
        let roomy = Caps::default();
        let caps = if id == "too-large" { Caps { nodes: 50_000, ..roomy } } else { roomy };
        let (tree, found) = parse(FILE, &text, &caps);
        assert!(found.iter().any(|f| f.id == id), "{text:.20} {id}: {:?}", found.iter().last());
        assert!(tree.is_none() || id == "undefined-alias", "{text:.20}");
    }
    // Generous for a debug build on a busy machine; without the guard it would be hours.
    assert!(started.elapsed() < Duration::from_secs(60), "{:?}", started.elapsed());
}

#[test]
fn aliases_that_stay_within_the_caps_are_shared() {
    let text = "a: &a {x: [1, 2, 3]}\nb:\n".to_owned() + &"  - *a\n".repeat(1_500);
    let tree = read(&text);
    let first = &tree.get("b").unwrap().items().next().unwrap().kind;
    let (Kind::Map(shared), Kind::Map(origin)) = (first, &tree.get("a").unwrap().kind) else { panic!("no mappings") };
    assert!(std::sync::Arc::ptr_eq(shared, origin));
    assert_eq!(tree.size(usize::MAX), 1 + 5 + 1 + 1_500 * 5);
    let caps = Caps { nodes: 1_000, ..Caps::default() };
    let (tree, found) = parse(FILE, &text, &caps);
    assert!(tree.is_none());
    assert_eq!(
        found.iter().next().unwrap().message,
        "the file has more than 1000 values, those behind aliases included"
    );
}

#[test]
fn alias_expansion_counts_what_is_written() {
    let big = format!("a: &a [{}]\n", "x, ".repeat(500));
    let text = big + "b:\n" + &"  - *a\n".repeat(300);
    let roomy = Caps { alias_factor: 1_000, ..Caps::default() };
    assert!(parse(FILE, &text, &roomy).1.is_empty());
    let (_, found) = parse(FILE, &text, &Caps::default());
    assert_eq!(found.iter().next().unwrap().id, "alias-expansion");
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        let _ = parse(FILE, &text, &Caps::default());
    }

    #[test]
    fn no_yaml_like_text_makes_it_panic(
        parts in proptest::collection::vec(
            prop_oneof![
                Just("a: "), Just("b: "), Just("- "), Just("? "), Just("\n"), Just("\n  "), Just("\n\t"), Just("["), Just("]"), Just("{"),
                Just("}"), Just(", "), Just("&x "), Just("*x"), Just("*y "), Just("!t "), Just("!!str "), Just("'"), Just("\""),
                Just("|\n"), Just(">-\n "), Just("#"), Just("---\n"), Just("...\n"), Just("<<: "), Just("ä"), Just("\r\n"), Just("\\"),
                Just("%TAG ! x\n"), Just("\u{feff}"), Just("${x}"), Just(": "),
            ],
            0..40,
        )
    ) {
        let text = parts.concat();
        let (tree, found) = parse(FILE, &text, &Caps::default());
        prop_assert!(tree.is_some() || found.has_errors());
        for f in found.iter() {
            let spans = f.related.iter().map(|l| l.span).chain([f.primary.span]).chain(f.fix.iter().flat_map(|x| x.edits.iter().map(|e| e.span)));
            for span in spans {
                prop_assert!(text.get(span.start as usize..span.end as usize).is_some(), "{:?} in {:?}", f, text);
            }
        }
        let mut open: Vec<Node> = tree.into_iter().collect();
        while let Some(node) = open.pop() {
            prop_assert!(text.get(node.span.start as usize..node.span.end as usize).is_some(), "{:?} in {:?}", node, text);
            open.extend(node.items().cloned());
            open.extend(node.entries().map(|e| e.value.clone()));
        }
    }
}
