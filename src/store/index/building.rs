//! Builds an index from nothing: batches become sorted runs aside, runs become the one table under the tree.
//!
//! A batch is sorted as it comes, so it is written as it is; every few of them are put together into a larger one,
//! so that there are never many. Nothing is synced, for whoever is interrupted begins anew. Reading meanwhile looks through the runs, the newest first; a filter in memory says which ones cannot
//! have a key. Limits: a range looks into every run, so a replay asks for ranges as rarely as it can.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use super::error::IndexError;
use super::merge::{Merge, Source};
use super::table::{Found, Table, Writer};
use super::{Batch, Keys, Mark, Order};

/// The table in the index's directory.
pub(super) const TABLE_FILE: &str = "table";
const ASIDE_FILE: &str = "table.new";
const RUN_PREFIX: &str = "run-";

/// Blocks of each run that are remembered: one for reading in order, a few for looking things up.
const BLOCKS_KEPT: usize = 4;

/// So many batches are put together into one run.
const JOINED: usize = if cfg!(test) { 3 } else { 48 };

/// One batch on the disk, or several put together.
struct Run {
    number: u32,
    table: Table,
    filter: Filter,
}

fn run_name(number: u32) -> String {
    format!("{RUN_PREFIX}{number:06}")
}

/// An index while it is built.
pub(super) struct Building {
    directory: PathBuf,
    /// Oldest first.
    runs: Vec<Run>,
    /// How many of the last are single batches.
    single: usize,
    /// The number of the next run.
    next: u32,
    mark: Option<Mark>,
}

impl Building {
    /// In the directory of an index; what an interrupted building left is removed.
    pub(super) fn begin(directory: &Path) -> Result<Self, IndexError> {
        sweep(directory).map_err(IndexError::io("removing what building the index left"))?;
        Ok(Self { directory: directory.to_path_buf(), runs: Vec::new(), single: 0, next: 1, mark: None })
    }

    /// Takes a batch.
    pub(super) fn apply(&mut self, mut batch: Batch) -> Result<(), IndexError> {
        // the sort is stable: of two for one key the later stands behind, and holds
        batch.ops.sort_by(|one, other| one.0.cmp(&other.0));
        let mut filter = Filter::of(batch.ops.len());
        let mut writer = self.run()?;
        let mut ops = batch.ops.iter().peekable();
        while let Some((key, value)) = ops.next() {
            if ops.peek().is_some_and(|(next, _)| next == key) {
                continue;
            }
            filter.note(key);
            writer.add(key, value.as_deref()).map_err(writing())?;
        }
        self.add(writer, filter)?;
        self.single += 1;
        self.mark = Some(batch.mark);
        if self.single < JOINED { Ok(()) } else { self.join() }
    }

    /// The file of the next run.
    fn run(&self) -> Result<Writer, IndexError> {
        let file = create(&self.directory.join(run_name(self.next))).map_err(writing())?;
        Ok(Writer::new(file))
    }

    fn add(&mut self, writer: Writer, filter: Filter) -> Result<(), IndexError> {
        let table = Table::open(writer.finish().map_err(writing())?, BLOCKS_KEPT)?;
        self.runs.push(Run { number: self.next, table, filter });
        self.next += 1;
        Ok(())
    }

    /// Puts the last batches together.
    fn join(&mut self) -> Result<(), IndexError> {
        let last = self.runs.split_off(self.runs.len().saturating_sub(self.single));
        let mut filter = Filter::of(last.iter().map(|run| run.filter.keys).sum());
        let mut writer = self.run()?;
        let mut merge = merge(&last, &Keys::prefix(&[]), Order::Forward);
        while merge.step()? {
            filter.note(merge.key());
            writer.add(merge.key(), merge.value()).map_err(writing())?;
        }
        drop(merge);
        self.add(writer, filter)?;
        self.single = 0;
        self.remove(last);
        Ok(())
    }

    /// Removes the files of runs; what stays is removed by the next building.
    fn remove(&self, runs: Vec<Run>) {
        for run in runs {
            let _ = fs::remove_file(self.directory.join(run_name(run.number)));
        }
    }

