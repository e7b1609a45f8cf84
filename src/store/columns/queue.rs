//! Open tasks in the order of the queue, and by whom they concern.
//!
//! Follows from the columns of open tasks alone, so it is not written to the columns file but made again when that is
//! read. Whoever changes a task's column takes the task out before and puts it back after.

use std::collections::{BTreeMap, BTreeSet};

use super::ranked::Ranked;
use super::task::{TargetRow, TaskColumn, TaskSort};
use crate::book::{Cap, TaskState, Timestamp, Via};
use crate::queue::caps::applies;
use crate::queue::order::{Owner, Place, Standing};

/// Where a task stands, or would if it were open.
pub fn place(row: u32, task: &TaskColumn) -> Place {
    Place::new(Standing {
        at: task.snoozed_until().unwrap_or(task.due_at),
        class: task.class,
        priority: task.priority,
        account: task.account,
        target: owner(task.target),
        row,
    })
}

/// A target as the queue tells it apart.
pub const fn owner(target: TargetRow) -> Owner {
    match target {
        TargetRow::Member(row) => Owner::member(row),
        TargetRow::Group(row) => Owner::group(row),
        TargetRow::Account(row) => Owner::account(row),
        TargetRow::None => Owner::NONE,
    }
}

/// Everything that is owed.
#[derive(Clone, Debug, Default)]
pub struct Queue {
    due: Ranked<Place>,
    snoozed: Ranked<Place>,
    /// Due tasks that are held.
    held: Ranked<Place>,
    /// Open tasks by target, by group and by account, with the row of the task.
    of: Ranked<(Owner, u32)>,
    /// Rows of open questions.
    asks: BTreeSet<u32>,
    /// Open messages that are not held, by class: what groups and accounts are about to be sent.
    steps: BTreeMap<Owner, [u32; 4]>,
}

impl Queue {
    pub(super) fn of_tasks(tasks: impl Iterator<Item = (u32, TaskColumn)>) -> Self {
        let (mut due, mut snoozed, mut held, mut of) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut steps: BTreeMap<Owner, [u32; 4]> = BTreeMap::new();
        let mut asks = BTreeSet::new();
        for (row, task) in tasks.filter(|(_, task)| task.state.is_open()) {
            asks.extend((task.sort == TaskSort::Ask).then_some(row));
            if task.state == TaskState::Due { &mut due } else { &mut snoozed }.push(place(row, &task));
            held.extend(is_held(&task).then(|| place(row, &task)));
            of.extend(owners(&task).map(|owner| (owner, row)));
            for counted in counted(&task) {
                steps.entry(counted).or_default()[task.class as usize] += 1;
            }
        }
        Self {
            due: due.into_iter().collect(),
            snoozed: snoozed.into_iter().collect(),
            held: held.into_iter().collect(),
            of: of.into_iter().collect(),
            asks,
            steps,
        }
    }

    /// Takes a task out as its column is before it changes.
    pub(in crate::store) fn take(&mut self, row: u32, task: &TaskColumn) {
        if !task.state.is_open() {
            return;
        }
        self.of_state(task.state).remove(&place(row, task));
        if is_held(task) {
            self.held.remove(&place(row, task));
        }
        self.asks.remove(&row);
        for owner in owners(task) {
            self.of.remove(&(owner, row));
        }
        for counted in counted(task) {
            if let Some(of_class) = self.steps.get_mut(&counted) {
                of_class[task.class as usize] = of_class[task.class as usize].saturating_sub(1);
                if *of_class == [0; 4] {
                    self.steps.remove(&counted);
                }
            }
        }
    }

    /// Puts a task in as its column is after it changed; one that has ended stays out.
    pub(in crate::store) fn put(&mut self, row: u32, task: &TaskColumn) {
        if !task.state.is_open() {
            return;
        }
        self.of_state(task.state).insert(place(row, task));
        if is_held(task) {
            self.held.insert(place(row, task));
        }
        if task.sort == TaskSort::Ask {
            self.asks.insert(row);
        }
        for owner in owners(task) {
            self.of.insert((owner, row));
        }
        for counted in counted(task) {
            self.steps.entry(counted).or_default()[task.class as usize] += 1;
        }
    }

