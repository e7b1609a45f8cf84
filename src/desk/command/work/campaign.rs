//! Works about campaigns: who is in them, and when they end.

use super::super::super::Desk;
use super::super::super::act::{Act, DeskError};
use super::super::campaign::CAMPAIGN_OVER;
use super::super::task::next_rev;
use super::playbook::runs;
use super::{Counts, Walk};
use crate::book::{
    Campaign, EndReason, Enrolment, EnrolmentState, EnrolmentStatus, Task, TaskKey, TaskKind, TaskState,
    TaskStatus, Timestamp,
};
use crate::sop::schedule::Course;
use crate::store::Body;
use crate::store::columns::enrolment::{EnrolmentColumn, RunState};
use crate::store::columns::task::{TaskColumn, TaskSort};

/// Whether a task of a campaign ended with it and nothing else.
fn ended_with_it(status: &TaskStatus) -> bool {
    let over = matches!(&status.end, Some(EndReason::Stopped { rule }) if rule == CAMPAIGN_OVER);
    over && matches!(status.state, TaskState::Expired | TaskState::Cancelled)
}

/// Whether a change of a task is that its campaign ends at another time: what takes that back is the work of whoever
/// takes the campaign's end back.
pub(in super::super) fn follows_campaign(before: &TaskStatus, after: &TaskStatus) -> bool {
    let rest = |status: &TaskStatus| TaskStatus { until: None, rev: 0, ..status.clone() };
    before.until != after.until && rest(before) == rest(after)
}

impl Desk {
    /// A campaign is over: everybody in it leaves its playbooks.
    pub(super) fn leave_campaign(
        &mut self,
        act: &Act,
        id: &str,
        walk: &mut Walk,
        counts: &mut Counts,
    ) -> Result<bool, DeskError> {
        let columns = &self.store.columns;
        let campaign = columns.campaigns.get(id).filter(|campaign| campaign.is_over(act.at));
        let Some(campaign) = campaign.cloned() else { return Ok(true) };
        let key = campaign.key();
        let of: Vec<u16> = campaign.all_playbooks().filter_map(|id| columns.playbook_position(id)).collect();
        let inside = |e: &EnrolmentColumn| of.contains(&e.playbook) && runs(e.state);
        let mut stays = None;
        let mut all = self.each_enrolment(walk, inside, |desk, row| {
            let enrolment = desk.enrolment_at(row)?;
            let Some(enrolment) = enrolment.filter(|of| of.status.anchor.key == key) else { return Ok(()) };
            desk.counted(|desk| {
                if desk.leaves_campaign(act, enrolment.id, &campaign)? {
                    counts.ended += 1;
                } else {
                    stays = Some(row);
                }
                Ok(())
            })?;
            if stays.is_some() {
                desk.works.room.changes = 0;
            }
            Ok(())
        })?;
        if let Some(row) = stays {
            (walk.next, all) = (row, false);
        }
        if all && campaign.ends_at().is_some() {
            let (before, after) = (campaign.clone(), Campaign { ended_at: Some(act.at), ..campaign });
            let set = Body::CampaignSet { id: id.to_owned(), before: Some(before), after: Some(after) };
            self.stage(act, set)?;
        }
        Ok(all)
    }

