//! Who will enter on a day that is known: festivals, solar terms and birthdays, and if nothing else happens silences
//! that grow long enough, products that run out, and rests that are over before a recurrence or a date.
//!
//! Nobody of them is in the book's enrolments before their day is near. Who it will be is asked as the desk will ask
//! then: by the same anchors as a plan, and by who may enter as far as can be known now. A few rows a turn.
//!
//! A silence is broken by whoever speaks or orders, and what somebody uses up is expected by how fast they did: these are
//! estimates. Limits: of a silence that is yet to begin nothing is known.

use std::sync::Arc;

use chrono::NaiveDate;

use super::walk::ENROLMENT;
use crate::book::{Enrolment, GroupId, MemberId, PlaybookId, Target, Timestamp};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::desk::enrolling::Entry;
use crate::desk::tick::silence::Quiet;
use crate::sop::calendar::yearly::{ahead_days, is_yearly};
use crate::sop::calendar::{day_start, local_day, plus_days};
use crate::sop::format::{Playbook, Start, TargetKind};
use crate::sop::plan::anchors::{Anchors, Window, anchors};
use crate::store::record::PlaybookState;

/// What a row costs whose days are looked for, and one that has none, in the steps of a slice.
const DAYS: usize = 300;
const ROW: usize = 10;

/// Whether people come into a playbook on a day that is known ahead, if nothing else happens.
pub(super) fn is_dated(start: &Start) -> bool {
    is_yearly(start) || is_expected(start) || is_standing(start)
}

/// Whether it takes whoever fits, from the day on that they do.
const fn is_standing(start: &Start) -> bool {
    matches!(start, Start::Recurrence(_) | Start::Date { .. })
}

/// Whether that day may yet change by what happens.
pub(super) fn is_expected(start: &Start) -> bool {
    Quiet::of(start).is_some() || matches!(start, Start::Runout { .. })
}

/// The playbooks whose people are known ahead, and how far their targets were looked at.
pub(super) struct Dated {
    playbooks: Vec<(PlaybookId, u16, Arc<Playbook>)>,
    next: u32,
}

/// Who will enter a playbook: each with the day on which they do.
pub(super) struct Entering {
    pub enter: Vec<(Enrolment, NaiveDate)>,
    pub position: u16,
    pub estimated: bool,
}

/// What a look at one target goes by.
struct Look<'a> {
    id: &'a PlaybookId,
    position: u16,
    playbook: &'a Playbook,
    activated_at: Timestamp,
    now: Timestamp,
    until: Timestamp,
}

impl Dated {
    /// Nobody was looked at yet.
    pub(super) fn of(desk: &Desk) -> Self {
        let columns = &desk.store.columns;
        let runs = columns.playbooks.iter().filter(|(_, column)| column.state == PlaybookState::Running);
        let known = runs.filter_map(|(id, _)| {
            let playbook = desk.playbooks.current(id, columns).filter(|found| is_dated(&found.start))?;
            Some((id.clone(), columns.playbook_position(id)?, playbook))
        });
        Self { playbooks: known.collect(), next: 0 }
    }

    /// Goes on to the next who will enter one; none for now where the budget is spent or all were looked at.
    pub(super) fn next(
        &mut self,
        desk: &Desk,
        budget: &mut usize,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<Entering>, DeskError> {
        while let Some((id, position, playbook)) = self.playbooks.last() {
            if *budget == 0 {
                return Ok(None);
            }
            let kind = if is_expected(&playbook.start) { TargetKind::Member } else { playbook.target };
            let Some(target) = desk.target_at(kind, self.next) else {
                self.next = 0;
                self.playbooks.pop();
                continue;
            };
            self.next += 1;
            *budget = budget.saturating_sub(ROW);
            let (position, estimated) = (*position, is_expected(&playbook.start));
            let activated_at = desk.store.columns.playbooks.get(id).map_or(now, |column| column.activated_at);
            let look = Look { id, position, playbook, activated_at, now, until };
            let enter = match target {
                _ if !desk.is_open_target(target) => Vec::new(),
                Target::Member(member) if estimated => look.expects(desk, member, budget)?,
                _ if is_standing(&look.playbook.start) => look.comes_to_fit(desk, target, budget)?,
                _ => look.enters(desk, target, budget)?,
            };
            if !enter.is_empty() {
                return Ok(Some(Entering { enter, position, estimated }));
            }
        }
        Ok(None)
    }

    /// True when everybody was looked at.
    pub(super) const fn is_done(&self) -> bool {
        self.playbooks.is_empty()
    }
}

impl Look<'_> {
    fn entry(
        &self,
        target: Target,
        group: Option<GroupId>,
        key: String,
        at: Timestamp,
        by_hand: bool,
    ) -> Entry {
        let account = if let Target::Account(account) = target { Some(account) } else { None };
        Entry { playbook: self.id.clone(), target, group, account, key, at, by_hand, again: false }
    }

    /// The enrolment with which somebody would enter on a day.
    fn judged(
        &self,
        desk: &Desk,
        entry: &Entry,
        at: Timestamp,
        budget: &mut usize,
    ) -> Result<Option<(Enrolment, NaiveDate)>, DeskError> {
        *budget = budget.saturating_sub(ENROLMENT);
        let at = at.max(self.now);
        let judged = desk.judged(entry, at)?.ok();
        Ok(judged.map(|enrolment| (enrolment, at.day(desk.store.columns.store.zone))))
    }

