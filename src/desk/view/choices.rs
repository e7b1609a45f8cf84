//! Menus that the desk makes: what can be chosen about something, each counted by the rules that carry it out.
//!
//! An account may have tens of thousands of tasks and a group hundreds of members in playbooks, so they are counted a few
//! a turn.
//!
//! One file because the menus are counted alike, and what each offers is read beside what it does.

use std::collections::{BTreeMap, BTreeSet};

use super::limit_ahead::LimitAhead;
use crate::book::{Account, AccountId, Channel, Enrolment, GroupId, Health, Target, Task, TaskId, Timestamp};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::desk::command::limit::{replaces, shifts, waits_in};
use crate::desk::command::transfer::{Goes, is_of_member_in};
use crate::desk::recovering::Rooms;
use crate::desk::words::Words;
use crate::door::command::{Held, Transfer};
use crate::door::form::HealthWord;
use crate::door::{Choices, Command, Offered, Question, Refusal, RefusalKind};
use crate::text::lang::Lang;

/// Words that let a limited account go on.
const LIFT: [&str; 3] = ["lift", "off", "解除"];

/// Accounts that a menu names one by one.
const NAMED: usize = 4;

/// What looking at one costs, in the steps of [`super::scan::SLICE`]: a task with the accounts that know its target, an
/// enrolment with what is still to come and what is open of it, whom else somebody is reached by.
const TASK: usize = 2_000;
const ENROLMENT: usize = 8_000;
const REACHED: usize = 50;

/// A menu that is being counted.
pub(super) enum Choosing {
    Limit(Box<Limiting>),
    Transfer(Box<Packing>),
}

impl Choosing {
    /// What there is to count.
    ///
    /// # Errors
    /// What cannot be chosen about, with why.
    pub(super) fn begin(
        desk: &Desk,
        question: &Question,
        now: Timestamp,
        lang: Lang,
    ) -> Result<Self, DeskError> {
        Ok(match question {
            Question::Limit { account, what, until } => {
                Self::Limit(Box::new(Limiting::begin(desk, account, what, *until, now, lang)?))
            }
            Question::Transfer { from, to } => {
                Self::Transfer(Box::new(Packing::begin(desk, from, to, now, lang)?))
            }
        })
    }

    /// Goes on; the menu when all is counted.
    pub(super) fn advance(
        &mut self,
        desk: &Desk,
        budget: &mut usize,
        now: Timestamp,
        lang: Lang,
    ) -> Result<Option<Choices>, DeskError> {
        match self {
            Self::Limit(limiting) => limiting.advance(desk, budget, now, lang),
            Self::Transfer(packing) => packing.advance(desk, budget, now, lang),
        }
    }
}

/// What would go from a group to another, while it is counted.
pub(super) struct Packing {
    from: GroupId,
    to: GroupId,
    /// The group's own, and the next enrolment to be looked at for its members'.
    own: Vec<Enrolment>,
    row: u32,
    by_title: BTreeMap<String, usize>,
    goes: usize,
    already: usize,
    /// Due tasks that go along.
    tasks: BTreeSet<TaskId>,
}

impl Packing {
    fn begin(desk: &Desk, from: &str, to: &str, now: Timestamp, lang: Lang) -> Result<Self, DeskError> {
        let from = desk.find_group(from, lang)?;
        let to = desk.find_group(to, lang)?;
        desk.may_transfer(from, to, lang)?;
        let (own, already) = desk.own_luggage(from, to, now)?;
        let by_title = BTreeMap::new();
        Ok(Self { from, to, own, row: 0, by_title, goes: 0, already, tasks: BTreeSet::new() })
    }

    fn pack(&mut self, desk: &Desk, enrolment: &Enrolment, now: Timestamp) -> Result<(), DeskError> {
        self.goes += 1;
        *self.by_title.entry(desk.title(&enrolment.playbook)).or_default() += 1;
        self.tasks.extend(desk.owed_along(enrolment, now)?.iter().map(|task| task.id));
        Ok(())
    }

