//! Words about one-offs.

crate::words! {
    /// What the screen says while a one-off is made.
    pub enum ComposeWords {
        Title => ["一次性的消息", "一次性的訊息", "A one-off"],
        Members => ["私聊发给成员", "私聊發給成員", "private, to members"],
        Groups => ["发到群里", "發到群裡", "in groups"],
        WhomLabel => ["发给谁>", "發給誰>", "to whom>"],
        WhomHint => ["写筛选, 如 spent>=500 -#勿扰", "寫篩選, 如 spent>=500 -#勿擾", "a filter, such as spent>=500"],
        Nobody => ["写筛选条件; 真要全部就写 age>=0m", "寫篩選條件; 真要全部就寫 age>=0m", "write a filter; age>=0m for really everybody"],
        WhenLabel => ["什么时候发>", "什麼時候發>", "when>"],
        TextTitle => ["正文", "正文", "Text"],
        TextHint { save } => ["变量照 SOP 写, 如 name  {save} 看会发给谁", "變數照 SOP 寫, 如 name  {save} 看會發給誰", "variables as in playbooks; {save} looks whom it reaches"],
        UntilLabel => ["到什么时候为止>", "到什麼時候為止>", "until>"],
        UntilHint { take } => ["空着 {take}: 一直留着, 到有人处理", "空著 {take}: 一直留著, 到有人處理", "{take} on nothing: it stays until somebody ends it"],
        EndsBefore { at } => ["截止要晚于 {at}", "截止要晚於 {at}", "it has to end after {at}"],
        AccountLabel => ["用哪个账号发>", "用哪個帳號發>", "said by>"],
        AccountHint { take } => ["空着 {take}: 谁认识对方就用谁", "空著 {take}: 誰認識對方就用誰", "{take} on nothing: whichever account knows them"],
        NameLabel => ["叫什么>", "叫什麼>", "its title>"],
        TitleHint { take } => ["空着 {take}: 用正文开头", "空著 {take}: 用正文開頭", "{take} on nothing: the beginning of the text"],
        Until => ["截止..", "截止..", "until.."],
        NoEnd => ["不限", "不限", "open"],
        Account => ["发出账号..", "發出帳號..", "said by.."],
        AnyAccount => ["谁认识就用谁", "誰認識就用誰", "whichever knows them"],
        Name => ["标题..", "標題..", "its title.."],
        NoName => ["正文开头", "正文開頭", "the text's beginning"],
        Make => ["排上", "排上", "plan it"],
        Text => ["改正文..", "改正文..", "change the text.."],
        When => ["改时间..", "改時間..", "change the time.."],
        Whom => ["改对象..", "改對象..", "change whom.."],
        Class => ["换类别", "換類別", "another class"],
        Found { n, what, names } => ["{n} 个{what}: {names}", "{n} 個{what}: {names}", "{n} {what}: {names}"],
        Accounts { names } => ["发出账号: {names}", "發出帳號: {names}", "said by: {names}"],
        Reads { text } => ["第一条: {text}", "第一則: {text}", "the first reads: {text}"],
    }
}
