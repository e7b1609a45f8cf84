//! Everything the screen remembers, as plain data: no socket, no clock, no terminal.
//!
//! The screen holds windows of lists, never the book. What an answer is for is kept under its tag until it comes; after
//! a lost connection whoever keeps it asks again what had no answer. Time is the desk's: its last word plus what the monotonic clock has run since.
//!
//! One file because what a screen remembers is one list.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::fmt::Display;
use std::time::Duration;

use chrono_tz::Tz;

use super::app::awaited::{self, Awaited};
use super::app::guard::Guard;
use super::app::held::Held;
use super::app::near::Near;
use super::app::solo::Solo;
use super::app::writing::Writing;
use super::config::{Glyphs, Looks, PreviewAt};
use super::details::Details;
use super::event::Effect;
use super::key::Key;
use super::keymap::{Context, Keymap, Meaning};
use super::list::List;
use super::palette::Palettes;
pub use super::pending::Pending;
use super::popup::Popup;
use super::registry::Action;
use super::sheets::{Sheet, Sheets};
use super::veil::Veil;
use super::views::{Origin, OwnActs, Tabs};
use super::words::Words;
use crate::book::id::IdGenerator;
use crate::book::{GroupId, Platform, PlaybookId, TaskId, Timestamp};
use crate::door::detail::{AskView, GroupDetail, MemberDetail, SopDetail, TaskDetail};
use crate::door::forecast::Pace;
use crate::door::form::Kind;
use crate::door::line::AccountLine;
use crate::door::reply::{Counts, Digest, Planned};
use crate::door::request::{ListSpec, Request, Sort};
use crate::query;
use crate::text::lang::{self, Lang, Message};

/// What the screen is started with.
#[derive(Clone, Debug, Default)]
pub struct Start {
    pub lang: Lang,
    /// View to open, from 0.
    pub view: usize,
    /// A saved view to open as soon as the store's are known: its name or its digit.
    pub open: Option<String>,
    /// A filter instead of the view's own.
    pub filter: Option<String>,
    /// A filter beside the view's own.
    pub narrow: Option<String>,
    /// The user's own views.
    pub views: Vec<crate::book::View>,
    /// `qun 0.1.0`: sent with the greeting.
    pub program: String,
    pub operator: String,
    /// Keys that write say why they do not.
    pub readonly: bool,
    /// Seeds the ids of commands; from the operating system, fixed in tests.
    pub seed: u64,
    /// Playbooks that come with the program, offered on an empty store.
    pub playbooks: Vec<Builtin>,
    pub theme: String,
    pub looks: Looks,
    pub keymap: Keymap,
    /// When what is put off may come back, as people write times; empty for the program's own.
    pub snoozes: Vec<String>,
    pub palettes: Palettes,
    /// A line to begin on: an id, its last characters, or a name.
    pub select: Option<String>,
    /// Verbs to run once the first list is there.
    pub commands: Vec<String>,
    /// Reads what `qun sheet` wrote; none where there is nothing to read.
    pub sheets: Option<Sheets>,
    /// Said at the beginning: what is wrong in the user's file.
    pub warning: String,
}

impl Start {
    /// What the view that is opened filters by, where it is to be another filter than its own. Only once.
    pub(super) fn filter_over(&mut self, own: &str) -> Option<String> {
        let narrow = self.narrow.take();
        self.filter.take().or_else(|| narrow.map(|narrow| query::both(own, &narrow)))
    }
}

/// A playbook that comes with the program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Builtin {
    pub title: String,
    /// For whom and what it does, one line.
    pub about: String,
    pub file: String,
    pub toml: String,
    /// What its first step would say and when, in words.
    pub first: String,
}

/// Where keys go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pane {
    Groups,
    List,
    Preview,
    Members,
}

/// How the desk can be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    Connecting,
    Up,
    /// Since when, by the monotonic clock.
    Lost {
        since: Duration,
    },
}

/// How loud a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Info,
    Done,
    Warning,
    Error,
}

/// What stands in the message row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    pub tone: Tone,
    pub text: String,
    /// What it is made of: each begins a row where one row is too narrow for all.
    pub parts: Vec<String>,
    /// None for what was said before the desk had told the time.
    pub at: Option<Timestamp>,
}

