//! Reads the values after a key, each kind in its own way.

use super::between::is_backwards;
use super::closed::{Fact, Set};
use super::date_value::when;
use super::dates::When;
use super::expr::{Comparison, Expr, Item, Leaf, Test};
use super::key::{Key, ValueKind};
use super::number_value::{self, number};
use super::parse::error_at;
use super::pattern::Pattern;
use super::{QueryError, QueryErrorKind as Kind, Use};

/// A value as typed, with its place in characters from 0. `length` counts quotes too.
pub(super) struct Raw {
    pub text: String,
    pub at: usize,
    pub length: usize,
    pub quoted: bool,
    /// True for what stands between slashes.
    pub pattern: bool,
}

impl Raw {
    pub(super) fn error(&self, kind: Kind) -> QueryError {
        error_at(self.at, self.length, kind)
    }
}

/// The nearest of some words to a mistyped one.
pub(super) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    crate::text::near::nearest(word, candidates, 1).first().map(|near| (*near).to_owned())
}

/// `/a|b/`: as a bare word, in names and texts.
pub(super) fn word_pattern(raw: &Raw) -> Result<Expr, QueryError> {
    let pattern = Pattern::new(&raw.text).ok_or_else(|| raw.error(Kind::Regex))?;
    Ok(Expr::Leaf(Leaf::WordPattern(pattern)))
}

/// `key:a,b`: any of the values.
pub(super) fn any_of(key: Key, raws: &[Raw], uses: &mut Vec<Use>) -> Result<Expr, QueryError> {
    let leaf = match key.kind() {
        ValueKind::Words(set) => words(key, set, raws, uses)?,
        ValueKind::Flag => words(key, Set::Flag, raws, uses)?,
        ValueKind::Name | ValueKind::Exact | ValueKind::Text => return strings(key, raws, uses),
        ValueKind::Id => Leaf::Strings { key, values: raws.iter().map(id).collect::<Result<_, _>>()? },
        ValueKind::Number | ValueKind::Money | ValueKind::Days | ValueKind::Span => {
            let items = raws.iter().map(|raw| item(raw, &|raw| number(key, raw)));
            let items: Vec<Item<i64>> = items.collect::<Result<_, _>>()?;
            for (item, raw) in items.iter().zip(raws) {
                in_order(item, raw)?;
            }
            Leaf::Numbers { key, test: Test::AnyOf(items) }
        }
        ValueKind::Date | ValueKind::MonthDay => {
            let items = raws.iter().map(|raw| item(raw, &|raw| when(key, raw)));
            let items: Vec<Item<When>> = items.collect::<Result<_, _>>()?;
            // birthdays go round the year
            let ordered = key.kind() == ValueKind::Date;
            for (item, raw) in items.iter().zip(raws).filter(|_| ordered) {
                days_in_order(item, raw)?;
            }
            Leaf::Dates { key, test: Test::AnyOf(items) }
        }
        ValueKind::Answer => {
            let asks = raws.iter().map(|raw| Expr::Leaf(Leaf::Ask(raw.text.clone())));
            return Ok(Expr::or(asks.collect()));
        }
    };
    Ok(Expr::Leaf(leaf))
}

/// `key<a`: one value of a key that has an order.
pub(super) fn compared(key: Key, comparison: Comparison, raws: &[Raw]) -> Result<Leaf, QueryError> {
    let [raw] = raws else {
        let (at, end) = (raws.first(), raws.last());
        let from = at.map_or(0, |raw| raw.at);
        let length = end.map_or(1, |raw| raw.at + raw.length - from);
        // 1,000 is typed as it is written on paper
        let joined: String = raws.iter().map(|raw| raw.text.as_str()).collect();
        let nearest = joined.bytes().all(|b| b.is_ascii_digit() || b == b'.').then_some(joined);
        return Err(QueryError { nearest, ..error_at(from, length, Kind::OneValue(key)) });
    };
    if key.kind() == ValueKind::Date {
        Ok(Leaf::Dates { key, test: Test::Compare(comparison, when(key, raw)?) })
    } else {
        Ok(Leaf::Numbers { key, test: Test::Compare(comparison, number(key, raw)?) })
    }
}

