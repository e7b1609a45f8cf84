//! The history of acts, as `U` and `qun log` show it.

use super::task_line::clean;
use super::words::ViewWords;
use crate::book::{ActId, ObjectId, Target, TaskStatus};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::door::reply::LogEntry;
use crate::store::Body;
use crate::store::acts::{self, ActHead};
use crate::store::record::Edited;
use crate::text::lang::Lang;

/// Acts of one answer.
const ACTS_MAX: u16 = 500;

/// Acts looked at in one go while looking for one's own.
const PAGE: usize = 200;

/// Acts looked at in all.
const LOOKED_AT: usize = 20_000;

impl Desk {
    /// Acts newest first, those of `of` only where it is given.
    pub(super) fn log(
        &self,
        before: Option<ActId>,
        limit: u16,
        of: Option<&str>,
        lang: Lang,
    ) -> Result<Vec<LogEntry>, DeskError> {
        let limit = usize::from(limit.min(ACTS_MAX));
        let mut entries = Vec::new();
        let mut before = before;
        let mut looked_at = 0;
        while entries.len() < limit && looked_at < LOOKED_AT {
            let page = acts::newest(before, PAGE, &self.store.bodies)?;
            looked_at += page.len();
            let ended = page.len() < PAGE;
            before = page.last().map(|(act, _)| *act);
            for (act, head) in page {
                if entries.len() < limit && of.is_none_or(|of| head.by.operator == of) {
                    entries.push(self.log_entry(act, &head, lang)?);
                }
            }
            if ended {
                break;
            }
        }
        Ok(entries)
    }

    fn log_entry(&self, act: ActId, head: &ActHead, lang: Lang) -> Result<LogEntry, DeskError> {
        let words = self.act_words(act, head, lang)?;
        Ok(LogEntry {
            act,
            at: head.at,
            by: clean(&head.by.operator),
            words,
            undone: head.undone_by.is_some(),
            undoable: head.undone_by.is_none() && head.undo_of.is_none(),
        })
    }

    /// What an act did, in a sentence: its first change in words, and how many there are.
    fn act_words(&self, act: ActId, head: &ActHead, lang: Lang) -> Result<String, DeskError> {
        let bodies = acts::bodies_of(act, &self.store.bodies)?;
        let said = |body: &Body| self.body_words(body, lang);
        let mut words =
            bodies.iter().find_map(said).unwrap_or_else(|| ViewWords::Other.text(lang).to_owned());
        if bodies.iter().filter(|body| said(body).is_some()).count() > 1 {
            let n = bodies.len();
            words = ViewWords::And.fill(lang, &[("words", &words), ("n", &n)]);
        }
        if head.undo_of.is_some() {
            words = format!("{}: {words}", ViewWords::Undid.text(lang));
        }
        Ok(words)
    }

    /// A change in words; none for what only follows from another.
    fn body_words(&self, body: &Body, lang: Lang) -> Option<String> {
        let columns = &self.store.columns;
        let name = |target: Target| clean(&columns.target_name(target));
        let made = |words: ViewWords, of: &str| Some(words.fill(lang, &[("name", &clean(of))]));
        match body {
            Body::AccountMade(account) => made(ViewWords::MadeAccount, &account.name),
            Body::GroupMade(group) => made(ViewWords::MadeGroup, &group.name),
            Body::MemberMade(member) => made(ViewWords::MadeMember, member.called()),
            Body::Edited { object, .. } => {
                let of = match object {
                    Edited::Account(id) => name(Target::Account(*id)),
                    Edited::Group(id) => name(Target::Group(*id)),
                    Edited::Member(id) => name(Target::Member(*id)),
                    Edited::Product(id) => {
                        columns.products.get(id).map(|p| clean(&p.name)).unwrap_or_default()
                    }
                };
                made(ViewWords::Edited, &of)
            }
            Body::ContactSet { before, after } => {
                let contact = after.as_ref().or(before.as_ref())?;
                made(ViewWords::Edited, &name(Target::Member(contact.member)))
            }
            Body::MembershipSet { before, after } => {
                let stay = after.as_ref().or(before.as_ref())?;
                made(ViewWords::Edited, &name(Target::Member(stay.member)))
            }
            Body::Happened(activity) | Body::Unhappened(activity) => {
                let of = activity.member.map(Target::Member).or(activity.group.map(Target::Group))?;
                let values: [(&str, &dyn std::fmt::Display); 2] =
                    [("name", &name(of)), ("what", &activity.kind.label(lang))];
                Some(ViewWords::Happened.fill(lang, &values))
            }
            Body::TaskChanged { task, before, after } => {
                let target = self.store.task(*task).ok().flatten()?.target;
                let values: [(&str, &dyn std::fmt::Display); 2] =
                    [("name", &name(target)), ("state", &changed_state(before, after, lang)?)];
                Some(ViewWords::TaskTo.fill(lang, &values))
            }
            Body::PlaybookApplied { playbook, .. } | Body::PlaybookSet { playbook, .. } => {
                Some(ViewWords::Applied.fill(lang, &[("title", &self.title(playbook))]))
            }
            Body::NoteAdded { on, .. } | Body::NoteRemoved { on, .. } => {
                let of = match on {
                    ObjectId::Account(id) => name(Target::Account(*id)),
                    ObjectId::Group(id) => name(Target::Group(*id)),
                    ObjectId::Member(id) => name(Target::Member(*id)),
                    ObjectId::Task(id) => self.task_name(*id),
                    ObjectId::Enrolment(_) | ObjectId::Product(_) => String::new(),
                };
                made(ViewWords::Noted, &of)
            }
            Body::Enrolled(enrolment) => made(ViewWords::Enrolled, &name(enrolment.target)),
            Body::Answered { ask, .. } => Some(ViewWords::Answered.fill(lang, &[("key", &clean(&ask.key))])),
            Body::TargetPaused { target, .. } => made(ViewWords::PausedTarget, &name(*target)),
            Body::ImportCommitted { rows, .. } => Some(ViewWords::Imported.fill(lang, &[("n", rows)])),
            Body::RulesSet { .. } => Some(ViewWords::Rules.text(lang).to_owned()),
            _ => None,
        }
    }
}

/// The state a task came to, or that it was edited.
fn changed_state(before: &TaskStatus, after: &TaskStatus, lang: Lang) -> Option<String> {
    if before.state != after.state || before.snoozed_until != after.snoozed_until {
        return Some(after.state.label(lang).to_owned());
    }
    (before.edited != after.edited || before.parts_done != after.parts_done)
        .then(|| after.state.label(lang).to_owned())
}
