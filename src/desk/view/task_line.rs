//! A task as a list shows it.
//!
//! A line is made from the task's body and its rendered text, so it is made for visible rows only. Whether something
//! blocks a text is decided here, when it is shown.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::reasons::{moved_words, reason};
use super::subject::TaskSubject;
use super::variables::short_time;
use super::words::ViewWords;
use crate::book::{ContactState, PlaybookId, Target, Task, TaskKind, TaskState, Timestamp, Via};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::desk::copied::to_be_copied_anew;
use crate::desk::follow::HELD_LOOKALIKE;
use crate::door::compose::is_one_off;
use crate::door::detail::{TaskText, step_words};
use crate::door::line::{Fact, Ref, TaskLine};
use crate::queue::facts::overdue_until;
use crate::store::keys;
use crate::text::clean::{for_clipboard, for_display};
use crate::text::lang::Lang;
use crate::text::width::truncate;

/// Columns of a summary: as many as the widest list has room for.
const SUMMARY_COLUMNS: usize = 240;

/// How many of one name are looked at, and named, where somebody may be one of them.
const LOOKALIKES_READ: usize = 20;
const LOOKALIKES_NAMED: usize = 3;

/// A task with everything that is shown of it.
pub(super) struct Shown {
    pub task: Task,
    pub line: TaskLine,
    pub text: TaskText,
}

/// A name or a line of text as the book has it, without what could move a cursor, hide or turn the reading order.
///
/// Emoji stay whole, because scripts compare names with those of a chat; whoever paints one makes it fit.
pub(super) fn clean(text: &str) -> String {
    for_clipboard(text).replace('\n', " ")
}

impl Desk {
    /// The line and the text of a task; none where the row has no body.
    pub(super) fn task_shown(
        &self,
        row: u32,
        now: Timestamp,
        lang: Lang,
    ) -> Result<Option<Shown>, DeskError> {
        let warned = |shown: Shown| {
            let warnings = self.text_warnings(&shown.task, &shown.text.parts, Some(now), lang)?;
            Ok(Shown { text: TaskText { warnings, ..shown.text }, ..shown })
        };
        self.task_unwarned(row, now, lang)?.map(warned).transpose()
    }

    /// The same without what the text is warned of, of which a line has nothing: looking for that reads more than all else.
    pub(super) fn task_unwarned(
        &self,
        row: u32,
        now: Timestamp,
        lang: Lang,
    ) -> Result<Option<Shown>, DeskError> {
        let id = self.store.columns.tasks.id(row);
        let Some(task) = id.map(|id| self.store.task(id)).transpose()?.flatten() else { return Ok(None) };
        let text = self.unwarned_text(&task, lang)?;
        let line = self.task_line(row, &task, &text, now, lang);
        Ok(Some(Shown { task, line, text }))
    }

    fn task_line(&self, row: u32, task: &Task, text: &TaskText, now: Timestamp, lang: Lang) -> TaskLine {
        let columns = &self.store.columns;
        let status = &task.status;
        let account = status.account.and_then(|id| columns.accounts.by_id(id)).map(|a| &a.body);
        let group = task.group.and_then(|id| columns.groups.by_id(id)).map(|g| &g.body);
        let applied = self.step_of(task);
        let (playbook, step, occurrence) = match &task.kind {
            TaskKind::Step { key, .. } => (Some(&key.playbook), key.step.as_str(), Some(key.occurrence)),
            TaskKind::Ask { playbook, key, run, .. } => (Some(playbook), key.as_str(), Some(*run)),
            _ => (None, "", None),
        };
        TaskLine {
            id: task.id,
            state: status.state,
            due_at: status.due_at,
            until: status.until,
            snoozed_until: status.snoozed_until,
            target: task.target,
            target_name: self.whom(task),
            group: group.map(|group| Ref { id: group.id, name: clean(&group.name) }),
            member: task.member().map(|id| Ref { id, name: clean(&columns.target_name(Target::Member(id))) }),
            account: account.map(|account| Ref { id: account.id, name: clean(&account.name) }),
            platform: account.map(|account| account.platform),
            playbook: playbook.map(|id| Ref { id: id.clone(), name: self.title(id) }),
            step: clean(step),
            step_number: applied
                .as_ref()
                .map_or((0, 0), |(playbook, position)| (position + 1, playbook.steps.len() as u16)),
            occurrence,
            via: task.via,
            class: task.class,
            summary: summary(text),
            facts: self.facts(row, task, text, now, lang),
            members: task.members.len() as u32,
            same_text: same_text(text),
            ended_at: status.ended_at,
            ended_by: clean(&status.ended_by),
            reason: status.end.as_ref().map(|end| reason(end, lang)).unwrap_or_default(),
            assignee: clean(&status.assignee),
            rev: status.rev,
        }
    }

