//! Work that an act leaves: what is too much for one turn is promised by the act and done in slices between human acts.
//!
//! Whoever removes a playbook of ten thousand, calls a day off, limits an account or takes an edit back says one thing,
//! and what it means for everybody is found by looking: a few thousand rows a turn, and a few dozen changes. What the
//! act's own turn has no room for is left, in a record; the record that nothing is left ends it. Between the two the
//! work goes on whatever happens, also after a crash, for it names what is to become so and passes by what is so
//! already ([`Work`]). All changes are of the act, so one undo takes them back; an undo in the middle ends the work, and
//! its redo takes it up again. The command is answered when nothing is left, with what it came to.
//!
//! - `playbook`: who goes through playbooks, and what these owe;
//! - `account`: what waits for an account;
//! - `wording`: what says something wrong, and what is to be said in groups.
//!
//! Limits: the counts of an answer are those of this process; after a crash nobody waits for them.

mod account;
mod playbook;
mod wording;

use std::collections::BTreeMap;

use super::super::act::{Act, DeskError};
use super::super::words::book::BookWords;
use super::super::{ClientId, Desk, Now};
use crate::book::{ActId, CommandId, ObjectId};
use crate::door::reply::Outcome;
use crate::door::{Refusal, Reply};
use crate::store::Body;
use crate::store::columns::enrolment::EnrolmentColumn;
use crate::store::columns::task::TaskColumn;
use crate::store::columns::{Columns, LeftWork};
use crate::store::record::Work;
use crate::text::lang::Lang;

pub(super) use wording::wrong_of;

/// Changes that one turn makes.
const CHANGES: usize = 40;
/// Bodies that one turn reads for them.
const READS: usize = 160;
/// Rows of columns that one turn looks at.
const ROWS: usize = 20_000;

/// What a turn may still do of works.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    rows: usize,
    reads: usize,
    changes: usize,
}

impl Room {
    const fn new(share: usize) -> Self {
        Self { rows: ROWS / share, reads: READS / share, changes: CHANGES / share }
    }

    const fn is_spent(&self) -> bool {
        self.rows == 0 || self.reads == 0 || self.changes == 0
    }

    /// Takes what is to be looked at of a body; what comes of it is a change.
    fn read(&mut self) {
        self.reads = self.reads.saturating_sub(1);
    }

    fn change(&mut self) {
        self.changes = self.changes.saturating_sub(1);
    }
}

/// What a work has done, as far as this process has seen.
#[derive(Clone, Debug, Default)]
pub(super) struct Counts {
    /// Enrolments that ended.
    pub ended: usize,
    /// Tasks that became what the work makes of them.
    pub done: usize,
    /// Tasks that their account holds.
    pub held: usize,
    /// Tasks that their account lets go, and those that it lets go on another day.
    pub let_go: usize,
    pub later: usize,
    pub made: Vec<ObjectId>,
}

impl Counts {
    fn add(&mut self, other: Self) {
        self.ended += other.ended;
        self.done += other.done;
        self.held += other.held;
        self.let_go += other.let_go;
        self.later += other.later;
        self.made.extend(other.made);
    }
}

/// How far a work has come; it can begin again anywhere.
#[derive(Default)]
pub(super) struct Walk {
    stage: u8,
    /// The next row of this stage, or the next of those that were found for it.
    next: u32,
    /// What this stage found.
    found: Option<Found>,
}

impl Walk {
    /// Goes on to the next stage.
    fn turn_over(&mut self) {
        *self = Self { stage: self.stage + 1, ..Self::default() };
    }
}

enum Found {
    Rows(Vec<u32>),
    Account(account::Looked),
    Groups(playbook::Groups),
    Told(wording::Told),
}

/// What is next to be looked at.
enum Next {
    Row(u32),
    End,
    /// The turn has done enough.
    Later,
}

/// Says what an act came to.
type Say = Box<dyn FnOnce(&Counts) -> String + Send>;

/// A command that is answered when its work is done.
struct Waiting {
    act: ActId,
    command_id: Option<CommandId>,
    outcome: Outcome,
    lang: Lang,
    clients: Vec<(ClientId, u64)>,
}

/// Works that acts have left: what this process knows of them besides what stands in the book.
pub(crate) struct Works {
    walks: BTreeMap<ActId, (Work, Walk)>,
    counts: BTreeMap<ActId, Counts>,
    says: BTreeMap<ActId, Say>,
    waiting: Vec<Waiting>,
    room: Room,
    /// By how much a turn does less.
    share: usize,
}

impl Default for Works {
    fn default() -> Self {
        Self {
            walks: BTreeMap::new(),
            counts: BTreeMap::new(),
            says: BTreeMap::new(),
            waiting: Vec::new(),
            room: Room::new(1),
            share: 1,
        }
    }
}

impl Works {
    /// A turn begins: there is room again.
    pub(in crate::desk) fn begin_turn(&mut self) {
        self.room = Room::new(self.share);
    }

    /// Lets a turn do only one part of so many of what it could: little books have slices too.
    #[cfg(test)]
    pub(in crate::desk) fn set_share(&mut self, share: usize) {
        self.share = share;
    }

