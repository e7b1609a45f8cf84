//! What would have been offered while nobody looked: pauses, quiet hours and caps as they stood then.
//!
//! A program that was off finds in the morning what was due yesterday. Ticked all the time it would have waited for a
//! cap that was full and for the night, so that is when it is due now as well: an absence moves nothing. What counts at
//! an instant that is over is what had been sent by then, what was open then, and what would have been open then if
//! anybody had looked ([`super::past`]).
//!
//! One file because a step is asked of each such instant by all that may have held it then.

use chrono_tz::Tz;

use super::super::Desk;
use super::super::act::DeskError;
use super::super::recovering::whom_of;
use super::limits::Whom;
use super::past::Over;
use crate::book::time::MINUTE;
use crate::book::{Cap, Class, EndReason, Enrolment, Target, Task, Timestamp, Touch, Via, WaitReason};
use crate::queue::caps::{
    AFTER, Allowance, Count, allow, also, applies, caps_in, ended_by, is_cap, is_quiet,
};
use crate::queue::quiet::{Quiet, Respect, next_open_for, quiets, respect};
use crate::sop::calendar::{day_start, local_day, plus_days};
use crate::sop::format::{Late, Playbook, Step};
use crate::sop::judge::{Unmet, opens};
use crate::sop::schedule::{Course, Planned};
use crate::store::bodies::decode;
use crate::store::keys;

/// How often what held a step may have become something else before it is taken as it stands: a cap of an hour that is
/// full all night, for two weeks.
const LOOKS: usize = 400;

/// Whether a step waits for room under a cap, and not for what is more important.
fn is_for_room(why: &WaitReason) -> bool {
    is_cap(why) && !matches!(why, WaitReason::Cap { words } if words.ends_with(AFTER))
}

/// Whether quiet hours hold a step that no cap has held before them.
fn is_all_quiet(why: &WaitReason) -> bool {
    *why == WaitReason::QuietHours || (is_quiet(why) && caps_in(why).is_none())
}

/// A step, and whom one more touch would be about.
struct Asked<'a> {
    whom: Whom,
    class: Class,
    via: Via,
    zone: Tz,
    /// Until when it is paused at an instant: see [`Desk::paused_for`].
    paused: &'a dyn Fn(Timestamp) -> Option<Option<Timestamp>>,
    quiet: &'a [Quiet<'a>],
    until: Option<Timestamp>,
    now: Timestamp,
}

impl Desk {
    /// From when a planned step could be offered to somebody, not after `now`, and what held it until then.
    pub(super) fn offered_since(
        &self,
        enrolment: &Enrolment,
        playbook: &Playbook,
        step: &Step,
        planned: &Planned,
        target: Target,
        now: Timestamp,
    ) -> Result<(Timestamp, Option<WaitReason>), DeskError> {
        let zone = self.store.columns.zone_of(enrolment);
        let (protected, whom) = match target {
            // one of many whom a step of a group is for
            Target::Member(member) if target != enrolment.target => {
                let account = self.account_for_target(enrolment, step, target);
                let playbook = playbook.id.clone();
                let whom = Whom { member: Some(member), group: None, account, playbook, target, each: false };
                (whom.clone(), whom)
            }
            _ => (self.protected(enrolment, step), self.touched(enrolment, step)),
        };
        let status = &enrolment.status;
        let (from, why) = match &status.waiting {
            None => (planned.due_at, None),
            Some(why) => {
                let again = status.next_at.filter(|at| *at > planned.due_at);
                // what was in its way may have been over before
                let free = Some(&whom).filter(|_| is_for_room(why)).map(Over::all);
                let free = free.into_iter().flatten();
                let free = free.filter_map(|over| self.tick.absent.first_end(&over, planned.due_at));
                match again.into_iter().chain(free).min().filter(|at| *at <= now) {
                    Some(at) => (at, Some(why.clone())),
                    // what it waited for has ended just now
                    None => return Ok((now, Some(why.clone()))),
                }
            }
        };
        let hours = self.quiet_about(&protected, zone, now)?;
        let calendar = &*self.store.columns.holidays;
        let quiet = quiets(&hours, calendar);
        let (class, via) = (playbook.class_of(step), step.via);
        let paused = |at| self.paused_for(enrolment, step, at);
        let asked =
            Asked { whom, class, via, zone, paused: &paused, quiet: &quiet, until: planned.until, now };
        self.came_free(&asked, from, why)
    }

