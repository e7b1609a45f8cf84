//! The store's rules, and pauses of a target.
//!
//! Rules come as the text of a file, which is read strictly ([`crate::queue::rules`]). What is kept is the text
//! itself, comments and all: the last applied one is the truth, the file beside the journal is what people edit.

#![allow(clippy::result_large_err, reason = "a refusal is made once a command and answered at once")]

use std::collections::BTreeSet;

use chrono::Datelike as _;

use super::super::act::{Act, DeskError};
use super::super::words::book::BookWords;
use super::super::{Desk, Output, Turn};
use super::describe::and_others;
use super::marking::AT_ONCE;
use crate::book::{CapScope, RuleScope, Rules, Target, Timestamp};
use crate::door::form::Kind;
use crate::door::reply::Outcome;
use crate::door::{Push, Refusal, RefusalKind};
use crate::queue::rules::{self, RulesWords};
use crate::store::record::{PauseState, Work};
use crate::store::{Body, By};
use crate::text::clean::for_display;
use crate::text::lang::Lang;
use crate::text::near::nearest;

/// Names that are compared for the nearest one.
const NAMES_COMPARED: usize = 2_000;

/// The refusal of a file that says something wrong.
fn wrong(problem: &rules::Problem, lang: Lang) -> Refusal {
    let why = for_display(&problem.words(lang)).into_owned();
    let mut refusal = Refusal::new(RefusalKind::Invalid, BookWords::RulesWrong.fill(lang, &[("why", &why)]))
        .about("rules.toml")
        .hint("qun rules check");
    refusal.line = Some(problem.line);
    refusal.column = Some(problem.column);
    refusal
}

/// `rules.toml:4:9: what is wrong`.
fn fault_words(problem: &rules::Problem, lang: Lang) -> String {
    format!("rules.toml:{}:{}: {}", problem.line, problem.column, for_display(&problem.words(lang)))
}

impl Desk {
    /// Applies the text of a file. What says the same as what holds changes nothing.
    pub(in crate::desk) fn set_rules(&mut self, act: &Act, toml: &str) -> Result<Outcome, DeskError> {
        let after = if toml.trim().is_empty() { self.default_rules() } else { toml.to_owned() };
        let read = rules::read_with(&after, Some(&self.named_views()))
            .map_err(|problem| wrong(&problem, act.lang))?;
        self.rules_fault = None;
        let warnings = self.rules_warnings(&read, act.lang);
        let before = self.store.columns.rules_toml.clone();
        if read.rules == self.store.columns.rules && (before == after || before.is_empty()) {
            let words = BookWords::RulesSame.text(act.lang).to_owned();
            return Ok(Outcome { words, warnings, ..Outcome::default() });
        }
        let body = Body::RulesSet { before, after, file: true };
        let words = self.describe(std::slice::from_ref(&body), act.lang);
        let hours = self.store.columns.rules.quiet.clone();
        self.perform(act, vec![body])?;
        self.rules_changed();
        if hours != self.store.columns.rules.quiet {
            // what has come already stays
            self.undertake(act, Work::QuietAgain { since: Timestamp(act.at.0.saturating_add(1)) })?;
        }
        Ok(Outcome { words, warnings, ..Outcome::default() })
    }

    /// What a human should know about rules that can be used as they are.
    fn rules_warnings(&self, read: &rules::Read, lang: Lang) -> Vec<String> {
        let columns = &self.store.columns;
        let mut warnings = Vec::new();
        let this = columns.store.last_at.day(columns.store.zone).year();
        if let Some(year) = columns.holidays.unknown_soon(this) {
            let words = |line: &u32| RulesWords::Workdays.fill(lang, &[("line", line), ("year", &year)]);
            warnings.extend(read.workdays.iter().map(words));
        }
        for (line, scope) in &read.named {
            let known = match scope.of {
                CapScope::Store => true,
                CapScope::Playbook => columns
                    .playbooks
                    .iter()
                    .any(|(id, column)| id.0 == scope.name || column.title == scope.name),
                CapScope::Group => {
                    columns.groups.iter().any(|(_, id, _)| self.bears(Target::Group(id), &scope.name))
                }
                CapScope::Account => {
                    columns.accounts.iter().any(|(_, id, _)| self.bears(Target::Account(id), &scope.name))
                }
                CapScope::Member => {
                    columns.members.iter().any(|(_, id, _)| self.bears(Target::Member(id), &scope.name))
                }
            };
            if !known {
                let name = for_display(&scope.name).into_owned();
                let near = self.nearest_of(scope).map(|near| {
                    let near = for_display(near);
                    BookWords::RulesNear.fill(lang, &[("name", &near)])
                });
                let (kind, near) = (scope.of.label(lang), near.unwrap_or_default());
                let values: [(&str, &dyn std::fmt::Display); 4] =
                    [("line", line), ("kind", &kind), ("name", &name), ("near", &near)];
                warnings.push(BookWords::RulesNobody.fill(lang, &values));
            }
        }
        warnings
    }

