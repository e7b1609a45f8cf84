//! Corrections of what was wrongly said.
//!
//! First everything pending with the text is halted, so that nobody sends it while somebody writes; then the right text
//! goes into all of it, and who got the wrong one is owed a 更正. Texts are the same where their *wording* is: a template
//! that greets everybody by name was wrong for all of them, whatever the names; a template that an answer or a date
//! fills was wrong for that run only, and where it was filled in anew since, for those who got it as it was filled then.
//!
//! One file because what a task says, who says the same and who has heard it are one question.

use std::borrow::Cow;

use chrono::NaiveDate;

use super::super::Desk;
use super::super::act::{Act, DeskError};
use super::super::words::Words;
use super::work::{Right, Sought, wrong_of};
use crate::book::{Class, PlaybookId, Task, TaskId, TaskKind, TaskState, TaskStatus, Via, Wording};
use crate::door::choices::notice_draft;
use crate::door::compose::is_one_off;
use crate::door::reply::Outcome;
use crate::door::{Refusal, RefusalKind};
use crate::sop::format::{Part, Playbook};
use crate::sop::spoken::{filled_in, has_words, read_back};
use crate::store::record::Work;
use crate::text::clean::for_display;
use crate::text::lang::Lang;
use crate::text::shell::quoted;

/// Why a task is held: its text is wrong, and the right one is being written.
pub(crate) const HELD_CORRECTION: &str = "correction";

/// How many ended tasks are looked over for those with the text, newest first, and of how many the body is read.
pub(in crate::desk) const ENDED_LOOKED_OVER: usize = 100_000;
pub(in crate::desk) const SENT_LOOKED_AT: usize = 2_000;

impl Desk {
    /// Holds everything pending with a task's text, while the right one is written.
    pub(super) fn halt(&mut self, act: &Act, id: TaskId) -> Result<Outcome, DeskError> {
        let wrong = self.task_or_refuse(act, id)?;
        if let Some(wording) = self.said_by(&wrong)? {
            self.undertake(act, Work::Halt { wrong: wrong_of(wording, &wrong) })?;
        }
        let lang = act.lang;
        self.works.say(act, move |counts| Words::Halted.fill(lang, &[("n", &counts.done)]));
        Ok(Outcome::default())
    }

    /// Puts a wrong text right: what is pending with it gets the new text, and who got it gets a 更正 to be sent, where
    /// one is written.
    pub(super) fn correct(
        &mut self,
        act: &Act,
        id: TaskId,
        (text, part): (&str, Option<u16>),
        notice: Option<&str>,
    ) -> Result<Outcome, DeskError> {
        let wrong = self.task_or_refuse(act, id)?;
        let nth = self.text_meant(act, &wrong, part)?;
        if text.trim().is_empty() {
            return Err(Refusal::new(RefusalKind::Invalid, Words::CorrectionEmpty.text(act.lang)).into());
        }
        for said in std::iter::once(text).chain(notice) {
            self.must_be_sayable(act, &wrong, said)?;
        }
        let warnings = self.says_it_again(&wrong, nth, text, act.lang)?.into_iter().collect();
        if let Some(wording) = self.said_by(&wrong)? {
            let (wrong, text) = (wrong_of(wording, &wrong), text.to_owned());
            let written = notice.filter(|words| !words.trim().is_empty());
            let notice = Some(written.map_or_else(|| notice_draft(&text, act.lang), str::to_owned));
            self.undertake(act, Work::Correct { wrong, text, notice, only_due: written.is_none(), nth })?;
        }
        let lang = act.lang;
        self.works.say(act, move |counts| {
            let said = Words::Corrected.fill(lang, &[("n", &counts.done), ("m", &counts.made.len())]);
            match counts.later {
                0 => said,
                n => format!("{said}; {}", Words::LimitRamped.fill(lang, &[("n", &n)])),
            }
        });
        Ok(Outcome { warnings, ..Outcome::default() })
    }

