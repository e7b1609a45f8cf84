//! Acts of thousands, named by what stands in their head: their bodies are too many to be read for one sentence.

use super::super::Desk;
use super::super::words::Words;
use super::super::words::book::BookWords;
use super::correct::HELD_CORRECTION;
use super::describe::and_others;
use super::rules::paused_so;
use crate::book::{ActId, Health, Target, TaskKind};
use crate::store::acts::{self, ActCounts, ActHead};
use crate::store::record::{Edited, Work};
use crate::store::{Body, StoreError};
use crate::text::lang::Lang;

/// From more bodies on an act is named so.
pub(super) const MANY: u32 = 300;

/// How many bodies are looked at for the one that says what kind of act it was.
const FIRST: u32 = 8;

impl Desk {
    /// Names an act by its first body and what it did in all; none where that does not say enough.
    pub(super) fn described_by_counts(
        &self,
        act: ActId,
        head: &ActHead,
        lang: Lang,
    ) -> Result<Option<String>, StoreError> {
        let counts = &head.counts;
        for number in 0..head.bodies.min(FIRST) {
            let Some(body) = acts::body_of(act, number, &self.store.bodies)? else { continue };
            return Ok(match &body {
                Body::WorkLeft { work: Work::Transfer { from, to, .. }, .. } => {
                    Some(self.transferred(*from, *to, counts.enrolled as usize, lang))
                }
                Body::WorkLeft { work: Work::Note { notes, .. }, .. } => notes.first().map(|(_, on)| {
                    let name = and_others(self.object(*on), notes.len(), lang);
                    BookWords::Noted.fill(lang, &[("name", &name)])
                }),
                Body::WorkLeft { work: Work::Pause { targets, after }, .. } => targets.first().map(|first| {
                    let name = and_others(self.display_name(*first), targets.len(), lang);
                    paused_so(&name, *after, self.store.columns.store.zone, lang)
                }),
                Body::WorkLeft { .. } | Body::WorkDone { .. } | Body::Forgotten => continue,
                Body::Enrolled(enrolment) => {
                    let name = self.playbook_name(&enrolment.playbook);
                    Some(BookWords::Entered.fill(lang, &[("n", &counts.enrolled), ("playbook", &name)]))
                }
                Body::PlaybookApplied { .. }
                | Body::PlaybookSet { .. }
                | Body::DayOffSet { .. }
                | Body::CampaignSet { .. }
                | Body::RulesSet { .. } => Some(self.describe(std::slice::from_ref(&body), lang)),
                Body::Edited { object: Edited::Account(id), changes } => match changes.as_slice() {
                    [only] if only.field == "health" => {
                        // it was written by this program
                        let health = Health::parse(&only.after).unwrap_or_default();
                        let name = self.display_name(Target::Account(*id));
                        Some(self.limited_so(&name, &health, counts, lang))
                    }
                    _ => None,
                },
                Body::TaskFired(task) if matches!(task.kind, TaskKind::Correction { .. }) => {
                    Some(corrected(counts, lang))
                }
                Body::TaskChanged { before, after, .. } if !before.is_edited_like(after) => {
                    Some(corrected(counts, lang))
                }
                Body::TaskChanged { after, .. } if after.held.as_deref() == Some(HELD_CORRECTION) => {
                    Some(Words::Halted.fill(lang, &[("n", &counts.held)]))
                }
                _ => None,
            });
        }
        Ok(None)
    }

    /// What became of an account's health and of what waited for it.
    pub(super) fn limited_so(&self, name: &str, health: &Health, counts: &ActCounts, lang: Lang) -> String {
        let now = self.store.columns.store.last_at;
        let health = self.health(health, now, lang);
        let mut words = Words::LimitTitle.fill(lang, &[("name", &name), ("health", &health)]);
        let counted = [
            (Words::LimitMoved, counts.moved),
            (Words::LimitShifted, counts.put_off),
            (Words::LimitCancelled, counts.cancelled),
            (Words::LimitLetGo, counts.let_go),
        ];
        for (message, n) in counted.into_iter().filter(|(_, n)| *n > 0) {
            words = format!("{words}; {}", message.fill(lang, &[("n", &n)]));
        }
        words
    }
}

fn corrected(counts: &ActCounts, lang: Lang) -> String {
    Words::Corrected.fill(lang, &[("n", &counts.edited), ("m", &counts.fired)])
}
