//! The journal: the only truth of a store.
//!
//! Problem: what was acknowledged must survive kill -9 and power cuts, and damage must be told from a write that
//! was merely interrupted. Idea: one append is one frame is one sync. A frame names the one before it by CRC and
//! is durable before the next is written, so only the last can be torn; it is cut when the journal is opened,
//! unless a later frame shows that it is damage. Segments of 64 MB are filled with zeros ahead in steps of 4 MB
//! (overwriting is forty times cheaper to sync than growing); a sealed segment never changes. Limits: one
//! writer, who holds the store's lock; a record has no meaning here; a frame holds at most 16 MiB.

mod current;
mod error;
mod frame;
mod open;
mod read;
mod scan;
mod segment;
mod snapshot;
mod torn;

use std::io;
use std::sync::Arc;

pub use current::{Current, JOURNAL_DIR, hex, unhex};
pub use error::{Damage, JournalError};
pub use frame::PAYLOAD_BYTES_MAX;
pub use open::{Cut, OpenReport, VerifyReport, frame_crc_of, verify};
pub use read::{Entries, Entry};
pub use segment::{segment_name, segment_number};

use super::disk::{DiskFile, Mode, SharedDisk};
pub use scan::Expected;
use segment::{SEGMENT_HEADER_BYTES, SegmentHeader};
pub use snapshot::{Snapshot, check_segment};

/// Sizes of the files; the defaults are for use, others for tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Where a segment is sealed, in bytes; a single larger frame gets a segment of its own.
    pub segment_bytes: u64,
    /// How far ahead zeros are written, in bytes.
    pub step_bytes: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self { segment_bytes: 64 << 20, step_bytes: 4 << 20 }
    }
}

/// Where a journal ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct End {
    /// The course of history that this belongs to.
    pub lineage: [u8; 16],
    /// The sequence number of the last record; 0 in a new journal.
    pub seq: u64,
    /// Origin CRC of the last frame.
    pub crc: u32,
}

/// What an append gave; it is durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    /// Sequence number of the first record.
    pub first_seq: u64,
    /// Sequence number of the last record.
    pub last_seq: u64,
    /// CRC of the frame, what an index notes beside `last_seq`.
    pub frame_crc: u32,
}

/// One file of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// From 1, without gaps.
    pub number: u32,
    /// On the store's disk: `journal/000001.qj`.
    pub path: String,
    /// Sequence number of the first record in it.
    pub first_seq: u64,
    /// Origin CRC of the frame before its first one.
    pub previous_crc: u32,
    /// Bytes of header and frames, without the zeros ahead.
    pub bytes: u64,
}

impl Segment {
    /// What the next segment has to follow at the least; used only to look for frames in it.
    fn at_least(&self) -> Expected {
        Expected { seq: self.first_seq, previous_crc: self.previous_crc }
    }
}

/// A place in the last segment from where reading can begin.
#[derive(Debug, Clone, Copy)]
struct Waypoint {
    offset: u64,
    expected: Expected,
}

/// Places about every 256 KiB of the last segment.
#[derive(Debug, Default)]
struct Waypoints(Vec<Waypoint>);

impl Waypoints {
    fn note(&mut self, waypoint: Waypoint) {
        if self.0.last().is_none_or(|last| waypoint.offset >= last.offset + (256 << 10)) {
            self.0.push(waypoint);
        }
    }

    fn before(&self, seq: u64) -> Option<Waypoint> {
        let index = self.0.partition_point(|waypoint| waypoint.expected.seq <= seq).checked_sub(1)?;
        self.0.get(index).copied()
    }
}

/// An open journal. There is one at a time; the store's lock sees to that.
pub struct Journal {
    disk: SharedDisk,
    options: Options,
    current: Current,
    segments: Vec<Segment>,
    /// The last segment.
    file: Box<dyn DiskFile>,
    /// Where the last durable frame ends in it.
    end_at: u64,
    /// Up to where it has been filled with zeros.
    allocated: u64,
    next: Expected,
    waypoints: Waypoints,
    /// The last segment was closed and the next could not be made yet: nothing more may go into it, because the
    /// next one's name may come back after a crash.
    sealed: bool,
    stopped: bool,
    buffer: Vec<u8>,
}

