//! Work that an act leaves: what is too much for one turn is promised by the act and done in slices between human acts.
//!
//! Whoever removes a playbook of ten thousand, calls a day off, limits an account or takes an edit back says one thing,
//! and what it means for everybody is found by looking: a few thousand rows a turn, and a few dozen changes. What the
//! act's own turn has no room for is left, in a record; the record that nothing is left ends it. Between the two the
//! work goes on whatever happens, also after a crash, for it names what is to become so and passes by what is so
//! already ([`Work`]). All changes are of the act, so one undo takes them back; an undo in the middle ends the work, and
//! its redo takes it up again. The command is answered when nothing is left, with what it came to.
//!
//! - `ahead`: what came while the clock ran ahead;
//! - `answer`: what is said of them, and to whom;
//! - `campaign`: who is in campaigns, and when that ends;
//! - `days`: what is owed of steps and days that an undo took away;
//! - `enter`: who enters playbooks;
//! - `hours`: what came due inside quiet hours that an undo brought back;
//! - `lists`: whom a step means that asks for a list of names;
//! - `marks`: what is said of many tasks at once, and of what an absence left;
//! - `notices`: whom it is told that something was wrong;
//! - `objects`: what is said of many objects at once;
//! - `playbook`: who goes through playbooks, and what these owe;
//! - `account`: what waits for an account;
//! - `transfer`: whose playbooks go on in another group;
//! - `back`: what goes on of who was put away, or of a group that was closed, by mistake;
//! - `wish`: what somebody is owed again who was left in peace, or was taken out of a group, by mistake;
//! - `wording`: what says something wrong, and what is to be said in groups.
//!
//! One file because what a turn has room for, how far a walk has come and the walkers that keep to both are one thing.
//!
//! Limits: the counts of an answer are those of this process. Who asks again after a crash is told what the act did by
//! what is recorded of it.

mod account;
mod ahead;
mod answer;
mod back;
mod campaign;
mod days;
mod enter;
mod hours;
mod lists;
mod marks;
mod notices;
mod objects;
mod playbook;
mod transfer;
mod wish;
mod wording;

use std::collections::{BTreeMap, BTreeSet};

use super::super::act::{Act, DeskError};
use super::super::words::book::BookWords;
use super::super::{Desk, Now};
use super::compose::Composing;
use crate::book::{ActId, EnrolmentId, GroupId, MemberId, ObjectId, Target, Task, TaskId};
use crate::door::Push;
use crate::door::reply::TaskOutcome;
use crate::store::Body;
use crate::store::columns::enrolment::EnrolmentColumn;
use crate::store::columns::task::TaskColumn;
use crate::store::columns::{Columns, LeftWork};
use crate::store::record::Work;
use crate::text::lang::Lang;
use answer::{Say, Waiting};
use lists::Asked;

pub(super) use campaign::follows_campaign;
pub(super) use lists::list_followed;
pub(in crate::desk::command) use notices::Right;
pub(super) use objects::kept;
pub(super) use playbook::end_of_removed;
pub(in crate::desk) use wording::{Sought, wrong_of};

/// Changes that one turn makes.
const CHANGES: usize = 40;
/// Bodies that one turn reads for them.
const READS: usize = 160;
/// Rows of columns that one turn looks at.
const ROWS: usize = 20_000;

/// Sentences that are said of all that was done.
const WARNINGS: usize = 8;

/// Rows that could be looked at while a filter is held against one.
const FILTERED: usize = 25;

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

    /// Takes what a filter costs of one row that it is held against.
    fn filter(&mut self) {
        self.rows = self.rows.saturating_sub(FILTERED);
    }
}

