//! What enrolments bring, planned one after the other into one list of messages: a forecast and a campaign's trial go by
//! the same.
//!
//! A forecast tells the most that may come: conditions are taken as holding, stop rules as not fulfilled. A trial has
//! them judged at their time, as if nothing else happened until then. In both, a rota's turns are as many as it picks
//! and nobody's in particular, and a step for the members of a group goes to those who match now ([`super::crowds`]).
//! What caps hold back comes later than here: a forecast tells them, a trial obeys them ([`super::offered`]).
//!
//! One file because every way in makes the same kind of message, and what it says of each is read together.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::crowds::Crowds;
use super::offered::Terms;
use super::planned::{ends_by, rows_of};
use super::task_line::clean;
use super::unsent::Unsent;
use crate::book::time::DAY;
use crate::book::{Campaign, Class, Enrolment, MemberId, QuietHours, Target, TaskState, Timestamp, Via};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::desk::command::Said;
use crate::desk::command::merge::rank;
use crate::desk::recovering::is_held_by_account;
use crate::desk::tick::limits::Whom;
use crate::door::forecast::DAYS_MAX;
use crate::report::forecast::Ahead;
use crate::sop::calendar::{day_start, local_day, plus_days};
use crate::sop::format::{Late, Playbook, Step, StepPer, TargetKind};
use crate::sop::grammar::WallTime;
use crate::sop::plan::Moved;
use crate::store::columns::task::{TargetRow, TaskColumn};

/// The most messages that are kept in mind; a book with more is summed up as far as they go.
const AHEAD_MAX: usize = 300_000;

/// What an enrolment and a planned message cost, in the steps of a slice.
pub(super) const ENROLMENT: usize = 3_000;
pub(super) const MESSAGE: usize = 150;

/// So many of the newest quiet hours are compared with others.
const HOURS_COMPARED: usize = 32;

/// What the positions of texts begin from that are no playbooks yet, downwards.
pub(super) const STAND_IN: u16 = u16::MAX;

/// Messages ahead, as far as was looked.
pub(super) struct Walk {
    from: NaiveDate,
    until: Timestamp,
    days: u32,
    /// A campaign that does not stand yet, or not so: conditions and stop rules are judged at their time.
    tried: Option<Campaign>,
    pub(super) ahead: Vec<Ahead>,
    /// Of a trial, what decides when each is offered, and the quiet hours that are told apart.
    terms: Vec<Terms>,
    /// How long whose enrolment is through by then is left in peace, by its order.
    pub(super) rests: HashMap<u32, i64>,
    pub(super) hours: Vec<Vec<(Tz, Vec<QuietHours>)>>,
    /// What is open of members and groups.
    pub(super) unsent: Unsent,
    /// Messages that are one for many: what was counted already.
    once: HashSet<(u16, u16, Option<u32>, Timestamp)>,
    /// What is owed once a run, by its occurrence: where it stands of what is ahead. It comes where its day begins first.
    of_runs: HashMap<(u16, u16, NaiveDate, u16), std::ops::Range<usize>>,
    /// When a step with a freshness span speaks to a target.
    pub(super) said: BTreeMap<(u16, u16, Target), Vec<Timestamp>>,
    /// Steps of the runs of playbooks that ask.
    pub(super) runs: BTreeMap<(u16, NaiveDate), Vec<u16>>,
    /// Turns of rotas: playbook, step, occurrence, and the group it gathers in.
    turns: HashMap<(u16, u16, NaiveDate, Option<u32>), u32>,
    /// People by their position.
    pub(super) people: Vec<String>,
    /// What texts are called that are no playbooks yet, by the positions that stand for them.
    pub(super) stand_ins: Vec<String>,
    /// Who belongs to groups and accounts.
    pub(super) crowds: Crowds,
    pub(super) expiring: u32,
    /// Steps that are taken for one message because nobody knows yet whom a list will name.
    pub(super) unlisted: u32,
    /// What is lost with another speaker's line, by day and account.
    pub(super) lost: BTreeMap<(NaiveDate, Option<u32>), u32>,
    pub(super) looked_at: u32,
    pub(super) cut: bool,
}

