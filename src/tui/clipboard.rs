//! Handing a text to the clipboard, as far as this terminal lets us, and saying no more than that.
//!
//! Inside tmux its own buffer is loaded, because by default it drops OSC 52; under WSL Windows' own program gets
//! UTF-16; else the terminal gets OSC 52, which nothing acknowledges. Where there is no terminal to ask, or the text is
//! longer than terminals take, it goes into a file only the user can read. The clipboard is never read.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use super::event::CopyReport;
use crate::clock::Monotonic;

/// The most bytes of text that are sent with OSC 52; base64 makes it a third more, which terminals still take.
pub const OSC52_MAX: usize = 55_000;

/// A clipboard program that takes longer has failed: the screen waits for it.
const PATIENCE: Duration = Duration::from_secs(2);
const PAUSE: Duration = Duration::from_millis(5);

/// Which way a text goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Clipboard {
    Tmux,
    /// Windows' `clip.exe`, for a Linux inside Windows.
    Wsl,
    /// OSC 52 to the terminal.
    Terminal,
    /// Only a file.
    File,
}

impl Clipboard {
    /// Chooses from the environment.
    pub fn from_environment(tmux: Option<&str>, wsl: Option<&str>, term: Option<&str>) -> Self {
        match (tmux, wsl, term) {
            (Some(tmux), _, _) if !tmux.is_empty() => Self::Tmux,
            (_, Some(wsl), _) if !wsl.is_empty() => Self::Wsl,
            (_, _, None | Some("dumb" | "linux")) => Self::File,
            _ => Self::Terminal,
        }
    }

    /// Copies; `file` is where a text goes that no clipboard takes.
    pub fn copy(&self, text: &str, out: &mut impl Write, file: Option<PathBuf>) -> CopyReport {
        let sent = match self {
            Self::Tmux => pipe("tmux", &["load-buffer", "-w", "-"], text.as_bytes(), PATIENCE)
                .map(|()| CopyReport::Tmux),
            Self::Wsl => {
                let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
                pipe("clip.exe", &[], &bytes, PATIENCE).map(|()| CopyReport::System)
            }
            Self::Terminal if text.len() <= OSC52_MAX => out
                .write_all(osc52(text).as_bytes())
                .and_then(|()| out.flush())
                .map(|()| CopyReport::Terminal),
            Self::Terminal | Self::File => Err(io::Error::other("no clipboard")),
        };
        match (sent, file) {
            (Ok(report), _) => report,
            (Err(_), Some(file)) => match write_private(&file, text) {
                Ok(()) => CopyReport::File { path: shown(&file, std::env::home_dir().as_deref()) },
                Err(error) => CopyReport::Failed { words: error.to_string() },
            },
            (Err(error), None) => CopyReport::Failed { words: error.to_string() },
        }
    }
}

/// The sequence that hands a text to the terminal, ended by ST.
pub fn osc52(text: &str) -> String {
    format!("\x1b]52;c;{}\x1b\\", base64(text.as_bytes()))
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let bits = (byte(0) << 16) | (byte(1) << 8) | byte(2);
        for place in 0..4 {
            let index = (bits >> (18 - 6 * place)) & 63;
            let filled = place <= chunk.len();
            let letter = ALPHABET.get(index as usize).copied().unwrap_or(b'A');
            out.push(if filled { char::from(letter) } else { '=' });
        }
    }
    out
}

/// Runs a program with bytes on its standard input; its output does not reach our terminal.
fn pipe(program: &str, arguments: &[&str], bytes: &[u8], patience: Duration) -> io::Result<()> {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let input = child.stdin.take();
    let bytes = bytes.to_vec();
    // In a thread: a program that does not read would hold us for ever. It ends with the program at the latest.
    let wrote = std::thread::Builder::new()
        .name("clipboard".to_owned())
        .spawn(move || input.map_or(Ok(()), |mut input| input.write_all(&bytes)))?;
    let begun = Monotonic::start();
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if begun.elapsed() >= patience {
            child.kill()?;
            child.wait()?;
            return Err(io::Error::other(format!("{program}: {} s", patience.as_secs())));
        }
        std::thread::sleep(PAUSE);
    };
    if !status.success() {
        return Err(io::Error::other(format!("{program}: {status}")));
    }
    wrote.join().unwrap_or_else(|_| Err(io::Error::other(format!("{program}: not written"))))
}

