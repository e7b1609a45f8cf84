//! Palettes: those that come with the program, a user's own files, and single roles that a user wants otherwise.
//!
//! A palette of a user's names another that it builds on, so that to change one colour nobody must write them all.

use ratatui::style::{Color, Modifier};
use toml::de::{DeTable, DeValue};

use super::config::problem::{Problem, Reader, Wrong, shown};
use super::theme::{Depth, Role, Theme};

const BUILT_IN: &[(&str, &str)] = &[
    ("dark", include_str!("../../themes/dark.toml")),
    ("light", include_str!("../../themes/light.toml")),
    ("contrast", include_str!("../../themes/contrast.toml")),
    ("sixteen", include_str!("../../themes/sixteen.toml")),
];

/// How deep palettes may build on each other.
const DEPTH_MAX: usize = 8;

const MODIFIERS: &[(&str, Modifier)] = &[
    ("bold", Modifier::BOLD),
    ("dim", Modifier::DIM),
    ("underlined", Modifier::UNDERLINED),
    ("reversed", Modifier::REVERSED),
    ("italic", Modifier::ITALIC),
];

/// What a role looks like; what is not said is left as it was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    pub fg: Option<Color>,
    pub bg: Option<Color>,
    pub modifiers: Option<Modifier>,
    /// A background was laid over, and nothing said of how it is shown.
    pub(super) painted: bool,
}

impl Look {
    /// Lays what another says over it.
    pub fn overlay(&mut self, over: &Self) {
        self.fg = over.fg.or(self.fg);
        self.bg = over.bg.or(self.bg);
        self.modifiers = over.modifiers.or(self.modifiers);
        self.painted = over.modifiers.is_none() && (self.painted || over.bg.is_some());
    }
}

/// One palette as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Palette {
    pub name: String,
    /// The one that says what this one does not; a user's builds on the first if it names none.
    pub inherits: Option<String>,
    /// Line and column where that is said.
    pub inherits_at: (u32, u32),
    pub looks: Vec<(Role, Look)>,
}

impl Palette {
    /// Reads a palette file. What is wrong is left out and told.
    pub fn read(toml: &str) -> (Self, Vec<Problem>) {
        let mut reader = Reader::new(toml);
        let Some(table) = reader.parse() else { return (Self::default(), reader.problems) };
        reader.unknown_keys(&table, &["name", "inherits", "roles"]);
        let mut text = |key: &str| {
            let value = table.get(key)?;
            let DeValue::String(text) = value.get_ref() else {
                reader.not_a_word(value.span().start, key, value.get_ref(), "\"...\"");
                return None;
            };
            Some(text.to_string())
        };
        let (name, inherits) = (text("name").unwrap_or_default(), text("inherits"));
        let inherits_at = table.get("inherits").map_or((1, 1), |value| reader.place(value.span().start));
        let looks = table.get("roles").map(|value| (value.span().start, value.get_ref()));
        let looks = match looks {
            Some((_, DeValue::Table(roles))) => read_roles(&mut reader, roles),
            Some((at, other)) => {
                reader.not_a_word(at, "roles", other, "[roles]");
                Vec::new()
            }
            None => Vec::new(),
        };
        (Self { name, inherits, inherits_at, looks }, reader.problems)
    }
}

/// Reads `role = { fg, bg, modifiers }` of each line of a table.
pub(super) fn read_roles(reader: &mut Reader<'_>, table: &DeTable<'_>) -> Vec<(Role, Look)> {
    let words: Vec<&str> = Role::ALL.iter().map(|role| role.word()).collect();
    let mut looks = Vec::new();
    for (name, value) in table {
        let Some(role) = Role::ALL.iter().find(|role| role.word() == name.get_ref()) else {
            reader.unknown_key(name.span().start, name.get_ref(), &words);
            continue;
        };
        let DeValue::Table(said) = value.get_ref() else {
            reader.not_a_word(value.span().start, role.word(), value.get_ref(), "{ fg = \"red\" }");
            continue;
        };
        reader.unknown_keys(said, &["fg", "bg", "modifiers"]);
        let mut look = Look::default();
        for (key, slot) in [("fg", &mut look.fg), ("bg", &mut look.bg)] {
            let Some(value) = said.get(key) else { continue };
            let read = match value.get_ref() {
                DeValue::String(name) => color(name),
                _ => None,
            };
            if read.is_none() {
                let values = vec![("role", role.word().to_owned()), ("value", shown(value.get_ref()))];
                reader.error(value.span().start, Wrong::NotAColour, values);
            }
            *slot = read;
        }
        if let Some(value) = said.get("modifiers") {
            look.modifiers = Some(read_modifiers(reader, *role, value.span().start, value.get_ref()));
        }
        looks.push((*role, look));
    }
    looks
}

