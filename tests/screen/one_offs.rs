//! A one-off by keys: to whom, when, what; looked at, then made; withdrawn.

use qun::book::Class;
use qun::door::Command;
use qun::door::compose::{Compose, ComposeReport, Finding, Found};
use qun::door::form::Kind;
use qun::text::lang::Lang;

use super::Screen;
use super::desk::Desk;
use super::transcripts::told;

/// What the small desk finds when it looks.
pub(super) fn looked_at() -> ComposeReport {
    let capped = Found {
        finding: Finding::Capped,
        n: 2,
        named: vec!["阿珍 到 11-24 00:00".into(), "老王 到 11-24 00:00".into()],
    };
    ComposeReport {
        title: "来坐坐".into(),
        matched: 4,
        gets: 4,
        text: "阿珍，来坐坐".into(),
        found: vec![capped],
        accounts: vec![("手机1".into(), 4)],
        ..ComposeReport::default()
    }
}

fn screen(size: (u16, u16)) -> Screen {
    Screen::new(Desk::small(), size, Lang::ZhCn)
}

fn composed(screen: &Screen) -> Vec<(&Compose, bool)> {
    told(screen)
        .into_iter()
        .filter_map(|command| match command {
            Command::Compose { compose, dry_run } => Some((compose, *dry_run)),
            _ => None,
        })
        .collect()
}

#[test]
fn it_is_looked_at_before_it_is_made() {
    for size in [(80, 24), (120, 40)] {
        let mut screen = screen(size);
        screen.keys("m");
        assert!(screen.picture().contains("私聊发给成员"), "{}", screen.picture());
        screen.keys("1 enter");
        assert!(screen.picture().contains("age>=0m"), "nobody is not everybody\n{}", screen.picture());
        screen.keys("'stauts:due enter");
        assert!(screen.picture().contains("stauts"), "{}", screen.picture());
        screen.keys("ctrl-u '#宝妈 enter '明天_10:00 enter '{{_name_}}，来坐坐 ctrl-s");
        let picture = screen.picture();
        for words in ["筛出 4 个", "2 个到上限, 要等: 阿珍 到 11-24 00:00", "第一条: 阿珍，来坐坐", "排上"]
        {
            assert!(picture.contains(words), "{words}\n{picture}");
        }
        let (compose, dry_run) = composed(&screen).pop().unwrap();
        assert_eq!((compose.to, compose.filter.as_str(), dry_run), (Kind::Member, "#宝妈", true));
        assert_eq!(compose.text, "{{ name }}，来坐坐");
        // Another class, another look; then it is made as it was looked at.
        screen.keys("5");
        assert_eq!(composed(&screen).pop().unwrap().0.class, Class::Care);
        screen.keys("1");
        let looks = composed(&screen);
        assert_eq!(looks.iter().map(|(_, dry_run)| *dry_run).collect::<Vec<_>>(), [true, true, false]);
        assert_eq!(looks[1].0, looks[2].0);
    }
}

#[test]
fn how_many_it_is_for_stands_there_as_soon_as_there_is_a_filter() {
    let mut screen = screen((80, 24));
    screen.desk.numbers.insert("#宝妈".into(), 34);
    screen.desk.numbers.insert("#宠友".into(), 5);
    screen.keys("m 1");
    assert!(screen.picture().contains("写筛选, 如 spent>=500"), "{}", screen.picture());
    screen.keys("'#宝妈");
    assert!(screen.picture().contains("选中 34 人"), "{}", screen.picture());
    screen.keys("enter '明天_10:00 enter");
    let picture = screen.picture();
    assert!(picture.contains("选中 34 人") && picture.contains("如 {{ name }}"), "{picture}");
    // of groups nobody spends anything, and a text for one greets no member
    screen.keys("esc esc esc ctrl-g m 2");
    assert!(screen.picture().contains("写筛选, 如 #宠友"), "{}", screen.picture());
    screen.keys("'#宠友");
    assert!(screen.picture().contains("选中 5 个群"), "{}", screen.picture());
    screen.keys("enter '明天_10:00 enter");
    let picture = screen.picture();
    assert!(picture.contains("如 {{ group }}") && !picture.contains("{{ name }}"), "{picture}");
}

#[test]
fn the_marked_ones_or_the_view_say_to_whom() {
    let mut screen = screen((120, 40));
    screen.keys("8 / '#宝妈 enter m 1");
    assert!(screen.picture().contains("发给谁> #宝妈"), "{}", screen.picture());
    screen.keys("esc / ctrl-u enter space space m 1 enter '今晚8点 enter 'x ctrl-s");
    let (compose, _) = composed(&screen).pop().unwrap();
    assert!(compose.filter.starts_with("id:m") && compose.filter.contains(','), "{}", compose.filter);
    screen.keys("esc esc ctrl-g 7 m 2");
    assert!(screen.picture().contains("发给谁>"), "{}", screen.picture());
}