    fn advance(
        &mut self,
        desk: &Desk,
        budget: &mut usize,
        now: Timestamp,
        lang: Lang,
    ) -> Result<Option<Choices>, DeskError> {
        while let Some(enrolment) = self.own.pop() {
            *budget = budget.saturating_sub(ENROLMENT);
            self.pack(desk, &enrolment, now)?;
            if *budget == 0 {
                return Ok(None);
            }
        }
        let columns = &desk.store.columns;
        let group = columns.groups.row(self.from);
        let fits = is_of_member_in(group.unwrap_or(u32::MAX));
        while (self.row as usize) < columns.enrolments.len() {
            if *budget == 0 {
                return Ok(None);
            }
            *budget -= 1;
            let row = self.row;
            self.row += 1;
            let id = columns.enrolments.get(row).filter(|one| fits(one)).and(columns.enrolments.id(row));
            let Some(id) = id else { continue };
            *budget = budget.saturating_sub(ENROLMENT);
            let Some(enrolment) = desk.store.enrolment(id)? else { continue };
            match desk.goes(&enrolment, self.to, now)? {
                Goes::Along => self.pack(desk, &enrolment, now)?,
                Goes::Already => self.already += 1,
                Goes::Stays => {}
            }
        }
        Ok(Some(self.told(desk, lang)))
    }

    fn told(&self, desk: &Desk, lang: Lang) -> Choices {
        let (from, to) = (self.from, self.to);
        let names = [from, to].map(|id| desk.display_name(Target::Group(id)));
        let values: [(&str, &dyn std::fmt::Display); 2] = [("from", &names[0]), ("to", &names[1])];
        let mut choices = Choices { title: Words::TransferTitle.fill(lang, &values), ..Choices::default() };
        for (title, n) in &self.by_title {
            choices.notes.push(Words::TransferGoes.fill(lang, &[("title", title), ("n", n)]));
        }
        if self.by_title.is_empty() {
            choices.notes.push(Words::TransferNone.text(lang).to_owned());
        }
        if self.already > 0 {
            choices.notes.push(Words::TransferAlready.fill(lang, &[("n", &self.already)]));
        }
        let is_open = desk.is_open_target(Target::Group(from));
        for how in Transfer::ALL {
            if *how == Transfer::Copy && !is_open {
                continue;
            }
            let n = self.goes;
            let along = if *how == Transfer::Copy { 0 } else { self.tasks.len() };
            let told = (along > 0).then(|| Words::TransferAlong.fill(lang, &[("n", &along)]));
            let possible = n > 0 || *how == Transfer::Merge;
            // what cannot be chosen says why
            let nothing = (!possible).then(|| Words::TransferNothing.fill(lang, &[("from", &names[0])]));
            let there = || Words::TransferThere.fill(lang, &[("n", &self.already), ("to", &names[1])]);
            let there = (!possible && self.already > 0).then(there);
            let note = told.into_iter().chain(desk.people_left_behind(from, *how, lang));
            let note = note.chain(nothing).chain(there).collect::<Vec<_>>().join("; ");
            choices.offered.push(Offered {
                word: how.word().to_owned(),
                label: how.label(lang).to_owned(),
                n: n as u32,
                note,
                command: possible.then(|| Box::new(Command::Transfer { from, to, how: *how })),
            });
        }
        choices
    }
}

/// What becomes of what waits for an account, while it is counted.
pub(super) struct Limiting {
    id: AccountId,
    /// How it is, and how it would be.
    body: Account,
    health: Health,
    until: Option<Timestamp>,
    /// Its open tasks, and the next of them, and of the members whom it reaches.
    rows: Vec<u32>,
    next: usize,
    member: u32,
    all: usize,
    /// What moves wherever each can go, and all to one.
    anywhere: Moving,
    by_account: BTreeMap<AccountId, Moving>,
    /// Those that would be put off, that would be over by then with their campaign, and that would have no end any more.
    shifted: usize,
    over: usize,
    ends: usize,
    /// Those that it may let go.
    held: Vec<Task>,
    /// Members whom nobody else reaches.
    members: usize,
    /// What comes due meanwhile; none where it may send.
    ahead: Option<LimitAhead>,
}

/// What would move to another account, and how much of it would wait there for room under its caps.
#[derive(Default)]
struct Moving {
    n: usize,
    later: usize,
    rooms: Rooms,
}

impl Moving {
    fn take(&mut self, desk: &Desk, task: &Task, to: AccountId, now: Timestamp) -> Result<(), DeskError> {
        self.n += 1;
        let waits =
            !desk.waits_for_turn(task)? && desk.has_room_from(task, to, now, &mut self.rooms)?.is_some();
        self.later += usize::from(waits);
        Ok(())
    }
}

