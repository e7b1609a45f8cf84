//! Drafts: what a command is about to change, worked out whole before anything is staged.
//!
//! A command may touch one member several times (made, joined, befriended, tagged), and each step builds on the
//! one before although nothing is in the book yet. So a draft loads a member once as a [`Person`], changes that
//! copy, and notes the bodies that say so. A refusal drops the draft, and nothing has happened.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use chrono_tz::Tz;

use super::super::Desk;
use super::super::act::{Act, DeskError};
use super::super::words::book::BookWords;
use crate::book::{
    AccountId, Activity, ActivityKind, Contact, ContactState, Fields, GroupId, IdGenerator, Member, MemberId,
    Membership, MembershipRole, Source, Stated, Timestamp,
};
use crate::store::record::{Change, Edited};
use crate::store::{Body, StoreError, keys};
use crate::text::clean::for_display;
use crate::text::lang::Lang;

/// A member as a draft sees them.
pub(super) struct Person {
    pub member: Member,
    pub contacts: Vec<Contact>,
    pub stays: Vec<Membership>,
}

impl Person {
    /// The stay that goes on in a group.
    pub(super) fn stay(&self, group: GroupId) -> Option<&Membership> {
        self.stays.iter().find(|stay| stay.group == group && stay.left_at.is_none())
    }

    /// How they stand with an account.
    pub(super) fn contact(&self, account: AccountId) -> Option<&Contact> {
        self.contacts.iter().find(|contact| contact.account == account)
    }

    /// What we call them, cleaned for display.
    pub(super) fn called(&self) -> String {
        for_display(self.member.called()).into_owned()
    }
}

/// Bodies of one act before they are staged.
pub(super) struct Draft {
    pub bodies: Vec<Body>,
    /// Things a human should know although it works.
    pub warnings: Vec<String>,
    pub persons: BTreeMap<MemberId, Person>,
    ids: IdGenerator,
    /// When it is said.
    pub now: Timestamp,
    zone: Tz,
    pub lang: Lang,
}

/// What belongs to an activity besides its kind and member.
#[derive(Clone, Default)]
pub(super) struct Around {
    pub group: Option<GroupId>,
    pub account: Option<AccountId>,
    pub amount: Option<crate::book::Money>,
    pub number: Option<i64>,
    pub text: String,
}

impl Draft {
    /// Takes in what another draft changes, which was begun after this one ([`Desk::go_on_from`]).
    pub(super) fn take_in(&mut self, later: Self) {
        self.bodies.extend(later.bodies);
        self.warnings.extend(later.warnings);
        self.ids = later.ids;
    }

    /// The next id of any kind.
    pub(super) fn id<I: crate::book::id::Id>(&mut self) -> I {
        self.ids.next(self.now)
    }

    /// The member as drafted so far; loaded from the book when first asked for.
    pub(super) fn person(&mut self, desk: &Desk, id: MemberId) -> Result<Option<&mut Person>, StoreError> {
        if let Entry::Vacant(place) = self.persons.entry(id) {
            let Some(member) = desk.store.member(id)? else { return Ok(None) };
            let contacts = desk.store.bodies.list(&keys::contacts(id), usize::MAX)?;
            let stays = desk.store.bodies.list(&keys::memberships(id), usize::MAX)?;
            place.insert(Person { member, contacts, stays });
        }
        Ok(self.persons.get_mut(&id))
    }

    /// A member who is not in the book yet.
    pub(super) fn make(&mut self, member: Member) -> MemberId {
        let id = member.id;
        self.bodies.push(Body::MemberMade(member.clone()));
        self.persons.insert(id, Person { member, contacts: Vec::new(), stays: Vec::new() });
        id
    }

    /// Notes that something happened.
    pub(super) fn happened(
        &mut self,
        kind: ActivityKind,
        member: Option<MemberId>,
        at: Timestamp,
        around: Around,
    ) {
        let activity = Activity {
            id: self.id(),
            kind,
            member,
            group: around.group,
            account: around.account,
            at: Stated::new(at, self.zone),
            source: Source::QuickEntry,
            reference: String::new(),
            amount: around.amount,
            number: around.number,
            text: around.text,
        };
        self.bodies.push(Body::Happened(activity));
    }

