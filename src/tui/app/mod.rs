//! The screen's one state machine: `update(state, event, time) -> effects`, and nothing else changes a state.
//!
//! It knows no socket, terminal or clock. What it decides about keys stands in the registry; what a popup decides
//! stands in the popup; the files here say what actions do (`work`, `choices`, `people`, `correcting`, `playbook`, `editing`, `moves`, `verbs`, `sheet`, `tour`) and what
//! answers mean (`door`).
//!
//! One file because it is the one table of events and actions.

pub(in crate::tui) mod ahead;
pub(in crate::tui) mod asks;
pub(in crate::tui) mod awaited;
mod begin;
mod choices;
mod columns;
pub mod compose;
mod copying;
mod correcting;
mod decide;
mod door;
pub mod draft;
pub mod editing;
mod filter;
pub(in crate::tui) mod guard;
pub(in crate::tui) mod held;
mod import;
mod looked;
mod looks;
mod mentions;
mod moves;
pub(in crate::tui) mod near;
mod offers;
mod pausing;
mod people;
pub mod playbook;
mod quick;
pub mod saved;
mod sheet;
mod snippet;
pub mod solo;
mod timeline;
mod tour;
mod verbs;
pub mod when;
mod work;
pub mod writing;

pub(super) use moves::quoted;
pub(super) use offers::subject_of;

use std::time::Duration;

use crossterm::event::KeyCode;

use super::event::{CopyReport, Effect, Event, Timer};
use super::key::Key;
use super::keymap::{Context, Meaning};
use super::popup;
use super::registry::{Action, Needs};
use super::state::{Link, State, Tone};
use super::words::Words;

/// After this long half a chord shows what may follow.
const CHORD_AFTER: Duration = Duration::from_millis(400);

/// How long a sentence stands once somebody at the keys can have read it.
const READ_AFTER: Duration = Duration::from_secs(10);

/// Takes one event; `mono` is how long the process has run.
pub fn update(state: &mut State, event: Event, mono: Duration) -> Vec<Effect> {
    state.mono = mono.max(state.mono);
    let was_key = matches!(event, Event::Key(_));
    match event {
        Event::Key(key) => state.key_in_turn(key),
        Event::Paste(text) => state.paste(&text),
        Event::Burst => state.tell(Tone::Warning, Words::BurstDropped),
        Event::Ime => {
            if !state.ime_told {
                state.ime_told = true;
                state.tell(Tone::Warning, Words::ImeOn);
            }
        }
        Event::Resize(columns, rows) => {
            state.size = (columns, rows);
            state.dirty = true;
        }
        Event::Focus(focused) => {
            state.focused = focused;
            if focused {
                state.effect(Effect::Repaint);
            }
        }
        Event::Reply { tag, envelope } => state.reply(tag, *envelope),
        Event::Push(push) => state.push(*push),
        Event::Timer(timer) => state.timer(timer),
        Event::Lost => {
            if !matches!(state.link, Link::Lost { .. }) {
                state.link = Link::Lost { since: state.mono };
                state.effect(Effect::SetTimer { timer: Timer::Waiting, after: Duration::from_secs(1) });
            }
            state.dirty = true;
        }
        // The greeting follows, and with it everything is asked anew.
        Event::Regained => state.tell(Tone::Done, Words::LinkBack),
        Event::Resumed => {
            state.effect(Effect::Repaint);
            state.look_again();
        }
        Event::CannotSuspend => state.tell(Tone::Warning, Words::CannotSuspend),
        Event::Copied { report } => state.copied(&report),
        Event::File(told) => state.file_told(told),
        Event::Edited(told) => state.edited(told),
        Event::Views(views) => state.own_views_read(views),
        Event::Sheets(sheets) => {
            state.sheets = sheets;
            state.dirty |= !state.popups.is_empty();
        }
        Event::Drafts(drafts) => state.drafts_read(drafts),
        Event::Unfinished(texts) => state.unfinished_read(texts),
        Event::DraftLost { words } => state.draft_lost(&words),
        Event::ViewsLost { words } => {
            let words = state.fill(Words::ViewsLost, &[("why", &words)]);
            state.say(Tone::Error, words);
        }
        Event::Quit => state.quit(),
    }
    state.keep_in_view(was_key);
    state.begin_with_verbs();
    state.take_held_keys();
    state.watch_writing();
    state.relayout();
    std::mem::take(&mut state.out)
}

