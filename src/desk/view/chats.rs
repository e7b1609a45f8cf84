//! Chats that one account cannot tell apart: what finds one of them finds another as well.

use std::collections::BTreeSet;

use crate::book::{AccountId, Contact, ContactState, MemberId, Target, Task, Via};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::desk::words::Words;
use crate::door::detail::{SAME_CHAT, TextWarning};
use crate::store::keys;
use crate::text::fold::fold;
use crate::text::lang::Lang;

/// How many people of one name are looked at.
const LOOKED_AT: usize = 50;

/// How many chats are named.
const NAMED: usize = 3;

impl Desk {
    /// Other chats of a task's account that its 查找词 finds too: a text pasted into the wrong one cannot be taken back.
    pub(super) fn same_chat(&self, task: &Task, lang: Lang) -> Result<Option<TextWarning>, DeskError> {
        let columns = &self.store.columns;
        let Some(account) = task.status.account else { return Ok(None) };
        if !matches!(task.via, Via::Private | Via::Group) {
            return Ok(None);
        }
        let term = self.search_term(task)?;
        let wanted = fold(&term);
        if wanted.trim().is_empty() {
            return Ok(None);
        }
        let own_group = if task.via == Via::Group { task.group } else { None };
        let mut others: BTreeSet<String> = BTreeSet::new();
        for (_, id, column) in columns.groups.iter() {
            let body = &column.body;
            let ours = body.account == Some(account) || body.speakers.contains(&account);
            if *column.term == *wanted
                && Some(id) != own_group
                && ours
                && !body.archived
                && body.state.is_open()
            {
                others.insert(self.display_name(Target::Group(id)));
            }
        }
        let own_member = if task.via == Via::Private { task.member() } else { None };
        let mut people = self.called(&term)?;
        people.extend(self.found_by(account, &wanted)?);
        for member in people {
            if Some(member) == own_member || columns.members.by_id(member).is_none_or(|m| m.archived) {
                continue;
            }
            let contact = self.store.bodies.read::<Contact>(&keys::contact(member, account))?;
            let Some(contact) = contact.filter(|contact| contact.state == ContactState::Friend) else {
                continue;
            };
            let name = || columns.members.by_id(member).map_or("", |m| m.name());
            if fold(contact.own_term().unwrap_or_else(name)) == wanted {
                others.insert(format!("{} {}", self.display_name(Target::Member(member)), member.short()));
            }
        }
        if others.is_empty() {
            return Ok(None);
        }
        let more = if others.len() > NAMED { " .." } else { "" };
        let names = others.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
        let name = self.display_name(Target::Account(account));
        let term = crate::text::clean::for_display(&term);
        let values: [(&str, &dyn std::fmt::Display); 3] =
            [("term", &term), ("account", &name), ("names", &format!("{names}{more}"))];
        let words = Words::SameChat.fill(lang, &values);
        Ok(Some(TextWarning { code: format!("{SAME_CHAT}{term}"), words }))
    }

    /// Members whose chat an account finds by a word of its own.
    fn found_by(&self, account: AccountId, wanted: &str) -> Result<Vec<MemberId>, DeskError> {
        let prefix = keys::found_by_any(account, wanted);
        let found = self.store.bodies.range(&prefix, &prefix, LOOKED_AT)?;
        Ok(found.iter().filter_map(|(key, _)| keys::called_member(key)).collect())
    }

    /// Members who are or were called exactly so; a hint that whoever asks checks.
    fn called(&self, name: &str) -> Result<Vec<MemberId>, DeskError> {
        let prefix = keys::called_any(name);
        let hints = self.store.bodies.range(&prefix, &prefix, LOOKED_AT)?;
        Ok(hints.iter().filter_map(|(key, _)| keys::called_member(key)).collect())
    }
}
