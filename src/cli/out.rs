//! Writing to stdout: data only, cleaned, and a reader that stops reading is no error.

use std::io::{ErrorKind, Write as _};

use crate::text::clean;

/// The columns of a terminal that is written to; none where it is a pipe or a file, whose lines nothing bounds.
pub(super) fn columns(to: impl std::os::fd::AsFd) -> Option<usize> {
    let (columns, _) = terminal_size(to)?;
    // a terminal that does not say is taken for a small one
    Some(if columns == 0 { 80 } else { usize::from(columns) })
}

/// Columns and rows, as a terminal says them; none where it is no terminal.
pub(super) fn terminal_size(of: impl std::os::fd::AsFd) -> Option<(u16, u16)> {
    rustix::termios::tcgetwinsize(of).ok().map(|size| (size.ws_col, size.ws_row))
}

/// Stdout of one command.
#[derive(Debug, Default)]
pub(super) struct Out {
    /// The reader is gone; there is no use in writing on.
    closed: bool,
    /// What was to be written did not get out, and not because its reader had enough.
    failed: bool,
}

impl Out {
    /// One line of text, cleaned for a terminal.
    pub(super) fn line(&mut self, text: &str) {
        let text = clean::for_display(text);
        self.write(&[text.as_bytes(), b"\n"].concat());
    }

    /// One line of cells that are clean already; the tabs between them stay.
    pub(super) fn line_of_cells(&mut self, cells: &str) {
        self.write(&[cells.as_bytes(), b"\n"].concat());
    }

    /// Several lines of text, cleaned; ends with a newline.
    pub(super) fn lines(&mut self, text: &str) {
        let text = clean::for_clipboard(text);
        self.write(&[text.trim_end_matches('\n').as_bytes(), b"\n"].concat());
    }

    /// One JSON value on a line; its strings are cleaned.
    pub(super) fn json(&mut self, mut value: serde_json::Value) {
        clean_strings(&mut value);
        self.write(format!("{value}\n").as_bytes());
    }

    /// Bytes of the program's own making: scripts, pages.
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.write(bytes);
    }

    /// True when nobody reads any more.
    pub(super) const fn is_closed(&self) -> bool {
        self.closed
    }

    /// True when output was lost.
    pub(super) const fn has_failed(&self) -> bool {
        self.failed
    }

    fn write(&mut self, bytes: &[u8]) {
        if self.closed {
            return;
        }
        let mut stdout = std::io::stdout().lock();
        if let Err(error) = stdout.write_all(bytes).and_then(|()| stdout.flush()) {
            self.closed = true;
            if error.kind() != ErrorKind::BrokenPipe {
                self.failed = true;
                complain(&format!("stdout: {error}"));
            }
        }
    }
}

/// Text that is not data but was asked for: help, version.
pub(super) fn print(text: &str) {
    Out::default().lines(text);
}

/// A message for the human, on stderr.
pub(super) fn complain(text: &str) {
    // Nobody can be told that stderr cannot be written.
    let _ = writeln!(std::io::stderr().lock(), "{}", clean::for_display_lines(text).trim_end());
}

/// How far something has come, on one line of stderr that is written over; nothing where nobody looks.
#[derive(Debug)]
pub(super) struct Progress {
    on: bool,
    shown: bool,
}

impl Progress {
    pub(super) const fn new(on: bool) -> Self {
        Self { on, shown: false }
    }

    pub(super) fn show(&mut self, text: &str) {
        if self.on {
            self.shown = true;
            let _ = write!(std::io::stderr().lock(), "\r{}\x1b[K", clean::for_display(text));
        }
    }

    /// Takes the line away.
    pub(super) fn end(&mut self) {
        if std::mem::take(&mut self.shown) {
            let _ = write!(std::io::stderr().lock(), "\r\x1b[K");
        }
    }
}

/// Takes out of JSON what could move a cursor in whatever shows it; emoji and line breaks stay.
pub(super) fn clean_strings(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::String(text) => {
            if let std::borrow::Cow::Owned(cleaned) = clean::for_clipboard(text) {
                *text = cleaned;
            }
        }
        serde_json::Value::Array(values) => values.iter_mut().for_each(clean_strings),
        serde_json::Value::Object(fields) => fields.values_mut().for_each(clean_strings),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_carries_no_controls() {
        let mut value = serde_json::json!({"name": "张\u{202e}三\u{1b}[2J", "lines": ["一\n二"]});
        clean_strings(&mut value);
        assert_eq!(value, serde_json::json!({"name": "张三", "lines": ["一\n二"]}));
    }
}
