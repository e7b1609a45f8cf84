//! Who waits before intakes, and when each is let in, as the tick does it: in the order of the line, so many a span by
//! their D0, nobody long before their own day.

use std::collections::BTreeMap;
use std::ops::Bound;

use chrono::NaiveDate;

use super::walk::{ENROLMENT, Walk};
use crate::book::{Anchor, Enrolment, EnrolmentId, EnrolmentState, Target};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::desk::tick::daily::{first_day, span_taken};
use crate::sop::calendar::day_start;
use crate::sop::calendar::yearly::ahead_days;
use crate::sop::format::{Intake, Sort, Start};
use crate::store::columns::enrolment::{EnrolmentColumn, RunState};
use crate::store::columns::task::TargetRow;

/// Who is kept in mind that has not come yet; more are left out.
const COMING_MAX: usize = 50_000;

/// What a step in a line costs, in the steps of a slice.
const STEP: usize = 20;

/// Somebody in a line.
#[derive(Clone)]
struct Waiter {
    who: Who,
    d0: NaiveDate,
    value: i64,
    own: bool,
    estimated: bool,
}

#[derive(Clone)]
enum Who {
    Stands(EnrolmentId),
    Comes(Box<Enrolment>),
}

/// The line before one intake, and how far it was let in.
#[derive(Clone)]
struct Line {
    intake: Intake,
    /// So many days before D0 somebody may be let in.
    ahead: i32,
    /// D0 is when something is expected to run out.
    runs_out: bool,
    day: NaiveDate,
    /// How many were let in, by the first day of the span of their D0.
    let_in: BTreeMap<NaiveDate, u32>,
    /// Who comes later, by the day from which they may be let in.
    later: BTreeMap<NaiveDate, Vec<(u32, Waiter)>>,
    ready: BTreeMap<(i64, u32), Waiter>,
    /// Up to whom the line was gone through on the day at hand.
    passed: Option<(i64, u32)>,
    /// How many of those who may be let in have a D0 of their own yet to come.
    early: BTreeMap<NaiveDate, u32>,
    /// How many have come.
    came: u32,
}

/// Lines before the intakes of running playbooks, by their positions.
#[derive(Clone, Default)]
pub(super) struct Lines {
    of: BTreeMap<u16, Line>,
    coming: usize,
}

/// Somebody who was let in, as the enrolment they will be.
pub(super) struct LetIn {
    pub enrolment: Enrolment,
    pub position: u16,
    /// Of the campaign that is tried.
    pub own: bool,
    pub estimated: bool,
}

enum Next {
    LetIn(Waiter, NaiveDate),
    Goes,
    Over,
}

impl Line {
    fn join(&mut self, waiter: Waiter, comes: NaiveDate) {
        let from = comes.max(crate::sop::calendar::plus_days(waiter.d0, self.ahead.saturating_neg()));
        self.came += 1;
        self.later.entry(from).or_default().push((self.came, waiter));
    }

    /// True where a span of a D0 has no place left.
    fn is_full(&self, d0: NaiveDate) -> bool {
        self.let_in.get(&first_day(&self.intake, d0)).is_some_and(|n| *n >= self.intake.max)
    }

    /// Somebody is not let in after all.
    fn gives_back(&mut self, d0: NaiveDate) {
        if let Some(n) = self.let_in.get_mut(&first_day(&self.intake, d0)) {
            *n -= 1;
        }
    }

