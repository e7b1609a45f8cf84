//! How many bytes a frame costs a slow line.

use super::Screen;
use super::desk::Desk;
use super::glass::Glass;
use qun::text::lang::Lang;
use qun::tui::event::{Event, Timer};

/// The bytes of each of so many moves, once all that belongs to one has come.
fn moves(screen: &mut Screen, key: &str, count: usize) -> Vec<usize> {
    let mut glass = Glass::new();
    glass.show(screen);
    let mut bytes: Vec<usize> = Vec::new();
    for _ in 0..count {
        screen.keys(key);
        bytes.push(glass.show(screen));
        assert_eq!(glass.show(screen), 0, "nothing changed, nothing written");
    }
    bytes
}

#[test]
fn a_move_costs_what_it_changes() {
    for (size, most) in [((80, 24), 500), ((120, 40), 500), ((200, 60), 500)] {
        // One group gets one text again and again: the preview stays but for the time.
        let mut desk = Desk::large(160);
        let same =
            desk.tasks.iter().filter(|task| task.target_name == "宠友交流1群" && task.summary == "群发提醒");
        desk.tasks = same.cloned().collect();
        let mut screen = Screen::new(desk, size, Lang::ZhCn);
        screen.keys("g g j j j j j j j j j j");
        let bytes = moves(&mut screen, "k", 8);
        assert!(bytes.iter().all(|bytes| (1..most).contains(bytes)), "{size:?}: {bytes:?}");
    }
    for (size, most) in [((80, 24), 1_000), ((120, 40), 1_500), ((200, 60), 2_000)] {
        // No two alike, and at 80 by 24 the list moves on as well.
        let mut screen = Screen::new(Desk::believable(60), size, Lang::ZhCn);
        screen.keys("g g j j j j j j j j j j");
        let bytes = moves(&mut screen, "j", 18);
        assert!(bytes.iter().all(|bytes| (1..most).contains(bytes)), "{size:?}: {bytes:?}");
    }
}

#[test]
fn idling_is_free() {
    let mut screen = Screen::new(Desk::believable(60), (120, 40), Lang::ZhCn);
    let mut glass = Glass::new();
    screen.keys("j j");
    glass.show(&mut screen);
    // What was on the screen is reported as seen, once.
    screen.event(Event::Timer(Timer::Seen));
    glass.show(&mut screen);
    for _ in 0..1_000 {
        for timer in [Timer::Minute, Timer::Seen, Timer::Detail, Timer::Waiting] {
            screen.event(Event::Timer(timer));
        }
        assert_eq!(glass.show(&mut screen), 0);
    }
}
