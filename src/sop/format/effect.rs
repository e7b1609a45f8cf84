//! Stop rules, effects and ends: the words with a colon in them.

use super::check::{Checker, SECTIONS_MAX};
use super::model::{Effect, End, StopRule, When};
use super::problem::{Expected, Said, Sentence, Severity};
use super::source::{Found, Place, nearest, quote, text};
use crate::book::{ActivityKind, PlaybookId, Stage};
use crate::sop::grammar::Length;
use crate::text::lang::Lang;

/// Activities that are something to stop for: what a group does is not, nor what rules themselves bring about.
const STOPS: &[ActivityKind] = &[
    ActivityKind::Replied,
    ActivityKind::Bought,
    ActivityKind::Left,
    ActivityKind::Unfriended,
    ActivityKind::Blocked,
    ActivityKind::Complained,
    ActivityKind::Refunded,
    ActivityKind::PickedUp,
    ActivityKind::CheckedIn,
    ActivityKind::LeaveDay,
    ActivityKind::Liked,
    ActivityKind::Referred,
    ActivityKind::Joined,
    ActivityKind::Added,
];

const END: &[&str] = &["when", "then"];

impl Checker<'_> {
    pub(super) fn stop_rules(&mut self, top: &Place<'_>) -> Vec<StopRule> {
        let Some(value) = top.table.get("stop") else { return Vec::new() };
        let found = self.reader.strings("stop", value, SECTIONS_MAX);
        found.iter().filter_map(|found| self.stop_rule("stop", found, Expected::Stop, &[])).collect()
    }

    /// One stop rule; `more` are words that may stand here besides.
    fn stop_rule(
        &mut self,
        field: &str,
        found: &Found<String>,
        expected: Expected,
        more: &[&str],
    ) -> Option<StopRule> {
        let word = found.value.trim();
        if let Some(filter) = word.strip_prefix("filter:") {
            if filter.trim().is_empty() {
                self.reader.error(found.span.start, Sentence::Empty, vec![("field", text(field))]);
                return None;
            }
            self.check_filter_text(
                field,
                found,
                filter,
                found.value.chars().count() - filter.chars().count(),
                self.target,
            );
            return Some(StopRule::Filter(filter.trim().to_owned()));
        }
        if let Some(tag) = word.strip_prefix("tag:").map(str::trim).filter(|tag| !tag.is_empty()) {
            return Some(StopRule::Tag(tag.to_owned()));
        }
        if let Some(stage) = word.strip_prefix("stage:") {
            return self.stage(field, found, stage).map(StopRule::Stage);
        }
        if let Some(kind) = STOPS.iter().copied().find(|kind| kind.word() == word) {
            return Some(StopRule::Activity(kind));
        }
        let words: Vec<&str> = STOPS.iter().map(|kind| kind.word()).chain(more.iter().copied()).collect();
        self.bad_word(field, found, expected, &words);
        None
    }

    fn bad_word(&mut self, field: &str, found: &Found<String>, expected: Expected, words: &[&str]) {
        let said =
            vec![("field", text(field)), ("value", quote(&found.value)), ("expected", Said::Words(expected))];
        let meant = nearest(&found.value, words);
        self.reader.note(Severity::Error, found.span.start, Sentence::BadShape, said, meant);
    }

    /// A lifecycle stage by any of its spellings.
    pub(super) fn stage(&mut self, field: &str, found: &Found<String>, word: &str) -> Option<Stage> {
        let stage = Stage::parse(word);
        if stage.is_none() {
            let labels =
                |lang| Stage::ALL.iter().map(|stage| stage.label(lang)).collect::<Vec<_>>().join(" ");
            let all = Lang::ALL.map(labels);
            let words: Vec<&str> = all.iter().flat_map(|labels| labels.split(' ')).collect();
            let meant = nearest(word, &words);
            let said = vec![
                ("field", text(field)),
                ("value", quote(&found.value)),
                ("expected", Said::Languages(all.clone())),
            ];
            self.reader.note(Severity::Error, found.span.start, Sentence::NotAWord, said, meant);
        }
        stage
    }

    /// The effects of `then`: a list, or one alone.
    pub(super) fn effects(&mut self, place: &Place<'_>) -> Vec<Effect> {
        let Some(value) = place.table.get("then") else {
            self.reader.missing(place, "then");
            return Vec::new();
        };
        let field = place.field("then");
        let found = self.reader.strings(&field, value, SECTIONS_MAX);
        found.iter().filter_map(|found| self.effect(&field, found)).collect()
    }

    fn effect(&mut self, field: &str, found: &Found<String>) -> Option<Effect> {
        let word = found.value.trim();
        if word == "stop" {
            return Some(Effect::Stop);
        }
        let (kind, value) = word.split_once(':').unwrap_or((word, ""));
        let value = value.trim();
        let effect = match kind {
            _ if value.is_empty() => None,
            "tag" => Some(Effect::Tag(value.to_owned())),
            "-tag" => Some(Effect::Untag(value.to_owned())),
            "stage" => return self.stage(field, found, value).map(Effect::Stage),
            "goto" => {
                let step = Found { value: value.to_owned(), span: found.span.clone() };
                self.gotos.push((field.to_owned(), step));
                Some(Effect::Goto(value.to_owned()))
            }
            "start" if PlaybookId::is_valid(value) => Some(Effect::Start(PlaybookId(value.to_owned()))),
            "followup" => Length::parse(value).filter(|length| length.minutes() > 0).map(Effect::Followup),
            _ => None,
        };
        if effect.is_none() {
            let kinds = ["tag", "-tag", "stage", "stop", "goto", "start", "followup"];
            let said = vec![
                ("field", text(field)),
                ("value", quote(&found.value)),
                ("expected", Said::Words(Expected::Effect)),
            ];
            let meant = if kinds.contains(&kind) { None } else { nearest(kind, &kinds) };
            self.reader.note(Severity::Error, found.span.start, Sentence::BadShape, said, meant);
        }
        effect
    }

    pub(super) fn ends(&mut self, top: &Place<'_>) -> Vec<End> {
        let places = self.reader.tables(top, "end", "when", Expected::Tables);
        self.not_too_many(top, "end", places.len());
        places.iter().filter_map(|place| self.end(place)).collect()
    }

    fn end(&mut self, place: &Place<'_>) -> Option<End> {
        self.reader.unknown_keys(place, END);
        let then = self.effects(place);
        let found = self.reader.required(place, "when")?;
        let when = if found.value.trim() == "finished" {
            When::Finished
        } else {
            When::Stopped(self.stop_rule(&place.field("when"), &found, Expected::When, &["finished"])?)
        };
        Some(End { when, then })
    }
}
