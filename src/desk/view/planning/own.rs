//! What would bring somebody into a playbook that they are not in: what happened to them or is expected to, as the desk
//! looks for it, and what is still missing.

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::Planner;
use crate::book::{Activity, ActivityKind, Birthday, MemberId, Stage, Target, Timestamp};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::desk::enrolling::Entry;
use crate::desk::tick::silence::Quiet as Silence;
use crate::desk::view::coming::bar_words;
use crate::desk::view::task_line::clean;
use crate::desk::view::words::ViewWords;
use crate::door::{Refusal, RefusalKind};
use crate::sop::calendar::{day_start, local_day, plus_days};
use crate::sop::format::{Playbook, Start};
use crate::store::keys;
use crate::text::lang::Lang;
use crate::text::shell::quoted;

/// What brings somebody into a playbook that they are not in.
pub(super) enum Entrance {
    /// The calendar, or a human.
    Calendar,
    /// Something of their own that is looked at again each day: they would enter with it at an instant, and what is to
    /// be said of it.
    Own { entry: Box<Entry>, at: Timestamp, said: Option<String> },
    /// Nothing does as things stand, and why.
    Nothing(Refusal),
}

/// What a playbook is asked about somebody who is not in it.
struct Asker<'a> {
    desk: &'a Desk,
    playbook: &'a Playbook,
    activated_at: Timestamp,
    zone: Tz,
    lang: Lang,
    name: String,
}

impl Asker<'_> {
    fn say(&self, words: ViewWords, also: &[(&str, &dyn std::fmt::Display)]) -> String {
        let mut values: Vec<(&str, &dyn std::fmt::Display)> = vec![("name", &self.name)];
        values.extend(also);
        words.fill(self.lang, &values)
    }

    /// It has not happened yet.
    fn missing(&self, words: ViewWords, also: &[(&str, &dyn std::fmt::Display)]) -> Entrance {
        let tail = ViewWords::CountsFromThen.text(self.lang);
        Entrance::Nothing(refusal(&format!("{}; {tail}", self.say(words, also)), self.lang))
    }

    /// It happened, and they did not enter: what is told once is not looked at again.
    fn past(
        &self,
        words: ViewWords,
        at: Option<Timestamp>,
        also: &[(&str, &dyn std::fmt::Display)],
    ) -> Entrance {
        let day = at.map(|at| day_or_time(at, self.activated_at, self.zone)).unwrap_or_default();
        let mut also = also.to_vec();
        also.push(("day", &day));
        let why = match at {
            Some(at) if at < self.activated_at => {
                before_activation(self.activated_at, at, self.zone, self.lang)
            }
            _ => ViewWords::DidNotEnter.text(self.lang).to_owned(),
        };
        Entrance::Nothing(refusal(&format!("{}; {why}", self.say(words, &also)), self.lang))
    }
}

/// A day; the time as well where it is told beside another of the same day.
fn day_or_time(at: Timestamp, beside: Timestamp, zone: Tz) -> String {
    let format = if at.day(zone) == beside.day(zone) { "%Y-%m-%d %H:%M" } else { "%Y-%m-%d" };
    at.local(zone).format(format).to_string()
}

fn before_activation(activated_at: Timestamp, at: Timestamp, zone: Tz, lang: Lang) -> String {
    let day = day_or_time(activated_at, at, zone);
    ViewWords::BeforeActivation.fill(lang, &[("day", &day)])
}

fn refusal(words: &str, lang: Lang) -> Refusal {
    Refusal::new(RefusalKind::NotFound, words).hint(ViewWords::DatesAnyway.text(lang))
}

impl Desk {
    /// What would bring a target into a playbook that it is not in.
    pub(super) fn entrance(
        &self,
        playbook: &Playbook,
        target: Target,
        activated_at: Timestamp,
        zone: Tz,
        now: Timestamp,
        lang: Lang,
    ) -> Result<Entrance, DeskError> {
        let name = self.display_name(target);
        let asker = Asker { desk: self, playbook, activated_at, zone, lang, name };
        match target {
            Target::Member(member) => asker.of_member(member, now),
            Target::Group(group) if playbook.start == Start::GroupCreated => {
                let made_at = self.store.columns.groups.by_id(group).map(|group| group.body.created_at);
                Ok(asker.past(ViewWords::PastCreated, made_at, &[]))
            }
            _ => asker.after(target).map(|found| found.unwrap_or(Entrance::Calendar)),
        }
    }

    /// Says that there are no dates for who is planned for, and why.
    pub(super) fn no_dates(&self, planner: &Planner<'_>, words: &str) -> Result<DeskError, DeskError> {
        self.and_barred(planner, refusal(words, planner.lang))
    }

