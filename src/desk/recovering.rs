//! What an account holds while it is limited, and how it begins again: what was held comes back as far as the caps and the
//! account's share of the day have room, the more important first, and the rest waits until they have.
//!
//! What is held counts under no cap, so all caps are asked when it is let go, or moved to another account. So they are of
//! what was held while a wrong text was put right, and of the notices that it was: those come as many at once. What a human
//! lets go by hand goes whatever they say, as does what no account says; what nobody outside hears of was never counted.

use std::collections::{BTreeMap, HashMap};

use super::Desk;
use super::act::{Act, DeskError};
use super::command::merge::rank;
use super::follow::HELD_ACCOUNT;
use super::tick::limits::Whom;
use crate::book::{
    Account, AccountId, Cap, CapScope, Health, PlaybookId, RuleScope, Span, Target, Task, TaskKind,
    TaskState, Timestamp, Via,
};
use crate::queue::caps::{Allowance, Count, allow, applies, most, window};
use crate::queue::quiet::{Respect, next_open_for, quiets, respect};
use crate::store::record::Work;

/// Why a task is held: its account begins again after a limit, and the day's share is used up.
const HELD_RAMP: &str = "ramp";

/// Why a task is held that its account may say: a cap has no room for it. The code of its usage follows.
const HELD_CAP: &str = "cap ";

/// Whether a task is held for want of room: of its account's share, or under a cap.
pub(crate) fn is_held_for_room(held: &str) -> bool {
    held == HELD_RAMP || held.starts_with(HELD_CAP)
}

/// The code of the cap that a task is held by, empty for the share of its account; none where it is held otherwise.
pub(crate) fn held_by_cap(held: &str) -> Option<&str> {
    if held == HELD_RAMP { Some("") } else { held.strip_prefix(HELD_CAP) }
}

/// Whether a task is held by what its account is, or may say.
pub(crate) fn is_held_by_account(held: &str) -> bool {
    held == HELD_ACCOUNT || is_held_for_room(held)
}

/// For whom a cap counts: one, the runs of a playbook, or all.
type For = (Option<Target>, Option<PlaybookId>);

fn counts_for(cap: &Cap, whom: &Whom) -> For {
    (whom.of(cap.scope.of), (cap.scope.of == CapScope::Playbook).then(|| whom.playbook.clone()))
}

/// What is counted under the caps while tasks of several accounts are let go one after the other.
pub(in crate::desk) type Rooms = BTreeMap<AccountId, CapRoom>;

/// What is counted under the caps while tasks that were held are let go one after the other.
#[derive(Debug, Default)]
pub(in crate::desk) struct CapRoom {
    counted: HashMap<For, Vec<(Cap, Count)>>,
    /// When the first of those for which there was none may have it.
    again: Option<Timestamp>,
}

impl CapRoom {
    /// What is counted under a cap for somebody, as it was counted or as `counts` says.
    fn under(
        &mut self,
        cap: &Cap,
        whom: For,
        counts: impl FnOnce() -> Result<Count, DeskError>,
    ) -> Result<Count, DeskError> {
        let counted = self.counted.entry(whom).or_default();
        if let Some((_, count)) = counted.iter().find(|(known, _)| known == cap) {
            return Ok(*count);
        }
        let count = counts()?;
        counted.push((cap.clone(), count));
        Ok(count)
    }

    /// One more counts under a cap.
    fn take(&mut self, cap: &Cap, whom: &For, now: Timestamp) {
        let counted = self.counted.get_mut(whom).into_iter().flatten();
        for (_, count) in counted.filter(|(known, _)| known == cap) {
            count.used = count.used.saturating_add(1);
            count.last_at = Some(now);
        }
    }
}

/// Accounts that hold something for want of room.
#[derive(Debug, Default)]
pub(in crate::desk) struct LetsGo {
    /// When each may let go more; none before this process has looked for such.
    at: Option<BTreeMap<AccountId, Timestamp>>,
    /// When something was let go last under caps with a distance: it is due since long before.
    last: HashMap<For, Timestamp>,
}

impl LetsGo {
    /// Each may have room now.
    pub(in crate::desk) fn now(&mut self) {
        self.at.iter_mut().flatten().for_each(|(_, at)| *at = Timestamp::default());
    }

