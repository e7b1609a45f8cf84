//! The filter language: one for `/`, `--filter`, views, audiences, stop rules and `if`.
//!
//! ```text
//! state:due due:today group:宠友 -tag:勿扰 spent>=500
//! 待发 OR (阶段:新客,沉默 沉默>=30)        到期:18:00..20:00        has:unpicked
//! ```
//!
//! A text is parsed once into a [`Query`], which can say itself in words or in canonical form and knows its keys. For
//! a moment and a place it becomes a [`Filter`], which judges rows ([`Subject`]) by comparing numbers and needles.
//! Words of closed sets and dates are errors when unknown, with their column and the nearest word; names and tags
//! never are.
//!
//! Texts, names and tags are searched literally, or with a regular expression between slashes: `/鸡蛋|牛奶/`, `note:/过敏|忌口/`,
//! `name:/^小.*妈$/`. Blanks within names do not count there either.
//!
//! ```text
//! key      the table of keys          closed   the closed sets of words
//! lex      what characters mean       parse    text -> tree            value   the values after a key
//! scan     date words -> pieces       dates    days and instants       when    date words of follow-ups
//! pattern  regular expressions        date_value   the dates after a key       said    dates -> words
//! number_value    the numbers after a key
//! expr     the tree                   write    tree -> canonical text  explain tree -> words
//! subject  a row                      filter   judges rows             resolve tree and moment -> filter
//! between  ranges of days that go over the end of a week or year
//! birthdays    dates -> days of any year, of either calendar
//! trial    what must hold of any text
//! standing open tasks, ended ones, or both
//! hint     what may have been meant otherwise
//! views    @name -> the filter of a saved view      nearby   filters near to one that finds nothing
//! ```

mod between;
mod birthdays;
pub mod closed;
mod date_value;
pub mod dates;
mod error;
mod explain;
pub mod expr;
mod filter;
mod hint;
mod key;
mod lex;
mod nearby;
mod number_value;
mod parse;
mod pattern;
mod resolve;
mod said;
mod scan;
mod standing;
mod subject;
pub mod trial;
mod value;
mod views;
mod when;
mod write;

use chrono::Days;
use chrono_tz::Tz;

use crate::book::time::MINUTE;
use crate::book::{TaskState, Timestamp};
use crate::text::lang::Lang;

pub use closed::{Fact, Thing};
pub use date_value::date_words;
pub use error::{QueryError, QueryErrorKind};
pub use expr::{Expr, Leaf};
pub use filter::{Filter, KeyNeedle, MatchContext, Titles};
pub use key::{Key, Scope, SubjectKind, ValueKind};
pub use nearby::{Change, Nearby, nearby};
pub use parse::parse;
pub use standing::{Standing, names_days};
pub use subject::{Subject, Value, Visit};
pub use views::NamedFilters;
pub use when::{
    MomentError, MomentErrorKind, means_a_day, names_a_day, names_now, parse_beginning, parse_end,
    parse_moment, parse_past, parse_rest,
};

use dates::{Pace, When};
use expr::{Comparison, Item, Test};
use hint::Hint;

/// The most characters of a filter; about a screen full.
pub const MAX_CHARS: usize = 4_000;
/// The most parentheses in each other; a human loses count at three.
pub const MAX_DEPTH: usize = 32;

/// The most regular expressions of a filter: each takes memory of its own.
pub const MAX_PATTERNS: usize = 16;

/// Both filters at once, as text: what either says holds. One that is empty says nothing.
pub fn both(one: &str, other: &str) -> String {
    let whole = |filter: &str| match parse(filter) {
        // `a OR b c` would be a, or b and c
        Ok(Query { expr: Expr::Or(_), .. }) => format!("({})", filter.trim()),
        _ => filter.trim().to_owned(),
    };
    let mut first = whole(one);
    if first.ends_with([':', '：']) {
        // and `stage: new` somebody in that stage
        first = format!("({first})");
    }
    format!("{first} {}", whole(other)).trim().to_owned()
}

/// What a line means that was typed on behind the filter of a view: an `OR` in it chooses among the rows of the view, and
/// leads to no others. A line that begins otherwise says all of it by itself.
pub fn within(view: &str, line: &str) -> String {
    let (view, line) = (view.trim(), line.trim());
    let chooses = |text: &str| matches!(parse(text), Ok(Query { expr: Expr::Or(_), .. }));
    let typed = line.strip_prefix(view).filter(|typed| typed.starts_with(char::is_whitespace));
    match typed {
        Some(typed) if chooses(typed) || (chooses(view) && parse(typed).is_ok()) => both(view, typed),
        _ => line.to_owned(),
    }
}

