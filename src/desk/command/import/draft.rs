//! The book as a slice has changed it so far.
//!
//! A slice is one record, so nothing of it stands in the store while it is decided; yet its second row may speak
//! of the member that its first row made. Lookups go to the draft first, then to the sheet of a dry run, which
//! remembers what earlier slices would have changed, then to the store.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::brief::Brief;
use super::decided::Slice;
use super::sheet::Sheet;
use crate::book::{
    Account, AccountId, Contact, Fields, Group, GroupId, IdGenerator, Member, MemberId, Membership, Timestamp,
};
use crate::door::reply::Conflict;
use crate::door::rows::MemberRow;
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
    /// What the book contradicts.
    pub conflicts: Vec<Conflict>,
    /// See [`Sheet::given`].
    pub given: Vec<(MemberId, u8)>,
    /// What is told across slices, and what a dry run remembers.
    pub(super) sheet: &'a mut Sheet,
    /// What was looked for: groups by name, alias, chat id and written id, accounts by name, persona and written id.
    groups: HashMap<String, Vec<GroupId>>,
    accounts: HashMap<String, Vec<AccountId>>,
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
        Self {
            store,
            ids,
            at,
            lang,
            import,
            changes: Vec::new(),
            counts: ImportCounts::default(),
            conflicts: Vec::new(),
            given: Vec::new(),
            sheet,
            groups: HashMap::new(),
            accounts: HashMap::new(),
            people: HashMap::new(),
            called: HashMap::new(),
            handles: HashMap::new(),
        }
    }

    /// Notes which fields a row gives of somebody.
    pub(super) fn give(&mut self, id: MemberId, row: &MemberRow) {
        let given = self.sheet.give(id, row);
        self.given.push((id, given));
    }

    /// What was decided, taken out; `rows` from row `from_row` on.
    pub(super) fn decided(&mut self, from_row: u32, rows: u32) -> Slice {
        Slice {
            from_row,
            rows,
            changes: std::mem::take(&mut self.changes),
            counts: self.counts,
            conflicts: std::mem::take(&mut self.conflicts),
            given: std::mem::take(&mut self.given),
        }
    }

    /// Ends the slice of a dry run: the sheet remembers what it would have changed.
    pub(super) fn remember(self) {
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
                sheet.call(word, person);
            }
        }
    }

    /// Ends a slice that will stand in the book: names that many have learn who got one.
    pub(super) fn settle(self) {
        let Self { sheet, people, .. } = self;
        for person in people.values().filter(|person| person.changed) {
            for word in person.words() {
                if let Some(crowd) = sheet.crowds.get_mut(word) {
                    crowd.add(person.member.id, &Brief::Here(person));
                }
            }
        }
    }

    /// A known group learns its chat id.
    pub(super) fn learn_chat(&mut self, chat: String, id: GroupId) {
        self.groups.remove(&chat);
        self.sheet.chats.push((chat, id));
    }

    /// The groups that a text names: those of the book, then those that were made, then those that have learnt it.
    pub(super) fn groups_called(&mut self, text: &str) -> &[GroupId] {
        if !self.groups.contains_key(text) {
            let id = text.parse().ok();
            let is_called = |group: &Group| {
                group.name == text
                    || (!text.is_empty() && group.chat_id == text)
                    || group.aliases.iter().any(|alias| alias == text)
                    || id == Some(group.id)
            };
            let known = self.store.columns.groups.iter().map(|(_, _, group)| &group.body);
            let groups = known.filter(|group| !group.archived).chain(&self.sheet.groups);
            let mut ids: Vec<GroupId> =
                groups.filter(|group| is_called(group)).map(|group| group.id).collect();
            let learnt = self.sheet.chats.iter().filter(|(chat, _)| chat == text);
            for (_, id) in learnt {
                if !ids.contains(id) {
                    ids.push(*id);
                }
            }
            self.groups.insert(text.to_owned(), ids);
        }
        self.groups.get(text).map_or(&[], Vec::as_slice)
    }

    /// The accounts that a text names.
    pub(super) fn accounts_called(&mut self, text: &str) -> &[AccountId] {
        if !self.accounts.contains_key(text) {
            let id = text.parse().ok();
            let is_called =
                |account: &Account| account.name == text || account.persona == text || id == Some(account.id);
            let known = self.store.columns.accounts.iter().map(|(_, _, account)| &account.body);
            let accounts = known.filter(|account| !account.archived).chain(&self.sheet.accounts);
            let named = accounts.filter(|account| is_called(account)).map(|account| account.id);
            self.accounts.insert(text.to_owned(), named.collect());
        }
        self.accounts.get(text).map_or(&[], Vec::as_slice)
    }

    /// Says about a row what the book contradicts.
    pub(super) fn conflict(&mut self, conflict: Conflict) {
        self.conflicts.push(conflict);
    }

    /// Does not take a row.
    pub(super) fn refuse(&mut self, conflict: Conflict) {
        self.counts.refused += 1;
        self.conflicts.push(conflict);
    }

    /// The body of a group, made or known.
    pub(super) fn group(&self, id: GroupId) -> Option<&Group> {
        let made = || self.sheet.groups.iter().find(|group| group.id == id);
        self.store.columns.groups.by_id(id).map(|column| &column.body).or_else(made)
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

    /// Somebody whom this slice has looked at or changed.
    pub(super) fn here(&self, id: MemberId) -> Option<&Person> {
        self.people.get(&id)
    }

    /// Takes a change into the draft.
    pub(super) fn change(&mut self, body: Body) {
        match &body {
            Body::AccountMade(account) => {
                self.accounts.clear();
                self.sheet.accounts.push(account.clone());
            }
            Body::GroupMade(group) => {
                self.groups.clear();
                self.sheet.groups.push(group.clone());
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
