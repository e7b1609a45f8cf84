//! Works about playbooks: who goes through them, and what they owe.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::super::super::Desk;
use super::super::super::act::{Act, DeskError};
use super::super::super::enrolling::REMOVED;
use super::{Counts, Found, Walk};
use crate::book::{
    EndReason, Enrolment, EnrolmentId, EnrolmentState, EnrolmentStatus, GroupId, PlaybookId, TaskKind,
    TaskState,
};
use crate::desk::enrolling::BY_HAND;
use crate::door::compose::is_one_off;
use crate::sop::format::StopRule;
use crate::store::acts::VIA_TICK;
use crate::store::columns::enrolment::{EnrolmentColumn, RunState};
use crate::store::columns::task::TargetRow;
use crate::store::record::{PlaybookState, Work};

/// Of how many an act ends the last task and the playbook at once.
const ENDS_AT_ONCE: usize = 4;

/// Groups that one turn tells something.
const TOLD: usize = 20;

/// Rows of groups that a playbook runs in.
pub(super) type Groups = BTreeSet<u32>;

pub(super) const fn runs(state: RunState) -> bool {
    matches!(state, RunState::Active | RunState::InLine)
}

/// Why what a playbook owed has ended once it is removed.
pub(in super::super) fn end_of_removed(id: &PlaybookId) -> EndReason {
    if is_one_off(id) { EndReason::Withdrawn } else { EndReason::PlaybookRemoved }
}

impl Desk {
    pub(in super::super) fn stands_so(&self, id: &PlaybookId, state: PlaybookState) -> bool {
        self.store.columns.playbooks.get(id).is_some_and(|column| column.state == state)
    }

    pub(super) fn enrolment_at(&mut self, row: u32) -> Result<Option<Enrolment>, DeskError> {
        self.works.room.read();
        let id = self.store.columns.enrolments.id(row);
        Ok(id.map(|id| self.store.enrolment(id)).transpose()?.flatten())
    }

    /// A playbook was removed: everybody leaves it, and what is open of it is cancelled.
    pub(super) fn leave(
        &mut self,
        act: &Act,
        id: &PlaybookId,
        walk: &mut Walk,
        counts: &mut Counts,
    ) -> Result<bool, DeskError> {
        let position = self.store.columns.playbook_position(id);
        let Some(position) = position.filter(|_| self.stands_so(id, PlaybookState::Removed)) else {
            // it is there again
            return Ok(true);
        };
        if walk.stage == 0 {
            let inside = |e: &EnrolmentColumn| e.playbook == position && runs(e.state);
            let all = self.each_enrolment(walk, inside, |desk, row| {
                let Some(enrolment) = desk.enrolment_at(row)? else { return Ok(()) };
                counts.ended += 1;
                desk.end_as(act, &enrolment, REMOVED)
            })?;
            if !all {
                return Ok(false);
            }
            walk.turn_over();
        }
        self.each_open_task(
            walk,
            |task| task.playbook == Some(position),
            |desk, task| {
                let by = &act.by.operator;
                let after = task.status.ended(TaskState::Cancelled, end_of_removed(id), act.at, by);
                desk.works.room.change();
                counts.done += 1;
                desk.change_task(act, &task, after)
            },
        )
    }

    /// Ends an enrolment without what its playbook wants to follow.
    fn end_as(&mut self, act: &Act, enrolment: &Enrolment, rule: &str) -> Result<(), DeskError> {
        self.works.room.change();
        let after = EnrolmentStatus {
            state: EnrolmentState::Stopped { rule: rule.to_owned() },
            next_at: None,
            waiting: None,
            ended_at: Some(act.at),
            ..enrolment.status.clone()
        };
        self.set_status(act, enrolment, after)
    }

