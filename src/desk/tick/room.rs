//! Room under caps that was taken is free again: whoever waits for it is looked at by the next tick.
//!
//! A place is free when what took it ends unsent, is held or said by another account, was sent on an earlier day than
//! the one it was offered on, or was not sent after all. Those who wait for the same person, group or account are looked at
//! again; caps over accounts, playbooks and the store are about anybody, so with them everybody is looked at who waits for a
//! cap. That is also how a desk begins: what was told without a tick may have made room. Looking changes nothing for
//! whom there is none.

use std::collections::BTreeSet;

use super::super::Desk;
use super::super::act::{Act, DeskError};
use super::daily::ROWS_A_PLACE;
use crate::book::time::MINUTE;
use crate::book::{CapScope, EnrolmentId, Target, TaskState, Timestamp};
use crate::queue::caps::is_by_rules;
use crate::store::Body;
use crate::store::columns::enrolment::RunState;
use crate::store::columns::task::{TargetRow, TaskColumn};
use crate::store::record::Edited;

/// Where room may have become free.
#[derive(Debug, Default)]
pub(in crate::desk) struct Freed {
    /// For whom.
    targets: BTreeSet<Target>,
    /// Those of them who wait, in the order in which they are looked at.
    waiting: BTreeSet<EnrolmentId>,
    /// From which row on everybody who waits for a cap is looked at.
    from: Option<u32>,
}

impl Freed {
    /// Everybody who waits for a cap is looked at.
    pub(in crate::desk) fn everybody() -> Self {
        Self { from: Some(0), ..Self::default() }
    }
}

/// Whether a task takes room under caps: it is sent, or it is open and will be.
fn counts(task: &TaskColumn) -> bool {
    let open = task.state.is_open() && !task.held;
    task.is_touch() && (open || task.state == TaskState::Sent)
}

/// Whether a task that became another one takes less room than before.
fn frees(before: &TaskColumn, after: &TaskColumn, now: Timestamp) -> bool {
    if !counts(before) {
        return false;
    }
    let is_sent = |task: &TaskColumn| task.state == TaskState::Sent;
    let stays = match (is_sent(before), is_sent(after)) {
        (false, true) => after.ended_at().is_some_and(|sent_at| now.since(sent_at) <= MINUTE),
        (true, true) => before.ended_at() == after.ended_at(),
        (was, is) => was == is,
    };
    !(counts(after) && stays && before.account == after.account && before.class == after.class)
}

impl Desk {
    /// Notes that a task changed, where that makes room.
    pub(in crate::desk) fn note_room(
        &mut self,
        before: Option<&TaskColumn>,
        after: Option<&TaskColumn>,
        now: Timestamp,
    ) {
        let (Some(before), Some(after)) = (before, after) else { return };
        if !frees(before, after, now) {
            return;
        }
        let columns = &self.store.columns;
        let target = match before.target {
            TargetRow::Member(row) => columns.members.id(row).map(Target::Member),
            TargetRow::Group(row) => columns.groups.id(row).map(Target::Group),
            TargetRow::Account(row) => columns.accounts.id(row).map(Target::Account),
            TargetRow::None => None,
        };
        let group = before.group.and_then(|row| columns.groups.id(row)).map(Target::Group);
        self.room_for(target.into_iter().chain(group), true);
    }

    /// Notes what else makes room: a touch that was none, or a change by which somebody may be excepted from a cap.
    pub(in crate::desk) fn note_room_by(&mut self, body: &Body) {
        let target = match body {
            Body::Untouched(touch) => {
                let member = touch.member.map(Target::Member);
                let group = touch.group.map(Target::Group);
                return self.room_for(member.into_iter().chain(group), true);
            }
            Body::Edited { object: Edited::Member(member), .. } => Target::Member(*member),
            Body::Edited { object: Edited::Group(group), .. } => Target::Group(*group),
            // anybody may be written to from it
            Body::Edited { object: Edited::Account(_), .. } => {
                if self.excepts() {
                    self.room_for(std::iter::empty(), true);
                }
                return;
            }
            Body::Happened(activity) => match (activity.member, activity.group) {
                (Some(member), _) => Target::Member(member),
                (None, Some(group)) => Target::Group(group),
                (None, None) => return,
            },
            _ => return,
        };
        if self.excepts() {
            self.room_for(std::iter::once(target), false);
        }
    }

    /// Whether somebody is excepted from a cap or from quiet hours.
    fn excepts(&self) -> bool {
        let rules = &self.store.columns.rules;
        rules.caps.iter().any(|cap| !cap.except.is_empty())
            || rules.quiet.iter().any(|quiet| !quiet.except.is_empty())
    }

    fn room_for(&mut self, targets: impl Iterator<Item = Target>, wide: bool) {
        let rules = &self.store.columns.rules;
        if rules.caps.is_empty() && rules.quiet.is_empty() {
            return;
        }
        // what accounts hold for want of room may have it
        self.tick.lets_go.now();
        self.tick.freed.targets.extend(targets);
        let is_wide = |of| !matches!(of, CapScope::Member | CapScope::Group);
        if wide && rules.caps.iter().any(|cap| is_wide(cap.scope.of)) {
            self.tick.freed.from = Some(0);
        }
        self.tick.due = true;
    }

    /// Looks again at those who wait where room has become free; true when all were looked at.
    pub(super) fn room_is_taken(
        &mut self,
        act: &Act,
        room: &mut usize,
        full: usize,
    ) -> Result<bool, DeskError> {
        while *room > 0 && self.store.staged() < full {
            *room -= 1;
            if let Some(id) = self.tick.freed.waiting.first().copied() {
                self.wake(act, id)?;
                if self.is_fanned(id) {
                    // it has judged as many as a turn does: it goes on
                    return Ok(false);
                }
                self.tick.freed.waiting.remove(&id);
                continue;
            }
            let Some(target) = self.tick.freed.targets.pop_first() else { break };
            self.note_waiting(target)?;
            if let Target::Member(member) = target {
                // what their groups and friends owe each of their people may wait for them
                for circle in self.circles_of(member) {
                    self.note_waiting(circle)?;
                }
            }
        }
        let mut looked = 0;
        while *room > 0 && self.store.staged() < full {
            let Some(row) = self.tick.freed.from else { break };
            let enrolments = &self.store.columns.enrolments;
            let Some(column) = enrolments.get(row) else {
                self.tick.freed.from = None;
                break;
            };
            self.tick.freed.from = Some(row + 1);
            looked += 1;
            if looked >= ROWS_A_PLACE {
                (looked, *room) = (0, room.saturating_sub(1));
            }
            if column.state == RunState::Active
                && column.waits
                && let Some(id) = enrolments.id(row)
            {
                *room = room.saturating_sub(1);
                self.wake(act, id)?;
                if self.is_fanned(id) {
                    // the same row goes on
                    self.tick.freed.from = Some(row);
                    return Ok(false);
                }
            }
        }
        let freed = &self.tick.freed;
        Ok(freed.targets.is_empty() && freed.waiting.is_empty() && freed.from.is_none())
    }

    /// Notes which enrolments of a target wait for room, to be looked at.
    fn note_waiting(&mut self, target: Target) -> Result<(), DeskError> {
        for enrolment in self.running(target)? {
            if enrolment.status.waiting.as_ref().is_some_and(is_by_rules) {
                self.tick.freed.waiting.insert(enrolment.id);
            }
        }
        Ok(())
    }
}
