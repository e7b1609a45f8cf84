//! Quiet hours that change, or that except some of those to whom a step is owed each by themselves.

use super::plans::sop;
use super::rules::{book, enrol};
use super::*;
use crate::book::WaitReason;
use crate::desk::testing::at;
use crate::text::lang::Lang;

const ZONE: &str = "zone = \"Asia/Shanghai\"\n";

fn quiet(from: &str, to: &str, more: &str) -> String {
    format!("{ZONE}[[quiet]]\nfrom = \"{from}\"\nto = \"{to}\"\n{more}\n")
}

fn set(book: &mut Book, rules: &str) {
    book.desk.run(Command::SetRules { toml: rules.to_owned() }).unwrap();
    book.desk.tick();
}

fn due(book: &Book) -> Vec<String> {
    let columns = &book.desk.desk.store().columns;
    let due = book.open().into_iter().filter(|task| task.status.state == TaskState::Due);
    let mut due: Vec<_> = due.map(|task| columns.target_name(task.target)).collect();
    due.sort();
    due
}

fn run(book: &mut Book, command: Command) {
    book.desk.run(command).unwrap();
    book.desk.tick();
}

#[test]
fn what_an_undo_puts_into_quiet_hours_comes_when_they_are_mended_again() {
    let wrong = quiet("09:00", "21:00", "");
    let step = ["s | D0 10:00 | until = \"D0 12:00\""];
    for mended in [true, false] {
        let mut book = book("");
        book.sop(&sop("m", "member", "marketing", "start = { on = \"by-hand\" }", &step));
        enrol(&mut book, "m", &["张三"]);
        book.tick_at("2026-11-22 09:30");
        set(&mut book, &wrong);
        book.tick_at("2026-11-22 10:10");
        set(&mut book, ZONE);
        assert_eq!(due(&book), ["张三"]);
        book.tick_at("2026-11-22 10:20");
        run(&mut book, Command::Undo { act: None });
        let task = book.open().remove(0);
        assert_eq!(
            (task.status.state, task.status.snoozed_until),
            (TaskState::Snoozed, Some(at("2026-11-22 12:00")))
        );
        book.tick_at("2026-11-22 10:30");
        if mended {
            set(&mut book, &quiet("09:00", "11:00", ""));
            assert_eq!(book.open()[0].status.snoozed_until, Some(at("2026-11-22 11:00")));
            set(&mut book, &quiet("09:00", "10:00", ""));
            assert_eq!(due(&book), ["张三"]);
            // and with the file before it goes as it had come, as often as somebody tries
            for _ in 0..2 {
                run(&mut book, Command::Undo { act: None });
                assert_eq!((due(&book).len(), book.open().len()), (0, 1));
                run(&mut book, Command::Redo);
                assert_eq!(due(&book), ["张三"]);
                run(&mut book, Command::Undo { act: None });
                set(&mut book, &quiet("09:00", "10:00", ""));
                assert_eq!(due(&book), ["张三"]);
            }
        }
        book.tick_at("2026-11-22 12:00");
        let end = book.tasks()[0].status.end.clone();
        let held = EndReason::Held { why: WaitReason::QuietHours };
        assert_eq!(end, Some(if mended { EndReason::SpanOver } else { held }));
        assert_eq!(book.tasks().len(), 1);
        book.desk.restart();
    }
}

/// What somebody has put off themselves stays put off.
#[test]
fn mended_hours_wake_nothing_that_a_human_put_off() {
    let mut book = book("");
    book.sop(&sop("m", "member", "marketing", "start = { on = \"by-hand\" }", &["s | D0 10:00"]));
    enrol(&mut book, "m", &["张三"]);
    book.tick_at("2026-11-22 10:00");
    set(&mut book, &quiet("09:00", "12:00", ""));
    assert_eq!(due(&book), ["张三"], "what has come stays");
    let task = book.open()[0].id;
    book.verb(task, TaskVerb::Snooze { until: at("2026-11-22 12:00") });
    set(&mut book, ZONE);
    assert_eq!(book.open()[0].status.snoozed_until, Some(at("2026-11-22 12:00")));
}

#[test]
fn quiet_hours_that_except_some_hold_a_step_for_the_others_alone() {
    for class in ["marketing", "service"] {
        let mut book = book("");
        let group = book.desk.desk.find_group("宠友1群", Lang::ZhCn).unwrap();
        let owl = book.member("夜猫");
        book.join(owl, group);
        book.befriend(owl);
        book.desk.run(Command::SetRules { toml: quiet("09:00", "11:00", "except = \"夜猫\"") }).unwrap();
        let step = ["s | D0 10:00 | until = \"D0 12:00\"\nvia = \"private\"\nwho = \"-tag:无\""];
        let text = sop("g", "group", class, "start = { on = \"by-hand\" }", &step);
        book.sop(&text.replacen("via = \"group\"\n", "", 1));
        let (playbook, targets) = (PlaybookId("g".to_owned()), vec![Target::Group(group)]);
        let enrol = Command::Enrol { playbook, targets, filter: String::new(), anchor: None, dry_run: false };
        book.desk.run(enrol).unwrap();
        book.tick_at("2026-11-22 10:00");
        assert_eq!(due(&book), ["夜猫"], "{class}");
        book.tick_at("2026-11-22 11:00");
        assert_eq!(due(&book), ["夜猫", "张三"], "{class}");
    }
}
