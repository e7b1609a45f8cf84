//! Who was told something else than a run's form says now, once it is filled in otherwise: what each of them really got,
//! and the way to a correction; and what was copied with it and is not marked yet.
//!
//! Limits: what was sent last is looked at, as much as a turn has room for; where there may be more it is said so. What
//! was said by a text that does more than fill in its variables counts as what stood there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;

use super::super::Desk;
use super::super::act::{Act, DeskError};
use super::super::copied::to_be_copied_anew;
use super::super::view::text::template;
use super::super::words::Words;
use crate::book::{GroupId, Money, PlaybookId, Target, Task, TaskId, TaskKind, TaskState, Touch, Via};
use crate::sop::format::{Ask, AskType, Playbook};
use crate::sop::spoken::read_back;
use crate::store::columns::task::{TaskColumn, TaskSort};
use crate::text::clean::{for_clipboard, for_display};
use crate::text::lang::Lang;

/// An answer that is said back in a sentence has no more characters.
const ANSWER_SHOWN: usize = 20;

/// How many ended tasks are looked over for those of a run, newest first, and how many of them are read; and the same of
/// open ones: what one turn has time for.
const ENDED_LOOKED_AT: usize = 10_000;
const SENT_LOOKED_AT: usize = 120;
const OPEN_LOOKED_AT: usize = 10_000;
const COPIED_LOOKED_AT: usize = 40;

/// How many wrong answers are said one by one.
const SAID_APART: usize = 4;

/// A question of some runs whose answer has changed, of one group where it is its own; of a text of a campaign, which
/// has no runs, whenever it was said.
pub(super) struct Refilled<'a> {
    pub playbook: &'a PlaybookId,
    pub runs: Option<&'a BTreeSet<NaiveDate>>,
    pub group: Option<GroupId>,
    pub key: &'a str,
}

/// Who got one answer by one step.
#[derive(Default)]
struct Got {
    texts: usize,
    groups: BTreeSet<GroupId>,
    newest: Option<TaskId>,
}

impl Desk {
    /// What was sent with another answer than stands now, by step and by what it was sent with, and what was copied so;
    /// none where nothing was.
    pub(super) fn got_otherwise(&self, act: &Act, refilled: &Refilled<'_>) -> Result<Vec<String>, DeskError> {
        let columns = &self.store.columns;
        let Some(place) = columns.playbook_position(refilled.playbook) else { return Ok(Vec::new()) };
        let is_step = |task: &TaskColumn| task.sort == TaskSort::Step && task.playbook == Some(place);
        let rows = columns.ended.newest(None).take(ENDED_LOOKED_AT).map(|(_, row)| row);
        let sent = rows.filter(|row| {
            columns.tasks.get(*row).is_some_and(|task| task.state == TaskState::Sent && is_step(&task))
        });
        let mut got: BTreeMap<(u16, Option<String>), Got> = BTreeMap::new();
        let sent = sent.take(SENT_LOOKED_AT).map(|row| self.store.task_at(row));
        let mut told: Vec<Task> = sent.filter_map(Result::transpose).collect::<Result<_, _>>()?;
        let is_cut = told.len() == SENT_LOOKED_AT;
        told.extend(self.half_told(refilled.playbook)?);
        for task in told {
            let Some((at, value)) = self.got_of(&task, refilled)? else { continue };
            let of = got.entry((at, value)).or_default();
            of.texts += 1;
            of.newest = of.newest.or(Some(task.id));
            if let (Target::Group(group), Via::Group) = (task.target, task.via) {
                of.groups.insert(group);
            }
        }
        let mut said: Vec<String> = self.got_words(act, refilled.playbook, got, is_cut).into_iter().collect();
        let rows = columns.queue.rows().take(OPEN_LOOKED_AT);
        let copied = rows
            .filter(|row| columns.tasks.get(*row).is_some_and(|task| task.copied && is_step(&task)))
            .take(COPIED_LOOKED_AT);
        let mut n = 0;
        for row in copied {
            let Some(task) = self.store.task_at(row)? else { continue };
            let is_old = self.needing(&task, refilled).is_some()
                && to_be_copied_anew(&task.status, &self.task_text(&task)?);
            n += usize::from(is_old);
        }
        said.extend((n > 0).then(|| Words::CopiedNotMarked.fill(act.lang, &[("n", &n)])));
        Ok(said)
    }

    /// The playbook and the place of the step of a task of those runs which needs the answer.
    fn needing(&self, task: &Task, refilled: &Refilled<'_>) -> Option<(Arc<Playbook>, u16)> {
        let TaskKind::Step { key, .. } = &task.kind else { return None };
        if refilled.runs.is_some_and(|runs| !runs.contains(&key.run_day(task.day))) {
            return None;
        }
        if refilled.group.is_some() && group_of(task) != refilled.group {
            return None;
        }
        let (playbook, at) = self.step_of(task)?;
        playbook.step(at)?.needs(refilled.key).then_some((playbook, at))
    }