    /// What a step asks of its target and does not hold at the first or the last instant at which it is judged.
    pub(super) fn unmet_then(
        &self,
        enrolment: &Enrolment,
        playbook: &Playbook,
        step: &Step,
        (first, last): (Timestamp, Timestamp),
        answered: &dyn Fn(&str) -> Option<bool>,
    ) -> Result<Option<Unmet>, DeskError> {
        let unmet = self.unmet(enrolment, playbook, step, first, answered)?;
        if unmet.is_some() || first == last {
            return Ok(unmet);
        }
        self.unmet(enrolment, playbook, step, last, answered)
    }

    /// By which instants it is judged whom a step is for, first and last: when it is due and when it is offered. The day on
    /// which it is found later says nothing of a step that nobody looked at then.
    pub(super) fn judged_at(
        &self,
        enrolment: &Enrolment,
        playbook: &Playbook,
        step: &Step,
        planned: &Planned,
        now: Timestamp,
    ) -> Result<(Timestamp, Timestamp), DeskError> {
        let due_at = planned.due_at.max(self.falls_due_from(enrolment, playbook));
        let asks = step.who.is_some()
            || !step.condition.filter.is_empty()
            || !playbook.audience.is_empty()
            || playbook.fresh_of(step).is_some();
        if now.since(due_at) <= MINUTE || !(asks || self.anybody_rests()) {
            return Ok((now, now));
        }
        let (offered_at, _) =
            self.offered_since(enrolment, playbook, step, planned, enrolment.target, now)?;
        // what could be offered at no instant of its span is not judged by one behind it
        let last = offered_at.max(due_at);
        let last = if planned.until.is_some_and(|until| until <= last) { due_at } else { last };
        // one that waits was judged when it was due, and what is paused is judged when that is over
        let status = &enrolment.status;
        let first = match &status.waiting {
            Some(why) if *why == WaitReason::Paused || is_all_quiet(why) => status.next_at.unwrap_or(last),
            Some(_) => last,
            None => self.paused_for(enrolment, step, due_at).map_or(due_at, |until| until.unwrap_or(last)),
        };
        Ok((first.clamp(due_at, last), last))
    }

    /// Until when what is found late stood back while nobody looked, and behind what: others came before the pause or the
    /// quiet hours were over that held it, and are judged before it. None where it was said by then whom it is not for.
    pub(super) fn stood_back(
        &self,
        enrolment: &Enrolment,
        playbook: &Playbook,
        course: &Course<'_>,
        planned: &Planned,
        now: Timestamp,
    ) -> Result<Option<(Timestamp, WaitReason)>, DeskError> {
        let status = &enrolment.status;
        let at = status.next_at.map_or(planned.due_at, |at| at.max(planned.due_at));
        let Some(step) = playbook.step(planned.step).filter(|_| now.since(at) > MINUTE) else {
            return Ok(None);
        };
        let own = self.store.columns.enrolments.row(enrolment.id);
        let come_before = |since: Timestamp| {
            let mut others = self.store.columns.wakes.within(Timestamp(i64::MIN), Timestamp(since.0 + 1));
            others.find(|(_, row)| Some(*row) != own).is_some_and(|(at, row)| (at, Some(row)) < (since, own))
        };
        let stands = |since: Timestamp| at < since && since <= now && come_before(since);
        if let Some(until) = self.paused_for(enrolment, step, at) {
            return Ok(until.filter(|until| stands(*until)).map(|until| (until, WaitReason::Paused)));
        }
        let open = |step, planned: &Planned, at| {
            let hours = self.quiet_about(&self.protected(enrolment, step), course.zone, now)?;
            let quiet = quiets(&hours, course.holidays);
            let class = if step.via == Via::Internal { Class::Incident } else { playbook.class_of(step) };
            Ok::<_, DeskError>(opens(class, at, planned.until, &quiet))
        };
        let since = open(step, planned, at)?;
        if !stands(since) || planned.until.is_some_and(|until| until <= since) {
            return Ok(None);
        }
        // what the hours do not hold goes ahead of it
        let mut behind = course.after(&status.progress, planned);
        while let Some(next) = behind.filter(|next| next.due_at < since) {
            let Some(step) = playbook.step(next.step) else { break };
            if open(step, &next, next.due_at)? < since {
                return Ok(None);
            }
            behind = course.after(&status.progress, &next);
        }
        let answered = |key: &str| Some(self.is_answered(enrolment, playbook, planned.run, key));
        let is_out = self.step_rests_until(playbook, step, enrolment.target, at, true)?.is_some()
            || self.unmet(enrolment, playbook, step, at, &answered)?.is_some();
        Ok((!is_out).then(|| (since, also(status.waiting.as_ref(), &WaitReason::QuietHours))))
    }

