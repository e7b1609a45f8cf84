//! Typing a filter: what is wrong is marked where it stands, and what finds nothing has something near to it.

use qun::text::lang::Lang;
use qun::tui::popup::Popup;
use qun::tui::theme::Depth;
use ratatui::style::Modifier;

use super::Screen;
use super::desk::Desk;

fn screen(size: (u16, u16), lang: Lang) -> Screen {
    Screen::new(Desk::small(), size, lang)
}

/// What stands underlined in the row of the prompt.
fn underlined(screen: &Screen, depth: Depth) -> String {
    let (buffer, _) = screen.draw(depth);
    let mut found = String::new();
    let mut x = 0;
    while x < buffer.area.width {
        let cell = &buffer[(x, 1)];
        if cell.modifier.contains(Modifier::UNDERLINED) {
            found.push_str(cell.symbol());
        }
        x += (qun::text::width::width(cell.symbol()) as u16).max(1);
    }
    found
}

/// The line in the prompt.
fn line(screen: &Screen) -> &str {
    let Some(Popup::Prompt(prompt)) = screen.state.popups.last() else { panic!("no prompt") };
    prompt.field.text()
}

#[test]
fn what_is_wrong_is_underlined_where_it_stands() {
    for size in [(60, 12), (80, 24), (200, 60)] {
        for lang in Lang::ALL {
            let check = |typed: &str, wrong: &str, words: [&str; 3]| {
                let mut screen = screen(size, lang);
                screen.keys(&format!("/ ctrl-u '{}", typed.replace(' ', "_")));
                for depth in [Depth::True, Depth::None] {
                    assert_eq!(underlined(&screen, depth), wrong, "{typed} {size:?}\n{}", screen.picture());
                }
                let at = Lang::ALL.iter().position(|known| *known == lang).unwrap();
                let picture = screen.picture();
                assert!(picture.contains(words[at]), "{typed} {size:?}\n{picture}");
                assert!(picture.contains("宠友交流"), "the last good rows stay\n{picture}");
            };
            let key = ["没有“dui”这个筛选项", "沒有「dui」這個篩選項", "there is no key \"dui\""];
            check("dui:today", "dui", key);
            let date = ["看不懂日期“tody”", "看不懂日期「tody」", "\"tody\" is no date"];
            check("due:tody", "tody", date);
            check("群:宠友 due:tody", "tody", date);
            check("群:👨‍👩‍👧 due:tody #急", "tody", date);
            // at the very end the blank behind it is marked
            let value = ["这里少一个条件", "這裡少一個條件", "a condition is missing here"];
            check("(", " ", value);
            // a combining mark goes with its letter
            let marked = ["日期“tod\u{301}y”", "日期「tod\u{301}y」", "\"tod\u{301}y\" is no"];
            check("due:tod\u{301}y", "tod\u{301}y", marked);
        }
    }
}

#[test]
fn what_may_have_been_meant_otherwise_is_said_below_the_line() {
    for lang in Lang::ALL {
        let mut screen = screen((80, 24), lang);
        let mut says = |typed: &str, words: &str| {
            screen.keys(&format!("/ ctrl-u '{}", typed.replace(' ', "_")));
            let picture = screen.picture();
            screen.keys("esc");
            assert_eq!(picture.contains(words), !typed.contains("OR"), "{typed}\n{picture}");
        };
        let or = ["请写 OR", "請寫 OR", "write OR"];
        let at = Lang::ALL.iter().position(|known| *known == lang).unwrap();
        says("宠友 or 宝妈", or[at]);
        says("宠友 OR 宝妈", or[at]);
        says("tag: 宝妈", "tag:宝妈");
    }
}

/// What stands below the line.
fn offered(screen: &Screen) -> Vec<&str> {
    let Some(Popup::Prompt(prompt)) = screen.state.popups.last() else { panic!("no prompt") };
    prompt.offers.iter().map(|offer| offer.label.as_str()).collect()
}

