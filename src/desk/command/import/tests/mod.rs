//! Imports through the desk's turns: twice, by dry run, across crashes, against human edits.
//!
//! One file because every test replays the same small member list on the same bench.

mod bulk;
mod entering;
mod groups;

use std::sync::Arc;

use crate::book::{
    Account, ActivityKind, CommandId, ContactState, Fields, Group, IdGenerator, Member, MemberId, Membership,
    Platform, Target, Timestamp,
};
use crate::desk::{Act, Desk, DeskOptions, Input, Now, Output};
use crate::door::reply::{Cell, ImportReport, ImportStage, Outcome};
use crate::door::rows::MemberRow;
use crate::door::turn::ClientId;
use crate::door::{Command, RefusalKind, Reply, Request, WIRE};
use crate::store::acts;
use crate::store::disk::SimDisk;
use crate::store::index::MemIndex;
use crate::store::journal::Journal;
use crate::store::record::{Change, Edited};
use crate::store::{Body, Columns, Store, keys};
use crate::text::lang::Lang;

/// 2026-03-02 09:00 in Shanghai.
const MORNING: i64 = 1_772_413_200_000;
const JOINED: i64 = MORNING - 86_400_000;

struct Bench {
    disk: SimDisk,
    index: MemIndex,
    desk: Desk,
    commands: IdGenerator,
}

fn now() -> Now {
    Now { wall: Timestamp(MORNING), boot_ms: 1 }
}

/// A desk over a disk; another `seed` each time, as the operating system gives it.
fn open(disk: &SimDisk, index: &MemIndex, seed: u64) -> Desk {
    let shared: crate::store::disk::SharedDisk = Arc::new(disk.clone());
    let journal = match Journal::open(Arc::clone(&shared)) {
        Ok((journal, _)) => journal,
        Err(_) => Journal::create(shared, [7; 16]).unwrap(),
    };
    let store = Store::open(journal, Box::new(index.clone()), Columns::default(), 0, &mut |_, _| {}).unwrap();
    let mut desk = Desk::new(store, DeskOptions::default(), seed, now()).unwrap();
    let hello =
        Request::Hello {
            wire: WIRE, program: "command".into(), operator: "王店长".into(), lang: Lang::ZhCn
        };
    let client = ClientId(1);
    desk.turn(
        vec![
            Input::Connect { client, operator: "王店长".into(), uid: 1 },
            Input::Request { client, tag: 1, request: hello },
        ],
        now(),
    );
    desk
}

impl Bench {
    fn new() -> Self {
        let (disk, index) = (SimDisk::new(), MemIndex::new());
        let desk = open(&disk, &index, 5);
        Self { disk, index, desk, commands: IdGenerator::new(77) }
    }

    fn crash(&mut self, seed: u64) {
        self.disk.crash(seed);
        self.index.crash(seed);
        self.desk = open(&self.disk, &self.index, 100 + seed);
    }

    fn ask(&mut self, request: Request) -> Reply {
        let input = Input::Request { client: ClientId(1), tag: 2, request };
        let turn = self.desk.turn(vec![input], now());
        turn.outputs
            .into_iter()
            .find_map(|output| match output {
                Output::Reply { envelope, .. } => Some(envelope.reply),
                _ => None,
            })
            .unwrap()
    }

    fn command(&mut self, command: Command) -> Outcome {
        let command_id: CommandId = self.commands.next(Timestamp(MORNING));
        match self.ask(Request::Do { command_id, command, saw: None }) {
            Reply::Done(outcome) => outcome,
            other => panic!("{other:?}"),
        }
    }

    fn begin(&mut self, rows: &[MemberRow]) -> u32 {
        let begin = Command::ImportBegin { file: "名单.csv".into(), account: None, group: None };
        let import = self.command(begin).import.unwrap().import;
        for chunk in rows.chunks(1_000) {
            assert_eq!(self.ask(Request::Rows { import, rows: chunk.to_vec() }), Reply::Fine);
        }
        import
    }

    fn dry_run(&mut self, rows: &[MemberRow]) -> ImportReport {
        let import = self.begin(rows);
        self.command(Command::ImportCommit { import, dry_run: true });
        let report = self.ended(import, ImportStage::Checked);
        self.command(Command::ImportDrop { import });
        report
    }

    fn import(&mut self, rows: &[MemberRow]) -> ImportReport {
        let import = self.begin(rows);
        self.command(Command::ImportCommit { import, dry_run: false });
        let report = self.ended(import, ImportStage::Applied);
        self.settle();
        report
    }

