//! The playbooks of a group go on in another: moved, copied, or taken along when one group merges into another.
//!
//! They go in slices ([`Work::Transfer`]). Each goes on where it stood: the new enrolment has the old one's anchor and progress, so what was said in the old
//! group is not said again from the beginning. What is due there and not sent is owed in the new one (`along`).

use super::super::Desk;
use super::super::act::{Act, DeskError};
use super::super::follow::closed_with_its_group;
use super::super::words::Words;
use crate::book::{
    Enrolment, EnrolmentId, EnrolmentState, EnrolmentStatus, Fields as _, GroupId, GroupState, Target,
    Timestamp,
};
use crate::door::command::Transfer;
use crate::door::reply::Outcome;
use crate::door::{Refusal, RefusalKind};
use crate::sop::format::TargetKind;
use crate::sop::schedule::Course;
use crate::store::columns::EnrolmentColumn;
use crate::store::columns::enrolment::RunState;
use crate::store::columns::task::TargetRow;
use crate::store::record::{Change, Edited, PlaybookState, Work};
use crate::store::{Body, keys};
use crate::text::lang::Lang;

/// The rule of an enrolment that went on in another group.
pub(crate) const MOVED: &str = "moved";

/// Whether an enrolment of a group or in it goes along.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::desk) enum Goes {
    Along,
    /// The other group is in it already.
    Already,
    Stays,
}

/// Enrolments of members that are gathered in a group, by its row.
pub(in crate::desk) fn is_of_member_in(group: u32) -> impl Fn(&EnrolmentColumn) -> bool {
    move |enrolment| {
        enrolment.group == Some(group)
            && enrolment.state == RunState::Active
            && matches!(enrolment.target, TargetRow::Member(_))
    }
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
        let [was, is] = [from, to].map(|group| self.display_name(Target::Group(group)));
        let lang = act.lang;
        let stays = self.people_left_behind(from, how, lang);
        self.works.say_all(act.id, move |counts, outcome| {
            outcome.words = transferred(&was, &is, counts.enrolled.len(), lang);
            outcome.warnings.extend(stays);
            if !counts.taken.is_empty() {
                let along = Words::TransferAlong.fill(lang, &[("n", &counts.taken.len())]);
                outcome.words = format!("{}, {along}", outcome.words);
            }
            outcome.enrolled = counts.enrolled;
        });
        let (ends, merges) = (how != Transfer::Copy, how == Transfer::Merge);
        self.undertake(act, Work::Transfer { from, to, ends, merges })?;
        Ok(Outcome::default())
    }

    /// Who came along to the other group a human must tell: what merging says of the people in the book.
    pub(in crate::desk) fn people_left_behind(
        &self,
        from: GroupId,
        how: Transfer,
        lang: Lang,
    ) -> Option<String> {
        let people = self.store.columns.groups.by_id(from).map_or(0, |group| group.members);
        let name = self.display_name(Target::Group(from));
        (how == Transfer::Merge && people > 0)
            .then(|| Words::TransferPeople.fill(lang, &[("n", &people), ("from", &name)]))
    }

    /// A group is another from now on: nobody speaks in it any more.
    pub(super) fn becomes(&mut self, act: &Act, from: GroupId, to: GroupId) -> Result<(), DeskError> {
        let Some(column) = self.store.columns.groups.by_id(from) else { return Ok(()) };
        if column.body.state == GroupState::MergedInto(to) {
            return Ok(());
        }
        let mut merged = column.body.clone();
        merged.state = GroupState::MergedInto(to);
        let text = |group: &crate::book::Group| group.field("state").unwrap_or_default();
        let (before, after) = (text(&column.body), text(&merged));
        let change = Change { field: "state".to_owned(), before, after };
        self.perform(act, vec![Body::Edited { object: Edited::Group(from), changes: vec![change] }])
    }

    /// The same told from what is recorded of it.
    pub(super) fn transferred(&self, from: GroupId, to: GroupId, n: usize, lang: Lang) -> String {
        let [from, to] = [from, to].map(|group| self.display_name(Target::Group(group)));
        transferred(&from, &to, n, lang)
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

    /// What would go from a group to another of its own: what runs in it and what ended because nobody can speak in it
    /// any more; and how much of that the other is in already.
    pub(in crate::desk) fn own_luggage(
        &self,
        from: GroupId,
        to: GroupId,
        now: Timestamp,
    ) -> Result<(Vec<Enrolment>, usize), DeskError> {
        let (mut goes, mut already): (Vec<Enrolment>, usize) = (Vec::new(), 0);
        for id in self.store.enrolments_of(Target::Group(from))? {
            let Some(enrolment) = self.store.enrolment(id)? else { continue };
            match self.goes(&enrolment, to, now)? {
                Goes::Along => {
                    // the last round counts; one that goes on already needs no other
                    goes.retain(|other| other.playbook != enrolment.playbook);
                    goes.push(enrolment);
                }
                Goes::Already => already += 1,
                Goes::Stays => {}
            }
        }
        Ok((goes, already))
    }

    /// Whether an enrolment of a group, or of a member in it, goes along to another.
    pub(in crate::desk) fn goes(
        &self,
        enrolment: &Enrolment,
        to: GroupId,
        now: Timestamp,
    ) -> Result<Goes, DeskError> {
        let columns = &self.store.columns;
        let state = &enrolment.status.state;
        // what went before goes no more, but may be there
        let went = matches!(state, EnrolmentState::Stopped { rule } if rule == MOVED);
        let closed = match state {
            EnrolmentState::Stopped { rule } => went || closed_with_its_group(rule),
            state => state.is_running(),
        };
        let playbook = self.playbooks.current(&enrolment.playbook, columns);
        let applied = columns.playbooks.get(&enrolment.playbook);
        let there = applied.is_some_and(|column| column.state != PlaybookState::Removed);
        let collects = playbook.is_some_and(|playbook| {
            playbook.target == TargetKind::Group
                || playbook.steps.iter().any(|step| step.collects(playbook.target))
        });
        if !closed || !there || !collects {
            return Ok(Goes::Stays);
        }
        let owes = self.has_more_to_come(enrolment) || !self.owed_along(enrolment, now)?.is_empty();
        if !went && !owes {
            return Ok(Goes::Stays);
        }
        let already = match in_other(enrolment.target, to) {
            target @ Target::Group(_) => self.is_in(enrolment, target)?,
            _ => self.is_copied(enrolment, to)?,
        };
        Ok(match (already, went) {
            (true, _) => Goes::Already,
            (false, true) => Goes::Stays,
            (false, false) => Goes::Along,
        })
    }

    /// Whether a step is still to come in an enrolment.
    pub(in crate::desk) fn has_more_to_come(&self, enrolment: &Enrolment) -> bool {
        let columns = &self.store.columns;
        let status = &enrolment.status;
        let zone = columns.zone_of(enrolment);
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

    pub(super) fn goes_on_in(
        &mut self,
        act: &Act,
        old: &Enrolment,
        to: GroupId,
    ) -> Result<EnrolmentId, DeskError> {
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

/// `3 个 SOP 进度从 一群 到 二群`.
fn transferred(from: &str, to: &str, n: usize, lang: Lang) -> String {
    Words::Transferred.fill(lang, &[("n", &n), ("from", &from), ("to", &to)])
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