    /// Up to where the journal has been applied.
    pub(super) fn mark(&self) -> Option<Mark> {
        self.mark
    }

    /// The value of a key.
    pub(super) fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, IndexError> {
        for run in self.runs.iter().rev().filter(|run| run.filter.may_have(key)) {
            match run.table.get(key)? {
                Found::Value(value) => return Ok(Some(value)),
                Found::Removed => return Ok(None),
                Found::Nothing => {}
            }
        }
        Ok(None)
    }

    /// The rows of a range, removed ones included.
    pub(super) fn merge(&self, keys: &Keys, order: Order) -> Merge<'_> {
        merge(&self.runs, keys, order)
    }

    /// Puts the runs together into the table, durably; gives what tells it from others. None without a batch.
    pub(super) fn finish(mut self) -> Result<Option<(Mark, u64)>, IndexError> {
        let Some(mark) = self.mark else { return Ok(None) };
        let aside = self.directory.join(ASIDE_FILE);
        let mut writer = Writer::new(create(&aside).map_err(writing())?);
        let mut merge = self.merge(&Keys::prefix(&[]), Order::Forward);
        while merge.step()? {
            if let Some(value) = merge.value() {
                writer.add(merge.key(), Some(value)).map_err(writing())?;
            }
        }
        drop(merge);
        let file = writer.finish().map_err(writing())?;
        file.sync_data().map_err(writing())?;
        let table = Table::open(file, 1)?;
        fs::rename(&aside, self.directory.join(TABLE_FILE)).map_err(writing())?;
        File::open(&self.directory).and_then(|directory| directory.sync_all()).map_err(writing())?;
        let runs = std::mem::take(&mut self.runs);
        self.remove(runs);
        Ok(Some((mark, table.identity())))
    }
}

fn writing() -> impl FnOnce(io::Error) -> IndexError {
    IndexError::io("writing a table of the index")
}

/// The rows of a range in runs, the oldest first; removed ones included.
fn merge<'a>(runs: &'a [Run], keys: &Keys, order: Order) -> Merge<'a> {
    Merge::new(runs.iter().rev().map(|run| Source::Table(run.table.walk(keys, order))).collect(), order)
}

fn create(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(true).mode(0o600).open(path)
}

/// Removes every table and run of a directory whose tree knows of none.
pub(super) fn sweep(directory: &Path) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let name = entry.file_name();
        let is_ours = name
            .to_str()
            .is_some_and(|name| name == TABLE_FILE || name == ASIDE_FILE || name.starts_with(RUN_PREFIX));
        if is_ours {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Says of most keys that were not noted that they were not; ten bits a key err for about one in a hundred.
struct Filter {
    bits: Vec<u64>,
    keys: usize,
}

impl Filter {
    const BITS_PER_KEY: usize = 10;
    const PROBES: u64 = 6;

    fn of(keys: usize) -> Self {
        Self { bits: vec![0; (keys * Self::BITS_PER_KEY).div_ceil(64).max(1)], keys }
    }

    fn places(&self, key: &[u8]) -> impl Iterator<Item = (usize, u64)> + use<> {
        use std::hash::{DefaultHasher, Hasher as _};
        let mut hasher = DefaultHasher::new();
        hasher.write(key);
        let hash = hasher.finish();
        let (step, bits) = (hash.rotate_left(32) | 1, self.bits.len() as u64 * 64);
        (0..Self::PROBES).map(move |probe| {
            let bit = hash.wrapping_add(probe.wrapping_mul(step)) % bits;
            ((bit / 64) as usize, 1 << (bit % 64))
        })
    }

    fn note(&mut self, key: &[u8]) {
        for (place, bit) in self.places(key) {
            if let Some(word) = self.bits.get_mut(place) {
                *word |= bit;
            }
        }
    }

    fn may_have(&self, key: &[u8]) -> bool {
        self.places(key).all(|(place, bit)| self.bits.get(place).is_some_and(|word| word & bit != 0))
    }
}
