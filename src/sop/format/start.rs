//! `[start]` and `[intake]`: what triggers a playbook, and how many it takes in.

use chrono::NaiveDate;

use super::check::Checker;
use super::model::{Every, Intake, MonthDay, Recurrence, Since, SortKey, Start, StartWord, TargetKind};
use super::problem::{Expected, Sentence, Severity};
use super::source::{Found, Place, text};
use crate::book::{PlaybookId, Span};
use crate::sop::calendar::festivals::{Festival, find, find_term, names};
use crate::sop::calendar::rule::{self, Rule, RuleMistake};
use crate::sop::calendar::terms::NAMES;
use crate::sop::grammar::{DAYS_MAX, Length};

pub(super) const START: &[&str] = &[
    "on", "tag", "stage", "days", "k", "festival", "offset", "date", "product", "playbook", "since", "every",
    "rrule", "dtstart", "tz", "until", "count",
];
/// The most days that a yearly anchor is moved by: a whole year before its day is the day of the year before.
const OFFSET_MAX: i32 = 364;

const INTAKE: &[&str] = &["max", "per", "sort"];

/// The keys that mean something for an anchor, besides `on`.
const fn keys_of(word: StartWord) -> &'static [&'static str] {
    match word {
        StartWord::Tag => &["tag"],
        StartWord::Stage => &["stage"],
        StartWord::Silence => &["days", "since"],
        StartWord::CheckinStreak => &["k"],
        StartWord::CheckinMissed => &["days"],
        StartWord::Birthday | StartWord::LunarBirthday => &["offset"],
        StartWord::Festival | StartWord::Term => &["festival", "offset"],
        StartWord::Date => &["date", "offset"],
        StartWord::Recurrence => &["every", "rrule", "dtstart", "tz", "until", "count"],
        StartWord::Runout => &["product", "offset"],
        StartWord::After => &["playbook"],
        StartWord::Added
        | StartWord::Joined
        | StartWord::GroupCreated
        | StartWord::FirstPurchase
        | StartWord::LastPurchase
        | StartWord::LastReply
        | StartWord::LastTouch
        | StartWord::ByHand => &[],
    }
}

/// True for anchors that only people have: a group is not added, silent or born.
const fn is_of_members(word: StartWord) -> bool {
    matches!(
        word,
        StartWord::Added
            | StartWord::Joined
            | StartWord::Tag
            | StartWord::Stage
            | StartWord::FirstPurchase
            | StartWord::LastPurchase
            | StartWord::LastReply
            | StartWord::LastTouch
            | StartWord::Silence
            | StartWord::CheckinStreak
            | StartWord::CheckinMissed
            | StartWord::Birthday
            | StartWord::LunarBirthday
            | StartWord::Runout
    )
}

