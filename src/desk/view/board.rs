//! A playbook opened: how far each step got, and where everybody in it stands.

use super::task_line::clean;
use super::words::ViewWords;
use crate::book::{Enrolment, EnrolmentId, EnrolmentState, PlaybookId, TaskState, Timestamp, Via};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::door::detail::{PlaceView, SopBoard, Standing, StepView};
use crate::report::funnel::{Funnel, Owed};
use crate::sop::format::{Part, Step};
use crate::store::columns::MemberColumn;
use crate::store::columns::enrolment::RunState;
use crate::store::columns::task::{TargetRow, TaskColumn};
use crate::text::lang::Lang;

/// The most places of one answer; longer windows are asked for in pages.
const PLACES_MAX: u32 = 200;

impl Desk {
    /// The steps of a playbook with their funnels, and `rows` of who is or was in it from `first` on.
    pub(super) fn board(
        &self,
        id: &PlaybookId,
        first: u32,
        rows: u32,
        now: Timestamp,
        lang: Lang,
    ) -> Result<SopBoard, DeskError> {
        let columns = &self.store.columns;
        let missing = || super::not_found(ViewWords::NoSuch.text(lang), clean(&id.0));
        let line = self.sop_line_of(id).ok_or_else(missing)?;
        let column = columns.playbooks.get(id).ok_or_else(missing)?;
        let position = columns.playbook_position(id).ok_or_else(missing)?;
        let steps = self.step_views(id, position);
        let (order, in_line, counts) = self.places_of(id, position);
        let mut places = Vec::new();
        let window = order.iter().skip(first as usize).take(rows.min(PLACES_MAX) as usize);
        for (at, enrolment) in window.enumerate() {
            let Some(enrolment) = self.store.enrolment(*enrolment)? else { continue };
            let row = first as usize + at;
            let line = in_line.contains(&row).then(|| (row - in_line.start + 1) as u32);
            places.push(self.place_view(&enrolment, line.unwrap_or(0), now, lang));
        }
        let toml = column.versions.get(&column.current).cloned().unwrap_or_default();
        Ok(SopBoard { line, toml, steps, places, first, counts })
    }

    fn step_views(&self, id: &PlaybookId, position: u16) -> Vec<StepView> {
        let columns = &self.store.columns;
        let Some(playbook) = self.playbooks.current(id, columns) else { return Vec::new() };
        let words: Vec<_> = playbook.steps.iter().map(|step| columns.words.find(&step.id)).collect();
        let mut funnels = vec![Funnel::default(); playbook.steps.len()];
        for (_, _, task) in columns.tasks.iter().filter(|(_, _, task)| task.playbook == Some(position)) {
            let step = words.iter().position(|word| *word == Some(task.step));
            if let Some(funnel) = step.and_then(|step| funnels.get_mut(step)) {
                funnel.count(&self.owed(task));
            }
        }
        let steps = playbook.steps.iter().zip(funnels);
        steps
            .map(|(step, funnel)| StepView {
                id: clean(&step.id),
                at: step.at.to_string(),
                via: step.via,
                class: playbook.class_of(step),
                says: clean(says(step)),
                funnel,
            })
            .collect()
    }

    /// A task as a funnel counts it.
    pub(super) fn owed(&self, task: &TaskColumn) -> Owed {
        let member = match task.target {
            TargetRow::Member(row) if task.via == Via::Private => self.store.columns.members.get(row),
            _ => None,
        };
        // a human's skip has a reason of the menu; without one a rule has ended it
        let by_rule = task.state == TaskState::Skipped && task.skip.is_none();
        Owed {
            state: task.state,
            private: member.is_some(),
            ruled_out: by_rule || task.state == TaskState::Cancelled,
            sent_at: task.ended_at().filter(|_| task.state == TaskState::Sent),
            replied_at: task.replied_at(),
            bought_at: member.and_then(MemberColumn::last_order_at),
        }
    }

    /// Everybody who is or was in a playbook: by next instant, then the line in its order, then those who are through;
    /// where in it the line stands, and how many there are of each standing.
    fn places_of(
        &self,
        id: &PlaybookId,
        position: u16,
    ) -> (Vec<EnrolmentId>, std::ops::Range<usize>, [u32; 4]) {
        let columns = &self.store.columns;
        let mut active = Vec::new();
        let mut line = Vec::new();
        let mut ended = Vec::new();
        let mut counts = [0; 4];
        for (_, id, column) in columns.enrolments.iter().filter(|(_, _, e)| e.playbook == position) {
            let standing = match column.state {
                RunState::Active => {
                    active.push((column.next_at().is_none(), column.next_at(), id));
                    0
                }
                RunState::InLine => {
                    line.push(id);
                    1
                }
                RunState::Finished | RunState::Stopped => {
                    ended.push((std::cmp::Reverse(column.enrolled_at), id));
                    if column.state == RunState::Finished { 2 } else { 3 }
                }
            };
            if let Some(count) = counts.get_mut(standing) {
                *count += 1;
            }
        }
        active.sort_unstable();
        ended.sort_unstable();
        let intake = self.playbooks.current(id, columns).and_then(|playbook| playbook.intake.clone());
        let line = self.in_order(line, intake.as_ref().map_or("", |intake| &intake.sort));
        let stands = active.len()..active.len() + line.len();
        let order = active.into_iter().map(|(_, _, id)| id);
        (order.chain(line).chain(ended.into_iter().map(|(_, id)| id)).collect(), stands, counts)
    }

    fn place_view(&self, enrolment: &Enrolment, line: u32, now: Timestamp, lang: Lang) -> PlaceView {
        let columns = &self.store.columns;
        let coming = self.coming_of(enrolment, lang);
        let standing = match enrolment.status.state {
            EnrolmentState::Active => Standing::Active,
            EnrolmentState::InLine => Standing::InLine,
            EnrolmentState::Finished => Standing::Finished,
            EnrolmentState::Stopped { .. } => Standing::Stopped,
        };
        let playbook = self.playbooks.of(enrolment, columns);
        let step = playbook.as_ref().and_then(|playbook| playbook.step_by_id(&coming.step));
        let pause = columns.paused.get(&enrolment.target);
        PlaceView {
            enrolment: enrolment.id,
            target: enrolment.target,
            name: clean(&columns.target_name(enrolment.target)),
            standing,
            at: coming.at,
            number: step.map_or(0, |(position, _)| position + 1),
            step: coming.step,
            why: coming.why,
            line,
            paused: pause.is_some_and(|pause| pause.until.is_none_or(|until| until > now)),
            version: enrolment.status.version,
        }
    }
}

/// What a step is about, in one line: the first wording, else the note, else its first part.
fn says(step: &Step) -> &str {
    let text = step.wordings().first().map(String::as_str).or_else(|| match step.parts.first() {
        Some(Part::Notice(text) | Part::Jielong(text) | Part::Mention(text)) => Some(text.as_str()),
        _ => None,
    });
    let text = text.unwrap_or(&step.note);
    text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default()
}
