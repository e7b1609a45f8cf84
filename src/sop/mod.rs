//! Playbooks (SOPs): what is written down as owed to whom and when, made into dates and texts.
//!
//! ```text
//! grammar    `D0 +5m`, `D3 12:00`, `D1..D21 07:00`, `+2h`, `30d`
//! format     a TOML file -> a typed playbook, or every mistake with its place
//! filters    filters inside playbooks, judged by the filter language
//! calendar   local days and wall times; recurrences
//! runout     when what somebody bought is used up
//! schedule   what is owed when, one occurrence after the other
//! judge      what becomes of it at its moment
//! diff       what another text of a playbook says differently
//! plan       all dates of a playbook before anyone is enrolled
//! template   what texts may do, checked       include   snippets within texts
//! builtin    playbooks that come with the program
//! render     texts with their variables filled in, or what blocks them
//! spoken     what a text that was said had been filled with
//! ```
//!
//! Everything here is a pure function of a playbook, an enrolment and the time given.

pub mod builtin;
pub mod calendar;
pub mod diff;
pub mod filters;
pub mod format;
pub mod grammar;
pub mod include;
pub mod judge;
pub mod plan;
pub mod render;
pub mod runout;
pub mod schedule;
pub mod spoken;
pub mod template;

pub use format::{Checked, FilterMistake, Playbook, Problem, Step, parse};
pub use judge::{Context, Verdict, judge};
pub use plan::{Limits, Moved, PlanRow, PlanRules, plan};
pub use render::{RenderBlock, Renderer, Variables, pick_variant, render};
pub use schedule::{Course, Planned};
