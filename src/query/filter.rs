//! A filter made ready for one moment and place: what rows are matched with.
//!
//! Words become needles, dates become instants and days of silence become spans of time, so that a row is judged by
//! comparing numbers and strings. Cheap conditions are put before dear ones within each `AND` and `OR`; the order
//! cannot be seen from outside, because conditions have no effects. Nothing is allocated per row.

use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;

use crate::book::Timestamp;
use crate::text::fold::fold;
use crate::text::pinyin::Needle;

use super::closed::{Fact, Flag, Thing};
use super::dates::{Day, Range, When, midnight, shift_days};
use super::expr::{Comparison, Expr, Item, Leaf, Test};
use super::key::{Key, ValueKind};
use super::subject::{IdTail, Subject, Value};

/// The moment, the place and the person a filter is judged for.
#[derive(Clone, Copy, Debug)]
pub struct MatchContext<'a> {
    pub now: Timestamp,
    /// Whose days: the target's in a playbook, the screen's in a list.
    pub zone: Tz,
    /// The operator who asks, for `is:mine`; empty for nobody.
    pub me: &'a str,
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
    key: Key,
    form: Form,
}

#[derive(Clone, Debug)]
enum Form {
    /// In search keys.
    Name(Needle),
    /// Anywhere in a folded text.
    Part(String),
    /// The whole of a folded text.
    Whole(String),
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
        }
    }
}

