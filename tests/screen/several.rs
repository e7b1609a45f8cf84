//! One act on several lines, and what is asked before an act: chunks, parts, checks, reasons, marks.
//!
//! One file because all of it is asked of one small desk with the same marked lines.

use super::Screen;
use super::desk::{Desk, task_id};
use super::transcripts::{last_tell, screen, told};
use qun::book::{ActivityKind, ObjectId, TaskState};
use std::time::Duration;

use qun::door::command::{Command, TaskVerb};
use qun::door::form::Field;
use qun::door::line::{Fact, LineId, Lines, TaskLine};
use qun::door::reply::Patch;
use qun::door::{Push, Refusal, RefusalKind};
use qun::text::lang::Lang;
use qun::tui::event::{Event, Timer};
use qun::tui::line::Line;
use qun::tui::popup::Popup;

#[test]
fn a_chunk_goes_part_by_part() {
    let mut screen = screen();
    for n in [1, 2, 3] {
        screen.desk.add_part(task_id(n), "jielong", None);
    }
    screen.event(Event::Resumed);
    screen.keys("* y d");
    let Command::Task { tasks, verb: TaskVerb::Part { part: 0 } } = told(&screen)[0] else {
        panic!("{:?}", told(&screen))
    };
    assert_eq!(tasks.len(), 2, "those of one account");
    assert!(screen.picture().contains("第 2/2 段"), "{}", screen.picture());
    assert_eq!(screen.state.main.mark_count(), 3, "nothing is done yet");
    screen.keys("y");
    assert!(screen.picture().contains("手动做"), "{}", screen.picture());
    assert_eq!(screen.copied().len(), 1, "the second part is no text");
    screen.keys("d");
    let Command::Task { tasks, verb: TaskVerb::Sent { .. } } = told(&screen)[1] else {
        panic!("{:?}", told(&screen))
    };
    assert_eq!(tasks.len(), 2);
    assert!(screen.picture().contains("还选着 1 条"), "{}", screen.picture());
}

#[test]
fn a_view_is_found_as_it_was_left() {
    let mut screen = screen();
    screen.keys("j space space");
    let cursor = screen.state.main.cursor.clone();
    screen.keys("8 j j");
    assert_eq!(screen.state.main.mark_count(), 0, "marks are of their own view");
    let member = screen.state.main.cursor.clone();
    screen.keys("1");
    assert_eq!((screen.state.main.mark_count(), &screen.state.main.cursor), (2, &cursor));
    assert!(screen.picture().contains("已选 2"), "{}", screen.picture());
    screen.keys("8");
    assert_eq!(screen.state.main.cursor, member);
    // one that was marked has left the view meanwhile, and so has the one under the cursor
    screen.desk.tasks.remove(1);
    screen.desk.tasks.remove(2);
    let next = LineId::Object(ObjectId::Task(screen.desk.tasks[3].id));
    screen.keys("1");
    assert_eq!((screen.state.main.mark_count(), screen.state.main.cursor.clone()), (1, Some(next)));
    screen.keys("] 1");
    assert_eq!(screen.state.main.mark_count(), 1);
    screen.keys("1 esc");
    assert_eq!(screen.state.main.mark_count(), 0);
}

#[test]
fn what_was_copied_for_several_is_what_is_marked_after_a_look_elsewhere() {
    let mut screen = screen();
    screen.keys("* y 8 1 d");
    let Command::Task { tasks, verb: TaskVerb::Sent { .. } } = told(&screen)[0] else {
        panic!("{:?}", told(&screen))
    };
    assert_eq!(tasks.len(), 2, "those of one account, which were copied");
}

#[test]
fn what_is_not_ready_is_marked_sent_only_when_a_human_says_so_twice() {
    let mut screen = screen();
    screen.keys("7 1 j j j j j j j d");
    assert!(told(&screen).is_empty() && screen.picture().contains("真的发出去了吗"), "{}", screen.picture());
    screen.keys("1 d 2");
    assert!(matches!(told(&screen)[0], Command::Task { verb: TaskVerb::Sent { .. }, .. }));
}