    /// A playbook runs again: everybody in it is looked at again.
    pub(super) fn resume(&mut self, act: &Act, id: &PlaybookId, walk: &mut Walk) -> Result<bool, DeskError> {
        let position = self.store.columns.playbook_position(id);
        let Some(position) = position.filter(|_| self.stands_so(id, PlaybookState::Running)) else {
            return Ok(true);
        };
        let active = |e: &EnrolmentColumn| e.playbook == position && e.state == RunState::Active;
        self.each_enrolment(walk, active, |desk, row| desk.look_again_at(act, row))
    }

    /// Somebody in a playbook is looked at again.
    fn look_again_at(&mut self, act: &Act, row: u32) -> Result<(), DeskError> {
        let Some(id) = self.store.columns.enrolments.id(row) else { return Ok(()) };
        self.works.room.read();
        self.works.room.change();
        self.plan_next(act, id)
    }

    /// A group that was paused is spoken to again: what playbooks of members say in it is looked at again.
    pub(super) fn speaks_again(
        &mut self,
        act: &Act,
        group: GroupId,
        walk: &mut Walk,
    ) -> Result<bool, DeskError> {
        let Some(group) = self.store.columns.groups.row(group) else { return Ok(true) };
        let there = |e: &EnrolmentColumn| {
            e.group == Some(group) && e.state == RunState::Active && matches!(e.target, TargetRow::Member(_))
        };
        self.each_enrolment(walk, there, |desk, row| desk.look_again_at(act, row))
    }

    /// Who goes by one of some versions goes on by another; what fired stays fired, but for steps and days that are
    /// gone with the text that brought them and that no human touched.
    pub(super) fn move_all(
        &mut self,
        act: &Act,
        id: &PlaybookId,
        from: &[u32],
        to: u32,
        walk: &mut Walk,
        counts: &mut Counts,
    ) -> Result<bool, DeskError> {
        let columns = &self.store.columns;
        let known = columns.playbooks.get(id).is_some_and(|column| column.versions.contains_key(&to));
        let Some(position) = columns.playbook_position(id).filter(|_| known) else { return Ok(true) };
        let moves = |version: u32| version != to && from.contains(&version);
        if walk.stage == 0 {
            let inside = |e: &EnrolmentColumn| e.playbook == position && runs(e.state) && moves(e.version);
            if !self.each_enrolment(walk, inside, |desk, row| desk.move_at(act, row, to, moves))? {
                return Ok(false);
            }
            walk.turn_over();
        }
        self.undone_with_text(act, id, from, to, walk, counts)
    }

    /// Somebody in a playbook goes on by another text of it.
    pub(super) fn move_at(
        &mut self,
        act: &Act,
        row: u32,
        to: u32,
        moves: impl Fn(u32) -> bool,
    ) -> Result<(), DeskError> {
        let Some(id) = self.store.columns.enrolments.id(row) else { return Ok(()) };
        self.works.room.read();
        self.works.room.change();
        self.move_one(act, id, to, moves)
    }

    /// The act that brought a playbook was undone: who is in it never entered.
    pub(super) fn unenter(&mut self, act: &Act, id: &PlaybookId, walk: &mut Walk) -> Result<bool, DeskError> {
        let position = self.store.columns.playbook_position(id);
        let Some(position) = position.filter(|_| self.stands_so(id, PlaybookState::Removed)) else {
            return Ok(true);
        };
        let inside = |e: &EnrolmentColumn| e.playbook == position && runs(e.state);
        self.each_enrolment(walk, inside, |desk, row| {
            let Some(enrolment) = desk.enrolment_at(row)? else { return Ok(()) };
            desk.works.room.change();
            desk.never_entered(act, &enrolment)
        })
    }

