//! What is wrong with a playbook file: where, what, what was expected, and what was probably meant.
//!
//! A problem keeps its values apart from its words, so that one check can be shown in any language. Lines and
//! columns count from 1, columns in characters, as editors do.

use std::fmt;

use super::source::quote;
use crate::text::lang::Lang;

crate::words! {
    /// The sentences; `{value}` is what the file says, `{field}` where it says it.
    pub enum Sentence {
        TooLarge { bytes, limit } => [
            "文件 {bytes} 字节，超过上限 {limit} 字节",
            "檔案 {bytes} 位元組，超過上限 {limit} 位元組",
            "the file has {bytes} bytes, more than {limit}"],
        Syntax { detail } => ["TOML 写法有误：{detail}", "TOML 寫法有誤：{detail}", "not valid TOML: {detail}"],
        UnknownKey { value, place, expected } => [
            "{place} 里没有 {value} 这个键，可用的有 {expected}",
            "{place} 裡沒有 {value} 這個鍵，可用的有 {expected}",
            "unknown key {value} in {place}; there are {expected}"],
        LostStep { value, place } => [
            "{value} 是步骤的键，写在了 {place} 里：上面少了一行 [[step]]",
            "{value} 是步驟的鍵，寫在了 {place} 裡：上面少了一行 [[step]]",
            "{value} belongs to a step and stands in {place}: a line [[step]] is missing above it"],
        Missing { field, place } => ["{place} 缺少 {field}", "{place} 缺少 {field}", "{place} needs {field}"],
        WrongType { field, value, expected } => [
            "{field} 应该是{expected}，这里是 {value}",
            "{field} 應該是{expected}，這裡是 {value}",
            "{field} must be {expected}, not {value}"],
        NotAWord { field, value, expected } => [
            "{field} 不能写 {value}，只能是 {expected}",
            "{field} 不能寫 {value}，只能是 {expected}",
            "{field} cannot be {value}; it is one of {expected}"],
        BadShape { field, value, expected } => [
            "{field} 的 {value} 看不懂，应写成{expected}",
            "{field} 的 {value} 看不懂，應寫成{expected}",
            "{field} cannot be {value}; write {expected}"],
        NoSuchTime { field, value } => [
            "{field} 的 {value} 里没有这个钟点，时间从 00:00 到 23:59",
            "{field} 的 {value} 裡沒有這個鐘點，時間從 00:00 到 23:59",
            "{field}: there is no such time of day in {value}; 00:00 to 23:59"],
        DaysOrder { field, value } => [
            "{field} 的 {value} 里的天数要从小到大，且不重复",
            "{field} 的 {value} 裡的天數要從小到大，且不重複",
            "{field}: the days in {value} must rise and not repeat"],
        DaysTooFar { field, value, limit } => [
            "{field} 的 {value} 超过 {limit} 天",
            "{field} 的 {value} 超過 {limit} 天",
            "{field}: {value} goes over {limit} days"],
        OutOfRange { field, value, limit } => [
            "{field} 的 {value} 超出范围 {limit}",
            "{field} 的 {value} 超出範圍 {limit}",
            "{field}: {value} is outside {limit}"],
        TooMany { field, value, limit } => [
            "{field} 有 {value} 个，最多 {limit} 个",
            "{field} 有 {value} 個，最多 {limit} 個",
            "{field}: {value} are too many, at most {limit}"],
        TooManyAttached { field, value, limit } => [
            "{field} 有 {value} 个图片和文件，平台一条最多 {limit} 个",
            "{field} 有 {value} 個圖片和檔案，平台一則最多 {limit} 個",
            "{field} has {value} images and files, the platform takes {limit} a message"
        ],
        TooLong { field, value, limit } => [
            "{field} 有 {value} 个字，最多 {limit} 个字",
            "{field} 有 {value} 個字，最多 {limit} 個字",
            "{field} has {value} characters, at most {limit}"],
        Slip { field, value, why } => [
            "{field} 里有 {value}（{why}），确认要这么说",
            "{field} 裡有 {value}（{why}），確認要這麼說",
            "{field} has {value} ({why}): make sure it is meant"],
        SlipBrackets { field, value } => [
            "{field} 的 {value} 还没填",
            "{field} 的 {value} 還沒填",
            "{field}: {value} is not filled in"],
        Empty { field } => ["{field} 是空的", "{field} 是空的", "{field} is empty"],
        Duplicate { field, value, line } => [
            "{field} {value} 已在第 {line} 行用过",
            "{field} {value} 已在第 {line} 行用過",
            "{field} {value} is taken by line {line}"],
        NoSuchStep { field, value } => [
            "{field} 指向的步骤 {value} 不存在",
            "{field} 指向的步驟 {value} 不存在",
            "{field}: there is no step {value}"],
        NoSuchPlaybook { field, value } => [
            "{field} 指的 SOP {value} 这里没有，在有之前不起作用",
            "{field} 指的 SOP {value} 這裡沒有，在有之前不起作用",
            "{field}: there is no playbook {value} here, and nothing comes of it until there is"],
        NobodySpeaks { field, value } => [
            "{field} 的 {value} 不是这里任何账号的名字或人设",
            "{field} 的 {value} 不是這裡任何帳號的名字或人設",
            "{field}: no account here is called {value} or has it for its persona"],
        OverAlready { field, value } => [
            "{field} 的 {value} 已经过去，永远不会到",
            "{field} 的 {value} 已經過去，永遠不會到",
            "{field}: {value} is over, it will never come round"],
        Ring { field, limit } => [
            "{field}，会一直转下去：隔天的步骤没有尽头，同一天里一个人最多再进 {limit} 次；要它停，用 stop、rest 或 audience",
            "{field}，會一直轉下去：隔天的步驟沒有盡頭，同一天裡一個人最多再進 {limit} 次；要它停，用 stop、rest 或 audience",
            "{field} goes round for ever: steps on later days have no end, within one day nobody enters more than {limit} times; stop, rest or audience end it"],
        RingRests { field, limit } => [
            "{field} 转成一圈：标签或阶段还在时不会再开始，谁去掉它就接着转，同一天里一个人最多再进 {limit} 次",
            "{field} 轉成一圈：標籤或階段還在時不會再開始，誰去掉它就接著轉，同一天裡一個人最多再進 {limit} 次",
            "{field} is a ring: it rests while the tag or stage is there and turns when somebody takes it away, within one day nobody enters more than {limit} times"],
        NoSuchAsk { field, value } => [
            "{field} 用了 ask:{value}，但没有 key = \"{value}\" 的 [[ask]]",
            "{field} 用了 ask:{value}，但沒有 key = \"{value}\" 的 [[ask]]",
            "{field} uses ask:{value}, but no [[ask]] has that key"],
        AskBesideOr { field } => [
            "{field} 里 ask: 只能与其他条件并列，不能和 OR、括号一起用",
            "{field} 裡 ask: 只能與其他條件並列，不能和 OR、括號一起用",
            "{field}: ask: stands beside other conditions only, not with OR or parentheses"],
        Filter { field, detail } => ["{field} 的筛选有误：{detail}", "{field} 的篩選有誤：{detail}", "{field}: {detail}"],
        Template { field, detail } => ["{field} 的模板有误：{detail}", "{field} 的範本有誤：{detail}", "{field}: {detail}"],
        BareBraces { field, value, expected } => [
            "{field} 的 {value} 不是变量的写法，会原样发出去；应写成 {expected}",
            "{field} 的 {value} 不是變數的寫法，會原樣發出去；應寫成 {expected}",
            "{field}: {value} is no variable and would be sent as it stands; write {expected}"],
        UnknownVariable { field, value } => [
            "{field} 用了未知变量 {value}，发送时会被拦下",
            "{field} 用了未知變數 {value}，發送時會被攔下",
            "{field} uses the unknown variable {value}; its tasks will be blocked"],
        OfOneMember { field, value, expected } => [
            "{field} 用了 {value}，但这一步汇总到群里，一条说给几个人：称呼他们用 {expected}",
            "{field} 用了 {value}，但這一步彙總到群裡，一則說給幾個人：稱呼他們用 {expected}",
            "{field} uses {value}, but this step gathers: one message in the group to several, whom {expected} names"],
        Endless { field } => [
            "{field} 没有 until：没发也没取消之前一直占着上限，同一个人（群）后面受同一上限的都要等；写上 until 到时自动过期",
            "{field} 沒有 until：沒發也沒取消之前一直佔著上限，同一個人（群）後面受同一上限的都要等；寫上 until 到時自動過期",
            "{field} has no until: not sent and not cancelled it fills its cap, and what the same cap counts for that member or group waits; with until it expires by itself"],
        ReservedKey { value } => [
            "[[ask]] 的 key 不能是 {value}，它是已有的变量",
            "[[ask]] 的 key 不能是 {value}，它是已有的變數",
            "an [[ask]] cannot have the key {value}: it is a variable already"],
        NotYet { field, value } => [
            "{field} 的 {value} 写法正确，但这个版本还不支持",
            "{field} 的 {value} 寫法正確，但這個版本還不支援",
            "{field}: {value} is a known word, but this version cannot do it yet"],
        NotUsed { field, place } => [
            "{field} 对 {place} 没有意义，请删掉",
            "{field} 對 {place} 沒有意義，請刪掉",
            "{field} means nothing for {place}; take it out"],
        OnlyFor { field, expected } => [
            "{field} 只能用在 {expected}",
            "{field} 只能用在 {expected}",
            "{field} is only for {expected}"],
        NeedsGather { field } => [
            "{field}：按成员走的 SOP 发到群里要汇总，at 用钟点（如 D1 09:00）或加 collect",
            "{field}：按成員走的 SOP 發到群裡要彙總，at 用鐘點（如 D1 09:00）或加 collect",
            "{field}: a member playbook that speaks in a group gathers: give at a wall time or add collect"],
        NeedsWho { field } => [
            "{field} 要加 who，写明私聊谁，如 who = \"tag:会员\"；不写 who 只有 for = \"member\" 的 SOP 知道是谁",
            "{field} 要加 who，寫明私聊誰，如 who = \"tag:会员\"；不寫 who 只有 for = \"member\" 的 SOP 知道是誰",
            "{field} needs who, for whom it is meant, such as who = \"tag:会员\"; without it only playbooks with for = \"member\" know whom"],
        ShiftRecurs { field } => [
            "{field} 的 shift 对循环的 SOP 不起作用：每一轮都有自己的日子，按 keep 处理",
            "{field} 的 shift 對循環的 SOP 不起作用：每一輪都有自己的日子，按 keep 處理",
            "{field}: shift does nothing in a recurrence: each round has its own day; it is taken for keep"],
        KnownYears { field } => [
            "{field} 的 workdays 看调休日历：程序自带 2007-2026 年，之后的年份用 qun calendar import 导入，没导入的年份没有工作日",
            "{field} 的 workdays 看調休日曆：程式自帶 2007-2026 年，之後的年份用 qun calendar import 匯入，沒匯入的年份沒有工作日",
            "{field}: workdays follow the calendar of make-up days: 2007-2026 come with the program, later years by qun calendar import; a year that is not there has none"],
        RuleOften { field } => [
            "{field} 一天最多 24 次，不能按分、秒：例如 FREQ=DAILY;BYHOUR=9,18 或 FREQ=HOURLY;INTERVAL=6",
            "{field} 一天最多 24 次，不能按分、秒：例如 FREQ=DAILY;BYHOUR=9,18 或 FREQ=HOURLY;INTERVAL=6",
            "{field}: a rule comes 24 times a day at most, not by the minute or second, such as FREQ=DAILY;BYHOUR=9,18 or FREQ=HOURLY;INTERVAL=6"],
        RuleNever { field } => [
            "{field} 没有一天符合，永远不会到",
            "{field} 沒有一天符合，永遠不會到",
            "{field}: no day fits this rule, it would never come round"],
        RuleShape { field, detail } => [
            "{field} 不是 RFC 5545 的规则：{detail}",
            "{field} 不是 RFC 5545 的規則：{detail}",
            "{field} is no rule of RFC 5545: {detail}"],
        UntilBeforeAt { field, value } => [
            "{field} 的 {value} 早于 at，永远来不及发",
            "{field} 的 {value} 早於 at，永遠來不及發",
            "{field}: {value} lies before at, so the step could never be sent"],
        OnePartKey { place, value } => [
            "{place} 一段只写一个键，这里有 {value} 个",
            "{place} 一段只寫一個鍵，這裡有 {value} 個",
            "{place}: one key a part, here are {value}"],
        TextAndParts { place } => [
            "{place} 的 text 和 parts 只能写一个",
            "{place} 的 text 和 parts 只能寫一個",
            "{place}: either text or parts, not both"],
        NothingToSay { place } => [
            "{place} 没有内容：写 text、parts 或 note",
            "{place} 沒有內容：寫 text、parts 或 note",
            "{place} says nothing: write text, parts or note"],
        ManyDaysRecur { field, value } => [
            "{field} 的 {value}：循环的 SOP 每天自成一轮，一个步骤只能落在一天",
            "{field} 的 {value}：循環的 SOP 每天自成一輪，一個步驟只能落在一天",
            "{field}: {value}: in a recurring playbook every day is a round of its own, a step falls on one day"],
        Nearest { value } => ["，是不是 {value}？", "，是不是 {value}？", "; did you mean {value}?"],
    }
}

