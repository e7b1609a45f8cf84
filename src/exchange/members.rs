//! A file of members, row by row.
//!
//! [`MemberReader`] holds the bytes it was given, one record and a few counts, so a million rows cost what the reader
//! of the rows keeps. A row with a cell that would be recorded wrongly (a phone without its digits, a date that is
//! none) is refused whole and named cell by cell; a cell that is merely of no use (a masked phone, an unknown stage)
//! is left out and named, and the row is taken.
//!
//! One file because a row is read in one pass over its columns, and what each field takes stands in one match.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::birthdays::{Calendar, birthday};
use super::cells::{
    add_way, cut_to, gender, id, is_nothing, labels, phones, spreadsheet_damage, stage, unguard_name,
};
use super::dates::instant;
use super::encoding::{Source, not_text};
use super::headers::{Field, NAME_WORDS, fold, letter};
use super::layout::{self, Layout};
use super::lexer::{Broken, Lexer, Record};
use super::{ReadError, ReadOptions, remarks};
use crate::book::Platform;
use crate::door::rows::{MemberRow, Problem, RejectedRow};
use crate::text::clean::one_line;

/// Longest name, remark, group name and the like, characters.
const NAME_MAX: usize = 100;
/// Longest tag, characters.
const TAG_MAX: usize = 40;
/// Longest note, characters.
const NOTE_MAX: usize = 2000;
/// How much of a cell a report shows, characters.
const SHOWN_MAX: usize = 80;

/// What one row of the file became.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    Taken {
        row: Box<MemberRow>,
        /// Cells the row was taken without.
        left_out: Vec<RejectedRow>,
        /// An earlier row of this file with the same handle, or with the same name and phone.
        repeats: Option<u32>,
    },
    /// Every cell for which the row was refused; never empty.
    Rejected(Vec<RejectedRow>),
}

/// Iterates over the rows of a file; blank rows and repeated headers are passed over.
///
/// An `Err` is about the file as a whole; nothing of it should be taken, and nothing comes after it.
#[derive(Debug)]
pub struct MemberReader<'a> {
    lexer: Lexer<'a>,
    layout: Layout,
    options: ReadOptions,
    record: Record,
    seen: HashMap<u64, u32>,
    decoded: bool,
    done: bool,
}

impl<'a> MemberReader<'a> {
    /// Finds encoding, delimiter and header.
    ///
    /// # Errors
    ///
    /// The file is no text, is empty, or has no column of names.
    pub fn open(bytes: &'a [u8], options: &ReadOptions) -> Result<Self, ReadError> {
        let file = &options.file;
        if let Some(what) = not_text(bytes) {
            return Err(ReadError::NotText { file: file.clone(), what });
        }
        let (mut layout, candidate) = layout::find(bytes).map_err(|missing| {
            if let Some(broken) = missing.broken {
                ReadError::at(file, broken)
            } else if missing.found.iter().all(|cell| !cell.contains(char::is_alphanumeric)) {
                ReadError::Empty { file: file.clone() }
            } else {
                ReadError::NoNameColumn {
                    file: file.clone(),
                    line: missing.line,
                    looked_for: NAME_WORDS.to_vec(),
                    nearest: missing.nearest,
                    found: missing.found,
                }
            }
        })?;
        if let Some((first, again)) = layout.double_header() {
            let header = layout.columns.get(again).map(|(header, _)| header.clone()).unwrap_or_default();
            let (file, line) = (file.clone(), layout.header_line);
            let (column, first) = (letter(again), letter(first));
            return Err(ReadError::DoubleHeader { file, line, column, first, header });
        }
        remarks::settle(bytes, candidate, &mut layout);
        let source = Source::new(bytes, candidate);
        let mut lexer = Lexer::new(source, layout.delimiter as u8);
        let mut record = Record::default();
        while record.line < layout.header_line {
            if !lexer.next(&mut record).map_err(|broken| ReadError::at(file, broken))? {
                break;
            }
        }
        let decoded = lexer.is_decoded();
        Ok(Self {
            lexer,
            layout,
            options: options.clone(),
            record,
            seen: HashMap::new(),
            decoded,
            done: false,
        })
    }

    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    fn entry(&mut self) -> Option<Entry> {
        let mut row = Draft::new(&self.record, &self.layout, &self.options, self.decoded);
        row.fill();
        let (row, left_out, refused) = row.finish()?;
        if !refused.is_empty() {
            return Some(Entry::Rejected(refused));
        }
        let repeats = self.note_keys(&row);
        Some(Entry::Taken { row: Box::new(row), left_out, repeats })
    }

