//! A campaign tried: whom each wave would take were it chosen now, and what its messages would run into.
//!
//! Nothing is written. Limits: stops, conditions and caps are taken as a forecast takes them, and of a playbook with an
//! intake only who would stand in its line is known, not when each is let in.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use super::forecast::Forecasting;
use super::task_line::clean;
use crate::book::{Campaign, CampaignText, Enrolment, EnrolmentState, Target, Timestamp};
use crate::desk::Desk;
use crate::desk::Session;
use crate::desk::act::{Act, DeskError};
use crate::desk::command::{Drafted, Part, compose_of, no_entry};
use crate::desk::enrolling::Entry;
use crate::door::campaign::{CampaignTrial, TextTrial, WaveTrial};
use crate::door::line::Ref;
use crate::sop::format::TargetKind;
use crate::text::lang::Lang;

/// Clashes that are told one by one.
const TOLD: usize = 50;

/// People whose messages are looked at; of more only how many there are is told.
const PLANNED_MAX: usize = 50_000;

/// What a row held against a filter costs, one that matches, and a planned enrolment, in the steps of a slice.
const ROW: usize = 100;
const MATCH: usize = 2_000;
const PLANNED: usize = 4_000;
/// What looking at one whom a text would reach costs.
const PREVIEW: usize = 8_000;

/// A wave and a playbook of it.
struct Leg {
    wave: usize,
    playbook: usize,
    kind: TargetKind,
}

/// A campaign being tried.
pub(super) struct Trying {
    campaign: Campaign,
    legs: Vec<Leg>,
    leg: usize,
    next: u32,
    /// Who is in which wave, by its position in the campaign.
    came: HashMap<Target, usize>,
    overlap: HashSet<(usize, Target)>,
    waves: Vec<Found>,
    enrolments: Vec<(Enrolment, u16)>,
    planned: usize,
    ahead: Forecasting,
    /// How many messages the book has without it.
    base: Option<usize>,
    /// Texts that are still to be looked at, the one at hand with its next row, and what was found.
    texts: VecDeque<usize>,
    text: Option<(usize, Box<Drafted>, u32)>,
    tried: Vec<TextTrial>,
    act: Act,
    until_seen: bool,
    warnings: Vec<String>,
}

#[derive(Clone, Default)]
struct Found {
    people: HashSet<Target>,
    enters: Vec<u32>,
    stays: BTreeMap<&'static str, u32>,
}

impl Trying {
    /// Nobody was looked at yet.
    ///
    /// # Errors
    /// What is wrong with the campaign.
    pub(super) fn begin(
        desk: &mut Desk,
        session: &Session,
        campaign: Campaign,
        now: Timestamp,
    ) -> Result<Self, DeskError> {
        let act = desk.act(session, None, now);
        let warnings = desk.check_campaign(&act, &campaign)?;
        let columns = &desk.store.columns;
        let known = columns.campaigns.get(&campaign.id);
        let begun = |at: usize| {
            let same = known.zip(campaign.waves.get(at));
            same.is_some_and(|(known, wave)| known.waves.iter().any(|of| of.is_as(wave) && !known.waits(of)))
        };
        let mut legs = Vec::new();
        for (wave, _) in campaign.in_order().filter(|(at, _)| !begun(*at)) {
            for (playbook, id) in campaign.playbooks.iter().enumerate() {
                let Some(found) = desk.playbooks.current(id, columns) else { continue };
                legs.push(Leg { wave, playbook, kind: found.target });
            }
        }
        let made = |at: usize| {
            let same = known.zip(campaign.texts.get(at));
            let is =
                |of: &CampaignText, text: &CampaignText| of.has_begun() && of.written() == text.written();
            same.is_some_and(|(known, text)| known.texts.iter().any(|of| is(of, text)))
        };
        let texts = (0..campaign.texts.len()).filter(|at| !made(*at)).collect();
        let zone = columns.store.zone;
        let days = (campaign.until.day(zone) - now.day(zone)).num_days().max(0) + 1;
        let days = u32::try_from(days).unwrap_or(u32::MAX);
        let ahead = Forecasting::begin(desk, days, now);
        let until_seen = ahead.last_day() >= campaign.until.day(zone);
        let empty = Found { enters: vec![0; campaign.playbooks.len()], ..Found::default() };
        Ok(Self {
            waves: vec![empty; campaign.waves.len()],
            campaign,
            legs,
            leg: 0,
            next: 0,
            came: HashMap::new(),
            overlap: HashSet::new(),
            enrolments: Vec::new(),
            planned: 0,
            ahead,
            base: None,
            texts,
            text: None,
            tried: Vec::new(),
            act,
            until_seen,
            warnings,
        })
    }

