//! Who has been silent for long enough, once a day, and whom intakes let in, once a tick; both in slices.
//!
//! A line moves while somebody is there to work it off: over an absence nobody is let in, for their steps would be over before
//! anybody could say them. On the day of the return as many come in as on any other, whose day was first before the rest. In
//! this alone days that nobody looked at are not as if each had been looked at.
//!
//! One file because what is looked at once a day is one list, and each kind of look is a few lines.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};

use super::super::Desk;
use super::super::act::{Act, DeskError};
use super::super::enrolling::{Entry, NoEntry};
use super::super::standing::takes_whoever_is_there;
use super::newly::Newly;
use super::silence::Quiet;
use crate::book::{Anchor, EnrolmentId, EnrolmentState, EnrolmentStatus, MemberId, PlaybookId, Span, Target};
use crate::sop::calendar::yearly::{ahead_days, is_yearly, next_yearly};
use crate::sop::calendar::{day_start, plus_days};
use crate::sop::format::{Intake, Playbook, Sort, Start, TargetKind};
use crate::store::Body;
use crate::store::columns::MemberColumn;
use crate::store::columns::enrolment::{EnrolmentColumn, RunState};
use crate::store::keys;

/// Rows looked at for one of a slice's places: looking is much cheaper than entering.
pub(in crate::desk) const ROWS_A_PLACE: usize = 500;

/// What a tick looks at besides what is due.
#[derive(Debug)]
pub(in crate::desk) struct Sweep {
    /// The day that it is for.
    day: NaiveDate,
    /// Something takes whom time alone brings: an absence begins with the day that was looked at last.
    tells: bool,
    left: VecDeque<Look>,
}

impl Sweep {
    /// True where there is nothing to look at.
    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.left.is_empty()
    }
}

/// A line as it stood when it was last let in from: the day, the playbook's version, who waited, and how many
/// enrolments there were. While all of it is the same nobody can come in.
pub(in crate::desk) type Line = (NaiveDate, u32, u32, usize);

/// One playbook that is looked at, and how far.
#[derive(Debug)]
enum Look {
    /// Members who have been silent for long enough: the next row.
    Silence { playbook: PlaybookId, next: u32 },
    /// Whom what comes each year takes, from a day on: the next row of its targets.
    Yearly { playbook: PlaybookId, from: NaiveDate, next: u32 },
    /// Whoever newly fits what takes whoever is there, on each day since it was looked at.
    Newly { playbook: PlaybookId, newly: Newly },
    /// For whom a product runs out: the next row of members.
    Runout { playbook: PlaybookId, next: u32 },
    /// Who stands in line and how many were let in, by the first day of the span of their D0: the next row of enrolments.
    Line { playbook: PlaybookId, next: u32, waiting: Vec<EnrolmentId>, admitted: BTreeMap<NaiveDate, u32> },
    /// Who is let in, in order.
    Admit { playbook: PlaybookId, entering: VecDeque<EnrolmentId> },
}

impl Desk {
    /// Looks at silences when the local day has changed or a playbook was applied, and at lines before intakes; true
    /// when all were looked at.
    pub(super) fn daily(&mut self, act: &Act, room: &mut usize) -> Result<bool, DeskError> {
        let today = act.at.day(self.store.columns.store.zone);
        let mut sweep = match self.tick.sweep.take() {
            Some(sweep) => sweep,
            None => self.new_sweep(today),
        };
        while let Some(look) = sweep.left.pop_front() {
            if *room == 0 {
                sweep.left.push_front(look);
                break;
            }
            if let Some(rest) = self.look(act, look, today, room)? {
                sweep.left.push_front(rest);
            }
        }
        let done = sweep.left.is_empty();
        if done {
            (self.tick.looked_to, self.tick.taken) = (Some(sweep.day), Some(sweep.day));
            if sweep.tells && self.store.columns.store.taken_to != Some(sweep.day) {
                self.stage(act, Body::DayTaken { day: sweep.day })?;
            }
            if sweep.day < today {
                // another day began meanwhile
                return Ok(false);
            }
        }
        self.tick.sweep = Some(sweep);
        Ok(done)
    }

