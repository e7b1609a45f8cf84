//! Rows of one file that have the same name: which two, and what tells them apart, if anything does.
//!
//! Each is held against the first of its name; of common names in a long file that is enough to look twice.

use std::collections::HashMap;
use std::collections::hash_map::{DefaultHasher, Entry};
use std::hash::{Hash, Hasher};

use crate::door::rows::MemberRow;

/// How many are told one by one.
const TOLD: usize = 50;

/// What two of one name differ in, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Apart {
    Phone,
    Handle,
    Joined,
    Group,
    Account,
    /// They are taken for one.
    Nothing,
}

/// A row, the first of its name, and what tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Namesake {
    pub row: u32,
    pub earlier: u32,
    pub apart: Apart,
}

/// What is known of the first of a name; nought where a cell is empty.
struct First {
    line: u32,
    by: [(u64, Apart); 5],
}

/// Namesakes of a file, while it is read.
#[derive(Default)]
pub(super) struct Namesakes {
    first: HashMap<u64, First>,
    pub n: u32,
    pub told: Vec<Namesake>,
}

impl Namesakes {
    /// Looks at a row that is nobody of an earlier row by its numbers.
    pub fn take(&mut self, row: &MemberRow) {
        let of = |cell: Option<&str>| cell.map_or(0, |cell| hash(&cell));
        let by = [
            (of(row.phone.as_deref()), Apart::Phone),
            (if row.handles.is_empty() { 0 } else { hash(&row.handles) }, Apart::Handle),
            (row.joined_at.map_or(0, |at| hash(&at)), Apart::Joined),
            (of(row.group_ref.as_deref().or(row.group.as_deref())), Apart::Group),
            (of(row.account.as_deref()), Apart::Account),
        ];
        let first = match self.first.entry(hash(&row.name.trim())) {
            Entry::Vacant(place) => {
                place.insert(First { line: row.line, by });
                return;
            }
            Entry::Occupied(first) => first,
        };
        let first = first.get();
        let pairs = first.by.iter().zip(&by);
        let differ = pairs.filter(|((one, _), (other, _))| *one != 0 && *other != 0 && one != other);
        let apart = { differ }.next().map_or(Apart::Nothing, |((_, apart), _)| *apart);
        self.n += 1;
        if self.told.len() < TOLD {
            self.told.push(Namesake { row: row.line, earlier: first.line, apart });
        }
    }
}

fn hash(of: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}
