//! Works of an undo about what the rules that it took back let out: inside the quiet hours that came back nothing stays due.
//!
//! What nobody has begun to send waits for their end, or is over where its span is over before that, as the tick would have
//! it; what somebody has begun stays, and is told.

use super::super::super::Desk;
use super::super::super::act::{Act, DeskError};
use super::super::next_rev;
use super::{Counts, Walk};
use crate::book::{EndReason, Task, TaskState, TaskStatus, Timestamp, Via, WaitReason};
use crate::queue::quiet::{Respect, respect};
use crate::store::columns::task::{TaskColumn, TaskSort};

impl Desk {
    /// What came due since an instant is held where it is quiet now.
    pub(super) fn quiet_again(
        &mut self,
        act: &Act,
        since: Timestamp,
        walk: &mut Walk,
        counts: &mut Counts,
    ) -> Result<bool, DeskError> {
        let let_out = |task: &TaskColumn| {
            task.state == TaskState::Due && task.sort == TaskSort::Step && task.fired_at >= since
        };
        self.each_open_task(walk, let_out, |desk, task| desk.falls_quiet(act, &task, counts))
    }

    fn falls_quiet(&mut self, act: &Act, task: &Task, counts: &mut Counts) -> Result<(), DeskError> {
        let respect = respect(task.class);
        if respect == Respect::Never || task.via == Via::Internal {
            return Ok(());
        }
        let Some(open) = self.quiet_ends(task, self.zone_of_task(task)?, act.at)? else { return Ok(()) };
        let status = &task.status;
        let fits = status.until.is_none_or(|until| open < until);
        if !fits && respect == Respect::WithinSpan {
            return Ok(());
        }
        if status.is_touched() {
            counts.keep(self.kept_task(act, task));
            return Ok(());
        }
        self.works.room.change();
        let after = if fits {
            let (state, snoozed_until) = (TaskState::Snoozed, Some(open));
            TaskStatus { state, snoozed_until, seen_at: None, ..next_rev(status) }
        } else {
            status.ended(TaskState::Expired, EndReason::Held { why: WaitReason::QuietHours }, act.at, "")
        };
        self.change_task(act, task, after)
    }
}