    /// Lets the desk work until an import has come to its end, as whoever sent it waits for it.
    fn ended(&mut self, import: u32, stage: ImportStage) -> ImportReport {
        for _ in 0..10_000 {
            match self.ask(Request::Import(import)) {
                Reply::Import(standing) if standing.stage.has_ended() => {
                    assert_eq!((standing.stage, standing.done), (stage, standing.rows));
                    // two imports that do the same say the same
                    return ImportReport { import: 0, ..standing.report };
                }
                Reply::Import(standing) => assert!(standing.done <= standing.rows),
                other => panic!("{other:?}"),
            }
        }
        panic!("the import does not end");
    }

    fn settle(&mut self) {
        for _ in 0..10_000 {
            if !self.desk.turn(vec![Input::Idle], now()).more {
                assert!(self.desk.store.columns.imports.is_empty());
                return;
            }
        }
        panic!("the import does not end");
    }

    fn human(&mut self, body: Body) {
        let act = Act { by: human(), ..self.desk.tick_act(Timestamp(MORNING)) };
        self.desk.perform(&act, vec![body]).unwrap();
        self.desk.store.commit().unwrap();
    }

    /// Every living member by name, in order of making.
    fn members(&self) -> Vec<Member> {
        let ids: Vec<MemberId> = self.desk.store.columns.members.iter().map(|(_, id, _)| id).collect();
        ids.into_iter().map(|id| self.desk.store.member(id).unwrap().unwrap()).collect()
    }

    fn named(&self, name: &str) -> Member {
        let mut found = self.members().into_iter().filter(|m| m.name == name);
        let member = found.next().unwrap();
        assert!(found.next().is_none(), "several {name}");
        member
    }

    fn stays(&self, member: MemberId) -> Vec<Membership> {
        self.desk.store.bodies.list(&keys::memberships(member), 99).unwrap()
    }
}

fn human() -> crate::store::By {
    crate::store::By { operator: "王店长".into(), from: String::new(), via: "screen".into() }
}

fn edit(member: MemberId, field: &str, before: &str, after: &str) -> Body {
    let change = Change { field: field.into(), before: before.into(), after: after.into() };
    Body::Edited { object: Edited::Member(member), changes: vec![change] }
}

fn row(line: u32, name: &str) -> MemberRow {
    MemberRow { line, name: name.into(), ..MemberRow::default() }
}

/// A file as people have them: by id, by phone, by group and time, by name alone.
fn file() -> Vec<MemberRow> {
    vec![
        MemberRow {
            handles: vec![("wecom".into(), "wmA".into()), ("wechat".into(), "oA".into())],
            remark: Some("3-502王姐".into()),
            account: Some("小完子".into()),
            added_at: Some(JOINED),
            tags: vec!["宝妈".into(), "VIP".into()],
            birthday: Some("农历08-03".into()),
            stage: Some("customer".into()),
            ..row(2, "小雨👩‍👧妈")
        },
        MemberRow {
            phone: Some("13800138000".into()),
            group: Some("翠苑小区团购群".into()),
            ..row(3, "单雄信")
        },
        MemberRow {
            group: Some("翠苑小区团购群".into()),
            group_ref: Some("wrChat1".into()),
            joined_at: Some(JOINED),
            group_nickname: Some("6栋阿珍".into()),
            inviter: Some("单雄信".into()),
            ..row(4, "阿珍")
        },
        MemberRow {
            group: Some("翠苑小区团购群".into()), joined_at: Some(JOINED + 5_000), ..row(5, "阿珍")
        },
        MemberRow { group: Some("羣友會".into()), ..row(6, "陳小姐") },
        row(7, "散客"),
        MemberRow {
            handles: vec![("wecom".into(), "wmA".into())],
            group: Some("羣友會".into()),
            ..row(8, "小雨👩‍👧妈")
        },
    ]
}

