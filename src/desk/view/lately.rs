//! What each account said to groups within the last hour, by text: gathered once between two changes of the book, because
//! every text on a screen is compared with it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::book::time::HOUR;
use crate::book::{GroupId, Timestamp, Touch, Via};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::store::keys;

/// Messages of one account that are looked at, newest first: ten times what a hand sends in an hour.
const LOOKED_AT: usize = 600;

/// Distinct texts and the groups that each went to.
pub(super) type Said = Arc<Vec<(String, BTreeSet<GroupId>)>>;

/// What was gathered, by account.
#[derive(Debug, Default)]
pub(super) struct Lately {
    /// The book as of then.
    seq: u64,
    by_account: BTreeMap<u32, Said>,
}

impl Desk {
    /// What an account said to groups within the hour before the last change of the book; nothing where it said fewer
    /// than `most` messages.
    pub(super) fn said_lately(&self, account: u32, most: usize) -> Result<Said, DeskError> {
        let seq = self.store.end().seq;
        let mut lately = self.views.lately.borrow_mut();
        if lately.seq != seq {
            *lately = Lately { seq, by_account: BTreeMap::new() };
        }
        if let Some(said) = lately.by_account.get(&account) {
            return Ok(Arc::clone(said));
        }
        let said = Arc::new(self.gathered_lately(account, most)?);
        lately.by_account.insert(account, Arc::clone(&said));
        Ok(said)
    }

    fn gathered_lately(
        &self,
        account: u32,
        most: usize,
    ) -> Result<Vec<(String, BTreeSet<GroupId>)>, DeskError> {
        let columns = &self.store.columns;
        let from = Timestamp(columns.store.last_at.0 - HOUR);
        let of_account = |row: u32| {
            columns.tasks.get(row).is_some_and(|t| t.account == Some(account) && t.via == Via::Group)
        };
        let rows: Vec<u32> =
            columns.ended.sent_since(from).map(|(_, row)| row).filter(|row| of_account(*row)).collect();
        let mut said: BTreeMap<String, BTreeSet<GroupId>> = BTreeMap::new();
        if rows.len() < most {
            return Ok(Vec::new());
        }
        for id in rows.iter().rev().take(LOOKED_AT).filter_map(|row| columns.tasks.id(*row)) {
            for (_, key) in self.store.bodies.range(&keys::touches_of(id), &[], 1)? {
                let touch: Option<Touch> = self.store.bodies.read(&key)?;
                if let Some(Touch { group: Some(group), text, .. }) = touch {
                    said.entry(text).or_default().insert(group);
                }
            }
        }
        Ok(said.into_iter().collect())
    }
}
