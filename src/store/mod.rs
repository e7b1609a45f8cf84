//! The `store` room; see the map in the crate docs.

pub mod columns;
pub mod keys;
pub mod record;
