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
        Changed { name } => [
            "视图“{name}”之后改过，保留", "視圖「{name}」之後改過，保留", "the view \"{name}\" changed since and stays",
        ],
        Same => ["没有改动", "沒有改動", "nothing changed"],
        Unknown { name } => ["没有叫“{name}”的视图", "沒有叫「{name}」的視圖", "there is no view \"{name}\""],
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
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_sentence_has_its_words() {
        assert_eq!(crate::text::lang::faults::<super::SavedViewWords>(), Vec::<String>::new());
    }
}
