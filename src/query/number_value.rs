//! Reads the numbers after a key, with the units and counting words that people write behind them: `2单`, `一个月`, `500元`.

use super::key::{Key, ValueKind};
use super::value::Raw;
use super::{QueryError, QueryErrorKind as Kind};
use crate::book::Money;

/// A number as typed.
pub(super) fn number(key: Key, raw: &Raw) -> Result<i64, QueryError> {
    let text = raw.text.trim();
    if key.kind() == ValueKind::Money {
        return money(text).ok_or_else(|| raw.error(Kind::Money { key, word: text.to_owned() }));
    }
    if key.kind() == ValueKind::Span {
        return minutes(text).ok_or_else(|| raw.error(Kind::Span { key, word: text.to_owned() }));
    }
    if key.kind() == ValueKind::Days
        && let Some(days) = minutes(text).filter(|minutes| minutes % 1_440 == 0)
    {
        return Ok(days / 1_440);
    }
    let counted = counting_words(key).iter().find_map(|word| text.strip_suffix(word));
    let digits = counted.unwrap_or(text).trim_end();
    let unsigned = digits.strip_prefix('-').unwrap_or(digits);
    let plain_number = unsigned.len() <= 15 && unsigned.bytes().all(|b| b.is_ascii_digit());
    let found = if plain_number { digits.parse().ok() } else { numerals(digits).or_else(|| many(digits)) };
    found.ok_or_else(|| raw.error(Kind::Number { key, word: text.to_owned() }))
}

/// What may stand behind an amount, longest first.
const CURRENCY: &[&str] = &["块钱", "塊錢", "元", "块", "塊", "圆", "圓"];

/// What a number in digits may be counted in.
const PLACES: &[(&str, i64)] = &[("万", 10_000), ("萬", 10_000), ("w", 10_000), ("千", 1_000), ("百", 100)];

/// `39.9`, `¥500`, `500块钱`, `1.5万`, `两百元`: cents.
fn money(text: &str) -> Option<i64> {
    let bare = CURRENCY.iter().find_map(|word| text.strip_suffix(word)).unwrap_or(text).trim_end();
    if let Ok(money) = bare.parse::<Money>() {
        return Some(money.0);
    }
    let placed = PLACES.iter().find_map(|(word, place)| Some((bare.strip_suffix(word)?, *place)));
    if let Some((digits, place)) = placed
        && let Ok(money) = digits.trim_end().parse::<Money>()
    {
        return money.0.checked_mul(place);
    }
    numerals(bare).or_else(|| many(bare))?.checked_mul(100)
}

/// `3千`, `2万`, `两万`, `一万二千`: whole numbers above what digits or numerals alone say.
fn many(text: &str) -> Option<i64> {
    let (number, place) = PLACES.iter().find_map(|(word, place)| Some((text.strip_suffix(word)?, *place)))?;
    let digits = (1..=9).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
    let number = if digits { number.parse().ok()? } else { numerals(number)? };
    i64::checked_mul(number, place)
}

pub(super) fn is_numeral(c: char) -> bool {
    "两兩〇零一二三四五六七八九十百千万萬半".contains(c)
}

/// Whether a word alone is a unit of something that is counted.
pub(super) fn is_unit(word: &str) -> bool {
    let of_keys =
        [Key::Orders, Key::Missed, Key::Nth, Key::Len, Key::Count].into_iter().flat_map(counting_words);
    let of_time = UNITS.iter().flat_map(|(spellings, ..)| *spellings);
    let mut all = of_keys.chain(of_time).chain(CURRENCY).chain(PLACES.iter().map(|(word, _)| word));
    let with_currency =
        || CURRENCY.iter().any(|currency| matches!(word.strip_suffix(currency), Some("万" | "萬")));
    all.any(|unit| unit.eq_ignore_ascii_case(word)) || with_currency()
}

/// What stands behind a number of them.
const fn counting_words(key: Key) -> &'static [&'static str] {
    match key {
        Key::Orders => &["单", "單", "笔", "筆", "次"],
        Key::Missed => &["天", "日", "次"],
        Key::Nth => &["步"],
        Key::Len => &["个字", "個字", "字"],
        Key::Count | Key::Capacity => &["个人", "個人", "人", "位", "名"],
        _ => &[],
    }
}

