//! What lies ahead, day by day, as far as the book says.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::line::Ref;
use crate::book::{AccountId, CapScope, PlaybookId, Span, Timestamp};
pub use crate::report::arrivals::Range;
pub use crate::report::pace::Pace;
use crate::text::lang::{Lang, Message, fill};

crate::words! {
    /// What is said of what lies ahead on the screen and the command line alike.
    pub enum AheadSentence {
        Lost { n } => ["前一位发不了, 一起过期 {n}", "前一位發不了, 一起過期 {n}", "{n} expire with the speaker before"],
        Unlisted { n } => [
            "名单还没填的 {n} 处私聊各只算 1 条, 填了按人数算", "名單還沒填的 {n} 處私聊各只算 1 條, 填了按人數算",
            "{n} steps for lists not filled in yet count as 1 each: as many as are named once they are"],
        Held { n } => ["受限, 压住 {n}", "受限, 壓住 {n}", "limited, holds {n}"],
        Unsent { n, title } => [
            "{n} 个还有没发的 {title}, 发掉或取消才轮到", "{n} 個還有沒發的 {title}, 發掉或取消才輪到",
            "{n} have {title} unsent: what comes after waits until that is sent or cancelled"],
        Capped { n } => ["{n} 个在等上限", "{n} 個在等上限", "{n} wait for a cap"],
    }
}

/// What was not sent yet, by playbook, and of how many it keeps back what comes later: a sentence each.
pub fn unsent_lines(unsent: &[(String, u32)], lang: Lang) -> Vec<String> {
    let said = |(title, n): &(String, u32)| AheadSentence::Unsent.fill(lang, &[("n", n), ("title", title)]);
    unsent.iter().map(said).collect()
}

/// That lists which are not filled in yet stand for more than is counted; nothing where all are.
pub fn unlisted_words(unlisted: u32, lang: Lang) -> Option<String> {
    (unlisted > 0).then(|| AheadSentence::Unlisted.fill(lang, &[("n", &unlisted)]))
}

/// The most days that a forecast looks ahead, from today on.
pub const DAYS_MAX: u32 = 92;

/// The coming days: the most that may come, for conditions and stop rules are taken as holding.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forecast {
    pub days: Vec<DayAhead>,
    pub caps: Vec<CapAhead>,
    /// Only the first of many.
    pub clashes: Vec<ClashAhead>,
    pub clash_count: u32,
    /// What was not sent yet and keeps back what comes later: its playbook, and how many it is about.
    pub unsent: Vec<(String, u32)>,
    pub missing: Vec<Missing>,
    /// Questions that runs will ask and nobody has answered yet.
    pub asks: Vec<AskAhead>,
    pub paces: Vec<Pace>,
    /// Planned messages that quiet hours leave no time for.
    pub expiring: u32,
    /// Private messages to whom a list names that nobody has filled in yet: each step of a group is taken for one.
    pub unlisted: u32,
    /// How many will come a week into playbooks that take newcomers, by how many came in the last four weeks. What they
    /// bring is apart from what is known: [`DayAhead::newcomers`].
    pub arrivals: Vec<ArrivalsAhead>,
    /// Enrolments that were looked at; more were left out where `cut`.
    pub looked_at: u32,
    pub cut: bool,
}

/// Who hears from several playbooks on one day: day, name, titles.
pub type ClashAhead = (NaiveDate, String, Vec<String>);

/// One day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayAhead {
    pub date: NaiveDate,
    /// 八月十五.
    pub lunar: String,
    /// Festivals, the solar term, the holiday's name.
    pub marks: Vec<String>,
    /// Nobody works; none where the year is not known.
    pub off: Option<bool>,
    pub tasks: u32,
    /// How many of these are expected for a day that may become another: silences, products that run out.
    pub estimated: u32,
    pub seconds: u32,
    pub accounts: Vec<AccountDay>,
    pub people: Vec<PersonDay>,
    /// Messages of those who will only come by then.
    pub newcomers: Range,
    pub items: Vec<DayItem>,
    /// How many of them come in each hour by the store's clock; what is open already is in none.
    pub hours: [u32; 24],
}

/// What a day asks of one account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountDay {
    /// None: of no account, such as work among ourselves.
    pub account: Option<Ref<AccountId>>,
    /// Who has its device in hand.
    pub holder: String,
    pub tasks: u32,
    pub seconds: u32,
    /// How many of these it holds, limited as it is.
    pub held: u32,
    /// How many expire with another account's that cannot be said before them.
    pub lost: u32,
}

impl AccountDay {
    /// That it holds some of what it is to say, or that some is lost with another's; nothing where all is said.
    pub fn held_words(&self, lang: Lang) -> String {
        let told = [(AheadSentence::Held, self.held), (AheadSentence::Lost, self.lost)];
        let told = told.into_iter().filter(|(_, n)| *n > 0).map(|(words, n)| words.fill(lang, &[("n", &n)]));
        told.collect::<Vec<_>>().join("; ")
    }
}

/// What a day asks of one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonDay {
    /// Whoever took it upon themselves (经手人), else who has the account's device in hand; empty where nobody is known.
    pub name: String,
    pub tasks: u32,
    pub seconds: u32,
}

/// How many come into a playbook in a week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArrivalsAhead {
    pub playbook: Ref<PlaybookId>,
    pub weekly: Range,
}

/// What one step brings on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayItem {
    /// The first of them.
    pub at: Timestamp,
    /// None: what is open already, whatever it is of.
    pub playbook: Option<Ref<PlaybookId>>,
    pub step: String,
    pub n: u32,
    /// How many of them are expected for a day that may become another.
    pub estimated: u32,
    /// Whose wall clock they are written for, where it tells another time than the store's; else empty.
    pub zone: String,
}

/// A cap that more is planned for than it lets through; the rest will wait.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CapAhead {
    /// First day of the span.
    pub day: NaiveDate,
    /// What it counts over and per which span: `member`, `day`.
    pub scope: String,
    pub per: String,
    /// Whom it protects; empty for the whole store.
    pub name: String,
    pub planned: u32,
    pub n: u32,
}

impl CapAhead {
    /// A message about it, with its values under the names of its fields.
    pub fn fill(&self, words: impl Message, lang: Lang) -> String {
        let scope = CapScope::parse(&self.scope).map_or("", |scope| scope.label(lang));
        let per = Span::parse(&self.per).map_or("", |span| span.label(lang));
        let values: [(&str, &dyn std::fmt::Display); 6] = [
            ("day", &self.day),
            ("scope", &scope),
            ("name", &self.name),
            ("planned", &self.planned),
            ("per", &per),
            ("n", &self.n),
        ];
        fill(words.template(lang), &values)
    }
}

/// A step that has no wording left which its target has not had lately.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    pub playbook: Ref<PlaybookId>,
    pub step: String,
    /// How many messages find no fresh wording, and when the first of them is due.
    pub n: u32,
    pub first: Timestamp,
    /// How many wordings there are.
    pub wordings: u32,
    /// How many more would do for the most pressed target.
    pub more: u32,
}

/// A question that will be asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskAhead {
    pub playbook: Ref<PlaybookId>,
    pub key: String,
    pub runs: u32,
    /// D0 of the first.
    pub first: NaiveDate,
}
