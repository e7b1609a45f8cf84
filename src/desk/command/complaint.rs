//! A complaint: whoever makes one is left alone from then on, by whatever door it is told, and it is said what stops.
//!
//! 勿扰 stops all marketing by itself ([`crate::desk::follow`]); here is what it ended.

use std::collections::HashSet;

use super::super::Desk;
use super::super::act::{Act, DeskError};
use super::super::words::book::BookWords;
use super::draft::Draft;
use super::skip::DO_NOT_DISTURB;
use crate::book::{EnrolmentId, MemberId, Target, TaskId};

/// What somebody goes through and is owed.
#[derive(Default)]
pub(super) struct Owed {
    running: HashSet<EnrolmentId>,
    open: HashSet<TaskId>,
}

impl Desk {
    /// Whoever complains is not to be disturbed.
    pub(super) fn left_alone(draft: &mut Draft, member: MemberId) {
        let Some(person) = draft.persons.get(&member) else { return };
        let mut tags = person.member.tags.clone();
        if !tags.iter().any(|tag| tag == DO_NOT_DISTURB) {
            tags.push(DO_NOT_DISTURB.to_owned());
            draft.set_fields(member, &[("tags", tags.join(","))]);
        }
    }

    /// What members go through and are owed now.
    pub(super) fn owed_to(&self, members: &[MemberId]) -> Result<Owed, DeskError> {
        let columns = &self.store.columns;
        let mut owed = Owed::default();
        for member in members.iter().copied().map(Target::Member) {
            let running = self.running(member)?;
            for enrolment in &running {
                owed.open.extend(self.tasks_that_end_with(enrolment)?.into_iter().map(|task| task.id));
            }
            owed.running.extend(running.into_iter().map(|enrolment| enrolment.id));
            let rows = columns.owner(member).into_iter().flat_map(|owner| columns.queue.of(owner));
            owed.open.extend(rows.filter_map(|row| columns.tasks.id(row)));
        }
        Ok(owed)
    }

    /// What of it is over by now that they are left alone, with counts.
    pub(super) fn stopped_since(
        &self,
        act: &Act,
        members: &[MemberId],
        before: &Owed,
    ) -> Result<String, DeskError> {
        let now = self.owed_to(members)?;
        let values: [(&str, &dyn std::fmt::Display); 3] = [
            ("tag", &DO_NOT_DISTURB),
            ("n", &before.running.difference(&now.running).count()),
            ("tasks", &before.open.difference(&now.open).count()),
        ];
        Ok(BookWords::LeftAlone.fill(act.lang, &values))
    }
}
