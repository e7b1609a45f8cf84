//! Whom a name means that was typed or pasted: one member, several to choose from, or nobody.
//!
//! Exactly called so comes first, and the only one of the place is meant without asking; then who is alike, then who
//! differs by a slip of the hand. What is offered says what tells namesakes apart, in pieces two blanks apart.
//!
//! One file because a name and a list of names are held against members by the same rules.

use std::collections::{HashMap, HashSet};

use super::task_line::clean;
use super::words::ViewWords;
use crate::book::{AccountId, GroupId, MemberId, ObjectId};
use crate::desk::Desk;
use crate::door::form::Kind;
use crate::door::line::LineId;
use crate::door::reply::{Fit, NameMatch, Suggestion};
use crate::text::lang::Lang;
use crate::text::names::{is_short_name, list_items, person_names};
use crate::text::near::Slip;
use crate::text::pinyin::{Needle, search_key};

/// Digits of a phone number that tell equal names apart.
const PHONE_TAIL: usize = 4;

/// Fewer digits than these are a house number or an amount, not the tail of a phone number.
const DIGITS_MIN: usize = 4;

/// The most words behind one @ that several names are looked for in.
const NAMES_BEHIND: usize = 8;

/// The most that is offered for one name.
const OFFERED: usize = 50;

/// What holding one member against the names of a list costs, in the steps of a slice.
const HELD_AGAINST: usize = 30;

/// Names of a list that are looked up, and sentences about them that are said.
const LOOKED_UP: usize = 500;
const SAID: usize = 5;

/// A name whose members are being looked for.
pub(super) struct Meaning {
    text: String,
    group: Option<GroupId>,
    account: Option<AccountId>,
    limit: usize,
    stage: Stage,
    /// The next row of this stage.
    row: u32,
    /// Whom this stage has found.
    found: Vec<MemberId>,
}

/// What members are held against a name by, one after the other until somebody is found.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Who is called exactly so, by name, remark, alias, phone or nickname in a group; script, case and blanks do not
    /// matter but for nicknames.
    Exact,
    /// Whose names begin, contain or sound like it.
    Alike,
    /// Who differs by a slip of the hand.
    Near,
}

impl Stage {
    /// What holding one member against the name costs, in the steps of a slice.
    const fn cost(self) -> usize {
        match self {
            Self::Exact => 10,
            Self::Alike => 20,
            Self::Near => 40,
        }
    }
}

impl Meaning {
    pub(super) fn begin(text: &str, group: Option<GroupId>, account: Option<AccountId>, limit: u16) -> Self {
        let (text, limit) = (text.trim().to_owned(), usize::from(limit).min(OFFERED));
        Self { text, group, account, limit, stage: Stage::Exact, row: 0, found: Vec::new() }
    }

    /// Goes on; whom the name means, best near a place, when it is known.
    pub(super) fn advance(&mut self, desk: &Desk, budget: &mut usize, lang: Lang) -> Option<NameMatch> {
        if self.text.is_empty() {
            return Some(self.offer(desk, Fit::Nobody, &[], lang));
        }
        loop {
            if !self.look(desk, budget) {
                return None;
            }
            let found = std::mem::take(&mut self.found);
            if let Some(meant) = self.decide(desk, found, lang) {
                return Some(meant);
            }
            self.row = 0;
            self.stage = if self.stage == Stage::Exact { Stage::Alike } else { Stage::Near };
        }
    }

    /// Holds the next members against the name; true when all were.
    fn look(&mut self, desk: &Desk, budget: &mut usize) -> bool {
        let members = &desk.store.columns.members;
        let (text, stage) = (self.text.as_str(), self.stage);
        let (key, needle, slip) = (search_key(text), Needle::new(text), Slip::new(text));
        let few_digits = is_few_digits(text);
        while (self.row as usize) < members.len() {
            if *budget == 0 {
                return false;
            }
            *budget = budget.saturating_sub(stage.cost());
            let member = members.get(self.row).filter(|member| !member.archived);
            let fits = member.is_some_and(|member| match stage {
                Stage::Exact => member.key().split('\n').any(|line| line == key),
                Stage::Alike if needle.is_empty() => false,
                Stage::Alike if few_digits => {
                    let mut names = member.key().lines().filter(|line| *line != member.phone());
                    names.any(|line| needle.matches(line))
                }
                Stage::Alike => needle.matches(member.key()),
                Stage::Near => slip.of(member.name()),
            });
            self.found.extend(members.id(self.row).filter(|_| fits));
            self.row += 1;
        }
        true
    }

