//! The `socket` room; see the map in the crate docs.
