//! What filters, order and the schedule look at of a member.
//!
//! A row has its facts first, then its texts, then its lists: whoever looks at one of them need not read the others.
//!
//! One file because what is written of a row and what is read of it must agree byte for byte.

use std::ops::{Deref, DerefMut};

use super::pack::{Listed, Packer, Unpacker, put, take, turned, turned_back};
use super::packed_rows::Packed;
use super::words::Word;
use crate::book::{Birthday, ContactState, Money, Stage, Timestamp};

/// One of our accounts and how the member stands with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContactColumn {
    /// Row of the account.
    pub account: u32,
    pub state: ContactState,
    pub since: Option<Timestamp>,
}

/// The latest stay of a member in a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StayColumn {
    /// Row of the group.
    pub group: u32,
    pub spell: u32,
    pub joined_at: Option<Timestamp>,
    pub left_at: Option<Timestamp>,
}

/// What a member has several of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemberLists {
    pub tags: Vec<Word>,
    pub contacts: Vec<ContactColumn>,
    pub stays: Vec<StayColumn>,
    /// `playbook/step` of everything they were sent.
    pub sent: Vec<Word>,
    /// Positions of playbooks that they are going through or stand in line for.
    pub enrolled: Vec<u16>,
    /// When they checked in or were excused, in minutes since 1970, rising; a playbook decides which day a
    /// minute belongs to.
    pub checkins: Vec<u32>,
}

/// The texts of a member.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemberTexts {
    /// Remark, else nickname: what people call them.
    pub name: String,
    /// Pinyin search key of remark, nickname, aliases and phone, a line each.
    pub key: String,
    /// Pinyin search keys of the aliases alone, a line each.
    pub aliases: String,
    pub phone: String,
    /// Folded note, needs and notes added later, a line each.
    pub notes: String,
}

/// What a member has one of.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct MemberFacts {
    /// The first bytes of the name's pinyin order: what lists by name are sorted by.
    pub order: u128,
    /// Where they came from.
    pub source: Option<Word>,
    /// Row of who brought them.
    pub referrer: Option<u32>,
    pub stage: Option<Stage>,
    pub archived: bool,
    pub orders: u32,
    pub spent: Money,
    pub last_order_at: Option<Timestamp>,
    /// When they were last heard of.
    pub last_reply_at: Option<Timestamp>,
    /// When they were last sent something.
    pub last_touch_at: Option<Timestamp>,
    pub birthday: Option<Birthday>,
    /// Ordered and not yet picked up.
    pub unpicked: u32,
    /// Due tasks for them; what was put off is not due.
    pub due: u32,
    pub created_at: Timestamp,
}

/// A member in memory, as it is read.
#[derive(Clone, Copy)]
pub struct MemberColumn<'a> {
    facts: MemberFacts,
    /// Where the first four texts end.
    ends: [u32; TEXTS - 1],
    /// Name, key, aliases, phone and notes, one behind the other.
    texts: &'a [u8],
    lists: &'a [u8],
}

/// A member to be changed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MemberRow {
    facts: MemberFacts,
    /// Texts and lists as bytes, which most changes leave as they are.
    tail: Vec<u8>,
}

const MASK_BYTES: usize = 2;
const TEXTS: usize = 5;
/// Lists of which the row says how many bytes they have; the last one has the rest.
const MEASURED: usize = 5;

/// The lists of a member in the order in which they stand. A member without any has not even the measures.
#[derive(Clone, Copy)]
enum List {
    Tags,
    Contacts,
    Stays,
    Sent,
    Enrolled,
    Checkins,
}

impl Packed for MemberRow {
    type Read<'a> = MemberColumn<'a>;

