//! What a human is asked to decide, and what can be chosen, each counted before it is done.
//!
//! The desk makes the menu: a screen shows it, a command line picks from it by a word, and what is chosen is an
//! ordinary [`Command`].

use serde::{Deserialize, Serialize};

use super::command::Command;
use crate::book::{SkipReason, TaskId, Timestamp};
use crate::text::lang::Lang;

/// What is to be decided; names as typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Question {
    /// A platform refuses an account something: what becomes of what waits for it. `what` is a channel, 被封, or 解除
    /// to let it go on.
    Limit { account: String, what: String, until: Option<Timestamp> },
    /// The playbooks of a group are to go on in another.
    Transfer { from: String, to: String },
}

/// What can be chosen.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Choices {
    pub title: String,
    /// Sentences about what stands as it is.
    pub notes: Vec<String>,
    /// What stands now and would be no more, whatever is chosen: a sentence. None where nothing is replaced.
    pub replaces: Option<String>,
    /// What is still to come, whatever is chosen: sentences that stand among the notes too.
    pub ahead: Vec<String>,
    pub offered: Vec<Offered>,
}

/// One thing that can be chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Offered {
    /// The ASCII word that scripts choose it by.
    pub word: String,
    pub label: String,
    /// How many things it does something to.
    pub n: u32,
    /// What else it brings, or why it cannot be chosen.
    pub note: String,
    /// None where it cannot be chosen now.
    pub command: Option<Box<Command>>,
}

/// What a reason for skipping would bring about beside the tasks it is said of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consequence {
    pub reason: SkipReason,
    /// Enrolments that end.
    pub ends: u32,
    /// Other open tasks that are cancelled.
    pub cancels: u32,
    /// Other open tasks that are held, or that nobody can send any more.
    pub holds: u32,
    /// Of how many people, accounts or groups it is noted in the book.
    pub noted: u32,
}

impl Consequence {
    /// What it brings about, a phrase each.
    pub fn said(&self, lang: Lang) -> Vec<String> {
        let noted = match self.reason {
            SkipReason::Talked => Some(ConsequenceWords::Talked),
            SkipReason::Bought => Some(ConsequenceWords::Bought),
            SkipReason::Unfriended => Some(ConsequenceWords::Unfriended),
            SkipReason::DoNotDisturb => Some(ConsequenceWords::Undisturbed),
            SkipReason::AccountLimited => Some(ConsequenceWords::Limited),
            SkipReason::GroupGone => Some(ConsequenceWords::Dissolved),
            SkipReason::Unfit | SkipReason::Other => None,
        };
        let counted = [
            (ConsequenceWords::Ends, self.ends),
            (ConsequenceWords::Cancels, self.cancels),
            (ConsequenceWords::Holds, self.holds),
        ];
        let counted = noted.map(|words| (words, self.noted)).into_iter().chain(counted);
        counted.filter(|(_, n)| *n > 0).map(|(words, n)| words.fill(lang, &[("n", &n)])).collect()
    }
}

crate::words! {
    /// What a reason for skipping brings about.
    pub enum ConsequenceWords {
        Talked { n } => ["记 {n} 人已回复", "記 {n} 人已回覆", "notes {n} replied"],
        Bought { n } => ["记 {n} 人已成交", "記 {n} 人已成交", "notes {n} bought"],
        Unfriended { n } => ["{n} 人不再算好友", "{n} 人不再算好友", "{n} no longer a friend"],
        Undisturbed { n } => ["{n} 人打上勿扰", "{n} 人標上勿擾", "{n} not to be disturbed"],
        Limited { n } => ["{n} 个账号记为受限", "{n} 個帳號記為受限", "limits {n} accounts"],
        Dissolved { n } => ["{n} 个群记为解散", "{n} 個群記為解散", "notes {n} groups dissolved"],
        Ends { n } => ["停 {n} 个进度", "停 {n} 個進度", "ends {n} courses"],
        Cancels { n } => ["另取消 {n} 条", "另取消 {n} 條", "cancels {n} more"],
        Holds { n } => ["另搁置 {n} 条", "另擱置 {n} 條", "holds {n} more"],
    }
}

crate::words! {
    /// What a 更正 says by itself.
    pub enum NoticeWords {
        Wrong => ["抱歉，刚才那条有误，以这条为准：", "抱歉，剛才那則有誤，以這則為準：", "Sorry, the last message was wrong. This one is right:"],
    }
}

/// A 更正 as it is written first, with the text that is right.
pub fn notice_draft(text: &str, lang: Lang) -> String {
    format!("{}\n{text}", NoticeWords::Wrong.text(lang))
}

/// The text that is right in a 更正 that was left as it was drafted.
pub fn drafted(notice: &str) -> Option<&str> {
    let mut wrong = Lang::ALL.iter().map(|lang| NoticeWords::Wrong.text(*lang));
    wrong.find_map(|wrong| notice.strip_prefix(wrong)?.strip_prefix('\n'))
}

/// How far a text has got.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spread {
    /// The text as it is to be edited, with its variables; empty where nothing of it is copied.
    pub text: String,
    /// The same of each part that is a text.
    pub texts: Vec<(u16, String)>,
    /// Open tasks with this text.
    pub pending: u32,
    /// How many got it, in the time that corrections look back.
    pub got: u32,
    /// What it was filled with of its form, where that decides who got the wrong one.
    pub filled: String,
    /// How many got it filled with something else: they are told nothing.
    pub others: u32,
    /// The newest of them.
    pub named: Vec<Got>,
    /// Those with this text that were edited by hand: they follow no correction.
    pub edited: Vec<Edited>,
    /// Where the text still stands: steps of playbooks that run, snippets.
    pub stands: Vec<String>,
}

/// Who got a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Got {
    pub name: String,
    pub at: Timestamp,
    /// Until when it can be taken back where it was said.
    pub recall: Recall,
    /// What they got, in a line.
    pub said: String,
}

/// A task whose text was edited by hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edited {
    pub task: TaskId,
    pub name: String,
    /// When it was sent; none where it is still to be.
    pub at: Option<Timestamp>,
    /// What it says, in a line.
    pub said: String,
    /// Which parts of it were left as they were, and follow all the same.
    pub follows: Vec<u16>,
}

/// How long something said can be taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Recall {
    /// A message in a chat, for a while.
    Until(Timestamp),
    /// A post: it can be deleted at any time.
    Always,
    Never,
}
