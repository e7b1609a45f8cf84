//! The `tui` room; see the map in the crate docs.
