//! Accounts and groups: names are unique, and what happens to a group is its story.

use super::super::super::Desk;
use super::super::super::act::{Act, DeskError};
use super::super::super::words::book::BookWords;
use super::super::draft::{Around, Draft, set_all};
use super::{Typed, archived, typed, unknown};
use crate::book::{
    Account, AccountId, ActivityKind, Fields, Group, GroupId, GroupState, ObjectId, Platform, Target,
    Timestamp,
};
use crate::door::command::GroupName;
use crate::door::form::{Field, Kind};
use crate::door::{Refusal, RefusalKind};
use crate::store::Body;
use crate::store::record::{Change, Edited};
use crate::text::clean::for_display;
use crate::text::fold::fold;
use crate::text::lang::Lang;

/// A refusal because another one has the name.
pub(super) fn taken(kind: Kind, name: &str, lang: Lang) -> Refusal {
    let shown = for_display(name).into_owned();
    let words = BookWords::NameTaken.fill(lang, &[("kind", &kind.label(lang)), ("name", &shown)]);
    typed::invalid(Field::Name, name, words, BookWords::NameTakenHint.text(lang).to_owned()).about(shown)
}

impl Desk {
    /// Another account of that name that is not archived.
    pub(in crate::desk::command) fn account_called(
        &self,
        name: &str,
        but: Option<AccountId>,
    ) -> Option<AccountId> {
        let folded = fold(name);
        let mut accounts = self.store.columns.accounts.iter();
        accounts
            .find(|(_, id, column)| {
                Some(*id) != but && !column.body.archived && fold(&column.body.name) == folded
            })
            .map(|(_, id, _)| id)
    }

    /// Another group of that name that is not archived.
    pub(in crate::desk::command) fn group_called(&self, name: &str, but: Option<GroupId>) -> Option<GroupId> {
        let folded = fold(name);
        let mut groups = self.store.columns.groups.iter();
        groups
            .find(|(_, id, column)| {
                Some(*id) != but && !column.body.archived && fold(&column.body.name) == folded
            })
            .map(|(_, id, _)| id)
    }

    /// What is to be said of somebody who is told to have joined a group that is none any more.
    pub(in crate::desk::command) fn nobody_joins(&self, group: GroupId, lang: Lang) -> Option<String> {
        let body = &self.store.columns.groups.by_id(group)?.body;
        let name = for_display(&body.name);
        match body.state {
            GroupState::MergedInto(into) => {
                let into = self.display_name(Target::Group(into));
                Some(BookWords::JoinsMerged.fill(lang, &[("name", &name), ("into", &into)]))
            }
            GroupState::Dissolved => Some(BookWords::JoinsDissolved.fill(lang, &[("name", &name)])),
            GroupState::Live | GroupState::Frozen | GroupState::Full => None,
        }
    }

    /// The account there is, when there is exactly one.
    pub(in crate::desk::command) fn only_account(&self) -> Option<AccountId> {
        let mut present = self.store.columns.accounts.iter().filter(|(_, _, column)| !column.body.archived);
        match (present.next(), present.next()) {
            (Some((_, id, _)), None) => Some(id),
            _ => None,
        }
    }

    pub(super) fn make_account(
        &self,
        act: &Act,
        typed: &Typed<'_>,
    ) -> Result<(Draft, Vec<ObjectId>), DeskError> {
        let fields = typed.canonical(self, &[])?;
        let mut draft = self.draft(act);
        let mut account = Account::new(draft.id(), "", Platform::Wechat, act.at);
        set_all(&mut account, &fields);
        if self.account_called(&account.name, None).is_some() {
            return Err(taken(Kind::Account, &account.name, act.lang).into());
        }
        let id = account.id;
        if account.persona.is_empty() {
            let name = for_display(&account.name);
            draft.warnings.push(BookWords::NoPersona.fill(act.lang, &[("name", &name)]));
        }
        draft.bodies.push(Body::AccountMade(account));
        Ok((draft, vec![ObjectId::Account(id)]))
    }

    pub(super) fn edit_account(
        &self,
        act: &Act,
        id: AccountId,
        typed: &Typed<'_>,
    ) -> Result<Draft, DeskError> {
        let Some(column) = self.store.columns.accounts.by_id(id) else {
            return Err(unknown(Kind::Account, &id.to_string(), act.lang));
        };
        if column.body.archived {
            return Err(archived(&column.body.name, act.lang));
        }
        let mut account = column.body.clone();
        let changes = set_all(&mut account, &typed.canonical(self, &[])?);
        if self.account_called(&account.name, Some(id)).is_some() {
            return Err(taken(Kind::Account, &account.name, act.lang).into());
        }
        let mut draft = self.draft(act);
        if !changes.is_empty() {
            draft.bodies.push(Body::Edited { object: Edited::Account(id), changes });
        }
        Ok(draft)
    }

    pub(super) fn make_group(
        &self,
        act: &Act,
        typed: &Typed<'_>,
    ) -> Result<(Draft, Vec<ObjectId>), DeskError> {
        let fields = self.group_fields(act, typed)?;
        let mut draft = self.draft(act);
        let mut group = Group::new(draft.id(), "", act.at);
        set_all(&mut group, &fields);
        if typed.value(Field::Account).is_none() {
            group.account = self.only_account();
        }
        if self.group_called(&group.name, None).is_some() {
            return Err(taken(Kind::Group, &group.name, act.lang).into());
        }
        let id = group.id;
        draft.bodies.push(Body::GroupMade(group));
        Ok((draft, vec![ObjectId::Group(id)]))
    }

