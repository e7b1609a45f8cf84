//! The door to a store's files, small enough to be simulated.
//!
//! Problem: whether an acknowledged record survives a power cut depends on the order of writes and syncs, and
//! that order can only be tested on a disk that forgets on command. Idea: everything that the journal and the
//! backup do to files goes through [`Disk`]; [`RealDisk`] does it, [`SimDisk`] keeps what was not synced apart
//! and loses any part of it. Limits: paths are relative to one root and use `/`; there are no links, and a file
//! has one writer.

mod real;
mod sim;

use std::{io, sync::Arc};

pub use real::RealDisk;
pub use sim::{PAGE_BYTES, SimDisk};

/// What a file is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// An existing file, for reading.
    Read,
    /// An existing file, for reading and writing.
    Write,
    /// A file that must not exist yet, for reading and writing.
    CreateNew,
}

/// A store's directory. Paths are relative to it (`journal/000001.qj`); `""` is the directory itself.
///
/// A created, renamed or removed name is durable only after [`Disk::sync_dir`] of the directory that holds it.
pub trait Disk: Send + Sync {
    /// Lists the names in a directory (files and directories), sorted.
    fn list(&self, dir: &str) -> io::Result<Vec<String>>;
    /// Opens a file. A new descriptor each time: after a failed sync the old one is not to be used again.
    fn open(&self, path: &str, mode: Mode) -> io::Result<Box<dyn DiskFile>>;
    /// Whether a file or directory of this name exists.
    fn exists(&self, path: &str) -> io::Result<bool>;
    /// The length of a file in bytes.
    fn len(&self, path: &str) -> io::Result<u64>;
    /// Renames a file within one directory, replacing what has the new name.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;
    /// Removes a file.
    fn remove(&self, path: &str) -> io::Result<()>;
    /// Creates a directory, readable by its owner only; one that exists is fine.
    fn create_dir(&self, path: &str) -> io::Result<()>;
    /// Makes the names in a directory durable.
    fn sync_dir(&self, dir: &str) -> io::Result<()>;
}

/// One open file of a [`Disk`].
pub trait DiskFile: Send + Sync {
    /// Reads into `into` from `offset`; returns how many bytes there were (fewer only at the end of the file).
    fn read_at(&self, into: &mut [u8], offset: u64) -> io::Result<usize>;
    /// Writes all of `bytes` at `offset`; on an error any part of it may have been written.
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()>;
    /// The length in bytes.
    fn len(&self) -> io::Result<u64>;
    /// Whether the file has no bytes.
    fn is_empty(&self) -> io::Result<bool> {
        Ok(self.len()? == 0)
    }
    /// Cuts the file, or lengthens it with zeros that take no room yet.
    fn set_len(&self, len: u64) -> io::Result<()>;
    /// Makes the content and the length durable.
    fn sync_data(&self) -> io::Result<()>;

    /// Lengthens the file to `to` with zeros that are really written.
    ///
    /// Overwriting written blocks needs no commit of the file system's own journal: 0.1 ms per sync instead of
    /// 4 ms. A hole or an unwritten extent would not do.
    fn allocate_zeros(&self, to: u64) -> io::Result<()> {
        static ZEROS: [u8; 64 * 1024] = [0; 64 * 1024];
        let mut at = self.len()?;
        while at < to {
            let wanted = usize::try_from(to - at).unwrap_or(usize::MAX).min(ZEROS.len());
            self.write_at(ZEROS.get(..wanted).unwrap_or(&ZEROS), at)?;
            at += wanted as u64;
        }
        Ok(())
    }
}

/// Creates `path` with `bytes` so that after a crash it is there whole or not at all, replacing an older one.
///
/// Written to `path` + `.new`, synced, renamed; the directory is synced.
pub fn write_whole(disk: &dyn Disk, path: &str, bytes: &[u8]) -> io::Result<()> {
    let aside = format!("{path}.new");
    if disk.exists(&aside)? {
        disk.remove(&aside)?;
    }
    let file = disk.open(&aside, Mode::CreateNew)?;
    file.write_at(bytes, 0)?;
    file.sync_data()?;
    disk.rename(&aside, path)?;
    disk.sync_dir(parent(path))
}

/// Reads a whole file; refuses one longer than `max` bytes, which a small text file never is.
pub fn read_whole(disk: &dyn Disk, path: &str, max: u64) -> io::Result<Vec<u8>> {
    let file = disk.open(path, Mode::Read)?;
    let len = file.len()?;
    if len > max {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            format!("{path} has {len} bytes, at most {max}"),
        ));
    }
    let mut bytes = vec![0; usize::try_from(len).unwrap_or(0)];
    let got = file.read_at(&mut bytes, 0)?;
    bytes.truncate(got);
    Ok(bytes)
}

/// The directory part of a path, `""` for a name at the top.
pub fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(dir, _)| dir)
}

/// A disk that several parts of the program share.
pub type SharedDisk = Arc<dyn Disk>;
