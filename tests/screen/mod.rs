//! The screen with a small desk behind it: key transcripts, pictures of whole screens, random keys, bytes written.

mod acts;
mod believable;
mod boards;
mod bursts;
mod bytes;
mod calendar;
mod choices;
mod desk;
mod filters;
mod forms;
mod glass;
mod hidden;
mod importing;
mod keys;
mod lines;
mod marks;
mod names;
mod one_offs;
mod overtaken;
mod panes;
mod parts;
mod pictures;
mod random;
mod room;
mod several;
mod sheets;
mod slipped;
mod slow;
mod snippets;
mod solo;
mod transcripts;
mod verbs;
mod views;
mod writing;

use std::collections::VecDeque;
use std::time::Duration;

use crossterm::event::{Event as Raw, KeyCode, KeyEvent, KeyModifiers};
use desk::Desk;
use qun::door::connection::Incoming;
use qun::text::lang::Lang;
use qun::tui::app;
use qun::tui::config::Config;
use qun::tui::event::{Effect, Event, Timer};
use qun::tui::input::{Decoder, Together};
use qun::tui::key::{self, Key};
use qun::tui::state::{Start, State};
use qun::tui::theme::{Depth, Theme};
use qun::tui::{Builtin, view};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// A screen and its desk; time stands still between keys unless told otherwise.
struct Screen {
    state: State,
    desk: Desk,
    decoder: Decoder,
    mono: Duration,
    /// Effects that are not questions, in order.
    effects: Vec<Effect>,
    /// The desk's answers wait while this is set.
    deaf: bool,
    waiting: VecDeque<Incoming>,
}

impl Screen {
    fn new(desk: Desk, size: (u16, u16), lang: Lang) -> Self {
        Self::with(desk, size, lang, Config::default())
    }

    /// A screen of somebody who has a file of settings.
    fn with(desk: Desk, size: (u16, u16), lang: Lang, config: Config) -> Self {
        let playbook = Builtin {
            title: "新客培育 7 天".into(),
            about: "加好友后七天".into(),
            file: "new-friend-7d.toml".into(),
            toml: "id = \"new-friend-7d\"".into(),
            first: "第一步 明天 09:00".into(),
        };
        let start = Start {
            lang,
            seed: 1,
            playbooks: vec![playbook],
            theme: "dark".into(),
            looks: config.looks,
            keymap: config.keymap,
            snoozes: config.snoozes,
            ..Start::default()
        };
        let mut screen = Self::unanswered(desk, start);
        screen.state.size = size;
        let welcome = screen.desk.envelope(screen.desk.welcome());
        screen.event(Event::Reply { tag: 0, envelope: Box::new(welcome) });
        screen
    }

    /// A screen whose desk has not said a word yet.
    fn unanswered(desk: Desk, start: Start) -> Self {
        Self {
            state: State::new(start),
            desk,
            decoder: Decoder::default(),
            mono: Duration::from_secs(1),
            effects: Vec::new(),
            deaf: false,
            waiting: VecDeque::new(),
        }
    }

    fn event(&mut self, event: Event) {
        let effects = app::update(&mut self.state, event, self.mono);
        for effect in effects {
            match effect {
                Effect::Ask { tag, request } => self.waiting.extend(self.desk.answer(tag, *request)),
                other => self.effects.push(other),
            }
        }
        while !self.deaf
            && let Some(message) = self.waiting.pop_front()
        {
            match message {
                Incoming::Reply(tag, envelope) => {
                    self.event(Event::Reply { tag, envelope: Box::new(envelope) });
                }
                Incoming::Push(push) => self.event(Event::Push(Box::new(push))),
                Incoming::Lost => self.event(Event::Lost),
                Incoming::Back => self.event(Event::Regained),
            }
        }
    }

    /// Keys in their written form with blanks between; `'text` is typed letter by letter, `"text` is pasted.
    fn keys(&mut self, keys: &str) -> &mut Self {
        for word in keys.split(' ').filter(|word| !word.is_empty()) {
            if let Some(text) = word.strip_prefix('\'') {
                for c in text.replace('_', " ").chars() {
                    self.event(Event::Key(Key::char(c)));
                }
            } else if let Some(text) = word.strip_prefix('"') {
                self.event(Event::Paste(text.replace('_', " ").replace("\\n", "\n")));
            } else {
                let key = key::Key::parse(word).unwrap_or_else(|| panic!("{word} is no key"));
                self.event(Event::Key(key));
            }
            self.mono += Duration::from_millis(300);
            self.event(Event::Timer(Timer::Filter));
            self.event(Event::Timer(Timer::Detail));
        }
        self
    }

    /// Bytes that arrive in one piece, as a terminal reads them.
    fn write(&mut self, text: &str) -> &mut Self {
        let press = |c: char| {
            let (code, modifiers) = match c {
                '\r' => (KeyCode::Enter, KeyModifiers::NONE),
                '\n' => (KeyCode::Char('j'), KeyModifiers::CONTROL),
                c => (KeyCode::Char(c), KeyModifiers::NONE),
            };
            Raw::Key(KeyEvent::new(code, modifiers))
        };
        let mut together = Together::new(self.state.is_typing());
        let batch = text.chars().map(press).collect();
        let mut events = self.decoder.take(batch, self.state.is_typing(), self.mono);
        for event in events.drain(..) {
            let event = together.mean(event, !self.state.popups.is_empty());
            self.event(event);
        }
        self
    }

    /// Nothing comes for so long.
    fn wait(&mut self, span: Duration) -> &mut Self {
        self.mono += span;
        for event in self.decoder.expire(self.mono) {
            self.event(event);
        }
        self.event(Event::Timer(Timer::Filter));
        self.event(Event::Timer(Timer::Detail));
        self
    }

    fn draw(&self, depth: Depth) -> (Buffer, Position) {
        let (columns, rows) = self.state.size;
        let mut buffer = Buffer::empty(Rect::new(0, 0, columns, rows));
        let cursor = view::draw(&self.state, &Theme::built_in("dark", depth), &mut buffer);
        (buffer, cursor)
    }

    /// The rows as text.
    fn rows(&self) -> Vec<String> {
        let (buffer, _) = self.draw(Depth::True);
        rows(&buffer)
    }

    fn picture(&self) -> String {
        self.rows().join("\n")
    }

    fn copied(&self) -> Vec<&str> {
        let copies = self.effects.iter().filter_map(|effect| match effect {
            Effect::Copy { text } => Some(text.as_str()),
            _ => None,
        });
        copies.collect()
    }
}

/// A buffer's rows; the second cell of a wide glyph is no text.
fn rows(buffer: &Buffer) -> Vec<String> {
    let area = buffer.area;
    (0..area.height)
        .map(|y| {
            let mut row = String::new();
            let mut x = 0;
            while x < area.width {
                let symbol = buffer[(x, y)].symbol();
                row.push_str(symbol);
                x += (qun::text::width::width(symbol) as u16).max(1);
            }
            row.trim_end().to_owned()
        })
        .collect()
}
