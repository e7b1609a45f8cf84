//! The crate docs: the map names every room, and each promise names tests that exist.

use std::collections::BTreeSet;
use std::fs;

use super::habits::function_after;
use super::source::{Source, root, sources};

/// The rooms that the table of the crate docs names: the first word of each line of its block.
fn rooms_on_the_map(docs: &str) -> BTreeSet<String> {
    let block = docs.split("```text").nth(1).and_then(|rest| rest.split("```").next()).unwrap_or_default();
    let first = |line: &str| line.trim_start_matches("//!").split_whitespace().next().map(str::to_owned);
    block.lines().filter_map(first).collect()
}

/// The lines of the list of promises: the number and the names of tests in backticks after `Tests:`.
fn promises(docs: &str) -> Vec<(usize, Vec<String>)> {
    let mut found: Vec<(usize, Vec<String>)> = Vec::new();
    let section = docs.split("# The promises").nth(1).unwrap_or_default();
    for line in section.lines().skip(1).map_while(|line| line.strip_prefix("//!")).map(str::trim) {
        if line.starts_with("# ") {
            break;
        }
        if let Some(number) = line.split_once(". ").and_then(|(number, _)| number.parse().ok()) {
            found.push((number, Vec::new()));
        }
        let Some((_, tests)) = found.last_mut() else { continue };
        let quoted = line.split('`').skip(1).step_by(2);
        tests.extend(quoted.filter(|name| name.contains("::")).map(str::to_owned));
    }
    found
}

/// Every test as `path::of::file::name`, for files of `src/` and `tests/`.
fn tests_in(files: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for file in files {
        let modules = file.path.trim_end_matches(".rs").trim_end_matches("/mod").replace('/', "::");
        for (at, _) in file.code.match_indices("#[test]") {
            found.extend(function_after(&file.code[at..]).map(|name| format!("{modules}::{name}")));
        }
        // proptest's tests stand inside its macro and carry the same attribute; tokio's carry their own.
        for (at, _) in file.code.match_indices("#[tokio::test") {
            found.extend(function_after(&file.code[at..]).map(|name| format!("{modules}::{name}")));
        }
    }
    found
}

/// True when a test goes by that name: its module's last words and its own, `journal::a_torn_tail_is_cut`.
fn exists(tests: &[String], name: &str) -> bool {
    tests.iter().any(|test| test == name || test.ends_with(&format!("::{name}")))
}

#[test]
fn the_map_names_every_room() {
    let docs = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let entries = fs::read_dir(root().join("src")).unwrap().map(|entry| entry.unwrap().file_name());
    let rooms: BTreeSet<String> = entries
        .map(|name| name.to_string_lossy().trim_end_matches(".rs").to_owned())
        .filter(|name| !["lib", "main"].contains(&name.as_str()))
        .collect();
    assert_eq!(rooms_on_the_map(&docs), rooms);
}

#[test]
fn every_promise_names_tests_that_exist() {
    let docs = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let tests = tests_in(sources());
    let promises = promises(&docs);
    assert_eq!(promises.iter().map(|(number, _)| *number).collect::<Vec<_>>(), (1..=10).collect::<Vec<_>>());
    let mut found = Vec::new();
    for (number, names) in promises {
        assert!(!names.is_empty(), "promise {number} names no test");
        let missing = names.into_iter().filter(|name| !exists(&tests, name));
        found.extend(missing.map(|name| format!("promise {number}: there is no test {name}")));
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn the_reader_of_the_map_sees_what_is_there() {
    let docs = "//! ```text\n//! clock   asks\n//! text    width\n//! ```\n//!\n//! # The promises\n//!\n\
                //! 1. **One.** `arrows::imports_run_one_way`,\n//!    `a::b::c`.\n//! 2. **Two.** `nothing` here.\n";
    assert_eq!(rooms_on_the_map(docs), ["clock", "text"].map(str::to_owned).into());
    let expected =
        vec![(1, vec!["arrows::imports_run_one_way".to_owned(), "a::b::c".to_owned()]), (2, vec![])];
    assert_eq!(promises(docs), expected);
    let file = Source::new(
        "src/store/journal/mod.rs",
        "#[test]\nfn a_tail() {}\n#[tokio::test]\nasync fn b() {}\nfn c() {}",
    );
    let tests = tests_in(&[file]);
    assert_eq!(tests, ["src::store::journal::a_tail", "src::store::journal::b"]);
    assert!(
        exists(&tests, "journal::a_tail") && !exists(&tests, "journal::c") && !exists(&tests, "nal::a_tail")
    );
}
