//! Finding names by pinyin, and putting them into pinyin order.
//!
//! People type `zs`, `zhangsan` or `张san` and mean 张三. A name is turned once into a search key that holds its
//! folded characters with all their readings ([`search_key`]); a query is turned once into a [`Needle`], which is
//! then held against many keys without allocating. Heteronyms (曾 单 重 解) match by every reading they have.
//!
//! ```
//! use qun::text::pinyin::{Needle, search_key};
//!
//! let key = search_key("張三");
//! assert!(Needle::new("zhangs").matches(&key));
//! assert!(!Needle::new("lisi").matches(&key));
//! ```
//!
//! Limits: readings belong to characters, not words, so 重庆 is also found by `zq`; tones are not typed.

mod needle;
mod order;

pub use needle::Needle;
pub use order::{initials, sort_key, spoken};

use pinyin::ToPinyinMulti;

use super::clean::for_display;
use super::fold::fold;

/// Stands between two readings of a character in a key.
const OR: char = '\u{1}';
/// Ends the readings of a character in a key.
const END: char = '\u{2}';

/// Builds the search key of a name.
///
/// The key is a row of units, one for each character of the folded name as it is shown; blanks, apostrophes and controls have none.
/// An ASCII character is its own unit; any other is followed by its readings and ends in U+0002, with U+0001 between
/// readings. Whatever a query can begin with is a capital, so that one search for a byte finds it: with `|` and `;`
/// for the two marks, `VIP张曾3` gives `VIP张Zhang;曾Ceng|Zeng;3`. Only [`Needle`] reads keys; the form may change
/// between releases.
pub fn search_key(name: &str) -> String {
    let mut key = String::with_capacity(name.len() * 3);
    for c in letters(&shown(name)) {
        key.push(c.to_ascii_uppercase());
        if !c.is_ascii() {
            for (i, reading) in readings(c).iter().enumerate() {
                if i > 0 {
                    key.push(OR);
                }
                let mut letters = reading.chars();
                key.extend(letters.next().map(|first| first.to_ascii_uppercase()));
                key.push_str(letters.as_str());
            }
            key.push(END);
        }
    }
    key
}

/// The folded characters of a name, from its search key, without their readings.
pub fn letters_of(key: &str) -> String {
    let mut out = String::with_capacity(key.len());
    let mut is_reading = false;
    for c in key.chars() {
        match c {
            END => is_reading = false,
            _ if is_reading => {}
            c => {
                out.push(c.to_ascii_lowercase());
                is_reading = !c.is_ascii();
            }
        }
    }
    out
}

/// A text as it is compared: as screens show it, since that is what people read and type, and folded. So a name with
/// an emoji family or a flag is found as it stands in the chat and as it stands in a list.
fn shown(text: &str) -> String {
    fold(&for_display(text))
}

/// The characters of a folded text that take part in matching: no blanks, controls or apostrophes (`xi'an`), and `v`
/// for the `ü` that few keyboards have.
fn letters(folded: &str) -> impl Iterator<Item = char> {
    let counts = |c: &char| !c.is_whitespace() && !c.is_control() && !matches!(c, '\'' | '’' | '‘');
    folded.chars().filter(counts).map(|c| if c == 'ü' { 'v' } else { c })
}

/// A traditional character of names that sounds unlike the one it is folded to, which is found by both: 王乾坤, 著名.
const SOUNDS_UNLIKE: [(char, char); 2] = [('干', '乾'), ('着', '著')];

/// Every reading of a character in plain ASCII, without repetitions; `ü` is given as `v` and as `u`.
fn readings(c: char) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let unlike = SOUNDS_UNLIKE.iter().filter(|(folded, _)| *folded == c).map(|(_, written)| *written);
    let written = std::iter::once(c).chain(unlike);
    for reading in written.filter_map(|c| c.to_pinyin_multi()).flatten() {
        let plain = reading.plain();
        if plain.contains('ü') {
            add(&mut found, plain.replace('ü', "v"));
        }
        add(&mut found, plain.chars().map(ascii_letter).collect());
    }
    found
}

fn add(found: &mut Vec<String>, reading: String) {
    if !reading.is_empty()
        && reading.bytes().all(|byte| byte.is_ascii_lowercase())
        && !found.contains(&reading)
    {
        found.push(reading);
    }
}

/// The letter of a plain reading without its last accents; a few rare readings (欸 ê) keep them.
fn ascii_letter(c: char) -> char {
    match c {
        'ü' => 'u',
        'ê' => 'e',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_hold_characters_and_readings() {
        let check = |name: &str, expected: &str| {
            assert_eq!(search_key(name).replace(OR, "|").replace(END, ";"), expected, "{name}");
        };
        check("", "");
        check("張三", "张Zhang;三San;");
        check("VIP 群Ａ３", "VIP群Qun;A3");
        check("吕", "吕Lv|Lu;");
        check("O'Neil，🎉", "ONEIL,🎉;");
        check("𠮷", "吉Ji;");
        check("曾", "曾Ceng|Zeng;");
        check("王乾坤", "王Wang|Yu;干Gan|An|Qian;坤Kun;");
        check("女", "女Nv|Nu|Ru;");
        for (name, letters) in [("VIP 张三3", "vip张三3"), ("", ""), ("𠮷🎉a", "吉🎉a")] {
            assert_eq!(letters_of(&search_key(name)), letters, "{name}");
        }
        check("👨\u{200d}👩\u{200d}👧一家", "👨;一Yi;家Jia|Jie|Gu;");
    }
}
