//! A blocking door for a command that asks a few things and ends.

use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use tokio_util::bytes::{Bytes, BytesMut};
use tokio_util::codec::{Decoder as _, Encoder as _, LengthDelimitedCodec};

use super::{Caller, ConnectError, check_greeting, check_welcome, connect_error, lost};
use crate::door::{Door, DoorError, Envelope, Reply, Request};
use crate::socket::wire::{self, FromDesk, ToDesk};

/// How long a desk may take to greet. After that there is no limit: an import's commit takes its time.
const GREETING_AFTER: Duration = Duration::from_secs(5);

/// A running desk.
#[derive(Debug)]
pub struct SocketDoor {
    stream: UnixStream,
    codec: LengthDelimitedCodec,
    buffer: BytesMut,
    tag: u64,
    welcome: Envelope,
}

impl SocketDoor {
    /// Connects to the socket at `path` and says hello.
    pub fn connect(path: &Path, caller: &Caller) -> Result<Self, ConnectError> {
        let stream = UnixStream::connect(path).map_err(connect_error)?;
        stream.set_read_timeout(Some(GREETING_AFTER))?;
        let nothing = Envelope { now: crate::book::Timestamp(0), ticked_at: None, reply: Reply::Fine };
        let mut door =
            Self { stream, codec: wire::codec(), buffer: BytesMut::new(), tag: 0, welcome: nothing };
        check_greeting(&door.read_frame()?)?;
        let welcome = door.ask(caller.hello())?;
        door.welcome = check_welcome(welcome)?;
        door.stream.set_read_timeout(None)?;
        Ok(door)
    }

    /// What the desk answered to hello.
    pub const fn welcome(&self) -> &Envelope {
        &self.welcome
    }

    fn read_frame(&mut self) -> Result<BytesMut, DoorError> {
        let failed = |error: std::io::Error| DoorError::Lost(error.to_string());
        loop {
            if let Some(frame) = self.codec.decode(&mut self.buffer).map_err(failed)? {
                return Ok(frame);
            }
            let mut chunk = [0; 16 * 1024];
            match self.stream.read(&mut chunk) {
                Ok(0) => return Err(DoorError::Lost("it has ended".to_owned())),
                Ok(read) => self.buffer.extend_from_slice(chunk.get(..read).unwrap_or_default()),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(failed(error)),
            }
        }
    }

    fn write_frame(&mut self, frame: Bytes) -> Result<(), DoorError> {
        let failed = |error: std::io::Error| DoorError::Lost(error.to_string());
        let mut bytes = BytesMut::new();
        self.codec.encode(frame, &mut bytes).map_err(failed)?;
        self.stream.write_all(&bytes).map_err(failed)
    }
}

impl Door for SocketDoor {
    fn ask(&mut self, request: Request) -> Result<Envelope, DoorError> {
        self.tag += 1;
        let asked = self.tag;
        let frame = wire::encode(&ToDesk { tag: asked, request }).map_err(|error| lost(&error))?;
        self.write_frame(frame)?;
        loop {
            let frame = self.read_frame()?;
            match wire::decode(&frame).map_err(|error| lost(&error))? {
                FromDesk::Reply { tag, envelope } if tag == asked => return Ok(envelope),
                // The connection itself is refused.
                FromDesk::Reply { tag: 0, envelope } => return Ok(envelope),
                FromDesk::Push(crate::door::Push::Gone) => {
                    return Err(DoorError::Lost("it ends".to_owned()));
                }
                FromDesk::Reply { .. } | FromDesk::Push(_) => {}
            }
        }
    }
}
