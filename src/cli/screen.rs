//! A screen's way to its desk: the one that runs, or an attached one that is started for it.

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::CommandFactory as _;

use super::args::{Cli, Colours, ListArgs, Look};
use super::context::Context;
use super::doctor;
use super::error::{CliError, Kind};
use super::list;
use super::out::complain;
use super::reach::{self, locate};
use super::serve;
use super::view;
use super::views_file;
use super::words::Words;
use crate::book::View;
use crate::clock::Monotonic;
use crate::door::connection::Connection;
use crate::door::views::{BuiltinView, Page};
use crate::socket::client::link::{self, Finder, Link};
use crate::socket::client::{Caller, ConnectError, Program};
use crate::sop::builtin::{self, BUILTIN};
use crate::store::layout::{LayoutError, StoreDir};
use crate::text::lang::Lang;
use crate::text::near;
use crate::tui::clipboard::Clipboard;
use crate::tui::config::Glyphs;
use crate::tui::probe::{Answer, Probe};
use crate::tui::theme::Depth;
use crate::tui::{self, Ended, Start};

/// How long a desk that was started may take until it listens or says how far it is.
const START_PATIENCE: Duration = Duration::from_secs(60);
/// From then on whoever waits is told for what.
const TELL_AFTER: Duration = Duration::from_secs(1);
const PAUSE: Duration = Duration::from_millis(20);
/// Between two looks whether a desk that was started is there: half of it is waited in vain at every start.
const LOOK_AGAIN: Duration = Duration::from_millis(4);
/// A terminal that has not answered by then is not asked any more; nobody waits for it.
const ANSWERED_WITHIN: Duration = Duration::from_millis(300);

