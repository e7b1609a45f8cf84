//! What a simulated disk holds: inodes with durable and unsynced pages, and names with unsynced changes.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use super::super::parent;

/// The size of a page, the unit in which unsynced writes are kept or lost.
pub const PAGE_BYTES: usize = 4096;

type Page = Box<[u8; PAGE_BYTES]>;

/// A file's content. Pages that are not in a map are zeros.
#[derive(Debug, Default)]
pub(super) struct Inode {
    pub(super) len: u64,
    pages: BTreeMap<u64, Page>,
    durable_len: u64,
    durable: BTreeMap<u64, Page>,
    /// Versions of each page since the last sync, oldest first; a crash keeps any one of them or none.
    unsynced: BTreeMap<u64, Vec<Page>>,
    /// Lengths since the last sync.
    unsynced_lens: Vec<u64>,
}

fn zero_page() -> Page {
    Box::new([0; PAGE_BYTES])
}

fn store_page(pages: &mut BTreeMap<u64, Page>, number: u64, page: Page) {
    if page.iter().all(|byte| *byte == 0) {
        pages.remove(&number);
    } else {
        pages.insert(number, page);
    }
}

impl Inode {
    pub(super) fn read(&self, into: &mut [u8], offset: u64) -> usize {
        let there = usize::try_from(self.len.saturating_sub(offset)).unwrap_or(usize::MAX).min(into.len());
        let mut done = 0;
        while done < there {
            let at = offset + done as u64;
            let (number, within) = (at / PAGE_BYTES as u64, (at % PAGE_BYTES as u64) as usize);
            let count = (PAGE_BYTES - within).min(there - done);
            let page = self.pages.get(&number).and_then(|page| page.get(within..within + count));
            if let Some(target) = into.get_mut(done..done + count) {
                match page {
                    Some(bytes) => target.copy_from_slice(bytes),
                    None => target.fill(0),
                }
            }
            done += count;
        }
        there
    }

    pub(super) fn write(&mut self, bytes: &[u8], offset: u64) {
        let mut done = 0;
        while done < bytes.len() {
            let at = offset + done as u64;
            let (number, within) = (at / PAGE_BYTES as u64, (at % PAGE_BYTES as u64) as usize);
            let count = (PAGE_BYTES - within).min(bytes.len() - done);
            let mut page = self.pages.get(&number).cloned().unwrap_or_else(zero_page);
            if let (Some(target), Some(source)) =
                (page.get_mut(within..within + count), bytes.get(done..done + count))
            {
                target.copy_from_slice(source);
            }
            self.put(number, page);
            done += count;
        }
        if offset + bytes.len() as u64 > self.len {
            self.len = offset + bytes.len() as u64;
            self.unsynced_lens.push(self.len);
        }
    }

    fn put(&mut self, number: u64, page: Page) {
        let versions = self.unsynced.entry(number).or_default();
        // Zeros over zeros (preallocation) leave nothing to lose.
        let same = versions.is_empty()
            && page.iter().all(|byte| *byte == 0)
            && !self.durable.contains_key(&number)
            && !self.pages.contains_key(&number);
        if same {
            self.unsynced.remove(&number);
            return;
        }
        versions.push(page.clone());
        store_page(&mut self.pages, number, page);
    }

    pub(super) fn set_len(&mut self, len: u64) {
        if len < self.len {
            let first = len / PAGE_BYTES as u64;
            let cut: Vec<u64> = self.pages.range(first..).map(|(number, _)| *number).collect();
            for number in cut {
                let mut page = self.pages.get(&number).cloned().unwrap_or_else(zero_page);
                let kept = usize::try_from(len.saturating_sub(number * PAGE_BYTES as u64)).unwrap_or(0);
                if let Some(tail) = page.get_mut(kept..) {
                    tail.fill(0);
                }
                self.put(number, page);
            }
        }
        if len != self.len {
            self.len = len;
            self.unsynced_lens.push(len);
        }
    }

    /// Makes everything that was written since the last sync durable.
    pub(super) fn sync(&mut self) {
        for (number, mut versions) in std::mem::take(&mut self.unsynced) {
            if let Some(page) = versions.pop() {
                store_page(&mut self.durable, number, page);
            }
        }
        if let Some(len) = self.unsynced_lens.pop() {
            self.durable_len = len;
            self.unsynced_lens.clear();
        }
    }

    /// A sync that fails: each page reaches the disk or not, and either way later syncs leave it out.
    pub(super) fn fail_sync(&mut self, rng: &mut fastrand::Rng) {
        self.keep_some(rng, true);
    }

