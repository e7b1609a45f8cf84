//! Finds the desk of a store: the one that runs, or one in this process.

use std::path::PathBuf;
use std::time::Duration;

use chrono_tz::Tz;

use super::alone::AloneDoor;
use super::context::Context;
use super::error::{CliError, Kind};
use super::list::short_time;
use super::open;
use super::words::Words;
use crate::book::Timestamp;
use crate::clock::Monotonic;
use crate::desk::DeskOptions;
use crate::door::{Door, DoorError, Envelope, Request};
use crate::socket::client::door::SocketDoor;
use crate::socket::client::{Caller, ConnectError, Program};
use crate::socket::peer;
use crate::store::layout::{StoreDir, parse_pointer};
use crate::store::lock::{Lock, LockState, try_lock};

/// How long a lock without a socket is waited for: a desk that starts or ends.
pub(super) const LOCK_PATIENCE: Duration = Duration::from_secs(2);
const PAUSE: Duration = Duration::from_millis(50);

/// A desk, reached.
pub(super) enum Reached {
    Running(Box<SocketDoor>),
    Alone(Box<AloneDoor>),
}

impl Reached {
    /// Lets the desk work: a moment where it is a process of its own, a slice where it is in this one.
    pub(super) fn rest(&mut self) {
        match self {
            Self::Running(_) => std::thread::sleep(PAUSE),
            Self::Alone(alone) => alone.work(),
        }
    }

    /// Finishes what waits; must be called last.
    pub(super) fn finish(&mut self) -> Result<(), DoorError> {
        match self {
            Self::Running(_) => Ok(()),
            Self::Alone(alone) => alone.finish(),
        }
    }
}

impl Door for Reached {
    fn ask(&mut self, request: Request) -> Result<Envelope, DoorError> {
        match self {
            Self::Running(door) => door.ask(request),
            Self::Alone(alone) => alone.ask(request),
        }
    }
}

/// Where the socket of a store's desk is now; an error when it has none.
pub(super) fn locate(store: &StoreDir) -> std::io::Result<PathBuf> {
    use std::os::unix::fs::FileTypeExt as _;
    let path = store.socket_file();
    if std::fs::symlink_metadata(&path)?.file_type().is_socket() {
        return Ok(path);
    }
    let named = parse_pointer(&std::fs::read(&path)?);
    named.ok_or_else(|| std::io::Error::new(std::io::ErrorKind::NotFound, "it names no socket"))
}

/// Who this process is to a desk.
pub(super) fn caller(context: &Context, program: Program) -> Caller {
    Caller { operator: context.operator.clone(), lang: context.lang, program }
}

/// The running desk; none when there is none.
pub(super) fn running(context: &Context) -> Result<Option<SocketDoor>, CliError> {
    let path = match &context.socket {
        Some(path) => path.clone(),
        None => match locate(&context.store) {
            Ok(path) => path,
            Err(_) => return Ok(None),
        },
    };
    match SocketDoor::connect(&path, &caller(context, Program::Command)) {
        Ok(door) => Ok(Some(door)),
        Err(ConnectError::Absent) if context.socket.is_some() => {
            Err(CliError::new(Kind::Desk, Words::NotServed.text(context.lang)))
        }
        Err(ConnectError::Absent) => Ok(None),
        Err(ConnectError::Io(error)) => Err(CliError::new(Kind::Desk, error)),
        // It has just ended, or ends while it is greeted.
        Err(ConnectError::Door(DoorError::Lost(_))) => Ok(None),
        Err(ConnectError::Door(error)) => Err(error.into()),
        Err(ConnectError::Refused(refusal)) => Err(CliError { kind: Kind::Desk, ..CliError::from(*refusal) }),
    }
}

