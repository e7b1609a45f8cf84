//! Rotas: whose turn it is, where a step takes only so many of its targets at a time.
//!
//! Decided once. A step with `pick` is owed to `n` at each occurrence: of the members it fans out to, else of those who
//! stand at it in the playbook, in one group where it gathers them. Those whose last turn was longest ago come first,
//! who never had one before all; another `sort` than `last-liked` goes before that. A turn is a task that is open, was
//! sent or was skipped by a human: what expired or was born skipped was none. Who is not picked is owed nothing this
//! time, not even a line that says so: thousands are passed over each day. Who had it at this occurrence already takes
//! one of its places, so a tick that begins anew picks the rest and no more.
//!
//! Looking is done in slices; what was found is dropped when the tick has nothing more to do.
//!
//! One file because the rule above is looked for, remembered and applied in one order.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;

use super::super::Desk;
use super::super::act::{Act, DeskError};
use super::super::view::subject::Scene;
use super::READ_A_PLACE;
use crate::book::time::DAY;
use crate::book::{
    Enrolment, EnrolmentId, GroupId, MemberId, PlaybookId, Target, TaskKind, TaskState, Timestamp,
};
use crate::sop::format::{Pick, Playbook, Sort, SortKey, Step};
use crate::sop::schedule::{Course, Planned};
use crate::store::columns::enrolment::RunState;
use crate::store::columns::task::{TargetRow, TaskColumn, TaskSort};
use crate::store::keys;

/// Rows looked at in one look; a turn has [`super::SLICE`] of them.
const ROWS: u32 = 2_000;

/// One step at one occurrence, and within what it picks.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Place {
    playbook: PlaybookId,
    step: String,
    occurrence: NaiveDate,
    ordinal: u16,
    /// The group or account whose people it fans out to, or the group it gathers in.
    within: Option<Target>,
}

impl Place {
    fn of(playbook: &Playbook, step: &Step, planned: &Planned, within: Option<Target>) -> Self {
        let (playbook, step) = (playbook.id.clone(), step.id.clone());
        Self { playbook, step, occurrence: planned.occurrence, ordinal: planned.ordinal, within }
    }
}

#[derive(Debug)]
enum Rota {
    Looking(Looking),
    /// In the order in which their turn is.
    Picked(Vec<Target>),
}

/// How far a rota was looked for.
#[derive(Debug, Default)]
struct Looking {
    /// Who may be picked, with the row of the task that was their last turn.
    candidates: BTreeMap<Target, Option<u32>>,
    /// The next row of members or enrolments, and whether there are more.
    next: u32,
    gathered: bool,
    /// Rows of tasks that are still to be looked at, from the newest.
    tasks: Option<u32>,
    /// Candidates without a turn so far.
    open: usize,
    /// How many had it at this occurrence.
    had: u32,
}

/// The rotas of a tick.
#[derive(Debug, Default)]
pub(in crate::desk) struct Rotas(HashMap<Place, Rota>);

impl Rotas {
    /// What was found holds for one tick.
    pub(super) fn forget(&mut self) {
        self.0.clear();
    }
}

/// Where candidates come from.
enum From<'a> {
    /// Members of a group, friends of an account, who match.
    People { within: Target, who: &'a str, named: &'a [(String, HashSet<MemberId>)] },
    /// Those who stand at the step in the playbook.
    Enrolled { group: Option<GroupId> },
}

impl Desk {
    /// Whether it is an enrolment's turn at a step that picks; none while it is still looked for.
    pub(super) fn is_its_turn(
        &mut self,
        act: &Act,
        enrolment: &Enrolment,
        playbook: &Playbook,
        step: &Step,
        planned: &Planned,
    ) -> Result<Option<bool>, DeskError> {
        let Some(pick) = &step.pick else { return Ok(Some(true)) };
        let group = enrolment.group.filter(|_| step.collects(playbook.target));
        let from = From::Enrolled { group };
        let picked = self.rota(act, playbook, step, pick, planned, group.map(Target::Group), &from)?;
        Ok(picked.map(|picked| picked.contains(&enrolment.target)))
    }

