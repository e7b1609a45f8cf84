//! What a row changes.

use super::crowd::Wanted;
use super::draft::Draft;
use super::identity::Who;
use super::naming::Named;
use super::words::Words;
use crate::book::{
    AccountId, Activity, ActivityKind, Birthday, Contact, ContactState, Fields, GroupId, Handle, Member,
    MemberId, Membership, MembershipRole, Platform, Source, Stage, Stated, Timestamp,
};
use crate::door::form::Field;
use crate::door::reply::{Cell, Conflict};
use crate::door::rows::{Gender, MemberRow};
use crate::store::imported::place_of;
use crate::store::record::{Change, Edited};
use crate::store::{Body, StoreError};

impl Draft<'_> {
    /// Decides one row: adds its changes, counts it in the report. A row that is not taken changes nothing.
    pub(super) fn decide(&mut self, row: &MemberRow) -> Result<(), StoreError> {
        let account = self.account_named(row);
        let known_account = match account {
            Named::One(id) => Some(id),
            _ => None,
        };
        let groups = self.groups_named(row, known_account);
        let several = groups.iter().find(|(_, named)| matches!(named, Named::Several));
        let doubt = match (&account, several) {
            (Named::Several, _) => {
                let name = row.account.clone().unwrap_or_default();
                Some((Cell::Account, Words::SeveralAccounts.fill(self.lang, &[("name", &name)]), name))
            }
            (_, Some((name, _))) => {
                Some((Cell::Group, Words::SeveralGroups.fill(self.lang, &[("name", name)]), name.clone()))
            }
            _ => None,
        };
        if let Some((about, words, value)) = doubt {
            self.refuse(Conflict { line: row.line, about, value, words, refused: true });
            return Ok(());
        }
        let who = match self.who_in(row, &groups, known_account)? {
            Who::Doubtful(conflict) => {
                self.refuse(conflict);
                return Ok(());
            }
            Who::Known(member) => Some(member),
            Who::New => None,
        };
        let before = self.changes.len();
        let account = match account {
            Named::Unknown => self.make_account(row),
            _ => known_account,
        };
        self.tell_several(row, &groups);
        let mut stays = Vec::with_capacity(groups.len());
        for (name, named) in groups {
            stays.push(match named {
                Named::One(id) => {
                    self.note_chat(id, row);
                    id
                }
                _ => self.make_group(row, &name, account),
            });
        }
        let member = match who {
            Some(member) => {
                self.update(member, row)?;
                member
            }
            None => self.make(row),
        };
        // in a list of a group's members the account column says who listed them, not who is whose friend
        if let Some(account) = account.filter(|_| row.added_at.is_some() || stays.is_empty()) {
            self.befriend(member, account, row)?;
        }
        for group in stays {
            self.settle_in(member, group, row)?;
        }
        let counts = &mut self.counts;
        let count = match (who, self.changes.len() > before) {
            (None, _) => &mut counts.new,
            (Some(_), true) => &mut counts.changed,
            (Some(_), false) => &mut counts.unchanged,
        };
        *count += 1;
        self.let_go(member);
        Ok(())
    }

    /// Whom a row means: whoever is found by one of its groups.
    fn who_in(
        &mut self,
        row: &MemberRow,
        groups: &[(String, Named<GroupId>)],
        account: Option<AccountId>,
    ) -> Result<Who, StoreError> {
        let mut known = groups.iter().filter_map(|(_, named)| match named {
            Named::One(id) => Some(*id),
            _ => None,
        });
        let mut who = self.who(row, known.next(), account)?;
        for group in known {
            if matches!(who, Who::New) {
                who = self.who(row, Some(group), account)?;
            }
        }
        Ok(who)
    }

    /// Says once of a cell that it names several groups.
    fn tell_several(&mut self, row: &MemberRow, groups: &[(String, Named<GroupId>)]) {
        let cell = row.group.clone().unwrap_or_default();
        if groups.len() < 2 || !self.sheet.several_told.insert(cell.clone()) {
            return;
        }
        let names = groups.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ");
        let words = Words::GroupsApart.fill(self.lang, &[("n", &groups.len()), ("names", &names)]);
        self.told(row, Cell::Group, cell, words);
    }

    /// Says what was left as it is; the row is taken.
    pub(super) fn told(&mut self, row: &MemberRow, about: Cell, value: String, words: String) {
        self.conflict(Conflict { line: row.line, about, value, words, refused: false });
    }

    fn make(&mut self, row: &MemberRow) -> MemberId {
        let mut member = Member::new(self.ids.next(self.at), &row.name, self.at);
        for (field, text) in values(row) {
            // a value that is none of this field's is left out; the reader of the file has named it
            let _ = member.set_field(field, &text);
        }
        for (field, items) in lists(row) {
            let _ = member.set_field(field, &items.join(","));
        }
        // handles are unique: one that another member has stays theirs
        let theirs: Vec<Handle> = std::mem::take(&mut member.handles)
            .into_iter()
            .filter(|h| matches!(self.handle(h.platform.word(), &h.id), Ok(None)))
            .collect();
        member.handles = theirs;
        let id = member.id;
        self.give(id, row);
        self.change(Body::MemberMade(member));
        id
    }

    fn update(&mut self, id: MemberId, row: &MemberRow) -> Result<(), StoreError> {
        let lang = self.lang;
        let mut changes = Vec::new();
        let mut kept = Vec::new();
        let mut taken: Vec<String> = Vec::new();
        for (platform, handle) in &row.handles {
            if self.handle(platform, handle)?.is_some_and(|owner| owner != id) {
                taken.push(format!("{platform}:{handle}"));
            }
        }
        let given = self.sheet.given.get(&id).copied().unwrap_or_default();
        self.give(id, row);
        let Some(person) = self.person(id)? else { return Ok(()) };
        for (field, text) in values(row) {
            let before = person.member.field(field).unwrap_or_default();
            let mut after = person.member.clone();
            if after.set_field(field, &text).is_err() {
                continue;
            }
            let text = after.field(field).unwrap_or_default();
            if before == text || text.is_empty() {
                continue;
            }
            // two rows about one person: the first one's word holds, or they would take turns at each import
            let is_given = place_of(field).is_some_and(|place| given & 1 << place != 0);
            if before.is_empty() || (person.imported.set(field, &before) && !is_given) {
                changes.push(Change { field: field.to_owned(), before, after: text });
            } else if field != "source" {
                let label = Field::parse(field).map_or(field, |field| field.label(lang));
                let words = Words::Kept.fill(lang, &[("field", &label), ("ours", &before), ("file", &text)]);
                kept.push((text, words));
            }
        }
        for (field, items) in lists(row) {
            let before = person.member.field(field).unwrap_or_default();
            let known: Vec<&str> = before.split(',').filter(|item| !item.is_empty()).collect();
            let added: Vec<&str> = items
                .iter()
                .map(String::as_str)
                .filter(|item| !known.contains(item) && !taken.iter().any(|t| t == item))
                .filter(|item| {
                    field != "aliases" || (*item != person.member.name && *item != person.member.remark)
                })
                .collect();
            if !added.is_empty() {
                let after = known.iter().copied().chain(added).collect::<Vec<_>>().join(",");
                changes.push(Change { field: field.to_owned(), before, after });
            }
        }
        for (value, words) in kept {
            self.told(row, Cell::Field, value, words);
        }
        if !changes.is_empty() {
            self.change(Body::Edited { object: Edited::Member(id), changes });
        }
        Ok(())
    }

    /// Friend of one of our accounts since the row's time.
    fn befriend(&mut self, id: MemberId, account: AccountId, row: &MemberRow) -> Result<(), StoreError> {
        let Some(person) = self.person(id)? else { return Ok(()) };
        let before = person.contacts.iter().find(|contact| contact.account == account).cloned();
        let since = row.added_at.map(Timestamp);
        let mut after = before.clone().unwrap_or_else(|| Contact {
            member: id,
            account,
            since: None,
            state: ContactState::NotYet,
            remark: String::new(),
            search_term: String::new(),
        });
        let lost = matches!(after.state, ContactState::DeletedUs | ContactState::Blocked);
        if lost && since.is_none_or(|since| after.since.is_none_or(|known| since <= known)) {
            let name = self.store.columns.target_name(crate::book::Target::Account(account));
            let words = Words::NoLongerFriend.fill(self.lang, &[("account", &name)]);
            self.told(row, Cell::Account, name, words);
            return Ok(());
        }
        let is_new = after.state != ContactState::Friend;
        after.state = ContactState::Friend;
        if is_new || after.since.is_none() {
            after.since = since.or(after.since);
        }
        if after.remark.is_empty() {
            after.remark = row.remark.clone().unwrap_or_default();
        }
        if before.as_ref() == Some(&after) {
            return Ok(());
        }
        let learnt = after.since.filter(|_| before.as_ref().is_none_or(|b| b.since != after.since));
        self.change(Body::ContactSet { before, after: Some(after) });
        if let Some(since) = learnt {
            self.happened(ActivityKind::Added, id, None, Some(account), since, row);
        }
        Ok(())
    }

    /// In the group since the row's time; who left and is in the file again came back.
    fn settle_in(&mut self, id: MemberId, group: GroupId, row: &MemberRow) -> Result<(), StoreError> {
        let joined_at = row.joined_at.map(Timestamp);
        let inviter = self.inviter(id, group, row)?;
        let Some(person) = self.person(id)? else { return Ok(()) };
        let before = person.stay(group).cloned();
        let nickname = row.group_nickname.clone().unwrap_or_default();
        let new = |spell: u32| Membership {
            member: id,
            group,
            spell,
            joined_at,
            left_at: None,
            role: MembershipRole::Plain,
            nickname: nickname.clone(),
            inviter,
        };
        let (before, after) = match before {
            None => (None, new(1)),
            Some(stay) if stay.left_at.is_some() => {
                if joined_at.is_some_and(|at| Some(at) == stay.joined_at || Some(at) <= stay.left_at) {
                    let name = self.group(group).map(|group| group.name.clone()).unwrap_or_default();
                    let words = Words::StillGone.fill(self.lang, &[("group", &name)]);
                    self.told(row, Cell::Group, name, words);
                    return Ok(());
                }
                (None, new(stay.spell + 1))
            }
            Some(stay) => {
                let mut after = stay.clone();
                after.joined_at = after.joined_at.or(joined_at);
                after.inviter = after.inviter.or(inviter);
                let ours = stay.nickname.is_empty() || person.imported.set_nickname(group, &stay.nickname);
                if ours && !nickname.is_empty() {
                    after.nickname = nickname;
                }
                (Some(stay), after)
            }
        };
        if before.as_ref() == Some(&after) {
            return Ok(());
        }
        let learnt =
            after.joined_at.filter(|_| before.as_ref().is_none_or(|b| b.joined_at != after.joined_at));
        self.change(Body::MembershipSet { before, after: Some(after) });
        if let Some(joined_at) = learnt {
            self.happened(ActivityKind::Joined, id, Some(group), None, joined_at, row);
        }
        Ok(())
    }

    /// Who brought them, where only one in the group answers to the name.
    fn inviter(
        &mut self,
        member: MemberId,
        group: GroupId,
        row: &MemberRow,
    ) -> Result<Option<MemberId>, StoreError> {
        let Some(name) = &row.inviter else { return Ok(None) };
        let mut found = self.namesakes(name, Wanted::About(Some(group), None))?.found;
        found.retain(|id| *id != member);
        match found.as_slice() {
            [only] => self.living(*only),
            _ => Ok(None),
        }
    }

    fn happened(
        &mut self,
        kind: ActivityKind,
        member: MemberId,
        group: Option<GroupId>,
        account: Option<AccountId>,
        at: Timestamp,
        row: &MemberRow,
    ) {
        let columns = &self.store.columns;
        let zone = group
            .and_then(|id| self.group(id))
            .map(|group| columns.group_zone(group))
            .or_else(|| account.and_then(|id| columns.account_zone(id)))
            .unwrap_or(columns.store.zone);
        let activity = Activity {
            id: self.ids.next(self.at),
            kind,
            member: Some(member),
            group,
            account,
            at: Stated::new(at, zone),
            source: Source::Import,
            reference: format!("import {} line {}", self.import, row.line),
            amount: None,
            number: None,
            text: String::new(),
        };
        self.changes.push(Body::Happened(activity));
    }
}

