//! The rows of one list in their order, as a list changes: a few come and go between two looks at it.
//!
//! Rows stand in sorted blocks, each with the number that decided where it stands. Rows whose number or name changed are
//! taken out before others are put in, so that what is compared is always true; a row that is not where it should
//! be is looked for everywhere.

use std::cmp::Ordering;

use super::order::{Named, Order};

/// The most rows of one block; a full one is split.
const BLOCK: usize = 512;

/// A row and what decided its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Entry {
    /// The head in two halves: whole, it would cost a third more memory.
    head: [u64; 2],
    row: u32,
}

/// Rows in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Entries {
    blocks: Vec<Vec<Entry>>,
    len: usize,
    /// A bit for each row that is in the list.
    there: Vec<u64>,
}

impl Entries {
    /// How many rows.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Rows from the `first` on, at most `rows`.
    pub(super) fn window(&self, first: usize, rows: usize) -> Vec<u32> {
        let (mut block, mut at) = (0, first);
        while let Some(entries) = self.blocks.get(block).filter(|entries| entries.len() <= at) {
            at -= entries.len();
            block += 1;
        }
        self.blocks.iter().skip(block).flatten().skip(at).take(rows).map(|entry| entry.row).collect()
    }

    /// Every row in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = u32> {
        self.blocks.iter().flatten().map(|entry| entry.row)
    }

    /// True for a row of the list.
    pub(super) fn contains(&self, row: u32) -> bool {
        self.there.get(row as usize / 64).is_some_and(|bits| bits & (1 << (row % 64)) != 0)
    }

    /// How many rows stand before one; none for a row that is not in the list.
    pub(super) fn position(&self, row: u32, order: Order, named: Named<'_>) -> Option<usize> {
        let (block, at) = self.find(row, order, named)?;
        Some(self.blocks.iter().take(block).map(Vec::len).sum::<usize>() + at)
    }

    /// How many rows stand before where one would stand that is not in the list.
    pub(super) fn would_stand(&self, row: u32, order: Order, named: Named<'_>) -> usize {
        let entry = entry(row, order, named);
        let block = self.block_of(&entry, order, named);
        let before = |entries: &Vec<Entry>| {
            entries.partition_point(|other| compare(other, &entry, order, named).is_lt())
        };
        let at = self.blocks.get(block).map_or(0, before);
        self.blocks.iter().take(block).map(Vec::len).sum::<usize>() + at
    }

    /// Takes a row out; false when it was not there.
    pub(super) fn remove(&mut self, row: u32, order: Order, named: Named<'_>) -> bool {
        let Some((block, at)) = self.find(row, order, named) else { return false };
        let Some(entries) = self.blocks.get_mut(block) else { return false };
        entries.remove(at);
        if entries.is_empty() {
            self.blocks.remove(block);
        }
        self.len -= 1;
        if let Some(bits) = self.there.get_mut(row as usize / 64) {
            *bits &= !(1 << (row % 64));
        }
        true
    }

    /// Puts rows in where they belong; those that are there already stay where they stand.
    pub(super) fn add(&mut self, rows: &[u32], order: Order, named: Named<'_>) {
        let mut fresh: Vec<Entry> =
            rows.iter().filter(|row| !self.contains(**row)).map(|row| entry(*row, order, named)).collect();
        fresh.sort_unstable_by(|a, b| compare(a, b, order, named));
        fresh.dedup();
        for entry in fresh {
            self.insert(entry, order, named);
        }
    }

    fn insert(&mut self, entry: Entry, order: Order, named: Named<'_>) {
        let word = entry.row as usize / 64;
        if self.there.len() <= word {
            self.there.resize(word + 1, 0);
        }
        self.there[word] |= 1 << (entry.row % 64);
        self.len += 1;
        let block = self.block_of(&entry, order, named).min(self.blocks.len().saturating_sub(1));
        let Some(entries) = self.blocks.get_mut(block) else {
            self.blocks.push(vec![entry]);
            return;
        };
        let at = entries.partition_point(|other| compare(other, &entry, order, named).is_lt());
        if entries.len() < BLOCK {
            entries.insert(at, entry);
        } else if at == BLOCK {
            self.blocks.insert(block + 1, vec![entry]);
        } else {
            let mut upper = entries.split_off(BLOCK / 2);
            if at <= BLOCK / 2 {
                entries.insert(at, entry);
            } else {
                upper.insert(at - BLOCK / 2, entry);
            }
            self.blocks.insert(block + 1, upper);
        }
    }

    /// The first block whose last row does not stand before.
    fn block_of(&self, entry: &Entry, order: Order, named: Named<'_>) -> usize {
        self.blocks.partition_point(|entries| {
            entries.last().is_some_and(|last| compare(last, entry, order, named).is_lt())
        })
    }

    fn find(&self, row: u32, order: Order, named: Named<'_>) -> Option<(usize, usize)> {
        if !self.contains(row) {
            return None;
        }
        let entry = entry(row, order, named);
        let block = self.block_of(&entry, order, named);
        if let Some(entries) = self.blocks.get(block) {
            let at = entries.partition_point(|other| compare(other, &entry, order, named).is_lt());
            if entries.get(at).is_some_and(|found| found.row == row) {
                return Some((block, at));
            }
        }
        // it stands where it once belonged
        self.blocks.iter().enumerate().find_map(|(block, entries)| {
            entries.iter().position(|entry| entry.row == row).map(|at| (block, at))
        })
    }
}

fn entry(row: u32, order: Order, named: Named<'_>) -> Entry {
    let head = order.head(row, named.columns);
    Entry { head: [(head >> 64) as u64, head as u64], row }
}

fn compare(a: &Entry, b: &Entry, order: Order, named: Named<'_>) -> Ordering {
    a.head.cmp(&b.head).then_with(|| order.tie(a.row, b.row, named))
}
