//! Replies: what a human saw somebody answer.

use super::super::Desk;
use super::super::act::{Act, DeskError};
use super::super::words::Words;
use super::task::next_rev;
use crate::book::{
    Activity, ActivityKind, MemberId, ObjectId, Source, Stated, Target, TaskId, TaskStatus, Timestamp,
};
use crate::door::reply::Outcome;
use crate::door::{Refusal, RefusalKind};
use crate::queue::order::Owner;
use crate::store::Body;
use crate::text::clean::for_display;

/// How long a sent private task waits for its reply, in milliseconds: 48 hours.
const AWAITING: i64 = 48 * crate::book::time::HOUR;

impl Desk {
    /// A reply seen by human eyes: recorded, shown on what was sent, and its answer's effects follow.
    pub(super) fn replied(
        &mut self,
        act: &Act,
        member: MemberId,
        task: Option<TaskId>,
        answer: Option<u16>,
        at: Option<Timestamp>,
    ) -> Result<Outcome, DeskError> {
        if self.store.columns.members.row(member).is_none() {
            return Err(super::not_found(&member.to_string(), Words::NoMember.text(act.lang)));
        }
        let at = at.unwrap_or(act.at).min(act.at);
        let task = task.map(|id| self.task_or_refuse(act, id)).transpose()?;
        let mut bodies = Vec::new();
        let activity = Activity {
            id: self.ids.next(act.at),
            kind: ActivityKind::Replied,
            member: Some(member),
            group: task.as_ref().and_then(|t| t.group),
            account: task.as_ref().and_then(|t| t.status.account),
            at: Stated::new(at, self.store.columns.store.zone),
            source: if answer.is_some() { Source::Answer } else { Source::QuickEntry },
            reference: task.as_ref().map(|t| t.id.to_string()).unwrap_or_default(),
            amount: None,
            number: None,
            text: String::new(),
        };
        bodies.push(Body::Happened(activity));
        for id in self.awaiting_reply(member, at) {
            if let Some(task) = self.store.task(id)? {
                let after = TaskStatus { replied_at: Some(at), ..next_rev(&task.status) };
                bodies.push(Body::TaskChanged { task: id, before: task.status, after });
            }
        }
        let effects = match (answer, &task) {
            (Some(answer), Some(task)) => {
                let answers = self
                    .step_of(task)
                    .and_then(|(playbook, position)| Some(playbook.step(position)?.answers.clone()))
                    .unwrap_or_default();
                let Some(chosen) = answers.get(usize::from(answer)).cloned() else {
                    return Err(Refusal::new(RefusalKind::Invalid, Words::NoAnswer.text(act.lang)).into());
                };
                chosen.then
            }
            _ => Vec::new(),
        };
        let enrolment = task.as_ref().and_then(|t| t.of.first().copied());
        self.perform(act, bodies)?;
        let made = self.bring_about(act, &effects, enrolment, Target::Member(member))?;
        let name = for_display(&self.store.columns.target_name(Target::Member(member))).into_owned();
        Ok(Outcome {
            words: Words::RepliedBy.fill(act.lang, &[("who", &name)]),
            made: made.into_iter().map(ObjectId::Task).collect(),
            ..Outcome::default()
        })
    }

    /// Private tasks sent to a member within 48 hours before `at` that have no reply yet.
    pub(crate) fn awaiting_reply(&self, member: MemberId, at: Timestamp) -> Vec<TaskId> {
        let columns = &self.store.columns;
        let Some(row) = columns.members.row(member) else { return Vec::new() };
        let from = Timestamp(at.0 - AWAITING);
        columns
            .ended
            .unanswered(Owner::member(row))
            .filter(|task| columns.tasks.get(*task).is_some_and(|column| column.ended_at() >= Some(from)))
            .filter_map(|task| columns.tasks.id(task))
            .collect()
    }
}
