//! The dates of a playbook for `sop plan`: of somebody as they stand in it, of somebody who would enter, of nobody in
//! particular; judged by the same caps and quiet hours that a tick goes by.

use std::sync::Arc;

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::coming::moved_reason;
use super::task_line::clean;
use super::words::ViewWords;
use crate::book::id::Id;
use crate::book::{
    Activity, ActivityKind, Anchor, Birthday, Cap, Enrolment, EnrolmentState, EnrolmentStatus, GroupId,
    MemberId, PlaybookId, Progress, QuietHours, Target, Timestamp,
};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::desk::tick::limits::Whom;
use crate::desk::tick::silence::Quiet as Silence;
use crate::desk::words::Words;
use crate::door::reply::PlanLine;
use crate::door::request::PlanAsk;
use crate::door::{Refusal, RefusalKind};
use crate::queue::caps::Count;
use crate::queue::quiet::Quiet;
use crate::sop::calendar::yearly::is_yearly;
use crate::sop::calendar::{day_start, instant_anchor, plus_days};
use crate::sop::format::{Playbook, Start, TargetKind};
use crate::sop::plan::anchors::{Anchors, Window, anchors};
use crate::sop::plan::{Limits, Moved, PlanRow, Planning, ROWS_MAX, Reach, StepRules};
use crate::sop::schedule::{Course, beginning};
use crate::store::columns::parse_zone;
use crate::store::keys;
use crate::text::lang::Lang;

/// One way through a playbook, and where it stands.
struct Way {
    anchor: Anchor,
    progress: Progress,
    not_before: Option<(Timestamp, Option<Moved>)>,
}

impl Way {
    fn from_the_beginning(anchor: Anchor) -> Self {
        Self { anchor, progress: beginning(), not_before: None }
    }
}

/// What one step is held by, owned.
struct Held {
    hours: Vec<(Tz, Vec<QuietHours>)>,
    caps: Vec<Cap>,
    reach: Reach,
}

impl Desk {
    /// The dates of a playbook, for a target as it stands or from an anchor given; with the store's quiet hours and
    /// caps, or bare.
    pub(super) fn plan(&self, ask: &PlanAsk, now: Timestamp, lang: Lang) -> Result<Vec<PlanLine>, DeskError> {
        let columns = &self.store.columns;
        let id = &ask.playbook;
        let missing = || super::not_found(ViewWords::NoSuch.text(lang), clean(&id.0));
        let playbook = match &ask.file {
            // the process that read the file has told its mistakes
            Some(toml) => {
                let parsed = crate::sop::parse(toml, &id.0, &crate::sop::filters::check_filter);
                Arc::new(parsed.playbook.ok_or_else(missing)?)
            }
            None => self.playbooks.current(id, columns).ok_or_else(missing)?,
        };
        if let Some(target) = ask.target {
            plans_for(&playbook, target, lang)?;
        }
        let mut running = match (ask.target, ask.anchor, &ask.file) {
            (Some(target), None, None) => self.running(target)?,
            _ => Vec::new(),
        };
        running.retain(|enrolment| enrolment.playbook == *id);
        let enrolment = ask.target.map(|target| match running.first() {
            Some(enrolment) => enrolment.clone(),
            None => self.would_be(&playbook, target, now),
        });
        let zone = match &enrolment {
            Some(enrolment) => parse_zone(&enrolment.zone).unwrap_or(columns.store.zone),
            None => playbook.tz.unwrap_or(columns.store.zone),
        };
        let earliest = playbook.steps.iter().map(|step| step.at.days.first()).min().unwrap_or(0).min(0);
        let begun = ask.anchor.map(|at| crate::sop::calendar::shift_days(at, earliest, zone));
        let from = ask.from.unwrap_or_else(|| begun.map_or(now, |at| at.min(now)));
        let (ways, words) = self.ways(ask, &playbook, &running, zone, from, now, lang)?;
        let limits = Limits {
            from,
            until: Some(ask.until),
            rows: usize::try_from(ask.rows).unwrap_or(ROWS_MAX).min(ROWS_MAX + 1),
        };
        let rows = self.planned(ask, &playbook, enrolment.as_ref(), zone, &ways, limits, now)?;
        let mut lines: Vec<PlanLine> = rows
            .into_iter()
            .map(|row| PlanLine {
                step: row.step,
                occurrence: row.occurrence,
                due_at: row.due_at,
                never: row.reason == Some(Moved::Never),
                until: row.until,
                moved_from: row.moved_from,
                reason: row.reason.map(|moved| moved_reason(&moved, lang)).unwrap_or_default(),
                class: row.class.word().to_owned(),
                via: row.via.word().to_owned(),
            })
            .collect();
        // what its days are counted from is said once
        if let (Some(line), Some(words)) = (lines.first_mut(), words) {
            line.reason = if line.reason.is_empty() { words } else { format!("{}; {words}", line.reason) };
        }
        Ok(lines)
    }

