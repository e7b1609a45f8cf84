//! Campaigns: several playbooks that begin for the same people, share answers, and end together. Who enters when stands
//! in [`super::waves`].
//!
//! Who is in it has the campaign in the anchor key, so that nobody enters one playbook twice and its end finds them. A
//! campaign itself fires nothing: its playbooks do, and ask whether it is over each time they wake.

use super::super::Desk;
use super::super::act::{Act, DeskError};
use super::super::words::book::BookWords;
use super::campaign_texts::speaks_of;
use super::enrol::stay_out;
use super::got::Refilled;
use super::shared_answers::refilled_by;
use super::waves::all_begun_words;
use crate::book::{Campaign, Enrolment, PlaybookId, Timestamp, Wave};
use crate::door::form::Kind;
use crate::door::reply::Outcome;
use crate::door::{Refusal, RefusalKind};
use crate::sop::format::TargetKind;
use crate::store::columns::enrolment::RunState;
use crate::store::record::{PlaybookState, Work};
use crate::store::{Body, acts};
use crate::text::clean::for_display;
use crate::text::lang::Lang;

/// Why an enrolment ended that its campaign took with it.
pub(crate) const CAMPAIGN_OVER: &str = "campaign-over";

/// How many are counted who stand in the way of what is wanted of a campaign.
pub(super) const INSIDE_TOLD: usize = 100;

/// Of how many of them the body is read in one turn.
pub(super) const INSIDE_READ: usize = 400;

impl Desk {
    /// Sets a campaign up. Waves whose time has come enter; the others are chosen as they begin. The same one again lets
    /// those begin that are due.
    pub(super) fn campaign_add(&mut self, act: &Act, campaign: &Campaign) -> Result<Outcome, DeskError> {
        let campaign = &self.with_plain_money(campaign, act.lang)?;
        let mut warnings = self.check_campaign(act, campaign)?;
        let known = self.store.columns.campaigns.get(&campaign.id).cloned();
        let (campaign, due) = match known {
            None => {
                let campaign = Campaign { act: Some(act.id), ..campaign.written() };
                let due = self.due_waves(&campaign, act.at);
                let (id, after) = (campaign.id.clone(), Some(campaign.clone()));
                let mut bodies = vec![Body::CampaignSet { id, before: None, after }];
                bodies.extend(self.shared_answers(&campaign, None)?);
                self.perform(act, bodies)?;
                (campaign, due)
            }
            Some(known) if known.written() == campaign.written() && known.stopped_at.is_none() => {
                let entering = self.is_entering(&known.id);
                let due = if entering { Vec::new() } else { self.due_waves(&known, act.at) };
                (known, due)
            }
            Some(_) => {
                let words = BookWords::CampaignThere.fill(act.lang, &[("id", &campaign.id)]);
                return Err(Self::refused(words));
            }
        };
        let texts = if self.is_entering(&campaign.id) { Vec::new() } else { campaign.due_texts(act.at) };
        if due.is_empty() && texts.is_empty() {
            return Ok(self.campaign_stands(act, &campaign, warnings));
        }
        let act = Act { id: campaign.act.unwrap_or(act.id), ..act.clone() };
        let (lang, id, waves, said) = (act.lang, campaign.id.clone(), due.clone(), texts.len());
        let nobody = self.if_nobody(&campaign, &due, lang);
        let known = campaign.clone();
        self.works.say_all(act.id, move |counts, outcome| {
            let empty = nobody.into_iter().filter(|(at, _)| !counts.matched.contains(at));
            outcome.warnings.extend(empty.map(|(_, words)| words));
            outcome.words = all_begun_words(&campaign, &waves, said, &counts, lang);
            outcome.warnings.extend(stay_out(&counts.stays, lang));
            outcome.enrolled = counts.enrolled;
        });
        warnings.extend(self.begin_texts(&act, &known, &texts)?);
        if !due.is_empty() {
            self.undertake(&act, Work::Waves { campaign: id, waves: due })?;
        }
        Ok(Outcome { act: Some(act.id), warnings, ..Outcome::default() })
    }

