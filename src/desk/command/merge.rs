//! Several messages to one target in one text: one is sent, and with it all of them are.
//!
//! The text is made of all in their order (by class, priority and time). The first of the strictest class says it and
//! counts as what it is: who gets a message of service with an offer in it gets an offer. The others are held as merged
//! into it and do not count for caps. When it is sent, they end as sent in the same act; when it ends otherwise, they are
//! due again. It ends with the first of their ends; what is over by then is said with it no more, and the rest goes on.

use std::collections::VecDeque;

use super::super::Desk;
use super::super::act::{Act, DeskError};
use super::super::words::Words;
use super::task::next_rev;
use crate::book::{EndReason, Task, TaskId, TaskState, TaskStatus, Timestamp, Touch, Via};
use crate::door::reply::Outcome;
use crate::door::{Refusal, RefusalKind};
use crate::store::Body;
use crate::text::lang::Lang;

/// Begins why a task is held that another says with it; the other's id, its own end and the other's end follow.
const MERGED: &str = "merged:";

/// The task that says a held one with it.
pub(crate) fn merged_into(held: &str) -> Option<TaskId> {
    held.strip_prefix(MERGED)?.split(':').next()?.parse().ok()
}

/// When a merged task would have ended by itself.
pub(super) fn own_end(held: &str) -> Option<Timestamp> {
    held.strip_prefix(MERGED)?.split(':').nth(1)?.parse().ok().map(Timestamp)
}

/// The end of what has none.
const NEVER: Timestamp = Timestamp(i64::MAX);

/// When the task that says a merged one would have ended by itself; none where an older program did not write it down.
fn main_end(held: &str) -> Option<Timestamp> {
    let end = held.strip_prefix(MERGED)?.split(':').nth(2)?;
    Some(end.parse().ok().map_or(NEVER, Timestamp))
}

/// When the task that says others would have ended by itself: who was merged into it first found its own, the latest.
fn latest_main_end(merged: &[Task]) -> Option<Timestamp> {
    let mut own = None;
    for other in merged {
        own = own.max(Some(main_end(other.status.held.as_deref()?)?));
    }
    own
}

/// The end that a task has once one of those that are merged into it is not any more, where it is still the first of
/// their ends; none where it stays.
fn end_without(main: &Task, merged: &[Task], gone: TaskId) -> Option<Timestamp> {
    let own = latest_main_end(merged)?;
    let first = |of: &dyn Fn(&Task) -> bool| {
        let ends = merged.iter().filter(|other| of(other));
        let ends = ends.filter_map(|other| other.status.held.as_deref().and_then(own_end));
        ends.min().map_or(own, |end| end.min(own))
    };
    let (joint, without) = (first(&|_| true), first(&|other| other.id != gone));
    (main.status.until.unwrap_or(NEVER) == joint && joint != without).then_some(without)
}

impl Desk {
    /// Makes one text of several messages to one target.
    pub(super) fn merge(&mut self, act: &Act, ids: &[TaskId]) -> Result<Outcome, DeskError> {
        let mut tasks: Vec<Task> = Vec::new();
        for id in ids {
            if tasks.iter().all(|known| known.id != *id) {
                tasks.push(self.task_or_refuse(act, *id)?);
            }
        }
        if tasks.len() < 2 {
            return Err(Refusal::new(RefusalKind::Invalid, Words::MergeTwo.text(act.lang)).into());
        }
        tasks.sort_by_key(|task| (rank(task.class, task.priority), task.status.due_at, task.id));
        let mut texts = Vec::new();
        let first = tasks.first().map(|task| (task.target, task.via, task.status.account, task.group));
        for task in &tasks {
            self.must_be_open(act, task)?;
            let refuse = |words: Words| {
                let what = self.task_name(task.id);
                let words = words.fill(act.lang, &[("what", &what)]);
                Refusal::new(RefusalKind::State, words).about(what)
            };
            let group = if task.via == Via::Group { task.group } else { first.and_then(|f| f.3) };
            let same = Some((task.target, task.via, task.status.account, group)) == first;
            if !same || task.via == Via::Internal || task.status.held.is_some() {
                return Err(refuse(Words::MergeOther).into());
            }
            let text = self.task_text(task)?;
            let said = match text.parts.as_slice() {
                [only] if text.blocked.is_none() && !only.done => only.copy.clone(),
                _ => None,
            };
            texts.push(said.ok_or_else(|| refuse(Words::MergeParts))?);
        }
        let ends = tasks.iter().filter_map(|task| task.status.until).min();
        // the strictest class is the last in order
        let strictest = tasks.iter().map(|task| rank(task.class, 0)).max();
        let Some(main) = tasks.iter().find(|task| Some(rank(task.class, 0)) == strictest) else {
            return Ok(Outcome::default());
        };
        let others = tasks.iter().filter(|task| task.id != main.id);
        let mut bodies = Vec::with_capacity(tasks.len());
        let after = TaskStatus { until: ends, ..self.rewritten(main, Some(texts.join("\n\n"))) };
        bodies.push(Body::TaskChanged { task: main.id, before: main.status.clone(), after });
        for task in others {
            let end = |task: &Task| task.status.until.map(|end| end.0.to_string()).unwrap_or_default();
            let held = Some(format!("{MERGED}{}:{}:{}", main.id, end(task), end(main)));
            let after = TaskStatus { held, until: None, ..next_rev(&task.status) };
            bodies.push(Body::TaskChanged { task: task.id, before: task.status.clone(), after });
        }
        let words = self.describe(&bodies, act.lang);
        self.perform(act, bodies)?;
        Ok(Outcome { words, ..Outcome::default() })
    }

