//! The store: the journal is the truth, the index can be rebuilt from it at any time.
//!
//! Bytes:
//! - [`disk`]: files, real and simulated;
//! - [`journal`]: frames of records, one sync each; what is acknowledged is durable.
//!
//! Meaning:
//! - [`record`]: what the journal keeps;
//! - [`keys`]: how the index is keyed;
//! - [`columns`]: what filters, order and the schedule look at, in memory.

pub mod columns;
pub mod disk;
pub mod journal;
pub mod keys;
pub mod record;
