//! A campaign tried: whom each wave would take, whom each text would reach, and what its messages would run into.
//!
//! One course over all of it: what the book owes and will owe first, then the waves and whoever an intake lets in, then
//! the texts; and then all of it in the order of time, caps and what is more important obeyed, with the campaign and
//! without it. So it tells what happens when the campaign is set up and nobody does anything but send what is offered.
//! Nothing is written.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::campaign_ahead::Coming;
use super::forecast::Forecasting;
use super::offered::Offering;
use super::words::ViewWords;
use crate::book::{Campaign, Health, Timestamp};
use crate::desk::act::DeskError;
use crate::desk::{Desk, Session};
use crate::door::campaign::CampaignTrial;
use crate::door::forecast::unsent_lines;
use crate::report::forecast::clashes;
use crate::text::clean::for_display;
use crate::text::lang::Lang;

/// Clashes that are told one by one.
const TOLD: usize = 50;

/// A campaign being tried.
pub(super) struct Trying {
    campaign: Campaign,
    coming: Coming,
    ahead: Forecasting,
    /// How many messages the book has without it.
    base: Option<usize>,
    /// How all of them are offered without it, and with it.
    offering: Option<[Offering; 2]>,
    until_seen: bool,
    warnings: Vec<String>,
}

impl Trying {
    /// Nobody was looked at yet.
    ///
    /// # Errors
    /// What is wrong with the campaign.
    pub(super) fn begin(
        desk: &mut Desk,
        session: &Session,
        campaign: &Campaign,
        now: Timestamp,
    ) -> Result<Self, DeskError> {
        let act = desk.act(session, None, now);
        let campaign = desk.with_plain_money(campaign, act.lang)?;
        let warnings = desk.check_campaign(&act, &campaign)?;
        let zone = desk.store.columns.store.zone;
        let days = (campaign.until.day(zone) - now.day(zone)).num_days().max(0) + 1;
        let days = u32::try_from(days).unwrap_or(u32::MAX);
        let ahead = Forecasting::begin(desk, session, days, Some(&campaign), now);
        let until_seen = ahead.walk.last_day() >= campaign.until.day(zone);
        let coming = Coming::begin(desk, campaign.clone(), now);
        Ok(Self { campaign, coming, ahead, base: None, offering: None, until_seen, warnings })
    }

    /// Goes on; what was found when everybody was looked at.
    pub(super) fn advance(
        &mut self,
        desk: &mut Desk,
        budget: &mut usize,
        now: Timestamp,
        lang: Lang,
    ) -> Result<Option<CampaignTrial>, DeskError> {
        let base = match self.base {
            Some(base) => base,
            None if !self.ahead.gather(desk, budget, now)? => return Ok(None),
            None => *self.base.insert(self.ahead.planned()),
        };
        self.coming.counts_from(base);
        let (walk, lines, act) = self.ahead.for_trial();
        if !self.coming.enter(desk, walk, lines, true, budget, now)?
            // who stands in a line already was let in with the rest of the book
            || !lines.walk(desk, walk, budget, Some(true), now)?
            || !self.coming.say(desk, act, walk, true, budget, now)?
        {
            return Ok(None);
        }
        let all = self.ahead.planned();
        let offering = self.offering.get_or_insert_with(|| [Offering::begin(base), Offering::begin(all)]);
        for offering in offering.iter_mut() {
            if !offering.advance(desk, &self.ahead.walk, budget, now)? {
                return Ok(None);
            }
        }
        Ok(self.offering.take().map(|[before, after]| self.told(desk, base, (&before, &after), lang)))
    }

