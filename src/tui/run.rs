//! The loop: events in, `update`, effects out, one frame when something changed.
//!
//! Everything that waits is drained before a frame is drawn, and nothing is drawn unless the state says so, so that an
//! idle screen writes nothing. A terminal that vanished ends the loop within three seconds, whatever its input stream
//! does; signals end it or stop it with the terminal given back first.
//!
//! One file because the loop and what it performs share one runner, and its order is the point.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{mpsc, oneshot};

use super::app;
use super::clipboard::Clipboard;
use super::drafts::Drafts;
use super::event::{CopyReport, Effect, Event, FromEditor, Timer};
use super::files::{FileDoor, Opener, next_told};
use super::input::{Decoder, Together, reader};
use super::probe::Answer;
use super::shown::Shown;
use super::stalled::Ending;
use super::state::{Start, State};
use super::terminal::{self, Guard};
use super::theme::{Depth, Theme};
use super::view;
use crate::book::{PlaybookId, View};
use crate::clock::Monotonic;
use crate::door::connection::{Connection, Incoming};
use crate::door::request::Request;
use crate::text::lang::Lang;

/// How often a vanished terminal is looked for, and whether another program has kept views of the user's own.
const WATCHDOG_EVERY: Duration = Duration::from_secs(2);

/// What a process ends with that a signal has ended: 128 and the interrupt's number, whichever it was.
pub const CODE_OF_SIGNAL: u8 = 130;

/// What the screen needs beside a connection.
pub struct Options {
    pub start: Start,
    pub depth: Depth,
    pub clipboard: Clipboard,
    /// Where a text goes that no clipboard takes; made with mode 0600.
    pub clipboard_file: Option<PathBuf>,
    /// Reads the user's files.
    pub opener: Option<Opener>,
    /// What the terminal answered about characters of ambiguous width.
    pub answer: Answer,
    /// Lets the user edit a text: the name of its file and the text; what it has become, or why not.
    pub editor: Option<Editor>,
    /// Where edits that are not applied are kept.
    pub drafts: Option<Drafts>,
    /// Keeps the user's own views, reads them, and tells whether they were written since.
    pub keeper: Option<Keeper>,
    pub views: Option<Reader>,
    pub views_stamp: Option<Stamper>,
}

/// What changes whenever the user's own views are written; none where there are none.
pub type Stamp = Option<(std::time::SystemTime, u64)>;

/// Looks at the file of the user's own views, without reading it.
pub type Stamper = fn() -> Stamp;

/// Keeps the user's own views; the sentence says why not, in a language.
pub type Keeper = fn(&[View], Lang) -> Result<(), String>;

/// Reads the user's own views in a language; the sentence says why not.
pub type Reader = fn(Lang) -> Result<Vec<View>, String>;

/// Runs the user's editor on a named text and waits for its end.
pub type Editor = fn(&str, &str) -> Result<String, String>;

/// How the screen ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The user left.
    Quit,
    /// A signal asked for it.
    Signal,
    /// The terminal is gone.
    Hangup,
    /// The desk will not be back: it refuses, or speaks another version.
    NoDesk,
    /// Something panicked; the message has been written.
    Panic,
}