    /// Says that a campaign stands, and when it chooses people next.
    fn campaign_stands(&self, act: &Act, campaign: &Campaign, warnings: Vec<String>) -> Outcome {
        let title = for_display(&campaign.title);
        let words = match self.first_choice(campaign) {
            Some(at) => BookWords::CampaignReady.fill(act.lang, &[("title", &title), ("at", &at)]),
            None => BookWords::CampaignStands.fill(act.lang, &[("title", &title)]),
        };
        Outcome { words, warnings, ..Outcome::default() }
    }

    /// Changes a campaign: what has begun of it stays as it is.
    pub(super) fn campaign_edit(&mut self, act: &Act, campaign: &Campaign) -> Result<Outcome, DeskError> {
        let lang = act.lang;
        let known = self.campaign_called(act, &campaign.id)?;
        let title = for_display(&known.title).into_owned();
        if known.is_over(act.at) {
            return Err(Self::refused(BookWords::CampaignOver.fill(lang, &[("title", &title)])));
        }
        if self.is_entering(&known.id) {
            return Err(Self::refused(BookWords::CampaignEntering.fill(lang, &[("title", &title)])));
        }
        let campaign = &self.with_plain_money(campaign, lang)?;
        let mut warnings = self.check_campaign(act, campaign)?;
        let mut after = Campaign { act: known.act.or(Some(act.id)), ..campaign.written() };
        for begun in known.waves.iter().filter(|wave| !known.waits(wave)) {
            let Some(same) = after.waves.iter_mut().find(|wave| wave.is_as(begun)) else {
                let at = self.short(begun.at);
                return Err(Self::refused(BookWords::WaveBegunStays.fill(lang, &[("at", &at)])));
            };
            same.begun_at = begun.begun_at.or(Some(known.from));
        }
        for begun in known.texts.iter().filter(|text| text.has_begun()) {
            let same = after.texts.iter_mut().find(|text| !text.has_begun() && **text == begun.written());
            let Some(same) = same else {
                let at = self.short(begun.at);
                return Err(Self::refused(BookWords::TextBegunStays.fill(lang, &[("at", &at)])));
            };
            *same = begun.clone();
        }
        let gone: Vec<PlaybookId> =
            known.playbooks.iter().filter(|id| !after.playbooks.contains(id)).cloned().collect();
        for playbook in &gone {
            let n = self.some_in_campaign(&known, playbook)?;
            if n > 0 {
                let n = if n < INSIDE_TOLD { n.to_string() } else { format!("{n}+") };
                let values: [(&str, &dyn std::fmt::Display); 2] = [("sop", &self.title(playbook)), ("n", &n)];
                return Err(Self::refused(BookWords::CampaignSopIn.fill(lang, &values)));
            }
        }
        if after == known {
            return Ok(self.campaign_stands(act, &known, warnings));
        }
        let (before, set) = (Some(known.clone()), Some(after.clone()));
        let mut bodies = vec![Body::CampaignSet { id: known.id.clone(), before, after: set }];
        let answers = self.shared_answers(&after, Some(&known))?;
        let refilled = refilled_by(&answers);
        bodies.extend(answers);
        self.perform(act, bodies)?;
        for ((playbook, key), runs) in &refilled {
            let refilled = Refilled { playbook, runs: Some(runs), group: None, key };
            warnings.extend(self.got_otherwise(act, &refilled)?);
        }
        let changed = after.answers.iter().filter(|answer| !known.answers.contains(answer));
        for (key, _) in changed {
            for playbook in after.texts.iter().filter_map(|text| text.made.as_ref()) {
                let refilled = Refilled { playbook, runs: None, group: None, key };
                warnings.extend(self.got_otherwise(act, &refilled)?);
            }
        }
        // a wave may begin at once
        self.tick.due = true;
        let outcome = self.campaign_stands(act, &after, warnings);
        if after.until == known.until {
            return Ok(outcome);
        }
        self.undertake(act, Work::CampaignEnds { campaign: known.id.clone(), was: known.until })?;
        let words =
            if after.until > known.until { BookWords::CampaignLonger } else { BookWords::CampaignShorter };
        let (was, until) = (self.short(known.until), self.short(after.until));
        self.works.say_all(act.id, move |counts, told| {
            let values: [(&str, &dyn std::fmt::Display); 3] =
                [("was", &was), ("until", &until), ("n", &counts.done)];
            told.words = format!("{}  {}", outcome.words, words.fill(lang, &values));
            told.warnings.extend(outcome.warnings);
        });
        Ok(Outcome::default())
    }

