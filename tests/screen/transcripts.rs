//! Keys in, what the desk was told, what was copied and what the screen says out.
//!
//! One file because a transcript is a few lines, and who adds one reads the others first.

use super::Screen;
use super::desk::{Desk, member_id, task_id};
use std::time::Duration;

use qun::book::{ActivityKind, SkipReason};
use qun::door::command::{Command, TaskVerb, Tell, Who};
use qun::door::{Push, Refusal, RefusalKind};
use qun::text::lang::Lang;
use qun::tui::event::{Effect, Event, Timer};
use qun::tui::state::{Link, Pane};

pub fn screen() -> Screen {
    Screen::new(Desk::small(), (80, 24), Lang::ZhCn)
}

/// What the desk was told that is more than a look or a copy.
pub fn told(screen: &Screen) -> Vec<&Command> {
    let quiet = |command: &&Command| {
        !matches!(command, Command::Task { verb: TaskVerb::Copied { .. } | TaskVerb::Seen, .. })
    };
    screen.desk.told.iter().filter(quiet).collect()
}

/// Keys, then what stands on the screen.
fn check(keys: &str, expected: &[&str]) {
    let mut screen = screen();
    screen.keys(keys);
    let picture = screen.picture();
    for words in expected {
        assert!(picture.contains(words), "after {keys:?} no {words:?} in\n{picture}");
    }
}

#[test]
fn words_on_the_screen() {
    check("", &["1待发 10", "宠友交流1群", "-8分", "逾期", "周末洗护预约还剩 6 个名额", "y 复制"]);
    check("j", &["[微]宠友交流2群  第3步/共5步"]);
    check("y", &["已复制。发出后按 d / F3"]);
    check("j j j", &["小李处理中", "下周讲体内"]);
    check("7", &["人数", "186/200", "宠友交流1群 望京"]);
    check("8", &["阿珍 3栋 (阿珍)", "128.80"]);
    check("9", &["周末洗护", "v2"]);
    check("3", &["1 条"]);
    check("5", &["这里没有"]);
    check("x", &["1 已聊过", "3 被删/拉黑         这是发到群里的", "8 其他"]);
    check(
        "j j j j j j j j x",
        &["1 人不再算好友  停 2 个进度  另取消 1 条", "停一切营销  1 人打上勿扰  停 2 个进度  另取消 1 条"],
    );
    check("z", &["10 分钟", "明早", "自定.."]);
    check("?", &["帮助", "复制正文或下一段"]);
    check("? 'clock", &["确认时钟无误"]);
    check("W", &["明天 09:03", "10:00 -> 14:05 午休"]);
    check("U", &["小李 已发 周末洗护提醒"]);
    // what was undone says so once
    let mut history = screen();
    history.keys("U");
    let picture = history.picture();
    assert!(picture.contains("小李 已跳过") && !picture.contains("已撤销: "), "{picture}");
    check("=", &["商品", "沿用昨天? 鸡蛋 9.9"]);
    check("N", &["1 群", "2 成员", "一次粘贴所有群名"]);
    check("N 2", &["新建成员", "*名称"]);
    check("f 'zs", &["张三", "成员 宠友交流2群"]);
    check(": 'sn", &["snooze", "稍后再说"]);
    check(": 'nix enter", &["没有命令「nix」"]);
    check(": 'undo space '3d enter", &["「undo」后面不能带「3d」: 单独用"]);
    check("9 : 'pause space '3d enter", &["「pause」后面不能带「3d」: 单独用"]);
    check("j j j j j j j j", &["[微私]小雨妈"]);
    check("j j j j j j j y", &["不可发: 名额 未填"]);
    check("/ 'VIP enter", &["门店VIP群", "1 条"]);
    check("/ 'dui:", &["第 11 列", "due"]);
    check("/ 'ta", &["标签:", "tag"]);
    check("/ '没有的 enter", &["没有匹配", "最接近: 去掉 没有的 (7)", "望京(12)", "Esc 清除条件"]);
    check("tab tab", &["成员 6 宠友交流1群"]);
    check("h", &["群组 6", "逾期/到期", "1/3"]);
    check("e", &["只改这一次", "各位铲屎官周末好"]);
    check("E", &["改谁的资料", "群 宠友交流1群"]);
    check("E 1", &["修改群", "186"]);
}

