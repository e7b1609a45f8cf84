//! From TOML to typed values, with the place of every key and value at hand.
//!
//! The reader walks the parsed tree itself instead of deserialising it, because it must report every mistake at
//! once, each with its own place, and serde stops at the first.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::meant::{meant, spelled};
use super::problem::{Expected, Problem, Said, Sentence, Severity};
use super::step::{STEP, STEP_ONLY};
use crate::text::near;

/// A value and the byte range it has in the file.
#[derive(Clone, Debug)]
pub(super) struct Found<T> {
    pub(super) value: T,
    pub(super) span: Range<usize>,
}

/// A table and what to call it in sentences.
#[derive(Clone)]
pub(super) struct Place<'t> {
    pub(super) table: &'t DeTable<'t>,
    pub(super) span: Range<usize>,
    /// `step.hello`, `start`, `ask.商品`; empty for the top.
    pub(super) name: String,
}

impl Place<'_> {
    /// The key with the table's name in front.
    pub(super) fn field(&self, key: &str) -> String {
        if self.name.is_empty() { key.to_owned() } else { format!("{}.{key}", self.name) }
    }

    /// The table as sentences name it.
    fn title(&self) -> String {
        if self.name.is_empty() { "SOP".to_owned() } else { self.name.clone() }
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Where the key stands; the table where the key is missing.
    pub(super) fn key_span(&self, key: &str) -> Range<usize> {
        self.table.get_key_value(key).map_or_else(|| self.span.clone(), |(key, _)| key.span())
    }
}

/// Reads values of one file and gathers what is wrong with them.
pub(super) struct Reader<'s> {
    source: &'s str,
    file: &'s str,
    line_starts: Vec<usize>,
    pub(super) problems: Vec<Problem>,
    /// True once the heading of a step was missed.
    pub(super) lost_step: bool,
}

/// How much of a value a sentence repeats.
const SHOWN_CHARS: usize = 40;

/// More problems than anybody reads in one go; what is beyond is found after mending these.
const PROBLEMS_MAX: usize = 200;

