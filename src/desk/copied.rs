//! What was copied of a text stands, whatever becomes of the text until somebody says that it was sent.
//!
//! A text is filled when it is shown, so a form, a name or an edit may change it while it lies in somebody's clipboard or
//! in a chat already. What was copied is therefore kept with its task: where it may still differ, which is where
//! something is filled in or somebody edits, and until a human ends the task. It is what the record says then.

use super::Desk;
use super::command::next_rev;
use super::view::text::{has_variables, template};
use crate::book::{Task, TaskKind, TaskStatus};
use crate::door::detail::{PartView, TaskText};
use crate::sop::spoken::read_back;
use crate::text::clean::for_display_lines;
use crate::text::lang::Lang;

impl Desk {
    /// Keeps what was copied of a part that is still to be said.
    pub(super) fn keep_copy(&self, task: &Task, text: &TaskText, part: u16, after: &mut TaskStatus) {
        if !task.status.state.is_open() || task.status.has_ticked(usize::from(part)) {
            return;
        }
        after.copied.retain(|(kept, _)| *kept != part);
        let said = text.parts.get(usize::from(part)).filter(|_| text.blocked.is_none());
        let said = said.and_then(|part| part.copy.as_deref());
        if let Some(said) = said.filter(|_| self.may_differ(task)) {
            after.copied.push((part, said.to_owned()));
        }
    }

    /// A task's status with other words for this once, or its own again; what was copied of those it had is kept.
    pub(super) fn rewritten(&self, task: &Task, edited: Option<String>) -> TaskStatus {
        TaskStatus { corrected: Vec::new(), ..self.reworded(task, 0, edited) }
    }

    /// The same of one of its texts, by its place among them.
    pub(super) fn reworded(&self, task: &Task, nth: u16, edited: Option<String>) -> TaskStatus {
        let mut after = next_rev(&task.status).with_text(nth, edited);
        let is_kept = task.status.copied_at.is_none() || !task.status.copied.is_empty();
        if is_kept || after.is_edited_like(&task.status) || !task.status.state.is_open() {
            return after;
        }
        // what cannot be read was not copied either
        let Ok(text) = self.task_text(task) else { return after };
        let mut said = text.parts.iter().zip(0_u16..).filter_map(|(part, at)| Some((at, part.copy.clone()?)));
        after.copied.extend(said.nth(usize::from(nth)));
        after
    }

    /// Whether what a task says may be something else later without that anybody edits it.
    fn may_differ(&self, task: &Task) -> bool {
        let words = match &task.kind {
            TaskKind::FollowUp { words } | TaskKind::Correction { words, .. } => Some(words.as_str()),
            _ => None,
        };
        if task.status.edited.as_deref().or(words).is_some_and(has_variables) {
            return true;
        }
        if task.status.edited_texts.iter().any(|(_, edited)| has_variables(edited)) {
            return true;
        }
        let TaskKind::Step { variant, .. } = &task.kind else { return false };
        let Some((playbook, at)) = self.step_of(task) else { return false };
        let parts = playbook.step(at).into_iter().flat_map(|step| &step.parts);
        parts.filter_map(|part| template(part, usize::from(*variant))).any(has_variables)
    }

    /// Whether the words that a task was copied with are its step's own, although it was edited since.
    pub(super) fn was_copied_unedited(&self, task: &Task, text: &TaskText) -> bool {
        let TaskKind::Step { variant, .. } = &task.kind else { return false };
        let Some((playbook, at)) = self.step_of(task) else { return false };
        let Some(own) = playbook.step(at).and_then(|step| step.texts_of(*variant).next()) else {
            return false;
        };
        let said = text.parts.iter().find_map(|part| part.copy.as_deref());
        let own = self.whole(own, Lang::default());
        own.is_ok_and(|own| said.is_some_and(|said| read_back(&own, said).is_some()))
    }
}

/// A part of a task that was copied, or said by hand, and says something else by now: what was copied, and what it says.
pub(super) fn changed_since_copy<'a>(
    status: &'a TaskStatus,
    text: &'a TaskText,
) -> Option<(&'a str, &'a str)> {
    changed(status, text, |_| true)
}

/// The same of parts that are still to be sent: they are copied anew.
pub(super) fn to_be_copied_anew(status: &TaskStatus, text: &TaskText) -> bool {
    changed(status, text, |part| !part.done).is_some()
}

fn changed<'a>(
    status: &'a TaskStatus,
    text: &'a TaskText,
    of: impl Fn(&PartView) -> bool,
) -> Option<(&'a str, &'a str)> {
    status.copied.iter().find_map(|(part, copied)| {
        let part = text.parts.get(usize::from(*part)).filter(|part| of(part))?;
        let now = part.said().unwrap_or_default();
        (now != copied).then_some((copied.as_str(), now))
    })
}

/// A text as it was copied, where it was.
pub(super) fn as_copied(status: &TaskStatus, mut text: TaskText) -> TaskText {
    for (part, copied) in &status.copied {
        let Some(part) = text.parts.get_mut(usize::from(*part)) else { continue };
        if part.said() == Some(copied) {
            continue;
        }
        if part.kind == "text" {
            part.show = for_display_lines(copied).into_owned();
            part.copy = Some(copied.clone());
        } else {
            part.find = Some(copied.clone());
        }
    }
    // what is wanting now was there when it was copied
    let is_whole = text.parts.iter().all(|part| part.kind != "text" || part.copy.is_some());
    text.blocked = text.blocked.filter(|_| status.copied.is_empty() || !is_whole);
    text
}
