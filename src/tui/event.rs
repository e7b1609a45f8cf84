//! What comes to the screen and what it wants done: two closed sets, and nothing else crosses this line.
//!
//! An [`Event`] came from outside. An [`Effect`] is work the runner does for `update`; its result, if any, comes back
//! as an event. Timeouts carry ids: a timer that is set again replaces the old one, so stale ones never arrive.

use super::drafts::{Draft, Unfinished};
use std::time::Duration;

use super::files::{FromFile, OpenFile, ToFile};
use super::key::Key;
use super::sheets::Sheet;
use crate::book::{PlaybookId, View};
use crate::door::{Envelope, Push, Request};

/// Something that happened outside.
#[derive(Clone, Debug)]
pub enum Event {
    Key(Key),
    /// Text that arrived as a paste; input methods commit this way too.
    Paste(String),
    /// Keys came faster than anybody types while no prompt was open; they were dropped.
    Burst,
    /// A character that means nothing here because an input method is in Chinese mode; it was dropped.
    Ime,
    Resize(u16, u16),
    /// The window got or lost the focus.
    Focus(bool),
    Reply {
        tag: u64,
        envelope: Box<Envelope>,
    },
    Push(Box<Push>),
    Timer(Timer),
    /// The desk cannot be reached.
    Lost,
    /// The desk can be reached again.
    Regained,
    /// The process goes on after a suspend.
    Resumed,
    /// The process cannot be suspended: nobody would continue it.
    CannotSuspend,
    /// The runner could not copy, or says how far the text went.
    Copied {
        report: CopyReport,
    },
    /// Something came from the file that is open.
    File(FromFile),
    /// The user's editor was closed, or could not be opened.
    Edited(FromEditor),
    /// Edits of playbooks of this store that were begun and are not applied.
    Drafts(Vec<Draft>),
    /// Texts of this store that an earlier screen had in its forms when it ended.
    Unfinished(Vec<Unfinished>),
    /// One could not be kept; the sentence says why.
    DraftLost {
        words: String,
    },
    /// The user's own views could not be written; the sentence says why.
    ViewsLost {
        words: String,
    },
    /// The user's own views as they are kept now; the sentence says why they cannot be read.
    Views(Result<Vec<View>, String>),
    /// The numbered texts there are.
    Sheets(Vec<Sheet>),
    /// A signal asks the screen to end.
    Quit,
}

/// What came of an editor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FromEditor {
    Closed {
        playbook: PlaybookId,
        text: String,
        /// It is another text than the one that was opened.
        changed: bool,
    },
    Failed {
        words: String,
    },
}

/// How far a text went that was to be copied; a terminal never acknowledges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CopyReport {
    /// Handed to the terminal with OSC 52.
    Terminal,
    /// Handed to tmux.
    Tmux,
    /// Handed to the system's own clipboard program.
    System,
    /// Written to a file, with the reason.
    File {
        path: String,
    },
    Failed {
        words: String,
    },
}

/// What a timer is for. Setting one again moves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Timer {
    /// The minute changed: relative times and the clock.
    Minute,
    /// Rows have been on screen for a second.
    Seen,
    /// The cursor rests: fetch the details of what is under it.
    Detail,
    /// Half a chord is waiting: show what may follow.
    Chord,
    /// A message has been read.
    Message,
    /// An answer takes long: say so.
    Waiting,
    /// Typing in a filter paused.
    Filter,
    /// How far is an import.
    Import,
    /// Saved views are counted again.
    Views,
    /// What is being written is kept.
    Writing,
}

/// Work for the runner.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    Ask {
        tag: u64,
        request: Box<Request>,
    },
    /// To the clipboard, as far as this terminal lets us.
    Copy {
        text: String,
    },
    Title(String),
    Bell,
    SetTimer {
        timer: Timer,
        after: Duration,
    },
    CancelTimer(Timer),
    /// Give the terminal back and stop until continued.
    Suspend,
    /// Leave the alternate screen, print the text bare for the mouse, wait for a key.
    RawView {
        text: String,
    },
    /// Read a file of members; its answers come as [`Event::File`]. One at a time.
    OpenFile(OpenFile),
    /// Asks something of the open file.
    File(ToFile),
    CloseFile,
    /// Give the terminal to the user's editor with this text; comes back as [`Event::Edited`].
    Edit {
        playbook: PlaybookId,
        text: String,
    },
    /// Keep an edit that is not applied, for when the screen is gone; no longer keep that of a playbook.
    KeepDraft(Box<Draft>),
    DropDraft(PlaybookId),
    /// Keep what is being written in a form; no longer keep that of a form.
    KeepText(Box<Unfinished>),
    DropText(String),
    /// Look for those of this store; they come as [`Event::Drafts`] and [`Event::Unfinished`].
    ReadDrafts,
    /// Keep these as the user's own views.
    KeepViews(Vec<View>),
    /// Read the user's own views again: another program may have changed them. They come as [`Event::Views`].
    ReadViews,
    /// Look for numbered texts; they come as [`Event::Sheets`].
    ReadSheets,
    /// Paint everything again.
    Repaint,
    Quit,
}
