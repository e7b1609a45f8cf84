//! What comes next for a target, and why it waits.
//!
//! One file because what comes next and why something does not are said in the same words.

use chrono_tz::Tz;

use super::reasons::activity_words;
use super::task_line::clean;
use super::words::ViewWords;
use crate::book::fields::quiet_text;
use crate::book::{
    EndReason, Enrolment, EnrolmentId, EnrolmentState, GroupId, MemberId, Rules, Target, TaskKind, Timestamp,
    Via, WaitReason,
};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::desk::tick::limits::HoursOf;
use crate::door::compose::is_one_off;
use crate::door::detail::{Coming, step_words};
use crate::door::line::Ref;
use crate::queue::caps::{Allowance, caps_in, held_words, is_quiet};
use crate::queue::quiet::{Quiet, Respect, never_opens, respect};
use crate::sop::format::{Late, Playbook, Start, Step};
use crate::sop::judge::Unmet;
use crate::sop::plan::anybody::exceptions;
use crate::sop::plan::{Bar, Moved, PlanRow};
use crate::sop::runout::{Basis, RunOut};
use crate::sop::schedule::{Course, Planned};
use crate::store::keys;
use crate::text::lang::Lang;

/// Enrolments of one target that are shown.
const SHOWN: usize = 100;

/// Steps that are passed over in search of one that can come, and of these how many are named.
const PASSED_OVER: usize = 40;
const PASSED_NAMED: usize = 2;

/// What lies ahead in an enrolment.
#[derive(Default)]
struct Look {
    next: Option<Planned>,
    asks: Vec<(Timestamp, String)>,
    /// It will not come as things stand.
    never: bool,
    /// Something before it is passed by, as what finds them left in peace: what that waits for is not what this one does.
    passed: bool,
    notes: Vec<String>,
}

impl Desk {
    /// Running enrolments of a target by their next instant, then those that have ended, with the reason.
    pub(super) fn coming(
        &self,
        target: Target,
        now: Timestamp,
        lang: Lang,
    ) -> Result<Vec<Coming>, DeskError> {
        let prefix = keys::enrolments_of(target);
        let mut coming = Vec::new();
        // ids rise with time: the newest are the ones people ask about
        for (key, _) in self.store.bodies.newest(&prefix, None, SHOWN)? {
            let Some(id) = key.get(prefix.len()..).and_then(keys::id_from::<EnrolmentId>) else { continue };
            let over = |enrolment: &Enrolment| {
                enrolment.status.state.is_undone()
                    || (!enrolment.status.state.is_running() && is_one_off(&enrolment.playbook))
            };
            // of a one-off that was said, and of what was undone, nobody asks what comes next
            if let Some(enrolment) = self.store.enrolment(id)?.filter(|enrolment| !over(enrolment)) {
                coming.push(self.coming_of(&enrolment, now, lang));
            }
        }
        coming.sort_by_key(|entry| (entry.at.is_none(), entry.at));
        Ok(coming)
    }

    /// As [`Self::coming`]; of a group also what is to be said in it to its members.
    pub(super) fn coming_to(
        &self,
        target: Target,
        now: Timestamp,
        lang: Lang,
    ) -> Result<Vec<Coming>, DeskError> {
        let mut coming = self.coming(target, now, lang)?;
        if let Target::Group(group) = target {
            coming.extend(self.coming_in_group(group, now, lang));
            coming.sort_by_key(|entry| (entry.at.is_none(), entry.at));
        }
        Ok(coming)
    }

