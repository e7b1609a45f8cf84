//! How many bytes a frame costs a slow line, by the real backend on a counting writer.

use std::cell::Cell;
use std::io::Write;
use std::rc::Rc;

use super::Screen;
use super::desk::Desk;
use qun::text::lang::Lang;
use qun::tui::theme::{Depth, Theme};
use qun::tui::{terminal, view};
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};

struct Counter(Rc<Cell<usize>>);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.set(self.0.get() + bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_cursor_move_is_cheap_and_idling_is_free() {
    for (size, most) in [((80, 24), 1_000), ((120, 40), 1_000), ((200, 60), 1_500)] {
        let mut screen = Screen::new(Desk::large(60), size, Lang::ZhCn);
        screen.keys("G k k k");
        let count = Rc::new(Cell::new(0));
        let viewport = Viewport::Fixed(Rect::new(0, 0, size.0, size.1));
        let backend = CrosstermBackend::new(Counter(Rc::clone(&count)));
        let mut terminal = Terminal::with_options(backend, TerminalOptions { viewport }).expect("a terminal");
        let theme = Theme::built_in("dark", Depth::Sixteen);
        let mut frame = |screen: &mut Screen| {
            let before = count.get();
            if std::mem::take(&mut screen.state.dirty) {
                terminal::begin_frame(terminal.backend_mut()).expect("written");
                let draw = terminal.draw(|frame| {
                    let cursor = view::draw(&screen.state, &theme, frame.buffer_mut());
                    frame.set_cursor_position(cursor);
                });
                draw.expect("drawn");
                terminal::end_frame(terminal.backend_mut()).expect("written");
            }
            count.get() - before
        };
        frame(&mut screen);
        screen.keys("k");
        let moved = frame(&mut screen);
        println!("{size:?}: {moved} bytes");
        assert!(moved > 0 && moved < most, "{size:?}: {moved} bytes");
        assert_eq!(frame(&mut screen), 0, "nothing changed, nothing written");
    }
}