    /// Whether it is known that it is somebody's turn.
    pub(super) fn is_picked(
        &self,
        playbook: &Playbook,
        step: &Step,
        planned: &Planned,
        within: Target,
        target: Target,
    ) -> bool {
        let place = Place::of(playbook, step, planned, Some(within));
        matches!(self.tick.rotas.0.get(&place), Some(Rota::Picked(picked)) if picked.contains(&target))
    }

    /// The members of a group or friends of an account whose turn it is; none while they are still looked for.
    #[expect(clippy::too_many_arguments, reason = "one step of one enrolment, spelled out")]
    pub(super) fn whose_turn(
        &mut self,
        act: &Act,
        playbook: &Playbook,
        step: &Step,
        pick: &Pick,
        planned: &Planned,
        within: Target,
        who: &str,
        named: &[(String, HashSet<MemberId>)],
    ) -> Result<Option<Vec<MemberId>>, DeskError> {
        let from = From::People { within, who, named };
        let picked = self.rota(act, playbook, step, pick, planned, Some(within), &from)?;
        let member = |target: Target| match target {
            Target::Member(member) => Some(member),
            _ => None,
        };
        Ok(picked.map(|picked| picked.into_iter().filter_map(member).collect()))
    }

    #[expect(clippy::too_many_arguments, reason = "one step of one enrolment, spelled out")]
    fn rota(
        &mut self,
        act: &Act,
        playbook: &Playbook,
        step: &Step,
        pick: &Pick,
        planned: &Planned,
        within: Option<Target>,
        from: &From<'_>,
    ) -> Result<Option<Vec<Target>>, DeskError> {
        let place = Place::of(playbook, step, planned, within);
        let mut looking = match self.tick.rotas.0.remove(&place) {
            Some(Rota::Picked(picked)) => {
                self.tick.rotas.0.insert(place, Rota::Picked(picked.clone()));
                return Ok(Some(picked));
            }
            Some(Rota::Looking(looking)) => looking,
            None => Looking::default(),
        };
        if !looking.gathered {
            looking.gathered = match from {
                From::People { within, who, named } => {
                    self.gather_people(act, &mut looking, playbook, step, planned, *within, who, named)?
                }
                From::Enrolled { group } => {
                    self.gather_enrolled(act, &mut looking, playbook, step, planned, *group)?
                }
            };
            looking.open = looking.candidates.len();
        } else if self.look_back(&mut looking, playbook, step, planned, within)? {
            let picked = self.in_turn(&looking, pick);
            self.tick.rotas.0.insert(place, Rota::Picked(picked.clone()));
            return Ok(Some(picked));
        }
        self.tick.rotas.0.insert(place, Rota::Looking(looking));
        Ok(None)
    }

    /// Gathers those who match of a group or account; true when all were looked at.
    #[expect(clippy::too_many_arguments, reason = "one step of one enrolment, spelled out")]
    fn gather_people(
        &self,
        act: &Act,
        looking: &mut Looking,
        playbook: &Playbook,
        step: &Step,
        planned: &Planned,
        within: Target,
        who: &str,
        named: &[(String, HashSet<MemberId>)],
    ) -> Result<bool, DeskError> {
        let columns = &self.store.columns;
        let end = columns.members.len() as u32;
        let until = end.min(looking.next.saturating_add(ROWS));
        for row in looking.next..until {
            let (Some(member), Some(id)) = (columns.members.get(row), columns.members.id(row)) else {
                continue;
            };
            let target = Target::Member(id);
            if !member.archived
                && self.belongs(&member, within)
                && self.matches_in(who, target, Scene { named, ..self.scene(act.at) })?
                && !self.is_marketing_off(playbook.class_of(step), target)
                && !self.store.bodies.has(&keys::fired(&self.key(playbook, step, planned, target)))?
                && self.member_rests_until(playbook, step, target, act.at)?.is_none()
            {
                looking.candidates.insert(target, None);
            }
        }
        looking.next = until;
        Ok(until >= end)
    }

