//! Whom a step is owed to that a group or an account owes its people, each by themselves: the members of a group, the
//! friends of an account, who match. In slices.
//!
//! Whom the lists of a form name is known once it is filled in; until then a forecast takes such a step as one message
//! and says so, and a trial, in which nobody fills in anything but the campaign itself, as none.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;

use super::subject::Scene;
use super::walk::{Moment, Walk};
use crate::book::{GroupId, MemberId, Target, Timestamp, Via};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::desk::tick::limits::Whom;
use crate::report::forecast::Ahead;
use crate::sop::format::TargetKind;
use crate::store::columns::MemberColumn;

/// What a member costs that is looked at, and one that is held against a filter, in the steps of a slice.
const ROW: usize = 20;
const MATCH: usize = 100;

/// A step of a playbook for a group or an account, of a run where its form is asked, today or later.
type Known = (u16, u16, Target, Option<NaiveDate>, bool);

/// Rows of members, by the group or account that they belong to, and those that were found to match.
pub(super) struct Crowds {
    groups: bool,
    accounts: bool,
    next: u32,
    of: HashMap<Target, Vec<u32>>,
    known: HashMap<Known, Arc<Vec<u32>>>,
    /// Until when members are left in peace by a step, as it is known now.
    rests: HashMap<(u16, u16, Target), Option<Timestamp>>,
}

impl Crowds {
    /// Nobody was looked at yet; of playbooks that owe nobody anything by themselves nobody is.
    pub(super) fn begin(desk: &Desk) -> Self {
        let playbooks = desk.running_playbooks();
        let any = |kind| {
            let mut of_kind = playbooks.iter().filter(|(_, playbook)| playbook.target == kind);
            of_kind.any(|(_, playbook)| playbook.steps.iter().any(|step| step.who.is_some()))
        };
        let (groups, accounts) = (any(TargetKind::Group), any(TargetKind::Account));
        Self { groups, accounts, next: 0, of: HashMap::new(), known: HashMap::new(), rests: HashMap::new() }
    }

    /// Goes on; true when everybody was looked at.
    pub(super) fn gather(&mut self, desk: &Desk, budget: &mut usize) -> bool {
        let columns = &desk.store.columns;
        while self.groups || self.accounts {
            if *budget == 0 {
                return false;
            }
            *budget = budget.saturating_sub(ROW);
            let Some(member) = columns.members.get(self.next) else { break };
            if !member.archived {
                self.take(desk, &member);
            }
            self.next += 1;
        }
        true
    }

    fn take(&mut self, desk: &Desk, member: &MemberColumn) {
        let columns = &desk.store.columns;
        let stays = member.stays().filter(|stay| self.groups && stay.left_at.is_none());
        let groups = stays.filter_map(|stay| columns.groups.id(stay.group)).map(Target::Group);
        let friends = member.contacts().filter(|of| self.accounts && member.is_friend_of(of.account));
        let accounts = friends.filter_map(|of| columns.accounts.id(of.account)).map(Target::Account);
        for target in groups.chain(accounts) {
            let rows = self.of.entry(target).or_default();
            // a second stay in one group is the same member
            if rows.last() != Some(&self.next) {
                rows.push(self.next);
            }
        }
    }
}

impl Walk {
    /// Rows of the members whom a step is owed to, each by themselves; none for any other step, and while nobody knows.
    pub(super) fn crowd(
        &mut self,
        desk: &Desk,
        moment: &Moment<'_>,
        (position, at_step): (u16, u16),
        budget: &mut usize,
        now: Timestamp,
    ) -> Result<Option<Arc<Vec<u32>>>, DeskError> {
        let Moment { enrolment, playbook, step, run, at } = *moment;
        let Some(who) = step.who.as_deref().filter(|_| step.pick.is_none()) else { return Ok(None) };
        if playbook.target == TargetKind::Member {
            return Ok(None);
        }
        let columns = &desk.store.columns;
        let keys = desk.asked_in(who)?;
        let group = moment.group();
        let mut named = Vec::new();
        for key in &keys {
            let answer = desk.answer(&playbook.id, run, group, key);
            let Some(answer) = answer.map(str::to_owned).or_else(|| self.campaign_says(desk, enrolment, key))
            else {
                if self.is_trial() {
                    named.push((key.clone(), std::collections::HashSet::new()));
                    continue;
                }
                self.unlisted += 1;
                return Ok(None);
            };
            named.push((key.clone(), members_named(desk, &answer, group)));
        }
        let zone = columns.store.zone;
        let is_today = at.day(zone) == now.day(zone);
        let known = (position, at_step, enrolment.target, (!keys.is_empty()).then_some(run), is_today);
        if let Some(rows) = self.crowds.known.get(&known) {
            return Ok(Some(Arc::clone(rows)));
        }
        let class = playbook.class_of(step);
        let mut rows = Vec::new();
        for row in self.crowds.of.get(&enrolment.target).into_iter().flatten() {
            *budget = budget.saturating_sub(MATCH);
            let Some(target) = columns.members.id(*row).map(Target::Member) else { continue };
            let scene = Scene { named: &named, ..desk.scene(at) };
            if desk.matches_in(who, target, scene)? && !desk.is_marketing_off(class, target) {
                rows.push(*row);
            }
        }
        let rows = Arc::new(rows);
        self.crowds.known.insert(known, Arc::clone(&rows));
        Ok(Some(rows))
    }

    /// Whether somebody is left in peace by a step when its time comes: its own target, or one of many to whom it is owed.
    pub(super) fn is_left_in_peace(
        &mut self,
        desk: &Desk,
        moment: &Moment<'_>,
        (position, at_step): (u16, u16),
        target: Target,
        now: Timestamp,
    ) -> Result<bool, DeskError> {
        let Moment { enrolment, playbook, step, at, .. } = *moment;
        let place = (position, at_step, target);
        let until = if let Some(until) = self.crowds.rests.get(&place) {
            *until
        } else {
            let until = if target == enrolment.target {
                desk.step_rests_until(playbook, step, target, now, true)?
            } else {
                desk.member_rests_until(playbook, step, target, now)?
            };
            *self.crowds.rests.entry(place).or_insert(until)
        };
        Ok(until.is_some_and(|until| at < until))
    }

    /// A message of a group or an account as it is said to one of its people.
    pub(super) fn said_to(
        &mut self,
        desk: &Desk,
        moment: &Moment<'_>,
        message: Ahead,
        row: u32,
        now: Timestamp,
    ) -> Result<Ahead, DeskError> {
        let columns = &desk.store.columns;
        let Some(member) = columns.members.id(row) else { return Ok(message) };
        let target = Target::Member(member);
        let account = desk.account_for_target(moment.enrolment, moment.step, target);
        let playbook = moment.playbook.id.clone();
        let whom = Whom { member: Some(member), group: None, account, playbook, target, each: false };
        let caps = desk.cap_bits(&whom, now)?;
        let account = account.and_then(|id| columns.accounts.row(id));
        let account = account.filter(|_| message.via != Via::Internal);
        let person = self.person(desk, None, account);
        Ok(Ahead { member: Some(row), group: None, account, person, caps, ..message })
    }
}

/// Members whom an answer names in a group.
fn members_named(desk: &Desk, answer: &str, group: Option<GroupId>) -> std::collections::HashSet<MemberId> {
    desk.listed(answer, group).into_iter().filter_map(|(_, meant)| meant.ok()).collect()
}
