//! Generates HCL that means something to the formatter: blocks, attributes, nested expressions, comments, heredocs,
//! with blanks put anywhere.

use proptest::prelude::*;

fn blanks() -> BoxedStrategy<String> {
    prop_oneof![3 => Just(String::new()), 3 => Just(" ".to_owned()), 1 => Just("   ".to_owned()), 1 => Just("\t".to_owned())].boxed()
}

fn ident() -> BoxedStrategy<String> {
    let keyword =
        |s: &String| matches!(s.as_str(), "for" | "if" | "else" | "endif" | "endfor" | "null" | "true" | "false");
    prop_oneof!["[a-z]{1,12}", "[a-z_]{1,4}-[a-z0-9]{1,4}", Just("in".to_owned())]
        .prop_filter("keywords begin other forms", move |s| !keyword(s))
        .boxed()
}

/// A key that stands once in its block.
fn key() -> BoxedStrategy<String> {
    prop_oneof!["[a-z]{1,2}[0-9a-f]{8}", "[a-z][0-9a-z]{8,16}", "[a-z]-[a-z]{10}"].boxed()
}

fn leaf() -> BoxedStrategy<String> {
    let quoted = "\"[a-zA-Z0-9 .,:;/#=\\-éß%$<>]{0,12}\"".prop_map(|s| s.replace("$\"", "\"").replace("%\"", "\""));
    prop_oneof![
        "[0-9]{1,3}",
        "[0-9]\\.[0-9]e[0-9]",
        Just("true".to_owned()),
        Just("null".to_owned()),
        Just("-1".to_owned()),
        Just("- 5".to_owned()),
        quoted,
        Just("\"$${x}\\\"%%{y}\\n\"".to_owned()),
        (ident(), ident(), ident()).prop_map(|(a, b, c)| format!("{a}.{b}.{c}")),
        (ident(), ident()).prop_map(|(a, b)| format!("{a}.{b}[ 0 ].x[*].y")),
        (ident(), ident()).prop_map(|(a, b)| format!("{a} . {b}[\"k\"].0")),
    ]
    .boxed()
}

fn comment() -> BoxedStrategy<String> {
    prop_oneof![4 => Just(String::new()), 1 => " ?# ?[a-z=\" {(é]{0,8}", 1 => " ?//[a-z ]{0,8}x"].boxed()
}

fn list(inner: &BoxedStrategy<String>) -> BoxedStrategy<String> {
    (prop::collection::vec((inner.clone(), blanks()), 0..4), any::<bool>(), blanks())
        .prop_map(|(items, lines, blank)| {
            let gap = if lines { format!("{blank}\n{blank}") } else { blank };
            let comma = if lines && !items.is_empty() { "," } else { "" };
            let items: Vec<String> = items.into_iter().map(|(item, blank)| format!("{gap}{item}{blank}")).collect();
            format!("[{}{comma}{gap}]", items.join(","))
        })
        .boxed()
}

fn object(inner: &BoxedStrategy<String>) -> BoxedStrategy<String> {
    (prop::collection::vec((ident(), blanks(), inner.clone()), 0..4), any::<bool>(), blanks(), comment())
        .prop_map(|(items, lines, blank, comment)| {
            let items: Vec<String> =
                items.into_iter().map(|(key, gap, value)| format!("{key}{gap}={blank}{value}")).collect();
            if lines {
                format!("{{{blank}\n{blank}{}{comment}\n}}", items.join(&format!("{comment}\n{blank}")))
            } else {
                format!("{{{blank}{}{blank}}}", items.join(","))
            }
        })
        .boxed()
}

fn expression() -> BoxedStrategy<String> {
    leaf()
        .prop_recursive(4, 24, 4, |inner| {
            let i = || inner.clone();
            prop_oneof![
                2 => list(&inner),
                2 => object(&inner),
                1 => (ident(), prop::collection::vec(i(), 0..3), blanks()).prop_map(|(f, args, b)| format!("{f}({b}{}{b})", args.join(&format!("{b},")))),
                1 => (ident(), i()).prop_map(|(f, a)| format!("{f}({{\n{f} = {a}\n}})")),
                1 => (i(), blanks(), i()).prop_map(|(x, b, y)| format!("({x}{b}+{b}{y})")),
                1 => (i(), i(), i(), blanks()).prop_map(|(x, y, z, b)| format!("({x}{b}=={b}{y}{b}?{b}{z} : {x})")),
                1 => (i(), i(), blanks()).prop_map(|(x, y, b)| format!("!({x}{b}!={b}-{y})")),
                1 => (i(), blanks()).prop_map(|(x, b)| format!("{{{b}for k,{b}v in {x}{b}:{b}k=>v if{b} k>=1}}")),
                1 => (leaf(), blanks()).prop_map(|(x, b)| format!("\"a ${{{b}{x}{b}}}b%{{ if {x}}}c%{{~endif~}}\"")),
            ]
        })
        .boxed()
}

fn line(blank_lines: bool) -> BoxedStrategy<String> {
    let block = (key(), ident(), leaf(), blanks()).prop_map(|(k, a, v, b)| format!("{k}{b}{{ {a}={v}{b}}}"));
    let indented =
        (key(), blanks()).prop_map(|(k, b)| format!("{k}{b}=<<EOT\n  text {b}\n   ${{{b}a.b }} $${{c}}\n EOT "));
    let attribute = (blanks(), key(), blanks(), blanks(), expression(), comment());
    prop_oneof![
        8 => attribute.prop_map(|(a, k, b, c, v, d)| format!("{a}{k}{b}={c}{v}{d}")),
        1 => indented,
        1 => (key(), ident()).prop_map(|(k, v)| format!("{k} = <<-EOT\n    {v}  =1\n    EOT")),
        1 => comment().prop_filter("some", |c| !c.is_empty()),
        1 => block,
        if blank_lines { 2 } else { 0 } => Just(String::new()),
    ]
    .boxed()
}

/// A file of blocks, each with a nested one.
pub(crate) fn file(blank_lines: bool) -> BoxedStrategy<String> {
    let lines = move |most: usize| prop::collection::vec(line(blank_lines), 0..most).prop_map(|lines| lines.join("\n"));
    let block = (ident(), blanks(), "[a-z]{1,5}", lines(6), comment(), lines(4), lines(4), comment());
    prop::collection::vec(block, 1..3)
        .prop_map(move |blocks| {
            let text = |(kind, blank, label, body, c, inner, after, d): (String, String, String, String, String, String, String, String)| {
                format!("{kind}{blank} \"{label}\"{blank}{{{c}\n{body}\n nested{blank}{{{d}\n{inner}\n{blank}}}\n{after}\n}}\n")
            };
            let all: String = blocks.into_iter().map(text).collect();
            if blank_lines { all } else { all.split_inclusive('\n').filter(|l| !l.trim().is_empty()).collect() }
        })
        .boxed()
}
