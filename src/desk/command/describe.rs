//! What an act did, in one sentence, told from its records alone.
//!
//! The same sentence answers the command, names the act in the history and in an undo. The first record says
//! what kind of act it was; what followed from it is not told. Names are those of today.
//! One file because every kind of record has its sentence in one match.

use std::collections::{BTreeSet, HashSet};
use std::fmt::Display;
use std::hash::Hash;
use std::mem::discriminant;

use super::super::Desk;
use super::super::upkeep::QR_GONE;
use super::super::words::Words;
use super::super::words::book::BookWords;
use super::super::words::snippet::SnippetWords;
use super::super::words::view::SavedViewWords;
use super::correct::HELD_CORRECTION;
use super::made::made;
use super::many::MANY;
use super::rules::paused_so;
use super::transfer::MOVED;

use crate::book::{
    ActId, Activity, ActivityKind, Campaign, EndReason, EnrolmentId, EnrolmentState, MemberId, ObjectId,
    PlaybookId, Stage, Target, TaskId, TaskKind, TaskState, TaskStatus, Upkeep,
};
use crate::door::compose::is_one_off;
use crate::door::form::{Field, GroupStateWord, Kind};
use crate::store::record::{Change, Edited, PlaybookState, Work};
use crate::store::{Body, StoreError, acts};
use crate::text::clean::for_display;
use crate::text::lang::Lang;
use crate::text::width;

/// Sentences about different things that happened in one act; what is more is counted.
const NEWS_MAX: usize = 6;

/// The widest a quoted text gets, in columns.
const QUOTE_COLUMNS: usize = 40;

/// A text of others, cut to fit a sentence.
pub(super) fn quote(text: &str) -> String {
    width::truncate(&for_display(text), QUOTE_COLUMNS).into_owned()
}

/// True for what ends because it goes on in another group.
fn goes_on_elsewhere(body: &Body) -> bool {
    let Body::EnrolmentChanged { after, .. } = body else { return false };
    matches!(&after.state, EnrolmentState::Stopped { rule } if rule == MOVED)
}

/// `团购1群 等 6 个`: the first of several by name.
pub(super) fn and_others(first: String, n: usize, lang: Lang) -> String {
    match n {
        0 | 1 => first,
        n => BookWords::WithOthers.fill(lang, &[("name", &first), ("n", &n)]),
    }
}

/// How many different things the bodies of an act are about.
fn several<T: Eq + Hash>(bodies: &[Body], about: impl Fn(&Body) -> Option<T>) -> usize {
    bodies.iter().filter_map(about).collect::<HashSet<_>>().len()
}

/// Whose link to an account or a group a body sets.
fn linked_member(body: &Body) -> Option<MemberId> {
    match body {
        Body::ContactSet { before, after } => after.as_ref().or(before.as_ref()).map(|c| c.member),
        Body::MembershipSet { before, after } => after.as_ref().or(before.as_ref()).map(|s| s.member),
        _ => None,
    }
}

/// Whether a change of a task is more than a fact that screens report.
pub(super) fn is_act_on_task(before: &TaskStatus, after: &TaskStatus) -> bool {
    before.decided() != after.decided()
}

/// Fields whose change is told as news as well.
fn is_news(changes: &[Change]) -> bool {
    changes.iter().all(|c| matches!(c.field.as_str(), "tags" | "stage" | "name" | "count" | "state"))
}

