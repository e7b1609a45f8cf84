//! What stands on more than a text or a field: a view of the store, a campaign, a correction and everybody who got what it
//! puts right.

use super::super::Desk;
use super::super::act::{Act, DeskError};
use super::saw::{ACTS_LOOKED_AT, BODIES_LOOKED_AT};
use super::work::{Sought, wrong_of};
use crate::book::{Campaign, Task, TaskId, TaskKind, TaskState, Timestamp, View};
use crate::door::Saw;
use crate::store::record::Work;
use crate::store::{Body, acts};
use crate::text::clean::{for_clipboard, for_display};

/// Of how many tasks that changed it is read whether they say what is put right.
const TASKS_READ: usize = 50;

impl Desk {
    /// A view as it was when somebody began to change it; what another changed of it and is left so may have changed.
    pub(super) fn must_be_view(
        &self,
        act: &Act,
        name: &str,
        seen: &View,
        typed: Option<&View>,
    ) -> Result<(), DeskError> {
        // what is not there is told by whoever would change it
        let Some(now) = self.store.columns.saved_views.get(name) else { return Ok(()) };
        let parts: [fn(&View, &View) -> bool; 6] = [
            |one, other| one.kind == other.kind,
            |one, other| one.filter.trim() == other.filter.trim(),
            |one, other| one.sort == other.sort,
            |one, other| one.columns == other.columns,
            |one, other| one.limit == other.limit,
            |one, other| one.key == other.key,
        ];
        let is_over = |is_same: fn(&View, &View) -> bool| {
            !is_same(seen, now) && typed.is_none_or(|typed| !is_same(typed, now))
        };
        if !parts.into_iter().any(is_over) {
            return Ok(());
        }
        let wrote = |body: &Body| matches!(body, Body::ViewSet { name: of, .. } if of == name);
        Err(self.changed_by(act, for_display(name).into_owned(), Saw::View(Box::new(now.clone())), wrote))
    }

    /// A campaign as its form had it, but for what has begun of it since.
    pub(super) fn must_be_campaign(
        &self,
        act: &Act,
        typed: &Campaign,
        seen: &Campaign,
    ) -> Result<(), DeskError> {
        let Some(now) = self.store.columns.campaigns.get(&typed.id) else { return Ok(()) };
        let written = now.written();
        if written == seen.written() || written == typed.written() {
            return Ok(());
        }
        let wrote = |body: &Body| {
            matches!(body, Body::CampaignSet { id, before: Some(before), after: Some(after) }
                if *id == typed.id && before.written() != after.written())
        };
        let stands = Saw::Campaign(Box::new(now.clone()));
        Err(self.changed_by(act, for_display(&now.title).into_owned(), stands, wrote))
    }

    /// A wrong text as it was looked at: nobody has put it right since, and nobody else has got it.
    pub(super) fn must_be_wrong_as_seen(
        &self,
        act: &Act,
        id: TaskId,
        seen_at: Timestamp,
    ) -> Result<(), DeskError> {
        let Some(task) = self.store.task(id)? else { return Ok(()) };
        let Some(wording) = self.said_by(&task)? else { return Ok(()) };
        let sought = self.sought(&wrong_of(wording, &task));
        let (mut bodies_left, mut reads_left) = (BODIES_LOOKED_AT, TASKS_READ);
        for (of, head) in acts::newest(None, ACTS_LOOKED_AT, &self.store.bodies)? {
            if head.at <= seen_at || bodies_left == 0 {
                break;
            }
            let bodies = acts::first_bodies_of(of, bodies_left, &self.store.bodies)?;
            bodies_left = bodies_left.saturating_sub(bodies.len());
            for body in &bodies {
                let Some((changed, text)) = self.rights(&task, &sought, body, &mut reads_left)? else {
                    continue;
                };
                let text = text.map(|text| for_clipboard(&text).into_owned());
                let by = Some((head.by.operator, head.at)).filter(|(who, _)| !who.is_empty());
                let stands = Saw::Wrong { at: act.at, text };
                return Err(self.overtaken(act, self.task_name(changed), stands, by));
            }
        }
        Ok(())
    }

    /// Whether a body puts a wrong text right, or is what somebody got it by: which task, and the right text.
    fn rights(
        &self,
        wrong: &Task,
        sought: &Sought,
        body: &Body,
        reads_left: &mut usize,
    ) -> Result<Option<(TaskId, Option<String>)>, DeskError> {
        let (task, text) = match body {
            Body::WorkLeft { work: Work::Correct { wrong: other, text, .. }, .. } => {
                let is_it = sought.wordings.iter().any(|wording| wording.texts == other.texts);
                return Ok(is_it.then(|| (wrong.id, Some(text.clone()))));
            }
            Body::TaskFired(Task { kind: TaskKind::Correction { of, words, .. }, .. }) => {
                (*of, Some(words.clone()))
            }
            Body::TaskChanged { task, before, after } => {
                let is_edited = !before.is_edited_like(after);
                let is_sent = before.state != TaskState::Sent && after.state == TaskState::Sent;
                if !is_edited && !is_sent {
                    return Ok(None);
                }
                (*task, after.edited.clone().filter(|_| is_edited))
            }
            _ => return Ok(None),
        };
        if task == wrong.id {
            return Ok(Some((task, text)));
        }
        let columns = &self.store.columns.tasks;
        let may_say = columns.row(task).and_then(|row| columns.get(row)).is_some_and(|of| sought.fits(&of));
        if !may_say || *reads_left == 0 {
            return Ok(None);
        }
        *reads_left -= 1;
        let Some(other) = self.store.task(task)? else { return Ok(None) };
        Ok(self.says_any_text(&other, &sought.wordings)?.then_some((task, text)))
    }
}
