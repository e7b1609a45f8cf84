//! Entering and leaving the terminal, by one guard, and one way to give it back from anywhere.
//!
//! [`restore`] undoes everything that may be on, in an order that is right from any state; the guard's drop, the panic
//! hook and a suspend all call it. A panic in a spawned task does not end the program by itself, so the hook raises a
//! flag that the loop looks at.

use std::io::{self, Write};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::event::{DisableBracketedPaste, DisableFocusChange, EnableBracketedPaste, EnableFocusChange};
use crossterm::style::ResetColor;
use crossterm::terminal::{
    self, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, SetTitle,
};
use crossterm::{cursor, execute, queue};

/// True while the terminal is ours.
static ENTERED: AtomicBool = AtomicBool::new(false);
/// Something panicked somewhere; the loop must end.
static PANICKED: AtomicBool = AtomicBool::new(false);
static HOOK: Once = Once::new();

/// The terminal is ours while this lives.
#[derive(Debug)]
pub struct Guard(());

impl Guard {
    /// Enters: raw, alternate screen, bracketed paste, focus reports. No mouse: users select text to copy it.
    pub fn enter() -> io::Result<Self> {
        install_hook();
        enter()?;
        Ok(Self(()))
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        restore();
    }
}

/// Enters again, after a suspend or the raw view.
pub fn enter() -> io::Result<()> {
    ENTERED.store(true, Ordering::SeqCst);
    terminal::enable_raw_mode()?;
    execute!(io::stdout(), EnterAlternateScreen, EnableBracketedPaste, EnableFocusChange)
}

/// Gives the terminal back, whatever is on; harmless when nothing is.
pub fn restore() {
    if !ENTERED.swap(false, Ordering::SeqCst) {
        return;
    }
    leave_page();
    let _ = terminal::disable_raw_mode();
}

/// Leaves our page and keeps the keys: the text is shown bare, and what ends the program still gives all back.
pub fn leave_page() {
    let mut out = io::stdout();
    // The terminal may be gone: every step is tried, none is required.
    let _ = queue!(out, EndSynchronizedUpdate, DisableFocusChange, DisableBracketedPaste, ResetColor);
    let _ = queue!(out, crossterm::style::SetAttribute(crossterm::style::Attribute::Reset));
    let _ = queue!(out, cursor::Show, cursor::SetCursorStyle::DefaultUserShape, LeaveAlternateScreen);
    let _ = out.flush();
}

/// True once anything has panicked.
pub fn has_panicked() -> bool {
    PANICKED.load(Ordering::SeqCst)
}

/// Restores the terminal before the message of a panic is written, then writes it.
fn install_hook() {
    HOOK.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            // Only a panic while the screen is up concerns the screen; others (a guarded open of the index) do not.
            if ENTERED.load(Ordering::SeqCst) {
                PANICKED.store(true, Ordering::SeqCst);
                restore();
            }
            before(info);
        }));
    });
}

/// Writes the title; controls are gone from it.
pub fn title(text: &str) -> io::Result<()> {
    execute!(io::stdout(), SetTitle(crate::text::clean::for_title(text)))
}

/// Whether the terminal behind the standard input is still there: a closed one answers its questions with an error.
pub fn is_alive() -> bool {
    rustix::termios::tcgetattr(io::stdin()).is_ok()
}

/// Whether somebody would continue this process after a stop: a shell with job control in the same session. A program
/// that leads its session (`ssh -t host qun`, a terminal's own command) would stay stopped for ever.
pub fn can_be_continued() -> bool {
    use rustix::process::{getpgid, getpgrp, getppid, getsid};
    let session = getsid(None).ok();
    if session == Some(getpgrp()) {
        return false;
    }
    let Some(parent) = getppid() else { return false };
    // A parent in this very group, as of `sh -c`, is stopped along with us and continued by the same shell.
    getpgid(Some(parent)).ok() == Some(getpgrp()) || getsid(Some(parent)).ok() == session
}
