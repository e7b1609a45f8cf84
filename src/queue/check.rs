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
const PAIRS: [(char, char); 7] =
    [('【', '】'), ('[', ']'), ('{', '}'), ('｛', '｝'), ('（', '）'), ('(', ')'), ('<', '>')];

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
    let most = most(via, platform, rules) as usize;
    let n = text.chars().count();
    if most > 0 && n > most {
        slips.push(Slip::TooLong { n, most });
    }
    slips
}

/// The most characters of a text that is said by a way on a platform; 0 for any.
fn most(via: Via, platform: Option<Platform>, rules: &TextRules) -> u32 {
    let of_platform = platform.and_then(|platform| rules.max_on.get(&platform)).copied();
    match via {
        Via::Moments => rules.max_moments,
        _ => of_platform.unwrap_or(rules.max),
    }
}

/// Of several platforms that a text is said on the one that takes the shortest.
pub fn strictest(platforms: impl IntoIterator<Item = Platform>, rules: &TextRules) -> Option<Platform> {
    // 0 is any length
    let most = |platform: &Platform| most(Via::Post, Some(*platform), rules).wrapping_sub(1);
    platforms.into_iter().min_by_key(most)
}

/// What somebody was to fill in and did not: brackets with nothing, blanks, dots, crosses, an instruction or the name of
/// what belongs there in them; blanks drawn as lines; crosses in place of a number.
fn unfilled(text: &str) -> Vec<String> {
    let mut found: Vec<(usize, String)> = Vec::new();
    for (open, close) in PAIRS {
        let mut from = 0;
        while let Some(begin) = text.get(from..).and_then(|rest| rest.find(open)).map(|at| from + at) {
            let after = begin + open.len_utf8();
            let Some((inside, behind)) = text.get(after..).and_then(|rest| rest.split_once(close)) else {
                break;
            };
            from = text.len() - behind.len();
            let before = text.get(..begin).unwrap_or_default();
            // nothing of ours renders to braces: what stands in them was forgotten
            if matches!(open, '{' | '｛')
                || waits(inside)
                || (names_a_gap(inside) && !is_label(before, behind))
            {
                found.push((begin, format!("{open}{}{close}", inside.trim_start_matches(open))));
            }
        }
    }
    found.extend(crosses_and_lines(text));
    found.sort();
    let mut shown: Vec<String> = Vec::new();
    for (_, one) in found {
        if !shown.contains(&one) {
            shown.push(one);
        }
    }
    shown
}

/// Whether what stands between brackets waits to be filled in.
fn waits(inside: &str) -> bool {
    let inside = inside.trim();
    let blank = inside.chars().all(|c| "xX_＿.…*×-—?？ ".contains(c));
    blank
        || ["填", "空"].contains(&inside)
        || GAPS.contains(&inside)
        || ["待填", "填写", "填寫", "待定", "此处", "此處"].iter().any(|word| inside.contains(word))
        || runs(inside, is_cross).any(|(_, run)| run.chars().count() > 1)
}

/// Names of what belongs into brackets that are no heading of anything.
const GAPS: [&str; 20] = [
    "商品名",
    "商品名称",
    "商品名稱",
    "产品名",
    "产品名称",
    "產品名",
    "產品名稱",
    "名字",
    "姓名",
    "昵称",
    "暱稱",
    "称呼",
    "稱呼",
    "客户名",
    "客戶名",
    "群名",
    "店名",
    "活动名",
    "活動名",
    "链接地址",
];

/// Names of what belongs into brackets that also head a line: 【时间】周六九点.
const LABELS: [&str; 20] = [
    "商品", "产品", "產品", "时间", "時間", "日期", "地点", "地點", "地址", "价格", "價格", "原价", "金额",
    "金額", "数量", "數量", "链接", "連結", "电话", "電話",
];

fn names_a_gap(inside: &str) -> bool {
    LABELS.contains(&inside.trim())
}

