//! The tables under the tree, the newest first: each hides what those below it say of the same key.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::error::IndexError;
use super::merge::Source;
use super::table::{Found, Table, Writer, hash};
use super::{Keys, Order};
use crate::store::keys;

const TABLE_PREFIX: &str = "table-";

/// Blocks of each table that are remembered: about 7 MB of the lowest, whose blocks are larger, 0.5 MB of others.
const BLOCKS_KEPT_LOWEST: usize = 256;
const BLOCKS_KEPT: usize = 64;

/// Bytes that tell of one table in the list: number and identity.
const ENTRY_BYTES: usize = 4 + 8;

/// One table.
pub(super) struct Layer {
    pub number: u32,
    /// How many times its rows were put together out of others, at least.
    pub level: u8,
    pub table: Table,
    synced: AtomicBool,
}

impl Layer {
    /// Makes it durable, once.
    pub(super) fn sync(&self) -> Result<(), IndexError> {
        if !self.synced.load(Ordering::Acquire) {
            self.table.file().sync_data().map_err(writing())?;
            self.synced.store(true, Ordering::Release);
        }
        Ok(())
    }

    /// Removes its file; who reads it still can.
    pub(super) fn remove(&self, directory: &Path) -> Result<(), IndexError> {
        fs::remove_file(path(directory, self.number)).map_err(removing())
    }
}

/// All tables; a changed list is another value, so that who reads one is not disturbed.
#[derive(Clone, Default)]
pub(super) struct Layers {
    /// Newest first.
    list: Vec<Arc<Layer>>,
}

impl Layers {
    /// The tables that a tree names; files of others are removed. `synced`: they are known to be durable.
    pub(super) fn open(directory: &Path, named: Option<&[u8]>, synced: bool) -> Result<Self, IndexError> {
        let named = named.unwrap_or_default();
        let (entries, rest) = named.as_chunks::<ENTRY_BYTES>();
        if !rest.is_empty() {
            return Err(IndexError::Damaged { what: "it names its tables strangely".to_owned() });
        }
        let mut list = Vec::with_capacity(entries.len());
        for (place, entry) in entries.iter().enumerate() {
            let (number, identity) = entry.split_at(4);
            let number = number.iter().fold(0, |number, byte| number << 8 | u32::from(*byte));
            let identity = identity.iter().fold(0, |identity, byte| identity << 8 | u64::from(*byte));
            let file = File::open(path(directory, number))
                .map_err(IndexError::io("opening a table of the index"))?;
            let is_lowest = place + 1 == entries.len();
            let table = Table::open(file, if is_lowest { BLOCKS_KEPT_LOWEST } else { BLOCKS_KEPT })?;
            if table.identity() != identity {
                return Err(IndexError::Damaged { what: "a table belongs to another index".to_owned() });
            }
            list.push(Arc::new(Layer { number, level: u8::MAX, table, synced: AtomicBool::new(synced) }));
        }
        let layers = Self { list };
        layers.sweep(directory).map_err(removing())?;
        Ok(layers)
    }

    /// Which tables there are, as the tree keeps it.
    pub(super) fn names(&self) -> Vec<u8> {
        let entry = |layer: &Arc<Layer>| {
            let identity = layer.table.identity().to_be_bytes();
            layer.number.to_be_bytes().into_iter().chain(identity)
        };
        self.list.iter().flat_map(entry).collect()
    }

    pub(super) fn list(&self) -> &[Arc<Layer>] {
        &self.list
    }

    /// Whether there may be something to put together.
    pub(super) fn wants_joining(&self) -> bool {
        self.list.len() > 1 || self.list.first().is_some_and(|layer| layer.table.is_filtered())
    }

    /// These with a newer one on top.
    pub(super) fn with(&self, newest: Layer) -> Self {
        Self { list: std::iter::once(Arc::new(newest)).chain(self.list.iter().cloned()).collect() }
    }

