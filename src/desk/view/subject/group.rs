//! A group as filters see one.

use super::{Scene, group_only_by, visit_text};
use crate::book::{GroupId, GroupState, Target};
use crate::query::closed::GroupWord;
use crate::query::{Fact, Key, Subject, Thing, Value, Visit};
use crate::store::columns::GroupColumn;

/// A group at a moment.
#[derive(Clone, Copy)]
pub(crate) struct GroupSubject<'a> {
    pub scene: Scene<'a>,
    pub id: GroupId,
    pub column: &'a GroupColumn,
}

impl<'a> GroupSubject<'a> {
    pub(crate) fn new(scene: Scene<'a>, row: u32) -> Option<Self> {
        let groups = &scene.columns.groups;
        Some(Self { scene, id: groups.id(row)?, column: groups.get(row)? })
    }

    /// Rows of our accounts in it, the main one first.
    fn accounts(&self) -> impl Iterator<Item = u32> {
        let group = &self.column.body;
        group.account.iter().chain(&group.speakers).filter_map(|id| self.scene.columns.accounts.row(*id))
    }
}

/// The word that filters know a state by.
pub(crate) const fn state_word(state: GroupState) -> GroupWord {
    match state {
        GroupState::Live => GroupWord::Live,
        GroupState::Frozen => GroupWord::Frozen,
        GroupState::Full => GroupWord::Full,
        GroupState::Dissolved => GroupWord::Dissolved,
        GroupState::MergedInto(_) => GroupWord::Merged,
    }
}

impl Subject for GroupSubject<'_> {
    fn names(&self, visit: &mut dyn FnMut(&str) -> bool) -> bool {
        visit(&self.column.key)
    }

    fn texts(&self, _visit: &mut dyn FnMut(&str) -> bool) -> bool {
        false
    }

    fn value(&self, key: Key) -> Value<'_> {
        let column = self.column;
        match key {
            Key::State => Value::Word(state_word(column.body.state).word()),
            Key::Count => column.body.head_count.map_or(Value::None, |n| Value::Number(i64::from(n))),
            Key::Capacity if column.body.capacity == 0 => Value::None,
            Key::Capacity => Value::Number(i64::from(column.body.capacity)),
            Key::LastTouch => self.scene.maybe_time(column.last_touch_at),
            Key::Age => self.scene.age(column.body.created_at),
            Key::Created => self.scene.time(column.body.created_at),
            Key::Id => Value::id(self.id),
            _ => Value::None,
        }
    }

    fn each(&self, key: Key, visit: &mut Visit<'_>) -> bool {
        let (scene, column) = (&self.scene, self.column);
        match key {
            Key::Account => self.accounts().any(|row| scene.account_key(row, visit)),
            Key::Device => self.accounts().any(|row| scene.device(row, visit)),
            Key::Holder => self.accounts().any(|row| scene.holder(row, visit)),
            Key::Group => visit(Value::Text(&column.key)),
            // what else of ours speaks in it makes it no group of that platform
            Key::Platform => self.accounts().take(1).any(|row| scene.platform(row, visit)),
            Key::Only => self
                .accounts()
                .filter(|row| {
                    let id = scene.columns.accounts.id(*row);
                    id.is_some_and(|id| group_only_by(scene.columns, &column.body, id))
                })
                .any(|row| scene.account_key(row, visit)),
            Key::Tag => scene.words(column.tags.iter().copied(), visit),
            Key::Sop => scene.playbooks(column.enrolled.iter().copied(), visit),
            Key::Sent => scene.sent(column.sent.iter().copied(), visit),
            Key::Note => visit_text(&column.notes, visit),
            _ => false,
        }
    }

    fn is(&self, _fact: Fact) -> bool {
        false
    }

    fn has(&self, thing: Thing) -> bool {
        match thing {
            Thing::Note => !self.column.notes.is_empty(),
            Thing::Pause => self.scene.is_paused(Target::Group(self.id)),
            _ => false,
        }
    }
}
