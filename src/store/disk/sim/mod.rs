//! A disk in memory that forgets what was not synced.
//!
//! Problem: a real power cut keeps any part of the unsynced writes, in any order, and cannot be had in a test.
//! Idea: every file keeps its durable pages apart from what a program reads; each unsynced page remembers the
//! versions it had, and [`SimDisk::crash`] lets every page, length and directory change survive or not by the
//! roll of a seed. Faults can be planted: a full disk, a sync that fails (its data may or may not be there, and
//! later syncs will not write it, as Linux does), a sync that lies, a flipped bit, a cut file.
//! Limits: a directory change (create, rename, remove) survives whole or not at all; sectors of 512 bytes are
//! never torn.

mod file;
mod inode;
mod state;

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Disk, DiskFile, Mode};
use file::SimFile;
pub use inode::PAGE_BYTES;
use state::State;

/// A simulated disk; clones share it.
#[derive(Debug, Clone, Default)]
pub struct SimDisk {
    state: Arc<Mutex<State>>,
}

impl SimDisk {
    /// An empty disk.
    pub fn new() -> Self {
        Self::default()
    }

    /// Cuts the power: of all that was not synced, what survives is decided by `seed`. Open files go stale: every
    /// call on them fails, as the process that held them is dead. Planted faults are forgotten.
    pub fn crash(&self, seed: u64) {
        self.lock().crash(&mut fastrand::Rng::with_seed(seed));
    }

    /// Lets files grow by `bytes` more, then reports that the disk is full; `None` lifts the limit.
    pub fn set_room(&self, bytes: Option<u64>) {
        self.lock().room = bytes;
    }

    /// Makes the sync (of a file or directory) after `skip` more of them fail; `seed` decides which of its pages
    /// reached the disk.
    pub fn fail_sync_after(&self, skip: u64, seed: u64) {
        self.lock().failing_sync = Some((skip, seed));
    }

    /// Turns the power off after `changes` more writes, syncs and name changes: everything fails from then on,
    /// until [`SimDisk::crash`] starts the machine again.
    pub fn power_off_after(&self, changes: u64) {
        self.lock().power = Some(changes);
    }

    /// Plants a lie: the sync after `skip` more of them reports success and does nothing.
    pub fn skip_sync_after(&self, skip: u64) {
        self.lock().skipped_sync = Some(skip);
    }

    /// How many syncs were asked for so far.
    pub fn syncs(&self) -> u64 {
        self.lock().syncs
    }

    /// Flips one bit of a file, on the disk and in what is read.
    pub fn flip_bit(&self, path: &str, offset: u64, bit: u8) -> io::Result<()> {
        let mut state = self.lock();
        let inode = state.inode_of(path)?;
        inode.change_everywhere(offset, |byte| byte ^ (1 << (bit % 8)));
        Ok(())
    }

    /// Cuts a file to `len` bytes, on the disk and in what is read.
    pub fn cut(&self, path: &str, len: u64) -> io::Result<()> {
        let mut state = self.lock();
        let inode = state.inode_of(path)?;
        inode.set_len(len);
        inode.sync();
        Ok(())
    }

