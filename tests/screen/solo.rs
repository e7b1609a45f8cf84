//! Focus: one task at a time, with the keys of the list; and another language while one works.

use super::Screen;
use super::desk::Desk;
use qun::book::{TaskState, Via};
use qun::door::Command;
use qun::door::command::TaskVerb;
use qun::door::forecast::Pace;
use qun::text::lang::Lang;
use qun::tui::event::Event;

fn solo(mut desk: Desk, size: (u16, u16)) -> Screen {
    desk.paces = vec![
        Pace { via: Via::Group, seconds: 30, samples: 9 },
        Pace { via: Via::Private, seconds: 60, samples: 0 },
    ];
    let mut screen = Screen::new(desk, size, Lang::ZhCn);
    screen.keys("F");
    screen
}

#[test]
fn one_task_has_the_screen_and_the_rest_is_a_number() {
    let screen = solo(Desk::small(), (80, 24));
    insta::assert_snapshot!("solo-80x24", screen.picture());
    let screen = solo(Desk::small(), (120, 40));
    insta::assert_snapshot!("solo-120x40", screen.picture());
}

#[test]
fn the_keys_of_the_list_work_it_off() {
    let mut screen = solo(Desk::small(), (80, 24));
    let all = screen.state.main.total as usize;
    let first = screen.state.main.cursor.clone();
    assert_eq!(screen.state.solo_place(), (1, all));
    let before = screen.state.solo_seconds();
    screen.keys("y d");
    assert_ne!(screen.state.main.cursor, first);
    assert_eq!(screen.state.solo_place(), (2, all), "what is done counts");
    assert!(screen.state.solo_seconds() < before);
    screen.keys("j");
    assert_eq!(screen.state.solo_place(), (3, all));
    screen.keys("k u");
    assert_eq!(screen.state.solo_place().1, all);
    // Enter has the menu of everything, Esc goes back to the list
    screen.keys("enter");
    assert_eq!(screen.state.popups.len(), 1);
    screen.keys("esc esc");
    assert!(!screen.state.is_solo());
    screen.keys("8 F");
    assert!(!screen.state.is_solo(), "members are no tasks");
}

#[test]
fn what_is_over_is_no_work_and_is_not_made_sent_by_a_slip() {
    let mut desk = Desk::small();
    desk.tasks[0].state = TaskState::Skipped;
    desk.tasks[2].state = TaskState::Sent;
    let open = desk.tasks.iter().filter(|task| task.state.is_open()).count();
    let all = desk.tasks.len();
    let mut screen = Screen::new(desk, (80, 24), Lang::ZhCn);
    screen.keys("2 F");
    assert_eq!(screen.state.solo_place(), (1, open), "{}", screen.picture());
    assert!(screen.state.main.lines.iter().all(|line| line.task().unwrap().state.is_open()));
    screen.keys("esc");
    assert_eq!(screen.state.main.total as usize, all, "the view lists the whole day again");
    // of a day's list `d` on what was skipped asks first
    screen.keys("g g d");
    let told = screen.desk.told.len();
    assert!(screen.picture().contains("已跳过了, 不在待发里"), "{}", screen.picture());
    screen.keys("enter");
    assert_eq!(
        (screen.desk.told.len(), screen.state.popups.len()),
        (told, 0),
        "the default is that it was a slip"
    );
    screen.keys("d j enter");
    let sent = matches!(screen.desk.told.last(), Some(Command::Task { verb: TaskVerb::Sent { .. }, .. }));
    assert!(sent, "{:?}", screen.desk.told.last());
}

#[test]
fn nothing_that_matches_is_not_all_done() {
    let mut screen = Screen::new(Desk::small(), (80, 24), Lang::ZhCn);
    screen.keys("/ ctrl-u 'nobody_at_all enter F");
    let picture = screen.picture();
    assert!(picture.contains("没有匹配的待办, 不是做完了。条件: nobody at all"), "{picture}");
    assert!(picture.contains("再按 Esc 清除条件") && !picture.contains("做完了。Esc"), "{picture}");
    screen.keys("esc esc");
    assert!(!screen.state.is_solo() && screen.state.main.total > 0);
    let mut desk = Desk::small();
    desk.tasks.clear();
    let screen = solo(desk, (80, 24));
    assert!(screen.picture().contains("这个视图里没有待办"), "{}", screen.picture());
}