    /// Says as well what else keeps them out.
    pub(super) fn and_barred(&self, planner: &Planner<'_>, refusal: Refusal) -> Result<DeskError, DeskError> {
        let barred = match planner.ask.target {
            Some(target) => self.barred(&planner.playbook, target, planner.now)?,
            None => None,
        };
        let also = barred.map(|bar| format!("; {}", bar_words(&bar, planner.lang))).unwrap_or_default();
        Ok(Refusal { words: format!("{}{also}", refusal.words), ..refusal }.into())
    }

    /// Why somebody does not enter with what is theirs: it was before a playbook was applied, or its first window is over.
    pub(super) fn too_old(
        &self,
        playbook: &Playbook,
        entry: &Entry,
        activated_at: Timestamp,
        zone: Tz,
        lang: Lang,
    ) -> String {
        let (name, day) = (self.display_name(entry.target), day_or_time(entry.at, activated_at, zone));
        let values: [(&str, &dyn std::fmt::Display); 2] = [("name", &name), ("day", &day)];
        let what = match playbook.start {
            Start::Runout { .. } => ViewWords::PastRunOut,
            Start::CheckinMissed { .. } => ViewWords::PastMissed,
            _ => ViewWords::PastSilent,
        };
        let why = if entry.at < activated_at {
            before_activation(activated_at, entry.at, zone, lang)
        } else {
            ViewWords::WindowOver.text(lang).to_owned()
        };
        format!("{}; {why}", what.fill(lang, &values))
    }

    /// Since when the book knows a target.
    pub(in crate::desk) fn known_at(&self, target: Target) -> Option<Timestamp> {
        let columns = &self.store.columns;
        match target {
            Target::Member(id) => columns.members.by_id(id).map(|member| member.created_at),
            Target::Group(id) => columns.groups.by_id(id).map(|group| group.body.created_at),
            Target::Account(id) => columns.accounts.by_id(id).map(|account| account.body.created_at),
        }
    }

    pub(super) fn own_birthday(
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
        refusal(&ViewWords::NothingToCount.fill(lang, &[("name", &name)]), lang).into()
    }
}

