//! What comes due for an account while it is limited, and what of that will be over before it may be sent: a forecast for
//! one account, planned a few enrolments a turn. What waits already is counted
//! with it as [`super::choices`] finds it.

use std::collections::{BTreeMap, HashSet};

use super::lost::lost_turns;
use super::planned::rows_of;
use super::walk::ENROLMENT;
use crate::book::time::DAY;
use crate::book::{
    AccountId, Channel, ContactState, Enrolment, GroupId, Health, Target, Task, Timestamp, Via,
};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::desk::words::Words;
use crate::sop::format::Step;
use crate::sop::plan::PlanRow;
use crate::store::columns::enrolment::RunState;
use crate::text::lang::Lang;

/// How far is looked where nobody knows when a limit ends, and at the furthest.
const OPEN_END: i64 = 7;
const FURTHEST: i64 = 31;

/// Next instants that are looked through.
const LOOKED_AT: usize = 20_000;

/// Playbooks that are told one by one.
const TOLD: usize = 6;

/// What is said once for many: playbook, step, group, and when.
type Once = (u16, String, GroupId, Timestamp);

/// What comes due for an account, while it is counted.
pub(super) struct LimitAhead {
    account: AccountId,
    health: Health,
    end: Timestamp,
    /// How many days are looked at, where no end is known.
    days: Option<i64>,
    rows: std::vec::IntoIter<u32>,
    once: HashSet<Once>,
    /// What is due already, and how much of it is over by the end.
    due: (u32, u32),
    /// By playbook: how many come due, how many of these are over by the end, and how many of others are lost with them.
    found: BTreeMap<u16, [u32; 3]>,
}

impl LimitAhead {
    /// Nothing was looked at yet; none where nothing is held.
    pub(super) fn begin(desk: &Desk, account: AccountId, health: &Health, now: Timestamp) -> Option<Self> {
        let until = match health {
            Health::Limited { until, .. } => *until,
            Health::Banned => None,
            _ => return None,
        };
        let after = |days: i64| Timestamp(now.0.saturating_add(days * DAY));
        let end = until.unwrap_or(after(OPEN_END)).min(after(FURTHEST));
        let wakes = desk.store.columns.wakes.within(Timestamp(i64::MIN), end);
        let rows: Vec<u32> = wakes.map(|(_, row)| row).take(LOOKED_AT).collect();
        Some(Self {
            account,
            health: health.clone(),
            end,
            days: until.is_none().then_some(OPEN_END),
            rows: rows.into_iter(),
            once: HashSet::new(),
            due: (0, 0),
            found: BTreeMap::new(),
        })
    }

    /// Goes on; true when all were looked at.
    pub(super) fn advance(
        &mut self,
        desk: &Desk,
        budget: &mut usize,
        now: Timestamp,
    ) -> Result<bool, DeskError> {
        loop {
            if *budget == 0 {
                return Ok(false);
            }
            let Some(row) = self.rows.next() else { return Ok(true) };
            *budget -= 1;
            self.look(desk, row, budget, now)?;
        }
    }

    /// Takes what waits for it already.
    pub(super) fn waits(&mut self, task: &Task) {
        self.due.0 += 1;
        self.due.1 += u32::from(task.status.until.is_some_and(|until| until <= self.end));
    }

    /// Whether another of ours says what an account that is banned would, as the desk finds who speaks.
    fn takes_over(&self, desk: &Desk, enrolment: &Enrolment, step: &Step) -> bool {
        let columns = &desk.store.columns;
        let can = |id: AccountId| {
            let account = columns.accounts.by_id(id).filter(|_| id != self.account);
            account.is_some_and(|account| !account.body.archived && account.body.health.refuses().is_none())
        };
        let group = match enrolment.target {
            Target::Group(group) => Some(group),
            _ => enrolment.group,
        };
        let group = group.and_then(|id| columns.groups.by_id(id)).map(|group| &group.body);
        let mut inside =
            group.into_iter().flat_map(|group| group.account.iter().chain(&group.speakers)).copied();
        if let Some(wanted) = step.speakers.first() {
            return inside.filter(|id| can(*id)).any(|id| {
                let account = columns.accounts.by_id(id).map(|account| &account.body);
                account.is_some_and(|account| account.persona == *wanted || account.name == *wanted)
            });
        }
        match (enrolment.target, step.via) {
            (Target::Account(_), _) => false,
            (Target::Group(_), _) | (_, Via::Group) => inside.any(can),
            (Target::Member(id), _) => columns.members.by_id(id).is_some_and(|member| {
                let friends = member.contacts().filter(|contact| contact.state == ContactState::Friend);
                friends.filter_map(|contact| columns.accounts.id(contact.account)).any(can)
            }),
        }
    }

