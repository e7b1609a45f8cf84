//! Names of people out of what was typed or pasted.
//!
//! A 接龙 copied out of a chat has a heading, perhaps an example, then numbered lines of a nickname and what they want:
//!
//! ```text
//! #接龙
//! 周六鸡蛋团
//! 例：昵称 份数
//! 1. 吴宇航妈妈 2份
//! 2、罗雨桐妈妈+1
//! ```
//!
//! What is certainly no part of a name is taken off (numbers before it, `@`, amounts behind it, headings); what may be
//! one stays, because a name that nobody has is asked about and a person left out is not.
//!
//! Limits: of a numbered line only what stands before the first blank is the name, Latin words excepted; an amount
//! written in Chinese digits without a blank (张三两份) stays in the name.
//!
//! One file because the readers share what is no part of a name.

mod groups;

pub use groups::{NameLine, group_names};

use super::clean;

/// How people write that there is nothing, or nobody.
const NOTHING: &[&str] =
    &["没有", "沒有", "无", "無", "没有人", "沒有人", "没人", "沒人", "无人", "無人", "none", "-"];

/// Whether it is no name but says that there is none.
pub fn is_nothing(word: &str) -> bool {
    NOTHING.contains(&word.trim())
}

/// Longest name, characters.
const NAME_MAX: usize = 100;

/// What separates names besides blanks and lines.
pub const SEPARATORS: &[char] = &[',', '，', '、', ';', '；', '\t', '/', '／'];

/// What an amount is counted in.
const UNITS: &[char] = &[
    '份', '斤', '个', '個', '箱', '盒', '件', '套', '袋', '只', '隻', '瓶', '包', '条', '條', '串', '提',
    '支', '桶', '罐', '人', '位', '单', '單', '元', '块', '枚',
];

/// Notes that say no more than that somebody is on the list.
const IDLE: &[&str] = &[
    "已接",
    "已报名",
    "已報名",
    "报名",
    "報名",
    "打卡",
    "已打卡",
    "签到",
    "簽到",
    "接龙",
    "接龍",
    "收到",
    "参加",
    "參加",
];

/// Other words that stand beside a name in such lists and are none.
const NOTES: &[&str] = &["已付", "已付款", "已转", "已轉", "加一", "我要"];

/// What a heading begins with.
const HEADINGS: &[&str] = &[
    "#",
    "＃",
    "例：",
    "例:",
    "例 ",
    "例如",
    "标题",
    "標題",
    "格式",
    "备注",
    "備註",
    "说明",
    "說明",
    "注：",
    "注:",
    "截止",
    "【",
    "温馨提示",
    "溫馨提示",
];

/// Somebody on a list, and what stands beside the name: what they want, where they live, that they have paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub name: String,
    /// One line; empty where the name stands alone.
    pub said: String,
}

/// Reads names of people, each once, in order: separated by blanks, commas or lines; quotes keep the blanks of a name.
pub fn person_names(text: &str) -> Vec<String> {
    people_listed(text).into_iter().map(|listed| listed.name).collect()
}

/// As [`person_names`], with what stands beside each; what one name has in several lines is put together.
pub fn people_listed(text: &str) -> Vec<Listed> {
    let text = clean::for_clipboard(text);
    let lines: Vec<&str> =
        text.lines().flat_map(at_numbers).map(str::trim).filter(|l| !l.is_empty()).collect();
    let counted = is_counted(&lines);
    let many = lines.len() > 1;
    let mut people = Vec::new();
    for line in lines.iter().skip(list_begins(&lines, counted)) {
        if many && is_heading(line) {
            continue;
        }
        match number_off(line, counted) {
            Some(rest) if !rest.is_empty() => entry(rest, &mut people),
            _ => plain(line, many, &mut people),
        }
    }
    people
}