    fn told(
        &mut self,
        desk: &Desk,
        base: usize,
        (before, after): (&Offering, &Offering),
        lang: Lang,
    ) -> CampaignTrial {
        let zone = desk.store.columns.store.zone;
        let mut warnings = std::mem::take(&mut self.warnings);
        warnings.extend(self.coming.of_nobody(desk, lang));
        warnings.extend(self.holds(desk, base, lang));
        let walk = &self.ahead.walk;
        let all = base..walk.ahead.len();
        let mut days: BTreeMap<NaiveDate, u32> = BTreeMap::new();
        for at in all.clone().filter_map(|place| after.at(place)) {
            *days.entry(at.day(zone)).or_default() += 1;
        }
        let caps = &desk.store.columns.rules.caps;
        let (was, mut hits) = (before.hits(caps, zone), after.hits(caps, zone));
        hits.retain(|hit| !was.contains(hit));
        let meet = |of: &Offering| clashes(&of.offered(walk).collect::<Vec<_>>(), zone);
        let (was, mut clashes) = (meet(before), meet(after));
        clashes.retain(|clash| !was.contains(clash));
        let alike = after.alike(all.clone());
        warnings.extend((alike > 0).then(|| ViewWords::TrialAlike.fill(lang, &[("n", &alike)])));
        let messages = days.values().sum();
        CampaignTrial {
            waves: self.coming.waves_told(desk, lang),
            messages,
            held: after.was_held().range(all).filter(|place| after.at(**place).is_none()).count() as u32,
            days: days.into_iter().collect(),
            caps: walk.caps_told(desk, hits),
            clash_count: clashes.len() as u32,
            clashes: clashes.iter().take(TOLD).map(|clash| walk.clash_told(desk, clash)).collect(),
            looked_to: (!self.until_seen).then(|| walk.last_day()),
            texts: self.coming.texts_told(),
            warnings,
        }
    }

    /// What keeps messages of it from being sent although they come: playbooks that stand still, lines that are longer
    /// than it, accounts that are limited.
    fn holds(&mut self, desk: &Desk, base: usize, lang: Lang) -> Vec<String> {
        let columns = &desk.store.columns;
        let mut said = Vec::new();
        for id in &self.campaign.playbooks {
            let title = for_display(&desk.title(id)).into_owned();
            if columns.playbook_position(id).is_some_and(|position| desk.is_paused(position)) {
                said.push(ViewWords::TrialPaused.fill(lang, &[("title", &title)]));
            }
        }
        said.extend(unsent_lines(&self.ahead.walk.kept_waiting(desk, base), lang));
        let (walk, lines, _) = self.ahead.for_trial();
        for (position, n) in lines.own_left().filter(|(_, n)| *n > 0) {
            let title = desk.playbook_ref(position).map(|of| of.name).unwrap_or_default();
            let values: [(&str, &dyn std::fmt::Display); 2] = [("title", &title), ("n", &n)];
            said.push(ViewWords::TrialLine.fill(lang, &values));
        }
        let mut limited: BTreeMap<u32, u32> = BTreeMap::new();
        for one in walk.ahead.get(base..).unwrap_or_default() {
            let Some((row, account)) = one.account.and_then(|row| Some((row, columns.accounts.get(row)?)))
            else {
                continue;
            };
            if account.body.archived || account.body.health.silences(one.via, one.at) {
                *limited.entry(row).or_default() += 1;
            }
        }
        for (row, n) in limited {
            let name = columns.accounts.get(row).map(|account| for_display(&account.body.name).into_owned());
            let values: [(&str, &dyn std::fmt::Display); 2] =
                [("name", &name.unwrap_or_default()), ("n", &n)];
            said.push(ViewWords::TrialLimited.fill(lang, &values));
        }
        // an account that begins again lets go a share of its day, which is not walked here
        let begins_again = columns.accounts.iter().filter(|(_, _, account)| match account.body.health {
            Health::Recovering { .. } => true,
            Health::Limited { until: Some(until), .. } => until < self.campaign.until,
            _ => false,
        });
        for (_, id, account) in begins_again {
            let row = columns.accounts.row(id);
            if walk.ahead.get(base..).unwrap_or_default().iter().any(|one| one.account == row) {
                let name = for_display(&account.body.name);
                said.push(ViewWords::TrialRamp.fill(lang, &[("name", &name)]));
            }
        }
        said
    }
}
