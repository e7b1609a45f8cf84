//! The playbook as the program knows it: every key of the format, typed.
//!
//! Made only by the checker, so whoever holds a [`Playbook`] holds one without errors. Filters stay text: they
//! are judged by the room that speaks that language. Texts are templates, compiled once by the checker to see
//! that they are whole.
//!
//! One file because the format is one list of keys.

use chrono::NaiveDate;
use chrono_tz::Tz;

use crate::book::{ActivityKind, Class, Money, PlaybookId, Span as CalendarSpan, Stage, Via};
use crate::sop::calendar::rule::Rule;
use crate::sop::grammar::{At, Length, Until, WallTime};

/// Declares a closed set of ASCII words of the format.
macro_rules! keywords {
    ($($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $value:ident = $word:literal),+ $(,)? })+) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$vmeta])* $value),+ }

        impl $name {
            /// The words of the set, in the order shown to people.
            pub const WORDS: &'static [&'static str] = &[$($word),+];

            /// The word as a playbook spells it.
            pub const fn word(self) -> &'static str { match self { $(Self::$value => $word),+ } }

            /// Reads exactly that word.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($word => Some(Self::$value),)+ _ => None }
            }
        }
    )+};
}

keywords! {
    /// What goes through a playbook: `for`.
    TargetKind { Member = "member", Group = "group", Account = "account" }

    /// What happens to a step whose span was over before it could fire.
    Late {
        /// It fires all the same, and has no end any more.
        Keep = "keep",
        /// It is born expired.
        Drop = "drop",
        /// The rest of the playbook moves by the whole local days lost, and waits for this step.
        Shift = "shift",
    }

    /// Whether a group step is owed to each target or once for the whole run.
    StepPer { Target = "target", Run = "run" }

    /// Whether an answer holds for the run or for one group of it.
    AskPer { Run = "run", Group = "group" }

    /// The shape of an answer.
    AskType { Text = "text", Money = "money", Lines = "lines", List = "list" }

    /// What a human looks up before copying.
    Check { Replied = "replied", Bought = "bought", Paid = "paid" }

    /// What those who wait are put in order by.
    SortKey {
        Spent = "spent", Orders = "orders", LastBuy = "last-buy", LastReply = "last-reply", LastTouch = "last-touch",
        /// Whose last turn at the step was longest ago; only where there are turns.
        LastLiked = "last-liked",
    }

    /// What breaks a silence.
    Since { Reply = "reply", Order = "order", Both = "both" }

    /// The words of `start.on`.
    StartWord {
        Added = "added", Joined = "joined", GroupCreated = "group-created", Tag = "tag", Stage = "stage",
        FirstPurchase = "first-purchase", LastPurchase = "last-purchase", LastReply = "last-reply",
        LastTouch = "last-touch", Silence = "silence", CheckinStreak = "checkin-streak",
        CheckinMissed = "checkin-missed", Birthday = "birthday", LunarBirthday = "lunar-birthday",
        Festival = "festival", Term = "term", Date = "date", Recurrence = "recurrence", Runout = "runout",
        After = "after", ByHand = "by-hand",
    }
}

/// A day of the month in `monthly: 1,15,last`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MonthDay {
    /// 1-31.
    Day(u8),
    Last,
}

/// How often a recurrence comes round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Every {
    Daily,
    /// Monday to Friday, holidays or not.
    Weekdays,
    /// Working days with make-up days.
    Workdays,
    /// Bit 0 is Monday.
    Weekly(u8),
    /// Every so many days from the first.
    Days(u32),
    Monthly(Vec<MonthDay>),
    /// RFC 5545.
    Rrule(Box<Rule>),
}

/// A recurrence: each of its days is an occurrence with its own D0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recurrence {
    pub every: Every,
    /// The last local day.
    pub until: Option<NaiveDate>,
    /// How many days at most, counted from the first of the enrolment.
    pub count: Option<u32>,
}

/// What triggers a playbook. Offsets are whole days: `-3` is three days before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    Added,
    Joined,
    GroupCreated,
    Tag { tag: String },
    Stage { stage: Stage },
    FirstPurchase,
    LastPurchase,
    LastReply,
    LastTouch,
    Silence { days: u32, since: Since },
    CheckinStreak { k: u32 },
    CheckinMissed { days: u32 },
    Birthday { offset: i32 },
    LunarBirthday { offset: i32 },
    Festival { festival: String, offset: i32 },
    Term { term: String, offset: i32 },
    Date { date: NaiveDate, offset: i32 },
    Recurrence(Recurrence),
    Runout { product: String, offset: i32 },
    After { playbook: PlaybookId },
    ByHand,
}

impl Start {
    /// The recurrence, where the playbook has one.
    pub const fn recurrence(&self) -> Option<&Recurrence> {
        match self {
            Self::Recurrence(recurrence) => Some(recurrence),
            _ => None,
        }
    }

