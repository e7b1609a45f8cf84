//! Names as people type them, resolved to objects of the book.
//!
//! Tried in this order: the whole id; a name or alias exactly (script, case and blanks do not matter); the tail
//! of an id, four characters and more, with its kind letter or not; then anything that sounds or begins like it, when only one does; of members
//! last a nickname in a group. A name is never guessed among several: the refusal lists them with what tells them
//! apart. Archived objects are found by who wants them back only. Limit: the nearest names of a misspelt one are
//! looked for among those that share a character with it.
//!
//! One file because the order of the ways is the rule, and each kind of object goes through it.

#![allow(clippy::result_large_err, reason = "a refusal is made once a command and answered at once")]

use super::Desk;
use super::words::book::BookWords;
use crate::book::id::{ID_CHARS, Id};
use crate::book::{AccountId, GroupId, MemberId, Membership};
use crate::door::form::Kind;
use crate::door::{Refusal, RefusalKind};
use crate::store::keys;
use crate::text::clean::for_display;
use crate::text::fold::fold;
use crate::text::lang::Lang;
use crate::text::near::nearest;
use crate::text::pinyin::{Needle, search_key};

/// How many candidates a refusal lists.
const CANDIDATES: usize = 8;

/// How many characters of an id's tail name an object.
const TAIL_MIN: usize = 4;

/// How many who were ever called so are looked at.
const NICKNAMED: usize = 200;

/// Something that can be named.
#[derive(Clone, Copy)]
pub(super) struct Named<'a, I> {
    pub id: I,
    pub name: &'a str,
    pub key: &'a str,
}

/// What a text names.
pub(super) enum Found<I> {
    One(I),
    Several(Vec<I>),
    None(Vec<String>),
}

/// Resolves a text among all that `all` gives, once for each way that is tried.
pub(super) fn resolve<'a, I: Id, A: Iterator<Item = Named<'a, I>>>(
    text: &str,
    all: impl Fn() -> A,
) -> Found<I> {
    if let Ok(id) = text.parse::<I>()
        && all().any(|named| named.id == id)
    {
        return Found::One(id);
    }
    let key = search_key(text);
    let is_called = |named: &Named<'_, I>| named.key.split('\n').any(|line| line == key);
    let mut found: Vec<I> = all().filter(is_called).map(|named| named.id).collect();
    if found.is_empty() {
        found = by_tail(text, all());
    }
    if let (true, Some(tail)) = (found.is_empty(), text.strip_prefix(I::KIND)) {
        found = by_tail(tail, all());
    }
    if found.is_empty() {
        let needle = Needle::new(text);
        let alike = |named: &Named<'_, I>| !needle.is_empty() && needle.matches(named.key);
        found = all().filter(alike).map(|named| named.id).collect();
    }
    match found.as_slice() {
        [one] => Found::One(*one),
        [] => {
            let shares = |name: &&str| name.chars().any(|c| text.contains(c));
            let names: Vec<&str> = all().map(|named| named.name).filter(shares).collect();
            let near = nearest(text, names, 3).into_iter();
            Found::None(near.map(|name| for_display(name).into_owned()).collect())
        }
        _ => Found::Several(found),
    }
}

/// Objects whose id ends so.
fn by_tail<'a, I: Id>(text: &str, all: impl Iterator<Item = Named<'a, I>>) -> Vec<I> {
    if !(TAIL_MIN..ID_CHARS).contains(&text.len()) || !text.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Vec::new();
    }
    let Ok(tail) = format!("{}{text:0>width$}", I::KIND, width = ID_CHARS).parse::<I>() else {
        return Vec::new();
    };
    let mask = (1_u128 << (5 * text.len())) - 1;
    all.filter(|named| (named.id.bits() ^ tail.bits()) & mask == 0).map(|named| named.id).collect()
}

/// The only one found.
fn named_one<I: Copy>(found: &Found<I>) -> Option<I> {
    match found {
        Found::One(id) => Some(*id),
        Found::Several(several) => several.first().copied(),
        Found::None(_) => None,
    }
}

