//! Verbs on tasks.
//!
//! One file because the verbs share who may end a task and how a refusal is told.

use super::super::Desk;
use super::super::act::{Act, DeskError};
use super::super::copied::{as_copied, changed_since_copy};
use super::super::told::Overtaken;
use super::super::words::Words;
use super::describe::is_act_on_task;
use super::marking::{AT_ONCE, mark_of, tell_left_out};
use super::merge::{merged_into, own_end};
use crate::book::{
    ContactState, EndReason, Stated, Target, Task, TaskId, TaskKind, TaskState, TaskStatus, Timestamp, Touch,
    Upkeep, Via,
};
use crate::door::command::TaskVerb;
use crate::door::detail::{PartView, TaskText};
use crate::door::reply::{Outcome, OutcomeWord};
use crate::door::{Refusal, RefusalKind};
use crate::sop::Step;
use crate::store::Body;
use crate::store::acts::VIA_FACT;
use crate::text::changed::changed;
use crate::text::clean::for_display;

/// For how long a copy by somebody else is worth a word, in milliseconds: 30 minutes.
const COPIED_JUST_NOW: i64 = 30 * crate::book::time::MINUTE;

/// How many columns are shown of what was copied and of what it has become.
const CHANGE_SHOWN: usize = 36;

impl Desk {
    pub(super) fn task_verb(
        &mut self,
        act: &Act,
        ids: &[TaskId],
        verb: &TaskVerb,
    ) -> Result<Outcome, DeskError> {
        if let Some(mark) = mark_of(verb).filter(|_| ids.len() > AT_ONCE) {
            return self.mark_many(act, ids, verb, mark);
        }
        let mut outcome = Outcome::default();
        let fact;
        let act = if matches!(verb, TaskVerb::Copied { .. } | TaskVerb::Seen) {
            // what a screen reports is no act: nobody wants to undo a copy
            let mut by = act.by.clone();
            VIA_FACT.clone_into(&mut by.via);
            fact = Act { by, ..act.clone() };
            &fact
        } else {
            act
        };
        let staged = self.store.staged();
        let mut done = 0;
        for id in ids {
            let task = self.task_or_refuse(act, *id)?;
            let result = self.one_verb(act, &task, verb, &mut outcome);
            let told = self.task_outcome(*id, result)?;
            done += usize::from(told.outcome == OutcomeWord::Ok);
            outcome.tasks.push(told);
        }
        // one task refused is a refusal; of several each has its own answer
        if let ([only], 0) = (outcome.tasks.as_slice(), done)
            && let Some(refusal) = only.refusal.clone()
        {
            return Err(refusal.into());
        }
        tell_left_out(&mut outcome, done, act.lang);
        outcome.words = if self.store.staged() > staged || done == 0 {
            self.verb_words(act, verb, ids, done)
        } else {
            let what = self.tasks_name(act, ids, done);
            Words::NothingChanged.fill(act.lang, &[("what", &what)])
        };
        Ok(outcome)
    }

    fn verb_words(&self, act: &Act, verb: &TaskVerb, ids: &[TaskId], done: usize) -> String {
        let Some(words) = self.verb_said(verb, ids) else { return String::new() };
        words.fill(act.lang, &[("what", &self.tasks_name(act, ids, done))])
    }

    /// One task by its name, several by their number.
    fn tasks_name(&self, act: &Act, ids: &[TaskId], done: usize) -> String {
        match ids {
            [one] => self.task_name(*one),
            _ => Words::ManyTasks.fill(act.lang, &[("n", &done)]),
        }
    }

    /// Whom or where a task is for, as people read it.
    pub(crate) fn task_name(&self, id: TaskId) -> String {
        self.store.task(id).ok().flatten().map(|task| self.whom(&task)).unwrap_or_default()
    }

