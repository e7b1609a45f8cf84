//! Answers of a run's form, and what follows from whom they name.
//!
//! One file because every case is a form that is filled in and what the queue is then.

use super::*;
use crate::book::TaskKind;
use crate::door::form::Kind;
use crate::door::request::ListSpec;
use crate::door::{Reply, Request};

#[test]
fn who_is_on_the_form_gets_the_private_reminder_of_the_day() {
    let mut book = Book::new();
    book.no_rules();
    let group = book.group("鲜果团1群");
    let (friend, stranger, other) = (book.member("张三"), book.member("李四"), book.member("王五"));
    for member in [friend, stranger, other] {
        book.join(member, group);
    }
    book.befriend(friend);
    book.befriend(other);
    book.sop(crate::sop::builtin::builtin("groupbuy-day").unwrap().source);
    book.tick_at("2026-11-22 18:15");
    let run = book.desk.now().wall.day(chrono_tz::Tz::Asia__Shanghai);
    let fill = |value: &str| Command::Fill {
        playbook: PlaybookId("groupbuy-day".into()),
        run,
        group: Some(group),
        key: "未提货".into(),
        value: value.into(),
    };
    let filled = book.desk.run(fill("张三、李四 2份\n小美")).unwrap();
    assert_eq!(filled.warnings, ["不在本群成员册: 小美"]);
    book.tick_at("2026-11-22 21:20");
    let reminders = |book: &Book| -> Vec<Target> {
        let step = |task: &Task| matches!(&task.kind, TaskKind::Step { key, .. } if key.step == "remind");
        let mut targets: Vec<Target> = book.open().iter().filter(|t| step(t)).map(|t| t.target).collect();
        targets.sort();
        targets
    };
    assert_eq!(reminders(&book), [Target::Member(friend), Target::Member(stranger)]);
    let blocked = "is:blocked step:remind";
    let list = ListSpec::of(Kind::Task, blocked);
    match book.desk.ask(Request::List { list, first: 0, rows: 9, texts: false }) {
        Reply::Window(window) => assert_eq!(window.total, 1, "who is no friend is blocked"),
        reply => panic!("{reply:?}"),
    }
    book.tick_at("2026-11-22 21:30");
    assert_eq!(reminders(&book).len(), 2, "each once");
}

#[test]
fn nobody_is_an_answer() {
    let mut book = Book::new();
    let group = book.group("鲜果团1群");
    let member = book.member("张三");
    book.join(member, group);
    book.befriend(member);
    book.sop(crate::sop::builtin::builtin("groupbuy-day").unwrap().source);
    book.tick_at("2026-11-22 18:15");
    let asked = |book: &Book| {
        let is_list = |t: &&Task| matches!(&t.kind, TaskKind::Ask { key, .. } if key == "未提货");
        book.open().iter().find(is_list).map(|task| task.id)
    };
    let task = asked(&book).unwrap();
    let sent = TaskVerb::Sent { at: None, also: false };
    let refusal = book.desk.run(Command::Task { tasks: vec![task], verb: sent }).unwrap_err();
    assert_eq!(refusal.words, "未提货 是要填的表，填了才算完");
    assert!(!refusal.hint.is_empty());
    let run = book.desk.now().wall.day(chrono_tz::Tz::Asia__Shanghai);
    for (value, words) in [("", "已填 未提货: 没有"), ("没有", "未提货 没有变化")] {
        let fill = Command::Fill {
            playbook: PlaybookId("groupbuy-day".into()),
            run,
            group: Some(group),
            key: "未提货".into(),
            value: value.into(),
        };
        assert_eq!(book.desk.run(fill).unwrap().words, words);
        assert_eq!(asked(&book), None, "the to-do has ended");
    }
    let counts = book.desk.desk.counts(book.desk.now().wall);
    assert_eq!(counts.sent_today, 0, "a form is no message");
    book.tick_at("2026-11-22 21:20");
    let steps: Vec<String> = book
        .tasks()
        .into_iter()
        .filter_map(|task| match task.kind {
            TaskKind::Step { key, .. } if task.status.state.is_open() => Some(key.step),
            _ => None,
        })
        .collect();
    assert!(!steps.contains(&"remind".to_owned()) && !steps.contains(&"unpicked".to_owned()), "{steps:?}");
    book.desk.restart();
}

