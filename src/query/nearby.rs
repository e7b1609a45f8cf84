//! Filters near to one that finds nothing: with a nearest name in the place of one that was looked for, or without one
//! of its conditions. As they were typed, as far as that goes; what they bring is for others to count.

use super::Query;
use super::expr::{Expr, Leaf};
use super::lex::{narrow, plain, quoted};
use super::parse::parse;
use crate::text::near::{nearest, with_a_slip};

/// Names tried in the place of one that was looked for.
const NAMES: usize = 2;
/// Filters of more words than this are only shortened at their end.
const WORDS: usize = 40;

/// A filter near to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nearby {
    /// The whole filter.
    pub text: String,
    pub change: Change,
}

/// In what it differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It looks for this name in the place of one that came near to it.
    Name(String),
    /// It has everything but this condition.
    Without(String),
}

/// Filters near to one, at most `max`: with the nearest of some names first, then without its last condition, the one
/// before it, and so on. None where the text cannot be read.
pub fn nearby(text: &str, names: &[String], max: usize) -> Vec<Nearby> {
    let text = text.trim();
    let Ok(query) = parse(text) else { return Vec::new() };
    let mut found: Vec<Nearby> = Vec::new();
    let mut wanted = Vec::new();
    looked_for(query.expr(), &mut wanted);
    for (nth, word) in wanted.iter().enumerate() {
        let known = || names.iter().map(String::as_str);
        let near = nearest(word, known(), NAMES).into_iter().chain(with_a_slip(word, known(), NAMES));
        for name in near.filter(|name| name != word) {
            let text = with_name(text, &query, nth, word, name);
            if !found.iter().any(|other| other.text == text) {
                found.push(Nearby { text, change: Change::Name(name.to_owned()) });
            }
        }
    }
    found.extend(shortened(text, &query));
    found.truncate(max);
    found
}

/// The names and words that a filter looks for, from left to right; negated ones apart.
fn looked_for<'a>(expr: &'a Expr, words: &mut Vec<&'a str>) {
    match expr {
        Expr::And(parts) | Expr::Or(parts) => parts.iter().for_each(|part| looked_for(part, words)),
        Expr::Leaf(Leaf::Word(word)) => words.push(word),
        Expr::Leaf(Leaf::Strings { values, .. }) => words.extend(values.iter().map(String::as_str)),
        Expr::All | Expr::Not(_) | Expr::Leaf(_) => {}
    }
}

/// The tree with a name in the place of the one at `nth`, counted down on the way as [`looked_for`] goes.
fn replaced(expr: &Expr, nth: &mut usize, name: &str) -> Expr {
    let mut turn = |word: &String| {
        let here = *nth == 0;
        *nth = nth.wrapping_sub(1);
        if here { name.to_owned() } else { word.clone() }
    };
    match expr {
        Expr::And(parts) => Expr::And(parts.iter().map(|part| replaced(part, nth, name)).collect()),
        Expr::Or(parts) => Expr::Or(parts.iter().map(|part| replaced(part, nth, name)).collect()),
        Expr::Leaf(Leaf::Word(word)) => Expr::Leaf(Leaf::Word(turn(word))),
        Expr::Leaf(Leaf::Strings { key, values }) => {
            Expr::Leaf(Leaf::Strings { key: *key, values: values.iter().map(turn).collect() })
        }
        Expr::All | Expr::Not(_) | Expr::Leaf(_) => expr.clone(),
    }
}

/// The text with another name where it has the one at `nth`; in canonical words where it cannot be put in as typed.
fn with_name(text: &str, query: &Query, nth: usize, word: &str, name: &str) -> String {
    let mut left = nth;
    let expr = replaced(query.expr(), &mut left, name);
    let chars: Vec<char> = text.chars().collect();
    let letters: Vec<char> = word.chars().collect();
    let is_quote = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(|c| plain(*c) == '"');
    for at in 0..=chars.len().saturating_sub(letters.len()) {
        let here = chars.get(at..at + letters.len()).unwrap_or_default();
        if !here.iter().zip(&letters).all(|(a, b)| a == b || narrow(*a) == *b) {
            continue;
        }
        let in_quotes = is_quote(at.checked_sub(1)) && is_quote(Some(at + letters.len()));
        let (from, to) = (at - usize::from(in_quotes), at + letters.len() + usize::from(in_quotes));
        let part = |part: Option<&[char]>| part.unwrap_or_default().iter().collect::<String>();
        let put = format!("{}{}{}", part(chars.get(..from)), quoted(name), part(chars.get(to..)));
        if parse(&put).is_ok_and(|put| *put.expr() == expr) {
            return put;
        }
    }
    super::write::text(&expr)
}

