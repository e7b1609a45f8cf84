//! One enrolment wakes: what is next for it is judged anew and fires, moves, waits, or ends.
//!
//! One file because the questions are asked in one order, and the order is the rule.

use std::sync::Arc;

use super::super::Desk;
use super::super::act::{Act, DeskError};
use super::super::follow::marketing_off;
use super::fire::Fired;
use super::limits::Whom;
use crate::book::time::MINUTE;
use crate::book::{
    EndReason, Enrolment, EnrolmentId, EnrolmentState, EnrolmentStatus, Progress, Target, TaskState,
    Timestamp, WaitReason,
};
use crate::queue::caps::{Allowance, also, is_by_rules};
use crate::queue::quiet::quiets;
use crate::sop::calendar::{day_start, local_day, plus_days};
use crate::sop::format::{Playbook, Step, StopRule};
use crate::sop::judge::{Context, Verdict, judge, offered_at};
use crate::sop::plan::{AHEAD_MAX, LOOKS_AHEAD};
use crate::sop::schedule::{Course, Planned};
use crate::store::Body;
use crate::store::keys;
use crate::store::record::PlaybookState;

/// How many occurrences one wake-up passes before it lets others go first.
const PASSES: usize = 20;

/// What became of a planned step that is due.
enum Dealt {
    /// It became a task, or was none of this target's.
    Passed,
    /// It is looked at again then, or when something changes.
    Waits(Option<Timestamp>, Option<WaitReason>),
    /// What is still to come moves by so many days.
    Shifted(u32),
    /// The enrolment is over.
    Ended,
    /// More of it comes in the next slice, from the same wake-up.
    Partly,
}

impl From<Fired> for Dealt {
    fn from(fired: Fired) -> Self {
        match fired {
            Fired::Whole => Self::Passed,
            // its wake-up stands at the head as it did: the next slice goes on
            Fired::Partly => Self::Partly,
            // the step is not passed before all it fans out to had it or it is over
            Fired::Later(at, why) => Self::Waits(Some(at), Some(why)),
        }
    }
}

