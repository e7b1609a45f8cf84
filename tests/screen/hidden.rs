//! 撤展: nobody's name is read from the screen while it is on, and what is copied stays whole.

use super::Screen;
use super::desk::Desk;
use qun::text::lang::Lang;

/// Everybody the desk's lists name.
fn everybody(desk: &Desk) -> Vec<String> {
    let mut names: Vec<String> = desk.members.iter().map(|member| member.name.clone()).collect();
    names.extend(desk.tasks.iter().filter_map(|task| Some(task.member.as_ref()?.name.clone())));
    names.retain(|name| name.chars().count() > 1);
    names.sort();
    names.dedup();
    names
}

#[test]
fn no_name_is_read_wherever_one_goes() {
    for size in [(80, 24), (120, 40), (200, 60)] {
        for desk in [Desk::small(), Desk::believable(40)] {
            let names = everybody(&desk);
            assert!(names.len() > 3);
            let mut screen = Screen::new(desk, size, Lang::ZhCn);
            screen.keys("f12");
            for keys in [
                "1",
                "j",
                "enter",
                "j",
                "esc",
                "8",
                "j",
                "enter",
                "esc",
                "7",
                "enter",
                "esc",
                "esc",
                "2",
                "l",
                "j",
                "l",
                "l",
                "esc",
                "1",
                "f '三",
                "esc",
                "a '张三",
                "esc",
                "esc",
                "F",
                "j",
                "j",
                "F",
                "W",
                "esc",
                "*",
                "x",
                "esc",
                "+",
                "esc",
                "o",
                "esc",
                "e",
                "esc",
                "9",
                "enter",
                "esc",
                "_",
                "_",
                "P",
                "P",
            ] {
                screen.keys(keys);
                let picture = screen.picture();
                // what is typed by oneself is no news to who looks on
                let typed = keys.starts_with("a ");
                for name in names.iter().filter(|name| !typed || *name != "张三") {
                    assert!(!picture.contains(name.as_str()), "{size:?} after {keys}: {name}\n{picture}");
                }
            }
        }
    }
}

#[test]
fn what_is_copied_is_whole_and_the_history_stays_shut() {
    let mut screen = Screen::new(Desk::believable(10), (120, 40), Lang::ZhCn);
    let text = screen.state.task_text().unwrap().parts[0].copy.clone().unwrap();
    screen.keys("f12 y");
    assert_eq!(screen.copied(), [text.as_str()]);
    screen.keys("U");
    assert!(screen.state.popups.is_empty());
    assert!(screen.picture().contains("撤展"), "{}", screen.picture());
    screen.keys("f12 U");
    assert_eq!(screen.state.popups.len(), 1);
}

#[test]
fn who_was_in_no_list_so_far_is_hidden_in_what_the_desk_says() {
    let mut desk = Desk::small();
    // one behind what any list on the screen holds
    let mut last = desk.members[0].clone();
    last.id = super::desk::member_id(900);
    last.name = "欧阳没见过".into();
    desk.members.push(last);
    let mut screen = Screen::new(desk, (120, 40), Lang::ZhCn);
    screen.keys("f12");
    let words = "到上限: 欧阳没见过 到 11-24 00:00";
    assert!(!screen.state.veiled(words).contains("没见过"), "{}", screen.state.veiled(words));
}

#[test]
fn the_end_of_a_phone_is_not_read_where_namesakes_are_told_apart() {
    for keys in ["f '张三", "a '张三", "a '张三 enter"] {
        for hidden in [false, true] {
            let mut screen = Screen::new(Desk::small(), (120, 40), Lang::ZhCn);
            screen.desk.phone_tail = "4657";
            screen.keys(if hidden { "f12" } else { "esc" }).keys(keys);
            assert_eq!(screen.picture().contains("4657"), !hidden, "{keys}\n{}", screen.picture());
        }
    }
}
