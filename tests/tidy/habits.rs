//! Sizes, promises to come back later, ignored tests, and words that have no place here.

use std::fs;

use super::source::{Source, all_files, line_naming, root, sources};

/// From here on the module docs must say why the file stays whole, with the words of [`REASON`].
const LONG: usize = 400;
/// From here on nothing helps.
const TOO_LONG: usize = 600;
/// What a long file says in its module docs, followed by why.
const REASON: &str = "One file because";

/// Tests that `cargo test` leaves out, each with the server it needs; `.ci/run` starts it and runs them.
const IGNORED: &[(&str, &str)] = &[];

/// Words that have no place in any file here: paths of somebody's machine, and papers that are not in the repository.
/// In two halves, so that this list does not find itself.
const FOREIGN: &[(&str, &str)] = &[
    ("/wo", "rk/"),
    ("/ro", "ot/"),
    ("DES", "IGN.md"),
    ("PLAY", "BOOK.md"),
    ("STY", "LE.md"),
    ("RUL", "ES.md"),
    ("fac", "ts/"),
    ("sha", "red/"),
];

/// Too long, or long without a reason.
pub(crate) fn size_problems(files: &[Source]) -> Vec<String> {
    let judge = |file: &Source| {
        let lines = file.text.lines().count();
        if lines > TOO_LONG {
            Some(format!("{}: {lines} lines; {TOO_LONG} is the most, split it by topic", file.path))
        } else if lines > LONG && !file.head().contains(REASON) {
            Some(format!("{}: {lines} lines; its module docs must say \"{REASON} …\"", file.path))
        } else {
            None
        }
    };
    files.iter().filter_map(judge).collect()
}

/// Work left for later, tests that nobody runs, sleeping in place of waiting.
pub(crate) fn later_problems(files: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for file in files {
        for word in ["todo!", "unimplemented!", "should_panic"] {
            // `names` wants word ends, and `!` ends none.
            let bare = word.trim_end_matches('!');
            if let Some(line) = line_naming(&file.code, bare).filter(|_| file.code.contains(word)) {
                found.push(format!("{}:{line}: `{word}`", file.path));
            }
        }
        for (a, b) in [("TO", "DO"), ("FIX", "ME"), ("XX", "X")] {
            let word = format!("{a}{b}");
            if let Some(line) = line_naming(&comments_of(file), &word) {
                found.push(format!("{}:{line}: a comment says {word}", file.path));
            }
        }
        for (at, _) in file.code.match_indices("#[ignore") {
            let name = function_after(&file.code[at..]);
            if !IGNORED.iter().any(|(listed, _)| name == Some(*listed)) {
                let line = file.code[..at].lines().count();
                found.push(format!(
                    "{}:{line}: {name:?} is ignored and not listed with the server it needs",
                    file.path
                ));
            }
        }
    }
    found
}

/// The text without its code: what `code_of` blanked.
fn comments_of(file: &Source) -> String {
    let mut code = file.code.chars();
    file.text.chars().map(|c| if code.next() == Some(c) && c != '\n' { ' ' } else { c }).collect()
}

/// The name of the first function after a place.
pub(crate) fn function_after(code: &str) -> Option<&str> {
    let rest = &code[code.find("fn ")? + 3..];
    rest.split(|c: char| !c.is_alphanumeric() && c != '_').next()
}

/// Words of one machine or of papers nobody else has.
pub(crate) fn foreign_problems(path: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (line, words) in text.lines().enumerate() {
        for (a, b) in FOREIGN {
            let word = format!("{a}{b}");
            if words.contains(&word) {
                found.push(format!("{path}:{}: `{word}` means nothing outside one machine", line + 1));
            }
        }
    }
    found
}

#[test]
fn files_stay_small_or_say_why() {
    let found = size_problems(sources());
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn nothing_is_left_for_later() {
    let found = later_problems(sources());
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn the_project_speaks_of_itself_only() {
    let mut paths: Vec<_> = ["src", "tests", "benches", "themes", "examples", ".ci"]
        .iter()
        .flat_map(|place| all_files(place))
        .collect();
    paths.extend(
        ["README.md", "Cargo.toml", "Cargo.lock", ".clippy.toml", ".gitignore"].map(|name| root().join(name)),
    );
    let mut found = Vec::new();
    for path in paths {
        // What is no text (an archive for a test, say) says nothing.
        let Ok(text) = fs::read_to_string(&path) else { continue };
        found.extend(foreign_problems(&path.strip_prefix(root()).unwrap().to_string_lossy(), &text));
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn the_lock_names_no_other_registry() {
    let lock = fs::read_to_string(root().join("Cargo.lock")).unwrap();
    for source in lock.lines().filter(|line| line.starts_with("source = ")) {
        assert_eq!(source, "source = \"registry+https://github.com/rust-lang/crates.io-index\"");
    }
}

#[test]
fn the_checkers_see_bad_habits() {
    let file = |lines: usize, head: &str| {
        Source::new("src/desk/a.rs", &format!("{head}\n{}", "x();\n".repeat(lines - 1)))
    };
    assert_eq!(size_problems(&[file(400, "//! Short.")]).len(), 0);
    assert_eq!(size_problems(&[file(401, "//! Short.")]).len(), 1);
    assert_eq!(size_problems(&[file(600, "//! Long. One file because the table is one.")]).len(), 0);
    assert_eq!(size_problems(&[file(601, "//! Long. One file because the table is one.")]).len(), 1);

    let later = |text: &str| later_problems(&[Source::new("src/desk/a.rs", text)]).len();
    assert_eq!(later("fn f() { todo!() }"), 1);
    assert_eq!(later(concat!("// TO", "DO: later")), 1);
    assert_eq!(later(concat!("const TO", "DOS: u8 = 1; // the todos of today")), 0);
    assert_eq!(later("#[test]\n#[ignore = \"slow\"]\nfn slow() {}"), 1);
    assert_eq!(later("/// Says `#[ignore]`.\nfn f() {}"), 0);

    let words = |a: &str, b: &str| foreign_problems("README.md", &format!("see {a}{b}"));
    assert_eq!(words("/wo", "rk/qun").len(), 1);
    assert_eq!(words("DES", "IGN.md").len(), 1);
    assert_eq!(words("the ", "playbook").len(), 0);
}
