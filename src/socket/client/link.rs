//! A screen's connection: when the desk is lost, it is looked for, started anew and asked again.
//!
//! Any screen may start a desk at any time: the started process takes the store's lock or finds it taken and ends,
//! so that exactly one wins. What was asked and not answered is asked again of the next desk; commands carry ids,
//! so nothing is done twice. Watches are not: only the screen knows what it still looks at.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use tokio::net::UnixStream;
use tokio::sync::mpsc;
use tokio_util::codec::{Framed, LengthDelimitedCodec};

use super::{Caller, ConnectError, check_greeting, check_welcome, connect_error, lost};
use crate::door::connection::{Connection, Incoming};
use crate::door::{DoorError, Envelope, Push, Reply, Request};
use crate::socket::wire::{self, FromDesk, ToDesk};

/// Requests that wait while the desk is lost.
const REQUESTS_MAX: usize = 64;
/// What a screen has not looked at yet; over it the desk's own queue fills.
const INCOMING_MAX: usize = 64;
/// How long a desk may take to greet.
const GREETING_AFTER: Duration = Duration::from_secs(5);
/// A screen that leaves waits so long for what it asked last.
const FAREWELL: Duration = Duration::from_secs(1);
/// The first pause between two attempts; it doubles up to [`PAUSE_MAX`].
const PAUSE: Duration = Duration::from_millis(50);
const PAUSE_MAX: Duration = Duration::from_secs(1);
/// A desk that was started and is not there after so many attempts is started again.
const START_EVERY: u32 = 8;

/// How a desk is found again.
pub struct Finder {
    /// Where its socket is now; an error when there is none.
    pub locate: Box<dyn Fn() -> std::io::Result<PathBuf> + Send + Sync>,
    /// Starts a desk process; one that finds the store taken ends by itself.
    pub start: Box<dyn Fn() -> std::io::Result<()> + Send + Sync>,
}

/// One connection to one desk.
#[derive(Debug)]
pub struct Link {
    frames: Framed<UnixStream, LengthDelimitedCodec>,
    welcome: Envelope,
}

impl Link {
    /// Connects to the socket at `path` and says hello.
    pub async fn connect(path: &std::path::Path, caller: &Caller) -> Result<Self, ConnectError> {
        let stream = UnixStream::connect(path).await.map_err(connect_error)?;
        let frames = Framed::new(stream, wire::codec());
        let greeted = tokio::time::timeout(GREETING_AFTER, greet(frames, caller)).await;
        greeted.unwrap_or_else(|_| Err(DoorError::Lost("it does not greet".to_owned()).into()))
    }

    /// What the desk answered to hello.
    pub const fn welcome(&self) -> &Envelope {
        &self.welcome
    }
}

async fn greet(
    mut frames: Framed<UnixStream, LengthDelimitedCodec>,
    caller: &Caller,
) -> Result<Link, ConnectError> {
    let ended = || DoorError::Lost("it has ended".to_owned());
    check_greeting(&frames.next().await.ok_or_else(ended)??)?;
    let hello = ToDesk { tag: 1, request: caller.hello() };
    frames.send(wire::encode(&hello).map_err(|error| lost(&error))?).await?;
    loop {
        let frame = frames.next().await.ok_or_else(ended)??;
        if let FromDesk::Reply { envelope, .. } = wire::decode(&frame).map_err(|error| lost(&error))? {
            return Ok(Link { frames, welcome: check_welcome(envelope)? });
        }
    }
}

/// Keeps a screen connected, beginning with `link`.
///
/// Must be called within a tokio runtime. The task behind it ends when the screen drops its ends; it gives up, and
/// closes `incoming`, only when the next desk refuses or speaks another version.
pub fn keep(link: Link, caller: Caller, finder: Finder) -> Connection {
    let (requests, asked) = mpsc::channel(REQUESTS_MAX);
    let (told, incoming) = mpsc::channel(INCOMING_MAX);
    tokio::spawn(Keeper { caller, finder, asked, told, open: BTreeMap::new() }.run(link));
    Connection { requests, incoming }
}

struct Keeper {
    caller: Caller,
    finder: Finder,
    asked: mpsc::Receiver<(u64, Request)>,
    told: mpsc::Sender<Incoming>,
    /// Asked and not answered.
    open: BTreeMap<u64, Request>,
}