    /// Goes on; what was found when everybody was looked at.
    pub(super) fn advance(
        &mut self,
        desk: &mut Desk,
        budget: &mut usize,
        now: Timestamp,
        lang: Lang,
    ) -> Result<Option<CampaignTrial>, DeskError> {
        while self.leg < self.legs.len() {
            if *budget == 0 {
                return Ok(None);
            }
            *budget = budget.saturating_sub(ROW);
            if self.look(desk, budget, now, lang)? {
                self.leg += 1;
                self.next = 0;
            }
        }
        let base = match self.base {
            Some(base) => base,
            None if !self.ahead.gather(desk, budget, now)? => return Ok(None),
            None => *self.base.insert(self.ahead.planned()),
        };
        while let Some((enrolment, position)) = self.enrolments.get(self.planned) {
            if *budget == 0 {
                return Ok(None);
            }
            *budget = budget.saturating_sub(PLANNED);
            self.ahead.look(desk, enrolment, *position, now)?;
            self.planned += 1;
        }
        while !self.texts.is_empty() || self.text.is_some() {
            if *budget == 0 {
                return Ok(None);
            }
            *budget = budget.saturating_sub(ROW);
            self.look_at_text(desk, budget, now)?;
        }
        Ok(Some(self.told(desk, base, lang)))
    }

    /// Looks at the next whom a text is for, as a one-off alone does.
    fn look_at_text(&mut self, desk: &mut Desk, budget: &mut usize, now: Timestamp) -> Result<(), DeskError> {
        let Some((at, mut drafted, row)) = self.text.take() else {
            let Some(at) = self.texts.pop_front() else { return Ok(()) };
            let Some(text) = self.campaign.texts.get(at) else { return Ok(()) };
            let part = Part { id: desk.id_of_text(&self.campaign, at), answers: &self.campaign.answers };
            let drafted = desk.drafted(&self.act, &compose_of(&self.campaign, text), Some(part))?;
            self.text = Some((at, Box::new(drafted), 0));
            return Ok(());
        };
        let Some(target) = desk.target_at(drafted.playbook.target, row) else {
            if let Some(text) = self.campaign.texts.get(at) {
                let report = drafted.composing.reported();
                if report.matched == 0 {
                    self.warnings.push(desk.text_of_nobody(text, self.act.lang));
                }
                let (groups, filter) = (text.groups, text.filter.clone());
                self.tried.push(TextTrial { at: text.at, groups, filter, report });
            }
            return Ok(());
        };
        if desk.is_open_target(target) && desk.target_matches(&drafted.filter, target, now)? {
            *budget = budget.saturating_sub(PREVIEW);
            desk.preview_one(&self.act, &mut drafted.composing, target)?;
        }
        self.text = Some((at, drafted, row + 1));
        Ok(())
    }

