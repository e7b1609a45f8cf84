//! Several sorted sources read as one: of rows with the same key the newest counts.

use std::collections::btree_map;

use super::error::IndexError;
use super::quiet::guarded;
use super::table::Walk;
use super::{Keys, Order, is_reserved};

/// Values in the tree begin with this, so that a removed row of the table below can be told from an empty one.
pub(super) const PRESENT: u8 = 1;
/// The whole value of a row in the tree that hides one of the table below.
pub(super) const REMOVED: &[u8] = &[0];

/// What a value of the tree stands for; none for a removed row.
pub(super) fn unwrapped(value: &[u8]) -> Result<Option<&[u8]>, IndexError> {
    match value.split_first() {
        Some((&PRESENT, value)) => Ok(Some(value)),
        _ if value == REMOVED => Ok(None),
        _ => Err(IndexError::Damaged { what: "a value begins strangely".to_owned() }),
    }
}

/// A range of sled's tree.
pub(super) struct TreeWalk {
    range: sled::Iter,
    order: Order,
    stands: Option<(sled::IVec, sled::IVec)>,
}

impl TreeWalk {
    pub(super) fn new(range: sled::Iter, order: Order) -> Self {
        Self { range, order, stands: None }
    }

    fn step(&mut self) -> Result<bool, IndexError> {
        loop {
            let next = guarded(|| match self.order {
                Order::Forward => self.range.next(),
                Order::Reverse => self.range.next_back(),
            });
            self.stands = match next {
                Ok(next) => next.transpose().map_err(|error| IndexError::from_sled(&error))?,
                Err(what) => return Err(IndexError::Damaged { what }),
            };
            match &self.stands {
                Some((key, _)) if is_reserved(key) => {}
                Some((_, value)) => return unwrapped(value).map(|_| true),
                None => return Ok(false),
            }
        }
    }
}

/// Changes in memory, in the order of their keys.
pub(super) type Changes = std::collections::BTreeMap<Vec<u8>, Option<Vec<u8>>>;

/// A range of changes in memory.
pub(super) struct ChangesWalk<'a> {
    range: btree_map::Range<'a, Vec<u8>, Option<Vec<u8>>>,
    order: Order,
    stands: Option<(&'a Vec<u8>, &'a Option<Vec<u8>>)>,
}

impl<'a> ChangesWalk<'a> {
    /// Over keys of which there can be some: a map does not take others.
    pub(super) fn new(changes: &'a Changes, keys: &Keys, order: Order) -> Self {
        Self { range: changes.range(keys.bounds()), order, stands: None }
    }

    fn step(&mut self) -> bool {
        self.stands = match self.order {
            Order::Forward => self.range.next(),
            Order::Reverse => self.range.next_back(),
        };
        self.stands.is_some()
    }
}

/// One of the sources.
pub(super) enum Source<'a> {
    Changes(ChangesWalk<'a>),
    Tree(Box<TreeWalk>),
    Table(Walk<'a>),
}

impl Source<'_> {
    fn step(&mut self) -> Result<bool, IndexError> {
        match self {
            Self::Changes(walk) => Ok(walk.step()),
            Self::Tree(walk) => walk.step(),
            Self::Table(walk) => walk.step(),
        }
    }

    fn key(&self) -> &[u8] {
        match self {
            Self::Changes(walk) => walk.stands.map_or(&[], |(key, _)| key),
            Self::Tree(walk) => walk.stands.as_ref().map_or(&[], |(key, _)| key),
            Self::Table(walk) => walk.key(),
        }
    }

    fn value(&self) -> Option<&[u8]> {
        match self {
            Self::Changes(walk) => walk.stands.and_then(|(_, value)| value.as_deref()),
            Self::Tree(walk) => walk.stands.as_ref().and_then(|(_, value)| unwrapped(value).ok().flatten()),
            Self::Table(walk) => walk.value(),
        }
    }
}

/// The rows of all sources in order, each key once.
pub(super) struct Merge<'a> {
    /// Newest first.
    sources: Vec<Source<'a>>,
    order: Order,
    /// Sources that stand on a row, the next one last.
    heads: Vec<usize>,
    begun: bool,
}

impl<'a> Merge<'a> {
    /// Over sources that walk in this order, the newest first.
    pub(super) fn new(sources: Vec<Source<'a>>, order: Order) -> Self {
        Self { sources, order, heads: Vec::new(), begun: false }
    }

    /// Goes to the next key, removed ones included; false at the end.
    pub(super) fn step(&mut self) -> Result<bool, IndexError> {
        if self.begun {
            let Some(head) = self.heads.pop() else { return Ok(false) };
            // what older sources say of the same key does not count
            while let Some(older) = self.heads.last().copied().filter(|older| self.is_same(head, *older)) {
                self.heads.pop();
                self.advance(older)?;
            }
            self.advance(head)?;
        } else {
            self.begun = true;
            for source in 0..self.sources.len() {
                self.advance(source)?;
            }
        }
        Ok(!self.heads.is_empty())
    }

    fn is_same(&self, one: usize, other: usize) -> bool {
        self.key_of(one) == self.key_of(other)
    }

    fn key_of(&self, source: usize) -> &[u8] {
        self.sources.get(source).map_or(&[], Source::key)
    }

    fn advance(&mut self, source: usize) -> Result<(), IndexError> {
        if let Some(walk) = self.sources.get_mut(source)
            && walk.step()?
        {
            // sorted so that the next one to be read is last: later keys first, of equal ones the older first
            let place = self.heads.partition_point(|other| {
                let by_key = match self.order {
                    Order::Forward => self.key_of(*other).cmp(self.key_of(source)),
                    Order::Reverse => self.key_of(source).cmp(self.key_of(*other)),
                };
                by_key.then(other.cmp(&source)).is_gt()
            });
            self.heads.insert(place, source);
        }
        Ok(())
    }

    /// The key it stands on.
    pub(super) fn key(&self) -> &[u8] {
        self.heads.last().map_or(&[], |head| self.key_of(*head))
    }

    /// The value it stands on; none for a removed key.
    pub(super) fn value(&self) -> Option<&[u8]> {
        self.heads.last().and_then(|head| self.sources.get(*head)).and_then(Source::value)
    }
}
