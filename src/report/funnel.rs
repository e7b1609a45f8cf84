//! How far the messages of a step got: owed, sent, replied to, bought after.
//!
//! Only what a human told is known: a reply that nobody entered is no reply here. A group hears a message as a whole, so
//! replies are counted against private messages alone, and the share of those that could be answered is told beside.

use serde::{Deserialize, Serialize};

use crate::book::{TaskState, Timestamp};

/// One task of a step, as far as a funnel looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owed {
    pub state: TaskState,
    /// It went, or would go, to one human: a reply to it can be told.
    pub private: bool,
    /// A rule ended it before a human could send it: its condition did not hold, they had the text, they bought.
    pub ruled_out: bool,
    /// When a human says it was sent.
    pub sent_at: Option<Timestamp>,
    pub replied_at: Option<Timestamp>,
    /// When the target bought last.
    pub bought_at: Option<Timestamp>,
}

/// The messages of one step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Funnel {
    /// All that had to be sent by a human, sent or not.
    pub due: u32,
    /// Of these still open.
    pub open: u32,
    pub sent: u32,
    /// Of those sent: to one human, who could reply.
    pub private: u32,
    pub replied: u32,
    /// Whoever it was sent to bought afterwards.
    pub bought: u32,
    /// Not owed after all: a rule ended it first.
    pub ruled_out: u32,
}

impl Funnel {
    /// Counts tasks.
    pub fn of(tasks: impl IntoIterator<Item = Owed>) -> Self {
        let mut funnel = Self::default();
        for task in tasks {
            funnel.count(&task);
        }
        funnel
    }

    /// Counts one more.
    pub fn count(&mut self, task: &Owed) {
        if task.ruled_out {
            self.ruled_out += 1;
            return;
        }
        self.due += 1;
        self.open += u32::from(task.state.is_open());
        if task.state != TaskState::Sent {
            return;
        }
        self.sent += 1;
        self.private += u32::from(task.private);
        self.replied += u32::from(task.private && task.replied_at.is_some());
        let after = |at: Timestamp| task.sent_at.is_some_and(|sent| at >= sent);
        self.bought += u32::from(task.private && task.bought_at.is_some_and(after));
    }

    /// Of what was owed, how much was sent, in whole percent; none where nothing was owed.
    pub fn coverage(&self) -> Option<u32> {
        (self.due > 0).then(|| self.sent * 100 / self.due)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owed(state: TaskState) -> Owed {
        let sent_at = (state == TaskState::Sent).then_some(Timestamp(10));
        Owed { state, private: true, ruled_out: false, sent_at, replied_at: None, bought_at: None }
    }

    #[test]
    fn each_stage_is_counted_from_the_one_before() {
        let replied = Owed { replied_at: Some(Timestamp(20)), ..owed(TaskState::Sent) };
        let bought = Owed { bought_at: Some(Timestamp(30)), ..replied };
        let before = Owed { bought_at: Some(Timestamp(9)), ..owed(TaskState::Sent) };
        let in_group = Owed { private: false, ..replied };
        let ruled_out = Owed { ruled_out: true, ..owed(TaskState::Skipped) };
        let tasks = [
            replied,
            bought,
            before,
            in_group,
            ruled_out,
            owed(TaskState::Due),
            owed(TaskState::Expired),
            owed(TaskState::Skipped),
        ];
        let funnel = Funnel::of(tasks);
        let counted = Funnel { due: 7, open: 1, sent: 4, private: 3, replied: 2, bought: 1, ruled_out: 1 };
        assert_eq!(funnel, counted);
        assert_eq!(funnel.coverage(), Some(57));
        assert_eq!(Funnel::of([ruled_out]).coverage(), None);
    }
}
