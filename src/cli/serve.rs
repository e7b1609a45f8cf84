//! `qun serve`: the desk's own process, in the foreground for servers, or attached to its screens.
//!
//! An attached desk is started by a screen: its own session, so that closing the terminal does not reach it, and
//! stderr in the store's log. Many may be started at once; the store's lock lets one in and the others end.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt as _;
use std::process::{ExitCode, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::signal::unix::{SignalKind, signal};

use super::args::ServeArgs;
use super::context::Context;
use super::error::{CliError, Kind};
use super::open;
use super::reach::{self, Waited};
use super::rules_file::RulesWatch;
use super::words::Words;
use crate::door::turn::Input;
use crate::door::{Door as _, Request};
use crate::socket::place::{self, Others, PlaceError, Pointer};
use crate::socket::server::{self, End, Life, Options};
use crate::store::layout::{LayoutError, SocketPlace, StoreDir, pointer_text, socket_place};

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
    let mut desk = open::open_desk(&dir, context.lang, options, now, &mut open::progress(context.lang))?;
    let clock = open::clock_of(&desk, context.clock);

    let place = if let Some(socket) = socket {
        SocketPlace::Elsewhere { socket, pointer: dir.socket_file() }
    } else {
        let place = socket_place(&dir, &desk.store().end().lineage, &place::runtime_dirs())
            .map_err(|error| CliError::new(Kind::Store, error.sentence(context.lang)))?;
        if let SocketPlace::Elsewhere { socket, .. } = &place {
            place::keep_private(socket).map_err(|error| CliError::new(Kind::Store, error))?;
        }
        place
    };
    let pointer = match &place {
        SocketPlace::InStore(_) => None,
        SocketPlace::Elsewhere { socket, pointer } => {
            Some(Pointer { path: pointer.clone(), text: pointer_text(socket) })
        }
    };
    let others = if args.team { Others::ByGroup } else { Others::Refused };
    let failed = |error: &dyn std::fmt::Display| CliError::new(Kind::Store, error);
    let (listener, bound) = place::bind(place.socket(), pointer, others).map_err(|error| match &error {
        PlaceError::Occupied(path) => {
            let words = Words::SocketOccupied.fill(context.lang, &[("path", &path.display())]);
            CliError::new(Kind::Store, words).hint(format!("mv '{0}' '{0}.away'", path.display()))
        }
        error => failed(error),
    })?;

    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| failed(&error))?;
    let life = if args.attached { Life::Attached } else { Life::Served };
    let argv = hook(&dir).unwrap_or_else(|why| {
        let words = Words::HookWrong.fill(context.lang, &[("why", &why)]);
        super::out::complain(&words);
        desk.tell_once(words);
        Vec::new()
    });
    let hook = Arc::new(Mutex::new(argv));
    let told = hook.clone();
    let options = Options { others, life, hook };
    let desk = Arc::new(Mutex::new(desk));
    let served = desk.clone();
    let mut rules = RulesWatch::new(&dir);
    let turn = move |mut inputs: Vec<Input>, now| {
        // awake anyhow: by the clock, or because somebody changes something
        let wakes =
            |input: &Input| matches!(input, Input::Tick | Input::Request { request: Request::Do { .. }, .. });
        if inputs.iter().any(wakes)
            && let Some(text) = rules.changed()
        {
            // only what the owner has written here is run
            if let Ok(argv) = read_hook(&text) {
                *told.lock().unwrap_or_else(PoisonError::into_inner) = argv;
            }
            inputs.insert(0, Input::RulesFile { text });
        }
        served.lock().unwrap_or_else(PoisonError::into_inner).turn(inputs, now)
    };
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
/// under `[hooks]`; empty where there is none.
///
/// # Errors
/// What is wrong with the file, for a human: a program that is never run without a word would be missed too late.
pub(super) fn hook(dir: &StoreDir) -> Result<Vec<String>, String> {
    let path = dir.rules_file();
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(format!("{}: {error}", path.display())),
    };
    read_hook(&text).map_err(|(line, why)| {
        let line = line.map(|line| format!(":{line}")).unwrap_or_default();
        format!("{}{line}: {why}", path.display())
    })
}

