//! The opposite of every record, staged where what it left still holds.
//!
//! Bodies are reversed last first and staged one by one, so that each is compared with what the earlier ones of
//! the same act left. Already as before counts as reversed. Tasks that a human touched stay and are named.
//! One file because the list of records and their opposites is read side by side.

use super::super::super::Desk;
use super::super::super::act::{Act, DeskError};
use super::super::super::enrolling::UNDONE;
use super::super::super::words::book::BookWords;
use super::super::describe::{field_label, is_act_on_task};
use crate::book::{
    Contact, EndReason, Enrolment, EnrolmentState, EnrolmentStatus, Fields, Member, Membership, PlaybookId,
    Target, Task, TaskId, TaskState, TaskStatus,
};
use crate::store::columns::enrolment::RunState;
use crate::store::record::{Change, Edited, PlaybookState};
use crate::store::{Body, keys};

impl Desk {
    /// Stages the opposite of a body; what cannot be put back is named in `kept`.
    pub(super) fn reverse(
        &mut self,
        act: &Act,
        body: &Body,
        kept: &mut Vec<String>,
    ) -> Result<(), DeskError> {
        match body {
            Body::RulesSet { before, after } => self.reverse_rules(act, before, after, kept),
            Body::AccountMade(account) => self.archive_again(act, Edited::Account(account.id)),
            Body::GroupMade(group) => self.archive_again(act, Edited::Group(group.id)),
            Body::MemberMade(member) => self.archive_again(act, Edited::Member(member.id)),
            Body::Edited { object, changes } => self.reverse_fields(act, *object, changes, kept),
            Body::ContactSet { before, after } => {
                self.reverse_contact(act, before.as_ref(), after.as_ref(), kept)
            }
            Body::MembershipSet { before, after } => {
                self.reverse_stay(act, before.as_ref(), after.as_ref(), kept)
            }
            Body::Happened(activity) => {
                if self.has_activity(activity)? {
                    self.perform(act, vec![Body::Unhappened(activity.clone())])?;
                }
                Ok(())
            }
            Body::Unhappened(activity) => {
                if !self.has_activity(activity)? {
                    self.perform(act, vec![Body::Happened(activity.clone())])?;
                }
                Ok(())
            }
            Body::NoteAdded { note, on, text } => {
                if self.store.bodies.has(&keys::note(*on, *note))? {
                    let body = Body::NoteRemoved { note: *note, on: *on, text: text.clone() };
                    self.perform(act, vec![body])?;
                }
                Ok(())
            }
            Body::NoteRemoved { note, on, text } => {
                if !self.store.bodies.has(&keys::note(*on, *note))? {
                    let body = Body::NoteAdded { note: *note, on: *on, text: text.clone() };
                    self.perform(act, vec![body])?;
                }
                Ok(())
            }
            Body::PlaybookApplied { playbook, version, before, .. } => {
                self.reverse_applied(act, playbook, *version, *before, kept)
            }
            Body::PlaybookSet { playbook, before, after } => {
                let now = self.store.columns.playbooks.get(playbook).map(|column| column.state);
                if now == Some(*after) {
                    let (before, after) = (*after, *before);
                    self.perform(act, vec![Body::PlaybookSet { playbook: playbook.clone(), before, after }])?;
                } else if now != Some(*before) {
                    kept.push(BookWords::KeptPlaybook.fill(act.lang, &[("playbook", playbook)]));
                }
                Ok(())
            }
            Body::Enrolled(enrolment) => match self.store.enrolment(enrolment.id)? {
                Some(enrolment) => self.end_undone(act, &enrolment, kept),
                None => Ok(()),
            },
            Body::EnrolmentChanged { enrolment, before, after } => {
                let Some(now) = self.store.enrolment(*enrolment)? else { return Ok(()) };
                if now.status == *after {
                    let body = Body::EnrolmentChanged {
                        enrolment: *enrolment,
                        before: after.clone(),
                        after: before.clone(),
                    };
                    self.perform(act, vec![body])?;
                } else if now.status != *before && now.status.state != before.state {
                    let name = self.display_name(now.target);
                    kept.push(
                        BookWords::KeptLink.fill(act.lang, &[("name", &name), ("what", &now.playbook)]),
                    );
                }
                Ok(())
            }
            Body::TaskFired(task) => self.reverse_fired(act, task.id, &task.status, kept),
            Body::TaskChanged { task, before, after } => self.reverse_task(act, *task, before, after, kept),
            Body::TaskJoined { task, enrolment, member, undone } => {
                let Some(now) = self.store.task(*task)? else { return Ok(()) };
                if now.of.contains(enrolment) != *undone {
                    let body = Body::TaskJoined {
                        task: *task,
                        enrolment: *enrolment,
                        member: *member,
                        undone: !undone,
                    };
                    self.perform(act, vec![body])?;
                }
                Ok(())
            }
            Body::Touched(touch) => {
                if self.store.bodies.has(&keys::touch_of(touch.task, touch.id))? {
                    self.perform(act, vec![Body::Untouched(touch.clone())])?;
                }
                Ok(())
            }
            Body::Untouched(touch) => {
                if !self.store.bodies.has(&keys::touch_of(touch.task, touch.id))? {
                    self.perform(act, vec![Body::Touched(touch.clone())])?;
                }
                Ok(())
            }
            Body::Answered { ask, before, after } => {
                let now = self.store.columns.answers.get(ask).cloned();
                if now == *after && before != after {
                    let (before, after) = (after.clone(), before.clone());
                    self.perform(act, vec![Body::Answered { ask: ask.clone(), before, after }])?;
                } else if now != *before {
                    let name = ask.playbook.to_string();
                    let values: [(&str, &dyn std::fmt::Display); 2] = [("name", &name), ("field", &ask.key)];
                    kept.push(BookWords::KeptField.fill(act.lang, &values));
                }
                Ok(())
            }
            Body::TargetPaused { target, before, after } => {
                let now = self.store.columns.paused.get(target).copied();
                if now == *after && before != after {
                    let (before, after) = (*after, *before);
                    self.perform(act, vec![Body::TargetPaused { target: *target, before, after }])?;
                } else if now != *before {
                    let name = self.display_name(*target);
                    let what = BookWords::PausedWord.text(act.lang);
                    let values: [(&str, &dyn std::fmt::Display); 2] = [("name", &name), ("field", &what)];
                    kept.push(BookWords::KeptField.fill(act.lang, &values));
                }
                Ok(())
            }
            Body::ImportApplied { changes, .. } => {
                for change in changes.iter().rev() {
                    self.reverse(act, change, kept)?;
                }
                Ok(())
            }
            Body::StoreMade { .. }
            | Body::ProductMade(_)
            | Body::ImportBegun { .. }
            | Body::ImportRows { .. }
            | Body::ImportCommitted { .. }
            | Body::ClockConfirmed { .. }
            | Body::Forgotten => Ok(()),
        }
    }

