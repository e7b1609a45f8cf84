//! What an answer of the desk is for: kept under its tag until it comes.

use std::time::Duration;

use super::app::editing::Edited;
use super::views::Origin;
use crate::book::{PlaybookId, TaskId};
use crate::door::line::LineId;
use crate::door::request::ListSpec;
use crate::query::Nearby;

/// What an answer is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pending {
    Hello,
    Watch(u32),
    /// Details of a line, and when they were asked for.
    Detail(LineId, Duration),
    Texts,
    /// A command on tasks shown as done already; they come back when it is refused.
    Tasks(Vec<TaskId>),
    /// A command whose outcome is said in the message row.
    Command,
    /// The day that lies ahead.
    Agenda,
    /// Names to be hidden.
    Names,
    /// A part of these was ticked: its outcome, and then this.
    Part(u16, Vec<TaskId>, String),
    /// The cursor goes to the task that comes back.
    Undo,
    /// A command nobody waits for: copied, seen.
    Quiet,
    /// The line to begin on, by what its user calls it: among the rows of the view, then anywhere.
    SelectHere(String),
    Select(String),
    /// How long messages take.
    Paces,
    /// A popup waits for it under this tag.
    Popup,
    Status,
    /// How many rows these views have.
    ViewCounts(Vec<(Origin, String)>),
    /// How many rows filters near to an empty list would bring.
    Near(ListSpec, Vec<Nearby>),
    /// The store's views.
    Views,
    /// How many a filter would put into a playbook.
    EnrolAll(PlaybookId, String),
    /// What an edited playbook would do.
    Edited(Box<Edited>),
    /// An edited playbook is applied.
    Applied(PlaybookId),
}
