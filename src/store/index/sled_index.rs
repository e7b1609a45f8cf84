//! The index in sled 0.34: one tree, one batch per commit with its mark inside, over the table it was built with.
//!
//! A building writes the table and leaves the tree empty but for its mark and the table's identity; from then on
//! every change goes into the tree, which hides what the table says of the same key.
//!
//! Every call is guarded: a damaged index panics inside sled. A full disk makes sled refuse for ever, so
//! [`Index::recover`] opens it anew; between the error and that no batch is taken, as it would leave a hole.

use std::fs::File;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::building::{Building, TABLE_FILE, sweep};
use super::dirty::{BootId, Marker};
use super::error::IndexError;
use super::merge::{Merge, PRESENT, REMOVED, Source, TreeWalk, unwrapped};
use super::opening::INDEX_DIR;
use super::quiet::guarded;
use super::syncing::{Syncer, flush_and_sync};
use super::table::{Found, Table};
use super::{Batch, Index, Keys, MARK_KEY, Mark, Order, Pair, TABLE_KEY, Visit};

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
    /// While it is built from nothing.
    building: Option<Building>,
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
    table: Option<Table>,
}

/// Blocks of the table that are remembered: about 2 MB.
const BLOCKS_KEPT: usize = 64;

impl SledIndex {
    /// Opens `index/` in a store's directory, or makes it.
    pub(super) fn open(store: &Path, options: SledOptions, boot: BootId) -> Result<Self, IndexError> {
        let path = store.join(INDEX_DIR);
        let opened = Some(open(&path, options)?);
        let marker = Marker::new(store, boot);
        let index =
            Self { path, options, marker, opened, building: None, bulk: false, failed: false, stuck: false };
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
        let opened = self.opened()?;
        let mut ops = sled::Batch::default();
        for (key, value) in &batch.ops {
            match (value, &opened.table) {
                (Some(value), _) => ops.insert(key.as_slice(), [&[PRESENT], value.as_slice()].concat()),
                (None, Some(table)) if table.get(key)? != Found::Nothing => {
                    ops.insert(key.as_slice(), REMOVED);
                }
                (None, _) => ops.remove(key.as_slice()),
            }
        }
        ops.insert(MARK_KEY, batch.mark.encode());
        self.write_tree(ops)
    }

    fn write_tree(&self, ops: sled::Batch) -> Result<(), IndexError> {
        let opened = self.opened()?;
        call(|| opened.db.apply_batch(ops))?;
        if opened.syncer.note_batch() {
            flush_and_sync(&opened.db, &opened.file)?;
            opened.syncer.note_synced();
        }
        Ok(())
    }

    /// The rows of a range, removed ones included.
    fn merge(&self, keys: &Keys, order: Order) -> Result<Merge<'_>, IndexError> {
        if let Some(building) = &self.building {
            return Ok(building.merge(keys, order));
        }
        let opened = self.opened()?;
        let mut sources = Vec::with_capacity(2);
        if !keys.is_empty() {
            let range = call(|| Ok(opened.db.range(keys.bounds())))?;
            sources.push(Source::Tree(Box::new(TreeWalk::new(range, order))));
            sources.extend(opened.table.iter().map(|table| Source::Table(table.walk(keys, order))));
        }
        Ok(Merge::new(sources, order))
    }

    /// Puts the table that was built under the tree.
    fn put_under(&mut self, building: Building) -> Result<(), IndexError> {
        let Some((mark, identity)) = building.finish()? else { return Ok(()) };
        let table = open_table(&self.path, identity)?;
        if let Some(opened) = &mut self.opened {
            opened.table = Some(table);
        }
        let mut ops = sled::Batch::default();
        ops.insert(MARK_KEY, mark.encode());
        ops.insert(TABLE_KEY, &identity.to_be_bytes());
        self.write_tree(ops)
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
    let table = if let Some(bytes) = call(|| db.get(TABLE_KEY))? {
        let strange = |_| IndexError::Damaged { what: "it names its table strangely".to_owned() };
        Some(open_table(path, bytes.as_ref().try_into().map(u64::from_be_bytes).map_err(strange)?)?)
    } else {
        sweep(path).map_err(IndexError::io("removing what building the index left"))?;
        None
    };
    let syncer = Syncer::start(db.clone(), of_thread)?;
    Ok(Opened { syncer, file, db, table })
}

/// Opens the table under a tree, which must be the one that the tree names.
fn open_table(path: &Path, identity: u64) -> Result<Table, IndexError> {
    let file = File::open(path.join(TABLE_FILE)).map_err(IndexError::io("opening the table of the index"))?;
    let table = Table::open(file, BLOCKS_KEPT)?;
    let other = || IndexError::Damaged { what: "its table belongs to another index".to_owned() };
    (table.identity() == identity).then_some(table).ok_or_else(other)
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
        if let Some(building) = &self.building {
            return building.get(key);
        }
        let opened = self.opened()?;
        match (call(|| opened.db.get(key))?, &opened.table) {
            (Some(value), _) => Ok(unwrapped(&value)?.map(<[u8]>::to_vec)),
            (None, Some(table)) => match table.get(key)? {
                Found::Value(value) => Ok(Some(value)),
                Found::Removed | Found::Nothing => Ok(None),
            },
            (None, None) => Ok(None),
        }
    }

    fn range(&self, keys: &Keys, order: Order, limit: usize) -> Result<Vec<Pair>, IndexError> {
        let mut merge = self.merge(keys, order)?;
        let mut pairs = Vec::new();
        while pairs.len() < limit && merge.step()? {
            if let Some(value) = merge.value() {
                pairs.push((merge.key().to_vec(), value.to_vec()));
            }
        }
        Ok(pairs)
    }

    fn scan(&self, prefix: &[u8], visit: &mut Visit<'_>) -> Result<(), IndexError> {
        let mut merge = self.merge(&Keys::prefix(prefix), Order::Forward)?;
        while merge.step()? {
            if let Some(value) = merge.value()
                && visit(merge.key(), value) == ControlFlow::Break(())
            {
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
        let written = match &mut self.building {
            Some(building) => building.apply(batch),
            None => self.write(&batch),
        };
        self.failed = written.is_err();
        written
    }

    fn recover(&mut self) -> Result<Option<Mark>, IndexError> {
        if self.stuck {
            return Err(IndexError::Stuck);
        }
        // what was built so far goes with it: it is built from the beginning again
        if self.building.take().is_some() {
            self.bulk = false;
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
        if let Some(building) = &self.building {
            return Ok(building.mark());
        }
        let db = &self.opened()?.db;
        match call(|| db.get(MARK_KEY))? {
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
            if self.mark()?.is_none() {
                self.building = Some(Building::begin(&self.path)?);
            }
        }
        Ok(())
    }

    fn end_bulk(&mut self) -> Result<(), IndexError> {
        if self.bulk {
            if let Some(building) = self.building.take() {
                let built = self.put_under(building);
                self.failed |= built.is_err();
                built?;
            }
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
