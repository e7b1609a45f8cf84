//! 撤展: names and phones of members hidden from who looks on, on the screen alone.
//!
//! Whatever the desk says of members is noted as it comes, and everything painted goes through [`Veil::over`]: a known name
//! keeps its first character and its width, one that has no more than that keeps its width alone, a run of digits that may be a phone its first three. Texts stay whole where
//! they are copied.
//!
//! While names are hidden everybody in the book is asked for, page by page, so that nobody is read who was in no list or
//! card so far: in texts, popups, sentences of the desk.
//!
//! Limits: until the last page has come, and of a book larger than what is remembered, somebody may be read whom the
//! screen has not met; the history and the bare text are therefore not opened meanwhile. Groups, accounts and operators
//! keep their names.
//!
//! One file because who is known and where they are hidden is one rule.

use std::borrow::Cow;
use std::collections::HashMap;

use super::state::{Detail, State};
use super::view::paint::list_text;
use crate::book::Target;
use crate::door::detail::{GroupDetail, MemberDetail, TaskDetail};
use crate::door::form::Kind;
use crate::door::line::Lines;
use crate::door::reply::{Suggestion, Window};
use crate::door::{Push, Reply};
use crate::text::lang::Lang;
use crate::text::{called, clean, width};

/// Names that are remembered; the oldest screenfuls are not on the screen any more.
const NAMES_MAX: usize = 200_000;

/// Digits in a row that may be a phone or an id.
const DIGITS: usize = 7;

/// Digits in a row that may be the end of a phone, where namesakes are told apart.
const TAIL: usize = 4;

/// What is counted on the screen, one blank behind its number.
const UNITS: &str = "条條个個人群位次步段字行天日月年时時分秒";

/// Who is known.
#[derive(Clone, Debug, Default)]
pub struct Veil {
    /// By name, how many of its first characters stay.
    names: HashMap<String, usize>,
    /// How long names are that begin with a character, in bytes, the longest first.
    by_first: HashMap<char, Vec<usize>>,
}

impl Veil {
    /// Notes a name, a nickname, an alias, and how somebody of that name is addressed. Names are kept as they are shown:
    /// what is painted is compared, never what the book holds.
    pub fn learn(&mut self, name: &str) {
        let shown = clean::for_display(name);
        let shown = shown.trim();
        // the one letter beside an emoji would be the whole name
        let keep = usize::from(shown.chars().filter(|c| c.is_alphanumeric()).nth(1).is_some());
        // what texts call them: a nickname without its emoji, the room, the trade behind it
        self.note(&clean::for_display(&called::address(name)), keep);
        self.note(shown, keep);
        // lists say emoji as a word, in the middle of a name as well
        for lang in [Lang::ZhCn, Lang::En] {
            if let Cow::Owned(listed) = list_text(shown, false, lang) {
                self.note(&listed, keep);
            }
        }
    }

    fn note(&mut self, name: &str, keep: usize) {
        let Some(first) = name.chars().next() else { return };
        let is_single = name.chars().nth(1).is_none();
        // a digit or a mark names nobody, and would hide half of every sentence
        if is_single && !first.is_alphabetic() || self.names.contains_key(name) {
            return;
        }
        let keep = if is_single { 0 } else { keep };
        if self.names.len() >= NAMES_MAX {
            *self = Self::default();
        }
        self.names.insert(name.to_owned(), keep);
        let alike = self.by_first.entry(first).or_default();
        if let Err(at) = alike.binary_search_by(|known| name.len().cmp(known)) {
            alike.insert(at, name.len());
        }
    }

    /// Notes everybody an answer names.
    pub fn learn_reply(&mut self, reply: &Reply) {
        match reply {
            Reply::Window(window) => self.learn_window(window),
            Reply::Task(task) => self.learn_task(task),
            Reply::Member(member) => self.learn_member(member),
            Reply::Group(group) => self.learn_group(group),
            Reply::Suggestions(found) | Reply::Found(found) => self.learn_found(found),
            Reply::Who(matched) => self.learn_found(&matched.found),
            Reply::Board(board) => {
                let members = board.places.iter().filter(|place| matches!(place.target, Target::Member(_)));
                members.for_each(|place| self.learn(&place.name));
            }
            Reply::SopDiff(diff) => diff.next.iter().for_each(|change| self.learn(&change.name)),
            Reply::Forecast(ahead) => ahead.clashes.iter().for_each(|(_, name, _)| self.learn(name)),
            _ => {}
        }
    }

    /// Notes everybody a push names.
    pub fn learn_push(&mut self, push: &Push) {
        match push {
            Push::Window(window) => self.learn_window(window),
            Push::Patch(patch) => self.learn_lines(&patch.upserts),
            _ => {}
        }
    }