    /// Whom it means by what this stage has found; none where the next has to look.
    fn decide(&self, desk: &Desk, mut found: Vec<MemberId>, lang: Lang) -> Option<NameMatch> {
        let text = self.text.as_str();
        if self.stage == Stage::Exact && found.is_empty() {
            found = desk.nicknamed(text);
        }
        if self.stage == Stage::Alike {
            // shorter names first
            let length = |id: &MemberId| {
                desk.store.columns.members.by_id(*id).map_or(0, |member| member.name().chars().count())
            };
            found.sort_by_cached_key(|id| (length(id), *id));
        }
        let here = desk.of_place(&found, self.group, self.account);
        match (self.stage, found.as_slice(), here.as_slice()) {
            (Stage::Exact, [one], _) | (Stage::Exact, _, [one]) => {
                Some(self.offer(desk, Fit::One, &[*one], lang))
            }
            (Stage::Exact | Stage::Alike, [], _) => None,
            (Stage::Exact, ..) => Some(self.offer(desk, Fit::Several, &here_first(found, &here), lang)),
            // Initials and pinyin that only one has are how people type; characters say more than they did.
            (Stage::Alike, [one], _) if text.is_ascii() && !is_few_digits(text) => {
                Some(self.offer(desk, Fit::One, &[*one], lang))
            }
            (Stage::Alike, ..) => Some(self.offer(desk, Fit::Alike, &here_first(found, &here), lang)),
            (Stage::Near, ..) => {
                if let Some(group) = desk.group_named(text) {
                    let mut alike = self.offer(desk, Fit::Near, &found, lang);
                    alike.found.insert(0, group);
                    return Some(alike);
                }
                let fit = if found.is_empty() { Fit::Nobody } else { Fit::Near };
                Some(self.offer(desk, fit, &here_first(found, &here), lang))
            }
        }
    }

    fn offer(&self, desk: &Desk, fit: Fit, members: &[MemberId], lang: Lang) -> NameMatch {
        let found = members.iter().take(self.limit).filter_map(|id| desk.person(*id, self.group, lang));
        let mut found: Vec<Suggestion> = found.collect();
        crate::door::namesakes::tell_apart(&mut found);
        NameMatch { fit, found }
    }
}

/// A list of names while those are looked for who are called so: one look through the members, however long it is.
pub(super) struct Listing {
    group: Option<GroupId>,
    /// Each as it stands and without what else its line says.
    items: Vec<(String, String)>,
    /// Who is called so, by names as they are looked up: in the group, and who only ordered there.
    called: HashMap<String, Vec<MemberId>>,
    marks: Marks,
    called_so: HashMap<String, Vec<MemberId>>,
    /// Who ordered in the group is known there, also where nobody has written down that they are in it.
    buyers: HashSet<MemberId>,
    row: u32,
}

/// Marks of names by their length and their ends: what has none of them is none of the names.
struct Marks([u64; 64]);

impl Marks {
    fn of<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        let mut marks = [0; 64];
        for name in names {
            let (word, bit) = Self::place(name);
            if let Some(word) = marks.get_mut(word) {
                *word |= 1 << bit;
            }
        }
        Self(marks)
    }

    fn place(name: &str) -> (usize, u32) {
        // the last bytes of a character tell more than its first
        let bytes = name.as_bytes();
        let at = |from_end: usize| bytes.len().checked_sub(from_end).and_then(|at| bytes.get(at));
        let [last, before, first] =
            [at(1), at(4), bytes.get(2)].map(|byte| byte.map_or(0, |b| u32::from(*b)));
        let mark = (bytes.len() as u32) ^ (last << 6) ^ (before << 3) ^ first;
        ((mark >> 6) as usize % 64, mark % 64)
    }

    fn may_hold(&self, name: &str) -> bool {
        let (word, bit) = Self::place(name);
        self.0.get(word).is_some_and(|word| word & (1 << bit) != 0)
    }
}

/// "张三 2份": the name in a line of a 接龙 that was pasted whole.
fn bare_name(item: &str) -> Option<String> {
    match person_names(&format!("1. {item}")).as_slice() {
        [name] => Some(name.clone()),
        _ => None,
    }
}

