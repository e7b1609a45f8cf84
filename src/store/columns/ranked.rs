//! Sorted sets that know how many keys stand before one.
//!
//! A B-tree can be walked but not asked for its thousandth key, nor how many keys lie under an instant. Here keys stand
//! in sorted blocks of a few hundred: the blocks are counted, then one of them is looked into. At a million keys
//! that is a few microseconds, and full blocks take half the memory of a tree that grew at its end.

use std::fmt;

/// The most keys of one block; a full one is split.
const BLOCK: usize = 512;

/// A sorted set of small keys.
#[derive(Clone)]
pub struct Ranked<K> {
    /// None is empty; every key of a block is less than every key of the next.
    blocks: Vec<Vec<K>>,
    len: usize,
}

impl<K> Default for Ranked<K> {
    fn default() -> Self {
        Self { blocks: Vec::new(), len: 0 }
    }
}

impl<K: fmt::Debug> fmt::Debug for Ranked<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.blocks.iter().flatten()).finish()
    }
}

impl<K: Ord + Copy> Ranked<K> {
    /// How many keys.
    pub fn len(&self) -> usize {
        self.len
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Adds a key; false when it was there.
    pub fn insert(&mut self, key: K) -> bool {
        self.len += 1;
        // what belongs behind everything fills the last block, which then stays full
        let block = self.block_of(&key).min(self.blocks.len().saturating_sub(1));
        let Some(keys) = self.blocks.get_mut(block) else {
            self.blocks.push(vec![key]);
            return true;
        };
        let Err(at) = keys.binary_search(&key) else {
            self.len -= 1;
            return false;
        };
        if keys.len() < BLOCK {
            keys.insert(at, key);
        } else if at == BLOCK {
            self.blocks.insert(block + 1, vec![key]);
        } else {
            let mut upper = keys.split_off(BLOCK / 2);
            if at <= BLOCK / 2 {
                keys.insert(at, key);
            } else {
                upper.insert(at - BLOCK / 2, key);
            }
            self.blocks.insert(block + 1, upper);
        }
        true
    }

    /// Takes a key away; false when it was not there.
    pub fn remove(&mut self, key: &K) -> bool {
        let block = self.block_of(key);
        let Some(keys) = self.blocks.get_mut(block) else { return false };
        let Ok(at) = keys.binary_search(key) else { return false };
        keys.remove(at);
        self.len -= 1;
        if keys.is_empty() {
            self.blocks.remove(block);
        }
        true
    }

    /// True when the key is there.
    pub fn contains(&self, key: &K) -> bool {
        self.blocks.get(self.block_of(key)).is_some_and(|keys| keys.binary_search(key).is_ok())
    }

    /// How many keys are less than one, which need not be there.
    pub fn rank(&self, key: &K) -> usize {
        let block = self.block_of(key);
        let before: usize = self.blocks.iter().take(block).map(Vec::len).sum();
        before + self.blocks.get(block).map_or(0, |keys| keys.partition_point(|other| other < key))
    }

    /// The key that `n` others stand before.
    pub fn get(&self, n: usize) -> Option<K> {
        self.iter_at(n).next()
    }

    /// Every key, rising.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = K> {
        self.blocks.iter().flatten().copied()
    }

    /// Keys from the `n`th on, rising.
    pub fn iter_at(&self, n: usize) -> impl Iterator<Item = K> {
        let (mut block, mut at) = (0, n);
        while let Some(keys) = self.blocks.get(block).filter(|keys| keys.len() <= at) {
            at -= keys.len();
            block += 1;
        }
        self.blocks.iter().skip(block).flatten().skip(at).copied()
    }

    /// Keys that are not less than one, rising.
    pub fn iter_from(&self, key: K) -> impl Iterator<Item = K> {
        let block = self.block_of(&key);
        let at = self.blocks.get(block).map_or(0, |keys| keys.partition_point(|other| *other < key));
        self.blocks.iter().skip(block).flatten().skip(at).copied()
    }

    /// Keys that are less than one, falling.
    pub fn iter_before(&self, key: K) -> impl Iterator<Item = K> {
        let block = self.block_of(&key);
        let at = self.blocks.get(block).map_or(0, |keys| keys.partition_point(|other| *other < key));
        let own = self.blocks.get(block).and_then(|keys| keys.get(..at)).unwrap_or_default();
        own.iter()
            .rev()
            .chain(self.blocks.iter().take(block).rev().flat_map(|keys| keys.iter().rev()))
            .copied()
    }

    /// The first block whose last key is not less.
    fn block_of(&self, key: &K) -> usize {
        self.blocks.partition_point(|keys| keys.last().is_some_and(|last| last < key))
    }
}

impl<K: Ord + Copy> FromIterator<K> for Ranked<K> {
    fn from_iter<I: IntoIterator<Item = K>>(keys: I) -> Self {
        let mut keys: Vec<K> = keys.into_iter().collect();
        // what is made anew comes nearly sorted, which this sort makes use of
        keys.sort();
        keys.dedup();
        let blocks = keys.chunks(BLOCK).map(<[K]>::to_vec).collect();
        Self { blocks, len: keys.len() }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn check(ranked: &Ranked<u32>, expected: &BTreeSet<u32>) {
        assert_eq!(ranked.len(), expected.len());
        assert!(ranked.iter().eq(expected.iter().copied()));
        assert!(ranked.blocks.iter().all(|keys| !keys.is_empty() && keys.len() <= BLOCK));
        for key in [0, 7, 500, 1_999, 3_000] {
            assert_eq!(ranked.rank(&key), expected.range(..key).count());
            assert_eq!(ranked.contains(&key), expected.contains(&key));
            assert_eq!(ranked.get(key as usize), expected.iter().nth(key as usize).copied());
            assert!(ranked.iter_from(key).eq(expected.range(key..).copied()));
            assert!(ranked.iter_before(key).eq(expected.range(..key).rev().copied()));
            assert!(ranked.iter_at(key as usize).eq(expected.iter().skip(key as usize).copied()));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

        #[test]
        fn it_is_a_sorted_set(
            begun in prop::collection::vec(0..2_000_u32, 0..1_500),
            changes in prop::collection::vec((any::<bool>(), 0..2_000_u32), 0..1_500),
        ) {
            let mut ranked: Ranked<u32> = begun.iter().copied().collect();
            let mut expected: BTreeSet<u32> = begun.into_iter().collect();
            check(&ranked, &expected);
            for (adds, key) in changes {
                if adds {
                    prop_assert_eq!(ranked.insert(key), expected.insert(key));
                } else {
                    prop_assert_eq!(ranked.remove(&key), expected.remove(&key));
                }
            }
            check(&ranked, &expected);
        }
    }

    #[test]
    fn what_grows_at_its_end_fills_its_blocks() {
        let mut ranked = Ranked::default();
        (0..5_000_u32).for_each(|key| assert!(ranked.insert(key)));
        assert_eq!(ranked.blocks.len(), 5_000_usize.div_ceil(BLOCK));
        (0..5_000_u32).for_each(|key| assert!(ranked.remove(&key)));
        assert!(ranked.is_empty() && ranked.blocks.is_empty());
    }
}
