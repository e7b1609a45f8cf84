//! The book as a slice has changed it so far.
//!
//! A slice is one record, so nothing of it stands in the store while it is decided; yet its second row may speak
//! of the member that its first row made. Lookups go to the draft first, then to the sheet of a dry run, which
//! remembers what earlier slices would have changed, then to the store.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::sheet::Sheet;
use crate::book::{
    Account, AccountId, Contact, Fields, Group, GroupId, IdGenerator, Member, MemberId, Membership, Timestamp,
};
use crate::door::reply::Conflict;
use crate::store::imported::Imported;
use crate::store::record::{Edited, ImportCounts};
use crate::store::{Body, Store, StoreError, keys};
use crate::text::lang::Lang;

/// How many merges are followed from one member to the next.
const MERGES_MAX: usize = 8;

/// A member with all that an import looks at.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Person {
    pub member: Member,
    pub contacts: Vec<Contact>,
    pub stays: Vec<Membership>,
    pub imported: Imported,
    /// True once the import changed them.
    pub changed: bool,
}

impl Person {
    /// What they are called by, and their phone.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        let member = &self.member;
        let nicknames = self.stays.iter().map(|stay| stay.nickname.as_str());
        [member.name.as_str(), &member.remark, &member.phone]
            .into_iter()
            .chain(nicknames)
            .filter(|word| !word.is_empty())
    }

    /// The latest stay in a group.
    pub(super) fn stay(&self, group: GroupId) -> Option<&Membership> {
        self.stays.iter().filter(|stay| stay.group == group).max_by_key(|stay| stay.spell)
    }
}

/// A slice while it is decided.
pub(super) struct Draft<'a> {
    pub store: &'a Store,
    pub ids: &'a mut IdGenerator,
    pub at: Timestamp,
    pub lang: Lang,
    pub import: u32,
    pub changes: Vec<Body>,
    /// What became of this slice's rows.
    pub counts: ImportCounts,
    /// What is told across slices, and what a dry run remembers.
    pub(super) sheet: &'a mut Sheet,
    /// Groups by name, alias, chat id and written id.
    pub groups: HashMap<String, Vec<GroupId>>,
    pub accounts: HashMap<String, Vec<AccountId>>,
    made_groups: HashMap<GroupId, Group>,
    people: HashMap<MemberId, Person>,
    pub(super) called: HashMap<String, Vec<MemberId>>,
    handles: HashMap<(String, String), MemberId>,
}

impl<'a> Draft<'a> {
    pub(super) fn new(
        store: &'a Store,
        ids: &'a mut IdGenerator,
        at: Timestamp,
        lang: Lang,
        import: u32,
        sheet: &'a mut Sheet,
    ) -> Self {
        let mut draft = Self {
            store,
            ids,
            at,
            lang,
            import,
            changes: Vec::new(),
            counts: ImportCounts::default(),
            sheet,
            groups: HashMap::new(),
            accounts: HashMap::new(),
            made_groups: HashMap::new(),
            people: HashMap::new(),
            called: HashMap::new(),
            handles: HashMap::new(),
        };
        for (_, _, group) in store.columns.groups.iter().filter(|(_, _, group)| !group.body.archived) {
            draft.name_group(&group.body);
        }
        for (_, _, account) in store.columns.accounts.iter().filter(|(_, _, account)| !account.body.archived)
        {
            draft.name_account(&account.body);
        }
        for account in draft.sheet.accounts.clone() {
            draft.name_account(&account);
        }
        for group in draft.sheet.groups.clone() {
            draft.name_group(&group);
            draft.made_groups.insert(group.id, group);
        }
        for (chat, id) in draft.sheet.chats.clone() {
            draft.groups.entry(chat).or_default().push(id);
        }
        draft
    }

    /// Ends the slice of a dry run: the sheet remembers what it would have changed.
    pub(super) fn remember(self) -> Result<(), StoreError> {
        let Self { sheet, people, handles, .. } = self;
        for ((platform, handle), id) in handles {
            sheet.note_handle(&platform, &handle, id);
        }
        let changed: Vec<Person> = people.into_values().filter(|person| person.changed).collect();
        for person in &changed {
            sheet.keep(person);
        }
        for person in &changed {
            for word in person.words() {
                sheet.call(word, person)?;
            }
        }
        Ok(())
    }