    /// A command whose work goes on: one more waits for its answer.
    pub(in crate::desk) fn join(&mut self, command: CommandId, client: ClientId, tag: u64) -> bool {
        let known = self.waiting.iter_mut().find(|waiting| waiting.command_id == Some(command));
        known.map(|waiting| waiting.clients.push((client, tag))).is_some()
    }

    /// The answer to the command that was begun just now goes there; false where it left no work.
    pub(in crate::desk) fn answer_to(&mut self, client: ClientId, tag: u64) -> bool {
        let begun = self.waiting.last_mut().filter(|waiting| waiting.clients.is_empty());
        begun.map(|waiting| waiting.clients.push((client, tag))).is_some()
    }

    /// What an act came to is said so.
    pub(super) fn say(&mut self, act: &Act, say: impl FnOnce(&Counts) -> String + Send + 'static) {
        self.says.insert(act.id, Box::new(say));
    }
}

impl Desk {
    /// Does a work of an act as far as this turn has room for it; the rest is left. Works of one act are done in order.
    pub(in crate::desk) fn undertake(&mut self, act: &Act, work: Work) -> Result<(), DeskError> {
        let of_act = |left: &LeftWork| left.act == act.id;
        let works = &self.store.columns.works;
        if works.iter().any(|left| of_act(left) && left.work == work) {
            // what it has passed by may have to be looked at once more
            self.works.walks.remove(&act.id);
            return Ok(());
        }
        let is_first = !works.iter().any(of_act);
        if is_first {
            let mut walk = Walk::default();
            if self.advance_work(act, &work, &mut walk)? {
                return Ok(());
            }
            self.works.walks.insert(act.id, (work.clone(), walk));
        }
        let (by, undo_of) = (act.by.clone(), act.undo_of);
        self.stage(act, Body::WorkLeft { act: act.id, by, undo_of, work })
    }

    /// Whether an act has left work.
    pub(in crate::desk) fn leaves_work(&self, act: ActId) -> bool {
        self.store.columns.works.iter().any(|left| left.act == act)
    }

    /// Whether a work of an act is left.
    pub(super) fn is_left(&self, act: ActId, work: &Work) -> bool {
        self.store.columns.works.iter().any(|left| left.act == act && left.work == *work)
    }

    /// A slice of the work that was left first; true when there was one.
    pub(in crate::desk) fn work_slice(&mut self, now: Now) -> Result<bool, DeskError> {
        let Some(left) = self.store.columns.works.first().cloned() else { return Ok(false) };
        let LeftWork { act: id, by, undo_of, work } = left;
        let lang = self.works.waiting.iter().find(|waiting| waiting.act == id).map(|waiting| waiting.lang);
        let lang = lang.unwrap_or_default();
        let act = Act { id, by: by.clone(), command_id: None, undo_of, at: now.wall, lang };
        let known = self.works.walks.remove(&id).filter(|(of, _)| *of == work);
        let mut walk = known.map(|(_, walk)| walk).unwrap_or_default();
        if self.advance_work(&act, &work, &mut walk)? {
            let nobody = self.tick_act(now.wall);
            self.stage(&nobody, Body::WorkDone { act: id, by, undo_of, work })?;
            self.tick.due = true;
        } else {
            self.works.walks.insert(id, (work, walk));
        }
        Ok(true)
    }

    /// Goes on with a work; true when nothing of it is left.
    fn advance_work(&mut self, act: &Act, work: &Work, walk: &mut Walk) -> Result<bool, DeskError> {
        if self.works.room.is_spent() {
            return Ok(false);
        }
        let mut counts = Counts::default();
        let done = match work {
            Work::Leave { playbook } => self.leave(act, playbook, walk, &mut counts),
            Work::Resume { playbook } => self.resume(act, playbook, walk),
            Work::Move { playbook, from, to } => self.move_all(act, playbook, from, *to, walk),
            Work::Unenter { playbook } => self.unenter(act, playbook, walk),
            Work::DayOff { playbook, day, notice } => {
                self.day_is_off(act, playbook, *day, notice, walk, &mut counts)
            }
            Work::CampaignStop { campaign } => self.leave_campaign(act, campaign, walk, &mut counts),
            Work::Account { account } => self.account_holds(act, *account, walk, &mut counts),
            Work::Back { account, until } => self.comes_back(act, *account, *until, walk),
            Work::MoveHeld { account, .. }
            | Work::ShiftHeld { account, .. }
            | Work::CancelHeld { account } => self.held_become(act, *account, work, walk, &mut counts),
            Work::Silence { group, rule } => self.falls_silent(act, *group, rule, walk),
            Work::Tell { groups, words, at } => self.tell_groups(act, groups, words, *at, &mut counts),
            Work::Halt { wrong } => self.halt_all(act, wrong, walk, &mut counts),
            Work::Correct { wrong, text, notice } => {
                self.correct_all(act, wrong, text, notice.as_deref(), walk, &mut counts)
            }
        };
        self.works.counts.entry(act.id).or_default().add(counts);
        done
    }