#[test]
fn what_is_held_is_copied_only_when_it_is_let_go() {
    let mut screen = screen();
    screen.desk.tasks[0].facts.push(Fact::Held("账号受限".into()));
    screen.event(Event::Resumed);
    screen.keys("y");
    assert!(screen.copied().is_empty() && screen.picture().contains("账号受限"), "{}", screen.picture());
    screen.keys("2");
    assert!(matches!(told(&screen)[0], Command::Task { verb: TaskVerb::Wake, .. }));
    assert_eq!(screen.copied().len(), 1);
}

#[test]
fn a_look_alike_says_how_it_is_let_go() {
    for size in [(80, 24), (120, 40)] {
        let mut screen = super::Screen::new(Desk::small(), size, Lang::ZhCn);
        screen.desk.tasks[0].facts.extend([Fact::Held("疑似同一人".into()), Fact::Lookalike]);
        screen.event(Event::Resumed);
        let picture = screen.picture();
        assert!(picture.contains("疑似同一人。是两个人: y 放行; 是同一人: x 跳过"), "{picture}");
        screen.desk.tasks[0].facts.retain(|fact| *fact != Fact::Lookalike);
        screen.event(Event::Resumed);
        assert!(!screen.picture().contains("y 放行"), "another reason has no two people");
    }
}

#[test]
fn what_is_copied_to_forward_names_who_gets_it_and_who_does_not() {
    let mut screen = super::Screen::new(Desk::small(), (80, 24), Lang::ZhCn);
    let text = screen.desk.texts[0].clone();
    let (account, same) = (screen.desk.tasks[0].account.clone(), screen.desk.tasks[0].same_text);
    for at in 0..9 {
        let task = &mut screen.desk.tasks[at];
        task.target_name = format!("翠苑小区团购{}群", at + 1);
        (task.account, task.same_text, task.state) = (account.clone(), same, TaskState::Due);
        task.facts.clear();
        screen.desk.texts[at] = qun::door::detail::TaskText { task: task.id, ..text.clone() };
    }
    screen.desk.tasks[3].facts.push(Fact::NotFriend);
    for held in [1, 6] {
        screen.desk.tasks[held].facts.push(Fact::Held("账号受限".into()));
    }
    screen.event(Event::Resumed);
    screen.keys("* y");
    let rows = screen.rows();
    // a name may be broken over two rows
    let said: String = rows[16..23].concat().split_whitespace().collect();
    for words in [
        "发完按d",
        "共6个:翠苑小区团购1群翠苑小区团购3群翠苑小区团购5群翠苑小区团购6群翠苑小区团购8群翠苑小区团购9群",
        "没带上3个:翠苑小区团购2群翠苑小区团购7群(搁置:账号受限);翠苑小区团购4群(还不是好友",
        "单独y可放行",
    ] {
        assert!(said.contains(words), "{words}: {rows:#?}");
    }
    // the list has its rows again once something shorter is said
    screen.keys("j");
    screen.keys("d");
    assert!(!screen.rows()[19].contains("翠苑小区团购1群 翠苑"), "{:#?}", screen.rows());
}

#[test]
fn what_would_reach_nobody_is_copied_and_marked_only_when_they_insist() {
    let mut screen = screen();
    screen.desk.tasks[0].facts.push(Fact::NotFriend);
    screen.event(Event::Resumed);
    screen.keys("y");
    assert!(screen.copied().is_empty() && screen.picture().contains("照样复制"), "{}", screen.picture());
    screen.keys("2");
    assert_eq!(screen.copied().len(), 1);
    screen.keys("d");
    let sent = |command: &&Command| {
        matches!(
            command,
            Command::Task { verb: TaskVerb::Sent { .. } | TaskVerb::Part { .. } | TaskVerb::Wake, .. }
        )
    };
    assert!(!told(&screen).iter().any(sent), "{}", screen.picture());
    assert!(screen.picture().contains("真的发出去了吗"), "{}", screen.picture());
    screen.keys("2");
    assert!(told(&screen).iter().any(sent));
}

