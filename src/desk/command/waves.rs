//! The waves of a campaign: chosen as each begins, so that who no longer fits is left out and who has come since is in.
//!
//! A wave enters in slices ([`Work::Waves`]), and is marked as begun when all of it is in. Waves that begin later belong
//! to the act that set the campaign up, whoever's desk lets them in, so that its undo takes everybody back.

use super::super::Desk;
use super::super::act::{Act, DeskError};
use super::super::enrolling::REMOVED;
use super::super::words::book::BookWords;
use super::work::Counts;
use crate::book::time::MINUTE;
use crate::book::{Campaign, Enrolment, EnrolmentId, EnrolmentState, Target, Timestamp, Wave};
use crate::door::Push;
use crate::sop::calendar::{day_start, plus_days};
use crate::sop::format::Playbook;
use crate::sop::grammar::WallTime;
use crate::store::record::Work;
use crate::store::{Body, acts, keys};
use crate::text::clean::for_display;
use crate::text::lang::Lang;

/// Says that waves of a campaign have begun, by their places, and that so many entered; and so many texts that reach so
/// many.
pub(super) fn all_begun_words(
    campaign: &Campaign,
    waves: &[u32],
    texts: usize,
    counts: &Counts,
    lang: Lang,
) -> String {
    let title = for_display(&campaign.title);
    let values: [(&str, &dyn std::fmt::Display); 3] =
        [("title", &title), ("texts", &texts), ("n", &counts.reached)];
    let said = BookWords::TextsBegun.fill(lang, &values);
    match (waves.is_empty(), texts) {
        (true, _) => said,
        (false, 0) => begun_words(campaign, waves, counts.entered, lang),
        (false, _) => format!("{}; {said}", begun_words(campaign, waves, counts.entered, lang)),
    }
}

/// Says that waves of a campaign have begun, by their places, and that so many entered.
pub(super) fn begun_words(campaign: &Campaign, waves: &[u32], entered: u32, lang: Lang) -> String {
    let places: Vec<String> = waves.iter().map(|at| (at + 1).to_string()).collect();
    let (title, places, all) = (for_display(&campaign.title), places.join("+"), campaign.waves.len());
    let values: [(&str, &dyn std::fmt::Display); 4] =
        [("title", &title), ("n", &entered), ("wave", &places), ("all", &all)];
    let words = if all > 1 { BookWords::WaveBegun } else { BookWords::CampaignBegun };
    let words = words.fill(lang, &values);
    let waits =
        campaign.waves.iter().zip(0..).filter(|(wave, at)| campaign.waits(wave) && !waves.contains(at));
    match waits.count() {
        0 => words,
        later => format!("{words}; {}", BookWords::WavesLater.fill(lang, &[("n", &later)])),
    }
}

/// The first day on which anything of a playbook is said or asked, counted from D0, if before it.
fn lead_days(playbook: &Playbook) -> i32 {
    let steps = playbook.steps.iter().map(|step| step.at.days.first());
    let asks = playbook.asks.iter().filter_map(|ask| ask.by.as_ref()).map(|by| by.days.first());
    steps.chain(asks).min().unwrap_or(0).min(0)
}

impl Desk {
    /// When a wave's people are chosen: as it begins, or with the day on which the first of it is said before that.
    pub(in crate::desk) fn chosen_at(&self, campaign: &Campaign, wave: &Wave) -> Timestamp {
        let columns = &self.store.columns;
        let playbooks = campaign.playbooks.iter().filter_map(|id| self.playbooks.current(id, columns));
        let lead = playbooks.map(|playbook| lead_days(&playbook)).min().unwrap_or(0);
        if lead == 0 {
            return wave.at;
        }
        let zone = columns.store.zone;
        day_start(plus_days(wave.at.day(zone), lead), zone, WallTime::MIDNIGHT)
    }

    /// Positions of the waves whose people are to be chosen now, in their order.
    pub(super) fn due_waves(&self, campaign: &Campaign, now: Timestamp) -> Vec<u32> {
        let due = |wave: &Wave| campaign.waits(wave) && self.chosen_at(campaign, wave) <= now;
        campaign.in_order().filter(|(_, wave)| due(wave)).map(|(at, _)| at as u32).collect()
    }

    /// When the next wave of any campaign is to be chosen.
    pub(in crate::desk) fn next_wave(&self, now: Timestamp) -> Option<Timestamp> {
        let campaigns = self.store.columns.campaigns.values().filter(|campaign| !campaign.is_over(now));
        let waits = campaigns.filter(|campaign| campaign.waves.iter().any(|wave| campaign.waits(wave)));
        let stands = waits.filter(|campaign| !self.is_entering(&campaign.id));
        let stands = stands.filter(|campaign| !self.is_taken_back(campaign));
        let waves = stands.flat_map(|campaign| campaign.waves.iter().map(move |wave| (campaign, wave)));
        let waves = waves.filter(|(campaign, wave)| campaign.waits(wave));
        let waves = waves.map(|(campaign, wave)| self.chosen_at(campaign, wave));
        waves.chain(self.next_text(now)).min()
    }

    /// True while an undo takes it back: nobody enters meanwhile.
    pub(super) fn is_taken_back(&self, campaign: &Campaign) -> bool {
        campaign.act.is_some_and(|act| self.is_undone(act).unwrap_or(true))
    }

