//! A one-off: one text to whatever a filter matches, at one time.
//!
//! It is made as a playbook of one step that everybody enters by hand, so that it fires, waits for caps and quiet hours,
//! renders, is corrected and counted like everything else, and is withdrawn whole by taking that playbook away. A dry
//! run asks of each whom it would reach what would keep it back then: caps as they are counted for that day, quiet
//! hours, other messages of that day, a text that cannot be filled. Caps count what was sent, what stands in the queue,
//! and what playbooks bring until then ([`ahead`]).
//!
//! One file because the look before and the making go by the same questions.

mod ahead;
mod looked;

use std::fmt::Write as _;
use std::sync::Arc;

use super::super::Desk;
use super::super::act::{Act, DeskError};
use super::super::tick::limits::Whom;
use super::super::view::includes::Kept;
use super::super::view::wordings::without_variables;
use super::super::words::compose::ComposeWords as Words;
use super::book::typed::LONG_MAX;
use super::campaign_texts::{Part, answered};
use crate::book::time::MINUTE;
use crate::book::{
    AccountId, Anchor, Cap, CapScope, Class, Enrolment, EnrolmentId, EnrolmentState, EnrolmentStatus,
    GroupId, PlaybookId, Target, Timestamp, Via, WaitReason, id::Id,
};
use crate::door::compose::{Compose, ComposeReport, Finding, is_one_off};
use crate::door::form::Kind;
use crate::door::reply::Outcome;
use crate::door::{Refusal, RefusalKind};
use crate::queue::caps::{Allowance, applies, held_words};
use crate::sop::Step;
use crate::sop::calendar::local_day;
use crate::sop::format::{Playbook, Problem, TargetKind};
use crate::sop::include::expand;
use crate::sop::judge::Verdict;
use crate::sop::schedule::{Course, beginning};
use crate::sop::template;
use crate::store::Body;
use crate::store::columns::TaskSort;
use crate::store::record::PlaybookState;
use crate::text::clean::{for_clipboard, for_display};
use crate::text::lang::Lang;
use ahead::{Ahead, Besides, Planned, Reached};

pub(in crate::desk) use looked::Composing;

/// The longest title that is taken from a text, in characters.
const TITLE: usize = 16;

/// The step of a one-off.
const STEP: &str = "say";

/// What somebody is told, when, and by which account.
pub(in crate::desk) struct Said {
    pub at: Timestamp,
    /// When it is over.
    pub until: Option<Timestamp>,
    pub whom: Whom,
    /// Whose quiet hours are to be kept: the group's as well.
    pub protected: Whom,
    pub via: Via,
    pub class: Class,
    pub priority: i32,
}

/// What a one-off is before anybody is looked for.
pub(in crate::desk) struct Drafted {
    pub playbook: Arc<Playbook>,
    pub filter: String,
    pub composing: Composing,
    pub(super) toml: String,
}