    /// A power cut: what is read afterwards is what is durable.
    pub(super) fn crash(&mut self, rng: &mut fastrand::Rng) {
        self.keep_some(rng, false);
        self.len = self.durable_len;
        // Beyond the end of a file there are zeros, whatever its last block held.
        let first = self.len / PAGE_BYTES as u64;
        let beyond: Vec<u64> = self.durable.range(first..).map(|(number, _)| *number).collect();
        for number in beyond {
            let kept = usize::try_from(self.len.saturating_sub(number * PAGE_BYTES as u64)).unwrap_or(0);
            if let Some(mut page) = self.durable.remove(&number) {
                if let Some(tail) = page.get_mut(kept.min(PAGE_BYTES)..) {
                    tail.fill(0);
                }
                store_page(&mut self.durable, number, page);
            }
        }
        self.pages.clone_from(&self.durable);
    }

    /// Moves any subset of the unsynced pages and any of the lengths to the disk.
    fn keep_some(&mut self, rng: &mut fastrand::Rng, newest_only: bool) {
        for (number, mut versions) in std::mem::take(&mut self.unsynced) {
            if !rng.bool() {
                continue;
            }
            let choice = if newest_only { versions.len() - 1 } else { rng.usize(..versions.len()) };
            store_page(&mut self.durable, number, versions.swap_remove(choice));
        }
        let lens = std::mem::take(&mut self.unsynced_lens);
        if let Some(len) = lens.get(rng.usize(..=lens.len())) {
            self.durable_len = *len;
        }
    }

    /// Damages one byte wherever it is kept.
    pub(super) fn change_everywhere(&mut self, offset: u64, change: impl Fn(u8) -> u8) {
        let (number, within) = (offset / PAGE_BYTES as u64, (offset % PAGE_BYTES as u64) as usize);
        for pages in [&mut self.pages, &mut self.durable] {
            let mut page = pages.remove(&number).unwrap_or_else(zero_page);
            if let Some(byte) = page.get_mut(within) {
                *byte = change(*byte);
            }
            store_page(pages, number, page);
        }
    }
}

/// One change of names that a crash keeps or loses as a whole: each name with the inode it now means.
#[derive(Debug)]
struct NameChange {
    dir: String,
    names: Vec<(String, Option<u64>)>,
}

/// The whole disk.
#[derive(Debug)]
pub(super) struct State {
    inodes: BTreeMap<u64, Inode>,
    names: BTreeMap<String, u64>,
    durable_names: BTreeMap<String, u64>,
    /// Directories are made once and never removed; one that is lost takes its files with it.
    dirs: BTreeSet<String>,
    durable_dirs: BTreeSet<String>,
    changes: Vec<NameChange>,
    next_inode: u64,
    pub(super) epoch: u64,
    /// Changes and syncs until the power fails.
    pub(super) power: Option<u64>,
    pub(super) room: Option<u64>,
    pub(super) failing_sync: Option<(u64, u64)>,
    pub(super) skipped_sync: Option<u64>,
    pub(super) syncs: u64,
}

impl Default for State {
    fn default() -> Self {
        let top = BTreeSet::from([String::new()]);
        Self {
            inodes: BTreeMap::new(),
            names: BTreeMap::new(),
            durable_names: BTreeMap::new(),
            dirs: top.clone(),
            durable_dirs: top,
            changes: Vec::new(),
            next_inode: 0,
            epoch: 0,
            power: None,
            room: None,
            failing_sync: None,
            skipped_sync: None,
            syncs: 0,
        }
    }
}

/// What a sync is to do, after the planted faults.
enum Sync {
    Honest,
    Lie,
    Fail(u64),
}

fn not_found(path: &str) -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, format!("{path}: no such file"))
}

impl State {
    /// Counts one change or sync; an error once the power is off.
    pub(super) fn spend(&mut self) -> io::Result<()> {
        match &mut self.power {
            None => Ok(()),
            Some(0) => Err(io::Error::other("the power is off")),
            Some(left) => {
                *left -= 1;
                Ok(())
            }
        }
    }

    pub(super) fn is_dir(&self, path: &str) -> bool {
        self.dirs.contains(path)
    }

    pub(super) fn number_of(&self, path: &str) -> io::Result<u64> {
        self.names.get(path).copied().ok_or_else(|| not_found(path))
    }

    pub(super) fn inode_of(&mut self, path: &str) -> io::Result<&mut Inode> {
        let number = self.number_of(path)?;
        self.inode(number)
    }

    pub(super) fn inode(&mut self, number: u64) -> io::Result<&mut Inode> {
        self.inodes.get_mut(&number).ok_or_else(|| not_found("inode"))
    }

    pub(super) fn list(&self, dir: &str) -> io::Result<Vec<String>> {
        if !self.is_dir(dir) {
            return Err(not_found(dir));
        }
        let mut names: Vec<String> = (self.names.keys().chain(&self.dirs))
            .filter(|path| !path.is_empty() && parent(path) == dir)
            .filter_map(|path| path.rsplit('/').next().map(str::to_owned))
            .collect();
        names.sort();
        Ok(names)
    }

