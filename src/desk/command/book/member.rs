//! Members: who they are, and which groups and accounts know them.
//!
//! Coming into a group and becoming a friend is told as news, whether it stands in a form or in quick entry:
//! that is what playbooks begin from. A form names the groups somebody is in now; what it no longer names, they
//! have left.

use super::super::super::Desk;
use super::super::super::act::{Act, DeskError};
use super::super::super::words::book::BookWords;
use super::super::draft::Draft;
use super::{Typed, typed};
use crate::book::{ContactState, Member, MemberId, ObjectId};
use crate::door::form::Field;
use crate::store::keys;
use crate::text::clean::for_display;

/// Fields that are links and not the member's own.
const LINKS: &[Field] = &[Field::Group, Field::FriendOf];

impl Desk {
    pub(super) fn make_member(
        &self,
        act: &Act,
        typed: &Typed<'_>,
    ) -> Result<(Draft, Vec<ObjectId>), DeskError> {
        let fields = typed.canonical(self, LINKS)?;
        let groups = self.groups_in(Field::Group, typed.value(Field::Group).unwrap_or_default(), act.lang)?;
        let accounts =
            self.accounts_in(Field::FriendOf, typed.value(Field::FriendOf).unwrap_or_default(), act.lang)?;
        let mut draft = self.draft(act);
        let mut member = Member::new(draft.id(), "", act.at);
        let changes = super::super::draft::set_all(&mut member, &fields);
        self.handles_are_free(&member, act)?;
        self.warn_of_namesakes(&mut draft, member.called());
        let id = draft.make(member);
        draft.tell_changes(id, &changes, act.at);
        for group in groups {
            draft.warnings.extend(self.nobody_joins(group, act.lang));
            draft.join(id, group, act.at);
        }
        for account in accounts {
            draft.stand(id, account, ContactState::Friend, act.at, None);
        }
        Ok((draft, vec![ObjectId::Member(id)]))
    }

    pub(super) fn edit_member(&self, act: &Act, id: MemberId, typed: &Typed<'_>) -> Result<Draft, DeskError> {
        self.present_member(id, act.lang)?;
        let fields = typed.canonical(self, LINKS)?;
        let groups = typed
            .value(Field::Group)
            .map(|value| self.groups_in(Field::Group, value, act.lang))
            .transpose()?;
        let accounts = typed
            .value(Field::FriendOf)
            .map(|value| self.accounts_in(Field::FriendOf, value, act.lang))
            .transpose()?;
        let mut draft = self.draft(act);
        draft.person(self, id)?;
        let changes = draft.set_fields(id, &fields);
        if let Some(person) = draft.persons.get(&id) {
            self.handles_are_free(&person.member, act)?;
        }
        draft.tell_changes(id, &changes, act.at);
        if let Some(groups) = groups {
            let present: Vec<_> = draft.persons.get(&id).map_or_else(Vec::new, |person| {
                person.stays.iter().filter(|stay| stay.left_at.is_none()).map(|stay| stay.group).collect()
            });
            // a group that is archived is not named by a form, and is not left by it
            let shown = |group: &crate::book::GroupId| {
                self.store.columns.groups.by_id(*group).is_some_and(|column| !column.body.archived)
            };
            for group in present.iter().filter(|group| shown(group) && !groups.contains(group)) {
                draft.leave(id, *group, act.at);
            }
            for group in groups {
                draft.join(id, group, act.at);
            }
        }
        if let Some(accounts) = accounts {
            let friends: Vec<_> = draft.persons.get(&id).map_or_else(Vec::new, |person| {
                let friends = person.contacts.iter().filter(|c| c.state == ContactState::Friend);
                friends.map(|contact| contact.account).collect()
            });
            let shown = |account: &crate::book::AccountId| {
                self.store.columns.accounts.by_id(*account).is_some_and(|column| !column.body.archived)
            };
            for account in friends.iter().filter(|account| shown(account) && !accounts.contains(account)) {
                draft.stand(id, *account, ContactState::DeletedUs, act.at, None);
            }
            for account in accounts {
                draft.stand(id, account, ContactState::Friend, act.at, None);
            }
        }
        Ok(draft)
    }

    /// A platform's id names one human.
    fn handles_are_free(&self, member: &Member, act: &Act) -> Result<(), DeskError> {
        for handle in &member.handles {
            let key = keys::handle(handle.platform.word(), &handle.id);
            let owner: Option<MemberId> =
                self.store.bodies.get(&key)?.and_then(|bytes| keys::id_from(&bytes));
            if let Some(owner) = owner.filter(|owner| *owner != member.id) {
                let shown = format!("{}:{}", handle.platform, for_display(&handle.id));
                let name = self.display_name(crate::book::Target::Member(owner));
                let words = BookWords::HandleTaken.fill(act.lang, &[("handle", &shown), ("name", &name)]);
                return Err(typed::invalid(Field::Handles, &shown, words, String::new()).about(name).into());
            }
        }
        Ok(())
    }
}
