//! The index in sled 0.34: one tree, one batch per commit with its mark inside, over the tables of bulk work.
//!
//! Every call is guarded: a damaged index panics inside sled. A full disk makes sled refuse for ever, so
//! [`Index::recover`] opens it anew; between the error and that no batch is taken, as it would leave a hole.
//!
//! One file because reading, writing and recovering must agree on one order: memory, tree, tables.

use std::fs::File;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::dirty::{BootId, Marker};
use super::error::IndexError;
use super::growth::{Growth, Lot, Place};
use super::layers::Layers;
use super::merge::{Changes, ChangesWalk, Merge, PRESENT, REMOVED, Source, TreeWalk, unwrapped};
use super::opening::INDEX_DIR;
use super::quiet::{call, guarded};
use super::syncing::{Syncer, flush_and_sync};
use super::table::Found;
use super::{Batch, Index, Keys, MARK_KEY, Mark, Op, Order, Pair, TABLES_KEY, Visit};

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

/// An index on the disk. Dropping it costs as much as opening it: a process that ends leaves it undropped.
pub struct SledIndex {
    path: PathBuf,
    options: SledOptions,
    marker: Marker,
    opened: Option<Opened>,
    /// What bulk work has changed and not handed over.
    bulk: Option<Gathered>,
    /// It was empty when bulk work began.
    built: bool,
    failed: bool,
    /// It could not be closed and is locked until this process ends.
    stuck: bool,
}

// The threads are dropped first: they hold the index open.
struct Opened {
    growth: Option<Growth>,
    syncer: Syncer,
    file: File,
    db: sled::Db,
    /// What the growth has not brought into tree and tables, newest first.
    lots: Vec<Arc<Lot>>,
    layers: Arc<Layers>,
}

/// Changes in memory.
#[derive(Default)]
struct Gathered {
    changes: Changes,
    bytes: usize,
    /// Of the last batch; none before the first.
    mark: Option<Mark>,
}

impl Gathered {
    fn take(&mut self, ops: Vec<Op>, mark: Mark) {
        self.bytes +=
            ops.iter().map(|(key, value)| key.len() + value.as_ref().map_or(0, Vec::len)).sum::<usize>();
        if self.changes.is_empty() {
            self.changes = ops.into_iter().collect();
        } else {
            self.changes.extend(ops);
        }
        self.mark = Some(mark);
    }
}

/// From so many bytes on changes are handed over: a table of its own in some ten milliseconds.
const LOT_BYTES: usize = if cfg!(test) { 40 } else { 2 << 20 };

impl SledIndex {
    /// Opens `index/` in a store's directory, or makes it.
    pub(super) fn open(store: &Path, options: SledOptions, boot: BootId) -> Result<Self, IndexError> {
        let path = store.join(INDEX_DIR);
        let marker = Marker::new(store, boot);
        let is_marked = marker.is_set().map_err(IndexError::io("looking for index.dirty"))?;
        let opened = Some(open(&path, options, is_marked)?);
        let mut index =
            Self { path, options, marker, opened, bulk: None, built: false, failed: false, stuck: false };
        index.mark()?;
        index.tidy()?;
        Ok(index)
    }

    /// Waits until the growth has nothing left to do.
    pub(super) fn rest(&mut self) -> Result<(), IndexError> {
        let growth = self.opened.as_ref().and_then(|opened| opened.growth.as_ref());
        let rested = growth.map_or(Ok(()), Growth::rest);
        self.look();
        rested
    }

    fn opened(&self) -> Result<&Opened, IndexError> {
        self.opened.as_ref().ok_or(IndexError::NeedsRecovery)
    }

    /// The growth, started where there is none.
    fn growth(&mut self, unsettled: bool) -> Result<&Growth, IndexError> {
        let opened = self.opened.as_mut().ok_or(IndexError::NeedsRecovery)?;
        if opened.growth.is_none() {
            let file = opened.file.try_clone().map_err(IndexError::io("opening the index for syncing"))?;
            let place = Place {
                directory: self.path.clone(),
                db: opened.db.clone(),
                file,
                marker: self.marker.clone(),
            };
            opened.growth = Some(Growth::start(place, Arc::clone(&opened.layers), unsettled)?);
        }
        opened.growth.as_ref().ok_or(IndexError::NeedsRecovery)
    }

