//! A plan walked through in order of time, as the desk will: whatever is next is looked at when it is due or when what
//! held it ends, what waits for a cap or for quiet hours lets later steps go first, and under a cap of a day the more
//! important of several goes before.
//!
//! One file because the questions are asked in one order, which is that of a tick.

mod rivals;

use std::collections::BTreeMap;

use super::{AHEAD_MAX, Counted, Facts, Fresh, Known, LOOKS_AHEAD, Limits, Moved, PlanRow, Reach, StepRules};
use crate::book::time::MINUTE;
use crate::book::{Cap, CapScope, Class, EndReason, Progress, Timestamp, Via, WaitReason};
use crate::queue::caps::{AFTER, Allowance, Count, allow, also, applies, ended_by, is_by_rules};
use crate::queue::quiet::never_opens;
use crate::sop::format::{Playbook, Step};
use crate::sop::judge::{Context, Unmet, Verdict, judge};
use crate::sop::schedule::{Coming, Course, Planned};

/// Looks after which what still waits is shown as waiting: full caps can push it on for ever.
const LOOKS_MAX: usize = 200_000;

/// One way through a playbook, and where it stands.
#[derive(Clone, Debug)]
pub struct Way<'a> {
    pub course: Course<'a>,
    pub progress: Progress,
    /// By position of the step.
    pub rules: &'a [StepRules<'a>],
    /// When it is looked at next; none for when its next step is due.
    pub looks_at: Option<Timestamp>,
    /// What its next step has waited for until then.
    pub waiting: Option<WaitReason>,
    /// Nothing of it comes from then on, and why.
    pub ends: Option<(Timestamp, &'a str)>,
    /// Why nothing of it comes at all.
    pub stuck: Option<Moved>,
    /// Its rows are wanted; else it only takes room under the caps.
    pub shown: bool,
}

impl<'a> Way<'a> {
    /// One that waits for nothing.
    pub const fn new(course: Course<'a>, progress: Progress, rules: &'a [StepRules<'a>]) -> Self {
        Self { course, progress, rules, looks_at: None, waiting: None, ends: None, stuck: None, shown: true }
    }
}

/// A way being gone.
struct Walk<'a> {
    way: Way<'a>,
    coming: Coming,
    next_at: Timestamp,
    /// What held the step before, and until when.
    behind: Option<(Timestamp, Moved)>,
    over: bool,
}

impl Walk<'_> {
    /// Why a step that is looked at does not come, and none that is due after it.
    fn stands_still(&self, planned: &Planned, now: Timestamp) -> Option<Moved> {
        let over = self.way.ends.filter(|(ends, _)| *ends <= planned.due_at.max(now));
        self.way.stuck.clone().or_else(|| over.map(|(_, why)| Moved::Over(why.to_owned())))
    }
}

/// How a step ends that is not said.
fn ends_by(end: EndReason, unmet: Option<Unmet>) -> Moved {
    match (end, unmet) {
        (EndReason::Condition, Some(unmet)) => Moved::Unmet(unmet),
        (end, _) => Moved::Expired(end),
    }
}

/// True for a step that is said to others.
fn passes_by(way: &Way<'_>, planned: &Planned) -> bool {
    way.rules.get(usize::from(planned.step)).is_some_and(|rules| rules.passes_by)
}

/// A message of the plan.
#[derive(Clone, Copy, Debug)]
struct Touched {
    at: Timestamp,
    class: Class,
    reach: Reach,
    /// Of which way.
    of: usize,
}

/// A plan being made: several ways of one target share its caps.
pub struct Planning<'a> {
    counted: Counted<'a>,
    known: Known<'a>,
    limits: Limits,
    walks: Vec<Walk<'a>>,
    /// In order of time.
    touched: Vec<Touched>,
    rows: Vec<PlanRow>,
    /// When each wording of a step with a freshness span was said last: by playbook and step.
    had: BTreeMap<(&'a str, &'a str), Vec<Option<Timestamp>>>,
    /// Instants at which all are looked at although nobody asked for it, the last first.
    pub(super) early: Vec<Timestamp>,
}

impl<'a> Planning<'a> {
    pub const fn new(counted: Counted<'a>, known: Known<'a>, limits: Limits) -> Self {
        Self {
            counted,
            known,
            limits,
            walks: Vec::new(),
            touched: Vec::new(),
            rows: Vec::new(),
            had: BTreeMap::new(),
            early: Vec::new(),
        }
    }

