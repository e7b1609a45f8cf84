//! Forms of today's runs by keys: the form of a to-do, the list of all, and on from group to group.

use super::Screen;
use super::desk::{Desk, at, group_id};
use chrono::NaiveDate;
use qun::book::PlaybookId;
use qun::door::command::{Command, TaskVerb};
use qun::door::detail::AskView;
use qun::door::line::{Fact, Ref};
use qun::text::lang::Lang;

/// What is on offer today, asked once.
pub fn goods() -> AskView {
    AskView {
        playbook: Ref { id: PlaybookId("groupbuy".into()), name: "社区团购".into() },
        run: NaiveDate::default(),
        key: "商品".into(),
        kind: "lines".into(),
        group: None,
        by: at(60),
        value: "鸡蛋 9.9".into(),
        proposed: true,
        answered: false,
        used_at: Some(at(90)),
        preview: vec!["今日开团\n".into(), "\n21:00 截单".into()],
    }
}

/// A day with one question answered, and a list asked in three groups, the second of them a to-do under the cursor.
fn screen() -> Screen {
    let mut desk = Desk::small();
    desk.asks = vec![AskView { answered: true, proposed: false, ..goods() }];
    for n in 1..=3 {
        let name = desk.groups[n as usize - 1].name.clone();
        desk.asks.push(AskView {
            key: "未提货".into(),
            kind: "list".into(),
            group: Some(Ref { id: group_id(n), name }),
            value: if n == 1 { "李四".into() } else { String::new() },
            proposed: n == 1,
            preview: vec!["还有这几位没提货\n@".into(), String::new()],
            ..goods()
        });
    }
    let group = desk.asks[2].group.clone();
    let task = &mut desk.tasks[0];
    task.facts = vec![Fact::Ask];
    task.step = "未提货".into();
    task.playbook = Some(goods().playbook);
    task.occurrence = Some(NaiveDate::default());
    task.group = group;
    Screen::new(desk, (80, 24), Lang::ZhCn)
}

/// What was filled in: group and value.
fn filled(screen: &Screen) -> Vec<(Option<u32>, String)> {
    let fills = screen.desk.told.iter().filter_map(|command| match command {
        Command::Fill { group, value, .. } => {
            Some(((1..=3).find(|n| Some(group_id(*n)) == *group), value.clone()))
        }
        _ => None,
    });
    fills.collect()
}

#[test]
fn a_form_is_opened_by_every_key_that_would_do_its_task_and_goes_on_to_the_next_group() {
    for key in ["=", "enter", "d", "f3"] {
        let mut screen = screen();
        screen.keys(key);
        let picture = screen.picture();
        for words in
            ["未提货 宠友交流2群  (还有 3 张没填)", "例: 张三、李四", "还有这几位没提货", "@[未提货]"]
        {
            assert!(picture.contains(words), "{key}: {words}\n{picture}");
        }
        assert!(filled(&screen).is_empty());
    }
    let mut screen = screen();
    screen.keys("= 'ls tab 'az enter ctrl-s");
    assert!(screen.picture().contains("未提货 宠友交流3群  (还有 2 张没填)"), "{}", screen.picture());
    screen.keys("ctrl-s");
    assert!(screen.picture().contains("未提货 宠友交流1群"), "{}", screen.picture());
    assert!(screen.picture().contains("上一次: 李四"), "yesterday's names are shown, not filled in");
    screen.keys("\"李四、小美\\n ctrl-s");
    assert!(screen.state.popups.is_empty(), "the last one ends\n{}", screen.picture());
    let of = |group, value: &str| (Some(group), value.to_owned());
    assert_eq!(filled(&screen), [of(2, "李四、阿珍"), of(3, ""), of(1, "李四、小美")]);
}

#[test]
fn a_list_offers_names_shows_the_message_and_says_who_is_nobody() {
    let mut screen = screen();
    screen.keys("= 'zs");
    assert!(screen.picture().contains("> 张三  宠友交流1群"), "{}", screen.picture());
    screen.keys("ctrl-n tab '小美、");
    let picture = screen.picture();
    assert!(picture.contains("不在本群成员册: 小美"), "{picture}");
    assert!(picture.contains("@张三, 小美"), "the message as it will be said\n{picture}");
    screen.keys("esc esc");
    assert_eq!(screen.state.popups.len(), 1, "{}", screen.picture());
    screen.keys("ctrl-g");
    assert!(screen.state.popups.is_empty() && filled(&screen).is_empty());
}

#[test]
fn elsewhere_all_questions_are_listed_from_the_first_open_one() {
    let mut screen = screen();
    screen.keys("j =");
    let picture = screen.picture();
    assert!(picture.contains("已填: 鸡蛋 9.9") && picture.contains(">2 未提货 [宠友交流1群]"), "{picture}");
    screen.keys("enter");
    assert!(screen.picture().contains("未提货 宠友交流1群"), "{}", screen.picture());
    screen.keys("esc");
    assert!(screen.state.popups.is_empty(), "Esc ends");
}

