//! What a group wants done about it: a new group when it is nearly full, a new QR code before the old one ends.
//!
//! Each is a to-do, made once a spell: when the count comes over the mark, and for each QR code.

use super::Desk;
use super::act::{Act, DeskError};
use crate::book::group::QR_DAYS;
use crate::book::time::HOUR;
use crate::book::{
    Class, EndReason, Fields as _, Group, GroupId, GroupState, Platform, Target, Task, TaskKind, TaskState,
    TaskStatus, Timestamp, Upkeep, Via,
};
use crate::queue::order::Owner;
use crate::sop::calendar::{day_start, plus_days};
use crate::sop::grammar::WallTime;
use crate::store::Body;
use crate::store::columns::TaskSort;
use crate::store::record::{Change, Edited};

/// What is done of a QR code whose date was taken out.
pub(super) const QR_GONE: &str = "qr-gone";

impl Desk {
    /// Makes the to-dos that changes of a group bring, and ends those that they make needless.
    pub(super) fn upkeep(&mut self, act: &Act, id: GroupId, changes: &[Change]) -> Result<(), DeskError> {
        let changed = |field: &str| changes.iter().any(|change| change.field == field);
        let Some(now) = self.group_with_capacity(id) else { return Ok(()) };
        let is_open = now.state.is_open() && !now.archived;
        if !is_open && (changed("state") || changed("archived")) {
            for what in Upkeep::ALL {
                self.end_upkeep(act, id, *what, &EndReason::TargetGone)?;
            }
            return Ok(());
        }
        let done = |what: Upkeep| EndReason::AlreadyDone { what: what.word().to_owned() };
        if changed("count") || changed("capacity") || changed("state") {
            let mut before = now.clone();
            for change in changes {
                // what this program wrote it reads; else the group stays as it is
                let _ = before.set_field(&change.field, &change.before);
            }
            if before.capacity == 0 {
                before.capacity = now.capacity;
            }
            let (was_full, is_full) = (before.state == GroupState::Full, now.state == GroupState::Full);
            if was_full && !is_full {
                self.end_upkeep(act, id, Upkeep::Full, &done(Upkeep::Full))?;
            }
            if is_full && !was_full {
                self.end_upkeep(act, id, Upkeep::NearlyFull, &done(Upkeep::NearlyFull))?;
                self.make_upkeep(act, &now, Upkeep::Full, act.at)?;
            } else if now.state == GroupState::Live && now.is_nearly_full() && !before.is_nearly_full() {
                self.make_upkeep(act, &now, Upkeep::NearlyFull, act.at)?;
            } else if before.is_nearly_full() && !now.is_nearly_full() {
                self.end_upkeep(act, id, Upkeep::NearlyFull, &done(Upkeep::NearlyFull))?;
            }
        }
        if changed("qr") || changed("archived") {
            let is_gone = changed("qr") && now.qr.is_none();
            let gone = EndReason::AlreadyDone { what: QR_GONE.to_owned() };
            self.end_upkeep(act, id, Upkeep::Qr, &if is_gone { gone } else { done(Upkeep::Qr) })?;
            if let Some(day) = now.qr.filter(|_| is_open && self.platform_of(&now) == Some(Platform::Wechat))
            {
                let zone = self.store.columns.group_zone(&now);
                let last = plus_days(day, QR_DAYS as i32 - 1);
                let at = day_start(last, zone, WallTime::MIDNIGHT);
                self.make_upkeep(act, &now, Upkeep::Qr, Timestamp(at.0 + 10 * HOUR))?;
            }
        }
        Ok(())
    }

    /// Makes the to-dos of a group that was full, or nearly, when it came into the book, and of its QR code.
    pub(super) fn upkeep_of_new(&mut self, act: &Act, id: GroupId) -> Result<(), DeskError> {
        let Some(now) = self.group_with_capacity(id).filter(|group| !group.archived) else { return Ok(()) };
        if now.state == GroupState::Full {
            self.make_upkeep(act, &now, Upkeep::Full, act.at)?;
        } else if now.state == GroupState::Live && now.is_nearly_full() {
            self.make_upkeep(act, &now, Upkeep::NearlyFull, act.at)?;
        }
        if now.qr.is_some() {
            let after = now.field("qr").unwrap_or_default();
            let qr = Change { field: "qr".to_owned(), before: String::new(), after };
            self.upkeep(act, id, &[qr])?;
        }
        Ok(())
    }

