//! What an account holds while it is limited, and how it begins again: what was held comes back a share a day, the more
//! important first, and the rest waits for the days to come.
//!
//! What a human lets go by hand goes whatever the share; what nobody outside hears of was never counted.

use super::Desk;
use super::act::DeskError;
use super::command::merge::rank;
use super::tick::limits::Whom;
use crate::book::{
    Account, AccountId, Cap, CapScope, Class, Health, PlaybookId, RuleScope, Span, Target, Task, TaskKind,
    TaskState, Timestamp, Via,
};
use crate::queue::caps::{applies, most, window};
use crate::queue::quiet::{Respect, next_open_for, quiets, respect};

/// Why a task is held: its account begins again after a limit, and the day's share is used up.
pub(crate) const HELD_RAMP: &str = "ramp";

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
        let mut room = self.room_of_the_day(account, health, now)?;
        let mut goes = 0;
        for task in held.iter().filter(|task| !body.archived && !health.holds(task)) {
            goes += usize::from(!self.waits_for_turn(task)? && takes_room(task, &mut room));
        }
        Ok(goes)
    }

    /// The caps of an account that begins again, and how far each is used up; none where it has all of them.
    pub(in crate::desk) fn room_of_the_day(
        &self,
        account: AccountId,
        health: &Health,
        now: Timestamp,
    ) -> Result<Vec<(Cap, u32)>, DeskError> {
        let Health::Recovering { since } = health else { return Ok(Vec::new()) };
        let Some(share) = self.ramp_share(*since, now) else { return Ok(Vec::new()) };
        let target = Target::Account(account);
        let nobody = PlaybookId(String::new());
        let whom = Whom { member: None, group: None, account: Some(account), playbook: nobody, target };
        let mut caps = self.account_caps(&whom, now)?;
        self.share_caps(share, account, now, &mut caps);
        let zone = self.store.columns.account_zone(account).unwrap_or(self.store.columns.store.zone);
        let mut room = Vec::with_capacity(caps.len());
        for cap in caps {
            let used = self.count_for(&cap, target, window(cap.per, now, zone))?.used;
            room.push((cap, used));
        }
        Ok(room)
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

/// Whom a step's task is a touch of; none for what no playbook owes.
pub(in crate::desk) fn whom_of(task: &Task) -> Option<Whom> {
    let TaskKind::Step { key, .. } = &task.kind else { return None };
    Some(Whom {
        member: task.member(),
        group: task.group,
        account: task.status.account,
        playbook: key.playbook.clone(),
        target: task.target,
    })
}

/// Whether a task has room under all caps that count it; takes it then.
pub(in crate::desk) fn takes_room(task: &Task, room: &mut [(Cap, u32)]) -> bool {
    let counted = |class: Class| move |(cap, _): &&mut (Cap, u32)| applies(cap, class);
    if task.via == Via::Internal || !matches!(task.kind, TaskKind::Step { .. }) {
        return true;
    }
    if room.iter().any(|(cap, used)| applies(cap, task.class) && *used >= cap.n) {
        return false;
    }
    room.iter_mut().filter(counted(task.class)).for_each(|(_, used)| *used += 1);
    true
}