/// One step of an enrolment at its time.
pub(super) struct Moment<'a> {
    pub enrolment: &'a Enrolment,
    pub playbook: &'a Playbook,
    pub step: &'a Step,
    pub run: NaiveDate,
    pub at: Timestamp,
}

impl Walk {
    /// Nothing was looked at yet; so many days from today on are to be.
    pub(super) fn begin(desk: &Desk, days: u32, tried: Option<Campaign>, now: Timestamp) -> Self {
        let days = days.clamp(1, DAYS_MAX);
        let zone = desk.store.columns.store.zone;
        let from = now.day(zone);
        let end = plus_days(from, i32::try_from(days).unwrap_or(1));
        Self {
            from,
            until: Timestamp(day_start(end, zone, WallTime::default()).0 - 1),
            days,
            tried,
            ahead: Vec::new(),
            terms: Vec::new(),
            rests: HashMap::new(),
            hours: Vec::new(),
            unsent: Unsent::default(),
            once: HashSet::new(),
            of_runs: HashMap::new(),
            said: BTreeMap::new(),
            runs: BTreeMap::new(),
            turns: HashMap::new(),
            people: Vec::new(),
            stand_ins: Vec::new(),
            crowds: Crowds::begin(desk),
            expiring: 0,
            unlisted: 0,
            lost: BTreeMap::new(),
            looked_at: 0,
            cut: false,
        }
    }

    /// The first day, and how many.
    pub(super) const fn from(&self) -> NaiveDate {
        self.from
    }

    pub(super) fn days(&self) -> usize {
        self.days as usize
    }

    /// The last instant that is looked at.
    pub(super) const fn until(&self) -> Timestamp {
        self.until
    }

    /// The last day that is looked at.
    pub(super) fn last_day(&self) -> NaiveDate {
        plus_days(self.from, i32::try_from(self.days).unwrap_or(1) - 1)
    }

    /// True where no more messages are kept; what follows is left out, and that is told.
    pub(super) fn is_full(&mut self) -> bool {
        self.cut |= self.ahead.len() >= AHEAD_MAX;
        self.cut
    }

    /// What is due already is today's, what was put off comes when it was put off to.
    pub(super) fn open(&mut self, desk: &Desk, row: u32, now: Timestamp) -> Result<(), DeskError> {
        let columns = &desk.store.columns;
        let Some(task) = columns.tasks.get(row).filter(|task| task.state.is_open()) else { return Ok(()) };
        let back = task.snoozed_until().filter(|_| task.state == TaskState::Snoozed);
        let at = back.unwrap_or(task.due_at).max(now);
        if at > self.until {
            return Ok(());
        }
        let (member, group, account) = (member_row(&task), task.group, task.account);
        self.unsent.take(&task, member);
        let taken = task.assignee.map(|word| columns.words.text(word).to_owned());
        let person = self.person(desk, taken, account);
        let one = Ahead {
            at,
            step: None,
            playbook: task.playbook,
            via: task.via,
            class: task.class,
            member,
            group,
            account,
            person,
            caps: desk.caps_of_open(&task, now)?,
            estimated: false,
            zone: None,
        };
        let (until, end, moves) = (task.until(), None, None);
        let (class, rival, since) = (task.class, None, now);
        // the reason why one is held stands in its body
        let body = if task.held && self.is_trial() { desk.store.task_at(row)? } else { None };
        let held = body.and_then(|body| body.status.held).filter(|held| is_held_by_account(held));
        let let_go = held.map(|_| desk.caps_of_touch(&task, now)).transpose()?;
        let rank = let_go.map_or((0, 0), |_| rank(task.class, task.priority));
        let terms = Terms {
            until,
            end,
            shifts: false,
            moves,
            class,
            rank,
            rival,
            of: 0,
            since,
            hours: 0,
            open: true,
            let_go,
        };
        self.push(one, terms, 1);
        Ok(())
    }

