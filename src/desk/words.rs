//! Sentences of the desk.
//!
//! One file because it is one table, looked through as a whole.

pub mod book;
pub mod compose;
pub mod snippet;
pub mod view;

use crate::sop::format::TargetKind;
use crate::text::lang::Lang;

crate::words! {
    /// What the desk says about what was done or refused.
    pub enum Words {
        /// A tick fired something.
        Fired { n } => ["到点 {n} 条", "到點 {n} 條", "{n} due"],
        Sent { what } => ["已发: {what}", "已發: {what}", "sent: {what}"],
        PartDone { what } => ["这一段已发: {what}", "這一段已發: {what}", "part sent: {what}"],
        Failed { what } => ["记为失败: {what}", "記為失敗: {what}", "failed: {what}"],
        Skipped { what } => ["已跳过: {what}", "已跳過: {what}", "skipped: {what}"],
        SkippedTalked { what } => ["已跳过, 也记为已回复: {what}", "已跳過, 也記為已回覆: {what}", "skipped, and told as a reply: {what}"],
        SkippedBought { what } => ["已跳过, 也记为已成交: {what}", "已跳過, 也記為已成交: {what}", "skipped, and told as a purchase: {what}"],
        SkippedUndisturbed { what } => ["已跳过, 打上勿扰: {what}", "已跳過, 標上勿擾: {what}", "skipped, and not to be disturbed: {what}"],
        FailedUnfriended { what } => ["记为失败, 也记为被删: {what}", "記為失敗, 也記為被刪: {what}", "failed, and told as unfriended: {what}"],
        Snoozed { what } => ["稍后再发: {what}", "稍後再發: {what}", "snoozed: {what}"],
        SnoozedBeyondEnd { end } => [
            "过了原定的截止 {end}，到时不会自动过期",
            "過了原定的截止 {end}，到時不會自動過期",
            "that is beyond its end at {end}: it no longer expires by itself"
        ],
        SnoozedBeyondCampaign { end } => [
            "大促 {end} 结束，到时已过期，不会再发",
            "大促 {end} 結束，到時已過期，不會再發",
            "its campaign is over at {end}: it will have expired by then"
        ],
        SentAt { at } => ["记为 {at}", "記為 {at}", "recorded at {at}"],
        SentBeforeDue { at, due } => [
            "记为 {at}，早于到点的 {due}；写错了按 u",
            "記為 {at}，早於到點的 {due}；寫錯了按 u",
            "recorded at {at}, before it was due at {due}; u if that is a slip"
        ],
        CopiedByAnother { who, at, what } => [
            "{who} {at} 复制过 {what}，可能正在发",
            "{who} {at} 複製過 {what}，可能正在發",
            "{who} copied {what} at {at} and may be sending it"
        ],
        SentMeanwhile { by, what } => [
            "{by} 刚发了你复制过的 {what}，不要再发给它",
            "{by} 剛發了你複製過的 {what}，不要再發給它",
            "{by} has just sent what you copied for {what}: do not send it again"
        ],
        LeftOut { n, first } => ["{n} 条没动: {first}", "{n} 條沒動: {first}", "{n} left as they are: {first}"],
        Woken { what } => ["回到待发: {what}", "回到待發: {what}", "due again: {what}"],
        Rewritten { what } => ["本次文字已改: {what}", "本次文字已改: {what}", "text changed once: {what}"],
        Checked { what } => ["已核对: {what}", "已核對: {what}", "checked: {what}"],
        Acknowledged { what } => ["知道了: {what}", "知道了: {what}", "seen: {what}"],
        MergedInto => ["并入同一人的另一条", "併入同一人的另一則", "merged into another task of the same person"],
        Merged { n, what } => ["{n} 条并成一条: {what}", "{n} 則併成一則: {what}", "{n} merged into one: {what}"],
        MergeTwo => ["要选两条或以上", "要選兩則或以上", "choose two or more"],
        MergeOther { what } => [
            "{what} 不是同一个人、同一账号、同一方式的", "{what} 不是同一個人、同一帳號、同一方式的", "{what} is of another person, account or way"
        ],
        MergeParts { what } => [
            "{what} 不是一段正文，合不成一条", "{what} 不是一段正文，合不成一則", "{what} is not a single text and cannot be merged"
        ],
        PaceRest { name, n, minutes } => [
            "{name} 近一小时已手发 {n} 条, 建议歇 {minutes} 分钟再发", "{name} 近一小時已手發 {n} 條, 建議歇 {minutes} 分鐘再發",
            "{name} sent {n} in the last hour: rest for {minutes} minutes"
        ],
        SlipWords { why, words } => ["{why}: {words}", "{why}: {words}", "{why}: {words}"],
        SlipBrackets { found } => ["还没填的括号: {found}", "還沒填的括號: {found}", "brackets not filled in: {found}"],
        SlipLong { n, most } => ["{n} 字, 平台最多 {most} 字", "{n} 字, 平台最多 {most} 字", "{n} characters, the platform takes {most}"],
        SameChat { term, account, names } => [
            "{account} 上搜“{term}”还会出来: {names}；看准再发，或给它写个查找词",
            "{account} 上搜「{term}」還會出來: {names}；看準再發，或給它寫個查找詞",
            "on {account} \"{term}\" also finds: {names}; look twice, or give the chat a search term of its own",
        ],
        SlipOutsider { name, group } => [
            "{name} 不在“{group}”的发言账号里: 换个账号发, 或在群资料里补上", "{name} 不在「{group}」的發言帳號裡: 換個帳號發, 或在群資料裡補上",
            "{name} is none of the accounts in {group}: say it from another, or add it to the group"],
        SlipAlike { name, n } => [
            "{name} 一小时内已把几乎一样的话发到 {n} 个群", "{name} 一小時內已把幾乎一樣的話發到 {n} 個群", "{name} sent nearly this text to {n} groups within the hour"
        ],
        SlipHad { at } => [
            "{at} 说过同样的话, 还没隔够: 改几个字, 或给这一步再添一款",
            "{at} 說過同樣的話, 還沒隔夠: 改幾個字, 或給這一步再添一款",
            "the same was said {at} and is not fresh yet: change it, or give the step another wording"
        ],
        SlipToBeSaid { at } => [
            "{at} 那条还没发, 是同样的话: 改几个字, 或给这一步再添一款",
            "{at} 那條還沒發, 是同樣的話: 改幾個字, 或給這一步再添一款",
            "the task of {at} is not sent yet and says the same: change it, or give the step another wording"
        ],
        SlipTold { at } => [
            "{at} 给他们发过一模一样的话: 真要再发一次?",
            "{at} 給他們發過一模一樣的話: 真要再發一次?",
            "exactly this was said to them {at}: say it once more?"
        ],
        SlipFull { usage } => [
            "上限已到: {usage}", "上限已到: {usage}", "a cap is full: {usage}"
        ],
        ManyTasks { n } => ["{n} 条", "{n} 條", "{n} tasks"],
        Nearest { near } => ["最接近: {near}", "最接近: {near}", "nearest: {near}"],
        NoTask { id } => ["没有这条待办: {id}", "沒有這條待辦: {id}", "no such task: {id}"],
        NoMember => ["没有这位成员", "沒有這位成員", "no such member"],
        ChangedMeanwhile { what } => [
            "{what} 刚被改动，请看过再操作",
            "{what} 剛被改動，請看過再操作",
            "{what} changed meanwhile: look again"
        ],
        TheTick => ["到点规则", "到點規則", "a rule"],
        AlreadyEnded { who, at, state } => [
            "已由 {who} 在 {at} 处理: {state}",
            "已由 {who} 在 {at} 處理: {state}",
            "already {state} by {who} at {at}"
        ],
        AlsoSentHint => ["我也发了: 再标一次已发, 记成重复", "我也發了: 再標一次已發, 記成重複", "sent it too? mark it sent once more to record it"],
        AlsoSentByCommand { id } => [
            "我也发了: qun do also {id}", "我也發了: qun do also {id}", "sent it too? qun do also {id} records it"
        ],
        SnoozeIntoPast => ["稍后的时间要在将来", "稍後的時間要在將來", "snooze to a time to come"],
        SentInFuture => ["发送时间不能在将来", "發送時間不能在將來", "sent cannot be in the future"],
        SentThoughBlocked { variable } => [
            "已记录，但文字里的 {variable} 没有填",
            "已記錄，但文字裡的 {variable} 沒有填",
            "recorded, though {variable} was not filled in"
        ],
        ChangedSinceCopy { what, copied, now } => [
            "{what} 复制后改过, 记的是复制的那份: 「{copied}」, 现在是「{now}」",
            "{what} 複製後改過, 記的是複製的那份: 「{copied}」, 現在是「{now}」",
            "{what} changed since it was copied; recorded as copied: \"{copied}\", not \"{now}\""
        ],
        NoPart { n, of } => ["没有第 {n} 段，共 {of} 段", "沒有第 {n} 段，共 {of} 段", "no part {n} of {of}"],
        NothingToCheck => ["这一步没有要核对的", "這一步沒有要核對的", "this step has nothing to check"],
        NoAnswer => ["没有这个回答选项", "沒有這個回答選項", "no such answer"],
        FollowUp => ["跟进", "跟進", "follow up"],
        PlaybookWrong => ["SOP 文件有错，没有应用", "SOP 檔案有錯，沒有套用", "the playbook has mistakes and was not applied"],
        PlaybookForChanged { title, was, is } => [
            "{title} 是给{was}的，正有人在走，不能改成给{is}: 换一个 id 另存，或先移除它",
            "{title} 是給{was}的，正有人在走，不能改成給{is}: 換一個 id 另存，或先移除它",
            "{title} is for {was} and runs; it cannot become one for {is}: give the file another id, or remove it first",
        ],
        PlaybookMovedOn { title, version, base } => [
            "{title} 刚被改到第 {version} 版, 你比的是第 {base} 版: 没有生效, 看过新的差别再说",
            "{title} 剛被改到第 {version} 版, 你比的是第 {base} 版: 沒有生效, 看過新的差別再說",
            "{title} was changed to version {version} meanwhile, and you looked at version {base}: nothing is applied, look at the difference again"
        ],
        PlaybookSame { title } => ["{title} 没有变化", "{title} 沒有變化", "{title} is unchanged"],
        PlaybookApplied { title, n } => [
            "已应用 {title}，{n}进入",
            "已套用 {title}，{n}進入",
            "applied {title}, {n} entered"
        ],
        PlaybookPaused { id } => ["已暂停 {id}", "已暫停 {id}", "paused {id}"],
        PlaybookResumed { id } => ["已恢复 {id}", "已恢復 {id}", "resumed {id}"],
        PlaybookRemoved { id } => ["已移除 {id}", "已移除 {id}", "removed {id}"],
        PlaybookPausedAlready { id } => ["{id} 已经暂停", "{id} 已經暫停", "{id} is paused already"],
        PlaybookRunsAlready { id } => ["{id} 没有暂停", "{id} 沒有暫停", "{id} is not paused"],
        PlaybookRemovedAlready { id } => ["{id} 已经移除", "{id} 已經移除", "{id} is removed already"],
        NoPlaybook { id } => ["没有应用过 SOP {id}", "沒有套用過 SOP {id}", "no playbook {id} is applied"],
        EndedAlready => ["已经退出或走完", "已經退出或走完", "out of it already"],
        NothingChanged { what } => ["{what} 没有变化", "{what} 沒有變化", "{what} is unchanged"],
        AlsoAlready { who } => ["{who} 已记过重复", "{who} 已記過重複", "{who} has recorded it already"],
        NoEnrolment => ["没有这个进度", "沒有這個進度", "no such enrolment"],
        Unenrolled { n } => ["{n} 个已退出", "{n} 個已退出", "{n} taken out"],
        RunsAlready { names } => [
            "已经在这份 SOP 里走着, 两次都会各说一遍: {names}; 不要这次就撤销",
            "已經在這份 SOP 裡走著, 兩次都會各說一遍: {names}; 不要這次就復原",
            "already in it, and told everything twice now: {names}; an undo takes this one back"],
        Entered { n, title } => ["{n}进入 {title}", "{n}進入 {title}", "{n} entered {title}"],
        BeginsAhead { day, n } => ["D0 是 {day} ({n} 天后)", "D0 是 {day} ({n} 天後)", "D0 is {day} (in {n} days)"],
        BeganAgo { day, n } => ["D0 是 {day} ({n} 天前)", "D0 是 {day} ({n} 天前)", "D0 is {day} ({n} days ago)"],
        Members { n } => ["{n} 人", "{n} 人", "{n} members"],
        Groups { n } => ["{n} 个群", "{n} 個群", "{n} groups"],
        Accounts { n } => ["{n} 个账号", "{n} 個帳號", "{n} accounts"],
        WayOut { kind, tag } => [
            "不想要的{kind}加上标签“{tag}”，就不再发给它",
            "不想要的{kind}加上標籤「{tag}」，就不再發給它",
            "{kind} that do not want it: the tag \"{tag}\" keeps it from them",
        ],
        WouldEnter { n, title } => ["{n}会进入 {title}", "{n}會進入 {title}", "{n} would enter {title}"],
        StayOut { n, why } => ["{n} 个不进入: {why}", "{n} 個不進入: {why}", "{n} stay out: {why}"],
        NobodyIn { group } => [
            "{group} 的成员册是空的: 先导入成员, 或用 -f 条件", "{group} 的成員冊是空的: 先匯入成員, 或用 -f 條件",
            "nobody is known to be in {group}: import its members first, or use -f with a filter",
        ],
        ForGroups { title } => [
            "{title} 是给群走的, 不能放成员: 用 --group 群名, 或 -f 条件", "{title} 是給群走的, 不能放成員: 用 --group 群名, 或 -f 條件",
            "{title} is for groups, not members: use --group NAME, or -f with a filter",
        ],
        ForAccounts { title } => [
            "{title} 是给账号走的: 用 -f 条件选账号, 如 -f name:手机1", "{title} 是給帳號走的: 用 -f 條件選帳號, 如 -f name:手機1",
            "{title} is for accounts: choose them with -f, such as -f name:phone1",
        ],
        NotFor => ["对象不符", "對象不符", "made for other targets"],
        AlreadyIn => ["已在其中", "已在其中", "in it already"],
        GoesThrough => ["已经在走, 不再进入", "已經在走, 不再進入", "goes through it already and does not enter again"],
        NotInAudience => ["不符合人群条件", "不符合人群條件", "not in its audience"],
        AskedToBeLeft => ["请求过勿扰", "請求過勿擾", "asked to be left alone"],
        NobodyReaches => ["已解散、并入别群或停用", "已解散、併入別群或停用", "dissolved, merged or out of use"],
        Resting => ["静默期内", "靜默期內", "resting after an earlier round"],
        TooOld => ["早于启用或已过首个时段", "早於啟用或已過首個時段", "before activation, or its first window is over"],
        Transferred { n, from, to } => [
            "{n} 个 SOP 进度从 {from} 到 {to}", "{n} 個 SOP 進度從 {from} 到 {to}", "{n} go on in {to} instead of {from}"
        ],
        TransferTitle { from, to } => ["{from} 的 SOP 到 {to}", "{from} 的 SOP 到 {to}", "the playbooks of {from} in {to}"],
        TransferGoes { title, n } => ["{title}: {n} 个", "{title}: {n} 個", "{title}: {n}"],
        TransferNone => ["没有要带过去的 SOP", "沒有要帶過去的 SOP", "no playbook to take along"],
        TransferNothing { from } => [
            "{from} 没有可移的 SOP 进度", "{from} 沒有可移的 SOP 進度", "nothing of {from} is left to move"],
        TransferThere { n, to } => ["{n} 个已在 {to} 走", "{n} 個已在 {to} 走", "{n} run in {to} already"],
        TransferAlready { n } => ["{n} 个那边已在走", "{n} 個那邊已在走", "{n} run there already"],
        TransferAlong { n } => ["带过去 {n} 条待办", "帶過去 {n} 條待辦", "{n} due tasks go along"],
        TransferPeople { n, from } => [
            "{n} 人还记在 {from}: 进了新群的要在那边记一笔 (T 粘贴名单, 或 qun import --group)",
            "{n} 人還記在 {from}: 進了新群的要在那邊記一筆 (T 貼上名單, 或 qun import --group)",
            "{n} people are still in {from} in the book: tell the new group of who came (T takes a list, or qun import --group)",
        ],
        TransferSame { name } => ["同一个群: {name}", "同一個群: {name}", "the same group: {name}"],
        TransferClosed { name } => ["{name} 已不能发言", "{name} 已不能發言", "nobody can speak in {name}"],
        GroupClosed { n, hint } => ["停了 {n} 个 SOP 进度; 要在别的群继续: 移群, {hint}", "停了 {n} 個 SOP 進度; 要在別的群繼續: 移群, {hint}", "{n} playbooks ended here; to go on elsewhere: :move, {hint}"],
        GroupFilled { tasks, n, hint } => [
            "群里还有 {tasks} 条待发、{n} 个 SOP 进度; 要在新群继续: 移群, {hint}; 不发了: 标记后 x",
            "群裡還有 {tasks} 條待發、{n} 個 SOP 進度; 要在新群繼續: 移群, {hint}; 不發了: 標記後 x",
            "{tasks} pending and {n} playbooks go on here; to go on in a new group: :move, {hint}; to end them: mark and x"
        ],
        LimitTitle { name, health } => ["{name} {health}", "{name} {health}", "{name}: {health}"],
        LimitReplaces { health } => [
            "现在 {health}，会被取代", "現在 {health}，會被取代", "now {health}, which this would replace"
        ],
        LimitReplaced { health } => ["取代了 {health}", "取代了 {health}", "in place of: {health}"],
        LimitHeld { n } => ["等它发的 {n} 条", "等它發的 {n} 條", "{n} wait for it"],
        LimitMeanwhile => ["受限期间", "受限期間", "meanwhile"],
        LimitOpenEnd { days } => ["往后 {days} 天", "往後 {days} 天", "in the next {days} days"],
        LimitSums { now, span, n, over } => [
            "现在等它发的 {now} 条, {span}还会到点 {n} 条; 不移走就等到过期 {over} 条",
            "現在等它發的 {now} 條, {span}還會到點 {n} 條; 不移走就等到過期 {over} 條",
            "{now} wait for it, {n} more come due {span}; {over} expire unless they are moved"],
        LimitOthers => ["其余 SOP", "其餘 SOP", "other playbooks"],
        LimitAhead { span, title, n } => [
            "{title}: {span}还会到点 {n} 条", "{title}: {span}還會到點 {n} 條", "{title}: {n} more come due {span}"],
        LimitAheadOver { span, title, n, over } => [
            "{title}: {span}还会到点 {n} 条, 其中 {over} 条不移走就等到过期",
            "{title}: {span}還會到點 {n} 條, 其中 {over} 條不移走就等到過期",
            "{title}: {n} more come due {span}, {over} of them expire unless they are moved"],
        LimitAheadTurns { n } => [
            "接着它说的 {n} 条也一起过期, 除非让别的账号说它那条: 到点后移过去, 或把人设给那个账号",
            "接著它說的 {n} 條也一起過期, 除非讓別的帳號說它那條: 到點後移過去, 或把人設給那個帳號",
            "{n} that others say after it expire with it, unless another account says its line: move it once it is due, or give that account the persona"],
        LimitNone => ["没有等它发的", "沒有等它發的", "nothing waits for it"],
        LimitOnly { members, groups, name } => [
            "只有它联系得到: {members} 人, {groups} 个群 (筛选 only:{name})",
            "只有它聯繫得到: {members} 人, {groups} 個群 (篩選 only:{name})",
            "reached by it alone: {members} members, {groups} groups (filter only:{name})"
        ],
        LimitWait => ["先搁置", "先擱置", "let them wait"],
        LimitMoveAny => ["移给也认识对方的账号", "移給也認識對方的帳號", "move to accounts that know them too"],
        LimitMove { name } => ["移给 {name}", "移給 {name}", "move to {name}"],
        LimitMoveNone => ["没有别的账号认识对方", "沒有別的帳號認識對方", "no other account knows them"],
        LimitRest { n } => ["其余 {n} 条搁置", "其餘 {n} 條擱置", "the other {n} wait"],
        LimitShift { until } => ["顺延到 {until}", "順延到 {until}", "put off to {until}"],
        LimitShiftNone => ["没写到几时，没法顺延", "沒寫到幾時，沒法順延", "no end is known to put them off to"],
        LimitShiftOver { n } => ["{n} 条到时大促已结束, 会过期", "{n} 條到時大促已結束, 會過期", "{n} will have expired with their campaign by then"],
        LimitShiftEnds { n } => ["{n} 条到时不再自动过期", "{n} 條到時不再自動過期", "{n} no longer expire by themselves then"],
        LimitCancel => ["取消", "取消", "cancel"],
        LimitLift => ["解除限制", "解除限制", "lift the limit"],
        LimitRamp { shares } => [
            "之后按上限的 {shares} 恢复", "之後按上限的 {shares} 恢復", "then {shares} of its cap, day by day"
        ],
        LimitNot { name } => ["{name} 没有受限", "{name} 沒有受限", "{name} is not limited"],
        LimitWhat { text, words } => [
            "限制里没有“{text}”，可以是: {words}", "限制裡沒有「{text}」，可以是: {words}", "no limit is called \"{text}\"; one of: {words}"
        ],
        LimitWaited { n } => ["搁置 {n} 条", "擱置 {n} 條", "{n} wait"],
        LimitMoved { n } => ["移走 {n} 条", "移走 {n} 條", "{n} moved"],
        LimitShifted { n } => ["顺延 {n} 条", "順延 {n} 條", "{n} put off"],
        LimitCancelled { n } => ["取消 {n} 条", "取消 {n} 條", "{n} cancelled"],
        LimitRamped { n } => [
            "{n} 条现在放不下（上限或恢复期的量），有空位再放", "{n} 條現在放不下（上限或恢復期的量），有空位再放",
            "{n} later, when caps and its share have room"
        ],
        LimitLetGo { n } => ["放行 {n} 条", "放行 {n} 條", "{n} let go"],
        NoRound { title, day, key } => [
            "{title} {day} 没有这一轮，{key} 填了也用不上; 到要填的那天再填",
            "{title} {day} 沒有這一輪，{key} 填了也用不上; 到要填的那天再填",
            "{title} has no round on {day} that would say {key}: fill it in once it is asked for",
        ],
        NoQuestion { key } => ["表里没有 {key}", "表裡沒有 {key}", "the form does not ask for {key}"],
        NotMoney { value } => ["{value} 不是金额", "{value} 不是金額", "{value} is no amount"],
        AnswerTooLong { n } => ["最多 {n} 个字", "最多 {n} 個字", "at most {n} characters"],
        Filled { key } => ["已填 {key}", "已填 {key}", "filled in {key}"],
        FilledFor { day } => ["是 {day} 的", "是 {day} 的", "for {day}"],
        FilledAs { key, value } => [
            "已填 {key}: 按 {value} 记", "已填 {key}: 按 {value} 記", "filled in {key}: taken as {value}"
        ],
        EditedOpen { n, names, way } => [
            "{n} 条手改过的没有跟着改: {names} ({way})",
            "{n} 條手改過的沒有跟著改: {names} ({way})",
            "{n} edited by hand do not follow: {names} ({way})"
        ],
        EditedSent { n, names, way } => [
            "{n} 条手改后发出, 不知写的是不是新的: {names} ({way})",
            "{n} 條手改後發出, 不知寫的是不是新的: {names} ({way})",
            "{n} were edited by hand and sent, perhaps with the old one: {names} ({way})"
        ],
        LookOnScreen { ids } => ["看: /id:{ids}", "看: /id:{ids}", "see them: /id:{ids}"],
        LookByCommand { ids } => [
            "看: qun list -f id:{ids}", "看: qun list -f id:{ids}", "see them: qun list -f id:{ids}"],
        ListFollowed { change } => ["{change} 条私聊", "{change} 條私聊", "{change} private messages"],
        ListKept { names } => [
            "已不在名单，但已复制或发过一段，没有取消: {names}",
            "已不在名單，但已複製或發過一段，沒有取消: {names}",
            "no longer on the list, but copied or partly said, so not cancelled: {names}"
        ],
        ListPaused { names } => [
            "停发中，时段内不会恢复，没有补发给: {names}",
            "停發中，時段內不會恢復，沒有補發給: {names}",
            "paused beyond its time, so not owed to: {names}"
        ],
        ListPausedOpen { names } => [
            "停发中，没有定恢复时间，没有补发给: {names}",
            "停發中，沒有定恢復時間，沒有補發給: {names}",
            "paused with no end set, so not owed to: {names}"
        ],
        GroupsGotOld { n, value } => ["{n} 个群已按 {value} 发出", "{n} 個群已按 {value} 發出", "{n} groups got it with {value}"],
        TextsGotOld { n, value } => ["{n} 条已按 {value} 发出", "{n} 條已按 {value} 發出", "{n} were sent with {value}"],
        MoreGotOld { n } => ["还有 {n} 条是别的", "還有 {n} 條是別的", "{n} more with others"],
        CopiedNotMarked { n } => [
            "{n} 条已复制还没标记, 没发的再复制一次",
            "{n} 條已複製還沒標記, 沒發的再複製一次",
            "{n} were copied and are not marked: copy those anew that were not sent"
        ],
        OldAnswer => ["旧的内容", "舊的內容", "what stood there"],
        CorrectOnScreen { id } => [
            "更正: 在已发的那条上按 ! (/id:{id})",
            "更正: 在已發的那條上按 ! (/id:{id})",
            "to correct: ! on one that was sent (/id:{id})"
        ],
        CorrectByCommand { id } => [
            "更正: qun do correct {id}", "更正: qun do correct {id}", "to correct: qun do correct {id}"],
        FilledNothing { key } => ["已填 {key}: 没有", "已填 {key}: 沒有", "filled in {key}: none"],
        MustBeFilled { key } => ["{key} 是要填的表，填了才算完", "{key} 是要填的表，填了才算完", "{key} is a form: it is done by filling it in"],
        FillOnScreen => ["= 填表", "= 填表", "= fills it in"],
        FillByCommand { playbook, key, group } => [
            "qun fill {playbook} {key} 内容{group}; 没有就写 \"\"",
            "qun fill {playbook} {key} 內容{group}; 沒有就寫 \"\"",
            "qun fill {playbook} {key} VALUE{group}; \"\" where there is none"
        ],
        CorrectionEmpty => ["更正的文字是空的", "更正的文字是空的", "the corrected text is empty"],
        Halted { n } => ["停下 {n} 条，等更正", "停下 {n} 條，等更正", "{n} halted until corrected"],
        CorrectedNotInSop { places } => [
            "这些地方还是旧文字，之后到点的还会这么说，请也改掉: {places}",
            "這些地方還是舊文字，之後到點的還會這麼說，請也改掉: {places}",
            "the old text still stands here, and whoever comes to it next would get it, edit it too: {places}"
        ],
        StandsInStep { title, n, step } => [
            "SOP “{title}” 第 {n} 步 {step}", "SOP「{title}」第 {n} 步 {step}", "playbook \"{title}\" step {n} {step}"
        ],
        StandsInForm { title, day, key, value, id, word } => [
            "“{title}” {day} 的表 {key}: {value} (按 = 改, 或 qun fill {id} {word})",
            "「{title}」{day} 的表 {key}: {value} (按 = 改, 或 qun fill {id} {word})",
            "the form of \"{title}\" of {day}, {key}: {value} (change it by =, or qun fill {id} {word})"
        ],
        StandInForm { title, day, values, id } => [
            "“{title}” {day} 的表（{values}；哪项错了改哪项，按 = 或 qun fill {id}）",
            "「{title}」{day} 的表（{values}；哪項錯了改哪項，按 = 或 qun fill {id}）",
            "the form of \"{title}\" of {day} ({values}; change the one that is wrong by =, or qun fill {id})"
        ],
        StandsInSnippet { name } => ["话术 {name}", "話術 {name}", "snippet {name}"],
        PlaceComma => ["；", "；", "; "],
        Corrected { n, m } => [
            "已改 {n} 条待发，{m} 条更正待发给已收到的人",
            "已改 {n} 條待發，{m} 條更正待發給已收到的人",
            "{n} pending corrected, {m} notices to send"
        ],
        NothingMissed => ["离线期间没有要处理的", "離線期間沒有要處理的", "nothing was missed"],
        CaughtUp { n } => ["已处理 {n} 条", "已處理 {n} 條", "{n} settled"],
        DayTaken { day } => ["看过了 {day} 谁该进入", "看過了 {day} 誰該進入", "looked at who enters on {day}"],
        ClockSeen => ["一周没有别的事", "一週沒有別的事", "a week with nothing else"],
        ClockConfirmed => ["时钟已确认，继续到点", "時鐘已確認，繼續到點", "clock confirmed, ticking again"],
        ClockBehind { span } => [
            "时钟比最后一条记录早 {span}，暂停到点，请确认",
            "時鐘比最後一條記錄早 {span}，暫停到點，請確認",
            "the clock is {span} behind the last record: the tick is held until confirmed"
        ],
        ClockAhead { span } => [
            "时钟比最后一条记录晚 {span}，暂停到点，请确认",
            "時鐘比最後一條記錄晚 {span}，暫停到點，請確認",
            "the clock is {span} ahead of the last record: the tick is held until confirmed"
        ],
        ClockJumped { span } => [
            "时钟跳变 {span}，暂停到点，请确认",
            "時鐘跳變 {span}，暫停到點，請確認",
            "the clock jumped by {span}: the tick is held until confirmed"
        ],
        SpanDays { n } => ["{n} 天", "{n} 天", "{n} days"],
        SpanHours { n } => ["{n} 小时", "{n} 小時", "{n} h"],
        SpanMinutes { n } => ["{n} 分钟", "{n} 分鐘", "{n} min"],
        DiskFull { mb } => [
            "磁盘快满了，只剩 {mb} MB，暂停写入; 已记的都在，腾出空间后自动继续",
            "磁碟快滿了，只剩 {mb} MB，暫停寫入; 已記的都在，騰出空間後自動繼續",
            "the disk is nearly full, {mb} MB left: nothing is written; all is kept, and it goes on by itself once there is room"
        ],
        WriteFailed { why } => ["写不进去，这次没有记下: {why}", "寫不進去，這次沒有記下: {why}", "not written, nothing was recorded: {why}"],
        WritableAgain => ["又可以写入了", "又可以寫入了", "writing works again"],
        ReplyStops { playbook } => ["停止 {playbook}", "停止 {playbook}", "{playbook} stops"],
        ReplyStarts { playbook } => ["进入 {playbook}", "進入 {playbook}", "enters {playbook}"],
        ReplyFollowUp => ["到时跟进", "到時跟進", "a follow-up"],
        ReplyEnds => [
            "；这条因此不再要发 (已经发过的: 撤销, 先记已发再记回复)", "；這條因此不再要發 (已經發過的: 復原, 先記已發再記回覆)",
            "; so this one is not to be sent any more (if it was: undo, mark it sent, then replied)",
        ],
        RepliedBy { who } => ["{who} 已回复", "{who} 已回覆", "{who} replied"],
    }
}

impl Words {
    /// So many targets of a kind.
    pub(super) fn of_kind(kind: TargetKind, n: u32, lang: Lang) -> String {
        let words = match kind {
            TargetKind::Member => Self::Members,
            TargetKind::Group => Self::Groups,
            TargetKind::Account => Self::Accounts,
        };
        words.fill(lang, &[("n", &n)])
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn complete_in_every_language() {
        assert_eq!(crate::text::lang::faults::<super::Words>(), Vec::<String>::new());
    }
}
