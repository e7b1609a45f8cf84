//! `!`: a text is wrong. Who got it and what can still be taken back; the rest is halted and written anew.

use super::super::keymap::Context;
use super::super::popup::editor::Purpose;
use super::super::popup::listed::Listed;
use super::super::popup::menu::Filling;
use super::super::popup::{Choice, Editor, Item, Menu, Popup};
use super::super::state::{Pending, State, Tone};
use super::super::words::Words;
use crate::book::{TaskId, Timestamp};
use crate::door::reply::{Edited, Got, Outcome, Recall, Spread};
use crate::door::request::Request;
use crate::door::{Command, Saw};

/// How many who got a wrong text are named.
const SPREAD_NAMED: usize = 6;

/// Of how many that were edited by hand the list can be opened.
const IDS: usize = 40;

crate::words! {
    enum CorrectWords {
        Edited { n } => ["另有手改过的 {n} 条, 不跟着改:", "另有手改過的 {n} 條, 不跟著改:", "{n} edited by hand do not follow:"],
        Unsent => ["还没发", "還沒發", "not sent"],
        Part { n } => ["第 {n} 段写错了", "第 {n} 段寫錯了", "part {n} is wrong"],
        Open { n } => ["打开手改过的 {n} 条", "打開手改過的 {n} 條", "open the {n} edited by hand"],
        OpenNote => ["一条一条看", "一條一條看", "to look at each"],
    }
}

impl State {
    /// `!`: what was sent or is about to be sent is wrong.
    pub(super) fn correct(&mut self) {
        let Some(task) = self.task().cloned() else { return };
        let mut menu = Menu::new(
            self.text(Words::CorrectTitle),
            vec![
                Item::new(
                    self.text(Words::CorrectGo),
                    self.text(Words::CorrectGoNote),
                    Choice::Correct { task: task.id, part: None, text: None, got: None },
                ),
                Item::new(self.text(Words::Cancel), "", Choice::Close),
            ],
        );
        menu.notes.push(self.text(Words::Waiting).to_owned());
        menu.waiting = Some((self.ask(Request::Spread(task.id), Pending::Popup), Filling::Notes));
        self.popups.push(Popup::Menu(Box::new(menu)));
    }

    /// Puts how far a text has got into the menu that asked, and the text as it is to be edited.
    pub(in crate::tui) fn take_spread(&self, menu: &mut Menu, spread: &Spread) {
        (menu.notes, menu.lists) = self.spread_notes(spread);
        if !spread.edited.is_empty() {
            let ids: Vec<String> = spread.edited.iter().take(IDS).map(|edited| edited.task.short()).collect();
            let open = CorrectWords::Open.fill(self.lang, &[("n", &ids.len())]);
            let list = Choice::List(format!("id:{}", ids.join(",")));
            let at = menu.items.len().saturating_sub(1);
            menu.items.insert(at, Item::new(open, CorrectWords::OpenNote.text(self.lang), list));
        }
        let is_meant = |item: &Item| matches!(item.choice, Choice::Correct { .. });
        let Some(at) = menu.items.iter().position(is_meant) else { return };
        let Some(Item { choice: Choice::Correct { text, got, task, .. }, .. }) = menu.items.get_mut(at)
        else {
            return;
        };
        *got = Some((spread.got, self.now()));
        if spread.texts.len() < 2 {
            *text = (!spread.text.is_empty()).then(|| spread.text.clone());
            return;
        }
        // which of them is wrong
        let (task, got) = (*task, *got);
        let parts = spread.texts.iter().map(|(part, text)| {
            let words = CorrectWords::Part.fill(self.lang, &[("n", &(part + 1))]);
            let line = text.trim().lines().next().unwrap_or_default().to_owned();
            Item::new(words, line, Choice::Correct { task, part: Some(*part), text: Some(text.clone()), got })
        });
        let parts: Vec<_> = parts.collect();
        menu.items.splice(at..=at, parts);
    }

