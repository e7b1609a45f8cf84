//! Keys of the filter language that look beyond the row itself, or at the clock.

use super::*;

fn edit(book: &mut Book, object: ObjectRef, field: Field, value: &str) {
    let fields = vec![(field, value.to_owned())];
    book.desk.run(Command::Edit { objects: vec![object], fields }).unwrap();
}

/// Opens the book again from its journal; the rules that [`Book::new`] takes away come back.
fn restart(book: &mut Book) {
    let rules = crate::book::Rules::default();
    let columns = &mut book.desk.desk.store.columns;
    (columns.rules.quiet, columns.rules.caps) = (rules.quiet, rules.caps);
    book.desk.restart();
}

#[test]
fn who_left_a_group_is_found_by_its_name() {
    let mut book = Book::new(&["宠友交流1群", "团购群"], &["张三", "李四", "王五", "赵六"]);
    let spell = |book: &mut Book, member: usize, group: usize, spell: u32, left: Option<&str>| {
        let stay = Membership {
            member: book.members[member],
            group: book.groups[group],
            spell,
            joined_at: Some(at("2026-10-01 09:00")),
            left_at: left.map(at),
            role: MembershipRole::Plain,
            nickname: String::new(),
            inviter: None,
        };
        book.stage(Body::MembershipSet { before: None, after: Some(stay) });
    };
    spell(&mut book, 0, 0, 1, Some("2026-11-20 10:00"));
    spell(&mut book, 1, 0, 1, None);
    spell(&mut book, 2, 1, 1, Some("2026-11-21 10:00"));
    // who came back has left nothing
    spell(&mut book, 3, 0, 1, Some("2026-10-20 10:00"));
    spell(&mut book, 3, 0, 2, None);
    let found = |book: &mut Book, filter: &str| -> Vec<String> {
        let mut names: Vec<String> = book.members(filter).into_iter().map(|line| line.name).collect();
        names.sort();
        names
    };
    assert_eq!(found(&mut book, "left-group:宠友"), ["张三"]);
    assert_eq!(found(&mut book, "退过:cyjl left:-7d.."), ["张三"]);
    assert_eq!(found(&mut book, "left-group:/^团/"), ["王五"]);
    assert_eq!(found(&mut book, "left-group:"), ["李四", "赵六"]);
    let nearest = book.list(Kind::Member, "left-group:团狗").nearest;
    assert_eq!(nearest, ["团购群"]);
}

#[test]
fn who_brought_them_is_found_by_name() {
    let mut book = Book::new(&[], &["李姐", "张三", "王五"]);
    let [lijie, zhang, _] = book.members[..] else { panic!() };
    edit(&mut book, ObjectRef::Member(zhang), Field::Referrer, &lijie.to_string());
    let found = |book: &mut Book, filter: &str| -> Vec<String> {
        book.members(filter).into_iter().map(|line| line.name).collect()
    };
    assert_eq!(found(&mut book, "介绍人:lijie"), ["张三"]);
    assert_eq!(found(&mut book, "-referrer:"), ["张三"]);
    assert_eq!(found(&mut book, "referrer:王五"), Vec::<String>::new());
    edit(&mut book, ObjectRef::Member(lijie), Field::Remark, "李老师");
    assert_eq!(found(&mut book, "referrer:lls"), ["张三"], "by the name of today");
    restart(&mut book);
    assert_eq!(found(&mut book, "referrer:李老师"), ["张三"]);
    edit(&mut book, ObjectRef::Member(zhang), Field::Referrer, "");
    assert_eq!(found(&mut book, "-referrer:"), Vec::<String>::new());
}

#[test]
fn a_member_is_found_by_the_id_that_lists_show() {
    let mut book = Book::new(&["一群"], &["张三", "李四"]);
    let short = book.members[1].short();
    let found = |book: &mut Book, filter: &str| -> Vec<String> {
        book.members(filter).into_iter().map(|line| line.name).collect()
    };
    assert_eq!(found(&mut book, &format!("member:{short}")), ["李四"]);
    let whole = book.members[1].to_string();
    assert_eq!(found(&mut book, &format!("成员:{whole}")), ["李四"]);
    assert_eq!(found(&mut book, &format!("member:张三,{short}")).len(), 2);
    assert_eq!(found(&mut book, &format!("-member:{short}")), ["张三"]);
}

