//! What applying another text of a playbook would do, told before it is done: to the text, to open tasks, and to what
//! comes next for everybody in it. The three are told apart, for open tasks are owed already and keep their words.

use super::task_line::clean;
use super::words::ViewWords;
use crate::book::{EnrolmentId, EnrolmentState, PlaybookId, Timestamp};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::door::detail::{NextChange, SopDiff};
use crate::sop::Playbook;
use crate::sop::diff::{Difference, compare};
use crate::sop::schedule::{Course, Planned};
use crate::store::columns::enrolment::{EnrolmentColumn, RunState};
use crate::store::columns::parse_zone;
use crate::text::lang::Lang;

/// Enrolments that are looked at, those with the nearest instants first.
const LOOKED_AT: usize = 400;

/// Changes that are told one by one.
const TOLD: usize = 12;

impl Desk {
    /// Compares a text with the version that runs, and both with where everybody stands.
    pub(super) fn sop_diff(&self, toml: &str, file: &str, lang: Lang) -> Result<SopDiff, DeskError> {
        let (after, warnings) = self.read_playbook(toml, file, lang)?;
        let columns = &self.store.columns;
        let id = after.id.clone();
        let mut diff = SopDiff { title: clean(&after.title), warnings, ..SopDiff::default() };
        let known = columns.playbooks.get(&id);
        let Some((column, before)) = known.zip(self.playbooks.current(&id, columns)) else { return Ok(diff) };
        diff.before = column.current;
        diff.changes = compare(&before, &after).iter().map(|change| words_of(change, lang)).collect();
        diff.open = self.open_after(&id, &after)?;
        let running = self.enrolments_in(&id, &[RunState::Active, RunState::InLine]);
        diff.running = u32::try_from(running.len()).unwrap_or(u32::MAX);
        let mut nearest: Vec<(Option<Timestamp>, EnrolmentId)> = running
            .into_iter()
            .map(|id| (columns.enrolments.by_id(id).and_then(EnrolmentColumn::next_at), id))
            .collect();
        nearest.sort_unstable_by_key(|(at, id)| (at.is_none(), *at, *id));
        for (_, enrolment) in nearest.into_iter().take(LOOKED_AT) {
            self.compare_next(enrolment, &after, &mut diff)?;
        }
        Ok(diff)
    }

    /// Open tasks by step: how many, and whether their step is still there.
    fn open_after(&self, id: &PlaybookId, after: &Playbook) -> Result<Vec<(String, u32, bool)>, DeskError> {
        let mut open: Vec<(String, u32, bool)> = Vec::new();
        for task in self.open_steps_of(id) {
            let Some(task) = self.store.task(task)? else { continue };
            let crate::book::TaskKind::Step { key, .. } = &task.kind else { continue };
            let stays = !self.is_step_gone(&task, after);
            let step = clean(&key.step);
            match open.iter_mut().find(|(known, _, stay)| *known == step && *stay == stays) {
                Some((_, n, _)) => *n += 1,
                None => open.push((step, 1, stays)),
            }
        }
        Ok(open)
    }

    fn compare_next(&self, id: EnrolmentId, after: &Playbook, diff: &mut SopDiff) -> Result<(), DeskError> {
        let columns = &self.store.columns;
        let Some(enrolment) = self.store.enrolment(id)? else { return Ok(()) };
        diff.looked_at += 1;
        let Some(before) = self
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
        let next = |playbook: &Playbook| -> Option<Planned> {
            Course { playbook, anchor: &status.anchor, zone, holidays: &columns.holidays }
                .next(&status.progress)
        };
        let (was, is) = (next(&before), next(after));
        let place = |planned: &Option<Planned>| planned.as_ref().map(|p| (p.id.clone(), p.due_at));
        if place(&was) == place(&is) {
            diff.unchanged += 1;
            return Ok(());
        }
        diff.changed += 1;
        diff.ending += u32::from(is.is_none());
        if diff.next.len() < TOLD {
            let (step_before, before) =
                was.map_or((String::new(), None), |was| (clean(&was.id), Some(was.due_at)));
            let (step_after, after) = is.map_or((String::new(), None), |is| (clean(&is.id), Some(is.due_at)));
            let name = clean(&columns.target_name(enrolment.target));
            diff.next.push(NextChange { name, step_before, before, step_after, after });
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
