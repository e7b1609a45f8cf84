//! qun (群): the terminal inbox for people who run chat groups.
//!
//! It holds the book of groups and members, runs playbooks (SOPs), and a tick loop brings what is due into
//! one queue that a person works off by hand. Nothing is sent by the program: it has no code that could.
//!
//! # The map
//!
//! ```text
//! clock      the only place that asks what time it is
//! text       display width, truncation, sanitising, pinyin, script folding, languages of the UI
//! book       the plain types: group, member, contact, account, task, enrolment, touch, with typed ids
//! query      the filter language: parse, explain, match
//! queue      task states, order, caps, quiet hours, reasons
//! sop        playbooks: format, triggers, calendar, schedule, rendering
//! report     counts: pure functions of the book
//! door       request, reply, patch: what screens and commands may know of a desk
//! store      journal (the truth), index (sled), backup, behind one door
//! desk       the single writer: turn(input, now) -> outputs
//! socket     wire format, server, client
//! exchange   csv and other files: bytes <-> rows
//! tui        the screen; the only room that names ratatui
//! cli        a file per subcommand; the only place where everything meets
//! demo       the generator of believable data
//! ```
//!
//! Imports run one way: `text, book < query < queue < sop, report < door < store < desk < cli`; `socket`, `tui`
//! and `exchange` know `door`, `query`, `book` and `text` only. `text` to `report` are pure: no I/O, no clock, no
//! async, no terminal.

#[macro_use]
pub mod book;
pub mod cli;
pub mod clock;
pub mod demo;
pub mod desk;
pub mod door;
pub mod exchange;
pub mod query;
pub mod queue;
pub mod report;
pub mod socket;
pub mod sop;
pub mod store;
pub mod text;
pub mod tui;
