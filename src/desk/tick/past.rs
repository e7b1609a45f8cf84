//! What counted at an instant that is over, against caps of the store, of a playbook and of an account.
//!
//! A tick after an absence asks this for each of the thousands that it finds, so what was sent and what is open is
//! gathered once and then looked up; a task that fires is added to what is known.

use std::cell::RefCell;
use std::collections::HashMap;

use super::super::Desk;
use super::limits::Whom;
use crate::book::{Cap, CapScope, Class, PlaybookId, Target, Task, TaskKind, TaskState, Timestamp, Via};
use crate::queue::caps::{Count, applies};
use crate::store::columns::TaskColumn;
use crate::store::columns::task::TaskSort;

/// For whom something counts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Over {
    Store,
    Playbook(PlaybookId),
    Target(Target),
}

impl Over {
    /// For whom a touch counts against a cap; none where it is about none of the kind.
    pub(super) fn of(cap: &Cap, whom: &Whom) -> Option<Self> {
        match cap.scope.of {
            CapScope::Store => Some(Self::Store),
            CapScope::Playbook => Some(Self::Playbook(whom.playbook.clone())),
            of => whom.of(of).map(Self::Target),
        }
    }

    /// All for whom a touch counts.
    pub(super) fn all(whom: &Whom) -> impl Iterator<Item = Self> {
        let targets = [
            whom.member.map(Target::Member),
            whom.group.map(Target::Group),
            whom.account.map(Target::Account),
        ];
        let targets = targets.into_iter().flatten().map(Self::Target);
        [Self::Store, Self::Playbook(whom.playbook.clone())].into_iter().chain(targets)
    }
}

/// What would have been open during an absence and is over: from when to when, by whom it counts for.
#[derive(Debug, Default)]
pub(super) struct Absent(HashMap<(Over, Class), Spans>);

#[derive(Debug, Default)]
struct Spans {
    /// When they begin, rising.
    from: Vec<Timestamp>,
    /// When they end, and when they began, rising.
    to: Vec<(Timestamp, Timestamp)>,
}

/// Those that were open at an instant.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Open {
    pub n: u32,
    /// When the last of them began, and the first of them ends.
    pub last_from: Option<Timestamp>,
    pub first_to: Option<Timestamp>,
}

impl Absent {
    pub(super) fn forget(&mut self) {
        self.0.clear();
    }

    pub(super) fn add(&mut self, over: Over, class: Class, from: Timestamp, to: Timestamp) {
        if from < to {
            let spans = self.0.entry((over, class)).or_default();
            spans.from.insert(spans.from.partition_point(|at| *at <= from), from);
            spans.to.insert(spans.to.partition_point(|span| *span <= (to, from)), (to, from));
        }
    }

    /// Those that were open at an instant and that a cap counts.
    pub(super) fn open_at(&self, over: &Over, cap: &Cap, at: Timestamp) -> Open {
        let mut open = Open::default();
        for class in Class::ALL.iter().filter(|class| applies(cap, **class)) {
            let Some(spans) = self.0.get(&(over.clone(), *class)) else { continue };
            let (begun, ended) = (
                spans.from.partition_point(|from| *from <= at),
                spans.to.partition_point(|(to, _)| *to <= at),
            );
            // what has ended by then had begun by then
            open.n += begun.saturating_sub(ended) as u32;
            let still = spans.to.get(ended..).unwrap_or_default();
            let still = still.iter().filter(|(_, from)| *from <= at).take(begun.saturating_sub(ended));
            for (to, from) in still {
                open.last_from = open.last_from.max(Some(*from));
                open.first_to = Some(open.first_to.map_or(*to, |first| first.min(*to)));
            }
        }
        open
    }
}

/// What was counted over one of them, for some classes.
#[derive(Debug, Default)]
struct Counts {
    /// From when on it was looked for what was sent.
    since: Timestamp,
    /// When it was sent, and when it had become due; rising.
    sent: Vec<(Timestamp, Timestamp)>,
    /// When what is open became due, rising.
    open: Vec<Timestamp>,
}