impl Note {
    /// True where something did not go as it was meant to.
    pub(super) const fn is_trouble(&self) -> bool {
        matches!(self.tone, Tone::Warning | Tone::Error)
    }
}

/// What is known about the line under the cursor beyond the line itself.
#[derive(Clone, Debug)]
pub enum Detail {
    Task(Box<TaskDetail>),
    Group(Box<GroupDetail>),
    Member(Box<MemberDetail>),
    Account(Box<AccountLine>),
    Sop(Box<SopDetail>),
}

/// Tasks with one text that are copied once and forwarded together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    pub tasks: Vec<TaskId>,
    /// What was marked beside them when they were said to be sent: nothing was copied for those yet.
    pub rest: Vec<TaskId>,
}

/// The screen.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, none excludes another")]
#[derive(Debug)]
pub struct State {
    pub start: Start,
    pub lang: Lang,
    pub size: (u16, u16),
    pub focused: bool,
    pub link: Link,
    pub store: String,
    pub store_id: String,
    /// How many chats one forward reaches, by platform.
    pub forward: BTreeMap<Platform, u32>,
    pub zone: Tz,
    pub demo: bool,
    pub counts: Counts,
    /// What is planned and has not come due.
    pub agenda: Vec<Planned>,
    /// The counts have come at least once.
    pub counted: bool,
    pub writable: Option<String>,
    pub held: Option<String>,
    pub digest: Option<Digest>,
    pub view: usize,
    /// Every view, with what it filters by now.
    pub tabs: Tabs,
    /// What was done to the user's own views since anything else was done.
    pub(super) own_acts: OwnActs,
    /// What was pressed when the user's own views were last read again.
    pub(super) views_asked_by: Option<Action>,
    /// A saved view to show as soon as it is known.
    pub(super) wanted_view: Option<(Origin, String)>,
    pub main: List,
    pub groups: List,
    pub members: List,
    pub focus: Pane,
    pub preview: bool,
    pub preview_at: PreviewAt,
    /// Names and phones are hidden from who looks on.
    pub hide_names: bool,
    /// The terminal draws characters of ambiguous width two columns wide: others stand in their place.
    pub wide_glyphs: bool,
    /// Who was named so far.
    pub veil: Veil,
    pub zoom: bool,
    /// One task at a time, all over the screen.
    pub solo: Option<Solo>,
    /// How long a message takes whoever sits here, by kind; empty until it was asked for.
    pub paces: Vec<Pace>,
    /// First line of the preview shown.
    pub scroll: u16,
    /// What comes near to a filter that finds nothing.
    pub(super) near: Near,
    /// The group the queue is narrowed to, and the view it was chosen in, where that is another one.
    pub narrowed: Option<(GroupId, String)>,
    pub(super) narrowed_from: Option<usize>,
    pub popups: Vec<Popup>,
    pub(super) recall: super::popup::Recall,
    pub note: Option<Note>,
    /// When it was said, and since when somebody at the keys can have read it.
    pub(super) note_said_at: Duration,
    pub(super) note_read_at: Option<Duration>,
    pub notes: VecDeque<Note>,
    pub pending_key: Option<Key>,
    /// Pressed before the list was there that they are for.
    pub(super) held_keys: Held,
    /// The first half of a chord in a popup.
    popup_key: Option<Key>,
    pub chord_shown: bool,
    pub details: Details,
    /// Parts copied here and not yet ticked.
    pub copied: HashMap<TaskId, HashSet<u16>>,
    /// The part of a task copied here last, and its text as it was then.
    pub copied_text: HashMap<TaskId, (u16, String)>,
    pub(super) guard: Guard,
    /// The next name of a task to copy.
    pub next_name: HashMap<TaskId, usize>,
    pub chunk: Option<Chunk>,
    /// What the screen was to begin on, and as it was named: whether it is in the view shows with the next window.
    pub(super) begins_on: Option<(crate::door::line::LineId, String)>,
    /// The numbered texts there are, as they were last read.
    pub(super) sheets: Vec<Sheet>,
    /// To be said with what comes of the command under way.
    pub(super) remark: String,
    /// The questions of today's forms as they were last asked for.
    pub asks: Vec<AskView>,
    /// Texts of playbooks that came back from the editor and were not applied, with the version that they began on; and
    /// which version the editor was opened on last.
    pub(super) unapplied: BTreeMap<PlaybookId, (String, u32)>,
    pub(super) begun_on: u32,
    pub(super) writing: Writing,
    /// Where the last quick entry happened.
    pub last_group: Option<(GroupId, String)>,
    /// Said once: an input method is in Chinese mode.
    pub ime_told: bool,
    pub bell_at: Option<Duration>,
    pub theme: String,
    pub dirty: bool,
    pub quitting: bool,
    pub(super) asked_detail_at: Duration,
    /// The verb that is typed while the window is too small to show it.
    pub(super) unseen_verb: String,
    /// Which way the cursor moved last: 1 down, -1 up.
    pub(super) heading: isize,
    /// Which rows of the main list were on the screen: the first of all, and how many.
    pub(super) in_sight: Option<(usize, usize)>,
    /// The timer that waits for rows to have been seen runs.
    pub(super) seen_armed: bool,
    pub(super) members_of: String,
    pub(super) mono: Duration,
    desk_now: Option<(Timestamp, Duration)>,
    pub ticked_at: Option<Timestamp>,
    pub(super) pending: HashMap<u64, Pending>,
    pub(super) awaited: Awaited,
    next_tag: u64,
    pub(super) ids: IdGenerator,
    pub(super) out: Vec<Effect>,
}

