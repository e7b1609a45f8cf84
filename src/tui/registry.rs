//! The one registry of actions: id, words in three languages, keys, where it applies, the verb after `:`.
//!
//! The keymap, the hints of the footer, `?`, the menu of Enter, the completion of `:` and the key table of the README
//! all read this table, so a key that is missing here exists nowhere. Rules that keep hands safe are enforced by
//! tests: nothing that writes lies on the tail of an escape sequence (a split one delivers its tail as a plain key),
//! no key is bound twice, and everything of the daily loop has a key that an input method lets through.
//!
//! One file because the table is one.

use std::fmt::Write as _;

use super::key::shown;
use super::keymap::Context;
use crate::book::ObjectId;
use crate::text::lang::Lang;

/// What an action needs under the cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    Nothing,
    /// Any line.
    Line,
    /// A task.
    Task,
    /// A task, group or member: something with a life of its own.
    Target,
    /// Something with a form: account, group, member.
    Object,
    /// A playbook, under the cursor or opened.
    Playbook,
}

/// In which part of help it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    Work,
    Tell,
    Find,
    Move,
    Screen,
    /// What only popups do.
    Popup,
}

impl Section {
    /// Every section, in the order of help.
    pub const ALL: [Self; 6] = [Self::Work, Self::Tell, Self::Find, Self::Move, Self::Screen, Self::Popup];

    /// The heading.
    pub const fn label(self, lang: Lang) -> &'static str {
        let [cn, tw, en] = match self {
            Self::Work => ["做待办", "做待辦", "Work"],
            Self::Tell => ["记事", "記事", "Tell"],
            Self::Find => ["查找", "查找", "Find"],
            Self::Move => ["移动", "移動", "Move"],
            Self::Screen => ["画面", "畫面", "Screen"],
            Self::Popup => ["弹窗", "彈窗", "Popups"],
        };
        pick(lang, cn, tw, en)
    }
}

const fn pick(lang: Lang, cn: &'static str, tw: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::ZhCn => cn,
        Lang::ZhTw => tw,
        Lang::En => en,
    }
}