    /// One step on: somebody comes up, is let in or passed by, or it is another day.
    fn next(&mut self, last: NaiveDate) -> Next {
        if self.day > last || (self.later.is_empty() && self.ready.is_empty()) {
            return Next::Over;
        }
        if let Some(mut first) = self.later.first_entry().filter(|first| *first.key() <= self.day) {
            match first.get_mut().pop() {
                Some((came, waiter)) => {
                    *self.early.entry(waiter.d0).or_default() += 1;
                    self.ready.insert((waiter.value, came), waiter);
                }
                None => drop(first.remove()),
            }
            return Next::Goes;
        }
        // today's span has no place: only who keeps a later day of their own can come in
        let turns =
            self.is_full(self.day) && self.early.range(self.day..).all(|(d0, n)| *d0 == self.day || *n == 0);
        let from = self.passed.map_or(Bound::Unbounded, Bound::Excluded);
        let next = self.ready.range((from, Bound::Unbounded)).next().filter(|_| !turns);
        let Some((place, d0)) = next.map(|(place, waiter)| (*place, waiter.d0.max(self.day))) else {
            self.passed = None;
            let next = self.day.succ_opt();
            self.day = next.unwrap_or(NaiveDate::MAX);
            return if next.is_some() { Next::Goes } else { Next::Over };
        };
        self.passed = Some(place);
        if self.is_full(d0) {
            return Next::Goes;
        }
        let Some(waiter) = self.ready.remove(&place) else { return Next::Goes };
        if let Some(early) = self.early.get_mut(&waiter.d0) {
            *early -= 1;
        }
        *self.let_in.entry(first_day(&self.intake, d0)).or_default() += 1;
        Next::LetIn(waiter, self.day)
    }
}

impl Lines {
    /// The lines before the intakes there are, with nobody in them.
    pub(super) fn of(desk: &Desk, today: NaiveDate) -> Self {
        let columns = &desk.store.columns;
        let known = desk.running_playbooks().into_iter().filter_map(|(id, playbook)| {
            let intake = playbook.intake.clone()?;
            let line = Line {
                intake,
                ahead: ahead_days(&playbook),
                runs_out: matches!(playbook.start, Start::Runout { .. }),
                day: today,
                let_in: BTreeMap::new(),
                later: BTreeMap::new(),
                ready: BTreeMap::new(),
                passed: None,
                early: BTreeMap::new(),
                came: 0,
            };
            let position = columns.playbook_position(&id)?;
            // of one that stands still nothing comes, however many are let in
            (!desk.is_paused(position)).then_some((position, line))
        });
        Self { of: known.collect(), coming: 0 }
    }

    /// Takes in how an enrolment of the book stands.
    pub(super) fn take(&mut self, desk: &Desk, column: &EnrolmentColumn, row: u32, today: NaiveDate) {
        let Some(line) = self.of.get_mut(&column.playbook) else { return };
        if column.state != RunState::InLine {
            if let Some(span) = span_taken(&line.intake, column, today) {
                *line.let_in.entry(span).or_default() += 1;
            }
            return;
        }
        let Some(d0) = NaiveDate::from_num_days_from_ce_opt(column.d0) else { return };
        let columns = &desk.store.columns;
        let Some(id) = columns.enrolments.id(row) else { return };
        let target = match column.target {
            TargetRow::Member(member) => columns.members.id(member).map(Target::Member),
            _ => None,
        };
        let value = target.map_or(0, |target| place_of(desk, line.intake.sort, target));
        let estimated = line.runs_out && d0 > today;
        line.join(Waiter { who: Who::Stands(id), d0, value, own: false, estimated }, today);
    }

    /// Somebody comes into the line of a playbook on a day. False where it has none.
    pub(super) fn join(
        &mut self,
        desk: &Desk,
        enrolment: &Enrolment,
        position: u16,
        comes: NaiveDate,
        (own, estimated): (bool, bool),
    ) -> bool {
        let Some(line) = self.of.get_mut(&position) else { return false };
        self.coming += 1;
        if self.coming <= COMING_MAX {
            let value = place_of(desk, line.intake.sort, enrolment.target);
            let (who, d0) = (Who::Comes(Box::new(enrolment.clone())), enrolment.status.anchor.d0);
            line.join(Waiter { who, d0, value, own, estimated }, comes);
        }
        true
    }

    /// The lines of some playbooks as they stand.
    pub(super) fn only(&self, positions: &[u16]) -> Self {
        let of = self.of.iter().filter(|(position, _)| positions.contains(position));
        Self { of: of.map(|(position, line)| (*position, line.clone())).collect(), coming: self.coming }
    }

