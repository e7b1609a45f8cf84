//! What is open and what was sent, by whom it counts for: what caps over the store, a playbook and an account ask.
//!
//! A tick gathers it before it judges anything, some rows of tasks a turn; from then on each change of a task is taken in
//! as it is staged, so that nothing is counted twice and no turn goes over all that is owed. Whoever asks before that,
//! or for longer ago than was gathered, has the rest gathered at once.

use std::collections::HashMap;

use super::super::Desk;
use super::past::Over;
use crate::book::time::DAY;
use crate::book::{Cap, CapScope, Class, Target, TaskState, Timestamp, Via};
use crate::queue::caps::{applies, window};
use crate::store::columns::Columns;
use crate::store::columns::ranked::Ranked;
use crate::store::columns::task::TaskColumn;

/// Rows of tasks that one turn looks at, and how many of these one costs that counts for somebody.
const ROWS: usize = 20_000;
const ADDED: usize = 10;

/// How much longer ago than is asked for is gathered: windows begin in other zones, and what waits may be older.
const SLACK: i64 = 7 * DAY;
/// From how much longer ago on it is gathered anew.
const OLD: i64 = 60 * DAY;

/// For whom something counts, by row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Of {
    Store,
    Playbook(u16),
    Account(u32),
}

impl Of {
    fn over(over: &Over, columns: &Columns) -> Option<Self> {
        match over {
            Over::Store => Some(Self::Store),
            Over::Playbook(id) => columns.playbook_position(id).map(Self::Playbook),
            Over::Target(Target::Account(id)) => columns.accounts.row(*id).map(Self::Account),
            Over::Target(_) => None,
        }
    }

    fn all(task: &TaskColumn) -> impl Iterator<Item = Self> {
        let more = [task.playbook.map(Self::Playbook), task.account.map(Self::Account)];
        std::iter::once(Self::Store).chain(more.into_iter().flatten())
    }
}

/// What counts for one of them, of one class.
#[derive(Clone, Debug, Default)]
struct Kept {
    /// When what is open became due.
    open: Ranked<(Timestamp, u32)>,
    /// When it was sent, and when it had become due.
    sent: Ranked<(Timestamp, Timestamp, u32)>,
}

/// What was gathered.
#[derive(Debug, Default)]
pub(in crate::desk) struct Tally {
    /// From when on what was sent is in it; none before it has begun.
    since: Option<Timestamp>,
    /// Rows looked at so far: what is before is as it is, what is behind is not in it.
    next: u32,
    of: HashMap<Of, [Kept; 4]>,
}

impl Tally {
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }

    /// Gathers what has counted since an instant, so many rows of it; true when all is in it.
    fn look(&mut self, columns: &Columns, since: Timestamp, rows: usize) -> bool {
        let end = columns.tasks.len() as u32;
        if self.since.is_none_or(|known| since < known) || self.next > end {
            let since = Some(Timestamp(since.0.saturating_sub(SLACK)));
            *self = Self { since, ..Self::default() };
        }
        let mut room = rows;
        while self.next < end && room > 0 {
            let added = columns.tasks.get(self.next).is_some_and(|task| self.put(self.next, &task));
            room = room.saturating_sub(if added { ADDED } else { 1 });
            self.next += 1;
        }
        self.next == end
    }

    /// A task has come or has changed; what is looked at later is taken as it is then.
    pub(in crate::desk) fn changed(
        &mut self,
        row: u32,
        before: Option<&TaskColumn>,
        after: Option<&TaskColumn>,
    ) {
        if self.since.is_none() || row > self.next || (row == self.next && before.is_some()) {
            return;
        }
        if let Some(before) = before {
            self.take(row, before);
        }
        if let Some(after) = after {
            self.put(row, after);
        }
        self.next = self.next.max(row + 1);
    }

    /// Where a task counts, whom for; true where it does.
    fn put(&mut self, row: u32, task: &TaskColumn) -> bool {
        self.at(task, |kept, sent_at| match sent_at {
            Some(sent_at) => kept.sent.insert((sent_at, task.due_at, row)),
            None => kept.open.insert((task.due_at, row)),
        })
    }

    fn take(&mut self, row: u32, task: &TaskColumn) {
        self.at(task, |kept, sent_at| match sent_at {
            Some(sent_at) => kept.sent.remove(&(sent_at, task.due_at, row)),
            None => kept.open.remove(&(task.due_at, row)),
        });
    }

    fn at(&mut self, task: &TaskColumn, mut each: impl FnMut(&mut Kept, Option<Timestamp>) -> bool) -> bool {
        let open = task.state.is_open() && task.is_touch() && !task.held;
        let sent_at = task.ended_at().filter(|at| task.state == TaskState::Sent && self.since <= Some(*at));
        if task.via == Via::Internal || !(open || sent_at.is_some()) {
            return false;
        }
        for of in Of::all(task).filter(|of| open || !matches!(of, Of::Account(_))) {
            // what was sent is found among an account's touches
            if let Some(kept) = self.of.entry(of).or_default().get_mut(task.class as usize) {
                each(kept, sent_at);
            }
        }
        true
    }

    /// What a cap counts of one.
    fn kept(&self, of: Option<Of>, cap: &Cap) -> impl Iterator<Item = &Kept> {
        let kept = of.and_then(|of| self.of.get(&of));
        let classes = Class::ALL.iter().filter(|class| applies(cap, **class));
        kept.into_iter().flat_map(move |kept| {
            classes.clone().filter_map(|class| kept.get(*class as usize)).collect::<Vec<_>>()
        })
    }
}

