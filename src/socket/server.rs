//! The desk's end of the socket: accepts, bounds and ends connections, and never lets one make the desk wait.
//!
//! The writer thread puts replies into each client's bounded queue and does not look back; a client whose queue is
//! full does not read, and is told [`Push::Gone`] and dropped. A client may have [`IN_FLIGHT_MAX`] requests under
//! way; then it is not read from until one is answered, so its own queue can overflow by pushes only.
//!
//! A peer of the owner's uid may call itself what it likes (`--as`); others are who their login says they are.

use std::collections::HashMap;
use std::io::Write as _;
use std::os::unix::net::UnixListener as StdListener;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{Notify, Semaphore, mpsc, oneshot};
use tokio::task::JoinSet;
use tokio_util::codec::{FramedRead, FramedWrite, LengthDelimitedCodec};

use super::place::Others;
use super::wire::{self, FromDesk, ToDesk};
use super::{hooks, peer, writer};
use crate::clock::Clock;
use crate::door::turn::{ClientId, Input, Now, Output, Turn};
use crate::door::{Envelope, Push, Refusal, RefusalKind, Reply, Request, WIRE};

/// Connections at one time.
pub const CONNECTIONS_MAX: usize = 64;
/// Requests of one client under way at one time.
pub const IN_FLIGHT_MAX: usize = 64;
/// Frames that wait for one client; over the requests under way, these are pushes.
pub const QUEUE_MAX: usize = 256;
/// An attached desk ends this long after its last screen.
pub const GRACE: Duration = Duration::from_secs(2);
/// An attached desk waits this long for its first screen.
pub const FIRST_GRACE: Duration = Duration::from_secs(10);
/// How long a new connection may take to say hello, and an ending one to read what waits for it.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long a desk stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// Until it is told to end: `qun serve`.
    Served,
    /// Until its last screen has left: `qun serve --attached`.
    Attached,
}

/// How a desk is served.
#[derive(Clone, Debug)]
pub struct Options {
    pub others: Others,
    pub life: Life,
    /// The user's program that is told of what falls due.
    pub hook: hooks::Hook,
}

/// Why serving ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The shutdown was asked for: a signal.
    Shutdown,
    /// A client asked for it.
    Asked,
    /// The last screen has left an attached desk.
    LastLeft,
    /// The desk's thread ended by itself: a fault, its message is in the log.
    DeskFailed,
}

/// What the tasks of all connections share.
struct Shared {
    clients: Mutex<HashMap<ClientId, Outgoing>>,
    inputs: std::sync::mpsc::Sender<Input>,
    clock: Clock,
    options: Options,
    next: AtomicU32,
}

/// The desk's side of one connection.
struct Outgoing {
    queue: mpsc::Sender<FromDesk>,
    kicked: Arc<Notify>,
}

/// Serves a desk until it ends; `turn` is the desk and moves into a thread of its own.
///
/// Must run within a tokio runtime. When this returns, the thread has ended and the last turn is done.
pub async fn run(
    listener: StdListener,
    clock: Clock,
    options: Options,
    turn: impl FnMut(Vec<Input>, Now) -> Turn + Send + 'static,
    shutdown: impl Future<Output = ()>,
) -> std::io::Result<End> {
    let listener = UnixListener::from_std(listener)?;
    let (sender, inputs) = std::sync::mpsc::channel();
    let (hook, texts) = mpsc::channel(hooks::WAITING);
    let life = options.life;
    let shared = Arc::new(Shared {
        clients: Mutex::default(),
        inputs: sender,
        clock,
        options,
        next: AtomicU32::new(1),
    });
    let hooks = tokio::spawn(hooks::run(shared.options.hook.clone(), texts, move |line| log(&clock, line)));
    // Dropped without a word when the thread panics.
    let (said, mut ended) = oneshot::channel::<()>();
    let thread = std::thread::Builder::new().name("desk".to_owned()).spawn({
        // The thread must not keep the inputs' sender alive, or it would wait for itself.
        let clients = Arc::downgrade(&shared);
        move || {
            let wished = writer::run(&inputs, &clock, turn, |output| match output {
                Output::Reply { client, tag, envelope } => {
                    deliver(&clients, client, FromDesk::Reply { tag, envelope });
                }
                Output::Push { client, push } => deliver(&clients, client, FromDesk::Push(push)),
                Output::Hook { json } => {
                    // Too many wait: dropped, a notification is a hint.
                    let _ = hook.try_send(json);
                }
                Output::Log(line) => log(&clock, &line),
            });
            if wished {
                let _ = said.send(());
            }
        }
    })?;

    let mut tasks = JoinSet::new();
    let mut grace = Box::pin(tokio::time::sleep(FIRST_GRACE));
    let mut shutdown = std::pin::pin!(shutdown);
    let end = loop {
        tokio::select! {
            () = &mut shutdown => break End::Shutdown,
            said = &mut ended => break if said.is_ok() { End::Asked } else { End::DeskFailed },
            () = &mut grace, if life == Life::Attached && tasks.is_empty() => break End::LastLeft,
            Some(_) = tasks.join_next(), if !tasks.is_empty() => {
                grace.set(tokio::time::sleep(GRACE));
            }
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    let full = tasks.len() >= CONNECTIONS_MAX;
                    tasks.spawn(greet(stream, full, shared.clone()));
                }
                Err(error) => {
                    // Out of descriptors: others must leave first.
                    log(&clock, &format!("accept: {error}"));
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            },
        }
    };

    drop(listener);
    for (_, client) in lock(&shared.clients).drain() {
        let _ = client.queue.try_send(FromDesk::Push(Push::Gone));
    }
    let _ =
        tokio::time::timeout(Duration::from_secs(1), async { while tasks.join_next().await.is_some() {} })
            .await;
    tasks.shutdown().await;
    drop(shared);
    let failed =
        tokio::task::spawn_blocking(move || thread.join()).await.map_or(true, |joined| joined.is_err());
    hooks.abort();
    Ok(if failed { End::DeskFailed } else { end })
}

