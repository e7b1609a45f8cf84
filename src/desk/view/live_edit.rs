//! What applying another text of a playbook would do, told before it is done: to the text, to open tasks, and to what
//! comes next for everybody in it. The three are told apart, for open tasks are owed already and keep their words.
//!
//! Everybody is looked at, a few a turn, so the numbers are exact but for who moved on meanwhile.

use std::collections::BTreeMap;

use super::task_line::clean;
use super::words::ViewWords;
use crate::book::{EnrolmentId, EnrolmentState, Timestamp};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::door::detail::{NextChange, SopDiff};
use crate::sop::Playbook;
use crate::sop::diff::{Difference, compare};
use crate::sop::schedule::{Course, Planned};
use crate::store::columns::enrolment::{EnrolmentColumn, RunState};
use crate::store::columns::parse_zone;
use crate::store::columns::task::{TaskColumn, TaskSort};
use crate::text::lang::Lang;

/// Changes that are told one by one, those with the nearest instants first.
const TOLD: usize = 12;

/// What comparing one enrolment costs, in the steps of [`super::scan::SLICE`]: its body is read, two courses are asked.
const COMPARE: usize = 2_000;

/// A text that is being compared with the version that runs, and both with where everybody stands, in slices.
pub(super) struct Comparing {
    after: Playbook,
    diff: SopDiff,
    /// Whether there is a version to compare with.
    known: bool,
    /// When it is applied, as far as that is known: what lies before comes from neither.
    at: Timestamp,
    /// The next task and the next enrolment.
    task: u32,
    enrolment: u32,
    /// The nearest changes, the last of them first to go: in line nothing has an instant, and comes last.
    nearest: BTreeMap<(bool, Option<Timestamp>, EnrolmentId), NextChange>,
}

impl Comparing {
    /// Reads the text and compares it with the one that runs.
    pub(super) fn begin(
        desk: &Desk,
        toml: &str,
        file: &str,
        now: Timestamp,
        lang: Lang,
    ) -> Result<Self, DeskError> {
        let (after, mut warnings) = desk.read_playbook(toml, file, lang)?;
        warnings.extend(desk.outside_warnings(&after, toml, file, now, lang));
        let columns = &desk.store.columns;
        let mut diff = SopDiff { title: clean(&after.title), warnings, ..SopDiff::default() };
        let known = columns.playbooks.get(&after.id).zip(desk.playbooks.current(&after.id, columns));
        if let Some((column, before)) = &known {
            diff.before = column.current;
            diff.changes = compare(before, &after).iter().map(|change| words_of(change, lang)).collect();
        }
        let known = known.is_some();
        Ok(Self { after, diff, known, at: now, task: 0, enrolment: 0, nearest: BTreeMap::new() })
    }

    /// Goes on; what there is to tell when everything was looked at.
    pub(super) fn advance(&mut self, desk: &Desk, budget: &mut usize) -> Result<Option<SopDiff>, DeskError> {
        let columns = &desk.store.columns;
        let position = columns.playbook_position(&self.after.id).filter(|_| self.known);
        let Some(position) = position else { return Ok(Some(std::mem::take(&mut self.diff))) };
        while self.task < columns.tasks.len() as u32 {
            if *budget == 0 {
                return Ok(None);
            }
            *budget -= 1;
            let row = self.task;
            self.task += 1;
            let of_step = |task: &TaskColumn| {
                task.state.is_open() && task.sort == TaskSort::Step && task.playbook == Some(position)
            };
            if let Some(task) = columns.tasks.get(row).filter(of_step) {
                let step = columns.words.text(task.step);
                let mut stays = self.after.step_by_id(step).is_some();
                if !stays {
                    *budget = budget.saturating_sub(COMPARE);
                    let task = desk.store.task_at(row)?;
                    stays = task.is_some_and(|task| !desk.is_step_gone(&task, &self.after));
                }
                self.count_open(clean(step), stays);
            }
        }
        while self.enrolment < columns.enrolments.len() as u32 {
            if *budget == 0 {
                return Ok(None);
            }
            *budget -= 1;
            let row = self.enrolment;
            self.enrolment += 1;
            let runs = |e: &EnrolmentColumn| {
                e.playbook == position && matches!(e.state, RunState::Active | RunState::InLine)
            };
            if let Some(id) = columns.enrolments.get(row).filter(runs).and(columns.enrolments.id(row)) {
                *budget = budget.saturating_sub(COMPARE);
                self.compare_next(desk, id)?;
            }
        }
        let mut diff = std::mem::take(&mut self.diff);
        diff.next = std::mem::take(&mut self.nearest).into_values().collect();
        Ok(Some(diff))
    }