#[test]
fn the_same_file_twice_changes_nothing() {
    let mut bench = Bench::new();
    let first = bench.dry_run(&file());
    assert_eq!((first.new, first.changed, first.unchanged), (6, 1, 0));
    assert_eq!(first.new_groups, ["翠苑小区团购群", "羣友會"]);
    assert_eq!(first.new_accounts, ["小完子"]);
    assert_eq!(first.conflicts, vec![]);
    assert_eq!(bench.members(), vec![], "a dry run changed the book");

    bench.import(&file());
    let (members, end) = (bench.members(), bench.desk.store.columns.groups.len());
    assert_eq!((members.len(), end), (6, 2));
    let second = bench.dry_run(&file());
    assert_eq!((second.new, second.changed, second.unchanged), (0, 0, 7), "{second:?}");
    bench.import(&file());
    assert_eq!(bench.members(), members);
    assert_eq!(bench.desk.store.columns.groups.len(), 2);
}

#[test]
fn a_row_says_all_it_knows() {
    let mut bench = Bench::new();
    bench.import(&file());
    let member = bench.named("小雨👩‍👧妈");
    assert_eq!((member.remark.as_str(), member.tags.len(), member.handles.len()), ("3-502王姐", 2, 2));
    assert_eq!(member.birthday.unwrap().to_string(), "农历08-03");
    let column = bench.desk.store.columns.members.by_id(member.id).unwrap();
    assert_eq!(
        (column.contacts().next().unwrap().state, column.contacts().next().unwrap().since),
        (ContactState::Friend, Some(Timestamp(JOINED)))
    );
    assert_eq!(bench.stays(member.id)[0].joined_at, None);
    let activities: Vec<crate::book::Activity> =
        bench.desk.store.bodies.list(&keys::activities(Target::Member(member.id)), 9).unwrap();
    assert_eq!(activities.len(), 1, "an unknown time is no activity");
    assert_eq!((activities[0].kind, activities[0].at.ms), (ActivityKind::Added, Timestamp(JOINED)));

    let zhen = bench.members().into_iter().find(|m| m.name == "阿珍").unwrap();
    let stay = &bench.stays(zhen.id)[0];
    assert_eq!((stay.nickname.as_str(), stay.inviter), ("6栋阿珍", Some(bench.named("单雄信").id)));
    let group = bench.desk.store.columns.groups.by_id(stay.group).unwrap();
    assert_eq!((group.body.chat_id.as_str(), group.members), ("wrChat1", 3));
}

#[test]
fn what_a_human_edited_stays_and_what_an_import_set_follows_the_file() {
    let mut bench = Bench::new();
    bench.import(&file());
    let id = bench.named("小雨👩‍👧妈").id;
    bench.human(edit(id, "remark", "3-502王姐", "王姐(改)"));
    let mut rows = file();
    rows[0].remark = Some("3-502王大姐".into());
    rows[0].stage = Some("repeat".into());
    rows[0].tags = vec!["老客".into()];
    let report = bench.dry_run(&rows);
    assert_eq!(report.conflicts.len(), 1);
    assert!(report.conflicts[0].words.contains("王姐(改)"), "{:?}", report.conflicts);
    bench.import(&rows);
    let member = bench.named("小雨👩‍👧妈");
    assert_eq!(member.remark, "王姐(改)");
    assert_eq!(member.field("stage").unwrap(), "repeat");
    assert_eq!(member.tags, ["宝妈", "VIP", "老客"]);
}

#[test]
fn who_left_and_is_there_again_has_a_second_stay() {
    let mut bench = Bench::new();
    bench.import(&file());
    let check = |bench: &mut Bench, name: &str, again: Option<i64>, spells: usize| {
        let id = bench.named(name).id;
        let stay = bench.stays(id).remove(0);
        let left = Membership { left_at: Some(Timestamp(MORNING)), ..stay.clone() };
        bench.human(Body::MembershipSet { before: Some(stay), after: Some(left) });
        let mut rows = file();
        rows.retain(|row| row.name == name);
        rows[0].joined_at = again;
        bench.import(&rows);
        assert_eq!(bench.stays(id).len(), spells, "{name}");
        bench.import(&rows);
        assert_eq!(bench.stays(id).len(), spells, "{name} again");
    };
    check(&mut bench, "单雄信", Some(MORNING + 60_000), 2);
    check(&mut bench, "陳小姐", None, 2);
    // the file is older than the leaving
    let zhen = bench.members().into_iter().find(|m| m.name == "阿珍").unwrap().id;
    let stay = bench.stays(zhen).remove(0);
    let left = Membership { left_at: Some(Timestamp(MORNING)), ..stay.clone() };
    bench.human(Body::MembershipSet { before: Some(stay), after: Some(left) });
    let report = bench.dry_run(&file());
    assert_eq!((report.unchanged, report.conflicts.len()), (7, 1), "{report:?}");
}

