//! What is carried from one slice of an import to the next.
//!
//! A real import needs little of it: its report. A dry run changes nothing in the store, so the sheet holds what
//! earlier slices would have changed, packed, because a file may name a hundred thousand people.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher as _, RandomState};

use super::brief::{Brief, Outline};
use super::crowd::{Crowd, NAMESAKES_MAX};
use super::decide::values;
use super::decided::Slice;
use super::draft::Person;
use super::entering::Tally;
use crate::book::packed::unpack;
use crate::book::{Account, Group, GroupId, MemberId};
use crate::desk::playbooks::Playbooks;
use crate::door::reply::{Conflict, ImportReport};
use crate::door::rows::MemberRow;
use crate::store::imported::place_of;
use crate::store::record::ImportCounts;
use crate::store::{Columns, StoreError};
use crate::text::names::SEPARATORS;

/// How many conflicts a report names.
const CONFLICTS_MAX: usize = 1_000;

/// The report of an import so far, and what its dry run remembers.
#[derive(Default)]
pub(super) struct Sheet {
    pub report: ImportReport,
    pub tally: Tally,
    /// Made by this import; in the book as well once a real slice is applied.
    pub accounts: Vec<Account>,
    pub groups: Vec<Group>,
    /// Groups that some row of the file names alone; see [`Self::look_at`].
    pub groups_alone: HashSet<String>,
    /// True once all of the file was looked through for them.
    pub looked_through: bool,
    /// Cells of several groups that were told of.
    pub several_told: HashSet<String>,
    /// Chat ids that known groups have learnt.
    pub chats: Vec<(String, GroupId)>,
    /// The fields that rows of this import gave of somebody, a bit for each of [`crate::store::imported::FIELDS`].
    pub given: HashMap<MemberId, u8>,
    people: HashMap<MemberId, Kept>,
    /// Who is called so since an earlier slice of a dry run, by a hash of the word; whoever looks checks the person.
    called: HashMap<u64, Known>,
    /// Names of the book that very many have.
    pub crowds: HashMap<String, Crowd>,
    handles: HashMap<u64, MemberId>,
    hasher: RandomState,
}

/// Somebody as an earlier slice of a dry run left them.
struct Kept {
    packed: Box<[u8]>,
    outline: Outline,
}

/// The bearers of a name that a dry run remembers.
enum Known {
    Few(Vec<MemberId>),
    Crowd(Box<Crowd>),
}

