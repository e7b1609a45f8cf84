//! Verbs on many tasks at once, and what became of each.

use super::super::Desk;
use super::super::act::{Act, DeskError};
use super::super::words::Words;
use crate::book::{SkipReason, TaskId, TaskState};
use crate::door::RefusalKind;
use crate::door::command::TaskVerb;
use crate::door::reply::{Outcome, OutcomeWord, TaskOutcome};
use crate::store::columns::task::TargetRow;
use crate::store::record::{Mark, Work};
use crate::text::lang::Lang;

/// Of how many tasks a verb is carried out in the turn in which it is said.
pub(super) const AT_ONCE: usize = 20;

impl Desk {
    /// What became of one task.
    pub(super) fn task_outcome(
        &self,
        id: TaskId,
        result: Result<(), DeskError>,
    ) -> Result<TaskOutcome, DeskError> {
        let (outcome, refusal) = match result {
            Ok(()) => (OutcomeWord::Ok, None),
            Err(DeskError::Refused(refusal)) if refusal.kind == RefusalKind::Already => {
                (OutcomeWord::Already, Some(*refusal))
            }
            Err(DeskError::Refused(refusal)) => (OutcomeWord::Refused, Some(*refusal)),
            Err(error) => return Err(error),
        };
        let rev = self.store.columns.tasks.by_id(id).map_or(0, |t| t.rev);
        Ok(TaskOutcome { id, outcome, rev, refusal })
    }

    /// The same of more than one turn does, in slices.
    pub(super) fn mark_many(
        &mut self,
        act: &Act,
        ids: &[TaskId],
        verb: &TaskVerb,
        mark: Mark,
    ) -> Result<Outcome, DeskError> {
        for id in ids {
            if self.store.columns.tasks.row(*id).is_none() {
                self.task_or_refuse(act, *id)?;
            }
        }
        let at = match verb {
            TaskVerb::Sent { at, .. } => at.unwrap_or(act.at),
            _ => act.at,
        };
        let (lang, said) = (act.lang, self.verb_said(verb, ids));
        self.works.say_all(act.id, move |counts, outcome| {
            let done = counts.tasks.iter().filter(|task| task.outcome == OutcomeWord::Ok).count();
            (outcome.tasks, outcome.warnings) = (counts.tasks, counts.warnings);
            tell_left_out(outcome, done, lang);
            let what = Words::ManyTasks.fill(lang, &[("n", &done)]);
            let said = said.filter(|_| counts.done > 0 || done == 0).unwrap_or(Words::NothingChanged);
            outcome.words = said.fill(lang, &[("what", &what)]);
        });
        self.undertake(act, Work::Mark { tasks: ids.to_vec(), mark, at })?;
        Ok(Outcome::default())
    }

    /// How it is said that a verb was carried out, and what a reason told of people besides; none for what a screen
    /// reports.
    pub(super) fn verb_said(&self, verb: &TaskVerb, ids: &[TaskId]) -> Option<Words> {
        let task = |id: &TaskId| self.store.columns.tasks.by_id(*id);
        let of_people =
            || ids.iter().filter_map(task).any(|task| matches!(task.target, TargetRow::Member(_)));
        Some(match verb {
            TaskVerb::Sent { .. } => Words::Sent,
            TaskVerb::Part { .. } => Words::PartDone,
            TaskVerb::Skip { reason, .. } => match reason {
                SkipReason::Talked if of_people() => Words::SkippedTalked,
                SkipReason::Bought if of_people() => Words::SkippedBought,
                SkipReason::DoNotDisturb if of_people() => Words::SkippedUndisturbed,
                SkipReason::Unfriended if of_people() => Words::FailedUnfriended,
                reason if reason.end_state() == TaskState::Failed => Words::Failed,
                _ => Words::Skipped,
            },
            TaskVerb::Snooze { .. } => Words::Snoozed,
            TaskVerb::Wake => Words::Woken,
            TaskVerb::Rewrite { .. } => Words::Rewritten,
            TaskVerb::Check { .. } => Words::Checked,
            TaskVerb::Acknowledge { .. } => Words::Acknowledged,
            TaskVerb::Copied { .. } | TaskVerb::Seen => return None,
        })
    }
}

/// Says of several which were refused, and why.
pub(super) fn tell_left_out(outcome: &mut Outcome, done: usize, lang: Lang) {
    outcome.warnings.dedup();
    let left: Vec<String> = outcome.tasks.iter().filter_map(left_out).collect();
    if let Some(first) = left.first().filter(|_| done > 0) {
        let values: [(&str, &dyn std::fmt::Display); 2] = [("n", &left.len()), ("first", first)];
        outcome.warnings.push(Words::LeftOut.fill(lang, &values));
    }
}

/// A verb that may be said of so many that it takes slices, as the journal keeps it.
pub(super) fn mark_of(verb: &TaskVerb) -> Option<Mark> {
    Some(match verb {
        TaskVerb::Sent { at, also } => Mark::Sent { stated: at.is_some(), also: *also },
        TaskVerb::Skip { reason, words } => Mark::Skip { reason: *reason, words: words.clone() },
        TaskVerb::Snooze { until } => Mark::Snooze { until: *until },
        TaskVerb::Wake => Mark::Wake,
        _ => return None,
    })
}

/// Which task a verb on several was refused for, and why.
fn left_out(task: &TaskOutcome) -> Option<String> {
    let refusal = task.refusal.as_ref()?;
    Some(format!("{} {}", refusal.object, refusal.words).trim().to_owned())
}