/// An input method commits words as a paste.
pub(in crate::tui) fn is_commit(text: &str) -> bool {
    !text.is_ascii() && text.chars().count() <= 12 && !text.contains(['\n', '\r'])
}

impl State {
    fn key(&mut self, key: Key) {
        self.dirty = true;
        if self.is_too_small() {
            return self.key_unseen(key);
        }
        self.unseen_verb.clear();
        // Somebody is here: what is said has been read a moment later.
        if self.note.is_some() && self.note_read_at.is_none() {
            self.note_read_at = Some(self.mono);
            self.effect(Effect::SetTimer { timer: Timer::Message, after: READ_AFTER });
        }
        if !self.popups.is_empty() {
            // These work everywhere; all else belongs to what is being typed or chosen.
            match self.look_up(None, key) {
                Meaning::Act(Action::Repaint) => self.effect(Effect::Repaint),
                Meaning::Act(Action::Suspend) => self.effect(Effect::Suspend),
                Meaning::Act(Action::Quit) => self.quit(),
                _ => popup::key(self, key),
            }
            return;
        }
        let pending = self.pending_key.take();
        if std::mem::take(&mut self.chord_shown) || pending.is_some() {
            self.effect(Effect::CancelTimer(Timer::Chord));
        }
        let here = self.here();
        let meaning = self.start.keymap.look_up(here, pending, key);
        // the first half of a chord is no look yet
        let slipped = meaning != Meaning::Begins && self.list_mut().take_slipped();
        match meaning {
            Meaning::Act(action) if slipped && self.is_of_the_line(action) => self.tell_slipped(),
            Meaning::Act(action) => self.act(action),
            Meaning::Verb(line) => {
                if let Err(words) = self.run_verb(&line) {
                    self.say(Tone::Warning, words);
                }
            }
            Meaning::Begins => {
                self.pending_key = Some(key);
                self.effect(Effect::SetTimer { timer: Timer::Chord, after: CHORD_AFTER });
            }
            Meaning::Nothing => self.tell_of_nothing(pending, key),
        }
    }

    /// A key of letters that means nothing here: that is said, a slip is not taken for a screen that hangs.
    fn tell_of_nothing(&mut self, pending: Option<Key>, key: Key) {
        if key.typed().is_none_or(|c| !c.is_ascii_graphic()) {
            return;
        }
        let pressed = pending.map_or_else(|| key.to_string(), |first| format!("{first} {key}"));
        let words = self.fill(Words::KeyOfNothing, &[("key", &pressed)]);
        self.say(Tone::Info, words);
    }

    /// A key where nothing of what it would do is shown: only what leads out of there, `:q` among it.
    fn key_unseen(&mut self, key: Key) {
        if self.pending_key.take().is_some() {
            self.effect(Effect::CancelTimer(Timer::Chord));
        }
        match self.look_up(None, key) {
            Meaning::Act(Action::Repaint) => self.effect(Effect::Repaint),
            Meaning::Act(Action::Suspend) => self.effect(Effect::Suspend),
            Meaning::Act(Action::Quit) => self.quit(),
            Meaning::Act(Action::Verbs) => ":".clone_into(&mut self.unseen_verb),
            _ => match (key.code, key.typed()) {
                (KeyCode::Enter, _) => {
                    let verb = std::mem::take(&mut self.unseen_verb);
                    let verb = verb.strip_prefix(':').unwrap_or_default();
                    if Action::Quit.entry().verbs.contains(&verb) {
                        self.quit();
                    }
                }
                (_, Some(c)) if !self.unseen_verb.is_empty() && self.unseen_verb.len() < 16 => {
                    self.unseen_verb.push(c);
                }
                _ => self.unseen_verb.clear(),
            },
        }
    }

    fn paste(&mut self, text: &str) {
        self.dirty = true;
        if self.is_too_small() {
            return;
        }
        if !self.popups.is_empty() {
            popup::paste(self, text);
            return;
        }
        self.paste_ignored(text, self.here(), Words::PasteDropped);
    }

    /// Text where none is taken: that is said.
    pub(in crate::tui) fn paste_ignored(&mut self, text: &str, context: Context, words: Words) {
        if !is_commit(text) {
            let words = self.fill_in(context, words, &[]);
            self.say(Tone::Warning, words);
        } else if !self.ime_told {
            self.ime_told = true;
            self.tell(Tone::Warning, Words::ImeOn);
        }
    }

