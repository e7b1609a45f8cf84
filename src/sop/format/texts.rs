//! Filters and templates inside values: judged where they stand, so that mistakes point into them.

use std::borrow::Cow;

use super::braces::unfilled;
use super::check::{Checker, FilterMistake};
use super::model::{Condition, TargetKind};
use super::problem::{Said, Sentence, Severity};
use super::source::{Found, Place, nearest, quote, text};
use crate::sop::include;
use crate::sop::render::{Variables, render};
use crate::sop::template::{self, TemplateMistake};

/// What texts may use besides the keys asked.
pub const VARIABLES: &[&str] = &[
    "name",
    "me",
    "member",
    "group",
    "members",
    "account",
    "shop",
    "day",
    "date",
    "weekday",
    "last_product",
    "last_order",
    "next_buy",
];

/// Of these what one member alone has: empty where one message is said to several.
const OF_ONE_MEMBER: &[&str] = &["name", "member", "last_product", "last_order", "next_buy"];

/// The most characters one text may have: far more than any chat message.
pub(super) const TEXT_CHARS_MAX: usize = 20_000;

/// The most characters of a condition: as many as a filter may have.
const CONDITION_CHARS_MAX: usize = crate::query::MAX_CHARS;

/// True for a variable that every text may use.
pub fn is_variable(name: &str) -> bool {
    VARIABLES.contains(&name)
}

