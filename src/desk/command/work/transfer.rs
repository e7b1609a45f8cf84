//! The work of a transfer: the playbooks of a group go on in another.
//!
//! What has gone on is known by what it became: it ended as moved, or the other group is in it. So the work can begin
//! again anywhere.

use super::super::super::Desk;
use super::super::super::act::{Act, DeskError};
use super::super::transfer::{Goes, is_of_member_in};
use super::{Counts, Found, Walk};
use crate::book::{Enrolment, EnrolmentId, GroupId, Target};

impl Desk {
    /// What goes along: first the group's own, then what is gathered in it of its members.
    pub(super) fn transfer_all(
        &mut self,
        act: &Act,
        from: GroupId,
        to: GroupId,
        (ends, merges): (bool, bool),
        walk: &mut Walk,
        counts: &mut Counts,
    ) -> Result<bool, DeskError> {
        if !self.is_open_target(Target::Group(to)) {
            // nobody can speak there any more
            return Ok(true);
        }
        if walk.stage == 0 {
            if walk.found.is_none() {
                let own = self.own_luggage(from, to, act.at)?.0;
                walk.found = Some(Found::Enrolments(own.iter().map(|enrolment| enrolment.id).collect()));
            }
            let at_place = |_: &Self, walk: &Walk| match &walk.found {
                Some(Found::Enrolments(ids)) => ids.get(walk.next as usize).copied(),
                _ => None,
            };
            let all = self.each_of(walk, at_place, |desk, id: EnrolmentId| {
                desk.works.room.read();
                let old = desk.store.enrolment(id)?;
                old.map_or(Ok(()), |old| desk.takes_along(act, &old, to, ends, counts))
            })?;
            if !all {
                return Ok(false);
            }
            walk.turn_over();
        }
        let Some(row) = self.store.columns.groups.row(from) else { return Ok(true) };
        let all = self.each_enrolment(walk, is_of_member_in(row), |desk, row| {
            let Some(old) = desk.enrolment_at(row)? else { return Ok(()) };
            if desk.goes(&old, to, act.at)? == Goes::Along {
                desk.takes_along(act, &old, to, ends, counts)?;
            }
            Ok(())
        })?;
        if all && merges {
            // only now: what is owed in it has gone along and does not end with it
            self.becomes(act, from, to)?;
        }
        Ok(all)
    }

    fn takes_along(
        &mut self,
        act: &Act,
        old: &Enrolment,
        to: GroupId,
        ends: bool,
        counts: &mut Counts,
    ) -> Result<(), DeskError> {
        self.counted(|desk| {
            let new = desk.goes_on_in(act, old, to)?;
            counts.enrolled.push(new);
            if ends { desk.owes_there(act, old, new, to, &mut counts.taken) } else { Ok(()) }
        })
    }
}