/// One row of the registry.
#[derive(Debug)]
pub struct Entry {
    pub action: Action,
    /// kebab-case, for ever: configuration files name it.
    pub id: &'static str,
    /// Written forms, the first is the one shown; the IME-proof twin follows. A key that holds elsewhere than in all
    /// panes has its context before it: `text:ctrl-s`.
    pub keys: &'static [&'static str],
    pub needs: Needs,
    pub section: Section,
    /// True when it changes the book.
    pub writes: bool,
    /// Words after `:` that do the same; empty when none.
    pub verbs: &'static [&'static str],
    short: [&'static str; 3],
    doc: [&'static str; 3],
}

macro_rules! registry {
    ($($action:ident $id:literal [$($key:literal),*] $needs:ident $section:ident $writes:ident [$($verb:literal),*]
       ($scn:literal, $stw:literal, $sen:literal) ($cn:literal, $tw:literal, $en:literal);)+) => {
        /// A named intent that a key can hold.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Action { $(#[doc = $en] $action),+ }

        const TABLE: &[Entry] = &[$(Entry {
            action: Action::$action, id: $id, keys: &[$($key),*], needs: Needs::$needs, section: Section::$section,
            writes: registry!(@$writes), verbs: &[$($verb),*], short: [$scn, $stw, $sen], doc: [$cn, $tw, $en],
        }),+];
    };
    (@writes) => { true };
    (@looks) => { false };
}

registry! {
    Copy "copy" ["y", "f2"] Task Work looks ["copy", "复制", "複製"]
        ("复制", "複製", "copy") ("复制正文或下一段", "複製正文或下一段", "Copy the text or the next part");
    Sent "sent" ["d", "f3"] Task Work writes ["sent", "已发", "已發", "done"]
        ("已发", "已發", "sent") ("标记已发 (或这一段), 到下一条", "標記已發 (或這一段), 到下一條", "Mark as sent (or this part), on to the next");
    SearchTerm "search-term" ["t", "f4"] Line Work looks ["term", "查找词", "查找詞"]
        ("查找词", "查找詞", "chat") ("复制这个聊天的查找词", "複製這個聊天的查找詞", "Copy the words that find this chat");
    Part "part" ["p"] Task Work looks ["part", "素材"]
        ("素材", "素材", "part") ("复制这一段的路径或查找词", "複製這一段的路徑或查找詞", "Copy the path or search words of this part");
    Mention "mention" ["M"] Task Work looks ["mention", "名字"]
        ("名字", "名字", "name") ("复制下一个要提到的名字", "複製下一個要提到的名字", "Copy the next name to mention");
    Same "same" ["*"] Task Work looks ["same", "同文"]
        ("同文", "同文", "same text") ("选中正文相同的: 复制一次, 转发多个", "選中正文相同的: 複製一次, 轉發多個", "Mark all with this text: copied once, forwarded to many");
    Raw "raw" ["Y", "f5"] Task Work looks ["raw", "原文"]
        ("原文", "原文", "raw") ("显示原文, 用鼠标选", "顯示原文, 用滑鼠選", "Show the bare text, to select with the mouse");
    Snippet "snippet" ["s", "ctrl-t"] Nothing Work looks ["snippet", "话术", "話術"]
        ("话术", "話術", "snippet") ("找一条话术, 填好并复制", "找一條話術, 填好並複製", "Find a snippet, filled and copied");
    Snooze "snooze" ["z", "f8"] Task Work writes ["snooze", "稍后", "稍後", "later"]
        ("稍后", "稍後", "snooze") ("稍后再说", "稍後再說", "Snooze");
    Wake "wake" [] Task Work writes ["wake", "放行"]
        ("放行", "放行", "due now") ("放行搁置的, 或让稍后的现在就发", "放行擱置的, 或讓稍後的現在就發", "Let go what is held, or make a snoozed one due");
    Skip "skip" ["x", "f9", "ctrl-x"] Task Work writes ["skip", "跳过", "跳過"]
        ("跳过", "跳過", "skip") ("跳过, 选原因", "跳過, 選原因", "Skip, with a reason");
    Merge "merge" [] Task Work writes ["merge", "合成一条", "合成一則"]
        ("合成一条", "合成一則", "merge") ("同一人的几条合成一条", "同一人的幾則合成一則", "Several to one person become one text");
    EditOnce "edit-once" ["e", "ctrl-e"] Task Work writes ["rewrite", "改稿"]
        ("改稿", "改稿", "edit") ("只改这一次的正文", "只改這一次的正文", "Edit this text once");
    Undo "undo" ["u"] Nothing Work writes ["undo", "撤销", "復原"]
        ("撤销", "復原", "undo") ("撤销我上一步", "復原我上一步", "Undo my last act");
    Redo "redo" ["ctrl-r", "ctrl-y"] Nothing Work writes ["redo", "重做"]
        ("重做", "重做", "redo") ("重做刚撤销的", "重做剛復原的", "Redo what was undone");
    History "history" ["U"] Nothing Work looks ["log", "日志", "历史", "歷史", "日誌", "history"]
        ("日志", "日誌", "log") ("大家做过什么, 逐条撤销", "大家做過什麼, 逐條復原", "What everybody did, undo one");
    Mark "mark" ["space", "insert"] Line Work looks []
        ("多选", "多選", "mark") ("选中并下移", "選中並下移", "Mark and move down");
    Range "range" ["v"] Line Work looks []
        ("连选", "連選", "range") ("从这里开始连选", "從這裡開始連選", "Mark a range from here");
    Invert "invert" ["V"] Nothing Work looks []
        ("反选", "反選", "invert") ("反选整个列表", "反選整個列表", "Invert the marks of the whole list");
    Reply "reply" ["r", "f7"] Line Tell writes ["reply", "replied", "回复", "回覆"]
        ("已回复", "已回覆", "reply") ("对方已回复", "對方已回覆", "They replied");
    Quick "quick" ["a", "f6"] Nothing Tell writes ["tell", "add", "速记", "速記"]
        ("速记", "速記", "tell") ("速记: 谁, 在哪, 发生了什么", "速記: 誰, 在哪, 發生了什麼", "Quick entry: who, where, what happened");
    Follow "follow" ["+"] Target Tell writes ["follow", "跟进", "跟進"]
        ("跟进", "跟進", "follow up") ("到时提醒我跟进", "到時提醒我跟進", "Remind me to follow up");
    Note "note" ["o"] Target Tell writes ["note", "备注", "備註"]
        ("备注", "備註", "note") ("写备注", "寫備註", "Write a note");
    Form "form" ["="] Nothing Tell writes ["form", "fill", "填表"]
        ("填表", "填表", "form") ("填今天的表", "填今天的表", "Fill today's form");
    Correct "correct" ["!"] Task Tell writes ["correct", "更正"]
        ("更正", "更正", "correct") ("这段话错了: 停发并更正", "這段話錯了: 停發並更正", "This text is wrong: stop it and correct it");
    New "new" ["N"] Nothing Tell writes ["new", "新建"]
        ("新建", "新建", "new") ("新建群, 成员, 账号, 好友", "新建群, 成員, 帳號, 好友", "New group, member, account, contact");
    Edit "edit" ["E"] Line Tell writes ["edit", "修改"]
        ("修改", "修改", "edit card") ("修改资料", "修改資料", "Edit its card");
    Archive "archive" [] Object Tell writes ["rm", "archive", "归档", "歸檔"]
        ("归档", "歸檔", "archive") ("收起不再用的", "收起不再用的", "Take out of sight");
    Compose "compose" ["m"] Nothing Tell writes ["compose", "群发", "群發"]
        ("群发", "群發", "compose") ("写一条, 到点发给筛出来的人或群", "寫一則, 到點發給篩出來的人或群", "One text to whatever a filter matches, at one time");
    Withdraw "withdraw" [] Line Tell writes ["withdraw", "撤回"]
        ("撤回", "撤回", "withdraw") ("整批撤回这条一次性的消息", "整批撤回這則一次性的訊息", "Take this one-off back whole");
    Limit "limit" [] Nothing Tell writes ["limit", "限制"]
        ("限制", "限制", "limit") ("账号受限了: 名字 私聊 3d, 好了写解除", "帳號受限了: 名字 私聊 3d, 好了寫解除", "An account is limited: NAME private 3d, or NAME lift");
    Transfer "transfer" [] Nothing Tell writes ["move", "移群"]
        ("移群", "移群", "move") ("把群的 SOP 移到别的群: 群名", "把群的 SOP 移到別的群: 群名", "Take this group's playbooks to another: NAME");
    Import "import" [] Nothing Tell writes ["import", "导入", "匯入"]
        ("导入", "匯入", "import") ("导入成员名单: 文件名", "匯入成員名單: 檔名", "Import a member list: FILE");
    Enrol "enrol" [] Playbook Tell writes ["enrol", "加人"]
        ("加人", "加人", "enrol") ("加人进这份 SOP: 名字, 群名或筛选", "加人進這份 SOP: 名字, 群名或篩選", "Put people into this playbook: a name, a group or a filter");
    Unenrol "unenrol" [] Playbook Tell writes ["unenrol", "移出"]
        ("移出", "移出", "take out") ("把选中的人移出这份 SOP", "把選中的人移出這份 SOP", "Take who is marked out of this playbook");
    PauseSop "pause-sop" [] Playbook Tell writes ["pause", "暂停", "暫停"]
        ("暂停", "暫停", "pause") ("暂停这份 SOP", "暫停這份 SOP", "Pause this playbook");
    PauseTarget "pause-target" [] Target Tell writes ["mute", "停发", "停發"]
        ("停发", "停發", "mute") ("这些群或人先别发: 后面可写到何时", "這些群或人先別發: 後面可寫到何時", "Playbooks of these groups or people wait; until when may follow");
    UnpauseTarget "unpause-target" [] Target Tell writes ["unmute", "续发", "續發"]
        ("续发", "續發", "unmute") ("停发的接着走", "停發的接著走", "Those that were paused go on");
    DayOff "day-off" [] Playbook Tell writes ["day-off", "停团", "停團", "今日停团", "今日停團"]
        ("停团", "停團", "day off") ("今日停团: 后面可写给各群的说明", "今日停團: 後面可寫給各群的說明", "Call this playbook off for today; a notice for its groups may follow");
    ResumeSop "resume-sop" [] Playbook Tell writes ["resume", "恢复", "恢復"]
        ("恢复", "恢復", "resume") ("恢复这份 SOP", "恢復這份 SOP", "Let this playbook go on");
    RemoveSop "remove-sop" [] Playbook Tell writes ["retire", "停用"]
        ("停用", "停用", "retire") ("停用这份 SOP, 取消待发", "停用這份 SOP, 取消待發", "End this playbook and what is due of it");
    Filter "filter" ["/", "ctrl-k"] Nothing Find looks ["filter", "筛选", "篩選"]
        ("筛选", "篩選", "filter") ("筛选这个视图", "篩選這個視圖", "Filter this view");
    Jump "jump" ["f", "ctrl-p"] Nothing Find looks ["goto", "find", "跳到"]
        ("找人", "找人", "find") ("按名字跳到群或成员", "按名字跳到群或成員", "Jump to a group or member by name");
    Views "views" ["w"] Nothing Find looks ["views", "视图", "視圖", "view"]
        ("视图", "視圖", "views") ("视图: 选一个, 存下现在的筛选和排序", "視圖: 選一個, 存下現在的篩選和排序", "Views: choose one, save this filter and order");
    Sort "sort" [] Nothing Find looks ["sort", "排序"]
        ("排序", "排序", "sort") ("排序: account 按账号和聊天, 少切窗口", "排序: account 按帳號和聊天, 少切視窗", "Order: account goes by account and chat, few switches");
    Columns "columns" [] Nothing Find looks ["columns", "列", "欄"]
        ("列", "欄", "columns") ("这个视图显示哪几列: 到期,账号,群", "這個視圖顯示哪幾欄: 到期,帳號,群", "Columns of this view, from left to right: due,account,group");
    Rows "rows" [] Nothing Find looks ["rows", "行数", "列數"]
        ("行数", "列數", "rows") ("这个视图最多几行, 0 是全部", "這個視圖最多幾列, 0 是全部", "How many rows this view has at most, 0 for all");
    Calendar "calendar" [] Nothing Find looks ["calendar", "日历", "日曆"]
        ("日历", "日曆", "calendar") ("日历: 往后每天多少条, 当天清单", "日曆: 往後每天多少條, 當天清單", "Calendar: how much each day ahead asks for");
    Timeline "timeline" ["D"] Nothing Find looks ["timeline", "时间轴", "時間軸"]
        ("时间轴", "時間軸", "the day") ("今日时间轴: 每小时多少条, 还有什么要来", "今日時間軸: 每小時多少條, 還有什麼要來", "Today hour by hour, and what is still to come");
    Campaigns "campaigns" [] Nothing Find looks ["campaigns", "大促"]
        ("大促", "大促", "campaigns") ("大促: 走到哪了, 全部停下", "大促: 走到哪了, 全部停下", "Campaigns: how far they are, stop one for all");
    Alert "alert" ["n", "ctrl-n"] Nothing Find looks ["alert", "提醒"]
        ("提醒", "提醒", "alert") ("到下一条没看过的", "到下一條沒看過的", "Next task not seen yet");
    Why "why" ["W", "ctrl-w"] Line Find looks ["why", "为什么", "為什麼"]
        ("为何", "為何", "why") ("为什么, 下一步何时", "為什麼, 下一步何時", "Why, and what comes next");
    Verbs "verbs" [":", "ctrl-g"] Nothing Find looks []
        ("命令", "命令", "command") ("输入命令", "輸入命令", "Type a verb");
    Help "help" ["?", "f1"] Nothing Find looks ["help", "帮助", "說明"]
        ("帮助", "說明", "help") ("所有按键, 可搜可用", "所有按鍵, 可搜可用", "Every key, searchable");
    Next "next" ["j", "down"] Nothing Move looks []
        ("下", "下", "down") ("下一行", "下一行", "Down");
    Previous "previous" ["k", "up"] Nothing Move looks []
        ("上", "上", "up") ("上一行", "上一行", "Up");
    Top "top" ["g g", "home"] Nothing Move looks []
        ("顶", "頂", "top") ("第一行", "第一行", "First line");
    Bottom "bottom" ["G", "end"] Nothing Move looks []
        ("底", "底", "bottom") ("最后一行", "最後一行", "Last line");
    HalfDown "half-down" ["ctrl-d"] Nothing Move looks []
        ("下半页", "下半頁", "half down") ("下半页", "下半頁", "Half a page down");
    HalfUp "half-up" ["ctrl-u"] Nothing Move looks []
        ("上半页", "上半頁", "half up") ("上半页", "上半頁", "Half a page up");
    PageDown "page-down" ["ctrl-f", "pagedown", "text:pagedown", "card:space"] Nothing Move looks []
        ("下页", "下頁", "page down") ("下一页", "下一頁", "Page down");
    PageUp "page-up" ["ctrl-b", "pageup", "text:pageup", "quick:left"] Nothing Move looks []
        ("上页", "上頁", "page up") ("上一页", "上一頁", "Page up");
    Open "open" ["enter"] Nothing Move looks []
        ("打开", "打開", "open") ("打开; 再按: 这里能做的一切", "打開; 再按: 這裡能做的一切", "Open; again: everything that can be done here");
    Back "back" ["esc", "q"] Nothing Move looks []
        ("返回", "返回", "back") ("返回一层", "返回一層", "Back one level");
    PaneNext "pane-next" ["l", "tab", "calendar:right"] Nothing Move looks []
        ("右栏", "右欄", "next pane") ("下一栏", "下一欄", "Next pane");
    PanePrevious "pane-previous" ["h", "shift-tab", "calendar:left"] Nothing Move looks []
        ("左栏", "左欄", "previous pane") ("上一栏", "上一欄", "Previous pane");
    ViewNext "view-next" ["]", "ctrl-right"] Nothing Move looks []
        ("下个视图", "下個視圖", "next view") ("下一个视图", "下一個視圖", "Next view");
    ViewPrevious "view-previous" ["[", "ctrl-left"] Nothing Move looks []
        ("上个视图", "上個視圖", "previous view") ("上一个视图", "上一個視圖", "Previous view");
    View1 "view-due" ["1"] Nothing Move looks ["due", "待发", "待發"] ("待发", "待發", "due") ("待发", "待發", "Due");
    View2 "view-today" ["2"] Nothing Move looks ["today", "今日"] ("今日", "今日", "today") ("今日", "今日", "Today");
    View3 "view-overdue" ["3"] Nothing Move looks ["overdue", "逾期"] ("逾期", "逾期", "late") ("逾期", "逾期", "Overdue");
    View4 "view-snoozed" ["4"] Nothing Move looks ["snoozed", "稍后的", "稍後的"] ("稍后", "稍後", "later") ("稍后", "稍後", "Snoozed");
    View5 "view-awaiting" ["5"] Nothing Move looks ["awaiting", "等回复", "等回覆"]
        ("等回复", "等回覆", "await") ("等对方回复", "等對方回覆", "Awaiting a reply");
    View6 "view-to-answer" ["6"] Nothing Move looks ["to-answer", "待回"]
        ("待回", "待回", "answer") ("等我们回", "等我們回", "Waiting for our answer");
    View7 "view-groups" ["7"] Nothing Move looks ["groups", "群组", "群組"] ("群组", "群組", "groups") ("群组", "群組", "Groups");
    View8 "view-members" ["8"] Nothing Move looks ["members", "成员", "成員"] ("成员", "成員", "people") ("成员", "成員", "Members");
    View9 "view-sops" ["9"] Nothing Move looks ["sops"] ("SOP", "SOP", "SOP") ("SOP", "SOP", "Playbooks");
    Preview "preview" ["-"] Nothing Screen looks ["preview", "预览", "預覽"]
        ("预览", "預覽", "preview") ("预览开关", "預覽開關", "Preview on or off");
    PreviewAt "preview-at" ["P"] Nothing Screen looks ["preview-at", "预览位置", "預覽位置"]
        ("预览位置", "預覽位置", "preview at") ("预览在右边或下面", "預覽在右邊或下面", "Preview at the right or below");
    Solo "focus" ["F"] Nothing Screen looks ["focus", "专注", "專注"]
        ("专注", "專注", "focus") ("专注: 一次一条, 占满屏幕", "專注: 一次一則, 佔滿螢幕", "Focus: one task at a time, all over the screen");
    Zoom "zoom" ["_"] Nothing Screen looks ["zoom", "放大"]
        ("放大", "放大", "zoom") ("这一栏放大", "這一欄放大", "Zoom this pane");
    HideNames "hide-names" ["f12"] Nothing Screen looks ["hide-names", "撤展"]
        ("撤展", "撤展", "hide names") ("撤展: 遮住名字和手机号, 再按恢复", "撤展: 遮住名字和手機號, 再按恢復", "Hide names and phones from who looks on, or show them again");
    Digest "digest" [] Nothing Screen looks ["digest", "离线", "離線"]
        ("离线汇总", "離線彙總", "digest") ("离线时到点的", "離線時到點的", "What came due while away");
    ClockOk "clock-ok" [] Nothing Screen writes ["clock-ok", "时钟无误", "時鐘無誤"]
        ("时钟无误", "時鐘無誤", "clock is right") ("确认时钟无误, 继续触发", "確認時鐘無誤, 繼續觸發", "The clock is right, go on");
    Messages "messages" [] Nothing Screen looks ["messages", "消息"]
        ("消息", "訊息", "messages") ("看过的提示", "看過的提示", "Messages so far");
    Language "language" [] Nothing Screen looks ["lang", "语言", "語言"]
        ("语言", "語言", "language") ("换语言: zh-CN zh-TW en", "換語言: zh-CN zh-TW en", "Language: zh-CN zh-TW en");
    Theme "theme" [] Nothing Screen looks ["theme", "配色"]
        ("配色", "配色", "theme") ("换配色: dark light contrast sixteen", "換配色: dark light contrast sixteen", "Theme: dark light contrast sixteen");
    Tour "tour" [] Nothing Screen looks ["tour", "引导", "導覽"]
        ("引导", "導覽", "tour") ("从零开始", "從零開始", "First steps");
    Repaint "repaint" ["ctrl-l"] Nothing Screen looks ["repaint"]
        ("重画", "重畫", "repaint") ("重画屏幕", "重畫螢幕", "Paint the screen again");
    Suspend "suspend" ["ctrl-z"] Nothing Screen looks []
        ("挂起", "掛起", "suspend") ("挂起到后台", "掛起到後台", "Suspend");
    Quit "quit" ["ctrl-q"] Nothing Screen looks ["q", "quit", "退出", "離開"]
        ("退出", "離開", "quit") ("退出", "離開", "Quit");
    Take "take" ["text:enter"] Nothing Popup looks []
        ("确定", "確定", "take") ("确定, 到下一格; 正文里换行", "確定, 到下一格; 正文裡換行", "Take what is typed or offered; a new line in a text");
    Leave "leave" ["text:esc"] Nothing Popup looks []
        ("返回", "返回", "leave") ("返回; 写了的先问", "返回; 寫了的先問", "Leave; what is written is asked about first");
    GiveUp "give-up" ["text:ctrl-g", "menu:ctrl-g"] Nothing Popup looks []
        ("放弃", "放棄", "give up") ("问过之后, 放弃写了的", "問過之後, 放棄寫了的", "Once asked: throw away what is written");
    Save "save" ["text:ctrl-s", "text:f3"] Nothing Popup looks []
        ("保存", "儲存", "save") ("保存写的", "儲存寫的", "Save what is written");
    Complete "complete" ["text:tab"] Nothing Popup looks []
        ("补全", "補全", "complete") ("取候选, 下一格", "取候選, 下一格", "Take the offer, the next field");
    FieldBack "field-back" ["text:shift-tab"] Nothing Popup looks []
        ("上一格", "上一格", "field back") ("上一格", "上一格", "The field before");
    LineDown "line-down" ["text:down"] Nothing Popup looks []
        ("下一项", "下一項", "line down") ("打字时下一行, 下一个候选", "打字時下一行, 下一個候選", "While typing: the line or offer below");
    LineUp "line-up" ["text:up"] Nothing Popup looks []
        ("上一项", "上一項", "line up") ("打字时上一行, 上个候选, 打过的命令", "打字時上一行, 上個候選, 打過的命令", "While typing: the line or offer above; verbs typed before");
    OfferNext "offer-next" ["text:ctrl-n"] Nothing Popup looks []
        ("下个候选", "下個候選", "next offer") ("表格和正文里下一个候选", "表格和正文裡下一個候選", "In forms and texts: the next offer");
    OfferPrevious "offer-previous" ["text:ctrl-p"] Nothing Popup looks []
        ("上个候选", "上個候選", "offer before") ("表格和正文里上一个候选", "表格和正文裡上一個候選", "In forms and texts: the offer before");
    MakeGroup "make-group" ["prompt:ctrl-n"] Nothing Popup looks []
        ("新建群", "新建群", "make group") ("速记里新建打出来的群", "速記裡新建打出來的群", "In quick entry: make the group that is typed");
    EditSnippet "edit-snippet" ["prompt:ctrl-e"] Nothing Popup looks []
        ("改话术", "改話術", "edit snippet") ("改这条话术, 或新写一条", "改這條話術, 或新寫一條", "Edit this snippet, or write one");
    More "more" ["quick:0", "quick:space", "quick:right"] Nothing Popup looks []
        ("更多", "更多", "more") ("速记里更多事件", "速記裡更多事件", "In quick entry: more of what may have happened");
    ChangePlace "change-place" ["quick:tab"] Nothing Popup looks []
        ("换地方", "換地方", "place") ("速记里换地方", "速記裡換地方", "In quick entry: another place");
}

impl Action {
    /// Every entry, in the order of help.
    pub const fn all() -> &'static [Entry] {
        TABLE
    }

    /// Its row.
    pub fn entry(self) -> &'static Entry {
        // Enum and table come out of one macro, in one order; a test watches it.
        &TABLE[self as usize]
    }

    /// The action of a view, from 0.
    pub fn view(index: usize) -> Option<Self> {
        [
            Self::View1,
            Self::View2,
            Self::View3,
            Self::View4,
            Self::View5,
            Self::View6,
            Self::View7,
            Self::View8,
            Self::View9,
        ]
        .get(index)
        .copied()
    }

    /// Whether it is done to every marked line; an action that is not takes one line at a time.
    pub const fn takes_marks(self) -> bool {
        matches!(
            self,
            Self::Copy
                | Self::Sent
                | Self::Snooze
                | Self::Wake
                | Self::Skip
                | Self::Merge
                | Self::Mark
                | Self::Range
                | Self::Invert
                | Self::Same
                | Self::Quick
                | Self::Follow
                | Self::Note
                | Self::Edit
                | Self::PauseTarget
                | Self::UnpauseTarget
        )
    }

    /// Whether it changes the line under the cursor alone: refused while several are marked.
    pub fn is_of_one_line(self) -> bool {
        let entry = self.entry();
        entry.writes && entry.needs != Needs::Nothing && !self.takes_marks()
    }

    /// Whether there is no account, group or member, as this is one, of which it could be done.
    pub const fn is_of_none_like(self, object: ObjectId) -> bool {
        match self {
            Self::Reply => matches!(object, ObjectId::Account(_)),
            Self::Transfer => !matches!(object, ObjectId::Group(_)),
            Self::Withdraw => true,
            _ => false,
        }
    }

    /// Which view it shows, from 0.
    pub fn view_index(self) -> Option<usize> {
        (0..9).find(|index| Self::view(*index) == Some(self))
    }
}

