//! What must hold after every step, whatever happened in it.
//!
//! One file because each is a promise, and together they are read beside the list of them.

use std::collections::BTreeMap;

use super::book::{Book, Fact, Value};
use super::predict::wide::{heals, rests};
use super::reading::{self, glance};
use super::world::{World, minute_of_day};
use super::{OPERATORS, Violation};
use crate::book::{
    Class, EndReason, EnrolmentId, EnrolmentState, MemberId, Target, Task, TaskId, TaskKind, TaskState,
    Timestamp, Via, WaitReason,
};
use crate::store::columns::enrolment::RunState;
use crate::store::keys;
use crate::store::record::AskKey;

/// What was seen of tasks and enrolments after the step before.
#[derive(Debug, Default)]
pub(super) struct Seen {
    glances: BTreeMap<TaskId, String>,
    enrolments: BTreeMap<EnrolmentId, RunState>,
    /// What came while the clock ran ahead was still being taken back.
    sets_back: bool,
}

/// What may have happened in a step besides what was acknowledged.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, each with its name where it is set")]
pub(super) struct During {
    /// A human act was carried out: its consequences may be there.
    pub acted: bool,
    /// An undo or a redo was carried out.
    pub undone: bool,
    /// Somebody decided about what an absence left.
    pub caught_up: bool,
    /// The clock was set back: what the tick did ahead of it is taken back.
    pub set_back: bool,
    /// Look at everything, not at what changed alone.
    pub deep: bool,
    /// A tick has worked off all that is due.
    pub ticked: bool,
}

impl Book {
    /// Compares the desk with the book; what rules may change is taken over, anything else is a violation.
    pub(super) fn check(
        &mut self,
        world: &World,
        seen: &mut Seen,
        mut during: During,
    ) -> Result<(), Violation> {
        let sets_back = std::mem::replace(&mut seen.sets_back, world.sets_back());
        during.set_back |= sets_back || seen.sets_back;
        self.check_tasks(world, seen, during)?;
        self.check_enrolments(world, seen, during)?;
        self.check_facts(world, during)?;
        let (tally, anew) = world.desk.tick.counted.tally.borrow().beside_anew(&world.desk.store.columns);
        if tally != anew {
            return Err(Violation::new(format!("caps count {tally:?} and not {anew:?}")));
        }
        if during.deep {
            self.check_touches(world)?;
            self.check_promised(world)?;
        }
        match self.wrongly_open(&world.desk) {
            Some((task, why)) => Err(Violation::new(format!("{why}: {}", told(task)))),
            None => Ok(()),
        }
    }

    fn check_tasks(&mut self, world: &World, seen: &mut Seen, during: During) -> Result<(), Violation> {
        let columns = &world.desk.store.columns;
        if columns.tasks.len() < self.tasks.len() {
            return Err(Violation::new("tasks have vanished"));
        }
        let mut fresh = Vec::new();
        for (row, id, column) in columns.tasks.iter() {
            let now = glance(&column);
            let same = seen.glances.get(&id) == Some(&now);
            if same
                && !during.deep
                && self.get(&Fact::Task(id)) == seen_state(&now, &self.get(&Fact::Task(id)))
            {
                continue;
            }
            let task = reading::task(&world.desk, id)
                .ok_or_else(|| Violation::new(format!("a task has no body: {id}")))?;
            Self::check_shape(&task)?;
            if self.tasks.contains_key(&id) {
                self.check_change(&task, world.now.wall, during)?;
            } else {
                self.check_birth(&task, during)?;
                fresh.push((row, task.clone()));
            }
            self.put(Fact::Task(id), reading::state(&task.status));
            self.tasks.insert(id, task);
            seen.glances.insert(id, now);
        }
        for (row, task) in &fresh {
            self.check_offered(world, *row, task)?;
        }
        Ok(())
    }

    /// An end has its reason and its time, and what is open has neither.
    fn check_shape(task: &Task) -> Result<(), Violation> {
        let status = &task.status;
        let open = status.state.is_open();
        let ended = status.end.is_some() && status.ended_at.is_some();
        if !open && !ended {
            return Err(Violation::new(format!("a task ended without a reason: {}", told(task))));
        }
        if status.state == TaskState::Snoozed && status.snoozed_until.is_none() {
            return Err(Violation::new(format!("a snoozed task will not come back: {}", told(task))));
        }
        Ok(())
    }

