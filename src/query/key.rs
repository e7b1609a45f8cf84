//! The keys of the filter language, each declared once.
//!
//! Parser, completion, help and the check of playbooks all read this one table: a key that is missing here exists
//! nowhere. A key says what kind of value it takes and which rows have it; a task answers the keys of members and
//! groups with what its target says.

use crate::text::fold::fold;
use crate::text::lang::Lang;

use super::closed::Set;

/// What a row of a list is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SubjectKind {
    Task,
    Member,
    Group,
    Account,
}

impl SubjectKind {
    const fn bit(self) -> u8 {
        match self {
            Self::Task => TASK,
            Self::Member => MEMBER,
            Self::Group => GROUP,
            Self::Account => ACCOUNT,
        }
    }
}

/// Where a filter stands, which decides about the keys it may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// A list on the screen or the command line, or a playbook's audience.
    Rows(SubjectKind),
    /// A step's `if`: the keys of the target, and `ask:`.
    Condition(SubjectKind),
}

impl Scope {
    /// What the rows are.
    pub const fn kind(self) -> SubjectKind {
        match self {
            Self::Rows(kind) | Self::Condition(kind) => kind,
        }
    }
}

/// What may stand after a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// A word of a closed set.
    Words(Set),
    /// Part of a name: literally, by pinyin, by initials.
    Name,
    /// A whole label or id: a tag, a step. Simplified and traditional are one.
    Exact,
    /// Part of a text, literally.
    Text,
    /// An id or its last four or more characters.
    Id,
    /// A whole number.
    Number,
    /// Yuan, with up to two decimals.
    Money,
    /// Whole local days since an instant.
    Days,
    /// A length of time with its unit, in minutes.
    Span,
    /// A day or an instant.
    Date,
    /// A day of any year.
    MonthDay,
    /// Yes or no.
    Flag,
    /// The key of a form.
    Answer,
}

const TASK: u8 = 1;
const MEMBER: u8 = 2;
const GROUP: u8 = 4;
const ACCOUNT: u8 = 8;
const PEOPLE: u8 = TASK | MEMBER;
const ALL: u8 = TASK | MEMBER | GROUP | ACCOUNT;

/// One row of the table of keys.
#[derive(Debug)]
struct Entry {
    key: Key,
    word: &'static str,
    /// The simplified label, the traditional label, further spellings.
    aliases: &'static [&'static str],
    applies: u8,
    kind: ValueKind,
    many: bool,
    moves: bool,
    doc: [&'static str; 3],
}

macro_rules! keys {
    ($($key:ident $word:literal [$($alias:literal),+] $applies:expr, $kind:expr, $many:ident, $moves:ident,
       $zh:literal, $tw:literal, $en:literal;)+) => {
        /// A key of the filter language.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Key { $(#[doc = $en] $key),+ }

        impl Key {
            /// Every key, in the order shown to people.
            pub const ALL: &'static [Self] = &[$(Self::$key),+];
        }

        const TABLE: &[Entry] = &[$(Entry {
            key: Key::$key, word: $word, aliases: &[$($alias),+], applies: $applies, kind: $kind,
            many: keys!(@$many), moves: keys!(@$moves), doc: [$zh, $tw, $en],
        }),+];
    };
    (@one) => { false };
    (@many) => { true };
    (@still) => { false };
    (@moves) => { true };
}