    /// Ends a slice that will stand in the book: names that many have learn who got one.
    pub(super) fn settle(self) {
        let Self { sheet, people, .. } = self;
        for person in people.values().filter(|person| person.changed) {
            for word in person.words() {
                if let Some(crowd) = sheet.crowds.get_mut(word) {
                    crowd.add(person);
                }
            }
        }
    }

    /// A known group learns its chat id.
    pub(super) fn learn_chat(&mut self, chat: String, id: GroupId) {
        self.groups.entry(chat.clone()).or_default().push(id);
        self.sheet.chats.push((chat, id));
    }

    fn name_group(&mut self, group: &Group) {
        let names = [&group.name, &group.chat_id].into_iter().chain(&group.aliases).cloned();
        for name in names.chain([group.id.to_string()]).filter(|name| !name.is_empty()) {
            let known = self.groups.entry(name).or_default();
            if !known.contains(&group.id) {
                known.push(group.id);
            }
        }
    }

    fn name_account(&mut self, account: &Account) {
        for name in [account.name.clone(), account.persona.clone(), account.id.to_string()] {
            let known = self.accounts.entry(name).or_default();
            if !known.contains(&account.id) {
                known.push(account.id);
            }
        }
    }

    /// Says about a row what the book contradicts.
    pub(super) fn conflict(&mut self, conflict: Conflict) {
        self.sheet.conflict(conflict);
    }

    /// Does not take a row.
    pub(super) fn refuse(&mut self, conflict: Conflict) {
        self.counts.refused += 1;
        self.sheet.conflict(conflict);
    }

    /// The body of a group, made or known.
    pub(super) fn group(&self, id: GroupId) -> Option<&Group> {
        self.made_groups.get(&id).or_else(|| self.store.columns.groups.by_id(id).map(|column| &column.body))
    }

    /// A member as this draft sees them; none for one that is not in the book.
    pub(super) fn person(&mut self, id: MemberId) -> Result<Option<&Person>, StoreError> {
        if !self.people.contains_key(&id)
            && let Some(person) = self.sheet.person(id)?
        {
            self.people.insert(id, person);
        }
        if !self.people.contains_key(&id) {
            let Some(member) = self.store.member(id)? else { return Ok(None) };
            let bodies = &self.store.bodies;
            let person = Person {
                member,
                contacts: bodies.list(&keys::contacts(id), usize::MAX)?,
                stays: bodies.list(&keys::memberships(id), usize::MAX)?,
                imported: Imported::of(id, bodies)?,
                changed: false,
            };
            self.people.insert(id, person);
        }
        Ok(self.people.get(&id))
    }

    /// Whom an id means today: a merged member is the one they were merged into, an archived one is nobody.
    pub(super) fn living(&mut self, mut id: MemberId) -> Result<Option<MemberId>, StoreError> {
        for _ in 0..MERGES_MAX {
            match self.person(id)?.map(|person| (person.member.merged_into, person.member.archived)) {
                Some((Some(into), _)) => id = into,
                Some((None, false)) => return Ok(Some(id)),
                _ => return Ok(None),
            }
        }
        Ok(None)
    }

    /// Who has a handle.
    pub(super) fn handle(&self, platform: &str, id: &str) -> Result<Option<MemberId>, StoreError> {
        if let Some(member) = self.handles.get(&(platform.to_owned(), id.to_owned())) {
            return Ok(Some(*member));
        }
        if let Some(member) = self.sheet.handle(platform, id) {
            return Ok(Some(member));
        }
        Ok(self.store.bodies.get(&keys::handle(platform, id))?.and_then(|bytes| keys::id_from(&bytes)))
    }

