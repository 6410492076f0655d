//! Includes and joining.

use super::*;
use crate::base::ReadError;

#[test]
fn fragments_are_joined_in_the_order_of_globs_and_names() {
    let run = run(&[
        ("isobar.yaml", "app: a\ninclude: [functions/*.yaml, data.yaml, data.yaml]\nfunctions: { own: { x: 1 } }\n"),
        ("functions/b.yaml", "functions: { b: { x: 2 } }\n"),
        ("functions/a.yaml", "functions: { a: { x: 3 } }\ninclude: [deep/**/*.yaml, ../more.yaml]\n"),
        ("functions/deep/er/c.yaml", "functions: { c: { x: 4 } }\n"),
        ("functions/notes.txt", "no: yaml: at: all"),
        ("data.yaml", "resources: { t: { type: table } }\nvars: { v: 1 }\n"),
        ("more.yaml", "# nothing yet\n"),
    ]);
    assert_eq!(
        run.tree(),
        "{app: a, functions: {own: {x: 1}, a: {x: 3}, b: {x: 2}, c: {x: 4}}, resources: {t: {type: table}}}"
    );
    let paths: Vec<&str> = run.sources.iter().map(|(_, f)| f.path()).collect();
    assert_eq!(
        paths,
        ["isobar.yaml", "functions/a.yaml", "functions/b.yaml", "data.yaml", "functions/deep/er/c.yaml", "more.yaml"]
    );
    let out = run.out.unwrap();
    let c = out.tree.at(&["functions", "c", "x"]).unwrap();
    assert_eq!(run.sources.place(c.span), "functions/deep/er/c.yaml:1");
}

#[test]
fn a_glob_that_also_matches_its_own_file_is_no_cycle() {
    let run = run(&[
        ("isobar.yaml", "app: a\ninclude: '*.yaml'\n"),
        ("b.yaml", "include: ['*.yaml']\nfunctions: { b: {} }\n"),
    ]);
    assert_eq!(run.tree(), "{app: a, functions: {b: {}}}");
}

#[test]
fn a_name_declared_twice_is_an_error_at_both_places() {
    let run = run(&[
        (
            "isobar.yaml",
            "app: a\ninclude: [x.yaml]\nfunctions:\n  f: { a: 1 }\ndefaults: { function: { memory: 1 } }\n",
        ),
        ("x.yaml", "functions:\n  g: {}\n  f: { b: 1 }\ndefaults: { function: { memory: 2 } }\n"),
    ]);
    fails(
        &run,
        &[
            "x.yaml:3 <f> duplicate-name: `f` is declared twice under `functions`; isobar.yaml:4 <f> the first; keep one of the two, or give one of them another name",
            "x.yaml:4 <function> duplicate-name: `function` is declared twice under `defaults`; isobar.yaml:5 <function> the first; keep one of the two, or give one of them another name",
        ],
    );
    let out = run.out.unwrap();
    assert_eq!(flow(out.tree.get("functions").unwrap()), "{f: {a: 1}, g: {}}");
}

#[test]
fn environments_of_fragments_are_joined_by_node() {
    let files = [
        (
            "isobar.yaml",
            "app: a\ninclude: [x.yaml]\nenvironments: { prod: { protected: true, functions: { f: { n: 5 } } } }\nfunctions: { f: { n: 1 } }\n",
        ),
        ("x.yaml", "functions: { g: { n: 1 } }\nenvironments: { prod: { functions: { g: { n: 6 } } }, test: }\n"),
    ];
    let prod = Request { environment: Some("prod".into()), vars: Vec::new() };
    let prod = run_with(&files, &prod);
    assert_eq!(prod.tree(), "{app: a, functions: {f: {n: 5}, g: {n: 6}}}");
    let out = prod.out.unwrap();
    assert!(out.protected);
    assert_eq!(out.environments.iter().map(|e| e.value.as_str()).collect::<Vec<_>>(), ["prod", "test"]);
    let twice = run(&[files[0], ("x.yaml", "environments: { prod: { functions: { f: { n: 6 } } } }\n")]);
    assert_eq!(twice.lines().len(), 1);
    assert!(twice.lines()[0].starts_with(
        "x.yaml:1 <f> duplicate-name: `f` is declared twice under `environments.prod.functions`; isobar.yaml:3 <f> the first"
    ));
}

