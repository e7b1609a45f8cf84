//! Caps and quiet hours of every scope: held or moved, with the reason; and the file that says them.
//!
//! One file because every scope is checked over one book, by one sentence of what is open and what waits.

use super::*;
use crate::book::WaitReason;
use crate::desk::testing::at;
use crate::door::{RefusalKind, Reply, Request};
use crate::text::lang::Lang;

const ZONE: &str = "zone = \"Asia/Shanghai\"\n";

/// Two steps a minute apart for whoever is put in.
fn steps(id: &str, who: &str, via: &str) -> String {
    format!(
        "id = \"{id}\"\ntitle = \"{id} 的标题\"\nfor = \"{who}\"\nclass = \"marketing\"\nstart = {{ on = \"by-hand\" }}\n\
         [[step]]\nid = \"a\"\nat = \"D0 10:00\"\nvia = \"{via}\"\ntext = [\"一\"]\n\
         [[step]]\nid = \"b\"\nat = \"D0 10:01\"\nvia = \"{via}\"\ntext = [\"二\"]\n"
    )
}

/// A book with rules, two groups of one member each, who are friends.
pub(super) fn book(rules: &str) -> Book {
    let mut book = Book::new();
    book.desk.run(Command::SetRules { toml: format!("{ZONE}{rules}") }).unwrap();
    for (group, name) in [("宠友1群", "张三"), ("宠友2群", "李四")] {
        let (group, member) = (book.group(group), book.member(name));
        book.join(member, group);
        book.befriend(member);
    }
    book.sop(&steps("private", "member", "private"));
    book.sop(&steps("said", "group", "group"));
    book
}

pub(super) fn enrol(book: &mut Book, playbook: &str, names: &[&str]) {
    let desk = &book.desk.desk;
    let target = |name: &&str| match playbook {
        "said" => Target::Group(desk.find_group(name, Lang::ZhCn).unwrap()),
        _ => Target::Member(desk.find_member(name, Lang::ZhCn).unwrap()),
    };
    let targets = names.iter().map(target).collect();
    let playbook = PlaybookId(playbook.to_owned());
    book.desk
        .run(Command::Enrol { playbook, targets, filter: String::new(), anchor: None, dry_run: false })
        .unwrap();
}

impl Book {
    /// `step name` of what is open, and why the others wait: `name: reason until`.
    pub(super) fn state(&self) -> (Vec<String>, Vec<String>) {
        let columns = &self.desk.desk.store().columns;
        let tasks = self.open();
        let open = tasks.iter().map(|task| {
            let step = match &task.kind {
                crate::book::TaskKind::Step { key, .. } => key.step.clone(),
                other => format!("{other:?}"),
            };
            format!("{step} {}", columns.target_name(task.target))
        });
        let zone = chrono_tz::Tz::Asia__Shanghai;
        let mut waiting = Vec::new();
        for (_, id, _) in columns.enrolments.iter() {
            let enrolment = self.desk.desk.store().enrolment(id).unwrap().unwrap();
            let until = enrolment.status.next_at.map(|at| at.local(zone).format("%d %H:%M").to_string());
            let why = match &enrolment.status.waiting {
                Some(WaitReason::Cap { words }) => crate::queue::caps::held_words(words, Lang::ZhCn),
                Some(WaitReason::QuietHours) => "免打扰".to_owned(),
                _ => continue,
            };
            let name = columns.target_name(enrolment.target);
            waiting.push(format!("{name}: {why} {}", until.unwrap_or_default()));
        }
        (open.collect(), waiting)
    }
}

/// Enrols, ticks at 10:02, and compares what is open and what waits.
fn check(rules: &str, who: &[(&str, &[&str])], open: &[&str], waiting: &[&str]) {
    let mut book = book(rules);
    for (playbook, names) in who {
        enrol(&mut book, playbook, names);
    }
    book.tick_at("2026-11-22 10:02");
    let sorted = |mut lines: Vec<String>| {
        lines.sort();
        lines
    };
    let (found, held) = book.state();
    let (found, held) = (sorted(found), sorted(held));
    let expected = |lines: &[&str]| sorted(lines.iter().map(ToString::to_string).collect());
    assert_eq!((found, held), (expected(open), expected(waiting)), "{rules}");
    book.desk.restart();
}

