//! Playbooks that take whoever is there: a recurrence, a date, what comes each year.
//!
//! Whoever fits enters when they come, when something changes by which they fit now, and else with the next day on
//! which they do: a rest that is over, or a silence that has grown long enough, is seen at 00:00 of the store.

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::Desk;
use super::act::{Act, DeskError};
use super::enrolling::{Entry, NoEntry, REMOVED};
use crate::book::{AccountId, Anchor, EnrolmentState, PlaybookId, Target, Timestamp};
use crate::sop::calendar::yearly::{ahead_days, is_yearly, next_yearly};
use crate::sop::calendar::{day_start, local_day, plus_days};
use crate::sop::format::{Playbook, Start, TargetKind};
use crate::sop::grammar::WallTime;
use crate::sop::plan::Bar;
use crate::sop::plan::anchors::date_is_over;
use crate::sop::schedule::{Course, beginning};

/// So many days are looked at in search of the one on which somebody fits by time alone.
const DAYS_AHEAD: usize = 400;

/// The words of rounds that ended because their target was not there.
pub(crate) const GONE: &str = "filter:gone";
pub(crate) const GONE_ACCOUNT: &str = "filter:account-gone";
const ARCHIVED: &str = "filter:state:archived";

/// Whether somebody whom a rule took out comes in again by themselves: what an undo or a removal ended, and who was not
/// there.
pub(crate) fn enters_again(rule: &str) -> bool {
    [EnrolmentState::UNDONE, REMOVED, GONE, GONE_ACCOUNT, ARCHIVED].contains(&rule)
}

/// Whether it takes targets because they are there, not because of what happened to them.
pub(crate) fn takes_whoever_is_there(playbook: &Playbook) -> bool {
    matches!(playbook.start, Start::Recurrence(_) | Start::Date { .. }) || is_yearly(&playbook.start)
}

/// Whether it is made for targets of that kind.
fn is_for(playbook: &Playbook, target: Target) -> bool {
    matches!(
        (playbook.target, target),
        (TargetKind::Group, Target::Group(_))
            | (TargetKind::Account, Target::Account(_))
            | (TargetKind::Member, Target::Member(_))
    )
}

const fn account_of(target: Target) -> Option<AccountId> {
    match target {
        Target::Account(account) => Some(account),
        _ => None,
    }
}

/// With what somebody comes into what takes whoever is there: a round, which may have begun before they came.
fn standing_with(playbook: &PlaybookId, target: Target, key: String, at: Timestamp) -> Entry {
    let (playbook, account) = (playbook.clone(), account_of(target));
    Entry { playbook, target, group: None, account, key, at, by_hand: true, again: false }
}

impl Desk {
    /// Enrols somebody new in all of them.
    pub(super) fn standing(&mut self, act: &Act, target: Target) -> Result<(), DeskError> {
        for (id, playbook) in self.running_playbooks() {
            self.enter_standing(act, &id, &playbook, target)?;
        }
        Ok(())
    }

    /// Enrols a target that may fit now, as something of it has changed, in those that it is not in.
    pub(super) fn may_fit_now(&mut self, act: &Act, target: Target) -> Result<(), DeskError> {
        for (id, playbook) in self.running_playbooks() {
            if takes_whoever_is_there(&playbook)
                && is_for(&playbook, target)
                && !self.goes_through(&id, &playbook, target)
            {
                let entered = self.take_standing(act, &id, &playbook, target, None)?;
                // what comes each year has noted who came in
                if matches!(entered, Some(Ok(()))) && !is_yearly(&playbook.start) {
                    self.imports.note_entry(&id, None);
                }
            }
        }
        Ok(())
    }

    /// Enrols a target in one playbook that takes whoever is there.
    pub(crate) fn enter_standing(
        &mut self,
        act: &Act,
        id: &PlaybookId,
        playbook: &Playbook,
        target: Target,
    ) -> Result<bool, DeskError> {
        let Some(entered) = self.take_standing(act, id, playbook, target, None)? else { return Ok(false) };
        if !is_yearly(&playbook.start) {
            self.imports.note_entry(id, entered.err());
        }
        Ok(entered.is_ok())
    }

