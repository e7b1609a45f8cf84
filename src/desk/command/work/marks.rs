//! Works about what somebody says of many tasks at once: that they were sent, skipped, put off; and of what an absence
//! left.

use super::super::super::Desk;
use super::super::super::act::{Act, DeskError};
use super::super::task::next_rev;
use super::{Counts, Walk};
use crate::book::time::DAY;
use crate::book::{EndReason, PlaybookId, Task, TaskId, TaskState, TaskStatus, Timestamp};
use crate::door::command::TaskVerb;
use crate::door::reply::Outcome;
use crate::store::columns::task::{TaskColumn, TaskSort};
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
        let at_place = |_: &Self, walk: &Walk| tasks.get(walk.next as usize).copied();
        self.each_of(walk, at_place, |desk, id| {
            for _ in 0..READ {
                desk.works.room.read();
            }
            // it may have been forgotten meanwhile
            let Some(task) = desk.store.task(id)? else { return Ok(()) };
            let staged = desk.store.staged();
            let mut outcome = Outcome::default();
            let done = match mark {
                Mark::Sent { stated, also } => desk.sent(act, &task, (at, *stated), *also, &mut outcome),
                Mark::Skip { reason, words } => {
                    let verb = TaskVerb::Skip { reason: *reason, words: words.clone() };
                    desk.one_verb(act, &task, &verb, &mut outcome)
                }
                Mark::Snooze { until } => {
                    desk.one_verb(act, &task, &TaskVerb::Snooze { until: *until }, &mut outcome)
                }
                Mark::Wake => desk.one_verb(act, &task, &TaskVerb::Wake, &mut outcome),
            };
            for _ in staged..desk.store.staged() {
                desk.works.room.change();
            }
            counts.done += usize::from(desk.store.staged() > staged);
            counts.tasks.push(desk.task_outcome(id, done)?);
            counts.warn(outcome.warnings);
            Ok(())
        })
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
        let left = |task: &TaskColumn| {
            task.state == TaskState::Due
                && task.sort == TaskSort::Step
                && task.due_at <= before
                && task.playbook.is_some_and(|playbook| of.contains(&playbook))
        };
        self.each_open_task(walk, left, |desk, task| {
            let Some(after) = left_over_becomes(act, &task, shifts) else { return Ok(()) };
            desk.works.room.change();
            counts.done += 1;
            desk.change_task(act, &task, after)
        })
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
