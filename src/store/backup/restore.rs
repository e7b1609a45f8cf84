//! Checks a backup and brings one back.

use std::collections::BTreeMap;

use super::manifest::{Kind, Manifest};
use super::{BackupError, SEGMENTS_DIR, copy_file, generations, manifest};
use crate::store::disk::{Disk, Mode, write_whole};
use crate::store::journal::{
    Current, End, Expected, JOURNAL_DIR, JournalError, check_segment, segment_name, segment_number,
};

/// Says that the segments in `journal/` come from a restore that is not finished, and may be replaced.
const RESTORING: &str = "journal/RESTORING";

/// A generation that is whole: every file, every frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// Its number.
    pub generation: u32,
    /// Its list.
    pub manifest: Manifest,
}

/// A backup that was brought back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// The generation it came from.
    pub generation: u32,
    /// Where the journal ends now.
    pub end: End,
}

/// Reads every byte of a generation (the newest, if none is named) and checks names, checksums and frames.
pub fn check(backup: &dyn Disk, generation: Option<u32>) -> Result<Checked, BackupError> {
    let there = generations(backup)?;
    let generation = match generation {
        None => *there.last().ok_or(BackupError::None)?,
        Some(generation) if there.contains(&generation) => generation,
        Some(generation) => return Err(BackupError::NoSuchGeneration { generation, there }),
    };
    let manifest = manifest(backup, generation)?;
    let mut expected = Expected::first(&manifest.store);
    for (copy, number) in manifest.copies.iter().zip(1..) {
        let path = format!("{SEGMENTS_DIR}/{}", copy.name());
        let bad = |what: String| BackupError::BadSegment { generation, name: copy.name(), what };
        if copy.number != number {
            return Err(bad(format!("stands where segment {number} should")));
        }
        let crc =
            crc_of(backup, &path, copy.bytes).map_err(|error| bad(format!("cannot be read: {error}")))?;
        if crc != Some(copy.crc) {
            return Err(bad("does not have the bytes that its name says".to_owned()));
        }
        expected = check_segment(backup, &path, number, &manifest.store, expected, copy.bytes)
            .map_err(|error| bad(error.to_string()))?;
    }
    if (expected.seq, expected.previous_crc) != (manifest.end.seq + 1, manifest.end.crc) {
        let what = format!("it lists records up to {} and has {}", manifest.end.seq, expected.seq - 1);
        return Err(BackupError::BadManifest { generation, line: 5, what });
    }
    Ok(Checked { generation, manifest })
}

/// Brings a generation (the newest, if none is named) back into a directory without a journal.
///
/// The history that begins here gets the id `lineage`, so that no index of the old one is taken for its own.
/// `CURRENT` is written last: interrupted, there is no journal, and the restore can be repeated.
pub fn restore(
    backup: &dyn Disk,
    generation: Option<u32>,
    into: &dyn Disk,
    lineage: [u8; 16],
) -> Result<Restored, BackupError> {
    make_room(into)?;
    let Checked { generation, manifest } = check(backup, generation)?;
    let mut rewritten = BTreeMap::new();
    for copy in &manifest.copies {
        let (from, name) = (format!("{SEGMENTS_DIR}/{}", copy.name()), segment_name(copy.number));
        let crc = copy_file(backup, &from, copy.bytes, into, &format!("{JOURNAL_DIR}/{name}"))
            .map_err(BackupError::io(format!("restoring {name}")))?;
        if crc != copy.crc {
            let what = "changed while it was copied".to_owned();
            return Err(BackupError::BadSegment { generation, name: copy.name(), what });
        }
        if copy.kind == Kind::Rewritten {
            rewritten.insert(copy.number, name);
        }
    }
    into.sync_dir(JOURNAL_DIR).map_err(BackupError::io("syncing journal/"))?;
    let current = Current { store: manifest.store, lineage, rewritten };
    write_whole(into, "journal/CURRENT", current.text().as_bytes())
        .map_err(BackupError::io("writing journal/CURRENT"))?;
    into.remove(RESTORING).map_err(BackupError::io(format!("removing {RESTORING}")))?;
    Ok(Restored { generation, end: End { lineage, ..manifest.end } })
}

/// Makes sure that nothing is written over but an earlier restore that was interrupted.
fn make_room(into: &dyn Disk) -> Result<(), BackupError> {
    let looking = || BackupError::io("looking at journal/");
    into.create_dir(JOURNAL_DIR).map_err(BackupError::io("creating journal/"))?;
    let names = into.list(JOURNAL_DIR).map_err(looking())?;
    if names.iter().any(|name| name == "CURRENT") {
        return Err(BackupError::NotEmpty);
    }
    let segments: Vec<&String> = names.iter().filter(|name| segment_number(name).is_some()).collect();
    if segments.is_empty() {
        write_whole(into, RESTORING, b"a backup is being restored\n")
            .map_err(BackupError::io(format!("writing {RESTORING}")))?;
        return into.sync_dir("").map_err(BackupError::io("syncing the store's directory"));
    }
    if !into.exists(RESTORING).map_err(looking())? {
        return Err(JournalError::Orphans { segments: segments.len() }.into());
    }
    for name in segments {
        into.remove(&format!("{JOURNAL_DIR}/{name}")).map_err(BackupError::io(format!("removing {name}")))?;
    }
    Ok(())
}

/// The CRC32 of a file, `None` if it does not have this length.
fn crc_of(disk: &dyn Disk, path: &str, bytes: u64) -> std::io::Result<Option<u32>> {
    let file = disk.open(path, Mode::Read)?;
    if file.len()? != bytes {
        return Ok(None);
    }
    let mut hasher = crc32fast::Hasher::new();
    let mut chunk = vec![0; super::CHUNK_BYTES];
    let mut at = 0;
    loop {
        let got = file.read_at(&mut chunk, at)?;
        if got == 0 {
            return Ok(Some(hasher.finalize()));
        }
        hasher.update(chunk.get(..got).unwrap_or_default());
        at += got as u64;
    }
}