    /// With what a target will enter by the calendar.
    fn enters(
        &self,
        desk: &Desk,
        target: Target,
        budget: &mut usize,
    ) -> Result<Vec<(Enrolment, NaiveDate)>, DeskError> {
        let columns = &desk.store.columns;
        let playbook = self.playbook;
        let (known_at, birthday, account) = match target {
            Target::Member(id) => columns.members.by_id(id).map(|m| (m.created_at, m.birthday, None)),
            Target::Group(id) => columns.groups.by_id(id).map(|g| (g.body.created_at, None, None)),
            Target::Account(id) => columns.accounts.by_id(id).map(|a| (a.body.created_at, None, Some(id))),
        }
        .unwrap_or((self.now, None, None));
        let own = match playbook.start {
            Start::Birthday { .. } => birthday.is_some_and(|born| !born.lunar),
            Start::LunarBirthday { .. } => birthday.is_some_and(|born| born.lunar),
            _ => true,
        };
        if !own {
            return Ok(Vec::new());
        }
        *budget = budget.saturating_sub(DAYS);
        let zone = desk.zone_for(playbook, target, None, account);
        let since = self.now.max(self.activated_at).max(known_at).day(zone);
        let window = Window { now: self.now, from: self.now, until: self.until, since };
        let Anchors { of, .. } = anchors(playbook, birthday, zone, &window, columns.rules.lunar);
        let mut found = Vec::new();
        for anchor in of {
            let enters_at = desk.taken_with_year(playbook, target, anchor.d0, zone, self.now)?;
            let entry = self.entry(target, None, anchor.key, anchor.at, true);
            found.extend(self.judged(desk, &entry, enters_at, budget)?);
        }
        Ok(found)
    }

    /// With what a target that is in no round will enter once it fits, if nothing else happens.
    fn comes_to_fit(
        &self,
        desk: &Desk,
        target: Target,
        budget: &mut usize,
    ) -> Result<Vec<(Enrolment, NaiveDate)>, DeskError> {
        if desk.goes_through(self.id, self.playbook, target) {
            return Ok(Vec::new());
        }
        let entry = desk.standing_entry(self.id, self.playbook, target, self.now);
        if entry.is_none_or(|entry| desk.is_past(self.playbook, &entry, self.now)) {
            return Ok(Vec::new());
        }
        *budget = budget.saturating_sub(DAYS);
        let Some(at) = desk.taken_at(self.playbook, target, self.now, self.until)? else {
            return Ok(Vec::new());
        };
        let begins = desk.own_day_from(self.playbook, target, at).max(self.activated_at);
        let entry = desk.standing_entry(self.id, self.playbook, target, begins);
        let judged = entry.map(|entry| self.judged(desk, &entry, at, budget)).transpose()?;
        Ok(judged.flatten().into_iter().collect())
    }

    /// With what a member will enter if nothing else happens: they stay silent, or run out of what they bought.
    fn expects(
        &self,
        desk: &Desk,
        member: MemberId,
        budget: &mut usize,
    ) -> Result<Vec<(Enrolment, NaiveDate)>, DeskError> {
        let entry = match Quiet::of(&self.playbook.start) {
            Some((quiet, days)) => self.silence(desk, member, quiet, days, budget)?,
            None => self.run_out(desk, member, budget)?,
        };
        let Some((entry, at)) = entry else { return Ok(Vec::new()) };
        Ok(self.judged(desk, &entry, at, budget)?.into_iter().collect())
    }

    /// Of a silence, the day that it will be long enough.
    fn silence(
        &self,
        desk: &Desk,
        member: MemberId,
        quiet: Quiet,
        days: u32,
        budget: &mut usize,
    ) -> Result<Option<(Entry, Timestamp)>, DeskError> {
        let columns = &desk.store.columns;
        let day_ends = self.playbook.day_ends;
        let zone = self.playbook.tz.unwrap_or(columns.store.zone);
        let Some(last) = columns.members.by_id(member).and_then(|column| quiet.last(&column)) else {
            return Ok(None);
        };
        let day = plus_days(quiet.day(last, zone, day_ends), i32::try_from(days).unwrap_or(i32::MAX));
        let at = day_start(day, zone, day_ends);
        if day < self.activated_at.day(zone) || at > self.until {
            return Ok(None);
        }
        *budget = budget.saturating_sub(DAYS);
        let key = desk.silence_key(member, quiet)?;
        let at = at.max(self.activated_at);
        Ok(Some((self.entry(Target::Member(member), None, key, at, false), at)))
    }

    /// Of what somebody bought, the day it is used up. They enter as soon as that is expected.
    fn run_out(
        &self,
        desk: &Desk,
        member: MemberId,
        budget: &mut usize,
    ) -> Result<Option<(Entry, Timestamp)>, DeskError> {
        let columns = &desk.store.columns;
        let Start::Runout { offset, .. } = &self.playbook.start else { return Ok(None) };
        let buys = columns.members.by_id(member).is_some_and(|column| {
            column.last_order_at.is_some() && column.enrolled().all(|position| position != self.position)
        });
        if !buys {
            return Ok(None);
        }
        *budget = budget.saturating_sub(ENROLMENT);
        let Some(expected) = desk.expected_run_out(self.playbook, member)? else { return Ok(None) };
        let (target, group) = (Target::Member(member), desk.only_group(member));
        let (d0, key) = (plus_days(expected.day, *offset), format!("runout:{}", expected.of));
        let (zone, day_ends) = (desk.zone_for(self.playbook, target, group, None), self.playbook.day_ends);
        let begins = day_start(d0, zone, day_ends);
        let near = plus_days(d0, ahead_days(self.playbook).saturating_neg());
        if near > self.until.day(zone) {
            return Ok(None);
        }
        // what runs out on the day of activation counts from the activation on
        let is_first = local_day(self.activated_at, zone, day_ends) == d0;
        let at = if is_first { begins.max(self.activated_at) } else { begins };
        Ok(Some((self.entry(target, group, key, at, false), self.now)))
    }
}
