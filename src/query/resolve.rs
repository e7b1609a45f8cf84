//! Turns a tree into what rows are matched with: words into needles, dates and days into spans of instants.

use crate::text::fold::fold;
use crate::text::pinyin::Needle;

use super::between::{Asked, Meant};
use super::birthdays::{Birthdays, birthdays};
use super::closed::{Fact, Flag, Thing};
use super::date_value::natural;
use super::dates::{Range, When, midnight, shift_days};
use super::expr::{Comparison, Expr, Item, Leaf, Test};
use super::filter::{Form, KeyNeedle, MatchContext, Node};
use super::key::{Key, ValueKind};
use super::subject::IdTail;
use super::value::unit_of;

/// Makes nodes for one moment, place and person.
pub(super) struct Maker<'a> {
    pub context: &'a MatchContext<'a>,
    pub needles: Vec<KeyNeedle>,
}

impl Maker<'_> {
    pub(super) fn node(&mut self, expr: &Expr) -> Node {
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
            Leaf::WordPattern(pattern) => {
                let name = self.needle(Key::Name, Form::NamePattern(pattern.clone()));
                let text = self.needle(Key::Text, Form::Pattern(pattern.clone()));
                Node::Or(vec![name, text])
            }
            Leaf::Words { key, words } => self.words(*key, words),
            Leaf::Strings { key, values } => self.strings(*key, values),
            Leaf::Pattern { key, pattern } if key.kind() == ValueKind::Name => {
                self.needle(*key, Form::NamePattern(pattern.clone()))
            }
            Leaf::Pattern { key, pattern } => self.needle(*key, Form::Pattern(pattern.clone())),
            Leaf::Numbers { key, test } if key.kind() == ValueKind::Days => {
                let ranges = numbers(test).into_iter().map(|range| self.silence(range)).collect();
                Node::Times { key: *key, ranges }
            }
            Leaf::Numbers { key, test: Test::AnyOf(items) } if key.kind() == ValueKind::Span => {
                let ranges = items.iter().map(|item| match item {
                    // 2h is said of every length that is two hours and some minutes.
                    Item::One(n) => (*n, n.saturating_add(unit_of(*n) - 1)),
                    Item::Range(from, to) => (from.unwrap_or(i64::MIN), to.unwrap_or(i64::MAX)),
                });
                Node::Numbers { key: *key, ranges: ranges.collect() }
            }
            Leaf::Numbers { key, test } => Node::Numbers { key: *key, ranges: numbers(test) },
            Leaf::Dates { key, test } if key.kind() == ValueKind::MonthDay => {
                let Birthdays { ranges, lunar } = birthdays(test, self.context);
                Node::MonthDays { key: *key, ranges, lunar: Box::new(lunar) }
            }
            Leaf::Dates { key, test } => Node::Times { key: *key, ranges: self.times(*key, test) },
            Leaf::Unset(key) => Node::Unset(*key),
            // Whoever knows the views has put their filters in; `check_for` refuses the rest.
            Leaf::View(_) => Node::Always(false),
            Leaf::Ask(key) => Node::Answered(key.clone()),
        }
    }

    fn words(&self, key: Key, words: &[&'static str]) -> Node {
        let me = self.context.me;
        let parts =
            |node: &dyn Fn(&str) -> Option<Node>| Node::Or(words.iter().filter_map(|w| node(w)).collect());
        match key {
            Key::Is => parts(&|word| match Fact::parse(word)? {
                Fact::Mine | Fact::ByMe if me.is_empty() => Some(Node::Always(false)),
                Fact::Mine => Some(Node::Me { key: Key::Assignee, name: fold(me) }),
                Fact::ByMe => Some(Node::Me { key: Key::By, name: fold(me) }),
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
        let tails: Vec<IdTail> = values.iter().filter_map(|value| IdTail::parse(value)).collect();
        if key.kind() == ValueKind::Id {
            return Node::Ids { key, tails };
        }
        let form = |value: &String| match key.kind() {
            ValueKind::Name => Form::Name(Needle::new(value)),
            ValueKind::Text => Form::Part(fold(value)),
            _ => Form::Whole(fold(value)),
        };
        let mut nodes: Vec<Node> = values.iter().map(|value| self.needle(key, form(value))).collect();
        if let (Key::Sent, Some(playbooks)) = (key, self.context.playbooks) {
            let called = values.iter().flat_map(|value| playbooks.called(value));
            let ids: Vec<String> = called.map(|id| fold(&id)).collect();
            nodes.extend(ids.into_iter().map(|id| self.needle(key, Form::Whole(id))));
        }
        if key == Key::Member && !tails.is_empty() {
            // who is meant by their id, as it stands in lists
            nodes.push(Node::Ids { key, tails });
        }
        if nodes.len() == 1 { nodes.swap_remove(0) } else { Node::Or(nodes) }
    }

    fn needle(&mut self, key: Key, form: Form) -> Node {
        let cost = match form {
            Form::Whole(_) => 10,
            Form::Name(_) => 150,
            Form::Part(_) => 400,
            Form::Pattern(_) | Form::NamePattern(_) => 1_500,
        };
        self.needles.push(KeyNeedle { key, form });
        Node::Needle { index: self.needles.len() - 1, key, cost }
    }

    /// What begins and ends within `when`; nothing past the end of the calendar.
    fn range(&self, when: When) -> Range {
        when.range(self.context.now, self.context.zone).unwrap_or((0, 0))
    }

    fn times(&self, key: Key, test: &Test<When>) -> Vec<Range> {
        let MatchContext { now, zone, .. } = *self.context;
        match (Asked { way: natural(key), now, zone }).meant(test) {
            Test::Compare(comparison, Meant { when, .. }) => {
                let (from, to) = self.range(when);
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

    fn span(&self, item: &Item<Meant>) -> Range {
        match item {
            // An elapsed time is an instant; what people look for is its minute.
            Item::One(Meant { when: when @ (When::Now | When::Elapsed { .. }), .. }) => {
                let minute = crate::book::time::MINUTE;
                let from = self.range(*when).0.div_euclid(minute).saturating_mul(minute);
                (from, from.saturating_add(minute))
            }
            Item::One(day) => self.range(day.when),
            // 22:00..02:00 goes past midnight, and so does 晚上..上午.
            Item::Range(Some(from), Some(to)) if from.when.is_bare_time() && to.when.is_bare_time() => {
                let (begin, end) = (self.range(from.when).0, self.range(to.when).1);
                (begin, if end > begin { end } else { self.range(to.when.a_day_later()).1 })
            }
            Item::Range(from, to) => (
                from.map_or(i64::MIN, |from| self.range(from.when).0),
                to.map_or(i64::MAX, |to| self.range(to.when).1),
            ),
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
