//! Roles to colours: a palette per file, mapped down to what the terminal can show.
//!
//! Panes ask for a [`Role`], never for a colour. Where colours are not wanted every colour becomes the terminal's own
//! before anything is written (a reset sent by the backend would cancel reversed rows), and modifiers carry the rest.

use std::collections::HashMap;

use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;

/// What a piece of the screen is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    Text,
    Dim,
    Head,
    View,
    Column,
    Selected,
    /// The selected row of a pane without the focus.
    Parked,
    Marked,
    Overdue,
    State,
    Rule,
    Title,
    Next,
    Prompt,
    Fault,
    Key,
    Info,
    Done,
    Warning,
    Error,
}

/// How many colours there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Depth {
    /// Attributes only.
    None,
    #[default]
    Sixteen,
    TwoFiftySix,
    True,
}

impl Depth {
    /// Chooses from the environment: `NO_COLOR`, `COLORTERM`, `TERM`.
    pub fn from_environment(no_color: Option<&str>, color_term: Option<&str>, term: Option<&str>) -> Self {
        if no_color.is_some_and(|value| !value.is_empty()) {
            Self::None
        } else if matches!(color_term, Some("truecolor" | "24bit")) {
            Self::True
        } else {
            match term {
                Some("dumb") => Self::None,
                Some(term) if term.contains("256color") => Self::TwoFiftySix,
                _ => Self::Sixteen,
            }
        }
    }
}

#[derive(Deserialize)]
struct File {
    name: String,
    roles: HashMap<Role, Look>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Look {
    fg: Option<String>,
    bg: Option<String>,
    #[serde(default)]
    modifiers: Vec<String>,
}

const BUILT_IN: &[(&str, &str)] = &[
    ("dark", include_str!("../../themes/dark.toml")),
    ("light", include_str!("../../themes/light.toml")),
    ("contrast", include_str!("../../themes/contrast.toml")),
    ("sixteen", include_str!("../../themes/sixteen.toml")),
];

/// A palette ready to be asked.
#[derive(Clone, Debug, Default)]
pub struct Theme {
    styles: HashMap<Role, Style>,
}

/// A palette that cannot be read: where and why.
#[derive(Debug, thiserror::Error)]
#[error("theme {name}: {why}")]
pub struct ThemeError {
    pub name: String,
    pub why: String,
}

/// The palettes that come with the program.
pub fn names() -> Vec<&'static str> {
    BUILT_IN.iter().map(|(name, _)| *name).collect()
}

impl Theme {
    /// A palette by name; an unknown one is the first.
    pub fn built_in(name: &str, depth: Depth) -> Self {
        let found = BUILT_IN.iter().find(|(known, _)| *known == name).or_else(|| BUILT_IN.first());
        found.and_then(|(_, toml)| Self::read(toml, depth).ok()).unwrap_or_default()
    }

    /// Reads a palette file.
    pub fn read(toml: &str, depth: Depth) -> Result<Self, ThemeError> {
        let fault = |name: &str, why: String| ThemeError { name: name.to_owned(), why };
        let file: File = toml::from_str(toml).map_err(|error| fault("?", error.to_string()))?;
        let mut styles = HashMap::new();
        for (role, look) in file.roles {
            let mut style = Style::new();
            for (name, is_fg) in [(&look.fg, true), (&look.bg, false)] {
                let Some(name) = name else { continue };
                let color =
                    color(name).ok_or_else(|| fault(&file.name, format!("{role:?}: {name} is no colour")))?;
                let color = mapped(color, depth);
                style = if is_fg { style.fg(color) } else { style.bg(color) };
            }
            for name in &look.modifiers {
                let modifier = modifier(name)
                    .ok_or_else(|| fault(&file.name, format!("{role:?}: {name} is no modifier")))?;
                style = style.add_modifier(modifier);
            }
            styles.insert(role, style);
        }
        Ok(Self { styles })
    }

    /// The style of a role.
    pub fn style(&self, role: Role) -> Style {
        self.styles.get(&role).copied().unwrap_or_default()
    }
}

fn modifier(name: &str) -> Option<Modifier> {
    Some(match name {
        "bold" => Modifier::BOLD,
        "dim" => Modifier::DIM,
        "underlined" => Modifier::UNDERLINED,
        "reversed" => Modifier::REVERSED,
        "italic" => Modifier::ITALIC,
        _ => return None,
    })
}

fn color(name: &str) -> Option<Color> {
    if let Some(hex) = name.strip_prefix('#') {
        let value = u32::from_str_radix(hex, 16).ok().filter(|_| hex.len() == 6)?;
        let [_, r, g, b] = value.to_be_bytes();
        return Some(Color::Rgb(r, g, b));
    }
    name.parse().ok()
}

/// The nearest colour the terminal has.
fn mapped(color: Color, depth: Depth) -> Color {
    let Color::Rgb(r, g, b) = color else {
        return if depth == Depth::None { Color::Reset } else { color };
    };
    match depth {
        Depth::None => Color::Reset,
        Depth::True => color,
        Depth::TwoFiftySix => Color::Indexed(nearest_256(r, g, b)),
        Depth::Sixteen => nearest_16(r, g, b),
    }
}