// Order of the enum and order of the table are one, so that a key is its own index.
keys! {
    State "state" ["状态", "狀態"] TASK | GROUP, ValueKind::Words(Set::State), one, still,
        "待办或群的状态", "待辦或群的狀態", "State of a task or group";
    Due "due" ["到期", "到期", "到点", "到點"] TASK, ValueKind::Date, one, still,
        "到点时间", "到點時間", "When a task is due";
    Overdue "overdue" ["逾期", "逾期"] TASK, ValueKind::Flag, one, moves,
        "是否已逾期; 搁置的不算", "是否已逾期; 擱置的不算", "Whether a task is overdue; what is held is not";
    Late "late" ["迟", "遲", "迟到", "遲到", "晚到"] TASK, ValueKind::Span, one, moves,
        "到点后过了多久; 已发的, 晚了多久", "到點後過了多久; 已發的, 晚了多久", "How long past its time; of what was sent, how late it was";
    Age "age" ["存在", "存在", "多久", "入册", "入冊"] TASK | MEMBER | GROUP, ValueKind::Span, one, moves,
        "待办出现, 人或群入册多久了", "待辦出現, 人或群入冊多久了", "How long a task has been there, a member or group in the book";
    Created "created" ["建档", "建檔", "创建", "創建"] TASK | MEMBER | GROUP, ValueKind::Date, one, still,
        "待办出现, 人或群入册的日子", "待辦出現, 人或群入冊的日子", "When a task came up, a member or group into the book";
    Is "is" ["是", "是"] TASK, ValueKind::Words(Set::Fact), many, moves,
        "待办的情形", "待辦的情形", "A fact about a task";
    Has "has" ["有", "有"] TASK | MEMBER | GROUP, ValueKind::Words(Set::Thing), many, still,
        "带有什么", "帶有什麼", "What a task, member or group has";
    Assignee "assignee" ["经手", "經手", "经手人", "經手人"] TASK, ValueKind::Exact, one, still,
        "经手人; 我 是自己", "經手人; 我 是自己", "Who has taken a task; me is yourself";
    By "by" ["操作人", "操作人", "经办"] TASK, ValueKind::Exact, one, still,
        "谁发的、跳过的 …; 我 是自己", "誰發的、跳過的 …; 我 是自己", "Who sent or skipped a task; me is yourself";
    Sop "sop" ["流程", "流程", "playbook"] TASK | MEMBER | GROUP, ValueKind::Name, many, still,
        "所属 SOP", "所屬 SOP", "Playbook of a task, or that a target is going through";
    Step "step" ["步骤", "步驟"] TASK, ValueKind::Exact, one, still,
        "SOP 的步骤", "SOP 的步驟", "Step of the playbook";
    Nth "nth" ["第几步", "第幾步", "步数", "步數"] TASK, ValueKind::Number, one, still,
        "SOP 的第几步; 也可写 step:1..3", "SOP 的第幾步; 也可寫 step:1..3", "Which step of the playbook, from 1; step:1..3 as well";
    Via "via" ["方式", "方式"] TASK, ValueKind::Words(Set::Via), one, still,
        "私聊 群发 朋友圈 …", "私聊 群發 朋友圈 …", "By which way it is said";
    Class "class" ["类别", "類別"] TASK, ValueKind::Words(Set::Class), one, still,
        "营销 关怀 服务 突发", "行銷 關懷 服務 突發", "Kind of message";
    Text "text" ["内容", "內容"] TASK, ValueKind::Text, many, still,
        "话里的字", "話裡的字", "Part of the message text";
    Len "len" ["字数", "字數", "长度", "長度"] TASK, ValueKind::Number, one, still,
        "话有几个字, 变量不算", "話有幾個字, 變數不算", "Characters of the message text, variables apart";
    Name "name" ["名字", "名字", "名称", "名稱", "昵称", "暱稱"] ALL, ValueKind::Name, many, still,
        "名字, 拼音或首字母", "名字, 拼音或首字母", "Name, also by pinyin or initials";
    Member "member" ["成员", "成員"] PEOPLE, ValueKind::Name, many, still,
        "待办的对象或提到的成员; 成员自己的名字", "待辦的對象或提到的成員; 成員自己的名字", "Member a task is for or names; of a member their own name";
    Group "group" ["群", "群", "群组", "群組"] PEOPLE | GROUP, ValueKind::Name, many, still,
        "所在的群; 群自己的名字", "所在的群; 群自己的名字", "Group of a task or member; of a group its own name";
    Account "account" ["账号", "帳號", "帐号", "号"] ALL, ValueKind::Name, many, still,
        "我们的账号", "我們的帳號", "Our account";
    Device "device" ["设备", "裝置", "设备名", "設備"] TASK | GROUP | ACCOUNT, ValueKind::Text, many, still,
        "账号在哪台手机上", "帳號在哪支手機上", "Phone or computer that our account runs on";
    Holder "holder" ["持有人", "持有人", "谁拿着", "誰拿著"] TASK | GROUP | ACCOUNT, ValueKind::Text, many, still,
        "设备在谁手上", "裝置在誰手上", "Who has that device";
    Platform "platform" ["平台", "平台"] ALL, ValueKind::Words(Set::Platform), many, still,
        "微信 企微 QQ …; 群的看它的主账号", "微信 企微 QQ …; 群的看它的主帳號", "Platform; of a group that of its main account";
    Tag "tag" ["标签", "標籤"] TASK | MEMBER | GROUP, ValueKind::Exact, many, still,
        "标签, 也可写 #标签", "標籤, 也可寫 #標籤", "Tag; #tag is the same";
    Stage "stage" ["阶段", "階段"] PEOPLE, ValueKind::Words(Set::Stage), one, still,
        "线索 新客 活跃 …", "線索 新客 活躍 …", "Where somebody stands with us";
    Alias "alias" ["别名", "別名", "孩子", "房号", "房號"] PEOPLE, ValueKind::Name, many, still,
        "孩子名, 房号等别名", "孩子名, 房號等別名", "Other name: of a child, a flat";
    FriendOf "friend-of" ["好友", "好友"] PEOPLE, ValueKind::Name, many, still,
        "是哪个账号的好友", "是哪個帳號的好友", "Friend of which of our accounts";
    Only "only" ["唯一账号", "唯一帳號", "只有", "唯一"] MEMBER | GROUP, ValueKind::Name, many, still,
        "只有这个账号联系得到", "只有這個帳號聯繫得到", "Reached by this account alone";
    Added "added" ["加好友", "加好友", "添加"] PEOPLE, ValueKind::Date, many, still,
        "加好友的日子", "加好友的日子", "When they became a friend";
    Joined "joined" ["进群", "進群", "入群"] PEOPLE, ValueKind::Date, many, still,
        "进群的日子", "進群的日子", "When they joined a group";
    Left "left" ["退群", "退群"] PEOPLE, ValueKind::Date, many, still,
        "退群的日子", "退群的日子", "When they left a group";
    LeftGroup "left-group" ["退过的群", "退過的群", "退过", "退過", "退群自"] PEOPLE, ValueKind::Name, many, still,
        "退过哪个群; 再写 left:-7d.. 就是什么时候", "退過哪個群; 再寫 left:-7d.. 就是什麼時候", "Group they left; left:-7d.. says when";
    Birthday "birthday" ["生日", "生日"] PEOPLE, ValueKind::MonthDay, one, still,
        "生日, 月-日; 农历的按那天的公历", "生日, 月-日; 農曆的按那天的公曆", "Birthday, month and day; a lunar one by the day it falls on";
    Orders "orders" ["订单", "訂單", "单数", "單數"] PEOPLE, ValueKind::Number, one, still,
        "下过几单", "下過幾單", "How many orders";
    Spent "spent" ["消费", "消費", "金额", "金額"] PEOPLE, ValueKind::Money, one, still,
        "共消费多少元", "共消費多少元", "Spent in all, in yuan";
    LastBuy "last-buy" ["最近下单", "最近下單", "上次购买"] PEOPLE, ValueKind::Date, one, still,
        "最近一次下单", "最近一次下單", "Last order";
    LastReply "last-reply" ["最近回复", "最近回覆"] PEOPLE, ValueKind::Date, one, still,
        "最近一次回复", "最近一次回覆", "Last reply";
    LastTouch "last-touch" ["最近触达", "最近觸達", "最近联系"] TASK | MEMBER | GROUP, ValueKind::Date, one, still,
        "最近一次触达", "最近一次觸達", "Last message we sent";
    Silent "silent" ["沉默", "沉默", "沉默天数", "沉默天數"] PEOPLE, ValueKind::Days, one, moves,
        "多少天没回复也没下单; 从没有过的不算", "多少天沒回覆也沒下單; 從沒有過的不算", "Days without a reply or an order; who never had one does not count";
    Checkin "checkin" ["打卡", "打卡", "签到", "簽到"] PEOPLE, ValueKind::Date, many, still,
        "打卡的日子", "打卡的日子", "Days they checked in";
    Missed "missed" ["缺卡", "缺卡", "漏打卡"] PEOPLE, ValueKind::Number, one, moves,
        "连续缺卡几天", "連續缺卡幾天", "Days in a row without checking in";
    Sent "sent" ["发过", "發過", "已发过"] TASK | MEMBER | GROUP, ValueKind::Exact, many, still,
        "发过哪个 SOP 或步骤", "發過哪個 SOP 或步驟", "Playbook or step they were sent";
    SentAt "sent-at" ["发出", "發出", "发出时间", "發出時間"] TASK, ValueKind::Date, one, still,
        "发出的时间; 也可写 sent:today", "發出的時間; 也可寫 sent:today", "When a task was sent; sent:today as well";
    Note "note" ["备注", "備註", "便签"] ALL, ValueKind::Text, many, still,
        "备注里的字", "備註裡的字", "Part of a note";
    Phone "phone" ["手机", "手機", "电话", "電話"] PEOPLE, ValueKind::Text, one, still,
        "电话里的数字", "電話裡的數字", "Part of the phone number";
    Source "source" ["来源", "來源", "渠道"] PEOPLE, ValueKind::Text, one, still,
        "从哪里来", "從哪裡來", "Where they came from";
    Referrer "referrer" ["介绍人", "介紹人", "转介绍", "轉介紹"] PEOPLE, ValueKind::Name, one, still,
        "谁介绍来的", "誰介紹來的", "Who brought them";
    Count "count" ["人数", "人數"] GROUP | TASK, ValueKind::Number, one, still,
        "群里几人", "群裡幾人", "How many are in the group";
    Capacity "capacity" ["容量", "容量", "上限"] GROUP | TASK, ValueKind::Number, one, still,
        "群最多几人", "群最多幾人", "How many the group can hold";
    Id "id" ["编号", "編號"] ALL, ValueKind::Id, one, still,
        "编号或其末尾 4 位以上", "編號或其末尾 4 位以上", "Id, or its last 4 or more characters";
    Ask "ask" ["表单", "表單", "问"] 0, ValueKind::Answer, one, still,
        "表单已填; who 里是填了名字的人 (只用于 SOP)", "表單已填; who 裡是填了名字的人 (只用於 SOP)", "Form answered; in who: named in it (playbooks only)";
}

