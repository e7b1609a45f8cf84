//! Whom a name means that was typed or pasted: one member, several to choose from, or nobody.
//!
//! Exactly called so comes first, and the only one of the place is meant without asking; then who is alike, then who
//! differs by a slip of the hand. What is offered says what tells namesakes apart, in pieces two blanks apart.

use std::collections::HashMap;

use super::task_line::clean;
use super::words::ViewWords;
use crate::book::{AccountId, GroupId, MemberId, ObjectId};
use crate::desk::Desk;
use crate::door::form::Kind;
use crate::door::line::LineId;
use crate::door::reply::{Fit, NameMatch, Suggestion};
use crate::store::columns::MemberColumn;
use crate::text::lang::Lang;
use crate::text::names::{list_items, person_names};
use crate::text::near::Slip;
use crate::text::pinyin::{Needle, search_key};

/// Digits of a phone number that tell equal names apart.
const PHONE_TAIL: usize = 4;

/// Fewer digits than these are a house number or an amount, not the tail of a phone number.
const DIGITS_MIN: usize = 4;

/// The most that is offered for one name.
const OFFERED: usize = 50;

/// Names of a list that are looked up, and sentences about them that are said.
const LOOKED_UP: usize = 500;
const SAID: usize = 5;

impl Desk {
    /// Whom a name means, best near a place.
    pub(super) fn who(
        &self,
        text: &str,
        group: Option<GroupId>,
        account: Option<AccountId>,
        limit: u16,
        lang: Lang,
    ) -> NameMatch {
        let text = text.trim();
        let limit = usize::from(limit).min(OFFERED);
        let offer = |fit: Fit, members: &[MemberId]| NameMatch {
            fit,
            found: members.iter().take(limit).filter_map(|id| self.person(*id, group, lang)).collect(),
        };
        if text.is_empty() {
            return offer(Fit::Nobody, &[]);
        }
        let exact = self.called_exactly(text);
        let here = self.of_place(&exact, group, account);
        match (exact.as_slice(), here.as_slice()) {
            ([one], _) | (_, [one]) => return offer(Fit::One, &[*one]),
            ([], _) => {}
            _ => return offer(Fit::Several, &here_first(exact, &here)),
        }
        let alike = self.alike(text);
        if !alike.is_empty() {
            let here = self.of_place(&alike, group, account);
            return match alike.as_slice() {
                // Initials and pinyin that only one has are how people type; characters say more than they did.
                [one] if text.is_ascii() && !is_few_digits(text) => offer(Fit::One, &[*one]),
                _ => offer(Fit::Alike, &here_first(alike, &here)),
            };
        }
        let slip = Slip::new(text);
        let members = self.store.columns.members.iter().filter(|(_, _, member)| !member.archived);
        let near: Vec<MemberId> =
            members.filter(|(_, _, m)| slip.of(m.name())).map(|(_, id, _)| id).collect();
        if let Some(group) = self.group_named(text) {
            let mut alike = offer(Fit::Near, &near);
            alike.found.insert(0, group);
            return alike;
        }
        if near.is_empty() {
            return offer(Fit::Nobody, &[]);
        }
        let here = self.of_place(&near, group, account);
        offer(Fit::Near, &here_first(near, &here))
    }

    /// The group that is called exactly so: nobody's name.
    fn group_named(&self, text: &str) -> Option<Suggestion> {
        let key = search_key(text);
        let mut groups = self.store.columns.groups.iter();
        let (row, ..) = groups.find(|(_, _, group)| {
            !key.is_empty() && !group.body.archived && group.key.lines().any(|line| line == key)
        })?;
        self.suggestion(Kind::Group, row)
    }

    /// Members whose names begin, contain or sound like a text, shorter names first.
    fn alike(&self, text: &str) -> Vec<MemberId> {
        let needle = Needle::new(text);
        if needle.is_empty() {
            return Vec::new();
        }
        let fits = |member: &MemberColumn| {
            if is_few_digits(text) {
                let names = member.key().lines().filter(|line| *line != member.phone());
                return names.into_iter().any(|line| needle.matches(line));
            }
            needle.matches(member.key())
        };
        let members = self.store.columns.members.iter().filter(|(_, _, member)| !member.archived);
        let mut found: Vec<(usize, MemberId)> = members
            .filter(|(_, _, member)| fits(member))
            .map(|(_, id, member)| (member.name().chars().count(), id))
            .collect();
        found.sort();
        found.into_iter().map(|(_, id)| id).collect()
    }