    /// What comes next in one enrolment.
    pub(super) fn coming_of(&self, enrolment: &Enrolment, now: Timestamp, lang: Lang) -> Coming {
        let status = &enrolment.status;
        let playbook = self.playbooks.get(&enrolment.playbook, status.version);
        let zone = self.store.columns.zone_of(enrolment);
        let position = self.store.columns.playbook_position(&enrolment.playbook);
        let paused = position.is_some_and(|position| self.is_paused(position));
        let active = playbook.as_ref().filter(|_| status.state == EnrolmentState::Active);
        let look = active.and_then(|playbook| self.look_ahead(enrolment, playbook, zone, now, lang).ok());
        let Look { next, asks, never, passed, notes } = look.unwrap_or_default();
        let step = next.as_ref().zip(playbook.as_ref()).and_then(|(next, playbook)| playbook.step(next.step));
        let own = self.store.columns.pause_of(enrolment.target, now).map(|pause| pause.until);
        // what is said in a group waits for the group as well
        let stopped = match step.filter(|_| !paused) {
            Some(step) => self.paused_for(enrolment, step, now),
            None => own,
        };
        let (ever, until) = (stopped == Some(None), stopped.flatten());
        let held_until = next
            .as_ref()
            .zip(playbook.as_ref())
            .filter(|_| !passed)
            .and_then(|(next, playbook)| self.held_until(enrolment, playbook, next, now).ok().flatten());
        let end = next.as_ref().and_then(|next| next.until);
        let lost = held_until.is_some_and(|until| end.is_some_and(|end| end <= until));
        // of what is owed to many some may have had theirs
        let each = step.is_some_and(|step| step.who.is_some());
        let why = match (&status.state, &status.waiting) {
            (EnrolmentState::Finished, _) => {
                let rest = playbook.as_ref().and_then(|playbook| playbook.rest).zip(status.ended_at);
                let finished = ViewWords::Finished.text(lang).to_owned();
                rest.map_or(finished.clone(), |(rest, ended_at)| {
                    let days = i32::try_from(rest.days()).unwrap_or(i32::MAX);
                    let day = crate::sop::calendar::plus_days(ended_at.day(zone), days);
                    format!("{finished}, {}", ViewWords::RestsUntil.fill(lang, &[("day", &day)]))
                })
            }
            (EnrolmentState::Stopped { rule }, _) => {
                ViewWords::Stopped.fill(lang, &[("rule", &activity_words(rule, lang))])
            }
            (EnrolmentState::InLine, _) => ViewWords::Intake.text(lang).to_owned(),
            (EnrolmentState::Active, _) if paused => ViewWords::Paused.text(lang).to_owned(),
            (EnrolmentState::Active, _) if stopped.is_some() => {
                let (ever, to) = match enrolment.target {
                    Target::Member(_) | Target::Account(_) if own.is_some() => {
                        (ViewWords::TargetPaused, ViewWords::TargetPausedUntil)
                    }
                    _ => (ViewWords::GroupPaused, ViewWords::GroupPausedUntil),
                };
                until.map_or_else(
                    || ever.text(lang).to_owned(),
                    |until| to.fill(lang, &[("at", &until.local(zone).format("%m-%d %H:%M"))]),
                )
            }
            // it is said with the rules that leave no time
            (EnrolmentState::Active, Some(wait)) if (never || next.is_none()) && is_quiet(wait) => {
                String::new()
            }
            (EnrolmentState::Active, Some(wait)) if lost && each => {
                ViewWords::OthersUnsaid.fill(lang, &[("why", &wait_words(wait, lang))])
            }
            (EnrolmentState::Active, Some(wait)) if lost => unsaid_words(wait.clone(), lang),
            (EnrolmentState::Active, Some(wait)) => wait_words(wait, lang),
            (EnrolmentState::Active, None) => {
                let member = match enrolment.target {
                    Target::Member(member) => Some(member),
                    _ => None,
                };
                let expected =
                    playbook.as_ref().zip(member).map(|(p, member)| self.runs_out_words(p, member, lang));
                expected.and_then(Result::ok).flatten().unwrap_or_default()
            }
        };
        let at = match &next {
            _ if paused || never || ever || lost => None,
            // what it waits for moves the step itself
            Some(_) if status.waiting.is_some() && !passed => held_until.or(status.next_at).max(until),
            // it is looked at sooner than it is said where a form opens first
            Some(planned) => status.next_at.map(|at| at.max(planned.due_at)).max(until),
            None if notes.is_empty() => status.next_at,
            None => None,
        };
        // it is looked at then; where that is in quiet hours it is said after them
        let said = next.as_ref().zip(playbook.as_ref()).zip(at).and_then(|((planned, playbook), at)| {
            let step = playbook.step(planned.step)?;
            let said = self.said_at(enrolment, playbook, step, planned, at).ok()?;
            (said > at).then_some(said)
        });
        // hours that leave nothing of its span
        let ends = next.as_ref().and_then(|next| next.until);
        let unsaid = said.is_some_and(|said| ends.is_some_and(|end| end <= said));
        let quiet = || match WaitReason::QuietHours {
            why if unsaid => unsaid_words(why, lang),
            why => wait_words(&why, lang),
        };
        let notes: Vec<String> =
            said.map(|_| quiet()).into_iter().filter(|words| !why.contains(words)).chain(notes).collect();
        let at = said.or(at).filter(|_| !unsaid);
        let full = next.as_ref().zip(playbook.as_ref()).zip(at).and_then(|((planned, playbook), at)| {
            let runs = status.state == EnrolmentState::Active && status.waiting.is_none();
            let planned = Some(planned).filter(|_| runs)?;
            self.full_then(enrolment, playbook, planned, at, now, lang).ok().flatten()
        });
        let notes: Vec<String> = notes.into_iter().chain(full).collect();
        // whose last step fired stands at it until it is sent
        let owed = match (&next, &status.state) {
            (None, EnrolmentState::Active) if notes.is_empty() => self.owed_of(enrolment),
            _ => None,
        };
        let named = |step: &String| playbook.as_ref().map_or_else(|| step.clone(), |p| named(p, step, lang));
        let said = owed.as_ref().map(|step| ViewWords::StillOwed.fill(lang, &[("step", &named(step))]));
        let why = std::iter::once(why).chain(notes).chain(said).filter(|words| !words.is_empty());
        let next_step = next
            .as_ref()
            .zip(playbook.as_ref())
            .and_then(|(planned, playbook)| Some((planned, playbook, playbook.step(planned.step)?)));
        let says = next_step
            .map(|(planned, playbook, step)| self.would_begin(enrolment, playbook, step, planned, lang));
        let since = next_step
            .filter(|_| !is_one_off(&enrolment.playbook))
            .map(|(_, playbook, step)| self.counts_from(enrolment, playbook, step, lang));
        let (says, since) = (says.unwrap_or_default(), since.unwrap_or_default());
        let step = next.map(|planned| planned.id).or(owed);
        Coming {
            at,
            asks: if paused || never || ever { Vec::new() } else { asks },
            playbook: Ref { id: enrolment.playbook.clone(), name: self.title(&enrolment.playbook) },
            enrolment: enrolment.id,
            step_number: playbook.as_ref().zip(step.as_ref()).map_or((0, 0), |(playbook, step)| {
                let at = playbook.step_by_id(step).map_or(0, |(at, _)| at + 1);
                (at, playbook.steps.len() as u16)
            }),
            step: step.map(|step| clean(&step)).unwrap_or_default(),
            says,
            since,
            why: why.collect::<Vec<_>>().join(", "),
        }
    }

