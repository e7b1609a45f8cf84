//! Campaigns: several playbooks and one-offs with one audience, one beginning and one end.

use serde::{Deserialize, Serialize};

use super::Class;
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

/// A one-off of a campaign: one text to whatever a filter matches when its time comes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignText {
    /// What it is called; empty means the beginning of the text.
    #[serde(default)]
    pub title: String,
    /// Said in the groups that match; else to members by private message.
    #[serde(default)]
    pub groups: bool,
    pub filter: String,
    pub at: Timestamp,
    /// When it is over; none means with the campaign.
    #[serde(default)]
    pub until: Option<Timestamp>,
    /// A template as in playbooks; what the campaign answers stands for its keys.
    pub text: String,
    pub class: Class,
    /// Our account that says it, by name; none means whichever knows the target.
    #[serde(default)]
    pub account: Option<String>,
    /// The one-off that was made of it.
    #[serde(default)]
    pub made: Option<PlaybookId>,
    /// When all whom it is for were in; also where it could not be made.
    #[serde(default)]
    pub begun_at: Option<Timestamp>,
}

impl CampaignText {
    /// What a human wrote of it.
    #[must_use]
    pub fn written(&self) -> Self {
        Self { made: None, begun_at: None, ..self.clone() }
    }

    /// True for one that was made or could not be.
    pub const fn has_begun(&self) -> bool {
        self.made.is_some() || self.begun_at.is_some()
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
    /// One-offs of it, each to its own people.
    #[serde(default)]
    pub texts: Vec<CampaignText>,
    /// When a human stopped it.
    #[serde(default)]
    pub stopped_at: Option<Timestamp>,
    /// When everybody in it had ended with its time.
    #[serde(default)]
    pub ended_at: Option<Timestamp>,
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

    /// When nothing of it is offered any more.
    pub fn over_at(&self) -> Timestamp {
        self.stopped_at.map_or(self.until, |stopped| stopped.min(self.until))
    }

    /// When its time is over, while people are in it: nobody has stopped it, and they have not ended with it.
    pub fn ends_at(&self) -> Option<Timestamp> {
        (self.stopped_at.is_none() && self.ended_at.is_none()).then_some(self.until)
    }

    /// What a human wrote of it: nothing of it has begun.
    #[must_use]
    pub fn written(&self) -> Self {
        let waves = self.waves.iter().map(|wave| Wave::new(wave.at, wave.filter.clone())).collect();
        let texts = self.texts.iter().map(CampaignText::written).collect();
        Self { waves, texts, stopped_at: None, ended_at: None, act: None, ..self.clone() }
    }

    /// Its playbooks and what was made of its texts: all that people of it are in.
    pub fn all_playbooks(&self) -> impl Iterator<Item = &PlaybookId> {
        self.playbooks.iter().chain(self.texts.iter().filter_map(|text| text.made.as_ref()))
    }

    /// True while a wave's people have not been chosen.
    pub const fn waits(&self, wave: &Wave) -> bool {
        self.act.is_some() && wave.begun_at.is_none()
    }

    /// Positions of the texts that are to be made now, in their order.
    pub fn due_texts(&self, now: Timestamp) -> Vec<usize> {
        let waits =
            self.texts.iter().enumerate().filter(|(_, text)| text.begun_at.is_none() && text.at <= now);
        if self.is_over(now) { Vec::new() } else { waits.map(|(at, _)| at).collect() }
    }

    /// When the next of its texts is to be made.
    pub fn next_text(&self) -> Option<Timestamp> {
        self.texts.iter().filter(|text| text.begun_at.is_none()).map(|text| text.at).min()
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
