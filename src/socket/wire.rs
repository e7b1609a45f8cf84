//! What travels over the socket: length-delimited frames of MessagePack with named fields.
//!
//! A frame is a big-endian u32 length and that many bytes, at most [`FRAME_MAX`]. The desk speaks first: its
//! greeting is eight bytes that no version will change, so that two programs of different releases can tell each
//! other so instead of failing to decode. Then the client says [`Request::Hello`], and from there on each request
//! carries a tag that comes back with its reply.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio_util::bytes::Bytes;
use tokio_util::codec::LengthDelimitedCodec;

use crate::book::packed::{UnpackError, unpack};
use crate::door::{Envelope, Push, Request, WIRE};

/// The longest frame either side accepts, in bytes. Import chunks are at most 1 MiB, windows far less.
pub const FRAME_MAX: usize = 8 * 1024 * 1024;

/// The first four bytes of a greeting; the version as big-endian u32 follows.
const MAGIC: [u8; 4] = *b"QUN\0";

/// A frame to the desk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ToDesk {
    /// From 1, chosen by the client; comes back with the reply.
    pub tag: u64,
    pub request: Request,
}

/// A frame from the desk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum FromDesk {
    /// Tag 0 answers no request: a refusal of the connection itself.
    Reply {
        tag: u64,
        envelope: Envelope,
    },
    Push(Push),
}

/// Why bytes are no frame of ours.
#[derive(Debug, thiserror::Error)]
pub enum WireError {
    #[error("a frame does not decode: {0}")]
    Decode(#[from] UnpackError),
    #[error("a frame does not encode: {0}")]
    Encode(#[from] rmp_serde::encode::Error),
    #[error("a frame of {0} bytes is over the limit of {FRAME_MAX}")]
    TooLong(usize),
    /// Something else listens on this socket.
    #[error("the other end is no desk of qun")]
    Stranger,
}

/// The framing of both ends.
pub fn codec() -> LengthDelimitedCodec {
    LengthDelimitedCodec::builder().max_frame_length(FRAME_MAX).new_codec()
}

/// Encodes a frame's contents.
pub fn encode<T: Serialize>(contents: &T) -> Result<Bytes, WireError> {
    let bytes = rmp_serde::to_vec_named(contents)?;
    if bytes.len() > FRAME_MAX { Err(WireError::TooLong(bytes.len())) } else { Ok(bytes.into()) }
}

/// Decodes a frame's contents.
pub fn decode<T: DeserializeOwned>(frame: &[u8]) -> Result<T, WireError> {
    Ok(unpack(frame)?)
}

/// What the desk says first.
pub fn greeting() -> Bytes {
    let mut bytes = MAGIC.to_vec();
    bytes.extend_from_slice(&WIRE.to_be_bytes());
    bytes.into()
}

/// Reads a greeting: the version of the wire that the desk speaks.
pub fn read_greeting(frame: &[u8]) -> Result<u32, WireError> {
    let version = frame.strip_prefix(&MAGIC).ok_or(WireError::Stranger)?;
    Ok(u32::from_be_bytes(version.try_into().map_err(|_| WireError::Stranger)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::id::Id as _;
    use crate::book::{CommandId, TaskId, Timestamp};
    use crate::door::command::{Command, TaskVerb};
    use crate::door::reply::Counts;
    use crate::door::{Refusal, RefusalKind, Reply, Saw};
    use proptest::prelude::*;

    fn round_trip<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(contents: &T) {
        assert_eq!(&decode::<T>(&encode(contents).unwrap()).unwrap(), contents);
    }

    #[test]
    fn frames_survive_the_wire() {
        let command = Command::Task {
            tasks: vec![TaskId::from_bits(7), TaskId::from_bits(u128::MAX)],
            verb: TaskVerb::Sent { at: Some(Timestamp(1)), also: false },
        };
        let request = Request::Do { command_id: CommandId::from_bits(9), command, saw: Some(Saw::Rev(3)) };
        round_trip(&ToDesk { tag: u64::MAX, request });
        round_trip(&ToDesk { tag: 1, request: Request::Status });
        let refusal = Refusal::new(RefusalKind::Already, "已由小李发送").about("张三").hint("我也发了");
        let envelope = Envelope { now: Timestamp(5), ticked_at: None, reply: Reply::Refused(refusal) };
        round_trip(&FromDesk::Reply { tag: 0, envelope });
        round_trip(&FromDesk::Push(Push::Counts(Counts { due: 3, ..Counts::default() })));
        round_trip(&FromDesk::Push(Push::Gone));
    }

    #[test]
    fn a_greeting_tells_the_version() {
        assert_eq!(read_greeting(&greeting()).unwrap(), WIRE);
        assert!(matches!(read_greeting(b"HTTP/1.1"), Err(WireError::Stranger)));
        assert!(matches!(read_greeting(b"QUN\0"), Err(WireError::Stranger)));
    }

    #[test]
    fn a_frame_over_the_limit_is_not_made() {
        assert!(matches!(encode(&"群".repeat(FRAME_MAX / 3 + 1)), Err(WireError::TooLong(_))));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_harm(bytes: Vec<u8>) {
            let _ = decode::<ToDesk>(&bytes);
            let _ = decode::<FromDesk>(&bytes);
            let _ = read_greeting(&bytes);
        }
    }
}
