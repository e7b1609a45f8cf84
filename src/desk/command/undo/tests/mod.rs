//! Undo and redo by name, of quick entry, and of random histories.
//!
//! One file because the cases share the acts that they take back.

mod acts;
mod every;

use proptest::prelude::*;

use crate::book::{ActId, ActivityKind, ObjectId, Target, TaskState, Timestamp};
use crate::desk::testing::{TestDesk, at};
use crate::door::command::{Happening, ObjectRef, Tell, Who};
use crate::door::form::{Field, Kind};
use crate::door::{Command, RefusalKind};
use crate::store::columns::Columns;

fn create(kind: Kind, fields: &[(Field, &str)]) -> Command {
    Command::Create { kind, fields: fields.iter().map(|(f, v)| (*f, (*v).to_owned())).collect() }
}

fn undo() -> Command {
    Command::Undo { act: None }
}

/// What people see of the book: names, states, counts; what is archived is not seen.
fn visible(columns: &Columns) -> Vec<String> {
    let accounts = columns
        .accounts
        .iter()
        .filter(|(_, _, a)| !a.body.archived)
        .map(|(_, _, a)| format!("account {} {:?} {} {}", a.body.name, a.body.health, a.friends, a.due));
    let groups = columns.groups.iter().filter(|(_, _, g)| !g.body.archived).map(|(_, _, g)| {
        let body = &g.body;
        format!(
            "group {} {:?} {:?} {} {:?} {} {}",
            body.name, body.state, body.head_count, body.capacity, body.tags, g.members, g.open
        )
    });
    let members = columns.members.iter().filter(|(_, _, m)| !m.archived).map(|(_, _, m)| {
        let tags: Vec<&str> = m.tags().map(|tag| columns.words.text(tag)).collect();
        format!(
            "member {} {:?} {tags:?} {:?} {:?} {} {:?} {:?} {}",
            m.name(),
            m.stage,
            m.contacts().collect::<Vec<_>>(),
            m.stays().collect::<Vec<_>>(),
            m.orders,
            m.spent,
            m.last_reply_at,
            m.due
        )
    });
    let rules = format!("{:?} {:?}", columns.rules, columns.paused);
    let open = format!("{} open", columns.queue.len());
    accounts.chain(groups).chain(members).chain([rules, open]).collect()
}

/// Two accounts, two groups, two members.
fn book() -> TestDesk {
    let mut desk = TestDesk::new();
    for name in ["手机1", "手机2"] {
        desk.run(create(Kind::Account, &[(Field::Name, name), (Field::Platform, "微信")])).unwrap();
    }
    for name in ["宠友1群", "宠友2群"] {
        desk.run(create(Kind::Group, &[(Field::Name, name), (Field::Account, "手机1")])).unwrap();
    }
    let fields = [(Field::Name, "张三"), (Field::Group, "宠友1群"), (Field::FriendOf, "手机1")];
    desk.run(create(Kind::Member, &fields)).unwrap();
    desk.run(create(Kind::Member, &[(Field::Name, "李四")])).unwrap();
    desk
}

fn happening(kind: ActivityKind, text: &str) -> Happening {
    Happening { kind, amount: None, number: None, relative: false, text: text.to_owned() }
}

fn tell(desk: &TestDesk, who: &[&str], group: Option<&str>, happened: Vec<Happening>) -> Tell {
    let lang = crate::text::lang::Lang::ZhCn;
    Tell {
        who: who.iter().map(|name| Who::Named((*name).to_owned())).collect(),
        said: Vec::new(),
        group: group.and_then(|name| desk.desk.find_group(name, lang).ok()),
        account: None,
        happened,
        at: None,
    }
}

#[test]
fn an_older_act_is_undone_with_its_time() {
    let mut desk = book();
    let made_at = desk.now().wall;
    desk.run(create(Kind::Group, &[(Field::Name, "一群")])).unwrap();
    let clock = made_at.local(desk.desk.store.columns.store.zone).format("%H:%M").to_string();
    desk.at_time(Timestamp(made_at.0 + 5 * crate::book::time::MINUTE));
    assert_eq!(desk.run(undo()).unwrap().words, format!("已撤销 {clock} 的: 新建群: 一群"));
}

