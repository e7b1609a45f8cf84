//! Windows that stay true: whatever happens, a screen's patches make what a fresh window says.
//!
//! One file because all of it is held against one thing, the screen that is made of what is pushed.

use proptest::prelude::*;

use super::{Book, CHECKIN, GROUPBUY, MORNING, SENT};
use crate::book::{ActivityKind, Group, ObjectId, PlaybookId, SkipReason, Target, TaskId, Timestamp};
use crate::door::command::{Happening, TaskVerb, Tell, Who};
use crate::door::form::Kind;
use crate::door::line::{GroupLine, LineId, Lines, MemberLine, TaskLine};
use crate::door::reply::Window;
use crate::door::request::{ListSpec, Sort};
use crate::door::{Command, Push, Reply, Request};
use crate::store::Body;
use crate::store::record::{Change, Edited};
use crate::text::lang::Lang;

/// What a screen makes of a watch: it holds the window and applies what is pushed.
struct Screen {
    list: ListSpec,
    first: u32,
    rows: u32,
    rev: u64,
    total: u32,
    order: Vec<LineId>,
    tasks: Vec<TaskLine>,
    groups: Vec<GroupLine>,
    members: Vec<MemberLine>,
}

impl Screen {
    fn new(book: &mut Book, watch: u32, list: ListSpec, first: u32, rows: u32) -> Self {
        let request = Request::Watch { watch, list: list.clone(), first, rows, around: None };
        let mut screen = Self {
            list,
            first,
            rows,
            rev: 0,
            total: 0,
            order: Vec::new(),
            tasks: Vec::new(),
            groups: Vec::new(),
            members: Vec::new(),
        };
        match book.desk.ask(request) {
            Reply::Window(window) => screen.take(window),
            other => panic!("{other:?}"),
        }
        screen
    }

    fn take(&mut self, window: Window) {
        (self.rev, self.total, self.first) = (window.rev, window.total, window.first);
        self.order = match &window.lines {
            Lines::Tasks(l) => l.iter().map(|l| LineId::Object(ObjectId::Task(l.id))).collect(),
            Lines::Groups(l) => l.iter().map(|l| LineId::Object(ObjectId::Group(l.id))).collect(),
            Lines::Members(l) => l.iter().map(|l| LineId::Object(ObjectId::Member(l.id))).collect(),
            _ => Vec::new(),
        };
        self.upsert(window.lines);
    }

    fn upsert(&mut self, lines: Lines) {
        match lines {
            Lines::Tasks(lines) => lines.into_iter().for_each(|line| {
                self.tasks.retain(|known| known.id != line.id);
                self.tasks.push(line);
            }),
            Lines::Groups(lines) => lines.into_iter().for_each(|line| {
                self.groups.retain(|known| known.id != line.id);
                self.groups.push(line);
            }),
            Lines::Members(lines) => lines.into_iter().for_each(|line| {
                self.members.retain(|known| known.id != line.id);
                self.members.push(line);
            }),
            _ => {}
        }
    }

    fn hear(&mut self, watch: u32, push: &Push) {
        match push {
            Push::Window(window) if window.watch == watch => self.take(window.clone()),
            Push::Patch(patch) if patch.watch == watch => {
                assert_eq!(patch.rev, self.rev + 1, "a patch was lost");
                (self.rev, self.total) = (patch.rev, patch.total);
                self.order.clone_from(&patch.order);
                self.upsert(patch.upserts.clone());
            }
            _ => {}
        }
    }

    /// The lines of the window, in order.
    fn shown(&self) -> Vec<String> {
        self.order
            .iter()
            .map(|id| match id {
                LineId::Object(ObjectId::Task(id)) => {
                    format!("{:?}", self.tasks.iter().find(|l| l.id == *id))
                }
                LineId::Object(ObjectId::Group(id)) => {
                    format!("{:?}", self.groups.iter().find(|l| l.id == *id))
                }
                LineId::Object(ObjectId::Member(id)) => {
                    format!("{:?}", self.members.iter().find(|l| l.id == *id))
                }
                other => format!("{other:?}"),
            })
            .collect()
    }
}

/// Something that happens while screens watch.
#[derive(Clone, Debug)]
pub(super) enum Happens {
    Sent(usize),
    Skip(usize),
    Snooze(usize, u8),
    Wake(usize),
    Reply(usize),
    Rename(usize),
    Tag(usize),
    Later(u16),
    FollowUp(usize),
    NewGroup,
    Undo,
}