impl Entry {
    /// One or two words: footer and menu.
    pub fn short(&self, lang: Lang) -> &'static str {
        let [cn, tw, en] = self.short;
        pick(lang, cn, tw, en)
    }

    /// One line of help.
    pub fn doc(&self, lang: Lang) -> &'static str {
        let [cn, tw, en] = self.doc;
        pick(lang, cn, tw, en)
    }

    /// Its keys of all panes, as shown; of what only popups do, those there.
    pub fn all_keys(&self) -> String {
        self.shown_keys().join(" ")
    }

    fn shown_keys(&self) -> Vec<String> {
        let of = |written: &&str| {
            let (context, key) = Context::of_written(written);
            (context == Context::Global || self.section == Section::Popup).then(|| shown(key))
        };
        let mut keys: Vec<String> = self.keys.iter().filter_map(of).collect();
        // the same key in two places
        keys.dedup();
        keys
    }

    /// The verb shown for it in a language: the first that fits the script.
    pub fn verb(&self, lang: Lang) -> Option<&'static str> {
        let mut own = self.verbs.iter().filter(|verb| verb.is_ascii() == (lang == Lang::En));
        let found = match lang {
            // simplified words stand first, traditional ones behind them
            Lang::ZhTw => own.next_back(),
            Lang::ZhCn | Lang::En => own.next(),
        };
        found.or_else(|| self.verbs.first()).copied()
    }
}

