//! One frame: the bytes of one append.
//!
//! ```text
//!  0  magic "qunF"                        4 bytes; numbers are little-endian
//!  4  version                             u16
//!  6  flags (bit 0: rewritten)            u16
//!  8  length of the payload in bytes      u32
//! 12  number of records                   u32
//! 16  sequence number of the first record u64
//! 24  origin CRC of the frame before      u32
//! 28  own origin CRC                      u32
//! 32  header CRC: the store's id, 0..32   u32
//! 36  payload: per record its length u32 and its bytes
//!     payload CRC                         u32
//! ```
//!
//! The origin CRC is the payload's CRC when the frame was first written. It is kept when a record is later
//! forgotten, so the chain and every note of "record n, CRC c" stay valid; only the payload CRC changes then.
//! The header CRC covers the id of the store too, so a frame of another store, even one that lies inside a
//! record, never counts as one of this store's.

use crc32fast::Hasher;

/// Bytes before the payload.
pub const HEADER_BYTES: usize = 36;
/// Bytes of the CRC behind the payload.
pub const TRAILER_BYTES: usize = 4;
/// The most bytes of payload in one frame.
pub const PAYLOAD_BYTES_MAX: usize = 16 << 20;
/// The newest version of a frame that is understood, and the one that is written.
pub const FRAME_VERSION: u16 = 1;

pub(super) const MAGIC: [u8; 4] = *b"qunF";
const REWRITTEN: u16 = 1;

/// The part of a frame in front of its records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// Whether records were replaced after it was first written.
    pub rewritten: bool,
    /// Bytes of payload.
    pub payload_bytes: u32,
    /// Number of records, at least one.
    pub records: u32,
    /// Sequence number of the first record, from 1.
    pub first_seq: u64,
    /// Origin CRC of the frame before, of the store's id for the first.
    pub previous_crc: u32,
    /// CRC of the payload when it was first written.
    pub origin_crc: u32,
}

/// Why bytes are not a frame's header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotAHeader {
    Zeros,
    Invalid,
    Newer(u16),
}

impl Header {
    /// Bytes of the whole frame.
    pub fn frame_bytes(&self) -> usize {
        HEADER_BYTES + self.payload_bytes as usize + TRAILER_BYTES
    }

    /// Sequence number of the last record.
    pub fn last_seq(&self) -> u64 {
        self.first_seq + u64::from(self.records) - 1
    }

    pub(super) fn encode(&self, store: &[u8; 16]) -> [u8; HEADER_BYTES] {
        let mut bytes = [0; HEADER_BYTES];
        let mut at = 0;
        let mut put = |part: &[u8]| {
            if let Some(target) = bytes.get_mut(at..at + part.len()) {
                target.copy_from_slice(part);
            }
            at += part.len();
        };
        put(&MAGIC);
        put(&FRAME_VERSION.to_le_bytes());
        put(&(if self.rewritten { REWRITTEN } else { 0 }).to_le_bytes());
        put(&self.payload_bytes.to_le_bytes());
        put(&self.records.to_le_bytes());
        put(&self.first_seq.to_le_bytes());
        put(&self.previous_crc.to_le_bytes());
        put(&self.origin_crc.to_le_bytes());
        let crc = bound_crc(store, bytes.get(..32).unwrap_or_default());
        if let Some(target) = bytes.get_mut(32..) {
            target.copy_from_slice(&crc.to_le_bytes());
        }
        bytes
    }

    pub(super) fn decode(bytes: &[u8], store: &[u8; 16]) -> Result<Self, NotAHeader> {
        let Some(bytes) = bytes.get(..HEADER_BYTES) else {
            return Err(if bytes.iter().all(|byte| *byte == 0) {
                NotAHeader::Zeros
            } else {
                NotAHeader::Invalid
            });
        };
        if bytes.iter().all(|byte| *byte == 0) {
            return Err(NotAHeader::Zeros);
        }
        let number = |at: usize| -> u32 { le_u32(bytes, at) };
        let crc = bound_crc(store, bytes.get(..32).unwrap_or_default());
        if bytes.get(..4) != Some(MAGIC.as_slice()) || number(32) != crc {
            return Err(NotAHeader::Invalid);
        }
        let (version, flags) = ((number(4) & 0xffff) as u16, (number(4) >> 16) as u16);
        if version > FRAME_VERSION || flags & !REWRITTEN != 0 {
            return Err(NotAHeader::Newer(version.max(FRAME_VERSION + 1)));
        }
        let header = Self {
            rewritten: flags & REWRITTEN != 0,
            payload_bytes: number(8),
            records: number(12),
            first_seq: u64::from(number(16)) | u64::from(number(20)) << 32,
            previous_crc: number(24),
            origin_crc: number(28),
        };
        let plausible =
            header.payload_bytes as usize <= PAYLOAD_BYTES_MAX && header.records > 0 && header.first_seq > 0;
        if plausible { Ok(header) } else { Err(NotAHeader::Invalid) }
    }

