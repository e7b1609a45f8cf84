//! Opens a journal: finds its end, cuts what an interrupted write left, refuses what is damaged.
//!
//! A frame is synced before the next is written, so an interrupted write is the last frame and nothing stands
//! behind it. If a later frame does, acknowledged records are damaged and nothing is touched. Of sealed segments
//! only the headers and the first frame's header are read; the last segment is scanned whole. [`verify`] reads
//! everything.

use std::io;

use super::super::disk::{Disk, DiskFile, Mode, SharedDisk};
use super::current::{Current, JOURNAL_DIR};
use super::error::{Damage, JournalError};
use super::frame::{HEADER_BYTES, Header};
use super::scan::{Expected, Scanner, Step, reading};
use super::segment::{NotASegment, SEGMENT_HEADER_BYTES, SegmentHeader, segment_number};
use super::{End, Journal, Options, Segment, Waypoint, Waypoints, torn};

/// What opening found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenReport {
    /// Where the journal ends.
    pub end: End,
    /// What an interrupted write left and was removed; it had not been acknowledged.
    pub cut: Option<Cut>,
    /// The number of segments.
    pub segments: usize,
}

/// An interrupted write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// The segment.
    pub segment: u32,
    /// Where it began, in bytes from the segment's start; 0 if the segment itself was being created.
    pub offset: u64,
    /// Up to where something was written, less the offset.
    pub bytes: u64,
}

/// What [`verify`] found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifyReport {
    /// Where the journal ends.
    pub end: End,
    /// An interrupted write that the next opening will cut.
    pub torn: Option<Cut>,
    /// Segments, frames and bytes read.
    pub segments: usize,
    /// Frames read and found whole.
    pub frames: u64,
    /// Bytes of all frames.
    pub bytes: u64,
}

/// The parts of a journal before it is opened for writing.
pub(super) struct Found {
    pub(super) current: Current,
    pub(super) segments: Vec<Segment>,
    pub(super) end_at: u64,
    pub(super) last_frame_at: Option<u64>,
    pub(super) allocated: u64,
    pub(super) next: Expected,
    pub(super) waypoints: Waypoints,
    pub(super) torn: Option<Cut>,
    /// A segment whose creation was interrupted; to be removed.
    pub(super) stillborn: Option<String>,
}

impl Journal {
    /// Opens the journal of a store.
    pub fn open(disk: SharedDisk) -> Result<(Self, OpenReport), JournalError> {
        Self::open_with(disk, Options::default())
    }

    /// Opens with other sizes than the usual ones.
    pub fn open_with(disk: SharedDisk, options: Options) -> Result<(Self, OpenReport), JournalError> {
        let found = find(&*disk)?;
        if let Some(path) = &found.stillborn {
            disk.remove(path).map_err(JournalError::io(format!("removing {path}")))?;
        }
        // Also without a removal: a name that an earlier process removed in vain must not come back later.
        disk.sync_dir(JOURNAL_DIR).map_err(JournalError::io("syncing journal/"))?;
        let path = found.segments.last().map(|segment| segment.path.clone()).ok_or(JournalError::Missing)?;
        let file = disk.open(&path, Mode::Write).map_err(JournalError::io(format!("opening {path}")))?;
        let mut allocated = found.allocated;
        rewrite_last_frame(&*file, &found).map_err(JournalError::io(format!("syncing {path}")))?;
        if let Some(cut) = found.torn.as_ref().filter(|torn| torn.offset > 0) {
            // Only for a look: a full disk must not keep the store closed.
            let _ = torn::keep(&*disk, &path, &found.current.store, cut);
            let cutting = || JournalError::io(format!("cutting an interrupted write off {path}"));
            file.set_len(found.end_at).map_err(cutting())?;
            file.sync_data().map_err(cutting())?;
            allocated = found.end_at;
        }
        let report = OpenReport {
            end: End {
                lineage: found.current.lineage,
                seq: found.next.seq - 1,
                crc: found.next.previous_crc,
            },
            cut: found.torn,
            segments: found.segments.len(),
        };
        let journal = Self {
            disk,
            options,
            current: found.current,
            segments: found.segments,
            file,
            end_at: found.end_at,
            allocated,
            next: found.next,
            waypoints: found.waypoints,
            sealed: false,
            stopped: false,
            buffer: Vec::new(),
        };
        Ok((journal, report))
    }
}

