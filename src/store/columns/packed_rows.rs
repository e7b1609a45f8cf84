//! Rows by position and by id, held as bytes: what there are millions of.
//!
//! A task that is read has a hundred and fifty bytes, as bytes mostly thirty. Reading one takes some ten nanoseconds, so
//! nothing is kept that was read. Rows stand in chunks that a copy shares with the book until the book changes them: so
//! the columns file is written from a copy that costs nothing to make, while the book goes on, and what it holds are the
//! chunks. Limits: a row is never taken out; a change moves the bytes of the rows behind it in its chunk, and the first
//! one after a copy copies the chunk.

use std::marker::PhantomData;
use std::sync::Arc;

use super::ids::{CHUNK_ROWS, Ids, split};
use crate::book::id::Id;

/// A row that can be held as bytes.
pub trait Packed: Sized {
    /// What is read of it; may borrow from the bytes.
    type Read<'a>: Clone;

    /// Writes it behind what is there.
    fn pack(&self, into: &mut Vec<u8>);

    /// Reads it; none where the bytes are not such a row.
    fn read(bytes: &[u8]) -> Option<Self::Read<'_>>;

    /// What was read, to be changed.
    fn own(read: &Self::Read<'_>) -> Self;
}

/// Neighbouring rows, one behind the other.
#[derive(Clone, Default)]
pub(super) struct Chunk {
    /// Where each row ends.
    pub(super) ends: Vec<u32>,
    pub(super) bytes: Vec<u8>,
}

impl Chunk {
    fn place(&self, place: usize) -> Option<(usize, usize)> {
        let to = *self.ends.get(place)?;
        let from = place.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        Some((from as usize, to as usize))
    }

    fn row(&self, place: usize) -> Option<&[u8]> {
        let (from, to) = self.place(place)?;
        self.bytes.get(from..to)
    }

    /// Every row in order.
    fn rows(&self) -> impl Iterator<Item = &[u8]> {
        let mut from = 0;
        self.ends
            .iter()
            .filter_map(move |end| self.bytes.get(std::mem::replace(&mut from, *end as usize)..from))
    }

    fn push(&mut self, row: &[u8]) {
        make_room(&mut self.bytes, row.len());
        self.bytes.extend_from_slice(row);
        self.ends.push(self.bytes.len() as u32);
        if self.ends.len() == CHUNK_ROWS {
            self.bytes.shrink_to_fit();
        }
    }

    fn set(&mut self, place: usize, row: &[u8]) {
        let Some((from, to)) = self.place(place) else { return };
        if let Some(same) = self.bytes.get_mut(from..to).filter(|old| old.len() == row.len()) {
            same.copy_from_slice(row);
            return;
        }
        make_room(&mut self.bytes, row.len());
        self.bytes.splice(from..to, row.iter().copied());
        for end in self.ends.iter_mut().skip(place) {
            *end = (*end as usize + row.len() - (to - from)) as u32;
        }
    }

    /// True where every row ends behind the one before, and the last one where the bytes do.
    pub(super) fn is_whole(&self) -> bool {
        self.ends.is_sorted() && self.ends.last().is_some_and(|end| *end as usize == self.bytes.len())
    }
}

/// Room for some bytes more, and little beyond: a vector that doubles would keep half of all memory free.
fn make_room(bytes: &mut Vec<u8>, more: usize) {
    if bytes.capacity() - bytes.len() < more {
        bytes.reserve_exact(more.max(bytes.len() / 8));
    }
}

/// Packed columns with their ids: `u32` positions that never move.
pub struct PackedRows<I, C> {
    ids: Ids<I>,
    chunks: Vec<Arc<Chunk>>,
    of: PhantomData<C>,
}

impl<I: Clone, C> Clone for PackedRows<I, C> {
    fn clone(&self) -> Self {
        Self { ids: self.ids.clone(), chunks: self.chunks.clone(), of: PhantomData }
    }
}

impl<I, C> Default for PackedRows<I, C> {
    fn default() -> Self {
        Self { ids: Ids::default(), chunks: Vec::new(), of: PhantomData }
    }
}

impl<I: Id, C: Packed> std::fmt::Debug for PackedRows<I, C>
where
    for<'a> C::Read<'a>: std::fmt::Debug,
{
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.iter().map(|(_, id, column)| (id.to_string(), column))).finish()
    }
}

