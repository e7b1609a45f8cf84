//! What is being written stands on what was seen when its form opened. Where another has changed that since, the desk
//! writes nothing: what was typed stays, what stands now is shown beside it, and to send it again is to know that.

use std::time::Duration;

use crate::door::{Refusal, Saw};
use crate::tui::keymap::Context;
use crate::tui::state::{State, Tone};

/// What is pressed this soon after it was refused was meant for before.
const DEAF_FOR: Duration = Duration::from_millis(400);

crate::words! {
    enum StandingWords {
        WriteOver { save } => ["再按 {save} 就按你写的存", "再按 {save} 就按你寫的存", "{save} again writes yours over it"],
        WriteOverLine { take } => ["再按 {take} 就按你写的存", "再按 {take} 就按你寫的存", "{take} again writes yours over it"],
        StandsNow { value } => ["现在是: {value}", "現在是: {value}", "now: {value}"],
        StandsEmpty => ["现在是空的", "現在是空的", "now it is empty"],
    }
}

/// What a form stands on.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    saw: Option<Saw>,
    /// What stands there by now, where that is another thing than what it began with.
    pub now: Vec<String>,
    deaf_until: Duration,
}

impl Standing {
    /// On what was seen.
    pub fn on(saw: Saw) -> Self {
        Self { saw: Some(saw), ..Self::default() }
    }

    /// The same where anything was.
    pub fn seen(saw: Option<Saw>) -> Self {
        Self { saw, ..Self::default() }
    }

    /// What is sent beside what was written.
    pub fn saw(&self) -> Option<Saw> {
        self.saw.clone()
    }

    /// Shows what it stands on beside what was written before, where that is anything.
    pub(in crate::tui) fn show(&mut self, state: &State) {
        if let Some(Saw::Text(Some(text)) | Saw::Wrong { text: Some(text), .. }) = &self.saw {
            self.now = stands(state, text);
        }
    }

    /// Another was faster: stands on what is there now. False for any other refusal.
    pub(in crate::tui) fn refused(&mut self, state: &mut State, refusal: &Refusal, context: Context) -> bool {
        let Some(saw) = &refusal.stands else { return false };
        match saw {
            Saw::Text(text) => self.now = stands(state, text.as_deref().unwrap_or_default()),
            Saw::Wrong { text, .. } => {
                self.now = text.iter().flat_map(|text| stands(state, text)).collect();
            }
            _ => {}
        }
        self.saw = Some(saw.clone());
        self.deaf_until = state.mono + DEAF_FOR;
        // what was typed ahead was for what comes after it
        state.drop_held_keys();
        let again = match context {
            Context::Prompt => StandingWords::WriteOverLine,
            _ => StandingWords::WriteOver,
        };
        let again = state.fill_in(context, again, &[]);
        state.say_parts(Tone::Warning, &[refusal.words.clone(), again]);
        true
    }

    /// True where nobody can have read yet what was refused.
    pub(in crate::tui) fn is_unread(&self, state: &State) -> bool {
        state.mono < self.deaf_until
    }
}

/// What stands there, as it is shown.
pub(in crate::tui) fn stands(state: &State, text: &str) -> Vec<String> {
    if text.trim().is_empty() {
        return vec![StandingWords::StandsEmpty.text(state.lang).to_owned()];
    }
    let mut lines = text.trim_end().lines();
    let first = StandingWords::StandsNow.fill(state.lang, &[("value", &lines.next().unwrap_or_default())]);
    std::iter::once(first).chain(lines.map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn all_languages_say_the_same() {
        assert_eq!(crate::text::lang::faults::<super::StandingWords>(), Vec::<String>::new());
    }
}