    fn reverse_rules(
        &mut self,
        act: &Act,
        before: &str,
        after: &str,
        kept: &mut Vec<String>,
    ) -> Result<(), DeskError> {
        // a store without rules of its own has the default ones
        let before = if before.is_empty() { self.default_rules() } else { before.to_owned() };
        let now = self.store.columns.rules_toml.clone();
        if now == after && before != after {
            self.perform(act, vec![Body::RulesSet { before: after.to_owned(), after: before }])?;
        } else if now != before {
            kept.push(BookWords::KeptRules.text(act.lang).to_owned());
        }
        Ok(())
    }

    /// What was made is archived; its story stays.
    fn archive_again(&mut self, act: &Act, object: Edited) -> Result<(), DeskError> {
        if self.field_of(object, "archived")?.is_none_or(|now| now == "yes") {
            return Ok(());
        }
        let change = Change { field: "archived".to_owned(), before: String::new(), after: "yes".to_owned() };
        self.perform(act, vec![Body::Edited { object, changes: vec![change] }])
    }

    /// A field as it is now.
    fn field_of(&self, object: Edited, word: &str) -> Result<Option<String>, DeskError> {
        let columns = &self.store.columns;
        Ok(match object {
            Edited::Account(id) => columns.accounts.by_id(id).and_then(|column| column.body.field(word)),
            Edited::Group(id) => columns.groups.by_id(id).and_then(|column| column.body.field(word)),
            Edited::Member(id) => self.store.member(id)?.and_then(|member: Member| member.field(word)),
            Edited::Product(_) => None,
        })
    }

