//! Roles to colours: a palette per file, mapped down to what the terminal can show.
//!
//! Panes ask for a [`Role`], never for a colour. Where colours are not wanted every colour becomes the terminal's own
//! before anything is written (a reset sent by the backend would cancel reversed rows), and modifiers carry the rest.

use std::collections::HashMap;

use ratatui::style::{Color, Modifier, Style};

use super::palette::{Look, Palettes};

macro_rules! roles {
    ($($(#[doc = $doc:literal])? $role:ident $word:literal)+) => {
        /// What a piece of the screen is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Role { $($(#[doc = $doc])? $role),+ }

        impl Role {
            /// Every role.
            pub const ALL: &[Self] = &[$(Self::$role),+];

            /// As palettes write it.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$role => $word),+ }
            }
        }
    };
}

roles! {
    Text "text"
    Dim "dim"
    Head "head"
    View "view"
    Column "column"
    Selected "selected"
    /// The selected row of a pane without the focus.
    Parked "parked"
    Marked "marked"
    Overdue "overdue"
    State "state"
    Rule "rule"
    Title "title"
    Next "next"
    Prompt "prompt"
    Fault "fault"
    Key "key"
    Info "info"
    Done "done"
    Warning "warning"
    Error "error"
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

/// A palette ready to be asked.
#[derive(Clone, Debug, Default)]
pub struct Theme {
    styles: HashMap<Role, Style>,
}

impl Theme {
    /// A palette that comes with the program; an unknown name is the first.
    pub fn built_in(name: &str, depth: Depth) -> Self {
        Palettes::default().theme(name, depth)
    }

    /// From what each role looks like; of two for one role the later holds in what it says.
    pub(super) fn of<'a>(looks: impl IntoIterator<Item = &'a (Role, Look)>, depth: Depth) -> Self {
        let mut whole: HashMap<Role, Look> = HashMap::new();
        for (role, look) in looks {
            whole.entry(*role).or_default().overlay(look);
        }
        // a background that somebody chose is not turned about; where there is no colour it is all that is left
        let modifiers = |look: &Look| match look.modifiers.unwrap_or(Modifier::empty()) {
            all if look.painted && depth != Depth::None => all - Modifier::REVERSED,
            all => all,
        };
        let style = |look: &Look| Style {
            fg: look.fg.map(|color| mapped(color, depth)),
            bg: look.bg.map(|color| mapped(color, depth)),
            ..Style::new().add_modifier(modifiers(look))
        };
        Self { styles: whole.iter().map(|(role, look)| (*role, style(look))).collect() }
    }

    /// The style of a role.
    pub fn style(&self, role: Role) -> Style {
        self.styles.get(&role).copied().unwrap_or_default()
    }

    /// Whether the palette says anything of a role.
    pub fn knows(&self, role: Role) -> bool {
        self.styles.contains_key(&role)
    }
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
}
