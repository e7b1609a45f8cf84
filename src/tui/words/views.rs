//! Words about views.

crate::words! {
    /// What the screen says about views.
    pub enum ViewWords {
        EmptyAccounts { new } => ["还没有账号。{new} 新建", "還沒有帳號。{new} 新建", "No accounts. {new} makes one"],
        RowPaused => ["[停发]", "[停發]", "[paused]"],
        RowPausedUntil { at } => ["[停发到 {at}]", "[停發到 {at}]", "[paused until {at}]"],
        Changed => ["(已改动)", "(已改動)", "(changed)"],
        ChangedHint { views } => ["已改动, {views} 保存", "已改動, {views} 儲存", "changed, {views} saves"],
        ChangedOwnHint { views, back } => ["已改动, {views} 另存, {back} 还原", "已改動, {views} 另存, {back} 還原", "changed, {views} saves as, {back} resets"],
        Emptied { name, filter } => ["清空: 回到 {name} 自己的条件 {filter}", "清空: 回到 {name} 自己的條件 {filter}", "empty: {name} lists what it always does, {filter}"],
        EmptiedAll { name } => ["清空: {name} 全部列出", "清空: {name} 全部列出", "empty: all of {name}"],
        Without { condition } => ["去掉 {condition}", "去掉 {condition}", "without {condition}"],
        NearRows { n, filter } => ["{n} 条  {filter}", "{n} 條  {filter}", "{n} rows  {filter}"],
        SelectNotHere { text, view } => [
            "--select {text}: 不在视图「{view}」里", "--select {text}: 不在視圖「{view}」裡", "--select {text}: not in the view {view}",
        ],
        NotRun { verbs } => ["后面的没有做: {verbs}", "後面的沒有做: {verbs}", "not run after that: {verbs}"],
        NotYetDue { timeline, calendar } => [
            "没到点的还不在这里: {timeline} 看今天和接下来, {calendar} 看往后每天",
            "沒到點的還不在這裡: {timeline} 看今天和接下來, {calendar} 看往後每天",
            "what is not due yet is not here: {timeline} shows today and what follows, {calendar} the days ahead"
        ],
        NoMatch => ["没有匹配", "沒有匹配", "no match"],
        NoMatchNear { complete } => ["没有匹配, {complete} 换成:", "沒有匹配, {complete} 換成:", "no match; {complete} takes:"],
        NearHint { filter, complete } => ["{filter} 再 {complete} 换成第一个", "{filter} 再 {complete} 換成第一個", "{filter} then {complete} takes the first"],
        Again { views } => [
            "再做一次 ({views}) 就按你的", "再做一次 ({views}) 就按你的", "the same once more ({views}) takes yours",
        ],
        Save => ["存下这个视图的改动", "存下這個視圖的改動", "save the changes of this view"],
        SaveShared => ["另存为.. (门店共用)", "另存為.. (門店共用)", "save as.. (for everybody)"],
        SavePrivate => ["另存为.. (只有我)", "另存為.. (只有我)", "save as.. (only for me)"],
        Sort => ["排序..", "排序..", "order.."],
        Columns => ["显示哪几列..", "顯示哪幾欄..", "columns.."],
        Rows => ["最多几行..", "最多幾列..", "most rows.."],
        ColumnsOwn => ["默认", "預設", "default"],
        ColumnsNow { columns } => ["列: {columns}", "欄: {columns}", "columns: {columns}"],
        ColumnsBack => ["列: 按默认的来", "欄: 按預設的來", "columns: as the list has them"],
        NoColumn { kind, column } => [
            "{kind}没有「{column}」这一列", "{kind}沒有「{column}」這一欄", "{kind} rows have no column {column}",
        ],
        NoColumnNear { kind, column, columns } => [
            "{kind}没有「{column}」这一列, 是不是「{columns}」?", "{kind}沒有「{column}」這一欄, 是不是「{columns}」?",
            "{kind} rows have no column {column}; did you mean {columns}?",
        ],
        RowsNow { n } => ["最多 {n} 行", "最多 {n} 列", "at most {n} rows"],
        RowsAll => ["全部", "全部", "all"],
        NoRows { text, n } => [
            "行数写 1 到 {n}, 0 是全部, 不是「{text}」", "列數寫 1 到 {n}, 0 是全部, 不是「{text}」",
            "rows are from 1 to {n}, 0 for all, not \"{text}\"",
        ],
        Rename => ["改名..", "改名..", "rename.."],
        Key => ["按键 1-9..", "按鍵 1-9..", "digit 1-9.."],
        Remove => ["删掉这个视图", "刪掉這個視圖", "remove this view"],
        Shared => ["共用", "共用", "shared"],
        Private => ["只有我", "只有我", "mine"],
        Kept { name } => ["已存视图: {name}", "已存視圖: {name}", "saved the view {name}"],
        Undone { what } => ["撤销了: {what} (只有你自己的视图, 不进日志)", "復原了: {what} (只有你自己的視圖, 不進日誌)", "undone: {what} (your own view: not in the log)"],
        Redone { what } => ["重做了: {what}", "重做了: {what}", "done again: {what}"],
        Gone { name } => ["已删视图: {name}", "已刪視圖: {name}", "removed the view {name}"],
        NameLabel => ["视图名称>", "視圖名稱>", "name of the view>"],
        Taken { name } => ["已有叫 {name} 的视图", "已有叫 {name} 的視圖", "a view {name} is there already"],
        TakenOwn { name } => [
            "你自己有叫 {name} 的视图: 换个名字, 或先改那个的名",
            "你自己有叫 {name} 的視圖: 換個名字, 或先改那個的名",
            "you have a view {name} of your own: take another name, or rename that one first",
        ],
        Twofold { name, views } => [
            "视图 {name} 有两个: @{name} 是你自己的, 共用的被它挡住; {views} 改名",
            "視圖 {name} 有兩個: @{name} 是你自己的, 共用的被它擋住; {views} 改名",
            "two views are called {name}: @{name} is your own and hides the shared one; {views} renames",
        ],
        NamesOwn { name } => [
            "@{name} 只有你自己有, 共用的视图不能用它", "@{name} 只有你自己有, 共用的視圖不能用它",
            "@{name} is only yours: a view for everybody cannot speak of it"
        ],
        KeyTitle => ["用哪个数字", "用哪個數字", "Which digit"],
        NoKey => ["不用数字", "不用數字", "no digit"],
    }
}