    /// Lets the waves begin whose time has come.
    pub(in crate::desk) fn begin_waves(&mut self, now: Timestamp) -> Result<(), DeskError> {
        if self.next_wave(now).is_none_or(|at| at > now) {
            return Ok(());
        }
        let campaigns: Vec<Campaign> = self
            .store
            .columns
            .campaigns
            .values()
            .filter(|campaign| !campaign.is_over(now) && !self.is_entering(&campaign.id))
            .filter(|campaign| !self.is_taken_back(campaign))
            .cloned()
            .collect();
        for campaign in campaigns {
            let due = self.due_waves(&campaign, now);
            let texts = campaign.due_texts(now);
            if due.is_empty() && texts.is_empty() {
                continue;
            }
            let head = campaign.act.map(|act| acts::head(act, &self.store.bodies)).transpose()?.flatten();
            let nobody = self.tick_act(now);
            let act = match (campaign.act, head) {
                (Some(id), Some(head)) => Act { id, by: head.by, ..nobody },
                _ => nobody,
            };
            for words in self.begin_texts(&act, &campaign, &texts)? {
                self.tick.says.push(Push::Said { words });
            }
            if !due.is_empty() {
                self.undertake(&act, Work::Waves { campaign: campaign.id, waves: due })?;
            }
        }
        Ok(())
    }

    /// When the next campaign is over whose people have not left it.
    pub(in crate::desk) fn next_campaign_end(&self) -> Option<Timestamp> {
        self.store.columns.campaigns.values().filter_map(Campaign::ends_at).min()
    }

    /// Ends the campaigns whose time is over; true while somebody is still in one. Nothing of them is open any more.
    pub(in crate::desk) fn campaigns_end(&mut self, now: Timestamp) -> Result<bool, DeskError> {
        let over = |campaign: &&Campaign| campaign.ends_at().is_some_and(|at| at <= now);
        let over = self.store.columns.campaigns.values().filter(over);
        let over: Vec<String> = over.map(|campaign| campaign.id.clone()).collect();
        for campaign in over {
            let act = self.tick_act(now);
            self.undertake(&act, Work::CampaignStop { campaign })?;
        }
        let leave = |work: &Work| matches!(work, Work::CampaignStop { .. });
        Ok(self.store.columns.works.iter().any(|left| leave(&left.work)))
    }

    /// What is said of a wave that nobody matches.
    pub(in crate::desk) fn wave_of_nobody(&self, wave: &Wave, lang: Lang) -> String {
        let filter = for_display(wave.filter.trim());
        let filter = if filter.is_empty() { "-" } else { &filter };
        BookWords::WaveNobody.fill(lang, &[("at", &self.short(wave.at)), ("filter", &filter)])
    }

    /// What is to be said of waves where nobody matches them, by their places.
    pub(super) fn if_nobody(&self, campaign: &Campaign, waves: &[u32], lang: Lang) -> Vec<(u32, String)> {
        let known = waves.iter().filter_map(|at| Some((*at, campaign.waves.get(*at as usize)?)));
        known.map(|(at, wave)| (at, self.wave_of_nobody(wave, lang))).collect()
    }

    /// True while waves of a campaign enter, or whom its texts are for.
    pub(super) fn is_entering(&self, campaign: &str) -> bool {
        let enters = |work: &Work| match work {
            Work::Waves { campaign: id, .. } => id == campaign,
            Work::Enter { key, .. } => Campaign::id_of(key) == Some(campaign),
            _ => false,
        };
        self.store.columns.works.iter().any(|left| enters(&left.work))
    }

    /// The wave that a target came into a campaign with.
    pub(in crate::desk) fn wave_come_with(
        &self,
        campaign: &Campaign,
        target: Target,
    ) -> Result<Option<usize>, DeskError> {
        let key = campaign.key();
        let is_removed =
            |state: &EnrolmentState| matches!(state, EnrolmentState::Stopped { rule } if rule == REMOVED);
        let gone = |of: &Enrolment| of.status.state.is_undone() || is_removed(&of.status.state);
        for playbook in &campaign.playbooks {
            let known = self.store.bodies.get(&keys::enrolled(playbook, target, &key))?;
            let Some(id) = known.and_then(|bytes| keys::id_from::<EnrolmentId>(&bytes)) else { continue };
            let enrolment = self.store.enrolment(id)?.filter(|of| !gone(of));
            if let Some(of) = enrolment {
                return Ok(campaign.wave_of(of.status.anchor.at, of.enrolled_at));
            }
        }
        Ok(None)
    }

    /// Marks waves as begun: all of them have entered.
    pub(super) fn mark_begun(&mut self, act: &Act, id: &str, waves: &[u32]) -> Result<(), DeskError> {
        let Some(before) = self.store.columns.campaigns.get(id).cloned() else { return Ok(()) };
        let mut after = before.clone();
        for (wave, at) in after.waves.iter_mut().zip(0..) {
            if waves.contains(&at) {
                wave.begun_at = Some(act.at);
            }
        }
        let (before, after) = (Some(before), Some(after));
        self.stage(act, Body::CampaignSet { id: id.to_owned(), before, after })
    }

    /// The first wave that waits, as a human reads it: when its people will be chosen.
    pub(super) fn first_choice(&self, campaign: &Campaign) -> Option<String> {
        let waits = campaign.waves.iter().filter(|wave| campaign.waits(wave));
        let waves = waits.map(|wave| self.chosen_at(campaign, wave));
        let at = waves.chain(campaign.next_text()).min()?;
        let shown = Timestamp(at.0 - at.0.rem_euclid(MINUTE)).local(self.store.columns.store.zone);
        Some(shown.format("%m-%d %H:%M").to_string())
    }
}
