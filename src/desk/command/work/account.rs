//! Works about what waits for an account, and what is to be said in a group.

use super::super::super::Desk;
use super::super::super::act::{Act, DeskError};
use super::super::super::follow::HELD_ACCOUNT;
use super::super::super::recovering::{Rooms, is_held_by_account, is_held_for_room};
use super::super::super::tick::turns::HELD_TURN;
use super::super::merge::rank;
use super::super::task::next_rev;
use super::{Counts, Found, Walk};
use crate::book::{
    AccountId, Channel, EndReason, GroupId, Health, Refused, Task, TaskId, TaskState, TaskStatus, Timestamp,
    Via,
};
use crate::queue::order::Owner;
use crate::store::columns::Columns;
use crate::store::record::Work;

/// What is held of an account, by what goes first, and the room that it has where it goes from.
#[derive(Default)]
pub(super) struct Looked {
    rows: Option<Vec<u32>>,
    held: Vec<((u8, i32), Timestamp, TaskId)>,
    room: Rooms,
}

/// Why an account in such health cannot send.
fn refused_by(health: &Health) -> Refused {
    match health {
        Health::Banned => Refused::Banned,
        Health::Limited { .. } => Refused::Limited,
        Health::Normal | Health::Retired | Health::Recovering { .. } => Refused::Unused,
    }
}

impl Desk {
    /// Rows of the open tasks of an account.
    pub(in crate::desk) fn rows_of_account(&self, account: AccountId) -> Vec<u32> {
        let columns = &self.store.columns;
        let Some(account) = columns.accounts.row(account) else { return Vec::new() };
        let sent_from = |row: &u32| columns.tasks.get(*row).is_some_and(|task| task.account == Some(account));
        columns.queue.of(Owner::account(account)).filter(sent_from).collect()
    }

    /// A limited, banned or archived account holds what was to be sent from it by the way that is refused; what is not
    /// refused it lets go, the more important first, as far as its share of the day reaches.
    pub(super) fn account_holds(
        &mut self,
        act: &Act,
        account: AccountId,
        walk: &mut Walk,
        counts: &mut Counts,
    ) -> Result<bool, DeskError> {
        let Some(column) = self.store.columns.accounts.by_id(account) else { return Ok(true) };
        let (health, archived) = (column.body.health.clone(), column.body.archived);
        let mut looked = match walk.found.take() {
            Some(Found::Account(looked)) => looked,
            _ => Looked { rows: Some(self.rows_of_account(account)), ..Looked::default() },
        };
        let done = self.account_looks(act, account, &health, archived, walk, &mut looked, counts);
        walk.found = Some(Found::Account(looked));
        done
    }

    #[expect(clippy::too_many_arguments, reason = "one look at an account, spelled out")]
    fn account_looks(
        &mut self,
        act: &Act,
        account: AccountId,
        health: &Health,
        archived: bool,
        walk: &mut Walk,
        looked: &mut Looked,
        counts: &mut Counts,
    ) -> Result<bool, DeskError> {
        if let Some(rows) = looked.rows.take() {
            let at_place = |_: &Self, walk: &Walk| rows.get(walk.next as usize).copied();
            let all = self.each_of(walk, at_place, |desk, row| {
                desk.works.room.read();
                let Some(task) = desk.waits_for(row, account)? else { return Ok(()) };
                if archived || health.holds(&task) {
                    desk.hold(act, &task, Some(HELD_ACCOUNT))?;
                    counts.held += 1;
                } else if task.status.held.is_some() && task.status.until.is_none_or(|end| end > act.at) {
                    // what is over was held to its end
                    let order = (rank(task.class, task.priority), task.status.due_at, task.id);
                    looked.held.push(order);
                }
                Ok(())
            })?;
            if !all {
                looked.rows = Some(rows);
                return Ok(false);
            }
            looked.held.sort_unstable();
            walk.next = 0;
        }
        if looked.held.is_empty() {
            return Ok(true);
        }
        let (held, room) = (&looked.held, looked.room.entry(account).or_default());
        let at_place = |_: &Self, walk: &Walk| held.get(walk.next as usize).map(|(_, _, id)| *id);
        let all = self.each_of(walk, at_place, |desk, id| {
            desk.works.room.read();
            let row = desk.store.columns.tasks.row(id);
            let task = row.map(|row| desk.waits_for(row, account)).transpose()?.flatten();
            let Some(task) = task.filter(|task| task.status.held.is_some()) else { return Ok(()) };
            if desk.waits_for_turn(&task)? {
                // it takes its place when it may speak
                desk.hold(act, &task, Some(HELD_TURN))?;
            } else if let Some(full) = desk.has_room(&task, account, health, act.at, room)? {
                desk.hold(act, &task, Some(&full))?;
                counts.later += 1;
            } else {
                desk.hold(act, &task, None)?;
                counts.let_go += 1;
            }
            Ok(())
        })?;
        if all {
            self.lets_go_again(account, &std::mem::take(room));
        }
        Ok(all)
    }

