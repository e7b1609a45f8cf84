//! Forms: what they make, what they refuse, and what an undo takes back.

use crate::book::{AccountId, ContactState, GroupId, MemberId, ObjectId};
use crate::desk::testing::{TestDesk, columns_text};
use crate::door::command::{GroupName, ObjectRef};
use crate::door::form::{Field, Kind};
use crate::door::reply::Outcome;
use crate::door::{Command, Refusal, RefusalKind};

fn create(desk: &mut TestDesk, kind: Kind, fields: &[(Field, &str)]) -> Result<Outcome, Refusal> {
    let fields = fields.iter().map(|(field, value)| (*field, (*value).to_owned())).collect();
    desk.run(Command::Create { kind, fields })
}

fn edit(desk: &mut TestDesk, object: ObjectRef, fields: &[(Field, &str)]) -> Result<Outcome, Refusal> {
    let fields = fields.iter().map(|(field, value)| (*field, (*value).to_owned())).collect();
    desk.run(Command::Edit { objects: vec![object], fields })
}

fn account(desk: &mut TestDesk, name: &str) -> AccountId {
    let made = create(desk, Kind::Account, &[(Field::Name, name), (Field::Platform, "微信")]).unwrap().made;
    let [ObjectId::Account(id)] = made.as_slice() else { panic!("{made:?}") };
    *id
}

fn group(desk: &mut TestDesk, name: &str) -> GroupId {
    let made = create(desk, Kind::Group, &[(Field::Name, name)]).unwrap().made;
    let [ObjectId::Group(id)] = made.as_slice() else { panic!("{made:?}") };
    *id
}

fn member(desk: &mut TestDesk, fields: &[(Field, &str)]) -> MemberId {
    let made = create(desk, Kind::Member, fields).unwrap().made;
    let [ObjectId::Member(id)] = made.as_slice() else { panic!("{made:?}") };
    *id
}

#[test]
fn an_account_without_a_persona_is_told_that_texts_will_wait() {
    let mut desk = TestDesk::new();
    let fields = [(Field::Name, "手机1"), (Field::Platform, "微信"), (Field::Persona, "小雨")];
    assert_eq!(create(&mut desk, Kind::Account, &fields).unwrap().warnings, Vec::<String>::new());
    let bare =
        create(&mut desk, Kind::Account, &[(Field::Name, "手机2"), (Field::Platform, "微信")]).unwrap();
    assert!(bare.warnings.iter().any(|words| words.contains("手机2 没有人设")), "{:?}", bare.warnings);
}

fn undo(desk: &mut TestDesk) -> Outcome {
    desk.run(Command::Undo { act: None }).unwrap()
}

#[test]
fn an_account_is_made_edited_archived_and_brought_back() {
    let mut desk = TestDesk::new();
    let id = account(&mut desk, "手机1");
    assert_eq!(desk.desk.find_account("sj1", crate::text::lang::Lang::ZhCn), Ok(id));
    let words =
        edit(&mut desk, ObjectRef::Account(id), &[(Field::Health, "受限:私聊"), (Field::Name, "手机1")]);
    assert_eq!(words.unwrap().words, "手机1 受限 私聊");
    let same = edit(&mut desk, ObjectRef::Account(id), &[(Field::Platform, "wx")]).unwrap();
    assert_eq!((same.words.as_str(), same.act), ("手机1 没有变化", None));
    let archive = Command::Archive { object: ObjectRef::Account(id) };
    assert_eq!(desk.run(archive.clone()).unwrap().words, "归档 手机1");
    assert_eq!(desk.run(archive).unwrap_err().kind, RefusalKind::State);
    assert_eq!(undo(&mut desk).words, "已撤销: 归档 手机1");
    assert!(!desk.desk.store().columns.accounts.by_id(id).unwrap().body.archived);
    desk.restart();
}