#[test]
fn what_is_over_is_copied_again_for_a_stranger_only_when_they_insist() {
    let mut screen = screen();
    screen.desk.tasks[0].facts = vec![Fact::NotFriend, Fact::Held("受限".into())];
    screen.desk.tasks[0].state = qun::book::TaskState::Sent;
    screen.keys(": 'filter_state:sent enter");
    let row = screen.rows().into_iter().find(|row| row.contains("周末洗护提醒")).unwrap();
    assert!(!row.contains("非好友"), "{row}");
    screen.keys("y");
    assert!(screen.copied().is_empty() && screen.picture().contains("照样复制"), "{}", screen.picture());
    screen.keys("2");
    assert_eq!(screen.copied().len(), 1);
}

#[test]
fn who_is_no_friend_does_not_go_along_with_the_others() {
    let mut screen = screen();
    screen.desk.tasks[1].facts.push(Fact::NotFriend);
    screen.event(Event::Resumed);
    let name = screen.desk.tasks[1].target_name.clone();
    screen.keys("* y");
    let said = screen.picture();
    assert!(said.contains(&format!("没带上 1 个: {name}")) && said.contains("单独 y 可放行"), "{said}");
    assert_eq!(screen.copied().len(), 1);
    let chunk = screen.state.chunk.as_ref().unwrap();
    assert_eq!(chunk.tasks, [super::desk::task_id(1)], "the third is of another account");
    // said by number: asked first, the others alone can be had
    screen.keys(": ':sent_1-2_14:00 enter");
    let asked = screen.picture();
    assert!(asked.contains("真的发出去了吗") && asked.contains("只记其他 1 条"), "{asked}");
    let sent = |screen: &super::Screen| {
        told(screen).into_iter().rev().find_map(|command| match command {
            Command::Task { tasks, verb: TaskVerb::Sent { .. } } => Some(tasks.clone()),
            _ => None,
        })
    };
    assert_eq!(sent(&screen), None);
    screen.keys("2");
    assert_eq!(sent(&screen), Some(vec![super::desk::task_id(1)]));
}

#[test]
fn what_somebody_else_copied_is_said_and_offered() {
    let mut screen = screen();
    let facts = &mut screen.desk.tasks[0].facts;
    facts.push(Fact::Copied { at: super::desk::at(-3), by: "root".into(), parts: vec![0] });
    facts.push(Fact::Claimed { by: "root".into() });
    screen.event(Event::Resumed);
    assert!(screen.picture().contains("root 14:00 复制过; y 复制, 或先问一声"), "{}", screen.picture());
    screen.event(Event::Resize(80, 24));
    assert!(screen.rows().iter().any(|row| row.contains("root复制")), "{}", screen.picture());
    screen.keys("y");
    assert!(!screen.picture().contains("先问一声"), "{}", screen.picture());
}

#[test]
fn a_new_account_has_a_platform_and_its_field_says_how_to_turn_it() {
    let mut screen = screen();
    screen.keys("N 3 '手机9 tab");
    assert!(screen.picture().contains("< 微信 >"), "{}", screen.picture());
    assert!(screen.picture().contains("左右键或字母换"), "{}", screen.picture());
    screen.keys("ctrl-s");
    let Command::Create { fields, .. } = told(&screen)[0] else { panic!("{:?}", told(&screen)) };
    assert!(fields.contains(&(Field::Platform, "wechat".to_owned())));
    screen.keys("N 3 esc");
    assert!(screen.state.popups.is_empty(), "nothing was typed");
}

