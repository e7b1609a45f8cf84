//! What applying another text of a playbook would do, told before it is done: to the text, to open tasks, and to what
//! comes next for everybody in it. The three are told apart, for open tasks are owed already and keep their words.
//!
//! Everybody is looked at, a few a turn, so the numbers are exact but for who moved on meanwhile.

use std::collections::BTreeMap;

use super::board::says;
use super::coming::named;
use super::dated::is_expected;
use super::task_line::clean;
use super::words::ViewWords;
use crate::book::{EnrolmentId, EnrolmentState, Timestamp};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::desk::standing::takes_whoever_is_there;
use crate::desk::words::Words;
use crate::door::detail::{NextChange, OpenTasks, SopDiff};
use crate::sop::Playbook;
use crate::sop::diff::{Difference, compare};
use crate::sop::schedule::{Course, Planned};
use crate::store::columns::enrolment::{EnrolmentColumn, RunState};
use crate::store::columns::parse_zone;
use crate::store::columns::task::{TaskColumn, TaskSort};
use crate::text::lang::Lang;
use crate::text::width::truncate;

/// Changes that are told one by one, those with the nearest instants first.
const TOLD: usize = 12;

/// Columns of what a step says behind its number.
const SAYS: usize = 20;

/// What comparing one enrolment costs, in the steps of [`super::scan::SLICE`]: its body is read, two courses are asked.
const COMPARE: usize = 2_000;

/// A text that is being compared with the version that runs, and both with where everybody stands, in slices.
pub(super) struct Comparing {
    after: Playbook,
    lang: Lang,
    diff: SopDiff,
    /// Whether there is a version to compare with.
    known: bool,
    /// When it is applied, as far as that is known: what lies before comes from neither.
    at: Timestamp,
    /// The next task and the next enrolment.
    task: u32,
    enrolment: u32,
    /// Of a new one the next who may enter, and how many do.
    target: u32,
    entering: u32,
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
        desk.stays_for_whom_it_is(&after, lang)?;
        let columns = &desk.store.columns;
        let mut diff = SopDiff { title: clean(&after.title), warnings, ..SopDiff::default() };
        let known = columns.playbooks.get(&after.id).zip(desk.playbooks.current(&after.id, columns));
        if let Some((column, before)) = &known {
            diff.before = column.current;
            let steps = Steps { before, after: &after, lang };
            diff.changes = compare(before, &after).iter().map(|change| words_of(change, &steps)).collect();
        }
        let known = known.is_some();
        let nearest = BTreeMap::new();
        Ok(Self { after, lang, diff, known, at: now, task: 0, enrolment: 0, target: 0, entering: 0, nearest })
    }

    /// Goes on; what there is to tell when everything was looked at.
    pub(super) fn advance(&mut self, desk: &Desk, budget: &mut usize) -> Result<Option<SopDiff>, DeskError> {
        let columns = &desk.store.columns;
        let position = columns.playbook_position(&self.after.id).filter(|_| self.known);
        let Some(position) = position else { return self.advance_new(desk, budget) };
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
                self.count_open(desk, step, stays);
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

    /// Counts who would enter as a new one is applied.
    fn advance_new(&mut self, desk: &Desk, budget: &mut usize) -> Result<Option<SopDiff>, DeskError> {
        let start = &self.after.start;
        if is_expected(start) {
            // what they bought and when they spoke is looked at as it is applied
            return Ok(Some(std::mem::take(&mut self.diff)));
        }
        let takes = takes_whoever_is_there(&self.after);
        while let Some(target) = desk.target_at(self.after.target, self.target).filter(|_| takes) {
            if *budget == 0 {
                return Ok(None);
            }
            *budget = budget.saturating_sub(COMPARE);
            self.target += 1;
            self.entering += u32::from(desk.would_stand(&self.after, target, self.at)?);
        }
        let mut diff = std::mem::take(&mut self.diff);
        let words = Words::of_kind(self.after.target, self.entering, self.lang);
        diff.entering = Some((self.entering, words));
        Ok(Some(diff))
    }

    /// One more open task of a step, and whether the step is still there for it.
    fn count_open(&mut self, desk: &Desk, step: &str, stays: bool) {
        let cleaned = clean(step);
        let known = self.diff.open.iter_mut().find(|of| of.step == cleaned && of.stays == stays);
        if let Some(known) = known {
            known.n += 1;
            return;
        }
        let before = desk.playbooks.current(&self.after.id, &desk.store.columns);
        let reads = before.map_or_else(
            || cleaned.clone(),
            |before| Steps { before: &before, after: &self.after, lang: self.lang }.latest(step),
        );
        self.diff.open.push(OpenTasks { step: cleaned, reads, n: 1, stays });
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
        // who is not meant stays in it: the audience is asked anew before every step, and what it does not mean is skipped
        let another = before.audience != self.after.audience;
        let meant = |audience: &str| desk.target_matches(audience, enrolment.target, self.at);
        let meant_before = !another || meant(&before.audience)?;
        let meant_after = !another || meant(&self.after.audience)?;
        let place =
            |planned: &Option<Planned>, meant| planned.as_ref().map(|p| (p.id.clone(), p.due_at, meant));
        if place(&was, meant_before) == place(&is, meant_after) {
            diff.unchanged += 1;
            return Ok(());
        }
        diff.changed += 1;
        diff.ending += u32::from(is.is_none());
        diff.outside += u32::from(is.is_some() && meant_before && !meant_after);
        let nearest = (status.next_at.is_none(), status.next_at, id);
        if self.nearest.len() >= TOLD
            && self.nearest.last_key_value().is_some_and(|(last, _)| *last < nearest)
        {
            return Ok(());
        }
        let steps = Steps { before: &before, after: &self.after, lang: self.lang };
        let step = |planned: &Option<Planned>, playbook: &Playbook| {
            let read = |planned: &Planned| (clean(&planned.id), steps.reads(playbook, &planned.id));
            planned.as_ref().map(read).unwrap_or_default()
        };
        let ((step_before, reads_before), (step_after, reads_after)) =
            (step(&was, &before), step(&is, &self.after));
        let (before, after) = (was.map(|was| was.due_at), is.map(|is| is.due_at));
        let name = clean(&columns.target_name(enrolment.target));
        let change = NextChange {
            name,
            step_before,
            reads_before,
            before,
            meant_before,
            step_after,
            reads_after,
            after,
            meant_after,
        };
        self.nearest.insert(nearest, change);
        if self.nearest.len() > TOLD {
            self.nearest.pop_last();
        }
        Ok(())
    }
}