/// The items of an answer of type `list`, however they were typed: one a line, or with commas between. Where neither
/// is used, blanks between short Chinese names separate as well.
pub fn list_items(answer: &str) -> Vec<String> {
    let lines: Vec<&str> = answer.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let counted =
        is_counted(&lines) || lines.iter().filter(|line| number_off(line, false).is_some()).count() > 1;
    let commas = [',', '，', '、', ';', '；'];
    let mut items: Vec<String> = Vec::new();
    // who was mentioned in a chat stands behind an @, with a blank before the next
    let mentioned = |line: &str| {
        let mut before = ' ';
        let apart = line.chars().map(|c| {
            let begins = matches!(c, '@' | '＠') && before.is_whitespace();
            before = c;
            // a mention that was picked in WeChat ends so
            if begins || c == '\u{2005}' { '、' } else { c }
        });
        apart.collect::<String>()
    };
    for line in &lines {
        let line = &*if line.contains(['@', '＠']) { mentioned(line) } else { (*line).to_owned() };
        let line = number_off(line, counted).filter(|rest| counted && !rest.is_empty()).unwrap_or(line);
        // behind one @ several may stand as well
        let by_blanks = |piece: &str| !answer.contains(commas) && piece.split_whitespace().all(is_short_name);
        let pieces = line.split(commas).flat_map(|piece| {
            let apart = by_blanks(piece);
            piece.split(move |c: char| apart && c.is_whitespace())
        });
        for piece in pieces.map(|piece| piece.trim().trim_start_matches(['@', '＠']).trim()) {
            if !piece.is_empty() && !items.iter().any(|known| known == piece) {
                items.push(piece.to_owned());
            }
        }
    }
    items
}

/// Two to six Chinese characters: a name, perhaps with 妈妈 behind it.
pub(crate) fn is_short_name(word: &str) -> bool {
    (2..=6).contains(&word.chars().count()) && word.chars().all(|c| ('\u{3400}'..='\u{9fff}').contains(&c))
}

/// Where the list begins: behind its headings, where the lines are numbered at all.
fn list_begins(lines: &[&str], counted: bool) -> usize {
    let mut numbered = lines.iter().enumerate().filter(|(_, line)| number_off(line, counted).is_some());
    let first = numbered.next().map_or(0, |(at, _)| at);
    let said = lines.iter().any(|line| line.contains("接龙") || line.contains("接龍"));
    if said || numbered.next().is_some() { first } else { 0 }
}

fn is_heading(line: &str) -> bool {
    let sentence = line.contains(['。', '！', '？', '!', '?']) && line.chars().count() > 8;
    let rule = !line.chars().any(has_substance);
    rule || sentence || line.ends_with(['：', ':']) || HEADINGS.iter().any(|head| line.starts_with(head))
}

/// A line that holds several numbered entries, as when line breaks were lost, in its entries.
fn at_numbers(line: &str) -> Vec<&str> {
    let mut starts: Vec<usize> = Vec::new();
    let mut before = ' ';
    for (at, c) in line.char_indices() {
        let here = line.get(at..).unwrap_or_default();
        let begins = is_enclosed(c)
            || (before.is_whitespace() && c.is_ascii_digit() && number_off(here, false).is_some());
        if begins {
            starts.push(at);
        }
        before = c;
    }
    if starts.len() < 2 {
        return vec![line];
    }
    let mut pieces = vec![line.get(..starts.first().copied().unwrap_or(0)).unwrap_or_default()];
    for (place, start) in starts.iter().enumerate() {
        let end = starts.get(place + 1).copied().unwrap_or(line.len());
        pieces.push(line.get(*start..end).unwrap_or_default());
    }
    pieces
}

/// ① ⑴ ⒈ ❶ and their like.
const fn is_enclosed(c: char) -> bool {
    matches!(c, '①'..='⑳' | '⑴'..='⒇' | '⒈'..='⒛' | '❶'..='❿')
}