#[test]
fn one_enter_more_tells_nothing_that_nobody_chose() {
    for names in ["小雨妈\\n阿珍\\n李四", "小雨妈\\n新邻居家"] {
        let mut screen = screen();
        screen.keys(&format!("a \"{names} enter enter"));
        let picture = screen.picture();
        assert!(told(&screen).is_empty() && picture.contains("先按数字选一样"), "{picture}");
        assert!(!screen.rows().iter().any(|row| row.trim_start().starts_with("> ")), "{picture}");
        // the first step down marks the first line, and then it is chosen by somebody
        screen.keys("down enter");
        assert_eq!(last_tell(&screen).happened[0].kind, ActivityKind::Joined, "{names}");
    }
    let mut screen = screen();
    screen.keys("a '小雨妈 enter 9");
    assert_eq!(last_tell(&screen).happened[0].kind, ActivityKind::CheckedIn);
}

#[test]
fn a_text_that_changed_since_it_was_copied_says_so() {
    let mut screen = screen();
    screen.keys("y");
    assert!(screen.picture().contains("已复制。发出后按"), "{}", screen.picture());
    screen.desk.texts[0].parts[0].copy = Some("改过的话".into());
    screen.event(Event::Resumed);
    assert!(screen.picture().contains("复制后改过, 再按 y"), "{}", screen.picture());
    screen.keys("y");
    assert!(screen.picture().contains("已复制。发出后按"), "{}", screen.picture());
    assert!(!screen.picture().contains("复制后改过"), "{}", screen.picture());
    // a screen that has not copied it is told by the desk
    screen.desk.tasks[1].facts.push(Fact::ChangedSinceCopy);
    screen.event(Event::Resumed);
    assert!(screen.rows().iter().any(|row| row.contains("复制后改过")), "{}", screen.picture());
}

#[test]
fn a_part_by_hand_says_which_keys_help() {
    let mut screen = screen();
    screen.desk.add_part(task_id(1), "image", None);
    screen.event(Event::Resumed);
    screen.keys("y d");
    assert!(screen.picture().contains("p 复制路径或查找词, 照做后按 d"), "{}", screen.picture());
}

#[test]
fn what_happened_is_typed_behind_the_names() {
    let mut screen = screen();
    screen.keys("a '小雨妈、阿珍_打卡 enter");
    let tell = last_tell(&screen);
    assert_eq!((tell.who.len(), tell.happened[0].kind), (2, ActivityKind::CheckedIn));
    screen.keys("a \"小雨妈、阿珍_下单_39.9_奶粉 enter");
    let tell = last_tell(&screen);
    assert_eq!((tell.who.len(), tell.happened[0].kind), (2, ActivityKind::Bought));
    assert_eq!((tell.happened[0].amount.map(|a| a.0), tell.happened[0].text.as_str()), (Some(3990), "奶粉"));
    screen.keys("a '小雨妈_下单_39.9_奶粉 enter");
    assert_eq!(last_tell(&screen).happened[0].amount.map(|a| a.0), Some(3990));
}

#[test]
fn an_event_of_an_account_asks_for_the_account() {
    let mut screen = screen();
    let words = "加好友要说是哪个账号";
    let refusal = Refusal::new(RefusalKind::Invalid, words);
    screen.desk.refuse = Some(Refusal { field: Some(Field::Account), ..refusal });
    screen.keys("a '小雨妈_加好友 enter");
    let picture = screen.picture();
    assert!(picture.contains("在哪个群或账号") && picture.contains(words), "{picture}");
    screen.keys("down enter");
    let tell = last_tell(&screen);
    assert_eq!((tell.who.len(), tell.happened[0].kind), (1, ActivityKind::Added));
}

#[test]
fn a_step_that_wants_to_be_sure_asks_before_the_copy() {
    let mut screen = screen();
    screen.desk.texts[0].check = Some("replied".into());
    screen.desk.texts[1].check = Some("replied".into());
    screen.event(Event::Resumed);
    screen.keys("* y");
    assert!(screen.copied().is_empty() && screen.picture().contains("回复了吗"), "{}", screen.picture());
    screen.keys("1");
    assert_eq!(screen.copied().len(), 1);
    let Command::Task { tasks, verb: TaskVerb::Check { yes: false } } = told(&screen)[0] else {
        panic!("{:?}", told(&screen))
    };
    assert_eq!(tasks.len(), 2);
}