crate::words! {
    /// What a value should have been.
    pub enum Expected {
        Text => ["文字", "文字", "a text"],
        Number => ["整数", "整數", "a whole number"],
        List => ["列表 […]", "列表 […]", "a list […]"],
        TextOrList => ["文字或文字列表", "文字或文字列表", "a text or a list of texts"],
        Table => ["一组键值", "一組鍵值", "a table of keys and values"],
        Tables => ["[[…]] 段", "[[…]] 段", "[[…]] sections"],
        PlaybookId => [
            "小写字母、数字和连字符，字母开头，如 new-friend-7d",
            "小寫字母、數字和連字號，字母開頭，如 new-friend-7d",
            "lower-case letters, digits and hyphens, a letter first, such as new-friend-7d"],
        StepId => [
            "字母、数字、- 或 _，不含空格，如 r1",
            "字母、數字、- 或 _，不含空格，如 r1",
            "letters, digits, - or _ without blanks, such as r1"],
        AskKey => [
            "字母、汉字、数字或 _，不以数字开头，如 商品",
            "字母、漢字、數字或 _，不以數字開頭，如 商品",
            "letters, digits or _, no digit first, such as 商品"],
        At => [
            " D0 +5m、D3 12:00、D-1 20:00、D1..D21 07:00 或 D1,D3,D7 20:00",
            " D0 +5m、D3 12:00、D-1 20:00、D1..D21 07:00 或 D1,D3,D7 20:00",
            "D0 +5m, D3 12:00, D-1 20:00, D1..D21 07:00 or D1,D3,D7 20:00"],
        By => [" D0 07:30", " D0 07:30", "D0 07:30"],
        Until => [" D0 22:00 或 +2h", " D0 22:00 或 +2h", "D0 22:00 or +2h"],
        Length => [" 5m、2h、30d", " 5m、2h、30d", "5m, 2h or 30d"],
        Offset => [" -3d、+1d", " -3d、+1d", "-3d or +1d"],
        DayEnds => [
            "钟点 00:00 到 11:59，如 02:00",
            "鐘點 00:00 到 11:59，如 02:00",
            "a time from 00:00 to 11:59, such as 02:00"],
        Date => ["日期，如 2026-03-08", "日期，如 2026-03-08", "a date such as 2026-03-08"],
        Start => [
            "日期和钟点，如 2026-01-31T09:00:00",
            "日期和鐘點，如 2026-01-31T09:00:00",
            "a day and a time such as 2026-01-31T09:00:00"],
        Zone => ["时区名，如 Asia/Shanghai", "時區名，如 Asia/Shanghai", "a time zone such as Asia/Shanghai"],
        Every => [
            " daily、weekdays、workdays、weekly: 一三五、3 days 或 monthly: 1,15,last",
            " daily、weekdays、workdays、weekly: 一三五、3 days 或 monthly: 1,15,last",
            "daily, weekdays, workdays, weekly: 一三五, 3 days or monthly: 1,15,last"],
        Stop => [
            " bought、left 等动态，或 tag:…、stage:…、filter:…",
            " bought、left 等動態，或 tag:…、stage:…、filter:…",
            "an activity such as bought or left, or tag:…, stage:…, filter:…"],
        When => [
            " finished 或停止词，如 replied、bought、left、tag:…",
            " finished 或停止詞，如 replied、bought、left、tag:…",
            "finished or a stop word such as replied, bought, left, tag:…"],
        Effect => [
            " tag:…、-tag:…、stage:…、stop、goto:…、start:… 或 followup:3d",
            " tag:…、-tag:…、stage:…、stop、goto:…、start:… 或 followup:3d",
            "tag:…, -tag:…, stage:…, stop, goto:…, start:… or followup:3d"],
        Money => ["金额，如 \"20.00\"", "金額，如 \"20.00\"", "an amount such as \"20.00\""],
        GroupPlaybook => ["for = \"group\" 的 SOP", "for = \"group\" 的 SOP", "playbooks with for = \"group\""],
        MemberPlaybook => ["for = \"member\" 的 SOP", "for = \"member\" 的 SOP", "playbooks with for = \"member\""],
        RunPlaybook => [
            "for = \"group\" 或 \"account\" 的 SOP",
            "for = \"group\" 或 \"account\" 的 SOP",
            "playbooks with for = \"group\" or \"account\""],
        GroupOrMember => [
            "for = \"group\" 或 \"member\" 的 SOP",
            "for = \"group\" 或 \"member\" 的 SOP",
            "playbooks with for = \"group\" or \"member\""],
        PrivateVia => [
            "via = \"private\"、\"internal\"、\"call\" 的步骤",
            "via = \"private\"、\"internal\"、\"call\" 的步驟",
            "steps with via = \"private\", \"internal\" or \"call\""],
        GroupVia => ["via = \"group\" 的步骤", "via = \"group\" 的步驟", "steps with via = \"group\""],
    }
}

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Severity {
    /// The playbook is refused.
    Error,
    /// Known to the format, refused because this version cannot do it.
    NotYet,
    /// Accepted, but probably not what was meant.
    Warning,
}

