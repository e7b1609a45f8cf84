//! The `query` room; see the map in the crate docs.
