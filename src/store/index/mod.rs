//! The index: sorted keys that can be rebuilt from the journal at any time.
//!
//! Problem: sled is fast and not to be trusted after a power cut; it may not open, panic while opening, or open
//! with less than it had. Idea: it holds nothing that the journal does not, and every batch carries a [`Mark`]:
//! up to which record the journal has been applied. Opening compares the mark with the journal: behind is
//! replayed, anything else is moved aside and rebuilt. Bulk work (a rebuilding, an import) does not go through the
//! tree, which would cost ten times as much: it is gathered in memory and becomes sorted tables under the tree (see
//! [`growth`]); what changes otherwise stands in the tree, which hides what the tables say of the same key.
//! Limits: one keyspace with prefixed keys, because only a single batch on a single tree is atomic; keys that
//! begin with a zero byte belong to the index itself; a scan is not a snapshot; there is no count of keys, because
//! counting reads everything.

mod dirty;
mod error;
mod growth;
mod layers;
mod memory;
mod merge;
mod opening;
mod quiet;
mod sled_index;
mod syncing;
mod table;

use std::ops::{Bound, ControlFlow};

pub use dirty::{BootId, DIRTY_FILE};
pub use error::{IndexError, RebuildReason};
pub use memory::MemIndex;
pub use opening::{
    Expected, INDEX_DIR, IndexState, condemn_index, open_index, open_index_with, would_rebuild,
};
pub use sled_index::{SledIndex, SledOptions};

/// A key and its value.
pub type Pair = (Vec<u8>, Vec<u8>);

/// A key with its new value, or `None` to remove it.
pub type Op = (Vec<u8>, Option<Vec<u8>>);

/// Is shown keys and values, and says whether to go on.
pub type Visit<'a> = dyn FnMut(&[u8], &[u8]) -> ControlFlow<()> + 'a;

/// Up to where an index has applied the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// The course of history that the index was made from.
    pub lineage: [u8; 16],
    /// The last record applied; 0 for none.
    pub seq: u64,
    /// Origin CRC of the frame that holds it.
    pub crc: u32,
    /// The version of the keys and values, raised whenever their meaning changes.
    pub version: u32,
}

impl Mark {
    const BYTES: usize = 32;

    fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(Self::BYTES);
        bytes.extend_from_slice(&self.lineage);
        bytes.extend_from_slice(&self.seq.to_be_bytes());
        bytes.extend_from_slice(&self.crc.to_be_bytes());
        bytes.extend_from_slice(&self.version.to_be_bytes());
        bytes
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let (lineage, rest) = bytes.split_first_chunk::<16>()?;
        let (seq, rest) = rest.split_first_chunk::<8>()?;
        let (crc, rest) = rest.split_first_chunk::<4>()?;
        let version = rest.try_into().ok()?;
        Some(Self {
            lineage: *lineage,
            seq: u64::from_be_bytes(*seq),
            crc: u32::from_be_bytes(*crc),
            version: u32::from_be_bytes(version),
        })
    }
}

/// The key under which an index keeps its mark.
const MARK_KEY: &[u8] = b"\0mark";
/// The key under which a tree keeps which tables lie below it.
const TABLES_KEY: &[u8] = b"\0tables";

/// Changes that become visible together with the mark that says why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Of two for one key the later holds.
    pub ops: Vec<Op>,
    /// Up to where the journal is applied with this.
    pub mark: Mark,
}

impl Batch {
    /// Refuses keys that belong to the index.
    fn check(&self) -> Result<(), IndexError> {
        match self.ops.iter().find(|(key, _)| is_reserved(key)) {
            Some((key, _)) => Err(IndexError::ReservedKey { key: key.clone() }),
            None => Ok(()),
        }
    }
}

/// Empty keys and those that begin with zero.
fn is_reserved(key: &[u8]) -> bool {
    key.first().is_none_or(|byte| *byte == 0)
}

/// Which keys a range takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    from: Bound<Vec<u8>>,
    to: Bound<Vec<u8>>,
}

impl Keys {
    /// All keys that begin with `prefix`.
    pub fn prefix(prefix: &[u8]) -> Self {
        Self { from: Bound::Included(prefix.to_vec()), to: after_prefix(prefix) }
    }

