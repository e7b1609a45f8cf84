//! The `sop` room; see the map in the crate docs.
