//! Playbooks and who goes through them.

use super::super::super::Desk;
use super::super::super::act::{Act, DeskError};
use super::super::super::words::book::BookWords;
use super::kept::Kept;
use super::reverse::put_back;
use crate::book::{EndReason, Enrolment, EnrolmentId, EnrolmentState, EnrolmentStatus, PlaybookId, Target};
use crate::store::record::{PlaybookState, Work};
use crate::store::{Body, keys};

/// The status without what a change did to it, and whether something of the change stays.
///
/// The next instant and what it waits for follow from the rest, and are planned anew where anything else has moved
/// since.
fn taken_back(
    now: &EnrolmentStatus,
    before: &EnrolmentStatus,
    after: &EnrolmentStatus,
) -> (EnrolmentStatus, bool) {
    if now == after {
        return (before.clone(), false);
    }
    let mut back = now.clone();
    if before.state != after.state {
        if now.state != after.state {
            return (back, now.state != before.state);
        }
        back.state = before.state.clone();
        back.ended_at = before.ended_at;
    }
    let mut differs = false;
    put_back(&mut back.anchor, &before.anchor, &after.anchor, &mut differs);
    put_back(&mut back.zone, &before.zone, &after.zone, &mut differs);
    let passed = |status: &EnrolmentStatus| {
        let progress = &status.progress;
        (progress.passed, progress.step, progress.goto.clone(), progress.ahead.clone())
    };
    if before.version != after.version && passed(now) != passed(after) {
        // it has gone on by the other text, and goes on with the one before as with any other edit
        return (back, false);
    }
    put_back(&mut back.version, &before.version, &after.version, &mut differs);
    let mut progress = passed(now);
    put_back(&mut progress, &passed(before), &passed(after), &mut differs);
    (back.progress.passed, back.progress.step, back.progress.goto, back.progress.ahead) = progress;
    // days are lost by several steps, each on its own account
    let (had, has) = (before.progress.shifted_days, after.progress.shifted_days);
    back.progress.shifted_days = now
        .progress
        .shifted_days
        .saturating_sub(has.saturating_sub(had))
        .saturating_add(had.saturating_sub(has));
    // steps go on by themselves: that is no change by anybody
    (back, false)
}

impl Desk {
    pub(super) fn reverse_playbook_set(
        &mut self,
        act: &Act,
        playbook: &PlaybookId,
        before: PlaybookState,
        after: PlaybookState,
        kept: &mut Kept,
    ) -> Result<(), DeskError> {
        let now = self.store.columns.playbooks.get(playbook).map(|column| column.state);
        if now == Some(after) {
            let body = Body::PlaybookSet { playbook: playbook.clone(), before: after, after: before };
            self.put(act, body, kept)?;
            if before == PlaybookState::Running {
                // whoever was woken while it did not run waits for this
                self.undertake(act, Work::Resume { playbook: playbook.clone() })?;
            }
        } else if now != Some(before) {
            kept.words.push(BookWords::KeptPlaybook.fill(act.lang, &[("playbook", playbook)]));
        }
        Ok(())
    }

    /// The text before comes back as the next version, which enrolments go on with. What was not there before, or
    /// had been removed, goes.
    pub(super) fn reverse_applied(
        &mut self,
        act: &Act,
        playbook: &PlaybookId,
        version: u32,
        before: u32,
        was: Option<PlaybookState>,
        kept: &mut Kept,
    ) -> Result<(), DeskError> {
        let Some(column) = self.store.columns.playbooks.get(playbook) else { return Ok(()) };
        let state = column.state;
        // done again, the same text has another number
        let text = |version| column.versions.get(&version);
        if text(column.current) != text(version) || (state == PlaybookState::Removed && before > 0) {
            kept.words.push(BookWords::KeptPlaybook.fill(act.lang, &[("playbook", playbook)]));
            return Ok(());
        }
        let current = column.current;
        let earlier = column.versions.get(&before).cloned();
        let was_there = earlier.is_some() && was != Some(PlaybookState::Removed);
        if let Some(toml) = earlier {
            let next = column.versions.keys().max().copied().unwrap_or(version) + 1;
            // who stayed on a text of their own when this one came is not touched by its going
            let moves: Vec<u32> = column
                .versions
                .iter()
                .filter(|(number, text)| **text == toml || [current, version].contains(number))
                .map(|(number, _)| *number)
                .collect();
            let body = Body::PlaybookApplied {
                playbook: playbook.clone(),
                version: next,
                toml,
                before: current,
                was: Some(state),
            };
            self.put(act, body, kept)?;
            self.undertake(act, Work::Move { playbook: playbook.clone(), from: moves, to: next })?;
            self.sweep_again();
        }
        if was_there || state == PlaybookState::Removed {
            return Ok(());
        }
        let after = PlaybookState::Removed;
        self.put(act, Body::PlaybookSet { playbook: playbook.clone(), before: state, after }, kept)?;
        self.undertake(act, Work::Unenter { playbook: playbook.clone() })
    }