impl Checker<'_> {
    pub(super) fn start(&mut self, top: &Place<'_>) -> Option<Start> {
        if !top.has("start") {
            self.reader.missing(top, "[start]");
            return None;
        }
        let place = self.reader.table(top, "start")?;
        self.reader.unknown_keys(&place, START);
        let word = self.keyword(&place, "on", StartWord::parse, StartWord::WORDS, None)?;
        for key in START.iter().filter(|key| **key != "on" && place.has(key)) {
            if !keys_of(word).contains(key) {
                let said =
                    vec![("field", text(place.field(key))), ("place", text(format!("on = {}", word.word())))];
                self.reader.error(place.key_span(key).start, Sentence::NotUsed, said);
            }
        }
        let on_at = place.table.get("on").map_or(0, |value| value.span().start);
        if self.target != TargetKind::Member && is_of_members(word) {
            let said = vec![
                ("field", text(format!("on = {}", word.word()))),
                ("expected", super::problem::Said::Words(Expected::MemberPlaybook)),
            ];
            self.reader.error(on_at, Sentence::OnlyFor, said);
        }
        if self.target != TargetKind::Group && word == StartWord::GroupCreated {
            let said = vec![
                ("field", text(format!("on = {}", word.word()))),
                ("expected", super::problem::Said::Words(Expected::GroupPlaybook)),
            ];
            self.reader.error(on_at, Sentence::OnlyFor, said);
        }
        self.anchor(&place, word)
    }

    fn anchor(&mut self, place: &Place<'_>, word: StartWord) -> Option<Start> {
        let offset = if keys_of(word).contains(&"offset") { self.offset(place, word) } else { 0 };
        Some(match word {
            StartWord::Added => Start::Added,
            StartWord::Joined => Start::Joined,
            StartWord::GroupCreated => Start::GroupCreated,
            StartWord::Tag => Start::Tag { tag: self.reader.required(place, "tag")?.value },
            StartWord::Stage => {
                let found = self.reader.required(place, "stage")?;
                Start::Stage { stage: self.stage("start.stage", &found, &found.value)? }
            }
            StartWord::FirstPurchase => Start::FirstPurchase,
            StartWord::LastPurchase => Start::LastPurchase,
            StartWord::LastReply => Start::LastReply,
            StartWord::LastTouch => Start::LastTouch,
            StartWord::Silence => {
                let days = self.needed_number(place, "days")?;
                let since = self.keyword(place, "since", Since::parse, Since::WORDS, Some(Since::Both))?;
                Start::Silence { days, since }
            }
            StartWord::CheckinStreak => Start::CheckinStreak { k: self.needed_number(place, "k")? },
            StartWord::CheckinMissed => Start::CheckinMissed { days: self.needed_number(place, "days")? },
            StartWord::Birthday => Start::Birthday { offset },
            StartWord::LunarBirthday => Start::LunarBirthday { offset },
            StartWord::Festival => Start::Festival { festival: self.festival(place, find)?, offset },
            StartWord::Term => Start::Term { term: self.festival(place, find_term)?, offset },
            StartWord::Date => {
                if !place.has("date") {
                    self.reader.missing(place, "date");
                }
                Start::Date { date: self.date(place, "date")?, offset }
            }
            StartWord::Recurrence => Start::Recurrence(self.recurrence(place)?),
            StartWord::Runout => {
                Start::Runout { product: self.reader.required(place, "product")?.value, offset }
            }
            StartWord::After => {
                let found = self.reader.required(place, "playbook")?;
                if !PlaybookId::is_valid(&found.value) {
                    self.reader.bad_shape(place.field("playbook"), &found, Expected::PlaybookId);
                    return None;
                }
                Start::After { playbook: PlaybookId(found.value) }
            }
            StartWord::ByHand => Start::ByHand,
        })
    }

    /// A festival or solar term that is known.
    fn festival(&mut self, place: &Place<'_>, known: fn(&str) -> Option<Festival>) -> Option<String> {
        let found = self.reader.required(place, "festival")?;
        if known(&found.value).is_none() {
            let words: Vec<&str> = names().chain(NAMES).filter(|name| known(name).is_some()).collect();
            self.reader.not_a_word(place.field("festival"), &found, &words);
            return None;
        }
        Some(found.value)
    }

    /// A count of days that must be there, 1 to ten years.
    fn needed_number(&mut self, place: &Place<'_>, key: &str) -> Option<u32> {
        if !place.has(key) {
            self.reader.missing(place, key);
        }
        self.reader.number(place, key, 1, i64::from(DAYS_MAX)).and_then(|number| u32::try_from(number).ok())
    }

    /// `-3d` or `+1d`, whole days; of what comes every year less than a year.
    fn offset(&mut self, place: &Place<'_>, word: StartWord) -> i32 {
        let Some(found) = self.reader.string(place, "offset") else { return 0 };
        let (sign, length) = match found.value.strip_prefix('-') {
            Some(length) => (-1, length),
            None => (1, found.value.strip_prefix('+').unwrap_or(&found.value)),
        };
        let days = Length::parse(length).filter(|_| length.ends_with('d')).map(Length::days);
        let days = days.and_then(|days| i32::try_from(days).ok());
        if days.is_none() {
            self.reader.bad_shape(place.field("offset"), &found, Expected::Offset);
        }
        let yearly = matches!(
            word,
            StartWord::Birthday | StartWord::LunarBirthday | StartWord::Festival | StartWord::Term
        );
        if yearly && !self.applied && days.is_some_and(|days| days > OFFSET_MAX) {
            let said = vec![
                ("field", text(place.field("offset"))),
                ("value", super::source::quote(&found.value)),
                ("limit", text(format!("-{OFFSET_MAX}d..+{OFFSET_MAX}d"))),
            ];
            self.reader.error(found.span.start, Sentence::OutOfRange, said);
        }
        sign * days.unwrap_or(0)
    }

    fn date(&mut self, place: &Place<'_>, key: &str) -> Option<NaiveDate> {
        let found = self.reader.date_text(place, key)?;
        let date = NaiveDate::parse_from_str(&found.value, "%Y-%m-%d").ok();
        let date = date.filter(|_| found.value.len() == 10);
        if date.is_none() {
            self.reader.bad_shape(place.field(key), &found, Expected::Date);
        }
        date
    }

    fn recurrence(&mut self, place: &Place<'_>) -> Option<Recurrence> {
        let until = if place.has("until") { Some(self.date(place, "until")?) } else { None };
        let count = self.reader.number(place, "count", 1, 100_000).and_then(|n| u32::try_from(n).ok());
        if place.has("rrule") {
            if place.has("every") {
                let said = vec![("field", text("start.every")), ("place", text("rrule"))];
                self.reader.error(place.key_span("every").start, Sentence::NotUsed, said);
            }
            let every = Every::Rrule(Box::new(self.rule(place)?));
            return Some(Recurrence { every, until, count });
        }
        for key in ["dtstart", "tz"] {
            if place.has(key) {
                let said = vec![("field", text(place.field(key))), ("place", text("every"))];
                self.reader.error(place.key_span(key).start, Sentence::NotUsed, said);
            }
        }
        let found = self.reader.required(place, "every")?;
        let Some(every) = parse_every(&found.value) else {
            self.bad_every(place, &found);
            return None;
        };
        if every == Every::Workdays {
            let said = vec![("field", text(place.field("every")))];
            self.reader.note(Severity::Warning, found.span.start, Sentence::KnownYears, said, None);
        }
        Some(Recurrence { every, until, count })
    }

    /// `rrule` with `dtstart` and `tz`.
    fn rule(&mut self, place: &Place<'_>) -> Option<Rule> {
        let found = self.reader.required(place, "rrule")?;
        if !place.has("dtstart") {
            self.reader.missing(place, "dtstart");
        }
        let start = self.reader.date_text(place, "dtstart").and_then(|start| {
            let read = rule::parse_start(&start.value);
            if read.is_none() {
                self.reader.bad_shape(place.field("dtstart"), &start, Expected::Start);
            }
            read
        });
        let zone = if place.has("tz") { Some(self.zone(place, "tz")?) } else { None };
        let mistake = match Rule::parse(&found.value, start?, zone) {
            Ok(rule) => return Some(rule),
            Err(mistake) => mistake,
        };
        let said = ("field", text(place.field("rrule")));
        let (sentence, said) = match mistake {
            RuleMistake::OftenADay => (Sentence::RuleOften, vec![said]),
            RuleMistake::Never => (Sentence::RuleNever, vec![said]),
            RuleMistake::Shape(detail) => {
                (Sentence::RuleShape, vec![said, ("detail", text(super::source::shorten_line(&detail)))])
            }
        };
        self.reader.error(found.span.start, sentence, said);
        None
    }

    fn bad_every(&mut self, place: &Place<'_>, found: &Found<String>) {
        let said = vec![
            ("field", text(place.field("every"))),
            ("value", super::source::quote(&found.value)),
            ("expected", super::problem::Said::Words(Expected::Every)),
        ];
        let words = ["daily", "weekdays", "workdays", "weekly", "monthly", "days"];
        let head = found.value.split([':', '：']).next().unwrap_or_default();
        let meant = if words.contains(&head) || found.value.trim_end().ends_with("days") {
            corrected(&found.value)
        } else {
            super::source::nearest(head, &words)
        };
        self.reader.note(super::problem::Severity::Error, found.span.start, Sentence::BadShape, said, meant);
    }

    pub(super) fn intake(&mut self, top: &Place<'_>) -> Option<Intake> {
        let place = self.reader.table(top, "intake")?;
        self.reader.unknown_keys(&place, INTAKE);
        if !place.has("max") {
            self.reader.missing(&place, "max");
        }
        let max = self.reader.number(&place, "max", 1, 1_000_000).and_then(|n| u32::try_from(n).ok());
        // who enters does so on a day: none is let in by the hour
        let spans = || Span::ALL.iter().copied().filter(|span| *span != Span::Hour);
        let words: Vec<&str> = spans().map(Span::word).collect();
        let read = |word: &str| spans().find(|span| span.word() == word);
        let per = self.keyword(&place, "per", read, &words, Some(Span::Day));
        // there are no turns in a line
        let sort = self.sort(&place, |key| key != SortKey::LastLiked);
        Some(Intake { max: max?, per: per?, sort })
    }
}

