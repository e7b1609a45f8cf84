//! The playbooks of a group go on in another: moved, copied, or taken along when one group merges into another.
//!
//! Each goes on where it stood: the new enrolment has the old one's anchor and progress, so what was said in the old
//! group is not said again from the beginning.

use super::super::Desk;
use super::super::act::{Act, DeskError};
use super::super::follow::closed_with_its_group;
use super::super::words::Words;
use crate::book::{
    Enrolment, EnrolmentId, EnrolmentState, EnrolmentStatus, Fields as _, GroupId, GroupState, Target,
};
use crate::door::command::Transfer;
use crate::door::reply::Outcome;
use crate::door::{Refusal, RefusalKind};
use crate::sop::format::TargetKind;
use crate::sop::schedule::Course;
use crate::store::columns::parse_zone;
use crate::store::record::{Change, Edited, PlaybookState};
use crate::store::{Body, keys};
use crate::text::lang::Lang;

/// The rule of an enrolment that went on in another group.
pub(crate) const MOVED: &str = "moved";

/// What would go along, and what would not.
#[derive(Default)]
pub(in crate::desk) struct Luggage {
    /// Enrolments of the group and of its members, as they will go on.
    pub goes: Vec<Enrolment>,
    /// Those that the other group is in already.
    pub already: usize,
    /// Open tasks that end with them.
    pub tasks: usize,
}

impl Desk {
    /// Takes the playbooks of a group to another.
    pub(super) fn transfer(
        &mut self,
        act: &Act,
        from: GroupId,
        to: GroupId,
        how: Transfer,
    ) -> Result<Outcome, DeskError> {
        self.may_transfer(from, to, act.lang)?;
        let luggage = self.luggage(from, to)?;
        if how == Transfer::Merge
            && let Some(column) = self.store.columns.groups.by_id(from)
            && column.body.state != GroupState::MergedInto(to)
        {
            let mut merged = column.body.clone();
            merged.state = GroupState::MergedInto(to);
            let text = |group: &crate::book::Group| group.field("state").unwrap_or_default();
            let (before, after) = (text(&column.body), text(&merged));
            let change = Change { field: "state".to_owned(), before, after };
            let body = Body::Edited { object: Edited::Group(from), changes: vec![change] };
            self.perform(act, vec![body])?;
        }
        let mut moved = Vec::with_capacity(luggage.goes.len());
        for old in &luggage.goes {
            let running = self.store.enrolment(old.id)?.filter(|now| now.status.state.is_running());
            if let Some(running) = running.filter(|_| how != Transfer::Copy) {
                self.cut_short(act, &running, MOVED)?;
            } else if how != Transfer::Copy && !old.status.state.is_running() {
                // it stopped with its group, and does not come back with it
                let state = EnrolmentState::Stopped { rule: MOVED.to_owned() };
                self.set_status(act, old, EnrolmentStatus { state, ..old.status.clone() })?;
            }
            moved.push(self.goes_on_in(act, old, to)?);
        }
        let words = self.transferred(from, to, moved.len(), act.lang);
        Ok(Outcome { words, enrolled: moved, ..Outcome::default() })
    }

    /// `3 个 SOP 从 一群 移到 二群`.
    pub(super) fn transferred(&self, from: GroupId, to: GroupId, n: usize, lang: Lang) -> String {
        let (from, to) = (self.display_name(Target::Group(from)), self.display_name(Target::Group(to)));
        Words::Transferred.fill(lang, &[("n", &n), ("from", &from), ("to", &to)])
    }

    /// Both are there and are two, and the second can be spoken in.
    pub(in crate::desk) fn may_transfer(
        &self,
        from: GroupId,
        to: GroupId,
        lang: Lang,
    ) -> Result<(), DeskError> {
        let name = self.display_name(Target::Group(to));
        let words = if from == to {
            Words::TransferSame
        } else if !self.is_open_target(Target::Group(to)) {
            Words::TransferClosed
        } else {
            return Ok(());
        };
        Err(Refusal::new(RefusalKind::State, words.fill(lang, &[("name", &name)])).about(name).into())
    }

