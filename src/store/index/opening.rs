//! Opens the index and decides whether it can be used.
//!
//! Usable is an index that opens, has a mark of this history and version, and stopped at a record that the
//! journal has too. Everything else is moved aside to `index.bad-<n>` (two are kept, for a look at what
//! happened) and an empty one takes its place.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use super::dirty::{BootId, Marker};
use super::error::{IndexError, RebuildReason};
use super::sled_index::{SledIndex, SledOptions};
use super::{Index, Mark};

/// The directory of the index in a store.
pub const INDEX_DIR: &str = "index";
const BAD_PREFIX: &str = "index.bad-";
const BAD_KEPT: usize = 2;

/// What the journal says that the index must agree with.
pub struct Expected<'a> {
    /// The journal's course of history.
    pub lineage: [u8; 16],
    /// The journal's last record.
    pub seq: u64,
    /// Origin CRC of the frame that holds a record of the journal.
    pub crc_at: &'a dyn Fn(u64) -> Option<u32>,
    /// The version of keys and values that the program uses.
    pub version: u32,
}

/// An opened index, and what it needs.
pub enum IndexState {
    /// It agrees with the journal up to a record; nothing is left to do if `replay_from` is behind the end.
    Ready {
        /// The index.
        index: SledIndex,
        /// The first record that it has not applied.
        replay_from: u64,
    },
    /// It is empty; the journal is to be applied from record 1.
    Rebuild {
        /// The new, empty index.
        index: SledIndex,
        /// Why the old one could not be used.
        reason: RebuildReason,
    },
}

/// Opens the index of the store in `store`.
///
/// # Errors
///
/// Only what rebuilding would not cure: another process has it open, the disk is full, no permission.
pub fn open_index(store: &Path, expected: &Expected<'_>) -> Result<IndexState, IndexError> {
    open_index_with(store, expected, SledOptions::default(), &BootId::of_machine())
}

/// Opens with other sizes, or as if the machine had been started anew.
pub fn open_index_with(
    store: &Path,
    expected: &Expected<'_>,
    options: SledOptions,
    boot: &BootId,
) -> Result<IndexState, IndexError> {
    let marker = Marker::new(store, boot.clone());
    let reason = match examine(store, expected, options, boot, &marker)? {
        Ok((index, replay_from)) => return Ok(IndexState::Ready { index, replay_from }),
        Err(reason) => reason,
    };
    put_aside(store, &reason).map_err(IndexError::io("moving the old index aside"))?;
    marker.clear().map_err(IndexError::io("removing index.dirty"))?;
    let index = SledIndex::open(store, options, boot.clone())?;
    if expected.seq == 0 && reason == RebuildReason::Missing {
        return Ok(IndexState::Ready { index, replay_from: 1 });
    }
    Ok(IndexState::Rebuild { index, reason })
}

/// Makes the next opening rebuild the index, whatever it looks like. For an index that turned out damaged while
/// it was in use, and for `doctor`.
pub fn condemn_index(store: &Path) -> Result<(), IndexError> {
    let marker = Marker::new(store, BootId("condemned".to_owned()));
    marker.set().map_err(IndexError::io("writing index.dirty"))
}

/// Whether the next opening would rebuild the index, and why, without touching it: it is opened as a copy in
/// `scratch`, an empty directory elsewhere. One that is larger than `bytes_max` counts as fit.
pub fn would_rebuild(
    store: &Path,
    scratch: &Path,
    expected: &Expected<'_>,
    bytes_max: u64,
) -> Result<Option<RebuildReason>, IndexError> {
    let boot = BootId::of_machine();
    let marker = Marker::new(store, boot.clone());
    if marker.is_foreign().map_err(IndexError::io("reading index.dirty"))? {
        return Ok(Some(RebuildReason::Dirty));
    }
    let from = store.join(INDEX_DIR);
    let copied = copy(&from, &scratch.join(INDEX_DIR), bytes_max);
    if !copied.map_err(IndexError::io("copying the index for a look"))? {
        return Ok(None);
    }
    Ok(
        match examine(scratch, expected, SledOptions::default(), &boot, &Marker::new(scratch, boot.clone()))?
        {
            Ok((index, _)) => {
                drop(index);
                None
            }
            // a store that is used for the first time has nothing to rebuild
            Err(RebuildReason::Missing) if expected.seq == 0 => None,
            Err(reason) => Some(reason),
        },
    )
}

