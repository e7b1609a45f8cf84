//! A screen's way to its desk: the one that runs, or an attached one that is started for it.

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::CommandFactory as _;

use super::args::{Cli, Look};
use super::context::Context;
use super::error::{CliError, Kind};
use super::reach::{self, locate};
use super::serve;
use super::words::Words;
use crate::clock::Monotonic;
use crate::door::connection::Connection;
use crate::socket::client::link::{self, Finder, Link};
use crate::socket::client::{Caller, ConnectError, Program};
use crate::sop::builtin::{self, BUILTIN};
use crate::store::layout::{LayoutError, StoreDir};
use crate::text::near;
use crate::tui::clipboard::Clipboard;
use crate::tui::theme::{self, Depth};
use crate::tui::{self, Ended, Start, views};

/// How long a desk that was started may take until it listens.
const START_PATIENCE: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(20);

/// Why a screen has no desk.
#[derive(Debug, thiserror::Error)]
pub enum ScreenError {
    #[error(transparent)]
    Connect(#[from] ConnectError),
    #[error(transparent)]
    Layout(#[from] LayoutError),
    #[error("the desk cannot be started: {0}")]
    Start(std::io::Error),
    /// It was started and does not listen; the last line of its log says why.
    #[error("the desk does not listen after {} s; its log {log} says: {line}", START_PATIENCE.as_secs())]
    Silent { log: PathBuf, line: String },
}

/// Runs the screen until its user leaves.
pub(super) fn run(context: &Context, look: Look) -> Result<ExitCode, CliError> {
    let view = look.view.as_deref().map(|name| find_view(context, name)).transpose()?.unwrap_or(0);
    let theme = look.theme.unwrap_or_default();
    if !theme.is_empty() && !theme::names().contains(&theme.as_str()) {
        let message = Words::UnknownTheme.fill(context.lang, &[("text", &theme)]);
        return Err(CliError::new(Kind::Usage, message).hint(theme::names().join(", ")));
    }
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        return Err(CliError::new(Kind::Usage, Words::NoScreen.text(context.lang)));
    }
    let seed = crate::clock::seed().map_err(|error| CliError::new(Kind::Usage, error))?;
    let start = Start {
        lang: context.lang,
        view,
        filter: look.filter,
        program: Program::Screen.word().to_owned(),
        operator: context.operator.clone(),
        readonly: look.readonly,
        // Two screens with one given seed must not make the same command ids.
        seed: seed ^ u64::from(std::process::id()),
        playbooks: BUILTIN.iter().map(offered).collect(),
        theme,
        emoji: false,
    };
    let variable = |name| std::env::var(name).ok();
    let [no_color, color_term, term, tmux, wsl] =
        ["NO_COLOR", "COLORTERM", "TERM", "TMUX", "WSL_DISTRO_NAME"].map(variable);
    let options = tui::Options {
        start,
        depth: Depth::from_environment(no_color.as_deref(), color_term.as_deref(), term.as_deref()),
        clipboard: Clipboard::from_environment(tmux.as_deref(), wsl.as_deref(), term.as_deref()),
        clipboard_file: Some(context.store.path().join("copied.txt")),
        hook: None,
    };
    let failed = |error: std::io::Error| CliError::new(Kind::Desk, error);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
    let ended = runtime.block_on(async {
        let caller = reach::caller(context, Program::Screen);
        let connection = connect(context.store.clone(), caller, context.socket.clone())
            .await
            .map_err(|error| CliError::new(Kind::Desk, error))?;
        let ended = tui::run(connection, options).await.map_err(|error| CliError::new(Kind::Usage, error))?;
        // What was asked last is on its way in the connection's own task.
        tokio::time::sleep(PAUSE).await;
        Ok::<_, CliError>(ended)
    })?;
    Ok(match ended {
        Ended::Quit | Ended::Hangup => ExitCode::SUCCESS,
        Ended::Signal => ExitCode::from(130),
        Ended::NoDesk => ExitCode::from(Kind::Desk.code()),
        Ended::Panic => ExitCode::FAILURE,
    })
}

/// A view by its digit or its name.
fn find_view(context: &Context, text: &str) -> Result<usize, CliError> {
    let named = |view: &usize| views::name(*view, context.lang) == text || text == (view + 1).to_string();
    (0..views::VIEWS).find(named).ok_or_else(|| {
        // A command with a slip in it ends up here as well.
        let command = Cli::command();
        let near = near::nearest(text, command.get_subcommands().map(clap::Command::get_name), 1);
        let views: Vec<_> = (0..views::VIEWS).map(|view| views::name(view, context.lang)).collect();
        let hint = near.first().map_or_else(|| views.join(", "), |name| format!("qun {name}"));
        CliError::new(Kind::Usage, Words::UnknownView.fill(context.lang, &[("text", &text)])).hint(hint)
    })
}

/// A playbook that comes with the program, as an empty store offers it.
fn offered(builtin: &builtin::Builtin) -> tui::Builtin {
    let mut comment = builtin.comment().map(str::to_owned);
    let mut line = || comment.next().unwrap_or_default();
    tui::Builtin {
        title: line(),
        about: line(),
        first: line(),
        file: format!("{}.toml", builtin.id),
        toml: builtin.source.to_owned(),
    }
}

/// Connects a screen, and keeps it connected. With `socket` that desk only, and none is started.
///
/// Must be called within a tokio runtime.
pub async fn connect(
    store: StoreDir,
    caller: Caller,
    socket: Option<PathBuf>,
) -> Result<Connection, ScreenError> {
    let (link, finder) = if let Some(path) = socket {
        let link = Link::connect(&path, &caller).await?;
        let locate = Box::new(move || Ok(path.clone()));
        (link, Finder { locate, start: Box::new(|| Ok(())) })
    } else {
        let link = find_or_start(&store, &caller).await?;
        let started = store.clone();
        let locate = Box::new(move || locate(&store));
        (link, Finder { locate, start: Box::new(move || serve::start(&started)) })
    };
    Ok(link::keep(link, caller, finder))
}

async fn find_or_start(store: &StoreDir, caller: &Caller) -> Result<Link, ScreenError> {
    if let Some(link) = try_connect(store, caller).await? {
        return Ok(link);
    }
    StoreDir::prepare(store.path())?;
    serve::start(store).map_err(ScreenError::Start)?;
    let waited = Monotonic::start();
    loop {
        if let Some(link) = try_connect(store, caller).await? {
            return Ok(link);
        }
        if waited.elapsed() >= START_PATIENCE {
            let log = store.log_file();
            let text = std::fs::read(&log).unwrap_or_default();
            let text = String::from_utf8_lossy(&text);
            let line = text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
            return Err(ScreenError::Silent {
                line: crate::text::clean::for_display(line).into_owned(),
                log,
            });
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// A link; none while nobody listens.
async fn try_connect(store: &StoreDir, caller: &Caller) -> Result<Option<Link>, ConnectError> {
    let Ok(path) = locate(store) else { return Ok(None) };
    match Link::connect(&path, caller).await {
        Ok(link) => Ok(Some(link)),
        // It has just ended, or ends while it greets.
        Err(ConnectError::Absent | ConnectError::Door(crate::door::DoorError::Lost(_))) => Ok(None),
        Err(error) => Err(error),
    }
}