    pub(super) fn create(&mut self, path: &str) -> io::Result<u64> {
        if !self.is_dir(parent(path)) {
            return Err(not_found(parent(path)));
        }
        if self.names.contains_key(path) || self.is_dir(path) {
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, format!("{path}: exists")));
        }
        self.spend()?;
        self.next_inode += 1;
        self.inodes.insert(self.next_inode, Inode::default());
        self.change(path, vec![(path.to_owned(), Some(self.next_inode))]);
        Ok(self.next_inode)
    }

    pub(super) fn rename(&mut self, from: &str, to: &str) -> io::Result<()> {
        let number = self.number_of(from)?;
        self.spend()?;
        self.change(from, vec![(from.to_owned(), None), (to.to_owned(), Some(number))]);
        Ok(())
    }

    pub(super) fn remove(&mut self, path: &str) -> io::Result<()> {
        self.number_of(path)?;
        self.spend()?;
        self.change(path, vec![(path.to_owned(), None)]);
        Ok(())
    }

    pub(super) fn create_dir(&mut self, path: &str) -> io::Result<()> {
        if !self.is_dir(parent(path)) {
            return Err(not_found(parent(path)));
        }
        self.spend()?;
        self.dirs.insert(path.to_owned());
        Ok(())
    }

    fn change(&mut self, path: &str, names: Vec<(String, Option<u64>)>) {
        let change = NameChange { dir: parent(path).to_owned(), names };
        apply(&mut self.names, &change);
        self.changes.push(change);
    }

    fn next_sync(&mut self) -> Sync {
        self.syncs += 1;
        match self.failing_sync.take() {
            Some((0, seed)) => return Sync::Fail(seed),
            Some((skip, seed)) => self.failing_sync = Some((skip - 1, seed)),
            None => {}
        }
        match self.skipped_sync.take() {
            Some(0) => return Sync::Lie,
            Some(skip) => self.skipped_sync = Some(skip - 1),
            None => {}
        }
        Sync::Honest
    }

    pub(super) fn sync_file(&mut self, number: u64) -> io::Result<()> {
        self.spend()?;
        let sync = self.next_sync();
        let inode = self.inode(number)?;
        match sync {
            Sync::Honest => inode.sync(),
            Sync::Lie => {}
            Sync::Fail(seed) => {
                inode.fail_sync(&mut fastrand::Rng::with_seed(seed));
                return Err(io::Error::other("the planted sync failed"));
            }
        }
        Ok(())
    }

    pub(super) fn sync_dir(&mut self, dir: &str) -> io::Result<()> {
        self.spend()?;
        match self.next_sync() {
            Sync::Honest => {}
            Sync::Lie => return Ok(()),
            Sync::Fail(_) => return Err(io::Error::other("the planted sync failed")),
        }
        let (synced, rest) =
            std::mem::take(&mut self.changes).into_iter().partition(|change| change.dir == dir);
        self.changes = rest;
        let synced: Vec<NameChange> = synced;
        for change in &synced {
            apply(&mut self.durable_names, change);
        }
        let below = self.dirs.iter().filter(|path| parent(path) == dir).cloned();
        self.durable_dirs.extend(below);
        Ok(())
    }

    pub(super) fn crash(&mut self, rng: &mut fastrand::Rng) {
        self.epoch += 1;
        (self.power, self.room, self.failing_sync, self.skipped_sync) = (None, None, None, None);
        for change in std::mem::take(&mut self.changes) {
            if rng.bool() {
                apply(&mut self.durable_names, &change);
            }
        }
        let dirs: Vec<String> =
            self.dirs.iter().filter(|dir| !self.durable_dirs.contains(*dir)).cloned().collect();
        self.durable_dirs.extend(dirs.into_iter().filter(|_| rng.bool()));
        let durable_dirs = self.durable_dirs.clone();
        self.durable_dirs.retain(|dir| durable_dirs.contains(parent(dir)));
        self.durable_names.retain(|path, _| durable_dirs.contains(parent(path)));
        self.dirs.clone_from(&self.durable_dirs);
        self.names.clone_from(&self.durable_names);
        let used: BTreeSet<u64> = self.names.values().copied().collect();
        self.inodes.retain(|number, _| used.contains(number));
        for inode in self.inodes.values_mut() {
            inode.crash(rng);
        }
    }

    pub(super) fn snapshot(&self) -> Vec<(String, Vec<u8>)> {
        let content = |(path, number): (&String, &u64)| {
            let inode = self.inodes.get(number)?;
            let mut bytes = vec![0; usize::try_from(inode.len).ok()?];
            inode.read(&mut bytes, 0);
            Some((path.clone(), bytes))
        };
        self.names.iter().filter_map(content).collect()
    }
}

fn apply(names: &mut BTreeMap<String, u64>, change: &NameChange) {
    for (name, number) in &change.names {
        match number {
            Some(number) => names.insert(name.clone(), *number),
            None => names.remove(name),
        };
    }
}