fn words(key: Key, set: Set, raws: &[Raw], uses: &mut Vec<Use>) -> Result<Leaf, QueryError> {
    let mut words = Vec::with_capacity(raws.len());
    for raw in raws {
        let Some(word) = set.parse(raw.text.trim()) else {
            let nearest = nearest(&raw.text, set.spellings());
            let kind = Kind::UnknownWord { key, word: raw.text.clone() };
            return Err(QueryError { nearest, ..raw.error(kind) });
        };
        uses.push(Use { key, at: raw.at, length: raw.length, word: Some(word) });
        if !words.contains(&word) {
            words.push(word);
        }
    }
    Ok(Leaf::Words { key, words })
}

/// Names, labels and texts; and what may stand among them: myself, numbers of steps, dates, patterns.
fn strings(key: Key, raws: &[Raw], uses: &mut Vec<Use>) -> Result<Expr, QueryError> {
    let (mut parts, mut values) = (Vec::new(), Vec::new());
    let (mut steps, mut dates) = (Vec::new(), Vec::new());
    for raw in raws {
        if raw.pattern {
            let pattern = Pattern::new(&raw.text).ok_or_else(|| raw.error(Kind::Regex))?;
            parts.push(Expr::Leaf(Leaf::Pattern { key, pattern }));
            continue;
        }
        match meant(key, raw) {
            Meant::Text => values.push(raw.text.clone()),
            Meant::Me(fact) => parts.push(Expr::Leaf(Leaf::Words { key: Key::Is, words: vec![fact.word()] })),
            Meant::Step(item) => {
                in_order(&item, raw)?;
                steps.push(item);
            }
            Meant::Date(item) => {
                days_in_order(&item, raw)?;
                uses.push(Use { key: Key::SentAt, at: raw.at, length: raw.length, word: None });
                dates.push(item);
            }
        }
    }
    if !steps.is_empty() {
        parts.push(Expr::Leaf(Leaf::Numbers { key: Key::Nth, test: Test::AnyOf(steps) }));
    }
    if !dates.is_empty() {
        parts.push(Expr::Leaf(Leaf::Dates { key: Key::SentAt, test: Test::AnyOf(dates) }));
    }
    if !values.is_empty() {
        parts.push(Expr::Leaf(Leaf::Strings { key, values }));
    }
    Ok(Expr::or(parts))
}

/// What a value of a key with names or labels means.
enum Meant {
    Text,
    /// Whoever asks.
    Me(Fact),
    /// A step by its number in its playbook.
    Step(Item<i64>),
    /// When it was sent.
    Date(Item<When>),
}

fn meant(key: Key, raw: &Raw) -> Meant {
    let me = || raw.text.eq_ignore_ascii_case("me") || raw.text == "我";
    match key {
        _ if raw.quoted => Meant::Text,
        Key::Assignee if me() => Meant::Me(Fact::Mine),
        Key::By if me() => Meant::Me(Fact::ByMe),
        Key::Step => item(raw, &|raw| number(Key::Nth, raw)).map_or(Meant::Text, Meant::Step),
        Key::Sent => match item(raw, &|raw| when(Key::SentAt, raw)) {
            // steps are called morning and weekend
            Ok(Item::One(When::Part { day: None, .. } | When::Weekend(0))) if raw.text.is_ascii() => {
                Meant::Text
            }
            found => found.map_or(Meant::Text, Meant::Date),
        },
        _ => Meant::Text,
    }
}

/// True for a value that means something else than its text where no quotes stand about it.
pub(super) fn means_more(key: Key, value: &str) -> bool {
    let raw = Raw { text: value.to_owned(), at: 0, length: 0, quoted: false, pattern: false };
    !matches!(meant(key, &raw), Meant::Text)
}

fn in_order(item: &Item<i64>, raw: &Raw) -> Result<(), QueryError> {
    match item {
        Item::Range(Some(from), Some(to)) if from > to => Err(raw.error(Kind::Backwards)),
        _ => Ok(()),
    }
}