#[test]
fn a_question_ends_with_the_last_step_that_needs_its_answer() {
    let mut book = Book::new();
    book.no_rules();
    book.group("鲜果团1群");
    book.sop(crate::sop::builtin::builtin("groupbuy-day").unwrap().source);
    let asked = |book: &Book| {
        let key = |task: Task| match task.kind {
            TaskKind::Ask { key, .. } => Some(key),
            _ => None,
        };
        book.open().into_iter().filter_map(key).collect::<Vec<String>>()
    };
    book.tick_at("2026-11-22 18:15");
    assert!(asked(&book).contains(&"未提货".to_owned()), "{:?}", asked(&book));
    book.tick_at("2026-11-22 23:30");
    assert_eq!(asked(&book), Vec::<String>::new(), "nothing of the day says it any more");
}

#[test]
fn the_day_ahead_tells_forms_from_messages_and_counts_what_is_said_once_as_one() {
    let mut book = Book::new();
    book.no_rules();
    let groups = ["鲜果团1群", "鲜果团2群"].map(|name| book.group(name));
    let ahead = |book: &mut Book| match book.desk.ask(Request::Agenda) {
        Reply::Agenda(planned) => {
            planned.into_iter().map(|line| (line.asks, line.n)).collect::<Vec<(Option<String>, u32)>>()
        }
        reply => panic!("{reply:?}"),
    };
    book.sop(
        r#"
id = "evening"
title = "晚间"
for = "group"
class = "service"
start = { on = "recurrence", every = "daily" }
[[ask]]
key = "未提货"
type = "list"
per = "group"
by = "D0 20:00"
[[step]]
id = "unpicked"
at = "D0 21:00"
until = "D0 22:00"
via = "group"
text = ["{{ 未提货 }}"]
"#,
    );
    assert_eq!(ahead(&mut book), [(Some("未提货".to_owned()), 2)]);
    book.tick_at("2026-11-22 18:00");
    assert_eq!(ahead(&mut book), [(None, 2)], "the forms are open, the messages lie ahead");
    book.desk.run(Command::SopPause { playbook: PlaybookId("evening".into()) }).unwrap();
    assert_eq!(ahead(&mut book), []);
    book.sop(WELCOME);
    book.tick_at("2026-11-23 08:00");
    for (name, group) in ["张三", "李四", "王五"].into_iter().zip([groups[0], groups[0], groups[1]]) {
        let member = book.member(name);
        book.join(member, group);
    }
    assert_eq!(ahead(&mut book), [(None, 2)], "one welcome a group");
}

#[test]
fn what_was_passed_over_for_want_of_an_answer_is_offered_once_it_is_there() {
    let mut book = Book::new();
    book.no_rules();
    let group = book.group("鲜果团1群");
    book.sop(crate::sop::builtin::builtin("groupbuy-day").unwrap().source);
    book.tick_at("2026-11-22 18:31");
    let unpicked = |book: &Book| {
        let step = |task: &Task| matches!(&task.kind, TaskKind::Step { key, .. } if key.step == "unpicked");
        book.tasks().into_iter().find(step).map(|task| task.status.state)
    };
    assert_eq!(unpicked(&book), Some(TaskState::Skipped));
    let run = book.desk.now().wall.day(chrono_tz::Tz::Asia__Shanghai);
    let fill = |value: &str| Command::Fill {
        playbook: PlaybookId("groupbuy-day".into()),
        run,
        group: Some(group),
        key: "未提货".into(),
        value: value.into(),
    };
    book.desk.run(fill("没有")).unwrap();
    assert_eq!(unpicked(&book), Some(TaskState::Skipped), "nobody is to be reminded");
    book.desk.run(fill("张三")).unwrap();
    assert_eq!(unpicked(&book), Some(TaskState::Due));
    book.desk.run(Command::Undo { act: None }).unwrap();
    assert_eq!(unpicked(&book), Some(TaskState::Skipped));
    book.tick_at("2026-11-22 19:40");
    book.desk.run(fill("张三")).unwrap();
    assert_eq!(unpicked(&book), Some(TaskState::Skipped), "its time is over");
}