fn cap(scope: &str, more: &str) -> String {
    format!("[[cap]]\nscope = \"{scope}\"\nn = 1\nper = \"day\"\n{more}\n")
}

#[test]
fn caps_of_every_scope_hold_with_their_reason() {
    let both: &[(&str, &[&str])] = &[("private", &["张三", "李四"])];
    let groups: &[(&str, &[&str])] = &[("said", &["宠友1群", "宠友2群"])];
    check(
        &cap("member", ""),
        both,
        &["a 张三", "a 李四"],
        &["张三: 今日 1/1 23 00:00", "李四: 今日 1/1 23 00:00"],
    );
    check(&cap("member:张三", ""), both, &["a 张三", "a 李四", "b 李四"], &["张三: 今日 1/1 23 00:00"]);
    check(
        &cap("group", ""),
        groups,
        &["a 宠友1群", "a 宠友2群"],
        &["宠友1群: 群 今日 1/1 23 00:00", "宠友2群: 群 今日 1/1 23 00:00"],
    );
    check(
        &cap("group:宠友2群", ""),
        groups,
        &["a 宠友1群", "a 宠友2群", "b 宠友1群"],
        &["宠友2群: 群 今日 1/1 23 00:00"],
    );
    check(
        &cap("account", ""),
        both,
        &["a 张三"],
        &["张三: 账号 今日 1/1 23 00:00", "李四: 账号 今日 1/1 23 00:00"],
    );
    check(
        &cap("account:手机1", ""),
        groups,
        &["a 宠友1群"],
        &["宠友1群: 账号 今日 1/1 23 00:00", "宠友2群: 账号 今日 1/1 23 00:00"],
    );
    check(&cap("account:手机9", ""), groups, &["a 宠友1群", "a 宠友2群", "b 宠友1群", "b 宠友2群"], &[]);
    check(
        &cap("store", ""),
        both,
        &["a 张三"],
        &["张三: 门店 今日 1/1 23 00:00", "李四: 门店 今日 1/1 23 00:00"],
    );
    check(
        &cap("playbook:private", ""),
        &[("private", &["张三"]), ("said", &["宠友1群"])],
        &["a 张三", "a 宠友1群", "b 宠友1群"],
        &["张三: SOP 今日 1/1 23 00:00"],
    );
    check(
        &cap("playbook", ""),
        &[("private", &["张三"]), ("said", &["宠友1群"])],
        &["a 张三", "a 宠友1群"],
        &["张三: SOP 今日 1/1 23 00:00", "宠友1群: SOP 今日 1/1 23 00:00"],
    );
    // another class is not counted, and an exception not held
    check(&cap("member", "class = [\"service\"]"), both, &["a 张三", "a 李四", "b 张三", "b 李四"], &[]);
    check(
        &cap("member", "except = \"李四\""),
        both,
        &["a 张三", "a 李四", "b 李四"],
        &["张三: 今日 1/1 23 00:00"],
    );
}

#[test]
fn spans_and_gaps_of_caps_end_when_they_say() {
    for (per, until) in
        [("hour", "22 11:00"), ("day", "23 00:00"), ("week", "23 00:00"), ("month", "01 00:00")]
    {
        let rules = format!("[[cap]]\nscope = \"member\"\nn = 1\nper = \"{per}\"\n");
        let mut book = book(&rules);
        enrol(&mut book, "private", &["张三"]);
        book.tick_at("2026-11-22 10:02");
        assert!(book.state().1[0].ends_with(until), "{per}: {:?}", book.state());
    }
    let mut book = book("[[cap]]\nscope = \"member\"\nn = 9\nper = \"day\"\ngap = \"30m\"\n");
    enrol(&mut book, "private", &["张三"]);
    book.tick_at("2026-11-22 10:00");
    let first = book.open()[0].id;
    book.verb(first, TaskVerb::Sent { at: None, also: false });
    book.tick_at("2026-11-22 10:02");
    assert_eq!(book.state(), (Vec::new(), vec!["张三: 间隔不足 30 分钟 22 10:30".to_owned()]));
    book.tick_at("2026-11-22 10:31");
    assert_eq!(book.state().0, ["b 张三"]);
    let moved = &book.open()[0];
    assert_eq!((moved.moved_from, moved.moved_why.as_str()), (Some(at("2026-11-22 10:01")), "member gap 30"));
}