/// The desk that runs, else one of our own; and what it answered to hello.
pub(super) fn reach(context: &Context) -> Result<(Reached, Envelope), CliError> {
    let greeted = |door: Box<SocketDoor>| {
        let welcome = door.welcome().clone();
        (Reached::Running(door), welcome)
    };
    if let Some(door) = running(context)? {
        return Ok(greeted(Box::new(door)));
    }
    let dir = prepare(context)?;
    let lock = match wait_for_lock(context, &dir)? {
        Waited::Running(door) => return Ok(greeted(door)),
        Waited::Held(lock) => lock,
    };
    let now = context.clock.now();
    let desk = open::open_desk(
        &dir,
        context.lang,
        desk_options(context, false),
        now,
        &mut open::progress(context.lang),
    )?;
    let clock = open::clock_of(&desk, context.clock);
    let mut alone = AloneDoor::new(desk, lock, clock, &context.operator, peer::own_uid());
    for line in alone.read_rules(&dir) {
        super::out::complain(&line);
    }
    let welcome = alone.ask(caller(context, Program::Command).hello())?;
    Ok((Reached::Alone(Box::new(alone)), welcome))
}

pub(super) fn prepare(context: &Context) -> Result<StoreDir, CliError> {
    StoreDir::prepare(context.store.path())
        .map_err(|error| CliError::new(Kind::Store, error.sentence(context.lang)).hint("qun doctor"))
}

pub(super) fn desk_options(context: &Context, attached: bool) -> DeskOptions {
    DeskOptions {
        attached,
        name: context.name.clone(),
        pid: std::process::id(),
        zone: crate::clock::zone().name().to_owned(),
        since: context.clock.now().wall,
        owner: peer::login_name(peer::own_uid()),
        lang: context.lang,
    }
}

/// What waiting for the lock came to.
pub(super) enum Waited {
    Held(Lock),
    /// Whoever has it answers now.
    Running(Box<SocketDoor>),
}

/// Since when a lock is held, as times are said; what another version wrote otherwise stays as it is.
fn said_since(since: &str, now: Timestamp, zone: Tz) -> String {
    match chrono::DateTime::parse_from_rfc3339(since) {
        Ok(at) => short_time(Timestamp(at.timestamp_millis()), now, zone),
        Err(_) => since.to_owned(),
    }
}

/// Takes the store's lock; while another has it, looks whether that one answers.
pub(super) fn wait_for_lock(context: &Context, dir: &StoreDir) -> Result<Waited, CliError> {
    let since = context.clock.now().wall.rfc3339(crate::clock::zone());
    let waited = Monotonic::start();
    loop {
        let state = try_lock(&dir.lock_file(), &since)
            .map_err(|error| CliError::new(Kind::Store, error.sentence(context.lang)).hint("qun doctor"))?;
        let (pid, since) = match state {
            LockState::Held(lock) => return Ok(Waited::Held(lock)),
            LockState::HeldBy { pid, since } => (pid, since),
        };
        if let Some(door) = running(context)? {
            return Ok(Waited::Running(Box::new(door)));
        }
        if waited.elapsed() >= LOCK_PATIENCE {
            let Some(pid) = pid else {
                // Whoever has it is no desk, and the number of one that has ended may be anybody's by now.
                let message =
                    Words::LockedByOther.fill(context.lang, &[("path", &dir.lock_file().display())]);
                return Err(CliError::new(Kind::Desk, message)
                    .hint(format!("fuser -v {}", dir.lock_file().display())));
            };
            let since = said_since(&since, context.clock.now().wall, crate::clock::zone());
            let message = Words::LockedBy.fill(context.lang, &[("pid", &pid), ("since", &since)]);
            let hint = Words::EndOrWait.fill(context.lang, &[("pid", &pid)]);
            return Err(CliError::new(Kind::Desk, message).hint(hint));
        }
        std::thread::sleep(PAUSE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_held_since_a_time_as_people_say_it() {
        let (zone, now) = (chrono_tz::Asia::Shanghai, Timestamp(1_763_776_800_000));
        let since = Timestamp(now.0 - 120_000);
        let said = said_since(&since.rfc3339(chrono_tz::UTC), now, zone);
        assert_eq!(said, short_time(since, now, zone));
        assert!(!said.contains(['T', 'Z', '+']), "{said}");
        assert_eq!(said_since("09:10", now, zone), "09:10");
    }
}
