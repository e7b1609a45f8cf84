//! What comes next of each step, kept from one look to the next: of a long playbook only the step is asked anew whose
//! occurrence was passed.

use super::{Candidate, Course, Gone, Planned, Progress};
use crate::book::Timestamp;

/// What comes next of each step of one course, as far as it was looked at.
#[derive(Clone, Debug, Default)]
pub struct Coming {
    /// By position of the step; empty before the first look.
    firsts: Vec<Option<Candidate>>,
    /// What was passed when they were looked at.
    last: Option<(Timestamp, u16)>,
    /// How often a step was asked.
    #[cfg(test)]
    pub asked: usize,
}

impl Coming {
    /// The same as [`Course::next`].
    pub fn next(&mut self, course: &Course<'_>, progress: &Progress) -> Option<Planned> {
        if progress.goto.is_some() {
            return course.next(progress);
        }
        let last = progress.passed.map(|at| (at, progress.step));
        self.first(course, progress, last)
    }

    /// The same as [`Course::after`].
    pub fn after(&self, course: &Course<'_>, progress: &Progress, other: &Planned) -> Option<Planned> {
        self.clone().first(course, progress, Some((other.planned_at, other.step)))
    }

    fn first(
        &mut self,
        course: &Course<'_>,
        progress: &Progress,
        last: Option<(Timestamp, u16)>,
    ) -> Option<Planned> {
        let gone = Gone { last, ahead: &progress.ahead };
        let steps = &course.playbook.steps;
        // who went back to an earlier step has what lies between before them again
        let is_new = self.firsts.len() != steps.len() || last < self.last;
        self.last = last;
        if is_new {
            self.firsts = vec![None; steps.len()];
        }
        let mut first: Option<Candidate> = None;
        for ((step, position), known) in steps.iter().zip(0_u16..).zip(&mut self.firsts) {
            if is_new || known.is_some_and(|known| !gone.leaves(&known)) {
                *known = course.candidate(position, step, gone);
                #[cfg(test)]
                {
                    self.asked += 1;
                }
            }
            let place = |of: &Candidate| (of.planned_at, of.position);
            first = first.into_iter().chain(*known).min_by_key(place);
        }
        first.and_then(|first| course.due(&first, progress.shifted_days))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sop::schedule::beginning;
    use crate::sop::schedule::tests::{anchored, course, playbook, step};

    const STEPS: usize = 120;

    /// A step for each of so many minutes, wall times and days of a round among them.
    fn long(on: &str) -> crate::sop::format::Playbook {
        let at = |n: usize| match n % 5 {
            0 => format!("D0 {:02}:{:02}", n % 24, n % 60),
            1 if on == "added" => format!("D1..D{} {:02}:30", n, n % 24),
            1 => format!("D{} 12:00", n % 4),
            _ => format!("D0 +{}m", n * 7),
        };
        let steps: Vec<String> = (0..STEPS).map(|n| step(&format!("s{n}"), &at(n), "")).collect();
        playbook(on, "", &steps.concat())
    }

    #[test]
    fn what_comes_is_kept_and_only_what_was_passed_is_asked_anew() {
        let hourly = "rrule = \"FREQ=HOURLY\", dtstart = \"2026-11-22T00:00:00\", tz = \"Asia/Shanghai\"";
        for (on, rows) in [("added", 900), ("every = \"daily\"", 400), (hourly, 400)] {
            let playbook = long(on);
            let anchor = anchored(&playbook, "2026-11-22T10:00");
            let course = course(&playbook, &anchor);
            let mut rng = fastrand::Rng::with_seed(7);
            let (mut progress, mut coming) = (beginning(), Coming::default());
            let mut n = 0;
            while n < rows {
                let next = coming.next(&course, &progress);
                assert_eq!(next, course.next(&progress), "{on} {n}");
                let Some(mut next) = next else { break };
                let mut ahead = 0;
                while rng.u32(..4) == 0 && ahead < 5 {
                    let after = coming.after(&course, &progress, &next);
                    assert_eq!(after, course.after(&progress, &next), "{on} {n}");
                    let Some(after) = after else { break };
                    (next, ahead) = (after, ahead + 1);
                }
                progress = match ahead {
                    0 => course.pass(&progress, &next),
                    _ => course.pass_ahead(&progress, &next),
                };
                n += 1;
            }
            assert!(coming.asked <= STEPS + n, "{on}: {} for {n} rows", coming.asked);
            // who goes back has what they passed before them again
            assert_eq!(coming.next(&course, &beginning()), course.next(&beginning()));
        }
    }
}