    /// A campaign ends at another time than it did. What is owed of it ends with it: sooner, or at the end of its own
    /// step, where that comes first. Where it has been over meanwhile and is not any more, as when an undo takes an
    /// earlier end back, what ended with it goes on.
    pub(super) fn ends_with(
        &mut self,
        act: &Act,
        id: &str,
        was: Timestamp,
        walk: &mut Walk,
        counts: &mut Counts,
    ) -> Result<bool, DeskError> {
        let columns = &self.store.columns;
        let campaign = columns.campaigns.get(id).filter(|campaign| !campaign.is_over(act.at));
        let Some(campaign) = campaign.cloned() else { return Ok(true) };
        let of: Vec<u16> = campaign.all_playbooks().filter_map(|id| columns.playbook_position(id)).collect();
        let begun = campaign.from;
        // before that nothing ended with it
        let was_over = was <= act.at;
        if walk.stage == 0 {
            let gone =
                |e: &EnrolmentColumn| was_over && of.contains(&e.playbook) && e.state == RunState::Stopped;
            let all = self.each_enrolment(walk, gone, |desk, row| {
                let Some(enrolment) = desk.enrolment_at(row)? else { return Ok(()) };
                let status = &enrolment.status;
                let over = matches!(&status.state, EnrolmentState::Stopped { rule } if rule == CAMPAIGN_OVER);
                if !over || status.anchor.key != campaign.key() {
                    return Ok(());
                }
                desk.works.room.change();
                // who had not been let in stands in line again
                let waited = desk.store.columns.enrolments.get(row).is_some_and(|column| column.d0 == 0);
                let after = EnrolmentStatus {
                    state: if waited { EnrolmentState::InLine } else { EnrolmentState::Active },
                    ended_at: None,
                    waiting: None,
                    ..status.clone()
                };
                desk.set_status(act, &enrolment, after)?;
                desk.plan_next(act, enrolment.id)
            })?;
            if !all {
                return Ok(false);
            }
            walk.turn_over();
        }
        let meant = |task: &TaskColumn| {
            let open = task.state.is_open() && task.until().is_some();
            let ended = was_over && matches!(task.state, TaskState::Expired | TaskState::Cancelled);
            let is_of = task.playbook.is_some_and(|playbook| of.contains(&playbook));
            is_of && task.sort == TaskSort::Step && (open || ended) && task.fired_at >= begun
        };
        self.each_task(walk, meant, |desk, task| {
            let Some(enrolment) = desk.enrolment_of_campaign(&task, &campaign)? else { return Ok(()) };
            let status = &task.status;
            if !status.state.is_open() && (!ended_with_it(status) || desk.is_owed_without(&task)?) {
                return Ok(());
            }
            let until = match status.until {
                // nothing but the campaign ended it: what its step says was not earlier
                Some(until) if until == was => {
                    let own = desk.own_end_of(&task, &enrolment).map(|own| own.max(was));
                    Some(own.map_or(campaign.until, |own| own.min(campaign.until)))
                }
                until => until.map(|until| until.min(campaign.until)),
            };
            let mut after = TaskStatus { until, ..next_rev(status) };
            if !status.state.is_open() {
                if until.is_some_and(|until| until <= act.at) {
                    return Ok(());
                }
                after = TaskStatus {
                    state: TaskState::Due,
                    end: None,
                    ended_at: None,
                    ended_by: String::new(),
                    ..after
                };
            } else if until == status.until {
                return Ok(());
            }
            desk.works.room.change();
            counts.done += 1;
            desk.stage(act, Body::TaskChanged { task: task.id, before: task.status, after })
        })
    }

    /// The enrolment in a campaign that a task is owed for.
    fn enrolment_of_campaign(
        &self,
        task: &Task,
        campaign: &Campaign,
    ) -> Result<Option<Enrolment>, DeskError> {
        let enrolment = self.first_enrolment(task)?;
        Ok(enrolment.filter(|enrolment| enrolment.status.anchor.key == campaign.key()))
    }

