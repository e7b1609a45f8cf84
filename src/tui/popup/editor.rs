//! A small editor for texts of several lines: one text edited once, a correction, pasted names.
//!
//! The text is one string with a byte cursor on a grapheme boundary. Saving is Ctrl-s or F3; leaving a changed text
//! asks, and another key than Esc throws it away.
//!
//! One file because every purpose is the same text and the same keys.

use crossterm::event::KeyCode;
use unicode_segmentation::UnicodeSegmentation;

use super::{Foot, Leaving, Popup, Standing};
use crate::book::TaskId;
use crate::door::detail::AskView;
use crate::door::reply::Suggestion;
use crate::door::request::Request;
use crate::door::{Reply, Saw};
use crate::text::clean;
use crate::tui::app::draft::Draft;
use crate::tui::key::Key;
use crate::tui::keymap::Context;
use crate::tui::registry::Action;
use crate::tui::state::{Pending, State, Tone};
use crate::tui::words::Words;

/// What ends a name in a list, besides blanks.
const NAME_ENDS: &[char] = &[',', '，', '、', ';', '；', '@', '＠'];

/// How many are offered for a name.
const OFFERS: u16 = 5;

/// What the text is for.
#[derive(Clone, Debug)]
pub enum Purpose {
    /// The text of a task, this once.
    Rewrite(TaskId),
    /// The right text for all that is pending; how many had the wrong one.
    CorrectText { task: TaskId, part: Option<u16>, got: Option<u32> },
    /// What those get who had the wrong one.
    CorrectNotice { task: TaskId, part: Option<u16>, text: String },
    /// Group names, one a line.
    Groups,
    /// An answer of several lines.
    Ask(Box<AskView>),
    /// A snippet with its name in the first line; the name it had.
    Snippet(Option<String>),
    /// The text of a one-off.
    Compose(Box<Draft>),
}

/// A text being edited.
#[derive(Clone, Debug)]
pub struct Editor {
    pub title: String,
    hint: Foot,
    pub text: String,
    /// Byte position, always on a grapheme boundary.
    pub cursor: usize,
    pub purpose: Purpose,
    /// The tag under which the desk was asked to take it.
    pub waiting: Option<u64>,
    /// Of a list of names: who fits the name being typed, and which of them is marked.
    pub offers: Vec<Suggestion>,
    pub chosen: usize,
    /// Which of its names are nobody's, a sentence each.
    pub warnings: Vec<String>,
    offers_for: Option<u64>,
    warnings_for: Option<u64>,
    /// The tag under which the desk was asked how many a one-off is for.
    pub reach_for: Option<u64>,
    /// What the text stands on.
    pub standing: Standing,
    original: String,
    leaving: Leaving,
    /// All of it is selected: what is typed takes its place, a key that moves keeps it.
    selected: bool,
}

impl Editor {
    /// Opens a text; the cursor stands behind it.
    pub fn new(title: String, hint: Foot, text: &str, purpose: Purpose) -> Self {
        let text = clean::for_clipboard(text).into_owned();
        Self {
            title,
            hint,
            cursor: text.len(),
            original: text.clone(),
            text,
            purpose,
            waiting: None,
            offers: Vec::new(),
            chosen: 0,
            warnings: Vec::new(),
            offers_for: None,
            warnings_for: None,
            reach_for: None,
            standing: Standing::default(),
            leaving: Leaving::default(),
            selected: false,
        }
    }

    /// Selects the text that it began with: it was proposed.
    pub fn select(&mut self) {
        self.selected = !self.text.is_empty();
    }

    pub const fn is_selected(&self) -> bool {
        self.selected
    }

    /// Takes away what is selected; true where anything was.
    fn give_way(&mut self) -> bool {
        let gives = self.selected;
        if gives {
            self.remove(0, self.text.len());
        }
        gives
    }

    /// The same on what was seen there.
    #[must_use]
    pub fn standing_on(self, saw: Saw) -> Self {
        Self { standing: Standing::on(saw), ..self }
    }

    /// What would be lost with it: a text that is not the one it began with. The text of a one-off may have been written
    /// before it was opened.
    pub(in crate::tui) fn written(&self) -> Option<&str> {
        let began_so = self.text == self.original && !matches!(self.purpose, Purpose::Compose(_));
        (!began_so && !self.text.trim().is_empty()).then_some(self.text.as_str())
    }

    /// What stands below it: how it is saved, and how it is left as it is.
    pub fn foot(&self) -> &str {
        self.hint.of(self.text != self.original)
    }

