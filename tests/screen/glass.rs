//! The screen on a terminal that is not ours: what it shows is what was drawn, and every byte is counted.

use std::num::NonZeroU16;

use super::Screen;
use qun::tui::shown::Shown;
use qun::tui::theme::{Depth, Theme};
use qun::tui::view;
use ratatui::style::Modifier;

/// A terminal.
pub struct Glass {
    shown: Shown,
    terminal: vt100::Parser,
    size: (u16, u16),
    theme: Theme,
}

impl Glass {
    pub fn new() -> Self {
        let size = NonZeroU16::MIN;
        let theme = Theme::built_in("dark", Depth::Sixteen);
        Self { shown: Shown::default(), terminal: vt100::Parser::new(size, size, 0), size: (1, 1), theme }
    }

    /// Shows a screen if it wants to be drawn, and compares every cell; how many bytes that took.
    pub fn show(&mut self, screen: &mut Screen) -> usize {
        let size = screen.state.size;
        let (Some(columns), Some(rows)) = (NonZeroU16::new(size.0), NonZeroU16::new(size.1)) else {
            return 0;
        };
        if size != self.size {
            self.size = size;
            self.terminal.screen_mut().set_size(rows, columns);
        }
        if !std::mem::take(&mut screen.state.dirty) {
            return 0;
        }
        let state = &screen.state;
        let bytes = self.shown.frame(size, |buffer| view::draw(state, &self.theme, buffer));
        self.terminal.process(&bytes);
        self.compare(screen);
        bytes.len()
    }

    fn compare(&self, screen: &Screen) {
        let (drawn, cursor) = screen.draw(Depth::Sixteen);
        let terminal = self.terminal.screen();
        for y in 0..drawn.area.height {
            let mut x = 0;
            while x < drawn.area.width {
                let cell = &drawn[(x, y)];
                let columns = qun::text::width::width(cell.symbol()) as u16;
                let shown = terminal.cell(y, x).expect("a cell");
                let contents = if shown.has_contents() { shown.contents() } else { " " };
                assert_eq!(contents, cell.symbol(), "{x},{y}: {:?}\n{}", self.size, screen.picture());
                let modifiers = [
                    (shown.inverse(), Modifier::REVERSED),
                    (shown.underline(), Modifier::UNDERLINED),
                    (shown.bold() && cell.symbol() != " ", Modifier::BOLD),
                ];
                for (is_on, modifier) in modifiers {
                    let wanted = cell.modifier.contains(modifier)
                        && (modifier != Modifier::BOLD || cell.symbol() != " ");
                    assert_eq!(is_on, wanted, "{x},{y} {modifier:?}");
                }
                x += columns.max(1);
            }
        }
        assert_eq!(terminal.cursor_position(), (cursor.y, cursor.x));
    }
}