/// What stands behind a number at the beginning of a line: `1.`, `1、`, `(1)`, `①`; none where it has none. In lines
/// that count 1, 2, 3 … a blank is enough.
pub fn number_off(line: &str, counted: bool) -> Option<&str> {
    if let Some(rest) = line.strip_prefix(is_enclosed) {
        return Some(rest.trim_start());
    }
    if let Some(inner) = line.strip_prefix(['(', '（', '[', '【'])
        && let Some((_, rest)) = leading_number(inner)
        && let Some(rest) = rest.strip_prefix([')', '）', ']', '】'])
    {
        return Some(rest.trim_start());
    }
    let (_, rest) = leading_number(line)?;
    if counted {
        return Some(rest.trim_start_matches(|c: char| c.is_whitespace() || is_number_mark(c)));
    }
    // "3.8 妇女节" and "1:1 辅导" are names.
    let after = rest.strip_prefix(is_number_mark)?;
    (!after.starts_with(|c: char| c.is_ascii_digit())).then(|| after.trim_start())
}

/// Whether lines count 1, 2, 3 …, so that even "3 班" begins with its number in the list.
pub fn is_counted(lines: &[&str]) -> bool {
    lines.len() > 1
        && (1..).zip(lines).all(|(ordinal, text)| {
            leading_number(text).is_some_and(|(number, rest)| {
                number == ordinal && rest.starts_with(|c: char| c.is_whitespace() || is_number_mark(c))
            })
        })
}

fn leading_number(text: &str) -> Option<(u32, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at_checked(end).filter(|(digits, _)| (1..=3).contains(&digits.len()))?;
    Some((digits.parse().ok()?, rest))
}

const fn is_number_mark(c: char) -> bool {
    matches!(c, '.' | '．' | '、' | ')' | '）' | ':' | '：' | ',' | '，')
}

/// Letters, digits, characters and emoji: what a name can consist of.
fn has_substance(c: char) -> bool {
    c.is_alphanumeric() || matches!(u32::from(c), 0x2600..=0x27bf | 0x1f000..=0x1ffff)
}

fn is_latin(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_alphabetic() || matches!(c, '.' | '\'' | '-'))
        && word.chars().any(|c| c.is_ascii_alphabetic())
}

/// A numbered line: the nickname, then what they want.
fn entry(line: &str, people: &mut Vec<Listed>) {
    let mut line = line.to_owned();
    let mut wanted: Vec<String> = Vec::new();
    while let Some((before, inside, after)) = goods_in_brackets(&line) {
        wanted.push(inside.trim().to_owned());
        line = format!("{before} {after}");
    }
    let mut words = line.split_whitespace().peekable();
    let Some(mut name) = words.next().map(str::to_owned) else { return };
    while let Some(word) = words.peek() {
        let only_signs =
            !name.chars().any(char::is_alphanumeric) && !word.chars().any(|c| c.is_ascii_digit());
        let goes_on = is_latin(&name.replace(' ', "")) && is_latin(word) && word.len() > 1;
        if !(only_signs || goes_on) {
            break;
        }
        name.push(' ');
        name.push_str(word);
        words.next();
    }
    wanted.extend(words.filter(|word| !IDLE.contains(word)).map(str::to_owned));
    let mut found: Vec<(&str, Vec<&str>)> = Vec::new();
    let mut comma = false;
    for piece in name.split_inclusive(SEPARATORS) {
        let word = piece.trim_end_matches(SEPARATORS);
        let theirs = (is_note(word) && !IDLE.contains(&word)) || is_goods(word);
        match found.last_mut() {
            Some((of, goods)) if comma && theirs && !has_count(of) => goods.push(word),
            _ if !is_note(word) => found.push((word, Vec::new())),
            _ => {}
        }
        comma = piece.ends_with(COMMAS);
    }
    for (name, mut goods) in found {
        goods.extend(wanted.iter().map(String::as_str));
        keep(name, true, &goods.join(" "), people);
    }
}

/// What separates a name from what they want, where it is an amount of something.
const COMMAS: &[char] = &[',', '，', ';', '；'];

/// Ends in a number, in a unit or not: `草莓1`, `鸡蛋2份`.
fn has_count(word: &str) -> bool {
    word.trim().trim_end_matches(UNITS).ends_with(|c: char| matches!(c, '0'..='9' | '０'..='９'))
}

fn is_goods(word: &str) -> bool {
    has_count(word) && word.chars().any(char::is_alphabetic)
}