impl Desk {
    /// Names an act from its bodies.
    pub(crate) fn describe(&self, bodies: &[Body], lang: Lang) -> String {
        let news: Vec<&Activity> = bodies
            .iter()
            .filter_map(|body| match body {
                Body::Happened(activity) => Some(activity),
                _ => None,
            })
            .collect();
        if let Some(words) = corrected(bodies, lang).or_else(|| self.merged(bodies, lang)) {
            return words;
        }
        let first = bodies.iter().find(|body| {
            let tells_nothing = matches!(
                body,
                Body::ImportRows { .. } | Body::Forgotten | Body::WorkLeft { .. } | Body::WorkDone { .. }
            );
            !tells_nothing
        });
        let Some(first) = first else {
            let enters = bodies.iter().find_map(|body| match body {
                Body::WorkLeft { work: Work::Enter { playbook, .. }, .. } => Some(playbook),
                _ => None,
            });
            let Some(playbook) = enters else { return BookWords::Something.text(lang).to_owned() };
            let name = self.playbook_name(playbook);
            return BookWords::Entered.fill(lang, &[("n", &0), ("playbook", &name)]);
        };
        match first {
            Body::MemberMade(member) if !news.is_empty() => {
                let alone = news.iter().all(|activity| activity.member == Some(member.id));
                let told = self.news(&news, lang);
                if alone { format!("{}; {told}", made(bodies, lang)) } else { told }
            }
            Body::AccountMade(_) | Body::GroupMade(_) | Body::MemberMade(_) | Body::ProductMade(_) => {
                made(bodies, lang)
            }
            Body::Edited { changes, .. } if is_news(changes) && !news.is_empty() => self.news(&news, lang),
            Body::ContactSet { .. } | Body::MembershipSet { .. } | Body::Happened(_) if !news.is_empty() => {
                self.news(&news, lang)
            }
            Body::Edited { object: Edited::Account(id), changes } if matches!(changes.as_slice(), [only] if only.field == "health") => {
                self.limited(*id, changes.first().map_or("", |c| c.after.as_str()), bodies, lang)
            }
            Body::Edited { object, changes } => {
                let alike = bodies.iter().filter_map(|body| match body {
                    Body::Edited { object: other, .. } => {
                        (discriminant(other) == discriminant(object)).then_some(*other)
                    }
                    _ => None,
                });
                self.edited(*object, changes, alike.collect::<BTreeSet<_>>().len(), lang)
            }
            Body::ContactSet { before, after } => {
                let contact = after.as_ref().or(before.as_ref());
                let name = contact.map(|c| self.display_name(Target::Member(c.member))).unwrap_or_default();
                let what = contact.map(|c| self.display_name(Target::Account(c.account))).unwrap_or_default();
                let name = and_others(name, several(bodies, linked_member), lang);
                let what = format!("{} {what}", Kind::Contact.label(lang));
                BookWords::Linked.fill(lang, &[("name", &name), ("what", &what)])
            }
            Body::MembershipSet { before, after } => {
                let stay = after.as_ref().or(before.as_ref());
                let name = stay.map(|s| self.display_name(Target::Member(s.member))).unwrap_or_default();
                let what = stay.map(|s| self.display_name(Target::Group(s.group))).unwrap_or_default();
                let name = and_others(name, several(bodies, linked_member), lang);
                let what = format!("{} {what}", Kind::Membership.label(lang));
                BookWords::Linked.fill(lang, &[("name", &name), ("what", &what)])
            }
            Body::NoteAdded { on, .. } => {
                let noted = |body: &Body| match body {
                    Body::NoteAdded { on, .. } => Some(*on),
                    _ => None,
                };
                let name = and_others(self.object(*on), several(bodies, noted), lang);
                BookWords::Noted.fill(lang, &[("name", &name)])
            }
            Body::NoteRemoved { on, .. } => BookWords::NoteTaken.fill(lang, &[("name", &self.object(*on))]),
            Body::PlaybookApplied { playbook, .. } if is_one_off(playbook) => {
                BookWords::OneOffMade.fill(lang, &[("title", &self.playbook_title(playbook))])
            }
            Body::PlaybookSet { playbook, after: PlaybookState::Removed, .. } if is_one_off(playbook) => {
                BookWords::OneOffWithdrawn.fill(lang, &[("title", &self.playbook_title(playbook))])
            }
            Body::PlaybookApplied { playbook, .. } => {
                BookWords::Applied.fill(lang, &[("playbook", &self.playbook_name(playbook))])
            }
            Body::PlaybookSet { playbook, after, .. } => {
                let state = match after {
                    PlaybookState::Running => BookWords::Running,
                    PlaybookState::Paused => BookWords::PausedWord,
                    PlaybookState::Removed => BookWords::Removed,
                };
                let name = self.playbook_name(playbook);
                let values: [(&str, &dyn Display); 2] = [("playbook", &name), ("state", &state.text(lang))];
                BookWords::PlaybookState.fill(lang, &values)
            }
            Body::Enrolled(_) | Body::EnrolmentChanged { .. } if bodies.iter().any(goes_on_elsewhere) => {
                let (n, to) = went_on(bodies);
                BookWords::WentOn
                    .fill(lang, &[("n", &n), ("to", &to.map(|t| self.display_name(t)).unwrap_or_default())])
            }
            Body::Enrolled(enrolment) => {
                let n = bodies.iter().filter(|b| matches!(b, Body::Enrolled(_))).count();
                let name = self.playbook_name(&enrolment.playbook);
                BookWords::Entered.fill(lang, &[("n", &n), ("playbook", &name)])
            }
            Body::EnrolmentChanged { .. } => {
                // removing a playbook ends its enrolments first
                let set = bodies.iter().find(|b| matches!(b, Body::PlaybookSet { .. }));
                if let Some(set) = set {
                    return self.describe(std::slice::from_ref(set), lang);
                }
                let mut changed: Vec<_> = bodies.iter().filter_map(enrolment_end).collect();
                changed.sort_unstable();
                changed.dedup_by_key(|(id, _)| *id);
                let n = changed.len();
                let all_out = n > 0 && changed.iter().all(|(_, out)| *out);
                let words = if all_out { BookWords::TakenOut } else { BookWords::Ended };
                words.fill(lang, &[("n", &n)])
            }
            Body::TaskFired(task) => {
                let name = self.display_name(task.target);
                if let TaskKind::FollowUp { words } = &task.kind {
                    let words = if words.is_empty() { Words::FollowUp.text(lang) } else { words };
                    let followed = |body: &Body| match body {
                        Body::TaskFired(task) => Some(task.target),
                        _ => None,
                    };
                    let name = and_others(name, several(bodies, followed), lang);
                    BookWords::Followed.fill(lang, &[("name", &name), ("words", &quote(words))])
                } else {
                    let what = BookWords::TasksMade.text(lang);
                    BookWords::TaskDone.fill(lang, &[("what", &what), ("name", &name)])
                }
            }
            Body::TaskChanged { .. } | Body::Touched(_) | Body::Untouched(_) | Body::TaskJoined { .. } => {
                self.tasks(bodies, lang)
            }
            Body::Answered { ask, after, .. } => {
                let value = match after.as_deref() {
                    Some("") => BookWords::None.text(lang).to_owned(),
                    after => quote(after.unwrap_or_default()),
                };
                BookWords::Answered.fill(lang, &[("key", &for_display(&ask.key)), ("value", &value)])
            }
            Body::DayOffSet { playbook, day, after, .. } => {
                let words = if *after { BookWords::CalledOff } else { BookWords::CalledOn };
                let name = self.playbook_name(playbook);
                words.fill(lang, &[("playbook", &name), ("day", &day.format("%m-%d").to_string())])
            }
            Body::SnippetSet { name, after, .. } => {
                let kept = bodies.iter().filter_map(|body| match body {
                    Body::SnippetSet { name, after: Some(_), .. } => Some(name),
                    _ => None,
                });
                let kept: Vec<&String> = kept.collect();
                match (kept.as_slice(), after) {
                    ([], _) => SnippetWords::Removed.fill(lang, &[("name", &for_display(name))]),
                    ([one], _) => SnippetWords::Kept.fill(lang, &[("name", &for_display(one))]),
                    ([first, ..], _) => {
                        let values: [(&str, &dyn Display); 2] =
                            [("name", &for_display(first)), ("n", &kept.len())];
                        SnippetWords::KeptMany.fill(lang, &values)
                    }
                }
            }
            Body::ViewSet { name, before, after } => {
                // One that is called otherwise comes as one that goes and one that comes.
                let new = bodies.iter().rev().find_map(|body| match body {
                    Body::ViewSet { name, after: Some(_), .. } => Some(name),
                    _ => None,
                });
                match (new, before, after) {
                    (None, ..) => SavedViewWords::Removed.fill(lang, &[("name", &for_display(name))]),
                    (Some(new), Some(_), None) => {
                        let values: [(&str, &dyn Display); 2] =
                            [("before", &for_display(name)), ("name", &for_display(new))];
                        SavedViewWords::Renamed.fill(lang, &values)
                    }
                    (Some(new), ..) => SavedViewWords::Kept.fill(lang, &[("name", &for_display(new))]),
                }
            }
            Body::SnippetUsed { name, .. } => SnippetWords::Used.fill(lang, &[("name", &for_display(name))]),
            Body::TargetPaused { target, after, .. } => {
                let paused = |body: &Body| match body {
                    Body::TargetPaused { target, .. } => Some(*target),
                    _ => None,
                };
                let name = and_others(self.display_name(*target), several(bodies, paused), lang);
                paused_so(&name, *after, self.store.columns.store.zone, lang)
            }
            Body::CampaignSet { before, after, .. } => {
                let title = after.as_ref().or(before.as_ref()).map(|campaign| for_display(&campaign.title));
                let stopped = |campaign: &Option<Campaign>| {
                    campaign.as_ref().is_some_and(|campaign| campaign.stopped_at.is_some())
                };
                let stops = stopped(after) && before.is_some() && !stopped(before);
                let words = if stops { BookWords::CampaignStop } else { BookWords::CampaignSetUp };
                words.fill(lang, &[("title", &title.unwrap_or_default())])
            }
            Body::RulesSet { .. } => BookWords::RulesSet.text(lang).to_owned(),
            Body::CalendarYearSet { .. } => {
                let years = bodies.iter().filter_map(|body| match body {
                    Body::CalendarYearSet { year, .. } => Some(year.to_string()),
                    _ => None,
                });
                BookWords::CalendarSet.fill(lang, &[("years", &years.collect::<Vec<_>>().join(", "))])
            }
            Body::ImportBegun { .. } | Body::ImportCommitted { .. } | Body::ImportApplied { .. } => {
                let n: u32 = bodies
                    .iter()
                    .map(|body| match body {
                        Body::ImportCommitted { rows, .. } | Body::ImportApplied { rows, .. } => *rows,
                        _ => 0,
                    })
                    .max()
                    .unwrap_or(0);
                BookWords::Imported.fill(lang, &[("n", &n)])
            }
            Body::DayTaken { day } => Words::DayTaken.fill(lang, &[("day", day)]),
            Body::ClockSeen => Words::ClockSeen.text(lang).to_owned(),
            Body::ClockConfirmed { .. } => Words::ClockConfirmed.text(lang).to_owned(),
            Body::StoreMade { .. }
            | Body::Happened(_)
            | Body::Unhappened(_)
            | Body::ImportRows { .. }
            | Body::ReversalBegun { .. }
            | Body::ReversalMoved { .. }
            | Body::WorkLeft { .. }
            | Body::WorkDone { .. }
            | Body::Forgotten => BookWords::Something.text(lang).to_owned(),
        }
    }