    /// Looks at the next row of a leg; true when there is none.
    fn look(
        &mut self,
        desk: &Desk,
        budget: &mut usize,
        now: Timestamp,
        lang: Lang,
    ) -> Result<bool, DeskError> {
        let Some(leg) = self.legs.get(self.leg) else { return Ok(true) };
        let Some(target) = desk.target_at(leg.kind, self.next) else { return Ok(true) };
        self.next += 1;
        let campaign = &self.campaign;
        let Some((wave, id)) = campaign.waves.get(leg.wave).zip(campaign.playbooks.get(leg.playbook)) else {
            return Ok(true);
        };
        let filter = if wave.filter.trim().is_empty() { " " } else { &wave.filter };
        if !desk.is_open_target(target) || !desk.target_matches(filter, target, now)? {
            return Ok(false);
        }
        *budget = budget.saturating_sub(MATCH);
        let came = match self.came.get(&target) {
            Some(came) => Some(*came),
            // of one that stands already: whoever came with a wave that has begun
            None => desk
                .wave_come_with(campaign, target)?
                .map(|at| desk.store.columns.campaigns.get(&campaign.id).map_or(at, |_| usize::MAX)),
        };
        if came.is_some_and(|came| came != leg.wave) {
            self.overlap.insert((leg.wave, target));
            return Ok(false);
        }
        let group = match target {
            Target::Member(member) => desk.only_group(member),
            _ => None,
        };
        let account = if let Target::Account(account) = target { Some(account) } else { None };
        let (key, at) = (campaign.key(), wave.at);
        let entry = Entry { playbook: id.clone(), target, group, account, key, at, by_hand: true };
        let position = desk.store.columns.playbook_position(id);
        let Some(found) = self.waves.get_mut(leg.wave) else { return Ok(true) };
        match desk.judged(&entry, now)? {
            Ok(enrolment) => {
                self.came.insert(target, leg.wave);
                found.people.insert(target);
                if let Some(enters) = found.enters.get_mut(leg.playbook) {
                    *enters += 1;
                }
                let runs = enrolment.status.state == EnrolmentState::Active;
                if let Some(position) = position.filter(|_| runs && self.enrolments.len() < PLANNED_MAX) {
                    self.enrolments.push((enrolment, position));
                }
            }
            Err(reason) => *found.stays.entry(no_entry(reason, lang)).or_default() += 1,
        }
        Ok(false)
    }

    fn told(&mut self, desk: &Desk, base: usize, lang: Lang) -> CampaignTrial {
        let (caps, mut clashes) = self.ahead.changed_by(desk, base);
        let clash_count = clashes.len() as u32;
        clashes.truncate(TOLD);
        let mut order: Vec<usize> = self.legs.iter().map(|leg| leg.wave).collect();
        order.dedup();
        let wave = |at: usize| {
            let (wave, found) = self.campaign.waves.get(at).zip(self.waves.get(at))?;
            let titles = self.campaign.playbooks.iter().zip(&found.enters);
            Some(WaveTrial {
                at: wave.at,
                filter: wave.filter.clone(),
                chosen_at: desk.chosen_at(&self.campaign, wave),
                people: found.people.len() as u32,
                playbooks: titles
                    .map(|(id, n)| (Ref { id: id.clone(), name: clean(&desk.title(id)) }, *n))
                    .collect(),
                overlap: self.overlap.iter().filter(|(of, _)| *of == at).count() as u32,
                stays: found.stays.iter().map(|(why, n)| ((*why).to_owned(), *n)).collect(),
            })
        };
        let mut warnings = std::mem::take(&mut self.warnings);
        let is_empty = |at: usize| {
            let found = self.waves.get(at);
            found.is_some_and(|found| found.people.is_empty() && found.stays.is_empty())
                && !self.overlap.iter().any(|(of, _)| *of == at)
        };
        let empty = order.iter().filter(|at| is_empty(**at)).filter_map(|at| self.campaign.waves.get(*at));
        warnings.extend(empty.map(|wave| desk.wave_of_nobody(wave, lang)));
        CampaignTrial {
            waves: order.into_iter().filter_map(wave).collect(),
            messages: (self.ahead.planned() - base) as u32
                + self.tried.iter().map(|text| text.report.gets).sum::<u32>(),
            texts: std::mem::take(&mut self.tried),
            caps,
            clash_count,
            clashes,
            looked_to: (!self.until_seen).then(|| self.ahead.last_day()),
            warnings,
        }
    }
}