/// Fields of one value that a row gives, in their canonical text.
pub(super) fn values(row: &MemberRow) -> impl Iterator<Item = (&'static str, String)> {
    let stage = row.stage.as_deref().and_then(Stage::parse).map(|stage| stage.word().to_owned());
    let birthday = row.birthday.as_deref().and_then(Birthday::parse).map(|birthday| birthday.to_string());
    let gender = row.gender.map(|gender| match gender {
        Gender::Female => "女".to_owned(),
        Gender::Male => "男".to_owned(),
    });
    // a name that is only the remark again says nothing about the nickname
    let name = Some(row.name.clone()).filter(|name| row.remark.as_ref() != Some(name));
    [
        ("name", name),
        ("remark", row.remark.clone()),
        ("phone", row.phone.clone()),
        ("stage", stage),
        ("birthday", birthday),
        ("gender", gender),
        ("note", row.note.clone()),
        ("source", row.source.clone()),
    ]
    .into_iter()
    .filter_map(|(field, text)| text.map(|text| (field, text)))
}

/// Fields that an import only adds to. A comma would split an item of them.
fn lists(row: &MemberRow) -> [(&'static str, Vec<String>); 3] {
    let whole = |items: &[String]| items.iter().map(|item| item.replace(',', "，")).collect();
    let handles = row.handles.iter().filter(|(platform, id)| {
        Platform::parse(platform).is_some() && !id.contains(',') && id.trim() == id && !id.is_empty()
    });
    [
        ("tags", whole(&row.tags)),
        ("aliases", whole(&row.aliases)),
        ("handles", handles.map(|(platform, id)| format!("{platform}:{id}")).collect()),
    ]
}