impl Limiting {
    fn begin(
        desk: &Desk,
        account: &str,
        what: &str,
        until: Option<Timestamp>,
        now: Timestamp,
        lang: Lang,
    ) -> Result<Self, DeskError> {
        let id = desk.find_account(account, lang)?;
        let body = desk.account_or_refuse(id, lang)?;
        let what = what.trim();
        let health = if LIFT.contains(&what) || HealthWord::parse(what) == Some(HealthWord::Normal) {
            Health::Recovering { since: now }
        } else if HealthWord::parse(what) == Some(HealthWord::Banned) {
            Health::Banned
        } else {
            let channel = if what.is_empty() { Some(Channel::All) } else { Channel::parse(what) };
            let channel = channel.ok_or_else(|| {
                let words = Channel::ALL.iter().map(|c| c.label(lang)).collect::<Vec<_>>().join(" ");
                let words = Words::LimitWhat.fill(lang, &[("text", &what), ("words", &words)]);
                Refusal::new(RefusalKind::Invalid, words)
            })?;
            Health::Limited { what: channel.word().to_owned(), until }
        };
        if health.refuses().is_none() && body.health.refuses().is_none() {
            let name = desk.display_name(Target::Account(id));
            let words = Words::LimitNot.fill(lang, &[("name", &name)]);
            return Err(Refusal::new(RefusalKind::State, words).about(name).into());
        }
        let ahead = LimitAhead::begin(desk, id, &health, now);
        Ok(Self {
            id,
            body,
            health,
            until,
            ahead,
            rows: desk.rows_of_account(id),
            next: 0,
            member: 0,
            all: 0,
            anywhere: Moving::default(),
            by_account: BTreeMap::new(),
            shifted: 0,
            over: 0,
            ends: 0,
            held: Vec::new(),
            members: 0,
        })
    }

    fn look(&mut self, desk: &Desk, task: Task, now: Timestamp) -> Result<(), DeskError> {
        self.all += 1;
        if let Some(ahead) = &mut self.ahead {
            ahead.waits(&task);
        }
        if self.health.refuses().is_none() {
            self.held.push(task);
            return Ok(());
        }
        let others = desk.other_accounts(&task);
        if let Some(first) = others.first() {
            self.anywhere.take(desk, &task, *first, now)?;
        }
        for other in others {
            self.by_account.entry(other).or_default().take(desk, &task, other, now)?;
        }
        if let Some(until) = self.until.filter(|until| shifts(&task, *until)) {
            self.shifted += 1;
            let is_over = desk.end_put_off(&task, until)?.is_some_and(|end| end <= until);
            self.over += usize::from(is_over);
            self.ends += usize::from(!is_over && task.status.until.is_some_and(|end| end <= until));
        }
        Ok(())
    }

    fn advance(
        &mut self,
        desk: &Desk,
        budget: &mut usize,
        now: Timestamp,
        lang: Lang,
    ) -> Result<Option<Choices>, DeskError> {
        while let Some(row) = self.rows.get(self.next).copied() {
            if *budget == 0 {
                return Ok(None);
            }
            *budget = budget.saturating_sub(TASK);
            self.next += 1;
            let is_its = |task: &Task| {
                task.status.state.is_open()
                    && task.status.account == Some(self.id)
                    && waits_in(task, &self.health)
            };
            if let Some(task) = desk.store.task_at(row)?.filter(is_its) {
                self.look(desk, task, now)?;
            }
        }
        let columns = &desk.store.columns;
        let account = columns.accounts.row(self.id).filter(|_| self.health == Health::Banned);
        while let Some(account) = account.filter(|_| (self.member as usize) < columns.members.len()) {
            if *budget == 0 {
                return Ok(None);
            }
            *budget = budget.saturating_sub(REACHED);
            let only = columns.members.get(self.member).is_some_and(|member| {
                !member.archived && super::subject::reached_only_by(columns, &member, account)
            });
            self.members += usize::from(only);
            self.member += 1;
        }
        if let Some(ahead) = &mut self.ahead
            && !ahead.advance(desk, budget, now)?
        {
            return Ok(None);
        }
        self.told(desk, now, lang).map(Some)
    }

