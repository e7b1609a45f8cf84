//! The playbook format: a TOML file in, a typed playbook or every mistake at once out.
//!
//! ```text
//! model     what a playbook is
//! problem   what can be wrong with one, in three languages
//! source    TOML with the place of every key and value
//! check     the file's top level      start   what triggers it
//! step      steps and their parts     effect  stop rules, answers, ends
//! script    several accounts that speak in one group
//! texts     filters and templates inside values
//! braces    variables that nothing would fill
//! syntax    what is no TOML, in the reader's words
//! meant     words of the format by what they mean
//! endless   steps that caps count and that nothing ends
//! outside   names and dates that the store and the day judge
//! rings     playbooks that begin each other
//! slips     words of the store's lists, with their places
//! ```
//!
//! The format is kept for ever: a key is only ever added. Words that are part of the format but not of this
//! version are told apart from words that do not exist.

mod braces;
mod check;
mod effect;
mod endless;
mod meant;
mod model;
mod outside;
mod problem;
mod rings;
mod script;
mod slips;
mod source;
mod start;
mod step;
mod syntax;
mod texts;

#[cfg(test)]
mod tests;

pub use check::{BYTES_MAX, CheckFilter, Checked, FilterMistake, parse, parse_applied, parse_with};
pub use endless::endless_in;
pub use model::{
    Answer, Ask, AskPer, AskType, Check, Condition, Effect, End, Every, Intake, Late, MonthDay, Part, Pick,
    Playbook, Recurrence, Since, Sort, SortKey, Start, StartWord, Step, StepPer, StopRule, TargetKind, When,
};
pub use outside::{Known, outside_in, platforms_named, refers};
pub use problem::{Expected, Problem, Said, Sentence, Severity};
pub use rings::{Leads, ROUNDS_A_DAY, rings_in};
pub use script::APART;
pub use slips::slips_in;
pub use texts::{VARIABLES, is_variable};