    /// Names an act by its id; an undo is named by what it reversed.
    pub(crate) fn describe_act(&self, act: ActId, lang: Lang) -> Result<String, StoreError> {
        let mut depth = 0;
        let mut named = act;
        while let Some(of) = acts::head(named, &self.store.bodies)?.and_then(|head| head.undo_of) {
            named = of;
            depth += 1;
        }
        let many = acts::head(named, &self.store.bodies)?.filter(|head| head.bodies > MANY);
        let what = match many.map(|head| self.described_by_counts(named, &head, lang)).transpose()?.flatten()
        {
            Some(what) => what,
            None => self.describe(&self.telling_bodies(named)?, lang),
        };
        Ok(match depth {
            0 => what,
            n if n % 2 == 1 => BookWords::Undone.fill(lang, &[("what", &what)]),
            _ => BookWords::Redone.fill(lang, &[("what", &what)]),
        })
    }

    /// The bodies that tell what an act did; an import is told by its first, whatever it brought.
    fn telling_bodies(&self, act: ActId) -> Result<Vec<Body>, StoreError> {
        let first = acts::first_of(act, &self.store.bodies)?;
        match first {
            Some(
                Body::ImportBegun { .. }
                | Body::ImportCommitted { .. }
                | Body::ImportApplied { .. }
                | Body::ReversalBegun { .. },
            ) => Ok(first.into_iter().collect()),
            _ => acts::bodies_of(act, &self.store.bodies),
        }
    }

