//! The coming days of the whole book: every running enrolment planned up to there, in slices, and then summed up.
//!
//! One file because every sum is made of the one list that the slices gather.
//!
//! What is owed to those who are in, at most: conditions are taken as holding. A rota's turns are as many as it picks and
//! nobody's in particular; a step for the members of a group who match is one a group, unless it picks. Caps are told and
//! not obeyed: what they hold back comes later than here. Whom the calendar will bring is known by name
//! ([`super::dated`]); who else will only come is a range apart ([`super::arrivals`]).

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{Datelike, NaiveDate};

use super::arrivals::Arrivals;
use super::dated::Dated;
use super::pace::paces_of;
use super::task_line::clean;
use crate::book::{
    AccountId, Anchor, CapScope, Enrolment, EnrolmentId, EnrolmentState, PlaybookId, Span, Target, TaskState,
    Timestamp, Via,
};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::desk::tick::limits::Whom;
use crate::door::forecast::{
    AccountDay, AskAhead, CapAhead, ClashAhead, DAYS_MAX, DayAhead, DayItem, Forecast, Missing, PersonDay,
};
use crate::door::line::Ref;
use crate::queue::quiet::Quiet;
use crate::report::forecast::{Ahead, Clash, Hit, clashes, hits, loads, runs_dry};
use crate::sop::calendar::festivals::festivals_of;
use crate::sop::calendar::lunar::LunarDate;
use crate::sop::calendar::said::said;
use crate::sop::calendar::terms::term_of;
use crate::sop::calendar::{day_start, plus_days};
use crate::sop::format::{Playbook, StepPer, TargetKind};
use crate::sop::plan::{Limits, Moved, PlanRules, plan};
use crate::sop::schedule::Course;
use crate::store::columns::enrolment::RunState;
use crate::store::columns::task::{TargetRow, TaskColumn};
use crate::store::columns::{MemberColumn, parse_zone};
use crate::store::record::AskKey;
use crate::text::lang::Lang;

/// The most messages that are kept in mind; a book with more is summed up as far as they go.
const AHEAD_MAX: usize = 300_000;

/// Messages of one enrolment.
const ROWS: usize = 1_000;

/// What an enrolment and a planned message cost, in the steps of a slice.
pub(super) const ENROLMENT: usize = 3_000;
const MESSAGE: usize = 150;

/// Clashes and caps that are told one by one.
const TOLD: usize = 50;

/// A forecast under way.
pub(super) struct Forecasting {
    from: NaiveDate,
    until: Timestamp,
    days: u32,
    /// The next enrolment.
    next: u32,
    /// The day on which those in line will be let in.
    admitted: HashMap<EnrolmentId, NaiveDate>,
    ahead: Vec<Ahead>,
    /// Messages that are one for many: what was counted already.
    once: HashSet<(u16, u16, Option<u32>, Timestamp)>,
    /// When a step with a freshness span speaks to a target.
    said: BTreeMap<(u16, u16, Target), Vec<Timestamp>>,
    runs: BTreeMap<(u16, NaiveDate), Vec<u16>>,
    /// Turns of rotas: playbook, step, occurrence, and the group it gathers in.
    turns: HashMap<(u16, u16, NaiveDate, Option<u32>), u32>,
    pub(super) arrivals: Arrivals,
    /// Who will enter by the calendar.
    dated: Dated,
    /// People by their position.
    people: Vec<String>,
    forecast: Forecast,
}

impl Forecasting {
    /// A forecast that has looked at nothing yet but what is open.
    pub(super) fn begin(desk: &Desk, days: u32, now: Timestamp) -> Self {
        let days = days.clamp(1, DAYS_MAX);
        let zone = desk.store.columns.store.zone;
        let from = now.day(zone);
        let end = plus_days(from, i32::try_from(days).unwrap_or(1));
        let mut begun = Self {
            from,
            until: Timestamp(day_start(end, zone, crate::sop::grammar::WallTime::default()).0 - 1),
            days,
            next: 0,
            admitted: desk.admissions(from),
            ahead: Vec::new(),
            once: HashSet::new(),
            said: BTreeMap::new(),
            runs: BTreeMap::new(),
            turns: HashMap::new(),
            arrivals: Arrivals::default(),
            dated: Dated::of(desk),
            people: Vec::new(),
            forecast: Forecast::default(),
        };
        begun.open_tasks(desk, now);
        begun
    }

