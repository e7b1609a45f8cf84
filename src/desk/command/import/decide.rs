//! What a row changes.

use super::draft::Draft;
use super::words::Words;
use crate::book::{
    Account, AccountId, Activity, ActivityKind, Birthday, Contact, ContactState, Fields, Group, GroupId,
    Handle, Member, MemberId, Membership, MembershipRole, Platform, Source, Stage, Stated, Timestamp,
};
use crate::door::form::Field;
use crate::door::rows::{Gender, MemberRow};
use crate::store::imported::nickname_in;
use crate::store::record::{Change, Edited};
use crate::store::{Body, StoreError};

impl Draft<'_> {
    /// Decides one row: adds its changes, counts it in the report.
    pub(super) fn decide(&mut self, row: &MemberRow) -> Result<(), StoreError> {
        let account = self.account_of(row);
        let group = self.group_of(row, account);
        let known = self.who(row, group, account)?;
        let before = self.changes.len();
        let member = match known {
            Some(member) => {
                self.update(member, row)?;
                member
            }
            None => self.make(row),
        };
        // in a list of a group's members the account column says who listed them, not who is whose friend
        if let Some(account) = account.filter(|_| row.added_at.is_some() || group.is_none()) {
            self.befriend(member, account, row)?;
        }
        if let Some(group) = group {
            self.settle_in(member, group, row)?;
        }
        let count = match (known, self.changes.len() > before) {
            (None, _) => &mut self.report.new,
            (Some(_), true) => &mut self.report.changed,
            (Some(_), false) => &mut self.report.unchanged,
        };
        *count += 1;
        self.let_go(member);
        Ok(())
    }

    /// The account that a row names; made where it is not known.
    fn account_of(&mut self, row: &MemberRow) -> Option<AccountId> {
        let name = row.account.as_ref()?;
        match self.accounts.get(name).map(Vec::as_slice) {
            Some([only]) => Some(*only),
            Some([_, ..]) => {
                self.conflict(row.line, Words::SeveralAccounts.fill(self.lang, &[("name", name)]));
                None
            }
            _ => {
                let platform = row
                    .handles
                    .iter()
                    .filter_map(|(platform, _)| Platform::parse(platform))
                    .find(|platform| matches!(platform, Platform::Wecom | Platform::Qq | Platform::Wechat))
                    .unwrap_or(Platform::Wechat);
                let account = Account::new(self.ids.next(self.at), name, platform, self.at);
                let id = account.id;
                self.change(Body::AccountMade(account));
                Some(id)
            }
        }
    }

    /// The group that a row names, by chat id, then by name; made where it is not known.
    fn group_of(&mut self, row: &MemberRow, account: Option<AccountId>) -> Option<GroupId> {
        let by_ref =
            row.group_ref.as_ref().and_then(|chat| self.groups.get(chat)).and_then(|ids| ids.first());
        if let Some(id) = by_ref {
            return Some(*id);
        }
        let name = row.group.as_ref().or(row.group_ref.as_ref())?;
        // another chat of the same name is another group
        let fits = |id: &&GroupId| {
            let chat = self.group(**id).map_or("", |group| group.chat_id.as_str());
            row.group_ref.as_ref().is_none_or(|wanted| chat.is_empty() || chat == wanted)
        };
        let known: Vec<GroupId> = self.groups.get(name).into_iter().flatten().filter(fits).copied().collect();
        let ours: Vec<GroupId> = known
            .iter()
            .copied()
            .filter(|id| account.is_some() && self.group(*id).is_some_and(|group| group.account == account))
            .collect();
        match (known.as_slice(), ours.as_slice()) {
            ([only], _) | (_, [only]) => {
                let only = *only;
                self.note_chat(only, row);
                Some(only)
            }
            ([], _) => {
                let mut group = Group::new(self.ids.next(self.at), name, self.at);
                group.account = account;
                group.chat_id = row.group_ref.clone().unwrap_or_default();
                let id = group.id;
                self.change(Body::GroupMade(group));
                Some(id)
            }
            _ => {
                self.conflict(row.line, Words::SeveralGroups.fill(self.lang, &[("name", name)]));
                None
            }
        }
    }

    /// A known group learns its chat id.
    fn note_chat(&mut self, id: GroupId, row: &MemberRow) {
        let Some(chat) = &row.group_ref else { return };
        if self.group(id).is_some_and(|group| group.chat_id.is_empty()) {
            let change = Change { field: "chat-id".to_owned(), before: String::new(), after: chat.clone() };
            self.groups.entry(chat.clone()).or_default().push(id);
            self.changes.push(Body::Edited { object: Edited::Group(id), changes: vec![change] });
        }
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
            if before.is_empty() || person.imported.set(field, &before) {
                changes.push(Change { field: field.to_owned(), before, after: text });
            } else if field != "source" {
                let label = Field::parse(field).map_or(field, |field| field.label(lang));
                kept.push(Words::Kept.fill(lang, &[("field", &label), ("ours", &before), ("file", &text)]));
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
        for words in kept {
            self.conflict(row.line, words);
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
            self.conflict(row.line, Words::NoLongerFriend.fill(self.lang, &[("account", &name)]));
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
                    self.conflict(row.line, Words::StillGone.fill(self.lang, &[("group", &name)]));
                    return Ok(());
                }
                (None, new(stay.spell + 1))
            }
            Some(stay) => {
                let mut after = stay.clone();
                after.joined_at = after.joined_at.or(joined_at);
                after.inviter = after.inviter.or(inviter);
                let ours =
                    stay.nickname.is_empty() || person.imported.set(&nickname_in(group), &stay.nickname);
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
        let mut found = self.called(name)?;
        found.retain(|id| *id != member && self.is_about(*id, Some(group), None));
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
fn values(row: &MemberRow) -> impl Iterator<Item = (&'static str, String)> {
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
