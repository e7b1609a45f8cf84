//! What a plan counts from, where nobody says when: what comes by the calendar is known, the rest is taken to begin
//! when the plan does.

use chrono::NaiveDate;
use chrono_tz::Tz;

use crate::book::{Anchor, Birthday, Timestamp};
use crate::sop::calendar::lunar::Customs;
use crate::sop::calendar::yearly::{ahead_days, is_yearly, next_yearly};
use crate::sop::calendar::{day_start, instant, instant_anchor, local_day, plus_days};
use crate::sop::format::{Playbook, Start};
use crate::sop::grammar::{Moment, WallTime};
use crate::sop::schedule::{Course, beginning};

/// The most anchors of one plan: those of a thousand years.
const ANCHORS_MAX: usize = 1_000;

/// What to look at.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    /// What has no day of its own begins then.
    pub now: Timestamp,
    pub from: Timestamp,
    pub until: Timestamp,
    /// The first D0 that counts: what came before a playbook was applied is over.
    pub since: NaiveDate,
}

/// What a plan counts from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchors {
    /// In order of time.
    pub of: Vec<Anchor>,
    /// Everybody has a day of their own, so this one only stands for it.
    pub example: Option<NaiveDate>,
}

/// The anchors whose steps may lie in the window, for whoever has this birthday, if any.
pub fn anchors(
    playbook: &Playbook,
    birthday: Option<Birthday>,
    zone: Tz,
    window: &Window,
    customs: Customs,
) -> Anchors {
    let day_ends = playbook.day_ends;
    let on = |key: String, d0: NaiveDate| Anchor { key, at: day_start(d0, zone, day_ends), d0 };
    let only = |anchor: Anchor| Anchors { of: vec![anchor], example: None };
    match &playbook.start {
        Start::Date { date, offset } => only(on(format!("date:{date}"), plus_days(*date, *offset))),
        Start::Birthday { .. } | Start::LunarBirthday { .. } if birthday.is_none() => {
            let d0 = plus_days(local_day(window.from.max(window.now), zone, day_ends), ahead_days(playbook));
            Anchors { of: vec![on(String::new(), d0)], example: Some(d0) }
        }
        start if is_yearly(start) => {
            let days = playbook.steps.iter().map(|step| (step.at.days.first(), step.at.days.last()));
            let (first, last) =
                days.fold((0, 0), |(first, last), (from, to)| (first.min(from), last.max(to)));
            // elapsed time, and a span that a zone has begun before another, may add some
            let begins = plus_days(local_day(window.from, zone, day_ends), (-last).saturating_sub(40));
            let ends =
                plus_days(local_day(window.until, zone, day_ends), first.saturating_neg().saturating_add(1));
            let mut day = begins.max(window.since);
            let mut of = Vec::new();
            while let Some((key, d0)) =
                next_yearly(start, birthday, customs, day).filter(|(_, d0)| *d0 <= ends)
            {
                if of.len() >= ANCHORS_MAX {
                    break;
                }
                of.push(on(key, d0));
                day = plus_days(d0, 1);
            }
            Anchors { of, example: None }
        }
        // everybody runs out, or has been silent for long enough, on a day of their own
        Start::Runout { .. } | Start::Silence { .. } => {
            let anchor = instant_anchor(String::new(), window.now.min(window.from), zone, day_ends);
            let d0 = anchor.d0;
            Anchors { of: vec![anchor], example: Some(d0) }
        }
        // steps before D0 are past for whoever enters now: shown for the first day that gets all of them
        Start::ByHand if ahead_days(playbook) > 1 => {
            let d0 = plus_days(local_day(window.now.min(window.from), zone, day_ends), ahead_days(playbook));
            Anchors {
                of: vec![Anchor { at: from_day(playbook, d0, zone), ..on(String::new(), d0) }],
                example: Some(d0),
            }
        }
        _ => only(instant_anchor(String::new(), window.now.min(window.from), zone, day_ends)),
    }
}