impl Desk {
    /// Reads a one-off: whom it is for and the playbook it becomes. One that is part of something else brings its id and
    /// what is answered for it; its time may have come before it was made.
    pub(in crate::desk) fn drafted(
        &self,
        act: &Act,
        compose: &Compose,
        part: Option<Part<'_>>,
    ) -> Result<Drafted, DeskError> {
        let lang = act.lang;
        let invalid = |words: String| -> DeskError { Refusal::new(RefusalKind::Invalid, words).into() };
        let kind = match compose.to {
            Kind::Member => TargetKind::Member,
            Kind::Group => TargetKind::Group,
            _ => return Err(invalid(Words::NotFor.text(lang).to_owned())),
        };
        if compose.filter.trim().is_empty() {
            return Err(invalid(Words::NoFilter.text(lang).to_owned()));
        }
        // Views may change before the last slice: whom they mean is decided now.
        let filter = self.list_filter(compose.to, &compose.filter, lang)?.to_text();
        let filter = if filter.is_empty() { " ".to_owned() } else { filter };
        let text = for_clipboard(compose.text.trim()).into_owned();
        if text.is_empty() {
            return Err(invalid(Words::NoText.text(lang).to_owned()));
        }
        if text.chars().count() > LONG_MAX {
            return Err(invalid(Words::TextTooLong.fill(lang, &[("n", &LONG_MAX)])));
        }
        let whole = expand(&text, &Kept(&self.store.columns));
        if let Err(mistake) = whole.and_then(|whole| template::check(&whole)) {
            let why = template::words_of(&mistake, lang);
            return Err(invalid(Words::Wrong.fill(lang, &[("why", &why)])));
        }
        let zone = self.store.columns.store.zone;
        if part.is_none() && act.at.since(compose.at) > MINUTE {
            let at = compose.at.local(zone).format("%Y-%m-%d %H:%M").to_string();
            return Err(invalid(Words::Past.fill(lang, &[("at", &at)])));
        }
        let at = if part.is_some() { compose.at } else { compose.at.max(act.at) };
        let minutes = compose.until.map(|until| until.since(at) / MINUTE);
        if minutes.is_some_and(|minutes| minutes < 1) {
            return Err(invalid(Words::EndsBefore.text(lang).to_owned()));
        }
        let account = match compose.account.as_deref().map(str::trim).filter(|name| !name.is_empty()) {
            Some(name) => {
                let id = self.find_account(name, lang)?;
                self.store.columns.accounts.by_id(id).map(|account| account.body.name.clone())
            }
            None => None,
        };
        // a card cannot fill in what the title asks for
        let (alone, answers) = (part.is_none(), part.as_ref().map(|part| part.answers).unwrap_or_default());
        let plain = without_variables(answered(&text, answers).lines().next().unwrap_or_default());
        let first = plain.trim().trim_start_matches(['，', ',', '、', '！', '!', '：', ':', '～', '~']);
        let first = if first.trim().is_empty() { STEP } else { first };
        let title = if compose.title.trim().is_empty() { first } else { compose.title.trim() };
        let title = for_display(title).split_whitespace().collect::<Vec<_>>().join(" ");
        let title = if compose.title.trim().is_empty() && title.chars().count() > TITLE {
            title.chars().take(TITLE).chain("..".chars()).collect()
        } else {
            title
        };
        let answers = answers.to_vec();
        let id = part.map_or_else(|| self.id_of_one_off(act, compose.at), |part| part.id);
        let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
        let mut toml = String::new();
        let via = if kind == TargetKind::Member { Via::Private } else { Via::Group };
        // Writing into a String cannot fail.
        let _ = writeln!(
            toml,
            "id = \"{id}\"\ntitle = {}\nfor = \"{}\"\nclass = \"{}\"\nstart = {{ on = \"by-hand\" }}\n\n\
             [[step]]\nid = \"{STEP}\"\nat = \"D0 +0m\"\nvia = \"{via}\"",
            quoted(&title),
            compose.to.word(),
            compose.class.word(),
        );
        if let Some(minutes) = minutes {
            let _ = writeln!(toml, "until = \"+{minutes}m\"");
        }
        if let Some(account) = account {
            let _ = writeln!(toml, "as = {}", quoted(&account));
        }
        let _ = writeln!(toml, "text = {}", quoted(&text));
        let (playbook, mut warnings) = self.read_one_off(&toml, &answers, lang)?;
        let is_capped = |cap: &Cap| {
            cap.scope.of == CapScope::Member && kind == TargetKind::Member && applies(cap, compose.class)
        };
        if minutes.is_none() && alone && self.store.columns.rules.caps.iter().any(is_capped) {
            warnings.push(Words::NoEndHolds.text(lang).to_owned());
        }
        let playbook = Arc::new(playbook);
        let report = ComposeReport { title, ..ComposeReport::default() };
        let composing = Composing::new(Arc::clone(&playbook), at, text, answers, report, warnings);
        Ok(Drafted { playbook, filter, composing, toml })
    }