    /// The first row that shares a handle, or name and phone, with this one.
    fn note_keys(&mut self, row: &MemberRow) -> Option<u32> {
        let handles = row.handles.iter().map(|(platform, id)| key(&(platform, id)));
        let phone = row.phone.as_ref().map(|phone| key(&(&row.name, phone, "phone")));
        let mut earlier = None;
        for key in handles.chain(phone) {
            let first = *self.seen.entry(key).or_insert(row.line);
            if first != row.line {
                earlier = Some(earlier.map_or(first, |line: u32| line.min(first)));
            }
        }
        earlier
    }
}

fn key(parts: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    parts.hash(&mut hasher);
    hasher.finish()
}

impl Iterator for MemberReader<'_> {
    type Item = Result<Entry, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.done {
            match self.lexer.next(&mut self.record) {
                Ok(true) => {}
                Ok(false) => self.done = true,
                Err(broken) => {
                    self.done = true;
                    return Some(Err(ReadError::at(&self.options.file, broken)));
                }
            }
            if !self.done
                && !self.record.is_blank()
                && let Some(entry) = self.entry()
            {
                return Some(Ok(entry));
            }
        }
        None
    }
}

impl ReadError {
    fn at(file: &str, broken: Broken) -> Self {
        let file = file.to_owned();
        match broken {
            Broken::OpenQuote { line, column } => Self::OpenQuote { file, line, column: letter(column) },
            Broken::LooseQuote { line, column } => Self::LooseQuote { file, line, column: letter(column) },
            Broken::CellTooLong { line, column } => Self::CellTooLong { file, line, column: letter(column) },
            Broken::TooManyColumns { line } => Self::TooManyColumns { file, line },
        }
    }
}

/// A row while its cells are read.
struct Draft<'a> {
    record: &'a Record,
    layout: &'a Layout,
    options: &'a ReadOptions,
    decoded: bool,
    row: MemberRow,
    notes: Vec<String>,
    left_out: Vec<RejectedRow>,
    refused: Vec<RejectedRow>,
}

impl<'a> Draft<'a> {
    fn new(record: &'a Record, layout: &'a Layout, options: &'a ReadOptions, decoded: bool) -> Self {
        let row = MemberRow { line: record.line, ..MemberRow::default() };
        Self {
            record,
            layout,
            options,
            decoded,
            row,
            notes: Vec::new(),
            left_out: Vec::new(),
            refused: Vec::new(),
        }
    }

    fn fill(&mut self) {
        let layout = self.layout;
        for (index, (header, field)) in layout.columns.iter().enumerate() {
            let cell = self.record.cell(index);
            let Some(field) = field else { continue };
            if cell.is_empty() {
                continue;
            }
            let outcome = if self.decoded && cell.contains('\u{FFFD}') {
                Err(Problem::Undecodable)
            } else {
                self.take(*field, header, cell)
            };
            if let Err(problem) = outcome {
                let useless = matches!(
                    problem,
                    Problem::Cut { .. }
                        | Problem::MaskedPhone
                        | Problem::OddMobile
                        | Problem::UnknownStage
                        | Problem::UnknownGender
                );
                let report = RejectedRow {
                    line: self.record.line,
                    column: letter(index),
                    header: header.clone(),
                    value: one_line(cell, SHOWN_MAX),
                    problem,
                };
                if useless { self.left_out.push(report) } else { self.refused.push(report) }
            }
        }
    }

    /// The row, what it was taken without, what it is refused for; `None` for a repeated header and an empty row.
    fn finish(mut self) -> Option<(MemberRow, Vec<RejectedRow>, Vec<RejectedRow>)> {
        if self.is_header_again() {
            return None;
        }
        let whole = |problem, value: String| RejectedRow {
            line: self.record.line,
            column: String::new(),
            header: String::new(),
            value,
            problem,
        };
        let columns = self.layout.columns.len();
        let beyond = (columns..self.record.len()).find(|index| !self.record.cell(*index).trim().is_empty());
        if let Some(index) = beyond {
            let problem = Problem::TooManyCells { cells: self.record.len() as u32, columns: columns as u32 };
            let value = one_line(self.record.cell(index), SHOWN_MAX);
            self.refused.push(RejectedRow { column: letter(index), ..whole(problem, value) });
        }
        let row = &mut self.row;
        if row.name.is_empty() {
            let other = row.remark.as_ref().or(row.group_nickname.as_ref());
            match other.cloned() {
                Some(name) => row.name = name,
                // A bad name cell has been reported already.
                None if self.refused.is_empty() => {
                    let shown: Vec<String> =
                        self.record.cells().map(|cell| one_line(cell, SHOWN_MAX)).collect();
                    let shown = cut_to(shown.join(" ").trim().to_owned(), SHOWN_MAX).0;
                    if shown.is_empty() {
                        return None;
                    }
                    self.refused.push(whole(Problem::NoName, shown));
                }
                None => {}
            }
        }
        row.aliases.retain(|alias| *alias != row.name);
        if !self.notes.is_empty() {
            row.note = Some(cut_to(self.notes.join("；"), NOTE_MAX).0);
        }
        Some((self.row, self.left_out, self.refused))
    }

