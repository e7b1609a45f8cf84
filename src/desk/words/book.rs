//! Sentences about the book: forms, quick entry, notes, rules, undo.
//!
//! One file because it is one table.

crate::words! {
    /// What the desk says about changes of the book.
    pub enum BookWords {
        Made { kind, name } => ["新建{kind}: {name}", "新建{kind}: {name}", "new {kind}: {name}"],
        MadeMany { counted } => ["新建 {counted}", "新建 {counted}", "new: {counted}"],
        MadeCount { kind, n } => ["{n} 个{kind}", "{n} 個{kind}", "{kind} x{n}"],
        MadeAnd => ["、", "、", ", "],
        Edited { name, fields } => ["修改 {name}: {fields}", "修改 {name}: {fields}", "changed {name}: {fields}"],
        WentOn { n, to } => ["{n} 个 SOP 进度移到 {to}", "{n} 個 SOP 進度移到 {to}", "{n} enrolments moved to {to}"],
        LeftAlone { tag, n, tasks } => [
            "打上{tag}: 营销全停, 停了 {n} 个 SOP 进度, 取消 {tasks} 条待发",
            "標上{tag}: 行銷全停, 停了 {n} 個 SOP 進度, 取消 {tasks} 條待發",
            "tagged {tag}: all marketing stops, {n} enrolments end, {tasks} open tasks are cancelled"],
        Archived { name } => ["归档 {name}", "封存 {name}", "archived {name}"],
        Restored { name } => ["恢复 {name}", "恢復 {name}", "restored {name}"],
        Linked { name, what } => ["修改 {name}: {what}", "修改 {name}: {what}", "changed {name}: {what}"],
        OneAtATime { field } => ["{field}一次只能改一个", "{field}一次只能改一個", "{field} is changed one at a time"],
        Unchanged { name } => ["{name} 没有变化", "{name} 沒有變化", "{name} is unchanged"],
        AlreadyThere { n } => [
            "{n} 个已在册，跳过",
            "{n} 個已在冊，略過",
            "{n} known already, passed over"
        ],
        NoSuch { kind, text } => ["没有这个{kind}: {text}", "沒有這個{kind}: {text}", "no such {kind}: {text}"],
        Several { text, n } => ["“{text}”有 {n} 个可能", "「{text}」有 {n} 個可能", "'{text}' may be {n} of them"],
        SeveralHint => [
            "写全名，或用编号末尾 4 位以上",
            "寫全名，或用編號末尾 4 位以上",
            "write the whole name or 4 and more of the id's last characters"
        ],
        Nearest { names } => ["是不是: {names}", "是不是: {names}", "did you mean: {names}"],
        NoField { kind, field } => ["{kind}没有“{field}”这一项", "{kind}沒有「{field}」這一項", "{kind} has no {field}"],
        Required { field } => ["要填{field}", "要填{field}", "{field} is needed"],
        TooLong { field, n } => [
            "{field}最多 {n} 个字",
            "{field}最多 {n} 個字",
            "{field} has at most {n} characters"
        ],
        NotANumber { field, value } => [
            "{field}要写数字，不是“{value}”",
            "{field}要寫數字，不是「{value}」",
            "{field} is a number, not '{value}'"
        ],
        NotAWord { field, value } => ["{field}没有“{value}”", "{field}沒有「{value}」", "{field} has no '{value}'"],
        OneOf { words } => ["可以是: {words}", "可以是: {words}", "one of: {words}"],
        NotAValue { field, value } => [
            "{field}写成“{value}”看不懂",
            "{field}寫成「{value}」看不懂",
            "{field} cannot be read from '{value}'"
        ],
        HintBirthday => [
            "写 1990-05-06、5月6日 或 农历八月初三",
            "寫 1990-05-06、5月6日 或 農曆八月初三",
            "write 1990-05-06, 05-06 or 农历08-03"
        ],
        HintQuiet => [
            "写 22:00-08:00，可加日子: 12:00-13:30 一二三四五，或 工作日、休息日",
            "寫 22:00-08:00，可加日子: 12:00-13:30 一二三四五，或 工作日、休息日",
            "write 22:00-08:00, with days behind it where wanted: 12:00-13:30 一二三四五, or 工作日, 休息日"
        ],
        HintZone => ["写 Asia/Shanghai 这样的时区", "寫 Asia/Shanghai 這樣的時區", "write a zone such as Asia/Shanghai"],
        HintHandle => [
            "写 平台:编号，例如 wechat:wxid_abc",
            "寫 平台:編號，例如 wechat:wxid_abc",
            "write platform:id, for example wechat:wxid_abc"
        ],
        HintDate => [
            "写 2026-11-22、11-22 14:00、昨天 这样的时间",
            "寫 2026-11-22、11-22 14:00、昨天 這樣的時間",
            "write 2026-11-22, 11-22 14:00 or yesterday"
        ],
        HintPrice => ["写数字, 例: 39.9", "寫數字, 例: 39.9", "an amount, as 39.9"],
        HintPhone => ["写数字, 例: 13800138000", "寫數字, 例: 13800138000", "digits, as 13800138000"],
        HintCount => ["写 186 或 186/200", "寫 186 或 186/200", "write 186 or 186/200"],
        NameTaken { kind, name } => [
            "已经有叫“{name}”的{kind}",
            "已經有叫「{name}」的{kind}",
            "there is a {kind} called '{name}' already"
        ],
        NameTakenHint => ["换一个名字，或改原来的", "換一個名字，或改原來的", "choose another name or edit that one"],
        HandleTaken { handle, name } => [
            "平台号 {handle} 已是 {name} 的",
            "平台號 {handle} 已是 {name} 的",
            "the handle {handle} is {name}'s"
        ],
        Namesake { name, hint } => [
            "还有一位 {name}（{hint}），要是同一人请撤销",
            "還有一位 {name}（{hint}），要是同一人請撤銷",
            "there is another {name} ({hint}): undo if they are one"
        ],
        ArchivedAlready { name } => ["{name} 已经归档", "{name} 已經封存", "{name} is archived already"],
        NotArchived { name } => ["{name} 没有归档", "{name} 沒有封存", "{name} is not archived"],
        NotArchivable { kind } => [
            "{kind}没有归档，用 set 改回来", "{kind}沒有封存，用 set 改回來", "a {kind} is not archived: set it again"
        ],
        IsArchived { name, command } => [
            "{name} 已归档，恢复用: {command}", "{name} 已封存，恢復用: {command}", "{name} is archived; to bring it back: {command}"
        ],
        NoForm { kind } => ["{kind}不用表单新建", "{kind}不用表單新建", "no form makes a {kind}"],
        LeftBeforeJoined => [
            "退群时间早于进群时间",
            "退群時間早於進群時間",
            "left lies before joined"
        ],
        NeedWho => ["要说是谁", "要說是誰", "say who"],
        NeedWhat => ["要说发生了什么", "要說發生了什麼", "say what happened"],
        NeedGroup { what } => ["{what}要说是哪个群", "{what}要說是哪個群", "{what}: say in which group"],
        NeedAccount { what } => ["{what}要说是哪个账号", "{what}要說是哪個帳號", "{what}: say on which account"],
        NeedText { what } => ["{what}要写内容", "{what}要寫內容", "{what}: say what"],
        NeedNumber => ["要写人数，例如 +3 或 =186", "要寫人數，例如 +3 或 =186", "give a count such as +3 or =186"],
        CountUnknown { group } => [
            "还不知道 {group} 有多少人",
            "還不知道 {group} 有多少人",
            "nobody has said yet how many are in {group}"
        ],
        CountUnknownHint => ["先用 =186 记一次总数", "先用 =186 記一次總數", "say the total once: =186"],
        CountBelowZero { group, n } => [
            "{group} 只有 {n} 人",
            "{group} 只有 {n} 人",
            "only {n} are in {group}"
        ],
        AmountNegative => ["金额要写正数", "金額要寫正數", "an amount must be positive"],
        InFuture => ["已发生的事不能在将来", "已發生的事不能在將來", "what happened cannot lie in the future"],
        JoinsMerged { name, into } => [
            "{name} 已并入 {into}: 人进的是那边的话, 撤销 (u) 后记到那边",
            "{name} 已併入 {into}: 人進的是那邊的話, 撤銷 (u) 後記到那邊",
            "{name} was merged into {into}: if that is where they joined, undo this and tell it there",
        ],
        JoinsDissolved { name } => [
            "{name} 已解散，仍照记", "{name} 已解散，仍照記", "{name} is dissolved; kept all the same",
        ],
        InGroupAlready { who, group } => [
            "{who} 已在 {group}",
            "{who} 已在 {group}",
            "{who} is in {group} already"
        ],
        LeftAlready { who, group } => [
            "{who} 已退 {group}",
            "{who} 已退 {group}",
            "{who} has left {group} already"
        ],
        ContactAlready { who, account, state } => [
            "{who} 在 {account} 上已是{state}",
            "{who} 在 {account} 上已是{state}",
            "{who} is {state} on {account} already"
        ],
        ToldAlready { who, what } => [
            "{who} 当天{what}已记过",
            "{who} 當天{what}已記過",
            "{who}: {what} was told of that day already"
        ],
        NothingNew { first, n } => [
            "{first} 等 {n} 条都已记过，没有再记",
            "{first} 等 {n} 條都已記過，沒有再記",
            "{first} and others, {n} in all: nothing new was told"
        ],
        TaggedAlready { who, tag } => [
            "{who} 已有标签 {tag}",
            "{who} 已有標籤 {tag}",
            "{who} has the tag {tag} already"
        ],
        NotTagged { who, tag } => ["{who} 没有标签 {tag}", "{who} 沒有標籤 {tag}", "{who} has no tag {tag}"],
        StageAlready { who, stage } => [
            "{who} 已在阶段 {stage}",
            "{who} 已在階段 {stage}",
            "{who} is in stage {stage} already"
        ],
        AndOthers { n } => ["共 {n} 条", "共 {n} 條", "{n} in all"],
        People { n } => ["{n} 人", "{n} 人", "{n} members"],
        Count { group, n, change } => ["{group} 人数 {n}{change}", "{group} 人數 {n}{change}", "{group} has {n}{change}"],
        GroupState { group, state } => ["{group} {state}", "{group} {state}", "{group} is {state}"],
        Noted { name } => ["备注 {name}", "備註 {name}", "noted on {name}"],
        NoteTaken { name } => ["删去备注 {name}", "刪去備註 {name}", "note taken off {name}"],
        Followed { name, words } => ["跟进 {name}: {words}", "跟進 {name}: {words}", "follow up {name}: {words}"],
        GroupsRead { accounts, heads } => [
            "账号: {accounts}; 有人数的 {heads} 个", "帳號: {accounts}; 有人數的 {heads} 個", "on {accounts}; {heads} with a head count"],
        NoAccountYet => ["未定", "未定", "no account"],
        FollowedAt { words, at } => ["{words}  {at} 到期", "{words}  {at} 到期", "{words}  due {at}"],
        FollowedNow { words } => ["{words}  现在就到期", "{words}  現在就到期", "{words}  due now"],
        NoFollowUp => ["商品没有跟进", "商品沒有跟進", "a product has no follow-up"],
        RulesSet => ["改规则", "改規則", "rules changed"],
        CalendarSet { years } => ["调休日历 {years}", "調休日曆 {years}", "calendar {years}"],
        CalendarEmpty { year } => [
            "{year} 年没写一天假，会盖掉已有的；没改日历", "{year} 年沒寫一天假，會蓋掉已有的；沒改日曆",
            "nothing is said of {year}: it would wipe what is known of it; the calendar is unchanged"
        ],
        CalendarSample => ["01-01..01-03 元旦", "01-01..01-03 元旦", "01-01..01-03 元旦"],
        CalendarSame => ["日历没有变化", "日曆沒有變化", "the calendar is unchanged"],
        CalendarWrong { why } => ["日历文件有错: {why}", "日曆檔案有錯: {why}", "the calendar has a mistake: {why}"],
        KeptYear { year } => [
            "{year} 年的日历之后改过，保留", "{year} 年的日曆之後改過，保留", "the calendar of {year} changed since and stays"
        ],
        CampaignBegun { title, n } => ["{title} 开始: {n} 个进入", "{title} 開始: {n} 個進入", "{title} begins: {n} entered"],
        WaveBegun { title, wave, all, n } => [
            "{title} 第 {wave}/{all} 波开始: {n} 个进入", "{title} 第 {wave}/{all} 波開始: {n} 個進入",
            "{title}, wave {wave} of {all} begins: {n} entered"],
        WavesLater { n } => ["另有 {n} 波到时再选人", "另有 {n} 波到時再選人", "{n} more to be chosen in their time"],
        CampaignReady { title, at } => [
            "{title} 设好了: {at} 选人进入", "{title} 設好了: {at} 選人進入", "{title} is set up: people are chosen at {at}"],
        CampaignStands { title } => ["{title} 设好了, 各波都已进入", "{title} 設好了, 各波都已進入", "{title} stands, all waves are in"],
        TextsBegun { title, texts, n } => [
            "{title}: {texts} 条文字开始, {n} 个收到", "{title}: {texts} 條文字開始, {n} 個收到", "{title}: {texts} texts begin, {n} get them"],
        TextNobody { at, filter } => [
            "{at} 的文字没有人收: {filter}", "{at} 的文字沒有人收: {filter}", "the text of {at} goes to nobody: {filter}"],
        TextNotMade { at, why } => [
            "{at} 的文字没有发出来: {why}", "{at} 的文字沒有發出來: {why}", "the text of {at} could not be made: {why}"],
        TextBegunStays { at } => [
            "{at} 的文字已经开始, 不能再改", "{at} 的文字已經開始, 不能再改", "the text of {at} has begun and stays as it is"],
        TextWrong { n, why } => ["第 {n} 条文字: {why}", "第 {n} 條文字: {why}", "text {n}: {why}"],
        TextTwice => ["和前面的一条一样", "和前面的一條一樣", "it is the same as an earlier one"],
        TextOut => ["文字的时间要在大促开始和结束之间", "文字的時間要在大促開始和結束之間", "a text comes between the beginning and the end"],
        WaveNobody { at, filter } => [
            "{at} 的一波没有人符合: {filter}", "{at} 的一波沒有人符合: {filter}", "nobody matches the wave of {at}: {filter}"],
        EarlierWave => ["已经在另一波", "已經在另一波", "in another wave already"],
        CampaignEntering { title } => ["{title} 正在进人, 稍等再改", "{title} 正在進人, 稍等再改", "{title} is letting people in: change it in a moment"],
        WaveBegunStays { at } => [
            "{at} 那一波已经开始, 时间和筛选不能再改", "{at} 那一波已經開始, 時間和篩選不能再改",
            "the wave of {at} has begun: its time and filter stay"],
        CampaignSopIn { sop, n } => [
            "{sop} 里还有 {n} 个在走, 不能从大促里去掉", "{sop} 裡還有 {n} 個在走, 不能從大促裡去掉",
            "{n} are still in {sop}: it cannot be taken out"],
        WavesTogether { at } => [
            "有两波都在 {at}: 合成一波, 或给一波另一个时间", "有兩波都在 {at}: 合成一波, 或給一波另一個時間",
            "two waves at {at}: make them one, or give one another time"],
        CampaignSetUp { title } => ["大促 {title}", "大促 {title}", "campaign {title}"],
        CampaignStop { title } => ["停下大促 {title}", "停下大促 {title}", "stopped the campaign {title}"],
        CampaignStopped { title, n } => ["{title} 停了: {n} 个退出, 未发的取消", "{title} 停了: {n} 個退出, 未發的取消", "{title} stopped: {n} taken out, what was due is cancelled"],
        CampaignShorter { was, until, n } => [
            "提前结束: {was} → {until}, {n} 条待发跟着提前过期", "提前結束: {was} → {until}, {n} 條待發跟著提前過期",
            "it ends sooner: {was} → {until}, {n} open tasks end with it"],
        CampaignLonger { was, until, n } => [
            "延到 {until} (原 {was}), {n} 条待发跟着延后", "延到 {until} (原 {was}), {n} 條待發跟著延後",
            "it ends later: {was} → {until}, {n} open tasks are owed for longer"],
        CampaignOver { title } => ["{title} 已经结束", "{title} 已經結束", "{title} is over already"],
        CampaignThere { id } => ["已经有大促 {id}, 换个编号", "已經有大促 {id}, 換個編號", "there is a campaign {id} already: choose another id"],
        CampaignUnknown { id } => ["没有大促 {id}", "沒有大促 {id}", "there is no campaign {id}"],
        CampaignId { id } => [
            "{id} 不能做编号: 小写字母、数字和连字符, 如 a-618", "{id} 不能做編號: 小寫字母、數字和連字號, 如 a-618",
            "{id} is no id: lower-case letters, digits and hyphens, a letter first"],
        CampaignSpan => ["结束要在开始之后, 也要在现在之后", "結束要在開始之後, 也要在現在之後", "it ends after it begins, and after now"],
        CampaignWaveOut => ["每一波都要在开始和结束之间", "每一波都要在開始和結束之間", "every wave lies between beginning and end"],
        WaveOfAll { at } => [
            "{at} 这一波没写筛选: 整本名册里合适的一次全进", "{at} 這一波沒寫篩選: 整本名冊裡合適的一次全進",
            "the wave of {at} has no filter: all of the book that fit enter at once"],
        CampaignEmpty => ["至少要一份 SOP 和一波人", "至少要一份 SOP 和一波人", "it needs a playbook and a wave at least"],
        CampaignNoGroup { sop } => [
            "{sop} 是群的 SOP, 各波的筛选都只对成员: 没有群会进, 给它一波群的筛选, 如 tag:团购",
            "{sop} 是群的 SOP, 各波的篩選都只對成員: 沒有群會進, 給它一波群的篩選, 如 tag:團購",
            "{sop} is for groups and every wave asks what only people have: no group enters; give it a wave of groups, such as tag:x"],
        CampaignNoQuestion { key } => ["这些 SOP 都不问“{key}”, 没有用上", "這些 SOP 都不問「{key}」, 沒有用上", "none of its playbooks asks for \"{key}\": it is not used"],
        CampaignOthersForm { sop, n, keys } => [
            "{sop} 已经有 {n} 个在走, 它们的文案也用 {keys}: 大促填了就换掉了它们的",
            "{sop} 已經有 {n} 個在走, 它們的文案也用 {keys}: 大促填了就換掉了它們的",
            "{n} go through {sop} already and speak of {keys} as well: the campaign's answers would replace theirs"],
        CampaignOwnForm { id, keys } => [
            "大促另用一份: qun sop export {id}, 改 id 和 start = by-hand 后 sop add; 或不填 {keys}, 到那一轮自己填: qun fill {id}",
            "大促另用一份: qun sop export {id}, 改 id 和 start = by-hand 後 sop add; 或不填 {keys}, 到那一輪自己填: qun fill {id}",
            "give the campaign a playbook of its own: qun sop export {id}, another id and start = by-hand, sop add; or leave {keys} out and fill that round in: qun fill {id}"],
        CampaignInside { sop, n } => [
            "{sop} 已经有 {n} 个在走: 不再进入, 大促不给它们加发", "{sop} 已經有 {n} 個在走: 不再進入, 大促不給它們加發",
            "{n} go through {sop} already: they do not enter again, the campaign brings them nothing more"],
        KeptCampaign { id } => ["大促 {id} 之后改过，保留", "大促 {id} 之後改過，保留", "the campaign {id} changed since and stays"],
        RulesSame => ["规则没有变化", "規則沒有變化", "the rules are unchanged"],
        RulesWrong { why } => ["规则文件有错: {why}", "規則檔案有錯: {why}", "the rules have a mistake: {why}"],
        RulesNobody { line, kind, name, near } => [
            "第 {line} 行 scope: 还没有叫“{name}”的{kind}{near}，这条规则暂时管不到谁",
            "第 {line} 行 scope: 還沒有叫「{name}」的{kind}{near}，這條規則暫時管不到誰",
            "line {line}, scope: no {kind} is called '{name}' yet{near}: this rule is about nobody for now"
        ],
        RulesNear { name } => [" (是不是“{name}”?)", " (是不是「{name}」?)", " (did you mean '{name}'?)"],
        Paused { name } => ["暂停 {name}", "暫停 {name}", "paused {name}"],
        PausedUntil { name, at } => ["暂停 {name}，到 {at}", "暫停 {name}，到 {at}", "paused {name} until {at}"],
        Resumed { name } => ["恢复发送 {name}", "恢復發送 {name}", "resumed {name}"],
        PausedAlready { name } => ["{name} 已经暂停", "{name} 已經暫停", "{name} is paused already"],
        AccountPasted { name } => [
            "新账号 {name}（微信），平台和人设可以改", "新帳號 {name}（微信），平台和人設可以改",
            "new account {name} (WeChat); its platform and persona can be changed"
        ],
        PausedDueStays { n } => [
            "已到点的 {n} 条还在待发里，不发的用 x 跳过", "已到點的 {n} 則還在待發裡，不發的用 x 略過",
            "{n} already due stay in the queue; x skips them"
        ],
        NotPaused { name } => ["{name} 没有暂停", "{name} 沒有暫停", "{name} is not paused"],
        PauseIntoPast => ["暂停要到将来的时间", "暫停要到將來的時間", "pause until a time to come"],
        Applied { playbook } => ["应用 SOP {playbook}", "套用 SOP {playbook}", "applied {playbook}"],
        OneOffMade { title } => ["群发 {title}", "群發 {title}", "composed {title}"],
        OneOffWithdrawn { title } => ["撤回群发 {title}", "撤回群發 {title}", "withdrew {title}"],
        PlaybookState { playbook, state } => ["{state} SOP {playbook}", "{state} SOP {playbook}", "{state} {playbook}"],
        Running => ["恢复", "恢復", "resumed"],
        PausedWord => ["暂停", "暫停", "paused"],
        Removed => ["移除", "移除", "removed"],
        Entered { n, playbook } => ["{n} 个进入 {playbook}", "{n} 個進入 {playbook}", "{n} entered {playbook}"],
        Ended { n } => ["{n} 个进度改变", "{n} 個進度改變", "{n} enrolments changed"],
        TasksDone { what, n } => ["{what} {n} 条", "{what} {n} 條", "{what}: {n}"],
        TaskDone { what, name } => ["{what}: {name}", "{what}: {name}", "{what}: {name}"],
        TakenOut { n } => ["{n} 个退出 SOP", "{n} 個退出 SOP", "{n} taken out of their playbook"],
        SentToo => ["我也发了", "我也發了", "sent as well"],
        LetGo => ["放行", "放行", "let go"],
        PartTicked => ["已发一段", "已發一段", "part sent"],
        TextEdited => ["改本次文字", "改本次文字", "text changed once"],
        CheckedOnce => ["核对", "核對", "checked"],
        TaskEdited => ["改待办", "改待辦", "task changed"],
        TasksMade => ["新待办", "新待辦", "new task"],
        Imported { n } => ["导入 {n} 行", "匯入 {n} 行", "imported {n} rows"],
        Answered { key, value } => ["填表 {key} = {value}", "填表 {key} = {value}", "filled in {key} = {value}"],
        None => ["没有", "沒有", "none"],
        Something => ["其他改动", "其他改動", "other changes"],
        WithOthers { name, n } => ["{name} 等 {n} 个", "{name} 等 {n} 個", "{name} and others ({n})"],
        UndoneOf { at, what } => ["已撤销 {at} 的: {what}", "已復原 {at} 的: {what}", "undone, of {at}: {what}"],
        Undone { what } => ["已撤销: {what}", "已復原: {what}", "undone: {what}"],
        Redone { what } => ["已重做: {what}", "已重做: {what}", "done again: {what}"],
        NothingLeft { what } => [
            "已经和那之前一样: {what}",
            "已經和那之前一樣: {what}",
            "all is as it was before it: {what}"
        ],
        PassedByUndo { what } => [
            "更近的一步已没有可撤的: {what}",
            "更近的一步已沒有可復原的: {what}",
            "of a newer act nothing is left to undo: {what}",
        ],
        NothingToUndo => ["没有可撤销的", "沒有可復原的", "nothing to undo"],
        NothingToRedo => ["没有可重做的", "沒有可重做的", "nothing to do again"],
        NoSuchAct => ["没有这一笔操作", "沒有這一筆操作", "no such act"],
        UndoneAlready { what, who } => [
            "已被 {who} 撤销过: {what}",
            "已被 {who} 復原過: {what}",
            "{who} has undone this already: {what}"
        ],
        CannotUndo { what } => [
            "不能撤销，之后都改过了: {what}",
            "不能復原，之後都改過了: {what}",
            "cannot be undone, all of it changed since: {what}"
        ],
        CannotRedo { what } => [
            "不能重做，之后都改过了: {what}",
            "不能重做，之後都改過了: {what}",
            "cannot be done again, all of it changed since: {what}"
        ],
        NotUndoable { what } => ["这一笔不能撤销: {what}", "這一筆不能復原: {what}", "this cannot be undone: {what}"],
        KeptField { name, field } => [
            "{name} 的{field}之后改过，保留",
            "{name} 的{field}之後改過，保留",
            "{field} of {name} changed since and stays"
        ],
        KeptLink { name, what } => [
            "{name} 与 {what} 的关系之后改过，保留",
            "{name} 與 {what} 的關係之後改過，保留",
            "{name} and {what}: changed since and stays"
        ],
        KeptTask { name } => [
            "待办 {name} 已有人动过，保留",
            "待辦 {name} 已有人動過，保留",
            "the task of {name} was touched and stays"
        ],
        KeptPlaybook { playbook } => [
            "SOP {playbook} 之后改过，保留",
            "SOP {playbook} 之後改過，保留",
            "{playbook} changed since and stays"
        ],
        ClockTookBack { n } => [
            "时钟快时提前到点的 {n} 条收回，到时再来",
            "時鐘快時提前到點的 {n} 條收回，到時再來",
            "{n} that came while the clock was ahead are taken back and come at their time"
        ],
        QrGone => ["二维码的日期已清掉", "二維碼的日期已清掉", "the date of its QR code was taken out"],
        DayOff => ["今日停团", "今日停團", "called off for the day"],
        CalledOff { playbook, day } => [
            "{playbook} {day} 停一天", "{playbook} {day} 停一天", "{playbook} is called off on {day}",
        ],
        CalledOn { playbook, day } => [
            "{playbook} {day} 照常", "{playbook} {day} 照常", "{playbook} goes on on {day}",
        ],
        DayOffEnds { n } => ["取消 {n} 条待办", "取消 {n} 則待辦", "{n} tasks ended"],
        DayOffNoGroup { playbook } => [
            "{playbook} 不是给群的，没有群可以通知", "{playbook} 不是給群的，沒有群可以通知",
            "{playbook} is not for groups: there is none to tell",
        ],
        DayOffNoGroupHint => [
            "去掉通知；要告诉的人用群发: qun compose", "去掉通知；要告訴的人用群發: qun compose",
            "leave the notice out; who is to be told is told by qun compose",
        ],
        DayOffAlready { playbook } => [
            "{playbook} 今天已经停了", "{playbook} 今天已經停了", "{playbook} is called off for today already",
        ],
        KeptRules => ["规则之后改过，保留", "規則之後改過，保留", "the rules changed since and stay"],
        NoPersona { name } => [
            "{name} 没有人设：用到 me 的文字会先等着，直到填上 (人设，--persona)",
            "{name} 沒有人設：用到 me 的文字會先等著，直到填上 (人設，--persona)",
            "{name} has no persona: texts with me wait until it has one (--persona)"
        ],
        KeptName { name } => [
            "名字 {name} 已被别的用了，保留现状",
            "名字 {name} 已被別的用了，保留現狀",
            "another one is called {name} now: left as it is"
        ],
        GoesOn { what } => ["{what}，正在进行", "{what}，正在進行", "{what}, going on"],
        KeptMore { n } => ["还有 {n} 处保留", "還有 {n} 處保留", "{n} more stay"],
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_sentence_has_its_words() {
        assert_eq!(crate::text::lang::faults::<super::BookWords>(), Vec::<String>::new());
    }
}