    /// `3 条并成一条: 张三`, where the bodies of an act are a merge.
    pub(super) fn merged(&self, bodies: &[Body], lang: Lang) -> Option<String> {
        let merged = |body: &Body| match body {
            Body::TaskChanged { before, after, .. } if before.held.is_none() => {
                merged_into(after.held.as_deref()?)
            }
            _ => None,
        };
        let into: Vec<TaskId> = bodies.iter().filter_map(merged).collect();
        let what = self.task_name(*into.first()?);
        Some(Words::Merged.fill(lang, &[("n", &(into.len() + 1)), ("what", &what)]))
    }

    /// Open tasks that another says with it.
    fn merged_with(&self, task: &Task) -> Result<Vec<Task>, DeskError> {
        let columns = &self.store.columns;
        let owner = columns.owner(task.target);
        let held = |row: &u32| columns.tasks.get(*row).is_some_and(|task| task.held);
        let rows = owner.into_iter().flat_map(|owner| columns.queue.of(owner)).filter(held);
        let ids: Vec<TaskId> = rows.filter_map(|row| columns.tasks.id(row)).collect();
        let mut found = Vec::new();
        for id in ids {
            let is = |other: &Task| other.status.held.as_deref().and_then(merged_into) == Some(task.id);
            found.extend(self.store.task(id)?.filter(is));
        }
        Ok(found)
    }

    /// The change that takes a merged task's words out of the text it was to be said with, and its end out of the end of
    /// that, each where it is still what the merge made; none where somebody changed both.
    pub(super) fn taken_out(&self, task: &Task) -> Result<Option<Body>, DeskError> {
        let Some(main) = task.status.held.as_deref().and_then(merged_into) else { return Ok(None) };
        let Some(main) = self.store.task(main)?.filter(|main| main.status.state.is_open()) else {
            return Ok(None);
        };
        let own = Task { status: TaskStatus { edited: None, ..main.status.clone() }, ..main.clone() };
        let mut all = self.merged_with(&main)?;
        if all.iter().all(|other| other.id != task.id) {
            // it has ended just now
            all.push(task.clone());
        }
        let mut said_of = all.clone();
        said_of.push(own);
        said_of.sort_by_key(|task| (rank(task.class, task.priority), task.status.due_at, task.id));
        let (mut whole, mut rest) = (Vec::new(), Vec::new());
        for other in &said_of {
            let said = self.said_alone(other)?;
            if other.id != task.id {
                rest.push(said.clone());
            }
            whole.push(said);
        }
        let mut after = next_rev(&main.status);
        if main.status.edited.as_deref() == Some(whole.join("\n\n").as_str()) {
            after.edited = (rest.len() > 1).then(|| rest.join("\n\n"));
        }
        if let Some(until) = end_without(&main, &all, task.id) {
            after.until = Some(until).filter(|until| *until != NEVER);
        }
        let changes = after != next_rev(&main.status);
        let body = Body::TaskChanged { task: main.id, before: main.status, after };
        Ok(Some(body).filter(|_| changes))
    }

    /// What was merged and has ended: what was to be said with it is due by itself, and it is not said with another.
    pub(in crate::desk) fn merge_ends(
        &mut self,
        act: &Act,
        id: TaskId,
        before: &TaskStatus,
    ) -> Result<(), DeskError> {
        self.merged_are_free(act, id)?;
        if before.held.as_deref().and_then(merged_into).is_none() {
            return Ok(());
        }
        let Some(task) = self.store.task(id)? else { return Ok(()) };
        let body = self.taken_out(&Task { status: before.clone(), ..task })?;
        body.map_or(Ok(()), |body| self.stage(act, body))
    }

