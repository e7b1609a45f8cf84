//! 今日停团: a playbook is called off for one day.
//!
//! A record that scheduling obeys: what that day still owes waits for its end and is born skipped then, what is open of it
//! is cancelled, its forms are not asked any more. Where there is something to say, each group that the playbook runs in
//! gets a message of it, due now. One act: an undo brings the day back.

use super::super::Desk;
use super::super::act::{Act, DeskError};
use super::super::words::book::BookWords;
use super::note::written;
use super::work::list_followed;
use crate::book::{PlaybookId, Timestamp};
use crate::door::reply::Outcome;
use crate::door::{Refusal, RefusalKind};
use crate::sop::calendar::local_day;
use crate::sop::format::TargetKind;
use crate::store::Body;
use crate::store::record::Work;

impl Desk {
    pub(super) fn sop_day_off(
        &mut self,
        act: &Act,
        id: &PlaybookId,
        notice: &str,
    ) -> Result<Outcome, DeskError> {
        self.playbook_state(act, id)?;
        let day = self.day_of(id, act.at);
        let notice = if notice.trim().is_empty() { String::new() } else { written(act, notice)? };
        let of = self.playbooks.current(id, &self.store.columns).map(|playbook| playbook.target);
        if !notice.is_empty() && of.is_some_and(|of| of != TargetKind::Group) {
            // a message that nobody gets would be taken for one that everybody got
            let words = BookWords::DayOffNoGroup.fill(act.lang, &[("playbook", &self.playbook_name(id))]);
            let mut refusal = Refusal::new(RefusalKind::Invalid, words).about(id.0.clone());
            BookWords::DayOffNoGroupHint.text(act.lang).clone_into(&mut refusal.hint);
            return Err(refusal.into());
        }
        if self.store.columns.days_off.contains(&(id.clone(), day)) {
            let words = BookWords::DayOffAlready.fill(act.lang, &[("playbook", &self.playbook_name(id))]);
            return Ok(Outcome { words, ..Outcome::default() });
        }
        let off = Body::DayOffSet { playbook: id.clone(), day, before: false, after: true };
        let words = self.describe(std::slice::from_ref(&off), act.lang);
        self.stage(act, off)?;
        self.tick.due = true;
        self.undertake(act, Work::DayOff { playbook: id.clone(), day, notice })?;
        let (lang, said) = (act.lang, words.clone());
        self.works.say_all(act.id, move |counts, outcome| {
            outcome.words = match counts.done {
                0 => said,
                n => format!("{said}, {}", BookWords::DayOffEnds.fill(lang, &[("n", &n)])),
            };
            // groups that are paused are told nothing
            list_followed(&counts, outcome, lang);
        });
        Ok(Outcome { words, ..Outcome::default() })
    }

    /// The day that it is in a playbook now.
    fn day_of(&self, id: &PlaybookId, now: Timestamp) -> chrono::NaiveDate {
        let zone = self.store.columns.store.zone;
        let playbook = self.playbooks.current(id, &self.store.columns);
        playbook.map_or_else(|| now.day(zone), |playbook| local_day(now, zone, playbook.day_ends))
    }
}
