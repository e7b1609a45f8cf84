//! Sentences about saved views.

crate::words! {
    pub(in crate::desk) enum SavedViewWords {
        Kept { name } => ["已存视图“{name}”", "已存視圖「{name}」", "saved the view \"{name}\""],
        Renamed { name, before } => [
            "视图“{before}”改名为“{name}”", "視圖「{before}」改名為「{name}」", "the view \"{before}\" is called \"{name}\" now",
        ],
        Removed { name } => ["已删视图“{name}”", "已刪視圖「{name}」", "removed the view \"{name}\""],
        Taken { name } => [
            "已有叫“{name}”的视图", "已有叫「{name}」的視圖", "a view \"{name}\" is there already",
        ],
        Builtin { name } => [
            "“{name}”是自带的视图，换个名称", "「{name}」是自帶的視圖，換個名稱", "\"{name}\" is a view that comes with the program: another name",
        ],
        Changed { name } => [
            "视图“{name}”之后改过，保留", "視圖「{name}」之後改過，保留", "the view \"{name}\" changed since and stays",
        ],
        Same => ["没有改动", "沒有改動", "nothing changed"],
        Unknown { name } => ["没有叫“{name}”的视图", "沒有叫「{name}」的視圖", "there is no view \"{name}\""],
        NoName => ["视图要有名称", "視圖要有名稱", "a view needs a name"],
        BadName => [
            "名称里不能有 @ # \" 和括号，也不能是一个数字", "名稱裡不能有 @ # \" 和括號，也不能是一個數字",
            "a name has no @ # \" or parenthesis in it and is no digit",
        ],
        NameTooLong { n } => ["名称最多 {n} 个字", "名稱最多 {n} 個字", "a name has at most {n} characters"],
        Key => ["按键写 1 到 9", "按鍵寫 1 到 9", "the key is a digit from 1 to 9"],
        Limit { n } => ["行数写 1 到 {n}", "列數寫 1 到 {n}", "the limit is from 1 to {n}"],
        NoColumn { kind, column, columns } => [
            "{kind}没有“{column}”这一列: {columns}", "{kind}沒有「{column}」這一欄: {columns}",
            "{kind} rows have no column {column}: {columns}",
        ],
        NoSort { kind, sort, sorts } => [
            "{kind}不能按“{sort}”排: {sorts}", "{kind}不能按「{sort}」排: {sorts}",
            "{kind} rows have no order {sort}: {sorts}",
        ],
        TookKey { key, name } => [
            "按键 {key} 原来是“{name}”的", "按鍵 {key} 原來是「{name}」的", "the key {key} was \"{name}\"'s",
        ],
        InUse { name, users } => [
            "@{name} 还在用, 先从这里拿掉: {users}", "@{name} 還在用, 先從這裡拿掉: {users}",
            "@{name} is in use, take it out there first: {users}",
        ],
        UsedIn { name, names } => [
            "@{name} 还用在这些视图里: {names}", "@{name} 還用在這些視圖裡: {names}", "@{name} still stands in these views: {names}",
        ],
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_sentence_has_its_words() {
        assert_eq!(crate::text::lang::faults::<super::SavedViewWords>(), Vec::<String>::new());
    }
}
