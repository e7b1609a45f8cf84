//! The form of a campaign when another has changed it: what nobody has typed over becomes what stands there now, beside
//! the rest that is shown.

use super::campaign::{CampaignForm, Row};
use super::standing::stands;
use crate::book::PlaybookId;
use crate::door::{Refusal, Saw};
use crate::tui::keymap::Context;
use crate::tui::state::State;

impl CampaignForm {
    /// Shows what another has written meanwhile, on which the form stands from here; false for any other refusal.
    pub(super) fn written_over(&mut self, state: &mut State, refusal: &Refusal) -> bool {
        if !self.standing.refused(state, refusal, Context::Form) {
            return false;
        }
        let Some(Saw::Campaign(now)) = &refusal.stands else { return true };
        let named = |id: &PlaybookId| {
            let known = self.names.iter().find(|(_, known)| known == id);
            known.cloned().unwrap_or_else(|| (id.to_string(), id.clone()))
        };
        let names: Vec<(String, PlaybookId)> = now.playbooks.iter().map(named).collect();
        let mut fresh = Self::new(Some((now, &names, &[])), state);
        let cursor = self.rows.get(self.cursor).map(|row| row.what);
        for mine in self.rows.drain(..) {
            let is_typed = mine.typed.text() != mine.begun;
            match fresh.rows.iter_mut().find(|row| row.what == mine.what) {
                Some(row) if is_typed => {
                    let is_other = row.begun != mine.begun && row.begun.trim() != mine.typed.text().trim();
                    row.error = if is_other { stands(state, &row.begun).into_iter().next() } else { None };
                    row.typed = mine.typed;
                }
                None if is_typed => fresh.rows.push(Row { begun: String::new(), ..mine }),
                _ => {}
            }
        }
        let at = |row: &Row| row.error.is_some() || Some(row.what) == cursor;
        self.cursor = fresh.rows.iter().position(at).unwrap_or(0);
        self.rows = fresh.rows;
        self.known = fresh.known;
        self.names.extend(names);
        self.notes = vec![refusal.words.clone()];
        true
    }
}