    pub(super) fn new_sweep(&mut self, today: NaiveDate) -> Sweep {
        let mut sweep = Sweep { day: today, tells: false, left: VecDeque::new() };
        let silences = self.tick.swept != Some(today);
        // what was applied meanwhile has taken who was there
        let takes_from = self.tick.takes_from(today);
        for (id, playbook) in self.running_playbooks() {
            let is_silence = Quiet::of(&playbook.start).is_some();
            sweep.tells |= takes_whoever_is_there(&playbook) || is_silence;
            if silences && is_silence {
                sweep.left.push_back(Look::Silence { playbook: id.clone(), next: 0 });
            }
            if silences && is_yearly(&playbook.start) {
                // what came while no desk ran is not lost
                let from = self.tick.looked_to.unwrap_or(today).min(today);
                sweep.left.push_back(Look::Yearly { playbook: id.clone(), from, next: 0 });
            }
            if matches!(playbook.start, Start::Recurrence(_) | Start::Date { .. }) {
                let from = takes_from.max(self.first_midnight_of(&id));
                if from <= today {
                    let newly = Newly::since(from);
                    sweep.left.push_back(Look::Newly { playbook: id.clone(), newly });
                }
            }
            if silences && matches!(playbook.start, Start::Runout { .. }) {
                sweep.left.push_back(Look::Runout { playbook: id.clone(), next: 0 });
            }
            let Some(column) = self.store.columns.playbooks.get(&id).filter(|_| playbook.intake.is_some())
            else {
                continue;
            };
            // a silence may bring somebody into the line; else it moves with the day, or with who comes or goes
            let stands = (today, column.current, column.in_line, self.store.columns.enrolments.len());
            let waits = column.in_line > 0 && self.tick.lines.get(&id) != Some(&stands);
            if waits || silences {
                let (waiting, admitted) = (Vec::new(), BTreeMap::new());
                sweep.left.push_back(Look::Line { playbook: id, next: 0, waiting, admitted });
            }
        }
        self.tick.swept = Some(today);
        sweep
    }

    /// Looks at silences again at the next tick: a playbook was applied.
    pub(in crate::desk) fn sweep_again(&mut self) {
        self.tick.swept = None;
        self.tick.sweep = None;
        self.tick.lines.clear();
    }

    /// Goes on with one playbook; what is left of it.
    fn look(
        &mut self,
        act: &Act,
        look: Look,
        today: NaiveDate,
        room: &mut usize,
    ) -> Result<Option<Look>, DeskError> {
        match look {
            Look::Silence { playbook: id, next } => {
                let columns = &self.store.columns;
                let Some(playbook) = self.playbooks.current(&id, columns) else { return Ok(None) };
                let Some((quiet, days)) = Quiet::of(&playbook.start) else { return Ok(None) };
                let next = self.silence(act, &id, &playbook, days, quiet, today, next, room)?;
                Ok(next.map(|next| Look::Silence { playbook: id, next }))
            }
            Look::Yearly { playbook: id, from, next } => {
                let Some(playbook) = self.playbooks.current(&id, &self.store.columns) else {
                    return Ok(None);
                };
                let next = self.yearly(act, &id, &playbook, from, next, room)?;
                Ok(next.map(|next| Look::Yearly { playbook: id, from, next }))
            }
            Look::Newly { playbook: id, mut newly } => {
                let Some(playbook) = self.playbooks.current(&id, &self.store.columns) else {
                    return Ok(None);
                };
                let done = self.newly_fit(act, &id, &playbook, &mut newly, room)?;
                Ok((!done).then_some(Look::Newly { playbook: id, newly }))
            }
            Look::Runout { playbook: id, next } => {
                let Some(playbook) = self.playbooks.current(&id, &self.store.columns) else {
                    return Ok(None);
                };
                let next = self.running_out(act, &id, &playbook, next, room)?;
                Ok(next.map(|next| Look::Runout { playbook: id, next }))
            }
            Look::Line { playbook: id, next, mut waiting, mut admitted } => {
                let columns = &self.store.columns;
                let Some(playbook) = self.playbooks.current(&id, columns) else { return Ok(None) };
                let Some(intake) = &playbook.intake else { return Ok(None) };
                let position = columns.playbook_position(&id);
                let ahead = ahead_days(&playbook);
                let end = columns.enrolments.len() as u32;
                let until = end.min(next.saturating_add((*room * ROWS_A_PLACE) as u32));
                for row in next..until {
                    let Some(column) = columns.enrolments.get(row) else { continue };
                    if Some(column.playbook) != position {
                        continue;
                    }
                    if column.state == RunState::InLine {
                        // whose day lies ahead is not let in before it
                        let near = column.d0.saturating_sub(ahead) <= today.num_days_from_ce();
                        waiting.extend(columns.enrolments.id(row).filter(|_| near));
                    } else if let Some(span) = span_taken(intake, &column, today) {
                        *admitted.entry(span).or_default() += 1;
                    }
                }
                *room = room.saturating_sub(((until - next) as usize).div_ceil(ROWS_A_PLACE));
                if until < end {
                    return Ok(Some(Look::Line { playbook: id, next: until, waiting, admitted }));
                }
                // who is let in ahead of their day takes a place of that day's span, whenever the line is looked at
                let enters = |id: &EnrolmentId| {
                    let d0 = self.store.columns.enrolments.by_id(*id).map(|column| column.d0);
                    let d0 = d0.and_then(NaiveDate::from_num_days_from_ce_opt).unwrap_or(today);
                    let let_in = admitted.entry(first_day(intake, d0.max(today))).or_default();
                    *let_in += 1;
                    *let_in <= intake.max
                };
                let entering = self.in_order(waiting, intake.sort).into_iter().filter(enters).collect();
                Ok(Some(Look::Admit { playbook: id, entering }))
            }
            Look::Admit { playbook: id, mut entering } => {
                let Some(playbook) = self.playbooks.current(&id, &self.store.columns) else {
                    return Ok(None);
                };
                while let Some(enrolment) = entering.pop_front() {
                    if *room == 0 {
                        entering.push_front(enrolment);
                        return Ok(Some(Look::Admit { playbook: id, entering }));
                    }
                    *room -= 1;
                    self.admit(act, &playbook, enrolment, today)?;
                }
                if let Some(column) = self.store.columns.playbooks.get(&id) {
                    let enrolments = self.store.columns.enrolments.len();
                    self.tick.lines.insert(id, (today, column.current, column.in_line, enrolments));
                }
                Ok(None)
            }
        }
    }

