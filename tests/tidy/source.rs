//! The tree as text: every source file with its room, and its code apart from comments and strings.
//!
//! A scanner, not a parser: it knows comments, strings, raw strings and character literals, which is what is needed
//! to ask "does the code of this file name that word".

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// One file of the repository.
pub(crate) struct Source {
    /// From the root of the repository, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
    /// The text with comments and the insides of strings blanked; lines stay where they are.
    pub(crate) code: String,
}

impl Source {
    pub(crate) fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned(), code: code_of(text) }
    }

    /// The room a file of `src/` belongs to: `src/store/keys.rs` and `src/store.rs` to `store`.
    pub(crate) fn room(&self) -> Option<&str> {
        let inside = self.path.strip_prefix("src/")?;
        Some(inside.split('/').next()?.trim_end_matches(".rs"))
    }

    /// The module docs: the `//!` lines at the head.
    pub(crate) fn head(&self) -> String {
        let lines = self.text.lines().take_while(|line| line.starts_with("//!"));
        lines.map(|line| line.trim_start_matches("//!").trim()).collect::<Vec<_>>().join(" ")
    }
}

/// Where the repository lies.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file under `src/`, `tests/`, `benches/` and `examples/`, read once.
pub(crate) fn sources() -> &'static [Source] {
    static SOURCES: LazyLock<Vec<Source>> = LazyLock::new(|| {
        ["src", "tests", "benches", "examples"].iter().flat_map(|place| rust_files(place)).collect()
    });
    &SOURCES
}

fn rust_files(directory: &str) -> Vec<Source> {
    let read = |path: &Path| {
        let text = fs::read_to_string(path).unwrap();
        let path = path.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/");
        Source::new(&path, &text)
    };
    all_files(directory)
        .iter()
        .filter(|path| path.extension().is_some_and(|end| end == "rs"))
        .map(|p| read(p))
        .collect()
}

/// Every file under one directory of the repository, sorted; empty when there is no such directory.
pub(crate) fn all_files(directory: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root().join(directory)];
    while let Some(directory) = open.pop() {
        let Ok(entries) = fs::read_dir(&directory) else { continue };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() { open.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

/// Blanks comments, and what stands inside strings and character literals.
pub(crate) fn code_of(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
    let mut out = String::with_capacity(text.len());
    let mut i = 0;
    // Copies what structure needs (line ends) and blanks the rest up to `end`.
    let blank = |out: &mut String, from: usize, to: usize| {
        out.extend(chars[from..to.min(chars.len())].iter().map(|&c| if c == '\n' { '\n' } else { ' ' }));
    };
    while i < chars.len() {
        let word_before = i > 0 && (at(i - 1).is_alphanumeric() || at(i - 1) == '_');
        let end = match at(i) {
            '/' if at(i + 1) == '/' => line_end(&chars, i),
            '/' if at(i + 1) == '*' => comment_end(&chars, i),
            'r' if !word_before && raw_hashes(&chars, i + 1).is_some() => raw_end(&chars, i + 1),
            'b' if !word_before && at(i + 1) == 'r' && raw_hashes(&chars, i + 2).is_some() => {
                raw_end(&chars, i + 2)
            }
            '"' => quoted_end(&chars, i, '"'),
            '\'' if at(i + 1) == '\\' || at(i + 2) == '\'' => quoted_end(&chars, i, '\''),
            letter => {
                out.push(letter);
                i += 1;
                continue;
            }
        };
        blank(&mut out, i, end);
        i = end;
    }
    out
}

fn line_end(chars: &[char], from: usize) -> usize {
    chars[from..].iter().position(|&c| c == '\n').map_or(chars.len(), |n| from + n)
}

/// Block comments nest.
fn comment_end(chars: &[char], from: usize) -> usize {
    let (mut depth, mut i) = (0, from);
    while i < chars.len() {
        match (chars[i], chars.get(i + 1)) {
            ('/', Some('*')) => (depth, i) = (depth + 1, i + 2),
            ('*', Some('/')) => (depth, i) = (depth - 1, i + 2),
            _ => i += 1,
        }
        if depth == 0 {
            return i;
        }
    }
    i
}

/// How many `#` open a raw string here; `None` when none opens.
fn raw_hashes(chars: &[char], from: usize) -> Option<usize> {
    let hashes = chars[from.min(chars.len())..].iter().take_while(|&&c| c == '#').count();
    (chars.get(from + hashes) == Some(&'"')).then_some(hashes)
}

fn raw_end(chars: &[char], from: usize) -> usize {
    let hashes = raw_hashes(chars, from).unwrap_or(0);
    let mut i = from + hashes + 1;
    while i < chars.len() {
        let closes =
            chars[i] == '"' && chars[i + 1..].iter().take(hashes).filter(|&&c| c == '#').count() == hashes;
        if closes {
            return i + 1 + hashes;
        }
        i += 1;
    }
    i
}

fn quoted_end(chars: &[char], from: usize, quote: char) -> usize {
    let mut i = from + 1;
    while i < chars.len() {
        match chars[i] {
            '\\' => i += 2,
            c if c == quote => return i + 1,
            _ => i += 1,
        }
    }
    i
}

/// True when the code names a path as whole words: `Utc::now` is found in `chrono::Utc::now()`, not in `AUtc::now`.
pub(crate) fn names(code: &str, path: &str) -> bool {
    position(code, path).is_some()
}

/// The line (from 1) that names a path first.
pub(crate) fn line_naming(code: &str, path: &str) -> Option<usize> {
    position(code, path).map(|at| code[..at].lines().count().max(1))
}

fn position(code: &str, path: &str) -> Option<usize> {
    let part_of_word = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(path).map(|(at, _)| at).find(|&at| {
        let before = code[..at].chars().next_back().is_some_and(part_of_word);
        let after = code[at + path.len()..].chars().next().is_some_and(part_of_word);
        !before && !after
    })
}

#[test]
fn code_is_what_neither_comments_nor_strings_say() {
    let check = |text: &str, expected: &str| {
        let code = code_of(text);
        assert_eq!(code.split_whitespace().collect::<Vec<_>>().join(" "), expected, "{text}");
        assert_eq!(code.lines().count(), text.lines().count(), "{text}");
    };
    check("a; // sled\nb;", "a; b;");
    check("/* sled /* in */ out */ a", "a");
    check("let a = \"sled // \\\" x\"; b", "let a = ; b");
    check("let a = r#\"sled \" x\"#; b", "let a = ; b");
    check("let a = br\"sled\"; for_r(\"x\")", "let a = ; for_r( )");
    check("fn f<'a>(x: &'a str) { '\"' } g", "fn f<'a>(x: &'a str) { } g");
    check("'\\'' sled '\\u{4e2d}' b", "sled b");
}

#[test]
fn names_are_whole_words() {
    assert!(names("use sled::Tree", "sled"));
    assert!(!names("handled", "sled"));
    assert!(!names("sled_index::open", "sled"));
    assert_eq!(line_naming("a\nb\nuse sled;", "sled"), Some(3));
}
