//! What a campaign answers of its playbooks' forms, once for all of them.
//!
//! A form belongs to a run, and everybody who goes through that run speaks of it. So a campaign answers only where nobody
//! else does: what somebody has answered stands, and where others go through the run already it is refused before it is
//! set up, with the way out. Its stop takes the answers of rounds that have not begun back.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::super::Desk;
use super::super::act::DeskError;
use super::super::words::book::BookWords;
use super::ask::plain_money;
use super::campaign::{INSIDE_READ, INSIDE_TOLD};
use crate::book::{Campaign, PlaybookId, Timestamp};
use crate::door::{Refusal, RefusalKind};
use crate::sop::calendar::{local_day, plus_days};
use crate::sop::format::{AskType, Playbook, TargetKind};
use crate::store::Body;
use crate::store::columns::enrolment::RunState;
use crate::store::record::AskKey;
use crate::text::clean::for_display;
use crate::text::lang::Lang;

/// Rounds of a recurrence that get the shared answers.
const ROUNDS: i32 = 92;

/// Forms that are told where somebody answered otherwise.
const REFILLED_TOLD: usize = 10;

impl Desk {
    /// A campaign whose answers to questions for an amount are plain digits, however they were typed.
    pub(in crate::desk) fn with_plain_money(
        &self,
        campaign: &Campaign,
        lang: Lang,
    ) -> Result<Campaign, DeskError> {
        let mut campaign = campaign.clone();
        let playbooks = campaign.playbooks.iter();
        let playbooks: Vec<_> =
            playbooks.filter_map(|id| self.playbooks.current(id, &self.store.columns)).collect();
        let asks = playbooks.iter().flat_map(|playbook| &playbook.asks);
        for ask in asks.filter(|ask| ask.kind == AskType::Money) {
            for (key, value) in
                campaign.answers.iter_mut().filter(|(key, value)| *key == ask.key && !value.is_empty())
            {
                *value = plain_money(key, value, lang)?;
            }
        }
        Ok(campaign)
    }

    /// The answers that its playbooks' runs share: of the round of each wave, of a recurrence of all rounds until its
    /// end. What somebody has answered stands; what it answered itself before it was edited is answered anew.
    pub(super) fn shared_answers(
        &self,
        campaign: &Campaign,
        edited: Option<&Campaign>,
    ) -> Result<Vec<Body>, DeskError> {
        let columns = &self.store.columns;
        let mut bodies: Vec<Body> = Vec::new();
        for (id, run) in self.answered_runs(campaign) {
            let Some(playbook) = self.playbooks.current(&id, columns) else { continue };
            for (key, value) in campaign.answers.iter().filter(|(key, _)| asks(&playbook, key)) {
                let ask = AskKey { playbook: id.clone(), run, group: None, key: key.clone() };
                let before = columns.answers.get(&ask).cloned();
                let own = edited.is_some_and(|edited| {
                    edited.answers.iter().any(|(of, was)| of == key && Some(was) == before.as_ref())
                });
                let told = before.is_some() && !own;
                if !told && before.as_ref() != Some(value) {
                    bodies.push(Body::Answered { ask, before, after: Some(value.clone()) });
                }
            }
        }
        // the rounds of those who go through them without it are theirs
        let mut others: Vec<(PlaybookId, bool)> = Vec::new();
        for id in &campaign.playbooks {
            others.push((id.clone(), self.others_in_runs(campaign, id)? > 0));
        }
        bodies.retain(|body| match body {
            Body::Answered { ask, .. } => !others.iter().any(|(id, any)| *any && *id == ask.playbook),
            _ => true,
        });
        Ok(bodies)
    }

    /// What takes the answers of rounds back that have not begun when it is stopped: those that still are its own.
    pub(super) fn answers_taken_back(&self, campaign: &Campaign, now: Timestamp) -> Vec<Body> {
        let columns = &self.store.columns;
        let mut bodies = Vec::new();
        for (id, run) in self.answered_runs(campaign) {
            let Some(playbook) = self.playbooks.current(&id, columns) else { continue };
            if run <= local_day(now, playbook.tz.unwrap_or(columns.store.zone), playbook.day_ends) {
                continue;
            }
            for (key, value) in &campaign.answers {
                let ask = AskKey { playbook: id.clone(), run, group: None, key: key.clone() };
                let before = columns.answers.get(&ask).filter(|before| *before == value).cloned();
                if before.is_some() {
                    bodies.push(Body::Answered { ask, before, after: None });
                }
            }
        }
        bodies
    }

    /// The runs that it answers for, each once: those of its waves, and of a recurrence all from the first on.
    fn answered_runs(&self, campaign: &Campaign) -> Vec<(PlaybookId, NaiveDate)> {
        let columns = &self.store.columns;
        let mut runs: Vec<(PlaybookId, NaiveDate)> = Vec::new();
        for id in &campaign.playbooks {
            let Some(playbook) = self.playbooks.current(id, columns) else { continue };
            let zone = playbook.tz.unwrap_or(columns.store.zone);
            let day = |at: Timestamp| local_day(at, zone, playbook.day_ends);
            for wave in &campaign.waves {
                let first = day(wave.at);
                let last = if playbook.start.recurrence().is_some() { day(campaign.until) } else { first };
                let all = (0..ROUNDS).map(|n| plus_days(first, n)).take_while(|run| *run <= last);
                runs.extend(all.map(|run| (id.clone(), run)));
            }
        }
        runs.sort();
        runs.dedup();
        runs
    }

