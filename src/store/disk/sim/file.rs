//! An open file of a simulated disk.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::super::DiskFile;
use super::state::State;

/// A descriptor: it is stale once the disk has crashed.
pub(super) struct SimFile {
    pub(super) state: Arc<Mutex<State>>,
    pub(super) number: u64,
    pub(super) epoch: u64,
    pub(super) writes: bool,
}

impl SimFile {
    fn lock(&self) -> io::Result<MutexGuard<'_, State>> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.epoch == self.epoch {
            Ok(state)
        } else {
            Err(io::Error::other("this file was open before a crash"))
        }
    }

    fn lock_for_writing(&self) -> io::Result<MutexGuard<'_, State>> {
        if !self.writes {
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, "opened for reading"));
        }
        self.lock()
    }
}

impl DiskFile for SimFile {
    fn read_at(&self, into: &mut [u8], offset: u64) -> io::Result<usize> {
        Ok(self.lock()?.inode(self.number)?.read(into, offset))
    }

    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        let mut state = self.lock_for_writing()?;
        state.spend()?;
        let (room, inode) = (state.room, state.inode(self.number)?);
        let end = offset + bytes.len() as u64;
        let growth = end.saturating_sub(inode.len);
        match room {
            Some(room) if growth > room => {
                let fits = usize::try_from((inode.len + room).saturating_sub(offset)).unwrap_or(0);
                inode.write(bytes.get(..fits).unwrap_or_default(), offset);
                state.room = Some(0);
                Err(io::Error::new(io::ErrorKind::StorageFull, "no space left on the simulated disk"))
            }
            room => {
                inode.write(bytes, offset);
                state.room = room.map(|room| room - growth);
                Ok(())
            }
        }
    }

    fn len(&self) -> io::Result<u64> {
        Ok(self.lock()?.inode(self.number)?.len)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let mut state = self.lock_for_writing()?;
        state.spend()?;
        let inode = state.inode(self.number)?;
        let freed = inode.len.saturating_sub(len);
        inode.set_len(len);
        state.room = state.room.map(|room| room + freed);
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut state = self.lock()?;
        state.sync_file(self.number)
    }
}
