//! Reads records in order, segment by segment, one frame in memory at a time.

use std::collections::VecDeque;

use super::super::disk::{Mode, SharedDisk};
use super::error::{Damage, JournalError};
use super::frame::records;
use super::scan::{Expected, Scanner, Step, reading};
use super::segment::SEGMENT_HEADER_BYTES;
use super::{Journal, Segment, Waypoint};

/// One record as it stands in the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its sequence number, from 1.
    pub seq: u64,
    /// Origin CRC of the frame that holds it.
    pub frame_crc: u32,
    /// Whether the frame ends with it: what an index has applied up to here is one acknowledged append.
    pub last_in_frame: bool,
    /// The record.
    pub bytes: Vec<u8>,
}

/// The records from one on up to where the journal ended when the reading began. Appending may go on meanwhile.
pub struct Entries {
    disk: SharedDisk,
    store: [u8; 16],
    /// Segments not begun yet.
    segments: VecDeque<Segment>,
    scanner: Option<(u32, Scanner)>,
    waiting: VecDeque<Entry>,
    from: u64,
    next: Expected,
    last: u64,
    failed: bool,
}

impl Journal {
    /// Reads the records from `from_seq` on (0 is 1). `from_seq` just behind the end gives none.
    pub fn read(&self, from_seq: u64) -> Result<Entries, JournalError> {
        let (from, last) = (from_seq.max(1), self.next.seq - 1);
        if from > last + 1 {
            return Err(JournalError::BeyondEnd { from, last });
        }
        let index = self.segments.partition_point(|segment| segment.first_seq <= from).saturating_sub(1);
        let segments: VecDeque<Segment> = self.segments.iter().skip(index).cloned().collect();
        let start = segments.front().ok_or(JournalError::Missing)?;
        let mut entries = Entries {
            disk: self.disk.clone(),
            store: self.current.store,
            next: Expected { seq: start.first_seq, previous_crc: start.previous_crc },
            segments,
            scanner: None,
            waiting: VecDeque::new(),
            from,
            last,
            failed: false,
        };
        let waypoint = self.waypoints.before(from).filter(|_| entries.segments.len() == 1);
        entries.next_segment(waypoint)?;
        Ok(entries)
    }

    /// Origin CRC of the frame that holds record `seq`; `None` beyond the end. For 0 the CRC that the first
    /// frame names as the one before it.
    pub fn frame_crc(&self, seq: u64) -> Result<Option<u32>, JournalError> {
        if seq >= self.next.seq {
            return Ok(None);
        }
        if seq + 1 == self.next.seq {
            return Ok(Some(self.next.previous_crc));
        }
        if let Some(segment) = self.segments.iter().find(|segment| segment.first_seq == seq + 1) {
            return Ok(Some(segment.previous_crc));
        }
        self.read(seq)?.next().transpose().map(|entry| entry.map(|entry| entry.frame_crc))
    }
}

impl Entries {
    fn next_segment(&mut self, waypoint: Option<Waypoint>) -> Result<(), JournalError> {
        let Some(segment) = self.segments.pop_front() else {
            self.scanner = None;
            return Ok(());
        };
        let start = Waypoint { offset: SEGMENT_HEADER_BYTES as u64, expected: self.next };
        let Waypoint { offset, expected } = waypoint.unwrap_or(start);
        let file = self.disk.open(&segment.path, Mode::Read).map_err(reading(segment.number))?;
        let scanner = Scanner::new(file, segment.number, self.store, offset, expected)?;
        self.scanner = Some((segment.number, scanner));
        Ok(())
    }

    /// Takes the next frame's records in; false at the end.
    fn next_frame(&mut self) -> Result<bool, JournalError> {
        loop {
            let Some((segment, scanner)) = &mut self.scanner else { return Ok(false) };
            let segment = *segment;
            if scanner.expected.seq > self.last {
                return Ok(false);
            }
            let damaged = |offset, what| Err(JournalError::Damaged { segment, offset, what });
            match scanner.step()? {
                Step::Frame { offset, header } => {
                    let Some(parts) = records(&header, scanner.payload()?) else {
                        return damaged(offset, Damage::FramePayload);
                    };
                    for (seq, bytes) in (header.first_seq..).zip(parts) {
                        if seq >= self.from {
                            let last_in_frame = seq == header.last_seq();
                            let (frame_crc, bytes) = (header.origin_crc, bytes.to_vec());
                            self.waiting.push_back(Entry { seq, frame_crc, last_in_frame, bytes });
                        }
                    }
                    return Ok(true);
                }
                Step::End if self.segments.is_empty() => return damaged(scanner.at, Damage::Gap),
                Step::End => {
                    self.next = scanner.expected;
                    let at = scanner.at;
                    if self.segments.front().is_some_and(|following| following.first_seq != self.next.seq) {
                        return damaged(at, Damage::Gap);
                    }
                    self.next_segment(None)?;
                }
                Step::Bad(what) => return damaged(scanner.at, what),
            }
        }
    }
}

impl Iterator for Entries {
    type Item = Result<Entry, JournalError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(entry) = self.waiting.pop_front() {
                return Some(Ok(entry));
            }
            if self.failed {
                return None;
            }
            match self.next_frame() {
                Ok(true) => {}
                Ok(false) => return None,
                Err(error) => {
                    self.failed = true;
                    return Some(Err(error));
                }
            }
        }
    }
}