#[test]
fn what_is_wrong_is_put_right_with_tab() {
    let mut screen = screen((80, 24), Lang::ZhCn);
    screen.keys("/ ctrl-u 'dui:today tab");
    assert_eq!(line(&screen), "due:today");
    assert_eq!(underlined(&screen, Depth::None), "");
    screen.keys("ctrl-u '#急_due:tody_-群:宠友 tab");
    assert_eq!(line(&screen), "#急 due:today -群:宠友", "what follows stays");
    // what would be no better is not offered
    screen.keys("ctrl-u '(");
    assert_eq!(offered(&screen), Vec::<&str>::new());
    // whom a one-off goes to is a filter as well
    screen.keys("esc m 1 ctrl-u 'spnt>500");
    assert_eq!(underlined(&screen, Depth::None), "spnt");
    screen.keys("tab");
    assert_eq!(line(&screen), "spent>500");
}

#[test]
fn values_of_closed_sets_and_days_are_offered() {
    let mut screen = screen((80, 24), Lang::ZhCn);
    screen.keys("/ ctrl-u '状态:");
    assert!(offered(&screen).starts_with(&["待发", "稍后"]), "{:?}", offered(&screen));
    assert!(!offered(&screen).contains(&"已解散"), "no group is listed");
    screen.keys("'yf tab");
    assert_eq!(line(&screen), "状态:已发");
    screen.keys("',待 tab");
    assert_eq!(line(&screen), "状态:已发,待发");
    screen.keys("'_-到期:m tab");
    assert_eq!(line(&screen), "状态:已发,待发 -到期:明天");
    assert_eq!(offered(&screen), Vec::<&str>::new(), "nothing more is to be typed");
    screen.keys("esc 8 / 'stage:");
    assert!(offered(&screen).contains(&"新客"), "{:?}", offered(&screen));
}

#[test]
fn a_sentence_without_room_beside_a_long_line_stands_below() {
    let mut screen = screen((80, 24), Lang::ZhCn);
    let long = "宠友".repeat(30);
    screen.keys(&format!("/ ctrl-u '{long}_dui:today"));
    assert_eq!(underlined(&screen, Depth::None), "dui");
    let rows = screen.rows();
    assert!(rows[22].contains("第 62 列: 没有“dui”这个筛选项"), "{}", rows.join("\n"));
    // out of sight, as the beginning of the line is, nothing is underlined and the sentence stays
    screen.keys(&format!("'_{long}"));
    assert_eq!(underlined(&screen, Depth::None), "");
    assert!(screen.rows()[22].contains("第 62 列"), "{}", screen.picture());
    screen.keys("home");
    assert_eq!(line(&screen).chars().count(), 60 + 1 + 9 + 1 + 60);
}

#[test]
fn hostile_lines_are_only_text() {
    for size in [(60, 12), (80, 24), (200, 60)] {
        for text in [
            "   ",
            "\u{301}\u{301}\u{301}",
            "a\u{301}:\u{301}",
            "👨‍👩‍👧👨‍👩‍👧:👨‍👩‍👧",
            "🇨🇳🇨:x",
            "due:\u{202e}tody",
            "((((((((((((",
            "\"",
            "《》＜＞：：",
            "/[/",
            "@",
            "-",
            "\u{200b}due\u{200d}:x",
        ] {
            for text in [text.to_owned(), text.repeat(300), format!("{}{text}", "群".repeat(200))] {
                let mut screen = screen(size, Lang::ZhCn);
                screen.keys("/ ctrl-u");
                screen.event(qun::tui::event::Event::Paste(text.clone()));
                let rows = screen.rows();
                assert!(rows.iter().all(|row| !row.contains('\u{1b}')), "{rows:?}");
                for row in &rows {
                    let columns = qun::text::width::width(row);
                    assert!(columns <= usize::from(size.0), "{text:?}: {columns} {row}");
                }
                screen.keys("left left left home end backspace enter esc esc");
                screen.picture();
            }
        }
    }
}

