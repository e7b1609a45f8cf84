//! Writes a table, row by row in order.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};

use super::filter::{Filter, hash};
use super::{BLOCK_BYTES, MAGIC, SMALL_BLOCK_BYTES, put_number, shared};
use crate::store::keys;

/// A table on its way to the disk.
pub(in crate::store::index) struct Writer {
    out: BufWriter<File>,
    /// Bytes of the blocks written.
    at: u64,
    block: Vec<u8>,
    separator: Vec<u8>,
    last: Vec<u8>,
    list: Vec<u8>,
    rows: u64,
    /// From how many bytes on a block is closed.
    block_bytes: usize,
    /// What its filter notes; none for a table that gets none.
    hashes: Option<Vec<u64>>,
}

impl Writer {
    /// Into an empty file. A table with others below it has a filter, so that these are reached quickly, and smaller
    /// blocks.
    pub(in crate::store::index) fn new(file: File, filtered: bool) -> Self {
        Self {
            out: BufWriter::with_capacity(1 << 18, file),
            at: 0,
            block: Vec::with_capacity(2 * BLOCK_BYTES),
            separator: Vec::new(),
            last: Vec::new(),
            list: Vec::new(),
            rows: 0,
            block_bytes: if filtered { SMALL_BLOCK_BYTES } else { BLOCK_BYTES },
            hashes: filtered.then(Vec::new),
        }
    }

    /// Adds a row; its key stands behind the one before. No value: the key was removed.
    pub(in crate::store::index) fn add(&mut self, key: &[u8], value: Option<&[u8]>) -> io::Result<()> {
        debug_assert!(self.rows == 0 || self.last.as_slice() < key, "{:?} < {key:?}", self.last);
        let mut same = shared(&self.last, key);
        if self.block.len() >= self.block_bytes {
            self.close_block()?;
        }
        if self.block.is_empty() {
            self.separator.clear();
            // what differs from the key before is enough to find the block by
            self.separator.extend_from_slice(key.get(..=same).unwrap_or(key));
            same = 0;
        }
        let further = key.get(same..).unwrap_or_default();
        put_number(same as u64, &mut self.block);
        put_number(further.len() as u64, &mut self.block);
        put_number(value.map_or(0, |value| value.len() as u64 + 1), &mut self.block);
        self.block.extend_from_slice(further);
        self.block.extend_from_slice(value.unwrap_or_default());
        if let Some(hashes) = &mut self.hashes {
            hashes.push(hash(key));
            let stem = keys::stem(key);
            if let Some(stem) = stem.filter(|_| self.rows == 0 || stem != keys::stem(&self.last)) {
                hashes.push(hash(stem));
            }
        }
        self.last.clear();
        self.last.extend_from_slice(key);
        self.rows += 1;
        Ok(())
    }

    fn close_block(&mut self) -> io::Result<()> {
        if self.block.is_empty() {
            return Ok(());
        }
        put_number(self.separator.len() as u64, &mut self.list);
        put_number(self.block.len() as u64, &mut self.list);
        self.list.extend_from_slice(&crc32fast::hash(&self.block).to_le_bytes());
        self.list.extend_from_slice(&self.separator);
        self.out.write_all(&self.block)?;
        self.at += self.block.len() as u64;
        self.block.clear();
        Ok(())
    }

    /// Writes filter and list of blocks. The file is not synced.
    pub(in crate::store::index) fn finish(mut self) -> io::Result<File> {
        self.close_block()?;
        let filter = self.hashes.take().map(|hashes| Filter::of(&hashes).to_bytes()).unwrap_or_default();
        self.out.write_all(&filter)?;
        self.out.write_all(&self.list)?;
        self.out.write_all(&(self.at + filter.len() as u64).to_le_bytes())?;
        self.out.write_all(&(self.list.len() as u64).to_le_bytes())?;
        self.out.write_all(&(filter.len() as u64).to_le_bytes())?;
        self.out.write_all(&self.rows.to_le_bytes())?;
        self.out.write_all(&crc32fast::hash(&self.list).to_le_bytes())?;
        self.out.write_all(&crc32fast::hash(&filter).to_le_bytes())?;
        self.out.write_all(MAGIC)?;
        self.out.into_inner().map_err(io::IntoInnerError::into_error)
    }
}