    /// Keeps the playbook of a one-off; whoever it is for enters in slices of the same act.
    pub(super) fn begin_one_off(&mut self, act: &Act, drafted: &mut Drafted) -> Result<(), DeskError> {
        let id = drafted.playbook.id.clone();
        drafted.composing.report.id = Some(id.clone());
        if self.store.columns.playbooks.contains_key(&id) {
            // whoever is in it does not enter twice
            return Ok(());
        }
        let toml = std::mem::take(&mut drafted.toml);
        let applied = Body::PlaybookApplied { playbook: id, version: 1, toml, before: 0, was: None };
        self.perform(act, vec![applied])
    }

    /// The id of a one-off: its minute, and the end of the command's id. So a command that is repeated after a crash
    /// finds what it had begun, and nobody gets a second one.
    fn id_of_one_off(&self, act: &Act, at: Timestamp) -> PlaybookId {
        let minute = at.local(self.store.columns.store.zone).format("compose-%Y%m%d-%H%M");
        let end = act.command_id.map(crate::book::CommandId::short).unwrap_or_default();
        PlaybookId(format!("{minute}-{end}"))
    }

    /// The playbook of a one-off. Nobody wrote the file that it is made from: what is wrong is told of the text, without
    /// a place in the file. What is answered for it beside needs no form.
    fn read_one_off(
        &self,
        toml: &str,
        answers: &[(String, String)],
        lang: Lang,
    ) -> Result<(Playbook, Vec<String>), DeskError> {
        let field = format!("step.{STEP}.text");
        let checked = self.checked_playbook(toml, "");
        let told = |problem: &Problem| problem.words(lang).replace(&field, Words::Text.text(lang));
        let answered = |problem: &&Problem| answers.iter().any(|(key, _)| problem.is_of_variable(key));
        let problems = checked.problems.iter().filter(|problem| !answered(problem));
        let said: Vec<String> = problems.map(told).collect();
        let Some(playbook) = checked.playbook else {
            let first = said.into_iter().next().unwrap_or_default();
            return Err(Refusal::new(RefusalKind::Invalid, first).into());
        };
        Ok((playbook, said))
    }