#[test]
fn what_a_reason_brings_about_stands_beside_it() {
    let mut screen = screen();
    screen.keys("x");
    assert!(screen.picture().contains("停 2 个进度"), "{}", screen.picture());
    screen.keys("esc !");
    assert!(screen.picture().contains("还没发的 3 条会停下"), "{}", screen.picture());
    assert!(screen.picture().contains("14:02 阿珍: 还能撤回"), "{}", screen.picture());
}

#[test]
fn marks_are_for_actions_that_take_several() {
    let mut screen = screen();
    screen.keys("8 space space + '明天_10:00_问 enter");
    assert!(matches!(told(&screen)[0], Command::FollowUp { on, .. } if on.len() == 2), "{:?}", told(&screen));
    assert_eq!(screen.state.main.mark_count(), 0);
    screen.keys("space space r");
    assert_eq!(told(&screen).len(), 1, "one reply at a time");
    assert!(screen.picture().contains("一次一条"), "{}", screen.picture());
    screen.keys("esc 7 space space E");
    assert!(screen.picture().contains("一起修改 2 个群"), "{}", screen.picture());
    screen.keys("'手机1 ctrl-s");
    let Command::Edit { objects, fields } = told(&screen)[1] else { panic!("{:?}", told(&screen)) };
    assert_eq!((objects.len(), fields.as_slice()), (2, &[(Field::Account, "手机1".to_owned())][..]));
}

#[test]
fn an_undo_brings_the_cursor_back() {
    let mut screen = screen();
    screen.keys("d j u");
    assert_eq!(screen.state.task().map(|task| task.id), Some(task_id(1)));
}

#[test]
fn a_key_without_its_value_leaves_the_rows() {
    let mut screen = screen();
    let before = screen.state.main.total;
    screen.keys("/ '_group:");
    screen.event(Event::Timer(Timer::Filter));
    assert_eq!(screen.state.main.total, before, "{}", screen.picture());
    screen.keys("'猫");
    screen.event(Event::Timer(Timer::Filter));
    assert_ne!(screen.state.main.total, before, "{}", screen.picture());
}

#[test]
fn a_mention_says_how_many_names_were_not_copied() {
    let mut screen = screen();
    screen.desk.add_part(task_id(1), "mention", None);
    screen.event(Event::Resumed);
    screen.keys("y d M d");
    assert!(screen.picture().contains("2 个名字里 1 个没有逐个复制"), "{}", screen.picture());
    assert!(matches!(told(&screen).last(), Some(Command::Task { verb: TaskVerb::Sent { .. }, .. })));
    for keys in ["y d M M d", "y d p d", "y d d"] {
        let mut screen = super::transcripts::screen();
        screen.desk.add_part(task_id(1), "mention", None);
        screen.event(Event::Resumed);
        screen.keys(keys);
        assert_eq!(told(&screen).len(), 2, "{keys}");
        assert!(!screen.picture().contains("没有逐个复制"), "{keys}");
    }
}

#[test]
fn a_mention_ends_before_it_begins_anew() {
    let mut screen = screen();
    screen.desk.add_part(task_id(1), "mention", None);
    screen.event(Event::Resumed);
    screen.keys("M M");
    assert_eq!(screen.copied(), ["小雨妈", "阿珍"]);
    screen.keys("M");
    assert_eq!(screen.copied().len(), 2, "{}", screen.picture());
    assert!(screen.picture().contains("2 个都点过了; 再按 M 从头来"), "{}", screen.picture());
    screen.keys("M");
    assert_eq!(screen.copied(), ["小雨妈", "阿珍", "小雨妈"]);
}

