//! Words of quick entry.

crate::words! {
    /// What the screen says in quick entry.
    pub enum QuickWords {
        Label => ["速记>", "速記>", "tell>"],
        Where => ["在:", "在:", "at:"],
        Nowhere => ["未定", "未定", "anywhere"],
        What => ["发生了什么", "發生了什麼", "what happened"],
        WhatFirst => ["先按数字选一样, 或移到它上面", "先按數字選一樣, 或移到它上面", "choose by its digit, or move to it, first"],
        More { more, change_place, back } => ["{more} 更多  {change_place} 换地方  {back} 返回", "{more} 更多  {change_place} 換地方  {back} 返回", "{more} more  {change_place} where  {back} back"],
        Who { take } => ["名字或拼音, 逗号隔开, 可整段粘贴; {take} 下一步", "名字或拼音, 逗號隔開, 可整段貼上; {take} 下一步", "names, commas between, or paste many; {take} goes on"],
        New { name } => ["新建「{name}」", "新建「{name}」", "new: {name}"],
        Choose { name } => ["哪一位「{name}」?", "哪一位「{name}」?", "which {name}?"],
        IsGroup => ["是一个群, 不是人: 记成地点", "是一個群, 不是人: 記成地點", "a group, nobody: it happened there"],
        Near { name } => ["没有「{name}」, 是不是", "沒有「{name}」, 是不是", "nobody is called {name}; did you mean"],
        Left { n } => ["(还有 {n} 个要选)", "(還有 {n} 個要選)", "({n} to choose)"],
        Step { n, what } => ["第 {n}/3 步: {what}", "第 {n}/3 步: {what}", "step {n} of 3: {what}"],
        WhoStep => ["谁", "誰", "who"],
        WhereStep => ["在哪个群或账号", "在哪個群或帳號", "in which group or account"],
        WhereHint { take, leave } => ["输群名或账号, 拼音首字母也行; 空着 {take} 跳过; {leave} 返回", "輸群名或帳號, 拼音首字母也行; 空著 {take} 跳過; {leave} 返回", "type a group or account, pinyin will do; {take} on nothing skips; {leave} back"],
        Skip => ["不说在哪", "不說在哪", "leave it open"],
        Same { place } => ["不变: {place}", "不變: {place}", "as it is: {place}"],
        SkipNote { take } => ["{take}", "{take}", "{take}"],
        WithHint { take, leave } => ["{take} 记下, {leave} 返回", "{take} 記下, {leave} 返回", "{take} tells it, {leave} back"],
        OwnWords { take, leave } => ["按名单记各人自己的; {take} 记下, 或再写金额 商品; {leave} 返回", "按名單記各人自己的; {take} 記下, 或再寫金額 商品; {leave} 返回", "each line's own words are kept: {take} tells it, or add amount product; {leave} back"],
        Unknown { n } => ["{n} 个名字不在成员册", "{n} 個名字不在成員冊", "{n} names are not in the book"],
        PutRight => ["回去改名字", "回去改名字", "back to put them right"],
        Make { n } => ["新建 {n} 位成员并记下", "新建 {n} 位成員並記下", "make {n} members and tell it"],
        Chosen { n } => ["已选 {n} 人", "已選 {n} 人", "{n} people"],
        Lost { n, give_up } => ["{give_up} 放弃这 {n} 个名字", "{give_up} 放棄這 {n} 個名字", "{give_up} throws these {n} names away"],
        LostWords { give_up, take } => ["还没记下: {take} 记下, {give_up} 放弃", "還沒記下: {take} 記下, {give_up} 放棄", "not told yet: {take} tells it, {give_up} throws it away"],
        NoNames => ["没有认出名字", "沒有認出名字", "no name in it"],
        TooMany { n } => ["一次最多 {n} 人, 多的没有收", "一次最多 {n} 人, 多的沒有收", "at most {n} people at once: the rest was left out"],
    }
}
