//! What can go wrong with a journal, and what to do about it.

use std::io;

/// Why a journal cannot be opened, read or written. Segments are named by number, offsets are bytes from the
/// segment's start.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// There is no journal: the store is new, or the directory is the wrong one.
    #[error(
        "no journal here (journal/CURRENT is missing); nothing was changed, put journal/ back from a copy"
    )]
    Missing,
    /// [`super::Journal::create`] found one.
    #[error("there is a journal here already; nothing was changed")]
    Exists,
    /// Segments without a `CURRENT` that names them; creating a journal would write over them.
    #[error("journal/ holds {segments} segments and no CURRENT; nothing was changed, look with `qun doctor`")]
    Orphans {
        /// How many.
        segments: usize,
    },
    /// `CURRENT` cannot be understood.
    #[error("journal/CURRENT, line {line}: {what}; nothing was changed, look with `qun doctor`")]
    BadCurrent {
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        what: String,
    },
    /// A newer program wrote this.
    #[error(
        "journal segment {segment}, offset {offset}: format {found}, this program knows up to {known}; update qun"
    )]
    NewerFormat {
        /// The segment.
        segment: u32,
        /// Where the version stands.
        offset: u64,
        /// The version found.
        found: u16,
        /// The newest version that this program reads.
        known: u16,
    },
    /// Bytes that were acknowledged are damaged. Nothing has been changed.
    #[error(
        "journal segment {segment} is damaged at offset {offset}: {what}; nothing was changed. \
         `qun doctor` says more; put journal/ back from a copy"
    )]
    Damaged {
        /// The segment.
        segment: u32,
        /// Where the first unreadable frame begins.
        offset: u64,
        /// What is wrong there.
        what: Damage,
    },
    /// The append is not in the journal: nothing of it will be seen again. It may be tried again.
    #[error("not written to journal segment {segment}: {source}")]
    NotWritten {
        /// The segment.
        segment: u32,
        /// Why.
        source: io::Error,
    },
    /// A write failed and could not be taken back: the records may or may not be there after the next opening.
    /// The journal takes no more until it is opened again.
    #[error(
        "outcome unknown: journal segment {segment} could be neither written ({write}) nor put back ({back})"
    )]
    OutcomeUnknown {
        /// The segment.
        segment: u32,
        /// The error of the write.
        write: io::Error,
        /// The error of taking it back.
        back: io::Error,
    },
    /// An earlier outcome is unknown.
    #[error("the journal stopped after a write whose outcome is unknown; start again to see what is there")]
    Stopped,
    /// More than one frame can hold, or nothing at all.
    #[error("a frame of {bytes} bytes in {records} records: at least one record and at most {max} bytes fit")]
    FrameSize {
        /// The bytes asked for.
        bytes: usize,
        /// The records asked for.
        records: usize,
        /// The most bytes that fit.
        max: usize,
    },
    /// Reading from a record that is not there.
    #[error("the journal ends with record {last}; there is nothing from {from} on")]
    BeyondEnd {
        /// The first record asked for.
        from: u64,
        /// The last one that is there.
        last: u64,
    },
    /// The operating system refused.
    #[error("{doing}: {source}")]
    Io {
        /// What was being done, with the file.
        doing: String,
        /// Why it failed.
        source: io::Error,
    },
}

/// What is wrong with bytes that should hold a frame or a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    /// A segment that must be there is missing or empty.
    #[error("the segment is missing")]
    SegmentMissing,
    /// A sealed segment does not have the length it was sealed with.
    #[error("it has {found} bytes and was sealed with {sealed}")]
    SealedLength {
        /// Bytes when sealed.
        sealed: u64,
        /// Bytes now.
        found: u64,
    },
    /// The segment's own header is not valid.
    #[error("the segment's header does not match its checksum")]
    SegmentHeader,
    /// The segment belongs to another store, or to another place in this one.
    #[error("the segment belongs to another store or another place in this one")]
    OtherStore,
    /// A frame's header is not valid, but a later frame is.
    #[error("a frame's header does not match its checksum")]
    FrameHeader,
    /// A frame's payload is not valid, but a later frame is.
    #[error("a frame's records do not match their checksum")]
    FramePayload,
    /// The frame is whole and does not follow the one before it.
    #[error("a frame does not follow the one before it")]
    Chain,
    /// Zeros or nothing where a frame should be, and a valid frame behind.
    #[error("frames are missing")]
    Gap,
}

impl JournalError {
    /// Wraps an I/O error with what was being done.
    pub(super) fn io(doing: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let doing = doing.into();
        move |source| Self::Io { doing, source }
    }

    /// Whether the disk was full: nothing was written, and a retry after making room may work.
    pub fn is_disk_full(&self) -> bool {
        match self {
            Self::NotWritten { source, .. } | Self::Io { source, .. } => {
                source.kind() == io::ErrorKind::StorageFull
            }
            _ => false,
        }
    }
}
