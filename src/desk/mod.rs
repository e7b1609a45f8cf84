//! The desk: the single writer of the book.
//!
//! [`Desk::turn`] takes what came in and what time it is, and gives back what goes out. It is pure but for the
//! store behind it: no socket, no thread, no clock, so a seeded simulation can run it through years and crash it
//! anywhere.
//!
//! A turn decides commands on the book as it is, stages their records, commits them with one sync, and only then
//! answers. Consequences of a record ([`follow`]) are staged in the same commit. What could not be made durable
//! is taken back whole and refused. Bulk work (ticks, imports, scans, what an act means for thousands) runs in slices
//! between human acts.
//!
//! - [`act`]: who does what, and how a record is staged;
//! - [`command`]: a file per verb family;
//! - [`enrolling`]: how targets get into playbooks and out of them;
//! - `anchors`: what begins a playbook; [`follow`]: stop rules and all else that follows from what happened;
//! - `standing`: playbooks that take whoever is there;
//! - `asked_of`: what a step asks of its target before it is said;
//! - `copied`: what was copied stands, whatever becomes of the text;
//! - `gathered`: tasks for several members, which follow the book until they are sent;
//! - [`tick`]: what comes due;
//! - [`told`]: what keeps the desk from its work, said in the language of each screen;
//! - [`view`]: lists, windows, details, texts;
//! - `resting`: who is left in peace, and until when;
//! - `resolve`: names as people type them, to objects;
//! - [`playbooks`]: applied playbooks, parsed once.

pub mod act;
mod anchors;
mod asked_of;
pub mod command;
mod copied;
pub mod enrolling;
pub mod follow;
mod gathered;
pub mod playbooks;
mod products;
pub(crate) mod recovering;
mod resolve;
mod resting;
mod session;
#[cfg(test)]
mod simulation;
mod standing;
#[cfg(test)]
pub(crate) mod testing;
pub mod tick;
pub mod told;
mod turn;
mod unsent;
mod upkeep;
pub mod view;
pub mod words;

use std::collections::BTreeMap;

use crate::book::{GroupId, IdGenerator, ObjectId, PlaybookId};
use crate::store::{OpenNote, Store, acts};

use crate::door::Reply;
pub use crate::door::turn::{ClientId, Input, Now, Output, Turn};
pub use act::{Act, DeskError};
pub use session::Session;

/// The single writer.
pub struct Desk {
    pub(crate) store: Store,
    pub(crate) ids: IdGenerator,
    pub(crate) sessions: BTreeMap<ClientId, Session>,
    pub(crate) playbooks: playbooks::Playbooks,
    pub(crate) tick: tick::TickState,
    pub(crate) views: view::Views,
    /// First outcomes of recent commands, so that a retry after a lost reply doubles nothing.
    pub(crate) outcomes: command::Outcomes,
    /// Imports whose rows arrive, and the one that is being applied.
    pub(crate) imports: command::Imports,
    /// The undo in slices that goes on.
    pub(crate) reversing: Option<command::Reversing>,
    /// Dry runs over many, in slices.
    pub(crate) rehearsals: command::Rehearsals,
    /// What acts have left to be done, in slices.
    pub(crate) works: command::Works,
    /// How many rules have led to what is being done: 0 for what a human does.
    pub(crate) rules_deep: u32,
    /// When what they follow from was over, where that is found later only.
    brought_at: Option<crate::book::Timestamp>,
    /// Enrolments that may be over with what is being done.
    pub(crate) may_be_over: Vec<crate::book::EnrolmentId>,
    /// Answers of commands that went on in slices and are done with this turn.
    pub(crate) answers: Vec<(ClientId, u64, Reply)>,
    /// What this turn changed: views are brought up to date from it.
    pub(crate) changed: Changed,
    /// Set while nothing can be written.
    pub(crate) unwritable: Option<told::Unwritable>,
    /// Whether screens were told last that writing works.
    was_writable: bool,
    /// What opening found, until a screen has been told.
    opening: Vec<OpenNote>,
    /// Sentences for the first screen.
    sayings: Vec<String>,
    /// What was sent by somebody while another had just copied it: told to that one once it is durable.
    overtaken: Vec<told::Overtaken>,
    /// Why the file of rules beside the journal is not applied, with its place; none while it is.
    pub(crate) rules_fault: Option<crate::queue::rules::Problem>,
    /// Whether ticks run here; a one-shot command has none.
    pub(crate) options: DeskOptions,
}

