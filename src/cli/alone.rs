//! A desk in the command's own process: no socket, no tick, and no waiting for sled at the end.

use std::mem::ManuallyDrop;
use std::time::Duration;

use super::rules_file::RulesWatch;
use crate::clock::{Clock, Monotonic};
use crate::desk::Desk;
use crate::door::turn::{ClientId, Input, Output, Turn};
use crate::door::{Door, DoorError, Envelope, Request};
use crate::store::layout::StoreDir;
use crate::store::lock::Lock;

/// How long slices are worked at before somebody looks how far they are.
const A_MOMENT: Duration = Duration::from_millis(50);

/// The only client.
const CLIENT: ClientId = ClientId(1);

/// A desk that one command works with.
///
/// Neither desk nor lock is ever dropped: dropping sled costs as much as opening it, and the lock must not be given
/// away while sled has the index open. Both end with the process.
pub(super) struct AloneDoor {
    desk: ManuallyDrop<Desk>,
    _lock: ManuallyDrop<Lock>,
    clock: Clock,
    tag: u64,
    more: bool,
}

impl AloneDoor {
    pub(super) fn new(desk: Desk, lock: Lock, clock: Clock, operator: &str, uid: u32) -> Self {
        let (desk, lock) = (ManuallyDrop::new(desk), ManuallyDrop::new(lock));
        let mut alone = Self { desk, _lock: lock, clock, tag: 0, more: false };
        alone.turn(Input::Connect { client: CLIENT, operator: operator.to_owned(), uid });
        alone
    }

    fn turn(&mut self, input: Input) -> Turn {
        let turn = self.desk.turn(vec![input], self.clock.now());
        self.more = turn.more;
        turn
    }

    /// Reads the store's file of rules as the desk's own process does; gives what was applied.
    pub(super) fn read_rules(&mut self, dir: &StoreDir) -> Vec<String> {
        let Some(text) = RulesWatch::new(dir).changed() else { return Vec::new() };
        let turn = self.turn(Input::RulesFile { text });
        let said = turn.outputs.into_iter().filter_map(|output| match output {
            Output::Log(line) => Some(line),
            _ => None,
        });
        // a mistake stands there until it is mended: `status`, `doctor` and `rules` tell it
        if self.desk.has_wrong_rules() { Vec::new() } else { said.collect() }
    }

    /// Works at what waits in slices, for a moment.
    pub(super) fn work(&mut self) {
        let begun = Monotonic::start();
        while self.more && begun.elapsed() < A_MOMENT {
            self.turn(Input::Idle);
        }
    }

    /// Finishes what waits in slices and makes the index durable; what was answered already is.
    pub(super) fn finish(&mut self) -> Result<(), DoorError> {
        while self.more {
            self.turn(Input::Idle);
        }
        self.desk.flush().map_err(|error| DoorError::Store(error.to_string()))
    }
}

impl Door for AloneDoor {
    fn ask(&mut self, request: Request) -> Result<Envelope, DoorError> {
        self.tag += 1;
        let asked = self.tag;
        let mut turn = self.turn(Input::Request { client: CLIENT, tag: asked, request });
        loop {
            for output in turn.outputs {
                match output {
                    Output::Reply { tag, envelope, .. } if tag == asked => return Ok(envelope),
                    _ => {}
                }
            }
            if !self.more {
                return Err(DoorError::Lost("it gave no answer".to_owned()));
            }
            turn = self.turn(Input::Idle);
        }
    }
}
