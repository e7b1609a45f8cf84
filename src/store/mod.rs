//! The store: the journal is the truth, the index can be rebuilt from it at any time.
//!
//! - [`disk`]: files, real and simulated;
//! - [`journal`]: frames of records, one sync each; what is acknowledged is durable;
//! - [`index`]: sorted keys in sled, behind the journal or equal to it, never ahead;
//! - [`layout`]: the names in a store's directory; [`network`]: where no store is kept; [`lock`]: who owns one;
//! - [`backup`]: sealed segments shared between generations;
//! - [`record`]: what a record says, a format for ever;
//! - [`mod@apply`]: the one way in which records change columns and bodies;
//! - [`columns`]: the book in memory; [`bodies`]: typed rows of the index; [`keys`]: where they stand;
//! - [`acts`]: what one undo reverses; [`imported`]: what imports set;
//! - `said`: what is wrong, in the language of whoever asks;
//! - [`doctor`]: what is wrong, found without changing anything.
//!
//! [`Store`] holds them together: stage records, commit them with one sync, or take them all back.

pub mod acts;
pub mod ahead;
pub mod apply;
pub mod arrived;
pub mod backup;
pub mod bodies;
pub mod columns;
pub mod disk;
pub mod doctor;
pub mod imported;
pub mod index;
pub mod journal;
pub mod keys;
pub mod layout;
mod ledger;
pub mod lock;
pub mod network;
mod opening;
mod reads;
pub mod record;
mod replay;
mod said;
#[cfg(test)]
mod shape;

pub use bodies::Bodies;
pub use columns::Columns;
pub use ledger::{INDEX_VERSION, ROOM_MIN, Store};
pub use opening::{OpenNote, open};
pub use record::{Body, By, Record};

/// Why the store could not do something.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The journal refused; nothing of this turn is durable unless it says that the outcome is unknown.
    #[error(transparent)]
    Journal(#[from] journal::JournalError),
    /// The index failed; the journal still holds everything.
    #[error("the index cannot be used: {0}; it can be rebuilt from the journal")]
    Index(#[from] index::IndexError),
    /// A row of the index cannot be read.
    #[error("a row of the index cannot be read: {0}; run `qun doctor`")]
    Row(String),
    /// A record of the journal cannot be read.
    #[error(transparent)]
    Record(#[from] record::RecordError),
}
