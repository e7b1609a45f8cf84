//! Walks the frames of one segment with bounded memory, and looks for frames behind damage.

use std::io;

use super::super::disk::DiskFile;
use super::error::{Damage, JournalError};
use super::frame::{FRAME_VERSION, HEADER_BYTES, Header, MAGIC, NotAHeader, TRAILER_BYTES, bound_crc};

/// Bytes read at a time; a larger frame makes the window grow to its size.
const WINDOW_BYTES: usize = 1 << 20;

/// What the next frame has to say to follow the ones before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expected {
    /// The sequence number of its first record.
    pub seq: u64,
    /// Origin CRC of the frame before it.
    pub previous_crc: u32,
}

impl Expected {
    /// What the first frame of a store has to say.
    pub fn first(store: &[u8; 16]) -> Self {
        Self { seq: 1, previous_crc: bound_crc(store, &[]) }
    }
}

/// A step of the walk.
#[derive(Debug)]
pub(super) enum Step {
    /// A whole frame at this offset; [`Scanner::payload`] has its bytes.
    Frame { offset: u64, header: Header },
    /// Zeros, or the end of the file, where the next frame would be.
    End,
    /// Something else is there.
    Bad(Damage),
}

/// Reads a segment's file from one offset on.
pub(super) struct Scanner {
    file: Box<dyn DiskFile>,
    segment: u32,
    store: [u8; 16],
    file_bytes: u64,
    window: Vec<u8>,
    window_at: u64,
    payload_at: u64,
    payload_bytes: usize,
    /// Where the next frame begins.
    pub(super) at: u64,
    pub(super) expected: Expected,
}

impl Scanner {
    pub(super) fn new(
        file: Box<dyn DiskFile>,
        segment: u32,
        store: [u8; 16],
        at: u64,
        expected: Expected,
    ) -> Result<Self, JournalError> {
        let file_bytes = file.len().map_err(reading(segment))?;
        let (window, window_at) = (Vec::new(), 0);
        Ok(Self {
            file,
            segment,
            store,
            file_bytes,
            window,
            window_at,
            payload_at: 0,
            payload_bytes: 0,
            at,
            expected,
        })
    }

    /// Reads the next frame and checks that it is whole and follows.
    pub(super) fn step(&mut self) -> Result<Step, JournalError> {
        let (offset, store, segment) = (self.at, self.store, self.segment);
        let header = match Header::decode(self.bytes(offset, HEADER_BYTES)?, &store) {
            Ok(header) => header,
            Err(NotAHeader::Zeros) => return Ok(Step::End),
            Err(NotAHeader::Invalid) => return Ok(Step::Bad(Damage::FrameHeader)),
            Err(NotAHeader::Newer(found)) => {
                return Err(JournalError::NewerFormat { segment, offset, found, known: FRAME_VERSION });
            }
        };
        let frame = self.bytes(offset, header.frame_bytes())?;
        let body =
            frame.get(HEADER_BYTES..).and_then(|body| body.split_at_checked(header.payload_bytes as usize));
        if !body.is_some_and(|(payload, crc)| crc.len() == TRAILER_BYTES && header.matches(payload, crc)) {
            return Ok(Step::Bad(Damage::FramePayload));
        }
        if (header.first_seq, header.previous_crc) != (self.expected.seq, self.expected.previous_crc) {
            return Ok(Step::Bad(Damage::Chain));
        }
        self.payload_at = offset + HEADER_BYTES as u64;
        self.payload_bytes = header.payload_bytes as usize;
        self.at = offset + header.frame_bytes() as u64;
        self.expected = Expected { seq: header.last_seq() + 1, previous_crc: header.origin_crc };
        Ok(Step::Frame { offset, header })
    }

    /// The payload of the frame that [`Scanner::step`] returned last.
    pub(super) fn payload(&mut self) -> Result<&[u8], JournalError> {
        self.bytes(self.payload_at, self.payload_bytes)
    }

    /// Looks behind `from` for the header of a frame that can only have been written after what stands there.
    ///
    /// A header is evidence enough: it carries a CRC bound to the store, and a frame is written only when the
    /// one before it is durable.
    pub(super) fn later_frame(&mut self, from: u64) -> Result<Option<u64>, JournalError> {
        let (store, seq) = (self.store, self.expected.seq);
        let mut at = from;
        while at < self.file_bytes {
            let window = self.bytes(at, WINDOW_BYTES)?;
            if window.len() < HEADER_BYTES {
                return Ok(None);
            }
            for place in places(window, MAGIC) {
                let Some(candidate) = window.get(place..place + HEADER_BYTES) else { break };
                match Header::decode(candidate, &store) {
                    Ok(header) if header.first_seq < seq => {}
                    Ok(_) | Err(NotAHeader::Newer(_)) => return Ok(Some(at + place as u64)),
                    Err(_) => {}
                }
            }
            // The windows overlap by a header less one byte, so none is missed at a border.
            at += (window.len() - HEADER_BYTES + 1) as u64;
        }
        Ok(None)
    }

    /// Where the last byte that is not zero ends, looking from `from` to the end of the file.
    pub(super) fn written_end(&mut self, from: u64) -> Result<u64, JournalError> {
        let (mut at, mut end) = (from, from);
        loop {
            let window = self.bytes(at, WINDOW_BYTES)?;
            if window.is_empty() {
                return Ok(end);
            }
            if let Some(last) = window.iter().rposition(|byte| *byte != 0) {
                end = at + last as u64 + 1;
            }
            at += window.len() as u64;
        }
    }

    /// Some bytes of the file; fewer than `count` only at its end.
    pub(super) fn bytes(&mut self, offset: u64, count: usize) -> Result<&[u8], JournalError> {
        let inside = |window_at: u64, window: &[u8]| -> Option<std::ops::Range<usize>> {
            let start = usize::try_from(offset.checked_sub(window_at)?).ok()?;
            (start + count <= window.len()).then_some(start..start + count)
        };
        let range = if let Some(range) = inside(self.window_at, &self.window) {
            range
        } else {
            let left = usize::try_from(self.file_bytes.saturating_sub(offset)).unwrap_or(usize::MAX);
            self.window.resize(count.max(WINDOW_BYTES).min(left), 0);
            self.window_at = offset;
            let got = self.file.read_at(&mut self.window, offset).map_err(reading(self.segment))?;
            self.window.truncate(got);
            0..count.min(got)
        };
        Ok(self.window.get(range).unwrap_or_default())
    }
}

/// Every place where `needle` begins.
fn places(hay: &[u8], needle: [u8; 4]) -> impl Iterator<Item = usize> + '_ {
    hay.windows(4).enumerate().filter(move |(_, window)| *window == needle).map(|(place, _)| place)
}

pub(super) fn reading(segment: u32) -> impl FnOnce(io::Error) -> JournalError {
    JournalError::io(format!("reading journal segment {segment}"))
}
