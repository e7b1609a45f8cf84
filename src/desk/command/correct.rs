//! Corrections of what was wrongly said.
//!
//! First everything pending with the text is halted, so that nobody sends it while somebody writes; then the right text
//! goes into all of it, and who got the wrong one is owed a 更正. Texts are the same where their *wording* is: a template
//! that greets everybody by name was wrong for all of them, whatever the names; a template that an answer or a date
//! fills was wrong for that run only.

use chrono::NaiveDate;

use super::super::Desk;
use super::super::act::{Act, DeskError};
use super::super::words::Words;
use super::work::wrong_of;
use crate::book::{Class, PlaybookId, Task, TaskId, TaskKind, TaskStatus, Via};
use crate::door::compose::is_one_off;
use crate::door::reply::Outcome;
use crate::door::{Refusal, RefusalKind};
use crate::sop::format::Part;
use crate::store::record::Work;
use crate::text::clean::for_display;
use crate::text::lang::Lang;

/// Why a task is held: its text is wrong, and the right one is being written.
pub(crate) const HELD_CORRECTION: &str = "correction";

/// How many ended tasks are looked over for those with the text, newest first, and of how many the body is read.
pub(in crate::desk) const ENDED_LOOKED_OVER: usize = 100_000;
pub(in crate::desk) const SENT_LOOKED_AT: usize = 2_000;

/// What a task says before names are filled in.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Wording {
    pub texts: Vec<String>,
    /// The run, and the day of it, where the text says something else on another.
    pub run: Option<(PlaybookId, NaiveDate, i32)>,
}

impl Wording {
    /// Whether two say the same, blanks around them apart.
    pub(in crate::desk) fn is(&self, other: &Self) -> bool {
        let said = |of: &Self| of.texts.iter().map(|text| text.trim().to_owned()).collect::<Vec<_>>();
        self.run == other.run && said(self) == said(other)
    }
}

impl Desk {
    /// Holds everything pending with a task's text, while the right one is written.
    pub(super) fn halt(&mut self, act: &Act, id: TaskId) -> Result<Outcome, DeskError> {
        let wrong = self.task_or_refuse(act, id)?;
        if let Some(wording) = self.wording(&wrong) {
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
        text: &str,
        notice: Option<&str>,
    ) -> Result<Outcome, DeskError> {
        let wrong = self.task_or_refuse(act, id)?;
        if text.trim().is_empty() {
            return Err(Refusal::new(RefusalKind::Invalid, Words::CorrectionEmpty.text(act.lang)).into());
        }
        let warnings = self.says_it_again(&wrong, act.lang).into_iter().collect();
        if let Some(wording) = self.wording(&wrong) {
            let (wrong, text) = (wrong_of(wording, &wrong), text.to_owned());
            self.undertake(act, Work::Correct { wrong, text, notice: notice.map(str::to_owned) })?;
        }
        let lang = act.lang;
        self.works.say(act, move |counts| {
            Words::Corrected.fill(lang, &[("n", &counts.done), ("m", &counts.made.len())])
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
            return Some(Wording { texts, run: None });
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
        let asks = step.iter().flat_map(|(playbook, _)| &playbook.asks).map(|ask| ask.key.as_str());
        let differs = |text: &String| {
            text.contains("{{")
                && asks.clone().chain(["date", "weekday", "day"]).any(|key| text.contains(key))
        };
        let run =
            (texts.iter().any(differs)).then(|| (key.playbook.clone(), key.run_day(task.day), task.day));
        (!texts.is_empty()).then_some(Wording { texts, run })
    }

    /// Whether a task says a wording: as it stands, or as it was written out when its first part was said.
    pub(in crate::desk) fn says(&self, task: &Task, wording: &Wording) -> Result<bool, DeskError> {
        if self.wording(task).is_some_and(|says| says.is(wording)) {
            return Ok(true);
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
        Ok(said == task.status.edited)
    }

    /// Where the wrong text still stands, step by step of each playbook that runs, and in snippets: whoever comes to it
    /// next would get it.
    pub(in crate::desk) fn still_says(&self, wording: &Wording, lang: Lang) -> Vec<String> {
        let wrong: Vec<&str> = wording.texts.iter().map(|text| text.trim()).collect();
        let is_wrong = |text: &str| !text.trim().is_empty() && wrong.contains(&text.trim());
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

    /// The playbooks still have the wrong text, said with every place of it.
    fn says_it_again(&self, wrong: &Task, lang: Lang) -> Option<String> {
        let places = self.still_says(&self.wording(wrong)?, lang);
        let list = places.join(Words::PlaceComma.text(lang));
        (!places.is_empty()).then(|| Words::CorrectedNotInSop.fill(lang, &[("places", &list)]))
    }

    pub(super) fn correction(&mut self, act: &Act, task: &Task, words: String) -> Result<Task, DeskError> {
        let mut made = Task {
            id: self.ids.next(act.at),
            kind: TaskKind::Correction { of: task.id, words },
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
