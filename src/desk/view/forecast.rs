//! The coming days of the whole book: every running enrolment planned up to there, whoever will enter by then, and what
//! campaigns bring; in slices, and then summed up.
//!
//! What is planned and how stands in [`super::walk`]. Whom the calendar will bring, and who will be silent for long
//! enough or run out of something if nothing else happens, is known by name ([`super::dated`]); who waits before an
//! intake is let in as the desk does it ([`super::lines`]); who else will only come is a range apart
//! ([`super::arrivals`]).
//!
//! One file because every sum is made of the one list that the slices gather.

use std::collections::{BTreeMap, VecDeque};

use chrono::{NaiveDate, Offset as _, Timelike as _};

use super::arrivals::Arrivals;
use super::campaign_ahead::Coming;
use super::dated::Dated;
use super::lines::Lines;
use super::pace::paces_of;
use super::task_line::clean;
use super::walk::{ENROLMENT, MESSAGE, Walk};
use crate::book::{Campaign, Target, Timestamp};
use crate::desk::act::{Act, DeskError};
use crate::desk::{Desk, Session};
use crate::door::forecast::{AccountDay, AskAhead, DayAhead, DayItem, Forecast, Missing, PersonDay};
use crate::door::line::Ref;
use crate::report::forecast::{Ahead, loads, runs_dry};
use crate::sop::calendar::festivals::festivals_of;
use crate::sop::calendar::lunar::LunarDate;
use crate::sop::calendar::said::said;
use crate::sop::calendar::terms::term_of;
use crate::sop::format::Start;
use crate::store::columns::enrolment::RunState;
use crate::store::record::AskKey;
use crate::text::lang::Lang;

/// Clashes that are told one by one.
const TOLD: usize = 50;

/// A forecast under way.
pub(super) struct Forecasting {
    pub(super) walk: Walk,
    /// Rows of the tasks that are open.
    open: std::vec::IntoIter<u32>,
    /// The next enrolment.
    next: u32,
    lines: Lines,
    /// Playbooks whose lines somebody else will join, and these lines.
    joined: Vec<u16>,
    kept: Lines,
    let_in: bool,
    pub(super) arrivals: Arrivals,
    /// Who will enter on a day that is known.
    dated: Dated,
    /// Campaigns that stand: those whose waves are still to be looked at, and those whose texts are.
    waves: VecDeque<Coming>,
    texts: VecDeque<Coming>,
    act: Act,
}

impl Forecasting {
    /// A forecast that has looked at nothing yet. A campaign that is tried is none of those that stand, and conditions
    /// are judged for it.
    pub(super) fn begin(
        desk: &mut Desk,
        session: &Session,
        days: u32,
        tried: Option<&Campaign>,
        now: Timestamp,
    ) -> Self {
        let act = desk.act(session, None, now);
        let columns = &desk.store.columns;
        let walk = Walk::begin(desk, days, tried.cloned(), now);
        let stands = columns.campaigns.values();
        let stands = stands.filter(|of| !of.is_over(now) && tried.is_none_or(|tried| tried.id != of.id));
        let waves = stands.map(|campaign| Coming::begin(desk, campaign.clone(), now)).collect();
        let joined = tried.iter().flat_map(|tried| &tried.playbooks);
        Self {
            open: columns.queue.rows().collect::<Vec<u32>>().into_iter(),
            next: 0,
            lines: Lines::of(desk, walk.from()),
            joined: joined.filter_map(|id| columns.playbook_position(id)).collect(),
            kept: Lines::default(),
            let_in: false,
            arrivals: Arrivals::default(),
            dated: Dated::of(desk),
            waves,
            texts: VecDeque::new(),
            walk,
            act,
        }
    }

    /// Goes on; the forecast when all was looked at.
    pub(super) fn advance(
        &mut self,
        desk: &mut Desk,
        budget: &mut usize,
        now: Timestamp,
        lang: Lang,
    ) -> Result<Option<Forecast>, DeskError> {
        if !self.gather(desk, budget, now)? {
            return Ok(None);
        }
        Ok(Some(self.sum_up(desk, now, lang)?))
    }

    /// What a campaign that is tried goes on with: the walk, the lines it joins as they stand without it, and who asks.
    pub(super) fn for_trial(&mut self) -> (&mut Walk, &mut Lines, &Act) {
        (&mut self.walk, &mut self.kept, &self.act)
    }