    /// A playbook by its title and id, as both name it in commands.
    fn playbook_title(&self, playbook: &PlaybookId) -> String {
        let title = self.store.columns.playbooks.get(playbook).map_or("", |column| column.title.as_str());
        quote(if title.is_empty() { &playbook.0 } else { title })
    }

    pub(super) fn playbook_name(&self, playbook: &PlaybookId) -> String {
        let title = self.store.columns.playbooks.get(playbook).map_or("", |column| column.title.as_str());
        if title.is_empty() || title == playbook.0 {
            return playbook.to_string();
        }
        format!("{} ({playbook})", quote(title))
    }

    /// An edit by the first that it changed, and how many it changed.
    fn edited(&self, object: Edited, changes: &[Change], n: usize, lang: Lang) -> String {
        let name = match object {
            Edited::Account(id) => self.display_name(Target::Account(id)),
            Edited::Group(id) => self.display_name(Target::Group(id)),
            Edited::Member(id) => self.display_name(Target::Member(id)),
            Edited::Product(id) => self.object(ObjectId::Product(id)),
        };
        let name = and_others(name, n, lang);
        if let Some(archived) = changes.iter().find(|change| change.field == "archived") {
            let words = if archived.after == "yes" { BookWords::Archived } else { BookWords::Restored };
            return words.fill(lang, &[("name", &name)]);
        }
        let fields: Vec<&str> = changes.iter().map(|change| field_label(&change.field, lang)).collect();
        BookWords::Edited.fill(lang, &[("name", &name), ("fields", &fields.join(", "))])
    }