    /// Plans one more way. Of what is due at one instant the way that was given first is looked at first.
    pub fn follow(&mut self, mut way: Way<'a>) {
        let mut coming = Coming::default();
        while let Some(planned) = coming.next(&way.course, &way.progress).filter(|next| passes_by(&way, next))
        {
            if self.limits.until.is_some_and(|until| planned.due_at > until) {
                break;
            }
            way.progress = way.course.pass(&way.progress, &planned);
        }
        let due_at = coming.next(&way.course, &way.progress).map(|planned| planned.due_at);
        let next_at = way.looks_at.or(due_at);
        let (over, next_at) = (due_at.is_none(), next_at.unwrap_or(Timestamp(0)));
        self.walks.push(Walk { way, coming, next_at, behind: None, over });
    }

    /// The rows in order of time, as many as were asked for.
    pub fn done(mut self) -> Vec<PlanRow> {
        for _ in 0..LOOKS_MAX {
            if !self.walks.iter().any(|walk| walk.way.shown && !walk.over) {
                break;
            }
            let open = self.walks.iter().enumerate().filter(|(_, walk)| !walk.over);
            let Some((at, walk)) = open.min_by_key(|(at, walk)| (walk.next_at, *at)) else { break };
            if let Some(early) = self.early.last().copied().filter(|early| *early < walk.next_at) {
                self.early.pop();
                let begun = |walk: &&mut Walk<'_>| early >= walk.way.course.anchor.at;
                self.walks.iter_mut().filter(begun).for_each(|walk| walk.next_at = early);
                continue;
            }
            self.look(at);
        }
        self.stays();
        self.rows.sort_by_key(|row| row.due_at);
        self.rows.truncate(self.limits.rows);
        self.rows
    }

    /// Shows what still waits after so many looks as waiting.
    fn stays(&mut self) {
        for at in 0..self.walks.len() {
            let Some(walk) = self.walks.get(at).filter(|walk| walk.way.shown && !walk.over) else { continue };
            let why = walk.way.waiting.clone();
            let now = walk.next_at;
            let next = walk.way.course.next(&walk.way.progress);
            if let Some((planned, why)) = next.zip(why).filter(|(planned, _)| !self.is_beyond(planned)) {
                self.show(at, &planned, now, planned.until, Some(Moved::Stays(why)), None);
            }
        }
    }

    /// Whether a step and all that come after it are left out.
    fn is_beyond(&self, planned: &Planned) -> bool {
        if self.limits.until.is_some_and(|until| planned.due_at > until) {
            return true;
        }
        if self.rows.len() < self.limits.rows {
            return false;
        }
        let mut due: Vec<Timestamp> = self.rows.iter().map(|row| row.due_at).collect();
        due.sort_unstable();
        self.limits
            .rows
            .checked_sub(1)
            .and_then(|last| due.get(last))
            .is_none_or(|last| planned.due_at > *last)
    }

