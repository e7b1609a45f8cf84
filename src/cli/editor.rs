//! The user's own editor on a text: `$VISUAL`, else `$EDITOR`, else vi.
//!
//! It is started on a file that only the user can read, and what it leaves there is read back.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Opens a file in the editor and waits until it is closed.
///
/// # Errors
/// The program cannot be started or ends with an error; the sentence names it.
pub(super) fn open(file: &Path) -> Result<(), String> {
    let program = ["VISUAL", "EDITOR"].into_iter().filter_map(std::env::var_os).find(|set| !set.is_empty());
    let program = program.map_or_else(|| "vi".to_owned(), |set| set.to_string_lossy().into_owned());
    // `code --wait` and the like: words apart by blanks, as other programs read it
    let mut words = program.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or("vi"));
    let ended = command.args(words).arg(file).status().map_err(|error| format!("{program}: {error}"))?;
    if ended.success() { Ok(()) } else { Err(format!("{program}: {ended}")) }
}

/// Lets the user edit a text; what it has become.
///
/// # Errors
/// As [`open`], and when the file cannot be written or read back.
pub(super) fn edit(name: &str, text: &str) -> Result<String, String> {
    let file = fresh(name, text).map_err(|error| format!("{}: {error}", std::env::temp_dir().display()))?;
    let edited = open(&file)
        .and_then(|()| fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display())));
    // it holds nothing that is not here now
    let _ = fs::remove_file(&file);
    edited
}

/// A new file of that name with the text in it, which nobody else can read.
fn fresh(name: &str, text: &str) -> io::Result<PathBuf> {
    let mut random = fastrand::Rng::new();
    let folder = std::env::temp_dir();
    loop {
        let file = folder.join(format!("qun-{:08x}-{name}", random.u32(..)));
        match fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&file) {
            Ok(mut opened) => {
                opened.write_all(text.as_bytes())?;
                return Ok(file);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
}