#[test]
fn a_filter_that_finds_nothing_offers_what_is_near() {
    for size in [(60, 12), (80, 24), (200, 60)] {
        for lang in Lang::ALL {
            let mut desk = Desk::small();
            desk.nearest = vec!["宠友交流1群".to_owned()];
            for (filter, n) in
                [("state:due group:宠友交流1群", 3), ("state:due", 10), ("group:宠友交流7群", 0)]
            {
                desk.numbers.insert(filter.to_owned(), n);
            }
            let mut screen = Screen::new(desk, size, lang);
            screen.keys("/ 'group:宠友交流7群");
            let offers = |screen: &Screen| {
                let Some(Popup::Prompt(prompt)) = screen.state.popups.last() else { panic!("no prompt") };
                prompt.offers.iter().map(|offer| offer.line.clone()).collect::<Vec<_>>()
            };
            assert_eq!(offers(&screen), ["state:due group:宠友交流1群", "state:due"]);
            let picture = screen.picture();
            assert!(
                picture.contains("宠友交流1群") && picture.contains("3 ") && picture.contains("10 "),
                "{picture}"
            );
            let words = match lang {
                Lang::ZhCn => ["没有匹配, Tab 换成:", "去掉 group:宠友交流7群"],
                Lang::ZhTw => ["沒有匹配, Tab 換成:", "去掉 group:宠友交流7群"],
                Lang::En => ["no match; Tab takes:", "without group:宠友交流7群"],
            };
            assert!(words.iter().all(|words| picture.contains(words)), "{picture}");
            // without the prompt the empty list says the same
            screen.keys("enter");
            let picture = screen.picture();
            assert!(picture.contains("宠友交流1群 (3)") && picture.contains("(10)"), "{picture}");
            screen.keys("/ backspace tab");
            assert_eq!(line(&screen), "state:due group:宠友交流1群");
            assert_eq!(screen.state.main.total, 3, "it is looked for at once");
            assert_eq!(offers(&screen), Vec::<String>::new());
            screen.keys("enter");
            assert_eq!(screen.state.main.spec.filter, "state:due group:宠友交流1群");
        }
    }
}

#[test]
fn what_would_bring_nothing_either_is_not_offered() {
    let mut desk = Desk::small();
    desk.nearest = vec!["宠友交流1群".to_owned()];
    desk.numbers.insert("state:due group:宠友交流1群".to_owned(), 0);
    desk.numbers.insert("state:due".to_owned(), 0);
    desk.numbers.insert("group:宠友交流7群".to_owned(), 0);
    let mut screen = Screen::new(desk, (80, 24), Lang::ZhCn);
    screen.keys("/ 'group:宠友交流7群");
    assert!(screen.picture().contains("没有匹配"), "{}", screen.picture());
    assert!(!screen.picture().contains("换成"), "{}", screen.picture());
    // what is being typed goes on, nothing of before is offered for it
    screen.keys("'x ctrl-u '宠友");
    assert!(!screen.picture().contains("没有匹配"), "{}", screen.picture());
}

#[test]
fn what_is_not_due_yet_is_said_to_stand_elsewhere() {
    let mut desk = Desk::small();
    for filter in ["state:due due:明天", "state:due 没有的", "due:明天 没有的"] {
        desk.numbers.insert(filter.to_owned(), 0);
    }
    let mut screen = Screen::new(desk, (80, 24), Lang::ZhCn);
    let elsewhere = "没到点的还不在这里: D 看今天和接下来, :日历 看往后每天";
    screen.keys("/ 'due:明天_没有的");
    assert!(screen.picture().contains(elsewhere), "{}", screen.picture());
    screen.keys("enter");
    assert!(screen.picture().contains(elsewhere), "{}", screen.picture());
    screen.keys("/ ctrl-u 'due:昨天_没有的 enter");
    assert!(!screen.picture().contains("没到点"), "{}", screen.picture());
}