    /// Goes on with what a process before this one was killed in.
    fn tidy(&mut self) -> Result<(), IndexError> {
        let is_marked = self.marker.is_set().map_err(IndexError::io("looking for index.dirty"))?;
        if is_marked || self.opened()?.layers.wants_joining() {
            self.growth(is_marked)?;
        }
        Ok(())
    }

    /// Takes notice of what the growth has done.
    fn look(&mut self) {
        if let Some(opened) = &mut self.opened
            && let Some(growth) = &opened.growth
        {
            (opened.lots, opened.layers) = growth.view();
            self.failed |= growth.take_failure().is_some();
        }
    }

    fn write(&self, batch: &Batch) -> Result<(), IndexError> {
        let opened = self.opened()?;
        let mut ops = sled::Batch::default();
        for (key, value) in &batch.ops {
            match value {
                Some(value) => ops.insert(key.as_slice(), [&[PRESENT], value.as_slice()].concat()),
                None if opened.layers.get(key)? == Found::Nothing => ops.remove(key.as_slice()),
                None => ops.insert(key.as_slice(), REMOVED),
            }
        }
        ops.insert(MARK_KEY, batch.mark.encode());
        call(|| opened.db.apply_batch(ops))?;
        if opened.syncer.note_batch() {
            flush_and_sync(&opened.db, &opened.file)?;
            opened.syncer.note_synced();
        }
        Ok(())
    }

    /// Gives what was gathered to the growth, if it is worth a table.
    fn hand_over(&mut self, bytes_min: usize) -> Result<(), IndexError> {
        let Some(gathered) = self.bulk.as_mut().filter(|gathered| gathered.bytes >= bytes_min) else {
            return Ok(());
        };
        let Gathered { changes, mark: Some(mark), .. } = std::mem::take(gathered) else { return Ok(()) };
        // where the index stands is said by the last lot until the next batch comes
        gathered.mark = Some(mark);
        self.growth(true)?.hand_over(Lot { changes, mark })?;
        self.look();
        Ok(())
    }

    /// What is in memory, newest first.
    fn changes(&self) -> impl Iterator<Item = &Changes> {
        let lots = self.opened.iter().flat_map(|opened| &opened.lots).map(|lot| &lot.changes);
        self.bulk.iter().map(|gathered| &gathered.changes).chain(lots)
    }

    /// The rows of a range, removed ones included.
    fn merge(&self, keys: &Keys, order: Order) -> Result<Merge<'_>, IndexError> {
        let opened = self.opened()?;
        let mut sources = Vec::new();
        if !keys.is_empty() {
            sources.extend(
                self.changes().map(|changes| Source::Changes(ChangesWalk::new(changes, keys, order))),
            );
            let range = call(|| Ok(opened.db.range(keys.bounds())))?;
            sources.push(Source::Tree(Box::new(TreeWalk::new(range, order))));
            sources.extend(opened.layers.walk(keys, order));
        }
        Ok(Merge::new(sources, order))
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

/// `is_marked`: bulk work was cut off, and its tables may not be durable.
fn open(path: &Path, options: SledOptions, is_marked: bool) -> Result<Opened, IndexError> {
    let config = sled::Config::new()
        .path(path)
        .cache_capacity(options.cache_bytes)
        .flush_every_ms(Some(options.flush_every_ms.max(1)));
    let db = open_free(&config)?;
    let file = File::open(path.join("db")).map_err(IndexError::io("opening the index for syncing"))?;
    let of_thread = file.try_clone().map_err(IndexError::io("opening the index for syncing"))?;
    let named = call(|| db.get(TABLES_KEY))?;
    let layers = Arc::new(Layers::open(path, named.as_deref(), !is_marked)?);
    let syncer = Syncer::start(db.clone(), of_thread)?;
    Ok(Opened { growth: None, syncer, file, db, lots: Vec::new(), layers })
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
        // What cannot be closed is rebuilt at the next start; there is nobody to tell here.
        let _ = self.end_bulk().and_then(|()| self.flush_and_sync());
        if let Some(opened) = self.opened.take() {
            let _ = close(opened);
        }
    }
}