    /// Looks at one whom a one-off would reach: what would keep it back. What they are told, where it reaches them.
    pub(in crate::desk) fn preview_one(
        &mut self,
        act: &Act,
        composing: &mut Composing,
        target: Target,
    ) -> Result<Option<Said>, DeskError> {
        composing.report.matched += 1;
        let playbook = Arc::clone(&composing.playbook);
        let at = composing.at;
        let Some(step) = playbook.step(0) else { return Ok(None) };
        let name = self.display_name(target);
        if let Some(group) = self.closed_group(target) {
            let state = self.group_state(group, act.at, act.lang);
            composing.note(Finding::Closed, format!("{name}: {state}"));
            return Ok(None);
        }
        if self.is_marketing_off(playbook.class, target) {
            composing.note(Finding::Undisturbed, name);
            return Ok(None);
        }
        if self.rests_until(&playbook, target, at, true)?.is_some() {
            composing.note(Finding::Resting, name);
            return Ok(None);
        }
        let group = match target {
            Target::Member(member) => self.only_group(member),
            _ => None,
        };
        let enrolment = self.as_if_entered(act.at, &playbook, target, group, at);
        let zone = self.zone_for(&playbook, target, group, None);
        let anchor = enrolment.status.anchor.clone();
        let progress = enrolment.status.progress.clone();
        let Some(account) = self.reached_by(&enrolment, step, target) else {
            composing.note(Finding::NoAccount, name);
            return Ok(None);
        };
        let account = Some(account);
        composing.report.gets += 1;
        let said_by = account.map(|id| self.display_name(Target::Account(id))).unwrap_or_default();
        *composing.accounts.entry(said_by.clone()).or_default() += 1;
        let holidays = self.store.columns.holidays.clone();
        let course = Course { playbook: &playbook, anchor: &anchor, zone, holidays: &holidays };
        let Some(planned) = course.next(&progress) else { return Ok(None) };
        let short = |at: Timestamp| at.local(zone).format("%m-%d %H:%M").to_string();
        // over before it could be said: whatever else would keep it back is no matter then
        let is_over = |from: Timestamp| planned.until.is_some_and(|until| until <= from);
        let late = |from: Timestamp, why: Finding| {
            let values: [(&str, &dyn std::fmt::Display); 3] =
                [("name", &name), ("at", &short(from)), ("why", &why.label(act.lang))];
            Words::LateFor.fill(act.lang, &values)
        };
        let paused = self.store.columns.pause_of(target, at);
        let held = self.account_hold(&enrolment, step, at).is_some();
        let offered_at = self.offered_at(&enrolment, &playbook, step, &planned, at)?;
        let kept_until = [
            (Finding::Paused, paused.and_then(|pause| pause.until)),
            (Finding::Held, account.filter(|_| held).and_then(|id| self.limited_until(id))),
            (Finding::Quiet, Some(offered_at)),
        ];
        if let Some((why, from)) =
            kept_until.into_iter().find_map(|(why, from)| Some((why, from.filter(|from| is_over(*from))?)))
        {
            composing.note_unsaid(&said_by, Finding::Late, late(from, why));
            return Ok(None);
        }
        if paused.is_some() {
            composing.note(Finding::Paused, name.clone());
        }
        if held {
            composing.note(Finding::Held, format!("{name}: {said_by}"));
        }
        if offered_at > planned.due_at {
            let to = Words::Until.fill(act.lang, &[("at", &short(offered_at))]);
            composing.note(Finding::Quiet, format!("{name} {to}"));
        }
        let whom = self.touched(&enrolment, step);
        let class = playbook.class_of(step);
        let said_at = at.max(offered_at);
        let mut ahead =
            composing.ahead.take().unwrap_or_else(|| Ahead::until(self, &composing.besides, act.at, at));
        let mut planned_for = self.planned_for(&ahead, target, act.at, said_at, zone)?;
        planned_for.extend(composing.besides.to(&self.store.columns, target, said_at, zone));
        let reached = Reached {
            account: account.and_then(|id| self.store.columns.accounts.row(id)),
            at: said_at,
            planned: planned_for,
        };
        let allowance = self.allow_touch_beside(&whom, class, zone, said_at, |cap, window| {
            ahead.count(cap, &reached, window)
        })?;
        let free_at = match allowance {
            // there is room in quiet hours perhaps: it is said after both
            Allowance::Full { next_at, .. } => {
                let again = crate::sop::schedule::Planned { due_at: next_at, ..planned.clone() };
                self.offered_at(&enrolment, &playbook, step, &again, at)?
            }
            Allowance::Open => said_at,
        };
        if !is_over(free_at) {
            ahead.said(&reached);
        }
        composing.ahead = Some(ahead);
        if is_over(free_at) {
            composing.note_unsaid(&said_by, Finding::Late, late(free_at, Finding::Capped));
            return Ok(None);
        }
        let mut unsent = None;
        if let Allowance::Full { next_at, .. } = allowance {
            unsent = self.unsent_before(target, class, next_at);
            if let Some(title) = &unsent {
                composing.note_unsent(title, &name);
            } else {
                let to = Words::Until.fill(act.lang, &[("at", &short(free_at))]);
                composing.note(Finding::Capped, format!("{name} {to}"));
            }
        }
        if allowance == Allowance::Open
            && let Some(Verdict::Hold { why: Some(WaitReason::Cap { words }), .. }) =
                self.gives_way(&whom, enrolment.id, &playbook, step, zone, said_at, planned.until)?
        {
            // it is asked again minute by minute until those are said
            let why = held_words(&words, act.lang);
            composing.note(Finding::Capped, format!("{name} {why}"));
        }
        let mut clashes = self.clashes(target, &reached.planned, &composing.besides, said_at, zone);
        clashes.retain(|title| unsent.as_ref() != Some(title));
        if !clashes.is_empty() {
            composing.note(Finding::Clash, format!("{name}: {}", clashes.join(" / ")));
        }
        let key = self.key(&playbook, step, &planned, target);
        let mut task = self.blank(act, &enrolment, &playbook, step, &planned, key, group);
        task.status.account = account;
        match self.previewed(&task, &playbook, &composing.text, &composing.answers, act.lang)? {
            Ok(text) => {
                if let Some(told_at) = self.told_last(target, &text, act.at)? {
                    composing.note(Finding::Told, format!("{name} {}", short(told_at)));
                } else if self.is_to_be_told(target, &reached.planned, &composing.text) {
                    composing.note(Finding::Told, name.clone());
                }
                if composing.report.text.is_empty() {
                    composing.report.text = text;
                }
            }
            Err(why) => {
                // a text that cannot be filled reaches nobody
                composing.note_unsaid(&said_by, Finding::Blocked, format!("{name}: {why}"));
                return Ok(None);
            }
        }
        if !held && composing.looks_like_another(&self.store.columns, account, target) {
            composing.note_unsaid(&said_by, Finding::Lookalike, name);
        }
        let protected = self.protected(&enrolment, step);
        let (until, via, priority) = (planned.until, step.via, playbook.priority);
        Ok(Some(Said { at: said_at, until, whom, protected, via, class, priority }))
    }