    /// Notes whom a card names.
    pub fn learn_detail(&mut self, detail: &Detail) {
        match detail {
            Detail::Task(task) => self.learn_task(task),
            Detail::Group(group) => self.learn_group(group),
            Detail::Member(member) => self.learn_member(member),
            Detail::Account(_) | Detail::Sop(_) => {}
        }
    }

    fn learn_window(&mut self, window: &Window) {
        self.learn_lines(&window.lines);
    }

    fn learn_lines(&mut self, lines: &Lines) {
        match lines {
            Lines::Tasks(tasks) => {
                for task in tasks {
                    if matches!(task.target, Target::Member(_)) {
                        self.learn(&task.target_name);
                    }
                    task.member.iter().for_each(|member| self.learn(&member.name));
                }
            }
            Lines::Members(members) => {
                for member in members {
                    self.learn(&member.name);
                    self.learn(&member.remark);
                }
            }
            Lines::Groups(_) | Lines::Accounts(_) | Lines::Playbooks(_) => {}
        }
    }

    fn learn_found(&mut self, found: &[Suggestion]) {
        found.iter().filter(|one| one.kind == Kind::Member).for_each(|one| self.learn(&one.name));
    }

    fn learn_task(&mut self, task: &TaskDetail) {
        self.learn_lines(&Lines::Tasks(vec![task.line.clone()]));
        task.names.iter().for_each(|name| self.learn(name));
    }

    fn learn_member(&mut self, card: &MemberDetail) {
        let member = &card.member;
        self.learn(&member.name);
        member.aliases.iter().for_each(|alias| self.learn(alias));
        card.contacts.iter().for_each(|contact| self.learn(&contact.remark));
    }

    fn learn_group(&mut self, card: &GroupDetail) {
        card.recent.iter().for_each(|(member, ..)| self.learn(&member.name));
        card.orders.iter().for_each(|order| self.learn(&order.member.name));
    }

    /// A sentence as it is shown, with everybody known in it hidden. As wide as before. Of its words none is taken for
    /// somebody of one character: 到 is in 到期.
    pub fn over<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.over_cleaned(text, true)
    }

    /// The same for what people wrote: every character may be somebody.
    pub fn over_text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.over_cleaned(text, false)
    }

    fn over_cleaned<'t>(&self, text: &'t str, ours: bool) -> Cow<'t, str> {
        match clean::for_display_lines(text) {
            Cow::Borrowed(shown) => self.over_shown(shown, ours),
            Cow::Owned(shown) => Cow::Owned(self.over_shown(&shown, ours).into_owned()),
        }
    }

    fn over_shown<'t>(&self, text: &'t str, ours: bool) -> Cow<'t, str> {
        let mut out: Option<String> = None;
        let mut at = 0;
        let mut before = None;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            let name = self.name_at(rest, before).filter(|(name, _)| !ours || !is_word(text, at, name));
            let hidden = name.or_else(|| digits_at(rest, before));
            let Some(c) = rest.chars().next() else { break };
            let Some((found, keep)) = hidden else {
                if let Some(out) = &mut out {
                    out.push(c);
                }
                before = Some(c);
                at += c.len_utf8();
                continue;
            };
            let out = out.get_or_insert_with(|| text.get(..at).unwrap_or_default().to_owned());
            for (place, cluster) in found.chars().enumerate() {
                if place < keep {
                    out.push(cluster);
                } else {
                    out.push_str(&"*".repeat(width::width(cluster.encode_utf8(&mut [0; 4]))));
                }
            }
            before = found.chars().next_back();
            at += found.len();
        }
        out.map_or(Cow::Borrowed(text), Cow::Owned)
    }

    /// The longest known name that a text begins with, and how many of its characters stay. Latin names end where words
    /// end.
    fn name_at<'t>(&self, text: &'t str, before: Option<char>) -> Option<(&'t str, usize)> {
        let first = text.chars().next()?;
        let begun = self.by_first.get(&first)?.iter().filter_map(|len| text.split_at_checked(*len));
        let mut known = begun.filter_map(|(name, rest)| Some((name, *self.names.get(name)?, rest)));
        let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        let (name, keep, _) = known.find(|(name, _, rest)| {
            let begins_inside = latin(name.chars().next()) && latin(before);
            let ends_inside = latin(name.chars().next_back()) && latin(rest.chars().next());
            !begins_inside && !ends_inside
        })?;
        Some((name, keep))
    }
}

/// Whether a name of one character is part of a word, or the unit of a number: `到期`, `12 条`.
fn is_word(text: &str, at: usize, name: &str) -> bool {
    let mut chars = name.chars();
    let (Some(one), None) = (chars.next(), chars.next()) else { return false };
    let before = text.get(..at).unwrap_or_default();
    let after = text.get(at + name.len()..).unwrap_or_default().chars().next();
    let in_word = before.chars().next_back().into_iter().chain(after).any(char::is_alphanumeric);
    in_word || UNITS.contains(one) && before.trim_end().ends_with(|c: char| c.is_ascii_digit())
}

