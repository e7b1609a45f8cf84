//! Bodies: typed reads and writes of the index, with what the present turn has not committed yet on top.
//!
//! A turn writes into `pending` and reads through it; only after the journal has synced does `pending` reach
//! the index in one atomic batch. When the journal refuses, `pending` is dropped and the index has never heard
//! of it.

use std::collections::BTreeMap;
use std::ops::{Bound, ControlFlow};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::StoreError;
use super::index::{Batch, Index, Keys, Mark, MemIndex, Order};
use crate::book::packed::unpack;

/// A key and its value.
pub type Row = (Vec<u8>, Vec<u8>);

/// Bodies of the index under the writes of this turn.
pub struct Bodies {
    index: Box<dyn Index>,
    pending: BTreeMap<Vec<u8>, Option<Vec<u8>>>,
    /// Bytes written into `pending`, overwritten ones included.
    pending_bytes: usize,
}

impl Bodies {
    /// Over an open index.
    pub fn new(index: Box<dyn Index>) -> Self {
        Self { index, pending: BTreeMap::new(), pending_bytes: 0 }
    }

    /// The same bodies for a trial, to be given back; these here know nothing until then.
    pub(super) fn lend(&mut self) -> Self {
        let index = std::mem::replace(&mut self.index, Box::new(MemIndex::new()));
        Self { index, pending: self.pending.clone(), pending_bytes: self.pending_bytes }
    }

    /// Takes the index back that was lent; what the trial wrote is forgotten.
    pub(super) fn take_home(&mut self, lent: &mut Self) {
        std::mem::swap(&mut self.index, &mut lent.index);
    }

    /// The raw value of a key.
    pub fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        match self.pending.get(key) {
            Some(value) => Ok(value.clone()),
            None => Ok(self.index.get(key)?),
        }
    }

    /// A typed value.
    pub fn read<T: DeserializeOwned>(&self, key: &[u8]) -> Result<Option<T>, StoreError> {
        self.get(key)?.map(|bytes| decode(&bytes)).transpose()
    }

    /// True when the key is there.
    pub fn has(&self, key: &[u8]) -> Result<bool, StoreError> {
        Ok(self.get(key)?.is_some())
    }

    /// Writes a typed value: its fields in order without their names, a format per [`super::INDEX_VERSION`].
    pub fn write<T: Serialize>(&mut self, key: Vec<u8>, value: &T) -> Result<(), StoreError> {
        let bytes = rmp_serde::to_vec(value).map_err(|e| StoreError::Row(e.to_string()))?;
        self.put(key, bytes);
        Ok(())
    }

    /// Writes a raw value.
    pub fn put(&mut self, key: Vec<u8>, value: Vec<u8>) {
        self.pending_bytes += key.len() + value.len();
        self.pending.insert(key, Some(value));
    }

    /// Takes a key away.
    pub fn remove(&mut self, key: Vec<u8>) {
        self.pending.insert(key, None);
    }

    /// Keys and values that begin with `prefix`, from `from` on, rising; at most `limit`.
    pub fn range(&self, prefix: &[u8], from: &[u8], limit: usize) -> Result<Vec<Row>, StoreError> {
        let from = from.max(prefix);
        let changed: BTreeMap<&[u8], &Option<Vec<u8>>> = self
            .pending
            .range::<[u8], _>((Bound::Included(from), Bound::Unbounded))
            .take_while(|(key, _)| key.starts_with(prefix))
            .map(|(key, value)| (key.as_slice(), value))
            .collect();
        let mut rows: BTreeMap<Vec<u8>, Vec<u8>> = self
            .index
            .range(&Keys::between(from, &after(prefix)), Order::Forward, limit.saturating_add(changed.len()))?
            .into_iter()
            .collect();
        for (key, value) in changed {
            match value {
                Some(value) => rows.insert(key.to_vec(), value.clone()),
                None => rows.remove(key),
            };
        }
        Ok(rows.into_iter().take(limit).collect())
    }

    /// The last keys and values that begin with `prefix`, falling; at most `limit`, before `before` where given.
    pub fn newest(&self, prefix: &[u8], before: Option<&[u8]>, limit: usize) -> Result<Vec<Row>, StoreError> {
        let end = before.map_or_else(|| after(prefix), <[u8]>::to_vec);
        let changed: Vec<(&Vec<u8>, &Option<Vec<u8>>)> = self
            .pending
            .range::<[u8], _>((Bound::Included(prefix), Bound::Excluded(end.as_slice())))
            .collect();
        let mut rows: BTreeMap<Vec<u8>, Vec<u8>> = self
            .index
            .range(&Keys::between(prefix, &end), Order::Reverse, limit.saturating_add(changed.len()))?
            .into_iter()
            .collect();
        for (key, value) in changed {
            match value {
                Some(value) => rows.insert(key.clone(), value.clone()),
                None => rows.remove(key),
            };
        }
        Ok(rows.into_iter().rev().take(limit).collect())
    }

    /// Typed values that begin with `prefix`, rising.
    pub fn list<T: DeserializeOwned>(&self, prefix: &[u8], limit: usize) -> Result<Vec<T>, StoreError> {
        self.range(prefix, prefix, limit)?.iter().map(|(_, bytes)| decode(bytes)).collect()
    }

    /// How many writes wait.
    pub fn waiting(&self) -> usize {
        self.pending.len()
    }

    /// How many bytes of keys and values wait, about.
    pub(super) fn waiting_bytes(&self) -> usize {
        self.pending_bytes
    }

    /// Brings this turn's writes into the index, in one batch with the mark of the journal.
    pub(super) fn flush(&mut self, mark: Mark) -> Result<(), StoreError> {
        self.pending_bytes = 0;
        let ops = std::mem::take(&mut self.pending).into_iter().collect();
        self.index.apply(Batch { ops, mark })?;
        Ok(())
    }

    /// Forgets this turn's writes.
    pub(super) fn drop_pending(&mut self) {
        self.pending.clear();
        self.pending_bytes = 0;
    }

    /// Where the index stands in the journal.
    pub(super) fn mark(&self) -> Result<Option<Mark>, StoreError> {
        Ok(self.index.mark()?)
    }

    pub(super) fn index(&mut self) -> &mut dyn Index {
        &mut *self.index
    }

    /// Visits every key and value of the index that begins with `prefix`.
    pub fn visit(
        &self,
        prefix: &[u8],
        visit: &mut dyn FnMut(&[u8], &[u8]) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        Ok(self.index.scan(prefix, visit)?)
    }
}

/// Reads a value as its type.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, StoreError> {
    unpack(bytes).map_err(|e| StoreError::Row(e.to_string()))
}

/// The first key after all that begin with `prefix`.
fn after(prefix: &[u8]) -> Vec<u8> {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if last < u8::MAX {
            end.push(last + 1);
            break;
        }
    }
    end
}