    pub(super) fn edit_group(&self, act: &Act, id: GroupId, typed: &Typed<'_>) -> Result<Draft, DeskError> {
        let Some(column) = self.store.columns.groups.by_id(id) else {
            return Err(unknown(Kind::Group, &id.to_string(), act.lang));
        };
        if column.body.archived {
            return Err(archived(&column.body.name, act.lang));
        }
        let mut draft = self.draft(act);
        let fields = self.group_fields(act, typed)?;
        self.change_group(&mut draft, id, &fields, "", act.at);
        if let Some(name) = fields.iter().find(|(word, _)| *word == "name").map(|(_, name)| name)
            && self.group_called(name, Some(id)).is_some()
        {
            return Err(taken(Kind::Group, name, act.lang).into());
        }
        Ok(draft)
    }

    /// The fields of a group's form; the day of its QR code in words.
    fn group_fields(&self, act: &Act, typed: &Typed<'_>) -> Result<Vec<(&'static str, String)>, DeskError> {
        let mut fields = typed.canonical(self, &[])?;
        let zone = self.store.columns.store.zone;
        let qr = |(word, value): &&mut (&str, String)| *word == Field::Qr.word() && !value.is_empty();
        for (_, value) in fields.iter_mut().filter(qr) {
            *value = typed::past(Field::Qr, value, act.at, zone, act.lang)?.day(zone).to_string();
        }
        Ok(fields)
    }

    /// Changes fields of a group; a new head count or state is news. `said` is how a count was put, `+3`.
    pub(in crate::desk::command) fn change_group(
        &self,
        draft: &mut Draft,
        id: GroupId,
        fields: &[(&str, String)],
        said: &str,
        at: Timestamp,
    ) {
        let Some(column) = self.store.columns.groups.by_id(id) else { return };
        let mut group = column.body.clone();
        let changes: Vec<Change> = set_all(&mut group, fields);
        if changes.is_empty() {
            return;
        }
        let about = |text: String, number| Around { group: Some(id), text, number, ..Around::default() };
        let counted = changes.iter().any(|change| change.field == "count");
        let state = changes.iter().any(|change| change.field == "state");
        draft.bodies.push(Body::Edited { object: Edited::Group(id), changes });
        if counted && let Some(count) = group.head_count {
            let around = about(said.to_owned(), Some(i64::from(count)));
            draft.happened(ActivityKind::HeadCount, None, at, around);
        }
        if state {
            let word = group.field("state").unwrap_or_default();
            draft.happened(ActivityKind::StateChanged, None, at, about(word, None));
        }
    }

    /// Groups of pasted names: the draft, what it makes, and how many were known.
    pub(super) fn draft_groups(
        &self,
        act: &Act,
        names: &[GroupName],
        account: Option<AccountId>,
    ) -> Result<(Draft, Vec<ObjectId>, usize), DeskError> {
        if let Some(id) = account
            && self.store.columns.accounts.by_id(id).is_none_or(|column| column.body.archived)
        {
            return Err(unknown(Kind::Account, &id.to_string(), act.lang));
        }
        let account = account.or_else(|| self.only_account());
        let mut draft = self.draft(act);
        let (mut made, mut known) = (Vec::new(), 0);
        let mut seen: Vec<String> = Vec::new();
        let mut accounts: Vec<(String, AccountId)> = Vec::new();
        // the account that a line names for those below it, and the one that stood above that line
        let mut heading: Option<(&Option<String>, AccountId)> = None;
        for pasted in names {
            let fields = self.canonical(Kind::Group, Field::Name, &pasted.name, act.lang)?;
            let name = fields.into_iter().map(|(_, name)| name).next().unwrap_or_default();
            if name.is_empty() {
                continue;
            }
            if pasted.head_count.is_none()
                && self.group_called(&name, None).is_none()
                && let Some(id) = self.account_called(&name, None)
            {
                heading = Some((&pasted.account, id));
                continue;
            }
            heading = heading.filter(|(above, _)| **above == pasted.account);
            let folded = fold(&name);
            if seen.contains(&folded) || self.group_called(&name, None).is_some() {
                known += 1;
                continue;
            }
            seen.push(folded);
            let account = match &pasted.account {
                _ if heading.is_some() => heading.map(|(_, id)| id),
                Some(name) => Some(self.account_pasted(act, name, &mut draft, &mut accounts)?),
                None => account,
            };
            let mut group = Group::new(draft.id(), name, act.at);
            group.account = account;
            group.head_count = pasted.head_count;
            group.capacity = pasted.capacity.unwrap_or(0);
            made.push(ObjectId::Group(group.id));
            draft.bodies.push(Body::GroupMade(group));
        }
        Ok((draft, made, known))
    }

    /// The account of that name, one that was made for the same paste, else a new one on WeChat.
    fn account_pasted(
        &self,
        act: &Act,
        name: &str,
        draft: &mut Draft,
        made: &mut Vec<(String, AccountId)>,
    ) -> Result<AccountId, DeskError> {
        let fields = self.canonical(Kind::Account, Field::Name, name, act.lang)?;
        let name = fields.into_iter().map(|(_, name)| name).next().unwrap_or_default();
        let folded = fold(&name);
        let known = made.iter().find(|(called, _)| *called == folded).map(|(_, id)| *id);
        if let Some(id) = known.or_else(|| self.account_called(&name, None)) {
            return Ok(id);
        }
        let account = Account::new(draft.id(), name.clone(), Platform::Wechat, act.at);
        made.push((folded, account.id));
        draft.warnings.push(BookWords::AccountPasted.fill(act.lang, &[("name", &for_display(&name))]));
        let id = account.id;
        draft.bodies.push(Body::AccountMade(account));
        Ok(id)
    }

    /// A refusal with no field: something about the state of things.
    pub(in crate::desk::command) fn refused(words: String) -> DeskError {
        Refusal::new(RefusalKind::State, words).into()
    }
}
