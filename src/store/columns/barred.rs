//! Since when targets are paused, and accounts are refused something: what is found later is judged by what held then.

use serde::{Deserialize, Serialize};

use super::Columns;
use crate::book::{AccountId, Health, Target, Timestamp};
use crate::store::record::{Body, Edited, PauseState};

/// What an account is refused, or was the last time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Silenced {
    pub health: Health,
    pub from: Timestamp,
    /// None while it is.
    pub to: Option<Timestamp>,
}

impl Silenced {
    /// Whether it held at an instant: a limit is over by itself, noticed or not.
    pub fn at(&self, at: Timestamp) -> bool {
        let ends = match self.health {
            Health::Limited { until, .. } => until,
            _ => None,
        };
        self.from <= at && self.to.or(ends).is_none_or(|to| to > at)
    }
}

impl Columns {
    /// The pause of a target that holds at an instant.
    pub fn pause_of(&self, target: Target, at: Timestamp) -> Option<PauseState> {
        let pause = self.paused.get(&target).filter(|pause| pause.until.is_none_or(|until| until > at))?;
        self.paused_since.get(&target).is_none_or(|since| *since <= at).then_some(*pause)
    }

    /// Notes since when a target is paused; a pause that takes the place of one goes on.
    pub(in crate::store) fn note_paused(&mut self, body: &Body, at: Timestamp) {
        let Body::TargetPaused { target, before, after } = body else { return };
        let goes_on = before.is_some_and(|pause| pause.until.is_none_or(|until| until > at));
        if after.is_none() {
            self.paused_since.remove(target);
        } else if !goes_on {
            self.paused_since.insert(*target, at);
        }
    }

    /// How an account is that a record may change.
    pub(in crate::store) fn health_before(&self, body: &Body) -> Option<(AccountId, Health)> {
        let Body::Edited { object: Edited::Account(id), .. } = body else { return None };
        Some((*id, self.accounts.by_id(*id)?.body.health.clone()))
    }

    /// Notes since when an account is refused something, or until when it was: a limit is over before that is noticed.
    pub(in crate::store) fn note_silenced(&mut self, id: AccountId, before: &Health, at: Timestamp) {
        let Some(health) = self.accounts.by_id(id).map(|column| column.body.health.clone()) else { return };
        match (before.refuses(), health.refuses()) {
            (Some(_), None) => {
                let to = if let Health::Recovering { since } = health { since.min(at) } else { at };
                if let Some(silenced) = self.silenced.get_mut(&id) {
                    silenced.to = Some(to);
                }
            }
            (was, Some(channel)) if health != *before => {
                let known = self.silenced.get(&id).filter(|_| was == Some(channel));
                let from = known.map_or(at, |known| known.from);
                self.silenced.insert(id, Silenced { health, from, to: None });
            }
            _ => {}
        }
    }
}
