//! The tick: what comes due becomes a task; what is over ends.
//!
//! A tick runs in slices: a turn takes [`SLICE`] snoozes, expiries, wake-ups and entries, or fewer that write more, so
//! that human acts go on in between. What is due stands at the head of an ordered set, so a tick with nothing due
//! costs nothing.
//!
//! One file because what is remembered between slices and what a slice does with it are read together.
//!
//! What a slice remembers is given back when its commit fails: the book did not change either.
//!
//! - [`guard`]: a clock that jumped holds the tick until a human has seen it, and what it `would` do;
//! - [`daily`]: silences once a day, and the lines before intakes; `silence`: what breaks one; `newly`: who fits since;
//! - [`wake`]: one enrolment looks at what is next for it;
//! - [`limits`]: caps and quiet hours, and whom each is about;
//! - `meanwhile`: what both would have let through while nobody looked; `past`: what counted then, and `tally` what counts;
//! - `over`: when what ended by itself was over;
//! - [`fire`]: a step becomes a task; [`fan_out`]: or one for each member of a group; `freshness`: unless they had it;
//! - `room`: what caps let through since something made room;
//! - `rivals`: which of several to one person is offered; [`rota`]: whose turn it is; [`turns`]: who speaks after whom.

mod asks;
pub mod daily;
pub mod fan_out;
pub mod fire;
mod freshness;
pub mod guard;
pub(crate) mod limits;
mod meanwhile;
mod newly;
mod over;
mod past;
mod rivals;
pub(super) mod room;
pub(in crate::desk) mod rota;
pub(in crate::desk) mod silence;
pub(in crate::desk) mod tally;
pub(crate) mod turns;
pub mod wake;
mod would;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::act::{Act, DeskError};
use super::command::CAMPAIGN_OVER;
use super::recovering::LetsGo;
use super::told::{Held, Unwritable};
use super::{Desk, Now, Output, Turn};
use crate::book::{EndReason, PlaybookId, TaskState, TaskStatus, Timestamp, WaitReason};
use crate::door::reply::{Digest, DigestRow, Push};
use crate::queue::caps::is_by_rules;
use crate::sop::calendar::plus_days;
use crate::sop::format::Every;
use crate::store::columns::enrolment::RunState;
use crate::store::record::Work;

/// How many wake-ups, snoozes, expiries and entries one turn takes.
const SLICE: usize = 25;

/// How many records one turn stages before it lets others go first: a wake-up may make many.
const RECORDS: usize = 100;

/// Enrolments read for one of a slice's places: most do not wait.
pub(super) const READ_A_PLACE: usize = 8;

/// How long after a failed commit the tick is tried again, in milliseconds: a full disk is rarely emptied in less.
const RETRY: i64 = 10_000;

/// From how long an absence on a digest is made, in milliseconds: ten minutes.
const ABSENCE: i64 = 10 * crate::book::time::MINUTE;

