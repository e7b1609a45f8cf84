//! Everything about one task, and the texts of several.

use std::collections::HashSet;

use super::words::ViewWords;
use crate::book::{ObjectId, TaskId, Timestamp};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::door::detail::{TaskDetail, TaskText};
use crate::text::clean::for_clipboard;
use crate::text::lang::Lang;

/// Texts that one request may ask for.
const TEXTS_MAX: usize = 1_000;

impl Desk {
    /// Everything about one task.
    pub(super) fn task_detail(
        &self,
        id: TaskId,
        now: Timestamp,
        lang: Lang,
    ) -> Result<TaskDetail, DeskError> {
        let missing = || super::not_found(ViewWords::NoSuch.text(lang), id.to_string());
        let row = self.store.columns.tasks.row(id).ok_or_else(missing)?;
        let shown = self.task_shown(row, now, lang)?.ok_or_else(missing)?;
        let applied = self.step_of(&shown.task);
        let step =
            applied.as_ref().and_then(|(playbook, position)| Some((playbook, playbook.step(*position)?)));
        let note =
            step.map(|(playbook, step)| self.note_of(&shown.task, playbook, step, lang)).transpose()?;
        // what is owed once a run hangs on some group, and what that was told is nobody's past here
        let target = (!self.is_of_run(&shown.task)).then_some(shown.task.target);
        let mut past = target.map(|target| self.past(target, lang)).transpose()?.unwrap_or_default();
        past.extend(self.notes(ObjectId::Task(id), lang)?);
        Ok(TaskDetail {
            note: note.map(|note| for_clipboard(&note).into_owned()).unwrap_or_default(),
            names: self.mentions(&shown.task)?,
            past: super::history::newest(past),
            coming: target.map(|target| self.coming(target, now, lang)).transpose()?.unwrap_or_default(),
            why: self.why_here(&shown, lang),
            line: shown.line,
            text: shown.text,
        })
    }

    /// The text of a task; none where it is not there.
    pub(super) fn text_by_id(
        &self,
        id: TaskId,
        now: Timestamp,
        lang: Lang,
    ) -> Result<Option<TaskText>, DeskError> {
        let task = self.store.task(id)?;
        task.map(|task| self.task_text_in(&task, Some(now), lang)).transpose()
    }
}

/// Tasks in the order asked, each once, at most as many as one request may ask for.
pub(super) fn each_once(ids: Vec<TaskId>) -> Vec<TaskId> {
    let mut known: HashSet<TaskId> = HashSet::new();
    ids.into_iter().filter(|id| known.insert(*id)).take(TEXTS_MAX).collect()
}
