//! Acts: who does something, and how its records are staged.

use super::Desk;
use crate::book::{ActId, Activity, ActivityKind, CommandId, ObjectId, Target, Task, Timestamp};
use crate::door::{Refusal, RefusalKind};
use crate::store::acts::VIA_TICK;
use crate::store::record::Edited;
use crate::store::{Body, By, Record, StoreError};
use crate::text::lang::Lang;

/// One act: everything it stages is reversed by one undo.
#[derive(Clone, Debug)]
pub struct Act {
    pub id: ActId,
    pub by: By,
    pub command_id: Option<CommandId>,
    pub undo_of: Option<ActId>,
    pub at: Timestamp,
    /// The language that sentences about it are said in.
    pub lang: Lang,
}

/// Why the desk did not do something.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// A reason for the human; nothing was changed.
    #[error(transparent)]
    Refused(Box<Refusal>),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Refusal> for DeskError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

/// Whether a body is what becomes of a task.
const fn is_of_task(body: &Body) -> bool {
    matches!(body, Body::TaskFired(_) | Body::TaskChanged { .. })
}

impl DeskError {
    /// The refusal to answer with.
    pub fn refusal(self) -> Refusal {
        match self {
            Self::Refused(refusal) => *refusal,
            Self::Store(error) => Refusal::new(RefusalKind::Store, error.to_string()),
        }
    }
}

impl Desk {
    /// An act of the tick.
    pub(crate) fn tick_act(&mut self, now: Timestamp) -> Act {
        Act {
            id: self.ids.next(now),
            by: By { operator: String::new(), from: String::new(), via: VIA_TICK.to_owned() },
            command_id: None,
            undo_of: None,
            at: now,
            lang: Lang::ZhCn,
        }
    }

    /// Stages one record of an act, and notes what it changes for the views.
    ///
    /// The book has changed when this returns; nothing is durable before the turn's commit.
    pub(crate) fn stage(&mut self, act: &Act, body: Body) -> Result<(), DeskError> {
        self.note_changed(&body);
        self.imports.note_record(&body);
        let record = Record {
            at: act.at,
            by: act.by.clone(),
            command_id: act.command_id,
            act_id: act.id,
            undo_of: act.undo_of,
            members: body.members(),
            body,
        };
        let row = match &record.body {
            Body::TaskChanged { task, .. } => self.store.columns.tasks.row(*task),
            _ => None,
        };
        let before = row.and_then(|row| self.store.columns.tasks.get(row));
        self.store.stage(&record)?;
        match &record.body {
            Body::TaskFired(Task { id, .. }) | Body::TaskChanged { task: id, .. } => {
                let tasks = &self.store.columns.tasks;
                if let Some(row) = tasks.row(*id) {
                    let after = tasks.get(row);
                    self.tick.counted.changed(row, before.as_ref(), after.as_ref());
                    self.note_room(before.as_ref(), after.as_ref(), act.at);
                }
            }
            Body::ImportApplied { changes, .. } if changes.iter().any(is_of_task) => {
                self.tick.counted.forget();
            }
            _ => {}
        }
        self.note_room_by(&record.body);
        match &record.body {
            Body::PlaybookApplied { .. } => self.playbooks.load(&self.store.columns),
            // what is expected of a product may have changed for anybody
            Body::ProductMade(_)
            | Body::Edited { object: Edited::Product(_), .. }
            | Body::Unhappened(Activity { kind: ActivityKind::Bought | ActivityKind::Refunded, .. }) => {
                self.tick.due = true;
                self.sweep_again();
            }
            // whoever waits for the end of hours that are other hours now
            Body::Edited { changes, .. } if changes.iter().any(|c| matches!(&*c.field, "quiet" | "zone")) => {
                self.rules_changed();
            }
            _ => {}
        }
        Ok(())
    }

    /// Stages bodies in order, each with what follows from it. Who is through their playbook with all of it ends it by
    /// the same act, so that one undo takes back what the end brings about as well.
    pub(crate) fn perform(&mut self, act: &Act, bodies: Vec<Body>) -> Result<(), DeskError> {
        let outer = std::mem::take(&mut self.may_be_over);
        let staged = self.stage_all(act, bodies);
        let may_be_over = std::mem::replace(&mut self.may_be_over, outer);
        staged?;
        self.end_what_is_over(act, may_be_over)
    }

