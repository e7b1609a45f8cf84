//! One enrolment walked along its schedule, from its anchor to the morning.
//!
//! Everything that was due before 09:10 becomes a task that ended as things end in a shop, or the one that is still
//! open; what comes next is what the schedule says. So the first tick finds nothing of the past left to do.

use chrono_tz::Tz;
use fastrand::Rng;

use super::{id, opens_at, random};
use crate::book::time::MINUTE;
use crate::book::{
    AccountId, Anchor, Class, EndReason, Enrolment, EnrolmentId, EnrolmentState, EnrolmentStatus, GroupId,
    Progress, QuietHours, SkipReason, Stated, Target, Task, TaskId, TaskKey, TaskKind, TaskState, TaskStatus,
    Timestamp, Touch, WaitReason,
};
use crate::queue::quiet::{NoCalendar, Quiet, next_open_for};
use crate::sop::calendar::holidays::Holidays;
use crate::sop::format::{Playbook, Step, StepPer};
use crate::sop::schedule::{Course, Planned, beginning};
use crate::store::Body;

/// An enrolment to be walked.
pub(super) struct Walk<'a> {
    pub seed: u64,
    /// Another one for each enrolment of the book.
    pub number: u64,
    pub playbook: &'a Playbook,
    pub target: Target,
    pub group: Option<GroupId>,
    pub account: Option<AccountId>,
    pub zone: Tz,
    pub anchor: Anchor,
    pub enrolled_at: Timestamp,
    /// The step that nobody has done yet; all others of the past ended.
    pub open_step: Option<&'a str>,
    /// Why the open task is held.
    pub held: Option<&'a str>,
    /// Until when it is snoozed.
    pub snoozed: Option<Timestamp>,
    /// Whether one-for-all steps of a run are this enrolment's.
    pub first: bool,
    /// Whether a question of a run was answered, by key.
    pub answered: &'a dyn Fn(&Planned, &str) -> bool,
    /// Variables of its texts.
    pub variables: &'a [(&'a str, &'a str)],
    pub quiet: &'a [QuietHours],
    pub operator: &'a str,
}

/// What came of it: when it was recorded, and what.
pub(super) struct Walked {
    pub bodies: Vec<(Timestamp, Body)>,
    pub enrolment: EnrolmentId,
    pub sent: u32,
    /// What comes next.
    pub next: Option<Planned>,
}

/// Walks an enrolment up to the morning.
pub(super) fn walk(walk: &Walk<'_>) -> Walked {
    let now = opens_at();
    let course = Course {
        playbook: walk.playbook,
        anchor: &walk.anchor,
        zone: walk.zone,
        holidays: &Holidays::default(),
    };
    let mut chance = random(walk.seed, b'e', walk.number);
    let enrolment = id(walk.seed, b'e', walk.number, walk.enrolled_at);
    let (mut bodies, mut sent, mut progress, mut number) = (Vec::new(), 0, beginning(), 0);
    let (mut waiting, mut open) = (None, false);
    let mut next = course.next(&progress);
    while let Some(planned) = next.clone().filter(|planned| planned.due_at <= now) {
        let Some(step) = walk.playbook.step(planned.step) else { break };
        let class = walk.playbook.class_of(step);
        let due_at = moved(walk, class, &planned);
        if due_at > now {
            waiting = Some((due_at, WaitReason::QuietHours));
            break;
        }
        progress = course.pass(&progress, &planned);
        next = course.next(&progress);
        let not_mine = step.per == StepPer::Run && !walk.first;
        if not_mine || step.who.is_some() {
            continue;
        }
        number += 1;
        let mut task = blank(walk, enrolment, &planned, step, due_at, number);
        let wordings = step.wordings().len().max(1) as u64;
        let variant = ((walk.number + number) % wordings) as u16;
        if let TaskKind::Step { variant: place, .. } = &mut task.kind {
            *place = variant;
        }
        if !step.condition.asked.iter().all(|(key, wanted)| (walk.answered)(&planned, key) == *wanted) {
            task.status = task.status.ended(TaskState::Skipped, EndReason::Condition, due_at, "");
        } else if walk.open_step == Some(step.id.as_str()) && planned.until.is_none_or(|until| until > now) {
            open = true;
            task.status.held = walk.held.map(str::to_owned);
            if let Some(until) = walk.snoozed {
                task.status.state = TaskState::Snoozed;
                task.status.snoozed_until = Some(until);
                task.status.rev = 1;
            }
        } else if let Some(touch) = end(walk, &mut task, &planned, step, variant, &mut chance) {
            sent += 1;
            let fired_at = task.fired_at;
            let marked_at = touch.marked_at;
            bodies.push((fired_at, Body::TaskFired(task)));
            bodies.push((marked_at, Body::Touched(touch)));
            continue;
        }
        bodies.push((task.fired_at, Body::TaskFired(task)));
    }
    let enrolled = Body::Enrolled(enrolment_body(walk, enrolment, progress, next.as_ref(), waiting, open));
    bodies.insert(0, (walk.enrolled_at, enrolled));
    Walked { bodies, enrolment, sent, next }
}

