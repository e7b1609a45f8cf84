//! 等回复, counted without looking at what was sent: rows come and go with what turns change. What was sent before is
//! looked at once, a slice a turn, or at once where a command asks for the number.

use std::collections::{HashMap, HashSet};

use super::subject::{AWAITED, Scene, TaskSubject};
use crate::book::{ObjectId, Timestamp};
use crate::desk::Changed;
use crate::queue::order::Owner;
use crate::store::Columns;
use crate::store::columns::times::{Timed, Times};

/// How many messages one turn looks at; a millisecond or two.
const LOOKED_AT: usize = if cfg!(test) { 2 } else { 8_000 };

/// Private messages without a reply, by when they were sent; what is older than [`AWAITED`] is not counted.
#[derive(Debug)]
pub(super) struct Awaiting {
    since: Times,
    /// Nothing sent before this was looked for.
    from: Timestamp,
    /// What is to be looked at next; none once everything was.
    next: Option<Timed>,
    /// When each of them was sent, by row: an undo takes that from the task.
    sent_at: HashMap<u32, Timestamp>,
}

impl Awaiting {
    /// To be looked for among what was sent lately.
    pub(super) fn new(now: Timestamp) -> Self {
        let from = Timestamp(now.0.saturating_sub(AWAITED));
        Self { since: Times::default(), from, next: Some((from, 0)), sent_at: HashMap::new() }
    }

    /// True once everything was looked at.
    pub(super) fn is_whole(&self) -> bool {
        self.next.is_none()
    }

    /// Looks at some more messages.
    pub(super) fn look_on(&mut self, scene: Scene<'_>) {
        self.look_at(scene, LOOKED_AT);
    }

    /// Looks at all that are left.
    pub(super) fn look_to_the_end(&mut self, scene: Scene<'_>) {
        self.look_at(scene, usize::MAX);
    }

    fn look_at(&mut self, scene: Scene<'_>, messages: usize) {
        let Some(next) = self.next else { return };
        let mut sent = scene.columns.ended.sent_from(next);
        let waits = |row: u32| TaskSubject::new(scene, row).is_some_and(|task| task.is_unanswered());
        for (at, row) in sent.by_ref().take(messages).filter(|(_, row)| waits(*row)) {
            self.since.insert((at, row));
            self.sent_at.insert(row, at);
        }
        self.next = sent.next();
    }

    /// False at a moment before that for which it was looked: a clock was set back, or a demo's begins.
    pub(super) fn holds_at(&self, now: Timestamp) -> bool {
        now.0.saturating_sub(AWAITED) >= self.from.0
    }

    /// How many wait at a moment.
    pub(super) fn count(&self, now: Timestamp) -> usize {
        let lately = Timestamp(now.0.saturating_sub(AWAITED));
        self.since.len() - self.since.rank((lately, 0))
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
                self.since.remove((at, row));
            }
            let waits = TaskSubject::new(scene, row).filter(TaskSubject::is_unanswered);
            if let Some(at) = waits.and_then(|task| task.column.ended_at()) {
                self.since.insert((at, row));
                self.sent_at.insert(row, at);
            }
        }
    }
}
