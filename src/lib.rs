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
//! async, no terminal; `now` is a parameter. Only `store` names sled, only `tui` names ratatui and crossterm.
//!
//! What happens when a key is pressed: `tui` turns it into a command of the `door`, `socket` carries it to the desk's own
//! process, `desk` decides on the columns of `store` and stages records, `store` syncs them as one frame of the
//! journal and applies them to columns and index, and only then the reply is sent; other screens get patches.
//!
//! # The promises
//!
//! Each with tests that would fail if it were broken; `tests/tidy` checks that they exist.
//!
//! 1. **Nothing is sent by the program.** It has no code that could.
//!    `outward::no_code_opens_a_door_to_the_internet`, `outward::no_crate_speaks_to_the_internet_or_presses_keys`.
//! 2. **Nothing owed is lost.** A task stays until a human or a written rule ends it, with a reason.
//!    `simulation::histories_keep_every_promise`, `due::an_absence_expires_what_is_too_late_and_says_so`,
//!    `due::a_jumping_clock_holds_the_tick_until_confirmed`.
//! 3. **Nothing fires twice**, across restarts, clock jumps, re-imports, undo and playbook edits.
//!    `simulation::a_double_firing_is_found`, `courses::a_playbook_applied_again_fires_nothing_twice`,
//!    `schedule::tests::tick_by_tick_equals_in_one_go`, `tests::the_same_file_twice_changes_nothing`.
//! 4. **Nobody gets the same thing twice.** Of two operators the second is told who was first; look-alikes are held.
//!    `due::the_second_to_mark_is_told_who_was_first`, `courses::two_of_one_name_on_one_account_do_not_both_get_it`,
//!    `due::newcomers_of_a_group_share_one_welcome`, `transcripts::another_was_faster`.
//! 5. **Acknowledged means durable**, kill -9 and power cuts included.
//!    `acknowledged::what_was_acknowledged_survives_kill_nine`, `simulation::acknowledged_records_survive_everything`,
//!    `simulation::a_skipped_sync_is_found`, `full::a_full_disk_acknowledges_nothing_and_loses_nothing`.
//! 6. **Every human act on the book can be undone by name.**
//!    `undo::tests::undoing_everything_gives_the_book_back`, `undo::tests::an_act_is_undone_once_and_by_name_by_anybody`,
//!    `simulation::a_lost_undo_is_found`.
//! 7. **No text from outside is trusted**: it cannot move a cursor, set a title, write a clipboard or inject a formula.
//!    `clean::tests::nothing_forbidden_comes_through`, `clean::tests::spreadsheets_see_no_formula`,
//!    `view::tests::nothing_hostile_leaves`, `pictures::hostile_names_are_harmless`.
//! 8. **Wrong input gets an error that names file, line, field and fix, and changes nothing.**
//!    `tests::mistakes_in_steps_point_to_their_place`, `exchange::spoiled_cells_are_named_by_row_column_and_header`,
//!    `book::tests::what_cannot_be_read_names_field_value_and_way_out`, `usage::a_playbook_is_checked_without_a_desk`.
//! 9. **The terminal is always given back.**
//!    `terminal::after_quitting`, `terminal::after_signals`, `terminal::after_signals_though_nobody_reads_it`,
//!    `terminal::after_a_panic`, `terminal::a_lost_terminal_ends_the_screen_and_then_its_desk`.
//! 10. **The queue is the truth, a notification is a hint**; caps limit what is offered, and what a human says they sent
//!     is always recorded. `due::a_cap_holds_the_second_message_of_the_day`, `hooks::a_failing_program_is_logged`,
//!     `view::tests::what_becomes_due_is_told_once`.

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
