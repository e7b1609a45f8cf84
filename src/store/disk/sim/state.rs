//! What a simulated disk holds: files, names with unsynced changes, and planted faults.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use super::super::parent;
use super::inode::Inode;

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
