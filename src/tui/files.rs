//! A file of members as the screen knows one: what was found in it, and its rows when they are asked for.
//!
//! The process that the user started reads the user's file; the screen itself opens nothing. Whoever runs it hands in
//! an [`Opener`], which reads in a thread of its own and answers through a [`FileDoor`].

use tokio::sync::mpsc::Receiver;

use crate::door::reply::Conflict;
use crate::door::rows::MemberRow;
use crate::text::lang::Lang;

/// What is asked of a file.
#[derive(Clone, Debug, PartialEq)]
pub enum ToFile {
    /// The next chunk of good rows.
    Rows,
    /// Writes the rows that are not taken, those that the book contradicts included, to a file beside it.
    KeepRejects(Vec<Conflict>),
}

/// What a file answers.
#[derive(Clone, Debug, PartialEq)]
pub enum FromFile {
    /// It was looked through; the sentence says why it cannot be taken at all.
    Looked(Result<FileFacts, String>),
    Rows(Vec<MemberRow>),
    /// There are no more rows.
    End,
    /// Where the rows that were not taken stand, or why they could not be written.
    Kept(Result<String, String>),
}

/// What was found in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileFacts {
    /// Its name without the folder.
    pub name: String,
    /// Rows that can be taken.
    pub rows: u32,
    /// Rows that cannot.
    pub rejected: u32,
    /// Why not, the first of them cell by cell.
    pub problems: Vec<String>,
    /// What else a human should know.
    pub notes: Vec<String>,
    /// Where rows that are not taken would be written.
    pub rejects: String,
}

/// Which file, and how it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenFile {
    /// As typed or dropped.
    pub path: String,
    /// The store's zone: wall times in the file are of it.
    pub zone: chrono_tz::Tz,
    /// Milliseconds since 1970 UTC; later dates are refused.
    pub now_ms: i64,
    pub lang: Lang,
}

/// An open file. Dropping it closes it.
pub struct FileDoor {
    pub ask: std::sync::mpsc::Sender<ToFile>,
    pub told: Receiver<FromFile>,
}

/// What the open file says next; without one it never comes.
pub(super) async fn next_told(file: &mut Option<FileDoor>) -> Option<FromFile> {
    match file {
        Some(file) => file.told.recv().await,
        None => std::future::pending().await,
    }
}

/// Opens files; the first answer comes without being asked.
pub type Opener = Box<dyn Fn(OpenFile) -> FileDoor + Send>;
