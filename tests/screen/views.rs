//! Saved views by keys: chosen, saved under a name, marked when changed, given a digit, removed.
//!
//! One file because each of these begins with a screen on a store with views.

use qun::book::view::{Listed, Sort};
use qun::book::{Platform, View};
use qun::door::form::Kind;
use qun::door::line::{AccountLine, Ref};
use qun::door::{Command, Push};
use qun::text::lang::Lang;
use qun::tui::event::{Effect, Event, Timer};
use qun::tui::popup::Popup;
use qun::tui::popup::menu::Choice;
use qun::tui::registry::Action;
use qun::tui::state::Start;

use super::Screen;
use super::desk::{Desk, account};
use super::transcripts::told;

fn view(name: &str, filter: &str, key: Option<u8>) -> View {
    View { filter: filter.to_owned(), key, ..View::new(name, Listed::Tasks) }
}

/// A screen on a store with these views.
fn screen(size: (u16, u16), views: &[View]) -> Screen {
    let mut desk = Desk::small();
    desk.views = views.to_vec();
    let mut screen = Screen::new(desk, size, Lang::ZhCn);
    screen.event(Event::Timer(Timer::Views));
    screen
}

/// A screen of somebody who has a view of their own.
fn with_own(view: View) -> Screen {
    let start =
        Start { lang: Lang::ZhCn, seed: 1, theme: "dark".into(), views: vec![view], ..Start::default() };
    let mut screen = Screen::unanswered(Desk::small(), start);
    screen.state.size = (120, 40);
    let welcome = screen.desk.envelope(screen.desk.welcome());
    screen.event(Event::Reply { tag: 0, envelope: Box::new(welcome) });
    screen
}

fn filter(screen: &Screen) -> &str {
    &screen.state.main.spec.filter
}

#[test]
fn views_that_begin_alike_are_told_apart_in_a_narrow_header() {
    let views =
        [view("我的私域大客户", "group:宠友", Some(4)), view("我的私域新朋友", "group:门店", Some(6))];
    let screen = screen((80, 24), &views);
    let header = screen.rows().remove(0);
    assert!(header.contains("客户") && header.contains("朋友"), "{header}");
}

#[test]
fn a_saved_view_stands_in_the_header_with_its_count() {
    for size in [(80, 24), (120, 40)] {
        let mut screen = screen(size, &[view("宠友的", "group:宠友", Some(5))]);
        let picture = screen.picture();
        assert!(picture.contains("宠友的"), "{picture}");
        assert!(!picture.contains("等回复"), "its digit is taken\n{picture}");
        screen.keys("5");
        assert_eq!(filter(&screen), "group:宠友");
        // The one that had the digit is still there.
        screen.keys(": 'awaiting enter");
        assert_eq!(filter(&screen), "is:awaiting");
        assert!(screen.picture().contains("等回复"), "{}", screen.picture());
    }
}

#[test]
fn what_is_filtered_and_sorted_is_saved_under_a_name() {
    let mut screen = screen((120, 40), &[]);
    screen.keys("/ 'group:宠友 enter : 'sort_account enter");
    assert_eq!(screen.state.main.spec.sort, Sort::Account);
    screen.keys("w");
    let menu = screen.picture();
    for words in ["视图: 待发", "另存为.. (门店共用)", "我的", "日历", "日志", "is:overdue"]
    {
        assert!(menu.contains(words), "{words}\n{menu}");
    }
    choose(&mut screen, "另存为.. (门店共用)");
    screen.keys("'a@b enter");
    assert!(screen.picture().contains("不能有 @"), "{}", screen.picture());
    screen.keys("ctrl-u '今日 enter");
    assert!(screen.picture().contains("「今日」是自带的视图"), "{}", screen.picture());
    screen.keys("ctrl-u '宠友的 enter");
    let saved = View { sort: Sort::Account, ..view("宠友的", "state:due group:宠友", None) };
    assert_eq!(told(&screen).pop(), Some(&Command::ViewSet { before: None, view: saved }));
    let tab = screen.state.tab().unwrap();
    assert_eq!((tab.name(Lang::ZhCn), tab.is_changed()), ("宠友的", false), "the new view is shown");
    screen.keys("1");
    assert_eq!(filter(&screen), "state:due", "the one it came from is as it was");
}

