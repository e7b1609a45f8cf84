//! Bulk work: changes are gathered in memory, and a thread makes tables under the tree of them.
//!
//! Problem: a tree takes some microseconds for every row and rewrites its pages again and again; an import of a
//! hundred thousand members has more than a million rows. Idea: the writer keeps changes in memory; every few
//! megabytes a thread of its own writes them as one sorted table, and puts small tables together into larger ones.
//!
//! What is newer hides what is older: memory, then the tree, then the tables from the newest on. So that this order
//! holds for ever, a changed row that the tree has is changed in the tree, and only others go into a table. Tree, list
//! of tables and mark change in one batch: whenever the process is killed, the index stands at an earlier mark, and
//! the journal is applied from there. Nothing is synced before the end, which is why `index.dirty` lies beside it.

use std::collections::VecDeque;
use std::fs::File;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use super::dirty::Marker;
use super::error::IndexError;
use super::layers::{Layer, Layers, NewLayer};
use super::merge::{Changes, Merge, PRESENT, REMOVED, Source};
use super::quiet::call;
use super::syncing::flush_and_sync;
use super::table::Found;
use super::{MARK_KEY, Mark, Order, TABLES_KEY};

/// So many tables of one level are put together into one of the next.
const JOINED: usize = if cfg!(test) { 3 } else { 8 };

/// How many lots of changes may wait for the thread.
const WAITING_MAX: usize = 3;

/// A table is put together with newer ones when it is smaller than so many times all of them.
const SMALLER_THAN: u64 = 4;

/// How long tables that were found are left as they are: most commands are over by then.
const JOINS_AFTER: Duration = Duration::from_secs(5);

/// After how many rows of putting together the thread looks for something more urgent.
const LOOK_EVERY: u32 = if cfg!(test) { 4 } else { 4_096 };

/// Changes that the writer has handed over.
pub(super) struct Lot {
    pub changes: Changes,
    pub mark: Mark,
}

#[derive(Default)]
struct State {
    /// Not in tree and tables yet, oldest first.
    waiting: VecDeque<Arc<Lot>>,
    layers: Arc<Layers>,
    /// More of it comes.
    is_bulk: bool,
    /// Something was written without a sync.
    unsettled: bool,
    failed: Option<IndexError>,
    closing: bool,
    /// Tables are put together at once: who found them waits a little, for most commands are over soon.
    hurries: bool,
    /// The thread has ended.
    gone: bool,
}

impl State {
    /// The tables that are worth putting together now, newest first.
    fn joinable(&self) -> &[Arc<Layer>] {
        let list = self.layers.list();
        let end = if self.is_bulk {
            let same = list.iter().take_while(|layer| Some(layer.level) == list.first().map(|l| l.level));
            same.count()
        } else if list.last().is_some_and(|lowest| lowest.table.is_filtered()) {
            // made in bulk work, where more was to come below others
            return list;
        } else {
            let mut newer = 0;
            let small = list.iter().take_while(|layer| {
                let bytes = layer.table.bytes();
                let is_small = newer == 0 || bytes < SMALLER_THAN * newer;
                newer += bytes;
                is_small
            });
            small.count()
        };
        let least = if self.is_bulk { JOINED } else { 2 };
        list.get(..end).filter(|list| list.len() >= least).unwrap_or_default()
    }
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        self.changed.wait(state).unwrap_or_else(PoisonError::into_inner)
    }
}

