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
        Lacks { variable } => ["〔缺 {variable}〕", "〔缺 {variable}〕", "[no {variable}]"],
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
        BarAudience { audience } => [
            "不会进入: 不符合人群 {audience}", "不會進入: 不符合人群 {audience}", "would not enter: not in the audience {audience}"],
        BarUnwanted => ["不会进入: 勿扰", "不會進入: 勿擾", "would not enter: not to be disturbed"],
        BarRests { day } => ["不会进入: 静默到 {day}", "不會進入: 靜默到 {day}", "would not enter: resting until {day}"],
        UnmetAudience { audience } => [
            "条件不符: 不在人群 {audience}", "條件不符: 不在人群 {audience}", "its condition does not hold: not in the audience {audience}"],
        UnmetAnswer { key } => [
            "条件不符: “{key}”的回答", "條件不符: 「{key}」的回答", "its condition does not hold: the answer to \"{key}\""],
        UnmetIf { filter } => ["条件不符: {filter}", "條件不符: {filter}", "its condition does not hold: {filter}"],
        FullThen { cap, at } => [
            "到时{cap}已满，挪到 {at}", "到時{cap}已滿，挪到 {at}", "{cap} is full by then: moves to {at}"],
        NotAsItStands { step, why } => [
            "{step} 到时不发，{why}", "{step} 到時不發，{why}", "{step} would not come: {why}"],
        CampaignEnds { title, at } => [
            "不会发: {title} 到 {at} 结束", "不會發: {title} 到 {at} 結束", "will not come: {title} ends {at}"],
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
        RunsOutNeverBought { name, product } => [
            "{name} 说不准何时用完: 没买过 {product}", "{name} 說不準何時用完: 沒買過 {product}",
            "nothing says when {name} runs out: they never bought {product}"],
        RunsOutNoDays { name, product } => [
            "{name} 说不准何时用完: 买 {product} 不到 3 次，商品又没写可用天数", "{name} 說不準何時用完: 買 {product} 不到 3 次，商品又沒寫可用天數",
            "nothing says when {name} runs out: they bought {product} fewer than 3 times, and it has no days of use"],
        ExceptUnknown { filters } => [
            "没指定对象，规则里的例外没有算: {filters}",
            "沒指定對象，規則裡的例外沒有算: {filters}",
            "nobody is named, so nobody is let off by the exceptions of the rules: {filters}"
        ],
        ForExample { day } => [
            "每人的日子不同，这里以 {day} 为例；--member 看某一位的", "每人的日子不同，這裡以 {day} 為例；--member 看某一位的",
            "everybody has a day of their own, this takes {day}; --member shows somebody's"],
        NotYetAdded { name } => [
            "{name} 还没有加好友的记录", "{name} 還沒有加好友的記錄", "{name} was not added as a friend yet"],
        NotYetJoined { name } => [
            "{name} 还没有进群的记录", "{name} 還沒有進群的記錄", "{name} joined no group yet"],
        NotYetTagged { name, tag } => [
            "{name} 还没有标签 {tag}", "{name} 還沒有標籤 {tag}", "{name} does not have the tag {tag} yet"],
        NotYetInStage { name, stage } => [
            "{name} 还没到阶段 {stage}", "{name} 還沒到階段 {stage}", "{name} is not in the stage {stage} yet"],
        NotYetBought { name } => ["{name} 还没买过", "{name} 還沒買過", "{name} bought nothing yet"],
        NotYetReplied { name } => ["{name} 还没回复过", "{name} 還沒回覆過", "{name} replied to nothing yet"],
        NotYetTouched { name } => ["还没给 {name} 发过", "還沒給 {name} 發過", "nothing was sent to {name} yet"],
        NotYetCheckedIn { name } => ["{name} 还没打过卡", "{name} 還沒打過卡", "{name} did not check in yet"],
        NotYetStreak { name, n, k } => [
            "{name} 连续打卡 {n} 天，还没到 {k} 天", "{name} 連續打卡 {n} 天，還沒到 {k} 天",
            "{name} checked in {n} days running, not {k} yet"],
        NotYetHeard { name } => [
            "{name} 还没回复过、没买过，沉默无从算起", "{name} 還沒回覆過、沒買過，沉默無從算起",
            "{name} has not replied or bought yet: there is no silence to count"],
        NotYetFinished { name, title } => [
            "{name} 还没走完 {title}", "{name} 還沒走完 {title}", "{name} has not finished {title} yet"],
        CountsFromThen => [
            "这个 SOP 从那时算起，现在没有日子", "這個 SOP 從那時算起，現在沒有日子",
            "this playbook counts from then, so there are no dates yet"],
        DatesAnyway => [
            "加 --anchor 2026-03-08 就按这天算，照样看日期", "加 --anchor 2026-03-08 就按這天算，照樣看日期",
            "--anchor 2026-03-08 shows the dates anyway, counted from that day"],
        PastAdded { name, day } => [
            "{name} 加好友是 {day}", "{name} 加好友是 {day}", "{name} was added on {day}"],
        PastJoined { name, day } => ["{name} 进群是 {day}", "{name} 進群是 {day}", "{name} joined on {day}"],
        PastCreated { name, day } => ["{name} 建群是 {day}", "{name} 建群是 {day}", "{name} was made on {day}"],
        PastTagged { name, tag } => [
            "{name} 已有标签 {tag}", "{name} 已有標籤 {tag}", "{name} has the tag {tag} already"],
        PastInStage { name, stage } => [
            "{name} 已在阶段 {stage}", "{name} 已在階段 {stage}", "{name} is in the stage {stage} already"],
        PastFirstBought { name, day } => [
            "{name} 首次下单是 {day}", "{name} 首次下單是 {day}", "the first purchase of {name} was on {day}"],
        PastBought { name, day } => [
            "{name} 最近一次下单是 {day}", "{name} 最近一次下單是 {day}", "the last purchase of {name} was on {day}"],
        PastReplied { name, day } => [
            "{name} 最近一次回复是 {day}", "{name} 最近一次回覆是 {day}", "the last reply of {name} was on {day}"],
        PastTouched { name, day } => [
            "最近一次给 {name} 发是 {day}", "最近一次給 {name} 發是 {day}", "{name} was last sent something on {day}"],
        PastSilent { name, day } => [
            "{name} 沉默满的那天是 {day}", "{name} 沉默滿的那天是 {day}", "{name} had been silent for long enough on {day}"],
        PastMissed { name, day } => [
            "{name} 断卡满的那天是 {day}", "{name} 斷卡滿的那天是 {day}", "{name} had missed enough days on {day}"],
        PastStreak { name, k } => [
            "{name} 已连续打卡满 {k} 天", "{name} 已連續打卡滿 {k} 天", "{name} has checked in {k} days running already"],
        PastFinished { name, title } => [
            "{name} 已走完 {title}", "{name} 已走完 {title}", "{name} has finished {title} already"],
        PastRunOut { name, day } => [
            "{name} 该在 {day} 开始（按预计用完的日子）", "{name} 該在 {day} 開始（按預計用完的日子）",
            "{name} would have begun on {day}, by when it is expected to run out"],
        BeforeActivation { day } => [
            "早于这个 SOP 的启用（{day}），不会因此进入", "早於這個 SOP 的啟用（{day}），不會因此進入",
            "before this playbook was applied ({day}), so they do not enter with it"],
        WindowOver => [
            "首个时段已过，不会因此进入", "首個時段已過，不會因此進入", "the first window is over, so they do not enter with it"],
        DidNotEnter => [
            "当时没有进入，要再有一次才会进入", "當時沒有進入，要再有一次才會進入",
            "they did not enter then, and will not before it happens once more"],
        DateOver { day } => [
            "{day} 的时段已过，之后才来的不进入", "{day} 的時段已過，之後才來的不進入",
            "the day {day} is over: who comes after it does not enter"],
        EntersFrom { day } => ["{day} 起进入", "{day} 起進入", "enters from {day} on"],
        EndedSince { why, day } => [
            "{day} 起已不在这个 SOP 里（{why}），要再有一次才会再进入", "{day} 起已不在這個 SOP 裡（{why}），要再有一次才會再進入",
            "not in it since {day} ({why}); they enter again when it happens once more"],
        EndedByItself { why, day } => [
            "{day} 起已不在这个 SOP 里（{why}），不会自己再进入，没有日期", "{day} 起已不在這個 SOP 裡（{why}），不會自己再進入，沒有日期",
            "not in it since {day} ({why}): they do not enter again by themselves, and there are no dates"],
        EndedUnlessByHand { why, day } => [
            "{day} 起已不在这个 SOP 里（{why}），不会自己再进入；手动加入才有日期",
            "{day} 起已不在這個 SOP 裡（{why}），不會自己再進入；手動加入才有日期",
            "not in it since {day} ({why}): they enter again only by hand, and there are no dates before that"],
        EndedForGood { why, day } => [
            "{day} 起已不在这个 SOP 里（{why}），首次只有一次，不会再进入", "{day} 起已不在這個 SOP 裡（{why}），首次只有一次，不會再進入",
            "not in it since {day} ({why}): the first of its kind comes once, so they do not enter again"],
        EntersWithWave { title, at } => [
            "{at} 随 {title} 进入", "{at} 隨 {title} 進入", "enters with {title} {at}"],
        InLineBeyond { day } => [
            "排队中，{day} 前还轮不到", "排隊中，{day} 前還輪不到", "waiting in line, not until {day}"],
        CapShared { day, scope, name, planned, per, n } => [
            "{day} {scope} {name}: 排了 {planned} 条, 上限每{per} {n} 条, 多的往后等，这条可能往后挪",
            "{day} {scope} {name}: 排了 {planned} 條, 上限每{per} {n} 條, 多的往後等，這條可能往後挪",
            "{day} {scope} {name}: {planned} planned, at most {n} per {per}; the rest waits, and this may be among it"],
        DueOpen => ["已到点，还没发", "已到點，還沒發", "due and not sent yet"],
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
        TakenOut => ["手动移出", "手動移出", "taken out by hand"],
        StillOwed { step } => ["{step} 到点了，还没发", "{step} 到點了，還沒發", "{step} is due and not sent yet"],
        WouldExpire => ["到期前发不出", "到期前發不出", "would expire before it is offered"],
        OthersUnsaid { why } => [
            "还没收到的人到期前发不了 ({why})",
            "還沒收到的人到期前發不了 ({why})",
            "whoever has not had it would have it too late ({why})"
        ],
        Sent => ["已发", "已發", "sent"],
        SpanOver => ["时段已过", "時段已過", "its span was over"],
        MembersOf { n } => ["{n} 位成员", "{n} 位成員", "{n} members"],
        TooLate => ["太晚, 不再补发", "太晚, 不再補發", "too late to be sent"],
        Condition => ["条件不符", "條件不符", "its condition did not hold"],
        AlreadyDone { what } => ["已{what}", "已{what}", "already done: {what}"],
        AccountGone => ["账号被封或停用", "帳號被封或停用", "the account is banned or no longer used"],
        NotNearlyFull => ["不再是快满", "不再是快滿", "no longer nearly full"],
        GroupArchived => ["群已归档", "群已歸檔", "the group is archived"],
        AccountUnused => ["账号停用", "帳號停用", "the account is no longer used"],
        TargetGone => ["对象已不在", "對象已不在", "the target is gone"],
        NotFresh => ["近期发过同样的话", "近期發過同樣的話", "they got this text recently"],
        LostWithTurn { step } => [
            "{step}发不了，这条等到过期; 让能发的账号说{step}: 到点后移给它，或把人设给它",
            "{step}發不了，這條等到過期; 讓能發的帳號說{step}: 到點後移給它，或把人設給它",
            "{step} cannot be said and this expires waiting for it; let an account that can speak say {step}: move it once it is due, or give that account the persona"
        ],
        ByTurns { n } => ["轮值，每次 {n} 个，轮到才有", "輪值，每次 {n} 個，輪到才有", "by turns, {n} at a time: only when their turn comes"],
        NotMeant { who } => ["不再符合 {who}", "不再符合 {who}", "no longer matches {who}"],
        NotYet => ["时钟快了，到时再来", "時鐘快了，到時再來", "the clock was ahead: it comes at its time"],
        Undone => ["被撤销", "被復原", "undone"],
        PlaybookRemoved => ["SOP 已移除或改动", "SOP 已移除或改動", "the playbook was removed or changed"],
        OfPlaybook => ["总设置", "總設定", "the playbook"],
        StepReads { step, words } => ["{step}“{words}”", "{step}「{words}」", "{step} \"{words}\""],
        StepAlike { step, id } => ["{step} ({id})", "{step} ({id})", "{step} ({id})"],
        StepAdded { step, at } => ["新加{step}  {at}", "新加{step}  {at}", "new: {step}  {at}"],
        StepGone { step } => ["去掉{step}", "去掉{step}", "{step} is gone"],
        ValueDiffers { place, key, before, after } => [
            "{place}的 {key}: {before} -> {after}", "{place}的 {key}: {before} -> {after}", "{key} of {place}: {before} -> {after}"],
        KeyMore { place, key, after } => ["{place}的 {key} 多了{after}", "{place}的 {key} 多了{after}", "{key} of {place}: {after} is new"],
        KeyLess { place, key, before } => ["{place}的 {key} 去掉{before}", "{place}的 {key} 去掉{before}", "{key} of {place}: {before} is gone"],
        KeyDiffers { place, key } => ["{place}的 {key} 改了", "{place}的 {key} 改了", "{key} of {place} differs"],
        KeyText => ["文案", "文案", "text"],
        KeyNote => ["备注", "備註", "note"],
        Quoted { text } => ["“{text}”", "「{text}」", "\"{text}\""],
        OrderDiffers => ["步骤的先后改了", "步驟的先後改了", "the steps are in another order"],
        NotWritten => ["(没写)", "(沒寫)", "(none)"],
        Withdrawn => ["已撤回", "已撤回", "withdrawn"],
        Fired { at } => ["到点 {at}", "到點 {at}", "came due {at}"],
        NotedAt { at } => ["记于 {at}", "記於 {at}", "noted {at}"],
        InPrivate { account } => ["{account} 私聊", "{account} 私聊", "in private with {account}"],
        SnoozedUntil { at } => ["稍后: 到 {at} 再出来", "稍後: 到 {at} 再出來", "put off until {at}"],
        CannotBeSaid { why } => ["不可发: {why}", "不可發: {why}", "cannot be sent: {why}"],
        NobodyToSend => ["不可发: 没有能发的账号", "不可發: 沒有能發的帳號", "cannot be sent: no account can say it"],
        NoFriendOf { account, state } => [
            "非好友: {account} 这边是{state}", "非好友: {account} 這邊是{state}", "not a friend of {account}: {state}"],
        OneOff { title } => ["来自群发 {title}", "來自群發 {title}", "from the one-off {title}"],
        FiredBy { title } => ["来自 {title}", "來自 {title}", "from {title}"],
        Members { n } => ["{n} 人", "{n} 人", "{n} members"],
        AccountBanned => ["账号已封", "帳號已封", "its account is banned"],
        AccountLimited => ["账号受限", "帳號受限", "its account is limited"],
        BannedNamed { account } => ["{account} 已封", "{account} 已封", "{account} is banned"],
        LimitedNamed { account } => ["{account} 受限", "{account} 受限", "{account} is limited"],
        LimitedNamedUntil { account, until } => [
            "{account} 受限至 {until}", "{account} 受限至 {until}", "{account} is limited until {until}"],
        Turn => ["等前一位先说", "等前一位先說", "another speaks before it"],
        Ramp => ["账号恢复期，今天的量已满", "帳號恢復期，今天的量已滿", "its account begins again: today's share is used up"],
        Correcting => ["文字有误，等更正", "文字有誤，等更正", "its text is being corrected"],
        LookalikeOf { who } => [
            "同一账号上另有 {who}", "同一帳號上另有 {who}", "on the same account there is also {who}",
        ],
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
        NoOneMember { variable, n, members } => [
            "{variable} 是空的：这一条说给 {n} 个人，称呼他们用 {members}",
            "{variable} 是空的：這一則說給 {n} 個人，稱呼他們用 {members}",
            "{variable} is empty: this is one message to {n}, whom {members} names"],
        NoShop => [
            "shop 是空的：在 rules.toml 里写店名，shop = \"…\"",
            "shop 是空的：在 rules.toml 裡寫店名，shop = \"…\"",
            "shop is empty: rules.toml says it, as shop = \"…\""
        ],
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
        TrialAlike { n } => [
            "疑似同一人, 到时先压住 {n} 条, 没有算在里面", "疑似同一人, 到時先壓住 {n} 條, 沒有算在裡面",
            "{n} will be held because two look like one person; they are not counted"],
        TrialRamp { name } => [
            "{name} 恢复期里每天只放一部分, 试算没有算进去, 有的会更晚",
            "{name} 恢復期裡每天只放一部分, 試算沒有算進去, 有的會更晚",
            "{name} begins again with a share of its day, which is not reckoned with: some will come later"],
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
