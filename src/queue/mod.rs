//! The `queue` room; see the map in the crate docs.
