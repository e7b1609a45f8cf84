//! What happened with somebody or something: touches, activities and notes, newest first.

use super::task_line::clean;
use super::words::ViewWords;
use crate::book::{Activity, ActivityKind, Money, ObjectId, Target, Timestamp, Touch};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::door::detail::Past;
use crate::query::closed::GroupWord;
use crate::store::bodies::decode;
use crate::store::keys;
use crate::text::clean::for_clipboard;
use crate::text::lang::Lang;

/// Entries that a card shows.
const SHOWN: usize = 30;

impl Desk {
    /// The latest of what happened with a target.
    pub(super) fn past(&self, target: Target, lang: Lang) -> Result<Vec<Past>, DeskError> {
        let mut past = self.touches(target, lang)?;
        for (_, bytes) in self.store.bodies.newest(&keys::activities(target), None, SHOWN)? {
            past.push(self.activity_past(&decode::<Activity>(&bytes)?, target, lang));
        }
        let object = match target {
            Target::Member(id) => ObjectId::Member(id),
            Target::Group(id) => ObjectId::Group(id),
            Target::Account(id) => ObjectId::Account(id),
        };
        past.extend(self.notes(object, lang)?);
        Ok(newest(past))
    }

    fn activity_past(&self, activity: &Activity, of: Target, lang: Lang) -> Past {
        let mut words = Vec::new();
        if !activity.text.is_empty() {
            words.push(match activity.kind {
                ActivityKind::StageChanged => crate::book::Stage::parse(&activity.text)
                    .map_or_else(|| clean(&activity.text), |stage| stage.label(lang).to_owned()),
                ActivityKind::StateChanged => GroupWord::parse(&activity.text)
                    .map_or_else(|| clean(&activity.text), |state| state.label(lang).to_owned()),
                _ => clean(&activity.text),
            });
        }
        if let Some(Money(fen)) = activity.amount {
            words.push(Money(fen).to_string());
        }
        if let Some(number) = activity.number {
            words.push(number.to_string());
        }
        // where it was: of a member's story the group
        let place = activity.group.map(Target::Group).filter(|place| *place != of);
        if let Some(place) = place {
            let name = clean(&self.store.columns.target_name(place));
            words.push(if words.is_empty() { name } else { format!("({name})") });
        }
        let private = activity.account.filter(|_| activity.kind == ActivityKind::Replied && place.is_none());
        if let Some(account) = private.filter(|_| matches!(of, Target::Member(_))) {
            let account = clean(&self.store.columns.target_name(Target::Account(account)));
            words.push(ViewWords::InPrivate.fill(lang, &[("account", &account)]));
        }
        Past {
            at: activity.at.ms,
            what: activity.kind.label(lang).to_owned(),
            word: activity.kind.word().to_owned(),
            by: activity.source.label(lang).to_owned(),
            source: activity.source.word().to_owned(),
            text: words.join(" "),
        }
    }

    fn touches(&self, target: Target, lang: Lang) -> Result<Vec<Past>, DeskError> {
        // an account's touches stand whole under whom they went to; its own card shows none
        if matches!(target, Target::Account(_)) {
            return Ok(Vec::new());
        }
        let mut past = Vec::new();
        for (_, bytes) in self.store.bodies.newest(&keys::touches(target), None, SHOWN)? {
            let touch: Touch = decode(&bytes)?;
            past.push(Past {
                at: touch.sent_at.ms,
                what: ViewWords::Sent.text(lang).to_owned(),
                word: "touch".to_owned(),
                by: clean(&touch.by),
                source: String::new(),
                text: for_clipboard(&touch.text).into_owned(),
            });
        }
        Ok(past)
    }

    /// Notes on something; the time of a note is that of its id.
    pub(super) fn notes(&self, on: ObjectId, lang: Lang) -> Result<Vec<Past>, DeskError> {
        let prefix = keys::notes(on);
        let mut past = Vec::new();
        for (key, bytes) in self.store.bodies.newest(&prefix, None, SHOWN)? {
            let bits = key.get(prefix.len()..).and_then(|id| <[u8; 16]>::try_from(id).ok());
            let at = bits.map_or(0, |bits| (u128::from_be_bytes(bits) >> 80) as i64);
            let (text, by): (String, String) = decode(&bytes)?;
            past.push(Past {
                at: Timestamp(at),
                what: ViewWords::Note.text(lang).to_owned(),
                word: "note".to_owned(),
                by: clean(&by),
                source: String::new(),
                text: for_clipboard(&text).into_owned(),
            });
        }
        Ok(past)
    }
}

/// Sorts newest first and cuts.
pub(super) fn newest(mut past: Vec<Past>) -> Vec<Past> {
    past.sort_by_key(|entry| std::cmp::Reverse(entry.at));
    past.truncate(SHOWN);
    past
}