/// Writes the last frame once more and syncs it. It may have been read from memory only: written by a process
/// whose sync failed and which then ended. All frames before it are durable.
fn rewrite_last_frame(file: &dyn DiskFile, found: &Found) -> io::Result<()> {
    let Some(offset) = found.last_frame_at else { return Ok(()) };
    let mut bytes = vec![0; usize::try_from(found.end_at - offset).unwrap_or(0)];
    let got = file.read_at(&mut bytes, offset)?;
    file.write_at(bytes.get(..got).unwrap_or_default(), offset)?;
    file.sync_data()
}

/// Reads every frame of every segment and changes nothing. `progress` is told the bytes read so far and in all.
pub fn verify(disk: &dyn Disk, progress: &mut dyn FnMut(u64, u64)) -> Result<VerifyReport, JournalError> {
    let found = find(disk)?;
    let total: u64 = found.segments.iter().map(|segment| segment.bytes).sum();
    let (mut frames, mut bytes, mut before) = (0, 0, 0);
    let mut next = Expected::first(&found.current.store);
    for (index, segment) in found.segments.iter().enumerate() {
        let file = disk.open(&segment.path, Mode::Read).map_err(reading(segment.number))?;
        let start = SEGMENT_HEADER_BYTES as u64;
        let mut scanner = Scanner::new(file, segment.number, found.current.store, start, next)?;
        let damaged = |offset, what| JournalError::Damaged { segment: segment.number, offset, what };
        loop {
            match scanner.step()? {
                Step::Frame { header, .. } => {
                    frames += 1;
                    bytes += header.frame_bytes() as u64;
                    progress(before + scanner.at, total);
                }
                Step::End => break,
                Step::Bad(_) if index + 1 == found.segments.len() => break,
                Step::Bad(what) => return Err(damaged(scanner.at, what)),
            }
        }
        next = scanner.expected;
        if let Some(following) = found.segments.get(index + 1) {
            let sealed = Expected { seq: following.first_seq, previous_crc: following.previous_crc };
            if next != sealed {
                return Err(damaged(scanner.at, Damage::Gap));
            }
        }
        before += segment.bytes;
    }
    let end = End { lineage: found.current.lineage, seq: next.seq - 1, crc: next.previous_crc };
    Ok(VerifyReport { end, torn: found.torn, segments: found.segments.len(), frames, bytes })
}

/// Origin CRC of the frame that holds record `seq` of a journal that nobody needs to have open; `None` beyond its
/// end. Reads the segment that holds it.
pub fn frame_crc_of(disk: &dyn Disk, seq: u64) -> Result<Option<u32>, JournalError> {
    let found = find(disk)?;
    let index = found.segments.partition_point(|segment| segment.first_seq <= seq).saturating_sub(1);
    let Some(segment) = found.segments.get(index) else { return Ok(None) };
    if seq < segment.first_seq {
        return Ok(Some(segment.previous_crc));
    }
    let file = disk.open(&segment.path, Mode::Read).map_err(reading(segment.number))?;
    let start = SEGMENT_HEADER_BYTES as u64;
    let expected = Expected { seq: segment.first_seq, previous_crc: segment.previous_crc };
    let mut scanner = Scanner::new(file, segment.number, found.current.store, start, expected)?;
    while let Step::Frame { header, .. } = scanner.step()? {
        if header.last_seq() >= seq {
            return Ok(Some(header.origin_crc));
        }
    }
    Ok(None)
}

