//! What is known of somebody without reading a body.
//!
//! Many share a name, and most of them are certainly not the one a row means: they have another phone, or came to the
//! group on another day. That much stands in the columns, and in what a dry run keeps beside its packed people, so
//! that only the few who are left are read.

use std::borrow::Cow;

use super::draft::{Draft, Person};
use crate::book::{AccountId, GroupId, MemberId, Timestamp};
use crate::door::rows::MemberRow;
use crate::store::Columns;
use crate::store::columns::MemberColumn;
use crate::text::fold::fold;

/// The latest stay in a group.
#[derive(Clone, Copy)]
pub(super) struct Stay {
    pub group: GroupId,
    spell: u32,
    joined_at: Option<Timestamp>,
    has_left: bool,
}

/// The same of somebody whom a dry run keeps packed.
pub(super) struct Outline {
    /// Folded, as in the columns.
    phone: Box<str>,
    is_gone: bool,
    stays: Box<[Stay]>,
    accounts: Box<[AccountId]>,
}

impl Outline {
    pub(super) fn of(person: &Person) -> Self {
        Self {
            phone: fold(&person.member.phone).into(),
            is_gone: is_gone(person),
            stays: stays_of(person).collect(),
            accounts: person.contacts.iter().map(|contact| contact.account).collect(),
        }
    }
}

fn is_gone(person: &Person) -> bool {
    person.member.archived || person.member.merged_into.is_some()
}

fn stays_of(person: &Person) -> impl Iterator<Item = Stay> {
    let latest = |group| person.stay(group).map(|stay| stay.spell);
    person.stays.iter().filter(move |stay| latest(stay.group) == Some(stay.spell)).map(|stay| Stay {
        group: stay.group,
        spell: stay.spell,
        joined_at: stay.joined_at,
        has_left: stay.left_at.is_some(),
    })
}

/// Where somebody is looked at.
pub(super) enum Brief<'a> {
    /// As the slice has them.
    Here(&'a Person),
    /// As an earlier slice of a dry run left them.
    Kept(&'a Outline),
    /// As the book has them.
    Known(MemberColumn<'a>, &'a Columns),
}

impl Brief<'_> {
    /// Archived, or merged into somebody else: what it says need not hold for whom it leads to.
    fn is_gone(&self) -> bool {
        match self {
            Self::Here(person) => is_gone(person),
            Self::Kept(outline) => outline.is_gone,
            Self::Known(member, _) => member.archived,
        }
    }

    /// Folded.
    fn phone(&self) -> Cow<'_, str> {
        match self {
            Self::Here(person) => fold(&person.member.phone).into(),
            Self::Kept(outline) => Cow::Borrowed(&outline.phone),
            Self::Known(member, _) => member.phone().into(),
        }
    }

    fn stay(&self, group: GroupId) -> Option<Stay> {
        match self {
            Self::Here(person) => stays_of(person).find(|stay| stay.group == group),
            Self::Kept(outline) => outline.stays.iter().find(|stay| stay.group == group).copied(),
            Self::Known(member, columns) => {
                let row = columns.groups.row(group)?;
                member.stays().find(|stay| stay.group == row).map(|stay| Stay {
                    group,
                    spell: stay.spell,
                    joined_at: stay.joined_at,
                    has_left: stay.left_at.is_some(),
                })
            }
        }
    }

    fn is_known_to(&self, account: AccountId) -> bool {
        match self {
            Self::Here(person) => person.contacts.iter().any(|contact| contact.account == account),
            Self::Kept(outline) => outline.accounts.contains(&account),
            Self::Known(member, columns) => columns
                .accounts
                .row(account)
                .is_some_and(|row| member.contacts().any(|contact| contact.account == row)),
        }
    }

    /// Every group they are or were in.
    pub(super) fn groups(&self) -> Vec<GroupId> {
        match self {
            Self::Here(person) => stays_of(person).map(|stay| stay.group).collect(),
            Self::Kept(outline) => outline.stays.iter().map(|stay| stay.group).collect(),
            Self::Known(member, columns) => {
                member.stays().filter_map(|stay| columns.groups.id(stay.group)).collect()
            }
        }
    }

    /// Every account that knows them.
    pub(super) fn accounts(&self) -> Vec<AccountId> {
        match self {
            Self::Here(person) => person.contacts.iter().map(|contact| contact.account).collect(),
            Self::Kept(outline) => outline.accounts.to_vec(),
            Self::Known(member, columns) => {
                member.contacts().filter_map(|contact| columns.accounts.id(contact.account)).collect()
            }
        }
    }
}

impl Draft<'_> {
    fn brief(&self, id: MemberId) -> Option<Brief<'_>> {
        let columns = &self.store.columns;
        self.here(id)
            .map(Brief::Here)
            .or_else(|| self.sheet.outline(id).map(Brief::Kept))
            .or_else(|| columns.members.by_id(id).map(|member| Brief::Known(member, columns)))
    }

    /// True where somebody is or was in the group, or is known to the account.
    pub(super) fn is_about(&self, id: MemberId, group: Option<GroupId>, account: Option<AccountId>) -> bool {
        self.brief(id).is_some_and(|brief| {
            group.is_some_and(|group| brief.stay(group).is_some())
                || account.is_some_and(|account| brief.is_known_to(account))
        })
    }

    /// True where somebody is known to the group's account, or in a group of the account's where no group is meant, or
    /// known from nowhere.
    pub(super) fn is_near(&self, id: MemberId, group: Option<GroupId>, account: Option<AccountId>) -> bool {
        let account_of = |group: GroupId| self.group(group).and_then(|group| group.account);
        self.brief(id).is_some_and(|brief| match group {
            Some(group) if account_of(group).is_some_and(|account| brief.is_known_to(account)) => true,
            None if account.is_some() && brief.groups().into_iter().any(|g| account_of(g) == account) => true,
            _ => brief.groups().is_empty() && brief.accounts().is_empty(),
        })
    }

    /// False where somebody certainly did not come to the group at that instant.
    pub(super) fn came_then(&self, id: MemberId, group: GroupId, at: Timestamp) -> bool {
        let Some(brief) = self.brief(id).filter(|brief| !brief.is_gone()) else { return true };
        // only the latest stay is known here
        brief.stay(group).is_none_or(|stay| stay.spell > 1 || stay.joined_at == Some(at))
    }

    /// False where somebody certainly has another phone than a row says, or came to the group at another instant and
    /// is still there.
    pub(super) fn may_be(&self, id: MemberId, row: &MemberRow, group: Option<GroupId>) -> bool {
        let Some(brief) = self.brief(id).filter(|brief| !brief.is_gone()) else { return true };
        let joined_at = row.joined_at.map(Timestamp);
        let stay = group.and_then(|group| brief.stay(group)).filter(|stay| !stay.has_left);
        let known_at = stay.and_then(|stay| stay.joined_at);
        if joined_at.is_some() && known_at.is_some() && joined_at != known_at {
            return false;
        }
        let phone = brief.phone();
        phone.is_empty() || row.phone.as_ref().is_none_or(|other| fold(other) == phone)
    }
}
