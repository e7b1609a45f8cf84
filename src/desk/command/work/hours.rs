//! Works of a change of the quiet hours: what is said by the new ones.
//!
//! What rules let out that are taken back waits for the end of the quiet hours that are again, or to its own end where that
//! is sooner, as the tick would have it; what somebody has begun to send stays, and is told. What quiet hours put off comes
//! when they let it now.

use super::super::super::Desk;
use super::super::super::act::{Act, DeskError};
use super::super::next_rev;
use super::{Counts, Walk};
use crate::book::{Task, TaskState, TaskStatus, Timestamp, Via};
use crate::queue::quiet::{Respect, respect};
use crate::store::columns::task::{TaskColumn, TaskSort};

impl Desk {
    /// What came due since an instant is held where it is quiet now, and what was held is held by the hours that are now.
    pub(super) fn quiet_again(
        &mut self,
        act: &Act,
        since: Timestamp,
        walk: &mut Walk,
        counts: &mut Counts,
    ) -> Result<bool, DeskError> {
        let may_change = |task: &TaskColumn| {
            let let_out = task.state == TaskState::Due && task.fired_at >= since;
            task.sort == TaskSort::Step && (let_out || task.state == TaskState::Snoozed)
        };
        self.each_open_task(walk, may_change, |desk, task| desk.by_hours_now(act, &task, counts))
    }

    fn by_hours_now(&mut self, act: &Act, task: &Task, counts: &mut Counts) -> Result<(), DeskError> {
        let status = &task.status;
        let is_put_off = status.is_put_off_by_quiet();
        if status.state == TaskState::Snoozed && !is_put_off {
            return Ok(());
        }
        let open = self.held_quiet_until(task, act.at)?;
        if open == status.snoozed_until.filter(|_| is_put_off) {
            return Ok(());
        }
        if status.is_touched() {
            counts.keep(self.kept_task(act, task));
            return Ok(());
        }
        self.works.room.change();
        let after = if let Some(open) = open {
            next_rev(status).quiet_to(open)
        } else {
            let (state, snoozed_until) = (TaskState::Due, None);
            TaskStatus { state, snoozed_until, quiet_until: None, ..next_rev(status) }
        };
        self.change_task(act, task, after)
    }

    /// Until when quiet hours hold a task: to its end where that comes first, since they may change. None where they do not.
    fn held_quiet_until(&self, task: &Task, now: Timestamp) -> Result<Option<Timestamp>, DeskError> {
        let respect = respect(task.class);
        if respect == Respect::Never || task.via == Via::Internal {
            return Ok(None);
        }
        let open = self.quiet_ends(task, self.zone_of_task(task)?, now)?;
        Ok(match (open, task.status.until) {
            (Some(open), Some(end)) if end <= open => (respect == Respect::Always).then_some(end),
            (open, _) => open,
        })
    }
}
