//! What each account said to groups within the last hour, by text: gathered once between two changes of the book, because
//! every text on a screen is compared with it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::wordings::{characters, without_variables};
use crate::book::time::HOUR;
use crate::book::{GroupId, Task, TaskKind, Timestamp, Touch, Via};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::store::columns::Word;
use crate::store::keys;

/// Messages of one account that are looked at, newest first: ten times what a hand sends in an hour.
const LOOKED_AT: usize = 600;

/// What was said: as it was sent, and what its template says without variables where it was one.
type Text = (String, Option<Arc<str>>);

/// Distinct texts and the groups that each went to.
pub(super) type Said = Arc<Vec<(Text, BTreeSet<GroupId>)>>;

/// What was gathered, by account.
#[derive(Debug, Default)]
pub(super) struct Lately {
    /// The book as of then.
    seq: u64,
    by_account: BTreeMap<u32, Said>,
}

/// Characters that a template says at least besides its variables: of fewer it is they that are read.
const SAYS_SOMETHING: usize = 6;

/// Texts without their variables.
fn bare<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    texts.map(without_variables).collect::<Vec<_>>().join("\n")
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
    ) -> Result<Vec<(Text, BTreeSet<GroupId>)>, DeskError> {
        let columns = &self.store.columns;
        let from = Timestamp(columns.store.last_at.0 - HOUR);
        let of_account = |row: u32| {
            columns.tasks.get(row).is_some_and(|t| t.account == Some(account) && t.via == Via::Group)
        };
        let rows: Vec<u32> =
            columns.ended.sent_since(from).map(|(_, row)| row).filter(|row| of_account(*row)).collect();
        let mut said: BTreeMap<Text, BTreeSet<GroupId>> = BTreeMap::new();
        let mut templates: BTreeMap<(u16, u32, Word, u16), Option<Arc<str>>> = BTreeMap::new();
        if rows.len() < most {
            return Ok(Vec::new());
        }
        for row in rows.iter().rev().take(LOOKED_AT) {
            let (Some(id), Some(task)) = (columns.tasks.id(*row), columns.tasks.get(*row)) else { continue };
            // what was written anew before it was sent has no template
            for (_, key) in self.store.bodies.range(&keys::touches_of(id), &[], 1)? {
                let touch: Option<Touch> = self.store.bodies.read(&key)?;
                if let Some(Touch { group: Some(group), text, filled, .. }) = touch {
                    let own = task.playbook.filter(|_| filled || task.words.is_none());
                    let template = own.and_then(|playbook| {
                        let known = (playbook, task.version, task.step, task.variant);
                        templates.entry(known).or_insert_with(|| self.template_of(known)).clone()
                    });
                    said.entry((text, template)).or_default().insert(group);
                }
            }
        }
        Ok(said.into_iter().collect())
    }

    /// What a wording of a step says without variables; none where next to nothing is left.
    fn template_of(&self, (playbook, version, step, variant): (u16, u32, Word, u16)) -> Option<Arc<str>> {
        let columns = &self.store.columns;
        let (id, _) = columns.playbook_at(playbook)?;
        let playbook = self.playbooks.get(id, version)?;
        let (_, step) = playbook.step_by_id(columns.words.text(step))?;
        let plain = bare(step.texts_of(variant));
        (characters(&plain) >= SAYS_SOMETHING).then(|| plain.into())
    }

    /// The same of a task that is to be sent.
    pub(super) fn template(&self, task: &Task) -> Option<String> {
        let TaskKind::Step { variant, .. } = &task.kind else { return None };
        let (playbook, at) = self.step_of(task).filter(|_| task.status.edited.is_none())?;
        let plain = bare(playbook.step(at)?.texts_of(*variant));
        (characters(&plain) >= SAYS_SOMETHING).then_some(plain)
    }
}
