//! Entrance tests: one binary, a module per entrance.