    pub(super) fn task_or_refuse(&self, act: &Act, id: TaskId) -> Result<Task, DeskError> {
        self.store.task(id)?.ok_or_else(|| {
            Refusal::new(RefusalKind::NotFound, Words::NoTask.fill(act.lang, &[("id", &id)]))
                .about(id.to_string())
                .into()
        })
    }

    pub(super) fn changed_meanwhile(&self, act: &Act, task: &Task) -> DeskError {
        let name = self.task_name(task.id);
        Refusal::new(RefusalKind::Changed, Words::ChangedMeanwhile.fill(act.lang, &[("what", &name)]))
            .about(name)
            .into()
    }

    pub(super) fn one_verb(
        &mut self,
        act: &Act,
        task: &Task,
        verb: &TaskVerb,
        outcome: &mut Outcome,
    ) -> Result<(), DeskError> {
        match verb {
            TaskVerb::Sent { at, also } => {
                self.sent(act, task, (at.unwrap_or(act.at), at.is_some()), *also, outcome)
            }
            TaskVerb::Part { part } => self.part_done(act, task, *part, outcome),
            TaskVerb::Skip { reason, words } => self.skip(act, task, *reason, words),
            TaskVerb::Snooze { until } => self.snooze(act, task, *until, outcome),
            TaskVerb::Wake => {
                // also lets go what a rule holds: a human has looked and says it is right
                let after = TaskStatus {
                    state: TaskState::Due,
                    snoozed_until: None,
                    held: None,
                    ..next_rev(&task.status)
                };
                self.must_be_open(act, task)?;
                let Some(held) = task.status.held.as_deref().filter(|held| merged_into(held).is_some())
                else {
                    return self.change_by_hand(act, task, after);
                };
                let until = self.end_within_campaign(task, own_end(held))?;
                let after = TaskStatus { until, ..after };
                let mut bodies =
                    vec![Body::TaskChanged { task: task.id, before: task.status.clone(), after }];
                bodies.extend(self.taken_out(task)?);
                self.perform(act, bodies)
            }
            TaskVerb::Rewrite { text } => {
                self.must_be_open(act, task)?;
                let edited = self.edited_to(task, text.as_deref())?;
                let after = self.rewritten(task, edited);
                self.change_by_hand(act, task, after)
            }
            TaskVerb::Copied { part } => {
                outcome.warnings.extend(self.copied_by_another(act, task));
                let mut after = task.status.with_copy(*part, act.at, &act.by.operator);
                self.keep_copy(task, &self.task_text(task)?, *part, &mut after);
                self.change_task(act, task, after)
            }
            TaskVerb::Acknowledge { codes } => {
                self.must_be_open(act, task)?;
                let mut after = next_rev(&task.status);
                after
                    .acknowledged
                    .extend(codes.iter().filter(|code| !task.status.acknowledged.contains(code)).cloned());
                self.change_by_hand(act, task, after)
            }
            TaskVerb::Seen if task.status.seen_at.is_some() => Ok(()),
            TaskVerb::Seen => {
                // seen by somebody changes nothing that anybody decided on
                let after = TaskStatus { seen_at: Some(act.at), ..task.status.clone() };
                self.change_task(act, task, after)
            }
            TaskVerb::Check { yes } => self.checked(act, task, *yes),
        }
    }

    /// Puts a task off.
    fn snooze(
        &mut self,
        act: &Act,
        task: &Task,
        until: Timestamp,
        outcome: &mut Outcome,
    ) -> Result<(), DeskError> {
        self.must_be_open(act, task)?;
        if until <= act.at {
            let words = Words::SnoozeIntoPast.text(act.lang);
            return Err(Refusal::new(RefusalKind::Invalid, words).into());
        }
        let end = self.end_put_off(task, until)?;
        let after = TaskStatus {
            state: TaskState::Snoozed,
            snoozed_until: Some(until),
            until: end,
            ..next_rev(&task.status)
        };
        if let Some(was) = task.status.until.filter(|was| *was <= until) {
            let (words, end) = match end.filter(|end| *end <= until) {
                Some(end) => (Words::SnoozedBeyondCampaign, end),
                None => (Words::SnoozedBeyondEnd, was),
            };
            let end = self.day_and_clock(end, act.at);
            outcome.warnings.push(words.fill(act.lang, &[("end", &end)]));
        }
        self.change_by_hand(act, task, after)
    }

