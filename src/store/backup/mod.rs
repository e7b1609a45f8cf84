//! Backups: the journal of several moments, sealed segments kept once.
//!
//! ```text
//! backup/
//!   000001.generation                  a list of segments, see [`Manifest`]
//!   segments/000001-1a2b3c4d-67108210.qj
//! ```
//!
//! Problem: a backup must be whole or absent, cheap to repeat, and known to be good before it is needed. Idea:
//! segments are copied under a name that says their content, each frame checked on the way; a sealed segment
//! that an earlier generation has is not copied again; the list is written last. Nothing is ever changed in
//! place, so a crash leaves at most a file that no list names. Limits: the index is not copied, it is rebuilt;
//! the rules need no copy, as the journal holds every applied version.

mod manifest;
mod restore;

use std::io;

pub use manifest::{Copy, Kind, Manifest};
pub use restore::{Checked, Restored, check, restore};

use super::disk::{Disk, Mode, read_whole, write_whole};
use super::journal::{Expected, JournalError, Segment, Snapshot, check_segment};

const SEGMENTS_DIR: &str = "segments";
const CHUNK_BYTES: usize = 1 << 20;

/// Why a backup cannot be made, read or restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The journal, or the copy of it, is damaged.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// No generation here.
    #[error("no backup here: there is no file like 000001.generation")]
    None,
    /// Not this generation.
    #[error("there is no generation {generation}; there are {there:?}")]
    NoSuchGeneration {
        /// The one asked for.
        generation: u32,
        /// Those that are there.
        there: Vec<u32>,
    },
    /// A list cannot be understood.
    #[error("{generation:06}.generation, line {line}: {what}; try an earlier generation")]
    BadManifest {
        /// The generation.
        generation: u32,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        what: String,
    },
    /// A segment is missing, cut or changed.
    #[error("generation {generation}: segments/{name} {what}; try an earlier generation")]
    BadSegment {
        /// The generation.
        generation: u32,
        /// The file.
        name: String,
        /// What is wrong.
        what: String,
    },
    /// There is a journal where a backup should go.
    #[error("there is a journal here already; a backup is restored into an empty directory only")]
    NotEmpty,
    /// The operating system refused.
    #[error("{doing}: {source}")]
    Io {
        /// What was being done.
        doing: String,
        /// Why it failed.
        source: io::Error,
    },
}

impl BackupError {
    fn io(doing: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let doing = doing.into();
        move |source| Self::Io { doing, source }
    }
}

/// A backup that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Its number, from 1.
    pub generation: u32,
    /// Segments that had to be copied.
    pub copied: usize,
    /// Segments that an earlier generation had.
    pub shared: usize,
    /// Bytes that were copied.
    pub bytes: u64,
}

