//! One file of a simulated disk: its pages as they are read, as they are durable, and all versions between.

use std::collections::BTreeMap;

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