#[test]
fn a_lunar_birthday_is_found_on_the_day_it_falls_on() {
    let mut book = Book::new(&[], &["张三", "李四", "王五", "赵六"]);
    for (member, born) in [(0, "农历十月十四"), (1, "11-22"), (2, "农历闰六月初一")] {
        let member = ObjectRef::Member(book.members[member]);
        edit(&mut book, member, Field::Birthday, born);
    }
    let found = |book: &mut Book, filter: &str| -> Vec<String> {
        let mut names: Vec<String> = book.members(filter).into_iter().map(|line| line.name).collect();
        names.sort();
        names
    };
    let check = |book: &mut Book| {
        assert_eq!(found(book, "birthday:today"), ["张三", "李四"]);
        assert_eq!(found(book, "生日:明天"), Vec::<String>::new());
        assert_eq!(found(book, "birthday:"), ["赵六"]);
        assert_eq!(found(book, "-birthday:"), found(book, "has:birthday"));
        // 2026 has no leap month
        assert_eq!(found(book, "birthday:2026-07-14"), ["王五"]);
    };
    check(&mut book);
    restart(&mut book);
    check(&mut book);
    book.desk.desk.store.columns.rules.lunar.leap_falls_in_plain = false;
    assert_eq!(found(&mut book, "birthday:2026-07-14"), Vec::<String>::new());
    assert_eq!(found(&mut book, "birthday:2028年"), ["张三", "李四", "王五"]);
}

#[test]
fn a_rows_own_kind_is_a_key_for_its_name() {
    let mut book = Book::new(&["宠友1群", "宝妈群"], &["张三", "李四"]);
    let groups = |book: &mut Book, filter: &str| -> Vec<String> {
        book.groups(filter).into_iter().map(|line| line.name).collect()
    };
    assert_eq!(groups(&mut book, "group:宠友"), ["宠友1群"]);
    assert_eq!(groups(&mut book, "-群:cy"), ["宝妈群"]);
    let members: Vec<String> = book.members("成员:zs").into_iter().map(|line| line.name).collect();
    assert_eq!(members, ["张三"]);
    assert_eq!(book.list(Kind::Account, "account:手机1").total, 1);
    assert_eq!(book.list(Kind::Group, "group:宠有").nearest, ["宠友1群"]);
}

#[test]
fn a_group_is_of_the_platform_of_its_main_account() {
    let mut book = Book::new(&["宠友1群"], &[]);
    let group = ObjectRef::Group(book.groups[0]);
    let other = vec![(Field::Name, "企微号".to_owned()), (Field::Platform, "wecom".to_owned())];
    book.desk.run(Command::Create { kind: Kind::Account, fields: other }).unwrap();
    edit(&mut book, group, Field::Speakers, "企微号");
    assert_eq!(book.groups("account:企微号").len(), 1);
    let shown = book.groups("")[0].platform.unwrap().word();
    assert_eq!(
        (book.groups(&format!("platform:{shown}")).len(), book.groups("platform:wecom").len()),
        (1, 0)
    );
}

#[test]
fn lateness_and_age_go_by_the_clock() {
    let mut book = Book::new(&["宠友1群"], &["张三"]);
    let on = vec![ObjectId::Member(book.members[0])];
    let due = book.desk.now().wall + std::time::Duration::from_secs(3_600);
    book.desk.run(Command::FollowUp { on, words: "问问".to_owned(), at: due }).unwrap();
    let count = |book: &mut Book, filter: &str| book.tasks(filter).len();
    assert_eq!(count(&mut book, "late>0m"), 0);
    let hours = |n: u64| std::time::Duration::from_secs(n * 3_600);
    let begun = book.desk.now().wall;
    book.desk.at_time(begun + hours(4));
    book.desk.tick();
    assert_eq!((count(&mut book, "late:3h"), count(&mut book, "迟>3小时")), (1, 0));
    assert_eq!((count(&mut book, "age:4h"), count(&mut book, "age<4h")), (1, 0));
    let task = book.tasks("state:due")[0].id;
    let sent = TaskVerb::Sent { at: None, also: false };
    book.desk.run(Command::Task { tasks: vec![task], verb: sent }).unwrap();
    book.desk.at_time(begun + hours(50));
    book.desk.tick();
    assert_eq!(count(&mut book, "state:sent late:3h"), 1, "it was three hours late when it was sent");
    assert_eq!(book.members("age:2d created:-2d").len(), 1);
    assert_eq!(book.groups("age>2d").len(), 1);
    assert_eq!(book.groups("created:today").len(), 0);
}

