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
    screen.keys("esc esc m 2");
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
    screen.keys("esc esc 7 m 2");
    assert!(screen.picture().contains("发给谁>"), "{}", screen.picture());
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
    assert_eq!(told(&screen).pop(), Some(&Command::ComposeWithdraw { id }));
}