impl Checker<'_> {
    /// A filter by key; empty where the key is missing.
    pub(super) fn filter(&mut self, place: &Place<'_>, key: &str, of: TargetKind) -> String {
        let Some(found) = self.reader.string(place, key) else { return String::new() };
        if !found.value.trim().is_empty() {
            self.check_filter_text(&place.field(key), &found, &found.value, 0, of);
        }
        found.value.trim().to_owned()
    }

    /// Has a filter judged; `before` characters of the value stand before it.
    pub(super) fn check_filter_text(
        &mut self,
        field: &str,
        found: &Found<String>,
        filter: &str,
        before: usize,
        of: TargetKind,
    ) {
        let Err(FilterMistake { column, sentences, nearest }) = (self.check_filter)(filter, of) else {
            return;
        };
        let at = self.reader.inside(found, before + column.max(1));
        let said = vec![("field", text(field)), ("detail", Said::Languages(sentences))];
        self.reader.note(Severity::Error, at, Sentence::Filter, said, nearest);
    }

    /// `if`: asked answers and a filter.
    pub(super) fn condition(&mut self, place: &Place<'_>) -> Condition {
        let Some(found) = self.reader.string(place, "if") else { return Condition::default() };
        let field = place.field("if");
        if !self.is_read_whole(&field, &found) {
            return Condition::default();
        }
        let mut asked = Vec::new();
        let mut alone = true;
        let mut hidden = false;
        // Asked keys are blanked out, so that columns in the rest stay what they are in the file.
        let mut filter = String::new();
        for (at, word) in words(&found.value) {
            let (wanted, bare) = word.strip_prefix('-').map_or((true, word), |bare| (false, bare));
            if let Some(key) = bare.strip_prefix("ask:") {
                self.asked_key(&field, &found, at, key);
                asked.push((key.to_owned(), wanted));
                filter.extend(word.chars().map(|_| ' '));
            } else {
                alone &= word != "OR" && !word.contains(['(', ')', '（', '）']);
                hidden |= bare.trim_start_matches(['(', '（', '-']).starts_with("ask:");
                filter.push_str(word);
            }
        }
        if hidden || (!asked.is_empty() && !alone) {
            self.reader.error(found.span.start, Sentence::AskBesideOr, vec![("field", text(field.clone()))]);
        } else if !filter.trim().is_empty() {
            self.check_filter_text(&field, &found, &filter, 0, self.target);
        }
        Condition { asked, filter: filter.trim().to_owned() }
    }

    /// `who`: a filter over members, in which `ask:` means whom the form's answer names.
    pub(super) fn who(&mut self, place: &Place<'_>) -> String {
        let filter = self.filter(place, "who", TargetKind::Member);
        // one that is too long is refused as a filter
        let read = |found: &Found<String>| found.value.chars().count() <= CONDITION_CHARS_MAX;
        if let Some(found) = self.reader.string(place, "who").filter(read) {
            for (at, word) in words(&found.value) {
                let bare = word.trim_start_matches(['(', '（', '-']);
                let before = word.chars().count() - bare.chars().count();
                if let Some(key) = bare.trim_end_matches([')', '）']).strip_prefix("ask:") {
                    self.asked_key(&place.field("who"), &found, at + before, key);
                }
            }
        }
        filter
    }

    /// False, with a word about it, for a condition that is longer than a filter may be.
    fn is_read_whole(&mut self, field: &str, found: &Found<String>) -> bool {
        let count = found.value.chars().count();
        if count > CONDITION_CHARS_MAX {
            self.too_long(field, found, count, CONDITION_CHARS_MAX);
        }
        count <= CONDITION_CHARS_MAX
    }

    fn too_long(&mut self, field: &str, found: &Found<String>, count: usize, limit: usize) {
        let said = vec![
            ("field", text(field)),
            ("value", text(count.to_string())),
            ("limit", text(limit.to_string())),
        ];
        self.reader.error(found.span.start, Sentence::TooLong, said);
    }

    fn asked_key(&mut self, field: &str, found: &Found<String>, at: usize, key: &str) {
        if !self.asked.iter().any(|asked| asked == key) {
            let keys: Vec<&str> = self.asked.iter().map(String::as_str).collect();
            let said = vec![("field", text(field)), ("value", text(key))];
            let meant = nearest(key, &keys);
            let at = self.reader.inside(found, at);
            self.reader.note(Severity::Error, at, Sentence::NoSuchAsk, said, meant);
        }
    }

    /// A template: whole, of words that work, with variables that exist.
    pub(super) fn template(&mut self, field: &str, found: Found<String>) -> Option<String> {
        let found = self.reader.not_blank(field.to_owned(), found)?;
        let count = found.value.chars().count();
        if count > TEXT_CHARS_MAX {
            self.too_long(field, &found, count, TEXT_CHARS_MAX);
            return None;
        }
        if self.bare_braces(field, &found, Severity::Error) {
            return None;
        }
        // With what it includes, where that is known: its variables are looked at as well.
        let whole = match self.snippets {
            Some(snippets) => include::expand(&found.value, snippets),
            None => Ok(Cow::Borrowed(found.value.as_str())),
        };
        match whole.and_then(|whole| Ok((template::check(&whole)?, whole))) {
            Err(TemplateMistake::NotYet(word)) => {
                self.reader.not_yet(field.to_owned(), &word, found.span.start);
            }
            Err(TemplateMistake::Wrong(sentences)) => {
                let said = vec![("field", text(field)), ("detail", Said::Languages(sentences))];
                self.reader.error(found.span.start, Sentence::Template, said);
            }
            Ok((variables, whole)) => {
                self.not_of_one(field, &found, &whole, &variables, Severity::Error);
                for name in variables {
                    self.known_variable(field, &found, &name);
                }
            }
        }
        Some(found.value)
    }

    /// What is said to whoever does it: filled like a text. Nothing is held up by it, so what cannot be filled is only
    /// warned about.
    pub(super) fn note(&mut self, place: &Place<'_>) -> String {
        let Some(note) = self.optional(place, "note") else { return String::new() };
        let Some(found) = self.reader.string(place, "note").filter(|_| note.contains(['{', '｛'])) else {
            return note;
        };
        let field = place.field("note");
        self.bare_braces(&field, &found, Severity::Warning);
        let whole = match self.snippets {
            Some(snippets) => include::expand(&note, snippets),
            None => Ok(Cow::Borrowed(note.as_str())),
        };
        match whole.and_then(|whole| Ok((template::check(&whole)?, whole))) {
            Ok((variables, whole)) => {
                self.not_of_one(&field, &found, &whole, &variables, Severity::Warning);
                for name in variables {
                    self.known_variable(&field, &found, &name);
                }
            }
            Err(TemplateMistake::NotYet(word)) => {
                let said = vec![("field", text(field)), ("value", text(word))];
                self.reader.note(Severity::Warning, found.span.start, Sentence::NotYet, said, None);
            }
            Err(TemplateMistake::Wrong(sentences)) => {
                let said = vec![("field", text(field)), ("detail", Said::Languages(sentences))];
                self.reader.note(Severity::Warning, found.span.start, Sentence::Template, said, None);
            }
        }
        note
    }

    /// Reports variables that nothing would fill, since they are not written as variables are; true where that is an
    /// error. What was applied once stays what it is.
    fn bare_braces(&mut self, field: &str, found: &Found<String>, severity: Severity) -> bool {
        if self.applied {
            return false;
        }
        let asked = self.asked.clone();
        let is_known = |name: &str| is_variable(name) || asked.iter().any(|asked| asked == name);
        let mut refused = false;
        for one in unfilled(&found.value, &is_known) {
            let names: Vec<&str> =
                VARIABLES.iter().copied().chain(asked.iter().map(String::as_str)).collect();
            let name = if is_known(&one.name) { None } else { nearest(&one.name, &names) };
            let name = name.unwrap_or(one.name);
            let said = vec![
                ("field", text(field)),
                ("value", quote(&one.written)),
                ("expected", text(format!("{{{{ {name} }}}}"))),
            ];
            let column = found.value.get(..one.at).map_or(0, |before| before.chars().count()) + 1;
            let at = self.reader.place_of(found, &one.written, column);
            let severity = if one.sure { severity } else { Severity::Warning };
            refused |= severity == Severity::Error;
            self.reader.note(severity, at, Sentence::BareBraces, said, None);
        }
        refused
    }

    /// Warns of a variable that nothing will fill. Only a warning: what blocks a task is the rendering itself.
    fn known_variable(&mut self, field: &str, found: &Found<String>, name: &str) {
        if is_variable(name) || self.asked.iter().any(|asked| asked == name) {
            return;
        }
        let words: Vec<&str> =
            VARIABLES.iter().copied().chain(self.asked.iter().map(String::as_str)).collect();
        let meant = nearest(name, &words);
        let said = vec![("field", text(field)), ("value", quote(name))];
        let at = self.variable_at(found, name);
        self.reader.note(Severity::Warning, at, Sentence::UnknownVariable, said, meant);
    }

    /// Reports what only one member has in a message to several: nothing fills it there. Rendering decides, as it will when
    /// the task is shown: a variable in a branch that is not taken is no mistake. What was applied once stays what it is.
    fn not_of_one(
        &mut self,
        field: &str,
        found: &Found<String>,
        whole: &str,
        names: &[String],
        severity: Severity,
    ) {
        let is_of_one = |name: &str| OF_ONE_MEMBER.contains(&name);
        if !self.gathers || self.applied || !names.iter().any(|name| is_of_one(name)) {
            return;
        }
        let mut variables = Variables::default();
        for name in names {
            variables.set(name, if is_of_one(name) { "" } else { "x" });
        }
        variables.set_names("members", vec!["x".to_owned()]);
        variables.set_number("day", 1);
        // each is found in its turn: with a word for the one that was, the next is met
        for _ in OF_ONE_MEMBER {
            let blamed = render(whole, &variables).err().and_then(|block| block.variable);
            let Some(name) = blamed.filter(|name| is_of_one(name)) else { return };
            let said = vec![
                ("field", text(field)),
                ("value", quote(&name)),
                ("expected", text("{{ members }}".to_owned())),
            ];
            let at = self.variable_at(found, &name);
            self.reader.note(severity, at, Sentence::OfOneMember, said, None);
            variables.set(&name, "x");
        }
    }

    /// Where a variable stands; where its text begins for one that came by an include.
    fn variable_at(&self, found: &Found<String>, name: &str) -> usize {
        let is_name = |c: char| c.is_alphanumeric() || c == '_';
        let whole = |(byte, _): &(usize, &str)| {
            let (before, behind) = found.value.split_at(*byte);
            !before.ends_with(is_name) && !behind.trim_start_matches(name).starts_with(is_name)
        };
        found.value.match_indices(name).find(whole).map_or(found.span.start, |(byte, _)| {
            let column = found.value.get(..byte).map_or(0, |before| before.chars().count()) + 1;
            self.reader.inside(found, column)
        })
    }
}

/// Words and the blanks between them, in order, each with its column from 1; what is quoted is one word.
fn words(value: &str) -> Vec<(usize, &str)> {
    let mut words = Vec::new();
    let mut start = 0;
    let mut column = 1;
    let mut quoted = false;
    let mut blank = true;
    for (at, c) in value.char_indices() {
        if c == '"' {
            quoted = !quoted;
        }
        let is_blank = c.is_whitespace() && !quoted;
        if at > start && is_blank != blank {
            let word = value.get(start..at).unwrap_or_default();
            words.push((column, word));
            column += word.chars().count();
            start = at;
        }
        blank = is_blank;
    }
    words.push((column, value.get(start..).unwrap_or_default()));
    words
}
