//! The views that every screen has: what each lists, by which filter, in which order.

use super::form::Kind;
use super::request::Sort;
use crate::book::view::{Column, Listed, View};
use crate::query::NamedFilters;
use crate::text::fold::fold;

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
            Self::Groups | Self::Members | Self::Sops => "",
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
