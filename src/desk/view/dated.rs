//! Who will enter by the calendar: festivals, solar terms and birthdays of the days that a forecast looks at.
//!
//! A target enters a day before the first step, so that until then the book has no enrolment of it. Who it will be is
//! asked as the desk will ask then: by the same anchors as a plan, and by who may enter as far as can be known now. A few
//! rows a turn. Limits: an intake lets everybody in at once here.

use std::sync::Arc;

use super::forecast::ENROLMENT;
use crate::book::{Enrolment, EnrolmentState, PlaybookId, Target, Timestamp};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::desk::enrolling::Entry;
use crate::sop::calendar::yearly::is_yearly;
use crate::sop::format::{Playbook, Start};
use crate::sop::plan::anchors::{Anchors, Window, anchors};
use crate::store::record::PlaybookState;

/// What a row costs whose days are looked for, and one that has none, in the steps of a slice.
const DAYS: usize = 300;
const ROW: usize = 10;

/// The playbooks that come by the calendar, and how far their targets were looked at.
pub(super) struct Dated {
    playbooks: Vec<(PlaybookId, u16, Arc<Playbook>)>,
    next: u32,
    own: Vec<u16>,
}

impl Dated {
    /// Nobody was looked at yet.
    pub(super) fn of(desk: &Desk) -> Self {
        let columns = &desk.store.columns;
        let runs = columns.playbooks.iter().filter(|(_, column)| column.state == PlaybookState::Running);
        let known = runs.filter_map(|(id, _)| {
            let playbook = desk.playbooks.current(id, columns).filter(|found| is_yearly(&found.start))?;
            Some((id.clone(), columns.playbook_position(id)?, playbook))
        });
        let playbooks: Vec<_> = known.collect();
        let own = playbooks.iter().map(|(_, position, _)| *position).collect();
        Self { playbooks, next: 0, own }
    }

    /// True for a playbook whose people are known ahead.
    pub(super) fn is_of(&self, position: u16) -> bool {
        self.own.contains(&position)
    }

    /// Goes on to the next who will enter one; none for now where the budget is spent or all were looked at.
    pub(super) fn next(
        &mut self,
        desk: &Desk,
        budget: &mut usize,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<(Vec<Enrolment>, u16)>, DeskError> {
        while let Some((id, position, playbook)) = self.playbooks.last() {
            if *budget == 0 {
                return Ok(None);
            }
            let Some(target) = desk.target_at(playbook.target, self.next) else {
                self.next = 0;
                self.playbooks.pop();
                continue;
            };
            self.next += 1;
            *budget = budget.saturating_sub(ROW);
            let enter = enters(desk, id, playbook, target, budget, now, until)?;
            if !enter.is_empty() {
                return Ok(Some((enter, *position)));
            }
        }
        Ok(None)
    }

    /// True when everybody was looked at.
    pub(super) const fn is_done(&self) -> bool {
        self.playbooks.is_empty()
    }
}

/// With what a target will enter a playbook until an instant.
fn enters(
    desk: &Desk,
    id: &PlaybookId,
    playbook: &Playbook,
    target: Target,
    budget: &mut usize,
    now: Timestamp,
    until: Timestamp,
) -> Result<Vec<Enrolment>, DeskError> {
    let columns = &desk.store.columns;
    let (known_at, birthday, account) = match target {
        Target::Member(id) => columns.members.by_id(id).map(|m| (m.created_at, m.birthday, None)),
        Target::Group(id) => columns.groups.by_id(id).map(|g| (g.body.created_at, None, None)),
        Target::Account(id) => columns.accounts.by_id(id).map(|a| (a.body.created_at, None, Some(id))),
    }
    .unwrap_or((now, None, None));
    let own = match playbook.start {
        Start::Birthday { .. } => birthday.is_some_and(|born| !born.lunar),
        Start::LunarBirthday { .. } => birthday.is_some_and(|born| born.lunar),
        _ => true,
    };
    if !own || !desk.is_open_target(target) {
        return Ok(Vec::new());
    }
    *budget = budget.saturating_sub(DAYS);
    let zone = desk.zone_for(playbook, target, None, account);
    let activated_at = columns.playbooks.get(id).map_or(now, |column| column.activated_at);
    let since = now.max(activated_at).max(known_at).day(zone);
    let window = Window { now, from: now, until, since };
    let Anchors { of, .. } = anchors(playbook, birthday, zone, &window, columns.rules.lunar);
    let mut found = Vec::new();
    for anchor in of {
        *budget = budget.saturating_sub(ENROLMENT);
        let entry = Entry {
            playbook: id.clone(),
            target,
            group: None,
            account,
            key: anchor.key,
            at: anchor.at,
            by_hand: true,
        };
        if let Ok(mut enrolment) = desk.judged(&entry, now)? {
            enrolment.status.state = EnrolmentState::Active;
            found.push(enrolment);
        }
    }
    Ok(found)
}