    /// An open task of an account that nothing else holds.
    fn waits_for(&self, row: u32, account: AccountId) -> Result<Option<Task>, DeskError> {
        let of_ours = |task: &Task| {
            task.status.state.is_open()
                && task.status.account == Some(account)
                && task.status.held.as_deref().is_none_or(is_held_by_account)
        };
        Ok(self.store.task_at(row)?.filter(of_ours))
    }

    /// Holds a task, or lets it go.
    fn hold(&mut self, act: &Act, task: &Task, held: Option<&str>) -> Result<(), DeskError> {
        if task.status.held.as_deref() == held {
            return Ok(());
        }
        self.works.room.change();
        let mut after = TaskStatus { held: held.map(str::to_owned), ..next_rev(&task.status) };
        if after.held.is_none()
            && act.by.operator.is_empty()
            && let Some(open) = self.quiet_until(task, act.at)?
        {
            // a limit that ends at night wakes nobody
            after = after.quiet_to(open);
        }
        self.change_task(act, task, after)
    }

    /// What was put off to the end of a limit that is over now comes back.
    pub(super) fn comes_back(
        &mut self,
        act: &Act,
        account: AccountId,
        until: Timestamp,
        walk: &mut Walk,
    ) -> Result<bool, DeskError> {
        let rows = if walk.found.is_none() { self.rows_of_account(account) } else { Vec::new() };
        self.each_found(
            walk,
            |_| rows,
            |desk, row| {
                let to_the_end = |task: &Task| {
                    task.status.state == TaskState::Snoozed && task.status.snoozed_until == Some(until)
                };
                let Some(task) = desk.waits_for(row, account)?.filter(to_the_end) else { return Ok(()) };
                let after =
                    TaskStatus { state: TaskState::Due, snoozed_until: None, ..next_rev(&task.status) };
                desk.works.room.change();
                desk.change_task(act, &task, after)
            },
        )
    }

    /// What an account holds becomes what was chosen for it.
    pub(super) fn held_become(
        &mut self,
        act: &Act,
        account: AccountId,
        chosen: &Work,
        walk: &mut Walk,
        counts: &mut Counts,
    ) -> Result<bool, DeskError> {
        let holds = |desk: &Self| {
            desk.store.columns.accounts.by_id(account).is_some_and(|a| a.body.health.refuses().is_some())
        };
        if !holds(self) {
            // it can send again
            return Ok(true);
        }
        let mut looked = match walk.found.take() {
            Some(Found::Account(looked)) => looked,
            _ => Looked { rows: Some(self.rows_of_account(account)), ..Looked::default() },
        };
        let done = self.become_chosen(act, account, chosen, walk, &mut looked, counts);
        walk.found = Some(Found::Account(looked));
        done
    }

    /// First finds what is held: what was to be said with a task that is cancelled goes on waiting by itself.
    fn become_chosen(
        &mut self,
        act: &Act,
        account: AccountId,
        chosen: &Work,
        walk: &mut Walk,
        looked: &mut Looked,
        counts: &mut Counts,
    ) -> Result<bool, DeskError> {
        let held = |task: &Task| task.status.held.as_deref() == Some(HELD_ACCOUNT);
        if let Some(rows) = looked.rows.take() {
            let at_place = |_: &Self, walk: &Walk| rows.get(walk.next as usize).copied();
            let all = self.each_of(walk, at_place, |desk, row| {
                desk.works.room.read();
                let found = desk.waits_for(row, account)?.filter(held);
                let order = |task: Task| (rank(task.class, task.priority), task.status.due_at, task.id);
                looked.held.extend(found.map(order));
                Ok(())
            })?;
            if !all {
                looked.rows = Some(rows);
                return Ok(false);
            }
            looked.held.sort_unstable();
            walk.next = 0;
        }
        let (found, rooms) = (&looked.held, &mut looked.room);
        let at_place = |_: &Self, walk: &Walk| found.get(walk.next as usize).map(|(_, _, id)| *id);
        let all = self.each_of(walk, at_place, |desk, id| {
            desk.works.room.read();
            let row = desk.store.columns.tasks.row(id);
            let task = row.map(|row| desk.waits_for(row, account)).transpose()?.flatten();
            let Some(task) = task.filter(held) else { return Ok(()) };
            let Some(after) = desk.held_becomes(act, &task, chosen, rooms)? else { return Ok(()) };
            desk.works.room.change();
            counts.done += 1;
            counts.later += usize::from(after.held.as_deref().is_some_and(is_held_for_room));
            desk.change_task(act, &task, after)
        })?;
        if all {
            for (account, room) in std::mem::take(rooms) {
                self.lets_go_again(account, &room);
            }
        }
        Ok(all)
    }

