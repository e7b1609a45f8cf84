//! Counts and figures: pure functions of what the book holds.

pub mod funnel;
