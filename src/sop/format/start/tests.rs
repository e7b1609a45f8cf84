use super::*;

#[test]
fn reads_every_recurrence_of_the_format() {
    let check = |value: &str, expected: Option<Every>| assert_eq!(parse_every(value), expected, "{value}");
    check("daily", Some(Every::Daily));
    check("weekdays", Some(Every::Weekdays));
    check("workdays", Some(Every::Workdays));
    check("weekly: 一三五", Some(Every::Weekly(0b001_0101)));
    check("weekly：日", Some(Every::Weekly(0b100_0000)));
    check("weekly: 1,7", Some(Every::Weekly(0b100_0001)));
    check("3 days", Some(Every::Days(3)));
    check(
        "monthly: 1,15,last",
        Some(Every::Monthly(vec![MonthDay::Day(1), MonthDay::Day(15), MonthDay::Last])),
    );
    for wrong in ["", "weekly", "weekly:", "weekly: 八", "0 days", "monthly: 32", "hourly", "days"] {
        check(wrong, None);
    }
}

#[test]
fn days_that_cannot_be_read_get_the_nearest_that_can() {
    let check =
        |value: &str, expected: &str| assert_eq!(corrected(value).as_deref(), Some(expected), "{value}");
    check("weekly: 七", "weekly: 日");
    check("weekly: 星期一、星期三", "weekly: 一三");
    check("weekly: mon, Wed,fri", "weekly: 一三五");
    check("monthly: 1,末", "monthly: 1,last");
    check("monthly: 0,32", "monthly: 1,last");
    check("monthly: 40,末,15,15", "monthly: last,15");
    assert_eq!(corrected("weekly: 八"), None);
    assert_eq!(corrected("weekly:"), None);
    assert_eq!(corrected("0 days"), None);
    let source = "id = \"a\"\nfor = \"member\"\nstart = { on = \"recurrence\", every = \"weekly: 七\" }\n";
    let checked = crate::sop::parse(&format!("{source}{STEP}"), "f", &|_| Ok(()));
    assert_eq!(checked.problems[0].nearest.as_deref(), Some("weekly: 日"));
}

#[test]
fn what_comes_every_year_is_moved_by_less_than_one() {
    let check = |start: &str, expected: Option<Sentence>| {
        let source = format!("id = \"a\"\nfor = \"member\"\nstart = {{ {start} }}\n{STEP}");
        let found = crate::sop::parse(&source, "a.toml", &|_| Ok(())).problems.first().map(|p| p.sentence);
        assert_eq!(found, expected, "{start}");
        assert!(crate::sop::format::parse_applied(&source, "a.toml").is_some(), "{start}");
    };
    check("on = \"birthday\", offset = \"-364d\"", None);
    check("on = \"birthday\", offset = \"-400d\"", Some(Sentence::OutOfRange));
    check("on = \"lunar-birthday\", offset = \"+365d\"", Some(Sentence::OutOfRange));
    check("on = \"festival\", festival = \"中秋\", offset = \"-400d\"", Some(Sentence::OutOfRange));
    check("on = \"date\", date = \"2026-03-08\", offset = \"-400d\"", None);
}

#[test]
fn recurrences_are_read_and_their_limits_said() {
    use crate::sop::format::{Severity, parse};
    let check = |start: &str, expected: Option<(usize, usize, Sentence)>| {
        let source = format!(
            "id = \"a\"\nfor = \"member\"\n[start]\non = \"recurrence\"\n{start}\n[[step]]\nid = \"s\"\n\
             at = \"D0 09:00\"\nvia = \"private\"\nnote = \"x\"\n"
        );
        let checked = parse(&source, "a.toml", &|_| Ok(()));
        let found = checked.problems.first().map(|p| (p.line, p.column, p.sentence));
        assert_eq!((found, checked.problems.len()), (expected, usize::from(expected.is_some())), "{start}");
        let warned = checked.problems.iter().all(|problem| problem.severity == Severity::Warning);
        assert_eq!(checked.playbook.is_some(), warned, "{start}");
    };
    for word in ["daily", "weekdays", "weekly: 一三五", "3 days", "monthly: 1,15,last"] {
        check(&format!("every = \"{word}\""), None);
    }
    check("every = \"workdays\"", Some((5, 9, Sentence::KnownYears)));
    let rule = |rule: &str, expected: Option<Sentence>| {
        let start = format!("rrule = \"{rule}\"\ndtstart = \"2026-01-31T09:00:00\"\ntz = \"Asia/Shanghai\"");
        check(&start, expected.map(|sentence| (5, 9, sentence)));
    };
    rule("FREQ=MONTHLY;BYMONTHDAY=-1", None);
    rule("FREQ=SECONDLY", Some(Sentence::RuleOften));
    rule("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", Some(Sentence::RuleNever));
    rule("monthly", Some(Sentence::RuleShape));
    check("rrule = \"FREQ=DAILY\"\ndtstart = 2026-01-31T09:00:00", None);
    check("rrule = \"FREQ=DAILY\"\ndtstart = \"tomorrow\"", Some((6, 11, Sentence::BadShape)));
    check("rrule = \"FREQ=DAILY\"", Some((3, 1, Sentence::Missing)));
}