#[test]
fn an_account_is_called_by_who_speaks_from_it_too() {
    let mut desk = TestDesk::new();
    let made = |desk: &mut TestDesk, name: &str, persona: &str| {
        let fields = [(Field::Name, name), (Field::Platform, "微信"), (Field::Persona, persona)];
        create(desk, Kind::Account, &fields).unwrap();
        desk.desk.find_account(name, crate::text::lang::Lang::ZhCn).unwrap()
    };
    let (first, second) = (made(&mut desk, "手机1", "小完子"), made(&mut desk, "手机2", "群主"));
    let find = |desk: &TestDesk, text: &str| desk.desk.find_account(text, crate::text::lang::Lang::ZhCn);
    assert_eq!((find(&desk, "小完子"), find(&desk, "xwz")), (Ok(first), Ok(first)));
    edit(&mut desk, ObjectRef::Account(second), &[(Field::Persona, "团长")]).unwrap();
    assert_eq!((find(&desk, "团长"), find(&desk, "群主").is_err()), (Ok(second), true));
    // a name is more than a persona, and of two personas nobody is guessed
    let named = made(&mut desk, "小完子", "小完子");
    assert_eq!(find(&desk, "小完子"), Ok(named));
    made(&mut desk, "手机4", "团长");
    assert!(find(&desk, "团长").is_err());
    desk.restart();
}

#[test]
fn what_cannot_be_read_names_field_value_and_way_out() {
    let mut desk = TestDesk::new();
    let before = columns_text(&desk.desk.store().columns);
    let mut check = |kind: Kind, fields: &[(Field, &str)], field: Field| {
        let refusal = create(&mut desk, kind, fields).unwrap_err();
        assert!(matches!(refusal.kind, RefusalKind::Invalid | RefusalKind::NotFound), "{refusal:?}");
        assert_eq!(refusal.field, Some(field), "{refusal:?}");
        refusal
    };
    check(Kind::Account, &[(Field::Name, "手机1")], Field::Platform);
    check(Kind::Account, &[(Field::Platform, "微信"), (Field::Name, " \u{200b} ")], Field::Name);
    let refusal =
        check(Kind::Account, &[(Field::Name, "手机1"), (Field::Platform, "wechaat")], Field::Platform);
    assert_eq!(refusal.value.as_deref(), Some("wechaat"));
    assert!(refusal.hint.contains("wechat"), "{}", refusal.hint);
    check(Kind::Group, &[(Field::Name, "宠友1群"), (Field::HeadCount, "很多")], Field::HeadCount);
    check(Kind::Group, &[(Field::Name, "宠友1群"), (Field::Account, "手机9")], Field::Account);
    check(Kind::Group, &[(Field::Name, "宠友1群"), (Field::Phone, "1")], Field::Phone);
    check(Kind::Member, &[(Field::Name, "张三"), (Field::Phone, "1.38E+10")], Field::Phone);
    check(Kind::Member, &[(Field::Name, "张三"), (Field::Phone, "138****8000")], Field::Phone);
    check(Kind::Member, &[(Field::Name, "张三"), (Field::Birthday, "02-30")], Field::Birthday);
    check(Kind::Member, &[(Field::Name, "张三"), (Field::Stage, "很好")], Field::Stage);
    check(Kind::Member, &[(Field::Name, "张三"), (Field::Handles, "wxid")], Field::Handles);
    check(Kind::Member, &[(Field::Name, "张三"), (Field::Quiet, "晚上")], Field::Quiet);
    assert_eq!(before, columns_text(&desk.desk.store().columns));
    assert_eq!(create(&mut desk, Kind::Task, &[]).unwrap_err().kind, RefusalKind::Invalid);
}

#[test]
fn groups_have_one_name_each_and_tell_their_count_and_state() {
    let mut desk = TestDesk::new();
    let phone = account(&mut desk, "手机1");
    let id = group(&mut desk, "宠友1群");
    assert_eq!(desk.desk.store().columns.groups.by_id(id).unwrap().body.account, Some(phone));
    let refusal = create(&mut desk, Kind::Group, &[(Field::Name, "寵友1群")]).unwrap_err();
    assert_eq!((refusal.kind, refusal.field), (RefusalKind::Invalid, Some(Field::Name)));
    let counted = edit(&mut desk, ObjectRef::Group(id), &[(Field::HeadCount, "１８６／２００")]).unwrap();
    assert_eq!(counted.words, "修改 宠友1群: 人数, 容量");
    let body = &desk.desk.store().columns.groups.by_id(id).unwrap().body;
    assert_eq!((body.head_count, body.capacity), (Some(186), 200));
    let dissolved = edit(&mut desk, ObjectRef::Group(id), &[(Field::State, "已解散")]).unwrap();
    assert_eq!(dissolved.words, "宠友1群 已解散");
    undo(&mut desk);
    undo(&mut desk);
    let body = &desk.desk.store().columns.groups.by_id(id).unwrap().body;
    assert_eq!((body.head_count, body.capacity, body.state.is_open()), (None, 0, true));
    desk.restart();
}