    fn check_birth(&mut self, task: &Task, during: During) -> Result<(), Violation> {
        let status = &task.status;
        let born = match (status.state, &status.end) {
            (TaskState::Due | TaskState::Snoozed, _) => true,
            (
                TaskState::Skipped,
                Some(
                    EndReason::Condition
                    | EndReason::NotFresh
                    | EndReason::DayOff
                    | EndReason::Resting { .. },
                ),
            ) => true,
            // a step that somebody wants no more
            (TaskState::Skipped, Some(EndReason::Stopped { .. })) => true,
            (
                TaskState::Expired,
                Some(
                    EndReason::TooLate
                    | EndReason::SpanOver
                    | EndReason::AccountRefused { .. }
                    | EndReason::Stopped { .. }
                    | EndReason::Held { .. },
                ),
            ) => true,
            // came and went within one step
            (TaskState::Cancelled, Some(EndReason::Stopped { .. } | EndReason::TargetGone)) => true,
            (
                TaskState::Cancelled,
                Some(EndReason::PlaybookRemoved | EndReason::Undone | EndReason::DayOff),
            ) => during.acted,
            _ => false,
        };
        if !born || status.state.is_open() && !status.ended_by.is_empty() {
            return Err(Violation::new(format!("a task was born wrongly: {}", told(task))));
        }
        let Some(key) = once(task) else { return Ok(()) };
        if let Some(earlier) = self.fired.insert(key.clone(), task.id) {
            let earlier = self.tasks.get(&earlier).map(told).unwrap_or_default();
            return Err(Violation::new(format!("fired twice: {key}: {}, before it {earlier}", told(task))));
        }
        Ok(())
    }

    /// Whether a form of the task's run has an answer.
    fn is_answered(&self, task: &Task) -> bool {
        let TaskKind::Step { key, .. } = &task.kind else { return false };
        let run = key.run_day(task.day);
        self.facts.iter().any(|(fact, value)| {
            let of_run = |ask: &AskKey| ask.playbook == key.playbook && ask.run == run;
            matches!(fact, Fact::Answer(ask) if of_run(ask)) && !value.is_empty()
        })
    }

    /// A known task looks different: a human act that was acknowledged, or a written rule.
    fn check_change(&mut self, task: &Task, now: Timestamp, during: During) -> Result<(), Violation> {
        let expected = self.get(&Fact::Task(task.id));
        let shown = reading::state(&task.status);
        if expected == shown {
            return Ok(());
        }
        let was_open = matches!(expected.as_str(), "due" | "snoozed");
        let known = self.tasks.get(&task.id);
        let until = task.status.until.or(known.and_then(|t| t.status.until));
        let back_at = known.and_then(|t| t.status.snoozed_until);
        let explained = match (task.status.state, &task.status.end) {
            (TaskState::Cancelled, Some(EndReason::NotYet)) => {
                // it may come again
                self.fired.retain(|_, id| *id != task.id);
                during.set_back
            }
            // the tick had ended it, or let it come back
            (TaskState::Due | TaskState::Snoozed, _) if during.set_back => true,
            (TaskState::Expired, Some(EndReason::SpanOver | EndReason::AccountRefused { .. })) => {
                // brought back by an undo, and over meanwhile
                let ended = expected.starts_with("cancelled") || expected.starts_with("expired ");
                let back = during.undone && ended;
                (was_open || back) && until.is_some_and(|until| until <= now)
            }
            // its campaign is over: at its end, or cut short
            (TaskState::Expired, Some(EndReason::Stopped { .. })) => {
                let ended = expected.starts_with("cancelled") || expected.starts_with("expired ");
                (was_open || during.undone && ended) && until.is_some_and(|until| until <= now)
            }
            (TaskState::Cancelled, Some(EndReason::Stopped { .. } | EndReason::TargetGone)) => was_open,
            // one undo may bring back what another in the same turn takes away
            (TaskState::Cancelled, Some(EndReason::Undone)) => {
                let ended = expected.starts_with("cancelled") || expected.starts_with("expired ");
                (was_open || ended) && during.undone
            }
            (TaskState::Due, _) if expected == "snoozed" => {
                during.undone || back_at.is_none_or(|at| at <= now)
            }
            (TaskState::Snoozed | TaskState::Expired, _) if during.caught_up && expected == "due" => true,
            (TaskState::Snoozed, _) if expected == "due" => known.is_some_and(|known| rests(known, task)),
            // a form that was filled late brings what was skipped for want of its answer
            (TaskState::Due, _) if expected == "skipped" => during.acted && self.is_answered(task),
            // what somebody was to be told in private goes on where the playbook of their closed group does
            (TaskState::Due, _) if during.acted && known.is_some_and(ended_with_its_group) => true,
            // an undo brings back what its act had ended as a consequence
            (TaskState::Due | TaskState::Snoozed, _) => {
                during.undone && (expected.starts_with("cancelled") || expected.starts_with("expired "))
            }
            _ => false,
        };
        if explained {
            return Ok(());
        }
        Err(Violation::new(format!("a task is '{shown}' and should be '{expected}': {}", told(task))))
    }