/// Writes a new generation into `dest`. `progress` is told the bytes dealt with so far and in all.
///
/// Takes a moment of the journal, so it may run while the desk goes on writing. `at_ms` is the time, in
/// milliseconds since 1970.
pub fn write(
    source: &dyn Disk,
    snapshot: &Snapshot,
    dest: &dyn Disk,
    at_ms: i64,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Written, BackupError> {
    dest.create_dir(SEGMENTS_DIR).map_err(BackupError::io("creating segments/"))?;
    dest.sync_dir("").map_err(BackupError::io("syncing the backup's directory"))?;
    let earlier = newest_readable(dest, snapshot)?;
    let total: u64 = snapshot.segments.iter().map(|segment| segment.bytes).sum();
    let (mut copied, mut shared, mut bytes, mut done) = (0, 0, 0, 0);
    let mut copies = Vec::new();
    for (index, segment) in snapshot.segments.iter().enumerate() {
        let kind = if index + 1 == snapshot.segments.len() {
            Kind::Tail
        } else if snapshot.current.rewritten.contains_key(&segment.number) {
            Kind::Rewritten
        } else {
            Kind::Sealed
        };
        if let Some(copy) = find_earlier(dest, earlier.as_ref(), segment)? {
            shared += 1;
            copies.push(Copy { kind, ..copy });
        } else {
            let start = Expected { seq: segment.first_seq, previous_crc: segment.previous_crc };
            let store = &snapshot.current.store;
            check_segment(source, &segment.path, segment.number, store, start, segment.bytes)?;
            copies.push(copy_segment(source, segment, kind, dest)?);
            copied += 1;
            bytes += segment.bytes;
        }
        done += segment.bytes;
        progress(done, total);
    }
    let generation = generations(dest)?.last().map_or(1, |last| last + 1);
    let manifest = Manifest { store: snapshot.current.store, end: snapshot.end, at_ms, copies };
    write_whole(dest, &manifest_name(generation), manifest.text().as_bytes())
        .map_err(BackupError::io(format!("writing {}", manifest_name(generation))))?;
    Ok(Written { generation, copied, shared, bytes })
}

/// The generations in a backup, oldest first; some may turn out unreadable.
pub fn generations(dest: &dyn Disk) -> Result<Vec<u32>, BackupError> {
    let names = dest.list("").map_err(BackupError::io("listing the backup"))?;
    let mut numbers: Vec<u32> = names
        .iter()
        .filter_map(|name| {
            name.strip_suffix(".generation")?.parse().ok().filter(|n| manifest_name(*n) == **name)
        })
        .collect();
    numbers.sort_unstable();
    Ok(numbers)
}

/// Reads the list of a generation.
pub fn manifest(dest: &dyn Disk, generation: u32) -> Result<Manifest, BackupError> {
    let name = manifest_name(generation);
    let bytes = read_whole(dest, &name, 16 << 20).map_err(BackupError::io(format!("reading {name}")))?;
    Manifest::parse(generation, &bytes)
}

/// Keeps the newest `keep` generations (at least one) and removes the others, then the segments that no
/// generation needs. Returns how many files went.
pub fn prune(dest: &dyn Disk, keep: usize) -> Result<usize, BackupError> {
    let numbers = generations(dest)?;
    let (old, kept) = numbers.split_at(numbers.len().saturating_sub(keep.max(1)));
    // Read before anything is removed: with an unreadable list nobody knows what is needed.
    let mut needed = Vec::new();
    for generation in kept {
        needed.extend(manifest(dest, *generation)?.copies.iter().map(Copy::name));
    }
    let mut removed = 0;
    let mut remove = |path: String| {
        removed += 1;
        dest.remove(&path).map_err(BackupError::io(format!("removing {path}")))
    };
    for generation in old {
        remove(manifest_name(*generation))?;
    }
    dest.sync_dir("").map_err(BackupError::io("syncing the backup's directory"))?;
    for name in dest.list(SEGMENTS_DIR).map_err(BackupError::io("listing segments/"))? {
        if !needed.contains(&name) {
            remove(format!("{SEGMENTS_DIR}/{name}"))?;
        }
    }
    dest.sync_dir(SEGMENTS_DIR).map_err(BackupError::io("syncing segments/"))?;
    Ok(removed)
}

fn manifest_name(generation: u32) -> String {
    format!("{generation:06}.generation")
}

/// The newest list of the same history; an unreadable one only means that more is copied.
fn newest_readable(dest: &dyn Disk, snapshot: &Snapshot) -> Result<Option<Manifest>, BackupError> {
    let same = |manifest: &Manifest| {
        (manifest.store, manifest.end.lineage) == (snapshot.current.store, snapshot.end.lineage)
    };
    Ok(generations(dest)?.iter().rev().filter_map(|number| manifest(dest, *number).ok()).find(same))
}

/// A copy of a segment that is there already. Within one history a segment only grows, so an equal number and
/// length mean equal content.
fn find_earlier(
    dest: &dyn Disk,
    earlier: Option<&Manifest>,
    segment: &Segment,
) -> Result<Option<Copy>, BackupError> {
    let same = |copy: &&Copy| copy.number == segment.number && copy.bytes == segment.bytes;
    let Some(copy) = earlier.and_then(|manifest| manifest.copies.iter().find(same)) else { return Ok(None) };
    let path = format!("{SEGMENTS_DIR}/{}", copy.name());
    let there = dest.exists(&path).map_err(BackupError::io(format!("looking for {path}")))?;
    let whole =
        there && dest.len(&path).map_err(BackupError::io(format!("looking at {path}")))? == copy.bytes;
    Ok(whole.then(|| copy.clone()))
}

/// Copies a segment under a passing name, then gives it the name of its content.
fn copy_segment(
    source: &dyn Disk,
    segment: &Segment,
    kind: Kind,
    dest: &dyn Disk,
) -> Result<Copy, BackupError> {
    let aside = format!("{SEGMENTS_DIR}/{:06}.new", segment.number);
    let crc = copy_file(source, &segment.path, segment.bytes, dest, &aside)
        .map_err(BackupError::io(format!("copying {}", segment.path)))?;
    let copy = Copy { number: segment.number, crc, bytes: segment.bytes, kind };
    let path = format!("{SEGMENTS_DIR}/{}", copy.name());
    dest.rename(&aside, &path)
        .and_then(|()| dest.sync_dir(SEGMENTS_DIR))
        .map_err(BackupError::io(format!("naming {path}")))?;
    Ok(copy)
}

/// Copies the first `bytes` of a file durably, replacing what has the name; returns their CRC32.
fn copy_file(source: &dyn Disk, from: &str, bytes: u64, dest: &dyn Disk, to: &str) -> io::Result<u32> {
    if dest.exists(to)? {
        dest.remove(to)?;
    }
    let (reader, writer) = (source.open(from, Mode::Read)?, dest.open(to, Mode::CreateNew)?);
    let mut hasher = crc32fast::Hasher::new();
    let mut chunk = vec![0; CHUNK_BYTES];
    let mut at = 0;
    while at < bytes {
        let wanted = usize::try_from(bytes - at).unwrap_or(usize::MAX).min(CHUNK_BYTES);
        let part = chunk.get_mut(..wanted).unwrap_or_default();
        if reader.read_at(part, at)? < wanted {
            return Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                format!("{from} is shorter than {bytes} bytes"),
            ));
        }
        hasher.update(part);
        writer.write_at(part, at)?;
        at += wanted as u64;
    }
    writer.sync_data()?;
    Ok(hasher.finalize())
}

#[cfg(test)]
mod tests;
