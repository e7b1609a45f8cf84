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
        Checking { n } => ["正在检查 {n} 行", "正在檢查 {n} 列", "looking at {n} rows"],
        WrittenLong => [
            "这次导入早已写完；详情见 qun log", "這次匯入早已寫完；詳情見 qun log",
            "this import was finished long ago; see qun log",
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
        SamePerson { name } => [
            "没有号码，同名，当作已有成员「{name}」; 不是同一人就撤销这次导入，加一列手机号或微信号再来",
            "沒有號碼，同名，當作已有成員「{name}」; 不是同一人就復原這次匯入，加一欄手機號或微信號再來",
            "no number, the same name: taken for the member \"{name}\"; if they are two, undo this import and add a column with phone or handle",
        ],
        WhichOfThem { n, names } => [
            "对得上 {n} 位成员 ({names})，分不清是谁；加一列手机号、微信号或入群时间",
            "對得上 {n} 位成員 ({names})，分不清是誰；加一欄手機號、微信號或入群時間",
            "{n} members answer to this ({names}); add a column with phone, handle or time of joining",
        ],
        VeryMany { n } => [
            "叫这个名字的超过 {n} 位，分不清是谁；加一列手机号、微信号或入群时间",
            "叫這個名字的超過 {n} 位，分不清是誰；加一欄手機號、微信號或入群時間",
            "more than {n} members have this name; add a column with phone, handle or time of joining",
        ],
        TwoPeople { by, one, handle, other } => [
            "一行对着两位成员: {by} 是「{one}」，{handle} 是「{other}」；留下其中一个",
            "一列對著兩位成員: {by} 是「{one}」，{handle} 是「{other}」；留下其中一個",
            "one row, two members: {by} is \"{one}\", {handle} is \"{other}\"; keep one of the two",
        ],
        SeveralGroups { name } => [
            "有几个群都叫「{name}」；加一列群 ID，或给群改名", "有幾個群都叫「{name}」；加一欄群 ID，或給群改名",
            "several groups are called \"{name}\"; add a column with the chat id, or rename one",
        ],
        GroupsApart { n, names } => [
            "当作 {n} 个群: {names}", "當作 {n} 個群: {names}", "taken for {n} groups: {names}"
        ],
        GroupsInOne { name, n } => [
            "「{name}」当作一个新群的名字；要是 {n} 个群，先建其中一个再导入",
            "「{name}」當作一個新群的名字；要是 {n} 個群，先建其中一個再匯入",
            "\"{name}\" is taken for the name of one new group; if it is {n} groups, make one of them first",
        ],
        NearGroup { name, near } => [
            "新群「{name}」和「{near}」相近；是同一个群就先改成那个名字，或给那个群加上这个别名",
            "新群「{name}」和「{near}」相近；是同一個群就先改成那個名字，或給那個群加上這個別名",
            "the new group \"{name}\" is near to \"{near}\"; if they are one, write that name, or make this an alias of it",
        ],
        SeveralAccounts { name } => [
            "有几个账号都叫「{name}」；先给其中一个改名", "有幾個帳號都叫「{name}」；先給其中一個改名",
            "several accounts are called \"{name}\"; rename one first",
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
