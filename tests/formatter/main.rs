//! Our formatter of HCL against `terraform fmt`: on committed pairs always, on generated text where `ISOBAR_ORACLES` is
//! set and terraform is installed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr
)]

mod generate;

use std::io::Write as _;
use std::process::{Command, Stdio};

use generate::file;
use isobar::emit::format_hcl;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

/// Pairs of what is written and what comes out, each confirmed by `terraform fmt` (but for the blank lines).
const PAIRS: &str = include_str!("pairs.txt");

#[test]
fn pairs_come_out_as_committed() {
    let mut count = 0;
    for pair in PAIRS.split("\n====\n") {
        let (input, expected) = pair.split_once("\n----\n").unwrap_or_else(|| panic!("no ---- in {pair}"));
        let (input, expected) = (format!("{input}\n"), format!("{}\n", expected.trim_end_matches('\n')));
        assert_eq!(format_hcl(&input), expected, "from:\n{input}");
        assert_eq!(format_hcl(&expected), expected, "formatting twice");
        count += 1;
    }
    assert!(count > 15);
}

/// What `terraform fmt` makes of several files in one go; `None` where it is not installed or not wanted.
fn terraform(texts: &[String]) -> Option<Vec<String>> {
    if std::env::var_os("ISOBAR_ORACLES").is_none() {
        eprintln!("left out: ISOBAR_ORACLES is not set");
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    for (index, text) in texts.iter().enumerate() {
        std::fs::write(folder.path().join(format!("f{index}.tf")), text).unwrap();
    }
    let run = Command::new("terraform").args(["fmt", "-list=false"]).arg(folder.path()).stderr(Stdio::piped()).output();
    let run = run.expect("ISOBAR_ORACLES is set, so terraform has to be installed");
    if !run.status.success() {
        let _ = std::io::stderr().write_all(&run.stderr);
        eprintln!("in {}", folder.keep().display());
        panic!("terraform fmt refuses a generated file");
    }
    Some((0..texts.len()).map(|i| std::fs::read_to_string(folder.path().join(format!("f{i}.tf"))).unwrap()).collect())
}

#[test]
fn pairs_are_what_terraform_makes_of_them() {
    let expected: Vec<String> = PAIRS
        .split("\n====\n")
        .map(|p| format!("{}\n", p.split_once("\n----\n").unwrap().1.trim_end_matches('\n')))
        .collect();
    let Some(formatted) = terraform(&expected) else { return };
    assert_eq!(formatted, expected);
    let inputs: Vec<String> =
        PAIRS.split("\n====\n").map(|p| format!("{}\n", p.split_once("\n----\n").unwrap().0)).collect();
    let Some(formatted) = terraform(&inputs) else { return };
    for ((ours, theirs), input) in inputs.iter().map(|i| format_hcl(i)).zip(formatted).zip(&inputs) {
        assert_eq!(ours, without_blank_lines(&theirs, input, &ours), "{input}");
    }
}

/// Terraform keeps blank lines; where the input has some, only the other lines are compared, unless they are equal.
fn without_blank_lines(theirs: &str, input: &str, ours: &str) -> String {
    if !input.contains("\n\n") {
        return theirs.to_owned();
    }
    let solid = |text: &str| {
        text.lines()
            .filter(|l| !l.trim().is_empty())
            .map(|l| l.split_whitespace().collect::<String>())
            .collect::<Vec<_>>()
    };
    assert_eq!(solid(theirs), solid(ours));
    ours.to_owned()
}

fn samples(count: usize, blank_lines: bool) -> Vec<String> {
    let mut runner = TestRunner::default();
    (0..count).map(|_| file(blank_lines).new_tree(&mut runner).unwrap().current()).collect()
}

#[test]
fn generated_text_without_blank_lines_comes_out_as_terraform_formats_it() {
    let inputs = samples(400, false);
    let Some(formatted) = terraform(&inputs) else { return };
    for (input, theirs) in inputs.iter().zip(formatted) {
        assert_eq!(format_hcl(input), theirs, "from:\n{input}");
    }
}

#[test]
fn terraform_changes_nothing_that_we_formatted() {
    let ours: Vec<String> = samples(400, true).iter().map(|t| format_hcl(t)).collect();
    let Some(formatted) = terraform(&ours) else { return };
    for (ours, theirs) in ours.iter().zip(&formatted) {
        assert_eq!(ours, theirs);
        assert!(!ours.contains("\n\n\n") && !ours.contains("\n\n}"), "{ours}");
        // A brace at the end of a comment opens nothing.
        let opens = |line: &str| line.ends_with('{') && !line.contains('#') && !line.contains("//");
        assert!(ours.lines().zip(ours.lines().skip(1)).all(|(a, b)| !opens(a) || !b.is_empty()), "{ours}");
    }
}

proptest! {
    #[test]
    fn formatting_twice_changes_nothing(text in file(true)) {
        let once = format_hcl(&text);
        prop_assert_eq!(format_hcl(&once), once);
    }

    #[test]
    fn any_text_is_survived_and_only_blanks_change(text in "[a-z{}\\[\\]()\"$%#=<~\\\\ \n.-]{0,60}|\\PC{0,40}") {
        let solid = |t: &str| t.chars().filter(|c| !matches!(c, ' ' | '\t' | '\n' | '\r')).collect::<String>();
        prop_assert_eq!(solid(&format_hcl(&text)), solid(&text));
    }
}
