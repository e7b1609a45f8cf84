//! Tasks: how far one is taken back to what it was, and what was fired by the act.

use super::super::super::Desk;
use super::super::super::act::{Act, DeskError};
use super::super::super::follow::{HELD_ACCOUNT, marketing_off};
use super::super::super::view::subject::state_word;
use super::super::super::words::Words;
use super::super::super::words::book::BookWords;
use super::super::super::words::compose::ComposeWords;
use super::super::describe::is_act_on_task;
use super::super::work::{end_of_removed, follows_campaign};
use super::kept::Kept;
use super::reverse::put_back;
use crate::book::{
    EndReason, Enrolment, EnrolmentState, EnrolmentStatus, Task, TaskId, TaskState, TaskStatus, Timestamp,
    Via,
};
use crate::door::compose::is_one_off;
use crate::sop::format::{Playbook, Start, When};
use crate::store::Body;
use crate::store::record::PlaybookState;

/// Where a task stands: what one act sets together and is only taken back together.
#[derive(Debug, PartialEq)]
pub(super) struct Place<'a> {
    state: TaskState,
    due_at: Timestamp,
    until: Option<Timestamp>,
    snoozed_until: Option<Timestamp>,
    end: Option<&'a EndReason>,
    ended_at: Option<Timestamp>,
    ended_by: &'a str,
}

/// Where a task stands.
pub(super) fn place(status: &TaskStatus) -> Place<'_> {
    Place {
        state: status.state,
        due_at: status.due_at,
        until: status.until,
        snoozed_until: status.snoozed_until,
        end: status.end.as_ref(),
        ended_at: status.ended_at,
        ended_by: &status.ended_by,
    }
}

/// The status without what a change did to it, and whether something of the change stays because it is different
/// since.
fn taken_back(now: &TaskStatus, before: &TaskStatus, after: &TaskStatus) -> (TaskStatus, bool) {
    let moved = place(before) != place(after);
    if moved && place(now) != place(after) {
        return (now.clone(), now.state != before.state);
    }
    let mut back = now.clone();
    let mut differs = false;
    put_back(&mut back.held, &before.held, &after.held, &mut differs);
    if !moved && before.state.is_open() && !now.state.is_open() {
        // a text that was edited, a part that was ticked: the task has ended with them since
        let by_hand = |status: &TaskStatus| {
            let edited = (status.edited.clone(), status.edited_texts.clone());
            (status.parts_done, edited, status.checked, status.assignee.clone())
        };
        return (back, by_hand(before) != by_hand(after));
    }
    if moved {
        back.state = before.state;
        back.due_at = before.due_at;
        back.until = before.until;
        back.snoozed_until = before.snoozed_until;
        back.quiet_until = before.quiet_until;
        back.end.clone_from(&before.end);
        back.ended_at = before.ended_at;
        back.ended_by.clone_from(&before.ended_by);
        if back.copied.is_empty() {
            back.copied.clone_from(&before.copied);
        }
    }
    // a part that was not said after all was not said so
    back.copied.retain(|kept| before.copied.contains(kept) || !after.copied.contains(kept));
    // parts are ticked one by one, by several hands
    let (ticked, unticked) = (after.parts_done & !before.parts_done, before.parts_done & !after.parts_done);
    back.parts_done = (now.parts_done & !ticked) | unticked;
    put_back(&mut back.account, &before.account, &after.account, &mut differs);
    put_back(&mut back.edited, &before.edited, &after.edited, &mut differs);
    put_back(&mut back.edited_texts, &before.edited_texts, &after.edited_texts, &mut differs);
    put_back(&mut back.corrected, &before.corrected, &after.corrected, &mut differs);
    put_back(&mut back.assignee, &before.assignee, &after.assignee, &mut differs);
    put_back(&mut back.replied_at, &before.replied_at, &after.replied_at, &mut differs);
    put_back(&mut back.checked, &before.checked, &after.checked, &mut differs);
    put_back(&mut back.acknowledged, &before.acknowledged, &after.acknowledged, &mut differs);
    (back, differs)
}

impl Desk {
    pub(super) fn reverse_task(
        &mut self,
        act: &Act,
        id: TaskId,
        before: &TaskStatus,
        after: &TaskStatus,
        kept: &mut Kept,
    ) -> Result<(), DeskError> {
        let Some(task) = self.store.task(id)? else { return Ok(()) };
        if !is_act_on_task(before, after) || follows_campaign(before, after) {
            return Ok(());
        }
        let now = &task.status;
        let (back, stays) = taken_back(now, before, after);
        if stays {
            kept.words.push(self.kept_task(act, &task));
        }
        if back == *now {
            return Ok(());
        }
        let back = if back.state.is_open() { self.by_the_right_clock(act, &task, back)? } else { back };
        if back.state.is_open() && back.held.is_none() && (!now.state.is_open() || now.held.is_some()) {
            kept.reopened.push(id);
        }
        let back = TaskStatus { rev: now.rev + 1, ..back };
        let body = Body::TaskChanged { task: id, before: now.clone(), after: back };
        self.put(act, body, kept)
    }

