//! Menus that the desk makes: what can be chosen about something, each counted by the rules that carry it out.

use std::collections::BTreeMap;

use crate::book::{AccountId, Channel, Health, Target, Task, Timestamp};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::desk::command::limit::shifts;
use crate::desk::words::Words;
use crate::door::command::{Held, Transfer};
use crate::door::form::HealthWord;
use crate::door::{Choices, Command, Offered, Question, Refusal, RefusalKind};
use crate::text::lang::Lang;

/// Words that let a limited account go on.
const LIFT: [&str; 3] = ["lift", "off", "解除"];

/// Accounts that a menu names one by one.
const NAMED: usize = 4;

impl Desk {
    /// What can be chosen, each counted before.
    pub(super) fn choices(
        &self,
        question: &Question,
        now: Timestamp,
        lang: Lang,
    ) -> Result<Choices, DeskError> {
        match question {
            Question::Limit { account, what, until } => self.limit_choices(account, what, *until, now, lang),
            Question::Transfer { from, to } => self.transfer_choices(from, to, lang),
        }
    }

    fn transfer_choices(&self, from: &str, to: &str, lang: Lang) -> Result<Choices, DeskError> {
        let from = self.find_group(from, lang)?;
        let to = self.find_group(to, lang)?;
        self.may_transfer(from, to, lang)?;
        let luggage = self.luggage(from, to)?;
        let names = [from, to].map(|id| self.display_name(Target::Group(id)));
        let values: [(&str, &dyn std::fmt::Display); 2] = [("from", &names[0]), ("to", &names[1])];
        let mut choices = Choices { title: Words::TransferTitle.fill(lang, &values), ..Choices::default() };
        let mut by_title: BTreeMap<String, usize> = BTreeMap::new();
        for enrolment in &luggage.goes {
            *by_title.entry(self.title(&enrolment.playbook)).or_default() += 1;
        }
        for (title, n) in &by_title {
            choices.notes.push(Words::TransferGoes.fill(lang, &[("title", title), ("n", n)]));
        }
        if by_title.is_empty() {
            choices.notes.push(Words::TransferNone.text(lang).to_owned());
        }
        if luggage.already > 0 {
            choices.notes.push(Words::TransferAlready.fill(lang, &[("n", &luggage.already)]));
        }
        let is_open = self.is_open_target(Target::Group(from));
        for how in Transfer::ALL {
            if *how == Transfer::Copy && !is_open {
                continue;
            }
            let n = luggage.goes.len();
            let ends = if *how == Transfer::Copy { 0 } else { luggage.tasks };
            let note = match ends {
                0 => String::new(),
                n => Words::TransferEnds.fill(lang, &[("n", &n)]),
            };
            let possible = n > 0 || *how == Transfer::Merge;
            choices.offered.push(Offered {
                word: how.word().to_owned(),
                label: how.label(lang).to_owned(),
                n: n as u32,
                note,
                command: possible.then(|| Box::new(Command::Transfer { from, to, how: *how })),
            });
        }
        Ok(choices)
    }

