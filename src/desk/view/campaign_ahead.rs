//! What of a campaign is still to come: whom its waves take when they begin, and whom its texts reach. Nothing is
//! written.
//!
//! The same for a campaign that stands, in a forecast, and for one that is tried. Whom a filter matches is asked as of the
//! time when it is decided; what the book will be by then besides is not known.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use super::lines::Lines;
use super::task_line::clean;
use super::walk::Walk;
use crate::book::{Campaign, CampaignText, Target, Timestamp, Wave};
use crate::desk::Desk;
use crate::desk::act::{Act, DeskError};
use crate::desk::command::{Drafted, Part, compose_of, no_entry};
use crate::desk::enrolling::{Entry, NoEntry};
use crate::door::campaign::{TextTrial, WaveTrial};
use crate::door::line::Ref;
use crate::sop::format::TargetKind;
use crate::text::lang::Lang;

/// What a row held against a filter costs, one that matches, and one whom a text would reach, in the steps of a slice.
const ROW: usize = 100;
const MATCH: usize = 2_000;
const PREVIEW: usize = 8_000;

/// How many are named who go through a playbook already.
const NAMED: usize = 5;

/// A wave and a playbook of it.
struct Leg {
    wave: usize,
    playbook: usize,
    kind: TargetKind,
    /// When its people are chosen.
    chosen_at: Timestamp,
}

/// What was found of a wave.
#[derive(Clone, Default)]
struct Found {
    people: HashSet<Target>,
    enters: Vec<u32>,
    stays: BTreeMap<NoEntry, u32>,
    /// Who goes through it already, the first of them by name.
    inside: Vec<String>,
}

impl Found {
    /// Why so many do not enter; who goes through it already is named.
    fn why(&self, reason: NoEntry, n: u32, lang: Lang) -> String {
        let why = no_entry(reason, lang);
        if reason != NoEntry::Running {
            return why.to_owned();
        }
        let more = if n as usize > self.inside.len() { " .." } else { "" };
        format!("{why}: {}{more}", self.inside.join(", "))
    }
}

/// A campaign being looked at.
pub(super) struct Coming {
    campaign: Campaign,
    legs: Vec<Leg>,
    leg: usize,
    next: u32,
    /// Who is in which wave, by its position in the campaign.
    came: HashMap<Target, usize>,
    overlap: HashSet<(usize, Target)>,
    waves: Vec<Found>,
    /// Texts that are still to be looked at, the one at hand with its next row and what stands for it, and what was found.
    texts: VecDeque<usize>,
    text: Option<(usize, Box<Drafted>, u32, u16)>,
    tried: Vec<(usize, TextTrial)>,
    /// From which message on they are its own, and told to its texts.
    told: Option<usize>,
}

impl Coming {
    /// Nobody was looked at yet; what has begun of it is passed by.
    pub(super) fn begin(desk: &Desk, campaign: Campaign, now: Timestamp) -> Self {
        let columns = &desk.store.columns;
        let known = columns.campaigns.get(&campaign.id);
        let begun = |wave: &Wave| {
            known.is_some_and(|known| known.waves.iter().any(|of| of.is_as(wave) && !known.waits(of)))
        };
        let mut legs = Vec::new();
        for (wave, of) in campaign.in_order().filter(|(_, wave)| !begun(wave)) {
            let chosen_at = desk.chosen_at(&campaign, of).max(now);
            for (playbook, id) in campaign.playbooks.iter().enumerate() {
                let Some(found) = desk.playbooks.current(id, columns) else { continue };
                legs.push(Leg { wave, playbook, kind: found.target, chosen_at });
            }
        }
        let made = |text: &CampaignText| {
            let is = |of: &CampaignText| of.has_begun() && of.written() == text.written();
            known.is_some_and(|known| known.texts.iter().any(is))
        };
        let texts = campaign.texts.iter().enumerate().filter(|(_, text)| !made(text));
        let mut texts: Vec<(Timestamp, usize)> = texts.map(|(at, text)| (text.at, at)).collect();
        // each is counted against those before it
        texts.sort_unstable();
        let empty = Found { enters: vec![0; campaign.playbooks.len()], ..Found::default() };
        Self {
            waves: vec![empty; campaign.waves.len()],
            legs,
            leg: 0,
            next: 0,
            came: HashMap::new(),
            overlap: HashSet::new(),
            texts: texts.into_iter().map(|(_, at)| at).collect(),
            text: None,
            tried: Vec::new(),
            told: None,
            campaign,
        }
    }