    /// What an undo brought back is judged by what is so now: its playbook was removed, nobody can speak in its group any
    /// more, they want no marketing any more, its account is limited. Then what it waits for all to be back with is done.
    pub(super) fn owed_again(&mut self, act: &Act, kept: &mut Kept) -> Result<(), DeskError> {
        for id in std::mem::take(&mut kept.reopened) {
            let Some(task) = self.store.task(id)?.filter(|task| task.status.state.is_open()) else {
                continue;
            };
            let columns = &self.store.columns;
            let position = columns.tasks.by_id(id).and_then(|column| column.playbook);
            let playbook = position.and_then(|at| columns.playbook_at(at)).map(|(id, _)| id.clone());
            if let Some(removed) = playbook.filter(|id| self.stands_so(id, PlaybookState::Removed)) {
                let title = self.title(&removed);
                kept.words.push(if is_one_off(&removed) {
                    ComposeWords::OverAlready.fill(act.lang, &[("title", &title)])
                } else {
                    Words::PlaybookRemovedAlready.fill(act.lang, &[("id", &title)])
                });
                let after = task.status.ended(TaskState::Cancelled, end_of_removed(&removed), act.at, "");
                self.stage(act, Body::TaskChanged { task: id, before: task.status, after })?;
                continue;
            }
            self.next_waits_again(act, &task)?;
            for of in &task.of {
                let enrolment = self.store.enrolment(*of)?;
                let over = enrolment.filter(|of| of.status.state == EnrolmentState::Finished);
                let Some(over) = over else { continue };
                if self.ends_with_something(&over) {
                    // another act ended their playbook, with all that followed: that one is undone by itself
                    kept.words.push(self.kept_enrolment(act, &over));
                    continue;
                }
                let after = EnrolmentStatus {
                    state: EnrolmentState::Active,
                    next_at: None,
                    waiting: None,
                    ended_at: None,
                    ..over.status.clone()
                };
                let body = Body::EnrolmentChanged { enrolment: over.id, before: over.status, after };
                self.put(act, body, kept)?;
            }
            let group = task.group.filter(|_| task.via == Via::Group);
            let group = group.and_then(|id| self.store.columns.groups.by_id(id)).map(|group| &group.body);
            let rule = match group.filter(|group| group.archived || !group.state.is_open()) {
                Some(group) if group.archived => Some("state:archived".to_owned()),
                Some(group) => Some(format!("state:{}", state_word(group.state).word())),
                None => self.is_marketing_off(task.class, task.target).then(|| marketing_off().word()),
            };
            let after = if let Some(rule) = rule {
                task.status.ended(TaskState::Cancelled, EndReason::Stopped { rule }, act.at, "")
            } else if task.status.held.is_none() && self.is_refused(&task) {
                let held = Some(HELD_ACCOUNT.to_owned());
                TaskStatus { held, rev: task.status.rev + 1, ..task.status.clone() }
            } else {
                continue;
            };
            self.stage(act, Body::TaskChanged { task: id, before: task.status, after })?;
        }
        for work in std::mem::take(&mut kept.works) {
            // what goes on again of the act itself does it by that
            let goes_on = self.store.columns.works.iter().any(|left| left.work.is_same_day_off(&work));
            if !goes_on {
                self.undertake(act, work)?;
            }
        }
        Ok(())
    }

    /// Whether the end of an enrolment brings something about that would come about again with another end.
    fn ends_with_something(&self, enrolment: &Enrolment) -> bool {
        let own = self.playbooks.of(enrolment, &self.store.columns);
        let follows = |of: &Playbook| of.start == Start::After { playbook: enrolment.playbook.clone() };
        own.is_none_or(|own| own.ends.iter().any(|end| end.when == When::Finished && !end.then.is_empty()))
            || self.running_playbooks().iter().any(|(_, playbook)| follows(playbook))
    }

    pub(super) fn reverse_fired(
        &mut self,
        act: &Act,
        id: TaskId,
        fired: &TaskStatus,
        kept: &mut Kept,
    ) -> Result<(), DeskError> {
        let Some(task) = self.store.task(id)? else { return Ok(()) };
        let untouched = !is_act_on_task(fired, &task.status) || !task.status.is_touched();
        if !task.status.state.is_open() {
            if task.status.state == TaskState::Sent {
                kept.words.push(self.kept_task(act, &task));
            }
            Ok(())
        } else if untouched {
            self.cancel_undone(act, &task, kept)
        } else {
            kept.words.push(self.kept_task(act, &task));
            Ok(())
        }
    }

    pub(super) fn cancel_undone(&mut self, act: &Act, task: &Task, kept: &mut Kept) -> Result<(), DeskError> {
        let after = task.status.ended(TaskState::Cancelled, EndReason::Undone, act.at, &act.by.operator);
        let before = task.status.clone();
        self.put(act, Body::TaskChanged { task: task.id, before, after }, kept)
    }

    pub(in super::super) fn kept_task(&self, act: &Act, task: &Task) -> String {
        let name = self.display_name(task.target);
        BookWords::KeptTask.fill(act.lang, &[("name", &name)])
    }
}
