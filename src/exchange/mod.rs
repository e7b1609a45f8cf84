//! The `exchange` room; see the map in the crate docs.