#[test]
fn a_choice_typed_in_a_view_stays_within_it() {
    let mut screen = screen((120, 40), &[]);
    screen.keys("/ 'group:宠友_OR_#急 enter");
    assert_eq!(filter(&screen), "state:due (group:宠友 OR #急)");
    screen.keys("/ 'OR_#慢 enter");
    assert_eq!(filter(&screen), "state:due ((group:宠友 OR #急) OR #慢)", "typed on, and still within it");
    screen.keys("w");
    choose(&mut screen, "另存为.. (门店共用)");
    screen.keys("'几样 enter");
    let saved = view("几样", "state:due ((group:宠友 OR #急) OR #慢)", None);
    assert_eq!(told(&screen).pop(), Some(&Command::ViewSet { before: None, view: saved }));
    screen.keys("1 / 'OR_state:snoozed enter");
    assert_eq!(filter(&screen), "state:due OR state:snoozed", "the view itself was made wider");
}

#[test]
fn a_shared_view_never_hides_behind_one_of_ones_own() {
    let mut screen = with_own(view("我盯的", "is:copied", None));
    screen.keys("/ '#急 enter w");
    choose(&mut screen, "另存为.. (门店共用)");
    screen.keys("'我盯的 enter");
    assert!(screen.picture().contains("你自己有叫 我盯的 的视图"), "{}", screen.picture());
    assert_eq!(told(&screen), Vec::<&Command>::new());
    screen.keys("esc");
    // a colleague saves one meanwhile
    let views = vec![view("我盯的", "#急", None)];
    screen.event(Event::Push(Box::new(Push::Views(views))));
    let note = screen.state.note.as_ref().map(|note| note.text.clone()).unwrap_or_default();
    assert!(note.contains("视图 我盯的 有两个") && note.contains("w 改名"), "{note}");
    // also where a filter speaks of it, and there alone
    screen.state.note = None;
    screen.keys("/ '_张三 enter");
    assert_eq!(screen.state.note, None);
    screen.keys("/ '_@我盯的 enter");
    let note = screen.state.note.as_ref().map(|note| note.text.clone()).unwrap_or_default();
    assert!(note.contains("@我盯的 是你自己的, 共用的被它挡住"), "{note}");
}

#[test]
fn changes_are_marked_until_they_are_saved() {
    let mut screen = screen((120, 40), &[view("宠友的", "group:宠友", Some(2))]);
    screen.keys("2 / '#急 enter");
    let picture = screen.picture();
    assert!(picture.contains("宠友的*") && picture.contains("已改动, w 保存"), "{picture}");
    screen.keys("1 2");
    assert_eq!(filter(&screen), "group:宠友 #急", "kept while looking at another");
    screen.keys("q");
    assert_eq!(filter(&screen), "group:宠友", "back to what was saved");
    screen.keys("/ '#急 enter w");
    choose(&mut screen, "存下这个视图的改动");
    let saved = view("宠友的", "group:宠友 #急", Some(2));
    assert_eq!(told(&screen).pop(), Some(&Command::ViewSet { before: Some("宠友的".into()), view: saved }));
    assert!(!screen.picture().contains("宠友的*"), "{}", screen.picture());
}

#[test]
fn renamed_given_a_digit_and_removed() {
    let mut screen = screen((120, 40), &[view("宠友的", "group:宠友", Some(2))]);
    let set = |view: View| Command::ViewSet { before: Some("宠友的".into()), view };
    screen.keys("2 w");
    choose(&mut screen, "按键 1-9..");
    screen.keys("7");
    assert_eq!(told(&screen).pop(), Some(&set(view("宠友的", "group:宠友", Some(7)))));
    screen.keys("w");
    choose(&mut screen, "改名..");
    screen.keys("'们 enter");
    assert_eq!(told(&screen).pop(), Some(&set(view("宠友的们", "group:宠友", Some(7)))));
    assert_eq!(screen.state.tab().unwrap().name(Lang::ZhCn), "宠友的们", "it is still looked at");
    screen.keys("w");
    choose(&mut screen, "删掉这个视图");
    assert_eq!(told(&screen).pop(), Some(&Command::ViewRemove { name: "宠友的们".into() }));
    assert_eq!(filter(&screen), "state:due", "gone: the first one");
}

