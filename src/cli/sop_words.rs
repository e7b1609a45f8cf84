//! What `qun sop` says by itself.

use crate::sop::format::TargetKind;

crate::words! {
    pub(super) enum Words {
        ForMember => ["给成员", "給成員", "for members"],
        ForGroup => ["给群", "給群", "for groups"],
        ForAccount => ["给账号", "給帳號", "for accounts"],
        BoardCounts { active, line, finished, stopped } => [
            "在走 {active}  排队 {line}  走完 {finished}  停止 {stopped}",
            "在走 {active}  排隊 {line}  走完 {finished}  停止 {stopped}",
            "{active} active  {line} in line  {finished} finished  {stopped} stopped",
        ],
        HeadStep => ["步骤", "步驟", "step"],
        HeadAt => ["什么时候", "什麼時候", "at"],
        HeadVia => ["方式", "方式", "via"],
        HeadOwed => ["应发", "應發", "due"],
        HeadSent => ["已发", "已發", "sent"],
        HeadCover => ["覆盖", "覆蓋", "cover"],
        HeadReplied => ["回复/私聊", "回覆/私聊", "replied/private"],
        HeadBought => ["成交", "成交", "bought"],
        NotInIt { name, sop } => [
            "{name} 不在 {sop} 里", "{name} 不在 {sop} 裡", "{name} is not in {sop}",
        ],
        InLineAt { n } => ["排第 {n} 位", "排第 {n} 位", "number {n} in line"],
        MoreRows { n } => ["还有 {n} 行, 全部用 --json", "還有 {n} 列, 全部用 --json", "{n} more; --json has all"],
        DiffOlder { n } => [
            "{n} 个还在更早的一版", "{n} 個還在更早的一版", "{n} are still on an earlier version",
        ],
        DiffSame => ["和正在用的一样", "和正在用的一樣", "the same as what runs"],
        DiffNew { title } => ["{title}: 还没有用过", "{title}: 還沒有用過", "{title} is new"],
        DiffNewEnter { title, n } => ["{title}: 还没有用过, {n}进入", "{title}: 還沒有用過, {n}進入", "{title} is new: {n} enter"],
        DiffHead { title, version } => [
            "{title}: 和正在用的第 {version} 版比", "{title}: 和正在用的第 {version} 版比", "{title}, against version {version} that runs",
        ],
        DiffOpenStay { n, steps } => [
            "已到点的 {n} 条待发保持原文 (要改文字用 ! 更正): {steps}",
            "已到點的 {n} 條待發保持原文 (要改文字用 ! 更正): {steps}",
            "{n} open tasks keep their words (! corrects them): {steps}",
        ],
        DiffOpenGone { n, steps } => [
            "步骤没有了, 取消 {n} 条待发: {steps}", "步驟沒有了, 取消 {n} 條待發: {steps}", "{n} open tasks are cancelled, their step is gone: {steps}",
        ],
        DiffOpenStopped { n, steps } => [
            "所属的人停了, 取消 {n} 条待发: {steps}", "所屬的人停了, 取消 {n} 條待發: {steps}", "{n} open tasks are cancelled, who they are for is stopped: {steps}",
        ],
        DiffStopped { n, names } => [
            "其中 {n} 个马上按停止规则停: {names}", "其中 {n} 個馬上按停止規則停: {names}", "{n} of them are stopped at once: {names}",
        ],
        DiffSkipped { n, names } => [
            "其中 {n} 个的下一步不会发: {names}", "其中 {n} 個的下一步不會發: {names}", "the next step of {n} of them is not said: {names}",
        ],
        DiffUntil { next, until } => ["{next} (到 {until})", "{next} (到 {until})", "{next} (until {until})"],
        DiffNoEnd { next } => ["{next} (不限到期)", "{next} (不限到期)", "{next} (no end)"],
        DiffUnsaid { next, why } => ["{next} (不发: {why})", "{next} (不發: {why})", "{next} (not said: {why})"],
        DiffOpenOf { step, n } => ["{step} {n} 条", "{step} {n} 條", "{step}: {n}"],
        DiffNoOpen => ["没有待发受影响", "沒有待發受影響", "no open task is concerned"],
        DiffRunning { n, unchanged, changed } => [
            "在走和排队的 {n} 个: 下一步不变 {unchanged}, 会变 {changed}",
            "在走和排隊的 {n} 個: 下一步不變 {unchanged}, 會變 {changed}",
            "of {n} in it: next step unchanged {unchanged}, changed {changed}",
        ],
        DiffOutside { n } => [
            "其中 {n} 个不再符合人群: 还在里面, 轮到的步骤跳过不发; 什么时候又符合了, 后面的照发",
            "其中 {n} 個不再符合人群: 還在裡面, 輪到的步驟跳過不發; 什麼時候又符合了, 後面的照發",
            "{n} of them are not in the audience any more: they stay in it, steps that fall due are skipped, and come again once they fit",
        ],
        DiffEnding { n } => ["其中 {n} 个就此走完", "其中 {n} 個就此走完", "{n} of them are through with it"],
        ViewsUnknown => [
            "这里没有数据, @ 后面的视图没有核对: 用 --store 指明哪一份",
            "這裡沒有資料, @ 後面的視圖沒有核對: 用 --store 指明哪一份",
            "there is no store here, the views behind @ are not checked: name one by --store",
        ],
        DiffNext { name, before, after } => ["{name}: {before} -> {after}", "{name}: {before} -> {after}", "{name}: {before} -> {after}"],
        DiffEnd => ["走完", "走完", "finished"],
        AskWhom => [
            "生效到谁? a 所有人  n 只给以后进入的  其他键不改: ", "生效到誰? a 所有人  n 只給以後進入的  其他鍵不改: ",
            "for whom? a everybody, n only who comes from now on, anything else changes nothing: ",
        ],
        IsLive { title, n } => [
            "{title} 正在用, 里面有 {n} 个; 没有改", "{title} 正在用, 裡面有 {n} 個; 沒有改",
            "{title} is live with {n} in it; nothing was changed",
        ],
        SayForWhom => [
            "对所有人生效加 --yes, 只给以后进入的加 --new-only, 先看加 --dry-run",
            "對所有人生效加 --yes, 只給以後進入的加 --new-only, 先看加 --dry-run",
            "--yes for everybody, --new-only for who comes from now on, --dry-run to look first",
        ],
        NotApplied => ["没有改", "沒有改", "nothing was changed"],
        FileThere { file } => ["{file} 已经在那里, 没有覆盖", "{file} 已經在那裡, 沒有覆蓋", "{file} is there already and was not overwritten"],
        NoBuiltin { text } => ["没有叫“{text}”的内置 SOP", "沒有叫「{text}」的內建 SOP", "no playbook \"{text}\" comes with the program"],
        NoName { text } => ["“{text}”做不成文件名", "「{text}」做不成檔名", "\"{text}\" makes no name of a file"],
        Written { file } => ["已写 {file}; 改好后: qun sop add {file}", "已寫 {file}; 改好後: qun sop add {file}", "wrote {file}; when it is right: qun sop add {file}"],
        NoAccount => ["不用账号", "不用帳號", "no account"],
        Hours { n } => ["{n} 小时", "{n} 小時", "{n} h"],
        Tasks { n } => ["{n} 条", "{n} 條", "{n} tasks"],
        Estimated { n } => ["(估 {n})", "(估 {n})", "({n} expected)"],
        Estimates => [
            "估: 沉默满天数和快用完的, 有人回复或下单就会变", "估: 沉默滿天數和快用完的, 有人回覆或下單就會變",
            "expected: silences and what runs out; whoever replies or orders changes it",
        ],
        PlanOfBuiltin { id } => [
            "{id} 是自带的, 还没启用; 启用后会是这样 (qun sop add --builtin {id})",
            "{id} 是自帶的, 還沒啟用; 啟用後會是這樣 (qun sop add --builtin {id})",
            "{id} comes with the program and is not in use yet; in use it would be this (qun sop add --builtin {id})",
        ],
        NothingAhead => ["这些天没有安排", "這些天沒有安排", "nothing is planned"],
        MissingTexts { title, step, n, day, more } => [
            "{title} 步骤 {step}: 从 {day} 起缺 {n} 条文案, 再写 {more} 款就够",
            "{title} 步驟 {step}: 從 {day} 起缺 {n} 條文案, 再寫 {more} 款就夠",
            "{title}, step {step}: from {day} on {n} messages find no fresh wording; {more} more would do",
        ],
        AskAhead { title, key, n, day } => [
            "{title}: 要填“{key}” {n} 次, 从 {day} 开始", "{title}: 要填「{key}」{n} 次, 從 {day} 開始",
            "{title}: \"{key}\" is to be filled in {n} times, from {day} on",
        ],
        CapAhead { day, scope, name, planned, per, n } => [
            "{day} {scope} {name}: 排了 {planned} 条, 上限每{per} {n} 条, 多的往后等",
            "{day} {scope} {name}: 排了 {planned} 條, 上限每{per} {n} 條, 多的往後等",
            "{day} {scope} {name}: {planned} planned, at most {n} per {per}; the rest waits",
        ],
        ClashAhead { day, name, titles } => ["{day} {name} 同一天: {titles}", "{day} {name} 同一天: {titles}", "{day} {name} hears from: {titles}"],
        PaceOwn { via, seconds, samples } => ["{via} {seconds} 秒 (实测 {samples} 条)", "{via} {seconds} 秒 (實測 {samples} 條)", "{via} {seconds} s (measured on {samples})"],
        PaceGuess { via, seconds } => ["{via} {seconds} 秒 (估计)", "{via} {seconds} 秒 (估計)", "{via} {seconds} s (a guess)"],
        Paces { paces } => ["每条用时: {paces}", "每條用時: {paces}", "time for one: {paces}"],
        Newcomers { n } => ["新来 +{n}", "新來 +{n}", "+{n} new"],
        People { people } => ["各人: {people}", "各人: {people}", "by person: {people}"],
        NobodyYet => ["未分人", "未分人", "nobody yet"],
        Arrivals { each } => [
            "新来的人按最近 28 天每周最少到最多估: {each}", "新來的人按最近 28 天每週最少到最多估: {each}",
            "newcomers a week, the fewest and the most of the last 28 days: {each}",
        ],
        AtMost => [
            "最多这些: 条件都当成立, 停止都当没发生; 轮到谁按名额算, 上限只提醒不扣; 以后才进来的人另计 (新来)",
            "最多這些: 條件都當成立, 停止都當沒發生; 輪到誰按名額算, 上限只提醒不扣; 以後才進來的人另計 (新來)",
            "at most: conditions are taken as holding, rotas count their places, caps are told and not obeyed; who will only come stands apart",
        ],
        Cut { n } => ["太多, 只算了前 {n} 个进度", "太多, 只算了前 {n} 個進度", "too many: only the first {n} enrolments were counted"],
        MoreTimes => ["--at 比 --wave 多", "--at 比 --wave 多", "there are more --at than --wave"],
        NotKeyValue { text } => ["“{text}”要写成 项目=内容", "「{text}」要寫成 項目=內容", "write \"{text}\" as KEY=VALUE"],
        CampaignOver => ["已结束", "已結束", "over"],
        CampaignAhead => ["未开始", "未開始", "to come"],
        CampaignRuns => ["进行中", "進行中", "running"],
        CampaignNeedsUntil => ["要写 --until: 什么时候结束", "要寫 --until: 什麼時候結束", "--until is missing: when it ends"],
        WaveWaits { at } => ["{at} 选人", "{at} 選人", "chosen at {at}"],
        WavePeople { n } => ["进了 {n} 个", "進了 {n} 個", "{n} came"],
        WaveNobody => ["一个也没有进", "一個也沒有進", "nobody came"],
        FunnelWindow => [
            "回复: 发出后 48 小时内; 成交: 发出后 7 天内, 且在同一份 SOP 的下一条之前 (一单只算一条)",
            "回覆: 發出後 48 小時內; 成交: 發出後 7 天內, 且在同一份 SOP 的下一條之前 (一單只算一條)",
            "replied: within 48 hours of sending; bought: within 7 days and before the next message of the same playbook, so that a purchase counts once",
        ],
        TrialHead { n } => ["试算, 没有写入: 到结束约 {n} 条", "試算, 沒有寫入: 到結束約 {n} 條", "a trial, nothing was written: about {n} messages until its end"],
        TrialWave { at, filter, chosen, n, each } => [
            "{at} 起: {filter}  现在选是 {n} 个 ({each}); {chosen} 才真正选人",
            "{at} 起: {filter}  現在選是 {n} 個 ({each}); {chosen} 才真正選人",
            "from {at}: {filter}  {n} if chosen now ({each}); chosen at {chosen}",
        ],
        TrialOverlap { n } => ["  {n} 个也符合, 但在前面的波里", "  {n} 個也符合, 但在前面的波裡", "  {n} match as well and are in an earlier wave"],
        TrialStays { n, why } => ["  {n} 次不进: {why}", "  {n} 次不進: {why}", "  {n} not: {why}"],
        TrialLookedTo { day } => ["只看到 {day}, 之后的没有算", "只看到 {day}, 之後的沒有算", "looked up to {day} only"],
        CampaignWave { at, filter } => ["{at} 起: {filter}", "{at} 起: {filter}", "from {at}: {filter}"],
        EditorFailed { why } => ["编辑器没有打开: {why}", "編輯器沒有打開: {why}", "the editor did not open: {why}"],
    }
}

impl Words {
    /// For whom a playbook is.
    pub(super) const fn of_target(target: TargetKind) -> Self {
        match target {
            TargetKind::Member => Self::ForMember,
            TargetKind::Group => Self::ForGroup,
            TargetKind::Account => Self::ForAccount,
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn all_languages_say_the_same() {
        assert_eq!(crate::text::lang::faults::<super::Words>(), Vec::<String>::new());
    }
}