#[test]
fn pasted_groups_skip_the_known_ones() {
    let mut desk = TestDesk::new();
    group(&mut desk, "宠友1群");
    let names = ["宠友1群", "宠友2群", "寵友2群", "宠友3群", " "].map(|name| GroupName {
        name: name.to_owned(),
        head_count: Some(9),
        account: None,
        capacity: None,
    });
    let add = Command::AddGroups { names: names.to_vec(), account: None };
    let outcome = desk.run(add.clone()).unwrap();
    assert_eq!((outcome.words.as_str(), outcome.made.len()), ("新建 2 个群  账号: 未定 2; 有人数的 2 个", 2));
    assert_eq!(outcome.warnings, ["2 个已在册，跳过"]);
    assert_eq!(desk.run(add).unwrap_err().kind, RefusalKind::State);
    undo(&mut desk);
    // on accounts, of which one is new: one act, and one undo
    let phone = account(&mut desk, "手机1");
    let on = |name: &str, account: &str| GroupName {
        name: name.to_owned(),
        head_count: None,
        capacity: None,
        account: Some(account.to_owned()),
    };
    let names = vec![on("五群", "手机1"), on("六群", "小完子"), on("七群", "小完子")];
    let outcome = desk.run(Command::AddGroups { names, account: None }).unwrap();
    assert_eq!((outcome.made.len(), outcome.warnings.len()), (3, 1), "{outcome:?}");
    assert_eq!(outcome.words, "新建 1 个账号、3 个群  账号: 手机1 1, 小完子 2; 有人数的 0 个");
    assert!(outcome.warnings[0].contains("小完子"), "{outcome:?}");
    let of = |desk: &TestDesk| -> Vec<_> {
        let groups = desk.desk.store().columns.groups.iter();
        groups
            .filter(|(_, _, g)| !g.body.archived && g.body.name != "宠友1群")
            .map(|(_, _, g)| g.body.account)
            .collect()
    };
    let accounts = of(&desk);
    assert_eq!(
        (accounts[0], accounts[1] == accounts[2], accounts[1] == Some(phone)),
        (Some(phone), true, false)
    );
    undo(&mut desk);
    assert_eq!(of(&desk), [], "{:?}", of(&desk));
    // a line that is an account's name, colon or not
    let bare = |name: &str| GroupName { account: None, ..on(name, "") };
    let names = vec![bare("散群"), bare("手机1"), bare("八群"), on("九群", "小完子"), bare("手机1群")];
    let outcome = desk.run(Command::AddGroups { names, account: None }).unwrap();
    assert_eq!(outcome.words, "新建 1 个账号、4 个群  账号: 手机1 3, 小完子 1; 有人数的 0 个");
    undo(&mut desk);
    assert_eq!(desk.desk.store().columns.accounts.iter().filter(|(_, _, a)| !a.body.archived).count(), 1);
    assert!(desk.desk.find_group("宠友2群", crate::text::lang::Lang::ZhCn).is_err());
    desk.restart();
}

#[test]
fn a_member_comes_with_groups_and_friends_and_leaves_them() {
    let mut desk = TestDesk::new();
    let phone = account(&mut desk, "手机1");
    let (one, two) = (group(&mut desk, "宠友1群"), group(&mut desk, "宠友2群"));
    let id = member(
        &mut desk,
        &[
            (Field::Name, "张三"),
            (Field::Group, "宠友1群，宠友2群"),
            (Field::FriendOf, "手机1"),
            (Field::Tags, "宝妈、VIP"),
        ],
    );
    let rows = |desk: &TestDesk| {
        let columns = &desk.desk.store().columns;
        let member = columns.members.by_id(id).unwrap();
        (
            [one, two].map(|group| member.is_in(columns.groups.row(group).unwrap())),
            member.is_friend_of(columns.accounts.row(phone).unwrap()),
        )
    };
    assert_eq!(rows(&desk), ([true, true], true));
    edit(&mut desk, ObjectRef::Member(id), &[(Field::Group, "宠友2群"), (Field::FriendOf, "")]).unwrap();
    assert_eq!(rows(&desk), ([false, true], false));
    edit(&mut desk, ObjectRef::Member(id), &[(Field::Group, "宠友1群 ; 宠友2群")]).unwrap();
    assert_eq!(rows(&desk), ([true, true], false));
    undo(&mut desk);
    undo(&mut desk);
    assert_eq!(rows(&desk), ([true, true], true));
    let second = create(&mut desk, Kind::Member, &[(Field::Name, "张三")]).unwrap();
    assert!(second.warnings[0].contains("宠友1群"), "{:?}", second.warnings);
    desk.restart();
}