#[test]
fn the_end_of_the_list_says_so() {
    let mut screen = solo(Desk::default(), (80, 24));
    screen.keys("esc");
    screen.keys("F");
    screen.keys("j k d y enter");
    let mut desk = Desk::small();
    desk.tasks.truncate(1);
    let mut screen = solo(desk, (80, 24));
    assert!(screen.picture().contains("这是最后一条"), "{}", screen.picture());
    screen.keys("y d");
    assert!(screen.picture().contains("做完了"), "{}", screen.picture());
}

#[test]
fn the_language_is_another_at_once_and_stays_when_the_desk_is_another() {
    let mut screen = Screen::new(Desk::small(), (120, 40), Lang::ZhCn);
    for (tag, words) in [("en", "Due"), ("zh-TW", "篩選"), ("zh-CN", "筛选"), ("en", "filter>")] {
        screen.keys(&format!(": 'lang_{tag} enter"));
        let picture = screen.picture();
        assert!(picture.to_lowercase().contains(&words.to_lowercase()), "{tag}: {picture}");
        assert_eq!(screen.desk.spoken.last().map(|lang| lang.tag()), Some(tag));
    }
    let welcome = screen.desk.envelope(screen.desk.welcome());
    let greeted = screen.desk.spoken.len();
    screen.event(Event::Lost);
    screen.event(Event::Regained);
    screen.event(Event::Reply { tag: 0, envelope: Box::new(welcome) });
    assert_eq!(screen.desk.spoken.len(), greeted + 1, "and no more than once");
    screen.keys(": 'lang_fr enter");
    assert!(screen.picture().contains("zh-TW"), "{}", screen.picture());
    screen.keys("esc : 'theme_light enter");
    assert_eq!(screen.state.theme, "light");
}

#[test]
fn another_language_says_so_in_its_own_words_and_values_are_offered() {
    let mut screen = Screen::new(Desk::small(), (120, 40), Lang::ZhCn);
    screen.keys("P : 'lang_");
    for value in ["zh-CN", "zh-TW", "en"] {
        assert!(screen.picture().contains(value), "{value}\n{}", screen.picture());
    }
    screen.keys("'en enter");
    assert!(screen.picture().contains("language: English"), "{}", screen.picture());
    assert!(!screen.picture().contains("预览在"), "what was said before is gone\n{}", screen.picture());
    screen.keys(": 'theme_");
    assert!(screen.picture().contains("contrast"), "{}", screen.picture());
    screen.keys("ctrl-u 'sort_a tab enter");
    assert_eq!(screen.state.tab().unwrap().sort, qun::door::request::Sort::Account);
}

#[test]
fn an_empty_view_in_other_columns_is_empty_not_filtered() {
    let mut screen = Screen::new(Desk::small(), (80, 24), Lang::ZhCn);
    screen.keys("5 : 'columns_内容 enter F");
    assert!(screen.picture().contains("这个视图里没有待办"), "{}", screen.picture());
    screen.keys("esc / '#急 enter F");
    assert!(screen.picture().contains("没有匹配的待办"), "{}", screen.picture());
}

#[test]
fn a_screen_begins_on_the_row_of_its_view_that_has_the_name() {
    use qun::tui::state::Start;
    for (name, verbs) in [("宠友交流3群", vec!["focus".to_owned()]), ("门店VIP群", Vec::new())] {
        let select = Some(name.to_owned());
        let is_solo = !verbs.is_empty();
        let start = Start { lang: Lang::ZhCn, seed: 1, select, commands: verbs, ..Start::default() };
        let mut screen = Screen::unanswered(Desk::small(), start);
        let welcome = screen.desk.envelope(screen.desk.welcome());
        screen.event(Event::Reply { tag: 0, envelope: Box::new(welcome) });
        let selected = screen.state.main.selected().unwrap();
        assert_eq!(selected.name(), name, "{}", screen.picture());
        assert!(screen.state.is_solo() == is_solo && screen.picture().contains(name), "{}", screen.picture());
    }
}