impl State {
    /// A text as it may be seen: while names are hidden without them.
    pub fn veiled<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.hide_names { self.veil.over(text) } else { Cow::Borrowed(text) }
    }

    /// What people wrote, and names, with everybody known in it hidden.
    pub fn veiled_text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.hide_names { self.veil.over_text(text) } else { Cow::Borrowed(text) }
    }

    /// What stands beside a name that is offered: while names are hidden without the end of a phone.
    pub fn hint_shown<'t>(&self, hint: &'t str) -> Cow<'t, str> {
        if self.hide_names { Cow::Owned(without_tails(hint)) } else { Cow::Borrowed(hint) }
    }
}

/// What tells namesakes apart, without the end of a phone: four digits in a row or more.
pub fn without_tails(hint: &str) -> String {
    let mut out = String::with_capacity(hint.len());
    let mut rest = hint;
    while let Some(c) = rest.chars().next() {
        let run = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (shown, left) = rest.split_at_checked(run.max(c.len_utf8())).unwrap_or((rest, ""));
        if run >= TAIL && !is_year(shown, left) {
            out.push_str(&"*".repeat(run));
        } else {
            out.push_str(shown);
        }
        rest = left;
    }
    out
}

/// Whether digits are the year of a date: what stands behind them is the rest of it.
fn is_year(digits: &str, rest: &str) -> bool {
    let is_day = |text: &str| {
        let bytes = text.as_bytes();
        let number = |at: usize| bytes.get(at..at + 2).is_some_and(|two| two.iter().all(u8::is_ascii_digit));
        let ends = !bytes.get(6).is_some_and(u8::is_ascii_digit);
        bytes.first() == Some(&b'-') && number(1) && bytes.get(3) == Some(&b'-') && number(4) && ends
    };
    digits.len() == TAIL && (digits.starts_with("19") || digits.starts_with("20")) && is_day(rest)
}