fn read_modifiers(reader: &mut Reader<'_>, role: Role, at: usize, value: &DeValue<'_>) -> Modifier {
    let words = MODIFIERS.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(" ");
    let key = format!("{}.modifiers", role.word());
    let DeValue::Array(named) = value else {
        reader.not_a_word(at, &key, value, &words);
        return Modifier::empty();
    };
    let mut all = Modifier::empty();
    for value in named {
        let known = match value.get_ref() {
            DeValue::String(name) => MODIFIERS.iter().find(|(word, _)| word == name),
            _ => None,
        };
        match known {
            Some((_, modifier)) => all |= *modifier,
            None => reader.not_a_word(value.span().start, &key, value.get_ref(), &words),
        }
    }
    all
}

fn color(name: &str) -> Option<Color> {
    if let Some(hex) = name.strip_prefix('#') {
        let value = u32::from_str_radix(hex, 16).ok().filter(|_| hex.len() == 6)?;
        let [_, r, g, b] = value.to_be_bytes();
        return Some(Color::Rgb(r, g, b));
    }
    name.parse().ok()
}

/// The names of the palettes that come with the program.
pub fn built_in_names() -> Vec<&'static str> {
    BUILT_IN.iter().map(|(name, _)| *name).collect()
}

/// Every palette there is, and what is wanted otherwise in whichever is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Palettes {
    /// A user's own; of one name they stand before the program's.
    pub own: Vec<Palette>,
    pub over: Vec<(Role, Look)>,
}

impl Palettes {
    /// The names to choose from, the program's first.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = built_in_names().into_iter().map(str::to_owned).collect();
        let own = self.own.iter().map(|palette| palette.name.clone());
        names.extend(own.filter(|name| !built_in_names().contains(&name.as_str())));
        names
    }

    /// What is wrong with what the user's palettes build on, each with the palette's place among them.
    pub fn faults(&self) -> Vec<(usize, Problem)> {
        let mut faults = Vec::new();
        for (place, palette) in self.own.iter().enumerate() {
            let mut path = vec![palette.name.as_str()];
            let mut at = palette;
            while let Some(base) = &at.inherits {
                // a user's `dark` may build on the program's `dark`
                let own = self.own.iter().find(|own| own.name == *base).filter(|_| *base != at.name);
                let Some(next) = own else {
                    if path.len() == 1 && !built_in_names().contains(&base.as_str()) {
                        let values = vec![("value", base.clone()), ("expected", self.names().join(" "))];
                        faults.push((place, Problem::at(palette.inherits_at, Wrong::NoBase, values)));
                    }
                    break;
                };
                let round = path.contains(&base.as_str());
                path.push(base);
                if round {
                    // told of each that is in the circle, not of those that lead into it
                    if path.first() == path.last() {
                        let values = vec![("path", path.join(" > "))];
                        faults.push((place, Problem::at(palette.inherits_at, Wrong::BaseCycle, values)));
                    }
                    break;
                }
                at = next;
            }
        }
        faults
    }

    /// A palette by name, ready for a terminal; an unknown name is the first.
    pub fn theme(&self, name: &str, depth: Depth) -> Theme {
        let mut looks: Vec<Vec<(Role, Look)>> = vec![self.over.clone()];
        let mut wanted = name.to_owned();
        let mut of_user = true;
        for _ in 0..DEPTH_MAX {
            let own = self.own.iter().find(|palette| palette.name == wanted).filter(|_| of_user);
            let palette = own.cloned().unwrap_or_else(|| built_in(&wanted));
            // a user's `dark` may build on the program's `dark`
            let next = palette.inherits.or_else(|| own.map(|_| "dark".to_owned()));
            looks.push(palette.looks);
            let Some(next) = next else { break };
            of_user = next != wanted;
            wanted = next;
        }
        Theme::of(looks.iter().rev().flatten(), depth)
    }
}