    /// True where some were left out.
    pub(super) const fn is_cut(&self) -> bool {
        self.coming > COMING_MAX
    }

    /// Goes on to the next who is let in up to a day; none where the budget is spent or nobody else is.
    pub(super) fn next(
        &mut self,
        desk: &Desk,
        budget: &mut usize,
        last: NaiveDate,
    ) -> Result<Option<LetIn>, DeskError> {
        for (position, line) in &mut self.of {
            loop {
                if *budget == 0 {
                    return Ok(None);
                }
                *budget = budget.saturating_sub(STEP);
                let (waiter, day) = match line.next(last) {
                    Next::Over => break,
                    Next::Goes => continue,
                    Next::LetIn(waiter, day) => (waiter, day),
                };
                *budget = budget.saturating_sub(ENROLMENT);
                let Waiter { who, own, estimated, .. } = waiter;
                let enrolment = match who {
                    Who::Comes(enrolment) => Some(*enrolment),
                    Who::Stands(id) => desk.store.enrolment(id)?,
                };
                if let Some(mut enrolment) = enrolment {
                    desk.let_in(&mut enrolment, day);
                    let anchor = &enrolment.status.anchor;
                    if desk.campaign_of(&enrolment).is_some_and(|of| of.over_at() <= anchor.at) {
                        // the place is another's
                        line.gives_back(anchor.d0);
                        continue;
                    }
                    return Ok(Some(LetIn { enrolment, position: *position, own, estimated }));
                }
            }
        }
        Ok(None)
    }

    /// True when everybody was let in who is until a day.
    pub(super) fn is_done(&self, last: NaiveDate) -> bool {
        self.of.values().all(|line| line.day > last || (line.later.is_empty() && line.ready.is_empty()))
    }

    /// How many of the campaign that is tried still wait, of each playbook.
    pub(super) fn own_left(&self) -> impl Iterator<Item = (u16, usize)> {
        self.of.iter().map(|(position, line)| {
            let later = line.later.values().flatten().map(|(_, waiter)| waiter);
            (*position, line.ready.values().chain(later).filter(|waiter| waiter.own).count())
        })
    }

    /// Plans whoever is let in; true when all were.
    pub(super) fn walk(
        &mut self,
        desk: &Desk,
        walk: &mut Walk,
        budget: &mut usize,
        own: Option<bool>,
        now: crate::book::Timestamp,
    ) -> Result<bool, DeskError> {
        let last = walk.last_day();
        while let Some(one) = self.next(desk, budget, last)? {
            if walk.is_full() {
                return Ok(true);
            }
            if own.is_none_or(|own| own == one.own) {
                walk.look(desk, &one.enrolment, one.position, one.estimated, budget, now)?;
            }
        }
        Ok(self.is_done(last))
    }
}

/// Where somebody comes in a line.
fn place_of(desk: &Desk, sort: Option<Sort>, target: Target) -> i64 {
    let value = sort.map_or(0, |sort| desk.sort_value(target, sort.key));
    if sort.is_some_and(|sort| sort.descending) { value.saturating_neg() } else { value }
}

impl Desk {
    /// An enrolment as it is once it was let in on a day.
    fn let_in(&self, enrolment: &mut Enrolment, day: NaiveDate) {
        let zone = self.store.columns.zone_of(enrolment);
        let day_ends = self.playbooks.of(enrolment, &self.store.columns).map(|playbook| playbook.day_ends);
        let begins = day_start(day, zone, day_ends.unwrap_or_default());
        let was = &enrolment.status.anchor;
        let anchor = Anchor { key: was.key.clone(), at: begins.max(was.at), d0: was.d0.max(day) };
        let status = &mut enrolment.status;
        (status.anchor, status.state) = (anchor, EnrolmentState::Active);
        (status.next_at, status.waiting) = (None, None);
    }
}
