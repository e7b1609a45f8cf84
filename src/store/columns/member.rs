//! What filters, order and the schedule look at of a member.
//!
//! A million of these stand in memory, so what most members have one or two of shares two allocations: all texts
//! in one, all lists in the other.

use super::moment::Moment;
use super::pack::packed;
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

/// A member in memory.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MemberColumn {
    /// Name, key, aliases, phone and notes, one behind the other.
    texts: Box<str>,
    /// Where the first four of them end.
    ends: [u32; 4],
    /// See [`List`].
    lists: Box<[u32]>,
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
    last_order_at: Moment,
    last_reply_at: Moment,
    last_touch_at: Moment,
    pub birthday: Option<Birthday>,
    /// Ordered and not yet picked up.
    pub unpicked: u32,
    pub open: u32,
    pub created_at: Timestamp,
}

packed!(MemberColumn {
    texts,
    ends,
    lists,
    order,
    source,
    referrer,
    stage,
    archived,
    orders,
    spent,
    last_order_at,
    last_reply_at,
    last_touch_at,
    birthday,
    unpicked,
    open,
    created_at,
});

/// The lists of a member, in the order in which they stand: first how many items each of them has but the last,
/// then their items. A member without any has not even the counts.
#[derive(Clone, Copy)]
enum List {
    Tags,
    /// Account, state, since.
    Contacts,
    /// Group, spell, joined, left.
    Stays,
    Sent,
    Enrolled,
    Checkins,
}

/// Numbers of an item, by [`List`].
const WIDTHS: [usize; 6] = [1, 4, 6, 1, 1, 1];
const COUNTS: usize = WIDTHS.len() - 1;

impl MemberColumn {
    /// Remark, else nickname: what people call them.
    pub fn name(&self) -> &str {
        self.text(0)
    }

    /// Pinyin search key of remark, nickname, aliases and phone, a line each.
    pub fn key(&self) -> &str {
        self.text(1)
    }

    /// Pinyin search keys of the aliases alone, a line each.
    pub fn aliases(&self) -> &str {
        self.text(2)
    }

    /// Their phone, folded.
    pub fn phone(&self) -> &str {
        self.text(3)
    }

    /// Folded note, needs and notes added later, a line each.
    pub fn notes(&self) -> &str {
        self.text(4)
    }

    fn text(&self, which: usize) -> &str {
        let from =
            which.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |end| *end as usize);
        let to = self.ends.get(which).map_or(self.texts.len(), |end| *end as usize);
        self.texts.get(from..to).unwrap_or_default()
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

    pub(in crate::store) fn set_texts(&mut self, texts: &MemberTexts) {
        let all = [&texts.name, &texts.key, &texts.aliases, &texts.phone, &texts.notes];
        let mut whole = String::with_capacity(all.iter().map(|text| text.len()).sum());
        let mut ends = self.ends.iter_mut();
        for text in all {
            whole.push_str(text);
            if let Some(end) = ends.next() {
                *end = whole.len() as u32;
            }
        }
        self.texts = whole.into();
    }

    /// The numbers of a list.
    fn list(&self, list: List) -> &[u32] {
        let list = list as usize;
        let Some((counts, items)) = self.lists.split_at_checked(COUNTS) else { return &[] };
        let numbers = |list: usize| {
            let count = counts.get(list).map_or(0, |count| *count as usize);
            count * WIDTHS.get(list).copied().unwrap_or(1)
        };
        let from = (0..list).map(numbers).sum::<usize>();
        let items = items.get(from..).unwrap_or_default();
        if list == COUNTS { items } else { items.get(..numbers(list)).unwrap_or_default() }
    }

    /// Their tags.
    pub fn tags(&self) -> &[Word] {
        self.list(List::Tags)
    }

    /// How they stand with our accounts.
    pub fn contacts(&self) -> impl ExactSizeIterator<Item = ContactColumn> {
        self.list(List::Contacts).as_chunks().0.iter().map(|[account, state, low, high]| ContactColumn {
            account: *account,
            state: ContactState::ALL.get(*state as usize).copied().unwrap_or(ContactState::NotYet),
            since: Moment::of_halves(*low, *high).at(),
        })
    }

    /// Their latest stays, one a group.
    pub fn stays(&self) -> impl ExactSizeIterator<Item = StayColumn> {
        self.list(List::Stays).as_chunks().0.iter().map(|[group, spell, joined, later, left, late]| {
            StayColumn {
                group: *group,
                spell: *spell,
                joined_at: Moment::of_halves(*joined, *later).at(),
                left_at: Moment::of_halves(*left, *late).at(),
            }
        })
    }