    /// Takes a message so many times.
    fn push(&mut self, one: Ahead, terms: Terms, n: usize) {
        self.ahead.extend(std::iter::repeat_n(one, n));
        if self.tried.is_some() {
            self.terms.extend(std::iter::repeat_n(terms, n));
        }
    }

    /// A message of a trial and what decides when it is offered.
    pub(super) fn message(&self, place: usize) -> Option<(Ahead, Terms)> {
        Some((*self.ahead.get(place)?, *self.terms.get(place)?))
    }

    /// The place of quiet hours; the same ones are kept once.
    fn hours_kept(&mut self, hours: &[(Tz, Vec<QuietHours>)]) -> usize {
        let newest = self.hours.len().saturating_sub(HOURS_COMPARED);
        let known = self.hours.iter().skip(newest).position(|known| known == hours);
        known.map_or_else(
            || {
                self.hours.push(hours.to_vec());
                self.hours.len() - 1
            },
            |at| newest + at,
        )
    }

    /// Whoever took a task upon themselves, else who has its account in hand.
    pub(super) fn person(&mut self, desk: &Desk, taken: Option<String>, account: Option<u32>) -> Option<u32> {
        let account = account.and_then(|row| desk.store.columns.accounts.get(row));
        let name = taken.or_else(|| Some(account?.body.holder.clone())).filter(|name| !name.is_empty())?;
        let at = self.people.iter().position(|known| *known == name).unwrap_or_else(|| {
            self.people.push(name);
            self.people.len() - 1
        });
        u32::try_from(at).ok()
    }

    /// The campaign that an enrolment is of, as it will stand.
    fn campaign_of<'a>(&'a self, desk: &'a Desk, enrolment: &Enrolment) -> Option<&'a Campaign> {
        let id = Campaign::id_of(&enrolment.status.anchor.key)?;
        self.tried.as_ref().filter(|tried| tried.id == id).or_else(|| desk.campaign_of(enrolment))
    }

    /// What its campaign answers for a key.
    pub(super) fn campaign_says(&self, desk: &Desk, enrolment: &Enrolment, key: &str) -> Option<String> {
        let answers = &self.campaign_of(desk, enrolment)?.answers;
        let answer = answers.iter().find(|(of, value)| of == key && !value.trim().is_empty());
        answer.map(|(_, value)| value.clone())
    }

    /// True where a campaign is tried: things are judged at their time.
    pub(super) const fn is_trial(&self) -> bool {
        self.tried.is_some()
    }

    /// Up to when messages of a campaign come; of what is of none, to the end.
    fn end_of(&self, campaign: Option<&Campaign>) -> Timestamp {
        let end =
            campaign.map_or(self.until, |of| if of.stopped_at.is_some() { Timestamp(0) } else { of.until });
        // nothing of it is offered from its end on
        self.until.min(Timestamp(end.0 - i64::from(campaign.is_some())))
    }