    /// Plans what the book owes, and whoever will enter; true when all were looked at.
    pub(super) fn gather(
        &mut self,
        desk: &mut Desk,
        budget: &mut usize,
        now: Timestamp,
    ) -> Result<bool, DeskError> {
        if !self.walk.crowds.gather(desk, budget)
            || !self.gather_open(desk, budget, now)?
            || !self.gather_enrolments(desk, budget, now)?
            || !self.gather_dated(desk, budget, now)?
        {
            return Ok(false);
        }
        while let Some(campaign) = self.waves.front_mut() {
            if !campaign.enter(desk, &mut self.walk, &mut self.lines, false, budget, now)? {
                return Ok(false);
            }
            self.texts.extend(self.waves.pop_front());
        }
        if !self.let_in {
            // nobody was let in yet: so they stand for whoever joins them
            self.let_in = true;
            self.kept = self.lines.only(&self.joined);
        }
        if !self.lines.walk(desk, &mut self.walk, budget, None, now)? {
            return Ok(false);
        }
        while let Some(campaign) = self.texts.front_mut() {
            if !campaign.say(desk, &self.act, &mut self.walk, false, budget, now)? {
                return Ok(false);
            }
            self.texts.pop_front();
        }
        self.walk.cut |= self.lines.is_cut();
        Ok(true)
    }

    fn gather_open(&mut self, desk: &Desk, budget: &mut usize, now: Timestamp) -> Result<bool, DeskError> {
        while *budget > 0 && !self.walk.is_full() {
            let Some(row) = self.open.next() else { return Ok(true) };
            *budget = budget.saturating_sub(MESSAGE);
            self.walk.open(desk, row, now)?;
        }
        Ok(self.walk.is_full())
    }

    fn gather_enrolments(
        &mut self,
        desk: &Desk,
        budget: &mut usize,
        now: Timestamp,
    ) -> Result<bool, DeskError> {
        let columns = &desk.store.columns;
        let last = columns.enrolments.len() as u32;
        let today = self.walk.from();
        while self.next < last {
            if *budget == 0 {
                return Ok(false);
            }
            let row = self.next;
            self.next += 1;
            let Some(column) = columns.enrolments.get(row) else { continue };
            self.lines.take(desk, &column, row, today);
            let runs = column.state == RunState::Active && !desk.is_paused(column.playbook);
            let recent = Arrivals::looks_at(column.enrolled_at, now);
            if !runs && !recent {
                *budget = budget.saturating_sub(1);
                continue;
            }
            if self.walk.is_full() {
                break;
            }
            *budget = budget.saturating_sub(ENROLMENT);
            let found = columns.enrolments.id(row).map(|id| desk.store.enrolment(id)).transpose()?.flatten();
            if let Some(enrolment) = found {
                if recent {
                    self.arrivals.take(&enrolment, column.playbook);
                }
                if runs {
                    let start = desk.playbook_here(column.playbook).map(|(_, playbook)| playbook);
                    let uses_up = start.is_some_and(|of| matches!(of.start, Start::Runout { .. }));
                    let estimated = uses_up && enrolment.status.anchor.d0 > today;
                    self.walk.look(desk, &enrolment, column.playbook, estimated, budget, now)?;
                }
            }
        }
        Ok(true)
    }

    fn gather_dated(&mut self, desk: &Desk, budget: &mut usize, now: Timestamp) -> Result<bool, DeskError> {
        let until = self.walk.until();
        while let Some(entering) = self.dated.next(desk, budget, now, until)? {
            if self.walk.is_full() {
                return Ok(true);
            }
            let (position, estimated) = (entering.position, entering.estimated);
            for (enrolment, comes) in &entering.enter {
                if !self.lines.join(desk, enrolment, position, *comes, (false, estimated)) {
                    self.walk.look(desk, enrolment, position, estimated, budget, now)?;
                }
            }
        }
        Ok(self.dated.is_done())
    }

    /// How many messages are in mind.
    pub(super) fn planned(&self) -> usize {
        self.walk.ahead.len()
    }

