//! What is being written in a form and is not handed over: kept aside while it is written, and offered when that form is
//! opened again.
//!
//! What is kept follows what is open: a text that changed is kept at the next timer, one whose form is gone, be it saved
//! or left, is kept no longer. So only a screen that ended under its user leaves something behind.

use std::collections::BTreeMap;
use std::time::Duration;

use super::super::drafts::Unfinished;
use super::super::event::{Effect, Timer};
use super::super::popup::editor::Purpose;
use super::super::popup::{Choice, Item, Menu, Popup, PromptKind};
use super::super::state::State;
use super::draft::Draft;
use crate::book::{ObjectId, TaskId};
use crate::door::detail::AskView;

/// How often a text that is being written is kept.
const KEEP_EVERY: Duration = Duration::from_secs(2);

/// A line of fewer characters is typed again sooner than it is read.
const LINE_MIN: usize = 8;

/// Lines of a text that stand above the choice to go on with it.
const TOLD: usize = 4;

/// What is pressed this long after the offer came was meant for the form.
const DEAF_FOR: Duration = Duration::from_millis(400);

crate::words! {
    pub(in crate::tui) enum WritingWords {
        Left => ["上次没写完的", "上次沒寫完的", "not finished last time"],
        GoOn { take } => ["接着写 ({take})", "接著寫 ({take})", "write on ({take})"],
        Drop { give_up } => ["不要 ({give_up})", "不要 ({give_up})", "drop it ({give_up})"],
        Choose { take, give_up } => ["{take} 接着写, {give_up} 不要", "{take} 接著寫, {give_up} 不要", "{take} writes on, {give_up} drops it"],
    }
}

/// Texts by the form that they are written in.
#[derive(Clone, Debug, Default)]
pub struct Writing {
    /// As they are kept by now.
    kept: BTreeMap<String, String>,
    /// Left behind by an earlier screen.
    left: BTreeMap<String, String>,
    /// The timer that keeps them runs.
    armed: bool,
}

impl State {
    /// What an earlier screen left behind.
    pub(super) fn unfinished_read(&mut self, texts: Vec<Unfinished>) {
        for Unfinished { store: _, place, text } in texts {
            if !self.writing.kept.contains_key(&place) {
                self.writing.left.insert(place, text);
            }
        }
    }

    /// After every event: offers what was left in the form that was opened, and sees to it that what is written is kept.
    pub(super) fn watch_writing(&mut self) {
        if self.popups.is_empty() && self.writing.kept.is_empty() {
            return;
        }
        self.offer_left();
        // a form lies open through many events: its text is compared where it is
        let written = self.written();
        let kept = &self.writing.kept;
        let gone: Vec<String> = kept.keys().filter(|place| !written.contains_key(*place)).cloned().collect();
        let changed = written.iter().any(|(place, text)| kept.get(place).map(String::as_str) != Some(*text));
        for place in gone {
            self.writing.kept.remove(&place);
            self.effect(Effect::DropText(place));
        }
        if changed && !self.writing.armed {
            self.writing.armed = true;
            self.effect(Effect::SetTimer { timer: Timer::Writing, after: KEEP_EVERY });
        }
    }

    /// Keeps what has changed.
    pub(super) fn keep_writing(&mut self) {
        self.writing.armed = false;
        let kept = &self.writing.kept;
        let is_new = |(place, text): &(String, &str)| kept.get(place).map(String::as_str) != Some(*text);
        let new: Vec<(String, String)> =
            self.written().into_iter().filter(is_new).map(|(place, text)| (place, text.to_owned())).collect();
        for (place, text) in new {
            self.writing.kept.insert(place.clone(), text.clone());
            let store = self.store_id.clone();
            self.effect(Effect::KeepText(Box::new(Unfinished { store, place, text })));
        }
    }

    fn written(&self) -> BTreeMap<String, &str> {
        self.popups.iter().flat_map(|popup| before_it(popup).into_iter().chain(written_in(popup))).collect()
    }

    fn offer_left(&mut self) {
        let Some(place) = self.popups.last().and_then(place_of) else { return };
        let Some(text) = self.writing.left.remove(&place) else { return };
        self.writing.kept.insert(place.clone(), text.clone());
        let say = |words: WritingWords| self.fill_in(super::super::keymap::Context::Menu, words, &[]);
        let title = say(WritingWords::Left);
        let items = vec![
            Item::new(say(WritingWords::GoOn), "", Choice::WriteOn { place, text: text.clone() }),
            Item::new(say(WritingWords::Drop), "", Choice::Close),
        ];
        let mut menu = Menu::new(title, items);
        menu.digits = false;
        menu.notes = text.lines().take(TOLD).map(str::to_owned).collect();
        menu.deaf_until = self.mono + DEAF_FOR;
        self.popups.push(Popup::Menu(Box::new(menu)));
        self.dirty = true;
    }

