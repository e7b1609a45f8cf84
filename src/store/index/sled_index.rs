//! The index in sled 0.34: one tree, one batch per commit with its mark inside.
//!
//! Every call is guarded: a damaged index panics inside sled. A full disk makes sled refuse for ever, so
//! [`Index::recover`] opens it anew; between the error and that no batch is taken, as it would leave a hole.

use std::fs::File;
use std::path::{Path, PathBuf};

use super::dirty::{BootId, Marker};
use super::error::IndexError;
use super::opening::INDEX_DIR;
use super::quiet::guarded;
use super::syncing::{Syncer, flush_and_sync};
use super::{Batch, Index, Keys, MARK_KEY, Mark, Order, Pair, Visit, is_reserved};

/// How sled is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SledOptions {
    /// Bytes of the file that are kept in memory; the memory used is somewhat more.
    pub cache_bytes: u64,
    /// How often sled writes and collects garbage by itself, in milliseconds.
    pub flush_every_ms: u64,
}

impl Default for SledOptions {
    fn default() -> Self {
        Self { cache_bytes: 64 << 20, flush_every_ms: 500 }
    }
}

/// How often and after which pause a locked index is tried again: two seconds in all.
const LOCK_TRIES: u32 = 40;
const LOCK_PAUSE: std::time::Duration = std::time::Duration::from_millis(50);

/// How long closing may take: writing back what is cached takes a fraction of it.
const CLOSE_PATIENCE: std::time::Duration = std::time::Duration::from_secs(10);

/// An index on the disk. Dropping it costs as much as opening it; [`SledIndex::leave`] does not.
pub struct SledIndex {
    path: PathBuf,
    options: SledOptions,
    marker: Marker,
    opened: Option<Opened>,
    bulk: bool,
    failed: bool,
    /// It could not be closed and is locked until this process ends.
    stuck: bool,
}

// The thread is dropped first: it holds the index open.
struct Opened {
    syncer: Syncer,
    file: File,
    db: sled::Db,
}

impl SledIndex {
    /// Opens `index/` in a store's directory, or makes it.
    pub(super) fn open(store: &Path, options: SledOptions, boot: BootId) -> Result<Self, IndexError> {
        let path = store.join(INDEX_DIR);
        let opened = Some(open(&path, options)?);
        let marker = Marker::new(store, boot);
        let index = Self { path, options, marker, opened, bulk: false, failed: false, stuck: false };
        index.mark()?;
        Ok(index)
    }

    /// Syncs and lets go without waiting for sled to close, which the end of the process does better. For
    /// programs that end now.
    pub fn leave(mut self) -> Result<(), IndexError> {
        let synced = self.flush_and_sync();
        std::mem::forget(self);
        synced
    }

    fn opened(&self) -> Result<&Opened, IndexError> {
        self.opened.as_ref().ok_or(IndexError::NeedsRecovery)
    }

    fn write(&mut self, batch: &Batch) -> Result<(), IndexError> {
        let mut ops = sled::Batch::default();
        for (key, value) in &batch.ops {
            match value {
                Some(value) => ops.insert(key.as_slice(), value.as_slice()),
                None => ops.remove(key.as_slice()),
            }
        }
        ops.insert(MARK_KEY, batch.mark.encode());
        let opened = self.opened()?;
        call(|| opened.db.apply_batch(ops))?;
        if opened.syncer.note_batch() {
            flush_and_sync(&opened.db, &opened.file)?;
            opened.syncer.note_synced();
        }
        Ok(())
    }
}

/// One guarded call.
fn call<T>(call: impl FnOnce() -> sled::Result<T>) -> Result<T, IndexError> {
    match guarded(call) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(IndexError::from_sled(&error)),
        Err(what) => Err(IndexError::Damaged { what }),
    }
}

/// Opens sled, and waits a little for one that was just dropped: its threads let go of the lock when they end.
fn open_free(config: &sled::Config) -> Result<sled::Db, IndexError> {
    let mut tries = LOCK_TRIES;
    loop {
        match call(|| config.open()) {
            Err(IndexError::Locked) if tries > 0 => {
                tries -= 1;
                std::thread::sleep(LOCK_PAUSE);
            }
            opened => return opened,
        }
    }
}

fn open(path: &Path, options: SledOptions) -> Result<Opened, IndexError> {
    let config = sled::Config::new()
        .path(path)
        .cache_capacity(options.cache_bytes)
        .flush_every_ms(Some(options.flush_every_ms.max(1)));
    let db = open_free(&config)?;
    let file = File::open(path.join("db")).map_err(IndexError::io("opening the index for syncing"))?;
    let of_thread = file.try_clone().map_err(IndexError::io("opening the index for syncing"))?;
    let syncer = Syncer::start(db.clone(), of_thread)?;
    Ok(Opened { syncer, file, db })
}