/// A form whose answer stands in a text, in a 接龙 and in a text of the next day.
const WEEK: &str = r#"
id = "week"
title = "周团"
for = "group"
class = "service"
start = { on = "recurrence", every = "weekly: 日" }
[[ask]]
key = "价格"
type = "money"
by = "D0 09:00"
[[step]]
id = "open"
at = "D0 10:00"
via = "group"
text = ["小台芒{{ 价格 }}元，{{ group }}的各位"]
[[step]]
id = "list"
at = "D0 10:00"
via = "group"
parts = [{ text = ["接龙了"] }, { jielong = "小台芒 {{ 价格 }}" }, { text = ["一箱 {{ 价格 }}"] }]
"#;

fn fill_price(book: &mut Book, value: &str) -> crate::door::reply::Outcome {
    let run = book.desk.now().wall.day(chrono_tz::Tz::Asia__Shanghai);
    let (playbook, key) = (PlaybookId("week".into()), "价格".to_owned());
    book.desk.run(Command::Fill { playbook, run, group: None, key, value: value.into() }).unwrap()
}

fn shown(book: &Book, task: TaskId) -> Vec<String> {
    let desk = &book.desk.desk;
    let text = desk.task_text(&desk.store().task(task).unwrap().unwrap()).unwrap();
    assert_eq!(text.blocked, None);
    text.parts.into_iter().map(|part| part.copy.unwrap_or(part.show)).collect()
}

#[test]
fn what_was_sent_is_shown_as_it_was_said_whatever_the_form_and_the_book_say_since() {
    let mut book = Book::new();
    book.no_rules();
    let groups = ["鲜果团1群", "鲜果团2群"].map(|name| book.group(name));
    book.sop(WEEK);
    book.tick_at("2026-11-22 09:00");
    assert_eq!(fill_price(&mut book, "39.8").words, "已填 价格");
    book.tick_at("2026-11-22 10:01");
    let of = |book: &Book, group: usize, step: &str| {
        let is = |t: &&Task| {
            t.target == Target::Group(groups[group])
                && matches!(&t.kind, TaskKind::Step { key, .. } if key.step == step)
        };
        book.tasks().iter().find(is).map(|task| task.id).unwrap()
    };
    let (open, list, other) = (of(&book, 0, "open"), of(&book, 0, "list"), of(&book, 1, "open"));
    assert!(shown(&book, list)[1].contains("小台芒 39.8"));
    for task in [open, list] {
        book.verb(task, TaskVerb::Sent { at: None, also: false });
    }
    let said = [shown(&book, open), shown(&book, list)];
    assert_eq!(said[0], ["小台芒39.8元，鲜果团1群的各位"]);
    assert_eq!(said[1][2], "一箱 39.8");
    let filled = fill_price(&mut book, "36.8").words;
    let ids = format!("{},{}", open.short(), list.short());
    let each = "open 1 个群已按 39.8 发出; list 1 个群已按 39.8 发出";
    let told = format!("已填 价格; {each}, 更正: 在已发的那条上按 ! (/id:{ids})");
    assert_eq!(filled, told, "one group, two texts");
    let objects = vec![crate::door::command::ObjectRef::Group(groups[0])];
    let fields = vec![(crate::door::form::Field::Name, "鲜果一群".to_owned())];
    book.desk.run(Command::Edit { objects, fields }).unwrap();
    assert_eq!([shown(&book, open), shown(&book, list)], said);
    assert_eq!(shown(&book, other), ["小台芒36.8元，鲜果团2群的各位"], "what is still to be sent follows");
    book.desk.restart();
    assert_eq!([shown(&book, open), shown(&book, list)], said);
    book.verb(other, TaskVerb::Sent { at: None, also: false });
    let filled = fill_price(&mut book, "36.80").words;
    assert!(
        filled.contains("open 1 个群已按 39.8 发出; list") && !filled.contains("已按 36.8"),
        "who got the same amount got it right: {filled}"
    );
    let filled = fill_price(&mut book, "35").words;
    let each = ["open 1 个群已按 36.8 发出", "open 1 个群已按 39.8 发出", "list 1 个群已按 39.8 发出"];
    assert!(each.iter().all(|one| filled.contains(one)), "each by what they really got: {filled}");
}

