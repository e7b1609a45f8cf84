//! The thread that reads the terminal.
//!
//! It is a thread of its own because a read may never come back: on a terminal that was hung up crossterm asks again
//! and again and never returns, not even from a look that is told not to wait. The loop must not be inside that call,
//! or neither a signal nor its watchdog would end it. The thread itself ends with the program.

use std::io;
use std::time::Duration;

use crossterm::event::{Event, poll, read};
use tokio::sync::mpsc;

/// The most events that are handed over together.
const BATCH_MAX: usize = 4096;
/// So many batches may wait for the loop; then the thread does.
const WAITING_MAX: usize = 64;

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
        }
    })?;
    Ok(told)
}

/// Waits for an event and takes what came with it.
fn next_batch() -> io::Result<Vec<Event>> {
    let mut batch = vec![read()?];
    while batch.len() < BATCH_MAX && poll(Duration::ZERO)? {
        batch.push(read()?);
    }
    Ok(batch)
}