/// 两, 十二, 三十, 一百二十: a whole number below ten thousand.
fn numerals(text: &str) -> Option<i64> {
    let (mut sum, mut digit) = (0, None);
    for c in text.chars() {
        let value = match c {
            '两' | '兩' => 2,
            '〇' | '零' => 0,
            c => "一二三四五六七八九".chars().position(|numeral| numeral == c).map_or(-1, |at| at as i64 + 1),
        };
        let place = match c {
            '十' => 10,
            '百' => 100,
            '千' => 1_000,
            _ => 0,
        };
        match (value, place) {
            (0.., _) if matches!(digit, None | Some(0)) => digit = Some(value),
            // 十二 is one ten and two
            (_, 1..) if sum % (place * 10) == 0 => sum += digit.take().unwrap_or(1) * place,
            _ => return None,
        }
    }
    (!text.is_empty()).then(|| sum + digit.unwrap_or(0))
}

/// What a length of time may be measured in: spellings, longest first, minutes, and those of half of it. A month of a
/// length is 30 days, half a year six of them; on a calendar it is a month.
const UNITS: &[(&[&str], i64, i64)] = &[
    (&["个月", "個月", "月", "mo"], 30 * 1_440, 15 * 1_440),
    (&["分钟", "分鐘", "min", "分", "m"], 1, 0),
    (&["个小时", "個小時", "小时", "小時", "时", "時", "h"], 60, 30),
    (&["天", "日", "d"], 1_440, 720),
    (&["个星期", "個星期", "星期", "周", "週", "w"], 7 * 1_440, 0),
    (&["年", "y"], 365 * 1_440, 180 * 1_440),
];

/// `90m`, `2h30m`, `3天`, `一个月`, `半年`: minutes; none where a unit is missing.
fn minutes(text: &str) -> Option<i64> {
    let mut rest = text.trim();
    let mut sum = 0_i64;
    loop {
        let half = rest.strip_prefix('半');
        let is_digit = |c: char| c.is_ascii_digit();
        let is_numeral = |c: char| "两兩〇零一二三四五六七八九十百千".contains(c);
        let length = rest.find(|c| !is_digit(c)).filter(|length| *length > 0);
        let length = length.or_else(|| rest.find(|c| !is_numeral(c)));
        let (number, unit) = if let Some(unit) = half {
            (1, unit)
        } else {
            let (number, unit) = rest.split_at_checked(length?)?;
            let digits = number.bytes().all(|b| b.is_ascii_digit()) && (1..=9).contains(&number.len());
            (if digits { number.parse().ok()? } else { numerals(number)? }, unit)
        };
        let (spelling, whole, of_half) = UNITS.iter().find_map(|(spellings, whole, of_half)| {
            let found = spellings.iter().find(|spelling| {
                unit.get(..spelling.len()).is_some_and(|head| head.eq_ignore_ascii_case(spelling))
            });
            found.map(|spelling| (*spelling, *whole, *of_half))
        })?;
        let minutes = if half.is_some() { Some(of_half).filter(|of| *of > 0)? } else { whole };
        sum = sum.checked_add(i64::checked_mul(number, minutes)?)?;
        rest = unit.get(spelling.len()..)?.trim_start();
        if rest.is_empty() {
            return Some(sum);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::parse;

    #[test]
    fn numbers_as_people_write_them() {
        let check = |text: &str, expected: &str| {
            let read = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(read.to_text(), expected, "{text}");
        };
        check("orders>=2单 单数:两单 orders:1笔..十二笔", "orders>=2 orders:2 orders:1..12");
        check("missed>=三天 人数<200人 容量:一百二十位", "missed>=3 count<200 capacity:120");
        check("第几步:2步 字数>60个字", "nth:2 len>60");
        check("silent>=一个月 沉默>半年 沉默>=两周 沉默:30", "silent>=30 silent>180 silent>=14 silent:30");
        check("沉默>1年 silent>=半个月", "silent>365 silent>=15");
        check("late>半小时 迟>两个小时 age>一年 age<半天", "late>30m late>2h age>365d age<12h");
        check("消费>=500元", "spent>=500");
        check("消费>=1万 spent<1.5万元 spent:两百块..3千", "spent>=10000 spent<15000 spent:200..3000");
        check("spent>=500块钱 spent>五百 spent>两万", "spent>=500 spent>500 spent>20000");
        check("orders>=1千 人数>1万人", "orders>=1000 count>10000");
    }

    #[test]
    fn numerals_below_ten_thousand() {
        for (text, expected) in [
            ("两", 2),
            ("十", 10),
            ("十二", 12),
            ("三十", 30),
            ("九十九", 99),
            ("一百零五", 105),
            ("一千二百", 1_200),
            ("零", 0),
        ] {
            assert_eq!(numerals(text), Some(expected), "{text}");
        }
        for text in ["", "一二", "十百", "一万", "2", "十十"] {
            assert_eq!(numerals(text), None, "{text}");
        }
        for text in ["spent>半", "silent>半周", "late>一", "orders>2元", "count:人", "age>月"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