/// How many tasks a filter finds, open or not.
fn found(book: &mut Book, filter: &str) -> u32 {
    match book.desk.ask(Request::List {
        list: ListSpec::of(Kind::Task, filter),
        first: 0,
        rows: 9,
        texts: false,
    }) {
        Reply::Window(window) => window.total,
        reply => panic!("{reply:?}"),
    }
}

#[test]
fn a_text_is_found_by_the_answers_in_it_and_what_was_sent_by_those_it_was_sent_with() {
    let mut book = Book::new();
    book.no_rules();
    for name in ["鲜果团1群", "鲜果团2群"] {
        book.group(name);
    }
    book.sop(WEEK);
    book.tick_at("2026-11-22 09:00");
    fill_price(&mut book, "39.8");
    book.tick_at("2026-11-22 10:01");
    assert_eq!((found(&mut book, "39.8"), found(&mut book, "小台芒39.8元")), (4, 2));
    assert_eq!(found(&mut book, "36.8"), 0);
    let sent = book
        .open()
        .into_iter()
        .find(|task| matches!(&task.kind, TaskKind::Step { key, .. } if key.step == "open"));
    let sent = sent.unwrap().id;
    book.verb(sent, TaskVerb::Sent { at: None, also: false });
    fill_price(&mut book, "36.8");
    assert_eq!((found(&mut book, "state:sent 39.8"), found(&mut book, "state:sent 36.8")), (1, 0));
    assert_eq!((found(&mut book, "state:due 39.8"), found(&mut book, "state:due 36.8")), (0, 3));
    book.desk.restart();
    assert_eq!(found(&mut book, "state:sent 39.8"), 1, "also from the journal");
    for _ in 0..2 {
        book.desk.run(Command::Undo { act: None }).unwrap();
    }
    assert_eq!(
        (found(&mut book, "39.8"), found(&mut book, "state:sent 小台芒")),
        (4, 0),
        "taken back it is filled anew"
    );
    book.desk.restart();
    // a question of the run shows nothing of the group that it hangs on
    book.tick_at("2026-11-29 08:00");
    let ask = book.open().into_iter().find(|task| matches!(task.kind, TaskKind::Ask { .. })).unwrap();
    match book.desk.ask(Request::Task(ask.id)) {
        Reply::Task(detail) => assert_eq!((detail.past.len(), detail.coming.len()), (0, 0)),
        reply => panic!("{reply:?}"),
    }
}

