//! Playbooks (SOPs): what is written down as owed to whom and when, made into dates and texts.
//!
//! ```text
//! grammar    `D0 +5m`, `D3 12:00`, `D1..D21 07:00`, `+2h`, `30d`
//! format     a TOML file -> a typed playbook, or every mistake with its place
//! template   what texts may do, checked
//! ```
//!
//! Everything here is a pure function of a playbook, an enrolment and the time given.

pub mod format;
pub mod grammar;
pub mod template;

pub use format::{Checked, FilterMistake, Playbook, Problem, Step, parse};