    /// The change that a renewed QR code is.
    pub(super) fn qr_renewed(&self, id: GroupId, at: Timestamp) -> Option<Body> {
        let group = &self.store.columns.groups.by_id(id)?.body;
        let after = at.day(self.store.columns.group_zone(group)).to_string();
        let before = group.field("qr").unwrap_or_default();
        let change = Change { field: "qr".to_owned(), before, after };
        (change.before != change.after)
            .then(|| Body::Edited { object: Edited::Group(id), changes: vec![change] })
    }

    /// A group with the capacity that its platform gives where nobody said otherwise.
    fn group_with_capacity(&self, id: GroupId) -> Option<Group> {
        let mut group = self.store.columns.groups.by_id(id)?.body.clone();
        group.capacity = self.capacity_of(&group);
        Some(group)
    }

    /// How many a group takes: as it was told, else as its platform takes; 0 where neither is known.
    pub(super) fn capacity_of(&self, group: &Group) -> u32 {
        let usual = &self.store.columns.rules.limits.capacity;
        match group.capacity {
            0 => self.platform_of(group).and_then(|platform| usual.get(&platform)).copied().unwrap_or(0),
            told => told,
        }
    }

    fn platform_of(&self, group: &Group) -> Option<Platform> {
        Some(self.store.columns.accounts.by_id(group.account?)?.body.platform)
    }

    fn make_upkeep(
        &mut self,
        act: &Act,
        group: &Group,
        what: Upkeep,
        at: Timestamp,
    ) -> Result<(), DeskError> {
        // an undo brings the one back that was there
        if !self.open_upkeep(group.id, what)?.is_empty() {
            return Ok(());
        }
        let due_at = at.max(act.at);
        let mut status = TaskStatus::due(due_at, None, group.account);
        if due_at > act.at {
            status.state = TaskState::Snoozed;
            status.snoozed_until = Some(due_at);
        }
        let mut task = Task {
            id: self.ids.next(act.at),
            kind: TaskKind::Upkeep { group: group.id, what },
            target: Target::Group(group.id),
            of: Vec::new(),
            group: Some(group.id),
            members: Vec::new(),
            via: Via::Internal,
            class: Class::Service,
            priority: 50,
            day: 0,
            moved_from: None,
            moved_why: String::new(),
            fired_at: act.at,
            status,
        };
        task.status.held = self.held(act, &task)?;
        self.stage(act, Body::TaskFired(task))
    }

    /// Open to-dos of a kind that a group has.
    fn open_upkeep(&self, id: GroupId, what: Upkeep) -> Result<Vec<Task>, DeskError> {
        let columns = &self.store.columns;
        let Some(row) = columns.groups.row(id) else { return Ok(Vec::new()) };
        let upkeep = |row: &u32| columns.tasks.get(*row).is_some_and(|task| task.sort == TaskSort::Upkeep);
        let mut open = Vec::new();
        for row in columns.queue.of(Owner::group(row)).filter(upkeep) {
            let task = self.store.task_at(row)?;
            open.extend(task.filter(|task| task.kind == TaskKind::Upkeep { group: id, what }));
        }
        Ok(open)
    }

    /// Ends open to-dos of a kind: what they were for is over.
    fn end_upkeep(
        &mut self,
        act: &Act,
        id: GroupId,
        what: Upkeep,
        reason: &EndReason,
    ) -> Result<(), DeskError> {
        for task in self.open_upkeep(id, what)? {
            let after = task.status.ended(TaskState::Cancelled, reason.clone(), act.at, "");
            self.stage(act, Body::TaskChanged { task: task.id, before: task.status, after })?;
        }
        Ok(())
    }
}