/// Why the screen could not run.
#[derive(Debug, thiserror::Error)]
pub enum ScreenError {
    #[error("the terminal cannot be used: {0}; use `qun list` without one")]
    Terminal(#[from] io::Error),
}

struct Runner {
    state: State,
    shown: Shown,
    theme: Theme,
    theme_name: String,
    options: Options,
    clock: Monotonic,
    decoder: Decoder,
    timers: BTreeMap<Timer, Duration>,
    requests: mpsc::Sender<(u64, Request)>,
    /// The user's file that is read.
    file: Option<FileDoor>,
    /// Asked faster than the connection takes; sent in order.
    waiting: std::collections::VecDeque<(u64, Request)>,
    repaint: bool,
    suspend: bool,
    raw: Option<String>,
    edit: Option<(PlaybookId, String)>,
    /// The user's own views as they were looked at last.
    own_views: Stamp,
    /// The text stands bare on the first page; the next key comes back.
    bare: bool,
    /// The user's editor has the terminal.
    editing: Option<Editing>,
    quit: bool,
}

/// An editor that is open: whose text, what it was, and what it will be.
struct Editing {
    playbook: PlaybookId,
    before: String,
    closed: oneshot::Receiver<Result<String, String>>,
}

/// Runs the screen on this terminal until the user leaves, a signal comes or the terminal is gone.
///
/// Must be called within a tokio runtime with I/O and time.
///
/// # Errors
/// When the terminal cannot be entered or written.
pub async fn run(connection: Connection, options: Options) -> Result<Ended, ScreenError> {
    let answer = options.answer.clone();
    let ending = Ending::see_to()?;
    let guard = Guard::enter()?;
    let Connection { requests, incoming } = connection;
    let mut state = State::new(options.start.clone());
    if let Ok(size) = crossterm::terminal::size() {
        state.size = size;
    }
    state.wide_glyphs |= answer.wide == Some(true);
    let theme_name = state.theme.clone();
    let mut runner = Runner {
        theme: options.start.palettes.theme(&theme_name, options.depth),
        theme_name,
        state,
        shown: Shown::default(),
        options,
        clock: Monotonic::start(),
        decoder: Decoder::default(),
        timers: BTreeMap::new(),
        requests,
        file: None,
        waiting: std::collections::VecDeque::new(),
        repaint: false,
        suspend: false,
        raw: None,
        edit: None,
        own_views: None,
        bare: false,
        editing: None,
        quit: false,
    };
    runner.type_ahead(&answer.typed);
    let ended = runner.run(incoming).await;
    if !terminal::has_panicked() {
        runner.take(Event::Timer(Timer::Writing));
    }
    ending.giving_back();
    let _ = terminal::title("");
    drop(runner);
    drop(guard);
    drop(ending);
    ended
}

impl Runner {
    async fn run(&mut self, mut incoming: mpsc::Receiver<Incoming>) -> Result<Ended, ScreenError> {
        let mut events = reader::start()?;
        let mut terminate = signal(SignalKind::terminate())?;
        let mut hangup = signal(SignalKind::hangup())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut quit = signal(SignalKind::quit())?;
        let mut resumed = signal(SignalKind::from_raw(rustix::process::Signal::CONT.as_raw()))?;
        let mut stop = signal(SignalKind::from_raw(rustix::process::Signal::TSTP.as_raw()))?;
        let mut watchdog = tokio::time::interval(WATCHDOG_EVERY);
        watchdog.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
        let requests = self.requests.clone();
        self.draw()?;
        loop {
            let wake = self.next_wake();
            let now = self.clock.elapsed();
            let sleep =
                tokio::time::sleep(wake.map_or(Duration::from_secs(3600), |at| at.saturating_sub(now)));
            tokio::select! {
                biased;
                _ = terminate.recv() => return Ok(Ended::Signal),
                // what is typed at an editor is the editor's
                _ = interrupt.recv() => if self.editing.is_none() { return Ok(Ended::Signal) },
                _ = quit.recv() => if self.editing.is_none() { return Ok(Ended::Signal) },
                _ = hangup.recv() => return Ok(Ended::Hangup),
                _ = stop.recv() => self.suspend = true,
                _ = resumed.recv() => if self.editing.is_none() { self.take(Event::Resumed) },
                closed = next_closed(&mut self.editing) => self.come_back_from_editor(closed)?,
                batch = events.recv() => {
                    let Some(Ok(mut batch)) = batch else { return Ok(Ended::Hangup) };
                    if self.bare {
                        self.come_back(&batch)?;
                        batch.clear();
                    }
                    let mut together = Together::new(self.state.is_typing());
                    let decoded = self.decoder.take(batch, self.state.is_typing(), self.clock.elapsed());
                    for event in decoded {
                        self.take(together.mean(event, !self.state.popups.is_empty()));
                    }
                }
                message = incoming.recv() => {
                    let Some(message) = message else { return Ok(Ended::NoDesk) };
                    self.incoming(message);
                    while let Ok(message) = incoming.try_recv() {
                        self.incoming(message);
                    }
                }
                permit = requests.reserve(), if !self.waiting.is_empty() => {
                    match (permit, self.waiting.pop_front()) {
                        (Ok(permit), Some(request)) => permit.send(request),
                        (Err(_), _) => return Ok(Ended::NoDesk),
                        _ => {}
                    }
                }
                told = next_told(&mut self.file) => {
                    match told {
                        Some(told) => self.take(Event::File(told)),
                        None => self.file = None,
                    }
                }
                () = sleep => self.fire(),
                _ = watchdog.tick() => {
                    if !terminal::is_alive() {
                        return Ok(Ended::Hangup);
                    }
                    self.look_at_own_views();
                }
            }
            if terminal::has_panicked() {
                return Ok(Ended::Panic);
            }
            if self.quit {
                return Ok(Ended::Quit);
            }
            if let Some(text) = self.raw.take() {
                self.show_raw(&text)?;
            }
            if std::mem::take(&mut self.suspend) {
                self.stop()?;
            }
            if let Some((playbook, text)) = self.edit.take() {
                self.open_editor(playbook, text);
            }
            self.draw()?;
        }
    }

