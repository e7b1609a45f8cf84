//! `index.dirty`: bulk work on the index is under way, in this run of the machine.
//!
//! kill -9 does not hurt sled, a power cut during many unsynced writes does. The marker carries the id that the
//! kernel gives each start of the machine: found under the same id it is harmless, under another one the index
//! is rebuilt without trying to open it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// The marker's name in a store's directory.
pub const DIRTY_FILE: &str = "index.dirty";

/// Which start of the machine this is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BootId(pub String);

impl BootId {
    /// What the kernel says; `unknown` where it does not, which never equals a marker.
    pub fn of_machine() -> Self {
        let text = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
        let text = text.trim();
        Self(if text.is_empty() { "unknown".to_owned() } else { text.to_owned() })
    }

    fn is_known(&self) -> bool {
        self.0 != "unknown"
    }
}

/// The marker of one store.
#[derive(Debug, Clone)]
pub(super) struct Marker {
    path: PathBuf,
    boot: BootId,
}

impl Marker {
    pub(super) fn new(store: &Path, boot: BootId) -> Self {
        Self { path: store.join(DIRTY_FILE), boot }
    }

    /// Sets the marker, durably.
    pub(super) fn set(&self) -> io::Result<()> {
        let mut options = OpenOptions::new();
        let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(&self.path)?;
        file.write_all(self.boot.0.as_bytes())?;
        file.sync_data()?;
        self.sync_dir()
    }

    /// Removes the marker, durably; fine if there is none.
    pub(super) fn clear(&self) -> io::Result<()> {
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
            Ok(()) => self.sync_dir(),
        }
    }

    /// Removes the marker that this store's own work has set; one that condemns the index stays.
    pub(super) fn clear_own(&self) -> io::Result<()> {
        match fs::read(&self.path) {
            Ok(bytes) if bytes.trim_ascii() == self.boot.0.as_bytes() => self.clear(),
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            Ok(_) | Err(_) => Ok(()),
        }
    }

    /// Whether bulk work was cut off, in whichever run of the machine.
    pub(super) fn is_set(&self) -> io::Result<bool> {
        fs::exists(&self.path)
    }

    /// Whether bulk work was cut off by the end of another run of the machine.
    pub(super) fn is_foreign(&self) -> io::Result<bool> {
        match fs::read(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
            Ok(bytes) => Ok(!self.boot.is_known() || bytes.trim_ascii() != self.boot.0.as_bytes()),
        }
    }

    fn sync_dir(&self) -> io::Result<()> {
        self.path.parent().map_or(Ok(()), |dir| File::open(dir)?.sync_all())
    }
}
