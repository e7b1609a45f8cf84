//! The thread that reads the terminal.
//!
//! It is a thread of its own because a read may never come back: on a terminal that was hung up crossterm asks again
//! and again and never returns, not even from a look that is told not to wait. The loop must not be inside that call,
//! or neither a signal nor its watchdog would end it. The thread itself ends with the program.
//!
//! While another program has the terminal the thread must not read, or it would take every other key. It waits in a
//! read then, so it is woken by the signal that a window's change of size would send, and rests until it is let go.

use std::io;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use crossterm::event::{Event, poll, read};
use tokio::sync::mpsc;

/// The most events that are handed over together.
const BATCH_MAX: usize = 4096;
/// So many batches may wait for the loop; then the thread does.
const WAITING_MAX: usize = 64;
/// A thread that does not come out of its read within this time will not come out of it.
const RESTS_WITHIN: Duration = Duration::from_secs(1);

/// Whether the thread is to rest, and whether it does.
static REST: Mutex<(bool, bool)> = Mutex::new((false, false));
static CHANGED: Condvar = Condvar::new();

/// What the terminal says from now on; each batch is what was at hand together. An error, and the channel's end, are
/// the end of the terminal.
///
/// # Errors
/// When no thread can be started.
pub fn start() -> io::Result<mpsc::Receiver<io::Result<Vec<Event>>>> {
    let (tell, told) = mpsc::channel(WAITING_MAX);
    std::thread::Builder::new().name("terminal".to_owned()).spawn(move || {
        loop {
            let batch = next_batch();
            let over = batch.is_err();
            if tell.blocking_send(batch).is_err() || over {
                return;
            }
            rest_while_told();
        }
    })?;
    Ok(told)
}

/// Keeps the thread from the terminal; true once it reads no more.
pub fn rest() -> bool {
    let mut state = REST.lock().unwrap_or_else(PoisonError::into_inner);
    state.0 = true;
    let own = rustix::process::getpid();
    if rustix::process::kill_process(own, rustix::process::Signal::WINCH).is_err() {
        state.0 = false;
        return false;
    }
    let rests = |state: &mut (bool, bool)| !state.1;
    let (mut state, _) =
        CHANGED.wait_timeout_while(state, RESTS_WITHIN, rests).unwrap_or_else(PoisonError::into_inner);
    if !state.1 {
        state.0 = false;
        CHANGED.notify_all();
    }
    state.1
}

/// Lets the thread read again.
pub fn go_on() {
    REST.lock().unwrap_or_else(PoisonError::into_inner).0 = false;
    CHANGED.notify_all();
}

fn rest_while_told() {
    let mut state = REST.lock().unwrap_or_else(PoisonError::into_inner);
    while state.0 {
        state.1 = true;
        CHANGED.notify_all();
        state = CHANGED.wait(state).unwrap_or_else(PoisonError::into_inner);
    }
    state.1 = false;
}

/// Waits for an event and takes what came with it.
fn next_batch() -> io::Result<Vec<Event>> {
    let mut batch = vec![read()?];
    while batch.len() < BATCH_MAX && poll(Duration::ZERO)? {
        batch.push(read()?);
    }
    Ok(batch)
}
