//! An account that its platform limits: what waits for it waits, moves, is put off or cancelled, all in one act.
//!
//! What a choice would do is counted by the rules that carry it out ([`crate::desk::view`]). When the limit is over, by its own
//! end or by hand, what waits is let go and the account begins with a share of its cap (see the pace of the rules).

use std::collections::BTreeSet;

use super::super::Desk;
use super::super::act::{Act, DeskError};
use super::super::recovering::is_held_by_account;
use super::super::words::Words;
use crate::book::time::MINUTE;
use crate::book::{
    Account, AccountId, Channel, ContactState, Fields, Health, Target, Task, TaskKind, TaskState, Timestamp,
    Via,
};
use crate::door::command::Held;
use crate::door::reply::Outcome;
use crate::door::{Refusal, RefusalKind};
use crate::store::Body;
use crate::store::acts::ActCounts;
use crate::store::record::{Change, Edited, Work};
use crate::text::lang::Lang;

/// The change of how an account is.
pub(super) fn health_changes(account: &Account, health: Health) -> Body {
    let mut after = account.clone();
    after.health = health;
    let text = |account: &Account| account.field("health").unwrap_or_default();
    let change = Change { field: "health".to_owned(), before: text(account), after: text(&after) };
    Body::Edited { object: Edited::Account(account.id), changes: vec![change] }
}

impl Desk {
    /// Limits an account, or lets it go on, and does with what waits for it what was chosen.
    pub(super) fn limit(
        &mut self,
        act: &Act,
        id: AccountId,
        health: &Health,
        held: Held,
    ) -> Result<Outcome, DeskError> {
        let account = self.account_or_refuse(id, act.lang)?;
        let name = self.display_name(Target::Account(id));
        let refused = |words: String| DeskError::from(Refusal::new(RefusalKind::State, words).about(&name));
        let until = match health {
            Health::Limited { until, .. } => *until,
            _ => None,
        };
        if until.is_some_and(|until| until <= act.at) {
            let words = Words::SnoozeIntoPast.text(act.lang);
            return Err(Refusal::new(RefusalKind::Invalid, words).into());
        }
        if held == Held::Shift && until.is_none() {
            return Err(refused(Words::LimitShiftNone.text(act.lang).to_owned()));
        }
        let lifts = health.refuses().is_none();
        if lifts && account.health.refuses().is_none() {
            return Err(refused(Words::LimitNot.fill(act.lang, &[("name", &name)])));
        }
        if account.health == *health {
            // it holds what it held, and that is counted
            self.undertake(act, Work::Account { account: id })?;
        } else {
            let body = health_changes(&account, health.clone());
            self.perform(act, vec![body])?;
        }
        let then = match (held, until, &account.health) {
            (_, _, Health::Limited { until: Some(until), .. }) if lifts => {
                Some(Work::Back { account: id, until: *until })
            }
            (Held::Move(to), ..) if !lifts => Some(Work::MoveHeld { account: id, to }),
            (Held::Shift, Some(until), _) if !lifts => Some(Work::ShiftHeld { account: id, until }),
            (Held::Cancel, ..) if !lifts => Some(Work::CancelHeld { account: id }),
            _ => None,
        };
        if let Some(work) = then {
            self.undertake(act, work)?;
        }
        let words = Words::LimitTitle
            .fill(act.lang, &[("name", &name), ("health", &self.health(health, act.at, act.lang))]);
        let words = if replaces(&account.health, health) {
            let old = self.health(&account.health, act.at, act.lang);
            format!("{words}; {}", Words::LimitReplaced.fill(act.lang, &[("health", &old)]))
        } else {
            words
        };
        let (lang, mut said) = (act.lang, words.clone());
        self.works.say(act, move |counts| {
            let mut say = |message: Words, n: usize| {
                if n > 0 {
                    said = format!("{said}; {}", message.fill(lang, &[("n", &n)]));
                }
            };
            match held {
                Held::Wait => {}
                Held::Move(_) => say(Words::LimitMoved, counts.done),
                Held::Shift => say(Words::LimitShifted, counts.done),
                Held::Cancel => say(Words::LimitCancelled, counts.done),
            }
            if lifts {
                say(Words::LimitLetGo, counts.let_go);
                say(Words::LimitRamped, counts.later);
            } else {
                say(Words::LimitRamped, counts.later);
                say(Words::LimitWaited, counts.held.saturating_sub(counts.done));
            }
            said
        });
        Ok(Outcome { words, ..Outcome::default() })
    }

    /// Another account that can do a task: the one wanted, else whichever knows its target best.
    pub(in crate::desk) fn other_account(&self, task: &Task, wanted: Option<AccountId>) -> Option<AccountId> {
        self.other_accounts(task).into_iter().find(|id| wanted.is_none_or(|wanted| wanted == *id))
    }

