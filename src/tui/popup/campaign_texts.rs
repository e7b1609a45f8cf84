//! The texts of a campaign's form: one-offs, each with rows of its own.
//!
//! The row of a new text stands alone; once something is written there its other rows come below it. A text that is
//! emptied is taken away. What has begun is told above the fields and not asked for.

use super::campaign::{CampaignForm, CampaignWords, Row, What};
use super::field::Field;
use crate::book::{Campaign, CampaignText, Class, Timestamp};
use crate::door::form::Kind;
use crate::text::lang::Lang;
use crate::tui::state::State;

/// What a row of a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::tui) enum Of {
    Says,
    To,
    Where,
    At,
    Until,
    From,
    Title,
}

/// The rows behind the text itself, in their order.
const BEHIND: [Of; 6] = [Of::To, Of::Where, Of::At, Of::Until, Of::From, Of::Title];

impl Of {
    pub(super) const fn words(self) -> (CampaignWords, Option<CampaignWords>) {
        use CampaignWords as W;
        match self {
            Self::Says => (W::TextSays, Some(W::TextSaysHint)),
            Self::To => (W::TextTo, Some(W::TextToHint)),
            Self::Where => (W::TextWhere, Some(W::TextWhereHint)),
            Self::At => (W::TextAt, None),
            Self::Until => (W::TextUntil, Some(W::TextUntilHint)),
            Self::From => (W::TextFrom, Some(W::TextFromHint)),
            Self::Title => (W::TextTitle, Some(W::TextTitleHint)),
        }
    }
}

/// The texts of a campaign that have not begun.
fn waiting(campaign: Option<&Campaign>) -> Vec<&CampaignText> {
    let texts = campaign.map(|campaign| campaign.texts.iter()).into_iter().flatten();
    texts.filter(|text| !text.has_begun()).collect()
}

/// Rows of all texts that have not begun, and one for a new text.
pub(super) fn rows(campaign: Option<&Campaign>, state: &State) -> Vec<(What, String)> {
    let say = |at: Timestamp| at.local(state.zone).format("%Y-%m-%d %H:%M").to_string();
    let texts = waiting(campaign);
    let mut rows = Vec::new();
    for (n, text) in texts.iter().enumerate() {
        let groups = if text.groups { CampaignWords::InGroups.text(state.lang) } else { "" };
        let values = [
            (Of::Says, text.text.replace('\n', " / ")),
            (Of::To, text.filter.clone()),
            (Of::Where, groups.to_owned()),
            (Of::At, say(text.at)),
            (Of::Until, text.until.map(say).unwrap_or_default()),
            (Of::From, text.account.clone().unwrap_or_default()),
            (Of::Title, text.title.clone()),
        ];
        rows.extend(values.map(|(of, value)| (What::Text(n, of), value)));
    }
    rows.push((What::Text(texts.len(), Of::Says), String::new()));
    rows
}

/// What has begun of the texts, a line each.
pub(super) fn begun(campaign: &Campaign, state: &State) -> Vec<String> {
    let texts = campaign.texts.iter().filter(|text| text.has_begun());
    let line = |text: &CampaignText| {
        let says = text.text.lines().next().unwrap_or_default();
        let values: [(&str, &dyn std::fmt::Display); 2] = [("at", &state.say_past(text.at)), ("text", &says)];
        CampaignWords::TextBegun.fill(state.lang, &values)
    };
    texts.map(line).collect()
}

impl CampaignForm {
    /// Rows for a text that was begun to be written, and one for the next.
    pub(super) fn open_text(&mut self, row: usize) {
        let Some(What::Text(n, Of::Says)) = self.rows.get(row).map(|row| row.what) else { return };
        let has = self.rows.iter().any(|row| row.what == What::Text(n, Of::To));
        if has || self.text(What::Text(n, Of::Says)).is_empty() {
            return;
        }
        let new = |what| Row { what, typed: Field::new(""), begun: String::new(), error: None };
        let behind = BEHIND.into_iter().map(|of| What::Text(n, of)).chain([What::Text(n + 1, Of::Says)]);
        let after = self.rows.split_off(row + 1);
        self.rows.extend(behind.map(new).chain(after));
    }

