//! Text to records of cells: comma, tab or semicolon separated, quoted where needed.
//!
//! Why not the csv crate: rows must carry the number a spreadsheet shows, so blank rows count and a cell with line
//! breaks does not; and a quote that is never closed must become an error that names its row, not a cell of 100 MB.
//! Quotes count at the beginning of a cell only, so a nickname may contain them.

use super::encoding::Source;

/// A spreadsheet's cell holds 32,767 characters; more is a quote that was never closed.
pub const CELL_BYTES_MAX: usize = 128 * 1024;
/// A spreadsheet's sheet has 16,384 columns.
pub const COLUMNS_MAX: usize = 16_384;

/// One row's cells, one after the other.
#[derive(Debug, Default)]
pub(super) struct Record {
    text: String,
    ends: Vec<usize>,
    /// The row's number as a spreadsheet shows it.
    pub line: u32,
}

impl Record {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The cell in column `index`; empty past the row's end.
    pub(super) fn cell(&self, index: usize) -> &str {
        let start = index.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied());
        let range = start.zip(self.ends.get(index).copied());
        range.and_then(|(start, end)| self.text.get(start..end)).unwrap_or_default()
    }

    pub(super) fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.ends.len()).map(|index| self.cell(index))
    }

    pub(super) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    fn clear(&mut self, line: u32) {
        self.text.clear();
        self.ends.clear();
        self.line = line;
    }
}

/// Where the shape of the file itself is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Broken {
    /// A quote opened here is never closed.
    OpenQuote {
        line: u32,
        column: usize,
    },
    /// A quoted cell runs over several lines and something stands after its closing quote.
    LooseQuote {
        line: u32,
        column: usize,
    },
    CellTooLong {
        line: u32,
        column: usize,
    },
    TooManyColumns {
        line: u32,
    },
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    Plain,
    Quoted,
    /// Just behind a quote inside a quoted cell: the end of it, or half of a doubled one.
    Closing,
}

/// Reads one record after the other.
#[derive(Debug)]
pub(super) struct Lexer<'a> {
    source: Source<'a>,
    delimiter: u8,
    line: u32,
    after_carriage_return: bool,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(source: Source<'a>, delimiter: u8) -> Self {
        Self { source, delimiter, line: 0, after_carriage_return: false }
    }

    pub(super) fn is_decoded(&self) -> bool {
        self.source.is_decoded()
    }

    /// Fills `record` with the next row; `false` at the end of the file.
    pub(super) fn next(&mut self, record: &mut Record) -> Result<bool, Broken> {
        self.line = self.line.saturating_add(1);
        let line = self.line;
        record.clear(line);
        let mut state = State::Start;
        let mut cell_start = 0;
        let mut breaks = false;
        loop {
            if self.source.chunk().is_empty() && !self.source.refill() {
                return match state {
                    State::Quoted => Err(Broken::OpenQuote { line, column: record.ends.len() }),
                    State::Start if record.ends.is_empty() => Ok(false),
                    _ => {
                        record.ends.push(record.text.len());
                        Ok(true)
                    }
                };
            }
            let chunk = self.source.chunk();
            let bytes = chunk.as_bytes();
            let mut at = usize::from(self.after_carriage_return && bytes.first() == Some(&b'\n'));
            self.after_carriage_return = false;
            let mut from = at;
            // What was read from `from` on belongs to the cell; a cell too long is noticed before it is copied.
            let take = |record: &mut Record, from: usize, to: usize, cell_start: usize| {
                let piece = chunk.get(from..to).unwrap_or_default();
                if record.text.len() - cell_start + piece.len() > CELL_BYTES_MAX {
                    return Err(Broken::CellTooLong { line, column: record.ends.len() });
                }
                record.text.push_str(piece);
                Ok(())
            };
            let mut ended = false;
            while let Some(&byte) = bytes.get(at) {
                // Not only when the cell ends: a quote left open ends at the end of the file.
                if at - from > CELL_BYTES_MAX {
                    return Err(Broken::CellTooLong { line, column: record.ends.len() });
                }
                match state {
                    State::Start if byte == b'"' => {
                        state = State::Quoted;
                        from = at + 1;
                    }
                    State::Start | State::Plain => {
                        if byte == self.delimiter {
                            take(record, from, at, cell_start)?;
                            record.ends.push(record.text.len());
                            if record.ends.len() >= COLUMNS_MAX {
                                return Err(Broken::TooManyColumns { line });
                            }
                            cell_start = record.text.len();
                            (state, breaks, from) = (State::Start, false, at + 1);
                        } else if byte == b'\n' || byte == b'\r' {
                            take(record, from, at, cell_start)?;
                            record.ends.push(record.text.len());
                            self.after_carriage_return = byte == b'\r';
                            ended = true;
                        } else {
                            state = State::Plain;
                        }
                    }
                    State::Quoted if byte == b'"' => {
                        take(record, from, at, cell_start)?;
                        state = State::Closing;
                        from = at + 1;
                    }
                    State::Quoted => breaks |= byte == b'\n',
                    State::Closing if byte == b'"' => {
                        // The second of two quotes is the one that is kept.
                        state = State::Quoted;
                        from = at;
                    }
                    State::Closing => {
                        let closes = byte == self.delimiter || byte == b'\n' || byte == b'\r' || byte == b' ';
                        if breaks && !closes {
                            return Err(Broken::LooseQuote { line, column: record.ends.len() });
                        }
                        state = State::Plain;
                        from = at;
                        continue;
                    }
                }
                at += 1;
                if ended {
                    break;
                }
            }
            if !ended {
                // Behind a closing quote nothing is pending; else the piece goes on in the next chunk.
                take(record, from.min(at), at, cell_start)?;
            }
            self.source.consume(at);
            if ended {
                return Ok(true);
            }
        }
    }
}