    fn reverse_fields(
        &mut self,
        act: &Act,
        object: Edited,
        changes: &[Change],
        kept: &mut Vec<String>,
    ) -> Result<(), DeskError> {
        let name = match object {
            Edited::Account(id) => self.display_name(Target::Account(id)),
            Edited::Group(id) => self.display_name(Target::Group(id)),
            Edited::Member(id) => self.display_name(Target::Member(id)),
            Edited::Product(_) => return Ok(()),
        };
        let mut back = Vec::new();
        for Change { field, before, after } in changes.iter().rev() {
            let Some(now) = self.field_of(object, field)? else { continue };
            if now == *before {
                continue;
            }
            if now != *after {
                let label = field_label(field, act.lang);
                kept.push(BookWords::KeptField.fill(act.lang, &[("name", &name), ("field", &label)]));
            } else if self.would_share_a_name(object, field, before)? {
                let name = if field == "name" {
                    crate::text::clean::for_display(before).into_owned()
                } else {
                    name.clone()
                };
                kept.push(BookWords::KeptName.fill(act.lang, &[("name", &name)]));
            } else {
                back.push(Change { field: field.clone(), before: after.clone(), after: before.clone() });
            }
        }
        if back.is_empty() { Ok(()) } else { self.perform(act, vec![Body::Edited { object, changes: back }]) }
    }

    /// Whether putting a field back would give two accounts or groups one name.
    fn would_share_a_name(&self, object: Edited, field: &str, value: &str) -> Result<bool, DeskError> {
        let name = match field {
            "name" => value.to_owned(),
            "archived" if value.is_empty() => self.field_of(object, "name")?.unwrap_or_default(),
            _ => return Ok(false),
        };
        Ok(match object {
            Edited::Account(id) => self.account_called(&name, Some(id)).is_some(),
            Edited::Group(id) => self.group_called(&name, Some(id)).is_some(),
            Edited::Member(_) | Edited::Product(_) => false,
        })
    }

    fn reverse_contact(
        &mut self,
        act: &Act,
        before: Option<&Contact>,
        after: Option<&Contact>,
        kept: &mut Vec<String>,
    ) -> Result<(), DeskError> {
        let Some(whose) = after.or(before) else { return Ok(()) };
        let now: Option<Contact> = self.store.bodies.read(&keys::contact(whose.member, whose.account))?;
        if now.as_ref() == before {
            return Ok(());
        }
        if now.as_ref() != after {
            let name = self.display_name(Target::Member(whose.member));
            let what = self.display_name(Target::Account(whose.account));
            kept.push(BookWords::KeptLink.fill(act.lang, &[("name", &name), ("what", &what)]));
            return Ok(());
        }
        self.perform(act, vec![Body::ContactSet { before: after.cloned(), after: before.cloned() }])
    }

    fn reverse_stay(
        &mut self,
        act: &Act,
        before: Option<&Membership>,
        after: Option<&Membership>,
        kept: &mut Vec<String>,
    ) -> Result<(), DeskError> {
        let Some(whose) = after.or(before) else { return Ok(()) };
        let key = keys::membership(whose.member, whose.group, whose.spell);
        let now: Option<Membership> = self.store.bodies.read(&key)?;
        if now.as_ref() == before {
            return Ok(());
        }
        if now.as_ref() != after {
            let name = self.display_name(Target::Member(whose.member));
            let what = self.display_name(Target::Group(whose.group));
            kept.push(BookWords::KeptLink.fill(act.lang, &[("name", &name), ("what", &what)]));
            return Ok(());
        }
        self.perform(act, vec![Body::MembershipSet { before: after.cloned(), after: before.cloned() }])
    }

    fn has_activity(&self, activity: &crate::book::Activity) -> Result<bool, DeskError> {
        let target = match (activity.member, activity.group) {
            (Some(member), _) => Target::Member(member),
            (None, Some(group)) => Target::Group(group),
            (None, None) => return Ok(false),
        };
        Ok(self.store.bodies.has(&keys::activity(target, activity.at.ms, activity.id))?)
    }