/// The key table of the README, in Markdown.
pub fn key_table(lang: Lang) -> String {
    let heads = match lang {
        Lang::ZhCn => "| 按键 | 作用 | `:` 命令 |",
        Lang::ZhTw => "| 按鍵 | 作用 | `:` 命令 |",
        Lang::En => "| key | action | `:` verb |",
    };
    let mut out = String::new();
    for section in Section::ALL {
        let _ = writeln!(out, "**{}**\n\n{heads}\n|---|---|---|", section.label(lang));
        for entry in TABLE.iter().filter(|entry| entry.section == section) {
            let keys: Vec<String> =
                entry.shown_keys().iter().map(|key| format!("`{}`", key.replace('|', "\\|"))).collect();
            let verb = entry.verb(lang).map(|verb| format!("`:{verb}`")).unwrap_or_default();
            let _ = writeln!(out, "| {} | {} | {verb} |", keys.join(" "), entry.doc(lang));
        }
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::key::{Key, sequence};
    use crate::tui::keymap::{Unsafe, danger};
    use std::collections::HashSet;

    #[test]
    fn table_and_enum_are_in_one_order() {
        for (at, entry) in TABLE.iter().enumerate() {
            assert_eq!(entry.action as usize, at);
        }
    }

    #[test]
    fn every_key_reads_and_none_clashes() {
        let mut seen: HashSet<(Context, Vec<Key>)> = HashSet::new();
        let mut ids = HashSet::new();
        let mut verbs = HashSet::new();
        for entry in TABLE {
            assert!(ids.insert(entry.id), "{}", entry.id);
            assert!(entry.id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'));
            for written in entry.keys {
                let (context, key) = Context::of_written(written);
                let keys = sequence(key).unwrap_or_else(|| panic!("{written} is no key"));
                let types = keys.iter().any(|key| key.typed().is_some());
                assert!(!(context.takes_text() && types), "{written} would be a letter");
                assert!(seen.insert((context, keys)), "{written} is bound twice");
            }
            for verb in entry.verbs {
                assert!(verbs.insert(*verb), "{verb} is two verbs");
            }
            assert!(!entry.keys.is_empty() || !entry.verbs.is_empty(), "{} cannot be reached", entry.id);
        }
        for (context, keys) in seen.iter().filter(|(_, keys)| keys.len() == 2) {
            assert!(!seen.contains(&(*context, keys[..1].to_vec())), "a prefix key acts by itself");
        }
    }

    /// A split `ESC [ A` or `ESC O P` or `ESC [ 3 ~` delivers its tail as a key; focus reports end in I and O.
    #[test]
    fn no_key_is_a_danger() {
        for entry in TABLE {
            let keys = entry.keys.iter().map(|written| Context::of_written(written).1);
            for key in keys.flat_map(|written| sequence(written).unwrap()) {
                assert_eq!(danger(key, entry.writes), None, "{} on {key}", entry.id);
            }
        }
        assert_eq!(danger(Key::char('A'), true), Some(Unsafe::Tail));
        assert_eq!(danger(Key::char('5'), true), Some(Unsafe::Tail));
        assert_eq!(danger(Key::char('A'), false), None);
        assert_eq!(danger(Key::parse("esc").unwrap(), true), Some(Unsafe::Head));
        assert_eq!(danger(Key::parse("esc").unwrap(), false), None);
        assert_eq!(danger(Key::parse("alt-x").unwrap(), true), Some(Unsafe::Alt));
        assert_eq!(danger(Key::parse("ctrl-m").unwrap(), false), Some(Unsafe::Taken));
    }

    #[test]
    fn the_daily_loop_works_with_an_input_method_on() {
        for action in [
            Action::Sent,
            Action::Copy,
            Action::SearchTerm,
            Action::Quick,
            Action::Reply,
            Action::Snooze,
            Action::Skip,
            Action::Filter,
            Action::Jump,
            Action::Open,
            Action::Next,
            Action::Back,
            Action::Help,
            Action::Verbs,
        ] {
            let proof = action
                .entry()
                .keys
                .iter()
                .any(|w| sequence(w).is_some_and(|w| w.iter().all(|k| k.is_ime_proof())));
            assert!(proof, "{}", action.entry().id);
        }
    }

    #[test]
    fn every_action_has_words_without_ambiguous_widths() {
        for entry in TABLE {
            for lang in Lang::ALL {
                for words in [entry.short(lang), entry.doc(lang)] {
                    assert!(!words.trim().is_empty(), "{}", entry.id);
                    assert!(!words.chars().any(crate::text::width::is_ambiguous), "{words}");
                }
            }
        }
    }

    #[test]
    fn the_key_table_names_every_action_once() {
        for lang in Lang::ALL {
            let table = key_table(lang);
            for entry in TABLE {
                assert!(table.contains(entry.doc(lang)), "{}", entry.id);
            }
            assert_eq!(
                table.lines().filter(|l| l.starts_with("| `") || l.starts_with("|  |")).count(),
                TABLE.len()
            );
        }
    }
}