#[test]
fn views_of_ones_own_are_kept_by_the_user_and_never_told_the_desk() {
    let mut screen = with_own(view("我盯的", "is:copied OR #急", Some(3)));
    screen.keys("3 / ctrl-u '@我盯的_group:宠友 enter");
    assert_eq!(filter(&screen), "(is:copied OR tag:急) group:宠友", "the desk does not know it");
    assert_eq!(screen.state.view_filter(), "@我盯的 group:宠友");
    screen.keys("w");
    choose(&mut screen, "另存为.. (只有我)");
    screen.keys("'两样 enter");
    let kept = screen.effects.iter().rev().find_map(|effect| match effect {
        Effect::KeepViews(views) => Some(views.iter().map(|view| view.name.as_str()).collect::<Vec<_>>()),
        _ => None,
    });
    assert_eq!(kept, Some(vec!["我盯的", "两样"]));
    assert_eq!(told(&screen), Vec::<&Command>::new());
    screen.keys("w");
    choose(&mut screen, "另存为.. (门店共用)");
    screen.keys("'大家的 enter");
    assert!(screen.picture().contains("只有你自己有"), "{}", screen.picture());
    screen.event(Event::ViewsLost { words: "磁盘满".into() });
    assert!(screen.state.note.as_ref().unwrap().text.contains("磁盘满"));
}

#[test]
fn what_is_done_to_views_of_ones_own_is_taken_back_by_name() {
    let mut screen = with_own(view("我盯的", "is:copied", None));
    let names = |screen: &Screen| {
        let kept = screen.effects.iter().rev().find_map(|effect| match effect {
            Effect::KeepViews(views) => Some(views.iter().map(|view| view.name.clone()).collect::<Vec<_>>()),
            _ => None,
        });
        kept.unwrap_or_default()
    };
    screen.keys("w");
    choose(&mut screen, "另存为.. (只有我)");
    screen.keys("'两样 enter");
    assert_eq!(names(&screen), ["我盯的", "两样"]);
    screen.keys("w");
    choose(&mut screen, "删掉这个视图");
    assert_eq!(names(&screen), ["我盯的"]);
    screen.keys("u");
    assert_eq!(names(&screen), ["我盯的", "两样"]);
    assert!(screen.picture().contains("撤销了: 已删视图: 两样"), "{}", screen.picture());
    screen.keys("u");
    assert_eq!(names(&screen), ["我盯的"]);
    screen.keys("ctrl-r");
    assert_eq!(names(&screen), ["我盯的", "两样"]);
    // what came since is what `u` means
    screen.keys("1 d u");
    assert!(told(&screen).iter().any(|command| matches!(command, Command::Undo { act: None })));
    assert_eq!(names(&screen), ["我盯的", "两样"]);
}

#[test]
fn a_view_that_is_cut_tells_how_many_there_are() {
    let cut = View { limit: Some(3), ..view("头三个", "group:宠友", Some(2)) };
    let mut screen = screen((120, 40), &[cut]);
    screen.desk.numbers.insert("group:宠友".into(), 41);
    screen.keys("w esc");
    screen.event(Event::Timer(Timer::Views));
    for keys in ["", "2"] {
        // beside another that is shown, and shown itself
        screen.keys(keys);
        assert!(screen.rows()[0].contains("头三个 41"), "{}", screen.rows()[0]);
    }
}

#[test]
fn the_cursor_and_the_marks_stay_when_views_change_elsewhere() {
    let mut screen = screen((120, 40), &[view("全部", "", Some(2))]);
    screen.keys("2 j space j");
    let (cursor, marks) = (screen.state.main.cursor.clone(), screen.state.main.mark_count());
    screen.event(Event::Push(Box::new(Push::Views(vec![
        view("另一个", "x", Some(9)),
        view("全部", "", Some(2)),
    ]))));
    assert_eq!((screen.state.main.cursor.clone(), screen.state.main.mark_count()), (cursor, marks));
    assert_eq!(marks, 1);
    screen.keys(": 'sort_name enter");
    assert_eq!(screen.state.main.mark_count(), 1, "another order keeps them too");
}

#[test]
fn a_view_shows_the_columns_it_asks_for() {
    use qun::book::view::Column as C;
    let mut wanted = view("按号", "", Some(2));
    wanted.columns = vec![C::Account, C::Whom, C::Sop, C::Text];
    wanted.limit = Some(3);
    let members =
        View { columns: vec![C::Name, C::Tags], key: Some(3), ..View::new("标签表", Listed::Members) };
    for size in [(80, 24), (120, 40)] {
        let mut screen = screen(size, &[wanted.clone(), members.clone()]);
        screen.keys("2");
        let picture = screen.picture();
        let heads = picture.lines().find(|line| line.contains("账号") && line.contains("对象")).unwrap();
        assert!(heads.contains("内容") && !heads.contains("到期"), "{picture}");
        assert_eq!(screen.state.main.spec.limit, Some(3));
        screen.keys("3");
        let picture = screen.picture();
        assert!(picture.lines().any(|line| line.contains("名称") && line.contains("标签")), "{picture}");
    }
}

