//! The `store` room; see the map in the crate docs.