/// The same, for who looks.
pub(super) enum Called<'a> {
    Few(&'a [MemberId]),
    Crowd(&'a Crowd),
}

impl Sheet {
    pub(super) fn new(import: u32) -> Self {
        Self { report: ImportReport { import, ..ImportReport::default() }, ..Self::default() }
    }

    /// Notes which groups rows name alone: another row, before or behind, may name one of them among several.
    pub(super) fn look_at(&mut self, rows: &[MemberRow]) {
        for name in rows.iter().filter_map(|row| row.group.as_deref()) {
            if !self.groups_alone.contains(name) && !name.contains(SEPARATORS) {
                self.groups_alone.insert(name.to_owned());
            }
        }
    }

    /// Counts what became of the rows of a slice.
    pub(super) fn count(&mut self, counts: ImportCounts) {
        self.report.new += counts.new;
        self.report.changed += counts.changed;
        self.report.unchanged += counts.unchanged;
        self.report.refused += counts.refused;
    }

    /// The counts alone, for who looks on.
    pub(super) fn counts_only(&self) -> ImportReport {
        let ImportReport { import, new, changed, unchanged, refused, .. } = self.report;
        ImportReport { import, new, changed, unchanged, refused, ..ImportReport::default() }
    }

    /// The report with all its lists.
    pub(super) fn whole(&mut self, columns: &Columns, playbooks: &Playbooks) -> ImportReport {
        self.settle();
        let entering = self.tally.lines(columns, playbooks);
        ImportReport { entering, ..self.report.clone() }
    }

    /// Names what was made, and lets go of it: from here on it stands in the book.
    pub(super) fn settle(&mut self) {
        self.report.new_groups.extend(self.groups.drain(..).map(|group| group.name));
        self.report.new_accounts.extend(self.accounts.drain(..).map(|account| account.name));
        self.chats.clear();
    }

    /// Names what a slice has made, which stands in the book now.
    pub(super) fn made(&mut self, groups: Vec<String>, accounts: Vec<String>) {
        self.groups.clear();
        self.accounts.clear();
        self.chats.clear();
        self.report.new_groups.extend(groups);
        self.report.new_accounts.extend(accounts);
    }

    pub(super) fn conflict(&mut self, conflict: Conflict) {
        if self.report.conflicts.len() >= CONFLICTS_MAX {
            // what was not taken goes before what was taken all the same
            let mild = self.report.conflicts.iter().rposition(|known| !known.refused);
            let Some(place) = mild.filter(|_| conflict.refused) else { return };
            self.report.conflicts.remove(place);
        }
        self.report.conflicts.push(conflict);
    }

    /// Notes which fields a row gives, and says which.
    pub(super) fn give(&mut self, id: MemberId, row: &MemberRow) -> u8 {
        let places = values(row).filter_map(|(field, _)| place_of(field));
        let fields = places.fold(0, |given, place| given | 1 << place);
        *self.given.entry(id).or_default() |= fields;
        fields
    }

    /// Takes in what a slice says without its changes: counts, conflicts and which fields it gives.
    pub(super) fn take_in(&mut self, slice: &mut Slice) {
        self.count(slice.counts);
        for conflict in std::mem::take(&mut slice.conflicts) {
            self.conflict(conflict);
        }
        for (id, fields) in std::mem::take(&mut slice.given) {
            *self.given.entry(id).or_default() |= fields;
        }
    }

    fn hash(&self, parts: &[&str]) -> u64 {
        self.hasher.hash_one(parts)
    }

    pub(super) fn note_handle(&mut self, platform: &str, id: &str, member: MemberId) {
        let hash = self.hash(&[platform, id]);
        self.handles.insert(hash, member);
    }

    /// Who has a handle since an earlier slice.
    pub(super) fn handle(&self, platform: &str, id: &str) -> Option<MemberId> {
        if self.handles.is_empty() {
            return None;
        }
        self.handles.get(&self.hash(&[platform, id])).copied()
    }

    /// Remembers that somebody is called so.
    pub(super) fn call(&mut self, word: &str, person: &Person) {
        let hash = self.hash(&[word]);
        let few = match self.called.entry(hash).or_insert_with(|| Known::Few(Vec::new())) {
            Known::Crowd(crowd) => {
                crowd.add(person.member.id, &Brief::Here(person));
                return;
            }
            Known::Few(few) => {
                if !few.contains(&person.member.id) {
                    few.push(person.member.id);
                }
                if few.len() <= NAMESAKES_MAX {
                    return;
                }
                std::mem::take(few)
            }
        };
        let mut crowd = Crowd::default();
        for id in few {
            if let Some(outline) = self.outline(id) {
                crowd.add(id, &Brief::Kept(outline));
            }
        }
        self.called.insert(hash, Known::Crowd(Box::new(crowd)));
    }

    /// Who is called so since an earlier slice.
    pub(super) fn called(&self, word: &str) -> Called<'_> {
        if self.called.is_empty() {
            return Called::Few(&[]);
        }
        match self.called.get(&self.hash(&[word])) {
            Some(Known::Few(few)) => Called::Few(few),
            Some(Known::Crowd(crowd)) => Called::Crowd(crowd),
            None => Called::Few(&[]),
        }
    }

    pub(super) fn keep(&mut self, person: &Person) {
        // what the book consists of can always be written
        if let Ok(bytes) = rmp_serde::to_vec(person) {
            let kept = Kept { packed: bytes.into(), outline: Outline::of(person) };
            self.people.insert(person.member.id, kept);
        }
    }

    /// What is known at once of somebody whom an earlier slice of a dry run changed.
    pub(super) fn outline(&self, id: MemberId) -> Option<&Outline> {
        self.people.get(&id).map(|kept| &kept.outline)
    }

    /// A member as an earlier slice left them.
    pub(super) fn person(&self, id: MemberId) -> Result<Option<Person>, StoreError> {
        let packed = self.people.get(&id);
        packed.map(|kept| unpack(&kept.packed).map_err(|e| StoreError::Row(e.to_string()))).transpose()
    }
}