/// The first bracket that holds goods: what stands before it, in it and behind it. A house (3栋201) is none.
fn goods_in_brackets(line: &str) -> Option<(&str, &str, &str)> {
    let goods = |word: &str| is_goods(word) && !word.is_ascii() && !word.starts_with(char::is_numeric);
    line.match_indices(['(', '（']).find_map(|(at, open)| {
        let (inside, after) = line.get(at + open.len()..)?.split_once([')', '）'])?;
        let holds = inside.split(|c: char| c.is_whitespace() || SEPARATORS.contains(&c)).any(goods);
        Some((line.get(..at)?, inside, after)).filter(|_| holds)
    })
}

/// Names beside one another; `many` lines were pasted, so amounts and remarks may stand beside them.
fn plain(line: &str, many: bool, people: &mut Vec<Listed>) {
    let words = words_and_goods(line.trim_start_matches(['-', '*', '•', '·', '●', '○', '–', '—']), many);
    let alone = words.len() == 1 && !many;
    let mut latin: Option<String> = None;
    let mut said: Vec<String> = Vec::new();
    let before = people.len();
    let mut last = None;
    for Word { text: word, quoted, goods } in words {
        if goods {
            match last.and_then(|at: usize| people.get_mut(at)) {
                Some(one) => one.add(&word),
                None => said.push(word),
            }
            continue;
        }
        if quoted || alone {
            last = keep(&word, false, "", people).or(last);
            continue;
        }
        if is_note(&word) {
            said.push(word);
            continue;
        }
        // One line of a list is one Mary Ann; on a single line blanks separate.
        if many && is_latin(&word) && !line.contains(SEPARATORS) {
            latin = Some(latin.map_or_else(|| word.clone(), |before| format!("{before} {word}")));
            continue;
        }
        last = keep(&word, many, "", people).or(last);
    }
    if let Some(latin) = latin {
        keep(&latin, true, "", people);
    }
    // an amount beside one name is theirs, beside several nobody's
    if let (true, [.., one]) = (people.len() == before + 1, people.as_mut_slice()) {
        said.retain(|word| !IDLE.contains(&word.as_str()));
        one.add(&said.join(" "));
    }
}

impl Listed {
    fn add(&mut self, said: &str) {
        if !said.is_empty() {
            let gap = if self.said.is_empty() { "" } else { " " };
            self.said = format!("{}{gap}{said}", self.said);
        }
    }
}

/// A word of a line.
struct Word {
    text: String,
    quoted: bool,
    /// What the one before it wants.
    goods: bool,
}

/// Words of a line. Where the first ends in no number itself, what does so behind a comma is no name but goods; so is
/// what does behind a blank where `many` lines make a list.
fn words_and_goods(line: &str, many: bool) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut rest = line;
    let quotes = line.contains(|c| closing_quote(c).is_some());
    loop {
        let bracket = goods_in_brackets(rest).filter(|_| !quotes);
        for (text, quoted, comma) in split(bracket.map_or(rest, |(before, ..)| before)) {
            let latin = |word: &str| word.is_ascii();
            let first = words.first().filter(|first| !has_count(&first.text));
            let of_one = first.is_some_and(|first| !(latin(&first.text) && latin(&text)));
            let goes_on = words.last().is_some_and(|before| before.goods);
            let goods = !quoted && of_one && (comma || many || goes_on) && is_goods(&text);
            words.push(Word { goods: goods && !is_note(&text), text, quoted });
        }
        let Some((_, inside, after)) = bracket else { return words };
        words.push(Word { text: inside.trim().to_owned(), quoted: false, goods: true });
        rest = after;
    }
}

/// Words, whether each was quoted, and whether it stands behind a comma.
fn split(line: &str) -> Vec<(String, bool, bool)> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut closing: Option<char> = None;
    let mut comma = false;
    let mut end = |word: &mut String, quoted: bool, by: Option<char>| {
        let word = std::mem::take(word);
        if !word.trim().is_empty() {
            words.push((word, quoted, std::mem::take(&mut comma)));
        }
        comma |= by.is_some_and(|by| COMMAS.contains(&by));
    };
    for c in line.chars() {
        match closing {
            Some(quote) if c == quote => {
                closing = None;
                end(&mut word, true, None);
            }
            Some(_) => word.push(c),
            // A quote inside a word belongs to it.
            None if word.is_empty() && closing_quote(c).is_some() => closing = closing_quote(c),
            None if c.is_whitespace() || SEPARATORS.contains(&c) => end(&mut word, false, Some(c)),
            None => word.push(c),
        }
    }
    end(&mut word, closing.is_some(), None);
    words
}

