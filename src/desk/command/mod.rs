//! Commands: a file per verb family.
//!
//! A command validates everything before it stages anything: refused means that nothing was changed. It gives
//! its records to [`Desk::perform`], which stages each together with what follows from it.

mod along;
mod ask;
mod book;
mod by_hand;
mod calendar;
mod campaign;
mod campaign_texts;
mod catch_up;
mod complaint;
mod compose;
pub(in crate::desk) mod correct;
mod day_off;
mod describe;
mod draft;
mod enrol;
mod got;
mod half_told;
mod import;
pub(crate) mod limit;
mod made;
mod many;
mod marking;
pub(crate) mod merge;
mod note;
mod replied;
mod rules;
mod saved_view;
mod saw;
mod saw_whole;
mod shared_answers;
mod skip;
mod snippet;
mod sop;
mod sop_texts;
mod task;
mod tell;
mod texts;
pub(crate) mod transfer;
mod undo;
mod waves;
mod work;

use crate::text::lang::Lang;
pub(crate) use campaign::CAMPAIGN_OVER;
pub(in crate::desk) use campaign_texts::{Part, compose_of};
pub(in crate::desk) use compose::{Drafted, Said};
pub(crate) use enrol::{Rehearsals, no_entry};
pub(crate) use import::Imports;
pub(crate) use undo::Reversing;
pub(crate) use work::Works;
pub(in crate::desk) use work::{Sought, wrong_of};

use std::collections::{HashMap, VecDeque};

use super::act::{Act, DeskError};
use super::{Desk, Now, Session};
use crate::book::CommandId;
use crate::door::reply::Outcome;
use crate::door::{Command, Refusal, RefusalKind, Reply, Saw};
use crate::text::shell::quoted;

pub(crate) use correct::HELD_CORRECTION;
pub(crate) use skip::DO_NOT_DISTURB;
pub(crate) use task::next_rev;

/// How many first outcomes are kept word for word; older repeats are answered from the act they became.
const OUTCOMES_KEPT: usize = 1_000;

/// First outcomes of recent commands.
#[derive(Default)]
pub struct Outcomes {
    by_command: HashMap<CommandId, Reply>,
    order: VecDeque<CommandId>,
    /// How many of the newest belong to the turn that is not committed yet.
    this_turn: usize,
}

impl Outcomes {
    fn get(&self, command: CommandId) -> Option<&Reply> {
        self.by_command.get(&command)
    }

    fn keep(&mut self, command: CommandId, reply: Reply) {
        if self.by_command.insert(command, reply).is_none() {
            self.order.push_back(command);
            self.this_turn += 1;
        }
        while self.order.len() > OUTCOMES_KEPT {
            if let Some(oldest) = self.order.pop_front() {
                self.by_command.remove(&oldest);
            }
        }
    }

    /// What was kept before this holds.
    pub(super) fn settle_turn(&mut self) {
        self.this_turn = 0;
    }

    /// The commit failed: a repeat must be carried out.
    pub(super) fn forget_last_turn(&mut self) {
        for _ in 0..self.this_turn {
            if let Some(newest) = self.order.pop_back() {
                self.by_command.remove(&newest);
            }
        }
        self.this_turn = 0;
    }
}

impl Desk {
    /// Carries out a command, once for each command id. None for one that goes on in slices and is answered at its end.
    pub(super) fn do_command(
        &mut self,
        session: &Session,
        command_id: CommandId,
        command: Command,
        saw: Option<&Saw>,
        now: Now,
    ) -> Option<Reply> {
        if let Some(reply) = self.outcomes.get(command_id) {
            return Some(reply.clone());
        }
        match crate::store::acts::of_command(command_id, &self.store.bodies) {
            Ok(Some(act)) if self.leaves_work(act) => {
                self.works.wait_again(act, command_id, session.lang);
                return None;
            }
            Ok(Some(act)) => return Some(Reply::Done(self.outcome_again(act, session.lang))),
            Ok(None) => {}
            Err(error) => return Some(Reply::Refused(DeskError::from(error).refusal())),
        }
        if let Some(refusal) = self.no_writing(session) {
            return Some(Reply::Refused(refusal));
        }
        let act = self.act(session, Some(command_id), now.wall);
        let staged = self.store.staged();
        let (closed, filled) = (self.changed.closed.len(), self.changed.filled.len());
        let seen = self.must_be_as_seen(&act, &command, saw);
        let done = seen.and_then(|written_over| match command {
            Command::Enrol { playbook, targets, filter, anchor, dry_run } => {
                self.enrol(&act, &playbook, &targets, &filter, anchor, dry_run)
            }
            Command::Compose { compose, dry_run } => self.compose(&act, &compose, dry_run),
            command => {
                let mut outcome = self.dispatch(&act, command, now)?;
                outcome.warnings.extend(written_over);
                Ok(Some(outcome))
            }
        });
        let mut goes_on = false;
        let reply = match done {
            Ok(None) => return None,
            Ok(Some(mut outcome)) => {
                if self.store.staged() > staged {
                    outcome.act.get_or_insert(act.id);
                }
                for (group, n) in self.changed.closed.get(closed..).unwrap_or_default() {
                    let name = self.display_name(crate::book::Target::Group(*group));
                    let hint = format!("qun group move {} --to …", quoted(&name));
                    let words = super::words::Words::GroupClosed.fill(act.lang, &[("n", n), ("hint", &hint)]);
                    outcome.warnings.push(words);
                }
                for (group, tasks, n) in self.changed.filled.get(filled..).unwrap_or_default() {
                    let name = self.display_name(crate::book::Target::Group(*group));
                    let hint = format!("qun group move {} --to …", quoted(&name));
                    let values: [(&str, &dyn std::fmt::Display); 3] =
                        [("tasks", tasks), ("n", n), ("hint", &hint)];
                    outcome.warnings.push(super::words::Words::GroupFilled.fill(act.lang, &values));
                }
                let works = outcome.act.unwrap_or(act.id);
                goes_on = self.waits_for_work(works, command_id, &mut outcome, act.lang);
                Reply::Done(outcome)
            }
            Err(error) => Reply::Refused(error.refusal()),
        };
        if goes_on {
            return None;
        }
        // a refusal may be tried again; what was done may not
        if matches!(reply, Reply::Done(_)) {
            self.outcomes.keep(command_id, reply.clone());
        }
        Some(reply)
    }