impl<'s> Reader<'s> {
    pub(super) fn new(source: &'s str, file: &'s str) -> Self {
        let line_starts =
            std::iter::once(0).chain(source.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { source, file, line_starts, problems: Vec::new(), lost_step: false }
    }

    /// Line and column of a byte offset, both from 1, the column in characters.
    pub(super) fn position(&self, at: usize) -> (usize, usize) {
        let line = self.line_starts.partition_point(|start| *start <= at).max(1);
        let start = self.line_starts.get(line - 1).copied().unwrap_or(0);
        let before = self.source.get(start..at).or_else(|| self.source.get(start..)).unwrap_or_default();
        (line, before.chars().count() + 1)
    }

    /// Notes a problem and the word that was probably meant.
    pub(super) fn note(
        &mut self,
        severity: Severity,
        at: usize,
        sentence: Sentence,
        said: Vec<(&'static str, Said)>,
        nearest: Option<String>,
    ) {
        if self.problems.len() < PROBLEMS_MAX {
            let (line, column) = self.position(at);
            let file = self.file.to_owned();
            self.problems.push(Problem { file, line, column, severity, sentence, nearest, said });
        }
    }

    pub(super) fn error(&mut self, at: usize, sentence: Sentence, said: Vec<(&'static str, Said)>) {
        self.note(Severity::Error, at, sentence, said, None);
    }

    /// The value does not have the shape it needs.
    pub(super) fn bad_shape(&mut self, field: String, found: &Found<String>, expected: Expected) {
        let said =
            vec![("field", text(field)), ("value", quote(&found.value)), ("expected", Said::Words(expected))];
        let meant = spelled(&found.value, expected);
        self.note(Severity::Error, found.span.start, Sentence::BadShape, said, meant);
    }

    /// The value is none of a closed set's words; the nearest is named.
    pub(super) fn not_a_word(&mut self, field: String, found: &Found<String>, words: &[&str]) {
        let said =
            vec![("field", text(field)), ("value", quote(&found.value)), ("expected", text(words.join(" ")))];
        let meant = nearest(&found.value, words);
        self.note(Severity::Error, found.span.start, Sentence::NotAWord, said, meant);
    }

    /// The value is a known word that cannot be acted on.
    pub(super) fn not_yet(&mut self, field: String, value: &str, at: usize) {
        let said = vec![("field", text(field)), ("value", text(value))];
        self.note(Severity::NotYet, at, Sentence::NotYet, said, None);
    }

    /// Reports every key of a table that the format does not know.
    pub(super) fn unknown_keys(&mut self, place: &Place<'_>, known: &[&str]) {
        let lost = self.lost_step(place, known);
        for key in place.table.keys() {
            let name: &str = key.get_ref();
            if !(known.contains(&name) || lost && STEP.contains(&name)) {
                let said = vec![
                    ("value", quote(name)),
                    ("place", text(place.title())),
                    ("expected", text(known.join(" "))),
                ];
                let meant = nearest(name, known);
                self.note(Severity::Error, key.span().start, Sentence::UnknownKey, said, meant);
            }
        }
    }

    /// Whether the keys of a step stand in another section, below which its heading is missing: told once, at the first.
    fn lost_step(&mut self, place: &Place<'_>, known: &[&str]) -> bool {
        let of_step = |name: &str| STEP_ONLY.contains(&name) && !known.contains(&name);
        let mut found: Vec<(usize, &str)> = Vec::new();
        for key in place.table.keys() {
            let name: &str = key.get_ref();
            if of_step(name) {
                found.push((key.span().start, name));
            }
        }
        found.sort_unstable();
        // in a line of its own there is no room for a heading
        let inline =
            !place.span.is_empty() && self.source.get(place.span.clone()).is_some_and(|s| s.starts_with('{'));
        let Some((at, name)) = found.first().copied().filter(|_| found.len() > 1 && !inline) else {
            return false;
        };
        let said = vec![("value", quote(name)), ("place", text(place.title()))];
        self.error(at, Sentence::LostStep, said);
        self.lost_step = true;
        true
    }

    /// Where a word of a value stands in the file.
    pub(super) fn place_of(&self, found: &Found<String>, word: &str, column: usize) -> usize {
        let raw = self.source.get(found.span.clone()).unwrap_or_default();
        raw.find(word).map_or_else(|| self.inside(found, column), |at| found.span.start + at)
    }

    /// Reports a key that must be there.
    pub(super) fn missing(&mut self, place: &Place<'_>, key: &str) {
        let said = vec![("field", text(key)), ("place", text(place.title()))];
        self.error(place.span.start, Sentence::Missing, said);
    }

    /// Reports a list that is longer than any playbook needs.
    pub(super) fn not_too_many(&mut self, field: String, at: usize, count: usize, most: usize) {
        if count > most {
            let said = vec![
                ("field", text(field)),
                ("value", text(count.to_string())),
                ("limit", text(most.to_string())),
            ];
            self.error(at, Sentence::TooMany, said);
        }
    }

    fn wrong_type(&mut self, field: String, value: &Spanned<DeValue<'_>>, expected: Expected) {
        let span = value.span();
        let raw = self.source.get(span.clone()).unwrap_or_default();
        let said = vec![
            ("field", text(field)),
            ("value", Said::Text(shorten(raw))),
            ("expected", Said::Words(expected)),
        ];
        self.error(span.start, Sentence::WrongType, said);
    }

    /// A text; other types are reported.
    pub(super) fn string(&mut self, place: &Place<'_>, key: &str) -> Option<Found<String>> {
        let value = place.table.get(key)?;
        self.as_string(place.field(key), value)
    }

    /// A text that must be there and not be blank.
    pub(super) fn required(&mut self, place: &Place<'_>, key: &str) -> Option<Found<String>> {
        if !place.has(key) {
            self.missing(place, key);
            return None;
        }
        let found = self.string(place, key)?;
        self.not_blank(place.field(key), found)
    }

    /// Reports a text of blanks only.
    pub(super) fn not_blank(&mut self, field: String, found: Found<String>) -> Option<Found<String>> {
        if found.value.trim().is_empty() {
            self.error(found.span.start, Sentence::Empty, vec![("field", text(field))]);
            return None;
        }
        Some(found)
    }

    pub(super) fn as_string(&mut self, field: String, value: &Spanned<DeValue<'_>>) -> Option<Found<String>> {
        if let DeValue::String(text) = value.get_ref() {
            return Some(Found { value: text.clone().into_owned(), span: value.span() });
        }
        self.wrong_type(field, value, Expected::Text);
        None
    }

    /// A date, quoted or as TOML's own local date.
    pub(super) fn date_text(&mut self, place: &Place<'_>, key: &str) -> Option<Found<String>> {
        let value = place.table.get(key)?;
        match value.get_ref() {
            DeValue::Datetime(date) => Some(Found { value: date.to_string(), span: value.span() }),
            _ => self.as_string(place.field(key), value),
        }
    }

    /// A whole number within limits.
    pub(super) fn number(&mut self, place: &Place<'_>, key: &str, from: i64, to: i64) -> Option<i64> {
        let value = place.table.get(key)?;
        let DeValue::Integer(integer) = value.get_ref() else {
            self.wrong_type(place.field(key), value, Expected::Number);
            return None;
        };
        match i64::from_str_radix(integer.as_str(), integer.radix()) {
            Ok(number) if (from..=to).contains(&number) => Some(number),
            _ => {
                let said = vec![
                    ("field", text(place.field(key))),
                    ("value", text(shorten(integer.as_str()))),
                    ("limit", text(format!("{from}..{to}"))),
                ];
                self.error(value.span().start, Sentence::OutOfRange, said);
                None
            }
        }
    }

    /// Texts: a list, or one text standing for a list of one. Of a list longer than `most` only the first are read.
    pub(super) fn strings(
        &mut self,
        field: &str,
        value: &Spanned<DeValue<'_>>,
        most: usize,
    ) -> Vec<Found<String>> {
        match value.get_ref() {
            DeValue::String(_) => self.as_string(field.to_owned(), value).into_iter().collect(),
            DeValue::Array(items) => {
                self.not_too_many(field.to_owned(), value.span().start, items.len(), most);
                let read = items.iter().take(most);
                read.filter_map(|item| self.as_string(field.to_owned(), item)).collect()
            }
            _ => {
                self.wrong_type(field.to_owned(), value, Expected::TextOrList);
                Vec::new()
            }
        }
    }

    /// A table by key.
    pub(super) fn table<'t>(&mut self, place: &Place<'t>, key: &str) -> Option<Place<'t>> {
        let value = place.table.get(key)?;
        self.as_table(place.field(key), value)
    }

    pub(super) fn as_table<'t>(
        &mut self,
        name: String,
        value: &'t Spanned<DeValue<'t>>,
    ) -> Option<Place<'t>> {
        if let DeValue::Table(table) = value.get_ref() {
            return Some(Place { table, span: value.span(), name });
        }
        self.wrong_type(name, value, Expected::Table);
        None
    }

    /// The tables of a list, each named by `name_by` (a key of it) or its number from 1.
    pub(super) fn tables<'t>(
        &mut self,
        place: &Place<'t>,
        key: &str,
        name_by: &str,
        expected: Expected,
    ) -> Vec<Place<'t>> {
        let Some(value) = place.table.get(key) else { return Vec::new() };
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong_type(place.field(key), value, expected);
            if let (DeValue::Table(_), Expected::Tables, Some(last)) =
                (value.get_ref(), expected, self.problems.last_mut())
            {
                last.nearest = Some(format!("[[{key}]]"));
            }
            return Vec::new();
        };
        let name = |number: usize, item: &Spanned<DeValue<'_>>| {
            let own = item.get_ref().as_table().and_then(|table| table.get(name_by)).map(Spanned::get_ref);
            match own.and_then(DeValue::as_str) {
                Some(own) if !own.trim().is_empty() => format!("{}.{}", place.field(key), shorten(own)),
                _ => format!("{}.{}", place.field(key), number),
            }
        };
        items.iter().enumerate().filter_map(|(at, item)| self.as_table(name(at + 1, item), item)).collect()
    }

    /// Where a character of a value stands in the file: exact for plain texts, else the value's beginning.
    pub(super) fn inside(&self, found: &Found<String>, column: usize) -> usize {
        let raw = self.source.get(found.span.clone()).unwrap_or_default();
        let plain = ["\"", "'"].iter().find_map(|mark| raw.strip_prefix(mark)?.strip_suffix(mark));
        match plain {
            Some(plain) if plain == found.value => {
                let before: usize = plain.chars().take(column.saturating_sub(1)).map(char::len_utf8).sum();
                found.span.start + 1 + before
            }
            _ => found.span.start,
        }
    }
}