#[test]
fn the_account_lens_says_which_phone_comes_next() {
    let mut screen = screen((120, 40), &[]);
    screen.keys(": 'views_按账号 enter");
    assert_eq!((filter(&screen), screen.state.main.spec.sort), ("state:due", Sort::Account));
    let picture = screen.picture();
    let heads = picture.lines().nth(2).unwrap();
    assert!(heads.trim_start().starts_with("账号"), "{picture}");
    assert!(picture.lines().next().unwrap().contains("w按账号"), "it stands in the header\n{picture}");
    screen.keys(": 'views_没有的 enter");
    assert!(screen.picture().contains("没有叫 没有的 的视图"), "{}", screen.picture());
    screen.keys("esc : 'views_8 enter");
    assert_eq!(screen.state.main.spec.kind, Kind::Member, "as the key, {}", screen.picture());
}

#[test]
fn mistakes_in_named_views_are_shown_while_typing() {
    let mut screen = screen((120, 40), &[view("宠友的", "group:宠友", None)]);
    screen.keys("/ ctrl-u '@宠友");
    assert!(screen.picture().contains("没有叫“宠友”的视图"), "{}", screen.picture());
    screen.keys("tab");
    assert_eq!(screen.state.view_filter(), "@宠友的", "offered and taken");
    screen.keys("'_#急 enter");
    assert_eq!(filter(&screen), "@宠友的 #急", "the desk knows this one");
}

/// Enter on the line of the menu that says so.
pub(super) fn choose(screen: &mut Screen, words: &str) {
    let Some(qun::tui::popup::Popup::Menu(menu)) = screen.state.popups.last() else { panic!("no menu") };
    let at = menu.shown().iter().position(|(_, item)| item.label == words);
    let at = at.unwrap_or_else(|| panic!("no {words}"));
    let now = menu.cursor;
    let key = if at < now { "k " } else { "j " };
    let keys = format!("{}enter", key.repeat(at.abs_diff(now)));
    screen.keys(&keys);
}

#[test]
fn an_emptied_filter_is_the_views_own_and_says_so() {
    let mut screen = screen((120, 40), &[]);
    screen.keys("3 / 'group:宠友 enter");
    let picture = screen.picture();
    assert!(picture.contains("3 逾期* ") && picture.contains("已改动, w 另存, Esc 还原"), "{picture}");
    screen.keys("w");
    let menu = screen.picture();
    let place = |words: &str| menu.find(words).unwrap_or_else(|| panic!("{words}\n{menu}"));
    assert!(place("另存为.. (只有我)") < place("state:snoozed"), "saving stands first\n{menu}");
    screen.keys("esc / ctrl-u");
    assert!(
        screen.picture().contains("清空: 回到 逾期 自己的条件 state:due is:overdue"),
        "{}",
        screen.picture()
    );
    screen.keys("enter");
    let picture = screen.picture();
    assert_eq!(filter(&screen), "state:due is:overdue");
    assert!(picture.contains("清空: 回到 逾期 自己的条件") && !picture.contains("逾期*"), "{picture}");
    screen.keys("8 / '张 enter : 'filter_clear enter");
    assert_eq!(filter(&screen), "");
    assert!(screen.picture().contains("清空: 成员 全部列出"), "{}", screen.picture());
    screen.keys("/ '张三 enter");
    assert!(!screen.picture().contains("清空"), "{}", screen.picture());
    // in a narrow window the mark stands too
    screen.event(Event::Resize(80, 24));
    screen.keys("1 / 'group:宠友 enter");
    assert!(screen.picture().contains("1待发*"), "{}", screen.picture());
}

