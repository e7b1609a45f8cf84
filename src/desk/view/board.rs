//! A playbook opened: how far each step got, and where everybody in it stands.

use std::cmp::Reverse;
use std::collections::HashMap;

use chrono::NaiveDate;

use super::funnels::Counting;
use super::lines::Lines;
use super::planning::LINE_DAYS;
use super::task_line::clean;
use super::variables::short_time;
use super::words::ViewWords;
use crate::book::{Enrolment, EnrolmentId, EnrolmentState, PlaybookId, Timestamp};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::door::detail::{PlaceView, SopBoard, Standing, StepView};
use crate::report::funnel::Funnel;
use crate::sop::calendar::plus_days;
use crate::sop::format::{Part, Step};
use crate::store::columns::enrolment::RunState;
use crate::text::lang::Lang;

/// The most places of one answer; longer windows are asked for in pages.
const PLACES_MAX: u32 = 200;

/// Of so many in line it is said when each is let in.
const TURNS_MAX: usize = 500;

/// A playbook that is being opened: its tasks are counted and who is in it is gathered, both in slices.
pub(super) struct Boarding {
    playbook: PlaybookId,
    first: u32,
    rows: u32,
    /// The next task and the next enrolment.
    task: u32,
    enrolment: u32,
    counting: Counting,
    active: Vec<(bool, Option<Timestamp>, EnrolmentId)>,
    line: Vec<EnrolmentId>,
    ended: Vec<(Reverse<Timestamp>, EnrolmentId)>,
    counts: [u32; 4],
    /// The line before its intake, and when the first of those in it are let in.
    lines: Option<Lines>,
    turns: HashMap<EnrolmentId, NaiveDate>,
}

impl Boarding {
    /// Nothing is counted yet; `rows` of who is or was in it are wanted from `first` on.
    pub(super) fn begin(playbook: PlaybookId, first: u32, rows: u32) -> Self {
        Self {
            playbook,
            first,
            rows,
            task: 0,
            enrolment: 0,
            counting: Counting::default(),
            active: Vec::new(),
            line: Vec::new(),
            ended: Vec::new(),
            counts: [0; 4],
            lines: None,
            turns: HashMap::new(),
        }
    }

    /// Goes on; the board when everything was looked at.
    pub(super) fn advance(
        &mut self,
        desk: &Desk,
        budget: &mut usize,
        now: Timestamp,
        lang: Lang,
    ) -> Result<Option<SopBoard>, DeskError> {
        let columns = &desk.store.columns;
        let missing = || super::not_found(ViewWords::NoSuch.text(lang), clean(&self.playbook.0));
        let position = columns.playbook_position(&self.playbook).ok_or_else(missing)?;
        let playbook = desk.playbooks.current(&self.playbook, columns);
        let steps = playbook.as_ref().map_or(&[][..], |playbook| &playbook.steps);
        let words: Vec<_> = steps.iter().map(|step| columns.words.find(&step.id)).collect();
        let zone = columns.store.zone;
        let today = now.day(zone);
        if self.lines.is_none() {
            self.lines = Some(Lines::of(desk, today).only(&[position]));
        }
        while self.task < columns.tasks.len() as u32 {
            if *budget == 0 {
                return Ok(None);
            }
            *budget -= 1;
            let task = columns.tasks.get(self.task).filter(|task| task.playbook == Some(position));
            self.task += 1;
            let Some(task) = task else { continue };
            // what was sent of a step that is gone ends the time of the message before all the same
            let step = words.iter().position(|word| *word == Some(task.step)).unwrap_or(steps.len());
            self.counting.take(desk, &task, step as u32);
        }
        while self.enrolment < columns.enrolments.len() as u32 {
            if *budget == 0 {
                return Ok(None);
            }
            *budget -= 1;
            self.place(desk, position, today);
            self.enrolment += 1;
        }
        let last = plus_days(today, LINE_DAYS);
        while let Some(lines) = self.lines.as_mut().filter(|_| self.turns.len() < TURNS_MAX) {
            let Some(let_in) = lines.next(desk, budget, last)? else {
                if *budget == 0 && !lines.is_done(last) {
                    return Ok(None);
                }
                break;
            };
            self.turns.insert(let_in.enrolment.id, let_in.enrolment.status.anchor.at.day(zone));
        }
        let Some(funnels) = self.counting.advance(desk, steps.len(), budget)? else { return Ok(None) };
        self.finish(desk, &funnels, now, lang).map(Some)
    }

    /// Puts the enrolment whose turn it is where it belongs.
    fn place(&mut self, desk: &Desk, position: u16, today: NaiveDate) {
        let columns = &desk.store.columns;
        let column = columns.enrolments.get(self.enrolment).filter(|of| of.playbook == position);
        let Some((column, id)) = column.zip(columns.enrolments.id(self.enrolment)) else { return };
        if let Some(lines) = &mut self.lines {
            lines.take(desk, &column, self.enrolment, today);
        }
        let standing = match column.state {
            RunState::Active => {
                self.active.push((column.next_at().is_none(), column.next_at(), id));
                0
            }
            RunState::InLine => {
                self.line.push(id);
                1
            }
            RunState::Undone => return,
            RunState::Finished | RunState::Stopped => {
                self.ended.push((Reverse(column.enrolled_at), id));
                if column.state == RunState::Finished { 2 } else { 3 }
            }
        };
        if let Some(count) = self.counts.get_mut(standing) {
            *count += 1;
        }
    }