    fn pack(&self, into: &mut Vec<u8>) {
        let facts = &self.facts;
        let mut row = Packer::new(into, MASK_BYTES);
        row.bytes(&facts.order.to_be_bytes());
        row.signed(facts.created_at.0);
        row.maybe(facts.source);
        row.maybe(facts.referrer);
        row.maybe(facts.stage.map(Listed::place));
        row.flag(facts.archived);
        row.unless_nought(facts.orders);
        row.signed_unless_nought(facts.spent.0);
        for at in [facts.last_order_at, facts.last_reply_at, facts.last_touch_at] {
            row.instant(at, facts.created_at);
        }
        row.flag(facts.birthday.is_some());
        if let Some(birthday) = facts.birthday {
            row.bytes(&[
                birthday.month,
                birthday.day,
                u8::from(birthday.lunar)
                    | u8::from(birthday.leap) << 1
                    | u8::from(birthday.year.is_some()) << 2,
            ]);
            row.signed(birthday.year.unwrap_or_default());
        }
        row.unless_nought(facts.unpicked);
        row.unless_nought(facts.due);
        row.bytes(&self.tail);
    }

    fn read(bytes: &[u8]) -> Option<MemberColumn<'_>> {
        let mut row = Unpacker::new(bytes, MASK_BYTES)?;
        let order = u128::from_be_bytes(*row.bytes(16)?.first_chunk()?);
        let created_at = Timestamp(row.signed()?);
        let facts = MemberFacts {
            order,
            created_at,
            source: row.maybe()?,
            referrer: row.maybe()?,
            stage: match row.maybe()? {
                Some(place) => Some(Listed::at(place)?),
                None => None,
            },
            archived: row.flag(),
            orders: row.unless_nought()?,
            spent: Money(row.signed_unless_nought()?),
            last_order_at: row.instant(created_at)?,
            last_reply_at: row.instant(created_at)?,
            last_touch_at: row.instant(created_at)?,
            birthday: if row.flag() { Some(birthday(&mut row)?) } else { None },
            unpicked: row.unless_nought()?,
            due: row.unless_nought()?,
        };
        MemberColumn::of(facts, row.rest)
    }

    fn own(read: &MemberColumn<'_>) -> Self {
        let mut row =
            Self { facts: read.facts, tail: Vec::with_capacity(read.texts.len() + read.lists.len() + 8) };
        row.put_ends(&read.ends, read.texts.len());
        row.tail.extend_from_slice(read.texts);
        row.tail.extend_from_slice(read.lists);
        row
    }
}

fn birthday(row: &mut Unpacker<'_>) -> Option<Birthday> {
    let [month, day, flags] = *row.bytes(3)?.first_chunk()?;
    let year: i32 = row.signed()?;
    let year = (flags & 4 != 0).then_some(year);
    Some(Birthday { year, month, day, lunar: flags & 1 != 0, leap: flags & 2 != 0 })
}

impl Deref for MemberColumn<'_> {
    type Target = MemberFacts;

    fn deref(&self) -> &MemberFacts {
        &self.facts
    }
}

impl Deref for MemberRow {
    type Target = MemberFacts;

    fn deref(&self) -> &MemberFacts {
        &self.facts
    }
}

impl DerefMut for MemberRow {
    fn deref_mut(&mut self) -> &mut MemberFacts {
        &mut self.facts
    }
}

impl std::fmt::Debug for MemberColumn<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("MemberColumn").field(&self.facts).field(&self.texts()).field(&self.lists()).finish()
    }
}

impl MemberRow {
    /// The texts, which are few bytes each, and behind them the lists.
    fn put_ends(&mut self, ends: &[u32; TEXTS - 1], whole: usize) {
        let mut from = 0;
        for end in ends.iter().copied().chain([whole as u32]) {
            put(&mut self.tail, u64::from(end.saturating_sub(from)));
            from = end;
        }
    }