#[test]
fn columns_and_rows_are_chosen_here_marked_and_saved() {
    use qun::book::view::Column as C;
    for size in [(60, 12), (80, 24), (200, 60)] {
        let mut screen = screen(size, &[view("宠友的", "", Some(2))]);
        screen.keys("2 : 'columns_时间,账号、群，内容 enter");
        let picture = screen.picture();
        // without what stands beside the list
        let heads = picture.lines().nth(2).unwrap();
        let heads = heads.split('|').nth(1).filter(|_| size.0 >= 160).unwrap_or(heads);
        let place = |words: &str| heads.find(words).unwrap_or_else(|| panic!("{words}\n{picture}"));
        assert!(place("到期") < place("账号") && place("账号") < place("群"), "{picture}");
        assert!(!heads.contains("状态"), "{picture}");
        assert!(picture.contains("宠友的*") || picture.contains("2宠友的*"), "{picture}");
        screen.keys(": 'rows_3 enter");
        assert_eq!((screen.state.main.spec.limit, screen.state.tab().unwrap().is_changed()), (Some(3), true));
        // kept when the store's views come anew, until it is saved
        screen.event(Event::Push(Box::new(Push::Views(vec![view("宠友的", "", Some(2))]))));
        assert!(screen.state.tab().unwrap().is_changed());
        screen.keys("w");
        choose(&mut screen, "存下这个视图的改动");
        let columns = vec![C::Due, C::Account, C::Group, C::Text];
        let saved = View { columns, limit: Some(3), ..view("宠友的", "", Some(2)) };
        assert_eq!(
            told(&screen).pop(),
            Some(&Command::ViewSet { before: Some("宠友的".into()), view: saved })
        );
        assert!(!screen.picture().contains("宠友的*"), "{}", screen.picture());
        // back to what the list has by itself
        screen.keys(": 'columns_默认 enter : '行数_全部 enter");
        assert!(screen.picture().lines().nth(2).unwrap().contains("群 / 人"), "{}", screen.picture());
        assert_eq!(screen.state.main.spec.limit, None);
        screen.keys("q");
        assert!(!screen.picture().lines().nth(2).unwrap().contains("群 / 人"), "as it was saved");
    }
}

#[test]
fn columns_are_offered_one_after_another() {
    let mut screen = screen((120, 40), &[]);
    let line = |screen: &Screen| {
        let Some(qun::tui::popup::Popup::Prompt(prompt)) = screen.state.popups.last() else {
            panic!("no prompt")
        };
        prompt.field.text().to_owned()
    };
    screen.keys(": 'columns_ tab tab");
    assert_eq!(line(&screen), "columns 状态");
    screen.keys("', tab");
    assert_eq!(line(&screen), "columns 状态,编号", "what is there already is not offered again");
    screen.keys("',zh tab");
    assert_eq!(line(&screen), "columns 状态,编号,账号", "by its pinyin");
    screen.keys("enter");
    let shown = screen.state.tab().unwrap().columns.clone();
    // alone it shows what is there
    screen.keys(": '列 enter");
    assert_eq!(line(&screen), "列 状态,编号,账号");
    screen.keys("ctrl-u 'columns_到起 enter");
    assert!(screen.picture().contains("待办没有「到起」这一列, 是不是「到期」?"), "{}", screen.picture());
    screen.keys("ctrl-u 'columns_消费 enter");
    // beside the line, and below it what there is
    assert!(screen.rows()[1].contains("待办没有「消费」这一列"), "{}", screen.picture());
    assert!(screen.picture().contains("经手"), "{}", screen.picture());
    assert_eq!(screen.state.tab().unwrap().columns, shown);
    screen.keys("ctrl-u 'rows_-1 enter");
    assert!(screen.picture().contains("行数写 1 到 1000000, 0 是全部, 不是「-1」"), "{}", screen.picture());
    // an account's limit is another verb
    screen.keys("ctrl-u 'rows_2 enter");
    assert_eq!(screen.state.main.spec.limit, Some(2));
}

#[test]
fn the_number_beside_a_changed_view_is_its_own() {
    let mut screen = screen((120, 40), &[]);
    screen.desk.numbers.insert("state:due group:宠友交流1群".to_owned(), 4);
    let header = |screen: &Screen| screen.rows().remove(0);
    assert!(header(&screen).contains("待发 10"), "{}", header(&screen));
    screen.keys("/ 'group:宠友交流1群 enter");
    assert!(header(&screen).contains("待发* 3"), "as many as are shown: {}", header(&screen));
    screen.keys("2");
    screen.event(Event::Timer(Timer::Views));
    assert!(header(&screen).contains("待发* 4"), "as many as were counted: {}", header(&screen));
    // another order lists the same
    screen.keys("3 : 'sort_name enter");
    assert!(header(&screen).contains("逾期* 1"), "{}", header(&screen));
    screen.keys("1 q");
    assert!(header(&screen).contains("待发 10"), "{}", header(&screen));
}

