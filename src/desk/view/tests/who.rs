//! Whom a typed name means, what quick entry tells of them, and what it does not tell twice.

mod card;

use super::{Book, Field, ObjectRef, PlaybookId, Target, TaskId, TaskVerb};
use crate::book::{ActivityKind, GroupId, Membership, MembershipRole, ObjectId, Task};
use crate::door::command::{Happening, Tell, Who};
use crate::door::form::Kind;
use crate::door::line::LineId;
use crate::door::reply::{Fit, NameMatch, Outcome};
use crate::door::{Command, Refusal, Reply, Request};
use crate::store::record::{Change, Edited};
use crate::store::{Body, keys};
use crate::text::lang::Lang;

impl Book {
    fn who(&mut self, text: &str, group: Option<GroupId>) -> NameMatch {
        let request = Request::Who { text: text.to_owned(), group, account: None, limit: 8 };
        match self.desk.ask(request) {
            Reply::Who(found) => found,
            other => panic!("{other:?}"),
        }
    }

    fn edit(&mut self, member: usize, field: &str, after: &str) {
        let change = Change { field: field.to_owned(), before: String::new(), after: after.to_owned() };
        let object = Edited::Member(self.members[member]);
        self.stage(Body::Edited { object, changes: vec![change] });
    }

    fn enter(&mut self, member: usize, group: usize, nickname: &str) {
        let now = self.desk.now().wall;
        let stay = Membership {
            member: self.members[member],
            group: self.groups[group],
            spell: 1,
            joined_at: Some(now),
            left_at: None,
            role: MembershipRole::Plain,
            nickname: nickname.to_owned(),
            inviter: None,
        };
        self.stage(Body::MembershipSet { before: None, after: Some(stay) });
    }

    fn tell(&mut self, who: Vec<Who>, kind: ActivityKind) -> Result<Outcome, Refusal> {
        let happened =
            vec![Happening { kind, amount: None, number: None, relative: false, text: String::new() }];
        let group = self.groups.first().copied();
        self.desk.run(Command::Tell(Tell { who, said: Vec::new(), group, account: None, happened, at: None }))
    }
}

#[test]
fn an_exact_name_of_one_member_is_that_member() {
    let mut book = Book::new(&["一群", "二群"], &["陈艳", "李子涵", "王芳", "陈俊军", "张三丰"]);
    book.edit(0, "remark", "陈俊熙妈妈");
    book.edit(1, "remark", "李子涵妈妈");
    book.edit(2, "remark", "李子涵妈妈");
    book.edit(2, "phone", "13800138000");
    book.edit(3, "aliases", "3栋201");
    book.enter(1, 0, "");
    book.enter(2, 1, "芳芳");
    let groups = book.groups.clone();
    let ids: Vec<LineId> = book.members.iter().map(|id| LineId::Object(ObjectId::Member(*id))).collect();
    let mut check = |text: &str, group: Option<usize>, fit: Fit, members: &[usize]| {
        let found = book.who(text, group.map(|at| groups[at]));
        let found_ids: Vec<_> = found.found.iter().map(|one| one.id.clone()).collect();
        let wanted: Vec<_> = members.iter().map(|at| ids[*at].clone()).collect();
        assert_eq!((found.fit, &found_ids), (fit, &wanted), "{text}");
        found
    };
    assert_eq!(check("陈艳", None, Fit::One, &[0]).found[0].name, "陈俊熙妈妈");
    check("陈俊熙妈妈", None, Fit::One, &[0]);
    check("陳艷", None, Fit::One, &[0]);
    check("3栋201", None, Fit::One, &[3]);
    check("芳芳", None, Fit::One, &[2]);
    check("李子涵妈妈", Some(0), Fit::One, &[1]);
    check("李子涵妈妈", Some(1), Fit::One, &[2]);
    let several = check("李子涵妈妈", None, Fit::Several, &[1, 2]);
    assert_eq!(several.found[0].hint, "李子涵  一群  2026-11-22 进群");
    assert_eq!(several.found[1].hint, "王芳  二群  2026-11-22 进群  尾号 8000");
    check("zsf", None, Fit::One, &[4]);
    check("张三", None, Fit::Alike, &[4]);
    check("陈军军", None, Fit::Near, &[3]);
    // A number of a list is nobody's phone; four digits are.
    check("2", None, Fit::Alike, &[3]);
    check("80", None, Fit::Nobody, &[]);
    check("8000", None, Fit::One, &[2]);
    check("赵六", None, Fit::Nobody, &[]);
    check(" ", None, Fit::Nobody, &[]);
    let told = book.tell(vec![Who::Known(book.members[2])], ActivityKind::CheckedIn).unwrap();
    assert_eq!(told.words, "李子涵妈妈 (王芳) 打卡 一群");
}

