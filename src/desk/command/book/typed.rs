//! Values as people type them, to the canonical text that fields read.
//!
//! Fullwidth digits and punctuation, separators of every kind, words in any spelling, dates in words. Whatever
//! cannot be read is refused with the field, the value and how to write it.
//! One file because the readers share their refusals, and a field's reader is found in one table.

#![allow(clippy::result_large_err, reason = "a refusal is made once a command and answered at once")]

use super::super::super::Desk;
use super::super::super::words::book::BookWords;
use crate::book::fields::{parse_quiet, quiet_text};
use crate::book::{
    AccountId, Birthday, ContactState, GroupId, MembershipRole, Money, Platform, Stage, Timestamp,
};
use crate::door::form::{Field, GroupStateWord, HealthWord, Kind};
use crate::door::{Refusal, RefusalKind};
use crate::text::clean::{for_clipboard, for_display};
use crate::text::fold::normalise_input;
use crate::text::lang::Lang;
use crate::text::near::nearest;
use crate::text::phone::{country, kept};

/// The most characters of a name, a tag or another short text.
const SHORT_MAX: usize = 200;
/// The most characters of a note.
pub(in crate::desk::command) const LONG_MAX: usize = 20_000;

/// A refusal of one field's value.
pub(in crate::desk::command) fn invalid(field: Field, value: &str, words: String, hint: String) -> Refusal {
    Refusal::new(RefusalKind::Invalid, words).at_field(field, for_display(value).into_owned()).hint(hint)
}

fn unreadable(field: Field, value: &str, hint: BookWords, lang: Lang) -> Refusal {
    let shown = for_display(value).into_owned();
    let words = BookWords::NotAValue.fill(lang, &[("field", &field.label(lang)), ("value", &shown)]);
    invalid(field, value, words, hint.text(lang).to_owned())
}

/// Items of a list: split on `,，、;；` and line breaks, each once.
pub(in crate::desk::command) fn list(text: &str) -> Vec<String> {
    let mut items: Vec<String> = Vec::new();
    for item in text.split([',', '，', '、', ';', '；', '\n']).map(str::trim).filter(|item| !item.is_empty())
    {
        if !items.iter().any(|known| known == item) {
            items.push(item.to_owned());
        }
    }
    items
}

/// A text of one line or several within its length; nothing but invisible characters is nothing.
fn text(field: Field, value: &str, lang: Lang) -> Result<String, Refusal> {
    let value = for_clipboard(value.trim()).trim().to_owned();
    if for_display(&value).trim().is_empty() {
        return Ok(String::new());
    }
    let most = if matches!(field, Field::Note | Field::Needs) { LONG_MAX } else { SHORT_MAX };
    if value.chars().count() > most {
        let words = BookWords::TooLong.fill(lang, &[("field", &field.label(lang)), ("n", &most)]);
        return Err(invalid(field, &value, words, String::new()));
    }
    Ok(value)
}