#[test]
fn copy_then_sent_goes_on_to_the_next() {
    let mut screen = screen();
    screen.keys("y d");
    assert!(screen.copied()[0].starts_with("各位铲屎官"));
    assert_eq!(
        told(&screen),
        [&Command::Task { tasks: vec![task_id(1)], verb: TaskVerb::Sent { at: None, also: false } }]
    );
    assert_eq!(screen.state.task().map(|task| task.id), Some(task_id(2)));
    assert_eq!(screen.state.main.total, 9);
    screen.keys("u");
    assert_eq!(screen.state.main.total, 10);
    assert_eq!(screen.state.task().map(|task| task.id), Some(task_id(1)), "to what came back");
}

#[test]
fn the_cursor_moves_before_the_desk_answers_and_comes_back_when_it_refuses() {
    let mut screen = screen();
    screen.deaf = true;
    screen.desk.refuse = Some(Refusal::new(RefusalKind::Blocked, "变量未填"));
    screen.keys("d");
    assert_eq!(screen.state.task().map(|task| task.id), Some(task_id(2)));
    assert!(screen.picture().contains("已标"));
    screen.deaf = false;
    screen.event(Event::Focus(true));
    assert!(!screen.picture().contains("已标"));
    assert!(screen.picture().contains("变量未填"));
}

#[test]
fn another_was_faster() {
    let mut screen = screen();
    screen.desk.refuse = Some(Refusal::new(RefusalKind::Already, "小李 14:02 已标记已发"));
    screen.keys("d");
    assert!(screen.picture().contains("我也发了"));
    screen.keys("2");
    let verb = TaskVerb::Sent { at: None, also: true };
    assert_eq!(told(&screen), [&Command::Task { tasks: vec![task_id(1)], verb }]);
}

#[test]
fn what_fires_rings_once_also_where_the_terminal_tells_no_focus() {
    let mut screen = screen();
    let fired = || {
        Event::Push(Box::new(Push::Fired { tasks: vec![task_id(1)], words: vec!["宠友群 早安".into()] }))
    };
    let bells = |screen: &Screen| screen.effects.iter().filter(|effect| **effect == Effect::Bell).count();
    screen.event(fired());
    screen.event(fired());
    assert_eq!(bells(&screen), 1, "two at once ring once");
    screen.mono += Duration::from_secs(60);
    screen.event(fired());
    assert_eq!(bells(&screen), 2);
    assert!(screen.picture().contains("宠友群 早安"));
}

#[test]
fn parts_are_copied_and_ticked_one_by_one() {
    let mut screen = screen();
    screen.keys("j j j j j y y p d");
    assert_eq!(screen.copied(), ["明天会员日", "第二段文字", "/素材/会员日.jpg"]);
    assert_eq!(screen.state.task().map(|task| task.id), Some(task_id(6)));
    screen.keys("d d");
    assert_eq!(screen.state.task().map(|task| task.id), Some(task_id(7)), "the last part marks the task");
    assert!(matches!(told(&screen)[0], Command::Task { verb: TaskVerb::Part { part: 0 }, .. }));
    assert!(matches!(told(&screen)[1], Command::Task { verb: TaskVerb::Part { part: 1 }, .. }));
    assert_eq!(told(&screen).len(), 3);
}

#[test]
fn equal_texts_are_copied_once_an_account() {
    let mut screen = screen();
    screen.keys("* y");
    assert_eq!((screen.state.main.mark_count(), screen.copied().len()), (3, 1));
    assert_eq!(screen.state.chunk.as_ref().map(|chunk| chunk.tasks.len()), Some(2), "those of one account");
    screen.keys("d");
    assert!(screen.picture().contains("还选着 1 条"), "{}", screen.picture());
    screen.keys("y d");
    assert_eq!(screen.copied().len(), 2);
    let sent: Vec<usize> = told(&screen)
        .into_iter()
        .map(|command| if let Command::Task { tasks, .. } = command { tasks.len() } else { 0 })
        .collect();
    assert_eq!(sent, [2, 1]);
}