/// A filter, parsed. Two are equal when they say the same in the same order, however they were typed.
#[derive(Clone, Debug)]
pub struct Query {
    expr: Expr,
    uses: Vec<Use>,
    views: Vec<ViewUse>,
    /// The views that stand in it by their filters.
    listings: Vec<views::Listing>,
    /// What may have been meant otherwise.
    hints: Vec<Hint>,
}

/// Where a view is named.
#[derive(Clone, Debug)]
struct ViewUse {
    name: String,
    /// With the `@`, in characters from 0.
    at: usize,
    length: usize,
}

/// Where a key, or a word of its closed set, stands in the text; characters from 0.
#[derive(Clone, Copy, Debug)]
struct Use {
    key: Key,
    at: usize,
    length: usize,
    word: Option<&'static str>,
}

impl PartialEq for Query {
    fn eq(&self, other: &Self) -> bool {
        self.expr == other.expr
    }
}

impl Eq for Query {}

impl Query {
    /// The filter that every row passes.
    pub fn everything() -> Self {
        Self { expr: Expr::All, uses: Vec::new(), views: Vec::new(), listings: Vec::new(), hints: Vec::new() }
    }

    /// Both filters: a view and what was typed on top of it.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        // Places in a text that nobody typed as one mean nothing.
        let views = self.views.into_iter().chain(other.views).collect();
        let listings = self.listings.into_iter().chain(other.listings).collect();
        let expr = Expr::and(vec![self.expr, other.expr]);
        Self { expr, uses: Vec::new(), views, listings, hints: Vec::new() }
    }

    /// What it says.
    pub fn expr(&self) -> &Expr {
        &self.expr
    }

    /// True for the empty filter.
    pub fn is_everything(&self) -> bool {
        self.expr == Expr::All
    }

    /// The canonical text: English keys, plain punctuation; parses back to an equal query.
    pub fn to_text(&self) -> String {
        write::text(&self.expr)
    }

    /// What it says in words of a language, for people who have not learnt it. Which Friday and which year is meant depends
    /// on when and where it is asked.
    pub fn explain(&self, lang: Lang, now: Timestamp, zone: Tz) -> String {
        explain::Said { lang, now, zone }.words(&self.expr)
    }

    /// What in it is read literally and may have been meant otherwise, a sentence each, from left to right.
    pub fn hints(&self, lang: Lang) -> Vec<String> {
        let mut hints: Vec<&Hint> = self.hints.iter().collect();
        hints.sort_by_key(|hint| hint.at);
        hints.into_iter().map(|hint| hint.kind.words(lang)).collect()
    }

    /// The keys it uses, each once. Bare words use `name` and `text`.
    pub fn keys(&self) -> Vec<Key> {
        let mut keys = Vec::new();
        self.expr.each_leaf(&mut |leaf| match leaf {
            Leaf::Word(_) | Leaf::WordPattern(_) => keys.extend([Key::Name, Key::Text]),
            Leaf::Words { key, .. }
            | Leaf::Strings { key, .. }
            | Leaf::Pattern { key, .. }
            | Leaf::Numbers { key, .. }
            | Leaf::Dates { key, .. }
            | Leaf::Unset(key) => keys.push(*key),
            Leaf::Ask(_) => keys.push(Key::Ask),
            Leaf::View(_) => {}
        });
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// Whether rows may come and go while nothing but time passes.
    pub fn is_time_dependent(&self) -> bool {
        self.pace() != Pace::Never
    }

    /// Whether rows may come, but never go, while nothing but time passes: what asks for a silence or an age of at least so
    /// long. Not every filter of which that is true is found to be one.
    pub fn only_grows(&self) -> bool {
        only_grows(self.expr())
    }

    /// The next instant after `now` at which rows may come and go by time alone; none when they never do.
    ///
    /// Local midnight for filters that speak of days, the next minute for those that speak of hours or of lateness.
    pub fn next_change(&self, now: Timestamp, zone: Tz) -> Option<Timestamp> {
        match self.pace() {
            Pace::Never => None,
            Pace::Daily => {
                let tomorrow = now.day(zone).checked_add_days(Days::new(1))?;
                Some(dates::midnight(tomorrow, zone))
            }
            Pace::Minutely => {
                Some(Timestamp(now.0.div_euclid(MINUTE).saturating_add(1).saturating_mul(MINUTE)))
            }
        }
    }

    fn pace(&self) -> Pace {
        let mut pace = Pace::Never;
        self.expr.each_leaf(&mut |leaf| pace = pace.max(pace_of(leaf)));
        pace
    }

    /// Makes it ready for a moment, a place and a person. Once for each scan, not for each row.
    pub fn resolve(&self, context: &MatchContext<'_>) -> Filter {
        Filter::new(&self.expr, context)
    }

    /// Judges a single row; for more than one use [`Query::resolve`].
    pub fn matches<S: Subject + ?Sized>(&self, subject: &S, context: &MatchContext<'_>) -> bool {
        self.resolve(context).matches(subject)
    }

    /// Checks that every key can be used there.
    ///
    /// # Errors
    ///
    /// The first key that rows of that kind do not have, `ask:` outside an `if`, or a word of a closed set that only
    /// rows of another kind have (`state:full` for tasks); a view whose filter was not put in its place, or one of other
    /// rows that says nothing of these.
    pub fn check_for(&self, scope: Scope) -> Result<(), QueryError> {
        let kind = scope.kind();
        self.without_views()?;
        self.check_views_for(kind)?;
        for used in &self.uses {
            let wrong = |kind| Err(parse::error_at(used.at, used.length, kind));
            if !used.key.is_allowed_in(scope) {
                let mut error = parse::error_at(
                    used.at,
                    used.length,
                    match used.key {
                        Key::Ask => QueryErrorKind::AskOutside,
                        key => QueryErrorKind::NotHere { key, kind },
                    },
                );
                // what was sent to them last is the nearest that people and groups have
                if used.key == Key::SentAt && Key::LastTouch.applies_to(kind) {
                    error.nearest = Some(Key::LastTouch.word().to_owned());
                }
                return Err(error);
            }
            if let Some(word) = used.word
                && !word_exists(used.key, word, kind)
            {
                return wrong(QueryErrorKind::NeverHere { key: used.key, word: word.to_owned(), kind });
            }
        }
        Ok(())
    }
}