#[test]
fn what_happens_once_a_day_is_told_once() {
    let mut book = Book::new(&["一群"], &["张三", "李四"]);
    let who = |book: &Book, at: usize| Who::Known(book.members[at]);
    let (one, two) = (who(&book, 0), who(&book, 1));
    book.tell(vec![one.clone()], ActivityKind::CheckedIn).unwrap();
    let again = book.tell(vec![one.clone()], ActivityKind::CheckedIn).unwrap_err();
    assert_eq!(again.words, "张三 当天打卡已记过");
    let rest = book.tell(vec![one.clone(), two.clone()], ActivityKind::CheckedIn).unwrap();
    assert_eq!(
        (rest.words.as_str(), rest.warnings),
        ("李四 打卡 一群", vec!["张三 当天打卡已记过".to_owned()])
    );
    let all = book.tell(vec![one.clone(), two.clone()], ActivityKind::CheckedIn).unwrap_err();
    assert!(all.words.contains("等 2 条都已记过"), "{}", all.words);
    book.tell(vec![one.clone()], ActivityKind::LeaveDay).unwrap();
    book.tell(vec![one.clone()], ActivityKind::Replied).unwrap();
    book.tell(vec![one.clone()], ActivityKind::Replied).unwrap();
    for kind in [ActivityKind::Joined, ActivityKind::Left] {
        book.tell(vec![one.clone()], kind).unwrap();
        assert!(book.tell(vec![one.clone()], kind).is_err(), "{kind:?}");
    }
    assert!(book.tell(vec![one.clone()], ActivityKind::Added).is_err(), "a friend already");
    book.desk.at("2026-11-23 00:01");
    book.tell(vec![one], ActivityKind::CheckedIn).unwrap();
}

#[test]
fn a_day_that_a_playbook_of_check_ins_ends_later_is_another_day() {
    let mut book = Book::new(&["一群"], &["张三"]);
    let one = vec![Who::Known(book.members[0])];
    // nobody is in it: the check-ins are what it begins with
    book.sop(
        "id = \"medal\"\ntitle = \"连打\"\nfor = \"member\"\nclass = \"service\"\nday_ends = \"02:00\"\n\
         start = { on = \"checkin-streak\", k = 7 }\n\
         [[step]]\nid = \"a\"\nat = \"D0 10:00\"\nvia = \"private\"\ntext = [\"好\"]\n",
    );
    book.desk.at("2026-11-23 01:30");
    book.tell(one.clone(), ActivityKind::CheckedIn).unwrap();
    assert!(book.tell(one.clone(), ActivityKind::CheckedIn).is_err(), "that day was told");
    book.desk.at("2026-11-23 22:00");
    book.tell(one, ActivityKind::CheckedIn).unwrap();
}

#[test]
fn names_that_nobody_has_are_refused_together() {
    let mut book = Book::new(&["一群"], &["张三"]);
    let named = |name: &str| Who::Named(name.to_owned());
    let refusal =
        book.tell(vec![named("王五"), named("张三"), named("赵六")], ActivityKind::Replied).unwrap_err();
    assert_eq!(refusal.words, "没有这个成员: 王五, 赵六");
}

