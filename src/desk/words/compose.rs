//! Sentences about one-offs.

crate::words! {
    pub(in crate::desk) enum ComposeWords {
        NoFilter => [
            "发给谁？写筛选条件；真要全部就写 age>=0m", "發給誰？寫篩選條件；真要全部就寫 age>=0m",
            "to whom? write a filter; age>=0m if it is really everybody",
        ],
        NotFor => ["一次性的消息发给成员或群", "一次性的訊息發給成員或群", "a one-off goes to members or groups"],
        NoText => ["还没有正文", "還沒有正文", "there is no text yet"],
        TextTooLong { n } => ["正文最多 {n} 个字", "正文最多 {n} 個字", "the text has at most {n} characters"],
        Text => ["正文", "正文", "the text"],
        Wrong { why } => ["正文: {why}", "正文: {why}", "the text: {why}"],
        Past { at } => ["{at} 已经过了", "{at} 已經過了", "{at} has passed"],
        EndsBefore => ["截止要晚于开始", "截止要晚於開始", "it has to end after it begins"],
        NoEndHolds => [
            "截止不限: 谁的没发, 之后占上限的消息就一直轮不到谁, 发掉或取消为止; 写上截止 (--until) 到时自己过期",
            "截止不限: 誰的沒發, 之後佔上限的訊息就一直輪不到誰, 發掉或取消為止; 寫上截止 (--until) 到時自己過期",
            "no end: whoever is not sent it gets nothing after it that the same cap counts, until it is sent or cancelled; with an end (--until) it expires by itself"],
        Nobody => ["筛不出人，什么也没做", "篩不出人，什麼也沒做", "the filter matches nobody, nothing was done"],
        Would { n, matched, but, title } => [
            "筛出 {matched} 个，会发 {n} 个{but}: {title}", "篩出 {matched} 個，會發 {n} 個{but}: {title}",
            "{matched} match, {n} would get it{but}: {title}",
        ],
        Made { n, but, title } => ["已排 {n} 条{but}: {title}", "已排 {n} 則{but}: {title}", "{n} planned{but}: {title}"],
        ButWithout { n } => [
            "，另 {n} 个没有账号可发", "，另 {n} 個沒有帳號可發", ", {n} more have no account to send it",
        ],
        ButLate { n } => [
            "，另 {n} 个轮到之前就截止，不会发", "，另 {n} 個輪到之前就截止，不會發", ", for {n} more it is over before it can be sent",
        ],
        LateFor { name, at, why } => [
            "{name} 到 {at} 才行 ({why})", "{name} 到 {at} 才行 ({why})", "{name} not before {at} ({why})",
        ],
        Withdrawn { n, title } => [
            "已撤回 {title}: 取消 {n} 条", "已撤回 {title}: 取消 {n} 則", "withdrew {title}: {n} cancelled",
        ],
        WithdrawnBefore { later, title } => [
            "已撤回 {title}: {later} 条还没到点，都不发了", "已撤回 {title}: {later} 則還沒到點，都不發了",
            "withdrew {title}: {later} had not come due and never will",
        ],
        WithdrawnAmid { n, later, title } => [
            "已撤回 {title}: 取消 {n} 条，还没到点的 {later} 条也不发了",
            "已撤回 {title}: 取消 {n} 則，還沒到點的 {later} 則也不發了",
            "withdrew {title}: {n} cancelled, {later} had not come due and never will",
        ],
        NotOne { id } => [
            "{id} 不是一次性的消息；SOP 用 qun sop remove", "{id} 不是一次性的訊息；SOP 用 qun sop remove",
            "{id} is no one-off; for a playbook: qun sop remove",
        ],
        OverAlready { title } => ["{title} 已经撤回了", "{title} 已經撤回了", "{title} is withdrawn already"],
        Until { at } => ["到 {at}", "到 {at}", "to {at}"],
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_sentence_has_its_words() {
        assert_eq!(crate::text::lang::faults::<super::ComposeWords>(), Vec::<String>::new());
    }
}
