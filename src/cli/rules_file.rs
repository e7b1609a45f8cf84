//! The file of rules beside the journal: written for a new store, and read again when it has changed.
//!
//! Looked at when the desk wakes anyhow, by time and length; only then is it read, and the desk decides whether its
//! text is a change. Nothing watches the file and nothing is polled for it.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::queue::rules::default_file;
use crate::store::layout::StoreDir;
use crate::text::lang::Lang;

/// The longest file of rules that is read, in bytes.
const BYTES_MAX: u64 = 1 << 20;

/// Remembers which file it has read last.
pub(super) struct RulesWatch {
    path: PathBuf,
    seen: Option<(SystemTime, u64)>,
}

impl RulesWatch {
    pub(super) fn new(dir: &StoreDir) -> Self {
        Self { path: dir.rules_file(), seen: None }
    }

    /// The text of the file where it is another one than last time; none where there is no file or none that can be
    /// read.
    pub(super) fn changed(&mut self) -> Option<String> {
        let facts =
            fs::metadata(&self.path).ok().filter(|facts| facts.is_file() && facts.len() <= BYTES_MAX)?;
        let seen = (facts.modified().unwrap_or(SystemTime::UNIX_EPOCH), facts.len());
        if self.seen == Some(seen) {
            return None;
        }
        let text = fs::read_to_string(&self.path).ok()?;
        self.seen = Some(seen);
        Some(text)
    }
}

/// Writes the rules that hold anyhow, with comments, where there is no file yet.
///
/// # Errors
/// When the disk refuses; the store is whole without the file.
pub(super) fn write_default(dir: &StoreDir, zone: &str, lang: Lang) -> std::io::Result<()> {
    let made = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(dir.rules_file());
    match made {
        Ok(mut file) => file.write_all(default_file(zone, lang).as_bytes()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

/// Puts a text into a file whole: beside it first, then in its place.
///
/// # Errors
/// When the disk refuses; the older file then still stands.
pub(super) fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let aside = path.with_extension("toml.new");
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&aside)?;
    file.write_all(text.as_bytes())?;
    file.sync_data()?;
    fs::rename(aside, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_once_and_again_when_it_is_another() {
        let dir = tempfile::tempdir().unwrap();
        let store = StoreDir::at(dir.path());
        let mut watch = RulesWatch::new(&store);
        assert_eq!(watch.changed(), None);
        write_default(&store, "Asia/Shanghai", Lang::En).unwrap();
        let text = watch.changed().unwrap();
        assert_eq!(watch.changed(), None);
        replace(&store.rules_file(), "zone = \"Asia/Tokyo\"\n").unwrap();
        assert_eq!(watch.changed().as_deref(), Some("zone = \"Asia/Tokyo\"\n"));
        write_default(&store, "Asia/Shanghai", Lang::En).unwrap();
        assert_eq!(watch.changed(), None, "what is there is never written over");
        assert!(text.contains("Asia/Shanghai"));
        fs::remove_file(store.rules_file()).unwrap();
        assert_eq!(watch.changed(), None);
    }
}
