//! What a filter says, as a tree: the form that is explained, written and resolved.
//!
//! Dates are kept as words and names as typed; nothing here knows what time it is. A tree made by the constructors
//! has no `And` in an `And`, no `Or` in an `Or` and no double negation, so that canonical text reads back as the
//! same tree.

use super::dates::When;
use super::key::Key;
use super::pattern::Pattern;

/// A filter's tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expr {
    /// The empty filter.
    All,
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Not(Box<Expr>),
    Leaf(Leaf),
}

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Leaf {
    /// A bare word: a name or a text has it.
    Word(String),
    /// One of these words of the key's closed set.
    Words { key: Key, words: Vec<&'static str> },
    /// One of these names, labels, texts or ids.
    Strings { key: Key, values: Vec<String> },
    /// A name or text has the pattern.
    WordPattern(Pattern),
    /// A text of that key has the pattern.
    Pattern { key: Key, pattern: Pattern },
    /// Numbers, days of silence, or fen.
    Numbers { key: Key, test: Test<i64> },
    /// Dates, or days of any year.
    Dates { key: Key, test: Test<When> },
    /// There is no value.
    Unset(Key),
    /// The form of that key is filled in.
    Ask(String),
    /// Whatever the saved view of that name filters by.
    View(String),
}

/// What a number or date is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test<T> {
    AnyOf(Vec<Item<T>>),
    Compare(Comparison, T),
}

/// One of the values after a colon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item<T> {
    One(T),
    /// From one value to another, both included; an open end is none.
    Range(Option<T>, Option<T>),
}

/// How a value is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    Less,
    AtMost,
    More,
    AtLeast,
}

impl Comparison {
    /// Every comparison.
    pub const ALL: [Self; 4] = [Self::Less, Self::AtMost, Self::More, Self::AtLeast];

    /// As it is written.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::More => ">",
            Self::AtLeast => ">=",
        }
    }
}

impl<T> Test<T> {
    /// Every value that is named.
    pub fn values(&self) -> Vec<&T> {
        match self {
            Self::Compare(_, value) => vec![value],
            Self::AnyOf(items) => items
                .iter()
                .flat_map(|item| match item {
                    Item::One(value) => [Some(value), None],
                    Item::Range(from, to) => [from.as_ref(), to.as_ref()],
                })
                .flatten()
                .collect(),
        }
    }
}

impl Expr {
    /// All of them; nested `And`s become one.
    pub fn and(parts: Vec<Self>) -> Self {
        let mut flat = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                Self::And(inner) => flat.extend(inner),
                Self::All => {}
                other => flat.push(other),
            }
        }
        if flat.len() > 1 { Self::And(flat) } else { flat.pop().unwrap_or(Self::All) }
    }

    /// Any of them; nested `Or`s become one.
    pub fn or(parts: Vec<Self>) -> Self {
        let mut flat = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                Self::Or(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        if flat.len() > 1 { Self::Or(flat) } else { flat.pop().unwrap_or(Self::All) }
    }

    /// The opposite; two negations are none.
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Self::Not(inner) => *inner,
            other => Self::Not(Box::new(other)),
        }
    }

    /// Calls `visit` with every condition, from left to right.
    pub fn each_leaf<'a>(&'a self, visit: &mut dyn FnMut(&'a Leaf)) {
        match self {
            Self::All => {}
            Self::And(parts) | Self::Or(parts) => parts.iter().for_each(|part| part.each_leaf(visit)),
            Self::Not(inner) => inner.each_leaf(visit),
            Self::Leaf(leaf) => visit(leaf),
        }
    }
}
