//! `[keys.CONTEXT]`: which key does what, checked against the registry.

use toml::de::{DeTable, DeValue};

use super::problem::{Reader, Wrong, shown};
use crate::text::near;
use crate::tui::key::read_sequence;
use crate::tui::keymap::{Binding, Bound, Context, Keymap, Unsafe, danger};
use crate::tui::registry::{Action, Section};

/// The keymap that a file's tables make; what is wrong in them is noted and left out.
pub(super) fn read(reader: &mut Reader<'_>, table: &DeTable<'_>) -> Keymap {
    let contexts = Context::ALL.map(Context::word);
    let mut own: Vec<(usize, Binding)> = Vec::new();
    for (name, value) in table {
        let Some(context) = Context::ALL.into_iter().find(|context| context.word() == name.get_ref()) else {
            reader.unknown_key(name.span().start, name.get_ref(), &contexts);
            continue;
        };
        let DeValue::Table(bindings) = value.get_ref() else {
            let key = format!("keys.{}", context.word());
            reader.not_a_word(value.span().start, &key, value.get_ref(), "[keys.list] \"d\" = \"sent\"");
            continue;
        };
        for (written, value) in bindings {
            let Some(keys) = read_sequence(written.get_ref()) else {
                let values = vec![("key", written.get_ref().to_string())];
                reader.error(written.span().start, Wrong::NoKey, values);
                continue;
            };
            if let Some(bound) = bound(reader, value.span().start, value.get_ref()) {
                own.push((written.span().start, Binding { context, keys, bound }));
            }
        }
    }
    // in the order of the file, so that the later of two is the one that clashes
    own.sort_by_key(|(at, _)| *at);
    let (mut bindings, mut places): (Vec<Binding>, Vec<usize>) = (Vec::new(), Vec::new());
    for (at, binding) in own {
        if let Some((wrong, values)) = misplaced(&binding).or_else(|| unsafe_words(&binding)) {
            reader.error(at, wrong, values);
            continue;
        }
        bindings.push(binding);
        places.push(at);
        if let Some(before) = Keymap::clash(&bindings, bindings.len() - 1) {
            let (line, _) = places.get(before).map(|at| reader.place(*at)).unwrap_or_default();
            let key = bindings.pop().map(|binding| binding.shown()).unwrap_or_default();
            reader.error(at, Wrong::Clash, vec![("key", key), ("line", line.to_string())]);
            places.pop();
        }
    }
    begins_a_chord(reader, &mut bindings, &mut places);
    out_of_reach(reader, &mut bindings, &places);
    let keymap = Keymap::with(bindings);
    if keymap.key_of(Action::Verbs).is_empty() && keymap.key_of(Action::Quit).is_empty() {
        reader.error(0, Wrong::NoWayOut, Vec::new());
        return Keymap::default();
    }
    for (context, action) in NEEDED {
        if keymap.key_in(context, action).is_none() {
            let values =
                vec![("action", action.entry().id.to_owned()), ("context", context.word().to_owned())];
            reader.error(0, Wrong::NoWayOutOf, values);
            return Keymap::default();
        }
    }
    keymap
}

/// What must be left a key, or a popup could not be left or ended.
const NEEDED: [(Context, Action); 13] = [
    (Context::Prompt, Action::Take),
    (Context::Prompt, Action::Leave),
    (Context::Prompt, Action::GiveUp),
    (Context::Editor, Action::Save),
    (Context::Editor, Action::Leave),
    (Context::Editor, Action::GiveUp),
    (Context::Form, Action::Save),
    (Context::Form, Action::Leave),
    (Context::Form, Action::GiveUp),
    (Context::Menu, Action::Open),
    (Context::Menu, Action::Back),
    (Context::Menu, Action::GiveUp),
    (Context::Board, Action::Back),
];

