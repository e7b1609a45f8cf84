//! The `book` room; see the map in the crate docs.
