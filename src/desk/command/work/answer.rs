//! What is said of works: whom a command is answered, when its work is done, and with what it came to.

use super::super::super::act::Act;
use super::super::super::words::book::BookWords;
use super::super::super::{ClientId, Desk};
use super::{Counts, Works};
use crate::book::{ActId, CommandId};
use crate::door::compose::{ComposeReport, is_one_off};
use crate::door::reply::Outcome;
use crate::door::{Refusal, Reply};
use crate::store::Body;
use crate::store::acts;
use crate::text::lang::Lang;

/// Works that an act has left at most that did nothing else.
const WORKS_ALONE: u32 = 4;

/// Says what an act came to.
pub(super) type Say = Box<dyn FnOnce(Counts, &mut Outcome) + Send>;

/// A command that is answered when its work is done.
pub(super) struct Waiting {
    pub act: ActId,
    pub command_id: Option<CommandId>,
    pub outcome: Outcome,
    pub lang: Lang,
    pub clients: Vec<(ClientId, u64)>,
}

impl Works {
    /// A command whose work goes on: one more waits for its answer.
    pub(in crate::desk) fn join(&mut self, command: CommandId, client: ClientId, tag: u64) -> bool {
        let known = self.waiting.iter_mut().find(|waiting| waiting.command_id == Some(command));
        known.map(|waiting| waiting.clients.push((client, tag))).is_some()
    }

    /// The answer to the command that was begun just now goes there; false where it left no work.
    pub(in crate::desk) fn answer_to(&mut self, client: ClientId, tag: u64) -> bool {
        let begun = self.waiting.last_mut().filter(|waiting| waiting.clients.is_empty());
        begun.map(|waiting| waiting.clients.push((client, tag))).is_some()
    }

    /// What an act came to is said so.
    pub(in super::super) fn say(&mut self, act: &Act, say: impl FnOnce(&Counts) -> String + Send + 'static) {
        self.say_all(act.id, move |counts, outcome| outcome.words = say(&counts));
    }

    /// The same, of all that the outcome tells.
    pub(in super::super) fn say_all(
        &mut self,
        act: ActId,
        say: impl FnOnce(Counts, &mut Outcome) + Send + 'static,
    ) {
        self.says.insert(act, Box::new(say));
    }

    /// A command that was begun by another process, and whose work goes on, is asked again.
    pub(in super::super) fn wait_again(&mut self, act: ActId, command_id: CommandId, lang: Lang) {
        let outcome = Outcome { act: Some(act), ..Outcome::default() };
        let command_id = Some(command_id);
        self.waiting.push(Waiting { act, command_id, outcome, lang, clients: Vec::new() });
    }

    /// What stays of what an act would take back, in sentences; each is given once.
    pub(in super::super) fn what_stays(&mut self, act: ActId, lang: Lang) -> Vec<String> {
        self.counts.get_mut(&act).map(|counts| counts.what_stays(lang)).unwrap_or_default()
    }

    /// True where somebody waits for what an act comes to.
    pub(super) fn is_waited_for(&self, act: ActId) -> bool {
        self.says.contains_key(&act) || self.waiting.iter().any(|waiting| waiting.act == act)
    }
}

impl Desk {
    /// Keeps the answer to a command whose work goes on; false where none of it does, and the outcome says what it came
    /// to.
    pub(in super::super) fn waits_for_work(
        &mut self,
        act: ActId,
        command_id: CommandId,
        outcome: &mut Outcome,
        lang: Lang,
    ) -> bool {
        if !self.leaves_work(act) {
            let counts = self.works.counts.remove(&act).unwrap_or_default();
            self.come_to(act, counts, outcome, lang);
            return false;
        }
        outcome.act = Some(act);
        let (outcome, clients) = (outcome.clone(), Vec::new());
        self.works.waiting.push(Waiting { act, command_id: Some(command_id), outcome, lang, clients });
        true
    }

