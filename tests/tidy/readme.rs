//! The README says what the program does: its key table is the program's own.

use super::source::root;

/// The text between the marks of the key table.
fn keys(readme: &str) -> Option<&str> {
    let (_, rest) = readme.split_once("<!-- keys:")?.1.split_once("-->")?;
    Some(rest.split_once("<!-- /keys -->")?.0.trim())
}

#[test]
fn the_key_table_is_the_programs_own() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let table = qun::tui::registry::key_table(qun::text::lang::Lang::En);
    assert_eq!(keys(&readme), Some(table.trim()), "put this between the marks:\n{table}");
}

#[test]
fn the_test_command_is_the_one_that_ci_runs() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let ci = std::fs::read_to_string(root().join(".ci/run")).unwrap();
    assert!(readme.contains("```sh\ncargo test\n```"));
    assert!(ci.contains("tests \"tests\" cargo test\n"));
}
