//! What plans, cards, opened playbooks and forecasts say of what comes next is one thing, and it is what ticks make: of talks
//! of several accounts, turns, steps that fan out, rests, lines and branches.
//!
//! One file because each of them is compared with the same ticks.

use super::plans::{DUE, check, come, enrol, plan, planned, rules, shown, sop};
use super::*;
use crate::book::{Health, TaskKind};
use crate::door::command::Held;
use crate::door::detail::Coming;
use crate::door::forecast::Forecast;
use crate::door::reply::PlanLine;
use crate::door::{Question, Reply, Request};

const DAILY: &str = "start = { on = \"recurrence\", every = \"daily\" }";

fn coming(book: &mut Book, id: &str, target: Target) -> Coming {
    let Reply::Why(coming) = book.desk.ask(Request::Why(target)) else { panic!() };
    coming.into_iter().find(|one| one.playbook.id.0 == id).unwrap()
}

fn forecast(book: &mut Book, days: u32) -> Forecast {
    match book.desk.ask(Request::Forecast { days }) {
        Reply::Forecast(forecast) => *forecast,
        other => panic!("{other:?}"),
    }
}

/// The card and the opened playbook name what the plan has first that is said, and nothing sooner.
fn agree(book: &mut Book, id: &str, target: Target, days: i64) -> Vec<PlanLine> {
    let lines = plan(book, id, target, days);
    let ends = planned(&lines);
    let first = ends.iter().filter(|(.., unsaid)| !unsaid).min_by_key(|(_, _, at, _)| at.clone()).cloned();
    let card = coming(book, id, target);
    let of_card = card.at.map(|at| (card.step.clone(), shown(at)));
    assert_eq!(of_card, first.map(|(step, _, at, _)| (step, at)), "{card:?} {lines:?}");
    let playbook = PlaybookId(id.to_owned());
    let Reply::Board(board) = book.desk.ask(Request::Board { playbook, first: 0, rows: 50 }) else {
        panic!()
    };
    let place = board.places.iter().find(|place| place.target == target).unwrap();
    assert_eq!((place.at, &place.step), (card.at, &card.step));
    lines
}

/// Three accounts that talk in a group, under their personas.
fn talkers(personas: &[&str]) -> (Book, GroupId, Vec<AccountId>) {
    let mut book = Book::new();
    rules(&mut book, "");
    let group = book.group("一群");
    let now = book.desk.now().wall;
    let mut accounts = Vec::new();
    for (persona, n) in personas.iter().zip(1..) {
        let id = book.desk.desk.ids.next(now);
        let account = Account::new(id, format!("号{n}"), Platform::Wechat, now);
        book.stage(Body::AccountMade(Account { persona: (*persona).to_owned(), ..account }));
        accounts.push(id);
    }
    let names: Vec<String> = (1..=personas.len()).map(|n| format!("号{n}")).collect();
    let fields = vec![(crate::door::form::Field::Speakers, names.join(","))];
    let objects = vec![crate::door::command::ObjectRef::Group(group)];
    book.desk.run(Command::Edit { objects, fields }).unwrap();
    let steps = [
        "a | D0 19:00 | until = \"D0 20:00\"\nlate = \"drop\"\nas = \"小完子\"",
        "b | D0 19:03 | until = \"D0 20:00\"\nlate = \"drop\"\nas = \"店长\"",
        "c | D0 19:06 | until = \"D0 20:00\"\nlate = \"drop\"\nas = \"客服\"",
    ];
    book.sop(&sop("p", "group", "care", DAILY, &steps));
    (book, group, accounts)
}

/// Sends whatever is not held, minute by minute; how each line of the talk of that evening ended.
fn evening(book: &mut Book, day: &str) -> Vec<(String, TaskState)> {
    for minute in (0..=62).step_by(2) {
        book.tick_at(&format!("{day} {}:{:02}", 19 + minute / 60, minute % 60));
        for task in book.open().into_iter().filter(|task| task.status.held.is_none()) {
            if task.status.state == TaskState::Due {
                book.verb(task.id, TaskVerb::Sent { at: None, also: false });
            }
        }
    }
    let of_day = |task: &Task| match &task.kind {
        TaskKind::Step { key, .. } if day.ends_with(&key.occurrence.format("%m-%d").to_string()) => {
            Some((key.step.clone(), task.status.state))
        }
        _ => None,
    };
    let mut ended: Vec<(String, TaskState)> = book.tasks().iter().filter_map(of_day).collect();
    ended.sort();
    ended
}