#[test]
fn what_was_sent_and_what_is_open_counts_over_the_store_and_an_undo_frees_it() {
    let mut book = book("[[cap]]\nscope = \"store\"\nn = 2\nper = \"day\"\n");
    enrol(&mut book, "private", &["张三", "李四"]);
    book.tick_at("2026-11-22 10:02");
    // in the order of their instants, also where it is looked at later
    assert_eq!(book.state().0, ["a 张三", "a 李四"]);
    let full = ["张三", "李四"].map(|name| format!("{name}: 门店 今日 2/2 23 00:00"));
    assert_eq!(book.state().1, full);
    let (first, second) = (book.open()[0].id, book.open()[1].id);
    book.verb(first, TaskVerb::Sent { at: None, also: false });
    book.tick_at("2026-11-22 10:03");
    assert_eq!(book.state().0, ["a 李四"], "one sent and one open are two");
    book.verb(second, TaskVerb::Skip { reason: crate::book::SkipReason::Unfit, words: String::new() });
    // room for one more: whoever waits is looked at when the day is over, or when the rules change
    let weekly = "[[cap]]\nscope = \"store\"\nn = 2\nper = \"week\"\n";
    book.desk.run(Command::SetRules { toml: format!("{ZONE}{weekly}") }).unwrap();
    book.desk.tick();
    assert_eq!(book.state(), (vec!["b 李四".to_owned()], vec!["张三: 门店 本周 2/2 23 00:00".to_owned()]));
}

fn quiet(scope: &str, more: &str) -> String {
    format!(
        "[[quiet]]\nfrom = \"09:30\"\nto = \"11:00\"\n{}\n{more}\n",
        if scope.is_empty() { String::new() } else { format!("scope = \"{scope}\"") }
    )
}

#[test]
fn quiet_hours_of_every_scope_move_with_their_reason() {
    let one: &[(&str, &[&str])] = &[("private", &["张三"]), ("said", &["宠友2群"])];
    let (moved_zhang, moved_group) = ("张三: 免打扰 22 11:00", "宠友2群: 免打扰 22 11:00");
    let zhang: &[&str] = &["a 张三", "b 张三"];
    let group: &[&str] = &["a 宠友2群", "b 宠友2群"];
    check(&quiet("", ""), one, &[], &[moved_zhang, moved_group]);
    check(&quiet("account:手机1", ""), one, &[], &[moved_zhang, moved_group]);
    check(&quiet("member", ""), one, group, &[moved_zhang]);
    check(&quiet("member:李四", ""), one, &["a 张三", "a 宠友2群", "b 张三", "b 宠友2群"], &[]);
    check(&quiet("group:宠友2群", ""), one, zhang, &[moved_group]);
    check(&quiet("playbook:said 的标题", ""), one, zhang, &[moved_group]);
    check(&quiet("", "except = \"张三\""), one, zhang, &[moved_group]);
    // 22 November 2026 is a Sunday
    check(&quiet("member", "days = \"周末\""), one, group, &[moved_zhang]);
    check(
        &quiet("member", "days = \"周一至周五\""),
        one,
        &["a 张三", "a 宠友2群", "b 张三", "b 宠友2群"],
        &[],
    );
    check(&quiet("member", "days = [\"sat\", \"sun\"]"), one, group, &[moved_zhang]);
    let zones = "[[quiet]]\nfrom = \"11:30\"\nto = \"13:00\"\nscope = \"group:宠友2群\"\n";
    let mut book = book(zones);
    let id = book.desk.desk.find_group("宠友2群", Lang::ZhCn).unwrap();
    let fields = vec![
        (crate::door::form::Field::Zone, "Asia/Tokyo".to_owned()),
        (crate::door::form::Field::Quiet, "20:00-21:00".to_owned()),
    ];
    book.desk
        .run(Command::Edit { objects: vec![crate::door::command::ObjectRef::Group(id)], fields })
        .unwrap();
    enrol(&mut book, "said", &["宠友2群"]);
    book.tick_at("2026-11-22 10:02");
    assert_eq!(book.state().0, ["a 宠友2群", "b 宠友2群"], "its D0 10:00 is 09:00 here");
}