/// Watch numbers.
pub const WATCH_MAIN: u32 = 1;
pub const WATCH_GROUPS: u32 = 2;
pub const WATCH_MEMBERS: u32 = 3;

impl State {
    /// The screen before anything is known.
    pub fn new(start: Start) -> Self {
        let mut start = start;
        let mut tabs = Tabs::new(std::mem::take(&mut start.views));
        let view = start.view.min(tabs.len() - 1);
        // What was asked for is the filter of the view that comes.
        if start.open.is_none()
            && let (Some(filter), Some(tab)) =
                (tabs.get(view).and_then(|tab| start.filter_over(&tab.filter)), tabs.get_mut(view))
        {
            tab.filter = filter;
        }
        let plain = |kind| ListSpec { kind, filter: String::new(), sort: Sort::Natural, limit: None };
        let main = tabs.get(view).map_or_else(
            || plain(Kind::Task),
            |tab| ListSpec {
                kind: tab.kind(),
                filter: tabs.sent(&tab.filter, tab.kind()),
                sort: tab.sort,
                limit: tab.limit,
            },
        );
        let warning = start.warning.clone();
        let mut state = Self {
            lang: start.lang,
            size: (80, 24),
            focused: true,
            link: Link::Connecting,
            store: String::new(),
            store_id: String::new(),
            forward: BTreeMap::new(),
            zone: Tz::Asia__Shanghai,
            demo: false,
            counts: Counts::default(),
            agenda: Vec::new(),
            counted: false,
            writable: None,
            held: None,
            digest: None,
            view,
            tabs,
            own_acts: OwnActs::default(),
            views_asked_by: None,
            wanted_view: None,
            main: List::new(WATCH_MAIN, main),
            groups: List::new(WATCH_GROUPS, plain(Kind::Group)),
            members: List::new(WATCH_MEMBERS, plain(Kind::Member)),
            focus: Pane::List,
            preview: start.looks.preview,
            preview_at: start.looks.preview_at,
            hide_names: start.looks.hide_names,
            wide_glyphs: start.looks.glyphs == Glyphs::Wide,
            veil: Veil::default(),
            zoom: false,
            solo: None,
            paces: Vec::new(),
            scroll: 0,
            near: Near::default(),
            narrowed: None,
            narrowed_from: None,
            popups: Vec::new(),
            recall: super::popup::Recall::default(),
            note: None,
            note_said_at: Duration::ZERO,
            note_read_at: None,
            notes: VecDeque::new(),
            pending_key: None,
            held_keys: Held::default(),
            popup_key: None,
            chord_shown: false,
            details: Details::default(),
            copied: HashMap::new(),
            copied_text: HashMap::new(),
            guard: Guard::default(),
            next_name: HashMap::new(),
            chunk: None,
            begins_on: None,
            sheets: Vec::new(),
            remark: String::new(),
            asks: Vec::new(),
            unapplied: BTreeMap::new(),
            begun_on: 0,
            writing: Writing::default(),
            last_group: None,
            ime_told: false,
            bell_at: None,
            theme: start.theme.clone(),
            dirty: true,
            quitting: false,
            asked_detail_at: Duration::ZERO,
            unseen_verb: String::new(),
            heading: 1,
            in_sight: None,
            seen_armed: false,
            members_of: String::new(),
            mono: Duration::ZERO,
            desk_now: None,
            ticked_at: None,
            pending: HashMap::new(),
            awaited: Awaited::default(),
            next_tag: 1,
            ids: IdGenerator::new(start.seed),
            out: Vec::new(),
            start,
        };
        state.say(Tone::Warning, warning);
        state
    }