/// What the tick remembers between turns.
#[derive(Debug, Default)]
pub struct TickState {
    /// A tick was asked for.
    pub due: bool,
    /// When the last tick was finished.
    pub ticked_at: Option<Timestamp>,
    /// Why the tick is held until a human confirms.
    pub(crate) held: Option<Held>,
    /// Why it is held is news that screens have not been told.
    pub(super) tells_held: bool,
    /// What the first tick after an absence did, until a human decided about it.
    pub digest: Option<Digest>,
    /// Counts of the absence that is being worked off: came due, expired.
    pub(super) away: Option<Away>,
    /// The local day that silences were last looked at for.
    pub(super) swept: Option<NaiveDate>,
    /// The local day for which whoever newly fits was let into what takes whoever is there.
    taken: Option<NaiveDate>,
    /// The local day up to which was looked for what comes each year; at the beginning that of the last record.
    pub(super) looked_to: Option<NaiveDate>,
    /// Silences and intakes that this tick still looks at; none before it has begun.
    pub(super) sweep: Option<daily::Sweep>,
    /// The last reading of both clocks: what a jump is measured against.
    pub(super) last: Option<Now>,
    /// From which row on enrolments that wait are judged by rules that changed.
    pub(super) judged_from: Option<u32>,
    /// Where room under caps has become free.
    pub(super) freed: room::Freed,
    /// What caps over the store and over playbooks have counted.
    pub(super) counted: limits::Counted,
    /// A commit failed: background work waits until then.
    pub(super) retry_at: Option<Timestamp>,
    /// Lines before intakes as they stood when they were last looked at.
    pub(super) lines: BTreeMap<PlaybookId, daily::Line>,
    /// When accounts let go more of what they hold.
    pub(in crate::desk) lets_go: LetsGo,
    /// Whose turn it is at steps that pick.
    pub(super) rotas: rota::Rotas,
    /// Whom a 加好友 was made for today.
    pub(super) asked: fire::AskedToday,
    /// What would have been open during an absence, and is over.
    absent: past::Absent,
    /// How far a step has come that is owed to many.
    fanned: Option<fan_out::Fanned>,
    /// Which kind of background work had the last turn.
    round: usize,
    /// What this turn has to say to screens once it is durable.
    pub(super) says: Vec<Push>,
}

/// What a turn may change in [`TickState`] that must not outlive a failed commit.
pub(super) struct Remembered {
    looked_to: Option<NaiveDate>,
    ticked_at: Option<Timestamp>,
    held: Option<Held>,
    digest: Option<Digest>,
    away: Option<Away>,
    last: Option<Now>,
    judged_from: Option<u32>,
}

impl TickState {
    /// The first day on which it was not looked at who newly fits what takes whoever is there: after an absence one of it,
    /// and after today where today was looked at.
    pub(in crate::desk) fn takes_from(&self, today: NaiveDate) -> NaiveDate {
        let from = match self.taken.filter(|day| *day <= today) {
            Some(day) => plus_days(day, 1),
            None => self.looked_to.unwrap_or(today).min(today),
        };
        from.max(plus_days(today, -newly::LOOKED_BACK))
    }

    /// An enrolment of a playbook was taken back: its place before the intake is another's.
    pub(in crate::desk) fn place_is_free(&mut self, playbook: &PlaybookId) {
        self.lines.remove(playbook);
    }

    /// The clock was set back: what was looked at and counted ahead of it is not so.
    pub(in crate::desk) fn clock_is_back(&mut self) {
        (self.swept, self.taken, self.digest, self.away) = (None, None, None, None);
        self.lets_go = LetsGo::default();
        self.lines.clear();
        self.freed = room::Freed::everybody();
        self.counted = limits::Counted::default();
    }

    /// What stands before a turn.
    pub(super) fn remember(&self) -> Remembered {
        Remembered {
            looked_to: self.looked_to,
            ticked_at: self.ticked_at,
            held: self.held,
            digest: self.digest.clone(),
            away: self.away.clone(),
            last: self.last,
            judged_from: self.judged_from,
        }
    }

    /// Takes back what a turn did whose commit failed. A tick is due again, and looks at all it had swept.
    pub(super) fn take_back(&mut self, before: Remembered, now: Timestamp) {
        let Remembered { looked_to, ticked_at, held, digest, away, last, judged_from } = before;
        *self = Self {
            due: true,
            ticked_at,
            held,
            tells_held: false,
            digest,
            away,
            swept: None,
            taken: None,
            looked_to,
            sweep: None,
            last,
            judged_from,
            freed: room::Freed::everybody(),
            counted: limits::Counted::default(),
            retry_at: Some(Timestamp(now.0.saturating_add(RETRY))),
            lines: BTreeMap::new(),
            rotas: rota::Rotas::default(),
            lets_go: LetsGo::default(),
            asked: fire::AskedToday::default(),
            absent: past::Absent::default(),
            fanned: None,
            round: 0,
            says: Vec::new(),
        };
    }
}

