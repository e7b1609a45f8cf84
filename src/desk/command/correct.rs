//! Corrections of what was wrongly said.

use super::super::Desk;
use super::super::act::{Act, DeskError};
use super::super::words::Words;
use super::task::next_rev;
use crate::book::{ObjectId, Target, Task, TaskId, TaskKind, TaskState, TaskStatus, Via};
use crate::door::reply::Outcome;
use crate::door::{Refusal, RefusalKind};
use crate::store::Body;

/// How many sent tasks of one text are looked at, newest first.
const SENT_LOOKED_AT: usize = 2_000;

impl Desk {
    /// Puts a wrong text right: what is pending with it gets the new text, and who got it gets a 更正 to be sent.
    pub(super) fn correct(
        &mut self,
        act: &Act,
        id: TaskId,
        text: &str,
        notice: Option<&str>,
    ) -> Result<Outcome, DeskError> {
        let wrong = self.task_or_refuse(act, id)?;
        if text.trim().is_empty() {
            return Err(Refusal::new(RefusalKind::Invalid, Words::CorrectionEmpty.text(act.lang)).into());
        }
        let (pending, got) = self.with_text_of(&wrong)?;
        let mut bodies = Vec::new();
        for task in &pending {
            let after = TaskStatus { edited: Some(text.to_owned()), held: None, ..next_rev(&task.status) };
            bodies.push(Body::TaskChanged { task: task.id, before: task.status.clone(), after });
        }
        let words = notice.unwrap_or(text).to_owned();
        let mut made = Vec::new();
        for task in &got {
            let correction = self.correction(act, task, words.clone());
            made.push(ObjectId::Task(correction.id));
            bodies.push(Body::TaskFired(correction));
        }
        self.perform(act, bodies)?;
        let (changed, notices) = (pending.len(), got.len());
        let words = Words::Corrected.fill(act.lang, &[("n", &changed), ("m", &notices)]);
        Ok(Outcome { words, made, ..Outcome::default() })
    }

    /// Open tasks, and the newest sent ones, that say the same as `wrong`.
    pub(crate) fn with_text_of(&self, wrong: &Task) -> Result<(Vec<Task>, Vec<Task>), DeskError> {
        let said = self.task_text(wrong)?;
        let said: Vec<String> = said.parts.iter().filter_map(|p| p.copy.clone()).collect();
        let said = said.as_slice();
        let columns = &self.store.columns;
        let same_step = |row: &u32| {
            let (Some(task), Some(other)) = (columns.tasks.get(*row), columns.tasks.by_id(wrong.id)) else {
                return false;
            };
            (task.playbook, task.version, task.step) == (other.playbook, other.version, other.step)
        };
        let mut pending = Vec::new();
        let mut got = Vec::new();
        let open = columns.queue.rows();
        let ended = columns.ended.newest(None).map(|(_, row)| row).take(SENT_LOOKED_AT);
        for row in open.chain(ended).filter(same_step) {
            let Some(task) = columns.tasks.id(row).map(|id| self.store.task(id)).transpose()?.flatten()
            else {
                continue;
            };
            let text = self.task_text(&task)?;
            let text: Vec<String> = text.parts.iter().filter_map(|p| p.copy.clone()).collect();
            match task.status.state {
                state if state.is_open() && text == said => pending.push(task),
                TaskState::Sent if self.was_said(&task, said)? => got.push(task),
                _ => {}
            }
        }
        Ok((pending, got))
    }

    /// True where a sent task's touch has that text.
    fn was_said(&self, task: &Task, said: &[String]) -> Result<bool, DeskError> {
        let target = match (task.target, task.group) {
            (Target::Group(_), _) | (_, None) => task.target,
            (target, Some(_)) => target,
        };
        let from = task.fired_at;
        let text = said.join("\n");
        Ok(self.touches_since(target, from)?.iter().any(|t| t.task == task.id && t.text == text))
    }

    fn correction(&mut self, act: &Act, task: &Task, words: String) -> Task {
        Task {
            id: self.ids.next(act.at),
            kind: TaskKind::Correction { of: task.id, words },
            target: task.target,
            of: Vec::new(),
            group: task.group,
            members: Vec::new(),
            via: if task.via == Via::Internal { Via::Private } else { task.via },
            class: crate::book::Class::Incident,
            priority: 100,
            day: 0,
            moved_from: None,
            moved_why: String::new(),
            fired_at: act.at,
            status: TaskStatus::due(act.at, None, task.status.account),
        }
    }
}
