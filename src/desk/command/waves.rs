//! The waves of a campaign: chosen as each begins, so that who no longer fits is left out and who has come since is in.
//!
//! A wave enters in slices as enrolling by hand does, and is marked as begun when all of it is in: after a crash it goes
//! on, for nobody enters one playbook twice from one campaign. Waves that begin later belong to the act that set the
//! campaign up, whoever's desk lets them in, so that its undo takes everybody back.

use std::collections::{BTreeMap, BTreeSet};

use super::super::act::{Act, DeskError};
use super::super::enrolling::{REMOVED, UNDONE};
use super::super::words::book::BookWords;
use super::super::{Desk, Now};
use super::enrol::Job;
use crate::book::time::MINUTE;
use crate::book::{Campaign, Enrolment, EnrolmentId, EnrolmentState, Target, Timestamp, Wave};
use crate::sop::calendar::{day_start, plus_days};
use crate::sop::format::Playbook;
use crate::sop::grammar::WallTime;
use crate::store::{Body, acts, keys};
use crate::text::clean::for_display;
use crate::text::lang::Lang;

/// What the last job of a campaign's waves says and marks.
pub(super) struct Begun {
    pub id: String,
    pub title: String,
    pub warnings: Vec<String>,
    /// Positions of the waves that begin.
    pub waves: Vec<usize>,
    /// The same by their beginning: what is said where nobody matches one.
    pub nobody: BTreeMap<Timestamp, String>,
    /// How many there are, and how many wait for their time.
    pub all: usize,
    pub later: usize,
}

impl Begun {
    /// What is said of waves that nobody matched; `matched` are the beginnings of the others.
    pub(super) fn empty(&self, matched: &BTreeSet<Timestamp>) -> impl Iterator<Item = &str> {
        self.nobody.iter().filter(|(at, _)| !matched.contains(*at)).map(|(_, words)| words.as_str())
    }

