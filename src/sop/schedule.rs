//! When what is owed: a pure function of a playbook, an anchor, a zone and how far the enrolment has come.
//!
//! What is planned never changes: a planned instant and its occurrence follow from the anchor alone, and
//! enrolments pass planned occurrences in the order (planned instant, step position). Moves (a shift by whole
//! days, an anchor later than a wall time on its day) only change when something is due. So an enrolment needs to
//! remember one instant and one position, and nothing can be passed twice or left out.
//!
//! Finding the next occurrence looks once at each step and never lists days. A step without `until` never
//! expires.
//!
//! One file because what comes next, what is passed and what goes on after an edit are one walk over the same places.

use chrono::{NaiveDate, NaiveDateTime};
use chrono_tz::Tz;

use super::calendar::holidays::Holidays;
use super::calendar::recur::Rounds;
use super::calendar::{day_start, instant, local_day, plus_days, shift_days, wall};
use super::format::{Playbook, Recurrence, Step};
use super::grammar::{Moment, Until, WallTime};
use crate::book::{Anchor, Progress, Timestamp};
pub use coming::Coming;

/// One step owed at one occurrence, before and after moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Position of the step in its playbook version.
    pub step: u16,
    /// The step's id.
    pub id: String,
    /// The planned local date, before any move: part of the key that lets a step fire once.
    pub occurrence: NaiveDate,
    /// Which of that day: which gathering, for steps with `collect`, or which instant of a rule that comes several times
    /// a day; else 0.
    pub ordinal: u16,
    /// N of DN.
    pub day: i32,
    /// D0: of the anchor, or of this round of a recurring playbook.
    pub run: NaiveDate,
    /// When the playbook says, before any move.
    pub planned_at: Timestamp,
    /// When it is due: shifted, and not before the anchor (steps before D0 apart).
    pub due_at: Timestamp,
    /// When its span ends; none means never.
    pub until: Option<Timestamp>,
}

impl Planned {
    /// Whether it is the line of one who speaks after another whose own is among what waits.
    pub fn speaks_after(&self, playbook: &Playbook, waiting: &[Self]) -> bool {
        let after = playbook.step(self.step).and_then(|step| step.after.as_ref());
        let place = (self.occurrence, self.ordinal);
        after.is_some_and(|id| waiting.iter().any(|of| of.id == *id && (of.occurrence, of.ordinal) == place))
    }
}

/// A playbook version, what it counts from and in which zone.
#[derive(Clone, Copy, Debug)]
pub struct Course<'a> {
    pub playbook: &'a Playbook,
    pub anchor: &'a Anchor,
    pub zone: Tz,
    /// The working days that are known.
    pub holidays: &'a Holidays,
}

/// What the number of an instant becomes that a clock change brings onto the day of the one before: more than a day has
/// minutes.
const AGAIN: u16 = 1_500;

/// Rounds that are looked through for what another version has later: a step lies at most so many days from its D0.
const ROUNDS_CARRIED: usize = 400;

/// Where every enrolment begins: nothing passed, nothing shifted.
pub const fn beginning() -> Progress {
    Progress { passed: None, step: 0, shifted_days: 0, goto: None, ahead: Vec::new() }
}

/// What was passed: up to an occurrence, and some after it.
#[derive(Clone, Copy)]
struct Gone<'a> {
    last: Option<(Timestamp, u16)>,
    ahead: &'a [(Timestamp, u16)],
}

impl Gone<'_> {
    fn leaves(&self, candidate: &Candidate) -> bool {
        let place = (candidate.planned_at, candidate.position);
        self.last.is_none_or(|last| place > last) && !self.ahead.contains(&place)
    }
}

/// What a step's occurrence is made of, before it has won against the others.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    position: u16,
    occurrence: NaiveDate,
    ordinal: u16,
    day: i32,
    run: NaiveDate,
    /// Which instant of its round it counts from.
    number: u16,
    planned_at: Timestamp,
    until: Option<Timestamp>,
}

