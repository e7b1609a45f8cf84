//! The user's file: opened only where it is one, read only while it holds still.

use std::fs::{File, Metadata};
use std::io::{ErrorKind, Read};
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
use std::path::Path;

use super::words::Words;
use crate::door::rows::RejectedRow;
use crate::exchange;
use crate::text::lang::Lang;

/// The largest file that is read, in bytes: a million members are a fifth of it.
const BYTES_MAX: u64 = 1 << 30;

/// Reads a whole file; the sentence says what is wrong and what to do.
pub(super) fn read(path: &Path, lang: Lang) -> Result<Vec<u8>, String> {
    let shown = path.display();
    let failed = |error: std::io::Error| unreadable(path, &error, lang);
    let known = std::fs::metadata(path).map_err(failed)?;
    // a pipe would be waited for, a device may never end
    if known.is_dir() {
        return Err(Words::Directory.fill(lang, &[("file", &shown)]));
    }
    let kind = known.file_type();
    if kind.is_fifo() || kind.is_socket() || kind.is_char_device() || kind.is_block_device() {
        return Err(Words::NoFile.fill(lang, &[("file", &shown)]));
    }
    let mut file = File::open(path).map_err(failed)?;
    let stamp = |file: &File| file.metadata().map(|known| Stamp::of(&known));
    let before = stamp(&file).map_err(failed)?;
    if before.bytes > BYTES_MAX {
        let limit = BYTES_MAX >> 20;
        return Err(Words::TooLarge.fill(lang, &[("file", &shown), ("limit", &limit)]));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(before.bytes).unwrap_or(0));
    (&mut file).take(BYTES_MAX).read_to_end(&mut bytes).map_err(failed)?;
    let after = stamp(&file).map_err(failed)?;
    if !before.still(&after, bytes.len() as u64) {
        return Err(Words::Changing.fill(lang, &[("file", &shown)]));
    }
    Ok(bytes)
}

/// What shows that a file was written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    bytes: u64,
    modified: (i64, i64),
}

impl Stamp {
    fn of(known: &Metadata) -> Self {
        Self { bytes: known.len(), modified: (known.mtime(), known.mtime_nsec()) }
    }

    /// Whether nothing was written while so many bytes were read.
    fn still(&self, after: &Self, read: u64) -> bool {
        self == after && self.bytes == read
    }
}

/// Why a file cannot be opened, and what to do.
pub(in crate::cli) fn unreadable(path: &Path, error: &std::io::Error, lang: Lang) -> String {
    let shown = path.display();
    let words = match error.kind() {
        ErrorKind::NotFound => Words::Missing,
        ErrorKind::PermissionDenied => Words::NoPermission,
        _ => return Words::CannotRead.fill(lang, &[("file", &shown), ("error", error)]),
    };
    words.fill(lang, &[("file", &shown)])
}

/// Why a file is no text of ours, with the line of the first wrong byte.
pub(in crate::cli) fn not_utf8(path: &Path, error: &std::string::FromUtf8Error, lang: Lang) -> String {
    let right = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
    let line = right.split(|byte| *byte == b'\n').count();
    Words::NotUtf8.fill(lang, &[("file", &path.display()), ("line", &line)])
}

/// Whether two paths name one file.
pub(super) fn is_same(one: &Path, other: &Path) -> bool {
    let identity = |path: &Path| std::fs::metadata(path).map(|known| (known.dev(), known.ino())).ok();
    one == other || identity(one).is_some_and(|one| identity(other) == Some(one))
}

/// Writes the refused rows with their reasons.
pub(super) fn write_rejects(
    path: &Path,
    bytes: &[u8],
    rejects: &[RejectedRow],
    lang: Lang,
) -> Result<(), String> {
    let text = exchange::write_rejects(bytes, rejects, lang);
    std::fs::write(path, text).map_err(|error| unwritable(path, &error, lang))
}

/// Why something cannot be written there.
pub(in crate::cli) fn unwritable(path: &Path, error: &std::io::Error, lang: Lang) -> String {
    let shown = path.display();
    let why = match error.kind() {
        ErrorKind::NotFound => Words::NoPlace.text(lang).to_owned(),
        ErrorKind::PermissionDenied => Words::NotAllowed.text(lang).to_owned(),
        _ => error.to_string(),
    };
    Words::CannotWrite.fill(lang, &[("file", &shown), ("error", &why)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_to_while_it_is_read_is_noticed() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("名单.csv");
        let look = || Stamp::of(&std::fs::metadata(&path).unwrap());
        std::fs::write(&path, "姓名\n阿珍\n").unwrap();
        let before = look();
        assert!(before.still(&look(), 14));
        assert!(!before.still(&look(), 10), "cut short while it was read");
        std::fs::write(&path, "姓名\n阿珍\n小雨\n").unwrap();
        assert!(!before.still(&look(), 14), "longer now");
        let known = Stamp { modified: (before.modified.0 + 1, 0), ..before };
        assert!(!before.still(&known, 14), "as long, and written anew");
    }

    #[test]
    fn two_names_of_one_file_are_one_file() {
        let dir = tempfile::tempdir().unwrap();
        let (file, link) = (dir.path().join("a.csv"), dir.path().join("b.csv"));
        std::fs::write(&file, "姓名\n").unwrap();
        std::fs::hard_link(&file, &link).unwrap();
        assert!(is_same(&file, &link) && is_same(&file, &file));
        assert!(!is_same(&file, &dir.path().join("c.csv")));
    }
}