    /// A member as an offer: what we call them; then the real name, a group and since when, an account, the tail of
    /// the phone number, as far as they are known.
    fn person(&self, id: MemberId, group: Option<GroupId>, lang: Lang) -> Option<Suggestion> {
        let columns = &self.store.columns;
        let column = columns.members.by_id(id)?;
        let name = clean(column.name());
        let mut pieces: Vec<String> = Vec::new();
        if let Ok(Some(member)) = self.store.member(id) {
            let others = std::iter::once(&member.name).chain(&member.aliases).map(|other| clean(other));
            pieces.extend(others.filter(|other| !other.is_empty() && *other != name).take(2));
        }
        let asked = group.and_then(|id| columns.groups.row(id));
        let mut stays: Vec<_> = column.stays().filter(|stay| stay.left_at.is_none()).collect();
        stays.sort_by_key(|stay| (Some(stay.group) != asked, std::cmp::Reverse(stay.joined_at)));
        for stay in stays.into_iter().take(2) {
            let Some(group) = columns.groups.get(stay.group) else { continue };
            pieces.push(clean(&group.body.name));
            if let Some(at) = stay.joined_at {
                let day = at.local(columns.store.zone).format("%Y-%m-%d").to_string();
                pieces.push(ViewWords::JoinedOn.fill(lang, &[("day", &day)]));
            }
        }
        if pieces.is_empty() {
            let friend = column.newest_friend().and_then(|row| columns.accounts.get(row));
            pieces.extend(friend.map(|account| clean(&account.body.name)));
        }
        let digits = column.phone().chars().count();
        let tail: String = column.phone().chars().skip(digits.saturating_sub(PHONE_TAIL)).collect();
        if !tail.is_empty() {
            pieces.push(ViewWords::PhoneTail.fill(lang, &[("tail", &clean(&tail))]));
        }
        let hint = pieces.join("  ");
        Some(Suggestion { id: LineId::Object(ObjectId::Member(id)), kind: Kind::Member, name, hint })
    }

    /// Whom each name of a list means; of a group where one is given, else of the whole book. One look through the
    /// members, however long the list is. Where it is not one member, how many it could be.
    pub(crate) fn listed(
        &self,
        text: &str,
        group: Option<GroupId>,
    ) -> Vec<(String, Result<MemberId, usize>)> {
        // "张三 2份": a line of a 接龙 that was pasted whole
        let bare = |item: &str| match person_names(&format!("1. {item}")).as_slice() {
            [name] => name.clone(),
            _ => String::new(),
        };
        let items: Vec<(String, String)> = list_items(text)
            .into_iter()
            .take(LOOKED_UP)
            .map(|item| {
                let bare = bare(&item);
                (item, bare)
            })
            .collect();
        let names = items.iter().flat_map(|(item, bare)| [item, bare]);
        let mut called: HashMap<String, Vec<MemberId>> =
            names.map(|name| (search_key(name), Vec::new())).filter(|(key, _)| !key.is_empty()).collect();
        let columns = &self.store.columns;
        let row = group.and_then(|id| columns.groups.row(id));
        // who ordered there is known there, also where nobody has written down that they are in the group
        let buyers = group.map(|id| self.buyers_of(id)).unwrap_or_default();
        let mut called_so: HashMap<String, Vec<MemberId>> = HashMap::new();
        for (_, id, member) in columns.members.iter() {
            let inside = group.is_none() || row.is_some_and(|row| member.is_in(row));
            if member.archived || !(inside || buyers.contains(&id)) {
                continue;
            }
            for line in member.key().lines() {
                if !called.contains_key(line) {
                    continue;
                }
                let called = if inside {
                    called.get_mut(line)
                } else {
                    Some(called_so.entry(line.to_owned()).or_default())
                };
                if let Some(members) = called.filter(|members| !members.contains(&id)) {
                    members.push(id);
                }
            }
        }
        let found = |name: &str| {
            let key = search_key(name);
            let mut known = [&called, &called_so].into_iter().filter_map(|all| all.get(&key));
            if let Some(known) = known.find(|known| !known.is_empty()).cloned() {
                return known;
            }
            let nicknamed = self.nicknamed(name);
            if group.is_some() { self.of_place(&nicknamed, group, None) } else { nicknamed }
        };
        items
            .into_iter()
            .map(|(item, bare)| {
                let mut members = found(&item);
                if members.is_empty() && bare != item {
                    members = found(&bare);
                }
                let meant = if let [one] = members.as_slice() { Ok(*one) } else { Err(members.len()) };
                (item, meant)
            })
            .collect()
    }

    /// A sentence for each name of a list that is no one member's.
    pub(crate) fn unknown_names(&self, text: &str, group: Option<GroupId>, lang: Lang) -> Vec<String> {
        let (mut nobody, mut sentences) = (Vec::new(), Vec::new());
        for (item, meant) in self.listed(text, group) {
            match meant {
                Ok(_) => {}
                Err(0) => nobody.push(clean(&item)),
                Err(n) => {
                    sentences
                        .push(ViewWords::SeveralListed.fill(lang, &[("name", &clean(&item)), ("n", &n)]));
                }
            }
        }
        if !nobody.is_empty() {
            let n = nobody.len();
            nobody.truncate(SAID);
            let mut names = nobody.join(", ");
            if n > nobody.len() {
                names.push_str(" ..");
            }
            let words = if group.is_some() { ViewWords::NotInGroup } else { ViewWords::NotInBook };
            sentences.insert(0, words.fill(lang, &[("names", &names)]));
        }
        sentences.truncate(SAID);
        sentences
    }
}

/// A number that is too short for the tail of a phone number.
fn is_few_digits(text: &str) -> bool {
    text.len() < DIGITS_MIN && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// All of them, those of the place first.
fn here_first(all: Vec<MemberId>, here: &[MemberId]) -> Vec<MemberId> {
    let (mut first, rest): (Vec<_>, Vec<_>) = all.into_iter().partition(|id| here.contains(id));
    first.extend(rest);
    first
}