    /// `2 人 进群 宠友1群`: who, then each thing that happened to all of them.
    fn news(&self, activities: &[&Activity], lang: Lang) -> String {
        let mut told: Vec<(String, Vec<MemberId>)> = Vec::new();
        let mut of_groups: Vec<String> = Vec::new();
        for activity in activities {
            let Some(member) = activity.member else {
                of_groups.push(self.group_news(activity, lang));
                continue;
            };
            let what = self.happening_words(activity, lang);
            match told.iter_mut().find(|(known, _)| *known == what) {
                Some((_, members)) => members.push(member),
                None => told.push((what, vec![member])),
            }
        }
        let mut sentences: Vec<(String, Vec<MemberId>)> = Vec::new();
        for (what, members) in told {
            match sentences.last_mut() {
                Some((known, whose)) if *whose == members => {
                    known.push_str(", ");
                    known.push_str(&what);
                }
                _ => sentences.push((what, members)),
            }
        }
        let mut said: Vec<String> = sentences
            .into_iter()
            .map(|(what, members)| {
                let who = match members.as_slice() {
                    [one] => self.display_name(Target::Member(*one)),
                    many => BookWords::People.fill(lang, &[("n", &many.len())]),
                };
                format!("{who} {what}")
            })
            .collect();
        // of a pasted list everybody has words of their own
        if said.len() > NEWS_MAX {
            let n = said.len();
            said.truncate(NEWS_MAX);
            said.push(BookWords::AndOthers.fill(lang, &[("n", &n)]));
        }
        said.extend(of_groups);
        said.join("; ")
    }

