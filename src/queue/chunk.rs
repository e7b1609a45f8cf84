//! Chunks: equal texts are copied once and sent on with the platform's own forward.
//!
//! One forward reaches few chats (nine on WeChat), so tasks with the same text from one account come in chunks of
//! that size. Within an account the order of chats is always the same, so that the human who ticks names in the
//! forward dialogue finds them in the order of yesterday.

use std::collections::HashMap;

use crate::book::{AccountId, Target, TaskId};

/// A task as far as forwarding goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item<'a> {
    pub id: TaskId,
    /// None blocks a message; such tasks never share a chunk.
    pub account: Option<AccountId>,
    pub target: Target,
    /// The exact text to be sent.
    pub text: &'a str,
    /// How many chats one forward reaches on the account's platform.
    pub limit: usize,
}

/// Tasks that one copy and one forward do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk<'a> {
    pub account: Option<AccountId>,
    pub text: &'a str,
    /// In the fixed order of the account.
    pub ids: Vec<TaskId>,
}

/// Cuts tasks into chunks. Chunks come in the order in which their text first stands in `items`; tasks in a chunk
/// in order of their target, which never changes.
pub fn chunks<'a>(items: &[Item<'a>]) -> Vec<Chunk<'a>> {
    let mut bundles: Vec<Vec<&Item<'a>>> = Vec::new();
    let mut places: HashMap<(AccountId, &str), usize> = HashMap::new();
    for item in items {
        let known = item.account.and_then(|account| places.get(&(account, item.text)).copied());
        if let Some(bundle) = known.and_then(|place| bundles.get_mut(place)) {
            bundle.push(item);
            continue;
        }
        if let Some(account) = item.account {
            places.insert((account, item.text), bundles.len());
        }
        bundles.push(vec![item]);
    }
    let mut chunks = Vec::new();
    for mut bundle in bundles {
        bundle.sort_by_key(|item| (item.target, item.id));
        let limit = bundle.iter().map(|item| item.limit).min().unwrap_or(1).max(1);
        for part in bundle.chunks(limit) {
            let Some(first) = part.first() else { continue };
            let ids = part.iter().map(|item| item.id).collect();
            chunks.push(Chunk { account: first.account, text: first.text, ids });
        }
    }
    chunks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::GroupId;
    use crate::book::id::Id as _;

    fn item(id: u128, account: u128, group: u128, text: &str, limit: usize) -> Item<'_> {
        Item {
            id: TaskId::from_bits(id),
            account: (account > 0).then(|| AccountId::from_bits(account)),
            target: Target::Group(GroupId::from_bits(group)),
            text,
            limit,
        }
    }

    fn check(items: &[Item<'_>], expected: &[(&str, &[u128])]) {
        let found: Vec<(&str, Vec<u128>)> = chunks(items)
            .into_iter()
            .map(|chunk| (chunk.text, chunk.ids.iter().map(|id| id.bits()).collect()))
            .collect();
        let expected: Vec<(&str, Vec<u128>)> =
            expected.iter().map(|(text, ids)| (*text, ids.to_vec())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn twelve_groups_on_two_phones_are_two_copies() {
        let items: Vec<Item<'_>> = (1..=12).map(|n| item(n, 1 + n % 2, 100 - n, "今日开团", 9)).collect();
        check(&items, &[("今日开团", &[11, 9, 7, 5, 3, 1]), ("今日开团", &[12, 10, 8, 6, 4, 2])]);
    }

    #[test]
    fn ten_chats_are_nine_and_one() {
        let items: Vec<Item<'_>> = (1..=10).map(|n| item(n, 1, n, "早", 9)).collect();
        check(&items, &[("早", &[1, 2, 3, 4, 5, 6, 7, 8, 9]), ("早", &[10])]);
    }

    #[test]
    fn other_texts_other_limits_and_no_account_stay_apart() {
        let items = [
            item(1, 1, 1, "早", 1),
            item(2, 1, 2, "早", 1),
            item(3, 1, 3, "晚", 9),
            item(4, 0, 4, "晚", 9),
            item(5, 0, 5, "晚", 9),
        ];
        check(&items, &[("早", &[1]), ("早", &[2]), ("晚", &[3]), ("晚", &[4]), ("晚", &[5])]);
        check(&[], &[]);
    }
}