    /// A day was called off: what its playbook owes of it ends, and its groups are told.
    pub(super) fn day_is_off(
        &mut self,
        act: &Act,
        id: &PlaybookId,
        day: NaiveDate,
        notice: &str,
        walk: &mut Walk,
        counts: &mut Counts,
    ) -> Result<bool, DeskError> {
        let columns = &self.store.columns;
        let off = columns.days_off.contains(&(id.clone(), day));
        let Some(position) = columns.playbook_position(id).filter(|_| off) else { return Ok(true) };
        if walk.stage == 0 {
            let all = self.each_open_task(
                walk,
                |task| task.playbook == Some(position),
                |desk, task| {
                    let of_day = match &task.kind {
                        TaskKind::Step { key, .. } => key.occurrence == day,
                        TaskKind::Ask { run, .. } => *run == day,
                        _ => false,
                    };
                    if !of_day {
                        return Ok(());
                    }
                    let reason = EndReason::DayOff;
                    let after = task.status.ended(TaskState::Cancelled, reason, act.at, &act.by.operator);
                    desk.works.room.change();
                    counts.done += 1;
                    desk.change_task(act, &task, after)
                },
            )?;
            if !all {
                return Ok(false);
            }
            walk.turn_over();
        }
        if notice.is_empty() {
            return Ok(true);
        }
        let mut found = match walk.found.take() {
            Some(Found::Groups(found)) => found,
            _ => Groups::new(),
        };
        let active = |e: &EnrolmentColumn| e.playbook == position && e.state == RunState::Active;
        let all = self.each_enrolment(walk, active, |desk, row| {
            let column = desk.store.columns.enrolments.get(row);
            found.extend(column.and_then(|column| match column.target {
                TargetRow::Group(group) => Some(group),
                _ => column.group,
            }));
            Ok(())
        })?;
        walk.found = Some(Found::Groups(found));
        if !all {
            return Ok(false);
        }
        let Some(Found::Groups(rows)) = walk.found.take() else { return Ok(true) };
        let groups: Vec<GroupId> =
            rows.into_iter().filter_map(|row| self.store.columns.groups.id(row)).collect();
        // all of them are promised in the turn that ends this: none is told twice
        for groups in groups.chunks(TOLD) {
            let (groups, words) = (groups.to_vec(), notice.to_owned());
            self.undertake(act, Work::Tell { groups, words, at: act.at })?;
        }
        Ok(true)
    }

    /// Somebody took those out by hand.
    pub(super) fn unenrol_all(
        &mut self,
        act: &Act,
        enrolments: &[EnrolmentId],
        walk: &mut Walk,
        counts: &mut Counts,
    ) -> Result<bool, DeskError> {
        let at_place = |_: &Self, walk: &Walk| enrolments.get(walk.next as usize).copied();
        self.each_of(walk, at_place, |desk, id| {
            desk.works.room.read();
            let running = desk.store.enrolment(id)?.filter(|of| of.status.state.is_running());
            let Some(enrolment) = running else { return Ok(()) };
            desk.counted(|desk| desk.stop(act, &enrolment, &StopRule::Filter(BY_HAND.to_owned())))?;
            counts.ended += 1;
            Ok(())
        })
    }

    /// Those of whom an act may have ended the last task end their playbooks by it: a few at once, the rest in slices. The
    /// tick has no need of that, for nothing that it does is undone by anybody.
    pub(in crate::desk) fn end_what_is_over(
        &mut self,
        act: &Act,
        enrolments: Vec<EnrolmentId>,
    ) -> Result<(), DeskError> {
        if enrolments.is_empty() || act.by.via == VIA_TICK {
            return Ok(());
        }
        if enrolments.len() > ENDS_AT_ONCE {
            return self.undertake(act, Work::Finish { enrolments });
        }
        for id in enrolments {
            self.counted(|desk| desk.end_if_over(act, id))?;
        }
        Ok(())
    }

    /// Those who are through their playbooks end them.
    pub(super) fn finish_all(
        &mut self,
        act: &Act,
        enrolments: &[EnrolmentId],
        walk: &mut Walk,
    ) -> Result<bool, DeskError> {
        let at_place = |_: &Self, walk: &Walk| enrolments.get(walk.next as usize).copied();
        self.each_of(walk, at_place, |desk, id| {
            desk.works.room.read();
            desk.counted(|desk| desk.end_if_over(act, id))
        })
    }
}