#[test]
fn an_account_rests_by_its_own_hours_until_they_are_taken_away() {
    use crate::door::{command::ObjectRef, form::Field};
    let mut book = book("");
    let account = book.desk.desk.find_account("手机1", Lang::ZhCn).unwrap();
    let rests = |hours: &str| Command::Edit {
        objects: vec![ObjectRef::Account(account)],
        fields: vec![(Field::Quiet, hours.to_owned())],
    };
    book.desk.run(rests("9:30~11")).unwrap();
    enrol(&mut book, "said", &["宠友1群", "宠友2群"]);
    book.tick_at("2026-11-22 10:02");
    let waits = vec!["宠友1群: 免打扰 22 11:00".to_owned(), "宠友2群: 免打扰 22 11:00".to_owned()];
    assert_eq!(book.state(), (Vec::new(), waits));
    book.desk.run(rests("")).unwrap();
    book.tick_at("2026-11-22 10:03");
    assert_eq!(book.state().0.len(), 4, "{:?}", book.state());
}

#[test]
fn overlapping_nights_are_passed_together() {
    let nights = "[[quiet]]\nfrom = \"22:00\"\nto = \"08:00\"\n\
                  [[quiet]]\nfrom = \"23:30\"\nto = \"09:30\"\ndays = \"周日\"\n\
                  [[quiet]]\nfrom = \"09:00\"\nto = \"10:15\"\nscope = \"member\"\n";
    let mut book = book(nights);
    book.desk.at("2026-11-22 23:00");
    book.sop(&steps("late", "member", "private").replace("10:00", "23:40").replace("10:01", "23:41"));
    enrol(&mut book, "late", &["张三"]);
    book.tick_at("2026-11-22 23:45");
    assert_eq!(book.state(), (Vec::new(), vec!["张三: 免打扰 23 10:15".to_owned()]));
    book.tick_at("2026-11-23 10:15");
    let moved = &book.open()[0];
    assert_eq!((moved.moved_from, moved.moved_why.as_str()), (Some(at("2026-11-22 23:40")), "quiet"));
}

#[test]
fn whoever_waits_is_looked_at_when_the_rules_change() {
    let mut book = book(&quiet("", ""));
    enrol(&mut book, "private", &["张三"]);
    book.tick_at("2026-11-22 10:02");
    assert!(book.open().is_empty());
    book.desk.run(Command::SetRules { toml: ZONE.to_owned() }).unwrap();
    book.desk.tick();
    assert_eq!(book.state(), (vec!["a 张三".to_owned(), "b 张三".to_owned()], Vec::new()));
}

#[test]
fn the_file_beside_the_journal_is_applied_once_and_an_undo_stands_against_it() {
    let mut book = book("");
    let text = format!("{ZONE}shop = \"小店\"\n");
    assert_eq!(book.desk.rules_file(&text), ["rules.toml: 改规则"]);
    let shop = |book: &Book| book.desk.desk.store().columns.rules.shop.clone();
    assert_eq!(shop(&book), "小店");
    assert_eq!(book.desk.rules_file(&text), Vec::<String>::new());
    book.desk.run(Command::Undo { act: None }).unwrap();
    assert_eq!(shop(&book), "");
    assert_eq!(book.desk.rules_file(&text), Vec::<String>::new(), "the file has not changed");
    book.desk.restart();
    assert_eq!(book.desk.rules_file(&text), Vec::<String>::new(), "nor has it after a restart");
    assert_eq!(shop(&book), "");
    book.desk.rules_file(&format!("{text}# und jetzt\n"));
    assert_eq!(shop(&book), "小店");
}

