//! What comes next for somebody in a playbook, as it stands and by another text of it: planned as their dates are.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Planner, Round};
use crate::book::{Enrolment, EnrolmentStatus, Timestamp};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::door::request::PlanAsk;
use crate::sop::format::Playbook;
use crate::sop::plan::{Limits, PlanRow};
use crate::text::lang::Lang;

impl Desk {
    /// What comes next for somebody who is in a playbook: by the text that they go by, and by another one that takes its
    /// place now and cancels the open tasks in `gone`. Nothing where nothing comes any more.
    pub(in crate::desk::view) fn next_by_both(
        &self,
        enrolment: &Enrolment,
        before: &Arc<Playbook>,
        after: &Arc<Playbook>,
        gone: &BTreeSet<u32>,
        now: Timestamp,
        lang: Lang,
    ) -> Result<[Option<PlanRow>; 2], DeskError> {
        let columns = &self.store.columns;
        let mut others = self.running(enrolment.target)?;
        others.retain(|other| other.id != enrolment.id);
        others.sort_by_key(|other| columns.enrolments.row(other.id));
        let beside = self.rounds_beside(Some(enrolment.target), &others, now, lang)?;
        let ask = PlanAsk {
            playbook: enrolment.playbook.clone(),
            file: None,
            target: Some(enrolment.target),
            anchor: None,
            from: Some(now),
            until: now,
            rows: 1,
            bare: false,
        };
        let next = |enrolment: &Enrolment, playbook: &Arc<Playbook>, gone| -> Result<_, DeskError> {
            let (round, _) = self.stands_by(enrolment, playbook, now, lang)?;
            let mut rounds: Vec<Round> = beside.clone();
            rounds.push(round);
            rounds.sort_by_key(|round| round.enrolment.as_ref().and_then(|of| columns.enrolments.row(of.id)));
            let (playbook, zone) = (Arc::clone(playbook), columns.zone_of(enrolment));
            let planner = Planner { ask: &ask, playbook, would_be: None, zone, from: now, now, lang, gone };
            let limits = Limits { from: now, until: None, rows: 1 };
            Ok(self.planned(&planner, &rounds, limits)?.into_iter().next())
        };
        // who goes on by another text waits for nothing: it is looked at anew
        let by_it = self.goes_on_by(enrolment, before, after, now);
        let moved = EnrolmentStatus { waiting: None, ..by_it };
        let moved = Enrolment { status: moved, ..enrolment.clone() };
        Ok([next(enrolment, before, &BTreeSet::new())?, next(&moved, after, gone)?])
    }
}