/// What a list of days that cannot be read was meant to be: 七 and English names of weekdays, 末 and 32 of the month.
fn corrected(value: &str) -> Option<String> {
    const DAYS: [(&str, char); 7] =
        [("mo", '一'), ("tu", '二'), ("we", '三'), ("th", '四'), ("fr", '五'), ("sa", '六'), ("su", '日')];
    let (kind, list) = value.split_once([':', '：'])?;
    let words = list.split([',', '，', '、', ' ', '/']).map(str::trim).filter(|word| !word.is_empty());
    let list = match kind.trim() {
        "weekly" => words
            .map(|word| {
                let lower = word.to_lowercase();
                let named = DAYS.iter().find(|(name, _)| lower.starts_with(name));
                let swapped =
                    word.replace(['七', '0', '末'], "日").replace(['星', '期', '礼', '拜', '禮'], "");
                named.map_or(swapped, |(_, day)| day.to_string())
            })
            .collect::<String>(),
        "monthly" => {
            let mut days = Vec::new();
            for word in words {
                let day = match word.parse::<u32>() {
                    Ok(0) => "1",
                    Ok(1..=31) => word,
                    _ => "last",
                };
                if !days.contains(&day) {
                    days.push(day);
                }
            }
            days.join(",")
        }
        _ => return None,
    };
    let value = format!("{}: {list}", kind.trim());
    parse_every(&value).map(|_| value)
}

