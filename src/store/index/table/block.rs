//! One block, read: its keys put together and the places of its values.

use super::{take_bytes, take_number};

/// Where one row stands in a block.
#[derive(Debug, Clone, Copy)]
struct Place {
    key_at: u32,
    key_bytes: u32,
    value_at: u32,
    /// None for a removed key.
    value_bytes: Option<u32>,
}

/// The rows of a block.
#[derive(Debug)]
pub(super) struct Block {
    bytes: Vec<u8>,
    keys: Vec<u8>,
    places: Vec<Place>,
}

impl Block {
    /// Reads a block; none where its rows do not add up.
    pub(super) fn read(bytes: Vec<u8>) -> Option<Self> {
        let (mut keys, mut places) = (Vec::with_capacity(bytes.len()), Vec::with_capacity(bytes.len() / 64));
        let (mut rest, mut before) = (bytes.as_slice(), 0..0);
        while !rest.is_empty() {
            let same = usize::try_from(take_number(&mut rest)?).ok()?;
            let further = usize::try_from(take_number(&mut rest)?).ok()?;
            let value = take_number(&mut rest)?.checked_sub(1);
            if same > before.len() {
                return None;
            }
            let key_at = keys.len();
            keys.extend_from_within(before.start..before.start + same);
            keys.extend_from_slice(take_bytes(&mut rest, further)?);
            before = key_at..keys.len();
            let value_at = bytes.len() - rest.len();
            if let Some(value) = value {
                take_bytes(&mut rest, usize::try_from(value).ok()?)?;
            }
            places.push(Place {
                key_at: u32::try_from(key_at).ok()?,
                key_bytes: u32::try_from(before.len()).ok()?,
                value_at: u32::try_from(value_at).ok()?,
                value_bytes: value.map(u32::try_from).transpose().ok()?,
            });
        }
        Some(Self { bytes, keys, places })
    }

    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// The key of a row; empty behind the last.
    pub(super) fn key(&self, row: usize) -> &[u8] {
        self.places.get(row).and_then(|place| part(&self.keys, place.key_at, place.key_bytes)).unwrap_or(&[])
    }

    /// The value of a row; none for a removed key.
    pub(super) fn value(&self, row: usize) -> Option<&[u8]> {
        let place = self.places.get(row)?;
        part(&self.bytes, place.value_at, place.value_bytes?)
    }

    /// How many rows from the first on have keys that `before` takes.
    pub(super) fn count(&self, before: impl Fn(&[u8]) -> bool) -> usize {
        self.places.partition_point(|place| {
            before(part(&self.keys, place.key_at, place.key_bytes).unwrap_or_default())
        })
    }

    /// The row of a key.
    pub(super) fn find(&self, key: &[u8]) -> Option<usize> {
        let row = self.count(|other| other < key);
        (row < self.len() && self.key(row) == key).then_some(row)
    }
}

fn part(bytes: &[u8], at: u32, count: u32) -> Option<&[u8]> {
    bytes.get(at as usize..at as usize + count as usize)
}