/// A word of a closed set in any spelling.
fn word<T: Copy>(
    field: Field,
    value: &str,
    lang: Lang,
    parsed: Option<T>,
    all: &[(&'static [&'static str], &'static str)],
) -> Result<T, Refusal> {
    parsed.ok_or_else(|| {
        let shown = for_display(value).into_owned();
        let words = BookWords::NotAWord.fill(lang, &[("field", &field.label(lang)), ("value", &shown)]);
        let labels: Vec<&str> = all.iter().map(|(_, label)| *label).collect();
        let spellings = all.iter().flat_map(|(spellings, _)| spellings.iter().copied());
        let near = nearest(value, spellings, 1);
        let hint = match near.first() {
            Some(near) => BookWords::Nearest.fill(lang, &[("names", near)]),
            None => BookWords::OneOf.fill(lang, &[("words", &labels.join(", "))]),
        };
        let mut refusal = invalid(field, value, words, hint);
        refusal.candidates = labels.into_iter().map(str::to_owned).collect();
        refusal
    })
}

macro_rules! spelt {
    ($set:ty, $field:expr, $value:expr, $lang:expr) => {{
        let all: Vec<_> = <$set>::ALL.iter().map(|v| (v.spellings(), v.label($lang))).collect();
        word($field, $value, $lang, <$set>::parse($value), &all)
    }};
}

/// How a contact stands.
pub(super) fn contact_state(value: &str, lang: Lang) -> Result<ContactState, Refusal> {
    spelt!(ContactState, Field::State, value, lang)
}

/// What somebody is in a group.
pub(super) fn role(value: &str, lang: Lang) -> Result<MembershipRole, Refusal> {
    spelt!(MembershipRole, Field::Role, value, lang)
}

/// A stage.
pub(in crate::desk::command) fn stage(value: &str, lang: Lang) -> Result<Stage, Refusal> {
    spelt!(Stage, Field::Stage, value, lang)
}

/// A state of a group.
pub(in crate::desk::command) fn group_state(value: &str, lang: Lang) -> Result<GroupStateWord, Refusal> {
    spelt!(GroupStateWord, Field::State, value, lang)
}

fn health(value: &str, lang: Lang) -> Result<String, Refusal> {
    let (state, what) = value.split_once([':', '：', ' ']).unwrap_or((value, ""));
    // as the form shows it, with the instant that its end or its beginning is
    let (state, at) = state.split_once('@').map_or((state, None), |(state, at)| (state, Some(at)));
    if let Some(at) = at.filter(|at| at.parse::<i64>().is_ok()).filter(|_| state == "recovering") {
        return Ok(format!("{state}@{at}"));
    }
    let state = spelt!(HealthWord, Field::Health, state, lang)?;
    let what = what.trim();
    let at = at.filter(|at| at.parse::<i64>().is_ok()).map(|at| format!("@{at}")).unwrap_or_default();
    Ok(match state {
        HealthWord::Limited if what.is_empty() => format!("{}{at}", state.word()),
        HealthWord::Limited => format!("{}{at}:{what}", state.word()),
        _ => state.word().to_owned(),
    })
}

fn number(field: Field, value: &str, hint: &str, lang: Lang) -> Result<String, Refusal> {
    let digits = normalise_input(value);
    let digits = digits.trim().trim_end_matches(['人', '个', '個', '位', '天']).trim();
    if let Ok(number) = digits.parse::<u32>() {
        return Ok(number.to_string());
    }
    let shown = for_display(value).into_owned();
    let words = BookWords::NotANumber.fill(lang, &[("field", &field.label(lang)), ("value", &shown)]);
    Err(invalid(field, value, words, hint.to_owned()))
}

/// Quiet hours: `22-8`, `22:00~8:00 周一三五`, several with any separator.
fn quiet(value: &str, lang: Lang) -> Result<String, Refusal> {
    let refuse = || unreadable(Field::Quiet, value, BookWords::HintQuiet, lang);
    let mut spans: Vec<String> = Vec::new();
    for item in list(value) {
        let item = normalise_input(&item).replace(['~', '～', '至', '到', '—', '–'], "-");
        let item = item.replace("点半", ":30").replace("點半", ":30").replace(['点', '點'], ":00");
        let split = item.char_indices().find(|(_, c)| !c.is_ascii_digit() && !": -".contains(*c));
        let (clocks, days) = item.split_at(split.map_or(item.len(), |(at, _)| at));
        let (from, to) = clocks.split_once('-').ok_or_else(refuse)?;
        let clock = |text: &str| {
            let text = text.trim();
            if text.contains(':') { text.to_owned() } else { format!("{text}:00") }
        };
        spans.push(format!("{}-{} {}", clock(from), clock(to), weekdays(days.trim())));
    }
    let spans: Vec<String> = spans.iter().map(|span| span.trim().to_owned()).collect();
    let quiet = parse_quiet(&spans.join(",")).ok_or_else(refuse)?;
    if quiet.iter().any(|span| span.from == span.to) {
        return Err(refuse());
    }
    Ok(quiet_text(&quiet))
}

/// Weekdays as the field writes them.
fn weekdays(text: &str) -> String {
    match text {
        "工作日" | "休息日" => text.to_owned(),
        "节假日" | "節假日" => "休息日".to_owned(),
        "周末" | "週末" => "六日".to_owned(),
        "每天" => String::new(),
        _ => {
            let mut days = text.to_owned();
            for word in ["周", "週", "星期", "礼拜", "禮拜", " "] {
                days = days.replace(word, "");
            }
            days.replace('天', "日")
        }
    }
}

/// A birthday: `1990/5/6`, `5月6日`, `农历八月初三`. As in a file that is imported, `八月初三` and `腊月三十` are lunar
/// by the way they are written, and `八月三日` is not.
fn birthday(value: &str, lang: Lang) -> Result<String, Refusal> {
    let text = normalise_input(value);
    let text = text.trim();
    let lunar = ["农历", "農曆", "阴历", "陰曆", "旧历", "舊曆", "lunar"]
        .iter()
        .find_map(|word| text.strip_prefix(word));
    let rest = lunar.unwrap_or(text).trim();
    let solar = ["公历", "公曆", "阳历", "陽曆", "新历"].iter().find_map(|word| rest.strip_prefix(word));
    let rest = solar.unwrap_or(rest);
    let leap = rest.contains(['闰', '閏']);
    let named = ["初", "廿", "正月", "冬月", "腊月", "臘月"].iter().any(|word| rest.contains(word));
    let counted = rest.ends_with(|c| "一二三四五六七八九十".contains(c));
    let lunar = lunar.is_some() || (solar.is_none() && (leap || named || counted));
    let rest =
        rest.replace(['闰', '閏'], "").replace(['年', '月', '/', '.'], "-").replace(['日', '号', '號'], "");
    let parts: Option<Vec<String>> = rest
        .trim_matches('-')
        .split('-')
        .map(|part| {
            let part = part.trim();
            if part.bytes().all(|b| b.is_ascii_digit()) && !part.is_empty() {
                Some(part.to_owned())
            } else {
                chinese_number(part).map(|n| n.to_string())
            }
        })
        .collect();
    let canonical = parts.map(|parts| {
        let front = if lunar { "农历" } else { "" };
        format!("{front}{}{}", if leap { "闰" } else { "" }, parts.join("-"))
    });
    canonical
        .and_then(|text| Birthday::parse(&text))
        .map(|birthday| birthday.to_string())
        .ok_or_else(|| unreadable(Field::Birthday, value, BookWords::HintBirthday, lang))
}

/// Months and days in Chinese: 正, 腊, 初三, 十五, 廿三, 三十.
fn chinese_number(text: &str) -> Option<u32> {
    match text {
        "正" => return Some(1),
        "冬" => return Some(11),
        "腊" | "臘" => return Some(12),
        _ => {}
    }
    let text = text.trim_start_matches('初');
    let digit = |c: char| "一二三四五六七八九".chars().position(|d| d == c).map(|at| at as u32 + 1);
    let chars: Vec<char> = text.chars().collect();
    match chars.as_slice() {
        ['十'] => Some(10),
        ['廿'] => Some(20),
        [one] => digit(*one),
        ['十', one] => Some(10 + digit(*one)?),
        ['廿', one] => Some(20 + digit(*one)?),
        [tens, '十'] => Some(digit(*tens)? * 10),
        [tens, '十', one] => Some(digit(*tens)? * 10 + digit(*one)?),
        _ => None,
    }
}

fn handles(value: &str, lang: Lang) -> Result<String, Refusal> {
    let mut written = Vec::new();
    for item in list(value) {
        let parts = item.split_once([':', '：']).map(|(platform, id)| (platform.trim(), id.trim()));
        let Some((platform, id)) = parts.filter(|(_, id)| !id.is_empty()) else {
            return Err(unreadable(Field::Handles, &item, BookWords::HintHandle, lang));
        };
        let platform: Platform = spelt!(Platform, Field::Handles, platform, lang)?;
        written.push(format!("{platform}:{id}"));
    }
    Ok(written.join(","))
}

/// A time that has been: in words, RFC 3339 or `2026-11-22 14:00`.
pub(super) fn past(
    field: Field,
    value: &str,
    now: Timestamp,
    zone: chrono_tz::Tz,
    lang: Lang,
) -> Result<Timestamp, Refusal> {
    let value = value.trim();
    if let Ok(at) = chrono::DateTime::parse_from_rfc3339(value) {
        let at = Timestamp(at.timestamp_millis());
        if at > now {
            let words = BookWords::InFuture.text(lang).to_owned();
            return Err(invalid(field, value, words, BookWords::HintDate.text(lang).to_owned()));
        }
        return Ok(at);
    }
    crate::query::parse_past(value, now, zone).map_err(|error| {
        let mut refusal =
            invalid(field, value, error.message(lang), BookWords::HintDate.text(lang).to_owned());
        refusal.column = u32::try_from(error.column).ok();
        refusal
    })
}

impl Desk {
    /// Accounts named in a list.
    pub(super) fn accounts_in(
        &self,
        field: Field,
        value: &str,
        lang: Lang,
    ) -> Result<Vec<AccountId>, Refusal> {
        let found: Result<Vec<AccountId>, Refusal> = list(value)
            .iter()
            .map(|name| {
                self.find_account(name, lang).map_err(|refusal| refusal.at_field(field, name.as_str()))
            })
            .collect();
        found.map(unique)
    }

    /// Groups named in a list.
    pub(super) fn groups_in(&self, field: Field, value: &str, lang: Lang) -> Result<Vec<GroupId>, Refusal> {
        let found: Result<Vec<GroupId>, Refusal> = list(value)
            .iter()
            .map(|name| self.find_group(name, lang).map_err(|refusal| refusal.at_field(field, name.as_str())))
            .collect();
        found.map(unique)
    }

    /// The canonical text of a field of an account, group or member; several when one value says two things.
    pub(in crate::desk::command) fn canonical(
        &self,
        kind: Kind,
        field: Field,
        value: &str,
        lang: Lang,
    ) -> Result<Vec<(&'static str, String)>, Refusal> {
        let value = value.trim();
        let named =
            |result: Result<String, Refusal>| result.map_err(|refusal| refusal.at_field(field, value));
        if value.is_empty() {
            return Ok(vec![(field.word(), String::new())]);
        }
        let text = match field {
            Field::Platform => spelt!(Platform, field, value, lang)?.word().to_owned(),
            Field::Health => health(value, lang)?,
            Field::Stage => stage(value, lang)?.word().to_owned(),
            Field::State if kind == Kind::Group => group_state(value, lang)?.word().to_owned(),
            Field::Zone => match value.parse::<chrono_tz::Tz>() {
                Ok(zone) => zone.name().to_owned(),
                Err(_) => return Err(unreadable(field, value, BookWords::HintZone, lang)),
            },
            Field::Tags | Field::Aliases => {
                let items: Result<Vec<String>, Refusal> =
                    list(value).iter().map(|item| text(field, item, lang)).collect();
                list(&items?.join(",")).join(",")
            }
            Field::Quiet => quiet(value, lang)?,
            Field::Birthday => birthday(value, lang)?,
            Field::Handles => handles(value, lang)?,
            Field::Capacity | Field::DaysOfUse => number(field, value, "", lang)?,
            Field::Price => match Money::plain(value).and_then(|plain| plain.parse::<Money>().ok()) {
                Some(price) if price.0 >= 0 => price.to_string(),
                _ => return Err(unreadable(field, value, BookWords::HintPrice, lang)),
            },
            Field::HeadCount => {
                let hint = BookWords::HintCount.text(lang);
                if let Some((count, capacity)) = value.split_once(['/', '／']) {
                    return Ok(vec![
                        (field.word(), number(field, count, hint, lang)?),
                        (Field::Capacity.word(), number(Field::Capacity, capacity, hint, lang)?),
                    ]);
                }
                number(field, value, hint, lang)?
            }
            Field::Account => named(self.find_account(value, lang).map(|id| id.to_string()))?,
            Field::Speakers => {
                let ids = self.accounts_in(field, value, lang)?;
                ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
            }
            Field::Referrer => named(self.find_member(value, lang).map(|id| id.to_string()))?,
            Field::Phone => phone(value, lang)?,
            _ => text(field, value, lang)?,
        };
        Ok(vec![(field.word(), text)])
    }
}

/// A phone number as people write one. `1.38E+10` is what a spreadsheet leaves of one: its digits are lost.
fn phone(value: &str, lang: Lang) -> Result<String, Refusal> {
    let number = normalise_input(&text(Field::Phone, value, lang)?);
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let is_written_so = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | ' ' | '(' | ')');
    if (5..=20).contains(&digits.len()) && number.chars().all(is_written_so) {
        // as an import keeps it: one human has one number
        let (digits, foreign) = country(&digits, number.trim_start().starts_with('+'));
        Ok(kept(digits, foreign))
    } else {
        Err(unreadable(Field::Phone, value, BookWords::HintPhone, lang))
    }
}