pub(super) fn told_sent(screen: &Screen) -> Vec<usize> {
    let told = told(screen);
    let sent = told.into_iter().filter_map(|command| match command {
        Command::Task { tasks, verb: TaskVerb::Sent { .. } } => Some(tasks.len()),
        _ => None,
    });
    sent.collect()
}

#[test]
fn space_unticks_what_failed_in_a_chunk() {
    let mut screen = screen();
    screen.keys(": 'same enter y j space k d");
    let Command::Task { tasks, .. } = told(&screen)[0] else { panic!() };
    assert_eq!(tasks, &[task_id(1)]);
    assert_eq!(screen.state.main.mark_count(), 1, "what another account sends is still marked");
}

#[test]
fn other_ways_to_say_sent() {
    let mut screen = screen();
    screen.keys(": 'sent_2_4-5_13:30 enter");
    let Command::Task { tasks, verb: TaskVerb::Sent { at: Some(at), .. } } = told(&screen)[0] else {
        panic!()
    };
    assert_eq!(tasks, &[task_id(2), task_id(4), task_id(5)]);
    assert_eq!(screen.state.say_past(*at), "13:30");
    screen.keys(": 'sent_明天 enter");
    assert_eq!(told(&screen).len(), 1, "a time to come is refused");
    assert!(!screen.state.popups.is_empty(), "and can be put right");
}

#[test]
fn digits_of_menus_act() {
    let mut screen = screen();
    // a group cannot ask not to be disturbed
    screen.keys("x 4 esc");
    assert!(told(&screen).is_empty());
    screen.keys("x 6");
    let reason = SkipReason::AccountLimited;
    let verb = TaskVerb::Skip { reason, words: String::new() };
    assert_eq!(told(&screen), [&Command::Task { tasks: vec![task_id(1)], verb }]);
    screen.keys("z 1");
    assert!(matches!(told(&screen)[1], Command::Task { verb: TaskVerb::Snooze { .. }, .. }));
    screen.keys("space space x 8 '客户自己说不要 enter");
    let Command::Task { tasks, verb: TaskVerb::Skip { reason: SkipReason::Other, words } } = told(&screen)[2]
    else {
        panic!("{:?}", told(&screen))
    };
    assert_eq!((tasks.len(), words.as_str()), (2, "客户自己说不要"));
}

#[test]
fn two_people_in_at_most_twelve_keys_with_an_input_method_on() {
    // F6; 小雨妈 is x y m and Space to commit; a comma; 阿珍 is a z and Space; Enter; the digit.
    let presses = ["f6", "x", "y", "m", "space", ",", "a", "z", "space", "enter", "1"];
    assert!(presses.len() <= 12);
    let mut screen = screen();
    screen.keys("f6 \"小雨妈 ， \"阿珍 enter 1");
    let Command::Tell(tell) = told(&screen)[0] else { panic!("{:?}", told(&screen)) };
    assert_eq!(tell.who, [Who::Known(member_id(1)), Who::Known(member_id(2))]);
    assert_eq!(tell.happened[0].kind, ActivityKind::Joined);
    assert!(tell.group.is_some());
    assert!(screen.state.popups.is_empty());
}

/// The last thing that quick entry told the desk.
pub(super) fn last_tell(screen: &Screen) -> &Tell {
    match told(screen).last() {
        Some(Command::Tell(tell)) => tell,
        other => panic!("{other:?}\n{}", screen.picture()),
    }
}

#[test]
fn quick_entry_asks_who_is_meant() {
    let mut screen = screen();
    screen.keys("a 'zs enter");
    assert!(screen.picture().contains("第 1/3 步: 哪一位「zs」?"), "{}", screen.picture());
    screen.keys("2 4 '39.9_奶粉 enter");
    let tell = last_tell(&screen);
    assert_eq!(tell.who, [Who::Known(member_id(5))]);
    assert_eq!((tell.happened[0].amount.map(|a| a.0), tell.happened[0].text.as_str()), (Some(3990), "奶粉"));
    screen.keys("a '王五 enter 2");
    assert_eq!(last_tell(&screen).who, [Who::New("王五".into())], "people come into the book by these");
    screen.keys("a enter 8 '=188 enter");
    let tell = last_tell(&screen);
    assert_eq!((tell.who.len(), tell.happened[0].number), (0, Some(188)));
}

