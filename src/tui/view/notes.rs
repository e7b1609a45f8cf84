//! The rows above the hints: what was said last. One row, or a few that one is too narrow for: for what was said in several
//! parts, and for what went wrong.

use super::super::keymap::Bound;
use super::super::state::{Note, State, Tone};
use super::super::theme::Role;
use super::super::words::Words;
use crate::text::width::{truncate, width, wrap};
use crate::tui::app::when;

/// What stands there, a text a row: one at least.
pub(super) fn rows(state: &State) -> (Role, Vec<String>) {
    let (role, text) = message(state);
    let columns = usize::from(state.size.0.saturating_sub(1));
    let is_whole = |note: &&Note| note.parts.len() > 1 || matches!(note.tone, Tone::Warning | Tone::Error);
    let note = state.note.as_ref().filter(|note| is_whole(note) && !is_chord(state));
    match note {
        Some(note) if width(&text) > columns => (role, apart(state, note, columns)),
        _ => (role, vec![text]),
    }
}

/// Each part from a row of its own, wrapped; of more rows than there is room for, the longest part gives way.
fn apart(state: &State, note: &Note, columns: usize) -> Vec<String> {
    let most = (usize::from(state.size.1) / 4).clamp(1, 5).max(note.parts.len());
    let part = |(at, part): (usize, &String)| {
        if at == 0 { wrap(&dated(state, note, part), columns) } else { wrap(part, columns) }
    };
    let mut parts: Vec<Vec<String>> = note.parts.iter().enumerate().map(part).collect();
    while parts.iter().map(Vec::len).sum::<usize>() > most {
        let longest = parts.iter_mut().max_by_key(|rows| rows.len());
        let Some(rows) = longest.filter(|rows| rows.len() > 1) else { break };
        let over = rows.split_off(rows.len() - 2).concat();
        rows.push(truncate(&over, columns).into_owned());
    }
    parts.concat()
}

fn is_chord(state: &State) -> bool {
    state.chord_shown && state.pending_key.is_some()
}

/// With the time at which it was said.
fn dated(state: &State, note: &Note, text: &str) -> String {
    note.at.map_or_else(|| text.to_owned(), |at| format!("{} {text}", when::clock(at, state.zone)))
}

/// The one row: what was said last, else what nobody has looked at yet.
fn message(state: &State) -> (Role, String) {
    if let (true, Some(first)) = (state.chord_shown, state.pending_key) {
        let next = state.start.keymap.may_follow(state.here(), first);
        let what = |bound: &Bound| match bound {
            Bound::Act(action) => action.entry().short(state.lang).to_owned(),
            other => other.written(),
        };
        let words: Vec<String> = next.iter().map(|(key, bound)| format!("{key} {}", what(bound))).collect();
        return (Role::Key, format!("{first} ..  {}", words.join("  ")));
    }
    if let Some(note) = &state.note {
        let role = match note.tone {
            Tone::Info => Role::Info,
            Tone::Done => Role::Done,
            Tone::Warning => Role::Warning,
            Tone::Error => Role::Error,
        };
        return (role, dated(state, note, &note.text));
    }
    if let Some(why) = &state.held {
        return (Role::Error, format!("{why}  {}", state.text(Words::ClockHint)));
    }
    if state.counts.alerts > 0 {
        let n = state.counts.alerts;
        return (Role::Warning, state.with_keys(Words::Unseen, &[("n", &n)]));
    }
    (Role::Info, String::new())
}