    pub(super) fn words(&self, enters: u32, lang: Lang) -> String {
        let waves: Vec<String> = self.waves.iter().map(|at| (at + 1).to_string()).collect();
        let waves = waves.join("+");
        let values: [(&str, &dyn std::fmt::Display); 4] =
            [("title", &self.title), ("n", &enters), ("wave", &waves), ("all", &self.all)];
        let words = if self.all > 1 { BookWords::WaveBegun } else { BookWords::CampaignBegun };
        let words = words.fill(lang, &values);
        if self.later == 0 {
            return words;
        }
        format!("{words}; {}", BookWords::WavesLater.fill(lang, &[("n", &self.later)]))
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
    pub(super) fn due_waves(&self, campaign: &Campaign, now: Timestamp) -> Vec<usize> {
        let due = |wave: &Wave| campaign.waits(wave) && self.chosen_at(campaign, wave) <= now;
        campaign.in_order().filter(|(_, wave)| due(wave)).map(|(at, _)| at).collect()
    }

    /// When the next wave of any campaign is to be chosen.
    pub(in crate::desk) fn next_wave(&self, now: Timestamp) -> Option<Timestamp> {
        let campaigns = self.store.columns.campaigns.values().filter(|campaign| !campaign.is_over(now));
        let waits = campaigns.filter(|campaign| campaign.waves.iter().any(|wave| campaign.waits(wave)));
        let stands = waits.filter(|campaign| !self.enrolling.is_entering(&campaign.key()));
        let stands = stands.filter(|campaign| !self.is_taken_back(campaign));
        let waves = stands.flat_map(|campaign| campaign.waves.iter().map(move |wave| (campaign, wave)));
        let waves = waves.filter(|(campaign, wave)| campaign.waits(wave));
        waves.map(|(campaign, wave)| self.chosen_at(campaign, wave)).min()
    }

    /// True while an undo takes it back: nobody enters meanwhile.
    fn is_taken_back(&self, campaign: &Campaign) -> bool {
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
            .filter(|campaign| !campaign.is_over(now) && !self.enrolling.is_entering(&campaign.key()))
            .filter(|campaign| !self.is_taken_back(campaign))
            .cloned()
            .collect();
        for campaign in campaigns {
            let due = self.due_waves(&campaign, now);
            if due.is_empty() {
                continue;
            }
            let head = campaign.act.map(|act| acts::head(act, &self.store.bodies)).transpose()?.flatten();
            let nobody = self.tick_act(now);
            let act = match (campaign.act, head) {
                (Some(id), Some(head)) => Act { id, by: head.by, ..nobody },
                _ => nobody,
            };
            self.enrol_waves(&act, &campaign, due, Vec::new())?;
        }
        Ok(())
    }

    /// Lets waves of a campaign enter its playbooks, one after the other.
    pub(super) fn enrol_waves(
        &mut self,
        act: &Act,
        campaign: &Campaign,
        due: Vec<usize>,
        warnings: Vec<String>,
    ) -> Result<(), DeskError> {
        let waves = due.iter().filter_map(|at| campaign.waves.get(*at));
        let legs: Vec<_> =
            waves.flat_map(|wave| campaign.playbooks.iter().map(move |id| (wave, id))).collect();
        let later = campaign.waves.iter().filter(|wave| campaign.waits(wave)).count() - due.len();
        let mut told = Some(Begun {
            id: campaign.id.clone(),
            title: for_display(&campaign.title).into_owned(),
            warnings,
            nobody: due
                .iter()
                .filter_map(|at| campaign.waves.get(*at))
                .map(|wave| (wave.at, self.wave_of_nobody(wave, act.lang)))
                .collect(),
            waves: due,
            all: campaign.waves.len(),
            later,
        });
        let mut first: Option<Box<Job>> = None;
        // from the last on, so that each knows who comes next
        for (wave, id) in legs.into_iter().rev() {
            let Some(playbook) = self.playbooks.current(id, &self.store.columns) else { continue };
            let title = for_display(&playbook.title).into_owned();
            first = Some(Box::new(Job {
                key: campaign.key(),
                at: wave.at,
                // without one it is everybody
                filter: if wave.filter.trim().is_empty() { " ".to_owned() } else { wave.filter.clone() },
                campaign: told.take(),
                then: first,
                ..Job::new(act, id, title, playbook.target)
            }));
        }
        self.enrolling.jobs.extend(first.map(|job| *job));
        // its playbooks are all gone: there is nothing to enter
        match told {
            Some(begun) => self.mark_begun(act, &begun),
            None => Ok(()),
        }
    }

    /// What is said of a wave that nobody matches.
    pub(in crate::desk) fn wave_of_nobody(&self, wave: &Wave, lang: Lang) -> String {
        let filter = for_display(wave.filter.trim());
        let filter = if filter.is_empty() { "-" } else { &filter };
        BookWords::WaveNobody.fill(lang, &[("at", &self.short(wave.at)), ("filter", &filter)])
    }

    /// True for a job of a campaign that was stopped, ended or taken back meanwhile.
    pub(super) fn wave_is_off(&self, job: &Job, now: Timestamp) -> bool {
        let id = Campaign::id_of(&job.key);
        id.is_some_and(|id| self.store.columns.campaigns.get(id).is_none_or(|campaign| campaign.is_over(now)))
    }

    /// True for a target of a campaign's wave that came with another wave, in whichever of its playbooks.
    pub(super) fn came_before(&self, job: &Job, target: Target) -> Result<bool, DeskError> {
        let campaign = Campaign::id_of(&job.key).and_then(|id| self.store.columns.campaigns.get(id));
        let Some(campaign) = campaign else { return Ok(false) };
        let wave = campaign.waves.iter().position(|wave| wave.at == job.at);
        let came = self.wave_come_with(campaign, target)?;
        Ok(came.is_some() && came != wave)
    }

    /// The wave that a target came into a campaign with.
    pub(in crate::desk) fn wave_come_with(
        &self,
        campaign: &Campaign,
        target: Target,
    ) -> Result<Option<usize>, DeskError> {
        let key = campaign.key();
        let gone = |of: &Enrolment| matches!(&of.status.state, EnrolmentState::Stopped { rule } if rule == UNDONE || rule == REMOVED);
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

    /// Marks waves as begun when all of them have entered; whether the campaign still stands. The command's id is written
    /// down with it: asked again after a restart it is answered as before.
    pub(super) fn waves_begun(&mut self, job: &Job, now: Now) -> Result<bool, DeskError> {
        let Some(begun) = &job.campaign else { return Ok(false) };
        if self.is_undone(job.act.id)? || !self.store.columns.campaigns.contains_key(&begun.id) {
            return Ok(false);
        }
        let act = Act { at: now.wall, command_id: job.command_id, ..job.act.clone() };
        self.mark_begun(&act, begun)?;
        Ok(true)
    }

    fn mark_begun(&mut self, act: &Act, begun: &Begun) -> Result<(), DeskError> {
        let Some(before) = self.store.columns.campaigns.get(&begun.id).cloned() else { return Ok(()) };
        let mut after = before.clone();
        for (at, wave) in after.waves.iter_mut().enumerate() {
            if begun.waves.contains(&at) {
                wave.begun_at = Some(act.at);
            }
        }
        let (before, after) = (Some(before), Some(after));
        self.stage(act, Body::CampaignSet { id: begun.id.clone(), before, after })
    }

    /// The first wave that waits, as a human reads it: when its people will be chosen.
    pub(super) fn first_choice(&self, campaign: &Campaign) -> Option<String> {
        let waits = campaign.waves.iter().filter(|wave| campaign.waits(wave));
        let at = waits.map(|wave| self.chosen_at(campaign, wave)).min()?;
        let shown = Timestamp(at.0 - at.0.rem_euclid(MINUTE)).local(self.store.columns.store.zone);
        Some(shown.format("%m-%d %H:%M").to_string())
    }
}
