//! Words about the numbers after `:sent` and `:skip`.

crate::words! {
    /// What the numbers were counted by.
    pub enum SheetWords {
        BySheet { name, at } => ["按 {name} {at} 的清单", "按 {name} {at} 的清單", "by the sheet of {name} made {at}"],
        BySheetUndated { name } => ["按 {name} 的清单", "按 {name} 的清單", "by the last sheet of {name}"],
        ByRows => ["没按清单, 按这个列表的行", "沒按清單, 按這個列表的列", "rows of this list, no sheet"],
        More { names, n } => ["{names} 等 {n} 条", "{names} 等 {n} 則", "{names} and others, {n} in all"],
        NoNumber { name, last, n } => [
            "{name} 的清单只到 {last}, 没有 {n}", "{name} 的清單只到 {last}, 沒有 {n}", "the sheet of {name} ends at {last}: there is no {n}"
        ],
        NoReason { text, reasons } => [
            "没有第 {text} 个原因。有: {reasons}", "沒有第 {text} 個原因。有: {reasons}", "there is no reason {text}. There are: {reasons}",
        ],
        NotNumbers { text } => [
            "「{text}」不是编号; 写成 1 3 5-8", "「{text}」不是編號; 寫成 1 3 5-8", "\"{text}\" is no number; write 1 3 5-8",
        ],
        Old { name, at, verb } => [
            "{name} 的清单是 {at} 的。按它记: {verb} {name} 1 3; 按这个列表: {verb} 行 1 3",
            "{name} 的清單是 {at} 的。按它記: {verb} {name} 1 3; 按這個列表: {verb} 列 1 3",
            "the sheet of {name} is of {at}. By it: {verb} {name} 1 3; by this list: {verb} rows 1 3"
        ],
        Several { names, verb } => [
            "有几份清单: {names}。写 {verb} 账号 1 3, 或按这个列表 {verb} 行 1 3",
            "有幾份清單: {names}。寫 {verb} 帳號 1 3, 或按這個列表 {verb} 列 1 3",
            "several sheets: {names}. Write {verb} ACCOUNT 1 3, or for this list {verb} rows 1 3"
        ],
        NoneOf { text, names } => ["没有「{text}」的清单。有: {names}", "沒有「{text}」的清單。有: {names}", "no sheet of \"{text}\". There are: {names}"],
        NoneYet { text } => [
            "没有「{text}」的清单, 还没打过: qun sheet 账号", "沒有「{text}」的清單, 還沒列過: qun sheet 帳號",
            "no sheet of \"{text}\": none was made yet, qun sheet ACCOUNT makes one"
        ],
    }
}