    /// What is due already is today's, what was put off comes when it was put off to.
    fn open_tasks(&mut self, desk: &Desk, now: Timestamp) {
        let columns = &desk.store.columns;
        for task in columns.queue.rows().filter_map(|row| columns.tasks.get(row)) {
            let back = task.snoozed_until().filter(|_| task.state == TaskState::Snoozed);
            let at = back.unwrap_or(task.due_at).max(now);
            if at <= self.until && self.ahead.len() < AHEAD_MAX {
                let (member, group, account) = (member_row(task), task.group, task.account);
                let (via, class) = (task.via, task.class);
                let taken = task.assignee.map(|word| columns.words.text(word).to_owned());
                let person = self.person(desk, taken, account);
                self.ahead.push(Ahead {
                    at,
                    step: None,
                    via,
                    class,
                    member,
                    group,
                    account,
                    person,
                    caps: 0,
                });
            }
        }
    }

    /// Whoever took a task upon themselves, else who has its account in hand.
    fn person(&mut self, desk: &Desk, taken: Option<String>, account: Option<u32>) -> Option<u32> {
        let account = account.and_then(|row| desk.store.columns.accounts.get(row));
        let name = taken.or_else(|| Some(account?.body.holder.clone())).filter(|name| !name.is_empty())?;
        let at = self.people.iter().position(|known| *known == name).unwrap_or_else(|| {
            self.people.push(name);
            self.people.len() - 1
        });
        u32::try_from(at).ok()
    }

    /// Goes on; the forecast when every enrolment was looked at.
    pub(super) fn advance(
        &mut self,
        desk: &Desk,
        budget: &mut usize,
        now: Timestamp,
        lang: Lang,
    ) -> Result<Option<Forecast>, DeskError> {
        if !self.gather(desk, budget, now)? {
            return Ok(None);
        }
        Ok(Some(self.sum_up(desk, now, lang)?))
    }

    /// Plans every enrolment of the book; true when all were looked at.
    pub(super) fn gather(
        &mut self,
        desk: &Desk,
        budget: &mut usize,
        now: Timestamp,
    ) -> Result<bool, DeskError> {
        let columns = &desk.store.columns;
        let last = columns.enrolments.len() as u32;
        while self.next < last {
            if *budget == 0 {
                return Ok(false);
            }
            let row = self.next;
            self.next += 1;
            let Some(column) = columns.enrolments.get(row) else { continue };
            let runs = matches!(column.state, RunState::Active | RunState::InLine)
                && !desk.is_paused(column.playbook);
            // whom the calendar brings is known by name
            let recent = Arrivals::looks_at(column.enrolled_at, now) && !self.dated.is_of(column.playbook);
            if !runs && !recent {
                *budget = budget.saturating_sub(1);
                continue;
            }
            if self.ahead.len() >= AHEAD_MAX {
                self.forecast.cut = true;
                break;
            }
            let before = self.ahead.len();
            let found = columns.enrolments.id(row).map(|id| desk.store.enrolment(id)).transpose()?.flatten();
            if let Some(enrolment) = found {
                if recent {
                    self.arrivals.take(&enrolment, column.playbook);
                }
                if runs {
                    self.look(desk, &enrolment, column.playbook, now)?;
                }
            }
            *budget = budget.saturating_sub(ENROLMENT + MESSAGE * (self.ahead.len() - before));
        }
        while let Some((enter, position)) = self.dated.next(desk, budget, now, self.until)? {
            if self.ahead.len() >= AHEAD_MAX {
                self.forecast.cut = true;
                return Ok(true);
            }
            let before = self.ahead.len();
            for enrolment in &enter {
                self.look(desk, enrolment, position, now)?;
            }
            *budget = budget.saturating_sub(MESSAGE * (self.ahead.len() - before));
        }
        Ok(self.dated.is_done())
    }

    /// How many messages are in mind.
    pub(super) fn planned(&self) -> usize {
        self.ahead.len()
    }

    /// How many days, and the last instant of them.
    pub(super) fn days(&self) -> usize {
        self.days as usize
    }

    pub(super) fn until(&self) -> Timestamp {
        self.until
    }