impl Journal {
    /// Makes the journal of a new store; `lineage` becomes the store's id too.
    pub fn create(disk: SharedDisk, lineage: [u8; 16]) -> Result<Self, JournalError> {
        Self::create_with(disk, lineage, Options::default())
    }

    /// Makes a journal with other sizes than the usual ones.
    ///
    /// `CURRENT` is written last: a creation that is interrupted leaves no journal, and is simply repeated.
    pub fn create_with(disk: SharedDisk, lineage: [u8; 16], options: Options) -> Result<Self, JournalError> {
        if Current::there(&*disk)? {
            return Err(JournalError::Exists);
        }
        disk.create_dir(JOURNAL_DIR).map_err(JournalError::io("creating journal/"))?;
        snapshot::refuse_orphans(&*disk)?;
        disk.sync_dir("").map_err(JournalError::io("syncing the store's directory"))?;
        let current = Current { store: lineage, lineage, rewritten: std::collections::BTreeMap::new() };
        let next = Expected::first(&current.store);
        let path = current.segment_path(1);
        let header = SegmentHeader {
            store: current.store,
            number: 1,
            previous_crc: next.previous_crc,
            first_seq: 1,
            previous_bytes: 0,
        };
        let (file, allocated) = new_segment(&disk, &path, &header, options)
            .map_err(JournalError::io(format!("creating {path}")))?;
        current.save(&*disk)?;
        let end_at = SEGMENT_HEADER_BYTES as u64;
        let segment =
            Segment { number: 1, path, first_seq: 1, previous_crc: next.previous_crc, bytes: end_at };
        Ok(Self {
            disk,
            options,
            current,
            segments: vec![segment],
            file,
            end_at,
            allocated,
            next,
            waypoints: Waypoints::default(),
            sealed: false,
            stopped: false,
            buffer: Vec::new(),
        })
    }

    /// Where the journal ends.
    pub fn end(&self) -> End {
        End { lineage: self.current.lineage, seq: self.next.seq - 1, crc: self.next.previous_crc }
    }

    /// The store's id, which never changes.
    pub fn store_id(&self) -> [u8; 16] {
        self.current.store
    }

    /// The segments in order; all but the last are sealed.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// Writes `records` as one frame and makes it durable: one sync.
    ///
    /// # Errors
    ///
    /// After [`JournalError::NotWritten`] nothing of it is in the journal. After
    /// [`JournalError::OutcomeUnknown`] the journal takes no more.
    pub fn append(&mut self, records: &[Vec<u8>]) -> Result<Appended, JournalError> {
        if self.stopped {
            return Err(JournalError::Stopped);
        }
        let bytes: usize = records.iter().map(|record| record.len() + 4).sum();
        if records.is_empty() || bytes > PAYLOAD_BYTES_MAX {
            return Err(JournalError::FrameSize { bytes, records: records.len(), max: PAYLOAD_BYTES_MAX });
        }
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.clear();
        let Expected { seq, previous_crc } = self.next;
        let header = frame::encode(records, seq, previous_crc, &self.current.store, &mut buffer);
        let written = self.write(&buffer);
        // One large import must not keep its buffer for ever.
        buffer.shrink_to(1 << 20);
        self.buffer = buffer;
        written?;
        self.waypoints.note(Waypoint { offset: self.end_at, expected: self.next });
        self.end_at += header.frame_bytes() as u64;
        self.next = Expected { seq: header.last_seq() + 1, previous_crc: header.origin_crc };
        if let Some(segment) = self.segments.last_mut() {
            segment.bytes = self.end_at;
        }
        Ok(Appended { first_seq: seq, last_seq: header.last_seq(), frame_crc: header.origin_crc })
    }

    /// Writes zeros ahead if little room is left, so that the next appends need not. For idle moments.
    pub fn prepare(&mut self) -> Result<(), JournalError> {
        let wanted = self.allocated + self.options.step_bytes;
        let roomy = self.allocated >= self.end_at + self.options.step_bytes / 4;
        if self.stopped || self.sealed || roomy || wanted > self.options.segment_bytes {
            return Ok(());
        }
        match self.file.allocate_zeros(wanted).and_then(|()| self.file.sync_data()) {
            Ok(()) => {
                self.allocated = wanted;
                Ok(())
            }
            Err(error) => Err(self.put_back(error)),
        }
    }