    /// Goes on with the waves: who enters is planned, or joins the line before an intake. True when all were looked at.
    pub(super) fn enter(
        &mut self,
        desk: &Desk,
        walk: &mut Walk,
        lines: &mut Lines,
        own: bool,
        budget: &mut usize,
        now: Timestamp,
    ) -> Result<bool, DeskError> {
        while self.leg < self.legs.len() {
            if *budget == 0 {
                return Ok(false);
            }
            *budget = budget.saturating_sub(ROW);
            if self.enter_next(desk, walk, lines, own, budget, now)? {
                self.leg += 1;
                self.next = 0;
            }
        }
        Ok(true)
    }

    /// Looks at the next row of a leg; true when there is none.
    fn enter_next(
        &mut self,
        desk: &Desk,
        walk: &mut Walk,
        lines: &mut Lines,
        own: bool,
        budget: &mut usize,
        now: Timestamp,
    ) -> Result<bool, DeskError> {
        let Some(leg) = self.legs.get(self.leg) else { return Ok(true) };
        let Some(target) = desk.target_at(leg.kind, self.next) else { return Ok(true) };
        self.next += 1;
        let campaign = &self.campaign;
        let Some((wave, id)) = campaign.waves.get(leg.wave).zip(campaign.playbooks.get(leg.playbook)) else {
            return Ok(true);
        };
        let filter = if wave.filter.trim().is_empty() { " " } else { &wave.filter };
        if !desk.is_open_target(target) || !desk.target_matches(filter, target, leg.chosen_at)? {
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
        let entry =
            Entry { playbook: id.clone(), target, group, account, key, at, by_hand: true, again: false };
        let position = desk.store.columns.playbook_position(id);
        let Some(found) = self.waves.get_mut(leg.wave) else { return Ok(true) };
        match desk.judged(&entry, leg.chosen_at)? {
            Ok(enrolment) => {
                self.came.insert(target, leg.wave);
                found.people.insert(target);
                if let Some(enters) = found.enters.get_mut(leg.playbook) {
                    *enters += 1;
                }
                let Some(position) = position.filter(|position| !desk.is_paused(*position)) else {
                    return Ok(false);
                };
                let day = leg.chosen_at.day(desk.store.columns.store.zone);
                if !walk.is_full() && !lines.join(desk, &enrolment, position, day, (own, false)) {
                    walk.look(desk, &enrolment, position, false, budget, now)?;
                }
            }
            Err(reason) => {
                *found.stays.entry(reason).or_default() += 1;
                if reason == NoEntry::Running && found.inside.len() < NAMED {
                    found.inside.push(clean(&desk.display_name(target)));
                }
            }
        }
        Ok(false)
    }

    /// Goes on with the texts; true when everybody was looked at. A text of one that stands and can be made no more says
    /// nothing; of one that is tried it is an error.
    pub(super) fn say(
        &mut self,
        desk: &mut Desk,
        act: &Act,
        walk: &mut Walk,
        own: bool,
        budget: &mut usize,
        now: Timestamp,
    ) -> Result<bool, DeskError> {
        while !self.texts.is_empty() || self.text.is_some() {
            if *budget == 0 {
                return Ok(false);
            }
            *budget = budget.saturating_sub(ROW);
            if self.text.is_none() {
                let drafted = self.draft_next(desk, act, walk);
                if own {
                    drafted?;
                }
                continue;
            }
            self.say_next(desk, act, walk, budget, now)?;
        }
        Ok(true)
    }

    /// Begins with the next text.
    fn draft_next(&mut self, desk: &mut Desk, act: &Act, walk: &mut Walk) -> Result<(), DeskError> {
        let Some(at) = self.texts.pop_front() else { return Ok(()) };
        let Some(text) = self.campaign.texts.get(at) else { return Ok(()) };
        let part = Part { id: desk.id_of_text(&self.campaign, at), answers: &self.campaign.answers };
        let drafted = desk.drafted(act, &compose_of(&self.campaign, text), Some(part))?;
        let position = walk.stand_in(&drafted.playbook.title);
        self.text = Some((at, Box::new(drafted), 0, position));
        Ok(())
    }

    /// From which message of the walk on they are its own: those are told to its texts.
    pub(super) fn counts_from(&mut self, base: usize) {
        self.told = Some(base);
    }

    /// Looks at the next whom a text is for, as a one-off alone does.
    fn say_next(
        &mut self,
        desk: &mut Desk,
        act: &Act,
        walk: &mut Walk,
        budget: &mut usize,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let Some((at, mut drafted, row, position)) = self.text.take() else { return Ok(()) };
        let besides = &mut drafted.composing.besides;
        if row == 0 {
            // what it says before counts beside what the book knows of
            let from = *self.told.get_or_insert(walk.ahead.len());
            let own = walk.ahead.get(from..).unwrap_or_default();
            for message in own {
                besides.add(message);
            }
            *budget = budget.saturating_sub(own.len());
            for one in own.iter().filter_map(|message| message.playbook) {
                if besides.title(one).is_none() {
                    besides.call(one, &walk.title(desk, one).unwrap_or_default());
                }
            }
        }
        let Some(target) = desk.target_at(drafted.playbook.target, row) else {
            if let Some(text) = self.campaign.texts.get(at) {
                let report = drafted.composing.reported();
                let (groups, filter) = (text.groups, text.filter.clone());
                self.tried.push((at, TextTrial { at: text.at, groups, filter, report }));
            }
            return Ok(());
        };
        let then = drafted.composing.at().max(now);
        let is_told = desk.is_open_target(target) || desk.closed_group(target).is_some();
        if is_told && desk.target_matches(&drafted.filter, target, then)? {
            *budget = budget.saturating_sub(PREVIEW);
            if let Some(said) = desk.preview_one(act, &mut drafted.composing, target)?
                && !walk.is_full()
            {
                walk.say(desk, &said, position, &self.campaign, now)?;
            }
        }
        self.text = Some((at, drafted, row + 1, position));
        Ok(())
    }

    /// What was found of the waves, in the order in which they begin.
    pub(super) fn waves_told(&self, desk: &Desk, lang: Lang) -> Vec<WaveTrial> {
        let mut order: Vec<usize> = self.legs.iter().map(|leg| leg.wave).collect();
        order.dedup();
        let wave = |at: usize| {
            let (wave, found) = self.campaign.waves.get(at).zip(self.waves.get(at))?;
            let titles = self.campaign.playbooks.iter().zip(&found.enters);
            let stays = found.stays.iter();
            Some(WaveTrial {
                at: wave.at,
                filter: wave.filter.clone(),
                chosen_at: desk.chosen_at(&self.campaign, wave),
                people: found.people.len() as u32,
                playbooks: titles
                    .map(|(id, n)| (Ref { id: id.clone(), name: clean(&desk.title(id)) }, *n))
                    .collect(),
                overlap: self.overlap.iter().filter(|(of, _)| *of == at).count() as u32,
                stays: stays.map(|(reason, n)| (found.why(*reason, *n, lang), *n)).collect(),
            })
        };
        order.into_iter().filter_map(wave).collect()
    }

    /// What was found of the texts, in their order.
    pub(super) fn texts_told(&mut self) -> Vec<TextTrial> {
        self.tried.sort_by_key(|(at, _)| *at);
        std::mem::take(&mut self.tried).into_iter().map(|(_, text)| text).collect()
    }

    /// What is to be said of waves and texts that nobody matches.
    pub(super) fn of_nobody(&self, desk: &Desk, lang: Lang) -> Vec<String> {
        let texts = self.tried.iter().filter(|(_, text)| text.report.matched == 0);
        let texts = texts.filter_map(|(at, _)| self.campaign.texts.get(*at));
        let mut said: Vec<String> = texts.map(|text| desk.text_of_nobody(text, lang)).collect();
        let mut waves: Vec<usize> = self.legs.iter().map(|leg| leg.wave).collect();
        waves.dedup();
        let is_empty = |at: &usize| {
            let found = self.waves.get(*at);
            found.is_some_and(|found| found.people.is_empty() && found.stays.is_empty())
                && !self.overlap.iter().any(|(of, _)| of == at)
        };
        let waves = waves.into_iter().filter(is_empty).filter_map(|at| self.campaign.waves.get(at));
        said.extend(waves.map(|wave| desk.wave_of_nobody(wave, lang)));
        said
    }
}
