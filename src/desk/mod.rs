//! The `desk` room; see the map in the crate docs.
