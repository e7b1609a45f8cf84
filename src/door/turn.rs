//! One turn of a desk as its process drives it: what goes in, what comes out, what time it is.
//!
//! Whoever owns a desk (the writer thread behind a socket, a command that works alone) hands it everything that
//! waits together with one reading of the clock, and carries out what it answers. These types live at the door so
//! that the socket can drive a desk without knowing its insides.

use super::reply::{Envelope, Push};
use super::request::Request;
use crate::book::Timestamp;

/// One reading of the clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// The calendar clock, UTC. People set it; it may jump.
    pub wall: Timestamp,
    /// Milliseconds since this machine started, time asleep included. It never jumps, so a jump of `wall` shows.
    pub boot_ms: i64,
}

/// One connection to a desk; never used again within a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientId(pub u32);

/// Something a desk is told.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "nearly every input is a request, and each is moved once")]
pub enum Input {
    /// A client said hello: its operator's name and the uid of its process.
    Connect { client: ClientId, operator: String, uid: u32 },
    /// A client asks; `tag` comes back with the answer.
    Request { client: ClientId, tag: u64, request: Request },
    /// A client is gone; its watches and claims end.
    Disconnect { client: ClientId },
    /// Time has passed: fire what is due.
    Tick,
    /// The file of rules beside the journal says this; whoever owns the desk has read it.
    RulesFile { text: String },
    /// Nobody waits: one slice of background work.
    Idle,
}

/// Something a desk wants done.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    Reply {
        client: ClientId,
        tag: u64,
        envelope: Envelope,
    },
    Push {
        client: ClientId,
        push: Push,
    },
    /// Tell the user's own program, which reads this JSON.
    Hook {
        json: String,
    },
    /// A line for the log file.
    Log(String),
}

/// What came of one turn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Turn {
    pub outputs: Vec<Output>,
    /// When the next step falls due; a tick then, or earlier.
    pub wake_at: Option<Timestamp>,
    /// Background work is left: give it an [`Input::Idle`] soon.
    pub more: bool,
    /// A client asked the desk to end, and it may.
    pub leave: bool,
}
