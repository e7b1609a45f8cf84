//! A journal as it stands at one moment, for copying it while it goes on.

use super::super::disk::{Disk, Mode};
use super::current::JOURNAL_DIR;
use super::error::{Damage, JournalError};
use super::open::find;
use super::scan::{Expected, Scanner, Step, reading};
use super::segment::{NotASegment, SEGMENT_HEADER_BYTES, SegmentHeader, segment_number};
use super::{Current, End, Journal, Segment};

/// The files of a journal and how much of each counts. What is added later is not in it; what is in it stays, as
/// long as nobody is forgotten meanwhile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The ids, and which segments were rewritten.
    pub current: Current,
    /// All segments; of the last one only its frames up to the end.
    pub segments: Vec<Segment>,
    /// Where the journal ends.
    pub end: End,
}

impl Journal {
    /// The journal as it stands now.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot { current: self.current.clone(), segments: self.segments.clone(), end: self.end() }
    }
}

impl Snapshot {
    /// Looks at a journal that nobody has open, without changing it. An interrupted write is left out.
    pub fn of(disk: &dyn Disk) -> Result<Self, JournalError> {
        let found = find(disk)?;
        let end =
            End { lineage: found.current.lineage, seq: found.next.seq - 1, crc: found.next.previous_crc };
        Ok(Self { current: found.current, segments: found.segments, end })
    }
}

/// Reads every frame in the first `bytes` of a segment's file; returns what the next segment has to follow.
pub fn check_segment(
    disk: &dyn Disk,
    path: &str,
    number: u32,
    store: &[u8; 16],
    expected: Expected,
    bytes: u64,
) -> Result<Expected, JournalError> {
    let file = disk.open(path, Mode::Read).map_err(reading(number))?;
    let mut scanner = Scanner::new(file, number, *store, SEGMENT_HEADER_BYTES as u64, expected)?;
    let damaged = |offset, what| Err(JournalError::Damaged { segment: number, offset, what });
    match SegmentHeader::decode(scanner.bytes(0, SEGMENT_HEADER_BYTES)?) {
        Ok(header) if header.store != *store || header.number != number => {
            return damaged(0, Damage::OtherStore);
        }
        Ok(header) if (header.first_seq, header.previous_crc) != (expected.seq, expected.previous_crc) => {
            return damaged(0, Damage::Chain);
        }
        Ok(_) => {}
        Err(NotASegment::Invalid) => return damaged(0, Damage::SegmentHeader),
        Err(NotASegment::Newer(found)) => {
            return Err(JournalError::NewerFormat {
                segment: number,
                offset: 4,
                found,
                known: SegmentHeader::KNOWN,
            });
        }
    }
    while scanner.at < bytes {
        match scanner.step()? {
            Step::Frame { .. } => {}
            Step::End => return damaged(scanner.at, Damage::Gap),
            Step::Bad(what) => return damaged(scanner.at, what),
        }
    }
    Ok(scanner.expected)
}

/// Refuses to begin a journal where segments lie that nothing names; an interrupted creation left at most an
/// empty first one.
pub(super) fn refuse_orphans(disk: &dyn Disk) -> Result<(), JournalError> {
    let names = disk.list(JOURNAL_DIR).map_err(JournalError::io("listing journal/"))?;
    let numbers: Vec<u32> = names.iter().filter_map(|name| segment_number(name)).collect();
    let harmless = match numbers.as_slice() {
        [] => true,
        [1] => {
            let file = disk.open("journal/000001.qj", Mode::Read).map_err(reading(1))?;
            let mut scanner = Scanner::new(file, 1, [0; 16], 0, Expected::first(&[0; 16]))?;
            scanner.written_end(SEGMENT_HEADER_BYTES as u64)? == SEGMENT_HEADER_BYTES as u64
        }
        _ => false,
    };
    if harmless { Ok(()) } else { Err(JournalError::Orphans { segments: numbers.len() }) }
}