#[test]
fn what_is_pressed_before_the_rows_are_there_is_for_them() {
    let mut screen = screen();
    screen.keys("1");
    screen.deaf = true;
    screen.keys("8 j j");
    screen.deaf = false;
    screen.event(Event::Focus(true));
    assert_eq!(screen.state.main.row, 2, "{}", screen.picture());
    screen.deaf = true;
    screen.keys("9 enter");
    assert!(screen.state.popups.is_empty());
    screen.deaf = false;
    screen.event(Event::Focus(true));
    assert!(screen.picture().contains("周末洗护") && !screen.state.popups.is_empty(), "{}", screen.picture());
    // who has waited wants to get away: what they pressed is not done behind their back
    screen.keys("esc");
    screen.deaf = true;
    screen.keys("9 enter");
    screen.mono += Duration::from_secs(3);
    screen.keys("1");
    screen.deaf = false;
    screen.event(Event::Focus(true));
    assert!(screen.state.popups.is_empty() && screen.state.view == 0, "{}", screen.picture());
}

#[test]
fn what_is_pressed_before_a_popup_has_its_rows_is_for_them() {
    let cursor = |screen: &Screen| match screen.state.popups.last() {
        Some(Popup::Board(board)) => board.cursor,
        other => panic!("{other:?}"),
    };
    let mut screen = screen();
    screen.keys("9");
    screen.deaf = true;
    screen.keys("enter j j");
    assert_eq!(cursor(&screen), 0);
    screen.deaf = false;
    screen.event(Event::Focus(true));
    assert_eq!(cursor(&screen), 2, "{}", screen.picture());
    screen.keys("esc");
    // it can be left at once, and after a while whatever was pressed
    for (keys, waited) in [("enter", 0), ("enter j", 3)] {
        screen.deaf = true;
        screen.keys(keys);
        screen.mono += Duration::from_secs(waited);
        screen.keys("esc");
        assert!(screen.state.popups.is_empty(), "{keys}");
        screen.deaf = false;
        screen.event(Event::Focus(true));
        assert!(screen.state.popups.is_empty(), "{}", screen.picture());
    }
    // what decides is looked at before
    screen.keys("1");
    screen.deaf = true;
    screen.keys("U enter");
    screen.deaf = false;
    screen.event(Event::Focus(true));
    assert!(matches!(screen.state.popups.last(), Some(Popup::Menu(_))), "{}", screen.picture());
}

#[test]
fn how_to_quit_is_said_each_time_and_kept_once() {
    let mut screen = screen();
    screen.keys("esc esc esc");
    assert!(screen.picture().contains("退出"), "{}", screen.picture());
    let kept = screen.state.notes.iter().filter(|note| note.text.contains("退出")).count();
    assert_eq!(kept, 1);
}

#[test]
fn a_page_says_how_much_of_it_is_below() {
    let mut screen = screen();
    for _ in 0..12 {
        screen.keys("j y");
    }
    screen.event(Event::Resize(80, 14));
    screen.keys(": 'messages enter");
    assert!(screen.picture().contains("下面还有"), "{}", screen.picture());
    screen.keys("G");
    assert!(!screen.picture().contains("下面还有"), "{}", screen.picture());
}

#[test]
fn the_footer_says_how_many_are_marked_and_how_many_are_sent_now() {
    let mut screen = screen();
    assert!(screen.picture().contains("按 * 全选"));
    screen.keys("*");
    assert!(screen.picture().contains("作用于 3 条"));
    assert!(!screen.picture().contains("按 * 全选"), "all of them are\n{}", screen.picture());
    screen.keys("y");
    assert!(screen.picture().contains("已选 3, d 记这 2 条"), "{}", screen.picture());
}

