//! A filter made ready for one moment and place: what rows are matched with.
//!
//! Words become needles, dates become instants and days of silence become spans of time, so that a row is judged by
//! comparing numbers and strings. Cheap conditions are put before dear ones within each `AND` and `OR`; the order
//! cannot be seen from outside, because conditions have no effects. Nothing is allocated per row, but for patterns
//! that names are held against.

use chrono_tz::Tz;

use crate::book::lunar::LunarDays;
use crate::book::{Customs, Timestamp};
use crate::text::pinyin::{Needle, letters_of};

use super::closed::{Fact, Thing};
use super::dates::Range;
use super::expr::Expr;
use super::key::Key;
use super::pattern::Pattern;
use super::resolve::Maker;
use super::subject::{IdTail, Subject, Value};

/// Knows playbooks by what people call them.
pub trait Titles: std::fmt::Debug {
    /// The ids of those that a name means which is no id of one: their titles and parts of them, as `sop:` takes them.
    fn called(&self, name: &str) -> Vec<String>;
}

/// The moment, the place and the person a filter is judged for.
#[derive(Clone, Copy, Debug)]
pub struct MatchContext<'a> {
    pub now: Timestamp,
    /// Whose days: the target's in a playbook, the screen's in a list.
    pub zone: Tz,
    /// The operator who asks, for `is:mine`; empty for nobody.
    pub me: &'a str,
    /// On which day a lunar birthday falls that a year does not have.
    pub customs: Customs,
    /// For `sent:`, which rows tell by ids; none where there are no playbooks.
    pub playbooks: Option<&'a dyn Titles>,
}

impl MatchContext<'_> {
    /// For filters that ask for nothing that depends on it.
    pub fn nowhere() -> Self {
        Self { now: Timestamp(0), zone: Tz::UTC, me: "", customs: Customs::default(), playbooks: None }
    }
}

/// A filter ready to match.
#[derive(Clone, Debug)]
pub struct Filter {
    root: Node,
    needles: Vec<KeyNeedle>,
}

/// Something a filter looks for in strings.
#[derive(Clone, Debug)]
pub struct KeyNeedle {
    pub(super) key: Key,
    pub(super) form: Form,
}

/// How a string is looked for.
#[derive(Clone, Debug)]
pub(super) enum Form {
    /// In search keys.
    Name(Needle),
    /// Anywhere in a folded text.
    Part(String),
    /// The whole of a folded text.
    Whole(String),
    /// Anywhere in a folded text.
    Pattern(Pattern),
    /// Anywhere in one of the names of a search key.
    NamePattern(Pattern),
}

impl KeyNeedle {
    /// Whose strings it is for: `name` and `text` are the row's own.
    pub fn key(&self) -> Key {
        self.key
    }

    /// Whether a search key or folded text of that key has it.
    pub fn matches(&self, text: &str) -> bool {
        match &self.form {
            Form::Name(needle) => needle.matches(text),
            Form::Part(part) => text.contains(part.as_str()),
            Form::Whole(whole) => text == whole,
            Form::Pattern(pattern) => pattern.is_in(text),
            Form::NamePattern(pattern) => letters_of(text).lines().any(|name| pattern.is_in(name)),
        }
    }
}

/// A condition that asks a row.
#[derive(Clone, Debug)]
pub(super) enum Node {
    Always(bool),
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Box<Node>),
    Word {
        key: Key,
        words: Vec<&'static str>,
    },
    Is(Fact),
    Has(Thing),
    /// The folded name of whoever asks.
    Me {
        key: Key,
        name: String,
    },
    Flag {
        key: Key,
        wanted: bool,
    },
    /// Both ends included; money in fen.
    Numbers {
        key: Key,
        ranges: Vec<(i64, i64)>,
    },
    Times {
        key: Key,
        ranges: Vec<Range>,
    },
    /// `month * 32 + day`, both ends included; and the lunar dates that fall between them.
    MonthDays {
        key: Key,
        ranges: Vec<(u16, u16)>,
        lunar: Box<LunarDays>,
    },
    Ids {
        key: Key,
        tails: Vec<IdTail>,
    },
    Needle {
        index: usize,
        key: Key,
        cost: u32,
    },
    Unset(Key),
    Answered(String),
}