    /// Does what a key, a menu or a verb names.
    pub(super) fn act(&mut self, action: Action) {
        self.dirty = true;
        let entry = action.entry();
        if entry.writes && !self.may_write() {
            return;
        }
        if self.is_of_another(action) {
            self.tell_slipped();
            return;
        }
        let anybody = self.counts.groups + self.counts.members > 0;
        if action == Action::Follow && anybody && self.list().selected().is_none() {
            self.follow_whom();
            return;
        }
        if let Err(words) = self.has(entry.needs) {
            self.tell(Tone::Warning, words);
            return;
        }
        if action.is_of_one_line() && self.list().mark_count() > 1 {
            self.tell(Tone::Warning, Words::OneAtATime);
            return;
        }
        if let Some(view) = self.tab_of(action) {
            self.show_view(view);
            // behind what is asked of the desk: what comes of it asks for another list
            self.read_own_views(Some(action));
            return;
        }
        match action {
            Action::Copy => self.copy(),
            Action::Sent => self.sent(None),
            Action::SearchTerm => self.copy_search_term(),
            Action::Part => self.copy_part_words(),
            Action::Mention => self.copy_name(),
            Action::Same => self.mark_same_text(),
            Action::Raw | Action::History if self.hide_names => self.tell(Tone::Warning, Words::VeilNot),
            Action::Raw => self.raw(),
            Action::Snooze => self.snooze_menu(),
            Action::Wake => self.wake(),
            Action::Skip => self.skip_menu(),
            Action::EditOnce => self.edit_once(),
            // what was done last to the user's own views is no act of the desk's
            Action::Undo if self.undo_private() => {}
            Action::Undo => self.undo(None),
            Action::Redo if self.redo_private() => {}
            Action::Redo => self.redo(),
            Action::History => self.history(),
            Action::Mark => self.mark(),
            Action::Range => self.range(),
            Action::Invert => self.invert(),
            Action::Reply => self.reply_menu(),
            Action::Quick => self.quick(),
            Action::Follow => self.follow(),
            Action::Note => self.note_prompt(),
            Action::Snippet => self.snippet_prompt(""),
            Action::Form => self.asks(),
            Action::Correct => self.correct(),
            Action::New => self.new_menu(),
            Action::Edit => self.edit_card(),
            Action::Archive => self.archive(),
            Action::Compose => self.compose_menu(),
            Action::Withdraw => self.withdraw(),
            Action::Views => self.views_menu(),
            Action::Sort => self.sort_menu(),
            Action::Columns => self.columns_prompt(),
            Action::Rows => self.rows_prompt(),
            Action::Calendar => self.calendar(),
            Action::Timeline => self.timeline(),
            Action::Campaigns => self.campaigns(),
            Action::Enrol => self.enrol_prompt(""),
            Action::Unenrol => self.unenrol_menu(),
            Action::PauseSop => self.pause_playbook(),
            Action::PauseTarget => self.pause_targets(None),
            Action::UnpauseTarget => self.unpause_targets(),
            Action::DayOff => self.day_off(""),
            Action::ResumeSop => self.resume_playbook(),
            Action::RemoveSop => self.remove_menu(),
            Action::Limit => self.limit_prompt(),
            Action::Merge => self.merge(),
            Action::Transfer => self.transfer_prompt(),
            Action::Filter => self.filter_prompt(),
            Action::Jump => self.jump_prompt(),
            Action::Alert => self.next_alert(),
            Action::Why => self.why(),
            Action::Verbs => self.verb_prompt(""),
            Action::Help => self.help(),
            Action::Next => self.move_by(1),
            Action::Previous => self.move_by(-1),
            Action::Top => self.move_to(0),
            Action::Bottom => self.move_to(usize::MAX),
            Action::HalfDown => self.move_page(1, 2),
            Action::HalfUp => self.move_page(-1, 2),
            Action::PageDown => self.move_page(1, 1),
            Action::PageUp => self.move_page(-1, 1),
            Action::Open => self.open(),
            Action::Back => self.back(),
            Action::PaneNext => self.turn_pane(1),
            Action::PanePrevious => self.turn_pane(-1),
            Action::ViewNext => self.turn_view(1),
            Action::ViewPrevious => self.turn_view(-1),
            Action::Preview => self.preview = !self.preview,
            Action::HideNames => self.turn_veil(),
            Action::Solo => self.turn_solo(),
            Action::PreviewAt => self.turn_preview(),
            Action::Zoom => self.zoom = !self.zoom,
            Action::Digest => self.digest_menu(),
            Action::ClockOk => self.confirm_clock(),
            Action::Messages => self.messages(),
            Action::Language => self.turn_language(),
            Action::Theme => self.turn_theme(),
            Action::Tour => self.tour(),
            Action::Repaint => self.effect(Effect::Repaint),
            Action::Suspend => self.effect(Effect::Suspend),
            Action::Quit => self.quit(),
            // Views were shown above.
            _ => {}
        }
    }

