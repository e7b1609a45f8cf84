//! What the file may say, where it is wrong, and the one that a new store gets.

use super::*;
use crate::book::days::{ON_DAYS_OFF, ON_WORKDAYS};

const HEAD: &str = "zone = \"Asia/Shanghai\"\n";

fn quiet(text: &str) -> QuietRule {
    let read = read(&format!("{HEAD}[[quiet]]\n{text}\n")).unwrap_or_else(|p| panic!("{text}: {p:?}"));
    read.rules.quiet.into_iter().next().unwrap()
}

fn cap(text: &str) -> Cap {
    let read = read(&format!("{HEAD}[[cap]]\n{text}\n")).unwrap_or_else(|p| panic!("{text}: {p:?}"));
    read.rules.caps.into_iter().next().unwrap()
}

#[test]
fn words_are_whole() {
    assert_eq!(crate::text::lang::faults::<RulesWords>(), Vec::<String>::new());
    assert_eq!(crate::text::lang::faults::<file::Comments>(), Vec::<String>::new());
}

#[test]
fn a_new_store_gets_the_rules_that_hold_anyway() {
    for lang in Lang::ALL {
        let text = default_file("Asia/Tokyo", lang);
        let expected = Rules { zone: "Asia/Tokyo".to_owned(), ..Rules::default() };
        assert_eq!(read(&text).unwrap().rules, expected, "{text}");
        assert!(text.lines().all(|line| line.chars().count() < 120), "{text}");
    }
}

#[test]
fn every_comment_shows_what_can_be_written() {
    for lang in Lang::ALL {
        // the keys in the comments, uncommented below a rule of their own
        let mut text = HEAD.to_owned();
        let mut section = String::new();
        for line in default_file("Asia/Shanghai", lang).lines() {
            if let Some(key) = line.strip_prefix("#   ") {
                section.push_str(key);
                section.push('\n');
            } else if !section.is_empty() && line.starts_with("[[") {
                let scope_here =
                    if line == "[[cap]]" { "per = \"day\"\n" } else { "from = \"22:00\"\nto = \"08:00\"\n" };
                text.extend([
                    line,
                    "
",
                    scope_here,
                    section.as_str(),
                ]);
                section.clear();
            }
        }
        let read = read(&text).unwrap_or_else(|p| panic!("{text}: {p:?}")).rules;
        assert_eq!((read.quiet.len(), read.caps.len()), (1, 1), "{text}");
        assert!(read.caps[0].gap == 30 && read.caps[0].n == 0 && !read.quiet[0].except.is_empty(), "{text}");
        assert_eq!(read.quiet[0].days, 0b001_1111);
    }
}

#[test]
fn quiet_hours_say_when_whom_and_whom_not() {
    let rule = quiet(
        "from = \"22:30\"\nto = \"7:00\"\ndays = \"周一至周五\"\nscope = \"群:宠友1群\"\nexcept = \"tag:夜猫子\"",
    );
    assert_eq!((rule.from, rule.to, rule.days), (22 * 60 + 30, 7 * 60, 0b001_1111));
    assert_eq!((rule.scope.to_string().as_str(), rule.except.as_str()), ("group:宠友1群", "tag:夜猫子"));
    assert_eq!(quiet("from = \"12:00\"\nto = \"13:30\"\ndays = [\"mon\", \"三五\"]").days, 0b001_0101);
    assert_eq!(quiet("from = 0\nto = 1440\ndays = 96").hours().days, 96);
    assert_eq!(quiet("from = \"18:00\"\nto = \"00:00\"").to, 1440);
}

#[test]
fn caps_say_over_what_how_many_how_far_apart() {
    let rule = cap(
        "scope = \"account:手机1\"\nn = 20\nper = \"小时\"\ngap = \"2h\"\nclass = [\"营销\", \"service\"]",
    );
    assert_eq!((rule.scope.of, rule.scope.name.as_str()), (CapScope::Account, "手机1"));
    assert_eq!((rule.n, rule.per, rule.gap), (20, Span::Hour, 120));
    assert_eq!(rule.class, [Class::Marketing, Class::Service]);
    assert_eq!(cap("scope = \"member\"\nn = \"days\"\nper = \"month\"").n, 0);
    assert_eq!(cap("scope = \"store\"\nn = 200\nper = \"week\"\ngap = 5").gap, 5);
    assert_eq!(cap("scope = \"playbook:wake\"\nn = 1\nper = \"month\"").scope.of, CapScope::Playbook);
}

#[test]
fn kinds_of_day_go_by_the_calendar_and_their_lines_are_told() {
    let days = |days: &str| format!("{HEAD}[[quiet]]\nfrom = \"12:00\"\nto = \"13:00\"\ndays = {days}\n");
    let check = |text: &str, mask: u8, lines: &[u32]| {
        let read = read(&days(text)).unwrap();
        assert_eq!((read.rules.quiet[0].days, read.workdays.as_slice()), (mask, lines), "{text}");
        let again = toml::from_str::<Rules>(&toml::to_string(&read.rules).unwrap()).unwrap();
        assert_eq!(again, read.rules, "{text}");
        let bytes = rmp_serde::to_vec_named(&read.rules).unwrap();
        assert_eq!(crate::book::packed::unpack::<Rules>(&bytes).unwrap(), read.rules, "{text}");
    };
    check("\"工作日\"", ON_WORKDAYS, &[5]);
    check("[\"days off\"]", ON_DAYS_OFF, &[5]);
    check("\"weekdays\"", 0b001_1111, &[]);
    let problem = read(&days("[\"工作日\", \"周六\"]")).unwrap_err();
    assert_eq!((problem.line, problem.column), (5, 8));
    assert!(read(&days("129")).is_err());
}