    /// The same of who begins with a day and is judged by what held as another began, where they are given; nothing where
    /// it takes none of its kind.
    pub(in crate::desk) fn take_standing(
        &mut self,
        act: &Act,
        id: &PlaybookId,
        playbook: &Playbook,
        target: Target,
        as_of: Option<(Timestamp, Timestamp)>,
    ) -> Result<Option<Result<(), NoEntry>>, DeskError> {
        if is_yearly(&playbook.start) {
            let today = act.at.day(playbook.tz.unwrap_or(self.store.columns.store.zone));
            let entered = self.enter_yearly(act, id, playbook, target, today)?;
            return Ok(entered.then_some(Ok(())));
        }
        let (from, judged_at) = as_of.unwrap_or((act.at, act.at));
        let Some(entry) = self.standing_entry(id, playbook, target, from) else { return Ok(None) };
        if self.is_past(playbook, &entry, judged_at) {
            return Ok(Some(Err(NoEntry::TooOld)));
        }
        let entered = self.enter_as_of(act, &entry, judged_at)?;
        Ok(Some(entered.map(|_| ())))
    }

    /// With what a target comes into a recurrence from an instant on, or into a date; none for other playbooks, and where
    /// nothing can be owed to it.
    pub(in crate::desk) fn standing_entry(
        &self,
        id: &PlaybookId,
        playbook: &Playbook,
        target: Target,
        from: Timestamp,
    ) -> Option<Entry> {
        let key = match &playbook.start {
            Start::Recurrence(_) => "recurrence".to_owned(),
            Start::Date { date, .. } => format!("date:{date}"),
            _ => return None,
        };
        if !is_for(playbook, target) || !self.is_open_target(target) {
            return None;
        }
        let at = self.standing_anchor(playbook, target, from);
        Some(standing_with(id, target, key, at))
    }

    /// Whether nothing more comes of it for who comes in now: the date is over, or the last round was.
    pub(in crate::desk) fn is_past(&self, playbook: &Playbook, entry: &Entry, now: Timestamp) -> bool {
        let zone = self.zone_for(playbook, entry.target, None, entry.account);
        let (at, day_ends) = (entry.at, playbook.day_ends);
        let anchor = Anchor { key: String::new(), at, d0: local_day(at, zone, day_ends) };
        let course = Course { playbook, anchor: &anchor, zone, holidays: &self.store.columns.holidays };
        match playbook.start {
            Start::Date { .. } => date_is_over(&course, now),
            _ => course.next(&beginning()).is_none() && course.waits_for_a_year(&beginning()).is_none(),
        }
    }

    /// Whether a member is in a playbook, as far as that can be told without looking it up; of what comes each year
    /// there may be another round.
    pub(in crate::desk) fn goes_through(&self, id: &PlaybookId, playbook: &Playbook, target: Target) -> bool {
        let columns = &self.store.columns;
        let (Target::Member(member), false) = (target, is_yearly(&playbook.start)) else { return false };
        columns.playbook_position(id).is_some_and(|position| {
            columns.members.by_id(member).is_some_and(|member| member.enrolled().any(|of| of == position))
        })
    }

    /// The first day that began after a playbook was applied: who was there then was taken as it was.
    pub(in crate::desk) fn first_midnight_of(&self, id: &PlaybookId) -> NaiveDate {
        let columns = &self.store.columns;
        let zone = columns.store.zone;
        columns.playbooks.get(id).map_or(NaiveDate::MIN, |column| {
            let day = column.activated_at.day(zone);
            let begun = day_start(day, zone, WallTime::MIDNIGHT) >= column.activated_at;
            plus_days(day, i32::from(!begun))
        })
    }