    /// The last day that is looked at.
    pub(super) fn last_day(&self) -> NaiveDate {
        plus_days(self.from, i32::try_from(self.days).unwrap_or(1) - 1)
    }

    /// What the messages behind the first so many change: caps that are hit with them and not so without, and who of
    /// theirs hears from several playbooks on one day.
    pub(super) fn changed_by(&self, desk: &Desk, base: usize) -> (Vec<CapAhead>, Vec<ClashAhead>) {
        let zone = desk.store.columns.store.zone;
        let before = self.ahead.get(..base).unwrap_or_default();
        let caps = &desk.store.columns.rules.caps;
        let (was, mut is) = (hits(before, caps, zone), hits(&self.ahead, caps, zone));
        is.retain(|hit| !was.contains(hit));
        let (was, mut meet) = (clashes(before, zone), clashes(&self.ahead, zone));
        meet.retain(|clash| !was.contains(clash));
        (caps_ahead(desk, is), meet.into_iter().map(|clash| desk.clash_ahead(&clash)).collect())
    }

    /// Plans one enrolment, which may not have begun.
    pub(super) fn look(
        &mut self,
        desk: &Desk,
        enrolment: &Enrolment,
        position: u16,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let columns = &desk.store.columns;
        let Some(playbook) = desk.playbooks.of(enrolment, columns) else { return Ok(()) };
        self.forecast.looked_at += 1;
        let zone = parse_zone(&enrolment.zone).unwrap_or(columns.store.zone);
        let status = &enrolment.status;
        let mut anchor = status.anchor.clone();
        if status.state == EnrolmentState::InLine {
            let Some(day) = self.admitted.get(&enrolment.id) else { return Ok(()) };
            anchor = Anchor { at: day_start(*day, zone, playbook.day_ends), d0: *day, ..anchor };
        }
        let whom = desk.whom_ahead(enrolment);
        let hours = desk.quiet_about(&whom, zone, now)?;
        let calendar = &*columns.holidays;
        let quiet: Vec<Quiet<'_>> =
            hours.iter().map(|(zone, hours)| Quiet { zone: *zone, hours, calendar }).collect();
        let rules = PlanRules { quiet: &quiet, caps: &[] };
        let course = Course { playbook: &playbook, anchor: &anchor, zone, holidays: &columns.holidays };
        let limits = Limits { from: Timestamp(i64::MIN), until: Some(self.until), rows: ROWS };
        let caps = desk.cap_bits(&whom, now)?;
        let row_of = |id: Option<crate::book::MemberId>| id.and_then(|id| columns.members.row(id));
        for row in plan(&course, &status.progress, &rules, limits) {
            let Some((at_step, step)) = playbook.step_by_id(&row.step) else { continue };
            if matches!(row.reason, Some(Moved::Expired(_))) {
                self.forecast.expiring += 1;
                continue;
            }
            let at = row.due_at.max(now);
            if at > self.until {
                continue;
            }
            let run = row.occurrence - chrono::TimeDelta::days(i64::from(row.day));
            let group = whom.group.and_then(|id| columns.groups.row(id));
            let gathers = step.collects(playbook.target);
            let shared = step.per == StepPer::Run || gathers;
            let of_group = group.filter(|_| gathers);
            if shared && !self.once.insert((position, at_step, of_group, at)) {
                continue;
            }
            let mut messages = 1;
            if let Some(pick) = step.pick.as_ref().filter(|_| !shared) {
                if step.who.is_none() {
                    let turns = self.turns.entry((position, at_step, row.occurrence, None)).or_default();
                    *turns += 1;
                    if *turns > pick.n {
                        continue;
                    }
                } else {
                    messages = pick.n;
                }
            }
            if playbook.target != TargetKind::Member && !playbook.asks.is_empty() {
                let steps = self.runs.entry((position, run)).or_default();
                if !steps.contains(&at_step) {
                    steps.push(at_step);
                }
            }
            if playbook.fresh_of(step).is_some() && !step.wordings().is_empty() {
                let target = if gathers {
                    whom.group.map_or(enrolment.target, Target::Group)
                } else {
                    enrolment.target
                };
                self.said.entry((position, at_step, target)).or_default().push(at);
            }
            let account = whom.account.and_then(|id| columns.accounts.row(id));
            let account = account.filter(|_| row.via != Via::Internal);
            let one = Ahead {
                at,
                step: Some((position, at_step)),
                via: row.via,
                class: row.class,
                // whose turn it will be is not known
                member: row_of(whom.member).filter(|_| !gathers && step.pick.is_none()),
                group: group.filter(|_| row.via == Via::Group),
                account,
                person: self.person(desk, None, account),
                caps,
            };
            self.ahead.extend(std::iter::repeat_n(one, messages as usize));
        }
        Ok(())
    }

