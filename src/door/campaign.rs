//! Campaigns as screens and commands show them, and the sentences that both say.

use serde::{Deserialize, Serialize};

use super::compose::{ComposeReport, Finding, Found};
use super::forecast::{AheadSentence, CapAhead, ClashAhead, unsent_lines};
use super::line::Ref;
use crate::book::{Campaign, CampaignText, PlaybookId, Timestamp};
use crate::report::funnel::Funnel;
use crate::text::clean::for_display;
use crate::text::lang::Lang;

crate::words! {
    /// What is said of campaigns on the screen and the command line alike.
    pub enum Sentence {
        Playbook { title, active, line, finished, stopped, due, sent, replied, private, bought } => [
            "{title}: 在走 {active} 排队 {line} 走完 {finished} 停止 {stopped}; 应发 {due} 已发 {sent} 回复 {replied}/{private} 成交 {bought}",
            "{title}: 在走 {active} 排隊 {line} 走完 {finished} 停止 {stopped}; 應發 {due} 已發 {sent} 回覆 {replied}/{private} 成交 {bought}",
            "{title}: {active} active, {line} in line, {finished} finished, {stopped} stopped; {due} due, {sent} sent, {replied} of {private} replied, {bought} bought",
        ],
        Text { at, whom, title } => ["{at} 文字给{whom}: {title}", "{at} 文字給{whom}: {title}", "{at} a text to {whom}: {title}"],
        ToMembers { filter } => ["成员 {filter}", "成員 {filter}", "members {filter}"],
        ToGroups { filter } => ["群 {filter}", "群 {filter}", "groups {filter}"],
        Waits => ["还没到", "還沒到", "to come"],
        Stopped => ["停止了, 不再发", "停止了, 不再發", "stopped, never to come"],
        NeverBegan => ["开始前就停止了", "開始前就停止了", "stopped before it began"],
        NotMade => ["没有发出来", "沒有發出來", "could not be made"],
        Reaches { matched, n } => ["现在符合 {matched} 个, 收到 {n} 个", "現在符合 {matched} 個, 收到 {n} 個", "{matched} match now, {n} get it"],
        Days { days } => ["按天: {days}", "按天: {days}", "by day: {days}"],
        HeldBack { n } => ["上限压住, 到结束发不出 {n} 条", "上限壓住, 到結束發不出 {n} 條", "caps hold {n} until it is over"],
        MoreDays { n } => ["另 {n} 天", "另 {n} 天", "{n} more days"],
        Refilled { day, value } => ["{day} 那一轮填的是 {value}", "{day} 那一輪填的是 {value}", "the round of {day} has {value}"],
        Found { n, what } => ["{n} 个{what}", "{n} 個{what}", "{n} {what}"],
    }
}

/// Who of a campaign stands where in a playbook of it, and how far its messages got.
pub fn playbook_line(title: &str, counts: [u32; 4], funnel: &Funnel, lang: Lang) -> String {
    let [active, line, finished, stopped] = counts;
    let values: [(&str, &dyn std::fmt::Display); 10] = [
        ("title", &title),
        ("active", &active),
        ("line", &line),
        ("finished", &finished),
        ("stopped", &stopped),
        ("due", &funnel.due),
        ("sent", &funnel.sent),
        ("replied", &funnel.replied),
        ("private", &funnel.private),
        ("bought", &funnel.bought),
    ];
    Sentence::Playbook.fill(lang, &values)
}

/// Whom a text is for.
fn whom(groups: bool, filter: &str, lang: Lang) -> String {
    let words = if groups { Sentence::ToGroups } else { Sentence::ToMembers };
    words.fill(lang, &[("filter", &for_display(filter.trim()))])
}

/// What is said of what has not begun.
const fn not_begun(view: &CampaignView) -> Sentence {
    match (view.campaign.stopped_at, view.over) {
        (Some(_), _) => Sentence::Stopped,
        (None, true) => Sentence::NotMade,
        (None, false) => Sentence::Waits,
    }
}

/// What is said of a wave whose people were not chosen yet when the campaign was stopped; none of any other.
pub fn never_began(campaign: &Campaign, wave: &WaveView, lang: Lang) -> Option<String> {
    let stopped_first =
        campaign.stopped_at.zip(wave.chosen_at).is_some_and(|(stopped, chosen)| stopped <= chosen);
    (stopped_first && wave.people == 0).then(|| Sentence::NeverBegan.text(lang).to_owned())
}

/// Its texts and what has come of them, a line each; `at` says an instant in words.
pub fn texts_lines(view: &CampaignView, at: &dyn Fn(Timestamp) -> String, lang: Lang) -> Vec<String> {
    let texts = view.campaign.texts.iter().zip(&view.texts);
    texts.flat_map(|(text, told)| text_lines(text, told, not_begun(view), &at(text.at), lang)).collect()
}

