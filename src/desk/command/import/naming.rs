//! Which group and which account a row names; what nobody has yet is made.

use super::draft::Draft;
use super::words::Words;
use crate::book::{Account, AccountId, Group, GroupId, Platform};
use crate::door::reply::Cell;
use crate::door::rows::MemberRow;
use crate::store::Body;
use crate::store::record::{Change, Edited};
use crate::text::fold::fold;
use crate::text::names::SEPARATORS;
use crate::text::near::Slip;

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

    /// The groups that a row names, each with its name: one as a rule. What stands in a cell with separators between is
    /// several where one of them is known, or stands alone in another row, and nobody has all of it for a name.
    pub(super) fn groups_named(
        &mut self,
        row: &MemberRow,
        account: Option<AccountId>,
    ) -> Vec<(String, Named<GroupId>)> {
        let chat = row.group_ref.as_deref();
        let Some(name) = row.group.as_deref().or(chat) else { return Vec::new() };
        let whole = self.group_named(name, chat, account);
        if matches!(whole, Named::Unknown) && chat.is_none() {
            let parts = parts(name);
            let each: Vec<_> = parts
                .iter()
                .map(|part| ((*part).to_owned(), self.group_named(part, None, account)))
                .collect();
            let alone = &self.sheet.groups_alone;
            if each.iter().any(|(name, named)| !matches!(named, Named::Unknown) || alone.contains(name)) {
                return each;
            }
        }
        vec![(name.to_owned(), whole)]
    }

    /// The group of a name, by chat id first.
    fn group_named(&mut self, name: &str, chat: Option<&str>, account: Option<AccountId>) -> Named<GroupId> {
        if let Some(id) = chat.and_then(|chat| self.groups_called(chat).first().copied()) {
            return Named::One(id);
        }
        let mut known = self.groups_called(name).to_vec();
        // another chat of the same name is another group
        let fits = |id: &GroupId| {
            let known = self.group(*id).map_or("", |group| group.chat_id.as_str());
            chat.is_none_or(|wanted| known.is_empty() || known == wanted)
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

    pub(super) fn make_group(&mut self, row: &MemberRow, name: &str, account: Option<AccountId>) -> GroupId {
        if let Some(words) = self.looks_known(name) {
            self.told(row, Cell::Group, name.to_owned(), words);
        }
        let mut group = Group::new(self.ids.next(self.at), name, self.at);
        group.account = account;
        group.chat_id = row.group_ref.clone().unwrap_or_default();
        let id = group.id;
        self.change(Body::GroupMade(group));
        id
    }

    /// What is said of a name that nobody has, where it is likely one that is there, or several.
    fn looks_known(&mut self, name: &str) -> Option<String> {
        let columns = &self.store.columns;
        let alike = Alike::new(name);
        let known = columns.groups.iter().map(|(_, _, group)| &group.body).filter(|group| !group.archived);
        let near = known.chain(&self.sheet.groups).find(|group| alike.is(&group.name));
        if let Some(near) = near {
            return Some(Words::NearGroup.fill(self.lang, &[("name", &name), ("near", &near.name)]));
        }
        let n = parts(name).len();
        (n > 1).then(|| Words::GroupsInOne.fill(self.lang, &[("name", &name), ("n", &n)]))
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

/// What stands between separators, each once.
fn parts(name: &str) -> Vec<&str> {
    let mut parts: Vec<&str> = Vec::new();
    for part in name.split(SEPARATORS).map(str::trim).filter(|part| !part.is_empty()) {
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    parts
}

/// A group's name, to be held against others that may mean the same group.
struct Alike {
    close: String,
    counts: String,
    slip: Slip,
}

impl Alike {
    fn new(name: &str) -> Self {
        let close = close(name);
        Self { counts: counts(&close), slip: Slip::new(&close), close }
    }

    /// The same but for blanks, width and a 群 at its end, or with a slip in it. Groups that count (1群, 2群) are two.
    fn is(&self, other: &str) -> bool {
        let other = close(other);
        self.close == other || (self.counts == counts(&other) && self.slip.of(&other))
    }
}

fn close(name: &str) -> String {
    let close: String = fold(name).split_whitespace().collect();
    let bare = close.strip_suffix('群').filter(|bare| !bare.is_empty());
    bare.map(str::to_owned).unwrap_or(close)
}

/// What tells the groups of a series apart.
fn counts(name: &str) -> String {
    let counts =
        |c: &char| c.is_ascii_alphanumeric() || "〇零一二两三四五六七八九十东南西北上下".contains(*c);
    name.chars().filter(counts).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_may_mean_one_group_are_alike() {
        let check = |one: &str, other: &str, expected: bool| {
            assert_eq!(Alike::new(one).is(other), expected, "{one} {other}");
            assert_eq!(Alike::new(other).is(one), expected, "{other} {one}");
        };
        check("一 群", "一群", true);
        check("ＶＩＰ群", "vip", true);
        check("宠友交流", "宠友交流群", true);
        check("宠友交流群", "宠友交留群", true);
        check("宠友1群", "宠友2群", false);
        check("宠友十群", "宠友四群", false);
        check("A群", "B群", false);
        check("东门群", "西门群", false);
        check("宝妈群", "宠友群", false);
        check("群", "宠友群", false);
    }
}
