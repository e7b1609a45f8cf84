//! Campaigns: several playbooks with one audience, one beginning and one end.

use serde::{Deserialize, Serialize};

use super::id::{ActId, PlaybookId};
use super::time::Timestamp;

/// Who enters when: all that a filter matches, counted from an instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wave {
    /// D0 of those of this wave.
    pub at: Timestamp,
    /// Filter; empty means everybody the playbooks are for.
    pub filter: String,
    /// When its people were chosen and had entered.
    #[serde(default)]
    pub begun_at: Option<Timestamp>,
}

impl Wave {
    /// A wave that has not begun.
    pub const fn new(at: Timestamp, filter: String) -> Self {
        Self { at, filter, begun_at: None }
    }

    /// The same people at the same time, begun or not.
    pub fn is_as(&self, other: &Self) -> bool {
        (self.at, &self.filter) == (other.at, &other.filter)
    }
}

/// A campaign (大促): everybody enters each of its playbooks once, and at its end all of them stop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Campaign {
    /// kebab-case, for ever; `campaign:ID` is the anchor key of who is in it.
    pub id: String,
    pub title: String,
    pub playbooks: Vec<PlaybookId>,
    /// Who is in one that began earlier is not in a later.
    pub waves: Vec<Wave>,
    pub from: Timestamp,
    /// Nothing of it is offered from then on.
    pub until: Timestamp,
    /// Answers to questions that its playbooks ask, key and value: given once for all of them.
    #[serde(default)]
    pub answers: Vec<(String, String)>,
    /// When a human stopped it.
    #[serde(default)]
    pub stopped_at: Option<Timestamp>,
    /// The act that set it up: whoever a wave lets in later came by it too, so that one undo takes all of it back. None
    /// for one whose people were all chosen when it was set up.
    #[serde(default)]
    pub act: Option<ActId>,
}

/// What stands before its id in anchor keys.
const PREFIX: &str = "campaign:";

impl Campaign {
    /// The anchor key of everybody in it: nobody enters one playbook twice.
    pub fn key(&self) -> String {
        format!("{PREFIX}{}", self.id)
    }

    /// The id of the campaign that an anchor key is of.
    pub fn id_of(key: &str) -> Option<&str> {
        key.strip_prefix(PREFIX)
    }

    /// True once nothing of it is offered any more.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.stopped_at.is_some() || self.until <= now
    }

    /// What a human wrote of it: nothing of it has begun.
    #[must_use]
    pub fn written(&self) -> Self {
        let waves = self.waves.iter().map(|wave| Wave::new(wave.at, wave.filter.clone())).collect();
        Self { waves, stopped_at: None, act: None, ..self.clone() }
    }

    /// True while a wave's people have not been chosen.
    pub const fn waits(&self, wave: &Wave) -> bool {
        self.act.is_some() && wave.begun_at.is_none()
    }

    /// The position of the wave that somebody came with, by their anchor and when they entered. An intake gives another
    /// anchor, so that there it is the first wave that had not been let in before they were.
    pub fn wave_of(&self, anchor_at: Timestamp, enrolled_at: Timestamp) -> Option<usize> {
        let exact = self.waves.iter().position(|wave| wave.at == anchor_at);
        exact.or_else(|| {
            let open = |wave: &&(usize, &Wave)| wave.1.begun_at.is_none_or(|begun| begun >= enrolled_at);
            let waves: Vec<(usize, &Wave)> = self.in_order().collect();
            waves.iter().find(open).or(waves.last()).map(|(at, _)| *at)
        })
    }

    /// Its waves as they begin, each with its position.
    pub fn in_order(&self) -> impl Iterator<Item = (usize, &Wave)> {
        let mut waves: Vec<(usize, &Wave)> = self.waves.iter().enumerate().collect();
        waves.sort_by_key(|(_, wave)| wave.at);
        waves.into_iter()
    }
}