/// Reads the hook out of `rules.toml`; else the line, where it is known, and what is wrong.
fn read_hook(text: &str) -> Result<Vec<String>, (Option<usize>, String)> {
    let rules: toml::Table = text.parse().map_err(|error: toml::de::Error| {
        let line =
            error.span().and_then(|span| text.get(..span.start)).map(|text| text.lines().count().max(1));
        (line, error.message().to_owned())
    })?;
    let wrong = |what: &str| Err((None, what.to_owned()));
    let on_due = match rules.get("hooks") {
        None => None,
        Some(toml::Value::Table(hooks)) => {
            if let Some(other) = hooks.keys().find(|key| *key != "on_due") {
                return wrong(&format!("hooks.{other}? on_due = [\"program\", \"argument\"]"));
            }
            hooks.get("on_due")
        }
        Some(_) => return wrong("[hooks] on_due = [\"program\", \"argument\"]"),
    };
    let Some(words) = on_due.or_else(|| rules.get("hook")) else { return Ok(Vec::new()) };
    let shape = "hooks.on_due = [\"program\", \"argument\"]";
    let Some(words) = words.as_array() else { return wrong(shape) };
    let argv: Option<Vec<String>> = words.iter().map(|word| word.as_str().map(str::to_owned)).collect();
    match argv {
        Some(argv) if argv.first().is_none_or(|program| !program.trim().is_empty()) => Ok(argv),
        _ => wrong(shape),
    }
}

/// A desk process that was started.
#[derive(Clone, Debug, Default)]
pub(super) struct Started {
    ended: Arc<AtomicBool>,
    /// Where its part of the log begins, in bytes.
    pub log_at: u64,
}

impl Started {
    /// True when the process has ended: refused, or another desk was first.
    pub(super) fn has_ended(&self) -> bool {
        self.ended.load(Ordering::SeqCst)
    }
}

/// Starts an attached desk for a store, as a screen does; it may find another one in its place and end.
pub(super) fn start(dir: &StoreDir) -> Result<Started, LayoutError> {
    let failed =
        |source| LayoutError::Io { doing: "starting the desk over", path: dir.path().to_owned(), source };
    start_process(dir).map_err(failed)
}

fn start_process(dir: &StoreDir) -> std::io::Result<Started> {
    let log = dir.log_file();
    if std::fs::metadata(&log).is_ok_and(|found| found.len() > LOG_BYTES_MAX) {
        std::fs::remove_file(&log)?;
    }
    let log = OpenOptions::new().create(true).append(true).mode(0o600).open(log)?;
    let started = Started { log_at: log.metadata()?.len(), ..Started::default() };
    let mut child = std::process::Command::new(std::env::current_exe()?)
        .args(["serve", "--attached", "--store"])
        .arg(dir.path())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log)
        .env_remove("QUN_SOCKET")
        .spawn()?;
    // One that ends early must not stay as a zombie of its screen.
    let ended = started.ended.clone();
    std::thread::Builder::new().name("reaper".to_owned()).spawn(move || {
        let status = child.wait();
        ended.store(true, Ordering::SeqCst);
        status
    })?;
    Ok(started)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hook_of_another_shape_is_told_and_not_passed_over() {
        let check = |text: &str, expected: &[&str]| assert_eq!(read_hook(text).unwrap(), expected, "{text}");
        check("", &[]);
        check("zone = \"Asia/Shanghai\"\n", &[]);
        check("[hooks]\non_due = [\"notify\", \"a b\"]\n", &["notify", "a b"]);
        check("hook = [\"notify\"]\n", &["notify"]);
        check("[hooks]\non_due = []\n", &[]);
        for wrong in [
            "[hooks]\non_due = \"notify\"\n",
            "[hooks]\non_due = [1]\n",
            "[hooks]\non_due = [\"\"]\n",
            "[hooks]\non_du = [\"notify\"]\n",
            "hooks = [\"notify\"]\n",
        ] {
            let (_, why) = read_hook(wrong).unwrap_err();
            assert!(why.contains("on_due"), "{wrong}: {why}");
        }
        assert_eq!(read_hook("zone = \"x\"\n[hooks\n").unwrap_err().0, Some(2));
    }
}