    /// Plans one enrolment, which may not have begun. Of what is estimated the day is only expected.
    pub(super) fn look(
        &mut self,
        desk: &Desk,
        enrolment: &Enrolment,
        position: u16,
        estimated: bool,
        budget: &mut usize,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let columns = &desk.store.columns;
        let Some(playbook) = desk.playbooks.of(enrolment, columns) else { return Ok(()) };
        *budget = budget.saturating_sub(ENROLMENT);
        self.looked_at += 1;
        let zone = columns.zone_of(enrolment);
        let end = self.end_of(self.campaign_of(desk, enrolment));
        let of_campaign = Campaign::id_of(&enrolment.status.anchor.key).is_some();
        let of = self.looked_at;
        let has_shifts = playbook.steps.iter().any(|step| playbook.shifts(step));
        let mut whoms: Vec<(Whom, Option<u64>)> =
            playbook.steps.iter().map(|step| (desk.touched(enrolment, step), None)).collect();
        let (rows, hours) = rows_of(desk, enrolment, &playbook, end, now)?;
        let mut kept: Vec<Option<usize>> = vec![None; hours.len()];
        if let Some(rest) = playbook.rest.filter(|_| self.is_trial())
            && ends_by(desk, enrolment, &playbook, zone, end)
        {
            self.rests.insert(of, i64::from(rest.days()) * DAY);
        }
        let lost = desk.lost_of(enrolment, &playbook, &rows);
        for (row, lost) in rows.into_iter().zip(lost) {
            let Some((at_step, step)) = playbook.step_by_id(&row.step) else { continue };
            match row.reason {
                Some(ended) if ended.ends_unsaid() => {
                    self.expiring += 1;
                    continue;
                }
                // the rest waits behind it
                Some(Moved::Never) => {
                    self.expiring += 1;
                    break;
                }
                _ => {}
            }
            if columns.days_off.contains(&(playbook.id.clone(), row.occurrence)) {
                continue;
            }
            let said_in = enrolment.group.filter(|_| row.via == Via::Group).map(Target::Group);
            let Some(at) = desk.spoken_to([Some(enrolment.target), said_in], row.due_at) else { break };
            // without a written end, what may be dropped is dropped when its day is over
            let dropped = (step.late == Late::Drop && row.until.is_none()).then(|| {
                let tomorrow = plus_days(local_day(row.due_at, zone, playbook.day_ends), 1);
                day_start(tomorrow, zone, playbook.day_ends)
            });
            let until = row.until.into_iter().chain(dropped).min();
            let is_over = at > row.due_at && until.is_some_and(|until| until <= at);
            if is_over && step.late == Late::Drop {
                self.expiring += 1;
                continue;
            }
            // what is kept although its span is over has no end any more
            let until = until.filter(|_| !is_over);
            if at > end {
                continue;
            }
            let run = row.occurrence - chrono::TimeDelta::days(i64::from(row.day));
            let moment = Moment { enrolment, playbook: &playbook, step, run, at };
            match self.happens(desk, &moment)? {
                Some(true) => {}
                Some(false) => continue,
                None => break,
            }
            if self.is_left_in_peace(desk, &moment, (position, at_step), enrolment.target, now)? {
                continue;
            }
            let group = moment.group().and_then(|id| columns.groups.row(id));
            let gathers = step.collects(playbook.target);
            let of_run =
                (step.per == StepPer::Run).then_some((position, at_step, row.occurrence, row.ordinal));
            if let Some(known) = of_run.and_then(|of| self.of_runs.get(&of)) {
                for one in self.ahead.get_mut(known.clone()).into_iter().flatten() {
                    one.at = one.at.min(at);
                }
                continue;
            }
            let of_group = group.filter(|_| gathers);
            if gathers && of_run.is_none() && !self.once.insert((position, at_step, of_group, at)) {
                continue;
            }
            let shared = of_run.is_some() || gathers;
            let messages = self.turns_of(step, (position, at_step, row.occurrence), shared);
            if messages == 0 {
                continue;
            }
            self.remember(&moment, (position, at_step));
            let Some((whom, bits)) = whoms.get_mut(usize::from(at_step)) else { continue };
            let caps = match bits {
                Some(caps) => *caps,
                None => *bits.insert(desk.cap_bits(whom, now)?),
            };
            let account = whom.account.and_then(|id| columns.accounts.row(id));
            let account = account.filter(|_| row.via != Via::Internal);
            let row_of = |id: Option<MemberId>| id.and_then(|id| columns.members.row(id));
            let one = Ahead {
                at,
                step: Some((position, at_step)),
                playbook: Some(position),
                via: row.via,
                class: row.class,
                // whose turn it will be is not known
                member: row_of(whom.member).filter(|_| !gathers && step.pick.is_none()),
                group: group.filter(|_| row.via == Via::Group),
                account,
                person: self.person(desk, None, account),
                caps,
                estimated,
                zone: (zone != columns.store.zone).then(|| zone.name()),
            };
            let quiet = hours.iter().position(|(of, _)| *of == (whom.account, whom.each));
            let place = quiet.and_then(|at| Some((kept.get_mut(at)?, hours.get(at)?)));
            let hours = match place {
                Some((Some(place), _)) => *place,
                Some((place, (_, hours))) if self.tried.is_some() => *place.insert(self.hours_kept(hours)),
                _ => 0,
            };
            let over = of_campaign.then_some(Timestamp(end.0.saturating_add(1)));
            let terms = Terms {
                until,
                end: over,
                shifts: playbook.shifts(step),
                moves: has_shifts.then_some((zone, playbook.day_ends)),
                class: playbook.class,
                rank: rank(row.class, playbook.priority),
                rival: rival(playbook.class, playbook.priority),
                of,
                since: enrolment.enrolled_at,
                hours,
                open: false,
                let_go: None,
            };
            if lost.is_some() {
                *self.lost.entry((at.day(columns.store.zone), account)).or_default() += 1;
            }
            let first = self.ahead.len();
            match self.crowd(desk, &moment, (position, at_step), budget, now)? {
                None => {
                    *budget = budget.saturating_sub(MESSAGE * messages as usize);
                    self.push(one, terms, messages as usize);
                }
                Some(rows) => {
                    *budget = budget.saturating_sub(MESSAGE * rows.len());
                    // to messages of others it is as important as it is itself, whatever its playbook says else
                    let terms = Terms { rival: rival(row.class, playbook.priority), ..terms };
                    for row in rows.iter() {
                        let to = columns.members.id(*row).map(Target::Member);
                        let place = (position, at_step);
                        if let Some(to) = to
                            && self.is_left_in_peace(desk, &moment, place, to, now)?
                        {
                            continue;
                        }
                        let one = self.said_to(desk, &moment, one, *row, now)?;
                        self.push(one, terms, 1);
                    }
                }
            }
            self.of_runs.extend(of_run.map(|of| (of, first..self.ahead.len())));
        }
        Ok(())
    }

