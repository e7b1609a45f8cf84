//! What the command line says by itself.

crate::words! {
    pub(super) enum Words {
        Column { n } => ["第 {n} 列: ", "第 {n} 欄: ", "column {n}: "],
        NoScreen => [
            "这里没有终端，画不了界面; 请用 qun list, 全部命令见 qun --help",
            "這裡沒有終端機，畫不了介面; 請用 qun list, 全部命令見 qun --help",
            "there is no terminal for a screen; use qun list, qun --help shows all commands",
        ],
        NotAFriend => [
            "还不是这个账号的好友，没有记; 确实发了就加 --anyway", "還不是這個帳號的好友，沒有記; 確實發了就加 --anyway",
            "no friend of that account: not recorded; --anyway if it was sent all the same",
        ],
        StillHeld { why } => [
            "还搁置着 ({why})，没有记; 确实发了就加 --anyway", "還擱置著 ({why})，沒有記; 確實發了就加 --anyway",
            "still held ({why}): not recorded; --anyway if it was sent all the same",
        ],
        CanList { kinds, views } => [
            "可列: {kinds}; 视图: {views}", "可列: {kinds}; 視圖: {views}", "kinds: {kinds}; views: {views}",
        ],
        NamesNear { near } => ["相近: {near}", "相近: {near}", "names like it: {near}"],
        ListNear { near } => ["是 {near} 吗?", "是 {near} 嗎?", "did you mean {near}?"],
        HeadAccounts => ["编号 名称 平台 群 待发 状态", "編號 名稱 平台 群 待發 狀態", "id name platform groups due state"],
        HeadSops => ["编号 名称 步骤 在走 待发 下一步", "編號 名稱 步驟 在走 待發 下一步", "id title steps active due next"],
        ScreenOnly { option } => [
            "{option} 只用于打开界面，不能和子命令一起用", "{option} 只用於打開介面，不能和子命令一起用",
            "{option} is for opening the screen and does not go with a subcommand",
        ],
        HintLine { hint } => ["提示: {hint}", "提示: {hint}", "note: {hint}"],
        OneFilter => ["-f 写了两次，只写一次", "-f 寫了兩次，只寫一次", "-f stands there twice; write it once"],
        UnknownView { text } => [
            "没有“{text}”这个视图或命令",
            "沒有「{text}」這個視圖或命令",
            "there is no view or command \"{text}\"",
        ],
        UnknownTheme { text } => ["没有“{text}”这个主题", "沒有「{text}」這個主題", "there is no theme \"{text}\""],
        OrdersToday { n } => ["今天下单 {n}:", "今天下單 {n}:", "ordered today, {n}:"],
        NoColumn { column } => ["这份列表没有“{column}”这一列", "這份清單沒有「{column}」這一欄", "this list has no column {column}"],
        NoSort { kind, sort, sorts } => [
            "{kind}不能按“{sort}”排: {sorts}", "{kind}不能按「{sort}」排: {sorts}",
            "{kind} rows have no order {sort}: {sorts}",
        ],
        CsvOfMembers => [
            "--csv 只写成员: qun list members --csv; 别的用 --tsv", "--csv 只寫成員: qun list members --csv; 別的用 --tsv",
            "--csv is for members: qun list members --csv; --tsv writes any list",
        ],
        IsDay { day } => [
            "“{day}”是日子, 不是列表", "「{day}」是日子, 不是列表", "\"{day}\" is a day, not a list"],
        NotYetDue => [
            "没到点的还不在这里: 往后每天有多少看 qun sop forecast, 一个 SOP 的日子看 qun sop plan ID",
            "沒到點的還不在這裡: 往後每天有多少看 qun sop forecast, 一個 SOP 的日子看 qun sop plan ID",
            "what is not due yet is not among them: qun sop forecast shows the days ahead, qun sop plan ID those of one playbook",
        ],
        Nothing => ["没有匹配的", "沒有符合的", "nothing matched"],
        LockedBy { pid, since } => [
            "数据正被进程 {pid} 使用 ({since}), 但它没有应答",
            "資料正被程序 {pid} 使用 ({since}), 但它沒有回應",
            "process {pid} has this store ({since}) and does not answer",
        ],
        LockedByOther { path } => [
            "数据被别的程序占用 ({path}), 它不是 qun 的值守进程",
            "資料被別的程式佔用 ({path}), 它不是 qun 的值守程序",
            "another program has locked this store ({path}); it is no desk of qun",
        ],
        StoreName { text } => [
            "“{text}”不能做数据的名字; 用一个名字，或含 / 的路径", "「{text}」不能做資料的名字; 用一個名字，或含 / 的路徑",
            "\"{text}\" cannot name a store; use a name, or a path with a /",
        ],
        SocketOccupied { path } => [
            "{path} 的位置上有别的文件，值守进程开不了门", "{path} 的位置上有別的檔案，值守程序開不了門", "something else stands at {path}, where the desk's door should be",
        ],
        HookWrong { why } => ["提醒程序没有启用: {why}", "提醒程式沒有啟用: {why}", "the hook is not used: {why}"],
        HookFine => ["提醒程序已设置", "提醒程式已設定", "a hook is set"],
        NoHook => ["没有提醒程序", "沒有提醒程式", "no hook is set"],
        DeskSilent { log } => [
            "值守进程没有应答，看看它的记录 {log}", "值守程序沒有回應，看看它的記錄 {log}", "the desk does not answer; look at its log {log}",
        ],
        NoStore { name } => ["没有叫“{name}”的数据", "沒有叫「{name}」的資料", "there is no store \"{name}\""],
        NoStoreNear { near } => ["最接近: {near}", "最接近: {near}", "nearest: {near}"],
        NoStoreOpen { name } => [
            "要新建就打开它: qun --store {name}", "要新建就打開它: qun --store {name}", "to make it, open it: qun --store {name}",
        ],
        Opening => ["正在打开数据…", "正在開啟資料…", "opening the store…"],
        Rebuilding { percent } => ["正在重建索引 {percent}%", "正在重建索引 {percent}%", "making the index anew {percent}%"],
        EndOrWait { pid } => ["稍等, 或结束它: kill {pid}", "稍等, 或結束它: kill {pid}", "wait, or end it: kill {pid}"],
        AlreadyServed => ["已有值守进程在运行", "已有值守程序在執行", "a desk is already running"],
        NotServed => ["没有值守进程在运行", "沒有值守程序在執行", "no desk is running"],
        Ambiguous { text } => ["“{text}”有多个", "「{text}」有多個", "\"{text}\" could be several"],
        UnknownVerb { text } => ["没有“{text}”这个动作", "沒有「{text}」這個動作", "there is no verb \"{text}\""],
        CorrectOne => ["correct 一次一条", "correct 一次一條", "correct takes one task"],
        CorrectSpread { n, m } => [
            "还没发的 {n} 条，已经发出 {m} 条", "還沒發的 {n} 條，已經發出 {m} 條", "{n} pending, {m} had it already"
        ],
        CorrectNeedsText { option } => [
            "{option} 要和 --text 一起写: 正确的文字", "{option} 要和 --text 一起寫: 正確的文字",
            "{option} goes with --text, the right words"
        ],
        CorrectText { n, text } => ["  --part {n}  {text}", "  --part {n}  {text}", "  --part {n}  {text}"],
        CorrectMore { n } => ["  .. 还有 {n} 条", "  .. 還有 {n} 條", "  .. {n} more"],
        CorrectOthers { n } => [
            "另有 {n} 条填的是别的内容，不更正", "另有 {n} 條填的是別的內容，不更正",
            "{n} had it with other answers: not corrected"
        ],
        CorrectEdited { n } => [
            "另有 {n} 条手改过的, 不跟着改, 要一条一条看:", "另有 {n} 條手改過的, 不跟著改, 要一條一條看:",
            "{n} edited by hand do not follow, look at each:"
        ],
        CorrectUnsent => ["还没发", "還沒發", "not sent"],
        CorrectStands { place } => [
            "也写在 {place}，要另外改", "也寫在 {place}，要另外改", "it stands in {place} too: change it there as well"
        ],
        CorrectRecall => ["还能撤回", "還能收回", "can still be recalled"],
        NeedsOption { option } => ["还缺 {option}", "還缺 {option}", "{option} is missing"],
        UnknownReason { text } => ["没有“{text}”这个原因", "沒有「{text}」這個原因", "there is no reason \"{text}\""],
        NotOffered { text } => ["现在不能选 {text}", "現在不能選 {text}", "{text} cannot be chosen now"],
        ReplaceIt => [
            "一个账号只有一条限制: 几样都不能发就用 --what all; 真要换就加 --replace",
            "一個帳號只有一條限制: 幾樣都不能發就用 --what all; 真要換就加 --replace",
            "an account has one limit: --what all holds everything; --replace puts this one in its place",
        ],
        NothingTold => ["要写发生了什么", "要寫發生了什麼", "say what happened"],
        NotAHappening { text } => ["“{text}”不是发生的事", "「{text}」不是發生的事", "\"{text}\" is nothing that happens"],
        ToldAs { kind, word } => ["写成 “{kind} {word}”", "寫成 「{kind} {word}」", "say it as \"{kind} {word}\""],
        NewHint => ["不在册的人加 --new", "不在冊的人加 --new", "--new makes who is not in the book"],
        UnpickedIsAsked => [
            "没提货的名单填在团购的表里: qun fill groupbuy-day 未提货 \"张三、李四\" --group 群名; 提了货才是发生的事: 提货",
            "沒提貨的名單填在團購的表裡: qun fill groupbuy-day 未提货 \"張三、李四\" --group 群名; 提了貨才是發生的事: 提貨",
            "who has not picked up is asked for in the group-buy's form: qun fill groupbuy-day 未提货 \"A, B\" --group NAME; what happens is: picked-up",
        ],
        Checked { title, steps } => ["{title}: {steps} 步, 没有错误", "{title}: {steps} 步, 沒有錯誤", "{title}: {steps} steps, no mistakes"],
        CheckedBut { title, steps, n } => [
            "{title}: {steps} 步, 没有错误, {n} 处提醒", "{title}: {steps} 步, 沒有錯誤, {n} 處提醒",
            "{title}: {steps} steps, no mistakes, {n} warnings"
        ],
        Mistakes { n } => ["{n} 处错误", "{n} 處錯誤", "{n} mistakes"],
        FillIn { key } => ["填 {key}", "填 {key}", "fill in {key}"],
        InZone { zone } => ["时区 {zone}", "時區 {zone}", "times in {zone}"],
        AnchorLater => ["开始得晚", "開始得晚", "began later"],
        PlanCut { n } => [
            "只列前 {n} 条；用 --from、--until 分段看", "只列前 {n} 條；用 --from、--until 分段看", "only the first {n}; --from and --until show the rest"],
        PlanBackwards { from, until } => [
            "--until {until} 要晚于 --from {from}", "--until {until} 要晚於 --from {from}",
            "--until {until} has to be later than --from {from}"],
        PlanNothing => ["这段时间里没有排到的", "這段時間裡沒有排到的", "nothing comes in this time"],
        PlanExample { day } => [
            "每人的日子不同，这里以 {day} 为例", "每人的日子不同，這裡以 {day} 為例", "everybody has a day of their own, this takes {day}"],
        NobodyReplies => ["不是对某个人的待办", "不是對某個人的待辦", "this task is for nobody in particular"],
        UnknownAnswer { text } => ["没有“{text}”这个回答", "沒有「{text}」這個回答", "there is no answer \"{text}\""],
        NoAsks => ["没有要填的", "沒有要填的", "there is nothing to fill"],
        FilledIn => ["已填:", "已填:", "filled in:"],
        FilledNone => ["已填: 没有", "已填: 沒有", "filled in: none"],
        NoValue => ["要写 SOP, 项目和值", "要寫 SOP, 項目和值", "say the playbook, the key and the value"],
        Due => ["待发", "待發", "due"],
        Today => ["今日", "今日", "today"],
        Overdue => ["逾期", "逾期", "overdue"],
        Groups => ["群", "群", "groups"],
        Members => ["成员", "成員", "members"],
        Accounts => ["账号", "帳號", "accounts"],
        Playbooks => ["SOP", "SOP", "playbooks"],
        Enrolled => ["进行中", "進行中", "enrolled"],
        NextAt => ["下一个", "下一個", "next"],
        TextOfTask { name } => [
            "“{name}”不是待办: --text 打印一条待办的正文", "「{name}」不是待辦: --text 列印一條待辦的正文",
            "\"{name}\" is no task: --text prints the text of one",
        ],
        NoBackup => ["还没有备份", "還沒有備份", "there is no backup yet"],
        BackupAge { generation, age } => [
            "最近的备份是第 {generation} 份，{age}前",
            "最近的備份是第 {generation} 份，{age}前",
            "the newest backup is number {generation}, {age} old",
        ],
        Store => ["数据", "資料", "store"],
        Held => ["暂停", "暫停", "held"],
        NotWritable => ["不能写入", "不能寫入", "no writing"],
        Away { away } => ["离线 {away}", "離線 {away}", "away {away}"],
        AwayUnfilled { n } => ["没填表发不了 {n}", "沒填表發不了 {n}", "{n} never filled in"],
        AwayRow { title, due, expired, open } => [
            "{title}: 到点 {due}, 过期 {expired}, 待补 {open}",
            "{title}: 到點 {due}, 過期 {expired}, 待補 {open}",
            "{title}: {due} came due, {expired} expired, {open} still open",
        ],
        LastsDays { n } => ["可用 {n} 天", "可用 {n} 天", "lasts {n} days"],
        PausedSop => ["已暂停", "已暫停", "paused"],
        Undone => ["已撤销", "已撤銷", "undone"],
        TakenBack => ["又改回去了", "又改回去了", "reversed later"],
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn all_languages_say_the_same() {
        assert_eq!(crate::text::lang::faults::<super::Words>(), Vec::<String>::new());
    }
}