    /// What would go from a group to another: what runs in it, what ended because nobody can speak in it any more, and
    /// what is gathered in it of its members.
    pub(in crate::desk) fn luggage(&self, from: GroupId, to: GroupId) -> Result<Luggage, DeskError> {
        let columns = &self.store.columns;
        let mut luggage = Luggage::default();
        let mut found: Vec<Enrolment> = Vec::new();
        for id in self.store.enrolments_of(Target::Group(from))? {
            found.extend(self.store.enrolment(id)?);
        }
        let row = columns.groups.row(from);
        let of_members = columns.enrolments.iter().filter(|(_, _, e)| {
            e.group.is_some()
                && e.group == row
                && e.state == crate::store::columns::enrolment::RunState::Active
        });
        let ids: Vec<EnrolmentId> = of_members.map(|(_, id, _)| id).collect();
        for id in ids {
            found.extend(self.store.enrolment(id)?.filter(|e| matches!(e.target, Target::Member(_))));
        }
        for enrolment in found {
            let status = &enrolment.status;
            let closed = match &status.state {
                EnrolmentState::Stopped { rule } => closed_with_its_group(rule),
                state => state.is_running(),
            };
            let playbook = self.playbooks.current(&enrolment.playbook, columns);
            let applied = columns.playbooks.get(&enrolment.playbook);
            let there = applied.is_some_and(|column| column.state != PlaybookState::Removed);
            let collects = playbook.is_some_and(|playbook| {
                playbook.target == TargetKind::Group
                    || playbook.steps.iter().any(|step| step.collects(playbook.target))
            });
            if !closed || !there || !collects || !self.has_more_to_come(&enrolment) {
                continue;
            }
            // the last round counts; one that goes on already needs no other
            let target = in_other(enrolment.target, to);
            let again =
                |other: &Enrolment| other.playbook == enrolment.playbook && other.target == enrolment.target;
            let there = match target {
                Target::Group(_) => self.is_in(&enrolment, target)?,
                _ => self.is_copied(&enrolment, to)?,
            };
            if there {
                luggage.already += 1;
            } else {
                luggage.goes.retain(|other| !again(other));
                if status.state.is_running() {
                    luggage.tasks += self.open_tasks_of(&enrolment)?.len();
                }
                luggage.goes.push(enrolment);
            }
        }
        Ok(luggage)
    }

    /// Whether a step is still to come in an enrolment.
    pub(in crate::desk) fn has_more_to_come(&self, enrolment: &Enrolment) -> bool {
        let columns = &self.store.columns;
        let status = &enrolment.status;
        let zone = parse_zone(&enrolment.zone).unwrap_or(columns.store.zone);
        let playbook = self.playbooks.get(&enrolment.playbook, status.version);
        playbook.is_some_and(|playbook| {
            let holidays = &columns.holidays;
            let course = Course { playbook: &playbook, anchor: &status.anchor, zone, holidays };
            course.next(&status.progress).is_some()
        })
    }

    /// Whether a target goes through an enrolment's playbook now, or did from the same anchor.
    fn is_in(&self, enrolment: &Enrolment, target: Target) -> Result<bool, DeskError> {
        let key = keys::enrolled(&enrolment.playbook, target, &enrolment.status.anchor.key);
        let known = self.store.bodies.get(&key)?.and_then(|bytes| keys::id_from::<EnrolmentId>(&bytes));
        let known = known.map(|id| self.store.enrolment(id)).transpose()?.flatten();
        let same = known.is_some_and(|known| known.status.state.is_running());
        Ok(same || self.running(target)?.iter().any(|other| other.playbook == enrolment.playbook))
    }

    /// Whether a member's enrolment goes on in another group already.
    fn is_copied(&self, enrolment: &Enrolment, to: GroupId) -> Result<bool, DeskError> {
        let key = moved_key(to, &enrolment.status.anchor.key);
        let key = keys::enrolled(&enrolment.playbook, enrolment.target, &key);
        let known = self.store.bodies.get(&key)?.and_then(|bytes| keys::id_from::<EnrolmentId>(&bytes));
        let known = known.map(|id| self.store.enrolment(id)).transpose()?.flatten();
        Ok(known.is_some_and(|known| known.status.state.is_running()))
    }

    fn goes_on_in(&mut self, act: &Act, old: &Enrolment, to: GroupId) -> Result<EnrolmentId, DeskError> {
        let target = in_other(old.target, to);
        let account = self.store.columns.groups.by_id(to).and_then(|group| group.body.account);
        let version =
            self.store.columns.playbooks.get(&old.playbook).map_or(old.status.version, |c| c.current);
        let mut enrolment = Enrolment {
            id: self.ids.next(act.at),
            target,
            group: old.group.map(|_| to),
            account: if matches!(target, Target::Group(_)) { account } else { old.account },
            enrolled_at: act.at,
            status: EnrolmentStatus {
                version,
                state: EnrolmentState::Active,
                next_at: Some(act.at),
                waiting: None,
                ended_at: None,
                ..old.status.clone()
            },
            ..old.clone()
        };
        if matches!(target, Target::Member(_)) {
            // the old one keeps its own key: it can be taken up again
            enrolment.status.anchor.key = moved_key(to, &old.status.anchor.key);
        }
        let id = enrolment.id;
        self.stage(act, Body::Enrolled(enrolment))?;
        self.plan_next(act, id)?;
        Ok(id)
    }
}

/// The anchor key of a member's enrolment that goes on in another group.
fn moved_key(to: GroupId, key: &str) -> String {
    format!("moved:{to}:{key}")
}

/// Whom an enrolment is of in the other group: its members stay themselves.
const fn in_other(target: Target, to: GroupId) -> Target {
    match target {
        Target::Group(_) => Target::Group(to),
        other => other,
    }
}