#[test]
fn a_list_of_goods_tells_of_orders_and_is_not_thrown_away_by_one_esc() {
    let mut screen = screen();
    let list = "a \"1._小雨妈_2份\\n2._李四_鸡蛋_1份\\n3._李子涵妈妈_5斤_苹果\\n4._陈俊熙妈妈_2份";
    screen.keys(list);
    screen.keys("enter");
    assert!(screen.rows().iter().any(|row| row.contains("> 4 下单")), "{}", screen.picture());
    screen.keys("esc esc");
    assert!(screen.picture().contains("Ctrl-g 放弃这 4 个名字"), "{}", screen.picture());
    screen.keys("enter esc esc esc esc");
    assert_eq!(screen.state.popups.len(), 1, "{}", screen.picture());
    screen.keys("ctrl-g");
    assert!(screen.state.popups.is_empty());
    screen.keys(list);
    screen.keys("enter enter");
    assert!(screen.rows()[1].contains("小雨妈:2份"), "{}", screen.rows()[1]);
    assert!(
        screen.rows().iter().any(|row| row.contains("李四:") && row.contains("鸡蛋 1份")),
        "{}",
        screen.picture()
    );
    assert!(screen.picture().contains("按名单记各人自己的; Enter 记下"), "{}", screen.picture());
    screen.keys("'39.9 enter 2");
    assert_eq!(last_tell(&screen).happened[0].kind, ActivityKind::Bought);
    let said = screen.state.note.as_ref().unwrap().text.clone();
    assert_eq!(said, "记下 4 人  小雨妈 李四 李子涵妈妈 陈俊熙妈妈 (新 2)");
    // What does not fit is only named less, not asked again.
    let all: Vec<String> = (0..12).map(|n| format!("{n}号新邻居家")).collect();
    screen.keys(&format!("a \"{} enter 1", all.join("\\n")));
    let said = screen.state.note.as_ref().unwrap().text.clone();
    assert!(
        said.starts_with("记下 12 人  0号新邻居家 1号新邻居家") && said.ends_with(".. (新 12)"),
        "{said}"
    );
}

#[test]
fn a_groups_name_is_nobody_new() {
    let mut screen = screen();
    screen.keys("a '宠友交流2群 enter");
    assert!(screen.picture().contains("是一个群, 不是人: 记成地点"), "{}", screen.picture());
    screen.keys("esc esc 5 a '宠友交流2群 enter");
    assert!(screen.picture().contains("是一个群, 不是人: 记成地点"), "before the place is asked for");
    screen.keys("1 backspace '阿珍 enter 1");
    let tell = last_tell(&screen);
    assert_eq!(tell.who, [Who::Known(member_id(2))]);
    assert_eq!(tell.group, Some(super::desk::group_id(2)));
}

#[test]
fn a_group_that_is_not_there_can_be_made_from_quick_entry() {
    let mut screen = screen();
    screen.keys("a 'az enter tab '新来的群 enter");
    assert!(screen.picture().contains("Ctrl-n 新建这个群"), "{}", screen.picture());
    screen.keys("'N ctrl-n");
    assert!(screen.picture().contains("新来的群N"), "{}", screen.picture());
    assert!(screen.picture().contains("新建群"), "{}", screen.picture());
    screen.keys("esc backspace backspace backspace backspace backspace '门店VIP群 enter 1");
    assert_eq!(last_tell(&screen).group, Some(super::desk::group_id(4)));
}

#[test]
fn keys_named_in_a_menu_work_there() {
    let mut screen = screen();
    screen.keys(": 'tour enter N");
    assert!(screen.picture().contains("新建什么"), "{}", screen.picture());
}