/// A list of names without any number comes again with another group or account, or with none.
#[test]
fn the_same_list_elsewhere_makes_nobody_twice() {
    let list = |group: Option<&str>, account: Option<&str>| {
        let of = |line, name: &str| MemberRow {
            group: group.map(str::to_owned),
            account: account.map(str::to_owned),
            ..row(line, name)
        };
        [of(2, "小雨妈"), of(3, "阿珍")]
    };
    let fresh = || {
        let mut bench = Bench::new();
        let (account, at) = (bench.commands.next(Timestamp(MORNING)), Timestamp(MORNING));
        bench.human(Body::AccountMade(Account::new(account, "小完子", Platform::Wechat, at)));
        for name in ["一群", "二群"] {
            let id = bench.commands.next(at);
            bench.human(Body::GroupMade(Group { account: Some(account), ..Group::new(id, name, at) }));
        }
        bench
    };
    let (nowhere, of_account) = ((None, None), (None, Some("小完子")));
    let (of_group, of_both) = ((Some("一群"), None), (Some("一群"), Some("小完子")));
    for (first, second) in [
        (nowhere, of_account),
        (nowhere, of_group),
        (nowhere, of_both),
        (of_account, nowhere),
        (of_account, of_group),
        (of_account, of_both),
        (of_group, nowhere),
        (of_group, of_account),
        (of_both, of_account),
        (of_both, nowhere),
    ] {
        let mut bench = fresh();
        bench.import(&list(first.0, first.1));
        let report = bench.dry_run(&list(second.0, second.1));
        assert_eq!(bench.import(&list(second.0, second.1)), report);
        assert_eq!(bench.members().len(), 2, "{first:?} then {second:?}: {report:?}");
        // found where it says the second time, so nothing is left to tell
        let again = bench.import(&list(second.0, second.1));
        assert_eq!(
            (again.new, again.unchanged, again.conflicts.len()),
            (0, 2, 0),
            "{first:?} then {second:?}"
        );
    }
    // what was taken for the same is told
    let mut bench = fresh();
    bench.import(&list(of_account.0, of_account.1));
    let report = bench.import(&list(of_group.0, of_group.1));
    assert_eq!((report.new, report.changed), (0, 2));
    let told: Vec<_> = report.conflicts.iter().map(|c| (c.line, c.refused, c.value.as_str())).collect();
    assert_eq!(told, [(2, false, "小雨妈"), (3, false, "阿珍")]);
    // members of another group are others, and which of the two an account's friend is nobody knows
    let mut bench = fresh();
    bench.import(&list(Some("一群"), None));
    assert_eq!(bench.import(&list(Some("二群"), None)).new, 2);
    let report = bench.import(&list(None, Some("小完子")));
    assert_eq!((report.new, report.conflicts.len()), (2, 2), "{report:?}");
    assert_eq!(bench.import(&list(None, Some("小完子"))).unchanged, 2);
}

/// Two of one name in one group, told apart by a number.
fn two_of_one_name() -> Bench {
    let mut bench = Bench::new();
    let group = || Some("一群".to_owned());
    bench.import(&[
        MemberRow { group: group(), handles: vec![("qq".into(), "10001".into())], ..row(2, "小李") },
        MemberRow { group: group(), handles: vec![("qq".into(), "10002".into())], ..row(3, "小李") },
    ]);
    bench
}

#[test]
fn rows_that_could_be_several_people_are_not_taken_and_named() {
    let mut bench = two_of_one_name();
    let doubtful = [
        MemberRow { group: Some("一群".into()), ..row(2, "小李") },
        MemberRow {
            handles: vec![("qq".into(), "10001".into()), ("qq".into(), "10002".into())],
            ..row(3, "小李")
        },
        row(4, "小雪"),
    ];
    for _ in 0..2 {
        let report = bench.dry_run(&doubtful);
        let told: Vec<_> =
            report.conflicts.iter().map(|c| (c.line, c.about, c.value.as_str(), c.refused)).collect();
        assert_eq!(told, [(2, Cell::Name, "小李", true), (3, Cell::Handle, "10002", true)]);
        assert!(report.conflicts[1].words.contains("qq:10001"), "{:?}", report.conflicts);
        assert_eq!(bench.import(&doubtful), report);
        assert_eq!(report.refused, 2);
    }
    assert_eq!(bench.members().len(), 3, "a doubtful row became one more member each time");
}