    /// All files with their content as a program reads it now, for comparing before and after.
    pub fn snapshot(&self) -> Vec<(String, Vec<u8>)> {
        self.lock().snapshot()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Disk for SimDisk {
    fn list(&self, dir: &str) -> io::Result<Vec<String>> {
        self.lock().list(dir)
    }

    fn open(&self, path: &str, mode: Mode) -> io::Result<Box<dyn DiskFile>> {
        let mut state = self.lock();
        let number = if mode == Mode::CreateNew { state.create(path)? } else { state.number_of(path)? };
        let (epoch, writes) = (state.epoch, mode != Mode::Read);
        drop(state);
        Ok(Box::new(SimFile { state: Arc::clone(&self.state), number, epoch, writes }))
    }

    fn exists(&self, path: &str) -> io::Result<bool> {
        let state = self.lock();
        Ok(state.is_dir(path) || state.number_of(path).is_ok())
    }

    fn len(&self, path: &str) -> io::Result<u64> {
        Ok(self.lock().inode_of(path)?.len)
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.lock().rename(from, to)
    }

    fn remove(&self, path: &str) -> io::Result<()> {
        self.lock().remove(path)
    }

    fn create_dir(&self, path: &str) -> io::Result<()> {
        self.lock().create_dir(path)
    }

    fn sync_dir(&self, dir: &str) -> io::Result<()> {
        self.lock().sync_dir(dir)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which of the outcomes of 200 crashes were seen, over what one byte of `path` may become.
    fn outcomes(prepare: impl Fn(&SimDisk), path: &str) -> Vec<Option<Vec<u8>>> {
        let mut seen = Vec::new();
        for seed in 0..200 {
            let disk = SimDisk::new();
            prepare(&disk);
            disk.crash(seed);
            let content = disk.snapshot().into_iter().find(|(name, _)| name == path).map(|(_, bytes)| bytes);
            if !seen.contains(&content) {
                seen.push(content);
            }
        }
        seen
    }

    #[test]
    fn what_was_synced_survives_every_crash() {
        let prepare = |disk: &SimDisk| {
            let file = disk.open("a", Mode::CreateNew).unwrap();
            file.write_at(b"kept", 0).unwrap();
            file.sync_data().unwrap();
            disk.sync_dir("").unwrap();
        };
        assert_eq!(outcomes(prepare, "a"), [Some(b"kept".to_vec())]);
    }

    #[test]
    fn what_was_not_synced_may_be_lost_or_kept() {
        let prepare = |disk: &SimDisk| {
            let file = disk.open("a", Mode::CreateNew).unwrap();
            file.write_at(b"old", 0).unwrap();
            file.sync_data().unwrap();
            disk.sync_dir("").unwrap();
            file.write_at(b"mid", 0).unwrap();
            file.write_at(b"new", 0).unwrap();
        };
        let seen = outcomes(prepare, "a");
        for content in [b"old", b"mid", b"new"] {
            assert!(seen.contains(&Some(content.to_vec())), "{seen:?}");
        }
        assert_eq!(seen.len(), 3);
    }

    #[test]
    fn names_need_a_sync_of_their_directory() {
        let prepare = |disk: &SimDisk| {
            let file = disk.open("a", Mode::CreateNew).unwrap();
            file.write_at(b"x", 0).unwrap();
            file.sync_data().unwrap();
        };
        let seen = outcomes(prepare, "a");
        assert!(seen.contains(&None) && seen.contains(&Some(b"x".to_vec())), "{seen:?}");
    }

    #[test]
    fn a_failed_sync_is_not_made_good_by_a_second_one() {
        let prepare = |disk: &SimDisk| {
            let file = disk.open("a", Mode::CreateNew).unwrap();
            file.set_len(1).unwrap();
            file.sync_data().unwrap();
            disk.sync_dir("").unwrap();
            file.write_at(b"x", 0).unwrap();
            // The seed for which the page does not reach the disk is among the first ones.
            disk.fail_sync_after(0, 1);
            assert!(file.sync_data().is_err());
            file.sync_data().unwrap();
        };
        let seeds: Vec<bool> = (0..8).map(|seed| fastrand::Rng::with_seed(seed).bool()).collect();
        assert!(!seeds[1], "choose another seed: {seeds:?}");
        assert_eq!(outcomes(prepare, "a"), [Some(vec![0])]);
    }

    #[test]
    fn a_full_disk_and_a_stale_file_refuse() {
        let disk = SimDisk::new();
        let file = disk.open("a", Mode::CreateNew).unwrap();
        disk.set_room(Some(10));
        assert!(file.write_at(&[1; 10], 0).is_ok());
        assert_eq!(file.write_at(&[1; 2], 9).unwrap_err().kind(), io::ErrorKind::StorageFull);
        assert!(file.write_at(&[2; 10], 0).is_ok());
        disk.crash(1);
        assert!(file.write_at(&[1], 0).is_err());
    }
}