    /// When the first of them may have room.
    pub(in crate::desk) fn next(&self) -> Option<Timestamp> {
        self.at.iter().flatten().map(|(_, at)| *at).min()
    }
}

impl Desk {
    /// How many of those that an account holds it lets go if it is in such health: the more important ones first.
    pub(in crate::desk) fn let_go_in(
        &self,
        account: AccountId,
        body: &Account,
        health: &Health,
        mut held: Vec<Task>,
        now: Timestamp,
    ) -> Result<usize, DeskError> {
        held.sort_by_key(|task| (rank(task.class, task.priority), task.status.due_at, task.id));
        let mut room = CapRoom::default();
        let mut goes = 0;
        for task in held.iter().filter(|task| !body.archived && !health.holds(task)) {
            let speaks = !self.waits_for_turn(task)?;
            goes += usize::from(speaks && self.has_room(task, account, health, now, &mut room)?.is_none());
        }
        Ok(goes)
    }

    /// Why there is no room for a held task of an account in such health; none where it has room, which it takes then.
    pub(in crate::desk) fn has_room(
        &self,
        task: &Task,
        account: AccountId,
        health: &Health,
        now: Timestamp,
        room: &mut CapRoom,
    ) -> Result<Option<String>, DeskError> {
        let Some(whom) = whom_of(task).filter(|_| task.via != Via::Internal) else { return Ok(None) };
        let whom = Whom { account: Some(account), ..whom.touched_by(task.via) };
        let zone = self.store.columns.account_zone(account).unwrap_or(self.store.columns.store.zone);
        let caps = self.caps_in(&whom, health, now)?;
        let mut counts = Vec::with_capacity(caps.len());
        for cap in caps.iter().filter(|cap| applies(cap, task.class)) {
            let span = window(cap.per, now, zone);
            let of = counts_for(cap, &whom);
            let last = self.tick.lets_go.last.get(&of).copied().filter(|_| cap.gap > 0);
            let count = room.under(cap, of, || {
                let count = self.count_of(cap, &whom, span)?;
                Ok(Count { last_at: count.last_at.max(last), ..count })
            })?;
            counts.push((cap, count));
        }
        let counted = |cap: &Cap, _| {
            let count = counts.iter().find(|(known, _)| *known == cap);
            count.map_or_else(Count::default, |(_, count)| *count)
        };
        let Allowance::Full { next_at, usage } = allow(&caps, task.class, now, zone, counted) else {
            for (cap, _) in counts {
                room.take(cap, &counts_for(cap, &whom), now);
            }
            return Ok(None);
        };
        // the share of an account that begins again grows with the day
        let begins = matches!(health, Health::Recovering { .. });
        let again = if begins { next_at.min(window(Span::Day, now, zone).1) } else { next_at };
        room.again = Some(room.again.map_or(again, |known| known.min(again)));
        let by_share = begins && usage.of == CapScope::Account;
        Ok(Some(if by_share { HELD_RAMP.to_owned() } else { format!("{HELD_CAP}{}", usage.code()) }))
    }

    /// The same of a task that moves to an account, as that is now.
    pub(in crate::desk) fn has_room_from(
        &self,
        task: &Task,
        account: AccountId,
        now: Timestamp,
        rooms: &mut Rooms,
    ) -> Result<Option<String>, DeskError> {
        let column = self.store.columns.accounts.by_id(account);
        let health = column.map_or(Health::Normal, |column| column.body.health.clone());
        self.has_room(task, account, &health, now, rooms.entry(account).or_default())
    }

    /// The same of a task of whichever account, or of none.
    pub(in crate::desk) fn waits_for_room(
        &self,
        task: &Task,
        now: Timestamp,
        rooms: &mut Rooms,
    ) -> Result<Option<String>, DeskError> {
        match task.status.account {
            Some(account) => self.has_room_from(task, account, now, rooms),
            None => Ok(None),
        }
    }

    /// Notes what an account let go, and when it may let go more.
    pub(in crate::desk) fn lets_go_again(&mut self, account: AccountId, room: &CapRoom) {
        let LetsGo { at, last } = &mut self.tick.lets_go;
        if let (Some(again), Some(accounts)) = (room.again, at) {
            let known = accounts.entry(account).or_insert(again);
            *known = again.min(*known);
            for (of, counted) in &room.counted {
                let keeps = counted.iter().filter(|(cap, _)| cap.gap > 0);
                if let Some(at) = keeps.filter_map(|(_, count)| count.last_at).max() {
                    last.insert(of.clone(), at);
                }
            }
        }
    }