    /// Plans every way by the rules that the desk would judge it by.
    #[expect(clippy::too_many_arguments, reason = "a plan, spelled out")]
    fn planned(
        &self,
        ask: &PlanAsk,
        playbook: &Playbook,
        enrolment: Option<&Enrolment>,
        zone: Tz,
        ways: &[Way],
        limits: Limits,
        now: Timestamp,
    ) -> Result<Vec<PlanRow>, DeskError> {
        let columns = &self.store.columns;
        let calendar = &*columns.holidays;
        let mut held: Vec<Held> = Vec::new();
        for step in &playbook.steps {
            let (protected, touched) = match enrolment {
                Some(enrolment) => (self.protected(enrolment, step), self.touched(enrolment, step)),
                None => (nobody(&ask.playbook), nobody(&ask.playbook)),
            };
            let (hours, caps) = if ask.bare {
                (Vec::new(), Vec::new())
            } else {
                (self.quiet_about(&protected, zone, now)?, self.caps_about(&touched, now)?)
            };
            let Whom { member, group, account, .. } = touched;
            held.push(Held { hours, caps, reach: Reach { member, group, account } });
        }
        let quiet: Vec<Vec<Quiet<'_>>> = held
            .iter()
            .map(|held| {
                held.hours.iter().map(|(zone, hours)| Quiet { zone: *zone, hours, calendar }).collect()
            })
            .collect();
        let rules: Vec<StepRules<'_>> = held
            .iter()
            .zip(&quiet)
            .map(|(held, quiet)| StepRules { quiet, caps: &held.caps, reach: held.reach })
            .collect();
        // what was sent and lies open counts now; of spans to come nothing is known but the plan
        let counted = |cap: &Cap, reach: &Reach, window: (Timestamp, Timestamp)| match reach.of(cap.scope.of)
        {
            Some(target) if window.0 <= now => self.count_for(cap, target, window).unwrap_or_default(),
            _ => Count::default(),
        };
        let mut planning = Planning::new(&rules, &counted, limits);
        for way in ways {
            let course = Course { playbook, anchor: &way.anchor, zone, holidays: &columns.holidays };
            planning.follow(&course, &way.progress, way.not_before.clone());
        }
        Ok(planning.done())
    }

