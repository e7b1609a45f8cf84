//! Playbooks that take whoever is there: a recurrence, a date, what comes each year.

use chrono::NaiveDate;

use super::Desk;
use super::act::{Act, DeskError};
use super::enrolling::{Entry, NoEntry};
use crate::book::{Anchor, PlaybookId, Target, Timestamp};
use crate::sop::calendar::yearly::{ahead_days, is_yearly, next_yearly};
use crate::sop::calendar::{day_start, local_day, plus_days};
use crate::sop::format::{Playbook, Start, TargetKind};
use crate::sop::plan::anchors::date_is_over;
use crate::sop::schedule::Course;

/// Whether it takes targets because they are there, not because of what happened to them.
pub(crate) fn takes_whoever_is_there(playbook: &Playbook) -> bool {
    matches!(playbook.start, Start::Recurrence(_) | Start::Date { .. }) || is_yearly(&playbook.start)
}

impl Desk {
    /// Enrols a target in all of them.
    pub(super) fn standing(&mut self, act: &Act, target: Target) -> Result<(), DeskError> {
        for (id, playbook) in self.running_playbooks() {
            self.enter_standing(act, &id, &playbook, target)?;
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
        let key = match &playbook.start {
            Start::Recurrence(_) => "recurrence".to_owned(),
            Start::Date { date, .. } => format!("date:{date}"),
            start if is_yearly(start) => {
                let today = act.at.day(playbook.tz.unwrap_or(self.store.columns.store.zone));
                return self.enter_yearly(act, id, playbook, target, today);
            }
            _ => return Ok(false),
        };
        let fits = matches!(
            (playbook.target, target),
            (TargetKind::Group, Target::Group(_))
                | (TargetKind::Account, Target::Account(_))
                | (TargetKind::Member, Target::Member(_))
        );
        if !fits || !self.is_open_target(target) {
            return Ok(false);
        }
        let at = self.standing_anchor(playbook, target, act.at);
        let account = match target {
            Target::Account(account) => Some(account),
            _ => None,
        };
        if matches!(playbook.start, Start::Date { .. }) && self.date_is_over(playbook, target, at, act.at) {
            self.imports.note_entry(id, Some(NoEntry::TooOld));
            return Ok(false);
        }
        let entry = Entry { playbook: id.clone(), target, group: None, account, key, at, by_hand: true };
        let entered = self.enter(act, &entry)?;
        self.imports.note_entry(id, entered.err());
        Ok(entered.is_ok())
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
        let fits = match target {
            Target::Member(_) => playbook.target == TargetKind::Member,
            Target::Group(_) => playbook.target == TargetKind::Group,
            Target::Account(_) => playbook.target == TargetKind::Account,
        };
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
        let account = match target {
            Target::Account(account) => Some(account),
            _ => None,
        };
        let zone = self.zone_for(playbook, target, None, account);
        let near = plus_days(act.at.day(zone), ahead_days(playbook));
        let mut day = from.max(activated_at.day(zone)).max(known_at.day(zone));
        let mut entered = false;
        let customs = self.store.columns.rules.lunar;
        while let Some((key, d0)) =
            next_yearly(&playbook.start, birthday, customs, day).filter(|(_, d0)| *d0 <= near)
        {
            let at = day_start(d0, zone, playbook.day_ends);
            let entry = Entry { playbook: id.clone(), target, group: None, account, key, at, by_hand: true };
            let done = self.enter(act, &entry)?;
            self.imports.note_entry(id, done.err());
            entered |= done.is_ok();
            day = plus_days(d0, 1);
        }
        Ok(entered)
    }

    /// True where who comes now to a date that begins at `at` was not there.
    fn date_is_over(&self, playbook: &Playbook, target: Target, at: Timestamp, now: Timestamp) -> bool {
        let account = match target {
            Target::Account(account) => Some(account),
            _ => None,
        };
        let zone = self.zone_for(playbook, target, None, account);
        let day_ends = playbook.day_ends;
        let anchor = Anchor { key: String::new(), at, d0: local_day(at, zone, day_ends) };
        let holidays = self.store.columns.holidays.clone();
        let course = Course { playbook, anchor: &anchor, zone, holidays: &holidays };
        date_is_over(&course, now)
    }

    /// Recurrences begin now; a date begins at its own 00:00.
    fn standing_anchor(&self, playbook: &Playbook, target: Target, now: Timestamp) -> Timestamp {
        match &playbook.start {
            Start::Date { date, offset } => {
                let day = *date + chrono::Duration::days(i64::from(*offset));
                let account = match target {
                    Target::Account(account) => Some(account),
                    _ => None,
                };
                let zone = self.zone_for(playbook, target, None, account);
                day_start(day, zone, playbook.day_ends)
            }
            _ => now,
        }
    }
}