impl Key {
    fn entry(self) -> &'static Entry {
        // The macro writes enum and table in one order; `table_is_in_order` watches it.
        &TABLE[self as usize]
    }

    /// The English word, as canonical text has it.
    pub fn word(self) -> &'static str {
        self.entry().word
    }

    /// Chinese and further spellings.
    pub fn aliases(self) -> &'static [&'static str] {
        self.entry().aliases
    }

    /// The word shown in a language.
    pub fn label(self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.word(),
            Lang::ZhCn => self.aliases().first().copied().unwrap_or(self.word()),
            Lang::ZhTw => self.aliases().get(1).copied().unwrap_or(self.word()),
        }
    }

    /// One line of help.
    pub fn doc(self, lang: Lang) -> &'static str {
        let [zh, tw, en] = self.entry().doc;
        match lang {
            Lang::ZhCn => zh,
            Lang::ZhTw => tw,
            Lang::En => en,
        }
    }

    /// What may stand after it.
    pub fn kind(self) -> ValueKind {
        self.entry().kind
    }

    /// True when a row can have several values: [`Subject::each`](super::Subject::each) visits them.
    pub fn is_many(self) -> bool {
        self.entry().many
    }

    /// True when its value changes as time goes by, whatever it is compared with.
    pub fn is_time_dependent(self) -> bool {
        self.entry().moves
    }

    /// True when rows of that kind have it.
    pub fn applies_to(self, kind: SubjectKind) -> bool {
        self.entry().applies & kind.bit() != 0
    }

    /// True when a filter in that place may use it.
    pub fn is_allowed_in(self, scope: Scope) -> bool {
        match scope {
            Scope::Condition(_) if self == Self::Ask => true,
            _ => self.applies_to(scope.kind()),
        }
    }

    /// Finds a key by its word or an alias; ASCII letters in any case, simplified and traditional as one.
    pub fn parse(text: &str) -> Option<Self> {
        Self::parse_as_written(text).or_else(|| {
            let text = fold(text);
            Self::parse_as_written(Self::spellings().find(|spelling| fold(spelling) == text)?)
        })
    }

    fn parse_as_written(text: &str) -> Option<Self> {
        TABLE
            .iter()
            .find(|e| {
                e.word.eq_ignore_ascii_case(text) || e.aliases.iter().any(|a| a.eq_ignore_ascii_case(text))
            })
            .map(|e| e.key)
    }

    /// Every word and alias of every key.
    pub fn spellings() -> impl Iterator<Item = &'static str> {
        TABLE.iter().flat_map(|e| std::iter::once(e.word).chain(e.aliases.iter().copied()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn table_is_in_order() {
        for (at, key) in Key::ALL.iter().enumerate() {
            assert_eq!(*key as usize, at);
            assert_eq!(key.entry().key, *key);
        }
    }

    #[test]
    fn every_spelling_is_read_back_and_means_one_key() {
        let mut seen = HashSet::new();
        for spelling in Key::spellings() {
            let key = Key::parse(spelling).unwrap();
            // Where both scripts write it alike, it stands twice in its own row only.
            assert!(seen.insert(spelling) || key.aliases()[0] == key.aliases()[1], "{spelling} twice");
        }
        for key in Key::ALL {
            assert_eq!(Key::parse(&key.word().to_uppercase()), Some(*key));
            assert!(key.aliases().len() >= 2, "{key:?} has a label in both scripts");
            for alias in key.aliases() {
                assert_eq!(Key::parse(alias), Some(*key), "{alias}");
                assert_eq!(Key::parse(&fold(alias)), Some(*key), "{alias}");
            }
            for lang in [Lang::ZhCn, Lang::ZhTw, Lang::En] {
                assert!(!key.doc(lang).is_empty());
            }
        }
    }

    #[test]
    fn a_key_is_known_in_either_script() {
        assert_eq!(Key::parse("平臺"), Some(Key::Platform));
        assert_eq!(Key::parse("賬號"), Some(Key::Account));
        assert_eq!(Key::parse("平太"), None);
    }

    #[test]
    fn scopes() {
        let check = |key: Key, scope: Scope, expected: bool| assert_eq!(key.is_allowed_in(scope), expected);
        check(Key::Ask, Scope::Rows(SubjectKind::Task), false);
        check(Key::Ask, Scope::Rows(SubjectKind::Group), false);
        check(Key::Ask, Scope::Condition(SubjectKind::Group), true);
        check(Key::Due, Scope::Rows(SubjectKind::Member), false);
        check(Key::Due, Scope::Condition(SubjectKind::Member), false);
        check(Key::Spent, Scope::Rows(SubjectKind::Task), true);
        check(Key::Spent, Scope::Rows(SubjectKind::Group), false);
        check(Key::Platform, Scope::Rows(SubjectKind::Account), true);
        // a row's own kind is its name
        check(Key::Group, Scope::Rows(SubjectKind::Group), true);
        check(Key::Member, Scope::Rows(SubjectKind::Member), true);
        check(Key::Account, Scope::Rows(SubjectKind::Account), true);
        check(Key::Member, Scope::Rows(SubjectKind::Group), false);
    }
}
