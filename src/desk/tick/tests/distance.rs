//! The least time between two messages: kept over the edges of the span that a cap counts in.

use super::away::{BY_HAND, friend, sent};
use super::plans::{come, enrol, plan, planned, sop};
use super::*;

#[test]
fn a_distance_is_kept_over_the_edge_of_a_span() {
    for scope in ["member", "account", "store", "playbook"] {
        let cap = format!("[[cap]]\nscope = \"{scope}\"\nn = 2\nper = \"hour\"\ngap = \"30m\"\n");
        let (mut book, member) = friend(&cap);
        let until = "until = \"D0 18:00\"";
        let steps = [("a", "09:50"), ("b", "10:05"), ("c", "10:10")];
        let steps = steps.map(|(id, at)| format!("{id} | D0 {at} | {until}"));
        book.sop(&sop("g", "member", "marketing", BY_HAND, &steps.each_ref().map(String::as_str)));
        enrol(&mut book, "g", Target::Member(member));
        // what is open beside it keeps its distance where it is to the same person, or from the same account
        let to_one = matches!(scope, "member" | "account");
        let last = if to_one { "11-22 10:50" } else { "11-22 10:20" };
        let expected = ["11-22 09:50", "11-22 10:20", last];
        if to_one {
            let lines = plan(&mut book, "g", Target::Member(member), 1);
            assert_eq!(planned(&lines).into_iter().map(|row| row.2).collect::<Vec<_>>(), expected, "{scope}");
        }
        let came = come(&mut book, "g", Target::Member(member), 1);
        assert_eq!(came.into_iter().map(|row| row.2).collect::<Vec<_>>(), expected, "{scope}");
    }
}

#[test]
fn a_distance_of_more_than_a_day_is_kept_and_planned() {
    let (mut book, member) = friend("[[cap]]\nscope = \"member\"\nn = 1\nper = \"day\"\ngap = \"26h\"\n");
    let daily = "start = { on = \"recurrence\", every = \"daily\" }";
    let step = "a | D0 10:00 | until = \"D0 18:00\"\nlate = \"drop\"";
    book.sop(&sop("d", "member", "marketing", daily, &[step]));
    book.sop(&sop("other", "member", "service", BY_HAND, &["s | D0 +1m"]));
    let expected = ["11-22 10:00", "11-23 12:00", "11-24 14:00", "11-25 16:00"];
    let lines = plan(&mut book, "d", Target::Member(member), 4);
    let due = |rows: Vec<super::plans::Comes>| rows.into_iter().map(|row| row.2).collect::<Vec<_>>();
    assert_eq!(due(planned(&lines))[..4], expected);
    book.tick_at("2026-11-22 10:00");
    sent(&mut book, " a");
    // what the cap does not count is said many times meanwhile
    for step in 0..20 {
        book.sop(&sop(&format!("x{step}"), "member", "service", BY_HAND, &["s | D0 +1m"]));
        enrol(&mut book, &format!("x{step}"), Target::Member(member));
    }
    book.tick_at("2026-11-22 10:05");
    for step in 0..20 {
        sent(&mut book, &format!("x{step} s"));
    }
    // what was sent already is planned by as well
    let lines = plan(&mut book, "d", Target::Member(member), 4);
    assert_eq!(due(planned(&lines))[..3], expected[1..]);
    let came = come(&mut book, "d", Target::Member(member), 4);
    assert_eq!(due(came)[..3], expected[1..]);
}