#[test]
fn views_that_were_kept_elsewhere_are_found_where_somebody_looks() {
    let mut screen = screen((120, 40), &[]);
    let asked = |screen: &mut Screen| {
        let asked = screen.effects.contains(&Effect::ReadViews);
        screen.effects.clear();
        asked
    };
    screen.effects.clear();
    screen.keys("j k");
    assert!(!asked(&mut screen), "nothing is read by the way");
    screen.keys("w");
    assert!(asked(&mut screen));
    let fresh = view("新的", "group:宠友", Some(4));
    screen.event(Event::Views(Ok(vec![fresh.clone()])));
    assert!(screen.picture().contains("新的"), "the open menu has it\n{}", screen.picture());
    screen.keys("esc");
    let effects =
        qun::tui::app::update(&mut screen.state, Event::Key(qun::tui::key::Key::char('4')), screen.mono);
    let place = |wanted: fn(&Effect) -> bool| effects.iter().position(wanted).unwrap();
    let list = place(|effect| matches!(effect, Effect::Ask { .. }));
    assert!(
        list < place(|effect| *effect == Effect::ReadViews),
        "else the older list would come last: {effects:?}"
    );
    screen.event(Event::Views(Ok(vec![fresh.clone()])));
    assert_eq!(filter(&screen), "group:宠友");
    // the digit that was pressed belongs to another by now
    screen.keys("5");
    screen.event(Event::Views(Ok(vec![fresh, view("五号", "#急", Some(5))])));
    assert_eq!(filter(&screen), "#急");
    // what cannot be read is said to who asked, and the views stay
    screen.keys("w");
    screen.event(Event::Views(Err("views.toml:3:1: TOML".into())));
    assert!(screen.state.note.as_ref().unwrap().text.contains("views.toml:3:1"));
    screen.keys("esc 5");
    assert_eq!(filter(&screen), "#急");
    asked(&mut screen);
    screen.event(Event::Push(Box::new(Push::Views(Vec::new()))));
    assert!(asked(&mut screen), "the desk has spoken of views");
    // what was kept by another program meanwhile is named and counted without a key
    screen.desk.numbers.insert("group:宠友 #新".into(), 12);
    screen.event(Event::Views(Ok(vec![view("刚存", "group:宠友 #新", Some(6))])));
    screen.event(Event::Timer(qun::tui::event::Timer::Views));
    assert!(screen.rows()[0].contains("6 刚存 12"), "{}", screen.rows()[0]);
}

#[test]
fn accounts_have_a_view() {
    let mut screen = screen((120, 40), &[]);
    screen.keys(": 'views_账号 enter");
    assert_eq!((filter(&screen), screen.state.main.spec.kind), ("", Kind::Account));
    let picture = screen.picture();
    let heads = picture.lines().nth(2).unwrap();
    assert!(["名称", "状态", "待发"].iter().all(|column| heads.contains(column)), "{picture}");
}

fn account_line(platform: Platform) -> AccountLine {
    let Ref { id, name } = account(platform);
    AccountLine {
        id,
        name,
        platform,
        persona: "小完子".into(),
        device: "小米11".into(),
        holder: String::new(),
        health: "正常".into(),
        health_word: "normal".into(),
        groups: 3,
        friends: 120,
        friends_max: None,
        due: 2,
        sent_today: 5,
        quiet: String::new(),
        note: String::new(),
        past: Vec::new(),
    }
}

#[test]
fn the_menu_of_a_line_offers_nothing_that_is_done_of_none_like_it() {
    use Action::{Edit, Reply, Transfer, Withdraw};
    let never: [(&str, &[Action], &[Action]); 2] = [
        (": 'views_账号 enter enter enter", &[Edit], &[Reply, Withdraw, Transfer]),
        ("8 enter enter", &[Edit, Reply], &[Withdraw, Transfer]),
    ];
    for (keys, can, cannot) in never {
        let mut screen = screen((120, 40), &[]);
        screen.desk.accounts = vec![account_line(Platform::Wechat)];
        screen.keys(keys);
        let Some(Popup::Menu(menu)) = screen.state.popups.last() else { panic!("{}", screen.picture()) };
        let offered =
            |action: &Action| menu.items.iter().any(|i| i.enabled && i.choice == Choice::Act(*action));
        assert!(can.iter().all(offered) && !cannot.iter().any(offered), "{keys}: {:?}", menu.items);
    }
}