    /// Puts the text that was left into the form that lies open.
    pub(super) fn write_on(&mut self, text: &str) {
        match self.popups.last_mut() {
            Some(Popup::Editor(_)) => {
                if let Some(Popup::Editor(mut editor)) = self.popups.pop() {
                    // what is there may have been changed since it was left
                    editor.standing.show(self);
                    editor.write_anew(text);
                    self.popups.push(Popup::Editor(editor));
                }
            }
            Some(Popup::Quick(quick)) => quick.field.set(text),
            Some(Popup::Prompt(_)) => {
                if let Some(Popup::Prompt(mut prompt)) = self.popups.pop() {
                    prompt.standing.show(self);
                    prompt.field.set(text);
                    prompt.refresh(self);
                    self.popups.push(Popup::Prompt(prompt));
                }
            }
            _ => {}
        }
    }
}

/// Which form a popup is, where a text of some length is written in it.
fn place_of(popup: &Popup) -> Option<String> {
    match popup {
        Popup::Editor(editor) => Some(match &editor.purpose {
            Purpose::Rewrite(task) => format!("rewrite {task}"),
            Purpose::CorrectText { task, part, .. } => of_correction(*task, *part),
            Purpose::CorrectNotice { task, part, .. } => format!("notice {task} {part:?}"),
            Purpose::Groups => "groups".to_owned(),
            Purpose::Ask(ask) => of_ask(ask),
            Purpose::Snippet(name) => format!("snippet {}", name.as_deref().unwrap_or_default()),
            Purpose::Compose(draft) => of_one_off(draft),
        }),
        Popup::Prompt(prompt) => match &prompt.kind {
            PromptKind::Note { on, .. } => Some(of_objects("note", on)),
            PromptKind::Follow { on, .. } => Some(of_objects("follow", on)),
            PromptKind::Ask(ask) => Some(of_ask(ask)),
            _ => None,
        },
        Popup::Quick(quick) => quick.place_written(),
        _ => None,
    }
}

fn of_correction(task: TaskId, part: Option<u16>) -> String {
    format!("correct {task} {part:?}")
}

fn of_one_off(draft: &Draft) -> String {
    format!("compose {:?}", draft.compose.to)
}

fn of_ask(ask: &AskView) -> String {
    let group = ask.group.as_ref().map(|group| group.id.to_string()).unwrap_or_default();
    format!("ask {} {} {} {group}", ask.playbook.id, ask.run, ask.key)
}

fn of_objects(what: &str, on: &[ObjectId]) -> String {
    on.iter().fold(what.to_owned(), |place, id| format!("{place} {id}"))
}

/// What was written in the form before a popup, which is handed over with what is written in this one.
fn before_it(popup: &Popup) -> Option<(String, &str)> {
    let Popup::Editor(editor) = popup else { return None };
    let Purpose::CorrectNotice { task, part, text } = &editor.purpose else { return None };
    Some((of_correction(*task, *part), text))
}

/// Whether a line is typed again less soon than it is read.
pub(in crate::tui) fn would_be_missed(line: &str) -> bool {
    line.trim().chars().count() >= LINE_MIN
}

/// What is written in a popup that would be missed, and in which form.
fn written_in(popup: &Popup) -> Option<(String, &str)> {
    fn of_draft(draft: &Draft) -> Option<(String, &str)> {
        let text = draft.compose.text.as_str();
        (!text.trim().is_empty()).then(|| (of_one_off(draft), text))
    }
    fn line(text: &str) -> Option<&str> {
        would_be_missed(text).then_some(text)
    }
    match popup {
        Popup::Menu(menu) => match menu.items.first().map(|item| &item.choice) {
            Some(Choice::WriteOn { place, text }) => Some((place.clone(), text)),
            _ => State::looked_at(menu).and_then(of_draft),
        },
        Popup::Editor(editor) => Some((place_of(popup)?, editor.written()?)),
        Popup::Prompt(prompt) => match &prompt.kind {
            PromptKind::ComposeWhom(draft)
            | PromptKind::ComposeWhen(draft)
            | PromptKind::ComposeUntil(draft)
            | PromptKind::ComposeAccount(draft)
            | PromptKind::ComposeTitle(draft) => of_draft(draft),
            _ => Some((place_of(popup)?, line(prompt.field.text())?)),
        },
        Popup::Quick(quick) => Some((place_of(popup)?, line(quick.field.text())?)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn all_languages_say_the_same() {
        assert_eq!(crate::text::lang::faults::<super::WritingWords>(), Vec::<String>::new());
    }
}
