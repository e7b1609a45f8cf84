//! The first promise, checked where it can be: nothing here can reach a chat platform.
//!
//! No code opens a socket of the internet, no crate that speaks a network protocol or presses keys for somebody is
//! compiled in, and every place that starts another program is listed with what it starts.

use std::fs;

use super::source::{Source, line_naming, root, sources};

/// What would open a door to the internet.
const SOCKETS: &[&str] = &[
    "TcpStream",
    "TcpListener",
    "TcpSocket",
    "UdpSocket",
    "ToSocketAddrs",
    "std::net",
    "AddressFamily::INET",
    "INET6",
];

/// Crates that speak to the network, or act on a desktop in a human's place.
const CLIENTS: &[&str] = &[
    "reqwest",
    "hyper",
    "ureq",
    "isahc",
    "surf",
    "curl",
    "attohttpc",
    "minreq",
    "h2",
    "h3",
    "quinn",
    "rustls",
    "native-tls",
    "openssl",
    "tungstenite",
    "tokio-tungstenite",
    "ssh2",
    "russh",
    "lettre",
    "enigo",
    "rdev",
    "autopilot",
    "x11rb",
    "uinput",
    "evdev",
    "thirtyfour",
    "fantoccini",
    "headless_chrome",
    "chromiumoxide",
    "wechaty",
];

/// Who may start another program, and which.
const STARTERS: &[(&str, &str)] = &[
    ("src/cli/serve.rs", "qun itself, as the desk of a screen that found none"),
    ("src/cli/editor.rs", "the editor that the user set, on a file of the user's"),
    ("src/socket/hooks.rs", "the owner's own hooks: told of due tasks, given no text"),
    (
        "src/tui/clipboard.rs",
        "the clipboard's program (wl-copy, xclip, pbcopy, clip.exe): text on its standard input",
    ),
];

/// Code that could send something.
pub(crate) fn problems(files: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for file in files.iter().filter(|file| file.room().is_some()) {
        for name in SOCKETS {
            if let Some(line) = line_naming(&file.code, name) {
                found
                    .push(format!("{}:{line}: names `{name}`: only unix sockets are opened here", file.path));
            }
        }
        let listed = STARTERS.iter().any(|(path, _)| *path == file.path) || !file.code.contains("process");
        if let Some(line) = line_naming(&file.code, "Command::new").filter(|_| !listed) {
            found.push(format!(
                "{}:{line}: starts a program and is not listed with what it starts",
                file.path
            ));
        }
    }
    found
}

/// The crates of a lock file that have no business here.
fn clients_in(lock: &str) -> Vec<&str> {
    let names = lock.lines().filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'));
    names.filter(|name| CLIENTS.contains(name)).collect()
}

#[test]
fn no_code_opens_a_door_to_the_internet() {
    let found = problems(sources());
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn no_crate_speaks_to_the_internet_or_presses_keys() {
    let lock = fs::read_to_string(root().join("Cargo.lock")).unwrap();
    assert_eq!(clients_in(&lock), Vec::<&str>::new());
}

#[test]
fn every_program_that_is_started_is_still_started() {
    let files = sources();
    for (path, what) in STARTERS {
        let starts = files.iter().any(|file| file.path == *path && file.code.contains("Command::new"));
        assert!(starts, "{path} starts nothing any more; strike \"{what}\"");
    }
}

#[test]
fn the_checkers_see_what_could_send() {
    let check = |text: &str, expected: usize| {
        assert_eq!(problems(&[Source::new("src/socket/a.rs", text)]).len(), expected, "{text}");
    };
    check("use tokio::net::TcpStream;", 1);
    check("use tokio::net::UnixStream;", 0);
    check("let s = UdpSocket::bind(a);", 1);
    check("std::process::Command::new(\"curl\")", 1);
    check("use clap::Command; Command::new(\"qun\")", 0);
    check("/// Never a TcpStream.", 0);
    assert_eq!(clients_in("[[package]]\nname = \"reqwest\"\nversion = \"1\"\n"), ["reqwest"]);
    assert_eq!(clients_in("name = \"mio\"\n"), Vec::<&str>::new());
}
