//! Which key does what: the registry's own keys, and over them what the user binds in a file.
//!
//! A binding belongs to a [`Context`]: one pane, all of them, a kind of popup, or everything that takes text. What a
//! narrower one binds wins over what a wider one binds ([`Context::chain`]). Where text is typed nothing of the panes
//! holds, so that letters stay letters. A
//! binding is one key or two in a row; a key that begins a chord never acts by itself in the same place, because no
//! prefix may time out into an action.
//!
//! One file because contexts, bindings and looking them up are one table.

use crossterm::event::KeyCode;

use super::key::{Key, sequence};
use super::registry::{Action, Entry, Section};
use super::state::Pane;
use crate::door::form::Kind;

/// Where a binding holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Context {
    /// Every pane, and popups that take no text.
    Global,
    Groups,
    List,
    Preview,
    Members,
    /// The list where it is one of groups, and where it is one of members: what is bound for their panes holds there, and
    /// what is bound for the list.
    ListOfGroups,
    ListOfMembers,
    /// A menu, a list to choose from.
    Menu,
    /// A page to read.
    Card,
    Calendar,
    /// An opened playbook.
    Board,
    /// Quick entry where it offers what to choose.
    Quick,
    /// Whatever takes text.
    Text,
    /// One line of typing.
    Prompt,
    /// Several lines of typing.
    Editor,
    Form,
}

impl Context {
    /// Every context that a file names, in the order of files.
    pub const ALL: [Self; 14] = [
        Self::Global,
        Self::Groups,
        Self::List,
        Self::Preview,
        Self::Members,
        Self::Menu,
        Self::Card,
        Self::Calendar,
        Self::Board,
        Self::Quick,
        Self::Text,
        Self::Prompt,
        Self::Editor,
        Self::Form,
    ];

    /// As files write it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::Groups | Self::ListOfGroups => "groups",
            Self::List => "list",
            Self::Preview => "preview",
            Self::Members | Self::ListOfMembers => "members",
            Self::Menu => "menu",
            Self::Card => "card",
            Self::Calendar => "calendar",
            Self::Board => "board",
            Self::Quick => "quick",
            Self::Text => "text",
            Self::Prompt => "prompt",
            Self::Editor => "editor",
            Self::Form => "form",
        }
    }

    /// Where a key is looked for, the narrower first.
    pub const fn chain(self) -> &'static [Self] {
        match self {
            Self::Global => &[Self::Global],
            Self::Groups => &[Self::Groups, Self::Global],
            Self::List => &[Self::List, Self::Global],
            Self::Preview => &[Self::Preview, Self::Global],
            Self::Members => &[Self::Members, Self::Global],
            Self::ListOfGroups => &[Self::Groups, Self::List, Self::Global],
            Self::ListOfMembers => &[Self::Members, Self::List, Self::Global],
            Self::Menu => &[Self::Menu, Self::Global],
            Self::Card => &[Self::Card, Self::Global],
            Self::Calendar => &[Self::Calendar, Self::Global],
            Self::Board => &[Self::Board, Self::Global],
            Self::Quick => &[Self::Quick, Self::Global],
            Self::Text => &[Self::Text],
            Self::Prompt => &[Self::Prompt, Self::Text],
            Self::Editor => &[Self::Editor, Self::Text],
            Self::Form => &[Self::Form, Self::Text],
        }
    }

    /// True where letters are typed.
    pub const fn takes_text(self) -> bool {
        matches!(self, Self::Text | Self::Prompt | Self::Editor | Self::Form)
    }

    /// True for panes and for all of them.
    pub const fn is_pane(self) -> bool {
        matches!(self, Self::Global | Self::Groups | Self::List | Self::Preview | Self::Members)
    }

    /// What a key of the registry is written for, and the key: `text:ctrl-s`, or `j` for everywhere.
    pub fn of_written(written: &str) -> (Self, &str) {
        let named = written.split_once(':').and_then(|(word, key)| {
            Some((Self::ALL.into_iter().find(|context| context.word() == word)?, key))
        });
        named.unwrap_or((Self::Global, written))
    }
}

