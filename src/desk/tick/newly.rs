//! Whoever newly fits a playbook that takes whoever is there, once a day, in slices: whose rest is over, who has been silent
//! for long enough, and whatever else time alone has changed. What is told of somebody is looked at as it is told.
//!
//! They are judged by what held as the store's day began, whenever the tick comes: so nobody enters for a step of a day
//! that began while they did not fit. After an absence each of its days is looked at, the first one first: who would have
//! entered on one of them enters as of that day, and what fell due since is dealt with like that of anybody else. The book
//! is held against those days as it is now; days that lie back further than [`LOOKED_BACK`] are not looked at.

use chrono::NaiveDate;

use super::super::Desk;
use super::super::act::{Act, DeskError};
use super::READ_A_PLACE;
use super::daily::ROWS_A_PLACE;
use crate::book::time::DAY;
use crate::book::{PlaybookId, Target, Timestamp};
use crate::query::Filter;
use crate::sop::calendar::{day_start, plus_days};
use crate::sop::format::Playbook;
use crate::sop::grammar::WallTime;
use crate::sop::plan::Bar;
use crate::store::record::Work;

/// Rows that could be looked at while a filter is held against one, and while it is looked up who was in before.
const FILTERED: usize = 10;
const READ: usize = ROWS_A_PLACE / READ_A_PLACE;
/// Rows that could be looked at while a filter is made ready for a day.
const MADE: usize = 100;

/// Rows that are looked at on each day of an absence before the next ones are.
const BLOCK: usize = 1_000;

/// How many days back an absence is looked at.
pub(super) const LOOKED_BACK: i32 = 400;

/// How far the look at who newly fits has come: some rows at a time, on one day of the absence after the other.
#[derive(Debug)]
pub(super) struct Newly {
    /// The first day that nobody was looked at on.
    from: NaiveDate,
    /// The next row that is in no block yet.
    next: u32,
    day: NaiveDate,
    /// Rows of the block that are still to be looked at on that day, the last first.
    rows: Vec<u32>,
    /// Those of the block who did not fit on it, and may on a later one.
    later: Vec<u32>,
}

/// What a look at somebody on one day has come to.
enum Looked {
    /// They may fit on a later day.
    NotYet,
    /// They come in, or never will by themselves.
    Settled { entered: bool },
}

impl Newly {
    pub(super) const fn since(from: NaiveDate) -> Self {
        Self { from, next: 0, day: from, rows: Vec::new(), later: Vec::new() }
    }
}

impl Desk {
    /// Enrols who newly fits; true when all were looked at.
    pub(super) fn newly_fit(
        &mut self,
        act: &Act,
        id: &PlaybookId,
        playbook: &Playbook,
        newly: &mut Newly,
        room: &mut usize,
    ) -> Result<bool, DeskError> {
        let applies = |work: &Work| matches!(work, Work::Apply { playbook, .. } if playbook == id);
        if self.store.columns.works.iter().any(|left| applies(&left.work)) {
            // a text that is being applied takes everybody
            return Ok(true);
        }
        let zone = self.store.columns.store.zone;
        let today = act.at.day(zone);
        let begins = |day: NaiveDate| day_start(day, zone, WallTime::MIDNIGHT);
        if self.takes_nobody_more(id, playbook, begins(newly.from)) {
            return Ok(true);
        }
        let moves = self.moves_with_time(&playbook.audience);
        // who does not fit today did not on any day before either
        let now = begins(today);
        let last = if newly.from < today && self.only_grows(&playbook.audience) {
            self.members_filter(&playbook.audience, now)?.map(|filter| (filter, now))
        } else {
            None
        };
        let mut looked = 0;
        while *room > 0 {
            if newly.rows.is_empty() && newly.later.is_empty() {
                if !self.next_block(id, playbook, newly, last.as_ref(), &mut looked, room) {
                    return Ok(true);
                }
                newly.day = newly.from;
            } else if newly.rows.is_empty() {
                newly.day = plus_days(newly.day, 1);
                newly.rows = std::mem::take(&mut newly.later);
                newly.rows.reverse();
                if newly.day > today {
                    newly.rows.clear();
                }
            }
            let midnight = begins(newly.day);
            let Some(filter) = self.members_filter(&playbook.audience, midnight)? else { return Ok(true) };
            looked += MADE;
            while let Some(row) = newly.rows.pop() {
                match self.looked_at(act, id, playbook, (row, &filter), midnight, moves, &mut looked)? {
                    Looked::NotYet => newly.later.push(row),
                    Looked::Settled { entered } => *room = room.saturating_sub(usize::from(entered)),
                }
                if looked >= ROWS_A_PLACE {
                    (looked, *room) = (0, room.saturating_sub(1));
                }
                if *room == 0 {
                    break;
                }
            }
            if looked >= ROWS_A_PLACE {
                (looked, *room) = (0, room.saturating_sub(1));
            }
        }
        Ok(false)
    }

