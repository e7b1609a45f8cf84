//! An index in memory, for tests and for the crash simulation.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{
    Batch, Index, IndexError, Keys, MARK_KEY, Mark, Op, Order, Pair, Visit, after_prefix, is_reserved,
};

/// How many batches a crash can take back.
const HISTORY_MAX: usize = 1_000;

/// A sorted map; clones share it, so a simulation keeps one to crash it from outside.
///
/// An index may be behind the journal after a crash, never ahead: [`MemIndex::crash`] goes back to any earlier
/// batch, synced or not.
#[derive(Debug, Clone, Default)]
pub struct MemIndex {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    pairs: BTreeMap<Vec<u8>, Vec<u8>>,
    /// What each batch replaced, oldest first.
    history: Vec<Vec<Op>>,
    bulk: bool,
}

impl MemIndex {
    /// An empty index.
    pub fn new() -> Self {
        Self::default()
    }

    /// Loses some of the latest batches; `seed` says how many, from none to all that are remembered. In bulk
    /// work everything is lost, as such an index is rebuilt.
    pub fn crash(&self, seed: u64) {
        let mut state = self.lock();
        if std::mem::take(&mut state.bulk) {
            state.pairs.clear();
            state.history.clear();
        }
        let lost = fastrand::Rng::with_seed(seed).usize(..=state.history.len());
        for _ in 0..lost {
            for (key, value) in state.history.pop().unwrap_or_default().into_iter().rev() {
                match value {
                    Some(value) => state.pairs.insert(key, value),
                    None => state.pairs.remove(&key),
                };
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Index for MemIndex {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, IndexError> {
        Ok(self.lock().pairs.get(key).cloned())
    }

    fn range(&self, keys: &Keys, order: Order, limit: usize) -> Result<Vec<Pair>, IndexError> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let state = self.lock();
        let found = state.pairs.range(keys.bounds()).filter(|(key, _)| !is_reserved(key));
        let pair = |(key, value): (&Vec<u8>, &Vec<u8>)| (key.clone(), value.clone());
        Ok(match order {
            Order::Forward => found.take(limit).map(pair).collect(),
            Order::Reverse => found.rev().take(limit).map(pair).collect(),
        })
    }

    fn scan(&self, prefix: &[u8], visit: &mut Visit<'_>) -> Result<(), IndexError> {
        let bounds = (std::ops::Bound::Included(prefix.to_vec()), after_prefix(prefix));
        for (key, value) in self.lock().pairs.range(bounds).filter(|(key, _)| !is_reserved(key)) {
            if visit(key, value).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn apply(&mut self, batch: Batch) -> Result<(), IndexError> {
        batch.check()?;
        let mut state = self.lock();
        let mut replaced = Vec::with_capacity(batch.ops.len() + 1);
        let mark = (MARK_KEY.to_vec(), Some(batch.mark.encode()));
        for (key, value) in batch.ops.into_iter().chain([mark]) {
            let before = match value {
                Some(value) => state.pairs.insert(key.clone(), value),
                None => state.pairs.remove(&key),
            };
            replaced.push((key, before));
        }
        state.history.push(replaced);
        if state.history.len() > HISTORY_MAX {
            state.history.remove(0);
        }
        Ok(())
    }

    fn mark(&self) -> Result<Option<Mark>, IndexError> {
        Ok(self.lock().pairs.get(MARK_KEY).and_then(|bytes| Mark::decode(bytes)))
    }

    fn recover(&mut self) -> Result<Option<Mark>, IndexError> {
        self.mark()
    }

    fn flush_and_sync(&mut self) -> Result<(), IndexError> {
        Ok(())
    }

    fn leave(&mut self) -> Result<(), IndexError> {
        self.end_bulk()
    }

    fn begin_bulk(&mut self) -> Result<(), IndexError> {
        self.lock().bulk = true;
        Ok(())
    }

    fn end_bulk(&mut self) -> Result<(), IndexError> {
        self.lock().bulk = false;
        Ok(())
    }
}