    /// What stands in it, to be read.
    pub(in crate::store) fn column(&self) -> MemberColumn<'_> {
        MemberColumn::of(self.facts, &self.tail).unwrap_or(MemberColumn {
            facts: self.facts,
            ends: [0; TEXTS - 1],
            texts: &[],
            lists: &[],
        })
    }

    pub(in crate::store) fn set_texts(&mut self, texts: &MemberTexts) {
        let lists = self.column().lists.to_vec();
        let all = [&texts.name, &texts.key, &texts.aliases, &texts.phone, &texts.notes];
        self.tail.clear();
        for text in all {
            put(&mut self.tail, text.len() as u64);
        }
        for text in all {
            self.tail.extend_from_slice(text.as_bytes());
        }
        self.tail.extend_from_slice(&lists);
    }

    /// Changes their lists.
    pub(in crate::store) fn change_lists(&mut self, change: impl FnOnce(&mut MemberLists)) {
        let column = self.column();
        let mut lists = column.lists();
        change(&mut lists);
        let (ends, texts) = (column.ends, column.texts.to_vec());
        self.tail.clear();
        self.put_ends(&ends, texts.len());
        self.tail.extend_from_slice(&texts);
        lists.pack(&mut self.tail);
    }
}

impl MemberLists {
    fn pack(&self, into: &mut Vec<u8>) {
        if *self == Self::default() {
            return;
        }
        let mut all: [Vec<u8>; MEASURED + 1] = Default::default();
        let [tags, contacts, stays, sent, enrolled, checkins] = &mut all;
        for (list, words) in [(tags, &self.tags), (sent, &self.sent)] {
            for word in words {
                put(list, u64::from(*word));
            }
        }
        for contact in &self.contacts {
            put(contacts, u64::from(contact.account));
            contacts.push(contact.state.place() << 1 | u8::from(contact.since.is_some()));
            put_at(contacts, contact.since);
        }
        for stay in &self.stays {
            let (joined, left) = (stay.joined_at.is_some(), stay.left_at.is_some());
            put(stays, u64::from(stay.group) << 2 | u64::from(joined) << 1 | u64::from(left));
            put(stays, u64::from(stay.spell));
            put_at(stays, stay.joined_at);
            put_at(stays, stay.left_at);
        }
        for place in &self.enrolled {
            put(enrolled, u64::from(*place));
        }
        let mut before = 0;
        for minute in &self.checkins {
            put(checkins, turned(i64::from(*minute) - before));
            before = i64::from(*minute);
        }
        for measured in all.iter().take(MEASURED) {
            put(into, measured.len() as u64);
        }
        for list in &all {
            into.extend_from_slice(list);
        }
    }
}

fn put_at(into: &mut Vec<u8>, at: Option<Timestamp>) {
    if let Some(at) = at {
        put(into, turned(at.0));
    }
}

fn take_at(from: &mut &[u8]) -> Option<Timestamp> {
    take(from).map(|at| Timestamp(turned_back(at)))
}

impl<'a> MemberColumn<'a> {
    fn of(facts: MemberFacts, mut tail: &'a [u8]) -> Option<Self> {
        if tail.is_empty() {
            return Some(Self { facts, ends: [0; TEXTS - 1], texts: &[], lists: &[] });
        }
        let mut ends = [0; TEXTS - 1];
        let mut whole = 0_u32;
        for end in &mut ends {
            whole = whole.checked_add(u32::try_from(take(&mut tail)?).ok()?)?;
            *end = whole;
        }
        whole = whole.checked_add(u32::try_from(take(&mut tail)?).ok()?)?;
        let (texts, lists) = tail.split_at_checked(whole as usize)?;
        Some(Self { facts, ends, texts, lists })
    }

