//! The store's rules, and pauses of a target.
//!
//! Rules come as the TOML of a file. It is read strictly: an unknown key, a wrong type or an impossible hour is
//! refused with its line and column. What is kept is the text itself, comments and all.

#![allow(clippy::result_large_err, reason = "a refusal is made once a command and answered at once")]

use serde::Deserialize;

use super::super::Desk;
use super::super::act::{Act, DeskError};
use super::super::words::book::BookWords;
use crate::book::{Cap, CapScope, Class, QuietHours, Rules, Span, Target, Timestamp};
use crate::door::form::Kind;
use crate::door::reply::Outcome;
use crate::door::{Refusal, RefusalKind};
use crate::store::Body;
use crate::store::record::PauseState;
use crate::text::clean::for_display;

/// The file as it must be: [`Rules`], with every other key refused.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RulesFile {
    zone: toml::Spanned<String>,
    #[serde(default)]
    shop: String,
    #[serde(default)]
    quiet: Vec<toml::Spanned<QuietFile>>,
    #[serde(default)]
    cap: Vec<toml::Spanned<CapFile>>,
    add_friend_per_day: Option<u32>,
    /// Read by the process that serves, which runs the program; here only its shape is looked at.
    #[serde(default, rename = "hook")]
    _hook: Vec<String>,
    #[serde(default, rename = "hooks")]
    _hooks: HooksFile,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct HooksFile {
    #[serde(default, rename = "on_due")]
    _on_due: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct QuietFile {
    #[serde(with = "crate::book::rules::clock")]
    from: u16,
    #[serde(with = "crate::book::rules::clock")]
    to: u16,
    #[serde(default)]
    days: u8,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CapFile {
    scope: CapScope,
    #[serde(default)]
    class: Vec<Class>,
    n: u32,
    per: Span,
    #[serde(default)]
    gap: u32,
    #[serde(default)]
    source: String,
    #[serde(default)]
    date: String,
}

/// 1-based line and column of a byte of a text; columns count characters.
fn place(text: &str, byte: usize) -> (u32, u32) {
    let before = text.get(..byte.min(text.len())).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(column).unwrap_or(u32::MAX))
}

/// Reads rules, or says where they are wrong.
fn read(text: &str, act: &Act) -> Result<Rules, Refusal> {
    let wrong = |why: &str, byte: Option<usize>| {
        let why = for_display(why).into_owned();
        let mut refusal =
            Refusal::new(RefusalKind::Invalid, BookWords::RulesWrong.fill(act.lang, &[("why", &why)]))
                .about("rules.toml");
        if let Some((line, column)) = byte.map(|byte| place(text, byte)) {
            refusal.line = Some(line);
            refusal.column = Some(column);
        }
        refusal
    };
    let file: RulesFile =
        toml::from_str(text).map_err(|error| wrong(error.message(), error.span().map(|span| span.start)))?;
    let default = Rules::default();
    if file.zone.get_ref().parse::<chrono_tz::Tz>().is_err() {
        let value = for_display(file.zone.get_ref()).into_owned();
        let why = BookWords::RulesZone.fill(act.lang, &[("value", &value)]);
        return Err(wrong(&why, Some(file.zone.span().start)));
    }
    let mut rules = Rules {
        zone: file.zone.into_inner(),
        shop: file.shop,
        quiet: Vec::new(),
        caps: Vec::new(),
        add_friend_per_day: file.add_friend_per_day.unwrap_or(default.add_friend_per_day),
    };
    for quiet in file.quiet {
        let start = quiet.span().start;
        let QuietFile { from, to, days } = quiet.into_inner();
        if from > 1439 || !(1..=1440).contains(&to) || from == to || days > 127 {
            return Err(wrong(BookWords::RulesQuiet.text(act.lang), Some(start)));
        }
        rules.quiet.push(QuietHours { from, to, days });
    }
    for cap in file.cap {
        let start = cap.span().start;
        let CapFile { scope, class, n, per, gap, source, date } = cap.into_inner();
        if n == 0 {
            return Err(wrong(BookWords::RulesCap.text(act.lang), Some(start)));
        }
        rules.caps.push(Cap { scope, class, n, per, gap, source, date });
    }
    Ok(rules)
}

impl Desk {
    pub(super) fn set_rules(&mut self, act: &Act, toml: &str) -> Result<Outcome, DeskError> {
        let after = if toml.trim().is_empty() { self.default_rules() } else { toml.to_owned() };
        let rules = read(&after, act)?;
        let before = self.store.columns.rules_toml.clone();
        if rules == self.store.columns.rules && (before == after || before.is_empty()) {
            return Ok(Outcome {
                words: BookWords::RulesSame.text(act.lang).to_owned(),
                ..Outcome::default()
            });
        }
        let body = Body::RulesSet { before, after };
        let words = self.describe(std::slice::from_ref(&body), act.lang);
        self.perform(act, vec![body])?;
        Ok(Outcome { words, ..Outcome::default() })
    }

    /// The rules a store begins with, in its own zone.
    pub(super) fn default_rules(&self) -> String {
        let rules = Rules { zone: self.store.columns.store.zone.name().to_owned(), ..Rules::default() };
        toml::to_string(&rules).unwrap_or_default()
    }

    pub(super) fn pause(
        &mut self,
        act: &Act,
        target: Target,
        until: Option<Timestamp>,
    ) -> Result<Outcome, DeskError> {
        self.target_is_there(act, target)?;
        if until.is_some_and(|until| until <= act.at) {
            let words = BookWords::PauseIntoPast.text(act.lang);
            return Err(Refusal::new(RefusalKind::Invalid, words).into());
        }
        let before = self.store.columns.paused.get(&target).copied();
        let after = Some(PauseState { until });
        if before == after {
            let name = self.display_name(target);
            return Err(Self::refused(BookWords::PausedAlready.fill(act.lang, &[("name", &name)])));
        }
        self.set_pause(act, Body::TargetPaused { target, before, after })
    }

    pub(super) fn unpause(&mut self, act: &Act, target: Target) -> Result<Outcome, DeskError> {
        self.target_is_there(act, target)?;
        let Some(before) = self.store.columns.paused.get(&target).copied() else {
            let name = self.display_name(target);
            return Err(Self::refused(BookWords::NotPaused.fill(act.lang, &[("name", &name)])));
        };
        self.set_pause(act, Body::TargetPaused { target, before: Some(before), after: None })
    }

    fn set_pause(&mut self, act: &Act, body: Body) -> Result<Outcome, DeskError> {
        let words = self.describe(std::slice::from_ref(&body), act.lang);
        self.perform(act, vec![body])?;
        Ok(Outcome { words, ..Outcome::default() })
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