    /// Looks at what is next on a way, again and again until it lies ahead.
    fn look(&mut self, at: usize) {
        let Some(now) = self.walks.get(at).map(|walk| walk.next_at) else { return };
        while let Some(walk) = self.walks.get_mut(at).filter(|walk| !walk.over) {
            let next = walk.coming.next(&walk.way.course, &walk.way.progress);
            let Some(walk) = self.walks.get(at) else { return };
            let (course, shown) = (walk.way.course, walk.way.shown);
            let Some(planned) = next else { return self.ends(at) };
            if shown && self.is_beyond(&planned) {
                return self.ends(at);
            }
            if let Some(why) = walk.stands_still(&planned, now) {
                if !shown {
                    return self.ends(at);
                }
                let at_best = planned.due_at.max(now);
                self.show(at, &planned, at_best, planned.until, Some(why), None);
                self.pass(at, course.pass(self.progress(at), &planned), now);
                continue;
            }
            if passes_by(&walk.way, &planned) {
                if self.limits.until.is_some_and(|until| planned.due_at > until) {
                    return self.ends(at);
                }
                self.pass(at, course.pass(self.progress(at), &planned), now);
                continue;
            }
            if planned.due_at > now {
                return self.waits(at, planned.due_at, None);
            }
            let (verdict, facts) = self.judge(at, &planned, now, true);
            match verdict {
                Verdict::Fire { until } => {
                    self.fire(at, &planned, now, until, facts, true);
                    self.pass(at, course.pass(self.progress(at), &planned), now);
                }
                Verdict::Skip(end) | Verdict::Expire(end) => {
                    self.show(at, &planned, now, planned.until, Some(ends_by(end, facts.unmet)), None);
                    self.pass(at, course.pass(self.progress(at), &planned), now);
                }
                Verdict::Shift { days } => {
                    let progress = course.shift(self.progress(at), days);
                    if let Some(walk) = self.walks.get_mut(at) {
                        (walk.way.progress, walk.way.waiting) = (progress, None);
                    }
                }
                Verdict::Move { .. } if self.never_opens(at, &planned, now) => {
                    // the rest waits behind it
                    self.show(at, &planned, now, planned.until, Some(Moved::Never), None);
                    return self.ends(at);
                }
                Verdict::Move { to, why } | Verdict::Hold { until: Some(to), why: Some(why) } => {
                    let why = also(self.waiting(at), &why);
                    let rules = is_by_rules(&why);
                    if !rules {
                        return self.waits(at, to, Some(why));
                    }
                    if !self.go_ahead(at, planned, to, why, now) {
                        return;
                    }
                }
                Verdict::Hold { until: Some(to), why: None } => return self.waits(at, to, None),
                // the rest waits behind it
                Verdict::Hold { until: None, why } => {
                    self.stuck(at, Moved::Stays(why.unwrap_or(WaitReason::Paused)));
                }
                Verdict::End { rule } => self.stuck(at, Moved::Stopped(rule)),
            }
        }
    }

    /// While a step waits, later ones that what it waits for does not concern come at their time; true when one did.
    fn go_ahead(
        &mut self,
        at: usize,
        head: Planned,
        until: Timestamp,
        why: WaitReason,
        now: Timestamp,
    ) -> bool {
        let Some(walk) = self.walks.get(at) else { return false };
        let (course, progress) = (walk.way.course, walk.way.progress.clone());
        let moves = course.playbook.step(head.step).is_some_and(|step| course.playbook.shifts(step));
        let looks = if moves || progress.goto.is_some() { 0 } else { LOOKS_AHEAD };
        let (mut next, mut waiting) = (until, vec![head]);
        for _ in 0..looks.min(AHEAD_MAX.saturating_sub(progress.ahead.len())) {
            let coming = self.walks.get(at).map(|walk| &walk.coming).zip(waiting.last());
            let behind = coming.and_then(|(coming, before)| coming.after(&course, &progress, before));
            let Some(planned) = behind else { break };
            if planned.due_at > now {
                next = next.min(planned.due_at);
                break;
            }
            if planned.speaks_after(course.playbook, &waiting) {
                waiting.push(planned);
                continue;
            }
            let (verdict, facts) = self.judge(at, &planned, now, false);
            match verdict {
                Verdict::Fire { until } => self.fire(at, &planned, now, until, facts, false),
                Verdict::Skip(end) | Verdict::Expire(end) => {
                    self.show(at, &planned, now, planned.until, Some(ends_by(end, facts.unmet)), None);
                }
                Verdict::Move { to, .. } | Verdict::Hold { until: Some(to), why: Some(_) } => {
                    next = next.min(to);
                    waiting.push(planned);
                    continue;
                }
                Verdict::Hold { .. } | Verdict::Shift { .. } | Verdict::End { .. } => break,
            }
            if let Some(walk) = self.walks.get_mut(at) {
                walk.way.progress = course.pass_ahead(&progress, &planned);
            }
            return true;
        }
        self.waits(at, next, Some(why));
        false
    }

    fn progress(&self, at: usize) -> &Progress {
        static BEGINNING: Progress = crate::sop::schedule::beginning();
        self.walks.get(at).map_or(&BEGINNING, |walk| &walk.way.progress)
    }

    fn waiting(&self, at: usize) -> Option<&WaitReason> {
        self.walks.get(at).and_then(|walk| walk.way.waiting.as_ref())
    }

    fn stuck(&mut self, at: usize, why: Moved) {
        if let Some(walk) = self.walks.get_mut(at) {
            walk.way.stuck = Some(why);
        }
    }

    fn ends(&mut self, at: usize) {
        if let Some(walk) = self.walks.get_mut(at) {
            walk.over = true;
        }
    }

