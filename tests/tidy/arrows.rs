//! Imports run one way, and some names belong to one room.
//!
//! The limit: paths through chains of `super` up to the crate's root are not followed; nobody writes them.

use super::source::{Source, line_naming, names, sources};

/// Each room with the rooms it may know. A room that stands here for nothing else stands for its own files.
const ARROWS: &[(&str, &[&str])] = &[
    ("clock", &["book", "door"]),
    ("text", &[]),
    ("book", &["text"]),
    ("query", &["text", "book"]),
    ("queue", &["text", "book", "query"]),
    ("sop", &["text", "book", "query", "queue"]),
    ("report", &["text", "book", "query", "queue"]),
    ("door", &["text", "book", "query", "queue", "sop", "report"]),
    ("store", &["text", "book", "query", "queue", "sop", "report", "door"]),
    ("desk", &["text", "book", "query", "queue", "sop", "report", "door", "store"]),
    ("socket", &["text", "book", "query", "door", "clock"]),
    ("exchange", &["text", "book", "query", "door"]),
    ("tui", &["text", "book", "query", "door", "clock"]),
    ("demo", &["text", "book", "query", "queue", "sop", "door", "exchange", "store"]),
    (
        "cli",
        &[
            "text", "book", "query", "queue", "sop", "report", "door", "store", "desk", "socket", "exchange",
            "tui", "demo", "clock",
        ],
    ),
    ("main", &["cli"]),
    ("lib", &[]),
];

/// Who may name what: a path in code, the places (beginnings of paths) where it may stand, and why nowhere else.
const OWNED: &[(&str, &[&str], &str)] = &[
    ("sled", &["src/store/"], "the index is the store's own affair"),
    ("ratatui", &["src/tui/"], "only the screen draws"),
    ("crossterm", &["src/tui/"], "only the screen knows a terminal"),
    ("SystemTime::now", &["src/clock.rs"], "only the clock asks what time it is"),
    ("Instant::now", &["src/clock.rs"], "only the clock asks what time it is"),
    ("Utc::now", &["src/clock.rs"], "only the clock asks what time it is"),
    ("Local::now", &["src/clock.rs"], "only the clock asks what time it is"),
];

/// Rooms that compute and touch nothing.
const PURE: &[&str] = &["text", "book", "query", "queue", "sop", "report", "door"];

/// What a pure room does not name.
const OUTSIDE: &[&str] =
    &["std::fs", "std::env", "std::net", "std::process", "std::thread", "tokio", "rustix"];

/// Exceptions, each with its reason: (beginning of the path, what it may name all the same, why).
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    (
        "src/door/connection.rs",
        "tokio",
        "a connection is a pair of channels, and tokio's is the one both ends can wait on",
    ),
    ("src/demo/tests.rs", "desk", "the demo's book is opened by a real desk to see what is due"),
];

fn excepted(path: &str, name: &str) -> bool {
    EXCEPTIONS.iter().any(|(place, what, _)| path.starts_with(place) && *what == name)
}

/// The rooms a file names after `crate::` or, for `main` and the tests, after `qun::`; groups in braces included.
fn rooms_named(code: &str) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    for (at, start) in code.match_indices("crate::").chain(code.match_indices("qun::")) {
        let line = code[..at].lines().count().max(1);
        let rest = &code[at + start.len()..];
        let word =
            |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut first = true;
            for (i, c) in group.char_indices() {
                if first && c.is_alphabetic() {
                    found.push((word(&group[i..]), line));
                    first = false;
                }
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => first = true,
                    _ => {}
                }
            }
        } else {
            found.push((word(rest), line));
        }
    }
    found
}

/// What is wrong with the directions of imports.
pub(crate) fn problems(files: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for file in files {
        let Some(room) = file.room() else { continue };
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == room) else {
            found.push(format!("{}: the room `{room}` is not on the map of tests/tidy/arrows.rs", file.path));
            continue;
        };
        for (named, line) in rooms_named(&file.code) {
            let is_room = ARROWS.iter().any(|(name, _)| *name == named);
            if is_room && named != room && !allowed.contains(&named.as_str()) && !excepted(&file.path, &named)
            {
                found.push(format!("{}:{line}: `{room}` may not know `{named}`", file.path));
            }
        }
        for (name, places, why) in OWNED {
            let at_home = places.iter().any(|place| file.path.starts_with(place));
            if let Some(line) =
                line_naming(&file.code, name).filter(|_| !at_home && !excepted(&file.path, name))
            {
                found.push(format!("{}:{line}: names `{name}`, but {why}", file.path));
            }
        }
        for name in OUTSIDE.iter().filter(|_| PURE.contains(&room)) {
            if let Some(line) = line_naming(&file.code, name).filter(|_| !excepted(&file.path, name)) {
                found.push(format!("{}:{line}: `{room}` is a pure room and names `{name}`", file.path));
            }
        }
    }
    found
}

#[test]
fn imports_run_one_way() {
    let found = problems(sources());
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn every_exception_is_still_needed() {
    let files = sources();
    for (place, what, why) in EXCEPTIONS {
        let used =
            files.iter().filter(|file| file.path.starts_with(place)).any(|file| names(&file.code, what));
        assert!(used, "{place} no longer names {what}; strike the exception \"{why}\"");
    }
}

#[test]
fn the_checker_sees_what_is_forbidden() {
    let check = |path: &str, text: &str, expected: &str| {
        let found = problems(&[Source::new(path, text)]);
        match expected {
            "" => assert!(found.is_empty(), "{path}: {text}: {found:?}"),
            _ => assert!(found.iter().any(|problem| problem.contains(expected)), "{path}: {text}: {found:?}"),
        }
    };
    check("src/text/a.rs", "use crate::book::Task;", "`text` may not know `book`");
    check("src/text/a.rs", "// use crate::book::Task;", "");
    check("src/book/a.rs", "use crate::{text, desk::{turn, text}};", "`book` may not know `desk`");
    check("src/book/a.rs", "use crate::{text::{desk, store}};", "");
    check("src/query/a.rs", "fn f() { crate::store::open() }", "`query` may not know `store`");
    check("src/tui/a.rs", "use crate::desk::Desk;", "`tui` may not know `desk`");
    check("src/socket/a.rs", "use crate::sop::plan;", "`socket` may not know `sop`");
    check("src/desk/a.rs", "\n\nuse crate::socket::wire;", "src/desk/a.rs:3");
    check("src/desk/a.rs", "let t = sled::open(p);", "names `sled`");
    check("src/store/a.rs", "let t = sled::open(p);", "");
    check("src/cli/a.rs", "use ratatui::Frame;", "names `ratatui`");
    check("src/tui/a.rs", "let a = std::time::Instant::now();", "only the clock");
    check("src/desk/a.rs", "let a = chrono::Utc::now();", "only the clock");
    check("src/sop/a.rs", "std::fs::read(p)", "pure room");
    check("src/novel/a.rs", "", "not on the map");
}
