//! Speakers who come after one that cannot speak: a line waits for the one before it until that is over, and is lost with
//! it where it is over by then itself.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::book::{Enrolment, Timestamp};
use crate::desk::Desk;
use crate::sop::format::{Playbook, Step};
use crate::sop::plan::PlanRow;

/// For each row of plans the step that it is lost with: the first of its talk that cannot be said. `step_of` tells the
/// step of a row, `silent` whether it cannot be said up to an instant, however it is looked at.
pub(super) fn lost_turns<'a>(
    rows: &[PlanRow],
    step_of: impl Fn(&PlanRow) -> Option<&'a Step>,
    silent: impl Fn(&PlanRow, &Step, Timestamp) -> bool,
) -> Vec<Option<String>> {
    // until when a line that nobody says holds the next, and the step that began it
    let mut holds: BTreeMap<(usize, &str, NaiveDate), (Option<Timestamp>, &str)> = BTreeMap::new();
    let mut lost = Vec::with_capacity(rows.len());
    for row in rows {
        let ends = row.reason.as_ref().is_some_and(|why| why.is_never() || why.ends_unsaid());
        let Some(step) = step_of(row).filter(|_| !ends) else {
            lost.push(None);
            continue;
        };
        let before = step.after.as_deref().and_then(|before| holds.get(&(row.of, before, row.occurrence)));
        let with = before.copied().filter(|(until, _)| match (row.until, until) {
            (Some(own), Some(until)) => own <= *until,
            (Some(_), None) => true,
            (None, until) => until.is_none(),
        });
        let last = row.until.map_or(Timestamp(i64::MAX), |until| Timestamp(until.0.saturating_sub(1)));
        let first = match with {
            Some((_, first)) => Some(first),
            None => silent(row, step, last).then_some(row.step.as_str()),
        };
        if let Some(first) = first {
            holds.insert((row.of, &row.step, row.occurrence), (row.until, first));
        }
        lost.push(with.map(|(_, first)| first.to_owned()));
    }
    lost
}

impl Desk {
    /// The same of what one enrolment plans, by the accounts as they are.
    pub(super) fn lost_of(
        &self,
        enrolment: &Enrolment,
        playbook: &Playbook,
        rows: &[PlanRow],
    ) -> Vec<Option<String>> {
        lost_turns(
            rows,
            |row| playbook.step_by_id(&row.step).map(|(_, step)| step),
            |_, step, at| self.account_hold(enrolment, step, at).is_some(),
        )
    }
}