#[cfg(test)]
impl Tally {
    /// What is in it, and what would be if it were gathered anew; nothing of one that was not begun.
    pub(in crate::desk) fn beside_anew(&self, columns: &Columns) -> (Vec<String>, Vec<String>) {
        let mut anew = Self { since: self.since, ..Self::default() };
        if self.since.is_some() {
            let rows = self.next;
            (0..rows).filter_map(|row| Some((row, columns.tasks.get(row)?))).for_each(|(row, task)| {
                anew.put(row, &task);
            });
        }
        let all = |tally: &Self| {
            let of = tally.of.iter().flat_map(|(of, kept)| {
                kept.iter().enumerate().map(move |(class, kept)| {
                    let (open, sent): (Vec<_>, Vec<_>) =
                        (kept.open.iter().collect(), kept.sent.iter().collect());
                    (format!("{of:?} {class} {open:?} {sent:?}"), open.len() + sent.len())
                })
            });
            let mut all: Vec<String> = of.filter(|(_, n)| *n > 0).map(|(words, _)| words).collect();
            all.sort_unstable();
            all
        };
        (all(self), all(&anew))
    }

    /// Rows that it has looked at.
    pub(in crate::desk) const fn looked(&self) -> u32 {
        self.next
    }

    /// A slice of a few rows.
    pub(in crate::desk) fn look_at_few(&mut self, columns: &Columns, since: Timestamp, rows: usize) -> bool {
        self.look(columns, since, rows)
    }
}

/// What counts of one against a cap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tallied {
    /// What is open, or was at the instant.
    pub open: u32,
    /// When the last of those became due.
    pub last_open: Option<Timestamp>,
    pub sent: u32,
    pub last_sent: Option<Timestamp>,
    /// What was sent later and was open at the instant.
    pub later: u32,
}

/// The first key that comes after an instant.
const fn after(at: Timestamp) -> Timestamp {
    Timestamp(at.0.saturating_add(1))
}

impl Desk {
    /// Gathers before a tick what caps over many ask; true when it is there.
    pub(super) fn tallies(&self, now: Timestamp) -> bool {
        let columns = &self.store.columns;
        let first = columns.wakes.first().map_or(now, |(at, _)| at.min(now));
        let over_many =
            |cap: &&Cap| matches!(cap.scope.of, CapScope::Store | CapScope::Playbook | CapScope::Account);
        let caps = columns.rules.caps.iter().filter(over_many);
        let since = caps.map(|cap| {
            let from = window(cap.per, first, columns.store.zone).0;
            cap.keeps_from(from).unwrap_or(from)
        });
        let since = since.min();
        let Some(since) = since.map(|since| Timestamp(since.0.saturating_sub(DAY))) else { return true };
        let mut tally = self.tick.counted.tally.borrow_mut();
        if tally.since.is_some_and(|known| since.0.saturating_sub(known.0) > OLD) {
            // nobody asks for what was sent so long ago any more
            tally.forget();
        }
        tally.look(columns, since, ROWS)
    }

    /// What counts against a cap of what was sent within a span and of what is open, or was at an instant. The last that
    /// was sent may have been before the span where a distance is to be kept from it.
    pub(super) fn tallied(
        &self,
        cap: &Cap,
        over: &Over,
        (from, to): (Timestamp, Timestamp),
        at: Option<Timestamp>,
    ) -> Tallied {
        let columns = &self.store.columns;
        let mut tally = self.tick.counted.tally.borrow_mut();
        let kept_from = cap.keeps_from(from).unwrap_or(from);
        while !tally.look(columns, kept_from, usize::MAX) {}
        let mut told = Tallied::default();
        for Kept { open, sent } in tally.kept(Of::over(over, columns), cap) {
            let n = at.map_or(open.len(), |at| open.rank(&(after(at), 0)));
            told.open += n as u32;
            told.last_open =
                told.last_open.max(n.checked_sub(1).and_then(|last| open.get(last)).map(|(at, _)| at));
            let place = |at: Timestamp| sent.rank(&(at, Timestamp(i64::MIN), 0));
            let (begins, ends) = (place(from), place(to));
            told.sent += ends.saturating_sub(begins) as u32;
            let last = ends.checked_sub(1).and_then(|last| sent.get(last)).map(|(at, ..)| at);
            told.last_sent = told.last_sent.max(last.filter(|at| *at >= kept_from));
            if let Some(at) = at {
                let later = sent.iter_at(ends).filter(|(_, due_at, _)| *due_at <= at);
                told.later += later.count() as u32;
            }
        }
        told
    }
}