    /// True where somebody is or was in the group, or is known to the account. Cheap: no body of the store is read.
    pub(super) fn is_about(&self, id: MemberId, group: Option<GroupId>, account: Option<AccountId>) -> bool {
        let kept = if self.people.contains_key(&id) { None } else { self.sheet.person(id).ok().flatten() };
        if let Some(person) = self.people.get(&id).or(kept.as_ref()) {
            return group.is_some_and(|group| person.stay(group).is_some())
                || account.is_some_and(|account| person.contacts.iter().any(|c| c.account == account));
        }
        let columns = &self.store.columns;
        let Some(member) = columns.members.by_id(id) else { return false };
        let group = group.and_then(|id| columns.groups.row(id));
        let account = account.and_then(|id| columns.accounts.row(id));
        group.is_some_and(|row| member.stays().any(|stay| stay.group == row))
            || account.is_some_and(|row| member.contacts().any(|contact| contact.account == row))
    }

    /// True where the import may have changed somebody already.
    fn is_changed(&self, id: MemberId) -> bool {
        self.people.contains_key(&id) || self.sheet.has(id)
    }

    /// False where somebody certainly did not come to the group at that instant. Cheap: no body is read.
    pub(super) fn came_then(&self, id: MemberId, group: GroupId, at: Timestamp) -> bool {
        let columns = &self.store.columns;
        let Some(member) = columns.members.by_id(id).filter(|_| !self.is_changed(id)) else {
            return true;
        };
        // only the latest stay stands in the column
        let stay = columns.groups.row(group).and_then(|row| member.stays().find(|stay| stay.group == row));
        stay.is_none_or(|stay| stay.spell > 1 || stay.joined_at == Some(at))
    }

    /// Takes a change into the draft.
    pub(super) fn change(&mut self, body: Body) {
        match &body {
            Body::AccountMade(account) => {
                self.name_account(account);
                self.sheet.accounts.push(account.clone());
            }
            Body::GroupMade(group) => {
                self.name_group(group);
                self.sheet.groups.push(group.clone());
                self.made_groups.insert(group.id, group.clone());
            }
            Body::MemberMade(member) => {
                let person = Person {
                    member: member.clone(),
                    contacts: Vec::new(),
                    stays: Vec::new(),
                    imported: Imported::default(),
                    changed: true,
                };
                self.people.insert(member.id, person);
                self.find_by(member.id);
            }
            Body::Edited { object: Edited::Member(id), changes } => {
                if let Some(person) = self.people.get_mut(id) {
                    for change in changes {
                        // what could be set here can be set when the record is applied
                        let _ = person.member.set_field(&change.field, &change.after);
                    }
                }
                self.find_by(*id);
            }
            Body::ContactSet { after: Some(contact), .. } => {
                if let Some(person) = self.people.get_mut(&contact.member) {
                    person.contacts.retain(|c| c.account != contact.account);
                    person.contacts.push(contact.clone());
                }
            }
            Body::MembershipSet { after: Some(stay), .. } => {
                if let Some(person) = self.people.get_mut(&stay.member) {
                    person.stays.retain(|s| (s.group, s.spell) != (stay.group, stay.spell));
                    person.stays.push(stay.clone());
                }
                if !stay.nickname.is_empty() {
                    self.call(&stay.nickname, stay.member);
                }
            }
            _ => {}
        }
        if let Some(person) = body.members().first().and_then(|id| self.people.get_mut(id)) {
            person.imported.note(&body);
            person.changed = true;
        }
        self.changes.push(body);
    }

    fn call(&mut self, word: &str, id: MemberId) {
        let known = self.called.entry(word.to_owned()).or_default();
        if !known.contains(&id) {
            known.push(id);
        }
    }

    fn find_by(&mut self, id: MemberId) {
        let Some(person) = self.people.get(&id) else { return };
        let member = &person.member;
        let words = [member.name.clone(), member.remark.clone(), member.phone.clone()];
        for handle in &member.handles {
            self.handles.insert((handle.platform.word().to_owned(), handle.id.clone()), id);
        }
        for word in words.iter().filter(|word| !word.is_empty()) {
            self.call(word, id);
        }
    }

    /// Lets go of whom nothing was changed about: the store still knows them.
    pub(super) fn let_go(&mut self, id: MemberId) {
        if self.people.get(&id).is_some_and(|person| !person.changed) {
            self.people.remove(&id);
        }
    }
}