    /// A task that is over with its campaign is owed on where somebody goes through its playbook without: what several share
    /// has the end of its step again, and loses who came with the campaign as they leave; else another is owed for it, as
    /// when the campaign is stopped. True where it is.
    pub(in crate::desk) fn outlives_campaign(
        &mut self,
        act: &Act,
        task: &Task,
        at: Timestamp,
    ) -> Result<bool, DeskError> {
        if self.store.columns.campaigns.is_empty() || !matches!(task.kind, TaskKind::Step { .. }) {
            return Ok(false);
        }
        let (mut over, mut others) = (Vec::new(), Vec::new());
        for id in &task.of {
            let Some(of) = self.store.enrolment(*id)? else { continue };
            match self.campaign_of(&of).map(|campaign| campaign.until) {
                Some(until) if until <= at => over.push(of),
                until => others.push((of, until)),
            }
        }
        if over.is_empty() {
            return Ok(false);
        }
        let runs = others.into_iter().find(|(of, _)| of.status.state.is_running());
        let Some((other, campaign)) = runs else {
            let reason = EndReason::Stopped { rule: CAMPAIGN_OVER.to_owned() };
            return match over.as_slice() {
                [one] => self.stays_with_the_run(act, one, task, &reason),
                _ => Ok(false),
            };
        };
        let until = self.own_end_of(task, &other).into_iter().chain(campaign).min();
        if until.is_some_and(|until| until <= at) {
            return Ok(false);
        }
        let after = TaskStatus { until, ..next_rev(&task.status) };
        self.stage(act, Body::TaskChanged { task: task.id, before: task.status.clone(), after })?;
        Ok(true)
    }

    /// Whether what ended with a campaign is owed by another task since, for whoever goes through its playbook without.
    fn is_owed_without(&self, task: &Task) -> Result<bool, DeskError> {
        let TaskKind::Step { key, .. } = &task.kind else { return Ok(false) };
        if task.status.state != TaskState::Cancelled {
            return Ok(false);
        }
        let next = TaskKey { ordinal: key.ordinal.saturating_add(1), ..key.clone() };
        Ok(key.run || self.fired_task(&next)?.is_some())
    }

    /// The first of the enrolments that a task is owed for.
    fn first_enrolment(&self, task: &Task) -> Result<Option<Enrolment>, DeskError> {
        Ok(task.of.first().map(|id| self.store.enrolment(*id)).transpose()?.flatten())
    }

    /// The campaign that a task is owed for.
    pub(in crate::desk) fn campaign_of_task(&self, task: &Task) -> Result<Option<&Campaign>, DeskError> {
        if self.store.columns.campaigns.is_empty() || !matches!(task.kind, TaskKind::Step { .. }) {
            return Ok(None);
        }
        Ok(self.first_enrolment(task)?.and_then(|enrolment| self.campaign_of(&enrolment)))
    }

    /// When a task is of no more use that had an end of its own: nothing of a campaign outlasts it.
    pub(in super::super) fn end_within_campaign(
        &self,
        task: &Task,
        own: Option<Timestamp>,
    ) -> Result<Option<Timestamp>, DeskError> {
        let ends = self.campaign_of_task(task)?.map(|campaign| campaign.until);
        Ok(own.into_iter().chain(ends).min())
    }

    /// When a task is over that is put off to an instant: who puts it off beyond its end wants to send it then, so that it
    /// has none any more but its campaign's.
    pub(in crate::desk) fn end_put_off(
        &self,
        task: &Task,
        until: Timestamp,
    ) -> Result<Option<Timestamp>, DeskError> {
        self.end_within_campaign(task, task.status.until.filter(|end| *end > until))
    }

    /// The end of the span that a task's step says, whatever its campaign's; none where it has none.
    fn own_end_of(&self, task: &Task, enrolment: &Enrolment) -> Option<Timestamp> {
        let TaskKind::Step { key, version, .. } = &task.kind else { return None };
        let playbook = self.playbooks.get(&key.playbook, *version)?;
        let zone = self.store.columns.zone_of(enrolment);
        let holidays = &self.store.columns.holidays;
        let course = Course { playbook: &playbook, anchor: &enrolment.status.anchor, zone, holidays };
        let days = enrolment.status.progress.shifted_days;
        let planned = course.planned_on(&key.step, (key.occurrence, key.ordinal), days)?;
        // what was kept although its span was over had no end any more
        planned.until.filter(|until| *until > task.fired_at)
    }
}