#[test]
fn a_handle_names_one_human() {
    let mut desk = TestDesk::new();
    member(&mut desk, &[(Field::Name, "张三"), (Field::Handles, "微信:wxid_1")]);
    let refusal =
        create(&mut desk, Kind::Member, &[(Field::Name, "李四"), (Field::Handles, "wx:wxid_1")]).unwrap_err();
    assert_eq!((refusal.field, refusal.object.as_str()), (Some(Field::Handles), "张三"));
}

#[test]
fn contacts_and_stays_have_forms_of_their_own() {
    let mut desk = TestDesk::new();
    let phone = account(&mut desk, "手机1");
    let pets = group(&mut desk, "宠友1群");
    let id = member(&mut desk, &[(Field::Name, "张三")]);
    let fields = [(Field::Member, "zs"), (Field::Account, "手机1"), (Field::State, "待通过")];
    create(&mut desk, Kind::Contact, &fields).unwrap();
    assert_eq!(create(&mut desk, Kind::Contact, &fields).unwrap_err().kind, RefusalKind::State);
    let contact = ObjectRef::Contact(id, phone);
    let words =
        edit(&mut desk, contact, &[(Field::State, "好友"), (Field::Since, "2026-11-01")]).unwrap().words;
    assert_eq!(words, "张三 加好友 手机1");
    let state = |desk: &TestDesk| {
        desk.desk.store().columns.members.by_id(id).unwrap().contacts().next().unwrap().state
    };
    assert_eq!(state(&desk), ContactState::Friend);
    assert_eq!(
        edit(&mut desk, contact, &[(Field::Since, "2027-01-01")]).unwrap_err().field,
        Some(Field::Since)
    );
    desk.run(Command::Archive { object: contact }).unwrap();
    assert_eq!(state(&desk), ContactState::NotYet);
    undo(&mut desk);
    assert_eq!(state(&desk), ContactState::Friend);

    let stay = [(Field::Member, "张三"), (Field::Group, "宠友1群"), (Field::Role, "管理员")];
    create(&mut desk, Kind::Membership, &stay).unwrap();
    let left = [(Field::JoinedAt, "2026-11-20"), (Field::LeftAt, "2026-11-01")];
    let refusal = edit(&mut desk, ObjectRef::Membership(id, pets), &left).unwrap_err();
    assert_eq!(refusal.field, Some(Field::LeftAt));
    desk.run(Command::Archive { object: ObjectRef::Membership(id, pets) }).unwrap();
    assert_eq!(desk.desk.store().columns.groups.by_id(pets).unwrap().members, 0);
    undo(&mut desk);
    assert_eq!(desk.desk.store().columns.groups.by_id(pets).unwrap().members, 1);
    desk.restart();
}

#[test]
fn an_act_on_many_says_how_many() {
    let mut desk = TestDesk::new();
    let groups: Vec<GroupId> =
        ["团购1群", "团购2群", "团购3群"].iter().map(|name| group(&mut desk, name)).collect();
    account(&mut desk, "手机2");
    let objects = groups.iter().copied().map(ObjectRef::Group).collect();
    let fields = vec![(Field::Account, "手机2".to_owned())];
    let edited = desk.run(Command::Edit { objects, fields }).unwrap();
    assert_eq!(edited.words, "修改 团购1群 等 3 个: 账号");
    assert_eq!(undo(&mut desk).words, "已撤销: 修改 团购1群 等 3 个: 账号");
    let on: Vec<ObjectId> = groups.iter().copied().map(ObjectId::Group).collect();
    let noted = desk.run(Command::Note { on: on.clone(), text: "周五停".to_owned() }).unwrap();
    assert_eq!(noted.words, "备注 团购1群 等 3 个");
    let at = desk.now().wall;
    let told = desk.run(Command::FollowUp { on, words: "问一声".to_owned(), at }).unwrap();
    assert_eq!(told.words, "跟进 团购1群 等 3 个: 问一声  现在就到期");
}
