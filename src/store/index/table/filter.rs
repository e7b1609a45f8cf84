//! Says of most keys that a table has not that it has them not, without reading a block.
//!
//! Noted are the hashes of keys and of what ranges are asked by. Ten bits a hash err for about one in a hundred. The
//! hash is written down with the table, so it is this project's own and never changes: FNV-1a over the bytes, then
//! the finalizer of `MurmurHash3`.

/// A Bloom filter.
#[derive(Debug)]
pub(in crate::store::index) struct Filter {
    words: Vec<u64>,
}

/// The hash that a filter notes.
pub(in crate::store::index) fn hash(bytes: &[u8]) -> u64 {
    let mut hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}

impl Filter {
    const BITS_PER_HASH: usize = 10;
    const PROBES: u64 = 6;

    /// Of these hashes.
    pub(super) fn of(hashes: &[u64]) -> Self {
        let words = (hashes.len() * Self::BITS_PER_HASH).div_ceil(64).max(1);
        let mut filter = Self { words: vec![0; words] };
        for hash in hashes {
            for (place, bit) in filter.places(*hash) {
                if let Some(word) = filter.words.get_mut(place) {
                    *word |= bit;
                }
            }
        }
        filter
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        self.words.iter().flat_map(|word| word.to_le_bytes()).collect()
    }

    /// None where the bytes are no filter.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let (words, rest) = bytes.as_chunks::<8>();
        let words: Vec<u64> = words.iter().map(|word| u64::from_le_bytes(*word)).collect();
        (rest.is_empty() && !words.is_empty()).then_some(Self { words })
    }

    fn places(&self, hash: u64) -> impl Iterator<Item = (usize, u64)> + use<> {
        let (step, bits) = (hash.rotate_left(32) | 1, self.words.len() as u64 * 64);
        (0..Self::PROBES).map(move |probe| {
            let bit = hash.wrapping_add(probe.wrapping_mul(step)) % bits;
            ((bit / 64) as usize, 1 << (bit % 64))
        })
    }

    /// False where it was certainly not noted.
    pub(in crate::store::index) fn may_have(&self, hash: u64) -> bool {
        self.places(hash).all(|(place, bit)| self.words.get(place).is_some_and(|word| word & bit != 0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_noted_is_known_and_most_of_the_rest_is_not() {
        let filter = Filter::of(&(0..1_000_u32).map(|n| hash(&n.to_be_bytes())).collect::<Vec<_>>());
        let read = Filter::read(&filter.to_bytes()).unwrap();
        assert!((0..1_000_u32).all(|n| read.may_have(hash(&n.to_be_bytes()))));
        let wrong = (1_000..11_000_u32).filter(|n| read.may_have(hash(&n.to_be_bytes()))).count();
        assert!(wrong < 300, "{wrong}");
        assert!(Filter::read(&[1; 9]).is_none() && Filter::read(&[]).is_none());
    }

    #[test]
    fn the_hash_stays_what_it_is() {
        assert_eq!([hash(b""), hash(b"qun")], [HASH_OF_NOTHING, HASH_OF_QUN]);
    }

    const HASH_OF_NOTHING: u64 = 0xefd0_1f60_ba99_2926;
    const HASH_OF_QUN: u64 = 0xab2d_5aa2_8759_ebb5;
}