impl Context {
    /// Of a pane, and of what its list is one.
    pub const fn of(pane: Pane, listed: Kind) -> Self {
        match (pane, listed) {
            (Pane::Groups, _) => Self::Groups,
            (Pane::List, Kind::Group) => Self::ListOfGroups,
            (Pane::List, Kind::Member) => Self::ListOfMembers,
            (Pane::List, _) => Self::List,
            (Pane::Preview, _) => Self::Preview,
            (Pane::Members, _) => Self::Members,
        }
    }
}

/// What a binding does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bound {
    Act(Action),
    /// A line as typed after `:`.
    Verb(String),
    /// The key does nothing here, although it would elsewhere.
    Nothing,
}

/// One binding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    pub context: Context,
    /// One key, or two.
    pub keys: Vec<Key>,
    pub bound: Bound,
}

/// What a press means, given the press before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    Act(Action),
    Verb(String),
    /// The beginning of a chord.
    Begins,
    Nothing,
}

/// Why a key may not do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsafe {
    /// A split escape sequence delivers its tail as a plain key.
    Tail,
    /// Esc and a letter look like Alt and the letter.
    Alt,
    /// Every escape sequence begins with it, and a split one delivers it alone.
    Head,
    /// Terminals or input methods keep it for themselves, or send it for another key.
    Taken,
}

/// Whether a key may be bound at all, and to something that writes.
pub fn danger(key: Key, writes: bool) -> Option<Unsafe> {
    let taken = match key.code {
        KeyCode::Char(c) if key.ctrl => "him[ .c".contains(c) || c.is_ascii_digit() || !c.is_ascii(),
        // a fullwidth one stands for its plain twin, and other Chinese for text that was meant for elsewhere
        KeyCode::Char(c) => !c.is_ascii(),
        _ => false,
    };
    if taken || (key.shift && key.code == KeyCode::F(3)) {
        return Some(Unsafe::Taken);
    }
    if !writes {
        return None;
    }
    match key.code {
        // focus reports end in I and O
        KeyCode::Char(c) if !key.ctrl && ("ABCDFHPQRS~IO".contains(c) || c.is_ascii_digit()) => {
            Some(Unsafe::Tail)
        }
        KeyCode::Esc => Some(Unsafe::Head),
        _ => key.alt.then_some(Unsafe::Alt),
    }
}

/// The bindings that hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keymap {
    /// The user's own first, so that they are the ones shown.
    bindings: Vec<Binding>,
}

impl Default for Keymap {
    /// The registry's own keys.
    fn default() -> Self {
        let of = |entry: &'static Entry| {
            entry.keys.iter().filter_map(|written| {
                let (context, written) = Context::of_written(written);
                Some(Binding { context, keys: sequence(written)?, bound: Bound::Act(entry.action) })
            })
        };
        Self { bindings: Action::all().iter().flat_map(of).collect() }
    }
}

impl Keymap {
    /// The registry's keys with others over them. What they bind must be free of [`Self::clash`].
    pub fn with(own: Vec<Binding>) -> Self {
        let mut keymap = Self::default();
        keymap.bindings.retain(|binding| !own.iter().any(|own| replaces(own, binding)));
        let default = std::mem::take(&mut keymap.bindings);
        keymap.bindings = own;
        keymap.bindings.extend(default);
        // all is said by its absence
        let widest = |context: Context| context.chain() == [context];
        keymap.bindings.retain(|b| !widest(b.context) || b.bound != Bound::Nothing);
        keymap
    }

    /// The binding that stands in another's way: the same keys once more, or one that acts on the other's first key. A
    /// pane's own key may stand before one of all panes.
    pub fn clash(own: &[Binding], at: usize) -> Option<usize> {
        let new = own.get(at)?;
        own.iter().take(at).position(|before| {
            let meets = before.context == new.context;
            let starts = before.keys.starts_with(&new.keys) || new.keys.starts_with(&before.keys);
            let chord = before.keys.len() != new.keys.len();
            let both_act = before.bound != Bound::Nothing && new.bound != Bound::Nothing;
            meets && starts && (!chord || both_act)
        })
    }

    /// The action that a chord's first key does by itself where the chord is to hold, unless something else was said.
    pub fn acts_alone(&self, context: Context, first: Key) -> Option<&Bound> {
        let alone = |wanted: Context| {
            self.bindings.iter().find(|b| b.context == wanted && b.keys == [first]).map(|b| &b.bound)
        };
        context.chain().iter().find_map(|place| alone(*place)).filter(|bound| **bound != Bound::Nothing)
    }