    /// The keys from `from` up to, and without, `to`.
    pub fn between(from: &[u8], to: &[u8]) -> Self {
        Self { from: Bound::Included(from.to_vec()), to: Bound::Excluded(to.to_vec()) }
    }

    /// The keys behind `key` that begin with `prefix`: where a page that ended with `key` goes on.
    pub fn behind(key: &[u8], prefix: &[u8]) -> Self {
        Self { from: Bound::Excluded(key.to_vec()), to: after_prefix(prefix) }
    }

    /// Whether there can be no such key; such bounds must not reach a tree.
    fn is_empty(&self) -> bool {
        match (&self.from, &self.to) {
            (Bound::Included(from), Bound::Excluded(to)) => from >= to,
            (Bound::Excluded(from), Bound::Excluded(to)) => from >= to,
            (Bound::Excluded(from), Bound::Included(to)) => from >= to,
            (Bound::Included(from), Bound::Included(to)) => from > to,
            (Bound::Unbounded, _) | (_, Bound::Unbounded) => false,
        }
    }

    /// What all keys of the range begin with.
    fn shared(&self) -> &[u8] {
        let (Bound::Included(from) | Bound::Excluded(from)) = &self.from else { return &[] };
        let (Bound::Included(to) | Bound::Excluded(to)) = &self.to else { return &[] };
        let same = from.iter().zip(to).take_while(|(one, other)| one == other).count();
        // up to the first key behind a prefix: its last byte is one more than that of the prefix
        let is_prefix = same + 1 == to.len()
            && matches!(self.to, Bound::Excluded(_))
            && from.get(same).is_some_and(|byte| byte.checked_add(1) == to.get(same).copied());
        from.get(..same + usize::from(is_prefix)).unwrap_or_default()
    }

    fn bounds(&self) -> (Bound<Vec<u8>>, Bound<Vec<u8>>) {
        (self.from.clone(), self.to.clone())
    }
}

/// The first key behind all that begin with `prefix`.
fn after_prefix(prefix: &[u8]) -> Bound<Vec<u8>> {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if last < u8::MAX {
            end.push(last + 1);
            return Bound::Excluded(end);
        }
    }
    Bound::Unbounded
}

/// From which end a range is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Smallest key first.
    Forward,
    /// Largest key first.
    Reverse,
}

/// What the desk needs of an index.
pub trait Index: Send {
    /// The value of a key.
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, IndexError>;
    /// At most `limit` pairs in order.
    fn range(&self, keys: &Keys, order: Order, limit: usize) -> Result<Vec<Pair>, IndexError>;
    /// Shows every pair whose key begins with `prefix`, smallest key first, until `visit` breaks.
    fn scan(&self, prefix: &[u8], visit: &mut Visit<'_>) -> Result<(), IndexError>;
    /// Applies a batch whole or not at all; visible at once, durable some time later. After an error it takes
    /// nothing until [`Index::recover`].
    fn apply(&mut self, batch: Batch) -> Result<(), IndexError>;
    /// Up to where the journal has been applied; `None` in a new index.
    fn mark(&self) -> Result<Option<Mark>, IndexError>;
    /// Opens the index anew after an error (sled does not get over a full disk by itself) and says where it
    /// stands: the journal is to be applied from the record behind. May have less than before the error.
    fn recover(&mut self) -> Result<Option<Mark>, IndexError>;
    /// Makes everything applied durable, now.
    fn flush_and_sync(&mut self) -> Result<(), IndexError>;
    /// Makes everything durable and tidy before the process ends.
    fn leave(&mut self) -> Result<(), IndexError>;
    /// Announces many batches: until some time after [`Index::end_bulk`] a power cut makes the index be rebuilt, not
    /// opened, and a killed process leaves it behind the journal.
    fn begin_bulk(&mut self) -> Result<(), IndexError>;
    /// Ends bulk work; what came of it is made durable soon, at latest by [`Index::flush_and_sync`].
    fn end_bulk(&mut self) -> Result<(), IndexError>;
}

#[cfg(test)]
mod tests;
