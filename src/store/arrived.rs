//! The rows of an import, read back from the journal in the order in which they came.
//!
//! They stand there anyway, and once applied nobody asks for them again: a copy in the index would be written, moved
//! about with its neighbours and taken away for nothing.

use super::StoreError;
use super::journal::Entries;
use super::record::{Body, Record};

/// How many records are looked at for the next chunk at once; others may have done much in between.
const LOOKED_AT: usize = if cfg!(test) { 3 } else { 2_000 };

/// Reads the chunks of one import, one after the other.
pub struct Arrived {
    import: u32,
    /// None for an import that is not in the journal.
    entries: Option<Entries>,
}

/// What the next step of reading gave.
#[derive(Debug, PartialEq, Eq)]
pub enum Chunk {
    /// The bytes of typed rows; empty where they were forgotten.
    Rows(Vec<u8>),
    /// Nothing yet: there is more to look through.
    Further,
    /// There is none left.
    End,
}

impl Arrived {
    pub(super) const fn new(import: u32, entries: Option<Entries>) -> Self {
        Self { import, entries }
    }

    /// The next chunk.
    ///
    /// # Errors
    /// When the journal cannot be read, or a record of it.
    pub fn next_chunk(&mut self) -> Result<Chunk, StoreError> {
        let Some(entries) = &mut self.entries else { return Ok(Chunk::End) };
        for _ in 0..LOOKED_AT {
            let Some(entry) = entries.next() else {
                self.entries = None;
                return Ok(Chunk::End);
            };
            if let Body::ImportRows { import, rows } = Record::from_bytes(&entry?.bytes)?.body
                && import == self.import
            {
                return Ok(Chunk::Rows(rows));
            }
        }
        Ok(Chunk::Further)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::By;
    use super::super::disk::SimDisk;
    use super::super::journal::Journal;
    use super::*;
    use crate::book::{IdGenerator, Timestamp};

    fn bytes(body: Body) -> Vec<u8> {
        let by = By { operator: "王店长".into(), from: String::new(), via: "command".into() };
        let act_id = IdGenerator::new(1).next(Timestamp(1));
        let record = Record {
            at: Timestamp(1),
            by,
            command_id: None,
            act_id,
            undo_of: None,
            members: Vec::new(),
            body,
        };
        record.to_bytes().unwrap()
    }

    #[test]
    fn chunks_are_found_among_what_others_did() {
        let mut journal = Journal::create(Arc::new(SimDisk::new()), [7; 16]).unwrap();
        let mut write = |bodies: Vec<Body>| {
            let records: Vec<Vec<u8>> = bodies.into_iter().map(bytes).collect();
            journal.append(&records).unwrap().first_seq
        };
        let rows = |import: u32, rows: &[u8]| Body::ImportRows { import, rows: rows.to_vec() };
        write(vec![rows(4, b"long ago")]);
        let begun = write(vec![Body::ImportBegun { import: 5, file: "a.csv".into() }]);
        write(vec![rows(5, b"one"), rows(6, b"of another")]);
        write((0..8).map(|_| Body::ClockConfirmed { up_to: Timestamp(2) }).collect());
        write(vec![Body::Forgotten, rows(5, b"two")]);
        let mut arrived = Arrived::new(5, Some(journal.read(begun).unwrap()));
        let mut found = Vec::new();
        let mut further = 0;
        loop {
            match arrived.next_chunk().unwrap() {
                Chunk::Rows(bytes) => found.push(bytes),
                Chunk::Further => further += 1,
                Chunk::End => break,
            }
        }
        assert_eq!((found, further), (vec![b"one".to_vec(), b"two".to_vec()], 3));
        assert_eq!(arrived.next_chunk().unwrap(), Chunk::End);
        assert_eq!(Arrived::new(5, None).next_chunk().unwrap(), Chunk::End);
    }
}