/// The writer's side.
pub(super) struct Growth {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

/// Where a growing index stands.
pub(super) struct Place {
    pub directory: PathBuf,
    pub db: sled::Db,
    /// sled's file.
    pub file: File,
    pub marker: Marker,
}

impl Growth {
    /// Over the tables that there are. `unsettled`: a process before this one was killed in bulk work.
    pub(super) fn start(place: Place, layers: Arc<Layers>, unsettled: bool) -> Result<Self, IndexError> {
        let state = State { layers, unsettled, ..State::default() };
        let shared = Arc::new(Shared { state: Mutex::new(state), ..Shared::default() });
        let next = shared.lock().layers.list().iter().map(|layer| layer.number).max().unwrap_or_default() + 1;
        let worker = Worker { shared: Arc::clone(&shared), place, next };
        let thread = std::thread::Builder::new()
            .name("index-growth".to_owned())
            .spawn(move || worker.run())
            .map_err(IndexError::io("starting the thread that grows the index"))?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// Sets the marker: from now on changes are handed over.
    pub(super) fn begin(&self, marker: &Marker) -> Result<(), IndexError> {
        // under the lock, for the thread takes the marker away when earlier work is settled
        let mut state = self.shared.lock();
        marker.set().map_err(IndexError::io("writing index.dirty"))?;
        (state.is_bulk, state.unsettled, state.hurries) = (true, true, true);
        Ok(())
    }

    /// No more is handed over: the thread makes durable what there is, and takes the marker away.
    pub(super) fn end(&self) {
        self.shared.lock().is_bulk = false;
        self.shared.changed.notify_all();
    }

    /// Gives changes to the thread; waits where it is far behind.
    pub(super) fn hand_over(&self, lot: Lot) -> Result<(), IndexError> {
        let mut state = self.until(|state| state.waiting.len() < WAITING_MAX)?;
        state.waiting.push_back(Arc::new(lot));
        drop(state);
        self.shared.changed.notify_all();
        Ok(())
    }

    /// Waits until nothing is in memory alone.
    pub(super) fn drain(&self) -> Result<(), IndexError> {
        self.until(|state| state.waiting.is_empty()).map(|_| ())
    }

    /// Waits until everything is durable and the marker is gone.
    pub(super) fn settle(&self) -> Result<(), IndexError> {
        self.until(|state| !state.unsettled).map(|_| ())
    }

    /// Waits until there is nothing left to do at all.
    pub(super) fn rest(&self) -> Result<(), IndexError> {
        self.shared.lock().hurries = true;
        self.shared.changed.notify_all();
        let idle = |state: &State| {
            let is_settled = state.is_bulk || !state.unsettled;
            state.waiting.is_empty() && is_settled && state.joinable().is_empty()
        };
        self.until(idle).map(|_| ())
    }

    fn until(&self, is_so: impl Fn(&State) -> bool) -> Result<MutexGuard<'_, State>, IndexError> {
        let mut state = self.shared.lock();
        while !is_so(&state) {
            if state.failed.is_some() || state.gone {
                return Err(IndexError::NeedsRecovery);
            }
            state = self.shared.wait(state);
        }
        Ok(state)
    }

    /// What is not in tree and tables yet, newest first, and the tables.
    pub(super) fn view(&self) -> (Vec<Arc<Lot>>, Arc<Layers>) {
        let state = self.shared.lock();
        (state.waiting.iter().rev().cloned().collect(), Arc::clone(&state.layers))
    }

