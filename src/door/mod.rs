//! What a screen or a command line may know of a desk: requests, replies and patches.
//!
//! The same door serves the screen, the command line and other machines. A [`command::Command`] is what is
//! asked of the desk; it is never what the journal keeps, and a [`line`] is what a list shows, never what is
//! stored. A filter travels as text. The desk never opens a path that a client names.

pub mod campaign;
pub mod choices;
mod coming;
pub mod command;
pub mod compose;
pub mod connection;
pub mod detail;
pub mod forecast;
pub mod form;
mod group_card;
pub mod line;
pub mod namesakes;
pub mod refusal;
pub mod reply;
pub mod request;
pub mod rows;
pub mod saw;
pub mod turn;
pub mod views;

pub use choices::{Choices, Offered, Question};
pub use command::Command;
pub use refusal::{Refusal, RefusalKind};
pub use reply::{Envelope, Push, Reply};
pub use request::{Request, WIRE};
pub use saw::Saw;

/// A desk as its clients see it: one process away or in the same one.
///
/// The second implementor is what makes this a trait: `socket` reaches a running desk, `cli` works without one.
pub trait Door {
    /// Asks and waits for the answer.
    ///
    /// # Errors
    /// [`DoorError`] when no answer can come; a refusal is an answer.
    fn ask(&mut self, request: Request) -> Result<Envelope, DoorError>;
}

/// Why no answer came.
#[derive(Debug, thiserror::Error)]
pub enum DoorError {
    /// The desk is gone; what was asked may or may not have been done. Asking again with the same command id
    /// is safe.
    #[error("the desk does not answer: {0}")]
    Lost(String),
    /// The desk speaks another version.
    #[error("the desk speaks version {desk} of the wire, this program {mine}: restart the desk")]
    Version { desk: u32, mine: u32 },
    /// The store cannot be opened or written.
    #[error("{0}")]
    Store(String),
}