    /// `playbook/step` of everything they were sent.
    pub fn sent(&self) -> &[Word] {
        self.list(List::Sent)
    }

    /// Positions of playbooks that they are going through or stand in line for.
    pub fn enrolled(&self) -> impl Iterator<Item = u16> {
        self.list(List::Enrolled).iter().map(|place| *place as u16)
    }

    /// When they checked in or were excused, in minutes since 1970, rising; a playbook decides which day a
    /// minute belongs to.
    pub fn checkins(&self) -> &[u32] {
        self.list(List::Checkins)
    }

    /// Changes their lists.
    pub(in crate::store) fn change(&mut self, change: impl FnOnce(&mut MemberLists)) {
        let mut lists = MemberLists {
            tags: self.tags().to_vec(),
            contacts: self.contacts().collect(),
            stays: self.stays().collect(),
            sent: self.sent().to_vec(),
            enrolled: self.enrolled().collect(),
            checkins: self.checkins().to_vec(),
        };
        change(&mut lists);
        let counts = [
            lists.tags.len(),
            lists.contacts.len(),
            lists.stays.len(),
            lists.sent.len(),
            lists.enrolled.len(),
        ];
        let items: usize = counts.iter().zip(WIDTHS).map(|(count, width)| count * width).sum();
        if items + lists.checkins.len() == 0 {
            self.lists = Box::default();
            return;
        }
        let mut all = Vec::with_capacity(COUNTS + items + lists.checkins.len());
        all.extend(counts.map(|count| count as u32));
        all.extend_from_slice(&lists.tags);
        for contact in &lists.contacts {
            let [low, high] = Moment::from(contact.since).halves();
            all.extend([contact.account, contact.state as u32, low, high]);
        }
        for stay in &lists.stays {
            let ([joined, later], [left, late]) =
                (Moment::from(stay.joined_at).halves(), Moment::from(stay.left_at).halves());
            all.extend([stay.group, stay.spell, joined, later, left, late]);
        }
        all.extend_from_slice(&lists.sent);
        all.extend(lists.enrolled.iter().map(|place| u32::from(*place)));
        all.extend_from_slice(&lists.checkins);
        self.lists = all.into();
    }

    /// When they last ordered.
    pub fn last_order_at(&self) -> Option<Timestamp> {
        self.last_order_at.at()
    }

    /// When they were last heard of.
    pub fn last_reply_at(&self) -> Option<Timestamp> {
        self.last_reply_at.at()
    }

    /// When they were last sent something.
    pub fn last_touch_at(&self) -> Option<Timestamp> {
        self.last_touch_at.at()
    }

    pub(in crate::store) fn set_last_order_at(&mut self, at: Option<Timestamp>) {
        self.last_order_at = at.into();
    }

    pub(in crate::store) fn set_last_reply_at(&mut self, at: Option<Timestamp>) {
        self.last_reply_at = at.into();
    }

    pub(in crate::store) fn set_last_touch_at(&mut self, at: Option<Timestamp>) {
        self.last_touch_at = at.into();
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
    use crate::store::columns::pack::Packed as _;

    #[test]
    fn texts_and_lists_come_back_and_change_apart() {
        let mut member = MemberColumn::default();
        assert_eq!(
            (member.name(), member.notes(), member.tags().len(), member.stays().len()),
            ("", "", 0, 0)
        );
        member.change(|lists| lists.checkins.push(7));
        assert_eq!((member.checkins(), member.sent()), ([7].as_slice(), [].as_slice()));
        let texts = MemberTexts {
            name: "小雨妈".to_owned(),
            key: "xiaoyuma\nxym".to_owned(),
            aliases: String::new(),
            phone: "17000000001".to_owned(),
            notes: "少辣".to_owned(),
        };
        member.set_texts(&texts);
        assert_eq!(member.texts(), texts);
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
        member.change(|all| *all = lists.clone());
        member.change(|all| assert_eq!(*all, lists));
        assert_eq!(member.texts(), texts);
        assert_eq!((member.newest_friend(), member.is_friend_of(2), member.is_in(9)), (Some(0), false, true));
        let mut bytes = Vec::new();
        member.pack(&mut bytes);
        assert_eq!(MemberColumn::unpack(&mut bytes.as_slice()), Some(member.clone()));
        bytes.pop();
        assert_eq!(MemberColumn::unpack(&mut bytes.as_slice()), None);
        member.change(|all| *all = MemberLists::default());
        assert_eq!((member.lists.len(), member.enrolled().count()), (0, 0));
    }
}