    /// By which step a task was sent with another answer than it would be now, and with which; none where it was not, and
    /// an answer of none where that cannot be read back.
    fn got_of(
        &self,
        task: &Task,
        refilled: &Refilled<'_>,
    ) -> Result<Option<(u16, Option<String>)>, DeskError> {
        let Some((playbook, at)) = self.needing(task, refilled) else { return Ok(None) };
        let TaskKind::Step { key, variant, .. } = &task.kind else { return Ok(None) };
        let value = match self.touch_that_sent(task)? {
            Some(touch) => self.said_for(&playbook, at, *variant, &touch, refilled.key),
            // of what was said in part, what the parts said that were ticked
            None => self.ticked_values(task, &[refilled.key]).into_iter().next().map(|(_, value)| value),
        };
        if let Some(value) = &value {
            let run = key.run_day(task.day);
            let of_campaign = || {
                let answers = self.campaign_answers(refilled.playbook).iter();
                { answers }.find(|(key, _)| key == refilled.key).map(|(_, value)| value.as_str())
            };
            let now = self.answer(refilled.playbook, run, group_of(task), refilled.key);
            let now = now.or_else(of_campaign).unwrap_or_default();
            let is_money = |ask: &Ask| ask.key == refilled.key && ask.kind == AskType::Money;
            let money = || Some((value.parse::<Money>().ok()?, now.parse::<Money>().ok()?));
            let is_same = value.trim() == for_clipboard(now).trim()
                || (playbook.asks.iter().any(is_money) && money().is_some_and(|(was, is)| was == is));
            if is_same {
                return Ok(None);
            }
        }
        Ok(self.would_say_otherwise(task)?.then_some((at, value)))
    }

    /// What a question was answered with in what was said of a step; none where that cannot be told.
    fn said_for(
        &self,
        playbook: &Playbook,
        at: u16,
        variant: u16,
        touch: &Touch,
        key: &str,
    ) -> Option<String> {
        let step = playbook.step(at)?;
        let of = |template: &str, said: &str| {
            let whole = self.whole(template, Lang::default()).ok()?;
            let values = read_back(&whole, said)?;
            values.into_iter().find(|(name, _)| *name == key).map(|(_, value)| value)
        };
        if touch.said.is_empty() {
            return of(&step.texts_of(variant).collect::<Vec<_>>().join("\n"), &touch.text);
        }
        let parts = step.parts.iter().zip(&touch.said);
        parts
            .filter_map(|(part, said)| Some((template(part, usize::from(variant))?, said)))
            .find_map(|(template, said)| of(template, said))
    }

    fn got_words(
        &self,
        act: &Act,
        playbook: &PlaybookId,
        got: BTreeMap<(u16, Option<String>), Got>,
        is_cut: bool,
    ) -> Option<String> {
        let applied = self.playbooks.current(playbook, &self.store.columns);
        let mut steps: Vec<u16> = got.keys().map(|(at, _)| *at).collect();
        steps.dedup();
        let has_steps = steps.len() > 1;
        let mut got: Vec<((u16, Option<String>), Got)> = got.into_iter().collect();
        // within a step what most of them got stands first
        got.sort_by_key(|((at, _), got)| (*at, std::cmp::Reverse(got.texts)));
        let more: usize = got.iter().skip(SAID_APART).map(|(_, got)| got.texts).sum();
        got.truncate(SAID_APART);
        let mut clauses = Vec::with_capacity(got.len());
        for ((at, value), got) in &got {
            let is_short =
                |v: &&String| v.chars().count() <= ANSWER_SHOWN && !v.contains('\n') && !v.is_empty();
            let value = value.as_ref().filter(is_short).map(|value| for_display(value).into_owned());
            let value = value.unwrap_or_else(|| Words::OldAnswer.text(act.lang).to_owned());
            let words = if got.groups.len() == got.texts { Words::GroupsGotOld } else { Words::TextsGotOld };
            let n = format!("{}{}", got.texts, if is_cut { "+" } else { "" });
            let words = words.fill(act.lang, &[("n", &n), ("value", &value)]);
            let step = applied.as_ref().and_then(|playbook| playbook.step(*at)).filter(|_| has_steps);
            clauses.push(match step {
                Some(step) => format!("{} {words}", for_display(&step.id)),
                None => words,
            });
        }
        clauses.extend((more > 0).then(|| Words::MoreGotOld.fill(act.lang, &[("n", &more)])));
        let ids: Vec<String> =
            got.iter().filter_map(|(_, got)| got.newest).map(|id| id.short().clone()).collect();
        if ids.is_empty() {
            return None;
        }
        let way = if act.by.via == "screen" {
            Words::CorrectOnScreen.fill(act.lang, &[("id", &ids.join(","))])
        } else {
            Words::CorrectByCommand.fill(act.lang, &[("id", &ids.join(" / "))])
        };
        Some(format!("{}, {way}", clauses.join("; ")))
    }
}

/// The group whose answers a task is filled with.
fn group_of(task: &Task) -> Option<GroupId> {
    match task.target {
        Target::Group(group) => Some(group),
        _ => task.group,
    }
}