    /// How many messages a step is here: of a rota's turns no more than it picks at an occurrence.
    fn turns_of(&mut self, step: &Step, of: (u16, u16, NaiveDate), shared: bool) -> u32 {
        let Some(pick) = step.pick.as_ref().filter(|_| !shared) else { return 1 };
        if step.who.is_some() {
            return pick.n;
        }
        let turns = self.turns.entry((of.0, of.1, of.2, None)).or_default();
        *turns += 1;
        u32::from(*turns <= pick.n)
    }

    /// Keeps what wordings and questions are looked through for.
    fn remember(&mut self, moment: &Moment<'_>, (position, at_step): (u16, u16)) {
        let (playbook, step) = (moment.playbook, moment.step);
        if playbook.target != TargetKind::Member && !playbook.asks.is_empty() {
            let steps = self.runs.entry((position, moment.run)).or_default();
            if !steps.contains(&at_step) {
                steps.push(at_step);
            }
        }
        if playbook.fresh_of(step).is_some() && !step.wordings().is_empty() {
            let of_group = moment.group().filter(|_| step.collects(playbook.target));
            let target = of_group.map_or(moment.enrolment.target, Target::Group);
            self.said.entry((position, at_step, target)).or_default().push(moment.at);
        }
    }

    /// Whether a step is said if nothing else happens until its time; none where the enrolment is over by then. A
    /// forecast takes it as said.
    fn happens(&self, desk: &Desk, moment: &Moment<'_>) -> Result<Option<bool>, DeskError> {
        let Moment { enrolment, playbook, step, run, at } = *moment;
        if self.tried.is_none() {
            return Ok(Some(true));
        }
        let target = enrolment.target;
        if desk.is_marketing_off(playbook.class, target) || desk.fulfilled(playbook, target, at)?.is_some() {
            return Ok(None);
        }
        if desk.is_marketing_off(playbook.class_of(step), target) {
            return Ok(Some(false));
        }
        let answered = |key: &str| {
            let shared = self.campaign_says(desk, enrolment, key).is_some();
            Some(shared || desk.is_answered(enrolment, playbook, run, key))
        };
        Ok(Some(desk.unmet(enrolment, playbook, step, at, &answered)?.is_none()))
    }