    /// Whom or where a task is for, cleaned for display. What is owed once a run, a question or work among ourselves,
    /// hangs on one group but concerns them all: it is the playbook's.
    pub(crate) fn whom(&self, task: &Task) -> String {
        match run_of(task) {
            Some(playbook) => self.title(playbook),
            None => clean(&self.store.columns.target_name(task.target)),
        }
    }

    /// Whether something is owed once a run, and not to the target that it hangs on.
    pub(super) fn is_of_run(&self, task: &Task) -> bool {
        run_of(task).is_some()
    }

    fn facts(&self, row: u32, task: &Task, text: &TaskText, now: Timestamp, lang: Lang) -> Vec<Fact> {
        let status = &task.status;
        let mut facts = Vec::new();
        match task.kind {
            TaskKind::Step { .. } => {}
            TaskKind::FollowUp { .. } => facts.push(Fact::FollowUp),
            TaskKind::Correction { .. } => facts.push(Fact::Correction),
            TaskKind::AddFriend { .. } => facts.push(Fact::AddFriend),
            TaskKind::Upkeep { .. } => facts.push(Fact::Upkeep),
            TaskKind::Ask { .. } => facts.push(Fact::Ask),
        }
        if status.state == TaskState::Due && status.held.is_none() && status.due_at <= overdue_until(now) {
            let zone = self.task_zone(task);
            let days = crate::queue::facts::late_days(status.due_at, now, zone);
            facts.push(if days > 0 { Fact::LateDays(days) } else { Fact::Overdue });
        }
        if let Some((variable, words)) = &text.blocked {
            let (variable, words, asked) = (variable.clone(), words.clone(), text.asked);
            facts.push(Fact::Blocked { variable, words, asked });
        }
        let subject = TaskSubject::new(self.scene(now), row);
        if subject.as_ref().is_some_and(TaskSubject::is_to_stranger) {
            facts.push(Fact::NotFriend);
        } else if subject.is_some_and(|subject| subject.is_blocked()) {
            facts.push(Fact::NoAccount);
        }
        if let Some(held) = &status.held {
            facts.push(Fact::Held(self.hold_words(held, status.account, lang)));
            facts.extend((held == HELD_LOOKALIKE).then_some(Fact::Lookalike));
        }
        if let Some(from) = task.moved_from {
            facts.push(Fact::Moved { from, why: moved_words(&task.moved_why, lang) });
        }
        // What is over is in nobody's hands.
        let open = status.state.is_open();
        if let Some(at) = status.copied_at.filter(|_| open) {
            facts.push(Fact::Copied { at, by: clean(&status.copied_by), parts: status.parts_copied() });
        }
        if open && to_be_copied_anew(status, text) {
            facts.push(Fact::ChangedSinceCopy);
        }
        if open && !status.assignee.is_empty() {
            facts.push(Fact::Claimed { by: clean(&status.assignee) });
        }
        // of a gathered text that is partly said it is what was said, not an edit
        if (status.edited.is_some() || !status.edited_texts.is_empty())
            && (task.members.is_empty() || status.parts_done == 0)
        {
            facts.push(Fact::Edited);
        }
        if status.state == TaskState::Due && status.seen_at.is_none() {
            facts.push(Fact::Unseen);
        }
        if open && task.via != Via::Internal {
            facts.extend(self.touched_fact(task, now));
            facts.extend(self.pace_fact(task, now));
        }
        if let Some(at) = status.replied_at {
            facts.push(Fact::Replied(at));
        }
        if text.parts.len() > 1 {
            let ticked = text.parts.iter().filter(|part| part.done).count();
            // who says that it was sent means all of it, ticked one by one or not
            let done = if status.state == TaskState::Sent { text.parts.len() } else { ticked };
            facts.push(Fact::Parts(done as u16, text.parts.len() as u16));
        }
        facts
    }

    /// Who may be the same human as the one a task is for, and what tells them apart.
    fn lookalikes(&self, task: &Task) -> Vec<String> {
        let columns = &self.store.columns;
        let row = task.status.account.and_then(|id| columns.accounts.row(id));
        let own = task.member().and_then(|id| columns.members.by_id(id));
        let (Some(row), Some(own)) = (row, own) else { return Vec::new() };
        let prefix = keys::called_any(own.name());
        // whoever cannot be read is not named
        let called = self.store.bodies.range(&prefix, &prefix, LOOKALIKES_READ).unwrap_or_default();
        let ids = called.iter().filter_map(|(key, _)| keys::called_member(key));
        let others = ids.filter(|id| Some(*id) != task.member()).filter(|id| {
            let other = columns.members.by_id(*id);
            other.is_some_and(|it| !it.archived && it.is_friend_of(row) && !own.differs_from(&it))
        });
        let named = |id| {
            let name = clean(&columns.target_name(Target::Member(id)));
            format!("{name} ({}, {})", self.member_hint(id), id.short())
        };
        others.take(LOOKALIKES_NAMED).map(named).collect()
    }

