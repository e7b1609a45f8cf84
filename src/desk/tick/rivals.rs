//! Several messages that fall on one person's day, or into one group: under a cap the more important are offered.
//!
//! A message waits while more important ones to the same person are still to come on this day and within the span of the
//! cap, and that has no room for all: those of the person's own enrolments, and those that a group they are in or an
//! account they are a friend of owes each of its people. Of a step that picks only who is picked counts, as far as that is
//! known. Where a distance is to be kept it waits for what is due now.
//!
//! A cap of an account or of the store is used up by others too: it has room for all only where it has room for everybody
//! who still wakes within its span.
//!
//! What is said in a group waits so for what is more important there, under the caps of the group and of the account that
//! speaks. What playbooks of members say in a group gives way, and nothing gives way to it.

use chrono_tz::Tz;

use super::super::Desk;
use super::super::act::DeskError;
use super::super::view::subject::Scene;
use super::limits::Whom;
use crate::book::{
    AccountId, Cap, CapScope, Class, Enrolment, EnrolmentId, GroupId, MemberId, Span, Target, Timestamp, Via,
    WaitReason,
};
use crate::desk::command::merge::rank;
use crate::queue::caps::{AFTER, applies, window};
use crate::queue::rivals::{Rival, Waiting, gives_way_under, is_shared};
use crate::sop::format::{Playbook, Step};
use crate::sop::judge::Verdict;
use crate::sop::schedule::Course;
use crate::store::columns::enrolment::RunState;
use crate::store::keys;
use crate::store::record::PlaybookState;

/// What a message is weighed by against others to the same person.
struct Weighed {
    own: EnrolmentId,
    rank: (u8, i32),
    now: Timestamp,
    /// Who comes later than this is no rival.
    end: Timestamp,
    /// It is asked from which account each comes: a cap counts what an account says.
    by_account: bool,
}

/// Whether caps hold a class back.
const fn is_capped(class: Class) -> bool {
    matches!(class, Class::Marketing | Class::Care)
}

impl Desk {
    /// Whether a message waits because more important ones to the same person come later on this day and a cap has no
    /// room for all of them. For those that come when it would be over it does not wait.
    #[expect(clippy::too_many_arguments, reason = "one step to one person, spelled out")]
    pub(in crate::desk) fn gives_way(
        &self,
        whom: &Whom,
        own: EnrolmentId,
        playbook: &Playbook,
        step: &Step,
        zone: Tz,
        now: Timestamp,
        until: Option<Timestamp>,
    ) -> Result<Option<Verdict>, DeskError> {
        let class = playbook.class_of(step);
        let member = whom.member.filter(|_| step.via != Via::Internal);
        let is_its = |cap: &Cap| gives_way_under(cap, member.is_none()) && applies(cap, class);
        let mut its = self.store.columns.rules.caps.iter().filter(|cap| is_its(cap)).peekable();
        if its.peek().is_none() {
            return Ok(None);
        }
        let by_account = its.any(|cap| cap.scope.of == CapScope::Account);
        let (rank, end) = (rank(class, playbook.priority), window(Span::Day, now, zone).1);
        let weighed = Weighed { own, rank, now, end, by_account };
        let rivals = match (member, whom.group) {
            (Some(member), _) => self.rivals(member, &weighed)?,
            (None, Some(group)) => self.rivals_in(group, &weighed)?,
            (None, None) => return Ok(None),
        };
        if rivals.is_empty() {
            return Ok(None);
        }
        let waiting = Waiting { account: whom.account, now, until };
        for cap in self.caps_about(whom, now)?.iter().filter(|cap| is_its(cap)) {
            let span = window(cap.per, now, zone);
            let used = self.count_of(cap, whom, span)?.used;
            let others = if is_shared(cap) { self.others_before(span.1, own) } else { 0 };
            if let Some(again) = waiting.looks_at(&rivals, cap, used, others, span) {
                let words = AFTER.to_owned();
                return Ok(Some(Verdict::Hold { until: Some(again), why: Some(WaitReason::Cap { words }) }));
            }
        }
        Ok(None)
    }

