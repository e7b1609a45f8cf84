//! A desk that does not answer for a while: said with the seconds, nothing done twice, and over when it goes on.

use std::time::Duration;

use qun::door::Command;
use qun::door::command::TaskVerb;
use qun::text::lang::Lang;
use qun::tui::event::{Effect, Event, Timer};

use super::Screen;
use super::desk::Desk;
use super::transcripts::told;

fn wait(screen: &mut Screen, seconds: u64) {
    screen.mono += Duration::from_secs(seconds);
    screen.event(Event::Timer(Timer::Waiting));
}

/// How often it was told that something was sent.
fn acts(screen: &Screen) -> usize {
    let is_sent = |command: &&Command| {
        matches!(command, Command::Task { verb: TaskVerb::Sent { .. } | TaskVerb::Part { .. }, .. })
    };
    told(screen).into_iter().filter(is_sent).count()
}

#[test]
fn an_answer_that_takes_long_is_waited_for_in_sight() {
    let mut screen = Screen::new(Desk::small(), (120, 40), Lang::ZhCn);
    wait(&mut screen, 5);
    assert!(screen.picture().contains("连接正常"), "nothing is asked\n{}", screen.picture());
    screen.effects.clear();
    wait(&mut screen, 5);
    let timer = |effect: &Effect| matches!(effect, Effect::SetTimer { timer: Timer::Waiting, .. });
    assert!(!screen.effects.iter().any(timer), "and nobody looks after it");
    screen.keys("y");
    screen.deaf = true;
    screen.keys("d");
    assert!(screen.effects.iter().any(timer));
    wait(&mut screen, 2);
    let picture = screen.picture();
    assert!(picture.contains("等待回应 0:02") && picture.contains("不会做两次"), "{picture}");
    wait(&mut screen, 61);
    assert!(screen.picture().contains("等待回应 1:0"), "{}", screen.picture());
    // it goes on
    screen.deaf = false;
    screen.event(Event::Focus(true));
    let picture = screen.picture();
    assert!(
        picture.contains("连接正常") && picture.contains("已发") && !picture.contains("不会做两次"),
        "{picture}"
    );
    assert_eq!(acts(&screen), 1, "told once");
    screen.effects.clear();
    wait(&mut screen, 1);
    assert!(!screen.effects.iter().any(timer), "nobody looks after it any more");
}

#[test]
fn of_a_list_that_has_not_come_no_count_is_told_and_no_lack() {
    let mut screen = Screen::new(Desk::small(), (120, 40), Lang::ZhCn);
    screen.deaf = true;
    screen.keys("7");
    let picture = screen.picture();
    assert!(picture.contains("稍等..") && !picture.contains(" 0 条"), "{picture}");
    screen.keys("x");
    let picture = screen.picture();
    assert!(!picture.contains("这里没有"), "{picture}");
}

#[test]
fn a_question_alone_is_no_act() {
    let mut screen = Screen::new(Desk::small(), (80, 24), Lang::ZhCn);
    screen.deaf = true;
    screen.keys("2");
    wait(&mut screen, 3);
    let picture = screen.picture();
    assert!(picture.contains("等待回应 0:03") && !picture.contains("不会做两次"), "{picture}");
    // lost while it was waited for: that is said instead, and back it is as before
    screen.event(Event::Lost);
    wait(&mut screen, 1);
    assert!(screen.picture().contains("断线"), "{}", screen.picture());
    screen.deaf = false;
    screen.event(Event::Regained);
    let welcome = screen.desk.envelope(screen.desk.welcome());
    screen.event(Event::Reply { tag: 0, envelope: Box::new(welcome) });
    wait(&mut screen, 1);
    assert!(screen.picture().contains("连接正常"), "{}", screen.picture());
}

#[test]
fn what_nobody_waits_for_is_not_waited_for_after_a_loss() {
    let mut screen = Screen::new(Desk::small(), (80, 24), Lang::ZhCn);
    screen.deaf = true;
    // the desk is told of the copy, and never answers: it is another one by then
    screen.keys("y");
    screen.waiting.clear();
    screen.event(Event::Lost);
    screen.deaf = false;
    screen.event(Event::Regained);
    let welcome = screen.desk.envelope(screen.desk.welcome());
    screen.event(Event::Reply { tag: 0, envelope: Box::new(welcome) });
    wait(&mut screen, 3);
    assert!(screen.picture().contains("连接正常"), "{}", screen.picture());
}