    /// Remark, else nickname: what people call them.
    pub fn name(&self) -> &'a str {
        self.text(0)
    }

    /// Pinyin search key of remark, nickname, aliases and phone, a line each.
    pub fn key(&self) -> &'a str {
        self.text(1)
    }

    /// Pinyin search keys of the aliases alone, a line each.
    pub fn aliases(&self) -> &'a str {
        self.text(2)
    }

    /// Their phone, folded.
    pub fn phone(&self) -> &'a str {
        self.text(3)
    }

    /// Whether it is known that they are two people: each has a phone of their own.
    pub fn differs_from(&self, other: &MemberColumn<'_>) -> bool {
        let (own, their) = (self.phone(), other.phone());
        !own.is_empty() && !their.is_empty() && own != their
    }

    /// Folded note, needs and notes added later, a line each.
    pub fn notes(&self) -> &'a str {
        self.text(4)
    }

    fn text(&self, which: usize) -> &'a str {
        let from =
            which.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |end| *end as usize);
        let to = self.ends.get(which).map_or(self.texts.len(), |end| *end as usize);
        self.texts.get(from..to).and_then(|text| std::str::from_utf8(text).ok()).unwrap_or_default()
    }

    /// All their texts.
    pub(in crate::store) fn texts(&self) -> MemberTexts {
        MemberTexts {
            name: self.name().to_owned(),
            key: self.key().to_owned(),
            aliases: self.aliases().to_owned(),
            phone: self.phone().to_owned(),
            notes: self.notes().to_owned(),
        }
    }

    /// All their lists.
    fn lists(&self) -> MemberLists {
        MemberLists {
            tags: self.tags().collect(),
            contacts: self.contacts().collect(),
            stays: self.stays().collect(),
            sent: self.sent().collect(),
            enrolled: self.enrolled().collect(),
            checkins: self.checkins().collect(),
        }
    }

    /// The bytes of a list.
    fn list(&self, list: List) -> &'a [u8] {
        let mut rest = self.lists;
        let (mut before, mut own) = (0, None);
        for measured in 0..MEASURED {
            let Some(bytes) = take(&mut rest).and_then(|bytes| usize::try_from(bytes).ok()) else {
                return &[];
            };
            match measured.cmp(&(list as usize)) {
                std::cmp::Ordering::Less => before += bytes,
                std::cmp::Ordering::Equal => own = Some(bytes),
                std::cmp::Ordering::Greater => {}
            }
        }
        let list = rest.get(before..).unwrap_or_default();
        own.map_or(list, |own| list.get(..own).unwrap_or_default())
    }

    fn numbers<T: TryFrom<u64> + 'a>(&self, list: List) -> impl Iterator<Item = T> + use<'a, T> {
        let mut rest = self.list(list);
        std::iter::from_fn(move || T::try_from(take(&mut rest)?).ok())
    }

    /// Their tags.
    pub fn tags(&self) -> impl Iterator<Item = Word> + use<'a> {
        self.numbers(List::Tags)
    }

    /// How they stand with our accounts.
    pub fn contacts(&self) -> impl Iterator<Item = ContactColumn> + use<'a> {
        let mut rest = self.list(List::Contacts);
        std::iter::from_fn(move || {
            let account = u32::try_from(take(&mut rest)?).ok()?;
            let state = u8::try_from(take(&mut rest)?).ok()?;
            let since = if state & 1 == 1 { Some(take_at(&mut rest)?) } else { None };
            Some(ContactColumn { account, state: ContactState::at(state >> 1)?, since })
        })
    }

    /// Their latest stays, one a group.
    pub fn stays(&self) -> impl Iterator<Item = StayColumn> + use<'a> {
        let mut rest = self.list(List::Stays);
        std::iter::from_fn(move || {
            let first = take(&mut rest)?;
            let spell = u32::try_from(take(&mut rest)?).ok()?;
            let joined_at = if first & 2 == 2 { Some(take_at(&mut rest)?) } else { None };
            let left_at = if first & 1 == 1 { Some(take_at(&mut rest)?) } else { None };
            Some(StayColumn { group: u32::try_from(first >> 2).ok()?, spell, joined_at, left_at })
        })
    }

    /// `playbook/step` of everything they were sent.
    pub fn sent(&self) -> impl Iterator<Item = Word> + use<'a> {
        self.numbers(List::Sent)
    }

    /// Positions of playbooks that they are going through or stand in line for.
    pub fn enrolled(&self) -> impl Iterator<Item = u16> + use<'a> {
        self.numbers(List::Enrolled)
    }

    /// When they checked in or were excused, in minutes since 1970, rising; a playbook decides which day a
    /// minute belongs to.
    pub fn checkins(&self) -> impl Iterator<Item = u32> + use<'a> {
        let mut rest = self.list(List::Checkins);
        let mut minute = 0;
        std::iter::from_fn(move || {
            minute = i64::wrapping_add(minute, turned_back(take(&mut rest)?));
            u32::try_from(minute).ok()
        })
    }

    /// True where a private message can reach them from that account.
    pub fn is_friend_of(&self, account: u32) -> bool {
        self.contacts().any(|c| c.account == account && c.state == ContactState::Friend)
    }

    /// The newest friend among our accounts: their main account where no anchor names one.
    pub fn newest_friend(&self) -> Option<u32> {
        self.contacts()
            .filter(|c| c.state == ContactState::Friend)
            .max_by_key(|c| (c.since, c.account))
            .map(|c| c.account)
    }

    /// True while they are in that group.
    pub fn is_in(&self, group: u32) -> bool {
        self.stays().any(|s| s.group == group && s.left_at.is_none())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_lists_come_back_and_change_apart() {
        let mut row = MemberRow::default();
        let column = row.column();
        assert_eq!((column.name(), column.notes(), column.lists()), ("", "", MemberLists::default()));
        row.change_lists(|lists| lists.checkins.push(7));
        assert!(row.column().checkins().eq([7]) && row.column().sent().next().is_none());
        let texts = MemberTexts {
            name: "小雨妈".to_owned(),
            key: "xiaoyuma\nxym".to_owned(),
            aliases: String::new(),
            phone: "17000000001".to_owned(),
            notes: "少辣".to_owned(),
        };
        row.set_texts(&texts);
        assert_eq!(row.column().texts(), texts);
        let lists = MemberLists {
            tags: vec![3, 4],
            contacts: vec![
                ContactColumn { account: 2, state: ContactState::Blocked, since: None },
                ContactColumn { account: 0, state: ContactState::Friend, since: Some(Timestamp(-5)) },
            ],
            stays: vec![StayColumn {
                group: 9,
                spell: 2,
                joined_at: Some(Timestamp(1 << 40)),
                left_at: None,
            }],
            sent: vec![u32::MAX],
            enrolled: vec![u16::MAX, 0],
            checkins: vec![29_000_000, 29_000_001],
        };
        row.change_lists(|all| *all = lists.clone());
        row.change_lists(|all| assert_eq!(*all, lists));
        assert_eq!(row.column().texts(), texts);
        let column = row.column();
        assert_eq!((column.newest_friend(), column.is_friend_of(2), column.is_in(9)), (Some(0), false, true));
        let mut facts = MemberFacts {
            order: 1 << 90,
            source: Some(0),
            referrer: Some(7),
            stage: Some(Stage::ALL[1]),
            archived: true,
            orders: 300,
            spent: Money(-1),
            last_order_at: Some(Timestamp(0)),
            last_reply_at: None,
            last_touch_at: Some(Timestamp(-9)),
            birthday: Some(Birthday { year: Some(1990), month: 2, day: 29, lunar: false, leap: true }),
            unpicked: 0,
            due: 1,
            created_at: Timestamp(1 << 41),
        };
        for year in [Some(-1), None] {
            facts.birthday = Some(Birthday { year, month: 12, day: 30, lunar: true, leap: false });
            *row = facts;
            let mut bytes = Vec::new();
            row.pack(&mut bytes);
            assert_eq!(MemberRow::read(&bytes).map(|read| MemberRow::own(&read)), Some(row.clone()));
        }
        row.change_lists(|all| *all = MemberLists::default());
        assert_eq!((row.column().lists.len(), row.column().enrolled().count()), (0, 0));
    }
}