    /// Gathers those who stand at the step; true when all were looked at.
    fn gather_enrolled(
        &self,
        act: &Act,
        looking: &mut Looking,
        playbook: &Playbook,
        step: &Step,
        planned: &Planned,
        group: Option<GroupId>,
    ) -> Result<bool, DeskError> {
        let columns = &self.store.columns;
        let (position, in_group) =
            (columns.playbook_position(&playbook.id), group.and_then(|id| columns.groups.row(id)));
        let end = columns.enrolments.len() as u32;
        let until = end.min(looking.next.saturating_add(ROWS));
        let mut read = 0;
        while looking.next < until && read < READ_A_PLACE {
            let row = looking.next;
            looking.next += 1;
            let Some(column) = columns.enrolments.get(row) else { continue };
            let stands = Some(column.playbook) == position
                && column.state == RunState::Active
                && column.next_at().is_some_and(|at| at <= act.at)
                && (in_group.is_none() || column.group == in_group);
            let Some(id) = columns.enrolments.id(row).filter(|_| stands) else { continue };
            read += 1;
            if let Some(target) = self.stands_at(act, id, step, planned)? {
                looking.candidates.insert(target, None);
            }
        }
        Ok(looking.next >= end)
    }

    /// Who goes through an enrolment, where a step is next for it and would be said.
    fn stands_at(
        &self,
        act: &Act,
        id: EnrolmentId,
        step: &Step,
        planned: &Planned,
    ) -> Result<Option<Target>, DeskError> {
        let Some(enrolment) = self.store.enrolment(id)? else { return Ok(None) };
        let Some(playbook) = self.playbooks.get(&enrolment.playbook, enrolment.status.version) else {
            return Ok(None);
        };
        let zone = self.store.columns.zone_of(&enrolment);
        let holidays = &self.store.columns.holidays;
        let course = Course { playbook: &playbook, anchor: &enrolment.status.anchor, zone, holidays };
        let next = course.next(&enrolment.status.progress);
        let is_here = next.is_some_and(|next| {
            (&next.id, next.occurrence, next.ordinal) == (&step.id, planned.occurrence, planned.ordinal)
        });
        let target = enrolment.target;
        let may = is_here
            && self.is_open_target(target)
            && !self.is_marketing_off(playbook.class_of(step), target)
            && self.target_matches(&playbook.audience, target, act.at)?
            && self.condition_holds(&enrolment, &playbook, step, planned.run, act.at)?
            && self.step_rests_until(&playbook, step, target, act.at, true)?.is_none();
        Ok(may.then_some(target))
    }