/// What was gathered, by whom it counts for and which classes.
#[derive(Debug, Default)]
pub(super) struct Past(RefCell<HashMap<(Over, Vec<Class>), Counts>>);

impl Past {
    pub(super) fn forget(&mut self) {
        self.0.get_mut().clear();
    }

    /// One more open task that counts.
    pub(super) fn fired(&mut self, task: &Task) {
        let TaskKind::Step { key, .. } = &task.kind else { return };
        let due_at = task.status.due_at;
        for ((over, classes), counts) in self.0.get_mut() {
            let is_of = match over {
                Over::Store => true,
                Over::Playbook(id) => *id == key.playbook,
                Over::Target(Target::Account(id)) => task.status.account == Some(*id),
                Over::Target(_) => false,
            };
            if is_of && classes.contains(&task.class) {
                counts.open.insert(counts.open.partition_point(|at| *at <= due_at), due_at);
            }
        }
    }
}

impl Desk {
    /// What counted at an instant that is over: over the store and a playbook all tasks, of an account those that are open.
    pub(super) fn counted_then(
        &self,
        cap: &Cap,
        over: &Over,
        window: (Timestamp, Timestamp),
        at: Timestamp,
    ) -> Count {
        let classes: Vec<Class> = Class::ALL.iter().copied().filter(|class| applies(cap, *class)).collect();
        let mut known = self.tick.counted.past.0.borrow_mut();
        let counts = known
            .entry((over.clone(), classes))
            .or_insert_with(|| Counts { since: Timestamp(i64::MAX), ..Counts::default() });
        if window.0 < counts.since {
            *counts = self.gathered(cap, over, window.0);
        }
        let of = |at: Timestamp| counts.sent.partition_point(|(sent_at, _)| *sent_at <= at);
        let begins = counts.sent.partition_point(|(sent_at, _)| *sent_at < window.0);
        let sent = counts.sent.get(begins..of(at)).unwrap_or_default();
        // it was open then
        let later = counts.sent.get(of(at)..).unwrap_or_default();
        let later = later.iter().filter(|(_, due_at)| *due_at <= at).count();
        let open = counts.open.partition_point(|due_at| *due_at <= at);
        let mut count = Count {
            used: (sent.len() + later + open) as u32,
            last_at: sent.last().map(|(sent_at, _)| *sent_at),
        };
        if let (Over::Target(_), Some(last)) = (over, open.checked_sub(1)) {
            count.last_at = count.last_at.max(counts.open.get(last).copied());
        }
        count
    }

    fn gathered(&self, cap: &Cap, over: &Over, since: Timestamp) -> Counts {
        let columns = &self.store.columns;
        let position = match over {
            Over::Playbook(id) => columns.playbook_position(id),
            _ => None,
        };
        let counts = |task: &TaskColumn| {
            task.via != Via::Internal
                && applies(cap, task.class)
                && (!matches!(over, Over::Playbook(_)) || task.playbook == position)
        };
        let is_open = |row: &u32| {
            let task = columns.tasks.get(*row);
            task.filter(|task| task.sort == TaskSort::Step && !task.held && counts(task))
                .map(|task| task.due_at)
        };
        let (mut open, mut sent): (Vec<Timestamp>, Vec<(Timestamp, Timestamp)>) = (Vec::new(), Vec::new());
        if let Over::Target(target) = over {
            // what was sent is found among their touches
            let owner = columns.owner(*target).filter(|_| matches!(target, Target::Account(_)));
            let rows = owner.into_iter().flat_map(|owner| columns.queue.of(owner));
            open.extend(rows.filter_map(|row| is_open(&row)));
        } else {
            open.extend(columns.queue.rows().filter_map(|row| is_open(&row)));
            let of = |row: u32| {
                columns.tasks.get(row).filter(|task| task.state == TaskState::Sent && counts(task))
            };
            let ended = columns.ended.sent_since(since);
            sent.extend(ended.filter_map(|(at, row)| of(row).map(|task| (at, task.due_at))));
        }
        open.sort_unstable();
        Counts { since, sent, open }
    }
}