    /// Quiet hours and caps, for what became due in this step.
    fn check_offered(&self, world: &World, row: u32, task: &Task) -> Result<(), Violation> {
        let columns = &world.desk.store.columns;
        let TaskKind::Step { .. } = task.kind else { return Ok(()) };
        let born_open = task.status.state.is_open() || task.status.ended_at != Some(task.fired_at);
        if !born_open || task.via == Via::Internal || !matches!(task.class, Class::Marketing | Class::Care) {
            return Ok(());
        }
        // what was due before these hours and is found in them is put off to their end
        let put_off = task.status.snoozed_until.filter(|_| task.status.state == TaskState::Snoozed);
        let minute = minute_of_day(put_off.unwrap_or(task.fired_at));
        if !(8 * 60..22 * 60).contains(&minute) {
            return Err(Violation::new(format!("offered inside quiet hours: {}", told(task))));
        }
        let Target::Member(member) = task.target else { return Ok(()) };
        if task.via != Via::Private || task.status.held.is_some() {
            return Ok(());
        }
        let day = day_of(task.fired_at);
        let others = self
            .tasks
            .values()
            .filter(|t| t.target == Target::Member(member) && t.id != task.id && is_private_step(t))
            .filter(|t| columns.tasks.row(t.id).is_some_and(|other| other < row))
            .filter(|t| self.is_open(t.id) && t.status.held.is_none())
            .count();
        let touches = Self::touches_on(world, member, day);
        if others + touches >= 1 {
            return Err(Violation::new(format!(
                "over the cap of one a day: {touches} sent and {others} open when it fired: {}",
                told(task)
            )));
        }
        Ok(())
    }

    fn touches_on(world: &World, member: MemberId, day: i64) -> usize {
        let touches = world.desk.touches_since(Target::Member(member), Timestamp(0)).unwrap();
        touches
            .iter()
            .filter(|t| matches!(t.class, Class::Marketing | Class::Care) && day_of(t.sent_at.ms) == day)
            .count()
    }

    fn check_enrolments(&mut self, world: &World, seen: &mut Seen, during: During) -> Result<(), Violation> {
        let columns = &world.desk.store.columns;
        for (_, id, column) in columns.enrolments.iter() {
            let known = seen.enrolments.get(&id);
            let running = matches!(column.state, RunState::Active | RunState::InLine);
            let late = during.ticked && column.next_at().is_some_and(|at| at <= world.now.wall);
            if late {
                return Err(Violation::new(format!(
                    "a tick ended and an enrolment still waits for it: {id}"
                )));
            }
            let idle = column.state == RunState::Active && column.next_at().is_none();
            if known == Some(&column.state) && !idle && !during.deep {
                continue;
            }
            let body = world.desk.store.enrolment(id).unwrap();
            let body = body.ok_or_else(|| Violation::new(format!("an enrolment has no body: {id}")))?;
            let status = &body.status;
            let whole = match (&status.state, status.next_at, &status.waiting) {
                (EnrolmentState::InLine, None, _) => true,
                (EnrolmentState::Active, Some(_), _) => true,
                (EnrolmentState::Active, None, Some(WaitReason::Paused)) => true,
                // it waits for a human: for a step that moves the rest, or for its last one
                (EnrolmentState::Active, None, None) => {
                    self.tasks.values().any(|t| t.of.contains(&id) && self.is_open(t.id))
                }
                (EnrolmentState::Finished | EnrolmentState::Stopped { .. }, None, None) => {
                    status.ended_at.is_some()
                }
                _ => false,
            };
            if !whole {
                return Err(Violation::new(format!(
                    "an enrolment has neither a next instant nor a reason to wait nor an end: {} {:?} {:?} {:?}",
                    body.playbook, status.state, status.progress, status.next_at
                )));
            }
            if known.is_none() {
                let key = format!("{} {:?} {}", body.playbook, body.target, status.anchor.key);
                let earlier = self.enrolled.insert(key.clone(), id).filter(|earlier| *earlier != id);
                if let Some(earlier) = earlier {
                    let undone = world.desk.store.enrolment(earlier).unwrap();
                    let runs = undone.is_some_and(|e| e.status.state.is_running());
                    if runs && running {
                        return Err(Violation::new(format!("enrolled twice: {key}")));
                    }
                }
            }
            seen.enrolments.insert(id, column.state);
        }
        Ok(())
    }

