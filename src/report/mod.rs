//! Counts and figures: pure functions of what the book holds.

pub mod arrivals;
pub mod forecast;
pub mod funnel;
pub mod pace;
