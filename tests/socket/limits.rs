//! What a client may not do, and that nobody else suffers from it.

use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::time::Duration;

use qun::door::{Door as _, Push, Refusal, Reply, Request, WIRE};
use qun::socket::client::ConnectError;
use qun::socket::client::door::SocketDoor;
use qun::socket::server::{CONNECTIONS_MAX, Life};
use qun::socket::wire::{self, FromDesk, ToDesk};
use qun::text::lang::Lang;

use super::desk::{Served, caller, screens};

/// A client that speaks the wire by hand.
struct Raw(UnixStream);

impl Raw {
    fn connect(served: &Served) -> Self {
        let stream = UnixStream::connect(&served.path).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        let mut raw = Self(stream);
        assert_eq!(wire::read_greeting(&raw.frame().unwrap()).unwrap(), WIRE);
        raw
    }

    fn say(&mut self, tag: u64, request: Request) {
        self.bytes(&wire::encode(&ToDesk { tag, request }).unwrap());
    }

    fn bytes(&mut self, contents: &[u8]) {
        self.0.write_all(&(contents.len() as u32).to_be_bytes()).unwrap();
        self.0.write_all(contents).unwrap();
    }

    /// The next frame; none at the end.
    fn frame(&mut self) -> Option<Vec<u8>> {
        let mut length = [0; 4];
        self.0.read_exact(&mut length).ok()?;
        let mut frame = vec![0; u32::from_be_bytes(length) as usize];
        self.0.read_exact(&mut frame).ok()?;
        Some(frame)
    }

    fn hear(&mut self) -> Option<FromDesk> {
        self.frame().map(|frame| wire::decode(&frame).unwrap())
    }

    /// The refusal that comes next, after which the connection ends.
    fn refused(&mut self) -> Refusal {
        let refusal = match self.hear() {
            Some(FromDesk::Reply { envelope, .. }) => match envelope.reply {
                Reply::Refused(refusal) => refusal,
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        };
        assert_eq!(self.hear(), None);
        refusal
    }
}

fn hello(wire: u32) -> Request {
    Request::Hello { wire, program: "试".into(), operator: "小李".into(), lang: Lang::ZhCn }
}

#[test]
fn what_is_no_hello_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let served = Served::start(&dir.path().join("desk.sock"), Life::Served);
    let mut raw = Raw::connect(&served);
    raw.say(1, Request::Status);
    assert!(raw.refused().words.contains("hello"));
    let mut raw = Raw::connect(&served);
    raw.say(1, hello(WIRE + 1));
    assert!(raw.refused().words.contains("version"));
}

#[test]
fn an_oversized_or_broken_frame_ends_its_connection_only() {
    let dir = tempfile::tempdir().unwrap();
    let served = Served::start(&dir.path().join("desk.sock"), Life::Served);
    let mut other = served.connect("小王");
    for bad in [&u32::MAX.to_be_bytes()[..], b"\0\0\0\x03\xc1\xc1\xc1"] {
        let mut raw = Raw::connect(&served);
        raw.say(1, hello(WIRE));
        assert!(matches!(raw.hear(), Some(FromDesk::Reply { tag: 1, .. })));
        raw.0.write_all(bad).unwrap();
        assert!(raw.refused().words.contains("frame"));
        assert!(screens(&other.ask(Request::Status).unwrap()) >= 1);
    }
}

#[test]
fn a_client_that_does_not_read_is_dropped_and_nobody_waits_for_it() {
    let dir = tempfile::tempdir().unwrap();
    let served = Served::start(&dir.path().join("desk.sock"), Life::Served);
    let mut slow = Raw::connect(&served);
    slow.say(1, hello(WIRE));
    // Far more pushes than the socket's buffer and the queue hold.
    slow.say(2, Request::Log { before: None, limit: 60_000, mine: false });
    let mut other = served.connect("小王");
    while screens(&other.ask(Request::Status).unwrap()) != 1 {}
    let mut last = None;
    while let Some(frame) = slow.hear() {
        last = Some(frame);
    }
    // The tail of a frame cut off by the end is no frame: Gone comes only when there was room for it in time.
    assert!(!matches!(last, Some(FromDesk::Reply { tag: 2, .. })), "it was answered in spite of all");
    assert!(matches!(last, Some(FromDesk::Push(Push::Gone | Push::Counts(_)))), "{last:?}");
}

#[test]
fn one_connection_too_many_is_told_so() {
    let dir = tempfile::tempdir().unwrap();
    let served = Served::start(&dir.path().join("desk.sock"), Life::Served);
    let mut doors: Vec<SocketDoor> = (0..CONNECTIONS_MAX).map(|_| served.connect("小李")).collect();
    match SocketDoor::connect(&served.path, &caller("小王")) {
        Err(ConnectError::Refused(refusal)) => assert!(refusal.words.contains("64"), "{refusal}"),
        other => panic!("{other:?}"),
    }
    assert_eq!(screens(&doors[0].ask(Request::Status).unwrap()), CONNECTIONS_MAX as u32);
}