#[test]
fn namesakes_whom_one_account_knows_are_told_apart_by_their_group() {
    let mut bench = two_of_one_name();
    let friend = |line, group: Option<&str>, number: Option<&str>| MemberRow {
        group: group.map(str::to_owned),
        account: Some("小完子".into()),
        added_at: Some(MORNING),
        handles: number.map(|number| ("qq".into(), number.into())).into_iter().collect(),
        ..row(line, "小李")
    };
    bench.import(&[friend(2, None, Some("10001")), friend(3, Some("二群"), Some("10003"))]);
    let report = bench.import(&[friend(2, Some("二群"), None)]);
    assert_eq!((report.unchanged, report.refused), (1, 0), "{report:?}");
}

#[test]
fn who_has_a_number_of_their_own_is_new_among_their_namesakes() {
    let mut bench = two_of_one_name();
    let third =
        [MemberRow { group: Some("一群".into()), phone: Some("13800138000".into()), ..row(2, "小李") }];
    let report = bench.import(&third);
    assert_eq!((report.new, report.refused, report.conflicts.len()), (1, 0, 1));
    let again = bench.import(&third);
    assert_eq!((again.new, again.unchanged, again.conflicts.len()), (0, 1, 0));
    // one phone for a family: another name is another of them
    let family = |line, name| MemberRow { phone: Some("13900139000".into()), ..row(line, name) };
    bench.import(&[family(2, "爸爸")]);
    let id = bench.commands.next(Timestamp(MORNING));
    bench.human(Body::MemberMade(Member {
        phone: "13900139000".into(),
        ..Member::new(id, "妈妈", Timestamp(MORNING))
    }));
    let report = bench.import(&[family(2, "爸爸"), family(3, "妈妈"), family(4, "孩子")]);
    assert_eq!((report.new, report.unchanged), (1, 2), "{report:?}");
}

#[test]
fn of_two_rows_about_one_person_the_first_holds_each_time() {
    let mut bench = Bench::new();
    let handles = || vec![("wechat".into(), "wxid_lin".into())];
    let rows = [
        MemberRow { handles: handles(), note: Some("三楼".into()), ..row(2, "林") },
        MemberRow {
            handles: handles(),
            note: Some("四楼".into()),
            source: Some("地推".into()),
            ..row(3, "林")
        },
    ];
    let report = bench.import(&rows);
    assert_eq!((report.new, report.changed), (1, 1), "the second row adds what the first does not say");
    for _ in 0..2 {
        let report = bench.import(&rows);
        assert_eq!((report.changed, report.unchanged, report.conflicts.len()), (0, 2, 1), "{report:?}");
        let member = bench.members().pop().unwrap();
        assert_eq!((member.note.as_str(), member.source.as_str()), ("三楼", "地推"));
    }
    // a new file's word replaces the old one's
    let moved = [MemberRow { note: Some("四楼".into()), ..rows[0].clone() }];
    assert_eq!(bench.import(&moved).changed, 1);
}

#[test]
fn a_name_that_several_groups_or_accounts_have_is_no_name() {
    let mut bench = Bench::new();
    bench.import(&[MemberRow {
        group: Some("一群".into()),
        account: Some("小完子".into()),
        ..row(2, "阿珍")
    }]);
    let column = bench.desk.store.columns.groups.iter().next().unwrap().2.body.clone();
    let id = bench.commands.next(Timestamp(MORNING));
    let twin = crate::book::Group::new(id, &column.name, Timestamp(MORNING));
    bench.human(Body::GroupMade(twin));
    let report = bench.dry_run(&[MemberRow { group: Some("一群".into()), ..row(2, "小雨") }, row(3, "小雪")]);
    assert_eq!((report.new, report.refused, report.conflicts[0].about), (1, 1, Cell::Group));
    let known = bench.desk.store.columns.accounts.iter().next().unwrap().2.body.clone();
    let id = bench.commands.next(Timestamp(MORNING));
    let twin = crate::book::Account { id, ..known };
    bench.human(Body::AccountMade(twin));
    let report = bench.dry_run(&[MemberRow { account: Some("小完子".into()), ..row(2, "小雨") }]);
    assert_eq!((report.refused, report.conflicts[0].about), (1, Cell::Account));
}