    /// That a cap of today has no room for a step of later today, and when it has; none where it has room.
    fn full_then(
        &self,
        enrolment: &Enrolment,
        playbook: &Playbook,
        planned: &Planned,
        at: Timestamp,
        now: Timestamp,
        lang: Lang,
    ) -> Result<Option<String>, DeskError> {
        let zone = self.store.columns.zone_of(enrolment);
        let today = at.day(zone) == now.day(zone);
        let Some(step) = playbook.step(planned.step).filter(|step| today && step.via != Via::Internal) else {
            return Ok(None);
        };
        let whom = self.touched(enrolment, step);
        let allowance = self.allow_touch(&whom, playbook.class_of(step), zone, at)?;
        let Allowance::Full { next_at, usage } = allowance else { return Ok(None) };
        let again = self.said_at(enrolment, playbook, step, planned, next_at)?;
        let short = again.local(zone).format("%m-%d %H:%M");
        Ok(Some(ViewWords::FullThen.fill(lang, &[("cap", &usage.words(lang)), ("at", &short)])))
    }

    /// That a step of an enrolment is due and not sent yet; none where none is.
    pub(super) fn owed_words(&self, enrolment: &Enrolment, lang: Lang) -> Option<String> {
        let step = self.owed_of(enrolment).filter(|_| enrolment.status.state == EnrolmentState::Active)?;
        let playbook = self.playbooks.get(&enrolment.playbook, enrolment.status.version);
        let step = playbook.map_or_else(|| clean(&step), |playbook| named(&playbook, &step, lang));
        Some(ViewWords::StillOwed.fill(lang, &[("step", &step)]))
    }

    /// The step of the oldest open task of an enrolment.
    fn owed_of(&self, enrolment: &Enrolment) -> Option<String> {
        let open = self.open_tasks_of(enrolment).ok()?;
        let task = self.store.task(*open.last()?).ok().flatten()?;
        match &task.kind {
            TaskKind::Step { key, .. } => Some(key.step.clone()),
            _ => None,
        }
    }