    fn sum_up(&mut self, desk: &Desk, now: Timestamp, lang: Lang) -> Result<Forecast, DeskError> {
        let columns = &desk.store.columns;
        let zone = columns.store.zone;
        let mut forecast = std::mem::take(&mut self.forecast);
        forecast.paces = paces_of(desk, None)?;
        forecast.missing = self.missing(desk)?;
        forecast.asks = self.asks(desk);
        let mut days: Vec<DayAhead> =
            self.from.iter_days().take(self.days as usize).map(|day| desk.day_ahead(day, lang)).collect();
        let (arrivals, newcomers) = self.newcomers(desk, now);
        forecast.arrivals = arrivals;
        for (day, newcomers) in days.iter_mut().zip(newcomers) {
            day.newcomers = newcomers;
        }
        for ((day, person), load) in loads(&self.ahead, |one| one.person, &forecast.paces, zone) {
            let Some(shown) = days.iter_mut().find(|shown| shown.date == day) else { continue };
            let name = person.and_then(|at| self.people.get(at as usize)).map(|name| clean(name));
            let (name, tasks, seconds) = (name.unwrap_or_default(), load.tasks, load.seconds);
            shown.people.push(PersonDay { name, tasks, seconds });
        }
        for ((day, account), load) in loads(&self.ahead, |one| one.account, &forecast.paces, zone) {
            let Some(shown) = days.iter_mut().find(|shown| shown.date == day) else { continue };
            shown.tasks += load.tasks;
            shown.seconds = shown.seconds.saturating_add(load.seconds);
            let account = account.and_then(|row| columns.accounts.get(row)).map(|account| &account.body);
            shown.accounts.push(AccountDay {
                account: account.map(|account| Ref { id: account.id, name: clean(&account.name) }),
                holder: account.map(|account| clean(&account.holder)).unwrap_or_default(),
                tasks: load.tasks,
                seconds: load.seconds,
            });
        }
        let mut items: BTreeMap<(NaiveDate, Option<(u16, u16)>), (Timestamp, u32)> = BTreeMap::new();
        for one in &self.ahead {
            let item = items.entry((one.at.day(zone), one.step)).or_insert((one.at, 0));
            item.0 = item.0.min(one.at);
            item.1 += 1;
        }
        for ((day, step), (at, n)) in items {
            let Some(shown) = days.iter_mut().find(|shown| shown.date == day) else { continue };
            let playbook = step.and_then(|(position, _)| desk.playbook_ref(position));
            let step = step.map(|(position, step)| desk.step_name(position, step)).unwrap_or_default();
            shown.items.push(DayItem { at, playbook, step, n });
        }
        for day in &mut days {
            day.items.sort_by_key(|item| item.at);
        }
        forecast.days = days;
        let found = clashes(&self.ahead, zone);
        forecast.clash_count = found.len() as u32;
        forecast.clashes = found.into_iter().take(TOLD).map(|clash| desk.clash_ahead(&clash)).collect();
        forecast.caps = caps_ahead(desk, hits(&self.ahead, &columns.rules.caps, zone));
        Ok(forecast)
    }