fn text_lines(
    text: &CampaignText,
    told: &TextView,
    not_begun: Sentence,
    at: &str,
    lang: Lang,
) -> Vec<String> {
    let title =
        if text.title.is_empty() { text.text.lines().next().unwrap_or_default() } else { &text.title };
    let title = told.made.as_ref().map_or(title, |made| &made.name);
    let whom = whom(text.groups, &text.filter, lang);
    let title = for_display(title);
    let values: [(&str, &dyn std::fmt::Display); 3] = [("at", &at), ("whom", &whom), ("title", &title)];
    let head = Sentence::Text.fill(lang, &values);
    match &told.made {
        Some(_) => vec![head, format!("  {}", playbook_line(&title, told.counts, &told.funnel, lang))],
        None if text.begun_at.is_some() => vec![format!("{head}  {}", Sentence::NotMade.text(lang))],
        None => vec![format!("{head}  {}", not_begun.text(lang))],
    }
}

/// Whom a text would reach and what would keep it back, on one line; `at` is its time in words.
pub fn trial_line(text: &TextTrial, at: &str, lang: Lang) -> String {
    let whom = whom(text.groups, &text.filter, lang);
    let values: [(&str, &dyn std::fmt::Display); 3] =
        [("at", &at), ("whom", &whom), ("title", &for_display(&text.report.title))];
    let head = Sentence::Text.fill(lang, &values);
    let reaches: [(&str, &dyn std::fmt::Display); 2] =
        [("matched", &text.report.matched), ("n", &text.report.gets)];
    let found = |found: &Found| {
        let told = Sentence::Found.fill(lang, &[("n", &found.n), ("what", &found.finding.label(lang))]);
        let named =
            (found.finding == Finding::Unsent).then(|| format!("{told} ({})", found.named.join(", ")));
        named.unwrap_or(told)
    };
    let told = std::iter::once(Sentence::Reaches.fill(lang, &reaches));
    let told: Vec<String> = told.chain(text.report.found.iter().map(found)).collect();
    format!("{head}  {}", told.join("; "))
}

/// Days that are told one by one.
const DAYS_TOLD: usize = 10;

/// Why some of it is not offered yet, a line each.
pub fn waits_lines(view: &CampaignView, lang: Lang) -> Vec<String> {
    let capped = (view.capped > 0).then(|| AheadSentence::Capped.fill(lang, &[("n", &view.capped)]));
    unsent_lines(&view.unsent, lang).into_iter().chain(capped).collect()
}

/// What it answers, a line each, and under it where a form says something else.
pub fn answer_lines(view: &CampaignView, lang: Lang) -> Vec<String> {
    let mut lines = Vec::new();
    for (key, value) in &view.campaign.answers {
        lines.push(format!("{key} = {value}"));
        for (_, day, value) in view.refilled.iter().filter(|(of, ..)| of == key) {
            let values: [(&str, &dyn std::fmt::Display); 2] =
                [("day", &day.format("%m-%d")), ("value", &for_display(value))];
            lines.push(format!("  {}", Sentence::Refilled.fill(lang, &values)));
        }
    }
    lines
}

/// How many messages of a trial come on which day, on one line, and how many never do; nothing where there are none.
pub fn days_lines(trial: &CampaignTrial, lang: Lang) -> Vec<String> {
    let told = trial.days.iter().take(DAYS_TOLD).map(|(day, n)| format!("{} {n}", day.format("%m-%d")));
    let mut told: Vec<String> = told.collect();
    if let Some(more) = trial.days.len().checked_sub(DAYS_TOLD).filter(|more| *more > 0) {
        told.push(Sentence::MoreDays.fill(lang, &[("n", &more)]));
    }
    let days = (!told.is_empty()).then(|| Sentence::Days.fill(lang, &[("days", &told.join(", "))]));
    let held = (trial.held > 0).then(|| Sentence::HeldBack.fill(lang, &[("n", &trial.held)]));
    days.into_iter().chain(held).collect()
}

/// A campaign and how far it has got.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignView {
    pub campaign: Campaign,
    pub over: bool,
    /// Of each playbook: who of the campaign stands where, in the order of [`Standing::ALL`], and their messages.
    pub playbooks: Vec<(Ref<PlaybookId>, [u32; 4], Funnel)>,
    /// Of those in it who wait for a cap: what they were not sent yet, and how many it is about; and how many others.
    pub unsent: Vec<(String, u32)>,
    pub capped: u32,
    /// What stands in forms of its runs in the place of what it answers: key, run, value.
    pub refilled: Vec<(String, chrono::NaiveDate, String)>,
    /// Its waves as they were written.
    pub waves: Vec<WaveView>,
    /// Its texts as they were written.
    pub texts: Vec<TextView>,
}