    /// Files put together by hand carry the header of each part.
    fn is_header_again(&self) -> bool {
        let mut known = self.layout.columns.iter().enumerate().filter(|(_, (_, field))| field.is_some());
        known.all(|(index, (header, _))| {
            let cell = self.record.cell(index);
            cell.trim() == header
                || (cell.len() < 200 && fold(cell) == fold(header) && !fold(cell).is_empty())
        })
    }

    fn take(&mut self, field: Field, header: &str, cell: &str) -> Result<(), Problem> {
        let (zone, now_ms) = (self.options.zone, self.options.now_ms);
        let row = &mut self.row;
        match field {
            Field::Name => {
                if let Some(damage) = spreadsheet_damage(cell).filter(|_| !cell.trim().starts_with("##")) {
                    return Err(damage);
                }
                let (name, cut) = cut_to(one_line(unguard_name(cell), NAME_MAX + 1), NAME_MAX);
                if row.name.is_empty() {
                    row.name = name;
                } else if !name.is_empty() && !row.aliases.contains(&name) {
                    row.aliases.push(name);
                }
                if cut {
                    return Err(Problem::Cut { limit: NAME_MAX as u32 });
                }
            }
            Field::Remark => text(&mut row.remark, cell, NAME_MAX)?,
            Field::Group => text(&mut row.group, cell, NAME_MAX)?,
            Field::Account => text(&mut row.account, cell, NAME_MAX)?,
            Field::Inviter => text(&mut row.inviter, cell, NAME_MAX)?,
            Field::GroupNickname => text(&mut row.group_nickname, cell, NAME_MAX)?,
            Field::Source => match add_way(cell.trim()) {
                Some(word) => first(&mut row.source, Some(word.to_owned())),
                None => text(&mut row.source, cell, NAME_MAX)?,
            },
            Field::Aliases => {
                if labels(unguard_name(cell), NAME_MAX, &mut row.aliases) {
                    return Err(Problem::Cut { limit: NAME_MAX as u32 });
                }
            }
            Field::Tags => {
                if labels(unguard_name(cell), TAG_MAX, &mut row.tags) {
                    return Err(Problem::Cut { limit: TAG_MAX as u32 });
                }
            }
            Field::Phone => {
                for number in phones(cell)? {
                    if row.phone.is_none() {
                        row.phone = Some(number);
                    } else if row.phone.as_ref() != Some(&number) {
                        handle(row, Platform::Phone, number);
                    }
                }
            }
            Field::Handle(platform) => {
                if let Some(id) = id(cell)? {
                    handle(row, platform, id);
                }
            }
            Field::GroupRef => first(&mut row.group_ref, id(cell)?),
            Field::Stage => first(&mut row.stage, stage(cell)?.map(|stage| stage.word().to_owned())),
            Field::JoinedAt => first(&mut row.joined_at, instant(cell, zone, now_ms)?),
            Field::AddedAt => first(&mut row.added_at, instant(cell, zone, now_ms)?),
            Field::Birthday => first(&mut row.birthday, birthday(cell, Calendar::AsWritten, zone, now_ms)?),
            Field::LunarBirthday => first(&mut row.birthday, birthday(cell, Calendar::Lunar, zone, now_ms)?),
            Field::Gender => first(&mut row.gender, gender(cell)?),
            Field::Note | Field::Detail => {
                let (note, cut) = cut_to(one_line(unguard_name(cell), NOTE_MAX + 1), NOTE_MAX);
                if !is_nothing(&note) {
                    self.notes.push(if field == Field::Note { note } else { format!("{header}：{note}") });
                }
                if cut {
                    return Err(Problem::Cut { limit: NOTE_MAX as u32 });
                }
            }
            Field::Passed => {}
        }
        Ok(())
    }
}

fn handle(row: &mut MemberRow, platform: Platform, id: String) {
    let handle = (platform.word().to_owned(), id);
    if !row.handles.contains(&handle) {
        row.handles.push(handle);
    }
}

/// Of several columns for one thing the first that says something wins.
fn first<T>(into: &mut Option<T>, found: Option<T>) {
    if into.is_none() {
        *into = found;
    }
}

/// Takes a text cell; the first of several columns that says something wins.
fn text(into: &mut Option<String>, cell: &str, max: usize) -> Result<(), Problem> {
    if into.is_some() {
        return Ok(());
    }
    let cleaned = one_line(unguard_name(cell), max + 1);
    if is_nothing(&cleaned) {
        return Ok(());
    }
    if let Some(damage) = spreadsheet_damage(&cleaned) {
        return Err(damage);
    }
    let (kept, cut) = cut_to(cleaned, max);
    *into = Some(kept);
    if cut { Err(Problem::Cut { limit: max as u32 }) } else { Ok(()) }
}
