//! `[[step]]`: when, by which way, what; and whether it can work where it stands.

use toml::Spanned;
use toml::de::DeValue;

use super::check::Checker;
use super::model::{Answer, Check, Late, Part, Pick, Step, StepPer, TargetKind};
use super::problem::{Expected, Said, Sentence, Severity};
use super::source::{Found, Place, quote, text};
use crate::book::{Money, Via};
use crate::sop::grammar::{At, Moment, Until};

pub(super) const STEP: &[&str] = &[
    "id", "at", "until", "late", "via", "class", "as", "who", "per", "collect", "if", "pick", "check",
    "answers", "note", "text", "parts", "fresh",
];
/// Keys of a step that no other section has.
pub(super) const STEP_ONLY: &[&str] =
    &["at", "via", "late", "as", "who", "collect", "if", "pick", "check", "answers", "note", "text", "parts"];
const PICK: &[&str] = &["n", "sort"];
const ANSWER: &[&str] = &["say", "then"];
pub(super) const PART: &[&str] =
    &["text", "image", "file", "forward", "notice", "jielong", "redpacket", "mention"];
const FORWARD: &[&str] = &["where", "find", "label"];
const RED_PACKET: &[&str] = &["amount"];

/// The most of us who say one step: a talk of more is a play.
const SPEAKERS_MAX: usize = 50;

/// The most wordings of one text.
pub(super) const WORDINGS_MAX: usize = 1000;