    /// The name that is nearest to the one that a rule is about, of the first so many.
    fn nearest_of(&self, scope: &RuleScope) -> Option<&str> {
        let columns = &self.store.columns;
        let names: Vec<&str> = match scope.of {
            CapScope::Store => Vec::new(),
            CapScope::Playbook => {
                let ids = columns.playbooks.keys().map(|id| id.0.as_str());
                ids.chain(columns.playbooks.values().map(|column| column.title.as_str())).collect()
            }
            CapScope::Group => columns.groups.iter().map(|(_, _, group)| group.body.name.as_str()).collect(),
            CapScope::Account => {
                columns.accounts.iter().map(|(_, _, account)| account.body.name.as_str()).collect()
            }
            CapScope::Member => {
                columns.members.iter().take(NAMES_COMPARED).map(|(_, _, member)| member.name()).collect()
            }
        };
        nearest(&scope.name, names.into_iter().take(NAMES_COMPARED), 1).first().copied()
    }

    /// The file beside the journal, as its owner's process has read it. A text that was applied before, also one that
    /// an undo took back since, is no change; another one is applied, or refused and told until it is mended.
    pub(in crate::desk) fn rules_file(
        &mut self,
        text: &str,
        now: Timestamp,
        turn: &mut Turn,
    ) -> Result<(), DeskError> {
        let columns = &self.store.columns;
        if text == columns.rules_toml || text == columns.rules_file || text.trim().is_empty() {
            self.rules_fault = None;
            return Ok(());
        }
        let lang = self.options.lang;
        let read = match rules::read_with(text, Some(&self.named_views())) {
            Ok(read) => read,
            Err(problem) => {
                if self.rules_fault.as_ref() != Some(&problem) {
                    turn.outputs.push(Output::Log(fault_words(&problem, lang)));
                    self.push_each(turn, |lang| Push::Rules {
                        ok: false,
                        words: fault_words(&problem, lang),
                    });
                }
                self.rules_fault = Some(problem);
                return Ok(());
            }
        };
        let by = By {
            operator: self.options.owner.clone(),
            from: "rules.toml".to_owned(),
            via: "file".to_owned(),
        };
        let act = Act { by, lang, ..self.tick_act(now) };
        let staged = self.store.staged();
        self.set_rules(&act, text)?;
        if self.store.staged() > staged {
            let words = |lang| {
                let said = std::iter::once(BookWords::RulesSet.text(lang).to_owned());
                let said: Vec<String> = said.chain(self.rules_warnings(&read, lang)).collect();
                format!("rules.toml: {}", said.join("; "))
            };
            turn.outputs.push(Output::Log(words(lang)));
            self.push_each(turn, |lang| Push::Rules { ok: true, words: words(lang) });
        }
        Ok(())
    }

    /// Why the file of rules is not applied, with its place; none while it is.
    pub(in crate::desk) fn rules_fault_words(&self, lang: Lang) -> Option<String> {
        self.rules_fault.as_ref().map(|problem| fault_words(problem, lang))
    }

    /// The rules a store begins with, in its own zone.
    pub(super) fn default_rules(&self) -> String {
        let rules = Rules { zone: self.store.columns.store.zone.name().to_owned(), ..Rules::default() };
        toml::to_string(&rules).unwrap_or_default()
    }

    pub(super) fn pause(
        &mut self,
        act: &Act,
        targets: &[Target],
        until: Option<Timestamp>,
    ) -> Result<Outcome, DeskError> {
        if until.is_some_and(|until| until <= act.at) {
            let words = BookWords::PauseIntoPast.text(act.lang);
            return Err(Refusal::new(RefusalKind::Invalid, words).into());
        }
        self.set_pauses(act, targets, Some(PauseState { until }), BookWords::PausedAlready)
    }