/// Copies a directory's files, and those of the directories in it; false where they are more than `bytes_max`.
fn copy(from: &Path, to: &Path, bytes_max: u64) -> io::Result<bool> {
    if !fs::exists(from)? {
        return Ok(true);
    }
    fs::create_dir_all(to)?;
    let mut left = bytes_max;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (path, facts) = (entry.path(), entry.metadata()?);
        if facts.len() > left {
            return Ok(false);
        }
        left -= facts.len();
        if facts.is_dir() {
            if !copy(&path, &to.join(entry.file_name()), left)? {
                return Ok(false);
            }
        } else {
            fs::copy(&path, to.join(entry.file_name()))?;
        }
    }
    Ok(true)
}

type Verdict = Result<(SledIndex, u64), RebuildReason>;

fn examine(
    store: &Path,
    expected: &Expected<'_>,
    options: SledOptions,
    boot: &BootId,
    marker: &Marker,
) -> Result<Verdict, IndexError> {
    if marker.is_foreign().map_err(IndexError::io("reading index.dirty"))? {
        return Ok(Err(RebuildReason::Dirty));
    }
    if !fs::exists(store.join(INDEX_DIR).join("db")).map_err(IndexError::io("looking for the index"))? {
        return Ok(Err(RebuildReason::Missing));
    }
    let opened = SledIndex::open(store, options, boot.clone()).and_then(|index| Ok((index.mark()?, index)));
    Ok(match opened {
        Ok((mark, index)) => judge(mark, expected).map(|replay_from| (index, replay_from)),
        Err(IndexError::Damaged { what }) => Err(RebuildReason::Unopenable(what)),
        Err(error) => match error {
            // A file that is missing or cut inside the index is damage, not a refusal of the system.
            IndexError::Io { doing, source } if is_damage(source.kind()) => {
                Err(RebuildReason::Unopenable(format!("{doing}: {source}")))
            }
            error => return Err(error),
        },
    })
}

fn is_damage(kind: io::ErrorKind) -> bool {
    use io::ErrorKind as Kind;
    !matches!(
        kind,
        Kind::PermissionDenied | Kind::ReadOnlyFilesystem | Kind::OutOfMemory | Kind::QuotaExceeded
    )
}

/// Compares an index with the journal; gives the first record to replay.
fn judge(mark: Option<Mark>, expected: &Expected<'_>) -> Result<u64, RebuildReason> {
    let Some(mark) = mark else { return Err(RebuildReason::Missing) };
    if mark.version != expected.version {
        return Err(RebuildReason::OtherVersion { found: mark.version, wanted: expected.version });
    }
    if mark.lineage != expected.lineage {
        return Err(RebuildReason::OtherLineage);
    }
    if mark.seq > expected.seq {
        return Err(RebuildReason::Ahead { index: mark.seq, journal: expected.seq });
    }
    if (expected.crc_at)(mark.seq) != Some(mark.crc) {
        return Err(RebuildReason::CrcMismatch { seq: mark.seq });
    }
    Ok(mark.seq + 1)
}

/// Moves `index/` to the next free `index.bad-<n>` and removes older ones; one without content is removed.
fn put_aside(store: &Path, reason: &RebuildReason) -> io::Result<()> {
    let from = store.join(INDEX_DIR);
    if !fs::exists(&from)? {
        return Ok(());
    }
    if *reason == RebuildReason::Missing {
        fs::remove_dir_all(&from)?;
        return File::open(store)?.sync_all();
    }
    let mut numbers = Vec::new();
    for entry in fs::read_dir(store)? {
        let name = entry?.file_name();
        let number =
            name.to_str().and_then(|name| name.strip_prefix(BAD_PREFIX)).and_then(|n| n.parse::<u32>().ok());
        numbers.extend(number);
    }
    numbers.sort_unstable();
    let next = numbers.last().map_or(1, |last| last + 1);
    fs::rename(&from, store.join(format!("{BAD_PREFIX}{next}")))?;
    File::open(store)?.sync_all()?;
    numbers.push(next);
    for old in numbers.iter().rev().skip(BAD_KEPT) {
        fs::remove_dir_all(store.join(format!("{BAD_PREFIX}{old}")))?;
    }
    Ok(())
}