    /// What is missing for an action, as words.
    pub(super) fn has(&self, needs: Needs) -> Result<(), Words> {
        let line = self.list().selected();
        let met = match needs {
            Needs::Nothing => true,
            Needs::Line => line.is_some(),
            Needs::Task => line.is_some_and(|line| line.task().is_some()),
            Needs::Target => line.is_some_and(|line| line.target().is_some()),
            Needs::Playbook => self.playbook_here().is_some(),
            Needs::Object => line.is_some_and(|line| line.task().is_none() && line.object().is_some()),
        };
        if met {
            return Ok(());
        }
        Err(match (needs, line) {
            (_, None) if !self.list().loaded => Words::Waiting,
            (_, None) => Words::NothingHere,
            (Needs::Task, _) => Words::NotATask,
            (Needs::Playbook, Some(line)) if line.target().is_some() => Words::NotASop,
            _ => Words::NotForThis,
        })
    }

    /// True when the book can be changed now; else says why not.
    pub(super) fn may_write(&mut self) -> bool {
        let words = if self.start.readonly {
            Words::ReadOnly
        } else if self.link != Link::Up {
            Words::LostNoWrites
        } else {
            return true;
        };
        self.tell(Tone::Warning, words);
        false
    }

    fn timer(&mut self, timer: Timer) {
        match timer {
            Timer::Minute => {
                self.set_minute_timer();
                self.count_views();
                self.dirty = true;
            }
            Timer::Seen => {
                self.seen_armed = false;
                self.seen();
            }
            Timer::Detail => self.ask_detail(),
            Timer::Chord => {
                self.chord_shown = self.pending_key.is_some();
                self.dirty = true;
            }
            Timer::Message => {
                let read = self.note_read_at.is_some_and(|at| self.mono.saturating_sub(at) >= READ_AFTER / 2);
                if read && self.note.as_ref().is_some_and(|note| note.tone != Tone::Error) {
                    self.note = None;
                    self.dirty = true;
                }
            }
            Timer::Waiting => self.look_after_answers(),
            Timer::Filter => self.apply_filter(),
            Timer::Views => self.ask_view_counts(),
            Timer::Writing => self.keep_writing(),
            Timer::Import => self.look_at_import(),
        }
    }

    /// Wakes with the next minute of the desk's clock.
    pub(super) fn set_minute_timer(&mut self) {
        let left = 60_000 - self.now().0.rem_euclid(60_000);
        self.effect(Effect::SetTimer {
            timer: Timer::Minute,
            after: Duration::from_millis(left.unsigned_abs() + 5),
        });
    }

    fn copied(&mut self, report: &CopyReport) {
        let words = match report {
            CopyReport::Terminal => self.fill(Words::ToTerminal, &[]),
            CopyReport::Tmux => self.text(Words::ToTmux).to_owned(),
            CopyReport::System => self.text(Words::ToSystem).to_owned(),
            CopyReport::File { path } => self.fill(Words::ToFile, &[("path", path)]),
            CopyReport::Failed { words } => {
                let words = self.fill(Words::CopyFailed, &[("why", words)]);
                return self.say(Tone::Error, words);
            }
        };
        // Joins what `copy` said, so that one row tells what went where.
        let joins = |note: &&super::state::Note| matches!(note.tone, Tone::Done | Tone::Warning);
        let said = self.note.as_ref().filter(joins).map(|note| (note.tone, note.parts.clone()));
        let (tone, mut parts) = said.unwrap_or((Tone::Done, vec![String::new()]));
        if let Some(last) = parts.last_mut() {
            *last = if last.is_empty() { words } else { format!("{last}  {words}") };
        }
        self.notes.pop_back();
        self.say_parts(tone, &parts);
    }

    fn quit(&mut self) {
        self.quitting = true;
        self.effect(Effect::Title(String::new()));
        self.effect(Effect::Quit);
    }
}
