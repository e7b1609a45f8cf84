//! A screen's connection outlives its desk.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use qun::door::connection::{Connection, Incoming};
use qun::door::{Reply, Request};
use qun::socket::client::link::{self, Finder, Link};
use qun::socket::server::Life;

use super::desk::{Served, caller, screens};

async fn next(connection: &mut Connection) -> Incoming {
    tokio::time::timeout(Duration::from_secs(20), connection.incoming.recv()).await.unwrap().unwrap()
}

#[tokio::test]
#[expect(clippy::await_holding_lock, reason = "it stands for the lock of another process")]
async fn a_lost_desk_is_started_again_and_asked_again() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("desk.sock");
    let served = Arc::new(Mutex::new(Some(Served::start(&path, Life::Served))));
    let link = Link::connect(&path, &caller("小李")).await.unwrap();
    // Stands for the store's lock: a desk that is started waits until the old one has let go.
    let lock = Arc::new(Mutex::new(()));
    let held = lock.lock().unwrap();
    let start = {
        let (served, path, lock) = (served.clone(), path.clone(), lock.clone());
        Box::new(move || {
            let (served, path, lock) = (served.clone(), path.clone(), lock.clone());
            std::thread::spawn(move || {
                let _lock = lock.lock().unwrap();
                let mut served = served.lock().unwrap();
                if served.is_none() {
                    *served = Some(Served::start(&path, Life::Served));
                }
            });
            Ok(())
        })
    };
    let mut connection =
        link::keep(link, caller("小李"), Finder { locate: Box::new(move || Ok(path.clone())), start });
    assert!(matches!(next(&mut connection).await, Incoming::Reply(0, envelope)
        if matches!(&envelope.reply, Reply::Welcome { operator, .. } if operator == "小李")));
    connection.requests.send((7, Request::Status)).await.unwrap();
    match next(&mut connection).await {
        Incoming::Reply(7, envelope) => assert_eq!(screens(&envelope), 1),
        other => panic!("{other:?}"),
    }

    let gone = served.lock().unwrap().take();
    tokio::task::spawn_blocking(move || drop(gone)).await.unwrap();
    drop(held);
    assert_eq!(next(&mut connection).await, Incoming::Lost);
    // Asked while there is no desk: it waits for the next one.
    connection.requests.send((8, Request::Status)).await.unwrap();
    assert_eq!(next(&mut connection).await, Incoming::Back);
    assert!(matches!(next(&mut connection).await, Incoming::Reply(0, _)));
    match next(&mut connection).await {
        Incoming::Reply(8, envelope) => assert_eq!(screens(&envelope), 1),
        other => panic!("{other:?}"),
    }
    drop(connection);
}