/// A run of digits that may be a phone, and how many of it stay: eleven may stand in groups.
fn digits_at(text: &str, before: Option<char>) -> Option<(&str, usize)> {
    if before.is_some_and(|c| c.is_ascii_digit()) {
        return None;
    }
    let run = text.bytes().take_while(u8::is_ascii_digit).count();
    if run >= DIGITS {
        return Some((text.get(..run)?, 3));
    }
    let grouped = text.bytes().take_while(|b| b.is_ascii_digit() || matches!(b, b' ' | b'-')).count();
    let found = text.get(..grouped)?.trim_end_matches([' ', '-']);
    let digits: Vec<u8> = found.bytes().filter(u8::is_ascii_digit).collect();
    let mobile = digits.len() == 11 && digits.first() == Some(&b'1') && digits.get(1) >= Some(&b'3');
    (mobile && run == 3).then_some((found, 3))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn veil(names: &[&str]) -> Veil {
        let mut veil = Veil::default();
        for name in names {
            veil.learn(name);
        }
        veil
    }

    #[test]
    fn names_keep_their_first_character_and_their_width() {
        let veil = veil(&["张三", "张三丰", "Jenny", "小雨妈🌸", "A", " "]);
        let check = |text: &str, expected: &str| {
            let hidden = veil.over(text);
            assert_eq!(hidden, expected);
            assert_eq!(width::width(&hidden), width::width(text), "{text}");
        };
        check("张三，你好", "张**，你好");
        check("给张三丰和张三", "给张****和张**");
        check("Jenny: A jennyx Jennyx xJenny", "J****: * jennyx Jennyx xJenny");
        check("[微私]小雨妈🌸", "[微私]小******");
        check("王五", "王五");
        let veil = self::veil(&["王芊芊 3栋1204", "A0李姐·美甲"]);
        assert_eq!(veil.over("王芊芊 3栋1204: 王芊芊，美甲 李姐"), "王************: 王****，美甲 李**");
    }

    #[test]
    fn of_a_name_of_one_character_nothing_stays() {
        let check = |name: &str, text: &str, expected: &str| {
            let hidden = veil(&[name, "敏敏", "3"]).over(text).into_owned();
            assert_eq!(hidden, expected, "{name}");
            assert_eq!(width::width(&hidden), width::width(&clean::for_display(text)), "{name}");
        };
        check("敏", "[微私]敏  敏，你好", "[微私]**  **，你好");
        check("敏", "敏敏 3 条", "敏** 3 条");
        check("W", "W，你好 Wu", "*，你好 Wu");
        check("🌸陈", "🌸陈: 陈，你好", "****: **，你好");
        check("陈🌸", "陈🌸 陈[表情]", "**** ********");
        let hidden = veil(&["🇨🇳陈"]).over("🇨🇳陈: 陈，你好 [表情]陈").into_owned();
        assert!(!hidden.contains('陈'), "{hidden}");
    }

    #[test]
    fn no_word_of_the_screen_is_taken_for_somebody_of_one_character() {
        let veil = veil(&["日", "期", "到", "条"]);
        for words in ["到期  逾期  今日 43", "3月10日 周日", "12 条", "到点 03-08 10:00"] {
            assert_eq!(veil.over(words), words);
        }
        assert_eq!(veil.over("[微私]日: 到，在吗 (条)"), "[微私]**: **，在吗 (**)");
        assert_eq!(veil.over_text("日你好，期末到了"), "**你好，**末**了");
    }

    #[test]
    fn a_name_is_hidden_behind_the_word_for_its_emoji() {
        let veil = veil(&["小雨🌸妈", "1号", "Amy🌸", "🌸🌸宝妈"]);
        let check = |text: &str, expected: &str| {
            let listed = list_text(text, false, Lang::ZhCn);
            assert_eq!(veil.over(&listed), expected);
            assert_eq!(width::width(&veil.over(&listed)), width::width(&listed));
        };
        check("小雨🌸妈", "小**********");
        check("[微私]小雨🌸妈: 好", "[微私]小**********: 好");
        check("1号 (Amy🌸)", "1** (A********)");
        check("🌸🌸宝妈", "[*********");
    }

    #[test]
    fn a_name_is_hidden_however_the_screen_cleans_it() {
        // selectors, joined families, a flag, marks without end, a reversed order, letters in two pieces
        let names = [
            "心❤\u{fe0f}雨",
            "☀\u{fe0f}阳光妈妈",
            "王❤\u{fe0f}",
            "糖果❤\u{fe0f}妈",
            "李👨\u{200d}👩\u{200d}👧家",
            "陈🇨🇳芳",
            "赵e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}丽",
            "孙\u{202e}小红",
            "周👍🏽明",
            "Rene\u{301}e吴",
            "钱\t多",
        ];
        let veil = veil(&names);
        for name in names {
            let shown = clean::for_display(name);
            let rest: String = shown.chars().skip(1).filter(|c| c.is_alphanumeric()).collect();
            for said in [
                format!("已发: {name}，你好"),
                format!("已发: {shown}，你好"),
                list_text(name, false, Lang::ZhCn).into_owned(),
            ] {
                let hidden = veil.over(&said);
                assert!(!rest.chars().any(|c| hidden.contains(c)), "{name}: {hidden}");
                assert_eq!(
                    width::width(&hidden),
                    width::width(&clean::for_display(&said)),
                    "{name}: {hidden}"
                );
            }
        }
        assert_eq!(veil.over("心❤\u{fe0f}雨\n第二行"), "心***\n第二行");
        assert_eq!(veil.over("王❤ 已回复"), "*** 已回复");
    }

    #[test]
    fn who_is_addressed_without_what_stands_around_the_name_is_hidden() {
        for name in [
            "☀\u{fe0f}阳光妈妈",
            "🌸陈桂英",
            "❤张小花❤",
            "3\u{fe0f}\u{20e3}号楼老张",
            "【团长】阿珍",
            "~李四~",
            "Amy🌸",
        ] {
            let said = called::called("", name);
            let hidden = veil(&[name]).over(&format!("{said}，你好")).into_owned();
            let first: String = said.chars().take(1).collect();
            let stars = "*".repeat(width::width(&said) - width::width(&first));
            assert_eq!(hidden, format!("{first}{stars}，你好"), "{name}");
        }
    }

    #[test]
    fn the_end_of_a_phone_is_hidden_beside_a_name() {
        assert_eq!(without_tails("宝妈群 8000"), "宝妈群 ****");
        assert_eq!(without_tails("21 天早起打卡营 102 13800138000"), "21 天早起打卡营 102 ***********");
        assert_eq!(without_tails(""), "");
        // the year of a date is no end of a phone
        assert_eq!(without_tails("2026-01-25 进群 2026"), "2026-01-25 进群 ****");
        assert_eq!(without_tails("8000-01-25 2026-0125"), "****-01-25 ****-****");
    }

    #[test]
    fn phones_are_hidden_and_dates_are_not() {
        let veil = Veil::default();
        let check = |text: &str, expected: &str| assert_eq!(veil.over(text), expected);
        check("13800138000", "138********");
        check("电话 138-0013-8000。", "电话 138**********。");
        check("138 0013 8000", "138**********");
        check("2026-11-26 14:03", "2026-11-26 14:03");
        check("11-22 09:02 第2步 ¥199.00", "11-22 09:02 第2步 ¥199.00");
        check("186/200", "186/200");
        check("wxid 88123456", "wxid 881*****");
    }
}
