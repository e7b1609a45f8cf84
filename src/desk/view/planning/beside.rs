//! Whom a plan shares caps with: what else is said from the same account, by the same playbook, over the whole store.
//!
//! A plan goes through what its own target is owed. Which of all the others goes first under a cap that they share depends
//! on when each of them is sent, so it is counted, as a forecast counts, and told with the rows that it may move. In slices.

use std::collections::BTreeMap;

use super::{Round, add};
use crate::book::{CapScope, Target, Timestamp, Via};
use crate::desk::act::DeskError;
use crate::desk::view::dated::is_dated;
use crate::desk::view::forecast::Forecasting;
use crate::desk::view::words::ViewWords;
use crate::desk::{Desk, Session};
use crate::door::forecast::DAYS_MAX;
use crate::door::reply::PlanLine;
use crate::door::request::PlanAsk;
use crate::queue::caps::{applies, window};
use crate::report::forecast::{Span, hit, planned};
use crate::sop::plan::PlanRow;

/// A row under a cap that it shares with what others are owed.
pub(super) struct Shared {
    /// Which line of the plan.
    pub line: usize,
    span: Span,
    /// It is of nobody who is in the playbook yet: a forecast does not know it.
    is_new: bool,
}

/// A plan that is being made.
pub(in crate::desk::view) struct Plan {
    ask: PlanAsk,
    lines: Vec<PlanLine>,
    shared: Vec<Shared>,
    counting: Option<Box<Forecasting>>,
}

impl Plan {
    /// Nothing is planned yet.
    pub(in crate::desk::view) const fn begin(ask: PlanAsk) -> Self {
        Self { ask, lines: Vec::new(), shared: Vec::new(), counting: None }
    }

    /// Goes on; the lines once it is known what they share.
    pub(in crate::desk::view) fn advance(
        &mut self,
        desk: &mut Desk,
        session: &Session,
        budget: &mut usize,
        now: Timestamp,
    ) -> Result<Option<Vec<PlanLine>>, DeskError> {
        let Some(counting) = &mut self.counting else {
            *budget = 0;
            (self.lines, self.shared) = desk.plan(&self.ask, now, session.lang)?;
            let zone = desk.store.columns.store.zone;
            let last =
                self.shared.iter().filter_map(|of| self.lines.get(of.line)).map(|line| line.due_at).max();
            let Some(last) = last else { return Ok(Some(std::mem::take(&mut self.lines))) };
            let days = last.day(zone).signed_duration_since(now.day(zone)).num_days() + 1;
            let days = u32::try_from(days).unwrap_or(1).clamp(1, DAYS_MAX);
            self.counting = Some(Box::new(Forecasting::begin(desk, session, days, None, now)));
            return Ok(None);
        };
        if !counting.gather(desk, budget, now)? {
            return Ok(None);
        }
        let columns = &desk.store.columns;
        let (caps, zone) = (&columns.rules.caps, columns.store.zone);
        let (walk, ..) = counting.for_trial();
        let counts = planned(&walk.ahead, caps, zone);
        let mut own: BTreeMap<Span, u32> = BTreeMap::new();
        for shared in self.shared.iter().filter(|shared| shared.is_new) {
            *own.entry(shared.span).or_default() += 1;
        }
        for shared in &self.shared {
            let of = |counts: &BTreeMap<Span, u32>| counts.get(&shared.span).copied().unwrap_or(0);
            let all = of(&counts).saturating_add(of(&own));
            let told = hit(shared.span, all, caps, zone).map(|hit| walk.caps_told(desk, vec![hit]));
            let line = self.lines.get_mut(shared.line);
            let (Some(line), Some(cap)) = (line, told.and_then(|told| told.into_iter().next())) else {
                continue;
            };
            add(&mut line.reason, &cap.fill(ViewWords::CapShared, session.lang));
        }
        Ok(Some(std::mem::take(&mut self.lines)))
    }
}

impl Desk {
    /// Under which caps that others count against as well a row is said, which is a line of the plan.
    pub(super) fn shared_by(
        &self,
        round: &Round,
        row: &PlanRow,
        line: usize,
        now: Timestamp,
    ) -> Result<Vec<Shared>, DeskError> {
        let columns = &self.store.columns;
        let ends = row.reason.as_ref().is_some_and(|why| why.is_never() || why.ends_unsaid());
        let step = round.playbook.step_by_id(&row.step).map(|(_, step)| step);
        let (Some(enrolment), Some(step)) = (&round.enrolment, step) else { return Ok(Vec::new()) };
        if ends || row.held.is_some() || row.via == Via::Internal {
            return Ok(Vec::new());
        }
        let whom = self.touched(enrolment, step);
        let bits = self.cap_bits(&whom, now)?;
        let is_member = matches!(enrolment.target, Target::Member(_));
        // who comes in on a day that is known is forecast as well
        let is_applied =
            self.playbooks.current(&round.playbook.id, columns).is_some_and(|of| of == round.playbook);
        let foreseen = is_applied && is_dated(&round.playbook.start);
        let is_new = !round.is_in() && !foreseen;
        let mut shared = Vec::new();
        for (at, cap) in columns.rules.caps.iter().enumerate().take(64) {
            if bits & (1 << at) == 0 || !applies(cap, row.class) {
                continue;
            }
            let of = match cap.scope.of {
                CapScope::Account => whom.account.and_then(|id| columns.accounts.row(id)).map(Some),
                CapScope::Group if is_member => whom.group.and_then(|id| columns.groups.row(id)).map(Some),
                CapScope::Playbook => columns.playbook_position(&whom.playbook).map(|at| Some(u32::from(at))),
                CapScope::Store => Some(None),
                CapScope::Member | CapScope::Group => None,
            };
            let span = of.map(|of| (window(cap.per, row.due_at, columns.store.zone).0, at, of));
            shared.extend(span.map(|span| Shared { line, span, is_new }));
        }
        Ok(shared)
    }
}