#[test]
fn a_wrong_answer_is_corrected_for_those_who_got_it_and_its_form_is_named() {
    use crate::door::reply::Spread;
    let mut book = Book::new();
    book.no_rules();
    for name in ["鲜果团1群", "鲜果团2群", "鲜果团3群", "鲜果团4群"] {
        book.group(name);
    }
    book.sop(WEEK);
    book.tick_at("2026-11-22 09:00");
    fill_price(&mut book, "39.8");
    book.tick_at("2026-11-22 10:01");
    let opens = |book: &Book| -> Vec<Task> {
        let is = |t: &Task| {
            matches!(&t.kind, TaskKind::Step { key, .. } if key.step == "open") && t.group.is_some()
        };
        book.tasks().into_iter().filter(is).collect()
    };
    let tasks: Vec<TaskId> = opens(&book).iter().map(|task| task.id).collect();
    let sent = |book: &mut Book, task| book.verb(task, TaskVerb::Sent { at: None, also: false });
    let spread = |book: &mut Book, task| -> Spread {
        match book.desk.ask(Request::Spread(task)) {
            Reply::Spread(spread) => spread,
            other => panic!("{other:?}"),
        }
    };
    sent(&mut book, tasks[0]);
    sent(&mut book, tasks[1]);
    let before = spread(&mut book, tasks[0]);
    assert_eq!(before.text, "小台芒39.8元，{{ group }}的各位", "the wrong value is there to be put right");
    assert_eq!((before.pending, before.got, before.filled.as_str()), (2, 2, "39.8"));
    let form = "“周团” 11-22 的表 价格: 39.8 (按 = 改, 或 qun fill week 价格)";
    assert_eq!(before.stands[0], form);

    // written anew while the form still says the old: the form is named, the playbook is not
    let correct = |book: &mut Book, text: &str| {
        let (text, notice) = (text.to_owned(), Some("更正：{{ 价格 }}元，{{ group }}".to_owned()));
        book.desk.run(Command::Correct { task: tasks[0], text, notice, part: None }).unwrap()
    };
    let outcome = correct(&mut book, "小台芒36.8元，{{ group }}的各位");
    assert_eq!(outcome.made.len(), 2);
    assert!(outcome.warnings[0].ends_with(form), "{:?}", outcome.warnings);
    assert_eq!(shown(&book, tasks[2]), ["小台芒36.8元，鲜果团3群的各位"]);
    fill_price(&mut book, "36.8");
    let notices = |book: &Book| -> Vec<String> {
        let made = book.open().into_iter().filter(|t| matches!(t.kind, TaskKind::Correction { .. }));
        made.flat_map(|task| shown(book, task.id)).collect()
    };
    assert_eq!(
        notices(&book),
        ["更正：36.8元，鲜果团2群", "更正：36.8元，鲜果团1群"],
        "what it asks is filled"
    );
    book.desk.run(Command::Undo { act: None }).unwrap();
    book.desk.run(Command::Undo { act: None }).unwrap();
    assert_eq!(notices(&book), [""; 0]);

    // put right in the form first: who gets it right is told nothing
    fill_price(&mut book, "36.8");
    sent(&mut book, tasks[2]);
    let after = spread(&mut book, tasks[0]);
    assert_eq!(after.text, "小台芒36.8元，{{ group }}的各位");
    assert_eq!((after.pending, after.got, after.others), (0, 2, 1));
    assert_eq!(after.stands, [""; 0], "the form is right by now, and the words always were");
    assert_eq!(spread(&mut book, tasks[3]).got, 1);
    let outcome = correct(&mut book, &after.text);
    assert_eq!((outcome.made.len(), outcome.warnings.len()), (2, 0));
    assert_eq!(shown(&book, tasks[3]), ["小台芒36.8元，鲜果团4群的各位"]);
    book.desk.restart();
}

/// A group's private reminder of whom a list names, and the list.
struct Listed {
    book: Book,
    group: GroupId,
    members: Vec<MemberId>,
}

impl Listed {
    fn new(who: &str) -> Self {
        let mut book = Book::new();
        book.no_rules();
        let group = book.group("一群");
        let members: Vec<MemberId> = ["客甲", "客乙", "客丙"].iter().map(|name| book.member(name)).collect();
        for member in &members {
            book.join(*member, group);
            book.befriend(*member);
        }
        let toml = format!(
            "id = \"fan\"\ntitle = \"提货\"\nfor = \"group\"\nclass = \"service\"\n\
             start = {{ on = \"recurrence\", every = \"daily\" }}\n\
             [[ask]]\nkey = \"未提货\"\ntype = \"list\"\nper = \"group\"\nby = \"D0 18:15\"\n\
             [[step]]\nid = \"remind\"\nat = \"D0 21:20\"\nuntil = \"D0 22:00\"\nlate = \"drop\"\n\
             via = \"private\"\nwho = \"{who}\"\ntext = [\"{{{{ name }}}}，明早来取\"]\n\
             [[step]]\nid = \"bye\"\nat = \"D0 21:22\"\nuntil = \"D0 22:00\"\nlate = \"drop\"\n\
             via = \"group\"\ntext = [\"晚安\"]\n"
        );
        book.sop(&toml);
        book.tick_at("2026-11-22 18:15");
        Self { book, group, members }
    }

    fn filling(&self, value: &str) -> Command {
        Command::Fill {
            playbook: PlaybookId("fan".into()),
            run: chrono::NaiveDate::from_ymd_opt(2026, 11, 22).unwrap(),
            group: Some(self.group),
            key: "未提货".into(),
            value: value.into(),
        }
    }

    fn fill(&mut self, value: &str) -> crate::door::reply::Outcome {
        let fill = self.filling(value);
        self.book.desk.run(fill).unwrap()
    }

