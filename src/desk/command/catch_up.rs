//! After an absence, and after the clock jumped.

use super::super::Desk;
use super::super::Now;
use super::super::act::{Act, DeskError};
use super::super::words::Words;
use super::task::next_rev;
use crate::book::time::DAY;
use crate::book::{EndReason, PlaybookId, Task, TaskKind, TaskState, TaskStatus, Timestamp};
use crate::door::command::CatchUp;
use crate::door::reply::Outcome;
use crate::store::Body;

impl Desk {
    /// Decides about what an absence left: sent after all, moved to the same time tomorrow, or ended.
    pub(super) fn catch_up(
        &mut self,
        act: &Act,
        playbook: Option<&PlaybookId>,
        choice: CatchUp,
    ) -> Result<Outcome, DeskError> {
        let Some(digest) = self.tick.digest.clone() else {
            return Ok(Outcome {
                words: Words::NothingMissed.text(act.lang).to_owned(),
                ..Outcome::default()
            });
        };
        let meant: Vec<PlaybookId> = digest
            .rows
            .iter()
            .map(|(id, ..)| id.clone())
            .filter(|id| playbook.is_none_or(|only| only == id))
            .collect();
        let mut bodies = Vec::new();
        for task in self.left_over(&meant)? {
            let after = match choice {
                CatchUp::Send => continue,
                CatchUp::Expire => {
                    task.status.ended(TaskState::Expired, EndReason::TooLate, act.at, &act.by.operator)
                }
                CatchUp::Shift => {
                    let days = act.at.since(task.status.due_at).div_euclid(DAY) + 1;
                    let due_at = Timestamp(task.status.due_at.0 + days * DAY);
                    if task.status.until.is_some_and(|until| until <= due_at) {
                        continue;
                    }
                    TaskStatus {
                        state: TaskState::Snoozed,
                        snoozed_until: Some(due_at),
                        due_at,
                        ..next_rev(&task.status)
                    }
                }
            };
            bodies.push(Body::TaskChanged { task: task.id, before: task.status, after });
        }
        let n = bodies.len();
        self.perform(act, bodies)?;
        let rest: Vec<_> = digest.rows.into_iter().filter(|(id, ..)| !meant.contains(id)).collect();
        self.tick.digest =
            (!rest.is_empty()).then_some(crate::door::reply::Digest { away_ms: digest.away_ms, rows: rest });
        Ok(Outcome { words: Words::CaughtUp.fill(act.lang, &[("n", &n)]), ..Outcome::default() })
    }

    /// Open tasks of playbooks that came due before the last tick began.
    fn left_over(&self, playbooks: &[PlaybookId]) -> Result<Vec<Task>, DeskError> {
        let columns = &self.store.columns;
        let before = self.tick.ticked_at.unwrap_or(Timestamp(i64::MAX));
        let mut found = Vec::new();
        for place in columns.queue.due().iter().take_while(|place| place.at() <= before) {
            let row = place.row();
            if let Some(task) = self.store.task_at(row)?
                && task.status.state == TaskState::Due
                && matches!(&task.kind, TaskKind::Step { key, .. } if playbooks.contains(&key.playbook))
            {
                found.push(task);
            }
        }
        Ok(found)
    }

    /// A human has seen the clock and says it is right: the tick goes on.
    pub(super) fn confirm_clock(&mut self, act: &Act, now: Now) -> Result<Outcome, DeskError> {
        self.perform(act, vec![Body::ClockConfirmed { up_to: now.wall }])?;
        self.tick.held = None;
        self.tick.last = Some(now);
        self.tick.due = true;
        Ok(Outcome { words: Words::ClockConfirmed.text(act.lang).to_owned(), ..Outcome::default() })
    }
}