    /// Looks a press up in a pane, or where there is none.
    pub fn look_up(&self, context: Context, pending: Option<Key>, key: Key) -> Meaning {
        for place in context.chain() {
            let here = || self.bindings.iter().filter(|binding| binding.context == *place);
            let wanted: &[Key] = &[key];
            let chord = pending.map(|before| [before, key]);
            let keys = chord.as_ref().map_or(wanted, |chord| chord);
            let whole = here().find(|binding| binding.keys == keys).map(|binding| &binding.bound);
            let begins = || {
                here().any(|b| {
                    b.keys.len() > keys.len() && b.keys.starts_with(keys) && b.bound != Bound::Nothing
                })
            };
            match whole {
                // a chord may begin with a key that is silenced for it
                Some(Bound::Nothing) | None if begins() => return Meaning::Begins,
                Some(bound) => return bound.meaning(),
                None => {}
            }
        }
        Meaning::Nothing
    }

    /// What may follow the first key of a chord, and what it does.
    pub fn may_follow(&self, context: Context, first: Key) -> Vec<(Key, &Bound)> {
        let here = |binding: &&Binding| context.chain().contains(&binding.context);
        self.bindings
            .iter()
            .filter(here)
            .filter_map(|binding| match binding.keys.as_slice() {
                [before, second] if *before == first && binding.bound != Bound::Nothing => {
                    Some((*second, &binding.bound))
                }
                _ => None,
            })
            .collect()
    }

    /// The keys of an action as shown, the one to show first.
    pub fn keys_of(&self, action: Action) -> Vec<String> {
        self.bindings.iter().filter(|b| b.bound == Bound::Act(action)).map(Binding::shown).collect()
    }

    /// The key to show for an action; empty where it has none in the panes.
    pub fn key_of(&self, action: Action) -> String {
        let here = |b: &&Binding| b.bound == Bound::Act(action) && b.context.is_pane();
        self.bindings.iter().find(here).map(Binding::shown).unwrap_or_default()
    }

    /// The key to show for an action in a context: one of its own, else of a wider one; none where no key does it there.
    pub fn key_in(&self, context: Context, action: Action) -> Option<String> {
        let places = context.chain();
        let of = |place: &Context| {
            self.bindings.iter().find(|b| {
                let narrower = places.iter().take_while(|other| *other != place);
                let shadows = |other: &Context| {
                    self.bindings.iter().any(|own| own.context == *other && own.keys == b.keys)
                };
                b.context == *place && b.bound == Bound::Act(action) && !narrower.into_iter().any(shadows)
            })
        };
        places.iter().find_map(of).map(Binding::shown)
    }

    /// All keys of an action in the panes, as shown, blanks between; of what only popups do, those there.
    pub fn all_keys_of(&self, action: Action) -> String {
        let popup = action.entry().section == Section::Popup;
        let here = |b: &&Binding| b.bound == Bound::Act(action) && (popup || b.context.is_pane());
        let mut keys: Vec<String> = self.bindings.iter().filter(here).map(Binding::shown).collect();
        // the same key in two places
        keys.dedup();
        keys.join(" ")
    }

    /// Every binding, the user's own first.
    pub fn bindings(&self) -> &[Binding] {
        &self.bindings
    }
}

/// Whether a user's binding takes the place of one of the registry: the same keys everywhere, or a key that begins it.
fn replaces(own: &Binding, binding: &Binding) -> bool {
    own.context == binding.context && binding.keys.starts_with(&own.keys)
}

impl Bound {
    fn meaning(&self) -> Meaning {
        match self {
            Self::Act(action) => Meaning::Act(*action),
            Self::Verb(line) => Meaning::Verb(line.clone()),
            Self::Nothing => Meaning::Nothing,
        }
    }

    /// The action it comes to, and its row in the registry.
    pub fn entry(&self) -> Option<&'static Entry> {
        match self {
            Self::Act(action) => Some(action.entry()),
            Self::Verb(line) => {
                let verb = line.split(' ').next().unwrap_or_default();
                Action::all().iter().find(|entry| entry.verbs.contains(&verb) || entry.id == verb)
            }
            Self::Nothing => None,
        }
    }

    /// As files write it.
    pub fn written(&self) -> String {
        match self {
            Self::Act(action) => action.entry().id.to_owned(),
            Self::Verb(line) => format!(":{line}"),
            Self::Nothing => "none".to_owned(),
        }
    }
}

