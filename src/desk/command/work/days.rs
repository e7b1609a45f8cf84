//! Works of an undo about what is owed already: steps and days that the text or the calendar that came back has not.
//!
//! What nobody has begun to send of them goes with what had brought it; what somebody has stays, and is told.

use std::sync::Arc;

use super::super::super::Desk;
use super::super::super::act::{Act, DeskError};
use super::{Counts, Walk};
use crate::book::{EndReason, Enrolment, PlaybookId, Target, Task, TaskKind, TaskState};
use crate::sop::calendar::holidays::{self, Holidays};
use crate::sop::format::{Every, Playbook};
use crate::sop::schedule::Course;
use crate::store::Body;
use crate::store::columns::parse_zone;
use crate::store::columns::task::{TaskColumn, TaskSort};

/// A text of a playbook, and the working days that are known.
type Plan<'a> = (&'a Playbook, &'a Holidays);

impl Desk {
    /// What is owed by some versions of a playbook, and the one that came back would never have: it goes.
    pub(super) fn undone_with_text(
        &mut self,
        act: &Act,
        id: &PlaybookId,
        from: &[u32],
        to: u32,
        walk: &mut Walk,
        counts: &mut Counts,
    ) -> Result<bool, DeskError> {
        let columns = &self.store.columns;
        let (Some(position), Some(column)) = (columns.playbook_position(id), columns.playbooks.get(id))
        else {
            return Ok(true);
        };
        let Some(is) = self.playbooks.get(id, to) else { return Ok(true) };
        // what the same text made owed before is as it was
        let text = column.versions.get(&to);
        let from: Vec<u32> = from.iter().copied().filter(|of| column.versions.get(of) != text).collect();
        // the to-do of a form does not say which text asked for it
        let asked = from.iter().max().and_then(|version| self.playbooks.get(id, *version));
        let holidays = columns.holidays.clone();
        let inside = |task: &TaskColumn| {
            let of_them = from.contains(&task.version) || task.sort == TaskSort::Ask;
            task.playbook == Some(position) && of_them
        };
        self.each_open_task(walk, inside, |desk, task| {
            if desk.is_step_gone(&task, &is) {
                return desk.goes_with_it(act, &task);
            }
            let was = match &task.kind {
                TaskKind::Step { version, .. } => desk.playbooks.get(id, *version),
                _ => asked.clone(),
            };
            let Some(was) = was else { return Ok(()) };
            let (was, is): (Plan<'_>, Plan<'_>) = ((&was, &holidays), (&is, &holidays));
            let of_it = |e: &Enrolment| e.status.version == to || !e.status.state.is_running();
            desk.goes_where_gone(act, &task, |e| of_it(e) && is_gone(&task, e, was, is), counts)
        })
    }

    /// What is owed of working days that a year had, as it was before an undo, and has not now: it goes.
    pub(super) fn undone_with_year(
        &mut self,
        act: &Act,
        (year, before): (i32, &str),
        walk: &mut Walk,
        counts: &mut Counts,
    ) -> Result<bool, DeskError> {
        let now = self.store.columns.holidays.clone();
        let mut then = Holidays::clone(&now);
        then.set(year, holidays::read(before).ok().and_then(|mut years| years.remove(&year)));
        let by_workdays = |playbook: &Arc<Playbook>| {
            playbook.start.recurrence().is_some_and(|recurrence| recurrence.every == Every::Workdays)
        };
        let columns = &self.store.columns;
        let of: Vec<u16> = columns
            .playbooks
            .iter()
            .filter(|(id, column)| {
                let mut texts = column.versions.keys().filter_map(|version| self.playbooks.get(id, *version));
                texts.any(|playbook| by_workdays(&playbook))
            })
            .filter_map(|(id, _)| columns.playbook_position(id))
            .collect();
        let inside = |task: &TaskColumn| task.playbook.is_some_and(|position| of.contains(&position));
        self.each_open_task(walk, inside, |desk, task| {
            let (id, version) = match &task.kind {
                TaskKind::Step { key, version, .. } => (&key.playbook, Some(*version)),
                TaskKind::Ask { playbook, .. } => (playbook, None),
                _ => return Ok(()),
            };
            let columns = &desk.store.columns;
            let version = version.or_else(|| columns.playbooks.get(id).map(|column| column.current));
            let text = version.and_then(|version| desk.playbooks.get(id, version));
            let Some(text) = text.filter(by_workdays) else { return Ok(()) };
            let gone = |e: &Enrolment| is_gone(&task, e, (&text, &then), (&text, &now));
            desk.goes_where_gone(act, &task, gone, counts)
        })
    }

    /// An open task goes, or whoever of those it is for has it no more leaves it; touched it stays, and is told.
    fn goes_where_gone(
        &mut self,
        act: &Act,
        task: &Task,
        gone: impl Fn(&Enrolment) -> bool,
        counts: &mut Counts,
    ) -> Result<(), DeskError> {
        let mut leave = Vec::new();
        for id in &task.of {
            self.works.room.read();
            leave.extend(self.store.enrolment(*id)?.filter(&gone));
        }
        if leave.is_empty() {
            return Ok(());
        }
        if task.status.is_touched() {
            counts.keep(self.kept_task(act, task));
            return Ok(());
        }
        if leave.len() == task.of.len() {
            return self.goes_with_it(act, task);
        }
        for enrolment in leave {
            if let Target::Member(member) = enrolment.target {
                self.works.room.change();
                let body = Body::TaskJoined { task: task.id, enrolment: enrolment.id, member, undone: true };
                self.stage(act, body)?;
            }
        }
        Ok(())
    }

    fn goes_with_it(&mut self, act: &Act, task: &Task) -> Result<(), DeskError> {
        self.works.room.change();
        let after = task.status.ended(TaskState::Cancelled, EndReason::Undone, act.at, &act.by.operator);
        self.change_task(act, task, after)
    }
}

/// Whether an enrolment had what a task is of, and has it no more.
fn is_gone<'a>(task: &Task, enrolment: &'a Enrolment, was: Plan<'a>, is: Plan<'a>) -> bool {
    let zone = parse_zone(enrolment.zone_name()).unwrap_or(chrono_tz::UTC);
    let anchor = &enrolment.status.anchor;
    let course = |(playbook, holidays): Plan<'a>| Course { playbook, anchor, zone, holidays };
    let (was, is) = (course(was), course(is));
    match &task.kind {
        TaskKind::Step { key, .. } => {
            let gathers = |(_, step): (u16, &crate::sop::format::Step)| step.collects(was.playbook.target);
            let gathers = was.playbook.step_by_id(&key.step).is_some_and(gathers);
            let ordinal = (!gathers).then_some(key.ordinal);
            !is.has_too(&was, &key.step, key.occurrence, ordinal, task.day)
        }
        TaskKind::Ask { run, key, .. } => {
            let asks =
                |of: &Course<'_>| of.has_round(*run) && of.playbook.asks.iter().any(|ask| ask.key == *key);
            asks(&was) && !asks(&is)
        }
        _ => false,
    }
}
