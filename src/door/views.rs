//! The views that every screen has: what each lists, by which filter, in which order.

use super::form::Kind;
use super::request::Sort;
use crate::book::view::{Column, Listed, View};
use crate::query::NamedFilters;

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
            Self::Today => "due:today",
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
        view.spellings().iter().for_each(|name| known.put(name, view.filter()));
    }
    for view in saved {
        known.put(&view.name, &view.filter);
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
    fn kinds_and_what_is_listed_are_one() {
        for listed in Listed::ALL {
            assert_eq!(Kind::from(*listed).listed(), Some(*listed));
            assert_eq!(Kind::from(*listed).word(), listed.word());
            assert!(!listed.columns().is_empty());
        }
        assert_eq!(Kind::Contact.listed(), None);
    }
}
