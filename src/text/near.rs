//! The nearest words to one that is not known, for "did you mean".
//!
//! Distance is the number of letters changed, added, left out or swapped with their neighbour, on folded text; a
//! candidate that begins with the word, or whose pinyin the word is, counts as nearly right. What differs in more
//! than a third of its letters is not offered: a wrong hint is worse than none.

use super::fold::fold;
use super::pinyin::{Needle, search_key, spoken};

/// The candidates nearest to a word, best first, at most `max`; of equals the earlier candidate comes first.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>, max: usize) -> Vec<&'a str> {
    let folded: Vec<char> = fold(word.trim()).chars().collect();
    if folded.is_empty() {
        return Vec::new();
    }
    let needle = Needle::new(word);
    let mut found: Vec<(usize, &str)> = Vec::new();
    for candidate in candidates {
        if found.iter().any(|&(_, known)| known == candidate) {
            continue;
        }
        let other: Vec<char> = fold(candidate).chars().collect();
        let letters = folded.len().max(other.len());
        let allowed = if letters <= 2 { 1 } else { letters.div_ceil(3) };
        let changes = distance(&folded, &other);
        if changes <= allowed && changes < letters {
            // Doubled, so that a beginning or a pinyin ranks between no change and one.
            found.push((changes * 2, candidate));
        } else if folded.len() > 1 && (other.starts_with(&folded) || needle.matches(&search_key(candidate))) {
            found.push((1, candidate));
        }
    }
    found.sort_by_key(|&(rank, _)| rank);
    found.into_iter().take(max).map(|(_, candidate)| candidate).collect()
}

/// The candidates that have the word somewhere in them with a slip in it, as 翠苑小区团购群 has 翠园; at most `max`.
pub fn with_a_slip<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
    max: usize,
) -> Vec<&'a str> {
    // a blank more or less is no slip
    let close = |text: &str| text.split_whitespace().collect::<String>();
    let slip = Slip::new(&close(word));
    let length = slip.letters.len();
    if length < 2 || slip.letters.iter().all(char::is_ascii) {
        return Vec::new();
    }
    let has = |candidate: &str| {
        let letters: Vec<char> = fold(&close(candidate)).chars().collect();
        letters.windows(length).any(|window| {
            // spelling out is dear: all but one character are the same
            let same = window.iter().zip(&slip.letters).filter(|(a, b)| a == b).count();
            same + 1 == length && slip.of(&window.iter().collect::<String>())
        })
    };
    candidates.into_iter().filter(|candidate| has(candidate)).take(max).collect()
}

/// A name as typed, ready to be held against many: see [`Slip::of`].
#[derive(Debug)]
pub struct Slip {
    letters: Vec<char>,
    spoken: Vec<char>,
}

impl Slip {
    /// Prepares a name as it was typed.
    pub fn new(typed: &str) -> Self {
        Self { letters: fold(typed.trim()).chars().collect(), spoken: spoken(typed).chars().collect() }
    }

    /// Whether the typed name is likely that one with a slip in it: the same but for a character that sounds alike
    /// (陈军军, 陈俊军), a letter of its pinyin, or, from three characters on, one left out, added or swapped with its neighbour.
    ///
    /// Two people of one surname who share a character are no slip: 李子涵 and 李子轩 are both right.
    pub fn of(&self, name: &str) -> bool {
        let other: Vec<char> = fold(name.trim()).chars().collect();
        let (short, long) = (self.letters.len().min(other.len()), self.letters.len().max(other.len()));
        // Spelling out is dear: who shares nothing is nobody's slip, and who is longer by two neither.
        if short == 0 || long - short > 1 || self.letters == other {
            return self.letters == other && short > 0;
        }
        let changes = distance(&self.letters, &other);
        let latin = other.iter().all(char::is_ascii);
        if latin || self.letters.iter().all(char::is_ascii) {
            return latin && short >= 4 && changes == 1;
        }
        if short == long {
            let differ = self.letters.iter().zip(&other).filter(|(a, b)| a != b).count();
            if changes == 1 && differ == 2 {
                return short >= 3;
            }
            // One character of two says little unless it sounds the same.
            return differ <= 1 && {
                let sound: Vec<char> = spoken(name).chars().collect();
                distance(&self.spoken, &sound) <= 1
            };
        }
        short >= 3 && changes == 1
    }
}

