//! Rows by position and by id.
//!
//! Rows stand in chunks that a copy shares with the book until the book changes them: so the columns file is
//! written from a copy that costs nothing to make, while the book goes on. Limits: a row is never taken out, and
//! the first change of a chunk that a copy still has copies the chunk.

use std::sync::Arc;

use crate::book::id::Id;

/// Rows in a chunk; what the first change after a copy costs grows with it.
const CHUNK_ROWS: usize = 512;

/// Neighbouring rows.
#[derive(Clone, Debug)]
pub(super) struct Chunk<I, C> {
    pub(super) ids: Vec<I>,
    pub(super) columns: Vec<C>,
}

/// A column with its ids: `u32` positions that never move.
#[derive(Clone)]
pub struct Rows<I, C> {
    chunks: Vec<Arc<Chunk<I, C>>>,
    len: u32,
    by_id: Places,
}

impl<I, C> Default for Rows<I, C> {
    fn default() -> Self {
        Self { chunks: Vec::new(), len: 0, by_id: Places::default() }
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
        self.len as usize
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Position of an id.
    pub fn row(&self, id: I) -> Option<u32> {
        self.by_id.find(id.bits(), |row| self.id(row).map(Id::bits))
    }

    /// The id at a position.
    pub fn id(&self, row: u32) -> Option<I> {
        let (chunk, place) = split(row);
        self.chunks.get(chunk)?.ids.get(place).copied()
    }

    /// The column at a position.
    pub fn get(&self, row: u32) -> Option<&C> {
        let (chunk, place) = split(row);
        self.chunks.get(chunk)?.columns.get(place)
    }

    /// The column of an id.
    pub fn by_id(&self, id: I) -> Option<&C> {
        self.row(id).and_then(|row| self.get(row))
    }

    /// Every row in order of making.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (u32, I, &C)> {
        self.chunks.iter().enumerate().flat_map(|(number, chunk)| {
            let first = (number * CHUNK_ROWS) as u32;
            let rows = chunk.ids.iter().zip(&chunk.columns).enumerate();
            rows.map(move |(place, (id, column))| (first + place as u32, *id, column))
        })
    }

    /// The chunks as they are now; they stay so, whatever happens to the rows.
    pub(super) fn chunks(&self) -> Vec<Arc<Chunk<I, C>>> {
        self.chunks.clone()
    }

    /// Takes a chunk in behind the others; the places of its ids are found only after [`Rows::settle`]. All but
    /// the last must be full, or the rest would stand in other rows: false, and nothing is taken.
    pub(super) fn append(&mut self, chunk: Chunk<I, C>) -> bool {
        let rows = chunk.ids.len();
        let fits = self.len().is_multiple_of(CHUNK_ROWS) && (1..=CHUNK_ROWS).contains(&rows);
        let is_whole = fits && chunk.columns.len() == rows;
        if is_whole {
            self.len += rows as u32;
            self.chunks.push(Arc::new(chunk));
        }
        is_whole
    }

    /// Finds the places of all ids anew.
    pub(in crate::store) fn settle(&mut self) {
        let mut places = Places::with_room(self.len());
        for (row, id, _) in self.iter() {
            places.put(id.bits(), row);
        }
        self.by_id = places;
    }
}

impl<I: Id, C: Clone> Rows<I, C> {
    pub(in crate::store) fn get_mut(&mut self, row: u32) -> Option<&mut C> {
        let (chunk, place) = split(row);
        Arc::make_mut(self.chunks.get_mut(chunk)?).columns.get_mut(place)
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
        let row = self.len;
        if self.by_id.is_full() {
            let mut wider = Places::with_room(2 * self.len().max(8));
            for (row, id, _) in self.iter() {
                wider.put(id.bits(), row);
            }
            self.by_id = wider;
        }
        self.by_id.put(id.bits(), row);
        if self.len().is_multiple_of(CHUNK_ROWS) {
            self.chunks.push(Arc::new(Chunk { ids: Vec::new(), columns: Vec::new() }));
        }
        if let Some(last) = self.chunks.last_mut().map(Arc::make_mut) {
            last.ids.push(id);
            last.columns.push(column);
            self.len += 1;
        }
        row
    }
}