    /// What stands in forms of its runs in the place of what it answers, the first of them.
    pub(in crate::desk) fn refilled(&self, campaign: &Campaign) -> Vec<(String, NaiveDate, String)> {
        let mut found = Vec::new();
        for (id, run) in self.answered_runs(campaign) {
            for (key, value) in &campaign.answers {
                let ask = AskKey { playbook: id.clone(), run, group: None, key: key.clone() };
                let stands = self.store.columns.answers.get(&ask).filter(|stands| *stands != value);
                found.extend(stands.map(|stands| (key.clone(), run, stands.clone())));
            }
        }
        found.truncate(REFILLED_TOLD);
        found
    }

    /// Refuses answers to a form that others speak of as well, who go through the same run without the campaign. What it
    /// answered before it was edited was told then.
    pub(super) fn check_answers(
        &self,
        campaign: &Campaign,
        known: Option<&Campaign>,
        lang: Lang,
    ) -> Result<(), DeskError> {
        let stays = |known: &Campaign| {
            known.answers == campaign.answers
                && known.playbooks == campaign.playbooks
                && known.written().waves == campaign.written().waves
        };
        if known.is_some_and(stays) {
            return Ok(());
        }
        for id in &campaign.playbooks {
            let Some(playbook) = self.playbooks.current(id, &self.store.columns) else { continue };
            let asked = campaign.answers.iter().filter(|(key, _)| asks(&playbook, key));
            let keys: Vec<_> = asked.map(|(key, _)| for_display(key)).collect();
            let n = if keys.is_empty() { 0 } else { self.others_in_runs(campaign, id)? };
            if n == 0 {
                continue;
            }
            let (title, n, keys) = (self.title(id), told(n), keys.join(", "));
            let values: [(&str, &dyn std::fmt::Display); 4] =
                [("sop", &title), ("id", id), ("n", &n), ("keys", &keys)];
            let words = BookWords::CampaignOthersForm.fill(lang, &values);
            let hint = BookWords::CampaignOwnForm.fill(lang, &values);
            let refusal = Refusal::new(RefusalKind::Invalid, words).about("answers").hint(hint);
            return Err(refusal.into());
        }
        Ok(())
    }

    /// Says of playbooks for groups and accounts how many go through them already: a campaign brings them nothing more.
    pub(super) fn others_inside(&self, campaign: &Campaign, lang: Lang) -> Result<Vec<String>, DeskError> {
        let mut said = Vec::new();
        for id in &campaign.playbooks {
            let playbook = self.playbooks.current(id, &self.store.columns);
            if playbook.is_none_or(|playbook| playbook.target == TargetKind::Member) {
                continue;
            }
            let n = self.others_inside_of(campaign, id, |_| true)?;
            if n > 0 {
                let values: [(&str, &dyn std::fmt::Display); 2] = [("sop", &self.title(id)), ("n", &told(n))];
                said.push(BookWords::CampaignInside.fill(lang, &values));
            }
        }
        Ok(said)
    }

    /// How many go through runs of a playbook that the campaign answers for, and are none of its, as far as is told.
    fn others_in_runs(&self, campaign: &Campaign, id: &PlaybookId) -> Result<usize, DeskError> {
        let Some(playbook) = self.playbooks.current(id, &self.store.columns) else { return Ok(0) };
        if !campaign.answers.iter().any(|(key, _)| asks(&playbook, key)) {
            return Ok(0);
        }
        let comes_round = playbook.start.recurrence().is_some();
        let zone = playbook.tz.unwrap_or(self.store.columns.store.zone);
        let begins: Vec<NaiveDate> =
            campaign.waves.iter().map(|wave| local_day(wave.at, zone, playbook.day_ends)).collect();
        self.others_inside_of(campaign, id, |d0| comes_round || begins.contains(&d0))
    }

    /// How many go through a playbook without the campaign, from a D0 that is meant.
    fn others_inside_of(
        &self,
        campaign: &Campaign,
        id: &PlaybookId,
        meant: impl Fn(NaiveDate) -> bool,
    ) -> Result<usize, DeskError> {
        let columns = &self.store.columns;
        let Some(position) = columns.playbook_position(id) else { return Ok(0) };
        let key = campaign.key();
        let mut found = 0;
        let inside = columns.enrolments.iter().filter(|(_, _, of)| {
            of.playbook == position && matches!(of.state, RunState::Active | RunState::InLine)
        });
        for (_, id, _) in inside.take(INSIDE_READ) {
            let anchor = self.store.enrolment(id)?.map(|of| of.status.anchor);
            found += usize::from(anchor.is_some_and(|anchor| anchor.key != key && meant(anchor.d0)));
            if found == INSIDE_TOLD {
                break;
            }
        }
        Ok(found)
    }
}

/// The runs whose forms are filled in otherwise, by playbook and question.
pub(super) fn refilled_by(bodies: &[Body]) -> BTreeMap<(PlaybookId, String), BTreeSet<NaiveDate>> {
    let mut refilled: BTreeMap<_, BTreeSet<NaiveDate>> = BTreeMap::new();
    for body in bodies {
        if let Body::Answered { ask, .. } = body {
            refilled.entry((ask.playbook.clone(), ask.key.clone())).or_default().insert(ask.run);
        }
    }
    refilled
}

fn asks(playbook: &Playbook, key: &str) -> bool {
    playbook.asks.iter().any(|ask| ask.key == key)
}

/// A count that may have been cut short.
fn told(n: usize) -> String {
    if n < INSIDE_TOLD { n.to_string() } else { format!("{n}+") }
}