/// What an absence brought of one playbook.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct AwayCounts {
    due: u32,
    expired: u32,
    unfilled: u32,
}

/// What is counted while an absence is worked off.
#[derive(Clone, Debug, Default)]
pub(super) struct Away {
    pub ms: i64,
    pub counts: BTreeMap<PlaybookId, AwayCounts>,
}

impl Desk {
    /// A slice of background work: imports and undos, commands that enrol many, the tick. True when more waits.
    pub(super) fn background(&mut self, now: Now, turn: &mut Turn) -> bool {
        if let Some(full) = self.unwritable.as_ref().filter(|_| self.is_full()) {
            let words = full.sentence(crate::text::lang::Lang::default());
            let refusal =
                crate::door::Refusal::new(crate::door::RefusalKind::Store, words).hint("qun doctor");
            self.answers = self.rehearsals.refuse_all(&refusal);
            let held = self.works_hold(&refusal);
            self.answers.extend(held);
            return false;
        }
        let more = self.background_slice(now).unwrap_or_else(|error| {
            self.unwritable = Some(Unwritable::Failed(error.to_string()));
            turn.outputs.push(Output::Log(error.to_string()));
            false
        });
        if !more && !self.store.is_staged() && self.store.wants_to_keep_columns() {
            self.store.keep_columns();
        }
        more
    }

    /// One kind of work a turn where several wait, each in its turn.
    fn background_slice(&mut self, now: Now) -> Result<bool, DeskError> {
        if self.tick.retry_at.is_some_and(|at| now.wall < at && at.since(now.wall) <= RETRY) {
            // whoever asked is told at once that it cannot be written; nobody waits for the rest
            self.answers = self.rehearse_slice(now);
            return Ok(!self.rehearsals.is_empty());
        }
        let waits = [self.bulk_waits(), !self.rehearsals.is_empty(), self.tick.due];
        if waits.iter().filter(|waits| **waits).count() < 2 {
            let more = self.bulk_slice(now)?;
            self.answers = self.rehearse_slice(now);
            return Ok(self.tick_turn(now)? || more || !self.rehearsals.is_empty());
        }
        for _ in 0..waits.len() {
            self.tick.round = (self.tick.round + 1) % waits.len();
            if waits.get(self.tick.round) == Some(&true) {
                break;
            }
        }
        match self.tick.round {
            0 => {
                self.bulk_slice(now)?;
            }
            1 => self.answers = self.rehearse_slice(now),
            _ => {
                self.tick_turn(now)?;
            }
        }
        Ok(true)
    }

    /// A slice of the tick where one is due; true when more waits.
    fn tick_turn(&mut self, now: Now) -> Result<bool, DeskError> {
        if !self.tick.due {
            return Ok(false);
        }
        self.guard(now);
        if self.tick.held.is_some() {
            self.tick.due = false;
            return Ok(false);
        }
        self.begin_absence(now.wall);
        let more = self.tick_slice(now.wall)?;
        if !more {
            self.tick.due = false;
            self.tick.sweep = None;
            self.tick.rotas.forget();
            self.tick.absent.forget();
            self.clock_seen(now.wall)?;
            self.tick.ticked_at = Some(now.wall);
            self.end_absence();
        }
        Ok(more)
    }

    /// When the next tick has something to do; at the latest at the next local midnight.
    pub(super) fn next_wake(&self, now: Now) -> Option<Timestamp> {
        if let Some(at) = self.tick.retry_at {
            return Some(at);
        }
        let columns = &self.store.columns;
        let head = [&columns.wakes, &columns.snoozes, &columns.expiries]
            .into_iter()
            .filter_map(|set| set.first().map(|(at, _)| at))
            .min();
        let zone = columns.store.zone;
        let tomorrow = now.wall.day(zone).succ_opt();
        let midnight = tomorrow
            .map(|day| crate::sop::calendar::day_start(day, zone, crate::sop::grammar::WallTime::MIDNIGHT));
        let others =
            self.next_limit_end().into_iter().chain(self.next_wave(now.wall)).chain(self.next_campaign_end());
        head.into_iter().chain(midnight).chain(others).min()
    }