#[test]
fn a_file_that_is_wrong_is_told_once_with_its_place_and_changes_nothing() {
    let mut book = book("");
    let Reply::Status(before) = book.desk.ask(Request::Status) else { panic!() };
    assert_eq!(before.rules, None);
    let rules = book.desk.desk.store().columns.rules.clone();
    let wrong = format!("{ZONE}[[quiet]]\nfrom = \"22:00\"\nto = \"25:00\"\n");
    let told = book.desk.rules_file(&wrong);
    assert_eq!(told, ["rules.toml:4:6: 时间写 22:00 这样，不是 \"25:00\""]);
    assert!(
        book.desk
            .pushed
            .iter()
            .any(|push| matches!(push, crate::door::Push::Rules { ok: false, words } if *words == told[0]))
    );
    assert_eq!(book.desk.rules_file(&wrong), Vec::<String>::new(), "told once");
    assert_eq!(book.desk.desk.store().columns.rules, rules);
    let Reply::Status(status) = book.desk.ask(Request::Status) else { panic!() };
    assert_eq!(status.rules.as_ref(), Some(&told[0]));
    book.desk.rules_file(&format!("{ZONE}shop = \"好了\"\n"));
    let Reply::Status(status) = book.desk.ask(Request::Status) else { panic!() };
    assert_eq!(status.rules, None);
}

#[test]
fn the_file_of_a_new_store_says_nothing_new() {
    let mut desk = TestDesk::new();
    let text = crate::queue::rules::default_file("Asia/Shanghai", Lang::ZhCn);
    let seq = desk.desk.store().end().seq;
    assert_eq!(desk.rules_file(&text), Vec::<String>::new());
    assert_eq!(desk.desk.store().end().seq, seq, "nothing is written down");
    let refusal = desk.run(Command::SetRules { toml: "zone = 1".into() }).unwrap_err();
    assert_eq!((refusal.kind, refusal.line, refusal.column), (RefusalKind::Invalid, Some(1), Some(8)));
    let named = format!("{ZONE}[[cap]]\nscope = \"group:没有的群\"\nn = 1\nper = \"day\"\n");
    let outcome = desk.run(Command::SetRules { toml: named }).unwrap();
    assert_eq!(outcome.warnings, ["第 3 行 scope: 还没有叫“没有的群”的群，这条规则暂时管不到谁"]);
}

#[test]
fn whom_no_rule_can_be_about_is_named_with_its_line_and_who_may_be_meant() {
    let mut book = book("");
    let rules = [
        ("group:宠友9群", "群", "宠友1群"),
        ("member:张三三", "成员", "张三"),
        ("account:手机2", "账号", "手机1"),
        ("playbook:privat", "SOP", "private 的标题"),
    ];
    for (scope, kind, near) in rules {
        let name = scope.split_once(':').unwrap().1;
        let said = |line: u32| {
            format!("第 {line} 行 scope: 还没有叫“{name}”的{kind} (是不是“{near}”?)，这条规则暂时管不到谁")
        };
        let toml = format!("{ZONE}{}\n{}", quiet(scope, ""), cap(scope, ""));
        let outcome = book.desk.run(Command::SetRules { toml }).unwrap();
        assert_eq!(outcome.warnings, [said(9), said(5)], "{scope}");
    }
}

/// What an undo of a change of rules finds due inside quiet hours that are again is moved, or waits to its end, as if they
/// had been.
#[test]
fn what_lighter_rules_let_out_is_held_again_when_they_are_undone() {
    let hours = quiet("", "");
    for (until, copied) in [("", false), ("until = \"D0 10:40\"\n", false), ("", true)] {
        let mut book = book(&hours);
        let steps = steps("own", "member", "private").replace("10:00\"\n", &format!("10:00\"\n{until}"));
        book.sop(&steps);
        enrol(&mut book, "own", &["张三", "李四"]);
        book.desk.run(Command::SetRules { toml: ZONE.to_owned() }).unwrap();
        book.tick_at("2026-11-22 10:03");
        assert_eq!(book.open().len(), 4, "{until}");
        let first = book.open()[0].id;
        if copied {
            book.verb(first, TaskVerb::Copied { part: 0 });
        }
        let outcome = book.desk.run(Command::Undo { act: None }).unwrap();
        book.tick_at("2026-11-22 10:05");
        let due = |book: &Book| {
            let due = book.open().into_iter().filter(|task| task.status.state == TaskState::Due);
            due.map(|task| task.id).collect::<Vec<_>>()
        };
        assert_eq!(
            due(&book),
            if copied { vec![first] } else { Vec::new() },
            "nothing is due in quiet hours"
        );
        assert_eq!(outcome.warnings.len(), usize::from(copied), "{:?}", outcome.warnings);
        let fired = book.tasks().len();
        // done again they are let out again
        book.desk.run(Command::Redo).unwrap();
        assert_eq!(due(&book).len(), 4, "{until}");
        book.desk.run(Command::Undo { act: None }).unwrap();
        book.tick_at("2026-11-22 10:59");
        assert_eq!(due(&book).len(), usize::from(copied), "{until}");
        let over = book.tasks().into_iter().filter(|task| task.status.state == TaskState::Expired);
        let why = EndReason::Held { why: WaitReason::QuietHours };
        let over: Vec<_> = over.filter_map(|task| task.status.end).collect();
        assert_eq!(over, vec![why; if until.is_empty() { 0 } else { 2 }]);
        book.tick_at("2026-11-22 11:00");
        assert_eq!(due(&book).len(), if until.is_empty() { 4 } else { 2 }, "{until}");
        assert_eq!(book.tasks().len(), fired);
        book.desk.restart();
    }
}