/// A path as people write it, short enough for the message row.
fn shown(path: &Path, home: Option<&Path>) -> String {
    let below = home.filter(|home| home.parent().is_some()).and_then(|home| path.strip_prefix(home).ok());
    below.map_or_else(|| path.display().to_string(), |path| format!("~/{}", path.display()))
}

fn write_private(path: &Path, text: &str) -> io::Result<()> {
    use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
    if let Some(directory) = path.parent() {
        std::fs::create_dir_all(directory)?;
    }
    let mut file =
        std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    // A file that was there before keeps its mode unless told otherwise.
    file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
    file.write_all(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_as_the_rfc_has_it() {
        let check = |text: &str, expected: &str| assert_eq!(base64(text.as_bytes()), expected);
        check("", "");
        check("f", "Zg==");
        check("fo", "Zm8=");
        check("foo", "Zm9v");
        check("foobar", "Zm9vYmFy");
        check("宠", "5a6g");
    }

    #[test]
    fn the_environment_decides() {
        let check =
            |tmux, wsl, term, expected| assert_eq!(Clipboard::from_environment(tmux, wsl, term), expected);
        check(Some("/tmp/tmux"), None, Some("tmux-256color"), Clipboard::Tmux);
        check(None, Some("Ubuntu"), Some("xterm"), Clipboard::Wsl);
        check(None, None, Some("xterm-256color"), Clipboard::Terminal);
        check(None, None, Some("dumb"), Clipboard::File);
        check(None, None, None, Clipboard::File);
    }

    #[test]
    fn the_terminal_gets_one_sequence_and_too_much_goes_to_a_file() {
        use std::os::unix::fs::PermissionsExt as _;
        let mut out = Vec::new();
        assert_eq!(Clipboard::Terminal.copy("你好", &mut out, None), CopyReport::Terminal);
        assert_eq!(out, b"\x1b]52;c;5L2g5aW9\x1b\\");
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("clip.txt");
        out.clear();
        let long = "长".repeat(OSC52_MAX);
        let report = Clipboard::Terminal.copy(&long, &mut out, Some(file.clone()));
        assert_eq!(report, CopyReport::File { path: file.display().to_string() });
        assert!(out.is_empty());
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_path_in_the_home_is_short() {
        let check = |path: &str, home: Option<&str>, expected: &str| {
            assert_eq!(shown(Path::new(path), home.map(Path::new)), expected);
        };
        check("/home/李/.local/copied.txt", Some("/home/李"), "~/.local/copied.txt");
        check("/home/李四/copied.txt", Some("/home/李"), "/home/李四/copied.txt");
        check("/copied.txt", Some("/"), "/copied.txt");
        check("/copied.txt", None, "/copied.txt");
    }

    #[test]
    fn a_program_gets_its_bytes_and_one_that_fails_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("got");
        pipe("tee", &[file.to_str().unwrap()], &vec![b'x'; 200_000], PATIENCE).unwrap();
        assert_eq!(std::fs::metadata(&file).unwrap().len(), 200_000);
        assert!(pipe("false", &[], b"x", PATIENCE).is_err());
        assert!(pipe("/no/such/program", &[], b"x", PATIENCE).is_err());
        // It neither reads nor ends: given up, and more than fits into a pipe does not hold us.
        assert!(pipe("sleep", &["1000"], &vec![b'x'; 200_000], Duration::from_millis(20)).is_err());
    }
}
