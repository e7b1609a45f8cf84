//! The `cli` room; see the map in the crate docs.