    /// The row of a text that a refusal is about: `text.` and its position among all of the campaign's.
    pub(super) fn row_of_text(&self, about: &str) -> Option<What> {
        let at: usize = about.strip_prefix("text.")?.parse().ok()?;
        let begun =
            self.known.as_ref().map_or(0, |known| known.texts.iter().filter(|text| text.has_begun()).count());
        let slots =
            self.rows.iter().map(|row| row.what).filter(|what| matches!(what, What::Text(_, Of::Says)));
        slots.filter(|what| !self.text(*what).is_empty()).nth(at.checked_sub(begun)?)
    }

    /// The texts as they are written, what has begun first; else the row that is wrong and why.
    pub(super) fn read_texts(&self, state: &State) -> Result<Vec<CampaignText>, (What, String)> {
        let known = self.known.as_ref();
        let begun = known.map(|known| known.texts.iter()).into_iter().flatten();
        let mut texts: Vec<CampaignText> =
            begun.filter(|text| text.has_begun()).map(CampaignText::written).collect();
        let was = waiting(known);
        let slots: Vec<usize> = self
            .rows
            .iter()
            .filter_map(|row| if let What::Text(n, Of::Says) = row.what { Some(n) } else { None })
            .collect();
        for n in slots {
            let says = self.text(What::Text(n, Of::Says)).replace(" / ", "\n");
            if says.is_empty() {
                continue;
            }
            let was = was.get(n);
            let row = |of| self.text(What::Text(n, of));
            let needed = |of| (What::Text(n, of), CampaignWords::Missing.text(state.lang).to_owned());
            let instant = |of, was: Option<Timestamp>| {
                let what = What::Text(n, of);
                match was.filter(|_| self.is_as_begun(what)) {
                    Some(was) => Ok(was),
                    None if of == Of::Until => state.read_end(self.text(what)).map_err(|words| (what, words)),
                    None => state.read_instant(self.text(what)).map_err(|words| (what, words)),
                }
            };
            if row(Of::To).is_empty() {
                return Err(needed(Of::To));
            }
            let groups = is_groups(row(Of::Where)).ok_or_else(|| {
                (What::Text(n, Of::Where), CampaignWords::TextWhereHint.text(state.lang).to_owned())
            })?;
            if row(Of::At).is_empty() {
                return Err(needed(Of::At));
            }
            let until = match row(Of::Until) {
                "" => None,
                _ => Some(instant(Of::Until, was.and_then(|was| was.until))?),
            };
            texts.push(CampaignText {
                title: row(Of::Title).to_owned(),
                groups,
                filter: state.tabs.sent(row(Of::To), if groups { Kind::Group } else { Kind::Member }),
                at: instant(Of::At, was.map(|was| was.at))?,
                until,
                // an unchanged line keeps what it was, also where it has " / " of its own
                text: was
                    .filter(|_| self.is_as_begun(What::Text(n, Of::Says)))
                    .map_or(says, |was| was.text.clone()),
                class: was.map_or(Class::Marketing, |was| was.class),
                account: Some(row(Of::From)).filter(|name| !name.is_empty()).map(str::to_owned),
                made: None,
                begun_at: None,
            });
        }
        Ok(texts)
    }
}

/// Whether a word means groups; none for one that means neither groups nor members.
fn is_groups(word: &str) -> Option<bool> {
    let means =
        |words: CampaignWords| Lang::ALL.iter().any(|lang| words.text(*lang).eq_ignore_ascii_case(word));
    match word {
        "" => Some(false),
        _ if means(CampaignWords::InGroups) => Some(true),
        _ if means(CampaignWords::ToMembers) => Some(false),
        _ => None,
    }
}