    /// The first version goes whole; of a later one the text before comes back as the next version.
    fn reverse_applied(
        &mut self,
        act: &Act,
        playbook: &PlaybookId,
        version: u32,
        before: u32,
        kept: &mut Vec<String>,
    ) -> Result<(), DeskError> {
        let Some(column) = self.store.columns.playbooks.get(playbook) else { return Ok(()) };
        let state = column.state;
        if column.current != version {
            kept.push(BookWords::KeptPlaybook.fill(act.lang, &[("playbook", playbook)]));
            return Ok(());
        }
        if let Some(toml) = column.versions.get(&before).cloned() {
            let next = column.versions.keys().max().copied().unwrap_or(version) + 1;
            let body =
                Body::PlaybookApplied { playbook: playbook.clone(), version: next, toml, before: version };
            return self.perform(act, vec![body]);
        }
        if state == PlaybookState::Removed {
            return Ok(());
        }
        for id in self.enrolments_in(playbook, &[RunState::Active, RunState::InLine]) {
            if let Some(enrolment) = self.store.enrolment(id)? {
                self.end_undone(act, &enrolment, kept)?;
            }
        }
        let after = PlaybookState::Removed;
        self.perform(act, vec![Body::PlaybookSet { playbook: playbook.clone(), before: state, after }])
    }

    /// Ends an enrolment as never begun; its open tasks that no human touched go with it.
    fn end_undone(
        &mut self,
        act: &Act,
        enrolment: &Enrolment,
        kept: &mut Vec<String>,
    ) -> Result<(), DeskError> {
        if enrolment.status.state.is_running() {
            let after = EnrolmentStatus {
                state: EnrolmentState::Stopped { rule: UNDONE.to_owned() },
                next_at: None,
                waiting: None,
                ended_at: Some(act.at),
                ..enrolment.status.clone()
            };
            let before = enrolment.status.clone();
            self.perform(act, vec![Body::EnrolmentChanged { enrolment: enrolment.id, before, after }])?;
        }
        for id in self.open_tasks_of(enrolment)? {
            let Some(task) = self.store.task(id)? else { continue };
            if !task.of.contains(&enrolment.id) {
                continue;
            }
            match enrolment.target {
                Target::Member(member) if task.of.len() > 1 => {
                    let body = Body::TaskJoined { task: id, enrolment: enrolment.id, member, undone: true };
                    self.perform(act, vec![body])?;
                }
                _ if task.status.is_touched() => kept.push(self.kept_task(act, &task)),
                _ => self.cancel_undone(act, &task)?,
            }
        }
        Ok(())
    }

    fn cancel_undone(&mut self, act: &Act, task: &Task) -> Result<(), DeskError> {
        let after = task.status.ended(TaskState::Cancelled, EndReason::Undone, act.at, &act.by.operator);
        let before = task.status.clone();
        self.perform(act, vec![Body::TaskChanged { task: task.id, before, after }])
    }

    fn kept_task(&self, act: &Act, task: &Task) -> String {
        let name = self.display_name(task.target);
        BookWords::KeptTask.fill(act.lang, &[("name", &name)])
    }

    fn reverse_fired(
        &mut self,
        act: &Act,
        id: TaskId,
        fired: &TaskStatus,
        kept: &mut Vec<String>,
    ) -> Result<(), DeskError> {
        let Some(task) = self.store.task(id)? else { return Ok(()) };
        let untouched = !is_act_on_task(fired, &task.status) || !task.status.is_touched();
        if !task.status.state.is_open() {
            if task.status.state == TaskState::Sent {
                kept.push(self.kept_task(act, &task));
            }
            Ok(())
        } else if untouched {
            self.cancel_undone(act, &task)
        } else {
            kept.push(self.kept_task(act, &task));
            Ok(())
        }
    }

    fn reverse_task(
        &mut self,
        act: &Act,
        id: TaskId,
        before: &TaskStatus,
        after: &TaskStatus,
        kept: &mut Vec<String>,
    ) -> Result<(), DeskError> {
        let Some(task) = self.store.task(id)? else { return Ok(()) };
        let now = &task.status;
        if !is_act_on_task(before, after) || !is_act_on_task(now, before) {
            return Ok(());
        }
        if is_act_on_task(now, after) {
            kept.push(self.kept_task(act, &task));
            return Ok(());
        }
        let back =
            TaskStatus { rev: now.rev + 1, seen_at: now.seen_at, copied_at: now.copied_at, ..before.clone() };
        let body = Body::TaskChanged { task: id, before: now.clone(), after: back };
        self.perform(act, vec![body])
    }
}
