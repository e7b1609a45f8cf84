//! Campaigns: several playbooks that begin for the same people, share answers, and end together.
//!
//! Who is in it has the campaign in the anchor key, so that nobody enters one playbook twice and its end finds them. A
//! campaign itself fires nothing: its playbooks do, and ask whether it is over each time they wake.

use super::super::Desk;
use super::super::act::{Act, DeskError};
use super::super::words::book::BookWords;
use crate::book::{Campaign, Enrolment, PlaybookId, Timestamp};
use crate::door::reply::Outcome;
use crate::door::{Refusal, RefusalKind};
use crate::sop::calendar::{local_day, plus_days};
use crate::store::Body;
use crate::store::columns::enrolment::RunState;
use crate::store::record::{AskKey, PlaybookState};
use crate::text::clean::for_display;

/// Why an enrolment ended that its campaign took with it.
pub(crate) const CAMPAIGN_OVER: &str = "campaign-over";

/// Rounds of a recurrence that get the shared answers.
const ROUNDS: i32 = 92;

impl Desk {
    /// Sets a campaign up and lets its waves enter, in slices: none is given yet. The same one again goes on where it
    /// stopped.
    pub(super) fn campaign_add(
        &mut self,
        act: &Act,
        campaign: &Campaign,
    ) -> Result<Option<Outcome>, DeskError> {
        let warnings = self.check_campaign(act, campaign)?;
        let known = self.store.columns.campaigns.get(&campaign.id);
        match known {
            None => {
                // the command's id stands in the last record alone: after a crash it goes on
                let act = Act { command_id: None, ..act.clone() };
                let (id, after) = (campaign.id.clone(), Some(campaign.clone()));
                let mut bodies = vec![Body::CampaignSet { id, before: None, after }];
                bodies.extend(self.shared_answers(campaign));
                self.perform(&act, bodies)?;
            }
            Some(known) if known == campaign => {}
            Some(_) => {
                let words = BookWords::CampaignThere.fill(act.lang, &[("id", &campaign.id)]);
                return Err(Self::refused(words));
            }
        }
        self.enrol_waves(act, campaign, warnings);
        Ok(None)
    }

    /// What is wrong with a campaign; else what a human should know.
    fn check_campaign(&self, act: &Act, campaign: &Campaign) -> Result<Vec<String>, DeskError> {
        let lang = act.lang;
        let invalid = |words: String, about: &str| -> DeskError {
            Refusal::new(RefusalKind::Invalid, words).about(about).into()
        };
        if !PlaybookId::is_valid(&campaign.id) {
            let id = for_display(&campaign.id);
            return Err(invalid(BookWords::CampaignId.fill(lang, &[("id", &id)]), &campaign.id));
        }
        if campaign.playbooks.is_empty() || campaign.waves.is_empty() {
            return Err(invalid(BookWords::CampaignEmpty.text(lang).to_owned(), "playbook"));
        }
        if campaign.until <= campaign.from || campaign.until <= act.at {
            return Err(invalid(BookWords::CampaignSpan.text(lang).to_owned(), "until"));
        }
        for playbook in &campaign.playbooks {
            if self.playbook_state(act, playbook)? == PlaybookState::Removed {
                let words = super::super::words::Words::NoPlaybook.fill(lang, &[("id", playbook)]);
                return Err(super::not_found(&playbook.0, words));
            }
        }
        for wave in &campaign.waves {
            if wave.at < campaign.from || wave.at >= campaign.until {
                return Err(invalid(BookWords::CampaignWaveOut.text(lang).to_owned(), "wave"));
            }
            self.check_filter(&wave.filter, lang)?;
        }
        let asks = |key: &str| {
            campaign
                .playbooks
                .iter()
                .filter_map(|id| self.playbooks.current(id, &self.store.columns))
                .any(|playbook| playbook.asks.iter().any(|ask| ask.key == key))
        };
        let unused = campaign.answers.iter().filter(|(key, _)| !asks(key));
        let warn = |key: &str| BookWords::CampaignNoQuestion.fill(lang, &[("key", &for_display(key))]);
        Ok(unused.map(|(key, _)| warn(key)).collect())
    }