    /// By next instant, then the line in its order, then those who are through: the rows that are wanted.
    fn finish(
        &mut self,
        desk: &Desk,
        funnels: &[Funnel],
        now: Timestamp,
        lang: Lang,
    ) -> Result<SopBoard, DeskError> {
        let columns = &desk.store.columns;
        let id = &self.playbook;
        let missing = || super::not_found(ViewWords::NoSuch.text(lang), clean(&id.0));
        let line = desk.sop_line_of(id).ok_or_else(missing)?;
        let column = columns.playbooks.get(id).ok_or_else(missing)?;
        self.active.sort_unstable();
        self.ended.sort_unstable();
        let playbook = desk.playbooks.current(id, columns);
        let sort =
            playbook.as_ref().and_then(|playbook| playbook.intake.as_ref()).and_then(|intake| intake.sort);
        let waiting = desk.in_order(std::mem::take(&mut self.line), sort);
        let stands = self.active.len()..self.active.len() + waiting.len();
        let ended = self.ended.iter().map(|(_, id)| *id);
        let order = self.active.iter().map(|(_, _, id)| *id).chain(waiting).chain(ended);
        let mut places = Vec::new();
        let window = order.enumerate().skip(self.first as usize).take(self.rows.min(PLACES_MAX) as usize);
        for (row, enrolment) in window {
            let Some(enrolment) = desk.store.enrolment(enrolment)? else { continue };
            let number = stands.contains(&row).then(|| (row - stands.start + 1) as u32);
            let mut place = desk.place_view(&enrolment, number.unwrap_or(0), now, lang);
            place.turn = self.turns.get(&enrolment.id).copied();
            places.push(place);
        }
        let steps =
            playbook.iter().flat_map(|playbook| playbook.steps.iter().map(move |step| (playbook, step)));
        let steps = steps
            .zip(funnels)
            .map(|((playbook, step), funnel)| StepView {
                id: clean(&step.id),
                at: step.at.to_string(),
                via: step.via,
                class: playbook.class_of(step),
                says: clean(says(step)),
                funnel: *funnel,
            })
            .collect();
        let toml = column.versions.get(&column.current).cloned().unwrap_or_default();
        Ok(SopBoard { line, toml, steps, places, first: self.first, counts: self.counts })
    }
}

impl Desk {
    /// When the oldest open task of an enrolment came due.
    fn owed_since(&self, enrolment: &Enrolment) -> Option<String> {
        let open = self.open_tasks_of(enrolment).ok()?;
        let task = self.store.task(*open.last()?).ok().flatten()?;
        Some(short_time(task.status.due_at, self.store.columns.store.zone))
    }

    fn place_view(&self, enrolment: &Enrolment, line: u32, now: Timestamp, lang: Lang) -> PlaceView {
        let columns = &self.store.columns;
        let mut coming = self.coming_of(enrolment, now, lang);
        if coming.at.is_some()
            && let Some(owed) = self.owed_words(enrolment, lang)
            && let Some(since) = self.owed_since(enrolment)
        {
            // the step named beside it is the next one: this is of a day that has been
            let owed = format!("{since} {owed}");
            coming.why = if coming.why.is_empty() { owed } else { format!("{owed}, {}", coming.why) };
        }
        let standing = match enrolment.status.state {
            EnrolmentState::Active => Standing::Active,
            EnrolmentState::InLine => Standing::InLine,
            EnrolmentState::Finished => Standing::Finished,
            EnrolmentState::Stopped { .. } => Standing::Stopped,
        };
        let playbook = self.playbooks.of(enrolment, columns);
        let step = playbook.as_ref().and_then(|playbook| playbook.step_by_id(&coming.step));
        PlaceView {
            enrolment: enrolment.id,
            target: enrolment.target,
            name: clean(&columns.target_name(enrolment.target)),
            standing,
            at: coming.at,
            asks: coming.asks,
            number: step.map_or(0, |(position, _)| position + 1),
            step: coming.step,
            why: coming.why,
            line,
            turn: None,
            paused: columns.pause_of(enrolment.target, now).is_some(),
            version: enrolment.status.version,
        }
    }
}

/// What a step is about, in one line: the first wording, else the note, else its first part.
pub(super) fn says(step: &Step) -> &str {
    let text = step.wordings().first().map(String::as_str).or_else(|| match step.parts.first() {
        Some(Part::Notice(text) | Part::Jielong(text) | Part::Mention(text)) => Some(text.as_str()),
        _ => None,
    });
    let text = text.unwrap_or(&step.note);
    text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default()
}
