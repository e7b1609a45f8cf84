//! What a text should be looked at for before it is copied: words of the store's lists, brackets that nobody filled in,
//! a length that its platform cuts. Nothing here forbids anything: a human who insists is believed.

use crate::book::{Platform, TextRules, Via};
use crate::text::fold::fold;

/// Something about a text that a human should see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slip {
    /// Words of a list, and why they are on it.
    Words { why: String, words: Vec<String> },
    /// Brackets that still wait for somebody to fill them in, as they stand.
    Brackets { found: Vec<String> },
    /// Longer than the platform lets through: characters, and how many it takes.
    TooLong { n: usize, most: usize },
}

/// Brackets that texts are drafted with.
const PAIRS: [(char, char); 6] = [('【', '】'), ('[', ']'), ('{', '}'), ('（', '）'), ('(', ')'), ('<', '>')];

/// What is wrong with a text that is said by a way, worst first; on a platform, where it is known which. Words are found
/// whatever their script, case and width.
pub fn slips(text: &str, via: Via, platform: Option<Platform>, rules: &TextRules) -> Vec<Slip> {
    let mut slips = Vec::new();
    let folded = fold(text);
    for list in &rules.lists {
        let exempt: String =
            list.except.iter().fold(folded.clone(), |text, fine| text.replace(&fold(fine), " "));
        let has = |word: &&String| !word.is_empty() && exempt.contains(&fold(word));
        let words: Vec<String> = list.words.iter().filter(has).cloned().collect();
        if !words.is_empty() {
            slips.push(Slip::Words { why: list.why.clone(), words });
        }
    }
    let found = unfilled(text);
    if !found.is_empty() {
        slips.push(Slip::Brackets { found });
    }
    let of_platform = platform.and_then(|platform| rules.max_on.get(&platform)).copied();
    let most = match via {
        Via::Moments => rules.max_moments,
        _ => of_platform.unwrap_or(rules.max),
    } as usize;
    let n = text.chars().count();
    if most > 0 && n > most {
        slips.push(Slip::TooLong { n, most });
    }
    slips
}

/// Brackets with nothing, blanks, dots, crosses or an instruction in them.
fn unfilled(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (open, close) in PAIRS {
        let mut rest = text;
        while let Some((_, after)) = rest.split_once(open) {
            let Some((inside, behind)) = after.split_once(close) else { break };
            // nothing of ours renders to braces: what stands in them was forgotten
            if open == '{' || waits(inside) {
                let shown = format!("{open}{}{close}", inside.trim_start_matches(open));
                if !found.contains(&shown) {
                    found.push(shown);
                }
            }
            rest = behind;
        }
    }
    found
}

/// Whether what stands between brackets waits to be filled in.
fn waits(inside: &str) -> bool {
    let inside = inside.trim();
    let blank = inside.chars().all(|c| "xX_.…*×-—?？ ".contains(c));
    blank || ["待填", "填写", "填寫", "待定", "此处", "此處"].iter().any(|word| inside.contains(word))
}

/// How alike two texts are, in percent: of their pairs of characters, blanks left out, how many they share.
pub fn alike(a: &str, b: &str) -> u32 {
    let pairs = |text: &str| {
        let chars: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
        let mut pairs: Vec<(char, char)> =
            chars.windows(2).filter_map(|w| Some((*w.first()?, *w.get(1)?))).collect();
        pairs.sort_unstable();
        pairs
    };
    let (a, b) = (pairs(a), pairs(b));
    if a.is_empty() || b.is_empty() {
        return if a == b { 100 } else { 0 };
    }
    let (mut at, mut other, mut shared) = (0, 0, 0_u64);
    while let (Some(x), Some(y)) = (a.get(at), b.get(other)) {
        match x.cmp(y) {
            std::cmp::Ordering::Less => at += 1,
            std::cmp::Ordering::Greater => other += 1,
            std::cmp::Ordering::Equal => {
                shared += 1;
                at += 1;
                other += 1;
            }
        }
    }
    (shared * 200 / (a.len() + b.len()) as u64) as u32
}

/// From how many percent two texts are nearly the same.
pub const NEARLY: u32 = 85;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_named_with_their_reason() {
        let rules = TextRules::default();
        let check = |text: &str, expected: &[&str]| {
            let found = slips(text, Via::Group, None, &rules);
            let words: Vec<String> = found
                .into_iter()
                .flat_map(|slip| match slip {
                    Slip::Words { words, .. } => words,
                    Slip::Brackets { found } => found,
                    Slip::TooLong { n, most } => vec![format!("{n}>{most}")],
                })
                .collect();
            assert_eq!(words, expected, "{text}");
        };
        check("今天的草莓很甜", &[]);
        check("全网最低价，第一品牌", &["最低", "第一品牌"]);
        check("最近怎么样？最后两份", &[]);
        check("转发朋友圈送鸡蛋，关注公众号领券", &["转发朋友圈", "关注公众号"]);
        check("您好【】，这款[微笑]【爆款】今天到", &["【】"]);
        check("价格{价格}，电话（xxx），时间【待填】", &["【待填】", "{价格}", "（xxx）"]);
        check(&"好".repeat(4001), &["4001>4000"]);
        check("銷量第一，史無前例", &["销量第一", "史无前例"]);
        check("1００%有效", &["100%有效"]);
    }

    #[test]
    fn each_platform_has_its_own_length() {
        let rules = TextRules::default();
        let text = "好".repeat(1_500);
        let check = |via: Via, platform: Option<Platform>, expected: Option<usize>| {
            let found = slips(&text, via, platform, &rules).into_iter().find_map(|slip| match slip {
                Slip::TooLong { most, .. } => Some(most),
                _ => None,
            });
            assert_eq!(found, expected, "{via} {platform:?}");
        };
        check(Via::Private, None, None);
        check(Via::Private, Some(Platform::Wechat), None);
        check(Via::Post, Some(Platform::Xiaohongshu), Some(1_000));
        check(Via::Moments, Some(Platform::Xiaohongshu), None);
    }

    #[test]
    fn a_few_words_changed_are_nearly_the_same() {
        let text = "各位早上好，今天的草莓到了，九块九一盒，下午四点自提，要的接龙";
        assert_eq!(alike(text, text), 100);
        assert!(alike(text, &text.replace("草莓", "樱桃")) >= NEARLY);
        assert!(alike(text, "孩子的作业请在八点前交，老师会一一批改，辛苦各位家长") < 30);
        assert_eq!((alike("", ""), alike("", text)), (100, 0));
    }
}