#[test]
fn undo_and_redo_walk_through_my_acts_and_leave_others() {
    let mut desk = book();
    let named = |name: &str| create(Kind::Group, &[(Field::Name, name)]);
    desk.run(named("一群")).unwrap();
    desk.run_as("小李", named("小李的群")).unwrap();
    desk.run(named("二群")).unwrap();
    assert_eq!(desk.run(undo()).unwrap().words, "已撤销: 新建群: 二群");
    assert_eq!(desk.run(undo()).unwrap().words, "已撤销: 新建群: 一群");
    desk.restart();
    assert_eq!(desk.run(Command::Redo).unwrap().words, "已重做: 新建群: 一群");
    assert_eq!(desk.run(Command::Redo).unwrap().words, "已重做: 新建群: 二群");
    assert_eq!(desk.run(Command::Redo).unwrap_err().kind, RefusalKind::Undo);
    assert_eq!(desk.run(undo()).unwrap().words, "已撤销: 新建群: 二群");
    let names: Vec<String> = visible(&desk.desk.store().columns);
    assert!(names.iter().any(|line| line.contains("小李的群")) && names.iter().any(|l| l.contains("一群")));
    assert_eq!(desk.run_as("谁", undo()).unwrap_err().kind, RefusalKind::Undo);
    desk.restart();
}

#[test]
fn what_was_undone_before_a_new_act_is_not_done_again() {
    let mut desk = book();
    let named = |name: &str| create(Kind::Group, &[(Field::Name, name)]);
    desk.run(named("一群")).unwrap();
    desk.run(undo()).unwrap();
    desk.run_as("小李", named("小李的群")).unwrap();
    desk.run(named("二群")).unwrap();
    let refusal = desk.run(Command::Redo).unwrap_err();
    assert_eq!((refusal.kind, refusal.words.as_str()), (RefusalKind::Undo, "没有可重做的"));
    desk.run(undo()).unwrap();
    assert_eq!(desk.run(Command::Redo).unwrap().words, "已重做: 新建群: 二群");
    assert_eq!(desk.run(Command::Redo).unwrap_err().words, "没有可重做的");
}

#[test]
fn an_act_is_undone_once_and_by_name_by_anybody() {
    let mut desk = book();
    let act = desk.run(create(Kind::Group, &[(Field::Name, "一群")])).unwrap().act;
    desk.run_as("小李", Command::Undo { act }).unwrap();
    let refusal = desk.run(Command::Undo { act }).unwrap_err();
    assert_eq!((refusal.kind, refusal.who.as_deref()), (RefusalKind::Undo, Some("小李")));
    let nobody = Some(crate::book::id::Id::from_bits(5));
    assert_eq!(desk.run(Command::Undo { act: nobody }).unwrap_err().kind, RefusalKind::NotFound);
}

#[test]
fn what_changed_since_stays_and_is_named() {
    let mut desk = book();
    let id = desk.desk.find_member("张三", crate::text::lang::Lang::ZhCn).unwrap();
    let edit = |fields: &[(Field, &str)]| Command::Edit {
        objects: vec![ObjectRef::Member(id)],
        fields: fields.iter().map(|(f, v)| (*f, (*v).to_owned())).collect(),
    };
    let first = desk.run(edit(&[(Field::Needs, "猫粮"), (Field::Gender, "女")])).unwrap().act;
    let second = desk.run(edit(&[(Field::Needs, "狗粮")])).unwrap();
    assert_eq!(second.words, "修改 张三: 需求");
    let outcome = desk.run(Command::Undo { act: first }).unwrap();
    assert_eq!(outcome.warnings, ["张三 的需求之后改过，保留"]);
    let body = desk.desk.store().member(id).unwrap().unwrap();
    assert_eq!((body.needs.as_str(), body.gender.as_str()), ("狗粮", ""));
    let only = desk.run(edit(&[(Field::Needs, "鱼")])).unwrap().act;
    desk.run(edit(&[(Field::Needs, "虾")])).unwrap();
    let refusal = desk.run(Command::Undo { act: only }).unwrap_err();
    assert_eq!((refusal.kind, refusal.candidates.len()), (RefusalKind::Undo, 1));
}

