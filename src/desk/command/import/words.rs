//! Sentences of imports.

use crate::words;

words! {
    /// What is said about an import and its rows.
    pub(super) enum Words {
        NoImport => ["没有这次导入，请重新开始", "沒有這次匯入，請重新開始", "there is no such import; begin it again"],
        Committed => ["这次导入已经确认，正在写入", "這次匯入已經確認，正在寫入", "this import is committed already and being applied"],
        NoSuch => ["没有这个账号或群", "沒有這個帳號或群", "no such account or group"],
        NoRows => ["没有可导入的行", "沒有可匯入的列", "there are no rows to import"],
        LinesMustRise => ["行号必须递增", "列號必須遞增", "the lines of the rows must rise"],
        ChunkTooLarge => ["一次最多 1 MiB 的行，请分批", "一次最多 1 MiB 的列，請分批", "at most 1 MiB of rows at a time; send smaller chunks"],
        Promised { n } => ["已接收 {n} 行，正在写入", "已接收 {n} 列，正在寫入", "{n} rows taken, being applied"],
        Dropped => ["已放弃这次导入", "已放棄這次匯入", "the import was dropped"],
        WouldImport { new, changed, unchanged } => [
            "新增 {new} · 更新 {changed} · 不变 {unchanged}", "新增 {new} · 更新 {changed} · 不變 {unchanged}",
            "{new} new, {changed} changed, {unchanged} unchanged",
        ],
        /// A field that a human changed.
        Kept { field, ours, file } => [
            "{field}: 保留现有的「{ours}」，文件里是「{file}」", "{field}: 保留現有的「{ours}」，檔案裡是「{file}」",
            "{field}: keeping \"{ours}\", the file says \"{file}\"",
        ],
        SeveralPeople { name, n } => [
            "「{name}」可能是 {n} 位已有成员，按新成员导入", "「{name}」可能是 {n} 位已有成員，按新成員匯入",
            "\"{name}\" could be any of {n} members; taken as a new one",
        ],
        TwoPeople { name, other } => [
            "「{name}」的账号分属两位成员，另一位是「{other}」；按前一位导入",
            "「{name}」的帳號分屬兩位成員，另一位是「{other}」；按前一位匯入",
            "the handles of \"{name}\" belong to two members, the other is \"{other}\"; taken as the first",
        ],
        SeveralGroups { name } => [
            "有几个群都叫「{name}」，没有导入群关系；给群加上群 ID 或改名", "有幾個群都叫「{name}」，沒有匯入群關係；給群加上群 ID 或改名",
            "several groups are called \"{name}\", so the membership was left out; give them a chat id or another name",
        ],
        SeveralAccounts { name } => [
            "有几个账号都叫「{name}」，没有导入好友关系；请改名", "有幾個帳號都叫「{name}」，沒有匯入好友關係；請改名",
            "several accounts are called \"{name}\", so the contact was left out; rename one",
        ],
        StillGone { group } => [
            "已记为退出「{group}」，文件早于退群，保留退群", "已記為退出「{group}」，檔案早於退群，保留退群",
            "recorded as gone from \"{group}\" after the file was made; stays gone",
        ],
        NoLongerFriend { account } => [
            "与「{account}」已不是好友，保留现状", "與「{account}」已不是好友，保留現狀",
            "no longer a friend of \"{account}\"; left as it is",
        ],
    }
}