#[test]
fn marked_ones_are_named_and_their_ids_are_sent() {
    for (lang, word) in [(Lang::ZhCn, "@选中3人"), (Lang::ZhTw, "@選中3人"), (Lang::En, "@marked3")] {
        for size in [(80, 24), (200, 60)] {
            let mut screen = Screen::new(Desk::small(), size, lang);
            let names = ": 小雨妈, 阿珍 3栋, 张三";
            let shows = |screen: &Screen, words: &str| {
                let picture = screen.picture();
                assert!(picture.contains(words), "{words}\n{picture}");
                assert!(!picture.contains(&super::desk::member_id(1).to_string()), "{picture}");
            };
            let ids: Vec<String> = (1..=3).map(|n| super::desk::member_id(n).to_string()).collect();
            let filter = format!("id:{}", ids.join(","));
            screen.desk.numbers.insert(filter.clone(), 3);
            screen.keys("8 space space space m 1");
            shows(&screen, &format!("> {word}"));
            shows(&screen, &format!("3{}{names}", [" 人", " 人", " people"][lang as usize]));
            screen.keys("enter '明天_10:00 enter '来坐坐 ctrl-s");
            assert_eq!(composed(&screen).pop().unwrap().0.filter, filter);
            shows(&screen, names);
            // to change whom, it is one word among others
            screen.keys("4");
            shows(&screen, &format!("> {word}"));
            screen.keys("'_-#勿扰 enter");
            shows(&screen, &format!("{word} -#勿扰"));
            assert_eq!(composed(&screen).pop().unwrap().0.filter, format!("{filter} -tag:勿扰"));
            screen.keys("4 ctrl-u '@nobody enter");
            assert!(screen.state.is_typing(), "no view is called so\n{}", screen.picture());
        }
    }
}

#[test]
fn more_than_can_be_named_are_not_taken_for_the_whole_view() {
    let mut desk = Desk::small();
    for _ in 0..20 {
        desk.members.extend_from_within(..6);
    }
    for (n, member) in (1..).zip(&mut desk.members) {
        member.id = super::desk::member_id(n);
    }
    let mut screen = Screen::new(desk, (120, 40), Lang::ZhCn);
    screen.keys("8 / '张 enter V");
    assert!((1..100).contains(&screen.state.main.mark_count()), "{}", screen.picture());
    screen.keys("esc esc V");
    assert!(screen.state.main.mark_count() > 100, "{}", screen.picture());
    screen.keys("m 1");
    let picture = screen.picture();
    assert!(picture.contains("按名字一次最多 100 个") && picture.contains("发给谁>   写筛选"), "{picture}");
}

#[test]
fn nothing_written_goes_without_a_word() {
    for size in [(80, 24), (200, 60)] {
        let mut screen = screen(size);
        let shows = |screen: &Screen, words: &str| {
            assert!(screen.picture().contains(words), "{words}\n{}", screen.picture());
        };
        let line = |screen: &Screen| {
            let Some(qun::tui::popup::Popup::Prompt(prompt)) = screen.state.popups.last() else {
                panic!("no prompt\n{}", screen.picture())
            };
            prompt.field.text().to_owned()
        };
        let lost = "Ctrl-g 放弃";
        // one piece back with each, and on again with what was typed there
        screen.keys("m 1 '#宝妈 enter '明天_10:00 enter esc");
        assert_eq!(line(&screen), "明天 10:00");
        screen.keys("esc");
        assert_eq!(line(&screen), "#宝妈");
        screen.keys("enter");
        assert_eq!(line(&screen), "明天 10:00");
        screen.keys("esc esc");
        shows(&screen, lost);
        screen.keys("ctrl-g");
        assert!(screen.state.popups.is_empty() && !screen.picture().contains(lost), "{}", screen.picture());
        screen.keys("m 1 esc");
        assert!(screen.state.popups.is_empty(), "nothing was written");
        // what was looked at stays below each of its pieces
        screen.keys("m 1 '#宝妈 enter '明天_10:00 enter '来坐坐");
        screen.keys("esc");
        shows(&screen, lost);
        screen.keys("ctrl-s");
        for piece in ["2", "3", "4", "6", "7", "8"] {
            screen.keys(piece);
            assert!(screen.state.is_typing(), "{piece}\n{}", screen.picture());
            screen.keys("esc");
            shows(&screen, "改对象..");
            shows(&screen, "来坐坐");
        }
        screen.keys("3 '后天 esc 4 ctrl-u backspace");
        shows(&screen, "改对象..");
        // it goes by the key that was named, and at once
        screen.keys("esc");
        shows(&screen, lost);
        screen.keys("q j ctrl-g");
        shows(&screen, "改对象..");
        screen.keys("q q");
        shows(&screen, lost);
        screen.keys("ctrl-g");
        assert!(screen.state.popups.is_empty() && !screen.picture().contains(lost), "{}", screen.picture());
        assert!(composed(&screen).iter().all(|(_, dry_run)| *dry_run));
    }
}

