//! Who will only come, of each playbook that takes whoever comes by themselves.

use std::collections::{BTreeMap, HashMap};

use super::forecast::Forecasting;
use crate::book::{Anchor, Campaign, Enrolment, Span, Timestamp};
use crate::desk::Desk;
use crate::door::forecast::ArrivalsAhead;
use crate::report::arrivals::{LOOKED_BACK, Range, a_day, a_week};
use crate::sop::calendar::local_day;
use crate::sop::format::{Intake, Playbook, Start};
use crate::sop::plan::{Limits, PlanRules, plan};
use crate::sop::schedule::{Course, beginning};

/// Messages that one who comes gets, at most.
const ROWS: usize = 500;

/// When people came lately, by the position of the playbook.
#[derive(Default)]
pub(super) struct Arrivals(BTreeMap<u16, Vec<Timestamp>>);

impl Arrivals {
    /// Whether an enrolment of that moment is looked at.
    pub(super) fn looks_at(enrolled_at: Timestamp, now: Timestamp) -> bool {
        enrolled_at.0 > now.0 - LOOKED_BACK && enrolled_at <= now
    }

    /// Counts somebody who came, unless a human put them in.
    pub(super) fn take(&mut self, enrolment: &Enrolment, position: u16) {
        let key = &enrolment.status.anchor.key;
        if !key.starts_with("by-hand") && Campaign::id_of(key).is_none() {
            self.0.entry(position).or_default().push(enrolment.enrolled_at);
        }
    }
}

/// True for a playbook that people come into by what happens to them or what they do: who and when is not known before.
/// What comes by the calendar, and what is expected of those who are there, is known by name.
const fn takes_newcomers(start: &Start) -> bool {
    match start {
        Start::Added
        | Start::Joined
        | Start::GroupCreated
        | Start::Tag { .. }
        | Start::Stage { .. }
        | Start::FirstPurchase
        | Start::LastPurchase
        | Start::LastReply
        | Start::LastTouch
        | Start::CheckinStreak { .. }
        | Start::After { .. } => true,
        Start::Silence { .. }
        | Start::CheckinMissed { .. }
        | Start::Runout { .. }
        | Start::Birthday { .. }
        | Start::LunarBirthday { .. }
        | Start::Festival { .. }
        | Start::Term { .. }
        | Start::Date { .. }
        | Start::Recurrence(_)
        | Start::ByHand => false,
    }
}

/// So many of a week as an intake lets in.
fn let_in(weekly: Range, intake: Option<&Intake>) -> Range {
    let most = intake.map(|intake| match intake.per {
        Span::Hour | Span::Day => intake.max.saturating_mul(7),
        Span::Week => intake.max,
        Span::Month => intake.max.div_ceil(4),
    });
    let most = most.unwrap_or(u32::MAX);
    Range { low: weekly.low.min(most), high: weekly.high.min(most) }
}

impl Forecasting {
    /// How many will come a week by what came lately, and what they bring on each day.
    pub(super) fn newcomers(&self, desk: &Desk, now: Timestamp) -> (Vec<ArrivalsAhead>, Vec<Range>) {
        let columns = &desk.store.columns;
        let mut days = vec![Range::default(); self.walk.days()];
        let mut found = Vec::new();
        for (position, came) in &self.arrivals.0 {
            if desk.is_paused(*position) {
                continue;
            }
            let Some((id, playbook)) = desk.playbook_here(*position) else { continue };
            let Some(since) = columns.playbooks.get(&id).map(|column| column.activated_at) else { continue };
            if !takes_newcomers(&playbook.start) {
                continue;
            }
            let weekly = let_in(a_week(came, since, now), playbook.intake.as_ref());
            if weekly.high == 0 {
                continue;
            }
            let steps = self.steps_of_one(desk, &playbook, now);
            for (day, more) in days.iter_mut().zip(a_day(weekly, &steps)) {
                day.add(more);
            }
            found.extend(desk.playbook_ref(*position).map(|playbook| ArrivalsAhead { playbook, weekly }));
        }
        (found, days)
    }

    /// How many messages one who comes now gets on which of the coming days, counted from today.
    fn steps_of_one(&self, desk: &Desk, playbook: &Playbook, now: Timestamp) -> Vec<u32> {
        let columns = &desk.store.columns;
        let zone = playbook.tz.unwrap_or(columns.store.zone);
        let anchor = Anchor { key: String::new(), at: now, d0: local_day(now, zone, playbook.day_ends) };
        let course = Course { playbook, anchor: &anchor, zone, holidays: &columns.holidays };
        let limits = Limits { from: now, until: Some(self.walk.until()), rows: ROWS };
        let mut steps: HashMap<i64, u32> = HashMap::new();
        for row in plan(&course, &beginning(), &PlanRules::default(), limits) {
            // whose turn it is goes by a rota that newcomers do not lengthen
            let picks = playbook.step_by_id(&row.step).is_some_and(|(_, step)| step.pick.is_some());
            if !picks {
                *steps.entry((row.due_at.day(zone) - now.day(zone)).num_days()).or_default() += 1;
            }
        }
        (0..self.walk.days() as i64).map(|day| steps.get(&day).copied().unwrap_or(0)).collect()
    }
}