    /// The first of the ends of merged tasks has come: those of which it is the own are not said with the others any more
    /// and end by themselves. False where there are none, or the one that says them is over as well.
    pub(in crate::desk) fn merged_part_ends(
        &mut self,
        act: &Act,
        main: &Task,
        at: Timestamp,
    ) -> Result<bool, DeskError> {
        let merged = self.merged_with(main)?;
        let Some(own) = latest_main_end(&merged) else { return Ok(false) };
        if self.end_within_campaign(main, Some(own))?.is_some_and(|end| end <= at) {
            return Ok(false);
        }
        let mut some = false;
        for other in merged {
            let until = self.end_within_campaign(&other, other.status.held.as_deref().and_then(own_end))?;
            if until.is_none_or(|end| end > at) {
                continue;
            }
            let taken_out = self.taken_out(&other)?;
            let after = TaskStatus { until, held: None, ..next_rev(&other.status) };
            self.stage(act, Body::TaskChanged { task: other.id, before: other.status, after })?;
            taken_out.map_or(Ok(()), |body| self.stage(act, body))?;
            some = true;
        }
        Ok(some)
    }

    /// What a message of one part says by itself.
    fn said_alone(&self, task: &Task) -> Result<String, DeskError> {
        let text = self.task_text(task)?;
        Ok(text.parts.into_iter().find_map(|part| part.copy).unwrap_or_default())
    }

    /// What is sent with a task that is sent.
    pub(super) fn merged_are_sent(
        &mut self,
        act: &Act,
        task: &Task,
        sent_at: Timestamp,
    ) -> Result<Vec<Body>, DeskError> {
        let mut bodies = Vec::new();
        let mut said = VecDeque::from(self.merged_with(task)?);
        while let Some(other) = said.pop_front() {
            // what was one text of several when it was merged
            said.extend(self.merged_with(&other)?);
            let mut after = other.status.ended(TaskState::Sent, EndReason::Sent, sent_at, &act.by.operator);
            after.parts_done = 1;
            bodies.push(Body::TaskChanged { task: other.id, before: other.status.clone(), after });
            let text = self.task_text(&other)?;
            let touch = self.touch_of(act, &other, sent_at, &text);
            bodies.extend(touch.map(|touch| Body::Touched(Touch { with: Some(task.id), ..touch })));
        }
        Ok(bodies)
    }

    /// What was to be said with a task that ended unsaid is due again by itself.
    fn merged_are_free(&mut self, act: &Act, id: TaskId) -> Result<(), DeskError> {
        let Some(task) = self.store.task(id)?.filter(|task| task.status.state != TaskState::Sent) else {
            return Ok(());
        };
        for other in self.merged_with(&task)? {
            let until = self.end_within_campaign(&other, other.status.held.as_deref().and_then(own_end))?;
            let held = self.still_held(&other)?;
            let after = TaskStatus { until, held, ..next_rev(&other.status) };
            self.stage(act, Body::TaskChanged { task: other.id, before: other.status, after })?;
        }
        Ok(())
    }

    /// What is said of an account that has sent so many that a rest is due.
    pub(super) fn pace_warning(&self, act: &Act, task: &Task, sent_at: Timestamp) -> Option<String> {
        let columns = &self.store.columns;
        let per_hour = columns.rules.pace.per_hour;
        let account = task.status.account.filter(|_| per_hour > 0 && task.via != Via::Internal)?;
        let row = columns.accounts.row(account)?;
        let sent = self.sent_in_hour_before(sent_at).get(&row).copied();
        let (n, oldest) = sent.map_or((0, None), |(n, first)| (n, Some(first)));
        // this one is not in the book yet
        let n = n + 1;
        // once more after each quarter of what an hour takes: who goes on is told again
        let again = (per_hour / 4).clamp(1, 10);
        if n < per_hour || !(n - per_hour).is_multiple_of(again) {
            return None;
        }
        let hour = crate::book::time::HOUR;
        let minutes = oldest.map_or(60, |at| (at.0 + hour - act.at.0).max(0) / crate::book::time::MINUTE + 1);
        let name = self.display_name(crate::book::Target::Account(account));
        let values: [(&str, &dyn std::fmt::Display); 3] = [("name", &name), ("n", &n), ("minutes", &minutes)];
        Some(Words::PaceRest.fill(act.lang, &values))
    }
}

pub(crate) use crate::queue::order::importance as rank;
