//! The order of the queue: what is due first stands first; of what is due together, what matters more.

use std::cmp::Reverse;

use crate::book::{AccountId, Class, Target, Task, TaskId, TaskStatus, Timestamp};

/// Sorts like the queue: due time, class, priority (higher first), account, target, id.
///
/// Account and target before id keep one phone's chats together, so that few windows are switched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    due_at: Timestamp,
    class: u8,
    priority: Reverse<i32>,
    account: Option<AccountId>,
    target: Target,
    id: TaskId,
}

/// What matters more comes first: a broken delivery before a wish of good morning.
const fn rank(class: Class) -> u8 {
    match class {
        Class::Incident => 0,
        Class::Service => 1,
        Class::Care => 2,
        Class::Marketing => 3,
    }
}

/// Where a task stands; a snoozed one by the time it comes back.
pub fn place(task: &Task) -> Place {
    let TaskStatus { due_at, snoozed_until, account, .. } = task.status;
    Place {
        due_at: snoozed_until.unwrap_or(due_at),
        class: rank(task.class),
        priority: Reverse(task.priority),
        account,
        target: task.target,
        id: task.id,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::book::id::Id as _;
    use crate::book::{GroupId, TaskKind, Via};

    /// A due task with the numbers that matter for order.
    pub(crate) fn task(
        id: u128,
        due_at: i64,
        class: Class,
        priority: i32,
        account: u128,
        group: u128,
    ) -> Task {
        let account = (account > 0).then(|| AccountId::from_bits(account));
        Task {
            id: TaskId::from_bits(id),
            kind: TaskKind::FollowUp { words: "回访".to_owned() },
            target: Target::Group(GroupId::from_bits(group)),
            of: Vec::new(),
            group: None,
            members: Vec::new(),
            via: Via::Group,
            class,
            priority,
            day: 0,
            moved_from: None,
            moved_why: String::new(),
            fired_at: Timestamp(due_at),
            status: TaskStatus::due(Timestamp(due_at), None, account),
        }
    }

    #[test]
    fn each_rule_decides_where_the_ones_before_are_equal() {
        let mut snoozed = task(1, 1, Class::Incident, 99, 1, 1);
        snoozed.status.snoozed_until = Some(Timestamp(60));
        let sorted = [
            task(9, 10, Class::Marketing, 0, 9, 9),
            task(8, 20, Class::Incident, 0, 9, 9),
            task(7, 20, Class::Service, 0, 9, 9),
            task(6, 20, Class::Care, 9, 9, 9),
            task(5, 20, Class::Care, 1, 9, 9),
            task(4, 20, Class::Care, 1, 10, 9),
            task(3, 20, Class::Care, 1, 10, 10),
            task(11, 20, Class::Care, 1, 10, 10),
            snoozed,
        ];
        for pair in sorted.windows(2) {
            assert!(place(&pair[0]) < place(&pair[1]), "{:?} {:?}", pair[0].id, pair[1].id);
        }
    }
}