#[test]
fn who_types_on_is_counted_for_once_at_a_time() {
    use qun::door::Reply;
    use qun::door::connection::Incoming;
    let is_count = |message: &Incoming| matches!(message, Incoming::Reply(_, envelope) if matches!(envelope.reply, Reply::Counted(_)));
    // everything comes but what takes long
    let pump = |screen: &mut Screen| {
        while let Some(at) = screen.waiting.iter().position(|message| !is_count(message)) {
            match screen.waiting.remove(at).unwrap() {
                Incoming::Reply(tag, envelope) => {
                    screen.event(qun::tui::event::Event::Reply { tag, envelope: Box::new(envelope) });
                }
                Incoming::Push(push) => screen.event(qun::tui::event::Event::Push(Box::new(push))),
                _ => {}
            }
        }
        screen.waiting.iter().filter(|message| is_count(message)).count()
    };
    let mut screen = screen((80, 24), Lang::ZhCn);
    screen.deaf = true;
    screen.keys("/ 'x");
    assert_eq!(pump(&mut screen), 1);
    screen.keys("'y");
    screen.keys("'z");
    assert_eq!(pump(&mut screen), 1, "the first is still under way");
    assert!(!screen.picture().contains("去掉"), "{}", screen.picture());
    screen.deaf = false;
    screen.event(qun::tui::event::Event::Resize(80, 24));
    assert!(screen.picture().contains("去掉 xyz"), "then what stands there is: {}", screen.picture());
}

/// The task under the cursor, the row of the screen it stands on, and its list.
fn place(screen: &Screen) -> (Option<qun::door::line::LineId>, usize, String) {
    let list = &screen.state.main;
    (list.cursor.clone(), list.row - list.top, list.spec.filter.clone())
}

#[test]
fn a_filter_that_is_taken_back_gives_the_place_back() {
    for (size, pages) in [((80, 24), 12), ((80, 24), 70), ((200, 60), 2)] {
        let mut screen = Screen::new(Desk::large(400), size, Lang::ZhCn);
        screen.keys(&"ctrl-d ".repeat(pages)).keys("k k k");
        let before = place(&screen);
        let visible =
            |screen: &Screen| screen.state.main.visible().map(qun::tui::line::Line::id).collect::<Vec<_>>();
        let rows = visible(&screen);
        for back in [
            // nothing is left of it, part by part, cancelled
            "/ '不存在的字 esc",
            "/ '宠友 '交流2群 esc",
            "/ '不 backspace '存 esc",
            // left as it is, and taken back from there
            "/ '不存在的字 enter esc",
            "/ '交流2群 enter esc",
            "/ '宠友交流 enter / ctrl-u enter",
            "/ '不存在 enter / '又不存在 esc esc",
            "/ '不存在 enter 2 1 esc",
            // typed away again
            "/ '不 backspace backspace enter",
            // the queue of one group
            "h enter esc",
        ] {
            screen.keys(back);
            assert_eq!(place(&screen), before, "{size:?} {pages} {back}\n{}", screen.picture());
            assert!(visible(&screen) == rows, "{size:?} {pages} {back}\n{}", screen.picture());
        }
    }
}

#[test]
fn a_filter_that_holds_the_task_stays_on_it() {
    let mut screen = Screen::new(Desk::large(400), (80, 24), Lang::ZhCn);
    for _ in 0..30 {
        screen.keys("j");
    }
    let (task, ..) = place(&screen);
    let name = screen.state.main.selected().unwrap().name().to_owned();
    screen.keys(&format!("/ 'zzz ctrl-u 'state:due_{name}"));
    assert_eq!(place(&screen).0, task, "also behind letters that find nothing\n{}", screen.picture());
    screen.keys("enter");
    assert_eq!(place(&screen).0, task);
    // who goes on from there takes the new place back with them
    screen.keys("j");
    let (next, ..) = place(&screen);
    assert_ne!(next, task);
    screen.keys("esc");
    assert_eq!(place(&screen).0, next, "{}", screen.picture());
    // what was done meanwhile by others is gone: the row stays
    screen.keys("j");
    let (gone, row) = (place(&screen).0, screen.state.main.absolute_row());
    screen.keys("/ 'zzz");
    screen.desk.tasks.remove(row);
    screen.keys("esc");
    let now = place(&screen).0;
    assert!(now.is_some() && now != gone && screen.state.main.absolute_row() == row, "{}", screen.picture());
}
