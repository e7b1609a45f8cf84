//! What is being written when another was faster: it stays, what stands now is beside it, and it can be sent again by
//! whoever has seen that.

use std::time::Duration;

use qun::book::{Campaign, TaskId, View};
use qun::door::command::{Command, TaskVerb};
use qun::door::detail::AskView;
use qun::door::form::Field;
use qun::door::{Push, Refusal, RefusalKind, Saw};
use qun::text::lang::Lang;
use qun::tui::event::Event;
use qun::tui::popup::Popup;

use super::Screen;
use super::desk::{Desk, task_id};
use super::forms::goods;

const LANGS: [Lang; 3] = [Lang::ZhCn, Lang::ZhTw, Lang::En];

/// What the desk says of what another has written meanwhile.
#[expect(clippy::unnecessary_wraps, reason = "as the outcome carries it")]
fn changed(now: Saw) -> Option<Refusal> {
    let mut refusal = Refusal::new(RefusalKind::Changed, "小李 14:02");
    refusal.stands = Some(now);
    Some(refusal)
}

#[expect(clippy::unnecessary_wraps, reason = "as the outcome carries it")]
fn text(text: &str) -> Option<Saw> {
    Some(Saw::Text(Some(text.to_owned())))
}

/// What is said in a language: what stands now, and how to write over it.
fn said(lang: Lang, key: &str) -> [String; 2] {
    match lang {
        Lang::ZhCn => ["现在是: ".to_owned(), format!("再按 {key} 就按你写的存")],
        Lang::ZhTw => ["現在是: ".to_owned(), format!("再按 {key} 就按你寫的存")],
        Lang::En => ["now: ".to_owned(), format!("{key} again writes yours over it")],
    }
}

fn shows(screen: &mut Screen, words: &[&str]) {
    let picture = screen.picture();
    for words in words {
        assert!(picture.contains(words), "no {words:?} in\n{picture}");
    }
}

#[test]
fn a_form_of_lines_keeps_what_was_typed_and_shows_what_stands_now() {
    for lang in LANGS {
        let mut screen = Screen::new(Desk::small(), (80, 24), lang);
        screen.keys("= 1 ctrl-u '苹果_20");
        screen.desk.refuse = changed(Saw::Text(Some("鸡蛋 39.9\n梨 8".to_owned())));
        screen.keys("ctrl-s");
        let [now, again] = said(lang, "Ctrl-s");
        shows(&mut screen, &["苹果 20", &format!("{now}鸡蛋 39.9"), "梨 8", "小李 14:02", &again]);
        assert!(screen.desk.told.is_empty());
        // a key that was pressed twice is no answer to what nobody can have read
        screen.keys("ctrl-s");
        assert!(screen.desk.told.is_empty(), "too soon");
        screen.wait(Duration::from_secs(1)).keys("ctrl-s");
        let [Command::Fill { value, .. }] = &screen.desk.told[..] else { panic!("{:?}", screen.desk.told) };
        assert_eq!(value, "苹果 20");
        assert_eq!(screen.desk.saws, [Some(Saw::Text(None)), text("鸡蛋 39.9\n梨 8")]);
    }
}