    fn happening_words(&self, activity: &Activity, lang: Lang) -> String {
        use ActivityKind::{Added, Blocked, StageChanged, Unfriended};
        let mut words = activity.kind.label(lang).to_owned();
        let by_account = matches!(activity.kind, Added | Unfriended | Blocked);
        let place = if by_account {
            activity.account.map(Target::Account)
        } else {
            activity.group.map(Target::Group)
        };
        let text = match activity.kind {
            StageChanged => Stage::parse(&activity.text)
                .map_or_else(|| quote(&activity.text), |stage| stage.label(lang).to_owned()),
            _ => quote(&activity.text),
        };
        let amount = activity.amount.map(|amount| format!("¥{amount}")).unwrap_or_default();
        let place = place.map(|target| self.display_name(target)).unwrap_or_default();
        for part in [place, text, amount] {
            if !part.is_empty() {
                words.push(' ');
                words.push_str(&part);
            }
        }
        words
    }

    fn group_news(&self, activity: &Activity, lang: Lang) -> String {
        let group = activity.group.map(|id| self.display_name(Target::Group(id))).unwrap_or_default();
        match activity.kind {
            ActivityKind::HeadCount => {
                let n = activity.number.unwrap_or_default();
                let change = if activity.text.is_empty() {
                    String::new()
                } else {
                    format!(" ({})", for_display(&activity.text))
                };
                let values: [(&str, &dyn Display); 3] = [("group", &group), ("n", &n), ("change", &change)];
                BookWords::Count.fill(lang, &values)
            }
            ActivityKind::StateChanged => {
                let state = GroupStateWord::parse(&activity.text)
                    .map_or_else(|| quote(&activity.text), |state| state.label(lang).to_owned());
                BookWords::GroupState.fill(lang, &[("group", &group), ("state", &state)])
            }
            _ => format!("{group} {}", self.happening_words(activity, lang)),
        }
    }

    fn tasks(&self, bodies: &[Body], lang: Lang) -> String {
        // the first change says what was done; tasks to which something else happened only follow from it
        let mut what: Option<String> = None;
        let mut tasks = BTreeSet::new();
        for body in bodies {
            let (task, change) = match body {
                Body::TaskChanged { task, before, after } if is_act_on_task(before, after) => {
                    (*task, task_change(before, after, lang))
                }
                Body::Touched(touch) if touch.duplicate => {
                    (touch.task, BookWords::SentToo.text(lang).to_owned())
                }
                Body::Touched(touch) => (touch.task, TaskState::Sent.label(lang).to_owned()),
                _ => continue,
            };
            if *what.get_or_insert_with(|| change.clone()) == change {
                tasks.insert(task);
            }
        }
        let what = what.unwrap_or_else(|| BookWords::TaskEdited.text(lang).to_owned());
        let tasks: Vec<TaskId> = tasks.into_iter().collect();
        match tasks.as_slice() {
            [one] => {
                let name = self.task_name(*one);
                BookWords::TaskDone.fill(lang, &[("what", &what), ("name", &name)])
            }
            many => BookWords::TasksDone.fill(lang, &[("what", &what), ("n", &many.len())]),
        }
    }

