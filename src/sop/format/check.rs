//! The checker's top level: the file as a whole, and the keys above the sections.

use std::collections::HashMap;

use chrono_tz::Tz;
use toml::de::DeTable;

use super::model::{Ask, AskPer, AskType, Playbook, Sort, SortKey, Start, Step, TargetKind};
use super::problem::{Expected, Problem, Said, Sentence, Severity};
use super::source::{Found, Place, Reader, nearest, quote, text};
use crate::book::{Class, PlaybookId};
use crate::sop::grammar::{At, DAYS_MAX, Length, TimeMistake, WallTime};
use crate::sop::include::Snippets;

/// The largest file that is read, in bytes.
pub const BYTES_MAX: usize = 1_048_576;

/// The most steps, asks, stop rules and ends of one playbook.
pub(super) const SECTIONS_MAX: usize = 500;

pub(super) const TOP: &[&str] = &[
    "id", "title", "for", "audience", "class", "priority", "tz", "day_ends", "fresh", "stop", "rest",
    "start", "intake", "ask", "step", "end",
];
const ASK: &[&str] = &["key", "type", "by", "per"];

/// What a filter's own checker found: the column in the filter (characters, from 1) and the sentence in the
/// order of [`crate::text::lang::Lang::ALL`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterMistake {
    pub column: usize,
    pub sentences: [String; 3],
    pub nearest: Option<String>,
}

/// What a check came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// There when nothing worse than a warning was found.
    pub playbook: Option<Playbook>,
    /// In the order of the file.
    pub problems: Vec<Problem>,
}

/// What judges a filter over such rows.
pub type CheckFilter<'a> = dyn Fn(&str, TargetKind) -> Result<(), FilterMistake> + 'a;

/// The checker at work on one file.
pub(super) struct Checker<'s> {
    pub(super) reader: Reader<'s>,
    pub(super) check_filter: &'s CheckFilter<'s>,
    pub(super) target: TargetKind,
    /// What texts may include; none where it is not known.
    pub(super) snippets: Option<&'s dyn Snippets>,
    /// The keys that `[[ask]]` sections declare.
    pub(super) asked: Vec<String>,
    /// The step at hand says one message to several members: nothing of one of them can stand in it.
    pub(super) gathers: bool,
    /// Ids of steps and the byte each stands at.
    pub(super) step_ids: HashMap<String, usize>,
    /// Step ids that effects go to, looked up when all steps are known.
    pub(super) gotos: Vec<(String, Found<String>)>,
    /// True for a text that was applied once: what was let through then and meant nothing still means nothing.
    pub(super) applied: bool,
}

/// Checks a playbook file whole and reports every mistake with its place.
///
/// `file` is only repeated in problems. `check_filter` judges `audience`, `who`, `if` and `filter:` texts; it is
/// never called with an empty text.
pub fn parse(source: &str, file: &str, check_filter: &dyn Fn(&str) -> Result<(), FilterMistake>) -> Checked {
    parse_with(source, file, &|filter, _| check_filter(filter), None)
}

/// The playbook of a text that was applied. An older program may have let words through that are mistakes by now; what
/// people are in the middle of does not end for that.
pub fn parse_applied(source: &str, file: &str) -> Option<Playbook> {
    check(source, file, &|_, _| Ok(()), None, true).playbook
}

/// As [`parse`], where filters are judged by whom they are over; what texts include must be among these snippets, where they are known.
pub fn parse_with(
    source: &str,
    file: &str,
    check_filter: &CheckFilter<'_>,
    snippets: Option<&dyn Snippets>,
) -> Checked {
    check(source, file, check_filter, snippets, false)
}