/// The filter without one of the conditions that all must hold, the last one first.
fn shortened(text: &str, query: &Query) -> Vec<Nearby> {
    let Expr::And(parts) = query.expr() else { return Vec::new() };
    // behind how many conditions a word ends, in bytes
    let mut ends = vec![(0, 0)];
    let gaps: Vec<usize> =
        text.char_indices().filter(|(_, c)| narrow(*c).is_whitespace()).map(|(at, _)| at).collect();
    let is_long = gaps.len() > WORDS;
    for end in gaps.iter().skip(if is_long { gaps.len() - 1 } else { 0 }) {
        let Ok(before) = parse(text.get(..*end).unwrap_or_default()) else { continue };
        let known = ends.last().map_or(0, |(count, _)| *count);
        let count = (known + 1..parts.len())
            .find(|count| *before.expr() == Expr::and(parts.get(..*count).unwrap_or_default().to_vec()));
        ends.extend(count.map(|count| (count, *end)));
    }
    ends.push((parts.len(), text.len()));
    let mut found = Vec::new();
    for pair in ends.windows(2).rev().take(if is_long { 1 } else { WORDS }) {
        let [(from, start), (to, end)] = pair else { continue };
        let left: Vec<Expr> = parts
            .iter()
            .enumerate()
            .filter(|(at, _)| !(*from..*to).contains(at))
            .map(|(_, p)| p.clone())
            .collect();
        let whole = |part: Option<&str>| part.unwrap_or_default().trim().to_owned();
        let (before, after) = (whole(text.get(..*start)), whole(text.get(*end..)));
        let without = format!("{before} {after}").trim().to_owned();
        if !left.is_empty() && parse(&without).is_ok_and(|query| *query.expr() == Expr::and(left)) {
            let change = Change::Without(whole(text.get(*start..*end)));
            found.push(Nearby { text: without, change });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, names: &[&str], expected: &[&str]) {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let found: Vec<String> = nearby(text, &names, 8).into_iter().map(|near| near.text).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn a_nearest_name_stands_where_the_wrong_one_stood() {
        check("群:望景", &["望京"], &["群:望京"]);
        check("-#急 群:望景", &["望京"], &["-#急 群:望京", "-#急", "群:望景"]);
        check("群：“望 景”", &["望京 2"], &["群：\"望京 2\""]);
        let filter = "成员:王五,李四 群:宠物一群";
        check(filter, &["宠物二群"], &["成员:王五,李四 群:宠物二群", "成员:王五,李四", "群:宠物一群"]);
        // where the same letters stand elsewhere as well
        check("text:text", &["texts"], &["text:texts"]);
        // what only looks like a name is not touched, and what cannot be read has nothing near it
        check("state:due", &["duo"], &[]);
        check("群:(", &["望京"], &[]);
        check("", &["望京"], &[]);
    }

    #[test]
    fn a_condition_less_the_last_one_first() {
        check("state:due due:today 张三", &[], &["state:due due:today", "state:due 张三", "due:today 张三"]);
        check("state:due (a OR b)", &[], &["state:due", "(a OR b)"]);
        check("state:due 且 张三", &[], &["state:due"]);
        check("a OR b", &[], &[]);
        check("张三", &[], &[]);
        check("(a b) c", &[], &["(a b)", "c"]);
        let without = nearby("群:望景 \"a b\" spent>5", &[], 2);
        assert_eq!(without[0].change, Change::Without("spent>5".to_owned()));
        assert_eq!(without[1].change, Change::Without("\"a b\"".to_owned()));
        let long = vec!["x"; 100].join(" ");
        assert_eq!(nearby(&long, &[], 9).len(), 1);
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_typed_what_is_near_can_be_read(
            words in proptest::collection::vec("(群|tag|-|@|\\(|\\)|\"|：|,|/|OR |　|\\PC){1,6}|群:[a-z望京]{1,3}|张三", 1..7),
            names in proptest::collection::vec("\\PC{0,6}|望京", 0..3),
        ) {
            let text = words.join(" ");
            for near in nearby(&text, &names, 8) {
                let read = parse(&near.text);
                proptest::prop_assert!(read.is_ok_and(|read| Ok(read) != parse(&text)), "{text:?} {near:?}");
            }
        }
    }
}