    pub(super) fn object(&self, object: ObjectId) -> String {
        match object {
            ObjectId::Account(id) => self.display_name(Target::Account(id)),
            ObjectId::Group(id) => self.display_name(Target::Group(id)),
            ObjectId::Member(id) => self.display_name(Target::Member(id)),
            ObjectId::Task(id) => self.task_name(id),
            ObjectId::Enrolment(id) => id.short(),
            ObjectId::Product(id) => self.product_name(id),
        }
    }
}

/// How many enrolments go on in another group, and in which.
fn went_on(bodies: &[Body]) -> (usize, Option<Target>) {
    let goes = bodies.iter().filter_map(|body| match body {
        Body::Enrolled(enrolment) => Some(enrolment.group.map_or(enrolment.target, Target::Group)),
        _ => None,
    });
    let goes: Vec<Target> = goes.collect();
    (goes.len(), goes.first().copied())
}

/// What one change did to a task, in a word; why, where a human has said so.
fn task_change(before: &TaskStatus, after: &TaskStatus, lang: Lang) -> String {
    let words = if before.state != after.state || before.snoozed_until != after.snoozed_until {
        let state = after.state.label(lang);
        let why = match &after.end {
            Some(EndReason::Skip { reason, .. }) => reason.label(lang),
            Some(EndReason::AlreadyDone { what }) if what == QR_GONE => BookWords::QrGone.text(lang),
            Some(EndReason::AlreadyDone { what }) => {
                let own = Upkeep::parse(what).map_or(what.as_str(), |what| what.label(lang));
                ActivityKind::parse(what).map_or(own, |kind| kind.label(lang))
            }
            _ => return state.to_owned(),
        };
        return format!("{state} ({why})");
    } else if before.held.is_some() && after.held.is_none() {
        BookWords::LetGo
    } else if before.parts_done != after.parts_done {
        BookWords::PartTicked
    } else if !before.is_edited_like(after) {
        BookWords::TextEdited
    } else if before.checked != after.checked {
        BookWords::CheckedOnce
    } else {
        BookWords::TaskEdited
    };
    words.text(lang).to_owned()
}

/// An enrolment that a body changes, and whether it goes out of its playbook by that.
fn enrolment_end(body: &Body) -> Option<(EnrolmentId, bool)> {
    match body {
        Body::EnrolmentChanged { enrolment, before, after } if before.state != after.state => {
            Some((*enrolment, before.state.is_running() && !after.state.is_running()))
        }
        Body::EnrolmentChanged { enrolment, .. } => Some((*enrolment, false)),
        _ => None,
    }
}

/// How many texts a correction put right, and to how many it is owed; none for any other act.
fn corrected(bodies: &[Body], lang: Lang) -> Option<String> {
    let (mut edits, mut notices, mut halted, mut freed) = (0_u32, 0_u32, 0_u32, false);
    let is_halted = |status: &TaskStatus| status.held.as_deref() == Some(HELD_CORRECTION);
    for body in bodies {
        match body {
            Body::TaskFired(task) if matches!(task.kind, TaskKind::Correction { .. }) => notices += 1,
            Body::TaskChanged { before, after, .. } if !before.is_edited_like(after) => {
                edits += 1;
                freed |= is_halted(before);
            }
            Body::TaskChanged { after, .. } if is_halted(after) => halted += 1,
            // a notice that nobody is owed any more
            Body::TaskChanged { after, .. } if after.end == Some(EndReason::Withdrawn) => {}
            Body::WorkLeft { .. } | Body::WorkDone { .. } => {}
            _ => return None,
        }
    }
    if halted > 0 {
        return Some(Words::Halted.fill(lang, &[("n", &halted)]));
    }
    // one text edited alone is an edit
    (notices > 0 || edits > 1 || freed)
        .then(|| Words::Corrected.fill(lang, &[("n", &edits), ("m", &notices)]))
}

/// A field's word in a language; the word itself where no form has it.
pub(super) fn field_label(word: &str, lang: Lang) -> &str {
    Field::ALL.iter().find(|field| field.word() == word).map_or(word, |field| field.label(lang))
}