#[test]
fn an_empty_queue_asks_whom_to_follow_up() {
    let mut screen = screen();
    screen.keys("5");
    assert!(screen.state.main.lines.is_empty());
    screen.keys("+ '宠友交流2 enter '现在_发通知 enter");
    let on = vec![qun::book::ObjectId::Group(super::desk::group_id(2))];
    let Some(Command::FollowUp { on: whom, words, .. }) = told(&screen).pop() else {
        panic!("{}", screen.picture())
    };
    assert_eq!((whom, words.as_str()), (&on, "发通知"));
}

#[test]
fn a_pasted_jielong_is_its_people() {
    let mut screen = screen();
    screen.keys(
        "a \"#接龙\\n周六鸡蛋团\\n例：昵称_份数\\n\\n1._小雨妈_2份\\n58._@李四+1\\n59._小雨妈 enter 4 enter",
    );
    let tell = last_tell(&screen);
    assert_eq!(tell.who, [Who::Known(member_id(1)), Who::Known(member_id(4))]);
    assert_eq!(tell.said, ["2份", "+1"], "what each wants goes with them");
    let all: Vec<String> = (0..60).map(|n| format!("{n}号新邻居家")).collect();
    screen.keys(&format!("a \"{}", all.join("\\n")));
    for (step, keys) in [("第 1/3 步: 谁", ""), ("第 3/3 步: 发生了什么", "enter")] {
        screen.keys(keys);
        let rows = screen.rows();
        assert!(rows[1].contains("已选 60 人 (新 60): 0号新邻居家"), "{}", rows[1]);
        assert!(rows[1].ends_with("在: 宠友交流1群"), "{}", rows[1]);
        assert!(rows.iter().any(|row| row.contains(step)), "{}", rows.join("\n"));
    }
    screen.keys("esc");
    assert!(screen.picture().contains("第 1/3 步: 谁"), "one step back");
    assert!(screen.rows()[1].contains("已选 60 人"), "with everybody still there");
}

#[test]
fn nobody_is_made_by_a_slip() {
    let mut screen = screen();
    screen.keys("a '李思 enter");
    assert!(screen.picture().contains("没有「李思」, 是不是"), "{}", screen.picture());
    screen.keys("1 3");
    assert_eq!(last_tell(&screen).who, [Who::Known(member_id(4))]);
    let before = told(&screen).len();
    screen.keys("a \"王五\\n赵六\\n小雨妈\\n enter 3");
    assert!(screen.picture().contains("2 个名字不在成员册"), "{}", screen.picture());
    assert_eq!(told(&screen).len(), before, "asked before anybody is made");
    screen.keys("1");
    assert!(screen.rows()[1].contains("王五 赵六"), "back with the names to put right\n{}", screen.picture());
    screen.keys("enter 3 2");
    let tell = last_tell(&screen);
    assert_eq!(tell.who.len(), 3);
    assert_eq!(tell.happened[0].kind, ActivityKind::Replied);
    assert!(tell.who.contains(&Who::New("王五".into())) && tell.who.contains(&Who::Known(member_id(1))));
}

#[test]
fn a_place_is_offered_before_anything_is_typed() {
    let mut screen = screen();
    screen.keys("9 a 'ls enter");
    let picture = screen.picture();
    for words in ["第 2/3 步: 在哪个群或账号", "空着 Enter 跳过", "不说在哪", "门店VIP群"]
    {
        assert!(picture.contains(words), "{words}\n{picture}");
    }
    screen.keys("down down enter 3");
    assert_eq!(last_tell(&screen).group, screen.desk.groups.get(1).map(|group| group.id));
    screen.keys("9 a 'ls enter tab");
    let rows = screen.rows();
    assert!(rows[3].contains("不变: 宠友交流2群") && rows[4].contains("宠友交流2群"), "{}", rows.join("\n"));
    screen.keys("backspace enter 3");
    assert_eq!(last_tell(&screen).group, None, "Enter on nothing leaves it open");
}