    /// Plans one enrolment up to the end.
    fn look(&mut self, desk: &Desk, row: u32, budget: &mut usize, now: Timestamp) -> Result<(), DeskError> {
        let columns = &desk.store.columns;
        let column = columns.enrolments.get(row).filter(|column| column.state == RunState::Active);
        let Some(column) = column.filter(|column| !desk.is_paused(column.playbook)) else { return Ok(()) };
        let found = columns.enrolments.id(row).map(|id| desk.store.enrolment(id)).transpose()?.flatten();
        let Some(enrolment) = found else { return Ok(()) };
        let Some(playbook) = desk.playbooks.of(&enrolment, columns) else { return Ok(()) };
        *budget = budget.saturating_sub(ENROLMENT);
        let is_its = |step| desk.account_for_target(&enrolment, step, enrolment.target) == Some(self.account);
        let its: Vec<bool> = playbook
            .steps
            .iter()
            .map(|step| {
                self.health.holds_by(Channel::by(step.via, false))
                    && is_its(step)
                    && !(self.health == Health::Banned && self.takes_over(desk, &enrolment, step))
            })
            .collect();
        if !its.contains(&true) {
            return Ok(());
        }
        let campaign_ends = desk.campaign_of(&enrolment).map(|campaign| campaign.until);
        let (rows, _) = rows_of(desk, &enrolment, &playbook, self.end, now)?;
        let is_of_its = |row: &PlanRow| {
            let place = playbook.step_by_id(&row.step).map(|(place, _)| place);
            place.and_then(|place| its.get(usize::from(place))) == Some(&true)
        };
        let lost = lost_turns(
            &rows,
            |row| playbook.step_by_id(&row.step).map(|(_, step)| step),
            |row, step, at| {
                let own = is_of_its(row) && self.health.silences(step.via, at);
                own || desk.account_hold(&enrolment, step, at).is_some()
            },
        );
        for (row, lost) in rows.into_iter().zip(lost) {
            let Some((place, step)) = playbook.step_by_id(&row.step) else { continue };
            let comes = !row.reason.as_ref().is_some_and(|why| why.is_never() || why.ends_unsaid())
                && row.due_at < self.end
                && campaign_ends.is_none_or(|ends| row.due_at < ends)
                && !columns.days_off.contains(&(playbook.id.clone(), row.occurrence));
            let is_its = its.get(usize::from(place)) == Some(&true);
            // what another account says after it
            let lost = lost.is_some_and(|with| {
                let with = playbook.step_by_id(&with).map(|(place, _)| usize::from(place));
                with.and_then(|place| its.get(place)) == Some(&true)
            });
            if !comes || (!is_its && !lost) {
                continue;
            }
            if let Some(group) = enrolment.group.filter(|_| step.collects(playbook.target))
                && !self.once.insert((column.playbook, row.step.clone(), group, row.due_at))
            {
                continue;
            }
            let until = row.until.into_iter().chain(campaign_ends).min();
            let [n, over, lost] = self.found.entry(column.playbook).or_default();
            if !is_its {
                *lost += 1;
                continue;
            }
            *n += 1;
            *over += u32::from(until.is_some_and(|until| until <= self.end));
        }
        Ok(())
    }

    /// What was found: all of it in one sentence, then one a playbook, what will be lost first.
    pub(super) fn told(&self, desk: &Desk, lang: Lang) -> Vec<String> {
        let mut found: Vec<(u16, [u32; 3])> = self.found.iter().map(|(of, n)| (*of, *n)).collect();
        found.sort_by_key(|(_, [n, over, lost])| std::cmp::Reverse((over + lost, *n)));
        let span = match self.days {
            None => Words::LimitMeanwhile.text(lang).to_owned(),
            Some(days) => Words::LimitOpenEnd.fill(lang, &[("days", &days)]),
        };
        let sums = self.found.values().fold((0, 0), |(n, over), [more, gone, _]| (n + more, over + gone));
        let over = self.due.1 + sums.1;
        let values: [(&str, &dyn std::fmt::Display); 4] =
            [("now", &self.due.0), ("span", &span), ("n", &sums.0), ("over", &over)];
        let sums = Words::LimitSums.fill(lang, &values);
        let said = |title: &str, [n, over, lost]: [u32; 3]| {
            let values: [(&str, &dyn std::fmt::Display); 4] =
                [("span", &span), ("title", &title), ("n", &n), ("over", &over)];
            let words = if over > 0 { Words::LimitAheadOver } else { Words::LimitAhead };
            let told = words.fill(lang, &values);
            let with = (lost > 0).then(|| Words::LimitAheadTurns.fill(lang, &[("n", &lost)]));
            std::iter::once(told).chain(with).collect::<Vec<_>>().join("; ")
        };
        let titled = |of: u16| desk.playbook_ref(of).map(|of| of.name).unwrap_or_default();
        let mut lines = vec![sums];
        lines.extend(found.iter().take(TOLD).map(|(of, counts)| said(&titled(*of), *counts)));
        let rest = found.iter().skip(TOLD).map(|(_, counts)| *counts);
        let rest = rest.reduce(|[n, over, lost], [more, gone, with]| [n + more, over + gone, lost + with]);
        lines.extend(rest.map(|rest| said(Words::LimitOthers.text(lang), rest)));
        lines
    }
}
