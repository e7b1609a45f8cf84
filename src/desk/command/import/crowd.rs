//! Names that many people have, sorted by the groups and accounts they are known in.
//!
//! Most names are one person's, and whoever looks for one reads a line of the index. "平安是福" is hundreds, and a list of
//! a hundred thousand would look through all of them at every row. So the bearers of such a name are read once an
//! import and kept by place; those that were made since stand behind the last one read, because ids rise.
//!
//! Limits: who is given such a name by somebody else while the import goes on is not seen.

use std::collections::HashMap;

use super::brief::Brief;
use super::draft::Draft;
use crate::book::{AccountId, GroupId, MemberId};
use crate::store::{StoreError, keys};

/// From how many bearers on a name is kept by place.
const CROWD_FROM: usize = 64;
/// How many people of one name in one place are told apart; more share no name that tells them apart.
pub(super) const NAMESAKES_MAX: usize = 64;
/// How many lines of the index are read at once.
const PAGE: usize = 1_000;

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Place {
    Group(GroupId),
    Account(AccountId),
}

/// The bearers of one name.
#[derive(Default)]
pub(super) struct Crowd {
    places: HashMap<Place, Vec<MemberId>>,
    /// The first of all of them.
    some: Vec<MemberId>,
    /// The last one read from the index.
    last: Option<MemberId>,
}

impl Crowd {
    fn put(&mut self, place: Place, id: MemberId) {
        let there = self.places.entry(place).or_default();
        // more are not told apart anyhow
        if there.len() <= NAMESAKES_MAX && !there.contains(&id) {
            there.push(id);
        }
    }

    pub(super) fn add(&mut self, id: MemberId, brief: &Brief<'_>) {
        if self.some.len() <= NAMESAKES_MAX && !self.some.contains(&id) {
            self.some.push(id);
        }
        brief.groups().into_iter().for_each(|group| self.put(Place::Group(group), id));
        brief.accounts().into_iter().for_each(|account| self.put(Place::Account(account), id));
    }

    fn at(&self, place: Option<Place>) -> &[MemberId] {
        place.and_then(|place| self.places.get(&place)).map_or(&[], Vec::as_slice)
    }

    fn about(&self, wanted: Wanted) -> Namesakes {
        let (group, account) = match wanted {
            Wanted::About(group, account) => (group, account),
            Wanted::Near(..) => return Namesakes::default(),
            Wanted::Anywhere => {
                let many = self.some.len() > NAMESAKES_MAX;
                return Namesakes {
                    found: if many { Vec::new() } else { self.some.clone() },
                    many,
                    any: true,
                };
            }
        };
        let mut namesakes = Namesakes { any: true, ..Namesakes::default() };
        for there in [self.at(group.map(Place::Group)), self.at(account.map(Place::Account))] {
            if there.len() > NAMESAKES_MAX {
                namesakes.many = true;
            } else {
                namesakes.found.extend_from_slice(there);
            }
        }
        namesakes
    }
}

/// Where namesakes are looked for.
#[derive(Clone, Copy)]
pub(super) enum Wanted {
    Anywhere,
    /// In the group or known to the account.
    About(Option<GroupId>, Option<AccountId>),
    /// Not there, and yet near: known to the account of the group; where no group is meant, in one of the account's;
    /// or known from nowhere. A name that very many have says too little for that.
    Near(Option<GroupId>, Option<AccountId>),
}

/// People of one name.
#[derive(Default)]
pub(super) struct Namesakes {
    pub found: Vec<MemberId>,
    /// There is a place where more have the name than are told apart; they are not among the found.
    pub many: bool,
    /// Somebody has the name, wherever.
    pub any: bool,
}

impl Draft<'_> {
    /// Everybody who is or was called so, or has that phone, in a place or anywhere.
    pub(super) fn namesakes(&mut self, word: &str, wanted: Wanted) -> Result<Namesakes, StoreError> {
        let mut namesakes = self.namesakes_in_store(word, wanted)?;
        let mut near: Vec<MemberId> = self.called.get(word).into_iter().flatten().copied().collect();
        match self.sheet.called(word) {
            super::sheet::Called::Few(few) => near.extend_from_slice(few),
            super::sheet::Called::Crowd(crowd) => {
                let more = crowd.about(wanted);
                namesakes.many |= more.many;
                namesakes.any = true;
                namesakes.found.extend(more.found);
            }
        }
        namesakes.any |= !near.is_empty();
        near.retain(|id| self.is_wanted(*id, wanted));
        namesakes.found.extend(near);
        namesakes.found.sort_unstable();
        namesakes.found.dedup();
        if namesakes.found.len() > NAMESAKES_MAX {
            namesakes.many = true;
            namesakes.found.clear();
        }
        Ok(namesakes)
    }

    fn is_wanted(&self, id: MemberId, wanted: Wanted) -> bool {
        match wanted {
            Wanted::Anywhere => true,
            Wanted::About(group, account) => self.is_about(id, group, account),
            Wanted::Near(group, account) => self.is_near(id, group, account),
        }
    }

    fn namesakes_in_store(&mut self, word: &str, wanted: Wanted) -> Result<Namesakes, StoreError> {
        let prefix = keys::called_any(word);
        if let Some(mut crowd) = self.sheet.crowds.remove(word) {
            self.read_on(&prefix, word, &mut crowd)?;
            let namesakes = crowd.about(wanted);
            self.sheet.crowds.insert(word.to_owned(), crowd);
            return Ok(namesakes);
        }
        let rows = self.store.bodies.range(&prefix, &prefix, CROWD_FROM + 1)?;
        if rows.len() > CROWD_FROM {
            let mut crowd = Crowd::default();
            self.read_on(&prefix, word, &mut crowd)?;
            let namesakes = crowd.about(wanted);
            self.sheet.crowds.insert(word.to_owned(), crowd);
            return Ok(namesakes);
        }
        let mut found: Vec<MemberId> = rows.iter().filter_map(|(key, _)| keys::called_member(key)).collect();
        let any = !found.is_empty();
        found.retain(|id| self.is_wanted(*id, wanted));
        Ok(Namesakes { found, many: false, any })
    }

    /// Reads the bearers that were made since the last one read.
    fn read_on(&self, prefix: &[u8], word: &str, crowd: &mut Crowd) -> Result<(), StoreError> {
        loop {
            let mut from = crowd.last.map_or_else(|| prefix.to_vec(), |last| keys::called(word, last));
            if crowd.last.is_some() {
                // the first key behind it
                from.push(0);
            }
            let page = self.store.bodies.range(prefix, &from, PAGE)?;
            for id in page.iter().filter_map(|(key, _)| keys::called_member(key)) {
                if let Some(member) = self.store.columns.members.by_id(id) {
                    crowd.add(id, &Brief::Known(member, &self.store.columns));
                }
                crowd.last = Some(id);
            }
            if page.len() < PAGE {
                return Ok(());
            }
        }
    }
}