#[test]
fn which_phone_is_in_whose_hand() {
    let mut book = Book::new(&["宠友1群"], &["张三"]);
    let account = ObjectRef::Account(book.account);
    edit(&mut book, account, Field::Device, "红米 2号");
    edit(&mut book, account, Field::Holder, "小王");
    assert_eq!(book.groups("设备:红米 holder:小王").len(), 1);
    assert_eq!(book.list(Kind::Account, "holder:小王").total, 1);
    assert_eq!(book.list(Kind::Account, "holder:小李").total, 0);
    restart(&mut book);
    assert_eq!(book.groups("device:\"红米 2号\"").len(), 1);
}

#[test]
fn a_text_is_looked_for_in_the_wording_that_the_task_has() {
    let mut book = Book::new(&["宠友1群"], &[]);
    book.sop(
        r#"
id = "cart"
title = "到货"
for = "group"
class = "service"
start = { on = "recurrence", every = "daily" }
[[step]]
id = "quiet"
at = "D0 08:00"
via = "internal"
note = "看一眼"
[[step]]
id = "hello"
at = "D0 09:30"
until = "D0 22:00"
via = "group"
text = ["今天的货刚上车", "{{ group }} 拿菜啦 https://a.cn"]
"#,
    );
    let count = |book: &mut Book, filter: &str| book.tasks(filter).len();
    book.tick_at("2026-11-22 09:31");
    let first = book.tasks("state:due step:hello")[0].id;
    assert_eq!((count(&mut book, "state:due text:上车"), count(&mut book, "text:拿菜")), (1, 0));
    assert_eq!((count(&mut book, "len:7 state:due"), count(&mut book, "has:var state:due")), (1, 0));
    assert_eq!((count(&mut book, "is:unclaimed step:2"), count(&mut book, "step:3..")), (1, 0));
    book.verb(first, SENT);
    assert_eq!((count(&mut book, "sent:today"), count(&mut book, "sent>today")), (1, 0));
    let who = book.tasks("sent:today")[0].ended_by.clone();
    assert_eq!((count(&mut book, &format!("by:\"{who}\"")), count(&mut book, "by:谁也不是")), (1, 0));
    restart(&mut book);
    assert_eq!((count(&mut book, &format!("by:\"{who}\"")), count(&mut book, "is:by-me sent:today")), (1, 1));
    book.tick_at("2026-11-23 09:31");
    // the next day the group gets the other wording
    assert_eq!((count(&mut book, "state:due text:上车"), count(&mut book, "state:due text:拿菜")), (0, 1));
    assert_eq!((count(&mut book, "state:due /拿.啦/"), count(&mut book, "state:due /上车$/")), (1, 0));
    assert_eq!((count(&mut book, "has:var,link state:due"), count(&mut book, "has:link text:上车")), (1, 0));
    assert_eq!(count(&mut book, "sent:昨天 text:上车"), 1);
}

#[test]
fn nothing_found_shows_the_nearest_of_what_the_key_names() {
    let mut book = Book::new(&["翠苑小区团购①群", "手机维修群"], &["张三"]);
    book.sop(super::MORNING);
    let nearest = |book: &mut Book, kind: Kind, filter: &str| book.list(kind, filter).nearest;
    assert_eq!(nearest(&mut book, Kind::Task, "group:翠园"), ["翠苑小区团购①群"]);
    assert_eq!(nearest(&mut book, Kind::Task, "state:due account:手机2"), ["手机1"]);
    assert_eq!(nearest(&mut book, Kind::Member, "friend-of:手几1"), ["手机1"]);
    assert_eq!(nearest(&mut book, Kind::Task, "sop:早按"), ["早安"]);
    assert_eq!(nearest(&mut book, Kind::Group, "翠园"), ["翠苑小区团购①群"]);
    assert_eq!(nearest(&mut book, Kind::Task, "group:没有的"), Vec::<String>::new());
}