    /// Sets fields of a member from canonical text; one body says what really changed.
    pub(super) fn set_fields(&mut self, id: MemberId, fields: &[(&str, String)]) -> Vec<Change> {
        let Some(person) = self.persons.get_mut(&id) else { return Vec::new() };
        let changes = set_all(&mut person.member, fields);
        if !changes.is_empty() {
            self.bodies.push(Body::Edited { object: Edited::Member(id), changes: changes.clone() });
        }
        changes
    }

    /// Adds or replaces a contact.
    pub(super) fn set_contact(&mut self, after: Contact) {
        let Some(person) = self.persons.get_mut(&after.member) else { return };
        let before = person.contact(after.account).cloned();
        if before.as_ref() == Some(&after) {
            return;
        }
        person.contacts.retain(|contact| contact.account != after.account);
        person.contacts.push(after.clone());
        self.bodies.push(Body::ContactSet { before, after: Some(after) });
    }

    /// Adds or replaces a stay.
    pub(super) fn set_stay(&mut self, after: Membership) {
        let Some(person) = self.persons.get_mut(&after.member) else { return };
        let same = |stay: &Membership| (stay.group, stay.spell) == (after.group, after.spell);
        let before = person.stays.iter().find(|stay| same(stay)).cloned();
        if before.as_ref() == Some(&after) {
            return;
        }
        person.stays.retain(|stay| !same(stay));
        person.stays.push(after.clone());
        self.bodies.push(Body::MembershipSet { before, after: Some(after) });
    }

    /// A stay that begins: the next spell of this member in that group.
    pub(super) fn next_stay(
        &self,
        member: MemberId,
        group: GroupId,
        joined_at: Option<Timestamp>,
    ) -> Membership {
        let stays = self.persons.get(&member).map(|person| person.stays.as_slice()).unwrap_or_default();
        let last = stays.iter().filter(|stay| stay.group == group).map(|stay| stay.spell).max();
        Membership {
            member,
            group,
            spell: last.unwrap_or(0) + 1,
            joined_at,
            left_at: None,
            role: MembershipRole::Plain,
            nickname: String::new(),
            inviter: None,
        }
    }

    /// They joined a group: news. False when they are in it.
    pub(super) fn join(&mut self, member: MemberId, group: GroupId, at: Timestamp) -> bool {
        if self.persons.get(&member).is_some_and(|person| person.stay(group).is_some()) {
            return false;
        }
        self.set_stay(self.next_stay(member, group, Some(at)));
        let around = Around { group: Some(group), ..Around::default() };
        self.happened(ActivityKind::Joined, Some(member), at, around);
        true
    }

    /// They are in a group, nobody knows since when: what they did there says so. Who was in it before is not put back.
    pub(super) fn is_in(&mut self, member: MemberId, group: GroupId) {
        if self.persons.get(&member).is_some_and(|person| person.stays.iter().all(|s| s.group != group)) {
            self.set_stay(self.next_stay(member, group, None));
        }
    }

    /// They left a group: news. False when they had left; who was never known to be in it leaves all the same.
    pub(super) fn leave(&mut self, member: MemberId, group: GroupId, at: Timestamp) -> bool {
        let Some(person) = self.persons.get(&member) else { return false };
        let stay = match person.stay(group) {
            Some(stay) => stay.clone(),
            None if person.stays.iter().any(|stay| stay.group == group) => return false,
            None => self.next_stay(member, group, None),
        };
        self.set_stay(Membership { left_at: Some(at), ..stay });
        let around = Around { group: Some(group), ..Around::default() };
        self.happened(ActivityKind::Left, Some(member), at, around);
        true
    }

    /// They and an account came to stand so: news where it is. False when they stood so already.
    pub(super) fn stand(
        &mut self,
        member: MemberId,
        account: AccountId,
        state: ContactState,
        at: Timestamp,
        group: Option<GroupId>,
    ) -> bool {
        let Some(person) = self.persons.get(&member) else { return false };
        let known = person.contact(account).cloned();
        if known.as_ref().is_some_and(|contact| contact.state == state) {
            return false;
        }
        let known = known.unwrap_or_else(|| new_contact(member, account, state));
        let since = if state == ContactState::Friend { Some(at) } else { known.since };
        self.set_contact(Contact { since, state, ..known });
        if let Some(kind) = news_of(state) {
            self.happened(
                kind,
                Some(member),
                at,
                Around { group, account: Some(account), ..Around::default() },
            );
        }
        true
    }