const fn closing_quote(c: char) -> Option<char> {
    Some(match c {
        '"' => '"',
        '“' => '”',
        '「' => '」',
        '『' => '』',
        _ => return None,
    })
}

/// An amount or a remark instead of a name.
fn is_note(word: &str) -> bool {
    let word = word.trim();
    let amount = word.chars().all(|c| {
        c.is_ascii_digit()
            || UNITS.contains(&c)
            || !c.is_alphanumeric()
            || matches!(c, 'x' | 'X')
            || "一二两三四五六七八九十半".contains(c)
    });
    let counts =
        word.chars().any(char::is_numeric) || word.chars().last().is_some_and(|c| UNITS.contains(&c));
    IDLE.contains(&word) || NOTES.contains(&word) || !word.chars().any(has_substance) || (amount && counts)
}

/// Keeps a name, without the amount behind it where the text is a list; what is cut off and `said` stay beside it.
/// Gives where it stands.
fn keep(word: &str, of_list: bool, said: &str, people: &mut Vec<Listed>) -> Option<usize> {
    let whole = word.trim().trim_start_matches(['@', '＠']).trim();
    let mut name = whole;
    if of_list {
        let before_colon = name.split(['：', ':']).next().unwrap_or(name).trim();
        if before_colon.chars().any(char::is_alphabetic) {
            name = before_colon;
        }
        name = without_amount(name);
    }
    let cut = whole.get(name.len()..).unwrap_or_default();
    let cut = cut.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, '：' | ':' | '(' | '（' | ')' | '）' | '-' | '—' | '_')
    });
    let name: String = name.chars().take(NAME_MAX).collect();
    let name = name.trim().trim_end_matches(['。', '，', '；']).to_owned();
    if !name.chars().any(has_substance) {
        return None;
    }
    let at = people.iter().position(|known| known.name == name).unwrap_or_else(|| {
        people.push(Listed { name, said: String::new() });
        people.len() - 1
    });
    if let Some(listed) = people.get_mut(at) {
        listed.add(if IDLE.contains(&cut) { "" } else { cut });
        listed.add(said);
    }
    Some(at)
}

/// Takes `2份`, `+1`, `x2`, `（2份）` off the end of a name; bare digits may belong to it.
fn without_amount(name: &str) -> &str {
    if let Some(open) = name.rfind(['(', '（'])
        && name.ends_with([')', '）'])
        && let Some(inner) = name.get(open..)
        && is_note(inner.trim_matches(['(', '（', ')', '）']))
        && let Some(cut) = name.get(..open).and_then(still_a_name)
    {
        return cut;
    }
    let digits = |text: &str| text.len() - text.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let bare = name.trim_end_matches(UNITS);
    let with_unit = bare.len() < name.len();
    let count = digits(bare);
    if count == 0 {
        return name;
    }
    let before = bare.get(..bare.len() - count).unwrap_or_default();
    // "Max2" ends in a letter, not in a sign of multiplication.
    let times = before.strip_suffix(['+', '＋', '*', '＊', '×', '✖']).or_else(|| {
        before.strip_suffix(['x', 'X']).filter(|rest| !rest.ends_with(|c: char| c.is_ascii_alphanumeric()))
    });
    let cut = if times.is_some() { times } else { Some(before).filter(|_| with_unit) };
    cut.and_then(still_a_name).unwrap_or(name)
}

/// What is left of a name, without the sign before what was cut; none when no letter is left.
fn still_a_name(cut: &str) -> Option<&str> {
    let cut = cut.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '—' | '_'));
    cut.chars().any(char::is_alphabetic).then_some(cut)
}

#[cfg(test)]
mod tests;