    /// One more open task of a step, and whether the step is still there for it.
    fn count_open(&mut self, step: String, stays: bool) {
        let open = &mut self.diff.open;
        match open.iter_mut().find(|(known, _, stay)| *known == step && *stay == stays) {
            Some((_, n, _)) => *n += 1,
            None => open.push((step, 1, stays)),
        }
    }

    fn compare_next(&mut self, desk: &Desk, id: EnrolmentId) -> Result<(), DeskError> {
        let (columns, diff) = (&desk.store.columns, &mut self.diff);
        let Some(enrolment) = desk.store.enrolment(id)? else { return Ok(()) };
        diff.running += 1;
        diff.looked_at += 1;
        let Some(before) = desk
            .playbooks
            .of(&enrolment, columns)
            .filter(|_| enrolment.status.state == EnrolmentState::Active)
        else {
            // in line nothing is planned yet
            diff.unchanged += 1;
            return Ok(());
        };
        let zone = parse_zone(&enrolment.zone).unwrap_or(columns.store.zone);
        let status = &enrolment.status;
        let course =
            |playbook| Course { playbook, anchor: &status.anchor, zone, holidays: &columns.holidays };
        let (was, is) = (course(&*before), course(&self.after));
        let progress = was.goes_on(&status.progress, &is, self.at);
        let (was, is) = (was.next(&status.progress), is.next(&progress));
        let place = |planned: &Option<Planned>| planned.as_ref().map(|p| (p.id.clone(), p.due_at));
        if place(&was) == place(&is) {
            diff.unchanged += 1;
            return Ok(());
        }
        diff.changed += 1;
        diff.ending += u32::from(is.is_none());
        let nearest = (status.next_at.is_none(), status.next_at, id);
        if self.nearest.len() >= TOLD
            && self.nearest.last_key_value().is_some_and(|(last, _)| *last < nearest)
        {
            return Ok(());
        }
        let (step_before, before) =
            was.map_or((String::new(), None), |was| (clean(&was.id), Some(was.due_at)));
        let (step_after, after) = is.map_or((String::new(), None), |is| (clean(&is.id), Some(is.due_at)));
        let name = clean(&columns.target_name(enrolment.target));
        self.nearest.insert(nearest, NextChange { name, step_before, before, step_after, after });
        if self.nearest.len() > TOLD {
            self.nearest.pop_last();
        }
        Ok(())
    }
}

fn words_of(change: &Difference, lang: Lang) -> String {
    match change {
        Difference::Head(key) => ViewWords::HeadDiffers.fill(lang, &[("key", key)]),
        Difference::Added { step, at } => {
            ViewWords::StepAdded.fill(lang, &[("step", &clean(step)), ("at", at)])
        }
        Difference::Gone { step } => ViewWords::StepGone.fill(lang, &[("step", &clean(step))]),
        Difference::Time { step, key, before, after } => {
            let none = ViewWords::NotWritten.text(lang);
            let shown = |text: &String| if text.is_empty() { none.to_owned() } else { text.clone() };
            let values: [(&str, &dyn std::fmt::Display); 4] =
                [("step", &clean(step)), ("key", key), ("before", &shown(before)), ("after", &shown(after))];
            ViewWords::TimeDiffers.fill(lang, &values)
        }
        Difference::Texts { step, before, after } => {
            let values: [(&str, &dyn std::fmt::Display); 3] =
                [("step", &clean(step)), ("before", before), ("after", after)];
            ViewWords::TextsDiffer.fill(lang, &values)
        }
        Difference::Key { step, key } => {
            ViewWords::KeyDiffers.fill(lang, &[("step", &clean(step)), ("key", key)])
        }
    }
}