/// When it is offered: quiet hours move what is not service inside its span, nor an incident.
fn moved(walk: &Walk<'_>, class: Class, planned: &Planned) -> Timestamp {
    let quiet = Quiet { zone: walk.zone, hours: walk.quiet, calendar: &NoCalendar };
    let to = next_open_for(planned.due_at, &[quiet]);
    if class == Class::Incident {
        return planned.due_at;
    }
    let fits = planned.until.is_none_or(|until| to < until);
    if fits || class != Class::Service { to } else { planned.due_at }
}

fn blank(
    walk: &Walk<'_>,
    enrolment: EnrolmentId,
    planned: &Planned,
    step: &Step,
    due_at: Timestamp,
    number: u64,
) -> Task {
    let key = TaskKey {
        playbook: walk.playbook.id.clone(),
        step: step.id.clone(),
        target: walk.target,
        occurrence: planned.occurrence,
        ordinal: planned.ordinal,
        run: step.per == StepPer::Run,
    };
    let was_moved = due_at > planned.due_at;
    Task {
        id: id::<TaskId>(walk.seed, b't', walk.number * 64 + number, due_at),
        kind: TaskKind::Step { key, version: 1, variant: 0 },
        target: walk.target,
        of: vec![enrolment],
        group: match walk.target {
            Target::Group(group) => Some(group),
            _ => walk.group,
        },
        members: Vec::new(),
        via: step.via,
        class: walk.playbook.class_of(step),
        priority: walk.playbook.priority,
        day: planned.day,
        moved_from: was_moved.then_some(planned.due_at),
        moved_why: if was_moved { "quiet".to_owned() } else { String::new() },
        fired_at: due_at,
        status: TaskStatus::due(due_at, planned.until, walk.account),
    }
}