    fn write(&mut self, frame: &[u8]) -> Result<(), JournalError> {
        let mut needed = self.end_at + frame.len() as u64;
        let full = needed > self.options.segment_bytes && self.end_at > SEGMENT_HEADER_BYTES as u64;
        if full || self.sealed {
            self.roll()?;
            needed = self.end_at + frame.len() as u64;
        }
        let step = self.options.step_bytes.max(1);
        let mut write = || {
            if needed > self.allocated {
                let target = needed.next_multiple_of(step).min(self.options.segment_bytes).max(needed);
                self.file.allocate_zeros(target)?;
                self.allocated = target;
            }
            self.file.write_at(frame, self.end_at)?;
            self.file.sync_data()
        };
        match write() {
            Ok(()) => Ok(()),
            Err(error) => Err(self.put_back(error)),
        }
    }

    /// Takes a failed write back: a new descriptor (the old one may report success for what was lost), the file
    /// cut to the last durable frame, synced. If that fails too, nobody can say what is on the disk.
    fn put_back(&mut self, write: io::Error) -> JournalError {
        let segment = self.segments.last().map_or(0, |segment| segment.number);
        let path = self.current.segment_path(segment);
        let back = self.disk.open(&path, Mode::Write).and_then(|file| {
            file.set_len(self.end_at)?;
            file.sync_data()?;
            Ok(file)
        });
        match back {
            Ok(file) => {
                self.file = file;
                self.allocated = self.end_at;
                JournalError::NotWritten { segment, source: write }
            }
            Err(back) => {
                self.stopped = true;
                JournalError::OutcomeUnknown { segment, write, back }
            }
        }
    }

    /// Seals the last segment and begins the next one.
    fn roll(&mut self) -> Result<(), JournalError> {
        let sealed = self.file.set_len(self.end_at).and_then(|()| self.file.sync_data());
        if let Err(error) = sealed {
            return Err(self.put_back(error));
        }
        self.allocated = self.end_at;
        self.sealed = true;
        let number = self.segments.last().map_or(0, |segment| segment.number) + 1;
        let path = self.current.segment_path(number);
        let header = SegmentHeader {
            store: self.current.store,
            number,
            previous_crc: self.next.previous_crc,
            first_seq: self.next.seq,
            previous_bytes: self.end_at,
        };
        let (file, allocated) = new_segment(&self.disk, &path, &header, self.options).map_err(|source| {
            // The next try would replace it; the room is better free meanwhile.
            let _ = self.disk.remove(&path);
            JournalError::NotWritten { segment: number, source }
        })?;
        self.file = file;
        self.sealed = false;
        self.end_at = SEGMENT_HEADER_BYTES as u64;
        self.allocated = allocated;
        self.waypoints = Waypoints::default();
        let (first_seq, previous_crc) = (header.first_seq, header.previous_crc);
        self.segments.push(Segment { number, path, first_seq, previous_crc, bytes: self.end_at });
        Ok(())
    }
}

/// Creates a segment's file with its header and the first zeros, durably. One that an interrupted creation left
/// is replaced.
fn new_segment(
    disk: &SharedDisk,
    path: &str,
    header: &SegmentHeader,
    options: Options,
) -> io::Result<(Box<dyn DiskFile>, u64)> {
    let disk = Arc::clone(disk);
    if disk.exists(path)? {
        disk.remove(path)?;
    }
    let file = disk.open(path, Mode::CreateNew)?;
    let bytes = header.encode();
    file.write_at(&bytes, 0)?;
    let allocated = options.step_bytes.min(options.segment_bytes).max(bytes.len() as u64);
    file.allocate_zeros(allocated)?;
    file.sync_data()?;
    disk.sync_dir(JOURNAL_DIR)?;
    Ok((file, allocated))
}

#[cfg(test)]
mod tests;