/// The one object found, or the refusal that says why not.
pub(super) fn one<I: Id>(
    text: &str,
    kind: Kind,
    found: Found<I>,
    lang: Lang,
    label: impl Fn(I) -> String,
) -> Result<I, Refusal> {
    let shown = for_display(text).into_owned();
    match found {
        Found::One(id) => Ok(id),
        Found::Several(several) => {
            let n = several.len();
            let mut refusal = Refusal::new(
                RefusalKind::Ambiguous,
                BookWords::Several.fill(lang, &[("text", &shown), ("n", &n)]),
            )
            .about(shown)
            .hint(BookWords::SeveralHint.text(lang));
            refusal.candidates = several.into_iter().take(CANDIDATES).map(label).collect();
            Err(refusal)
        }
        Found::None(names) => {
            let words = BookWords::NoSuch.fill(lang, &[("kind", &kind.label(lang)), ("text", &shown)]);
            let mut refusal = Refusal::new(RefusalKind::NotFound, words).about(shown);
            if !names.is_empty() {
                let names = names.join(", ");
                refusal = refusal.hint(BookWords::Nearest.fill(lang, &[("names", &names)]));
            }
            refusal.candidates = names;
            Err(refusal)
        }
    }
}

impl Desk {
    /// The account that a text names.
    pub(crate) fn find_account(&self, text: &str, lang: Lang) -> Result<AccountId, Refusal> {
        let found = self.resolve_account(text.trim(), false);
        let found = one(text.trim(), Kind::Account, found, lang, |id| self.account_hint(id));
        self.or_archived(found, Kind::Account, text, lang)
    }

    /// The group that a text names, by name, alias or id.
    pub(crate) fn find_group(&self, text: &str, lang: Lang) -> Result<GroupId, Refusal> {
        let found = self.resolve_group(text.trim(), false);
        let found = one(text.trim(), Kind::Group, found, lang, |id| self.group_hint(id));
        self.or_archived(found, Kind::Group, text, lang)
    }

    /// The archived account that a text names.
    pub(crate) fn find_archived_account(&self, text: &str, lang: Lang) -> Result<AccountId, Refusal> {
        let found = self.resolve_account(text.trim(), true);
        let found = one(text.trim(), Kind::Account, found, lang, |id| self.account_hint(id));
        self.or_present(found, lang, || self.find_account(text, lang).ok().map(|id| self.account_hint(id)))
    }

    /// The archived group that a text names.
    pub(crate) fn find_archived_group(&self, text: &str, lang: Lang) -> Result<GroupId, Refusal> {
        let found = self.resolve_group(text.trim(), true);
        let found = one(text.trim(), Kind::Group, found, lang, |id| self.group_hint(id));
        self.or_present(found, lang, || self.find_group(text, lang).ok().map(|id| self.group_hint(id)))
    }

    /// The archived member that a text names.
    pub(crate) fn find_archived_member(&self, text: &str, lang: Lang) -> Result<MemberId, Refusal> {
        let found = self.resolve_member(text.trim(), true);
        let found = one(text.trim(), Kind::Member, found, lang, |id| self.member_label(id));
        self.or_present(found, lang, || self.find_member(text, lang).ok().map(|id| self.member_label(id)))
    }

    fn resolve_account(&self, text: &str, archived: bool) -> Found<AccountId> {
        let accounts = self.store.columns.accounts.iter();
        let all: Vec<_> = accounts
            .filter(|(_, _, column)| column.body.archived == archived)
            .map(|(_, id, column)| Named { id, name: column.body.name.as_str(), key: &column.key })
            .collect();
        // one of that name is meant before one from which somebody of that name speaks
        let name = fold(text);
        let mut called = all.iter().filter(|named| fold(named.name) == name);
        match (called.next(), called.next()) {
            (Some(named), None) => Found::One(named.id),
            _ => resolve(text, || all.iter().copied()),
        }
    }

    fn resolve_group(&self, text: &str, archived: bool) -> Found<GroupId> {
        let groups = self.store.columns.groups.iter();
        let all: Vec<_> = groups
            .filter(|(_, _, column)| column.body.archived == archived)
            .map(|(_, id, column)| Named { id, name: column.body.name.as_str(), key: &column.key })
            .collect();
        resolve(text, || all.iter().copied())
    }

    fn resolve_member(&self, text: &str, archived: bool) -> Found<MemberId> {
        let members = &self.store.columns.members;
        if let Ok(id) = text.parse::<MemberId>()
            && members.by_id(id).is_some_and(|column| column.archived == archived)
        {
            return Found::One(id);
        }
        resolve(text, || {
            let all = members.iter().filter(|(_, _, column)| column.archived == archived);
            all.map(|(_, id, column)| Named { id, name: column.name(), key: column.key() })
        })
    }

