//! A one-off message: one text to whatever a filter matches, at one time.

use serde::{Deserialize, Serialize};

use super::form::Kind;
use crate::book::{Class, PlaybookId, Timestamp};

/// What is to be said to whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compose {
    /// What it is called; empty means the beginning of the text.
    pub title: String,
    /// Members get it by private message, groups in the group.
    pub to: Kind,
    pub filter: String,
    pub at: Timestamp,
    /// When it is over; none means it stays until a human ends it.
    pub until: Option<Timestamp>,
    /// A template as in playbooks.
    pub text: String,
    pub class: Class,
    /// Our account that says it, by name; none means whichever knows the target.
    pub account: Option<String>,
}

closed! {
    /// What keeps somebody from getting it, or from getting it then.
    pub enum Finding {
        /// Nobody of us is their friend, or the group has no account.
        NoAccount = "no-account", "没有能发的账号, 到时先加好友", "沒有能發的帳號, 到時先加好友";
        /// A group in which nothing can be said: what keeps it so is told with its name.
        Closed = "closed", "发不了言的群, 不发", "發不了言的群, 不發";
        Undisturbed = "do-not-disturb", "勿扰", "勿擾";
        Resting = "resting", "刚走完一轮, 在歇", "剛走完一輪, 在歇";
        Paused = "paused", "已暂停", "已暫停";
        /// The account that says it may not then: what it says is made and held.
        Held = "held", "账号受限, 到时搁置", "帳號受限, 到時擱置";
        /// Of two of one name with one account the second is made and held, and not counted in.
        Lookalike = "lookalike", "疑似同一人, 到时先压住, 没有算在里面", "疑似同一人, 到時先壓住, 沒有算在裡面";
        Quiet = "quiet", "到时在免打扰, 往后挪", "到時在免打擾, 往後挪";
        Capped = "capped", "到上限, 要等", "到上限, 要等";
        /// What they were not sent yet takes the room until it is sent, cancelled or over.
        Unsent = "unsent-before", "还有没发的, 发掉或取消才轮到", "還有沒發的, 發掉或取消才輪到";
        /// It is over before it could be said.
        Late = "over-before-said", "轮到之前就截止了, 不会发, 截止改晚或换个时间", "輪到之前就截止了, 不會發, 截止改晚或換個時間";
        Clash = "clash", "当天还有别的", "當天還有別的";
        /// They were told exactly this not long ago, or another one-off that says it waits for them.
        Told = "told-before", "30 天里发过或已排着一样的话", "30 天裡發過或已排著一樣的話";
        Blocked = "blocked", "填不出来, 不能发", "填不出來, 不能發";
    }
}

/// How many a finding is about, and the first of them with what there is to say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    pub finding: Finding,
    pub n: u32,
    pub named: Vec<String>,
}

impl Found {
    /// The first of them, and whether there are more; of what was not sent yet each title stands for all it is about.
    pub fn names(&self) -> String {
        let more = self.finding != Finding::Unsent && self.n as usize > self.named.len();
        format!("{}{}", self.named.join(", "), if more { " .." } else { "" })
    }
}

/// What a one-off would do, or did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComposeReport {
    /// What it is called by when it is withdrawn; none while nothing was made.
    pub id: Option<PlaybookId>,
    pub title: String,
    /// How many the filter matches, and of these who gets it.
    pub matched: u32,
    pub gets: u32,
    /// How it reads for the first of them.
    pub text: String,
    pub found: Vec<Found>,
    /// How many each account says.
    pub accounts: Vec<(String, u32)>,
}

/// What the ids of one-offs begin with.
const PREFIX: &str = "compose-";

/// Whether a playbook is a one-off.
pub fn is_one_off(id: &PlaybookId) -> bool {
    id.0.starts_with(PREFIX)
}
