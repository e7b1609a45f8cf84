//! What lies over the panes: a stack of popups, the topmost gets the keys.
//!
//! A popup takes a key and stays or goes; what it decides it tells the state in the same call. Answers of the desk that
//! a popup asked for reach it by their tag, also when another popup has come to lie over it.

#![expect(clippy::unnecessary_wraps, reason = "every popup answers alike: itself to stay, nothing to go")]

pub mod board;
pub mod calendar;
pub mod campaign;
mod campaign_over;
pub(in crate::tui) mod campaign_texts;
pub mod card;
pub mod editor;
pub mod field;
pub mod form;
pub mod import;
mod leaving;
pub mod listed;
pub mod menu;
pub mod prompt;
pub mod quick;
mod recall;
pub mod standing;

pub use board::Board;
pub use calendar::Calendar;
pub use campaign::CampaignForm;
pub use card::Card;
pub use editor::Editor;
pub use form::FormPopup;
pub use import::Import;
pub use leaving::Foot;
pub use menu::{Choice, Item, Menu};
pub use prompt::{Prompt, PromptKind};
pub use quick::Quick;
pub use recall::Recall;
pub use standing::Standing;

use super::app::writing::WritingWords;
use super::key::Key;
use super::keymap::Context;
use super::state::State;
use super::words::{ComposeWords, Words};
use crate::door::Reply;
use leaving::Leaving;
use menu::Filling;

/// One layer over the panes.
#[derive(Clone, Debug)]
pub enum Popup {
    Menu(Box<Menu>),
    Prompt(Box<Prompt>),
    Editor(Box<Editor>),
    Form(Box<FormPopup>),
    Quick(Box<Quick>),
    Card(Box<Card>),
    Import(Box<Import>),
    Board(Box<Board>),
    Calendar(Box<Calendar>),
    Campaign(Box<CampaignForm>),
}

impl Popup {
    /// True when what is typed is text.
    pub fn takes_text(&self) -> bool {
        match self {
            Self::Menu(menu) => menu.search.is_some(),
            Self::Quick(quick) => quick.takes_text(),
            Self::Card(_) | Self::Import(_) | Self::Board(_) | Self::Calendar(_) => false,
            Self::Prompt(_) | Self::Editor(_) | Self::Form(_) | Self::Campaign(_) => true,
        }
    }

    /// Whose keys it listens to.
    pub fn context(&self) -> Context {
        match self {
            Self::Menu(menu) => menu.context(),
            Self::Import(_) => Context::Menu,
            Self::Prompt(_) => Context::Prompt,
            Self::Editor(_) => Context::Editor,
            Self::Form(_) | Self::Campaign(_) => Context::Form,
            Self::Quick(quick) => quick.context(),
            Self::Card(_) => Context::Card,
            Self::Board(_) => Context::Board,
            Self::Calendar(_) => Context::Calendar,
        }
    }

    /// The question whose answer fills it, while nothing is in it and what is pressed may be meant for that.
    ///
    /// What decides about something is looked at before: a menu of choices or of acts to undo is not among them.
    pub(super) fn awaits_content(&self) -> Option<u64> {
        match self {
            Self::Menu(menu) => match menu.waiting {
                Some((tag, Filling::Asks | Filling::Campaigns)) => {
                    Some(tag).filter(|_| menu.items.is_empty())
                }
                _ => None,
            },
            Self::Board(board) => board.waiting.filter(|_| board.shown.is_none()),
            Self::Calendar(calendar) => calendar.waiting.filter(|_| calendar.shown.is_none()),
            Self::Quick(quick) => quick.awaits_place(),
            Self::Prompt(prompt) => prompt.saving,
            _ => None,
        }
    }

    /// True when it stands in the prompt row instead of a box.
    pub const fn is_prompt(&self) -> bool {
        matches!(self, Self::Prompt(_) | Self::Quick(_))
    }
}

