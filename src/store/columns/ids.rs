//! Ids by position, and positions by id.

use std::sync::Arc;

use crate::book::id::Id;

/// Rows in a chunk; what the first change after a copy costs grows with it.
pub(super) const CHUNK_ROWS: usize = 256;

/// Chunk of a row, and its place in it.
pub(super) const fn split(row: u32) -> (usize, usize) {
    (row as usize / CHUNK_ROWS, row as usize % CHUNK_ROWS)
}

/// Ids in the order of making, in chunks that copies share.
#[derive(Clone)]
pub(super) struct Ids<I> {
    chunks: Vec<Arc<Vec<I>>>,
    len: u32,
    places: Places,
}

impl<I> Default for Ids<I> {
    fn default() -> Self {
        Self { chunks: Vec::new(), len: 0, places: Places::default() }
    }
}

impl<I: Id> Ids<I> {
    pub(super) fn len(&self) -> usize {
        self.len as usize
    }

    pub(super) fn row(&self, id: I) -> Option<u32> {
        self.places.find(id.bits(), |row| self.id(row).map(Id::bits))
    }

    pub(super) fn id(&self, row: u32) -> Option<I> {
        let (chunk, place) = split(row);
        self.chunks.get(chunk)?.get(place).copied()
    }

    /// Every id with its row.
    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = (u32, I)> {
        self.chunks.iter().enumerate().flat_map(|(number, chunk)| {
            let first = (number * CHUNK_ROWS) as u32;
            chunk.iter().enumerate().map(move |(place, id)| (first + place as u32, *id))
        })
    }

    pub(super) fn chunks(&self) -> &[Arc<Vec<I>>] {
        &self.chunks
    }

    /// Adds an id that is not there; gives its row.
    pub(super) fn push(&mut self, id: I) -> u32 {
        let row = self.len;
        if self.places.is_full() {
            self.place_all(self.len() + self.len() / 2);
        }
        self.places.put(id.bits(), row);
        if self.len().is_multiple_of(CHUNK_ROWS) {
            self.chunks.push(Arc::default());
        }
        if let Some(last) = self.chunks.last_mut().map(Arc::make_mut) {
            last.push(id);
            self.len += 1;
        }
        row
    }

    /// True where so many more ids can come as one chunk: all chunks but the last are full.
    pub(super) fn has_room(&self, more: usize) -> bool {
        self.len().is_multiple_of(CHUNK_ROWS) && (1..=CHUNK_ROWS).contains(&more)
    }

    /// Takes a chunk in behind the others, for which there is room; the places of its ids are found only after
    /// [`Ids::settle`].
    pub(super) fn append(&mut self, ids: Vec<I>) {
        self.len += ids.len() as u32;
        self.chunks.push(Arc::new(ids));
    }

    /// Finds the places of all ids anew.
    pub(super) fn settle(&mut self) {
        self.place_all(self.len());
    }

    fn place_all(&mut self, room: usize) {
        let mut places = Places::with_room(room);
        for (row, id) in self.iter() {
            places.put(id.bits(), row);
        }
        self.places = places;
    }
}

/// Rows by id: a table of rows alone, as the ids stand in the chunks. Four bytes a place; of a place that is taken the
/// next free one follows.
#[derive(Clone, Default)]
struct Places {
    rows: Vec<u32>,
    taken: usize,
}

const FREE: u32 = u32::MAX;

impl Places {
    /// With room for so many rows and some more: four of five places are taken then.
    fn with_room(rows: usize) -> Self {
        let places = (rows + rows / 4).max(8);
        Self { rows: vec![FREE; places], taken: 0 }
    }

    /// True where another would make searches long.
    fn is_full(&self) -> bool {
        self.taken + 1 > self.rows.len() / 7 * 6
    }

    /// Where the search for an id begins. Ids end in random bits; where a generator without randomness is used,
    /// the time in their high half differs, and the factor spreads that.
    fn begin(&self, bits: u128) -> usize {
        let mixed =
            ((bits as u64) ^ ((bits >> 64) as u64).rotate_left(17)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        ((u128::from(mixed) * self.rows.len() as u128) >> 64) as usize
    }

    /// The places from where the search begins, around to the one before.
    fn from(&self, begin: usize) -> impl Iterator<Item = (usize, u32)> {
        let (before, behind) = self.rows.split_at_checked(begin).unwrap_or((&[], &[]));
        let behind = behind.iter().enumerate().map(move |(place, row)| (begin + place, *row));
        behind.chain(before.iter().copied().enumerate())
    }

    /// The row of an id, where the id of a row can be asked for.
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