#[test]
fn the_last_answer_gives_way_to_what_is_typed_and_is_kept_by_who_moves() {
    let filled_with = |kind: &str, keys: &str| {
        let mut desk = Desk::small();
        desk.asks = vec![AskView { kind: kind.into(), ..goods() }];
        let mut screen = Screen::new(desk, (100, 30), Lang::ZhCn);
        screen.keys("= enter");
        let picture = screen.picture();
        assert!(picture.contains("鸡蛋 9.9") && picture.contains("打字就换掉, 按 End 留着改"), "{picture}");
        screen.keys(keys);
        assert!(!screen.picture().contains("打字就换掉"), "{}", screen.picture());
        screen.keys("ctrl-s");
        filled(&screen).pop().map(|(_, value)| value).unwrap()
    };
    for kind in ["text", "lines"] {
        assert_eq!(filled_with(kind, "'梨_5"), "梨 5");
        assert_eq!(filled_with(kind, "end '元"), "鸡蛋 9.9元");
        assert_eq!(filled_with(kind, "backspace '梨"), "梨");
        assert_eq!(filled_with(kind, "\"梨"), "梨");
    }
    assert_eq!(filled_with("lines", "enter '梨"), "鸡蛋 9.9\n梨", "a line below it");
    // what was answered today is put right, not written anew
    let mut desk = Desk::small();
    desk.asks = vec![AskView { answered: true, proposed: false, ..goods() }];
    let mut screen = Screen::new(desk, (100, 30), Lang::ZhCn);
    screen.keys("= enter '元 ctrl-s");
    assert_eq!(filled(&screen), [(None, "鸡蛋 9.9元".to_owned())]);
}

/// A task that lacks a variable, under the cursor.
fn lacking(variable: &str, asked: bool) -> Screen {
    let mut desk = Desk::small();
    let why = format!("{variable} 是空的");
    desk.tasks[0].facts = vec![Fact::Blocked { variable: variable.into(), words: why.clone(), asked }];
    desk.tasks[0].playbook = Some(goods().playbook);
    let text = &mut desk.texts[0];
    (text.blocked, text.asked) = (Some((variable.into(), why)), asked);
    text.parts[0].copy = None;
    text.parts[0].written = Some(format!("早，{{{{ {variable} }}}}"));
    desk.asks.push(AskView { key: "名额".into(), kind: "text".into(), ..goods() });
    Screen::new(desk, (100, 30), Lang::ZhCn)
}

#[test]
fn what_lacks_something_is_edited_from_what_is_written() {
    let mut screen = lacking("name", false);
    screen.keys("e");
    assert!(screen.picture().contains("早，{{ name }}"), "{}", screen.picture());
    screen.keys("'！ ctrl-s");
    let rewritten = screen.desk.told.iter().any(|command| {
        matches!(command, Command::Task { verb: TaskVerb::Rewrite { text: Some(text) }, .. } if text == "早，{{ name }}！")
    });
    assert!(rewritten, "{:?}", screen.desk.told);
}

#[test]
fn the_forms_say_whether_one_asks_for_what_a_text_lacks() {
    let mut screen = lacking("name", false);
    assert!(screen.picture().contains("name 是空的。e 改稿"), "{}", screen.picture());
    screen.keys("=");
    let picture = screen.picture();
    assert!(picture.contains("name 是空的。这不是要填的, e 改这一条的文字"), "{picture}");
    let mut screen = lacking("名额", true);
    assert!(screen.picture().contains("名额 是空的。= 填写  e 改稿"), "{}", screen.picture());
    screen.keys("=");
    let picture = screen.picture();
    assert!(!picture.contains("这不是要填的") && picture.contains(">2 名额"), "{picture}");
}

#[test]
fn a_closed_set_is_chosen_by_typing_as_well() {
    let shown = |keys: &str, words: &str| {
        let mut screen = super::transcripts::screen();
        screen.keys(&format!("N 3 '手机9 tab {keys}"));
        assert!(screen.picture().contains(words), "{keys}: no {words:?} in\n{}", screen.picture());
    };
    shown("'wx", "< 微信 >");
    shown("'weco", "< 企微 >");
    shown("'微信", "< 微信 >");
    shown("\"企微", "< 企微 >");
    shown("'wx 'q", "< QQ >");
    shown("'wx backspace", "<  >");
    shown("'zz", "左右键选, 或输入: ");
}

#[test]
fn one_line_says_how_it_is_saved_and_an_empty_list_that_it_is_empty() {
    let mut screen = super::transcripts::screen();
    screen.keys("o");
    assert!(screen.picture().contains("Enter 或 Ctrl-s 保存"), "{}", screen.picture());
    screen.keys("'喜欢猫 ctrl-s");
    assert!(screen.state.popups.is_empty());
    assert!(matches!(super::transcripts::told(&screen).last(), Some(Command::Note { .. })));
    screen.keys(": 'tour enter 1 ctrl-s");
    assert!(screen.picture().contains("还没有群名"), "{}", screen.picture());
    assert_eq!(screen.state.popups.len(), 1);
}

#[test]
fn a_form_is_not_copied_but_filled_in() {
    let mut screen = screen();
    screen.keys("y");
    assert!(screen.picture().contains("Enter 或 = 填表"), "{}", screen.picture());
    assert!(screen.state.note.as_ref().is_some_and(|note| note.text.contains("填表")));
}

#[test]
fn what_is_cut_off_is_said() {
    let mut screen = super::transcripts::screen();
    screen.state.size = (60, 12);
    screen.keys("N");
    assert!(screen.picture().contains("下面还有 2 行"), "{}", screen.picture());
    screen.keys("2");
    assert!(screen.picture().contains("下面还有"), "{}", screen.picture());
}