    /// How many other enrolments look at what is next before an instant: no fewer than say something by then for the first
    /// time, whoever they are about.
    fn others_before(&self, end: Timestamp, own: EnrolmentId) -> usize {
        let columns = &self.store.columns;
        let wakes = columns.wakes.rank((end, 0));
        let own = columns.enrolments.by_id(own).and_then(|column| column.next_at());
        wakes.saturating_sub(usize::from(own.is_some_and(|at| at < end)))
    }

    /// What is more important in a group, and comes on this day.
    fn rivals_in(&self, group: GroupId, weighed: &Weighed) -> Result<Vec<Rival<AccountId>>, DeskError> {
        let mut rivals = Vec::new();
        for id in self.store.enrolments_of(Target::Group(group))? {
            rivals.extend(self.said_before(id, weighed)?);
        }
        Ok(rivals)
    }

    /// When another enrolment of a group says something more important there; none where it does not on this day.
    fn said_before(&self, id: EnrolmentId, weighed: &Weighed) -> Result<Option<Rival<AccountId>>, DeskError> {
        let Some((_, playbook)) = self.comes(id, weighed) else { return Ok(None) };
        let Some(enrolment) = self.store.enrolment(id)? else { return Ok(None) };
        let columns = &self.store.columns;
        let zone = columns.zone_of(&enrolment);
        let course = Course {
            playbook: &playbook,
            anchor: &enrolment.status.anchor,
            zone,
            holidays: &columns.holidays,
        };
        let Some(planned) = course.next(&enrolment.status.progress) else { return Ok(None) };
        let at = planned.due_at.max(enrolment.status.next_at.unwrap_or(planned.due_at));
        let outranks = |step: &&Step| {
            let class = playbook.class_of(step);
            step.via == Via::Group && is_capped(class) && rank(class, playbook.priority) < weighed.rank
        };
        let off = columns.days_off.contains(&(playbook.id.clone(), planned.occurrence));
        let step = playbook.step(planned.step).filter(outranks).filter(|_| !off && at < weighed.end);
        Ok(step.map(|step| Rival { at, account: self.account_for(&enrolment, step) }))
    }

    /// What is more important to a member, and comes on this day: of other playbooks, under caps like this one.
    fn rivals(&self, member: MemberId, weighed: &Weighed) -> Result<Vec<Rival<AccountId>>, DeskError> {
        let mut rivals = Vec::new();
        for id in self.store.enrolments_of(Target::Member(member))? {
            let Some((at, other)) = self.comes(id, weighed) else { continue };
            if is_capped(other.class) && rank(other.class, other.priority) < weighed.rank {
                let account = if weighed.by_account { self.says_next_from(id, &other)? } else { None };
                rivals.push(Rival { at, account });
            }
        }
        for within in self.circles_of(member) {
            for id in self.store.enrolments_of(within)? {
                let Some((_, other)) = self.comes(id, weighed) else { continue };
                if other.steps.iter().any(|step| step.who.is_some()) {
                    rivals.extend(self.fans_out_to(id, &other, within, member, weighed)?);
                }
            }
        }
        Ok(rivals)
    }

    /// The account that says what an enrolment says next.
    fn says_next_from(&self, id: EnrolmentId, playbook: &Playbook) -> Result<Option<AccountId>, DeskError> {
        let Some(enrolment) = self.store.enrolment(id)? else { return Ok(None) };
        let columns = &self.store.columns;
        let (zone, holidays) = (columns.zone_of(&enrolment), &columns.holidays);
        let course = Course { playbook, anchor: &enrolment.status.anchor, zone, holidays };
        let step = course.next(&enrolment.status.progress).and_then(|next| playbook.step(next.step));
        Ok(step.and_then(|step| self.account_for(&enrolment, step)))
    }

    /// The groups that a member is in and the accounts that they are a friend of: what these owe each of their people is
    /// owed to the member too.
    pub(in crate::desk) fn circles_of(&self, member: MemberId) -> Vec<Target> {
        let columns = &self.store.columns;
        let Some(column) = columns.members.by_id(member) else { return Vec::new() };
        let groups = column.stays().filter(|stay| column.is_in(stay.group)).map(|stay| stay.group);
        let mut groups: Vec<u32> = groups.collect();
        groups.sort_unstable();
        groups.dedup();
        let groups = groups.into_iter().filter_map(|row| columns.groups.id(row)).map(Target::Group);
        let friends = column.contacts().filter(|contact| column.is_friend_of(contact.account));
        let accounts =
            friends.filter_map(|contact| columns.accounts.id(contact.account)).map(Target::Account);
        groups.chain(accounts).collect()
    }