    /// Nothing of that name is there: says so, if it is archived.
    fn or_archived<I>(
        &self,
        found: Result<I, Refusal>,
        kind: Kind,
        text: &str,
        lang: Lang,
    ) -> Result<I, Refusal> {
        found.map_err(|refusal| match self.archived_hint(kind, text, lang) {
            Some(hint) if refusal.kind == RefusalKind::NotFound => refusal.hint(hint),
            _ => refusal,
        })
    }

    /// That a text names something archived, and how it comes back; none where it names nothing archived.
    pub(crate) fn archived_hint(&self, kind: Kind, text: &str, lang: Lang) -> Option<String> {
        let text = text.trim();
        let name = match kind {
            Kind::Account => named_one(&self.resolve_account(text, true)).map(|id| self.account_hint(id)),
            Kind::Group => named_one(&self.resolve_group(text, true)).map(|id| self.group_hint(id)),
            Kind::Member => named_one(&self.resolve_member(text, true)).map(|id| self.member_label(id)),
            _ => None,
        }?;
        let shown = for_display(text).into_owned();
        let command = format!("qun {} restore {}", kind.word(), crate::text::shell::quoted(&shown));
        let values: [(&str, &dyn std::fmt::Display); 2] = [("name", &name), ("command", &command)];
        Some(BookWords::IsArchived.fill(lang, &values))
    }

    /// Nothing archived has that name: says so, if it is there and not archived.
    fn or_present<I>(
        &self,
        found: Result<I, Refusal>,
        lang: Lang,
        present: impl FnOnce() -> Option<String>,
    ) -> Result<I, Refusal> {
        found.map_err(|refusal| match present() {
            Some(name) if refusal.kind == RefusalKind::NotFound => {
                let words = BookWords::NotArchived.fill(lang, &[("name", &name)]);
                Refusal::new(RefusalKind::State, words).about(name)
            }
            _ => refusal,
        })
    }

    /// The member that a text names, by remark, nickname, alias, phone or id.
    pub(crate) fn find_member(&self, text: &str, lang: Lang) -> Result<MemberId, Refusal> {
        self.find_member_near(text, None, None, lang)
    }

    /// As [`Desk::find_member`]; of several, the only one in that group or befriended by that account is meant.
    pub(crate) fn find_member_near(
        &self,
        text: &str,
        group: Option<GroupId>,
        account: Option<AccountId>,
        lang: Lang,
    ) -> Result<MemberId, Refusal> {
        let mut found = self.resolve_member(text.trim(), false);
        if let Found::None(_) = &found {
            found = match self.nicknamed(text).as_slice() {
                [] => found,
                [one] => Found::One(*one),
                several => Found::Several(several.to_vec()),
            };
        }
        if let Found::Several(several) = &found
            && let [one] = self.of_place(several, group, account).as_slice()
        {
            found = Found::One(*one);
        }
        let found = one(text.trim(), Kind::Member, found, lang, |id| self.member_label(id));
        self.or_archived(found, Kind::Member, text, lang)
    }

    /// Those of some members who are in a group or befriended by an account.
    pub(crate) fn of_place(
        &self,
        members: &[MemberId],
        group: Option<GroupId>,
        account: Option<AccountId>,
    ) -> Vec<MemberId> {
        let columns = &self.store.columns;
        let group = group.and_then(|id| columns.groups.row(id));
        let account = account.and_then(|id| columns.accounts.row(id));
        let there = |id: &MemberId| {
            columns.members.by_id(*id).is_some_and(|member| {
                group.is_some_and(|row| member.is_in(row))
                    || account.is_some_and(|row| member.is_friend_of(row))
            })
        };
        members.iter().copied().filter(there).collect()
    }