    /// Steps whose wordings run out before the end: those of groups and accounts with what they had, members as if they
    /// had had nothing.
    fn missing(&self, desk: &Desk) -> Result<Vec<Missing>, DeskError> {
        let mut found: BTreeMap<(u16, u16), Missing> = BTreeMap::new();
        for ((position, at_step, target), times) in &self.said {
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
        for ((position, run), steps) in &self.runs {
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

/// Caps as they are told, the first of them.
fn caps_ahead(desk: &Desk, hits: Vec<Hit>) -> Vec<CapAhead> {
    let columns = &desk.store.columns;
    let told = |hit: Hit| {
        let cap = columns.rules.caps.get(hit.cap)?;
        let name = hit.of.and_then(|row| match cap.scope.of {
            CapScope::Member => columns.members.get(row).map(|member| clean(member.name())),
            CapScope::Group => columns.groups.get(row).map(|group| clean(&group.body.name)),
            CapScope::Account => columns.accounts.get(row).map(|account| clean(&account.body.name)),
            CapScope::Store | CapScope::Playbook => None,
        });
        Some(CapAhead {
            day: hit.day,
            scope: cap.scope.of.word().to_owned(),
            per: cap.per.word().to_owned(),
            name: name.unwrap_or_default(),
            planned: hit.planned,
            n: hit.n,
        })
    };
    hits.into_iter().take(TOLD).filter_map(told).collect()
}

fn member_row(task: &TaskColumn) -> Option<u32> {
    match task.target {
        TargetRow::Member(row) => Some(row),
        _ => None,
    }
}

impl Desk {
    /// When those who wait in line will be let in, in their order: from tomorrow on, so many per span.
    fn admissions(&self, today: NaiveDate) -> HashMap<EnrolmentId, NaiveDate> {
        let columns = &self.store.columns;
        let mut waiting: HashMap<u16, Vec<EnrolmentId>> = HashMap::new();
        for (_, id, column) in columns.enrolments.iter().filter(|(_, _, e)| e.state == RunState::InLine) {
            waiting.entry(column.playbook).or_default().push(id);
        }
        let mut admitted = HashMap::new();
        for (position, line) in waiting {
            let Some((_, playbook)) = self.playbook_here(position) else { continue };
            let Some(intake) = &playbook.intake else { continue };
            for (at, id) in self.in_order(line, intake.sort).into_iter().enumerate() {
                let spans = (at as u32 / intake.max.max(1)) as i32;
                let day = match intake.per {
                    Span::Hour | Span::Day => plus_days(today, 1 + spans),
                    Span::Week => {
                        let monday = plus_days(today, -(today.weekday().num_days_from_monday() as i32));
                        plus_days(monday, 7 * (1 + spans))
                    }
                    Span::Month => plus_days(today, 30 * (1 + spans)),
                };
                admitted.insert(id, day);
            }
        }
        admitted
    }

    /// Whom an enrolment's messages are about, as far as that is known before they come.
    fn whom_ahead(&self, enrolment: &Enrolment) -> Whom {
        let columns = &self.store.columns;
        let (member, group, account) = match enrolment.target {
            Target::Member(id) => (Some(id), enrolment.group, enrolment.account),
            Target::Group(id) => (None, Some(id), enrolment.account),
            Target::Account(id) => (None, None, Some(id)),
        };
        let of_group = group.and_then(|id| columns.groups.by_id(id)).and_then(|group| group.body.account);
        let friend = member
            .and_then(|id| columns.members.by_id(id))
            .and_then(MemberColumn::newest_friend)
            .and_then(|row| columns.accounts.id(row));
        let account: Option<AccountId> = account.or(friend).or(of_group);
        Whom { member, group, account, playbook: enrolment.playbook.clone(), target: enrolment.target }
    }

    fn clash_ahead(&self, clash: &Clash) -> ClashAhead {
        let titles = clash.playbooks.iter().filter_map(|at| self.playbook_ref(*at)).map(|of| of.name);
        let name = self.store.columns.members.get(clash.member).map(|member| clean(member.name()));
        (clash.day, name.unwrap_or_default(), titles.collect())
    }

    pub(super) fn playbook_here(&self, position: u16) -> Option<(PlaybookId, std::sync::Arc<Playbook>)> {
        let (id, column) = self.store.columns.playbook_at(position)?;
        Some((id.clone(), self.playbooks.get(id, column.current)?))
    }

    pub(super) fn playbook_ref(&self, position: u16) -> Option<Ref<PlaybookId>> {
        let id = self.store.columns.playbook_at(position)?.0.clone();
        Some(Ref { name: self.title(&id), id })
    }

    fn step_name(&self, position: u16, step: u16) -> String {
        let playbook = self.playbook_here(position);
        playbook.and_then(|(_, playbook)| Some(clean(&playbook.step(step)?.id))).unwrap_or_default()
    }

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