    /// The answers that its playbooks' runs share: of the round of each wave, of a recurrence of all rounds until its
    /// end. What somebody has answered stands.
    fn shared_answers(&self, campaign: &Campaign) -> Vec<Body> {
        let columns = &self.store.columns;
        let mut bodies: Vec<Body> = Vec::new();
        for id in &campaign.playbooks {
            let Some(playbook) = self.playbooks.current(id, columns) else { continue };
            let zone = playbook.tz.unwrap_or(columns.store.zone);
            let day = |at: Timestamp| local_day(at, zone, playbook.day_ends);
            for wave in &campaign.waves {
                let last =
                    if playbook.start.recurrence().is_some() { day(campaign.until) } else { day(wave.at) };
                let runs = (0..ROUNDS).map(|n| plus_days(day(wave.at), n)).take_while(|run| *run <= last);
                for run in runs {
                    for (key, value) in &campaign.answers {
                        let ask = AskKey { playbook: id.clone(), run, group: None, key: key.clone() };
                        let asked = playbook.asks.iter().any(|ask| ask.key == *key);
                        let told = columns.answers.contains_key(&ask)
                            || bodies.iter().any(
                                |body| matches!(body, Body::Answered { ask: known, .. } if *known == ask),
                            );
                        if asked && !told {
                            bodies.push(Body::Answered { ask, before: None, after: Some(value.clone()) });
                        }
                    }
                }
            }
        }
        bodies
    }

    /// Stops a campaign for everybody: they leave its playbooks, and what nobody has begun to send is cancelled.
    pub(super) fn campaign_stop(&mut self, act: &Act, id: &str) -> Result<Outcome, DeskError> {
        let Some(campaign) = self.store.columns.campaigns.get(id).cloned() else {
            let words = BookWords::CampaignUnknown.fill(act.lang, &[("id", &for_display(id))]);
            let known = self.store.columns.campaigns.keys().map(String::as_str);
            let mut refusal = Refusal::new(RefusalKind::NotFound, words).about(id);
            refusal.candidates =
                crate::text::near::nearest(id, known, 3).into_iter().map(str::to_owned).collect();
            return Err(refusal.into());
        };
        let title = for_display(&campaign.title).into_owned();
        if campaign.stopped_at.is_some() {
            return Err(Self::refused(BookWords::CampaignOver.fill(act.lang, &[("title", &title)])));
        }
        let stopped = Campaign { stopped_at: Some(act.at), ..campaign.clone() };
        let body =
            Body::CampaignSet { id: id.to_owned(), before: Some(campaign.clone()), after: Some(stopped) };
        self.perform(act, vec![body])?;
        let mut n = 0;
        for enrolment in self.enrolments_of_campaign(&campaign, &[RunState::Active, RunState::InLine])? {
            self.cut_short(act, &enrolment, CAMPAIGN_OVER)?;
            n += 1;
        }
        let values: [(&str, &dyn std::fmt::Display); 2] = [("title", &title), ("n", &n)];
        Ok(Outcome { words: BookWords::CampaignStopped.fill(act.lang, &values), ..Outcome::default() })
    }

    /// Who is in a campaign, in given states.
    pub(crate) fn enrolments_of_campaign(
        &self,
        campaign: &Campaign,
        states: &[RunState],
    ) -> Result<Vec<Enrolment>, DeskError> {
        let key = campaign.key();
        let mut found = Vec::new();
        for playbook in &campaign.playbooks {
            for id in self.enrolments_in(playbook, states) {
                found.extend(self.store.enrolment(id)?.filter(|of| of.status.anchor.key == key));
            }
        }
        Ok(found)
    }

    /// The campaign that an enrolment is of.
    pub(crate) fn campaign_of(&self, enrolment: &Enrolment) -> Option<&Campaign> {
        let id = Campaign::id_of(&enrolment.status.anchor.key)?;
        self.store.columns.campaigns.get(id)
    }
}