#[test]
fn what_describes_the_application_stands_in_the_root() {
    let run = run(&[
        ("isobar.yaml", "app: a\ninclude: [x.yaml]\nfunctions:\n"),
        ("x.yaml", "isobar: 1\napp: b\nfunctions: { f: {} }\nresources: [t]\nworkflows:\n"),
    ]);
    fails(
        &run,
        &[
            "x.yaml:1 <isobar> root-only: `isobar` is written in the file that includes this one, once for the application; move it there, or remove it here",
            "x.yaml:2 <app> root-only: `app` is written in the file that includes this one, once for the application; move it there, or remove it here",
            "x.yaml:4 <resources> root-only: `resources` is a list; an included file adds mappings only; move it there, or remove it here",
        ],
    );
    assert_eq!(flow(&run.out.unwrap().tree), "{app: a, functions: {f: {}}, workflows: }");
}

#[test]
fn includes_that_cannot_be_read_are_reported_where_they_are_written() {
    let text = "app: a\ninclude:\n  - functoins/a.yaml\n  - none/*.yaml\n  - functions/*.yml\n  - ../x.yaml\n  - /etc/passwd\n  - a/../../x\n  - 'b/*/../c'\n  - 'c\\d.yaml'\n  - functions\n  - 'a[b.yaml'\n  - ${app}.yaml\n  -\n  - {}\n  - isobar.yaml\n  - functions/e.yaml\n";
    let run = run(&[("isobar.yaml", text), ("functions/a.yaml", "x: {}\n"), ("functions/e.yaml", "[a]\n")]);
    let help = "globs are relative to the file that includes them";
    fails(
        &run,
        &[
            &format!("isobar.yaml:4 <none/*.yaml> include-missing: there is no folder `none`; {help}"),
            &format!(
                "isobar.yaml:5 <functions/*.yml> include-missing: `functions/*.yml` matches no file; {help}; `*` stays in a folder, `**` goes below it"
            ),
            "isobar.yaml:6 <../x.yaml> include-outside: `../x.yaml` leads outside of the folder of `isobar.yaml`; move the file into the folder and name it from there",
            "isobar.yaml:7 </etc/passwd> include-outside: `/etc/passwd` leads outside of the folder of `isobar.yaml`; move the file into the folder and name it from there",
            "isobar.yaml:8 <a/../../x> include-outside: `a/../../x` leads outside of the folder of `isobar.yaml`; move the file into the folder and name it from there",
            "isobar.yaml:9 <'b/*/../c'> include-outside: `b/*/../c` leads outside of the folder of `isobar.yaml`; move the file into the folder and name it from there",
            "isobar.yaml:10 <'c\\d.yaml'> include-path: `c\\d.yaml` has a backslash; write `c/d.yaml`",
            "isobar.yaml:12 <'a[b.yaml'> include-path: `a[b.yaml` is no glob: unclosed character class; missing ']'; use `*`, `**`, `?`, `[ab]` and `{a,b}`",
            "isobar.yaml:13 <${app}.yaml> include-path: `${app}.yaml` has a variable in a path; write the path out; files are read before variables are known",
            "isobar.yaml:14 <> include-path: null is no path; write a path or a glob such as `functions/*.yaml`",
            "isobar.yaml:15 <{}> include-path: a mapping is no path; write a path or a glob such as `functions/*.yaml`",
            "isobar.yaml:16 <isobar.yaml> include-cycle: `isobar.yaml` includes itself; remove one of the includes; every file is read once",
            "isobar.yaml:3 <functoins/a.yaml> include-missing: there is no file `functoins/a.yaml`; did you mean `functions/a.yaml`?",
            "isobar.yaml:11 <functions> not-a-file: `functions` is a folder; name the files in it: `functions/*.yaml`",
            "functions/e.yaml:1 <[a]> not-a-mapping: `functions/e.yaml` is a list, not a mapping; write `key: value` lines such as `functions:` with its entries below",
        ],
    );
    assert!(!run.out.unwrap().complete);
}

#[test]
fn a_misspelt_include_is_corrected() {
    let run = run(&[
        ("isobar.yaml", "include: sub/index.yaml\n"),
        ("sub/index.yaml", "include: [ordres.yaml]\n"),
        ("sub/orders.yaml", "x: {}\n"),
    ]);
    fails(
        &run,
        &[
            "sub/index.yaml:1 <ordres.yaml> include-missing: there is no file `sub/ordres.yaml`; did you mean `orders.yaml`?",
        ],
    );
}

