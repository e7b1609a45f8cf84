//! Answers of a run's form.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::super::Desk;
use super::super::act::{Act, DeskError};
use super::super::words::Words;
use super::by_hand::Refill;
use super::got::Refilled;
use super::work::list_followed;
use crate::book::{
    EndReason, Enrolment, GroupId, Money, PlaybookId, Target, Task, TaskId, TaskKind, TaskState, Timestamp,
};
use crate::door::form::Field;
use crate::door::reply::Outcome;
use crate::door::{Refusal, RefusalKind};
use crate::sop::calendar::local_day;
use crate::sop::format::{AskPer, AskType, Step};
use crate::store::record::{AskKey, Work};
use crate::store::{Body, keys};
use crate::text::clean::for_display;
use crate::text::lang::Lang;
use crate::text::names::is_nothing;
use crate::text::shell::quoted;

/// The longest answer, in characters: a group-buy of a hundred lines.
const ANSWER_MAX: usize = 8_000;

/// How many of an enrolment's newest tasks are looked at for those of one run.
const STEPS_LOOKED_AT: usize = 64;

impl Desk {
    /// Answers a question of a run; the to-do that asks for it ends. An empty value is an answer too: there is none
    /// today. An undo takes an answer back.
    pub(super) fn fill(
        &mut self,
        act: &Act,
        playbook: &PlaybookId,
        run: NaiveDate,
        group: Option<GroupId>,
        key: &str,
        value: &str,
    ) -> Result<Outcome, DeskError> {
        let Some(applied) = self.playbooks.current(playbook, &self.store.columns) else {
            return Err(super::not_found(&playbook.0, Words::NoPlaybook.fill(act.lang, &[("id", playbook)])));
        };
        let Some(ask) = applied.asks.iter().find(|ask| ask.key == key) else {
            let known: Vec<&str> = applied.asks.iter().map(|ask| ask.key.as_str()).collect();
            let mut refusal =
                Refusal::new(RefusalKind::NotFound, Words::NoQuestion.fill(act.lang, &[("key", &key)]))
                    .about(key);
            refusal.candidates = known.into_iter().map(str::to_owned).collect();
            return Err(refusal.into());
        };
        let open = self.open_questions(playbook, run, key)?;
        // what is asked for, or was filled in, has a round: nobody is looked through for it
        let is_known = !open.is_empty() || self.answer(playbook, run, group, key).is_some();
        if !is_known && !self.has_round(&applied, run) {
            // it would be said done, and the round that it was meant for would go without it
            let values: [(&str, &dyn std::fmt::Display); 3] =
                [("title", &self.title(playbook)), ("day", &run.format("%m-%d")), ("key", &key)];
            let mut refusal =
                Refusal::new(RefusalKind::Invalid, Words::NoRound.fill(act.lang, &values)).about(key);
            refusal.hint = format!("qun sop plan {}", quoted(&playbook.0));
            return Err(refusal.into());
        }
        let is_list = ask.kind == AskType::List;
        let value = crate::text::clean::for_clipboard(value.trim()).into_owned();
        let value = if is_nothing(&value) { String::new() } else { value };
        if value.chars().count() > ANSWER_MAX {
            let words = Words::AnswerTooLong.fill(act.lang, &[("n", &ANSWER_MAX)]);
            return Err(Refusal::new(RefusalKind::Invalid, words).about(key).into());
        }
        let mut value = value;
        let mut words = if value.is_empty() { Words::FilledNothing } else { Words::Filled };
        if ask.kind == AskType::Money && !value.is_empty() {
            let plain = plain_money(key, &value, act.lang)?;
            if plain != value {
                // what was typed beside the digits stands in the texts already
                (words, value) = (Words::FilledAs, plain);
            }
        }
        if is_list && let Some(apart) = self.names_apart(&value, group) {
            (words, value) = (Words::FilledAs, apart);
        }
        let ask_key = AskKey { playbook: playbook.clone(), run, group, key: key.to_owned() };
        let before = self.store.columns.answers.get(&ask_key).cloned();
        let was = self.answer(playbook, run, group, key).unwrap_or_default().to_owned();
        let warnings = if is_list { self.unknown_names(&value, group, act.lang) } else { Vec::new() };
        let taken = value.clone();
        let after = Some(value);
        let is_changed = before != after;
        // a group that gets its own answer had that of the run
        let had = before.clone().or_else(|| (!was.is_empty()).then(|| was.clone()));
        let changed = had.filter(|_| is_changed);
        let mut bodies = Vec::new();
        if before != after {
            bodies.push(Body::Answered { ask: ask_key.clone(), before, after });
        }
        for task in open {
            let asked = match &task.kind {
                TaskKind::Ask { group, .. } => *group,
                _ => None,
            };
            if ask.per == AskPer::Run || group.is_none() || asked == group {
                let status = task.status.ended(TaskState::Sent, EndReason::Sent, act.at, &act.by.operator);
                bodies.push(Body::TaskChanged { task: task.id, before: task.status, after: status });
            }
        }
        if bodies.is_empty() {
            let words = Words::NothingChanged.fill(act.lang, &[("what", &key)]);
            return Ok(Outcome { words, ..Outcome::default() });
        }
        self.perform(act, bodies)?;
        if self.depends_on(&applied, key)? {
            let (playbook, key) = (playbook.clone(), key.to_owned());
            let lang = act.lang;
            self.works.say_all(act.id, move |counts, outcome| list_followed(&counts, outcome, lang));
            self.undertake(act, Work::OfferAgain { playbook, run, group, key, was })?;
        }
        let values: [(&str, &dyn std::fmt::Display); 2] =
            [("key", &for_display(key)), ("value", &for_display(&taken))];
        let mut words = words.fill(act.lang, &values);
        let zone = applied.tz.unwrap_or(self.store.columns.store.zone);
        if run != local_day(act.at, zone, applied.day_ends) && applied.start.recurrence().is_some() {
            words.extend(["; ", &Words::FilledFor.fill(act.lang, &[("day", &run.format("%m-%d"))])]);
        }
        let mut said = Vec::new();
        if is_changed {
            let runs = BTreeSet::from([run]);
            said.extend(self.got_otherwise(act, &Refilled { playbook, runs: Some(&runs), group, key })?);
        }
        if let Some(before) = changed {
            let refill = Refill { ask: &ask_key, before: &before, after: &taken };
            said.extend(self.edited_apart(act, &refill)?);
        }
        for said in said {
            words.extend(["; ", &said]);
        }
        Ok(Outcome { words, warnings, ..Outcome::default() })
    }

