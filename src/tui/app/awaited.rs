//! Answers that take long: after a second it is said, with the seconds, and whether an act is among them.
//!
//! A desk that is stopped, or a machine that swaps, leaves its socket open: nothing is lost, and nothing comes. What was
//! asked for waits in order and is done once when the desk goes on; so nothing is asked again here. While nothing is
//! asked no timer runs; that the desk stands still is noticed with the next question, which each minute has one.

use std::time::Duration;

use super::super::event::{Effect, Timer};
use super::super::state::{Link, Pending, State, Tone};
use super::super::words::Words;

/// An answer that takes longer is waited for in sight.
const LONG: Duration = Duration::from_secs(1);

/// What answers are waited for.
#[derive(Clone, Debug, Default)]
pub struct Awaited {
    /// Questions without an answer: tag, when it was asked, and whether it was an act.
    asked: Vec<(u64, Duration, bool)>,
    /// The timer runs that looks after them.
    armed: bool,
    /// Since when the oldest has been waited for, once that is said.
    since: Option<Duration>,
}

impl State {
    /// Since when an answer has been waited for, when that is worth a word.
    pub const fn waits_since(&self) -> Option<Duration> {
        self.awaited.since
    }

    /// Something was asked.
    pub(in crate::tui) fn await_answer(&mut self, tag: u64, is_act: bool) {
        self.awaited.asked.push((tag, self.mono, is_act));
        if !self.awaited.armed && self.link == Link::Up {
            self.awaited.armed = true;
            self.effect(Effect::SetTimer { timer: Timer::Waiting, after: LONG });
        }
    }

    /// An answer has come.
    pub(super) fn answered(&mut self, tag: u64) {
        self.awaited.asked.retain(|(asked, ..)| *asked != tag);
        if self.awaited.since.is_some() && self.oldest().is_none_or(|at| self.mono.saturating_sub(at) < LONG)
        {
            self.awaited.since = None;
            self.unsay(Words::ActAwaited);
            self.dirty = true;
        }
    }

    /// What had no answer is asked again by the connection, or not at all: it counts from now.
    pub(super) fn await_anew(&mut self) {
        let (pending, mono) = (&self.pending, self.mono);
        // what nobody waits for may be among what is not asked again
        let waits = |tag: &u64| pending.get(tag).is_some_and(|pending| *pending != Pending::Quiet);
        self.awaited.asked.retain(|(tag, ..)| waits(tag));
        self.awaited.asked.iter_mut().for_each(|(_, at, _)| *at = mono);
        (self.awaited.since, self.awaited.armed) = (None, !self.awaited.asked.is_empty());
        if self.awaited.armed {
            self.effect(Effect::SetTimer { timer: Timer::Waiting, after: LONG });
        }
    }

    fn oldest(&self) -> Option<Duration> {
        self.awaited.asked.iter().map(|(_, at, _)| *at).min()
    }

    /// Looks after what is waited for.
    pub(super) fn look_after_answers(&mut self) {
        self.awaited.armed = false;
        if self.link != Link::Up {
            self.effect(Effect::SetTimer { timer: Timer::Waiting, after: LONG });
            self.dirty = true;
            return;
        }
        let Some(oldest) = self.oldest() else { return };
        let waited = self.mono.saturating_sub(oldest);
        self.awaited.armed = true;
        if waited < LONG {
            self.effect(Effect::SetTimer { timer: Timer::Waiting, after: LONG.saturating_sub(waited) });
            return;
        }
        let was_said = self.awaited.since.replace(oldest).is_some();
        let is_act =
            |(_, at, is_act): &(u64, Duration, bool)| *is_act && self.mono.saturating_sub(*at) >= LONG;
        if self.awaited.asked.iter().any(is_act) && (!was_said || self.note.is_none()) {
            self.tell(Tone::Warning, Words::ActAwaited);
        }
        self.dirty = true;
        self.effect(Effect::SetTimer { timer: Timer::Waiting, after: LONG });
    }
}

/// True for what is told to the desk by somebody, not by the screen itself.
pub(in crate::tui) fn is_act(pending: &Pending) -> bool {
    matches!(
        pending,
        Pending::Tasks(_)
            | Pending::Command
            | Pending::Part(..)
            | Pending::Undo
            | Pending::EnrolAll(..)
            | Pending::Popup
            | Pending::Applied(_)
    )
}
