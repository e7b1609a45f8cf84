//! Works about what somebody says of many tasks at once: that they were sent, skipped, put off; and of what an absence
//! left.

use super::super::super::Desk;
use super::super::super::act::{Act, DeskError};
use super::super::task::next_rev;
use super::{Counts, Next, Walk};
use crate::book::time::DAY;
use crate::book::{EndReason, PlaybookId, Task, TaskId, TaskState, TaskStatus, Timestamp};
use crate::door::command::TaskVerb;
use crate::door::reply::Outcome;
use crate::store::columns::task::TaskSort;
use crate::store::record::Mark;

/// Bodies that are read for one task that is marked: its own, its text, what was said with it.
const READ: usize = 4;

impl Desk {
    /// Each task becomes what was said; which is so already, or may not, is told so.
    pub(super) fn mark_all(
        &mut self,
        act: &Act,
        tasks: &[TaskId],
        mark: &Mark,
        at: Timestamp,
        walk: &mut Walk,
        counts: &mut Counts,
    ) -> Result<bool, DeskError> {
        loop {
            if self.works.room.is_spent() {
                return Ok(false);
            }
            let Some(id) = tasks.get(walk.next as usize).copied() else { return Ok(true) };
            walk.next += 1;
            for _ in 0..READ {
                self.works.room.read();
            }
            // it may have been forgotten meanwhile
            let Some(task) = self.store.task(id)? else { continue };
            let staged = self.store.staged();
            let mut outcome = Outcome::default();
            let done = match mark {
                Mark::Sent { stated, also } => self.sent(act, &task, (at, *stated), *also, &mut outcome),
                Mark::Skip { reason, words } => {
                    let verb = TaskVerb::Skip { reason: *reason, words: words.clone() };
                    self.one_verb(act, &task, &verb, &mut outcome)
                }
                Mark::Snooze { until } => {
                    self.one_verb(act, &task, &TaskVerb::Snooze { until: *until }, &mut outcome)
                }
                Mark::Wake => self.one_verb(act, &task, &TaskVerb::Wake, &mut outcome),
            };
            for _ in staged..self.store.staged() {
                self.works.room.change();
            }
            counts.done += usize::from(self.store.staged() > staged);
            counts.tasks.push(self.task_outcome(id, done)?);
            counts.warn(outcome.warnings);
        }
    }

    /// What came due during an absence moves to tomorrow, or ends.
    pub(super) fn catch_up_all(
        &mut self,
        act: &Act,
        playbooks: &[PlaybookId],
        before: Timestamp,
        shifts: bool,
        walk: &mut Walk,
        counts: &mut Counts,
    ) -> Result<bool, DeskError> {
        let columns = &self.store.columns;
        let of: Vec<u16> = playbooks.iter().filter_map(|id| columns.playbook_position(id)).collect();
        loop {
            let next = self.next_open_task(walk, |task| {
                task.state == TaskState::Due
                    && task.sort == TaskSort::Step
                    && task.due_at <= before
                    && task.playbook.is_some_and(|playbook| of.contains(&playbook))
            });
            match next {
                Next::Later => return Ok(false),
                Next::End => return Ok(true),
                Next::Row(row) => {
                    self.works.room.read();
                    let Some(task) = self.store.task_at(row)? else { continue };
                    if let Some(after) = left_over_becomes(act, &task, shifts) {
                        self.works.room.change();
                        self.change_task(act, &task, after)?;
                        counts.done += 1;
                    }
                }
            }
        }
    }
}

/// What becomes of a task that an absence left; none where its span is over by tomorrow.
fn left_over_becomes(act: &Act, task: &Task, shifts: bool) -> Option<TaskStatus> {
    if !shifts {
        let (state, why) = (TaskState::Expired, EndReason::TooLate);
        return Some(task.status.ended(state, why, act.at, &act.by.operator));
    }
    let days = act.at.since(task.status.due_at).div_euclid(DAY) + 1;
    let due_at = Timestamp(task.status.due_at.0 + days * DAY);
    task.status.until.is_none_or(|until| until > due_at).then(|| TaskStatus {
        state: TaskState::Snoozed,
        snoozed_until: Some(due_at),
        due_at,
        ..next_rev(&task.status)
    })
}
