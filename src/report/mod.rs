//! The `report` room; see the map in the crate docs.
