//! An account as filters see one.

use super::{Scene, visit_text};
use crate::book::AccountId;
use crate::query::{Fact, Key, Subject, Thing, Value, Visit};
use crate::store::columns::AccountColumn;

/// An account at a moment.
#[derive(Clone, Copy)]
pub(crate) struct AccountSubject<'a> {
    pub scene: Scene<'a>,
    pub id: AccountId,
    pub column: &'a AccountColumn,
}

impl<'a> AccountSubject<'a> {
    pub(crate) fn new(scene: Scene<'a>, row: u32) -> Option<Self> {
        let accounts = &scene.columns.accounts;
        Some(Self { scene, id: accounts.id(row)?, column: accounts.get(row)? })
    }
}

impl Subject for AccountSubject<'_> {
    fn names(&self, visit: &mut dyn FnMut(&str) -> bool) -> bool {
        visit(&self.column.key)
    }

    fn texts(&self, _visit: &mut dyn FnMut(&str) -> bool) -> bool {
        false
    }

    fn value(&self, key: Key) -> Value<'_> {
        if key == Key::Id { Value::id(self.id) } else { Value::None }
    }

    fn each(&self, key: Key, visit: &mut Visit<'_>) -> bool {
        match key {
            Key::Account => visit(Value::Text(&self.column.key)),
            Key::Device => visit_text(&self.column.device, visit),
            Key::Holder => visit_text(&self.column.holder, visit),
            Key::Platform => visit(Value::Word(self.column.body.platform.word())),
            Key::Sop => self.scene.playbooks(self.column.enrolled.iter().copied(), visit),
            Key::Note => visit_text(&self.column.notes, visit),
            _ => false,
        }
    }

    fn is(&self, _fact: Fact) -> bool {
        false
    }

    fn has(&self, _thing: Thing) -> bool {
        false
    }
}