#[test]
fn cycles_over_several_files_are_found() {
    let run = run(&[
        ("isobar.yaml", "include: a/a.yaml\n"),
        ("a/a.yaml", "include: [b.yaml]\n"),
        ("a/b.yaml", "include: [../isobar.yaml, a.yaml]\n"),
    ]);
    let help = "remove one of the includes; every file is read once";
    fails(
        &run,
        &[
            &format!(
                "a/b.yaml:1 <../isobar.yaml> include-cycle: `a/b.yaml` includes `isobar.yaml`, which includes it; {help}"
            ),
            &format!("a/b.yaml:1 <a.yaml> include-cycle: `a/b.yaml` includes `a/a.yaml`, which includes it; {help}"),
        ],
    );
}

#[test]
fn cycles_are_found_however_they_are_reached() {
    for include in ["['sub/*.yaml']", "[sub/b.yaml, sub/c.yaml]", "[sub/c.yaml, sub/b.yaml]", "[sub/d.yaml, 'sub/*']"] {
        let run = run(&[
            ("isobar.yaml", &format!("include: {include}\n")),
            ("sub/b.yaml", "include: [c.yaml]\n"),
            ("sub/c.yaml", "include: [d.yaml]\n"),
            ("sub/d.yaml", "include: [b.yaml, c.yaml]\n"),
        ]);
        let cycles = run.findings.iter().filter(|finding| finding.id == "include-cycle").count();
        assert!(cycles > 0, "{include}");
    }
    // Two ways to one file are none.
    let run = run(&[
        ("isobar.yaml", "app: a\ninclude: [sub/b.yaml, 'sub/*.yaml']\n"),
        ("sub/b.yaml", "include: [d.yaml, c.yaml]\n"),
        ("sub/c.yaml", "include: [d.yaml, e.yaml]\n"),
        ("sub/d.yaml", "include: [e.yaml]\n"),
        ("sub/e.yaml", "include: ['*.yaml']\n"),
    ]);
    assert_eq!(run.tree(), "{app: a}");
}

#[test]
fn an_include_that_is_no_list_is_refused() {
    fails(
        &run(&[("isobar.yaml", "include: { a: b }\n")]),
        &[
            "isobar.yaml:1 <{ a: b }> include-path: `include` is a mapping, not a list of paths; write `include: [functions/*.yaml]`",
        ],
    );
}

#[test]
fn too_many_files_are_one_finding() {
    let mut files = MemoryFiles::new().with("isobar.yaml", "include: [f/*.yaml, f/**]\n");
    for i in 0..1_200 {
        files.insert(&format!("f/{i:04}.yaml"), format!("functions: {{ f{i}: {{}} }}\n"));
    }
    let mut sources = Sources::default();
    let (out, findings) =
        assemble(&files, &RelPath::resolve("", "isobar.yaml").unwrap(), &Request::default(), &mut sources);
    assert_eq!(findings.iter().map(|f| f.id).collect::<Vec<_>>(), ["too-many-files"]);
    assert_eq!(findings.iter().next().unwrap().message, "the application has more than 1000 files");
    assert_eq!(out.unwrap().tree.get("functions").unwrap().entries().len(), 999);
}

#[test]
fn files_that_are_no_text_are_reported_at_the_include_and_in_the_file() {
    let files = MemoryFiles::new()
        .with("isobar.yaml", "app: a\ninclude: [x.yaml, big.yaml]\n")
        .with("x.yaml", b"functions:\n  caf\xE9: {}\n".to_vec())
        .with("big.yaml", vec![b'#'; (16 << 20) + 1]);
    let mut sources = Sources::default();
    let root = RelPath::resolve("", "isobar.yaml").unwrap();
    let (out, findings) = assemble(&files, &root, &Request::default(), &mut sources);
    let run = Run { out, findings, sources };
    fails(
        &run,
        &[
            "isobar.yaml:2 <x.yaml> not-utf8: `x.yaml` cannot be read: it is not UTF-8: the byte 0xE9 starts no character; x.yaml:2 <\u{FFFD}> here; save the file as UTF-8",
            "isobar.yaml:2 <big.yaml> too-large: `big.yaml` has 16777217 bytes, more than the 16777216 that are read; split the application",
        ],
    );
}