fn limited(book: &Book) -> Health {
    let until = Some(Timestamp(book.desk.now().wall.0 + 3 * crate::book::time::DAY));
    Health::Limited { what: "group".to_owned(), until }
}

/// Which lines of the first evening are said to be lost.
fn lost(lines: &[PlanLine]) -> Vec<bool> {
    lines.iter().take(3).map(|line| line.reason.contains("第 2 步发不了，这条等到过期")).collect()
}

#[test]
fn who_speaks_after_one_that_cannot_is_lost_with_it_wherever_it_is_told() {
    for banned in [false, true] {
        let (mut book, group, accounts) = talkers(&["小完子", "店长", "客服"]);
        book.tick_at("2026-11-23 12:00");
        let target = Target::Group(group);
        assert_eq!(lost(&plan(&mut book, "p", target, 1)), [false; 3]);
        let health = if banned { Health::Banned } else { limited(&book) };
        let until = if let Health::Limited { until, .. } = &health { *until } else { None };
        let what = if banned { "banned" } else { "group" }.to_owned();
        let question = Question::Limit { account: "号2".to_owned(), what, until };
        let Reply::Choices(choices) = book.desk.ask(Request::Choices(question)) else { panic!() };
        let n = if banned { 7 } else { 3 };
        let told = choices.ahead.join(" ");
        assert!(told.contains(&format!("还会到点 {n} 条, 其中 {n} 条不移走就等到过期")), "{told}");
        assert!(told.contains(&format!("接着它说的 {n} 条也一起过期")), "{told}");
        book.desk.run(Command::Limit { account: accounts[1], health, held: Held::Wait }).unwrap();
        let lines = plan(&mut book, "p", target, 1);
        assert_eq!(lost(&lines), [false, false, true], "{lines:?}");
        let ahead = forecast(&mut book, 1);
        let of = |n: usize| {
            ahead.days[0].accounts.iter().find(|of| of.account.as_ref().unwrap().id == accounts[n])
        };
        let counts: Vec<(u32, u32)> = (0..3).filter_map(|n| of(n).map(|of| (of.held, of.lost))).collect();
        assert_eq!(counts, [(0, 0), (1, 0), (0, 1)]);
        assert_eq!(of(2).unwrap().held_words(crate::text::lang::Lang::ZhCn), "前一位发不了, 一起过期 1");
        let ended = evening(&mut book, "2026-11-23");
        let states = [TaskState::Sent, TaskState::Expired, TaskState::Expired];
        assert_eq!(ended.iter().map(|(_, state)| *state).collect::<Vec<_>>(), states, "{ended:?}");
    }
}

#[test]
fn another_account_of_the_persona_says_the_line() {
    let (mut book, group, accounts) = talkers(&["小完子", "店长", "客服", "店长"]);
    book.tick_at("2026-11-23 12:00");
    let health = Health::Banned;
    let question = Question::Limit { account: "号2".to_owned(), what: "banned".to_owned(), until: None };
    let Reply::Choices(choices) = book.desk.ask(Request::Choices(question)) else { panic!() };
    assert_eq!(choices.ahead.len(), 1, "the sum alone: {:?}", choices.ahead);
    book.desk.run(Command::Limit { account: accounts[1], health, held: Held::Wait }).unwrap();
    let lines = plan(&mut book, "p", Target::Group(group), 1);
    assert!(lines.iter().take(3).all(|line| line.reason.is_empty()), "{lines:?}");
    let ended = evening(&mut book, "2026-11-23");
    assert!(ended.len() == 3 && ended.iter().all(|(_, state)| *state == TaskState::Sent), "{ended:?}");
}

