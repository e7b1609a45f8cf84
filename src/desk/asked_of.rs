//! What a step asks of its target before it is said: the playbook's audience, its own `if`. The tick, plans and what
//! screens say of what comes next ask here.

use chrono::NaiveDate;

use super::Desk;
use super::act::DeskError;
use crate::book::{Enrolment, GroupId, PlaybookId, Target, Timestamp};
use crate::sop::format::{Playbook, Step};
use crate::sop::judge::Unmet;
use crate::store::record::AskKey;

impl Desk {
    /// What of a playbook's audience and a step's `if` does not hold for its target at an instant; none where all does.
    /// `answered` says whether a question has an answer that is not empty: none for one that is open, which may yet
    /// become what the step wants.
    pub(in crate::desk) fn unmet(
        &self,
        enrolment: &Enrolment,
        playbook: &Playbook,
        step: &Step,
        at: Timestamp,
        answered: &dyn Fn(&str) -> Option<bool>,
    ) -> Result<Option<Unmet>, DeskError> {
        if !self.target_matches(&playbook.audience, enrolment.target, at)? {
            return Ok(Some(Unmet::Audience(playbook.audience.clone())));
        }
        self.unmet_if(enrolment, playbook, step, at, answered)
    }

    /// The same of the step's `if` alone.
    pub(in crate::desk) fn unmet_if(
        &self,
        enrolment: &Enrolment,
        playbook: &Playbook,
        step: &Step,
        at: Timestamp,
        answered: &dyn Fn(&str) -> Option<bool>,
    ) -> Result<Option<Unmet>, DeskError> {
        let other =
            |(key, wanted): &&(String, bool)| answered(key).is_some_and(|answered| answered != *wanted);
        if let Some((key, _)) = step.condition.asked.iter().find(other) {
            return Ok(Some(Unmet::Answer(key.clone())));
        }
        let holds = self.filter_holds(enrolment, playbook, step, at)?;
        Ok((!holds).then(|| Unmet::Condition(step.condition.filter.clone())))
    }

    /// The step's `if` as it stands: asked answers, and the filter about the target on the run's day.
    pub(crate) fn condition_holds(
        &self,
        enrolment: &Enrolment,
        playbook: &Playbook,
        step: &Step,
        run: NaiveDate,
        now: Timestamp,
    ) -> Result<bool, DeskError> {
        let answered = |key: &str| Some(self.is_answered(enrolment, playbook, run, key));
        Ok(self.unmet_if(enrolment, playbook, step, now, &answered)?.is_none())
    }

    /// The filter of a step's `if`, about its target.
    fn filter_holds(
        &self,
        enrolment: &Enrolment,
        playbook: &Playbook,
        step: &Step,
        now: Timestamp,
    ) -> Result<bool, DeskError> {
        if step.condition.filter.is_empty() {
            return Ok(true);
        }
        // the playbook's own days: where its day ends, and the enrolment's D0 for what was missed since
        let mut scene = self.scene(now);
        scene.zone = self.store.columns.zone_of(enrolment);
        scene.day_ends = playbook.day_ends.minutes();
        scene.since = Some(enrolment.status.anchor.d0);
        self.matches_in(&step.condition.filter, enrolment.target, scene)
    }

    /// Whether a question of an enrolment's run has an answer that is not empty.
    pub(in crate::desk) fn is_answered(
        &self,
        enrolment: &Enrolment,
        playbook: &Playbook,
        run: NaiveDate,
        key: &str,
    ) -> bool {
        self.is_answered_so_far(enrolment, playbook, run, key).unwrap_or(false)
    }

    /// The same; none where nobody answered it yet.
    pub(in crate::desk) fn is_answered_so_far(
        &self,
        enrolment: &Enrolment,
        playbook: &Playbook,
        run: NaiveDate,
        key: &str,
    ) -> Option<bool> {
        let group = match enrolment.target {
            Target::Group(group) => Some(group),
            _ => enrolment.group,
        };
        self.answer(&playbook.id, run, group, key).map(|answer| !answer.trim().is_empty())
    }

    /// Whether a step speaks of what nobody filled in, so that it cannot be said.
    pub(in crate::desk) fn is_unfilled(
        &self,
        playbook: &Playbook,
        step: &Step,
        run: NaiveDate,
        group: Option<GroupId>,
    ) -> bool {
        let open = |key: &str| {
            self.answer(&playbook.id, run, group, key).is_none_or(|answer| answer.trim().is_empty())
        };
        playbook.asks.iter().any(|ask| step.needs(&ask.key) && open(&ask.key))
    }

    /// The answer of a run's form: the group's own, else the run's.
    pub(crate) fn answer(
        &self,
        playbook: &PlaybookId,
        run: NaiveDate,
        group: Option<GroupId>,
        key: &str,
    ) -> Option<&str> {
        let find = |group| {
            let ask = AskKey { playbook: playbook.clone(), run, group, key: key.to_owned() };
            self.store.columns.answers.get(&ask).map(String::as_str)
        };
        group.and_then(|group| find(Some(group))).or_else(|| find(None))
    }
}