impl Course<'_> {
    /// The occurrence that comes after what was passed; none when the playbook is finished.
    pub fn next(&self, progress: &Progress) -> Option<Planned> {
        let last = progress.passed.map(|at| (at, progress.step));
        let gone = Gone { last, ahead: &progress.ahead };
        let gone_to = progress
            .goto
            .as_deref()
            .and_then(|id| self.playbook.step_by_id(id))
            .and_then(|(position, step)| self.candidate(position, step, gone));
        let next = gone_to.or_else(|| self.first_of(gone));
        next.and_then(|candidate| self.due(&candidate, progress.shifted_days))
    }

    /// The occurrence that comes after another one that is not passed yet, but for those that were passed ahead.
    pub fn after(&self, progress: &Progress, other: &Planned) -> Option<Planned> {
        let gone = Gone { last: Some((other.planned_at, other.step)), ahead: &progress.ahead };
        self.first_of(gone).and_then(|candidate| self.due(&candidate, progress.shifted_days))
    }

    /// A step as it was planned for a day, with its number there: one that gathered more is the last that comes before.
    pub fn planned_on(&self, id: &str, place: (NaiveDate, u16), shifted_days: u32) -> Option<Planned> {
        let (position, step) = self.playbook.step_by_id(id)?;
        let before = day_start(plus_days(place.0, -slack_days(step)), self.zone, self.playbook.day_ends);
        let mut last = Some((before, position));
        let mut found = None;
        for _ in 0..ROUNDS_CARRIED {
            let Some(one) = self.candidate(position, step, Gone { last, ahead: &[] }) else { break };
            last = Some((one.planned_at, position));
            if (one.occurrence, one.ordinal) > place {
                break;
            }
            found = Some(one).filter(|one| one.occurrence == place.0).or(found);
        }
        found.and_then(|one| self.due(&one, shifted_days))
    }

    /// The occurrences of a step in one round, by the days that it lies on.
    pub fn planned_in(&self, id: &str, run: NaiveDate, shifted_days: u32) -> Vec<Planned> {
        let Some((_, step)) = self.playbook.step_by_id(id) else { return Vec::new() };
        let mut days = Vec::new();
        let mut from = step.at.days.first();
        while let Some(day) = step.at.days.at_or_after(from).filter(|_| days.len() < ROUNDS_CARRIED) {
            days.extend(self.planned_on(id, (plus_days(run, day), 0), shifted_days));
            from = day.saturating_add(1);
        }
        days.retain(|one| one.run == run);
        days
    }

    fn first_of(&self, gone: Gone<'_>) -> Option<Candidate> {
        self.playbook
            .steps
            .iter()
            .zip(0_u16..)
            .filter_map(|(step, position)| self.candidate(position, step, gone))
            .min_by_key(|candidate| (candidate.planned_at, candidate.position))
    }

    /// Where the enrolment stands once `planned` was fired or ended.
    #[must_use]
    pub fn pass(&self, progress: &Progress, planned: &Planned) -> Progress {
        let last = (planned.planned_at, planned.step);
        Progress {
            passed: Some(planned.planned_at),
            step: planned.step,
            shifted_days: progress.shifted_days,
            goto: None,
            ahead: progress.ahead.iter().copied().filter(|place| *place > last).collect(),
        }
    }

    /// Where the enrolment stands once `planned` was fired or ended while an earlier one waits.
    #[must_use]
    pub fn pass_ahead(&self, progress: &Progress, planned: &Planned) -> Progress {
        let mut after = progress.clone();
        after.ahead.push((planned.planned_at, planned.step));
        after
    }

    /// Where the enrolment stands on another version of its playbook, which took the place of this one at an instant. A
    /// step is known by its id, whatever its place and time: what was passed on this version and falls later on the
    /// other one was passed there as well. What only the other one has, and would have had before that instant, was
    /// never owed and does not come; what this one owes already is kept.
    ///
    /// Limits: of a step on several days of a round each day is one of its own, and what was passed on one of them is
    /// not carried to another.
    #[must_use]
    pub fn goes_on(&self, progress: &Progress, other: &Course<'_>, edited: Timestamp) -> Progress {
        let last = progress.passed.map(|at| (at, progress.step));
        let gone = Gone { last, ahead: &progress.ahead };
        let mut ahead = Vec::new();
        for (step, position) in self.playbook.steps.iter().zip(0_u16..) {
            let Some((there, moved)) = other.playbook.step_by_id(&step.id) else { continue };
            if step.at.days.repeats() || moved.at.days.repeats() {
                continue;
            }
            // a wall time comes once in a round, whichever instant of it is the first
            let once = instants(step) == 1 && instants(moved) == 1;
            let place = |one: &Candidate| (one.run, if once { 0 } else { one.number });
            let passed = self.in_rounds(position, step, last, moved.at.days.first());
            let passed: Vec<(NaiveDate, u16)> =
                passed.filter(|one| !gone.leaves(one)).map(|one| place(&one)).collect();
            let Some((first, _)) = passed.first().copied() else { continue };
            let later = other.in_rounds(there, moved, last, step.at.days.first());
            ahead.extend(
                later
                    .filter(|one| one.run >= first && passed.contains(&place(one)))
                    .map(|one| (one.planned_at, there))
                    .filter(|place| last.is_none_or(|last| *place > last)),
            );
        }
        ahead.sort_unstable();
        other.leaves_out(Progress { ahead, ..progress.clone() }, edited, |one| self.owes(gone, other, one))
    }

    /// Passes what lies before an instant and was not owed by then.
    fn leaves_out(
        &self,
        mut progress: Progress,
        before: Timestamp,
        owed: impl Fn(&Candidate) -> bool,
    ) -> Progress {
        let mut last = progress.passed.map(|at| (at, progress.step));
        // the places that are kept stand between those that are passed: these are passed ahead
        let mut keeps = false;
        let mut looked = 0;
        while let Some(one) = self.first_of(Gone { last, ahead: &progress.ahead }) {
            if one.planned_at >= before {
                break;
            }
            looked += 1;
            if looked > ROUNDS_CARRIED {
                if !keeps {
                    (progress.passed, progress.step) = (Some(Timestamp(before.0 - 1)), u16::MAX);
                }
                break;
            }
            let place = (one.planned_at, one.position);
            last = Some(place);
            // days that were lost move it beyond the instant
            let comes = self.due(&one, progress.shifted_days).is_some_and(|due| due.due_at >= before);
            if comes || owed(&one) {
                keeps = true;
            } else if keeps {
                progress.ahead.push(place);
            } else {
                (progress.passed, progress.step) = (Some(place.0), place.1);
            }
        }
        let passed = progress.passed.map(|at| (at, progress.step));
        progress.ahead.retain(|place| passed.is_none_or(|passed| *place > passed));
        progress.ahead.sort_unstable();
        progress
    }

    /// Whether this version has what another one has, and it was not passed.
    fn owes(&self, gone: Gone<'_>, other: &Course<'_>, one: &Candidate) -> bool {
        let there = other.playbook.step(one.position);
        let Some(there) = there else { return false };
        let Some((position, step)) = self.playbook.step_by_id(&there.id) else { return false };
        let repeats = step.at.days.repeats() || there.at.days.repeats();
        let day = if repeats { one.day } else { step.at.days.first() };
        if repeats && step.at.days.at_or_after(day) != Some(day) {
            return false;
        }
        let start = other.starts_of(one.run).into_iter().find(|(_, number)| *number == one.number);
        let starts = self.starts_of(one.run).into_iter().take(instants(step));
        starts
            .filter(|(at, _)| instants(there) == 1 || start.is_some_and(|(start, _)| start == *at))
            .any(|start| gone.leaves(&self.on_day(position, step, one.run, day, start)))
    }

    /// What elapsed time counts from in a round; nothing for a day that is none.
    fn starts_of(&self, run: NaiveDate) -> Vec<(Timestamp, u16)> {
        match self.playbook.start.recurrence() {
            Some(recurrence) => {
                let round = self.rounds(recurrence).next(run).filter(|round| round.day == run);
                round.map(|round| round.starts).unwrap_or_default()
            }
            None if run == self.anchor.d0 => vec![(self.anchor.at, 0)],
            None => Vec::new(),
        }
    }

    /// A step's occurrences in the rounds around what was passed last: those from which it, or another day of it, may lie
    /// on the other side of that. A course without rounds is one.
    fn in_rounds<'s>(
        &'s self,
        position: u16,
        step: &'s Step,
        last: Option<(Timestamp, u16)>,
        other_day: i32,
    ) -> impl Iterator<Item = Candidate> + 's {
        let day = step.at.days.first();
        let whole = (self.anchor.d0, vec![(self.anchor.at, 0)]);
        let recurrence = self.playbook.start.recurrence();
        let last = last.map_or(self.anchor.d0, |(at, _)| local_day(at, self.zone, self.playbook.day_ends));
        let slack = slack_days(step);
        let mut from = plus_days(last, (-day.max(other_day)).saturating_sub(slack)).max(self.anchor.d0);
        let end = plus_days(last, (-day.min(other_day)).saturating_add(slack));
        let mut once = recurrence.is_none().then_some(whole);
        let rounds = std::iter::from_fn(move || {
            let Some(recurrence) = recurrence else { return once.take() };
            let round = self.rounds(recurrence).next(from).filter(|round| round.day <= end)?;
            from = plus_days(round.day, 1);
            Some((round.day, round.starts))
        });
        rounds.take(ROUNDS_CARRIED).flat_map(move |(run, starts)| {
            starts
                .into_iter()
                .take(instants(step))
                .map(move |start| self.on_day(position, step, run, day, start))
                .collect::<Vec<_>>()
        })
    }

    /// Whether the first step that was not over before the anchor can still be said.
    pub fn begins_in_time(&self, now: Timestamp) -> bool {
        let mut progress = beginning();
        for _ in 0..ROUNDS_CARRIED {
            let Some(planned) = self.next(&progress) else { return false };
            match planned.until {
                Some(until) if until <= self.anchor.at => progress = self.pass(&progress, &planned),
                until => return until.is_none_or(|until| until > now),
            }
        }
        false
    }

    /// Moves all that is still to come by whole local days, for `late = "shift"`.
    #[must_use]
    pub fn shift(&self, progress: &Progress, days: u32) -> Progress {
        Progress { shifted_days: progress.shifted_days.saturating_add(days), ..progress.clone() }
    }

    /// The first occurrence of a step that comes after what was passed.
    fn candidate(&self, position: u16, step: &Step, gone: Gone<'_>) -> Option<Candidate> {
        match self.playbook.start.recurrence() {
            Some(recurrence) => self.recurring(position, step, recurrence, gone),
            None => self.once(position, step, gone),
        }
    }

    /// Days counted from the enrolment's one anchor.
    fn once(&self, position: u16, step: &Step, gone: Gone<'_>) -> Option<Candidate> {
        let mut from = step.at.days.first();
        if let Some((at, _)) = gone.last {
            let days = local_day(at, self.zone, self.playbook.day_ends) - self.anchor.d0;
            let days = i32::try_from(days.num_days()).unwrap_or(i32::MAX);
            from = from.max(days.saturating_sub(slack_days(step)));
        }
        loop {
            let day = step.at.days.at_or_after(from)?;
            let candidate = self.on_day(position, step, self.anchor.d0, day, (self.anchor.at, 0));
            if gone.leaves(&candidate) {
                return Some(candidate);
            }
            from = day.saturating_add(1);
        }
    }

    /// Each day of the recurrence is a round with a D0 of its own. What was over before the enrolment began is
    /// not owed.
    fn recurring(
        &self,
        position: u16,
        step: &Step,
        recurrence: &Recurrence,
        gone: Gone<'_>,
    ) -> Option<Candidate> {
        let rounds = self.rounds(recurrence);
        let day = step.at.days.first();
        let mut from = self.anchor.d0;
        if let Some((at, _)) = gone.last {
            let last = local_day(at, self.zone, self.playbook.day_ends);
            let slack = slack_days(step).saturating_add(rounds.slack_days());
            from = from.max(plus_days(last, (-day).saturating_sub(slack)));
        }
        loop {
            let round = rounds.next(from)?;
            for (start, number) in round.starts.into_iter().take(instants(step)) {
                let candidate = self.on_day(position, step, round.day, day, (start, number));
                let open = candidate.planned_at >= self.anchor.at
                    || candidate.until.is_some_and(|until| until > self.anchor.at);
                if open && gone.leaves(&candidate) {
                    return Some(candidate);
                }
            }
            from = plus_days(round.day, 1);
        }
    }

    /// A recurrence as this enrolment goes through it.
    const fn rounds<'a>(&'a self, recurrence: &'a Recurrence) -> Rounds<'a> {
        let (first, day_ends) = (self.anchor.d0, self.playbook.day_ends);
        Rounds { recurrence, first, holidays: self.holidays, zone: self.zone, day_ends }
    }

    /// The first day of the year whose working days have to be known before anything comes next.
    pub fn waits_for_a_year(&self, progress: &Progress) -> Option<NaiveDate> {
        let from = progress.passed.map(|at| local_day(at, self.zone, self.playbook.day_ends));
        let recurrence = self.playbook.start.recurrence();
        recurrence.and_then(|r| self.rounds(r).waits_for_a_year(from.unwrap_or(self.anchor.d0)))
    }

    /// A step's occurrence on day `day` after `run`. Elapsed time counts from `start`, which has a number among the
    /// instants of its day.
    fn on_day(
        &self,
        position: u16,
        step: &Step,
        run: NaiveDate,
        day: i32,
        (start, number): (Timestamp, u16),
    ) -> Candidate {
        let day_ends = self.playbook.day_ends;
        let mut written = None;
        let (date, planned_at, ordinal) = match step.at.moment {
            Moment::Wall(time) => {
                let date = plus_days(run, day);
                written = Some(wall(date, time, day_ends));
                (date, instant(date, time, self.zone, day_ends), 0)
            }
            Moment::Elapsed(length) => {
                let exact = shift_days(start, day, self.zone) + length.duration();
                let planned = step.collect.map_or(exact, |every| gathers_at(exact, every.minutes()));
                let date = local_day(planned, self.zone, day_ends);
                let ordinal = step.collect.map_or_else(
                    || {
                        // a clock set back can bring the instants of two days onto one
                        let before = day.saturating_sub(1);
                        let recurs = self.playbook.start.recurrence().is_some();
                        let is_owed = recurs || step.at.days.at_or_after(before) == Some(before);
                        let earlier = shift_days(start, before, self.zone) + length.duration();
                        let again = is_owed && local_day(earlier, self.zone, day_ends) == date;
                        match number {
                            _ if !again => number,
                            0 => 1,
                            number => number + AGAIN,
                        }
                    },
                    |every| {
                        let minutes =
                            planned.since(day_start(date, self.zone, day_ends)) / crate::book::time::MINUTE;
                        u16::try_from(minutes / i64::from(every.minutes().max(1))).unwrap_or(0)
                    },
                );
                (date, planned, ordinal)
            }
        };
        let base = if step.at.days.repeats() { date } else { run };
        let until = step.until.map(|until| self.ends_at(until, base, planned_at, written));
        Candidate { position, occurrence: date, ordinal, day, run, number, planned_at, until }
    }

    /// When the answer to a question of a run is of no more use: the last step that says it or asks for it is over, or
    /// its day is. None for a question that no step needs.
    pub fn answer_ends(&self, run: NaiveDate, key: &str) -> Option<Timestamp> {
        let recurrence = self.playbook.start.recurrence();
        let round = recurrence.and_then(|r| self.rounds(r).next(run)).filter(|round| round.day == run);
        let last = round.and_then(|round| round.starts.last().copied());
        let start = last.unwrap_or_else(|| (day_start(run, self.zone, self.playbook.day_ends), 0));
        let ends = self.playbook.steps.iter().filter(|step| step.needs(key)).map(|step| {
            let last = self.on_day(0, step, run, step.at.days.last(), start);
            let next_day = plus_days(local_day(last.planned_at, self.zone, self.playbook.day_ends), 1);
            last.until.unwrap_or_else(|| day_start(next_day, self.zone, self.playbook.day_ends))
        });
        ends.max()
    }

    /// When a span ends; an end not after its start means the next day that it lies after it. Where a clock change has
    /// pushed the start, as it is `written`, past the end, the span keeps its length: it is short, not a day long.
    fn ends_at(
        &self,
        until: Until,
        base: NaiveDate,
        planned_at: Timestamp,
        written: Option<NaiveDateTime>,
    ) -> Timestamp {
        let day_ends = self.playbook.day_ends;
        let end_on = |day: NaiveDate, time: WallTime| {
            let end = instant(day, time, self.zone, day_ends);
            let length = written.map(|start| wall(day, time, day_ends) - start);
            let kept = length.filter(|length| end <= planned_at && *length > chrono::TimeDelta::zero());
            kept.map_or(end, |length| Timestamp(planned_at.0.saturating_add(length.num_milliseconds())))
        };
        match until {
            Until::After(length) => planned_at + length.duration(),
            Until::Day { day, time } => {
                let stated = plus_days(base, day);
                let end = end_on(stated, time);
                if end > planned_at {
                    return end;
                }
                let same_day = local_day(planned_at, self.zone, day_ends);
                let end = end_on(same_day, time);
                if end > planned_at {
                    end
                } else {
                    instant(plus_days(same_day, 1), time, self.zone, day_ends)
                }
            }
        }
    }

    /// Applies moves to what was planned.
    fn due(&self, candidate: &Candidate, shifted_days: u32) -> Option<Planned> {
        let id = self.playbook.step(candidate.position)?.id.clone();
        let days = i32::try_from(shifted_days).unwrap_or(i32::MAX);
        let shifted = shift_days(candidate.planned_at, days, self.zone);
        let due_at = if candidate.day < 0 { shifted } else { shifted.max(self.anchor.at) };
        Some(Planned {
            step: candidate.position,
            id,
            occurrence: candidate.occurrence,
            ordinal: candidate.ordinal,
            day: candidate.day,
            run: candidate.run,
            planned_at: candidate.planned_at,
            due_at,
            until: candidate.until.map(|until| shift_days(until, days, self.zone)),
        })
    }
}