#[test]
fn who_is_left_in_peace_is_told_the_first_that_comes_after_it() {
    let mut book = Book::new();
    rules(&mut book, "");
    let member = book.member("张三");
    book.befriend(member);
    let target = Target::Member(member);
    let rest = |days: u32| format!("rest = \"{days}d\"\nstart = {{ on = \"by-hand\" }}");
    book.sop(&sop("one", "member", "marketing", &rest(9), &["x | D0 09:05"]));
    let weekly = "start = { on = \"recurrence\", every = \"weekly: 三\" }";
    let window = "w | D0 11:00 | until = \"D0 20:00\"\nlate = \"drop\"";
    book.sop(&sop("week", "member", "marketing", weekly, &[window]));
    agree(&mut book, "week", target, 20);
    enrol(&mut book, "one", target);
    book.tick_at("2026-11-22 09:05");
    let open = book.open()[0].id;
    book.verb(open, TaskVerb::Sent { at: None, also: false });
    book.desk.tick();
    let card = coming(&mut book, "week", target);
    assert_eq!(
        (card.at.map(shown), card.why.as_str()),
        (Some("12-02 11:00".to_owned()), "静默到 2026-12-01")
    );
    agree(&mut book, "week", target, 20);
    let lines = check(&mut book, "week", target, 20, 20);
    assert_eq!(lines[0].reason, "静默到 2026-12-01");
}

#[test]
fn the_day_ahead_leaves_out_who_is_left_in_peace() {
    let mut book = Book::new();
    rules(&mut book, "");
    let members = ["张三", "李四"].map(|name| {
        let member = book.member(name);
        book.befriend(member);
        Target::Member(member)
    });
    let rest = "rest = \"9d\"\nstart = { on = \"by-hand\" }";
    book.sop(&sop("one", "member", "marketing", rest, &["x | D0 09:05"]));
    let weekly = "start = { on = \"recurrence\", every = \"weekly: 三\" }";
    book.sop(&sop(
        "week",
        "member",
        "marketing",
        weekly,
        &["w | D0 11:00 | until = \"D0 20:00\"\nlate = \"drop\""],
    ));
    let ahead = |book: &mut Book| {
        let Reply::Agenda(day) = book.desk.ask(Request::Agenda) else { panic!() };
        let Reply::Status(status) = book.desk.ask(Request::Status) else { panic!() };
        let day: Vec<(String, u32)> = day.iter().map(|line| (shown(line.at), line.n)).collect();
        (day, status.counts.next_at.map(shown))
    };
    let next = "11-25 11:00".to_owned();
    for (resting, day, next_at) in [
        (None, vec![(next.clone(), 2)], next.clone()),
        (Some(members[0]), vec![(next.clone(), 1)], next.clone()),
        (Some(members[1]), vec![], "12-09 11:00".to_owned()),
    ] {
        if let Some(target) = resting {
            enrol(&mut book, "one", target);
            book.desk.tick();
            let open = book.open()[0].id;
            book.verb(open, TaskVerb::Sent { at: None, also: false });
        }
        book.tick_at("2026-11-24 12:00");
        assert_eq!(ahead(&mut book), (day, Some(next_at)));
    }
}

#[test]
fn nobody_is_promised_a_turn_that_others_have() {
    let mut book = Book::new();
    rules(&mut book, "");
    let members: Vec<MemberId> = ["甲", "乙", "丙", "丁"].iter().map(|name| book.member(name)).collect();
    for member in &members {
        book.befriend(*member);
    }
    let step =
        "like | D0 10:00 | until = \"D0 21:00\"\nlate = \"drop\"\npick = { n = 1, sort = \"last-liked\" }";
    book.sop(&sop("p", "member", "care", DAILY, &[step]));
    let target = Target::Member(members[2]);
    let said = "轮值，每次 1 个，轮到才有";
    let lines = agree(&mut book, "p", target, 3);
    assert!(lines.iter().all(|line| line.reason == said), "{lines:?}");
    assert_eq!(coming(&mut book, "p", target).why, said);
    let ahead: u32 = forecast(&mut book, 4).days.iter().map(|day| day.tasks).sum();
    let came = come(&mut book, "p", target, 4);
    assert_eq!((ahead, came.len()), (4, 1), "{came:?}");
}