    pub(super) fn unpause(&mut self, act: &Act, targets: &[Target]) -> Result<Outcome, DeskError> {
        // a pause that is over is no pause; taking it away is no act
        self.set_pauses(act, targets, None, BookWords::NotPaused)
    }

    /// One act for all of them; those that are so already are passed over, and where it is all of them that is said.
    fn set_pauses(
        &mut self,
        act: &Act,
        targets: &[Target],
        after: Option<PauseState>,
        already: BookWords,
    ) -> Result<Outcome, DeskError> {
        let all: BTreeSet<Target> = targets.iter().copied().collect();
        if all.len() > AT_ONCE {
            return self.pause_many(act, all, after, already);
        }
        let mut bodies = Vec::new();
        for target in all {
            self.target_is_there(act, target)?;
            let before = self.store.columns.paused.get(&target).copied();
            if before != after {
                bodies.push(Body::TargetPaused { target, before, after });
            }
        }
        if bodies.is_empty() {
            let names: Vec<String> =
                targets.iter().take(3).map(|target| self.display_name(*target)).collect();
            return Err(Self::refused(already.fill(act.lang, &[("name", &names.join(", "))])));
        }
        let mut words = self.describe(&bodies, act.lang);
        let due: usize =
            if after.is_some() { targets.iter().map(|target| self.due_to(*target)).sum() } else { 0 };
        if due > 0 {
            // a pause is of what is to come; what is in the queue is a human's to skip
            words = format!("{words}; {}", BookWords::PausedDueStays.fill(act.lang, &[("n", &due)]));
        }
        self.perform(act, bodies)?;
        Ok(Outcome { words, ..Outcome::default() })
    }

    /// The same of more than one turn does, in slices.
    fn pause_many(
        &mut self,
        act: &Act,
        targets: BTreeSet<Target>,
        after: Option<PauseState>,
        already: BookWords,
    ) -> Result<Outcome, DeskError> {
        for target in &targets {
            self.target_is_there(act, *target)?;
        }
        let paused = &self.store.columns.paused;
        let first = targets.iter().find(|target| paused.get(target).copied() != after);
        let Some(first) = first else {
            let names: Vec<String> =
                targets.iter().take(3).map(|target| self.display_name(*target)).collect();
            return Err(Self::refused(already.fill(act.lang, &[("name", &names.join(", "))])));
        };
        let (lang, name, zone) = (act.lang, self.display_name(*first), self.store.columns.store.zone);
        self.works.say(act, move |counts| {
            let said = paused_so(&and_others(name, counts.done, lang), after, zone, lang);
            if counts.later == 0 {
                return said;
            }
            format!("{said}; {}", BookWords::PausedDueStays.fill(lang, &[("n", &counts.later)]))
        });
        self.undertake(act, Work::Pause { targets: targets.into_iter().collect(), after })?;
        Ok(Outcome::default())
    }

    /// How many tasks to a target are open.
    pub(super) fn due_to(&self, target: Target) -> usize {
        let columns = &self.store.columns;
        columns.owner(target).map_or(0, |owner| columns.queue.of(owner).count())
    }

    fn target_is_there(&self, act: &Act, target: Target) -> Result<(), DeskError> {
        let columns = &self.store.columns;
        let (kind, id, known) = match target {
            Target::Member(id) => (Kind::Member, id.to_string(), columns.members.row(id).is_some()),
            Target::Group(id) => (Kind::Group, id.to_string(), columns.groups.row(id).is_some()),
            Target::Account(id) => (Kind::Account, id.to_string(), columns.accounts.row(id).is_some()),
        };
        if known { Ok(()) } else { Err(super::book::unknown(kind, &id, act.lang)) }
    }
}

/// That some were paused, and until when, or that they go on.
pub(super) fn paused_so(name: &str, after: Option<PauseState>, zone: chrono_tz::Tz, lang: Lang) -> String {
    match after {
        Some(PauseState { until: Some(until) }) => {
            let at = crate::desk::view::short_time(until, zone);
            BookWords::PausedUntil.fill(lang, &[("name", &name), ("at", &at)])
        }
        Some(PauseState { until: None }) => BookWords::Paused.fill(lang, &[("name", &name)]),
        None => BookWords::Resumed.fill(lang, &[("name", &name)]),
    }
}