/// What a playbook counts from where only a day is given: 9 o'clock, or its first step of that day if that is earlier.
pub fn from_day(playbook: &Playbook, day: NaiveDate, zone: Tz) -> Timestamp {
    let walls = playbook.steps.iter().filter(|step| step.at.days.at_or_after(0) == Some(0));
    let walls = walls.filter_map(|step| match step.at.moment {
        Moment::Wall(time) => Some(instant(day, time, zone, playbook.day_ends)),
        Moment::Elapsed(_) => None,
    });
    walls.chain([instant(day, WallTime::NINE, zone, playbook.day_ends)]).min().unwrap_or_default()
}

/// When a round is looked at first whose target enters at an instant: none for when its first step is due, then where that
/// is past, as it comes at once or is too late. Nothing where nobody enters it any more.
pub fn first_look(course: &Course<'_>, entered_at: Timestamp) -> Option<Option<Timestamp>> {
    if matches!(course.playbook.start, Start::Date { .. }) && date_is_over(course, entered_at) {
        return None;
    }
    let first = course.next(&beginning()).map(|first| first.due_at);
    Some(first.filter(|first| *first < entered_at).map(|_| entered_at))
}

/// Whether who comes to a date by an instant was not there: its day is over where a step lies before it, as what is past of
/// those comes at once; else the first step can be offered no more, because its span is over, or where none is
/// written its local day.
pub fn date_is_over(course: &Course<'_>, at: Timestamp) -> bool {
    let ends = |day: NaiveDate| day_start(plus_days(day, 1), course.zone, course.playbook.day_ends);
    course.next(&beginning()).is_some_and(|first| {
        let day = local_day(first.due_at, course.zone, course.playbook.day_ends);
        let end =
            if first.day < 0 { ends(course.anchor.d0) } else { first.until.unwrap_or_else(|| ends(day)) };
        end <= at
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sop::schedule::tests::{at, day};

    /// The D0s of a start with a step three days before and one on the day.
    fn check(start: &str, birthday: &str, from: &str, until: &str, expected: &[&str]) {
        let steps = "[[step]]\nid = \"a\"\nat = \"D-3 09:00\"\nvia = \"private\"\ntext = \"好\"\n\
                     [[step]]\nid = \"b\"\nat = \"D0 09:00\"\nvia = \"private\"\ntext = \"好\"";
        let source = format!("id = \"p\"\nfor = \"member\"\n{steps}\n[start]\non = \"{start}\"");
        let checked = crate::sop::parse(&source, "p.toml", &|_| Ok(()));
        let playbook = checked.playbook.unwrap_or_else(|| panic!("{source}\n{:?}", checked.problems));
        let now = at("2026-01-05T10:00");
        let (from, until) = (at(from), at(until));
        let window = Window { now, from, until, since: day("2026-01-05") };
        let zone = Tz::Asia__Shanghai;
        let found = anchors(&playbook, Birthday::parse(birthday), zone, &window, Customs::default());
        let days: Vec<String> = found.of.iter().map(|anchor| anchor.d0.to_string()).collect();
        assert_eq!(days, expected, "{start} {birthday}");
    }

    #[test]
    fn what_comes_by_the_calendar_is_counted_from_its_own_day() {
        let (now, later) = ("2026-01-05T10:00", "2027-02-09T10:00");
        check("date\"\ndate = \"2026-03-08", "", now, later, &["2026-03-08"]);
        check("date\"\ndate = \"2026-03-08\"\noffset = \"-3d", "", now, later, &["2026-03-05"]);
        check("festival\"\nfestival = \"中秋", "", now, later, &["2026-09-25"]);
        check(
            "term\"\nfestival = \"清明",
            "",
            now,
            "2029-01-01T00:00",
            &["2026-04-05", "2027-04-05", "2028-04-04"],
        );
        check("birthday", "05-06", now, later, &["2026-05-06"]);
        // its first step is within
        check("birthday", "05-06", now, "2026-05-03T10:00", &["2026-05-06"]);
        check("birthday", "05-06", now, "2026-05-01T10:00", &[]);
        check("lunar-birthday", "农历12-30", now, later, &["2026-02-16", "2027-02-05"]);
        // the first whose steps all lie ahead stands for a day that nobody gave
        check("birthday", "", now, later, &["2026-01-09"]);
        check("added", "", now, later, &["2026-01-05"]);
    }
}
