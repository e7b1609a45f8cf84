//! A sorted file: written once in order, read by key or in ranges, never changed.
//!
//! Problem: filling a tree with millions of rows in the order of the journal rewrites its pages again and again,
//! and the tree's own tables then cost memory and time at every opening. Idea: rows that are there from the
//! beginning stand in one file in order, cut into blocks; in memory is only where each block begins. Every block
//! has a checksum, and the list of blocks one over all of them, which is also what tells two tables apart.
//!
//! ```text
//! blocks   rows in order: bytes shared with the key before, further bytes of the key, 0 for a removed key
//!          or 1 + bytes of the value (three numbers), the key's further bytes, the value
//! filter   of a table with others below it: which keys, and what ranges are asked by, it certainly has not
//! list     per block: bytes of a separator, bytes of the block, crc (u32); the separator: not after the
//!          block's first key and behind every key before it
//! footer   where the list begins (u64), bytes of the list (u64), bytes of the filter (u64), rows (u64),
//!          crc of the list (u32), crc of the filter (u32), magic
//! ```
//!
//! Numbers in blocks and list are little-endian base 128. Limits: no compression; a block is read whole.

mod block;
mod filter;
mod read;
mod write;

pub(super) use filter::hash;
pub(super) use read::{Found, Table, Walk};
pub(super) use write::Writer;

/// From how many bytes on a block is closed. One of them is read for one row that is looked up; where each begins stands
/// in memory, so that the largest table has larger ones.
pub(super) const BLOCK_BYTES: usize = 16 << 10;
/// The same of a table that will be put together with others.
pub(super) const SMALL_BLOCK_BYTES: usize = 4 << 10;
const MAGIC: &[u8; 8] = b"quntab2\n";
const FOOTER_BYTES: usize = 8 + 8 + 8 + 8 + 4 + 4 + MAGIC.len();

/// Writes a number, seven bits a byte, lowest first.
fn put_number(mut number: u64, into: &mut Vec<u8>) {
    while number >= 0x80 {
        into.push(number as u8 | 0x80);
        number >>= 7;
    }
    into.push(number as u8);
}

/// Takes a number off the front; none where it is cut or too large.
fn take_number(from: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = from.split_first()?;
        *from = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

/// Takes so many bytes off the front.
fn take_bytes<'a>(from: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (bytes, rest) = from.split_at_checked(count)?;
    *from = rest;
    Some(bytes)
}

/// How many bytes two keys begin with in common.
fn shared(one: &[u8], other: &[u8]) -> usize {
    one.iter().zip(other).take_while(|(a, b)| a == b).count()
}

#[cfg(test)]
mod tests;