    /// Sentences about why a task is here: where it comes from, since when, what moved it.
    pub(super) fn why_here(&self, shown: &Shown, lang: Lang) -> Vec<String> {
        // beside times that a screen shows in the store's zone
        let zone = self.store.columns.store.zone;
        let mut why = Vec::new();
        if let Some(playbook) = &shown.line.playbook {
            let from = if is_one_off(&playbook.id) { ViewWords::OneOff } else { ViewWords::FiredBy };
            let words = from.fill(lang, &[("title", &playbook.name)]);
            why.push(match shown.line.step_number {
                (n, all) if all > 1 => format!("{words} {}", step_words(n, lang)),
                _ => words,
            });
        }
        let status = &shown.task.status;
        let (words, at) = match &shown.task.kind {
            // it was written down long before its time, and that may be still to come
            TaskKind::FollowUp { .. } if status.snoozed_until == Some(status.due_at) => {
                (ViewWords::NotedAt, shown.task.fired_at)
            }
            TaskKind::FollowUp { .. } => (ViewWords::Fired, status.due_at),
            _ => (ViewWords::Fired, shown.task.fired_at),
        };
        why.push(words.fill(lang, &[("at", &short_time(at, zone))]));
        if let Some(from) = shown.task.moved_from {
            let to = shown.task.status.due_at;
            let words = moved_words(&shown.task.moved_why, lang);
            why.push(format!("{} -> {} {words}", short_time(from, zone), short_time(to, zone)));
        }
        if let Some(held) = &shown.task.status.held {
            why.push(self.hold_words(held, shown.task.status.account, lang));
            if held == HELD_LOOKALIKE {
                let who = self.lookalikes(&shown.task).join("; ");
                why.extend((!who.is_empty()).then(|| ViewWords::LookalikeOf.fill(lang, &[("who", &who)])));
            }
        }
        if let Some(until) = status.snoozed_until.filter(|_| status.state == TaskState::Snoozed) {
            why.push(ViewWords::SnoozedUntil.fill(lang, &[("at", &short_time(until, zone))]));
        }
        why.extend(shown.line.facts.iter().filter_map(|fact| self.stopped_by(&shown.task, fact, lang)));
        if !shown.line.reason.is_empty() {
            why.push(shown.line.reason.clone());
        }
        why
    }

    /// Why nobody can send a task as things are, of a fact about it that keeps one from it.
    fn stopped_by(&self, task: &Task, fact: &Fact, lang: Lang) -> Option<String> {
        let columns = &self.store.columns;
        match fact {
            Fact::Blocked { words, .. } => Some(ViewWords::CannotBeSaid.fill(lang, &[("why", words)])),
            Fact::NoAccount => Some(ViewWords::NobodyToSend.text(lang).to_owned()),
            Fact::NotFriend => {
                let account = task.status.account?;
                let row = columns.accounts.row(account)?;
                let member = columns.members.by_id(task.member()?)?;
                let known = member.contacts().find(|contact| contact.account == row);
                let state = known.map_or(ContactState::NotYet, |contact| contact.state).label(lang);
                let account = clean(&columns.target_name(Target::Account(account)));
                Some(ViewWords::NoFriendOf.fill(lang, &[("account", &account), ("state", &state)]))
            }
            _ => None,
        }
    }
}

/// The playbook of what is owed once a run: a question, or work among ourselves.
fn run_of(task: &Task) -> Option<&PlaybookId> {
    match &task.kind {
        TaskKind::Ask { playbook, group: None, .. } => Some(playbook),
        TaskKind::Step { key, .. } if key.run && task.via == Via::Internal => Some(&key.playbook),
        _ => None,
    }
}

/// The first line of a text that says something.
fn summary(text: &TaskText) -> String {
    let first = text
        .parts
        .iter()
        .flat_map(|part| part.show.lines())
        .map(str::trim)
        .find(|line| !line.is_empty())
        .unwrap_or_default();
    truncate(&for_display(first), SUMMARY_COLUMNS).into_owned()
}

/// Equal for equal texts that can be copied, within one run of the program.
fn same_text(text: &TaskText) -> Option<u64> {
    if text.blocked.is_some() || !text.parts.iter().any(|part| part.copy.is_some()) {
        return None;
    }
    let mut hasher = DefaultHasher::new();
    for part in &text.parts {
        (&part.kind, &part.copy, &part.show).hash(&mut hasher);
    }
    Some(hasher.finish())
}
