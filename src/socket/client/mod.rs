//! The screen's and the commands' end of the socket.
//!
//! [`door`] is blocking, for a command that asks and ends; [`link`] is a connection for a screen, which finds or
//! starts another desk when it loses one.

pub mod door;
pub mod link;

use std::io;

use crate::door::{DoorError, Envelope, Refusal, Reply, Request, WIRE};
use crate::text::lang::Lang;

use super::wire::{self, WireError};

/// Who connects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The operator's name; empty for the login name.
    pub operator: String,
    /// The language that sentences come back in.
    pub lang: Lang,
    /// What speaks: a screen gets pushes and keeps an attached desk alive, a command does not.
    pub program: Program,
}

/// What speaks to the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    Screen,
    Command,
}

impl Program {
    /// The word that hello and the journal carry.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Screen => "screen",
            Self::Command => "command",
        }
    }
}

impl Caller {
    /// The first request of every connection.
    pub fn hello(&self) -> Request {
        Request::Hello {
            wire: WIRE,
            program: self.program.word().to_owned(),
            operator: self.operator.clone(),
            lang: self.lang,
        }
    }
}

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// Nobody listens: no desk runs, or it has just ended.
    #[error("no desk listens there")]
    Absent,
    /// The socket cannot be used by this user, or fails.
    #[error("the desk cannot be reached: {0}")]
    Io(#[from] io::Error),
    #[error(transparent)]
    Door(#[from] DoorError),
    /// The desk does not want this connection.
    #[error("{0}")]
    Refused(Box<Refusal>),
}

/// Tells a desk that is not there from one that cannot be reached.
fn connect_error(error: io::Error) -> ConnectError {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => ConnectError::Absent,
        _ => ConnectError::Io(error),
    }
}

/// Compares the versions of both ends.
fn check_greeting(frame: &[u8]) -> Result<(), DoorError> {
    match wire::read_greeting(frame) {
        Ok(WIRE) => Ok(()),
        Ok(desk) => Err(DoorError::Version { desk, mine: WIRE }),
        Err(error) => Err(lost(&error)),
    }
}

/// The answer to hello.
fn check_welcome(envelope: Envelope) -> Result<Envelope, ConnectError> {
    match envelope.reply {
        Reply::Refused(refusal) => Err(ConnectError::Refused(Box::new(refusal))),
        _ => Ok(envelope),
    }
}

fn lost(error: &WireError) -> DoorError {
    DoorError::Lost(error.to_string())
}