    /// Looks for the last turns of candidates in tasks, newest first; true when that is done.
    fn look_back(
        &self,
        looking: &mut Looking,
        playbook: &Playbook,
        step: &Step,
        planned: &Planned,
        within: Option<Target>,
    ) -> Result<bool, DeskError> {
        let columns = &self.store.columns;
        let position = columns.playbook_position(&playbook.id);
        let word = columns.words.find(&step.id);
        let in_group = match within {
            Some(Target::Group(id)) if step.collects(playbook.target) => columns.groups.row(id),
            _ => None,
        };
        let gathers = in_group.is_some();
        // what this occurrence may have made: the day before covers every zone
        let since = Timestamp(planned.planned_at.0.saturating_sub(DAY));
        let mut left = looking.tasks.unwrap_or(columns.tasks.len() as u32);
        let (mut looked, mut read) = (0, 0);
        let done = loop {
            if left == 0 {
                break true;
            }
            if looked >= ROWS || read >= READ_A_PLACE {
                break false;
            }
            (left, looked) = (left - 1, looked + 1);
            let Some(task) = columns.tasks.get(left) else { continue };
            let fresh = task.fired_at >= since;
            if looking.open == 0 && !fresh {
                break true;
            }
            let is_of_step =
                task.sort == TaskSort::Step && task.playbook == position && Some(task.step) == word;
            if !is_of_step || (gathers && task.group != in_group) {
                continue;
            }
            let mut had = 0;
            let mut turns: Vec<Target> = Vec::new();
            if fresh || gathers {
                read += 1;
                let Some(body) = self.store.task_at(left)? else { continue };
                let TaskKind::Step { key, .. } = &body.kind else { continue };
                let same = (key.occurrence, key.ordinal) == (planned.occurrence, planned.ordinal);
                let inside = match within {
                    Some(Target::Account(_)) => body.status.account.map(Target::Account) == within,
                    Some(Target::Group(_)) => body.group.map(Target::Group) == within,
                    _ => true,
                };
                if same && inside && !is_born_skipped(&task) {
                    had = if gathers { body.members.len() as u32 } else { 1 };
                }
                turns = if gathers {
                    body.members.iter().map(|id| Target::Member(*id)).collect()
                } else {
                    vec![body.target]
                };
            } else if let Some(target) = self.target_of_row(task.target) {
                turns.push(target);
            }
            looking.had = looking.had.saturating_add(had);
            if !is_turn(&task) {
                continue;
            }
            for target in turns {
                if let Some(last @ None) = looking.candidates.get_mut(&target) {
                    *last = Some(left);
                    looking.open = looking.open.saturating_sub(1);
                }
            }
        };
        looking.tasks = Some(left);
        Ok(done)
    }

    pub(in crate::desk) fn target_of_row(&self, row: TargetRow) -> Option<Target> {
        let columns = &self.store.columns;
        match row {
            TargetRow::Member(row) => columns.members.id(row).map(Target::Member),
            TargetRow::Group(row) => columns.groups.id(row).map(Target::Group),
            TargetRow::Account(row) => columns.accounts.id(row).map(Target::Account),
            TargetRow::None => None,
        }
    }

    /// Those whose turn it is, in order.
    fn in_turn(&self, looking: &Looking, pick: &Pick) -> Vec<Target> {
        let value = |target: Target| {
            let Some(Sort { key, descending }) = pick.sort else { return 0 };
            let value = self.sort_value(target, key);
            if descending { value.saturating_neg() } else { value }
        };
        let mut order: Vec<(i64, Option<u32>, Target)> =
            looking.candidates.iter().map(|(target, last)| (value(*target), *last, *target)).collect();
        order.sort_unstable();
        let free = pick.n.saturating_sub(looking.had) as usize;
        order.into_iter().take(free).map(|(_, _, target)| target).collect()
    }

    /// What a target has under a sort key; 0 for other targets than members.
    pub(in crate::desk) fn sort_value(&self, target: Target, key: SortKey) -> i64 {
        let Target::Member(id) = target else { return 0 };
        let Some(member) = self.store.columns.members.by_id(id) else { return 0 };
        match key {
            SortKey::Spent => member.spent.0,
            SortKey::Orders => i64::from(member.orders),
            SortKey::LastReply => member.last_reply_at.map_or(0, |t| t.0),
            SortKey::LastBuy => member.last_order_at.map_or(0, |t| t.0),
            SortKey::LastTouch => member.last_touch_at.map_or(0, |t| t.0),
            // the order of turns comes after any other
            SortKey::LastLiked => 0,
        }
    }
}

/// True for a task that was somebody's turn.
fn is_turn(task: &TaskColumn) -> bool {
    match task.state {
        TaskState::Due | TaskState::Snoozed | TaskState::Sent => true,
        TaskState::Skipped => !is_born_skipped(task),
        TaskState::Expired | TaskState::Cancelled | TaskState::Failed => false,
    }
}

/// True for a task that nobody was ever offered because its condition did not hold.
fn is_born_skipped(task: &TaskColumn) -> bool {
    task.state == TaskState::Skipped && task.ended_at() == Some(task.fired_at)
}