    /// Puts another text into its place.
    pub(in crate::tui) fn write_anew(&mut self, text: &str) {
        self.remove(0, self.text.len());
        self.insert(&clean::for_clipboard(text));
    }

    fn insert(&mut self, text: &str) {
        if self.cursor <= self.text.len() {
            self.text.insert_str(self.cursor, text);
            self.cursor += text.len();
        }
        self.selected = false;
        self.leaving = Leaving::default();
    }

    /// A line below the text, for what is to be written next.
    pub(in crate::tui) fn begin_line(&mut self) {
        self.insert("\n");
    }

    fn previous(&self) -> usize {
        let before = self.text.get(..self.cursor).unwrap_or_default();
        before.grapheme_indices(true).next_back().map_or(0, |(at, _)| at)
    }

    fn following(&self) -> usize {
        let after = self.text.get(self.cursor..).unwrap_or_default();
        after.graphemes(true).next().map_or(self.text.len(), |g| self.cursor + g.len())
    }

    fn line_start(&self) -> usize {
        self.text.get(..self.cursor).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1)
    }

    fn line_end(&self) -> usize {
        self.text
            .get(self.cursor..)
            .and_then(|after| after.find('\n'))
            .map_or(self.text.len(), |at| self.cursor + at)
    }

    /// Moves to the line above or below, to the same column of graphemes.
    fn vertical(&mut self, down: bool) {
        self.selected = false;
        let start = self.line_start();
        let column = self.text.get(start..self.cursor).unwrap_or_default().graphemes(true).count();
        let target = if down {
            let end = self.line_end();
            if end == self.text.len() {
                self.cursor = end;
                return;
            }
            end + 1
        } else {
            if start == 0 {
                self.cursor = 0;
                return;
            }
            self.text.get(..start - 1).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1)
        };
        let line = self.text.get(target..).unwrap_or_default().split('\n').next().unwrap_or_default();
        self.cursor = target + line.graphemes(true).take(column).map(str::len).sum::<usize>();
    }

    fn remove(&mut self, from: usize, to: usize) {
        if from < to && self.text.is_char_boundary(from) && self.text.is_char_boundary(to) {
            self.text.replace_range(from..to, "");
            self.cursor = from;
            self.selected = false;
            self.leaving = Leaving::default();
        }
    }

    /// The question that is answered, where that is a list of names.
    fn list(&self) -> Option<&AskView> {
        match &self.purpose {
            Purpose::Ask(ask) if ask.kind == "list" => Some(ask),
            _ => None,
        }
    }

    /// The name being typed: what stands between the last separator and the cursor.
    fn word(&self) -> &str {
        let before = self.text.get(..self.cursor).unwrap_or_default();
        before.rsplit(|c: char| c.is_whitespace() || NAME_ENDS.contains(&c)).next().unwrap_or_default()
    }

    /// A list changed: looks for who is meant, and at the end of a name for those who are nobody.
    fn typed(&mut self, state: &mut State) {
        let Some(group) = self.list().map(|ask| ask.group.as_ref().map(|group| group.id)) else { return };
        self.offers.clear();
        self.offers_for = None;
        self.chosen = 0;
        let text = self.word().to_owned();
        let request = if text.is_empty() {
            Request::Unknown { group, text: self.text.clone() }
        } else {
            Request::Who { text: text.clone(), group, account: None, limit: OFFERS }
        };
        let tag = Some(state.ask(request, Pending::Popup));
        if text.is_empty() { self.warnings_for = tag } else { self.offers_for = tag }
    }

    /// Puts the offered name in place of what was typed of it.
    fn take_offer(&mut self) {
        let Some(name) = self.offers.get(self.chosen).map(|offer| offer.name.clone()) else { return };
        let typed = self.typed_of(&name);
        self.remove(self.cursor - typed, self.cursor);
        self.insert(&name);
        self.offers.clear();
    }

    /// How many bytes before the cursor are typed of a name: the last word, or more where the name has blanks in it.
    fn typed_of(&self, name: &str) -> usize {
        let before = self.text.get(..self.cursor).unwrap_or_default();
        let piece = before.rsplit(|c: char| c == '\n' || NAME_ENDS.contains(&c)).next().unwrap_or_default();
        let name = name.to_lowercase();
        let mut begins = std::iter::once(0)
            .chain(piece.char_indices().filter(|(_, c)| c.is_whitespace()).map(|(at, c)| at + c.len_utf8()));
        let more = begins.find_map(|at| {
            let typed = piece.get(at..)?;
            (!typed.trim().is_empty() && name.starts_with(&typed.to_lowercase())).then_some(typed.len())
        });
        more.unwrap_or_else(|| self.word().len())
    }

    /// Pinyin stands for the name it finds; a name written out stands for itself.
    fn is_spelt(&self) -> bool {
        !self.offers.is_empty() && self.word().bytes().all(|byte| byte.is_ascii_alphabetic())
    }

    pub(super) fn key(self: Box<Self>, state: &mut State, key: Key) -> Option<Popup> {
        let before = self.list().map(|_| self.text.clone());
        let kept = self.edit(state, key)?;
        let Popup::Editor(mut editor) = kept else { return Some(kept) };
        if before.is_some_and(|before| before != editor.text) {
            editor.typed(state);
        }
        Some(Popup::Editor(editor))
    }

    fn edit(mut self: Box<Self>, state: &mut State, key: Key) -> Option<Popup> {
        let last = self.offers.len().saturating_sub(1);
        match state.action_in(Context::Editor, key) {
            Some(Action::Complete) if !self.offers.is_empty() => {
                self.take_offer();
                self.insert("、");
            }
            Some(Action::OfferNext) => self.chosen = (self.chosen + 1).min(last),
            Some(Action::OfferPrevious) => self.chosen = self.chosen.saturating_sub(1),
            Some(Action::Take) => {
                if self.is_spelt() {
                    self.take_offer();
                }
                self.insert("\n");
            }
            Some(Action::Save) => return self.save(state),
            Some(action @ (Action::Leave | Action::GiveUp)) => {
                let is_changed = self.text != self.original;
                let lost = is_changed.then(|| state.fill_in(Context::Editor, Words::UnsavedEdit, &[]));
                let Some(words) = self.leaving.by(action, lost) else {
                    state.left_writing(&self.purpose, self.standing.saw());
                    return None;
                };
                state.say(Tone::Warning, words);
            }
            Some(Action::LineUp) => self.vertical(false),
            Some(Action::LineDown) => self.vertical(true),
            _ => self.type_key(key),
        }
        Some(Popup::Editor(self))
    }

    /// A key that types or moves in the text.
    fn type_key(&mut self, key: Key) {
        let is_char = matches!(key.code, KeyCode::Char(_)) && !key.ctrl && !key.alt;
        let deletes = matches!(key.code, KeyCode::Backspace | KeyCode::Delete)
            || (key.ctrl && matches!(key.code, KeyCode::Char('u' | 'k')));
        if deletes && self.give_way() {
            return;
        }
        if is_char {
            self.give_way();
        }
        let moves = matches!(key.code, KeyCode::Left | KeyCode::Right | KeyCode::Home | KeyCode::End)
            || (key.ctrl && matches!(key.code, KeyCode::Char('a' | 'e')));
        self.selected &= !moves;
        match (key.code, key.ctrl) {
            (KeyCode::Enter, _) => self.insert("\n"),
            (KeyCode::Backspace, false) => self.remove(self.previous(), self.cursor),
            (KeyCode::Delete, false) => self.remove(self.cursor, self.following()),
            (KeyCode::Left, _) => self.cursor = self.previous(),
            (KeyCode::Right, _) => self.cursor = self.following(),
            (KeyCode::Home, _) | (KeyCode::Char('a'), true) => self.cursor = self.line_start(),
            (KeyCode::End, _) | (KeyCode::Char('e'), true) => self.cursor = self.line_end(),
            (KeyCode::Char('u'), true) => self.remove(self.line_start(), self.cursor),
            (KeyCode::Char('k'), true) => self.remove(self.cursor, self.line_end()),
            (KeyCode::Char(c), false) if !key.alt => self.insert(c.encode_utf8(&mut [0; 4])),
            _ => {}
        }
    }

    pub(super) fn paste(mut self: Box<Self>, state: &mut State, text: &str) -> Option<Popup> {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        self.give_way();
        self.insert(&clean::for_clipboard(&text));
        // A pasted line is a whole line: what comes next begins a new one.
        let body = text.trim_end_matches('\n');
        self.insert(text.get(body.len()..).unwrap_or_default());
        self.typed(state);
        Some(Popup::Editor(self))
    }

    /// Hands the text over; it stays open until the desk has taken it, so that a refusal loses nothing.
    fn save(mut self: Box<Self>, state: &mut State) -> Option<Popup> {
        if !state.may_write() || self.standing.is_unread(state) {
            return Some(Popup::Editor(self));
        }
        if self.list().is_some() && self.is_spelt() && self.offers.len() == 1 {
            self.take_offer();
        }
        let text = self.text.trim_end_matches('\n');
        self.waiting = state.save_text(&self.purpose, text, self.standing.saw());
        if self.waiting.is_none() && !matches!(self.purpose, Purpose::Groups) {
            return None;
        }
        Some(Popup::Editor(self))
    }

    pub(super) fn waits_for(&self, tag: u64) -> bool {
        [self.waiting, self.offers_for, self.warnings_for, self.reach_for].contains(&Some(tag))
    }

    pub(super) fn reply(mut self: Box<Self>, state: &mut State, tag: u64, reply: &Reply) -> Option<Popup> {
        match reply {
            Reply::Who(found) if self.offers_for == Some(tag) => {
                self.offers.clone_from(&found.found);
                self.offers_for = None;
                return Some(Popup::Editor(self));
            }
            Reply::Unknown(sentences) if self.warnings_for == Some(tag) => {
                self.warnings.clone_from(sentences);
                self.warnings_for = None;
                return Some(Popup::Editor(self));
            }
            Reply::Counted(counted) if self.reach_for == Some(tag) => {
                self.reach_for = None;
                if let Purpose::Compose(draft) = &self.purpose {
                    self.title = format!("{}  {}", self.title, state.reach_words(draft.compose.to, counted));
                }
                return Some(Popup::Editor(self));
            }
            _ if self.waiting != Some(tag) => return Some(Popup::Editor(self)),
            _ => self.waiting = None,
        }
        if let Reply::Refused(refusal) = reply {
            if !self.standing.refused(state, refusal, Context::Editor) {
                state.say_refusal(refusal);
            } else if let Purpose::CorrectText { got, .. } = &mut self.purpose {
                // somebody may have got it since
                *got = None;
            }
            return Some(Popup::Editor(self));
        }
        state.say_outcome(reply);
        if let Reply::Done(outcome) = reply {
            state.was_corrected(&self.purpose, outcome);
        }
        let made = if let Reply::Done(outcome) = reply { outcome.made.as_slice() } else { &[] };
        state.text_saved(&self.purpose, &self.text, made);
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::state::Start;

    fn check(text: &str, keys: &[KeyCode], expected: &str) {
        let mut state = State::new(Start::default());
        let mut popup = Editor::new(String::new(), Foot::default(), text, Purpose::Groups);
        for code in keys {
            match Box::new(popup).key(&mut state, Key::plain(*code)) {
                Some(Popup::Editor(editor)) => popup = *editor,
                _ => return assert_eq!(expected, "closed"),
            }
        }
        let (before, after) = popup.text.split_at(popup.cursor);
        assert_eq!(format!("{before}|{after}"), expected);
    }

    #[test]
    fn edits_by_graphemes_and_lines() {
        use KeyCode::{Backspace, Char, Delete, Down, End, Enter, Esc, Home, Left, Right, Up};
        check("张三", &[Left, Char('小')], "张小|三");
        check("a👨‍👩‍👧", &[Backspace, Backspace, Backspace], "|");
        check("第一行\n二", &[Up, Char('x')], "第x|一行\n二");
        check("第一行\n二", &[Home, Backspace, End], "第一行二|");
        check("一\n二\n三", &[Up, Up, Up, Delete, Down], "\n|二\n三");
        check("", &[Enter, Up, Right, Left, Down], "\n|");
        check("x", &[Esc], "closed");
        check("x", &[Char('y'), Esc, Esc, Esc], "xy|");
        check("x", &[Char('y'), Esc, Char('z'), Esc], "xyz|");
    }

    #[test]
    fn an_offer_takes_the_place_of_all_that_is_typed_of_it() {
        let check = |text: &str, name: &str, expected: usize| {
            let editor = Editor::new(String::new(), Foot::default(), text, Purpose::Groups);
            assert_eq!(editor.typed_of(name), expected, "{text} {name}");
        };
        check("Lily Chen", "Lily Chen", 9);
        check("张三、lily c", "Lily Chen", 6);
        check("张三 Lily", "Lily Chen", 4);
        check("张三 lc", "Lily Chen", 2);
        check("Lily\nchen", "Lily Chen", 4);
        check("yym", "阳阳妈 任嘉乐", 3);
    }
}