    /// Notes which tags and stage are new: playbooks and counts look at what happened.
    pub(super) fn tell_changes(&mut self, member: MemberId, changes: &[Change], at: Timestamp) {
        for change in changes {
            let items = |text: &str| -> Vec<String> {
                text.split(',').filter(|item| !item.is_empty()).map(str::to_owned).collect()
            };
            match change.field.as_str() {
                "tags" => {
                    let (before, after) = (items(&change.before), items(&change.after));
                    for text in after.iter().filter(|tag| !before.contains(tag)).cloned() {
                        let around = Around { text, ..Around::default() };
                        self.happened(ActivityKind::Tagged, Some(member), at, around);
                    }
                    for text in before.iter().filter(|tag| !after.contains(tag)).cloned() {
                        let around = Around { text, ..Around::default() };
                        self.happened(ActivityKind::Untagged, Some(member), at, around);
                    }
                }
                "stage" if !change.after.is_empty() => {
                    let around = Around { text: change.after.clone(), ..Around::default() };
                    self.happened(ActivityKind::StageChanged, Some(member), at, around);
                }
                _ => {}
            }
        }
    }
}

/// A contact of which only the state is known.
pub(super) fn new_contact(member: MemberId, account: AccountId, state: ContactState) -> Contact {
    Contact { member, account, since: None, state, remark: String::new(), search_term: String::new() }
}

/// What happened when a contact comes to stand so.
pub(super) const fn news_of(state: ContactState) -> Option<ActivityKind> {
    match state {
        ContactState::Friend => Some(ActivityKind::Added),
        ContactState::DeletedUs => Some(ActivityKind::Unfriended),
        ContactState::Blocked => Some(ActivityKind::Blocked),
        ContactState::NotYet | ContactState::Pending => None,
    }
}

/// Sets canonical fields of an object and gives what really changed. A text that is no value changes nothing:
/// whoever made it canonical has checked it.
pub(super) fn set_all<T: Fields>(object: &mut T, fields: &[(&str, String)]) -> Vec<Change> {
    let mut changes = Vec::new();
    for (word, text) in fields {
        let before = object.field(word).unwrap_or_default();
        if object.set_field(word, text).is_err() {
            continue;
        }
        let after = object.field(word).unwrap_or_default();
        if before != after {
            changes.push(Change { field: (*word).to_owned(), before, after });
        }
    }
    changes
}

impl Desk {
    /// An empty draft of an act.
    pub(super) fn draft(&self, act: &Act) -> Draft {
        Draft {
            bodies: Vec::new(),
            warnings: Vec::new(),
            persons: BTreeMap::new(),
            ids: self.ids.clone(),
            now: act.at,
            zone: self.store.columns.store.zone,
            lang: act.lang,
        }
    }

    /// Lets the next draft give ids that this one has not.
    pub(super) fn go_on_from(&mut self, draft: &Draft) {
        self.ids = draft.ids.clone();
    }

    /// Stages a draft; gives the sentence that names it and the warnings.
    pub(super) fn carry_out(&mut self, act: &Act, draft: Draft) -> Result<(String, Vec<String>), DeskError> {
        self.ids = draft.ids;
        let bodies = draft.bodies.clone();
        self.perform(act, draft.bodies)?;
        Ok((self.describe(&bodies, act.lang), draft.warnings))
    }

    /// Says that a new member has namesakes, and what tells them apart.
    pub(super) fn warn_of_namesakes(&self, draft: &mut Draft, name: &str) {
        let folded = crate::text::fold::fold(name);
        let columns = &self.store.columns;
        let same = columns
            .members
            .iter()
            .filter(|(_, _, member)| !member.archived && crate::text::fold::fold(member.name()) == folded)
            .take(3);
        for (_, id, _) in same {
            let hint = self.member_hint(id);
            let name = for_display(name).into_owned();
            draft.warnings.push(BookWords::Namesake.fill(draft.lang, &[("name", &name), ("hint", &hint)]));
        }
    }
}
