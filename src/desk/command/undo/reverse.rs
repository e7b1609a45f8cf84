//! The opposite of every record, staged where what it left still holds.
//!
//! Bodies are reversed last first and staged one by one, so that each is compared with what the earlier ones of
//! the same act left. Already as before counts as reversed. Tasks that a human touched stay and are named.
//! One file because the list of records and their opposites is read side by side.

use super::super::super::Desk;
use super::super::super::act::{Act, DeskError};
use super::super::super::words::book::BookWords;
use super::super::super::words::snippet::SnippetWords;
use super::super::super::words::view::SavedViewWords;
use super::kept::Kept;
use crate::store::record::{AskKey, Edited, Work};
use crate::store::{Body, keys};

/// Puts one field back where it still holds what was set; `differs` becomes true where it holds something else.
pub(super) fn put_back<T: Clone + PartialEq>(now: &mut T, before: &T, after: &T, differs: &mut bool) {
    if before == after || *now == *before {
        return;
    }
    if *now == *after {
        now.clone_from(before);
    } else {
        *differs = true;
    }
}

impl Desk {
    /// Stages the opposite of a body; what cannot be put back is named in `kept`.
    pub(super) fn reverse(&mut self, act: &Act, body: &Body, kept: &mut Kept) -> Result<(), DeskError> {
        match body {
            Body::RulesSet { before, after, .. } => self.reverse_rules(act, before, after, kept),
            Body::CalendarYearSet { year, before, after } => {
                self.reverse_calendar(act, *year, before, after, kept)
            }
            Body::CampaignSet { id, before, after } => {
                self.reverse_campaign(act, id, before.as_ref(), after.as_ref(), kept)
            }
            Body::AccountMade(account) => self.archive_again(act, Edited::Account(account.id), kept),
            Body::GroupMade(group) => self.archive_again(act, Edited::Group(group.id), kept),
            Body::ProductMade(product) => self.archive_again(act, Edited::Product(product.id), kept),
            Body::MemberMade(member) => self.archive_again(act, Edited::Member(member.id), kept),
            Body::Edited { object, changes } => self.reverse_fields(act, *object, changes, kept),
            Body::ContactSet { before, after } => {
                self.reverse_contact(act, before.as_ref(), after.as_ref(), kept)
            }
            Body::MembershipSet { before, after } => {
                self.reverse_stay(act, before.as_ref(), after.as_ref(), kept)
            }
            Body::Happened(activity) => {
                if !kept.holds_news(activity) && self.has_activity(activity)? {
                    self.put(act, Body::Unhappened(activity.clone()), kept)?;
                }
                Ok(())
            }
            Body::Unhappened(activity) => {
                if !kept.holds_news(activity) && !self.has_activity(activity)? {
                    self.put(act, Body::Happened(activity.clone()), kept)?;
                }
                Ok(())
            }
            Body::NoteAdded { note, on, text } => {
                if self.store.bodies.has(&keys::note(*on, *note))? {
                    let body = Body::NoteRemoved { note: *note, on: *on, text: text.clone() };
                    self.put(act, body, kept)?;
                }
                Ok(())
            }
            Body::NoteRemoved { note, on, text } => {
                if !self.store.bodies.has(&keys::note(*on, *note))? {
                    let body = Body::NoteAdded { note: *note, on: *on, text: text.clone() };
                    self.put(act, body, kept)?;
                }
                Ok(())
            }
            Body::PlaybookApplied { playbook, version, before, was, .. } => {
                self.reverse_applied(act, playbook, *version, *before, *was, kept)
            }
            Body::PlaybookSet { playbook, before, after } => {
                self.reverse_playbook_set(act, playbook, *before, *after, kept)
            }
            Body::Enrolled(enrolment) => match self.store.enrolment(enrolment.id)? {
                Some(enrolment) => self.end_undone(act, &enrolment, kept),
                None => Ok(()),
            },
            Body::EnrolmentChanged { enrolment, before, after } => {
                self.reverse_enrolment(act, *enrolment, before, after, kept)
            }
            Body::TaskFired(task) => self.reverse_fired(act, task.id, &task.status, kept),
            Body::TaskChanged { task, before, after } => self.reverse_task(act, *task, before, after, kept),
            Body::TaskJoined { task, enrolment, member, undone } => {
                let Some(now) = self.store.task(*task)? else { return Ok(()) };
                if now.of.contains(enrolment) != *undone {
                    let body = Body::TaskJoined {
                        task: *task,
                        enrolment: *enrolment,
                        member: *member,
                        undone: !undone,
                    };
                    self.put(act, body, kept)?;
                }
                Ok(())
            }
            Body::Touched(touch) => {
                let stays = !touch.duplicate && kept.holds_task(touch.task);
                if !stays && self.store.bodies.has(&keys::touch_of(touch.task, touch.id))? {
                    self.put(act, Body::Untouched(touch.clone()), kept)?;
                }
                Ok(())
            }
            Body::Untouched(touch) => {
                let stays = !touch.duplicate && kept.holds_task(touch.task);
                if !stays && !self.store.bodies.has(&keys::touch_of(touch.task, touch.id))? {
                    self.put(act, Body::Touched(touch.clone()), kept)?;
                }
                Ok(())
            }
            Body::Answered { ask, before, after } => {
                let now = self.store.columns.answers.get(ask).cloned();
                if now == *after && before != after {
                    let was = self.answer(&ask.playbook, ask.run, ask.group, &ask.key);
                    let was = was.unwrap_or_default().to_owned();
                    let (before, after) = (after.clone(), before.clone());
                    self.put(act, Body::Answered { ask: ask.clone(), before, after }, kept)?;
                    // what was fired by the list since; what the act itself offered is among its own changes
                    let applied = self.playbooks.current(&ask.playbook, &self.store.columns);
                    if applied.is_some_and(|of| self.follows_list(&of, &ask.key).unwrap_or(false)) {
                        let AskKey { playbook, run, group, key } = ask.clone();
                        self.undertake(act, Work::OfferAgain { playbook, run, group, key, was })?;
                    }
                } else if now != *before {
                    let name = ask.playbook.to_string();
                    let values: [(&str, &dyn std::fmt::Display); 2] = [("name", &name), ("field", &ask.key)];
                    kept.words.push(BookWords::KeptField.fill(act.lang, &values));
                }
                Ok(())
            }
            Body::DayOffSet { playbook, day, before, after } => {
                let now = self.store.columns.days_off.contains(&(playbook.clone(), *day));
                if now == *after && before != after {
                    let back = Body::DayOffSet {
                        playbook: playbook.clone(),
                        day: *day,
                        before: *after,
                        after: *before,
                    };
                    self.put(act, back, kept)?;
                    let (playbook, day, notice) = (playbook.clone(), *day, String::new());
                    if *before {
                        // off once more: so is what came due of it since, once what the act itself ended has ended by it
                        kept.works.push(Work::DayOff { playbook, day, notice });
                    } else {
                        // what waits for the end of the day is looked at again
                        self.undertake(act, Work::Resume { playbook })?;
                    }
                }
                Ok(())
            }
            Body::SnippetSet { name, before, after } => {
                let now = self.store.columns.snippets.get(name).map(|column| column.body.clone());
                if now == *after && before != after {
                    let (before, after) = (after.clone(), before.clone());
                    self.put(act, Body::SnippetSet { name: name.clone(), before, after }, kept)?;
                } else if now != *before {
                    kept.words.push(SnippetWords::Changed.fill(act.lang, &[("name", name)]));
                }
                Ok(())
            }
            Body::ViewSet { name, before, after } => {
                let now = self.store.columns.saved_views.get(name).cloned();
                if let Some(words) = self.in_use(name, before.as_ref(), act.lang) {
                    kept.words.push(words);
                } else if now == *after && before != after {
                    let (before, after) = (after.clone(), before.clone());
                    self.put(act, Body::ViewSet { name: name.clone(), before, after }, kept)?;
                    self.view_changed(name);
                } else if now != *before {
                    kept.words.push(SavedViewWords::Changed.fill(act.lang, &[("name", name)]));
                }
                Ok(())
            }
            Body::TargetPaused { target, before, after } => {
                let now = self.store.columns.paused.get(target).copied();
                if now == *after && before != after {
                    let (before, after) = (*after, *before);
                    self.put(act, Body::TargetPaused { target: *target, before, after }, kept)?;
                } else if now != *before {
                    let name = self.display_name(*target);
                    let what = BookWords::PausedWord.text(act.lang);
                    let values: [(&str, &dyn std::fmt::Display); 2] = [("name", &name), ("field", &what)];
                    kept.words.push(BookWords::KeptField.fill(act.lang, &values));
                }
                Ok(())
            }
            Body::ImportApplied { changes, .. } => {
                for change in changes.iter().rev() {
                    self.reverse(act, change, kept)?;
                }
                Ok(())
            }
            // what goes on of the act goes no further, and goes on where that is taken back
            Body::WorkLeft { act: of, by, undo_of, work } => {
                let (act_of, by, undo_of, work) = (*of, by.clone(), *undo_of, work.clone());
                if self.is_left(act_of, &work) {
                    self.put(act, Body::WorkDone { act: act_of, by, undo_of, work }, kept)?;
                }
                Ok(())
            }
            Body::WorkDone { act: of, by, undo_of, work } => {
                let (act_of, by, undo_of, work) = (*of, by.clone(), *undo_of, work.clone());
                // what this act has begun itself is not begun once more
                let is_begun = self.is_left(act.id, &work);
                if !is_begun && !self.is_left(act_of, &work) {
                    self.put(act, Body::WorkLeft { act: act_of, by, undo_of, work }, kept)?;
                }
                Ok(())
            }
            Body::StoreMade { .. }
            | Body::ImportBegun { .. }
            | Body::ImportRows { .. }
            | Body::ImportCommitted { .. }
            | Body::ReversalBegun { .. }
            | Body::ReversalMoved { .. }
            | Body::ClockConfirmed { .. }
            | Body::ClockSeen
            | Body::DayTaken { .. }
            | Body::SnippetUsed { .. }
            | Body::Forgotten => Ok(()),
        }
    }
}