    fn limit_choices(
        &self,
        account: &str,
        what: &str,
        until: Option<Timestamp>,
        now: Timestamp,
        lang: Lang,
    ) -> Result<Choices, DeskError> {
        let id = self.find_account(account, lang)?;
        let body = self.account_or_refuse(id, lang)?;
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
        let name = self.display_name(Target::Account(id));
        let mut tasks = Vec::new();
        for task in self.waiting_for_account(id, &health)? {
            tasks.extend(self.store.task(task)?);
        }
        let all = tasks.len();
        let shown = self.health(&health, now, lang);
        let mut choices = Choices {
            title: Words::LimitTitle.fill(lang, &[("name", &name), ("health", &shown)]),
            ..Choices::default()
        };
        choices.notes.push(match all {
            0 => Words::LimitNone.text(lang).to_owned(),
            n => Words::LimitHeld.fill(lang, &[("n", &n)]),
        });
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
            self.store.columns.rules.pace.ramp.iter().map(|share| format!("{share}%")).collect();
        let ramp = Words::LimitRamp.fill(lang, &[("shares", &shares.join(" "))]);
        if health.refuses().is_none() {
            if body.health.refuses().is_none() {
                let words = Words::LimitNot.fill(lang, &[("name", &name)]);
                return Err(Refusal::new(RefusalKind::State, words).about(name).into());
            }
            let label = Words::LimitLift.text(lang).to_owned();
            let let_go = self.held_in(id, &health, now)?.iter().filter(|(_, held)| held.is_none()).count();
            let later = Words::LimitRamped.fill(lang, &[("n", &(all - let_go.min(all)))]);
            let note = if let_go < all { format!("{later}  {ramp}") } else { ramp };
            choices.offered.push(offer("lift", label, let_go, note, Some(Held::Wait)));
            return Ok(choices);
        }
        if health == Health::Banned {
            let (members, groups) = self.reached_only_by(id);
            let values: [(&str, &dyn std::fmt::Display); 3] =
                [("members", &members), ("groups", &groups), ("name", &name)];
            choices.notes.push(Words::LimitOnly.fill(lang, &values));
        } else if until.is_some() {
            choices.notes.push(ramp);
        }
        let wait = Words::LimitWait.text(lang).to_owned();
        choices.offered.push(offer("wait", wait, all, String::new(), Some(Held::Wait)));
        let mut by_account: BTreeMap<AccountId, usize> = BTreeMap::new();
        let mut movable = 0;
        for task in &tasks {
            movable += usize::from(self.other_account(task, None).is_some());
            for (_, other, column) in self.store.columns.accounts.iter() {
                let knows = !column.body.archived && self.other_account(task, Some(other)).is_some();
                if knows {
                    *by_account.entry(other).or_default() += 1;
                }
            }
        }
        let rest = |n: usize| match all - n {
            0 => String::new(),
            n => Words::LimitRest.fill(lang, &[("n", &n)]),
        };
        let any = Words::LimitMoveAny.text(lang).to_owned();
        if movable == 0 {
            let why = Words::LimitMoveNone.text(lang).to_owned();
            choices.offered.push(offer("move", any, 0, why, None));
        } else {
            choices.offered.push(offer("move", any, movable, rest(movable), Some(Held::Move(None))));
            let mut named: Vec<(AccountId, usize)> = by_account.into_iter().collect();
            named.sort_by_key(|(id, n)| (std::cmp::Reverse(*n), *id));
            for (other, n) in named.into_iter().take(NAMED) {
                let name = self.display_name(Target::Account(other));
                let label = Words::LimitMove.fill(lang, &[("name", &name)]);
                let word = format!("move:{other}");
                choices.offered.push(offer(&word, label, n, rest(n), Some(Held::Move(Some(other)))));
            }
        }
        if let Some(until) = until {
            let shifted: Vec<&Task> = tasks.iter().filter(|task| shifts(task, until)).collect();
            let ends =
                shifted.iter().filter(|task| task.status.until.is_some_and(|end| end <= until)).count();
            let at = self.day_and_clock(until, now);
            let note = match ends {
                0 => String::new(),
                n => Words::LimitShiftEnds.fill(lang, &[("n", &n)]),
            };
            let label = Words::LimitShift.fill(lang, &[("until", &at)]);
            choices.offered.push(offer("shift", label, shifted.len(), note, Some(Held::Shift)));
        }
        let label = Words::LimitCancel.text(lang).to_owned();
        choices.offered.push(offer("cancel", label, all, String::new(), Some(Held::Cancel)));
        Ok(choices)
    }

    /// How many members and groups nobody but an account reaches.
    fn reached_only_by(&self, id: AccountId) -> (usize, usize) {
        let columns = &self.store.columns;
        let Some(row) = columns.accounts.row(id) else { return (0, 0) };
        let members = columns.members.iter().filter(|(_, _, member)| {
            !member.archived && super::subject::reached_only_by(columns, member, row)
        });
        let groups = columns.groups.iter().filter(|(_, _, group)| {
            !group.body.archived && super::subject::group_only_by(columns, &group.body, id)
        });
        (members.count(), groups.count())
    }
}
