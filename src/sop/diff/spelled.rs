//! What is written in a playbook, key by key, as the format spells it: to lay two texts side by side.
//!
//! Every struct is taken apart whole, so that a key the format gains is spelled here or this does not compile.

use std::fmt::Display;

use crate::sop::format::{
    Answer, Ask, Condition, Effect, End, Every, Intake, MonthDay, Part, Pick, Recurrence, Sort, Start,
    StopRule, When,
};

/// Days of a week from Monday on.
const WEEK: [&str; 7] = ["一", "二", "三", "四", "五", "六", "日"];

/// Something that may not be written; empty where it is not.
pub(super) fn maybe(value: Option<&impl Display>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}

fn listed(all: impl Iterator<Item = String>) -> String {
    all.collect::<Vec<_>>().join(", ")
}

pub(super) fn stop(rules: &[StopRule]) -> Vec<String> {
    rules.iter().map(StopRule::word).collect()
}

fn sort(sort: Option<&Sort>) -> String {
    sort.map_or_else(String::new, |Sort { key, descending }| {
        format!(" sort = {}{}", if *descending { "-" } else { "" }, key.word())
    })
}

pub(super) fn intake(intake: Option<&Intake>) -> String {
    intake.map_or_else(String::new, |Intake { max, per, sort: by }| {
        format!("max = {max} per = {}{}", per.word(), sort(by.as_ref()))
    })
}

pub(super) fn pick(pick: Option<&Pick>) -> String {
    pick.map_or_else(String::new, |Pick { n, sort: by }| format!("n = {n}{}", sort(by.as_ref())))
}

pub(super) fn asks(asks: &[Ask]) -> Vec<(String, String)> {
    let spelled = |Ask { key, kind, by, per }: &Ask| {
        let by = by.as_ref().map_or_else(String::new, |by| format!(" by = {by}"));
        (key.clone(), format!("{key}: {}{by} per = {}", kind.word(), per.word()))
    };
    asks.iter().map(spelled).collect()
}

pub(super) fn effects(then: &[Effect]) -> String {
    let spelled = |effect: &Effect| match effect {
        Effect::Tag(tag) => format!("tag:{tag}"),
        Effect::Untag(tag) => format!("-tag:{tag}"),
        Effect::Stage(stage) => format!("stage:{stage}"),
        Effect::Stop => "stop".to_owned(),
        Effect::Goto(step) => format!("goto:{step}"),
        Effect::Start(playbook) => format!("start:{playbook}"),
        Effect::Followup(length) => format!("followup:{length}"),
    };
    listed(then.iter().map(spelled))
}

pub(super) fn ends(ends: &[End]) -> Vec<(String, String)> {
    let spelled = |End { when, then }: &End| {
        let when = match when {
            When::Finished => "finished".to_owned(),
            When::Stopped(rule) => rule.word(),
        };
        let whole = format!("{when}: {}", effects(then));
        (when, whole)
    };
    ends.iter().map(spelled).collect()
}

pub(super) fn answers(answers: &[Answer]) -> Vec<(String, String)> {
    let spelled = |Answer { say, then }: &Answer| (say.clone(), format!("{say}: {}", effects(then)));
    answers.iter().map(spelled).collect()
}

pub(super) fn condition(condition: &Condition) -> String {
    let Condition { asked, filter } = condition;
    let asked = asked.iter().map(|(key, is)| format!("{}ask:{key}", if *is { "" } else { "-" }));
    let filter = Some(filter.clone()).filter(|filter| !filter.is_empty());
    asked.chain(filter).collect::<Vec<_>>().join(" ")
}

/// A part that is no text, with its key.
pub(super) fn part(part: &Part) -> Option<(&'static str, String)> {
    let says = match part {
        Part::Text(_) => return None,
        Part::Image(path) | Part::File(path) => path.clone(),
        Part::Forward { place, find, label } => listed(
            [("where", place), ("find", find), ("label", label)]
                .into_iter()
                .filter(|(_, value)| !value.is_empty())
                .map(|(key, value)| format!("{key} = {value}")),
        ),
        Part::Notice(text) | Part::Jielong(text) | Part::Mention(text) => text.clone(),
        Part::RedPacket { amount } => amount.to_string(),
    };
    Some((part.key(), says))
}

fn every(every: &Every) -> String {
    match every {
        Every::Daily => "daily".to_owned(),
        Every::Weekdays => "weekdays".to_owned(),
        Every::Workdays => "workdays".to_owned(),
        Every::Weekly(days) => {
            let named = (0_u8..).zip(WEEK).filter(|(bit, _)| days & (1 << bit) != 0);
            format!("weekly: {}", named.map(|(_, day)| day).collect::<String>())
        }
        Every::Days(days) => format!("{days} days"),
        Every::Monthly(days) => {
            let day = |day: &MonthDay| match day {
                MonthDay::Day(day) => day.to_string(),
                MonthDay::Last => "last".to_owned(),
            };
            format!("monthly: {}", days.iter().map(day).collect::<Vec<_>>().join(","))
        }
        Every::Rrule(rule) => rule.to_string(),
    }
}

pub(super) fn start(start: &Start) -> String {
    let days = |offset: &i32| if *offset == 0 { String::new() } else { format!(" offset = {offset}d") };
    let more = match start {
        Start::Added
        | Start::Joined
        | Start::GroupCreated
        | Start::FirstPurchase
        | Start::LastPurchase
        | Start::LastReply
        | Start::LastTouch
        | Start::ByHand => String::new(),
        Start::Tag { tag } => format!(" tag = {tag}"),
        Start::Stage { stage } => format!(" stage = {stage}"),
        Start::Silence { days, since } => format!(" days = {days} since = {}", since.word()),
        Start::CheckinStreak { k } => format!(" k = {k}"),
        Start::CheckinMissed { days } => format!(" days = {days}"),
        Start::Birthday { offset } | Start::LunarBirthday { offset } => days(offset),
        Start::Festival { festival, offset } => format!(" festival = {festival}{}", days(offset)),
        Start::Term { term, offset } => format!(" term = {term}{}", days(offset)),
        Start::Date { date, offset } => format!(" date = {date}{}", days(offset)),
        Start::Recurrence(Recurrence { every: each, until, count }) => {
            let until = until.map_or_else(String::new, |until| format!(" until = {until}"));
            let count = count.map_or_else(String::new, |count| format!(" count = {count}"));
            format!(" {}{until}{count}", every(each))
        }
        Start::Runout { product, offset } => format!(" product = {product}{}", days(offset)),
        Start::After { playbook } => format!(" playbook = {playbook}"),
    };
    format!("{}{more}", start.word().word())
}