    /// Accounts let go more of what they hold for want of room, where there may be some again; true where any does.
    pub(in crate::desk) fn lets_go(&mut self, act: &Act, room: &mut usize) -> Result<bool, DeskError> {
        if self.tick.lets_go.at.is_none() {
            let accounts = self.store.columns.accounts.iter();
            let can = accounts.filter(|(_, _, account)| account.body.health.refuses().is_none());
            let mut holds = BTreeMap::new();
            for id in can.map(|(_, id, _)| id) {
                if self.holds_for_room(id)? {
                    holds.insert(id, act.at);
                }
            }
            self.tick.lets_go.at = Some(holds);
        }
        let LetsGo { at, last } = &mut self.tick.lets_go;
        let accounts = at.iter_mut().flatten();
        let due: Vec<AccountId> = accounts.filter(|(_, at)| **at <= act.at).map(|(id, _)| *id).collect();
        if let Some(accounts) = at {
            accounts.retain(|id, _| !due.contains(id));
        }
        if due.is_empty() && at.iter().flatten().next().is_none() {
            last.clear();
        }
        for account in &due {
            *room = room.saturating_sub(1);
            self.undertake(act, Work::Account { account: *account })?;
        }
        Ok(!due.is_empty())
    }

    /// Whether an account holds anything for want of room.
    fn holds_for_room(&self, account: AccountId) -> Result<bool, DeskError> {
        for row in self.rows_of_account(account) {
            if self.store.columns.tasks.get(row).is_some_and(|task| task.held)
                && let Some(task) = self.store.task_at(row)?
                && task.status.held.as_deref().is_some_and(is_held_for_room)
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Leaves of the caps of an account a share, in percent, and of what is usual a day.
    pub(in crate::desk) fn share_caps(
        &self,
        share: u32,
        account: AccountId,
        now: Timestamp,
        caps: &mut Vec<Cap>,
    ) {
        let zone = self.store.columns.account_zone(account).unwrap_or(self.store.columns.store.zone);
        let part = |n: u32| (u64::from(n) * u64::from(share)).div_ceil(100).max(1) as u32;
        for cap in caps.iter_mut().filter(|cap| cap.scope.of == CapScope::Account) {
            cap.n = part(most(cap, window(cap.per, now, zone)));
        }
        caps.push(Cap {
            scope: RuleScope::each(CapScope::Account),
            class: Vec::new(),
            n: part(self.store.columns.rules.pace.per_day),
            per: Span::Day,
            gap: 0,
            except: String::new(),
            source: String::new(),
            date: String::new(),
        });
    }

    /// When the quiet hours end that a task would be let go in; none where there are none, or it would be over by then.
    pub(in crate::desk) fn quiet_until(
        &self,
        task: &Task,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, DeskError> {
        let Some(whom) = whom_of(task) else { return Ok(None) };
        if task.via == Via::Internal
            || task.status.state == TaskState::Snoozed
            || respect(task.class) != Respect::Always
        {
            return Ok(None);
        }
        let zone = task.status.account.and_then(|id| self.store.columns.account_zone(id));
        let hours = self.quiet_about(&whom, zone.unwrap_or(self.store.columns.store.zone), now)?;
        let calendar = &*self.store.columns.holidays;
        let quiet = quiets(&hours, calendar);
        let open = next_open_for(now, &quiet);
        Ok((open > now && task.status.until.is_none_or(|until| open < until)).then_some(open))
    }
}

/// Whom a message is a touch of; none for what is neither a step's nor about one.
pub(in crate::desk) fn whom_of(task: &Task) -> Option<Whom> {
    let playbook = match &task.kind {
        TaskKind::Step { key, .. } => key.playbook.clone(),
        TaskKind::Correction { .. } => PlaybookId(String::new()),
        _ => return None,
    };
    Some(Whom {
        member: task.member(),
        group: task.group,
        account: task.status.account,
        playbook,
        target: task.target,
        each: false,
    })
}