    /// When the day begins with which somebody comes in whom the desk finds at 00:00 of the store: their own day, which
    /// may begin later.
    pub(in crate::desk) fn own_day_from(
        &self,
        playbook: &Playbook,
        target: Target,
        midnight: Timestamp,
    ) -> Timestamp {
        let zone = self.zone_for(playbook, target, None, account_of(target));
        let day = local_day(midnight, zone, playbook.day_ends);
        let begun = day_start(day, zone, playbook.day_ends);
        if begun >= midnight { begun } else { day_start(plus_days(day, 1), zone, playbook.day_ends) }
    }

    /// At which 00:00 of the store the desk would take a target that is in no round of a recurrence or date, if nothing
    /// happened but that time goes by; none where that is not until an instant.
    pub(in crate::desk) fn taken_at(
        &self,
        playbook: &Playbook,
        target: Target,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<Timestamp>, DeskError> {
        let zone = self.store.columns.store.zone;
        let begins = |day: NaiveDate| day_start(day, zone, WallTime::MIDNIGHT);
        let today = now.day(zone);
        let from = self.tick.takes_from(today).max(self.first_midnight_of(&playbook.id));
        // who came into the book since was looked at as they came
        let known_at = self.known_at(target).unwrap_or(now);
        let known_from = known_at.day(zone);
        let known_from = plus_days(known_from, i32::from(begins(known_from) < known_at));
        let mut day = from.max(known_from);
        for _ in 0..DAYS_AHEAD {
            let at = begins(day);
            if at > until {
                return Ok(None);
            }
            match self.barred(playbook, target, at)? {
                None => {
                    let begins = self.own_day_from(playbook, target, at);
                    let entry = self.standing_entry(&playbook.id, playbook, target, begins);
                    // a date may be over by then
                    let comes = entry.is_some_and(|entry| !self.is_past(playbook, &entry, at));
                    return Ok(comes.then_some(at));
                }
                Some(Bar::Rests(last)) => day = last.max(plus_days(day, 1)),
                Some(Bar::Audience(filter)) if self.moves_with_time(&filter) => day = plus_days(day, 1),
                Some(Bar::Audience(_) | Bar::Unwanted) => return Ok(None),
            }
        }
        Ok(None)
    }

    /// Enrols a target where what comes each year is near: a day before the first step, which may lie before D0, for
    /// the store's day may begin after the target's. What came before `from`, before the playbook was applied or
    /// before the target was known is over. True where one entered.
    pub(crate) fn enter_yearly(
        &mut self,
        act: &Act,
        id: &PlaybookId,
        playbook: &Playbook,
        target: Target,
        from: NaiveDate,
    ) -> Result<bool, DeskError> {
        let columns = &self.store.columns;
        let fits = is_for(playbook, target);
        let activated_at = columns.playbooks.get(id).map(|column| column.activated_at);
        let Some(activated_at) = activated_at.filter(|_| fits && self.is_open_target(target)) else {
            return Ok(false);
        };
        let (known_at, birthday) = match target {
            Target::Member(member) => columns.members.by_id(member).map(|m| (m.created_at, m.birthday)),
            Target::Group(group) => columns.groups.by_id(group).map(|g| (g.body.created_at, None)),
            Target::Account(account) => columns.accounts.by_id(account).map(|a| (a.body.created_at, None)),
        }
        .unwrap_or((activated_at, None));
        let account = account_of(target);
        let zone = self.zone_for(playbook, target, None, account);
        let near = plus_days(act.at.day(zone), ahead_days(playbook));
        let mut day = from.max(activated_at.day(zone)).max(known_at.day(zone));
        let mut entered = false;
        let customs = self.store.columns.rules.lunar;
        while let Some((key, d0)) =
            next_yearly(&playbook.start, birthday, customs, day).filter(|(_, d0)| *d0 <= near)
        {
            day = plus_days(d0, 1);
            let at = day_start(d0, zone, playbook.day_ends);
            let entry = standing_with(id, target, key, at);
            let Some(fitted_at) = self.fitted_near(playbook, target, d0, from, act.at)? else { continue };
            let done = self.enter_as_of(act, &entry, fitted_at)?;
            self.imports.note_entry(id, done.err());
            entered |= done.is_ok();
        }
        Ok(entered)
    }

    /// When a target first fitted on a day on which it is looked at for a day of the year: from when that is near until the
    /// day after it. Today's look is made, fitting or not; none where every one of them was in an absence, and it never did.
    fn fitted_near(
        &self,
        playbook: &Playbook,
        target: Target,
        d0: NaiveDate,
        from: NaiveDate,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, DeskError> {
        let zone = self.store.columns.store.zone;
        let today = now.day(zone);
        let near = plus_days(d0, ahead_days(playbook).saturating_neg());
        let known_at = self.known_at(target).unwrap_or(now);
        for day in near.max(from).iter_days().take_while(|day| *day < today && *day <= plus_days(d0, 1)) {
            let at = day_start(day, zone, WallTime::MIDNIGHT);
            if known_at <= at && self.barred(playbook, target, at)?.is_none() {
                return Ok(Some(at));
            }
        }
        // today is looked at with its beginning, however late that is made up for
        let begins = day_start(today, zone, WallTime::MIDNIGHT);
        let at = if from < today && known_at <= begins { begins } else { now };
        Ok((today <= plus_days(d0, 1)).then_some(at))
    }

    /// Whether a target would enter a playbook that takes whoever is there as it is applied.
    pub(in crate::desk) fn would_stand(
        &self,
        playbook: &Playbook,
        target: Target,
        now: Timestamp,
    ) -> Result<bool, DeskError> {
        let account = account_of(target);
        let zone = self.zone_for(playbook, target, None, account);
        let entry = if is_yearly(&playbook.start) {
            let birthday = match target {
                Target::Member(member) => {
                    self.store.columns.members.by_id(member).and_then(|member| member.birthday)
                }
                Target::Group(_) | Target::Account(_) => None,
            };
            let (today, near) = (now.day(zone), plus_days(now.day(zone), ahead_days(playbook)));
            let next = next_yearly(&playbook.start, birthday, self.store.columns.rules.lunar, today);
            next.filter(|(_, d0)| *d0 <= near && self.is_open_target(target)).map(|(key, d0)| {
                let at = day_start(d0, zone, playbook.day_ends);
                standing_with(&playbook.id, target, key, at)
            })
        } else {
            self.standing_entry(&playbook.id, playbook, target, now)
                .filter(|entry| !self.is_past(playbook, entry, now))
        };
        let Some(entry) = entry else { return Ok(false) };
        Ok(self.judged_by(playbook, 1, now, &entry, now)?.is_ok())
    }

    /// When the desk takes a target with a day of the year: it is looked at each day from when that is near until it is
    /// there. As it is near, where it is not taken on any of them.
    pub(in crate::desk) fn taken_with_year(
        &self,
        playbook: &Playbook,
        target: Target,
        d0: NaiveDate,
        zone: Tz,
        now: Timestamp,
    ) -> Result<Timestamp, DeskError> {
        let near = plus_days(d0, ahead_days(playbook).saturating_neg());
        let begins = |day: NaiveDate| day_start(day, zone, WallTime::MIDNIGHT).max(now);
        for day in near.iter_days().take_while(|day| *day <= d0) {
            match self.barred(playbook, target, begins(day))? {
                None => return Ok(begins(day)),
                Some(Bar::Unwanted) => break,
                Some(Bar::Rests(_) | Bar::Audience(_)) => {}
            }
        }
        Ok(begins(near))
    }

    /// Recurrences begin now; a date begins at its own 00:00.
    fn standing_anchor(&self, playbook: &Playbook, target: Target, now: Timestamp) -> Timestamp {
        match &playbook.start {
            Start::Date { date, offset } => {
                let day = *date + chrono::Duration::days(i64::from(*offset));
                let zone = self.zone_for(playbook, target, None, account_of(target));
                day_start(day, zone, playbook.day_ends)
            }
            _ => now,
        }
    }
}
