//! The tick: what comes due becomes a task; what is over ends.
//!
//! A tick runs in slices: at most [`SLICE`] wake-ups a turn, so that human acts go on in between. Everything it
//! looks at stands at the head of an ordered set, so a tick with nothing due costs nothing.
//!
//! - [`guard`]: a clock that jumped holds the tick until a human has seen it;
//! - [`daily`]: silences, intakes, at midnight and after an absence;
//! - [`wake`]: one enrolment looks at what is next for it;
//! - [`limits`]: caps and quiet hours, and whom each is about;
//! - [`fire`]: a step becomes a task; [`fan_out`]: or one for each member of a group.

pub mod daily;
pub mod fan_out;
pub mod fire;
pub mod guard;
pub(crate) mod limits;
pub mod wake;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::act::{Act, DeskError};
use super::told::{Held, Unwritable};
use super::{Desk, Now, Output, Turn};
use crate::book::{EndReason, PlaybookId, TaskState, TaskStatus, Timestamp, WaitReason};
use crate::door::reply::{Digest, Push};
use crate::store::columns::enrolment::RunState;

/// How many wake-ups, snoozes and expiries one turn takes.
const SLICE: usize = 150;

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
    /// The local day that silences and intakes were last looked at for.
    pub(super) swept: Option<NaiveDate>,
    /// The last reading of both clocks: what a jump is measured against.
    pub(super) last: Option<Now>,
    /// From which row on enrolments that wait are judged by rules that changed.
    pub(super) judged_from: Option<u32>,
    /// What caps over the store and over playbooks have counted.
    pub(super) counted: limits::Counted,
    /// What this turn has to say to screens.
    pub(super) says: Vec<Push>,
}

/// What is counted while an absence is worked off.
#[derive(Debug, Default)]
pub(super) struct Away {
    pub ms: i64,
    pub counts: BTreeMap<PlaybookId, (u32, u32)>,
}