    fn stage_all(&mut self, act: &Act, bodies: Vec<Body>) -> Result<(), DeskError> {
        for body in bodies {
            self.stage(act, body.clone())?;
            self.follow(act, &body)?;
        }
        Ok(())
    }

    fn note_changed(&mut self, body: &Body) {
        let changed = &mut self.changed;
        let mut target = |target: &Target| {
            changed.objects.push(match target {
                Target::Member(id) => ObjectId::Member(*id),
                Target::Group(id) => ObjectId::Group(*id),
                Target::Account(id) => ObjectId::Account(*id),
            });
        };
        match body {
            Body::AccountMade(account) => target(&Target::Account(account.id)),
            Body::GroupMade(group) => target(&Target::Group(group.id)),
            Body::MemberMade(member) => target(&Target::Member(member.id)),
            Body::Edited { object, .. } => match object {
                Edited::Account(id) => target(&Target::Account(*id)),
                Edited::Group(id) => target(&Target::Group(*id)),
                Edited::Member(id) => target(&Target::Member(*id)),
                Edited::Product(id) => changed.objects.push(ObjectId::Product(*id)),
            },
            Body::ContactSet { before, after } => {
                if let Some(contact) = after.as_ref().or(before.as_ref()) {
                    target(&Target::Member(contact.member));
                    target(&Target::Account(contact.account));
                }
            }
            Body::MembershipSet { before, after } => {
                if let Some(membership) = after.as_ref().or(before.as_ref()) {
                    target(&Target::Member(membership.member));
                    target(&Target::Group(membership.group));
                }
            }
            Body::Happened(activity) | Body::Unhappened(activity) => {
                if let Some(member) = activity.member {
                    target(&Target::Member(member));
                }
                if let Some(group) = activity.group {
                    target(&Target::Group(group));
                }
            }
            Body::TaskFired(task) => {
                changed.objects.push(ObjectId::Task(task.id));
                self.note_task_owners(task);
            }
            Body::TaskChanged { task, .. } | Body::TaskJoined { task, .. } => {
                changed.objects.push(ObjectId::Task(*task));
                if let Ok(Some(task)) = self.store.task(*task) {
                    self.note_task_owners(&task);
                }
            }
            Body::Touched(touch) | Body::Untouched(touch) => changed.objects.push(ObjectId::Task(touch.task)),
            Body::Enrolled(enrolment) => changed.playbooks.push(enrolment.playbook.clone()),
            Body::PlaybookApplied { playbook, .. } | Body::PlaybookSet { playbook, .. } => {
                changed.playbooks.push(playbook.clone());
                changed.all = true;
            }
            Body::ImportApplied { changes, .. } => {
                for change in changes {
                    self.note_changed(change);
                }
            }
            Body::RulesSet { .. }
            | Body::DayOffSet { .. }
            | Body::CalendarYearSet { .. }
            | Body::Answered { .. }
            | Body::TargetPaused { .. } => {
                changed.all = true;
            }
            Body::ViewSet { .. } => changed.saved_views = true,
            Body::NoteAdded { on, .. } | Body::NoteRemoved { on, .. } => changed.objects.push(*on),
            Body::EnrolmentChanged { .. }
            | Body::StoreMade { .. }
            | Body::CampaignSet { .. }
            | Body::ProductMade(_)
            | Body::SnippetSet { .. }
            | Body::SnippetUsed { .. }
            | Body::ImportBegun { .. }
            | Body::ImportRows { .. }
            | Body::ImportCommitted { .. }
            | Body::ReversalBegun { .. }
            | Body::ReversalMoved { .. }
            | Body::WorkLeft { .. }
            | Body::WorkDone { .. }
            | Body::ClockConfirmed { .. }
            | Body::ClockSeen
            | Body::DayTaken { .. }
            | Body::Forgotten => {}
        }
    }

    /// A task's target, group and playbook show counts of tasks.
    fn note_task_owners(&mut self, task: &crate::book::Task) {
        let objects = &mut self.changed.objects;
        objects.push(match task.target {
            Target::Member(id) => ObjectId::Member(id),
            Target::Group(id) => ObjectId::Group(id),
            Target::Account(id) => ObjectId::Account(id),
        });
        objects.extend(task.group.map(ObjectId::Group));
        objects.extend(task.status.account.map(ObjectId::Account));
        if let crate::book::TaskKind::Step { key, .. } = &task.kind {
            self.changed.playbooks.push(key.playbook.clone());
        }
    }
}
