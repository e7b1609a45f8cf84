//! The schedule to the minute: named days, and random playbooks in four zones.
//!
//! One file because the named days and the random ones are planned over the same playbooks.

use super::*;
use crate::sop::calendar::{date_anchor, instant_anchor};
use crate::sop::format::parse;
use chrono_tz::{America, Asia};
use proptest::prelude::*;

/// `2026-11-22T09:00` in Shanghai.
pub(crate) fn at(text: &str) -> Timestamp {
    Timestamp(
        format!("{text}:00+08:00")
            .parse::<chrono::DateTime<chrono::FixedOffset>>()
            .unwrap()
            .timestamp_millis(),
    )
}

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A member playbook (a group's where it recurs) with further top keys and steps.
pub(crate) fn playbook(on: &str, top: &str, steps: &str) -> Playbook {
    let start = match on {
        "date" => "{ on = \"date\", date = \"2026-11-22\" }".to_owned(),
        "added" | "by-hand" => format!("{{ on = \"{on}\" }}"),
        every => format!("{{ on = \"recurrence\", {every} }}"),
    };
    let source = format!("id = \"p\"\nfor = \"member\"\nstart = {start}\n{top}\n{steps}\n");
    let checked = parse(&source, "p.toml", &|_| Ok(()));
    checked.playbook.unwrap_or_else(|| panic!("{source}\n{:?}", checked.problems))
}

pub(crate) fn course<'a>(playbook: &'a Playbook, anchor: &'a Anchor) -> Course<'a> {
    static HOLIDAYS: std::sync::LazyLock<Holidays> = std::sync::LazyLock::new(Holidays::default);
    Course { playbook, anchor, zone: playbook.tz.unwrap_or(Asia::Shanghai), holidays: &HOLIDAYS }
}

pub(crate) fn step(id: &str, at: &str, more: &str) -> String {
    format!("[[step]]\nid = \"{id}\"\nat = \"{at}\"\nvia = \"private\"\nnote = \"x\"\n{more}\n")
}

/// Everything planned from `progress` on, at most `max`.
pub(super) fn all(course: &Course<'_>, mut progress: Progress, max: usize) -> Vec<Planned> {
    let mut found = Vec::new();
    while let Some(planned) = course.next(&progress).filter(|_| found.len() < max) {
        progress = course.pass(&progress, &planned);
        found.push(planned);
    }
    found
}

fn local(at: Timestamp, zone: Tz) -> String {
    at.local(zone).format("%m-%d %H:%M").to_string()
}

/// Compares `id due..until` of all that comes.
fn check(playbook: &Playbook, anchor: &Anchor, expected: &[&str]) {
    let course = course(playbook, anchor);
    let found: Vec<String> = all(&course, beginning(), 60)
        .iter()
        .map(|planned| {
            let until =
                planned.until.map_or(String::new(), |until| format!("..{}", local(until, course.zone)));
            format!("{} {}{until}", planned.id, local(planned.due_at, course.zone))
        })
        .collect();
    assert_eq!(found, expected);
}

pub(crate) fn anchored(playbook: &Playbook, anchor: &str) -> Anchor {
    instant_anchor("1".to_owned(), at(anchor), playbook.tz.unwrap_or(Asia::Shanghai), playbook.day_ends)
}

#[test]
fn steps_come_in_order_of_time_then_position() {
    let steps = step("late", "D3 12:00", "") + &step("hello", "D0 +5m", "") + &step("same", "D3 12:00", "");
    let playbook = playbook("added", "", &steps);
    check(
        &playbook,
        &anchored(&playbook, "2026-11-22T10:00"),
        &["hello 11-22 10:05", "late 11-25 12:00", "same 11-25 12:00"],
    );
}

#[test]
fn one_minute_decides_the_day() {
    let steps = step("a", "D0 +5m", "") + &step("b", "D1 00:00", "") + &step("c", "D1 23:59", "");
    let playbook = playbook("added", "", &steps);
    check(
        &playbook,
        &anchored(&playbook, "2026-11-22T23:59"),
        &["b 11-23 00:00", "a 11-23 00:04", "c 11-23 23:59"],
    );
    check(
        &playbook,
        &anchored(&playbook, "2026-11-23T00:00"),
        &["a 11-23 00:05", "b 11-24 00:00", "c 11-24 23:59"],
    );
}

#[test]
fn months_and_leap_days_end_where_they_end() {
    let playbook = playbook("added", "", &step("a", "D1,D2,D30 09:00", ""));
    check(
        &playbook,
        &anchored(&playbook, "2028-02-28T10:00"),
        &["a 02-29 09:00", "a 03-01 09:00", "a 03-29 09:00"],
    );
    check(
        &playbook,
        &anchored(&playbook, "2026-02-28T10:00"),
        &["a 03-01 09:00", "a 03-02 09:00", "a 03-30 09:00"],
    );
    check(
        &playbook,
        &anchored(&playbook, "2026-12-31T10:00"),
        &["a 01-01 09:00", "a 01-02 09:00", "a 01-30 09:00"],
    );
}

#[test]
fn a_wall_time_before_the_anchor_is_due_at_once() {
    let steps = step("noon", "D0 12:00", "until = \"D0 18:00\"") + &step("next", "D1 12:00", "");
    let playbook = playbook("added", "", &steps);
    check(
        &playbook,
        &anchored(&playbook, "2026-11-22T15:00"),
        &["noon 11-22 15:00..11-22 18:00", "next 11-23 12:00"],
    );
    // Its span is over: what `late` says is for the judge.
    check(
        &playbook,
        &anchored(&playbook, "2026-11-22T20:00"),
        &["noon 11-22 20:00..11-22 18:00", "next 11-23 12:00"],
    );
}

#[test]
fn days_before_a_date_come_before_it() {
    let steps = step("eve", "D-1 20:00", "until = \"D-1 22:00\"") + &step("day", "D0 09:00", "");
    let playbook = playbook("date", "", &steps);
    let anchor = date_anchor(day("2026-03-01"), 0, Asia::Shanghai, playbook.day_ends);
    check(&playbook, &anchor, &["eve 02-28 20:00..02-28 22:00", "day 03-01 09:00"]);
}

#[test]
fn ends_count_from_the_anchor_or_from_each_day_of_a_repeating_step() {
    let steps = step("once", "D2 10:00", "until = \"D6 21:00\"")
        + &step("each", "D1,D2 20:00", "until = \"D0 22:00\"")
        + &step("night", "D1 22:00", "until = \"D1 02:00\"")
        + &step("two", "D1 23:00", "until = \"+2h\"");
    let playbook = playbook("added", "", &steps);
    check(
        &playbook,
        &anchored(&playbook, "2026-11-22T10:00"),
        &[
            "each 11-23 20:00..11-23 22:00",
            "night 11-23 22:00..11-24 02:00",
            "two 11-23 23:00..11-24 01:00",
            "once 11-24 10:00..11-28 21:00",
            "each 11-24 20:00..11-24 22:00",
        ],
    );
    // Added at 23:00, D0 22:00 is not after the start and means tomorrow's.
    let greeting = super::tests::playbook("added", "", &step("hello", "D0 +5m", "until = \"D0 22:00\""));
    check(&greeting, &anchored(&greeting, "2026-11-22T23:00"), &["hello 11-22 23:05..11-23 22:00"]);
}

#[test]
fn a_day_that_ends_at_two_keeps_its_night() {
    let steps = step("task", "D1 07:00", "until = \"D1 01:30\"") + &step("last", "D1 01:00", "");
    let playbook = playbook("by-hand", "day_ends = \"02:00\"", &steps);
    check(
        &playbook,
        &anchored(&playbook, "2026-11-23T01:59"),
        &["task 11-23 07:00..11-24 01:30", "last 11-24 01:00"],
    );
    check(
        &playbook,
        &anchored(&playbook, "2026-11-23T02:00"),
        &["task 11-24 07:00..11-25 01:30", "last 11-25 01:00"],
    );
}

#[test]
fn clock_changes_move_no_day_and_elapsed_time_runs_through_them() {
    let steps = step("wall", "D1 02:30", "") + &step("soon", "D0 +3h", "");
    let playbook = playbook("added", "tz = \"America/New_York\"", &steps);
    // 2026-03-07 23:00 in New York; the gap is on the 8th at 02:00.
    let anchor = anchored(&playbook, "2026-03-08T12:00");
    check(&playbook, &anchor, &["soon 03-08 03:00", "wall 03-08 03:30"]);
    // 2026-10-31 23:00; the overlap is on November 1st.
    let anchor = anchored(&playbook, "2026-11-01T11:00");
    let course = course(&playbook, &anchor);
    let due: Vec<String> =
        all(&course, beginning(), 9).iter().map(|p| p.due_at.rfc3339(America::New_York)).collect();
    assert_eq!(due, ["2026-11-01T01:00:00-05:00", "2026-11-01T02:30:00-05:00"]);
}

#[test]
fn a_recurring_playbook_has_a_round_each_day() {
    let steps = step("open", "D0 09:30", "until = \"D0 11:00\"") + &step("count", "D0 14:00", "");
    let daily = playbook("every = \"daily\", count = 2", "", &steps);
    // Begun at ten: today's opening is still open.
    check(
        &daily,
        &anchored(&daily, "2026-11-30T10:00"),
        &[
            "open 11-30 10:00..11-30 11:00",
            "count 11-30 14:00",
            "open 12-01 09:30..12-01 11:00",
            "count 12-01 14:00",
        ],
    );
    // Begun at three: what was over is not owed.
    check(
        &daily,
        &anchored(&daily, "2026-11-30T15:00"),
        &["open 12-01 09:30..12-01 11:00", "count 12-01 14:00"],
    );
    let weekly =
        playbook("every = \"weekly: 一三五\", until = \"2026-12-04\"", "", &step("a", "D-1 20:00", ""));
    check(
        &weekly,
        &anchored(&weekly, "2026-11-28T12:00"),
        &["a 11-29 20:00", "a 12-01 20:00", "a 12-03 20:00"],
    );
    let course =
        course(&daily, &Anchor { key: "r".to_owned(), at: at("2026-11-30T00:00"), d0: day("2026-11-30") })
            .next(&beginning());
    assert_eq!(course.map(|p| (p.run, p.occurrence, p.day)), Some((day("2026-11-30"), day("2026-11-30"), 0)));
}

#[test]
fn each_time_of_a_rule_is_a_round() {
    let rule = "rrule = \"FREQ=DAILY\", dtstart = \"2026-03-07T02:30:00\", tz = \"America/New_York\"";
    let there = playbook(rule, "tz = \"America/New_York\"", &step("a", "D0 +0m", ""));
    let zone = chrono_tz::Tz::America__New_York;
    let anchor = instant_anchor("r".to_owned(), at("2026-03-07T12:00"), zone, there.day_ends);
    let course = course(&there, &anchor);
    let (mut progress, mut found) = (beginning(), Vec::new());
    for _ in 0..3 {
        let planned = course.next(&progress).unwrap();
        found.push((planned.run.to_string(), planned.due_at.rfc3339(zone)));
        progress = course.pass(&progress, &planned);
    }
    let expected = [
        ("2026-03-07", "2026-03-07T02:30:00-05:00"),
        ("2026-03-08", "2026-03-08T03:30:00-04:00"), // 02:30 is left out
        ("2026-03-09", "2026-03-09T02:30:00-04:00"),
    ];
    assert_eq!(found, expected.map(|(run, at)| (run.to_owned(), at.to_owned())));
}

#[test]
fn a_far_day_of_a_daily_playbook_is_found_at_once() {
    let daily = playbook("every = \"daily\"", "", &step("a", "D0 09:00", ""));
    let anchor = anchored(&daily, "2026-01-01T00:00");
    let progress = Progress { passed: Some(at("2036-02-29T09:00")), ..beginning() };
    let next = course(&daily, &anchor).next(&progress);
    assert_eq!(next.map(|planned| planned.occurrence), Some(day("2036-03-01")));
}

#[test]
fn a_shift_moves_what_is_to_come_and_keeps_its_keys() {
    let steps = step("a", "D0 10:00", "")
        + &step("b", "D1 10:00", "until = \"D1 12:00\"")
        + &step("c", "D2 10:00", "");
    let playbook = playbook("added", "", &steps);
    let anchor = anchored(&playbook, "2026-11-22T09:00");
    let course = course(&playbook, &anchor);
    let first = course.next(&beginning()).unwrap();
    let progress = course.shift(&course.pass(&beginning(), &first), 3);
    let rest = all(&course, progress, 9);
    let found: Vec<_> =
        rest.iter().map(|p| (p.id.as_str(), p.occurrence, local(p.due_at, course.zone))).collect();
    assert_eq!(
        found,
        [
            ("b", day("2026-11-23"), "11-26 10:00".to_owned()),
            ("c", day("2026-11-24"), "11-27 10:00".to_owned())
        ]
    );
    assert_eq!(rest[0].until, Some(at("2026-11-26T12:00")));
}

#[test]
fn goto_leaves_out_what_lies_between_and_never_goes_back() {
    let steps = step("a", "D0 10:00", "") + &step("b", "D1 10:00", "") + &step("c", "D2 10:00", "");
    let playbook = playbook("added", "", &steps);
    let anchor = anchored(&playbook, "2026-11-22T09:00");
    let course = course(&playbook, &anchor);
    let passed = course.pass(&beginning(), &course.next(&beginning()).unwrap());
    let go = |to: &str| Progress { goto: Some(to.to_owned()), ..passed.clone() };
    let ids = |progress: Progress| all(&course, progress, 9).into_iter().map(|p| p.id).collect::<Vec<_>>();
    assert_eq!(ids(go("c")), ["c"]);
    assert_eq!(ids(go("a")), ["b", "c"]);
    assert_eq!(ids(go("gone")), ["b", "c"]);
}

#[test]
fn newcomers_of_one_span_are_gathered_under_one_key() {
    let steps =
        "[[step]]\nid = \"w\"\nat = \"D0 +5m\"\ncollect = \"30m\"\nvia = \"group\"\ntext = \"{{ members }}\"";
    let playbook = playbook("added", "", steps);
    let key = |anchor: &str| {
        let planned = course(&playbook, &anchored(&playbook, anchor)).next(&beginning()).unwrap();
        (planned.occurrence, planned.ordinal, local(planned.due_at, Asia::Shanghai))
    };
    assert_eq!(key("2026-11-22T10:00"), (day("2026-11-22"), 21, "11-22 10:30".to_owned()));
    assert_eq!(key("2026-11-22T10:25"), (day("2026-11-22"), 21, "11-22 10:30".to_owned()));
    assert_eq!(key("2026-11-22T10:26"), (day("2026-11-22"), 22, "11-22 11:00".to_owned()));
    assert_eq!(key("2026-11-22T23:50"), (day("2026-11-23"), 0, "11-23 00:00".to_owned()));
}

#[test]
fn each_of_several_times_of_a_day_is_an_occurrence_of_its_own() {
    let rule = "rrule = \"FREQ=DAILY;BYHOUR=9,18\", dtstart = \"2026-11-22T09:00\", tz = \"Asia/Shanghai\"";
    let steps = step("now", "D0 +0m", "")
        + &step("soon", "D0 +30m", "until = \"+2h\"")
        + &step("noon", "D0 12:00", "");
    let twice = playbook(rule, "", &steps);
    check(
        &playbook(&rule.replace("9,18\"", "9,18;COUNT=3\""), "", &steps),
        &anchored(&twice, "2026-11-22T08:00"),
        &[
            "now 11-22 09:00",
            "soon 11-22 09:30..11-22 11:30",
            "noon 11-22 12:00",
            "now 11-22 18:00",
            "soon 11-22 18:30..11-22 20:30",
            "now 11-23 09:00",
            "soon 11-23 09:30..11-23 11:30",
            "noon 11-23 12:00",
        ],
    );
    // begun at ten: what was at nine is not owed
    let anchor = anchored(&twice, "2026-11-22T10:00");
    let planned = all(&course(&twice, &anchor), beginning(), 3);
    let keys: Vec<_> = planned.iter().map(|p| (p.id.as_str(), p.occurrence, p.ordinal)).collect();
    let today = day("2026-11-22");
    assert_eq!(keys, [("soon", today, 0), ("noon", today, 0), ("now", today, 1082)]);
}

/// A rule of several times a day, in the shapes that there are.
fn random_rule() -> impl Strategy<Value = String> {
    let hours = proptest::collection::btree_set(0_u8..24, 1..6);
    let minutes = proptest::collection::btree_set(0_u8..60, 1..3);
    let listed = |of: std::collections::BTreeSet<u8>| {
        of.into_iter().map(|n| n.to_string()).collect::<Vec<_>>().join(",")
    };
    let freq = prop_oneof![
        Just("FREQ=DAILY".to_owned()),
        Just("FREQ=WEEKLY;BYDAY=MO,WE,SU".to_owned()),
        Just("FREQ=MONTHLY;BYMONTHDAY=1,8,-1".to_owned()),
    ];
    prop_oneof![
        (freq, hours, minutes).prop_map(move |(freq, hours, minutes)| {
            format!("{freq};BYHOUR={};BYMINUTE={}", listed(hours), listed(minutes))
        }),
        (1_u16..40).prop_map(|every| format!("FREQ=HOURLY;INTERVAL={every}")),
    ]
}

/// A playbook of random steps.
fn random_steps() -> impl Strategy<Value = String> {
    let moment = prop_oneof![
        (0_u16..24, 0_u16..60).prop_map(|(hour, minute)| format!("{hour:02}:{minute:02}")),
        (0_u16..5000).prop_map(|minutes| format!("+{minutes}m")),
    ];
    let days = prop_oneof![
        (0_i32..30).prop_map(|day| format!("D{day}")),
        (0_i32..10, 1_i32..10).prop_map(|(from, more)| format!("D{from}..D{}", from + more)),
        (0_i32..5, 6_i32..9, 10_i32..40).prop_map(|(a, b, c)| format!("D{a},D{b},D{c}")),
    ];
    proptest::collection::vec((days, moment), 1..6).prop_map(|steps| {
        steps
            .iter()
            .enumerate()
            .map(|(at, (days, moment))| step(&format!("s{at}"), &format!("{days} {moment}"), ""))
            .collect()
    })
}

#[test]
fn two_instants_that_a_clock_set_back_brings_onto_one_day_are_two_occurrences() {
    let step = "[[step]]\nid = \"s0\"\nat = \"D4..D9 +4333m\"\nvia = \"private\"\nnote = \"x\"\n\n";
    let zone = America::New_York;
    let playbook = playbook("added", "tz = \"America/New_York\"\nday_ends = \"09:00\"", step);
    // 08:47, three days and thirteen minutes before a day of 25 hours would end
    let anchor = instant_anchor("1".to_owned(), Timestamp(1_540_298_820_000), zone, playbook.day_ends);
    let planned = all(&course(&playbook, &anchor), beginning(), 500);
    let keys: Vec<(String, u16)> =
        planned.iter().map(|p| (p.occurrence.format("%m-%d").to_string(), p.ordinal)).collect();
    let expected = [("10-30", 0), ("10-31", 0), ("11-01", 0), ("11-02", 0), ("11-03", 0), ("11-03", 1)];
    assert_eq!(keys, expected.map(|(day, ordinal)| (day.to_owned(), ordinal)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn nothing_comes_before_the_anchor_twice_or_out_of_order(
        steps in random_steps(), ms in 1_500_000_000_000_i64..2_000_000_000_000, which in 0_usize..4, ends in 0_u16..12
    ) {
        let zone = [Asia::Shanghai, America::New_York, chrono_tz::Australia::Lord_Howe, Asia::Kathmandu][which];
        let playbook = playbook("added", &format!("tz = \"{zone}\"\nday_ends = \"{ends:02}:00\""), &steps);
        let anchor = instant_anchor("1".to_owned(), Timestamp(ms), zone, playbook.day_ends);
        let course = course(&playbook, &anchor);
        let planned = all(&course, beginning(), 500);
        let count: u32 = playbook.steps.iter().map(|step| step.at.days.count()).sum();
        prop_assert_eq!(planned.len(), count as usize);
        for pair in planned.windows(2) {
            prop_assert!((pair[0].planned_at, pair[0].step) < (pair[1].planned_at, pair[1].step));
        }
        let mut keys: Vec<_> = planned.iter().map(|p| (p.id.clone(), p.occurrence, p.ordinal)).collect();
        keys.sort();
        keys.dedup();
        prop_assert_eq!(keys.len(), planned.len());
        prop_assert!(planned.iter().all(|p| p.due_at >= anchor.at));
    }

    #[test]
    fn several_times_a_day_come_once_each_tick_by_tick_and_in_one_go(
        rule in random_rule(), start in 0_u32..2, ms in 0_i64..20 * crate::book::time::DAY, every_minutes in 1_i64..900,
        which in 0_usize..4, length in 0_u16..3_000,
    ) {
        let zone = [Asia::Shanghai, America::New_York, chrono_tz::Australia::Lord_Howe, Asia::Kathmandu][which];
        // a clock is set forward and back within the month that is looked at
        let first = ["2026-03-01", "2026-10-25"][start as usize];
        let rule = format!("rrule = \"{rule}\", dtstart = \"{first}T00:10\", tz = \"{zone}\"");
        let steps = step("a", "D0 +0m", "") + &step("b", &format!("D0 +{length}m"), "") + &step("c", "D0 08:00", "");
        let playbook = playbook(&rule, &format!("tz = \"{zone}\""), &steps);
        let anchor = instant_anchor("1".to_owned(), Timestamp(at(&format!("{first}T12:00")).0 + ms), zone, playbook.day_ends);
        let course = course(&playbook, &anchor);
        let in_one_go = all(&course, beginning(), 200);
        for pair in in_one_go.windows(2) {
            prop_assert!((pair[0].planned_at, pair[0].step) < (pair[1].planned_at, pair[1].step));
        }
        let mut keys: Vec<_> = in_one_go.iter().map(|p| (p.id.clone(), p.occurrence, p.ordinal)).collect();
        keys.sort();
        keys.dedup();
        prop_assert_eq!(keys.len(), in_one_go.len());
        let end = in_one_go.last().unwrap().due_at;
        let (mut ticked, mut progress, mut now) = (Vec::new(), beginning(), anchor.at);
        while let Some(next) = course.next(&progress).filter(|next| next.due_at <= end && ticked.len() < 200) {
            if next.due_at <= now {
                progress = course.pass(&progress, &next);
                ticked.push(next);
            } else {
                now = Timestamp(now.0 + every_minutes * crate::book::time::MINUTE);
            }
        }
        prop_assert_eq!(ticked, in_one_go);
    }

    #[test]
    fn tick_by_tick_equals_in_one_go(steps in random_steps(), every_minutes in 1_i64..3000) {
        let playbook = playbook("added", "", &steps);
        let anchor = anchored(&playbook, "2026-11-22T09:00");
        let course = course(&playbook, &anchor);
        let in_one_go = all(&course, beginning(), 500);
        let mut ticked = Vec::new();
        let mut progress = beginning();
        let mut now = anchor.at;
        while let Some(next) = course.next(&progress) {
            if next.due_at <= now {
                progress = course.pass(&progress, &next);
                ticked.push(next);
            } else {
                now = Timestamp(now.0 + every_minutes * crate::book::time::MINUTE);
            }
        }
        prop_assert_eq!(ticked, in_one_go);
    }
}

#[test]
fn a_span_that_begins_in_a_gap_keeps_its_length() {
    let check = |at: &str, until: &str, expected: [&str; 2]| {
        let playbook =
            playbook("by-hand", "tz = \"America/New_York\"", &step("a", at, &format!("until = \"{until}\"")));
        let zone = America::New_York;
        let anchor = date_anchor(day("2026-03-07"), 0, zone, playbook.day_ends);
        let planned = course(&playbook, &anchor).next(&beginning()).unwrap();
        let found = [planned.due_at, planned.until.unwrap()].map(|at| at.rfc3339(zone));
        assert_eq!(found, expected, "{at} {until}");
    };
    let start = "2026-03-08T03:30:00-04:00";
    check("D1 02:30", "D1 03:00", [start, "2026-03-08T04:00:00-04:00"]);
    check("D1 02:30", "D1 03:30", [start, "2026-03-08T04:30:00-04:00"]);
    check("D1 02:30", "D1 05:00", [start, "2026-03-08T05:00:00-04:00"]);
    check("D1 02:30", "D0 03:00", [start, "2026-03-08T04:00:00-04:00"]);
    // an end that is written before its start is of the next day, gap or not
    check("D1 02:30", "D1 02:00", [start, "2026-03-09T02:00:00-04:00"]);
}