    /// A position that stands for a text that is no playbook yet.
    pub(super) fn stand_in(&mut self, title: &str) -> u16 {
        self.stand_ins.push(clean(title));
        STAND_IN.saturating_sub(u16::try_from(self.stand_ins.len() - 1).unwrap_or(0))
    }

    /// What a text of a campaign says to one whom it reaches, unless it is over by then.
    pub(super) fn say(
        &mut self,
        desk: &Desk,
        said: &Said,
        position: u16,
        campaign: &Campaign,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let columns = &desk.store.columns;
        let Some(at) = desk.spoken_to([Some(said.whom.target), None], said.at.max(now)) else {
            return Ok(());
        };
        if at > self.end_of(Some(campaign)) || said.until.is_some_and(|until| until <= at) {
            return Ok(());
        }
        self.looked_at += 1;
        let account = said.whom.account.and_then(|id| columns.accounts.row(id));
        let one = Ahead {
            at,
            step: Some((position, 0)),
            playbook: Some(position),
            via: said.via,
            class: said.class,
            member: said.whom.member.and_then(|id| columns.members.row(id)),
            group: said.whom.group.and_then(|id| columns.groups.row(id)),
            account,
            person: self.person(desk, None, account),
            caps: desk.cap_bits(&said.whom, now)?,
            estimated: false,
            zone: None,
        };
        let hours = if self.tried.is_some() {
            let hours = desk.quiet_about(&said.protected, columns.store.zone, now)?;
            self.hours_kept(&hours)
        } else {
            0
        };
        let over = Timestamp(self.end_of(Some(campaign)).0.saturating_add(1));
        let terms = Terms {
            until: said.until,
            end: Some(over),
            shifts: false,
            moves: None,
            class: said.class,
            rank: rank(said.class, said.priority),
            rival: rival(said.class, said.priority),
            of: self.looked_at,
            since: said.at.min(at),
            hours,
            open: false,
            let_go: None,
        };
        self.push(one, terms, 1);
        Ok(())
    }
}

impl Moment<'_> {
    /// The group that it is about.
    pub(super) fn group(&self) -> Option<crate::book::GroupId> {
        match self.enrolment.target {
            Target::Group(group) => Some(group),
            _ => self.enrolment.group,
        }
    }
}

/// How important what a playbook says is to messages of others, under caps of a day.
const fn rival(class: Class, priority: i32) -> Option<(u8, i32)> {
    match class {
        Class::Marketing | Class::Care => Some(rank(class, priority)),
        Class::Service | Class::Incident => None,
    }
}

fn member_row(task: &TaskColumn) -> Option<u32> {
    match task.target {
        TargetRow::Member(row) => Some(row),
        _ => None,
    }
}

impl Desk {
    /// When what is due at an instant may be said to all of these, which may be paused; none while one is until told
    /// otherwise.
    fn spoken_to(&self, targets: [Option<Target>; 2], at: Timestamp) -> Option<Timestamp> {
        let pauses = targets.into_iter().flatten().filter_map(|of| self.store.columns.pause_of(of, at));
        pauses.map(|pause| pause.until).try_fold(at, |last, until| Some(last.max(until?)))
    }
}