    fn told(&mut self, desk: &Desk, now: Timestamp, lang: Lang) -> Result<Choices, DeskError> {
        let (id, until, all, health) = (self.id, self.until, self.all, &self.health);
        let name = desk.display_name(Target::Account(id));
        let shown = desk.health(health, now, lang);
        let mut choices = Choices {
            title: Words::LimitTitle.fill(lang, &[("name", &name), ("health", &shown)]),
            ..Choices::default()
        };
        if replaces(&self.body.health, health) {
            let health = desk.health(&self.body.health, now, lang);
            let words = Words::LimitReplaces.fill(lang, &[("health", &health)]);
            choices.notes.push(words.clone());
            choices.replaces = Some(words);
        }
        if self.ahead.is_none() {
            choices.notes.push(match all {
                0 => Words::LimitNone.text(lang).to_owned(),
                n => Words::LimitHeld.fill(lang, &[("n", &n)]),
            });
        }
        choices.ahead = self.ahead.as_ref().map(|ahead| ahead.told(desk, lang)).unwrap_or_default();
        choices.notes.extend(choices.ahead.iter().cloned());
        let command = |held| Some(Box::new(Command::Limit { account: id, health: health.clone(), held }));
        let offer = |word: &str, label: String, n: usize, note: String, held: Option<Held>| {
            let count = Words::ManyTasks.fill(lang, &[("n", &n)]);
            let parts: Vec<String> = [count, note].into_iter().filter(|part| !part.is_empty()).collect();
            let note = if held.is_some() {
                parts.join("  ")
            } else {
                parts.into_iter().next_back().unwrap_or_default()
            };
            Offered { word: word.to_owned(), label, n: n as u32, note, command: held.and_then(command) }
        };
        let shares: Vec<String> =
            desk.store.columns.rules.pace.ramp.iter().map(|share| format!("{share}%")).collect();
        let ramp = Words::LimitRamp.fill(lang, &[("shares", &shares.join(" "))]);
        if health.refuses().is_none() {
            let label = Words::LimitLift.text(lang).to_owned();
            let let_go = desk.let_go_in(id, &self.body, health, std::mem::take(&mut self.held), now)?;
            let later = Words::LimitRamped.fill(lang, &[("n", &(all - let_go.min(all)))]);
            let note = if let_go < all { format!("{later}  {ramp}") } else { ramp };
            choices.offered.push(offer("lift", label, let_go, note, Some(Held::Wait)));
            return Ok(choices);
        }
        if *health == Health::Banned {
            let columns = &desk.store.columns;
            let groups = columns.groups.iter().filter(|(_, _, group)| {
                !group.body.archived && super::subject::group_only_by(columns, &group.body, id)
            });
            let values: [(&str, &dyn std::fmt::Display); 3] =
                [("members", &self.members), ("groups", &groups.count()), ("name", &name)];
            choices.notes.push(Words::LimitOnly.fill(lang, &values));
        } else if until.is_some() {
            choices.notes.push(ramp);
        }
        let wait = Words::LimitWait.text(lang).to_owned();
        choices.offered.push(offer("wait", wait, all, String::new(), Some(Held::Wait)));
        let rest = |moving: &Moving| {
            let stay = all.saturating_sub(moving.n);
            let said = [(Words::LimitRest, stay), (Words::LimitRamped, moving.later)];
            let said = said.into_iter().filter(|(_, n)| *n > 0);
            said.map(|(words, n)| words.fill(lang, &[("n", &n)])).collect::<Vec<_>>().join("  ")
        };
        let any = Words::LimitMoveAny.text(lang).to_owned();
        if self.anywhere.n == 0 {
            let why = Words::LimitMoveNone.text(lang).to_owned();
            choices.offered.push(offer("move", any, 0, why, None));
        } else {
            let moving = &self.anywhere;
            choices.offered.push(offer("move", any, moving.n, rest(moving), Some(Held::Move(None))));
            let mut named: Vec<(AccountId, &Moving)> =
                self.by_account.iter().map(|(id, moving)| (*id, moving)).collect();
            named.sort_by_key(|(id, moving)| (std::cmp::Reverse(moving.n), *id));
            for (other, moving) in named.into_iter().take(NAMED) {
                let name = desk.display_name(Target::Account(other));
                let label = Words::LimitMove.fill(lang, &[("name", &name)]);
                let word = format!("move:{other}");
                let moves = Some(Held::Move(Some(other)));
                choices.offered.push(offer(&word, label, moving.n, rest(moving), moves));
            }
        }
        if let Some(until) = until {
            let at = desk.day_and_clock(until, now);
            let said = [(Words::LimitShiftOver, self.over), (Words::LimitShiftEnds, self.ends)];
            let said = said.into_iter().filter(|(_, n)| *n > 0);
            let note = said.map(|(words, n)| words.fill(lang, &[("n", &n)])).collect::<Vec<_>>().join("  ");
            let label = Words::LimitShift.fill(lang, &[("until", &at)]);
            choices.offered.push(offer("shift", label, self.shifted, note, Some(Held::Shift)));
        }
        let label = Words::LimitCancel.text(lang).to_owned();
        choices.offered.push(offer("cancel", label, all, String::new(), Some(Held::Cancel)));
        Ok(choices)
    }
}