    /// These with `joined` in the place of those it was put together from.
    pub(super) fn instead(&self, of: &[Arc<Layer>], joined: Layer) -> Self {
        let is_old = |layer: &Arc<Layer>| of.iter().any(|old| old.number == layer.number);
        let newer = self.list.iter().take_while(|layer| !is_old(layer)).cloned();
        let older = self.list.iter().skip_while(|layer| !is_old(layer)).filter(|layer| !is_old(layer));
        Self { list: newer.chain(std::iter::once(Arc::new(joined))).chain(older.cloned()).collect() }
    }

    /// What the newest that knows a key says of it.
    pub(super) fn get(&self, key: &[u8]) -> Result<Found, IndexError> {
        let hash = (self.list.len() > 1).then(|| hash(key));
        for layer in self.list.iter().filter(|layer| hash.is_none_or(|hash| layer.table.may_have(hash))) {
            match layer.table.get(key)? {
                Found::Nothing => {}
                found => return Ok(found),
            }
        }
        Ok(Found::Nothing)
    }

    /// The rows of a range, a source for each table that may have some, newest first.
    pub(super) fn walk(&self, keys: &Keys, order: Order) -> impl Iterator<Item = Source<'_>> {
        let stem = if self.list.len() > 1 { keys::stem(keys.shared()).map(hash) } else { None };
        let may_have = move |layer: &&Arc<Layer>| stem.is_none_or(|hash| layer.table.may_have(hash));
        let sources = self.list.iter().filter(may_have);
        sources.map(move |layer| Source::Table(layer.table.walk(keys, order)))
    }

    /// Removes tables that are not among these.
    fn sweep(&self, directory: &Path) -> io::Result<()> {
        for entry in fs::read_dir(directory)? {
            let entry = entry?;
            let name = entry.file_name();
            let number = name.to_str().and_then(|name| name.strip_prefix(TABLE_PREFIX)?.parse().ok());
            if number.is_some_and(|number: u32| self.list.iter().all(|layer| layer.number != number)) {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }
}

fn path(directory: &Path, number: u32) -> PathBuf {
    directory.join(format!("{TABLE_PREFIX}{number:06}"))
}

/// A table on its way.
pub(super) struct NewLayer {
    number: u32,
    level: u8,
    blocks_kept: usize,
    writer: Writer,
    path: PathBuf,
}

impl NewLayer {
    /// One that stays the lowest needs no filter: nothing is looked up below it.
    pub(super) fn create(
        directory: &Path,
        number: u32,
        level: u8,
        stays_lowest: bool,
    ) -> Result<Self, IndexError> {
        let mut options = OpenOptions::new();
        let options = options.read(true).write(true).create(true).truncate(true).mode(0o600);
        let path = path(directory, number);
        let file = options.open(&path).map_err(writing())?;
        let blocks_kept = if stays_lowest { BLOCKS_KEPT_LOWEST } else { BLOCKS_KEPT };
        Ok(Self { number, level, blocks_kept, writer: Writer::new(file, !stays_lowest), path })
    }

    /// Adds a row; its key stands behind the one before. No value: the key was removed.
    pub(super) fn add(&mut self, key: &[u8], value: Option<&[u8]>) -> Result<(), IndexError> {
        self.writer.add(key, value).map_err(writing())
    }

    /// It is not needed any more.
    pub(super) fn abandon(self) -> Result<(), IndexError> {
        fs::remove_file(self.path).map_err(removing())
    }

    /// Written, not synced.
    pub(super) fn finish(self) -> Result<Layer, IndexError> {
        let table = Table::open(self.writer.finish().map_err(writing())?, self.blocks_kept)?;
        Ok(Layer { number: self.number, level: self.level, table, synced: AtomicBool::new(false) })
    }
}

fn removing() -> impl FnOnce(io::Error) -> IndexError {
    IndexError::io("removing an old table of the index")
}

fn writing() -> impl FnOnce(io::Error) -> IndexError {
    IndexError::io("writing a table of the index")
}