    /// Takes the next rows of who could come in, and fits on the last day where that decides; false where there are none.
    fn next_block(
        &self,
        id: &PlaybookId,
        playbook: &Playbook,
        newly: &mut Newly,
        last: Option<&(Filter, Timestamp)>,
        looked: &mut usize,
        room: &mut usize,
    ) -> bool {
        while *room > 0 && newly.rows.len() < BLOCK {
            let Some(target) = self.target_at(playbook.target, newly.next) else { break };
            if self.is_open_target(target) && !self.goes_through(id, playbook, target) {
                *looked += last.map_or(0, |_| FILTERED);
                let fits =
                    last.is_none_or(|(filter, at)| self.fitted(playbook, target, newly.next, filter, *at));
                newly.rows.extend(fits.then_some(newly.next));
            }
            newly.next += 1;
            *looked += 1;
            if *looked >= ROWS_A_PLACE {
                (*looked, *room) = (0, room.saturating_sub(1));
            }
        }
        newly.rows.reverse();
        !newly.rows.is_empty() || self.target_at(playbook.target, newly.next).is_some()
    }

    /// Looks at somebody as one day began.
    #[expect(clippy::too_many_arguments, reason = "one row on one day, spelled out")]
    fn looked_at(
        &mut self,
        act: &Act,
        id: &PlaybookId,
        playbook: &Playbook,
        (row, filter): (u32, &Filter),
        midnight: Timestamp,
        moves: bool,
        looked: &mut usize,
    ) -> Result<Looked, DeskError> {
        let gone = Looked::Settled { entered: false };
        *looked += 1;
        let target = self.target_at(playbook.target, row);
        // between two slices a human may have brought them in, or archived them
        let Some(target) = target.filter(|of| self.is_open_target(*of)) else { return Ok(gone) };
        if self.goes_through(id, playbook, target) {
            return Ok(gone);
        }
        if self.known_at(target).is_some_and(|known_at| known_at > midnight) {
            // who came meanwhile was looked at as they came
            return Ok(Looked::NotYet);
        }
        *looked += FILTERED;
        if !self.fitted(playbook, target, row, filter, midnight) {
            return Ok(if moves { Looked::NotYet } else { gone });
        }
        *looked += READ;
        match self.barred(playbook, target, midnight)? {
            None => {}
            Some(Bar::Rests(until)) if until <= act.at.day(self.store.columns.store.zone) => {
                return Ok(Looked::NotYet);
            }
            // of groups and accounts the audience is looked at here
            Some(Bar::Audience(_)) if moves => return Ok(Looked::NotYet),
            Some(_) => return Ok(gone),
        }
        let entered = self.comes_newly(act, id, playbook, target, midnight)?;
        Ok(Looked::Settled { entered })
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
        let as_of = Some((begins, midnight));
        Ok(matches!(self.take_standing(act, id, playbook, target, as_of)?, Some(Ok(()))))
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
