//! Next instants: what comes next in each of many enrolments, on one core, from the playbook and the anchor alone.
//!
//! The bar is for a million: `QUN_BENCH_ENROLMENTS=1000000 cargo bench -- next`.

use qun::book::{Anchor, Progress, Timestamp};
use qun::demo::ZONE;
use qun::sop::builtin::BUILTIN;
use qun::sop::calendar::holidays::Holidays;
use qun::sop::calendar::instant_anchor;
use qun::sop::filters::check_filter;
use qun::sop::schedule::{Course, beginning};
use qun::sop::{Playbook, parse};

use super::measure::{print, size, times, wanted};

/// Recurrences of every kind, each day of them an occurrence.
const EVERY: [&str; 7] = [
    "every = \"daily\"",
    "every = \"weekly: 一三五\"",
    "every = \"workdays\"",
    "every = \"3 days\"",
    "every = \"monthly: 1,15,last\"",
    "rrule = \"FREQ=MONTHLY;BYDAY=-1FR\", dtstart = \"2024-01-31T09:00:00\"",
    "rrule = \"FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH\", dtstart = \"2024-01-02T09:00:00\"",
];

const DAY: i64 = 86_400_000;

fn playbooks() -> Vec<Playbook> {
    let recurring = EVERY.iter().map(|every| {
        format!(
            "id = \"round\"\nfor = \"member\"\nstart = {{ on = \"recurrence\", {every} }}\n[[step]]\nid = \"a\"\n\
             at = \"D0 09:30\"\nvia = \"private\"\ntext = \"a\"\n[[step]]\nid = \"b\"\nat = \"D0 20:00\"\nvia = \"private\"\n\
             text = \"b\"\n"
        )
    });
    let built_in = BUILTIN.iter().map(|builtin| builtin.source.to_owned());
    built_in.chain(recurring).map(|source| parse(&source, "bench", &check_filter).playbook.unwrap()).collect()
}

pub fn run() {
    if !wanted("next instants") {
        return;
    }
    let number = size("QUN_BENCH_ENROLMENTS", 20_000);
    let (playbooks, holidays) = (playbooks(), Holidays::default());
    let now = qun::demo::opens_at();
    // anchored over the last year, and as far as they have come by now
    let enrolments: Vec<(&Playbook, Anchor, Progress)> = (0..number)
        .zip(playbooks.iter().cycle())
        .map(|(n, playbook)| {
            let at = Timestamp(now.0 - i64::from(n % 365) * DAY - i64::from(n % 1_440) * 60_000);
            let anchor = instant_anchor(n.to_string(), at, ZONE, playbook.day_ends);
            let passed = Progress { passed: Some(now), ..beginning() };
            (playbook, anchor, if n % 2 == 0 { beginning() } else { passed })
        })
        .collect();
    let mut planned = 0_u32;
    let taken = times(3, || {
        let next = |(playbook, anchor, progress): &(&Playbook, Anchor, Progress)| {
            Course { playbook, anchor, zone: ZONE, holidays: &holidays }.next(progress).is_some()
        };
        planned = enrolments.iter().map(|enrolment| u32::from(next(enrolment))).sum();
    });
    print(&format!("next instants of {number} enrolments, {planned} go on"), taken, "1M: 10000");
}
