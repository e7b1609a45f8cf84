//! What was said in part: of a text of several parts some are ticked by themselves, and stand as they were said.

use std::collections::HashSet;

use super::super::Desk;
use super::super::act::DeskError;
use super::super::view::text::template;
use crate::book::{PlaybookId, Task, TaskKind, TaskState, Timestamp, Wording};
use crate::sop::format::Part;
use crate::sop::spoken::read_back;
use crate::store::columns::task::TaskSort;
use crate::text::lang::Lang;

/// How many open tasks of a playbook are looked over for those that were said in part, and how many are read.
const LOOKED_AT: usize = 10_000;
const READ: usize = 120;

impl Desk {
    /// Whether somebody has heard a wording by a task: all of it, or a part that says it; of one of its texts that one,
    /// where nothing is filled in.
    pub(in crate::desk) fn has_heard(&self, task: &Task, wording: &Wording, nth: Option<u16>) -> bool {
        if task.status.state == TaskState::Sent {
            return true;
        }
        let asks = |text: &str| wording.values.iter().any(|(key, _)| text.contains(key.as_str()));
        let places = self.text_places(task);
        let is_meant =
            |at| nth.map_or_else(|| places.contains(&at), |nth| places.get(usize::from(nth)) == Some(&at));
        self.parts_of(task).iter().enumerate().any(|(at, (part, _))| {
            task.status.has_ticked(at) && if wording.values.is_empty() { is_meant(at) } else { asks(part) }
        })
    }

    /// Whether some text of an open task is still to be said, and whether its first is: that is the one which is edited.
    pub(in crate::desk) fn is_to_say(&self, task: &Task) -> (bool, bool) {
        if task.status.parts_done == 0 {
            return (true, true);
        }
        let parts = self.parts_of(task);
        let mut texts = parts.iter().enumerate().filter(|(_, (_, is_text))| *is_text).map(|(at, _)| at);
        let first = texts.clone().next().is_none_or(|at| !task.status.has_ticked(at));
        (first || texts.any(|at| !task.status.has_ticked(at)), first)
    }

    /// When a task was said; of one that was said in part, when it was copied last.
    pub(in crate::desk) fn heard_at(task: &Task) -> Timestamp {
        let status = &task.status;
        let sent = status.ended_at.filter(|_| status.state == TaskState::Sent);
        sent.or(status.copied_at).unwrap_or(task.fired_at)
    }

    /// What the parts that were ticked were filled with of some questions, part by part.
    pub(super) fn ticked_values(&self, task: &Task, asks: &[&str]) -> Vec<(String, String)> {
        if task.status.state == TaskState::Sent || task.status.copied.is_empty() {
            return Vec::new();
        }
        let mut values: Vec<(String, String)> = Vec::new();
        for (at, (part, _)) in self.parts_of(task).iter().enumerate() {
            let Some(said) = task.status.ticked(at) else { continue };
            let Ok(whole) = self.whole(part, Lang::default()) else { continue };
            let read = read_back(&whole, said).unwrap_or_default();
            let asked = read.into_iter().filter(|(key, _)| asks.contains(key));
            for (key, value) in asked.map(|(key, value)| (key.to_owned(), value)) {
                if !values.iter().any(|(k, v)| (k, v) == (&key, &value)) {
                    values.push((key, value));
                }
            }
        }
        values
    }

    /// Open tasks of a playbook that were said in part.
    pub(super) fn half_told(&self, playbook: &PlaybookId) -> Result<Vec<Task>, DeskError> {
        let columns = &self.store.columns;
        let (Some(place), Some(applied)) =
            (columns.playbook_position(playbook), self.playbooks.current(playbook, columns))
        else {
            return Ok(Vec::new());
        };
        let steps = applied.steps.iter().filter(|step| step.parts.len() > 1);
        let steps: HashSet<_> = steps.filter_map(|step| columns.words.find(&step.id)).collect();
        let rows = columns.queue.rows().take(LOOKED_AT).filter(|row| {
            columns.tasks.get(*row).is_some_and(|task| {
                // what nobody did anything with was not ticked either
                task.sort == TaskSort::Step
                    && task.playbook == Some(place)
                    && task.rev > 0
                    && steps.contains(&task.step)
            })
        });
        let mut found = Vec::new();
        for row in rows.take(READ) {
            found.extend(self.store.task_at(row)?.filter(|task| task.status.parts_done != 0));
        }
        Ok(found)
    }

    /// The templates of a step's parts in the wording that a task has, empty where nothing is filled in, and whether each
    /// is a text.
    pub(super) fn parts_of(&self, task: &Task) -> Vec<(String, bool)> {
        let TaskKind::Step { variant, .. } = &task.kind else { return Vec::new() };
        let Some((playbook, at)) = self.step_of(task) else { return Vec::new() };
        let parts = playbook.step(at).into_iter().flat_map(|step| &step.parts);
        parts
            .map(|part| {
                let text = template(part, usize::from(*variant)).unwrap_or_default();
                (text.to_owned(), matches!(part, Part::Text(_)))
            })
            .collect()
    }
}
