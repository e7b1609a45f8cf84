//! Rows by position and by id.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use serde::{Deserialize, Serialize};

use crate::book::id::Id;

/// Ids end in random bits, so the low half is a good hash as it is.
#[derive(Clone, Debug, Default)]
pub struct IdHasher(u64);

impl Hasher for IdHasher {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }
    fn write_u128(&mut self, bits: u128) {
        // the high half carries the time, which differs where a generator without randomness is used
        self.0 = (bits as u64) ^ ((bits >> 64) as u64).rotate_left(17);
    }
}

/// A column with its ids: `u32` positions that never move.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(bound(
    serialize = "I: Serialize, C: Serialize",
    deserialize = "I: serde::de::DeserializeOwned, C: serde::de::DeserializeOwned"
))]
pub struct Rows<I, C> {
    ids: Vec<I>,
    columns: Vec<C>,
    #[serde(skip)]
    by_id: HashMap<u128, u32, BuildHasherDefault<IdHasher>>,
}

impl<I, C> Default for Rows<I, C> {
    fn default() -> Self {
        Self { ids: Vec::new(), columns: Vec::new(), by_id: HashMap::default() }
    }
}

impl<I: Id, C> Rows<I, C> {
    /// How many rows, archived ones included.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Position of an id.
    pub fn row(&self, id: I) -> Option<u32> {
        self.by_id.get(&id.bits()).copied()
    }

    /// The id at a position.
    pub fn id(&self, row: u32) -> Option<I> {
        self.ids.get(row as usize).copied()
    }

    /// The column at a position.
    pub fn get(&self, row: u32) -> Option<&C> {
        self.columns.get(row as usize)
    }

    /// The column of an id.
    pub fn by_id(&self, id: I) -> Option<&C> {
        self.row(id).and_then(|row| self.get(row))
    }

    /// Every row in order of making.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (u32, I, &C)> {
        self.ids.iter().zip(&self.columns).enumerate().map(|(row, (id, column))| (row as u32, *id, column))
    }

    pub(in crate::store) fn get_mut(&mut self, row: u32) -> Option<&mut C> {
        self.columns.get_mut(row as usize)
    }

    pub(in crate::store) fn by_id_mut(&mut self, id: I) -> Option<&mut C> {
        let row = self.row(id)?;
        self.get_mut(row)
    }

    /// Adds a row, or gives back the one that is there.
    pub(in crate::store) fn insert(&mut self, id: I, column: C) -> u32 {
        if let Some(row) = self.row(id) {
            return row;
        }
        let row = self.ids.len() as u32;
        self.ids.push(id);
        self.columns.push(column);
        self.by_id.insert(id.bits(), row);
        row
    }

    pub(in crate::store) fn settle(&mut self) {
        self.by_id.clear();
        self.by_id.reserve(self.ids.len());
        for (row, id) in self.ids.iter().enumerate() {
            self.by_id.insert(id.bits(), row as u32);
        }
    }
}