    /// Says in an outcome what an act came to.
    fn come_to(&mut self, act: ActId, mut counts: Counts, outcome: &mut Outcome, lang: Lang) {
        outcome.made.extend(counts.made.iter().copied());
        outcome.warnings.extend(counts.what_stays(lang));
        self.works.looks.remove(&act);
        let failed = std::mem::take(&mut counts.failed);
        if let Some(say) = self.works.says.remove(&act) {
            say(counts, outcome);
        }
        outcome.warnings.extend(failed);
    }

    /// What stands in the book of an act whose command is asked again.
    pub(in super::super) fn outcome_again(&self, act: ActId, lang: Lang) -> Outcome {
        // a name that cannot be read is no reason to do it twice
        let words = self.describe_act(act, lang).unwrap_or_default();
        let compose = match acts::first_of(act, &self.store.bodies) {
            Ok(Some(Body::PlaybookApplied { playbook, .. })) if is_one_off(&playbook) => {
                let head = acts::head(act, &self.store.bodies).ok().flatten();
                let gets = head.map_or(0, |head| head.counts.enrolled);
                let (id, title) = (Some(playbook.clone()), self.title(&playbook));
                Some(Box::new(ComposeReport { id, title, gets, matched: gets, ..ComposeReport::default() }))
            }
            _ => None,
        };
        Outcome { act: Some(act), words, compose, ..Outcome::default() }
    }

    /// Whether an act has done nothing but look: its work found nobody, and none of it is left.
    fn did_nothing(&self, act: ActId) -> bool {
        let Ok(Some(head)) = acts::head(act, &self.store.bodies) else { return false };
        let is_work = |number| {
            let body = acts::body_of(act, number, &self.store.bodies);
            matches!(body, Ok(Some(Body::WorkLeft { .. })))
        };
        head.bodies <= WORKS_ALONE && (0..head.bodies).all(is_work)
    }

    /// The answers of commands whose work is done, once that is durable.
    pub(in crate::desk) fn finished_works(&mut self) -> Vec<(ClientId, u64, Reply)> {
        let left: Vec<ActId> = self.store.columns.works.iter().map(|left| left.act).collect();
        self.works.walks.retain(|act, _| left.contains(act));
        self.works
            .counts
            .retain(|act, _| left.contains(act) || self.works.waiting.iter().any(|w| w.act == *act));
        let waiting = std::mem::take(&mut self.works.waiting);
        let (waiting, finished): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|w| left.contains(&w.act));
        self.works.waiting = waiting;
        let mut answers = Vec::new();
        for Waiting { act, command_id, mut outcome, clients, lang } in finished {
            let counts = self.works.counts.remove(&act).unwrap_or_default();
            self.come_to(act, counts, &mut outcome, lang);
            if outcome.words.is_empty() {
                outcome = Outcome { warnings: outcome.warnings, ..self.outcome_again(act, lang) };
            }
            if self.did_nothing(act) {
                outcome.act = None;
            }
            let reply = Reply::Done(outcome);
            if let Some(command) = command_id {
                self.outcomes.keep(command, reply.clone());
                self.outcomes.settle_turn();
            }
            answers.extend(clients.into_iter().map(|(client, tag)| (client, tag, reply.clone())));
        }
        answers
    }

    /// Nothing can be written: nobody waits on. What was promised goes on when there is room again, and is said to; what
    /// was not is refused.
    pub(in crate::desk) fn works_hold(&mut self, refusal: &Refusal) -> Vec<(ClientId, u64, Reply)> {
        // what was counted may have been taken back
        self.works.walks.clear();
        self.works.counts.clear();
        self.works.says.clear();
        let mut answers = Vec::new();
        for waiting in std::mem::take(&mut self.works.waiting) {
            let Waiting { act, outcome, lang, clients, .. } = waiting;
            let reply = if self.leaves_work(act) {
                let mut what = outcome.words.clone();
                if what.is_empty() {
                    // what it comes to is said at its end: so far it is what stands in the book
                    what = self.outcome_again(act, lang).words;
                }
                let words = BookWords::GoesOn.fill(lang, &[("what", &what)]);
                Reply::Done(Outcome { words, going_on: true, ..outcome })
            } else {
                Reply::Refused(refusal.clone())
            };
            answers.extend(clients.into_iter().map(|(client, tag)| (client, tag, reply.clone())));
        }
        answers
    }
}