#[test]
fn a_mistake_is_told_with_its_place() {
    let check = |text: &str, line: u32, column: u32, words: &str| {
        let problem = read(&format!("{HEAD}{text}")).unwrap_err();
        assert_eq!((problem.line, problem.column), (line, column), "{text}: {problem:?}");
        assert!(problem.words(Lang::ZhCn).contains(words), "{}", problem.words(Lang::ZhCn));
    };
    check("qiuet = []", 2, 1, "qiuet");
    check("[[quiet]]\nfrom = \"22:00\"\nto = \"25:00\"", 4, 6, "25:00");
    check("[[quiet]]\nfrom = \"22:00\"\nto = \"22:00\"", 2, 1, "一样");
    check("[[quiet]]\nfrom = \"晚上\"\nto = \"22:00\"", 3, 8, "晚上");
    check("[[quiet]]\nfrom = \"2:00\"\nto = \"22:00\"\ndays = \"周八\"", 5, 8, "周八");
    check("[[quiet]]\nfrom = \"2:00\"\nto = \"22:00\"\nscope = \"tag:VIP\"", 5, 9, "tag:VIP");
    check("[[cap]]\nscope = \"member\"\nn = 0\nper = \"day\"", 4, 5, "不是 \"0\"");
    check("[[cap]]\nscope = \"member\"\nn = \"many\"\nper = \"day\"", 4, 5, "days");
    check("[[cap]]\nscope = \"member\"\nn = 1\nper = \"year\"", 5, 7, "year");
    check("[[cap]]\nscope = \"member\"\nn = 1\nper = \"day\"\ngap = \"soon\"", 6, 7, "soon");
    check("[[cap]]\nscope = \"member\"\nn = 1\nper = \"day\"\nclass = [\"spam\"]", 6, 9, "spam");
    check("[[cap]]\nscope = \"member\"\nn = 1\nper = \"day\"\nexcept = \"tga:VIP\"", 6, 11, "tga");
    check("[[cap]]\nscope = \"group\"\nn = 1\nper = \"day\"\nexcept = \"state:nothing\"", 6, 17, "nothing");
    check("[[cap]]\nscope = \"member\"\nper = \"day\"", 2, 1, "n");
    let zone = read("zone = \"Mars/Base\"").unwrap_err();
    assert_eq!((zone.line, zone.column), (1, 8));
}

#[test]
fn what_is_mistaken_most_is_said_in_the_users_language() {
    let said = |text: &str| {
        let problem = read(text).unwrap_err();
        (problem.line, problem.words(Lang::ZhCn))
    };
    assert_eq!(said("shop = \"店\"\n"), (1, "缺 zone；qun rules default 是完整的一份".to_owned()));
    let zone = "zone = \"Asia/Shanghai\"\n";
    let cap = "[[cap]]\nscope = \"member\"\nper = \"day\"\n";
    let (line, words) = said(&format!("{zone}{cap}n = 1\nclass = \"care\"\n"));
    assert_eq!((line, words.as_str()), (6, "要写一列，如 [\"care\"]，不是 \"care\""));
    let (line, words) = said(&format!("{zone}{cap}n = \"三\"\n"));
    assert_eq!((line, words.as_str()), (5, "上限 n 写 1 起的数，或 \"days\"（有几天就几条），不是 \"三\""));
    let (line, words) = said(&format!("{zone}{cap}n = 1\nclas = [\"care\"]\n"));
    assert_eq!(line, 6);
    assert!(words.starts_with("没有 clas 这一项，是 class 吗；能写 scope, "), "{words}");
}

#[test]
fn quiet_hours_that_leave_no_time_are_told_with_their_line() {
    let rule = |text: &str| format!("[[quiet]]\n{text}\n");
    let night = rule("from = \"20:00\"\nto = \"08:00\"");
    let day = "from = \"08:00\"\nto = \"20:00\"";
    let line =
        |rules: &[String]| read(&format!("{HEAD}{}", rules.concat())).err().map(|problem| problem.line);
    assert_eq!(line(&[night.clone(), rule(day)]), Some(5));
    assert_eq!(line(&[night.clone(), rule(&format!("{day}\nscope = \"group:宠友1群\""))]), Some(5));
    assert_eq!(line(&[night.clone(), rule(&format!("{day}\ndays = \"周末\""))]), None);
    let both = ["工作日", "休息日"].map(|days| rule(&format!("{day}\ndays = \"{days}\"")));
    assert_eq!(line(&[night.clone(), both[0].clone(), both[1].clone()]), Some(9));
    assert_eq!(line(&[night, rule("from = \"08:00\"\nto = \"19:59\"")]), None);
    assert_eq!(line(&[rule("from = \"00:00\"\nto = \"24:00\"")]), Some(2));
}

#[test]
fn lunar_birthdays_are_as_the_store_wants_them() {
    let lunar = |text: &str| read(&format!("{HEAD}{text}")).map(|read| read.rules.lunar);
    assert_eq!(lunar(""), Ok(crate::book::Customs::default()));
    let strict = lunar("[lunar]\nleap_falls_in_plain = false\n").unwrap();
    assert!(!strict.leap_falls_in_plain && strict.thirtieth_falls_on_last);
    let wrong = lunar("[lunar]\nleap = false\n").unwrap_err();
    assert_eq!((wrong.line, wrong.words(Lang::ZhCn).contains("leap_falls_in_plain")), (3, true));
}
