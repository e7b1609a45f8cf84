//! Applied playbooks, parsed once.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::book::{ActivityKind, Enrolment, PlaybookId};
use crate::query::Key;
use crate::sop::format::{Playbook, Start, StopRule};
use crate::store::Columns;

/// Every applied version of every playbook.
#[derive(Clone, Default)]
pub struct Playbooks {
    versions: BTreeMap<(PlaybookId, u32), Arc<Playbook>>,
    /// Those of them that expect whoever is in them to check in.
    checked_in: BTreeSet<(PlaybookId, u32)>,
    /// Who says a wording, by what it says before names are filled in.
    saying: Arc<HashMap<String, Vec<Says>>>,
}

/// One wording of a step of a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Says {
    pub playbook: PlaybookId,
    pub version: u32,
    pub step: String,
    pub variant: u16,
}

/// What a wording is known by: its texts, wherever they stand, without the blanks around them.
fn said<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    texts.map(str::trim).collect::<Vec<_>>().join("\0")
}

impl Playbooks {
    /// Parses what is applied and not parsed yet.
    ///
    /// What was applied had been checked; a version that a later checker refuses all the same is left out, and `sop
    /// list` shows its playbook without steps.
    pub fn load(&mut self, columns: &Columns) {
        for (id, column) in &columns.playbooks {
            for (version, toml) in &column.versions {
                let key = (id.clone(), *version);
                if !self.versions.contains_key(&key)
                    && let Some(playbook) = crate::sop::format::parse_applied(toml, &id.0)
                {
                    if expects_checkins(&playbook) {
                        self.checked_in.insert(key.clone());
                    }
                    let saying = Arc::make_mut(&mut self.saying);
                    for step in &playbook.steps {
                        for variant in 0..step.variants() {
                            let known = said(step.texts_of(variant));
                            let (playbook, version, step) = (id.clone(), *version, step.id.clone());
                            let says = Says { playbook, version, step, variant };
                            // what says nothing in words is found by none
                            if !known.is_empty() {
                                saying.entry(known).or_default().push(says);
                            }
                        }
                    }
                    self.versions.insert(key, Arc::new(playbook));
                }
            }
        }
    }

    /// All that say the same, in whatever playbook, version and step.
    pub fn saying<'a>(&self, texts: impl Iterator<Item = &'a str>) -> &[Says] {
        self.saying.get(&said(texts)).map_or(&[], Vec::as_slice)
    }

    /// Whether one who goes through a version of a playbook is expected to check in.
    pub fn expects_checkins(&self, id: &PlaybookId, version: u32) -> bool {
        // without playbooks of the kind nothing is compared or copied
        !self.checked_in.is_empty() && self.checked_in.iter().any(|(of, at)| of == id && *at == version)
    }

    /// A version of a playbook.
    pub fn get(&self, id: &PlaybookId, version: u32) -> Option<Arc<Playbook>> {
        self.versions.get(&(id.clone(), version)).cloned()
    }

    /// The version that an enrolment goes by; the one that runs now where that cannot be read any more.
    pub fn of(&self, enrolment: &Enrolment, columns: &Columns) -> Option<Arc<Playbook>> {
        let id = &enrolment.playbook;
        self.get(id, enrolment.status.version).or_else(|| self.current(id, columns))
    }

    /// The version of a playbook that runs now.
    pub fn current(&self, id: &PlaybookId, columns: &Columns) -> Option<Arc<Playbook>> {
        self.get(id, columns.playbooks.get(id)?.current)
    }
}

/// True for a playbook that counts check-ins: in what it starts on, ends on, or asks of whom a step goes to.
fn expects_checkins(playbook: &Playbook) -> bool {
    let counts = |filter: &str| {
        !filter.is_empty()
            && crate::query::parse(filter)
                .is_ok_and(|query| query.keys().iter().any(|key| matches!(key, Key::Checkin | Key::Missed)))
    };
    matches!(playbook.start, Start::CheckinStreak { .. } | Start::CheckinMissed { .. })
        || playbook.steps.iter().any(|step| counts(&step.condition.filter))
        || playbook.stop.iter().any(|rule| match rule {
            StopRule::Activity(kind) => *kind == ActivityKind::CheckedIn,
            StopRule::Filter(filter) => counts(filter),
            _ => false,
        })
}

impl super::Desk {
    /// The playbook version and the position of the step that a task is of; none for other kinds of task.
    pub(crate) fn step_of(&self, task: &crate::book::Task) -> Option<(Arc<Playbook>, u16)> {
        let crate::book::TaskKind::Step { key, version, .. } = &task.kind else { return None };
        let playbook = self.playbooks.get(&key.playbook, *version)?;
        let position = playbook.step_by_id(&key.step)?.0;
        Some((playbook, position))
    }
}
