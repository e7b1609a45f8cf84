//! What follows from what happened: anchors that enrol, stop rules that end.

use super::Desk;
use super::act::{Act, DeskError};
use crate::store::Body;

impl Desk {
    /// Stages what follows from a body that was just staged.
    pub(crate) fn follow(&mut self, _act: &Act, _body: &Body) -> Result<(), DeskError> {
        Ok(())
    }
}
