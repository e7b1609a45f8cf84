//! 等回复, counted without looking at what was sent: rows come and go with what turns change.

use std::collections::{HashMap, HashSet};

use super::subject::{AWAITED, Scene, TaskSubject};
use crate::book::{ObjectId, Timestamp};
use crate::desk::Changed;
use crate::queue::order::Owner;
use crate::store::Columns;
use crate::store::columns::Ranked;

/// Private messages without a reply, by when they were sent; what is older than [`AWAITED`] is not counted.
#[derive(Debug)]
pub(super) struct Awaiting {
    since: Ranked<(Timestamp, u32)>,
    /// Nothing sent before this was looked for.
    from: Timestamp,
    /// When each of them was sent, by row: an undo takes that from the task.
    sent_at: HashMap<u32, Timestamp>,
}

impl Awaiting {
    /// Looked for among what was sent lately.
    pub(super) fn new(scene: Scene<'_>) -> Self {
        let lately = Timestamp(scene.now.0.saturating_sub(AWAITED));
        let waits = |row: u32| TaskSubject::new(scene, row).is_some_and(|task| task.is_unanswered());
        let since: Ranked<_> =
            scene.columns.ended.sent_since(lately).filter(|(_, row)| waits(*row)).collect();
        let sent_at = since.iter().map(|(at, row)| (row, at)).collect();
        Self { since, from: lately, sent_at }
    }

    /// False at a moment before that for which it was looked: a clock was set back, or a demo's begins.
    pub(super) fn holds_at(&self, now: Timestamp) -> bool {
        now.0.saturating_sub(AWAITED) >= self.from.0
    }

    /// How many wait at a moment.
    pub(super) fn count(&self, now: Timestamp) -> usize {
        let lately = Timestamp(now.0.saturating_sub(AWAITED));
        self.since.len() - self.since.rank(&(lately, 0))
    }

    /// Looks again at tasks that changed and at those of members who did.
    pub(super) fn follow(&mut self, scene: Scene<'_>, changed: &Changed) {
        let Columns { tasks, members, ended, .. } = scene.columns;
        let mut rows: HashSet<u32> = HashSet::new();
        for object in &changed.objects {
            match object {
                ObjectId::Task(id) => rows.extend(tasks.row(*id)),
                ObjectId::Member(id) => {
                    rows.extend(
                        members.row(*id).into_iter().flat_map(|row| ended.unanswered(Owner::member(row))),
                    );
                }
                _ => {}
            }
        }
        for row in rows {
            if let Some(at) = self.sent_at.remove(&row) {
                self.since.remove(&(at, row));
            }
            let waits = TaskSubject::new(scene, row).filter(TaskSubject::is_unanswered);
            if let Some(at) = waits.and_then(|task| task.column.ended_at()) {
                self.since.insert((at, row));
                self.sent_at.insert(row, at);
            }
        }
    }
}