    /// Other accounts that can do a task, each once: friends of the member, or in the group; whichever knows them best
    /// comes first.
    pub(in crate::desk) fn other_accounts(&self, task: &Task) -> Vec<AccountId> {
        let columns = &self.store.columns;
        let mut knows: Vec<AccountId> = Vec::new();
        if task.status.parts_done != 0 {
            // half of it is said already, by another voice
            return knows;
        }
        match (task.target, task.via, &task.kind) {
            // the other one has said nothing wrong to them
            (Target::Member(_), Via::Private, TaskKind::Correction { .. }) => {}
            (Target::Member(member), Via::Private | Via::Call, _) => {
                let Some(column) = columns.members.by_id(member) else { return knows };
                let newest = column.newest_friend();
                let friends =
                    column.contacts().filter(|c| c.state == ContactState::Friend).map(|c| c.account);
                knows.extend(newest.into_iter().chain(friends).filter_map(|row| columns.accounts.id(row)));
            }
            (_, Via::Group, _) | (_, _, TaskKind::AddFriend { .. }) => {
                let group = task.group.and_then(|id| columns.groups.by_id(id));
                let Some(group) = group else { return knows };
                knows.extend(group.body.account.iter().chain(&group.body.speakers));
            }
            _ => {}
        }
        let mut others: Vec<AccountId> = Vec::with_capacity(knows.len());
        for id in knows {
            let refused = columns
                .accounts
                .by_id(id)
                .is_some_and(|account| account.body.archived || account.body.health.holds(task));
            if Some(id) != task.status.account && !refused && !others.contains(&id) {
                others.push(id);
            }
        }
        others
    }

    /// What became of an account's health and of what waited for it, told from the bodies of the act.
    pub(super) fn limited(&self, id: AccountId, health: &str, bodies: &[Body], lang: Lang) -> String {
        // it was written by this program
        let health = Health::parse(health).unwrap_or_default();
        let (mut moved, mut shifted, mut cancelled, mut let_go) = (0, 0, 0, BTreeSet::new());
        for body in bodies {
            let Body::TaskChanged { task, before, after } = body else { continue };
            moved += u32::from(before.account != after.account);
            let put_off = after.snoozed_until.is_some() && before.snoozed_until != after.snoozed_until;
            shifted += u32::from(put_off && after.state.is_open());
            cancelled += u32::from(after.state == TaskState::Cancelled);
            if before.held.is_some() && after.held.is_none() && before.account == after.account {
                let_go.insert(*task);
            }
        }
        let counts = ActCounts {
            moved,
            put_off: shifted,
            cancelled,
            let_go: let_go.len() as u32,
            ..ActCounts::default()
        };
        self.limited_so(&self.display_name(Target::Account(id)), &health, &counts, lang)
    }

    pub(in crate::desk) fn account_or_refuse(&self, id: AccountId, lang: Lang) -> Result<Account, DeskError> {
        let account = self.store.columns.accounts.by_id(id).map(|column| column.body.clone());
        account.filter(|account| !account.archived).ok_or_else(|| {
            let words = super::super::words::book::BookWords::NoSuch;
            let kind = crate::door::form::Kind::Account.label(lang);
            super::not_found(&id.to_string(), words.fill(lang, &[("kind", &kind), ("text", &id)]))
        })
    }

    /// Limits that are over let their accounts begin again; those that have begun for long enough have their whole cap.
    pub(in crate::desk) fn limits_end(&mut self, act: &Act, room: &mut usize) -> Result<(), DeskError> {
        let columns = &self.store.columns;
        let over: Vec<(Account, Health)> = columns
            .accounts
            .iter()
            .filter_map(|(_, _, column)| {
                let next = match column.body.health {
                    Health::Limited { until: Some(until), .. } if until <= act.at => {
                        Health::Recovering { since: until }
                    }
                    Health::Recovering { since } if self.ramp_share(since, act.at).is_none() => {
                        Health::Normal
                    }
                    _ => return None,
                };
                Some((column.body.clone(), next))
            })
            .collect();
        for (account, next) in over {
            *room = room.saturating_sub(1);
            self.perform(act, vec![health_changes(&account, next)])?;
        }
        Ok(())
    }

    /// When the next limit of an account ends, or one may let go more of what it holds.
    pub(in crate::desk) fn next_limit_end(&self) -> Option<Timestamp> {
        let ends = self.store.columns.accounts.iter().filter_map(|(_, _, column)| match column.body.health {
            Health::Limited { until, .. } => until,
            _ => None,
        });
        ends.chain(self.tick.lets_go.next()).min()
    }
}

/// Whether a limit takes the place of one that runs: an account has one, so what the old one held may go out. One that
/// holds all of that for as long at least takes nobody's place.
pub(in crate::desk) fn replaces(before: &Health, after: &Health) -> bool {
    before.refuses().is_some() && after.refuses().is_some() && before != after && !covers(after, before)
}

/// Whether a limit holds whatever another holds, and for no shorter.
fn covers(wide: &Health, narrow: &Health) -> bool {
    let (Health::Limited { until: wide_until, .. }, Health::Limited { until, .. }) = (wide, narrow) else {
        return false;
    };
    let channel = wide.refuses();
    let longer = match (wide_until, until) {
        (None, _) => true,
        (Some(_), None) => false,
        // to the minute, as people say it: two that were said one after the other for as long end together
        (Some(wide), Some(narrow)) => wide.0.saturating_add(MINUTE) > narrow.0,
    };
    longer && (channel == Some(Channel::All) || channel == narrow.refuses())
}

/// Whether an account in such health holds an open task of it, or held it and lets it go.
pub(in crate::desk) fn waits_in(task: &Task, health: &Health) -> bool {
    match task.status.held.as_deref() {
        None => health.holds(task),
        Some(held) => is_held_by_account(held) && (health.refuses().is_none() || health.holds(task)),
    }
}

/// Whether a task would come later by being put off to an instant.
pub(in crate::desk) fn shifts(task: &Task, until: Timestamp) -> bool {
    task.status.snoozed_until.is_none_or(|at| at < until)
}