/// Why a binding would do nothing, or take a letter away where text is typed.
fn misplaced(binding: &Binding) -> Option<(Wrong, Vec<(&'static str, String)>)> {
    let context = binding.context;
    let named = ("context", context.word().to_owned());
    let typed = binding.keys.iter().find(|key| key.typed().is_some());
    if let (true, Some(key)) = (context.takes_text(), typed) {
        return Some((Wrong::TypesText, vec![("key", key.to_string()), named]));
    }
    let of_popups = binding.bound.entry().is_some_and(|entry| entry.section == Section::Popup);
    let paged = matches!(binding.bound, Bound::Act(Action::PageDown | Action::PageUp));
    let fits = match &binding.bound {
        Bound::Nothing => true,
        Bound::Verb(_) => context.is_pane(),
        Bound::Act(_) if context.takes_text() => of_popups || paged,
        Bound::Act(_) => !(of_popups && context.is_pane()),
    };
    if fits {
        return None;
    }
    let ids = Action::all().iter().filter(|entry| (entry.section == Section::Popup) == context.takes_text());
    let expected: Vec<&str> = ids.map(|entry| entry.id).take(16).collect();
    let values = vec![("action", binding.bound.written()), named, ("expected", expected.join(" "))];
    Some((Wrong::NotThere, values))
}

/// What a value names.
fn bound(reader: &mut Reader<'_>, at: usize, value: &DeValue<'_>) -> Option<Bound> {
    let text = match value {
        DeValue::String(text) => text.trim(),
        _ => "",
    };
    if text == "none" {
        return Some(Bound::Nothing);
    }
    let by_verb = text.strip_prefix(':').map(|line| Bound::Verb(line.trim().to_owned()));
    let by_id = || Action::all().iter().find(|entry| entry.id == text).map(|entry| Bound::Act(entry.action));
    let found = match by_verb {
        Some(verb) => Some(verb).filter(|verb| verb.entry().is_some()),
        None => by_id(),
    };
    if found.is_none() {
        let value = shown(value);
        let word = value.trim_start_matches(':').split(' ').next().unwrap_or_default();
        let names = Action::all().iter().map(|entry| entry.id).chain(["none"]);
        let verbs = Action::all().iter().flat_map(|entry| entry.verbs.iter().copied());
        let near = if value.starts_with(':') {
            near::nearest(word, verbs, 1).first().map(|verb| format!(":{verb}"))
        } else {
            near::nearest(word, names, 1).first().map(|name| (*name).to_owned())
        };
        match near {
            Some(near) => reader.error(at, Wrong::NoActionNear, vec![("value", value), ("near", near)]),
            None => reader.error(at, Wrong::NoAction, vec![("value", value)]),
        }
    }
    found
}

/// Why a binding would be a danger.
fn unsafe_words(binding: &Binding) -> Option<(Wrong, Vec<(&'static str, String)>)> {
    let entry = binding.bound.entry();
    // ending a popup can write what stands in it
    let ends =
        matches!(binding.bound, Bound::Act(Action::Take | Action::Save | Action::MakeGroup | Action::Open));
    let writes = ends || entry.is_some_and(|entry| entry.writes);
    let (key, why) = binding.keys.iter().find_map(|key| Some((key, danger(*key, writes)?)))?;
    if binding.bound == Bound::Nothing {
        return None;
    }
    let action = entry.map(|entry| entry.id.to_owned()).unwrap_or_default();
    Some(match why {
        Unsafe::Taken => (Wrong::Taken, vec![("key", key.to_string())]),
        Unsafe::Tail => (Wrong::OnATail, vec![("key", key.to_string()), ("action", action)]),
        Unsafe::Head => (Wrong::BeginsEscapes, vec![("key", key.to_string()), ("action", action)]),
        Unsafe::Alt => (Wrong::LikeAlt, vec![("key", key.to_string()), ("action", action)]),
    })
}

/// Single keys that begin a chord of the registry are noted and taken out: the chord would be gone without a word. Who
/// wants that says so of the chord first.
fn begins_a_chord(reader: &mut Reader<'_>, bindings: &mut Vec<Binding>, places: &mut Vec<usize>) {
    let registry = Keymap::default();
    let given_up =
        |chord: &Binding| bindings.iter().any(|own| own.bound == Bound::Nothing && own.keys == chord.keys);
    let clash = |binding: &Binding| {
        let chords = registry.bindings().iter().filter(|chord| chord.keys.len() == 2);
        let mut begun = chords.filter(|chord| chord.keys.starts_with(&binding.keys));
        let single = binding.keys.len() == 1 && binding.bound != Bound::Nothing;
        begun.find(|chord| single && !given_up(chord)).cloned()
    };
    let clashes: Vec<Option<Binding>> = bindings.iter().map(clash).collect();
    for (at, (binding, chord)) in places.iter().zip(bindings.iter().zip(&clashes)) {
        let Some(chord) = chord else { continue };
        let written = chord.keys.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        let values = vec![
            ("key", binding.shown()),
            ("chord", chord.shown()),
            ("action", chord.bound.written()),
            ("written", written),
        ];
        reader.error(*at, Wrong::BeginsChord, values);
    }
    let mut clashing = clashes.iter();
    bindings.retain(|_| clashing.next().is_some_and(Option::is_none));
    let mut clashing = clashes.iter();
    places.retain(|_| clashing.next().is_some_and(Option::is_none));
}

/// Chords whose first key acts by itself are noted and taken out: they would never be reached.
fn out_of_reach(reader: &mut Reader<'_>, bindings: &mut Vec<Binding>, places: &[usize]) {
    let keymap = Keymap::with(bindings.clone());
    let mut places = places.iter();
    bindings.retain(|binding| {
        let at = places.next().copied().unwrap_or_default();
        let [first, _] = binding.keys.as_slice() else { return true };
        if binding.bound == Bound::Nothing {
            return true;
        }
        let Some(alone) = keymap.acts_alone(binding.context, *first) else { return true };
        let values =
            vec![("key", binding.shown()), ("first", first.to_string()), ("action", alone.written())];
        reader.error(at, Wrong::ActsAlone, values);
        false
    });
}