/// Gives a key to the topmost popup.
pub(super) fn key(state: &mut State, key: Key) {
    let Some(popup) = state.popups.pop() else { return };
    let depth = state.popups.len();
    let kept = match popup {
        Popup::Menu(menu) => menu.key(state, key),
        Popup::Prompt(prompt) => prompt.key(state, key),
        Popup::Editor(editor) => editor.key(state, key),
        Popup::Form(form) => form.key(state, key),
        Popup::Quick(quick) => quick.key(state, key),
        Popup::Card(card) => card.key(state, key),
        Popup::Import(import) => import.key(state, key),
        Popup::Board(board) => board.key(state, key),
        Popup::Calendar(calendar) => calendar.key(state, key),
        Popup::Campaign(form) => form.key(state, key),
    };
    keep(state, depth, kept);
}

/// Gives pasted text to the topmost popup.
pub(super) fn paste(state: &mut State, text: &str) {
    let Some(popup) = state.popups.pop() else { return };
    let depth = state.popups.len();
    let kept = match popup {
        Popup::Menu(menu) => menu.paste(state, text),
        Popup::Prompt(prompt) => prompt.paste(state, text),
        Popup::Editor(editor) => editor.paste(state, text),
        Popup::Form(form) => form.paste(state, text),
        Popup::Quick(quick) => quick.paste(state, text),
        Popup::Card(card) => Some(Popup::Card(card)),
        Popup::Import(import) => Some(Popup::Import(import)),
        Popup::Board(board) => Some(Popup::Board(board)),
        Popup::Calendar(calendar) => Some(Popup::Calendar(calendar)),
        Popup::Campaign(form) => form.paste(state, text),
    };
    keep(state, depth, kept);
}

/// Gives an answer to whichever popup waits for it.
pub(super) fn reply(state: &mut State, tag: u64, reply: &Reply) {
    for depth in 0..state.popups.len() {
        let waits = match state.popups.get(depth) {
            Some(Popup::Menu(menu)) => menu.waits_for(tag),
            Some(Popup::Prompt(prompt)) => prompt.waits_for(tag),
            Some(Popup::Form(form)) => form.waits_for(tag),
            Some(Popup::Quick(quick)) => quick.waits_for(tag),
            Some(Popup::Card(card)) => card.waits_for(tag),
            Some(Popup::Editor(editor)) => editor.waits_for(tag),
            Some(Popup::Import(import)) => import.waits_for(tag),
            Some(Popup::Board(board)) => board.waits_for(tag),
            Some(Popup::Calendar(calendar)) => calendar.waits_for(tag),
            Some(Popup::Campaign(form)) => form.waits_for(tag),
            None => false,
        };
        if !waits {
            continue;
        }
        let popup = state.popups.remove(depth);
        let kept = match popup {
            Popup::Menu(menu) => menu.reply(state, reply),
            Popup::Prompt(prompt) => prompt.reply(state, tag, reply),
            Popup::Form(form) => form.reply(state, tag, reply),
            Popup::Quick(quick) => quick.reply(state, tag, reply),
            Popup::Card(card) => card.reply(state, reply),
            Popup::Editor(editor) => editor.reply(state, tag, reply),
            Popup::Import(import) => import.reply(state, reply),
            Popup::Board(board) => board.reply(state, reply),
            Popup::Calendar(calendar) => calendar.reply(state, reply),
            Popup::Campaign(form) => form.reply(state, tag, reply),
        };
        keep(state, depth, kept);
        return;
    }
    // Whoever asked has been closed: an outcome is still worth saying.
    state.say_outcome(reply);
}

fn keep(state: &mut State, depth: usize, kept: Option<Popup>) {
    if let Some(popup) = kept {
        state.popups.insert(depth.min(state.popups.len()), popup);
    } else {
        // What was said of an edit is over with it.
        state.unsay(Words::UnsavedEdit);
        state.unsay(ComposeWords::NotPlanned);
        state.unsay(WritingWords::Choose);
    }
    state.dirty = true;
}