    /// The steps of a group's or an account's playbook that mean a member, as they stand now: what answers to forms of
    /// runs to come will say is not known, nor whose turn it will be at steps that pick.
    pub(in crate::desk) fn steps_that_mean(
        &self,
        playbook: &Playbook,
        enrolment: &Enrolment,
        within: Target,
        member: MemberId,
        now: Timestamp,
    ) -> Result<Vec<u16>, DeskError> {
        let target = Target::Member(member);
        let group = match within {
            Target::Group(group) => Some(group),
            _ => None,
        };
        let run = enrolment.status.next_at.unwrap_or(now).day(self.store.columns.store.zone);
        let mut means = Vec::new();
        for (step, at) in playbook.steps.iter().zip(0_u16..) {
            let Some(who) = step.who.as_ref().filter(|_| step.via != Via::Internal && step.pick.is_none())
            else {
                continue;
            };
            if self.is_marketing_off(playbook.class_of(step), target) {
                continue;
            }
            let named = self.named_by_now(who, &playbook.id, run, group)?;
            if self.matches_in(who, target, Scene { named: &named, ..self.scene(now) })?
                && self.member_rests_until(playbook, step, target, now)?.is_none()
            {
                means.push(at);
            }
        }
        Ok(means)
    }

    /// When something of another enrolment comes, and of which playbook; none where none of it does in time.
    fn comes(&self, id: EnrolmentId, weighed: &Weighed) -> Option<(Timestamp, std::sync::Arc<Playbook>)> {
        let columns = &self.store.columns;
        let column = columns.enrolments.by_id(id).filter(|_| id != weighed.own)?;
        let at = column.next_at().filter(|at| *at < weighed.end && column.state == RunState::Active)?;
        let (id, playbook) =
            columns.playbook_at(column.playbook).filter(|(_, c)| c.state == PlaybookState::Running)?;
        Some((at, self.playbooks.get(id, playbook.current)?))
    }

    /// When a more important step comes that a group or account owes each of its people, where a member is meant who has
    /// not had it.
    fn fans_out_to(
        &self,
        id: EnrolmentId,
        playbook: &Playbook,
        within: Target,
        member: MemberId,
        weighed: &Weighed,
    ) -> Result<Option<Rival<AccountId>>, DeskError> {
        let columns = &self.store.columns;
        let Some(enrolment) = self.store.enrolment(id)? else { return Ok(None) };
        let zone = columns.zone_of(&enrolment);
        let holidays = &columns.holidays;
        let course = Course { playbook, anchor: &enrolment.status.anchor, zone, holidays };
        let Some(planned) = course.next(&enrolment.status.progress) else { return Ok(None) };
        let at = planned.due_at.max(enrolment.status.next_at.unwrap_or(planned.due_at));
        let step = playbook.step(planned.step).filter(|step| step.via != Via::Internal && at < weighed.end);
        let Some((step, who)) = step.and_then(|step| Some((step, step.who.as_ref()?))) else {
            return Ok(None);
        };
        let class = playbook.class_of(step);
        let outranks = is_capped(class) && rank(class, playbook.priority) < weighed.rank;
        let target = Target::Member(member);
        if !outranks
            || columns.days_off.contains(&(playbook.id.clone(), planned.occurrence))
            || self.is_marketing_off(class, target)
            || (step.pick.is_some() && !self.is_picked(playbook, step, &planned, within, target))
            || self.store.bodies.has(&keys::fired(&self.key(playbook, step, &planned, target)))?
            || self.member_rests_until(playbook, step, target, at)?.is_some()
        {
            return Ok(None);
        }
        let group = match within {
            Target::Group(group) => Some(group),
            _ => None,
        };
        let named = self.named(who, &playbook.id, planned.run, group)?;
        let scene = Scene { named: &named, ..self.scene(weighed.now) };
        let rival = || Rival { at, account: self.account_for_target(&enrolment, step, target) };
        Ok(self.matches_in(who, target, scene)?.then(rival))
    }
}
