//! Which rows a turn's changes can have touched.
//!
//! A task answers for its target, so a changed member, group or account touches the tasks that are for it, said in it
//! or sent from it. Open ones are found by whom they concern; ended ones are looked for among those that ended within
//! two days and the rows of the list itself: what ended earlier comes into a list by its target's changes only when it
//! is scanned again.

use std::collections::HashSet;

use crate::book::{Contact, ObjectId};
use crate::desk::view::task_line::clean;
use crate::desk::{Changed, Desk};
use crate::door::form::Kind;
use crate::query::{Key, Query};
use crate::queue::order::Owner;
use crate::store::Columns;
use crate::store::columns::queue::owner;
use crate::store::keys;
use crate::text::fold::fold;

/// Changed chats of one turn whose names are looked up.
const CHATS_LOOKED_AT: usize = 50;

/// Rows of a kind that changes can have touched; of tasks, open ones and those that changed themselves.
pub(super) fn rows(desk: &Desk, kind: Kind, own: bool, changed: &Changed) -> Vec<u32> {
    let columns = &desk.store.columns;
    let mut rows: HashSet<u32> = HashSet::new();
    for object in &changed.objects {
        match (kind, object) {
            (Kind::Task, ObjectId::Task(id)) => rows.extend(columns.tasks.row(*id)),
            (Kind::Member | Kind::Contact | Kind::Membership, ObjectId::Member(id)) => {
                rows.extend(columns.members.row(*id));
            }
            (Kind::Group, ObjectId::Group(id)) => rows.extend(columns.groups.row(*id)),
            (Kind::Account, ObjectId::Account(id)) => rows.extend(columns.accounts.row(*id)),
            _ => {}
        }
    }
    if kind == Kind::Playbook {
        rows.extend(changed.playbooks.iter().filter_map(|id| columns.playbook_position(id)).map(u32::from));
    }
    if kind == Kind::Task && !own {
        for owner in owners(columns, changed) {
            rows.extend(columns.queue.of(owner));
        }
    }
    rows.into_iter().collect()
}

/// What finds the chats of those that changed, folded: whom the same finds says so beside the text. None where so many
/// changed that anybody may be found with one of them.
pub(super) fn terms(desk: &Desk, changed: &Changed) -> Option<HashSet<String>> {
    let columns = &desk.store.columns;
    let mut terms = HashSet::new();
    let mut chats = 0;
    let mut add = |term: &str| {
        terms.insert(fold(&clean(term)));
    };
    for object in &changed.objects {
        match object {
            ObjectId::Group(id) => {
                chats += 1;
                if let Some(group) = columns.groups.by_id(*id).map(|group| &group.body) {
                    add(if group.search_term.is_empty() { &group.name } else { &group.search_term });
                }
            }
            ObjectId::Member(id) => {
                chats += 1;
                let Some(member) = columns.members.by_id(*id) else { continue };
                add(member.name());
                for account in member.contacts().filter_map(|contact| columns.accounts.id(contact.account)) {
                    // what cannot be read finds nobody; whoever asks next is told that the index is broken
                    let contact = desk.store.bodies.read::<Contact>(&keys::contact(*id, account));
                    if let Ok(Some(contact)) = contact {
                        add(&contact.search_term);
                        add(&contact.remark);
                    }
                }
            }
            _ => {}
        }
        if chats > CHATS_LOOKED_AT {
            return None;
        }
    }
    Some(terms)
}

/// Members, groups and accounts that changed, as the queue tells them apart.
pub(super) fn owners(columns: &Columns, changed: &Changed) -> HashSet<Owner> {
    let owner = |object: &ObjectId| match object {
        ObjectId::Member(id) => columns.members.row(*id).map(Owner::member),
        ObjectId::Group(id) => columns.groups.row(*id).map(Owner::group),
        ObjectId::Account(id) => columns.accounts.row(*id).map(Owner::account),
        _ => None,
    };
    changed.objects.iter().filter_map(owner).collect()
}

/// Whether a task concerns one of those that changed.
pub(super) fn concerns(columns: &Columns, owners: &HashSet<Owner>, row: u32) -> bool {
    columns.tasks.get(row).is_some_and(|task| {
        owners.contains(&owner(task.target))
            || task.group.is_some_and(|row| owners.contains(&Owner::group(row)))
            || task.account.is_some_and(|row| owners.contains(&Owner::account(row)))
    })
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
                | Key::Nth
                | Key::Len
                | Key::By
                | Key::SentAt
                | Key::Via
                | Key::Class
                | Key::Sop
                | Key::Assignee
                | Key::Id
        )
    })
}
