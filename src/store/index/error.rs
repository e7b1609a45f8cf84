//! What can go wrong with an index, and why one is rebuilt.

use std::io;

/// Why an index did not do what was asked. Nothing is ever lost by it: the journal has everything.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// Another process, or another part of this one, has it open.
    #[error("the index is open in another process; wait for it, or end it")]
    Locked,
    /// No room; reading goes on.
    #[error("the disk is full: the index takes nothing more; make room")]
    DiskFull,
    /// Something in it is damaged.
    #[error("the index is damaged ({what}); it will be rebuilt from the journal at the next start")]
    Damaged {
        /// What sled said.
        what: String,
    },
    /// An earlier batch failed: a later one would leave a hole. [`super::Index::recover`] says from where to go on.
    #[error("the index failed earlier and has to be brought up to the journal first")]
    NeedsRecovery,
    /// After a failed write sled may wait for itself for ever when it is closed. A new process opens it anew.
    #[error("the index does not close after a failed write; the desk starts again")]
    Stuck,
    /// A key that belongs to the index itself.
    #[error("the key {key:?} is reserved for the index")]
    ReservedKey {
        /// The key.
        key: Vec<u8>,
    },
    /// The operating system refused.
    #[error("{doing}: {source}")]
    Io {
        /// What was being done.
        doing: String,
        /// Why it failed.
        source: io::Error,
    },
}

impl IndexError {
    pub(super) fn io(doing: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let doing = doing.into();
        move |source| match source.kind() {
            io::ErrorKind::StorageFull => Self::DiskFull,
            _ => Self::Io { doing, source },
        }
    }

    /// Sorts one of sled's errors.
    pub(super) fn from_sled(error: &sled::Error) -> Self {
        match error {
            sled::Error::Io(error) if error.kind() == io::ErrorKind::StorageFull => Self::DiskFull,
            // sled builds its own error around the failed lock and keeps only the text.
            sled::Error::Io(error) if error.to_string().contains("could not acquire lock") => Self::Locked,
            sled::Error::Io(error) => {
                let source = io::Error::new(error.kind(), error.to_string());
                Self::Io { doing: "reading or writing the index".to_owned(), source }
            }
            other => Self::Damaged { what: other.to_string() },
        }
    }
}

/// Why an index is rebuilt from the journal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RebuildReason {
    /// There is none, or it never got its first batch.
    #[error("there was no index")]
    Missing,
    /// It was made from another course of history: a backup was restored, or somebody was forgotten.
    #[error("the index belongs to another history of this store")]
    OtherLineage,
    /// It knows records that the journal does not have: the journal lost something, or is an older copy.
    #[error("the index knows {index} records and the journal has {journal}: the journal may have lost some")]
    Ahead {
        /// The last record the index has applied.
        index: u64,
        /// The last record of the journal.
        journal: u64,
    },
    /// The frame it stopped at is not the journal's.
    #[error("the index was made from another record {seq} than the journal has")]
    CrcMismatch {
        /// The record.
        seq: u64,
    },
    /// It was made by a program with other keys.
    #[error("the index has format {found}, this program uses {wanted}")]
    OtherVersion {
        /// What it has.
        found: u32,
        /// What is needed.
        wanted: u32,
    },
    /// It cannot be opened or read.
    #[error("the index could not be opened: {0}")]
    Unopenable(String),
    /// The machine stopped in the middle of bulk work.
    #[error("the machine stopped during bulk work on the index")]
    Dirty,
}
