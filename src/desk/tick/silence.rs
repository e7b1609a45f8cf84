//! What breaks a silence: a reply, an order, a check-in; and from which day on it is counted.

use chrono::NaiveDate;
use chrono_tz::Tz;

use crate::book::time::MINUTE;
use crate::book::{ActivityKind, Timestamp};
use crate::sop::calendar::local_day;
use crate::sop::format::{Since, Start};
use crate::sop::grammar::WallTime;
use crate::store::columns::MemberColumn;

/// What a playbook counts the days since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::desk) enum Quiet {
    /// A reply, an order, or either.
    Heard(Since),
    /// A check-in, or a day excused.
    CheckIn,
}

impl Quiet {
    /// What a playbook waits for, and how many local days after the last of it the anchor is: a day is missed when it
    /// is over, so two days are missed on the third.
    pub(in crate::desk) fn of(start: &Start) -> Option<(Self, u32)> {
        match start {
            Start::Silence { days, since } => Some((Self::Heard(*since), *days)),
            Start::CheckinMissed { days } => Some((Self::CheckIn, days.saturating_add(1))),
            _ => None,
        }
    }

    /// When it was broken last.
    pub(in crate::desk) fn last(self, member: &MemberColumn) -> Option<Timestamp> {
        match self {
            Self::Heard(Since::Reply) => member.last_reply_at,
            Self::Heard(Since::Order) => member.last_order_at,
            Self::Heard(Since::Both) => member.last_reply_at.max(member.last_order_at),
            Self::CheckIn => member.checkins().last().map(|minute| Timestamp(i64::from(minute) * MINUTE)),
        }
    }

    /// The day it is counted from; a check-in after midnight may belong to the day before.
    pub(in crate::desk) fn day(self, at: Timestamp, zone: Tz, day_ends: WallTime) -> NaiveDate {
        if self == Self::CheckIn { local_day(at, zone, day_ends) } else { at.day(zone) }
    }

    pub(in crate::desk) fn is_broken_by(self, kind: ActivityKind) -> bool {
        match self {
            Self::Heard(Since::Reply) => kind == ActivityKind::Replied,
            Self::Heard(Since::Order) => kind == ActivityKind::Bought,
            Self::Heard(Since::Both) => matches!(kind, ActivityKind::Replied | ActivityKind::Bought),
            Self::CheckIn => matches!(kind, ActivityKind::CheckedIn | ActivityKind::LeaveDay),
        }
    }
}