impl Desk {
    /// A slice of background work: imports, then the tick. True when more waits.
    pub(super) fn background(&mut self, now: Now, turn: &mut Turn) -> bool {
        if self.is_full() {
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
        for push in std::mem::take(&mut self.tick.says) {
            self.push_screens(&push, turn);
        }
        if let Some(held) = self.tick.held.filter(|_| self.tick.tells_held) {
            self.push_each(turn, |lang| Push::ClockHeld { words: held.sentence(lang) });
        }
        self.tick.tells_held = false;
        more
    }

    fn background_slice(&mut self, now: Now) -> Result<bool, DeskError> {
        let importing = self.bulk_slice(now)?;
        if !self.tick.due {
            return Ok(importing);
        }
        self.guard(now);
        if self.tick.held.is_some() {
            self.tick.due = false;
            return Ok(importing);
        }
        self.begin_absence(now.wall);
        self.daily(now.wall)?;
        let more = self.tick_slice(now.wall)?;
        if !more {
            self.tick.due = false;
            self.tick.ticked_at = Some(now.wall);
            self.end_absence();
        }
        Ok(more || importing)
    }

    /// When the next tick has something to do; at the latest at the next local midnight.
    pub(super) fn next_wake(&self, now: Now) -> Option<Timestamp> {
        let columns = &self.store.columns;
        let head = [&columns.wakes, &columns.snoozes, &columns.expiries]
            .into_iter()
            .filter_map(|set| set.first().map(|(at, _)| *at))
            .min();
        let zone = columns.store.zone;
        let tomorrow = now.wall.day(zone).succ_opt();
        let midnight = tomorrow
            .map(|day| crate::sop::calendar::day_start(day, zone, crate::sop::grammar::WallTime::MIDNIGHT));
        head.into_iter().chain(midnight).min()
    }

    /// Counts what an absence brings, from the first tick after it on.
    fn begin_absence(&mut self, now: Timestamp) {
        let since = self.tick.ticked_at.unwrap_or(self.store.columns.store.last_at);
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
            .map(|(id, (due, expired))| {
                let title = self
                    .playbooks
                    .current(&id, columns)
                    .map_or_else(|| id.0.clone(), |p| crate::text::clean::for_display(&p.title).into_owned());
                (id, title, due + expired, expired, due)
            })
            .collect();
        let digest = Digest { away_ms: away.ms, rows };
        self.tick.says.push(Push::Digest(digest.clone()));
        self.tick.digest = Some(digest);
    }

    /// Counts one thing that an absence brought.
    pub(super) fn count_away(&mut self, playbook: Option<&PlaybookId>, state: TaskState) {
        if let (Some(away), Some(playbook)) = (&mut self.tick.away, playbook) {
            match state {
                TaskState::Due => away.counts.entry(playbook.clone()).or_default().0 += 1,
                TaskState::Expired => away.counts.entry(playbook.clone()).or_default().1 += 1,
                // what a condition or a fresh text made needless was never owed
                _ => {}
            }
        }
    }

    /// Works off what is due at `now`, at most a slice of it; true when more waits.
    fn tick_slice(&mut self, now: Timestamp) -> Result<bool, DeskError> {
        let act = self.tick_act(now);
        let mut room = SLICE;
        // what is over makes room under the caps before anything new is judged
        self.judge_again(&act, &mut room)?;
        while room > 0 {
            let Some((at, row)) = self.store.columns.snoozes.first().copied() else { break };
            if at > now {
                break;
            }
            room -= 1;
            let Some(task) = self.task_at(row)? else { break };
            let after = TaskStatus {
                state: TaskState::Due,
                snoozed_until: None,
                seen_at: None,
                rev: task.status.rev + 1,
                ..task.status.clone()
            };
            self.change_task(&act, &task, after)?;
        }
        while room > 0 {
            let Some((at, row)) = self.store.columns.expiries.first().copied() else { break };
            if at > now {
                break;
            }
            room -= 1;
            let Some(task) = self.task_at(row)? else { break };
            let after = task.status.ended(TaskState::Expired, EndReason::SpanOver, now, "");
            if let crate::book::TaskKind::Step { key, .. } = &task.kind {
                self.count_away(Some(&key.playbook.clone()), TaskState::Expired);
            }
            self.change_task(&act, &task, after)?;
        }
        while room > 0 {
            let Some((at, row)) = self.store.columns.wakes.first().copied() else { break };
            if at > now {
                break;
            }
            room -= 1;
            let Some(id) = self.store.columns.enrolments.id(row) else { break };
            self.wake(&act, id)?;
        }
        Ok(room == 0)
    }

    /// The rules changed: everybody who waits for a cap or for quiet hours is looked at by the new ones.
    pub(super) fn rules_changed(&mut self) {
        self.tick.judged_from = Some(0);
        self.tick.due = true;
    }

    fn judge_again(&mut self, act: &Act, room: &mut usize) -> Result<(), DeskError> {
        while let Some(row) = self.tick.judged_from.filter(|_| *room > 0) {
            let enrolments = &self.store.columns.enrolments;
            if row as usize >= enrolments.len() {
                self.tick.judged_from = None;
                break;
            }
            self.tick.judged_from = Some(row + 1);
            let runs = enrolments.get(row).is_some_and(|column| column.state == RunState::Active);
            let Some(id) = enrolments.id(row).filter(|_| runs) else { continue };
            let Some(enrolment) = self.store.enrolment(id)? else { continue };
            if matches!(enrolment.status.waiting, Some(WaitReason::QuietHours | WaitReason::Cap { .. })) {
                *room -= 1;
                self.plan_next(act, id)?;
            }
        }
        Ok(())
    }

    fn task_at(&self, row: u32) -> Result<Option<crate::book::Task>, DeskError> {
        match self.store.columns.tasks.id(row) {
            Some(id) => Ok(self.store.task(id)?),
            None => Ok(None),
        }
    }
}