    /// Whether the bytes behind the header (payload and its CRC) belong to it.
    pub(super) fn matches(&self, payload: &[u8], crc: &[u8]) -> bool {
        let actual = crc32fast::hash(payload);
        crc == actual.to_le_bytes() && (self.rewritten || actual == self.origin_crc)
    }
}

/// Writes a frame of `records` behind what `into` holds; returns its header.
pub(super) fn encode(
    records: &[Vec<u8>],
    first_seq: u64,
    previous_crc: u32,
    store: &[u8; 16],
    into: &mut Vec<u8>,
) -> Header {
    let start = into.len();
    into.resize(start + HEADER_BYTES, 0);
    for record in records {
        into.extend_from_slice(&(record.len() as u32).to_le_bytes());
        into.extend_from_slice(record);
    }
    let payload = into.get(start + HEADER_BYTES..).unwrap_or_default();
    let crc = crc32fast::hash(payload);
    let header = Header {
        rewritten: false,
        payload_bytes: payload.len() as u32,
        records: records.len() as u32,
        first_seq,
        previous_crc,
        origin_crc: crc,
    };
    into.extend_from_slice(&crc.to_le_bytes());
    if let Some(target) = into.get_mut(start..start + HEADER_BYTES) {
        target.copy_from_slice(&header.encode(store));
    }
    header
}

/// Cuts a payload into its records; `None` if the lengths do not add up.
pub(super) fn records<'a>(header: &Header, payload: &'a [u8]) -> Option<Vec<&'a [u8]>> {
    let mut records = Vec::with_capacity((header.records as usize).min(payload.len() / 4 + 1));
    let mut rest = payload;
    for _ in 0..header.records {
        let (length, behind) = rest.split_at_checked(4)?;
        let (record, behind) = behind.split_at_checked(le_u32(length, 0) as usize)?;
        records.push(record);
        rest = behind;
    }
    rest.is_empty().then_some(records)
}

/// The CRC of `bytes` for one store only.
pub(super) fn bound_crc(store: &[u8; 16], bytes: &[u8]) -> u32 {
    let mut hasher = Hasher::new();
    hasher.update(store);
    hasher.update(bytes);
    hasher.finalize()
}

/// A number at a place; zero if the bytes are not there.
pub(super) fn le_u32(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|part| part.try_into().ok()).map_or(0, u32::from_le_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STORE: [u8; 16] = [7; 16];

    #[test]
    fn a_frame_comes_back() {
        let parts = [b"".to_vec(), "进群欢迎".as_bytes().to_vec(), vec![0; 300]];
        let mut bytes = vec![1, 2, 3];
        let header = encode(&parts, 41, 99, &STORE, &mut bytes);
        let frame = &bytes[3..];
        assert_eq!(frame.len(), header.frame_bytes());
        assert_eq!(Header::decode(frame, &STORE), Ok(header));
        assert_eq!((header.last_seq(), header.previous_crc), (43, 99));
        let (payload, crc) = frame[HEADER_BYTES..].split_at(header.payload_bytes as usize);
        assert!(header.matches(payload, crc));
        assert_eq!(records(&header, payload).unwrap(), parts);
    }

    #[test]
    fn every_flipped_bit_is_noticed() {
        let mut bytes = Vec::new();
        let header = encode(&["开团".as_bytes().to_vec()], 1, 2, &STORE, &mut bytes);
        for place in 0..bytes.len() * 8 {
            let mut bad = bytes.clone();
            bad[place / 8] ^= 1 << (place % 8);
            let (payload, crc) = bad[HEADER_BYTES..].split_at(header.payload_bytes as usize);
            let whole = Header::decode(&bad, &STORE).is_ok_and(|header| header.matches(payload, crc));
            assert!(!whole, "bit {place}");
        }
    }

    #[test]
    fn other_stores_zeros_and_newer_formats_are_told_apart() {
        let mut bytes = Vec::new();
        encode(&[vec![1]], 1, 2, &STORE, &mut bytes);
        assert_eq!(Header::decode(&bytes, &[8; 16]), Err(NotAHeader::Invalid));
        assert_eq!(Header::decode(&[0; 50], &STORE), Err(NotAHeader::Zeros));
        bytes[4] = 2;
        let crc = bound_crc(&STORE, &bytes[..32]);
        bytes[32..36].copy_from_slice(&crc.to_le_bytes());
        assert_eq!(Header::decode(&bytes, &STORE), Err(NotAHeader::Newer(2)));
    }
}