    /// Who else copied an open task's text a moment ago, and may be about to send it.
    fn copied_by_another(&self, act: &Act, task: &Task) -> Option<String> {
        let status = &task.status;
        let at =
            status.copied_at.filter(|at| status.state.is_open() && act.at.since(*at) <= COPIED_JUST_NOW)?;
        let is_another = !status.copied_by.is_empty() && status.copied_by != act.by.operator;
        is_another.then(|| {
            let who = for_display(&status.copied_by);
            let (what, at) = (self.task_name(task.id), self.day_and_clock(at, act.at));
            Words::CopiedByAnother.fill(act.lang, &[("who", &who), ("at", &at), ("what", &what)])
        })
    }

    /// `18:05` of the store's present day, `11-27 18:05` of another.
    pub(in crate::desk) fn day_and_clock(&self, at: Timestamp, now: Timestamp) -> String {
        let zone = self.store.columns.store.zone;
        let format = if at.day(zone) == now.day(zone) { "%H:%M" } else { "%m-%d %H:%M" };
        at.local(zone).format(format).to_string()
    }

    /// Changes a task by a human's verb. One that is as the verb wants it stays untouched: saying a thing twice is
    /// no second act.
    pub(super) fn change_by_hand(
        &mut self,
        act: &Act,
        task: &Task,
        after: TaskStatus,
    ) -> Result<(), DeskError> {
        if is_act_on_task(&task.status, &after) { self.change_task(act, task, after) } else { Ok(()) }
    }

    pub(crate) fn change_task(&mut self, act: &Act, task: &Task, after: TaskStatus) -> Result<(), DeskError> {
        let body = Body::TaskChanged { task: task.id, before: task.status.clone(), after };
        self.perform(act, vec![body])
    }

    pub(super) fn must_be_open(&self, act: &Act, task: &Task) -> Result<(), DeskError> {
        if task.status.state.is_open() {
            return Ok(());
        }
        Err(self.already(act, task))
    }

    /// The refusal of a task that somebody ended before.
    fn already(&self, act: &Act, task: &Task) -> DeskError {
        let who = if task.status.ended_by.is_empty() {
            Words::TheTick.text(act.lang).to_owned()
        } else {
            for_display(&task.status.ended_by).into_owned()
        };
        let at = task.status.ended_at.unwrap_or(task.fired_at);
        let clock = self.day_and_clock(at, act.at);
        let state = task.status.state.label(act.lang);
        let words = Words::AlreadyEnded.fill(act.lang, &[("who", &who), ("at", &clock), ("state", &state)]);
        let mut refusal = Refusal::new(RefusalKind::Already, words).about(self.task_name(task.id));
        refusal.who = Some(who);
        refusal.at = Some(at);
        if task.status.state == TaskState::Sent {
            refusal.hint = if act.by.via == "screen" {
                Words::AlsoSentHint.text(act.lang).to_owned()
            } else {
                Words::AlsoSentByCommand.fill(act.lang, &[("id", &task.id.short())])
            };
        }
        refusal.into()
    }