fn line(screen: &Screen) -> &str {
    match screen.state.popups.last() {
        Some(Popup::Prompt(prompt)) => prompt.field.text(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_form_of_one_line_waits_for_the_desk_and_types_nothing_ahead_over_another() {
    for lang in LANGS {
        let mut desk = Desk::small();
        let price = AskView { key: "价格".into(), kind: "money".into(), value: String::new(), ..goods() };
        let group = |n: usize| {
            let line = &desk.groups[n];
            Some(qun::door::line::Ref { id: line.id, name: line.name.clone() })
        };
        let groups = [group(0), group(1)];
        desk.asks = groups.map(|group| AskView { group, ..price.clone() }).to_vec();
        let mut screen = Screen::new(desk, (80, 24), lang);
        screen.keys("= 1");
        screen.desk.refuse = changed(Saw::Text(Some("36".to_owned())));
        screen.deaf = true;
        screen.keys("'39.9 enter '28 enter");
        screen.deaf = false;
        screen.event(qun::tui::event::Event::Resumed);
        let [now, again] = said(lang, "Enter");
        shows(&mut screen, &[&format!("{now}36"), "小李 14:02", &again]);
        assert_eq!(line(&screen), "39.9");
        assert!(screen.desk.told.is_empty(), "what was typed ahead is not sent: {:?}", screen.desk.told);
        screen.wait(Duration::from_secs(1)).keys("enter");
        let [Command::Fill { value, .. }] = &screen.desk.told[..] else { panic!("{:?}", screen.desk.told) };
        assert_eq!((value.as_str(), screen.desk.saws.last()), ("39.9", Some(&text("36"))));
        assert_eq!(screen.state.popups.len(), 1, "on to the next group\n{}", screen.picture());
        assert_eq!(line(&screen), "");
    }
}

fn rewritten(screen: &Screen) -> Vec<(TaskId, String)> {
    let told = screen.desk.told.iter().filter_map(|command| match command {
        Command::Task { tasks, verb: TaskVerb::Rewrite { text: Some(text) } } => {
            Some((tasks[0], text.clone()))
        }
        _ => None,
    });
    told.collect()
}

#[test]
fn an_edited_text_keeps_what_was_typed_and_shows_what_stands_now() {
    for lang in LANGS {
        let mut screen = Screen::new(Desk::small(), (80, 24), lang);
        let shown = screen.desk.texts[0].parts[0].copy.clone();
        screen.keys("e '老朋友来");
        screen.desk.refuse = changed(Saw::Text(Some("小李写的".to_owned())));
        screen.keys("ctrl-s");
        let [now, again] = said(lang, "Ctrl-s");
        shows(&mut screen, &["老朋友来", &format!("{now}小李写的"), "小李 14:02", &again]);
        screen.wait(Duration::from_secs(1)).keys("'吧 ctrl-s");
        let [(task, written)] = &rewritten(&screen)[..] else { panic!("{:?}", screen.desk.told) };
        assert!(*task == task_id(1) && written.ends_with("老朋友来吧"), "{written}");
        let saws: Vec<_> = screen.desk.saws.iter().flatten().cloned().collect();
        assert_eq!(saws, [Saw::Text(shown), Saw::Text(Some("小李写的".to_owned()))]);
        assert!(screen.state.popups.is_empty());
    }
}

#[test]
fn a_field_keeps_what_was_typed_and_shows_what_stands_now_beside_it() {
    for lang in LANGS {
        let mut screen = Screen::new(Desk::small(), (80, 24), lang);
        // of the form of a group the head count
        screen.keys("7 E");
        if matches!(screen.state.popups.last(), Some(Popup::Menu(_))) {
            screen.keys("1");
        }
        screen.keys("down down down ctrl-u '190 down '300");
        screen.desk.refuse = changed(Saw::Fields(vec![(Field::HeadCount, "188".to_owned())]));
        screen.keys("ctrl-s");
        let [now, again] = said(lang, "Ctrl-s");
        shows(&mut screen, &["190", &format!("{now}188"), "300", "小李 14:02", &again]);
        screen.wait(Duration::from_secs(1)).keys("ctrl-s");
        let Some(Command::Edit { fields, .. }) = screen.desk.told.last() else {
            panic!("{:?}", screen.desk.told)
        };
        let typed = |field, value: &str| (field, value.to_owned());
        let sent = [typed(Field::HeadCount, "190"), typed(Field::Capacity, "300")];
        assert_eq!(fields[..], sent, "only what was changed");
        let seen =
            |count| Some(Saw::Fields(vec![typed(Field::HeadCount, count), typed(Field::Capacity, "")]));
        assert_eq!(screen.desk.saws, [seen("186"), seen("188")]);
        assert!(screen.state.popups.is_empty());
    }
}

#[test]
fn what_was_left_is_written_on_beside_what_stands_by_now() {
    use qun::tui::drafts::Unfinished;
    use qun::tui::event::Event;
    let mut screen = Screen::new(Desk::small(), (80, 24), Lang::ZhCn);
    let place = format!("rewrite {}", task_id(1));
    let left = Unfinished { store: "s01".into(), place, text: "上次写的".into() };
    screen.event(Event::Unfinished(vec![left]));
    screen.keys("e").wait(Duration::from_secs(1)).keys("enter");
    shows(&mut screen, &["现在是: 各位铲屎官周末好", "上次写的"]);
}

#[test]
fn a_campaign_keeps_what_was_typed_beside_what_another_wrote() {
    let known = super::calendar::campaigns().remove(0).campaign;
    let now = Campaign { title: "年中".into(), until: super::desk::at(4000), ..known.clone() };
    let mut screen = Screen::new(Desk::small(), (120, 40), Lang::ZhCn);
    screen.keys(": 'campaigns enter 1 2 'A");
    screen.desk.refuse = changed(Saw::Campaign(Box::new(now.clone())));
    screen.keys("ctrl-s ctrl-s");
    let [stands, _] = said(Lang::ZhCn, "Ctrl-s");
    shows(&mut screen, &["618 大促A", &format!("{stands}年中"), "小李 14:02"]);
    assert!(screen.desk.told.is_empty());
    // it is tried anew, and then written
    screen.wait(Duration::from_secs(1)).keys("ctrl-s ctrl-s");
    let Some(Command::CampaignEdit { campaign }) = screen.desk.told.last() else {
        panic!("{}", screen.picture())
    };
    assert_eq!((campaign.title.as_str(), campaign.until), ("618 大促A", now.until), "only what was typed");
    let saw = |campaign: &Campaign| Some(Saw::Campaign(Box::new(campaign.clone())));
    assert_eq!(screen.desk.saws, [saw(&known), saw(&now)]);
}

#[test]
fn a_view_is_saved_over_what_another_saved_once_that_was_seen() {
    let view = |filter: &str| View {
        filter: filter.to_owned(),
        key: Some(2),
        ..View::new("宠友的", qun::book::view::Listed::Tasks)
    };
    let saw = |filter: &str| Some(Saw::View(Box::new(view(filter))));
    let mut desk = Desk::small();
    desk.views = vec![view("group:宠友")];
    let mut screen = Screen::new(desk, (120, 40), Lang::ZhCn);
    screen.keys("2 / '#急 enter");
    // another saves it; that is told to every screen
    let theirs = "group:宠友 #慢";
    screen.event(Event::Push(Box::new(Push::Views(vec![view(theirs)]))));
    screen.desk.refuse = changed(saw(theirs).unwrap());
    let save = |screen: &mut Screen| {
        screen.keys("w");
        super::views::choose(screen, "存下这个视图的改动");
    };
    save(&mut screen);
    shows(&mut screen, &["小李 14:02", &format!("现在是: {theirs}"), "再做一次 (w) 就按你的"]);
    assert!(screen.desk.told.is_empty());
    save(&mut screen);
    let Some(Command::ViewSet { view: saved, .. }) = screen.desk.told.last() else {
        panic!("{:?}", screen.desk.told)
    };
    assert_eq!(saved.filter, "group:宠友 #急");
    assert_eq!(screen.desk.saws, [saw("group:宠友"), saw(theirs)]);
    // what was saved is what is changed from here
    screen.keys("/ 'x enter");
    save(&mut screen);
    assert_eq!(screen.desk.saws.last(), Some(&saw("group:宠友 #急")));
}

#[test]
fn a_correction_stands_on_who_had_got_the_text_when_it_was_looked_at() {
    let mut screen = Screen::new(Desk::small(), (80, 24), Lang::ZhCn);
    screen.desk.got = Some(0);
    screen.keys("! enter '改");
    // somebody got it meanwhile: whoever did is told, although nobody had it when this was begun
    screen.desk.refuse = changed(Saw::Wrong { at: super::desk::at(1), text: Some("小李写的".into()) });
    screen.keys("ctrl-s");
    shows(&mut screen, &["现在是: 小李写的", "小李 14:02", "再按 Ctrl-s 就按你写的存"]);
    screen.wait(Duration::from_secs(1)).keys("ctrl-s");
    shows(&mut screen, &["抱歉"]);
    screen.keys("ctrl-s");
    let Some(Command::Correct { notice: Some(_), .. }) = screen.desk.told.last() else {
        panic!("{:?}", screen.desk.told)
    };
    let saws: Vec<_> = screen.desk.saws.iter().flatten().collect();
    let [Saw::Wrong { text: None, .. }, Saw::Wrong { at, .. }] = saws[..] else { panic!("{saws:?}") };
    assert_eq!(*at, super::desk::at(1));
}