    /// Why nothing can be written now; none while it can.
    pub(super) fn no_writing(&self, session: &Session) -> Option<Refusal> {
        let why = self.unwritable.as_ref().filter(|_| self.is_full() || self.store.is_index_behind())?;
        Some(Refusal::new(RefusalKind::Store, why.sentence(session.lang)).hint("qun doctor"))
    }

    fn dispatch(&mut self, act: &Act, command: Command, now: Now) -> Result<Outcome, DeskError> {
        match command {
            Command::Create { kind, fields } => self.create(act, kind, &fields),
            Command::Edit { objects, fields } => self.edit(act, &objects, &fields),
            Command::Archive { object } => self.archive(act, object),
            Command::Restore { kind, text } => self.restore(act, kind, &text),
            Command::AddGroups { names, account } => self.add_groups(act, &names, account),
            Command::Tell(tell) => self.tell(act, &tell),
            Command::Note { on, text } => self.note(act, &on, &text),
            Command::FollowUp { on, words, at } => self.follow_up(act, &on, &words, at),
            Command::Task { tasks, verb } => self.task_verb(act, &tasks, &verb),
            Command::Reply { member, task, answer, at } => self.replied(act, member, task, answer, at),
            Command::Undo { act: which } => self.undo(act, which),
            Command::Redo => self.redo(act),
            Command::Fill { playbook, run, group, key, value } => {
                self.fill(act, &playbook, run, group, &key, &value)
            }
            Command::Halt { task } => self.halt(act, task),
            Command::Correct { task, text, notice, part } => {
                self.correct(act, task, (&text, part), notice.as_deref())
            }
            Command::SopPause { playbook } => self.sop_pause(act, &playbook),
            Command::SopResume { playbook } => self.sop_resume(act, &playbook),
            Command::SopDayOff { playbook, notice } => self.sop_day_off(act, &playbook, &notice),
            Command::SopRemove { playbook } => self.sop_remove(act, &playbook),
            Command::CampaignAdd { campaign } => self.campaign_add(act, &campaign),
            Command::SopAdd { toml, file, new_only, base } => self.sop_add(act, &toml, &file, new_only, base),
            // their dry runs may take many turns, and they are begun apart
            Command::Enrol { .. } | Command::Compose { .. } => Ok(Outcome::default()),
            Command::ComposeWithdraw { id } => self.withdraw(act, &id),
            Command::CampaignEdit { campaign } => self.campaign_edit(act, &campaign),
            Command::CampaignStop { id } => self.campaign_stop(act, &id),
            Command::Unenrol { enrolments } => self.unenrol(act, &enrolments),
            Command::Pause { targets, until } => self.pause(act, &targets, until),
            Command::Merge { tasks } => self.merge(act, &tasks),
            Command::Limit { account, health, held } => self.limit(act, account, &health, held),
            Command::Transfer { from, to, how } => self.transfer(act, from, to, how),
            Command::Unpause { targets } => self.unpause(act, &targets),
            Command::ImportBegin { file, account, group } => self.import_begin(act, &file, account, group),
            Command::ImportCommit { import, dry_run } => self.import_commit(act, import, dry_run),
            Command::ImportDrop { import } => self.import_drop(act, import),
            Command::SnippetSet { before, snippet } => self.snippet_set(act, before.as_deref(), &snippet),
            Command::SnippetsImport { snippets } => self.snippets_import(act, &snippets),
            Command::SnippetRemove { name } => self.snippet_remove(act, &name),
            Command::ViewSet { before, view } => self.view_set(act, before.as_deref(), &view),
            Command::ViewRemove { name } => self.view_remove(act, &name),
            Command::SnippetUsed { name } => self.snippet_used(act, &name),
            Command::SetRules { toml } => self.set_rules(act, &toml),
            Command::SetCalendar { toml } => self.set_calendar(act, &toml),
            Command::CatchUp { playbook, choice } => self.catch_up(act, playbook.as_ref(), choice),
            Command::ConfirmClock => self.confirm_clock(act, now),
            Command::Tick => {
                self.tick.due = true;
                Ok(Outcome::default())
            }
        }
    }
}

/// A refusal about a name that nothing has, with the nearest of those that there are.
fn none_called<'a>(name: &str, names: impl Iterator<Item = &'a str>, words: String, lang: Lang) -> DeskError {
    let refusal = Refusal::new(RefusalKind::NotFound, words);
    let near = crate::text::near::nearest(name, names, 3).join(" ");
    if near.is_empty() {
        return refusal.into();
    }
    refusal.hint(super::words::Words::Nearest.fill(lang, &[("near", &near)])).into()
}

/// A refusal about something that is not there.
pub(super) fn not_found(what: &str, words: impl Into<String>) -> DeskError {
    Refusal::new(RefusalKind::NotFound, words).about(what).into()
}
