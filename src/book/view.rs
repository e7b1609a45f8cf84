//! 视图: a filter with a name, an order, columns, a limit and a digit; kept by the store for everybody or by one user.
//!
//! Those of the store stand in the journal, so that saving, renaming and removing one can be undone like any other act.

use serde::{Deserialize, Serialize};

use crate::text::fold::fold;

/// The longest name, in characters: it stands in the header.
pub const NAME_MAX: usize = 20;

/// The most rows that a limit can ask for.
pub const LIMIT_MAX: u32 = 1_000_000;

closed! {
    /// Order of a list.
    pub enum Sort {
        /// The kind's own: tasks by due time, account and chat; others by name.
        Natural = "natural", "默认", "預設";
        Due = "due", "到期", "到期";
        Name = "name", "名称", "名稱";
        /// By account, then chat, so that windows are switched least.
        Account = "account", "账号", "帳號";
        /// Newest first: ended tasks by their end, members by joining.
        Recent = "recent", "最近", "最近";
        Spent = "spent", "消费", "消費";
    }
}

closed! {
    /// What a view lists.
    pub enum Listed {
        Tasks = "task", "待办", "待辦", ["tasks"];
        Members = "member", "成员", "成員", ["members"];
        Groups = "group", "群", "群", ["groups"];
        Accounts = "account", "账号", "帳號", ["accounts"];
        Playbooks = "sop", "SOP", "SOP", ["sops", "playbook", "playbooks"];
    }
}

closed! {
    /// A column of a list.
    pub enum Column {
        Id = "id", "编号", "編號";
        Name = "name", "名称", "名稱", ["名字"];
        State = "state", "状态", "狀態";
        Due = "due", "到期", "到期", ["时间", "時間", "time", "到点", "到點"];
        Account = "account", "账号", "帳號", ["帐号"];
        /// Whom a task is for.
        Whom = "whom", "对象", "對象", ["谁", "誰", "who"];
        Group = "group", "群", "群";
        Text = "text", "内容", "內容", ["正文"];
        Sop = "sop", "SOP", "SOP";
        Step = "step", "步骤", "步驟";
        Via = "via", "方式", "方式";
        /// Who has a task, or ended it.
        By = "by", "经手", "經手", ["经手人", "經手人", "assignee"];
        Stage = "stage", "阶段", "階段";
        Spent = "spent", "消费", "消費";
        Orders = "orders", "订单", "訂單";
        Tags = "tags", "标签", "標籤";
        Count = "count", "人数", "人數";
        /// How much is due there.
        Owed = "owed", "待发", "待發";
    }
}

impl Listed {
    /// The columns that rows of the kind have.
    pub const fn columns(self) -> &'static [Column] {
        use Column as C;
        match self {
            Self::Tasks => &[
                C::Id,
                C::State,
                C::Due,
                C::Account,
                C::Whom,
                C::Group,
                C::Text,
                C::Sop,
                C::Step,
                C::Via,
                C::By,
            ],
            Self::Members => &[C::Id, C::Name, C::Stage, C::Group, C::Spent, C::Orders, C::Tags],
            Self::Groups => &[C::Id, C::Name, C::Account, C::Count, C::Owed, C::State, C::Tags],
            Self::Accounts => &[C::Id, C::Name, C::State, C::Owed],
            Self::Playbooks => &[C::Id, C::Name, C::Owed],
        }
    }

    /// The orders that rows of the kind can be put in.
    pub const fn sorts(self) -> &'static [Sort] {
        use Sort as S;
        match self {
            Self::Tasks => &[S::Natural, S::Due, S::Name, S::Account, S::Recent],
            Self::Members => &[S::Natural, S::Name, S::Account, S::Recent, S::Spent],
            Self::Groups => &[S::Natural, S::Due, S::Name, S::Account, S::Recent],
            Self::Accounts | Self::Playbooks => &[S::Natural, S::Name],
        }
    }

    /// The words of the orders that rows of the kind can be put in, for a sentence.
    pub fn sort_words(self) -> String {
        self.sorts().iter().map(|sort| sort.word()).collect::<Vec<_>>().join(" ")
    }
}

/// A saved view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// Tells it from all others; `@name` in a filter.
    pub name: String,
    pub kind: Listed,
    #[serde(default)]
    pub filter: String,
    #[serde(default = "natural")]
    pub sort: Sort,
    /// From left to right; none are the list's own.
    #[serde(default)]
    pub columns: Vec<Column>,
    /// The most rows it shows.
    #[serde(default)]
    pub limit: Option<u32>,
    /// The digit 1-9 that shows it.
    #[serde(default)]
    pub key: Option<u8>,
}

impl View {
    /// Whether a name means it, in whatever script, case and width: of two views that one name means, one of the store and
    /// one of a user, nobody could say which, so what is in the one place is taken for the other.
    pub fn is_called(&self, name: &str) -> bool {
        fold(&self.name) == fold(name)
    }
}

/// Whether it can be the name of a view: one line, not a digit, nothing in it that means something in a filter.
pub fn is_name(name: &str) -> bool {
    let bad = |c: char| {
        c.is_control() || matches!(c, '@' | '＠' | '#' | '＃' | '"' | '(' | ')' | '（' | '）' | '|')
    };
    let named = !name.trim().is_empty() && !name.contains(bad);
    named && !name.chars().all(|c| c.is_ascii_digit())
}

const fn natural() -> Sort {
    Sort::Natural
}

/// Puts a view among others, in the place of the one that was named `before` where there is one. A digit shows one
/// view: another that had it has none.
pub fn put(views: &mut Vec<View>, before: Option<&str>, view: View) {
    for other in views.iter_mut().filter(|other| other.key.is_some() && other.key == view.key) {
        other.key = None;
    }
    match views.iter_mut().find(|other| before == Some(other.name.as_str())) {
        Some(earlier) => *earlier = view,
        None => views.push(view),
    }
}

impl View {
    /// A view of everything of a kind.
    pub fn new(name: impl Into<String>, kind: Listed) -> Self {
        Self {
            name: name.into(),
            kind,
            filter: String::new(),
            sort: Sort::Natural,
            columns: Vec::new(),
            limit: None,
            key: None,
        }
    }
}