/// Closes sled in a thread of its own: where a write has failed, sled 0.34 may wait for one that nobody will finish,
/// and whoever closes it waits along. The thread is left behind then, and the index stays locked by it.
fn close(opened: Opened) -> Result<(), IndexError> {
    let (done, closed) = std::sync::mpsc::channel();
    std::thread::Builder::new()
        .name("index-close".to_owned())
        .spawn(move || {
            let result = guarded(move || drop(opened)).map_err(|what| IndexError::Damaged { what });
            // Whoever has given up does not listen any more.
            let _ = done.send(result);
        })
        .map_err(IndexError::io("starting the thread that closes the index"))?;
    closed.recv_timeout(CLOSE_PATIENCE).unwrap_or(Err(IndexError::Stuck))
}

impl Drop for SledIndex {
    fn drop(&mut self) {
        if let Some(opened) = self.opened.take() {
            // What cannot be closed is rebuilt at the next start; there is nobody to tell here.
            let _ = flush_and_sync(&opened.db, &opened.file);
            let _ = close(opened);
        }
    }
}

impl Index for SledIndex {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, IndexError> {
        let db = &self.opened()?.db;
        call(|| db.get(key)).map(|value| value.map(|value| value.to_vec()))
    }

    fn range(&self, keys: &Keys, order: Order, limit: usize) -> Result<Vec<Pair>, IndexError> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let db = &self.opened()?.db;
        call(|| {
            let mut found = db.range(keys.bounds());
            let mut pairs = Vec::new();
            while pairs.len() < limit {
                let next = match order {
                    Order::Forward => found.next(),
                    Order::Reverse => found.next_back(),
                };
                let Some((key, value)) = next.transpose()? else { break };
                if !is_reserved(&key) {
                    pairs.push((key.to_vec(), value.to_vec()));
                }
            }
            Ok(pairs)
        })
    }

    fn scan(&self, prefix: &[u8], visit: &mut Visit<'_>) -> Result<(), IndexError> {
        let mut found = self.opened()?.db.scan_prefix(prefix);
        while let Some((key, value)) = call(|| found.next().transpose())? {
            if !is_reserved(&key) && visit(&key, &value).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn apply(&mut self, batch: Batch) -> Result<(), IndexError> {
        batch.check()?;
        if let Some(opened) = &self.opened {
            self.failed |= opened.syncer.take_failure().is_some();
        }
        if self.failed {
            return Err(IndexError::NeedsRecovery);
        }
        let written = self.write(&batch);
        self.failed = written.is_err();
        written
    }

    fn recover(&mut self) -> Result<Option<Mark>, IndexError> {
        if self.stuck {
            return Err(IndexError::Stuck);
        }
        if let Some(opened) = self.opened.take() {
            let closed = close(opened);
            self.stuck = matches!(closed, Err(IndexError::Stuck));
            closed?;
        }
        self.opened = Some(open(&self.path, self.options)?);
        let mark = self.mark()?;
        self.failed = false;
        Ok(mark)
    }

    fn mark(&self) -> Result<Option<Mark>, IndexError> {
        match self.get(MARK_KEY)? {
            None => Ok(None),
            Some(bytes) => {
                let what = || IndexError::Damaged { what: "its mark has a strange length".to_owned() };
                Mark::decode(&bytes).map(Some).ok_or_else(what)
            }
        }
    }

    fn flush_and_sync(&mut self) -> Result<(), IndexError> {
        let opened = self.opened()?;
        if let Some(error) = opened.syncer.take_failure() {
            self.failed = true;
            return Err(error);
        }
        let synced = flush_and_sync(&opened.db, &opened.file);
        if synced.is_ok() {
            opened.syncer.note_synced();
        }
        self.failed |= synced.is_err();
        synced
    }

    fn begin_bulk(&mut self) -> Result<(), IndexError> {
        if !self.bulk {
            self.marker.set().map_err(IndexError::io("writing index.dirty"))?;
            self.bulk = true;
        }
        Ok(())
    }

    fn end_bulk(&mut self) -> Result<(), IndexError> {
        if self.bulk {
            self.flush_and_sync()?;
            self.marker.clear().map_err(IndexError::io("removing index.dirty"))?;
            self.bulk = false;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_a_failure_nothing_is_taken_until_it_recovers() {
        let dir = tempfile::tempdir().unwrap();
        let mut index =
            SledIndex::open(dir.path(), SledOptions::default(), BootId("monday".to_owned())).unwrap();
        let batch = |seq| Batch {
            ops: vec![("群".into(), Some("宠友".into()))],
            mark: Mark { lineage: [1; 16], seq, crc: 2, version: 3 },
        };
        index.apply(batch(1)).unwrap();
        index.failed = true;
        assert!(matches!(index.apply(batch(3)), Err(IndexError::NeedsRecovery)));
        assert_eq!(index.recover().unwrap(), Some(batch(1).mark));
        index.apply(batch(2)).unwrap();
        assert_eq!(index.mark().unwrap(), Some(batch(2).mark));
    }
}
