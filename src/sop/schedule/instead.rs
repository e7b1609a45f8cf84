//! What one course has in place of what another one had: a playbook whose earlier text came back, working days that were
//! taken back.

use chrono::NaiveDate;

use super::{Course, ROUNDS_CARRIED, instants};
use crate::book::Timestamp;
use crate::sop::calendar::plus_days;
use crate::sop::grammar::Moment;

/// How many days a round may lie from where whole days put it: a time of day, its zone and a clock change move an instant
/// of a rule by so much.
const SLACK: i32 = 4;

impl Course<'_> {
    /// Whether this course has what another one made a task of: the step, in the same round, and on the same day of it
    /// where it comes on several. A step is known by its id, and where its round has several instants by the number
    /// of that ([`Course::goes_on`]). True as well for what the other one has not either: then nothing speaks
    /// against it.
    ///
    /// `ordinal` is none for a task whose number says nothing about its instant: one that gathers.
    pub fn has_too(
        &self,
        other: &Course<'_>,
        step: &str,
        occurrence: NaiveDate,
        ordinal: Option<u16>,
        day: i32,
    ) -> bool {
        let Some((position, had)) = other.playbook.step_by_id(step) else { return true };
        let Some((_, has)) = self.playbook.step_by_id(step) else { return false };
        let repeats = had.at.days.repeats() || has.at.days.repeats();
        let once = instants(had) == 1 && instants(has) == 1;
        let elapsed = match had.at.moment {
            Moment::Elapsed(length) => i32::try_from(length.days()).unwrap_or(0),
            Moment::Wall(_) => 0,
        };
        let about = plus_days(occurrence, day.saturating_add(elapsed).saturating_neg());
        let mut known = false;
        for (run, starts) in other.rounds_about(about) {
            for start in starts.into_iter().take(instants(had)) {
                let one = other.on_day(position, had, run, day, start);
                if one.occurrence != occurrence || ordinal.is_some_and(|ordinal| ordinal != one.ordinal) {
                    continue;
                }
                known = true;
                let same_day = !repeats || has.at.days.at_or_after(day) == Some(day);
                let mut instants = self.starts_of(run).into_iter().take(instants(has));
                if same_day && instants.any(|(_, number)| once || number == one.number) {
                    return true;
                }
            }
        }
        !known
    }

    /// Whether a round begins on a day.
    pub fn has_round(&self, run: NaiveDate) -> bool {
        !self.starts_of(run).is_empty()
    }

    /// The rounds that begin within a few days of one, with what elapsed time counts from in each.
    fn rounds_about(&self, day: NaiveDate) -> Vec<(NaiveDate, Vec<(Timestamp, u16)>)> {
        let Some(recurrence) = self.playbook.start.recurrence() else {
            return vec![(self.anchor.d0, vec![(self.anchor.at, 0)])];
        };
        let (rounds, end) = (self.rounds(recurrence), plus_days(day, SLACK));
        let mut from = plus_days(day, -SLACK);
        let next = || {
            let round = rounds.next(from).filter(|round| round.day <= end)?;
            from = plus_days(round.day, 1);
            Some((round.day, round.starts))
        };
        std::iter::from_fn(next).take(ROUNDS_CARRIED).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{anchored, course, playbook, step};

    /// The step at a day of the one start, where the other start has it too.
    fn check(had: &str, has: &str, at: &str, day: i32, expected: &[(&str, u16)], gone: &[(&str, u16)]) {
        let of = |on: &str| playbook(on, "", &step("a", at, ""));
        let (had, has) = (of(had), of(has));
        let anchor = anchored(&had, "2026-11-20T00:00");
        let (had, has) = (course(&had, &anchor), course(&has, &anchor));
        let has_too = |(date, ordinal): &(&str, u16)| {
            has.has_too(&had, "a", date.parse().unwrap(), Some(*ordinal), day)
        };
        for one in expected {
            assert!(has_too(one), "{at}: {one:?} is there");
        }
        for one in gone {
            assert!(!has_too(one), "{at}: {one:?} is gone");
        }
    }

    #[test]
    fn days_that_the_other_rule_has_not_are_gone() {
        let (daily, weekly) = ("every = \"daily\"", "every = \"weekly: 一\"");
        // 2026-11-23 is a Monday
        let (mondays, others) =
            ([("2026-11-23", 0), ("2026-11-30", 0)], [("2026-11-24", 0), ("2026-11-29", 0)]);
        check(daily, weekly, "D0 10:00", 0, &mondays, &others);
        check(weekly, daily, "D0 10:00", 0, &mondays, &[]);
        // the evening before, and three days later by the hour
        check(daily, weekly, "D-1 20:00", -1, &[("2026-11-22", 0)], &[("2026-11-23", 0)]);
        check(daily, weekly, "D0 +80h", 0, &[("2026-11-26", 0)], &[("2026-11-27", 0)]);
        // of an instant that is no round of the one that had it nothing is known
        check(weekly, daily, "D0 10:00", 0, &[("2026-11-25", 0)], &[]);
    }

    #[test]
    fn of_several_instants_a_day_those_that_are_fewer_are_gone() {
        let rule = |hours: &str| {
            format!(
                "rrule = \"FREQ=DAILY;BYHOUR={hours}\", dtstart = \"2026-11-20T09:00\", tz = \"Asia/Shanghai\""
            )
        };
        // the number of a time that is not the rule's own is its minute of the day, and two
        let evening = 2 + 18 * 60;
        check(&rule("9,18"), &rule("9"), "D0 +0m", 0, &[("2026-11-23", 0)], &[("2026-11-23", evening)]);
        check(&rule("9"), &rule("9,18"), "D0 +0m", 0, &[("2026-11-23", 0)], &[]);
    }

    #[test]
    fn days_of_a_round_are_known_one_by_one() {
        let of = |at: &str| playbook("by-hand", "", &step("a", at, ""));
        let (had, has) = (of("D1..D21 07:00"), of("D1..D7 07:00"));
        let anchor = anchored(&had, "2026-11-20T08:00");
        let (had, has) = (course(&had, &anchor), course(&has, &anchor));
        let too = |date: &str, day| has.has_too(&had, "a", date.parse().unwrap(), Some(0), day);
        assert!(too("2026-11-27", 7) && !too("2026-11-28", 8));
        // moved within its round it is the same
        let moved = of("D9 07:00");
        let moved = course(&moved, &anchor);
        let once = of("D2 07:00");
        assert!(moved.has_too(&course(&once, &anchor), "a", "2026-11-22".parse().unwrap(), Some(0), 2));
    }
}