    /// Enrols members whose last reply, order or check-in is `days` local days ago, from a row on; the next row where
    /// some are left.
    ///
    /// The anchor is 00:00 of the day it is reached; what was reached before the playbook was applied does not
    /// enter, nor what is so long ago that its first window is over, unless the day came while nobody looked: who would
    /// have entered then does, and what fell due since is dealt with like that of anybody else.
    #[expect(clippy::too_many_arguments, reason = "one slice of one playbook, spelled out")]
    pub(in crate::desk) fn silence(
        &mut self,
        act: &Act,
        id: &PlaybookId,
        playbook: &Arc<Playbook>,
        days: u32,
        quiet: Quiet,
        today: NaiveDate,
        mut next: u32,
        room: &mut usize,
    ) -> Result<Option<u32>, DeskError> {
        let zone = playbook.tz.unwrap_or(self.store.columns.store.zone);
        let Some(activated_at) = self.store.columns.playbooks.get(id).map(|c| c.activated_at) else {
            return Ok(None);
        };
        let activated = activated_at.day(zone);
        let reached = |member: &MemberColumn| {
            let last = quiet.last(member).filter(|_| !member.archived)?;
            let day =
                plus_days(quiet.day(last, zone, playbook.day_ends), i32::try_from(days).unwrap_or(i32::MAX));
            (activated..=today).contains(&day).then_some(day)
        };
        let looked_to = self.tick.looked_to.unwrap_or(today);
        let mut looked = 0;
        while *room > 0 {
            let Some(column) = self.store.columns.members.get(next) else { return Ok(None) };
            let found = reached(&column).zip(self.store.columns.members.id(next));
            next += 1;
            looked += 1;
            if looked == ROWS_A_PLACE {
                (looked, *room) = (0, room.saturating_sub(1));
            }
            let Some((day, member)) = found else { continue };
            *room = room.saturating_sub(1);
            let entry = Entry {
                playbook: id.clone(),
                target: Target::Member(member),
                group: None,
                account: None,
                key: self.silence_key(member, quiet)?,
                // reached on the day of activation counts from the activation on
                at: day_start(day, zone, playbook.day_ends).max(activated_at),
                by_hand: false,
                again: false,
            };
            // who was barred on one day that nobody looked at may have been let in on the next
            let mut missed = day.max(plus_days(looked_to, 1));
            let mut entered = None;
            while missed <= today && entered.is_none() {
                let as_of = day_start(missed, zone, playbook.day_ends).max(entry.at);
                if as_of >= act.at {
                    break;
                }
                missed = plus_days(missed, 1);
                *room = room.saturating_sub(1);
                entered = match self.enter_as_of(act, &entry, as_of)? {
                    Err(NoEntry::Resting | NoEntry::Audience) => None,
                    judged => Some(judged),
                };
            }
            if !matches!(entered, Some(Ok(_))) {
                let _ = self.enter(act, &entry)?;
            }
        }
        Ok(Some(next))
    }

