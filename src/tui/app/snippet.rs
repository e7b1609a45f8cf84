//! 话术 on the screen: found by a word, filled for whom the cursor stands on, copied; written and changed in the editor.

use super::super::keymap::Context;
use super::super::popup::Popup;
use super::super::popup::editor::{Editor, Purpose};
use super::super::popup::prompt::{Prompt, PromptKind};
use super::super::state::{Link, Pending, State, Tone};
use super::super::words::Words;
use crate::book::Snippet;
use crate::door::detail::SnippetView;
use crate::door::{Command, Saw};
use crate::tui::line::Line;

impl State {
    /// Opens the list of snippets at what a text finds.
    pub(super) fn snippet_prompt(&mut self, text: &str) {
        let line = self.list().selected();
        let on = line.and_then(Line::object);
        let name = line.filter(|_| on.is_some()).map(|line| line.name().to_owned()).unwrap_or_default();
        let mut prompt = Prompt::new(PromptKind::Snippet { on, name, found: Vec::new() }, text);
        prompt.refresh(self);
        self.popups.push(Popup::Prompt(Box::new(prompt)));
    }

    /// Copies the snippet under the mark, or says why not.
    pub(super) fn use_snippet(&mut self, prompt: &Prompt) -> Result<(), String> {
        let Some(view) = chosen(prompt) else {
            return Err(self.fill_in(Context::Prompt, Words::NoSnippet, &[]));
        };
        let Some(copy) = &view.copy else { return Err(view.blocked.clone().unwrap_or_default()) };
        let (copy, name) = (copy.clone(), Snippet::from_page(&view.page).name);
        let count = self.copy_text(&copy);
        self.say(Tone::Done, self.fill(Words::SnippetCopied, &[("n", &count), ("name", &view.name)]));
        if !self.start.readonly && matches!(self.link, Link::Up) {
            self.command(Command::SnippetUsed { name }, Pending::Quiet);
        }
        Ok(())
    }

    /// The editor on the snippet under the mark, or on a new one that is called as was typed.
    pub(in crate::tui) fn edit_snippet(&mut self, prompt: &Prompt) {
        let (page, before) = match chosen(prompt) {
            Some(view) => (view.page.clone(), Some(Snippet::from_page(&view.page).name)),
            None => (prompt.field.text().trim().to_owned(), None),
        };
        let title = self.text(Words::SnippetTitle).to_owned();
        let hint = self.foot(Context::Editor, Words::SnippetEditHint, &[]);
        let mut editor = Editor::new(title, hint, &page, Purpose::Snippet(before.clone()));
        if before.is_some() {
            editor = editor.standing_on(Saw::Text(Some(page.clone())));
        }
        if before.is_none() && !page.is_empty() {
            editor.begin_line();
        }
        self.popups.push(Popup::Editor(Box::new(editor)));
    }

    /// Hands a page to the desk; an emptied one takes the snippet away.
    pub(super) fn save_snippet(
        &mut self,
        before: Option<String>,
        page: &str,
        saw: Option<Saw>,
    ) -> Option<u64> {
        let command = match before {
            Some(name) if page.trim().is_empty() => Command::SnippetRemove { name },
            before => Command::SnippetSet { before, snippet: Snippet::from_page(page) },
        };
        self.command_on(command, saw, Pending::Popup)
    }
}

fn chosen(prompt: &Prompt) -> Option<&SnippetView> {
    let PromptKind::Snippet { found, .. } = &prompt.kind else { return None };
    found.get(prompt.chosen)
}