/// A value in a sentence: the file's own text, or words of ours in every language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    Text(String),
    Words(Expected),
    /// In the order of [`Lang::ALL`].
    Languages([String; 3]),
}

impl Said {
    fn show(&self, lang: Lang) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Words(words) => words.text(lang),
            Self::Languages([cn, tw, en]) => match lang {
                Lang::ZhCn => cn,
                Lang::ZhTw => tw,
                Lang::En => en,
            },
        }
    }
}

/// One mistake in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub file: String,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    pub severity: Severity,
    pub sentence: Sentence,
    /// The valid word that is nearest to what was written.
    pub nearest: Option<String>,
    /// Values of the sentence's placeholders by name.
    pub said: Vec<(&'static str, Said)>,
}

impl Problem {
    /// True where it is that nothing fills a variable, and it is this one.
    pub fn is_of_variable(&self, name: &str) -> bool {
        let (lang, wanted) = (Lang::default(), quote(name));
        let named = |(of, said): &(&str, Said)| *of == "value" && said.show(lang) == wanted.show(lang);
        self.sentence == Sentence::UnknownVariable && self.said.iter().any(named)
    }

    /// The sentence with its values and the nearest word, without the place.
    pub fn words(&self, lang: Lang) -> String {
        let shown: Vec<(&str, &str)> =
            self.said.iter().map(|(name, said)| (*name, said.show(lang))).collect();
        let values: Vec<(&str, &dyn fmt::Display)> =
            shown.iter().map(|(name, value)| (*name, value as &dyn fmt::Display)).collect();
        let mut words = self.sentence.fill(lang, &values);
        // what is wrong with a filter says the nearest by itself
        if let Some(nearest) = self.nearest.as_ref().filter(|_| self.sentence != Sentence::Filter) {
            words.push_str(&Sentence::Nearest.fill(lang, &[("value", nearest)]));
        }
        words
    }

    /// `file:line:column: sentence`.
    pub fn show(&self, lang: Lang) -> String {
        format!("{}:{}:{}: {}", self.file, self.line, self.column, self.words(lang))
    }

    /// What should have stood there; none where the sentence alone says it.
    pub fn expected(&self, lang: Lang) -> Option<&str> {
        let said = self.said.iter().find(|(name, _)| matches!(*name, "expected" | "limit"));
        said.map(|(_, said)| said.show(lang).trim())
    }

    /// The value of a placeholder where it is the file's own text.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.said.iter().find(|(key, _)| *key == name).and_then(|(_, said)| match said {
            Said::Text(text) => Some(text.as_str()),
            _ => None,
        })
    }
}

impl fmt::Display for Problem {
    /// `file:line:column: sentence` in simplified Chinese.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.show(Lang::default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::lang::faults;

    #[test]
    fn every_sentence_has_its_values_in_every_language() {
        assert_eq!(faults::<Sentence>(), Vec::<String>::new());
        assert_eq!(faults::<Expected>(), Vec::<String>::new());
    }
}