    /// The error that stopped the thread, if one did.
    pub(super) fn take_failure(&self) -> Option<IndexError> {
        self.shared.lock().failed.take()
    }
}

impl Drop for Growth {
    /// Waits for the thread: it holds the index open.
    fn drop(&mut self) {
        self.shared.lock().closing = true;
        self.shared.changed.notify_all();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// What the thread does next.
enum Next {
    Write(Arc<Lot>),
    Join(Vec<Arc<Layer>>),
    Settle,
    End,
}

struct Worker {
    shared: Arc<Shared>,
    place: Place,
    /// The number of the next table: higher than that of any whose file may still be there.
    next: u32,
}

impl Drop for Worker {
    /// However the thread ends, nobody waits for it any more.
    fn drop(&mut self) {
        self.shared.lock().gone = true;
        self.shared.changed.notify_all();
    }
}

impl Worker {
    fn run(mut self) {
        loop {
            let done = match self.next() {
                Next::Write(lot) => self.write(&lot),
                Next::Join(layers) => self.join(&layers),
                Next::Settle => self.settle(),
                Next::End => return,
            };
            if let Err(error) = done {
                self.shared.lock().failed = Some(error);
                return;
            }
        }
    }

    fn next(&self) -> Next {
        let mut state = self.shared.lock();
        loop {
            if state.closing {
                return Next::End;
            }
            if let Some(lot) = state.waiting.front() {
                return Next::Write(Arc::clone(lot));
            }
            if state.unsettled && !state.is_bulk {
                return Next::Settle;
            }
            let joinable = state.joinable();
            if joinable.is_empty() {
                state = self.shared.wait(state);
            } else if state.hurries {
                return Next::Join(joinable.to_vec());
            } else {
                let waits = |state: &mut State| {
                    !state.closing && !state.hurries && state.waiting.is_empty() && !state.is_bulk
                };
                let waited = self.shared.changed.wait_timeout_while(state, JOINS_AFTER, waits);
                state = waited.unwrap_or_else(PoisonError::into_inner).0;
                state.hurries = true;
            }
        }
    }

    fn create(&mut self, level: u8, stays_lowest: bool) -> Result<NewLayer, IndexError> {
        let number = self.next;
        self.next += 1;
        NewLayer::create(&self.place.directory, number, level, stays_lowest)
    }

    fn layers(&self) -> Arc<Layers> {
        Arc::clone(&self.shared.lock().layers)
    }

    /// Brings the oldest lot into tree and tables.
    fn write(&mut self, lot: &Lot) -> Result<(), IndexError> {
        let mut layer = self.create(0, false)?;
        let (layers, db) = (self.layers(), &self.place.db);
        // keys of the index itself begin with zero
        let is_tree_empty = call(|| db.range([1]..).next().transpose())?.is_none();
        let mut ops = sled::Batch::default();
        for (key, value) in &lot.changes {
            let in_tree = !is_tree_empty && call(|| db.contains_key(key))?;
            let hides = value.is_none() && layers.get(key)? != Found::Nothing;
            match (value, in_tree) {
                (Some(value), true) => ops.insert(key.as_slice(), [&[PRESENT], value.as_slice()].concat()),
                (Some(value), false) => layer.add(key, Some(value))?,
                (None, true) if hides => ops.insert(key.as_slice(), REMOVED),
                (None, true) => ops.remove(key.as_slice()),
                (None, false) if hides => layer.add(key, None)?,
                (None, false) => {}
            }
        }
        let layers = layers.with(layer.finish()?);
        ops.insert(MARK_KEY, lot.mark.encode());
        ops.insert(TABLES_KEY, layers.names());
        call(|| db.apply_batch(ops))?;
        let mut state = self.shared.lock();
        state.layers = Arc::new(layers);
        state.waiting.pop_front();
        drop(state);
        self.shared.changed.notify_all();
        Ok(())
    }

    /// Puts tables together. Changes that are handed over meanwhile go first.
    fn join(&mut self, of: &[Arc<Layer>]) -> Result<(), IndexError> {
        let is_bulk = self.shared.lock().is_bulk;
        let number_of = |layer: Option<&Arc<Layer>>| layer.map(|layer| layer.number);
        // what is removed need not be remembered where nothing lies below
        let is_lowest = number_of(of.last()) == number_of(self.layers().list().last());
        let level = of.iter().map(|layer| layer.level).max().unwrap_or_default().saturating_add(1);
        let mut joined = self.create(level, is_lowest && !is_bulk)?;
        let sources = of.iter().map(|layer| Source::Table(layer.table.walk_whole())).collect();
        let mut merge = Merge::new(sources, Order::Forward);
        let mut until_look = LOOK_EVERY;
        while merge.step()? {
            if merge.value().is_some() || !is_lowest {
                joined.add(merge.key(), merge.value())?;
            }
            until_look -= 1;
            if until_look == 0 {
                until_look = LOOK_EVERY;
                while let Some(lot) = self.urgent() {
                    self.write(&lot)?;
                }
                if self.shared.lock().closing {
                    return joined.abandon();
                }
            }
        }
        drop(merge);
        let joined = joined.finish()?;
        if !is_bulk {
            joined.sync()?;
            File::open(&self.place.directory)
                .and_then(|directory| directory.sync_all())
                .map_err(IndexError::io("syncing the directory of the index"))?;
        }
        let layers = self.layers().instead(of, joined);
        let (db, names) = (&self.place.db, layers.names());
        call(|| db.insert(TABLES_KEY, names))?;
        // an earlier state of the tree names the old tables: they must not be gone before it is
        if is_bulk {
            call(|| db.flush()).map(|_| ())?;
        } else {
            flush_and_sync(db, &self.place.file)?;
        }
        self.shared.lock().layers = Arc::new(layers);
        for layer in of {
            layer.remove(&self.place.directory)?;
        }
        self.shared.changed.notify_all();
        Ok(())
    }

    fn urgent(&self) -> Option<Arc<Lot>> {
        self.shared.lock().waiting.front().cloned()
    }

    /// Makes everything durable; then a power cut does no harm any more.
    fn settle(&self) -> Result<(), IndexError> {
        let layers = self.layers();
        for layer in layers.list() {
            layer.sync()?;
        }
        File::open(&self.place.directory)
            .and_then(|directory| directory.sync_all())
            .map_err(IndexError::io("syncing the directory of the index"))?;
        flush_and_sync(&self.place.db, &self.place.file)?;
        // under the lock: bulk work that begins now sets the marker again
        let mut state = self.shared.lock();
        if !state.is_bulk && state.waiting.is_empty() {
            self.place.marker.clear_own().map_err(IndexError::io("removing index.dirty"))?;
            state.unsettled = false;
        }
        drop(state);
        self.shared.changed.notify_all();
        Ok(())
    }
}
