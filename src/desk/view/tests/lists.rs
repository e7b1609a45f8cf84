//! What lists hold and count.

use super::*;

#[test]
fn a_line_has_as_much_of_the_text_as_the_widest_list_shows() {
    let long = "今天的货".repeat(20);
    let mut book = Book::new(&["宠友一群"], &[]);
    book.sop(&MORNING.replace("早上好，{{ group }}", &long));
    book.tick_at("2026-11-22 09:30");
    assert_eq!(book.tasks("")[0].summary, long);
}

#[test]
fn filters_over_tasks_groups_and_members() {
    let mut book = Book::new(&["宠友一群", "宝妈群", "宠友二群"], &["张三", "李四", "曾小贤"]);
    book.sop(MORNING);
    book.tick_at("2026-11-22 09:30");
    let names =
        |lines: &[TaskLine]| lines.iter().map(|l| l.target_name.clone()).collect::<Vec<_>>().join(" ");
    assert_eq!(names(&book.tasks("")), "宠友一群 宝妈群 宠友二群");
    assert_eq!(names(&book.tasks("group:宠友")), "宠友一群 宠友二群");
    assert_eq!(names(&book.tasks("bmq")), "宝妈群");
    assert_eq!(book.tasks("早上好 state:due").len(), 3);
    assert_eq!(book.tasks("sop:早安 step:hello via:group is:unseen").len(), 3);
    assert!(book.tasks("state:sent").is_empty());
    let first = book.tasks("宝妈").remove(0);
    assert_eq!(first.summary, "早上好，宝妈群");
    assert_eq!((first.step_number, first.step.as_str()), ((1, 1), "hello"));
    assert!(first.same_text.is_some());
    book.verb(first.id, SENT);
    assert_eq!(names(&book.tasks("state:sent")), "宝妈群");
    assert_eq!(names(&book.tasks("group:宝妈")), "宝妈群");
    book.tick_at("2026-11-22 09:40");
    assert_eq!(book.tasks("is:late").len(), 2);
    let groups = book.groups("宠友");
    assert_eq!(groups.iter().map(|g| (g.due, g.overdue)).collect::<Vec<_>>(), [(1, 1), (1, 1)]);
    let members = book.members("");
    let order: Vec<&str> = members.iter().map(|m| m.name.as_str()).collect();
    assert_eq!(order, ["李四", "曾小贤", "张三"]);
    assert_eq!(book.members("friend-of:手机1 has:friend zxx").len(), 1);
    assert_eq!(book.list(Kind::Member, "张四").nearest.first().map(String::as_str), Some("张三"));
    let counts = book.counts();
    assert_eq!((counts.due, counts.overdue, counts.sent_today, counts.groups), (2, 2, 1, 3));
    assert_eq!((counts.members, counts.accounts, counts.playbooks), (3, 1, 1));
    let count = |filter: &str| ListSpec::of(Kind::Task, filter);
    let lists = vec![count(""), count("state:sent"), count("group:宠友")];
    assert_eq!(book.desk.ask(Request::Count { lists }), Reply::Counted(vec![2, 1, 2]));
    // of a list that is cut it is told how many there are, not how many are shown
    let first = ListSpec { limit: Some(1), ..count("") };
    let lists = vec![first.clone()];
    assert_eq!(book.desk.ask(Request::Count { lists }), Reply::Counted(vec![2]));
    match book.desk.ask(Request::List { list: first, first: 0, rows: 9, texts: false }) {
        Reply::Window(window) => {
            let crate::door::line::Lines::Tasks(lines) = window.lines else { panic!() };
            assert_eq!((window.total, lines.len()), (1, 1));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_was_put_off_is_due_in_no_list() {
    let mut book = Book::new(&["宠友一群", "宝妈群"], &["张三"]);
    book.sop(MORNING);
    book.tick_at("2026-11-22 09:31");
    let on = vec![ObjectId::Member(book.members[0])];
    let at = book.desk.now().wall;
    book.desk.run(Command::FollowUp { on, words: "问问".to_owned(), at }).unwrap();
    let due = |book: &mut Book| {
        let account = match book.list(Kind::Account, "").lines {
            Lines::Accounts(lines) => lines[0].due,
            other => panic!("{other:?}"),
        };
        let sop = match book.list(Kind::Playbook, "").lines {
            Lines::Playbooks(lines) => lines[0].due,
            other => panic!("{other:?}"),
        };
        let groups: u32 = book.groups("").iter().map(|group| group.due).sum();
        (account, sop, groups, book.members("")[0].due, book.counts().due)
    };
    assert_eq!(due(&mut book), (3, 2, 2, 1, 3));
    let until = Timestamp(book.desk.now().wall.0 + 3_600_000);
    for filter in ["group:宝妈", "张三"] {
        let task = book.tasks(filter).remove(0).id;
        book.verb(task, TaskVerb::Snooze { until });
    }
    assert_eq!(due(&mut book), (1, 1, 1, 0, 1));
    assert_eq!(book.tasks("state:due account:手机1").len(), 1);
    book.tick_at("2026-11-22 10:40");
    assert_eq!(due(&mut book), (3, 2, 2, 1, 3));
}

#[test]
fn what_is_held_is_nowhere_overdue() {
    let mut book = Book::new(&["宠友一群", "宝妈群"], &[]);
    book.sop(MORNING);
    book.tick_at("2026-11-22 09:50");
    assert_eq!(book.counts().overdue, 2);
    let object = Edited::Account(book.account);
    let (before, after) = ("normal".to_owned(), "limited:群发".to_owned());
    let limited = crate::store::record::Change { field: "health".to_owned(), before, after };
    book.stage(Body::Edited { object, changes: vec![limited] });
    assert_eq!(book.tasks("is:held").len(), 2);
    let says_late =
        |task: &TaskLine| task.facts.iter().any(|f| matches!(f, Fact::Overdue | Fact::LateDays(_)));
    for filter in ["is:late", "overdue:yes", "@逾期"] {
        assert!(book.tasks(filter).is_empty(), "{filter}");
    }
    assert!(!book.tasks("").iter().any(says_late));
    let counts = book.counts();
    assert_eq!((counts.due, counts.overdue), (2, 0));
    assert_eq!(book.groups("").iter().map(|g| (g.due, g.overdue)).collect::<Vec<_>>(), [(1, 0), (1, 0)]);
    // let go, they are late as they always were
    let held = book.tasks("is:held").remove(0).id;
    book.verb(held, TaskVerb::Wake);
    assert_eq!((book.tasks("is:late").len(), book.counts().overdue), (1, 1));
}

#[test]
fn a_follow_up_is_counted_when_sent_and_in_nobodys_hands_then() {
    let mut book = Book::new(&["宠友一群"], &[]);
    let on = vec![ObjectId::Group(book.groups[0])];
    let soon = Timestamp(book.desk.now().wall.0 + 60_000);
    for (words, at) in [("现在发", book.desk.now().wall), ("等会儿", soon)] {
        book.desk.run(Command::FollowUp { on: on.clone(), words: words.to_owned(), at }).unwrap();
    }
    assert_eq!(book.counts().next_at, Some(soon), "a snoozed one comes back");
    let task = book.tasks("state:due").remove(0);
    let others = |line: &TaskLine| {
        let open = |fact: &&Fact| matches!(fact, Fact::Copied { .. } | Fact::Claimed { .. });
        line.facts.iter().filter(open).count()
    };
    book.verb(task.id, TaskVerb::Copied { part: 0 });
    assert_eq!(others(&book.tasks("state:due")[0]), 2);
    book.verb(task.id, SENT);
    let sent = book.tasks("state:sent").remove(0);
    assert_eq!((others(&sent), sent.ended_by.as_str()), (0, task.assignee.as_str()));
    assert_eq!(book.counts().sent_today, 1);
}

#[test]
fn numbers_in_names_stand_by_their_value_in_lists_and_offers() {
    let mut book = Book::new(&["团购10群", "团购2群", "团购12群", "团购1群"], &["李四12", "李四9"]);
    let right = ["团购1群", "团购2群", "团购10群", "团购12群"];
    assert_eq!(book.groups("").iter().map(|group| group.name.as_str()).collect::<Vec<_>>(), right);
    for text in ["团购", "tg", ""] {
        let suggest = Request::Suggest { kinds: vec![Kind::Group], text: text.to_owned(), limit: 8 };
        let Reply::Suggestions(found) = book.desk.ask(suggest) else { panic!() };
        assert_eq!(found.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), right, "{text}");
    }
    assert_eq!(book.members("")[0].name, "李四9");
}

#[test]
fn a_wrong_filter_says_where() {
    let mut book = Book::new(&[], &[]);
    let list = ListSpec::of(Kind::Task, "state:dua");
    match book.desk.ask(Request::List { list, first: 0, rows: 1, texts: false }) {
        Reply::Refused(refusal) => {
            assert_eq!(refusal.column, Some(7));
            assert_eq!(refusal.candidates, ["due"]);
        }
        other => panic!("{other:?}"),
    }
}

/// Two of one name on one account: the second is held, and says so in a way that a screen can offer what helps.
#[test]
fn a_look_alike_is_told_apart_from_what_else_is_held() {
    let mut book = Book::new(&["一群"], &["张三", "张三", "李四"]);
    book.sop(
        "id = \"hi\"\ntitle = \"问候\"\nfor = \"member\"\nclass = \"service\"\nstart = { on = \"by-hand\" }\n\
         [[step]]\nid = \"a\"\nat = \"D0 +1m\"\nvia = \"private\"\ntext = \"你好\"\n",
    );
    let targets = book.members.iter().map(|id| Target::Member(*id)).collect();
    let playbook = PlaybookId("hi".to_owned());
    book.desk
        .run(Command::Enrol { playbook, targets, filter: String::new(), anchor: None, dry_run: false })
        .unwrap();
    book.tick_at("2026-11-22 12:00");
    let held = |book: &mut Book, filter: &str| -> Vec<bool> {
        let tasks = book.tasks(filter);
        let told = |task: &TaskLine| {
            let at = task.facts.iter().position(|fact| matches!(fact, Fact::Held(_)));
            at.is_some_and(|at| task.facts.get(at + 1) == Some(&Fact::Lookalike))
        };
        tasks.iter().map(told).collect()
    };
    assert_eq!(held(&mut book, "state:due is:held"), [true]);
    assert_eq!(held(&mut book, "state:due -is:held"), [false, false]);
}

#[test]
fn a_group_counts_what_is_said_in_it_and_not_what_its_members_are_told_alone() {
    let mut book = Book::new(&["宠友一群"], &["张三", "李四"]);
    let group = book.groups[0];
    for member in book.members.clone() {
        book.join(member, group);
    }
    let alone = "[[step]]\nid = \"alone\"\nat = \"D0 09:30\"\nvia = \"private\"\nwho = \"group:宠友\"\ntext = [\"在吗\"]\n";
    book.sop(&format!("{MORNING}{alone}"));
    book.tick_at("2026-11-22 09:30");
    assert_eq!(book.tasks("group:宠友").len(), 3);
    assert_eq!(book.groups("").iter().map(|group| group.due).collect::<Vec<_>>(), [1]);
    match book.desk.ask(Request::Object(ObjectId::Group(group))) {
        Reply::Group(card) => assert_eq!(card.due.len(), 1, "{:?}", card.due),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_group_that_nothing_is_sent_to_says_so_in_its_row() {
    let mut book = Book::new(&["宠友一群", "宝妈群"], &[]);
    let until = Some(at("2026-11-22 23:59"));
    let targets = vec![Target::Group(book.groups[0])];
    book.desk.run(Command::Pause { targets, until }).unwrap();
    let states = |book: &mut Book| {
        let mut states: Vec<String> = book.groups("").into_iter().map(|group| group.state).collect();
        states.sort();
        states
    };
    assert_eq!(states(&mut book), ["正常", "群已停发"]);
    book.tick_at("2026-11-23 00:00");
    assert_eq!(states(&mut book), ["正常", "正常"]);
}

#[test]
fn a_member_whom_nothing_is_sent_to_says_so_in_their_row_and_until_when() {
    let mut book = Book::new(&[], &["小雨", "阿珍"]);
    let until = Some(at("2026-11-22 23:59"));
    let targets = vec![Target::Member(book.members[0])];
    book.desk.run(Command::Pause { targets, until }).unwrap();
    let paused =
        |book: &mut Book| book.members("").iter().filter_map(|member| member.pause).collect::<Vec<_>>();
    assert_eq!(paused(&mut book), [crate::door::detail::PauseView { until }]);
    book.tick_at("2026-11-23 00:00");
    assert_eq!(paused(&mut book), []);
}

#[test]
fn who_may_be_the_same_human_is_named_and_a_skip_says_what_else_it_tells() {
    use crate::book::SkipReason;
    use crate::door::command::TaskVerb;
    let mut book = Book::new(&["宠友一群"], &["小雨", "小雨", "阿珍"]);
    let (group, members) = (book.groups[0], book.members.clone());
    book.join(members[0], group);
    book.join(members[1], group);
    book.sop(
        "id = \"hi\"\ntitle = \"问候\"\nfor = \"member\"\nclass = \"care\"\nstart = { on = \"by-hand\" }\n\
         [[step]]\nid = \"a\"\nat = \"D0 +0m\"\nvia = \"private\"\ntext = \"在吗\"\n",
    );
    let targets = members.iter().map(|member| Target::Member(*member)).collect();
    let playbook = crate::book::PlaybookId("hi".to_owned());
    let enrol = Command::Enrol { playbook, targets, filter: String::new(), anchor: None, dry_run: false };
    book.desk.run(enrol).unwrap();
    book.desk.tick();
    let Lines::Tasks(tasks) = book.list(Kind::Task, "state:due").lines else { panic!() };
    assert_eq!(tasks.len(), 3);
    let held = tasks.iter().find(|task| task.facts.contains(&Fact::Lookalike)).unwrap();
    let Reply::Task(detail) = book.desk.ask(Request::Task(held.id)) else { panic!() };
    let other = members[..2].iter().find(|member| Target::Member(**member) != held.target).unwrap();
    let named = format!("同一账号上另有 小雨 (宠友一群, {})", other.short());
    assert!(detail.why.contains(&named), "{named}: {:?}", detail.why);
    let other = tasks.iter().find(|task| task.target == Target::Member(*other)).unwrap();
    let skip = |task, reason| Command::Task {
        tasks: vec![task],
        verb: TaskVerb::Skip { reason, words: String::new() },
    };
    let talked = book.desk.run(skip(other.id, SkipReason::Talked)).unwrap();
    assert_eq!(talked.words, "已跳过, 也记为已回复: 小雨");
    let unfit = book.desk.run(skip(held.id, SkipReason::Unfit)).unwrap();
    assert_eq!(unfit.words, "已跳过: 小雨");
}

#[test]
fn what_is_noted_on_an_account_is_read_on_its_card() {
    let mut book = Book::new(&["宠友一群"], &[]);
    let on = ObjectId::Account(book.account);
    book.desk.run(Command::Note { on: vec![on], text: "下午换手机".to_owned() }).unwrap();
    let Reply::Account(account) = book.desk.ask(Request::Object(on)) else { panic!() };
    let past: Vec<(&str, &str)> = account.past.iter().map(|p| (p.word.as_str(), p.text.as_str())).collect();
    assert_eq!(past, [("note", "下午换手机")]);
}

#[test]
fn a_shop_that_nobody_named_is_said_with_the_place_to_name_it() {
    let mut book = Book::new(&["宠友一群"], &[]);
    book.sop(&MORNING.replace("{{ group }}", "{{ shop }}"));
    book.tick_at("2026-11-22 09:30");
    let id = book.tasks("")[0].id;
    let Reply::Task(task) = book.desk.ask(Request::Object(ObjectId::Task(id))) else { panic!() };
    let (_, words) = task.text.blocked.clone().unwrap();
    assert!(words.contains("rules.toml"), "{words}");
}