/// The 6x6x6 cube and the greys of the 256 colours; the first sixteen are whatever the user made of them.
fn nearest_256(r: u8, g: u8, b: u8) -> u8 {
    const LEVELS: [u8; 6] = [0, 95, 135, 175, 215, 255];
    let level = |value: u8| {
        (0u8..6).min_by_key(|at| LEVELS.get(usize::from(*at)).map_or(255, |l| l.abs_diff(value))).unwrap_or(0)
    };
    let (cr, cg, cb) = (level(r), level(g), level(b));
    let of = |at: u8| LEVELS.get(usize::from(at)).copied().unwrap_or(0);
    let cube = distance((r, g, b), (of(cr), of(cg), of(cb)));
    let grey = (u16::from(r) + u16::from(g) + u16::from(b)) / 3;
    let step = (grey.saturating_sub(8) / 10).min(23) as u8;
    let grey = 8 + 10 * step;
    if distance((r, g, b), (grey, grey, grey)) < cube { 232 + step } else { 16 + 36 * cr + 6 * cg + cb }
}

fn nearest_16(r: u8, g: u8, b: u8) -> Color {
    const SIXTEEN: [(Color, (u8, u8, u8)); 14] = [
        (Color::Red, (205, 0, 0)),
        (Color::Green, (0, 205, 0)),
        (Color::Yellow, (205, 205, 0)),
        (Color::Blue, (0, 0, 238)),
        (Color::Magenta, (205, 0, 205)),
        (Color::Cyan, (0, 205, 205)),
        (Color::Gray, (229, 229, 229)),
        (Color::DarkGray, (127, 127, 127)),
        (Color::LightRed, (255, 90, 90)),
        (Color::LightGreen, (90, 255, 90)),
        (Color::LightYellow, (255, 255, 90)),
        (Color::LightBlue, (92, 92, 255)),
        (Color::LightMagenta, (255, 90, 255)),
        (Color::LightCyan, (90, 255, 255)),
    ];
    SIXTEEN.iter().min_by_key(|(_, rgb)| distance((r, g, b), *rgb)).map_or(Color::Reset, |(color, _)| *color)
}

fn distance(a: (u8, u8, u8), b: (u8, u8, u8)) -> u32 {
    let square = |x: u8, y: u8| u32::from(x.abs_diff(y)).pow(2);
    square(a.0, b.0) + square(a.1, b.1) + square(a.2, b.2)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROLES: &[Role] = &[
        Role::Text,
        Role::Dim,
        Role::Head,
        Role::View,
        Role::Column,
        Role::Selected,
        Role::Parked,
        Role::Marked,
        Role::Overdue,
        Role::State,
        Role::Rule,
        Role::Title,
        Role::Next,
        Role::Prompt,
        Role::Fault,
        Role::Key,
        Role::Info,
        Role::Done,
        Role::Warning,
        Role::Error,
    ];

    #[test]
    fn every_palette_reads_and_knows_every_role() {
        for (name, toml) in BUILT_IN {
            let theme = Theme::read(toml, Depth::True).unwrap_or_else(|error| panic!("{error}"));
            for role in ROLES {
                assert!(theme.styles.contains_key(role), "{name} {role:?}");
            }
            assert!(theme.style(Role::Selected).add_modifier.contains(Modifier::REVERSED), "{name}");
        }
    }

    #[test]
    fn without_colours_only_modifiers_are_left() {
        for name in names() {
            let theme = Theme::built_in(name, Depth::None);
            for role in ROLES {
                assert!(matches!(theme.style(*role).fg, None | Some(Color::Reset)), "{role:?}");
                assert!(matches!(theme.style(*role).bg, None | Some(Color::Reset)), "{role:?}");
            }
        }
    }

    #[test]
    fn colours_map_down() {
        let check = |rgb: (u8, u8, u8), indexed: u8, sixteen: Color| {
            let color = Color::Rgb(rgb.0, rgb.1, rgb.2);
            assert_eq!(mapped(color, Depth::TwoFiftySix), Color::Indexed(indexed));
            assert_eq!(mapped(color, Depth::Sixteen), sixteen);
        };
        check((255, 135, 135), 210, Color::LightRed);
        check((138, 138, 138), 245, Color::DarkGray);
        check((0, 0, 215), 20, Color::Blue);
    }

    #[test]
    fn the_environment_decides() {
        let check =
            |no, color, term, expected| assert_eq!(Depth::from_environment(no, color, term), expected);
        check(Some("1"), Some("truecolor"), Some("xterm-256color"), Depth::None);
        check(Some(""), Some("truecolor"), None, Depth::True);
        check(None, None, Some("tmux-256color"), Depth::TwoFiftySix);
        check(None, None, Some("linux"), Depth::Sixteen);
        check(None, None, Some("dumb"), Depth::None);
    }

    #[test]
    fn mistakes_are_named() {
        let read = |toml: &str| Theme::read(toml, Depth::True).unwrap_err().to_string();
        assert!(read("name = 'x'\n[roles]\nhead = { fg = 'mauve!' }").contains("mauve!"));
        assert!(read("name = 'x'\n[roles]\nhat = {}").contains("hat"));
    }
}
