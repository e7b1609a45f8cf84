//! Who says what first, and how a desk ends.

use qun::door::{Door as _, DoorError, RefusalKind, Reply, Request, WIRE};
use qun::socket::client::ConnectError;
use qun::socket::client::door::SocketDoor;
use qun::socket::server::{End, Life};

use super::desk::{Served, caller, screens};

#[test]
fn two_clients_are_answered_each_by_name() {
    let dir = tempfile::tempdir().unwrap();
    let served = Served::start(&dir.path().join("desk.sock"), Life::Served);
    let (mut li, mut wang) = (served.connect("小李"), served.connect("小王"));
    for (door, name) in [(&li, "小李"), (&wang, "小王")] {
        match &door.welcome().reply {
            Reply::Welcome { operator, wire, .. } => assert_eq!((operator.as_str(), *wire), (name, WIRE)),
            other => panic!("{other:?}"),
        }
        assert!(door.welcome().now.0 >= 1_772_413_200_000);
    }
    for _ in 0..3 {
        assert_eq!(screens(&li.ask(Request::Status).unwrap()), 2);
        assert_eq!(screens(&wang.ask(Request::Status).unwrap()), 2);
    }
    drop(wang);
    while screens(&li.ask(Request::Status).unwrap()) != 1 {}
}

#[test]
fn no_desk_and_a_stale_socket_are_both_absent() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("desk.sock");
    let absent = || matches!(SocketDoor::connect(&path, &caller("")), Err(ConnectError::Absent));
    assert!(absent());
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    assert!(path.exists() && absent());
    let served = Served::start(&path, Life::Served);
    served.connect("小李");
}

#[test]
fn a_desk_of_another_version_is_named_before_anything_is_decoded() {
    use std::io::{Read as _, Write as _};
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("desk.sock");
    let listener = std::os::unix::net::UnixListener::bind(&path).unwrap();
    let thread = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.write_all(b"\0\0\0\x08QUN\0\0\0\0\x63").unwrap();
        let _ = stream.read(&mut [0; 16]);
    });
    let error = SocketDoor::connect(&path, &caller("")).unwrap_err();
    assert!(matches!(error, ConnectError::Door(DoorError::Version { desk: 99, mine: WIRE })), "{error}");
    thread.join().unwrap();
}

#[test]
fn an_attached_desk_ends_with_its_last_screen() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("desk.sock");
    let served = Served::start(&path, Life::Attached);
    let (li, wang) = (served.connect("小李"), served.connect("小王"));
    drop(li);
    drop(wang);
    assert_eq!(served.end(), End::LastLeft);
    assert!(!path.exists());
}

#[test]
fn a_desk_ends_when_it_wishes_to_and_answers_first() {
    let dir = tempfile::tempdir().unwrap();
    let served = Served::start(&dir.path().join("desk.sock"), Life::Attached);
    let (mut li, mut wang) = (served.connect("小李"), served.connect("小王"));
    assert_eq!(li.ask(Request::Leave { force: false }).unwrap().reply, Reply::Fine);
    assert_eq!(screens(&wang.ask(Request::Status).unwrap()), 2);
    assert_eq!(li.ask(Request::Leave { force: true }).unwrap().reply, Reply::Fine);
    assert!(matches!(wang.ask(Request::Status), Err(DoorError::Lost(_))));
    assert_eq!(served.end(), End::Asked);
}

#[test]
fn a_reply_that_fits_no_frame_is_refused_and_the_connection_stays() {
    let dir = tempfile::tempdir().unwrap();
    let served = Served::start(&dir.path().join("desk.sock"), Life::Served);
    let mut door = served.connect("小李");
    match door.ask(Request::Asks).unwrap().reply {
        Reply::Refused(refusal) => assert_eq!(refusal.kind, RefusalKind::Protocol),
        other => panic!("{other:?}"),
    }
    assert_eq!(screens(&door.ask(Request::Status).unwrap()), 1);
}
