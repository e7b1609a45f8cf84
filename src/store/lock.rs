//! Who owns a store: an flock on `desk.lock`.
//!
//! The lock ends with the process that holds it, however it ends, so a stale file means nothing. Its text says
//! who holds it, for people: the process id, then since when in words. The file is never removed: two processes
//! could otherwise hold locks on two files of one name.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;

use rustix::fs::{FlockOperation, flock};

use super::layout::LayoutError;

/// The right to be the desk of a store, until it is dropped.
#[derive(Debug)]
pub struct Lock {
    // Closing it releases the lock.
    _file: File,
}

/// The outcome of a try.
#[derive(Debug)]
pub enum LockState {
    /// This process has it now.
    Held(Lock),
    /// Another has it.
    HeldBy {
        /// Its process id; `None` if it has not written it yet, or if no process of that number runs: then something
        /// that is no desk has the lock, and the number may be anybody's by now.
        pid: Option<u32>,
        /// What it said about its start.
        since: String,
    },
}

/// Tries to become the desk, without waiting. `since` is a line about this process for whoever asks later.
pub fn try_lock(path: &Path, since: &str) -> Result<LockState, LayoutError> {
    let io = || LayoutError::io("locking", path);
    let mut options = OpenOptions::new();
    let mut file =
        options.read(true).write(true).create(true).truncate(false).mode(0o600).open(path).map_err(io())?;
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => {
            let text = format!("{}\n{}\n", std::process::id(), since.replace('\n', " "));
            // For people only: a full disk must not keep the desk from starting.
            let _ = file.set_len(0).and_then(|()| file.write_all_at(text.as_bytes(), 0));
            Ok(LockState::Held(Lock { _file: file }))
        }
        Err(error) if error == rustix::io::Errno::WOULDBLOCK => {
            let mut text = String::new();
            let _ = file.by_ref().take(4_096).read_to_string(&mut text);
            let mut lines = text.lines();
            let pid = lines.next().and_then(|line| line.parse().ok()).filter(|pid| is_running(*pid));
            Ok(LockState::HeldBy { pid, since: lines.next().unwrap_or_default().to_owned() })
        }
        Err(error) => Err(io()(io::Error::from(error))),
    }
}

/// True while a process of this number runs.
pub(super) fn is_running(pid: u32) -> bool {
    let pid = i32::try_from(pid).ok().and_then(rustix::process::Pid::from_raw);
    // One of another user may not be asked, and runs.
    pid.is_some_and(|pid| rustix::process::test_kill_process(pid) != Err(rustix::io::Errno::SRCH))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_is_told_who_is_first_and_gets_it_afterwards() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("desk.lock");
        std::fs::write(&path, "4194304\nan older and much longer text of a process that is gone\n").unwrap();
        let LockState::Held(first) = try_lock(&path, "09:10 开始\n值班").unwrap() else {
            panic!("not held")
        };
        match try_lock(&path, "second").unwrap() {
            LockState::HeldBy { pid, since } => {
                assert_eq!((pid, since.as_str()), (Some(std::process::id()), "09:10 开始 值班"));
            }
            LockState::Held(_) => panic!("two desks"),
        }
        drop(first);
        assert!(matches!(try_lock(&path, "third").unwrap(), LockState::Held(_)));
    }
}