/// Reads `daily`, `weekdays`, `workdays`, `weekly: 一三五`, `3 days`, `monthly: 1,15,last`.
fn parse_every(value: &str) -> Option<Every> {
    let value = value.trim();
    match value {
        "daily" => return Some(Every::Daily),
        "weekdays" => return Some(Every::Weekdays),
        "workdays" => return Some(Every::Workdays),
        _ => {}
    }
    if let Some(days) = value.strip_suffix("days") {
        let days: u32 = days.trim().parse().ok()?;
        return (1..=DAYS_MAX.unsigned_abs()).contains(&days).then_some(Every::Days(days));
    }
    let (kind, list) = value.split_once([':', '：'])?;
    match kind.trim() {
        "weekly" => weekdays(list).map(Every::Weekly),
        "monthly" => month_days(list).map(Every::Monthly),
        _ => None,
    }
}

/// Weekdays as Chinese digits (一 to 日 or 天) or 1-7, with or without separators; bit 0 is Monday.
fn weekdays(list: &str) -> Option<u8> {
    let mut bits = 0_u8;
    for c in list.chars().filter(|c| !matches!(c, ' ' | ',' | '，' | '、' | '周')) {
        let day = match c {
            '1'..='7' => c.to_digit(10)? - 1,
            '天' => 6,
            _ => {
                "一二三四五六日".chars().position(|known| known == c).and_then(|at| u32::try_from(at).ok())?
            }
        };
        bits |= 1 << day;
    }
    (bits != 0).then_some(bits)
}

fn month_days(list: &str) -> Option<Vec<MonthDay>> {
    list.split([',', '，'])
        .map(|day| match day.trim() {
            "last" => Some(MonthDay::Last),
            day => day.parse().ok().filter(|day| (1..=31).contains(day)).map(MonthDay::Day),
        })
        .collect()
}

#[cfg(test)]
mod tests;
