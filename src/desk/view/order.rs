//! In which order rows of a list stand.
//!
//! A row's head is a number that decides nearly always; what is equal there is compared whole, and the row itself
//! comes last, so that an order is always complete and the same. The natural order of tasks is the queue's: due time,
//! class, priority, account, target, id; rows of accounts, targets and tasks rise like their ids do.

use std::cmp::Ordering;

use crate::book::{Class, Timestamp};
use crate::door::form::Kind;
use crate::door::request::Sort;
use crate::store::Columns;
use crate::store::columns::task::TargetRow;
use crate::store::columns::{MemberColumn, TaskColumn};
use crate::text::pinyin::sort_key;

/// An order over rows of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Order {
    pub kind: Kind,
    pub sort: Sort,
}

const fn rising(at: Timestamp) -> u64 {
    (at.0 as u64) ^ (1 << 63)
}

const fn falling(at: Option<Timestamp>) -> u64 {
    match at {
        Some(at) => !rising(at),
        None => u64::MAX,
    }
}

const fn rank(class: Class) -> u128 {
    match class {
        Class::Incident => 0,
        Class::Service => 1,
        Class::Care => 2,
        Class::Marketing => 3,
    }
}

/// A row or none as a number; none stands last.
fn place(row: Option<u32>) -> u128 {
    row.map_or(0x1fff_ffff, |row| u128::from(row & 0x0fff_ffff))
}

fn target(task: &TaskColumn) -> (u8, u32) {
    // the order of targets in the book: members, groups, accounts
    match task.target {
        TargetRow::Member(row) => (0, row),
        TargetRow::Group(row) => (1, row),
        TargetRow::Account(row) => (2, row),
        TargetRow::None => (3, 0),
    }
}

/// The chat a task is worked off in: its group, else its target.
fn chat(task: &TaskColumn) -> u128 {
    let (kind, row) = task.group.map_or_else(|| target(task), |group| (1, group));
    (u128::from(kind) << 32) | u128::from(row)
}

impl Order {
    /// Sorts rows; the same row twice becomes one.
    pub(super) fn sort(self, rows: &mut Vec<u32>, columns: &Columns) {
        let mut heads: Vec<(u128, u32)> = rows.iter().map(|row| (self.head(*row, columns), *row)).collect();
        heads.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| self.tie(a.1, b.1, columns)));
        rows.clear();
        rows.extend(heads.into_iter().map(|(_, row)| row));
        rows.dedup();
    }

    /// Which of two rows stands first.
    pub(super) fn compare(self, a: u32, b: u32, columns: &Columns) -> Ordering {
        self.head(a, columns).cmp(&self.head(b, columns)).then_with(|| self.tie(a, b, columns))
    }

    fn head(self, row: u32, columns: &Columns) -> u128 {
        match self.kind {
            Kind::Task => columns.tasks.get(row).map_or(u128::MAX, |task| self.task_head(task)),
            Kind::Member => {
                let Some(member) = columns.members.get(row) else { return u128::MAX };
                match self.sort {
                    Sort::Recent => u128::from(falling(Some(member.created_at))),
                    Sort::Spent => u128::from(falling(Some(Timestamp(member.spent.0)))),
                    Sort::Account => (place(member.newest_friend()) << 64) | (member.order >> 64),
                    Sort::Natural | Sort::Name | Sort::Due => member.order,
                }
            }
            Kind::Group => {
                let Some(group) = columns.groups.get(row) else { return u128::MAX };
                match self.sort {
                    Sort::Account => place(group.body.account.and_then(|id| columns.accounts.row(id))),
                    Sort::Recent => u128::from(falling(Some(group.body.created_at))),
                    Sort::Due => u128::from(group.due.first().map_or(u64::MAX, |(at, _)| rising(*at))),
                    Sort::Natural | Sort::Name | Sort::Spent => 0,
                }
            }
            _ => 0,
        }
    }

    fn task_head(self, task: &TaskColumn) -> u128 {
        let due = u128::from(rising(task.snoozed_until().unwrap_or(task.due_at)));
        let priority = u128::from(!((task.priority as u32) ^ (1 << 31)));
        match self.sort {
            Sort::Natural | Sort::Due | Sort::Spent => {
                (due << 64) | (rank(task.class) << 61) | (priority << 29) | place(task.account)
            }
            Sort::Account => (place(task.account) << 96) | chat(task) << 32,
            Sort::Recent => u128::from(falling(Some(task.ended_at().unwrap_or(task.fired_at)))),
            Sort::Name => 0,
        }
    }

    fn tie(self, a: u32, b: u32, columns: &Columns) -> Ordering {
        let names = |a: Option<&str>, b: Option<&str>| {
            if a == b { Ordering::Equal } else { a.map(sort_key).cmp(&b.map(sort_key)) }
        };
        let by_content = match self.kind {
            Kind::Task => match (columns.tasks.get(a), columns.tasks.get(b)) {
                (Some(a), Some(b)) => match self.sort {
                    Sort::Name => names(Some(target_name(a, columns)), Some(target_name(b, columns))),
                    Sort::Account => self.due_in_chat(a, b),
                    Sort::Recent => Ordering::Equal,
                    _ => target(a).cmp(&target(b)),
                },
                _ => Ordering::Equal,
            },
            Kind::Member => match self.sort {
                Sort::Recent => b.cmp(&a),
                _ => names(
                    columns.members.get(a).map(MemberColumn::name),
                    columns.members.get(b).map(MemberColumn::name),
                ),
            },
            Kind::Group => names(
                columns.groups.get(a).map(|g| g.body.name.as_str()),
                columns.groups.get(b).map(|g| g.body.name.as_str()),
            ),
            Kind::Account => names(
                columns.accounts.get(a).map(|g| g.body.name.as_str()),
                columns.accounts.get(b).map(|g| g.body.name.as_str()),
            ),
            Kind::Playbook => {
                let title =
                    |row: u32| columns.playbook_at(row as u16).map(|(_, column)| column.title.as_str());
                names(title(a), title(b))
            }
            Kind::Contact | Kind::Membership => Ordering::Equal,
        };
        by_content.then_with(|| a.cmp(&b))
    }

    /// Within one chat of one account what is due first stands first.
    fn due_in_chat(self, a: &TaskColumn, b: &TaskColumn) -> Ordering {
        let natural = Self { sort: Sort::Natural, ..self };
        natural.task_head(a).cmp(&natural.task_head(b)).then_with(|| target(a).cmp(&target(b)))
    }
}

fn target_name<'a>(task: &TaskColumn, columns: &'a Columns) -> &'a str {
    match task.target {
        TargetRow::Member(row) => columns.members.get(row).map(MemberColumn::name),
        TargetRow::Group(row) => columns.groups.get(row).map(|g| g.body.name.as_str()),
        TargetRow::Account(row) => columns.accounts.get(row).map(|a| a.body.name.as_str()),
        TargetRow::None => None,
    }
    .unwrap_or_default()
}
