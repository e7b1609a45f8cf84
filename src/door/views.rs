//! The views that every screen has: what each lists, by which filter, in which order.

use super::form::Kind;
use super::request::Sort;
use crate::book::view::{Column, Listed, NAME_MAX, View, is_name};
use crate::query::{self, NamedFilters};
use crate::text::fold::fold;
use crate::text::lang::Lang;

crate::words! {
    /// Why a view cannot be called so, or not go: the same wherever it is kept.
    pub enum NameWords {
        NoName => ["视图要有名称", "視圖要有名稱", "a view needs a name"],
        BadName => [
            "名称里不能有 @ # \" 和括号，也不能是一个数字", "名稱裡不能有 @ # \" 和括號，也不能是一個數字",
            "a name has no @ # \" or parenthesis in it and is no digit",
        ],
        NameTooLong { n } => ["名称最多 {n} 个字", "名稱最多 {n} 個字", "a name has at most {n} characters"],
        Builtin { name } => [
            "「{name}」是自带的视图，换个名称", "「{name}」是自帶的視圖，換個名稱",
            "\"{name}\" is a view that comes with the program: another name",
        ],
        UsedIn { name, names } => [
            "@{name} 还用在这些视图里: {names}; 先从那里拿掉", "@{name} 還用在這些視圖裡: {names}; 先從那裡拿掉",
            "@{name} still stands in these views: {names}; take it out there first",
        ],
    }
}

/// Why no view can be called so; none for a name that one can have.
pub fn name_fault(name: &str, lang: Lang) -> Option<String> {
    let is_builtin = |own: &BuiltinView| own.spellings().iter().any(|word| fold(word) == fold(name));
    if name.trim().is_empty() {
        return Some(NameWords::NoName.text(lang).to_owned());
    }
    if !is_name(name) {
        return Some(NameWords::BadName.text(lang).to_owned());
    }
    if name.chars().count() > NAME_MAX {
        return Some(NameWords::NameTooLong.fill(lang, &[("n", &NAME_MAX)]));
    }
    BuiltinView::ALL.iter().any(is_builtin).then(|| NameWords::Builtin.fill(lang, &[("name", &name)]))
}

/// That other views speak of one that would go; none where none does.
pub fn used_in<'v>(views: impl IntoIterator<Item = &'v View>, name: &str, lang: Lang) -> Option<String> {
    let speaks = |view: &&View| {
        let is_other = fold(&view.name) != fold(name);
        is_other
            && query::parse(&view.filter)
                .is_ok_and(|query| query.views().any(|used| fold(used) == fold(name)))
    };
    let names: Vec<&str> = views.into_iter().filter(speaks).map(|view| view.name.as_str()).collect();
    let values: [(&str, &dyn std::fmt::Display); 2] = [("name", &name), ("names", &names.join(", "))];
    (!names.is_empty()).then(|| NameWords::UsedIn.fill(lang, &values))
}

closed! {
    /// A view that comes with the program. The first nine stand on the digits, unless a saved view has one of them.
    pub enum BuiltinView {
        Due = "due", "待发", "待發";
        Today = "today", "今日", "今日";
        Overdue = "overdue", "逾期", "逾期";
        Snoozed = "snoozed", "稍后", "稍後";
        Awaiting = "awaiting", "等回复", "等回覆";
        ToAnswer = "to-answer", "待回", "待回";
        Groups = "groups", "群组", "群組";
        Members = "members", "成员", "成員";
        Sops = "sops", "SOP", "SOP";
        Mine = "mine", "我的", "我的";
        /// The account lens: what is due chat by chat, so that windows are switched least.
        ByAccount = "by-account", "按账号", "按帳號", ["按号", "按號"];
        /// The accounts themselves: how each is, and what is due from it.
        Accounts = "accounts", "账号", "帳號", ["帐号"];
    }
}

closed! {
    /// A page that stands among the views of the screen and lists no rows; on the command line a command has the same.
    pub enum Page {
        Calendar = "calendar-view", "日历", "日曆", ["calendar"];
        Log = "log-view", "日志", "日誌", ["历史", "歷史", "log", "history"];
    }
}

impl Page {
    /// The page of a name, in any language.
    pub fn named(name: &str) -> Option<Self> {
        let name = fold(name);
        Self::ALL.iter().copied().find(|page| page.spellings().iter().any(|word| fold(word) == name))
    }

    /// The command that has the same.
    pub const fn command(self) -> &'static str {
        match self {
            Self::Calendar => "qun calendar",
            Self::Log => "qun log",
        }
    }

    /// The verb of the screen that opens it.
    pub const fn verb(self) -> &'static str {
        match self {
            Self::Calendar => "calendar",
            Self::Log => "history",
        }
    }
}

impl BuiltinView {
    /// What it lists.
    pub const fn kind(self) -> Kind {
        match self {
            Self::Groups => Kind::Group,
            Self::Members => Kind::Member,
            Self::Sops => Kind::Playbook,
            Self::Accounts => Kind::Account,
            _ => Kind::Task,
        }
    }

    /// The filter it has of its own.
    pub const fn filter(self) -> &'static str {
        match self {
            Self::Due | Self::ByAccount => "state:due",
            // what was withdrawn or called off is no work of the day
            Self::Today => "due:today -state:cancelled",
            Self::Overdue => "state:due is:overdue",
            Self::Snoozed => "state:snoozed",
            Self::Awaiting => "is:awaiting",
            Self::ToAnswer => "is:to-answer",
            Self::Mine => "state:due,snoozed is:mine",
            Self::Groups | Self::Members | Self::Sops | Self::Accounts => "",
        }
    }

    /// Its order.
    pub const fn sort(self) -> Sort {
        match self {
            Self::Awaiting => Sort::Recent,
            Self::ByAccount => Sort::Account,
            _ => Sort::Natural,
        }
    }
}

