//! Reads a table: one row, or a walk over a range in either direction.

use std::fs::File;
use std::ops::Bound;
use std::os::unix::fs::FileExt as _;
use std::sync::{Arc, Mutex, PoisonError};

use super::block::Block;
use super::filter::Filter;
use super::{FOOTER_BYTES, MAGIC, take_bytes, take_number};
use crate::store::index::{IndexError, Keys, Order};

/// Where a block stands.
#[derive(Debug)]
struct Place {
    at: u64,
    bytes: u32,
    crc: u32,
    separator_at: u32,
    separator_bytes: u32,
}

/// What a table says of a key.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::store::index) enum Found {
    Value(Vec<u8>),
    Removed,
    Nothing,
}

/// An open table.
pub(in crate::store::index) struct Table {
    file: File,
    places: Vec<Place>,
    separators: Vec<u8>,
    identity: u64,
    bytes: u64,
    filter: Option<Filter>,
    /// Blocks read lately, by the remainder of their number.
    kept: Mutex<Vec<Option<(usize, Arc<Block>)>>>,
}

fn damaged(what: &str) -> IndexError {
    IndexError::Damaged { what: what.to_owned() }
}

impl Table {
    /// Opens a table and reads its list of blocks; `blocks_kept` of those read are remembered (at least one).
    pub(in crate::store::index) fn open(file: File, blocks_kept: usize) -> Result<Self, IndexError> {
        let reading = || IndexError::io("reading a table of the index");
        let length = file.metadata().map_err(reading())?.len();
        let foot_at =
            length.checked_sub(FOOTER_BYTES as u64).ok_or_else(|| damaged("a table without its end"))?;
        let mut foot = [0; FOOTER_BYTES];
        file.read_exact_at(&mut foot, foot_at).map_err(reading())?;
        let long = |at: usize| -> u64 {
            foot.get(at..at + 8).and_then(|bytes| bytes.try_into().ok()).map_or(0, u64::from_le_bytes)
        };
        let short = |at: usize| -> u32 {
            foot.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()).map_or(0, u32::from_le_bytes)
        };
        let (list_at, list_bytes, filter_bytes, rows) = (long(0), long(8), long(16), long(24));
        let (crc, filter_crc) = (short(32), short(36));
        if !foot.ends_with(MAGIC) || list_at.checked_add(list_bytes) != Some(foot_at) {
            return Err(damaged("the end of a table"));
        }
        let part = |at: u64, bytes: u64, crc: u32, what: &str| {
            let mut part = vec![0; usize::try_from(bytes).map_err(|_| damaged("the end of a table"))?];
            file.read_exact_at(&mut part, at).map_err(reading())?;
            if crc32fast::hash(&part) == crc { Ok(part) } else { Err(damaged(what)) }
        };
        let filter_at = list_at.checked_sub(filter_bytes).ok_or_else(|| damaged("the end of a table"))?;
        let list = part(list_at, list_bytes, crc, "the list of a table's blocks")?;
        let filter = part(filter_at, filter_bytes, filter_crc, "the filter of a table")?;
        let filter = match filter.as_slice() {
            [] => None,
            bytes => Some(Filter::read(bytes).ok_or_else(|| damaged("the filter of a table"))?),
        };
        let (places, separators) =
            places(&list, filter_at).ok_or_else(|| damaged("the list of a table's blocks"))?;
        let identity = u64::from(crc) << 32 ^ rows ^ length.rotate_left(16);
        let kept = Mutex::new((0..blocks_kept.max(1)).map(|_| None).collect());
        Ok(Self { file, places, separators, identity, bytes: length, filter, kept })
    }

    /// How large it is.
    pub(in crate::store::index) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Its file, for syncing.
    pub(in crate::store::index) fn file(&self) -> &File {
        &self.file
    }

    /// Whether it was written as one that has others below it.
    pub(in crate::store::index) fn is_filtered(&self) -> bool {
        self.filter.is_some()
    }

    /// False where it certainly has no key, or no stem of a range, of this [`hash`](super::hash).
    pub(in crate::store::index) fn may_have(&self, hash: u64) -> bool {
        self.filter.as_ref().is_none_or(|filter| filter.may_have(hash))
    }

    /// What tells this table from others: it follows from the checksums of all blocks.
    pub(in crate::store::index) fn identity(&self) -> u64 {
        self.identity
    }

    /// What stands for a key.
    pub(in crate::store::index) fn get(&self, key: &[u8]) -> Result<Found, IndexError> {
        let Some(number) = self.block_of(key) else { return Ok(Found::Nothing) };
        let block = self.block(number)?;
        Ok(match block.find(key).map(|row| block.value(row)) {
            Some(Some(value)) => Found::Value(value.to_vec()),
            Some(None) => Found::Removed,
            None => Found::Nothing,
        })
    }

    /// Walks the rows that a range takes.
    pub(in crate::store::index) fn walk(&self, keys: &Keys, order: Order) -> Walk<'_> {
        Walk { table: self, keys: keys.clone(), order, keeps: true, stands: Stands::Before }
    }

    /// Walks all rows once, for a copy: the blocks remembered stay those that others look things up in.
    pub(in crate::store::index) fn walk_whole(&self) -> Walk<'_> {
        let keys = Keys::prefix(&[]);
        Walk { table: self, keys, order: Order::Forward, keeps: false, stands: Stands::Before }
    }

    fn separator(&self, place: &Place) -> &[u8] {
        let at = place.separator_at as usize;
        self.separators.get(at..at + place.separator_bytes as usize).unwrap_or_default()
    }

    /// The only block that can hold a key.
    fn block_of(&self, key: &[u8]) -> Option<usize> {
        self.places.partition_point(|place| self.separator(place) <= key).checked_sub(1)
    }

    fn block(&self, number: usize) -> Result<Arc<Block>, IndexError> {
        // a block that a panic left half-kept cannot be: one slot is set at once
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let slot = number % kept.len().max(1);
        if let Some(Some((_, block))) =
            kept.get(slot).filter(|kept| matches!(kept, Some((n, _)) if *n == number))
        {
            return Ok(Arc::clone(block));
        }
        let block = self.read(number)?;
        if let Some(slot) = kept.get_mut(slot) {
            *slot = Some((number, Arc::clone(&block)));
        }
        Ok(block)
    }

    fn read(&self, number: usize) -> Result<Arc<Block>, IndexError> {
        let place = self.places.get(number).ok_or_else(|| damaged("a block that is not in the list"))?;
        let mut bytes = vec![0; place.bytes as usize];
        self.file
            .read_exact_at(&mut bytes, place.at)
            .map_err(IndexError::io("reading a table of the index"))?;
        if crc32fast::hash(&bytes) != place.crc {
            return Err(damaged("a block of a table"));
        }
        Ok(Arc::new(Block::read(bytes).ok_or_else(|| damaged("the rows of a table's block"))?))
    }
}