    /// Reads the user's own views where another program has written them since, so that the header names and counts
    /// them. An open menu or prompt may speak of views by their places: it is not disturbed.
    fn look_at_own_views(&mut self) {
        let Some(stamp) = self.options.views_stamp.filter(|_| self.state.popups.is_empty()) else { return };
        let stamp = stamp();
        if stamp != self.own_views {
            self.own_views = stamp;
            self.perform(Effect::ReadViews);
        }
    }

    /// What was typed before the terminal was ours.
    fn type_ahead(&mut self, typed: &str) {
        use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
        let keys = typed.chars().filter(|c| !c.is_control());
        let keys = keys.map(|c| Event::Key(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE))).collect();
        for event in self.decoder.take(keys, false, self.clock.elapsed()) {
            self.take(event);
        }
    }

    fn incoming(&mut self, message: Incoming) {
        let event = match message {
            Incoming::Reply(tag, envelope) => Event::Reply { tag, envelope: Box::new(envelope) },
            Incoming::Push(push) => Event::Push(Box::new(push)),
            Incoming::Lost => Event::Lost,
            Incoming::Back => Event::Regained,
        };
        self.take(event);
    }

    fn take(&mut self, event: Event) {
        let effects = app::update(&mut self.state, event, self.clock.elapsed());
        for effect in effects {
            self.perform(effect);
        }
    }

    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Ask { tag, request } => {
                // Order is kept: nothing overtakes what already waits.
                if self.waiting.is_empty() {
                    match self.requests.try_send((tag, *request)) {
                        Ok(()) => {}
                        Err(
                            mpsc::error::TrySendError::Full(request)
                            | mpsc::error::TrySendError::Closed(request),
                        ) => {
                            self.waiting.push_back(request);
                        }
                    }
                } else {
                    self.waiting.push_back((tag, *request));
                }
            }
            Effect::Copy { text } => {
                let report = self.options.clipboard.copy(
                    &text,
                    &mut io::stdout(),
                    self.options.clipboard_file.clone(),
                );
                self.report(report);
            }
            Effect::Title(text) => {
                let _ = terminal::title(&text);
            }
            Effect::Bell => {
                let _ = io::stdout().write_all(b"\x07").and_then(|()| io::stdout().flush());
            }
            Effect::SetTimer { timer, after } => {
                self.timers.insert(timer, self.clock.elapsed() + after);
            }
            Effect::CancelTimer(timer) => {
                self.timers.remove(&timer);
            }
            Effect::Suspend => self.suspend = true,
            Effect::RawView { text } => self.raw = Some(text),
            Effect::OpenFile(which) => {
                self.file = self.options.opener.as_ref().map(|open| open(which));
            }
            Effect::File(ask) => {
                // a reader that is gone has said so through its other end
                let _ = self.file.as_ref().map(|file| file.ask.send(ask));
            }
            Effect::CloseFile => self.file = None,
            Effect::Edit { playbook, text } => self.edit = Some((playbook, text)),
            Effect::KeepDraft(draft) => {
                if let Some(Err(words)) = self.options.drafts.map(|kept| (kept.keep)(&draft)) {
                    self.take(Event::DraftLost { words });
                }
            }
            Effect::DropDraft(playbook) => {
                let discarded =
                    self.options.drafts.map(|kept| (kept.discard)(&self.state.store_id, &playbook));
                if let Some(Err(words)) = discarded {
                    self.take(Event::DraftLost { words });
                }
            }
            Effect::KeepText(text) => {
                if let Some(Err(words)) = self.options.drafts.map(|kept| (kept.keep_text)(&text)) {
                    self.take(Event::DraftLost { words });
                }
            }
            Effect::DropText(place) => {
                let discarded =
                    self.options.drafts.map(|kept| (kept.discard_text)(&self.state.store_id, &place));
                if let Some(Err(words)) = discarded {
                    self.take(Event::DraftLost { words });
                }
            }
            Effect::ReadDrafts => {
                let drafts = self.options.drafts.map(|kept| (kept.read)(&self.state.store_id));
                self.take(Event::Drafts(drafts.unwrap_or_default()));
                let texts = self.options.drafts.map(|kept| (kept.read_texts)(&self.state.store_id));
                self.take(Event::Unfinished(texts.unwrap_or_default()));
            }
            Effect::KeepViews(views) => {
                let lang = self.state.lang;
                let kept = self.options.keeper.map_or(Ok(()), |keep| keep(&views, lang));
                if let Err(words) = kept {
                    self.take(Event::ViewsLost { words });
                }
            }
            Effect::ReadViews => {
                if let Some(read) = self.options.views {
                    let views = read(self.state.lang);
                    self.take(Event::Views(views));
                }
            }
            Effect::ReadSheets => {
                let sheets = self.options.start.sheets.map(|read| read()).unwrap_or_default();
                self.take(Event::Sheets(sheets));
            }
            Effect::Repaint => self.repaint = true,
            Effect::Quit => self.quit = true,
        }
    }

    fn report(&mut self, report: CopyReport) {
        self.take(Event::Copied { report });
    }

    /// The next instant at which something is to be done without an event.
    fn next_wake(&self) -> Option<Duration> {
        self.timers.values().copied().chain(self.decoder.deadline()).min()
    }

    fn fire(&mut self) {
        let now = self.clock.elapsed();
        for event in self.decoder.expire(now) {
            self.take(event);
        }
        let due: Vec<Timer> =
            self.timers.iter().filter(|(_, at)| **at <= now).map(|(timer, _)| *timer).collect();
        for timer in due {
            self.timers.remove(&timer);
            self.take(Event::Timer(timer));
        }
    }

    /// One frame, when something changed: shown at once, the hardware cursor last.
    fn draw(&mut self) -> io::Result<()> {
        if self.bare || self.editing.is_some() {
            return Ok(());
        }
        if self.state.theme != self.theme_name {
            self.theme_name.clone_from(&self.state.theme);
            self.theme = self.state.start.palettes.theme(&self.theme_name, self.options.depth);
            self.state.dirty = true;
        }
        if std::mem::take(&mut self.repaint) {
            self.shown.forget();
            self.state.dirty = true;
        }
        if !std::mem::take(&mut self.state.dirty) {
            return Ok(());
        }
        let (state, theme) = (&self.state, &self.theme);
        let bytes = self.shown.frame(state.size, |buffer| view::draw(state, theme, buffer));
        if bytes.is_empty() {
            return Ok(());
        }
        let mut out = io::stdout().lock();
        out.write_all(&bytes)?;
        out.flush()
    }

    /// The text bare on the primary screen, so that the mouse selects nothing else. The loop goes on: signals and a
    /// lost terminal end it here too.
    fn show_raw(&mut self, text: &str) -> io::Result<()> {
        terminal::leave_page();
        let hint = self.state.text(super::words::Words::RawHint);
        // what the clipboard takes, whole: nothing is counted in cells here, and whoever selects it pastes it
        let shown = text.replace('\n', "\r\n");
        let mut out = io::stdout();
        write!(out, "\r\n{shown}\r\n\r\n-- {hint}\r\n")?;
        out.flush()?;
        self.bare = true;
        Ok(())
    }

    /// Any key comes back from the bare text.
    fn come_back(&mut self, batch: &[crossterm::event::Event]) -> io::Result<()> {
        use crossterm::event::{Event, KeyEventKind};
        for event in batch {
            match event {
                Event::Key(key) if key.kind != KeyEventKind::Release => {
                    self.bare = false;
                    terminal::enter()?;
                    self.repaint = true;
                    return Ok(());
                }
                Event::Resize(columns, rows) => self.take(super::event::Event::Resize(*columns, *rows)),
                _ => {}
            }
        }
        Ok(())
    }

    /// Gives the terminal to the user's editor; the loop goes on without drawing.
    fn open_editor(&mut self, playbook: PlaybookId, text: String) {
        let Some(editor) = self.options.editor else { return };
        let failed = |words: String| Event::Edited(FromEditor::Failed { words });
        if !reader::rest() {
            let words = self.state.text(super::words::Words::CannotSuspend).to_owned();
            self.take(failed(words));
            return;
        }
        terminal::restore();
        let (tell, closed) = oneshot::channel();
        let (name, opened) = (format!("{playbook}.toml"), text.clone());
        // nobody listens any more where the screen has ended meanwhile
        tokio::task::spawn_blocking(move || drop(tell.send(editor(&name, &opened))));
        self.editing = Some(Editing { playbook, before: text, closed });
    }

    /// The editor is closed: the terminal is ours again.
    fn come_back_from_editor(&mut self, closed: Option<Result<String, String>>) -> io::Result<()> {
        let Some(Editing { playbook, before, .. }) = self.editing.take() else { return Ok(()) };
        let entered = terminal::enter();
        reader::go_on();
        entered?;
        if let Ok((columns, rows)) = crossterm::terminal::size() {
            self.take(Event::Resize(columns, rows));
        }
        self.repaint = true;
        let told = match closed {
            Some(Ok(text)) => {
                let changed = text != before;
                FromEditor::Closed { playbook, text, changed }
            }
            Some(Err(words)) => FromEditor::Failed { words },
            None => FromEditor::Failed { words: String::new() },
        };
        self.take(Event::Edited(told));
        Ok(())
    }

    /// Gives the terminal back and stops the whole group; goes on when continued.
    fn stop(&mut self) -> io::Result<()> {
        if self.editing.is_some() {
            // the editor has stopped itself and the rest of the group with it; the shell waits for us
            rustix::process::kill_current_process_group(rustix::process::Signal::STOP)?;
            return Ok(());
        }
        if !terminal::can_be_continued() {
            self.take(Event::CannotSuspend);
            return Ok(());
        }
        terminal::restore();
        rustix::process::kill_current_process_group(rustix::process::Signal::STOP)?;
        // Other programs may have set the terminal meanwhile, and a shell may not yet have given it to us.
        let mut tries = 0;
        while let Err(error) = terminal::enter() {
            tries += 1;
            if tries >= 10 {
                return Err(error);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        self.bare = false;
        self.repaint = true;
        self.take(Event::Resumed);
        Ok(())
    }
}

/// What comes of the editor that is open; without one it never comes.
async fn next_closed(editing: &mut Option<Editing>) -> Option<Result<String, String>> {
    match editing {
        Some(editing) => (&mut editing.closed).await.ok(),
        None => std::future::pending().await,
    }
}