    /// What a task says, before names are filled in; none where nothing of it is copied.
    pub(crate) fn wording(&self, task: &Task) -> Option<Wording> {
        let edited = task.status.edited.clone();
        let step = self.step_of(task);
        let TaskKind::Step { key, variant, .. } = &task.kind else {
            let texts = match (&task.kind, edited) {
                (_, Some(edited)) => vec![edited],
                (TaskKind::Correction { words, .. }, None) => vec![words.clone()],
                _ => return None,
            };
            return Some(Wording { texts, run: None, values: Vec::new() });
        };
        let said = step.as_ref().and_then(|(playbook, at)| playbook.step(*at));
        let said = said.into_iter().flat_map(|step| step.texts_of(*variant));
        let mut texts: Vec<String> = said.map(str::to_owned).collect();
        if let Some(edited) = edited {
            match texts.first_mut() {
                Some(first) => *first = edited,
                None => texts.push(edited),
            }
        }
        for (nth, edited) in &task.status.edited_texts {
            if let Some(text) = texts.get_mut(usize::from(*nth)) {
                text.clone_from(edited);
            }
        }
        let asks = step.iter().flat_map(|(playbook, _)| self.asked_by(playbook));
        let differs = |text: &String| {
            text.contains("{{")
                && asks.clone().chain(["date", "weekday", "day"]).any(|key| text.contains(key))
        };
        let run =
            (texts.iter().any(differs)).then(|| (key.playbook.clone(), key.run_day(task.day), task.day));
        (!texts.is_empty()).then_some(Wording { texts, run, values: Vec::new() })
    }

    /// Whether a task says a wording: as it stands, or as it was written out when its first part was said.
    pub(in crate::desk) fn says(&self, task: &Task, wording: &Wording) -> Result<bool, DeskError> {
        if self.wording(task).is_some_and(|says| says.is(wording)) {
            return self.has_values(task, wording);
        }
        if task.members.is_empty() || task.status.edited.is_none() {
            return Ok(false);
        }
        let plain = TaskStatus { edited: None, ..task.status.clone() };
        let plain = Task { status: plain, ..task.clone() };
        if !self.wording(&plain).is_some_and(|says| says.is(wording)) {
            return Ok(false);
        }
        let said = self.task_text(&plain)?.parts.into_iter().find_map(|part| part.copy);
        Ok(said == task.status.edited && self.has_values(task, wording)?)
    }