/// Why a screen has no desk.
#[derive(Debug, thiserror::Error)]
pub enum ScreenError {
    #[error(transparent)]
    Connect(#[from] ConnectError),
    #[error(transparent)]
    Layout(#[from] LayoutError),
    /// It was started and has ended, or does not listen; what it said to its log.
    #[error("the desk does not listen: {message}; its log is {log}")]
    Silent { log: PathBuf, message: String, hint: String },
}

impl ScreenError {
    /// As the command line says it.
    pub(super) fn told(self, lang: Lang) -> CliError {
        match self {
            Self::Connect(error) => CliError::new(Kind::Desk, error),
            Self::Layout(error) => CliError::new(Kind::Store, error.sentence(lang)).hint("qun doctor"),
            Self::Silent { log, message, .. } if message.is_empty() => {
                let words = Words::DeskSilent.fill(lang, &[("log", &log.display())]);
                CliError::new(Kind::Desk, words).hint("qun doctor")
            }
            Self::Silent { message, hint, .. } => CliError::new(Kind::Desk, message).hint(hint),
        }
    }
}

/// Runs the screen until its user leaves.
pub(super) fn run(context: &mut Context, look: Look) -> Result<ExitCode, CliError> {
    if context.plain {
        return plain(context, look);
    }
    let own = std::mem::take(&mut context.own);
    let mut warning = own.warning(context.lang).unwrap_or_default();
    let (config, palettes) = (own.config, own.palettes);
    let own_views = views_file::load(context.lang)?;
    let views = own_views.views.clone();
    // a page is opened over the view that stands there anyway
    let named = look.view.as_deref().or(Some(config.view.as_str()).filter(|view| !view.is_empty()));
    let page = named.and_then(|name| page_called(name, &views));
    let look = Look { view: look.view.filter(|_| page.is_none()), ..look };
    let (view, open) = match look.view.as_deref() {
        None if page.is_some() => (0, None),
        Some(name) => {
            own_views.check(std::iter::once(name))?;
            find_view(context, name, &views)?
        }
        None if config.view.is_empty() => (0, None),
        // a file that is wrong keeps nobody from working
        None => find_view(context, &config.view, &views).unwrap_or_else(|error| {
            warning = error.message;
            (0, None)
        }),
    };
    // what is wrong with a view comes before that there is none
    if let Some(mistake) = own_views.mistakes.first() {
        let rest = std::mem::replace(&mut warning, mistake.line_in("views.toml"));
        if !rest.is_empty() {
            warning = format!("{warning}  {rest}");
        }
    }
    let theme = look.theme.unwrap_or(config.theme);
    if !theme.is_empty() && !palettes.names().contains(&theme) {
        let message = Words::UnknownTheme.fill(context.lang, &[("text", &theme)]);
        return Err(CliError::new(Kind::Usage, message).hint(palettes.names().join(", ")));
    }
    // of a view that the store knows its desk will say what its rows have
    let rows =
        tui::views::Tabs::new(views.clone()).get(view).filter(|_| open.is_none()).map(tui::views::Tab::kind);
    for filter in look.only_filter.iter().chain(&look.filter) {
        super::query::check_for(filter, rows, context.lang)?;
    }
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        return Err(CliError::new(Kind::Usage, Words::NoScreen.text(context.lang)));
    }
    let term = std::env::var("TERM").unwrap_or_default();
    if doctor::is_dumb(&term) {
        let words = doctor::dumb_words(&term, context.lang);
        return Err(CliError::new(Kind::Usage, words).hint(format!("{}, qun list", doctor::USE_TERM)));
    }
    let seed = crate::clock::seed().map_err(|error| CliError::new(Kind::Usage, error))?;
    // beside a view's name a filter narrows it; alone it stands for itself
    let (narrow, alone) = if look.view.is_some() { (look.filter, None) } else { (None, look.filter) };
    let start = Start {
        lang: context.lang,
        view,
        open,
        filter: look.only_filter.or(alone),
        narrow,
        select: look.select,
        commands: page.map(|page| page.verb().to_owned()).into_iter().chain(look.run).collect(),
        views,
        program: Program::Screen.word().to_owned(),
        operator: context.operator.clone(),
        readonly: look.readonly,
        // Two screens with one given seed must not make the same command ids.
        seed: seed ^ u64::from(std::process::id()),
        snoozes: config.snoozes,
        playbooks: BUILTIN.iter().map(offered).collect(),
        theme,
        looks: config.looks,
        keymap: config.keymap,
        palettes,
        sheets: Some(super::sheet::all),
        warning,
    };
    let variable = |name| std::env::var(name).ok();
    let [no_color, color_term, term, tmux, wsl] =
        ["NO_COLOR", "COLORTERM", "TERM", "TMUX", "WSL_DISTRO_NAME"].map(variable);
    let asks = config.looks.glyphs == Glyphs::Auto;
    let mut options = tui::Options {
        start,
        depth: depth(context.color, no_color.as_deref(), color_term.as_deref(), term.as_deref()),
        clipboard: Clipboard::from_environment(tmux.as_deref(), wsl.as_deref(), term.as_deref()),
        clipboard_file: Some(context.store.path().join("copied.txt")),
        opener: Some(super::import::file_reader()),
        answer: Answer::default(),
        editor: Some(super::editor::edit),
        drafts: Some(super::drafts::KEPT),
        keeper: Some(views_file::keep),
        views: Some(|lang| views_file::whole(lang).map_err(|error| error.message)),
        views_stamp: Some(views_file::stamp),
    };
    let failed = |error: std::io::Error| CliError::new(Kind::Desk, error);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
    let ended = runtime.block_on(async {
        let caller = reach::caller(context, Program::Screen);
        let mut probe = asks.then(Probe::begin).flatten();
        let connecting = connect(context.store.clone(), caller, context.socket.clone());
        tokio::pin!(connecting);
        // a desk that takes longer opens a large book, or says what is wrong: the terminal is as usual by then
        let at_once = tokio::time::timeout(ANSWERED_WITHIN, &mut connecting).await;
        if matches!(at_once, Ok(Err(_))) {
            // no screen will take the answer
            drop(probe.take());
        }
        let asked = probe.is_some();
        options.answer = probe.take().map(Probe::end).unwrap_or_default();
        if options.answer.interrupts() {
            return Ok(Ended::Signal);
        }
        let connection = if let Ok(connection) = at_once {
            connection
        } else {
            let connection = connecting.await;
            if connection.is_err() && asked && options.answer.wide.is_none() {
                tui::probe::discard();
            }
            connection
        };
        let connection = connection.map_err(|error| error.told(context.lang))?;
        let ended = tui::run(connection, options).await.map_err(|error| CliError::new(Kind::Usage, error))?;
        // What was asked last is on its way in the connection's own task.
        tokio::time::sleep(PAUSE).await;
        Ok::<_, CliError>(ended)
    })?;
    Ok(match ended {
        Ended::Quit | Ended::Hangup => ExitCode::SUCCESS,
        Ended::Signal => ExitCode::from(tui::CODE_OF_SIGNAL),
        Ended::NoDesk => ExitCode::from(Kind::Desk.code()),
        Ended::Panic => ExitCode::FAILURE,
    })
}

/// How many colours the screen has; what is said on the command line goes before the environment.
fn depth(color: Colours, no_color: Option<&str>, color_term: Option<&str>, term: Option<&str>) -> Depth {
    match color {
        Colours::Never => Depth::None,
        Colours::Auto => Depth::from_environment(no_color, color_term, term),
        Colours::Always => match Depth::from_environment(None, color_term, term) {
            Depth::None => Depth::Sixteen,
            depth => depth,
        },
    }
}

/// `qun --plain`: what the screen would list, as lines.
fn plain(context: &mut Context, look: Look) -> Result<ExitCode, CliError> {
    let screen_only = [
        ("--select", look.select.is_some()),
        ("--command", !look.run.is_empty()),
        ("--theme", look.theme.is_some()),
    ];
    if let Some((option, _)) = screen_only.into_iter().find(|(_, given)| *given) {
        return Err(CliError::new(Kind::Usage, Words::ScreenOnly.fill(context.lang, &[("option", &option)])));
    }
    context.must_be_there()?;
    let own = context.own.config.view.clone();
    let named = look.view.or(Some(own).filter(|view| !view.is_empty()));
    let what = named.unwrap_or_else(|| BuiltinView::Due.word().to_owned());
    let (what, filter) = match look.only_filter {
        Some(filter) => ("tasks".to_owned(), filter),
        None => (what, look.filter.unwrap_or_default()),
    };
    list::run(context, &ListArgs { what, filter, ..ListArgs::default() })
}

/// The page of a name, unless somebody has a view of that name.
fn page_called(name: &str, own: &[View]) -> Option<Page> {
    Page::named(name).filter(|_| !own.iter().any(|view| view.is_called(name)))
}

/// A view by its digit or its name.
fn find_view(context: &Context, text: &str, own: &[View]) -> Result<(usize, Option<String>), CliError> {
    // A command with a slip in it ends up here as well, and needs no desk to be told so.
    let command = Cli::command();
    let near = near::nearest(text, command.get_subcommands().map(clap::Command::get_name), 1);
    view::for_screen(context, text, own, near.first().copied()).map_err(|error| match near.first() {
        Some(name) if matches!(error.kind, Kind::Usage) => error.hint(format!("qun {name}")),
        _ => error,
    })
}

/// A playbook that comes with the program, as an empty store offers it.
fn offered(builtin: &builtin::Builtin) -> tui::Builtin {
    let said = |head: &str| builtin.said(head).unwrap_or_default();
    tui::Builtin {
        title: builtin.comment().next().unwrap_or_default().to_owned(),
        about: said("什么时候用："),
        first: said("怎么走："),
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
        (
            link,
            Finder {
                locate,
                start: Box::new(move || serve::start(&started).map(|_| ()).map_err(std::io::Error::other)),
            },
        )
    };
    Ok(link::keep(link, caller, finder))
}

async fn find_or_start(store: &StoreDir, caller: &Caller) -> Result<Link, ScreenError> {
    if let Some(link) = try_connect(store, caller).await? {
        return Ok(link);
    }
    StoreDir::prepare(store.path())?;
    let desk = serve::start(store)?;
    let (mut waited, begun, mut heard) = (Monotonic::start(), Monotonic::start(), None::<String>);
    loop {
        // Asked first: between its end and the look at the socket another desk may have come.
        let ended = desk.has_ended();
        if let Some(link) = try_connect(store, caller).await? {
            return Ok(link);
        }
        let said = said_since(store, desk.log_at);
        let last = said.lines().last().unwrap_or_default();
        if ended || waited.elapsed() >= START_PATIENCE {
            let (message, hint) = complaint(&said);
            return Err(ScreenError::Silent { message, hint, log: store.log_file() });
        }
        if begun.elapsed() >= TELL_AFTER && heard.as_deref() != Some(last) {
            complain(if last.is_empty() { Words::Opening.text(caller.lang) } else { last });
            heard = Some(last.to_owned());
            waited = Monotonic::start();
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

/// What a desk that was started has said to its log.
fn said_since(store: &StoreDir, at: u64) -> String {
    let bytes = std::fs::read(store.log_file()).unwrap_or_default();
    let from = usize::try_from(at).unwrap_or(usize::MAX);
    String::from_utf8_lossy(bytes.get(from..).unwrap_or_default()).into_owned()
}

/// The complaint a process ended with, and its hint, as [`CliError::show`] writes them.
fn complaint(said: &str) -> (String, String) {
    let mut lines = said.lines().skip_while(|line| !line.starts_with("qun: "));
    let message = lines.next().and_then(|line| line.strip_prefix("qun: ")).unwrap_or_default();
    let hint = lines.next().map(str::trim).unwrap_or_default();
    (message.to_owned(), hint.to_owned())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_as_the_command_line_says() {
        let of = |color, no_color| depth(color, no_color, Some("truecolor"), Some("xterm"));
        assert_eq!(of(Colours::Auto, Some("1")), Depth::None);
        assert_eq!(of(Colours::Always, Some("1")), Depth::True);
        assert_eq!(of(Colours::Never, None), Depth::None);
        assert_eq!(depth(Colours::Always, Some("1"), None, Some("dumb")), Depth::Sixteen);
    }

    #[test]
    fn what_a_desk_ended_with_is_read_from_its_log() {
        let check = |said: &str, message: &str, hint: &str| {
            assert_eq!(complaint(said), (message.to_owned(), hint.to_owned()));
        };
        check("正在重建索引 10%\nqun: 日志损坏\n  qun doctor\n", "日志损坏", "qun doctor");
        check("qun: 被占用\n", "被占用", "");
        check("正在重建索引 10%\n", "", "");
    }
}