#[test]
fn a_list_that_nobody_has_filled_in_is_told_beside_the_forecast() {
    let mut book = Book::new();
    rules(&mut book, "");
    let groups: Vec<GroupId> = ["一群", "二群"].iter().map(|name| book.group(name)).collect();
    for (name, group) in [("甲", 0), ("乙", 0), ("丙", 0), ("丁", 1)] {
        let member = book.member(name);
        book.join(member, groups[group]);
        book.befriend(member);
    }
    let asks =
        format!("{DAILY}\n[[ask]]\nkey = \"未提货\"\ntype = \"list\"\nper = \"group\"\nby = \"D0 18:15\"");
    let step = "r | D0 21:00 | until = \"D0 21:50\"\nlate = \"drop\"\nwho = \"ask:未提货\"";
    let toml = sop("p", "group", "service", &asks, &[step]).replace("via = \"group\"", "via = \"private\"");
    book.sop(&toml);
    let counted = |book: &mut Book| {
        let ahead = forecast(book, 1);
        (ahead.days[0].tasks, ahead.unlisted)
    };
    let asked = counted(&mut book);
    assert_eq!(asked, (2, 2));
    let run = book.desk.now().wall.day(chrono_tz::Tz::Asia__Shanghai);
    for (group, value) in groups.iter().zip(["甲，乙，丙", ""]) {
        let (playbook, key) = (PlaybookId("p".to_owned()), "未提货".to_owned());
        let fill = Command::Fill { playbook, run, group: Some(*group), key, value: value.to_owned() };
        book.desk.run(fill).unwrap();
    }
    assert_eq!(counted(&mut book), (3, 0));
    let before = book.tasks().len();
    book.tick_at("2026-11-22 21:00");
    assert_eq!(book.tasks().len() - before, 3);
}

#[test]
fn a_line_and_a_branch_are_told_alike() {
    let mut book = Book::new();
    rules(&mut book, "");
    let members: Vec<MemberId> = ["甲", "乙", "丙"].iter().map(|name| book.member(name)).collect();
    for member in &members {
        book.befriend(*member);
    }
    let intake = "start = { on = \"by-hand\" }\n[intake]\nmax = 1\nper = \"day\"";
    let goes = "answers = [ { say = \"要\", then = [\"goto:c\"] } ]";
    let steps = [&format!("a | D0 10:00 | {goes}"), "b | D1 10:00", "c | D2 10:00", "d | D3 10:00"];
    book.sop(&sop("p", "member", "service", intake, &steps.map(|step| step as &str)));
    for member in &members {
        enrol(&mut book, "p", Target::Member(*member));
    }
    book.desk.tick();
    let last = Target::Member(members[2]);
    let lines = plan(&mut book, "p", last, 9);
    let playbook = PlaybookId("p".to_owned());
    let Reply::Board(board) = book.desk.ask(Request::Board { playbook, first: 0, rows: 9 }) else { panic!() };
    let place = board.places.iter().find(|place| place.target == last).unwrap();
    let turn = place.turn.unwrap().format("%m-%d").to_string();
    assert!(lines[0].reason.contains("预计 2026-11-24 轮到") && turn == "11-24", "{turn} {lines:?}");
    let first = Target::Member(members[0]);
    book.tick_at("2026-11-22 10:00");
    let open = book.open();
    let open = open.iter().find(|task| task.target == first).unwrap();
    book.verb(open.id, TaskVerb::Sent { at: None, also: false });
    let reply = Command::Reply { member: members[0], task: Some(open.id), answer: Some(0), at: None };
    book.desk.run(reply).unwrap();
    let lines = agree(&mut book, "p", first, 9);
    let steps: Vec<&str> = lines.iter().map(|line| line.step.as_str()).collect();
    assert_eq!(steps, ["c", "d"], "{lines:?}");
    assert!(lines.iter().all(|line| line.reason != DUE));
    check(&mut book, "p", first, 9, 9);
}

#[test]
fn of_one_persons_messages_the_more_important_goes_first_under_every_cap() {
    let spans = [
        "n = 1\nper = \"hour\"",
        "n = 1\nper = \"week\"",
        "n = 1\nper = \"month\"",
        "n = 5\nper = \"day\"\ngap = \"2h\"",
    ];
    let caps = ["member", "account", "store"].map(|scope| spans.map(|span| (scope, span)));
    for (scope, cap) in caps.into_iter().flatten() {
        let mut book = Book::new();
        rules(&mut book, &format!("[[cap]]\nscope = \"{scope}\"\n{cap}\n"));
        let member = book.member("张三");
        book.befriend(member);
        let target = Target::Member(member);
        // the lesser one is there first
        for (id, priority) in [("lo", 10), ("hi", 90)] {
            let more = format!("priority = {priority}\nstart = {{ on = \"by-hand\" }}");
            book.sop(&sop(id, "member", "marketing", &more, &[&format!("{id} | D0 10:00")]));
            enrol(&mut book, id, target);
        }
        let when = |book: &mut Book, id| {
            let lines = plan(book, id, target, 1);
            planned(&lines).into_iter().map(|(.., at, _)| at).next()
        };
        let first = Some("11-22 10:00".to_owned());
        assert_eq!(when(&mut book, "hi"), first, "{scope} {cap}");
        assert!(when(&mut book, "lo") > first || when(&mut book, "lo").is_none(), "{scope} {cap}");
        book.tick_at("2026-11-22 10:00");
        let due: Vec<String> = book
            .tasks()
            .into_iter()
            .filter_map(|task| match task.kind {
                TaskKind::Step { key, .. } => Some(key.step),
                _ => None,
            })
            .collect();
        assert_eq!(due, ["hi"], "{scope} {cap}");
    }
}

