//! The `door` room; see the map in the crate docs.