/// Chunk of a row, and its place in it.
fn split(row: u32) -> (usize, usize) {
    (row as usize / CHUNK_ROWS, row as usize % CHUNK_ROWS)
}

/// Rows by id: a table of rows alone, as the ids stand in the rows. Four bytes a place, at most three of four
/// taken; of taken places the next free one follows.
#[derive(Clone, Default)]
struct Places {
    rows: Vec<u32>,
    taken: usize,
}

const FREE: u32 = u32::MAX;

impl Places {
    fn with_room(rows: usize) -> Self {
        let places = (rows + rows / 3 + 1).next_power_of_two();
        Self { rows: vec![FREE; places], taken: 0 }
    }

    fn is_full(&self) -> bool {
        self.taken + 1 > self.rows.len() / 4 * 3
    }

    /// Where the search for an id begins. Ids end in random bits; where a generator without randomness is used,
    /// the time in their high half differs, and the factor spreads that.
    fn begin(&self, bits: u128) -> usize {
        let mixed =
            ((bits as u64) ^ ((bits >> 64) as u64).rotate_left(17)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed >> 20) as usize & (self.rows.len().wrapping_sub(1))
    }

    /// The places from where the search begins, around to the one before.
    fn from(&self, begin: usize) -> impl Iterator<Item = (usize, u32)> {
        let (before, behind) = self.rows.split_at_checked(begin).unwrap_or((&[], &[]));
        let behind = behind.iter().enumerate().map(move |(place, row)| (begin + place, *row));
        behind.chain(before.iter().copied().enumerate())
    }

    fn find(&self, bits: u128, id_of: impl Fn(u32) -> Option<u128>) -> Option<u32> {
        self.from(self.begin(bits))
            .map(|(_, row)| row)
            .take_while(|row| *row != FREE)
            .find(|row| id_of(*row) == Some(bits))
    }

    /// Puts an id that is not there; there is room.
    fn put(&mut self, bits: u128, row: u32) {
        let free = self.from(self.begin(bits)).find(|(_, row)| *row == FREE);
        if let Some(place) = free.and_then(|(place, _)| self.rows.get_mut(place)) {
            *place = row;
            self.taken += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::{IdGenerator, MemberId, Timestamp};

    #[test]
    fn rows_are_found_by_id_and_a_copy_stays_as_it_was() {
        let mut ids = IdGenerator::new(5);
        let mut rows = Rows::default();
        let made: Vec<MemberId> = (0..2_000).map(|n| ids.next(Timestamp(n / 7))).collect();
        for (n, id) in made.iter().enumerate() {
            assert_eq!(rows.row(*id), None);
            assert_eq!(rows.insert(*id, n), n as u32);
            assert_eq!(rows.insert(*id, 9_999), n as u32, "an id that is there keeps its row");
        }
        let chunks = rows.chunks();
        for id in &made {
            *rows.by_id_mut(*id).unwrap() += 1;
        }
        let mut again = Rows::default();
        for chunk in &chunks {
            assert!(again.append(Chunk::clone(chunk)));
        }
        assert_eq!(again.row(made[0]), None, "not settled yet");
        again.settle();
        for (n, id) in made.iter().enumerate() {
            assert_eq!((rows.by_id(*id), again.by_id(*id)), (Some(&(n + 1)), Some(&n)));
            assert_eq!((again.row(*id), again.id(n as u32)), (Some(n as u32), Some(*id)));
        }
        assert!(!again.append(Chunk { ids: vec![made[0]], columns: vec![1] }), "the last chunk is not full");
        let falling: Vec<u32> = rows.iter().rev().map(|(row, ..)| row).collect();
        assert_eq!(falling, (0..2_000).rev().collect::<Vec<u32>>());
    }
}
