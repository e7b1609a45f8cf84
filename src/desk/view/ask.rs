//! The questions of today's runs: what a human is asked so that a run's texts can speak.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::task_line::clean;
use crate::book::{GroupId, PlaybookId, Target, Timestamp};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::door::detail::AskView;
use crate::door::line::Ref;
use crate::sop::Playbook;
use crate::sop::calendar::{day_start, instant, local_day, plus_days, recurs_on_or_after};
use crate::sop::format::{Ask, AskPer};
use crate::sop::grammar::Moment;
use crate::store::columns::enrolment::RunState;
use crate::store::columns::task::TargetRow;
use crate::store::record::{AskKey, PlaybookState};

/// How many days back an answer is proposed again.
const PROPOSED_DAYS: i32 = 31;

/// One run of a playbook in one group, or of an account.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Run {
    day: NaiveDate,
    group: Option<GroupId>,
}

impl Desk {
    /// Every question of today's runs with its answer, or with the last run's as a proposal.
    #[expect(clippy::unnecessary_wraps, reason = "every answer of the views can fail")]
    pub(super) fn open_asks_of_today(&self, now: Timestamp) -> Result<Vec<AskView>, DeskError> {
        let columns = &self.store.columns;
        let mut views = Vec::new();
        for (position, id) in columns.playbook_ids.iter().enumerate() {
            let Some(column) = columns.playbooks.get(id) else { continue };
            let Some(playbook) = self.playbooks.get(id, column.current) else { continue };
            if column.state != PlaybookState::Running || playbook.asks.is_empty() {
                continue;
            }
            let zone = playbook.tz.unwrap_or(columns.store.zone);
            let runs = self.runs_of_today(position as u16, &playbook, zone, now);
            let mut days: Vec<NaiveDate> = runs.iter().map(|run| run.day).collect();
            days.dedup();
            for ask in &playbook.asks {
                match ask.per {
                    AskPer::Run => {
                        for day in &days {
                            views.push(self.ask_view(id, &playbook, ask, *day, None, zone));
                        }
                    }
                    AskPer::Group => {
                        for run in &runs {
                            views.push(self.ask_view(id, &playbook, ask, run.day, run.group, zone));
                        }
                    }
                }
            }
        }
        views.sort_by(|a, b| (a.by, &a.playbook.id.0, &a.key).cmp(&(b.by, &b.playbook.id.0, &b.key)));
        Ok(views)
    }

    /// Rounds that are under way: of a recurrence the one whose D0 is today, else those whose last step is to come.
    fn runs_of_today(&self, position: u16, playbook: &Playbook, zone: Tz, now: Timestamp) -> BTreeSet<Run> {
        let columns = &self.store.columns;
        let today = local_day(now, zone, playbook.day_ends);
        let last = playbook.steps.iter().map(|step| step.at.days.last()).max().unwrap_or(0);
        columns
            .enrolments
            .iter()
            .filter(|(_, _, e)| e.playbook == position && e.state == RunState::Active)
            .filter_map(|(_, _, enrolment)| {
                let first = NaiveDate::from_num_days_from_ce_opt(enrolment.d0)?;
                let day = match playbook.start.recurrence() {
                    Some(recurrence) => {
                        recurs_on_or_after(recurrence, first, today).filter(|day| *day == today)?
                    }
                    None => Some(first).filter(|day| *day <= today && plus_days(*day, last) >= today)?,
                };
                let group = match enrolment.target {
                    TargetRow::Group(row) => columns.groups.id(row),
                    _ => enrolment.group.and_then(|row| columns.groups.id(row)),
                };
                Some(Run { day, group })
            })
            .collect()
    }

    fn ask_view(
        &self,
        id: &PlaybookId,
        playbook: &Playbook,
        ask: &Ask,
        run: NaiveDate,
        group: Option<GroupId>,
        zone: Tz,
    ) -> AskView {
        let answer = self.answer(id, run, group, &ask.key).map(str::to_owned);
        let proposal = || self.last_answer(id, run, group, &ask.key);
        let proposed = answer.is_none();
        let value = answer.or_else(proposal).unwrap_or_default();
        AskView {
            playbook: Ref { id: id.clone(), name: self.title(id) },
            run,
            key: clean(&ask.key),
            kind: ask.kind.word().to_owned(),
            group: group
                .map(|id| Ref { id, name: clean(&self.store.columns.target_name(Target::Group(id))) }),
            by: needed_by(ask, run, zone, playbook),
            proposed: proposed && !value.is_empty(),
            value: crate::text::clean::for_clipboard(&value).into_owned(),
        }
    }

    /// The newest answer of an earlier run to the same question.
    fn last_answer(
        &self,
        playbook: &PlaybookId,
        run: NaiveDate,
        group: Option<GroupId>,
        key: &str,
    ) -> Option<String> {
        let edge =
            |run: NaiveDate| AskKey { playbook: playbook.clone(), run, group: None, key: String::new() };
        self.store
            .columns
            .answers
            .range(edge(plus_days(run, -PROPOSED_DAYS))..edge(run))
            .rev()
            .find(|(ask, _)| ask.group == group && ask.key == key)
            .map(|(_, answer)| answer.clone())
    }
}

/// When an answer is needed: as the playbook says, else when the run starts.
fn needed_by(ask: &Ask, run: NaiveDate, zone: Tz, playbook: &Playbook) -> Timestamp {
    let start = day_start(run, zone, playbook.day_ends);
    ask.by.as_ref().map_or(start, |at| {
        let day = plus_days(run, at.days.first());
        match at.moment {
            Moment::Wall(time) => instant(day, time, zone, playbook.day_ends),
            Moment::Elapsed(length) => start + length.duration(),
        }
    })
}