impl Listing {
    /// All of it looked for at once.
    fn whole(desk: &Desk, text: &str, group: Option<GroupId>) -> Self {
        let mut listing = Self::begin(desk, text, group);
        let mut all = usize::MAX;
        listing.advance(desk, &mut all);
        listing
    }

    pub(super) fn begin(desk: &Desk, text: &str, group: Option<GroupId>) -> Self {
        let bare = |item: &str| bare_name(item).unwrap_or_default();
        let items: Vec<(String, String)> = list_items(text)
            .into_iter()
            .take(LOOKED_UP)
            .map(|item| {
                let bare = bare(&item);
                (item, bare)
            })
            .collect();
        let names = items.iter().flat_map(|(item, bare)| [item, bare]);
        let called = names.map(|name| (search_key(name), Vec::new())).filter(|(key, _)| !key.is_empty());
        let called: HashMap<String, Vec<MemberId>> = called.collect();
        let marks = Marks::of(called.keys().map(String::as_str));
        let buyers = group.map(|id| desk.buyers_of(id)).unwrap_or_default();
        Self { group, items, called, marks, called_so: HashMap::new(), buyers, row: 0 }
    }

    /// Holds the next members against the names; true when all were.
    pub(super) fn advance(&mut self, desk: &Desk, budget: &mut usize) -> bool {
        let columns = &desk.store.columns;
        let group = self.group.and_then(|id| columns.groups.row(id));
        while (self.row as usize) < columns.members.len() {
            if *budget == 0 {
                return false;
            }
            *budget = budget.saturating_sub(1);
            let row = self.row;
            self.row += 1;
            let known = columns.members.get(row).filter(|member| !member.archived);
            let Some((id, member)) = columns.members.id(row).zip(known) else { continue };
            let inside = self.group.is_none() || group.is_some_and(|group| member.is_in(group));
            if !inside && !self.buyers.contains(&id) {
                continue;
            }
            *budget = budget.saturating_sub(HELD_AGAINST);
            for line in member.key().lines() {
                // most are none of them, and that is seen without looking one up
                if !self.marks.may_hold(line) || !self.called.contains_key(line) {
                    continue;
                }
                let called = if inside {
                    self.called.get_mut(line)
                } else {
                    Some(self.called_so.entry(line.to_owned()).or_default())
                };
                if let Some(members) = called.filter(|members| !members.contains(&id)) {
                    members.push(id);
                }
            }
        }
        true
    }

    /// Who is called so, once all were looked at.
    fn found(&self, desk: &Desk, name: &str) -> Vec<MemberId> {
        let key = search_key(name);
        let mut known = [&self.called, &self.called_so].into_iter().filter_map(|all| all.get(&key));
        if let Some(known) = known.find(|known| !known.is_empty()).cloned() {
            return known;
        }
        let nicknamed = desk.nicknamed(name);
        if self.group.is_some() { desk.of_place(&nicknamed, self.group, None) } else { nicknamed }
    }

    /// Whom each name means, once all were looked at.
    fn meant(&self, desk: &Desk) -> Vec<(String, Result<MemberId, usize>)> {
        let one = |(item, bare): &(String, String)| {
            let mut members = self.found(desk, item);
            if members.is_empty() && bare != item {
                members = self.found(desk, bare);
            }
            let meant = if let [one] = members.as_slice() { Ok(*one) } else { Err(members.len()) };
            (item.clone(), meant)
        };
        self.items.iter().map(one).collect()
    }
}