    /// Tasks of a run that were born skipped for want of an answer, could still be said, and may be by now.
    pub(super) fn passed_over(
        &self,
        enrolment: &Enrolment,
        run: NaiveDate,
        key: &str,
        now: Timestamp,
    ) -> Result<Vec<Task>, DeskError> {
        let prefix = keys::tasks_of(enrolment.id);
        let mut found = Vec::new();
        for (row, _) in self.store.bodies.newest(&prefix, None, STEPS_LOOKED_AT)? {
            let id = row.get(prefix.len()..).and_then(keys::id_from::<TaskId>);
            let Some(task) = id.map(|id| self.store.task(id)).transpose()?.flatten() else { continue };
            let of_run = matches!(&task.kind, TaskKind::Step { key, .. } if key.run_day(task.day) == run);
            let is_open = task.status.until.is_some_and(|until| until > now);
            if !of_run || !is_open || task.status.end != Some(EndReason::Condition) {
                continue;
            }
            let Some((applied, at)) = self.step_of(&task) else { continue };
            // what is owed to those it means is none of the group's
            let asks = |step: &&Step| step.condition.asks(key) && step.who.is_none();
            let Some(step) = applied.step(at).filter(asks) else { continue };
            if self.condition_holds(enrolment, &applied, step, run, now)? {
                found.push(task);
            }
        }
        Ok(found)
    }

    /// A form is done by filling it in; saying that it was sent would leave its texts without their words.
    pub(super) fn must_be_filled(&self, act: &Act, task: &Task) -> Result<(), DeskError> {
        let TaskKind::Ask { playbook, run, key, group } = &task.kind else { return Ok(()) };
        if self.answer(playbook, *run, *group, key).is_some() {
            return Ok(());
        }
        let key = for_display(key);
        let on_screen = act.by.via == "screen";
        let hint = if on_screen {
            Words::FillOnScreen.text(act.lang).to_owned()
        } else {
            let group = group.map(|id| self.display_name(Target::Group(id)));
            let group = group.map(|name| format!(" --group {}", quoted(&name))).unwrap_or_default();
            let values: [(&str, &dyn std::fmt::Display); 3] =
                [("playbook", playbook), ("key", &quoted(&key)), ("group", &group)];
            Words::FillByCommand.fill(act.lang, &values)
        };
        let words = Words::MustBeFilled.fill(act.lang, &[("key", &key)]);
        Err(Refusal::new(RefusalKind::State, words).about(self.task_name(task.id)).hint(hint).into())
    }

    /// Open to-dos that ask for a key of a run.
    fn open_questions(
        &self,
        playbook: &PlaybookId,
        run: NaiveDate,
        key: &str,
    ) -> Result<Vec<Task>, DeskError> {
        let columns = &self.store.columns;
        let mut found = Vec::new();
        for row in columns.queue.asks() {
            let Some(id) = columns.tasks.id(row) else { continue };
            let Some(task) = self.store.task(id)? else { continue };
            let this = matches!(&task.kind, TaskKind::Ask { playbook: p, run: r, key: k, .. }
                if p == playbook && *r == run && k == key);
            if this {
                found.push(task);
            }
        }
        Ok(found)
    }
}

/// An amount in plain digits, however it was typed.
pub(super) fn plain_money(key: &str, value: &str, lang: Lang) -> Result<String, DeskError> {
    Money::plain(value).ok_or_else(|| {
        let words = Words::NotMoney.fill(lang, &[("value", &for_display(value))]);
        Refusal::new(RefusalKind::Invalid, words).at_field(Field::Note, value).about(key).into()
    })
}