#[test]
fn emptying_whom_it_is_for_does_not_leave_it() {
    let mut screen = screen((80, 24));
    screen.keys("m 1 'ab backspace backspace backspace '#宝妈");
    assert!(screen.picture().contains("发给谁> #宝妈"), "{}", screen.picture());
}

#[test]
fn what_is_pasted_before_anything_is_chosen_is_not_sent_elsewhere() {
    let mut screen = screen((80, 24));
    screen.keys("m \"一段很长的文字，本来要贴进正文里的");
    let picture = screen.picture();
    assert!(picture.contains("这里只能选: Enter 选一行, 再粘贴"), "{picture}");
}

#[test]
fn it_is_made_once_and_stays_until_it_is() {
    let mut screen = screen((80, 24));
    screen.keys("m 1 '#宝妈 enter '明天_10:00 enter '来坐坐 ctrl-s");
    screen.desk.refuse = Some(qun::door::Refusal::new(qun::door::RefusalKind::Store, "磁盘满了, 没有记下"));
    screen.keys("1");
    let picture = screen.picture();
    assert!(picture.contains("磁盘满了") && picture.contains("改正文.."), "{picture}");
    screen.deaf = true;
    screen.keys("1 1 1");
    screen.deaf = false;
    screen.event(qun::tui::event::Event::Resize(80, 24));
    let made = composed(&screen).iter().filter(|(_, dry_run)| !dry_run).count();
    assert_eq!(made, 1);
    assert!(screen.state.popups.is_empty(), "{}", screen.picture());
}

#[test]
fn what_cannot_be_looked_at_is_kept() {
    let mut screen = screen((80, 24));
    screen.keys("m 1 '#宝妈 enter '明天_10:00 enter '来坐坐 ctrl-s 8 '店庆");
    screen.event(qun::tui::event::Event::Lost);
    screen.keys("enter 2");
    assert!(screen.picture().contains("来坐坐"), "{}", screen.picture());
}

#[test]
fn what_was_written_is_not_lost_when_it_is_refused() {
    let mut screen = screen((120, 40));
    screen.keys("m 1 '#宝妈 enter '明天_10:00 enter '来坐坐");
    screen.desk.refuse = Some(qun::door::Refusal::new(qun::door::RefusalKind::Invalid, "正文: 模板有误"));
    screen.keys("ctrl-s");
    assert!(screen.picture().contains("正文: 模板有误"), "{}", screen.picture());
    screen.keys("2");
    assert!(screen.picture().contains("来坐坐"), "{}", screen.picture());
}

#[test]
fn until_account_and_title_are_asked_for() {
    for size in [(80, 24), (120, 40)] {
        let mut screen = screen(size);
        screen.keys("m 1 '#宝妈 enter '明天_10:00 enter '来坐坐 ctrl-s");
        let picture = screen.picture();
        for words in ["截止..", "不限", "发出账号..", "谁认识就用谁", "标题..", "正文开头"]
        {
            assert!(picture.contains(words), "{words}\n{picture}");
        }
        screen.keys("6 '明天_09:00 enter");
        assert!(screen.picture().contains("截止要晚于 明天 10:00"), "{}", screen.picture());
        screen.keys("ctrl-u '明天_21:00 enter");
        assert!(screen.picture().contains("明天 21:00"), "{}", screen.picture());
        screen.keys("7 '手机 enter");
        screen.keys("8 '店庆 enter");
        let (compose, dry_run) = composed(&screen).pop().unwrap();
        assert!(dry_run && compose.until.unwrap() > compose.at);
        assert_eq!(compose.title, "店庆");
        assert!(compose.account.as_deref().unwrap().starts_with("手机"), "{:?}", compose.account);
        // what was said stands there to be changed, and nothing typed takes it back
        screen.keys("6");
        assert!(screen.picture().contains("2026-11-23 21:00"), "{}", screen.picture());
        screen.keys("ctrl-u enter 7 ctrl-u enter 8 ctrl-u enter");
        let (compose, _) = composed(&screen).pop().unwrap();
        assert_eq!((compose.until, compose.account.as_deref(), compose.title.as_str()), (None, None, ""));
    }
}

#[test]
fn only_a_one_off_is_withdrawn() {
    let mut screen = screen((120, 40));
    screen.keys(": 'withdraw enter");
    assert!(screen.picture().contains("这不是一次性的消息"), "{}", screen.picture());
    screen.desk.sops[0].id = qun::book::PlaybookId("compose-20261123-1000".into());
    screen.keys("9 : 'withdraw enter");
    let id = qun::book::PlaybookId("compose-20261123-1000".into());
    assert_eq!(told(&screen).pop(), Some(&Command::ComposeWithdraw { id: id.clone() }));
    // and by the menu of what can be done with it
    let before = told(&screen).len();
    screen.keys("enter enter G");
    assert!(screen.picture().contains("整批撤回"), "{}", screen.picture());
    screen.keys("enter");
    assert_eq!(told(&screen).len(), before + 1);
    assert_eq!(told(&screen).pop(), Some(&Command::ComposeWithdraw { id }));
}