    fn of_state(&mut self, state: TaskState) -> &mut Ranked<Place> {
        if state == TaskState::Due { &mut self.due } else { &mut self.snoozed }
    }

    /// How many are owed, snoozed ones included.
    pub fn len(&self) -> usize {
        self.due.len() + self.snoozed.len()
    }

    /// True when nothing is owed.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Due tasks in order.
    pub fn due(&self) -> &Ranked<Place> {
        &self.due
    }

    /// Snoozed tasks in the order in which they come back.
    pub fn snoozed(&self) -> &Ranked<Place> {
        &self.snoozed
    }

    /// How many due tasks there are whose time is before an instant; held ones do not count.
    pub fn free_before(&self, at: Timestamp) -> usize {
        let first = Place::first_at(at);
        self.due.rank(&first) - self.held.rank(&first)
    }

    /// Rows of all open tasks in no order.
    pub fn rows(&self) -> impl Iterator<Item = u32> {
        self.due.iter().chain(self.snoozed.iter()).map(Place::row)
    }

    /// How many open tasks stand before a place.
    pub fn rank(&self, place: &Place) -> usize {
        self.due.rank(place) + self.snoozed.rank(place)
    }

    /// Open tasks from the `n`th on, due and snoozed in one order.
    pub fn iter_at(&self, n: usize) -> impl Iterator<Item = Place> {
        let due = self.due_among_first(n);
        let mut due = self.due.iter_at(due).peekable();
        let mut snoozed = self.snoozed.iter_at(n.min(self.len()) - self.due_among_first(n)).peekable();
        std::iter::from_fn(move || match (due.peek(), snoozed.peek()) {
            (Some(a), Some(b)) if b < a => snoozed.next(),
            (Some(_), _) => due.next(),
            (None, _) => snoozed.next(),
        })
    }

    /// Open tasks behind a place, due and snoozed in one order; all of them without one.
    pub fn iter_after(&self, place: Option<Place>) -> impl Iterator<Item = Place> {
        let n = place.map_or(0, |place| self.rank(&place));
        self.iter_at(n).skip_while(move |found| Some(*found) == place)
    }