    /// The zone of its own that a rule comes round in.
    pub fn zone(&self) -> Option<Tz> {
        match &self.recurrence()?.every {
            Every::Rrule(rule) => rule.own_zone(),
            _ => None,
        }
    }

    /// The word of `start.on`.
    pub const fn word(&self) -> StartWord {
        match self {
            Self::Added => StartWord::Added,
            Self::Joined => StartWord::Joined,
            Self::GroupCreated => StartWord::GroupCreated,
            Self::Tag { .. } => StartWord::Tag,
            Self::Stage { .. } => StartWord::Stage,
            Self::FirstPurchase => StartWord::FirstPurchase,
            Self::LastPurchase => StartWord::LastPurchase,
            Self::LastReply => StartWord::LastReply,
            Self::LastTouch => StartWord::LastTouch,
            Self::Silence { .. } => StartWord::Silence,
            Self::CheckinStreak { .. } => StartWord::CheckinStreak,
            Self::CheckinMissed { .. } => StartWord::CheckinMissed,
            Self::Birthday { .. } => StartWord::Birthday,
            Self::LunarBirthday { .. } => StartWord::LunarBirthday,
            Self::Festival { .. } => StartWord::Festival,
            Self::Term { .. } => StartWord::Term,
            Self::Date { .. } => StartWord::Date,
            Self::Recurrence(_) => StartWord::Recurrence,
            Self::Runout { .. } => StartWord::Runout,
            Self::After { .. } => StartWord::After,
            Self::ByHand => StartWord::ByHand,
        }
    }
}

/// In which order those who wait come; `-spent` is descending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    pub key: SortKey,
    pub descending: bool,
}

/// How many may enter per span; the rest wait in line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intake {
    pub max: u32,
    pub per: CalendarSpan,
    /// None keeps the order of arrival.
    pub sort: Option<Sort>,
}

/// Something asked of a human once a run, so that the run's texts can speak.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// Also the variable's name in texts.
    pub key: String,
    pub kind: AskType,
    /// When the answer is needed; none means when the run starts.
    pub by: Option<At>,
    pub per: AskPer,
}

/// What ends a playbook for a target before its last step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StopRule {
    /// Something happened to the target since the anchor.
    Activity(ActivityKind),
    Tag(String),
    Stage(Stage),
    /// A filter holds; its text.
    Filter(String),
}

impl StopRule {
    /// The rule as the playbook spells it.
    pub fn word(&self) -> String {
        match self {
            Self::Activity(kind) => kind.word().to_owned(),
            Self::Tag(tag) => format!("tag:{tag}"),
            Self::Stage(stage) => format!("stage:{stage}"),
            Self::Filter(filter) => format!("filter:{filter}"),
        }
    }
}

/// How an enrolment ended, in `[[end]] when`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum When {
    /// All steps are past.
    Finished,
    Stopped(StopRule),
}

/// What an answer or an end brings about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    Tag(String),
    Untag(String),
    Stage(Stage),
    Stop,
    /// Continue with this step.
    Goto(String),
    /// Enrol in this playbook.
    Start(PlaybookId),
    /// A human's own reminder after this long.
    Followup(Length),
}

/// An answer that a step waits for; `r` and its digit record it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub say: String,
    pub then: Vec<Effect>,
}

/// Which of the targets get a step this time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pick {
    pub n: u32,
    /// None and `last-liked` go by whose last turn was longest ago.
    pub sort: Option<Sort>,
}

/// When a due step is said at all: asked answers and a filter, all of which must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Condition {
    /// Keys asked, with true for "is not empty" (`ask:商品`) and false for "is empty" (`-ask:商品`).
    pub asked: Vec<(String, bool)>,
    /// The rest as a filter; empty means always.
    pub filter: String,
}

impl Condition {
    /// True where it depends on the answer to a question.
    pub fn asks(&self, key: &str) -> bool {
        self.asked.iter().any(|(asked, _)| asked == key)
    }
}

/// One thing to send or do. Only text is copied; the others say what to do by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// The wordings that rotate.
    Text(Vec<String>),
    Image(String),
    File(String),
    Forward {
        /// The chat it lies in; empty means anywhere.
        place: String,
        /// What to search for there.
        find: String,
        /// What it is: 小程序, 视频号.
        label: String,
    },
    /// 群公告.
    Notice(String),
    /// 接龙.
    Jielong(String),
    RedPacket {
        amount: Money,
    },
    /// Whom to @, usually an asked list.
    Mention(String),
}

impl Part {
    /// The key that the format spells it with.
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Image(_) => "image",
            Self::File(_) => "file",
            Self::Forward { .. } => "forward",
            Self::Notice(_) => "notice",
            Self::Jielong(_) => "jielong",
            Self::RedPacket { .. } => "redpacket",
            Self::Mention(_) => "mention",
        }
    }
}

