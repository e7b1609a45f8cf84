//! Freshness: nobody is told the same words again within a span, whatever says them.
//!
//! A wording is had where the step said it, where another step, playbook or one-off said a template with the same text,
//! and where somebody wrote the same by hand. Templates are compared once, as they are applied; of what a target was
//! told only the numbers of step and variant are looked at.

use std::collections::BTreeSet;

use super::super::Desk;
use super::super::act::DeskError;
use crate::book::time::MINUTE;
use crate::book::{Enrolment, Target, TaskKind, Timestamp, Touch};
use crate::desk::playbooks::Says;
use crate::sop::format::{Playbook, Step};
use crate::store::columns::task::TaskSort;

/// A wording of a step, and what else says it.
struct Own<'a> {
    variant: u16,
    says: &'a [Says],
    /// All of it, where it is the same for everybody.
    plain: Option<String>,
}

impl Desk {
    /// True where an enrolment's target has not had a step's text within its freshness span before an instant, nor since.
    pub(super) fn is_fresh(
        &self,
        enrolment: &Enrolment,
        playbook: &Playbook,
        step: &Step,
        at: Timestamp,
    ) -> Result<bool, DeskError> {
        self.is_fresh_to(playbook, step, self.touch_target(enrolment, playbook, step), at)
    }

    /// True where somebody has not had all wordings of a step within its freshness span before an instant, nor since.
    pub(super) fn is_fresh_to(
        &self,
        playbook: &Playbook,
        step: &Step,
        target: Target,
        at: Timestamp,
    ) -> Result<bool, DeskError> {
        let Some(span) = playbook.fresh_of(step) else { return Ok(true) };
        let from = Timestamp(at.0.saturating_sub(i64::from(span.minutes()) * MINUTE));
        let had = self.wordings_had(playbook, step, target, from)?;
        let had: BTreeSet<u16> = had.into_iter().map(|(variant, _)| variant).collect();
        Ok(had.len() < step.wordings().len().max(1))
    }

    /// The wording of a step that a target has not had for longest.
    pub(in crate::desk) fn variant_for(&self, playbook: &Playbook, step: &Step, target: Target) -> u16 {
        let wordings = step.wordings().len();
        if wordings < 2 {
            return 0;
        }
        let mut history = self.wordings_had(playbook, step, target, Timestamp(0)).unwrap_or_default();
        // what is still to be said to them counts: the next one says something else
        history.extend(self.wordings_open(playbook, step, target).map(|(_, variant, at)| (variant, at)));
        crate::sop::render::pick_variant(&history, wordings as u16)
    }

    /// Which wordings of a step open tasks are about to tell a target, each with its task's row and when it is due.
    pub(in crate::desk) fn wordings_open(
        &self,
        playbook: &Playbook,
        step: &Step,
        target: Target,
    ) -> impl Iterator<Item = (u32, u16, Timestamp)> {
        let columns = &self.store.columns;
        let of = columns.playbook_position(&playbook.id).zip(columns.words.find(&step.id));
        let owner = columns.owner(target).filter(|_| of.is_some());
        owner.into_iter().flat_map(|owner| columns.queue.of(owner)).filter_map(move |row| {
            let task = columns.tasks.get(row)?;
            let is_of_step = task.sort == TaskSort::Step && task.playbook.zip(Some(task.step)) == of;
            is_of_step.then_some((row, task.variant, task.due_at))
        })
    }

    /// Which wordings of a step a target was told since an instant, and when, oldest first.
    pub(in crate::desk) fn wordings_had(
        &self,
        playbook: &Playbook,
        step: &Step,
        target: Target,
        from: Timestamp,
    ) -> Result<Vec<(u16, Timestamp)>, DeskError> {
        let touches = self.touches_since(target, from)?;
        if touches.is_empty() {
            return Ok(Vec::new());
        }
        let own = (0..step.variants()).map(|variant| {
            let texts: Vec<&str> = step.texts_of(variant).collect();
            let is_plain = !texts.is_empty() && texts.iter().all(|text| !text.contains('{'));
            let says = self.playbooks.saying(texts.iter().copied());
            Own { variant, says, plain: is_plain.then(|| texts.join("\n")) }
        });
        let own: Vec<Own<'_>> = own.collect();
        let mut had = Vec::new();
        for touch in &touches {
            if touch.playbook.as_ref() == Some(&playbook.id) && touch.step == step.id {
                had.push((touch.variant, touch.sent_at.ms));
                continue;
            }
            for wording in &own {
                if self.was_said(wording, touch)? {
                    had.push((wording.variant, touch.sent_at.ms));
                }
            }
        }
        Ok(had)
    }

    /// Whether something else said a wording.
    fn was_said(&self, wording: &Own<'_>, touch: &Touch) -> Result<bool, DeskError> {
        if wording.plain.as_deref().map(str::trim) == Some(touch.text.trim()) {
            return Ok(true);
        }
        let Some(of) = &touch.playbook else { return Ok(false) };
        let at =
            |says: &&Says| says.step == touch.step && says.variant == touch.variant && says.playbook == *of;
        if !wording.says.iter().any(|says| at(&says)) {
            return Ok(false);
        }
        let Some(task) = self.store.task(touch.task)? else { return Ok(true) };
        let TaskKind::Step { version, .. } = task.kind else { return Ok(false) };
        // what was written anew before it was sent is another text
        let as_it_stood = task.status.edited.is_none();
        Ok(as_it_stood && wording.says.iter().filter(at).any(|says| says.version == version))
    }
}