    pub(super) fn reverse_enrolment(
        &mut self,
        act: &Act,
        id: EnrolmentId,
        before: &EnrolmentStatus,
        after: &EnrolmentStatus,
        kept: &mut Kept,
    ) -> Result<(), DeskError> {
        let Some(now) = self.store.enrolment(id)? else { return Ok(()) };
        let (mut back, mut stays) = taken_back(&now.status, before, after);
        if !back.state.is_running() {
            // it ends again, although what came next for it has moved since
            (back.next_at, back.waiting) = (None, None);
            back.ended_at = back.ended_at.or(Some(act.at));
        }
        let begins_again = back.state.is_running() && !now.status.state.is_running();
        let replaced = begins_again && self.enrolled_anew(&now)?;
        stays |= replaced;
        if stays {
            kept.words.push(self.kept_enrolment(act, &now));
        }
        if replaced || back == now.status {
            return Ok(());
        }
        let moved_since = now.status != *after;
        let ends_by = match &back.state {
            EnrolmentState::Stopped { rule } if now.status.state.is_running() => Some(rule.clone()),
            _ => None,
        };
        let body = Body::EnrolmentChanged { enrolment: id, before: now.status.clone(), after: back };
        self.put(act, body, kept)?;
        if let Some(rule) = ends_by {
            self.ends_what_came_since(act, &now, &EndReason::Stopped { rule })?;
        }
        if moved_since { self.plan_next(act, id) } else { Ok(()) }
    }

    /// An enrolment ends once more: so does what came due since its end was undone.
    fn ends_what_came_since(
        &mut self,
        act: &Act,
        enrolment: &Enrolment,
        reason: &EndReason,
    ) -> Result<(), DeskError> {
        let Some(undone_at) = self.undone_at(act)? else { return Ok(()) };
        let mut tasks = self.tasks_that_end_with(enrolment)?;
        tasks.retain(|task| task.fired_at > undone_at);
        self.cancel_tasks_of(act, enrolment, &tasks, reason)
    }

    pub(super) fn kept_enrolment(&self, act: &Act, enrolment: &Enrolment) -> String {
        let name = self.display_name(enrolment.target);
        let playbook = self.playbook_name(&enrolment.playbook);
        let values: [(&str, &dyn std::fmt::Display); 2] = [("name", &name), ("what", &playbook)];
        BookWords::KeptLink.fill(act.lang, &values)
    }

    /// True where another enrolment took the place of one that was undone or removed.
    fn enrolled_anew(&self, enrolment: &Enrolment) -> Result<bool, DeskError> {
        let key = keys::enrolled(&enrolment.playbook, enrolment.target, &enrolment.status.anchor.key);
        let known = self.store.bodies.get(&key)?.and_then(|bytes| keys::id_from::<EnrolmentId>(&bytes));
        Ok(known.is_some_and(|known| known != enrolment.id))
    }

    /// Ends an enrolment as never begun, where a work of an undo comes to it.
    pub(in crate::desk) fn never_entered(
        &mut self,
        act: &Act,
        enrolment: &Enrolment,
    ) -> Result<(), DeskError> {
        let mut kept = Kept::default();
        self.end_undone(act, enrolment, &mut kept)?;
        for body in std::mem::take(&mut kept.staged) {
            self.follow(act, &body)?;
        }
        Ok(())
    }

    /// Ends an enrolment as never begun; its open tasks that no human touched go with it.
    pub(super) fn end_undone(
        &mut self,
        act: &Act,
        enrolment: &Enrolment,
        kept: &mut Kept,
    ) -> Result<(), DeskError> {
        if enrolment.status.state.is_running() {
            let after = EnrolmentStatus {
                state: EnrolmentState::undone(),
                next_at: None,
                waiting: None,
                ended_at: Some(act.at),
                ..enrolment.status.clone()
            };
            let before = enrolment.status.clone();
            self.put(act, Body::EnrolmentChanged { enrolment: enrolment.id, before, after }, kept)?;
            self.tick.place_is_free(&enrolment.playbook);
        }
        for id in self.open_tasks_of(enrolment)? {
            let Some(task) = self.store.task(id)? else { continue };
            if !task.of.contains(&enrolment.id) {
                continue;
            }
            match enrolment.target {
                Target::Member(member) if task.of.len() > 1 => {
                    let body = Body::TaskJoined { task: id, enrolment: enrolment.id, member, undone: true };
                    self.put(act, body, kept)?;
                }
                _ if task.status.is_touched() => kept.words.push(self.kept_task(act, &task)),
                _ => self.cancel_undone(act, &task, kept)?,
            }
        }
        Ok(())
    }
}