/// A value of a sentence.
pub(super) fn text(value: impl Into<String>) -> Said {
    Said::Text(value.into())
}

/// A value of the file, cut and in quotation marks.
pub(super) fn quote(value: &str) -> Said {
    Said::Text(format!("\"{}\"", shorten(value)))
}

/// The first line of a message.
pub(super) fn shorten_line(message: &str) -> String {
    message.lines().next().unwrap_or_default().trim().chars().take(200).collect()
}

/// The first characters, on one line.
pub(super) fn shorten(value: &str) -> String {
    let line: String =
        value.chars().take(SHOWN_CHARS).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if value.chars().nth(SHOWN_CHARS).is_some() { format!("{line}…") } else { line }
}

/// The word that was probably meant. A long value is no slip of a word, and is not compared.
pub(super) fn nearest(value: &str, words: &[&str]) -> Option<String> {
    if let Some(word) = meant(value, words) {
        return Some(word.to_owned());
    }
    let short = value.chars().nth(SHOWN_CHARS).is_none();
    let found = if short { near::nearest(value, words.iter().copied(), 1) } else { Vec::new() };
    found.first().map(|word| (*word).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let reader = Reader::new("a = 1\n群 = '二'\n", "x.toml");
        assert_eq!(reader.position(0), (1, 1));
        assert_eq!(reader.position(6), (2, 1));
        assert_eq!(reader.position(12), (2, 5));
        assert_eq!(reader.position(999), (3, 1));
    }
}