    /// What time it is at the desk; the epoch before it has said so.
    pub fn now(&self) -> Timestamp {
        self.desk_now.map_or(Timestamp(0), |(at, then)| at + self.mono.saturating_sub(then))
    }

    /// How long the process has run, as of the last event.
    pub const fn mono(&self) -> Duration {
        self.mono
    }

    /// True once the desk has told the time.
    pub const fn knows_time(&self) -> bool {
        self.desk_now.is_some()
    }

    pub(super) fn set_now(&mut self, now: Timestamp) {
        self.desk_now = Some((now, self.mono));
    }

    /// True when keys go to a prompt, an editor or a form: everything typed is text.
    pub fn is_typing(&self) -> bool {
        self.popups.last().is_some_and(Popup::takes_text)
    }

    /// The list the focus is in; the preview belongs to the main list.
    pub const fn list(&self) -> &List {
        match self.focus {
            Pane::Groups => &self.groups,
            Pane::Members => &self.members,
            Pane::List | Pane::Preview => &self.main,
        }
    }

    pub(super) const fn list_mut(&mut self) -> &mut List {
        match self.focus {
            Pane::Groups => &mut self.groups,
            Pane::Members => &mut self.members,
            Pane::List | Pane::Preview => &mut self.main,
        }
    }

    /// What a press means outside of the panes.
    pub(super) fn look_up(&self, pending: Option<Key>, key: Key) -> Meaning {
        self.start.keymap.look_up(Context::Global, pending, key)
    }

    /// What a press means in a popup, after the press before it there.
    pub(super) fn look_up_in(&mut self, context: Context, key: Key) -> Meaning {
        let before = self.popup_key.take();
        let meaning = self.start.keymap.look_up(context, before, key);
        if meaning == Meaning::Begins {
            self.popup_key = Some(key);
        }
        meaning
    }

    /// The action that a press means in a popup.
    pub(super) fn action_in(&mut self, context: Context, key: Key) -> Option<Action> {
        match self.look_up_in(context, key) {
            Meaning::Act(action) => Some(action),
            _ => None,
        }
    }

    /// Where keys go now.
    fn context(&self) -> Context {
        self.popups.last().map_or_else(|| self.here(), Popup::context)
    }

