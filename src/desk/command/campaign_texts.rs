//! The texts of a campaign: one-offs that it makes when their time comes.
//!
//! Each is made as `qun compose` makes one, by the act that set the campaign up, and whoever it is for enters under the
//! campaign's anchor key: so the campaign's end, stop, review and undo hold them as they hold everybody else. Whom it
//! is for is decided at its time. Who is in a wave may get it as well. What the campaign answers stands for its keys, as
//! the answers of a form do: also in what is open when they change.

use super::super::Desk;
use super::super::act::{Act, DeskError};
use super::super::words::book::BookWords;
use crate::book::{Campaign, CampaignText, PlaybookId, Timestamp};
use crate::door::compose::Compose;
use crate::door::form::Kind;
use crate::door::{Refusal, RefusalKind};
use crate::sop::template;
use crate::store::Body;
use crate::store::record::Work;
use crate::text::clean::for_display;
use crate::text::lang::Lang;

/// Places of a text where the answer to a key stands, in bytes: from the braces to the braces.
fn places_of(text: &str, key: &str) -> Vec<(usize, usize)> {
    let mut places = Vec::new();
    let mut from = 0;
    while let Some(open) = text.get(from..).and_then(|rest| rest.find("{{")).map(|at| from + at) {
        let Some(close) = text.get(open..).and_then(|rest| rest.find("}}")).map(|at| open + at) else {
            break;
        };
        from = close + 2;
        if text.get(open + 2..close).is_some_and(|inner| inner.trim() == key) {
            places.push((open, from));
        }
    }
    places
}

/// True for a text that asks for a key, also in a condition.
pub(super) fn speaks_of(text: &str, key: &str) -> bool {
    !places_of(text, key).is_empty()
        || template::check(text).is_ok_and(|asked| asked.iter().any(|asked| asked == key))
}

/// True for a key that a text can ask for by itself.
fn is_name(key: &str) -> bool {
    template::check(&format!("{{{{ {key} }}}}")).is_ok_and(|asked| asked == [key])
}

/// A text with what the campaign answers in place of its keys, to be looked at and not to be rendered.
pub(super) fn answered(text: &str, answers: &[(String, String)]) -> String {
    in_places(text, answers, str::to_owned)
}

fn in_places(text: &str, answers: &[(String, String)], shown: impl Fn(&str) -> String) -> String {
    let mut text = text.to_owned();
    for (key, value) in answers {
        for (from, to) in places_of(&text, key).into_iter().rev() {
            text.replace_range(from..to, &shown(value));
        }
    }
    text
}

/// A text of a campaign as a one-off. The answers are given to it when it is rendered, so that no word of theirs is read
/// as one of the template's; in place of a key that is no name stands the answer as a value.
pub(in crate::desk) fn compose_of(campaign: &Campaign, text: &CampaignText) -> Compose {
    let nameless: Vec<(String, String)> =
        campaign.answers.iter().filter(|(key, _)| !is_name(key)).cloned().collect();
    let value = |value: &str| {
        let value = value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
        format!("{{{{ \"{value}\" }}}}")
    };
    Compose {
        title: text.title.clone(),
        to: if text.groups { Kind::Group } else { Kind::Member },
        filter: text.filter.clone(),
        at: text.at,
        until: text.until,
        text: in_places(&text.text, &nameless, value),
        class: text.class,
        account: text.account.clone(),
    }
}

/// What a one-off is a part of: its id there, and what is answered for its texts.
pub(in crate::desk) struct Part<'a> {
    pub id: PlaybookId,
    pub answers: &'a [(String, String)],
}

impl Desk {
    /// When the next text of any campaign is to be made.
    pub(super) fn next_text(&self, now: Timestamp) -> Option<Timestamp> {
        let campaigns = self.store.columns.campaigns.values().filter(|campaign| !campaign.is_over(now));
        let stands = campaigns.filter(|campaign| campaign.next_text().is_some());
        let stands = stands.filter(|campaign| !self.is_entering(&campaign.id));
        let stands = stands.filter(|campaign| !self.is_taken_back(campaign));
        stands.filter_map(Campaign::next_text).min()
    }

    /// What is wrong with the texts that have not begun; else what a human should know of them.
    pub(super) fn check_texts(&self, act: &Act, campaign: &Campaign) -> Result<Vec<String>, DeskError> {
        let lang = act.lang;
        let known = self.store.columns.campaigns.get(&campaign.id);
        let begun = |text: &CampaignText| {
            known.is_some_and(|known| {
                known.texts.iter().any(|of| of.has_begun() && of.written() == text.written())
            })
        };
        let mut warnings = Vec::new();
        for (at, text) in campaign.texts.iter().enumerate().filter(|(_, text)| !begun(text)) {
            let wrong = |why: &str| -> DeskError {
                let words = BookWords::TextWrong.fill(lang, &[("n", &(at + 1)), ("why", &why)]);
                Refusal::new(RefusalKind::Invalid, words).about(format!("text.{at}")).into()
            };
            if text.at < campaign.from || text.at >= campaign.until {
                return Err(wrong(BookWords::TextOut.text(lang)));
            }
            if campaign.texts.iter().take(at).any(|earlier| earlier.written() == text.written()) {
                return Err(wrong(BookWords::TextTwice.text(lang)));
            }
            let part = Part { id: self.id_of_text(campaign, at), answers: &campaign.answers };
            let drafted = self.drafted(act, &compose_of(campaign, text), Some(part));
            let drafted = drafted.map_err(|error| wrong(&error.refusal().words))?;
            warnings.extend(drafted.composing.warnings);
        }
        Ok(warnings)
    }