    /// Who is offered the reminder.
    fn offered(&self) -> String {
        let step = |task: &&Task| matches!(&task.kind, TaskKind::Step { key, .. } if key.step == "remind");
        let open = self.book.open();
        let is_for = |id: &MemberId| open.iter().filter(step).any(|task| task.target == Target::Member(*id));
        let names = ["甲", "乙", "丙"].into_iter().zip(&self.members);
        names.filter(|(_, id)| is_for(id)).map(|(name, _)| name).collect()
    }

    fn reminder(&self, at: usize) -> Task {
        let of = |task: &Task| task.target == Target::Member(self.members[at]);
        self.book.tasks().into_iter().rev().find(of).unwrap()
    }
}

#[test]
fn private_reminders_follow_a_list_that_is_corrected() {
    let mut listed = Listed::new("ask:未提货");
    assert_eq!(listed.fill("客甲、客乙").words, "已填 未提货");
    listed.book.tick_at("2026-11-22 21:21");
    assert_eq!(listed.offered(), "甲乙");
    for at in ["2026-11-22 21:21", "2026-11-22 21:25"] {
        // before and after the rest of the round was passed
        listed.book.tick_at(at);
        assert_eq!(listed.fill("客丙").words, "已填 未提货; +1 -2 条私聊");
        listed.book.desk.tick();
        assert_eq!(listed.offered(), "丙", "{at}");
        let ended = listed.reminder(0).status;
        let why = EndReason::NotMeant { who: "ask:未提货".to_owned() };
        assert_eq!((ended.state, ended.end), (TaskState::Cancelled, Some(why)));
        listed.book.desk.run(Command::Undo { act: None }).unwrap();
        assert_eq!(listed.offered(), "甲乙");
        listed.book.desk.run(Command::Redo).unwrap();
        assert_eq!(listed.offered(), "丙");
        assert_eq!(listed.fill("客甲，客乙").words, "已填 未提货; +2 -1 条私聊");
        assert_eq!(listed.offered(), "甲乙");
    }
    let copied = listed.reminder(0).id;
    listed.book.verb(copied, TaskVerb::Copied { part: 0 });
    let filled = listed.fill("");
    assert_eq!(filled.words, "已填 未提货: 没有; -1 条私聊");
    assert_eq!(filled.warnings, ["已不在名单，但已复制或发过一段，没有取消: 客甲"]);
    assert_eq!(listed.offered(), "甲");
    listed.book.tick_at("2026-11-22 22:01");
    assert_eq!(listed.fill("客丙").words, "已填 未提货", "its span is over");
    assert_eq!(listed.offered(), "");
}

/// Whom a list names while the group is paused gets theirs when the pause is over; where that is too late it is said.
#[test]
fn a_list_that_is_filled_in_during_a_pause_waits_for_its_end() {
    let until = |at: &str| Some(crate::desk::testing::at(&format!("2026-11-22 {at}")));
    let pauses = [(until("21:50"), "甲", ""), (until("22:30"), "", "不会恢复"), (None, "", "没有定恢复时间")];
    for (until, expected, why) in pauses {
        let mut listed = Listed::new("ask:未提货");
        listed.book.tick_at("2026-11-22 21:25");
        let targets = vec![Target::Group(listed.group)];
        listed.book.desk.run(Command::Pause { targets, until }).unwrap();
        let told = listed.fill("客甲").warnings.concat();
        assert!(told.contains(why) && told.is_empty() == why.is_empty(), "{told}");
        assert_eq!(listed.book.open().iter().filter(|task| task.status.state == TaskState::Due).count(), 1);
        listed.book.tick_at("2026-11-22 21:51");
        assert_eq!(listed.offered(), expected);
    }
}

/// Both the answer that comes back and what was left of the act would offer it again: one does.
#[test]
fn a_list_that_is_filled_again_by_a_redo_in_the_middle_is_followed_once() {
    use crate::store::record::Work;
    let mut listed = Listed::new("ask:未提货");
    listed.book.tick_at("2026-11-22 21:25");
    for share in [40, 20, 8] {
        listed.book.desk.desk.works.set_share(share);
        let fill = listed.filling("客甲、客乙、客丙");
        for command in [fill, Command::Undo { act: None }, Command::Redo] {
            let command_id = listed.book.desk.desk.ids.next(listed.book.desk.now().wall);
            listed.book.desk.begin_as("王店长", Request::Do { command_id, command, saw: None });
            let works = &listed.book.desk.desk.store.columns.works;
            let left = works.iter().filter(|left| matches!(left.work, Work::OfferAgain { .. })).count();
            assert!(left <= 1, "{share}: {works:?}");
        }
        listed.book.desk.tick();
        assert_eq!(listed.offered(), "甲乙丙", "{share}");
        let open = listed.book.open();
        let open = open.iter().filter(|task| matches!(task.target, Target::Member(_))).count();
        assert_eq!(open, 3, "{share}");
        listed.book.desk.run(Command::Undo { act: None }).unwrap();
        assert_eq!(listed.offered(), "", "{share}");
    }
}

