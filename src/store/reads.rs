//! What the desk reads of the index by id.

use super::{Store, StoreError, keys};
use crate::book::{Enrolment, EnrolmentId, Member, MemberId, Target, Task, TaskId};

impl Store {
    /// A member's body.
    pub fn member(&self, id: MemberId) -> Result<Option<Member>, StoreError> {
        self.bodies.read(&keys::member(id))
    }

    /// A task's body.
    pub fn task(&self, id: TaskId) -> Result<Option<Task>, StoreError> {
        self.bodies.read(&keys::task(id))
    }

    /// The task at a row of the columns.
    pub fn task_at(&self, row: u32) -> Result<Option<Task>, StoreError> {
        self.columns.tasks.id(row).map_or(Ok(None), |id| self.task(id))
    }

    /// Every enrolment that a target ever had, in order of making.
    pub fn enrolments_of(&self, target: Target) -> Result<Vec<EnrolmentId>, StoreError> {
        let prefix = keys::enrolments_of(target);
        let rows = self.bodies.range(&prefix, &[], usize::MAX)?;
        Ok(rows.iter().filter_map(|(key, _)| key.get(prefix.len()..).and_then(keys::id_from)).collect())
    }

    /// An enrolment's body.
    pub fn enrolment(&self, id: EnrolmentId) -> Result<Option<Enrolment>, StoreError> {
        self.bodies.read(&keys::enrolment(id))
    }
}