/// Reads the list of blocks; none where it does not add up to what stands before it.
fn places(list: &[u8], blocks_end: u64) -> Option<(Vec<Place>, Vec<u8>)> {
    let (mut places, mut separators, mut at, mut rest) = (Vec::new(), Vec::new(), 0_u64, list);
    while !rest.is_empty() {
        let separator_bytes = u32::try_from(take_number(&mut rest)?).ok()?;
        let bytes = u32::try_from(take_number(&mut rest)?).ok()?;
        let crc = u32::from_le_bytes(take_bytes(&mut rest, 4)?.try_into().ok()?);
        let separator_at = u32::try_from(separators.len()).ok()?;
        separators.extend_from_slice(take_bytes(&mut rest, separator_bytes as usize)?);
        places.push(Place { at, bytes, crc, separator_at, separator_bytes });
        at = at.checked_add(u64::from(bytes))?;
    }
    separators.shrink_to_fit();
    places.shrink_to_fit();
    (at == blocks_end).then_some((places, separators))
}

/// Where a walk stands.
enum Stands {
    Before,
    On { block: Arc<Block>, number: usize, row: usize },
    Behind,
}

/// A walk over a range of a table.
pub(in crate::store::index) struct Walk<'a> {
    table: &'a Table,
    keys: Keys,
    order: Order,
    /// Whether the blocks it reads are remembered.
    keeps: bool,
    stands: Stands,
}