    /// The first step that can come as things stand, and the forms before it. What the answers given rule out, and rounds
    /// that were called off, are passed over and named.
    fn look_ahead(
        &self,
        enrolment: &Enrolment,
        playbook: &Playbook,
        zone: Tz,
        now: Timestamp,
        lang: Lang,
    ) -> Result<Look, DeskError> {
        let columns = &self.store.columns;
        let status = &enrolment.status;
        let course = Course { playbook, anchor: &status.anchor, zone, holidays: &columns.holidays };
        let group = match enrolment.target {
            Target::Group(group) => Some(group),
            _ => enrolment.group,
        };
        let mut look = Look::default();
        if let Some(rule) = self.fulfilled(playbook, enrolment.target, now)? {
            look.never = true;
            let rule = activity_words(&rule.word(), lang);
            look.notes.push(ViewWords::WillStop.fill(lang, &[("rule", &clean(&rule))]));
        } else if !self.target_matches(&playbook.audience, enrolment.target, now)? {
            look.never = true;
            let audience = clean(&playbook.audience);
            look.notes.push(ViewWords::OutOfAudience.fill(lang, &[("audience", &audience)]));
        }
        let over = self.campaign_end(enrolment, lang);
        let mut progress = status.progress.clone();
        if let Some((after, until)) = self.after_rest(enrolment, playbook, &course, now)? {
            (progress, look.passed) = (after, true);
            look.notes.push(ViewWords::RestsUntil.fill(lang, &[("day", &until.day(zone))]));
        }
        for _ in 0..PASSED_OVER {
            let Some(planned) = course.next(&progress) else { return Ok(look) };
            let Some(step) = playbook.step(planned.step) else { return Ok(look) };
            let off = columns.days_off.contains(&(playbook.id.clone(), planned.occurrence));
            let answered = |key: &str| self.is_answered_so_far(enrolment, playbook, planned.run, key);
            let due_at = planned.due_at.max(now);
            let unmet = self.unmet_if(enrolment, playbook, step, due_at, &answered)?;
            let ruled_out = unmet.as_ref().and_then(|unmet| match unmet {
                Unmet::Answer(key) => Some(key),
                _ => None,
            });
            let silent = if off || ruled_out.is_some() {
                None
            } else {
                self.never_offered(enrolment, playbook, step, &planned, zone, now, lang)?
            };
            // what waits for their end already waits for ever; what is looked at in its span ends with it
            let waits = progress == status.progress && status.waiting.as_ref().is_some_and(is_quiet);
            let ends = step.late == Late::Drop || (planned.until.is_some() && !waits);
            let passes_by = off || ruled_out.is_some() || (silent.is_some() && ends);
            if !passes_by {
                if let Some(rules) = silent {
                    look.never = true;
                    look.notes.push(ViewWords::QuietNever.fill(lang, &[("rules", &rules)]));
                }
                if let Some((_, words)) = over.filter(|(at, _)| *at <= due_at) {
                    look.never = true;
                    look.notes.push(words);
                } else if let Some(unmet @ Unmet::Condition(_)) = &unmet {
                    // it may yet hold by then
                    let (step, why) = (named(playbook, &planned.id, lang), unmet_words(unmet, lang));
                    look.notes.push(ViewWords::NotAsItStands.fill(lang, &[("step", &step), ("why", &why)]));
                }
                look.notes.extend(turn_words(step, lang));
                if !look.never {
                    look.asks = self.asks_before(&course, &planned, group, now);
                }
                look.next = Some(planned);
                return Ok(look);
            }
            if look.notes.len() < PASSED_NAMED {
                let step = named(playbook, &planned.id, lang);
                let note = match (ruled_out, silent) {
                    (Some(key), _) => {
                        ViewWords::PassedByAnswer.fill(lang, &[("step", &step), ("key", &clean(key))])
                    }
                    (None, Some(rules)) => {
                        let never = ViewWords::QuietNever.fill(lang, &[("rules", &rules)]);
                        format!("{step}: {never}")
                    }
                    (None, None) => ViewWords::PassedByDayOff.fill(lang, &[("step", &step)]),
                };
                // a round like the one before says nothing more
                if !look.notes.contains(&note) {
                    look.notes.push(note);
                }
            }
            progress = course.pass(&progress, &planned);
            look.passed = true;
        }
        Ok(look)
    }

