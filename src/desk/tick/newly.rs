//! Whoever newly fits a playbook that takes whoever is there, once a day, in slices: whose rest is over, who has been silent
//! for long enough, and whatever else time alone has changed. What is told of somebody is looked at as it is told.
//!
//! They are judged by what held as the store's day began, whenever the tick comes: so nobody enters for a step of a day
//! that began while they did not fit.

use super::super::Desk;
use super::super::act::{Act, DeskError};
use super::READ_A_PLACE;
use super::daily::ROWS_A_PLACE;
use crate::book::time::DAY;
use crate::book::{PlaybookId, Target, Timestamp};
use crate::query::Filter;
use crate::sop::calendar::day_start;
use crate::sop::format::Playbook;
use crate::sop::grammar::WallTime;
use crate::store::record::Work;

/// Rows that could be looked at while a filter is held against one, and while it is looked up who was in before.
const FILTERED: usize = 10;
const READ: usize = ROWS_A_PLACE / READ_A_PLACE;

impl Desk {
    /// Enrols who newly fits, from a row on; the next row where some are left.
    pub(super) fn newly_fit(
        &mut self,
        act: &Act,
        id: &PlaybookId,
        playbook: &Playbook,
        mut next: u32,
        room: &mut usize,
    ) -> Result<Option<u32>, DeskError> {
        let applies = |work: &Work| matches!(work, Work::Apply { playbook, .. } if playbook == id);
        if self.store.columns.works.iter().any(|left| applies(&left.work)) {
            // a text that is being applied takes everybody
            return Ok(None);
        }
        let zone = self.store.columns.store.zone;
        let midnight = day_start(act.at.day(zone), zone, WallTime::MIDNIGHT);
        if self.takes_nobody_more(id, playbook, midnight) {
            return Ok(None);
        }
        let Some(filter) = self.members_filter(&playbook.audience, midnight)? else { return Ok(None) };
        let mut looked = 0;
        while *room > 0 {
            let Some(target) = self.target_at(playbook.target, next) else { return Ok(None) };
            let row = next;
            next += 1;
            looked += 1;
            if self.is_open_target(target) && !self.goes_through(id, playbook, target) {
                looked += FILTERED;
                if self.fitted(playbook, target, row, &filter, midnight) {
                    looked += READ;
                    let barred = self.barred(playbook, target, midnight)?.is_some();
                    if !barred && self.comes_newly(act, id, playbook, target, midnight)? {
                        *room = room.saturating_sub(1);
                    }
                }
            }
            if looked >= ROWS_A_PLACE {
                (looked, *room) = (0, room.saturating_sub(1));
            }
        }
        Ok(Some(next))
    }

    /// Whether a member was in the audience then; of others it is looked at one by one, as there are few.
    fn fitted(&self, playbook: &Playbook, target: Target, row: u32, filter: &Filter, at: Timestamp) -> bool {
        match target {
            Target::Member(_) => playbook.audience.is_empty() || self.row_matches(filter, row, at),
            Target::Group(_) | Target::Account(_) => true,
        }
    }

    fn comes_newly(
        &mut self,
        act: &Act,
        id: &PlaybookId,
        playbook: &Playbook,
        target: Target,
        midnight: Timestamp,
    ) -> Result<bool, DeskError> {
        let activated_at = self.store.columns.playbooks.get(id).map(|column| column.activated_at);
        let begins = self.own_day_from(playbook, target, midnight).max(activated_at.unwrap_or(midnight));
        Ok(matches!(self.take_standing(act, id, playbook, target, Some(begins))?, Some(Ok(()))))
    }

    /// Whether nobody comes in any more in any zone: nobody is looked at.
    fn takes_nobody_more(&self, id: &PlaybookId, playbook: &Playbook, now: Timestamp) -> bool {
        let target = self.target_at(playbook.target, 0);
        // the first may be in another zone than the last, or be gone
        let before = Timestamp(now.0.saturating_sub(2 * DAY));
        let entry = target.and_then(|target| self.standing_entry(id, playbook, target, before));
        entry.is_some_and(|entry| self.is_past(playbook, &entry, before))
    }
}
