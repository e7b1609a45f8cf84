//! What an edit of a live playbook leaves owed, and what it does not bring.

use super::tests::{all, anchored, at, course, playbook, step};
use super::*;

/// An edit of the rule at a time when some have passed: they do not come again, and none that is to come has the key of
/// one that has.
#[test]
fn a_rule_that_is_edited_brings_nothing_twice() {
    let rules = ["BYHOUR=9,12,18", "BYHOUR=9,18", "BYHOUR=7,9,10,13,18", "BYHOUR=13"];
    let of = |rule: &str| {
        let rule =
            format!("rrule = \"FREQ=DAILY;{rule}\", dtstart = \"2026-11-20T09:00\", tz = \"Asia/Shanghai\"");
        playbook(&rule, "", &step("a", "D0 +0m", ""))
    };
    for before in rules {
        for after in rules {
            let (old, new) = (of(before), of(after));
            let anchor = anchored(&old, "2026-11-22T00:00");
            let (old, new) = (course(&old, &anchor), course(&new, &anchor));
            let (mut progress, mut fired) = (beginning(), Vec::new());
            while let Some(next) = old.next(&progress).filter(|next| next.due_at <= at("2026-11-22T12:30")) {
                progress = old.pass(&progress, &next);
                fired.push((next.occurrence, next.ordinal));
            }
            let edited = at("2026-11-22T12:30");
            let progress = old.goes_on(&progress, &new, edited);
            let mut last = edited;
            for next in all(&new, progress, 12) {
                assert!(!fired.contains(&(next.occurrence, next.ordinal)), "{before} {after}");
                assert!(next.due_at > last, "{before} {after}");
                last = next.due_at;
                fired.push((next.occurrence, next.ordinal));
            }
        }
    }
}

/// An edit that moves a step, at a time when some have passed: whatever day it comes on now, it does not come again in
/// the same round, and what has not come yet comes once.
#[test]
fn a_step_that_is_moved_by_an_edit_comes_once() {
    let of = |on: &str, days: [&str; 3]| {
        let [a, b, c] = days.map(|day| format!("{day} 10:00"));
        playbook(on, "", &format!("{}{}{}", step("a", &a, ""), step("b", &b, ""), step("c", &c, "")))
    };
    let until = |day: &str| at(&format!("{day}T12:00"));
    for on in ["by-hand", "every = \"weekly: 一\""] {
        for days in [
            ["D0", "D2", "D2"],
            ["D1", "D3", "D4"],
            ["D0", "D1", "D0"],
            ["D2", "D1", "D0"],
            ["D0", "D0", "D9"],
        ] {
            let (old, new) = (of(on, ["D0", "D1", "D2"]), of(on, days));
            let anchor = anchored(&old, "2026-11-23T08:00");
            let (old, new) = (course(&old, &anchor), course(&new, &anchor));
            for edited in ["2026-11-22", "2026-11-23", "2026-11-24", "2026-11-25", "2026-12-01"] {
                let (mut progress, mut had) = (beginning(), Vec::new());
                while let Some(next) = old.next(&progress).filter(|next| next.due_at <= until(edited)) {
                    progress = old.pass(&progress, &next);
                    had.push((next.run, next.id));
                }
                let progress = old.goes_on(&progress, &new, until(edited));
                for next in all(&new, progress, 12) {
                    let one = (next.run, next.id);
                    assert!(!had.contains(&one), "{on} {days:?} {edited}: {one:?} again");
                    had.push(one);
                }
            }
        }
    }
    // what has not come by the edit comes at its new time
    let (old, new) = (of("by-hand", ["D0", "D1", "D2"]), of("by-hand", ["D0", "D2", "D3"]));
    let anchor = anchored(&old, "2026-11-23T08:00");
    let (old, new) = (course(&old, &anchor), course(&new, &anchor));
    let first = old.next(&beginning()).unwrap();
    let left = all(&new, old.goes_on(&old.pass(&beginning(), &first), &new, until("2026-11-23")), 9);
    let left: Vec<_> = left.iter().map(|next| (next.id.as_str(), next.day)).collect();
    assert_eq!(left, [("b", 2), ("c", 3)]);
}

/// What a rule brings anew begins with the edit; what was owed by then is still owed.
#[test]
fn an_edit_owes_nothing_that_would_have_come_before_it() {
    let of = |hours: &str, steps: &str| {
        let rule = format!("FREQ=DAILY;BYHOUR={hours}");
        let rule = format!("rrule = \"{rule}\", dtstart = \"2026-11-20T09:00\", tz = \"Asia/Shanghai\"");
        playbook(&rule, "", steps)
    };
    let check = |hours: &str, steps: &str, passed: &str, edited: &str, expected: &[&str]| {
        let (old, new) = (of("9,18", &step("a", "D0 +0m", "")), of(hours, steps));
        let anchor = anchored(&old, "2026-11-20T00:00");
        let (old, new) = (course(&old, &anchor), course(&new, &anchor));
        let mut progress = beginning();
        while let Some(next) = old.next(&progress).filter(|next| next.due_at <= at(passed)) {
            progress = old.pass(&progress, &next);
        }
        let progress = old.goes_on(&progress, &new, at(edited));
        let due = all(&new, progress, expected.len());
        let due: Vec<String> = due
            .iter()
            .map(|next| {
                format!("{} {}", next.id, next.due_at.local(chrono_tz::Asia::Shanghai).format("%d %H:%M"))
            })
            .collect();
        assert_eq!(due, expected, "{hours} {passed} {edited}");
    };
    let same = step("a", "D0 +0m", "");
    let all_hours = "8,9,18,20";
    // yesterday evening has passed: neither its 20:00 nor this morning's 08:00
    check(
        all_hours,
        &same,
        "2026-11-21T18:00",
        "2026-11-22T08:03",
        &["a 22 09:00", "a 22 18:00", "a 22 20:00"],
    );
    check(all_hours, &same, "2026-11-21T18:00", "2026-11-22T08:00", &["a 22 08:00", "a 22 09:00"]);
    // yesterday's 18:00 is owed still, today's 09:00 as well: both stay
    check(
        all_hours,
        &same,
        "2026-11-21T09:00",
        "2026-11-22T09:30",
        &["a 21 18:00", "a 22 09:00", "a 22 18:00", "a 22 20:00"],
    );
    // a step that is new today, and one in place of another
    let more = step("a", "D0 +0m", "") + &step("b", "D0 08:00", "");
    check("9,18", &more, "2026-11-21T18:00", "2026-11-22T08:03", &["a 22 09:00", "a 22 18:00", "b 23 08:00"]);
    check("9,18", &step("b", "D0 17:00", ""), "2026-11-20T18:00", "2026-11-22T08:03", &["b 22 17:00"]);
    // long ago: what nobody was owed does not come, however much it is
    check(
        "0,1,2,3,4,5,6,7,8,10",
        &same,
        "2026-11-20T18:00",
        "2027-03-01T08:03",
        &["a 01 10:00", "a 02 00:00"],
    );
}