pub(super) fn happens() -> impl Strategy<Value = Happens> {
    prop_oneof![
        (0..20_usize).prop_map(Happens::Sent),
        (0..20_usize).prop_map(Happens::Skip),
        (0..20_usize, 1..60_u8).prop_map(|(n, minutes)| Happens::Snooze(n, minutes)),
        (0..20_usize).prop_map(Happens::Wake),
        (0..3_usize).prop_map(Happens::Reply),
        (0..3_usize).prop_map(Happens::Rename),
        (0..3_usize).prop_map(Happens::Tag),
        (1..900_u16).prop_map(Happens::Later),
        (0..3_usize).prop_map(Happens::FollowUp),
        Just(Happens::NewGroup),
        Just(Happens::Undo),
    ]
}

pub(super) fn carry_out(book: &mut Book, what: &Happens) {
    let open: Vec<TaskId> = book.desk.desk.store().columns.tasks.iter().map(|(_, id, _)| id).collect();
    let pick = |n: usize| (!open.is_empty()).then(|| open[n % open.len()]);
    let now = book.desk.now().wall;
    let whole = |minutes: i64| Timestamp((now.0 / 60_000 + minutes) * 60_000);
    let mut verb = |task: Option<TaskId>, verb| {
        if let Some(task) = task {
            // a refusal changes nothing, which is as good
            let _ = book.desk.run(Command::Task { tasks: vec![task], verb });
        }
    };
    match what {
        Happens::Sent(n) => verb(pick(*n), SENT),
        Happens::Skip(n) => {
            verb(pick(*n), TaskVerb::Skip { reason: SkipReason::Unfit, words: String::new() });
        }
        Happens::Snooze(n, minutes) => {
            verb(pick(*n), TaskVerb::Snooze { until: whole(i64::from(*minutes) + 1) });
        }
        Happens::Wake(n) => verb(pick(*n), TaskVerb::Wake),
        Happens::Reply(n) => {
            let member = book.members[*n];
            let _ = book.desk.run(Command::Reply { member, task: None, answer: None, at: None });
        }
        Happens::Rename(n) => {
            let member = book.members[*n];
            let changes = vec![Change {
                field: "remark".to_owned(),
                before: String::new(),
                after: format!("改名{}", now.0 % 7),
            }];
            book.stage(Body::Edited { object: Edited::Member(member), changes });
        }
        Happens::Tag(n) => {
            let group = book.groups[*n];
            let after = if now.0 % 2 == 0 { "重点" } else { "" };
            let changes =
                vec![Change { field: "tags".to_owned(), before: String::new(), after: after.to_owned() }];
            book.stage(Body::Edited { object: Edited::Group(group), changes });
        }
        Happens::Later(minutes) => {
            let later = whole(i64::from(*minutes));
            let text = later.local(chrono_tz::Tz::Asia__Shanghai).format("%Y-%m-%d %H:%M").to_string();
            book.tick_at(&text);
        }
        Happens::FollowUp(n) => {
            let on = ObjectId::Member(book.members[*n]);
            let _ =
                book.desk.run(Command::FollowUp { on: vec![on], words: "问问".to_owned(), at: whole(1) });
        }
        Happens::Undo => {
            let _ = book.desk.run(Command::Undo { act: None });
        }
        Happens::NewGroup => {
            let id = book.desk.desk.ids.next(now);
            let group = Group { account: Some(book.account), ..Group::new(id, "新群", now) };
            book.stage(Body::GroupMade(group));
        }
    }
}

/// Three groups and three friends, all of them in a playbook, with something due.
pub(super) fn with_courses() -> Book {
    let mut book = Book::new(&["一群", "二群", "三群"], &["张三", "李四", "王五"]);
    book.sop(MORNING);
    book.sop(CHECKIN);
    for member in book.members.clone() {
        let enrol = Command::Enrol {
            playbook: PlaybookId("checkin".to_owned()),
            targets: vec![Target::Member(member)],
            filter: String::new(),
            anchor: None,
            dry_run: false,
        };
        book.desk.run(enrol).unwrap();
    }
    book.tick_at("2026-11-22 09:30");
    book
}