/// What kind of desk this is.
#[derive(Clone, Debug, Default)]
pub struct DeskOptions {
    /// Ends with its last screen.
    pub attached: bool,
    /// The store's name as people know it.
    pub name: String,
    /// Process id, for `status`.
    pub pid: u32,
    /// The host's zone, for stores that are made here.
    pub zone: String,
    /// When its process began.
    pub since: crate::book::Timestamp,
    /// Who owns the store: whose edits of its files are.
    pub owner: String,
    /// The language of whoever started it, for what is told where nobody has asked.
    pub lang: crate::text::lang::Lang,
}

/// Objects whose rows changed.
#[derive(Debug, Default)]
pub(crate) struct Changed {
    pub objects: Vec<ObjectId>,
    pub playbooks: Vec<PlaybookId>,
    /// Rules, answers or a pause: everything shown may differ.
    pub all: bool,
    /// A saved view: screens are told all of them.
    pub saved_views: bool,
    /// Groups that nobody can speak in any more, and how many enrolments ended with them.
    pub closed: Vec<(GroupId, usize)>,
    /// Groups that nobody fits into any more: how many tasks are to be said in each, how many enrolments run.
    pub filled: Vec<(GroupId, usize, usize)>,
}

impl Desk {
    /// A desk over an open store. A new store gets its first record.
    ///
    /// # Errors
    /// [`DeskError::Store`] when that record cannot be written, or an applied playbook cannot be read.
    pub fn new(store: Store, options: DeskOptions, seed: u64, now: Now) -> Result<Self, DeskError> {
        let mut desk = Self {
            store,
            ids: IdGenerator::new(seed),
            sessions: BTreeMap::new(),
            playbooks: playbooks::Playbooks::default(),
            tick: tick::TickState::default(),
            views: view::Views::default(),
            outcomes: command::Outcomes::default(),
            imports: command::Imports::default(),
            reversing: None,
            rehearsals: command::Rehearsals::default(),
            works: command::Works::default(),
            rules_deep: 0,
            brought_at: None,
            may_be_over: Vec::new(),
            answers: Vec::new(),
            changed: Changed::default(),
            unwritable: None,
            was_writable: true,
            opening: Vec::new(),
            sayings: Vec::new(),
            overtaken: Vec::new(),
            rules_fault: None,
            options,
        };
        // acts are told apart and undone in the order of their ids, also where the clock was put back meanwhile
        if let Some((newest, _)) = acts::newest(None, 1, &desk.store.bodies)?.first() {
            desk.ids.rise_above(*newest);
            if desk.ids.is_ahead_of(now.wall) {
                // the clock was put back: ticks made more above it, which are no acts
                let columns = &desk.store.columns;
                let tasks = (0..columns.tasks.len() as u32).filter_map(|row| columns.tasks.id(row));
                let enrolments =
                    (0..columns.enrolments.len() as u32).filter_map(|row| columns.enrolments.id(row));
                tasks.max().into_iter().for_each(|id| desk.ids.rise_above(id));
                enrolments.max().into_iter().for_each(|id| desk.ids.rise_above(id));
            }
        }
        desk.make_store(now.wall)?;
        desk.playbooks.load(&desk.store.columns);
        let facts = &desk.store.columns.store;
        desk.tick.freed = tick::room::Freed::everybody();
        // what is told without a tick, by a command on a day of an absence, ends no absence
        desk.tick.looked_to = facts.taken_to.or(Some(facts.last_at.day(facts.zone)));
        desk.note_snoozed();
        Ok(desk)
    }

    /// The store, for reading.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Whether the file of rules is wrong and not applied.
    pub fn has_wrong_rules(&self) -> bool {
        self.rules_fault.is_some()
    }

    /// Makes the index as durable as it can be before the process ends; the journal already is.
    ///
    /// # Errors
    /// [`DeskError::Store`] when the disk refuses.
    pub fn flush(&mut self) -> Result<(), DeskError> {
        self.store.leave_index()?;
        // the columns can be replayed: without them only the next start is slower
        self.store.keep_columns_at_end();
        Ok(())
    }
}
