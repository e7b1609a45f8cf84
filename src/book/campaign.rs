//! Campaigns: several playbooks with one audience, one beginning and one end.

use serde::{Deserialize, Serialize};

use super::id::PlaybookId;
use super::time::Timestamp;

/// Who enters when: all that a filter matches, counted from an instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wave {
    /// D0 of those of this wave.
    pub at: Timestamp,
    /// Filter; empty means everybody the playbooks are for.
    pub filter: String,
}

/// A campaign (大促): everybody enters each of its playbooks once, and at its end all of them stop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Campaign {
    /// kebab-case, for ever; `campaign:ID` is the anchor key of who is in it.
    pub id: String,
    pub title: String,
    pub playbooks: Vec<PlaybookId>,
    /// In the order in which they take: who is in an earlier one is not in a later.
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
}
