//! What commands and options are, in Chinese, by what they are in English where they are declared.
//!
//! One file because it is one table, a row a text, that grows with the commands and has nothing to it.

mod scripts;

use super::views;
use crate::text::lang::Lang;

/// What an English text is in a language; none where nobody has written it.
pub(super) fn of(english: &str, lang: Lang) -> Option<&'static str> {
    let (own, simplified, traditional) =
        TEXTS.iter().chain(scripts::TEXTS).chain(views::TEXTS).find(|(own, ..)| *own == english)?;
    Some(match lang {
        Lang::ZhCn => simplified,
        Lang::ZhTw => traditional,
        Lang::En => own,
    })
}

/// Every English text that there is.
#[cfg(test)]
pub(super) fn all() -> impl Iterator<Item = &'static str> {
    TEXTS.iter().chain(scripts::TEXTS).chain(views::TEXTS).map(|(own, ..)| *own)
}

/// What an argument is whose name says it everywhere.
pub(super) fn of_id(id: &str, lang: Lang) -> Option<&'static str> {
    let (_, words) = IDS.iter().find(|(own, _)| *own == id)?;
    Some(match lang {
        Lang::ZhCn => words[0],
        Lang::ZhTw => words[1],
        Lang::En => words[2],
    })
}

const IDS: &[(&str, [&str; 3])] = &[
    ("json", ["用 JSON 输出，给脚本", "用 JSON 輸出，給腳本", "Print JSON, for scripts"]),
    ("tsv", ["用制表符分列输出", "用定位字元分欄輸出", "Print columns separated by tabs"]),
    (
        "id",
        ["编号、编号的末几位，或名称", "編號、編號的末幾位，或名稱", "An id, its last characters, or a name"],
    ),
    ("file", ["文件", "檔案", "The file"]),
    ("group", ["哪个群", "哪個群", "The group"]),
    ("account", ["哪个账号", "哪個帳號", "The account"]),
    ("member", ["哪个成员", "哪個成員", "The member"]),
    ("key", ["问的是什么，如 商品", "問的是什麼，如 商品", "What is asked, such as 商品"]),
    ("limit", ["最多多少条", "最多多少條", "At most so many"]),
    ("topic", ["关于什么", "關於什麼", "About what"]),
];