fn built_in(name: &str) -> Palette {
    let found = BUILT_IN.iter().find(|(known, _)| *known == name).or_else(|| BUILT_IN.first());
    found.map(|(_, toml)| Palette::read(toml).0).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_palette_reads_and_knows_every_role() {
        for (name, toml) in BUILT_IN {
            let (palette, problems) = Palette::read(toml);
            assert_eq!(problems, Vec::new(), "{name}");
            assert_eq!(palette.name, *name);
            let theme = Theme::built_in(name, Depth::True);
            for role in Role::ALL {
                assert!(theme.knows(*role), "{name} {role:?}");
            }
            assert!(theme.style(Role::Selected).add_modifier.contains(Modifier::REVERSED), "{name}");
        }
    }

    #[test]
    fn a_background_of_ones_own_is_not_reversed() {
        let over = |toml: &str| Palettes { own: Vec::new(), over: Palette::read(toml).0.looks };
        let reversed = |palettes: &Palettes, depth| {
            palettes.theme("dark", depth).style(Role::Selected).add_modifier.contains(Modifier::REVERSED)
        };
        let own = over("[roles]\nselected = { fg = \"#ffffff\", bg = \"#264f78\" }\n");
        assert!(!reversed(&own, Depth::True));
        assert!(reversed(&own, Depth::None), "the row stays visible without colours");
        let wanted = over("[roles]\nselected = { bg = \"#264f78\", modifiers = [\"reversed\"] }\n");
        assert!(reversed(&wanted, Depth::True));
        assert!(reversed(&over("[roles]\nselected = { fg = \"#ffffff\" }\n"), Depth::True));
    }

    #[test]
    fn without_colours_only_modifiers_are_left() {
        for name in built_in_names() {
            let theme = Theme::built_in(name, Depth::None);
            for role in Role::ALL {
                assert!(matches!(theme.style(*role).fg, None | Some(Color::Reset)), "{role:?}");
                assert!(matches!(theme.style(*role).bg, None | Some(Color::Reset)), "{role:?}");
            }
        }
    }

    #[test]
    fn one_colour_is_changed_without_writing_all() {
        let (mut mine, problems) = Palette::read(
            "name = 'mine'\ninherits = 'light'\n[roles]\nhead = { fg = '#010203' }\nview = { modifiers = [] }\n",
        );
        assert_eq!(problems, Vec::new());
        let light = Theme::built_in("light", Depth::True);
        let over = vec![(Role::Done, Look { bg: Some(Color::Blue), ..Look::default() })];
        let palettes = Palettes { own: vec![mine.clone()], over: over.clone() };
        let theme = palettes.theme("mine", Depth::True);
        assert_eq!(theme.style(Role::Head).fg, Some(Color::Rgb(1, 2, 3)));
        assert_eq!(theme.style(Role::Head).add_modifier, light.style(Role::Head).add_modifier);
        assert_eq!(theme.style(Role::View).add_modifier, Modifier::empty());
        assert_eq!(theme.style(Role::Done).bg, Some(Color::Blue));
        assert_eq!(theme.style(Role::Done).fg, light.style(Role::Done).fg);
        assert_eq!(theme.style(Role::Overdue), light.style(Role::Overdue));
        assert_eq!(palettes.names(), ["dark", "light", "contrast", "sixteen", "mine"]);
        // one that has the name of another builds on that, and a circle ends
        mine.name = "light".to_owned();
        let palettes = Palettes { own: vec![mine], over };
        assert_eq!(palettes.theme("light", Depth::True).style(Role::Overdue), light.style(Role::Overdue));
        let (round, _) = Palette::read("name = 'a'\ninherits = 'b'");
        let (back, _) = Palette::read("name = 'b'\ninherits = 'a'");
        let palettes = Palettes { own: vec![round, back], over: Vec::new() };
        palettes.theme("a", Depth::True);
        let faults = palettes.faults();
        let said: Vec<_> = faults
            .iter()
            .map(|(place, problem)| (*place, problem.line, problem.sentence(crate::text::lang::Lang::En)))
            .collect();
        assert_eq!(said[0], (0, 2, "inherits leads back to itself: a > b > a".to_owned()));
        assert_eq!(said.len(), 2);
        let (typo, _) = Palette::read("name = 'c'\ninherits = 'ligt'");
        let (fine, _) = Palette::read("name = 'dark'\ninherits = 'dark'");
        let faults = Palettes { own: vec![typo, fine], over: Vec::new() }.faults();
        let [(0, problem)] = faults.as_slice() else { panic!("{faults:?}") };
        assert!(problem.sentence(crate::text::lang::Lang::ZhCn).contains("没有“ligt”这个主题"));
    }

    #[test]
    fn mistakes_are_named_with_their_place() {
        let check = |toml: &str, line: u32, words: &str, is_warning: bool| {
            let (_, problems) = Palette::read(toml);
            let [problem] = problems.as_slice() else { panic!("{toml}: {problems:?}") };
            let said = problem.sentence(crate::text::lang::Lang::En);
            assert!(said.contains(words), "{said}");
            assert_eq!((problem.line, problem.is_warning), (line, is_warning), "{toml}");
        };
        check("name = 'x'\n[roles]\nhead = { fg = 'mauve!' }", 3, "mauve!", false);
        check("name = 'x'\n[roles]\nhaed = {}", 3, "did you mean head", true);
        check("[roles]\nhead = { modifiers = ['loud'] }", 2, "bold dim", false);
        check("[roles]\nhead = { colour = 'red' }", 2, "colour", true);
        check("[roles]\nhead = 3", 2, "fg", false);
        check("inherits = [", 1, "no TOML", false);
    }
}