    /// How many of the first `n` open tasks are due ones.
    fn due_among_first(&self, n: usize) -> usize {
        let (mut low, mut high) = (n.saturating_sub(self.snoozed.len()), n.min(self.due.len()));
        while low < high {
            let middle = usize::midpoint(low, high);
            // the due task at `middle` is among the first when fewer than n stand before it
            let before = self.due.get(middle).map_or(n, |place| middle + self.snoozed.rank(&place));
            if before < n {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// Rows of open tasks that are for somebody, said in it or sent from it; by row.
    pub fn of(&self, owner: Owner) -> impl Iterator<Item = u32> {
        self.of.iter_from((owner, 0)).take_while(move |(of, _)| *of == owner).map(|(_, row)| row)
    }

    /// Rows of open questions.
    pub fn asks(&self) -> impl Iterator<Item = u32> {
        self.asks.iter().copied()
    }

    /// How many open tasks a group or an account is about to be sent that a cap counts; held ones do not count.
    pub fn steps(&self, owner: Owner, cap: &Cap) -> u32 {
        let Some(of_class) = self.steps.get(&owner) else { return 0 };
        let counts = crate::book::Class::ALL.iter().filter(|class| applies(cap, **class));
        counts.map(|class| of_class[*class as usize]).sum()
    }
}

/// Due, and not to be sent for now.
fn is_held(task: &TaskColumn) -> bool {
    task.held && task.state == TaskState::Due
}

/// Whom an open task concerns, each once.
fn owners(task: &TaskColumn) -> impl Iterator<Item = Owner> {
    let target = owner(task.target);
    let group = task.group.map(Owner::group).filter(|group| *group != target);
    let account = task.account.map(Owner::account).filter(|account| *account != target);
    [Some(target).filter(|target| *target != Owner::NONE), group, account].into_iter().flatten()
}

/// The group and the account whose caps a task is counted under.
fn counted(task: &TaskColumn) -> impl Iterator<Item = Owner> {
    let counts = task.is_touch() && !task.held;
    let group = task.group.filter(|_| counts && task.via == Via::Group).map(Owner::group);
    let account = task.account.filter(|_| counts).map(Owner::account);
    group.into_iter().chain(account)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::book::{CapScope, Class, RuleScope, Span};

    fn task((state, at, class, account, target, group, held): Told) -> TaskColumn {
        let state = [TaskState::Due, TaskState::Snoozed, TaskState::Sent][usize::from(state)];
        TaskColumn {
            state,
            sort: TaskSort::Step,
            via: Via::Group,
            class: Class::ALL[usize::from(class)],
            due_at: Timestamp(i64::from(at)),
            until: None,
            snoozed_until: (state == TaskState::Snoozed).then_some(Timestamp(i64::from(at) + 5)),
            ended_at: None,
            fired_at: Timestamp(0),
            replied_at: None,
            target: if target == 0 { TargetRow::None } else { TargetRow::Group(u32::from(target)) },
            group: (group > 0).then_some(u32::from(group)),
            account: (account > 0).then_some(u32::from(account)),
            playbook: None,
            version: 0,
            step: 0,
            variant: 0,
            priority: 0,
            members: 0,
            skip: None,
            seen: false,
            copied: false,
            held,
            words: None,
            assignee: None,
            ended_by: None,
            rev: 0,
        }
    }

    type Told = (u8, u8, u8, u8, u8, u8, bool);

    fn told() -> impl Strategy<Value = Told> {
        (0..3_u8, 0..12_u8, 0..4_u8, 0..3_u8, 0..3_u8, 0..3_u8, any::<bool>())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

        #[test]
        fn it_follows_its_tasks(
            begun in prop::collection::vec(told(), 1..40),
            changes in prop::collection::vec((0..40_usize, told()), 0..60),
        ) {
            let mut tasks: Vec<TaskColumn> = begun.into_iter().map(task).collect();
            let all = |tasks: &[TaskColumn]| {
                let rows = tasks.iter().enumerate().map(|(row, task)| (row as u32, task.clone()));
                rows.collect::<Vec<_>>()
            };
            let mut queue = Queue::of_tasks(all(&tasks).into_iter());
            for (row, change) in changes {
                let row = row % tasks.len();
                queue.take(row as u32, &tasks[row]);
                tasks[row] = task(change);
                queue.put(row as u32, &tasks[row]);
            }
            let tasks = all(&tasks);
            let again = Queue::of_tasks(tasks.iter().cloned());
            prop_assert!(queue.due.iter().eq(again.due.iter()) && queue.snoozed.iter().eq(again.snoozed.iter()));
            prop_assert!(queue.held.iter().eq(again.held.iter()) && queue.of.iter().eq(again.of.iter()));
            prop_assert_eq!(&queue.steps, &again.steps);

            let open = || tasks.iter().filter(|(_, task)| task.state.is_open());
            let mut places: Vec<Place> = open().map(|(row, task)| place(*row, task)).collect();
            places.sort_unstable();
            for n in 0..=places.len() {
                prop_assert!(queue.iter_at(n).eq(places.iter().skip(n).copied()), "from {}", n);
            }
            for (n, place) in places.iter().enumerate() {
                prop_assert_eq!(queue.rank(place), n);
                prop_assert!(queue.iter_after(Some(*place)).eq(places.iter().skip(n + 1).copied()));
            }
            let due = |task: &TaskColumn| task.state == TaskState::Due && task.due_at < Timestamp(6);
            let free = open().filter(|(_, task)| due(task) && !task.held).count();
            prop_assert_eq!(queue.free_before(Timestamp(6)), free);
            for group in 1..3 {
                let concerns = |task: &TaskColumn| {
                    task.group == Some(group) || task.target == TargetRow::Group(group)
                };
                let expected = open().filter(|(_, task)| concerns(task)).map(|(row, _)| *row);
                prop_assert!(queue.of(Owner::group(group)).eq(expected));
                let class = vec![Class::Care, Class::Service];
                let cap = Cap { scope: RuleScope::each(CapScope::Group), class, n: 1, per: Span::Day, gap: 0, except: String::new(), source: String::new(), date: String::new() };
                let counts = |task: &TaskColumn| task.group == Some(group) && !task.held && applies(&cap, task.class);
                let expected = open().filter(|(_, task)| counts(task)).count();
                prop_assert_eq!(queue.steps(Owner::group(group), &cap) as usize, expected);
            }
        }
    }
}