    fn sum_up(&mut self, desk: &Desk, now: Timestamp, lang: Lang) -> Result<Forecast, DeskError> {
        let columns = &desk.store.columns;
        let zone = columns.store.zone;
        let walk = &self.walk;
        let mut forecast = Forecast {
            paces: paces_of(desk, None)?,
            missing: self.missing(desk)?,
            asks: self.asks(desk),
            expiring: walk.expiring,
            unlisted: walk.unlisted,
            looked_at: walk.looked_at,
            cut: walk.cut,
            ..Forecast::default()
        };
        let mut days: Vec<DayAhead> =
            walk.from().iter_days().take(walk.days()).map(|day| desk.day_ahead(day, lang)).collect();
        let (arrivals, newcomers) = self.newcomers(desk, now);
        forecast.arrivals = arrivals;
        for (day, newcomers) in days.iter_mut().zip(newcomers) {
            day.newcomers = newcomers;
        }
        for ((day, person), load) in loads(&walk.ahead, |one| one.person, &forecast.paces, zone) {
            let Some(shown) = days.iter_mut().find(|shown| shown.date == day) else { continue };
            let name = person.and_then(|at| walk.people.get(at as usize)).map(|name| clean(name));
            let (name, tasks, seconds) = (name.unwrap_or_default(), load.tasks, load.seconds);
            shown.people.push(PersonDay { name, tasks, seconds });
        }
        let mut held: BTreeMap<(NaiveDate, Option<u32>), u32> = BTreeMap::new();
        for one in &walk.ahead {
            let account = one.account.and_then(|row| columns.accounts.get(row));
            if account.is_some_and(|account| account.body.health.silences(one.via, one.at)) {
                *held.entry((one.at.day(zone), one.account)).or_default() += 1;
            }
        }
        for ((day, account), load) in loads(&walk.ahead, |one| one.account, &forecast.paces, zone) {
            let Some(shown) = days.iter_mut().find(|shown| shown.date == day) else { continue };
            shown.tasks += load.tasks;
            shown.seconds = shown.seconds.saturating_add(load.seconds);
            let held = held.get(&(day, account)).copied().unwrap_or_default();
            let row = account;
            let account = account.and_then(|row| columns.accounts.get(row)).map(|account| &account.body);
            shown.accounts.push(AccountDay {
                account: account.map(|account| Ref { id: account.id, name: clean(&account.name) }),
                holder: account.map(|account| clean(&account.holder)).unwrap_or_default(),
                tasks: load.tasks,
                seconds: load.seconds,
                held,
                lost: walk.lost.get(&(day, row)).copied().unwrap_or_default(),
            });
        }
        // what is meant for another wall clock comes at another time, and has a line of its own
        let offset = |at: Timestamp, zone: chrono_tz::Tz| at.local(zone).offset().fix();
        let elsewhere = |one: &Ahead| {
            let there = one.zone.filter(|there| {
                there.parse().is_ok_and(|there| offset(one.at, there) != offset(one.at, zone))
            });
            there.unwrap_or_default()
        };
        let mut items: BTreeMap<(NaiveDate, Option<(u16, u16)>, &str), (Timestamp, u32, u32)> =
            BTreeMap::new();
        for one in &walk.ahead {
            let item = items.entry((one.at.day(zone), one.step, elsewhere(one))).or_insert((one.at, 0, 0));
            item.0 = item.0.min(one.at);
            item.1 += 1;
            item.2 += u32::from(one.estimated);
        }
        for ((day, step, zone), (at, n, estimated)) in items {
            let Some(shown) = days.iter_mut().find(|shown| shown.date == day) else { continue };
            let (playbook, step) = step.map_or((None, String::new()), |of| walk.step_told(desk, of));
            shown.estimated += estimated;
            shown.items.push(DayItem { at, playbook, step, n, estimated, zone: zone.to_owned() });
        }
        for one in walk.ahead.iter().filter(|one| one.step.is_some()) {
            let shown = days.iter_mut().find(|shown| shown.date == one.at.day(zone));
            let hour = one.at.local(zone).hour() as usize;
            if let Some(n) = shown.and_then(|shown| shown.hours.get_mut(hour)) {
                *n += 1;
            }
        }
        for day in &mut days {
            day.items.sort_by_key(|item| item.at);
        }
        forecast.days = days;
        let found = walk.clashes(desk);
        forecast.clash_count = found.len() as u32;
        forecast.clashes = found.iter().take(TOLD).map(|clash| walk.clash_told(desk, clash)).collect();
        forecast.unsent = walk.kept_waiting(desk, 0);
        forecast.caps = walk.caps_told(desk, walk.hits(desk));
        Ok(forecast)
    }