    /// Enrols those for whom something that comes each year is near, from a row on; the next row where some are left.
    fn yearly(
        &mut self,
        act: &Act,
        id: &PlaybookId,
        playbook: &Arc<Playbook>,
        from: NaiveDate,
        mut next: u32,
        room: &mut usize,
    ) -> Result<Option<u32>, DeskError> {
        // a day that is the same for all: nobody is looked at before it is near in every zone
        let same_for_all = matches!(playbook.start, Start::Festival { .. } | Start::Term { .. });
        let near =
            plus_days(act.at.day(self.store.columns.store.zone), ahead_days(playbook).saturating_add(1));
        if same_for_all
            && next_yearly(&playbook.start, None, self.store.columns.rules.lunar, from)
                .is_none_or(|(_, d0)| d0 > near)
        {
            return Ok(None);
        }
        let mut looked = 0;
        while *room > 0 {
            let columns = &self.store.columns;
            let target = match playbook.target {
                TargetKind::Member => columns.members.id(next).map(Target::Member),
                TargetKind::Group => columns.groups.id(next).map(Target::Group),
                TargetKind::Account => columns.accounts.id(next).map(Target::Account),
            };
            let Some(target) = target else { return Ok(None) };
            next += 1;
            looked += 1;
            if looked == ROWS_A_PLACE {
                (looked, *room) = (0, room.saturating_sub(1));
            }
            if self.enter_yearly(act, id, playbook, target, from)? {
                *room = room.saturating_sub(1);
            }
        }
        Ok(Some(next))
    }

    /// The activity that the silence counts from: another one later anchors anew.
    pub(in crate::desk) fn silence_key(&self, member: MemberId, quiet: Quiet) -> Result<String, DeskError> {
        let target = Target::Member(member);
        for (_, bytes) in self.store.bodies.newest(&keys::activities(target), None, 200)? {
            let activity: crate::book::Activity = crate::store::bodies::decode(&bytes)?;
            if quiet.is_broken_by(activity.kind) {
                return Ok(format!("silence:{}", activity.id));
            }
        }
        Ok("silence".to_owned())
    }

    /// Lets one in from the line, unless it has left the line meanwhile.
    fn admit(
        &mut self,
        act: &Act,
        playbook: &Arc<Playbook>,
        enrolment: EnrolmentId,
        today: NaiveDate,
    ) -> Result<(), DeskError> {
        let Some(enrolment) = self.store.enrolment(enrolment)? else { return Ok(()) };
        if enrolment.status.state != EnrolmentState::InLine {
            return Ok(());
        }
        let zone = self.store.columns.zone_of(&enrolment);
        let anchor = Anchor {
            key: enrolment.status.anchor.key.clone(),
            at: day_start(today, zone, playbook.day_ends).max(enrolment.status.anchor.at),
            // who was let in ahead of their day keeps it
            d0: enrolment.status.anchor.d0.max(today),
        };
        let after = EnrolmentStatus {
            state: EnrolmentState::Active,
            anchor,
            next_at: Some(act.at),
            waiting: None,
            ..enrolment.status.clone()
        };
        self.set_status(act, &enrolment, after)?;
        self.plan_next(act, enrolment.id)
    }

    /// Those in line in the order of the intake, a key of the filter language with `-` in front for descending, and of
    /// those alike whose day is first.
    pub(in crate::desk) fn in_order(
        &self,
        mut waiting: Vec<EnrolmentId>,
        sort: Option<Sort>,
    ) -> Vec<EnrolmentId> {
        let columns = &self.store.columns;
        waiting.sort_by_key(|id| columns.enrolments.by_id(*id).map(|enrolment| enrolment.d0));
        let Some(Sort { key, descending }) = sort else { return waiting };
        let value = |id: &EnrolmentId| match columns.enrolments.by_id(*id).map(|e| e.target) {
            Some(crate::store::columns::task::TargetRow::Member(row)) => {
                columns.members.id(row).map_or(0, |id| self.sort_value(Target::Member(id), key))
            }
            _ => 0,
        };
        waiting.sort_by_key(|id| if descending { -value(id) } else { value(id) });
        waiting
    }
}

/// The first day of the span of today or later that an enrolment took a place of; none where it is in line or was
/// taken back.
pub(in crate::desk) fn span_taken(
    intake: &Intake,
    enrolment: &EnrolmentColumn,
    today: NaiveDate,
) -> Option<NaiveDate> {
    let let_in = !matches!(enrolment.state, RunState::InLine | RunState::Undone);
    let d0 = NaiveDate::from_num_days_from_ce_opt(enrolment.d0).filter(|_| let_in)?;
    (d0 >= first_day(intake, today)).then(|| first_day(intake, d0))
}

/// The first day of the intake's span around a day.
pub(in crate::desk) fn first_day(intake: &Intake, today: NaiveDate) -> NaiveDate {
    match intake.per {
        Span::Hour | Span::Day => today,
        Span::Week => plus_days(today, -(today.weekday().num_days_from_monday() as i32)),
        Span::Month => today.with_day(1).unwrap_or(today),
    }
}
