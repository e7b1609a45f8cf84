//! The columns file: the book in memory as it was at one record, so that opening need not read the journal.
//!
//! `index.columns`: magic, [`INDEX_VERSION`], lineage, sequence number, CRC of that record's frame, length and CRC
//! of the payload, payload (MessagePack without names: a format per release). Written aside and renamed; a file
//! that does not fit the journal is passed over, for everything in it can be replayed.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::Columns;
use crate::store::INDEX_VERSION;
use crate::store::index::Mark;

const MAGIC: &[u8; 8] = b"quncols\n";
const HEADER_BYTES: usize = 8 + 4 + 16 + 8 + 4 + 8 + 4;

fn path(store: &Path) -> PathBuf {
    store.join("index.columns")
}

/// Writes the columns as they are at `mark`.
///
/// # Errors
/// When the disk refuses; the older file then still stands.
pub fn write(store: &Path, columns: &Columns, mark: &Mark) -> io::Result<()> {
    let payload = rmp_serde::to_vec(columns).map_err(io::Error::other)?;
    let mut bytes = Vec::with_capacity(HEADER_BYTES);
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&INDEX_VERSION.to_be_bytes());
    bytes.extend_from_slice(&mark.lineage);
    bytes.extend_from_slice(&mark.seq.to_be_bytes());
    bytes.extend_from_slice(&mark.crc.to_be_bytes());
    bytes.extend_from_slice(&(payload.len() as u64).to_be_bytes());
    bytes.extend_from_slice(&crc32fast::hash(&payload).to_be_bytes());
    let aside = path(store).with_extension("columns.new");
    let mut file = fs::File::create(&aside)?;
    file.write_all(&bytes)?;
    file.write_all(&payload)?;
    file.sync_data()?;
    fs::rename(&aside, path(store))
}

/// Reads the columns and the record they are true at; none when there is no whole file of this version and course
/// of history.
pub fn read(store: &Path, lineage: [u8; 16]) -> Option<(Columns, u64, u32)> {
    let bytes = fs::read(path(store)).ok()?;
    let (header, payload) = bytes.split_at_checked(HEADER_BYTES)?;
    let number = |at: usize| header.get(at..at + 8)?.try_into().ok().map(u64::from_be_bytes);
    let small = |at: usize| header.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes);
    let fits = header.starts_with(MAGIC)
        && small(8)? == INDEX_VERSION
        && header.get(12..28)? == lineage
        && number(40)? == payload.len() as u64
        && small(48)? == crc32fast::hash(payload);
    let columns = fits.then(|| rmp_serde::from_slice(payload).ok()).flatten()?;
    Some((columns, number(28)?, small(36)?))
}