    /// Everybody who is called so in a group they are in.
    pub(crate) fn nicknamed(&self, text: &str) -> Vec<MemberId> {
        let (text, columns) = (text.trim(), &self.store.columns);
        if text.is_empty() {
            return Vec::new();
        }
        let prefix = keys::called_any(text);
        // what cannot be read is not found; whoever asks next is told that the index is broken
        let hints = self.store.bodies.range(&prefix, &prefix, NICKNAMED).unwrap_or_default();
        let called_so = |id: &MemberId| {
            let stays: Vec<Membership> =
                self.store.bodies.list(&keys::memberships(*id), usize::MAX).unwrap_or_default();
            columns.members.by_id(*id).is_some_and(|member| !member.archived)
                && stays.iter().any(|stay| stay.left_at.is_none() && stay.nickname == text)
        };
        hints.iter().filter_map(|(key, _)| keys::called_member(key)).filter(called_so).collect()
    }

    fn account_hint(&self, id: AccountId) -> String {
        let Some(column) = self.store.columns.accounts.by_id(id) else { return id.short() };
        format!("{} ({}, {})", for_display(&column.body.name), column.body.platform, id.short())
    }

    fn group_hint(&self, id: GroupId) -> String {
        let columns = &self.store.columns;
        let Some(column) = columns.groups.by_id(id) else { return id.short() };
        let account = column.body.account.and_then(|id| columns.accounts.by_id(id));
        let account = account.map_or_else(String::new, |a| format!("{}, ", for_display(&a.body.name)));
        format!("{} ({account}{})", for_display(&column.body.name), id.short())
    }

    fn member_label(&self, id: MemberId) -> String {
        let name = self.store.columns.target_name(crate::book::Target::Member(id));
        format!("{} ({}, {})", for_display(&name), self.member_hint(id), id.short())
    }

    /// What tells a member from namesakes: the groups they are in, else the accounts that know them, else the
    /// tail of their phone number; cleaned for display.
    pub(crate) fn member_hint(&self, id: MemberId) -> String {
        let columns = &self.store.columns;
        let Some(member) = columns.members.by_id(id) else { return id.short() };
        let groups = member.stays().filter(|stay| stay.left_at.is_none());
        let mut hints: Vec<String> = groups
            .filter_map(|stay| columns.groups.get(stay.group))
            .map(|group| for_display(&group.body.name).into_owned())
            .collect();
        if hints.is_empty() {
            let accounts = member.contacts().filter_map(|c| columns.accounts.get(c.account));
            hints = accounts.map(|account| for_display(&account.body.name).into_owned()).collect();
        }
        if hints.is_empty()
            && let Ok(Some(body)) = self.store.member(id)
            && !body.phone.is_empty()
        {
            let tail: Vec<char> = body.phone.chars().rev().take(4).collect();
            hints.push(tail.into_iter().rev().collect());
        }
        hints.truncate(2);
        if hints.is_empty() { id.short() } else { hints.join(", ") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &Result<usize, &[usize]>) {
        let names = ["张三", "张三丰", "李四", "李四", "VIP群A3"];
        let keys: Vec<String> =
            names.iter().map(|name| format!("{}\n{}", search_key(name), "别名")).collect();
        let id =
            |n: usize| MemberId::from_bits(0x0190_0000_0000_7000_8000_0000_0000_0000 + n as u128 * 0x12345);
        let all: Vec<Named<'_, MemberId>> = names
            .iter()
            .zip(&keys)
            .enumerate()
            .map(|(n, (name, key))| Named { id: id(n), name, key })
            .collect();
        match (resolve(text, || all.iter().copied()), expected) {
            (Found::One(one), Ok(n)) => assert_eq!(one, id(*n), "{text}"),
            (Found::Several(several), Err(places)) => {
                assert_eq!(several, places.iter().map(|n| id(*n)).collect::<Vec<_>>(), "{text}");
            }
            (Found::None(_), Err([])) => {}
            _ => panic!("{text}"),
        }
    }

    #[test]
    fn names_ids_tails_and_pinyin() {
        check("张三", &Ok(0));
        check("張三", &Ok(0));
        check("李四", &Err(&[2, 3]));
        check("zsf", &Ok(1));
        check("zhangsan", &Err(&[0, 1]));
        check("vip", &Ok(4));
        check("王五", &Err(&[]));
        let id = MemberId::from_bits(0x0190_0000_0000_7000_8000_0000_0000_0000 + 2 * 0x12345);
        check(&id.to_string(), &Ok(2));
        check(&id.short(), &Ok(2));
        check(&id.short()[1..], &Ok(2));
        check(&id.short()[2..], &Err(&[]));
        check(&format!("m{}", id.short()), &Ok(2));
        check(&format!("g{}", id.short()), &Err(&[]));
    }
}