    fn check_facts(&mut self, world: &World, during: During) -> Result<(), Violation> {
        let mut taken = Vec::new();
        for (fact, value) in &self.facts {
            if matches!(fact, Fact::Task(_))
                || (matches!(fact, Fact::Touches(_) | Fact::Text(_)) && !during.deep)
            {
                continue;
            }
            let shown = reading::read(&world.desk, fact);
            if shown == *value {
                continue;
            }
            let now = world.now.wall;
            let back = during.set_back && is_by_rule(fact, &shown, value, now);
            if !back && !is_by_rule(fact, value, &shown, now) {
                return Err(Violation::new(format!("{fact:?} is '{shown}' and should be '{value}'")));
            }
            taken.push((fact.clone(), shown));
        }
        for (fact, value) in taken {
            self.put(fact, value);
        }
        Ok(())
    }

    /// Once no import is at work, everybody who was promised is there, once.
    fn check_promised(&self, world: &World) -> Result<(), Violation> {
        let columns = &world.desk.store.columns;
        if columns.imports.values().any(|import| import.committed) {
            return Ok(());
        }
        // who was taken back and imported again is there twice, once out of sight
        let undone = self.acts.values().any(|act| act.undone);
        for name in &self.promised {
            let times = columns.members.iter().filter(|(_, _, m)| *m.name() == **name).count();
            if times == 0 || times > 1 && !undone {
                return Err(Violation::new(format!(
                    "{name} was promised by an import and is there {times} times"
                )));
            }
        }
        Ok(())
    }

    /// Nothing counts as sent that no human said they sent.
    fn check_touches(&self, world: &World) -> Result<(), Violation> {
        let mut there = 0;
        let counted =
            world.desk.store.bodies.visit(&keys::touches_of(TaskId::from_bits(0))[..1], &mut |_, _| {
                there += 1;
                std::ops::ControlFlow::Continue(())
            });
        counted.unwrap();
        let told: usize = self
            .facts
            .iter()
            .filter(|(fact, _)| matches!(fact, Fact::Touches(_)))
            .map(|(_, value)| value.lines().count())
            .sum();
        if there == told {
            return Ok(());
        }
        Err(Violation::new(format!("{there} touches are kept, humans told of {told}")))
    }
}

use crate::book::id::Id;

/// The state that a glance at a column implies, where it is the expected one.
fn seen_state(glance: &str, expected: &Value) -> Value {
    let state = glance.split(' ').nth(1).unwrap_or_default();
    if expected.split(' ').next() == Some(state) { expected.clone() } else { state.to_owned() }
}

/// Facts that a playbook's effects, or time, may change without a human.
fn is_by_rule(fact: &Fact, value: &str, shown: &str, now: Timestamp) -> bool {
    match fact {
        Fact::Field(Target::Member(_), "stage") => shown == "silent",
        // one of several that were to be said together is not said any more
        Fact::Text(_) => value.contains("\n\n") && value.contains(shown),
        Fact::Field(Target::Account(_), "health") => heals(value, shown, now),
        _ => false,
    }
}

fn is_private_step(task: &Task) -> bool {
    matches!(task.kind, TaskKind::Step { .. })
        && task.via != Via::Internal
        && matches!(task.class, Class::Marketing | Class::Care)
}

/// Days since 1970 in Shanghai.
fn day_of(at: Timestamp) -> i64 {
    (at.0 + 8 * 3_600_000).div_euclid(86_400_000)
}

/// What there may be only one of.
fn once(task: &Task) -> Option<String> {
    match &task.kind {
        TaskKind::Step { key, .. } => {
            let target = if key.run { "run".to_owned() } else { format!("{:?}", key.target) };
            Some(format!("{} {} {target} {} {}", key.playbook, key.step, key.occurrence, key.ordinal))
        }
        TaskKind::Ask { playbook, run, key, group } => Some(format!("{playbook} ask {key} {run} {group:?}")),
        _ => None,
    }
}

/// Whether nobody could speak in its group any more, and it was to be said to somebody in private.
fn ended_with_its_group(task: &Task) -> bool {
    let closed = |rule: &str| rule.starts_with("state:") || rule.starts_with("filter:state:");
    task.member().is_some() && matches!(&task.status.end, Some(EndReason::Stopped { rule }) if closed(rule))
}

/// A task in one line for whoever reads the failure.
pub(super) fn told(task: &Task) -> String {
    let status = &task.status;
    let clock = |at: Timestamp| at.local(chrono_tz::Tz::Asia__Shanghai).format("%m-%d %H:%M:%S").to_string();
    format!(
        "{} {} {} {:?} fired {} due {} until {:?}, {} of {}",
        task.id.short(),
        once(task).unwrap_or_else(|| format!("{:?}", task.kind)),
        status.state,
        status.end,
        clock(task.fired_at),
        clock(status.due_at),
        status.until.map(clock),
        status.ended_by,
        OPERATORS.len(),
    )
}
