//! The names of the views in the first row, as far as there is room for them and their counts.

use super::super::state::State;
use super::super::views::{Origin, Tab};
use crate::text::width;

/// The views in the header with what stands before their names: those on digits, and the one that is shown.
pub(super) fn slots(state: &State) -> Vec<(usize, String)> {
    let mut slots: Vec<(usize, String)> = (1..=9u8)
        .filter_map(|digit| state.tabs.by_digit(digit).map(|view| (view, digit.to_string())))
        .collect();
    if !slots.iter().any(|(view, _)| *view == state.view) {
        slots.push((state.view, "w".to_owned()));
    }
    slots
}

/// The names of the views as far as there is room, and the blanks between them: with all counts; with the counts of what
/// is owed; then names give way before those counts do, of plain lists first; at last numbers alone but for the view that
/// is shown. None is ever left out.
pub(super) fn names(state: &State, slots: &[(usize, String)], room: usize) -> (u16, Vec<String>) {
    let full = |(view, key): &(usize, String)| {
        let Some(tab) = state.tabs.get(*view) else { return String::new() };
        let count = state.view_count(*view);
        let count = count.map(|n| format!(" {n}")).unwrap_or_default();
        format!("{key} {}{}{count}", tab.name(state.lang), changed(tab))
    };
    // of how many columns names are, of plain lists and of those with something owed
    let cut = |lists: usize, owed: usize| {
        move |slot: &(usize, String)| {
            let columns = match (slot.0 == state.view, is_owed(slot.0)) {
                (true, _) => NAME,
                (_, true) => owed,
                (_, false) => lists,
            };
            short(state, slot, columns)
        }
    };
    let due_only = |slot: &(usize, String)| {
        if slot.0 == 0 || slot.0 == state.view { short(state, slot, NAME) } else { bare(state, slot, NAME) }
    };
    let numbers = |slot: &(usize, String)| {
        if slot.0 == state.view { short(state, slot, NAME) } else { slot.1.clone() }
    };
    let (short, lists, five, four) = (cut(NAME, NAME), cut(3, NAME), cut(3, 5), cut(3, 4));
    let (three, two, none) = (cut(1, 3), cut(0, 2), cut(0, 0));
    // before they go altogether lists keep a character each, for that names of what is owed are cut
    let letters = |owed: usize| {
        let cut = cut(3, owed);
        move |slot: &(usize, String)| lettered(state, slot).unwrap_or_else(|| cut(slot))
    };
    let (letter, letter_five, letter_four) = (letters(NAME), letters(5), letters(4));
    let tries: [(u16, &dyn Fn(&(usize, String)) -> String); 13] = [
        (2, &full),
        (1, &short),
        (1, &letter),
        (1, &letter_five),
        (1, &letter_four),
        (1, &lists),
        (1, &five),
        (1, &four),
        (1, &three),
        (1, &two),
        (1, &none),
        (1, &due_only),
        (1, &numbers),
    ];
    let mut last = (1, Vec::new());
    for (gap, name) in tries {
        let names: Vec<String> = slots.iter().map(name).collect();
        let columns: usize = names.iter().map(|name| width::width(name) + usize::from(gap)).sum();
        last = (gap, names);
        if columns <= room + usize::from(gap) {
            break;
        }
    }
    last
}

/// The most columns of a name in a narrow header.
const NAME: usize = 6;

/// True for a view that is not merely a list of what there is.
const fn is_owed(view: usize) -> bool {
    !matches!(view, 6..=8)
}

/// The mark of a view that filters or sorts by something else by now than it was saved with, or comes with.
fn changed(tab: &Tab) -> &'static str {
    if tab.is_changed() { "*" } else { "" }
}

/// As it can be read: a word of letters stands there whole or not at all.
fn whole(name: &str, columns: usize) -> &str {
    if name.len() <= columns { name } else { "" }
}

/// A list of the program by the one character that says what it holds: 8成 is no word for 成员, 8员 is one.
fn lettered(state: &State, (view, key): &(usize, String)) -> Option<String> {
    let tab = state.tabs.get(*view).filter(|_| *view != state.view)?;
    let name = tab.name(state.lang);
    let letter = match *view {
        6 if !name.is_ascii() => width::beginning(name, 2),
        7 if !name.is_ascii() => width::ending(name, 2),
        _ => return None,
    };
    Some(format!("{key}{letter}{}", changed(tab)))
}

/// A view without its count.
fn bare(state: &State, (view, key): &(usize, String), columns: usize) -> String {
    let Some(tab) = state.tabs.get(*view) else { return String::new() };
    let name = tab.name(state.lang);
    let cut = |name: &str| {
        let cut = if columns >= NAME {
            width::truncate(name, columns)
        } else {
            width::beginning(name, columns).into()
        };
        cut.into_owned()
    };
    let is_own = |tab: &Tab| !matches!(tab.origin, Origin::Builtin(_));
    let cut_alike = |other: &Tab| {
        let other_name = other.name(state.lang);
        is_own(other) && other_name != name && cut(other_name) == cut(name)
    };
    let name = if is_own(tab) && columns > 1 && state.tabs.iter().any(|(_, other)| cut_alike(other)) {
        // two views of one's own that begin alike are told apart by how they end
        width::ending(name, columns).into()
    } else if columns >= NAME {
        width::truncate(name, columns)
    } else if name.is_ascii() {
        whole(name, columns).into()
    } else if columns < 4 && !is_owed(*view) {
        // the beginning of such a name is no word
        "".into()
    } else {
        width::beginning(name, columns).into()
    };
    format!("{key}{name}{}", changed(tab))
}

/// A view in a narrow header.
fn short(state: &State, slot: &(usize, String), columns: usize) -> String {
    let name = bare(state, slot, columns);
    // a digit alone and a count would be two numbers
    let between = if name.ends_with(|c: char| c.is_ascii_digit()) { ":" } else { " " };
    let count = state.view_count(slot.0).filter(|n| *n > 0 && is_owed(slot.0));
    let count = count.map(|n| format!("{between}{n}")).unwrap_or_default();
    format!("{name}{count}")
}
