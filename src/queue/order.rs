//! The order of the queue: what is due first stands first; of what is due together, what matters more.

use crate::book::{Class, Timestamp};

/// For whom a task is, by the row of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Owner(u32);

/// Rows under this number can be told apart; the store holds less.
const ROWS: u32 = 1 << 30;

impl Owner {
    /// Nobody in the book.
    pub const NONE: Self = Self(3 * ROWS);

    /// A member.
    pub const fn member(row: u32) -> Self {
        Self(row % ROWS)
    }

    /// A group.
    pub const fn group(row: u32) -> Self {
        Self(ROWS + row % ROWS)
    }

    /// An account.
    pub const fn account(row: u32) -> Self {
        Self(2 * ROWS + row % ROWS)
    }

    /// Rises as owners do: members, groups, accounts, nobody.
    pub const fn number(self) -> u32 {
        self.0
    }
}

/// Sorts like the queue: due time, class, priority (higher first), account, target, and what was made first.
///
/// Account and target before the task itself keep one phone's chats together, so that few windows are switched.
/// Rows stand for ids: they rise alike. Packed into 24 bytes, because a book has a million of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    at: Timestamp,
    /// Class (3 bits), priority turned round (32), row of the account (29).
    matter: u64,
    target: Owner,
    row: u32,
}

/// What decides where a task stands.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    /// When it is due; for a snoozed one, when it comes back.
    pub at: Timestamp,
    pub class: Class,
    pub priority: i32,
    /// Row of the account; none stands last.
    pub account: Option<u32>,
    pub target: Owner,
    /// Row of the task.
    pub row: u32,
}

/// What matters more comes first: a broken delivery before a wish of good morning.
const fn rank(class: Class) -> u64 {
    match class {
        Class::Incident => 0,
        Class::Service => 1,
        Class::Care => 2,
        Class::Marketing => 3,
    }
}

impl Place {
    /// Where a task stands.
    pub const fn new(of: Standing) -> Self {
        let priority = !((of.priority as u32) ^ (1 << 31)) as u64;
        let account = match of.account {
            Some(row) => row & 0x0fff_ffff,
            None => 0x1fff_ffff,
        };
        let matter = (rank(of.class) << 61) | (priority << 29) | account as u64;
        Self { at: of.at, matter, target: of.target, row: of.row }
    }

    /// Before everything that is due at an instant.
    pub const fn first_at(at: Timestamp) -> Self {
        Self { at, matter: 0, target: Owner(0), row: 0 }
    }

    /// Everything that decides before the target, in one number.
    pub const fn head(self) -> u128 {
        let rising = (self.at.0 as u64) ^ (1 << 63);
        ((rising as u128) << 64) | self.matter as u128
    }

    /// When the task is due or comes back.
    pub const fn at(self) -> Timestamp {
        self.at
    }

    /// Row of the task.
    pub const fn row(self) -> u32 {
        self.row
    }
}

/// The order of messages that fall on one person's day: by class, then by priority, the first first.
pub const fn importance(class: Class, priority: i32) -> (u8, i32) {
    let class = match class {
        Class::Incident => 0,
        Class::Service => 1,
        Class::Care => 2,
        Class::Marketing => 3,
    };
    (class, priority.saturating_neg())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_decides_where_the_ones_before_are_equal() {
        let place = |row, at, class, priority, account, group| {
            let target = Owner::group(group);
            Place::new(Standing { at: Timestamp(at), class, priority, account, target, row })
        };
        let sorted = [
            Place::first_at(Timestamp(-5)),
            place(12, -5, Class::Marketing, 0, None, 9),
            place(9, 10, Class::Marketing, 0, Some(9), 9),
            Place::first_at(Timestamp(20)),
            place(8, 20, Class::Incident, 0, Some(9), 9),
            place(7, 20, Class::Service, 0, Some(9), 9),
            place(6, 20, Class::Care, 9, Some(9), 9),
            place(5, 20, Class::Care, 1, Some(9), 9),
            place(4, 20, Class::Care, 1, Some(10), 9),
            place(3, 20, Class::Care, 1, Some(10), 10),
            place(11, 20, Class::Care, 1, Some(10), 10),
            place(2, 20, Class::Care, 1, None, 1),
            place(1, 20, Class::Care, -1, Some(1), 1),
            place(1, 60, Class::Incident, 99, Some(1), 1),
        ];
        for pair in sorted.windows(2) {
            assert!(pair[0] < pair[1], "{pair:?}");
        }
        assert!(Owner::member(9) < Owner::group(0) && Owner::group(9) < Owner::account(0));
        assert!(Owner::account(9) < Owner::NONE);
    }
}