impl Index for SledIndex {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, IndexError> {
        let opened = self.opened()?;
        if let Some(changed) = self.changes().find_map(|changes| changes.get(key)) {
            return Ok(changed.clone());
        }
        if let Some(value) = call(|| opened.db.get(key))? {
            return Ok(unwrapped(&value)?.map(<[u8]>::to_vec));
        }
        match opened.layers.get(key)? {
            Found::Value(value) => Ok(Some(value)),
            Found::Removed | Found::Nothing => Ok(None),
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
        self.look();
        if let Some(opened) = &self.opened {
            self.failed |= opened.syncer.take_failure().is_some();
        }
        if self.failed {
            return Err(IndexError::NeedsRecovery);
        }
        let written = if let Some(gathered) = &mut self.bulk {
            gathered.take(batch.ops, batch.mark);
            self.hand_over(LOT_BYTES)
        } else {
            self.write(&batch)
        };
        self.failed = written.is_err();
        written
    }

    fn recover(&mut self) -> Result<Option<Mark>, IndexError> {
        if self.stuck {
            return Err(IndexError::Stuck);
        }
        // what is in memory alone goes with it: the journal has it
        self.bulk = None;
        if let Some(opened) = self.opened.take() {
            let closed = close(opened);
            self.stuck = matches!(closed, Err(IndexError::Stuck));
            closed?;
        }
        let is_marked = self.marker.is_set().map_err(IndexError::io("looking for index.dirty"))?;
        self.opened = Some(open(&self.path, self.options, is_marked)?);
        self.tidy()?;
        let mark = self.mark()?;
        self.failed = false;
        Ok(mark)
    }

    fn mark(&self) -> Result<Option<Mark>, IndexError> {
        let opened = self.opened()?;
        if let Some(mark) = self.bulk.as_ref().and_then(|gathered| gathered.mark) {
            return Ok(Some(mark));
        }
        match call(|| opened.db.get(MARK_KEY))? {
            None => Ok(None),
            Some(bytes) => {
                let what = || IndexError::Damaged { what: "its mark has a strange length".to_owned() };
                Mark::decode(&bytes).map(Some).ok_or_else(what)
            }
        }
    }

    fn flush_and_sync(&mut self) -> Result<(), IndexError> {
        self.hand_over(1)?;
        let is_bulk = self.bulk.is_some();
        let opened = self.opened()?;
        if let Some(growth) = &opened.growth {
            // bulk work that goes on is made durable at its end; until then the marker says so
            if is_bulk { growth.drain()? } else { growth.settle()? }
        }
        self.look();
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

    fn leave(&mut self) -> Result<(), IndexError> {
        self.end_bulk()?;
        self.flush_and_sync()?;
        // who had it built waits for the whole of it, or every command that comes and goes reads many tables
        if self.built { self.rest() } else { Ok(()) }
    }

    fn begin_bulk(&mut self) -> Result<(), IndexError> {
        if self.bulk.is_none() {
            let marker = self.marker.clone();
            self.built |= self.mark()?.is_none();
            self.growth(false)?.begin(&marker)?;
            self.bulk = Some(Gathered::default());
        }
        Ok(())
    }

    fn end_bulk(&mut self) -> Result<(), IndexError> {
        if self.bulk.is_none() {
            return Ok(());
        }
        let ended = self.hand_over(1).and_then(|()| {
            let growth = self.growth(true)?;
            growth.drain()?;
            growth.end();
            Ok(())
        });
        self.look();
        self.failed |= ended.is_err();
        if ended.is_ok() {
            self.bulk = None;
        }
        ended
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