/// Optimal string alignment: insertions, deletions, changes and swaps of neighbours each count one.
fn distance(left: &[char], right: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=right.len()).collect();
    for (i, &a) in left.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, &b) in right.iter().enumerate() {
            let at = |row: &[usize], column: usize| row.get(column).copied().unwrap_or(usize::MAX / 2);
            let changed = at(&last, j) + usize::from(a != b);
            let mut best = changed.min(at(&last, j + 1) + 1).min(at(&row, j) + 1);
            if i > 0 && j > 0 && left.get(i - 1) == Some(&b) && right.get(j - 1) == Some(&a) {
                best = best.min(at(&before, j - 1) + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: [&str; 9] =
        ["state", "stage", "due", "group", "member", "playbook", "待发", "已发", "已跳过"];

    #[test]
    fn offers_the_nearest() {
        let check = |word: &str, expected: &[&str]| assert_eq!(nearest(word, WORDS, 3), expected, "{word}");
        check("stat", &["state", "stage"]);
        check("statge", &["state", "stage"]);
        check("deu", &["due"]);
        check("GRUOP", &["group"]);
        check("gr", &["group"]);
        check("已發", &["已发", "待发"]);
        check("daifa", &["待发"]);
        check("跳过", &["已跳过"]);
        check("xyzzy", &[]);
        check("", &[]);
        check("x", &[]);
        assert_eq!(nearest("stae", ["stage", "state", "stage"], 1), ["stage"]);
        assert_eq!(nearest("stae", WORDS, 0), Vec::<&str>::new());
    }

    #[test]
    fn a_slip_within_a_longer_name_is_found() {
        let names = ["翠苑小区团购①群", "丽园小区团购群", "翠苑二期", "宠友交流1群"];
        assert_eq!(with_a_slip("翠园", names, 5), ["翠苑小区团购①群", "翠苑二期"]);
        assert_eq!(with_a_slip("翠园", names, 1), ["翠苑小区团购①群"]);
        assert_eq!(with_a_slip("9号机", ["1 号机 小满", "手机1"], 5), ["1 号机 小满"]);
        assert_eq!(with_a_slip("翠", names, 5), Vec::<&str>::new());
        assert_eq!(with_a_slip("cy", names, 5), Vec::<&str>::new());
    }

    #[test]
    fn a_slip_sounds_alike_or_misses_a_character() {
        let check = |typed: &str, name: &str, expected: bool| {
            assert_eq!(Slip::new(typed).of(name), expected, "{typed} {name}");
        };
        check("陈军军", "陈俊军", true);
        check("张山", "张三", true);
        check("王五", "王武", true);
        check("罗雨彤妈妈", "罗雨桐妈妈", true);
        check("罗雨妈妈", "罗雨桐妈妈", true);
        check("雨罗桐妈妈", "罗雨桐妈妈", true);
        check("Jenny", "Jeny", true);
        check("李子涵", "李子轩", false);
        check("张三", "张四", false);
        check("张三", "张三丰", false);
        check("张三", "王五", false);
        check("Tom", "Tim", false);
        check("", "张三", false);
    }

    #[test]
    fn counts_changes() {
        let check = |left: &str, right: &str, expected: usize| {
            let (left, right): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
            assert_eq!(distance(&left, &right), expected, "{left:?} {right:?}");
            assert_eq!(distance(&right, &left), expected);
        };
        check("", "", 0);
        check("", "abc", 3);
        check("due", "due", 0);
        check("due", "deu", 1);
        check("宠友会", "宠物会", 1);
        check("kitten", "sitting", 3);
    }
}
