//! Tasks that gather members follow the book until they are sent: who has checked in since is not reminded.
//!
//! A gathered task was fired for everybody for whom its step's `if` held at that moment, and often lies in the queue
//! while news comes in: the last check-ins are told just before the reminder is sent. What happened to a member is
//! therefore asked of their open gathered tasks again; a task that nobody is left in ends by the same rule as one
//! whose condition was false from the start. A text that was said stands as it was
//! said, while whom it still has to name follows.
//!
//! So does what a group or an account owes to whoever of its people matches: who has picked up since is not reminded.

use super::Desk;
use super::act::{Act, DeskError};
use super::command::next_rev;
use super::enrolling::falls_out;
use super::view::subject::Scene;
use crate::book::{
    EndReason, Enrolment, MemberId, Target, Task, TaskId, TaskKind, TaskState, TaskStatus, Timestamp,
};
use crate::queue::order::Owner;
use crate::sop::format::TargetKind;
use crate::store::Body;
use crate::store::columns::task::TaskSort;

impl Desk {
    /// Takes a member out of gathered tasks whose `if` no longer holds for them.
    pub(crate) fn gather_again(&mut self, act: &Act, member: MemberId) -> Result<(), DeskError> {
        // most members have nothing open: no enrolment is read for them
        if self.store.columns.members.by_id(member).is_none_or(|column| column.enrolled().next().is_none()) {
            return Ok(());
        }
        for enrolment in self.running(Target::Member(member))? {
            for task in self.tasks_that_end_with(&enrolment)? {
                if self.is_still_meant(act, &task, &enrolment)? {
                    continue;
                }
                let is_copied = task.status.copied_at.is_some();
                let body = if let Some(member) = falls_out(&task, &enrolment) {
                    Body::TaskJoined { task: task.id, enrolment: enrolment.id, member, undone: true }
                } else {
                    let after = task.status.ended(TaskState::Skipped, EndReason::Condition, act.at, "");
                    Body::TaskChanged { task: task.id, before: task.status, after }
                };
                self.perform(act, vec![body])?;
                if is_copied {
                    self.copy_again(act, task.id)?;
                }
            }
        }
        Ok(())
    }

    /// Ends what a group or an account owes to whoever matches where a member does so no more, and nobody has begun to
    /// send it.
    pub(crate) fn meant_again(&mut self, act: &Act, member: MemberId) -> Result<(), DeskError> {
        let columns = &self.store.columns;
        let Some(row) = columns.members.row(member) else { return Ok(()) };
        let of_others = |task: &u32| {
            let position = columns.tasks.get(*task).filter(|task| task.sort == TaskSort::Step)?.playbook?;
            let (_, playbook) = self.playbook_here(position)?;
            Some(playbook.target != TargetKind::Member)
        };
        let rows: Vec<u32> =
            columns.queue.of(Owner::member(row)).filter(|task| of_others(task) == Some(true)).collect();
        for row in rows {
            let Some(task) = self.store.task_at(row)? else { continue };
            let begun = task.status.copied_at.is_some() || task.status.parts_done != 0;
            let Some(who) = self.not_meant(&task, act.at)?.filter(|_| !begun) else { continue };
            let why = EndReason::NotMeant { who };
            let after = task.status.ended(TaskState::Cancelled, why, act.at, "");
            self.perform(act, vec![Body::TaskChanged { task: task.id, before: task.status, after }])?;
        }
        Ok(())
    }

    /// The filter by which a task was owed to its target where that does not match any more; none where it does.
    pub(crate) fn not_meant(&self, task: &Task, now: Timestamp) -> Result<Option<String>, DeskError> {
        let (TaskKind::Step { key, .. }, Target::Member(member)) = (&task.kind, task.target) else {
            return Ok(None);
        };
        let Some((playbook, position)) = self.step_of(task) else { return Ok(None) };
        let who = playbook.step(position).and_then(|step| step.who.as_ref());
        let Some(who) = who.filter(|_| playbook.target != TargetKind::Member) else { return Ok(None) };
        let within = if playbook.target == TargetKind::Group {
            task.group.map(Target::Group)
        } else {
            let of = task.of.first().map(|id| self.store.enrolment(*id)).transpose()?.flatten();
            of.map(|of| of.target)
        };
        let group = task.group.filter(|_| playbook.target == TargetKind::Group);
        let run = key.run_day(task.day);
        let mut named = Vec::new();
        for asked in self.asked_in(who)? {
            let answer = self.answer(&key.playbook, run, group, &asked).unwrap_or_default();
            let members = self.may_be_named(answer, member).then_some(member).into_iter().collect();
            named.push((asked, members));
        }
        let column = self.store.columns.members.by_id(member);
        let belongs = column.zip(within).is_some_and(|(column, within)| self.belongs(&column, within));
        let scene = Scene { named: &named, ..self.scene(now) };
        let holds = belongs && self.matches_in(who, task.target, scene)?;
        Ok((!holds).then(|| who.clone()))
    }

    /// What was copied is not what the task says now.
    fn copy_again(&mut self, act: &Act, task: TaskId) -> Result<(), DeskError> {
        let Some(task) = self.store.task(task)?.filter(|task| task.status.state.is_open()) else {
            return Ok(());
        };
        let copied_by = String::new();
        let after = TaskStatus { copied_at: None, copied_by, copied_parts: 0, ..next_rev(&task.status) };
        self.stage(act, Body::TaskChanged { task: task.id, before: task.status, after })
    }

    /// False for a gathered task whose condition no longer holds for one of its members, unless a part of it was said
    /// that would change with them.
    fn is_still_meant(&self, act: &Act, task: &Task, enrolment: &Enrolment) -> Result<bool, DeskError> {
        let TaskKind::Step { key, .. } = &task.kind else { return Ok(true) };
        let Some((playbook, position)) = self.step_of(task) else { return Ok(true) };
        let step = playbook.step(position).filter(|step| !step.condition.filter.is_empty());
        let Some(step) = step.filter(|_| {
            !task.members.is_empty() && (task.status.parts_done == 0 || task.status.edited.is_some())
        }) else {
            return Ok(true);
        };
        self.condition_holds(enrolment, &playbook, step, key.run_day(task.day), act.at)
    }
}