/// Looks at all segments and finds the end, without changing anything.
pub(super) fn find(disk: &dyn Disk) -> Result<Found, JournalError> {
    let current = Current::load(disk)?;
    let mut numbers: Vec<u32> = disk
        .list(JOURNAL_DIR)
        .map_err(JournalError::io("listing journal/"))?
        .iter()
        .filter_map(|name| segment_number(name))
        .chain(current.rewritten.keys().copied())
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    let last = numbers.last().copied().unwrap_or(0).max(1);
    let (mut segments, mut stillborn, mut torn): (Vec<Segment>, _, _) = (Vec::new(), None, None);
    for number in 1..=last {
        let path = current.segment_path(number);
        let file = match disk.open(&path, Mode::Read) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(JournalError::Damaged {
                    segment: number,
                    offset: 0,
                    what: Damage::SegmentMissing,
                });
            }
            Err(error) => return Err(reading(number)(error)),
        };
        let expected = segments.last().map_or_else(|| Expected::first(&current.store), Segment::at_least);
        let bytes = file.len().map_err(reading(number))?;
        let mut scanner = Scanner::new(file, number, current.store, 0, expected)?;
        match read_segment_header(&mut scanner, number)? {
            Some(header) => {
                check_segment(&current, &header, number, segments.last())?;
                let (first_seq, previous_crc) = (header.first_seq, header.previous_crc);
                if number < last {
                    check_first_frame(&mut scanner, &header)?;
                }
                segments.push(Segment { number, path, first_seq, previous_crc, bytes });
            }
            None if number == last && number > 1 && scanner.later_frame(0)?.is_none() => {
                torn = Some(Cut { segment: number, offset: 0, bytes: scanner.written_end(0)? });
                stillborn = Some(path);
            }
            None => {
                return Err(JournalError::Damaged {
                    segment: number,
                    offset: 0,
                    what: Damage::SegmentHeader,
                });
            }
        }
    }
    let Some(tail) = segments.last_mut() else { return Err(JournalError::Missing) };
    let file = disk.open(&tail.path, Mode::Read).map_err(reading(tail.number))?;
    let expected = Expected { seq: tail.first_seq, previous_crc: tail.previous_crc };
    let start = SEGMENT_HEADER_BYTES as u64;
    let mut scanner = Scanner::new(file, tail.number, current.store, start, expected)?;
    let (mut waypoints, mut last_frame_at) = (Waypoints::default(), None);
    let what = loop {
        match scanner.step()? {
            Step::Frame { offset, header } => {
                last_frame_at = Some(offset);
                let (seq, previous_crc) = (header.first_seq, header.previous_crc);
                waypoints.note(Waypoint { offset, expected: Expected { seq, previous_crc } });
            }
            Step::End => break Damage::Gap,
            Step::Bad(what) => break what,
        }
    };
    let end_at = scanner.at;
    if what == Damage::Chain || scanner.later_frame(end_at + 1)?.is_some() {
        return Err(JournalError::Damaged { segment: tail.number, offset: end_at, what });
    }
    let written_end = scanner.written_end(end_at)?;
    if written_end > end_at {
        torn = Some(Cut { segment: tail.number, offset: end_at, bytes: written_end - end_at });
    }
    let allocated = std::mem::replace(&mut tail.bytes, end_at);
    let next = scanner.expected;
    Ok(Found { current, segments, end_at, last_frame_at, allocated, next, waypoints, torn, stillborn })
}

fn read_segment_header(scanner: &mut Scanner, number: u32) -> Result<Option<SegmentHeader>, JournalError> {
    match SegmentHeader::decode(scanner.bytes(0, SEGMENT_HEADER_BYTES)?) {
        Ok(header) => Ok(Some(header)),
        Err(NotASegment::Invalid) => Ok(None),
        Err(NotASegment::Newer(found)) => {
            Err(JournalError::NewerFormat { segment: number, offset: 4, found, known: SegmentHeader::KNOWN })
        }
    }
}

/// Checks that a segment stands in its place.
fn check_segment(
    current: &Current,
    header: &SegmentHeader,
    number: u32,
    before: Option<&Segment>,
) -> Result<(), JournalError> {
    let damaged = |segment, what| Err(JournalError::Damaged { segment, offset: 0, what });
    if header.store != current.store || header.number != number {
        return damaged(number, Damage::OtherStore);
    }
    let Some(before) = before else {
        let first = Expected::first(&current.store);
        let follows = (header.first_seq, header.previous_crc) == (first.seq, first.previous_crc);
        return if follows { Ok(()) } else { damaged(number, Damage::Chain) };
    };
    if header.first_seq <= before.first_seq {
        return damaged(number, Damage::Chain);
    }
    // A rewritten segment has a length of its own.
    if before.bytes != header.previous_bytes && !current.rewritten.contains_key(&before.number) {
        let what = Damage::SealedLength { sealed: header.previous_bytes, found: before.bytes };
        return damaged(before.number, what);
    }
    Ok(())
}

/// Checks the header of a sealed segment's first frame.
fn check_first_frame(scanner: &mut Scanner, segment: &SegmentHeader) -> Result<(), JournalError> {
    let offset = SEGMENT_HEADER_BYTES as u64;
    let damaged = |what| Err(JournalError::Damaged { segment: segment.number, offset, what });
    match Header::decode(scanner.bytes(offset, HEADER_BYTES)?, &segment.store) {
        Ok(frame) if (frame.first_seq, frame.previous_crc) == (segment.first_seq, segment.previous_crc) => {
            Ok(())
        }
        Ok(_) => damaged(Damage::Chain),
        Err(_) => damaged(Damage::FrameHeader),
    }
}
