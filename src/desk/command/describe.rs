//! What an act did, in one sentence, told from its records alone.
//!
//! The same sentence answers the command, names the act in the history and in an undo. The first record says
//! what kind of act it was; what followed from it is not told. Names are those of today.

use std::fmt::Display;

use super::super::Desk;
use super::super::words::book::BookWords;
use crate::book::{ActId, Activity, ActivityKind, MemberId, ObjectId, Stage, Target, TaskKind, TaskStatus};
use crate::door::form::{Field, GroupStateWord, Kind};
use crate::store::record::{Change, Edited, PlaybookState};
use crate::store::{Body, StoreError, acts};
use crate::text::clean::for_display;
use crate::text::lang::Lang;
use crate::text::width;

/// The widest a quoted text gets, in columns.
const QUOTE_COLUMNS: usize = 40;

/// A text of others, cut to fit a sentence.
fn quote(text: &str) -> String {
    width::truncate(&for_display(text), QUOTE_COLUMNS).into_owned()
}

/// Whether a change of a task is more than a fact that screens report.
pub(super) fn is_act_on_task(before: &TaskStatus, after: &TaskStatus) -> bool {
    let bare = |status: &TaskStatus| TaskStatus { rev: 0, seen_at: None, copied_at: None, ..status.clone() };
    bare(before) != bare(after)
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
        let first = bodies.iter().find(|body| !matches!(body, Body::ImportRows { .. } | Body::Forgotten));
        let Some(first) = first else { return BookWords::Something.text(lang).to_owned() };
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
            Body::Edited { object, changes } => self.edited(*object, changes, lang),
            Body::ContactSet { before, after } => {
                let contact = after.as_ref().or(before.as_ref());
                let name = contact.map(|c| self.display_name(Target::Member(c.member))).unwrap_or_default();
                let what = contact.map(|c| self.display_name(Target::Account(c.account))).unwrap_or_default();
                let what = format!("{} {what}", Kind::Contact.label(lang));
                BookWords::Linked.fill(lang, &[("name", &name), ("what", &what)])
            }
            Body::MembershipSet { before, after } => {
                let stay = after.as_ref().or(before.as_ref());
                let name = stay.map(|s| self.display_name(Target::Member(s.member))).unwrap_or_default();
                let what = stay.map(|s| self.display_name(Target::Group(s.group))).unwrap_or_default();
                let what = format!("{} {what}", Kind::Membership.label(lang));
                BookWords::Linked.fill(lang, &[("name", &name), ("what", &what)])
            }
            Body::NoteAdded { on, .. } => BookWords::Noted.fill(lang, &[("name", &self.object(*on))]),
            Body::NoteRemoved { on, .. } => BookWords::NoteTaken.fill(lang, &[("name", &self.object(*on))]),
            Body::PlaybookApplied { playbook, .. } => {
                BookWords::Applied.fill(lang, &[("playbook", playbook)])
            }
            Body::PlaybookSet { playbook, after, .. } => {
                let state = match after {
                    PlaybookState::Running => BookWords::Running,
                    PlaybookState::Paused => BookWords::PausedWord,
                    PlaybookState::Removed => BookWords::Removed,
                };
                let values: [(&str, &dyn Display); 2] =
                    [("playbook", playbook), ("state", &state.text(lang))];
                BookWords::PlaybookState.fill(lang, &values)
            }
            Body::Enrolled(enrolment) => {
                let n = bodies.iter().filter(|b| matches!(b, Body::Enrolled(_))).count();
                BookWords::Entered.fill(lang, &[("n", &n), ("playbook", &enrolment.playbook)])
            }
            Body::EnrolmentChanged { .. } => {
                // removing a playbook ends its enrolments first
                let set = bodies.iter().find(|b| matches!(b, Body::PlaybookSet { .. }));
                if let Some(set) = set {
                    return self.describe(std::slice::from_ref(set), lang);
                }
                let n = bodies.iter().filter(|b| matches!(b, Body::EnrolmentChanged { .. })).count();
                BookWords::Ended.fill(lang, &[("n", &n)])
            }
            Body::TaskFired(task) => {
                let name = self.display_name(task.target);
                if let TaskKind::FollowUp { words } = &task.kind {
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
                let value = quote(after.as_deref().unwrap_or_default());
                BookWords::Answered.fill(lang, &[("key", &for_display(&ask.key)), ("value", &value)])
            }
            Body::TargetPaused { target, after, .. } => {
                let words = if after.is_some() { BookWords::Paused } else { BookWords::Resumed };
                words.fill(lang, &[("name", &self.display_name(*target))])
            }
            Body::RulesSet { .. } => BookWords::RulesSet.text(lang).to_owned(),
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
            Body::StoreMade { .. }
            | Body::Happened(_)
            | Body::Unhappened(_)
            | Body::ImportRows { .. }
            | Body::ClockConfirmed { .. }
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
        let what = self.describe(&acts::bodies_of(named, &self.store.bodies)?, lang);
        Ok(match depth {
            0 => what,
            n if n % 2 == 1 => BookWords::Undone.fill(lang, &[("what", &what)]),
            _ => BookWords::Redone.fill(lang, &[("what", &what)]),
        })
    }

    fn edited(&self, object: Edited, changes: &[Change], lang: Lang) -> String {
        let name = match object {
            Edited::Account(id) => self.display_name(Target::Account(id)),
            Edited::Group(id) => self.display_name(Target::Group(id)),
            Edited::Member(id) => self.display_name(Target::Member(id)),
            Edited::Product(id) => self.object(ObjectId::Product(id)),
        };
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
        let mut what = BookWords::TaskEdited.text(lang);
        let mut tasks = Vec::new();
        for body in bodies {
            match body {
                Body::TaskChanged { task, before, after } if is_act_on_task(before, after) => {
                    if tasks.is_empty() && before.state != after.state {
                        what = after.state.label(lang);
                    }
                    tasks.push(*task);
                }
                Body::Touched(touch) if !tasks.contains(&touch.task) => {
                    if tasks.is_empty() {
                        what = crate::book::TaskState::Sent.label(lang);
                    }
                    tasks.push(touch.task);
                }
                _ => {}
            }
        }
        tasks.dedup();
        match tasks.as_slice() {
            [one] => {
                let name = self.task_name(*one);
                BookWords::TaskDone.fill(lang, &[("what", &what), ("name", &name)])
            }
            many => BookWords::TasksDone.fill(lang, &[("what", &what), ("n", &many.len())]),
        }
    }

    fn object(&self, object: ObjectId) -> String {
        match object {
            ObjectId::Account(id) => self.display_name(Target::Account(id)),
            ObjectId::Group(id) => self.display_name(Target::Group(id)),
            ObjectId::Member(id) => self.display_name(Target::Member(id)),
            ObjectId::Task(id) => self.task_name(id),
            ObjectId::Enrolment(id) => id.short(),
            ObjectId::Product(id) => {
                self.store.columns.products.get(&id).map(|p| quote(&p.name)).unwrap_or_default()
            }
        }
    }
}

/// What was made, by name or by number.
fn made(bodies: &[Body], lang: Lang) -> String {
    let made: Vec<(Kind, &str)> = bodies
        .iter()
        .filter_map(|body| match body {
            Body::AccountMade(account) => Some((Kind::Account, account.name.as_str())),
            Body::GroupMade(group) => Some((Kind::Group, group.name.as_str())),
            Body::MemberMade(member) => Some((Kind::Member, member.called())),
            _ => None,
        })
        .collect();
    match made.as_slice() {
        [] => BookWords::Something.text(lang).to_owned(),
        [(kind, name)] => {
            let values: [(&str, &dyn Display); 2] = [("kind", &kind.label(lang)), ("name", &quote(name))];
            BookWords::Made.fill(lang, &values)
        }
        [(kind, _), ..] => BookWords::MadeMany.fill(lang, &[("kind", &kind.label(lang)), ("n", &made.len())]),
    }
}

/// A field's word in a language; the word itself where no form has it.
pub(super) fn field_label(word: &str, lang: Lang) -> &str {
    Field::ALL.iter().find(|field| field.word() == word).map_or(word, |field| field.label(lang))
}