fn check(
    source: &str,
    file: &str,
    check_filter: &CheckFilter<'_>,
    snippets: Option<&dyn Snippets>,
    applied: bool,
) -> Checked {
    // A byte order mark is neither a character of the first line nor a part of the first key.
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    if source.len() > BYTES_MAX {
        let mut reader = Reader::new("", file);
        let said = vec![("bytes", text(source.len().to_string())), ("limit", text(BYTES_MAX.to_string()))];
        reader.error(0, Sentence::TooLarge, said);
        return Checked { playbook: None, problems: reader.problems };
    }
    let mut checker = Checker {
        reader: Reader::new(source, file),
        check_filter,
        snippets,
        target: TargetKind::Member,
        asked: Vec::new(),
        gathers: false,
        step_ids: HashMap::new(),
        gotos: Vec::new(),
        applied,
    };
    let (tree, errors) = DeTable::parse_recoverable(source);
    let keys: Vec<&str> = [TOP, super::step::STEP, super::start::START, ASK].concat();
    super::syntax::report(&mut checker.reader, source, &errors, &keys);
    // What the parser recovers after a syntax error would be reported as missing or unknown besides.
    let playbook = if errors.is_empty() {
        let top = Place { table: tree.get_ref(), span: 0..0, name: String::new() };
        checker.playbook(&top)
    } else {
        None
    };
    let mut problems = checker.reader.problems;
    problems.sort_by_key(|problem| (problem.line, problem.column));
    let refused = problems.iter().any(|problem| problem.severity != Severity::Warning);
    Checked { playbook: playbook.filter(|_| !refused), problems }
}

