//! The queue's rules: what may happen to a task, in which order tasks stand, and when none is offered.
//!
//! ```text
//! wall     a wall time in a zone as an instant
//! state    which state may follow which
//! order    what stands before what
//! quiet    hours in which nothing is offered
//! rules    the store's rules as people write them
//! caps     how many touches are offered per span
//! rivals   who goes first where a cap has no room for all
//! check    what a text should be looked at for
//! chunk    equal texts, copied once and forwarded together
//! facts    how late, how long since the last touch
//! ```
//!
//! Everything takes data and the time and gives data back; the desk decides what to do with it.

pub mod caps;
pub mod check;
pub mod chunk;
pub mod facts;
pub mod order;
pub mod quiet;
pub mod rivals;
pub mod rules;
pub mod state;
pub mod wall;