fn days_in_order(item: &Item<When>, raw: &Raw) -> Result<(), QueryError> {
    match item {
        Item::Range(Some(from), Some(to)) if is_backwards(*from, *to) => Err(raw.error(Kind::Backwards)),
        _ => Ok(()),
    }
}

/// The key that a comparison asks for: names have no order, but steps are numbered and what is sent has its time.
pub(super) const fn ordered(key: Key) -> Key {
    match key {
        Key::Step => Key::Nth,
        Key::Sent => Key::SentAt,
        key => key,
    }
}

/// Whether a number goes on with a unit that stands behind a blank: what is a unit alone, and no value without it is
/// taken for one with it.
pub(super) fn takes_unit(key: Key, number_text: &str, unit: &str) -> bool {
    let key = ordered(key);
    let ends = number_text.ends_with(|c: char| c.is_ascii_digit() || number_value::is_numeral(c));
    if !ends || !has_order(key) {
        return false;
    }
    let raw = |text: String| Raw { text, at: 0, length: 0, quoted: false, pattern: false };
    let both = raw(format!("{number_text}{unit}"));
    if key.kind() == ValueKind::Date {
        let counts = number_text.chars().all(|c| c.is_ascii_digit() || number_value::is_numeral(c));
        return counts && when(key, &raw(number_text.to_owned())).is_err() && when(key, &both).is_ok();
    }
    number_value::is_unit(unit) && number(key, &both).is_ok()
}

/// Whether its values are greater and less than each other.
pub(super) fn has_order(key: Key) -> bool {
    matches!(
        ordered(key).kind(),
        ValueKind::Number | ValueKind::Money | ValueKind::Days | ValueKind::Span | ValueKind::Date
    )
}

/// Whether not every text is a value of it.
pub(super) fn is_closed(key: Key) -> bool {
    use ValueKind as Kind;
    !matches!(key.kind(), Kind::Name | Kind::Exact | Kind::Text | Kind::Answer)
}

/// Whether no row is without it, so that nobody asks for that.
pub(super) const fn is_never_without(key: Key) -> bool {
    use Key as K;
    matches!(
        key,
        K::State
            | K::Due
            | K::Is
            | K::Has
            | K::Via
            | K::Class
            | K::Created
            | K::Age
            | K::Orders
            | K::Spent
            | K::Id
            | K::Ask
    )
}

fn id(raw: &Raw) -> Result<String, QueryError> {
    let text = raw.text.to_ascii_lowercase();
    if super::subject::IdTail::parse(&text).is_some() { Ok(text) } else { Err(raw.error(Kind::Id(text))) }
}

/// One value, or a range written with `..` or `~`.
fn item<T>(raw: &Raw, read: &dyn Fn(&Raw) -> Result<T, QueryError>) -> Result<Item<T>, QueryError> {
    let chars: Vec<char> = raw.text.chars().collect();
    let dots = (0..chars.len()).find_map(|at| match (chars.get(at), chars.get(at + 1)) {
        (Some('~'), _) => Some((at, 1)),
        (Some('.' | '。'), Some('.' | '。')) => Some((at, 2)),
        _ => None,
    });
    let Some((at, length)) = dots else { return Ok(Item::One(read(raw)?)) };
    let side = |from: usize, to: usize| -> Result<Option<T>, QueryError> {
        let text: String = chars.get(from..to).unwrap_or_default().iter().collect();
        if text.trim().is_empty() {
            return Ok(None);
        }
        // Quotes stand before the text, so that columns inside them are one further.
        let at = raw.at + from + usize::from(raw.quoted);
        read(&Raw { text, at, length: to - from, quoted: false, pattern: false }).map(Some)
    };
    let (from, to) = (side(0, at)?, side(at + length, chars.len())?);
    if from.is_none() && to.is_none() {
        return Err(raw.error(Kind::EmptyItem));
    }
    Ok(Item::Range(from, to))
}

/// The unit a length of time was meant in: `2h` is every length from two hours to less than three.
pub(super) const fn unit_of(minutes: i64) -> i64 {
    match minutes {
        m if m != 0 && m % 1_440 == 0 => 1_440,
        m if m != 0 && m % 60 == 0 => 60,
        _ => 1,
    }
}
