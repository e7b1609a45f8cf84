//! The `text` room; see the map in the crate docs.

pub mod lang;