#[test]
fn quick_entry_says_what_happened_and_one_undo_takes_it_back() {
    let mut desk = book();
    let start = visible(&desk.desk.store().columns);
    let check = |desk: &mut TestDesk, tell: Tell, words: &str| {
        assert_eq!(desk.run(Command::Tell(tell)).unwrap().words, words);
        desk.run(undo()).unwrap();
        assert_eq!(visible(&desk.desk.store().columns), start, "{words}");
        desk.run(Command::Redo).unwrap();
        desk.run(undo()).unwrap();
        assert_eq!(visible(&desk.desk.store().columns), start, "again: {words}");
    };
    let joined = || vec![happening(ActivityKind::Joined, "")];
    let line = tell(&desk, &["张三", "李四"], Some("宠友2群"), joined());
    check(&mut desk, line, "2 人 进群 宠友2群");
    let mut line = tell(&desk, &["李四"], Some("宠友2群"), joined());
    line.who.push(Who::New("王五".to_owned()));
    check(&mut desk, line, "2 人 进群 宠友2群");
    let bought =
        Happening { amount: Some(crate::book::Money(3990)), ..happening(ActivityKind::Bought, "鸡蛋") };
    let line = tell(&desk, &["zs"], None, vec![bought, happening(ActivityKind::Tagged, "宝妈,VIP")]);
    check(&mut desk, line, "张三 下单 鸡蛋 ¥39.90, 打标签 宝妈, 打标签 VIP");
    let line = tell(&desk, &["张三"], None, vec![happening(ActivityKind::Left, "")]);
    check(&mut desk, line, "张三 退群 宠友1群");
    let line = tell(&desk, &["张三"], None, vec![happening(ActivityKind::Unfriended, "")]);
    check(&mut desk, line, "张三 被删 手机1");
    let line = tell(&desk, &["李四"], Some("宠友1群"), vec![happening(ActivityKind::Added, "")]);
    check(&mut desk, line, "李四 加好友 手机1");
    let line = tell(&desk, &["李四"], None, vec![happening(ActivityKind::StageChanged, "复购")]);
    check(&mut desk, line, "李四 改阶段 复购");
    let line = tell(&desk, &["李四"], None, vec![happening(ActivityKind::Renamed, "李四四")]);
    check(&mut desk, line, "李四四 改名 李四四");
    for kind in [
        ActivityKind::Replied,
        ActivityKind::CheckedIn,
        ActivityKind::LeaveDay,
        ActivityKind::PickedUp,
        ActivityKind::Complained,
        ActivityKind::Referred,
        ActivityKind::Refunded,
    ] {
        let line = tell(&desk, &["张三"], None, vec![happening(kind, "")]);
        check(&mut desk, line, &format!("张三 {}", kind.label(crate::text::lang::Lang::ZhCn)));
    }
    let count = |number, relative| Happening {
        number: Some(number),
        relative,
        ..happening(ActivityKind::HeadCount, "")
    };
    let line = tell(&desk, &[], Some("宠友1群"), vec![count(186, false), count(3, true)]);
    check(&mut desk, line, "宠友1群 人数 186; 宠友1群 人数 189 (+3)");
    let line = tell(&desk, &[], Some("宠友1群"), vec![happening(ActivityKind::StateChanged, "禁言")]);
    check(&mut desk, line, "宠友1群 禁言");
    desk.restart();
}

#[test]
fn quick_entry_refuses_what_it_cannot_know() {
    let mut desk = book();
    desk.run(create(Kind::Member, &[(Field::Name, "李四"), (Field::Group, "宠友2群")])).unwrap();
    let start = visible(&desk.desk.store().columns);
    let mut check = |line: Tell, kind: RefusalKind| {
        let refusal = desk.run(Command::Tell(line)).unwrap_err();
        assert_eq!(refusal.kind, kind, "{refusal:?}");
        assert_eq!(visible(&desk.desk.store().columns), start);
        refusal
    };
    let desk_for_lines = book();
    let line = |who: &[&str], kind, text: &str| tell(&desk_for_lines, who, None, vec![happening(kind, text)]);
    let several = check(line(&["李四"], ActivityKind::Replied, ""), RefusalKind::Ambiguous);
    assert!(several.candidates.iter().any(|c| c.contains("宠友2群")), "{:?}", several.candidates);
    let nobody = check(line(&["张山"], ActivityKind::Replied, ""), RefusalKind::NotFound);
    assert_eq!(nobody.candidates, ["张三"]);
    assert!(nobody.hint.contains("张三"), "{}", nobody.hint);
    check(line(&["张三"], ActivityKind::Joined, ""), RefusalKind::Invalid);
    check(line(&["张三"], ActivityKind::Tagged, " "), RefusalKind::Invalid);
    check(line(&["张三"], ActivityKind::StageChanged, "很好"), RefusalKind::Invalid);
    check(line(&["张三"], ActivityKind::Untagged, "宝妈"), RefusalKind::State);
    check(line(&[], ActivityKind::Replied, ""), RefusalKind::Invalid);
    check(line(&[], ActivityKind::HeadCount, ""), RefusalKind::Invalid);
    let mut future = line(&["张三"], ActivityKind::Replied, "");
    future.at = Some(at("2026-11-23 09:00"));
    check(future, RefusalKind::Invalid);
    let mut nothing = line(&["张三"], ActivityKind::Replied, "");
    nothing.happened.clear();
    check(nothing, RefusalKind::Invalid);
}