impl Checker<'_> {
    /// The whole file. Goes on after every mistake; what it returns then is not used.
    fn playbook(&mut self, top: &Place<'_>) -> Option<Playbook> {
        self.reader.unknown_keys(top, TOP);
        let id = self.playbook_id(top);
        let title = self.optional(top, "title");
        let target = self.keyword(top, "for", TargetKind::parse, TargetKind::WORDS, None);
        self.target = target.unwrap_or(TargetKind::Member);
        let audience = self.filter(top, "audience", self.target);
        let class = self.class(top);
        let priority = self.reader.number(top, "priority", -1000, 1000);
        let tz = self.zone(top, "tz");
        let day_ends = self.day_ends(top);
        let fresh = self.length(top, "fresh");
        let rest = self.length(top, "rest");
        let asks = self.asks(top);
        let stop = self.stop_rules(top);
        let start = self.start(top);
        let intake = self.intake(top);
        let recurs = matches!(start, Some(Start::Recurrence(_)));
        let steps = self.steps(top, recurs);
        let ends = self.ends(top);
        self.check_gotos();
        let id = id?;
        // where a rule says in which zone it comes round, its steps go by that clock too
        let tz = tz.or_else(|| start.as_ref().and_then(Start::zone));
        Some(Playbook {
            title: title.unwrap_or_else(|| id.0.clone()),
            id,
            target: target?,
            audience,
            class: class.unwrap_or(Class::Marketing),
            priority: priority.and_then(|number| i32::try_from(number).ok()).unwrap_or(50),
            tz,
            day_ends,
            fresh,
            stop,
            rest,
            start: start?,
            intake,
            asks,
            steps,
            ends,
        })
    }

    fn playbook_id(&mut self, top: &Place<'_>) -> Option<PlaybookId> {
        let found = self.reader.required(top, "id")?;
        if !PlaybookId::is_valid(&found.value) {
            self.reader.bad_shape("id".to_owned(), &found, Expected::PlaybookId);
            return None;
        }
        Some(PlaybookId(found.value))
    }

    /// A text that may be missing but not blank.
    pub(super) fn optional(&mut self, place: &Place<'_>, key: &str) -> Option<String> {
        let found = self.reader.string(place, key)?;
        self.reader.not_blank(place.field(key), found).map(|found| found.value)
    }

    /// A word of a closed set; `default` none means the key must be there.
    pub(super) fn keyword<T>(
        &mut self,
        place: &Place<'_>,
        key: &str,
        read: impl Fn(&str) -> Option<T>,
        words: &[&str],
        default: Option<T>,
    ) -> Option<T> {
        let found = match default {
            None => self.reader.required(place, key)?,
            Some(_) if !place.has(key) => return default,
            Some(_) => self.reader.string(place, key)?,
        };
        let value = read(&found.value);
        if value.is_none() {
            self.reader.not_a_word(place.field(key), &found, words);
        }
        value
    }

    /// A class; none where the key is missing.
    pub(super) fn class(&mut self, place: &Place<'_>) -> Option<Class> {
        if !place.has("class") {
            return None;
        }
        let words: Vec<&str> = Class::ALL.iter().map(|class| class.word()).collect();
        let read = |word: &str| Class::ALL.iter().copied().find(|class| class.word() == word);
        self.keyword(place, "class", read, &words, None)
    }

    pub(super) fn zone(&mut self, place: &Place<'_>, key: &str) -> Option<Tz> {
        let found = self.reader.string(place, key)?;
        let zone = found.value.parse::<Tz>().ok();
        if zone.is_none() {
            let names: Vec<&str> = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name()).collect();
            let said = vec![
                ("field", text(place.field(key))),
                ("value", quote(&found.value)),
                ("expected", Said::Words(Expected::Zone)),
            ];
            let meant = nearest(&found.value, &names);
            self.reader.note(Severity::Error, found.span.start, Sentence::BadShape, said, meant);
        }
        zone
    }

    fn day_ends(&mut self, top: &Place<'_>) -> WallTime {
        let Some(found) = self.reader.string(top, "day_ends") else { return WallTime::MIDNIGHT };
        match WallTime::parse(&found.value) {
            Some(time) if time.minutes() < 12 * 60 => time,
            _ => {
                self.reader.bad_shape("day_ends".to_owned(), &found, Expected::DayEnds);
                WallTime::MIDNIGHT
            }
        }
    }

    /// A length such as `30d`, longer than nothing.
    pub(super) fn length(&mut self, place: &Place<'_>, key: &str) -> Option<Length> {
        let found = self.reader.string(place, key)?;
        let length = Length::parse(&found.value).filter(|length| length.minutes() > 0);
        if length.is_none() {
            self.reader.bad_shape(place.field(key), &found, Expected::Length);
        }
        length
    }

    /// A sort key, with or without `-` in front.
    pub(super) fn sort(&mut self, place: &Place<'_>, known: impl Fn(SortKey) -> bool) -> Option<Sort> {
        let found = self.reader.string(place, "sort")?;
        let value = found.value.trim();
        let (descending, word) = value.strip_prefix('-').map_or((false, value), |word| (true, word));
        let key = SortKey::parse(word).filter(|key| known(*key));
        if key.is_none() && !self.applied {
            let words: Vec<&str> = SortKey::WORDS
                .iter()
                .copied()
                .filter(|word| SortKey::parse(word).is_some_and(&known))
                .collect();
            let bare = Found { value: word.to_owned(), span: found.span.clone() };
            self.reader.not_a_word(place.field("sort"), &bare, &words);
        }
        key.map(|key| Sort { key, descending })
    }

    /// Reports what is wrong with a time, by kind of mistake.
    pub(super) fn time_mistake(
        &mut self,
        field: String,
        found: &Found<String>,
        mistake: TimeMistake,
        expected: Expected,
    ) {
        let said = vec![("field", text(field.clone())), ("value", quote(&found.value))];
        match mistake {
            TimeMistake::Shape => self.reader.bad_shape(field, found, expected),
            TimeMistake::Clock => self.reader.error(found.span.start, Sentence::NoSuchTime, said),
            TimeMistake::Order => self.reader.error(found.span.start, Sentence::DaysOrder, said),
            TimeMistake::TooFar => {
                let limit = ("limit", text(DAYS_MAX.to_string()));
                let said = said.into_iter().chain([limit]).collect();
                self.reader.error(found.span.start, Sentence::DaysTooFar, said);
            }
        }
    }

    /// Reports a list that is longer than any playbook needs.
    pub(super) fn not_too_many(&mut self, place: &Place<'_>, key: &str, count: usize) {
        self.reader.not_too_many(place.field(key), place.key_span(key).start, count, SECTIONS_MAX);
    }

    /// Reports a value that another section has taken.
    pub(super) fn duplicate(&mut self, field: String, found: &Found<String>, first_at: usize) {
        let (line, _) = self.reader.position(first_at);
        let said =
            vec![("field", text(field)), ("value", quote(&found.value)), ("line", text(line.to_string()))];
        self.reader.error(found.span.start, Sentence::Duplicate, said);
    }

    /// Reports a key that stands where it has no meaning.
    pub(super) fn only_for(&mut self, place: &Place<'_>, key: &str, expected: Expected) {
        let said = vec![("field", text(place.field(key))), ("expected", Said::Words(expected))];
        self.reader.error(place.key_span(key).start, Sentence::OnlyFor, said);
    }

    fn asks(&mut self, top: &Place<'_>) -> Vec<Ask> {
        if top.has("ask") && self.target == TargetKind::Member {
            self.only_for(top, "ask", Expected::RunPlaybook);
        }
        let places = self.reader.tables(top, "ask", "key", Expected::Tables);
        self.not_too_many(top, "ask", places.len());
        let mut taken: HashMap<String, usize> = HashMap::new();
        places.iter().filter_map(|place| self.ask(place, &mut taken)).collect()
    }

    fn ask(&mut self, place: &Place<'_>, taken: &mut HashMap<String, usize>) -> Option<Ask> {
        self.reader.unknown_keys(place, ASK);
        let key = self.reader.required(place, "key").map(|found| {
            let shape = found.value.chars().all(|c| c.is_alphanumeric() || c == '_')
                && !found.value.starts_with(|c: char| c.is_numeric())
                && found.value.chars().count() <= 32;
            if !shape {
                self.reader.bad_shape(place.field("key"), &found, Expected::AskKey);
            } else if super::texts::is_variable(&found.value) {
                let said = vec![("value", quote(&found.value))];
                self.reader.error(found.span.start, Sentence::ReservedKey, said);
            } else if let Some(first_at) = taken.get(&found.value).copied() {
                self.duplicate(place.field("key"), &found, first_at);
            } else {
                taken.insert(found.value.clone(), found.span.start);
            }
            self.asked.push(found.value.clone());
            found.value
        });
        let kind = self.keyword(place, "type", AskType::parse, AskType::WORDS, Some(AskType::Text));
        let per = self.keyword(place, "per", AskPer::parse, AskPer::WORDS, Some(AskPer::Run));
        let by = self.reader.string(place, "by").and_then(|found| {
            let at = At::parse(&found.value)
                .and_then(|at| if at.days.repeats() { Err(TimeMistake::Shape) } else { Ok(at) });
            at.map_err(|mistake| self.time_mistake(place.field("by"), &found, mistake, Expected::By)).ok()
        });
        Some(Ask { key: key?, kind: kind?, by, per: per? })
    }

    fn steps(&mut self, top: &Place<'_>, recurs: bool) -> Vec<Step> {
        if !top.has("step") && !self.reader.lost_step {
            self.reader.missing(top, "[[step]]");
        }
        let places = self.reader.tables(top, "step", "id", Expected::Tables);
        self.not_too_many(top, "step", places.len());
        let steps = places.iter().take(SECTIONS_MAX).filter_map(|place| self.step(place, recurs));
        let mut turns: Vec<Step> = steps.flat_map(super::script::turns).collect();
        super::script::in_order(&mut turns);
        self.not_too_many(top, "step", turns.len());
        turns.into_iter().take(SECTIONS_MAX).collect()
    }

    fn check_gotos(&mut self) {
        let ids: Vec<String> = self.step_ids.keys().cloned().collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        for (field, found) in std::mem::take(&mut self.gotos) {
            if !self.step_ids.contains_key(&found.value) {
                let said = vec![("field", text(field)), ("value", quote(&found.value))];
                let meant = nearest(&found.value, &ids);
                self.reader.note(Severity::Error, found.span.start, Sentence::NoSuchStep, said, meant);
            }
        }
    }
}