#[test]
fn days_are_missed_by_those_alone_who_are_to_check_in() {
    let mut book = Book::new(&["一群"], &["张三", "李四"]);
    let toml = |rule: &str| {
        format!(
            "id = \"camp\"\ntitle = \"打卡营\"\nfor = \"member\"\nclass = \"service\"\n\
             start = {{ on = \"by-hand\" }}\n[[step]]\nid = \"a\"\nat = \"D1..D30 20:00\"\nvia = \"private\"\n\
             {rule}text = [\"今天打卡了吗\"]\n"
        )
    };
    book.sop(&toml(""));
    let enrol = crate::door::Command::Enrol {
        playbook: crate::book::PlaybookId("camp".to_owned()),
        targets: vec![crate::book::Target::Member(book.members[0])],
        filter: String::new(),
        anchor: None,
        dry_run: false,
    };
    book.desk.run(enrol).unwrap();
    book.tick_at("2026-11-27 10:00");
    let missed = |book: &mut Book, filter: &str| {
        let lists = vec![crate::door::request::ListSpec::of(crate::door::form::Kind::Member, filter)];
        match book.desk.ask(crate::door::Request::Count { lists }) {
            crate::door::Reply::Counted(counted) => counted[0],
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(missed(&mut book, "missed>=2"), 0, "nobody counts their days");
    book.sop(&toml("if = \"-checkin:today\"\n"));
    assert_eq!((missed(&mut book, "missed>=2 张三"), missed(&mut book, "missed>=2")), (1, 1));
}

#[test]
fn the_days_number_is_that_of_its_list_whatever_ends_and_comes_back() {
    let mut book = Book::new(&["一群"], &["张三", "李四", "王五"]);
    book.sop(
        "id = \"day\"\ntitle = \"一天\"\nfor = \"member\"\nclass = \"incident\"\nstart = { on = \"by-hand\" }\n\
         [[step]]\nid = \"a\"\nat = \"D0 23:50\"\nvia = \"internal\"\nnote = \"甲\"\n\
         [[step]]\nid = \"b\"\nat = \"D1 00:00\"\nvia = \"internal\"\nnote = \"乙\"\n\
         [[step]]\nid = \"c\"\nat = \"D1 09:00\"\nvia = \"internal\"\nnote = \"丙\"\n",
    );
    let enrol = crate::door::Command::Enrol {
        playbook: crate::book::PlaybookId("day".to_owned()),
        targets: book.members.iter().map(|member| crate::book::Target::Member(*member)).collect(),
        filter: String::new(),
        anchor: Some(crate::desk::testing::at("2026-11-26 08:00")),
        dry_run: false,
    };
    book.desk.run(enrol).unwrap();
    book.tick_at("2026-11-27 10:00");
    let check = |book: &mut Book, what: &str| {
        let filter = crate::door::views::BuiltinView::Today.filter();
        let lists = vec![crate::door::request::ListSpec::of(crate::door::form::Kind::Task, filter)];
        let listed = match book.desk.ask(crate::door::Request::Count { lists }) {
            crate::door::Reply::Counted(counted) => counted[0],
            other => panic!("{other:?}"),
        };
        let now = book.desk.now().wall;
        assert_eq!(book.desk.desk.counts(now).today, listed, "{what}");
        listed
    };
    assert_eq!(check(&mut book, "owed"), 6);
    let ids: Vec<_> = book.tasks("state:due").iter().map(|task| task.id).collect();
    for id in &ids {
        let verb = crate::door::command::TaskVerb::Sent { at: None, also: false };
        book.desk.run(crate::door::Command::Task { tasks: vec![*id], verb }).unwrap();
        assert_eq!(check(&mut book, "ended"), 6);
    }
    book.desk.run(crate::door::Command::Undo { act: None }).unwrap();
    assert_eq!(check(&mut book, "undone"), 6);
    let playbook = crate::book::PlaybookId("day".to_owned());
    book.desk.run(crate::door::Command::SopRemove { playbook }).unwrap();
    book.desk.tick();
    assert_eq!(check(&mut book, "cancelled"), 5);
    book.desk.run(crate::door::Command::Undo { act: None }).unwrap();
    book.desk.tick();
    assert_eq!(check(&mut book, "not cancelled"), 6);
}

#[test]
fn who_was_sent_a_playbook_is_found_by_its_title_as_by_its_id() {
    let mut book = Book::new(&["宠友一群", "宝妈群"], &[]);
    book.sop(MORNING);
    book.tick_at("2026-11-22 09:31");
    let task = book.tasks("group:宠友").remove(0).id;
    book.verb(task, TaskVerb::Sent { at: None, also: false });
    for name in ["morning", "早安", "早", "za", "morning/hello", "hello"] {
        let groups = |book: &mut Book, not: &str| -> Vec<String> {
            let filter = format!("{not}sent:{name}");
            book.groups(&filter).into_iter().map(|group| group.name).collect()
        };
        assert_eq!(groups(&mut book, ""), ["宠友一群"], "{name}");
        assert_eq!(groups(&mut book, "-"), ["宝妈群"], "{name}");
    }
    assert!(book.groups("sent:晚安").is_empty());
}
