//! A member as filters see one.

use super::{Scene, reached_only_by, text, visit_text};
use crate::book::{Birthday, ContactState, MemberId, Target, Timestamp};
use crate::query::{Fact, Key, Subject, Thing, Value, Visit};
use crate::store::columns::MemberColumn;

/// A member at a moment.
#[derive(Clone, Copy)]
pub(crate) struct MemberSubject<'a> {
    pub scene: Scene<'a>,
    pub id: MemberId,
    pub column: MemberColumn<'a>,
}

impl<'a> MemberSubject<'a> {
    pub(crate) fn new(scene: Scene<'a>, row: u32) -> Option<Self> {
        let members = &scene.columns.members;
        Some(Self { scene, id: members.id(row)?, column: members.get(row)? })
    }

    /// The value of a key; it lives as long as the book, so that tasks can pass it on.
    pub(super) fn own_value(&self, key: Key) -> Value<'a> {
        let (scene, column) = (self.scene, self.column);
        match key {
            Key::Stage => column.stage.map_or(Value::None, |stage| Value::Word(stage.word())),
            Key::Birthday => match column.birthday {
                Some(Birthday { month, leap, day, lunar: true, .. }) => Value::LunarDay { month, leap, day },
                Some(Birthday { month, day, .. }) => Value::MonthDay { month, day },
                None => Value::None,
            },
            Key::Orders => Value::Number(i64::from(column.orders)),
            Key::Spent => Value::Money(column.spent),
            Key::LastBuy => scene.maybe_time(column.last_order_at),
            Key::LastReply => scene.maybe_time(column.last_reply_at),
            Key::LastTouch => scene.maybe_time(column.last_touch_at),
            Key::Silent => scene.maybe_time(column.last_reply_at.max(column.last_order_at)),
            Key::Missed => self.missed().map_or(Value::None, Value::Number),
            Key::Phone => text(column.phone()),
            Key::Source => column.source.map_or(Value::None, |word| text(scene.columns.words.folded(word))),
            Key::Referrer => scene.referrer(&column).map_or(Value::None, |by| text(by.key())),
            Key::Age => scene.age(column.created_at),
            Key::Created => scene.time(column.created_at),
            Key::Id => Value::id(self.id),
            _ => Value::None,
        }
    }

    /// The local days in a row, up to yesterday, on which nothing was checked in.
    ///
    /// Counted from the day after the last check-in, else from the first day on which one was owed, else from the
    /// day after the member came into the book. None of whom nobody expects to check in: who never did, and goes
    /// through no playbook that counts it.
    fn missed(&self) -> Option<i64> {
        let scene = &self.scene;
        let today = scene.day(scene.now);
        let minutes: Vec<u32> = self.column.checkins().collect();
        let checked = minutes
            .iter()
            .rev()
            .map(|minute| scene.day(Timestamp(i64::from(*minute) * crate::book::time::MINUTE)))
            .find(|day| *day <= today);
        let next = |day: chrono::NaiveDate| day.succ_opt().unwrap_or(day);
        let first = match (checked.map(next), scene.since) {
            (Some(after), Some(since)) => after.max(since),
            (Some(day), None) | (None, Some(day)) => day,
            (None, None) if self.is_to_check_in() => next(scene.day(self.column.created_at)),
            (None, None) => return None,
        };
        Some((today - first).num_days().max(0))
    }

    fn is_to_check_in(&self) -> bool {
        let (columns, applied) = (self.scene.columns, self.scene.applied);
        self.column
            .enrolled()
            .filter_map(|place| columns.playbook_at(place))
            .any(|(id, playbook)| applied.expects_checkins(id, playbook.current))
    }
}

impl Subject for MemberSubject<'_> {
    fn names(&self, visit: &mut dyn FnMut(&str) -> bool) -> bool {
        visit(self.column.key())
    }

    fn texts(&self, _visit: &mut dyn FnMut(&str) -> bool) -> bool {
        false
    }

    fn value(&self, key: Key) -> Value<'_> {
        self.own_value(key)
    }

    fn each(&self, key: Key, visit: &mut Visit<'_>) -> bool {
        let (scene, column) = (&self.scene, &self.column);
        let friends = || column.contacts().filter(|c| c.state == ContactState::Friend);
        match key {
            Key::Sop => scene.playbooks(column.enrolled(), visit),
            Key::Member => visit(Value::Text(column.key())) || visit(Value::id(self.id)),
            Key::Group => {
                column.stays().filter(|s| s.left_at.is_none()).any(|s| scene.group_key(s.group, visit))
            }
            Key::LeftGroup => {
                column.stays().filter(|s| s.left_at.is_some()).any(|s| scene.group_key(s.group, visit))
            }
            Key::Account => column.contacts().any(|c| scene.account_key(c.account, visit)),
            Key::Platform => column.contacts().any(|c| scene.platform(c.account, visit)),
            Key::FriendOf => friends().any(|c| scene.account_key(c.account, visit)),
            Key::Only => friends()
                .filter(|c| reached_only_by(scene.columns, column, c.account))
                .any(|c| scene.account_key(c.account, visit)),
            Key::Tag => scene.words(column.tags(), visit),
            Key::Alias => visit_text(column.aliases(), visit),
            Key::Added => column.contacts().filter_map(|c| c.since).any(|at| visit(scene.time(at))),
            Key::Joined => column.stays().filter_map(|s| s.joined_at).any(|at| visit(scene.time(at))),
            Key::Left => column.stays().filter_map(|s| s.left_at).any(|at| visit(scene.time(at))),
            Key::Checkin => column
                .checkins()
                .any(|minute| visit(scene.time(Timestamp(i64::from(minute) * crate::book::time::MINUTE)))),
            Key::Sent => scene.sent(column.sent(), visit),
            Key::Note => visit_text(column.notes(), visit),
            _ => false,
        }
    }

    fn is(&self, _fact: Fact) -> bool {
        false
    }

    fn is_answered(&self, key: &str) -> bool {
        self.scene.named.iter().any(|(asked, members)| asked == key && members.contains(&self.id))
    }

    fn has(&self, thing: Thing) -> bool {
        let column = &self.column;
        match thing {
            Thing::Unpicked => column.unpicked > 0,
            Thing::Note => !column.notes().is_empty(),
            Thing::Phone => !column.phone().is_empty(),
            Thing::Birthday => column.birthday.is_some(),
            Thing::Alias => !column.aliases().is_empty(),
            Thing::Pause => self.scene.is_paused(Target::Member(self.id)),
            Thing::Friend => column.contacts().any(|c| c.state == ContactState::Friend),
            _ => false,
        }
    }
}
