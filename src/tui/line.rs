//! One line of any list, whatever it lists, and what lists need to know of it.

use crate::book::{AccountId, GroupId, MemberId, ObjectId, Platform, Target};
use crate::door::form::Kind;
use crate::door::line::{AccountLine, GroupLine, LineId, Lines, MemberLine, SopLine, TaskLine};

/// A line of a list.
#[expect(clippy::large_enum_variant, reason = "most lines are tasks, and a window holds some hundred")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    Task(TaskLine),
    Group(GroupLine),
    Member(MemberLine),
    Account(AccountLine),
    Playbook(SopLine),
}

impl Line {
    /// What identifies it across refreshes.
    pub fn id(&self) -> LineId {
        match self {
            Self::Task(line) => LineId::Object(ObjectId::Task(line.id)),
            Self::Group(line) => LineId::Object(ObjectId::Group(line.id)),
            Self::Member(line) => LineId::Object(ObjectId::Member(line.id)),
            Self::Account(line) => LineId::Object(ObjectId::Account(line.id)),
            Self::Playbook(line) => LineId::Playbook(line.id.clone()),
        }
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        match self {
            Self::Task(line) => &line.target_name,
            Self::Group(line) => &line.name,
            Self::Member(line) if !line.remark.is_empty() => &line.remark,
            Self::Member(line) => &line.name,
            Self::Account(line) => &line.name,
            Self::Playbook(line) => &line.title,
        }
    }

    /// The task, if it is one.
    pub const fn task(&self) -> Option<&TaskLine> {
        match self {
            Self::Task(line) => Some(line),
            _ => None,
        }
    }

    /// The member it is or is about.
    pub fn member(&self) -> Option<(MemberId, String)> {
        match self {
            Self::Task(line) => line.member.as_ref().map(|m| (m.id, m.name.clone())),
            Self::Member(line) => Some((line.id, self.name().to_owned())),
            _ => None,
        }
    }

    /// The group it is or is about; of a member the first.
    pub fn group(&self) -> Option<(GroupId, String)> {
        match self {
            Self::Task(line) => line.group.as_ref().map(|g| (g.id, g.name.clone())),
            Self::Group(line) => Some((line.id, line.name.clone())),
            Self::Member(line) => line.groups.first().map(|g| (g.id, g.name.clone())),
            _ => None,
        }
    }

    /// The account it is, or is sent from, or is looked after by.
    pub fn account(&self) -> Option<(AccountId, String)> {
        match self {
            Self::Task(line) => line.account.as_ref(),
            Self::Group(line) => line.account.as_ref(),
            Self::Member(line) => line.friend_of.first(),
            Self::Account(line) => return Some((line.id, line.name.clone())),
            Self::Playbook(_) => None,
        }
        .map(|a| (a.id, a.name.clone()))
    }

    /// Whose next instants can be asked for.
    pub const fn target(&self) -> Option<Target> {
        match self {
            Self::Task(line) => Some(line.target),
            Self::Group(line) => Some(Target::Group(line.id)),
            Self::Member(line) => Some(Target::Member(line.id)),
            Self::Account(line) => Some(Target::Account(line.id)),
            Self::Playbook(_) => None,
        }
    }

    /// What a note or a follow-up hangs on.
    pub const fn object(&self) -> Option<ObjectId> {
        match self {
            Self::Task(line) => Some(ObjectId::Task(line.id)),
            Self::Group(line) => Some(ObjectId::Group(line.id)),
            Self::Member(line) => Some(ObjectId::Member(line.id)),
            Self::Account(line) => Some(ObjectId::Account(line.id)),
            Self::Playbook(_) => None,
        }
    }

    /// The platform of its account.
    pub const fn platform(&self) -> Option<Platform> {
        match self {
            Self::Task(line) => line.platform,
            Self::Group(line) => line.platform,
            Self::Account(line) => Some(line.platform),
            Self::Member(_) | Self::Playbook(_) => None,
        }
    }
}

/// Takes the lines of a reply apart.
pub fn lines(lines: Lines) -> Vec<Line> {
    match lines {
        Lines::Tasks(lines) => lines.into_iter().map(Line::Task).collect(),
        Lines::Groups(lines) => lines.into_iter().map(Line::Group).collect(),
        Lines::Members(lines) => lines.into_iter().map(Line::Member).collect(),
        Lines::Accounts(lines) => lines.into_iter().map(Line::Account).collect(),
        Lines::Playbooks(lines) => lines.into_iter().map(Line::Playbook).collect(),
    }
}

/// The kind of list in which an id stands.
pub const fn kind_of(id: &LineId) -> Kind {
    match id {
        LineId::Object(ObjectId::Group(_)) => Kind::Group,
        LineId::Object(ObjectId::Member(_)) => Kind::Member,
        LineId::Object(ObjectId::Account(_)) => Kind::Account,
        LineId::Playbook(_) => Kind::Playbook,
        LineId::Object(_) => Kind::Task,
    }
}