impl Checker<'_> {
    pub(super) fn step(&mut self, place: &Place<'_>, recurs: bool) -> Option<Step> {
        self.reader.unknown_keys(place, STEP);
        let id = self.step_id(place);
        let at = self.at(place, recurs);
        let until = self.until(place, at.as_ref());
        let late = self.keyword(place, "late", Late::parse, Late::WORDS, Some(Late::Keep));
        if recurs && late == Some(Late::Shift) {
            let said = vec![("field", text(place.field("late")))];
            let at = place.key_span("late").start;
            self.reader.note(Severity::Warning, at, Sentence::ShiftRecurs, said, None);
        }
        let vias: Vec<&str> = Via::ALL.iter().map(|via| via.word()).collect();
        let read_via = |word: &str| Via::ALL.iter().copied().find(|via| via.word() == word);
        let via = self.keyword(place, "via", read_via, &vias, None);
        self.gathers = self.target == TargetKind::Member && via == Some(Via::Group);
        let class = self.class(place);
        let speakers = self.speakers(place);
        let who = place.has("who").then(|| self.who(place)).filter(|who| !who.is_empty());
        let per = self.keyword(place, "per", StepPer::parse, StepPer::WORDS, Some(StepPer::Target));
        let collect = self.length(place, "collect");
        let condition = self.condition(place);
        let pick = self.pick(place);
        let check = if place.has("check") {
            self.keyword(place, "check", Check::parse, Check::WORDS, None)
        } else {
            None
        };
        let answers = self.answers(place);
        let note = self.note(place);
        let parts = self.parts(place);
        let fresh = self.length(place, "fresh");
        self.fits(place, at.as_ref(), via);
        Some(Step {
            id: id?,
            at: at?,
            until,
            late: late?,
            via: via?,
            class,
            speakers,
            in_turn: false,
            after: None,
            who,
            per: per?,
            collect,
            condition,
            pick,
            check,
            answers,
            note,
            parts,
            fresh,
        })
    }

    fn step_id(&mut self, place: &Place<'_>) -> Option<String> {
        let found = self.reader.required(place, "id")?;
        let shape = found.value.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
            && found.value.chars().count() <= 64;
        if !shape {
            self.reader.bad_shape(place.field("id"), &found, Expected::StepId);
        }
        match self.step_ids.get(&found.value).copied() {
            Some(first_at) => self.duplicate(place.field("id"), &found, first_at),
            None => {
                self.step_ids.insert(found.value.clone(), found.span.start);
            }
        }
        shape.then_some(found.value)
    }

    fn at(&mut self, place: &Place<'_>, recurs: bool) -> Option<At> {
        let found = self.reader.required(place, "at")?;
        match At::parse(&found.value) {
            Ok(at) if recurs && at.days.count() > 1 => {
                let said = vec![("field", text(place.field("at"))), ("value", quote(&found.value))];
                self.reader.error(found.span.start, Sentence::ManyDaysRecur, said);
                None
            }
            Ok(at) => Some(at),
            Err(mistake) => {
                self.time_mistake(place.field("at"), &found, mistake, Expected::At);
                None
            }
        }
    }

    fn until(&mut self, place: &Place<'_>, at: Option<&At>) -> Option<Until> {
        let found = self.reader.string(place, "until")?;
        let until = match Until::parse(&found.value) {
            Ok(until) => until,
            Err(mistake) => {
                self.time_mistake(place.field("until"), &found, mistake, Expected::Until);
                return None;
            }
        };
        // An end not after its start means the next day; when even that lies before the start it is a slip.
        if let (Some(at), Until::Day { day, time }) = (at, until) {
            let start_day = if at.days.repeats() { 0 } else { at.days.first() };
            let start_time = match at.moment {
                Moment::Wall(time) => i64::from(time.minutes()),
                Moment::Elapsed(_) => 0,
            };
            let minutes = |day: i32, time: i64| i64::from(day) * 24 * 60 + time;
            if minutes(day + 1, i64::from(time.minutes())) <= minutes(start_day, start_time) {
                let said = vec![("field", text(place.field("until"))), ("value", quote(&found.value))];
                self.reader.error(found.span.start, Sentence::UntilBeforeAt, said);
                return None;
            }
        }
        Some(until)
    }

    fn speakers(&mut self, place: &Place<'_>) -> Vec<String> {
        let Some(value) = place.table.get("as") else { return Vec::new() };
        let field = place.field("as");
        let found = self.reader.strings(&field, value, SPEAKERS_MAX);
        found
            .into_iter()
            .filter_map(|found| self.reader.not_blank(field.clone(), found))
            .map(|f| f.value)
            .collect()
    }

    fn pick(&mut self, place: &Place<'_>) -> Option<Pick> {
        let table = self.reader.table(place, "pick")?;
        self.reader.unknown_keys(&table, PICK);
        if !table.has("n") {
            self.reader.missing(&table, "n");
        }
        let n = self.reader.number(&table, "n", 1, 100_000).and_then(|n| u32::try_from(n).ok());
        let sort = self.sort(&table, |_| true);
        Some(Pick { n: n?, sort })
    }

    fn answers(&mut self, place: &Place<'_>) -> Vec<Answer> {
        let places = self.reader.tables(place, "answers", "say", Expected::List);
        // They are opened by the digits 1 to 9.
        if places.len() > 9 {
            let said = vec![
                ("field", text(place.field("answers"))),
                ("value", text(places.len().to_string())),
                ("limit", text("9")),
            ];
            self.reader.error(place.key_span("answers").start, Sentence::TooMany, said);
        }
        places
            .iter()
            .filter_map(|answer| {
                self.reader.unknown_keys(answer, ANSWER);
                let say = self.reader.required(answer, "say").map(|found| found.value);
                let then = self.effects(answer);
                Some(Answer { say: say?, then })
            })
            .collect()
    }

    /// `text`, or `parts`, or neither where a note says what to do.
    fn parts(&mut self, place: &Place<'_>) -> Vec<Part> {
        match (place.table.get("text"), place.table.get("parts")) {
            (Some(_), Some(_)) => {
                let said = vec![("place", text(place.name.clone()))];
                let later = place.key_span("text").start.max(place.key_span("parts").start);
                self.reader.error(later, Sentence::TextAndParts, said);
                Vec::new()
            }
            (Some(value), None) => {
                let wordings = self.wordings(&place.field("text"), value);
                vec![Part::Text(wordings)]
            }
            (None, Some(_)) => {
                let places = self.reader.tables(place, "parts", "", Expected::List);
                if places.is_empty() {
                    let said = vec![("field", text(place.field("parts")))];
                    self.reader.error(place.key_span("parts").start, Sentence::Empty, said);
                }
                // One bit a part marks what was done.
                if places.len() > 64 {
                    let said = vec![
                        ("field", text(place.field("parts"))),
                        ("value", text(places.len().to_string())),
                        ("limit", text("64")),
                    ];
                    self.reader.error(place.key_span("parts").start, Sentence::TooMany, said);
                }
                places.iter().filter_map(|part| self.part(part)).collect()
            }
            (None, None) => {
                if !place.has("note") {
                    let said = vec![("place", text(place.name.clone()))];
                    self.reader.error(place.span.start, Sentence::NothingToSay, said);
                }
                Vec::new()
            }
        }
    }

    fn wordings(&mut self, field: &str, value: &Spanned<DeValue<'_>>) -> Vec<String> {
        let found = self.reader.strings(field, value, WORDINGS_MAX);
        let is_list = value.get_ref().as_array();
        if is_list.is_some_and(|items| items.is_empty()) {
            self.reader.error(value.span().start, Sentence::Empty, vec![("field", text(field))]);
        }
        found.into_iter().filter_map(|found| self.template(field, found)).collect()
    }

    fn part(&mut self, place: &Place<'_>) -> Option<Part> {
        self.reader.unknown_keys(place, PART);
        let mut keys = PART.iter().copied().filter(|key| place.has(key));
        let key = keys.next();
        let more = keys.count();
        let Some(key) = key.filter(|_| more == 0) else {
            // A part with only an unknown key has been reported as that.
            if more > 0 || place.table.is_empty() {
                let value = text(if key.is_some() { (more + 1).to_string() } else { "0".to_owned() });
                let said = vec![("place", text(place.name.clone())), ("value", value)];
                self.reader.error(place.span.start, Sentence::OnePartKey, said);
            }
            return None;
        };
        let value = place.table.get(key)?;
        let field = place.field(key);
        match key {
            "text" => Some(Part::Text(self.wordings(&field, value))),
            "image" => self.path(place, key).map(Part::Image),
            "file" => self.path(place, key).map(Part::File),
            "notice" => self.one_template(&field, value).map(Part::Notice),
            "jielong" => self.one_template(&field, value).map(Part::Jielong),
            "mention" => self.one_template(&field, value).map(Part::Mention),
            "forward" => self.forward(place),
            _ => self.red_packet(place),
        }
    }

    fn path(&mut self, place: &Place<'_>, key: &str) -> Option<String> {
        self.reader.required(place, key).map(|found| found.value)
    }

    fn one_template(&mut self, field: &str, value: &Spanned<DeValue<'_>>) -> Option<String> {
        let found = self.reader.as_string(field.to_owned(), value)?;
        self.template(field, found)
    }

    fn forward(&mut self, place: &Place<'_>) -> Option<Part> {
        let table = self.reader.table(place, "forward")?;
        self.reader.unknown_keys(&table, FORWARD);
        let mut words = |key: &str| self.optional(&table, key).unwrap_or_default();
        let (source, label) = (words("where"), words("label"));
        let find = self.reader.required(&table, "find")?.value;
        Some(Part::Forward { place: source, find, label })
    }

    fn red_packet(&mut self, place: &Place<'_>) -> Option<Part> {
        let table = self.reader.table(place, "redpacket")?;
        self.reader.unknown_keys(&table, RED_PACKET);
        let found: Found<String> = self.reader.required(&table, "amount")?;
        let amount = found.value.parse::<Money>().ok().filter(|amount| amount.0 > 0);
        if amount.is_none() {
            self.reader.bad_shape(table.field("amount"), &found, Expected::Money);
        }
        amount.map(|amount| Part::RedPacket { amount })
    }

    /// Keys that have a meaning only beside others, or for one kind of playbook.
    fn fits(&mut self, place: &Place<'_>, at: Option<&At>, via: Option<Via>) {
        if place.has("who") {
            if self.target == TargetKind::Member {
                self.only_for(place, "who", Expected::RunPlaybook);
            } else if via.is_some_and(|via| !matches!(via, Via::Private | Via::Internal | Via::Call)) {
                self.only_for(place, "who", Expected::PrivateVia);
            }
        }
        if place.has("per") && self.target != TargetKind::Group {
            self.only_for(place, "per", Expected::GroupPlaybook);
        }
        let (Some(at), Some(via)) = (at, via) else { return };
        if place.has("collect") {
            if self.target != TargetKind::Member {
                self.only_for(place, "collect", Expected::MemberPlaybook);
            } else if via != Via::Group {
                self.only_for(place, "collect", Expected::GroupVia);
            }
        }
        let elapsed = matches!(at.moment, Moment::Elapsed(_));
        if self.target == TargetKind::Member && via == Via::Group && elapsed && !place.has("collect") {
            let span = place.table.get("at").map_or(0, |value| value.span().start);
            let said = vec![("field", Said::Text(place.field("at")))];
            self.reader.error(span, Sentence::NeedsGather, said);
        }
        // A group and an account have many to speak to in private: `who` says which. An account stands in no one group.
        let field = ("field", text(format!("{} = {}", place.field("via"), via.word())));
        let written = place.table.get("via").map_or(0, |value| value.span().start);
        match via {
            Via::Private if self.target != TargetKind::Member && !place.has("who") => {
                self.reader.error(written, Sentence::NeedsWho, vec![field]);
            }
            Via::Group if self.target == TargetKind::Account => {
                let said = vec![field, ("expected", Said::Words(Expected::GroupOrMember))];
                self.reader.error(written, Sentence::OnlyFor, said);
            }
            _ => {}
        }
    }
}
