//! Texts that somebody wrote by hand: they follow no form and no correction, so they are named where one is changed.
//!
//! Limits: what was sent last is looked at, as much as a turn has room for.

use super::super::Desk;
use super::super::act::{Act, DeskError};
use super::super::words::Words;
use crate::book::{Target, Task, TaskKind, TaskState, TaskStatus, Wording};
use crate::store::columns::task::{TaskColumn, TaskSort};
use crate::store::record::AskKey;
use crate::text::clean::for_clipboard;

/// How many tasks of a run are looked over for those that were edited, open or newest first, and how many are read.
const LOOKED_AT: usize = 10_000;
const READ: usize = 60;

/// Targets that are named in one sentence, and texts that its way leads to.
const NAMED: usize = 6;

/// An answer of a form that becomes another.
pub(super) struct Refill<'a> {
    pub ask: &'a AskKey,
    pub before: &'a str,
    pub after: &'a str,
}

impl Desk {
    /// What a task's text is edited to by writing it so: one that says what the task says by itself is no edit.
    pub(super) fn edited_to(&self, task: &Task, text: Option<&str>) -> Result<Option<String>, DeskError> {
        let Some(text) = text else { return Ok(None) };
        let is = |other: &str| for_clipboard(other).trim_end() == for_clipboard(text).trim_end();
        if !task.members.is_empty() && task.status.parts_done != 0 {
            // of a gathered text that is partly said it is what was said
            return Ok(Some(text.to_owned()));
        }
        let says = |task: &Task| -> Result<bool, DeskError> {
            let parts = self.task_text(task)?.parts;
            let said = parts.into_iter().find(|part| part.kind == "text").and_then(|part| part.copy);
            Ok(said.is_some_and(|said| is(&said)))
        };
        let own = unedited(task);
        let template = self.wording(&own).and_then(|wording| wording.texts.into_iter().next());
        if template.is_some_and(|template| is(&template)) || says(&own)? {
            return Ok(None);
        }
        if task.status.edited.is_some() && says(task)? {
            return Ok(task.status.edited.clone());
        }
        Ok(Some(text.to_owned()))
    }

    /// Whether a task would say a wording, had nobody edited it; of what a form fills only one that has a word of it.
    pub(in crate::desk) fn is_edited_from(&self, task: &Task, wording: &Wording) -> bool {
        let Some(edited) = task.status.edited.as_deref().filter(|_| task.members.is_empty()) else {
            return false;
        };
        // other words of the same line may have been changed
        let mut words = wording.values.iter().flat_map(|(_, value)| value.split_whitespace());
        let has_it = wording.values.is_empty() || words.any(|word| edited.contains(word));
        has_it && self.wording(&unedited(task)).is_some_and(|says| says.is(wording))
    }

    /// What was edited by hand of a run whose answer changes: what is still to be sent, and apart from it what was sent.
    /// What says the new answer already is not meant.
    pub(super) fn edited_apart(&self, act: &Act, refill: &Refill<'_>) -> Result<Vec<String>, DeskError> {
        let columns = &self.store.columns;
        let Some(place) = columns.playbook_position(&refill.ask.playbook) else { return Ok(Vec::new()) };
        let is_edited = |task: &TaskColumn| {
            task.sort == TaskSort::Step && task.playbook == Some(place) && task.words.is_some()
        };
        let of = |row: &u32, state: fn(TaskState) -> bool| {
            columns.tasks.get(*row).is_some_and(|task| state(task.state) && is_edited(&task))
        };
        let open = columns.queue.rows().take(LOOKED_AT).filter(|row| of(row, TaskState::is_open));
        let (open, half): (Vec<_>, Vec<_>) =
            self.edited_of(open, refill)?.into_iter().partition(|task| self.is_to_say(task).1);
        let ended = columns.ended.newest(None).take(LOOKED_AT).map(|(_, row)| row);
        let sent = ended.filter(|row| of(row, |state| state == TaskState::Sent));
        let sent: Vec<Task> = self.edited_of(sent, refill)?.into_iter().chain(half).collect();
        let mut said = Vec::new();
        for (words, found) in [(Words::EditedOpen, open), (Words::EditedSent, sent)] {
            said.extend((!found.is_empty()).then(|| self.edited_words(act, words, &found)));
        }
        Ok(said)
    }

    /// Those of some tasks that were edited and would say the answer otherwise.
    fn edited_of(
        &self,
        rows: impl Iterator<Item = u32>,
        refill: &Refill<'_>,
    ) -> Result<Vec<Task>, DeskError> {
        let mut found = Vec::new();
        for row in rows.take(READ) {
            found.extend(self.store.task_at(row)?.filter(|task| self.is_apart(task, refill)));
        }
        Ok(found)
    }

    fn is_apart(&self, task: &Task, refill: &Refill<'_>) -> bool {
        let Refill { ask, before, after } = refill;
        let TaskKind::Step { key, .. } = &task.kind else { return false };
        let Some(edited) = task.status.edited.as_deref().filter(|_| task.members.is_empty()) else {
            return false;
        };
        let group = match task.target {
            Target::Group(group) => Some(group),
            _ => task.group,
        };
        // a group with an answer of its own follows that one
        let own = AskKey { group, ..(*ask).clone() };
        let is_own = group.is_some() && self.store.columns.answers.contains_key(&own);
        let is_meant = if ask.group.is_some() { ask.group == group } else { !is_own };
        let asks = |text: &str| text.contains("{{") && text.contains(&ask.key);
        let template = self.wording(&unedited(task)).and_then(|wording| wording.texts.into_iter().next());
        if key.run_day(task.day) != ask.run
            || !is_meant
            || !template.is_some_and(|template| asks(&template))
            || asks(edited)
        {
            return false;
        }
        let has_new = !after.is_empty() && edited.contains(after);
        let has_old = !before.is_empty() && !after.contains(before) && edited.contains(before);
        !has_new || has_old
    }

    fn edited_words(&self, act: &Act, words: Words, found: &[Task]) -> String {
        let dots = if found.len() > NAMED { " …" } else { "" };
        let names: Vec<String> = found.iter().take(NAMED).map(|task| self.whom(task)).collect();
        let names = format!("{}{dots}", names.join("、"));
        let ids: Vec<String> = found.iter().take(NAMED).map(|task| task.id.short()).collect();
        let way = if act.by.via == "screen" { Words::LookOnScreen } else { Words::LookByCommand };
        let way = way.fill(act.lang, &[("ids", &ids.join(","))]);
        let values: [(&str, &dyn std::fmt::Display); 3] =
            [("n", &found.len()), ("names", &names), ("way", &way)];
        words.fill(act.lang, &values)
    }
}

/// A task as it would be, had nobody edited it.
fn unedited(task: &Task) -> Task {
    Task {
        status: TaskStatus { edited: None, edited_texts: Vec::new(), ..task.status.clone() },
        ..task.clone()
    }
}
