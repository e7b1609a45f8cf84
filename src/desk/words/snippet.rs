//! Sentences about 话术.

crate::words! {
    pub(in crate::desk) enum SnippetWords {
        Kept { name } => ["已存话术“{name}”", "已存話術「{name}」", "kept the snippet \"{name}\""],
        KeptMany { name, n } => [
            "已存话术“{name}”等 {n} 条", "已存話術「{name}」等 {n} 條", "kept the snippet \"{name}\" and {n} in all",
        ],
        Removed { name } => ["已删话术“{name}”", "已刪話術「{name}」", "removed the snippet \"{name}\""],
        Used { name } => ["用了话术“{name}”", "用了話術「{name}」", "used the snippet \"{name}\""],
        Taken { name } => [
            "已有叫“{name}”的话术，换个名称，或打开它来改", "已有叫「{name}」的話術，換個名稱，或打開它來改",
            "a snippet \"{name}\" is there already: another name, or open that one",
        ],
        Twice { name } => ["“{name}”写了两次", "「{name}」寫了兩次", "\"{name}\" stands there twice"],
        Changed { name } => [
            "话术“{name}”之后改过，保留", "話術「{name}」之後改過，保留", "the snippet \"{name}\" changed since and stays",
        ],
        StillIncluded { name, names } => [
            "还有文字放着“{name}”，会被拦下: {names}", "還有文字放著「{name}」，會被攔下: {names}",
            "\"{name}\" is still included and blocks these: {names}",
        ],
        Same => ["没有改动", "沒有改動", "nothing changed"],
        Unknown { name } => ["没有叫“{name}”的话术", "沒有叫「{name}」的話術", "there is no snippet \"{name}\""],
        NoName => [
            "第一行写名称，后面可加 #标签", "第一行寫名稱，後面可加 #標籤", "the first line is its name, #tags may follow",
        ],
        NameTooLong { n } => ["名称最多 {n} 个字", "名稱最多 {n} 個字", "a name has at most {n} characters"],
        NoText { name } => ["“{name}”还没有正文", "「{name}」還沒有正文", "\"{name}\" has no text yet"],
        TextTooLong { name, n } => [
            "“{name}”的正文最多 {n} 个字", "「{name}」的正文最多 {n} 個字", "the text of \"{name}\" has at most {n} characters",
        ],
        Variable { name, known } => [
            "没有变量“{name}”，用到时会被拦下; 有 {known}", "沒有變數「{name}」，用到時會被攔下; 有 {known}",
            "there is no variable \"{name}\": it blocks the text; there are {known}",
        ],
        Wrong { name, why } => ["“{name}”: {why}", "「{name}」: {why}", "\"{name}\": {why}"],
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_sentence_has_its_words() {
        assert_eq!(crate::text::lang::faults::<super::SnippetWords>(), Vec::<String>::new());
    }
}