/// When a step of 10:00 of the day is offered, by hours that are quiet from 9 to 12 on a kind of day.
fn offered(day: &str, rules: &str, quiet_of: Option<(&str, &str)>, calendar: &str) -> Vec<String> {
    let mut book = Book::new();
    book.desk.run(Command::SetRules { toml: format!("{ZONE}{rules}") }).unwrap();
    let (group, member) = (book.group("宠友1群"), book.member("张三"));
    book.join(member, group);
    book.befriend(member);
    if let Some((whose, hours)) = quiet_of {
        let object = match whose {
            "group" => crate::store::record::Edited::Group(group),
            _ => crate::store::record::Edited::Member(member),
        };
        let (field, before, after) = ("quiet".to_owned(), String::new(), hours.to_owned());
        let changes = vec![crate::store::record::Change { field, before, after }];
        book.stage(Body::Edited { object, changes });
    }
    book.sop(&steps("private", "member", "private"));
    if day > "2026-12-20" {
        // a clock that is more than a month ahead of the last record asks first
        book.desk.at("2026-12-20 08:00");
        book.member("李四");
    }
    book.tick_at(&format!("{day} 08:00"));
    enrol(&mut book, "private", &["张三"]);
    book.tick_at(&format!("{day} 10:02"));
    let mut said = Vec::new();
    if !calendar.is_empty() {
        said.push(book.open().len().to_string());
        book.desk.run(Command::SetCalendar { toml: calendar.to_owned() }).unwrap();
        book.desk.tick();
    }
    said.extend(book.state().0);
    said.extend(book.state().1);
    said
}

#[test]
fn quiet_hours_of_working_days_and_days_off_are_those_of_the_calendar() {
    let rule = |days: &str, scope: &str| {
        format!("[[quiet]]\nfrom = \"09:00\"\nto = \"12:00\"\ndays = \"{days}\"\nscope = \"{scope}\"\n")
    };
    let free = ["a 张三", "b 张三"].map(str::to_owned);
    let held = |day: &str| vec![format!("张三: 免打扰 {day} 12:00")];
    for scope in ["store", "account:手机1", "member", "member:张三"] {
        assert_eq!(offered("2026-11-29", &rule("休息日", scope), None, ""), held("29"), "Sunday {scope}");
        assert_eq!(offered("2026-11-30", &rule("休息日", scope), None, ""), free, "Monday {scope}");
        assert_eq!(offered("2026-11-30", &rule("工作日", scope), None, ""), held("30"), "Monday {scope}");
    }
    for whose in ["group", "member"] {
        let hours = Some((whose, "09:00-12:00 休息日"));
        assert_eq!(offered("2026-11-29", "", hours, ""), held("29"), "{whose}");
        assert_eq!(offered("2026-11-30", "", hours, ""), free, "{whose}");
    }
    // nobody knows 2027 yet: no day of it is a working day, and none is off
    for days in ["工作日", "休息日"] {
        assert_eq!(offered("2027-01-04", &rule(days, "store"), None, ""), free, "{days}");
    }
}

#[test]
fn a_calendar_that_comes_later_lets_go_who_waits() {
    let rule = "[[quiet]]\nfrom = \"09:00\"\nto = \"12:00\"\ndays = \"工作日\"\n";
    let off = "[[year]]\nyear = 2026\noff = [\"11-30 店庆\"]\nwork = []\n";
    assert_eq!(offered("2026-11-30", rule, None, off), ["0", "a 张三", "b 张三"]);
}
