//! Words of lists, texts and cards.

crate::words! {
    /// What views say in words of their own.
    pub enum ViewWords {
        Ask { what } => ["填表: {what}", "填表: {what}", "fill in: {what}"],
        AddFriend { who } => ["加好友: {who}", "加好友: {who}", "add as a friend: {who}"],
        Image { path } => ["图片 {path}", "圖片 {path}", "image {path}"],
        File { path } => ["文件 {path}", "檔案 {path}", "file {path}"],
        Forward { label, find } => ["转发 {label} {find}", "轉發 {label} {find}", "forward {label} {find}"],
        ForwardFrom { label, find, place } => [
            "转发 {label} {find} (在 {place})", "轉發 {label} {find} (在 {place})", "forward {label} {find} (from {place})"],
        Notice { text } => ["群公告: {text}", "群公告: {text}", "group notice: {text}"],
        Jielong { text } => ["接龙: {text}", "接龍: {text}", "jielong: {text}"],
        RedPacket { amount } => ["红包 {amount} 元", "紅包 {amount} 元", "red packet, {amount} yuan"],
        MentionNobody => ["不用 @ 人", "不用 @ 人", "nobody to mention"],
        Mention { names } => ["@ {names}", "@ {names}", "mention {names}"],
        NoStep => [
            "SOP 的这一步已不在", "SOP 的這一步已不在", "this step is no longer in its playbook"],
        NearlyFull { heads } => [
            "快满 {heads}: 准备新群, 换二维码", "快滿 {heads}: 準備新群, 換二維碼", "nearly full, {heads}: get a new group and its QR code ready"],
        GroupFull { heads } => [
            "已满 {heads}: 换成新群的二维码 (SOP 带到新群: 移群)", "已滿 {heads}: 換成新群的二維碼 (SOP 帶到新群: 移群)", "full, {heads}: hand out the new group's QR code (its playbooks there: move)"],
        RenewQr => [
            "群二维码快过期: 换新的, 再标已发", "群二維碼快過期: 換新的, 再標已發", "the group's QR code ends soon: make a new one, then mark this"],
        GroupIs { state } => ["群{state}", "群{state}", "the group is {state}"],
        RestsUntil { day } => ["静默到 {day}", "靜默到 {day}", "resting until {day}"],
        Quiet => ["免打扰", "免打擾", "quiet hours"],
        QuietAlways => [
            "永不: 免打扰没有空档", "永不: 免打擾沒有空檔", "never: quiet hours leave no time"],
        QuietNever { rules } => [
            "永不: 免打扰没有空档 ({rules})", "永不: 免打擾沒有空檔 ({rules})",
            "never: quiet hours leave no time ({rules})"],
        Paused => ["已暂停", "已暫停", "paused"],
        TargetPaused => ["对方已停发", "對方已停發", "the target is paused"],
        GroupPaused => ["群已停发", "群已停發", "the group is paused"],
        GroupPausedUntil { at } => ["群停发到 {at}", "群停發到 {at}", "the group is paused until {at}"],
        TargetPausedUntil { at } => ["对方停发到 {at}", "對方停發到 {at}", "the target is paused until {at}"],
        Clock => ["时钟待确认", "時鐘待確認", "the clock is not confirmed"],
        Calendar => ["等放假调休公布", "等放假調休公布", "waiting for the year's working days"],
        Intake => ["排队中", "排隊中", "waiting in line"],
        Cap { words } => ["上限: {words}", "上限: {words}", "cap: {words}"],
        WillStop { rule } => ["到点就停: {rule}", "到點就停: {rule}", "will stop: {rule}"],
        OutOfAudience { audience } => [
            "不会发: 不符合人群 {audience}", "不會發: 不符合人群 {audience}", "will not come: not in the audience {audience}"],
        PassedByAnswer { step, key } => [
            "{step} 不发: “{key}”填了没有", "{step} 不發: 「{key}」填了沒有", "{step} does not come: \"{key}\" was answered with nothing"],
        DayOff => ["今日停团", "今日停團", "called off for the day"],
        PassedByDayOff { step } => ["{step} 不发: 今日停团", "{step} 不發: 今日停團", "{step} does not come: called off that day"],
        Finished => ["已走完", "已走完", "finished"],
        BegunAgain => ["有了新的一次，重新算", "有了新的一次，重新算", "it happened again and counts anew"],
        TakenBack => ["撤销了", "撤銷了", "undone"],
        MovedOn => ["在别的群继续", "在別的群繼續", "goes on in another group"],
        TooManyRounds => [
            "几份 SOP 转成一圈，当天已进 3 次", "幾份 SOP 轉成一圈，當天已進 3 次", "playbooks go round: 3 times that day already"],
        CampaignOver => ["大促已结束", "大促已結束", "the campaign is over"],
        PlaybookGone => ["SOP 已移除", "SOP 已移除", "the playbook was removed"],
        Stopped { rule } => ["已停止: {rule}", "已停止: {rule}", "stopped: {rule}"],
        RunsOutByPace { day, n, days } => [
            "预计 {day} 用完: 买过 {n} 次, 间隔中位 {days} 天", "預計 {day} 用完: 買過 {n} 次, 間隔中位 {days} 天",
            "expected to run out {day}: bought {n} times, {days} days apart in the median"],
        RunsOutByUse { day, days } => [
            "预计 {day} 用完: 按商品可用 {days} 天", "預計 {day} 用完: 按商品可用 {days} 天",
            "expected to run out {day}: the product lasts {days} days"],
        RunsOutUnknown => [
            "说不准何时用完: 没买过, 或不到 3 次而商品没写可用天数", "說不準何時用完: 沒買過, 或不到 3 次而商品沒寫可用天數",
            "nothing says when it runs out: never bought, or fewer than 3 times and the product has no days of use"],
        RunsOutHint { product } => [
            "qun product set {product} --days 30", "qun product set {product} --days 30", "qun product set {product} --days 30"],
        ExceptUnknown { filters } => [
            "没指定对象，规则里的例外没有算: {filters}",
            "沒指定對象，規則裡的例外沒有算: {filters}",
            "nobody is named, so nobody is let off by the exceptions of the rules: {filters}"
        ],
        ForExample { day } => [
            "每人的日子不同，这里以 {day} 为例；--member 看某一位的", "每人的日子不同，這裡以 {day} 為例；--member 看某一位的",
            "everybody has a day of their own, this takes {day}; --member shows somebody's"],
        NothingToCount { name } => [
            "{name} 还没有这个 SOP 计日子的起点（没填生日，或没回复、没买过），算不出日子", "{name} 還沒有這個 SOP 計日子的起點（沒填生日，或沒回覆、沒買過），算不出日子",
            "{name} has nothing yet that this playbook counts from (no birthday given, no reply, no purchase)"],
        PlannedForMembers { title } => [
            "{title} 是给成员走的，不能按群排", "{title} 是給成員走的，不能按群排", "{title} is for members, not for a group"],
        PlannedForGroups { title } => [
            "{title} 是给群走的，不能按成员排", "{title} 是給群走的，不能按成員排", "{title} is for groups, not for a member"],
        Anchor => ["锚点晚于计划时间", "錨點晚於計畫時間", "its anchor came after the planned time"],
        Overdue => ["已过点，现在就发", "已過點，現在就發", "owed already, comes at once"],
        Shifted { days } => [
            "前面的步骤晚了，顺延 {days} 天", "前面的步驟晚了，順延 {days} 天", "a step before it was late: moved by {days} days"],
        WaitsForLate { step } => [
            "{step} 还没做，后面等它；按现在做完来算", "{step} 還沒做，後面等它；按現在做完來算", "the rest waits for {step}; as if that were done now"],
        InLineUntil { day } => ["排队中，预计 {day} 轮到", "排隊中，預計 {day} 輪到", "waiting in line until {day}, as it stands"],
        NoLongerIn { why, day } => [
            "{day} 起已不在这个 SOP 里（{why}），以下是再进入时的日期", "{day} 起已不在這個 SOP 裡（{why}），以下是再進入時的日期",
            "not in it since {day} ({why}): these would be the dates of entering again"],
        StillOwed { step } => ["{step} 到点了，还没发", "{step} 到點了，還沒發", "{step} is due and not sent yet"],
        WouldExpire => ["到期前发不出", "到期前發不出", "would expire before it is offered"],
        Sent => ["已发", "已發", "sent"],
        SpanOver => ["时段已过", "時段已過", "its span was over"],
        MembersOf { n } => ["{n} 位成员", "{n} 位成員", "{n} members"],
        TooLate => ["太晚, 不再补发", "太晚, 不再補發", "too late to be sent"],
        Condition => ["条件不符", "條件不符", "its condition did not hold"],
        AlreadyDone { what } => ["已{what}", "已{what}", "already done: {what}"],
        TargetGone => ["对象已不在", "對象已不在", "the target is gone"],
        NotFresh => ["近期发过同样的话", "近期發過同樣的話", "they got this text recently"],
        Undone => ["被撤销", "被復原", "undone"],
        PlaybookRemoved => ["SOP 已移除或改动", "SOP 已移除或改動", "the playbook was removed or changed"],
        HeadDiffers { key } => ["总设置 {key} 改了", "總設定 {key} 改了", "{key} of the playbook differs"],
        StepReads { step, words } => ["{step}“{words}”", "{step}「{words}」", "{step} \"{words}\""],
        StepAlike { step, id } => ["{step} ({id})", "{step} ({id})", "{step} ({id})"],
        StepAdded { step, at } => ["新加{step}  {at}", "新加{step}  {at}", "new: {step}  {at}"],
        StepGone { step } => ["去掉{step}", "去掉{step}", "{step} is gone"],
        TimeDiffers { step, key, before, after } => [
            "{step}的 {key}: {before} -> {after}", "{step}的 {key}: {before} -> {after}", "{key} of {step}: {before} -> {after}"],
        TextsDiffer { step, before, after } => [
            "{step}的文案改了 ({before} 款 -> {after} 款)", "{step}的文案改了 ({before} 款 -> {after} 款)",
            "{step} says something else ({before} wordings -> {after})"],
        KeyDiffers { step, key } => ["{step}的 {key} 改了", "{step}的 {key} 改了", "{key} of {step} differs"],
        NotWritten => ["不限", "不限", "none"],
        Withdrawn => ["已撤回", "已撤回", "withdrawn"],
        Fired { at } => ["到点 {at}", "到點 {at}", "due since {at}"],
        OneOff { title } => ["来自群发 {title}", "來自群發 {title}", "from the one-off {title}"],
        FiredBy { title } => ["来自 {title}", "來自 {title}", "from {title}"],
        Members { n } => ["{n} 人", "{n} 人", "{n} members"],
        AccountLimited => ["账号受限", "帳號受限", "its account is limited"],
        Turn => ["等前一位先说", "等前一位先說", "another speaks before it"],
        Ramp => ["账号恢复期，今天的量已满", "帳號恢復期，今天的量已滿", "its account begins again: today's share is used up"],
        Correcting => ["文字有误，等更正", "文字有誤，等更正", "its text is being corrected"],
        Lookalike => ["疑似同一人", "疑似同一人", "may be the same person twice"],
        Limited => ["受限", "受限", "limited"],
        LimitedUntil { what, until } => ["受限 {what} 至 {until}", "受限 {what} 至 {until}", "limited: {what} until {until}"],
        Recovering { share } => ["恢复期 {share}%", "恢復期 {share}%", "recovering, {share}% of its cap"],
        LimitedWhat { what } => ["受限 {what}", "受限 {what}", "limited: {what}"],
        MergedInto { name } => ["并入 {name}", "併入 {name}", "merged into {name}"],
        OfTotal { n, of } => ["{n}/{of}", "{n}/{of}", "{n}/{of}"],
        NoSuch => ["没有这个", "沒有這個", "there is no such thing"],
        NotFound { text } => ["找不到“{text}”", "找不到「{text}」", "nothing is called \"{text}\""],
        NoList { kind } => ["{kind}没有列表", "{kind}沒有列表", "there is no list of {kind}"],
        NoForm { kind } => ["{kind}没有表单", "{kind}沒有表單", "there is no form for {kind}"],
        NoPersona { account, word } => [
            "me 是空的：{account} 没有人设，在账号上按 E 填，或 qun account set {word} --persona 小雨",
            "me 是空的：{account} 沒有人設，在帳號上按 E 填，或 qun account set {word} --persona 小雨",
            "me is empty: {account} has no persona. E on the account, or qun account set {word} --persona Ann"
        ],
        TrialPaused { title } => [
            "{title} 停着: 会进人, 但一条也不发", "{title} 停著: 會進人, 但一條也不發",
            "{title} is paused: people enter, nothing of it is said"],
        TrialLine { title, n } => [
            "{title} 排队: 到结束还有 {n} 个轮不到", "{title} 排隊: 到結束還有 {n} 個輪不到",
            "{title}: {n} still wait in line at the end"],
        TrialLimited { name, n } => [
            "{name} 受限: 到时有 {n} 条压住发不出", "{name} 受限: 到時有 {n} 條壓住發不出",
            "{name} is limited: it holds {n} of these messages"],
        Note => ["备注", "備註", "note"],
        JoinedOn { day } => ["{day} 进群", "{day} 進群", "joined {day}"],
        PhoneTail { tail } => ["尾号 {tail}", "尾號 {tail}", "phone ..{tail}"],
        NotInGroup { names } => ["不在本群成员册: {names}", "不在本群成員冊: {names}", "not among this group's members: {names}"],
        NotInBook { names } => ["不在成员册: {names}", "不在成員冊: {names}", "not in the book: {names}"],
        SeveralListed { name, n } => [
            "{name} 有 {n} 位, 写备注名或真名", "{name} 有 {n} 位, 寫備註名或真名", "{name} may be {n} of them: write the full name"],
    }
}

#[cfg(test)]
mod tests {
    use super::ViewWords;

    #[test]
    fn words_are_whole() {
        assert_eq!(crate::text::lang::faults::<ViewWords>(), Vec::<String>::new());
    }
}