fn unique<T: PartialEq + Copy>(items: Vec<T>) -> Vec<T> {
    let mut once: Vec<T> = Vec::new();
    for item in items {
        if !once.contains(&item) {
            once.push(item);
        }
    }
    once
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn birthdays_as_people_write_them() {
        let check = |typed: &str, expected: Option<&str>| {
            assert_eq!(birthday(typed, Lang::ZhCn).ok().as_deref(), expected, "{typed}");
        };
        check("1990-05-06", Some("1990-05-06"));
        check("1990/5/6", Some("1990-05-06"));
        check("１９９０年５月６日", Some("1990-05-06"));
        check("5月6号", Some("05-06"));
        check("农历八月初三", Some("农历08-03"));
        check("陰曆腊月三十", Some("农历12-30"));
        check("农历闰六月廿一", Some("农历闰06-21"));
        check("腊月三十", Some("农历12-30"));
        check("正月初一", Some("农历01-01"));
        check("八月十五", Some("农历08-15"));
        check("八月三日", Some("08-03"));
        check("闰六月十五", Some("农历闰06-15"));
        check("公历八月三", Some("08-03"));
        check("13-45", None);
        check("明天", None);
    }

    #[test]
    fn quiet_hours_as_people_write_them() {
        let check = |typed: &str, expected: Option<&str>| {
            assert_eq!(quiet(typed, Lang::ZhCn).ok().as_deref(), expected, "{typed}");
        };
        check("22:00-08:00", Some("22:00-08:00"));
        check("22-8", Some("22:00-08:00"));
        check("22点～8点半", Some("22:00-08:30"));
        check("22：00至8：00；12-13:30 工作日", Some("22:00-08:00,12:00-13:30 工作日"));
        check("0-10 节假日", Some("00:00-10:00 休息日"));
        check("12:00-13:30周六日", Some("12:00-13:30 六日"));
        check("8-8", None);
        check("晚上", None);
        check("25:00-26:00", None);
    }

    #[test]
    fn lists_split_on_every_separator() {
        assert_eq!(list("宝妈，VIP、老客；宝妈;新,,"), ["宝妈", "VIP", "老客", "新"]);
        assert_eq!(handles("微信:wxid_1，qq：10001", Lang::ZhCn).unwrap(), "wechat:wxid_1,qq:10001");
        assert_eq!(handles("wxid_1", Lang::ZhCn).unwrap_err().field, Some(Field::Handles));
        assert_eq!(health("受限 私聊", Lang::ZhCn).unwrap(), "limited:私聊");
    }
}