    /// What held a step to its end while nobody looked: a cap, quiet hours, or its account could not send it. None where it
    /// was offered before, or could have been.
    pub(in crate::desk) fn held_to_its_end(
        &self,
        enrolment: &Enrolment,
        playbook: &Playbook,
        step: &Step,
        planned: &Planned,
        now: Timestamp,
    ) -> Result<Option<EndReason>, DeskError> {
        let held = |why| EndReason::Held { why };
        let waited = enrolment.status.waiting.clone().filter(is_cap).map(held);
        if now.since(planned.due_at) <= MINUTE {
            return Ok(waited);
        }
        let end = self.end_of(enrolment, playbook, step, planned, now)?.filter(|end| *end <= now);
        let Some(end) = end else { return Ok(waited) };
        // a wait for room ends no later than the step: one beyond that began when it was late already
        let status = &enrolment.status;
        if status.waiting.is_some() && status.next_at.is_some_and(|at| at > end) {
            return Ok(None);
        }
        // what held it until then: a night behind a cap that was full is not what ended it
        let (from, why) = self.offered_since(enrolment, playbook, step, planned, enrolment.target, end)?;
        if from < end {
            // whoever it fans out to has an account of their own
            let account = self.account_for(enrolment, step).filter(|_| step.who.is_none());
            return Ok(self.refused_then(account, step.via, end));
        }
        // quiet hours that a pause led into are why, as where they begin by themselves
        Ok(why.as_ref().and_then(ended_by).map(held))
    }

    /// From when on what comes behind a step that waited can be offered, and what held that: since the step itself could.
    /// None where it did not wait, and for what was planned for later or is held by no cap. A pause held all of it.
    pub(super) fn held_behind(
        &self,
        enrolment: &Enrolment,
        playbook: &Playbook,
        course: &Course<'_>,
        planned: &Planned,
        now: Timestamp,
    ) -> Result<Option<(Timestamp, WaitReason)>, DeskError> {
        let waited = enrolment.status.waiting.as_ref();
        let (Some(why), Some(step)) = (waited, playbook.step(planned.step)) else { return Ok(None) };
        let behind = course.pass(&enrolment.status.progress, planned);
        let Some(next) = course.next(&behind).filter(|next| next.due_at < now) else { return Ok(None) };
        let Some(of) = playbook.step(next.step) else { return Ok(None) };
        let since = match why {
            WaitReason::Paused => enrolment.status.next_at.filter(|at| *at <= now),
            WaitReason::QuietHours | WaitReason::Cap { .. }
                if self.is_capped(enrolment, of, playbook.class_of(of), now)? =>
            {
                let whom = enrolment.target;
                Some(self.offered_since(enrolment, playbook, step, planned, whom, now)?.0)
            }
            _ => None,
        };
        let Some(since) = since else { return Ok(None) };
        // what was over before that came to its end by itself
        let end = self.end_of(enrolment, playbook, of, &next, now)?;
        let stood = since > next.due_at && end.is_none_or(|end| since < end);
        Ok(stood.then(|| (since, why.clone())))
    }

    /// True where a cap counts a step of an enrolment.
    pub(super) fn is_capped(
        &self,
        enrolment: &Enrolment,
        step: &Step,
        class: Class,
        now: Timestamp,
    ) -> Result<bool, DeskError> {
        let caps = self.caps_about(&self.touched(enrolment, step), now)?;
        Ok(step.via != Via::Internal && caps.iter().any(|cap| applies(cap, class)))
    }

