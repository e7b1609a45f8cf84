//! Rests: who is left in peace after a round that came to nothing, by what, and until when.

use super::Desk;
use super::act::DeskError;
use crate::book::time::DAY;
use crate::book::{Class, PlaybookId, Target, Timestamp};
use crate::sop::format::{Playbook, Step};
use crate::store::columns::enrolment::RunState;

impl Desk {
    /// Until when a target is left in peace by a playbook: an earlier round, its own or of another playbook of its class,
    /// came to nothing, and its rest is not over. Whoever has replied or ordered since is no longer left in peace, and a
    /// round that a stop rule or a human ended brings no rest: a reply to it ends the silence for all alike.
    ///
    /// A round that has begun goes on after the playbook's own earlier ones: it is judged `by_others` alone.
    pub(crate) fn rests_until(
        &self,
        playbook: &Playbook,
        target: Target,
        now: Timestamp,
        by_others: bool,
    ) -> Result<Option<Timestamp>, DeskError> {
        self.rests_from(playbook, playbook.class, target, now, by_others)
    }

    /// The same of one step of a playbook, which has a class of its own: what it says is out of place to whoever is left
    /// in peace by that class too, whatever class its playbook has.
    pub(crate) fn step_rests_until(
        &self,
        playbook: &Playbook,
        step: &Step,
        target: Target,
        now: Timestamp,
        by_others: bool,
    ) -> Result<Option<Timestamp>, DeskError> {
        let whole = self.rests_until(playbook, target, now, by_others)?;
        let class = playbook.class_of(step);
        if class == playbook.class {
            return Ok(whole);
        }
        Ok(whole.max(self.rests_from(playbook, class, target, now, true)?))
    }

    /// The same of one of many to whom a group or an account owes a step by itself: only what the step says counts.
    pub(crate) fn member_rests_until(
        &self,
        playbook: &Playbook,
        step: &Step,
        target: Target,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, DeskError> {
        self.rests_from(playbook, playbook.class_of(step), target, now, true)
    }

    /// True where some playbook has a rest.
    pub(in crate::desk) fn anybody_rests(&self) -> bool {
        let columns = &self.store.columns;
        let rests = |id| self.playbooks.current(id, columns).is_some_and(|playbook| playbook.rest.is_some());
        columns.playbooks.keys().any(rests)
    }

    fn rests_from(
        &self,
        playbook: &Playbook,
        class: Class,
        target: Target,
        now: Timestamp,
        by_others: bool,
    ) -> Result<Option<Timestamp>, DeskError> {
        let columns = &self.store.columns;
        let capped = matches!(class, Class::Marketing | Class::Care);
        let rest_of = |id: &PlaybookId| {
            if *id == playbook.id {
                return playbook.rest.filter(|_| !by_others);
            }
            let other = self.playbooks.current(id, columns).filter(|_| capped)?;
            other.rest.filter(|_| other.class == class)
        };
        if !columns.playbooks.keys().any(|id| rest_of(id).is_some()) {
            return Ok(None);
        }
        let heard_at = match target {
            Target::Member(id) => {
                columns.members.by_id(id).and_then(|m| m.last_reply_at.max(m.last_order_at))
            }
            _ => None,
        };
        let mut rests = None;
        for id in self.store.enrolments_of(target)? {
            let has_rest = columns.enrolments.by_id(id).is_some_and(|e| {
                e.state == RunState::Finished
                    && columns.playbook_at(e.playbook).is_some_and(|(id, _)| rest_of(id).is_some())
            });
            if !has_rest {
                continue;
            }
            let Some(earlier) = self.store.enrolment(id)? else { continue };
            let (Some(rest), Some(ended_at)) = (rest_of(&earlier.playbook), earlier.status.ended_at) else {
                continue;
            };
            let until = Timestamp(ended_at.0.saturating_add(i64::from(rest.days()) * DAY));
            // by an instant that is over it may not have ended yet
            if (ended_at..until).contains(&now) && heard_at.is_none_or(|at| at <= ended_at) {
                rests = rests.max(Some(until));
            }
        }
        Ok(rests)
    }
}