    /// What is planned: the anchor given, the rounds that somebody is in, those that the calendar brings, or the one
    /// that would begin; and what is to be said of it.
    #[expect(clippy::too_many_arguments, reason = "a plan, spelled out")]
    fn ways(
        &self,
        ask: &PlanAsk,
        playbook: &Playbook,
        running: &[Enrolment],
        zone: Tz,
        from: Timestamp,
        now: Timestamp,
        lang: Lang,
    ) -> Result<(Vec<Way>, Option<String>), DeskError> {
        if let Some(at) = ask.anchor {
            let anchor = instant_anchor(String::new(), at, zone, playbook.day_ends);
            return Ok((vec![Way::from_the_beginning(anchor)], None));
        }
        let member = match ask.target {
            Some(Target::Member(member)) => Some(member),
            _ => None,
        };
        let mut ways: Vec<Way> = running.iter().map(|enrolment| stands(enrolment, now)).collect();
        let words = member.map(|member| self.runs_out_words(playbook, member, lang)).transpose()?.flatten();
        if !ways.is_empty() && !is_yearly(&playbook.start) {
            return Ok((ways, words));
        }
        let today = now.day(zone);
        let applied = self.store.columns.playbooks.get(&ask.playbook).filter(|_| ask.file.is_none());
        let mut since = applied.map_or(today, |column| column.activated_at.day(zone)).min(today);
        since = since.min(from.day(zone));
        let window = Window { now, from, until: ask.until, since };
        if let Some(own) =
            member.map(|member| self.own_anchor(playbook, member, zone, lang)).transpose()?.flatten()
        {
            let waits = Silence::of(&playbook.start).is_none() || own.d0 >= today.min(from.day(zone));
            ways.extend(Some(Way::from_the_beginning(own)).filter(|_| waits));
            return Ok((ways, words));
        }
        let birthday = member.map(|member| self.own_birthday(playbook, member, lang)).transpose()?.flatten();
        let customs = self.store.columns.rules.lunar;
        let Anchors { of, example } = anchors(playbook, birthday, zone, &window, customs);
        for anchor in of {
            let entered = match ask.target.filter(|_| applied.is_some() && !anchor.key.is_empty()) {
                Some(target) => {
                    self.store.bodies.get(&keys::enrolled(&ask.playbook, target, &anchor.key))?.is_some()
                }
                None => false,
            };
            if !entered {
                ways.push(Way::from_the_beginning(anchor));
            }
        }
        let example = example.map(|day| ViewWords::ForExample.fill(lang, &[("day", &day)]));
        Ok((ways, words.or(example)))
    }

    /// What somebody's own past says they count from; none for what does not count from a past.
    fn own_anchor(
        &self,
        playbook: &Playbook,
        member: MemberId,
        zone: Tz,
        lang: Lang,
    ) -> Result<Option<Anchor>, DeskError> {
        let Some(column) = self.store.columns.members.by_id(member) else { return Ok(None) };
        let at = |at: Timestamp| instant_anchor(String::new(), at, zone, playbook.day_ends);
        let on =
            |d0: NaiveDate| Anchor { key: String::new(), at: day_start(d0, zone, playbook.day_ends), d0 };
        let found = match &playbook.start {
            Start::Runout { product, offset } => {
                let Some(expected) = self.expected_run_out(playbook, member)? else {
                    let words = ViewWords::RunsOutUnknown.text(lang);
                    let hint = ViewWords::RunsOutHint
                        .fill(lang, &[("product", &crate::text::shell::quoted(&clean(product)))]);
                    return Err(Refusal::new(RefusalKind::NotFound, words).hint(hint).into());
                };
                Some(on(plus_days(expected.day, *offset)))
            }
            Start::LastReply => column.last_reply_at().map(at),
            Start::LastPurchase => column.last_order_at().map(at),
            Start::LastTouch => column.last_touch_at().map(at),
            Start::FirstPurchase => self.first_purchase(member)?.map(at),
            Start::Silence { .. } | Start::CheckinMissed { .. } => {
                Silence::of(&playbook.start).and_then(|(silence, days)| {
                    let last = silence.last(column)?;
                    let days = i32::try_from(days).unwrap_or(i32::MAX);
                    Some(on(plus_days(silence.day(last, zone, playbook.day_ends), days)))
                })
            }
            _ => return Ok(None),
        };
        found.map_or_else(|| Err(self.nothing_to_count(member, lang)), |anchor| Ok(Some(anchor)))
    }