#[test]
fn a_second_stay_is_a_second_spell() {
    let mut desk = book();
    for kind in [ActivityKind::Left, ActivityKind::Joined] {
        let line = tell(&desk, &["张三"], Some("宠友1群"), vec![happening(kind, "")]);
        desk.run(Command::Tell(line)).unwrap();
    }
    let id = desk.desk.find_member("张三", crate::text::lang::Lang::ZhCn).unwrap();
    assert_eq!(desk.desk.store().columns.members.by_id(id).unwrap().stays().next().unwrap().spell, 2);
    desk.run(undo()).unwrap();
    desk.restart();
    let stay = desk.desk.store().columns.members.by_id(id).unwrap().stays().next().unwrap();
    assert_eq!((stay.spell, stay.left_at.is_some()), (1, true));
}

#[test]
fn notes_follow_ups_pauses_and_rules_are_taken_back() {
    let mut desk = book();
    let start = visible(&desk.desk.store().columns);
    let id = desk.desk.find_member("张三", crate::text::lang::Lang::ZhCn).unwrap();
    let on = ObjectId::Member(id);
    let note = |text: &str| Command::Note { on: vec![on], text: text.to_owned() };
    assert_eq!(desk.run(note("喜欢猫")).unwrap().words, "备注 张三");
    assert_eq!(desk.run(note(" \u{200b}")).unwrap_err().kind, RefusalKind::Invalid);
    desk.run(undo()).unwrap();

    let follow = |when: &str| Command::FollowUp { on: vec![on], words: "问猫粮".to_owned(), at: at(when) };
    let made = desk.run(follow("2026-11-23 10:00")).unwrap();
    assert_eq!(made.words, "跟进 张三: 问猫粮  11-23 10:00 到期");
    let [ObjectId::Task(task)] = made.made.as_slice() else { panic!("{made:?}") };
    let task = *task;
    assert_eq!(desk.desk.store().task(task).unwrap().unwrap().status.state, TaskState::Snoozed);
    desk.run(undo()).unwrap();
    assert_eq!(desk.desk.store().task(task).unwrap().unwrap().status.state, TaskState::Cancelled);
    desk.run(Command::Redo).unwrap();
    assert_eq!(desk.desk.store().task(task).unwrap().unwrap().status.state, TaskState::Snoozed);
    desk.run(undo()).unwrap();
    desk.run(follow("2026-11-22 08:00")).unwrap();
    desk.run(undo()).unwrap();

    let target = Target::Member(id);
    assert_eq!(desk.run(Command::Unpause { targets: vec![target] }).unwrap_err().kind, RefusalKind::State);
    assert_eq!(desk.run(Command::Pause { targets: vec![target], until: None }).unwrap().words, "暂停 张三");
    assert_eq!(
        desk.run(Command::Pause { targets: vec![target], until: None }).unwrap_err().kind,
        RefusalKind::State
    );
    let past = Some(at("2026-11-01 00:00"));
    assert_eq!(
        desk.run(Command::Pause { targets: vec![target], until: past }).unwrap_err().kind,
        RefusalKind::Invalid
    );
    desk.run(Command::Unpause { targets: vec![target] }).unwrap();
    desk.run(undo()).unwrap();
    desk.run(undo()).unwrap();

    let rules = |toml: &str| Command::SetRules { toml: toml.to_owned() };
    let refusal = desk.run(rules("zone = \"Asia/Shanghai\"\nqiuet = []\n")).unwrap_err();
    assert_eq!((refusal.line, refusal.column), (Some(2), Some(1)), "{refusal:?}");
    let refusal = desk.run(rules("zone = \"Asia/Shanghai\"\n[[quiet]]\nfrom = 60\nto = 60\n")).unwrap_err();
    assert_eq!(refusal.line, Some(2), "{refusal:?}");
    assert_eq!(desk.run(rules("zone = \"Mars/Base\"")).unwrap_err().column, Some(8));
    desk.run(rules("# 我们的\nzone = \"Asia/Shanghai\"\nshop = \"小店\"\n")).unwrap();
    assert_eq!(desk.desk.store().columns.rules.shop, "小店");
    desk.run(undo()).unwrap();
    assert_eq!(visible(&desk.desk.store().columns), start);
    desk.restart();
}

