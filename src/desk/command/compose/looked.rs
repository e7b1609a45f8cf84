//! What a look at a one-off found, and what making it came to.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::super::super::words::compose::ComposeWords as Words;
use super::super::enrol::stay_out;
use super::super::work::Counts;
use super::ahead::{Ahead, Besides};
use crate::book::{AccountId, MemberId, Target, Timestamp};
use crate::door::compose::{ComposeReport, Finding, Found};
use crate::door::reply::Outcome;
use crate::sop::format::Playbook;
use crate::store::columns::Columns;
use crate::text::lang::Lang;

/// How many of a finding are named.
const NAMED: usize = 5;

/// A one-off while those who get it are looked at or enter.
pub(in crate::desk) struct Composing {
    pub(super) playbook: Arc<Playbook>,
    pub(super) at: Timestamp,
    pub(super) text: String,
    /// What is answered for it by what it is a part of.
    pub(super) answers: Vec<(String, String)>,
    pub(in crate::desk::command) report: ComposeReport,
    pub(in crate::desk) warnings: Vec<String>,
    found: BTreeMap<Finding, (u32, Vec<String>)>,
    /// What was not sent yet and takes the room, and of how many.
    unsent: BTreeMap<String, u32>,
    pub(super) accounts: BTreeMap<String, u32>,
    /// What else is said until then; looked up when the first is looked at.
    pub(super) ahead: Option<Ahead>,
    /// Who was looked at last of a name with an account.
    called: HashMap<(AccountId, String), MemberId>,
    /// What is said besides that the book does not know of.
    pub(in crate::desk) besides: Besides,
}

impl Composing {
    pub(super) fn new(
        playbook: Arc<Playbook>,
        at: Timestamp,
        text: String,
        answers: Vec<(String, String)>,
        report: ComposeReport,
        warnings: Vec<String>,
    ) -> Self {
        Self {
            playbook,
            at,
            text,
            answers,
            report,
            warnings,
            found: BTreeMap::new(),
            unsent: BTreeMap::new(),
            accounts: BTreeMap::new(),
            ahead: None,
            called: HashMap::new(),
            besides: Besides::default(),
        }
    }

    /// The same one-off with nobody looked at.
    pub(in crate::desk::command) fn anew(&self) -> Self {
        let (playbook, text, answers) = (Arc::clone(&self.playbook), self.text.clone(), self.answers.clone());
        Self::new(playbook, self.at, text, answers, ComposeReport::default(), Vec::new())
    }

    pub(super) fn note(&mut self, finding: Finding, name: String) {
        let (n, named) = self.found.entry(finding).or_default();
        *n += 1;
        if named.len() < NAMED {
            named.push(name);
        }
    }

    /// Somebody whom an account says nothing after all.
    pub(super) fn note_unsaid(&mut self, said_by: &str, finding: Finding, name: String) {
        self.report.gets -= 1;
        if let Some(n) = self.accounts.get_mut(said_by) {
            *n -= 1;
        }
        self.accounts.retain(|_, n| *n > 0);
        self.note(finding, name);
    }

    /// Whether somebody of the same name with the same account was looked at before who may be the same human: their task
    /// will be held.
    pub(super) fn looks_like_another(
        &mut self,
        columns: &Columns,
        account: Option<AccountId>,
        target: Target,
    ) -> bool {
        let (Some(account), Target::Member(id)) = (account, target) else { return false };
        let Some(member) = columns.members.by_id(id) else { return false };
        let before = self.called.insert((account, member.name().to_owned()), id);
        let other = before.filter(|other| *other != id).and_then(|other| columns.members.by_id(other));
        other.is_some_and(|other| !member.differs_from(&other))
    }

    /// Of how many a finding is by now.
    pub(super) fn count(&self, finding: Finding) -> u32 {
        self.found.get(&finding).map_or(0, |(n, _)| *n)
    }

    /// What somebody was not sent yet takes the room: told by its title, which many share.
    pub(super) fn note_unsent(&mut self, title: &str, name: &str) {
        self.note(Finding::Unsent, name.to_owned());
        *self.unsent.entry(title.to_owned()).or_default() += 1;
    }

    /// Takes in who entered it, and who did not.
    pub(in crate::desk::command) fn made(&mut self, counts: &Counts, lang: Lang) {
        // those of them whom nobody reaches yet, or who hear nothing before it is over, are told apart, as before it was
        // made
        for name in &counts.unreached {
            self.note(Finding::NoAccount, name.clone());
        }
        for name in &counts.late {
            self.note(Finding::Late, name.clone());
        }
        let unsaid = (counts.unreached.len() + counts.late.len()) as u32;
        self.report.gets += counts.entered.saturating_sub(unsaid);
        self.report.matched += counts.entered + counts.stays.values().sum::<u32>();
        self.warnings.extend(stay_out(&counts.stays, lang));
    }

    /// When it is said.
    pub(in crate::desk) const fn at(&self) -> Timestamp {
        self.at
    }

    /// What was found of those who were looked at.
    pub(in crate::desk) fn reported(&mut self) -> ComposeReport {
        let mut report = std::mem::take(&mut self.report);
        let found = std::mem::take(&mut self.found).into_iter();
        report.found = found.map(|(finding, (n, named))| Found { finding, n, named }).collect();
        let unsent = std::mem::take(&mut self.unsent).into_iter();
        let unsent: Vec<String> = unsent.map(|(title, n)| format!("{title} {n}")).collect();
        if let Some(found) = report.found.iter_mut().find(|found| found.finding == Finding::Unsent) {
            found.named = unsent;
        }
        report.accounts = std::mem::take(&mut self.accounts).into_iter().collect();
        report
    }

    /// What it came to.
    pub(in crate::desk::command) fn outcome(&mut self, dry_run: bool, lang: Lang) -> Outcome {
        // without an account they are owed it like the others, until one reaches them
        let mut but = String::new();
        for (finding, words) in [(Finding::NoAccount, Words::ButWithout), (Finding::Late, Words::ButLate)] {
            let n = self.count(finding);
            but.extend((n > 0).then(|| words.fill(lang, &[("n", &n)])));
        }
        let report = self.reported();
        let values: [(&str, &dyn std::fmt::Display); 4] =
            [("n", &report.gets), ("matched", &report.matched), ("title", &report.title), ("but", &but)];
        let words = match dry_run {
            true => Words::Would.fill(lang, &values),
            false if report.gets == 0 && but.is_empty() => Words::Nobody.text(lang).to_owned(),
            false => Words::Made.fill(lang, &values),
        };
        Outcome {
            words,
            warnings: std::mem::take(&mut self.warnings),
            compose: Some(Box::new(report)),
            ..Outcome::default()
        }
    }
}