#[test]
fn a_list_watched_again_in_another_language_is_told_in_it() {
    let mut book = with_courses();
    let task = book.tasks("state:due").remove(0).id;
    book.verb(task, TaskVerb::Skip { reason: SkipReason::Talked, words: String::new() });
    let reason = |book: &mut Book| {
        let list = ListSpec::of(Kind::Task, "state:skipped");
        match book.desk.ask(Request::Watch { watch: 3, list, first: 0, rows: 50, around: None }) {
            Reply::Window(Window { lines: Lines::Tasks(lines), .. }) => lines[0].reason.clone(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(reason(&mut book), SkipReason::Talked.label(Lang::ZhCn));
    let (program, operator) = ("screen".to_owned(), crate::desk::testing::OPERATOR.to_owned());
    book.desk.ask(Request::Hello { wire: crate::door::WIRE, program, operator, lang: Lang::En });
    assert_eq!(reason(&mut book), SkipReason::Talked.label(Lang::En));
}

#[test]
fn a_new_list_says_where_a_line_would_stand_that_it_has_not() {
    let mut book = with_courses();
    let ids = |book: &mut Book, filter: &str| -> Vec<LineId> {
        let lines = book.tasks(filter);
        lines.iter().map(|line| LineId::Object(ObjectId::Task(line.id))).collect()
    };
    let all = ids(&mut book, "state:due");
    assert!(all.len() >= 5, "{}", all.len());
    let around = |book: &mut Book, filter: &str, id: &LineId| {
        let list = ListSpec::of(Kind::Task, filter);
        let request = Request::Watch { watch: 3, list, first: 0, rows: 50, around: Some(id.clone()) };
        match book.desk.ask(request) {
            Reply::Window(window) => window.around,
            other => panic!("{other:?}"),
        }
    };
    let groups = ids(&mut book, "state:due member:");
    let without = format!(
        "state:due -id:{}",
        match &groups[1] {
            LineId::Object(ObjectId::Task(id)) => id.to_string(),
            other => panic!("{other:?}"),
        }
    );
    let at = all.iter().position(|id| *id == groups[1]).unwrap();
    assert_eq!(around(&mut book, "state:due", &groups[1]), Some(at as u32));
    assert_eq!(around(&mut book, &without, &groups[1]), Some(at as u32), "the next one");
    let last = all.last().unwrap().clone();
    assert_eq!(around(&mut book, "state:due", &last), Some(all.len() as u32 - 1));
    assert_eq!(around(&mut book, "state:sent", &last), None, "an empty list");
    // a list that is known stays where it is when a line goes
    assert_eq!(around(&mut book, &without, &groups[1]), Some(at as u32));
    assert_eq!(around(&mut book, &without, &groups[1]), None);
}

#[test]
fn what_lacks_a_variable_is_found_until_it_is_filled() {
    let mut book = Book::new(&["一群", "二群"], &["张三"]);
    book.sop(GROUPBUY);
    book.sop(MORNING);
    book.tick_at("2026-11-22 09:30");
    let list = ListSpec::of(Kind::Task, "is:不可发");
    let mut screen = Screen::new(&mut book, 0, list, 0, 9);
    assert_eq!(screen.total, 2, "the group-buy of both groups, and no good morning");
    let run = book.desk.now().wall.day(chrono_tz::Tz::Asia__Shanghai);
    let fill = |group: Option<_>, key: &str, value: &str| Command::Fill {
        playbook: PlaybookId("groupbuy".to_owned()),
        run,
        group,
        key: key.to_owned(),
        value: value.to_owned(),
    };
    let groups = book.groups.clone();
    for command in [fill(None, "商品", "鸡蛋 12.8"), fill(Some(groups[0]), "未提货", "张三")] {
        book.desk.run(command).unwrap();
        book.desk.tick();
    }
    for push in std::mem::take(&mut book.desk.pushed) {
        screen.hear(0, &push);
    }
    assert_eq!(screen.total, 1, "of the other group nobody has said who has not come");
    assert_eq!(book.tasks("is:blocked state:due").len(), 1);
    assert_eq!(book.tasks("state:due -is:blocked step:open").len(), 1);
}

#[test]
fn what_only_a_card_says_is_told_too() {
    let mut book = Book::new(&["一群"], &["张三"]);
    let list = ListSpec::of(Kind::Group, "");
    let mut screen = Screen::new(&mut book, 0, list, 0, 5);
    let joined =
        |kind| Happening { kind, amount: None, number: None, relative: false, text: "鸡蛋".to_owned() };
    let tell = |book: &Book, kind| {
        Command::Tell(Tell {
            who: vec![Who::Known(book.members[0])],
            said: Vec::new(),
            group: Some(book.groups[0]),
            account: None,
            happened: vec![joined(kind)],
            at: None,
        })
    };
    let join = tell(&book, ActivityKind::Joined);
    book.desk.run(join).unwrap();
    for push in std::mem::take(&mut book.desk.pushed) {
        screen.hear(0, &push);
    }
    let (before, buy) = (screen.shown(), tell(&book, ActivityKind::Bought));
    for command in [buy, Command::Undo { act: None }] {
        let rev = screen.rev;
        book.desk.run(command).unwrap();
        for push in std::mem::take(&mut book.desk.pushed) {
            screen.hear(0, &push);
        }
        assert_eq!(screen.rev, rev + 1, "an order changes the card");
        assert_eq!(screen.shown(), before, "and not the line");
    }
}

#[test]
fn a_list_that_fills_is_told_each_time_as_much_again_was_looked_at() {
    let names: Vec<String> = (0..400).map(|n| format!("客人{n:03}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut book = Book::new(&["一群"], &names);
    book.desk.tick();
    // a few rows in a turn
    book.desk.desk.views.set_slice(300);
    book.desk.pushed.clear();
    let list = ListSpec { kind: Kind::Member, filter: "客人".to_owned(), sort: Sort::Name, limit: None };
    let mut screen = Screen::new(&mut book, 3, list, 0, 20);
    let (mut turns, mut told) = (0, 0);
    while screen.total < 400 {
        book.desk.idle();
        turns += 1;
        assert!(turns < 1_000, "the list never fills: {}", screen.total);
        for push in std::mem::take(&mut book.desk.pushed) {
            told += u32::from(matches!(&push, Push::Patch(patch) if patch.watch == 3));
            screen.hear(3, &push);
        }
    }
    assert!(turns > 20, "{turns} turns are too few to tell");
    let most = u32::BITS - u32::leading_zeros(turns) + 1;
    assert!((2..=most).contains(&told), "told {told} times in {turns} turns");
    // what happens to a line that is shown is told at once, while it fills
    let list = ListSpec { kind: Kind::Member, filter: "客人0".to_owned(), sort: Sort::Name, limit: None };
    let mut screen = Screen::new(&mut book, 4, list, 0, 20);
    while screen.total < 5 {
        book.desk.idle();
        for push in std::mem::take(&mut book.desk.pushed) {
            screen.hear(4, &push);
        }
    }
    // the next slice is none after which anything is told by itself
    book.desk.idle();
    assert!(book.desk.pushed.is_empty(), "{:?}", book.desk.pushed);
    let changes =
        vec![Change { field: "remark".to_owned(), before: String::new(), after: "改名了".to_owned() }];
    book.stage(Body::Edited { object: Edited::Member(book.members[0]), changes });
    book.desk.idle();
    for push in std::mem::take(&mut book.desk.pushed) {
        screen.hear(4, &push);
    }
    assert!(screen.shown().iter().any(|line| line.contains("改名了")), "{:?}", screen.shown());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn patches_make_what_a_fresh_window_says(
        story in prop::collection::vec(happens(), 1..14),
        slice in prop::sample::select(vec![30_usize, 300, 200_000]),
    ) {
        let mut book = with_courses();
        book.desk.desk.views.set_slice(slice);
        let lists = [
            (Kind::Task, "", Sort::Natural),
            (Kind::Task, "state:due", Sort::Account),
            (Kind::Task, "is:late OR state:snoozed", Sort::Natural),
            (Kind::Task, "is:awaiting", Sort::Recent),
            (Kind::Task, "改名 OR tag:重点", Sort::Natural),
            (Kind::Group, "-tag:重点", Sort::Natural),
            (Kind::Member, "", Sort::Name),
        ];
        let mut screens: Vec<Screen> = Vec::new();
        for (watch, (kind, filter, sort)) in lists.into_iter().enumerate() {
            let list = ListSpec { kind, filter: filter.to_owned(), sort, limit: None };
            screens.push(Screen::new(&mut book, watch as u32, list, 0, 5));
        }
        for what in std::iter::once(None).chain(story.iter().map(Some)) {
            if let Some(what) = what {
                carry_out(&mut book, what);
            }
            // what was staged outside a turn is told by the next one
            book.desk.tick();
            let pushed = std::mem::take(&mut book.desk.pushed);
            for (watch, screen) in screens.iter_mut().enumerate() {
                for push in &pushed {
                    screen.hear(watch as u32, push);
                }
                let fresh = book.desk.ask(Request::List {
                    list: screen.list.clone(),
                    first: screen.first,
                    rows: screen.rows,
                    texts: false,
                });
                let Reply::Window(fresh) = fresh else { panic!("{fresh:?}") };
                prop_assert_eq!(screen.total, fresh.total, "{:?} after {:?}", screen.list, what);
                let mut other = Screen { order: Vec::new(), tasks: Vec::new(), groups: Vec::new(), members: Vec::new(), list: screen.list.clone(), ..*screen };
                other.take(fresh);
                prop_assert_eq!(screen.shown(), other.shown(), "{:?} after {:?}", screen.list, what);
            }
        }
        let due = book.tasks("state:due").len() as u32;
        let late = book.tasks("is:late").len() as u32;
        let snoozed = book.tasks("state:snoozed").len() as u32;
        let counts = book.counts();
        prop_assert_eq!((counts.due.min(100), counts.overdue.min(100), counts.snoozed), (due, late, snoozed));
        let awaiting = book.tasks("is:awaiting").len() as u32;
        prop_assert_eq!(counts.awaiting, Some(awaiting));
        let unseen = book.tasks("is:unseen").len() as u32;
        prop_assert_eq!(counts.alerts.min(100), unseen);
    }
}