impl Walk<'_> {
    fn block(&self, number: usize) -> Result<Arc<Block>, IndexError> {
        if self.keeps { self.table.block(number) } else { self.table.read(number) }
    }

    /// Goes to the next row, first to the first one; false at the end.
    pub(in crate::store::index) fn step(&mut self) -> Result<bool, IndexError> {
        self.stands = match std::mem::replace(&mut self.stands, Stands::Behind) {
            Stands::Before => self.begin()?,
            Stands::On { block, number, row } => match self.order {
                Order::Forward => self.settle(block, number, Some(row + 1))?,
                Order::Reverse => self.settle(block, number, row.checked_sub(1))?,
            },
            Stands::Behind => Stands::Behind,
        };
        Ok(matches!(self.stands, Stands::On { .. }))
    }

    /// The key it stands on.
    pub(in crate::store::index) fn key(&self) -> &[u8] {
        match &self.stands {
            Stands::On { block, row, .. } => block.key(*row),
            _ => &[],
        }
    }

    /// The value it stands on; none for a removed key.
    pub(in crate::store::index) fn value(&self) -> Option<&[u8]> {
        match &self.stands {
            Stands::On { block, row, .. } => block.value(*row),
            _ => None,
        }
    }

    fn begin(&mut self) -> Result<Stands, IndexError> {
        if self.keys.is_empty() || self.table.places.is_empty() {
            return Ok(Stands::Behind);
        }
        let last = self.table.places.len() - 1;
        match self.order {
            Order::Forward => {
                let number = match &self.keys.from {
                    Bound::Included(key) | Bound::Excluded(key) => self.table.block_of(key).unwrap_or(0),
                    Bound::Unbounded => 0,
                };
                let block = self.block(number)?;
                let row = match &self.keys.from {
                    Bound::Included(from) => block.count(|key| key < from.as_slice()),
                    Bound::Excluded(from) => block.count(|key| key <= from.as_slice()),
                    Bound::Unbounded => 0,
                };
                self.settle(block, number, Some(row))
            }
            Order::Reverse => {
                let number = match &self.keys.to {
                    Bound::Included(key) | Bound::Excluded(key) => match self.table.block_of(key) {
                        Some(number) => number,
                        None => return Ok(Stands::Behind),
                    },
                    Bound::Unbounded => last,
                };
                let block = self.block(number)?;
                let rows = match &self.keys.to {
                    Bound::Included(to) => block.count(|key| key <= to.as_slice()),
                    Bound::Excluded(to) => block.count(|key| key < to.as_slice()),
                    Bound::Unbounded => block.len(),
                };
                self.settle(block, number, rows.checked_sub(1))
            }
        }
    }

    /// Takes a place in a block, or one in the neighbour where it lies beyond the block's end, if the range takes it.
    fn settle(&self, block: Arc<Block>, number: usize, row: Option<usize>) -> Result<Stands, IndexError> {
        let (mut block, mut number, mut row) = (block, number, row);
        loop {
            match (self.order, row) {
                (_, Some(row)) if row < block.len() => {
                    let inside = match self.order {
                        Order::Forward => match &self.keys.to {
                            Bound::Included(to) => block.key(row) <= to.as_slice(),
                            Bound::Excluded(to) => block.key(row) < to.as_slice(),
                            Bound::Unbounded => true,
                        },
                        Order::Reverse => match &self.keys.from {
                            Bound::Included(from) => block.key(row) >= from.as_slice(),
                            Bound::Excluded(from) => block.key(row) > from.as_slice(),
                            Bound::Unbounded => true,
                        },
                    };
                    return Ok(if inside { Stands::On { block, number, row } } else { Stands::Behind });
                }
                (Order::Forward, _) => {
                    number += 1;
                    if number >= self.table.places.len() {
                        return Ok(Stands::Behind);
                    }
                    block = self.block(number)?;
                    row = Some(0);
                }
                (Order::Reverse, _) => {
                    let Some(before) = number.checked_sub(1) else { return Ok(Stands::Behind) };
                    number = before;
                    block = self.block(number)?;
                    row = block.len().checked_sub(1);
                }
            }
        }
    }
}