/// One line for the log: the local time and the line, cleaned.
fn log(clock: &Clock, line: &str) {
    let at = clock.now().wall.rfc3339(crate::clock::zone());
    // Nobody can be told that the log cannot be written.
    let _ = writeln!(std::io::stderr().lock(), "{at} {}", crate::text::clean::for_display(line));
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Puts a frame into a client's queue, or drops the client when it is full.
fn deliver(shared: &std::sync::Weak<Shared>, client: ClientId, frame: FromDesk) {
    let Some(shared) = shared.upgrade() else { return };
    let mut clients = lock(&shared.clients);
    let full = clients
        .get(&client)
        .is_some_and(|to| matches!(to.queue.try_send(frame), Err(mpsc::error::TrySendError::Full(_))));
    if full && let Some(slow) = clients.remove(&client) {
        slow.kicked.notify_one();
        log(&shared.clock, &format!("client {} does not read and was dropped", client.0));
    }
}

type Reader = FramedRead<OwnedReadHalf, LengthDelimitedCodec>;
type Writer = FramedWrite<OwnedWriteHalf, LengthDelimitedCodec>;

/// Greets a new connection, hears its hello and serves it until it ends.
async fn greet(stream: UnixStream, full: bool, shared: Arc<Shared>) {
    let uid = stream.peer_cred().map(|peer| peer.uid());
    let (read, write) = stream.into_split();
    let mut reader = FramedRead::new(read, wire::codec());
    let mut writer = FramedWrite::new(write, wire::codec());
    let hello = tokio::time::timeout(PATIENCE, hear(&mut reader, &mut writer)).await;
    let Ok(Some((tag, mut request))) = hello else { return };
    let checked = match uid {
        Err(error) => Err(format!("{error}")),
        Ok(_) if full => Err(format!("{CONNECTIONS_MAX} connections are open; close a screen")),
        Ok(uid) if uid != peer::own_uid() && shared.options.others == Others::Refused => {
            Err(format!("{} is not the owner of this store", peer::login_name(uid)))
        }
        Ok(uid) => match &mut request {
            Request::Hello { wire, .. } if *wire != WIRE => Err(format!(
                "this desk speaks version {WIRE} of the wire, not {wire}; restart one of the two"
            )),
            Request::Hello { operator, .. } => {
                if uid != peer::own_uid() || operator.trim().is_empty() {
                    *operator = peer::login_name(uid);
                }
                Ok((operator.clone(), uid))
            }
            _ => Err("the first request must be hello".to_owned()),
        },
    };
    match checked {
        Ok((operator, uid)) => serve(reader, writer, &shared, operator, uid, tag, request).await,
        Err(words) => {
            let frame = refusal(&shared.clock, tag, words);
            let _ = tokio::time::timeout(PATIENCE, send(&mut writer, &frame)).await;
        }
    }
}

/// Says the greeting and reads the first frame; none when the connection ends or sends no frame of ours.
async fn hear(reader: &mut Reader, writer: &mut Writer) -> Option<(u64, Request)> {
    writer.send(wire::greeting()).await.ok()?;
    let frame = reader.next().await?.ok()?;
    match wire::decode::<ToDesk>(&frame) {
        Ok(first) => Some((first.tag, first.request)),
        // Of another version perhaps: its own check of the greeting will tell.
        Err(_) => None,
    }
}

/// Serves a connection that said hello.
async fn serve(
    mut reader: Reader,
    mut writer: Writer,
    shared: &Shared,
    operator: String,
    uid: u32,
    tag: u64,
    hello: Request,
) {
    let client = ClientId(shared.next.fetch_add(1, Ordering::Relaxed));
    let (queue, waiting) = mpsc::channel(QUEUE_MAX);
    let kicked = Arc::new(Notify::new());
    // Only the map holds the queue: taking a client out of it ends its connection once all is written.
    let weak = queue.downgrade();
    lock(&shared.clients).insert(client, Outgoing { queue, kicked: kicked.clone() });
    // Hello is under way already.
    let free = Semaphore::new(IN_FLIGHT_MAX - 1);
    let told = shared.inputs.send(Input::Connect { client, operator, uid }).is_ok()
        && shared.inputs.send(Input::Request { client, tag, request: hello }).is_ok();
    if told {
        let reading = async {
            read(&mut reader, shared, client, uid, &free, &weak).await;
            lock(&shared.clients).remove(&client);
            // A peer that closed one half only may still read what waits for it.
            tokio::time::sleep(PATIENCE).await;
        };
        tokio::select! {
            () = reading => {}
            () = write(&mut writer, waiting, &free, &shared.clock) => {}
            () = kicked.notified() => {
                let gone = FromDesk::Push(Push::Gone);
                let _ = tokio::time::timeout(Duration::from_secs(1), send(&mut writer, &gone)).await;
            }
        }
    }
    lock(&shared.clients).remove(&client);
    let _ = shared.inputs.send(Input::Disconnect { client });
}

/// Reads requests until the client leaves or sends what is no request.
async fn read(
    reader: &mut Reader,
    shared: &Shared,
    client: ClientId,
    uid: u32,
    free: &Semaphore,
    queue: &mpsc::WeakSender<FromDesk>,
) {
    let say = |frame| {
        if let Some(queue) = queue.upgrade() {
            // A full queue belongs to a client that does not read; it is about to be dropped.
            let _ = queue.try_send(frame);
        }
    };
    loop {
        if let Ok(permit) = free.acquire().await {
            permit.forget();
        }
        let asked = match reader.next().await {
            None => return,
            Some(Ok(frame)) => wire::decode::<ToDesk>(&frame).map_err(|error| error.to_string()),
            Some(Err(error)) if error.kind() == std::io::ErrorKind::InvalidData => {
                Err(format!("a frame is over the limit of {} bytes", wire::FRAME_MAX))
            }
            Some(Err(_)) => return,
        };
        match asked {
            Ok(ToDesk { tag, mut request }) => {
                if let Request::Leave { force } = &mut request {
                    // A team's desk is ended by its owner.
                    *force &= uid == peer::own_uid();
                }
                if shared.inputs.send(Input::Request { client, tag, request }).is_err() {
                    return;
                }
            }
            Err(words) => {
                say(refusal(&shared.clock, 0, words));
                return;
            }
        }
    }
}

/// Writes what the desk says until its side of the queue is gone; each reply makes room for a request.
///
/// After an error it only empties the queue: what the peer sent before it left is still to be read.
async fn write(writer: &mut Writer, mut waiting: mpsc::Receiver<FromDesk>, free: &Semaphore, clock: &Clock) {
    let mut broken = false;
    while let Some(frame) = waiting.recv().await {
        if matches!(frame, FromDesk::Reply { .. }) {
            free.add_permits(1);
        }
        if broken {
            continue;
        }
        broken = match send(writer, &frame).await {
            Ok(()) => false,
            Err(SendError::Peer) => true,
            Err(SendError::Frame(words)) => match frame {
                FromDesk::Reply { tag, .. } => send(writer, &refusal(clock, tag, words)).await.is_err(),
                FromDesk::Push(_) => {
                    log(clock, &words);
                    false
                }
            },
        };
    }
}

enum SendError {
    /// The peer is gone.
    Peer,
    /// The frame cannot be sent; the connection is whole.
    Frame(String),
}

async fn send(writer: &mut Writer, frame: &FromDesk) -> Result<(), SendError> {
    let bytes = wire::encode(frame).map_err(|error| SendError::Frame(error.to_string()))?;
    writer.send(bytes).await.map_err(|_| SendError::Peer)
}

fn envelope(clock: &Clock, reply: Reply) -> Envelope {
    Envelope { now: clock.now().wall, ticked_at: None, reply }
}

fn refusal(clock: &Clock, tag: u64, words: String) -> FromDesk {
    let refusal = Refusal::new(RefusalKind::Protocol, words);
    FromDesk::Reply { tag, envelope: envelope(clock, Reply::Refused(refusal)) }
}