#[test]
fn a_mistake_in_a_filter_leaves_no_old_condition_standing() {
    let mut screen = screen();
    screen.keys("/ '没有的 enter");
    assert!(screen.picture().contains("条件: state:due 没有的"), "{}", screen.picture());
    screen.keys("/ 'xx:1");
    let picture = screen.picture();
    assert!(picture.contains("没有“xx”这个筛选项") && !picture.contains("条件:"), "{picture}");
}

#[test]
fn replies_follow_ups_notes() {
    let mut screen = screen();
    screen.keys("r");
    assert!(told(&screen).is_empty(), "a group does not reply");
    screen.keys("j j j j j j j j r");
    assert!(screen.picture().contains("3 少发"));
    screen.keys("2");
    assert!(matches!(told(&screen)[0], Command::Reply { answer: Some(1), .. }));
    screen.keys("r enter");
    assert!(matches!(told(&screen)[1], Command::Reply { answer: None, .. }));
    screen.keys("+ '明天_10:00_问奶粉 enter");
    let Command::FollowUp { words, at, .. } = told(&screen)[2] else { panic!("{:?}", told(&screen)) };
    assert_eq!((words.as_str(), screen.state.say_instant(*at).as_str()), ("问奶粉", "明天 10:00"));
    screen.keys("+ '昨天_10:00_补 enter");
    assert!(screen.picture().contains("这个时间已经过去"), "{}", screen.picture());
    assert_eq!(told(&screen).len(), 3, "nothing is made of a time that has passed");
    screen.keys("esc ctrl-g + '问鸡蛋");
    assert!(screen.picture().contains("没写时间, 就是现在: 问鸡蛋"), "{}", screen.picture());
    screen.keys("esc o '爱喝美式 enter");
    assert!(matches!(told(&screen)[3], Command::Note { text, .. } if text == "爱喝美式"));
}

#[test]
fn forms_say_what_is_wrong_at_the_field() {
    let mut screen = screen();
    screen.keys("N 1 ctrl-s");
    assert!(screen.picture().contains("要填"));
    screen.desk.refuse = Some(
        Refusal::new(RefusalKind::Invalid, "人数要写成数字")
            .at_field(qun::door::form::Field::HeadCount, "很多"),
    );
    screen.keys("'新群 down down down '很多 ctrl-s");
    let rows = screen.rows();
    assert!(
        rows.iter().any(|row| row.contains("很多") && row.contains("人数要写成数字")),
        "{}",
        rows.join("\n")
    );
    screen.keys("ctrl-u '12 ctrl-s");
    assert!(matches!(told(&screen)[0], Command::Create { fields, .. } if fields.len() == 2));
    assert!(screen.state.popups.is_empty());
}

#[test]
fn from_nothing_to_groups() {
    let mut screen = Screen::new(Desk::default(), (80, 24), Lang::ZhCn);
    assert!(screen.picture().contains("从零开始"));
    screen.keys("1 \"宠友1群(186)\\n宠友2群 ctrl-s");
    assert!(matches!(told(&screen)[0], Command::AddGroups { names, .. } if names.len() == 2));
    assert!(screen.picture().contains("现在发一条"), "{}", screen.picture());
    assert!(
        screen.picture().contains("现在发一条: 宠友1群"),
        "the first that was pasted: {}",
        screen.picture()
    );
    screen.keys("2 '发个早安 enter");
    assert!(
        matches!(told(&screen)[1], Command::FollowUp { on, words, .. } if words == "发个早安" && on.len() == 2)
    );
    // of those that were there already no new one has the name
    screen.keys(": 'tour enter 1 \"宠友1群\\n宠友3群 ctrl-s");
    let picture = screen.picture();
    assert!(picture.contains("现在发一条: 新建的 1 个群") && !picture.contains("条: 宠友1群"), "{picture}");
}

#[test]
fn a_lost_desk_refuses_writes_and_keeps_reading() {
    let mut screen = screen();
    screen.event(Event::Lost);
    assert!(matches!(screen.state.link, Link::Lost { .. }));
    screen.keys("j d");
    assert!(told(&screen).is_empty());
    assert!(screen.picture().contains("断线中"));
    screen.keys("y");
    assert_eq!(screen.copied().len(), 1);
    screen.event(Event::Regained);
    let welcome = screen.desk.envelope(screen.desk.welcome());
    screen.event(Event::Reply { tag: 0, envelope: Box::new(welcome) });
    assert_eq!(screen.state.link, Link::Up);
    assert_eq!(screen.state.task().map(|task| task.id), Some(task_id(2)));
}

