//! Which group and which account a row names; what nobody has yet is made.

use super::draft::Draft;
use crate::book::{Account, AccountId, Group, GroupId, Platform};
use crate::door::rows::MemberRow;
use crate::store::Body;
use crate::store::record::{Change, Edited};

/// What a name in a row stands for.
pub(super) enum Named<T> {
    /// The row names none.
    None,
    One(T),
    /// Nobody has it yet.
    Unknown,
    Several,
}

impl Draft<'_> {
    /// The account that a row names.
    pub(super) fn account_named(&mut self, row: &MemberRow) -> Named<AccountId> {
        let Some(name) = &row.account else { return Named::None };
        match self.accounts_called(name) {
            [] => Named::Unknown,
            [only] => Named::One(*only),
            _ => Named::Several,
        }
    }

    pub(super) fn make_account(&mut self, row: &MemberRow) -> Option<AccountId> {
        let name = row.account.as_ref()?;
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

    /// The group that a row names, by chat id, then by name.
    pub(super) fn group_named(&mut self, row: &MemberRow, account: Option<AccountId>) -> Named<GroupId> {
        let by_ref = row.group_ref.as_ref().and_then(|chat| self.groups_called(chat).first().copied());
        if let Some(id) = by_ref {
            return Named::One(id);
        }
        let Some(name) = row.group.as_ref().or(row.group_ref.as_ref()) else { return Named::None };
        let mut known = self.groups_called(name).to_vec();
        // another chat of the same name is another group
        let fits = |id: &GroupId| {
            let chat = self.group(*id).map_or("", |group| group.chat_id.as_str());
            row.group_ref.as_ref().is_none_or(|wanted| chat.is_empty() || chat == wanted)
        };
        known.retain(fits);
        let ours: Vec<GroupId> = known
            .iter()
            .copied()
            .filter(|id| account.is_some() && self.group(*id).is_some_and(|group| group.account == account))
            .collect();
        match (known.as_slice(), ours.as_slice()) {
            ([only], _) | (_, [only]) => Named::One(*only),
            ([], _) => Named::Unknown,
            _ => Named::Several,
        }
    }

    pub(super) fn make_group(&mut self, row: &MemberRow, account: Option<AccountId>) -> Option<GroupId> {
        let name = row.group.as_ref().or(row.group_ref.as_ref())?;
        let mut group = Group::new(self.ids.next(self.at), name, self.at);
        group.account = account;
        group.chat_id = row.group_ref.clone().unwrap_or_default();
        let id = group.id;
        self.change(Body::GroupMade(group));
        Some(id)
    }

    /// A known group learns its chat id.
    pub(super) fn note_chat(&mut self, id: GroupId, row: &MemberRow) {
        let Some(chat) = &row.group_ref else { return };
        if self.group(id).is_some_and(|group| group.chat_id.is_empty()) {
            let change = Change { field: "chat-id".to_owned(), before: String::new(), after: chat.clone() };
            self.learn_chat(chat.clone(), id);
            self.changes.push(Body::Edited { object: Edited::Group(id), changes: vec![change] });
        }
    }
}