impl Asker<'_> {
    fn of_member(&self, member: MemberId, now: Timestamp) -> Result<Entrance, DeskError> {
        let columns = &self.desk.store.columns;
        let Some(column) = columns.members.by_id(member) else { return Ok(Entrance::Calendar) };
        let last = |kind: ActivityKind| {
            let told: Vec<Activity> =
                self.desk.store.bodies.list(&keys::activities(Target::Member(member)), usize::MAX)?;
            let times = told.iter().filter(|one| one.kind == kind).map(|one| one.at.ms);
            Ok::<_, DeskError>((times.clone().min(), times.max()))
        };
        let either = |at: Option<Timestamp>, missing: ViewWords, past: ViewWords| match at {
            Some(at) => self.past(past, Some(at), &[]),
            None => self.missing(missing, &[]),
        };
        Ok(match &self.playbook.start {
            Start::Added => {
                either(last(ActivityKind::Added)?.1, ViewWords::NotYetAdded, ViewWords::PastAdded)
            }
            Start::Joined => {
                either(last(ActivityKind::Joined)?.1, ViewWords::NotYetJoined, ViewWords::PastJoined)
            }
            Start::Tag { tag } => {
                let has = columns.words.find(tag).is_some_and(|tag| column.tags().any(|of| of == tag));
                let shown = clean(tag);
                if has {
                    self.past(ViewWords::PastTagged, None, &[("tag", &shown)])
                } else {
                    self.missing(ViewWords::NotYetTagged, &[("tag", &shown)])
                }
            }
            Start::Stage { stage } => {
                let shown = Stage::label(*stage, self.lang);
                if column.stage == Some(*stage) {
                    self.past(ViewWords::PastInStage, None, &[("stage", &shown)])
                } else {
                    self.missing(ViewWords::NotYetInStage, &[("stage", &shown)])
                }
            }
            Start::FirstPurchase => {
                either(last(ActivityKind::Bought)?.0, ViewWords::NotYetBought, ViewWords::PastFirstBought)
            }
            Start::LastPurchase => {
                either(column.last_order_at, ViewWords::NotYetBought, ViewWords::PastBought)
            }
            Start::LastReply => {
                either(column.last_reply_at, ViewWords::NotYetReplied, ViewWords::PastReplied)
            }
            Start::LastTouch => {
                either(column.last_touch_at, ViewWords::NotYetTouched, ViewWords::PastTouched)
            }
            Start::CheckinStreak { k } => {
                let n = self.desk.streak_of(self.playbook, member, now);
                if n < *k {
                    self.missing(ViewWords::NotYetStreak, &[("n", &n), ("k", k)])
                } else {
                    self.past(ViewWords::PastStreak, None, &[("k", k)])
                }
            }
            Start::Silence { .. } | Start::CheckinMissed { .. } => self.silence(member, now)?,
            Start::Runout { product, offset } => self.run_out(member, product, *offset, now)?,
            _ => self.after(Target::Member(member))?.unwrap_or(Entrance::Calendar),
        })
    }

    /// The end of another playbook; none for playbooks that wait for none.
    fn after(&self, target: Target) -> Result<Option<Entrance>, DeskError> {
        let Start::After { playbook: before } = &self.playbook.start else { return Ok(None) };
        let title = self.desk.title(before);
        let mut finished_at = None;
        for id in self.desk.store.enrolments_of(target)? {
            let Some(one) = self.desk.store.enrolment(id)? else { continue };
            if one.playbook == *before && one.status.state == crate::book::EnrolmentState::Finished {
                finished_at = finished_at.max(one.status.ended_at);
            }
        }
        Ok(Some(match finished_at {
            Some(at) => self.past(ViewWords::PastFinished, Some(at), &[("title", &title)]),
            None => self.missing(ViewWords::NotYetFinished, &[("title", &title)]),
        }))
    }

    /// The day a silence is long enough, as the desk looks for it each day.
    fn silence(&self, member: MemberId, now: Timestamp) -> Result<Entrance, DeskError> {
        let columns = &self.desk.store.columns;
        let playbook = self.playbook;
        let Some((quiet, days)) = Silence::of(&playbook.start) else { return Ok(Entrance::Calendar) };
        let last = columns.members.by_id(member).and_then(|column| quiet.last(&column));
        let Some(last) = last else {
            let missing =
                if quiet == Silence::CheckIn { ViewWords::NotYetCheckedIn } else { ViewWords::NotYetHeard };
            return Ok(self.missing(missing, &[]));
        };
        let zone = playbook.tz.unwrap_or(columns.store.zone);
        let day = quiet.day(last, zone, playbook.day_ends);
        let day = plus_days(day, i32::try_from(days).unwrap_or(i32::MAX));
        let begins = day_start(day, zone, playbook.day_ends);
        // reached on the day of activation counts from the activation on
        let is_new = day >= self.activated_at.day(zone);
        let at = if is_new { begins.max(self.activated_at) } else { begins };
        let key = self.desk.silence_key(member, quiet)?;
        Ok(self.own(member, None, key, at, at.max(now)))
    }

    /// The day that what they bought is used up; they come in as soon as that is expected.
    fn run_out(
        &self,
        member: MemberId,
        product: &str,
        offset: i32,
        now: Timestamp,
    ) -> Result<Entrance, DeskError> {
        let desk = self.desk;
        let Some(expected) = desk.expected_run_out(self.playbook, member)? else {
            return Ok(Entrance::Nothing(self.no_run_out(member, product)?));
        };
        let day: NaiveDate = plus_days(expected.day, offset);
        let (target, group) = (Target::Member(member), desk.only_group(member));
        let zone = desk.zone_for(self.playbook, target, group, None);
        let begins = day_start(day, zone, self.playbook.day_ends);
        // what runs out on the day of activation counts from the activation on
        let is_first = local_day(self.activated_at, zone, self.playbook.day_ends) == day;
        let at = if is_first { begins.max(self.activated_at) } else { begins };
        let said = desk.runs_out_words(self.playbook, member, self.lang)?;
        let found = self.own(member, group, format!("runout:{}", expected.of), at, now);
        Ok(match found {
            Entrance::Own { entry, at, .. } => Entrance::Own { entry, at, said },
            other => other,
        })
    }

    /// Nothing says when somebody runs out: what would.
    fn no_run_out(&self, member: MemberId, product: &str) -> Result<Refusal, DeskError> {
        let shown = clean(product);
        let (words, command) = if self.desk.has_bought(product, member)? {
            let known = self.desk.product_called(product, None).is_some();
            let verb = if known { "set" } else { "add" };
            (ViewWords::RunsOutNoDays, format!("qun product {verb} {} --days 30", quoted(&shown)))
        } else {
            let what = format!(
                "qun tell {} {} {}",
                quoted(&self.name),
                ActivityKind::Bought.label(self.lang),
                quoted(&shown)
            );
            (ViewWords::RunsOutNeverBought, what)
        };
        let words = self.say(words, &[("product", &shown)]);
        let hint = format!("{command}; {}", ViewWords::DatesAnyway.text(self.lang));
        Ok(Refusal::new(RefusalKind::NotFound, words).hint(hint))
    }

    fn own(
        &self,
        member: MemberId,
        group: Option<crate::book::GroupId>,
        key: String,
        at: Timestamp,
        judged_at: Timestamp,
    ) -> Entrance {
        let playbook = self.playbook.id.clone();
        let target = Target::Member(member);
        let entry = Entry { playbook, target, group, account: None, key, at, by_hand: false, again: false };
        Entrance::Own { entry: Box::new(entry), at: judged_at, said: None }
    }
}