/// One random act, by numbers.
fn command(desk: &TestDesk, kind: u8, which: u8, value: u8) -> Command {
    let names = ["张三", "李四"];
    let groups = ["宠友1群", "宠友2群"];
    let who = names[usize::from(which) % 2];
    let group = Some(groups[usize::from(value) % 2]);
    let lang = crate::text::lang::Lang::ZhCn;
    let id = desk.desk.find_member(who, lang).ok();
    let tells = |kind, text: &str| Command::Tell(tell(desk, &[who], group, vec![happening(kind, text)]));
    match kind % 14 {
        0 => tells(ActivityKind::Joined, ""),
        1 => tells(ActivityKind::Left, ""),
        2 => tells(ActivityKind::Added, ""),
        3 => tells(ActivityKind::Unfriended, ""),
        4 => tells(ActivityKind::Tagged, ["宝妈", "勿扰", "VIP"][usize::from(value) % 3]),
        5 => tells(ActivityKind::Untagged, ["宝妈", "勿扰", "VIP"][usize::from(value) % 3]),
        6 => tells(ActivityKind::Bought, "鸡蛋"),
        7 => tells(ActivityKind::StageChanged, ["新客", "复购"][usize::from(value) % 2]),
        8 => Command::Tell(tell(
            desk,
            &[],
            group,
            vec![Happening {
                number: Some(i64::from(value)),
                relative: which.is_multiple_of(2),
                ..happening(ActivityKind::HeadCount, "")
            }],
        )),
        9 => create(Kind::Member, &[(Field::Name, &format!("新人{value}")), (Field::Group, groups[0])]),
        10 => create(Kind::Group, &[(Field::Name, &format!("新群{}", value % 4)), (Field::Account, "手机2")]),
        11 => match id {
            Some(id) => Command::Edit {
                objects: vec![ObjectRef::Member(id)],
                fields: vec![
                    (Field::Group, groups[usize::from(value) % 2].to_owned()),
                    (Field::FriendOf, ["手机1", "手机2", ""][usize::from(value) % 3].to_owned()),
                    (Field::Needs, format!("要{value}")),
                ],
            },
            None => Command::Redo,
        },
        12 => match id {
            Some(id) if value.is_multiple_of(2) => Command::Archive { object: ObjectRef::Member(id) },
            Some(id) => Command::Pause { targets: vec![Target::Member(id)], until: None },
            None => undo(),
        },
        _ if value.is_multiple_of(3) => Command::Redo,
        _ => undo(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn undoing_everything_gives_the_book_back(
        acts in prop::collection::vec((any::<u8>(), any::<u8>(), any::<u8>()), 1..24)
    ) {
        let mut desk = book();
        let start = visible(&desk.desk.store().columns);
        let made = crate::store::acts::newest(None, 1, &desk.desk.store().bodies).unwrap()[0].0;
        for (kind, which, value) in acts {
            let command = command(&desk, kind, which, value);
            // acts before the beginning are not this test's
            if matches!(command, Command::Undo { .. })
                && crate::store::acts::newest(None, 100, &desk.desk.store().bodies).unwrap().iter()
                    .take_while(|(id, _)| *id != made)
                    .all(|(id, head)| head.undo_of.is_some() || desk.desk.is_undone(*id).unwrap())
            {
                continue;
            }
            let before = visible(&desk.desk.store().columns);
            if desk.run(command).is_err() {
                prop_assert_eq!(visible(&desk.desk.store().columns), before, "a refusal changed something");
            }
        }
        let acts = crate::store::acts::newest(None, 200, &desk.desk.store().bodies).unwrap();
        for (id, head) in acts.iter().take_while(|(id, _)| *id != made) {
            if head.undo_of.is_none() && !desk.desk.is_undone(*id).unwrap() {
                desk.run(Command::Undo { act: Some(*id) }).unwrap();
            }
        }
        prop_assert_eq!(visible(&desk.desk.store().columns), start);
        desk.restart();
    }
}