impl BuiltinView {
    /// The columns it shows; none are the list's own. Whoever works phone by phone sees which one comes next.
    pub const fn columns(self) -> &'static [Column] {
        match self {
            Self::ByAccount => &[Column::Account, Column::Due, Column::Whom, Column::Text, Column::State],
            Self::Accounts => &[Column::Name, Column::State, Column::Owed],
            _ => &[],
        }
    }
}

impl From<Listed> for Kind {
    fn from(listed: Listed) -> Self {
        match listed {
            Listed::Tasks => Self::Task,
            Listed::Members => Self::Member,
            Listed::Groups => Self::Group,
            Listed::Accounts => Self::Account,
            Listed::Playbooks => Self::Playbook,
        }
    }
}

impl Kind {
    /// What a view of rows of this kind lists; none for what no list shows.
    pub const fn listed(self) -> Option<Listed> {
        Some(match self {
            Self::Task => Listed::Tasks,
            Self::Member => Listed::Members,
            Self::Group => Listed::Groups,
            Self::Account => Listed::Accounts,
            Self::Playbook => Listed::Playbooks,
            Self::Contact | Self::Membership | Self::Product => return None,
        })
    }
}

/// What `@name` means: the built-in views by all their names, then those saved, which may not be called like them.
pub fn named_filters<'a>(saved: impl IntoIterator<Item = &'a View>) -> NamedFilters {
    let mut known = NamedFilters::default();
    for view in BuiltinView::ALL {
        let Some(lists) = view.kind().listed() else { continue };
        view.spellings().iter().for_each(|name| known.put(name, lists, view.filter()));
    }
    for page in Page::ALL {
        page.spellings().iter().for_each(|name| known.put_page(name, page.command()));
    }
    for view in saved {
        known.put(&view.name, view.kind, &view.filter);
    }
    known
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::{Scope, SubjectKind, parse};

    #[test]
    fn a_name_is_refused_in_the_same_words_everywhere() {
        assert_eq!(crate::text::lang::faults::<NameWords>(), Vec::<String>::new());
        assert_eq!(crate::text::lang::ambiguous::<NameWords>(), Vec::<String>::new());
        let check = |name: &str, words: &str| {
            let fault = name_fault(name, Lang::ZhCn);
            assert_eq!(fault.is_some(), !words.is_empty(), "{name}: {fault:?}");
            assert!(fault.unwrap_or_default().contains(words), "{name}");
        };
        check("贵客", "");
        check("  ", "要有名称");
        check("a@b", "不能有 @");
        check("12", "不能是一个数字");
        check(&"贵".repeat(21), "最多 20 个字");
        check("今日", "「今日」是自带的视图");
        check("TODAY", "自带");
    }

    #[test]
    fn who_speaks_of_a_view_is_named() {
        let view = |name: &str, filter: &str| {
            let new = View::new(name, Listed::Tasks);
            View { filter: filter.to_owned(), ..new }
        };
        let views = [view("贵客", "#VIP @贵客2"), view("急的", "@贵客 #急"), view("别的", "#急")];
        let told = used_in(&views, "贵客", Lang::ZhCn).unwrap();
        assert!(told.contains("@贵客 还用在这些视图里: 急的;"), "{told}");
        assert_eq!(used_in(&views, "急的", Lang::ZhCn), None);
    }

    #[test]
    fn every_built_in_filter_can_be_used() {
        let known = named_filters([]);
        for view in BuiltinView::ALL {
            let kind = match view.kind() {
                Kind::Group => SubjectKind::Group,
                Kind::Member => SubjectKind::Member,
                _ => SubjectKind::Task,
            };
            let own = parse(view.filter()).unwrap();
            assert_eq!(own.check_for(Scope::Rows(kind)), Ok(()), "{view}");
            for name in view.spellings() {
                let named = parse(&format!("@{name}")).unwrap().with_views(&known).unwrap();
                assert_eq!(named, own, "{name}");
            }
        }
    }

    #[test]
    fn a_page_is_no_filter_and_says_what_has_the_same() {
        let mut known = named_filters([]);
        let error = |known: &NamedFilters| parse("state:due @历史").unwrap().with_views(known).unwrap_err();
        let words = error(&known).message(crate::text::lang::Lang::ZhCn);
        assert!(words.contains("qun log") && words.contains("历史"), "{words}");
        assert_eq!(error(&known).column, 11);
        assert_eq!(
            (Page::named("日曆"), Page::named("Calendar-View")),
            (Some(Page::Calendar), Some(Page::Calendar))
        );
        // somebody's own view of that name is one
        known.put("历史", crate::book::view::Listed::Tasks, "state:sent");
        assert!(parse("@历史").unwrap().with_views(&known).is_ok());
    }

    #[test]
    fn kinds_and_what_is_listed_are_one() {
        for listed in Listed::ALL {
            assert_eq!(Kind::from(*listed).listed(), Some(*listed));
            assert_eq!(Kind::from(*listed).word(), listed.word());
            assert!(!listed.columns().is_empty());
        }
        assert_eq!(Kind::Contact.listed(), None);
    }
}