    /// When a step is of no more use: its span is over, or the day on which it could be said where it is dropped then.
    fn end_of(
        &self,
        enrolment: &Enrolment,
        playbook: &Playbook,
        step: &Step,
        planned: &Planned,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, DeskError> {
        if planned.until.is_some() || step.late != Late::Drop {
            return Ok(planned.until);
        }
        let zone = self.store.columns.zone_of(enrolment);
        let offered_at = self.offered_at(enrolment, playbook, step, planned, now)?;
        let tomorrow = plus_days(local_day(offered_at, zone, playbook.day_ends), 1);
        Ok(Some(day_start(tomorrow, zone, playbook.day_ends)))
    }

    /// Remembers what is born expired: if anybody had looked it would have been open, and counted.
    pub(super) fn would_have_been_open(
        &mut self,
        enrolment: &Enrolment,
        playbook: &Playbook,
        step: &Step,
        planned: &Planned,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        if self.store.columns.rules.caps.is_empty() || step.via == Via::Internal {
            return Ok(());
        }
        let Some(end) = self.end_of(enrolment, playbook, step, planned, now)? else { return Ok(()) };
        let (from, _) = self.offered_since(enrolment, playbook, step, planned, enrolment.target, now)?;
        let (whom, class) = (self.touched(enrolment, step), playbook.class_of(step));
        for over in Over::all(&whom) {
            self.tick.absent.add(over, class, from, end);
        }
        Ok(())
    }

    /// Remembers what nobody sent before its span was over: it was open until then, and counted.
    pub(super) fn was_open(&mut self, task: &Task, end: Timestamp) {
        if self.store.columns.rules.caps.is_empty() || task.via == Via::Internal || task.status.held.is_some()
        {
            return;
        }
        let Some(whom) = whom_of(task) else { return };
        let whom = whom.touched_by(task.via);
        for over in Over::all(&whom) {
            self.tick.absent.add(over, task.class, task.status.due_at, end);
        }
    }

    /// When the quiet hours end in which a task is made that was due before; none outside of such hours.
    pub(in crate::desk) fn still_quiet(
        &self,
        task: &Task,
        zone: Tz,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, DeskError> {
        let rule = respect(task.class);
        if now.since(task.status.due_at) <= MINUTE || task.via == Via::Internal || rule == Respect::Never {
            return Ok(None);
        }
        let open = self.quiet_ends(task, zone, now)?;
        Ok(open.filter(|open| task.status.until.is_none_or(|until| *open < until)))
    }

    /// When the quiet hours of whom a task is about end; none outside of such hours.
    pub(in crate::desk) fn quiet_ends(
        &self,
        task: &Task,
        zone: Tz,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, DeskError> {
        let Some(whom) = whom_of(task) else { return Ok(None) };
        let hours = self.quiet_about(&whom, zone, now)?;
        let calendar = &*self.store.columns.holidays;
        let open = next_open_for(now, &quiets(&hours, calendar));
        Ok((open > now).then_some(open))
    }

    /// When the quiet hours end in which a task that was put off to `at` is looked at only now; none where it is looked
    /// at in time, since whoever put it off may have meant the night.
    pub(super) fn wakes_into_quiet(
        &self,
        task: &Task,
        at: Timestamp,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, DeskError> {
        if now.since(at) <= MINUTE {
            return Ok(None);
        }
        self.still_quiet(task, self.zone_of_task(task)?, now)
    }

    /// The zone in which the enrolment that a task is of counts; of what is of none, the store's.
    pub(in crate::desk) fn zone_of_task(&self, task: &Task) -> Result<Tz, DeskError> {
        let enrolment = task.of.first().map(|id| self.store.enrolment(*id)).transpose()?.flatten();
        let columns = &self.store.columns;
        Ok(enrolment.map_or(columns.store.zone, |enrolment| columns.zone_of(&enrolment)))
    }

    /// The first instant from one on at which neither a pause nor hours nor caps held a step, not after now.
    fn came_free(
        &self,
        asked: &Asked<'_>,
        from: Timestamp,
        why: Option<WaitReason>,
    ) -> Result<(Timestamp, Option<WaitReason>), DeskError> {
        let (mut at, mut why) = (from, why);
        let rule = respect(asked.class);
        let caps = self.caps_about(&asked.whom, asked.now)?;
        for _ in 0..LOOKS {
            if at >= asked.now {
                break;
            }
            if let Some(until) = (asked.paused)(at) {
                (at, why) = (until.unwrap_or(asked.now), Some(WaitReason::Paused));
                continue;
            }
            if asked.via == Via::Internal {
                break;
            }
            let open = next_open_for(at, asked.quiet);
            let heeds = match rule {
                Respect::Never => false,
                // what is kept beyond its span has none any more
                Respect::WithinSpan => asked.until.is_none_or(|until| open < until || until <= at),
                Respect::Always => true,
            };
            if heeds && open > at {
                (at, why) = (open, Some(also(why.as_ref(), &WaitReason::QuietHours)));
                continue;
            }
            let (mut failed, mut ends) = (None, None);
            let allowance = allow(&caps, asked.class, at, asked.zone, |cap, window| {
                let Some(over) = Over::of(cap, &asked.whom) else { return Count::default() };
                let absent = self.tick.absent.open_at(&over, cap, at);
                ends = ends.into_iter().chain(absent.first_to).min();
                let then = match &over {
                    Over::Target(target) => self.count_then(cap, *target, window, at),
                    Over::Store | Over::Playbook(_) => Ok(self.counted_then(cap, &over, window, at)),
                };
                let mut count = then.unwrap_or_else(|error| {
                    failed = Some(error);
                    Count::default()
                });
                count.used = count.used.saturating_add(absent.n);
                if matches!(over, Over::Target(_)) {
                    count.last_at = count.last_at.max(absent.last_from);
                }
                count
            });
            if let Some(error) = failed {
                return Err(error);
            }
            let Allowance::Full { next_at, usage } = allowance else { break };
            // what would have ended unsent would have made room
            at = ends.map_or(next_at, |end: Timestamp| end.min(next_at));
            why = Some(also(why.as_ref(), &WaitReason::Cap { words: usage.code() }));
        }
        Ok((at.min(asked.now), why))
    }

    /// What counted against a cap at an instant that is over.
    fn count_then(
        &self,
        cap: &Cap,
        target: Target,
        window: (Timestamp, Timestamp),
        at: Timestamp,
    ) -> Result<Count, DeskError> {
        let columns = &self.store.columns;
        let mut count = Count { used: 0, last_at: self.sent_before(cap, target, window.0)? };
        let mut add = |sent_at: Timestamp| {
            count.used += 1;
            count.last_at = count.last_at.max(Some(sent_at));
        };
        let (prefix, from) = (keys::touches(target), keys::touches_from(target, window.0));
        for (key, bytes) in self.store.bodies.range(&prefix, &from, usize::MAX)? {
            let Some(sent_at) = keys::touch_time(&key) else { continue };
            let (class, task) = match decode::<Touch>(&bytes) {
                Ok(touch) if touch.with.is_some() => continue,
                Ok(touch) => (Some(touch.class), Some(touch.task)),
                Err(_) => (std::str::from_utf8(&bytes).ok().and_then(Class::parse), None),
            };
            if !class.is_some_and(|class| applies(cap, class)) {
                continue;
            }
            let due_at = task.and_then(|task| columns.tasks.by_id(task)).map(|task| task.due_at);
            if sent_at <= at {
                add(sent_at);
            } else if let Some(due_at) = due_at.filter(|due_at| *due_at <= at) {
                // it was open then
                add(due_at);
            }
        }
        let is_group = matches!(target, Target::Group(_));
        if matches!(target, Target::Account(_)) {
            let open = self.counted_then(cap, &Over::Target(target), window, at);
            count.used = count.used.saturating_add(open.used);
            count.last_at = count.last_at.max(open.last_at);
        } else {
            let rows = columns.owner(target).into_iter().flat_map(|owner| columns.queue.of(owner));
            let open = rows.filter_map(|row| columns.tasks.get(row)).filter(|task| {
                task.is_touch()
                    && (!is_group || task.via == Via::Group)
                    && !task.held
                    && task.due_at <= at
                    && applies(cap, task.class)
            });
            open.for_each(|task| add(task.due_at));
        }
        Ok(count)
    }
}