impl Desk {
    /// The group that is called exactly so: nobody's name.
    fn group_named(&self, text: &str) -> Option<Suggestion> {
        let key = search_key(text);
        let mut groups = self.store.columns.groups.iter();
        let (row, ..) = groups.find(|(_, _, group)| {
            !key.is_empty() && !group.body.archived && group.key.lines().any(|line| line == key)
        })?;
        self.suggestion(Kind::Group, row)
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

    /// Whether one of the names of a list may mean a member: they are called so, whoever else is.
    pub(crate) fn may_be_named(&self, text: &str, member: MemberId) -> bool {
        let Some(column) = self.store.columns.members.by_id(member) else { return false };
        list_items(text).into_iter().take(LOOKED_UP).any(|item| {
            let key = search_key(&bare_name(&item).unwrap_or_default());
            let is_so = |key: &str| !key.is_empty() && column.key().lines().any(|line| line == key);
            is_so(&search_key(&item)) || is_so(&key) || self.nicknamed(&item).contains(&member)
        })
    }

    /// Whom each name of a list means; of a group where one is given, else of the whole book. Where it is not one member,
    /// how many it could be.
    pub(crate) fn listed(
        &self,
        text: &str,
        group: Option<GroupId>,
    ) -> Vec<(String, Result<MemberId, usize>)> {
        let listing = Listing::whole(self, text, group);
        listing.meant(self)
    }

    /// A list with several names behind one @, as it is written with each apart; none where it is so already, or where
    /// the book does not tell where a name ends.
    pub(crate) fn names_apart(&self, text: &str, group: Option<GroupId>) -> Option<String> {
        let items = if text.contains(['@', '＠']) {
            list_items(text)
        } else {
            return self.whole_names(text, group);
        };
        let words_of = |item: &str| item.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let several = |words: &Vec<String>| (2..=NAMES_BEHIND).contains(&words.len());
        let mut runs: Vec<String> = Vec::new();
        for words in items.iter().map(|item| words_of(item)).filter(several) {
            let ends = |from: usize| (from + 1..=words.len()).map(move |to| (from, to));
            let spans = (0..words.len()).flat_map(ends);
            runs.extend(spans.filter_map(|(from, to)| words.get(from..to)).map(|run| run.join(" ")));
        }
        if runs.is_empty() {
            return None;
        }
        let listing = Listing::whole(self, &runs.join("、"), group);
        let is_known = |name: &str| !listing.found(self, name).is_empty();
        let mut apart: Vec<String> = Vec::new();
        for item in &items {
            let words = words_of(item);
            let split = several(&words).then(|| split_at_names(&words, is_known)).flatten();
            apart.extend(split.unwrap_or_else(|| vec![item.clone()]));
        }
        (apart != items).then(|| apart.join("、"))
    }

    /// The same where a line that would be several names by its blanks is the name of one member.
    fn whole_names(&self, text: &str, group: Option<GroupId>) -> Option<String> {
        if text.contains([',', '，', '、', ';', '；']) {
            return None;
        }
        let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let is_torn =
            |line: &str| line.contains(char::is_whitespace) && line.split_whitespace().all(is_short_name);
        let torn: Vec<&str> = lines.iter().copied().filter(|line| is_torn(line)).collect();
        if torn.is_empty() {
            return None;
        }
        let listing = Listing::whole(self, &(torn.join("、") + "、"), group);
        let is_one = |line: &str| is_torn(line) && !listing.found(self, line).is_empty();
        if !torn.iter().any(|line| is_one(line)) {
            return None;
        }
        let items = lines
            .iter()
            .flat_map(|line| if is_one(line) { vec![(*line).to_owned()] } else { list_items(line) });
        // also behind a single one: where there is a comma, blanks separate nothing
        Some(items.collect::<Vec<_>>().join("、") + "、")
    }

    /// A sentence for each name of a list that is no one member's.
    pub(crate) fn unknown_names(&self, text: &str, group: Option<GroupId>, lang: Lang) -> Vec<String> {
        let listing = Listing::whole(self, text, group);
        self.unknown_in(&listing, lang)
    }

    /// The same of a list whose names were looked for.
    pub(super) fn unknown_in(&self, listing: &Listing, lang: Lang) -> Vec<String> {
        let (mut nobody, mut sentences) = (Vec::new(), Vec::new());
        for (item, meant) in listing.meant(self) {
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
            let words = if listing.group.is_some() { ViewWords::NotInGroup } else { ViewWords::NotInBook };
            sentences.insert(0, words.fill(lang, &[("names", &names)]));
        }
        sentences.truncate(SAID);
        sentences
    }
}

/// Words as the names that they are made of: the longest that is known each time, else a short Chinese one that nobody
/// is called by. None where none is known, or something else stands among them.
fn split_at_names(words: &[String], is_known: impl Fn(&str) -> bool) -> Option<Vec<String>> {
    let (mut names, mut rest, mut any) = (Vec::new(), words, false);
    while let Some(first) = rest.first() {
        let runs = (1..=rest.len()).rev().filter_map(|n| rest.split_at_checked(n));
        let known = runs.map(|(run, rest)| (run.join(" "), rest)).find(|(name, _)| is_known(name));
        any |= known.is_some();
        let unknown = || rest.get(1..).filter(|_| is_short_name(first)).map(|rest| (first.clone(), rest));
        let (name, left) = known.or_else(unknown)?;
        names.push(name);
        rest = left;
    }
    any.then_some(names)
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