    /// The id of the one-off that a text becomes: the first that is free, once it is made its own.
    pub(in crate::desk) fn id_of_text(&self, campaign: &Campaign, at: usize) -> PlaybookId {
        if let Some(made) = campaign.texts.get(at).and_then(|text| text.made.clone()) {
            return made;
        }
        let day = campaign.texts.get(at).map_or(campaign.from, |text| text.at);
        let minute = day.local(self.store.columns.store.zone).format("compose-%Y%m%d-%H%M");
        let short: String = campaign.id.chars().take(24).collect();
        let short = short.trim_end_matches('-');
        let ids = (1..).map(|n| PlaybookId(format!("{minute}-{short}-{n}")));
        let free = ids.into_iter().find(|id| !self.store.columns.playbooks.contains_key(id));
        // the numbers do not end before the playbooks do
        free.unwrap_or_else(|| PlaybookId(format!("{minute}-{short}")))
    }

    /// Makes the one-offs of texts whose time has come, and lets whom they are for enter. One that cannot be made any
    /// more is said and has begun all the same, so that it is not tried for ever.
    pub(super) fn begin_texts(
        &mut self,
        act: &Act,
        campaign: &Campaign,
        due: &[usize],
    ) -> Result<Vec<String>, DeskError> {
        let mut said = Vec::new();
        for at in due {
            let Some(text) = campaign.texts.get(*at) else { continue };
            let id = self.id_of_text(campaign, *at);
            let Some(before) = self.store.columns.campaigns.get(&campaign.id).cloned() else { continue };
            let mut after = before.clone();
            let Some(begun) = after.texts.get_mut(*at) else { continue };
            begun.begun_at = Some(act.at);
            let part = Part { id: id.clone(), answers: &campaign.answers };
            let drafted = match self.drafted(act, &compose_of(campaign, text), Some(part)) {
                Ok(drafted) => drafted,
                Err(error) => {
                    let why = error.refusal().words;
                    let values: [(&str, &dyn std::fmt::Display); 2] =
                        [("at", &self.short(text.at)), ("why", &why)];
                    said.push(BookWords::TextNotMade.fill(act.lang, &values));
                    let (before, after) = (Some(before), Some(after));
                    self.perform(act, vec![Body::CampaignSet { id: campaign.id.clone(), before, after }])?;
                    continue;
                }
            };
            begun.made = Some(id.clone());
            let toml = drafted.toml;
            let applied =
                Body::PlaybookApplied { playbook: id.clone(), version: 1, toml, before: 0, was: None };
            let (before, after) = (Some(before), Some(after));
            let set = Body::CampaignSet { id: campaign.id.clone(), before, after };
            self.perform(act, vec![applied, set])?;
            let (key, filter) = (campaign.key(), drafted.filter);
            self.undertake(act, Work::Enter { playbook: id, key, at: text.at, named: Vec::new(), filter })?;
        }
        Ok(said)
    }

    /// What a campaign answers for the texts that a one-off of it says.
    pub(in crate::desk) fn campaign_answers(&self, playbook: &PlaybookId) -> &[(String, String)] {
        let is_its = |text: &CampaignText| text.made.as_ref() == Some(playbook);
        let mut campaigns = self.store.columns.campaigns.values();
        let campaign = campaigns.find(|campaign| campaign.texts.iter().any(is_its));
        campaign.map(|campaign| campaign.answers.as_slice()).unwrap_or_default()
    }

    /// What is said at its end of a text of a campaign that reached nobody; none for other one-offs and for one that
    /// reached somebody.
    pub(super) fn reached_nobody(&self, playbook: &PlaybookId, key: &str, lang: Lang) -> Option<String> {
        let campaign = self.store.columns.campaigns.get(Campaign::id_of(key)?)?;
        let text = campaign.texts.iter().find(|text| text.made.as_ref() == Some(playbook))?;
        let position = self.store.columns.playbook_position(playbook);
        let enrolments = &self.store.columns.enrolments;
        let is_empty = !enrolments.iter().any(|(_, _, enrolment)| Some(enrolment.playbook) == position);
        is_empty.then(|| self.text_of_nobody(text, lang))
    }

    /// What is said of a text that goes to nobody.
    pub(in crate::desk) fn text_of_nobody(&self, text: &CampaignText, lang: Lang) -> String {
        let values: [(&str, &dyn std::fmt::Display); 2] =
            [("at", &self.short(text.at)), ("filter", &for_display(&text.filter))];
        BookWords::TextNobody.fill(lang, &values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_stand_for_their_keys() {
        let answers =
            [("商品".to_owned(), "牛奶 {{ name }}".to_owned()), ("截单".to_owned(), "21:00".to_owned())];
        let check = |text: &str, expected: &str| assert_eq!(answered(text, &answers), expected, "{text}");
        check(
            "{{ name }}，{{商品}}到了，{{ 截单 }} 截单，{{ 商品 }}",
            "{{ name }}，牛奶 {{ name }}到了，21:00 截单，牛奶 {{ name }}",
        );
        check("{{ 商品名 }} {{ 商品", "{{ 商品名 }} {{ 商品");
        assert!(speaks_of("a {{ 截单 }}", "截单") && !speaks_of("截单", "截单"));
        assert!(speaks_of("{% if 截单 %}{{ 截单 }} 截单{% endif %}", "截单"));
        assert!(is_name("截单") && !is_name("满 减") && !is_name("1号"));
    }
}