#[test]
fn what_was_said_goes_when_it_has_been_read_or_is_over() {
    let mut screen = screen();
    screen.keys("e 'x esc");
    assert!(screen.picture().contains("Ctrl-g 放弃"));
    screen.keys("ctrl-g");
    assert!(!screen.picture().contains("Ctrl-g 放弃"), "{}", screen.picture());
    screen.keys("u");
    let said = screen.state.note.clone().unwrap();
    let fired = Push::Fired { tasks: vec![task_id(1)], words: vec!["宠友群".into()] };
    screen.event(Event::Push(Box::new(fired.clone())));
    assert_eq!(screen.state.note, Some(said), "what was done is not covered by what comes of it");
    screen.mono += Duration::from_secs(5);
    screen.event(Event::Push(Box::new(fired)));
    assert!(screen.picture().contains("到点 1 条"));
    screen.event(Event::Timer(Timer::Message));
    assert!(screen.picture().contains("到点 1 条"), "nobody was there to read it");
    screen.keys("j");
    screen.mono += Duration::from_secs(10);
    screen.event(Event::Timer(Timer::Message));
    assert!(!screen.picture().contains("到点 1 条"));
}

#[test]
fn what_is_in_ones_own_hands_is_not_said_on_each_line() {
    let mut screen = screen();
    assert!(screen.picture().contains("小李处理中"), "{}", screen.picture());
    screen.state.start.operator = "小李".to_owned();
    screen.keys("j k");
    assert!(!screen.picture().contains("处理中"), "{}", screen.picture());
}

#[test]
fn of_equal_texts_those_are_marked_that_are_still_owed() {
    let mut screen = screen();
    let same = screen.state.task().and_then(|task| task.same_text).unwrap();
    let is_same = |line: &&mut Line| line.task().is_some_and(|task| task.same_text == Some(same));
    if let Some(Line::Task(task)) = screen.state.main.lines.iter_mut().filter(is_same).last() {
        task.state = TaskState::Sent;
    }
    screen.keys("*");
    assert_eq!(screen.state.main.mark_count(), 2, "{}", screen.picture());
}

#[test]
fn a_line_that_stays_is_shown_as_the_desk_has_it() {
    let mut screen = screen();
    let id = LineId::Object(ObjectId::Task(task_id(1)));
    screen.state.main.set_leaving(id.clone(), true);
    let Some(Line::Task(task)) = screen.state.main.lines.first().cloned() else { panic!() };
    let order = screen.state.main.lines.iter().map(Line::id).collect();
    let (watch, rev, total) = (screen.state.main.watch, screen.state.main.rev, screen.state.main.total);
    let changed = TaskLine { rev: task.rev + 2, ..task };
    let patch =
        Patch { watch, rev: rev + 1, total, order, upserts: Lines::Tasks(vec![changed]), texts: Vec::new() };
    screen.event(Event::Push(Box::new(Push::Patch(patch))));
    assert!(!screen.state.main.is_leaving(&id), "{}", screen.picture());
}

#[test]
fn who_is_marked_is_paused_in_one_act_and_the_card_says_so() {
    let mut screen = screen();
    screen.keys("8 space space : 'pause_3d enter");
    let Some(Command::Pause { targets, until: Some(_) }) = told(&screen).last() else {
        panic!("{:?}", told(&screen))
    };
    assert_eq!(targets.len(), 2);
    screen.keys("esc : 'unmute enter");
    assert!(matches!(told(&screen).last(), Some(Command::Unpause { targets }) if targets.len() == 1));
    // a playbook is paused itself
    screen.keys("9 : 'pause enter");
    assert!(matches!(told(&screen).last(), Some(Command::SopPause { .. })), "{:?}", told(&screen));
    screen.keys("7");
    assert!(screen.picture().contains("停发中"), "{}", screen.picture());
}

#[test]
fn a_chunk_is_as_large_as_the_rules_say() {
    for (limit, second) in [(1, false), (9, true)] {
        let mut screen = screen();
        let platform = screen.desk.tasks[0].platform.unwrap();
        screen.state.forward = [(platform, limit)].into();
        screen.keys("* y");
        let rows = screen.rows();
        let row = rows.iter().find(|row| row.contains("宠友交流2群")).unwrap();
        assert_eq!(row.contains("已复制"), second, "{}", screen.picture());
    }
}