    /// Steps whose wordings run out before the end: those of groups and accounts with what they had, members as if they
    /// had had nothing.
    fn missing(&self, desk: &Desk) -> Result<Vec<Missing>, DeskError> {
        let mut found: BTreeMap<(u16, u16), Missing> = BTreeMap::new();
        for ((position, at_step, target), times) in &self.walk.said {
            let Some((id, playbook)) = desk.playbook_here(*position) else { continue };
            let Some(step) = playbook.step(*at_step) else { continue };
            let Some(fresh) = playbook.fresh_of(step) else { continue };
            let fresh_ms = i64::from(fresh.minutes()) * crate::book::time::MINUTE;
            let wordings = step.wordings().len();
            let mut had: Vec<Option<Timestamp>> = vec![None; wordings];
            if !matches!(target, Target::Member(_)) {
                let since = times.first().map_or(Timestamp(0), |first| Timestamp(first.0 - fresh_ms));
                for touch in desk.touches_since(*target, since)? {
                    if touch.playbook.as_ref() == Some(&id)
                        && touch.step == step.id
                        && let Some(last) = had.get_mut(usize::from(touch.variant))
                    {
                        *last = (*last).max(Some(touch.sent_at.ms));
                    }
                }
            }
            let mut times = times.clone();
            times.sort_unstable();
            let dry = runs_dry(&times, &had, fresh_ms);
            let Some(first) = dry.first().copied() else { continue };
            // with so many new wordings nobody would hear one twice
            let more = (1..=times.len())
                .find(|more| {
                    let mut with = had.clone();
                    with.resize(wordings + more, None);
                    runs_dry(&times, &with, fresh_ms).is_empty()
                })
                .unwrap_or(times.len()) as u32;
            let playbook = Ref { name: desk.title(&id), id };
            let entry = found.entry((*position, *at_step)).or_insert_with(|| Missing {
                playbook,
                step: clean(&step.id),
                n: 0,
                first,
                wordings: wordings as u32,
                more: 0,
            });
            entry.n += dry.len() as u32;
            entry.first = entry.first.min(first);
            entry.more = entry.more.max(more);
        }
        Ok(found.into_values().collect())
    }

    /// Questions of the runs ahead that have no answer yet.
    fn asks(&self, desk: &Desk) -> Vec<AskAhead> {
        let answers = &desk.store.columns.answers;
        let mut found: BTreeMap<(u16, String), (u32, NaiveDate)> = BTreeMap::new();
        for ((position, run), steps) in &self.walk.runs {
            let Some((id, playbook)) = desk.playbook_here(*position) else { continue };
            for ask in &playbook.asks {
                let needed =
                    steps.iter().filter_map(|at| playbook.step(*at)).any(|step| step.needs(&ask.key));
                let key = AskKey { playbook: id.clone(), run: *run, group: None, key: ask.key.clone() };
                if needed && !answers.contains_key(&key) {
                    let entry = found.entry((*position, ask.key.clone())).or_insert((0, *run));
                    entry.0 += 1;
                    entry.1 = entry.1.min(*run);
                }
            }
        }
        found
            .into_iter()
            .filter_map(|((position, key), (runs, first))| {
                let playbook = desk.playbook_ref(position)?;
                Some(AskAhead { playbook, key: clean(&key), runs, first })
            })
            .collect()
    }
}

impl Desk {
    /// A day of the calendar with nothing on it yet.
    fn day_ahead(&self, date: NaiveDate, lang: Lang) -> DayAhead {
        let holidays = &self.store.columns.holidays;
        let mut marks: Vec<&str> = festivals_of(date);
        marks.extend(term_of(date));
        let off = holidays.holiday(date).filter(|name| !marks.contains(name));
        marks.extend(off);
        let marks = marks.into_iter().map(|name| said(name, lang)).collect();
        let lunar = LunarDate::of(date).map(|date| date.said(lang)).unwrap_or_default();
        DayAhead { date, lunar, marks, off: holidays.is_off(date), ..DayAhead::default() }
    }
}
