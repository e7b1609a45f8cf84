//! Which rows a turn's changes can have touched.
//!
//! A task answers for its target, so a changed member, group or account touches the tasks that are for it, said in it
//! or sent from it. Those are looked for among open tasks, tasks ended within two days, and the rows of the list
//! itself: what ended earlier comes into a list by its target's changes only when it is scanned again.

use std::collections::HashSet;

use crate::book::{ObjectId, Timestamp};
use crate::desk::view::subject::AWAITED;
use crate::desk::{Changed, Desk};
use crate::door::form::Kind;
use crate::query::{Key, Query};
use crate::store::columns::task::TargetRow;

/// Rows of a kind that changes can have touched, each once.
pub(super) fn rows(
    desk: &Desk,
    kind: Kind,
    own: bool,
    changed: &Changed,
    entries: &[u32],
    now: Timestamp,
) -> Vec<u32> {
    let columns = &desk.store.columns;
    let mut rows: HashSet<u32> = HashSet::new();
    let (mut members, mut groups, mut accounts) = (HashSet::new(), HashSet::new(), HashSet::new());
    for object in &changed.objects {
        match object {
            ObjectId::Task(id) if kind == Kind::Task => rows.extend(columns.tasks.row(*id)),
            ObjectId::Member(id) => members.extend(columns.members.row(*id)),
            ObjectId::Group(id) => groups.extend(columns.groups.row(*id)),
            ObjectId::Account(id) => accounts.extend(columns.accounts.row(*id)),
            _ => {}
        }
    }
    match kind {
        Kind::Member | Kind::Contact | Kind::Membership => rows.extend(members),
        Kind::Group => rows.extend(groups),
        Kind::Account => rows.extend(accounts),
        Kind::Playbook => rows
            .extend(changed.playbooks.iter().filter_map(|id| columns.playbook_position(id)).map(u32::from)),
        Kind::Task if own || (members.is_empty() && groups.is_empty() && accounts.is_empty()) => {}
        Kind::Task => {
            let touches = |row: &u32| {
                columns.tasks.get(*row).is_some_and(|task| {
                    (match task.target {
                        TargetRow::Member(row) => members.contains(&row),
                        TargetRow::Group(row) => groups.contains(&row),
                        TargetRow::Account(row) => accounts.contains(&row),
                        TargetRow::None => false,
                    }) || task.group.is_some_and(|row| groups.contains(&row))
                        || task.account.is_some_and(|row| accounts.contains(&row))
                })
            };
            let lately = Timestamp(now.0.saturating_sub(AWAITED));
            rows.extend(columns.open.iter().map(|(_, row)| *row).filter(touches));
            rows.extend(columns.ended.range((lately, 0)..).map(|(_, row)| *row).filter(touches));
            rows.extend(entries.iter().copied().filter(touches));
        }
    }
    rows.into_iter().collect()
}

/// True for a filter over tasks that asks for nothing but what the task itself has, so that no change of its target
/// can bring it in or take it out.
pub(super) fn is_of_tasks_alone(query: &Query) -> bool {
    query.keys().iter().all(|key| {
        matches!(
            key,
            Key::State
                | Key::Due
                | Key::Overdue
                | Key::Step
                | Key::Via
                | Key::Class
                | Key::Sop
                | Key::Assignee
                | Key::Id
        )
    })
}