#[test]
fn chunks_are_bounded_ordered_and_taken_once() {
    let mut bench = Bench::new();
    let import = bench.begin(&file());
    // a retry after a lost reply
    assert_eq!(bench.ask(Request::Rows { import, rows: file() }), Reply::Fine);
    let refused = |bench: &mut Bench, import: u32, rows: Vec<MemberRow>| match bench
        .ask(Request::Rows { import, rows })
    {
        Reply::Refused(refusal) => refusal.kind,
        other => panic!("{other:?}"),
    };
    let overlapping = vec![row(8, "甲"), row(9, "乙")];
    assert_eq!(refused(&mut bench, import, overlapping), RefusalKind::Protocol);
    let huge =
        (10..14).map(|line| MemberRow { note: Some("长".repeat(100_000)), ..row(line, "丙") }).collect();
    assert_eq!(refused(&mut bench, import, huge), RefusalKind::Protocol);
    assert_eq!(refused(&mut bench, 99, vec![row(2, "丁")]), RefusalKind::NotFound);
    bench.command(Command::ImportCommit { import, dry_run: false });
    bench.settle();
    assert_eq!(bench.members().len(), 6);
    assert_eq!(refused(&mut bench, import, vec![row(20, "戊")]), RefusalKind::NotFound);
}

fn many(rows: u32) -> Vec<MemberRow> {
    (0..rows)
        .map(|n| MemberRow {
            handles: vec![("wechat".into(), format!("wxid_{n}"))],
            group: Some(format!("{}群", n % 7)),
            joined_at: Some(JOINED + i64::from(n)),
            phone: Some(format!("138{n:08}")),
            ..row(n + 2, &format!("成员{}", n % 900))
        })
        .collect()
}

#[test]
fn a_promise_survives_every_crash() {
    for seed in 0..12 {
        let mut bench = Bench::new();
        let rows = many(1_500);
        let import = bench.begin(&rows);
        bench.command(Command::ImportCommit { import, dry_run: false });
        for _ in 0..seed * 2 {
            bench.desk.turn(vec![Input::Idle], now());
        }
        bench.crash(seed);
        let report = bench.ended(import, ImportStage::Applied);
        // who asks the next desk hears of all of it
        assert_eq!((report.new, report.new_groups.len()), (1_500, 7), "seed {seed}");
        bench.settle();
        assert_eq!(bench.desk.store.columns.members.len(), 1_500, "seed {seed}");
        let report = bench.dry_run(&rows);
        assert_eq!((report.new, report.changed, report.unchanged), (0, 0, 1_500), "seed {seed}");
        // all slices belong to the act that committed
        let applied = acts::newest(None, 20, &bench.desk.store.bodies).unwrap();
        let slices: Vec<u32> = applied.iter().map(|(_, head)| head.bodies).filter(|n| *n > 1).collect();
        // the commit, and the slices of the two chunks
        let of = |rows: usize| rows.div_ceil(super::slice::SLICE_ROWS) as u32;
        assert_eq!(slices, [1 + of(1_000) + of(500)], "seed {seed}");
    }
}

#[test]
fn rows_without_a_commit_are_forgotten_after_a_crash() {
    let mut bench = Bench::new();
    bench.begin(&file());
    bench.crash(3);
    bench.settle();
    assert_eq!(bench.members(), vec![]);
    assert!(bench.desk.store.columns.imports.is_empty());
}

#[test]
fn an_undone_import_stops_where_it_is() {
    let mut bench = Bench::new();
    let import = bench.begin(&many(1_500));
    let act = bench.command(Command::ImportCommit { import, dry_run: false }).act.unwrap();
    let undo = Act { by: human(), undo_of: Some(act), ..bench.desk.tick_act(Timestamp(MORNING)) };
    bench.desk.perform(&undo, vec![Body::ClockConfirmed { up_to: Timestamp(0) }]).unwrap();
    bench.desk.store.commit().unwrap();
    bench.settle();
    assert!(bench.desk.store.columns.members.len() < 1_500);
}

#[test]
fn ten_thousand_rows_take_a_moment() {
    let mut bench = Bench::new();
    bench.import(&many(10_000));
    assert_eq!(bench.desk.store.columns.members.len(), 10_000);
    let groups: u32 = bench.desk.store.columns.groups.iter().map(|(_, _, group)| group.members).sum();
    assert_eq!(groups, 10_000);
}

#[test]
fn every_sentence_is_whole() {
    assert_eq!(crate::text::lang::faults::<super::Words>(), Vec::<String>::new());
}