#[test]
fn a_festival_that_nobody_keeps_is_refused() {
    let check = |start: &str, expected: Option<&str>| {
        let source = format!(
            "id = \"a\"\nfor = \"group\"\n[start]\n{start}\n[[step]]\nid = \"s\"\nat = \"D0 09:00\"\n\
             via = \"group\"\nnote = \"x\"\n"
        );
        let checked = crate::sop::format::parse(&source, "a.toml", &|_| Ok(()));
        let nearest = checked.problems.first().map(|problem| problem.nearest.clone().unwrap_or_default());
        assert_eq!(nearest.as_deref(), expected, "{start}");
    };
    check("on = \"festival\"\nfestival = \"中秋節\"", None);
    check("on = \"festival\"\nfestival = \"清明\"", None);
    check("on = \"festival\"\nfestival = \"感恩节\"", Some(""));
    check("on = \"festival\"\nfestival = \"儿童\"", None);
    check("on = \"term\"\nfestival = \"冬至\"", None);
    check("on = \"term\"\nfestival = \"中秋\"", Some("立秋"));
}

/// What is wrong with one key above the sections: its column and the nearest word.
fn wrong(line: &str) -> Vec<(usize, Option<String>)> {
    let source = format!("{line}\nid = \"a\"\nfor = \"member\"\nstart = {{ on = \"by-hand\" }}\n{STEP}");
    let problems = crate::sop::parse(&source, "f", &|_| Ok(())).problems;
    problems.into_iter().map(|problem| (problem.column, problem.nearest)).collect()
}

const STEP: &str = "[[step]]\nid = \"s\"\nat = \"D0 09:00\"\nvia = \"internal\"\nnote = \"x\"\n";

#[test]
fn a_sort_key_that_is_none_is_an_error_with_the_nearest() {
    let near = |word: &str| Some(word.to_owned());
    assert_eq!(wrong("intake = { max = 1, sort = \"-spnet\" }"), [(28, near("spent"))]);
    assert_eq!(wrong("intake = { max = 1, sort = \"-last-buy\" }"), []);
    // a line has no turns
    assert!(matches!(wrong("intake = { max = 1, sort = \"last-liked\" }").as_slice(), [(28, _)]));
    let pick = format!("{STEP}pick = {{ n = 2, sort = \"last-likes\" }}\n");
    let head = "id = \"a\"\nfor = \"member\"\nstart = { on = \"by-hand\" }\n";
    let checked = crate::sop::parse(&format!("{head}{pick}"), "f", &|_| Ok(()));
    let shown: Vec<_> = checked.problems.into_iter().map(|p| (p.line, p.column, p.nearest)).collect();
    assert_eq!(shown, [(9, 24, near("last-liked"))]);
}

#[test]
fn what_was_applied_goes_on_with_a_word_that_is_a_mistake_by_now() {
    let head = "id = \"a\"\nfor = \"member\"\nstart = { on = \"by-hand\" }\n";
    let source = format!("intake = {{ max = 1, sort = \"joined\" }}\n{head}{STEP}");
    assert_eq!(crate::sop::parse(&source, "f", &|_| Ok(())).playbook, None);
    let playbook = crate::sop::format::parse_applied(&source, "f").unwrap();
    assert_eq!(playbook.intake.and_then(|intake| intake.sort), None);
    assert_eq!(crate::sop::format::parse_applied("id = 1", "f"), None);
}
