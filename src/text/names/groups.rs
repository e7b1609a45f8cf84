//! Names of groups pasted from a chat program.
//!
//! A list of groups comes with numbers and bullets before the names and head counts behind them. What is certainly
//! not part of the name is taken off; what may be ("宝妈群(2)" is the second one, not a group of two) stays. A line that
//! ends in a colon names the account that the groups below it are on.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;

use super::{is_counted, number_off};
use crate::text::clean::one_line;

/// Longest name, characters.
const NAME_MAX: usize = 100;
/// A bare number in brackets below this is a group's ordinal rather than its head count.
const HEADS_MIN: u32 = 20;
/// Four digits of these years are part of a name: 同学会 2024.
const YEARS: std::ops::Range<u32> = 1990..2100;
/// The smallest limit a platform sets for a group.
const CAPACITY_MIN: u32 = 40;

/// One pasted group name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameLine {
    /// 1-based, empty lines counted.
    pub line: u32,
    pub name: String,
    pub head_count: Option<u32>,
    pub capacity: Option<u32>,
    /// The account named above it.
    pub account: Option<String>,
    /// The earlier line with the same name.
    pub repeats: Option<u32>,
}

/// Reads group names, one a line. Lines without a name are passed over.
pub fn group_names(text: &str) -> Vec<NameLine> {
    let lines: Vec<(u32, String)> = (1..)
        .zip(text.lines())
        .map(|(line, text)| (line, one_line(text, NAME_MAX * 2)))
        .filter(|(_, text)| !text.is_empty())
        .collect();
    let texts: Vec<&str> =
        lines.iter().map(|(_, text)| text.as_str()).filter(|text| account_line(text).is_none()).collect();
    let counted = is_counted(&texts);
    let mut read: Vec<(Counts, String, NameLine)> = Vec::with_capacity(lines.len());
    let mut account = None;
    for (line, text) in &lines {
        if let Some(named) = account_line(text) {
            account = Some(named.to_owned());
            continue;
        }
        let name = without_number(text, counted);
        let (counts, bare) = head_counts(name);
        let whole = one_line(name, NAME_MAX);
        let name = one_line(bare, NAME_MAX);
        if !name.is_empty() {
            let Counts { heads, capacity, .. } = counts;
            let account = account.clone();
            let line = NameLine { line: *line, name, head_count: heads, capacity, account, repeats: None };
            read.push((counts, whole, line));
        }
    }
    restore_ordinals(&mut read);
    let mut first: HashMap<String, u32> = HashMap::new();
    read.into_iter()
        .map(|(_, _, mut line)| {
            let earlier = *first.entry(line.name.nfkc().collect()).or_insert(line.line);
            line.repeats = (earlier != line.line).then_some(earlier);
            line
        })
        .collect()
}

/// The account that a line names for those below it: `手机1:`.
fn account_line(text: &str) -> Option<&str> {
    let name = text.strip_suffix([':', '：'])?.trim_end();
    (!name.is_empty()).then_some(name)
}

/// Names that differ only by the number in brackets behind them: the number tells them apart, so it stays.
fn restore_ordinals(read: &mut [(Counts, String, NameLine)]) {
    let mut wholes: HashMap<String, Vec<usize>> = HashMap::new();
    for (index, (counts, _, line)) in read.iter().enumerate() {
        if counts.bare {
            wholes.entry(line.name.clone()).or_default().push(index);
        }
    }
    for indexes in wholes.values().filter(|indexes| indexes.len() > 1) {
        let differ = indexes.windows(2).any(|pair| {
            let whole = |at: Option<&usize>| at.and_then(|at| read.get(*at)).map(|(_, whole, _)| whole);
            whole(pair.first()) != whole(pair.last())
        });
        for index in indexes.iter().filter(|_| differ) {
            if let Some((_, whole, line)) = read.get_mut(*index) {
                line.name.clone_from(whole);
                line.head_count = None;
            }
        }
    }
}

/// The line without `1.`, `(1)`, `①`, `-`, `•` and the like before the name.
fn without_number(text: &str, counted: bool) -> &str {
    let text =
        text.trim_start_matches(['-', '*', '•', '·', '●', '○', '■', '□', '▪', '◆', '–', '—', '☑', '✅', '√']);
    let text = text.trim_start();
    number_off(text, counted).map_or(text, |rest| keep_name(rest, text))
}

fn keep_name<'a>(rest: &'a str, otherwise: &'a str) -> &'a str {
    if rest.is_empty() { otherwise } else { rest }
}

#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    heads: Option<u32>,
    capacity: Option<u32>,
    /// A number alone in brackets, which might be part of the name after all.
    bare: bool,
}