    /// A time as a sentence has it: day, hour and minute in the store's zone.
    pub(in crate::desk) fn short(&self, at: Timestamp) -> String {
        at.local(self.store.columns.store.zone).format("%m-%d %H:%M").to_string()
    }

    /// What is wrong with a campaign; else what a human should know.
    pub(in crate::desk) fn check_campaign(
        &self,
        act: &Act,
        campaign: &Campaign,
    ) -> Result<Vec<String>, DeskError> {
        let lang = act.lang;
        let invalid = |words: String, about: &str| -> DeskError {
            Refusal::new(RefusalKind::Invalid, words).about(about).into()
        };
        if !PlaybookId::is_valid(&campaign.id) {
            let id = for_display(&campaign.id);
            return Err(invalid(BookWords::CampaignId.fill(lang, &[("id", &id)]), &campaign.id));
        }
        let nothing = campaign.playbooks.is_empty() && campaign.texts.is_empty();
        if nothing || campaign.playbooks.is_empty() != campaign.waves.is_empty() {
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
        let targets: Vec<_> = campaign
            .playbooks
            .iter()
            .filter_map(|id| Some(self.playbooks.current(id, &self.store.columns)?.target))
            .collect();
        for (at, wave) in campaign.waves.iter().enumerate() {
            if campaign.waves.iter().take(at).any(|earlier| earlier.at == wave.at) {
                let at = self.short(wave.at);
                return Err(invalid(BookWords::WavesTogether.fill(lang, &[("at", &at)]), "wave"));
            }
            if wave.at < campaign.from || wave.at >= campaign.until {
                return Err(invalid(BookWords::CampaignWaveOut.text(lang).to_owned(), "wave"));
            }
            self.check_filter(&wave.filter, &targets, lang)?;
        }
        let known = self.store.columns.campaigns.get(&campaign.id);
        self.check_answers(campaign, known, lang)?;
        let mut warnings = self.check_texts(act, campaign)?;
        if known.is_none() {
            warnings.extend(self.others_inside(campaign, lang)?);
        }
        let begun = |wave: &Wave| {
            known.is_some_and(|known| known.waves.iter().any(|of| of.is_as(wave) && !known.waits(of)))
        };
        // behind others one without a filter is the rest, and meant
        let only = campaign.waves.first().filter(|_| campaign.waves.len() == 1);
        let of_all = only.filter(|wave| wave.filter.trim().is_empty() && !begun(wave));
        warnings.extend(of_all.map(|wave| BookWords::WaveOfAll.fill(lang, &[("at", &self.short(wave.at))])));
        warnings.extend(self.groups_out_of_reach(campaign, lang));
        let says = |key: &str| campaign.texts.iter().any(|text| speaks_of(&text.text, key));
        let asks = |key: &str| {
            says(key)
                || campaign
                    .playbooks
                    .iter()
                    .filter_map(|id| self.playbooks.current(id, &self.store.columns))
                    .any(|playbook| playbook.asks.iter().any(|ask| ask.key == key))
        };
        let unused = campaign.answers.iter().filter(|(key, _)| !asks(key));
        let warn = |key: &str| BookWords::CampaignNoQuestion.fill(lang, &[("key", &for_display(key))]);
        warnings.extend(unused.map(|(key, _)| warn(key)));
        Ok(warnings)
    }

    /// Playbooks of groups that no wave can bring a group into, for all of them ask what only people have.
    fn groups_out_of_reach(&self, campaign: &Campaign, lang: Lang) -> Vec<String> {
        let of_people = |wave: &Wave| {
            let filter = wave.filter.trim();
            !filter.is_empty() && self.list_filter(Kind::Group, filter, lang).is_err()
        };
        let nobody = !campaign.waves.is_empty() && campaign.waves.iter().all(of_people);
        let playbooks = campaign.playbooks.iter().filter(|id| {
            let playbook = self.playbooks.current(id, &self.store.columns);
            nobody && playbook.is_some_and(|playbook| playbook.target == TargetKind::Group)
        });
        let words = |id| BookWords::CampaignNoGroup.fill(lang, &[("sop", &self.playbook_name(id))]);
        playbooks.map(words).collect()
    }

    /// Stops a campaign for everybody: they leave its playbooks, and what nobody has begun to send is cancelled.
    pub(super) fn campaign_stop(&mut self, act: &Act, id: &str) -> Result<Outcome, DeskError> {
        let campaign = self.campaign_called(act, id)?;
        let title = for_display(&campaign.title).into_owned();
        if campaign.stopped_at.is_some() {
            return Err(Self::refused(BookWords::CampaignOver.fill(act.lang, &[("title", &title)])));
        }
        let stopped = Campaign { stopped_at: Some(act.at), ..campaign.clone() };
        let (before, after) = (Some(campaign.clone()), Some(stopped));
        let mut bodies = vec![Body::CampaignSet { id: id.to_owned(), before, after }];
        bodies.extend(self.answers_taken_back(&campaign, act.at));
        self.perform(act, bodies)?;
        self.undertake(act, Work::CampaignStop { campaign: id.to_owned() })?;
        let lang = act.lang;
        self.works.say(act, move |counts| {
            let values: [(&str, &dyn std::fmt::Display); 2] = [("title", &title), ("n", &counts.ended)];
            BookWords::CampaignStopped.fill(lang, &values)
        });
        Ok(Outcome::default())
    }

    /// The campaign of an id; else the nearest there are.
    fn campaign_called(&self, act: &Act, id: &str) -> Result<Campaign, DeskError> {
        if let Some(campaign) = self.store.columns.campaigns.get(id) {
            return Ok(campaign.clone());
        }
        let words = BookWords::CampaignUnknown.fill(act.lang, &[("id", &for_display(id))]);
        let known = self.store.columns.campaigns.keys().map(String::as_str);
        let mut refusal = Refusal::new(RefusalKind::NotFound, words).about(id);
        refusal.candidates =
            crate::text::near::nearest(id, known, 3).into_iter().map(str::to_owned).collect();
        Err(refusal.into())
    }

    /// How many are in one playbook by a campaign, as far as is told. Whoever a wave took entered as it began: those who
    /// entered from then on are looked at, as many as a turn has time for.
    fn some_in_campaign(&self, campaign: &Campaign, playbook: &PlaybookId) -> Result<usize, DeskError> {
        let columns = &self.store.columns;
        let Some(position) = columns.playbook_position(playbook) else { return Ok(0) };
        let key = campaign.key();
        let set_up = campaign.act.map(|act| acts::head(act, &self.store.bodies)).transpose()?.flatten();
        let since = set_up.map_or(Timestamp(i64::MIN), |head| head.at);
        let mut found = 0;
        let inside = columns.enrolments.iter().filter(|(_, _, of)| {
            of.playbook == position
                && of.enrolled_at >= since
                && matches!(of.state, RunState::Active | RunState::InLine)
        });
        for (_, id, _) in inside.take(INSIDE_READ) {
            let of = self.store.enrolment(id)?;
            found += usize::from(of.is_some_and(|of| of.status.anchor.key == key));
            if found == INSIDE_TOLD {
                break;
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
