//! `qun serve`: the desk's own process, in the foreground for servers, or attached to its screens.
//!
//! An attached desk is started by a screen: its own session, so that closing the terminal does not reach it, and
//! stderr in the store's log. Many may be started at once; the store's lock lets one in and the others end.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt as _;
use std::process::{ExitCode, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::signal::unix::{SignalKind, signal};

use super::args::ServeArgs;
use super::context::Context;
use super::error::{CliError, Kind};
use super::open;
use super::reach::{self, Waited};
use super::words::Words;
use crate::door::{Door as _, Request};
use crate::socket::place::{self, Others, Pointer};
use crate::socket::server::{self, End, Life, Options};
use crate::store::layout::{SocketPlace, StoreDir, pointer_text, socket_place};

/// A longer log begins anew.
const LOG_BYTES_MAX: u64 = 1024 * 1024;

pub(super) fn run(context: &mut Context, args: &ServeArgs) -> Result<ExitCode, CliError> {
    if args.stop {
        return stop(context);
    }
    if args.attached {
        // Fails where it leads a session already, which is as good.
        let _ = rustix::process::setsid();
    }
    let socket = context.socket.take();
    let dir = reach::prepare(context)?;
    let lock = match reach::wait_for_lock(context, &dir)? {
        Waited::Held(lock) => lock,
        Waited::Running(_) if args.attached => return Ok(ExitCode::SUCCESS),
        Waited::Running(_) => return Err(CliError::new(Kind::Desk, Words::AlreadyServed.text(context.lang))),
    };
    let now = context.clock.now();
    let options = reach::desk_options(context, args.attached);
    let desk = open::open_desk(&dir, options, now, &mut progress)?;
    let clock = open::clock_of(&desk, context.clock);

    let place = if let Some(socket) = socket {
        SocketPlace::Elsewhere { socket, pointer: dir.socket_file() }
    } else {
        let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(std::path::PathBuf::from);
        socket_place(&dir, &desk.store().end().lineage, runtime.as_deref())
            .map_err(|error| CliError::new(Kind::Store, error))?
    };
    let pointer = match &place {
        SocketPlace::InStore(_) => None,
        SocketPlace::Elsewhere { socket, pointer } => {
            Some(Pointer { path: pointer.clone(), text: pointer_text(socket) })
        }
    };
    let others = if args.team { Others::ByGroup } else { Others::Refused };
    let failed = |error: &dyn std::fmt::Display| CliError::new(Kind::Store, error);
    let (listener, bound) = place::bind(place.socket(), pointer, others).map_err(|error| failed(&error))?;

    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| failed(&error))?;
    let life = if args.attached { Life::Attached } else { Life::Served };
    let options = Options { others, life, hook: hook(&dir) };
    let desk = Arc::new(Mutex::new(desk));
    let served = desk.clone();
    let turn = move |inputs, now| served.lock().unwrap_or_else(PoisonError::into_inner).turn(inputs, now);
    let shutdown = wait_for_signal(args.attached);
    let end = runtime.block_on(server::run(listener, clock, options, turn, shutdown));
    bound.remove();
    let flushed = desk.lock().unwrap_or_else(PoisonError::into_inner).flush();
    // Neither sled nor the lock is dropped: both end with the process.
    std::mem::forget((desk, lock, bound));
    flushed.map_err(|error| failed(&error))?;
    match end.map_err(|error| failed(&error))? {
        End::DeskFailed => Err(CliError::new(Kind::Store, "the desk has failed").hint("qun doctor")),
        End::Shutdown | End::Asked | End::LastLeft => Ok(ExitCode::SUCCESS),
    }
}

/// Ends the desk that runs.
fn stop(context: &Context) -> Result<ExitCode, CliError> {
    let Some(mut door) = reach::running(context)? else {
        return Err(CliError::new(Kind::Desk, Words::NotServed.text(context.lang)));
    };
    door.ask(Request::Leave { force: true })?;
    Ok(ExitCode::SUCCESS)
}

/// Rebuilding an index may take minutes; the log tells how far it is.
fn progress(done: u64, of: u64) {
    if done.is_multiple_of(100_000) && of > 0 {
        super::out::complain(&format!("index: {done}/{of}"));
    }
}

/// Waits for what ends the desk. An attached one ignores the end of the terminal it came from.
async fn wait_for_signal(attached: bool) {
    let (Ok(mut term), Ok(mut interrupt), Ok(mut hangup)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()), signal(SignalKind::hangup()))
    else {
        // Without handlers the signals end the process, and the journal is durable all the same.
        return std::future::pending().await;
    };
    loop {
        tokio::select! {
            _ = term.recv() => return,
            _ = interrupt.recv() => return,
            _ = hangup.recv() => if !attached { return },
        }
    }
}

/// The user's program that is told of what falls due: `hook = ["program", "argument"]` in `rules.toml`, or `on_due`
/// under `[hooks]`.
fn hook(dir: &StoreDir) -> Vec<String> {
    let text = std::fs::read_to_string(dir.rules_file()).unwrap_or_default();
    let rules: toml::Table = text.parse().unwrap_or_else(|error| {
        super::out::complain(&format!("{}: {error}", dir.rules_file().display()));
        toml::Table::new()
    });
    let on_due = rules.get("hooks").and_then(|hooks| hooks.get("on_due"));
    let words = on_due.or_else(|| rules.get("hook")).and_then(toml::Value::as_array);
    words.into_iter().flatten().filter_map(|word| word.as_str().map(str::to_owned)).collect()
}

/// Starts an attached desk for a store, as a screen does; it may find another one in its place and end.
pub(super) fn start(dir: &StoreDir) -> std::io::Result<()> {
    let log = dir.log_file();
    if std::fs::metadata(&log).is_ok_and(|found| found.len() > LOG_BYTES_MAX) {
        std::fs::remove_file(&log)?;
    }
    let log = OpenOptions::new().create(true).append(true).mode(0o600).open(log)?;
    let mut child = std::process::Command::new(std::env::current_exe()?)
        .args(["serve", "--attached", "--store"])
        .arg(dir.path())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log)
        .env_remove("QUN_SOCKET")
        .spawn()?;
    // One that ends early must not stay as a zombie of its screen.
    std::thread::Builder::new().name("reaper".to_owned()).spawn(move || child.wait())?;
    Ok(())
}