/// What a work has done, as far as this process has seen.
#[derive(Clone, Debug, Default)]
pub(in crate::desk::command) struct Counts {
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
    /// Who entered, as which enrolment where that is told, and who did not, by why.
    pub entered: u32,
    /// Those who entered a one-off that nobody can say to them yet, by name.
    pub unreached: Vec<String>,
    /// Those who entered one that is over before it can be said to them, by name.
    pub late: Vec<String>,
    /// Whom a campaign's texts reach.
    pub reached: u32,
    pub enrolled: Vec<EnrolmentId>,
    pub stays: BTreeMap<&'static str, u32>,
    /// Tasks that go along to another group.
    pub taken: BTreeSet<TaskId>,
    /// Waves that somebody matched, by their places.
    pub matched: BTreeSet<u32>,
    /// What became of each task that was named, and what is to be said of them.
    pub tasks: Vec<TaskOutcome>,
    pub warnings: Vec<String>,
    /// Who is meant of a step by a list since, who is no more, who keeps theirs because it is partly said, and who gets none
    /// because of a pause: one that ends too late, and one without an end.
    pub listed: usize,
    pub unlisted: usize,
    pub kept_listed: Vec<String>,
    pub paused_listed: Vec<String>,
    pub stopped_listed: Vec<String>,
    /// Objects of which something could not be done, and why for the first.
    pub left: usize,
    pub first_left: Option<String>,
    /// What stays as it is although the rest of an act is taken back: the first few, and how many more.
    kept: Vec<String>,
    kept_more: usize,
    /// Why something of it could not be done.
    failed: Vec<String>,
}

impl Counts {
    /// Takes what is to be said. Sentences that differ in their numbers alone are one, with the newest; so many are said.
    fn warn(&mut self, warnings: Vec<String>) {
        let bare = |text: &str| text.replace(|c: char| c.is_ascii_digit(), "");
        for warning in warnings {
            let room = self.warnings.len() < WARNINGS;
            match self.warnings.iter_mut().find(|known| bare(known) == bare(&warning)) {
                Some(known) => *known = warning,
                None if room => self.warnings.push(warning),
                None => {}
            }
        }
    }

    /// Takes a sentence of what stays.
    fn keep(&mut self, words: String) {
        if self.kept.len() < WARNINGS {
            self.kept.push(words);
        } else {
            self.kept_more += 1;
        }
    }

    /// What stays, in sentences.
    fn what_stays(&mut self, lang: Lang) -> Vec<String> {
        let mut kept = std::mem::take(&mut self.kept);
        let more = std::mem::take(&mut self.kept_more);
        kept.extend((more > 0).then(|| BookWords::KeptMore.fill(lang, &[("n", &more)])));
        kept
    }

    fn add(&mut self, other: Self) {
        self.ended += other.ended;
        self.done += other.done;
        self.held += other.held;
        self.let_go += other.let_go;
        self.later += other.later;
        self.made.extend(other.made);
        self.entered += other.entered;
        self.unreached.extend(other.unreached);
        self.late.extend(other.late);
        self.reached += other.reached;
        self.enrolled.extend(other.enrolled);
        for (why, n) in other.stays {
            *self.stays.entry(why).or_default() += n;
        }
        self.matched.extend(other.matched);
        self.taken.extend(other.taken);
        self.tasks.extend(other.tasks);
        self.warn(other.warnings);
        self.listed += other.listed;
        self.unlisted += other.unlisted;
        self.kept_listed.extend(other.kept_listed);
        self.paused_listed.extend(other.paused_listed);
        self.stopped_listed.extend(other.stopped_listed);
        self.left += other.left;
        self.first_left = self.first_left.take().or(other.first_left);
        self.kept_more += other.kept_more;
        other.kept.into_iter().for_each(|words| self.keep(words));
        self.failed.extend(other.failed);
    }
}

/// How far a work has come; it can begin again anywhere.
#[derive(Default)]
pub(super) struct Walk {
    stage: u16,
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
    Ahead(Box<ahead::Looked>),
    Groups(playbook::Groups),
    Told(notices::Told),
    Whom(Vec<(Target, Option<GroupId>)>),
    Enrolments(Vec<EnrolmentId>),
    Listed(Vec<(EnrolmentId, MemberId)>),
}

/// What is next to be looked at.
enum Next<T = u32> {
    One(T),
    End,
    /// The turn has done enough.
    Later,
}