impl Desk {
    /// Looks at what is next for an enrolment, again and again until it lies ahead.
    pub(super) fn wake(&mut self, act: &Act, id: EnrolmentId) -> Result<(), DeskError> {
        for pass in 0..PASSES {
            let Some(enrolment) = self.store.enrolment(id)? else { return Ok(()) };
            if pass > 0 && self.others_come_first(&enrolment, act.at) {
                return Ok(());
            }
            if enrolment.status.state != EnrolmentState::Active {
                return self.set_status(
                    act,
                    &enrolment,
                    EnrolmentStatus { next_at: None, ..enrolment.status.clone() },
                );
            }
            let Some(playbook) = self.playbooks.get(&enrolment.playbook, enrolment.status.version) else {
                return self.set_status(
                    act,
                    &enrolment,
                    EnrolmentStatus { next_at: None, ..enrolment.status.clone() },
                );
            };
            if !self.wake_once(act, &enrolment, &playbook)? {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Whether something of another enrolment fell due before what is next for one that is behind: after an absence things
    /// come in the order of their instants, so that each is judged by what was known by then.
    fn others_come_first(&self, enrolment: &Enrolment, now: Timestamp) -> bool {
        let own = enrolment.status.next_at.filter(|at| *at < now);
        own.is_some_and(|own| self.store.columns.wakes.first().is_some_and(|(at, _)| at < own))
    }

    /// One look; true when there may be more to do at once.
    fn wake_once(
        &mut self,
        act: &Act,
        enrolment: &Enrolment,
        playbook: &Arc<Playbook>,
    ) -> Result<bool, DeskError> {
        let now = act.at;
        let zone = self.store.columns.zone_of(enrolment);
        let holidays = self.store.columns.holidays.clone();
        let course = Course { playbook, anchor: &enrolment.status.anchor, zone, holidays: &holidays };
        let progress = &enrolment.status.progress;
        if !self.is_open_target(enrolment.target) {
            let gone = if matches!(enrolment.target, Target::Account(_)) { "account-gone" } else { "gone" };
            self.stop(act, enrolment, &StopRule::Filter(gone.to_owned()))?;
            return Ok(false);
        }
        if let Some(campaign) = self.campaign_of(enrolment).filter(|campaign| campaign.is_over(now)) {
            let campaign = campaign.clone();
            self.leaves_campaign(act, enrolment.id, &campaign)?;
            return Ok(false);
        }
        let Some(planned) = course.next(progress) else {
            if let Some(year) = course.waits_for_a_year(progress) {
                // not over: its year is unknown. Whoever gives it has this looked at; else each of its days looks
                let day_ends = playbook.day_ends;
                let tomorrow = plus_days(local_day(now, zone, day_ends), 1);
                let again = day_start(tomorrow.max(year), zone, day_ends);
                self.wait_until(act, enrolment, Some(again), Some(WaitReason::Calendar))?;
                return Ok(false);
            }
            if self.has_open_tasks(enrolment)? {
                // it ends with its last task, not when that was offered: stop rules still hold until then
                self.wait_until(act, enrolment, None, None)?;
                return Ok(false);
            }
            self.came_to_its_end(act, enrolment, playbook, zone)?;
            return Ok(false);
        };
        let asks_at = self.open_asks(act, enrolment, playbook, &planned, zone)?;
        if planned.due_at > now {
            let next = asks_at.map_or(planned.due_at, |at| at.min(planned.due_at));
            self.wait_until(act, enrolment, Some(next), None)?;
            return Ok(false);
        }
        if !self.is_fanned(enrolment.id)
            && let Some((until, why)) = self.stood_back(enrolment, playbook, &course, &planned, now)?
        {
            let (next_at, waiting) = (Some(until), Some(why));
            let after = EnrolmentStatus { next_at, waiting, ..enrolment.status.clone() };
            self.set_status(act, enrolment, after)?;
            return Ok(false);
        }
        let since = self.held_behind(enrolment, playbook, &course, &planned, now)?;
        match self.deal(act, enrolment, playbook, &course, &planned, true)? {
            Dealt::Passed => {
                self.pass_since(act, enrolment, &course, course.pass(progress, &planned), since)?;
            }
            Dealt::Shifted(days) => self.pass(act, enrolment, &course, course.shift(progress, days))?,
            Dealt::Waits(Some(until), Some(why)) if is_by_rules(&why) => {
                let why = also(enrolment.status.waiting.as_ref(), &why);
                return self.go_ahead(act, enrolment, playbook, &course, planned, until, why);
            }
            Dealt::Waits(until, why) => {
                self.wait_until(act, enrolment, until, why)?;
                return Ok(false);
            }
            Dealt::Ended | Dealt::Partly => return Ok(false),
        }
        Ok(true)
    }

    /// While a step waits for quiet hours or a cap, later ones that neither concerns come at their time: a message of
    /// service is not held by one of marketing before it. True when one was passed.
    #[expect(clippy::too_many_arguments, reason = "one step of one enrolment, and how long it waits")]
    fn go_ahead(
        &mut self,
        act: &Act,
        enrolment: &Enrolment,
        playbook: &Arc<Playbook>,
        course: &Course<'_>,
        head: Planned,
        until: Timestamp,
        why: WaitReason,
    ) -> Result<bool, DeskError> {
        let progress = &enrolment.status.progress;
        let moves = playbook.step(head.step).is_some_and(|step| playbook.shifts(step));
        let mut looks = if moves || progress.goto.is_some() { 0 } else { LOOKS_AHEAD };
        looks = looks.min(AHEAD_MAX.saturating_sub(progress.ahead.len()));
        // what is said of the step that waits is said of no other
        let other = EnrolmentStatus { waiting: None, ..enrolment.status.clone() };
        let other = Enrolment { status: other, ..enrolment.clone() };
        let (mut next, mut waiting) = (until, vec![head]);
        for _ in 0..looks {
            let behind = waiting.last().and_then(|before| course.after(progress, before));
            let Some(planned) = behind else { break };
            let asks_at = self.open_asks(act, &other, playbook, &planned, course.zone)?;
            next = asks_at.map_or(next, |at| next.min(at));
            if planned.due_at > act.at {
                next = next.min(planned.due_at);
                break;
            }
            if planned.speaks_after(playbook, &waiting) {
                // nobody answers what was not said yet
                waiting.push(planned);
                continue;
            }
            match self.deal(act, &other, playbook, course, &planned, false)? {
                Dealt::Passed => {
                    self.pass(act, enrolment, course, course.pass_ahead(progress, &planned))?;
                    return Ok(true);
                }
                Dealt::Waits(Some(until), Some(_)) => next = next.min(until),
                Dealt::Waits(..) | Dealt::Shifted(_) => break,
                Dealt::Ended | Dealt::Partly => return Ok(false),
            }
            waiting.push(planned);
        }
        self.wait_until(act, enrolment, Some(next), Some(why))?;
        Ok(false)
    }

    /// What becomes of a planned step that is due, the first that is or one behind it.
    fn deal(
        &mut self,
        act: &Act,
        enrolment: &Enrolment,
        playbook: &Arc<Playbook>,
        course: &Course<'_>,
        planned: &Planned,
        first: bool,
    ) -> Result<Dealt, DeskError> {
        let Some(step) = playbook.step(planned.step) else { return Ok(Dealt::Ended) };
        if step.collects(playbook.target)
            && enrolment.group.is_some_and(|group| !self.is_open_target(Target::Group(group)))
        {
            // nobody can speak there any more: it counts, and the rest of the playbook goes on
            let (state, reason) = (TaskState::Cancelled, EndReason::TargetGone);
            self.fire_ended(act, enrolment, playbook, step, planned, state, reason)?;
            return Ok(Dealt::Passed);
        }
        Ok(match self.verdict(enrolment, playbook, course, step, planned, act.at, first)? {
            // what is kept is kept to be said: of a round that is over and whose form nobody filled in there is nothing
            Verdict::Fire { .. }
                if planned.until.is_some_and(|end| end <= act.at)
                    && self.waits_for_its_form(act, enrolment, playbook, step, planned)? =>
            {
                let (state, reason) = (TaskState::Expired, EndReason::TooLate);
                self.fire_ended(act, enrolment, playbook, step, planned, state, reason)?;
                Dealt::Passed
            }
            Verdict::Fire { until } => {
                if step.who.is_none() {
                    match self.is_its_turn(act, enrolment, playbook, step, planned)? {
                        Some(true) => {}
                        Some(false) => return Ok(Dealt::Passed),
                        // its wake-up stands at the head as it did
                        None => return Ok(Dealt::Partly),
                    }
                }
                // nothing of a campaign outlasts it
                let ends = self.campaign_of(enrolment).map(|campaign| campaign.until);
                let until = until.map_or(ends, |until| Some(ends.map_or(until, |ends| ends.min(until))));
                self.fire(act, enrolment, playbook, step, planned, until)?.into()
            }
            Verdict::Skip(reason) => {
                self.fire_ended(act, enrolment, playbook, step, planned, TaskState::Skipped, reason)?;
                Dealt::Passed
            }
            Verdict::Expire(reason) => {
                // only of the first it is remembered that it waited
                let waited = matches!(reason, EndReason::Held { .. })
                    && (!first || enrolment.status.waiting.as_ref().is_some_and(is_by_rules));
                match (&step.who, enrolment.target) {
                    // others had theirs: it is over for each of those whom it waited for
                    (Some(who), within @ (Target::Group(_) | Target::Account(_))) if waited => {
                        let (until, over) = (planned.until, Some(reason));
                        self.fan_out(act, enrolment, playbook, step, planned, until, who, within, over)?
                            .into()
                    }
                    _ => {
                        let state = TaskState::Expired;
                        self.fire_ended(act, enrolment, playbook, step, planned, state, reason)?;
                        Dealt::Passed
                    }
                }
            }
            Verdict::Shift { days } => Dealt::Shifted(days),
            Verdict::Move { to, why } => Dealt::Waits(Some(to), Some(why)),
            Verdict::Hold { until, why } => Dealt::Waits(until, why),
            Verdict::End { rule } => {
                let found = playbook.stop.iter().find(|r| r.word() == rule).cloned();
                self.stop(act, enrolment, &found.unwrap_or(StopRule::Filter(rule)))?;
                Dealt::Ended
            }
        })
    }

    #[expect(clippy::too_many_arguments, reason = "one step of one enrolment, spelled out")]
    pub(super) fn verdict(
        &mut self,
        enrolment: &Enrolment,
        playbook: &Playbook,
        course: &Course<'_>,
        step: &Step,
        planned: &Planned,
        now: Timestamp,
        first: bool,
    ) -> Result<Verdict, DeskError> {
        let target = enrolment.target;
        let stopped = self.fulfilled(playbook, target, now)?.map(|rule| rule.word());
        let off = self.is_marketing_off(playbook.class, target);
        let hours = self.quiet_about(&self.protected(enrolment, step), course.zone, now)?;
        let calendar = course.holidays;
        let quiet = quiets(&hours, calendar);
        let class = playbook.class_of(step);
        let allowance = self.allow_touch(&self.touched(enrolment, step), class, course.zone, now)?;
        let answered = |key: &str| Some(self.is_answered(enrolment, playbook, planned.run, key));
        let judged = self.judged_at(enrolment, playbook, step, planned, now)?;
        let mut rests = self.step_rests_until(playbook, step, target, judged.0, true)?;
        if rests.is_none() && judged.1 > judged.0 {
            rests = self.step_rests_until(playbook, step, target, judged.1, true)?;
        }
        let context = Context {
            stopped: if off { Some(marketing_off().word()) } else { stopped },
            // one step of a playbook that goes on
            unwanted: self.is_marketing_off(class, target).then(|| marketing_off().word()),
            paused: self.paused_for(enrolment, step, now),
            day_off: self.store.columns.days_off.contains(&(playbook.id.clone(), planned.occurrence)),
            waits_for_late: self.waits_for_late(enrolment, playbook)?,
            rests: rests.map(|until| until.day(course.zone)),
            unmet: self.unmet_then(enrolment, playbook, step, judged, &answered)?,
            fresh: self.is_fresh(enrolment, playbook, step, judged.0)?,
            quiet: &quiet,
            allowance,
            waits_for_room: true,
            held: self.held_to_its_end(enrolment, playbook, step, planned, now)?,
        };
        let verdict = judge(course, step, planned, now, &context);
        if matches!(verdict, Verdict::Move { why: WaitReason::QuietHours, .. })
            && context.allowance == Allowance::Open
            && step.who.is_none()
            && now.since(planned.due_at) > MINUTE
            // what stands behind a step that a cap holds was offered no sooner than that
            && (first || !self.is_capped(enrolment, step, class, now)?)
        {
            let since = self.offered_since(enrolment, playbook, step, planned, target, now)?.0;
            if now.since(since) > MINUTE {
                // it would have been offered before these hours began: it is owed since, and waits for their end in the
                // queue
                return Ok(Verdict::Fire { until: planned.until.filter(|until| *until > now) });
            }
        }
        if let Verdict::Fire { until } = &verdict
            && let Some(verdict) = self.gives_way(
                &self.touched(enrolment, step),
                enrolment.id,
                playbook,
                step,
                course.zone,
                now,
                *until,
            )?
        {
            return Ok(verdict);
        }
        Ok(verdict)
    }

    /// Whether a step waits because its playbook, its target or the group it is said in is paused: until when, or none
    /// for until told otherwise.
    #[expect(clippy::option_option, reason = "not paused, paused until told otherwise, paused until then")]
    pub(in crate::desk) fn paused_for(
        &self,
        enrolment: &Enrolment,
        step: &Step,
        now: Timestamp,
    ) -> Option<Option<Timestamp>> {
        let columns = &self.store.columns;
        // what was removed goes on for nobody who has not left it yet
        let paused_playbook = columns
            .playbooks
            .get(&enrolment.playbook)
            .is_some_and(|column| column.state != PlaybookState::Running);
        // what a playbook of members says in a group waits for the group as well
        let said_in = enrolment.group.filter(|_| step.via == crate::book::Via::Group).map(Target::Group);
        let pauses: Vec<_> = [Some(enrolment.target), said_in]
            .into_iter()
            .flatten()
            .filter_map(|of| columns.pause_of(of, now))
            .collect();
        match pauses.as_slice() {
            _ if paused_playbook => Some(None),
            [] => None,
            // until all of them are over, which for one without an end is when it is told
            some => {
                Some(some.iter().map(|pause| pause.until).try_fold(now, |last, until| Some(last.max(until?))))
            }
        }
    }

    /// True while an earlier step that moves the rest is still owed: later ones wait for it.
    fn waits_for_late(&self, enrolment: &Enrolment, playbook: &Playbook) -> Result<bool, DeskError> {
        Ok(!self.late_and_open(enrolment, playbook)?.is_empty())
    }

    /// Open tasks of an enrolment that move what comes after them, newest first, with their steps.
    pub(in crate::desk) fn late_and_open(
        &self,
        enrolment: &Enrolment,
        playbook: &Playbook,
    ) -> Result<Vec<(String, Timestamp)>, DeskError> {
        let mut open = Vec::new();
        if !playbook.steps.iter().any(|step| playbook.shifts(step)) {
            return Ok(open);
        }
        for id in self.open_tasks_of(enrolment)? {
            if let Some(task) = self.store.task(id)?
                && let crate::book::TaskKind::Step { key, .. } = &task.kind
                && playbook.step_by_id(&key.step).is_some_and(|(_, step)| playbook.shifts(step))
            {
                open.push((key.step.clone(), task.fired_at));
            }
        }
        Ok(open)
    }

    /// True while a task of an enrolment is open.
    fn has_open_tasks(&self, enrolment: &Enrolment) -> Result<bool, DeskError> {
        Ok(!self.open_tasks_of(enrolment)?.is_empty())
    }

    /// Whom a step of an enrolment is about, for rules that protect: the group it is said in or anchored by too.
    pub(in crate::desk) fn protected(&self, enrolment: &Enrolment, step: &Step) -> Whom {
        let group = match enrolment.target {
            Target::Group(group) => Some(group),
            _ => enrolment.group,
        };
        let member = match enrolment.target {
            Target::Member(member) => Some(member),
            _ => None,
        };
        Whom {
            member,
            group,
            account: self.account_for(enrolment, step),
            playbook: enrolment.playbook.clone(),
            target: enrolment.target,
            each: step.who.is_some(),
        }
    }

    /// When a planned step could be offered at the earliest, by the quiet hours of whom it is about.
    pub(in crate::desk) fn offered_at(
        &self,
        enrolment: &Enrolment,
        playbook: &Playbook,
        step: &Step,
        planned: &Planned,
        now: Timestamp,
    ) -> Result<Timestamp, DeskError> {
        let zone = self.store.columns.zone_of(enrolment);
        let hours = self.quiet_about(&self.protected(enrolment, step), zone, now)?;
        let calendar = &*self.store.columns.holidays;
        let quiet = quiets(&hours, calendar);
        Ok(offered_at(playbook.class_of(step), step.via, planned, &quiet))
    }

    /// Whom a step of an enrolment would be a touch of: what is said in a group is none of its members.
    pub(in crate::desk) fn touched(&self, enrolment: &Enrolment, step: &Step) -> Whom {
        self.protected(enrolment, step).touched_by(step.via)
    }

    /// Whom a step's touch is counted for: the group where it is said in one.
    pub(in crate::desk) fn touch_target(
        &self,
        enrolment: &Enrolment,
        playbook: &Playbook,
        step: &Step,
    ) -> Target {
        match (enrolment.group, step.collects(playbook.target)) {
            (Some(group), true) => Target::Group(group),
            _ => enrolment.target,
        }
    }

    /// Touches of a target from an instant on.
    pub(crate) fn touches_since(
        &self,
        target: Target,
        from: Timestamp,
    ) -> Result<Vec<crate::book::Touch>, DeskError> {
        let prefix = keys::touches(target);
        let rows = self.store.bodies.range(&prefix, &keys::touches_from(target, from), usize::MAX)?;
        Ok(rows.iter().filter_map(|(_, bytes)| crate::store::bodies::decode(bytes).ok()).collect())
    }

    pub(super) fn pass(
        &mut self,
        act: &Act,
        enrolment: &Enrolment,
        course: &Course<'_>,
        progress: Progress,
    ) -> Result<(), DeskError> {
        self.pass_since(act, enrolment, course, progress, None)
    }

    /// The same; what comes next has stood behind one that waited until then, for what is said.
    fn pass_since(
        &mut self,
        act: &Act,
        enrolment: &Enrolment,
        course: &Course<'_>,
        progress: Progress,
        behind: Option<(Timestamp, WaitReason)>,
    ) -> Result<(), DeskError> {
        // firing may have ended it: a stop that its own effects fulfilled
        let Some(fresh) = self.store.enrolment(enrolment.id)? else { return Ok(()) };
        if fresh.status.state != EnrolmentState::Active {
            return Ok(());
        }
        let (since, waiting) = match behind {
            Some((since, why)) => (since, Some(why)),
            // what is due already comes when its turn is
            None => (course.next(&progress).map_or(act.at, |next| next.due_at.min(act.at)), None),
        };
        let after = EnrolmentStatus { progress, waiting, next_at: Some(since), ..fresh.status.clone() };
        self.set_status(act, &fresh, after)
    }

    fn wait_until(
        &mut self,
        act: &Act,
        enrolment: &Enrolment,
        next_at: Option<Timestamp>,
        waiting: Option<WaitReason>,
    ) -> Result<(), DeskError> {
        // a wake-up that leads to itself would turn for ever
        let next_at =
            next_at.map(|at| if at <= act.at { Timestamp(act.at.0 + crate::book::time::MINUTE) } else { at });
        let after = EnrolmentStatus { next_at, waiting, ..enrolment.status.clone() };
        self.set_status(act, enrolment, after)
    }

    pub(crate) fn set_status(
        &mut self,
        act: &Act,
        enrolment: &Enrolment,
        after: EnrolmentStatus,
    ) -> Result<(), DeskError> {
        if after == enrolment.status {
            return Ok(());
        }
        let body =
            Body::EnrolmentChanged { enrolment: enrolment.id, before: enrolment.status.clone(), after };
        self.stage(act, body)
    }

    /// Has an enrolment looked at by the next tick, with why and until when it waited as it is: both decide about its end.
    pub(crate) fn look_again(&mut self, act: &Act, enrolment: &Enrolment) -> Result<(), DeskError> {
        self.tick.due = true;
        let at = enrolment.status.next_at.map_or(act.at, |at| at.min(act.at));
        let after = EnrolmentStatus { next_at: Some(at), ..enrolment.status.clone() };
        self.set_status(act, enrolment, after)
    }

    /// Sets the next instant of an enrolment from its plan; what is already due is looked at by the next tick.
    pub(crate) fn plan_next(&mut self, act: &Act, id: EnrolmentId) -> Result<(), DeskError> {
        let Some(enrolment) = self.store.enrolment(id)? else { return Ok(()) };
        if enrolment.status.state != EnrolmentState::Active {
            return Ok(());
        }
        let Some(playbook) = self.playbooks.get(&enrolment.playbook, enrolment.status.version) else {
            return Ok(());
        };
        let zone = self.store.columns.zone_of(&enrolment);
        let holidays = self.store.columns.holidays.clone();
        let course =
            Course { playbook: &playbook, anchor: &enrolment.status.anchor, zone, holidays: &holidays };
        let planned = course.next(&enrolment.status.progress);
        let asks = planned.as_ref().and_then(|p| self.next_ask(&playbook, &course, p, act.at));
        let next_at =
            planned.map_or_else(|| self.brought_at(act), |p| asks.map_or(p.due_at, |at| at.min(p.due_at)));
        self.tick.due |= next_at <= act.at;
        // what a pause has held until now comes now, not when it would have
        let paused = enrolment.status.waiting.clone().filter(|why| *why == WaitReason::Paused);
        let waiting = paused.filter(|_| next_at < act.at);
        let next_at = if waiting.is_some() { act.at } else { next_at };
        let after = EnrolmentStatus { next_at: Some(next_at), waiting, ..enrolment.status.clone() };
        self.set_status(act, &enrolment, after)
    }
}