    /// A human says it was sent. From due and snoozed, and back-marked from every end but sent and failed.
    pub(super) fn sent(
        &mut self,
        act: &Act,
        task: &Task,
        (sent_at, stated): (Timestamp, bool),
        also: bool,
        outcome: &mut Outcome,
    ) -> Result<(), DeskError> {
        if sent_at > act.at {
            return Err(Refusal::new(RefusalKind::Invalid, Words::SentInFuture.text(act.lang)).into());
        }
        self.must_be_filled(act, task)?;
        if stated && task.status.state != TaskState::Sent {
            // recorded as said, and said back: a slip is a wrong day in the history
            let due = task.moved_from.unwrap_or(task.status.due_at);
            let zone = self.store.columns.store.zone;
            let said = self.day_and_clock(sent_at, act.at);
            let (words, due) = if sent_at.day(zone) < due.day(zone) {
                (Words::SentBeforeDue, self.day_and_clock(due, act.at))
            } else {
                (Words::SentAt, String::new())
            };
            outcome.warnings.push(words.fill(act.lang, &[("at", &said), ("due", &due)]));
        }
        if let Some(warning) = self.copied_by_another(act, task) {
            outcome.warnings.push(warning);
            let (who, by) = (task.status.copied_by.clone(), act.by.operator.clone());
            self.overtaken.push(Overtaken { who, by, what: self.task_name(task.id) });
        }
        let now = self.task_text(task)?;
        let differs = changed_since_copy(&task.status, &now)
            .map(|(copied, says)| changed(&for_display(copied), &for_display(says), CHANGE_SHOWN));
        let says: Vec<_> = now.parts.iter().filter_map(|part| part.copy.clone()).collect();
        let text = as_copied(&task.status, now);
        let mut said = task.clone();
        // what was copied before it was put right was said as it was
        let copied: Vec<_> = text.parts.iter().filter_map(|part| part.copy.as_deref()).collect();
        said.status.edited_texts.retain(|(nth, _)| {
            let nth = usize::from(*nth);
            says.get(nth).map(String::as_str) == copied.get(nth).copied()
        });
        if let Some([copied, says]) = differs {
            let what = self.task_name(task.id);
            let values: [(&str, &dyn std::fmt::Display); 3] =
                [("what", &what), ("copied", &copied), ("now", &says)];
            outcome.warnings.push(Words::ChangedSinceCopy.fill(act.lang, &values));
            if said.status.edited.is_some() {
                // what was copied before somebody edited it is the step's own text, or an earlier edit
                let first = text.parts.iter().find_map(|part| part.copy.clone());
                said.status.edited = first.filter(|_| !self.was_copied_unedited(task, &text));
            }
        }
        let touch = self.touch_of(act, &said, sent_at, &text);
        if task.status.state == TaskState::Sent {
            if !also {
                return Err(self.already(act, task));
            }
            if self.recorded_duplicate(act, task)? {
                let who = for_display(&act.by.operator).into_owned();
                let words = Words::AlsoAlready.fill(act.lang, &[("who", &who)]);
                let refusal = Refusal::new(RefusalKind::Already, words).about(self.task_name(task.id));
                return Err(refusal.into());
            }
            return match touch {
                Some(touch) => self.perform(act, vec![Body::Touched(Touch { duplicate: true, ..touch })]),
                None => Ok(()),
            };
        }
        if !crate::queue::state::may(task.status.state, TaskState::Sent) {
            return Err(self.already(act, task));
        }
        if let Some((variable, _)) = &text.blocked {
            outcome.warnings.push(Words::SentThoughBlocked.fill(act.lang, &[("variable", variable)]));
        }
        let mut after = said.status.ended(TaskState::Sent, EndReason::Sent, sent_at, &act.by.operator);
        after.parts_done = u64::MAX >> (64 - text.parts.len().clamp(1, 64));
        let mut bodies = vec![Body::TaskChanged { task: task.id, before: task.status.clone(), after }];
        bodies.extend(touch.map(Body::Touched));
        bodies.extend(self.merged_are_sent(act, task, sent_at)?);
        outcome.warnings.extend(self.pace_warning(act, task, sent_at));
        if let TaskKind::Upkeep { group, what: Upkeep::Qr } = task.kind {
            bodies.extend(self.qr_renewed(group, sent_at));
        }
        if let TaskKind::AddFriend { member } = task.kind {
            bodies.extend(self.contact_becomes(member, task, ContactState::Pending, None)?);
        }
        self.perform(act, bodies)
    }