    /// Whoever is told something once as if they had entered for it; it is never kept.
    fn as_if_entered(
        &self,
        now: Timestamp,
        playbook: &Playbook,
        target: Target,
        group: Option<GroupId>,
        at: Timestamp,
    ) -> Enrolment {
        let zone = self.zone_for(playbook, target, group, None);
        let anchor = Anchor { key: String::new(), at, d0: local_day(at, zone, playbook.day_ends) };
        Enrolment {
            // of nobody
            id: EnrolmentId::from_bits(0),
            playbook: playbook.id.clone(),
            target,
            group,
            account: None,
            zone: zone.name().to_owned(),
            enrolled_at: now,
            status: EnrolmentStatus {
                version: 1,
                anchor,
                state: EnrolmentState::Active,
                progress: beginning(),
                next_at: None,
                waiting: None,
                ended_at: None,
                zone: None,
            },
        }
    }

    /// The account that can say it; none where it has none, or is no friend's.
    fn reached_by(&self, enrolment: &Enrolment, step: &Step, target: Target) -> Option<AccountId> {
        let account = self.account_for_target(enrolment, step, target)?;
        let Target::Member(member) = target else { return Some(account) };
        let columns = &self.store.columns;
        let row = columns.accounts.row(account)?;
        columns.members.by_id(member)?.is_friend_of(row).then_some(account)
    }

    /// Whether somebody who enters a one-off has no account that could say it: they wait for one.
    pub(super) fn waits_for_account(
        &self,
        act: &Act,
        id: &PlaybookId,
        target: Target,
        at: Timestamp,
    ) -> bool {
        let playbook = self.playbooks.current(id, &self.store.columns).filter(|_| is_one_off(id));
        let Some(playbook) = playbook else { return false };
        let group = match target {
            Target::Member(member) => self.only_group(member),
            _ => None,
        };
        let enrolment = self.as_if_entered(act.at, &playbook, target, group, at);
        playbook.step(0).is_some_and(|step| self.reached_by(&enrolment, step, target).is_none())
    }