    fn own_birthday(
        &self,
        playbook: &Playbook,
        member: MemberId,
        lang: Lang,
    ) -> Result<Option<Birthday>, DeskError> {
        let lunar = match &playbook.start {
            Start::Birthday { .. } => false,
            Start::LunarBirthday { .. } => true,
            _ => return Ok(None),
        };
        let column = self.store.columns.members.by_id(member);
        let birthday = column.and_then(|column| column.birthday).filter(|born| born.lunar == lunar);
        birthday.map_or_else(|| Err(self.nothing_to_count(member, lang)), |birthday| Ok(Some(birthday)))
    }

    fn nothing_to_count(&self, member: MemberId, lang: Lang) -> DeskError {
        let name = self.display_name(Target::Member(member));
        let words = ViewWords::NothingToCount.fill(lang, &[("name", &name)]);
        Refusal::new(RefusalKind::NotFound, words).hint("--anchor 2026-03-08").into()
    }

    fn first_purchase(&self, member: MemberId) -> Result<Option<Timestamp>, DeskError> {
        let told: Vec<Activity> =
            self.store.bodies.list(&keys::activities(Target::Member(member)), usize::MAX)?;
        Ok(told.iter().filter(|one| one.kind == ActivityKind::Bought).map(|one| one.at.ms).min())
    }

    /// The enrolment that a target would get, as far as its rules depend on it.
    fn would_be(&self, playbook: &Playbook, target: Target, now: Timestamp) -> Enrolment {
        let (group, account): (Option<GroupId>, _) = match target {
            Target::Member(member) => (self.only_group(member), None),
            Target::Group(_) => (None, None),
            Target::Account(account) => (None, Some(account)),
        };
        let zone = self.zone_for(playbook, target, group, account);
        let status = EnrolmentStatus {
            version: 0,
            anchor: instant_anchor(String::new(), now, zone, playbook.day_ends),
            state: EnrolmentState::Active,
            progress: beginning(),
            next_at: None,
            waiting: None,
            ended_at: None,
        };
        Enrolment {
            id: Id::from_bits(0),
            playbook: playbook.id.clone(),
            target,
            group,
            account,
            zone: zone.name().to_owned(),
            enrolled_at: now,
            status,
        }
    }
}

/// Where a round stands: what is overdue comes at once, what waits comes when it was told to.
fn stands(enrolment: &Enrolment, now: Timestamp) -> Way {
    let status = &enrolment.status;
    let waits = status.next_at.zip(status.waiting.clone()).filter(|(at, _)| *at > now);
    let not_before = match waits {
        Some((at, why)) => (at, Some(Moved::Wait(why))),
        None => (now, None),
    };
    Way { anchor: status.anchor.clone(), progress: status.progress.clone(), not_before: Some(not_before) }
}

/// Refuses somebody whom a playbook is not made for.
fn plans_for(playbook: &Playbook, target: Target, lang: Lang) -> Result<(), DeskError> {
    let title = clean(&playbook.title);
    let (words, hint) = match (playbook.target, target) {
        (TargetKind::Member, Target::Member(_))
        | (TargetKind::Group, Target::Group(_))
        | (TargetKind::Account, Target::Account(_)) => return Ok(()),
        (TargetKind::Member, _) => {
            (ViewWords::PlannedForMembers.fill(lang, &[("title", &title)]), "--member")
        }
        (TargetKind::Group, _) => (ViewWords::PlannedForGroups.fill(lang, &[("title", &title)]), "--group"),
        (TargetKind::Account, _) => (Words::ForAccounts.fill(lang, &[("title", &title)]), "--anchor"),
    };
    Err(Refusal::new(RefusalKind::Invalid, words).hint(hint).into())
}

/// Nobody in particular: only rules about all hold.
fn nobody(playbook: &PlaybookId) -> Whom {
    let target = Target::Member(Id::from_bits(0));
    Whom { member: None, group: None, account: None, playbook: playbook.clone(), target }
}
