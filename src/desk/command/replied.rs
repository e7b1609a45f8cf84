//! Replies: what a human saw somebody answer.

use super::super::Desk;
use super::super::act::{Act, DeskError};
use super::super::words::Words;
use super::task::next_rev;
use crate::book::{
    Activity, ActivityKind, MemberId, ObjectId, Source, Stated, Target, Task, TaskId, TaskStatus, Timestamp,
};
use crate::door::reply::Outcome;
use crate::door::{Refusal, RefusalKind};
use crate::queue::order::Owner;
use crate::sop::format::{Answer, Effect};
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
            // whoever answers a message of their own does so where nobody else reads it
            group: task.as_ref().and_then(Task::said_in),
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
        let mut said = String::new();
        let effects = match (answer, &task) {
            (Some(answer), Some(task)) => {
                let answers = self
                    .step_of(task)
                    .and_then(|(playbook, position)| Some(playbook.step(position)?.answers.clone()))
                    .unwrap_or_default();
                let Some(chosen) = answers.get(usize::from(answer)).cloned() else {
                    return Err(Refusal::new(RefusalKind::Invalid, Words::NoAnswer.text(act.lang)).into());
                };
                said = self.answer_words(act, task, &chosen);
                chosen.then
            }
            _ => Vec::new(),
        };
        let enrolment = task.as_ref().and_then(|t| t.of.first().copied());
        self.perform(act, bodies)?;
        let made = self.bring_about(act, &effects, enrolment, Target::Member(member))?;
        // who answers before what they answer is marked would find it gone
        if let Some(task) = task.as_ref().filter(|task| task.status.state.is_open())
            && self.store.task(task.id)?.is_some_and(|now| !now.status.state.is_open())
        {
            said.push_str(Words::ReplyEnds.text(act.lang));
        }
        let name = for_display(&self.store.columns.target_name(Target::Member(member))).into_owned();
        Ok(Outcome {
            words: Words::RepliedBy.fill(act.lang, &[("who", &name)]) + &said,
            made: made.into_iter().map(ObjectId::Task).collect(),
            ..Outcome::default()
        })
    }

    /// The answer that was chosen and what follows from it: `: 少发 -> 勿扰, 停止 新客培育`.
    fn answer_words(&self, act: &Act, task: &Task, answer: &Answer) -> String {
        let follows = |effect: &Effect| match effect {
            Effect::Tag(tag) => Some(for_display(tag).into_owned()),
            Effect::Untag(tag) => Some(format!("-{}", for_display(tag))),
            Effect::Stage(stage) => Some(stage.label(act.lang).to_owned()),
            Effect::Stop => {
                let (playbook, _) = self.step_of(task)?;
                Some(Words::ReplyStops.fill(act.lang, &[("playbook", &for_display(&playbook.title))]))
            }
            Effect::Start(playbook) => {
                let playbook = self.playbook_name(playbook);
                Some(Words::ReplyStarts.fill(act.lang, &[("playbook", &playbook)]))
            }
            Effect::Followup(_) => Some(Words::ReplyFollowUp.text(act.lang).to_owned()),
            Effect::Goto(_) => None,
        };
        let follows: Vec<String> = answer.then.iter().filter_map(follows).collect();
        let arrow = if follows.is_empty() { "" } else { " -> " };
        format!(": {}{arrow}{}", for_display(&answer.say), follows.join(", "))
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
