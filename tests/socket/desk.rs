//! A desk of a few lines and the thread that serves it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;

use qun::book::Timestamp;
use qun::clock::Clock;
use qun::door::reply::{Counts, Status};
use qun::door::turn::{ClientId, Input, Now, Output, Turn};
use qun::door::{Envelope, Push, Reply, Request};
use qun::socket::client::door::SocketDoor;
use qun::socket::client::{Caller, Program};
use qun::socket::place::{self, Others};
use qun::socket::server::{self, End, Life, Options};
use qun::text::lang::Lang;

/// Answers status with how many are connected and hello with the operator's name. `Log` pushes as many counts as
/// its limit says before it answers; `Asks` answers more than a frame holds.
#[derive(Default)]
pub struct SmallDesk {
    clients: BTreeMap<ClientId, String>,
}

impl SmallDesk {
    pub fn turn(&mut self, inputs: Vec<Input>, now: Now) -> Turn {
        let (mut outputs, mut leave) = (Vec::new(), false);
        for input in inputs {
            match input {
                Input::Connect { client, operator, .. } => {
                    self.clients.insert(client, operator);
                }
                Input::Disconnect { client } => {
                    self.clients.remove(&client);
                }
                Input::Request { client, tag, request } => {
                    leave |= matches!(request, Request::Leave { force: true });
                    if let Request::Log { limit, .. } = request {
                        let push = Push::Counts(Counts::default());
                        outputs.extend((0..limit).map(|_| Output::Push { client, push: push.clone() }));
                    }
                    let reply = self.answer(client, request);
                    let envelope = Envelope { now: now.wall, ticked_at: None, reply };
                    outputs.push(Output::Reply { client, tag, envelope });
                }
                Input::Tick | Input::Idle | Input::RulesFile { .. } => {}
            }
        }
        Turn { outputs, wake_at: None, more: false, leave }
    }

    fn answer(&self, client: ClientId, request: Request) -> Reply {
        match request {
            Request::Hello { wire, program, .. } => Reply::Welcome {
                wire,
                program,
                store: "测试店".into(),
                store_id: String::new(),
                zone: "Asia/Shanghai".into(),
                operator: self.clients.get(&client).cloned().unwrap_or_default(),
                demo: false,
                counts: Counts::default(),
                forward: BTreeMap::default(),
            },
            Request::Status => {
                Reply::Status(Box::new(Status { screens: self.clients.len() as u32, ..Status::default() }))
            }
            Request::Asks => Reply::Rules { toml: "群".repeat(qun::socket::wire::FRAME_MAX) },
            _ => Reply::Fine,
        }
    }
}

/// A served desk; ends when dropped.
pub struct Served {
    pub path: PathBuf,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<JoinHandle<End>>,
}

impl Served {
    pub fn start(path: &Path, life: Life) -> Self {
        let (listener, bound) = place::bind(path, None, Others::Refused).unwrap();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            let clock = Clock::starting_at(Timestamp(1_772_413_200_000));
            let options = Options { others: Others::Refused, life, hook: Arc::default() };
            let mut desk = SmallDesk::default();
            let turn = move |inputs, now| desk.turn(inputs, now);
            let shutdown = async move {
                let _ = stopped.await;
            };
            let end = runtime.block_on(server::run(listener, clock, options, turn, shutdown)).unwrap();
            drop(bound);
            end
        });
        Self { path: path.to_owned(), stop: Some(stop), thread: Some(thread) }
    }

    pub fn connect(&self, name: &str) -> SocketDoor {
        SocketDoor::connect(&self.path, &caller(name)).unwrap()
    }

    /// Waits until it ends by itself.
    pub fn end(mut self) -> End {
        self.thread.take().unwrap().join().unwrap()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

pub fn caller(name: &str) -> Caller {
    Caller { operator: name.to_owned(), lang: Lang::ZhCn, program: Program::Command }
}

/// How many are connected.
pub fn screens(envelope: &Envelope) -> u32 {
    match &envelope.reply {
        Reply::Status(status) => status.screens,
        other => panic!("{other:?}"),
    }
}