    /// Whether this operator has said 我也发了 of a task before.
    fn recorded_duplicate(&self, act: &Act, task: &Task) -> Result<bool, DeskError> {
        let touches = self.touches_since(task.target, task.fired_at)?;
        Ok(touches.iter().any(|t| t.task == task.id && t.duplicate && t.by == act.by.operator))
    }

    /// The touch that a sent task is; none for work that sends nothing.
    pub(super) fn touch_of(
        &mut self,
        act: &Act,
        task: &Task,
        sent_at: Timestamp,
        text: &TaskText,
    ) -> Option<Touch> {
        if matches!(task.via, Via::Internal) {
            return None;
        }
        let (playbook, step, variant) = match &task.kind {
            TaskKind::Step { key, variant, .. } => (Some(key.playbook.clone()), key.step.clone(), *variant),
            _ => (None, String::new(), 0),
        };
        let group = match task.target {
            Target::Group(group) => Some(group),
            // what is said to one member in private is no touch of the group
            _ => task.group.filter(|_| task.via == Via::Group),
        };
        let copied: Vec<&str> = text.parts.iter().filter_map(|part| part.copy.as_deref()).collect();
        let is_plain = matches!(text.parts.as_slice(), [] | [PartView { copy: Some(_), .. }]);
        let parts = text.parts.iter().filter(|_| !is_plain && text.blocked.is_none());
        let said = parts.map(|part| part.said().unwrap_or_default().to_owned()).collect();
        let filled = self.step_of(task).is_some_and(|(playbook, at)| {
            let needs = |step: &Step| playbook.asks.iter().any(|ask| step.needs(&ask.key));
            task.status.edited.is_none() && playbook.step(at).is_some_and(needs)
        });
        Some(Touch {
            id: self.ids.next(act.at),
            task: task.id,
            member: task.member(),
            group,
            account: task.status.account,
            playbook,
            step,
            variant,
            via: task.via,
            class: task.class,
            text: copied.join("\n"),
            said,
            filled,
            sent_at: Stated::new(sent_at, self.store.columns.store.zone),
            marked_at: act.at,
            by: act.by.operator.clone(),
            duplicate: false,
            with: None,
        })
    }

    fn part_done(
        &mut self,
        act: &Act,
        task: &Task,
        part: u16,
        outcome: &mut Outcome,
    ) -> Result<(), DeskError> {
        self.must_be_open(act, task)?;
        let text = self.task_text(task)?;
        let parts = text.parts.len();
        if usize::from(part) >= parts {
            let words = Words::NoPart.fill(act.lang, &[("n", &(part + 1)), ("of", &parts)]);
            return Err(Refusal::new(RefusalKind::Invalid, words).into());
        }
        let parts_done = task.status.parts_done | (1 << part);
        if parts_done.count_ones() as usize >= parts {
            return self.sent(act, task, (act.at, false), false, outcome);
        }
        let mut after = TaskStatus { parts_done, ..next_rev(&task.status) };
        keep_ticked(&text, part, &mut after);
        if !task.members.is_empty() && after.edited.is_none() {
            // what was said stands as it was said; who is still to be named follows the book (see `gathered`)
            let said = text.parts.get(usize::from(part)).filter(|part| part.kind == "text");
            after.edited = said.and_then(|part| part.copy.clone());
        }
        self.change_by_hand(act, task, after)
    }
}

/// Keeps what a part says that is ticked, unless what was copied of it is known.
fn keep_ticked(text: &TaskText, part: u16, after: &mut TaskStatus) {
    let said = text.parts.get(usize::from(part)).filter(|_| text.blocked.is_none());
    let is_kept = after.copied.iter().any(|(kept, _)| *kept == part);
    if let Some(said) = said.and_then(PartView::said).filter(|_| !is_kept) {
        after.copied.push((part, said.to_owned()));
    }
}

/// A copy of a status that counts as a change.
pub(crate) fn next_rev(status: &TaskStatus) -> TaskStatus {
    TaskStatus { rev: status.rev + 1, ..status.clone() }
}