    /// Whether somebody who enters a one-off hears nothing before it is over, as a look at it tells; asked before they
    /// enter.
    pub(super) fn enters_too_late(&mut self, act: &Act, target: Target) -> Result<bool, DeskError> {
        let Some(mut look) = self.works.looks.remove(&act.id) else { return Ok(false) };
        let before = look.count(Finding::Late);
        self.preview_one(act, &mut look, target)?;
        let is_late = look.count(Finding::Late) > before;
        self.works.looks.insert(act.id, look);
        Ok(is_late)
    }

    /// What else somebody is to be told on the local day of an instant, by title, each once: what stands in the queue
    /// and what is planned.
    fn clashes(
        &self,
        target: Target,
        planned: &[Planned],
        besides: &Besides,
        at: Timestamp,
        zone: chrono_tz::Tz,
    ) -> Vec<String> {
        let columns = &self.store.columns;
        let day = at.day(zone);
        let owner = columns.owner(target);
        let mut titles: Vec<String> = Vec::new();
        let mut put = |position: Option<u16>| {
            let playbook = position.and_then(|position| columns.playbook_at(position));
            let title = playbook.map(|(_, playbook)| for_display(&playbook.title).into_owned());
            let title = title.or_else(|| besides.title(position?).map(str::to_owned));
            if let Some(title) = title.filter(|title| !titles.contains(title)) {
                titles.push(title);
            }
        };
        for row in owner.into_iter().flat_map(|owner| columns.queue.of(owner)) {
            let task = columns.tasks.get(row);
            let counts = |task: &crate::store::columns::TaskColumn| {
                task.sort == TaskSort::Step && task.via != Via::Internal && task.due_at.day(zone) <= day
            };
            if let Some(task) = task.filter(counts) {
                put(task.playbook);
            }
        }
        for message in planned.iter().filter(|message| message.at.day(zone) == day) {
            put(Some(message.playbook));
        }
        titles
    }

    /// Whether another one-off that is due to a target, or planned for it, says the same.
    fn is_to_be_told(&self, target: Target, planned: &[Planned], text: &str) -> bool {
        let columns = &self.store.columns;
        let says_it = |position: u16| {
            let id = columns.playbook_at(position).map(|(id, _)| id).filter(|id| is_one_off(id));
            let playbook = id.and_then(|id| self.playbooks.current(id, columns));
            playbook.is_some_and(|of| of.steps.iter().any(|step| step.wordings() == [text]))
        };
        let owed = columns.owner(target).into_iter().flat_map(|owner| columns.queue.of(owner));
        let mut owed = owed.filter_map(|row| columns.tasks.get(row)?.playbook);
        owed.any(says_it) || planned.iter().any(|message| says_it(message.playbook))
    }

    /// Takes a one-off back whole: what nobody has sent is cancelled, and what has not come due never will.
    pub(super) fn withdraw(&mut self, act: &Act, id: &PlaybookId) -> Result<Outcome, DeskError> {
        let title = self.title(id);
        if !is_one_off(id) {
            return Err(Self::refused(Words::NotOne.fill(act.lang, &[("id", id)])));
        }
        let known = self.store.columns.playbooks.get(id).map(|column| column.state);
        if known == Some(PlaybookState::Removed) {
            return Err(Self::refused(Words::OverAlready.fill(act.lang, &[("title", &title)])));
        }
        let outcome = self.sop_remove(act, id)?;
        let lang = act.lang;
        self.works.say(act, move |counts| {
            // of those that end some have come due: what they owed is cancelled
            let later = counts.ended.saturating_sub(counts.done);
            let values: [(&str, &dyn std::fmt::Display); 3] =
                [("n", &counts.done), ("title", &title), ("later", &later)];
            let words = match (counts.done, later) {
                (_, 0) => Words::Withdrawn,
                (0, _) => Words::WithdrawnBefore,
                _ => Words::WithdrawnAmid,
            };
            words.fill(lang, &values)
        });
        Ok(outcome)
    }
}