#[derive(Clone, Debug)]
enum Node {
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
    Mine(String),
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
    /// `month * 32 + day`, both ends included.
    MonthDays {
        key: Key,
        ranges: Vec<(u16, u16)>,
    },
    Ids(Vec<IdTail>),
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
    fn cost(&self) -> u32 {
        match self {
            Self::Always(_) => 0,
            Self::And(parts) | Self::Or(parts) => parts.iter().map(Self::cost).fold(0, u32::saturating_add),
            Self::Not(inner) => inner.cost(),
            Self::Needle { cost, .. } => *cost,
            Self::Unset(_) | Self::Mine(_) | Self::Answered(_) => 8,
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

    /// What it looks for in strings; [`Subject::known`] answers by position in this list.
    pub fn needles(&self) -> &[KeyNeedle] {
        &self.needles
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
            Node::Mine(me) => matches!(subject.value(Key::Assignee), Value::Text(name) if name == me),
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
            Node::MonthDays { key, ranges } => any_value(subject, *key, &mut |value| match value {
                Value::MonthDay { month, day } => {
                    let place = month_day(u32::from(month), u32::from(day));
                    ranges.iter().any(|(from, to)| (*from..=*to).contains(&place))
                }
                _ => false,
            }),
            Node::Ids(tails) => {
                let id = subject.value(Key::Id);
                tails.iter().any(|tail| tail.matches(id))
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

fn month_day(month: u32, day: u32) -> u16 {
    (month * 32 + day) as u16
}

struct Maker<'a> {
    context: &'a MatchContext<'a>,
    needles: Vec<KeyNeedle>,
}

impl Maker<'_> {
    fn node(&mut self, expr: &Expr) -> Node {
        match expr {
            Expr::All => Node::Always(true),
            Expr::And(parts) => Node::And(self.sorted(parts)),
            Expr::Or(parts) => Node::Or(self.sorted(parts)),
            Expr::Not(inner) => Node::Not(Box::new(self.node(inner))),
            Expr::Leaf(leaf) => self.leaf(leaf),
        }
    }

    fn sorted(&mut self, parts: &[Expr]) -> Vec<Node> {
        let mut nodes: Vec<Node> = parts.iter().map(|part| self.node(part)).collect();
        nodes.sort_by_key(Node::cost);
        nodes
    }

    fn leaf(&mut self, leaf: &Leaf) -> Node {
        match leaf {
            Leaf::Word(word) => {
                let name = self.needle(Key::Name, Form::Name(Needle::new(word)));
                let text = self.needle(Key::Text, Form::Part(fold(word)));
                Node::Or(vec![name, text])
            }
            Leaf::Words { key, words } => self.words(*key, words),
            Leaf::Strings { key, values } => self.strings(*key, values),
            Leaf::Numbers { key, test } if key.kind() == ValueKind::Days => {
                let ranges = numbers(test).into_iter().map(|range| self.silence(range)).collect();
                Node::Times { key: *key, ranges }
            }
            Leaf::Numbers { key, test } => Node::Numbers { key: *key, ranges: numbers(test) },
            Leaf::Dates { key, test } if key.kind() == ValueKind::MonthDay => {
                Node::MonthDays { key: *key, ranges: self.month_days(test) }
            }
            Leaf::Dates { key, test } => Node::Times { key: *key, ranges: self.times(test) },
            Leaf::Unset(key) => Node::Unset(*key),
            Leaf::Ask(key) => Node::Answered(key.clone()),
        }
    }

    fn words(&self, key: Key, words: &[&'static str]) -> Node {
        let me = self.context.me;
        let parts =
            |node: &dyn Fn(&str) -> Option<Node>| Node::Or(words.iter().filter_map(|w| node(w)).collect());
        match key {
            Key::Is => parts(&|word| match Fact::parse(word)? {
                Fact::Mine if me.is_empty() => Some(Node::Always(false)),
                Fact::Mine => Some(Node::Mine(fold(me))),
                fact => Some(Node::Is(fact)),
            }),
            Key::Has => parts(&|word| Thing::parse(word).map(Node::Has)),
            _ if key.kind() == ValueKind::Flag => {
                parts(&|word| Some(Node::Flag { key, wanted: Flag::parse(word)? == Flag::Yes }))
            }
            _ => Node::Word { key, words: words.to_vec() },
        }
    }

    fn strings(&mut self, key: Key, values: &[String]) -> Node {
        if key.kind() == ValueKind::Id {
            return Node::Ids(values.iter().filter_map(|value| IdTail::parse(value)).collect());
        }
        let form = |value: &String| match key.kind() {
            ValueKind::Name => Form::Name(Needle::new(value)),
            ValueKind::Text => Form::Part(fold(value)),
            _ => Form::Whole(fold(value)),
        };
        let mut nodes: Vec<Node> = values.iter().map(|value| self.needle(key, form(value))).collect();
        if nodes.len() == 1 { nodes.swap_remove(0) } else { Node::Or(nodes) }
    }

    fn needle(&mut self, key: Key, form: Form) -> Node {
        let cost = match form {
            Form::Whole(_) => 10,
            Form::Name(_) => 60,
            Form::Part(_) => 200,
        };
        self.needles.push(KeyNeedle { key, form });
        Node::Needle { index: self.needles.len() - 1, key, cost }
    }

    /// What begins and ends within `when`; nothing past the end of the calendar.
    fn range(&self, when: When) -> Range {
        when.range(self.context.now, self.context.zone).unwrap_or((0, 0))
    }

    fn times(&self, test: &Test<When>) -> Vec<Range> {
        match test {
            Test::Compare(comparison, when) => {
                let (from, to) = self.range(*when);
                if from == to {
                    return Vec::new();
                }
                vec![match comparison {
                    Comparison::Less => (i64::MIN, from),
                    Comparison::AtMost => (i64::MIN, to),
                    Comparison::More => (to, i64::MAX),
                    Comparison::AtLeast => (from, i64::MAX),
                }]
            }
            Test::AnyOf(items) => items.iter().map(|item| self.span(item)).collect(),
        }
    }

    fn span(&self, item: &Item<When>) -> Range {
        match item {
            // An elapsed time is an instant; what people look for is its minute.
            Item::One(when @ (When::Now | When::Elapsed { .. })) => {
                let minute = crate::book::time::MINUTE;
                let from = self.range(*when).0.div_euclid(minute) * minute;
                (from, from.saturating_add(minute))
            }
            Item::One(when) => self.range(*when),
            Item::Range(from, to) => {
                let end = match (from, to) {
                    // 22:00..02:00 goes past midnight.
                    (Some(When::At { day: None, minutes: a }), Some(When::At { day: None, minutes: b }))
                        if b < a =>
                    {
                        self.range(When::At { day: None, minutes: b + 1440 }).1
                    }
                    (_, Some(to)) => self.range(*to).1,
                    (_, None) => i64::MAX,
                };
                (from.map_or(i64::MIN, |from| self.range(from).0), end)
            }
        }
    }

    /// The instants since which it has been quiet for so many whole local days.
    fn silence(&self, (from, to): (i64, i64)) -> Range {
        let MatchContext { now, zone, .. } = *self.context;
        let today = now.day(zone);
        let day_after = |days: i64| {
            let days = i32::try_from(days).ok()?;
            shift_days(today, days.checked_neg()?.checked_add(1)?).map(|date| midnight(date, zone).0)
        };
        // At least `from` days: before the end of the day `from` days ago. Nobody has been silent since before the
        // calendar began, and negative days reach into times to come.
        let end = if from == i64::MIN {
            i64::MAX
        } else {
            day_after(from).unwrap_or(if from > 0 { i64::MIN } else { i64::MAX })
        };
        let begin =
            to.checked_add(1).and_then(day_after).unwrap_or(if to >= 0 { i64::MIN } else { i64::MAX });
        (begin, end)
    }

    fn month_days(&self, test: &Test<When>) -> Vec<(u16, u16)> {
        let MatchContext { now, zone, .. } = *self.context;
        let Test::AnyOf(items) = test else { return Vec::new() };
        let mut ranges = Vec::new();
        for item in items {
            let (first, last) = match item {
                Item::One(when) => (Some(*when), Some(*when)),
                Item::Range(from, to) => (*from, *to),
            };
            let year = |month, day| NaiveDate::from_ymd_opt(2024, month, day);
            let side = |when: Option<When>, open: Option<NaiveDate>, last: bool| match when {
                // 02-29 is a day here, also in a year that does not have it.
                Some(When::Day(Day::MonthDay { month, day })) => year(u32::from(month), u32::from(day)),
                Some(when) => when.days(now, zone).map(|(a, b)| if last { b } else { a }),
                None => open,
            };
            let from = side(first, year(1, 1), false);
            let to = side(last, year(12, 31), true);
            let (Some(from), Some(to)) = (from, to) else { continue };
            if (to - from).num_days() >= 365 {
                ranges.push((0, u16::MAX));
                continue;
            }
            // In a year without it, who was born on 02-29 has their day on 02-28.
            let leap_day = (to.month(), to.day()) == (2, 28) && !to.leap_year();
            let last_day = if leap_day { 29 } else { to.day() };
            let (a, b) = (month_day(from.month(), from.day()), month_day(to.month(), last_day));
            if a <= b {
                ranges.push((a, b));
            } else {
                ranges.extend([(a, u16::MAX), (0, b)]);
            }
        }
        ranges
    }
}

fn numbers(test: &Test<i64>) -> Vec<(i64, i64)> {
    match test {
        Test::Compare(comparison, n) => vec![match comparison {
            Comparison::Less => (i64::MIN, n.saturating_sub(1)),
            Comparison::AtMost => (i64::MIN, *n),
            Comparison::More => (n.saturating_add(1), i64::MAX),
            Comparison::AtLeast => (*n, i64::MAX),
        }],
        Test::AnyOf(items) => items
            .iter()
            .map(|item| match item {
                Item::One(n) => (*n, *n),
                Item::Range(from, to) => (from.unwrap_or(i64::MIN), to.unwrap_or(i64::MAX)),
            })
            .collect(),
    }
}