#[test]
fn back_goes_one_level_and_never_out() {
    let mut screen = screen();
    screen.keys("enter");
    assert_eq!(screen.state.focus, Pane::Preview);
    screen.keys("enter");
    assert!(screen.picture().contains("复制正文或下一段"), "the menu of everything");
    screen.keys("esc esc space q q");
    assert_eq!((screen.state.focus, screen.state.main.mark_count()), (Pane::List, 0));
    assert!(!screen.state.quitting);
    assert!(screen.picture().contains(":q 或 Ctrl-q 退出"));
    screen.keys(": 'q enter");
    assert!(screen.effects.contains(&Effect::Quit));
}

#[test]
fn a_group_narrows_the_queue_and_a_name_is_jumped_to() {
    let mut screen = screen();
    screen.keys("h j enter");
    assert_eq!(screen.state.main.total, 2);
    screen.keys("esc");
    assert_eq!(screen.state.main.total, 10);
    screen.keys("f '门店 enter");
    assert_eq!(screen.state.view, 6);
    assert_eq!(screen.state.main.selected().map(|line| line.name().to_owned()).as_deref(), Some("门店VIP群"));
}

#[test]
fn pastes_and_input_methods_outside_prompts_do_nothing() {
    let mut screen = screen();
    screen.keys("\"已发dd\\nxx");
    screen.event(Event::Burst);
    screen.event(Event::Ime);
    assert!(told(&screen).is_empty());
    assert!(screen.picture().contains("按 Shift 切换"));
}

#[test]
fn nothing_is_asked_again_while_idle() {
    let mut screen = screen();
    let timers = [Timer::Seen, Timer::Detail, Timer::Message];
    for round in 0..3 {
        screen.effects.clear();
        screen.state.dirty = false;
        for timer in timers {
            screen.event(Event::Timer(timer));
        }
        assert!(round == 0 || (screen.effects.is_empty() && !screen.state.dirty), "round {round}");
    }
}

#[test]
fn before_the_desk_has_told_the_time_nothing_is_stamped() {
    let start = qun::tui::state::Start { lang: Lang::ZhCn, theme: "dark".into(), ..Default::default() };
    let mut screen = Screen::unanswered(Desk::small(), start);
    screen.keys("d");
    let picture = screen.picture();
    assert!(picture.contains("断线中, 这一步没有做"), "{picture}");
    assert!(!picture.contains("08:00") && !picture.contains("1970"), "{picture}");
    screen.keys(": 'messages enter");
    let picture = screen.picture();
    assert!(!picture.contains("08:00") && !picture.contains("01-01"), "{picture}");
}

#[test]
fn nothing_acts_while_the_window_is_too_small_to_show_it() {
    let mut screen = screen();
    screen.event(Event::Resize(50, 24));
    screen.keys("d x 1 N j y enter + 'abc enter \"text ctrl-x f3 f7 space");
    assert_eq!(screen.desk.told.len(), 0);
    assert!(screen.state.popups.is_empty() && screen.copied().is_empty());
    assert!(screen.picture().contains("窗口太小"));
    screen.event(Event::Resize(80, 24));
    screen.keys("/ 'ab");
    screen.event(Event::Resize(80, 11));
    screen.keys("'cd enter esc backspace \"text");
    screen.event(Event::Resize(80, 24));
    let Some(qun::tui::popup::Popup::Prompt(prompt)) = screen.state.popups.last() else {
        panic!("{}", screen.picture())
    };
    assert_eq!(prompt.field.text(), "state:due ab");
    screen.event(Event::Resize(59, 12));
    screen.keys(": 'nonsense enter 'q enter");
    assert!(!screen.state.quitting);
    screen.keys(": 'q enter");
    assert!(screen.state.quitting);
}