    /// The quiet hours that leave no time for a step, whenever it is looked for; none where it can be offered some time.
    #[expect(clippy::too_many_arguments, reason = "one step of one enrolment, spelled out")]
    fn never_offered(
        &self,
        enrolment: &Enrolment,
        playbook: &Playbook,
        step: &Step,
        planned: &Planned,
        zone: Tz,
        now: Timestamp,
        lang: Lang,
    ) -> Result<Option<String>, DeskError> {
        if step.via == Via::Internal || respect(playbook.class_of(step)) != Respect::Always {
            return Ok(None);
        }
        let columns = &self.store.columns;
        let hours = self.quiet_of(&self.protected(enrolment, step), zone, now)?;
        let calendar = &*columns.holidays;
        let quiet: Vec<Quiet<'_>> =
            hours.iter().map(|(_, zone, hours)| Quiet { zone: *zone, hours, calendar }).collect();
        if !never_opens(planned.due_at.max(now), &quiet) {
            return Ok(None);
        }
        let named = hours.iter().filter(|(_, _, hours)| !hours.is_empty()).map(|(of, _, hours)| {
            let whose = match of {
                HoursOf::Rule(place) => columns.rules.quiet.get(*place).map_or_else(String::new, |rule| {
                    format!("{} {}", rule.scope.of.label(lang), clean(&rule.scope.name))
                }),
                HoursOf::Target(target) => self.display_name(*target),
            };
            format!("{} {}", whose.trim(), quiet_text(hours))
        });
        Ok(Some(named.collect::<Vec<_>>().join(" + ")))
    }

    /// Questions of a run that nobody has answered and whose forms open between now and a step of it.
    fn asks_before(
        &self,
        course: &Course<'_>,
        planned: &Planned,
        group: Option<GroupId>,
        now: Timestamp,
    ) -> Vec<(Timestamp, String)> {
        let playbook = course.playbook;
        let mut asks: Vec<(Timestamp, String)> = playbook
            .asks
            .iter()
            .filter(|ask| self.answer(&playbook.id, planned.run, group, &ask.key).is_none())
            .map(|ask| (self.ask_opens(ask, course, planned).0, clean(&ask.key)))
            .filter(|(opens, _)| (now..=planned.due_at).contains(opens))
            .collect();
        asks.sort();
        asks
    }

    /// When the campaign that an enrolment is of is over, and that in words; none for what is of none.
    pub(super) fn campaign_end(&self, enrolment: &Enrolment, lang: Lang) -> Option<(Timestamp, String)> {
        let campaign = self.campaign_of(enrolment)?;
        let ends = campaign.over_at();
        let at = ends.local(self.store.columns.store.zone).format("%m-%d %H:%M");
        let words = ViewWords::CampaignEnds.fill(lang, &[("title", &clean(&campaign.title)), ("at", &at)]);
        Some((ends, words))
    }

    /// When a member is expected to run out of what a playbook waits for, and what says so; none for other playbooks.
    pub(super) fn runs_out_words(
        &self,
        playbook: &Playbook,
        member: MemberId,
        lang: Lang,
    ) -> Result<Option<String>, DeskError> {
        if !matches!(playbook.start, Start::Runout { .. }) {
            return Ok(None);
        }
        let Some(RunOut { day, basis, .. }) = self.expected_run_out(playbook, member)? else {
            return Ok(Some(ViewWords::RunsOutUnknown.text(lang).to_owned()));
        };
        Ok(Some(match basis {
            Basis::Pace { days, purchases } => {
                ViewWords::RunsOutByPace.fill(lang, &[("day", &day), ("n", &purchases), ("days", &days)])
            }
            Basis::Use { days } => ViewWords::RunsOutByUse.fill(lang, &[("day", &day), ("days", &days)]),
        }))
    }
}

pub(super) fn wait_words(wait: &WaitReason, lang: Lang) -> String {
    match wait {
        WaitReason::QuietHours => ViewWords::Quiet.text(lang).to_owned(),
        WaitReason::Cap { words } => {
            let words = clean(&held_words(words, lang));
            if caps_in(wait).is_none() { words } else { ViewWords::Cap.fill(lang, &[("words", &words)]) }
        }
        WaitReason::Paused => ViewWords::Paused.text(lang).to_owned(),
        WaitReason::Clock => ViewWords::Clock.text(lang).to_owned(),
        WaitReason::Calendar => ViewWords::Calendar.text(lang).to_owned(),
        WaitReason::Intake => ViewWords::Intake.text(lang).to_owned(),
        WaitReason::DayOff => ViewWords::DayOff.text(lang).to_owned(),
    }
}