    fn waits(&mut self, at: usize, until: Timestamp, why: Option<WaitReason>) {
        if let Some(walk) = self.walks.get_mut(at) {
            // a look that leads to itself would turn for ever
            walk.next_at = if until > walk.next_at { until } else { Timestamp(walk.next_at.0 + MINUTE) };
            walk.way.waiting = why;
        }
    }

    fn pass(&mut self, at: usize, progress: Progress, now: Timestamp) {
        if let Some(walk) = self.walks.get_mut(at) {
            if let Some(why) = walk.way.waiting.take() {
                walk.behind = Some((now, Moved::Wait(why)));
            }
            walk.way.progress = progress;
        }
    }

    fn rules(&self, at: usize, planned: &Planned) -> StepRules<'a> {
        let rules = self.walks.get(at).and_then(|walk| walk.way.rules.get(usize::from(planned.step)));
        rules.copied().unwrap_or_default()
    }

    fn never_opens(&self, at: usize, planned: &Planned, now: Timestamp) -> bool {
        never_opens(now, self.rules(at, planned).quiet)
    }

    /// What becomes of a step at an instant, as [`judge`] has it, and what is known of it. `first` is none that others
    /// wait before.
    fn judge(&self, at: usize, planned: &Planned, now: Timestamp, first: bool) -> (Verdict, Facts) {
        let nothing = || (Verdict::Hold { until: None, why: None }, Facts::default());
        let Some(walk) = self.walks.get(at) else { return nothing() };
        let course = &walk.way.course;
        let Some(step) = course.playbook.step(planned.step) else { return nothing() };
        let rules = self.rules(at, planned);
        let facts = (self.known)(at, step, planned, now);
        let waiting = walk.way.waiting.as_ref().filter(|_| first);
        let held = waiting.and_then(ended_by);
        let held = held.map(|why| EndReason::Held { why }).or_else(|| facts.held_to_its_end.clone());
        // what has waited is judged when that is over, what is late by when it was due
        let judged_at = if walk.way.waiting.is_some() { now } else { planned.due_at.min(now) };
        let context = Context {
            paused: facts.paused,
            day_off: facts.day_off,
            unwanted: facts.unwanted.clone(),
            rests: facts.rests,
            stopped: facts.stopped.clone(),
            unmet: facts.unmet.clone(),
            fresh: self.is_fresh(course.playbook, step, &rules, judged_at),
            quiet: rules.quiet,
            allowance: self.allowance(at, course.playbook.class_of(step), &rules, now),
            waits_for_room: true,
            held,
            ..Context::default()
        };
        let mut verdict = judge(course, step, planned, now, &context);
        if let Verdict::Fire { until } = &mut verdict {
            if let Some(again) = self.gives_way(at, step, &rules, now, *until) {
                let why = Some(WaitReason::Cap { words: AFTER.to_owned() });
                verdict = Verdict::Hold { until: Some(again), why };
            } else if let Some((ends, _)) = walk.way.ends {
                *until = Some(until.map_or(ends, |until| until.min(ends)));
            }
        }
        (verdict, facts)
    }

    /// Whether a wording of a step was not said within its freshness span.
    fn is_fresh(&self, playbook: &Playbook, step: &Step, rules: &StepRules<'_>, now: Timestamp) -> bool {
        let Some(fresh) = rules.fresh else { return true };
        let had = self.had.get(&(playbook.id.0.as_str(), step.id.as_str())).map_or(fresh.had, Vec::as_slice);
        let since = now.0.saturating_sub(i64::try_from(fresh.span.as_millis()).unwrap_or(i64::MAX));
        had.iter().any(|last| last.is_none_or(|last| last.0 < since))
    }

    /// Says the wording that the target has not had for longest.
    fn says(&mut self, playbook: &'a Playbook, step: &'a Step, fresh: Fresh<'_>, now: Timestamp) {
        let key = (playbook.id.0.as_str(), step.id.as_str());
        let had = self.had.entry(key).or_insert_with(|| fresh.had.to_vec());
        if let Some(last) = had.iter_mut().min_by_key(|last| **last) {
            *last = Some(now);
        }
    }

    /// Counts what is planned already, and what was sent, against a cap of whom a step of a way speaks to.
    fn count(
        &self,
        at: usize,
        cap: &Cap,
        rules: &StepRules<'_>,
        (from, to): (Timestamp, Timestamp),
    ) -> Count {
        let playbook = |of: usize| self.walks.get(of).map(|walk| &walk.way.course.playbook.id);
        let of = cap.scope.of;
        let counts = |touched: &&Touched| {
            applies(cap, touched.class)
                && match of {
                    CapScope::Store => true,
                    CapScope::Playbook => playbook(touched.of) == playbook(at),
                    _ => touched.reach.of(of) == rules.reach.of(of),
                }
        };
        let up_to = |at: Timestamp| self.touched.partition_point(|touched| touched.at < at);
        let within = self.touched.get(up_to(from)..up_to(to)).unwrap_or_default();
        let used = within.iter().filter(counts).count();
        let last_at = self.touched.iter().rev().find(counts).map(|touched| touched.at);
        let sent = (self.counted)(cap, &rules.reach, (from, to));
        Count {
            used: sent.used.saturating_add(u32::try_from(used).unwrap_or(u32::MAX)),
            last_at: last_at.max(sent.last_at),
        }
    }

    fn allowance(&self, at: usize, class: Class, rules: &StepRules<'_>, now: Timestamp) -> Allowance {
        let Some(zone) = self.walks.get(at).map(|walk| walk.way.course.zone) else { return Allowance::Open };
        let about = |cap: &&Cap| {
            matches!(cap.scope.of, CapScope::Store | CapScope::Playbook)
                || rules.reach.of(cap.scope.of).is_some()
        };
        let caps = rules.caps.iter().filter(about);
        allow(caps, class, now, zone, |cap, window| self.count(at, cap, rules, window))
    }

    /// A step is offered. `first` is none that others wait before.
    fn fire(
        &mut self,
        at: usize,
        planned: &Planned,
        now: Timestamp,
        until: Option<Timestamp>,
        facts: Facts,
        first: bool,
    ) {
        let Some(walk) = self.walks.get(at) else { return };
        let course = walk.way.course;
        let Some(step) = course.playbook.step(planned.step) else { return };
        let waited = walk.way.waiting.clone().filter(|_| first && now > planned.due_at).map(Moved::Wait);
        let behind = walk.behind.clone().filter(|(until, _)| *until > planned.due_at && *until <= now);
        let late = || {
            let shifted = walk.way.progress.shifted_days;
            match () {
                () if now > planned.due_at => Some(Moved::Overdue),
                () if planned.due_at <= planned.planned_at => None,
                () if shifted > 0 => Some(Moved::Shifted(shifted)),
                () => Some(Moved::Anchor),
            }
        };
        let reason = waited.or(behind.map(|(_, why)| why)).or_else(late);
        if step.via != Via::Internal && facts.held.is_none() {
            let class = course.playbook.class_of(step);
            let reach = self.rules(at, planned).reach;
            self.touched.push(Touched { at: now, class, reach, of: at });
        }
        if let Some(fresh) = self.rules(at, planned).fresh {
            self.says(course.playbook, step, fresh, now);
        }
        self.show(at, planned, now, until, reason, facts.held);
    }

    /// Keeps a row where it is asked for: of what ends unsaid it says when it would have been due.
    fn show(
        &mut self,
        at: usize,
        planned: &Planned,
        now: Timestamp,
        until: Option<Timestamp>,
        reason: Option<Moved>,
        held: Option<String>,
    ) {
        let Some(walk) = self.walks.get(at).filter(|walk| walk.way.shown) else { return };
        let playbook = walk.way.course.playbook;
        let Some(step) = playbook.step(planned.step) else { return };
        let beyond = self.limits.until.is_some_and(|until| planned.due_at > until);
        if now < self.limits.from || beyond {
            return;
        }
        let due_at = if reason.as_ref().is_some_and(Moved::ends_unsaid) { planned.due_at } else { now };
        let never = reason.as_ref().is_some_and(Moved::is_never);
        self.rows.push(PlanRow {
            of: at,
            step: planned.id.clone(),
            occurrence: planned.occurrence,
            ordinal: planned.ordinal,
            day: planned.day,
            due_at,
            until,
            moved_from: (never || due_at != planned.planned_at).then_some(planned.planned_at),
            reason,
            held,
            class: playbook.class_of(step),
            via: step.via,
        });
    }

    /// Has all looked at once more at these instants.
    #[cfg(test)]
    pub(super) fn also_at(mut self, instants: &[Timestamp]) -> Self {
        self.early = instants.to_vec();
        self.early.sort_by_key(|at| std::cmp::Reverse(*at));
        self
    }
}