impl Binding {
    /// Its keys as people write them.
    pub fn shown(&self) -> String {
        self.keys.iter().map(Key::to_string).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn binding(context: Context, keys: &str, bound: Bound) -> Binding {
        Binding { context, keys: sequence(keys).unwrap(), bound }
    }

    #[test]
    fn the_registrys_keys_hold_where_nothing_else_is_said() {
        let keymap = Keymap::default();
        let g = Key::char('g');
        let here = |pending, key| keymap.look_up(Context::List, pending, key);
        assert_eq!(here(None, g), Meaning::Begins);
        assert_eq!(here(Some(g), g), Meaning::Act(Action::Top));
        assert_eq!(here(Some(g), Key::char('d')), Meaning::Nothing);
        assert_eq!(here(None, Key::char('d')), Meaning::Act(Action::Sent));
        assert_eq!(keymap.may_follow(Context::List, g).len(), 1);
        for entry in Action::all() {
            assert_eq!(keymap.keys_of(entry.action).len(), entry.keys.len(), "{}", entry.id);
        }
    }

    #[test]
    fn what_a_user_binds_stands_before_the_registry() {
        let keymap = Keymap::with(vec![
            binding(Context::Global, "ctrl-o", Bound::Act(Action::Sent)),
            binding(Context::Global, "d", Bound::Nothing),
            binding(Context::Preview, "j", Bound::Act(Action::PageDown)),
            binding(Context::List, "y", Bound::Nothing),
            binding(Context::List, "y g", Bound::Act(Action::SearchTerm)),
            binding(Context::Global, "f12", Bound::Verb("filter is:overdue".into())),
        ]);
        let up = |context, written: &str| {
            let keys = sequence(written).unwrap();
            match keys.as_slice() {
                [key] => keymap.look_up(context, None, *key),
                [first, key] => keymap.look_up(context, Some(*first), *key),
                _ => unreachable!(),
            }
        };
        assert_eq!(up(Context::List, "ctrl-o"), Meaning::Act(Action::Sent));
        assert_eq!(up(Context::List, "d"), Meaning::Nothing);
        assert_eq!(up(Context::List, "f3"), Meaning::Act(Action::Sent), "other keys of it stay");
        assert_eq!(keymap.all_keys_of(Action::Sent), "Ctrl-o F3");
        assert_eq!(keymap.key_of(Action::Sent), "Ctrl-o");
        assert_eq!(up(Context::List, "j"), Meaning::Act(Action::Next));
        assert_eq!(up(Context::Preview, "j"), Meaning::Act(Action::PageDown));
        assert_eq!(up(Context::List, "y"), Meaning::Begins);
        assert_eq!(up(Context::List, "y g"), Meaning::Act(Action::SearchTerm));
        assert_eq!(up(Context::Groups, "y"), Meaning::Act(Action::Copy));
        assert_eq!(up(Context::List, "f12"), Meaning::Verb("filter is:overdue".into()));
    }

    #[test]
    fn a_key_that_begins_a_chord_replaces_what_it_begins() {
        let keymap = Keymap::with(vec![binding(Context::Global, "g", Bound::Act(Action::Bottom))]);
        assert_eq!(keymap.look_up(Context::List, None, Key::char('g')), Meaning::Act(Action::Bottom));
        assert_eq!(keymap.key_of(Action::Top), "Home");
    }

    #[test]
    fn clashes_are_seen() {
        let own = vec![
            binding(Context::Global, "y", Bound::Act(Action::Copy)),
            binding(Context::List, "y", Bound::Act(Action::Raw)),
            binding(Context::Global, "y", Bound::Act(Action::Raw)),
            binding(Context::Global, "y y", Bound::Act(Action::Raw)),
            binding(Context::Global, "t", Bound::Nothing),
            binding(Context::Global, "t t", Bound::Act(Action::Raw)),
        ];
        let clashes: Vec<bool> = (0..own.len()).map(|at| Keymap::clash(&own, at).is_some()).collect();
        assert_eq!(clashes, [false, false, true, true, false, false]);
        let alone = Keymap::default();
        assert_eq!(alone.acts_alone(Context::List, Key::char('d')), Some(&Bound::Act(Action::Sent)));
        assert_eq!(alone.acts_alone(Context::List, Key::char('g')), None);
    }
}
