//! Enrolling by hand.

use super::super::Desk;
use super::super::act::{Act, DeskError};
use super::super::enrolling::{Entry, NoEntry};
use super::super::words::Words;
use crate::book::{EnrolmentId, PlaybookId, Target, Timestamp};
use crate::door::reply::{ImportReport, Outcome};
use crate::sop::format::{StopRule, TargetKind};

impl Desk {
    /// Enrols named targets and everybody a filter matches. A dry run says how many would enter.
    pub(super) fn enrol(
        &mut self,
        act: &Act,
        id: &PlaybookId,
        named: &[Target],
        filter: &str,
        anchor: Option<Timestamp>,
        dry_run: bool,
    ) -> Result<Outcome, DeskError> {
        let Some(playbook) = self.playbooks.current(id, &self.store.columns) else {
            return Err(super::not_found(&id.0, Words::NoPlaybook.fill(act.lang, &[("id", id)])));
        };
        self.playbook_state(act, id)?;
        let mut targets = named.to_vec();
        if !filter.is_empty() {
            targets.extend(self.matching(playbook.target, filter, act.at)?);
        }
        let at = anchor.unwrap_or(act.at);
        let mut outcome = Outcome::default();
        let mut enters = 0_u32;
        let mut stays = std::collections::BTreeMap::<&'static str, u32>::new();
        for target in targets {
            let day = at.day(self.store.columns.store.zone);
            let group = match target {
                Target::Member(member) => self.only_group(member),
                _ => None,
            };
            let entry = Entry {
                playbook: id.clone(),
                target,
                group,
                account: if let Target::Account(account) = target { Some(account) } else { None },
                key: if playbook.start.recurrence().is_some() {
                    "recurrence".to_owned()
                } else {
                    format!("by-hand:{day}")
                },
                at,
                by_hand: true,
            };
            let result = if dry_run {
                self.would_enter(&entry, act.at)?.map(|enrolment| enrolment.id)
            } else {
                self.enter(act, &entry)?
            };
            match result {
                Ok(enrolment) => {
                    enters += 1;
                    if !dry_run {
                        outcome.enrolled.push(enrolment);
                    }
                }
                Err(reason) => *stays.entry(no_entry(reason, act)).or_default() += 1,
            }
        }
        outcome.warnings = stays
            .into_iter()
            .map(|(why, n)| Words::StayOut.fill(act.lang, &[("n", &n), ("why", &why)]))
            .collect();
        let words = if dry_run { Words::WouldEnter } else { Words::Entered };
        let title = crate::text::clean::for_display(&playbook.title).into_owned();
        outcome.words = words.fill(act.lang, &[("n", &enters), ("title", &title)]);
        if dry_run {
            let entering = vec![(title, enters, 0)];
            outcome.import = Some(Box::new(ImportReport { entering, ..ImportReport::default() }));
        }
        Ok(outcome)
    }

    /// Targets of a kind that a filter matches.
    fn matching(&self, kind: TargetKind, filter: &str, now: Timestamp) -> Result<Vec<Target>, DeskError> {
        let columns = &self.store.columns;
        let all: Vec<Target> = match kind {
            TargetKind::Member => columns.members.iter().map(|(_, id, _)| Target::Member(id)).collect(),
            TargetKind::Group => columns.groups.iter().map(|(_, id, _)| Target::Group(id)).collect(),
            TargetKind::Account => columns.accounts.iter().map(|(_, id, _)| Target::Account(id)).collect(),
        };
        let mut found = Vec::new();
        for target in all {
            if self.is_open_target(target) && self.target_matches(filter, target, now)? {
                found.push(target);
            }
        }
        Ok(found)
    }

    /// Ends enrolments by hand; their open tasks are cancelled.
    pub(super) fn unenrol(&mut self, act: &Act, ids: &[EnrolmentId]) -> Result<Outcome, DeskError> {
        let mut ended = 0;
        for id in ids {
            let Some(enrolment) = self.store.enrolment(*id)? else {
                return Err(super::not_found(&id.to_string(), Words::NoEnrolment.text(act.lang)));
            };
            if enrolment.status.state.is_running() {
                self.stop(act, &enrolment, &StopRule::Filter("by-hand".to_owned()))?;
                ended += 1;
            }
        }
        if ended == 0 {
            return Err(Self::refused(Words::EndedAlready.text(act.lang).to_owned()));
        }
        Ok(Outcome { words: Words::Unenrolled.fill(act.lang, &[("n", &ended)]), ..Outcome::default() })
    }
}

fn no_entry(reason: NoEntry, act: &Act) -> &'static str {
    match reason {
        NoEntry::NotFor => Words::NotFor,
        NoEntry::Already => Words::AlreadyIn,
        NoEntry::Audience => Words::NotInAudience,
        NoEntry::Resting => Words::Resting,
        NoEntry::TooOld => Words::TooOld,
    }
    .text(act.lang)
}