/// Works that acts have left: what this process knows of them besides what stands in the book.
pub(crate) struct Works {
    walks: BTreeMap<ActId, (Work, Walk)>,
    counts: BTreeMap<ActId, Counts>,
    says: BTreeMap<ActId, Say>,
    waiting: Vec<Waiting>,
    /// How those who enter one-offs that end are looked at.
    pub(super) looks: BTreeMap<ActId, Box<Composing>>,
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
            looks: BTreeMap::new(),
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
            if !self.works.is_waited_for(id) {
                // an undo that went on in slices: nobody waits, so everybody is told
                let kept = self.works.what_stays(id, lang);
                if !kept.is_empty() {
                    self.tick.says.push(Push::Said { words: kept.join("  ") });
                }
                self.reversal_kept(id, kept);
            }
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
            Work::Move { playbook, from, to } => self.move_all(act, playbook, from, *to, walk, &mut counts),
            Work::DaysGone { year, before } => self.undone_with_year(act, (*year, before), walk, &mut counts),
            Work::QuietAgain { since } => self.quiet_again(act, *since, walk, &mut counts),
            Work::Unenter { playbook } => self.unenter(act, playbook, walk),
            Work::DayOff { playbook, day, notice } => {
                self.day_is_off(act, playbook, *day, notice, walk, &mut counts)
            }
            Work::CampaignStop { campaign } => self.leave_campaign(act, campaign, walk, &mut counts),
            Work::CampaignEnds { campaign, was } => self.ends_with(act, campaign, *was, walk, &mut counts),
            Work::Enter { .. } => self.enter_all(act, work, walk, &mut counts),
            Work::Apply { playbook, version, new_only } => {
                self.apply_text(act, playbook, *version, *new_only, walk, &mut counts)
            }
            Work::ExpireMissed { playbooks, before } | Work::ShiftMissed { playbooks, before } => {
                let shifts = matches!(work, Work::ShiftMissed { .. });
                self.catch_up_all(act, playbooks, *before, shifts, walk, &mut counts)
            }
            Work::Edit { objects, fields } => self.edit_all(act, objects, fields, walk, &mut counts),
            Work::Note { notes, text } => self.note_all(act, notes, text, walk, &mut counts),
            Work::Follow { tasks, words, at } => self.follow_all(act, tasks, words, *at, walk, &mut counts),
            Work::Pause { targets, after } => self.pause_all(act, targets, *after, walk, &mut counts),
            Work::Mark { tasks, mark, at } => self.mark_all(act, tasks, mark, *at, walk, &mut counts),
            Work::SetBack { to } => self.take_back_ahead(act, *to, walk, &mut counts),
            Work::Waves { campaign, waves } => self.enter_waves(act, campaign, waves, walk, &mut counts),
            Work::Account { account } => self.account_holds(act, *account, walk, &mut counts),
            Work::Back { account, until } => self.comes_back(act, *account, *until, walk),
            Work::MoveHeld { account, .. }
            | Work::ShiftHeld { account, .. }
            | Work::CancelHeld { account } => self.held_become(act, *account, work, walk, &mut counts),
            Work::Silence { group, rule } => self.falls_silent(act, *group, rule, walk),
            Work::SpeaksAgain { group } => self.speaks_again(act, *group, walk),
            Work::Unenrol { enrolments } => self.unenrol_all(act, enrolments, walk, &mut counts),
            Work::Finish { enrolments } => self.finish_all(act, enrolments, walk),
            Work::OfferAgain { playbook, run, group, key, was } => {
                let asked = Asked { playbook, run: *run, group: *group, key, was };
                self.offer_again(act, &asked, walk, &mut counts)
            }
            Work::Transfer { from, to, ends, merges } => {
                self.transfer_all(act, *from, *to, (*ends, *merges), walk, &mut counts)
            }
            Work::Tell { groups, words, at } => self.tell_groups(act, groups, words, *at, &mut counts),
            Work::Halt { wrong } => self.halt_all(act, wrong, walk, &mut counts),
            Work::Correct { wrong, text, notice, only_due, nth } => {
                let notice = notice.as_deref().unwrap_or(text);
                let right = Right { text, nth: *nth, notice, only_due: *only_due };
                self.correct_all(act, wrong, &right, walk, &mut counts)
            }
        };
        let known = self.works.counts.entry(act.id).or_default();
        known.add(counts);
        match done {
            // nothing more can be done of it, and whoever waits is told why
            Err(DeskError::Refused(refusal)) => {
                known.failed.push(refusal.words);
                Ok(true)
            }
            done => done,
        }
    }

    /// Deals with what comes next, one after the other, as far as the turn has room; true when nothing is left.
    fn each<T>(
        &mut self,
        walk: &mut Walk,
        mut next: impl FnMut(&mut Self, &mut Walk) -> Next<T>,
        mut deal: impl FnMut(&mut Self, T) -> Result<(), DeskError>,
    ) -> Result<bool, DeskError> {
        loop {
            match next(self, walk) {
                Next::Later => return Ok(false),
                Next::End => return Ok(true),
                Next::One(one) => deal(self, one)?,
            }
        }
    }

    /// Does something, and takes from the room what it stages.
    fn counted(&mut self, deal: impl FnOnce(&mut Self) -> Result<(), DeskError>) -> Result<(), DeskError> {
        let staged = self.store.staged();
        deal(self)?;
        for _ in staged..self.store.staged() {
            self.works.room.change();
        }
        Ok(())
    }

    /// Deals with what stands at the next places of a list.
    fn each_of<T>(
        &mut self,
        walk: &mut Walk,
        mut at: impl FnMut(&Self, &Walk) -> Option<T>,
        deal: impl FnMut(&mut Self, T) -> Result<(), DeskError>,
    ) -> Result<bool, DeskError> {
        let next = |desk: &mut Self, walk: &mut Walk| {
            if desk.works.room.is_spent() {
                return Next::Later;
            }
            let one = at(desk, walk);
            walk.next += 1;
            one.map_or(Next::End, Next::One)
        };
        self.each(walk, next, deal)
    }

    /// Deals with the enrolments that may be meant, by row.
    fn each_enrolment(
        &mut self,
        walk: &mut Walk,
        fits: impl Fn(&EnrolmentColumn) -> bool,
        deal: impl FnMut(&mut Self, u32) -> Result<(), DeskError>,
    ) -> Result<bool, DeskError> {
        let next = |desk: &mut Self, walk: &mut Walk| {
            let enrolments = &desk.store.columns.enrolments;
            next_row(&mut desk.works.room, &mut walk.next, enrolments.len(), |row| {
                enrolments.get(row).is_some_and(|enrolment| fits(&enrolment))
            })
        };
        self.each(walk, next, deal)
    }

    /// Deals with the open tasks that may be meant.
    fn each_open_task(
        &mut self,
        walk: &mut Walk,
        fits: impl Fn(&TaskColumn) -> bool,
        deal: impl FnMut(&mut Self, Task) -> Result<(), DeskError>,
    ) -> Result<bool, DeskError> {
        self.each_task(walk, |task| task.state.is_open() && fits(task), deal)
    }

    /// Deals with the tasks that may be meant, open or not.
    fn each_task(
        &mut self,
        walk: &mut Walk,
        fits: impl Fn(&TaskColumn) -> bool,
        mut deal: impl FnMut(&mut Self, Task) -> Result<(), DeskError>,
    ) -> Result<bool, DeskError> {
        let next = |desk: &mut Self, walk: &mut Walk| {
            let tasks = &desk.store.columns.tasks;
            next_row(&mut desk.works.room, &mut walk.next, tasks.len(), |row| {
                tasks.get(row).is_some_and(|task| fits(&task))
            })
        };
        self.each(walk, next, |desk, row| {
            desk.works.room.read();
            desk.store.task_at(row)?.map_or(Ok(()), |task| deal(desk, task))
        })
    }

    /// Deals with the rows that a stage looks at, which are found when it begins: `all` are few enough to be gathered in
    /// one turn.
    fn each_found(
        &mut self,
        walk: &mut Walk,
        all: impl FnOnce(&Columns) -> Vec<u32>,
        mut deal: impl FnMut(&mut Self, u32) -> Result<(), DeskError>,
    ) -> Result<bool, DeskError> {
        if walk.found.is_none() {
            walk.found = Some(Found::Rows(all(&self.store.columns)));
        }
        self.each(walk, Self::next_found, |desk, row| {
            desk.works.room.read();
            deal(desk, row)
        })
    }

    /// The next of the rows that a stage looks at.
    fn next_found(&mut self, walk: &mut Walk) -> Next {
        let room = &mut self.works.room;
        if room.is_spent() {
            return Next::Later;
        }
        let Some(Found::Rows(rows)) = &walk.found else { return Next::End };
        let Some(row) = rows.get(walk.next as usize) else { return Next::End };
        room.rows -= 1;
        walk.next += 1;
        Next::One(*row)
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
            return Next::One(row);
        }
    }
    Next::Later
}