#[test]
fn under_the_cap_of_an_account_nobody_waits_for_what_another_says() {
    for says in ["手机1", "手机2"] {
        let mut book = Book::new();
        let now = book.desk.now().wall;
        let other = book.desk.desk.ids.next(now);
        book.stage(Body::AccountMade(Account::new(other, "手机2", Platform::Wechat, now)));
        rules(&mut book, "[[cap]]\nscope = \"account\"\nn = 1\nper = \"day\"\n");
        let member = book.member("张三");
        book.befriend(member);
        let target = Target::Member(member);
        let day = "until = \"D0 20:00\"";
        let by = format!("{day}\nas = \"{says}\"");
        for (id, priority, step) in
            [("lo", 10, format!("lo | D0 10:00 | {day}")), ("hi", 90, format!("hi | D0 18:00 | {by}"))]
        {
            let more = format!("priority = {priority}\nstart = {{ on = \"by-hand\" }}");
            book.sop(&sop(id, "member", "marketing", &more, &[&step]));
            enrol(&mut book, id, target);
        }
        let comes = says != "手机1";
        let said = planned(&plan(&mut book, "lo", target, 1)).into_iter().any(|(.., unsaid)| !unsaid);
        assert_eq!(said, comes, "{says}");
        book.tick_at("2026-11-22 10:00");
        assert_eq!(book.open().len(), usize::from(comes), "{says}");
    }
}

#[test]
fn what_gives_way_waits_for_nobody_who_comes_after_its_own_end() {
    for kind in ["member", "group"] {
        let mut book = Book::new();
        rules(&mut book, &format!("[[cap]]\nscope = \"{kind}\"\nn = 1\nper = \"day\"\n"));
        let target = if kind == "member" {
            let member = book.member("张三");
            book.befriend(member);
            Target::Member(member)
        } else {
            Target::Group(book.group("一群"))
        };
        let all =
            [("lo", 10, "10:00", "12:00"), ("mid", 50, "11:00", "12:00"), ("late", 30, "18:00", "20:00")];
        for (id, priority, at, until) in all {
            let more = format!("priority = {priority}\nstart = {{ on = \"by-hand\" }}");
            let step = format!("{id} | D0 {at} | until = \"D0 {until}\"");
            book.sop(&sop(id, kind, "marketing", &more, &[&step]));
            enrol(&mut book, id, target);
        }
        let unsaid = |book: &mut Book, id| {
            let lines = plan(book, id, target, 1);
            planned(&lines).into_iter().map(|(.., at, unsaid)| (at, unsaid)).collect::<Vec<_>>()
        };
        assert!(unsaid(&mut book, "lo").iter().all(|(_, unsaid)| *unsaid), "{kind}");
        let mid = [("11-22 11:00".to_owned(), false)];
        assert_eq!(unsaid(&mut book, "mid"), mid, "{kind}");
        let came = come(&mut book, "mid", target, 1);
        assert_eq!(came.into_iter().map(|(.., at, unsaid)| (at, unsaid)).collect::<Vec<_>>(), mid, "{kind}");
        let sent = book.tasks().into_iter().filter(|task| task.status.state == TaskState::Sent);
        let sent: Vec<String> = sent
            .map(|task| match task.kind {
                TaskKind::Step { key, .. } => key.step,
                other => format!("{other:?}"),
            })
            .collect();
        assert_eq!(sent, ["mid"], "{kind}");
    }
}
