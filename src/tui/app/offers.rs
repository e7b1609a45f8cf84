//! What is offered below a filter that is typed: the word that was meant, keys, words of closed sets, days, views.

use super::super::popup::prompt::{Mistake, Offer};
use super::super::state::State;
use super::super::views::Tab;
use crate::door::form::Kind;
use crate::query::{Key, NamedFilters, SubjectKind, ValueKind};
use crate::text::lang::Lang;
use crate::text::pinyin::{Needle, search_key};

/// The most keys, values or views that are offered.
const OFFERED: usize = 8;
/// Days that people look for most.
const DAYS: [[&str; 3]; 20] = [
    ["今天", "今天", "today"],
    ["明天", "明天", "tomorrow"],
    ["昨天", "昨天", "yesterday"],
    ["本周", "本週", "this-week"],
    ["下周", "下週", "next-week"],
    ["上周", "上週", "last-week"],
    ["本月", "本月", "this-month"],
    ["上月", "上月", "last-month"],
    ["今早", "今早", "this-morning"],
    ["今晚", "今晚", "tonight"],
    ["明早", "明早", "tomorrow-morning"],
    ["周末", "週末", "weekend"],
    ["下周末", "下週末", "next-weekend"],
    ["最近7天", "最近7天", "last-7-days"],
    ["最近30天", "最近30天", "last-30-days"],
    ["未来3天", "未來3天", "next-3-days"],
    ["本季度", "本季度", "this-quarter"],
    ["上季度", "上季度", "last-quarter"],
    ["今年", "今年", "this-year"],
    ["去年", "去年", "last-year"],
];

/// The rows of a view as filters know them.
pub(in crate::tui) const fn subject_of(kind: Kind) -> Option<SubjectKind> {
    match kind {
        Kind::Group => Some(SubjectKind::Group),
        Kind::Member => Some(SubjectKind::Member),
        Kind::Task => Some(SubjectKind::Task),
        _ => None,
    }
}

/// The characters of a text that a mistake is about, replaced; none where it names no place or nothing nearer.
fn put_right(text: &str, mistake: &Mistake) -> Option<String> {
    let (span, nearest) = (mistake.span.as_ref()?, mistake.nearest.as_ref()?);
    let before: String = text.chars().take(span.start).collect();
    let after: String = text.chars().skip(span.end).collect();
    Some(format!("{before}{nearest}{after}"))
}

impl State {
    /// What may be meant by the end of a filter; then what comes near to one that finds nothing.
    pub(in crate::tui) fn filter_offers(&self, text: &str) -> Vec<Offer> {
        let Some(kind) = subject_of(self.view_kind()) else { return Vec::new() };
        let mut offers = self.right_offers(kind, text);
        for offer in self.word_offers(kind, text).into_iter().chain(self.near_offers(text)) {
            if !offers.iter().any(|other| other.line == offer.line) {
                offers.push(offer);
            }
        }
        offers
    }

    /// The line with the nearest word in the place of the wrong one, where that reads further.
    pub(in crate::tui) fn right_offers(&self, kind: SubjectKind, text: &str) -> Vec<Offer> {
        self.right_offers_by(&self.tabs.known(), kind, text)
    }

    /// As [`Self::right_offers`], where these views may be spoken of.
    pub(super) fn right_offers_by(&self, known: &NamedFilters, kind: SubjectKind, text: &str) -> Vec<Offer> {
        let Some(mistake) = self.mistake_by(known, kind, text) else { return Vec::new() };
        let Some(line) = put_right(text, &mistake) else { return Vec::new() };
        let place = |mistake: &Mistake| mistake.span.as_ref().map(|span| span.start);
        let next = self.mistake_by(known, kind, &line);
        if next.is_some_and(|next| place(&next) <= place(&mistake)) {
            return Vec::new();
        }
        let label = mistake.nearest.unwrap_or_default();
        vec![Offer { line, label, hint: String::new(), id: None }]
    }

    fn word_offers(&self, kind: SubjectKind, text: &str) -> Vec<Offer> {
        let start = text.rfind([' ', '　', '(', '（', '-', '!']).map_or(0, |at| {
            at + text.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
        });
        let (before, word) = text.split_at(start);
        if let Some(name) = word.strip_prefix(['@', '＠']) {
            return self.view_offers(before, name);
        }
        if let Some((key, values)) = word.split_once([':', '：']) {
            return self.value_words(kind, text, key, values);
        }
        if word.is_empty() || word.contains('"') {
            return Vec::new();
        }
        let fits = |key: &&Key| {
            key.applies_to(kind)
                && (key.word().starts_with(word) || key.aliases().iter().any(|alias| alias.starts_with(word)))
        };
        Key::ALL
            .iter()
            .filter(fits)
            .take(OFFERED)
            .map(|key| Offer {
                line: format!("{before}{}:", key.label(self.lang)),
                label: format!("{}:", key.label(self.lang)),
                hint: format!("{}  {}", key.word(), key.doc(self.lang)),
                id: None,
            })
            .collect()
    }

    /// Words of the set of a key, or days where it takes days, that may stand behind what is typed of its values.
    fn value_words(&self, kind: SubjectKind, text: &str, key: &str, values: &str) -> Vec<Offer> {
        let Some(key) = Key::parse(key).filter(|key| key.applies_to(kind)) else { return Vec::new() };
        let typed = values.rsplit([',', '，', '、']).next().unwrap_or_default();
        let all: Vec<(&str, &str)> = match key.kind() {
            ValueKind::Words(set) => {
                set.words().into_iter().map(|word| (set.label(word, self.lang), word)).collect()
            }
            ValueKind::Date => DAYS
                .iter()
                .map(|[cn, tw, en]| match self.lang {
                    Lang::ZhCn => (*cn, *en),
                    Lang::ZhTw => (*tw, *en),
                    Lang::En => (*en, *en),
                })
                .collect(),
            _ => return Vec::new(),
        };
        let needle = Needle::new(typed);
        let fits = |(label, word): &&(&str, &str)| {
            label.starts_with(typed) || word.starts_with(typed) || needle.matches(&search_key(label))
        };
        let Some(before) = text.strip_suffix(typed) else { return Vec::new() };
        let offer = |(label, word): &(&str, &str)| {
            let line = format!("{before}{label}");
            // words that rows of this kind never have are in the set as well
            (line != text && self.mistake_in(kind, &line).is_none()).then(|| Offer {
                line,
                label: (*label).to_owned(),
                hint: if label == word { String::new() } else { (*word).to_owned() },
                id: None,
            })
        };
        all.iter().filter(fits).filter_map(offer).take(OFFERED).collect()
    }

    /// Views that may be meant by `@` and what follows.
    fn view_offers(&self, before: &str, name: &str) -> Vec<Offer> {
        let kind = self.view_kind();
        let fits = |tab: &&Tab| tab.kind() == kind && tab.name(self.lang).starts_with(name);
        self.tabs
            .iter()
            .map(|(_, tab)| tab)
            .filter(fits)
            .take(OFFERED)
            .map(|tab| {
                let name = tab.name(self.lang);
                let label = if name.contains(' ') { format!("@\"{name}\"") } else { format!("@{name}") };
                Offer { line: format!("{before}{label}"), label, hint: tab.saved.filter.clone(), id: None }
            })
            .collect()
    }
}