    /// Words without placeholders.
    pub fn text(&self, words: impl Message) -> &'static str {
        debug_assert!(words.names().is_empty(), "{words:?} has values or keys to be put in");
        words.template(self.lang)
    }

    /// Words with values. Every other name in them is an action, with `_` for `-`: its key stands there as it is bound
    /// where keys go now, else the verb that does the same.
    pub fn fill(&self, words: impl Message, values: &[(&str, &dyn Display)]) -> String {
        self.fill_in(self.context(), words, values)
    }

    /// As [`Self::fill`], for what is said of a popup before it lies on top.
    pub fn fill_in(&self, context: Context, words: impl Message, values: &[(&str, &dyn Display)]) -> String {
        let unknown = |name: &&str| !values.iter().any(|(known, _)| known == name);
        let keys: Vec<(&str, String)> = words
            .names()
            .iter()
            .filter(|name| unknown(name))
            .filter_map(|name| Some((*name, self.key_named(context, name)?)))
            .collect();
        if keys.is_empty() {
            return lang::fill(words.template(self.lang), values);
        }
        let mut all: Vec<(&str, &dyn Display)> = values.to_vec();
        all.extend(keys.iter().map(|(name, key)| (*name, key as &dyn Display)));
        lang::fill(words.template(self.lang), &all)
    }

    /// The key that a sentence means by a name.
    fn key_named(&self, context: Context, name: &str) -> Option<String> {
        let keymap = &self.start.keymap;
        let verb = |action: Action| {
            let entry = action.entry();
            entry.verb(self.lang).map_or_else(|| entry.short(self.lang).to_owned(), |verb| format!(":{verb}"))
        };
        let keys = match name {
            "sents" => keymap.keys_of(Action::Sent).join(" / "),
            // beside the name of whom a sentence speaks of
            "find" => keymap.key_of(Action::Part),
            _ => String::new(),
        };
        if !keys.is_empty() {
            return Some(keys);
        }
        let id = match name {
            "sents" => "sent".to_owned(),
            "find" => "part".to_owned(),
            "name" => "mention".to_owned(),
            _ => name.replace('_', "-"),
        };
        let action = Action::all().iter().find(|entry| entry.id == id)?.action;
        let elsewhere = || Some(keymap.keys_of(action).first()?.clone());
        Some(keymap.key_in(context, action).or_else(elsewhere).unwrap_or_else(|| verb(action)))
    }

    /// Words that name keys, as [`Self::fill`] puts them in.
    pub fn with_keys(&self, words: Words, values: &[(&str, &dyn Display)]) -> String {
        self.fill(words, values)
    }

    /// Puts a sentence into the message row.
    pub(super) fn say(&mut self, tone: Tone, text: impl Into<String>) {
        self.say_parts(tone, &[text.into()]);
    }

    /// Puts sentences into the message row; each begins a row of its own where one is too narrow for all.
    pub(super) fn say_parts(&mut self, tone: Tone, parts: &[String]) {
        let clean = |part: &String| crate::text::clean::for_display(part).into_owned();
        let parts: Vec<String> = parts.iter().map(clean).filter(|part| !part.is_empty()).collect();
        if parts.is_empty() {
            return;
        }
        let note = Note { parts: parts.clone(), ..self.note_down(tone, parts.join("  ")) };
        self.note = Some(note);
        (self.note_said_at, self.note_read_at) = (self.mono, None);
        self.dirty = true;
    }

    /// Keeps a sentence among the messages without showing it.
    pub(super) fn note_down(&mut self, tone: Tone, text: String) -> Note {
        let at = self.knows_time().then(|| self.now());
        let note = Note { tone, parts: vec![text.clone()], text, at };
        self.notes.push_back(note.clone());
        if self.notes.len() > 200 {
            self.notes.pop_front();
        }
        note
    }

    /// Takes a sentence away whose occasion is over.
    pub(super) fn unsay(&mut self, words: impl Message) {
        let said = self.fill(words, &[]);
        if self.note.as_ref().is_some_and(|note| note.text == said) {
            self.note = None;
            self.dirty = true;
        }
    }

    pub(super) fn tell(&mut self, tone: Tone, words: impl Message) {
        let words = self.fill(words, &[]);
        self.say(tone, words);
    }

    /// Says it again each time, and keeps it among the messages once.
    pub(super) fn tell_once(&mut self, words: impl Message) {
        let said = self.fill(words, &[]);
        let known = self.notes.iter().any(|note| note.text == said);
        self.say(Tone::Info, said);
        if known {
            self.notes.pop_back();
        }
    }

    pub(super) fn effect(&mut self, effect: Effect) {
        self.out.push(effect);
    }

    /// Asks the desk; the answer comes back under the tag.
    pub(super) fn ask(&mut self, request: Request, pending: Pending) -> u64 {
        let tag = self.next_tag;
        self.next_tag += 1;
        let is_act = matches!(request, Request::Do { .. }) && awaited::is_act(&pending);
        self.pending.insert(tag, pending);
        self.await_answer(tag, is_act);
        self.out.push(Effect::Ask { tag, request: Box::new(request) });
        tag
    }
}