    /// The next enrolment that may be meant.
    fn next_enrolment(&mut self, walk: &mut Walk, fits: impl Fn(&EnrolmentColumn) -> bool) -> Next {
        let enrolments = &self.store.columns.enrolments;
        next_row(&mut self.works.room, &mut walk.next, enrolments.len(), |row| {
            enrolments.get(row).is_some_and(&fits)
        })
    }

    /// The next open task that may be meant.
    fn next_open_task(&mut self, walk: &mut Walk, fits: impl Fn(&TaskColumn) -> bool) -> Next {
        let tasks = &self.store.columns.tasks;
        next_row(&mut self.works.room, &mut walk.next, tasks.len(), |row| {
            tasks.get(row).is_some_and(|task| task.state.is_open() && fits(task))
        })
    }

    /// The next of the rows that a stage looks at, which are found when it begins: `all` are few enough to be gathered in
    /// one turn.
    fn next_found(&mut self, walk: &mut Walk, all: impl FnOnce(&Columns) -> Vec<u32>) -> Next {
        if walk.found.is_none() {
            walk.found = Some(Found::Rows(all(&self.store.columns)));
        }
        let room = &mut self.works.room;
        if room.is_spent() {
            return Next::Later;
        }
        let Some(Found::Rows(rows)) = &walk.found else { return Next::End };
        let Some(row) = rows.get(walk.next as usize) else { return Next::End };
        room.rows -= 1;
        walk.next += 1;
        Next::Row(*row)
    }

    /// Keeps the answer to a command whose work goes on; false where none of it does, and the outcome says what it came
    /// to.
    pub(super) fn waits_for_work(&mut self, act: &Act, command_id: CommandId, outcome: &mut Outcome) -> bool {
        if !self.leaves_work(act.id) {
            let counts = self.works.counts.remove(&act.id).unwrap_or_default();
            self.come_to(act.id, &counts, outcome);
            return false;
        }
        outcome.act = Some(act.id);
        let (outcome, lang) = (outcome.clone(), act.lang);
        let clients = Vec::new();
        self.works.waiting.push(Waiting {
            act: act.id,
            command_id: Some(command_id),
            outcome,
            lang,
            clients,
        });
        true
    }

    /// Says in an outcome what an act came to.
    fn come_to(&mut self, act: ActId, counts: &Counts, outcome: &mut Outcome) {
        outcome.made.extend(counts.made.iter().copied());
        if let Some(say) = self.works.says.remove(&act) {
            outcome.words = say(counts);
        }
    }

    /// The answers of commands whose work is done, once that is durable.
    pub(in crate::desk) fn finished_works(&mut self) -> Vec<(ClientId, u64, Reply)> {
        let left: Vec<ActId> = self.store.columns.works.iter().map(|left| left.act).collect();
        self.works.walks.retain(|act, _| left.contains(act));
        self.works
            .counts
            .retain(|act, _| left.contains(act) || self.works.waiting.iter().any(|w| w.act == *act));
        let waiting = std::mem::take(&mut self.works.waiting);
        let (waiting, finished): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|w| left.contains(&w.act));
        self.works.waiting = waiting;
        let mut answers = Vec::new();
        for Waiting { act, command_id, mut outcome, clients, .. } in finished {
            let counts = self.works.counts.remove(&act).unwrap_or_default();
            self.come_to(act, &counts, &mut outcome);
            let reply = Reply::Done(outcome);
            if let Some(command) = command_id {
                self.outcomes.keep(command, reply.clone());
                self.outcomes.settle_turn();
            }
            answers.extend(clients.into_iter().map(|(client, tag)| (client, tag, reply.clone())));
        }
        answers
    }

    /// Nothing can be written: nobody waits on. What was promised goes on when there is room again, and is said to; what
    /// was not is refused.
    pub(in crate::desk) fn works_hold(&mut self, refusal: &Refusal) -> Vec<(ClientId, u64, Reply)> {
        // what was counted may have been taken back
        self.works.walks.clear();
        self.works.counts.clear();
        self.works.says.clear();
        let mut answers = Vec::new();
        for waiting in std::mem::take(&mut self.works.waiting) {
            let reply = if self.leaves_work(waiting.act) {
                let words = BookWords::GoesOn.fill(waiting.lang, &[("what", &waiting.outcome.words)]);
                Reply::Done(Outcome { words, going_on: true, ..waiting.outcome })
            } else {
                Reply::Refused(refusal.clone())
            };
            answers.extend(waiting.clients.into_iter().map(|(client, tag)| (client, tag, reply.clone())));
        }
        answers
    }
}

/// The next row that fits, of those before `end`.
fn next_row(room: &mut Room, next: &mut u32, end: usize, fits: impl Fn(u32) -> bool) -> Next {
    while !room.is_spent() {
        let row = *next;
        if row as usize >= end {
            return Next::End;
        }
        room.rows -= 1;
        *next += 1;
        if fits(row) {
            return Next::Row(row);
        }
    }
    Next::Later
}