    /// Counts what an absence brings, from the first tick after it on.
    pub(super) fn begin_absence(&mut self, now: Timestamp) {
        let since = self.tick.ticked_at.unwrap_or(self.store.columns.store.clock_at);
        let ms = now.since(since);
        if ms > ABSENCE && self.tick.away.is_none() && !self.store.columns.playbooks.is_empty() {
            self.tick.away = Some(Away { ms, counts: BTreeMap::new() });
        }
    }

    fn end_absence(&mut self) {
        let Some(away) = self.tick.away.take() else { return };
        if away.counts.is_empty() {
            return;
        }
        let columns = &self.store.columns;
        let rows = away
            .counts
            .into_iter()
            .map(|(id, AwayCounts { due: open, expired, unfilled })| {
                let title = self
                    .playbooks
                    .current(&id, columns)
                    .map_or_else(|| id.0.clone(), |p| crate::text::clean::for_display(&p.title).into_owned());
                DigestRow { playbook: id, title, due: open + expired + unfilled, expired, unfilled, open }
            })
            .collect();
        let digest = Digest { away_ms: away.ms, rows };
        self.tick.says.push(Push::Digest(digest.clone()));
        self.tick.digest = Some(digest);
    }

    /// Counts one thing that an absence brought; what expired may never have been filled in.
    pub(super) fn count_away(&mut self, playbook: &PlaybookId, state: TaskState, unfilled: bool) {
        if let Some(away) = &mut self.tick.away {
            match state {
                TaskState::Due => away.counts.entry(playbook.clone()).or_default().due += 1,
                TaskState::Expired if unfilled => {
                    away.counts.entry(playbook.clone()).or_default().unfilled += 1;
                }
                TaskState::Expired => away.counts.entry(playbook.clone()).or_default().expired += 1,
                // what a condition or a fresh text made needless was never owed
                _ => {}
            }
        }
    }