impl<I: Id, C: Packed> PackedRows<I, C> {
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
    pub fn get(&self, row: u32) -> Option<C::Read<'_>> {
        let (chunk, place) = split(row);
        C::read(self.chunks.get(chunk)?.row(place)?)
    }

    /// The bytes of a row.
    #[cfg(test)]
    pub(in crate::store) fn bytes(&self, row: u32) -> Option<&[u8]> {
        let (chunk, place) = split(row);
        self.chunks.get(chunk)?.row(place)
    }

    /// The column of an id.
    pub fn by_id(&self, id: I) -> Option<C::Read<'_>> {
        self.row(id).and_then(|row| self.get(row))
    }

    /// Every row in order of making.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (u32, I, C::Read<'_>)> {
        self.ids.chunks().iter().zip(&self.chunks).enumerate().flat_map(|(number, (ids, chunk))| {
            let first = (number * CHUNK_ROWS) as u32;
            let read = |place: usize| C::read(chunk.row(place)?);
            let rows = ids.iter().enumerate();
            rows.filter_map(move |(place, id)| Some((first + place as u32, *id, read(place)?)))
        })
    }

    /// Every row whose bytes are wanted, in order of making: the others are not read.
    pub(super) fn iter_if(&self, wanted: impl Fn(&[u8]) -> bool) -> impl Iterator<Item = (u32, C::Read<'_>)> {
        let chunks = self.chunks.iter().zip((0..).step_by(CHUNK_ROWS));
        let rows = chunks.flat_map(|(chunk, first)| chunk.rows().zip(first..));
        rows.filter_map(move |(bytes, row)| Some((row, C::read(wanted(bytes).then_some(bytes)?)?)))
    }

    /// The chunks as they are now; they stay so, whatever happens to the rows.
    pub(super) fn chunks(&self) -> Vec<(Arc<Vec<I>>, Arc<Chunk>)> {
        self.ids.chunks().iter().cloned().zip(self.chunks.iter().cloned()).collect()
    }

    /// Takes a chunk in behind the others; the places of its ids are found only after [`PackedRows::settle`]. All but
    /// the last must be full, or the rest would stand in other rows: false, and nothing is taken.
    pub(super) fn append(&mut self, ids: Vec<I>, chunk: Chunk) -> bool {
        let fits = self.ids.has_room(ids.len()) && chunk.ends.len() == ids.len() && chunk.is_whole();
        if fits {
            self.ids.append(ids);
            self.chunks.push(Arc::new(chunk));
        }
        fits
    }

    /// Finds the places of all ids anew.
    pub(in crate::store) fn settle(&mut self) {
        self.ids.settle();
    }

    /// Puts another row in place of one that is there.
    pub(in crate::store) fn set(&mut self, row: u32, column: &C) {
        let (chunk, place) = split(row);
        if let Some(chunk) = self.chunks.get_mut(chunk) {
            Arc::make_mut(chunk).set(place, &packed(column));
        }
    }

    /// Changes a row that is there.
    pub(in crate::store) fn change(&mut self, row: u32, change: impl FnOnce(&mut C)) {
        if let Some(mut column) = self.get(row).map(|read| C::own(&read)) {
            change(&mut column);
            self.set(row, &column);
        }
    }

    /// Changes the row of an id that is there.
    pub(in crate::store) fn change_by_id(&mut self, id: I, change: impl FnOnce(&mut C)) {
        if let Some(row) = self.row(id) {
            self.change(row, change);
        }
    }

    /// Adds a row, or gives back the one that is there.
    pub(in crate::store) fn insert(&mut self, id: I, column: &C) -> u32 {
        if let Some(row) = self.row(id) {
            return row;
        }
        let row = self.ids.push(id);
        if split(row).1 == 0 {
            self.chunks.push(Arc::default());
        }
        if let Some(last) = self.chunks.last_mut() {
            Arc::make_mut(last).push(&packed(column));
        }
        row
    }
}

fn packed<C: Packed>(column: &C) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(128);
    column.pack(&mut bytes);
    bytes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::book::{IdGenerator, MemberId, Timestamp};

    impl Packed for String {
        type Read<'a> = &'a str;

        fn pack(&self, into: &mut Vec<u8>) {
            into.extend_from_slice(self.as_bytes());
        }

        fn read(bytes: &[u8]) -> Option<&str> {
            std::str::from_utf8(bytes).ok()
        }

        fn own(read: &&str) -> Self {
            (*read).to_owned()
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

        #[test]
        fn rows_change_apart_and_a_copy_stays_as_it_was(
            begun in prop::collection::vec("[a-c]{0,9}", 1..900),
            changes in prop::collection::vec((any::<prop::sample::Index>(), "[d-f]{0,9}"), 0..40),
        ) {
            let mut ids = IdGenerator::new(5);
            let mut rows = PackedRows::<MemberId, String>::default();
            let made: Vec<MemberId> = begun.iter().map(|_| ids.next(Timestamp(7))).collect();
            for (n, (id, text)) in made.iter().zip(&begun).enumerate() {
                prop_assert_eq!(rows.insert(*id, text), n as u32);
                prop_assert_eq!(rows.insert(*id, &"no".to_owned()), n as u32);
            }
            let chunks = rows.chunks();
            let mut now = begun.clone();
            for (at, text) in changes {
                let at = at.index(now.len());
                now[at].clone_from(&text);
                rows.change_by_id(made[at], |row| *row = text);
            }
            let mut again = PackedRows::<MemberId, String>::default();
            for (ids, chunk) in chunks {
                prop_assert!(again.append(ids.to_vec(), Chunk::clone(&chunk)));
            }
            prop_assert_eq!(again.row(made[0]), None, "not settled yet");
            again.settle();
            for (rows, expected) in [(&rows, &now), (&again, &begun)] {
                let all: Vec<(u32, MemberId, &str)> = rows.iter().collect();
                prop_assert_eq!(all.len(), expected.len());
                for (n, id) in made.iter().enumerate() {
                    prop_assert_eq!(all[n], (n as u32, *id, expected[n].as_str()));
                    prop_assert_eq!((rows.by_id(*id), rows.id(n as u32)), (Some(expected[n].as_str()), Some(*id)));
                }
            }
        }
    }

    #[test]
    fn a_chunk_that_is_not_whole_is_not_taken() {
        let id = IdGenerator::new(5).next(Timestamp(7));
        let mut rows = PackedRows::<MemberId, String>::default();
        let chunk = |ends: &[u32], bytes: &[u8]| Chunk { ends: ends.to_vec(), bytes: bytes.to_vec() };
        assert!(!rows.append(vec![], chunk(&[], &[])));
        assert!(!rows.append(vec![id], chunk(&[2], b"a")), "it ends before its end");
        assert!(!rows.append(vec![id, id], chunk(&[1, 0], b"")), "rows go back");
        assert!(!rows.append(vec![id], chunk(&[0, 1], b"a")), "more rows than ids");
        assert!(rows.append(vec![id], chunk(&[1], b"a")));
        assert!(!rows.append(vec![id], chunk(&[1], b"a")), "the last chunk is not full");
    }
}
