//! Rows by position and by id, held whole: what there are few of.

use std::sync::Arc;

use super::ids::{CHUNK_ROWS, Ids, split};
use crate::book::id::Id;

/// A column with its ids: `u32` positions that never move. Rows stand in chunks that a copy shares with the book until
/// the book changes them. A row is never taken out.
#[derive(Clone)]
pub struct Rows<I, C> {
    ids: Ids<I>,
    chunks: Vec<Arc<Vec<C>>>,
}

impl<I, C> Default for Rows<I, C> {
    fn default() -> Self {
        Self { ids: Ids::default(), chunks: Vec::new() }
    }
}

impl<I: Id, C: std::fmt::Debug> std::fmt::Debug for Rows<I, C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.iter().map(|(_, id, column)| (id.to_string(), column))).finish()
    }
}

impl<I: Id, C> Rows<I, C> {
    /// How many rows, archived ones included.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Position of an id.
    pub fn row(&self, id: I) -> Option<u32> {
        self.ids.row(id)
    }

    /// The id at a position.
    pub fn id(&self, row: u32) -> Option<I> {
        self.ids.id(row)
    }

    /// The column at a position.
    pub fn get(&self, row: u32) -> Option<&C> {
        let (chunk, place) = split(row);
        self.chunks.get(chunk)?.get(place)
    }

    /// The column of an id.
    pub fn by_id(&self, id: I) -> Option<&C> {
        self.row(id).and_then(|row| self.get(row))
    }

    /// Every row in order of making.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (u32, I, &C)> {
        self.ids.chunks().iter().zip(&self.chunks).enumerate().flat_map(|(number, (ids, columns))| {
            let first = (number * CHUNK_ROWS) as u32;
            let rows = ids.iter().zip(&**columns).enumerate();
            rows.map(move |(place, (id, column))| (first + place as u32, *id, column))
        })
    }

    /// Finds the places of all ids anew.
    pub(in crate::store) fn settle(&mut self) {
        self.ids.settle();
    }
}

impl<I: Id, C: Clone> Rows<I, C> {
    pub(in crate::store) fn get_mut(&mut self, row: u32) -> Option<&mut C> {
        let (chunk, place) = split(row);
        Arc::make_mut(self.chunks.get_mut(chunk)?).get_mut(place)
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
        let row = self.ids.push(id);
        if split(row).1 == 0 {
            self.chunks.push(Arc::default());
        }
        if let Some(last) = self.chunks.last_mut().map(Arc::make_mut) {
            last.push(column);
        }
        row
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::{GroupId, IdGenerator, Timestamp};

    #[test]
    fn rows_are_found_by_id_and_a_copy_stays_as_it_was() {
        let mut ids = IdGenerator::new(5);
        let mut rows = Rows::default();
        let made: Vec<GroupId> = (0..2_000).map(|n| ids.next(Timestamp(n / 7))).collect();
        for (n, id) in made.iter().enumerate() {
            assert_eq!(rows.row(*id), None);
            assert_eq!(rows.insert(*id, n), n as u32);
            assert_eq!(rows.insert(*id, 9_999), n as u32, "an id that is there keeps its row");
        }
        let copy = rows.clone();
        for id in &made {
            *rows.by_id_mut(*id).unwrap() += 1;
        }
        for (n, id) in made.iter().enumerate() {
            assert_eq!((rows.by_id(*id), copy.by_id(*id)), (Some(&(n + 1)), Some(&n)));
            assert_eq!((copy.row(*id), copy.id(n as u32)), (Some(n as u32), Some(*id)));
        }
        let falling: Vec<u32> = rows.iter().rev().map(|(row, ..)| row).collect();
        assert_eq!(falling, (0..2_000).rev().collect::<Vec<u32>>());
    }
}