/// Whether an enrolment has passed what was planned.
pub fn has_passed(progress: &Progress, planned: &Planned) -> bool {
    let place = (planned.planned_at, planned.step);
    let last = progress.passed.map(|at| (at, progress.step));
    last.is_some_and(|last| place <= last) || progress.ahead.contains(&place)
}

/// How many instants of a round a step comes after: a wall time comes once in a round, elapsed time after each.
const fn instants(step: &Step) -> usize {
    match step.at.moment {
        Moment::Wall(_) => 1,
        Moment::Elapsed(_) => usize::MAX,
    }
}

/// How many days before the day of the last passed instant a step's day may lie and still come after it: elapsed
/// time and gathering push its instant later, a late end of day and a clock change by up to two more.
fn slack_days(step: &Step) -> i32 {
    let elapsed = match step.at.moment {
        Moment::Elapsed(length) => length.days() + step.collect.map_or(0, |every| every.days() + 1),
        Moment::Wall(_) => 0,
    };
    i32::try_from(elapsed).unwrap_or(0).saturating_add(3)
}

/// The end of the gathering span that an instant falls in: spans follow one another from 1970 on, so that all who
/// come within one share the instant.
fn gathers_at(at: Timestamp, every_minutes: u32) -> Timestamp {
    let every = i64::from(every_minutes.max(1)) * crate::book::time::MINUTE;
    let begun = at.0.div_euclid(every) * every;
    if begun == at.0 { at } else { Timestamp(begun.saturating_add(every)) }
}

mod coming;
mod instead;

#[cfg(test)]
mod edits;
#[cfg(test)]
pub(crate) mod tests;