#[test]
fn an_undecided_place_offers_where_something_was_said_last() {
    let mut book = Book::new(&["一群", "二群"], &[]);
    let request = Request::Suggest {
        kinds: vec![crate::door::form::Kind::Group, crate::door::form::Kind::Account],
        text: String::new(),
        limit: 9,
    };
    match book.desk.ask(request) {
        Reply::Suggestions(found) => {
            let names: Vec<&str> = found.iter().map(|one| one.name.as_str()).collect();
            assert_eq!(names, ["二群", "一群", "手机1"]);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_groups_name_is_offered_as_the_group_it_is() {
    let mut book = Book::new(&["团购1群"], &["张三"]);
    let found = book.who("團購1群", None);
    assert_eq!((found.fit, found.found.len()), (Fit::Near, 1));
    assert_eq!(found.found[0].id, LineId::Object(ObjectId::Group(book.groups[0])));
    assert_eq!(book.who("团购3群", None).fit, Fit::Nobody);
}

#[test]
fn names_of_a_list_that_are_nobodys_are_said() {
    let mut book = Book::new(&["一群"], &["张三", "李四", "小雨", "小雨"]);
    for member in [0, 2, 3] {
        book.enter(member, 0, if member == 0 { "三哥" } else { "" });
    }
    let group = book.groups[0];
    let mut check = |group, text: &str, expected: &[&str]| {
        let reply = book.desk.ask(Request::Unknown { group, text: text.to_owned() });
        assert_eq!(reply, Reply::Unknown(expected.iter().map(|s| (*s).to_owned()).collect()), "{text}");
    };
    check(Some(group), "张三、三哥\n1. 张三 2份", &[]);
    check(Some(group), "张三、小美 李四", &["不在本群成员册: 小美 李四"]);
    check(Some(group), "张三\n小美\n李四", &["不在本群成员册: 小美, 李四"]);
    check(None, "张三 李四 小美", &["不在成员册: 小美"]);
    check(Some(group), "小雨", &["小雨 有 2 位, 写备注名或真名"]);
}

#[test]
fn who_ordered_in_a_group_is_known_there_without_being_in_its_book() {
    let mut book = Book::new(&["团购1群", "团购2群"], &["张三", "李四"]);
    let [first, second] = [book.groups[0], book.groups[1]];
    let unknown = |book: &Book, group| book.desk.desk.unknown_names("张三、李四", Some(group), Lang::ZhCn);
    assert!(unknown(&book, first)[0].contains("张三, 李四"));
    book.tell(vec![Who::Known(book.members[0])], ActivityKind::Bought).unwrap();
    let left = unknown(&book, first);
    assert!(left[0].contains("李四") && !left[0].contains("张三"), "{left:?}");
    assert!(unknown(&book, second)[0].contains("张三"), "an order says nothing of other groups");
}

fn warned(book: &mut Book, task: TaskId) -> Vec<String> {
    book.text(task).warnings.into_iter().map(|warning| warning.words).collect()
}

#[test]
fn two_chats_of_one_name_are_told_apart_before_the_copy() {
    let mut book = Book::new(&["宠友群", "宠友羣", "别的群"], &["张三", "张三", "李四"]);
    book.sop(
        "id = \"all\"\ntitle = \"都发\"\nfor = \"group\"\nclass = \"service\"\nstart = { on = \"by-hand\" }\n\
         [[step]]\nid = \"say\"\nat = \"D0 +0m\"\nvia = \"group\"\ntext = \"好\"\n",
    );
    book.sop(
        "id = \"one\"\ntitle = \"私聊\"\nfor = \"member\"\nclass = \"service\"\nstart = { on = \"by-hand\" }\n\
         [[step]]\nid = \"say\"\nat = \"D0 +0m\"\nvia = \"private\"\ntext = \"好\"\n",
    );
    let enrol = |book: &mut Book, playbook: &str, targets: Vec<Target>| {
        let playbook = PlaybookId(playbook.to_owned());
        let filter = String::new();
        book.desk.run(Command::Enrol { playbook, targets, filter, anchor: None, dry_run: false }).unwrap();
    };
    let groups = book.groups.iter().map(|id| Target::Group(*id)).collect();
    enrol(&mut book, "all", groups);
    let members = [0, 2].map(|at| Target::Member(book.members[at])).to_vec();
    enrol(&mut book, "one", members);
    let later = book.desk.now().wall + std::time::Duration::from_secs(60);
    book.desk.at_time(later);
    book.desk.tick();
    let task = |book: &mut Book, name: &str| {
        book.tasks("state:due").into_iter().find(|task| task.target_name == name).unwrap().id
    };
    let (first, other, friend, single) = (
        task(&mut book, "宠友群"),
        task(&mut book, "别的群"),
        task(&mut book, "张三"),
        task(&mut book, "李四"),
    );
    let words = warned(&mut book, first);
    assert_eq!(words.len(), 1, "{words:?}");
    assert!(words[0].contains("手机1 上搜“宠友群”还会出来: 宠友羣"), "{words:?}");
    assert_eq!((warned(&mut book, other), warned(&mut book, single)), (Vec::new(), Vec::new()));
    assert!(warned(&mut book, friend)[0].contains("还会出来: 张三 "));
    // Seen, it is said no more; and a search term of its own tells the chat apart.
    let codes = book.text(friend).warnings.into_iter().map(|warning| warning.code).collect();
    let verb = TaskVerb::Acknowledge { codes };
    book.desk.run(Command::Task { tasks: vec![friend], verb }).unwrap();
    assert_eq!(warned(&mut book, friend), Vec::<String>::new());
    let objects = vec![ObjectRef::Group(book.groups[0])];
    let fields = vec![(Field::SearchTerm, "宠友群 朝阳".to_owned())];
    book.desk.run(Command::Edit { objects, fields }).unwrap();
    assert_eq!(warned(&mut book, first), Vec::<String>::new());
}

#[test]
fn two_chats_of_one_search_term_are_told_apart_before_the_copy() {
    let mut book = Book::new(&["早市群", "晚市群"], &["张三", "李四", "王五", "赵六"]);
    book.sop(
        "id = \"all\"\ntitle = \"都发\"\nfor = \"group\"\nclass = \"service\"\nstart = { on = \"by-hand\" }\n\
         [[step]]\nid = \"say\"\nat = \"D0 +0m\"\nvia = \"group\"\ntext = \"好\"\n",
    );
    book.sop(
        "id = \"one\"\ntitle = \"私聊\"\nfor = \"member\"\nclass = \"service\"\nstart = { on = \"by-hand\" }\n\
         [[step]]\nid = \"say\"\nat = \"D0 +0m\"\nvia = \"private\"\ntext = \"好\"\n",
    );
    let groups = book.groups.iter().map(|id| Target::Group(*id)).collect();
    let members: Vec<Target> = book.members.iter().map(|id| Target::Member(*id)).collect();
    for (playbook, targets) in [("all", groups), ("one", members)] {
        let (playbook, filter) = (PlaybookId(playbook.to_owned()), String::new());
        book.desk.run(Command::Enrol { playbook, targets, filter, anchor: None, dry_run: false }).unwrap();
    }
    let later = book.desk.now().wall + std::time::Duration::from_secs(60);
    book.desk.at_time(later);
    book.desk.tick();
    let names = ["早市群", "晚市群", "张三", "李四", "王五"];
    let tasks = book.tasks("state:due");
    let [first, second, third, fourth, fifth] =
        names.map(|name| tasks.iter().find(|task| task.target_name == name).unwrap().id);
    for task in [first, second, third, fourth, fifth] {
        assert_eq!(warned(&mut book, task), Vec::<String>::new());
    }
    let account =
        book.desk.desk.store().bodies.read::<Task>(&keys::task(third)).unwrap().unwrap().status.account;
    let account = account.unwrap();
    let term = |book: &mut Book, object: ObjectRef, term: &str| {
        let fields = vec![(Field::SearchTerm, term.to_owned())];
        book.desk.run(Command::Edit { objects: vec![object], fields }).unwrap();
    };
    let contact = |book: &Book, at: usize| ObjectRef::Contact(book.members[at], account);
    // two groups; two people; somebody and the name of another
    for at in [0, 1] {
        let group = ObjectRef::Group(book.groups[at]);
        term(&mut book, group, "市集 1");
    }
    let (zhang, li, wang) = (contact(&book, 0), contact(&book, 1), contact(&book, 2));
    term(&mut book, zhang, "Sunny 妈");
    term(&mut book, li, "sunny 妈");
    term(&mut book, wang, "赵六");
    for (task, other) in
        [(first, "晚市群"), (second, "早市群"), (third, "李四 "), (fourth, "张三 "), (fifth, "赵六 ")]
    {
        let words = warned(&mut book, task);
        assert!(words.len() == 1 && words[0].contains(&format!("还会出来: {other}")), "{other} {words:?}");
    }
    // what is called otherwise is found no more
    term(&mut book, li, "李四 望京");
    assert_eq!(warned(&mut book, third), Vec::<String>::new());
    term(&mut book, wang, "市集 1");
    assert!(warned(&mut book, first)[0].contains("晚市群, 王五 "), "{:?}", warned(&mut book, first));
}

#[test]
fn names_are_found_and_told_apart() {
    let mut book = Book::new(&["张家群", "李家群"], &["张三", "张三", "张三丰"]);
    let suggestions = match book.desk.ask(Request::Suggest {
        kinds: vec![Kind::Member, Kind::Group],
        text: "zhang".to_owned(),
        limit: 10,
    }) {
        Reply::Suggestions(found) => found.into_iter().map(|s| s.name).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(suggestions, ["张三", "张三", "张三丰", "张家群"]);
    let mut find = |kind, text: &str| match book.desk.ask(Request::Find { kind, text: text.to_owned() }) {
        Reply::Found(found) => found.len(),
        Reply::Refused(refusal) => {
            assert!(!refusal.words.is_empty());
            0
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(find(Kind::Member, "张三"), 2);
    assert_eq!(find(Kind::Member, "张三丰"), 1);
    assert_eq!(find(Kind::Group, "ljq"), 1);
    assert_eq!(find(Kind::Group, "王家群"), 0);
    let tail = book.members[2].to_string();
    assert_eq!(
        find_by(&mut book, &tail[tail.len() - 8..]),
        Some(LineId::Object(ObjectId::Member(book.members[2])))
    );
}

fn find_by(book: &mut Book, text: &str) -> Option<LineId> {
    match book.desk.ask(Request::Find { kind: Kind::Member, text: text.to_owned() }) {
        Reply::Found(found) => found.first().map(|s| s.id.clone()),
        _ => None,
    }
}

/// A name with a blank in it is one name where the book has it.
#[test]
fn a_listed_name_with_a_blank_is_not_torn() {
    let mut book = Book::new(&["一群"], &["阳阳妈 任嘉乐", "张三", "李四"]);
    book.sop(
        "id = \"pick\"\nfor = \"group\"\nclass = \"service\"\nstart = { on = \"recurrence\", every = \"daily\" }\n\
         [[ask]]\nkey = \"未提货\"\ntype = \"list\"\nby = \"D0 14:00\"\n\
         [[step]]\nid = \"open\"\nat = \"D0 15:00\"\nvia = \"group\"\nif = \"ask:未提货\"\ntext = [\"{{ 未提货 }}\"]\n",
    );
    let cases = [
        ("阳阳妈 任嘉乐", "阳阳妈 任嘉乐、", "阳阳妈 任嘉乐"),
        ("阳阳妈 任嘉乐\n张三 李四", "阳阳妈 任嘉乐、张三、李四、", "阳阳妈 任嘉乐、张三、李四"),
        ("张三 李四", "张三 李四", "张三、李四"),
    ];
    for (typed, taken, expected) in cases {
        let fill = Command::Fill {
            playbook: crate::book::PlaybookId("pick".to_owned()),
            run: "2026-11-22".parse().unwrap(),
            group: None,
            key: "未提货".to_owned(),
            value: typed.to_owned(),
        };
        book.desk.run(fill).unwrap();
        book.tick_at("2026-11-22 15:00");
        let Reply::Asks(asks) = book.desk.ask(Request::Asks) else { panic!("no forms") };
        assert_eq!(asks[0].value, taken, "{typed}");
        let task = book.tasks("state:due").pop().unwrap();
        assert_eq!(book.text(task.id).parts[0].copy.as_deref(), Some(expected), "{typed}");
    }
}
