//! A screen ends on a signal also where nobody reads its terminal.
//!
//! A write to such a terminal waits without end, and the loop that hears the signals waits with it. So a thread of its own
//! hears those that end the screen. Where nothing goes on towards the end for a moment, what was written and not read is
//! thrown away, and the write woken so that it finds the room. What follows is the usual end: what is being written
//! in a form is kept, the terminal given back. Where even that does not come, the process ends.

use std::io;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use rustix::process::{Signal, getpid, kill_process};
use rustix::termios::{QueueSelector, tcflush};
use tokio::runtime::Builder;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::time::timeout;

use super::run::CODE_OF_SIGNAL;
use super::terminal;

/// A step towards the end that takes longer waits for a terminal that is not read.
const PATIENCE: Duration = Duration::from_millis(500);
/// What is to be written may be more than a terminal holds: room is made again so soon.
const AGAIN: Duration = Duration::from_millis(50);
/// So long the whole end may take.
const AT_MOST: Duration = Duration::from_secs(3);

/// Sees to the end of a screen until it is dropped, which is done when the terminal has been given back.
#[derive(Debug)]
pub struct Ending {
    steps: watch::Sender<()>,
    /// Whether anything was thrown away; held while it is.
    thrown: Arc<Mutex<bool>>,
}

impl Ending {
    /// Hears the signals from now on.
    ///
    /// # Errors
    /// When there can be no thread, or no signals.
    pub fn see_to() -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let (mut terminate, mut hangup) = {
            let _within = runtime.enter();
            (signal(SignalKind::terminate())?, signal(SignalKind::hangup())?)
        };
        let (steps, mut told) = watch::channel(());
        let thrown = Arc::new(Mutex::new(false));
        let ending = Self { steps, thrown: thrown.clone() };
        thread::Builder::new().name("ending".to_owned()).spawn(move || {
            let ended = runtime.block_on(async {
                tokio::select! {
                    _ = terminate.recv() => {}
                    _ = hangup.recv() => {}
                    () = ended(&mut told) => return true,
                }
                timeout(AT_MOST, make_way(told, &thrown)).await.is_ok()
            });
            if !ended {
                give_up();
            }
        })?;
        Ok(ending)
    }

    /// Only what gives the terminal back is still to be written. The rest of a frame that was cut off goes too, so that
    /// there is room for it.
    pub fn giving_back(&self) {
        let thrown = self.thrown.lock().unwrap_or_else(PoisonError::into_inner);
        self.steps.send_replace(());
        if *thrown {
            let _ = tcflush(io::stdout(), QueueSelector::OFlush);
        }
    }
}

/// The terminal has been given back.
async fn ended(told: &mut watch::Receiver<()>) {
    while told.changed().await.is_ok() {}
}

/// Makes room in the terminal until it has been given back, as often as nothing goes on by itself.
async fn make_way(mut told: watch::Receiver<()>, thrown: &Mutex<bool>) {
    let mut wait = PATIENCE;
    loop {
        match timeout(wait, told.changed()).await {
            Ok(Ok(())) => wait = PATIENCE,
            Ok(Err(_)) => return,
            Err(_) => {
                make_room(&told, thrown);
                wait = AGAIN;
            }
        }
    }
}

fn make_room(told: &watch::Receiver<()>, thrown: &Mutex<bool>) {
    let mut thrown = thrown.lock().unwrap_or_else(PoisonError::into_inner);
    // what was written since the last step gives the terminal back
    if told.has_changed().unwrap_or(true) {
        return;
    }
    *thrown = true;
    let _ = tcflush(io::stdout(), QueueSelector::OFlush);
    drop(thrown);
    // the room alone wakes nobody; a handler returns into the write, which then finds it
    let _ = kill_process(getpid(), Signal::WINCH);
}

/// Ends the process: the terminal's modes, which need no room, are given back for certain, its page as far as it goes.
fn give_up() {
    let _ = crossterm::terminal::disable_raw_mode();
    let (tell, restored) = mpsc::channel::<()>();
    let restores = thread::Builder::new().spawn(move || {
        terminal::restore();
        drop(tell);
    });
    drop(restores);
    let _ = restored.recv_timeout(PATIENCE);
    std::process::exit(i32::from(CODE_OF_SIGNAL));
}