    /// Works off what is due at `now`, at most a slice of it; true when more waits.
    fn tick_slice(&mut self, now: Timestamp) -> Result<bool, DeskError> {
        let act = self.tick_act(now);
        let mut room = SLICE;
        // its own records are counted, not those of human acts in the same turn
        let full = self.store.staged() + RECORDS;
        self.limits_end(&act, &mut room)?;
        let first = |work: &Work| {
            matches!(work, Work::Account { .. } | Work::SetBack { .. } | Work::CampaignStop { .. })
        };
        if self.store.columns.works.iter().any(|left| first(&left.work)) {
            // what an account lets go counts under the caps before anything new is judged, what a clock that ran ahead
            // brought is taken back before it comes at its time, and who is in a campaign that is over leaves it before
            // anybody is let in
            return Ok(true);
        }
        if !self.tallies(now) {
            return Ok(true);
        }
        // what is over makes room under the caps before anything new is judged
        self.judge_again(&act, &mut room)?;
        while room > 0 && self.store.staged() < full {
            let Some((at, row)) = self.store.columns.snoozes.first() else { break };
            if at > now {
                break;
            }
            room -= 1;
            let Some(task) = self.store.task_at(row)? else { break };
            // a night that was over and began again while nobody looked is a night still
            let quiet = self.wakes_into_quiet(&task, at, now)?;
            let after = TaskStatus {
                state: if quiet.is_some() { TaskState::Snoozed } else { TaskState::Due },
                snoozed_until: quiet,
                quiet_until: quiet.or(task.status.quiet_until),
                seen_at: None,
                rev: task.status.rev + 1,
                ..task.status.clone()
            };
            self.change_task(&act, &task, after)?;
        }
        while room > 0 && self.store.staged() < full {
            let Some((at, row)) = self.store.columns.expiries.first() else { break };
            if at > now {
                break;
            }
            room -= 1;
            let Some(task) = self.store.task_at(row)? else { break };
            if self.merged_part_ends(&act, &task, at)? {
                continue;
            }
            let over = self.campaign_of_task(&task)?.is_some_and(|campaign| campaign.until <= at);
            if over && self.outlives_campaign(&act, &task, at)? {
                continue;
            }
            let reason = if over {
                EndReason::Stopped { rule: CAMPAIGN_OVER.to_owned() }
            } else if task.status.quiet_until == Some(at) {
                EndReason::Held { why: WaitReason::QuietHours }
            } else {
                self.refused_end(&task).unwrap_or(EndReason::SpanOver)
            };
            let after = task.status.ended(TaskState::Expired, reason, now, "");
            if let crate::book::TaskKind::Step { key, .. } = &task.kind {
                let step = self.step_of(&task);
                let unfilled = step.as_ref().and_then(|(of, at)| Some((of, of.step(*at)?)));
                let run = key.run_day(task.day);
                let unfilled = unfilled.is_some_and(|(of, step)| self.is_unfilled(of, step, run, task.group));
                self.count_away(&key.playbook, TaskState::Expired, unfilled);
            }
            self.was_open(&task, at);
            // who is through with it was through then
            self.brought_at = Some(at);
            let changed = self.change_task(&act, &task, after);
            self.brought_at = None;
            changed?;
        }
        if self.store.columns.expiries.first().is_some_and(|(at, _)| at <= now) || self.campaigns_end(now)? {
            return Ok(true);
        }
        self.begin_waves(now)?;
        // those are older than whoever still waits to be judged
        if self.lets_go(&act, &mut room)? {
            return Ok(true);
        }
        if !self.room_is_taken(&act, &mut room, full)? || !self.daily(&act, &mut room)? {
            return Ok(true);
        }
        while room > 0 && self.store.staged() < full {
            let Some((at, row)) = self.store.columns.wakes.first() else { return Ok(false) };
            if at > now {
                return Ok(false);
            }
            room -= 1;
            let Some(id) = self.store.columns.enrolments.id(row) else { return Ok(false) };
            self.wake(&act, id)?;
            if self.is_fanned(id) {
                // it has judged as many as a turn does
                return Ok(true);
            }
        }
        Ok(true)
    }

    /// The rules changed: everybody who waits for a cap or for quiet hours is looked at by the new ones.
    pub(in crate::desk) fn rules_changed(&mut self) {
        self.tick.judged_from = Some(0);
        self.tick.due = true;
    }

    /// Working days changed: whoever goes by them, or waits for a year of them, is looked at again.
    pub(super) fn calendar_changed(&mut self) {
        self.rules_changed();
    }

    /// True where a playbook comes round by the calendar of working days.
    fn goes_by_workdays(&self, enrolment: &crate::book::Enrolment) -> bool {
        let playbook = self.playbooks.get(&enrolment.playbook, enrolment.status.version);
        playbook.is_some_and(|p| p.start.recurrence().is_some_and(|r| r.every == Every::Workdays))
    }

    fn judge_again(&mut self, act: &Act, room: &mut usize) -> Result<(), DeskError> {
        let mut read = 0;
        while let Some(row) = self.tick.judged_from.filter(|_| *room > 0) {
            let enrolments = &self.store.columns.enrolments;
            if row as usize >= enrolments.len() {
                self.tick.judged_from = None;
                break;
            }
            self.tick.judged_from = Some(row + 1);
            let runs = enrolments.get(row).is_some_and(|column| column.state == RunState::Active);
            let Some(id) = enrolments.id(row).filter(|_| runs) else { continue };
            read += 1;
            if read % READ_A_PLACE == 0 {
                *room = room.saturating_sub(1);
            }
            let Some(enrolment) = self.store.enrolment(id)? else { continue };
            let waits = enrolment.status.waiting.as_ref().is_some_and(is_by_rules);
            if waits || self.goes_by_workdays(&enrolment) {
                *room = room.saturating_sub(1);
                self.plan_next(act, id)?;
            }
        }
        Ok(())
    }
}