/// How a step of the past ended: mostly sent, some skipped, and what nobody got to expired.
fn end(
    walk: &Walk<'_>,
    task: &mut Task,
    planned: &Planned,
    step: &Step,
    variant: u16,
    chance: &mut Rng,
) -> Option<Touch> {
    let now = opens_at();
    let due_at = task.status.due_at;
    let latest = planned.until.unwrap_or(now).min(now);
    let over = planned.until.is_some_and(|until| until <= now);
    let roll = chance.u32(0..100);
    if over && roll < 8 {
        task.status = task.status.ended(TaskState::Expired, EndReason::SpanOver, latest, "");
        return None;
    }
    let room = latest.since(due_at).max(1);
    let at = Timestamp(due_at.0 + chance.i64(0..room).min(chance.i64(1..90) * MINUTE));
    if roll < 14 {
        let reason = if chance.bool() { SkipReason::Talked } else { SkipReason::Other };
        let reason = EndReason::Skip { reason, words: String::new() };
        task.status = task.status.ended(TaskState::Skipped, reason, at, walk.operator);
        return None;
    }
    task.status = task.status.ended(TaskState::Sent, EndReason::Sent, at, walk.operator);
    task.status.seen_at = Some(due_at);
    task.status.copied_at = Some(at);
    let wording = step.wordings().get(usize::from(variant)).map_or("", String::as_str);
    Some(Touch {
        id: id(walk.seed, b'h', walk.number * 64 + u64::from(planned.step) + 1, at),
        task: task.id,
        member: task.member(),
        group: task.group,
        account: walk.account,
        playbook: Some(walk.playbook.id.clone()),
        step: step.id.clone(),
        variant,
        via: step.via,
        class: task.class,
        text: fill(wording, walk.variables, planned),
        said: Vec::new(),
        filled: false,
        sent_at: Stated::new(at, walk.zone),
        marked_at: at,
        by: walk.operator.to_owned(),
        duplicate: false,
        with: None,
    })
}

/// The words as they were sent.
fn fill(wording: &str, variables: &[(&str, &str)], planned: &Planned) -> String {
    let mut text = wording.to_owned();
    let date = planned.occurrence.format("%-m月%-d日").to_string();
    let given = [("date", date.as_str()), ("weekday", crate::sop::render::weekday(planned.occurrence))];
    for (name, value) in variables.iter().copied().chain(given) {
        text = text.replace(&format!("{{{{ {name} }}}}"), value);
    }
    text
}

fn enrolment_body(
    walk: &Walk<'_>,
    id: EnrolmentId,
    progress: Progress,
    next: Option<&Planned>,
    waiting: Option<(Timestamp, WaitReason)>,
    open: bool,
) -> Enrolment {
    let now = opens_at();
    let asks = next.and_then(|planned| {
        let opens = walk.playbook.asks.iter().map(|ask| ask_opens(walk, ask, planned).0);
        opens.filter(|at| *at > now).min()
    });
    let next_at = match (&waiting, next) {
        (Some((at, _)), _) => Some(*at),
        (None, Some(planned)) => Some(asks.map_or(planned.due_at, |at| at.min(planned.due_at))),
        (None, None) => None,
    };
    // while its last task is open it is not through
    let running = next_at.is_some() || open;
    let ended_at = if running { None } else { progress.passed.map(|at| at.min(now)) };
    let status = EnrolmentStatus {
        version: 1,
        anchor: walk.anchor.clone(),
        state: if running { EnrolmentState::Active } else { EnrolmentState::Finished },
        progress,
        next_at,
        waiting: waiting.map(|(_, why)| why),
        ended_at,
        zone: None,
    };
    Enrolment {
        id,
        playbook: walk.playbook.id.clone(),
        target: walk.target,
        group: walk.group,
        account: match walk.target {
            Target::Group(_) => None,
            _ => walk.account,
        },
        zone: walk.zone.name().to_owned(),
        enrolled_at: walk.enrolled_at,
        status,
    }
}

/// When the to-do of a question opens (two hours ahead), and by when the answer is needed.
pub(super) fn ask_opens(
    walk: &Walk<'_>,
    ask: &crate::sop::format::Ask,
    planned: &Planned,
) -> (Timestamp, Timestamp) {
    use crate::sop::calendar::{day_start, instant, plus_days};
    use crate::sop::grammar::Moment;
    let day_ends = walk.playbook.day_ends;
    let start = day_start(planned.run, walk.zone, day_ends);
    let by = ask.by.as_ref().map_or(start, |at| match at.moment {
        Moment::Wall(time) => instant(plus_days(planned.run, at.days.first()), time, walk.zone, day_ends),
        Moment::Elapsed(length) => start + length.duration(),
    });
    (Timestamp(by.0 - 120 * MINUTE).max(walk.anchor.at.min(by)), by)
}
