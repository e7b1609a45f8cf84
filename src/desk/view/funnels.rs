//! The funnels of a playbook's steps: its tasks are gathered, then each that was sent is held against what its target
//! bought in its time. Both in slices, for a book may have a hundred thousand of them.

use super::super::Desk;
use super::super::act::DeskError;
use crate::book::id::Id;
use crate::book::{Activity, ActivityId, ActivityKind, MemberId, Target, TaskState, Timestamp, Via};
use crate::report::funnel::{Funnel, Owed, Window, windows};
use crate::store::bodies::decode;
use crate::store::columns::task::{TargetRow, TaskColumn};
use crate::store::keys;

/// What reading somebody's activities costs, in the steps of a slice.
const READ: usize = 2_000;

/// Tasks of one playbook that are being counted, each for the funnel of its position.
#[derive(Default)]
pub(super) struct Counting {
    tasks: Vec<Owed>,
    funnels: Vec<u32>,
    /// Windows that are still to be looked at; none before all tasks are here.
    windows: Option<Vec<Window>>,
    bought: Vec<bool>,
}

impl Counting {
    /// Takes one more task, for a funnel.
    pub(super) fn take(&mut self, desk: &Desk, task: &TaskColumn, funnel: u32) {
        self.tasks.push(desk.owed(task));
        self.funnels.push(funnel);
    }

    /// Goes on when all tasks are here; the funnels, as many as were asked for.
    pub(super) fn advance(
        &mut self,
        desk: &Desk,
        many: usize,
        budget: &mut usize,
    ) -> Result<Option<Vec<Funnel>>, DeskError> {
        let Self { tasks, bought, windows: left, .. } = self;
        let left = left.get_or_insert_with(|| {
            bought.resize(tasks.len(), false);
            windows(tasks)
        });
        while let Some(window) = left.pop() {
            if *budget == 0 {
                left.push(window);
                return Ok(None);
            }
            let (has, cost) = desk.bought_in(&window)?;
            *budget = budget.saturating_sub(cost);
            if let Some(bought) = bought.get_mut(window.of) {
                *bought = has;
            }
        }
        let mut counted = vec![Funnel::default(); many];
        for ((task, funnel), bought) in self.tasks.iter().zip(&self.funnels).zip(&self.bought) {
            if let Some(funnel) = counted.get_mut(*funnel as usize) {
                funnel.count(task, *bought);
            }
        }
        Ok(Some(counted))
    }
}

impl Desk {
    /// A task as a funnel counts it.
    fn owed(&self, task: &TaskColumn) -> Owed {
        let member = match task.target {
            TargetRow::Member(row) if task.via == Via::Private => Some(row),
            _ => None,
        };
        // a human's skip has a reason of the menu; without one a rule has ended it
        let by_rule = task.state == TaskState::Skipped && task.skip.is_none();
        Owed {
            state: task.state,
            member,
            ruled_out: by_rule || task.state == TaskState::Cancelled,
            sent_at: task.ended_at().filter(|_| task.state == TaskState::Sent),
            replied_at: task.replied_at(),
        }
    }

    /// Whether a member bought in a window, and what finding out has cost.
    fn bought_in(&self, window: &Window) -> Result<(bool, usize), DeskError> {
        let members = &self.store.columns.members;
        let last = members.get(window.member).and_then(|member| member.last_order_at);
        let Some(last) = last.filter(|last| *last >= window.from) else { return Ok((false, 1)) };
        let id = members.id(window.member);
        match id {
            _ if last < window.to => Ok((true, 1)),
            Some(id) => Ok((self.bought_between(id, window.from, window.to)?, READ)),
            None => Ok((false, 1)),
        }
    }

    fn bought_between(&self, member: MemberId, from: Timestamp, to: Timestamp) -> Result<bool, DeskError> {
        let target = Target::Member(member);
        let zero: ActivityId = Id::from_bits(0);
        let before = keys::activity(target, to, zero);
        let mut before = Some(before);
        // newest first, a few at a time, down to the beginning of the window
        while let Some(end) = before.take() {
            let page = self.store.bodies.newest(&keys::activities(target), Some(&end), 50)?;
            for (_, bytes) in &page {
                let activity: Activity = decode(bytes)?;
                if activity.at.ms < from {
                    return Ok(false);
                }
                if activity.kind == ActivityKind::Bought {
                    return Ok(true);
                }
            }
            before = page.last().map(|(key, _)| key.clone());
        }
        Ok(false)
    }
}
