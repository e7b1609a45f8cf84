//! A segment file: a header of 64 bytes, then frames.
//!
//! ```text
//!  0  magic "qunJ"                                    4 bytes; numbers are little-endian
//!  4  version                                         u16
//!  6  reserved                                        u16
//!  8  the store's id                                  16 bytes
//! 24  number of this segment, from 1                  u32
//! 28  origin CRC of the last frame before it          u32
//! 32  sequence number of its first record             u64
//! 40  length the segment before it was sealed with    u64
//! 48  CRC of the bytes before                         u32
//! 52  zeros
//! ```
//!
//! The header alone says what came before, so opening reads sealed segments no further than their first frame.

use super::frame::le_u32;

/// Bytes before the first frame.
pub const SEGMENT_HEADER_BYTES: usize = 64;
const MAGIC: [u8; 4] = *b"qunJ";
const VERSION: u16 = 1;

/// What a segment says about itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SegmentHeader {
    /// The store's id, the same in all its segments for ever.
    pub store: [u8; 16],
    /// From 1, without gaps.
    pub number: u32,
    /// Origin CRC of the last frame of the segment before; of the store's id in the first segment.
    pub previous_crc: u32,
    /// Sequence number of the first record that this segment holds.
    pub first_seq: u64,
    /// Bytes of the segment before, when it was first sealed; 0 in the first segment.
    pub previous_bytes: u64,
}

/// Why bytes are not a segment's header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotASegment {
    Invalid,
    Newer(u16),
}

impl SegmentHeader {
    pub(super) fn encode(&self) -> [u8; SEGMENT_HEADER_BYTES] {
        let mut bytes = Vec::with_capacity(SEGMENT_HEADER_BYTES);
        bytes.extend_from_slice(&MAGIC);
        bytes.extend_from_slice(&VERSION.to_le_bytes());
        bytes.extend_from_slice(&[0; 2]);
        bytes.extend_from_slice(&self.store);
        bytes.extend_from_slice(&self.number.to_le_bytes());
        bytes.extend_from_slice(&self.previous_crc.to_le_bytes());
        bytes.extend_from_slice(&self.first_seq.to_le_bytes());
        bytes.extend_from_slice(&self.previous_bytes.to_le_bytes());
        bytes.extend_from_slice(&crc32fast::hash(&bytes).to_le_bytes());
        let mut header = [0; SEGMENT_HEADER_BYTES];
        for (target, byte) in header.iter_mut().zip(bytes) {
            *target = byte;
        }
        header
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, NotASegment> {
        let covered = bytes.get(..48).ok_or(NotASegment::Invalid)?;
        if !covered.starts_with(&MAGIC) || le_u32(bytes, 48) != crc32fast::hash(covered) {
            return Err(NotASegment::Invalid);
        }
        let version = (le_u32(bytes, 4) & 0xffff) as u16;
        if version > VERSION {
            return Err(NotASegment::Newer(version));
        }
        let long = |at: usize| u64::from(le_u32(bytes, at)) | u64::from(le_u32(bytes, at + 4)) << 32;
        let store = bytes.get(8..24).and_then(|part| part.try_into().ok()).ok_or(NotASegment::Invalid)?;
        Ok(Self {
            store,
            number: le_u32(bytes, 24),
            previous_crc: le_u32(bytes, 28),
            first_seq: long(32),
            previous_bytes: long(40),
        })
    }

    /// The newest version that is understood.
    pub(super) const KNOWN: u16 = VERSION;
}

/// The file name of a segment in `journal/`: `000001.qj`.
pub fn segment_name(number: u32) -> String {
    format!("{number:06}.qj")
}

/// The number in a name that [`segment_name`] gave.
pub fn segment_number(name: &str) -> Option<u32> {
    let digits = name.strip_suffix(".qj")?;
    let number = digits.parse().ok()?;
    (segment_name(number) == name && number > 0).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_comes_back_and_names_its_damage() {
        let header = SegmentHeader {
            store: [3; 16],
            number: 12,
            previous_crc: 0xdead_beef,
            first_seq: u64::MAX - 5,
            previous_bytes: 67_108_000,
        };
        let bytes = header.encode();
        assert_eq!(SegmentHeader::decode(&bytes), Ok(header));
        for place in 0..52 * 8 {
            let mut bad = bytes;
            bad[place / 8] ^= 1 << (place % 8);
            assert_eq!(SegmentHeader::decode(&bad), Err(NotASegment::Invalid), "bit {place}");
        }
    }

    #[test]
    fn names_carry_numbers() {
        for (name, number) in [
            ("000001.qj", Some(1)),
            ("1234567.qj", Some(1_234_567)),
            ("1.qj", None),
            ("000000.qj", None),
            ("x.qj", None),
        ] {
            assert_eq!(segment_number(name), number, "{name}");
        }
    }
}