    /// How far a text has got, as sentences, and what can still be taken back.
    fn spread_notes(&self, spread: &Spread) -> (Vec<String>, Vec<Listed>) {
        let mut notes = vec![self.fill(Words::CorrectPending, &[("n", &spread.pending)])];
        let got = self.fill(Words::CorrectGotAll, &[("n", &spread.got)]);
        notes.push(if spread.filled.is_empty() { got } else { format!("{got}: {}", spread.filled) });
        if spread.others > 0 {
            notes.push(self.fill(Words::CorrectOthers, &[("n", &spread.others)]));
        }
        let can_recall = |got: &&Got| matches!(got.recall, Recall::Until(until) if self.now() < until);
        let recalled = spread.named.iter().filter(can_recall).count();
        if recalled > SPREAD_NAMED {
            notes.push(self.fill(Words::CorrectRecall, &[("n", &recalled)]));
        }
        let line = |got: &Got| {
            let words = match got.recall {
                Recall::Until(until) if self.now() < until => Words::CorrectGotNow,
                Recall::Always => Words::CorrectGotPost,
                Recall::Until(_) | Recall::Never => Words::CorrectGot,
            };
            let line = self.fill(words, &[("name", &got.name), ("at", &self.say_past(got.at))]);
            let said = Some(&got.said).filter(|said| !said.is_empty() && **said != spread.filled);
            said.map_or_else(|| line.clone(), |said| format!("{line}  {said}"))
        };
        let lines: Vec<String> = spread.named.iter().take(SPREAD_NAMED).map(line).collect();
        let more = (spread.got as usize).saturating_sub(lines.len());
        let mut lists = vec![Listed { at: notes.len(), lines, more }];
        if !spread.edited.is_empty() {
            notes.push(CorrectWords::Edited.fill(self.lang, &[("n", &spread.edited.len())]));
        }
        let line = |edited: &Edited| {
            let unsent = || CorrectWords::Unsent.text(self.lang).to_owned();
            let at = edited.at.map_or_else(unsent, |at| self.say_past(at));
            format!("{at} {}  {}", edited.name, edited.said)
        };
        let lines: Vec<String> = spread.edited.iter().take(SPREAD_NAMED).map(line).collect();
        let more = spread.edited.len() - lines.len();
        lists.push(Listed { at: notes.len(), lines, more });
        let stands = spread.stands.iter();
        notes.extend(stands.map(|place| self.fill(Words::CorrectStands, &[("place", place)])));
        (notes, lists)
    }

    /// Nobody sends it any more while it is written anew; what was halted stays so if it is not.
    pub(super) fn correct_text(
        &mut self,
        (task, part): (TaskId, Option<u16>),
        text: Option<String>,
        got: Option<(u32, Timestamp)>,
    ) {
        self.command(Command::Halt { task }, Pending::Command);
        let shown = || self.main.text(task)?.parts.iter().find_map(|part| part.copy.clone());
        let text = text.or_else(shown);
        let editor = self.correct_editor((task, part), &text.unwrap_or_default(), got.map(|(got, _)| got));
        let editor = match got {
            Some((_, at)) => editor.standing_on(Saw::Wrong { at, text: None }),
            None => editor,
        };
        self.popups.push(Popup::Editor(Box::new(editor)));
    }

    /// The right text is written; `got` is how many had the wrong one, where that is known.
    fn correct_editor(&self, (task, part): (TaskId, Option<u16>), text: &str, got: Option<u32>) -> Editor {
        Editor::new(
            self.text(Words::CorrectTextTitle).to_owned(),
            self.foot(Context::Editor, Words::EditHint, &[]),
            text,
            Purpose::CorrectText { task, part, got },
        )
    }

    /// A correction is made: what it leaves wrong is more than a line of messages has room for.
    pub(in crate::tui) fn was_corrected(&mut self, purpose: &Purpose, outcome: &Outcome) {
        let is_correction = matches!(purpose, Purpose::CorrectText { .. } | Purpose::CorrectNotice { .. });
        if !is_correction || outcome.warnings.is_empty() {
            return;
        }
        let close = Item::new(self.text(Words::Understood), "", Choice::Close);
        let mut menu = Menu::new(outcome.words.clone(), vec![close]);
        menu.notes.extend(outcome.warnings.iter().cloned());
        self.popups.push(Popup::Menu(Box::new(menu)));
    }

    /// Something that was being written is left: of a correction, what was halted stays so, and what was written before
    /// the notice is not lost with it.
    pub(in crate::tui) fn left_writing(&mut self, purpose: &Purpose, saw: Option<Saw>) {
        match purpose {
            Purpose::CorrectNotice { task, part, text } => {
                // it is not the text that is being corrected: it is written, and would be lost
                let mut editor = self.correct_editor((*task, *part), "", None);
                editor.write_anew(text);
                let editor = match saw {
                    Some(saw) => editor.standing_on(saw),
                    None => editor,
                };
                self.popups.push(Popup::Editor(Box::new(editor)));
            }
            Purpose::CorrectText { .. } => {
                let words = self.with_keys(Words::StillHalted, &[]);
                self.say(Tone::Warning, words);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn all_languages_say_the_same() {
        assert_eq!(crate::text::lang::faults::<super::CorrectWords>(), Vec::<String>::new());
    }
}