#[test]
fn a_list_that_is_filled_in_late_brings_what_it_is_for() {
    let mut listed = Listed::new("ask:未提货");
    listed.book.tick_at("2026-11-22 21:25");
    assert_eq!(listed.offered(), "");
    assert_eq!(listed.fill("客甲、客丙").words, "已填 未提货; +2 条私聊");
    assert_eq!(listed.offered(), "甲丙");
    listed.book.desk.run(Command::Undo { act: None }).unwrap();
    assert_eq!(listed.offered(), "");
    assert_eq!(listed.fill("客甲").words, "已填 未提货; +1 条私聊");
    assert_eq!(listed.offered(), "甲");
    listed.book.tick_at("2026-11-22 21:40");
    assert_eq!(listed.offered(), "甲");
}

#[test]
fn who_matches_no_more_is_not_reminded_and_it_is_said_before_copying() {
    let mut listed = Listed::new("tag:欠 OR ask:未提货");
    let owes = |book: &mut Book, member: MemberId, value: &str| {
        let fields = vec![(crate::door::form::Field::Tags, value.to_owned())];
        book.desk
            .run(Command::Edit { objects: vec![crate::door::command::ObjectRef::Member(member)], fields })
            .unwrap();
    };
    let members = listed.members.clone();
    members[..2].iter().for_each(|member| owes(&mut listed.book, *member, "欠"));
    listed.fill("客乙、客丙");
    listed.book.tick_at("2026-11-22 21:21");
    assert_eq!(listed.offered(), "甲乙丙");
    owes(&mut listed.book, members[0], "");
    assert_eq!(listed.offered(), "乙丙", "nobody names them");
    listed.book.desk.run(Command::Undo { act: None }).unwrap();
    assert_eq!(listed.offered(), "甲乙丙");
    owes(&mut listed.book, members[1], "");
    assert_eq!(listed.offered(), "甲乙丙", "the list names them still");
    let copied = listed.reminder(0).id;
    listed.book.verb(copied, TaskVerb::Copied { part: 0 });
    owes(&mut listed.book, members[0], "");
    assert_eq!(listed.offered(), "甲乙丙", "who has it copied decides");
    let warned = format!("{:?}", listed.book.desk.ask(Request::Task(copied)));
    assert!(warned.contains("不再符合 tag:欠 OR ask:未提货"), "{warned}");
}

#[test]
fn several_names_behind_one_at_are_each_meant() {
    let mut listed = Listed::new("ask:未提货");
    let fields = vec![(crate::door::form::Field::Name, "Lucy Li".to_owned())];
    let objects = vec![crate::door::command::ObjectRef::Member(listed.members[2])];
    listed.book.desk.run(Command::Edit { objects, fields }).unwrap();
    listed.book.tick_at("2026-11-22 21:21");
    assert_eq!(listed.fill("@客甲 客乙").words, "已填 未提货; +2 条私聊");
    assert_eq!(listed.offered(), "甲乙");
    let filled = listed.fill("@Lucy Li 客甲");
    assert!(filled.words.contains("Lucy Li、客甲") && filled.warnings.is_empty(), "{filled:?}");
    assert_eq!(listed.offered(), "甲丙");
    let filled = listed.fill("@客乙 Lucy Li 李思");
    assert!(filled.warnings.iter().any(|words| words.contains("李思")), "{filled:?}");
    assert_eq!(listed.offered(), "乙丙");
    // what else a line says is no name
    assert_eq!(listed.fill("@客甲 2份").words, "已填 未提货; +1 -2 条私聊");
    assert_eq!(listed.offered(), "甲");
}