    /// What a task that waits for its account becomes by a choice; none where it goes on waiting.
    fn held_becomes(
        &self,
        act: &Act,
        task: &Task,
        chosen: &Work,
        rooms: &mut Rooms,
    ) -> Result<Option<TaskStatus>, DeskError> {
        Ok(match chosen {
            Work::MoveHeld { to, .. } => {
                let Some(account) = self.other_account(task, *to) else { return Ok(None) };
                let held = if self.waits_for_turn(task)? {
                    Some(HELD_TURN.to_owned())
                } else {
                    self.has_room_from(task, account, act.at, rooms)?
                };
                Some(TaskStatus { account: Some(account), held, ..next_rev(&task.status) })
            }
            Work::ShiftHeld { until, .. } => {
                let (until, end) = (*until, self.end_put_off(task, *until)?);
                super::super::limit::shifts(task, until).then(|| TaskStatus {
                    state: TaskState::Snoozed,
                    snoozed_until: Some(until),
                    until: end,
                    ..next_rev(&task.status)
                })
            }
            Work::CancelHeld { .. } => {
                let reason = self.refused_end(task).unwrap_or(EndReason::Withdrawn);
                Some(task.status.ended(TaskState::Cancelled, reason, act.at, &act.by.operator))
            }
            _ => None,
        })
    }

    /// That a task ends because its account cannot send it, where that holds it.
    pub(in crate::desk) fn refused_end(&self, task: &Task) -> Option<EndReason> {
        if task.status.held.as_deref() != Some(HELD_ACCOUNT) {
            return None;
        }
        let account = self.store.columns.accounts.by_id(task.status.account?)?;
        if account.body.health.refuses().is_none() && !account.body.archived {
            // a limit may have ended since, before anybody looked
            return task.status.until.and_then(|end| self.refused_then(task.status.account, task.via, end));
        }
        Some(EndReason::AccountRefused { why: refused_by(&account.body.health) })
    }

    /// That an account could not send something when its span was over, whatever it can do now.
    pub(in crate::desk) fn refused_then(
        &self,
        account: Option<AccountId>,
        via: Via,
        end: Timestamp,
    ) -> Option<EndReason> {
        let then = self.store.columns.silenced.get(&account?)?;
        let refused = then.from < end && then.at(end) && then.health.holds_by(Channel::by(via, false));
        refused.then(|| EndReason::AccountRefused { why: refused_by(&then.health) })
    }

    /// A group was closed: what its members were to be told in it ends.
    pub(super) fn falls_silent(
        &mut self,
        act: &Act,
        group: GroupId,
        rule: &str,
        walk: &mut Walk,
    ) -> Result<bool, DeskError> {
        let columns = &self.store.columns;
        let closed = columns.groups.by_id(group).is_some_and(|g| g.body.archived || !g.body.state.is_open());
        let Some(group) = columns.groups.row(group).filter(|_| closed) else { return Ok(true) };
        let said_there = |columns: &Columns| {
            let said = |row: &u32| {
                let task = columns.tasks.get(*row);
                task.is_some_and(|task| task.via == Via::Group && task.group == Some(group))
            };
            columns.queue.of(Owner::group(group)).filter(said).collect()
        };
        self.each_found(walk, said_there, |desk, row| {
            let open = desk.store.task_at(row)?.filter(|task| task.status.state.is_open());
            let Some(task) = open else { return Ok(()) };
            desk.works.room.change();
            desk.cancel_unfollowed(act, task.id, &EndReason::Stopped { rule: rule.to_owned() })
        })
    }
}