impl Node {
    /// What judging costs, roughly in nanoseconds.
    pub(super) fn cost(&self) -> u32 {
        match self {
            Self::Always(_) => 0,
            Self::And(parts) | Self::Or(parts) => parts.iter().map(Self::cost).fold(0, u32::saturating_add),
            Self::Not(inner) => inner.cost(),
            Self::Needle { cost, .. } => *cost,
            // its text is filled
            Self::Is(Fact::Blocked) => 30_000,
            Self::Unset(_) | Self::Me { .. } | Self::Answered(_) => 8,
            _ => 4,
        }
    }
}

impl Filter {
    /// Makes a tree ready.
    pub(super) fn new(expr: &Expr, context: &MatchContext<'_>) -> Self {
        let mut maker = Maker { context, needles: Vec::new() };
        let root = maker.node(expr);
        Self { root, needles: maker.needles }
    }

    /// Whether a row is in the list.
    pub fn matches<S: Subject + ?Sized>(&self, subject: &S) -> bool {
        self.judge(&self.root, subject)
    }

    pub(super) fn root(&self) -> &Node {
        &self.root
    }

    /// What it looks for in strings; [`Subject::known`] answers by position in this list.
    pub fn needles(&self) -> &[KeyNeedle] {
        &self.needles
    }

    /// What judging one row costs, roughly in nanoseconds: how many of them may be judged in one go.
    pub fn cost(&self) -> u32 {
        self.root.cost()
    }

    /// True when every row matches, whatever it is.
    pub fn is_everything(&self) -> bool {
        matches!(self.root, Node::Always(true))
    }

    // Depth follows that of the tree, which the parser limits.
    fn judge<S: Subject + ?Sized>(&self, node: &Node, subject: &S) -> bool {
        match node {
            Node::Always(answer) => *answer,
            Node::And(parts) => parts.iter().all(|part| self.judge(part, subject)),
            Node::Or(parts) => parts.iter().any(|part| self.judge(part, subject)),
            Node::Not(inner) => !self.judge(inner, subject),
            Node::Word { key, words } => any_value(subject, *key, &mut |value| match value {
                Value::Word(word) => words.contains(&word),
                _ => false,
            }),
            Node::Is(fact) => subject.is(*fact),
            Node::Has(thing) => subject.has(*thing),
            Node::Me { key, name } => matches!(subject.value(*key), Value::Text(of) if of == name),
            Node::Flag { key, wanted } => (subject.value(*key) == Value::Flag(true)) == *wanted,
            Node::Numbers { key, ranges } => any_value(subject, *key, &mut |value| match value {
                Value::Number(n) => ranges.iter().any(|(from, to)| (*from..=*to).contains(&n)),
                Value::Money(money) => ranges.iter().any(|(from, to)| (*from..=*to).contains(&money.0)),
                _ => false,
            }),
            Node::Times { key, ranges } => any_value(subject, *key, &mut |value| match value {
                Value::Time(at) => ranges.iter().any(|(from, to)| (*from..*to).contains(&at.0)),
                _ => false,
            }),
            Node::MonthDays { key, ranges, lunar } => any_value(subject, *key, &mut |value| match value {
                Value::MonthDay { month, day } => {
                    let place = month_day(u32::from(month), u32::from(day));
                    ranges.iter().any(|(from, to)| (*from..=*to).contains(&place))
                }
                Value::LunarDay { month, leap, day } => lunar.has(month, leap, day),
                _ => false,
            }),
            Node::Ids { key, tails } => {
                any_value(subject, *key, &mut |id| tails.iter().any(|tail| tail.matches(id)))
            }
            Node::Needle { index, key, .. } => match subject.known(*index) {
                Some(known) => known,
                None => self.needles.get(*index).is_some_and(|needle| has_needle(subject, *key, needle)),
            },
            Node::Unset(key) => !any_value(subject, *key, &mut |value| value != Value::None),
            Node::Answered(key) => subject.is_answered(key),
        }
    }
}

fn has_needle<S: Subject + ?Sized>(subject: &S, key: Key, needle: &KeyNeedle) -> bool {
    any_value(subject, key, &mut |value| matches!(value, Value::Text(text) if needle.matches(text)))
}

/// Asks a row for the values of a key, however many it can have.
fn any_value<S: Subject + ?Sized>(subject: &S, key: Key, accept: &mut dyn FnMut(Value<'_>) -> bool) -> bool {
    match key {
        Key::Name => subject.names(&mut |text| accept(Value::Text(text))),
        Key::Text => subject.texts(&mut |text| accept(Value::Text(text))),
        _ if key.is_many() => subject.each(key, accept),
        _ => accept(subject.value(key)),
    }
}

/// Where a day stands in any year.
pub(super) fn month_day(month: u32, day: u32) -> u16 {
    (month * 32 + day) as u16
}
