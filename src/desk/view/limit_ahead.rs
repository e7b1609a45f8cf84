//! What comes due for an account while it is limited, and what of that will be over before it may be sent: a forecast for
//! one account, planned a few enrolments a turn. What waits already is counted
//! with it as [`super::choices`] finds it.

use std::collections::{BTreeMap, HashSet};

use super::planned::rows_of;
use super::subject::{group_only_by, reached_only_by};
use super::walk::ENROLMENT;
use crate::book::time::DAY;
use crate::book::{AccountId, Channel, Enrolment, GroupId, Health, Target, Task, Timestamp};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::desk::words::Words;
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
    /// By playbook: how many come due, and how many of these are over by the end.
    found: BTreeMap<u16, (u32, u32)>,
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

    /// True where a banned account is the only one that can say something to a target: of the others somebody else does.
    fn is_alone(&self, desk: &Desk, enrolment: &Enrolment) -> bool {
        let columns = &desk.store.columns;
        if self.health != Health::Banned {
            return true;
        }
        match (enrolment.target, columns.accounts.row(self.account)) {
            (Target::Member(member), Some(account)) => {
                columns.members.by_id(member).is_none_or(|member| reached_only_by(columns, &member, account))
            }
            (Target::Group(group), _) => {
                let group = columns.groups.by_id(group);
                group.is_none_or(|group| group_only_by(columns, &group.body, self.account))
            }
            _ => true,
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
            .map(|step| self.health.holds_by(Channel::by(step.via, false)) && is_its(step))
            .collect();
        if !its.contains(&true) || !self.is_alone(desk, &enrolment) {
            return Ok(());
        }
        let campaign_ends = desk.campaign_of(&enrolment).map(|campaign| campaign.until);
        let (rows, _) = rows_of(desk, &enrolment, &playbook, self.end, now)?;
        for row in rows {
            let Some((place, step)) = playbook.step_by_id(&row.step) else { continue };
            let comes = !row.reason.as_ref().is_some_and(|why| why.is_never() || why.ends_unsaid())
                && row.due_at < self.end
                && campaign_ends.is_none_or(|ends| row.due_at < ends)
                && !columns.days_off.contains(&(playbook.id.clone(), row.occurrence));
            if !comes || its.get(usize::from(place)) != Some(&true) {
                continue;
            }
            if let Some(group) = enrolment.group.filter(|_| step.collects(playbook.target))
                && !self.once.insert((column.playbook, row.step.clone(), group, row.due_at))
            {
                continue;
            }
            let until = row.until.into_iter().chain(campaign_ends).min();
            let (n, over) = self.found.entry(column.playbook).or_default();
            *n += 1;
            *over += u32::from(until.is_some_and(|until| until <= self.end));
        }
        Ok(())
    }

    /// What was found: all of it in one sentence, then one a playbook, what will be lost first.
    pub(super) fn told(&self, desk: &Desk, lang: Lang) -> Vec<String> {
        let mut found: Vec<(u16, (u32, u32))> = self.found.iter().map(|(of, n)| (*of, *n)).collect();
        found.sort_by_key(|(_, (n, over))| std::cmp::Reverse((*over, *n)));
        let span = match self.days {
            None => Words::LimitMeanwhile.text(lang).to_owned(),
            Some(days) => Words::LimitOpenEnd.fill(lang, &[("days", &days)]),
        };
        let all = self.found.values().fold((0, 0), |(n, over), (more, gone)| (n + more, over + gone));
        let over = self.due.1 + all.1;
        let values: [(&str, &dyn std::fmt::Display); 4] =
            [("now", &self.due.0), ("span", &span), ("n", &all.0), ("over", &over)];
        let sums = Words::LimitSums.fill(lang, &values);
        let said = |title: &str, (n, over): (u32, u32)| {
            let values: [(&str, &dyn std::fmt::Display); 4] =
                [("span", &span), ("title", &title), ("n", &n), ("over", &over)];
            let words = if over > 0 { Words::LimitAheadOver } else { Words::LimitAhead };
            words.fill(lang, &values)
        };
        let titled = |of: u16| desk.playbook_ref(of).map(|of| of.name).unwrap_or_default();
        let mut lines = vec![sums];
        lines.extend(found.iter().take(TOLD).map(|(of, counts)| said(&titled(*of), *counts)));
        let rest = found.iter().skip(TOLD).map(|(_, counts)| *counts);
        let rest = rest.reduce(|(n, over), (more, gone)| (n + more, over + gone));
        lines.extend(rest.map(|rest| said(Words::LimitOthers.text(lang), rest)));
        lines
    }
}