/// One thing owed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub id: String,
    pub at: At,
    /// When it expires; none means never.
    pub until: Option<Until>,
    pub late: Late,
    pub via: Via,
    /// Its own class; none means the playbook's.
    pub class: Option<Class>,
    /// Personas or accounts; empty means the target's main account. Of several who speak in a group each has a step of
    /// its own.
    pub speakers: Vec<String>,
    /// True for each step of several who speak in turn.
    pub in_turn: bool,
    /// The step that another speaker says before this one.
    pub after: Option<String>,
    /// Fans a group step out to the members of the group that match.
    pub who: Option<String>,
    pub per: StepPer,
    /// Gathers targets that come within this span.
    pub collect: Option<Length>,
    pub condition: Condition,
    pub pick: Option<Pick>,
    pub check: Option<Check>,
    pub answers: Vec<Answer>,
    pub note: String,
    pub parts: Vec<Part>,
    /// Its own freshness span; none means the playbook's.
    pub fresh: Option<Length>,
}

impl Step {
    /// The wordings of the first text part; empty where the step says nothing in words.
    pub fn wordings(&self) -> &[String] {
        self.parts
            .iter()
            .find_map(|part| match part {
                Part::Text(wordings) => Some(wordings.as_slice()),
                _ => None,
            })
            .unwrap_or_default()
    }

    /// How many wordings it has; one where it says nothing in words.
    pub fn variants(&self) -> u16 {
        let counts = self.parts.iter().map(|part| match part {
            Part::Text(wordings) => wordings.len(),
            _ => 1,
        });
        u16::try_from(counts.max().unwrap_or(1).max(1)).unwrap_or(u16::MAX)
    }

    /// The texts of one wording, one of each text part: the first where a part has no such one.
    pub fn texts_of(&self, variant: u16) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(move |part| match part {
            Part::Text(wordings) => {
                wordings.get(usize::from(variant)).or_else(|| wordings.first()).map(String::as_str)
            }
            _ => None,
        })
    }

    /// True where the answer to a question decides whether this is said, or may stand in what is said.
    pub fn needs(&self, key: &str) -> bool {
        let says = |text: &str| text.contains("{{") && text.contains(key);
        self.condition.asks(key)
            || self.parts.iter().any(|part| match part {
                Part::Text(wordings) => wordings.iter().any(|text| says(text)),
                Part::Notice(text) | Part::Jielong(text) | Part::Mention(text) => says(text),
                _ => false,
            })
    }

    /// True where one task gathers many members of a group.
    pub fn collects(&self, target: TargetKind) -> bool {
        target == TargetKind::Member && self.via == Via::Group
    }
}

/// What follows, by how it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    pub when: When,
    pub then: Vec<Effect>,
}

/// A playbook without errors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Playbook {
    pub id: PlaybookId,
    pub title: String,
    pub target: TargetKind,
    /// Filter, judged before every step; empty means everyone.
    pub audience: String,
    pub class: Class,
    /// Higher first where several fall on one person's day; 50 where nothing is written.
    pub priority: i32,
    /// What the file says, else the zone of its rule. None: the target group's zone, else the sending account's, else
    /// the store's.
    pub tz: Option<Tz>,
    /// What happens before this time of day belongs to the day before.
    pub day_ends: WallTime,
    /// A text is not offered again to a target within this span.
    pub fresh: Option<Length>,
    pub stop: Vec<StopRule>,
    /// How long a target stays out of this class's audiences afterwards.
    pub rest: Option<Length>,
    pub start: Start,
    pub intake: Option<Intake>,
    pub asks: Vec<Ask>,
    pub steps: Vec<Step>,
    pub ends: Vec<End>,
}

impl Playbook {
    /// The step at a position; none where the version has fewer steps.
    pub fn step(&self, position: u16) -> Option<&Step> {
        self.steps.get(usize::from(position))
    }

    /// A step and its position by id.
    pub fn step_by_id(&self, id: &str) -> Option<(u16, &Step)> {
        self.steps.iter().zip(0_u16..).find(|(step, _)| step.id == id).map(|(step, at)| (at, step))
    }

    /// True where a step that is done late moves what comes after it. Not in a recurrence: there each round has a day
    /// of its own, and tomorrow's does not wait for yesterday's.
    pub fn shifts(&self, step: &Step) -> bool {
        step.late == Late::Shift && self.start.recurrence().is_none()
    }

    /// The class that counts for a step.
    pub fn class_of(&self, step: &Step) -> Class {
        step.class.unwrap_or(self.class)
    }

    /// The freshness span that counts for a step.
    pub fn fresh_of(&self, step: &Step) -> Option<Length> {
        step.fresh.or(self.fresh)
    }
}