/// Whether brackets head what follows them: at the beginning of a line with words behind, or with a colon behind.
fn is_label(before: &str, behind: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or_default();
    let rest = behind.split('\n').next().unwrap_or_default().trim_start();
    let begins = !line.chars().any(char::is_alphabetic);
    rest.starts_with([':', '：']) || (begins && rest.chars().any(char::is_alphanumeric))
}

fn is_cross(c: char) -> bool {
    matches!(c, 'x' | 'X' | '×')
}

/// Runs of characters with the byte each begins at; none that touches a Latin letter, a digit or what addresses are
/// made of, because it is a part of a name or a size then.
fn runs(text: &str, is: impl Fn(char) -> bool) -> impl Iterator<Item = (usize, &str)> {
    let touches = |c: char| c.is_ascii_alphanumeric() || "/@#&=.-_".contains(c);
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = text.get(from..)?;
            let begin = from + rest.find(&is)?;
            let run = text.get(begin..)?;
            let run = run.get(..run.find(|c| !is(c)).unwrap_or(run.len()))?;
            from = begin + run.len();
            let before = text.get(..begin)?.chars().next_back();
            let after = text.get(from..)?.chars().next();
            if !before.is_some_and(touches) && !after.is_some_and(touches) {
                return Some((begin, run));
            }
        }
    })
}

/// `XX元`, `X月X日`, `__`: places for what was to be put in.
fn crosses_and_lines(text: &str) -> Vec<(usize, String)> {
    let lines = runs(text, |c| matches!(c, '_' | '＿')).filter(|(_, run)| run.chars().count() > 1);
    let mut found: Vec<(usize, String)> = lines.map(|(at, run)| (at, run.to_owned())).collect();
    for (at, run) in runs(text, is_cross) {
        let behind = text.get(at + run.len()..).unwrap_or_default();
        let Some(unit) = behind.chars().next().filter(|unit| UNITS.contains(*unit)) else { continue };
        let date = unit == '月' && behind.chars().nth(1).is_some_and(is_cross);
        if date || run.chars().count() > 1 {
            found.push((at, format!("{run}{unit}")));
        }
    }
    found
}

/// What stands behind a number that is put in later.
const UNITS: &str = "元块塊折月日号號点點份斤件位人群";

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
        check("价格{价格}，电话（xxx），时间【待填】", &["{价格}", "（xxx）", "【待填】"]);
        check(&"好".repeat(4001), &["4001>4000"]);
        check("銷量第一，史無前例", &["销量第一", "史无前例"]);
        check("1００%有效", &["100%有效"]);
    }

    #[test]
    fn what_was_to_be_filled_in_is_found_and_headings_are_not() {
        let check = |text: &str, expected: &[&str]| {
            let found = slips(text, Via::Group, None, &TextRules::default());
            let brackets = found.into_iter().find_map(|slip| match slip {
                Slip::Brackets { found } => Some(found),
                _ => None,
            });
            assert_eq!(brackets.unwrap_or_default(), expected, "{text}");
        };
        check("【商品名】到货了，[姓名]来拿", &["【商品名】", "[姓名]"]);
        check("明天【时间】在【地点】集合，（填）", &["【时间】", "【地点】", "（填）"]);
        check("下单点【链接】", &["【链接】"]);
        check("只要XX元，原价××元", &["XX元", "××元"]);
        check("x月x日开团", &["x月"]);
        check("孩子：__ 房号：____", &["__", "____"]);
        check("【xx商品】到了（XX 小区）", &["【xx商品】", "（XX 小区）"]);
        // headings, labels, stickers, sizes, brands and addresses
        check("【通知】周六停团\n【周末团】草莓[微笑]（自提）", &[]);
        check("【时间】周六九点\n📍【地点】操场\n3.【价格】9.9元/盒", &[]);
        check("活动【时间】：周六", &[]);
        check("T恤（XXL码）XL号，鸡蛋×月饼，iPhoneX月付，2x元", &[]);
        check("https://a.cn/x__y?b__=1 看 __init__.py", &[]);
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