/// The steps of two texts of a playbook, as sentences name them.
struct Steps<'a> {
    before: &'a Playbook,
    after: &'a Playbook,
    lang: Lang,
}

impl Steps<'_> {
    /// A step of one of the texts by its place and its first words; with its id where another step reads like it.
    fn reads(&self, playbook: &Playbook, id: &str) -> String {
        let read = self.plain(playbook, id);
        let alike = [self.before, self.after]
            .into_iter()
            .any(|of| of.steps.iter().any(|other| other.id != id && self.plain(of, &other.id) == read));
        if !alike {
            return read;
        }
        ViewWords::StepAlike.fill(self.lang, &[("step", &read), ("id", &clean(id))])
    }

    /// A step as the new text has it, else as it was.
    fn latest(&self, id: &str) -> String {
        let stays = self.after.step_by_id(id).is_some();
        self.reads(if stays { self.after } else { self.before }, id)
    }

    fn plain(&self, playbook: &Playbook, id: &str) -> String {
        let place = named(playbook, id, self.lang);
        let words = playbook.step_by_id(id).map(|(_, step)| clean(says(step))).unwrap_or_default();
        if words.is_empty() {
            return place;
        }
        ViewWords::StepReads.fill(self.lang, &[("step", &place), ("words", &truncate(&words, SAYS))])
    }
}

fn words_of(change: &Difference, steps: &Steps<'_>) -> String {
    let lang = steps.lang;
    match change {
        Difference::Head(key) => ViewWords::HeadDiffers.fill(lang, &[("key", key)]),
        Difference::Added { step, at } => {
            ViewWords::StepAdded.fill(lang, &[("step", &steps.latest(step)), ("at", at)])
        }
        Difference::Gone { step } => ViewWords::StepGone.fill(lang, &[("step", &steps.latest(step))]),
        Difference::Time { step, key, before, after } => {
            let none = ViewWords::NotWritten.text(lang);
            let shown = |text: &String| if text.is_empty() { none.to_owned() } else { text.clone() };
            let values: [(&str, &dyn std::fmt::Display); 4] = [
                ("step", &steps.latest(step)),
                ("key", key),
                ("before", &shown(before)),
                ("after", &shown(after)),
            ];
            ViewWords::TimeDiffers.fill(lang, &values)
        }
        Difference::Texts { step, before, after } => {
            let values: [(&str, &dyn std::fmt::Display); 3] =
                [("step", &steps.latest(step)), ("before", before), ("after", after)];
            ViewWords::TextsDiffer.fill(lang, &values)
        }
        Difference::Key { step, key } => {
            ViewWords::KeyDiffers.fill(lang, &[("step", &steps.latest(step)), ("key", key)])
        }
    }
}