    /// Whether a task says one of some wordings, or said one before it was corrected.
    pub(in crate::desk) fn says_any(&self, task: &Task, wordings: &[Wording]) -> Result<bool, DeskError> {
        let had = |was: &Wording| {
            wordings.iter().any(|of| of.is(was) && (of.values.is_empty() || of.values == was.values))
        };
        if task.status.corrected.iter().any(had) {
            return Ok(true);
        }
        for wording in wordings {
            if self.says(task, wording)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether one of a task's texts is that of some wordings, although others of it were edited by hand.
    pub(in crate::desk) fn says_text(
        &self,
        task: &Task,
        nth: u16,
        wordings: &[Wording],
    ) -> Result<bool, DeskError> {
        let mut status = task.status.clone();
        status.edited = status.edited.filter(|_| nth == 0);
        status.edited_texts.retain(|(of, _)| *of == nth);
        if status.is_edited_like(&task.status) {
            return Ok(false);
        }
        self.says_any(&Task { status, ..task.clone() }, wordings)
    }

    /// Whether a task says one of some wordings whole, or one of its texts.
    pub(in crate::desk) fn says_any_text(
        &self,
        task: &Task,
        wordings: &[Wording],
    ) -> Result<bool, DeskError> {
        let texts = wordings.iter().map(|wording| wording.texts.len()).max().unwrap_or_default();
        if self.says_any(task, wordings)? {
            return Ok(true);
        }
        for nth in 0..texts as u16 {
            if self.says_text(task, nth, wordings)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether somebody has heard one of some wordings by a task, or what it was corrected to since.
    pub(in crate::desk) fn has_heard_any(&self, task: &Task, sought: &Sought) -> Result<bool, DeskError> {
        if !sought.wordings.iter().any(|wording| self.has_heard(task, wording, sought.nth)) {
            return Ok(false);
        }
        match sought.nth {
            Some(nth) if self.says_text(task, nth, &sought.wordings)? => Ok(true),
            _ => self.says_any(task, &sought.wordings),
        }
    }

    /// Whether what they have heard by it is wrong: not the text that is right.
    pub(super) fn has_heard_wrong(
        &self,
        task: &Task,
        sought: &Sought,
        right: &Right<'_>,
    ) -> Result<bool, DeskError> {
        if !self.has_heard_any(task, sought)? {
            return Ok(false);
        }
        let nth = usize::from(right.nth);
        let is_right = |said: &str| said.trim() == right.text.trim();
        let template = self.said_by(task)?.filter(|wording| wording.values.is_empty());
        if template.is_some_and(|wording| wording.texts.get(nth).is_some_and(|text| is_right(text))) {
            return Ok(false);
        }
        let said = self.task_text(task)?.parts.into_iter().filter_map(|part| part.copy).nth(nth);
        Ok(!said.is_some_and(|said| is_right(&said)))
    }

    /// What a task says, with what it is filled with of its form.
    pub(in crate::desk) fn said_by(&self, task: &Task) -> Result<Option<Wording>, DeskError> {
        let Some(mut wording) = self.wording(task) else { return Ok(None) };
        wording.values = self.values_of(task, &wording.texts)?.unwrap_or_default();
        Ok(Some(wording))
    }

    /// Whether a task is filled with the same of its form; what cannot be read back may be.
    fn has_values(&self, task: &Task, wording: &Wording) -> Result<bool, DeskError> {
        if wording.values.is_empty() {
            return Ok(true);
        }
        let Some(values) = self.values_of(task, &wording.texts)? else { return Ok(true) };
        if task.status.state == TaskState::Sent || task.status.parts_done == 0 {
            return Ok(values == wording.values);
        }
        // what was said in part may have been filled otherwise from part to part
        Ok(values.iter().any(|value| wording.values.contains(value)))
    }

    /// What a task's texts are filled with of its form: as they were said where it was sent, else as they stand now; none
    /// where that cannot be told.
    fn values_of(&self, task: &Task, texts: &[String]) -> Result<Option<Vec<(String, String)>>, DeskError> {
        let step = self.step_of(task);
        let asks = step.iter().flat_map(|(playbook, _)| self.asked_by(playbook));
        let asks: Vec<&str> = asks.filter(|key| texts.iter().any(|text| text.contains(key))).collect();
        if asks.is_empty() {
            return Ok(None);
        }
        let ticked = self.ticked_values(task, &asks);
        if !ticked.is_empty() {
            return Ok(Some(ticked));
        }
        let wholes = texts.iter().map(|text| self.whole(text, Lang::default()));
        let Ok(wholes) = wholes.collect::<Result<Vec<_>, _>>() else { return Ok(None) };
        let text = self.task_text(task)?;
        if text.blocked.is_some() {
            return Ok(None);
        }
        let said: Vec<&str> = text.parts.iter().filter_map(|part| part.copy.as_deref()).collect();
        // each was cleaned by itself
        let wholes: Vec<&str> = wholes.iter().map(|whole| whole.trim_end_matches('\n')).collect();
        let (template, said) = (wholes.join("\n"), said.join("\n"));
        Ok(read_back(&template, &said).map(|values| {
            let asked = values.into_iter().filter(|(key, _)| asks.contains(key));
            asked.map(|(key, value)| (key.to_owned(), value)).collect()
        }))
    }

    /// What a playbook's texts are filled with beside names and dates: what it asks, and what its campaign answers.
    pub(super) fn asked_by<'a>(&'a self, playbook: &'a Playbook) -> impl Iterator<Item = &'a str> + Clone {
        let asks = playbook.asks.iter().map(|ask| ask.key.as_str());
        asks.chain(self.campaign_answers(&playbook.id).iter().map(|(key, _)| key.as_str()))
    }

    /// What a task would be filled with now, were it still to be sent.
    fn values_now(&self, task: &Task, texts: &[String]) -> Result<Vec<(String, String)>, DeskError> {
        let status =
            TaskStatus { state: TaskState::Due, parts_done: 0, copied: Vec::new(), ..task.status.clone() };
        Ok(self.values_of(&Task { status, ..task.clone() }, texts)?.unwrap_or_default())
    }

    /// The text that the right one is written from: with what it was filled with of its form in it, or with what stands
    /// there by now; what differs from one to the next is filled in for each.
    pub(in crate::desk) fn right_draft(
        &self,
        task: &Task,
        wording: &Wording,
        nth: usize,
    ) -> Result<String, DeskError> {
        let Some(first) = wording.texts.get(nth) else { return Ok(String::new()) };
        if wording.values.is_empty() {
            return Ok(first.clone());
        }
        let now = self.values_now(task, &wording.texts)?;
        let values = if now.is_empty() { &wording.values } else { &now };
        let whole = self.whole(first, Lang::default()).unwrap_or(Cow::Borrowed(first.as_str()));
        Ok(filled_in(&whole, values).unwrap_or_else(|| first.clone()))
    }

    /// The form that still has what was wrong, question by question: what comes of the run would say it again. `right` is
    /// which of the texts is put right, and how, where it is written already.
    pub(in crate::desk) fn still_filled(
        &self,
        task: &Task,
        wording: &Wording,
        right: Option<(usize, &str)>,
        lang: Lang,
    ) -> Result<Vec<String>, DeskError> {
        let of_form = |(playbook, ..): &&(PlaybookId, NaiveDate, i32)| !is_one_off(playbook);
        let run = wording.run.as_ref().filter(of_form);
        let unread = || self.answers_unread(task, wording);
        let values = if wording.values.is_empty() { unread() } else { wording.values.clone() };
        let Some((playbook, day, _)) = run.filter(|_| !values.is_empty()) else {
            return Ok(Vec::new());
        };
        let now = match wording.values.as_slice() {
            [] => values.clone(),
            _ => self.values_now(task, &wording.texts)?,
        };
        let (nth, right) = right.map_or((0, None), |(nth, right)| (nth, Some(right)));
        let first = wording.texts.get(nth).map(String::as_str).unwrap_or_default();
        let whole = self.whole(first, lang).unwrap_or(Cow::Borrowed(first));
        let read = right.and_then(|right| read_back(&whole, right));
        let is_wrong = |key: &str, value: &str| match (right, &read) {
            // whoever has put some of it right has left the rest as it is to be
            (None, _) => now == values,
            (Some(_), Some(read)) => read.iter().any(|(other, right)| *other == key && right != value),
            (Some(right), None) => !right.contains(value),
        };
        let same = values.iter().filter(|wrong| now.contains(wrong));
        let same: Vec<_> = same.filter(|(key, value)| is_wrong(key, value)).collect();
        let title = self.title(playbook);
        let id = quoted(&playbook.0);
        if right.is_none() && same.len() > 1 {
            // which of them is wrong is only known once it is written
            let values =
                same.iter().map(|(key, value)| format!("{}: {}", for_display(key), for_display(value)));
            let values = values.collect::<Vec<_>>().join(" / ");
            let values: [(&str, &dyn std::fmt::Display); 4] =
                [("title", &title), ("day", &day.format("%m-%d")), ("values", &values), ("id", &id)];
            return Ok(vec![Words::StandInForm.fill(lang, &values)]);
        }
        let said = same.into_iter().map(|(key, value)| {
            let (key, value) = (for_display(key), for_display(value));
            let word = quoted(&key);
            let values: [(&str, &dyn std::fmt::Display); 6] = [
                ("title", &title),
                ("day", &day.format("%m-%d")),
                ("key", &key),
                ("value", &value),
                ("id", &id),
                ("word", &word),
            ];
            Words::StandsInForm.fill(lang, &values)
        });
        Ok(said.collect())
    }

    /// The answers that a text is made of which says nothing of its own, where it cannot be read back what it was filled
    /// with.
    fn answers_unread(&self, task: &Task, wording: &Wording) -> Vec<(String, String)> {
        let bare: Vec<&String> = wording.texts.iter().filter(|text| !has_words(text)).collect();
        let (Some((playbook, _)), TaskKind::Step { key, .. }) = (self.step_of(task), &task.kind) else {
            return Vec::new();
        };
        let run = key.run_day(task.day);
        let asked = self.asked_by(&playbook).filter(|key| bare.iter().any(|text| text.contains(key)));
        let answers = asked.filter_map(|key| {
            let answer = self.answer(&playbook.id, run, task.group, key)?;
            Some((key.to_owned(), answer.to_owned()))
        });
        answers.filter(|(_, answer)| !answer.trim().is_empty()).collect()
    }

    /// Whether a form had what was wrong and has it no more: then no words of the text were.
    pub(in crate::desk) fn is_put_right(&self, task: &Task, wording: &Wording) -> Result<bool, DeskError> {
        Ok(!wording.values.is_empty() && self.values_now(task, &wording.texts)? != wording.values)
    }

    /// Where the wrong text still stands, step by step of each playbook that runs, and in snippets: whoever comes to it
    /// next would get it. What has no words of its own says nothing wrong: whatever fills it did.
    pub(in crate::desk) fn still_says(&self, wording: &Wording, lang: Lang) -> Vec<String> {
        let wrong: Vec<&str> = wording.texts.iter().map(|text| text.trim()).collect();
        let is_wrong = |text: &str| has_words(text) && wrong.contains(&text.trim());
        let mut places = Vec::new();
        // of a one-off nothing comes any more
        for (_, playbook) in self.running_playbooks().into_iter().filter(|(id, _)| !is_one_off(id)) {
            for (step, nth) in playbook.steps.iter().zip(1_u32..) {
                let mut texts = step.parts.iter().flat_map(|part| match part {
                    Part::Text(wordings) => wordings.as_slice(),
                    _ => &[],
                });
                if texts.any(|text| is_wrong(text)) {
                    let (title, id) = (for_display(&playbook.title), for_display(&step.id));
                    let values: [(&str, &dyn std::fmt::Display); 3] =
                        [("title", &title), ("n", &nth), ("step", &id)];
                    places.push(Words::StandsInStep.fill(lang, &values));
                }
            }
        }
        let snippets = self.store.columns.snippets.iter();
        for (name, _) in snippets.filter(|(_, snippet)| is_wrong(&snippet.body.text)) {
            places.push(Words::StandsInSnippet.fill(lang, &[("name", &for_display(name))]));
        }
        places
    }

    /// The form and the playbooks still have what was wrong, said with every place of it. A playbook whose words stayed,
    /// and were only filled otherwise, says nothing wrong.
    fn says_it_again(
        &self,
        wrong: &Task,
        nth: u16,
        right: &str,
        lang: Lang,
    ) -> Result<Option<String>, DeskError> {
        let Some(wording) = self.said_by(wrong)? else { return Ok(None) };
        let mut places = self.still_filled(wrong, &wording, Some((usize::from(nth), right)), lang)?;
        let first = wording
            .texts
            .get(usize::from(nth))
            .map(|text| self.whole(text, lang).unwrap_or(Cow::Borrowed(text.as_str())));
        let is_filled_otherwise =
            !wording.values.is_empty() && first.is_some_and(|first| read_back(&first, right).is_some());
        if !is_filled_otherwise {
            let texts = wording.texts.get(usize::from(nth)).into_iter().cloned().collect();
            places.extend(self.still_says(&Wording { texts, ..wording }, lang));
        }
        let list = places.join(Words::PlaceComma.text(lang));
        Ok((!places.is_empty()).then(|| Words::CorrectedNotInSop.fill(lang, &[("places", &list)])))
    }

    pub(super) fn correction(
        &mut self,
        act: &Act,
        task: &Task,
        right: &Right<'_>,
    ) -> Result<Task, DeskError> {
        let mut made = Task {
            id: self.ids.next(act.at),
            kind: TaskKind::Correction { of: task.id, words: right.notice.to_owned(), nth: right.nth },
            target: task.target,
            of: Vec::new(),
            group: task.group,
            members: Vec::new(),
            via: if task.via == Via::Internal { Via::Private } else { task.via },
            class: Class::Incident,
            priority: 100,
            day: 0,
            moved_from: None,
            moved_why: String::new(),
            fired_at: act.at,
            status: TaskStatus::due(act.at, None, task.status.account),
        };
        made.status.held = self.held(act, &made)?;
        Ok(made)
    }
}
