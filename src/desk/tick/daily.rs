//! Once a day: who has been silent for long enough, and whom intakes let in.

use std::sync::Arc;

use chrono::{Datelike, NaiveDate};

use super::super::Desk;
use super::super::act::{Act, DeskError};
use super::super::enrolling::Entry;
use crate::book::{
    ActivityKind, Anchor, EnrolmentState, EnrolmentStatus, MemberId, PlaybookId, Span, Target, Timestamp,
};
use crate::sop::calendar::{day_start, plus_days};
use crate::sop::format::{Playbook, Since, Start};
use crate::store::columns::MemberColumn;
use crate::store::columns::enrolment::RunState;
use crate::store::columns::parse_zone;
use crate::store::keys;

impl Desk {
    /// Looks at silences and intakes when the local day has changed, or a playbook was applied.
    pub(super) fn daily(&mut self, now: Timestamp) -> Result<(), DeskError> {
        let today = now.day(self.store.columns.store.zone);
        let act = self.tick_act(now);
        if self.tick.swept != Some(today) {
            for (id, playbook) in self.running_playbooks() {
                if let Start::Silence { days, since } = playbook.start {
                    self.silence(&act, &id, &playbook, days, since, today)?;
                }
            }
            self.tick.swept = Some(today);
        }
        for (id, playbook) in self.running_playbooks() {
            if playbook.intake.is_some() {
                self.admit(&act, &id, &playbook, today)?;
            }
        }
        Ok(())
    }

    /// Looks at silences again at the next tick: a playbook was applied.
    pub(in crate::desk) fn sweep_again(&mut self) {
        self.tick.swept = None;
    }

    /// Enrols members whose last reply or order is `days` local days ago.
    ///
    /// The anchor is 00:00 of the day it is reached; what was reached before the playbook was applied does not
    /// enter, nor what is so long ago that its first window is over.
    fn silence(
        &mut self,
        act: &Act,
        id: &PlaybookId,
        playbook: &Arc<Playbook>,
        days: u32,
        since: Since,
        today: NaiveDate,
    ) -> Result<(), DeskError> {
        let zone = playbook.tz.unwrap_or(self.store.columns.store.zone);
        let Some(activated) = self.store.columns.playbooks.get(id).map(|c| c.activated_at.day(zone)) else {
            return Ok(());
        };
        let reached = |member: &MemberColumn| {
            let last = last_heard(member, since)?;
            Some(plus_days(last.day(zone), i32::try_from(days).unwrap_or(i32::MAX)))
        };
        let candidates: Vec<(MemberId, NaiveDate)> = self
            .store
            .columns
            .members
            .iter()
            .filter(|(_, _, member)| !member.archived)
            .filter_map(|(_, member, column)| reached(column).map(|day| (member, day)))
            .filter(|(_, day)| *day <= today && *day >= activated)
            .collect();
        for (member, day) in candidates {
            let entry = Entry {
                playbook: id.clone(),
                target: Target::Member(member),
                group: None,
                account: None,
                key: self.silence_key(member, since)?,
                // reached on the day of activation counts from the activation on
                at: day_start(day, zone, playbook.day_ends)
                    .max(self.store.columns.playbooks.get(id).map_or(Timestamp(0), |c| c.activated_at)),
                by_hand: false,
            };
            let _ = self.enter(act, &entry)?;
        }
        Ok(())
    }

    /// The activity that the silence counts from: another one later anchors anew.
    fn silence_key(&self, member: MemberId, since: Since) -> Result<String, DeskError> {
        let target = Target::Member(member);
        for (_, bytes) in self.store.bodies.newest(&keys::activities(target), None, 200)? {
            let activity: crate::book::Activity = crate::store::bodies::decode(&bytes)?;
            let counts = match since {
                Since::Reply => activity.kind == ActivityKind::Replied,
                Since::Order => activity.kind == ActivityKind::Bought,
                Since::Both => matches!(activity.kind, ActivityKind::Replied | ActivityKind::Bought),
            };
            if counts {
                return Ok(format!("silence:{}", activity.id));
            }
        }
        Ok("silence".to_owned())
    }

    /// Lets as many in from the line as the intake allows in its present span.
    fn admit(
        &mut self,
        act: &Act,
        id: &PlaybookId,
        playbook: &Arc<Playbook>,
        today: NaiveDate,
    ) -> Result<(), DeskError> {
        let Some(intake) = &playbook.intake else { return Ok(()) };
        let waiting = self.enrolments_in(id, &[RunState::InLine]);
        if waiting.is_empty() {
            return Ok(());
        }
        let columns = &self.store.columns;
        let first_day = match intake.per {
            Span::Hour | Span::Day => today,
            Span::Week => plus_days(today, -(today.weekday().num_days_from_monday() as i32)),
            Span::Month => today.with_day(1).unwrap_or(today),
        };
        let position = columns.playbook_position(id);
        let admitted = columns
            .enrolments
            .iter()
            .filter(|(_, _, e)| {
                Some(e.playbook) == position
                    && e.state != RunState::InLine
                    && e.d0 >= first_day.num_days_from_ce()
                    && e.d0 <= today.num_days_from_ce()
            })
            .count();
        let room = (intake.max as usize).saturating_sub(admitted);
        for enrolment in self.in_order(waiting, &intake.sort).into_iter().take(room) {
            let Some(enrolment) = self.store.enrolment(enrolment)? else { continue };
            let zone = parse_zone(&enrolment.zone).unwrap_or(self.store.columns.store.zone);
            let anchor = Anchor {
                key: enrolment.status.anchor.key.clone(),
                at: day_start(today, zone, playbook.day_ends).max(enrolment.status.anchor.at),
                d0: today,
            };
            let after = EnrolmentStatus {
                state: EnrolmentState::Active,
                anchor,
                next_at: Some(act.at),
                waiting: None,
                ..enrolment.status.clone()
            };
            self.set_status(act, &enrolment, after)?;
            self.plan_next(act, enrolment.id)?;
        }
        Ok(())
    }

    /// Those in line in the order of the intake: a key of the filter language, `-` in front for descending.
    fn in_order(
        &self,
        mut waiting: Vec<crate::book::EnrolmentId>,
        sort: &str,
    ) -> Vec<crate::book::EnrolmentId> {
        let (descending, key) = sort.strip_prefix('-').map_or((false, sort), |key| (true, key));
        let columns = &self.store.columns;
        let value = |id: &crate::book::EnrolmentId| {
            let target = columns.enrolments.by_id(*id).map(|e| e.target);
            let Some(crate::store::columns::task::TargetRow::Member(row)) = target else { return 0 };
            let Some(member) = columns.members.get(row) else { return 0 };
            match key {
                "spent" => member.spent.0,
                "orders" => i64::from(member.orders),
                "last-reply" => member.last_reply_at().map_or(0, |t| t.0),
                "last-buy" => member.last_order_at().map_or(0, |t| t.0),
                "last-touch" => member.last_touch_at().map_or(0, |t| t.0),
                _ => 0,
            }
        };
        waiting.sort_by_key(|id| if descending { -value(id) } else { value(id) });
        waiting
    }
}

fn last_heard(member: &MemberColumn, since: Since) -> Option<Timestamp> {
    match since {
        Since::Reply => member.last_reply_at(),
        Since::Order => member.last_order_at(),
        Since::Both => member.last_reply_at().max(member.last_order_at()),
    }
}
