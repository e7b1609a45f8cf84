//! Planted faults: what a simulation must find, or it would find nothing else either.
//!
//! A skipped sync is the disk's to plant. The other two bend what the desk reads of its index, so that the desk
//! itself stays as it ships.

use crate::store::index::{Batch, Index, IndexError, Keys, Mark, MemIndex, Order, Pair, Visit};

/// What is wrong on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    None,
    /// The disk says of some syncs that they are done, and does nothing.
    SkippedSync,
    /// What has fired is not remembered.
    DoubleFiring,
    /// An undo does not see the first thing that the act did.
    LostUndo,
}

/// Letter of the rows that say what has fired.
const FIRED: u8 = b'k';
/// Letter of the bodies of an act.
const ACT_BODY: u8 = b'b';

/// An index in memory, read through a fault.
pub(super) struct BentIndex {
    inner: MemIndex,
    fault: Fault,
}

impl BentIndex {
    pub(super) fn new(inner: MemIndex, fault: Fault) -> Self {
        Self { inner, fault }
    }
}

impl Index for BentIndex {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, IndexError> {
        if self.fault == Fault::DoubleFiring && key.first() == Some(&FIRED) {
            return Ok(None);
        }
        self.inner.get(key)
    }

    fn range(&self, keys: &Keys, order: Order, limit: usize) -> Result<Vec<Pair>, IndexError> {
        let mut pairs = self.inner.range(keys, order, limit)?;
        let is_body = pairs.first().is_some_and(|(key, _)| key.first() == Some(&ACT_BODY));
        if self.fault == Fault::LostUndo && is_body {
            pairs.remove(0);
        }
        Ok(pairs)
    }

    fn scan(&self, prefix: &[u8], visit: &mut Visit<'_>) -> Result<(), IndexError> {
        self.inner.scan(prefix, visit)
    }

    fn apply(&mut self, batch: Batch) -> Result<(), IndexError> {
        self.inner.apply(batch)
    }

    fn mark(&self) -> Result<Option<Mark>, IndexError> {
        self.inner.mark()
    }

    fn recover(&mut self) -> Result<Option<Mark>, IndexError> {
        self.inner.recover()
    }

    fn flush_and_sync(&mut self) -> Result<(), IndexError> {
        self.inner.flush_and_sync()
    }

    fn leave(&mut self) -> Result<(), IndexError> {
        self.inner.leave()
    }

    fn begin_bulk(&mut self) -> Result<(), IndexError> {
        self.inner.begin_bulk()
    }

    fn end_bulk(&mut self) -> Result<(), IndexError> {
        self.inner.end_bulk()
    }
}