/// The head count behind a name, and the name before it.
fn head_counts(text: &str) -> (Counts, &str) {
    let text = text.trim_end();
    let none = (Counts::default(), text);
    if let Some(open) = text.rfind(['(', '（', '[', '【'])
        && let (before, Some(inner)) = (text.get(..open), text.get(open..))
        && let Some(before) = before.map(str::trim_end).filter(|before| !before.is_empty())
        && let Some(inner) = inner.strip_suffix([')', '）', ']', '】'])
    {
        let inner = inner.trim_start_matches(['(', '（', '[', '【']).trim();
        return match counts(inner) {
            Some(found) if !found.bare || found.heads.is_some_and(|heads| heads >= HEADS_MIN) => {
                (found, before)
            }
            _ => none,
        };
    }
    let start = text
        .rfind(|c: char| !c.is_ascii_digit() && !matches!(c, '/' | '／' | '人' | '位'))
        .map_or(0, |at| at + text.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8));
    let (Some(before), Some(tail)) = (text.get(..start), text.get(start..)) else { return none };
    let is_count = |heads: u32| heads >= HEADS_MIN && !YEARS.contains(&heads);
    match counts(tail) {
        Some(found) if !before.trim().is_empty() && (!found.bare || found.heads.is_some_and(is_count)) => {
            // "第5人" without a space before it is a name; "宠友群 186", "宠友群 186人" and "宠友群186/200" are counts.
            if found.capacity.is_some() || before.ends_with(char::is_whitespace) {
                (found, before.trim_end())
            } else {
                none
            }
        }
        _ => none,
    }
}

/// `186`, `186人`, `186/200`.
fn counts(text: &str) -> Option<Counts> {
    let number = |text: &str| {
        let digits: String = text.trim().nfkc().collect();
        let plain = (1..=5).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| digits.parse::<u32>().ok()).flatten()
    };
    let bare = text.trim_end_matches(['人', '位']);
    if let Some((heads, capacity)) = bare.split_once(['/', '／']) {
        let (heads, capacity) = (number(heads)?, number(capacity)?);
        return (heads <= capacity && capacity >= CAPACITY_MIN).then_some(Counts {
            heads: Some(heads),
            capacity: Some(capacity),
            bare: false,
        });
    }
    Some(Counts { heads: Some(number(bare)?), capacity: None, bare: bare.len() == text.len() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[(&str, Option<u32>, Option<u32>)]) {
        let read = group_names(text);
        let read: Vec<_> =
            read.iter().map(|line| (line.name.as_str(), line.head_count, line.capacity)).collect();
        assert_eq!(read, expected, "{text:?}");
    }

    #[test]
    fn numbers_and_bullets_go() {
        check(
            "1. 宠友一群\n2、宠友二群\n\n3）宠友三群",
            &[("宠友一群", None, None), ("宠友二群", None, None), ("宠友三群", None, None)],
        );
        check(
            "① 宠友群\n• 宝妈群\n- 团购群\n（4）读书群",
            &[("宠友群", None, None), ("宝妈群", None, None), ("团购群", None, None), ("读书群", None, None)],
        );
        check("1 3班家长群\n2 4班家长群", &[("3班家长群", None, None), ("4班家长群", None, None)]);
        for name in ["3.8妇女节群", "2024春季班", "1:1辅导群", "3 班家长群", "8"] {
            check(name, &[(name, None, None)]);
        }
    }

    #[test]
    fn head_counts_are_read_when_they_are_ones() {
        check("宠友群(186)", &[("宠友群", Some(186), None)]);
        check("宠友群（186人）", &[("宠友群", Some(186), None)]);
        check("宠友群 186/200", &[("宠友群", Some(186), Some(200))]);
        check("宠友群186/200", &[("宠友群", Some(186), Some(200))]);
        check("宠友群(486/500)", &[("宠友群", Some(486), Some(500))]);
        check("宠友群 186人", &[("宠友群", Some(186), None)]);
        check("宠友1群 186", &[("宠友1群", Some(186), None)]);
        check("奶粉👶群　50", &[("奶粉👶群", Some(50), None)]);
        check("读书群 21\n读书群 22", &[("读书群 21", None, None), ("读书群 22", None, None)]);
        for name in [
            "宝妈群(2)",
            "家长群 9/1",
            "宠友群186",
            "百人群",
            "(186)",
            "宠友群（杭州）",
            "五年级3班",
            "家长群 2",
            "同学会 2024",
        ] {
            check(name, &[(name, None, None)]);
        }
        // The numbers are what tells these two apart.
        check("宝妈群(21)\n宝妈群(22)", &[("宝妈群(21)", None, None), ("宝妈群(22)", None, None)]);
    }

    #[test]
    fn a_line_with_a_colon_names_the_account_of_those_below() {
        let read = group_names("散群\n手机1：\n1. 一群\n2. 二群(186)\n\n小完子:\n:\n三群");
        let read: Vec<_> = read.iter().map(|line| (line.name.as_str(), line.account.as_deref())).collect();
        let phone = Some("手机1");
        assert_eq!(
            read,
            [
                ("散群", None),
                ("一群", phone),
                ("二群", phone),
                (":", Some("小完子")),
                ("三群", Some("小完子"))
            ]
        );
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "[\\PC\\n（）()0-9人/：:]{0,80}") {
            for line in group_names(&text) {
                proptest::prop_assert!(!line.name.is_empty() && !line.name.chars().any(char::is_control));
            }
        }
    }

    #[test]
    fn repeated_names_point_at_the_first() {
        let read = group_names("宠友群(186)\n\n1. 宠友群（186）\n宝妈群");
        let repeats: Vec<_> = read.iter().map(|line| (line.line, line.repeats)).collect();
        assert_eq!(repeats, [(1, None), (3, Some(1)), (4, None)]);
    }
}
