//! How far the messages of a step got: owed, sent, replied to, bought after.
//!
//! Only what a human told is known: a reply that nobody entered is no reply here. A group hears a message as a whole, so
//! replies and purchases are counted against private messages alone, and the share of those that could be answered is
//! told beside.
//!
//! Decided once: a reply counts within [`REPLY`] after it was sent, which is as long as the view 等回复 shows that it is
//! waited for; a purchase within [`PURCHASE`], and before the next message of the same playbook was sent to the same
//! member. So one purchase counts for one message of a playbook, the last one sent before it.

use serde::{Deserialize, Serialize};

use crate::book::time::{DAY, HOUR};
use crate::book::{TaskState, Timestamp};

/// For how long after a message a reply is one to it, in milliseconds: 48 hours.
pub const REPLY: i64 = 48 * HOUR;

/// For how long after a message a purchase is put down to it, in milliseconds: 7 days.
pub const PURCHASE: i64 = 7 * DAY;

/// One task of a step, as far as a funnel looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owed {
    pub state: TaskState,
    /// The one human it went to, or would go to: a reply of theirs can be told. A row of the caller's.
    pub member: Option<u32>,
    /// A rule ended it before a human could send it: its condition did not hold, they had the text, they bought.
    pub ruled_out: bool,
    /// When a human says it was sent.
    pub sent_at: Option<Timestamp>,
    pub replied_at: Option<Timestamp>,
}

/// When a purchase counts for a message: from its sending on, up to but not including `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Position of the message.
    pub of: usize,
    pub member: u32,
    pub from: Timestamp,
    pub to: Timestamp,
}

/// The windows of all private messages that were sent, of all tasks of one playbook.
pub fn windows(tasks: &[Owed]) -> Vec<Window> {
    let mut sent: Vec<Window> = tasks
        .iter()
        .enumerate()
        .filter(|(_, task)| task.state == TaskState::Sent && !task.ruled_out)
        .filter_map(|(of, task)| {
            let from = task.sent_at?;
            Some(Window { of, member: task.member?, from, to: Timestamp(from.0.saturating_add(PURCHASE)) })
        })
        .collect();
    sent.sort_unstable_by_key(|window| (window.member, window.from, window.of));
    let next: Vec<Option<Timestamp>> = sent
        .iter()
        .zip(sent.iter().skip(1).map(Some).chain([None]))
        .map(|(window, next)| next.filter(|next| next.member == window.member).map(|next| next.from))
        .collect();
    for (window, next) in sent.iter_mut().zip(next) {
        window.to = next.map_or(window.to, |next| next.min(window.to));
    }
    sent.retain(|window| window.from < window.to);
    sent
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
    /// Of these: answered within [`REPLY`].
    pub replied: u32,
    /// Of these: whoever it was sent to bought in its [`Window`].
    pub bought: u32,
    /// Not owed after all: a rule ended it first.
    pub ruled_out: u32,
}

impl Funnel {
    /// Counts one more task.
    pub fn count(&mut self, task: &Owed, bought: bool) {
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
        if task.member.is_none() {
            return;
        }
        self.private += 1;
        let soon = |(at, sent): (Timestamp, Timestamp)| at.since(sent) <= REPLY;
        self.replied += u32::from(task.replied_at.zip(task.sent_at).is_some_and(soon));
        self.bought += u32::from(bought);
    }

    /// Adds what was counted elsewhere.
    pub fn add(&mut self, other: &Self) {
        self.due += other.due;
        self.open += other.open;
        self.sent += other.sent;
        self.private += other.private;
        self.replied += other.replied;
        self.bought += other.bought;
        self.ruled_out += other.ruled_out;
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
        Owed { state, member: Some(1), ruled_out: false, sent_at, replied_at: None }
    }

    #[test]
    fn each_stage_is_counted_from_the_one_before() {
        let replied = Owed { replied_at: Some(Timestamp(20)), ..owed(TaskState::Sent) };
        let late = Owed { replied_at: Some(Timestamp(11 + REPLY)), ..owed(TaskState::Sent) };
        let in_group = Owed { member: None, ..replied };
        let ruled_out = Owed { ruled_out: true, ..owed(TaskState::Skipped) };
        let tasks = [
            (replied, false),
            (replied, true),
            (late, false),
            (in_group, true),
            (ruled_out, false),
            (owed(TaskState::Due), false),
            (owed(TaskState::Expired), false),
            (owed(TaskState::Skipped), false),
        ];
        let mut funnel = Funnel::default();
        for (task, bought) in tasks {
            funnel.count(&task, bought);
        }
        let counted = Funnel { due: 7, open: 1, sent: 4, private: 3, replied: 2, bought: 1, ruled_out: 1 };
        assert_eq!(funnel, counted);
        assert_eq!(funnel.coverage(), Some(57));
        let mut none = Funnel::default();
        none.count(&ruled_out, false);
        assert_eq!(none.coverage(), None);
        none.add(&funnel);
        assert_eq!((none.due, none.ruled_out), (7, 2));
    }

    #[test]
    fn one_purchase_is_put_down_to_one_message() {
        let sent = |member, at| Owed { member, sent_at: Some(Timestamp(at)), ..owed(TaskState::Sent) };
        let tasks = [
            sent(Some(1), 3 * DAY),
            sent(Some(1), 0),
            sent(Some(2), DAY),
            owed(TaskState::Due),
            sent(None, DAY),
            sent(Some(1), 3 * DAY),
        ];
        let spans: Vec<(usize, i64, i64)> = windows(&tasks)
            .iter()
            .map(|window| (window.of, window.from.0 / DAY, window.to.0 / DAY))
            .collect();
        // of two at one moment the later one has it; what comes after a week is nobody's
        assert_eq!(spans, [(1, 0, 3), (5, 3, 10), (2, 1, 8)]);
        let mut member: Vec<Window> =
            windows(&tasks).into_iter().filter(|window| window.member == 1).collect();
        member.sort_by_key(|window| window.from);
        assert!(member.windows(2).all(|two| two[0].to <= two[1].from), "{member:?}");
    }
}