/// A text of a campaign and how far it has got; nothing before it is made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextView {
    /// The one-off that was made of it, and what that is called.
    pub made: Option<Ref<PlaybookId>>,
    pub counts: [u32; 4],
    pub funnel: Funnel,
}

/// A wave of a campaign and how far it has got.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaveView {
    /// When its people are or were chosen; none for a wave whose people were chosen with the campaign.
    pub chosen_at: Option<Timestamp>,
    /// How many came with it.
    pub people: u32,
    /// Of each of the campaign's playbooks, in their order.
    pub playbooks: Vec<([u32; 4], Funnel)>,
}

/// What setting a campaign up, or changing it, would do; nothing was written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignTrial {
    /// Its waves in the order in which they begin, those alone whose people are still to be chosen.
    pub waves: Vec<WaveTrial>,
    /// Messages of it that are offered until its end, within the days that are looked at, and how many on which day: caps
    /// obeyed, as if all that is offered were sent.
    pub messages: u32,
    pub days: Vec<(chrono::NaiveDate, u32)>,
    /// How many more there would be that caps hold until it is too late.
    pub held: u32,
    /// Caps that hold something with it and not so without.
    pub caps: Vec<CapAhead>,
    /// How many of its people hear from several playbooks on one day, and the first of them: day, name, titles.
    pub clash_count: u32,
    pub clashes: Vec<ClashAhead>,
    /// The last day that was looked at, where its end lies after it.
    pub looked_to: Option<chrono::NaiveDate>,
    /// Its texts that have not begun.
    pub texts: Vec<TextTrial>,
    pub warnings: Vec<String>,
}

/// Whom a text would reach.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextTrial {
    pub at: Timestamp,
    pub groups: bool,
    pub filter: String,
    /// As a one-off alone is looked at.
    pub report: ComposeReport,
}

/// Whom a wave would take.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaveTrial {
    pub at: Timestamp,
    pub filter: String,
    pub chosen_at: Timestamp,
    /// How many enter at least one of its playbooks, and how many each.
    pub people: u32,
    pub playbooks: Vec<(Ref<PlaybookId>, u32)>,
    /// How many match it and are in an earlier wave.
    pub overlap: u32,
    /// Why others that match do not enter, by playbook, and how many.
    pub stays: Vec<(String, u32)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn campaign() -> Campaign {
        Campaign {
            id: "c".to_owned(),
            title: String::new(),
            playbooks: Vec::new(),
            waves: Vec::new(),
            from: Timestamp(0),
            until: Timestamp(9),
            answers: Vec::new(),
            texts: Vec::new(),
            stopped_at: None,
            ended_at: None,
            act: None,
        }
    }

    #[test]
    fn a_text_that_never_comes_is_not_said_to_come() {
        let text = CampaignText {
            title: "店庆".to_owned(),
            groups: false,
            filter: "tag:宝妈".to_owned(),
            at: Timestamp(5),
            until: None,
            text: "店庆".to_owned(),
            class: crate::book::Class::Marketing,
            account: None,
            made: None,
            begun_at: None,
        };
        let campaign = Campaign { texts: vec![text], ..campaign() };
        let said = |stopped_at, over| {
            let view = CampaignView {
                campaign: Campaign { stopped_at, ..campaign.clone() },
                over,
                playbooks: Vec::new(),
                unsent: Vec::new(),
                capped: 0,
                refilled: Vec::new(),
                waves: Vec::new(),
                texts: vec![TextView::default()],
            };
            texts_lines(&view, &|at| at.0.to_string(), Lang::ZhCn)
        };
        let line = "5 文字给成员 tag:宝妈: 店庆";
        assert_eq!(said(None, false), [format!("{line}  还没到")]);
        assert_eq!(said(Some(Timestamp(3)), true), [format!("{line}  停止了, 不再发")]);
        assert_eq!(said(None, true), [format!("{line}  没有发出来")]);
    }

    #[test]
    fn a_wave_that_was_stopped_before_it_began_is_told_apart() {
        let check = |stopped_at: Option<i64>, chosen_at: i64, people: u32, expected: Option<&str>| {
            let campaign = Campaign { stopped_at: stopped_at.map(Timestamp), ..campaign() };
            let wave = WaveView { chosen_at: Some(Timestamp(chosen_at)), people, playbooks: Vec::new() };
            assert_eq!(never_began(&campaign, &wave, Lang::ZhCn).as_deref(), expected);
        };
        check(Some(3), 5, 0, Some("开始前就停止了"));
        check(Some(6), 5, 0, None);
        check(None, 5, 0, None);
        check(Some(3), 5, 2, None);
    }

    #[test]
    fn every_sentence_has_its_words() {
        assert_eq!(crate::text::lang::faults::<super::Sentence>(), Vec::<String>::new());
    }
}