/// That the exceptions of rules that rows of a plan for nobody in particular wait for are not known to let off anybody.
pub(crate) fn exceptions_said(
    rules: &Rules,
    playbook: &Playbook,
    rows: &[PlanRow],
    lang: Lang,
) -> Option<String> {
    let found = exceptions(rules, playbook, rows);
    let filters = crate::text::clean::for_display(&found.join(", ")).into_owned();
    (!found.is_empty()).then(|| ViewWords::ExceptUnknown.fill(lang, &[("filters", &filters)]))
}

/// That something is over before what holds it lets it be said.
fn unsaid_words(why: WaitReason, lang: Lang) -> String {
    moved_reason(&Moved::Expired(EndReason::Held { why }), lang)
}

/// Why a row of a plan is not due when the playbook says.
pub(crate) fn moved_reason(moved: &Moved, lang: Lang) -> String {
    match moved {
        Moved::Overdue => ViewWords::Overdue.text(lang).to_owned(),
        Moved::Shifted(days) => ViewWords::Shifted.fill(lang, &[("days", days)]),
        Moved::Stays(wait) => wait_words(wait, lang),
        Moved::Never => ViewWords::QuietAlways.text(lang).to_owned(),
        Moved::Anchor => ViewWords::Anchor.text(lang).to_owned(),
        Moved::Wait(wait) => wait_words(wait, lang),
        Moved::Expired(EndReason::TooLate | EndReason::SpanOver) => {
            ViewWords::WouldExpire.text(lang).to_owned()
        }
        Moved::Expired(EndReason::Held { why }) => {
            format!("{} ({})", ViewWords::WouldExpire.text(lang), wait_words(why, lang))
        }
        Moved::Expired(end) => super::reasons::reason(end, lang),
        Moved::Unmet(unmet) => unmet_words(unmet, lang),
        Moved::Stopped(rule) => {
            ViewWords::WillStop.fill(lang, &[("rule", &clean(&activity_words(rule, lang)))])
        }
        Moved::Over(words) => words.clone(),
        Moved::Barred(bar) => bar_words(bar, lang),
    }
}

/// That a line is lost with the one of its talk that cannot be said, and what helps.
pub(super) fn lost_words(playbook: &Playbook, with: &str, lang: Lang) -> String {
    ViewWords::LostWithTurn.fill(lang, &[("step", &named(playbook, with, lang))])
}

/// That a step is said to a few at a time, and when it is somebody's turn is not known; none for other steps.
pub(super) fn turn_words(step: &Step, lang: Lang) -> Option<String> {
    let pick = step.pick.as_ref().filter(|_| step.who.is_none())?;
    Some(ViewWords::ByTurns.fill(lang, &[("n", &pick.n)]))
}

/// What of a step's audience or condition does not hold.
pub(super) fn unmet_words(unmet: &Unmet, lang: Lang) -> String {
    match unmet {
        Unmet::Audience(filter) => ViewWords::UnmetAudience.fill(lang, &[("audience", &clean(filter))]),
        Unmet::Answer(key) => ViewWords::UnmetAnswer.fill(lang, &[("key", &clean(key))]),
        Unmet::Condition(filter) => ViewWords::UnmetIf.fill(lang, &[("filter", &clean(filter))]),
    }
}

/// Why somebody does not come into a playbook.
pub(super) fn bar_words(bar: &Bar, lang: Lang) -> String {
    match bar {
        Bar::Audience(filter) => ViewWords::BarAudience.fill(lang, &[("audience", &clean(filter))]),
        Bar::Unwanted => ViewWords::BarUnwanted.text(lang).to_owned(),
        Bar::Rests(day) => ViewWords::BarRests.fill(lang, &[("day", day)]),
    }
}

/// A step as sentences name it: by its place; by its id where the playbook has it no more.
pub(super) fn named(playbook: &Playbook, step: &str, lang: Lang) -> String {
    playbook.step_by_id(step).map_or_else(|| clean(step), |(at, _)| step_words(at + 1, lang))
}