/// Why a link is no longer used.
enum Over {
    Lost,
    /// The screen is gone.
    Left,
}

impl Keeper {
    async fn run(mut self, mut link: Link) {
        loop {
            let welcome = Incoming::Reply(0, link.welcome.clone());
            if self.told.send(welcome).await.is_err() {
                return;
            }
            match self.talk(&mut link).await {
                Over::Left => return self.farewell(link).await,
                Over::Lost => {}
            }
            drop(link);
            if self.told.send(Incoming::Lost).await.is_err() {
                return;
            }
            let Some(found) = self.find().await else { return };
            link = found;
            if self.told.send(Incoming::Back).await.is_err() {
                return;
            }
        }
    }

    /// Carries requests and what comes, until one side is gone.
    async fn talk(&mut self, link: &mut Link) -> Over {
        self.open.retain(|_, request| !matches!(request, Request::Watch { .. } | Request::Unwatch { .. }));
        for (tag, request) in self.open.clone() {
            if send(link, tag, request).await.is_err() {
                return Over::Lost;
            }
        }
        loop {
            tokio::select! {
                asked = self.asked.recv() => {
                    let Some((tag, request)) = asked else { return Over::Left };
                    self.open.insert(tag, request.clone());
                    if send(link, tag, request).await.is_err() {
                        return Over::Lost;
                    }
                }
                frame = link.frames.next() => {
                    let Some(Ok(frame)) = frame else { return Over::Lost };
                    let incoming = match wire::decode(&frame) {
                        Ok(FromDesk::Reply { tag, envelope }) => {
                            self.open.remove(&tag);
                            Incoming::Reply(tag, envelope)
                        }
                        Ok(FromDesk::Push(Push::Gone)) | Err(_) => return Over::Lost,
                        Ok(FromDesk::Push(push)) => Incoming::Push(push),
                    };
                    if self.told.send(incoming).await.is_err() {
                        return Over::Left;
                    }
                }
            }
        }
    }

    /// The screen has left: what it asked last is still to be acknowledged.
    async fn farewell(mut self, mut link: Link) {
        let rest = async {
            while let Some((tag, request)) = self.asked.recv().await {
                self.open.insert(tag, request.clone());
                send(&mut link, tag, request).await?;
            }
            while !self.open.is_empty() {
                let Some(Ok(frame)) = link.frames.next().await else { break };
                if let Ok(FromDesk::Reply { tag, .. }) = wire::decode(&frame) {
                    self.open.remove(&tag);
                }
            }
            Ok::<(), std::io::Error>(())
        };
        let _ = tokio::time::timeout(FAREWELL, rest).await;
    }

    /// Looks for a desk and starts one where there is none; none when there is no use in trying on.
    async fn find(&mut self) -> Option<Link> {
        let mut pause = PAUSE;
        let mut attempt: u32 = 0;
        loop {
            let found = match (self.finder.locate)() {
                Ok(path) => Link::connect(&path, &self.caller).await,
                Err(error) => Err(connect_error(error)),
            };
            match found {
                Ok(link) => return Some(link),
                Err(ConnectError::Absent) => {
                    if attempt.is_multiple_of(START_EVERY) {
                        // It may fail for want of memory or descriptors, and succeed at the next turn.
                        let _ = (self.finder.start)();
                    }
                    attempt += 1;
                }
                Err(ConnectError::Refused(refusal)) => {
                    let now = crate::book::Timestamp(0);
                    let envelope = Envelope { now, ticked_at: None, reply: Reply::Refused(*refusal) };
                    let _ = self.told.send(Incoming::Reply(0, envelope)).await;
                    return None;
                }
                Err(ConnectError::Door(DoorError::Version { .. })) => return None,
                // It ended while it greeted, or is overloaded.
                Err(ConnectError::Io(_) | ConnectError::Door(_)) => {}
            }
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = self.told.closed() => return None,
            }
            pause = (pause * 2).min(PAUSE_MAX);
        }
    }
}

async fn send(link: &mut Link, tag: u64, request: Request) -> std::io::Result<()> {
    match wire::encode(&ToDesk { tag, request }) {
        Ok(bytes) => link.frames.send(bytes).await,
        Err(error) => Err(std::io::Error::other(error)),
    }
}