/// English, simplified, traditional.
type Text = (&'static str, &'static str, &'static str);

const TEXTS: &[Text] = &[
    // qun
    (
        "A terminal inbox for people who run chat groups: playbooks in, one queue out, a human sends",
        "群: 给带群的人用的终端收件箱。SOP 排好，到点进一个队列，由人来发",
        "群: 給帶群的人用的終端機收件匣。SOP 排好，到點進一個佇列，由人來發",
    ),
    (
        "The store: a name below the data directory, or a path",
        "哪份数据: 名字，或含 / 的路径",
        "哪份資料: 名字，或含 / 的路徑",
    ),
    ("The language: zh-CN, zh-TW or en", "语言: zh-CN, zh-TW 或 en", "語言: zh-CN, zh-TW 或 en"),
    ("Who acts; the login name by default", "谁在操作; 默认是登录名", "誰在操作; 預設是登入名"),
    (
        "Also what is held, and where the target is no friend of the account",
        "搁置的、对方不是这个账号好友的也照做",
        "擱置的、對方不是這個帳號好友的也照做",
    ),
    (
        "For sent: also what is held, and where the target is no friend of the account",
        "sent: 搁置的、对方还不是这个账号好友的也照记",
        "sent: 擱置的、對方還不是這個帳號好友的也照記",
    ),
    (
        "List accounts; the same as 'qun list accounts'",
        "列出账号，同 qun list accounts",
        "列出帳號，同 qun list accounts",
    ),
    (
        "List groups; the same as 'qun list groups'",
        "列出群，同 qun list groups",
        "列出群，同 qun list groups",
    ),
    (
        "List members; the same as 'qun list members'",
        "列出成员，同 qun list members",
        "列出成員，同 qun list members",
    ),
    ("A filter, such as 'tag:会员'", "筛选，如 'tag:会员'", "篩選，如 'tag:会员'"),
    (
        "No row of headings; only a terminal gets one",
        "不要表头; 本来也只有终端里才有",
        "不要表頭; 本來也只有終端機裡才有",
    ),
    ("Reach the desk by this socket only", "只用这个套接字找值守进程", "只用這個通訊端找值守程序"),
    ("A view of the screen: 1-9 or its name", "打开哪个视图: 1-9 或名称", "打開哪個視圖: 1-9 或名稱"),
    ("Begin with this filter instead of the view's", "打开就用这个过滤", "打開就用這個過濾"),
    ("The screen's colours", "界面配色", "介面配色"),
    (
        "Your own settings from this file instead of config.toml",
        "自己的设置用这个文件，不用 config.toml",
        "自己的設定用這個檔案，不用 config.toml",
    ),
    (
        "Colours on the screen: auto asks the terminal",
        "界面要不要颜色: auto 看终端",
        "介面要不要顏色: auto 看終端機",
    ),
    (
        "Plain lines only: no screen, nothing that is written over; for screen readers and dumb terminals",
        "只输出一行行的文字: 不开界面，不回头改写; 给读屏软件和简单终端",
        "只輸出一行行的文字: 不開介面，不回頭改寫; 給讀屏軟體和簡單終端機",
    ),
    ("Keys that write say why they do not", "只看不改", "只看不改"),
    (
        "List tasks, members, groups, accounts or playbooks",
        "列出待办、成员、群、账号或 SOP",
        "列出待辦、成員、群、帳號或 SOP",
    ),
    ("Show one object whole", "把一条看全", "把一條看全"),
    (
        "Do something with tasks: sent, skip, snooze, wake, rewrite, check",
        "处理待办: 已发、跳过、稍后等",
        "處理待辦: 已發、跳過、稍後等",
    ),
    ("Add or change accounts; limit one", "账号: 加、改、收起，受限", "帳號: 加、改、收起，受限"),
    (
        "Its platform refuses it something: what waits for it waits, moves, is put off or cancelled",
        "账号受限: 等它发的先搁置、移走、顺延或取消",
        "帳號受限: 等它發的先擱置、移走、順延或取消",
    ),
    (
        "all, private, group, moments, post, call, add-friend, or banned",
        "什么受限: all 全部, private 私聊, group 群聊, moments 朋友圈, post 发布, call 电话, add-friend 加好友; banned 被封",
        "什麼受限: all 全部, private 私聊, group 群聊, moments 朋友圈, post 發佈, call 電話, add-friend 加好友; banned 被封",
    ),
    (
        "How long, or until when: 3d, 周五 9点; until told otherwise if left out",
        "多久，或到几时: 3d, 周五 9点; 不写就是到解除为止",
        "多久，或到幾時: 3d, 週五 9點; 不寫就是到解除為止",
    ),
    (
        "Move to an account that knows them too: this one, or whichever does",
        "移给也认识对方的账号: 这一个，或随便哪个",
        "移給也認識對方的帳號: 這一個，或隨便哪個",
    ),
    ("Put off until the limit ends", "顺延到限制结束", "順延到限制結束"),
    ("Cancel what waits for it", "取消等它发的", "取消等它發的"),
    ("In place of the limit that runs", "取代正在生效的限制", "取代正在生效的限制"),
    ("Only say what could be chosen, each counted", "只说能怎么选，各有几条", "只說能怎麼選，各有幾條"),
    (
        "The limit is over: what waits is let go, and it begins with a share of its cap",
        "限制解除: 搁置的放行，头几天只给上限的一部分",
        "限制解除: 擱置的放行，頭幾天只給上限的一部分",
    ),
    (
        "Add or change groups; take the playbooks of one to another",
        "群: 加、改、收起，把 SOP 移到别的群",
        "群: 加、改、收起，把 SOP 移到別的群",
    ),
    (
        "Its playbooks go on in another group, where they stand",
        "它的 SOP 在别的群接着走",
        "它的 SOP 在別的群接著走",
    ),
    (
        "Its playbooks wait; what is due already stays in the queue",
        "暂停: SOP 先等着，已到点的还在待发里",
        "暫停: SOP 先等著，已到點的還在待發裡",
    ),
    ("Its playbooks go on", "恢复: SOP 接着走", "恢復: SOP 接著走"),
    (
        "Until when: 周五 9点, 3d; until told otherwise if left out",
        "到什么时候: 周五 9点、3d；不写就等到恢复",
        "到什麼時候: 週五 9點、3d；不寫就等到恢復",
    ),
    ("To which group", "移到哪个群", "移到哪個群"),
    ("They also go on here", "这边也接着走", "這邊也接著走"),
    ("This group is merged into that one", "这个群并入那个群", "這個群併入那個群"),
    ("Add or change members", "成员: 加、改、收起", "成員: 加、改、收起"),
    (
        "Add, change or list products: how long one lasts decides when it runs out",
        "商品: 加、改、列出; 可用天数决定何时用完",
        "商品: 加、改、列出; 可用天數決定何時用完",
    ),
    ("Say whose friend a member is", "谁和哪个账号是好友", "誰和哪個帳號是好友"),
    ("Say which group a member is in", "谁在哪个群", "誰在哪個群"),
    ("Tell what happened: who, where, what", "快记: 谁、在哪、什么事", "快記: 誰、在哪、什麼事"),
    ("Import members from a CSV file", "从 CSV 文件导入成员", "從 CSV 檔案匯入成員"),
    ("Check, apply and run playbooks", "SOP: 检查、启用、排期", "SOP: 檢查、啟用、排期"),
    ("Caps, quiet hours and zone of the store", "规则: 上限、免打扰、时区", "規則: 上限、免打擾、時區"),
    (
        "Festivals, solar terms, lunar dates and working days",
        "日历: 节日、节气、农历、工作日",
        "日曆: 節日、節氣、農曆、工作日",
    ),
    (
        "Answer a playbook's questions (\"\" for none); without a value, list them and what to type",
        "填 SOP 要的内容 (\"\" 是没有); 不带参数就列出要填什么",
        "填 SOP 要的內容 (\"\" 是沒有); 不帶參數就列出要填什麼",
    ),
    ("One turn of the tick", "不开界面，走一次到点检查", "不開介面，走一次到點檢查"),
    ("Undo my last act, or a named one", "撤销我的上一步，或指定的一步", "撤銷我的上一步，或指定的一步"),
    ("Do again what my last undo took back", "重做刚撤销的", "重做剛撤銷的"),
    ("Acts, newest first", "操作历史，新的在前", "操作歷史，新的在前"),
    ("How the desk is", "值守进程和数据的状态", "值守程序和資料的狀態"),
    ("Be the desk of this store", "一直值守 (服务器上用)", "一直值守 (伺服器上用)"),
    (
        "Make a store of believable data, to look around in",
        "做一份演示数据，随便看",
        "做一份演示資料，隨便看",
    ),
    ("Save the journal as it is now; a desk may run", "备份; 值守时也行", "備份; 值守時也行"),
    ("Bring a backup back; no desk may run", "从备份恢复; 先结束值守", "從備份恢復; 先結束值守"),
    ("Look for what is wrong, without changing anything", "体检: 只看不改", "體檢: 只看不改"),
    (
        "This help, that of a command, or one about a topic: filters",
        "这份帮助、某个命令的，或某个主题: filters",
        "這份說明、某個命令的，或某個主題: filters",
    ),
    // list, show, do
    (
        "tasks, members, groups, accounts or sops",
        "tasks 待办, members 成员, groups 群, accounts 账号, sops",
        "tasks 待辦, members 成員, groups 群, accounts 帳號, sops",
    ),
    (
        "A filter, such as 'state:due group:宠友'",
        "过滤，如 'state:due group:宠友'",
        "過濾，如 'state:due group:寵友'",
    ),
    (
        "natural, due, name, account, recent or spent",
        "排序: natural 自然, due 到点, name 名称, account 账号, recent 最近, spent 消费",
        "排序: natural 自然, due 到點, name 名稱, account 帳號, recent 最近, spent 消費",
    ),
    ("At most so many rows", "最多多少行", "最多多少列"),
    ("An id, its last characters, or a name", "编号、编号的末几位，或名称", "編號、編號的末幾位，或名稱"),
    ("Only the text of a task, ready to be sent", "只要待办的文字，可直接发", "只要待辦的文字，可直接發"),
    (
        "sent, also, reply, skip, snooze, wake, copied, rewrite, check-yes, check-no, merge, correct, acknowledge",
        "sent 已发, also 我也发了, reply 已回复, skip 跳过, snooze 稍后, wake 现在, copied 已复制, rewrite 改文字, check-yes, check-no, merge 合成一条, correct 更正, acknowledge 看过提醒",
        "sent 已發, also 我也發了, reply 已回覆, skip 跳過, snooze 稍後, wake 現在, copied 已複製, rewrite 改文字, check-yes, check-no, merge 合成一則, correct 更正, acknowledge 看過提醒",
    ),
    ("Ids of tasks, or their last characters", "待办的编号，或末几位", "待辦的編號，或末幾位"),
    (
        "When: for sent the time it was sent, for snooze until when",
        "时间: sent 是何时发的，snooze 是到何时",
        "時間: sent 是何時發的，snooze 是到何時",
    ),
    ("Why it is skipped: 1-8 or a word", "跳过的原因: 1-8 或词", "跳過的原因: 1-8 或詞"),
    (
        "For rewrite and correct the text; for skip what there is to say; for reply which answer it was",
        "rewrite、correct 是新文字，skip 是说明，reply 是哪个回答",
        "rewrite、correct 是新文字，skip 是說明，reply 是哪個回答",
    ),
    (
        "For correct: what those who had it are told; without it nothing is",
        "correct 时发给已收到的人的更正; 不写就不发",
        "correct 時發給已收到的人的更正; 不寫就不發",
    ),
    ("For correct: the part that was wrong", "correct 时是第几段错了", "correct 時是第幾段錯了"),
    ("Only if the task still has this revision", "待办还是这个版本才做", "待辦還是這個版本才做"),
    (
        "How many match a filter; the exit code says whether any does",
        "符合过滤的有多少; 退出码说有没有",
        "符合過濾的有多少; 結束代碼說有沒有",
    ),
    ("What filters mean", "过滤是什么意思", "過濾是什麼意思"),
    (
        "Say in words what a filter finds, or where its mistake is; needs no desk",
        "用话说出过滤找什么，或错在哪",
        "用話說出過濾找什麼，或錯在哪",
    ),
    // objects
    ("Add one", "加一个", "加一個"),
    ("Its name", "名称", "名稱"),
    (
        "Change the given fields; an empty value clears one",
        "改写出的栏，空值是清掉",
        "改寫出的欄，空值是清掉",
    ),
    (
        "Its id, the last characters of it, or its name",
        "编号、编号的末几位，或名称",
        "編號、編號的末幾位，或名稱",
    ),
    ("Take it out of sight; `qun undo` brings it back", "收起来; qun undo 能恢复", "收起來; qun undo 能恢復"),
    ("Bring back what was taken out of sight", "恢复收起来的", "恢復收起來的"),
    ("Show it whole", "看全", "看全"),
    ("All products, by name", "全部商品，按名称", "全部商品，按名稱"),
    (
        "Make it or change the given fields; an empty value clears one",
        "记下或改写出的栏，空值是清掉",
        "記下或改寫出的欄，空值是清掉",
    ),
    ("End it; `qun undo` brings it back", "去掉; qun undo 能恢复", "去掉; qun undo 能恢復"),
    ("Show its fields", "看各栏", "看各欄"),
    // tell, import
    (
        "Names, separated by commas; left out with --group alone",
        "名字，用逗号隔开，再写什么事; 只记群时不写名字",
        "名字，用逗號隔開，再寫什麼事; 只記群時不寫名字",
    ),
    ("Whoever is not in the book yet is made", "没有的人就新建", "沒有的人就新建"),
    ("When it happened", "什么时候的事", "什麼時候的事"),
    ("Only say what would happen", "只看会怎样，不改", "只看會怎樣，不改"),
    (
        "Write the refused rows with their reasons here",
        "没收下的行和原因写到这个文件",
        "沒收下的列和原因寫到這個檔案",
    ),
    (
        "The account that knows members whose row names none; in a list of a group it only says who listed them",
        "行里没写账号时算谁的好友; 群成员名单里只算谁列的，不算好友",
        "列裡沒寫帳號時算誰的好友; 群成員名單裡只算誰列的，不算好友",
    ),
    ("The group of members whose row names none", "行里没写群时算哪个群", "列裡沒寫群時算哪個群"),
    (
        "The zone of the times in the file; the store's by default",
        "文件里时间的时区; 默认同数据",
        "檔案裡時間的時區; 預設同資料",
    ),
    // sop
    ("Apply a file, or one that comes with the program", "启用一个文件，或内置的", "啟用一個檔案，或內建的"),
    ("The id of one that comes with the program, or 'all'", "内置的哪个，或 all", "內建的哪個，或 all"),
    (
        "The coming days of the whole book: tasks, hours, caps, clashes, texts that run out",
        "往后几周: 每天多少条、多少小时，上限、撞车、缺文案",
        "往後幾週: 每天多少條、多少小時，上限、撞車、缺文案",
    ),
    ("So many days from today on, 1 to 92", "从今天起多少天，1 到 92", "從今天起多少天，1 到 92"),
    // campaign
    (
        "Campaigns: several playbooks with one audience, one beginning, one end",
        "大促: 几份 SOP 一起走，同一批人，同起同止",
        "大促: 幾份 SOP 一起走，同一批人，同起同止",
    ),
    (
        "Set one up: who enters which playbooks when, and when all of it ends",
        "办一场: 谁、什么时候、进哪几份 SOP，什么时候全部结束",
        "辦一場: 誰、什麼時候、進哪幾份 SOP，什麼時候全部結束",
    ),
    (
        "Its id: lower-case letters, digits and hyphens",
        "编号: 小写字母、数字、连字符",
        "編號: 小寫字母、數字、連字號",
    ),
    ("What people call it; its id if nothing is said", "叫什么；不写就用编号", "叫什麼；不寫就用編號"),
    ("A playbook of it; several times for several", "里面的 SOP；几份就写几次", "裡面的 SOP；幾份就寫幾次"),
    (
        "A wave: all that match this filter when it begins; several times for several, and who is in one is not in another; without any one wave of the whole book",
        "一波人: 到时符合筛选的；几波就写几次，进了一波的不进另一波；一波不写就是整本名册一次全进",
        "一波人: 到時符合篩選的；幾波就寫幾次，進了一波的不進另一波；一波不寫就是整本名冊一次全進",
    ),
    (
        "When the wave of the same place begins; without it the beginning",
        "对应那一波什么时候开始；不写就是整场的开始",
        "對應那一波什麼時候開始；不寫就是整場的開始",
    ),
    ("Its beginning; now if nothing is said", "开始；不写就是现在", "開始；不寫就是現在"),
    ("Its end: nothing is offered from then on", "结束: 到点起什么都不再发", "結束: 到點起什麼都不再發"),
    (
        "An answer that all its playbooks share, KEY=VALUE; several times for several",
        "几份 SOP 共用的填表内容，写成 项目=内容；几项写几次",
        "幾份 SOP 共用的填表內容，寫成 項目=內容；幾項寫幾次",
    ),
    (
        "A file of one-offs: [[text]] with at, to and text, and what else compose takes; each is made when its time comes",
        "另发的文字，写在文件里: [[text]] 有 at, to, text，其余同 compose；到时才发",
        "另發的文字，寫在檔案裡: [[text]] 有 at, to, text，其餘同 compose；到時才發",
    ),
    (
        "Only its texts that have not begun, as the file of --texts has them",
        "只看还没开始的文字，写法同 --texts 的文件",
        "只看還沒開始的文字，寫法同 --texts 的檔案",
    ),
    ("List campaigns", "都有哪些大促", "都有哪些大促"),
    (
        "Change one: what is given takes the place of what was; a wave that has begun stays",
        "改一场: 写了的换掉原来的；已经开始的波不变",
        "改一場: 寫了的換掉原來的；已經開始的波不變",
    ),
    (
        "Say whom each wave would take, what caps it would hit and who would hear from several; write nothing",
        "只试算: 每波多少人、撞哪些上限、谁同一天收到几份，不写入",
        "只試算: 每波多少人、撞哪些上限、誰同一天收到幾份，不寫入",
    ),
    (
        "How far one has got, by wave and playbook: who stands where, what was sent, replied to and bought after",
        "一场走到哪: 谁在哪一步，发了多少、回了多少、成交多少",
        "一場走到哪: 誰在哪一步，發了多少、回了多少、成交多少",
    ),
    ("End one for everybody, at once", "马上全部停下", "馬上全部停下"),
    ("List applied playbooks", "在用的 SOP", "在用的 SOP"),
    (
        "Print the dates of an applied playbook, or of a file: nothing is applied then",
        "看日期: 在用的，或一个文件 (不启用)",
        "看日期: 在用的，或一個檔案 (不啟用)",
    ),
    ("Its id or title, or a file", "编号、标题，或文件", "編號、標題，或檔案"),
    ("For this group", "按这个群", "按這個群"),
    ("For this member", "按这个成员", "按這個成員"),
    ("As if it began then", "当作那时开始", "當作那時開始"),
    ("Leave out what comes before", "从这时起", "從這時起"),
    ("Up to here", "到这时止", "到這時止"),
    (
        "So many days from now, --from or --anchor; 30 if nothing is said, 200 years if a number of rows is",
        "从现在（或 --from、--anchor）起多少天；不写是 30，写了 --count 往后找 200 年",
        "從現在（或 --from、--anchor）起多少天；不寫是 30，寫了 --count 往後找 200 年",
    ),
    ("Without quiet hours and caps", "不算免打扰和上限", "不算免打擾和上限"),
    ("Give an applied file back", "取回启用的文件", "取回啟用的檔案"),
    ("Stop firing for now", "先停一停", "先停一停"),
    ("Go on", "接着来", "接著來"),
    (
        "End it: enrolments stop, open tasks are cancelled",
        "不再用: 停掉进度，取消待办",
        "不再用: 停掉進度，取消待辦",
    ),
    ("Put targets in by hand", "手动加人或群进去", "手動加人或群進去"),
    ("Take targets out by hand", "手动请人或群出来", "手動請人或群出來"),
    ("All that match", "符合过滤的全部", "符合過濾的全部"),
    ("Count its days from here", "天数从这里算", "天數從這裡算"),
    (
        "Only say what it would change: the text, open tasks, what comes next",
        "只看会变什么: 文字、待办、接下来的",
        "只看會變什麼: 文字、待辦、接下來的",
    ),
    (
        "Who is in it stays on the text they began with",
        "已经在里面的照旧，只用于新进的",
        "已經在裡面的照舊，只用於新進的",
    ),
    (
        "Do not ask before a playbook is changed that people are in",
        "里面有人也直接改，不再问",
        "裡面有人也直接改，不再問",
    ),
    (
        "Write a commented file for a playbook of one's own and open the editor",
        "写一份带注释的 SOP 文件，打开编辑器",
        "寫一份帶註解的 SOP 檔案，打開編輯器",
    ),
    (
        "Its id, also the file's name; a title in Chinese is spelled in pinyin",
        "编号，也是文件名; 写中文标题就取拼音",
        "編號，也是檔案名; 寫中文標題就取拼音",
    ),
    ("From one that comes with the program", "从内置的哪个改起", "從內建的哪個改起"),
    (
        "Those that come with the program: for whom, and when to use them",
        "内置的有哪些: 给谁、什么时候用",
        "內建的有哪些: 給誰、什麼時候用",
    ),
    (
        "One playbook opened: steps with how far they got, and where everybody in it stands. Replies count for 48 hours, purchases for 7 days and until its next message",
        "打开一个 SOP: 各步走到哪，里面的人在哪一步；回复算 48 小时内，成交算 7 天内、且在它下一条之前",
        "打開一個 SOP: 各步走到哪，裡面的人在哪一步；回覆算 48 小時內，成交算 7 天內、且在它下一條之前",
    ),
    (
        "Call it off for today: nothing more of it comes due on this day",
        "今日停团: 今天剩下的都不发了",
        "今日停團: 今天剩下的都不發了",
    ),
    (
        "What its groups are told; nothing without it",
        "给各群发的说明; 不写就不发",
        "給各群發的說明; 不寫就不發",
    ),
    // sheet
    (
        "What an account owes as one numbered text for a phone, and afterwards what was sent",
        "清单: 一个账号待发的编成一段文字，拿手机照着发; 发完按编号补记",
        "清單: 一個帳號待發的編成一段文字，拿手機照著發; 發完按編號補記",
    ),
    ("Whose: the account's name", "哪个账号", "哪個帳號"),
    ("The same by its option", "同上，写成选项", "同上，寫成選項"),
    (
        "Numbers of the last sheet that were sent, such as '1 3 5-8'",
        "上一份清单里已发的编号，如 '1 3 5-8'",
        "上一份清單裡已發的編號，如 '1 3 5-8'",
    ),
    ("When they were sent", "什么时候发的", "什麼時候發的"),
    // snippet
    (
        "Texts to answer with: keep, find, fill, carry from file to file",
        "话术: 存、找、填好、导入导出",
        "話術: 存、找、填好、匯入匯出",
    ),
    (
        "Keep a text to use again; read from standard input without --text",
        "存一条话术; 不写 --text 就读标准输入",
        "存一條話術; 不寫 --text 就讀標準輸入",
    ),
    ("What it is found by", "名称", "名稱"),
    (
        "The text, with variables such as {{ name }}",
        "正文，可用 {{ name }} 这样的变量",
        "正文，可用 {{ name }} 這樣的變數",
    ),
    ("Tags, separated by commas", "标签，用逗号隔开", "標籤，用逗號隔開"),
    ("Change what is given", "改写出的部分", "改寫出的部分"),
    ("What it is called now", "现在的名称", "現在的名稱"),
    ("What it shall be called", "新名称", "新名稱"),
    ("All, or those that a word or a #tag finds", "全部，或用词、#标签找", "全部，或用詞、#標籤找"),
    (
        "A word of the name, the tags or the text, also in pinyin",
        "名称、标签或正文里的词，拼音也行",
        "名稱、標籤或正文裡的詞，拼音也行",
    ),
    ("Print one, ready to be sent", "填好一条，可直接发", "填好一條，可直接發"),
    ("Filled for this member or group", "给谁: 成员或群", "給誰: 成員或群"),
    ("Take one away; `qun undo` brings it back", "删一条; qun undo 能恢复", "刪一條; qun undo 能恢復"),
    (
        "Keep all of a file, TOML or Markdown; those of the same name are replaced",
        "导入整个文件，TOML 或 Markdown; 同名的换成新的",
        "匯入整個檔案，TOML 或 Markdown; 同名的換成新的",
    ),
    ("Print all as TOML, or as Markdown", "全部导出成 TOML 或 Markdown", "全部匯出成 TOML 或 Markdown"),
    (
        "As Markdown, to be written in any editor",
        "用 Markdown，哪个编辑器都能改",
        "用 Markdown，哪個編輯器都能改",
    ),
    // rules, calendar, fill
    ("Print the rules that hold", "现在的规则", "現在的規則"),
    ("Explain the first mistake in a file; needs no desk", "检查文件，说第一处错", "檢查檔案，說第一處錯"),
    ("The file beside the journal if left out", "不写就是日志旁边那份", "不寫就是日誌旁邊那份"),
    (
        "Apply a file now; it becomes the one beside the journal",
        "现在就用; 成为日志旁边那份",
        "現在就用; 成為日誌旁邊那份",
    ),
    (
        "Print the rules of a new store, with a comment beside each key",
        "新数据的规则，每项带说明",
        "新資料的規則，每項帶說明",
    ),
    ("All of a year; this one if nothing is said", "一整年; 不写就是今年", "一整年; 不寫就是今年"),
    ("From this day, such as 2026-11-26", "从这天，如 2026-11-26", "從這天，如 2026-11-26"),
    ("Up to this day", "到这天", "到這天"),
    ("A row for every day", "每天一行", "每天一列"),
    (
        "Give the store statutory holidays and make-up days of further years",
        "加上以后年份的放假和调休",
        "加上以後年份的放假和補班",
    ),
    ("Only its questions, by id or title", "只看这个 SOP 的，编号或标题", "只看這個 SOP 的，編號或標題"),
    ("The answer; empty takes one back", "内容; 空的是收回", "內容; 空的是收回"),
    ("Of the round of that day", "填那一天的", "填那一天的"),
    ("For this group only", "只给这个群", "只給這個群"),
    // desk
    (
        "The clock is right although it jumped or the last record is far away: go on",
        "时钟没错，继续",
        "時鐘沒錯，繼續",
    ),
    (
        "An act's id or its end; my last one if left out",
        "哪一步的编号或它的末尾; 不写就是我的上一步",
        "哪一步的編號或它的末尾; 不寫就是我的上一步",
    ),
    ("Only mine", "只看我的", "只看我的"),
    (
        "End with the last screen (how a screen starts its desk)",
        "最后一个界面关了就结束 (界面自己用)",
        "最後一個介面關了就結束 (介面自己用)",
    ),
    (
        "Let the socket's group in too: for a team, with --socket in a directory of its own",
        "同组的人也能进: 团队用，配 --socket",
        "同組的人也能進: 團隊用，配 --socket",
    ),
    ("End the desk that runs", "让在跑的结束", "讓在跑的結束"),
    ("180 by default", "成员数，默认 180", "成員數，預設 180"),
    ("12 by default", "群数，默认 12", "群數，預設 12"),
    ("Open tasks; 60 by default", "待办数，默认 60", "待辦數，預設 60"),
    ("The same seed gives the same book", "同样的种子得到同样的数据", "同樣的種子得到同樣的資料"),
    (
        "Where to; `backup/` in the store if left out",
        "放哪里; 不写就是数据里的 backup/",
        "放哪裡; 不寫就是資料裡的 backup/",
    ),
    ("Keep this many backups and remove the older ones", "只留最近这么多份", "只留最近這麼多份"),
    ("Only list those that are there", "只列出有哪些", "只列出有哪些"),
    (
        "Where the backups are; `backup/` in the store if left out",
        "备份在哪里; 不写就是数据里的 backup/",
        "備份在哪裡; 不寫就是資料裡的 backup/",
    ),
    ("Which one; the newest if left out", "哪一份; 不写就是最新的", "哪一份; 不寫就是最新的"),
    ("Do not ask", "不再问", "不再問"),
];