fn pace_of(leaf: &Leaf) -> Pace {
    let words = |key: &Key, words: &[&'static str]| match key {
        Key::Overdue => Pace::Minutely,
        Key::Is if [Fact::Late, Fact::Awaiting].iter().any(|fact| words.contains(&fact.word())) => {
            Pace::Minutely
        }
        _ => Pace::Never,
    };
    match leaf {
        Leaf::Numbers { key, .. } if key.kind() == ValueKind::Span => Pace::Minutely,
        Leaf::Words { key, words: of } => words(key, of),
        Leaf::Dates { test, .. } => {
            test.values().into_iter().copied().map(When::pace).max().unwrap_or(Pace::Never)
        }
        Leaf::Numbers { key, .. } if key.is_time_dependent() => Pace::Daily,
        _ => Pace::Never,
    }
}

fn only_grows(expr: &Expr) -> bool {
    let at_least = |test: &Test<i64>| match test {
        Test::Compare(comparison, _) => matches!(comparison, Comparison::More | Comparison::AtLeast),
        Test::AnyOf(items) => items.iter().all(|item| matches!(item, Item::Range(_, None))),
    };
    match expr {
        Expr::And(parts) | Expr::Or(parts) => parts.iter().all(only_grows),
        Expr::Leaf(Leaf::Numbers { key: Key::Silent | Key::Age, test }) => at_least(test),
        other => {
            let mut still = true;
            other.each_leaf(&mut |leaf| still &= pace_of(leaf) == Pace::Never);
            still
        }
    }
}

/// Whether rows of a kind can ever have that word.
fn word_exists(key: Key, word: &str, kind: SubjectKind) -> bool {
    match (key, kind) {
        (Key::State, SubjectKind::Task) => TaskState::parse(word).is_some(),
        (Key::State, _) => TaskState::parse(word).is_none(),
        (Key::Has, SubjectKind::Member) => Thing::parse(word).is_some_and(Thing::is_of_members),
        (Key::Has, SubjectKind::Group) => Thing::parse(word).is_some_and(Thing::is_of_groups),
        _ => true,
    }
}

#[cfg(test)]
mod tests;
