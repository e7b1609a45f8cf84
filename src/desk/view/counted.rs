//! What counts before anything of a forecast comes: what is open, what was sent, and who of a name had a step last.

use crate::book::{Cap, CapScope, PlaybookId, Target, TaskState, Timestamp, Via};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::desk::tick::fire::LOOKALIKE;
use crate::desk::tick::limits::Whom;
use crate::queue::caps::{Count, applies};
use crate::store::columns::task::TaskColumn;

impl Desk {
    /// Which caps count an open task, a bit each.
    pub(super) fn caps_of_open(&self, task: &TaskColumn, now: Timestamp) -> Result<u64, DeskError> {
        if task.held { Ok(0) } else { self.caps_of_touch(task, now) }
    }

    /// Which caps count it once nothing holds it.
    pub(super) fn caps_of_touch(&self, task: &TaskColumn, now: Timestamp) -> Result<u64, DeskError> {
        let columns = &self.store.columns;
        let target = self.target_of_row(task.target).filter(|_| task.is_touch());
        let Some(target) = target else { return Ok(0) };
        let playbook = task.playbook.and_then(|position| columns.playbook_at(position));
        let member = if let Target::Member(member) = target { Some(member) } else { None };
        let whom = Whom {
            member,
            group: task.group.and_then(|row| columns.groups.id(row)),
            account: task.account.and_then(|row| columns.accounts.id(row)),
            playbook: playbook.map_or_else(|| PlaybookId(String::new()), |(id, _)| id.clone()),
            target,
            each: false,
        };
        let whom = whom.touched_by(task.via);
        self.cap_bits(&whom, now)
    }

    /// Who of a name was sent a step from an account last, where that is not long ago.
    pub(super) fn recent_of_name(
        &self,
        (position, at_step): (u16, u16),
        account: u32,
        name: &str,
        at: Timestamp,
    ) -> Result<Option<u32>, DeskError> {
        let columns = &self.store.columns;
        let Some((id, playbook)) = self.playbook_here(position) else { return Ok(None) };
        let (Some(step), Some(account)) = (playbook.step(at_step), columns.accounts.id(account)) else {
            return Ok(None);
        };
        let last = self.last_of_name((&id, &step.id), account, name)?;
        let last = last.filter(|task| at.since(task.fired_at) < LOOKALIKE);
        Ok(last.and_then(|task| task.member()).and_then(|id| columns.members.row(id)))
    }

    /// What was sent to one within a span and counts against a cap; over the store or a playbook, by its position, what
    /// anybody was sent.
    pub(super) fn sent_of(
        &self,
        cap: &Cap,
        of: Option<u32>,
        span: (Timestamp, Timestamp),
    ) -> Result<Count, DeskError> {
        let columns = &self.store.columns;
        let target = of.and_then(|row| match cap.scope.of {
            CapScope::Member => columns.members.id(row).map(Target::Member),
            CapScope::Group => columns.groups.id(row).map(Target::Group),
            CapScope::Account => columns.accounts.id(row).map(Target::Account),
            CapScope::Store | CapScope::Playbook => None,
        });
        if let Some(target) = target {
            return self.sent_within(cap, target, span);
        }
        let mut count = Count::default();
        let kept_from = cap.keeps_from(span.0).unwrap_or(span.0);
        for (at, row) in columns.ended.sent_since(kept_from).take_while(|(at, _)| *at < span.1) {
            let counts = columns.tasks.get(row).is_some_and(|task| {
                (cap.scope.of == CapScope::Store || task.playbook.map(u32::from) == of)
                    && task.via != Via::Internal
                    && applies(cap, task.class)
                    && task.state == TaskState::Sent
            });
            if counts {
                let used = count.used.saturating_add(u32::from(at >= span.0));
                count = Count { used, last_at: Some(at) };
            }
        }
        Ok(count)
    }
}
