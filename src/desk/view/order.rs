//! In which order rows of a list stand.
//!
//! A row's head is a number that decides nearly always; what is equal there is compared whole, and the row itself
//! comes last, so that an order is always complete and the same. The natural order of tasks is the queue's: due time,
//! class, priority, account, target, id; rows of accounts, targets and tasks rise like their ids do.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

use crate::book::Timestamp;
use crate::door::compose::is_one_off;
use crate::door::form::Kind;
use crate::door::request::Sort;
use crate::queue::order::Owner;
use crate::store::Columns;
use crate::store::columns::TaskColumn;
use crate::store::columns::queue::{self, owner};
use crate::store::columns::task::TargetRow;
use crate::text::pinyin::sort_key;

/// How many names' keys are kept.
const KEYS_KEPT: usize = 20_000;

/// Keys by which names sort, made once a name: groups and accounts have nothing but their names to stand by.
#[derive(Debug, Default)]
pub(super) struct SortKeys {
    made: RefCell<HashMap<Box<str>, Arc<str>>>,
}

impl SortKeys {
    fn of(&self, name: &str) -> Arc<str> {
        let mut made = self.made.borrow_mut();
        if let Some(key) = made.get(name) {
            return Arc::clone(key);
        }
        if made.len() >= KEYS_KEPT {
            made.clear();
        }
        let key: Arc<str> = sort_key(name).into();
        made.insert(name.into(), Arc::clone(&key));
        key
    }
}

/// The book with the keys of its names.
#[derive(Clone, Copy)]
pub(super) struct Named<'a> {
    pub columns: &'a Columns,
    pub keys: &'a SortKeys,
}

impl Named<'_> {
    /// By what a row stands among others by its name: of members, who are many, the number their column keeps.
    pub(super) fn name_key(self, kind: Kind, row: u32) -> (u128, Option<Arc<str>>) {
        let columns = self.columns;
        let name = match kind {
            Kind::Member | Kind::Contact | Kind::Membership => {
                return (columns.members.get(row).map_or(u128::MAX, |member| member.order), None);
            }
            Kind::Group => columns.groups.get(row).map(|group| group.body.name.as_str()),
            Kind::Account => columns.accounts.get(row).map(|account| account.body.name.as_str()),
            Kind::Playbook => columns.playbook_at(row as u16).map(|(_, playbook)| playbook.title.as_str()),
            Kind::Task | Kind::Product => None,
        };
        (0, name.map(|name| self.keys.of(name)))
    }
}

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

/// A row or none as a number; none stands last.
fn place(row: Option<u32>) -> u128 {
    row.map_or(0x1fff_ffff, |row| u128::from(row & 0x0fff_ffff))
}

/// The chat a task is worked off in: its group, else its target.
fn chat(task: &TaskColumn) -> u128 {
    u128::from(task.group.map_or_else(|| owner(task.target), Owner::group).number())
}

impl Order {
    /// The number that decides nearly always.
    pub(super) fn head(self, row: u32, columns: &Columns) -> u128 {
        match self.kind {
            Kind::Task => columns.tasks.get(row).map_or(u128::MAX, |task| self.task_head(row, &task)),
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
                    Sort::Due => u128::from(group.due.first().map_or(u64::MAX, |(at, _)| rising(at))),
                    Sort::Natural | Sort::Name | Sort::Spent => 0,
                }
            }
            _ => 0,
        }
    }

    fn task_head(self, row: u32, task: &TaskColumn) -> u128 {
        match self.sort {
            Sort::Natural | Sort::Due | Sort::Spent => queue::place(row, task).head(),
            Sort::Account => (place(task.account) << 96) | chat(task) << 32,
            Sort::Recent => u128::from(falling(Some(task.ended_at().unwrap_or(task.fired_at)))),
            Sort::Name => 0,
        }
    }

    /// Which stands first of two rows whose heads are equal.
    pub(super) fn tie(self, a: u32, b: u32, named: Named<'_>) -> Ordering {
        let columns = named.columns;
        let names = |a: Option<&str>, b: Option<&str>| match (a, b) {
            (Some(a), Some(b)) if a != b => named.keys.of(a).cmp(&named.keys.of(b)),
            _ => a.is_some().cmp(&b.is_some()),
        };
        let by_content = match self.kind {
            Kind::Task => match (columns.tasks.get(a), columns.tasks.get(b)) {
                (Some(a), Some(b)) => match self.sort {
                    Sort::Name => names(Some(target_name(&a, columns)), Some(target_name(&b, columns))),
                    Sort::Account => queue::place(0, &a).cmp(&queue::place(0, &b)),
                    Sort::Recent => Ordering::Equal,
                    _ => owner(a.target).cmp(&owner(b.target)),
                },
                _ => Ordering::Equal,
            },
            Kind::Member => match self.sort {
                Sort::Recent => b.cmp(&a),
                _ => names(
                    columns.members.get(a).map(|member| member.name()),
                    columns.members.get(b).map(|member| member.name()),
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
                let apart = |row: u32| columns.playbook_at(row as u16).is_some_and(|(id, _)| is_one_off(id));
                // what was said once stands behind what is said again and again
                apart(a).cmp(&apart(b)).then_with(|| names(title(a), title(b)))
            }
            Kind::Contact | Kind::Membership | Kind::Product => Ordering::Equal,
        };
        by_content.then_with(|| a.cmp(&b))
    }
}

fn target_name<'a>(task: &TaskColumn, columns: &'a Columns) -> &'a str {
    match task.target {
        TargetRow::Member(row) => columns.members.get(row).map(|member| member.name()),
        TargetRow::Group(row) => columns.groups.get(row).map(|g| g.body.name.as_str()),
        TargetRow::Account(row) => columns.accounts.get(row).map(|a| a.body.name.as_str()),
        TargetRow::None => None,
    }
    .unwrap_or_default()
}