#[test]
fn a_root_that_cannot_be_read_is_a_finding_without_a_tree() {
    let missing = run(&[("other.yaml", "app: a\n")]);
    fails(
        &missing,
        &[
            "isobar.yaml:1 <> spec-missing: there is no file `isobar.yaml`; `isobar init` writes a small application; or give the path of the file",
        ],
    );
    assert!(missing.out.is_none());
    let empty = run(&[("isobar.yaml", "# soon\n")]);
    fails(
        &empty,
        &[
            "isobar.yaml:1 <> empty-spec: `isobar.yaml` is empty; start with `isobar: 1` and `app: <name>`; `isobar init` writes a small application",
        ],
    );
    assert!(empty.out.is_none());
    let list = run(&[("isobar.yaml", "- a\n- b\n")]);
    fails(
        &list,
        &[
            "isobar.yaml:1 <- a> not-a-mapping: `isobar.yaml` is a list, not a mapping; write `key: value` lines such as `functions:` with its entries below",
        ],
    );
    let broken = run(&[("isobar.yaml", "a: [\n")]);
    assert!(broken.out.is_none());
    assert!(broken.lines()[0].starts_with("isobar.yaml:1 <[> yaml-syntax: `[` is not closed"));
    let folder = run(&[("isobar.yaml/x", "")]);
    assert!(folder.lines()[0].starts_with("isobar.yaml:1 <> not-a-file: `isobar.yaml` is a folder"));
}

/// A disk on which something is wrong with everything but the root.
struct Odd(&'static str);

impl Files for Odd {
    fn read(&self, path: &RelPath, cap: u64) -> Result<Vec<u8>, ReadError> {
        match path.as_str() {
            "isobar.yaml" => Ok(self.0.into()),
            "link.yaml" => Err(ReadError::Outside),
            "secret.yaml" => Err(ReadError::Io("permission denied".into())),
            "grown.yaml" => Err(ReadError::TooLarge { size: 99, cap }),
            path if path.starts_with("many/") => {
                Ok(format!("x: &a [{}]\ny: [{}]\n", "1, ".repeat(10_000), "*a, ".repeat(9)).into())
            }
            _ => Err(ReadError::Missing),
        }
    }

    fn list(&self, folder: &RelPath, cap: usize) -> Result<Vec<RelPath>, ReadError> {
        let names =
            |n: usize| (0..n).filter_map(|i| RelPath::resolve(folder.as_str(), &format!("{i:06}.yaml"))).collect();
        match folder.as_str() {
            "huge" => Ok(names(cap)),
            "many" => Ok(names(12)),
            "locked" => Err(ReadError::Io("permission denied".into())),
            _ => Err(ReadError::Missing),
        }
    }
}

fn odd(text: &'static str) -> Run {
    let mut sources = Sources::default();
    let root = RelPath::resolve("", "isobar.yaml").unwrap();
    let (out, findings) = assemble(&Odd(text), &root, &Request::default(), &mut sources);
    Run { out, findings, sources }
}

#[test]
fn what_the_disk_refuses_is_reported_at_the_include() {
    fails(
        &odd("include: [link.yaml, secret.yaml, grown.yaml, huge/*, locked/*]\n"),
        &[
            "isobar.yaml:1 <huge/*> too-many-files: `huge/*` has to look at more than 100000 files; start the glob with the folder of the fragments: `functions/*.yaml`",
            "isobar.yaml:1 <locked/*> unreadable-file: `locked` cannot be read: permission denied",
            "isobar.yaml:1 <link.yaml> include-outside: `link.yaml` leads outside of the folder of `isobar.yaml`; move the file into the folder; links out of it are not followed",
            "isobar.yaml:1 <secret.yaml> unreadable-file: `secret.yaml` cannot be read: permission denied",
            "isobar.yaml:1 <grown.yaml> too-large: with `grown.yaml` the files have more than 67108864 bytes; split the application",
        ],
    );
}

#[test]
fn all_files_together_stay_within_the_caps() {
    let run = odd("include: many/*\n");
    let ids: Vec<_> = run.findings.iter().filter(|f| f.id == "too-large").collect();
    assert!(!ids.is_empty());
    assert!(run.out.unwrap().tree.size(usize::MAX) <= 1_000_000);
}

#[test]
fn a_root_that_is_no_text_is_shown_where_it_stops_to_be_one() {
    let files = MemoryFiles::new().with("isobar.yaml", b"app: a\nb: \xFF\n".to_vec());
    let mut sources = Sources::default();
    let root = RelPath::resolve("", "isobar.yaml").unwrap();
    let (out, findings) = assemble(&files, &root, &Request::default(), &mut sources);
    assert!(out.is_none());
    let run = Run { out, findings, sources };
    fails(
        &run,
        &[
            "isobar.yaml:2 <\u{FFFD}> not-utf8: `isobar.yaml` cannot be read: it is not UTF-8: the byte 0xFF starts no character; save the file as UTF-8",
        ],
    );
}
